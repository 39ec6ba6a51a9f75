#include "store/store_priv.h"

#include <pthread.h>
#include <time.h>

/* While a checkpointer runs the writer steps in only when the write-ahead log has grown past this. */
enum { EVERY_MS = 500, WRITER_PAGES = 16384 };

struct tmg_checkpointer {
    tmg_db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t end;
    bool ending;
};

static bool wait_for_end(tmg_checkpointer *c)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += EVERY_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&c->lock);
    while (!c->ending && pthread_cond_timedwait(&c->end, &c->lock, &until) == 0)
        continue;
    bool ending = c->ending;
    pthread_mutex_unlock(&c->lock);
    return ending;
}

static void *loop(void *ctx)
{
    tmg_checkpointer *c = ctx;

    while (!wait_for_end(c))
        tmg_db_checkpoint(c->db);
    return NULL;
}

tmg_rc tmg_checkpointer_start(tmg_db *writer, tmg_checkpointer **ret, tmg_err *err)
{
    tmg_checkpointer *c = tmg_xcalloc(1, sizeof(*c));
    tmg_rc rc = tmg_db_open(tmg_db_path(writer), TMG_DB_WRITE, &c->db, err);

    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->end, NULL);
    if (rc == TMG_OK && pthread_create(&c->thread, NULL, loop, c) != 0)
        rc = TMG_FAIL(err, TMG_E_IO,
                      "the checkpointing thread cannot be started: allow this user more threads");
    if (rc != TMG_OK) {
        tmg_db_close(c->db);
        pthread_cond_destroy(&c->end);
        pthread_mutex_destroy(&c->lock);
        free(c);
        return rc;
    }
    tmg_db_checkpoint_after(writer, WRITER_PAGES);
    *ret = c;
    return TMG_OK;
}

void tmg_checkpointer_stop(tmg_checkpointer *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->ending = true;
    pthread_cond_signal(&c->end);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    tmg_db_close(c->db);
    pthread_cond_destroy(&c->end);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
