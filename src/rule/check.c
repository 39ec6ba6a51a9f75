/* Conditions: from the tree as written to the checked one. */
#include "rule/lang_priv.h"

tmg_rnode *tmg_node(tmg_rreader *r, tmg_rop op, tmg_rtype type, const tmg_ast *at)
{
    tmg_rnode *n = tmg_alloc(r->a, sizeof *n);
    tmg_place p = tmg_place_ast(at);

    n->op = op;
    n->type = type;
    n->line = p.line;
    n->column = p.column;
    n->length = p.length;
    return n;
}

static size_t count_terms(const tmg_rnode *n, tmg_rop op)
{
    return n->op == op ? count_terms(n->a, op) + count_terms(n->b, op) : 1;
}

size_t tmg_node_terms(const tmg_rnode *n, tmg_rop op, const tmg_rnode **ret, size_t max)
{
    size_t left;

    if (max == 0)
        return 0;
    if (n->op != op) {
        ret[0] = n;
        return 1;
    }
    left = tmg_node_terms(n->a, op, ret, max);
    return left + tmg_node_terms(n->b, op, ret + left, max - left);
}

static const tmg_rnode *balanced(tmg_rreader *r, tmg_rop op, const tmg_rnode **terms, size_t count,
                                 const tmg_ast *at)
{
    tmg_rnode *n;

    if (count == 1)
        return terms[0];
    n = tmg_node(r, op, TMG_RT_BOOL, at);
    n->a = balanced(r, op, terms, count / 2, at);
    n->b = balanced(r, op, terms + count / 2, count - count / 2, at);
    return n;
}

const tmg_rnode *tmg_check_join(tmg_rreader *r, tmg_rop op, const tmg_rnode **terms, size_t count,
                                const tmg_ast *at)
{
    const tmg_rnode **flat;
    size_t all = 0, used = 0;

    for (size_t i = 0; i < count; i++)
        all += count_terms(terms[i], op);
    flat = tmg_alloc_array(r->scratch, all, sizeof *flat);
    for (size_t i = 0; i < count; i++)
        used += tmg_node_terms(terms[i], op, flat + used, all - used);
    return balanced(r, op, flat, used, at);
}

static const tmg_rnode *check_chain(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rnode **terms = tmg_alloc_array(r->scratch, n->kid_count, sizeof *terms);
    bool good = true;

    for (size_t i = 0; i < n->kid_count; i++)
        good = (terms[i] = tmg_check_condition(r, n->kids[i])) != NULL && good;
    return good ? tmg_check_join(r, n->said == TMG_SAID_AND ? TMG_R_AND : TMG_R_OR, terms, n->kid_count, n)
                : NULL;
}

static tmg_rop comparison_of(int mark)
{
    switch (mark) {
    case '=':
        return TMG_R_EQ;
    case TMG_MARK_NE:
        return TMG_R_NE;
    case '<':
        return TMG_R_LT;
    case TMG_MARK_LE:
        return TMG_R_LE;
    case '>':
        return TMG_R_GT;
    default:
        return TMG_R_GE;
    }
}

static const tmg_rnode *compare_codes(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, tmg_rop op)
{
    const tmg_rule_field *other = tmg_coded_field(n->kids[1]);
    tmg_rnode *c = tmg_node(r, op, TMG_RT_BOOL, n);

    if (op != TMG_R_EQ && op != TMG_R_NE) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                       f->is_tree ? "write `under {0801, 0802}` for the codes below a heading" : NULL,
                       "`%s` is %s and cannot be compared with less or more", f->name,
                       tmg_rtype_words(f->type));
        return NULL;
    }
    if (f->type == TMG_RT_SET || (other != NULL && other->type == TMG_RT_SET)) {
        const tmg_rule_field *set = f->type == TMG_RT_SET ? f : other;

        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), tmg_lang_say(r, "write `%s has ...`", set->name),
                       "`%s` holds several codes", set->name);
        return NULL;
    }
    c->a = tmg_field_node(r, f, n->kids[0]);
    if (other == NULL)
        return tmg_check_literals(r, n->kids[1], f, false, &c->texts, &c->text_count) ? c : NULL;
    if (other->type != f->type) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "`%s` is %s, but `%s` is %s", f->name,
                       tmg_rtype_words(f->type), other->name, tmg_rtype_words(other->type));
        return NULL;
    }
    c->b = tmg_field_node(r, other, n->kids[1]);
    return c;
}

static const tmg_rnode *check_comparison(tmg_rreader *r, const tmg_ast *n)
{
    tmg_rop op = comparison_of(n->mark);
    const tmg_rule_field *f = tmg_coded_field(n->kids[0]);
    tmg_checked a, b;
    tmg_rnode *c;

    if (f != NULL)
        return compare_codes(r, n, f, op);
    if (n->kids[0]->said != TMG_SAID_WORD && tmg_coded_field(n->kids[1]) != NULL) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "the field stands on the left: `%s ...`",
                       tmg_coded_field(n->kids[1])->name);
        return NULL;
    }
    if (!tmg_check_value(r, n->kids[0], &a) || !tmg_check_value(r, n->kids[1], &b) ||
        !tmg_check_meet(r, &a, &b, n, "compared"))
        return NULL;
    c = tmg_node(r, op, TMG_RT_BOOL, n);
    c->a = a.node;
    c->b = b.node;
    return c;
}

/* x between a and b: both bounds count. */
static const tmg_rnode *check_between(tmg_rreader *r, const tmg_ast *n)
{
    tmg_checked x, low, high;
    tmg_rnode *sides[2];

    if (!tmg_check_value(r, n->kids[0], &x) || !tmg_check_value(r, n->kids[1], &low) ||
        !tmg_check_value(r, n->kids[2], &high) || !tmg_check_meet(r, &x, &low, n, "compared") ||
        !tmg_check_meet(r, &x, &high, n, "compared"))
        return NULL;
    if (low.node->op == TMG_R_NUMBER && high.node->op == TMG_R_NUMBER &&
        low.node->number > high.node->number) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL,
                       "the lower bound of `between` stands first");
        return NULL;
    }
    sides[0] = tmg_node(r, TMG_R_GE, TMG_RT_BOOL, n);
    sides[1] = tmg_node(r, TMG_R_LE, TMG_RT_BOOL, n);
    sides[0]->a = sides[1]->a = x.node;
    sides[0]->b = low.node;
    sides[1]->b = high.node;
    return tmg_check_join(r, TMG_R_AND, (const tmg_rnode *[]){sides[0], sides[1]}, 2, n);
}

static const tmg_rnode *check_known(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = tmg_coded_field(n->kids[0]);
    tmg_rnode *c = tmg_node(r, TMG_R_KNOWN, TMG_RT_BOOL, n);
    tmg_checked v;

    if (f != NULL)
        c->a = tmg_field_node(r, f, n->kids[0]);
    else if (tmg_check_value(r, n->kids[0], &v))
        c->a = v.node;
    return c->a != NULL ? c : NULL;
}

/* What stands where a condition must: a bare word, a function, or something that is none. */
static const tmg_rnode *check_lone(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f;
    tmg_checked v;

    if (n->said == TMG_SAID_WORD && tmg_span_is(n->token.raw, "true"))
        return tmg_node(r, TMG_R_TRUE, TMG_RT_BOOL, n);
    if (n->said == TMG_SAID_WORD && tmg_span_is(n->token.raw, "repeats"))
        return tmg_node(r, TMG_R_REPEATS, TMG_RT_BOOL, n);
    if (n->said == TMG_SAID_WORD) {
        if ((f = tmg_check_field(r, n)) != NULL)
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                           tmg_lang_say(r, "write `known %s` to ask whether it is stated", f->name),
                           "`%s` alone is no condition: compare it with something", f->name);
        return NULL;
    }
    if (n->said == TMG_SAID_CALL && !tmg_is_list(n)) {
        if (!tmg_check_call(r, n, &v))
            return NULL;
        if (v.node->type == TMG_RT_BOOL)
            return v.node;
    }
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL,
                   "expected a condition here, such as `origin = IR` or `value > 1000`");
    return NULL;
}

const tmg_rnode *tmg_check_condition(tmg_rreader *r, const tmg_ast *n)
{
    tmg_rnode *c;

    switch (n->said) {
    case TMG_SAID_AND:
    case TMG_SAID_OR:
        return check_chain(r, n);
    case TMG_SAID_NOT:
        c = tmg_node(r, TMG_R_NOT, TMG_RT_BOOL, n);
        c->a = tmg_check_condition(r, n->kids[0]);
        return c->a != NULL ? c : NULL;
    case TMG_SAID_KNOWN:
        return check_known(r, n);
    case TMG_SAID_BETWEEN:
        return check_between(r, n);
    case TMG_SAID_IN:
        return tmg_check_in(r, n);
    case TMG_SAID_UNDER:
    case TMG_SAID_HAS:
    case TMG_SAID_LIKE:
        return tmg_check_coded(r, n);
    case TMG_SAID_BINARY:
        if (strchr("+-*/", n->mark < 128 ? n->mark : 1) == NULL)
            return check_comparison(r, n);
        return check_lone(r, n);
    default:
        return check_lone(r, n);
    }
}
