#include "rule/book_priv.h"

enum { FIRST_ROOM = 64 };

tmg_axis *tmg_axis_new(const tmg_axis_spec *spec)
{
    tmg_axis *x = tmg_xcalloc(1, sizeof *x);
    x->spec = *spec;
    x->event_bytes = sizeof(int64_t) + sizeof(uint32_t);
    x->fresh = true;
    if (spec->unit == TMG_UNIT_RESULT)
        tmg_axis_add_column(x, TMG_COL_RESULT, 0);
    return x;
}

size_t tmg_axis_add_column(tmg_axis *x, tmg_column_kind kind, uint8_t field)
{
    static const size_t bytes[] = {[TMG_COL_NUMBER] = 12, [TMG_COL_CODE] = 8, [TMG_COL_RESULT] = 20};
    x->column[x->column_count] =
        (tmg_column){.kind = kind, .field = field, .offset = x->event_bytes - sizeof(uint32_t)};
    x->event_bytes += bytes[kind];
    return x->column_count++;
}

void tmg_axis_empty(tmg_axis *x)
{
    for (uint32_t i = 0; i < x->group_count; i++)
        tmg_group_free(x, &x->groups[i]);
    for (size_t c = 0; c < x->column_count; c++) {
        tmg_last_clear(&x->column[c].last);
        x->column[c].largest = 0;
    }
    free(x->slots);
    free(x->groups);
    if (x->firsts != NULL)
        free(x->firsts->slots);
    if (x->firsts != NULL)
        *x->firsts = (tmg_firsts){0};
    x->slots = NULL;
    x->groups = NULL;
    x->room = 0;
    x->group_count = x->group_room = x->last_group = 0;
    x->fresh = true;
}

void tmg_axis_free(tmg_axis *x)
{
    if (x == NULL)
        return;
    tmg_axis_empty(x);
    free(x->firsts);
    tmg_where_free(x->spec.where);
    free(x);
}

bool tmg_axis_key(const tmg_axis_spec *s, const tmg_row *row, tmg_key *ret)
{
    *ret = (tmg_key){{0}};
    for (size_t i = 0; i < s->by_count; i++) {
        ret->code[i] = row->code[s->by[i]];
        if (ret->code[i] == TMG_CODE_NONE)
            return false;
    }
    return true;
}

uint64_t tmg_key_mixed(const tmg_key *k)
{
    return (uint64_t)k->code[1] << 32 | k->code[0];
}

static bool same(const tmg_key *a, const tmg_key *b)
{
    return a->code[0] == b->code[0] && a->code[1] == b->code[1] && a->code[2] == b->code[2];
}

static size_t home(const tmg_axis *x, const tmg_key *k)
{
    uint64_t h = tmg_key_mixed(k) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ h >> 29 ^ k->code[2]) * UINT64_C(0xbf58476d1ce4e5b9);
    return (size_t)(h >> 24) & (x->room - 1);
}

void tmg_axis_expect(const tmg_axis *x, const tmg_row *row)
{
    tmg_key key;
    if (x->room > 0 && tmg_axis_key(&x->spec, row, &key))
        __builtin_prefetch(&x->slots[home(x, &key)], 1);
}

static size_t place(const tmg_axis *x, const tmg_key *k)
{
    size_t at = home(x, k);
    while (x->slots[at].group != 0 && !same(&x->slots[at].key, k))
        at = (at + 1) & (x->room - 1);
    return at;
}

tmg_group *tmg_axis_find(tmg_axis *x, const tmg_key *k, uint32_t *ret_index)
{
    if (x->last_group != 0 && same(&x->last_key, k)) {
        *ret_index = x->last_group - 1;
        return &x->groups[*ret_index];
    }
    if (x->room == 0)
        return NULL;
    uint32_t group = x->slots[place(x, k)].group;
    if (group == 0)
        return NULL;
    x->last_key = *k;
    x->last_group = group;
    *ret_index = group - 1;
    return &x->groups[group - 1];
}

static void grow(tmg_axis *x)
{
    tmg_group_slot *old = x->slots;
    size_t old_room = x->room;
    x->room = old_room > 0 ? 2 * old_room : FIRST_ROOM;
    x->slots = tmg_xcalloc(x->room, sizeof *x->slots);
    for (size_t i = 0; i < old_room; i++)
        if (old[i].group != 0)
            x->slots[place(x, &old[i].key)] = old[i];
    free(old);
}

static uint32_t group_of(tmg_axis *x, const tmg_key *k)
{
    uint32_t index = 0;
    if (tmg_axis_find(x, k, &index) != NULL)
        return index;
    if ((size_t)x->group_count * 10 >= x->room * 7)
        grow(x);
    if (x->group_count == x->group_room) {
        x->group_room = x->group_room > 0 ? 2 * x->group_room : FIRST_ROOM;
        x->groups = tmg_xrealloc(x->groups, x->group_room * sizeof *x->groups);
    }
    x->groups[x->group_count++] = (tmg_group){0};
    x->slots[place(x, k)] = (tmg_group_slot){*k, x->group_count};
    x->last_key = *k;
    x->last_group = x->group_count;
    return x->group_count - 1;
}

/* Does the version speak of this group already?  It was the last to be entered, so only the ends need a look.
 */
static bool entered_already(const tmg_axis *x, const tmg_group *g, const tmg_version *v, uint32_t ref)
{
    if (v->until_ms == TMG_FOREVER)
        return g->n > 0 && tmg_group_ref(x, g)[g->n - 1] == ref;
    return g->former_n > 0 && g->former[g->former_n - 1].ref == ref;
}

static void facts_of(const tmg_axis *x, const tmg_row *row, tmg_fact *ret)
{
    for (size_t c = 0; c < x->column_count; c++) {
        if (x->column[c].kind == TMG_COL_NUMBER)
            ret[c].number = row->number[x->column[c].field];
        else
            ret[c].code = row->code[x->column[c].field];
    }
}

void tmg_axis_enter(tmg_book *b, tmg_axis *x, uint32_t ref, const tmg_row *rows, size_t count)
{
    const tmg_version *v = tmg_book_version(b, ref);
    tmg_fact facts[TMG_AXIS_COLUMNS];
    tmg_key key;

    for (size_t i = 0; i < count; i++) {
        if (!tmg_axis_key(&x->spec, &rows[i], &key) || !tmg_where_true(x->spec.where, b->dict, &rows[i]))
            continue;
        if (x->firsts != NULL)
            tmg_firsts_add(x->firsts, tmg_key_mixed(&key), v->at_ms, b->consignments[v->consignment].id);
        if (x->spec.unit == TMG_UNIT_RESULT)
            continue;
        uint32_t index = group_of(x, &key);
        tmg_group *g = &x->groups[index];
        bool again = entered_already(x, g, v, ref);
        if (v->until_ms != TMG_FOREVER) {
            if (!again && v->until_ms != TMG_NEVER)
                tmg_group_add_former(g, v->until_ms, ref);
        } else if (x->spec.unit == TMG_UNIT_ITEM || !again) {
            facts_of(x, &rows[i], facts);
            tmg_group_append(x, index, ref, v->at_ms, facts);
        }
    }
}

/* Is the key of row i one that an earlier row of the declaration had? */
static bool had_before(const tmg_book *b, const tmg_axis *x, const tmg_row *rows, size_t i,
                       const tmg_key *key)
{
    tmg_key other;
    for (size_t k = 0; k < i; k++)
        if (tmg_axis_key(&x->spec, &rows[k], &other) && same(&other, key) &&
            tmg_where_true(x->spec.where, b->dict, &rows[k]))
            return true;
    return false;
}

void tmg_axis_enter_result(tmg_book *b, tmg_axis *x, uint32_t ref, const tmg_row *rows, size_t count,
                           const tmg_result_entry *r)
{
    const tmg_version *v = tmg_book_version(b, ref);
    const tmg_fact fact = {r->known_ms, r->found};
    tmg_key key;

    if (v->until_ms == TMG_NEVER)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!tmg_axis_key(&x->spec, &rows[i], &key) || !tmg_where_true(x->spec.where, b->dict, &rows[i]) ||
            had_before(b, x, rows, i, &key))
            continue;
        uint32_t index = group_of(x, &key);
        if (v->until_ms == TMG_FOREVER)
            tmg_group_append(x, index, ref, v->at_ms, &fact);
        else if (!entered_already(x, &x->groups[index], v, ref))
            tmg_group_add_former(&x->groups[index], v->until_ms, ref);
    }
}

void tmg_axis_upset(tmg_book *b, tmg_axis *x, uint32_t ref, const tmg_row *rows, size_t count)
{
    const tmg_version *v = tmg_book_version(b, ref);
    uint32_t index = 0;
    tmg_key key;

    for (size_t i = 0; i < count; i++) {
        tmg_group *g = NULL;
        if (!tmg_axis_key(&x->spec, &rows[i], &key) || (g = tmg_axis_find(x, &key, &index)) == NULL)
            continue;
        g->former_stale = true;
        uint32_t from = tmg_group_lower(g, v->at_ms);
        if (from < g->clean)
            tmg_group_dirty(x, g, from);
    }
}

static void fact_add(tmg_fact f, tmg_fact **facts, size_t *n, size_t *room)
{
    if (*n == *room) {
        *room = *room > 0 ? 2 * *room : 16;
        *facts = tmg_xrealloc(*facts, *room * sizeof **facts);
    }
    (*facts)[(*n)++] = f;
}

size_t tmg_spec_facts(tmg_book *b, const tmg_axis_spec *s, const tmg_key *k, tmg_column_kind kind,
                      uint8_t field, const tmg_version *v, tmg_fact **facts, size_t *room)
{
    tmg_row *rows = NULL;
    size_t count = tmg_version_rows(b, v, &rows), n = 0;
    tmg_key key;

    for (size_t i = 0; i < count; i++) {
        if (!tmg_axis_key(s, &rows[i], &key) || !same(&key, k) ||
            !tmg_where_true(s->where, b->dict, &rows[i]))
            continue;
        if (s->unit == TMG_UNIT_RESULT) {
            for (uint32_t r = b->consignments[v->consignment].result; r != 0; r = b->results[r - 1].next)
                fact_add((tmg_fact){b->results[r - 1].known_ms, b->results[r - 1].found}, facts, &n, room);
            return n;
        }
        fact_add((tmg_fact){kind == TMG_COL_NUMBER ? rows[i].number[field] : 0,
                            kind == TMG_COL_CODE ? rows[i].code[field] : 0},
                 facts, &n, room);
        if (s->unit == TMG_UNIT_CONSIGNMENT)
            return n;
    }
    return n;
}
