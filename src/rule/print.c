/* Conditions and values in the house's own layout; reading what is written here gives the same tree. */
#include "base/qty.h"
#include "rule/lang_priv.h"

enum { AS_OR, AS_AND, AS_NOT, AS_SUM, AS_PRODUCT, AS_OPERAND }; /* how tightly what stands around holds */

static void write_value(tmg_buf *b, const tmg_rnode *n, int around);
static void write_condition(tmg_buf *b, const tmg_rnode *n, int around);

void tmg_text_write(tmg_buf *b, tmg_span text)
{
    tmg_buf_char(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            tmg_buf_char(b, '\\');
        tmg_buf_char(b, text.ptr[i]);
    }
    tmg_buf_char(b, '"');
}

/* Capital letters and digits cannot be mistaken for words of the language. */
void tmg_code_write(tmg_buf *b, tmg_span code)
{
    bool bare = code.len > 0;

    for (size_t i = 0; i < code.len; i++)
        bare = bare &&
               ((code.ptr[i] >= 'A' && code.ptr[i] <= 'Z') || (code.ptr[i] >= '0' && code.ptr[i] <= '9'));
    if (bare || tmg_regime_of(code) != 0)
        tmg_buf_span(b, code);
    else
        tmg_text_write(b, code);
}

static void write_duration(tmg_buf *b, int64_t ms)
{
    bool days = ms % TMG_DAY_MS == 0;

    tmg_decimal_write(b, days ? ms / TMG_DAY_MS * 1000000 : tmg_mul_div(ms, 1000000, TMG_HOUR_MS), 6);
    tmg_buf_char(b, days ? 'd' : 'h');
}

static void write_codes(tmg_buf *b, const tmg_rnode *n)
{
    bool text = n->a->type == TMG_RT_TEXT || n->op == TMG_R_LIKE;

    if (n->text_count > 1 || n->op == TMG_R_IN)
        tmg_buf_char(b, '{');
    for (size_t i = 0; i < n->text_count; i++) {
        if (i > 0)
            tmg_buf_z(b, ", ");
        if (text)
            tmg_text_write(b, n->texts[i]);
        else
            tmg_code_write(b, n->texts[i]);
    }
    if (n->text_count > 1 || n->op == TMG_R_IN)
        tmg_buf_char(b, '}');
}

static void write_list(tmg_buf *b, tmg_span name)
{
    tmg_buf_z(b, "list(");
    tmg_text_write(b, name);
    tmg_buf_char(b, ')');
}

static void write_by(tmg_buf *b, const tmg_rule_field *const *by, size_t count)
{
    tmg_buf_z(b, "by ");
    for (size_t i = 0; i < count; i++)
        tmg_buf_fmt(b, "%s%s", i > 0 ? ", " : "", by[i]->name);
}

void tmg_window_write(tmg_buf *b, const tmg_window *w)
{
    static const char *const names[] = {"count",    "sum",        "avg", "min",     "max",
                                        "distinct", "days_since", "age", "results", "found"};

    tmg_buf_fmt(b, "%s(", names[w->measure]);
    if (w->measure == TMG_W_AGE_DAYS) {
        tmg_buf_fmt(b, "%s)", w->by[0]->name);
        return;
    }
    if (w->of != NULL)
        tmg_buf_fmt(b, "%s ", w->of->name);
    else if (w->measure == TMG_W_COUNT || w->measure == TMG_W_DAYS_SINCE)
        tmg_buf_z(b, "declaration ");
    write_by(b, w->by, w->by_count);
    if (w->where != NULL) {
        tmg_buf_z(b, " where ");
        write_condition(b, w->where, AS_OR);
    }
    tmg_buf_z(b, ", ");
    write_duration(b, w->span_ms);
    tmg_buf_char(b, ')');
}

void tmg_reference_write(tmg_buf *b, const tmg_reference *s)
{
    static const char *const names[] = {"median", "quantile", "mad", "count"};

    tmg_buf_fmt(b, "ref.%s(%s ", names[s->statistic], s->of->name);
    write_by(b, s->by, s->by_count);
    if (s->statistic == TMG_S_QUANTILE) {
        tmg_buf_z(b, ", ");
        tmg_decimal_write(b, s->quantile_ppm, 4);
        tmg_buf_char(b, '%');
    }
    tmg_buf_char(b, ')');
}

static void write_literal(tmg_buf *b, const tmg_rnode *n)
{
    if (n->type == TMG_RT_DURATION) {
        write_duration(b, n->number);
    } else if (n->type == TMG_RT_INSTANT) {
        tmg_buf_char(b, '"');
        tmg_instant_write(b, (tmg_instant){n->number, 0});
        tmg_buf_char(b, '"');
    } else {
        tmg_decimal_write(b, n->number, 6);
    }
}

static void write_binary(tmg_buf *b, const tmg_rnode *n, int around)
{
    int level = n->op == TMG_R_ADD || n->op == TMG_R_SUB ? AS_SUM : AS_PRODUCT;
    const char *mark = n->op == TMG_R_ADD   ? " + "
                       : n->op == TMG_R_SUB ? " - "
                       : n->op == TMG_R_MUL ? " * "
                                            : " / ";

    if (around > level)
        tmg_buf_char(b, '(');
    write_value(b, n->a, level);
    tmg_buf_z(b, mark);
    write_value(b, n->b, level + 1);
    if (around > level)
        tmg_buf_char(b, ')');
}

static void write_value(tmg_buf *b, const tmg_rnode *n, int around)
{
    switch (n->op) {
    case TMG_R_FIELD:
        tmg_buf_z(b, n->field->name);
        break;
    case TMG_R_NUMBER:
        write_literal(b, n);
        break;
    case TMG_R_NEG:
        tmg_buf_char(b, '-');
        write_value(b, n->a, AS_OPERAND);
        break;
    case TMG_R_WINDOW:
        tmg_window_write(b, n->window);
        break;
    case TMG_R_REFERENCE:
        tmg_reference_write(b, n->reference);
        break;
    case TMG_R_P:
        tmg_buf_fmt(b, "p(%s)", tmg_harm_name((tmg_harm)n->number));
        break;
    case TMG_R_NAME_LIKE:
        tmg_buf_fmt(b, "name_like(%s, ", n->a->field->name);
        write_list(b, n->texts[0]);
        tmg_buf_char(b, ')');
        break;
    case TMG_R_NAME_LIKE_FIELD:
        tmg_buf_fmt(b, "name_like(%s, %s)", n->a->field->name, n->b->field->name);
        break;
    default:
        write_binary(b, n, around);
    }
}

static void write_comparison(tmg_buf *b, const tmg_rnode *n)
{
    static const char *const marks[] = {"=", "!=", "<", "<=", ">", ">="};

    write_value(b, n->a, AS_SUM);
    tmg_buf_fmt(b, " %s ", marks[n->op - TMG_R_EQ]);
    if (n->text_count > 0)
        write_codes(b, n);
    else
        write_value(b, n->b, AS_SUM);
}

static bool is_range(const tmg_rnode *x, const tmg_rnode *y)
{
    return x->op == TMG_R_GE && y->op == TMG_R_LE && x->a == y->a;
}

static bool is_same_number(const tmg_rnode *x, const tmg_rnode *y)
{
    return x->op == TMG_R_EQ && y->op == TMG_R_EQ && x->a == y->a && x->text_count == 0;
}

/* `between` and `in {1, 2}` were written once with the value shared; they are written so again. */
static size_t write_group(tmg_buf *b, const tmg_rnode *const *terms, size_t count, int around)
{
    size_t used = 1;

    if (count > 1 && is_range(terms[0], terms[1])) {
        write_value(b, terms[0]->a, AS_SUM);
        tmg_buf_z(b, " between ");
        write_value(b, terms[0]->b, AS_SUM);
        tmg_buf_z(b, " and ");
        write_value(b, terms[1]->b, AS_SUM);
        return 2;
    }
    while (used < count && is_same_number(terms[0], terms[used]))
        used++;
    if (used == 1) {
        write_condition(b, terms[0], around);
        return 1;
    }
    write_value(b, terms[0]->a, AS_SUM);
    for (size_t i = 0; i < used; i++) {
        tmg_buf_z(b, i == 0 ? " in {" : ", ");
        write_value(b, terms[i]->b, AS_SUM);
    }
    tmg_buf_char(b, '}');
    return used;
}

static size_t group_size(const tmg_rnode *const *terms, size_t count)
{
    size_t used = 1;

    if (count > 1 && is_range(terms[0], terms[1]))
        return 2;
    while (used < count && is_same_number(terms[0], terms[used]))
        used++;
    return used;
}

static void write_chain(tmg_buf *b, const tmg_rnode *n, int around)
{
    int level = n->op == TMG_R_OR ? AS_OR : AS_AND;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    const tmg_rnode **terms = tmg_alloc_array(a, TMG_MAX_RULE_TEXT, sizeof *terms);
    size_t count = tmg_node_terms(n, n->op, terms, TMG_MAX_RULE_TEXT);
    bool bracket = around > level && group_size(terms, count) < count;

    if (bracket)
        tmg_buf_char(b, '(');
    for (size_t i = 0; i < count;) {
        if (i > 0)
            tmg_buf_z(b, n->op == TMG_R_OR ? " or " : " and ");
        i += write_group(b, terms + i, count - i, level + 1);
    }
    if (bracket)
        tmg_buf_char(b, ')');
}

static void write_coded(tmg_buf *b, const tmg_rnode *n, bool is_not)
{
    const char *word = n->op == TMG_R_IN || n->op == TMG_R_IN_LIST ? "in"
                       : n->op == TMG_R_LIKE                       ? "like"
                       : n->op == TMG_R_HAS                        ? "has"
                                                                   : "under";

    tmg_buf_fmt(b, "%s %s%s ", n->a->field->name, is_not ? "not " : "", word);
    if (n->op == TMG_R_IN_LIST)
        write_list(b, n->texts[0]);
    else
        write_codes(b, n);
}

static bool is_coded(const tmg_rnode *n)
{
    return n->op >= TMG_R_IN && n->op <= TMG_R_IN_LIST;
}

static void write_condition(tmg_buf *b, const tmg_rnode *n, int around)
{
    if (is_coded(n)) {
        write_coded(b, n, false);
        return;
    }
    switch (n->op) {
    case TMG_R_TRUE:
        tmg_buf_z(b, "true");
        return;
    case TMG_R_REPEATS:
        tmg_buf_z(b, "repeats");
        return;
    case TMG_R_AND:
    case TMG_R_OR:
        write_chain(b, n, around);
        return;
    case TMG_R_NOT:
        if (is_coded(n->a)) {
            write_coded(b, n->a, true);
            return;
        }
        tmg_buf_z(b, "not ");
        write_condition(b, n->a, AS_NOT);
        return;
    case TMG_R_KNOWN:
        tmg_buf_z(b, "known ");
        write_value(b, n->a, AS_SUM);
        return;
    case TMG_R_SIGNAL:
        tmg_buf_z(b, "signal(");
        tmg_text_write(b, n->texts[0]);
        tmg_buf_z(b, ", ");
        write_duration(b, n->number);
        tmg_buf_char(b, ')');
        return;
    case TMG_R_FIRST:
        tmg_buf_fmt(b, "first(%s)", n->field->name);
        return;
    default:
        write_comparison(b, n);
    }
}

size_t tmg_node_write_group(tmg_buf *b, const tmg_rnode *const *terms, size_t count, tmg_rop chain)
{
    return write_group(b, terms, count, chain == TMG_R_OR ? AS_AND : AS_NOT);
}

void tmg_node_write(tmg_buf *b, const tmg_rnode *n)
{
    if (n->op >= TMG_R_FIELD)
        write_value(b, n, AS_OR);
    else
        write_condition(b, n, AS_OR);
}
