/* Who is drawn, and with which probability anyone becomes red.
 *
 * Everything random about one candidate is its own two draws.  Its propensity is taken over these, with the
 * draws of all others as they are: weights 1/propensity then estimate without bias whatever the others drew
 * (rank conditioning; Duffield, Lund and Thorup 2007).  Where chance asks for more places than there are, the
 * lowest draws in proportion to their shares win, so a candidate gets a place when its ratio is below the one
 * that would be the last without it, and that happens with share * that ratio. */
#include "risk/select_priv.h"

#include "base/qty.h"

static bool in_pool(const tmg_standing *c)
{
    return tmg_stands_free(c) && !c->placed;
}

static int by_ratio(const void *a, const void *b)
{
    const tmg_standing *x = *(const tmg_standing *const *)a, *y = *(const tmg_standing *const *)b;

    if (x->ratio != y->ratio)
        return x->ratio < y->ratio ? -1 : 1;
    return (x->s.consignment_id > y->s.consignment_id) - (x->s.consignment_id < y->s.consignment_id);
}

void tmg_chance_share(tmg_choosing *ch, tmg_arena *a)
{
    int64_t *u = tmg_alloc_array(a, ch->count + 1, sizeof *u),
            *e = tmg_alloc_array(a, ch->count + 1, sizeof *e);

    for (size_t i = 0; i < ch->count; i++)
        u[i] = ch->c[i].mandatory ? 0 : ch->c[i].s.uncertainty_ppm;
    tmg_explore_shares(u, ch->count, ch->cap->red, ch->cap->explore_ppm, e);
    for (size_t i = 0; i < ch->count; i++) {
        tmg_standing *c = &ch->c[i];
        int64_t share = ch->cap->random_ppm * 1000 + e[i];

        if (c->decided)
            continue;
        c->s.share_ppb = c->mandatory ? 0 : share < TMG_PPB ? share : TMG_PPB;
        c->ratio = c->s.share_ppb > c->s.draw ? tmg_mul_div(c->s.draw, TMG_PPB, c->s.share_ppb) : TMG_PPB;
    }
}

/* Those drawn, the lowest ratio first; the first `places` of them get one. */
static tmg_standing **sort_drawn(tmg_choosing *ch, tmg_arena *a, size_t *ret_count)
{
    tmg_standing **drawn = tmg_alloc_array(a, ch->count + 1, sizeof(tmg_standing *));
    size_t count = 0;

    for (size_t i = 0; i < ch->count; i++)
        if (in_pool(&ch->c[i]) && ch->c[i].ratio < TMG_PPB)
            drawn[count++] = &ch->c[i];
    if (count > 1)
        qsort(drawn, count, sizeof(tmg_standing *), by_ratio);
    *ret_count = count;
    return drawn;
}

/* The ratio below which c's own draw gets it a place by chance. */
static int64_t bar_for(const tmg_standing *c, tmg_standing *const *drawn, size_t count, size_t places)
{
    if (places == 0)
        return 0;
    if (c->drawn) /* without it the next one in the row would be the last */
        return count > places ? drawn[places]->ratio : TMG_PPB;
    return count >= places ? drawn[places - 1]->ratio : TMG_PPB;
}

/* A drawn one was chosen by its rank when it would be red undrawn too: when nobody above it was turned away.
 */
static tmg_selected_by reason_for_red(tmg_choosing *ch, const tmg_standing *c, int64_t drawn_below)
{
    bool worth = c->s.utility_minor > 0;

    if (c->drawn && worth && !ch->turned_away)
        return TMG_BY_PROFILE;
    if (c->drawn)
        return c->s.draw < ch->cap->random_ppm * 1000 ? TMG_BY_RANDOM : TMG_BY_EXPLORATION;
    if (worth && ch->used_red + drawn_below < ch->cap->red)
        return TMG_BY_PROFILE;
    ch->turned_away = true;
    return TMG_BY_NONE;
}

void tmg_chance_place(tmg_choosing *ch, tmg_arena *a)
{
    size_t count;
    tmg_standing **drawn = sort_drawn(ch, a, &count);
    size_t places = ch->cap->red > ch->used_red ? (size_t)(ch->cap->red - ch->used_red) : 0;
    size_t served = count < places ? count : places;
    int64_t drawn_below = (int64_t)served;

    ch->turned_away = count > places;
    for (size_t i = 0; i < served; i++)
        drawn[i]->drawn = true;
    for (size_t i = 0; i < ch->count; i++) {
        tmg_standing *c = &ch->c[i];

        if (!in_pool(c))
            continue;
        if (c->drawn)
            drawn_below--;
        c->by = reason_for_red(ch, c, drawn_below);
        c->chance_ppb = c->by == TMG_BY_PROFILE
                            ? TMG_PPB
                            : tmg_mul_div(c->s.share_ppb, bar_for(c, drawn, count, places), TMG_PPB);
        if (c->by == TMG_BY_NONE)
            continue;
        c->lane = TMG_LANE_RED;
        ch->used_red++;
    }
}

/* Of the places that instructions and decisions left, rules get what the random share is not expected to
 * need; chance may so keep half of them. */
static int64_t places_for_rules(const tmg_choosing *ch)
{
    int64_t left = ch->cap->red - ch->used_red, standing = 0;

    if (left <= 0)
        return 0;
    for (size_t i = 0; i < ch->count; i++)
        standing += tmg_stands_free(&ch->c[i]) ? 1 : 0;
    int64_t expected = (standing * ch->cap->random_ppm + 999999) / 1000000;

    return left - (expected < left / 2 ? expected : left / 2);
}

void tmg_rules_place(tmg_choosing *ch, const tmg_standing *without)
{
    int64_t places = places_for_rules(ch);

    for (size_t i = 0; i < ch->count; i++) {
        tmg_standing *c = &ch->c[i];

        c->placed = false;
        if (!tmg_stands_free(c) || c->s.rule_lane != TMG_LANE_RED)
            continue;
        c->places = places;
        if (!c->asked || c == without || places <= 0)
            continue;
        places--;
        c->placed = true;
        c->lane = TMG_LANE_RED;
        c->by = TMG_BY_RULE;
        ch->used_red++;
    }
}

/* What chance would have given it if its rule had not asked for it. */
static int64_t chance_without_rule(const tmg_choosing *ch, const tmg_standing *c, tmg_arena *a)
{
    tmg_choosing other = {
        .c = tmg_alloc_array(a, ch->count, sizeof *other.c), .count = ch->count, .cap = ch->cap};
    const tmg_standing *same = &other.c[c - ch->c];

    other.used_red = ch->used_red;
    for (size_t i = 0; i < ch->count; i++) {
        other.c[i] = ch->c[i];
        if (tmg_stands_free(&ch->c[i]) && ch->c[i].lane == TMG_LANE_RED)
            other.used_red--;
        other.c[i].drawn = false;
    }
    tmg_rules_place(&other, same);
    tmg_chance_place(&other, a);
    return same->chance_ppb;
}

/* The day as it would stand had nobody decided anything yet: inspections by rank give their places back to
 * chance. */
static void look_at_day(tmg_choosing *ch, tmg_arena *a)
{
    int64_t places = ch->cap->red;

    ch->day_drawn = tmg_alloc_array(a, ch->count + 1, sizeof(tmg_standing *));
    for (size_t i = 0; i < ch->count; i++) {
        tmg_standing *c = &ch->c[i];
        bool first = c->mandatory || c->placed || (c->decided && c->by == TMG_BY_RULE);

        if (first && c->lane == TMG_LANE_RED && c->s.state != TMG_SEL_RELEASED)
            places--;
        else if (!first && c->s.draw != TMG_NONE && c->s.draw < c->s.share_ppb) {
            c->ratio = tmg_mul_div(c->s.draw, TMG_PPB, c->s.share_ppb);
            ch->day_drawn[ch->day_drawn_count++] = c;
        }
    }
    if (ch->day_drawn_count > 1)
        qsort(ch->day_drawn, ch->day_drawn_count, sizeof(tmg_standing *), by_ratio);
    ch->day_places = places > 0 ? (size_t)places : 0;
}

/* Its draw fell when it first stood for choice.  That others were examined since takes nothing from the
 * chance that it had then; more arrivals that were drawn do. */
static int64_t chance_of_the_day(tmg_choosing *ch, const tmg_standing *c, tmg_arena *a)
{
    size_t places;
    bool served = false;

    if (ch->day_drawn == NULL)
        look_at_day(ch, a);
    places = ch->day_places;
    for (size_t i = 0; i < places && i < ch->day_drawn_count; i++)
        served = served || ch->day_drawn[i] == c;
    if (places == 0)
        return 0;
    int64_t bar = TMG_PPB;

    if (served && ch->day_drawn_count > places)
        bar = ch->day_drawn[places]->ratio;
    else if (!served && ch->day_drawn_count >= places)
        bar = ch->day_drawn[places - 1]->ratio;
    return tmg_mul_div(c->s.share_ppb, bar, TMG_PPB);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* One of the pool: by chance now, or as it was by chance before. */
static int64_t pool_chance(tmg_choosing *ch, const tmg_standing *c, tmg_arena *a)
{
    int64_t before = least(c->s.propensity_ppb, c->s.share_ppb);

    if (c->chance_ppb >= before)
        return c->chance_ppb;
    before = least(before, chance_of_the_day(ch, c, a));
    return before > c->chance_ppb ? before : c->chance_ppb;
}

int64_t tmg_propensity(tmg_choosing *ch, const tmg_standing *c, tmg_arena *a)
{
    int64_t share = c->s.rule_lane == TMG_LANE_RED && c->places > 0 ? c->s.rule_share_ppm * 1000 : 0;

    if (c->mandatory || share >= TMG_PPB)
        return TMG_PPB;
    if (share == 0)
        return pool_chance(ch, c, a);
    int64_t chance = c->placed ? chance_without_rule(ch, c, a) : c->chance_ppb;

    return share + tmg_mul_div(TMG_PPB - share, chance, TMG_PPB);
}
