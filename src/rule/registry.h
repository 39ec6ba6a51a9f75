/* rule/registry.h - the life of rules in the database: versions, steps, back-tests, hits.
 *
 * A rule has versions; each is in one state.  Its way: draft - a back-test of exactly its hash - proposed - live until
 * its expiry - expired or retired; proposed may go back to draft; what was never live may be withdrawn; a draft or a
 * proposed one may run in shadow, where its hits are recorded and nothing else follows.  These calls keep the book;
 * who may do what, and the log, stand in app/rules.h.
 *
 * All calls run on the caller's connection and inside its transaction; texts are copied into the arena.
 *
 * Thread rule: the connection's thread.
 */
#ifndef TMG_RULE_REGISTRY_H
#define TMG_RULE_REGISTRY_H

#include "base/hash.h"
#include "model/model.h"
#include "store/store.h"

typedef enum tmg_rule_state {
    TMG_RULE_DRAFT = 1,
    TMG_RULE_SHADOW,
    TMG_RULE_PROPOSED,
    TMG_RULE_LIVE,
    TMG_RULE_EXPIRED,
    TMG_RULE_RETIRED,
    TMG_RULE_WITHDRAWN,
    TMG_RULE_STATES
} tmg_rule_state;
const char *tmg_rule_state_name(tmg_rule_state s); /* "draft", ... */
tmg_rule_state tmg_rule_state_of(tmg_span word);   /* 0 when unknown */

typedef struct tmg_rule_version {
    int64_t id, rule_id;
    tmg_span name;
    int32_t version; /* counted here, from 1 */
    tmg_rule_state state;
    tmg_span hash, text; /* SHA-256 in hex as tmg_rule.hash; the source as it was saved */
    int64_t author_id, approved_by; /* accounts; 0: the command line; approved_by TMG_NONE: nobody yet */
    tmg_span author, approver;      /* their names; approver absent when there is none */
    int64_t made_ms, live_ms, ended_ms;
    int32_t expires_day;  /* INT32_MIN: not stated */
    int64_t back_test_id; /* TMG_NONE: none attached */
} tmg_rule_version;

/* version 0: the newest.  TMG_E_NOT_FOUND names what is missing. */
TMG_MUST_USE tmg_rc tmg_rule_version_find(tmg_db *db, tmg_span name, int32_t version, tmg_arena *a,
                                          tmg_rule_version *ret, tmg_err *err);
typedef struct tmg_rule_query {
    tmg_rule_state state; /* 0: the newest version of each rule */
    tmg_span about;       /* part of name or text, without regard to case; absent: all */
    size_t most, skip;
} tmg_rule_query;
/* Ordered by name and version. */
TMG_MUST_USE tmg_rc tmg_rule_version_list(tmg_db *db, const tmg_rule_query *q, tmg_arena *a, tmg_rule_version **ret,
                                          size_t *ret_count, tmg_err *err);
/* All versions of one rule, newest first. */
TMG_MUST_USE tmg_rc tmg_rule_versions(tmg_db *db, tmg_span name, tmg_arena *a, tmg_rule_version **ret, size_t *ret_count,
                                      tmg_err *err);
/* Those that match what arrives: live and in shadow, by id. */
TMG_MUST_USE tmg_rc tmg_rule_versions_working(tmg_db *db, tmg_arena *a, tmg_rule_version **ret, size_t *ret_count,
                                              tmg_err *err);
/* How many rules have their newest version in each state; live ones are counted by version. */
TMG_MUST_USE tmg_rc tmg_rule_state_counts(tmg_db *db, int64_t ret[TMG_RULE_STATES], tmg_err *err);

/* Stores the next version as a draft (v's name, hash, text, author_id, expires_day) with its first step; fills id,
 * rule_id, version, state and made_ms. */
TMG_MUST_USE tmg_rc tmg_rule_version_add(tmg_db *db, tmg_rule_version *v, tmg_span note, tmg_err *err);
/* Another text of the same hash: comments and white space. */
TMG_MUST_USE tmg_rc tmg_rule_version_retell(tmg_db *db, int64_t version_id, tmg_span text, tmg_err *err);
/* Moves it to another state and writes the step.  Sets live_ms and approved_by when it becomes live, ended_ms when it
 * ends. */
TMG_MUST_USE tmg_rc tmg_rule_version_move(tmg_db *db, const tmg_rule_version *v, tmg_rule_state to, int64_t account_id,
                                          tmg_span note, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_rule_version_attach(tmg_db *db, int64_t version_id, int64_t back_test_id, tmg_err *err);

typedef struct tmg_rule_step {
    int64_t at_ms;
    tmg_span account;           /* name */
    tmg_rule_state from, to;    /* from 0: it was made */
    tmg_span note;
} tmg_rule_step;
/* Oldest first. */
TMG_MUST_USE tmg_rc tmg_rule_steps(tmg_db *db, int64_t version_id, tmg_arena *a, tmg_rule_step **ret, size_t *ret_count,
                                   tmg_err *err);

/* ---- back-tests ---- */
typedef struct tmg_back_test_row {
    int64_t id, made_ms, account_id;
    tmg_span hash, report; /* JSON */
    int32_t from_day, to_day;
} tmg_back_test_row;
TMG_MUST_USE tmg_rc tmg_back_test_save(tmg_db *db, const tmg_back_test_row *t, int64_t *ret_id, tmg_err *err);
/* The newest of a hash; *ret_there false when it was never tested. */
TMG_MUST_USE tmg_rc tmg_back_test_newest(tmg_db *db, tmg_span hash, tmg_arena *a, tmg_back_test_row *ret,
                                         bool *ret_there, tmg_err *err);

/* ---- hits ---- */
/* One rule's hit on one declaration, with its evidence as JSON {"words", "trader", "because": [...]}.  A second one of
 * the same pair takes the first one's place. */
TMG_MUST_USE tmg_rc tmg_rule_hit_save(tmg_db *db, int64_t declaration_id, int64_t version_id, int64_t at_ms,
                                      int32_t item_no, tmg_span evidence, tmg_err *err);
/* Those of rules at work; what ended keeps what it hit. */
TMG_MUST_USE tmg_rc tmg_rule_hits_forget(tmg_db *db, int64_t declaration_id, tmg_err *err);
typedef struct tmg_rule_hit_row {
    int64_t version_id, declaration_id, consignment_id, post_id, at_ms;
    int32_t version, item_no;
    tmg_span name, ref, evidence;
    bool shadow;
    int outcome; /* of the consignment's last result, 0 when none */
} tmg_rule_hit_row;
/* What hit a declaration, by name. */
TMG_MUST_USE tmg_rc tmg_rule_hits_of(tmg_db *db, int64_t declaration_id, tmg_arena *a, tmg_rule_hit_row **ret,
                                     size_t *ret_count, tmg_err *err);
/* What a version hit, newest first. */
TMG_MUST_USE tmg_rc tmg_rule_hits_recent(tmg_db *db, int64_t version_id, size_t most, tmg_arena *a,
                                         tmg_rule_hit_row **ret, size_t *ret_count, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_rule_hits_count(tmg_db *db, int64_t version_id, int64_t from_ms, int64_t *ret, tmg_err *err);

/* ---- a counter that moves with every change of what matches: rules that come and go, lists ---- */
TMG_MUST_USE tmg_rc tmg_rules_counter(tmg_db *db, int64_t *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_rules_count_up(tmg_db *db, tmg_err *err);

#endif
