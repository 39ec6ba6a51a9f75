#include "risk/profiles_priv.h"

enum { COMPACT_FROM = 65536 };

void tmg_waiting_done(tmg_waiting *w)
{
    free(w->heap);
    free(w->keys);
    *w = (tmg_waiting){0};
}

static void make_room(tmg_waiting *w, size_t keys)
{
    if (w->count == w->room) {
        w->room = w->room > 0 ? 2 * w->room : 64;
        w->heap = tmg_xrealloc(w->heap, w->room * sizeof *w->heap);
    }
    if (w->key_room - w->key_count < keys) {
        w->key_room = 2 * w->key_room + keys + 256;
        w->keys = tmg_xrealloc(w->keys, w->key_room * sizeof *w->keys);
    }
}

/* Drops the keys of results that have left. */
static void compact(tmg_waiting *w)
{
    if (w->count == 0) {
        w->key_count = w->key_live = 0;
        return;
    }
    if (w->key_count < COMPACT_FROM || w->key_live > w->key_count / 2)
        return;
    uint64_t *kept = tmg_xcalloc(w->key_room, sizeof *kept);
    size_t at = 0;
    for (size_t i = 0; i < w->count; i++) {
        memcpy(kept + at, w->keys + w->heap[i].first_key, w->heap[i].key_count * sizeof *kept);
        w->heap[i].first_key = at;
        at += w->heap[i].key_count;
    }
    free(w->keys);
    w->keys = kept;
    w->key_count = at;
}

void tmg_waiting_push(tmg_waiting *w, const tmg_waiting_result *r, const uint64_t *keys)
{
    compact(w);
    make_room(w, r->key_count);
    tmg_waiting_result entry = *r;
    entry.first_key = w->key_count;
    memcpy(w->keys + w->key_count, keys, r->key_count * sizeof *keys);
    w->key_count += r->key_count;
    w->key_live += r->key_count;
    size_t at = w->count++;
    for (; at > 0 && w->heap[(at - 1) / 2].known_at_ms > entry.known_at_ms; at = (at - 1) / 2)
        w->heap[at] = w->heap[(at - 1) / 2];
    w->heap[at] = entry;
}

bool tmg_waiting_pop(tmg_waiting *w, int64_t now_ms, tmg_waiting_result *ret, const uint64_t **ret_keys)
{
    if (w->count == 0 || w->heap[0].known_at_ms > now_ms)
        return false;
    *ret = w->heap[0];
    *ret_keys = w->keys + ret->first_key;
    w->key_live -= ret->key_count;
    tmg_waiting_result last = w->heap[--w->count];
    size_t at = 0;
    for (size_t child = 1; child < w->count; child = 2 * at + 1) {
        if (child + 1 < w->count && w->heap[child + 1].known_at_ms < w->heap[child].known_at_ms)
            child++;
        if (w->heap[child].known_at_ms >= last.known_at_ms)
            break;
        w->heap[at] = w->heap[child];
        at = child;
    }
    w->heap[at] = last;
    return true;
}
