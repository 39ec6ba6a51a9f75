/* risk/walk_priv.h - the groups of one item along every chain, and what each makes of it. */
#ifndef TMG_RISK_WALK_PRIV_H
#define TMG_RISK_WALK_PRIV_H

#include "risk/mind_priv.h"

/* One chain walked for one item and one harm. */
typedef struct tmg_trail {
    double p[TMG_MAX_LEVELS]; /* p[0] is the whole flow */
    size_t len;
} tmg_trail;

typedef struct tmg_walk {
    double parent_unit; /* what one inspection of today weighs */
    double base[TMG_HARMS];
    const tmg_cell *cell[TMG_MAX_CHAINS][TMG_MAX_CHAIN_LEVELS];
    tmg_trail trail[TMG_MAX_CHAINS][TMG_HARMS];
} tmg_walk;

/* The whole flow as it stands at the mind's clock. */
void tmg_walk_begin(const tmg_mind *m, tmg_walk *w);
/* Finds the item's groups and follows the chains for both harms. */
void tmg_walk_item(const tmg_mind *m, const tmg_declaration *d, const tmg_item *it, tmg_walk *w);
/* The chains' opinions joined: each multiplies the odds of the whole flow by what it found. */
double tmg_walk_join(const tmg_mind *m, const tmg_walk *w, int h);

static inline double tmg_odds(double p)
{
    return p / (1.0 - p);
}
static inline int64_t tmg_ppb_of(double p)
{
    return (int64_t)(p * (double)TMG_PPB + 0.5);
}

#endif
