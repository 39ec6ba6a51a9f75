#include "rule/book_priv.h"

enum { FIRST_ROOM = 4, MOST_ARRAYS = 2 + 3 * TMG_AXIS_COLUMNS };

typedef struct layout {
    size_t count;
    struct {
        size_t offset, bytes; /* per event */
    } array[MOST_ARRAYS];
} layout;

static void lay(layout *l, size_t bytes)
{
    size_t end = l->count > 0 ? l->array[l->count - 1].offset + l->array[l->count - 1].bytes : 0;
    l->array[l->count].offset = end;
    l->array[l->count++].bytes = bytes;
}

static layout layout_of(const tmg_axis *x)
{
    layout l = {0};
    lay(&l, sizeof(int64_t));
    for (size_t c = 0; c < x->column_count; c++) {
        lay(&l, x->column[c].kind == TMG_COL_CODE ? sizeof(uint32_t) : sizeof(int64_t));
        if (x->column[c].kind == TMG_COL_RESULT)
            lay(&l, sizeof(int64_t));
        lay(&l, sizeof(uint32_t));
    }
    lay(&l, sizeof(uint32_t));
    return l;
}

static void set_room(const tmg_axis *x, tmg_group *g, uint32_t room)
{
    const layout l = layout_of(x);
    char *block = tmg_xcalloc(room, x->event_bytes);
    for (size_t i = 0; g->n > 0 && i < l.count; i++)
        memcpy(block + l.array[i].offset * room, g->block + l.array[i].offset * g->room,
               l.array[i].bytes * g->n);
    free(g->block);
    g->block = block;
    g->room = room;
}

void tmg_group_free(const tmg_axis *x, tmg_group *g)
{
    tmg_stretches_free(x, g);
    free(g->block);
    free(g->former);
    *g = (tmg_group){0};
}

size_t tmg_group_bytes(const tmg_axis *x, const tmg_group *g)
{
    size_t bytes = sizeof *g + x->event_bytes * g->room + g->former_room * sizeof *g->former;
    for (size_t c = 0; g->stretches != NULL && c < x->column_count; c++)
        bytes += sizeof *g->stretches +
                 (g->stretches[c].values != NULL ? tmg_sorted_bytes(g->stretches[c].values) : 0);
    return bytes;
}

uint32_t tmg_group_lower(const tmg_group *g, int64_t at_ms)
{
    const int64_t *at = tmg_group_at(g);
    uint32_t low = 0, high = g->clean;
    if (high > 0 && at[high - 1] < at_ms)
        return high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (at[middle] < at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint64_t place_in(const tmg_axis *x, const tmg_group *g, uint32_t code)
{
    return (uint64_t)(g - x->groups + 1) << 32 | code;
}

static void cook_number(tmg_column *c, uint64_t *sums, uint32_t *stated, uint32_t i)
{
    int64_t v = (int64_t)sums[i];
    bool is_stated = v != TMG_NONE;
    if (is_stated && (v < 0 ? -v : v) > c->largest)
        c->largest = v < 0 ? -v : v;
    sums[i] = (is_stated ? (uint64_t)v : 0) + (i > 0 ? sums[i - 1] : 0);
    stated[i] = is_stated + (i > 0 ? stated[i - 1] : 0);
}

/* Turns the raw event i into running sums; those before it are clean. */
static void cook(tmg_axis *x, tmg_group *g, uint32_t i)
{
    for (size_t k = 0; k < x->column_count; k++) {
        tmg_column *c = &x->column[k];
        if (c->kind == TMG_COL_NUMBER) {
            cook_number(c, tmg_group_sums(x, g, k), tmg_group_stated(x, g, k), i);
        } else if (c->kind == TMG_COL_CODE) {
            uint64_t key = place_in(x, g, tmg_group_codes(x, g, k)[i]);
            tmg_group_before(x, g, k)[i] = tmg_last_get(&c->last, key);
            tmg_last_set(&c->last, key, i + 1);
        } else if (i > 0) {
            int64_t *known = tmg_result_known(g), *latest = tmg_result_latest(g);
            latest[i] = known[i] > latest[i - 1] ? known[i] : latest[i - 1];
            tmg_result_found(g)[i] += tmg_result_found(g)[i - 1];
        } else {
            tmg_result_latest(g)[0] = tmg_result_known(g)[0];
        }
    }
}

static void uncook(tmg_axis *x, tmg_group *g, size_t k, uint32_t from)
{
    tmg_column *c = &x->column[k];
    if (c->kind == TMG_COL_CODE) {
        /* The first event from here on that has a code knows where the code was last before. */
        const uint32_t *codes = tmg_group_codes(x, g, k), *before = tmg_group_before(x, g, k);
        for (uint32_t i = from; i < g->clean; i++)
            if (before[i] <= from)
                tmg_last_set(&c->last, place_in(x, g, codes[i]), before[i]);
        return;
    }
    if (c->kind == TMG_COL_RESULT) {
        uint32_t *found = tmg_result_found(g);
        for (uint32_t i = g->clean; i-- > from && i > 0;)
            found[i] -= found[i - 1];
        return;
    }
    uint64_t *sums = tmg_group_sums(x, g, k);
    const uint32_t *stated = tmg_group_stated(x, g, k);
    for (uint32_t i = g->clean; i-- > from;)
        sums[i] = tmg_group_is_stated(stated, i) ? (uint64_t)tmg_group_number(sums, i) : (uint64_t)TMG_NONE;
}

void tmg_group_dirty(tmg_axis *x, tmg_group *g, uint32_t from)
{
    tmg_stretches_retreat(x, g, from);
    for (size_t k = 0; k < x->column_count; k++)
        uncook(x, g, k, from);
    g->clean = from;
}

void tmg_group_append(tmg_axis *x, uint32_t index, uint32_t ref, int64_t at_ms, const tmg_fact *facts)
{
    tmg_group *g = &x->groups[index];
    if (g->n == g->room)
        set_room(x, g, g->room > 0 ? 2 * g->room : FIRST_ROOM);
    uint32_t i = g->n++;
    tmg_group_at(g)[i] = at_ms;
    tmg_group_ref(x, g)[i] = ref;
    for (size_t k = 0; k < x->column_count; k++) {
        if (x->column[k].kind == TMG_COL_NUMBER) {
            tmg_group_sums(x, g, k)[i] = (uint64_t)facts[k].number;
        } else if (x->column[k].kind == TMG_COL_CODE) {
            tmg_group_codes(x, g, k)[i] = facts[k].code;
        } else {
            tmg_result_known(g)[i] = facts[k].number;
            tmg_result_found(g)[i] = facts[k].code;
        }
    }
    if (g->clean == i && (i == 0 || tmg_group_at(g)[i - 1] <= at_ms)) {
        cook(x, g, i);
        g->clean = g->n;
    }
}

void tmg_group_add_former(tmg_group *g, int64_t until_ms, uint32_t ref)
{
    if (g->former_n == g->former_room) {
        g->former_room = g->former_room > 0 ? 2 * g->former_room : FIRST_ROOM;
        g->former = tmg_xrealloc(g->former, g->former_room * sizeof *g->former);
    }
    g->former[g->former_n++] = (tmg_former){until_ms, ref};
    g->former_stale = true;
}

typedef struct moved {
    int64_t at_ms;
    uint32_t from;
} moved;

static int by_time(const void *a, const void *b)
{
    const moved *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

/* Puts the events named in m[0..count) at clean..., in that order. */
static void gather(const tmg_axis *x, tmg_group *g, const moved *m, uint32_t count)
{
    const layout l = layout_of(x);
    char *kept = tmg_xcalloc(count + 1, sizeof(int64_t));
    for (size_t i = 0; i < l.count; i++) {
        char *array = g->block + l.array[i].offset * g->room;
        size_t bytes = l.array[i].bytes;
        for (uint32_t k = 0; k < count; k++)
            memcpy(kept + k * bytes, array + m[k].from * bytes, bytes);
        memcpy(array + g->clean * bytes, kept, count * bytes);
    }
    free(kept);
    g->n = g->clean + count;
}

/* Orders the raw events by time and moves those of replaced versions to the former ones. */
static void arrange(tmg_book *b, const tmg_axis *x, tmg_group *g)
{
    moved *m = tmg_xcalloc(g->n - g->clean + 1, sizeof *m);
    uint32_t count = 0;
    bool in_order = true;
    for (uint32_t i = g->clean; i < g->n; i++) {
        uint32_t ref = tmg_group_ref(x, g)[i];
        int64_t until_ms = tmg_book_version(b, ref)->until_ms, at_ms = tmg_group_at(g)[i];
        if (until_ms == TMG_FOREVER) {
            in_order = in_order && (count == 0 || m[count - 1].at_ms <= at_ms);
            m[count++] = (moved){at_ms, i};
        } else if (until_ms != TMG_NEVER && (g->former_n == 0 || g->former[g->former_n - 1].ref != ref)) {
            tmg_group_add_former(g, until_ms, ref);
        }
    }
    if (!in_order)
        qsort(m, count, sizeof *m, by_time);
    if (!in_order || count < g->n - g->clean)
        gather(x, g, m, count);
    free(m);
}

static int by_until(const void *a, const void *b)
{
    const tmg_former *x = a, *y = b;
    if (x->until_ms != y->until_ms)
        return x->until_ms < y->until_ms ? -1 : 1;
    return x->ref < y->ref ? -1 : x->ref > y->ref;
}

static void settle_formers(tmg_book *b, tmg_group *g)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < g->former_n; i++) {
        int64_t until_ms = tmg_book_version(b, g->former[i].ref)->until_ms;
        if (until_ms != TMG_NEVER)
            g->former[kept++] = (tmg_former){until_ms, g->former[i].ref};
    }
    if (kept > 1)
        qsort(g->former, kept, sizeof *g->former, by_until);
    g->former_n = 0;
    for (uint32_t i = 0; i < kept; i++)
        if (g->former_n == 0 || g->former[g->former_n - 1].ref != g->former[i].ref)
            g->former[g->former_n++] = g->former[i];
    g->former_stale = false;
}

void tmg_group_clean(tmg_book *b, tmg_axis *x, uint32_t index)
{
    tmg_group *g = &x->groups[index];
    if (g->clean < g->n) {
        int64_t earliest = TMG_FOREVER;
        for (uint32_t i = g->clean; i < g->n; i++)
            if (tmg_group_at(g)[i] < earliest)
                earliest = tmg_group_at(g)[i];
        uint32_t from = earliest < TMG_FOREVER ? tmg_group_lower(g, earliest + 1) : g->clean;
        if (from < g->clean)
            tmg_group_dirty(x, g, from);
        arrange(b, x, g);
        for (uint32_t i = g->clean; i < g->n; i++)
            cook(x, g, i);
        g->clean = g->n;
    }
    if (g->former_stale)
        settle_formers(b, g);
}

void tmg_group_drop(tmg_book *b, tmg_axis *x, tmg_group *g, int64_t before_ms)
{
    const layout l = layout_of(x);
    tmg_group_clean(b, x, (uint32_t)(g - x->groups));
    uint32_t first = tmg_group_lower(g, before_ms), kept = 0;
    for (uint32_t i = 0; i < g->former_n; i++)
        if (tmg_book_version(b, g->former[i].ref)->at_ms >= before_ms)
            g->former[kept++] = g->former[i];
    g->former_n = kept;
    tmg_group_dirty(x, g, 0);
    for (size_t i = 0; first > 0 && i < l.count; i++) {
        char *array = g->block + l.array[i].offset * g->room;
        memmove(array, array + first * l.array[i].bytes, (g->n - first) * l.array[i].bytes);
    }
    g->n -= first;
    if (g->n == 0) {
        free(g->block);
        g->block = NULL;
        g->room = 0;
    } else if (g->n < g->room / 4) {
        set_room(x, g, (g->n + FIRST_ROOM) & ~(uint32_t)(FIRST_ROOM - 1));
    }
}
