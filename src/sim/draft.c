#include "sim/sim_priv.h"

enum { HOME_GOODS = 3, HOME_CARRIERS = 3, OCCASIONAL = 2900000 };

/* A load is worth at most 400,000 manat: dear goods travel in small lots. */
static const int64_t most_value = 40000000;

/* A trader as it always is: asked for again, it is the same. */
typedef struct trader {
    uint32_t id;
    int32_t born;       /* the first day on which it trades */
    int64_t growth_pct; /* change of its activity over the history */
    const sim_goods *goods[HOME_GOODS];
    const char *from, *to;
    sim_post_no post;
    uint32_t partner, broker;
    sim_who carriers[HOME_CARRIERS];
    int64_t level_ppm, honesty_pct;
} trader;

/* Month 0 is any season. */
static const sim_goods *draw_goods(unsigned groups, int month, sim_rng *r)
{
    for (int tries = 0; tries < 400; tries++) {
        const sim_goods *g = sim_goods_at(sim_below(r, sim_goods_count()));
        if ((g->groups & groups) != 0 && (month == 0 || sim_in_season(g, month)))
            return g;
    }
    return sim_goods_by_hs("0701900000");
}

static sim_post_no draw_post(const sim_flow *f, sim_rng *r)
{
    int at = (int)sim_below(r, 100);
    size_t i = 0;
    while ((at -= f->posts[i].weight) >= 0 && i + 1 < 4)
        i++;
    return f->posts[i].no;
}

/* Most traders are as honest as most; some never cheat, a few do it often. */
static int64_t draw_honesty(sim_rng *r)
{
    int64_t at = sim_between(r, 1, 100);
    if (at <= 55)
        return 35;
    if (at <= 88)
        return 100;
    return at <= 96 ? 300 : 900;
}

/* `id` within the flow's traders, or one of those that come by now and then. */
static trader trader_of(const sim_world *w, sim_flow_no no, uint32_t id)
{
    const sim_flow *f = sim_flow_at(no);
    sim_rng r = sim_rng_of(w->o.seed, SIM_S_TRADER, id);
    trader t = {.id = id};
    t.born = sim_chance(&r, 120000) ? (int32_t)sim_between(&r, w->first_day, w->end_day - 1) : w->first_day;
    t.growth_pct = sim_between(&r, -40, 60);
    t.honesty_pct = draw_honesty(&r);
    t.level_ppm = sim_around(&r, 1000000, 14);
    t.post = draw_post(f, &r);
    t.from = sim_share_draw(f->from, &r);
    t.to = sim_share_draw(f->to, &r);
    t.partner = SIM_ID_PARTNER + w->trader_base[no] + (uint32_t)sim_skewed(&r, w->traders[no] / 2 + 1);
    t.broker = SIM_ID_BROKER + (uint32_t)t.post * 1000 + (uint32_t)sim_skewed(&r, w->brokers);
    for (size_t i = 0; i < HOME_CARRIERS; i++) {
        const char *country = sim_share_draw(f->carriers, &r);
        t.carriers[i] = sim_who_of(country, SIM_ID_CARRIER + (uint32_t)sim_skewed(&r, w->carriers));
    }
    for (size_t i = 0; i < HOME_GOODS; i++)
        t.goods[i] = draw_goods(f->groups, 0, &r);
    return t;
}

static bool trades_today(const sim_world *w, const trader *t, sim_rng *r)
{
    if (w->day < t->born)
        return false;
    int64_t pct = 70 + t->growth_pct * (w->day - w->first_day) / (w->end_day - w->first_day);
    return sim_chance(r, pct * 10000);
}

/* Nearly all trade comes from the flow's own traders; the rest from companies that are hardly ever seen
 * again. */
static trader draw_trader(const sim_world *w, sim_flow_no no, sim_rng *r)
{
    if (sim_chance(r, 35000))
        return trader_of(w, no, SIM_ID_OCCASIONAL + (uint32_t)sim_below(r, OCCASIONAL));
    for (int tries = 0;; tries++) {
        trader t = trader_of(w, no, w->trader_base[no] + (uint32_t)sim_skewed(r, w->traders[no]));
        if (tries == 12 || trades_today(w, &t, r))
            return t;
    }
}

/* Large carriers have large fleets. */
static uint32_t fleet_of(const sim_world *w, const sim_who *carrier)
{
    return 8 + w->carriers / (carrier->id - SIM_ID_CARRIER + 1);
}

static void set_parties(const sim_world *w, const trader *t, sim_draft *d)
{
    sim_who self = sim_who_of(d->flow->regime == TMG_EXPORT ? "AZ" : d->to, t->id);
    if (d->flow->regime == TMG_EXPORT) {
        d->who[TMG_CONSIGNOR] = self;
        d->who[TMG_CONSIGNEE] = sim_who_of(d->to, t->partner);
    } else {
        d->who[TMG_CONSIGNOR] = sim_who_of(d->from, t->partner);
        d->who[TMG_CONSIGNEE] = self;
    }
    d->who[TMG_DECLARANT] = sim_who_of("AZ", t->broker);
    d->who[TMG_CARRIER] = t->carriers[sim_skewed(&d->rng, HOME_CARRIERS)];
    d->truck = (uint32_t)sim_below(&d->rng, fleet_of(w, &d->who[TMG_CARRIER]));
}

/* Mixed loads are the habit of textiles, household goods and electronics; produce and bulk travel alone. */
static size_t draw_load_count(const sim_goods *main_goods, sim_rng *r)
{
    bool mixed = (main_goods->groups &
                  (SIM_G_TEXTILE | SIM_G_HOME | SIM_G_ELECTRONIC | SIM_G_FOOD | SIM_G_PHARMA)) != 0;
    if (!mixed)
        return sim_chance(r, 120000) ? 2 : 1;
    return 1 + sim_skewed(r, SIM_LOADS);
}

static int64_t within_value(const sim_goods *g, int64_t net_g, sim_rng *r)
{
    int64_t most_g = most_value / g->price * sim_between(r, 300, 1000) / 1000 * 1000;
    return net_g < most_g ? net_g : most_g;
}

static void set_loads(const sim_world *w, const trader *t, sim_draft *d)
{
    const sim_flow *f = d->flow;
    int64_t net_g = sim_between(&d->rng, f->load_from_kg, f->load_to_kg) * 1000;
    const sim_goods *first = t->goods[sim_skewed(&d->rng, HOME_GOODS)];
    if (!sim_in_season(first, w->month) || sim_chance(&d->rng, 30000))
        first = draw_goods(f->groups, w->month, &d->rng);
    d->load_count = draw_load_count(first, &d->rng);
    for (size_t i = 0; i < d->load_count; i++) {
        const sim_goods *g = i == 0 ? first : draw_goods(first->groups & f->groups, w->month, &d->rng);
        int64_t share = i + 1 == d->load_count ? net_g : net_g * sim_between(&d->rng, 35, 70) / 100;
        int64_t price = sim_around(&d->rng, g->price, 12);
        bool elsewhere = f->regime == TMG_IMPORT && sim_chance(&d->rng, 60000);
        d->loads[i] =
            (sim_load){g, price, within_value(g, share, &d->rng), 100, 0, elsewhere ? "CN" : d->from};
        net_g -= share;
    }
}

/* More at daytime; a fifth of the road goes by night. */
static int draw_hour(sim_rng *r)
{
    static const uint8_t weights[24] = {2, 2, 1, 1, 2, 3, 4, 6, 7, 8, 8, 7,
                                        6, 6, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3};
    int all = 0;
    for (int i = 0; i < 24; i++)
        all += weights[i];
    int at = (int)sim_below(r, (size_t)all), hour = 0;
    while ((at -= weights[hour]) >= 0)
        hour++;
    return hour;
}

void sim_draft_make(const sim_world *w, sim_flow_no flow, sim_rng rng, sim_draft *ret)
{
    sim_draft *d = ret;
    *d = (sim_draft){.flow = sim_flow_at(flow), .rng = rng, .truth = TMG_OUTCOME_NONE};
    trader t = draw_trader(w, flow, &d->rng);
    d->post = sim_chance(&d->rng, 930000) ? t.post : draw_post(d->flow, &d->rng);
    d->from = t.from;
    d->to = t.to;
    d->level_ppm = t.level_ppm;
    set_parties(w, &t, d);
    set_loads(w, &t, d);
    int64_t second = draw_hour(&d->rng) * INT64_C(3600);
    second += sim_between(&d->rng, 0, 3599);
    d->expected_ms = tmg_day_start_ms(w->day, w->o.offset_min) + second * 1000;
    int64_t hours = d->flow->lead_from_h +
                    (int64_t)sim_skewed(&d->rng, (size_t)(d->flow->lead_to_h - d->flow->lead_from_h));
    d->lodged_ms = d->expected_ms - hours * TMG_HOUR_MS - sim_between(&d->rng, 0, 3599) * 1000;
    d->honesty_pct = t.honesty_pct;
}

bool sim_draft_known(const sim_world *w, sim_draft *d)
{
    if (d->lodged_ms < w->now_ms)
        return true;
    if (!sim_chance(&d->rng, 600000))
        return false;
    d->lodged_ms = w->now_ms - sim_between(&d->rng, 20 * 60, 24 * 3600) * 1000;
    return true;
}

void sim_draft_post(const sim_world *w, sim_draft *d, sim_post_no post)
{
    uint32_t broker = SIM_ID_BROKER + (uint32_t)post * 1000 + (uint32_t)sim_skewed(&d->rng, w->brokers);
    d->post = post;
    d->who[TMG_DECLARANT] = sim_who_of("AZ", broker);
}

void sim_draft_goods(sim_draft *d, const char *hs, int64_t net_g)
{
    const sim_goods *g = sim_goods_by_hs(hs);
    d->load_count = 1;
    d->loads[0] = (sim_load){g, sim_around(&d->rng, g->price, 12), net_g, 100, 0, d->from};
}
