#include "learn/shapley_priv.h"
#include "learn/trees_priv.h"

enum { POINTS = TMG_QUAD, FEW_LEVELS = 8 /* on whose paths four points are exact */ };

static rule make_rule(const double *x, const double *w)
{
    rule r;

    for (int i = 0; i < POINTS; i++) {
        double t = (1 + x[i]) / 2;

        r.t[i] = (float)t;
        r.rest[i] = (float)(1 - t);
        r.by_rest[i] = (float)(1 / (1 - t));
        r.weight[i] = (float)(w[i] / 2);
    }
    return r;
}

/* Points and weights on [-1, 1]: Abramowitz and Stegun, table 25.4. */
static void choose_rules(tmg_shapley *s, int depth)
{
    static const double x4[] = {-0.861136311594052575, -0.339981043584856265, 0.339981043584856265,
                                0.861136311594052575};
    static const double w4[] = {0.347854845137453857, 0.652145154862546143, 0.652145154862546143,
                                0.347854845137453857};
    static const double x8[] = {-0.960289856497536232, -0.796666477413626740, -0.525532409916328986,
                                -0.183434642495649805, 0.183434642495649805,  0.525532409916328986,
                                0.796666477413626740,  0.960289856497536232};
    static const double w8[] = {0.101228536290376259, 0.222381034453374471, 0.313706645877887287,
                                0.362683783378361983, 0.362683783378361983, 0.313706645877887287,
                                0.222381034453374471, 0.101228536290376259};

    s->rules = depth <= FEW_LEVELS ? 1 : 2;
    s->rule[0] = depth <= FEW_LEVELS ? make_rule(x4, w4) : make_rule(x8, w8);
    s->rule[1] = make_rule(x8 + POINTS, w8 + POINTS);
}

typedef struct renumbering {
    const tmg_tree *from;
    uint16_t *id;     /* of a node of the tree, in the order of `walked` */
    uint32_t *parent; /* of a node of the tree */
} renumbering;

static bool is_last(const tmg_node *nodes, size_t at)
{
    return nodes[nodes[at].left].left == 0 && nodes[nodes[at].left + 1].left == 0;
}

static void renumber(renumbering *r, walked *w)
{
    const tmg_node *n = r->from->nodes;
    uint16_t id = 0;

    for (uint32_t i = 0; i < r->from->count; i++)
        if (n[i].left != 0) {
            r->parent[n[i].left] = r->parent[n[i].left + 1] = i;
            if (!is_last(n, i))
                r->id[i] = id++;
        }
    w->node_count = id;
    for (size_t i = 0; i < r->from->count; i++)
        if (n[i].left != 0 && is_last(n, i))
            r->id[i] = id++;
    w->last_count = id - w->node_count;
    for (size_t i = 0; i < r->from->count; i++)
        if (n[i].left == 0 && (i == 0 || !is_last(n, r->parent[i])))
            r->id[i] = id++;
    w->leaf_count = id - w->node_count - w->last_count;
}

/* The node below the last question for the same feature on the way to `at`, or 0. */
static uint32_t find_earlier(const renumbering *r, uint32_t at)
{
    unsigned feature = r->from->nodes[at].place / 2;

    while (at != 0) {
        if (r->from->nodes[r->parent[at]].place / 2 == feature)
            return at;
        at = r->parent[at];
    }
    return 0;
}

/* The share of the rows that goes into a node, merged with the earlier questions for its parent's feature.  A
 * share of nothing would divide by zero; one so small adds nothing that a float shows. */
static double merged_share(const renumbering *r, uint32_t at)
{
    const tmg_node *n = r->from->nodes;
    double share = 1;

    while (at != 0) {
        uint32_t parent = r->parent[at];

        share *= (double)n[at].cover / (double)n[parent].cover;
        at = find_earlier(r, parent);
    }
    return share > 1e-20 ? share : 1e-20;
}

static void make_inner(const renumbering *r, uint32_t at, inner *to)
{
    const tmg_node *n = &r->from->nodes[at];

    *to = (inner){.threshold = n->value, .place = n->place, .earlier = r->id[find_earlier(r, at)]};
    for (uint32_t side = 0; side < 2; side++) {
        double share = merged_share(r, n->left + side);

        to->child[side] = r->id[n->left + side];
        to->share[side] = (float)share;
        to->by_share[side] = (float)(1 / share);
    }
}

/* The mean leaf, weighted by the shares: what a tree says of a row of which nothing is known. */
static double mean_of(const tmg_tree *tree, double *mean)
{
    const tmg_node *n = tree->nodes;

    for (size_t i = tree->count; i-- > 0;)
        mean[i] = n[i].left == 0 ? (double)n[i].value
                                 : (mean[n[i].left] * (double)n[n[i].left].cover +
                                    mean[n[i].left + 1] * (double)n[n[i].left + 1].cover) /
                                       (double)n[i].cover;
    return mean[0];
}

static void make_last(const renumbering *r, uint32_t at, last *to)
{
    const tmg_node *nodes = r->from->nodes, *n = &nodes[at];
    double mean = 0;

    for (uint32_t side = 0; side < 2; side++)
        mean += merged_share(r, n->left + side) * (double)nodes[n->left + side].value;
    *to = (last){.threshold = n->value,
                 .place = n->place,
                 .earlier = r->id[find_earlier(r, at)],
                 .value = {nodes[n->left].value, nodes[n->left + 1].value},
                 .mean = (float)mean};
}

static void make_tree(const renumbering *r, const walked *w)
{
    const tmg_node *n = r->from->nodes;

    for (uint32_t i = 0; i < r->from->count; i++)
        if (n[i].left == 0) {
            if (i == 0 || !is_last(n, r->parent[i]))
                w->leaves[r->id[i] - w->node_count - w->last_count] = n[i].value;
        } else if (is_last(n, i)) {
            make_last(r, i, &w->lasts[r->id[i] - w->node_count]);
        } else {
            make_inner(r, i, &w->nodes[r->id[i]]);
        }
}

static void make_trees(tmg_shapley *s, const tmg_trees *t, size_t most)
{
    renumbering r = {.id = tmg_xcalloc(most, sizeof *r.id), .parent = tmg_xcalloc(most, sizeof *r.parent)};
    double *mean = tmg_xcalloc(most, sizeof *mean);
    walked next = {.nodes = s->nodes, .lasts = s->lasts, .leaves = s->leaves};

    for (size_t i = 0; i < t->count; i++) {
        walked *w = &s->trees[i];

        r.from = &t->trees[i];
        *w = next;
        renumber(&r, w);
        make_tree(&r, w);
        s->bias += mean_of(r.from, mean);
        next.nodes += w->node_count;
        next.lasts += w->last_count;
        next.leaves += w->leaf_count;
    }
    free(mean);
    free(r.id);
    free(r.parent);
}

tmg_shapley *tmg_shapley_new(const tmg_trees *t)
{
    tmg_shapley *s = tmg_xcalloc(1, sizeof *s);
    size_t most = 0;

    for (size_t i = 0; i < t->count; i++)
        most = t->trees[i].count > most ? t->trees[i].count : most;
    s->tree_count = t->count;
    s->features = t->features;
    s->bias = (double)t->base;
    s->trees = tmg_xcalloc(t->count, sizeof *s->trees);
    s->nodes = tmg_xcalloc(t->node_count, sizeof *s->nodes);
    s->lasts = tmg_xcalloc(t->node_count, sizeof *s->lasts);
    s->leaves = tmg_xcalloc(t->node_count, sizeof *s->leaves);
    s->edges = tmg_xcalloc(most, sizeof *s->edges);
    s->phi = tmg_xcalloc(t->features, sizeof *s->phi);
    choose_rules(s, t->depth);
    make_trees(s, t, most);
    return s;
}

void tmg_shapley_free(tmg_shapley *s)
{
    if (s == NULL)
        return;
    free(s->trees);
    free(s->nodes);
    free(s->lasts);
    free(s->leaves);
    free(s->edges);
    free(s->phi);
    free(s);
}
