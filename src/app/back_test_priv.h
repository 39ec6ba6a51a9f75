/* app/back_test_priv.h - what back-tests of one process share. */
#ifndef TMG_APP_BACK_TEST_PRIV_H
#define TMG_APP_BACK_TEST_PRIV_H

#include "app/back_test.h"
#include "app/rules_live_priv.h"
#include "risk/choosing.h"
#include "rule/history.h"
#include "rule/uses.h"

#include <pthread.h>

/* One stored version of a declaration. */
typedef struct tmg_past_one {
    int64_t id, consignment_id, lodged_ms, arrival_ms;
    size_t first_row;
    uint32_t post;          /* code of the dictionary */
    uint8_t outcome;        /* of its consignment's last result, kept with version 1; 0: not inspected */
    bool fraud, critical;
    bool assessed;
    int64_t ppb[TMG_HARMS]; /* when it was first assessed */
} tmg_past_one;

typedef struct tmg_trials {
    pthread_mutex_t lock; /* of everything below: one back-test at a time */
    tmg_dict *dict;
    tmg_book *book;
    tmg_history *history;
    tmg_past_one *all; /* by id */
    size_t count, room;
    uint32_t *of_row; /* index in all, per row of the history */
    size_t row_room;
    int64_t result_id;
    size_t assessed; /* how many of all were looked up */
    tmg_arena *scratch;
} tmg_trials;
tmg_trials *tmg_trials_new(void);
void tmg_trials_free(tmg_trials *t); /* NULL is accepted */

/* Reads what was stored since the last time. */
TMG_MUST_USE tmg_rc tmg_trials_catch_up(tmg_trials *t, const tmg_centre *c, tmg_db *db, const tmg_back_test_ask *ask,
                                        tmg_err *err);
TMG_MUST_USE tmg_rc tmg_trials_assessments(tmg_trials *t, tmg_db *db, tmg_err *err);
tmg_past_one *tmg_trials_find(const tmg_trials *t, int64_t declaration_id); /* NULL when it is not there */

/* ---- one run ---- */

typedef struct tmg_trial_signal {
    int64_t consignment_id, happened_ms, known_ms;
    tmg_span kind;
} tmg_trial_signal;

/* Another rule that is at work, and how many of this one's hits it shares. */
typedef struct tmg_shared_hits {
    tmg_rule_version version;
    tmg_span title;
    const tmg_span *title_in; /* TMG_TONGUES of them */
    int64_t shared;
} tmg_shared_hits;

/* Which fact was missing, in a sample of what was unknown. */
typedef struct tmg_missing_fact {
    const char *fact;
    int64_t count;
} tmg_missing_fact;
enum { TMG_MOST_MISSING = 16, TMG_MOST_SAMPLES = 20 };
enum { TMG_MOST_LOOKED_AT = 5000 }; /* rules at work are asked about at most so many of the hits */

typedef struct tmg_trial {
    tmg_book_sight sight; /* first: what it answers takes this for the whole */
    tmg_trials *trials;
    const tmg_centre *centre;
    tmg_db *db;
    tmg_arena *arena;
    const tmg_rule *rule;
    tmg_rule_uses uses;
    tmg_lists *lists;
    tmg_ruleset *set; /* of this rule alone */
    tmg_trial_signal *signals;
    size_t signal_count;
    tmg_rule_senses senses;
    int32_t from_day, to_day;

    uint64_t *bits;
    size_t rows, rows_unknown;
    int64_t judged;    /* consignments of the period */
    uint32_t *hits;    /* rows: the first hit row of each hit consignment, by id */
    size_t hit_count;
    int64_t inspected, found, fraud, critical;                 /* of the hits */
    int64_t all_inspected, all_found;                          /* of the period */
    int64_t random_inspected, random_found;
    tmg_estimate estimate;
    tmg_shared_hits *shared;
    size_t shared_count, shared_of; /* shared_of: hits that were looked at */
    tmg_missing_fact missing[TMG_MOST_MISSING];
    size_t missing_count;
    int64_t took_us, history_us;
} tmg_trial;

/* The consignment of a version: the entry of version 1, which knows the result. */
tmg_past_one *tmg_trial_first(const tmg_trial *t, const tmg_past_one *one);
TMG_MUST_USE tmg_rc tmg_trial_overlap(tmg_trial *t, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_trial_estimate(tmg_trial *t, tmg_err *err);
void tmg_trial_missing(tmg_trial *t);
/* Writes the member "workload". */
TMG_MUST_USE tmg_rc tmg_trial_workload(struct tmg_json_out *j, tmg_trial *t, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_trial_report(tmg_trial *t, tmg_span account, tmg_buf *b, tmg_err *err);

#endif
