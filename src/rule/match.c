#include "rule/engine_priv.h"

static const tmg_rule_senses no_senses = {0};

tmg_matcher *tmg_matcher_new(tmg_ruleset *s)
{
    tmg_matcher *m = tmg_xcalloc(1, sizeof *m);
    m->set = tmg_ruleset_hold(s);
    m->narrow = tmg_narrow_here();
    m->answers = tmg_xcalloc(s->ask_count + 1, sizeof *m->answers);
    m->answer_row = tmg_xcalloc(s->ask_count + 1, sizeof *m->answer_row);
    m->truths = tmg_xcalloc(s->predicate_count + 1, sizeof *m->truths);
    m->truth_row = tmg_xcalloc(s->predicate_count + 1, sizeof *m->truth_row);
    m->stack = tmg_xcalloc(s->stack + 1, sizeof *m->stack);
    m->hits = tmg_xcalloc(s->count + 1, sizeof *m->hits);
    m->tallies = tmg_xcalloc(s->count + 1, sizeof *m->tallies);
    m->unknown_rules = tmg_xcalloc(s->conj_count + 1, sizeof *m->unknown_rules);
    m->unknown_facts = tmg_xcalloc(s->conj_count + 1, sizeof *m->unknown_facts);
    m->class_cache = tmg_xcalloc(s->plane_count + 1, sizeof *m->class_cache);
    return m;
}

void tmg_matcher_free(tmg_matcher *m)
{
    if (m == NULL)
        return;
    void *const parts[] = {m->answers,
                           m->answer_row,
                           m->truths,
                           m->truth_row,
                           m->stack,
                           m->hits,
                           m->tallies,
                           m->elements,
                           m->class_cache,
                           m->unknown_rules,
                           (void *)m->unknown_facts};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        free(parts[i]);
    tmg_ruleset_let(m->set);
    free(m);
}

/* What is remembered is marked with the number of its row; when numbers run out they begin again with nothing
 * marked. */
static void next_row(tmg_matcher *m, const tmg_row *row, const tmg_rule_senses *senses)
{
    const tmg_ruleset *s = m->set;
    m->row = row;
    m->senses = senses != NULL ? senses : &no_senses;
    m->hit_count = m->unknown_count = 0;
    if (++m->row_no != 0)
        return;
    m->row_no = 1;
    memset(m->answer_row, 0, s->ask_count * sizeof *m->answer_row);
    memset(m->truth_row, 0, s->predicate_count * sizeof *m->truth_row);
    for (size_t i = 0; i < s->count; i++)
        m->tallies[i].hit_row = m->tallies[i].unknown_row = 0;
}

/* ---- classes of the row's values ---- */

static uint32_t prefix_class(const tmg_ruleset *s, const tmg_plane *p, uint32_t code)
{
    tmg_span text = tmg_dict_text(s->dict, code);
    for (size_t i = 0; i < p->length_count; i++) {
        if (p->lengths[i] > text.len)
            continue;
        uint32_t prefix = tmg_dict_find(s->dict, (tmg_span){text.ptr, p->lengths[i]});
        uint32_t class =
            prefix != TMG_CODE_UNKNOWN ? tmg_class_of(p->slots, p->slot_mask, prefix * 2 + 1) : 0;
        if (class != 0)
            return class;
    }
    return 0;
}

static uint32_t code_class(tmg_matcher *m, size_t plane, uint32_t code)
{
    const tmg_plane *p = &m->set->planes[plane];
    uint32_t class = tmg_class_of(p->slots, p->slot_mask, code * 2);
    if (class != 0 || !p->prefixed)
        return class;
    uint64_t *cached = &m->class_cache[plane][code % TMG_CLASS_CACHE];
    if ((uint32_t)(*cached >> 32) != code)
        *cached = (uint64_t)code << 32 | prefix_class(m->set, p, code);
    return (uint32_t)*cached;
}

/* A code that the dictionary has never seen cannot be read, so a plane with prefixes has no class for it. */
static const char *unreadable(const tmg_ruleset *s, const tmg_row *row)
{
    for (uint64_t left = s->prefixed; left != 0; left &= left - 1)
        if (row->code[__builtin_ctzll(left)] == TMG_CODE_UNKNOWN)
            return s->fields[__builtin_ctzll(left)]->name;
    for (unsigned left = s->prefixed_sets; left != 0; left &= left - 1)
        for (size_t i = 0, f = (size_t)__builtin_ctz(left); i < row->set_count[f]; i++)
            if (row->set[f][i] == TMG_CODE_UNKNOWN)
                return s->fields[TMG_FIRST_SET + f]->name;
    return NULL;
}

/* ---- the planes of one row ---- */

typedef struct view {
    const uint32_t *blocks[TMG_FIRST_SET + 1];
    const uint64_t *summaries[TMG_FIRST_SET + 1];
    size_t count;
    struct {
        size_t first, count;
    } sets[TMG_SET_FIELDS]; /* of the matcher's elements */
    size_t set_count;
    uint64_t missing; /* bit per plane: not stated */
} view;

static void look_at(tmg_matcher *m, view *v)
{
    const tmg_ruleset *s = m->set;
    for (size_t i = 0; i < s->plane_count - s->set_planes; i++) {
        const tmg_plane *p = &s->planes[i];
        uint32_t class;
        if (p->plane < TMG_FIRST_NUMBER) {
            uint32_t code = m->row->code[p->plane];
            class = code != TMG_CODE_NONE ? code_class(m, i, code) : UINT32_MAX;
        } else {
            int64_t number = m->row->number[p->plane - TMG_FIRST_NUMBER];
            class = number != TMG_NONE ? tmg_bound_class(p->bounds, p->bound_count, number) + 1 : UINT32_MAX;
        }
        if (class == UINT32_MAX) {
            v->missing |= UINT64_C(1) << p->plane;
            continue;
        }
        v->blocks[v->count] = p->blocks + (size_t) class * s->blocks;
        v->summaries[v->count++] = p->summaries + (size_t) class * s->summary_words;
    }
}

static void add_element(tmg_matcher *m, size_t at, const tmg_plane *p, uint32_t class)
{
    if (at == m->element_room) {
        m->element_room = m->element_room * 2 + 16;
        m->elements = tmg_xrealloc(m->elements, m->element_room * sizeof *m->elements);
    }
    m->elements[at] = (tmg_element){p->blocks + (size_t) class * m->set->blocks,
                                    p->summaries + (size_t) class * m->set->summary_words};
}

static void look_at_sets(tmg_matcher *m, view *v)
{
    const tmg_ruleset *s = m->set;
    size_t at = 0;
    for (size_t i = s->plane_count - s->set_planes; i < s->plane_count; i++) {
        const tmg_plane *p = &s->planes[i];
        size_t field = (size_t)p->plane - TMG_FIRST_SET;
        v->sets[v->set_count].first = at;
        add_element(m, at++, p, 0);
        for (size_t k = 0; k < m->row->set_count[field]; k++) {
            uint32_t class = code_class(m, i, m->row->set[field][k]);
            if (class != 0)
                add_element(m, at++, p, class);
        }
        v->sets[v->set_count].count = at - v->sets[v->set_count].first;
        v->set_count++;
    }
}

static uint64_t open_blocks(const tmg_matcher *m, const view *v, size_t word)
{
    size_t left = m->set->blocks - word * 64;
    uint64_t open = left >= 64 ? UINT64_MAX : (UINT64_C(1) << left) - 1;
    for (size_t i = 0; i < v->count; i++)
        open &= v->summaries[i][word];
    for (size_t i = 0; i < v->set_count && open != 0; i++) {
        uint64_t any = 0;
        for (size_t k = 0; k < v->sets[i].count; k++)
            any |= m->elements[v->sets[i].first + k].summary[word];
        open &= any;
    }
    return open;
}

static void add_sets(const tmg_matcher *m, const view *v, size_t block, tmg_block *bits)
{
    const tmg_block *pool = m->set->pool;
    for (size_t i = 0; i < v->set_count; i++) {
        tmg_block any = {{0}};
        for (size_t k = 0; k < v->sets[i].count; k++) {
            const tmg_block *of = &pool[m->elements[v->sets[i].first + k].blocks[block]];
            for (size_t w = 0; w < TMG_BLOCK_WORDS; w++)
                any.w[w] |= of->w[w];
        }
        for (size_t w = 0; w < TMG_BLOCK_WORDS; w++)
            bits->w[w] &= any.w[w];
    }
}

/* The conjunctions of one block that no stated value contradicts. */
static bool open_bits(const tmg_matcher *m, const view *v, size_t block, tmg_block *ret)
{
    *ret = m->set->pool[m->set->every[block]];
    if (!m->narrow(m->set->pool, v->blocks, v->count, block, ret))
        return false;
    if (v->set_count > 0)
        add_sets(m, v, block, ret);
    return true;
}

/* ---- what the planes leave open ---- */

static bool in_ranges(const tmg_matcher *m, const tmg_conj *c)
{
    const tmg_range *r = &m->set->ranges[c->ranges];
    for (uint16_t i = 0; i < c->range_count; i++) {
        int64_t v = m->row->number[r[i].number];
        if (v != TMG_NONE && (v >= r[i].low && v <= r[i].high) == r[i].negated)
            return false;
    }
    return true;
}

static void put_unknown(tmg_tally *t, const char *fact, uint32_t row_no)
{
    t->unknown_row = row_no;
    t->unknown++;
    t->fact = fact;
}

static void weigh(tmg_matcher *m, const tmg_conj *c, uint64_t missing)
{
    const tmg_ruleset *s = m->set;
    uint64_t gone = c->fields & missing;
    const char *fact = gone != 0 ? s->fields[__builtin_ctzll(gone)]->name : NULL;
    if ((!c->alone && m->tallies[c->rule].hit_row == m->row_no) || (c->range_count > 0 && !in_ranges(m, c)))
        return;
    for (uint16_t i = 0; i < c->predicate_count; i++) {
        uint32_t predicate = s->conj_predicates[c->predicates + i];
        tmg_k3 t = tmg_predicate_run(m, predicate);
        if (t == TMG_K_FALSE)
            return;
        if (t == TMG_K_UNKNOWN && fact == NULL)
            fact = tmg_predicate_missing(m, predicate);
    }
    if (fact == NULL) {
        m->hits[m->hit_count++] = (tmg_hit){c->rule, m->row->item_no};
        if (!c->alone)
            m->tallies[c->rule].hit_row = m->row_no;
    } else if (c->alone) {
        put_unknown(&m->tallies[c->rule], fact, m->row_no);
    } else {
        m->unknown_rules[m->unknown_count] = c->rule;
        m->unknown_facts[m->unknown_count++] = fact;
    }
}

static void weigh_block(tmg_matcher *m, const view *v, size_t block)
{
    const tmg_conj *conjs = &m->set->conjs[block * TMG_BLOCK_BITS];
    tmg_block bits;
    if (!open_bits(m, v, block, &bits))
        return;
    for (size_t w = 0; w < TMG_BLOCK_WORDS; w++)
        for (uint64_t left = bits.w[w]; left != 0; left &= left - 1)
            weigh(m, &conjs[w * 64 + (size_t)__builtin_ctzll(left)], v->missing);
}

/* A rule of several conjunctions is unknown where one of them is and none is true. */
static void count_unknown(tmg_matcher *m)
{
    for (size_t i = 0; i < m->unknown_count; i++) {
        tmg_tally *t = &m->tallies[m->unknown_rules[i]];
        if (t->hit_row != m->row_no && t->unknown_row != m->row_no)
            put_unknown(t, m->unknown_facts[i], m->row_no);
    }
}

static int by_rule(const void *x, const void *y)
{
    uint32_t a = ((const tmg_hit *)x)->rule, b = ((const tmg_hit *)y)->rule;
    return a < b ? -1 : a > b;
}

static void sort_hits(tmg_hit *hits, size_t count)
{
    if (count > 48) {
        qsort(hits, count, sizeof *hits, by_rule);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        tmg_hit h = hits[i];
        size_t at = i;
        for (; at > 0 && hits[at - 1].rule > h.rule; at--)
            hits[at] = hits[at - 1];
        hits[at] = h;
    }
}

static void judge_all(tmg_matcher *m, const char *unreadable_field)
{
    const tmg_ruleset *s = m->set;
    for (size_t i = 0; i < s->count; i++) {
        int is = tmg_rule_judge(&s->rules[i], m->row, s->dict, m->senses);
        if (is == 1)
            m->hits[m->hit_count++] = (tmg_hit){(uint32_t)i, m->row->item_no};
        if (is == -1)
            put_unknown(&m->tallies[i], unreadable_field, m->row_no);
    }
}

size_t tmg_ruleset_match(tmg_matcher *m, const tmg_row *row, const tmg_rule_senses *senses,
                         const tmg_hit **ret_hits)
{
    const tmg_ruleset *s = m->set;
    view v = {.count = 0};
    next_row(m, row, senses);
    *ret_hits = m->hits;
    const char *field = unreadable(s, row);
    if (field != NULL) {
        judge_all(m, field);
        return m->hit_count;
    }
    look_at(m, &v);
    if (s->set_planes > 0)
        look_at_sets(m, &v);
    for (size_t word = 0; word < s->summary_words; word++)
        for (uint64_t open = open_blocks(m, &v, word); open != 0; open &= open - 1)
            weigh_block(m, &v, word * 64 + (size_t)__builtin_ctzll(open));
    count_unknown(m);
    sort_hits(m->hits, m->hit_count);
    return m->hit_count;
}

int64_t tmg_matcher_unknown(const tmg_matcher *m, size_t i, const char **ret_fact)
{
    *ret_fact = m->tallies[i].fact;
    return m->tallies[i].unknown;
}
