/* Values: numbers with units, instants and durations. */
#include "base/qty.h"
#include "rule/lang_priv.h"

const char *tmg_rtype_words(tmg_rtype t)
{
    static const char *const words[] = {"a condition", "a code",     "a text",    "a set of codes",
                                        "a number",    "an instant", "a duration"};

    return words[t];
}

tmg_unit tmg_unit_of_field(const tmg_rule_field *f)
{
    if (f->at == TMG_NF_UNIT_VALUE)
        return (tmg_unit){.money = 1, .mass = -1};
    if (strcmp(f->unit, "currency") == 0)
        return (tmg_unit){.money = 1};
    if (strcmp(f->unit, "kg") == 0)
        return (tmg_unit){.mass = 1};
    if (strcmp(f->unit, "%") == 0)
        return (tmg_unit){.percent = 1};
    return (tmg_unit){0};
}

static const char *unit_words(tmg_rreader *r, tmg_unit u)
{
    if (u.money == 0 && u.mass == 0 && u.percent == 0 && u.day == 0)
        return "a plain number";
    if (u.money == 1 && u.mass == 0 && u.percent == 0 && u.day == 0)
        return "money";
    if (u.money == 1 && u.mass == -1 && u.percent == 0 && u.day == 0)
        return "money per kg";
    if (u.money == 0 && u.mass == 1 && u.percent == 0 && u.day == 0)
        return "a mass in kg";
    if (u.money == 0 && u.mass == 0 && u.percent == 1 && u.day == 0)
        return "per cent";
    if (u.money == 0 && u.mass == 0 && u.percent == 0 && u.day == 1)
        return "days";
    return tmg_lang_say(r, "money^%d kg^%d %%^%d d^%d", u.money, u.mass, u.percent, u.day);
}

static bool same_unit(tmg_unit x, tmg_unit y)
{
    return x.money == y.money && x.mass == y.mass && x.percent == y.percent && x.day == y.day;
}

const tmg_rule_field *tmg_check_field(tmg_rreader *r, const tmg_ast *n)
{
    const tmg_rule_field *f;

    if (n->said != TMG_SAID_WORD) {
        if (n->said != TMG_SAID_TEXT || !tmg_lang_protected(r, n->token.text, tmg_place_ast(n)))
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n), NULL, "expected the name of a field here");
        return NULL;
    }
    f = tmg_rule_field_by_name(n->token.raw);
    if (f == NULL && !tmg_lang_protected(r, n->token.raw, tmg_place_ast(n)))
        tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, tmg_place_ast(n), tmg_guess_field(r, n->token.raw),
                       "there is no field `%.*s`", TMG_SPAN_ARG(tmg_utf8_cut(n->token.raw, 60)));
    return f;
}

/* How many millionths of the base unit one of the unit is; 0 for a duration, -1 for none of them. */
static int64_t unit_scale(tmg_span unit)
{
    if (unit.len == 0 || tmg_span_is(unit, "%") || tmg_span_is(unit, "kg"))
        return 1000000;
    if (tmg_span_is(unit, "t"))
        return 1000000000;
    if (tmg_span_is(unit, "g"))
        return 1000;
    return tmg_span_is(unit, "h") || tmg_span_is(unit, "d") ? 0 : -1;
}

static bool bad_number(tmg_rreader *r, const tmg_ast *n)
{
    tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(n),
                   "numbers look like 1200 or 0.25 (at most 6 decimals, less than 9.2e12), with kg, t, g, %, "
                   "h or d behind",
                   "`%.*s` is no number", TMG_SPAN_ARG(tmg_utf8_cut(n->token.raw, 60)));
    return false;
}

bool tmg_check_number(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret)
{
    int64_t scale = unit_scale(n->unit);
    int64_t per_unit = tmg_span_is(n->unit, "d") ? TMG_DAY_MS : TMG_HOUR_MS;
    int64_t micro;

    if (scale < 0 || tmg_decimal_parse(n->digits, 6, TMG_ROUND_REFUSE, &micro, NULL) != TMG_OK)
        return bad_number(r, n);
    *ret = (tmg_checked){tmg_node(r, TMG_R_NUMBER, scale == 0 ? TMG_RT_DURATION : TMG_RT_NUMBER, n), {0}};
    if (scale == 0) {
        if (__builtin_mul_overflow(micro, per_unit, &ret->node->number) || ret->node->number % 1000000 != 0)
            return bad_number(r, n);
        ret->node->number /= 1000000;
        return true;
    }
    if (scale > 1000000 ? __builtin_mul_overflow(micro, scale / 1000000, &ret->node->number)
                        : micro % (1000000 / scale) != 0)
        return bad_number(r, n);
    if (scale <= 1000000)
        ret->node->number = micro / (1000000 / scale);
    ret->unit.loose = n->unit.len == 0;
    ret->unit.percent = tmg_span_is(n->unit, "%") ? 1 : 0;
    ret->unit.mass = n->unit.len > 0 && ret->unit.percent == 0 ? 1 : 0;
    return true;
}

/* A text where an instant is meant: "2026-03-02" or "2026-03-02T08:15". */
static bool take_instant(tmg_rreader *r, tmg_checked *c)
{
    tmg_instant t;
    int offset = r->lex != NULL ? r->lex->offset_min : 0;

    if (tmg_instant_parse(c->node->texts[0], offset, &t, NULL) != TMG_OK) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, (tmg_place){c->node->line, c->node->column, c->node->length},
                       "instants are written \"2026-03-02\" or \"2026-03-02T08:15\"",
                       "this text is no instant");
        return false;
    }
    c->node->type = TMG_RT_INSTANT;
    c->node->number = t.at_ms;
    c->node->texts = NULL;
    c->node->text_count = 0;
    return true;
}

/* A text among values: only an instant can become of it. */
static bool is_text(const tmg_checked *c)
{
    return c->node->op == TMG_R_NUMBER && c->node->texts != NULL;
}

/* What a literal becomes when it meets the other side: per cent of a plain number, days of a duration. */
static bool bend(tmg_rreader *r, tmg_checked *c, const tmg_checked *to, const tmg_ast *at)
{
    bool literal = c->node->op == TMG_R_NUMBER;

    if (is_text(c) && to->node->type == TMG_RT_INSTANT && !take_instant(r, c))
        return false;
    if (literal && c->unit.percent == 1 && to->node->type == TMG_RT_NUMBER && !to->unit.loose &&
        same_unit(to->unit, (tmg_unit){0})) {
        if (c->node->number % 100 != 0) {
            tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(at), NULL,
                           "a share has at most 4 decimals of a per cent");
            return false;
        }
        c->node->number /= 100;
        c->unit = (tmg_unit){0};
    }
    if (literal && c->node->type == TMG_RT_DURATION && to->unit.day == 1 && c->node->number % 86400 == 0) {
        c->node->number = c->node->number / 86400 * 1000;
        c->node->type = TMG_RT_NUMBER;
        c->unit = (tmg_unit){.day = 1};
    }
    return true;
}

bool tmg_check_meet(tmg_rreader *r, tmg_checked *a, tmg_checked *b, const tmg_ast *at, const char *doing)
{
    if (!bend(r, a, b, at) || !bend(r, b, a, at))
        return false;
    if (is_text(a) || is_text(b)) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(at), "numbers are written without quotes",
                       "a text and %s cannot be %s", tmg_rtype_words((is_text(a) ? b : a)->node->type),
                       doing);
        return false;
    }
    if (a->node->type != b->node->type) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(at),
                       a->node->type == TMG_RT_DURATION || b->node->type == TMG_RT_DURATION
                           ? "durations have a unit: 2h, 30d"
                           : NULL,
                       "%s and %s cannot be %s", tmg_rtype_words(a->node->type),
                       tmg_rtype_words(b->node->type), doing);
        return false;
    }
    if (a->node->type == TMG_RT_NUMBER && !a->unit.loose && !b->unit.loose && !same_unit(a->unit, b->unit)) {
        tmg_lang_fault(r, TMG_FAULT_TYPE, tmg_place_ast(at), NULL, "%s and %s cannot be %s",
                       unit_words(r, a->unit), unit_words(r, b->unit), doing);
        return false;
    }
    return true;
}
