#include "risk/walk_priv.h"

#include <math.h>

/* The features stand in this order: of each harm the whole flow and all chains joined; of each chain and
 * level what OF_LEVEL names; of each chain what OF_CHAIN names. */
enum { PER_HARM = 2, PER_LEVEL = 3 * TMG_HARMS + 1, PER_CHAIN = 2 };

static size_t level_count(const tmg_mind *m)
{
    size_t n = 0;
    for (size_t c = 0; c < m->chains.count; c++)
        n += m->chains.chain[c].count;
    return n;
}

size_t tmg_mind_feature_count(const tmg_mind *m)
{
    return PER_HARM * TMG_HARMS + PER_LEVEL * level_count(m) + PER_CHAIN * m->chains.count;
}

tmg_span tmg_mind_chain_name(const tmg_mind *m, size_t i)
{
    return m->chains.chain[i].name;
}

static void name_level(const tmg_chain *c, size_t level, size_t which, tmg_buf *b)
{
    static const char *const of_harm[3] = {"share", "step", "finds"};
    tmg_buf_fmt(b, "results of %.*s/", TMG_SPAN_ARG(c->name));
    for (size_t f = 0; f < c->level[level].count; f++)
        tmg_buf_fmt(b, "%s%s", f > 0 ? "+" : "", c->level[level].feature[f]->name);
    if (which < (size_t)3 * TMG_HARMS)
        tmg_buf_fmt(b, " %s %s", tmg_harm_name((tmg_harm)(which / 3)), of_harm[which % 3]);
    else
        tmg_buf_z(b, " inspected");
}

void tmg_mind_feature_name(const tmg_mind *m, size_t i, tmg_buf *b)
{
    if (i < (size_t)PER_HARM * TMG_HARMS) {
        tmg_buf_fmt(b, "results of all/%s %s", tmg_harm_name((tmg_harm)(i / PER_HARM)),
                    i % PER_HARM == 0 ? "share" : "chains joined");
        return;
    }
    i -= (size_t)PER_HARM * TMG_HARMS;
    for (size_t c = 0; c < m->chains.count; c++) {
        const tmg_chain *chain = &m->chains.chain[c];
        if (i < chain->count * PER_LEVEL) {
            name_level(chain, i / PER_LEVEL, i % PER_LEVEL, b);
            return;
        }
        i -= chain->count * PER_LEVEL;
        if (i < PER_CHAIN) {
            tmg_buf_fmt(b, "results of %.*s/%s", TMG_SPAN_ARG(chain->name),
                        i == 0 ? "levels known" : "inspected at the finest");
            return;
        }
        i -= PER_CHAIN;
    }
}

static float *put_chain(const tmg_walk *w, size_t chain, size_t levels, float *at)
{
    const tmg_cell *finest = NULL;
    for (size_t l = 0; l < levels; l++) {
        const tmg_cell *cell = w->cell[chain][l];
        for (int h = 0; h < TMG_HARMS; h++) {
            const tmg_trail *t = &w->trail[chain][h];
            double p = t->p[l + 1 < t->len ? l + 1 : t->len - 1];
            *at++ = (float)p;
            *at++ = (float)(l + 1 < t->len ? tmg_odds(p) / tmg_odds(t->p[l]) : 1.0);
            *at++ = (float)(cell != NULL ? cell->count_bad[h] : 0);
        }
        *at++ = (float)(cell != NULL ? cell->count[TMG_FRAUD] : 0);
        if (cell != NULL)
            finest = cell;
    }
    *at++ = (float)(w->trail[chain][TMG_FRAUD].len - 1);
    *at++ = (float)(finest != NULL ? finest->count[TMG_FRAUD] : 0);
    return at;
}

void tmg_mind_features(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, float *ret)
{
    const tmg_item *item = NULL;
    for (size_t i = 0; i < d->item_count && item == NULL; i++)
        item = d->items[i].no == item_no ? &d->items[i] : NULL;
    if (item == NULL) {
        for (size_t i = 0; i < tmg_mind_feature_count(m); i++)
            ret[i] = NAN;
        return;
    }
    tmg_walk w;
    float *at = ret;
    tmg_walk_begin(m, &w);
    tmg_walk_item(m, d, item, &w);
    for (int h = 0; h < TMG_HARMS; h++) {
        *at++ = (float)w.base[h];
        *at++ = (float)tmg_walk_join(m, &w, h);
    }
    for (size_t c = 0; c < m->chains.count; c++)
        at = put_chain(&w, c, m->chains.chain[c].count, at);
}
