#include "rule/book_priv.h"

enum { FIRST_ROOM = 256 };

static size_t place(const tmg_last *l, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)((h ^ h >> 32) * UINT64_C(0xbf58476d1ce4e5b9) >> 24) & (l->room - 1);
    while (l->slots[at].key != 0 && l->slots[at].key != key)
        at = (at + 1) & (l->room - 1);
    return at;
}

uint32_t tmg_last_get(const tmg_last *l, uint64_t key)
{
    return l->room > 0 ? l->slots[place(l, key)].at : 0;
}

static void grow(tmg_last *l)
{
    tmg_last more = {.room = l->room > 0 ? 2 * l->room : FIRST_ROOM, .used = l->used};
    more.slots = tmg_xcalloc(more.room, sizeof *more.slots);
    for (size_t i = 0; i < l->room; i++)
        if (l->slots[i].key != 0)
            more.slots[place(&more, l->slots[i].key)] = l->slots[i];
    free(l->slots);
    *l = more;
}

void tmg_last_set(tmg_last *l, uint64_t key, uint32_t at)
{
    if (l->used * 10 >= l->room * 7)
        grow(l);
    tmg_last_slot *s = &l->slots[place(l, key)];
    l->used += s->key == 0;
    *s = (tmg_last_slot){key, at};
}

void tmg_last_clear(tmg_last *l)
{
    free(l->slots);
    *l = (tmg_last){0};
}
