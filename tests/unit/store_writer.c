#include "store_help.h"

#include <pthread.h>

enum { THREADS = 4, EACH = 200 };

typedef struct one_put {
    const char *name;
    const char *path; /* to look from outside in done */
    bool fails, seen;
    tmg_rc rc;
    pthread_mutex_t *gate; /* held by the test to make others queue behind */
} one_put;

static tmg_rc put(void *ctx, tmg_db *db, tmg_err *err)
{
    one_put *p = ctx;

    if (p->gate != NULL) {
        pthread_mutex_lock(p->gate);
        pthread_mutex_unlock(p->gate);
    }
    TMG_TRY(tmg_setting_put(db, tmg_span_of(p->name), TMG_SPAN("1"), err));
    return p->fails ? TMG_FAIL(err, TMG_E_INVALID, "not %s", p->name) : TMG_OK;
}

static void note_outcome(void *ctx, tmg_rc rc, const tmg_err *err)
{
    one_put *p = ctx;
    (void)err;

    p->rc = rc;
    if (p->path != NULL) {
        TMG_AUTO_DB outside = NULL;
        TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
        tmg_span value = {NULL, 0};

        if (tmg_db_open(p->path, TMG_DB_READ, &outside, NULL) == TMG_OK &&
            tmg_setting_get(outside, tmg_span_of(p->name), a, &value, NULL) == TMG_OK)
            p->seen = value.ptr != NULL;
    }
}

static tmg_writer *started(home *h)
{
    tmg_writer *w = NULL;
    tmg_err err;

    must(tmg_writer_start(home_db(h), &w, &err), &err);
    return w;
}

static int64_t stored(home *h)
{
    TMG_AUTO_DB db = home_db(h);

    return number(db, "SELECT count(*) FROM setting");
}

typedef struct many {
    tmg_writer *w;
    int thread, good, refused;
} many;

static void *put_many(void *ctx)
{
    many *m = ctx;
    char name[32];

    for (int i = 0; i < EACH; i++) {
        tmg_err err;

        snprintf(name, sizeof name, "%d.%d", m->thread, i);
        one_put p = {.name = name, .fails = i % 10 == 3};
        tmg_rc rc = tmg_writer_run(m->w, put, &p, &err);
        m->good += rc == TMG_OK;
        m->refused += rc == TMG_E_INVALID && strncmp(err.text, "not ", 4) == 0;
    }
    return NULL;
}

static void jobs_of_four_threads_are_all_kept_but_the_failing(void **state)
{
    tmg_writer *w = started(*state);
    pthread_t threads[THREADS];
    many m[THREADS];

    for (int i = 0; i < THREADS; i++) {
        m[i] = (many){.w = w, .thread = i};
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, &m[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(m[i].good, EACH - EACH / 10);
        assert_int_equal(m[i].refused, EACH / 10);
    }
    tmg_writer_stats stats = tmg_writer_read_stats(w);
    assert_int_equal(stats.jobs, THREADS * EACH);
    assert_true(stats.commits <= stats.jobs);
    assert_int_equal(stats.waiting, 0);
    tmg_writer_stop(w);
    assert_int_equal(stored(*state), THREADS * (EACH - EACH / 10));
}

static void jobs_that_wait_share_a_commit_and_a_failing_one_undoes_only_its_own(void **state)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    one_put p[20];
    char name[20][8];
    tmg_err err;
    tmg_writer *w = started(*state);

    pthread_mutex_lock(&gate);
    for (int i = 0; i < 20; i++) {
        snprintf(name[i], sizeof name[i], "n%d", i);
        p[i] = (one_put){.name = name[i], .fails = i == 7, .rc = TMG_E_IO, .gate = i == 0 ? &gate : NULL};
        must(tmg_writer_submit(w, put, note_outcome, &p[i], &err), &err);
    }
    pthread_mutex_unlock(&gate);
    one_put last = {.name = "last"};
    must(tmg_writer_run(w, put, &last, &err), &err);
    assert_true(tmg_writer_read_stats(w).commits < 20);
    tmg_writer_stop(w);
    for (int i = 0; i < 20; i++)
        assert_int_equal(p[i].rc, i == 7 ? TMG_E_INVALID : TMG_OK);
    assert_int_equal(stored(*state), 20);
}

static void done_is_called_when_others_can_read_it(void **state)
{
    char path[160];
    tmg_err err;
    tmg_writer *w = started(*state);

    snprintf(path, sizeof path, "%s", home_path(*state, "centre.db"));
    one_put p = {.name = "x", .path = path};
    must(tmg_writer_submit(w, put, note_outcome, &p, &err), &err);
    tmg_writer_stop(w);
    assert_true(p.seen);
}

static void stopping_finishes_what_waits(void **state)
{
    static char name[500][8];
    static one_put p[500];
    tmg_err err;
    tmg_writer *w = started(*state);

    for (int i = 0; i < 500; i++) {
        snprintf(name[i], sizeof name[i], "n%d", i);
        p[i] = (one_put){.name = name[i], .rc = TMG_E_IO};
        must(tmg_writer_submit(w, put, note_outcome, &p[i], &err), &err);
    }
    tmg_writer_stop(w);
    for (int i = 0; i < 500; i++)
        assert_int_equal(p[i].rc, TMG_OK);
    assert_int_equal(stored(*state), 500);
    tmg_writer_stop(NULL);
}

static void too_many_waiting_jobs_are_refused(void **state)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    one_put first = {.name = "first", .gate = &gate}, more = {.name = "more"};
    tmg_rc rc = TMG_OK;
    int taken = 0;
    tmg_err err;
    tmg_writer *w = started(*state);

    pthread_mutex_lock(&gate);
    must(tmg_writer_submit(w, put, NULL, &first, &err), &err);
    while (taken < 20000 && (rc = tmg_writer_submit(w, put, NULL, &more, &err)) == TMG_OK)
        taken++;
    pthread_mutex_unlock(&gate);
    assert_int_equal(rc, TMG_E_LIMIT);
    assert_non_null(strstr(err.text, "try again"));
    assert_true(taken >= 9999 && taken <= 10001);
    tmg_writer_stop(w);
}

/* As a full disk does: SQLite rolls the whole transaction back under the job's feet. */
static tmg_rc lose_transaction(void *ctx, tmg_db *db, tmg_err *err)
{
    (void)ctx;
    tmg_rollback(db);
    return TMG_FAIL(err, TMG_E_STORE, "the disk is full");
}

static void a_lost_transaction_fails_every_job_of_the_group(void **state)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    one_put before = {.name = "before", .rc = TMG_OK, .gate = &gate},
            after = {.name = "after", .rc = TMG_E_IO};
    tmg_err err;
    tmg_writer *w = started(*state);

    pthread_mutex_lock(&gate);
    must(tmg_writer_submit(w, put, note_outcome, &before, &err), &err);
    must(tmg_writer_submit(w, lose_transaction, NULL, NULL, &err), &err);
    must(tmg_writer_submit(w, put, note_outcome, &after, &err), &err);
    pthread_mutex_unlock(&gate);
    tmg_writer_stop(w);
    TMG_AUTO_DB db = home_db(*state);
    /* The job before is told "failed" exactly when it is not there: it may have been committed in its own
     * group. */
    assert_int_equal(number(db, "SELECT count(*) FROM setting WHERE name = 'before'"),
                     before.rc == TMG_OK ? 1 : 0);
    assert_true(before.rc == TMG_OK || before.rc == TMG_E_STORE);
    assert_int_equal(after.rc, TMG_OK);
    assert_int_equal(number(db, "SELECT count(*) FROM setting WHERE name = 'after'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(jobs_of_four_threads_are_all_kept_but_the_failing),
        IN_HOME(jobs_that_wait_share_a_commit_and_a_failing_one_undoes_only_its_own),
        IN_HOME(done_is_called_when_others_can_read_it),
        IN_HOME(stopping_finishes_what_waits),
        IN_HOME(too_many_waiting_jobs_are_refused),
        IN_HOME(a_lost_transaction_fails_every_job_of_the_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
