#include "risk/walk_priv.h"

/* By what factor the odds moved, up or down: at least 1. */
static double moved(double from, double to)
{
    double factor = tmg_odds(to) / tmg_odds(from);
    return factor >= 1.0 ? factor : 1.0 / factor;
}

static tmg_level level_of(uint8_t depth, const tmg_cell *cell, int h, double p)
{
    return (tmg_level){.depth = depth, .n = cell->count[h], .bad = cell->count_bad[h], .ppb = tmg_ppb_of(p)};
}

static double moved_by_chain(const tmg_walk *w, size_t chain, int h)
{
    const tmg_trail *t = &w->trail[chain][h];
    return moved(t->p[0], t->p[t->len - 1]);
}

/* The finest group that was inspected often enough to be quoted, unless the few below it say something else.
 */
static size_t telling_level(const tmg_trail *t, const tmg_level *path)
{
    size_t finest = t->len - 1, i = finest;
    while (i > 1 && path[i].n < TMG_FEW)
        i--;
    return i == 0 || moved(t->p[i], t->p[finest]) > 1.5 ? finest : i;
}

/* The path shown is that of the chain that moved the odds most. */
static size_t fill_path(const tmg_mind *m, const tmg_walk *w, int h, tmg_harm_view *v)
{
    size_t chain = 0;
    for (size_t c = 1; c < m->chains.count; c++)
        if (moved_by_chain(w, c, h) > moved_by_chain(w, chain, h))
            chain = c;
    const tmg_trail *t = &w->trail[chain][h];
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
static void fill_also(const tmg_mind *m, const tmg_walk *w, int h, size_t led, tmg_harm_view *v)
{
    double by[TMG_MAX_ALSO];
    v->also_len = 0;
    for (size_t c = 0; c < m->chains.count; c++) {
        const tmg_trail *t = &w->trail[c][h];
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

static bool repeats(const tmg_mind *m, const tmg_walk *w)
{
    for (size_t c = 0; c < m->chains.count; c++)
        if (m->chains.chain[c].repeat_at < m->chains.chain[c].count &&
            w->cell[c][m->chains.chain[c].repeat_at] != NULL)
            return true;
    return false;
}

static void judge_item(const tmg_mind *m, const tmg_walk *w, int32_t no, tmg_assessment *as)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_harm_view *v = &as->harm[h];
        int64_t raw = tmg_ppb_of(tmg_walk_join(m, w, h));
        if (v->path_len > 0 && raw <= v->raw_ppb)
            continue;
        v->raw_ppb = raw;
        v->item_no = no;
        for (size_t c = 0; c < m->chains.count; c++)
            v->chain_ppb[c] = tmg_ppb_of(w->trail[c][h].p[w->trail[c][h].len - 1]);
        fill_also(m, w, h, fill_path(m, w, h, v), v);
    }
    as->repeats = as->repeats || repeats(m, w);
}

static void judge_whole_flow(const tmg_mind *m, const tmg_walk *w, tmg_assessment *as)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        as->harm[h].raw_ppb = tmg_ppb_of(w->base[h]);
        as->harm[h].path[0] = level_of(0, &m->whole, h, w->base[h]);
        as->harm[h].path_len = 1;
        for (size_t c = 0; c < m->chains.count; c++)
            as->harm[h].chain_ppb[c] = as->harm[h].raw_ppb;
    }
}

void tmg_mind_assess(tmg_mind *m, const tmg_declaration *d, int64_t as_of_ms, tmg_assessment *ret)
{
    tmg_mind_advance(m, as_of_ms);
    tmg_assessment as = {.declaration_id = d->id, .as_of_ms = m->clock_ms, .model_id = m->model_id};
    tmg_walk w;
    tmg_walk_begin(m, &w);
    for (size_t i = 0; i < d->item_count; i++) {
        tmg_walk_item(m, d, &d->items[i], &w);
        judge_item(m, &w, d->items[i].no, &as);
    }
    if (d->item_count == 0)
        judge_whole_flow(m, &w, &as);
    for (int h = 0; h < TMG_HARMS; h++) {
        as.harm[h].ppb = tmg_calibration_at(&m->calibration[h], as.harm[h].raw_ppb);
        as.harm[h].model_ppb = TMG_NONE;
    }
    /* What is hidden is also misdeclared: every critical find counts as fraud, so fraud is at least as
     * likely. */
    if (as.harm[TMG_FRAUD].ppb < as.harm[TMG_CRITICAL].ppb)
        as.harm[TMG_FRAUD].ppb = as.harm[TMG_CRITICAL].ppb;
    for (int h = 0; h < TMG_HARMS; h++)
        as.harm[h].profile_ppb = as.harm[h].joined_ppb = as.harm[h].ppb;
    as.chain_count = m->chains.count;
    *ret = as;
}
