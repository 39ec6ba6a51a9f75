/* web/front.h - the built front end (ui/dist), read into memory once and served beside the API.
 *
 * Any GET that is no route and does not begin with /api/ gets the file of that path, or index.html, in which
 * the front end's own router finds the screen.  Read-only after tmg_front_read: any thread.
 */
#ifndef TMG_WEB_FRONT_H
#define TMG_WEB_FRONT_H

#include "web/http.h"

typedef struct tmg_front tmg_front;

/* Reads the folder: at most 4,096 files, 64 MiB.  Without an index.html there (the front end was not built)
 * *ret is NULL, which is no failure. */
TMG_MUST_USE tmg_rc tmg_front_read(const char *folder, tmg_front **ret, tmg_err *err);
void tmg_front_free(tmg_front *f); /* NULL is accepted */
/* Fills the answer and returns true when the front end has one.  f may be NULL. */
bool tmg_front_answer(const tmg_front *f, tmg_req *req);

#endif
