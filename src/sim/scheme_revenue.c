/* The planted schemes against revenue: undervaluation ring, successor company, choice of a lenient post. */
#include "sim/sim_priv.h"

static sim_who sharing_address(const char *country, uint32_t id, uint32_t address)
{
    sim_who who = sim_who_of(country, id);
    who.address = address;
    return who;
}

/* ---- several importers, one address, one broker: a third to a half of the usual value ---- */

typedef struct line_of_trade {
    sim_flow_no flow;
    sim_post_no post;
    const char *hs, *from;
    int64_t from_kg, to_kg;
} line_of_trade;

static const line_of_trade ring_trades[] = {
    {SIM_AIR_IMPORT, SIM_AIRPORT, "8517130000", "AE", 120, 700},
    {SIM_TR_IMPORT, SIM_RED_BRIDGE, "6109100000", "TR", 5000, 14000},
    {SIM_TR_IMPORT, SIM_RED_BRIDGE, "8708290000", "TR", 6000, 16000},
};

static const line_of_trade *ring_trade(const sim_scheme *s)
{
    return &ring_trades[s->copy % 3];
}

static void plan_ring(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    for (uint32_t i = 0; i < 4; i++)
        sim_member_add(s, "importer", sharing_address("AZ", s->base_id + i, s->base_id));
    sim_member_add(s, "broker", sim_who_of("AZ", s->base_id + 4));
    sim_member_add(s, "consignor", sim_who_of(ring_trade(s)->from, s->base_id + 5));
    for (int32_t day = w->first_day + 1; day < w->o.today; day += (int32_t)sim_between(r, 0, 2))
        sim_event_add(w, s, day, s->event_count % 9 == 7);
}

static void draft_ring(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng, sim_draft *d)
{
    const line_of_trade *t = ring_trade(s);
    sim_draft_make(w, t->flow, rng, d);
    d->from = t->from;
    sim_draft_post(w, d, t->post);
    sim_draft_goods(d, t->hs, sim_between(&d->rng, t->from_kg, t->to_kg) * 1000);
    d->who[TMG_CONSIGNEE] = *sim_member_at(s, "importer", (size_t)e->no);
    d->who[TMG_DECLARANT] = *sim_member_at(s, "broker", 0);
    d->who[TMG_CONSIGNOR] = *sim_member_at(s, "consignor", 0);
    d->level_ppm = sim_between(&d->rng, 300000, 500000);
    d->truth = TMG_OUTCOME_VALUE;
}

const sim_kind sim_ring = {
    "undervaluation_ring",
    TMG_FRAUD,
    "four importers at one address with one broker declare 30 to 50 % of the usual value",
    2,
    plan_ring,
    draft_ring};

/* ---- a company that is found out, closes, and opens again under another number ---- */

static void plan_phoenix(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    sim_who successor = {"AZ", s->base_id + 1, s->base_id, s->base_id, true};
    sim_member_add(s, "first company", sim_who_of("AZ", s->base_id));
    sim_member_add(s, "successor", successor);
    sim_member_add(s, "broker", sim_who_of("AZ", s->base_id + 2));
    sim_member_add(s, "carrier", sim_who_of("TR", s->base_id + 3));
    sim_member_add(s, "consignor", sim_who_of("TR", s->base_id + 4));
    s->turn_day = sim_history_day(w, 450);
    for (int32_t day = w->first_day; day < s->turn_day; day += (int32_t)sim_between(r, 1, 3))
        sim_event_add(w, s, day, false);
    sim_event_add(w, s, s->turn_day, true);
    for (int32_t day = s->turn_day + 4; day < w->o.today; day += (int32_t)sim_between(r, 1, 3))
        sim_event_add(w, s, day, s->event_count % 8 == 5);
}

static void draft_phoenix(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng,
                          sim_draft *d)
{
    sim_draft_make(w, SIM_TR_IMPORT, rng, d);
    sim_draft_post(w, d, SIM_RED_BRIDGE);
    sim_draft_goods(d, "6404110000", sim_between(&d->rng, 4000, 12000) * 1000);
    d->who[TMG_CONSIGNEE] = *sim_member_at(s, e->day <= s->turn_day ? "first company" : "successor", 0);
    d->who[TMG_DECLARANT] = *sim_member_at(s, "broker", 0);
    d->who[TMG_CARRIER] = *sim_member_at(s, "carrier", 0);
    d->who[TMG_CONSIGNOR] = *sim_member_at(s, "consignor", 0);
    d->truck = (uint32_t)sim_below(&d->rng, 3);
    if (e->no % 2 == 0) {
        d->truth = TMG_OUTCOME_QUANTITY;
        d->loads[0].declared_net_pct = sim_between(&d->rng, 55, 75);
    } else {
        d->truth = TMG_OUTCOME_CLASSIFICATION;
        d->loads[0].goods = sim_goods_by_hs("6402990000");
    }
}

const sim_kind sim_phoenix = {
    "phoenix_company",
    TMG_FRAUD,
    "after a bad finding the company stops; another number with the same address, broker, "
    "carrier and trucks and almost the same name goes on",
    1,
    plan_phoenix,
    draft_phoenix};

/* ---- an importer that tries post after post until it meets few controls ---- */

static void plan_shopping(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    sim_member_add(s, "importer", sim_who_of("AZ", s->base_id));
    sim_member_add(s, "consignor", sim_who_of("TR", s->base_id + 1));
    s->turn_day = sim_history_day(w, 350);
    for (int32_t day = w->first_day; day < w->o.today; day += (int32_t)sim_between(r, 1, 3)) {
        size_t n = s->event_count;
        sim_event_add(w, s, day, day <= s->turn_day ? n % 3 == 1 : n % 12 == 11);
    }
}

static void draft_shopping(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng,
                           sim_draft *d)
{
    static const sim_post_no tried[] = {SIM_RED_BRIDGE, SIM_RED_BRIDGE, SIM_BOYUK_KESIK};
    sim_draft_make(w, SIM_TR_IMPORT, rng, d);
    sim_draft_post(w, d, e->day <= s->turn_day ? tried[e->no % 3] : SIM_MAZIMGARA);
    sim_draft_goods(d, "6204620000", sim_between(&d->rng, 4000, 11000) * 1000);
    d->who[TMG_CONSIGNEE] = *sim_member_at(s, "importer", 0);
    d->who[TMG_CONSIGNOR] = *sim_member_at(s, "consignor", 0);
    d->loads[0].declared_net_pct = sim_between(&d->rng, 50, 72);
    d->truth = TMG_OUTCOME_QUANTITY;
}

const sim_kind sim_shopping = {
    "office_shopping",
    TMG_FRAUD,
    "an importer of clothing is found out at two posts and then stays with a third that "
    "controls little",
    1,
    plan_shopping,
    draft_shopping};
