#include "web/pool.h"

#include <pthread.h>

enum { MOST_WAITING = 256 };

typedef struct job {
    struct job *next;
    void (*work)(void *arg, tmg_db *db);
    void *arg;
} job;

typedef struct worker {
    tmg_pool *pool;
    pthread_t thread;
    tmg_db *db;
} worker;

struct tmg_pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    job *first, **last;
    size_t waiting;
    bool stopping;
    worker *workers;
    int count;
};

static void *work_loop(void *arg)
{
    worker *w = arg;
    tmg_pool *p = w->pool;

    for (;;) {
        pthread_mutex_lock(&p->lock);
        while (p->first == NULL && !p->stopping)
            pthread_cond_wait(&p->more, &p->lock);
        job *j = p->first;
        if (j != NULL) {
            p->first = j->next;
            if (p->first == NULL)
                p->last = &p->first;
            p->waiting--;
        }
        pthread_mutex_unlock(&p->lock);
        if (j == NULL)
            return NULL;
        j->work(j->arg, w->db);
        free(j);
    }
}

static tmg_rc start_worker(tmg_pool *p, tmg_rc (*open)(void *ctx, tmg_db **ret, tmg_err *err), void *ctx,
                           tmg_err *err)
{
    worker *w = &p->workers[p->count];

    w->pool = p;
    if (open != NULL)
        TMG_TRY(open(ctx, &w->db, err));
    if (pthread_create(&w->thread, NULL, work_loop, w) != 0) {
        tmg_db_close(w->db);
        return TMG_FAIL(err, TMG_E_IO, "a worker's thread cannot be started: allow this user more threads");
    }
    p->count++;
    return TMG_OK;
}

tmg_rc tmg_pool_start(int threads, tmg_rc (*open)(void *ctx, tmg_db **ret, tmg_err *err), void *ctx,
                      tmg_pool **ret, tmg_err *err)
{
    tmg_pool *p = tmg_xcalloc(1, sizeof *p);

    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    p->last = &p->first;
    p->workers = tmg_xcalloc((size_t)threads, sizeof *p->workers);
    while (p->count < threads) {
        tmg_rc rc = start_worker(p, open, ctx, err);

        if (rc != TMG_OK) {
            tmg_pool_stop(p);
            tmg_pool_free(p);
            return rc;
        }
    }
    *ret = p;
    return TMG_OK;
}

tmg_rc tmg_pool_submit(tmg_pool *p, void (*work)(void *arg, tmg_db *db), void *arg, tmg_err *err)
{
    job *j = tmg_xcalloc(1, sizeof *j);
    tmg_rc rc = TMG_OK;

    j->work = work;
    j->arg = arg;
    pthread_mutex_lock(&p->lock);
    if (p->stopping)
        rc = TMG_FAIL(err, TMG_E_STORE, "the centre is stopping: try again when it runs");
    else if (p->waiting >= MOST_WAITING)
        rc = TMG_FAIL(err, TMG_E_LIMIT, "%d slow requests wait already: try again in a moment", MOST_WAITING);
    if (rc == TMG_OK) {
        *p->last = j;
        p->last = &j->next;
        p->waiting++;
        pthread_cond_signal(&p->more);
    }
    pthread_mutex_unlock(&p->lock);
    if (rc != TMG_OK)
        free(j);
    return rc;
}

void tmg_pool_stop(tmg_pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->more);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->count; i++) {
        pthread_join(p->workers[i].thread, NULL);
        tmg_db_close(p->workers[i].db);
    }
    p->count = 0;
}

void tmg_pool_free(tmg_pool *p)
{
    if (p == NULL)
        return;
    pthread_cond_destroy(&p->more);
    pthread_mutex_destroy(&p->lock);
    free(p->workers);
    free(p);
}
