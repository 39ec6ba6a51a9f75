/* Criteria "APPLES"; If ComCod = "080810" and CtyOrigCod = "US" Then RedLane IS 100; Endif;
 *
 * Source of the dialect: UNCTAD, ASYCUDA++ functional manual V1.15, section 6 (MODSEL), as quoted in public.
 * Every If gives one rule for each lane it names, and its Else one with the contrary.  A criterion with
 * anything that cannot be carried over is left out as a whole: half a criterion would select what nobody
 * meant. */
#include "base/qty.h"
#include "rule/asycuda_priv.h"

enum { SCRATCH = 64 << 20, LONGEST_CONDITION = 48 << 10 };

typedef struct lanes {
    int64_t share_ppm[TMG_LANE_RED + 1];
} lanes;

static tmg_lane lane_of(const tmg_asycuda *c)
{
    static const char *const words[] = {"", "GreenLane", "BlueLane", "YellowLane", "RedLane"};
    static const char *const apart[] = {"", "Green", "Blue", "Yellow", "Red"};

    for (int i = TMG_LANE_GREEN; i <= TMG_LANE_RED; i++)
        if (tmg_asy_is(c, words[i]) || tmg_asy_is(c, apart[i]))
            return (tmg_lane)i;
    return 0;
}

static bool take_semicolon(tmg_asycuda *c)
{
    if (tmg_tok_mark(&c->r, ';')) {
        tmg_asy_next(c);
        return true;
    }
    /* The last statement may go without. */
    return c->r.tok.kind == TMG_TOK_END || tmg_asy_is(c, "Endif") || tmg_asy_is(c, "Else") ||
                   tmg_asy_is(c, "Criteria")
               ? true
               : tmg_asy_expected(c, "`;`");
}

static bool take_is(tmg_asycuda *c)
{
    if (!tmg_asy_is(c, "is") && !tmg_tok_mark(&c->r, '='))
        return tmg_asy_expected(c, "`IS`");
    tmg_asy_next(c);
    return true;
}

/* RedLane IS 100; one or more. */
static bool parse_lanes(tmg_asycuda *c, lanes *ret)
{
    tmg_lane lane;

    *ret = (lanes){{0}};
    while ((lane = lane_of(c)) != 0) {
        int64_t ppm;

        tmg_asy_next(c);
        if (!take_is(c))
            return false;
        if (c->r.tok.kind != TMG_TOK_NUMBER ||
            tmg_decimal_parse(c->r.tok.raw, 4, TMG_ROUND_REFUSE, &ppm, NULL) != TMG_OK || ppm > 1000000)
            return tmg_asy_expected(c, "a percentage from 0 to 100");
        if (ppm == 0)
            tmg_lang_fault(&c->r, TMG_FAULT_WARNING, tmg_place_token(&c->r.tok), NULL,
                           "criterion %.*s: a lane for 0%% of the hits does nothing and is left out",
                           TMG_SPAN_ARG(c->criterion));
        ret->share_ppm[lane] = ppm;
        tmg_asy_next(c);
        if (tmg_tok_mark(&c->r, '%'))
            tmg_asy_next(c);
        if (!take_semicolon(c))
            return false;
    }
    if (c->r.tok.kind == TMG_TOK_END || tmg_asy_is(c, "Endif") || tmg_asy_is(c, "Else") ||
        tmg_asy_is(c, "Criteria") || tmg_asy_is(c, "If") ||
        (c->r.tok.kind == TMG_TOK_WORD && tmg_asy_variable(c->r.tok.raw) >= 0))
        return true;
    return tmg_asy_expected(c, "RedLane, YellowLane, BlueLane or GreenLane");
}

static void write_name(tmg_asycuda *c, tmg_buf *b)
{
    tmg_span name = tmg_utf8_cut(c->criterion, TMG_MAX_RULE_NAME - 5);
    TMG_AUTO_BUF whole = {0};

    tmg_buf_init(&whole, 128);
    tmg_buf_span(&whole, name);
    if (c->rules > 0)
        tmg_buf_fmt(&whole, "-%zu", c->rules + 1);
    tmg_text_write(b, tmg_buf_as_span(&whole));
}

static void write_rule(tmg_asycuda *c, const char *condition, bool contrary, tmg_lane lane, int64_t share_ppm,
                       tmg_buf *b)
{
    tmg_buf_z(b, "rule ");
    write_name(c, b);
    tmg_buf_z(b, " version 1 {\n  title   \"ASYCUDA criterion ");
    for (size_t i = 0; i < c->criterion.len; i++)
        if (c->criterion.ptr[i] != '"' && c->criterion.ptr[i] != '\\')
            tmg_buf_char(b, c->criterion.ptr[i]);
    tmg_buf_z(b, "\"\n  owner   ");
    tmg_text_write(b, c->owner);
    tmg_buf_fmt(b, contrary ? "\n  when    not (%s)\n" : "\n  when    %s\n", condition);
    tmg_buf_fmt(b, "  then    lane %s ", tmg_lane_name(lane));
    tmg_decimal_write(b, share_ppm, 4);
    tmg_buf_z(b, "%\n  why     \"selected by a criterion carried over from ASYCUDA\"\n"
                 "  why.az  \"ASYCUDA-dan köçürülmüş meyarla seçilib\"\n"
                 "  why.ru  \"отобрано по критерию, перенесённому из ASYCUDA\"\n}\n");
}

/* Reads what was written, so that nothing leaves here that is no rule; then appends it in the house's layout.
 */
static bool keep_rule(tmg_asycuda *c, tmg_span text, tmg_place p, tmg_buf *out)
{
    tmg_reading reading;

    tmg_rules_read(text, NULL, c->r.a, &reading);
    for (size_t i = 0; i < reading.fault_count; i++)
        if (reading.faults[i].kind != TMG_FAULT_WARNING) {
            tmg_lang_fault(&c->r, reading.faults[i].kind, p, reading.faults[i].help, "criterion %.*s: %s",
                           TMG_SPAN_ARG(c->criterion), reading.faults[i].said);
            return false;
        }
    if (out->len > 0 || c->out->len > 0)
        tmg_buf_char(out, '\n');
    tmg_rule_write(out, &reading.rules[0]);
    return true;
}

static bool keep_lanes(tmg_asycuda *c, const char *condition, bool contrary, const lanes *l, tmg_place p,
                       tmg_buf *out)
{
    for (int lane = TMG_LANE_RED; lane >= TMG_LANE_GREEN; lane--) {
        TMG_AUTO_BUF text = {0};

        if (l->share_ppm[lane] == 0)
            continue;
        tmg_buf_init(&text, TMG_MAX_RULE_TEXT * 2);
        write_rule(c, condition, contrary, (tmg_lane)lane, l->share_ppm[lane], &text);
        if (!keep_rule(c, tmg_buf_as_span(&text), p, out))
            return false;
        c->rules++;
    }
    return true;
}

static bool parse_if(tmg_asycuda *c, tmg_buf *out)
{
    TMG_AUTO_BUF condition = {0};
    tmg_place p = tmg_place_token(&c->r.tok);
    lanes l;

    tmg_buf_init(&condition, LONGEST_CONDITION);
    tmg_asy_next(c);
    if (!tmg_asy_condition(c, &condition))
        return false;
    if (condition.overflow)
        return tmg_asy_expected(c, "a shorter condition");
    if (!tmg_asy_is(c, "then"))
        return tmg_asy_expected(c, "`Then`");
    tmg_asy_next(c);
    if (!parse_lanes(c, &l) || !keep_lanes(c, condition.ptr, false, &l, p, out))
        return false;
    if (tmg_asy_is(c, "else")) {
        tmg_asy_next(c);
        if (!parse_lanes(c, &l) || !keep_lanes(c, condition.ptr, true, &l, p, out))
            return false;
    }
    if (!tmg_asy_is(c, "endif"))
        return true;
    tmg_asy_next(c);
    return take_semicolon(c);
}

/* Num01 IS GetValue; */
static bool parse_variable(tmg_asycuda *c, int variable)
{
    TMG_AUTO_BUF value = {0};

    tmg_buf_init(&value, 1024);
    tmg_asy_next(c);
    tmg_buf_char(&value, '(');
    if (!take_is(c) || !tmg_asy_value(c, &value))
        return false;
    if (value.overflow)
        return tmg_asy_expected(c, "a shorter value");
    tmg_buf_char(&value, ')');
    c->variable[variable] = tmg_span_z(c->r.a, tmg_buf_as_span(&value));
    return take_semicolon(c);
}

static bool parse_criterion(tmg_asycuda *c, tmg_buf *out)
{
    tmg_asy_next(c);
    c->criterion = TMG_SPAN("without a name");
    c->rules = 0;
    memset(c->variable, 0, sizeof c->variable);
    if (c->r.tok.kind != TMG_TOK_TEXT || c->r.tok.text.len == 0)
        return tmg_asy_expected(c, "the criterion's name between quotes");
    c->criterion = tmg_utf8_cut(c->r.tok.text, TMG_MAX_RULE_NAME);
    tmg_asy_next(c);
    if (tmg_tok_mark(&c->r, ';'))
        tmg_asy_next(c);
    while (c->r.tok.kind != TMG_TOK_END && !tmg_asy_is(c, "criteria")) {
        int variable = c->r.tok.kind == TMG_TOK_WORD ? tmg_asy_variable(c->r.tok.raw) : -1;

        if (variable >= 0
                ? !parse_variable(c, variable)
                : !(tmg_asy_is(c, "if") ? parse_if(c, out) : tmg_asy_expected(c, "`If` or a variable")))
            return false;
    }
    return true;
}

static void skip_criterion(tmg_asycuda *c)
{
    while (c->r.tok.kind != TMG_TOK_END && !tmg_asy_is(c, "criteria"))
        tmg_asy_next(c);
}

static void read_all(tmg_asycuda *c)
{
    while (c->r.tok.kind != TMG_TOK_END && c->r.fault_count < TMG_MAX_FAULTS && !tmg_arena_full(c->r.a)) {
        TMG_AUTO_BUF out = {0};

        if (!tmg_asy_is(c, "criteria")) {
            c->criterion = TMG_SPAN("none");
            (void)tmg_asy_expected(c, "`Criteria`");
            skip_criterion(c);
            continue;
        }
        tmg_buf_init(&out, 4 << 20);
        if (parse_criterion(c, &out))
            tmg_buf_span(c->out, tmg_buf_as_span(&out));
        else
            skip_criterion(c);
        c->r.depth = 0;
    }
    if (tmg_arena_full(c->r.a) || c->out->overflow)
        tmg_lang_fault(&c->r, TMG_FAULT_LIMIT, tmg_place_token(&c->r.tok),
                       "import the criteria in several files",
                       "the criteria need more room than they may have");
}

void tmg_asycuda_criteria(tmg_span source, tmg_span owner, tmg_arena *a, tmg_buf *ret_source,
                          tmg_fault **ret_faults, size_t *ret_count)
{
    TMG_AUTO_ARENA scratch = tmg_arena_new(SCRATCH);
    tmg_asycuda c = {.r = {.a = a, .scratch = scratch}, .owner = owner, .out = ret_source};

    c.r.faults = tmg_alloc_array(a, TMG_MAX_FAULTS, sizeof *c.r.faults);
    if (!tmg_utf8_valid(source)) {
        tmg_lang_fault(&c.r, TMG_FAULT_SYNTAX, (tmg_place){1, 1, 1}, "save the file as UTF-8",
                       "the file is not UTF-8 text");
    } else if (source.len > 0) {
        tmg_asy_begin(&c, tmg_span_copy(a, source));
        read_all(&c);
    }
    *ret_faults = c.r.faults;
    *ret_count = c.r.fault_count;
}
