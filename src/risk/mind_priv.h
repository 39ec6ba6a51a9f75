/* risk/mind_priv.h - what a mind holds; shared by the files that score, calibrate and speak. */
#ifndef TMG_RISK_MIND_PRIV_H
#define TMG_RISK_MIND_PRIV_H

#include "base/json.h"
#include "risk/chains_priv.h"
#include "risk/profiles_priv.h"

/* Below this many inspected consignments a group says little. */
enum { TMG_FEW = 5 };

/* Points of the map from raw to calibrated probability, both in ppb, x strictly and y weakly increasing.  No
 * points: the identity. */
typedef struct tmg_calibration {
    int64_t *x, *y;
    size_t count;
} tmg_calibration;

/* How the log-odds of a score and of being bad go together on the whole: constant + slope * logit(raw). */
typedef struct tmg_trend {
    double constant, slope; /* slope 0 or more */
} tmg_trend;
tmg_trend tmg_trend_fit(const int64_t *raw_ppb, const bool *label, size_t count);
int64_t tmg_trend_at(const tmg_trend *t, int64_t raw_ppb);

/* How many pairs the trend counts for in each step of a calibration (docs/risk.md says how it was chosen). */
enum { TMG_TREND_COUNTS = 16 };

/* Isotonic fit whose steps are drawn towards the trend, so that a handful of finds in the highest step makes
 * no certainty; leaves the identity where there are too few pairs.  `label` counts 0 and 1. */
void tmg_calibration_fit(tmg_calibration *c, const int64_t *raw_ppb, const bool *label, size_t count);
/* Strictly increasing in raw: the steps keep a ten-thousandth of the raw slope, so that calibrating never
 * makes ties. */
int64_t tmg_calibration_at(const tmg_calibration *c, int64_t raw_ppb);
void tmg_calibration_done(tmg_calibration *c);
/* As a JSON array x, y, x, y, ... under this key, and back. */
void tmg_calibration_write(const tmg_calibration *c, tmg_json_out *j, const char *key);
TMG_MUST_USE tmg_rc tmg_calibration_read(const tmg_json *points, tmg_calibration *ret, tmg_err *err);

struct tmg_mind {
    tmg_chains chains;
    tmg_decay decay;
    tmg_profiles profiles;
    tmg_cell whole; /* the whole flow */
    tmg_waiting waiting;
    tmg_calibration calibration[TMG_HARMS];
    uint64_t *keys; /* scratch of tmg_mind_learn */
    size_t key_room;
    int64_t clock_ms, last_result_id, model_id;
};

#endif
