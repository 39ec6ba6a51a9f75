/* app/back_test.h - a rule's text over everything stored, as it would have been judged then.
 *
 * Windows, lists and references answer as of each declaration's lodging; p() is what the centre thought of it when it
 * was first assessed.  What was inspected and found since says how good the rule would have been.
 *
 * Thread rule: tmg_back_test_run on any thread, one after another (a second one waits); it never touches the writer's
 * state.  The history is read once per process and kept, in columns.
 */
#ifndef TMG_APP_BACK_TEST_H
#define TMG_APP_BACK_TEST_H

#include "app/rules.h"

typedef struct tmg_back_test_ask {
    tmg_span text;
    int32_t from_day, to_day; /* days of lodging; INT32_MIN: a year back; today */
    /* While the history is read for the first time; may be NULL. */
    void (*progress)(void *ctx, int64_t done, int64_t of);
    void *progress_ctx;
} tmg_back_test_ask;

typedef struct tmg_back_test {
    tmg_reading reading; /* its faults, when the text has some: nothing was run then */
    bool ran;
    tmg_span name, hash;
    int32_t from_day, to_day;
    tmg_span report; /* a JSON object as api/rule_back_test.json, without its id; samples are its last member */
    int64_t judged, hits, inspected, found, fraud, critical, unknown, took_us, history_us;
} tmg_back_test;

/* db: a reader's connection. */
TMG_MUST_USE tmg_rc tmg_back_test_run(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_back_test_ask *ask,
                                      tmg_arena *a, tmg_back_test *ret, tmg_err *err);
/* Keeps the report, attaches it to versions of this hash that are not live yet, and logs it ("rule.back_tested"); or,
 * when the text names a protected attribute, only that.  On the writer's thread. */
TMG_MUST_USE tmg_rc tmg_back_test_keep(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_back_test *t,
                                       tmg_span text, int64_t *ret_id, tmg_err *err);
/* A stored report as an object; samples of posts that the actor may not see are left out. */
TMG_MUST_USE tmg_rc tmg_back_test_write(tmg_db *db, struct tmg_json_out *j, const char *key, int64_t id,
                                        tmg_span report, const tmg_actor *who, tmg_err *err);

#endif
