/* Windows and references as they are asked for: count(declaration by consignee where hs4 = 0802, 30d). */
#include "rule/lang_priv.h"

bool tmg_check_span(tmg_rreader *r, const tmg_ast *n, int64_t *ret_ms)
{
    tmg_checked v = {NULL, {0}};

    if (n == NULL || n->said != TMG_SAID_NUMBER || !tmg_check_number(r, n, &v) ||
        v.node->type != TMG_RT_DURATION || v.node->number < TMG_HOUR_MS ||
        v.node->number > 730 * TMG_DAY_MS) {
        if (n != NULL && (n->said != TMG_SAID_NUMBER || v.node != NULL))
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "expected a span from 1h to 730d here");
        return false;
    }
    *ret_ms = v.node->number;
    return true;
}

/* The arguments of a call, told apart: [of by] name, name ..., [where ...], [a number]. */
typedef struct asked {
    const tmg_ast *of, *where, *last;
    const tmg_ast *by[4];
    size_t by_count;
} asked;

static bool form(tmg_rreader *r, const tmg_ast *n, const char *words)
{
    tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_ast(n), NULL, "expected something like `%s`", words);
    return false;
}

static bool take_apart(const tmg_ast *n, asked *ret)
{
    *ret = (asked){NULL, NULL, NULL, {NULL}, 0};
    for (size_t i = 0; i < n->arg_count; i++) {
        const tmg_arg *g = &n->args[i];
        const tmg_ast *name = g->by != NULL ? g->by : g->value;

        if (g->by != NULL && i > 0)
            return false;
        if (i + 1 == n->arg_count && i > 0 && name->said == TMG_SAID_NUMBER && g->where == NULL) {
            ret->last = name;
            return true;
        }
        if (ret->where != NULL || ret->by_count == 4)
            return false;
        ret->of = g->by != NULL ? g->value : ret->of;
        ret->by[ret->by_count++] = name;
        ret->where = g->where;
    }
    return ret->by_count > 0;
}

static bool check_by(tmg_rreader *r, const asked *q, size_t most, const tmg_rule_field **ret)
{
    for (size_t i = 0; i < q->by_count; i++) {
        const tmg_rule_field *f = tmg_check_field(r, q->by[i]);

        if (f == NULL)
            return false;
        if (f->kind != TMG_FK_CODE || !f->entity) {
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(q->by[i]),
                           "`tamga rule fields` marks the fields by which history is kept",
                           "no history is kept by `%s`", f->name);
            return false;
        }
        if (i == most) {
            tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_ast(q->by[i]), NULL, "at most %zu fields after `by`",
                           most);
            return false;
        }
        ret[i] = f;
    }
    return true;
}

/* Only what can be counted as declarations arrive: equality, membership and trees, joined by `and`. */
static bool simple(const tmg_rnode *n)
{
    if (n->op == TMG_R_AND)
        return simple(n->a) && simple(n->b);
    return (n->op == TMG_R_EQ || n->op == TMG_R_IN || n->op == TMG_R_UNDER) && n->text_count > 0;
}

static bool check_where(tmg_rreader *r, const tmg_ast *n, tmg_window *w)
{
    if (n == NULL)
        return true;
    w->where = tmg_check_condition(r, n);
    if (w->where == NULL)
        return false;
    if (simple(w->where))
        return true;
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), "as in `where hs4 = 0802 and origin in {IR, AF}`",
                   "after `where` stand only `=`, `in {...}` and `under` of coded fields, joined by `and`");
    return false;
}

static bool check_of(tmg_rreader *r, const tmg_ast *n, const tmg_ast *of, tmg_window *w, tmg_unit *ret_unit)
{
    bool counts = w->measure == TMG_W_COUNT || w->measure == TMG_W_DAYS_SINCE;

    if (w->measure == TMG_W_AGE_DAYS || w->measure == TMG_W_RESULTS || w->measure == TMG_W_FOUND)
        return of == NULL || form(r, n, tmg_function_form(w->measure));
    if (of == NULL)
        return form(r, n, tmg_function_form(w->measure));
    if (counts) {
        if (of->said == TMG_SAID_WORD && tmg_span_is(of->token.raw, "declaration"))
            return true;
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(of), "restrict what counts with `where`",
                       "only `declaration` can be counted");
        return false;
    }
    w->of = tmg_check_field(r, of);
    if (w->of == NULL)
        return false;
    if (w->measure == TMG_W_DISTINCT ? w->of->kind == TMG_FK_CODE : w->of->type == TMG_RT_NUMBER) {
        if (w->measure != TMG_W_DISTINCT)
            *ret_unit = tmg_unit_of_field(w->of);
        return true;
    }
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(of), NULL, "`%s` is %s; %s needs %s", w->of->name,
                   tmg_rtype_words(w->of->type), w->measure == TMG_W_DISTINCT ? "distinct" : "this function",
                   w->measure == TMG_W_DISTINCT ? "a code" : "a number");
    return false;
}

static uint64_t key_of(void (*write)(tmg_buf *b, const void *what), const void *what)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, TMG_MAX_RULE_TEXT * 2);
    write(&b, what);
    return tmg_hash64(0, b.ptr, b.len);
}

static void write_window(tmg_buf *b, const void *what)
{
    tmg_window_write(b, what);
}

static void write_reference(tmg_buf *b, const void *what)
{
    tmg_reference_write(b, what);
}

bool tmg_check_window(tmg_rreader *r, const tmg_ast *n, tmg_measure m, tmg_checked *ret)
{
    tmg_window *w = tmg_alloc(r->a, sizeof *w);
    bool spans = m != TMG_W_AGE_DAYS;
    asked q;

    w->measure = m;
    *ret = (tmg_checked){tmg_node(r, TMG_R_WINDOW, TMG_RT_NUMBER, n), {0}};
    if (!take_apart(n, &q) || (q.last != NULL) != spans || (!spans && q.where != NULL))
        return form(r, n, tmg_function_form(m));
    if (!check_of(r, n, q.of, w, &ret->unit) || !check_by(r, &q, spans ? 2 : 1, w->by) ||
        !check_where(r, q.where, w) || (spans && !tmg_check_span(r, q.last, &w->span_ms)))
        return false;
    w->by_count = q.by_count;
    if (m == TMG_W_DAYS_SINCE || m == TMG_W_AGE_DAYS)
        ret->unit.day = 1;
    w->key = key_of(write_window, w);
    ret->node->window = w;
    return true;
}

static bool check_quantile(tmg_rreader *r, const tmg_ast *n, const tmg_ast *last, int64_t *ret_ppm)
{
    tmg_checked v;

    if (last == NULL)
        return form(r, n, "ref.quantile(unit_value by hs6, origin, 90%)");
    if (!tmg_check_number(r, last, &v))
        return false;
    *ret_ppm = v.unit.percent == 1 ? v.node->number / 100 : v.node->number;
    if (v.node->type == TMG_RT_NUMBER && v.unit.mass == 0 && *ret_ppm > 0 && *ret_ppm < 1000000)
        return true;
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(last), NULL, "a quantile lies between 0%% and 100%%");
    return false;
}

bool tmg_check_reference(tmg_rreader *r, const tmg_ast *n, tmg_statistic s, tmg_checked *ret)
{
    tmg_reference *f = tmg_alloc(r->a, sizeof *f);
    asked q;

    f->statistic = s;
    *ret = (tmg_checked){tmg_node(r, TMG_R_REFERENCE, TMG_RT_NUMBER, n), {0}};
    if (!take_apart(n, &q) || q.where != NULL || (s != TMG_S_QUANTILE && q.last != NULL))
        return form(r, n, "ref.median(unit_value by hs6, origin)");
    f->of = q.of != NULL ? tmg_check_field(r, q.of) : tmg_rule_field_by_name(TMG_SPAN("unit_value"));
    if (f->of == NULL || !check_by(r, &q, 3, f->by) ||
        (s == TMG_S_QUANTILE && !check_quantile(r, n, q.last, &f->quantile_ppm)))
        return false;
    if (f->of->type != TMG_RT_NUMBER) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(q.of), NULL,
                       "`%s` is %s; references are kept of numbers", f->of->name,
                       tmg_rtype_words(f->of->type));
        return false;
    }
    f->by_count = q.by_count;
    if (s != TMG_S_COUNT)
        ret->unit = tmg_unit_of_field(f->of);
    f->key = key_of(write_reference, f);
    ret->node->reference = f;
    return true;
}
