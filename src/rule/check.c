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

/* The coded field that a word names, without a fault when it is none. */
static const tmg_rule_field *coded_field(const tmg_ast *n)
{
    const tmg_rule_field *f = n->said == TMG_SAID_WORD ? tmg_rule_field_by_name(n->token.raw) : NULL;

    return f != NULL && f->kind != TMG_FK_NUMBER ? f : NULL;
}

static tmg_rnode *field_node(tmg_rreader *r, const tmg_rule_field *f, const tmg_ast *at)
{
    tmg_rnode *n = tmg_node(r, TMG_R_FIELD, f->type, at);

    n->field = f;
    return n;
}

static const tmg_rnode *compare_codes(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, tmg_rop op)
{
    const tmg_rule_field *other = coded_field(n->kids[1]);
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
    c->a = field_node(r, f, n->kids[0]);
    if (other == NULL)
        return tmg_check_literals(r, n->kids[1], f, false, &c->texts, &c->text_count) ? c : NULL;
    if (other->type != f->type) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "`%s` is %s, but `%s` is %s", f->name,
                       tmg_rtype_words(f->type), other->name, tmg_rtype_words(other->type));
        return NULL;
    }
    c->b = field_node(r, other, n->kids[1]);
    return c;
}

static const tmg_rnode *check_comparison(tmg_rreader *r, const tmg_ast *n)
{
    tmg_rop op = comparison_of(n->mark);
    const tmg_rule_field *f = coded_field(n->kids[0]);
    tmg_checked a, b;
    tmg_rnode *c;

    if (f != NULL)
        return compare_codes(r, n, f, op);
    if (n->kids[0]->said != TMG_SAID_WORD && coded_field(n->kids[1]) != NULL) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "the field stands on the left: `%s ...`",
                       coded_field(n->kids[1])->name);
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

static const tmg_rnode *number_in(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_ast *set = n->kids[1];
    const tmg_rnode **terms;
    tmg_checked x;

    if (!tmg_check_value(r, n->kids[0], &x))
        return NULL;
    if (set->said != TMG_SAID_SET || set->kid_count == 0) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(set), NULL, "`in` needs numbers: {1, 2}");
        return NULL;
    }
    terms = tmg_alloc_array(r->scratch, set->kid_count, sizeof *terms);
    for (size_t i = 0; i < set->kid_count; i++) {
        tmg_rnode *is = tmg_node(r, TMG_R_EQ, TMG_RT_BOOL, n);
        tmg_checked v;

        if (!tmg_check_value(r, set->kids[i], &v) || !tmg_check_meet(r, &x, &v, set->kids[i], "compared"))
            return NULL;
        is->a = x.node;
        is->b = v.node;
        terms[i] = is;
    }
    return tmg_check_join(r, TMG_R_OR, terms, set->kid_count, n);
}

static const tmg_rnode *check_in(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = coded_field(n->kids[0]);
    bool list = tmg_is_list(n->kids[1]);
    tmg_rnode *c = tmg_node(r, list ? TMG_R_IN_LIST : TMG_R_IN, TMG_RT_BOOL, n);
    tmg_span *name = tmg_alloc(r->a, sizeof *name);

    if (f == NULL && !list)
        return number_in(r, n);
    if (f == NULL && (f = tmg_check_field(r, n->kids[0])) == NULL)
        return NULL;
    if (f->kind == TMG_FK_NUMBER) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n->kids[0]), NULL,
                       "a list holds codes and names; `%s` is %s", f->name, tmg_rtype_words(f->type));
        return NULL;
    }
    c->a = field_node(r, f, n->kids[0]);
    if (list) {
        c->texts = name;
        c->text_count = 1;
        return tmg_check_list_name(r, n->kids[1], name) ? c : NULL;
    }
    if (f->type == TMG_RT_SET) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), tmg_lang_say(r, "write `%s has {...}`", f->name),
                       "`%s` holds several codes", f->name);
        return NULL;
    }
    return tmg_check_literals(r, n->kids[1], f, false, &c->texts, &c->text_count) ? c : NULL;
}

static bool check_glob(tmg_rreader *r, const tmg_ast *n, tmg_rnode *like)
{
    tmg_span *glob = tmg_alloc(r->a, sizeof *glob);

    *glob = n->token.text;
    like->texts = glob;
    like->text_count = 1;
    if (n->said == TMG_SAID_TEXT && glob->len > 0)
        return true;
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL,
                   "`like` needs one text with * and ?, like \"*phone*\"");
    return false;
}

static const tmg_rnode *check_coded(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = tmg_check_field(r, n->kids[0]);
    bool set = f != NULL && f->type == TMG_RT_SET;
    tmg_rnode *c;

    if (f == NULL)
        return NULL;
    c = tmg_node(r, TMG_R_LIKE, TMG_RT_BOOL, n);
    if (n->said == TMG_SAID_UNDER && !f->is_tree) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                       "`under` is for commodity codes: hs, hs6, hs4, commodity", "`%s` is no tree of codes",
                       f->name);
        return NULL;
    }
    if (n->said == TMG_SAID_HAS && !set) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), tmg_lang_say(r, "write `%s = ...`", f->name),
                       "`has` is for fields with several codes: route, document, container, seal, commodity");
        return NULL;
    }
    if (n->said == TMG_SAID_LIKE && (set || f->kind == TMG_FK_NUMBER)) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "`like` is for codes and texts; `%s` is %s",
                       f->name, tmg_rtype_words(f->type));
        return NULL;
    }
    if (n->said == TMG_SAID_UNDER)
        c->op = set ? TMG_R_HAS_UNDER : TMG_R_UNDER;
    else if (n->said == TMG_SAID_HAS)
        c->op = TMG_R_HAS;
    c->a = field_node(r, f, n->kids[0]);
    if (n->said == TMG_SAID_LIKE)
        return check_glob(r, n->kids[1], c) ? c : NULL;
    return tmg_check_literals(r, n->kids[1], f, c->op != TMG_R_HAS, &c->texts, &c->text_count) ? c : NULL;
}

static const tmg_rnode *check_known(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f = coded_field(n->kids[0]);
    tmg_rnode *c = tmg_node(r, TMG_R_KNOWN, TMG_RT_BOOL, n);
    tmg_checked v;

    if (f != NULL)
        c->a = field_node(r, f, n->kids[0]);
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
        return check_in(r, n);
    case TMG_SAID_UNDER:
    case TMG_SAID_HAS:
    case TMG_SAID_LIKE:
        return check_coded(r, n);
    case TMG_SAID_BINARY:
        if (strchr("+-*/", n->mark < 128 ? n->mark : 1) == NULL)
            return check_comparison(r, n);
        return check_lone(r, n);
    default:
        return check_lone(r, n);
    }
}
