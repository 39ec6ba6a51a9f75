#include "base/qty.h"
#include "risk/selections_priv.h"

/* What one inspection is chosen by, once. */
typedef struct candidate {
    tmg_selection s;
    int64_t fraud_part; /* P(fraud) * value */
    bool decided, mandatory, drawn;
    tmg_lane lane;
    tmg_selected_by by;
} candidate;

typedef struct choosing {
    candidate *c;
    size_t count;
    const tmg_capacity *cap;
    int64_t used_red, used_yellow, used_blue;
    int64_t drawn_below; /* drawn ones that the walk down the ranking has not met yet */
    bool turned_away;    /* would one more place go to somebody further up, or drawn, instead? */
} choosing;

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
    const candidate *x = a, *y = b;
    if (x->mandatory != y->mandatory)
        return x->mandatory ? -1 : 1;
    if (x->s.utility_minor != y->s.utility_minor)
        return x->s.utility_minor > y->s.utility_minor ? -1 : 1;
    return by_id(x->s.consignment_id, y->s.consignment_id);
}

static int by_draw(const void *a, const void *b)
{
    const candidate *x = *(const candidate *const *)a, *y = *(const candidate *const *)b;
    if (x->s.draw != y->s.draw)
        return x->s.draw < y->s.draw ? -1 : 1;
    return by_id(x->s.consignment_id, y->s.consignment_id);
}

static int by_fraud_part(const void *a, const void *b)
{
    const candidate *x = *(const candidate *const *)a, *y = *(const candidate *const *)b;
    if (x->fraud_part != y->fraud_part)
        return x->fraud_part > y->fraud_part ? -1 : 1;
    return by_id(x->s.consignment_id, y->s.consignment_id);
}

/* An inspection that was ordered or done took a red place whatever the lane said; a released one gave its
 * place back. */
static void count_decided(choosing *ch, const candidate *c)
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

static void place_decided(choosing *ch)
{
    for (size_t i = 0; i < ch->count; i++)
        if (ch->c[i].decided)
            count_decided(ch, &ch->c[i]);
}

static void place_mandatory(choosing *ch, tmg_arena *a)
{
    for (size_t i = 0; i < ch->count; i++) {
        candidate *c = &ch->c[i];
        if (c->decided || !c->mandatory)
            continue;
        c->lane = TMG_LANE_RED;
        c->by = TMG_BY_MANDATORY;
        c->s.why = tmg_selection_mandatory_words(c->s.why, ch->used_red >= ch->cap->red, a);
        ch->used_red++;
    }
}

/* Draws for those who stand free; where more were drawn than places are left, the lowest draws get them. */
static void draw_all(choosing *ch, tmg_arena *a)
{
    candidate **drawn = tmg_alloc_array(a, ch->count + 1, sizeof *drawn);
    size_t count = 0;
    for (size_t i = 0; i < ch->count; i++) {
        candidate *c = &ch->c[i];
        if (!c->decided && !c->mandatory && c->s.draw < ch->cap->random_ppm * 1000)
            drawn[count++] = c;
    }
    int64_t left = ch->cap->red - ch->used_red;
    size_t places = left > 0 ? (size_t)left : 0;
    if (count > places) {
        qsort(drawn, count, sizeof *drawn, by_draw);
        count = places;
        ch->turned_away = true;
    }
    for (size_t i = 0; i < count; i++)
        drawn[i]->drawn = true;
    ch->drawn_below = (int64_t)count;
}

/* A drawn one was chosen by its rank when it would be red undrawn too: when nobody above it was turned away.
 */
static tmg_selected_by reason_for_red(choosing *ch, const candidate *c)
{
    bool worth = c->s.utility_minor > 0;
    if (c->drawn)
        return worth && !ch->turned_away ? TMG_BY_PROFILE : TMG_BY_RANDOM;
    if (worth && ch->used_red + ch->drawn_below < ch->cap->red)
        return TMG_BY_PROFILE;
    ch->turned_away = true;
    return TMG_BY_NONE;
}

/* Down the ranking: a place goes to the next one while places remain for those drawn further down. */
static void place_red(choosing *ch)
{
    for (size_t i = 0; i < ch->count; i++) {
        candidate *c = &ch->c[i];
        if (c->decided || c->mandatory)
            continue;
        if (c->drawn)
            ch->drawn_below--;
        c->by = reason_for_red(ch, c);
        if (c->by == TMG_BY_NONE)
            continue;
        c->lane = TMG_LANE_RED;
        ch->used_red++;
    }
}

static void place_yellow(choosing *ch)
{
    for (size_t i = 0; i < ch->count && ch->used_yellow < ch->cap->yellow; i++) {
        candidate *c = &ch->c[i];
        if (c->decided || c->lane != TMG_LANE_GREEN || c->s.utility_minor <= 0)
            continue;
        c->lane = TMG_LANE_YELLOW;
        c->by = TMG_BY_PROFILE;
        ch->used_yellow++;
    }
}

/* Control after release is about revenue: those with the most to recover. */
static void place_blue(choosing *ch, tmg_arena *a)
{
    candidate **left = tmg_alloc_array(a, ch->count + 1, sizeof *left);
    size_t count = 0;
    for (size_t i = 0; i < ch->count; i++)
        if (!ch->c[i].decided && ch->c[i].lane == TMG_LANE_GREEN && ch->c[i].fraud_part > 0)
            left[count++] = &ch->c[i];
    qsort(left, count, sizeof *left, by_fraud_part);
    for (size_t i = 0; i < count && ch->used_blue < ch->cap->blue; i++) {
        left[i]->lane = TMG_LANE_BLUE;
        left[i]->by = TMG_BY_PROFILE;
        ch->used_blue++;
    }
}

static int64_t propensity(const candidate *c, const tmg_capacity *cap)
{
    if (c->lane == TMG_LANE_RED && (c->by == TMG_BY_MANDATORY || c->by == TMG_BY_PROFILE))
        return TMG_PPB;
    return cap->random_ppm * 1000;
}

/* A sentence stays as long as what it explains: it was true when the choice was made. */
static void settle(const candidate *c, int64_t rank, const tmg_capacity *cap, tmg_arena *a,
                   tmg_selection *ret)
{
    tmg_selection s = c->s;
    s.rank = rank;
    if (!c->decided) {
        int64_t p = propensity(c, cap);
        bool same = s.lane == c->lane && s.by == c->by && s.propensity_ppb == p && s.why.len > 0;
        s.lane = c->lane;
        s.by = c->by;
        s.propensity_ppb = p;
        if (!same && !c->mandatory)
            s.why = tmg_selection_words(&s, cap, a);
    }
    *ret = s;
}

static void begin(candidate *c, const tmg_selection *s, int64_t w_minor, tmg_draw draw, void *ctx)
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
}

void tmg_select(tmg_selection *c, size_t count, const tmg_capacity *cap, int64_t w_minor, tmg_draw draw,
                void *ctx, tmg_arena *a)
{
    choosing ch = {.c = tmg_alloc_array(a, count + 1, sizeof *ch.c), .count = count, .cap = cap};
    for (size_t i = 0; i < count; i++)
        begin(&ch.c[i], &c[i], w_minor, draw, ctx);
    qsort(ch.c, count, sizeof *ch.c, by_rank);
    place_decided(&ch);
    place_mandatory(&ch, a);
    draw_all(&ch, a);
    place_red(&ch);
    place_yellow(&ch);
    place_blue(&ch, a);
    for (size_t i = 0; i < count; i++)
        settle(&ch.c[i], (int64_t)i + 1, cap, a, &c[i]);
}
