#include "rule/engine_priv.h"

/* A plane is a table: a row per class of the field's values, a bit per conjunction - 1 where the value does
 * not contradict it.  Rows are paged: a row is a list of block numbers, and whatever equals the plane's
 * ordinary row (that of values which no rule names) is the ordinary row's block.  So ten thousand rules need
 * megabytes, and what is read again and again stays near the processor. */

enum { BLOCK_NONE = 0, MOST_BYTES = INT32_MAX };

typedef struct builder {
    tmg_compiler *c;
    tmg_ruleset *set;
    tmg_block *pool;
    size_t count, room;
    size_t bytes; /* of everything that grows with the rules */
} builder;

static uint32_t new_block(builder *b, tmg_block from)
{
    if (b->count == b->room) {
        tmg_block *grown = aligned_alloc(_Alignof(tmg_block), (b->room * 2 + 64) * sizeof *grown);
        if (grown == NULL)
            abort();
        if (b->count > 0)
            memcpy(grown, b->pool, b->count * sizeof *grown);
        free(b->pool);
        b->pool = grown;
        b->room = b->room * 2 + 64;
    }
    b->pool[b->count] = from;
    b->bytes += sizeof from;
    return (uint32_t)b->count++;
}

static bool is_empty(const tmg_block *x)
{
    uint64_t any = 0;
    for (size_t i = 0; i < TMG_BLOCK_WORDS; i++)
        any |= x->w[i];
    return any == 0;
}

static void put_bit(tmg_block *blocks, size_t bit, bool value)
{
    uint64_t *word = &blocks[bit / TMG_BLOCK_BITS].w[bit % TMG_BLOCK_BITS / 64];
    *word = value ? *word | UINT64_C(1) << (bit % 64) : *word & ~(UINT64_C(1) << (bit % 64));
}

/* Gives the class a block of its own where it still shares the ordinary one. */
static void put_class_bit(builder *b, tmg_plane *p, uint32_t class, size_t bit, bool value)
{
    size_t block = bit / TMG_BLOCK_BITS;
    uint32_t *at = &p->blocks[(size_t) class * b->set->blocks + block];
    if (*at == p->blocks[block])
        *at = new_block(b, b->pool[*at]);
    put_bit(&b->pool[*at], bit % TMG_BLOCK_BITS, value);
}

static void put_classes(builder *b, tmg_plane *p, const tmg_atom *atom, size_t bit)
{
    for (uint32_t i = 0; i < atom->count; i++) {
        uint32_t first, count;
        tmg_class_span(b->c, atom, i, &first, &count);
        for (uint32_t n = 0; n < count; n++)
            put_class_bit(b, p, first + n, bit, !atom->negated);
    }
}

/* Does an ordinary value - one that is named nowhere - contradict the draft? */
static bool needs_named(const builder *b, const tmg_draft *d, size_t plane)
{
    int64_t low, high;
    if (plane >= TMG_FIRST_NUMBER && plane < TMG_FIRST_SET)
        return tmg_draft_range(b->c, d, plane - TMG_FIRST_NUMBER, &low, &high);
    for (uint32_t i = 0; i < d->atom_count; i++)
        if (b->c->atoms.at[d->atoms + i].plane == plane && !b->c->atoms.at[d->atoms + i].negated)
            return true;
    return false;
}

static void ordinary_row(builder *b, tmg_plane *p)
{
    tmg_ruleset *s = b->set;
    tmg_block *row = tmg_alloc_array(b->c->scratch, s->blocks + 1, sizeof *row);
    row = (tmg_block *)(((uintptr_t)row + _Alignof(tmg_block) - 1) & ~(uintptr_t)(_Alignof(tmg_block) - 1));
    for (size_t i = 0; i < s->conj_count; i++)
        put_bit(row, i, !needs_named(b, &b->c->drafts.at[i], p->plane));
    for (size_t i = 0; i < s->blocks; i++) {
        if (is_empty(&row[i]))
            p->blocks[i] = BLOCK_NONE;
        else if (memcmp(&row[i], &b->pool[s->every[i]], sizeof row[i]) == 0)
            p->blocks[i] = s->every[i];
        else
            p->blocks[i] = new_block(b, row[i]);
    }
}

static void summarise(builder *b, tmg_plane *p)
{
    const tmg_ruleset *s = b->set;
    for (size_t class = 0; class < p->classes; class ++)
        for (size_t i = 0; i < s->blocks; i++)
            if (!is_empty(&b->pool[p->blocks[class * s->blocks + i]]))
                p->summaries[class * s->summary_words + i / 64] |= UINT64_C(1) << (i % 64);
}

/* ---- finding the class of a value ---- */

static int longest_first(const void *x, const void *y)
{
    size_t a = *(const size_t *)x, b = *(const size_t *)y;
    return a > b ? -1 : a < b;
}

static void keep_lengths(builder *b, const tmg_classes *k, tmg_plane *p)
{
    size_t *lengths = tmg_alloc_array(b->set->arena, k->all.count + 1, sizeof *lengths);
    size_t count = 0;
    for (size_t i = 0; i < k->all.count; i++)
        if ((k->all.at[i].key & 1) != 0)
            lengths[count++] = tmg_dict_text(b->c->dict, k->all.at[i].key / 2).len;
    qsort(lengths, count, sizeof *lengths, longest_first);
    for (size_t i = 0; i < count; i++)
        if (p->length_count == 0 || lengths[p->length_count - 1] != lengths[i])
            lengths[p->length_count++] = lengths[i];
    p->lengths = lengths;
}

static void keep_values(builder *b, const tmg_classes *k, tmg_plane *p)
{
    tmg_arena *a = b->set->arena;
    if (p->plane >= TMG_FIRST_NUMBER && p->plane < TMG_FIRST_SET) {
        p->bound_count = (uint32_t)k->bounds.count;
        p->bounds = tmg_alloc_array(a, k->bounds.count + 1, sizeof *p->bounds);
        if (k->bounds.count > 0)
            memcpy(p->bounds, k->bounds.at, k->bounds.count * sizeof *p->bounds);
        return;
    }
    p->slot_mask = k->slot_mask;
    p->slots = tmg_alloc_array(a, (size_t)k->slot_mask + 1, sizeof *p->slots);
    memcpy(p->slots, k->slots, ((size_t)k->slot_mask + 1) * sizeof *p->slots);
    p->prefixed = k->prefixed;
    if (p->prefixed)
        keep_lengths(b, k, p);
}

/* ---- planes ---- */

static void fill_codes(builder *b, tmg_plane *p)
{
    const tmg_compiler *c = b->c;
    for (int negated = 0; negated <= 1; negated++) /* what is excluded is taken from what is included */
        for (size_t i = 0; i < c->drafts.count && b->bytes <= MOST_BYTES; i++)
            for (uint32_t n = 0; n < c->drafts.at[i].atom_count; n++) {
                const tmg_atom *atom = &c->atoms.at[c->drafts.at[i].atoms + n];
                if (atom->plane == p->plane && atom->negated == (negated != 0))
                    put_classes(b, p, atom, i);
            }
}

static void fill_numbers(builder *b, tmg_plane *p)
{
    for (size_t i = 0; i < b->c->drafts.count; i++) {
        const tmg_draft *d = &b->c->drafts.at[i];
        int64_t low, high;
        if (!tmg_draft_range(b->c, d, (size_t)p->plane - TMG_FIRST_NUMBER, &low, &high) || low > high)
            continue;
        uint32_t to = tmg_bound_class(p->bounds, p->bound_count, high);
        for (uint32_t class = tmg_bound_class(p->bounds, p->bound_count, low); class <= to; class ++)
            put_class_bit(b, p, class + 1, i, true);
    }
}

static tmg_rc too_large(const tmg_ruleset *s, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_LIMIT,
                    "these %zu rules together need more than 2 GiB of memory; use fewer or shorter ones",
                    s->count);
}

static tmg_rc make_plane(builder *b, tmg_plane *p, tmg_err *err)
{
    tmg_ruleset *s = b->set;
    const tmg_classes *k = &b->c->classes[p->plane];
    bool numbers = p->plane >= TMG_FIRST_NUMBER && p->plane < TMG_FIRST_SET;
    p->classes = (uint32_t)(numbers ? k->bounds.count + 2 : k->all.count + 1);
    b->bytes += p->classes * (s->blocks * sizeof *p->blocks + s->summary_words * sizeof *p->summaries);
    if (b->bytes > MOST_BYTES || tmg_arena_full(s->arena))
        return too_large(s, err);
    p->blocks = tmg_alloc_array(s->arena, p->classes * s->blocks, sizeof *p->blocks);
    p->summaries = tmg_alloc_array(s->arena, p->classes * s->summary_words, sizeof *p->summaries);
    keep_values(b, k, p);
    ordinary_row(b, p);
    for (size_t class = 1; class < p->classes; class ++)
        memcpy(&p->blocks[class * s->blocks], p->blocks, s->blocks * sizeof *p->blocks);
    if (numbers)
        fill_numbers(b, p);
    else
        fill_codes(b, p);
    if (b->bytes > MOST_BYTES)
        return too_large(s, err);
    summarise(b, p);
    return TMG_OK;
}

/* Ranges that the planes tell exactly need no comparing. */
static void drop_ranges(builder *b, tmg_conj *conj)
{
    tmg_range *r = &b->set->ranges[conj->ranges];
    uint16_t kept = 0;
    for (uint16_t i = 0; i < conj->range_count; i++)
        if (r[i].negated || !b->c->classes[TMG_FIRST_NUMBER + r[i].number].exact)
            r[kept++] = r[i];
    conj->range_count = kept;
}

static int by_telling(const void *x, const void *y, void *ctx)
{
    const tmg_plane *a = x, *b = y;
    const tmg_classes *k = ctx;
    bool set_a = a->plane >= TMG_FIRST_SET, set_b = b->plane >= TMG_FIRST_SET;
    if (set_a != set_b)
        return set_a ? 1 : -1;
    if (k[a->plane].drafts != k[b->plane].drafts)
        return k[a->plane].drafts > k[b->plane].drafts ? -1 : 1;
    return a->plane - b->plane;
}

static void choose_planes(builder *b)
{
    tmg_ruleset *s = b->set;
    s->planes = tmg_alloc_array(s->arena, TMG_PLANES, sizeof *s->planes);
    for (size_t i = 0; i < TMG_PLANES; i++) {
        const tmg_classes *k = &b->c->classes[i];
        if (!k->used)
            continue;
        s->planes[s->plane_count++].plane = (uint8_t)i;
        s->set_planes += i >= TMG_FIRST_SET;
        if (k->prefixed && i < TMG_FIRST_SET)
            s->prefixed |= UINT64_C(1) << i;
        else if (k->prefixed)
            s->prefixed_sets |= 1U << (i - TMG_FIRST_SET);
    }
    qsort_r(s->planes, s->plane_count, sizeof *s->planes, by_telling, b->c->classes);
}

tmg_rc tmg_index(tmg_compiler *c, tmg_err *err)
{
    tmg_ruleset *s = c->set;
    builder b = {.c = c, .set = s};
    tmg_rc rc = TMG_OK;
    s->conj_count = c->drafts.count;
    s->blocks = (s->conj_count + TMG_BLOCK_BITS - 1) / TMG_BLOCK_BITS;
    s->summary_words = (s->blocks + 63) / 64;
    s->conjs = tmg_alloc_array(s->arena, s->conj_count + 1, sizeof *s->conjs);
    s->every = tmg_alloc_array(s->arena, s->blocks + 1, sizeof *s->every);
    (void)new_block(&b, (tmg_block){{0}});
    for (size_t i = 0; i < s->blocks; i++)
        s->every[i] = i == 0 || (i + 1) * TMG_BLOCK_BITS > s->conj_count ? new_block(&b, (tmg_block){{0}})
                                                                         : s->every[0];
    for (size_t i = 0; i < s->conj_count; i++) {
        s->conjs[i] = c->drafts.at[i].conj;
        drop_ranges(&b, &s->conjs[i]);
        put_bit(&b.pool[s->every[i / TMG_BLOCK_BITS]], i % TMG_BLOCK_BITS, true);
    }
    choose_planes(&b);
    for (size_t i = 0; i < s->plane_count && rc == TMG_OK; i++)
        rc = make_plane(&b, &s->planes[i], err);
    s->pool = b.pool;
    return rc;
}
