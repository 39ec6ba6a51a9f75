#include "rule/engine_priv.h"

static const tmg_answer no_answer = {0, false};

static tmg_answer truth(tmg_k3 t)
{
    return (tmg_answer){t, true};
}

static tmg_answer number(int64_t v)
{
    return v == TMG_NONE ? no_answer : (tmg_answer){v, true};
}

/* ---- asks ---- */

static tmg_k3 listed(const tmg_matcher *m, tmg_span list, uint32_t code)
{
    const tmg_rule_senses *s = m->senses;
    tmg_span text = tmg_dict_text(m->set->dict, code);
    bool is = false;
    if (text.ptr == NULL || s->listed == NULL || !s->listed(s->ctx, m->row, list, text, &is))
        return TMG_K_UNKNOWN;
    return tmg_k3_of(is);
}

static tmg_k3 in_list(const tmg_matcher *m, const tmg_rnode *n)
{
    const tmg_rule_field *f = n->a->field;
    if (f->kind == TMG_FK_CODE)
        return listed(m, n->texts[0], m->row->code[f->at]);
    tmg_k3 most = TMG_K_FALSE;
    for (size_t i = 0; i < m->row->set_count[f->at] && most != TMG_K_TRUE; i++) {
        tmg_k3 one = listed(m, n->texts[0], m->row->set[f->at][i]);
        most = one > most ? one : most;
    }
    return most;
}

static tmg_k3 ask_truth(const tmg_matcher *m, const tmg_rnode *n)
{
    const tmg_rule_senses *s = m->senses;
    bool is = false, answered = false;
    switch (n->op) {
    case TMG_R_IN_LIST:
        return in_list(m, n);
    case TMG_R_SIGNAL:
        answered = s->signal != NULL && s->signal(s->ctx, m->row, n->texts[0], n->number, &is);
        break;
    case TMG_R_REPEATS:
        answered = s->repeats != NULL && s->repeats(s->ctx, m->row, &is);
        break;
    default: /* TMG_R_FIRST */
        answered = m->row->code[n->field->at] != TMG_CODE_NONE && s->first != NULL &&
                   s->first(s->ctx, m->row, (tmg_code_field)n->field->at, &is);
    }
    return answered ? tmg_k3_of(is) : TMG_K_UNKNOWN;
}

static tmg_answer ask(const tmg_matcher *m, const tmg_rnode *n)
{
    const tmg_rule_senses *s = m->senses;
    int64_t v = TMG_NONE;
    bool answered = false;
    tmg_span name, entry;
    switch (n->op) {
    case TMG_R_WINDOW:
        answered = s->window != NULL && s->window(s->ctx, m->row, n->window, &v);
        break;
    case TMG_R_REFERENCE:
        answered = s->reference != NULL && s->reference(s->ctx, m->row, n->reference, &v);
        break;
    case TMG_R_P:
        answered = s->probability != NULL && s->probability(s->ctx, m->row, (tmg_harm)n->number, &v);
        break;
    case TMG_R_NAME_LIKE:
        name = tmg_dict_text(m->set->dict, m->row->code[n->a->field->at]);
        answered = name.ptr != NULL && s->name_like != NULL &&
                   s->name_like(s->ctx, m->row, n->texts[0], name, &v, &entry);
        break;
    default:
        return truth(ask_truth(m, n));
    }
    return answered ? number(v) : no_answer;
}

static tmg_answer answer_of(tmg_matcher *m, uint32_t i)
{
    if (m->answer_row[i] != m->row_no) {
        m->answers[i] = ask(m, m->set->asks[i].n);
        m->answer_row[i] = m->row_no;
    }
    return m->answers[i];
}

/* ---- codes ---- */

static bool among(const tmg_constants *k, uint32_t code)
{
    size_t from = 0, to = k->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (k->codes[middle] < code)
            from = middle + 1;
        else
            to = middle;
    }
    return from < k->count && k->codes[from] == code;
}

static tmg_k3 reads(const tmg_matcher *m, tmg_rop op, const tmg_constants *k, uint32_t code)
{
    tmg_span text = tmg_dict_text(m->set->dict, code);
    if (text.ptr == NULL)
        return TMG_K_UNKNOWN;
    for (size_t i = 0; i < k->count; i++)
        if (op == TMG_R_LIKE ? tmg_rule_like(text, k->texts[i]) : tmg_rule_under(text, k->texts[i]))
            return TMG_K_TRUE;
    return TMG_K_FALSE;
}

static tmg_k3 code_truth(const tmg_matcher *m, const tmg_instruction *i)
{
    const tmg_constants *k = &m->set->constants[i->arg];
    uint32_t code = m->row->code[i->at];
    if (code == TMG_CODE_NONE)
        return TMG_K_UNKNOWN;
    if (i->at2 == TMG_R_UNDER || i->at2 == TMG_R_LIKE)
        return reads(m, (tmg_rop)i->at2, k, code);
    return tmg_k3_of(among(k, code) != (i->at2 == TMG_R_NE));
}

static tmg_k3 set_truth(const tmg_matcher *m, const tmg_instruction *i)
{
    const tmg_constants *k = &m->set->constants[i->arg];
    tmg_k3 most = TMG_K_FALSE;
    for (size_t n = 0; n < m->row->set_count[i->at] && most != TMG_K_TRUE; n++) {
        uint32_t code = m->row->set[i->at][n];
        tmg_k3 one = i->at2 == TMG_R_HAS ? tmg_k3_of(among(k, code)) : reads(m, TMG_R_UNDER, k, code);
        most = one > most ? one : most;
    }
    return most;
}

static tmg_answer likeness(const tmg_matcher *m, const tmg_instruction *i)
{
    tmg_span x = tmg_dict_text(m->set->dict, m->row->code[i->at]);
    tmg_span y = tmg_dict_text(m->set->dict, m->row->code[i->at2]);
    return x.ptr != NULL && y.ptr != NULL ? number(tmg_name_likeness(x, y)) : no_answer;
}

/* Two texts that the dictionary has never seen cannot be told apart, nor be told to be the same. */
static tmg_k3 same(const tmg_matcher *m, const tmg_instruction *i)
{
    uint32_t x = m->row->code[i->at], y = m->row->code[i->at2];
    if (x == TMG_CODE_NONE || y == TMG_CODE_NONE || (x == TMG_CODE_UNKNOWN && y == TMG_CODE_UNKNOWN))
        return TMG_K_UNKNOWN;
    return tmg_k3_of(x == y);
}

/* ---- the machine ---- */

static tmg_answer pushed(tmg_matcher *m, const tmg_instruction *i)
{
    switch (i->op) {
    case TMG_I_TRUTH:
    case TMG_I_NUMBER:
        return (tmg_answer){i->number, true};
    case TMG_I_FIELD:
        return number(m->row->number[i->at]);
    case TMG_I_ASK:
        return answer_of(m, i->arg);
    case TMG_I_CODE:
        return truth(code_truth(m, i));
    case TMG_I_SET:
        return truth(set_truth(m, i));
    case TMG_I_LIKENESS:
        return likeness(m, i);
    case TMG_I_SAME:
        return truth(same(m, i));
    case TMG_I_KNOWN_CODE:
        return truth(tmg_k3_of(m->row->code[i->at] != TMG_CODE_NONE));
    default: /* TMG_I_KNOWN_SET */
        return truth(tmg_k3_of(m->row->set_count[i->at] > 0));
    }
}

static tmg_answer combined(const tmg_instruction *i, tmg_answer a, tmg_answer b)
{
    tmg_answer out = no_answer;
    switch (i->op) {
    case TMG_I_AND:
        return a.value < b.value ? a : b;
    case TMG_I_OR:
        return a.value > b.value ? a : b;
    case TMG_I_COMPARE:
        return truth(a.known && b.known ? tmg_k3_of(tmg_rule_compare((tmg_rop)i->at, a.value, b.value))
                                        : TMG_K_UNKNOWN);
    default: /* TMG_I_ARITH */
        out.known = a.known && b.known && tmg_rule_arith((tmg_rop)i->at, a.value, b.value, &out.value);
        return out;
    }
}

static tmg_k3 run(tmg_matcher *m, const tmg_instruction *i, size_t count)
{
    tmg_answer *top = m->stack; /* the first free place */
    for (const tmg_instruction *end = i + count; i < end; i++) {
        switch (i->op) {
        case TMG_I_KNOWN:
            top[-1] = truth(tmg_k3_of(top[-1].known));
            break;
        case TMG_I_NOT:
            top[-1].value = TMG_K_TRUE - top[-1].value;
            break;
        case TMG_I_AND:
        case TMG_I_OR:
        case TMG_I_COMPARE:
        case TMG_I_ARITH:
            top--;
            top[-1] = combined(i, top[-1], top[0]);
            break;
        default:
            *top++ = pushed(m, i);
        }
    }
    return (tmg_k3)top[-1].value;
}

tmg_k3 tmg_predicate_run(tmg_matcher *m, uint32_t predicate)
{
    if (m->truth_row[predicate] != m->row_no) {
        const tmg_predicate *p = &m->set->predicates[predicate];
        m->truths[predicate] = (uint8_t)run(m, &m->set->code[p->first], p->count);
        m->truth_row[predicate] = m->row_no;
    }
    return (tmg_k3)m->truths[predicate];
}

static bool is_truth(tmg_rop op)
{
    return op == TMG_R_IN_LIST || op == TMG_R_SIGNAL || op == TMG_R_REPEATS || op == TMG_R_FIRST;
}

static const char *missing_in(tmg_matcher *m, const tmg_instruction *i)
{
    const tmg_ruleset *s = m->set;
    tmg_answer a;
    switch (i->op) {
    case TMG_I_FIELD:
        return m->row->number[i->at] == TMG_NONE ? s->fields[TMG_FIRST_NUMBER + i->at]->name : NULL;
    case TMG_I_CODE:
        return code_truth(m, i) == TMG_K_UNKNOWN ? s->fields[i->at]->name : NULL;
    case TMG_I_SET:
        return set_truth(m, i) == TMG_K_UNKNOWN ? s->fields[TMG_FIRST_SET + i->at]->name : NULL;
    case TMG_I_LIKENESS:
    case TMG_I_SAME:
        if (i->op == TMG_I_SAME && same(m, i) != TMG_K_UNKNOWN)
            return NULL;
        return m->row->code[i->at] == TMG_CODE_NONE ? s->fields[i->at]->name : s->fields[i->at2]->name;
    case TMG_I_ASK:
        a = answer_of(m, i->arg);
        return !a.known || (is_truth(s->asks[i->arg].n->op) && a.value == TMG_K_UNKNOWN)
                   ? s->asks[i->arg].fact
                   : NULL;
    default:
        return NULL;
    }
}

const char *tmg_predicate_missing(tmg_matcher *m, uint32_t predicate)
{
    const tmg_predicate *p = &m->set->predicates[predicate];
    for (uint32_t i = 0; i < p->count; i++) {
        const char *fact = missing_in(m, &m->set->code[p->first + i]);
        if (fact != NULL)
            return fact;
    }
    return "a result of arithmetic"; /* every operand was there: division by zero, or too large */
}
