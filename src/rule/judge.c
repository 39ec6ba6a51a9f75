#include "rule/engine_priv.h"

/* The oracle: it walks the tree, compares texts byte by byte and remembers nothing. */

/* false: not stated.  A text that the dictionary has never seen is stated, but nobody can read it. */
static bool text_of(const tmg_judging *j, const tmg_rnode *field, tmg_span *ret)
{
    *ret = tmg_dict_text(j->dict, j->row->code[field->field->at]);
    return ret->ptr != NULL;
}

static bool asked(const tmg_judging *j, const tmg_rnode *n, int64_t *ret)
{
    const tmg_rule_senses *s = j->senses;
    tmg_span name, entry;
    if (s == NULL)
        return false;
    switch (n->op) {
    case TMG_R_WINDOW:
        return s->window != NULL && s->window(s->ctx, j->row, n->window, ret);
    case TMG_R_REFERENCE:
        return s->reference != NULL && s->reference(s->ctx, j->row, n->reference, ret);
    case TMG_R_P:
        return s->probability != NULL && s->probability(s->ctx, j->row, (tmg_harm)n->number, ret);
    default: /* TMG_R_NAME_LIKE */
        return s->name_like != NULL && text_of(j, n->a, &name) &&
               s->name_like(s->ctx, j->row, n->texts[0], name, ret, &entry);
    }
}

bool tmg_judge_value(const tmg_judging *j, const tmg_rnode *n, int64_t *ret)
{
    int64_t a = 0, b = 0;
    tmg_span x, y;
    switch (n->op) {
    case TMG_R_NUMBER:
        *ret = n->number;
        return true;
    case TMG_R_FIELD:
        *ret = j->row->number[n->field->at];
        return *ret != TMG_NONE;
    case TMG_R_ADD:
    case TMG_R_SUB:
    case TMG_R_MUL:
    case TMG_R_DIV:
        return tmg_judge_value(j, n->a, &a) && tmg_judge_value(j, n->b, &b) &&
               tmg_rule_arith(n->op, a, b, ret);
    case TMG_R_NEG:
        return tmg_judge_value(j, n->a, &a) && tmg_rule_arith(n->op, a, 0, ret);
    case TMG_R_NAME_LIKE_FIELD:
        if (!text_of(j, n->a, &x) || !text_of(j, n->b, &y))
            return false;
        *ret = tmg_name_likeness(x, y);
        return true;
    default:
        return asked(j, n, ret) && *ret != TMG_NONE;
    }
}

/* What `=`, `in`, `under` and `like` say of one text and the literals. */
static bool text_is(tmg_rop op, tmg_span text, const tmg_rnode *n)
{
    for (size_t i = 0; i < n->text_count; i++) {
        if (op == TMG_R_UNDER || op == TMG_R_HAS_UNDER ? tmg_rule_under(text, n->texts[i])
            : op == TMG_R_LIKE                         ? tmg_rule_like(text, n->texts[i])
                                                       : tmg_span_eq(text, n->texts[i]))
            return true;
    }
    return false;
}

static tmg_k3 code_truth(const tmg_judging *j, const tmg_rnode *n)
{
    uint32_t code = j->row->code[n->a->field->at];
    tmg_span text = tmg_dict_text(j->dict, code);
    if (code == TMG_CODE_NONE)
        return TMG_K_UNKNOWN;
    if (text.ptr ==
        NULL) /* it is none of the dictionary's texts, so it equals none; its letters are not known */
        return n->op == TMG_R_UNDER || n->op == TMG_R_LIKE ? TMG_K_UNKNOWN : tmg_k3_of(n->op == TMG_R_NE);
    return tmg_k3_of(text_is(n->op, text, n) != (n->op == TMG_R_NE));
}

static tmg_k3 set_truth(const tmg_judging *j, const tmg_rnode *n)
{
    tmg_k3 best = TMG_K_FALSE;
    for (size_t i = 0; i < j->row->set_count[n->a->field->at]; i++) {
        tmg_span text = tmg_dict_text(j->dict, j->row->set[n->a->field->at][i]);
        if (text.ptr != NULL && text_is(n->op, text, n))
            return TMG_K_TRUE;
        if (text.ptr == NULL && n->op == TMG_R_HAS_UNDER)
            best = TMG_K_UNKNOWN;
    }
    return best;
}

static tmg_k3 listed(const tmg_judging *j, const tmg_rnode *n, uint32_t code)
{
    tmg_span text = tmg_dict_text(j->dict, code);
    bool is = false;
    if (text.ptr == NULL || j->senses == NULL || j->senses->listed == NULL ||
        !j->senses->listed(j->senses->ctx, j->row, n->texts[0], text, &is))
        return TMG_K_UNKNOWN;
    return tmg_k3_of(is);
}

static tmg_k3 list_truth(const tmg_judging *j, const tmg_rnode *n)
{
    const tmg_rule_field *f = n->a->field;
    if (f->kind == TMG_FK_CODE)
        return listed(j, n, j->row->code[f->at]);
    tmg_k3 best = TMG_K_FALSE;
    for (size_t i = 0; i < j->row->set_count[f->at]; i++) {
        tmg_k3 one = listed(j, n, j->row->set[f->at][i]);
        best = one > best ? one : best;
    }
    return best;
}

static bool known(const tmg_judging *j, const tmg_rnode *value)
{
    int64_t ignored;
    if (value->op != TMG_R_FIELD || value->field->kind == TMG_FK_NUMBER)
        return tmg_judge_value(j, value, &ignored);
    return value->field->kind == TMG_FK_CODE ? j->row->code[value->field->at] != TMG_CODE_NONE
                                             : j->row->set_count[value->field->at] > 0;
}

static tmg_k3 sensed(const tmg_judging *j, const tmg_rnode *n)
{
    const tmg_rule_senses *s = j->senses;
    bool is = false;
    if (s == NULL)
        return TMG_K_UNKNOWN;
    switch (n->op) {
    case TMG_R_SIGNAL:
        return s->signal != NULL && s->signal(s->ctx, j->row, n->texts[0], n->number, &is) ? tmg_k3_of(is)
                                                                                           : TMG_K_UNKNOWN;
    case TMG_R_REPEATS:
        return s->repeats != NULL && s->repeats(s->ctx, j->row, &is) ? tmg_k3_of(is) : TMG_K_UNKNOWN;
    default: /* TMG_R_FIRST */
        return j->row->code[n->field->at] != TMG_CODE_NONE && s->first != NULL &&
                       s->first(s->ctx, j->row, (tmg_code_field)n->field->at, &is)
                   ? tmg_k3_of(is)
                   : TMG_K_UNKNOWN;
    }
}

static tmg_k3 same_text(const tmg_judging *j, const tmg_rnode *n)
{
    uint32_t x = j->row->code[n->a->field->at], y = j->row->code[n->b->field->at];
    tmg_span s = tmg_dict_text(j->dict, x), t = tmg_dict_text(j->dict, y);
    if (x == TMG_CODE_NONE || y == TMG_CODE_NONE || (s.ptr == NULL && t.ptr == NULL))
        return TMG_K_UNKNOWN;
    return tmg_k3_of((s.ptr != NULL && t.ptr != NULL && tmg_span_eq(s, t)) == (n->op == TMG_R_EQ));
}

static tmg_k3 compared(const tmg_judging *j, const tmg_rnode *n)
{
    int64_t a = 0, b = 0;
    if (n->text_count > 0)
        return code_truth(j, n);
    if (n->a->op == TMG_R_FIELD && n->a->field->kind == TMG_FK_CODE)
        return same_text(j, n);
    if (!tmg_judge_value(j, n->a, &a) || !tmg_judge_value(j, n->b, &b))
        return TMG_K_UNKNOWN;
    return tmg_k3_of(tmg_rule_compare(n->op, a, b));
}

tmg_k3 tmg_judge_truth(const tmg_judging *j, const tmg_rnode *n)
{
    tmg_k3 a, b;
    switch (n->op) {
    case TMG_R_TRUE:
        return TMG_K_TRUE;
    case TMG_R_AND:
        a = tmg_judge_truth(j, n->a);
        b = tmg_judge_truth(j, n->b);
        return a < b ? a : b;
    case TMG_R_OR:
        a = tmg_judge_truth(j, n->a);
        b = tmg_judge_truth(j, n->b);
        return a > b ? a : b;
    case TMG_R_NOT:
        return (tmg_k3)(TMG_K_TRUE - tmg_judge_truth(j, n->a));
    case TMG_R_IN:
    case TMG_R_UNDER:
    case TMG_R_LIKE:
        return code_truth(j, n);
    case TMG_R_HAS:
    case TMG_R_HAS_UNDER:
        return set_truth(j, n);
    case TMG_R_IN_LIST:
        return list_truth(j, n);
    case TMG_R_KNOWN:
        return tmg_k3_of(known(j, n->a));
    case TMG_R_SIGNAL:
    case TMG_R_REPEATS:
    case TMG_R_FIRST:
        return sensed(j, n);
    default:
        return compared(j, n);
    }
}

/* Where a rule applies is part of its condition: its regimes and its posts. */
static tmg_k3 in_scope(const tmg_judging *j, const tmg_rule *r)
{
    tmg_span regime = tmg_dict_text(j->dict, j->row->code[TMG_CF_REGIME]);
    tmg_span post = tmg_dict_text(j->dict, j->row->code[TMG_CF_POST]);
    tmg_k3 scope = TMG_K_TRUE, at_post = TMG_K_TRUE;
    if (r->scope != 0)
        scope = j->row->code[TMG_CF_REGIME] == TMG_CODE_NONE
                    ? TMG_K_UNKNOWN
                    : tmg_k3_of(r->scope >> tmg_regime_of(regime) & 1);
    if (r->post_count > 0) {
        at_post = j->row->code[TMG_CF_POST] == TMG_CODE_NONE ? TMG_K_UNKNOWN : TMG_K_FALSE;
        for (size_t i = 0; i < r->post_count; i++)
            if (post.ptr != NULL && tmg_span_eq(post, r->posts[i]))
                at_post = TMG_K_TRUE;
    }
    return scope < at_post ? scope : at_post;
}

int tmg_rule_judge(const tmg_rule *r, const tmg_row *row, const tmg_dict *dict, const tmg_rule_senses *senses)
{
    tmg_judging j = {row, dict, senses};
    tmg_k3 where = in_scope(&j, r), what = tmg_judge_truth(&j, r->when);
    tmg_k3 both = where < what ? where : what;
    return both == TMG_K_TRUE ? 1 : both == TMG_K_FALSE ? 0 : -1;
}
