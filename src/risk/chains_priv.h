/* risk/chains_priv.h - what a chain is: the features a declaration is grouped by, and their order.
 *
 * A feature is a fact of the goods, the route, the means of transport or a registered operator.  Attributes
 * of natural persons (sex, ethnicity, religion, nationality) are no features, so no chain can name them.
 */
#ifndef TMG_RISK_CHAINS_PRIV_H
#define TMG_RISK_CHAINS_PRIV_H

#include "risk/risk.h"

enum {
    TMG_MAX_CHAINS = TMG_MOST_CHAINS,
    TMG_MAX_CHAIN_LEVELS = TMG_MAX_LEVELS - 1, /* the path begins with the whole flow */
    TMG_MAX_LEVEL_FEATURES = 4
};

/* One fact.  Either `text` or `number` is set. */
typedef struct tmg_feature {
    const char *name;  /* in chains.ini */
    const char *words; /* in front of the value in a sentence; NULL: the value speaks for itself */
    tmg_span (*text)(const tmg_declaration *d, const tmg_item *it);
    int64_t (*number)(const tmg_declaration *d, const tmg_item *it);
    void (*say_number)(tmg_buf *b, int64_t v);
    int scale;    /* of a number: digits behind the point */
    bool is_band; /* the number is one of tmg_half_octave */
    bool is_hs;   /* a finer one takes the place of a coarser one in words */
} tmg_feature;

/* NULL when there is no feature of that name. */
const tmg_feature *tmg_feature_by_name(tmg_span name);
/* "consignee, carrier, ...": all names, for messages. */
void tmg_feature_names(tmg_buf *b);
uint64_t tmg_feature_mix(const tmg_feature *f, uint64_t seed, const tmg_declaration *d, const tmg_item *it);
bool tmg_feature_stated(const tmg_feature *f, const tmg_declaration *d, const tmg_item *it);
void tmg_feature_say(const tmg_feature *f, const tmg_declaration *d, const tmg_item *it, tmg_buf *b);
/* What tmg_feature_say says, as data. */
void tmg_feature_fact(const tmg_feature *f, const tmg_declaration *d, const tmg_item *it, tmg_fact *ret);
/* Price per kilogram in hundredths, to three significant digits; -1 when mass or value is not stated. */
int64_t tmg_unit_price(int64_t value_minor, int64_t net_mg);
/* floor(2 * log2(v)): two bands to each doubling; -1 for nothing. */
int64_t tmg_half_octave(int64_t v);

typedef struct tmg_chain_level {
    const tmg_feature *feature[TMG_MAX_LEVEL_FEATURES];
    size_t count;
    int64_t m_milli; /* weight of the parent, in thousandths of an inspection */
    double m;
} tmg_chain_level;

typedef struct tmg_chain {
    tmg_span name;
    tmg_chain_level level[TMG_MAX_CHAIN_LEVELS];
    size_t count;
    uint8_t first_depth;      /* depth of level[0] */
    size_t repeat_at;         /* index of the level that marks a repeated consignment, or count */
    unsigned weight_quarters; /* influence on the log-odds in quarters: 4 is full */
    uint64_t seed;
} tmg_chain;

typedef struct tmg_chains {
    tmg_arena *arena;
    tmg_chain chain[TMG_MAX_CHAINS];
    size_t count;
    int64_t prior_bad_milli[TMG_HARMS], prior_n_milli[TMG_HARMS];
    int64_t half_life_days; /* 0: nothing fades */
    int64_t landmark_ms;
    tmg_span text; /* the definitions in one canonical form: what the model's hash covers */
} tmg_chains;

/* Fills *ret; free with tmg_chains_done, also after a failure. */
TMG_MUST_USE tmg_rc tmg_chains_read(const char *path, tmg_chains *ret, tmg_err *err);
void tmg_chains_done(tmg_chains *c);

/* The group's keys of one item along a chain, coarse to fine. */
void tmg_chain_keys(const tmg_chain *c, const tmg_declaration *d, const tmg_item *it,
                    uint64_t ret[TMG_MAX_CHAIN_LEVELS]);
/* The chain and the level in it that a depth stands for; false for 0 and for what no chain has. */
bool tmg_chains_at(const tmg_chains *cs, uint8_t depth, const tmg_chain **ret_chain, size_t *ret_level);

#endif
