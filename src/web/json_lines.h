/* web/json_lines.h - one JSON object, or an array of them, turned into lines for the reader of "jsonl". Pure: any thread.
 */
#ifndef TMG_WEB_JSON_LINES_H
#define TMG_WEB_JSON_LINES_H

#include "base/text.h"

/* Rewrites `text` in place so that every record stands on a line of its own, bytes keeping their places.
 * *ret_single tells that it was one object.  Looks at brackets, commas and strings only: each line is still
 * to be read as JSON. */
TMG_MUST_USE tmg_rc tmg_json_to_lines(char *text, size_t len, bool *ret_single, tmg_err *err);

#endif
