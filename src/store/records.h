/* store/records.h - the nouns of model/ in the database: one place for their SQL.
 *
 * All calls run on the caller's connection and inside the caller's transaction.  What is read is copied into
 * the arena.  "In force" is the newest version of a declaration.
 *
 * Units are those of model/model.h.  Errors: TMG_E_NOT_FOUND names what there is not, TMG_E_STORE what the database
 * said.  Thread rule: the connection's thread.
 */
#ifndef TMG_STORE_RECORDS_H
#define TMG_STORE_RECORDS_H

#include "model/model.h"
#include "store/store.h"

/* ---- posts ---- */
TMG_MUST_USE tmg_rc tmg_post_save(tmg_db *db, const tmg_post *p, int64_t *ret_id,
                                  tmg_err *err); /* insert or update by code */
TMG_MUST_USE tmg_rc tmg_post_by_code(tmg_db *db, tmg_span code, tmg_arena *a, tmg_post *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_post_list(tmg_db *db, tmg_arena *a, tmg_post **ret, size_t *ret_count, tmg_err *err);

/* ---- sources: one import run, one feed, the API ---- */
typedef struct tmg_source_counts {
    int64_t accepted, unchanged, amended, quarantined;
} tmg_source_counts;
TMG_MUST_USE tmg_rc tmg_source_begin(tmg_db *db, tmg_span name, tmg_span format, tmg_span mapping,
                                     int64_t at_ms, int64_t *ret_id, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_source_update(tmg_db *db, int64_t id, const tmg_source_counts *counts,
                                      int64_t finished_ms,
                                      tmg_err *err); /* finished_ms TMG_NONE while it runs */

/* ---- declarations ---- */
typedef enum tmg_saved { TMG_SAVED_NEW, TMG_SAVED_UNCHANGED, TMG_SAVED_AMENDED } tmg_saved;

/* Caches that make saving many declarations fast: party and post ids by code.  Bounded (LRU-free: it empties
 * itself when it holds 200,000 codes).  Belongs to the connection's thread; drop it when a transaction is
 * rolled back. */
typedef struct tmg_saver tmg_saver;
tmg_saver *tmg_saver_new(tmg_db *db);
void tmg_saver_free(tmg_saver *s);
void tmg_saver_forget(tmg_saver *s); /* after a rollback */

/* Stores a declaration, or recognises it: the same reference with the same digest changes nothing, with
 * another it becomes the next version and the old one is kept.  Fills id, consignment_id and version of *d.
 * An unknown post code is TMG_E_INVALID unless make_posts. */
TMG_MUST_USE tmg_rc tmg_declaration_save(tmg_saver *s, tmg_declaration *d, int64_t source_id, bool make_posts,
                                         tmg_saved *ret, tmg_err *err);
/* A party's name, country and address are those that this version states; what it leaves out is taken from
 * what other declarations say of the party. */
TMG_MUST_USE tmg_rc tmg_declaration_load(tmg_db *db, int64_t id, tmg_arena *a, tmg_declaration *ret,
                                         tmg_err *err);
/* The version in force of a consignment. */
TMG_MUST_USE tmg_rc tmg_consignment_load(tmg_db *db, int64_t consignment_id, tmg_arena *a,
                                         tmg_declaration *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_consignment_by_ref(tmg_db *db, tmg_span ref, int64_t *ret_consignment_id,
                                           tmg_err *err);

typedef struct tmg_version {
    int64_t declaration_id, known_at_ms;
    int32_t version;
} tmg_version;
/* All versions, oldest first. */
TMG_MUST_USE tmg_rc tmg_consignment_versions(tmg_db *db, int64_t consignment_id, tmg_arena *a,
                                             tmg_version **ret, size_t *ret_count, tmg_err *err);

/* Earlier consignments of the same party in the same role, newest lodged first; never more than 10,000. */
typedef struct tmg_past {
    int64_t consignment_id, declaration_id, lodged_ms;
    tmg_span ref, post, hs, departure, destination;
    int64_t value_minor, gross_mg;
    tmg_span currency;
    int outcome; /* tmg_outcome of its last result, 0 when none */
} tmg_past;
TMG_MUST_USE tmg_rc tmg_party_history(tmg_db *db, tmg_span party_code, tmg_party_role role, int64_t before_ms,
                                      size_t most, tmg_arena *a, tmg_past **ret, size_t *ret_count,
                                      tmg_err *err);
/* Does any item of one of them belong to this heading (the first four digits of the code)? */
TMG_MUST_USE tmg_rc tmg_past_has_heading(tmg_db *db, const tmg_past *p, tmg_span heading, bool *ret,
                                         tmg_err *err);

/* ---- results ---- */
/* Stores a control result with its seized lines; fills id and replaces.  A consignment that was controlled before
 * keeps the earlier result, and from now on counts with this one. */
TMG_MUST_USE tmg_rc tmg_result_save(tmg_db *db, tmg_result *r, int64_t account_id,
                                    tmg_err *err); /* account 0: came with a file */
/* The same where the consignment is known to have none yet: nothing is looked up. */
TMG_MUST_USE tmg_rc tmg_result_save_first(tmg_db *db, tmg_result *r, int64_t account_id, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_result_list(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_result **ret,
                                    size_t *ret_count, tmg_err *err);
/* Calls visit for each result with id > after, in id order, with the declaration it belongs to. The arena is
 * reset between calls. */
typedef tmg_rc (*tmg_result_visit)(void *ctx, const tmg_result *r, const tmg_declaration *d, tmg_err *err);
/* One result with the declaration it was entered for. */
TMG_MUST_USE tmg_rc tmg_result_load(tmg_db *db, int64_t id, tmg_arena *a, tmg_result *ret,
                                    tmg_declaration *ret_about, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_result_each(tmg_db *db, int64_t after, tmg_result_visit visit, void *ctx,
                                    tmg_err *err);

/* How many controls of this party's consignments, in whatever role, found something. */
TMG_MUST_USE tmg_rc tmg_party_finds(tmg_db *db, tmg_span party_code, int64_t *ret, tmg_err *err);

/* ---- decisions ---- */
TMG_MUST_USE tmg_rc tmg_decision_save(tmg_db *db, tmg_decision *d, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_decision_list(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_decision **ret,
                                      size_t *ret_count, tmg_err *err);

/* ---- quarantine ---- */
typedef struct tmg_quarantined {
    int64_t id, source_id, at_ms, line;
    tmg_span source_name, field, value, reason, raw;
    bool settled;
} tmg_quarantined;
/* Fills id.  The same bytes, faulty in the same way, that wait already stay one row: id is then that row's.
 */
TMG_MUST_USE tmg_rc tmg_quarantine_add(tmg_db *db, tmg_quarantined *q, tmg_err *err);
/* Newest first, those not settled unless `all`. */
TMG_MUST_USE tmg_rc tmg_quarantine_list(tmg_db *db, bool all, size_t most, tmg_arena *a,
                                        tmg_quarantined **ret, size_t *ret_count, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_quarantine_settle(tmg_db *db, int64_t id, int64_t account_id, tmg_span how,
                                          tmg_err *err);

/* ---- code lists and settings ---- */
TMG_MUST_USE tmg_rc tmg_code_save(tmg_db *db, tmg_span list, tmg_span code, tmg_span words,
                                  tmg_err *err); /* list: "hs" */
/* Loads list "hs" and hands it to tmg_codes_set_hs; no rows: the compiled-in words stay. */
TMG_MUST_USE tmg_rc tmg_codes_load(tmg_db *db, tmg_err *err);
/* Small centre-wide values by name ("clock.paused_at_ms"). */
TMG_MUST_USE tmg_rc tmg_setting_get(tmg_db *db, tmg_span name, tmg_arena *a, tmg_span *ret,
                                    tmg_err *err); /* absent span when not set */
TMG_MUST_USE tmg_rc tmg_setting_put(tmg_db *db, tmg_span name, tmg_span value, tmg_err *err);

#endif
