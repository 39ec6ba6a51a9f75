/* risk/figures.h - what came of it: shares with their interval, tallies of a period, and the judging of scores.
 *
 * Shares are in ppm unless they are called fractions.  Pure but for tmg_figures, which reads the caller's connection.
 */
#ifndef TMG_RISK_FIGURES_H
#define TMG_RISK_FIGURES_H

#include "base/json.h"
#include "model/model.h"
#include "store/store.h"

/* ---- what came of it (risk/figures.c) ---- */

/* A share with its interval, in parts per million; all TMG_NONE when `of` is 0. */
typedef struct tmg_rate {
    int64_t ppm, low_ppm, high_ppm;
} tmg_rate;
/* The 95 % score interval of Wilson (1927): right for small counts and shares near 0 too. 0 <= count <= of.
 */
tmg_rate tmg_wilson(int64_t count, int64_t of);
int64_t tmg_ppm_of(double share); /* rounded, within 0 and 1,000,000 */
/* A share of 1 with six digits; TMG_NONE is null. */
void tmg_ppm_write(tmg_json_out *j, const char *key, int64_t ppm);
/* An object {"count", "of", `name`, "low", "high"}: a share and its interval. */
void tmg_rate_write(tmg_json_out *j, const char *key, const char *name, int64_t count, int64_t of);

/* Consignments and what was done about them.  Inspected: a control result is there; hits: it found fraud or
 * something critical.  decisions[tmg_action] counts what was decided, what was taken back included. */
typedef struct tmg_tally {
    int64_t arrived, inspected, hits, fraud, critical, minutes;
    int64_t decisions[TMG_ACT_WITHDRAW + 1];
} tmg_tally;
void tmg_tally_add(tmg_tally *to, const tmg_tally *more);

/* One group of them. */
typedef struct tmg_figure {
    int64_t post_id;
    int lane; /* a tmg_lane; 0 for history, which was never chosen */
    int by;   /* a tmg_selected_by; 0 for history */
    tmg_tally tally;
} tmg_figure;
/* What arrived from day_from to day_to (history counts by its day of lodging, in the centre's offset), by
 * post, lane and way of selection.  Reads all declarations once; inside a read transaction for one view. */
TMG_MUST_USE tmg_rc tmg_figures(tmg_db *db, int32_t day_from, int32_t day_to, int offset_min, tmg_arena *a,
                                tmg_figure **ret, size_t *ret_count, tmg_err *err);

/* ---- judging (risk/evaluate.c): `tamga evaluate` ---- */
typedef struct tmg_evaluation {
    int64_t train_rows, test_rows, test_fraud, test_critical;
    /* Fractions; -1 where there is nothing to judge (no row, or only one label).  Rankings go by raw scores.
     */
    double p_at[5];      /* fraud precision at 1, 2, 5, 10, 20 %: the first ceil(share * rows) */
    double recall_at[3]; /* critical recall at 1, 5, 10 % */
    double auc[TMG_HARMS], ap[TMG_HARMS], brier[TMG_HARMS], ece[TMG_HARMS];
    int64_t replay_inspected, replay_fraud, replay_critical, replay_days;
    int64_t replay_share_ppm; /* 50000 */
    double replay_w;          /* utility = P(fraud) + w*P(critical) */
} tmg_evaluation;

/* Scores and labels of a test period in; all figures out.  day[i] groups the replay. Ties keep input order.
 */
typedef struct tmg_judged {
    int32_t day;
    bool fraud, critical;
    int64_t ppb[TMG_HARMS], raw_ppb[TMG_HARMS];
} tmg_judged;
void tmg_evaluate(const tmg_judged *rows, size_t count, double w, tmg_evaluation *ret);

#endif
