/* app/casework.h - what people do in casework, as one call per use: rights, records, workflow and leaves
 * together.
 *
 * Each call checks the actor's right (guard/permissions.txt) and need-to-know, runs inside the caller's write
 * transaction, and tells the live doors.  Refusals are logged by the doors.
 * Thread rule: as app/app.h.
 */
#ifndef TMG_APP_CASEWORK_H
#define TMG_APP_CASEWORK_H

#include "app/app.h"
#include "casework/case_plan.h"
#include "casework/casework.h"
#include "casework/incidents.h"
#include "casework/parties.h"
#include "report/figures.h"

const tmg_flows *tmg_centre_flows(const tmg_centre *c);
const tmg_code_lists *tmg_centre_codes(const tmg_centre *c);
const tmg_case_plan *tmg_centre_case_plan(const tmg_centre *c);

/* The files of a folder of workflows, one by one: each fault is told as "file:line: what is wrong and what to
 * do". folder NULL: the one of the centre at `home`. */
TMG_MUST_USE tmg_rc tmg_workflow_faults(const char *home, const char *folder,
                                        void (*told)(void *ctx, const char *fault), void *ctx,
                                        size_t *ret_files, size_t *ret_faults, tmg_err *err);

/* Adds the posts at which a dispatch gives this actor rights at this moment. */
TMG_MUST_USE tmg_rc tmg_actor_extend(tmg_db *db, tmg_actor *who, tmg_err *err);

/* Which arrows lead on from where a thing stands for this actor, and why others do not. */
TMG_MUST_USE tmg_rc tmg_use_choices(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                    const tmg_flow_item *item, tmg_arena *a, tmg_flow_choice **ret,
                                    size_t *ret_count, tmg_err *err);

/* ---- orders ---- */
TMG_MUST_USE tmg_rc tmg_use_order_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t order_id,
                                       tmg_span arrow, tmg_span note, tmg_arena *a, tmg_order *ret,
                                       tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_step(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_step_done *s,
                                 bool *ret_new, tmg_arena *a, tmg_err *err);
/* The same with a key of the sender's own (8 to 64 characters; absent: none): sent twice it moves once. */
TMG_MUST_USE tmg_rc tmg_use_order_move_once(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t order_id,
                                            tmg_span arrow, tmg_span note, tmg_span client_key, tmg_arena *a,
                                            tmg_order *ret, tmg_err *err);

/* A control result as people enter it.  What can be but hardly is - a consignment that was released, was not
 * ordered or is not here yet, masses beyond what was declared or a vehicle carries, a thousand times the
 * usual - is TMG_E_CONFLICT with the code "confirm"; with `confirmed` and a note (confirm_note, else the
 * result's own) it goes through and the log says so.  The same client_key and content twice is entered once:
 * `answer` writes what is kept and *ret_answer (in the arena) is that, the first time and every other;
 * different content under the key is TMG_E_CONFLICT. */
typedef tmg_rc (*tmg_result_answer)(void *ctx, tmg_db *db, const tmg_result *r, const tmg_moved *moved,
                                    tmg_buf *to, tmg_err *err);
typedef struct tmg_result_form {
    tmg_result result;
    tmg_span client_key, confirm_note; /* absent: not given */
    bool confirmed;
} tmg_result_form;
TMG_MUST_USE tmg_rc tmg_use_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                   tmg_result_form *form, tmg_result_answer answer, void *ctx, tmg_arena *a,
                                   tmg_span *ret_answer, tmg_err *err);

typedef struct tmg_board_row {
    tmg_order order;
    tmg_span ref, post, team, vehicle, trailer, container, goods, hs; /* absent: not stated */
    tmg_lane lane;                                                    /* 0: none */
    int64_t expected_ms; /* when the consignment is expected at the post; TMG_NONE: not stated */
    size_t steps, steps_done;
    int64_t minutes_left; /* to the deadline, less than 0 when overdue; TMG_NONE: no deadline */
    bool overdue;
} tmg_board_row;
/* Orders of the posts the actor may see, the most urgent first: overdue ones, then by deadline; finished ones
 * of the last day at the end. */
TMG_MUST_USE tmg_rc tmg_use_board(tmg_db *db, const tmg_actor *who, int64_t post_id, size_t most,
                                  tmg_arena *a, tmg_board_row **ret, size_t *ret_count, tmg_err *err);

/* ---- seizures and custody ---- */
/* A form with a key of the sender's own (8 to 64 characters; absent: none), which makes one record: sent
 * twice it is made once.  *ret_id: of the record that was made before, else 0.  TMG_E_CONFLICT "sent.differs"
 * when the key came with another content. `what` is static text. */
typedef struct tmg_once {
    const char *what;
    tmg_span key, content;
    int64_t about_id;
} tmg_once;
TMG_MUST_USE tmg_rc tmg_once_made(tmg_db *db, const tmg_actor *who, const tmg_once *o, int64_t *ret_id,
                                  tmg_err *err);
TMG_MUST_USE tmg_rc tmg_once_keep(tmg_db *db, const tmg_actor *who, const tmg_once *o, int64_t id,
                                  tmg_err *err);

/* Whoever enters it has looked again at what hardly can be, and says why it is so. */
typedef struct tmg_sure {
    bool confirmed;
    tmg_span note;
} tmg_sure;
/* These ask as tmg_use_result does (custody: about a mass or a seal that differs); `sure` NULL: nobody is
 * there to be asked. */
TMG_MUST_USE tmg_rc tmg_use_seizure(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_seizure *s,
                                    const tmg_sure *sure, tmg_arena *a, tmg_err *err);
/* case_id: of the case it was in.  Out of one and into another it goes by whoever may change both. */
TMG_MUST_USE tmg_rc tmg_use_seizure_amend(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id,
                                          tmg_seizure *s, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_confirm_line(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t line_id,
                                         tmg_substance_line *confirmed, const tmg_sure *sure, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_exhibit(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_exhibit *e,
                                    const tmg_custody *sealing, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_custody(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t exhibit_id,
                                    tmg_span arrow, tmg_custody *event, const tmg_sure *sure,
                                    int64_t *ret_incident, tmg_arena *a, tmg_err *err);

TMG_MUST_USE tmg_rc tmg_use_incident_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t id,
                                          tmg_span arrow, tmg_span note, tmg_arena *a, tmg_incident *ret,
                                          tmg_err *err);

/* ---- cases ---- */
/* Both ask whether one of the same name and year of birth, who stands in the case already, is somebody else.
 */
TMG_MUST_USE tmg_rc tmg_use_suspect_add(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_suspect *x,
                                        const tmg_sure *sure, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_suspect_change(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                           const tmg_suspect *before, const tmg_suspect *now, tmg_span reason,
                                           const tmg_sure *sure, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_case_open(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_case *f,
                                      tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_case_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id,
                                      tmg_span arrow, tmg_span note, tmg_arena *a, tmg_case *ret,
                                      tmg_err *err);
/* Opens a need-to-know case to the actor in an emergency, where config/case-opening.ini allows it to the
 * role; the case's people and the auditors are told. */
TMG_MUST_USE tmg_rc tmg_use_case_break_glass(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id,
                                             tmg_span reason, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_use_dispatch_move(tmg_centre *c, tmg_db *db, const tmg_actor *who,
                                          int64_t dispatch_id, tmg_span arrow, tmg_span note, tmg_arena *a,
                                          tmg_err *err);

/* Puts a substance into the list.  Of a code that is there only from today on: what was reported stays true.
 */
TMG_MUST_USE tmg_rc tmg_use_substance(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_substance *s,
                                      tmg_err *err);
/* The substances of a file in the form of config/substances.csv. */
TMG_MUST_USE tmg_rc tmg_load_substances(tmg_db *db, const tmg_actor *who, const char *path,
                                        int64_t *ret_count, tmg_err *err);

#endif
