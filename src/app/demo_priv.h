/* app/demo_priv.h - what the files of the demonstration share. */
#ifndef TMG_APP_DEMO_PRIV_H
#define TMG_APP_DEMO_PRIV_H

#include "app/casework_priv.h"
#include "app/demo.h"

/* The account of this name as an actor at the console; TMG_E_NOT_FOUND when there is none. */
TMG_MUST_USE tmg_rc tmg_demo_actor(tmg_db *db, const char *name, tmg_actor *ret, tmg_err *err);
/* The id of the post whose code is this, 0 when there is none. */
int64_t tmg_demo_post(tmg_db *db, const char *code);

#endif
