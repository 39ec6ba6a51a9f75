#include "base/qty.h"
#include "rule/engine_priv.h"
#include "rule/lang_priv.h"

enum { MOST_REASONS = 256, MOST_SHOWN = 10, MOST_WORDS = 1024 };

/* ---- values as officers read them ---- */

/* What stands where a value is missing or long, by language. */
typedef struct filler {
    const char *not_stated, *never_seen, *none, *more, *unknown, *days, *hours, *minutes;
} filler;
static const filler fillers[TMG_TONGUES] = {
    [TMG_EN] = {"not stated", "a text never seen before", "none stated", " and %zu more", "unknown", "d", "h",
                "min"},
    [TMG_AZ] = {"göstərilməyib", "indiyədək görünməmiş mətn", "heç biri göstərilməyib", " və daha %zu",
                "naməlum", "gün", "saat", "dəq"},
    [TMG_RU] = {"не указано", "ещё не встречавшийся текст", "ничего не указано", " и ещё %zu", "неизвестно",
                "дн", "ч", "мин"},
};

typedef struct teller {
    tmg_judging j;
    tmg_tongue tongue;
} teller;

typedef struct measure_of {
    tmg_rtype type;
    const char *unit;
} measure_of;

static measure_of of_field(const tmg_rule_field *f)
{
    return (measure_of){f->type, f->unit};
}

static measure_of measure(const tmg_rnode *n)
{
    static const measure_of plain = {TMG_RT_NUMBER, ""};
    switch (n->op) {
    case TMG_R_FIELD:
        return of_field(n->field);
    case TMG_R_WINDOW:
        return n->window->measure >= TMG_W_SUM && n->window->measure <= TMG_W_MAX && n->window->of != NULL
                   ? of_field(n->window->of)
                   : plain;
    case TMG_R_REFERENCE:
        return n->reference->statistic != TMG_S_COUNT && n->reference->of != NULL ? of_field(n->reference->of)
                                                                                  : plain;
    case TMG_R_ADD:
    case TMG_R_SUB:
    case TMG_R_NEG:
        return measure(n->a);
    case TMG_R_MUL:
        return n->a->op == TMG_R_NUMBER ? measure(n->b) : n->b->op == TMG_R_NUMBER ? measure(n->a) : plain;
    case TMG_R_DIV:
        return n->b->op == TMG_R_NUMBER ? measure(n->a) : plain;
    default:
        return (measure_of){n->type == TMG_RT_INSTANT || n->type == TMG_RT_DURATION ? n->type : TMG_RT_NUMBER,
                            ""};
    }
}

static void duration(tmg_buf *b, int64_t ms, const filler *f)
{
    uint64_t hours = (uint64_t)(ms < 0 ? -ms : ms) / (uint64_t)TMG_HOUR_MS;
    uint64_t minutes = (uint64_t)(ms < 0 ? -ms : ms) / 60000 % 60;
    tmg_buf_z(b, ms < 0 ? "-" : "");
    if (hours >= 48)
        tmg_buf_fmt(b, "%llu %s %llu %s", (unsigned long long)hours / 24, f->days,
                    (unsigned long long)hours % 24, f->hours);
    else
        tmg_buf_fmt(b, "%llu %s %llu %s", (unsigned long long)hours, f->hours, (unsigned long long)minutes,
                    f->minutes);
}

/* 20,500.5 for readers of English, 20 500,5 for others. */
static void grouped(tmg_buf *b, int64_t v, int scale, int least, tmg_tongue t)
{
    TMG_AUTO_BUF plain = {0};
    tmg_buf_init(&plain, 64);
    tmg_grouped_write(&plain, v, scale, least);
    for (size_t i = 0; i < plain.len; i++)
        if (t == TMG_EN || (plain.ptr[i] != ',' && plain.ptr[i] != '.'))
            tmg_buf_char(b, plain.ptr[i]);
        else
            tmg_buf_z(b, plain.ptr[i] == ',' ? "\u00a0" : ",");
}

static void number(tmg_buf *b, int64_t v, measure_of m, const teller *t)
{
    if (m.type == TMG_RT_INSTANT) {
        tmg_instant_write(b, (tmg_instant){v, 0});
    } else if (m.type == TMG_RT_DURATION) {
        duration(b, v, &fillers[t->tongue]);
    } else if (strcmp(m.unit, "currency") == 0) {
        tmg_span currency = tmg_dict_text(t->j.dict, t->j.row->code[TMG_CF_CURRENCY]);
        grouped(b, tmg_mul_div(v, 1, 10000), 2, 2, t->tongue);
        if (currency.len > 0 && !tmg_span_is(currency, "XXX"))
            tmg_buf_fmt(b, " %.*s", TMG_SPAN_ARG(currency));
    } else {
        grouped(b, v, 6, 0, t->tongue);
        tmg_buf_fmt(b, "%s%s", m.unit[0] != '\0' ? " " : "", m.unit);
    }
}

static void code(tmg_buf *b, uint32_t code_no, const teller *t)
{
    tmg_span text = tmg_dict_text(t->j.dict, code_no);
    if (text.ptr != NULL)
        tmg_buf_span(b, text);
    else
        tmg_buf_z(b,
                  code_no == TMG_CODE_NONE ? fillers[t->tongue].not_stated : fillers[t->tongue].never_seen);
}

static void and_more(tmg_buf *b, size_t n, tmg_tongue t)
{
    const char *words = fillers[t].more, *slot = strstr(words, "%zu");

    tmg_buf_put(b, words, (size_t)(slot - words));
    tmg_buf_fmt(b, "%zu%s", n, slot + 3);
}

static void field_value(tmg_buf *b, const tmg_rule_field *f, const teller *t)
{
    if (f->kind == TMG_FK_CODE) {
        code(b, t->j.row->code[f->at], t);
    } else if (f->kind == TMG_FK_NUMBER) {
        if (t->j.row->number[f->at] != TMG_NONE)
            number(b, t->j.row->number[f->at], of_field(f), t);
        else
            tmg_buf_z(b, fillers[t->tongue].not_stated);
    } else {
        size_t count = t->j.row->set_count[f->at];
        for (size_t i = 0; i < count && i < MOST_SHOWN; i++) {
            tmg_buf_z(b, i > 0 ? ", " : "");
            code(b, t->j.row->set[f->at][i], t);
        }
        if (count > MOST_SHOWN)
            and_more(b, count - MOST_SHOWN, t->tongue);
        if (count == 0)
            tmg_buf_z(b, fillers[t->tongue].none);
    }
}

static void value(tmg_buf *b, const tmg_rnode *n, const teller *t)
{
    int64_t v;
    if (n->op == TMG_R_FIELD)
        field_value(b, n->field, t);
    else if (tmg_judge_value(&t->j, n, &v))
        number(b, v, measure(n), t);
    else
        tmg_buf_z(b, fillers[t->tongue].unknown);
}

/* ---- evidence ---- */

typedef struct reasons {
    teller t;
    tmg_arena *a;
    tmg_because *all;
    size_t count;
    tmg_buf words;
} reasons;

static tmg_span taken(reasons *r)
{
    tmg_span kept = tmg_span_copy(r->a, tmg_utf8_cut(tmg_buf_as_span(&r->words), MOST_WORDS));
    tmg_buf_clear(&r->words);
    return kept;
}

static const char *fact(reasons *r, const tmg_rnode *n)
{
    tmg_node_write(&r->words, n);
    return taken(r).ptr;
}

static const char *word_of(tmg_rop op, bool negated)
{
    switch (op) {
    case TMG_R_IN:
    case TMG_R_IN_LIST:
        return negated ? "not in" : "in";
    case TMG_R_UNDER:
        return negated ? "not under" : "under";
    case TMG_R_HAS:
        return negated ? "has not" : "has";
    case TMG_R_HAS_UNDER:
        return negated ? "has not under" : "has under";
    case TMG_R_LIKE:
        return negated ? "not like" : "like";
    case TMG_R_KNOWN:
        return negated ? "not known" : "known";
    case TMG_R_EQ:
        return "=";
    case TMG_R_NE:
        return "!=";
    case TMG_R_LT:
        return "<";
    case TMG_R_LE:
        return "<=";
    case TMG_R_GT:
        return ">";
    case TMG_R_GE:
        return ">=";
    default:
        return negated ? "is not" : "is";
    }
}

static void literals(reasons *r, const tmg_rnode *n)
{
    if (n->op == TMG_R_IN_LIST)
        tmg_buf_fmt(&r->words, "list %.*s", TMG_SPAN_ARG(n->texts[0]));
    for (size_t i = 0; n->op != TMG_R_IN_LIST && i < n->text_count && i < MOST_SHOWN; i++) {
        tmg_buf_z(&r->words, i > 0 ? ", " : "");
        tmg_buf_span(&r->words, n->texts[i]);
    }
    if (n->op != TMG_R_IN_LIST && n->text_count > MOST_SHOWN)
        tmg_buf_fmt(&r->words, " or %zu more", n->text_count - MOST_SHOWN);
}

/* A number by itself is read in the unit of what it is compared with; anything else also says where it comes
 * from. */
static void limit(reasons *r, const tmg_rnode *n)
{
    if (n->b->op == TMG_R_NUMBER) {
        number(&r->words, n->b->number, measure(n->a), &r->t);
        return;
    }
    value(&r->words, n->b, &r->t);
    tmg_buf_z(&r->words, " (");
    tmg_node_write(&r->words, n->b);
    tmg_buf_char(&r->words, ')');
}

static void comparison(reasons *r, const tmg_rnode *n, bool negated, tmg_because *ret)
{
    ret->op = word_of(negated ? tmg_rule_opposite(n->op) : n->op, false);
    ret->fact = fact(r, n->a);
    value(&r->words, n->a, &r->t);
    ret->value = taken(r);
    if (n->text_count > 0)
        literals(r, n);
    else
        limit(r, n);
    ret->limit = taken(r);
}

static void membership(reasons *r, const tmg_rnode *n, bool negated, tmg_because *ret)
{
    ret->op = word_of(n->op, negated);
    ret->fact = fact(r, n->a);
    value(&r->words, n->a, &r->t);
    ret->value = taken(r);
    if (n->op != TMG_R_KNOWN)
        literals(r, n);
    ret->limit = taken(r);
}

static void say(reasons *r, const tmg_rnode *n, bool negated)
{
    tmg_because *b = &r->all[r->count++];
    switch (n->op) {
    case TMG_R_EQ:
    case TMG_R_NE:
    case TMG_R_LT:
    case TMG_R_LE:
    case TMG_R_GT:
    case TMG_R_GE:
        comparison(r, n, negated, b);
        break;
    case TMG_R_IN:
    case TMG_R_UNDER:
    case TMG_R_HAS:
    case TMG_R_HAS_UNDER:
    case TMG_R_LIKE:
    case TMG_R_IN_LIST:
    case TMG_R_KNOWN:
        membership(r, n, negated, b);
        break;
    default:
        b->fact = fact(r, n);
        b->op = word_of(n->op, negated);
        b->value = b->limit = TMG_SPAN("true");
        b->value = negated ? TMG_SPAN("false") : b->limit;
    }
}

/* The first true conjunction: of an alternative the first side that holds. */
static void collect(reasons *r, const tmg_rnode *n, bool negated)
{
    if (r->count == MOST_REASONS || n->op == TMG_R_TRUE)
        return;
    if (n->op == TMG_R_NOT) {
        collect(r, n->a, !negated);
    } else if (n->op != TMG_R_AND && n->op != TMG_R_OR) {
        say(r, n, negated);
    } else if ((n->op == TMG_R_AND) != negated) {
        collect(r, n->a, negated);
        collect(r, n->b, negated);
    } else {
        bool first = tmg_judge_truth(&r->t.j, n->a) == (negated ? TMG_K_FALSE : TMG_K_TRUE);
        collect(r, first ? n->a : n->b, negated);
    }
}

void tmg_ruleset_because(tmg_matcher *m, uint32_t rule, const tmg_row *row, const tmg_rule_senses *senses,
                         tmg_arena *a, tmg_because **ret, size_t *ret_count)
{
    reasons r = {.t = {{row, m->set->dict, senses}, TMG_EN}, .a = a};
    r.all = tmg_alloc_array(a, MOST_REASONS, sizeof *r.all);
    tmg_buf_init(&r.words, TMG_MAX_RULE_TEXT);
    collect(&r, m->set->rules[rule].when, false);
    tmg_buf_done(&r.words);
    *ret = r.all;
    *ret_count = r.count;
}

/* ---- the sentence ---- */

static const tmg_rnode *reference_named(const tmg_rnode *n, tmg_span name)
{
    static const char *const names[] = {"ref.median", "ref.quantile", "ref.mad", "ref.count"};
    if (n == NULL)
        return NULL;
    if (n->op == TMG_R_REFERENCE &&
        (tmg_span_is(name, "ref") || tmg_span_is(name, names[n->reference->statistic])))
        return n;
    const tmg_rnode *found = reference_named(n->a, name);
    return found != NULL ? found : reference_named(n->b, name);
}

/* People know a party by its name; its code, a tax number, stands for it only where no name is stated. */
static bool name_of_party(const tmg_rule_field *f, const teller *t, tmg_code_field *ret)
{
    static const struct {
        tmg_code_field code, name;
    } parties[] = {{TMG_CF_CONSIGNOR, TMG_CF_CONSIGNOR_NAME},
                   {TMG_CF_CONSIGNEE, TMG_CF_CONSIGNEE_NAME},
                   {TMG_CF_DECLARANT, TMG_CF_DECLARANT_NAME},
                   {TMG_CF_CARRIER, TMG_CF_CARRIER_NAME}};
    for (size_t i = 0; f->kind == TMG_FK_CODE && i < sizeof parties / sizeof parties[0]; i++)
        if ((tmg_code_field)f->at == parties[i].code) {
            *ret = parties[i].name;
            return tmg_dict_text(t->j.dict, t->j.row->code[*ret]).len > 0;
        }
    return false;
}

static void fill(tmg_buf *b, const tmg_rule *rule, tmg_span name, const teller *t)
{
    const tmg_rule_field *f = tmg_rule_field_by_name(name);
    const tmg_rnode *reference = f == NULL ? reference_named(rule->when, name) : NULL;
    tmg_code_field party_name;
    if (f != NULL && name_of_party(f, t, &party_name))
        code(b, t->j.row->code[party_name], t);
    else if (f != NULL)
        field_value(b, f, t);
    else if (reference != NULL)
        value(b, reference, t);
    else
        tmg_buf_fmt(b, "{%.*s}", TMG_SPAN_ARG(name));
}

static void fill_in(tmg_buf *b, const tmg_rule *r, tmg_span why, const teller *t)
{
    tmg_span rest = why;
    while (rest.len > 0) {
        const char *open = memchr(rest.ptr, '{', rest.len);
        const char *close = open != NULL ? memchr(open, '}', rest.len - (size_t)(open - rest.ptr)) : NULL;
        size_t plain = close != NULL ? (size_t)(open - rest.ptr) : rest.len;
        tmg_buf_put(b, rest.ptr, plain);
        if (close == NULL)
            return;
        fill(b, r, (tmg_span){open + 1, (size_t)(close - open) - 1}, t);
        rest = (tmg_span){close + 1, rest.len - (size_t)(close + 1 - rest.ptr)};
    }
}

void tmg_ruleset_why(tmg_matcher *m, uint32_t rule, const tmg_row *row, const tmg_rule_senses *senses,
                     tmg_buf *b)
{
    const tmg_rule *r = &m->set->rules[rule];
    fill_in(b, r, r->why, &(teller){{row, m->set->dict, senses}, TMG_EN});
}

void tmg_ruleset_why_in(tmg_matcher *m, uint32_t rule, tmg_tongue t, const tmg_row *row,
                        const tmg_rule_senses *senses, tmg_buf *b)
{
    const tmg_rule *r = &m->set->rules[rule];
    fill_in(b, r, r->in[TMG_SAYS_WHY][t], &(teller){{row, m->set->dict, senses}, t});
}
