#include "rule/book_priv.h"

/* Values in ascending order, in pieces that stay small enough to be shifted. */
enum { MOST_IN_PIECE = 512, FIRST_ROOM = 8 };

typedef struct piece {
    int64_t *v, last;
    uint32_t n, room;
} piece;

struct tmg_sorted {
    size_t n;
    piece *pieces;
    uint32_t count, room;
};

tmg_sorted *tmg_sorted_new(void)
{
    return tmg_xcalloc(1, sizeof(tmg_sorted));
}

void tmg_sorted_free(tmg_sorted *o)
{
    if (o == NULL)
        return;
    for (uint32_t i = 0; i < o->count; i++)
        free(o->pieces[i].v);
    free(o->pieces);
    free(o);
}

size_t tmg_sorted_count(const tmg_sorted *o)
{
    return o->n;
}

size_t tmg_sorted_bytes(const tmg_sorted *o)
{
    size_t bytes = sizeof *o + o->room * sizeof *o->pieces;
    for (uint32_t i = 0; i < o->count; i++)
        bytes += o->pieces[i].room * sizeof(int64_t);
    return bytes;
}

/* The first piece that ends at v or above; count when all end below. */
static uint32_t piece_for(const tmg_sorted *o, int64_t v)
{
    uint32_t low = 0, high = o->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (o->pieces[middle].last < v)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t lower(const piece *p, int64_t v)
{
    uint32_t low = 0, high = p->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->v[middle] < v)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static piece *open_piece(tmg_sorted *o, uint32_t at)
{
    if (o->count == o->room) {
        o->room = o->room > 0 ? 2 * o->room : 2;
        o->pieces = tmg_xrealloc(o->pieces, o->room * sizeof *o->pieces);
    }
    memmove(&o->pieces[at + 1], &o->pieces[at], (o->count - at) * sizeof *o->pieces);
    o->count++;
    o->pieces[at] = (piece){0};
    return &o->pieces[at];
}

static void split(tmg_sorted *o, uint32_t at)
{
    piece *upper = open_piece(o, at + 1), *p = &o->pieces[at];
    upper->n = p->n / 2;
    upper->room = MOST_IN_PIECE;
    upper->v = tmg_xrealloc(NULL, upper->room * sizeof *upper->v);
    p->n -= upper->n;
    memcpy(upper->v, p->v + p->n, upper->n * sizeof *upper->v);
    upper->last = p->last;
    p->last = p->v[p->n - 1];
}

void tmg_sorted_insert(tmg_sorted *o, int64_t v)
{
    uint32_t at = piece_for(o, v);
    if (o->count == 0)
        open_piece(o, 0);
    else if (at == o->count)
        at--;
    if (o->pieces[at].n == MOST_IN_PIECE) {
        split(o, at);
        at += v > o->pieces[at].last;
    }
    piece *p = &o->pieces[at];
    if (p->n == p->room) {
        p->room = p->room > 0 ? 2 * p->room : FIRST_ROOM;
        p->v = tmg_xrealloc(p->v, p->room * sizeof *p->v);
    }
    uint32_t i = lower(p, v);
    memmove(&p->v[i + 1], &p->v[i], (p->n - i) * sizeof *p->v);
    p->v[i] = v;
    p->n++;
    p->last = p->v[p->n - 1];
    o->n++;
}

void tmg_sorted_remove(tmg_sorted *o, int64_t v)
{
    uint32_t at = piece_for(o, v);
    piece *p = &o->pieces[at];
    uint32_t i = lower(p, v);
    memmove(&p->v[i], &p->v[i + 1], (p->n - i - 1) * sizeof *p->v);
    o->n--;
    if (--p->n > 0) {
        p->last = p->v[p->n - 1];
        return;
    }
    free(p->v);
    o->count--;
    memmove(p, p + 1, (o->count - at) * sizeof *p);
}

int64_t tmg_sorted_at(const tmg_sorted *o, size_t k)
{
    const piece *p = o->pieces;
    while (k >= p->n)
        k -= p++->n;
    return p->v[k];
}

size_t tmg_sorted_not_above(const tmg_sorted *o, int64_t v)
{
    size_t n = 0;
    uint32_t at = v == INT64_MAX ? o->count : piece_for(o, v + 1);
    for (uint32_t i = 0; i < at; i++)
        n += o->pieces[i].n;
    return at < o->count ? n + lower(&o->pieces[at], v + 1) : n;
}
