#include "learn_help.h"

/* What a tree says of a row of which only the features in `known` are known: the leaves that fit, weighted by
 * the training rows. */
static double expected(const toy_tree *t, int at, const float *x, unsigned known)
{
    const int *l = t->left, *r = t->right;

    if (l[at] == -1)
        return (double)t->value[at];
    if (known >> t->feature[at] & 1)
        return expected(t, toy_next(t, at, x), x, known);
    return (expected(t, l[at], x, known) * (double)t->cover[l[at]] +
            expected(t, r[at], x, known) * (double)t->cover[r[at]]) /
           (double)t->cover[at];
}

static double expected_of(const toy *m, const float *x, unsigned known)
{
    double sum = 0;

    for (int i = 0; i < m->count; i++)
        sum += expected(m->tree[i], 0, x, known);
    return sum;
}

/* Shapley's definition, over all sets of the other features. */
static void by_definition(const toy *m, const float *x, double *phi)
{
    unsigned all = 1U << m->features;
    double *v = tmg_xcalloc(all, sizeof *v);

    for (unsigned s = 0; s < all; s++)
        v[s] = expected_of(m, x, s);
    for (int i = 0; i < m->features; i++) {
        phi[i] = 0;
        for (unsigned s = 0; s < all; s++) {
            int size = __builtin_popcount(s);

            if ((s >> i & 1) == 0)
                phi[i] += exp(lgamma(size + 1) + lgamma(m->features - size) - lgamma(m->features + 1)) *
                          (v[s | 1U << i] - v[s]);
        }
    }
    phi[m->features] = v[0] - log(1 / strtod(m->base, NULL) - 1);
    free(v);
}

static void values_are_those_of_the_definition(void **state)
{
    (void)state;
    /* Few features: each path asks for the same one again and again; many: hardly ever. */
    static const int shapes[][3] = {{1, 3, 4},  {2, 5, 6},   {5, 8, 6},  {9, 8, 8},
                                    {11, 4, 9}, {11, 1, 12}, {3, 2, 12}, {4, 3, 0}};

    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        toy m = toy_of(shapes[k][0], shapes[k][1], shapes[k][2], k + 1);
        tmg_trees *t = toy_read(&m, true);
        tmg_shapley *s = tmg_shapley_new(t);
        uint64_t seed = k;

        for (int row = 0; row < 4; row++) {
            float x[16], got[16], margin;
            double want[16], sum = 0;

            toy_row(&m, x, &seed);
            by_definition(&m, x, want);
            tmg_shapley_of(s, x, got);
            margin = tmg_trees_margin(t, x);
            for (int i = 0; i <= m.features; i++) {
                assert_float_equal(got[i], (float)want[i], 2e-5f);
                sum += (double)got[i];
            }
            assert_float_equal((float)sum, margin, 2e-5f);
        }
        tmg_shapley_free(s);
        tmg_trees_free(t);
        toy_free(&m);
    }
}

static void a_feature_that_no_tree_asks_for_gets_nothing(void **state)
{
    (void)state;
    toy m = toy_of(3, 6, 3, 4);
    float x[] = {0.3f, 0.6f, NAN, 0.9f}, got[5] = {9, 9, 9, 9, 9};
    tmg_trees *t;
    tmg_shapley *s;

    m.features = 4; /* the fourth is known to the model only */
    t = toy_read(&m, false);
    s = tmg_shapley_new(t);
    for (int round = 0; round < 2; round++) { /* a second row sees nothing of the first */
        tmg_shapley_of(s, x, got);
        assert_float_equal(got[3], 0, 0);
        assert_float_equal(got[0] + got[1] + got[2] + got[4], tmg_trees_margin(t, x), 1e-5f);
    }
    tmg_shapley_free(s);
    tmg_trees_free(t);
    toy_free(&m);
}

static void a_branch_that_no_training_row_took_does_no_harm(void **state)
{
    (void)state;
    toy m = toy_of(3, 1, 2, 4);
    toy_tree *t = m.tree[0];
    float x[] = {0.5f, 0.5f, 0.5f}, got[4], sum;
    tmg_trees *trees;
    tmg_shapley *s;

    *t = (toy_tree){
        .n = 3, .left = {1, -1, -1}, .right = {2, -1, -1}, .value = {0.4f, 1, 2}, .cover = {10, 10, 0}};
    trees = toy_read(&m, true);
    s = tmg_shapley_new(trees);
    tmg_shapley_of(s, x, got);
    sum = got[0] + got[1] + got[2] + got[3];
    assert_float_equal(sum, tmg_trees_margin(trees, x), 1e-5f);
    assert_float_equal(got[0], 1, 1e-5f); /* from 1, which all took, to 2 */
    tmg_shapley_free(s);
    tmg_trees_free(trees);
    toy_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_of_the_definition),
        cmocka_unit_test(a_feature_that_no_tree_asks_for_gets_nothing),
        cmocka_unit_test(a_branch_that_no_training_row_took_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
