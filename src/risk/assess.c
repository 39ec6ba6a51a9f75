#include "risk/mind_priv.h"

/* One chain walked for one item and one harm. */
typedef struct trail {
    double p[TMG_MAX_LEVELS]; /* p[0] is the whole flow */
    size_t len;
} trail;

typedef struct walk {
    double parent_unit; /* what one inspection of today weighs */
    double base[TMG_HARMS];
    const tmg_cell *cell[TMG_MAX_CHAINS][TMG_MAX_CHAIN_LEVELS];
    trail trail[TMG_MAX_CHAINS][TMG_HARMS];
} walk;

static int64_t to_ppb(double p)
{
    return (int64_t)(p * (double)TMG_PPB + 0.5);
}

static double odds(double p)
{
    return p / (1.0 - p);
}

/* By what factor the odds moved, up or down: at least 1. */
static double moved(double from, double to)
{
    double factor = odds(to) / odds(from);
    return factor >= 1.0 ? factor : 1.0 / factor;
}

/* x to the power of quarters/4 by square roots and products alone, which IEEE 754 rounds the same everywhere.
 */
static double power_quarters(double x, unsigned quarters)
{
    double result = 1.0;
    for (unsigned i = 0; i < quarters / 4; i++)
        result *= x;
    double half = __builtin_sqrt(x);
    if ((quarters & 2) != 0)
        result *= half;
    if ((quarters & 1) != 0)
        result *= __builtin_sqrt(half);
    return result;
}

static void find_cells(const tmg_mind *m, const tmg_declaration *d, const tmg_item *it, walk *w)
{
    uint64_t keys[TMG_MAX_CHAINS][TMG_MAX_CHAIN_LEVELS];
    for (size_t c = 0; c < m->chains.count; c++) {
        tmg_chain_keys(&m->chains.chain[c], d, it, keys[c]);
        for (size_t l = 0; l < m->chains.chain[c].count; l++)
            tmg_profiles_prefetch(&m->profiles, keys[c][l]);
    }
    for (size_t c = 0; c < m->chains.count; c++) {
        const tmg_chain *chain = &m->chains.chain[c];
        /* Who or what is not stated is no group of its own. */
        const tmg_cell *cell = tmg_feature_stated(chain->level[0].feature[0], d, it) ? &m->whole : NULL;
        for (size_t l = 0; l < chain->count; l++) {
            if (cell != NULL)
                cell = tmg_profiles_find(&m->profiles, keys[c][l]);
            w->cell[c][l] = cell;
        }
    }
}

static void follow(const tmg_chain *c, const tmg_cell *const *cell, int h, double unit, double base, trail *t)
{
    double p = base;
    t->p[0] = p;
    t->len = 1;
    for (size_t l = 0; l < c->count && cell[l] != NULL && cell[l]->count[h] > 0; l++) {
        double m = c->level[l].m * unit;
        p = ((double)cell[l]->bad[h] + m * p) / ((double)cell[l]->n[h] + m);
        t->p[t->len++] = p;
    }
}

/* The chains' opinions joined: each multiplies the odds of the whole flow by what it found. */
static double combine(const tmg_mind *m, const walk *w, int h)
{
    double joined = odds(w->base[h]);
    for (size_t c = 0; c < m->chains.count; c++) {
        const trail *t = &w->trail[c][h];
        if (t->len > 1)
            joined *=
                power_quarters(odds(t->p[t->len - 1]) / odds(w->base[h]), m->chains.chain[c].weight_quarters);
    }
    return joined / (1.0 + joined);
}

static tmg_level level_of(uint8_t depth, const tmg_cell *cell, int h, double p)
{
    return (tmg_level){.depth = depth, .n = cell->count[h], .bad = cell->count_bad[h], .ppb = to_ppb(p)};
}

static double moved_by_chain(const walk *w, size_t chain, int h)
{
    const trail *t = &w->trail[chain][h];
    return moved(t->p[0], t->p[t->len - 1]);
}

/* The finest group that was inspected often enough to be quoted, unless the few below it say something else.
 */
static size_t telling_level(const trail *t, const tmg_level *path)
{
    size_t finest = t->len - 1, i = finest;
    while (i > 1 && path[i].n < TMG_FEW)
        i--;
    return i == 0 || moved(t->p[i], t->p[finest]) > 1.5 ? finest : i;
}

/* The path shown is that of the chain that moved the odds most. */
static size_t fill_path(const tmg_mind *m, const walk *w, int h, tmg_harm_view *v)
{
    size_t chain = 0;
    for (size_t c = 1; c < m->chains.count; c++)
        if (moved_by_chain(w, c, h) > moved_by_chain(w, chain, h))
            chain = c;
    const trail *t = &w->trail[chain][h];
    v->path_len = t->len;
    v->path[0] = level_of(0, &m->whole, h, t->p[0]);
    for (size_t i = 1; i < t->len; i++) {
        uint8_t depth = (uint8_t)(m->chains.chain[chain].first_depth + i - 1);
        v->path[i] = level_of(depth, w->cell[chain][i - 1], h, t->p[i]);
    }
    v->telling = telling_level(t, v->path);
    return chain;
}

/* What the other chains added to the odds, strongest first. */
static void fill_also(const tmg_mind *m, const walk *w, int h, size_t led, tmg_harm_view *v)
{
    double by[TMG_MAX_ALSO];
    v->also_len = 0;
    for (size_t c = 0; c < m->chains.count; c++) {
        const trail *t = &w->trail[c][h];
        double factor = moved_by_chain(w, c, h);
        if (c == led || t->len < 2 || factor <= 1.25)
            continue;
        size_t at = v->also_len < TMG_MAX_ALSO ? v->also_len++ : TMG_MAX_ALSO;
        while (at > 0 && factor > by[at - 1]) {
            if (at < TMG_MAX_ALSO) {
                by[at] = by[at - 1];
                v->also[at] = v->also[at - 1];
            }
            at--;
        }
        if (at < TMG_MAX_ALSO) {
            by[at] = factor;
            v->also[at] = level_of((uint8_t)(m->chains.chain[c].first_depth + t->len - 2),
                                   w->cell[c][t->len - 2], h, t->p[t->len - 1]);
        }
    }
}

static bool repeats(const tmg_mind *m, const walk *w)
{
    for (size_t c = 0; c < m->chains.count; c++)
        if (m->chains.chain[c].repeat_at < m->chains.chain[c].count &&
            w->cell[c][m->chains.chain[c].repeat_at] != NULL)
            return true;
    return false;
}

static void judge_item(const tmg_mind *m, walk *w, int32_t no, tmg_assessment *as)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_harm_view *v = &as->harm[h];
        for (size_t c = 0; c < m->chains.count; c++)
            follow(&m->chains.chain[c], w->cell[c], h, w->parent_unit, w->base[h], &w->trail[c][h]);
        int64_t raw = to_ppb(combine(m, w, h));
        if (v->path_len > 0 && raw <= v->raw_ppb)
            continue;
        v->raw_ppb = raw;
        v->item_no = no;
        fill_also(m, w, h, fill_path(m, w, h, v), v);
    }
    as->repeats = as->repeats || repeats(m, w);
}

static void judge_whole_flow(const tmg_mind *m, const walk *w, tmg_assessment *as)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        as->harm[h].raw_ppb = to_ppb(w->base[h]);
        as->harm[h].path[0] = level_of(0, &m->whole, h, w->base[h]);
        as->harm[h].path_len = 1;
    }
}

void tmg_mind_assess(tmg_mind *m, const tmg_declaration *d, int64_t as_of_ms, tmg_assessment *ret)
{
    tmg_mind_advance(m, as_of_ms);
    tmg_assessment as = {.declaration_id = d->id, .as_of_ms = m->clock_ms, .model_id = m->model_id};
    walk w;
    w.parent_unit = (double)tmg_decay_weight(&m->decay, m->clock_ms);
    if (w.parent_unit < 1.0)
        w.parent_unit = 1.0;
    for (int h = 0; h < TMG_HARMS; h++) {
        double prior_n = w.parent_unit * (double)m->chains.prior_n_milli[h] / 1000.0;
        double prior_bad = w.parent_unit * (double)m->chains.prior_bad_milli[h] / 1000.0;
        w.base[h] = ((double)m->whole.bad[h] + prior_bad) / ((double)m->whole.n[h] + prior_n);
    }
    for (size_t i = 0; i < d->item_count; i++) {
        find_cells(m, d, &d->items[i], &w);
        judge_item(m, &w, d->items[i].no, &as);
    }
    if (d->item_count == 0)
        judge_whole_flow(m, &w, &as);
    for (int h = 0; h < TMG_HARMS; h++)
        as.harm[h].ppb = tmg_calibration_at(&m->calibration[h], as.harm[h].raw_ppb);
    /* What is hidden is also misdeclared: every critical find counts as fraud, so fraud is at least as
     * likely. */
    if (as.harm[TMG_FRAUD].ppb < as.harm[TMG_CRITICAL].ppb)
        as.harm[TMG_FRAUD].ppb = as.harm[TMG_CRITICAL].ppb;
    *ret = as;
}
