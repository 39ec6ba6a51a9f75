#include "rule/book_priv.h"

enum { FIRST_ROOM = 64 };

static size_t home(const tmg_firsts *f, uint64_t key)
{
    return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (f->room - 1);
}

void tmg_firsts_expect(const tmg_firsts *f, uint64_t key)
{
    if (f->room > 0)
        __builtin_prefetch(&f->slots[home(f, key)], 1);
}

static size_t place(const tmg_firsts *f, uint64_t key)
{
    size_t at = home(f, key);
    while (f->slots[at].key != 0 && f->slots[at].key != key)
        at = (at + 1) & (f->room - 1);
    return at;
}

static void grow(tmg_firsts *f)
{
    tmg_firsts more = {.room = f->room > 0 ? 2 * f->room : FIRST_ROOM, .used = f->used};
    more.slots = tmg_xcalloc(more.room, sizeof *more.slots);
    for (size_t i = 0; i < f->room; i++)
        if (f->slots[i].key != 0)
            more.slots[place(&more, f->slots[i].key)] = f->slots[i];
    free(f->slots);
    *f = more;
}

static void swap_if_later(tmg_first_seen *s)
{
    if (s->at_ms[1] >= s->at_ms[0])
        return;
    int64_t at = s->at_ms[0], id = s->consignment_id[0];
    s->at_ms[0] = s->at_ms[1];
    s->consignment_id[0] = s->consignment_id[1];
    s->at_ms[1] = at;
    s->consignment_id[1] = id;
}

void tmg_firsts_add(tmg_firsts *f, uint64_t key, int64_t at_ms, int64_t consignment_id)
{
    if (f->used * 10 >= f->room * 7)
        grow(f);
    tmg_first_seen *s = &f->slots[place(f, key)];
    if (s->key == 0) {
        *s = (tmg_first_seen){key, {at_ms, TMG_FOREVER}, {consignment_id, consignment_id}};
        f->used++;
        return;
    }
    if (s->consignment_id[0] == consignment_id) {
        if (at_ms < s->at_ms[0])
            s->at_ms[0] = at_ms;
        return;
    }
    if (at_ms >= s->at_ms[1])
        return;
    s->at_ms[1] = at_ms;
    s->consignment_id[1] = consignment_id;
    swap_if_later(s);
}

int64_t tmg_firsts_other(const tmg_firsts *f, uint64_t key, int64_t consignment_id)
{
    if (f->room == 0)
        return TMG_FOREVER;
    const tmg_first_seen *s = &f->slots[place(f, key)];
    if (s->key == 0)
        return TMG_FOREVER;
    return s->consignment_id[0] != consignment_id ? s->at_ms[0] : s->at_ms[1];
}
