#include "rule/engine_priv.h"

/* Conjunctions that open for the same value lie side by side, so that a row needs to look at few blocks.  How
 * rare a value is among rows is not known here; how often rules name it is taken for it. */

/* ---- classes of codes ---- */

static void grow_slots(tmg_classes *k)
{
    uint32_t size = k->slots == NULL ? 64 : (k->slot_mask + 1) * 2;
    free(k->slots);
    k->slots = tmg_xcalloc(size, sizeof *k->slots);
    k->slot_mask = size - 1;
    for (size_t i = 0; i < k->all.count; i++) {
        uint32_t at = tmg_slot_of(k->all.at[i].key) & k->slot_mask;
        while (k->slots[at] != 0)
            at = (at + 1) & k->slot_mask;
        k->slots[at] = (uint64_t)k->all.at[i].key << 32 | (uint32_t)(i + 1);
    }
}

static void name_class(tmg_classes *k, uint32_t key)
{
    k->named++;
    uint32_t class = k->slots != NULL ? tmg_class_of(k->slots, k->slot_mask, key) : 0;
    if (class == 0) {
        if (k->slots == NULL || (k->all.count + 1) * 2 > k->slot_mask)
            grow_slots(k);
        *TMG_PUSH(&k->all) = (tmg_class){.key = key, .span = 1};
        class = (uint32_t)k->all.count;
        uint32_t at = tmg_slot_of(key) & k->slot_mask;
        while (k->slots[at] != 0)
            at = (at + 1) & k->slot_mask;
        k->slots[at] = (uint64_t)key << 32 | class;
    }
    k->all.at[class - 1].named++;
}

static int by_key(const void *x, const void *y)
{
    uint32_t a = ((const tmg_class *)x)->key, b = ((const tmg_class *)y)->key;
    return a < b ? -1 : a > b;
}

/* A prefix stands before the codes that begin with it. */
static int by_text(const void *x, const void *y, void *dict)
{
    const tmg_class *a = x, *b = y;
    tmg_span s = tmg_dict_text(dict, a->key / 2), t = tmg_dict_text(dict, b->key / 2);
    int order = memcmp(s.ptr, t.ptr, s.len < t.len ? s.len : t.len);
    if (order != 0)
        return order;
    if (s.len != t.len)
        return s.len < t.len ? -1 : 1;
    return (int)(b->key & 1) - (int)(a->key & 1);
}

static void find_spans(const tmg_compiler *c, tmg_classes *k)
{
    for (size_t i = 0; i < k->all.count; i++) {
        tmg_span prefix = tmg_dict_text(c->dict, k->all.at[i].key / 2);
        size_t to = i + 1;
        if ((k->all.at[i].key & 1) == 0)
            continue;
        while (to < k->all.count && tmg_rule_under(tmg_dict_text(c->dict, k->all.at[to].key / 2), prefix))
            to++;
        k->all.at[i].span = (uint32_t)(to - i);
    }
}

static void code_classes(tmg_compiler *c, tmg_classes *k)
{
    if (k->prefixed)
        qsort_r(k->all.at, k->all.count, sizeof *k->all.at, by_text, c->dict);
    else if (k->all.count > 0)
        qsort(k->all.at, k->all.count, sizeof *k->all.at, by_key);
    if (k->prefixed)
        find_spans(c, k);
    grow_slots(k); /* classes have new numbers */
}

void tmg_class_span(const tmg_compiler *c, const tmg_atom *atom, uint32_t i, uint32_t *ret_first,
                    uint32_t *ret_count)
{
    const tmg_classes *k = &c->classes[atom->plane];
    uint32_t key = c->codes.at[atom->first + i] * 2 + (atom->under ? 1 : 0);
    *ret_first = tmg_class_of(k->slots, k->slot_mask, key);
    *ret_count = k->all.at[*ret_first - 1].span;
}

/* ---- classes of numbers ---- */

uint32_t tmg_bound_class(const int64_t *bounds, uint32_t count, int64_t v)
{
    uint32_t from = 0;
    while (count > 0) {
        uint32_t half = count / 2;
        bool above = bounds[from + half] <= v;
        from = above ? from + half + 1 : from;
        count = above ? count - half - 1 : half;
    }
    return from;
}

bool tmg_draft_range(const tmg_compiler *c, const tmg_draft *d, size_t number, int64_t *ret_low,
                     int64_t *ret_high)
{
    bool any = false;
    *ret_low = INT64_MIN + 1;
    *ret_high = INT64_MAX;
    for (uint32_t i = 0; i < d->conj.range_count; i++) {
        const tmg_range *r = &c->ranges.at[d->conj.ranges + i];
        if (r->number != number || r->negated)
            continue;
        any = true;
        *ret_low = r->low > *ret_low ? r->low : *ret_low;
        *ret_high = r->high < *ret_high ? r->high : *ret_high;
    }
    return any;
}

static int by_value(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static void number_classes(tmg_classes *k)
{
    size_t kept = 0;
    if (k->bounds.count > 1)
        qsort(k->bounds.at, k->bounds.count, sizeof *k->bounds.at, by_value);
    for (size_t i = 0; i < k->bounds.count; i++)
        if (kept == 0 || k->bounds.at[kept - 1] != k->bounds.at[i])
            k->bounds.at[kept++] = k->bounds.at[i];
    k->exact = kept <= TMG_MAX_BOUNDS;
    for (size_t i = 0; i < TMG_MAX_BOUNDS && !k->exact; i++)
        k->bounds.at[i] = k->bounds.at[(i + 1) * kept / (TMG_MAX_BOUNDS + 1)];
    k->bounds.count = k->exact ? kept : TMG_MAX_BOUNDS;
}

static void name_bounds(tmg_compiler *c, const tmg_draft *d)
{
    for (uint32_t i = 0; i < d->conj.range_count; i++) {
        const tmg_range *r = &c->ranges.at[d->conj.ranges + i];
        tmg_classes *k = &c->classes[TMG_FIRST_NUMBER + r->number];
        k->drafts++;
        if (r->low > INT64_MIN + 1 && !r->negated)
            *TMG_PUSH(&k->bounds) = r->low;
        if (r->high < INT64_MAX && !r->negated)
            *TMG_PUSH(&k->bounds) = r->high + 1;
    }
}

/* ---- order ---- */

typedef struct opening {
    uint64_t share_ppb, key;
} opening;

static void consider(opening best[2], uint64_t share, uint64_t total, size_t plane, uint32_t class)
{
    opening o = {total > 0 ? share * 1000000000 / total : 1000000000, (uint64_t)(plane + 1) << 32 | class};
    if (o.share_ppb < best[0].share_ppb) {
        best[1] = best[0];
        best[0] = o;
    } else if (o.share_ppb < best[1].share_ppb) {
        best[1] = o;
    }
}

static void consider_atom(const tmg_compiler *c, const tmg_atom *atom, opening best[2])
{
    const tmg_classes *k = &c->classes[atom->plane];
    uint64_t named = 0;
    uint32_t lowest = UINT32_MAX;
    for (uint32_t i = 0; i < atom->count; i++) {
        uint32_t first, count;
        tmg_class_span(c, atom, i, &first, &count);
        for (uint32_t n = 0; n < count; n++)
            named += k->all.at[first - 1 + n].named;
        lowest = first < lowest ? first : lowest;
    }
    consider(best, named, k->named, atom->plane, lowest);
}

static void place(const tmg_compiler *c, tmg_draft *d)
{
    opening best[2] = {{UINT64_MAX, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}};
    for (uint32_t i = 0; i < d->atom_count; i++)
        if (!c->atoms.at[d->atoms + i].negated)
            consider_atom(c, &c->atoms.at[d->atoms + i], best);
    for (size_t f = 0; f < TMG_NUMBER_FIELDS; f++) {
        const tmg_classes *k = &c->classes[TMG_FIRST_NUMBER + f];
        uint32_t bounds = (uint32_t)k->bounds.count;
        int64_t low, high;
        if ((d->conj.fields >> (TMG_FIRST_NUMBER + f) & 1) == 0 || !tmg_draft_range(c, d, f, &low, &high))
            continue;
        uint32_t from = tmg_bound_class(k->bounds.at, bounds, low),
                 to = tmg_bound_class(k->bounds.at, bounds, high);
        consider(best, to >= from ? to - from + 1 : 1, bounds + 1, TMG_FIRST_NUMBER + f, from);
    }
    d->key[0] = best[0].key;
    d->key[1] = best[1].key;
}

static int by_place(const void *x, const void *y)
{
    const tmg_draft *a = x, *b = y;
    for (size_t i = 0; i < sizeof a->key / sizeof a->key[0]; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] < b->key[i] ? -1 : 1;
    return a->conj.rule < b->conj.rule ? -1 : a->conj.rule > b->conj.rule;
}

void tmg_order(tmg_compiler *c)
{
    for (size_t i = 0; i < c->drafts.count; i++) {
        const tmg_draft *d = &c->drafts.at[i];
        name_bounds(c, d);
        for (uint32_t n = 0; n < d->atom_count; n++) {
            const tmg_atom *atom = &c->atoms.at[d->atoms + n];
            c->classes[atom->plane].drafts++;
            for (uint32_t v = 0; v < atom->count; v++)
                name_class(&c->classes[atom->plane],
                           c->codes.at[atom->first + v] * 2 + (atom->under ? 1 : 0));
        }
    }
    for (size_t i = 0; i < TMG_PLANES; i++) {
        if (!c->classes[i].used)
            continue;
        if (i >= TMG_FIRST_NUMBER && i < TMG_FIRST_SET)
            number_classes(&c->classes[i]);
        else
            code_classes(c, &c->classes[i]);
    }
    for (size_t i = 0; i < c->drafts.count; i++)
        place(c, &c->drafts.at[i]);
    if (c->drafts.count > 1)
        qsort(c->drafts.at, c->drafts.count, sizeof *c->drafts.at, by_place);
}
