/* then lane red 100%  weight +12.5 dB  offence fraud, critical  check documents, xray: what a hit does. */
#include "base/qty.h"
#include "rule/lang_priv.h"

enum { MOST_WEIGHT_MDB = 60000 }; /* a million to one: beyond it no evidence of one rule reaches */

/* A number with a sign, as an integer at that scale. */
static bool take_scaled(tmg_rreader *r, const char *what, int scale, int64_t *ret, tmg_place *ret_place)
{
    bool minus = tmg_tok_mark(r, '-');
    int64_t v;

    if (minus || tmg_tok_mark(r, '+'))
        tmg_lex_next(r);
    *ret_place = tmg_place_token(&r->tok);
    if (r->tok.kind != TMG_TOK_NUMBER ||
        tmg_decimal_parse(r->tok.raw, scale, TMG_ROUND_REFUSE, &v, NULL) != TMG_OK)
        return tmg_lang_expected(r, what);
    *ret = minus ? -v : v;
    tmg_lex_next(r);
    return true;
}

static bool parse_lane(tmg_rreader *r, tmg_rule *rule)
{
    tmg_place p;

    rule->lane = r->tok.kind == TMG_TOK_WORD ? tmg_lane_of(r->tok.raw) : 0;
    if (rule->lane == 0)
        return tmg_lang_expected(r, "`red`, `yellow`, `blue` or `green`");
    tmg_lex_next(r);
    rule->share_ppm = 1000000;
    if (r->tok.kind != TMG_TOK_NUMBER)
        return true;
    if (!take_scaled(r, "a share like 100% or 12.5%", 4, &rule->share_ppm, &p))
        return false;
    if (!tmg_tok_mark(r, '%'))
        return tmg_lang_expected(r, "`%`");
    tmg_lex_next(r);
    if (rule->share_ppm < 1 || rule->share_ppm > 1000000)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, p, NULL, "a share is more than 0%% and at most 100%%");
    return true;
}

static bool parse_weight(tmg_rreader *r, tmg_rule *rule)
{
    tmg_place p;

    if (!take_scaled(r, "a weight like +12.5 (dB, at most 3 decimals)", 3, &rule->weight_mdB, &p))
        return false;
    if (!tmg_tok_is(r, "dB"))
        return tmg_lang_expected(r, "`dB`");
    tmg_lex_next(r);
    if (rule->weight_mdB < -MOST_WEIGHT_MDB || rule->weight_mdB > MOST_WEIGHT_MDB)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, p, "+3 dB doubles the odds, +10 dB makes them ten times as high",
                       "a weight lies between -60 dB and +60 dB");
    return true;
}

static bool comma(tmg_rreader *r)
{
    if (!tmg_tok_mark(r, ','))
        return false;
    tmg_lex_next(r);
    return true;
}

static bool parse_offence(tmg_rreader *r, tmg_rule *rule)
{
    do {
        if (tmg_tok_is(r, "fraud"))
            rule->offences |= TMG_OFFENCE_FRAUD;
        else if (tmg_tok_is(r, "critical"))
            rule->offences |= TMG_OFFENCE_CRITICAL;
        else
            return tmg_lang_expected(r, "`fraud` or `critical`");
        tmg_lex_next(r);
    } while (comma(r));
    return true;
}

static bool parse_check(tmg_rreader *r, tmg_rule *rule)
{
    do {
        unsigned bit = r->tok.kind == TMG_TOK_WORD ? tmg_means_of(r->tok.raw) : 0;

        if (bit == 0)
            return tmg_lang_expected(r, "a means: documents, xray, dog, density, scale or unloading");
        rule->means |= bit;
        tmg_lex_next(r);
    } while (comma(r));
    return true;
}

bool tmg_parse_then(tmg_rreader *r, tmg_rule *rule)
{
    static const struct {
        const char *word;
        bool (*parse)(tmg_rreader *r, tmg_rule *rule);
    } parts[] = {
        {"lane", parse_lane}, {"weight", parse_weight}, {"offence", parse_offence}, {"check", parse_check}};
    enum { PARTS = sizeof parts / sizeof *parts };
    unsigned seen = 0;

    for (;;) {
        size_t i = 0;

        while (i < PARTS && !tmg_tok_is(r, parts[i].word))
            i++;
        if (i == PARTS)
            break;
        if ((seen & 1U << i) != 0)
            tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_token(&r->tok), NULL, "`%s` stands here twice",
                           parts[i].word);
        seen |= 1U << i;
        tmg_lex_next(r);
        if (!parts[i].parse(r, rule))
            return false;
    }
    if ((seen & 3U) == 0)
        return tmg_lang_expected(r, "`lane` or `weight` after `then`");
    return true;
}
