/* app/models.h - learned models of a centre: training, the register, who asks whom, and why a model said what
 * it said.
 *
 * Life of a model: *candidate* when trained; *challenger* in the shadow, asked beside the champion and its
 * scores kept, deciding nothing; *champion* once a second person has approved it: its opinion enters every
 * probability; *retired*. Each harm has at most one champion; taking it back to the one before is one step.
 * Every step is one transaction: the state, a row of its history, the fusion that goes with it, and a leaf of
 * the log.
 *
 * A centre without a champion, or built without XGBoost, judges by profiles and rules alone.
 *
 * Thread rule: as app/app.h; training itself runs in a process of its own, and whoever waits for it may be any thread.
 */
#ifndef TMG_APP_MODELS_H
#define TMG_APP_MODELS_H

#include "app/app.h"

/* ---- training ---- */

typedef struct tmg_train_options {
    const char *file;          /* train on this labelled file; NULL: on the centre's own control results */
    tmg_intake_options intake; /* of the file */
    const tmg_training_watch *watch; /* NULL: quietly */
} tmg_train_options;
typedef struct tmg_train_outcome {
    bool made;
    int64_t id; /* of the new candidate; 0 when the very same model was there already */
    char hash[65];
    char why_not[512];                        /* when not made */
    tmg_evaluation profiles, model, together; /* on the newest results, which nothing of it had seen */
} tmg_train_outcome;
/* Minutes; not from the writer's thread.  TMG_E_NOT_FOUND without tamga-train. */
TMG_MUST_USE tmg_rc tmg_train_models(tmg_centre *c, const tmg_actor *who, const tmg_train_options *o,
                                     tmg_train_outcome ret[TMG_HARMS], tmg_err *err);

/* Learns how the chains are to be joined where no model is asked, and what the rules that hit weigh, from what was
 * thought before and found later; the new fusion is used at once and its making logged ("fusion.learned").  Not from
 * the writer's thread. */
TMG_MUST_USE tmg_rc tmg_learn_fusion(tmg_centre *c, const tmg_actor *who, tmg_err *err);

/* ---- the register (any thread, with a reader of its own) ---- */

typedef enum tmg_model_state {
    TMG_MODEL_CANDIDATE = 1,
    TMG_MODEL_CHALLENGER,
    TMG_MODEL_CHAMPION,
    TMG_MODEL_RETIRED
} tmg_model_state;
const char *tmg_model_state_name(tmg_model_state s);

typedef struct tmg_model {
    int64_t id, made_ms, approved_ms; /* TMG_NONE when never approved */
    int64_t account_id, approved_by;  /* TMG_NONE */
    tmg_harm harm;
    tmg_model_state state;
    tmg_span hash, features, made_by, approved_name; /* names of accounts */
    tmg_span card;                                   /* JSON */
} tmg_model;
typedef struct tmg_model_step {
    int64_t at_ms;
    tmg_span account, from_state, to_state, note;
} tmg_model_step;
/* Newest first. */
TMG_MUST_USE tmg_rc tmg_model_list(tmg_db *db, tmg_arena *a, tmg_model **ret, size_t *ret_count,
                                   tmg_err *err);
TMG_MUST_USE tmg_rc tmg_model_get(tmg_db *db, int64_t id, tmg_arena *a, tmg_model *ret, tmg_err *err);
/* By its number, or by the beginning of its hash (at least six digits, one model alone). */
TMG_MUST_USE tmg_rc tmg_model_find(tmg_db *db, tmg_span name, tmg_arena *a, tmg_model *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_model_steps(tmg_db *db, int64_t model_id, tmg_arena *a, tmg_model_step **ret,
                                    size_t *ret_count, tmg_err *err);
/* How a model in use does on results that came after its scores. */
typedef struct tmg_model_record {
    int64_t scored;        /* declarations */
    tmg_evaluation judged; /* of those whose result is known: test_rows, auc, ap, p_at, recall_at, ece */
} tmg_model_record;
TMG_MUST_USE tmg_rc tmg_model_record_of(tmg_db *db, const tmg_model *m, tmg_model_record *ret, tmg_err *err);
bool tmg_model_can_train(void); /* is there a tamga-train? */
/* "" when learned models are used as they should be; else one sentence: no champion, no XGBoost, a champion
 * that cannot be read. */
TMG_MUST_USE tmg_rc tmg_model_trouble(const tmg_centre *c, tmg_db *db, tmg_buf *ret, tmg_err *err);

/* ---- steps (on the writer's thread) ---- */

typedef enum tmg_model_move {
    TMG_MODEL_CHALLENGE = 1, /* candidate, retired -> challenger */
    TMG_MODEL_APPROVE,  /* challenger -> champion, by another than who trained it; the one before retires */
    TMG_MODEL_RETIRE,   /* any other -> retired */
    TMG_MODEL_ROLL_BACK /* the champion retires and the one before it is champion again, or none */
} tmg_model_move;
const char *tmg_model_move_name(tmg_model_move m); /* "challenge", "approve", "retire", "roll-back" */
tmg_model_move tmg_model_move_of(tmg_span word);   /* 0 when unknown */
/* May this actor take it through that, as things stand?  (any thread; err may be NULL) */
TMG_MUST_USE tmg_rc tmg_model_may_take(const tmg_actor *who, const tmg_model *m, tmg_model_move move, tmg_err *err);
/* Checks the right, takes the step, and judges again what is open and ahead when the champion changed. */
TMG_MUST_USE tmg_rc tmg_model_take(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t model_id,
                                   tmg_model_move move, tmg_span note, tmg_err *err);

/* ---- why, and again ---- */

/* What a family of features added to a model's log-odds (exact Shapley values, summed). */
typedef struct tmg_model_reason {
    tmg_span family; /* "results of goods", "price" */
    int64_t weight_mdB;
    tmg_span feature; /* the one that moved it most */
    float value;
    bool is_code; /* the value is the number of a code: for machines */
    tmg_span words; /* "results of goods +5.2 dB (hs6 fraud share 0.31)" */
} tmg_model_reason;
/* Of the newest score that the champion of that harm gave the declaration, strongest first; none when no
 * model was asked.  From the stored vector and the model file by its hash. */
TMG_MUST_USE tmg_rc tmg_model_reasons(tmg_db *db, const char *home, int64_t declaration_id, tmg_harm h,
                                      tmg_arena *a, tmg_model_reason **ret, size_t *ret_count,
                                      int64_t *ret_model_id, tmg_err *err);

/* Computes the newest assessment of a declaration again from what is stored: each model's score from its
 * vector and its file, and the fusion from its parts. */
typedef struct tmg_verified {
    bool same[TMG_HARMS]; /* to the last bit */
    int64_t stored_ppb[TMG_HARMS], again_ppb[TMG_HARMS];
    int64_t model_stored_ppb[TMG_HARMS], model_again_ppb[TMG_HARMS]; /* TMG_NONE: no model was asked */
    char model_hash[TMG_HARMS][65];
    int64_t fusion_id, as_of_ms;
} tmg_verified;
TMG_MUST_USE tmg_rc tmg_model_verify(const tmg_centre *c, tmg_db *db, int64_t declaration_id,
                                     tmg_verified *ret, tmg_err *err);

#endif
