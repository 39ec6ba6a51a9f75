/* risk/select_priv.h - the inside of one choice, shared by the files that make it. */
#ifndef TMG_RISK_SELECT_PRIV_H
#define TMG_RISK_SELECT_PRIV_H

#include "risk/selections_priv.h"

/* What one inspection is chosen by, once. */
typedef struct tmg_standing {
    tmg_selection s;
    int64_t fraud_part; /* P(fraud) * value */
    int64_t ratio;      /* its draw in proportion to its share, in ppb: drawn when below 1e9 */
    int64_t places;     /* for its rule: red places that rules of higher value leave it; 0 or less: none */
    int64_t chance_ppb; /* probability of a red place as one of the pool */
    bool decided, mandatory;
    bool asked;  /* its rule's share drew it */
    bool placed; /* red by its rule */
    bool drawn;  /* by chance, and there is a place */
    tmg_lane lane;
    tmg_selected_by by;
} tmg_standing;

typedef struct tmg_choosing {
    tmg_standing *c; /* by rank */
    size_t count;
    const tmg_capacity *cap;
    int64_t used_red, used_yellow, used_blue;
    bool turned_away;                /* would one more place go to somebody further up, or drawn, instead? */
    struct tmg_standing **day_drawn; /* of the whole day, by ratio; NULL until asked for */
    size_t day_drawn_count, day_places;
} tmg_choosing;

/* Shares and ratios of those who stand free. */
void tmg_chance_share(tmg_choosing *ch, tmg_arena *a);
/* Of those who stand free and were not placed by a rule: who is red by rank and by chance, and with which
 * probability. Counts up used_red. */
void tmg_chance_place(tmg_choosing *ch, tmg_arena *a);
/* The probability with which c is red, once all are placed. */
int64_t tmg_propensity(tmg_choosing *ch, const tmg_standing *c, tmg_arena *a);
/* Gives red places to those whom rules ask for, leaving some to chance; `without` stands as if its rule had
 * not asked for it. */
void tmg_rules_place(tmg_choosing *ch, const tmg_standing *without);

static inline bool tmg_stands_free(const tmg_standing *c)
{
    return !c->decided && !c->mandatory;
}

#endif
