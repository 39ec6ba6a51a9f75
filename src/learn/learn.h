/* learn/learn.h - learned models: gradient boosted trees, judged and explained by Tamga's own C.
 *
 * Training is XGBoost's (Chen and Guestrin 2016; Debian's libxgboost 1.7.4) in a process of its own, the
 * program tamga-train; without it a centre runs on profiles and says so.  Serving is this room's: a model
 * file (XGBoost's JSON or UBJ) is read once into padded trees; a score and its exact Shapley values (Lundberg
 * et al. 2020, path-dependent) cost microseconds.
 *
 * Floats: features are float32, compared as XGBoost compares them (x < threshold goes left; NaN follows the
 * node's default).  Scores leave the room as ppb.
 *
 * Thread rule: a loaded model is immutable; any thread may score, with scratch of its own.
 */
#ifndef TMG_LEARN_LEARN_H
#define TMG_LEARN_LEARN_H

#include "base/hash.h"
#include "model/model.h"

enum { TMG_MAX_FEATURES = 256, TMG_MAX_TREES = 5000, TMG_MAX_TREE_DEPTH = 12 };

typedef struct tmg_trees tmg_trees;
/* Reads a binary:logistic booster of gbtree.  TMG_E_INVALID says what in the file is not as expected; hostile
 * files meet the limits above. */
TMG_MUST_USE tmg_rc tmg_trees_read(tmg_span file, tmg_trees **ret, tmg_err *err);
void tmg_trees_free(tmg_trees *t); /* NULL is accepted */
size_t tmg_trees_count(const tmg_trees *t);
size_t tmg_trees_features(const tmg_trees *t);
/* Sum of leaves with the base: log-odds. */
float tmg_trees_margin(const tmg_trees *t, const float *x);
/* n rows of `features` floats each, row after row. */
void tmg_trees_margins(const tmg_trees *t, const float *x, size_t n, float *ret);
/* Exact path-dependent Shapley values of the margin: ret[features] and the bias in ret[features]; they sum to
 * the margin. */
typedef struct tmg_shapley tmg_shapley; /* made once per model, about as large as it; one thread at a time */
tmg_shapley *tmg_shapley_new(const tmg_trees *t);
void tmg_shapley_free(tmg_shapley *s);
void tmg_shapley_of(tmg_shapley *s, const float *x, float *ret);

/* The name that the model file gives its feature, or the absent span; borrowed from the model. */
tmg_span tmg_trees_feature(const tmg_trees *t, size_t i);
/* 1 / (1 + e^-margin) in ppb, 1 to 999,999,999. */
int64_t tmg_margin_ppb(double margin);

/* ---- the plain facts of a declaration as features (learn/features.c) ----
 *
 * Amounts, masses and counts (with their ratios and the item's share of the whole), rates, short codes as
 * stable numbers, hour and weekday of arrival.  Who trades is no plain fact: identifiers enter only as what
 * was found about them.  No attribute of a natural person is among them.  Names are "family/name". */
size_t tmg_plain_feature_count(void);
const char *tmg_plain_feature_name(size_t i);
/* Is the feature of this name a code, whose number says nothing to people? */
bool tmg_plain_feature_is_code(tmg_span name);
/* `it` is the item that is judged; NULL gives NaN for its facts.  What is not stated is NaN. */
void tmg_plain_features(const tmg_declaration *d, const tmg_item *it, int offset_min, float *ret);
/* A code of up to four letters and digits as a number of its own, the same everywhere and for ever; a longer
 * one falls into one of 2^21 others.  NaN when not stated. */
float tmg_code_number(tmg_span code);
/* What a list of features is known by: SHA-256 over their names and the version of their meaning. */
tmg_sha256 tmg_schema_hash(const tmg_span *names, size_t count);

/* ---- what is learned from: a matrix in a file (docs/formats.md "A matrix to learn from") ----
 *
 * Rows stand in the order of time, the oldest first: the tail is what a model is tested on. */
enum { TMG_MAX_MATRIX_ROWS = 50000000, TMG_MAX_FEATURE_NAME = 100 };

typedef struct tmg_matrix_writer tmg_matrix_writer;
/* Creates the file; the names are copied.  `weighted`: does each row carry a weight? */
TMG_MUST_USE tmg_rc tmg_matrix_create(const char *path, const tmg_span *names, size_t features, bool weighted,
                                      tmg_matrix_writer **ret, tmg_err *err);
/* One row of `features` floats (NaN is "not known"); the weight is positive and left aside when not weighted.
 */
TMG_MUST_USE tmg_rc tmg_matrix_add(tmg_matrix_writer *w, const float *x, bool label, float weight,
                                   tmg_err *err);
/* Completes and closes the file and frees the writer, whatever it returns. */
TMG_MUST_USE tmg_rc tmg_matrix_finish(tmg_matrix_writer *w, tmg_err *err);
/* Gives up: closes and removes the file.  NULL is accepted. */
void tmg_matrix_drop(tmg_matrix_writer *w);

typedef struct tmg_matrix {
    size_t rows, features;
    tmg_span *names;      /* [features] */
    const float *x;       /* row after row */
    const uint8_t *label; /* 0 or 1 */
    const float *weight;  /* NULL: each row counts once */
    void *file;           /* private */
} tmg_matrix;
/* Maps the file; close with tmg_matrix_close. */
TMG_MUST_USE tmg_rc tmg_matrix_open(const char *path, tmg_matrix *ret, tmg_err *err);
void tmg_matrix_close(tmg_matrix *m); /* one full of zeros is accepted */

/* ---- training, by the program tamga-train ---- */

typedef struct tmg_train_request {
    const char *matrix; /* path of the matrix; the model is written beside it and removed after it was read */
    int64_t rounds;     /* trees at most, 1..TMG_MAX_TREES */
    int64_t depth;      /* 1..TMG_MAX_TREE_DEPTH */
    int64_t eta_ppm;    /* learning rate */
    int64_t min_child_weight_ppm;
    int64_t subsample_ppm; /* share of the rows for each tree */
    int64_t colsample_ppm; /* share of the features for each tree */
    int64_t lambda_ppm;    /* L2 on leaves */
    int64_t seed;
    int64_t
        held_ppm; /* share of the rows at the end that decides how many trees are enough; 0: all `rounds` */
    int64_t patience;   /* rounds without a better loss on the held rows before it stops */
    bool refit;         /* trained again on all rows with the number of trees found */
    int64_t threads;    /* the same number gives the same model */
    int64_t timeout_ms; /* of the whole run */
} tmg_train_request;
/* 400 trees of depth 6, eta 0.1, min_child_weight 1, no sampling, lambda 1, seed 1, nothing held, patience
 * 30, one thread, an hour. */
tmg_train_request tmg_train_defaults(const char *matrix);

typedef struct tmg_train_progress {
    int64_t round, rounds;
    int64_t loss_ppm;      /* mean logarithmic loss on what it learns from */
    int64_t held_loss_ppm; /* on the held rows, or TMG_NONE */
    bool refitting;
} tmg_train_progress;
/* Called in the thread that trains; false ends the training with TMG_E_CONFLICT. */
typedef bool tmg_train_watch(void *ctx, const tmg_train_progress *p);

/* Is there a tamga-train?  Its path into ret_path: $TAMGA_TRAIN, else beside the running program or where the
 * build puts it.  TMG_E_NOT_FOUND says that this Tamga was built without XGBoost and what to install. */
TMG_MUST_USE tmg_rc tmg_train_find(char *ret_path, size_t room, tmg_err *err);
/* Trains in a process of its own, which sees neither database nor environment beyond the paths here; blocks
 * until it is done.  The model file's bytes (UBJ) are appended to ret_model.  Errors: what tamga-train said
 * (TMG_E_INVALID, TMG_E_LIMIT), TMG_E_IO when it was killed, TMG_E_LIMIT after the time.  `watch` may be
 * NULL. */
TMG_MUST_USE tmg_rc tmg_train_run(const tmg_train_request *r, tmg_train_watch *watch, void *ctx,
                                  tmg_buf *ret_model, tmg_err *err);

/* ---- logistic regression with a ridge, by Newton's steps ---- */

enum { TMG_MAX_LOGIT = 64 };
/* n rows of k doubles, row after row, k <= TMG_MAX_LOGIT; weight NULL counts each row once.  Minimises the
 * weighted logarithmic loss plus ridge/2 times the squares of the coefficients, the intercept excepted.
 * ret_beta[0..k) and the intercept in ret_beta[k].  The same input gives the same bits on one machine.
 * TMG_E_INVALID: numbers that are not finite, a ridge not above 0, labels all alike. */
TMG_MUST_USE tmg_rc tmg_logit_fit(const double *x, size_t n, size_t k, const bool *label,
                                  const double *weight, double ridge, double *ret_beta, tmg_err *err);
double tmg_logit_margin(const double *beta, size_t k, const double *x);

#endif
