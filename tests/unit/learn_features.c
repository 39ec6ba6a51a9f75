/* What a model sees of a declaration itself. */
#include "learn/learn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

enum { MOST = 128 };

static tmg_item item(void)
{
    return (tmg_item){.no = 1,
                      .hs = TMG_SPAN("29152400"),
                      .origin = TMG_SPAN("IR"),
                      .gross_mg = TMG_NONE,
                      .net_mg = 2000000,
                      .packages = 4,
                      .quantity_milli = TMG_NONE,
                      .value_minor = 500000,
                      .tax_rate_bp = 1800,
                      .taxes_minor = TMG_NONE};
}

static tmg_declaration declaration(tmg_item *it)
{
    return (tmg_declaration){.lodged = {INT64_C(1767225600000), 240}, /* Thursday, 2026-01-01 00:00 UTC */
                             .expected_ms = TMG_NONE,
                             .regime = TMG_TRANSIT,
                             .departure = TMG_SPAN("IR"),
                             .transport_mode = TMG_SPAN("30"),
                             .value_minor = 1000000,
                             .gross_mg = TMG_NONE,
                             .taxes_minor = TMG_NONE,
                             .items = it,
                             .item_count = 1};
}

static float value_of(const char *name, const float *x)
{
    for (size_t i = 0; i < tmg_plain_feature_count(); i++)
        if (strcmp(tmg_plain_feature_name(i), name) == 0)
            return x[i];
    fail_msg("there is no feature %s", name);
    return 0;
}

static void test_facts(void **state)
{
    float x[MOST];
    tmg_item it = item();
    tmg_declaration d = declaration(&it);

    (void)state;
    tmg_plain_features(&d, &it, 240, x);
    assert_true(value_of("price/item value", x) == 500000.0F);
    assert_true(value_of("price/value per kilogram", x) == 0.25F);
    assert_true(value_of("price/item's share of the value", x) == 0.5F);
    assert_true(value_of("packing/net per package", x) == 500000.0F);
    assert_true(value_of("tax/rate", x) == 1800.0F);
    assert_true(value_of("route/origin is departure", x) == 1.0F);
    assert_true(value_of("procedure/regime", x) == (float)TMG_TRANSIT);
    assert_true(value_of("time/hour", x) == 4.0F);
    assert_true(value_of("time/weekday", x) == 4.0F);
}

static void test_what_is_not_stated_is_not_a_number(void **state)
{
    float x[MOST];
    tmg_item it = item();
    tmg_declaration d = declaration(&it);

    (void)state;
    tmg_plain_features(&d, &it, 240, x);
    assert_true(isnan(value_of("mass/gross", x)));
    assert_true(isnan(value_of("mass/quantity", x)));
    assert_true(isnan(value_of("time/hours from lodging to arrival", x)));
    assert_true(isnan(value_of("procedure/process type", x)));
    tmg_plain_features(&d, NULL, 240, x);
    assert_true(isnan(value_of("price/item value", x)));
    assert_true(value_of("price/value", x) == 1000000.0F);
}

static void test_codes_are_numbers_for_ever(void **state)
{
    (void)state;
    assert_true(tmg_code_number(TMG_SPAN("A")) == 11.0F);
    assert_true(tmg_code_number(TMG_SPAN("30")) == 149.0F);
    assert_true(tmg_code_number(TMG_SPAN("ir")) == tmg_code_number(TMG_SPAN("IR")));
    assert_true(tmg_code_number(TMG_SPAN("0")) != tmg_code_number(TMG_SPAN("00")));
    assert_true(tmg_code_number(TMG_SPAN("1")) != tmg_code_number(TMG_SPAN("01")));
    assert_true(tmg_code_number(TMG_SPAN("AZ000001")) != tmg_code_number(TMG_SPAN("AZ000002")));
    assert_true(isnan(tmg_code_number((tmg_span){NULL, 0})));
}

static void test_names_are_one_each_and_of_a_family(void **state)
{
    static const char *const never[] = {"sex",         "gender", "ethnic", "religion",
                                        "nationality", "birth",  "person"};

    (void)state;
    for (size_t i = 0; i < tmg_plain_feature_count(); i++) {
        const char *name = tmg_plain_feature_name(i);
        assert_non_null(strchr(name, '/'));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(name, tmg_plain_feature_name(j));
        for (size_t k = 0; k < sizeof never / sizeof *never; k++)
            assert_null(strstr(name, never[k]));
    }
    assert_true(tmg_plain_feature_is_code(TMG_SPAN("goods/heading")));
    assert_false(tmg_plain_feature_is_code(TMG_SPAN("price/value")));
}

static void test_a_schema_is_known_by_its_names(void **state)
{
    tmg_span names[] = {TMG_SPAN_INIT("a/b"), TMG_SPAN_INIT("c/d")};
    tmg_sha256 one = tmg_schema_hash(names, 2), two;

    (void)state;
    names[1] = TMG_SPAN("c/e");
    two = tmg_schema_hash(names, 2);
    assert_memory_not_equal(&one, &two, sizeof one);
    two = tmg_schema_hash(names, 1);
    assert_memory_not_equal(&one, &two, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_what_is_not_stated_is_not_a_number),
        cmocka_unit_test(test_codes_are_numbers_for_ever),
        cmocka_unit_test(test_names_are_one_each_and_of_a_family),
        cmocka_unit_test(test_a_schema_is_known_by_its_names),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
