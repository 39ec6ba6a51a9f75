/* Ordinary misdeclaration: nobody plans it as part of anything, and it follows goods, departure and trader.
 */
#include "base/hash.h"
#include "sim/sim_priv.h"

/* Some pairs of goods and departure are worse than either alone; the same pairs under every trader. */
static int64_t pair_pct(const sim_world *w, const sim_draft *d)
{
    static const int64_t moods[8] = {30, 60, 80, 100, 100, 120, 160, 420};
    uint64_t key = tmg_hash64(tmg_hash64(0, d->loads[0].goods->hs, 4), d->from, 2);
    sim_rng r = sim_rng_of(w->o.seed, SIM_S_MOOD, key);
    return moods[sim_below(&r, 8)];
}

static tmg_outcome draw_kind(sim_draft *d)
{
    static const tmg_outcome revenue[] = {TMG_OUTCOME_VALUE, TMG_OUTCOME_QUANTITY, TMG_OUTCOME_CLASSIFICATION,
                                          TMG_OUTCOME_ORIGIN, TMG_OUTCOME_DOCUMENT};
    const sim_goods *g = d->loads[0].goods;
    tmg_outcome kind = sim_chance(&d->rng, 700000) ? g->fraud : revenue[sim_below(&d->rng, 5)];
    if (kind == TMG_OUTCOME_DOCUMENT && g->permit == NULL)
        kind = TMG_OUTCOME_QUANTITY;
    return kind;
}

/* The cheapest tariff line in the same trade to hide behind. */
static const sim_goods *disguise(const sim_goods *g)
{
    const sim_goods *best = g;
    for (size_t i = 0; i < sim_goods_count(); i++) {
        const sim_goods *other = sim_goods_at(i);
        bool cheaper =
            other->duty_bp < best->duty_bp || (other->duty_bp == best->duty_bp && other->price < best->price);
        if ((other->groups & g->groups) != 0 && other->permit == g->permit && cheaper)
            best = other;
    }
    return best;
}

static void show(sim_draft *d, tmg_outcome kind)
{
    sim_load *l = &d->loads[0];
    d->truth = kind;
    if (kind == TMG_OUTCOME_VALUE)
        d->level_ppm = d->level_ppm * sim_between(&d->rng, 42, 82) / 100;
    else if (kind == TMG_OUTCOME_QUANTITY)
        l->declared_net_pct = sim_between(&d->rng, 68, 90);
    else if (kind == TMG_OUTCOME_CLASSIFICATION)
        l->goods = disguise(l->goods);
    else if (kind == TMG_OUTCOME_ORIGIN)
        l->origin = strcmp(d->from, "GE") == 0 ? "TR" : "GE";
    else
        d->permit_missing = true;
}

/* What a single driver hides without a plan of others behind it. */
static void ambient_critical(sim_draft *d)
{
    static const char *const substances[] = {"opium", "hashish", "methamphetamine", "heroin"};
    bool from_iran = strcmp(d->from, "IR") == 0;
    if (from_iran && sim_chance(&d->rng, 1300)) {
        int64_t grams = 300 + (int64_t)sim_skewed(&d->rng, 11000);
        const char *substance = substances[sim_below(&d->rng, 4)];
        sim_conceal(d, substance, grams * 1000, "packages under the floor of the driver's cab");
    } else if (!from_iran && sim_chance(&d->rng, 180)) {
        d->truth = TMG_OUTCOME_PROHIBITED;
        d->note = "goods whose import is prohibited lay among the declared ones";
    }
}

void sim_draft_temptation(const sim_world *w, sim_draft *d)
{
    const sim_goods *g = d->loads[0].goods;
    int64_t regime_pct = d->flow->regime == TMG_IMPORT ? 190 : 80;
    int64_t ppm = g->fraud_ppm * pair_pct(w, d) / 100 * d->honesty_pct / 100 * regime_pct / 100;
    if (sim_chance(&d->rng, ppm < 600000 ? ppm : 600000))
        show(d, draw_kind(d));
    ambient_critical(d);
}

void sim_conceal(sim_draft *d, const char *substance, int64_t mass_mg, const char *note)
{
    d->truth = TMG_OUTCOME_DRUGS;
    d->substance = substance;
    d->mass_mg = mass_mg;
    d->note = note;
    d->loads[0].extra_gross_g += mass_mg / 1000;
}
