/* app/again_priv.h - judging again what waits (open or waiting, today and a week ahead). */
#ifndef TMG_APP_AGAIN_PRIV_H
#define TMG_APP_AGAIN_PRIV_H

#include "app/centre_priv.h"

typedef struct tmg_place {
    int64_t post_id;
    int32_t day;
} tmg_place;

/* Judges all that waits again (rule absent), or matches it with the rules at work because this one came or went; what
 * moved is chosen anew.  A few hundred, or a command without a writer: in the open transaction.  More: in jobs of about
 * 50 ms each after it, which go on after a restart; each tells "selection.changed", the last also logs
 * "queue.reassessed".  On the writer's thread, level with the database. */
TMG_MUST_USE tmg_rc tmg_again_ask(tmg_centre *c, tmg_db *db, tmg_span rule, tmg_err *err);
/* Goes on with what is owed; part of tmg_tick. */
TMG_MUST_USE tmg_rc tmg_again_tick(tmg_centre *c, tmg_db *db, tmg_err *err);

/* Mind and rules as the database has them. */
TMG_MUST_USE tmg_rc tmg_again_level(tmg_centre *c, tmg_db *db, tmg_err *err);
/* One that waits (app/calibrate.c, app/rules_waiting.c). */
TMG_MUST_USE tmg_rc tmg_reassess_one(tmg_centre *c, tmg_db *db, const tmg_selection *s, bool *ret_moved, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_rules_look_again(tmg_centre *c, tmg_db *db, const tmg_selection *s, tmg_span name,
                                         bool *ret_moved, tmg_err *err);

#endif
