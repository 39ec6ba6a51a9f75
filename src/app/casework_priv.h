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

/* The folder's workflows, which have all that this program names of them.  TMG_E_INVALID says file, line and
 * reason. */
TMG_MUST_USE tmg_rc tmg_workflows_read(const char *folder, tmg_flows **ret, tmg_err *err);

/* The consignment of a decision to inspect becomes a target.  Where the workflow lets one person take it on,
 * it is ordered at once; where it does not ("take" is not there), the first decision proposes it and *ret_id
 * is 0, and the decision of a second person approves it. */
TMG_MUST_USE tmg_rc tmg_target_take(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_decision *d,
                                    const tmg_selection *s, int64_t *ret_id, tmg_arena *a, tmg_err *err);
/* A target that is proposed is given up. */
TMG_MUST_USE tmg_rc tmg_target_drop_proposal(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                             int64_t consignment_id, tmg_span note, tmg_arena *a,
                                             tmg_err *err);
/* Moves a target that is ordered; target_id 0, or one that stands elsewhere: nothing. */
TMG_MUST_USE tmg_rc tmg_target_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t target_id,
                                    const char *arrow, tmg_span note, tmg_arena *a, tmg_err *err);
/* A follow-up of a move of a target: its consignment is open again. */
TMG_MUST_USE tmg_rc tmg_follow_target_over(void *ctx, tmg_db *db, const tmg_actor *who,
                                           const tmg_flow_item *item, tmg_err *err);

/* Guards of custody (app/witnesses.c): two persons, neither of whom is the other or the one who acts, however
 * they are spelled; a net mass; a new seal. */
TMG_MUST_USE tmg_rc tmg_guard_two_witnesses(void *ctx, tmg_db *db, const tmg_actor *who,
                                            const tmg_flow_item *item, tmg_span note, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_guard_net_weighed(void *ctx, tmg_db *db, const tmg_actor *who,
                                          const tmg_flow_item *item, tmg_span note, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_guard_sealed_again(void *ctx, tmg_db *db, const tmg_actor *who,
                                           const tmg_flow_item *item, tmg_span note, tmg_err *err);

/* A follow-up of a move of an order: a case with its seizures that are in none, the consignment and the order
 * linked, the planned tasks, and named for need-to-know as config/case-opening.ini says. */
TMG_MUST_USE tmg_rc tmg_follow_open_case(void *ctx, tmg_db *db, const tmg_actor *who,
                                         const tmg_flow_item *item, tmg_err *err);

/* A follow-up of a move of an order whose control begins anew: it waits for another result, which will take
 * the place of the one that was entered; the target is open again and the consignment may have a result. */
TMG_MUST_USE tmg_rc tmg_follow_control_again(void *ctx, tmg_db *db, const tmg_actor *who,
                                             const tmg_flow_item *item, tmg_err *err);

/* A guard of confirming an order: TMG_E_DENIED "flow.four_eyes" to whoever had their hands in it
 * (docs/workflows.md, `other_hands`). */
TMG_MUST_USE tmg_rc tmg_guard_other_hands(void *ctx, tmg_db *db, const tmg_actor *who,
                                          const tmg_flow_item *item, tmg_span note, tmg_err *err);

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
/* May this actor enter this result of this consignment now, and does it make sense by itself?  The same
 * refusals as tmg_enter_result; *ret_selection is where the consignment stands. */
TMG_MUST_USE tmg_rc tmg_result_may(tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                   const tmg_result *r, tmg_arena *a, tmg_selection *ret_selection,
                                   tmg_err *err);

/* What can be but hardly is (app/unlikely.c holds the table of rules): TMG_E_CONFLICT "confirm" names every
 * rule that sees something, as "rule=value;value" lines.  Confirmed, with a note of 3 characters that says
 * why, it goes through and the leaf "entry.confirmed" keeps it. */
TMG_MUST_USE tmg_rc tmg_unlikely_result(tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                                        const tmg_selection *s, const tmg_result *r, bool confirmed,
                                        tmg_span note, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_unlikely_step(tmg_db *db, const tmg_actor *who, const tmg_step_done *step,
                                      tmg_err *err);

/* What is known of the exhibits of a line that the laboratory speaks of. */
typedef struct tmg_lab_view {
    bool sent;          /* one was at the laboratory */
    int64_t weighed_mg; /* net, of all together; TMG_NONE: not all were weighed */
} tmg_lab_view;
/* The same of a seizure, or of one with the single line that is to replace another; d NULL: of no
 * consignment; lab NULL: it is not what the laboratory found. */
TMG_MUST_USE tmg_rc tmg_unlikely_seizure(tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                                         const tmg_seizure *z, const tmg_lab_view *lab, bool confirmed,
                                         tmg_span note, tmg_err *err);
/* The same of a custody event that differs from what is known of its exhibit. */
TMG_MUST_USE tmg_rc tmg_unlikely_custody(tmg_db *db, const tmg_actor *who, const tmg_custody *c,
                                         const tmg_custody_difference *d, const tmg_sure *sure, tmg_err *err);
/* The same of a person of a case. */
TMG_MUST_USE tmg_rc tmg_unlikely_person(tmg_db *db, const tmg_actor *who, const tmg_suspect *x,
                                        const tmg_sure *sure, tmg_err *err);

/* A form with a key of the sender's own (app/sent.c).  The hash is over what, about whom, by whom and the
 * content; key absent: it is not remembered. */
typedef struct tmg_sent {
    const char *what; /* static text */
    int64_t about_id;
    tmg_span key;
    char hash[72];
} tmg_sent;
tmg_sent tmg_sent_form(const char *what, int64_t about_id, const tmg_actor *who, tmg_span key,
                       tmg_span content);
/* Was it sent before?  Then *ret_answer is what was answered.  TMG_E_CONFLICT "sent.differs" when the key
 * came with something else. */
TMG_MUST_USE tmg_rc tmg_sent_before(tmg_db *db, const tmg_sent *s, tmg_arena *a, bool *ret_there,
                                    tmg_span *ret_answer, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_sent_keep(tmg_db *db, const tmg_actor *who, const tmg_sent *s, tmg_span answer,
                                  tmg_err *err);

/* Overdue work, by the clock. */
TMG_MUST_USE tmg_rc tmg_casework_tick(tmg_centre *c, tmg_db *db, tmg_err *err);

#endif
