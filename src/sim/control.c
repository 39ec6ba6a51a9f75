#include "sim/sim_priv.h"

/* How the posts selected before there was a centre: a few at random, more by rules of thumb about goods,
 * country and regime, each post as eagerly as it was used to.  So the labels are selective, as real ones are.
 */

typedef enum depth { DEPTH_DOCUMENTS, DEPTH_FULL } depth;

static int64_t rule_of_thumb_ppm(const sim_draft *d, const sim_goods *g)
{
    static const char *const watched[] = {"CN", "TR", "AE"};
    int64_t ppm = 0;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(d->from, watched[i]) == 0 &&
            (g->groups & (SIM_G_TEXTILE | SIM_G_ELECTRONIC | SIM_G_PHARMA)) != 0 &&
            d->flow->regime == TMG_IMPORT)
            ppm += 90000;
    if ((g->groups & SIM_G_CHEMICAL) != 0)
        ppm += 150000;
    if ((g->groups & (SIM_G_CAR | SIM_G_TOBACCO)) != 0)
        ppm += 80000;
    if (strcmp(d->from, "IR") == 0)
        ppm += d->flow->regime == TMG_TRANSIT ? 40000 : 15000;
    return ppm;
}

static bool selected(const sim_draft *d, sim_rng *r)
{
    int64_t ppm = 42000 + rule_of_thumb_ppm(d, d->loads[0].goods);
    return sim_chance(r, ppm * sim_post_at(d->post)->control_pct / 100);
}

static depth draw_depth(const sim_draft *d, sim_rng *r)
{
    if (d->must_control)
        return DEPTH_FULL;
    bool iran = strcmp(d->from, "IR") == 0;
    return sim_chance(r, iran ? 650000 : 450000) ? DEPTH_FULL : DEPTH_DOCUMENTS;
}

static int64_t detection_pct(tmg_outcome truth, depth dep)
{
    switch (truth) {
    case TMG_OUTCOME_DOCUMENT:
        return 95;
    case TMG_OUTCOME_VALUE:
    case TMG_OUTCOME_ORIGIN:
        return dep == DEPTH_FULL ? 88 : 72;
    case TMG_OUTCOME_CLASSIFICATION:
        return dep == DEPTH_FULL ? 92 : 45;
    case TMG_OUTCOME_QUANTITY:
        return dep == DEPTH_FULL ? 92 : 10;
    default:
        return dep == DEPTH_FULL ? 82 : 3;
    }
}

static const char *usual_note(tmg_outcome o, sim_rng *r)
{
    static const char *const notes[][3] = {
        [TMG_OUTCOME_NONE] = {NULL, NULL, "declared goods found, nothing else"},
        [TMG_OUTCOME_DOCUMENT] = {"certificate missing", "certificate expired",
                                  "permit does not cover the goods"},
        [TMG_OUTCOME_VALUE] = {"bank transfer higher than the invoice", "second invoice found in the cab",
                               "price below the level of like goods, corrected"},
        [TMG_OUTCOME_ORIGIN] = {"origin marks on the goods differ",
                                "certificate of origin not confirmed by the issuer", "labels replaced"},
        [TMG_OUTCOME_CLASSIFICATION] = {"goods belong under another heading",
                                        "laboratory classified otherwise",
                                        "description did not fit the goods"},
        [TMG_OUTCOME_QUANTITY] = {"more packages than declared", "weighed more than declared",
                                  "undeclared lots behind the declared ones"},
        [TMG_OUTCOME_PROHIBITED] = {"prohibited goods among the declared ones", "prohibited goods",
                                    "prohibited goods"},
        [TMG_OUTCOME_DRUGS] = {"packages among the goods", "packages in a made cavity",
                               "packages in the trailer"},
        [TMG_OUTCOME_PRECURSOR] = {"controlled chemical without permit",
                                   "laboratory found a controlled chemical",
                                   "controlled chemical under another name"},
        [TMG_OUTCOME_OTHER] = {"other", "other", "other"},
    };
    return notes[o][sim_below(r, 3)];
}

static unsigned means_used(const sim_draft *d, depth dep, bool found, sim_rng *r)
{
    unsigned means = TMG_MEANS_DOCUMENTS;
    if (dep == DEPTH_DOCUMENTS)
        return means;
    bool hidden = found && d->truth >= TMG_OUTCOME_PROHIBITED;
    means |= d->flow->mode == '4' ? TMG_MEANS_DOG : TMG_MEANS_XRAY;
    if (hidden || sim_chance(r, 250000))
        means |= TMG_MEANS_DOG;
    if (hidden ? sim_chance(r, 400000) : sim_chance(r, 60000))
        means |= TMG_MEANS_DENSITY;
    if (d->truth == TMG_OUTCOME_QUANTITY || sim_chance(r, 300000))
        means |= TMG_MEANS_SCALE;
    if (found || sim_chance(r, 220000))
        means |= TMG_MEANS_UNLOADING;
    return means;
}

static int64_t minutes_of(unsigned means, sim_rng *r)
{
    int64_t m = sim_between(r, 12, 30);
    if (means & TMG_MEANS_XRAY)
        m += sim_between(r, 15, 35);
    if (means & TMG_MEANS_DOG)
        m += sim_between(r, 10, 20);
    if (means & TMG_MEANS_DENSITY)
        m += sim_between(r, 15, 30);
    if (means & TMG_MEANS_SCALE)
        m += sim_between(r, 5, 10);
    if (means & TMG_MEANS_UNLOADING)
        m += sim_between(r, 90, 260);
    return m;
}

/* Duty on what was hidden: of the value for value and origin, of a fixed share otherwise. */
static int64_t recovered(const sim_draft *d, const tmg_declaration *decl, sim_rng *r)
{
    if (d->flow->regime != TMG_IMPORT || d->truth >= TMG_OUTCOME_PROHIBITED)
        return TMG_NONE;
    int64_t value = decl->items[0].value_minor;
    int64_t hidden_pct = d->truth == TMG_OUTCOME_VALUE ? 100 * (1000000 - d->level_ppm) / 1000000 + 10 : 25;
    return value * (hidden_pct > 5 ? hidden_pct : 5) / 100 * sim_between(r, 15, 30) / 100;
}

static void add_seized(const sim_draft *d, tmg_arena *a, tmg_result *ret)
{
    if (d->substance == NULL)
        return;
    ret->seized = tmg_alloc_array(a, 1, sizeof *ret->seized);
    ret->seized[0] = (tmg_seized){tmg_span_of(d->substance), d->mass_mg, TMG_NONE};
    ret->seized_count = 1;
}

static void examine(const sim_draft *d, const tmg_declaration *decl, depth dep, sim_rng *r, tmg_arena *a,
                    tmg_result *ret)
{
    bool bad = d->truth != TMG_OUTCOME_NONE;
    bool found = bad && (d->must_control || sim_chance(r, detection_pct(d->truth, dep) * 10000));
    *ret = (tmg_result){.outcome = found ? d->truth : TMG_OUTCOME_NONE, .recovered_minor = TMG_NONE};
    ret->means = means_used(d, dep, found, r);
    ret->minutes = minutes_of(ret->means, r);
    ret->happened_ms = d->expected_ms + (ret->minutes + sim_between(r, 20, 240)) * INT64_C(60000);
    ret->known_at_ms = ret->happened_ms + sim_between(r, 2 * 60, 30 * 60) * INT64_C(60000);
    tmg_outcome_found(ret->outcome, ret->found);
    const char *usual = usual_note(ret->outcome, r);
    ret->note = tmg_span_of(found && d->note != NULL ? d->note : usual);
    if (found) {
        ret->recovered_minor = recovered(d, decl, r);
        add_seized(d, a, ret);
    }
}

bool sim_control(const sim_world *w, const sim_draft *d, const tmg_declaration *decl, tmg_arena *a,
                 tmg_result *ret)
{
    sim_rng r = sim_rng_of(d->rng.state, SIM_S_CONTROL, 0);
    if (w->day >= w->open_day || (!d->must_control && !selected(d, &r)))
        return false;
    depth dep = draw_depth(d, &r);
    examine(d, decl, dep, &r, a, ret);
    return ret->known_at_ms <= w->told_ms;
}

bool sim_finding(const sim_draft *d, const tmg_declaration *decl, tmg_arena *a, tmg_result *ret)
{
    sim_rng r = sim_rng_of(d->rng.state, SIM_S_CONTROL, 0);
    if (d->truth == TMG_OUTCOME_NONE)
        return false;
    examine(d, decl, DEPTH_FULL, &r, a, ret);
    return ret->outcome != TMG_OUTCOME_NONE;
}
