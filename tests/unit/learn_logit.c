#include "learn_help.h"

enum { ROWS = 500, FEATURES = 3 };

typedef struct sample {
    double x[ROWS * FEATURES], weight[ROWS];
    bool label[ROWS];
} sample;

static void draw(sample *s, uint64_t seed)
{
    for (int i = 0; i < ROWS; i++) {
        double m = -0.5;

        for (int j = 0; j < FEATURES; j++) {
            s->x[i * FEATURES + j] = (double)toy_unit(&seed) * 4 - 2;
            m += s->x[i * FEATURES + j] * (j - 1);
        }
        s->label[i] = (double)toy_unit(&seed) < 1 / (1 + exp(-m));
        s->weight[i] = 1 + toy_random(&seed) % 3;
    }
}

/* At the least of a convex function nothing pulls: the definition, without the way to get there. */
static void nothing_pulls_at_the_solution(void **state)
{
    (void)state;
    static sample s;
    double beta[FEATURES + 1];

    for (int weighted = 0; weighted < 2; weighted++) {
        double pull[FEATURES + 1] = {0};
        const double ridge = 3;

        draw(&s, 8);
        assert_int_equal(
            tmg_logit_fit(s.x, ROWS, FEATURES, s.label, weighted == 1 ? s.weight : NULL, ridge, beta, NULL),
            TMG_OK);
        for (int i = 0; i < ROWS; i++) {
            const double *x = s.x + i * FEATURES;
            double gap = 1 / (1 + exp(-tmg_logit_margin(beta, FEATURES, x))) - s.label[i];

            for (int j = 0; j <= FEATURES; j++)
                pull[j] += (weighted == 1 ? s.weight[i] : 1) * gap * (j < FEATURES ? x[j] : 1);
        }
        for (int j = 0; j <= FEATURES; j++)
            assert_true(fabs(pull[j] + (j < FEATURES ? ridge * beta[j] : 0)) < 1e-6);
        assert_true(beta[0] < -0.5 && fabs(beta[1]) < 0.3 &&
                    beta[2] > 0.5); /* what the sample was drawn with */
    }
}

static void the_same_rows_give_the_same_bits_and_a_weight_counts_as_copies(void **state)
{
    (void)state;
    static sample s;
    static double twice[2 * ROWS * FEATURES];
    static bool labels[2 * ROWS];
    double a[FEATURES + 1], b[FEATURES + 1];

    draw(&s, 3);
    for (int i = 0; i < ROWS; i++)
        s.weight[i] = 2;
    memcpy(twice, s.x, sizeof s.x);
    memcpy(twice + ROWS * FEATURES, s.x, sizeof s.x);
    memcpy(labels, s.label, sizeof s.label);
    memcpy(labels + ROWS, s.label, sizeof s.label);
    assert_int_equal(tmg_logit_fit(s.x, ROWS, FEATURES, s.label, s.weight, 1, a, NULL), TMG_OK);
    assert_int_equal(tmg_logit_fit(s.x, ROWS, FEATURES, s.label, s.weight, 1, b, NULL), TMG_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(tmg_logit_fit(twice, (size_t)2 * ROWS, FEATURES, labels, NULL, 1, b, NULL), TMG_OK);
    for (int j = 0; j <= FEATURES; j++)
        assert_true(fabs(a[j] - b[j]) < 1e-8);
}

static void rows_that_a_line_parts_are_held_by_the_ridge(void **state)
{
    (void)state;
    const double x[] = {-1000, -2, -1, 1, 2, 1000};
    const bool label[] = {false, false, false, true, true, true};
    double beta[2];

    assert_int_equal(tmg_logit_fit(x, 6, 1, label, NULL, 1e-3, beta, NULL), TMG_OK);
    assert_true(isfinite(beta[0]) && beta[0] > 0.5 && beta[0] < 50);
    assert_true(fabs(beta[1]) < 1e-3);
}

static void what_cannot_be_fitted_is_refused(void **state)
{
    (void)state;
    double x[] = {1, 2, NAN}, beta[] = {7, 7};
    const bool mixed[] = {false, true, true}, alike[] = {true, true, true};
    const double weight[] = {1, 0, 1};
    tmg_err err = {0};

    assert_int_equal(tmg_logit_fit(x, 3, 1, mixed, NULL, 1, beta, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "row 2"));
    x[2] = 3;
    assert_int_equal(tmg_logit_fit(x, 3, 1, alike, NULL, 1, beta, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "alike"));
    assert_int_equal(tmg_logit_fit(x, 3, 1, mixed, weight, 1, beta, &err), TMG_E_INVALID);
    assert_int_equal(tmg_logit_fit(x, 3, 1, mixed, NULL, 0, beta, &err), TMG_E_INVALID);
    assert_int_equal(tmg_logit_fit(x, 3, TMG_MAX_LOGIT + 1, mixed, NULL, 1, beta, &err), TMG_E_LIMIT);
    assert_true(beta[0] > 6 && beta[1] > 6); /* untouched */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_pulls_at_the_solution),
        cmocka_unit_test(the_same_rows_give_the_same_bits_and_a_weight_counts_as_copies),
        cmocka_unit_test(rows_that_a_line_parts_are_held_by_the_ridge),
        cmocka_unit_test(what_cannot_be_fitted_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
