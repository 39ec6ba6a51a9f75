/* learn/shapley_priv.h - what is made once per model for its Shapley values, and the scratch of one walk. */
#ifndef TMG_LEARN_SHAPLEY_PRIV_H
#define TMG_LEARN_SHAPLEY_PRIV_H

#include "learn/learn.h"

enum { TMG_QUAD = 4 }; /* points side by side */

typedef float quad __attribute__((vector_size(16)));

/* A rule's points t, with what the walk asks of them. */
typedef struct rule {
    quad t, rest, by_rest, weight; /* t, 1-t, 1/(1-t) */
} rule;

/* A node that splits.  `earlier` is the node into which the path last asked for the same feature: the two
 * questions count as one. 0, the root, stands for none. */
typedef struct inner {
    float threshold;
    uint16_t place, earlier, child[2];
    float share[2], by_share[2]; /* z of each child, merged with the earlier ones; and 1/z */
} inner;

/* A node that splits into two leaves: half of all, and cheap, because the factors of its edges cancel. */
typedef struct last {
    float threshold;
    uint16_t place, earlier;
    float value[2], mean; /* of the leaves; sum of value times merged share */
} last;

/* Nodes with a child that splits come first, in the order of their levels, then those with two leaves, then
 * the leaves of the former. */
typedef struct walked {
    inner *nodes;
    last *lasts;
    float *leaves;
    size_t node_count, last_count, leaf_count;
} walked;

/* What leads into a node: the product of the factors on the way, 1/f and (o-z)/f of the last one, and its o.
 */
typedef struct edge {
    quad product, by_factor, pull;
    float follows;
} edge;

struct tmg_shapley {
    size_t tree_count, features, rules;
    double bias;
    walked *trees;
    inner *nodes;
    last *lasts;
    float *leaves;
    rule rule[2];
    edge *edges; /* scratch of one walk */
    quad *phi;
    float spread[2 * TMG_MAX_FEATURES];
};

#endif
