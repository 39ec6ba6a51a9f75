#include "risk/selections_priv.h"

#include "base/qty.h"
#include "risk/words_priv.h"

enum { WHY_MAX = 512 };
static const char beyond[] = "; the day's red places are used up";

static void money(tmg_buf *b, int64_t minor)
{
    tmg_grouped_write(b, minor, 2, 2);
}

/* "12,500.00 = 12,400.00 (fraud 31 %) + 100.00 (critical 0.2 % x 50,000.00)" */
static void say_expected(tmg_buf *b, const tmg_selection *s)
{
    int64_t critical = tmg_mul_div(s->critical_ppb, s->w_minor, TMG_PPB);
    tmg_buf_z(b, "expected value ");
    money(b, s->utility_minor);
    tmg_buf_z(b, " = ");
    money(b, s->utility_minor - critical);
    tmg_buf_z(b, " (fraud ");
    tmg_percent_write(b, s->fraud_ppb);
    tmg_buf_z(b, " of the value) + ");
    money(b, critical);
    tmg_buf_z(b, " (critical ");
    tmg_percent_write(b, s->critical_ppb);
    tmg_buf_z(b, " of ");
    money(b, s->w_minor);
    tmg_buf_char(b, ')');
}

static void say_random(tmg_buf *b, const tmg_selection *s, const tmg_capacity *cap)
{
    tmg_buf_z(b, "drawn at random: ");
    tmg_decimal_write_fixed(b, s->draw, 9);
    tmg_buf_z(b, " is below the share of ");
    tmg_decimal_write(b, cap->random_ppm, 4);
    tmg_buf_z(b, " %");
}

/* "drawn to learn: 0.021300000 is below the share of 3.1 %, the larger the less is known about its like" */
static void say_exploring(tmg_buf *b, const tmg_selection *s)
{
    tmg_buf_z(b, "drawn to learn: ");
    tmg_decimal_write_fixed(b, s->draw, 9);
    tmg_buf_z(b, " is below the share of ");
    tmg_percent_write(b, s->share_ppb);
    tmg_buf_z(b, ", the larger the less is known about its like");
}

static void say_rule(tmg_buf *b, const tmg_selection *s)
{
    tmg_buf_fmt(b, "rule %.*s asks for the %s lane", TMG_SPAN_ARG(s->rule), tmg_lane_name(s->rule_lane));
    if (s->rule_share_ppm < 1000000) {
        tmg_buf_z(b, " for ");
        tmg_decimal_write(b, s->rule_share_ppm, 4);
        tmg_buf_z(b, " % of its hits, and ");
        tmg_decimal_write_fixed(b, s->rule_draw, 9);
        tmg_buf_z(b, " was drawn");
    }
    if (s->lane != s->rule_lane)
        tmg_buf_z(b, "; its places are used up");
}

tmg_span tmg_selection_words(const tmg_selection *s, const tmg_capacity *cap, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};
    tmg_buf_init(&b, WHY_MAX);
    if (s->by == TMG_BY_RANDOM || s->by == TMG_BY_EXPLORATION || s->by == TMG_BY_RULE) {
        if (s->by == TMG_BY_RANDOM)
            say_random(&b, s, cap);
        else if (s->by == TMG_BY_EXPLORATION)
            say_exploring(&b, s);
        else
            say_rule(&b, s);
        return tmg_span_copy(a, tmg_buf_as_span(&b));
    }
    say_expected(&b, s);
    switch (s->lane) {
    case TMG_LANE_RED:
        tmg_buf_z(&b, ": among the highest of the post's day");
        break;
    case TMG_LANE_YELLOW:
        tmg_buf_z(&b, ": next after those with a red place");
        break;
    case TMG_LANE_BLUE:
        tmg_buf_z(&b, ": revenue worth a control after release");
        break;
    case TMG_LANE_GREEN:
        tmg_buf_z(&b, ": below those with a place");
        break;
    }
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

tmg_span tmg_selection_mandatory_words(tmg_span why, bool beyond_capacity, tmg_arena *a)
{
    size_t tail = sizeof beyond - 1;
    bool has_tail = why.len >= tail && memcmp(why.ptr + why.len - tail, beyond, tail) == 0;
    if (has_tail == beyond_capacity)
        return why;
    if (has_tail)
        return (tmg_span){why.ptr, why.len - tail};
    TMG_AUTO_BUF b = {0};
    tmg_buf_init(&b, WHY_MAX);
    tmg_buf_span(&b, why);
    tmg_buf_z(&b, beyond);
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}
