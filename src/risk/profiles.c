#include "risk/profiles_priv.h"

enum { FIRST_ROOM = 1024, LINE = 64 };

static tmg_cell *cells_new(size_t room)
{
    tmg_cell *cells = aligned_alloc(LINE, room * sizeof *cells);
    if (cells == NULL)
        abort();
    memset(cells, 0, room * sizeof *cells);
    return cells;
}

void tmg_profiles_init(tmg_profiles *t)
{
    *t = (tmg_profiles){.cells = cells_new(FIRST_ROOM), .room = FIRST_ROOM};
}

void tmg_profiles_done(tmg_profiles *t)
{
    free(t->cells);
    *t = (tmg_profiles){0};
}

/* The cell of the key, or the empty one where it belongs. */
static tmg_cell *slot(const tmg_profiles *t, uint64_t key)
{
    size_t at = key & (t->room - 1);
    while (t->cells[at].key != 0 && t->cells[at].key != key)
        at = (at + 1) & (t->room - 1);
    return &t->cells[at];
}

const tmg_cell *tmg_profiles_find(const tmg_profiles *t, uint64_t key)
{
    const tmg_cell *c = slot(t, key);
    return c->key != 0 ? c : NULL;
}

static void grow(tmg_profiles *t)
{
    tmg_profiles more = {.cells = cells_new(2 * t->room), .room = 2 * t->room, .used = t->used};
    for (size_t i = 0; i < t->room; i++)
        if (t->cells[i].key != 0)
            *slot(&more, t->cells[i].key) = t->cells[i];
    free(t->cells);
    *t = more;
}

tmg_cell *tmg_profiles_cell(tmg_profiles *t, uint64_t key)
{
    tmg_cell *c = slot(t, key);
    if (c->key != 0)
        return c;
    if (t->used * 10 >= t->room * 7) {
        grow(t);
        c = slot(t, key);
    }
    t->used++;
    c->key = key;
    return c;
}

void tmg_cell_add(tmg_cell *c, uint64_t weight, const tmg_found found[TMG_HARMS])
{
    for (int h = 0; h < TMG_HARMS; h++) {
        if (found[h] == TMG_FOUND_UNKNOWN)
            continue;
        c->n[h] += weight;
        c->count[h]++;
        if (found[h] == TMG_FOUND_YES) {
            c->bad[h] += weight;
            c->count_bad[h]++;
        }
    }
}

void tmg_cell_take(tmg_cell *c, uint64_t weight, const tmg_found found[TMG_HARMS])
{
    for (int h = 0; h < TMG_HARMS; h++) {
        if (found[h] == TMG_FOUND_UNKNOWN)
            continue;
        c->n[h] -= weight;
        c->count[h]--;
        if (found[h] == TMG_FOUND_YES) {
            c->bad[h] -= weight;
            c->count_bad[h]--;
        }
    }
}
