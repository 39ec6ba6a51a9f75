/* app/training_priv.h - from a replayed past to models, their calibration, their place in the fusion, and
 * honest figures.
 *
 * The past is cut by time.  A model is first trained on the *head*; on the *tail* it has not seen it is
 * measured, calibrated and joined with the profiles: fitted on the first half of the tail and measured on the
 * second for the card, then fitted on the whole tail for use.  The trees that are kept are trained once more
 * on everything, with the calibration and the joining of the tail.
 */
#ifndef TMG_APP_TRAINING_PRIV_H
#define TMG_APP_TRAINING_PRIV_H

#include "app/replay_priv.h"

enum {
    TMG_LEAST_ROWS = 1000, /* labelled rows, */
    TMG_LEAST_BAD = 60     /* and bad ones among them, without which no model is trained */
};

typedef struct tmg_training_options {
    tmg_train_request request[TMG_HARMS]; /* their matrix is filled in */
    void (*progress)(void *ctx, tmg_harm h, const char *stage, const tmg_train_progress *p); /* or NULL */
    void *progress_ctx;
} tmg_training_options;
/* What was found best on the public data's validation quarter (docs/learned-models.md). */
tmg_training_options tmg_training_defaults(void);

/* One harm's outcome. */
typedef struct tmg_trained {
    bool made;
    char why_not[512]; /* when not */
    tmg_buf file;      /* the model file */
    tmg_sha256 hash;   /* of it */
    tmg_trees *trees;
    tmg_curve *curve;
    tmg_train_request request;
    int64_t *tail_raw; /* [count - cut]: scores of the head's model */
} tmg_trained;

typedef struct tmg_training {
    const tmg_replay *replay;
    size_t count, cut, half; /* examples; where the tail begins; where its second half begins */
    tmg_trained model[TMG_HARMS];
    tmg_fusion *fusion; /* fitted on the tail */
    tmg_judged *profiles, *alone,
        *fused; /* the second half of the tail, by what neither trees nor fits have seen */
    tmg_evaluation of_profiles, of_alone, of_fused;
} tmg_training;

/* Trains on the first `count` examples.  TMG_E_NOT_FOUND without tamga-train.  A harm with too little to
 * learn from is not made and says why; that is no failure. */
TMG_MUST_USE tmg_rc tmg_training_run(const tmg_replay *r, size_t count, const tmg_training_options *o,
                                     tmg_training *ret, tmg_err *err);
void tmg_training_done(tmg_training *t); /* after a failure too */

/* Fits the join of one harm on examples [from, to): with the raw scores of a model, raw_ppb[i - from], or
 * without (NULL). Leaves it as it was when there is too little to fit. */
TMG_MUST_USE tmg_rc tmg_learn_join(const tmg_replay *r, size_t from, size_t to, tmg_harm h,
                                   const int64_t *raw_ppb, tmg_fusion *f, tmg_err *err);

#endif
