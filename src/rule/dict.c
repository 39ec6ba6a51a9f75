#include "rule/fields.h"

#include "base/hash.h"

#include <stdatomic.h>

/* Readers look texts up while the writer's thread adds others.  So nothing that a reader may hold ever moves:
 * texts lie in segments that double, and a table that became too small stays until the end behind its
 * successor. */
enum { SEGMENTS = 32, FIRST_SEGMENT = 10, FIRST_TABLE = 2048, TEXT_CHUNK = 1 << 20 };
#define MOST_CODES (UINT32_MAX >> 1)

typedef struct table {
    struct table *before;
    uint32_t mask;
    _Atomic uint32_t slots[];
} table;

typedef struct chunk {
    struct chunk *before;
    char bytes[];
} chunk;

struct tmg_dict {
    _Atomic(table *) table;
    _Atomic(tmg_span *) segments[SEGMENTS];
    _Atomic uint32_t count;
    chunk *chunks;
    char *at, *end;
};

static table *table_new(uint32_t size, table *before)
{
    table *t = tmg_xcalloc(1, sizeof *t + (size_t)size * sizeof t->slots[0]);
    t->mask = size - 1;
    t->before = before;
    return t;
}

tmg_dict *tmg_dict_new(void)
{
    tmg_dict *d = tmg_xcalloc(1, sizeof *d);
    atomic_init(&d->table, table_new(FIRST_TABLE, NULL));
    return d;
}

void tmg_dict_free(tmg_dict *d)
{
    if (d == NULL)
        return;
    for (table *t = atomic_load(&d->table), *before; t != NULL; t = before) {
        before = t->before;
        free(t);
    }
    for (chunk *c = d->chunks, *before; c != NULL; c = before) {
        before = c->before;
        free(c);
    }
    for (size_t i = 0; i < SEGMENTS; i++)
        free(atomic_load(&d->segments[i]));
    free(d);
}

/* Codes count from 1; segment s holds 2^(10+s) texts. */
static tmg_span *place_of(const tmg_dict *d, uint32_t code, unsigned *ret_segment)
{
    uint64_t n = (uint64_t)code - 1 + (UINT64_C(1) << FIRST_SEGMENT);
    unsigned high = 63U - (unsigned)__builtin_clzll(n);
    tmg_span *segment = atomic_load_explicit(&d->segments[high - FIRST_SEGMENT], memory_order_acquire);
    *ret_segment = high - FIRST_SEGMENT;
    return segment != NULL ? segment + (n - (UINT64_C(1) << high)) : NULL;
}

tmg_span tmg_dict_text(const tmg_dict *d, uint32_t code)
{
    unsigned segment;
    if (code == TMG_CODE_NONE || code > atomic_load_explicit(&d->count, memory_order_acquire))
        return (tmg_span){NULL, 0};
    return *place_of(d, code, &segment);
}

size_t tmg_dict_count(const tmg_dict *d)
{
    return atomic_load_explicit(&d->count, memory_order_acquire);
}

static uint32_t hash_of(tmg_span text)
{
    return (uint32_t)tmg_hash64(0, text.ptr, text.len);
}

uint32_t tmg_dict_find(const tmg_dict *d, tmg_span text)
{
    if (text.len == 0)
        return TMG_CODE_NONE;
    const table *t = atomic_load_explicit(&d->table, memory_order_acquire);
    for (uint32_t at = hash_of(text) & t->mask;; at = (at + 1) & t->mask) {
        uint32_t code = atomic_load_explicit(&t->slots[at], memory_order_acquire);
        if (code == TMG_CODE_NONE)
            return TMG_CODE_UNKNOWN;
        unsigned segment;
        if (tmg_span_eq(*place_of(d, code, &segment), text))
            return code;
    }
}

static void put(table *t, uint32_t hash, uint32_t code)
{
    uint32_t at = hash & t->mask;
    while (atomic_load_explicit(&t->slots[at], memory_order_relaxed) != TMG_CODE_NONE)
        at = (at + 1) & t->mask;
    atomic_store_explicit(&t->slots[at], code, memory_order_release);
}

static void grow(tmg_dict *d, uint32_t count)
{
    table *old = atomic_load(&d->table);
    table *t = table_new((old->mask + 1) * 2, old);
    for (uint32_t code = 1; code <= count; code++)
        put(t, hash_of(tmg_dict_text(d, code)), code);
    atomic_store_explicit(&d->table, t, memory_order_release);
}

static const char *keep(tmg_dict *d, tmg_span text)
{
    if (d->at == NULL || (size_t)(d->end - d->at) <= text.len) {
        size_t size = text.len < TEXT_CHUNK ? TEXT_CHUNK : text.len + 1;
        chunk *c = tmg_xcalloc(1, sizeof *c + size);
        c->before = d->chunks;
        d->chunks = c;
        d->at = c->bytes;
        d->end = c->bytes + size;
    }
    char *kept = d->at;
    memcpy(kept, text.ptr, text.len);
    kept[text.len] = '\0';
    d->at += text.len + 1;
    return kept;
}

uint32_t tmg_dict_code(tmg_dict *d, tmg_span text)
{
    uint32_t code = tmg_dict_find(d, text);
    if (code != TMG_CODE_UNKNOWN)
        return code;
    uint32_t count = atomic_load_explicit(&d->count, memory_order_relaxed);
    if (count == MOST_CODES)
        return TMG_CODE_UNKNOWN;
    if (count >= atomic_load(&d->table)->mask / 2)
        grow(d, count);
    code = count + 1;
    unsigned segment;
    tmg_span *place = place_of(d, code, &segment);
    if (place == NULL) {
        tmg_span *fresh = tmg_xcalloc((size_t)1 << (segment + FIRST_SEGMENT), sizeof *fresh);
        atomic_store_explicit(&d->segments[segment], fresh, memory_order_release);
        place = place_of(d, code, &segment);
    }
    *place = (tmg_span){keep(d, text), text.len};
    atomic_store_explicit(&d->count, code, memory_order_release);
    put(atomic_load(&d->table), hash_of(text), code);
    return code;
}
