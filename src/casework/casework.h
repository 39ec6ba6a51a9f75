/* casework/casework.h - the hands: orders and their steps, teams, seizures, custody, cases.
 *
 * Everything that has a life of its own (target, order, evidence, case, dispatch) moves through a workflow
 * that is data (casework/flow.h).  The calls here keep the records; each one that changes something checks
 * the actor's right, runs inside the caller's write transaction and appends its leaf to the log.  Nothing is
 * overwritten: a correction is a new row that names the old one.
 *
 * Units: mass in milligrams, volume in microlitres, instants in ms UTC.  TMG_NONE is "not stated".
 * Suspects are nominal data: they are read with a purpose, by those whom the case names, and by statistics as
 * counts. Ownership: what is read lives in the arena.  Thread rule: the connection's thread.
 */
#ifndef TMG_CASEWORK_CASEWORK_H
#define TMG_CASEWORK_CASEWORK_H

#include "base/json.h"
#include "casework/code_lists.h"
#include "casework/flow.h"

/* ---- orders and their steps (casework/orders.c, steps.c) ---- */

typedef struct tmg_order {
    int64_t id, consignment_id, target_id, decision_id, post_id, team_id, issued_ms, issued_by,
        result_id; /* 0: none */
    tmg_span number, words;
    tmg_flow_item flow;
} tmg_order;

typedef enum tmg_reaction {
    TMG_REACTION_NONE = 1,
    TMG_REACTION_SUSPECT,
    TMG_REACTION_FOUND,
    TMG_REACTION_NOT_POSSIBLE
} tmg_reaction;
const char *tmg_reaction_name(tmg_reaction r); /* "none", "suspect", "found", "not_possible" */
tmg_reaction tmg_reaction_of(tmg_span word);   /* 0 when unknown */

typedef struct tmg_step_done {
    int64_t id, order_id, officer_id, instrument_id, started_ms, ended_ms, account_id; /* 0: not stated */
    int32_t no;
    unsigned means;        /* one bit */
    bool again;            /* a re-inspection by this means */
    tmg_reaction reaction; /* 0: planned, not done yet */
    tmg_span reading, note;
    tmg_span client_key; /* made by the sender; the same key twice is the same step */
    bool confirmed; /* somebody looked again at what is unlikely; with confirm_note in the log, not stored
                       here */
    tmg_span confirm_note;
} tmg_step_done;

/* Issues an order for a consignment with one planned step per means, in the order documents, X-ray, dog,
 * density, scale, unloading.  One open order per consignment: another is TMG_E_CONFLICT. */
TMG_MUST_USE tmg_rc tmg_order_issue(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_order *o,
                                    unsigned means, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_order_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_order *ret, tmg_err *err);
/* The newest order of a consignment; TMG_E_NOT_FOUND when there is none. */
TMG_MUST_USE tmg_rc tmg_order_of(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_order *ret,
                                 tmg_err *err);
TMG_MUST_USE tmg_rc tmg_order_steps(tmg_db *db, int64_t order_id, tmg_arena *a, tmg_step_done **ret,
                                    size_t *ret_count, tmg_err *err);
/* Was this step sent before, under its client_key?  Then *ret_new is false.  TMG_E_INVALID what makes no
 * sense in it; TMG_E_CONFLICT when the key belongs to another order or came with other content. */
TMG_MUST_USE tmg_rc tmg_step_sent(tmg_db *db, const tmg_step_done *s, bool *ret_new, tmg_err *err);
/* Enters a step that was done: fills in the first planned one of its means, or adds one at the end (`again`
 * where the means was used before).  Starts the order's work where the workflow allows.  Sent twice (same
 * client_key) it changes nothing and *ret_new is false. */
TMG_MUST_USE tmg_rc tmg_step_enter(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_step_done *s,
                                   void *ctx, bool *ret_new, tmg_arena *a, tmg_err *err);
/* What is still planned of these means was done when the result was entered: each such step of the order gets
 * the reaction and the times.  Other planned steps stay as they are, and so do all of them where several
 * could be the one that found it: nobody said which.  The order does not move. */
TMG_MUST_USE tmg_rc tmg_steps_follow_result(tmg_db *db, const tmg_actor *who, int64_t order_id,
                                            unsigned means, tmg_reaction reaction, int64_t started_ms,
                                            int64_t ended_ms, tmg_arena *a, tmg_err *err);

/* ---- teams, instruments, rota, dispatch (casework/staff.c, assign.c) ---- */

typedef struct tmg_officer {
    int64_t id, account_id, home_post_id, until_ms, work_minutes, rest_minutes; /* TMG_NONE: not stated */
    tmg_span service_number, name, dog;
    unsigned skills;
} tmg_officer;
typedef struct tmg_instrument {
    int64_t id, post_id, per_hour, calibrated_until_ms;
    unsigned kind;
    tmg_span name;
    bool out_of_order;
} tmg_instrument;
typedef struct tmg_dispatch {
    int64_t id, officer_id, account_id, post_id, from_ms, until_ms, made_by;
    tmg_span reason;
    tmg_flow_item flow;
} tmg_dispatch;

TMG_MUST_USE tmg_rc tmg_officer_list(tmg_db *db, tmg_arena *a, tmg_officer **ret, size_t *ret_count,
                                     tmg_err *err);
TMG_MUST_USE tmg_rc tmg_officer_add(tmg_db *db, const tmg_actor *who, tmg_officer *o, tmg_err *err);
/* Everything but the service number; until_ms ends the service, and with it every dispatch. */
TMG_MUST_USE tmg_rc tmg_officer_change(tmg_db *db, const tmg_actor *who, const tmg_officer *o, tmg_err *err);
/* post_id 0: of every post. */
TMG_MUST_USE tmg_rc tmg_instrument_list(tmg_db *db, int64_t post_id, tmg_arena *a, tmg_instrument **ret,
                                        size_t *ret_count, tmg_err *err);
/* id 0 adds one, else changes it. */
TMG_MUST_USE tmg_rc tmg_instrument_put(tmg_db *db, const tmg_actor *who, tmg_instrument *i, tmg_err *err);
/* Plans one; it holds from when its workflow says "ordered". */
TMG_MUST_USE tmg_rc tmg_dispatch_make(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_dispatch *d,
                                      tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_dispatch_list(tmg_db *db, tmg_arena *a, tmg_dispatch **ret, size_t *ret_count,
                                      tmg_err *err);

/* May this officer (with dog) do a step by this means at this post and time?  TMG_E_CONFLICT with the first
 * reason that speaks against it, by name (docs/casework.md lists them): skill, post, rota, dog at rest,
 * officer minutes of the shift used up (where a rota is kept), instrument out of order or over its
 * calibration, capacity of the hour used up.  officer or instrument NULL: not asked about. */
TMG_MUST_USE tmg_rc tmg_assign_may(tmg_db *db, const tmg_officer *o, const tmg_instrument *i, unsigned means,
                                   int64_t post_id, int64_t at_ms, tmg_err *err);
/* How long the unit's dog has worked since its last whole rest, and until when it must rest now (0: it may
 * work). */
TMG_MUST_USE tmg_rc tmg_dog_rests_until(tmg_db *db, const tmg_officer *o, int64_t at_ms,
                                        int64_t *ret_worked_ms, int64_t *ret_until_ms, tmg_err *err);
/* The posts that an account may act at now besides its own, by dispatch. */
TMG_MUST_USE tmg_rc tmg_dispatch_posts(tmg_db *db, int64_t account_id, int64_t at_ms, int64_t *ret,
                                       size_t most, size_t *ret_count, tmg_err *err);

/* ---- teams and their rota (casework/rota.c) ---- */

typedef struct tmg_team {
    int64_t id, post_id;
    tmg_span name;
    int64_t *members; /* officers who belong to it now */
    size_t member_count;
    bool ended; /* tmg_team_put: it is no more, and nobody belongs to it */
} tmg_team;
typedef struct tmg_shift {
    int64_t id, team_id, post_id, from_ms, until_ms; /* post_id: the team's */
} tmg_shift;
TMG_MUST_USE tmg_rc tmg_team_list(tmg_db *db, tmg_arena *a, tmg_team **ret, size_t *ret_count, tmg_err *err);
/* id 0 adds one, else it becomes as described; who is no longer named leaves it now.  Leaf "team.set". */
TMG_MUST_USE tmg_rc tmg_team_put(tmg_db *db, const tmg_actor *who, tmg_team *t, tmg_arena *a, tmg_err *err);
/* Shifts that lie at least partly in [from_ms, until_ms), the earliest first; those withdrawn are left out.
 */
TMG_MUST_USE tmg_rc tmg_rota_list(tmg_db *db, int64_t from_ms, int64_t until_ms, tmg_arena *a,
                                  tmg_shift **ret, size_t *ret_count, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_rota_read(tmg_db *db, int64_t id, tmg_shift *ret, tmg_err *err);
/* A shift of at most 24 hours that is not over; a team is on one at a time (TMG_E_CONFLICT).  Where a rota is
 * kept for an officer's team within a day, the officer may be assigned in its shifts only. */
TMG_MUST_USE tmg_rc tmg_rota_plan(tmg_db *db, const tmg_actor *who, tmg_shift *x, tmg_arena *a, tmg_err *err);
/* It is not kept; one that is over stays as it was (TMG_E_CONFLICT). */
TMG_MUST_USE tmg_rc tmg_rota_withdraw(tmg_db *db, const tmg_actor *who, int64_t id, tmg_err *err);

/* ---- seizures (casework/seizures.c, substances.c) ---- */

typedef struct tmg_substance {
    int64_t id, large_mg;
    tmg_span code, name[3], class_name, inn_table, hs, cas, figure_line; /* names in en, az, ru */
    int32_t from_day, until_day;                                         /* INT32_MAX: for the time being */
} tmg_substance;
/* The list as of a day. */
TMG_MUST_USE tmg_rc tmg_substance_list(tmg_db *db, int32_t day, tmg_arena *a, tmg_substance **ret,
                                       size_t *ret_count, tmg_err *err);
/* Every row that was ever in force, by code and day. */
TMG_MUST_USE tmg_rc tmg_substance_history(tmg_db *db, tmg_arena *a, tmg_substance **ret, size_t *ret_count,
                                          tmg_err *err);
/* Adds a row, or ends the one of that code and begins another from s->from_day; one that begins that very day
 * gives its place.  TMG_E_CONFLICT when the code has a later one. */
TMG_MUST_USE tmg_rc tmg_substance_put(tmg_db *db, const tmg_actor *who, const tmg_substance *s, tmg_err *err);

typedef struct tmg_substance_line {
    int64_t id, mass_mg, volume_ul, count, purity_ppm, replaces, at_ms, account_id;
    tmg_span substance, form, count_kind, stage, words; /* stage: "seized", "confirmed" */
    bool gross, estimated;
    tmg_span growth; /* of plants: "cultivated", "wild"; absent: not stated, of a newer line: as before */
    int64_t area_m2; /* on which they grew; 0: likewise */
    tmg_span report_number; /* of the laboratory, with its day; absent, 0: it is no finding */
    int32_t report_day;
} tmg_substance_line;
typedef struct tmg_instrument_used {
    unsigned means;
    bool again;
    tmg_reaction reaction;
    tmg_span words;
} tmg_instrument_used;
/* A paper of the transport or of customs that came with the goods. */
typedef struct tmg_seizure_document {
    tmg_span kind, number, words; /* kind: of the code list "document" */
    int32_t day;                  /* TMG_NO_DAY: not stated */
} tmg_seizure_document;
enum { TMG_NO_DAY = INT32_MIN };
typedef struct tmg_seizure {
    int64_t id, case_id, order_id, consignment_id, seized_ms, post_id, packages, value_minor, recorded_ms,
        recorded_by;
    int offset_min;
    tmg_span number, place_kind, direction, unit, trigger_kind, trigger_words, concealment, concealment_words;
    tmg_span conveyance_type, conveyance_make, plates, conveyance_country, route, declared_goods, declared_hs,
        article;
    tmg_span value_currency;
    bool in_group, prevented_transit;
    tmg_substance_line *lines;
    size_t line_count;
    tmg_span trigger_facts; /* JSON: how the consignment was chosen; absent: not known.  Set when recorded */
    tmg_instrument_used *instruments;
    size_t instrument_count;
    tmg_seizure_document *documents;
    size_t document_count;
} tmg_seizure;
/* Records a seizure with its lines; gives it its number ("S-2026-000017").  Codes are checked against their
 * lists (TMG_E_INVALID names field and value); "other" needs words. */
TMG_MUST_USE tmg_rc tmg_seizure_record(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                       tmg_seizure *s, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_seizure_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_seizure *ret, tmg_err *err);
/* May the actor see its pictures and go on working with it?  TMG_E_DENIED unless its case may be known to
 * them, or they had a hand in it: recorded it or a line of it, entered the result or did a step of its order.
 */
TMG_MUST_USE tmg_rc tmg_seizure_may(tmg_db *db, const tmg_actor *who, const tmg_seizure *z, tmg_err *err);
/* Its instruments and documents as arrays of JSON. */
void tmg_seizure_write_instruments(tmg_json_out *j, const char *key, const tmg_seizure *z);
void tmg_seizure_write_documents(tmg_json_out *j, const char *key, const tmg_seizure *z);
/* Those seized in [from_ms, until_ms) at posts that the actor sees, or at none, newest first. */
TMG_MUST_USE tmg_rc tmg_seizure_list(tmg_db *db, const tmg_actor *who, int64_t from_ms, int64_t until_ms,
                                     size_t most, tmg_arena *a, tmg_seizure **ret, size_t *ret_count,
                                     tmg_err *err);
/* Brings what is stored of a seizure - its head, instruments and documents, not its number, time, order,
 * lines or what chose it - to what z says.  The leaf keeps each field as it was and as it is; TMG_E_INVALID
 * when nothing would change. */
TMG_MUST_USE tmg_rc tmg_seizure_amend(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                      tmg_seizure *z, tmg_arena *a, tmg_err *err);
/* One more substance of a seizure, found after it was recorded. */
TMG_MUST_USE tmg_rc tmg_line_add(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                 int64_t seizure_id, tmg_substance_line *line, tmg_err *err);
/* What the laboratory confirmed of a line, or a correction: a new line that replaces it; both are kept. */
TMG_MUST_USE tmg_rc tmg_line_confirm(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                     int64_t line_id, tmg_substance_line *confirmed, tmg_err *err);

/* ---- cases, suspects, groups (casework/cases.c, suspects.c, merge.c) ---- */

typedef struct tmg_case {
    int64_t id, opened_ms, opened_by, closed_ms, merged_into;
    int64_t post_id;    /* of the seizure it was opened about; 0: none */
    tmg_span substance; /* of that seizure: a code, or absent */
    tmg_span into;      /* number of the case that it was merged into */
    tmg_span number, title, compartment, article, fact_kind,
        disposition; /* fact_kind: "smuggling", "sale", ... */
    tmg_flow_item flow;
} tmg_case;
/* opened_ms 0: now; an earlier instant is that of a file which is taken over from an older register. */
TMG_MUST_USE tmg_rc tmg_case_open(const tmg_flows *f, const tmg_code_lists *codes, tmg_db *db,
                                  const tmg_actor *who, tmg_case *c, tmg_arena *a, tmg_err *err);
/* TMG_E_DENIED unless the case names the actor (or has no compartment and the role may read cases).  A case
 * into which others were merged is as closed as each of them: it is read by whom all of them name, and by
 * whom somebody who reads it names after the merge.  The caller logs reading and refusal. */
TMG_MUST_USE tmg_rc tmg_case_may(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err);
/* The same, and the case takes changes: TMG_E_CONFLICT when it is over (closed or referred: it is reopened
 * first) or was merged into another (which is changed instead). */
TMG_MUST_USE tmg_rc tmg_case_may_change(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err);
/* TMG_E_CONFLICT "case.merged" when the case was merged into another: it stays as it was until that is
 * undone.  The other's number is named to whom may know it. */
TMG_MUST_USE tmg_rc tmg_case_not_merged(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err);
/* TMG_E_CONFLICT when the case of a seizure, or the one that it was merged into, is over. 0: in no case. */
TMG_MUST_USE tmg_rc tmg_case_not_over(tmg_db *db, int64_t case_id, tmg_err *err);
/* "C-2026-000017" to its id; TMG_E_NOT_FOUND as for a case that the actor may not know of. */
TMG_MUST_USE tmg_rc tmg_case_by_number(tmg_db *db, const tmg_actor *who, tmg_span number, int64_t *ret,
                                       tmg_err *err);
TMG_MUST_USE tmg_rc tmg_case_read(tmg_db *db, const tmg_actor *who, int64_t id, tmg_arena *a, tmg_case *ret,
                                  tmg_err *err);
TMG_MUST_USE tmg_rc tmg_case_give_access(tmg_db *db, const tmg_actor *who, int64_t case_id,
                                         int64_t account_id, int64_t until_ms, tmg_span reason, tmg_err *err);
/* In the case and all that were merged into it.  TMG_E_CONFLICT "case.last_named" when nobody who leads cases
 * could read it any more. */
TMG_MUST_USE tmg_rc tmg_case_end_access(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t account_id,
                                        tmg_err *err);
/* Lets the actor into a need-to-know case that does not name them, for so long, with a reason of 10 bytes or
 * more.  The caller has asked whether the office allows it, and tells those whom the case names. */
TMG_MUST_USE tmg_rc tmg_case_break_glass(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t for_ms,
                                         tmg_span reason, tmg_err *err);
/* Those the actor may read, newest first. */
TMG_MUST_USE tmg_rc tmg_case_list(tmg_db *db, const tmg_actor *who, size_t most, tmg_arena *a, tmg_case **ret,
                                  size_t *ret_count, tmg_err *err);
/* How the case ends, in words; needed before it is closed or referred. */
TMG_MUST_USE tmg_rc tmg_case_dispose(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span disposition,
                                     tmg_err *err);
/* about: "consignment:17" or "order:4"; TMG_E_DENIED when it is of a post that the actor does not see. */
TMG_MUST_USE tmg_rc tmg_case_link(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span about,
                                  tmg_err *err);
/* The seizure belongs to the case from now on; TMG_E_CONFLICT when it belongs to another, TMG_E_DENIED when
 * it is of a post that the actor does not see. */
TMG_MUST_USE tmg_rc tmg_case_take_seizure(tmg_db *db, const tmg_actor *who, int64_t case_id,
                                          int64_t seizure_id, tmg_err *err);
/* kind: "fact" or "assessment", kept apart. */
TMG_MUST_USE tmg_rc tmg_case_note(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span kind,
                                  tmg_span text, tmg_err *err);
/* `merged` keeps its number and its records; reading `kept` shows both.  A case that holds merged ones cannot
 * be merged itself. */
TMG_MUST_USE tmg_rc tmg_case_merge(tmg_db *db, const tmg_actor *who, int64_t kept, int64_t merged,
                                   tmg_span reason, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_case_merge_undo(tmg_db *db, const tmg_actor *who, int64_t kept, int64_t merged,
                                        tmg_err *err);

typedef struct tmg_case_event {
    int64_t at_ms, account_id;
    tmg_span kind, about,
        words; /* "decision", "step", "seizure", "custody", "task", "fact", "assessment", ... */
} tmg_case_event;
/* Everything that touched the case and what is linked to it, oldest first. */
TMG_MUST_USE tmg_rc tmg_case_timeline(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_arena *a,
                                      tmg_case_event **ret, size_t *ret_count, tmg_err *err);

typedef struct tmg_suspect {
    int64_t id, case_id, group_id, at_ms, account_id;
    int32_t birth_year; /* 0: not stated */
    tmg_span name, role, sex, citizenship, status;
    bool previous_record;
    tmg_span occupation;  /* code of the list "occupation"; absent: not stated */
    tmg_span role_words;  /* needed where the role is "other" */
    int64_t withdrawn_ms; /* kept and shown, not counted; TMG_NONE: stands */
} tmg_suspect;
/* How one stood before a change: kind corrected, status, withdrawn, restored. */
typedef struct tmg_suspect_past {
    int64_t suspect_id, at_ms, account_id;
    tmg_span kind, reason, was; /* was: JSON object of the members that changed */
} tmg_suspect_past;
typedef struct tmg_crime_group {
    int64_t id;
    tmg_span name;
} tmg_crime_group;
TMG_MUST_USE tmg_rc tmg_suspect_add(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                    tmg_suspect *s, tmg_err *err);
/* One, to be changed, by who may change its case. */
TMG_MUST_USE tmg_rc tmg_suspect_read(tmg_db *db, const tmg_actor *who, int64_t id, tmg_arena *a,
                                     tmg_suspect *ret, tmg_err *err);
/* Stores `now` for what stands there (case and id stay).  How it was is kept with the reason, of 3 letters at
 * least; the log names what changed, never who.  TMG_E_INVALID when nothing would; TMG_E_CONFLICT when one
 * that is withdrawn is changed otherwise than by taking it back (withdrawn_ms TMG_NONE). */
TMG_MUST_USE tmg_rc tmg_suspect_change(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                       const tmg_suspect *now, tmg_span reason, tmg_arena *a, tmg_err *err);
/* Does another of this name stand in the case, born in the same year as far as is known? */
TMG_MUST_USE tmg_rc tmg_suspect_like(tmg_db *db, const tmg_suspect *x, bool *ret, tmg_err *err);
/* What changed in a case, oldest first; for whom tmg_suspect_list has been answered. */
TMG_MUST_USE tmg_rc tmg_suspect_pasts(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_suspect_past **ret,
                                      size_t *ret_count, tmg_err *err);
/* `purpose` is kept in the log with who read. */
TMG_MUST_USE tmg_rc tmg_suspect_list(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span purpose,
                                     tmg_arena *a, tmg_suspect **ret, size_t *ret_count, tmg_err *err);

TMG_MUST_USE tmg_rc tmg_group_add(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span name,
                                  int64_t *ret_id, tmg_err *err);
/* Their names are nominal: for whom tmg_suspect_list has been answered. */
TMG_MUST_USE tmg_rc tmg_group_list(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_crime_group **ret,
                                   size_t *ret_count, tmg_err *err);

typedef struct tmg_case_task {
    int64_t id, case_id, due_ms, assignee_id, made_ms, made_by, done_ms, done_by;
    tmg_span title, code, done_note; /* code: of a planned task (casework/case_plan.h), or absent */
    bool mandatory;
} tmg_case_task;
TMG_MUST_USE tmg_rc tmg_task_add(tmg_db *db, const tmg_actor *who, tmg_case_task *t, tmg_err *err);
/* A mandatory one needs a note. */
TMG_MUST_USE tmg_rc tmg_task_done(tmg_db *db, const tmg_actor *who, int64_t id, tmg_span note, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_task_list(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_case_task **ret,
                                  size_t *ret_count, tmg_err *err);

/* ---- custody (casework/custody.c) ---- */

typedef struct tmg_custody {
    int64_t id, exhibit_id, at_ms, gross_mg, net_mg, account_id;
    int32_t no;
    tmg_span ground; /* legal ground: decision of a court, article; absent: none is stated */
    tmg_span act, from_whom, to_whom, place, seal_old, seal_new, purpose, witness_1, witness_2, photo_hash;
    tmg_span previous_hash, hash;
} tmg_custody;
typedef struct tmg_exhibit {
    int64_t id, seizure_id, line_id, made_ms, retention_until_ms;
    int64_t open_incidents; /* as read: how many incidents about it are not closed */
    tmg_span number, words;
    tmg_flow_item flow;
} tmg_exhibit;
TMG_MUST_USE tmg_rc tmg_exhibit_make(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_exhibit *e,
                                     const tmg_custody *sealing, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_exhibit_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_exhibit *ret, tmg_err *err);
/* Of seizures at posts that the actor sees, or at none, newest first; state absent: in every state. */
TMG_MUST_USE tmg_rc tmg_exhibit_list(tmg_db *db, const tmg_actor *who, tmg_span state, size_t most,
                                     tmg_arena *a, tmg_exhibit **ret, size_t *ret_count, tmg_err *err);
/* How an event differs from what is known of its exhibit: its net mass by more than `tolerance_ppm` (and more
 * than 10 mg) from the last weighing, from the first one - or the last whose difference opened an incident,
 * so that small losses add up - or, when nothing was weighed yet, from the seizure's line; the seal read from
 * the seal put on. */
typedef struct tmg_custody_difference {
    bool mass, seal;
    int64_t before_mg, found_mg;
    tmg_span seal_before, seal_found;
} tmg_custody_difference;
TMG_MUST_USE tmg_rc tmg_custody_compare(tmg_db *db, const tmg_custody *c, int64_t tolerance_ppm, tmg_arena *a,
                                        tmg_custody_difference *ret, tmg_err *err);
/* Moves the exhibit along `arrow` of its workflow with its custody event, chained to the one before by hash.
 * What differs (tmg_custody_compare) opens an incident each; *ret_incident is one of them, or 0. */
TMG_MUST_USE tmg_rc tmg_custody_move(const tmg_flows *f, tmg_db *db, const tmg_actor *who, int64_t exhibit_id,
                                     tmg_span arrow, tmg_custody *c, int64_t tolerance_ppm,
                                     int64_t *ret_incident, void *ctx, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_custody_list(tmg_db *db, int64_t exhibit_id, tmg_arena *a, tmg_custody **ret,
                                     size_t *ret_count, tmg_err *err);
/* Is the chain of an exhibit whole, and are it, the exhibit, its line, its state and its incidents what the
 * log says? TMG_E_STORE "custody.broken" names the first thing that does not fit. */
TMG_MUST_USE tmg_rc tmg_custody_check(tmg_db *db, int64_t exhibit_id, tmg_err *err);

#endif
