/* Amounts survive reading and writing to the last digit, and what cannot is refused. */
#include "base/qty.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void decimals_are_read_exactly(void **state)
{
    static const struct {
        const char *text;
        int scale;
        tmg_rc rc;
        int64_t value;
    } cases[] = {
        {"0", 3, TMG_OK, 0},
        {"-12", 0, TMG_OK, -12},
        {"-12", 3, TMG_OK, -12000},
        {"0.5", 3, TMG_OK, 500},
        {".5", 3, TMG_OK, 500},
        {"5.", 3, TMG_OK, 5000},
        {"1234.50", 2, TMG_OK, 123450},
        {"1234.5000000", 2, TMG_OK, 123450},
        {"6.3e2", 2, TMG_OK, 63000},
        {"6.3E+2", 2, TMG_OK, 63000},
        {"6300e-2", 2, TMG_OK, 6300},
        {"1e-2", 2, TMG_OK, 1},
        {"0e999999999999", 2, TMG_OK, 0},
        {"-0.00", 1, TMG_OK, 0},
        {"000000000000000000000000012.5", 1, TMG_OK, 125},
        {"0.50000000000000000000000000000000", 1, TMG_OK, 5},
        {"92233720368547758.07", 2, TMG_OK, INT64_MAX},
        {"-92233720368547758.08", 2, TMG_OK, INT64_MIN},
        {"9223372036854775807", 0, TMG_OK, INT64_MAX},
        {"9.223372036854775807e18", 0, TMG_OK, INT64_MAX},
        {"92233720368547758.08", 2, TMG_E_LIMIT, 0},
        {"-92233720368547758.09", 2, TMG_E_LIMIT, 0},
        {"9223372036854775808", 0, TMG_E_LIMIT, 0},
        {"10000000000000000000", 0, TMG_E_LIMIT, 0},
        {"99999999999999999999999999", 0, TMG_E_LIMIT, 0},
        {"1e19", 0, TMG_E_LIMIT, 0},
        {"1e400", 0, TMG_E_LIMIT, 0},
        {"1", 18, TMG_OK, 1000000000000000000},
        {"10", 18, TMG_E_LIMIT, 0},
        {"1.005", 2, TMG_E_INVALID, 0},
        {"1e-3", 2, TMG_E_INVALID, 0},
        {"1e-400", 2, TMG_E_INVALID, 0},
        {"0.00000000000000000001", 2, TMG_E_INVALID, 0},
        {"1.00000000000000000000000000001", 0, TMG_E_INVALID, 0},
        {"", 2, TMG_E_INVALID, 0},
        {"-", 2, TMG_E_INVALID, 0},
        {".", 2, TMG_E_INVALID, 0},
        {"-.", 2, TMG_E_INVALID, 0},
        {"+1", 2, TMG_E_INVALID, 0},
        {"1,5", 2, TMG_E_INVALID, 0},
        {"1.2.3", 2, TMG_E_INVALID, 0},
        {"1e", 2, TMG_E_INVALID, 0},
        {"1e+", 2, TMG_E_INVALID, 0},
        {"1e2.5", 2, TMG_E_INVALID, 0},
        {"e5", 2, TMG_E_INVALID, 0},
        {" 1", 2, TMG_E_INVALID, 0},
        {"1 ", 2, TMG_E_INVALID, 0},
        {"0x10", 2, TMG_E_INVALID, 0},
        {"nan", 2, TMG_E_INVALID, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t v = 77;
        tmg_err err;
        tmg_rc rc = tmg_decimal_parse(tmg_span_of(cases[i].text), cases[i].scale, TMG_ROUND_REFUSE, &v, &err);

        if (rc != cases[i].rc || v != (rc == TMG_OK ? cases[i].value : 77))
            fail_msg("\"%s\" at scale %d gave %s %lld", cases[i].text, cases[i].scale, tmg_rc_name(rc),
                     (long long)v);
    }
}

static void surplus_digits_are_rounded_half_to_even(void **state)
{
    static const struct {
        const char *text;
        int64_t hundredths;
    } cases[] = {{"0.005", 0},
                 {"0.015", 2},
                 {"0.025", 2},
                 {"-0.025", -2},
                 {"0.0250000000000000000000000000001", 3},
                 {"0.0249999999999999999999999999999", 2},
                 {"19.989999999999998", 1999},
                 {"92233720368547758.065", 9223372036854775806},
                 {"92233720368547757.995", 9223372036854775800},
                 {"9223372036854775.80750000000000001", 922337203685477581},
                 {"12345678901234567.895", 1234567890123456790},
                 {"12345678901234567.885", 1234567890123456788},
                 {"1e-19", 0},
                 {"9e-22", 0},
                 {"9e-400", 0},
                 {"0.005000000000000000000001", 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t v = 77;

        if (tmg_decimal_parse(tmg_span_of(cases[i].text), 2, TMG_ROUND_HALF_EVEN, &v, NULL) != TMG_OK ||
            v != cases[i].hundredths)
            fail_msg("\"%s\" gave %lld", cases[i].text, (long long)v);
    }
}

static void refusals_say_what_to_do(void **state)
{
    int64_t v;
    tmg_err err;

    (void)state;
    assert_int_equal(tmg_decimal_parse(TMG_SPAN("12,5"), 2, TMG_ROUND_REFUSE, &v, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "\"12,5\" is not a decimal number; write it like 1234.50");
    assert_int_equal(tmg_decimal_parse(TMG_SPAN("12.345"), 2, TMG_ROUND_REFUSE, &v, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "12.345 has more than 2 digits after the point");
    assert_int_equal(tmg_decimal_parse(TMG_SPAN("1e30"), 2, TMG_ROUND_REFUSE, &v, &err), TMG_E_LIMIT);
    assert_string_equal(err.text, "1e30 is too large a number");
    assert_int_equal(tmg_decimal_parse((tmg_span){NULL, 0}, 2, TMG_ROUND_REFUSE, &v, &err), TMG_E_INVALID);
}

static void decimals_are_written_short_or_fixed(void **state)
{
    static const struct {
        int64_t value;
        int scale;
        const char *shortest, *fixed;
    } cases[] = {{1250, 3, "1.25", "1.250"},
                 {1250, 2, "12.5", "12.50"},
                 {-5, 3, "-0.005", "-0.005"},
                 {0, 0, "0", "0"},
                 {0, 3, "0", "0.000"},
                 {1000, 3, "1", "1.000"},
                 {1000, 0, "1000", "1000"},
                 {974321, 6, "0.974321", "0.974321"},
                 {INT64_MIN, 0, "-9223372036854775808", "-9223372036854775808"},
                 {INT64_MIN, 18, "-9.223372036854775808", "-9.223372036854775808"},
                 {1, 18, "0.000000000000000001", "0.000000000000000001"}};
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 100);
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_buf_clear(&b);
        tmg_decimal_write(&b, cases[i].value, cases[i].scale);
        assert_string_equal(b.ptr, cases[i].shortest);
        tmg_buf_clear(&b);
        tmg_decimal_write_fixed(&b, cases[i].value, cases[i].scale);
        assert_string_equal(b.ptr, cases[i].fixed);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void whatever_is_written_reads_back(void **state)
{
    uint64_t seed = 20260302;
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 100);
    for (int i = 0; i < 200000; i++) {
        int64_t v = (int64_t)(next_random(&seed) >> (next_random(&seed) % 64));
        int scale = (int)(next_random(&seed) % 19);
        int64_t shortest = 1;
        int64_t fixed = 2;

        v = (i & 1) != 0 && v != INT64_MIN ? -v : v;
        tmg_buf_clear(&b);
        tmg_decimal_write(&b, v, scale);
        assert_int_equal(tmg_decimal_parse(tmg_buf_as_span(&b), scale, TMG_ROUND_REFUSE, &shortest, NULL),
                         TMG_OK);
        tmg_buf_clear(&b);
        tmg_decimal_write_fixed(&b, v, scale);
        tmg_buf_z(&b, "e-3");
        assert_int_equal(tmg_decimal_parse(tmg_buf_as_span(&b), scale, TMG_ROUND_HALF_EVEN, &fixed, NULL),
                         TMG_OK);
        assert_true(shortest == v);
        assert_true(fixed == tmg_mul_div(v, 1, 1000));
    }
}

static void currencies_know_their_minor_unit(void **state)
{
    (void)state;
    assert_int_equal(tmg_currency_exponent(TMG_SPAN("JPY")), 0);
    assert_int_equal(tmg_currency_exponent(TMG_SPAN("AZN")), 2);
    assert_int_equal(tmg_currency_exponent(TMG_SPAN("KWD")), 3);
    assert_int_equal(tmg_currency_exponent(TMG_SPAN("CLF")), 4);
    assert_int_equal(tmg_currency_exponent(TMG_SPAN("???")), 2);
    assert_int_equal(tmg_currency_exponent(TMG_SPAN("")), 2);
    assert_int_equal(tmg_currency_exponent((tmg_span){NULL, 0}), 2);
    assert_true(tmg_currency_known(TMG_SPAN("AED")) && tmg_currency_known(TMG_SPAN("AZN")) &&
                tmg_currency_known(TMG_SPAN("ZWG")));
    assert_false(tmg_currency_known(TMG_SPAN("azn")) || tmg_currency_known(TMG_SPAN("ZNB")) ||
                 tmg_currency_known(TMG_SPAN("AZ")) || tmg_currency_known((tmg_span){NULL, 0}));
}

static void shares_are_rounded_half_to_even(void **state)
{
    static const struct {
        int64_t a, b, c, result;
    } cases[] = {{7, 1, 2, 4},
                 {5, 1, 2, 2},
                 {-5, 1, 2, -2},
                 {-7, 1, 2, -4},
                 {10, 1, 3, 3},
                 {-10, 2, 3, -7},
                 {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
                 {INT64_MIN, 1, 1, INT64_MIN},
                 {INT64_MAX, 15, 10000, 13835058055282164}, /* 13,835,058,055,282,163.7... */
                 {INT64_MAX, 2, 1, INT64_MAX},
                 {INT64_MIN, INT64_MAX, 1, INT64_MIN},
                 {1, 1, INT64_MAX, 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_true(tmg_mul_div(cases[i].a, cases[i].b, cases[i].c) == cases[i].result);
}

static void people_read_amounts_with_their_thousands_parted(void **state)
{
    static const struct {
        int64_t v;
        int scale, fixed;
        const char *text;
    } cases[] = {{1240000, 2, 2, "12,400.00"},
                 {108500000, 6, 0, "108.5"},
                 {999, 0, 0, "999"},
                 {-1000, 0, 0, "-1,000"},
                 {123456789012, 3, 0, "123,456,789.012"},
                 {500, 2, 0, "5"}};
    tmg_buf b;

    (void)state;
    tmg_buf_init(&b, 64);
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_buf_clear(&b);
        tmg_grouped_write(&b, cases[i].v, cases[i].scale, cases[i].fixed);
        assert_string_equal(b.ptr, cases[i].text);
    }
    tmg_buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_exactly),
        cmocka_unit_test(surplus_digits_are_rounded_half_to_even),
        cmocka_unit_test(refusals_say_what_to_do),
        cmocka_unit_test(decimals_are_written_short_or_fixed),
        cmocka_unit_test(whatever_is_written_reads_back),
        cmocka_unit_test(currencies_know_their_minor_unit),
        cmocka_unit_test(shares_are_rounded_half_to_even),
        cmocka_unit_test(people_read_amounts_with_their_thousands_parted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
