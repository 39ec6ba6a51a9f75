#include "base/qty.h"
#include "risk/select_priv.h"

static int64_t critical_part(int64_t critical_ppb, int64_t w_minor)
{
    return tmg_mul_div(critical_ppb, w_minor, TMG_PPB);
}

int64_t tmg_utility(int64_t fraud_ppb, int64_t critical_ppb, int64_t value_minor, int64_t w_minor)
{
    int64_t value = value_minor == TMG_NONE || value_minor < 0 ? 0 : value_minor;
    int64_t sum = 0;
    if (__builtin_add_overflow(tmg_mul_div(fraud_ppb, value, TMG_PPB), critical_part(critical_ppb, w_minor),
                               &sum))
        return INT64_MAX;
    return sum;
}

bool tmg_selection_decided(const tmg_selection *s)
{
    return s->state != TMG_SEL_OPEN && s->state != TMG_SEL_WAITING;
}

static int by_id(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_rank(const void *a, const void *b)
{
    const tmg_standing *x = a, *y = b;
    if (x->mandatory != y->mandatory)
        return x->mandatory ? -1 : 1;
    if (x->s.utility_minor != y->s.utility_minor)
        return x->s.utility_minor > y->s.utility_minor ? -1 : 1;
    return by_id(x->s.consignment_id, y->s.consignment_id);
}

static int by_fraud_part(const void *a, const void *b)
{
    const tmg_standing *x = *(const tmg_standing *const *)a, *y = *(const tmg_standing *const *)b;
    if (x->fraud_part != y->fraud_part)
        return x->fraud_part > y->fraud_part ? -1 : 1;
    return by_id(x->s.consignment_id, y->s.consignment_id);
}

/* An inspection that was ordered or done took a red place whatever the lane said; a released one gave its
 * place back. */
static void count_decided(tmg_choosing *ch, const tmg_standing *c)
{
    if (c->s.state == TMG_SEL_ORDERED || c->s.state == TMG_SEL_CLOSED)
        ch->used_red++;
    else if (c->s.state == TMG_SEL_ESCALATED && c->lane == TMG_LANE_RED)
        ch->used_red++;
    else if (c->lane == TMG_LANE_YELLOW)
        ch->used_yellow++;
    else if (c->lane == TMG_LANE_BLUE)
        ch->used_blue++;
}

static void place_decided(tmg_choosing *ch)
{
    for (size_t i = 0; i < ch->count; i++)
        if (ch->c[i].decided)
            count_decided(ch, &ch->c[i]);
}

static void place_mandatory(tmg_choosing *ch, tmg_arena *a)
{
    for (size_t i = 0; i < ch->count; i++) {
        tmg_standing *c = &ch->c[i];
        if (c->decided || !c->mandatory)
            continue;
        c->lane = TMG_LANE_RED;
        c->by = TMG_BY_MANDATORY;
        c->s.why = tmg_selection_mandatory_words(c->s.why, ch->used_red >= ch->cap->red, a);
        ch->used_red++;
    }
}

static bool asked_for(const tmg_standing *c, tmg_lane lane)
{
    return c->asked &&
           (c->s.rule_lane == lane || (lane == TMG_LANE_YELLOW && c->s.rule_lane == TMG_LANE_RED));
}

/* Those whom a rule asks for, or asked for in vain at the red places, come before the ranking. */
static void place_yellow(tmg_choosing *ch, bool by_rule)
{
    for (size_t i = 0; i < ch->count && ch->used_yellow < ch->cap->yellow; i++) {
        tmg_standing *c = &ch->c[i];
        if (c->decided || c->lane != TMG_LANE_GREEN)
            continue;
        if (by_rule ? !asked_for(c, TMG_LANE_YELLOW) : c->s.utility_minor <= 0)
            continue;
        c->lane = TMG_LANE_YELLOW;
        c->by = by_rule ? TMG_BY_RULE : TMG_BY_PROFILE;
        ch->used_yellow++;
    }
}

/* Control after release is about revenue: those with the most to recover. */
static void place_blue(tmg_choosing *ch, bool by_rule, tmg_arena *a)
{
    tmg_standing **left = tmg_alloc_array(a, ch->count + 1, sizeof(tmg_standing *));
    size_t count = 0;
    for (size_t i = 0; i < ch->count; i++) {
        tmg_standing *c = &ch->c[i];
        if (!c->decided && c->lane == TMG_LANE_GREEN &&
            (by_rule ? asked_for(c, TMG_LANE_BLUE) : c->fraud_part > 0))
            left[count++] = c;
    }
    if (count > 1)
        qsort(left, count, sizeof(tmg_standing *), by_fraud_part);
    for (size_t i = 0; i < count && ch->used_blue < ch->cap->blue; i++) {
        left[i]->lane = TMG_LANE_BLUE;
        left[i]->by = by_rule ? TMG_BY_RULE : TMG_BY_PROFILE;
        ch->used_blue++;
    }
}

/* A sentence stays as long as what it explains: it was true when the choice was made. */
static void settle(tmg_choosing *ch, const tmg_standing *c, int64_t rank, tmg_arena *a, tmg_selection *ret)
{
    tmg_selection s = c->s;
    s.rank = rank;
    if (!c->decided) {
        int64_t p = tmg_propensity(ch, c, a);
        bool same = s.lane == c->lane && s.by == c->by && s.propensity_ppb == p && s.why.len > 0;
        s.lane = c->lane;
        s.by = c->by;
        s.propensity_ppb = p;
        if (!same && !c->mandatory)
            s.why = tmg_selection_words(&s, ch->cap, a);
    }
    *ret = s;
}

static void begin(tmg_standing *c, const tmg_selection *s, int64_t w_minor, tmg_draw draw, void *ctx)
{
    c->s = *s;
    c->decided = tmg_selection_decided(s);
    c->mandatory = s->by == TMG_BY_MANDATORY;
    c->lane = c->decided ? s->lane : TMG_LANE_GREEN;
    c->by = c->decided ? s->by : TMG_BY_NONE;
    if (c->decided)
        return;
    c->s.w_minor = w_minor;
    c->s.draw = draw(ctx, s);
    c->fraud_part = s->utility_minor - critical_part(s->critical_ppb, w_minor);
    c->asked = s->rule_lane != 0 && s->rule_draw != TMG_NONE && s->rule_draw < s->rule_share_ppm * 1000;
}

void tmg_select(tmg_selection *c, size_t count, const tmg_capacity *cap, int64_t w_minor, tmg_draw draw,
                void *ctx, tmg_arena *a)
{
    tmg_choosing ch = {.c = tmg_alloc_array(a, count + 1, sizeof *ch.c), .count = count, .cap = cap};
    for (size_t i = 0; i < count; i++)
        begin(&ch.c[i], &c[i], w_minor, draw, ctx);
    if (count > 1)
        qsort(ch.c, count, sizeof *ch.c, by_rank);
    place_decided(&ch);
    place_mandatory(&ch, a);
    tmg_chance_share(&ch, a);
    tmg_rules_place(&ch, NULL);
    tmg_chance_place(&ch, a);
    for (int by_rule = 1; by_rule >= 0; by_rule--)
        place_yellow(&ch, by_rule == 1);
    for (int by_rule = 1; by_rule >= 0; by_rule--)
        place_blue(&ch, by_rule == 1, a);
    for (size_t i = 0; i < count; i++)
        settle(&ch, &ch.c[i], (int64_t)i + 1, a, &c[i]);
}
