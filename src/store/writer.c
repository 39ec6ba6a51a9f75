#include "base/time.h"
#include "store/store_priv.h"

#include <pthread.h>

enum { MOST_WAITING = 10000, MOST_IN_GROUP = 256, GROUP_US = 5000 };

typedef struct job {
    struct job *next;
    tmg_write_work work;
    tmg_write_done done;
    void *ctx;
    tmg_rc rc;
    tmg_err err;
} job;

struct tmg_writer {
    tmg_db *db;
    tmg_checkpointer *checkpointer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    job *first, **last;
    bool stopping;
    tmg_writer_stats stats;
};

/* Takes one job; waits for it when `wait`. NULL: nothing there, or the end. */
static job *take(tmg_writer *w, bool wait)
{
    pthread_mutex_lock(&w->lock);
    while (wait && w->first == NULL && !w->stopping)
        pthread_cond_wait(&w->more, &w->lock);
    job *j = w->first;
    if (j != NULL) {
        w->first = j->next;
        if (w->first == NULL)
            w->last = &w->first;
        j->next = NULL;
        w->stats.waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return j;
}

/* Runs one job in its savepoint.  False when the whole transaction is lost (a full disk, a failed write). */
static bool run(tmg_writer *w, job *j)
{
    j->rc = tmg_savepoint(w->db, &j->err);
    if (j->rc != TMG_OK)
        return tmg_in_transaction(w->db);
    j->rc = j->work(j->ctx, w->db, &j->err);
    if (!tmg_in_transaction(w->db)) {
        if (j->rc == TMG_OK)
            j->rc = TMG_FAIL(&j->err, TMG_E_STORE, "a job ended the writer's transaction by itself");
        return false;
    }
    if (j->rc == TMG_OK)
        j->rc = tmg_release(w->db, &j->err);
    if (j->rc != TMG_OK && tmg_in_transaction(w->db))
        tmg_rollback_to_savepoint(w->db);
    return tmg_in_transaction(w->db);
}

/* What was done so far in the group is lost for the reason in *why. */
static void fail_group(job *first, const tmg_err *why)
{
    for (job *j = first; j != NULL; j = j->next) {
        if (j->rc != TMG_OK)
            continue;
        j->err = *why;
        j->rc = j->err.rc = TMG_E_STORE;
    }
}

static void finish(tmg_writer *w, job *first, bool committed)
{
    uint64_t count = 0;

    for (job *j = first; j != NULL; j = j->next)
        count++;
    pthread_mutex_lock(&w->lock);
    w->stats.jobs += count;
    w->stats.commits += committed ? 1 : 0;
    pthread_mutex_unlock(&w->lock);
    while (first != NULL) {
        job *j = first;

        first = j->next;
        if (j->done != NULL)
            j->done(j->ctx, j->rc, &j->err);
        free(j);
    }
}

static void run_group(tmg_writer *w, job *first)
{
    tmg_err err = {0};
    job *last = first;
    size_t count = 1;
    int64_t until_us = tmg_tick_us() + GROUP_US;

    if (tmg_begin(w->db, &err) != TMG_OK) {
        /* All that waits by now would wait as long and fail alike. */
        for (; last != NULL && count < MOST_IN_GROUP; count++) {
            last->next = take(w, false);
            last = last->next;
        }
        fail_group(first, &err);
        finish(w, first, false);
        return;
    }
    for (job *j = first; j != NULL;
         j = count++ < MOST_IN_GROUP && tmg_tick_us() < until_us ? take(w, false) : NULL) {
        if (j != first) {
            last->next = j;
            last = j;
        }
        if (!run(w, j)) {
            fail_group(first, &j->err);
            finish(w, first, false);
            return;
        }
    }
    tmg_rc rc = tmg_commit(w->db, &err);
    if (rc != TMG_OK)
        fail_group(first, &err);
    finish(w, first, rc == TMG_OK);
}

static void *write_loop(void *ctx)
{
    tmg_writer *w = ctx;

    for (job *j = take(w, true); j != NULL; j = take(w, true))
        run_group(w, j);
    return NULL;
}

static void let_go(tmg_writer *w)
{
    tmg_checkpointer_stop(w->checkpointer);
    tmg_db_close(w->db);
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

tmg_rc tmg_writer_start(tmg_db *db, tmg_writer **ret, tmg_err *err)
{
    tmg_writer *w = tmg_xcalloc(1, sizeof(*w));

    w->db = db;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    tmg_rc rc = tmg_checkpointer_start(db, &w->checkpointer, err);
    if (rc == TMG_OK && pthread_create(&w->thread, NULL, write_loop, w) != 0)
        rc = TMG_FAIL(err, TMG_E_IO, "the writer's thread cannot be started: allow this user more threads");
    if (rc != TMG_OK) {
        let_go(w);
        return rc;
    }
    *ret = w;
    return TMG_OK;
}

tmg_rc tmg_writer_submit(tmg_writer *w, tmg_write_work work, tmg_write_done done, void *ctx, tmg_err *err)
{
    job *j = tmg_xcalloc(1, sizeof(*j));
    tmg_rc rc = TMG_OK;

    j->work = work;
    j->done = done;
    j->ctx = ctx;
    pthread_mutex_lock(&w->lock);
    if (w->stopping)
        rc = TMG_FAIL(err, TMG_E_STORE,
                      "the centre is stopping and takes no more changes: try again when it runs");
    else if (w->stats.waiting >= MOST_WAITING)
        rc = TMG_FAIL(err, TMG_E_LIMIT, "%d changes wait to be stored already: try again in a moment",
                      MOST_WAITING);
    if (rc == TMG_OK) {
        *w->last = j;
        w->last = &j->next;
        w->stats.waiting++;
        pthread_cond_signal(&w->more);
    }
    pthread_mutex_unlock(&w->lock);
    if (rc != TMG_OK)
        free(j);
    return rc;
}

typedef struct waiting_run {
    tmg_write_work work;
    void *ctx;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool done;
    tmg_rc rc;
    tmg_err err;
} waiting_run;

static tmg_rc run_work(void *ctx, tmg_db *db, tmg_err *err)
{
    waiting_run *r = ctx;

    return r->work(r->ctx, db, err);
}

static void run_done(void *ctx, tmg_rc rc, const tmg_err *err)
{
    waiting_run *r = ctx;

    pthread_mutex_lock(&r->lock);
    r->rc = rc;
    r->err = *err;
    r->done = true;
    pthread_cond_signal(&r->over);
    pthread_mutex_unlock(&r->lock);
}

tmg_rc tmg_writer_run(tmg_writer *w, tmg_write_work work, void *ctx, tmg_err *err)
{
    waiting_run r = {.work = work, .ctx = ctx};

    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.over, NULL);
    tmg_rc rc = tmg_writer_submit(w, run_work, run_done, &r, err);
    if (rc == TMG_OK) {
        pthread_mutex_lock(&r.lock);
        while (!r.done)
            pthread_cond_wait(&r.over, &r.lock);
        pthread_mutex_unlock(&r.lock);
        rc = r.rc;
        if (rc != TMG_OK && err != NULL)
            *err = r.err;
    }
    pthread_cond_destroy(&r.over);
    pthread_mutex_destroy(&r.lock);
    return rc;
}

void tmg_writer_stop(tmg_writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    let_go(w);
}

tmg_writer_stats tmg_writer_read_stats(tmg_writer *w)
{
    pthread_mutex_lock(&w->lock);
    tmg_writer_stats stats = w->stats;
    pthread_mutex_unlock(&w->lock);
    return stats;
}
