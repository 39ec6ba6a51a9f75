#include "rule/engine_priv.h"

enum { MOST_BYTES = INT32_MAX };

void tmg_list_room(void **at, size_t count, size_t *room, size_t size)
{
    if (count == *room) {
        *room = *room == 0 ? 64 : *room * 2;
        *at = tmg_xrealloc(*at, *room * size);
    }
    memset((char *)*at + count * size, 0, size);
}

/* ---- literals become atoms, ranges or predicates ---- */

static tmg_atom *new_atom(tmg_compiler *c, tmg_draft *d, size_t plane)
{
    tmg_atom *atom = TMG_PUSH(&c->atoms);
    atom->plane = (uint8_t)plane;
    d->atom_count++;
    c->classes[plane].used = true;
    if (plane < TMG_FIRST_SET)
        d->conj.fields |= UINT64_C(1) << plane;
    return atom;
}

/* A plane holds one positive atom of a conjunction and any number of negated ones. */
static bool is_taken(const tmg_compiler *c, const tmg_draft *d, size_t plane)
{
    for (uint32_t i = 0; i < d->atom_count; i++)
        if (c->atoms.at[d->atoms + i].plane == plane && !c->atoms.at[d->atoms + i].negated)
            return true;
    return false;
}

static void add_predicate(tmg_compiler *c, tmg_draft *d, const tmg_literal *l)
{
    uint32_t predicate = tmg_predicate_of(c, l);
    *TMG_PUSH(&c->conj_predicates) = predicate;
    d->conj.predicate_count++;
}

static void add_texts(tmg_compiler *c, tmg_draft *d, const tmg_literal *l)
{
    size_t plane = tmg_plane_of(l->n->a->field);
    bool negated = l->negated != (l->n->op == TMG_R_NE);
    bool under = l->n->op == TMG_R_UNDER || l->n->op == TMG_R_HAS_UNDER;
    /* The codes of a set are judged one by one, so "none of them" is not what a plane can say. */
    if ((!negated && is_taken(c, d, plane)) || (negated && plane >= TMG_FIRST_SET)) {
        add_predicate(c, d, l);
        return;
    }
    tmg_atom *atom = new_atom(c, d, plane);
    atom->negated = negated;
    atom->under = under;
    atom->first = (uint32_t)c->codes.count;
    atom->count = (uint32_t)l->n->text_count;
    c->classes[plane].prefixed |= under;
    for (size_t i = 0; i < l->n->text_count; i++) {
        uint32_t code = tmg_dict_code(c->dict, l->n->texts[i]);
        *TMG_PUSH(&c->codes) = code;
    }
}

static void add_number(tmg_compiler *c, tmg_draft *d, tmg_rop op, const tmg_rule_field *f, int64_t limit)
{
    size_t plane = tmg_plane_of(f);
    tmg_range r = {.number = f->at, .negated = op == TMG_R_NE, .low = INT64_MIN + 1, .high = INT64_MAX};
    if (op == TMG_R_EQ || op == TMG_R_NE || op == TMG_R_GE)
        r.low = limit;
    if (op == TMG_R_EQ || op == TMG_R_NE || op == TMG_R_LE)
        r.high = limit;
    if (op == TMG_R_GT)
        r.low = limit < INT64_MAX ? limit + 1 : limit;
    if (op == TMG_R_LT)
        r.high = limit - 1;
    if (op == TMG_R_GT && limit == INT64_MAX)
        r.high = INT64_MIN + 1; /* nothing is greater */
    *TMG_PUSH(&c->ranges) = r;
    d->conj.range_count++;
    d->conj.fields |= UINT64_C(1) << plane;
    c->classes[plane].used = true;
}

static bool is_number_field(const tmg_rnode *n)
{
    return n->op == TMG_R_FIELD && n->field->kind == TMG_FK_NUMBER;
}

static tmg_rop mirrored(tmg_rop op)
{
    return op == TMG_R_LT   ? TMG_R_GT
           : op == TMG_R_LE ? TMG_R_GE
           : op == TMG_R_GT ? TMG_R_LT
           : op == TMG_R_GE ? TMG_R_LE
                            : op;
}

static void add_comparison(tmg_compiler *c, tmg_draft *d, const tmg_literal *l)
{
    const tmg_rnode *n = l->n;
    tmg_rop op = l->negated ? tmg_rule_opposite(n->op) : n->op;
    if (is_number_field(n->a) && n->b->op == TMG_R_NUMBER && n->b->number != INT64_MIN)
        add_number(c, d, op, n->a->field, n->b->number);
    else if (is_number_field(n->b) && n->a->op == TMG_R_NUMBER && n->a->number != INT64_MIN)
        add_number(c, d, mirrored(op), n->b->field, n->a->number);
    else
        add_predicate(c, d, l);
}

static void add_literal(tmg_compiler *c, tmg_draft *d, const tmg_literal *l)
{
    switch (l->n->op) {
    case TMG_R_EQ:
    case TMG_R_NE:
        if (l->n->text_count > 0)
            add_texts(c, d, l);
        else
            add_comparison(c, d, l);
        break;
    case TMG_R_LT:
    case TMG_R_LE:
    case TMG_R_GT:
    case TMG_R_GE:
        add_comparison(c, d, l);
        break;
    case TMG_R_IN:
    case TMG_R_UNDER:
    case TMG_R_HAS:
    case TMG_R_HAS_UNDER:
        add_texts(c, d, l);
        break;
    default:
        add_predicate(c, d, l);
    }
}

/* ---- rules become drafts ---- */

static int by_cost(const void *x, const void *y, void *ctx)
{
    const tmg_predicate *p = ctx;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return p[a].cost != p[b].cost ? (p[a].cost < p[b].cost ? -1 : 1) : (a < b ? -1 : a > b);
}

static void add_rule(tmg_compiler *c, size_t rule)
{
    const tmg_rule *r = &c->set->rules[rule];
    tmg_literal where[2];
    tmg_term *terms;
    size_t where_count = tmg_scope_literals(r, c->set->arena, where);
    size_t count = tmg_terms_of(r->when, c->scratch, &terms);
    for (size_t i = 0; i < count; i++) {
        tmg_draft *d = TMG_PUSH(&c->drafts);
        d->conj.rule = (uint32_t)rule;
        d->conj.alone = count == 1;
        d->conj.ranges = (uint32_t)c->ranges.count;
        d->conj.predicates = (uint32_t)c->conj_predicates.count;
        d->atoms = (uint32_t)c->atoms.count;
        for (size_t k = 0; k < terms[i].count; k++)
            add_literal(c, d, &terms[i].literals[k]);
        for (size_t k = 0; k < where_count; k++)
            add_literal(c, d, &where[k]);
        if (d->conj.predicate_count > 1)
            qsort_r(c->conj_predicates.at + d->conj.predicates, d->conj.predicate_count, sizeof(uint32_t),
                    by_cost, c->predicates.at);
    }
}

/* ---- the set ---- */

static void compiler_done(tmg_compiler *c)
{
    void *const lists[] = {c->drafts.at,     c->atoms.at, c->codes.at, c->ranges.at,    c->conj_predicates.at,
                           c->predicates.at, c->code.at,  c->asks.at,  c->constants.at, c->seen};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        free(lists[i]);
    for (size_t i = 0; i < TMG_PLANES; i++) {
        free(c->classes[i].all.at);
        free(c->classes[i].slots);
        free(c->classes[i].bounds.at);
    }
    tmg_arena_free(c->scratch);
}

static void *kept(tmg_arena *a, const void *from, size_t count, size_t size)
{
    void *to = tmg_alloc_array(a, count + 1, size);
    if (count > 0)
        memcpy(to, from, count * size);
    return to;
}

static void keep_programs(tmg_compiler *c)
{
    tmg_ruleset *s = c->set;
    s->ranges = kept(s->arena, c->ranges.at, c->ranges.count, sizeof *s->ranges);
    s->conj_predicates =
        kept(s->arena, c->conj_predicates.at, c->conj_predicates.count, sizeof *s->conj_predicates);
    s->predicates = kept(s->arena, c->predicates.at, c->predicates.count, sizeof *s->predicates);
    s->predicate_count = c->predicates.count;
    s->code = kept(s->arena, c->code.at, c->code.count, sizeof *s->code);
    s->asks = kept(s->arena, c->asks.at, c->asks.count, sizeof *s->asks);
    s->ask_count = c->asks.count;
    s->constants = kept(s->arena, c->constants.at, c->constants.count, sizeof *s->constants);
    s->stack = c->depth + 1;
    size_t fields;
    const tmg_rule_field *f = tmg_rule_fields(&fields);
    for (size_t i = 0; i < fields; i++)
        s->fields[tmg_plane_of(&f[i])] = &f[i];
}

static void copy_rules(tmg_ruleset *s, const tmg_rule *const *rules, size_t count)
{
    s->rules = tmg_alloc_array(s->arena, count + 1, sizeof *s->rules);
    s->count = count;
    for (size_t i = 0; i < count && !tmg_arena_full(s->arena); i++)
        tmg_rule_copy(s->arena, rules[i], &s->rules[i]);
}

static void set_free(tmg_ruleset *s)
{
    free(s->pool);
    tmg_arena_free(s->arena);
    free(s);
}

tmg_rc tmg_ruleset_build(const tmg_rule *const *rules, size_t count, tmg_dict *dict, tmg_ruleset **ret,
                         tmg_err *err)
{
    tmg_ruleset *s = tmg_xcalloc(1, sizeof *s);
    tmg_compiler c = {.set = s, .dict = dict, .scratch = tmg_arena_new(MOST_BYTES)};
    tmg_rc rc = TMG_OK;
    atomic_init(&s->owners, 1);
    s->arena = tmg_arena_new(MOST_BYTES);
    s->dict = dict;
    copy_rules(s, rules, count);
    for (size_t i = 0; i < count && !tmg_arena_full(c.scratch) && !tmg_arena_full(s->arena); i++)
        add_rule(&c, i);
    if (tmg_arena_full(c.scratch) || tmg_arena_full(s->arena)) {
        rc = TMG_FAIL(err, TMG_E_LIMIT,
                      "these %zu rules together need more than 2 GiB of memory; use fewer or shorter ones",
                      count);
    } else {
        keep_programs(&c);
        tmg_order(&c);
        rc = tmg_index(&c, err);
    }
    compiler_done(&c);
    if (rc != TMG_OK)
        set_free(s);
    else
        *ret = s;
    return rc;
}

tmg_ruleset *tmg_ruleset_hold(tmg_ruleset *s)
{
    atomic_fetch_add_explicit(&s->owners, 1, memory_order_relaxed);
    return s;
}

void tmg_ruleset_let(tmg_ruleset *s)
{
    if (s != NULL && atomic_fetch_sub_explicit(&s->owners, 1, memory_order_acq_rel) == 1)
        set_free(s);
}

size_t tmg_ruleset_count(const tmg_ruleset *s)
{
    return s->count;
}

const tmg_rule *tmg_ruleset_rule(const tmg_ruleset *s, size_t i)
{
    return &s->rules[i];
}
