/* Exact path-dependent Shapley values without tables over subsets.
 *
 * Of a leaf with value v and m features on its path, feature i gets (Lundberg et al. 2020)
 *   v * (o_i - z_i) * sum over S of |S|! (m-1-|S|)! / m! * product of o_j in S * product of z_j outside S,
 * where o_j is 1 when the row follows the path at j, and z_j the share of the training rows that does.  The
 * weights are the integral of t^|S| (1-t)^(m-1-|S|) over [0, 1], so that the sum is the integral of the
 * product over j != i of f_j(t) = (1-t) z_j + t o_j: a polynomial of degree m-1, which Gauss and Legendre's
 * rule with four points gives exactly up to degree 7, and one with eight up to 15.  Products over paths are
 * shared by walking a tree once down (products) and once up (sums), four points side by side (compare Yu et
 * al. 2022, "Linear TreeShap"). */
#include "learn/shapley_priv.h"
#include "learn/trees_priv.h"

/* Both children of each node: the one that the row follows and the other. */
static void go_down(const tmg_shapley *s, const walked *w, const rule *rule_now)
{
    edge *restrict edges = s->edges;
    const float *restrict spread = s->spread;
    const rule r = *rule_now;

    for (size_t i = 0; i < w->node_count; i++) {
        const inner *n = &w->nodes[i];
        const edge *earlier = &edges[n->earlier];
        size_t side = !(spread[n->place] < n->threshold);
        edge *to = &edges[n->child[side]], *other = &edges[n->child[1 - side]];
        float follows = earlier->follows;
        quad before = edges[i].product * earlier->by_factor;
        quad factor = r.rest * n->share[side] + r.t * follows, by_factor = 1.0f / factor;

        to->product = before * factor;
        to->by_factor = by_factor;
        to->pull = by_factor * (follows - n->share[side]);
        to->follows = follows;
        other->product = before * (r.rest * n->share[1 - side]);
        other->by_factor = r.by_rest * n->by_share[1 - side];
        other->pull = -r.by_rest;
        other->follows = 0;
    }
    for (size_t i = 0; i < w->leaf_count; i++)
        edges[w->node_count + w->last_count + i].product *= w->leaves[i];
}

static void turn_around(const tmg_shapley *s, const walked *w, const rule *rule_now)
{
    edge *restrict edges = s->edges;
    quad *restrict phi = s->phi;
    const float *restrict spread = s->spread;
    const rule r = *rule_now;

    for (size_t i = 0; i < w->last_count; i++) {
        const last *n = &w->lasts[i];
        const edge *earlier = &edges[n->earlier];
        edge *at = &edges[w->node_count + i];
        float reached = earlier->follows * n->value[!(spread[n->place] < n->threshold)];
        quad before = at->product * earlier->by_factor, both = before * (r.rest * n->mean + r.t * reached);

        phi[n->place / 2] += before * (reached - n->mean) - earlier->pull * both;
        at->product = both;
    }
}

/* Products become sums over the leaves below.  Where a question was asked before, what the earlier answer got
 * for these leaves is taken back: the merged one gets it. */
static void go_up(const tmg_shapley *s, const walked *w)
{
    edge *restrict edges = s->edges;
    quad *restrict phi = s->phi;

    for (size_t i = w->node_count; i-- > 0;) {
        const inner *n = &w->nodes[i];
        const edge *left = &edges[n->child[0]], *right = &edges[n->child[1]];
        quad both = left->product + right->product;

        phi[n->place / 2] +=
            left->pull * left->product + right->pull * right->product - edges[n->earlier].pull * both;
        edges[i].product = both;
    }
}

void tmg_shapley_of(tmg_shapley *s, const float *x, float *ret)
{
    tmg_spread(x, s->features, s->spread, 1);
    memset(s->phi, 0, s->features * sizeof *s->phi);
    for (size_t i = 0; i < s->tree_count * s->rules; i++) {
        const rule *r = &s->rule[i % s->rules];
        const walked *w = &s->trees[i / s->rules];

        s->edges[0] = (edge){r->weight, {1, 1, 1, 1}, {0, 0, 0, 0}, 1};
        go_down(s, w, r);
        turn_around(s, w, r);
        go_up(s, w);
    }
    for (size_t i = 0; i < s->features; i++)
        ret[i] = (s->phi[i][0] + s->phi[i][1]) + (s->phi[i][2] + s->phi[i][3]);
    ret[s->features] = (float)s->bias;
}
