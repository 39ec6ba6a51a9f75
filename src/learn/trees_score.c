#include "base/real.h"
#include "learn/trees_priv.h"

enum {
    LANES = TMG_TREE_LANES,
    BLOCKS = 8,           /* of LANES rows that meet a tree while it is in the nearest cache */
    SPREAD_MOST = 1 << 14 /* floats on the stack: at least one block of TMG_MAX_FEATURES */
};

/* A leaf above the last level stands for all places below it, where the nodes in between may ask what they
 * like. */
static void pad_tree(const tmg_tree *tree, int depth, size_t lane, tmg_padded_node *nodes, float *leaves)
{
    size_t places[1 << (TMG_PADDED_DEPTH + 1)];

    places[0] = 1;
    for (size_t i = 0; i < tree->count; i++) {
        const tmg_node *n = &tree->nodes[i];
        int below = depth - (63 - __builtin_clzl(places[i]));

        if (n->left != 0) {
            nodes[places[i] * LANES + lane] = (tmg_padded_node){n->value, (uint32_t)n->place * LANES};
            places[n->left] = 2 * places[i];
            places[n->left + 1] = 2 * places[i] + 1;
            continue;
        }
        for (size_t leaf = 0; leaf < (size_t)1 << below; leaf++)
            leaves[((places[i] << below) - ((size_t)1 << depth) + leaf) * LANES + lane] = n->value;
    }
}

void tmg_trees_pad(tmg_trees *t)
{
    size_t size = ((size_t)1 << t->depth) * LANES; /* of one group */

    if (t->depth > TMG_PADDED_DEPTH)
        return;
    t->groups = (t->count + LANES - 1) / LANES;
    t->padded = tmg_xcalloc(t->groups * size, sizeof *t->padded);
    t->leaves = tmg_xcalloc(t->groups * size, sizeof *t->leaves);
    for (size_t i = 0; i < t->count; i++)
        pad_tree(&t->trees[i], t->depth, i % LANES, t->padded + i / LANES * size,
                 t->leaves + i / LANES * size);
}

static float walk(const tmg_tree *tree, const float *spread)
{
    const tmg_node *n = tree->nodes;

    while (n->left != 0)
        n = &tree->nodes[n->left + !(spread[n->place * LANES] < n->value)];
    return n->value;
}

/* The leaves are added tree after tree, as XGBoost adds them: the sums are the same to the bit. */
static float margin_by_walking(const tmg_trees *t, const float *spread)
{
    float sum = t->base;

    for (size_t i = 0; i < t->count; i++)
        sum += walk(&t->trees[i], spread);
    return sum;
}

float tmg_trees_margin(const tmg_trees *t, const float *x)
{
    float spread[2 * TMG_MAX_FEATURES * LANES];
    size_t width = (size_t)1 << t->depth;
    float sum = t->base;

    tmg_spread(x, t->features, spread, LANES);
    if (t->padded == NULL)
        return margin_by_walking(t, spread);
    for (size_t g = 0; g < t->groups; g++) {
        const tmg_padded_node *nodes = t->padded + g * width * LANES;
        const float *leaves = t->leaves + g * width * LANES;
        size_t at[LANES] = {1, 1, 1, 1, 1, 1, 1, 1};

        for (int level = 0; level < t->depth; level++)
            for (size_t k = 0; k < LANES; k++) {
                const tmg_padded_node *n = &nodes[at[k] * LANES + k];

                at[k] = 2 * at[k] + !(spread[n->offset] < n->threshold);
            }
        for (size_t k = 0; k < LANES; k++)
            sum += leaves[(at[k] - width) * LANES + k];
    }
    return sum;
}

/* One tree and LANES rows. */
static void add_leaves(const tmg_padded_node *nodes, const float *leaves, int depth, const float *spread,
                       float *sums)
{
    size_t at[LANES] = {1, 1, 1, 1, 1, 1, 1, 1};

    for (int level = 0; level < depth; level++)
        for (size_t r = 0; r < LANES; r++) {
            const tmg_padded_node *n = &nodes[at[r] * LANES];

            at[r] = 2 * at[r] + !(spread[n->offset + r] < n->threshold);
        }
    for (size_t r = 0; r < LANES; r++)
        sums[r] += leaves[(at[r] - ((size_t)1 << depth)) * LANES];
}

static void add_trees(const tmg_trees *t, const float *spread, size_t blocks, float *sums)
{
    size_t size = ((size_t)1 << t->depth) * LANES, step = 2 * t->features * LANES;

    for (size_t i = 0; i < t->count; i++) {
        size_t from = i / LANES * size + i % LANES;

        for (size_t b = 0; b < blocks; b++)
            add_leaves(t->padded + from, t->leaves + from, t->depth, spread + b * step, sums + b * LANES);
    }
}

void tmg_trees_margins(const tmg_trees *t, const float *x, size_t n, float *ret)
{
    float spread[SPREAD_MOST], sums[BLOCKS * LANES];
    size_t step = 2 * t->features * LANES, most = SPREAD_MOST / step < BLOCKS ? SPREAD_MOST / step : BLOCKS;

    for (size_t from = 0; from < n; from += most * LANES) {
        size_t rows = n - from < most * LANES ? n - from : most * LANES, blocks = (rows + LANES - 1) / LANES;

        if (t->padded == NULL) {
            for (size_t i = 0; i < rows; i++)
                ret[from + i] = tmg_trees_margin(t, x + (from + i) * t->features);
            continue;
        }
        /* The lanes left over at the end repeat the last row. */
        for (size_t i = 0; i < blocks * LANES; i++) {
            size_t row = from + (i < rows ? i : rows - 1);

            tmg_spread(x + row * t->features, t->features, spread + i / LANES * step + i % LANES, LANES);
            sums[i] = t->base;
        }
        add_trees(t, spread, blocks, sums);
        memcpy(ret + from, sums, rows * sizeof *ret);
    }
}

int64_t tmg_margin_ppb(double margin)
{
    int64_t ppb = (int64_t)(tmg_logistic(margin) * 1e9 + 0.5);

    return ppb < 1 ? 1 : ppb > 999999999 ? 999999999 : ppb;
}
