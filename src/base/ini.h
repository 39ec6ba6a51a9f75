/* base/ini.h - configuration files in INI form, read into an ordered list of entries.
 *
 * Lines "[section]", "key = value", comments from ';' or '#' at the start of a line or after white space.  A key
 * may repeat; lines and names may have any length.  Errors name file and line.
 *
 * Ownership: names and values lie in the arena that the caller gives.  No hidden state: any thread.
 */
#ifndef TMG_BASE_INI_H
#define TMG_BASE_INI_H

#include "base/text.h"

typedef struct tmg_ini_entry {
    tmg_span section, key, value;
    int line;
} tmg_ini_entry;

typedef struct tmg_ini {
    const char *name; /* file name for messages */
    tmg_ini_entry *entries;
    size_t count;
} tmg_ini;

/* Both keep everything in the arena. */
TMG_MUST_USE tmg_rc tmg_ini_read_file(const char *path, tmg_arena *a, tmg_ini *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_ini_read(tmg_span text, const char *name, tmg_arena *a, tmg_ini *ret, tmg_err *err);
/* The last value of section/key, or the absent span. */
tmg_span tmg_ini_get(const tmg_ini *ini, const char *section, const char *key);

#endif
