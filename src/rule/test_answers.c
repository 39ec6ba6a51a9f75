/* The senses of a test: they know what the test says and nothing else. */
#include "base/qty.h"
#include "rule/tests_priv.h"

static const tmg_answer *find(const tmg_rtester *t, tmg_rop op)
{
    for (size_t i = 0; i < t->answer_count; i++)
        if (t->answers[i].question->op == op)
            return &t->answers[i];
    return NULL;
}

static bool window(void *ctx, const tmg_row *row, const struct tmg_window *w, int64_t *ret)
{
    const tmg_rtester *t = ctx;

    (void)row;
    for (size_t i = 0; i < t->answer_count; i++)
        if (t->answers[i].question->op == TMG_R_WINDOW && t->answers[i].question->window->key == w->key) {
            *ret = t->answers[i].number;
            return true;
        }
    return false;
}

static bool reference(void *ctx, const tmg_row *row, const struct tmg_reference *f, int64_t *ret)
{
    const tmg_rtester *t = ctx;

    (void)row;
    for (size_t i = 0; i < t->answer_count; i++)
        if (t->answers[i].question->op == TMG_R_REFERENCE &&
            t->answers[i].question->reference->key == f->key) {
            *ret = t->answers[i].number;
            return true;
        }
    return false;
}

static bool first(void *ctx, const tmg_row *row, tmg_code_field field, bool *ret)
{
    const tmg_rtester *t = ctx;

    (void)row;
    for (size_t i = 0; i < t->answer_count; i++)
        if (t->answers[i].question->op == TMG_R_FIRST && t->answers[i].question->field->at == field) {
            *ret = t->answers[i].number != 0;
            return true;
        }
    return false;
}

static bool probability(void *ctx, const tmg_row *row, tmg_harm harm, int64_t *ret)
{
    const tmg_rtester *t = ctx;

    (void)row;
    for (size_t i = 0; i < t->answer_count; i++)
        if (t->answers[i].question->op == TMG_R_P && t->answers[i].question->number == (int64_t)harm) {
            *ret = t->answers[i].number;
            return true;
        }
    return false;
}

static bool repeats(void *ctx, const tmg_row *row, bool *ret)
{
    const tmg_answer *x = find(ctx, TMG_R_REPEATS);

    (void)row;
    if (x != NULL)
        *ret = x->number != 0;
    return x != NULL;
}

static bool signal_within(void *ctx, const tmg_row *row, tmg_span kind, int64_t within_ms, bool *ret)
{
    const tmg_rtester *t = ctx;

    (void)row;
    *ret = false; /* a signal that nobody sent is no unknown */
    for (size_t i = 0; i < t->answer_count; i++)
        if (t->answers[i].question->op == TMG_R_SIGNAL &&
            tmg_span_eq(t->answers[i].question->texts[0], kind) &&
            t->answers[i].question->number == within_ms)
            *ret = t->answers[i].number != 0;
    return true;
}

/* Does the field of the question hold the value on this row? */
static bool holds(const tmg_rtester *t, const tmg_rule_field *f, tmg_span value)
{
    uint32_t code = tmg_dict_find(t->dict, value);

    if (f->kind == TMG_FK_CODE)
        return t->row.code[f->at] == code;
    for (size_t i = 0; i < t->row.set_count[f->at]; i++)
        if (t->row.set[f->at][i] == code)
            return true;
    return false;
}

static bool listed(void *ctx, const tmg_row *row, tmg_span list, tmg_span value, bool *ret)
{
    const tmg_rtester *t = ctx;

    (void)row;
    for (size_t i = 0; i < t->answer_count; i++) {
        const tmg_rnode *q = t->answers[i].question;

        if (q->op == TMG_R_IN_LIST && tmg_span_eq(q->texts[0], list) && holds(t, q->a->field, value)) {
            *ret = t->answers[i].number != 0;
            return true;
        }
    }
    return false;
}

static bool name_like(void *ctx, const tmg_row *row, tmg_span list, tmg_span name, int64_t *ret,
                      tmg_span *ret_entry)
{
    const tmg_rtester *t = ctx;

    (void)row;
    *ret_entry = (tmg_span){NULL, 0};
    for (size_t i = 0; i < t->answer_count; i++) {
        const tmg_rnode *q = t->answers[i].question;

        if (q->op == TMG_R_NAME_LIKE && tmg_span_eq(q->texts[0], list) && holds(t, q->a->field, name)) {
            *ret = t->answers[i].number;
            return true;
        }
    }
    return false;
}

tmg_rule_senses tmg_test_senses(tmg_rtester *t)
{
    return (tmg_rule_senses){.ctx = t,
                             .window = window,
                             .reference = reference,
                             .first = first,
                             .probability = probability,
                             .repeats = repeats,
                             .signal = signal_within,
                             .listed = listed,
                             .name_like = name_like};
}

/* ---- what the conditions came to ---- */

static void write_number(tmg_buf *b, const tmg_rnode *n, int64_t v)
{
    tmg_rnode literal = {.op = TMG_R_NUMBER, .type = n->type, .number = v};

    tmg_node_write(b, &literal);
}

static void write_field(tmg_buf *b, const tmg_rtester *t, const tmg_rnode *n)
{
    const tmg_rule_field *f = n->field;
    size_t count = f->kind == TMG_FK_SET ? t->row.set_count[f->at] : 0;

    if (f->kind == TMG_FK_SET    ? count == 0
        : f->kind == TMG_FK_CODE ? t->row.code[f->at] == TMG_CODE_NONE
                                 : t->row.number[f->at] == TMG_NONE) {
        tmg_buf_char(b, '?');
    } else if (f->kind == TMG_FK_NUMBER) {
        write_number(b, n, t->row.number[f->at]);
    } else if (f->kind == TMG_FK_CODE) {
        tmg_text_write(b, tmg_dict_text(t->dict, t->row.code[f->at]));
    }
    for (size_t i = 0; i < count; i++) {
        tmg_buf_z(b, i > 0 ? ", " : "");
        tmg_code_write(b, tmg_dict_text(t->dict, t->row.set[f->at][i]));
    }
}

static bool ask(tmg_rtester *t, const tmg_rnode *n, int64_t *ret)
{
    tmg_span entry, name;
    bool yes = false;
    bool known = false;

    switch (n->op) {
    case TMG_R_WINDOW:
        return window(t, &t->row, n->window, ret);
    case TMG_R_REFERENCE:
        return reference(t, &t->row, n->reference, ret);
    case TMG_R_P:
        return probability(t, &t->row, (tmg_harm)n->number, ret);
    case TMG_R_FIRST:
        known = first(t, &t->row, (tmg_code_field)n->field->at, &yes);
        break;
    case TMG_R_REPEATS:
        known = repeats(t, &t->row, &yes);
        break;
    default:
        name = tmg_dict_text(t->dict, t->row.code[n->a->field->at]);
        return name_like(t, &t->row, n->texts[0], name, ret, &entry);
    }
    *ret = yes ? 1000000 : 0;
    return known;
}

/* "net = 12, unit_value = ?": every fact of one condition, in signs that need no language; ? is not given. */
static void write_facts(tmg_buf *b, tmg_rtester *t, const tmg_rnode *n, const char **before)
{
    int64_t v;

    switch (n->op) {
    case TMG_R_FIELD:
        tmg_buf_fmt(b, "%s%s = ", *before, n->field->name);
        write_field(b, t, n);
        *before = ", ";
        return;
    case TMG_R_WINDOW:
    case TMG_R_REFERENCE:
    case TMG_R_P:
    case TMG_R_FIRST:
    case TMG_R_REPEATS:
    case TMG_R_NAME_LIKE:
        tmg_buf_z(b, *before);
        tmg_node_write(b, n);
        tmg_buf_z(b, " = ");
        if (!ask(t, n, &v))
            tmg_buf_char(b, '?');
        else if (n->type == TMG_RT_BOOL)
            tmg_buf_z(b, v != 0 ? "yes" : "no");
        else
            write_number(b, n, v);
        *before = ", ";
        return;
    default:
        if (n->a != NULL)
            write_facts(b, t, n->a, before);
        if (n->b != NULL)
            write_facts(b, t, n->b, before);
    }
}

const char *tmg_test_explain(tmg_rtester *t, int got)
{
    static const char *const words[] = {"unknown", "false", "true"};
    TMG_AUTO_BUF b = {0};
    const tmg_rnode *terms[64];
    size_t count = tmg_node_terms(t->rule->when, TMG_R_AND, terms, 64);

    tmg_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < count && b.len < 300; i++) {
        tmg_rule one = *t->rule;
        const char *before = ": ";
        int truth;

        one.when = terms[i];
        one.scope = 0;
        one.post_count = 0;
        truth = tmg_rule_judge(&one, &t->row, t->dict, &t->senses);
        if (got != 1 && truth == 1)
            continue;
        tmg_buf_z(&b, b.len > 0 ? "; `" : "`");
        tmg_node_write(&b, terms[i]);
        tmg_buf_fmt(&b, "` → %s", words[truth + 1]);
        write_facts(&b, t, terms[i], &before);
    }
    if (b.len == 0)
        return "the test lies outside the rule's scope or posts";
    return tmg_lang_say(t->r, "%s", b.ptr);
}
