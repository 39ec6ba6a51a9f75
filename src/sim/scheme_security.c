/* The planted schemes of drugs and precursors.  Their shapes follow published cases; companies, plates, days
 * and masses are invented. */
#include "sim/sim_priv.h"

static const char *pick(sim_draft *d, const char *const *of, size_t n)
{
    return of[sim_below(&d->rng, n)];
}

/* In a lived world what is planted comes more often, as often as it comes in the days ahead, and most of it
 * is small: a period's figures are then made of many seizures and a few large ones. */
enum { SMALL_PPM = 780000, SMALL_PART = 12 };

static int64_t odd_mass_mg(const sim_world *w, sim_draft *d, int64_t from_kg, int64_t to_kg)
{
    if (w->o.lived > 0 && sim_chance(&d->rng, SMALL_PPM))
        return sim_between(&d->rng, from_kg * 1000 / SMALL_PART, to_kg * 1000 / SMALL_PART) * 1000;
    return sim_between(&d->rng, from_kg * 1000, to_kg * 1000 - 1) * 1000;
}

static int64_t often(const sim_world *w, int64_t count)
{
    return w->o.lived > 0 && w->o.days > 30 ? count * w->o.days / 30 : count;
}

/* ---- consignees seen once, perishables, drugs among the goods ---- */

enum { MOST_FIRST_TIMERS = 26 };

static void plan_first_time(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    static const char *const lands[] = {"RU", "RU", "UA", "RU", "AT", "BG"};
    int64_t n = w->o.lived > 0 ? often(w, 9) : w->o.days * 9 / 60;
    n = n < 5 ? 5 : n > MOST_FIRST_TIMERS ? MOST_FIRST_TIMERS : n;
    for (uint32_t i = 0; i < (uint32_t)n + (uint32_t)w->o.days_ahead; i++)
        sim_member_add(s, "consignee", sim_who_of(lands[sim_below(r, 6)], s->base_id + i));
    for (uint32_t i = 0; i < 2; i++)
        sim_member_add(s, "carrier", sim_who_of("IR", s->base_id + 50 + i));
    for (uint32_t i = 0; i < 3; i++)
        sim_member_add(s, "consignor", sim_who_of("IR", s->base_id + 60 + i));
    for (int64_t i = 0; i < n; i++)
        sim_event_add(w, s, sim_history_day(w, (1000 * i + 500) / n), i % 2 == 0);
}

static void draft_first_time(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng,
                             sim_draft *d)
{
    static const char *const goods[] = {"0702000000", "0705190000", "0807110000", "0807190000", "0707000000"};
    static const char *const substances[] = {"heroin",          "heroin",    "opium",  "methamphetamine",
                                             "methamphetamine", "marijuana", "hashish"};
    static const char *const notes[] = {"packages among the boxes of the second row",
                                        "packages in a made cavity at the trailer's front wall",
                                        "packages under the pallets"};
    const sim_who *to = sim_member_at(s, "consignee", (size_t)e->no);
    bool north = strcmp(to->country, "RU") == 0;
    sim_draft_make(w, north ? SIM_IR_RU : SIM_IR_WEST, rng, d);
    d->to = to->country;
    sim_draft_post(w, d, SIM_ASTARA);
    const char *hs = pick(d, goods, 5);
    if (!sim_in_season(sim_goods_by_hs(hs), w->month))
        hs = "0705190000";
    sim_draft_goods(d, hs, sim_between(&d->rng, 15000, 20500) * 1000);
    d->who[TMG_CONSIGNEE] = *to;
    d->who[TMG_CARRIER] = *sim_member_at(s, "carrier", sim_below(&d->rng, 2));
    d->who[TMG_CONSIGNOR] = *sim_member_at(s, "consignor", sim_below(&d->rng, 3));
    d->truck = (uint32_t)sim_below(&d->rng, 5);
    d->expected_ms = tmg_day_start_ms(w->day, w->o.offset_min) + sim_between(&d->rng, 30, 330) * 60000;
    d->lodged_ms = d->expected_ms - sim_between(&d->rng, 70, 230) * 60000;
    const char *substance = pick(d, substances, w->o.lived > 0 ? 7 : 5), *note = pick(d, notes, 3);
    sim_conceal(d, substance, odd_mass_mg(w, d, 12, 245), note);
}

const sim_kind sim_first_time = {
    "first_time_consignee",
    TMG_CRITICAL,
    "perishables from Iran for a consignee never seen before, lodged late, crossing at night, "
    "always by one of two small carriers: the abuse of fast handling of perishables",
    1,
    plan_first_time,
    draft_first_time};

/* ---- a group that leaves the post where it was found out ---- */

static void plan_route_change(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    static const int64_t before[] = {40, 130, 220, 310, 400};
    int64_t after = often(w, 7);
    sim_member_add(s, "carrier", sim_who_of("IR", s->base_id));
    sim_member_add(s, "consignee", sim_who_of("UA", s->base_id + 1));
    sim_member_add(s, "consignee", sim_who_of("BG", s->base_id + 2));
    sim_member_add(s, "consignor", sim_who_of("IR", s->base_id + 3));
    for (size_t i = 0; i < 5; i++)
        sim_event_add(w, s, sim_history_day(w, before[i] + sim_between(r, -30, 30)), false);
    s->turn_day = sim_history_day(w, 480);
    sim_event_add(w, s, s->turn_day, true);
    for (int64_t i = 0; i < after; i++)
        sim_event_add(
            w, s,
            sim_history_day(w, 560 + (i < after - 1 ? i * 420 / (after - 1) : 410) + sim_between(r, -25, 25)),
            i == 2 || i == 4);
}

static sim_post_no post_of_route_change(const sim_scheme *s, const sim_event *e)
{
    if (e->day <= s->turn_day)
        return SIM_ASTARA;
    return e->no % 3 == 2 ? SIM_JULFA : SIM_BILASUVAR;
}

static void draft_route_change(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng,
                               sim_draft *d)
{
    static const char *const goods[] = {"6902200000", "6902200000", "2513100000"};
    sim_draft_make(w, SIM_IR_WEST, rng, d);
    const sim_who *to = sim_member_at(s, "consignee", (size_t)e->no);
    d->to = to->country;
    sim_draft_post(w, d, post_of_route_change(s, e));
    const char *hs = pick(d, goods, 3);
    sim_draft_goods(d, hs, sim_between(&d->rng, 16000, 20000) * 1000);
    d->who[TMG_CONSIGNEE] = *to;
    d->who[TMG_CARRIER] = *sim_member_at(s, "carrier", 0);
    d->who[TMG_CONSIGNOR] = *sim_member_at(s, "consignor", 0);
    d->truck = (uint32_t)sim_below(&d->rng, 4);
    bool dry_run = !e->ahead && !e->seized && e->no % 4 == 0;
    if (!dry_run)
        sim_conceal(d, "heroin", odd_mass_mg(w, d, 60, 480), "packages between the plates of the load");
}

const sim_kind sim_route_change = {
    "route_change",
    TMG_CRITICAL,
    "heroin in building material by Astara until a seizure, then by Bilasuvar and Julfa with "
    "the same trucks; some runs carry nothing",
    1,
    plan_route_change,
    draft_route_change};

/* ---- ordinary heavy goods over drugs: the masses do not fit ---- */

static void plan_cover_load(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    static const char *const lands[] = {"KZ", "AT", "LV"};
    for (uint32_t i = 0; i < 3; i++)
        sim_member_add(s, "consignee", sim_who_of(lands[i], s->base_id + i));
    if (w->o.lived > 0)
        sim_member_add(s, "consignee", sim_who_of("AZ", s->base_id + 6));
    sim_member_add(s, "carrier", sim_who_of("IR", s->base_id + 3));
    sim_member_add(s, "carrier", sim_who_of("GE", s->base_id + 4));
    sim_member_add(s, "consignor", sim_who_of("IR", s->base_id + 5));
    int64_t n = often(w, 11);
    for (int64_t i = 0; i < n; i++)
        sim_event_add(w, s, sim_history_day(w, 40 + i * 946 / n + sim_between(r, -30, 30)), i % 3 == 1);
}

static void draft_cover_load(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng,
                             sim_draft *d)
{
    static const char *const goods[] = {"0806200000", "0701900000", "6907210000", "0806200000", "0807110000"};
    static const char *const substances[] = {"opium", "heroin", "heroin", "hashish"};
    const sim_who *to = sim_member_at(s, "consignee", (size_t)e->no);
    sim_flow_no flow = strcmp(to->country, "KZ") == 0   ? SIM_IR_KZ
                       : strcmp(to->country, "AZ") == 0 ? SIM_IR_IMPORT
                                                        : SIM_IR_WEST;
    sim_draft_make(w, flow, rng, d);
    d->to = to->country;
    sim_draft_post(w, d, e->no % 4 == 3 ? SIM_SHAKHTAKHTI : SIM_ASTARA);
    const char *hs = goods[e->no % 5];
    if (!sim_in_season(sim_goods_by_hs(hs), w->month))
        hs = "0806200000";
    sim_draft_goods(d, hs, sim_between(&d->rng, 14000000, 19500000));
    d->who[TMG_CONSIGNEE] = *to;
    d->who[TMG_CARRIER] = *sim_member_at(s, "carrier", sim_below(&d->rng, 2));
    d->who[TMG_CONSIGNOR] = *sim_member_at(s, "consignor", 0);
    d->truck = (uint32_t)sim_below(&d->rng, 6);
    if (!e->ahead && !e->seized && e->no % 5 == 0)
        return;
    d->loads[0].extra_gross_g = sim_between(&d->rng, 700000, 1900000);
    const char *substance = pick(d, substances, 4);
    sim_conceal(d, substance, odd_mass_mg(w, d, 30, 285), "packages inside sacks and cartons of the load");
}

const sim_kind sim_cover_load = {
    "cover_load",
    TMG_CRITICAL,
    "raisins, potatoes, melons or tiles over drugs: more gross mass than goods and packing explain",
    1,
    plan_cover_load,
    draft_cover_load};

/* ---- acetic anhydride going east ---- */

static void plan_precursor(const sim_world *w, sim_scheme *s, sim_rng *r)
{
    sim_member_add(s, "consignor", sim_who_of("PL", s->base_id));
    sim_member_add(s, "consignor", sim_who_of("GE", s->base_id + 1));
    sim_member_add(s, "consignee", sim_who_of("TM", s->base_id + 2));
    sim_member_add(s, "consignee", sim_who_of("UZ", s->base_id + 3));
    sim_member_add(s, "carrier", sim_who_of("GE", s->base_id + 4));
    int64_t n = often(w, 9);
    for (int64_t i = 0; i < n; i++)
        sim_event_add(w, s, sim_history_day(w, 60 + i * 945 / n + sim_between(r, -40, 40)), i % 3 == 0);
}

static void draft_precursor(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng,
                            sim_draft *d)
{
    static const char *const names[] = {"2915240000", "2915210000", "3814000000"};
    const sim_goods *real = sim_goods_by_hs("2915240000");
    const sim_who *from = sim_member_at(s, "consignor", (size_t)e->no / 2),
                  *to = sim_member_at(s, "consignee", (size_t)e->no);
    sim_draft_make(w, SIM_CHEM_EAST, rng, d);
    d->from = from->country;
    d->to = to->country;
    sim_draft_post(w, d, SIM_RED_BRIDGE);
    sim_draft_goods(d, names[e->no % 3], sim_between(&d->rng, 12, 60) * (w->o.lived > 0 ? 20000 : 200000));
    d->loads[0].price = sim_around(&d->rng, real->price, 8);
    d->permit_missing = true;
    d->who[TMG_CONSIGNOR] = *from;
    d->who[TMG_CONSIGNEE] = *to;
    d->who[TMG_CARRIER] = *sim_member_at(s, "carrier", 0);
    d->truck = (uint32_t)sim_below(&d->rng, 3);
    d->truth = TMG_OUTCOME_PRECURSOR;
    d->substance = "acetic anhydride";
    d->mass_mg = d->loads[0].net_g * 1000;
}

const sim_kind sim_precursor = {
    "precursor_without_permit",
    TMG_CRITICAL,
    "acetic anhydride on its way east, without permit under its own heading or as acetic acid or "
    "thinner at the price of the anhydride",
    1,
    plan_precursor,
    draft_precursor};
