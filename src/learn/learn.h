/* learn/learn.h - learned models: gradient boosted trees, judged and explained by Tamga's own C.
 *
 * Training is XGBoost's (Chen and Guestrin 2016; Debian's libxgboost 1.7.4) in a process of its own, the program
 * tamga-train; without it a centre runs on profiles and says so.  Serving is this room's: a model file (XGBoost's JSON
 * or UBJ) is read once into padded trees; a score and its exact Shapley values (Lundberg et al. 2020, path-dependent)
 * cost microseconds.
 *
 * Floats: features are float32, compared as XGBoost compares them (x < threshold goes left; NaN follows the node's
 * default).  Scores leave the room as ppb.
 *
 * Thread rule: a loaded model is immutable; any thread may score, with scratch of its own.
 */
#ifndef TMG_LEARN_LEARN_H
#define TMG_LEARN_LEARN_H

#include "base/hash.h"
#include "model/model.h"

enum { TMG_MAX_FEATURES = 256, TMG_MAX_TREES = 5000, TMG_MAX_TREE_DEPTH = 12 };

typedef struct tmg_trees tmg_trees;
/* Reads a binary:logistic booster of gbtree.  TMG_E_INVALID says what in the file is not as expected; hostile files
 * meet the limits above. */
TMG_MUST_USE tmg_rc tmg_trees_read(tmg_span file, tmg_trees **ret, tmg_err *err);
void tmg_trees_free(tmg_trees *t); /* NULL is accepted */
size_t tmg_trees_count(const tmg_trees *t);
size_t tmg_trees_features(const tmg_trees *t);
/* Sum of leaves with the base: log-odds. */
float tmg_trees_margin(const tmg_trees *t, const float *x);
/* n rows of `features` floats each, row after row. */
void tmg_trees_margins(const tmg_trees *t, const float *x, size_t n, float *ret);
/* Exact path-dependent Shapley values of the margin: ret[features] and the bias in ret[features]; they sum to the
 * margin. */
typedef struct tmg_shapley tmg_shapley; /* tables made once per model, scratch */
tmg_shapley *tmg_shapley_new(const tmg_trees *t);
void tmg_shapley_free(tmg_shapley *s);
void tmg_shapley_of(tmg_shapley *s, const float *x, float *ret);

#endif
