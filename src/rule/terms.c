#include "rule/engine_priv.h"

enum { MOST_LITERALS = 1024 }; /* of all terms of a condition together */

typedef struct terms {
    tmg_term *all;
    size_t count;
} terms;

static terms one_literal(tmg_arena *a, const tmg_rnode *n, bool negated)
{
    terms t = {tmg_alloc(a, sizeof(tmg_term)), 1};
    t.all[0].literals = tmg_alloc(a, sizeof(tmg_literal));
    t.all[0].literals[0] = (tmg_literal){n, negated};
    t.all[0].count = 1;
    return t;
}

static terms either(tmg_arena *a, terms x, terms y)
{
    terms t = {tmg_alloc_array(a, x.count + y.count + 1, sizeof(tmg_term)), x.count + y.count};
    if (x.count > 0)
        memcpy(t.all, x.all, x.count * sizeof *t.all);
    if (y.count > 0)
        memcpy(t.all + x.count, y.all, y.count * sizeof *t.all);
    return t;
}

static tmg_term joined(tmg_arena *a, tmg_term x, tmg_term y)
{
    tmg_term t = {tmg_alloc_array(a, x.count + y.count + 1, sizeof(tmg_literal)), x.count + y.count};
    if (x.count > 0)
        memcpy(t.literals, x.literals, x.count * sizeof *t.literals);
    if (y.count > 0)
        memcpy(t.literals + x.count, y.literals, y.count * sizeof *t.literals);
    return t;
}

static terms both(tmg_arena *a, terms x, terms y)
{
    terms t = {tmg_alloc_array(a, x.count * y.count + 1, sizeof(tmg_term)), 0};
    for (size_t i = 0; i < x.count; i++)
        for (size_t k = 0; k < y.count; k++)
            t.all[t.count++] = joined(a, x.all[i], y.all[k]);
    return t;
}

static size_t size_of(terms t)
{
    size_t literals = t.count;
    for (size_t i = 0; i < t.count; i++)
        literals += t.all[i].count;
    return literals;
}

static bool too_many(terms x, terms y)
{
    return x.count * y.count > TMG_MAX_TERMS || size_of(x) * y.count + size_of(y) * x.count > MOST_LITERALS;
}

static terms expand(const tmg_rnode *n, bool negated, tmg_arena *a)
{
    if (n->op == TMG_R_NOT)
        return expand(n->a, !negated, a);
    if (n->op == TMG_R_TRUE && negated)
        return (terms){NULL, 0};
    if (n->op == TMG_R_TRUE) {
        terms t = one_literal(a, n, false);
        t.all[0].count = 0;
        return t;
    }
    if (n->op != TMG_R_AND && n->op != TMG_R_OR)
        return one_literal(a, n, negated);
    terms x = expand(n->a, negated, a), y = expand(n->b, negated, a);
    if ((n->op == TMG_R_OR) != negated)
        return x.count + y.count <= TMG_MAX_TERMS ? either(a, x, y) : one_literal(a, n, negated);
    /* Too many: the larger side stays in one piece and is asked last, the smaller one still selects. */
    if (too_many(x, y) && size_of(x) >= size_of(y))
        x = one_literal(a, n->a, negated);
    if (too_many(x, y))
        y = one_literal(a, n->b, negated);
    if (too_many(x, y))
        x = one_literal(a, n->a, negated);
    return both(a, x, y);
}

size_t tmg_terms_of(const tmg_rnode *when, tmg_arena *a, tmg_term **ret)
{
    terms t = expand(when, false, a);
    *ret = t.all;
    return t.count;
}

static const tmg_rnode *one_of(tmg_arena *a, const char *field, const tmg_span *texts, size_t count)
{
    tmg_rnode *code = tmg_alloc(a, sizeof *code), *in = tmg_alloc(a, sizeof *in);
    *code = (tmg_rnode){
        .op = TMG_R_FIELD, .type = TMG_RT_CODE, .field = tmg_rule_field_by_name(tmg_span_of(field))};
    *in = (tmg_rnode){.op = TMG_R_IN, .type = TMG_RT_BOOL, .a = code, .texts = texts, .text_count = count};
    return in;
}

size_t tmg_scope_literals(const tmg_rule *r, tmg_arena *a, tmg_literal ret[2])
{
    size_t count = 0, regimes = 0;
    if (r->scope != 0) {
        tmg_span *names = tmg_alloc_array(a, 3, sizeof *names);
        for (int i = TMG_IMPORT; i <= TMG_TRANSIT; i++)
            if ((r->scope >> i & 1) != 0)
                names[regimes++] = tmg_span_of(tmg_regime_name((tmg_regime)i));
        ret[count++] = (tmg_literal){one_of(a, "regime", names, regimes), false};
    }
    if (r->post_count > 0)
        ret[count++] = (tmg_literal){one_of(a, "post", r->posts, r->post_count), false};
    return count;
}
