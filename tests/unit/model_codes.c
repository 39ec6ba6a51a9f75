#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "model/codes.h"

static void knows_countries_in_use(void **state)
{
    (void)state;
    assert_true(tmg_country_known(TMG_SPAN("AZ")));
    assert_true(tmg_country_known(TMG_SPAN("XK")));
    assert_true(tmg_country_known(TMG_SPAN("EU")));
    assert_false(tmg_country_known(TMG_SPAN("ZZ")));
    assert_false(tmg_country_known(TMG_SPAN("az")));
    assert_false(tmg_country_known(TMG_SPAN("AZE")));
    assert_false(tmg_country_known(TMG_SPAN("A")));
    assert_false(tmg_country_known(TMG_SPAN("[A")));
    assert_false(tmg_country_known((tmg_span){NULL, 0}));
}

static void checks_container_numbers(void **state)
{
    (void)state;
    /* The example of ISO 6346 itself, and others whose sum falls on each side of the 10 -> 0 rule. */
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQU3054383")), TMG_CONTAINER_OK);
    assert_int_equal(tmg_container_verify(TMG_SPAN("TOLU4734787")), TMG_CONTAINER_OK);
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQU3054384")), TMG_CONTAINER_CHECK_DIGIT);
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQU3045383")), TMG_CONTAINER_CHECK_DIGIT);
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQX3054383")), TMG_CONTAINER_MALFORMED);
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQU305438")), TMG_CONTAINER_MALFORMED);
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQU30543833")), TMG_CONTAINER_MALFORMED);
    assert_int_equal(tmg_container_verify(TMG_SPAN("csqu3054383")), TMG_CONTAINER_MALFORMED);
    assert_int_equal(tmg_container_verify(TMG_SPAN("CSQU30543A3")), TMG_CONTAINER_MALFORMED);
    assert_int_equal(tmg_container_verify((tmg_span){NULL, 0}), TMG_CONTAINER_MALFORMED);
}

/* For each serial exactly one of the ten last digits fits. */
static void one_check_digit_fits_each_serial(void **state)
{
    (void)state;
    for (int serial = 0; serial < 1000; serial++) {
        int fits = 0;
        for (int digit = 0; digit < 10; digit++) {
            char number[16];
            (void)snprintf(number, sizeof number, "MSKU%06d%d", serial, digit);
            fits += tmg_container_verify(tmg_span_of(number)) == TMG_CONTAINER_OK;
        }
        assert_int_equal(fits, 1);
    }
}

static void says_commodity_codes_in_words(void **state)
{
    (void)state;
    int digits = 0;
    assert_string_equal(tmg_hs_words(TMG_SPAN("2915240000"), &digits), "acetic anhydride");
    assert_int_equal(digits, 6);
    assert_string_equal(tmg_hs_words(TMG_SPAN("080999"), &digits), "apricots, cherries, peaches and plums");
    assert_int_equal(digits, 4);
    assert_string_equal(tmg_hs_words(TMG_SPAN("0814"), &digits), "fruit and nuts");
    assert_int_equal(digits, 2);
    assert_null(tmg_hs_words(TMG_SPAN("7701"), &digits));
    assert_null(tmg_hs_words(TMG_SPAN("x"), &digits));
    assert_null(tmg_hs_words((tmg_span){NULL, 0}, &digits));
}

static void every_chapter_has_words(void **state)
{
    (void)state;
    for (int chapter = 0; chapter < 100; chapter++) {
        char code[4];
        int digits;
        (void)snprintf(code, sizeof code, "%02d", chapter);
        bool exists = chapter != 0 && chapter != 77;
        assert_int_equal(tmg_hs_chapter_known(tmg_span_of(code)), exists);
        assert_int_equal(tmg_hs_words(tmg_span_of(code), &digits) != NULL, exists);
    }
    assert_false(tmg_hs_chapter_known(TMG_SPAN("1")));
    assert_false(tmg_hs_chapter_known(TMG_SPAN("1x")));
}

static void a_loaded_list_comes_first(void **state)
{
    (void)state;
    static const tmg_hs_row rows[] = {
        {"08", "fruit by the office"}, {"0806", "grapes by the office"}, {"08062010", "sultanas"}};
    int digits = 0;
    tmg_codes_set_hs(rows, 3);
    assert_string_equal(tmg_hs_words(TMG_SPAN("0806201099"), &digits), "sultanas");
    assert_int_equal(digits, 8);
    assert_string_equal(tmg_hs_words(TMG_SPAN("080630"), &digits), "grapes by the office");
    assert_string_equal(tmg_hs_words(TMG_SPAN("0899"), &digits), "fruit by the office");
    assert_string_equal(tmg_hs_words(TMG_SPAN("080610"), &digits), "fresh grapes");
    tmg_codes_set_hs(NULL, 0);
    assert_string_equal(tmg_hs_words(TMG_SPAN("08062010"), &digits), "raisins");
}

static void writes_codes_with_points(void **state)
{
    (void)state;
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 64);
    tmg_hs_write(&b, TMG_SPAN("2915240000"));
    assert_string_equal(b.ptr, "2915.24.00.00");
    tmg_buf_clear(&b);
    tmg_hs_write(&b, TMG_SPAN("0806"));
    assert_string_equal(b.ptr, "0806");
    tmg_buf_clear(&b);
    tmg_hs_write(&b, TMG_SPAN("08062"));
    assert_string_equal(b.ptr, "0806.2");
}

static void tells_precursors_and_drugs(void **state)
{
    (void)state;
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("291524")), TMG_TABLE_I);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("2915240000")), TMG_TABLE_I);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("284161")), TMG_TABLE_I);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("300442")), TMG_TABLE_I);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("291411")), TMG_TABLE_II);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("28070000")), TMG_TABLE_II);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("120791")), TMG_DRUG);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("293945")), TMG_DRUG);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("293972")), TMG_DRUG);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("080620")), TMG_NOT_LISTED);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("2915")), TMG_NOT_LISTED);
    assert_int_equal(tmg_hs_control_list(TMG_SPAN("29152x")), TMG_NOT_LISTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_countries_in_use),           cmocka_unit_test(checks_container_numbers),
        cmocka_unit_test(one_check_digit_fits_each_serial), cmocka_unit_test(says_commodity_codes_in_words),
        cmocka_unit_test(every_chapter_has_words),          cmocka_unit_test(a_loaded_list_comes_first),
        cmocka_unit_test(writes_codes_with_points),         cmocka_unit_test(tells_precursors_and_drugs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
