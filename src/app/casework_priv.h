/* app/casework_priv.h - how casework hangs on decisions and results, and what its guards look at. */
#ifndef TMG_APP_CASEWORK_PRIV_H
#define TMG_APP_CASEWORK_PRIV_H

#include "app/casework.h"
#include "app/centre_priv.h"

/* What guards and follow-ups are handed as their context. */
typedef struct tmg_flow_desk {
    tmg_centre *centre;
    const tmg_custody *custody; /* the event that goes with a move of an exhibit, or NULL */
} tmg_flow_desk;

/* The guards and follow-ups that workflows may name (docs/workflows.md). */
extern const tmg_flow_words tmg_flow_known[];
extern const size_t tmg_flow_known_count;

/* A follow-up of a move of an order: a case with its seizures that are in none, the consignment and the order
 * linked, the planned tasks, and named for need-to-know as config/case-opening.ini says. */
TMG_MUST_USE tmg_rc tmg_follow_open_case(void *ctx, tmg_db *db, const tmg_actor *who,
                                         const tmg_flow_item *item, tmg_err *err);

/* After a decision: an inspection becomes a target and an order, anything else withdraws an order that is
 * open. */
TMG_MUST_USE tmg_rc tmg_order_follow_decision(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                              const tmg_decision *d, const tmg_selection *s, tmg_err *err);
/* After a decision was taken back. */
TMG_MUST_USE tmg_rc tmg_order_follow_withdrawal(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                                int64_t consignment_id, tmg_err *err);
/* After a result: the order has it, the target is closed, and what was seized is recorded as a seizure. */
TMG_MUST_USE tmg_rc tmg_order_follow_result(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                            const tmg_declaration *d, const tmg_selection *s,
                                            const tmg_result *r, tmg_err *err);
/* What a result says of what was seized, as a seizure that is not recorded yet. */
TMG_MUST_USE tmg_rc tmg_seizure_from_result(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                            const tmg_declaration *d, const tmg_selection *s,
                                            const tmg_result *r, int64_t order_id, tmg_arena *a,
                                            tmg_seizure *ret, tmg_err *err);
/* Overdue work, by the clock. */
TMG_MUST_USE tmg_rc tmg_casework_tick(tmg_centre *c, tmg_db *db, tmg_err *err);

#endif
