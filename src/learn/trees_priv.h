/* learn/trees_priv.h - a model file as it was read, and the trees made from it. */
#ifndef TMG_LEARN_TREES_PRIV_H
#define TMG_LEARN_TREES_PRIV_H

#include "learn/learn.h"

enum {
    TMG_MAX_MODEL_BYTES = 64 << 20,
    TMG_MAX_TREE_NODES = 1 << 16, /* with those that pruning left unreachable */
    TMG_MAX_MODEL_NODES = 4 << 20,
    TMG_PADDED_DEPTH = 8, /* deeper trees are walked node by node */
    TMG_TREE_LANES = 8    /* trees, or rows, that are walked side by side */
};

/* ---- the file ---- */

typedef struct tmg_numbers {
    const double *v;
    size_t n;
} tmg_numbers;

typedef struct tmg_tree_file {
    tmg_numbers left, right, feature, condition, default_left, cover, split_type;
} tmg_tree_file;

typedef struct tmg_booster_file {
    tmg_span booster, objective;                     /* "gbtree", "binary:logistic" */
    tmg_span base_score, features, classes, targets; /* numbers written as text */
    tmg_span *names;
    size_t name_count;
    tmg_tree_file *trees;
    size_t tree_count;
} tmg_booster_file;

/* Both leave absent what the file does not state; everything lives in the arena or in the file's bytes. */
TMG_MUST_USE tmg_rc tmg_booster_json(tmg_span file, tmg_arena *a, tmg_booster_file *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_booster_ubj(tmg_span file, tmg_arena *a, tmg_booster_file *ret, tmg_err *err);

/* ---- the trees ---- */

/* Children stand side by side, behind their parent.  `place` is where the spread row holds the value to
 * compare: each feature has two places there, and a missing value is -infinity in the first (goes left) and
 * +infinity in the second. */
typedef struct tmg_node {
    float value;   /* threshold, or the leaf's */
    float cover;   /* sum of the training rows' hessians */
    uint32_t left; /* index within the tree; 0: a leaf */
    uint16_t place;
} tmg_node;

typedef struct tmg_tree {
    const tmg_node *nodes;
    size_t count;
    int depth;
} tmg_tree;

/* A node of a padded tree: 8 trees are interleaved, so that eight walks differ only by a constant in the
 * address. */
typedef struct tmg_padded_node {
    float threshold;
    uint32_t offset; /* in floats, into rows spread over TMG_TREE_LANES lanes */
} tmg_padded_node;

struct tmg_trees {
    size_t count, features, node_count;
    int depth; /* of the deepest */
    float base;
    tmg_tree *trees;
    tmg_node *nodes;
    tmg_span *names; /* [features], or NULL */
    tmg_arena *arena;
    /* NULL when the trees are too deep. */
    tmg_padded_node *padded; /* [groups][1 << depth][lanes]; the root at 1, children of i at 2i and 2i + 1 */
    float *leaves;           /* [groups][1 << depth][lanes] */
    size_t groups;
};

void tmg_trees_pad(tmg_trees *t);

/* Spreads a row: to[(2 * feature + side) * stride]. */
static inline void tmg_spread(const float *x, size_t features, float *to, size_t stride)
{
    for (size_t i = 0; i < features; i++) {
        bool missing = x[i] != x[i];

        to[2 * i * stride] = missing ? -__builtin_inff() : x[i];
        to[(2 * i + 1) * stride] = missing ? __builtin_inff() : x[i];
    }
}

#endif
