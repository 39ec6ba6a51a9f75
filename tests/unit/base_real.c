/* Logarithm and exponential that are the same on every machine. */
#include "base/real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

static double off(double got, double right)
{
    return right == 0 ? fabs(got) : fabs(got / right - 1);
}

static void test_logarithm_agrees_with_the_library(void **state)
{
    (void)state;
    for (double x = 1e-300; x < 1e300; x *= 1.037)
        assert_true(off(tmg_ln(x), log(x)) < 5e-16);
    for (double x = 0.5; x < 2; x += 0.00037)
        assert_true(fabs(tmg_ln(x) - log(x)) < 3e-16);
    assert_true(tmg_ln(1) == 0);
}

static void test_exponential_agrees_with_the_library(void **state)
{
    (void)state;
    for (double x = -690; x < 690; x += 0.0731)
        assert_true(off(tmg_exp(x), exp(x)) < 5e-16);
    assert_true(tmg_exp(0) == 1);
    assert_true(tmg_exp(-1000) == 0);
    assert_true(isfinite(tmg_exp(1000)));
}

static void test_log_odds_and_back(void **state)
{
    (void)state;
    for (double p = 1e-9; p < 1; p = p < 0.5 ? p * 1.01 : 1 - (1 - p) * 0.99) {
        assert_true(fabs(tmg_logistic(tmg_ln(p / (1 - p))) - p) < 1e-15);
        if (1 - p < 1e-9)
            break;
    }
    assert_true(tmg_logistic(0) == 0.5);
    assert_true(tmg_logistic(900) == 1);
    assert_true(tmg_logistic(-900) == 0);
}

/* These bits are the promise: another machine or compiler must give them too. */
static void test_bits_are_as_they_were_written_down(void **state)
{
    (void)state;
    assert_true(tmg_ln(10) == 0x1.26bb1bbb55516p+1);
    assert_true(tmg_exp(1) == 0x1.5bf0a8b14576ap+1);
    assert_true(tmg_ln(0.25 / 0.75) == -0x1.193ea7aad030bp+0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logarithm_agrees_with_the_library),
        cmocka_unit_test(test_exponential_agrees_with_the_library),
        cmocka_unit_test(test_log_odds_and_back),
        cmocka_unit_test(test_bits_are_as_they_were_written_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
