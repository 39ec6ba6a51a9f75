#include "risk/walk_priv.h"

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

void tmg_walk_begin(const tmg_mind *m, tmg_walk *w)
{
    w->parent_unit = (double)tmg_decay_weight(&m->decay, m->clock_ms);
    if (w->parent_unit < 1.0)
        w->parent_unit = 1.0;
    for (int h = 0; h < TMG_HARMS; h++) {
        double prior_n = w->parent_unit * (double)m->chains.prior_n_milli[h] / 1000.0;
        double prior_bad = w->parent_unit * (double)m->chains.prior_bad_milli[h] / 1000.0;
        w->base[h] = ((double)m->whole.bad[h] + prior_bad) / ((double)m->whole.n[h] + prior_n);
    }
}

static void find_cells(const tmg_mind *m, const tmg_declaration *d, const tmg_item *it, tmg_walk *w)
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

static void follow(const tmg_chain *c, const tmg_cell *const *cell, int h, double unit, double base,
                   tmg_trail *t)
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

void tmg_walk_item(const tmg_mind *m, const tmg_declaration *d, const tmg_item *it, tmg_walk *w)
{
    find_cells(m, d, it, w);
    for (int h = 0; h < TMG_HARMS; h++)
        for (size_t c = 0; c < m->chains.count; c++)
            follow(&m->chains.chain[c], w->cell[c], h, w->parent_unit, w->base[h], &w->trail[c][h]);
}

double tmg_walk_join(const tmg_mind *m, const tmg_walk *w, int h)
{
    double joined = tmg_odds(w->base[h]);
    for (size_t c = 0; c < m->chains.count; c++) {
        const tmg_trail *t = &w->trail[c][h];
        if (t->len > 1)
            joined *= power_quarters(tmg_odds(t->p[t->len - 1]) / tmg_odds(w->base[h]),
                                     m->chains.chain[c].weight_quarters);
    }
    return joined / (1.0 + joined);
}
