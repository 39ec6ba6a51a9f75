#include "web/limit_priv.h"

#include "base/hash.h"

#include <pthread.h>

enum { SLOTS = 4096, MINUTE_US = 60000000 };

/* `used_us`: time's worth of tries that were taken and have not flowed back yet. */
typedef struct bucket {
    int64_t used_us, seen_us;
} bucket;

struct tmg_limit {
    pthread_mutex_t lock;
    int64_t room_us, try_us;
    bucket slots[SLOTS];
};

tmg_limit *tmg_limit_new(int burst, int per_minute)
{
    tmg_limit *l = tmg_xcalloc(1, sizeof *l);

    pthread_mutex_init(&l->lock, NULL);
    l->try_us = MINUTE_US / per_minute;
    l->room_us = l->try_us * burst;
    return l;
}

void tmg_limit_free(tmg_limit *l)
{
    if (l == NULL)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static bucket *find(tmg_limit *l, const char *from)
{
    return &l->slots[tmg_hash64(0, from, strlen(from)) % SLOTS];
}

bool tmg_limit_take(tmg_limit *l, const char *from, int64_t now_us, int *ret_wait_s)
{
    bool fits;

    pthread_mutex_lock(&l->lock);
    bucket *b = find(l, from);

    b->used_us -= now_us - b->seen_us;
    if (b->used_us < 0)
        b->used_us = 0;
    b->seen_us = now_us;
    fits = b->used_us + l->try_us <= l->room_us;
    if (fits)
        b->used_us += l->try_us;
    *ret_wait_s = fits ? 0 : (int)((b->used_us + l->try_us - l->room_us + 999999) / 1000000);
    pthread_mutex_unlock(&l->lock);
    return fits;
}

void tmg_limit_give_back(tmg_limit *l, const char *from)
{
    pthread_mutex_lock(&l->lock);
    bucket *b = find(l, from);

    b->used_us -= b->used_us < l->try_us ? b->used_us : l->try_us;
    pthread_mutex_unlock(&l->lock);
}
