/* risk/fusion_priv.h - what a fusion holds; shared by the files that apply, fit, teach and keep it. */
#ifndef TMG_RISK_FUSION_PRIV_H
#define TMG_RISK_FUSION_PRIV_H

#include "risk/mind_priv.h"

enum { TMG_MOST_TERMS = TMG_MOST_CHAINS + 1 };

/* One regression: coefficients in millionths in the order of tmg_fusion_terms.  No coefficients: nothing
 * learned. */
typedef struct tmg_join {
    int64_t beta_micro[TMG_MOST_TERMS], constant_micro;
    size_t count;
    tmg_calibration calibration;
} tmg_join;

struct tmg_fusion {
    tmg_join join[TMG_HARMS][2];   /* [harm][with a model?] */
    tmg_taught *taught[TMG_HARMS]; /* by key */
    size_t taught_count[TMG_HARMS];
    tmg_arena *arena; /* texts of the keys */
};

enum { TMG_FUSION_TEXT_MAX = 16 << 20 };

/* Log-odds in natural units of a weight of evidence. */
double tmg_nats_of_mdB(int64_t mdB);
int64_t tmg_mdB_of_nats(double nats);
/* logit of a probability in ppb, kept away from 0 and 1 by one ppb. */
double tmg_logit_ppb(int64_t ppb);
int64_t tmg_ppb_of_logit(double log_odds);

/* The column assessment.parts. */
void tmg_parts_write(const tmg_assessment *as, tmg_buf *b);

#endif
