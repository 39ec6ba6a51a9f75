/* The table of fields, the dictionary, and a declaration as rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_sample.h"
#include "rule/fields.h"

#define MICRO INT64_C(1000000)

static void every_fact_has_one_name(void **state)
{
    size_t count;
    const tmg_rule_field *f = tmg_rule_fields(&count);
    bool seen[3][64] = {{false}};
    (void)state;
    assert_int_equal(count, TMG_CODE_FIELDS + TMG_SET_FIELDS + TMG_NUMBER_FIELDS);
    for (size_t i = 0; i < count; i++) {
        assert_false(seen[f[i].kind][f[i].at]);
        seen[f[i].kind][f[i].at] = true;
        assert_ptr_equal(tmg_rule_field_by_name(tmg_span_of(f[i].name)), &f[i]);
        assert_true(strlen(f[i].words) > 10);
    }
    assert_null(tmg_rule_field_by_name(TMG_SPAN("nationality")));
    assert_null(tmg_rule_field_by_name(TMG_SPAN("sex")));
}

static void the_dictionary_keeps_texts_apart(void **state)
{
    tmg_dict *d = tmg_dict_new();
    char text[16];
    (void)state;
    assert_int_equal(tmg_dict_code(d, TMG_SPAN("")), TMG_CODE_NONE);
    assert_int_equal(tmg_dict_find(d, TMG_SPAN("IR")), TMG_CODE_UNKNOWN);
    for (uint32_t i = 0; i < 50000; i++) { /* through many growths */
        tmg_span s = {text, (size_t)snprintf(text, sizeof text, "T%u", i)};
        assert_int_equal(tmg_dict_code(d, s), i + 1);
    }
    for (uint32_t i = 0; i < 50000; i += 7) {
        tmg_span s = {text, (size_t)snprintf(text, sizeof text, "T%u", i)};
        assert_int_equal(tmg_dict_code(d, s), i + 1);
        assert_int_equal(tmg_dict_find(d, s), i + 1);
        assert_true(tmg_span_eq(tmg_dict_text(d, i + 1), s));
    }
    assert_int_equal(tmg_dict_count(d), 50000);
    assert_int_not_equal(tmg_dict_code(d, TMG_SPAN("ir")), tmg_dict_code(d, TMG_SPAN("IR")));
    assert_null(tmg_dict_text(d, TMG_CODE_NONE).ptr);
    assert_null(tmg_dict_text(d, TMG_CODE_UNKNOWN).ptr);
    tmg_dict_free(d);
}

static void assert_code(const tmg_dict *d, const tmg_row *row, tmg_code_field f, const char *text)
{
    tmg_span s = tmg_dict_text(d, row->code[f]);
    if (!tmg_span_is(s, text))
        fail_msg("field %d is %.*s, not %s", (int)f, TMG_SPAN_ARG(s), text);
}

static void a_declaration_becomes_a_row_per_item(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_dict *d = tmg_dict_new();
    sample s;
    tmg_row *rows;
    (void)state;
    sample_make(&s);
    assert_int_equal(tmg_rows_of(d, &s.d, 240, a, &rows), 2);
    assert_code(d, &rows[0], TMG_CF_HS, "0806201000");
    assert_code(d, &rows[0], TMG_CF_HS6, "080620");
    assert_code(d, &rows[0], TMG_CF_HS4, "0806");
    assert_code(d, &rows[0], TMG_CF_HS2, "08");
    assert_code(d, &rows[1], TMG_CF_HS, "843210");
    assert_code(d, &rows[1], TMG_CF_HS6, "843210");
    assert_code(d, &rows[0], TMG_CF_REGIME, "transit");
    assert_code(d, &rows[1], TMG_CF_CONSIGNEE_NAME, "Consignee two");
    assert_code(d, &rows[1], TMG_CF_CARRIER, "C4");
    assert_int_equal(rows[0].item_no, 1);
    assert_int_equal(rows[1].number[TMG_NF_ITEM_NO], 2 * MICRO);
    assert_int_equal(rows[0].number[TMG_NF_ITEMS], 2 * MICRO);
    assert_int_equal(rows[0].number[TMG_NF_VALUE], 2 * INT64_C(31200500000)); /* the items' sum, in units */
    assert_int_equal(rows[0].number[TMG_NF_ITEM_VALUE], INT64_C(31200500000));
    assert_int_equal(rows[0].number[TMG_NF_NET], INT64_C(20000) * MICRO); /* kg */
    assert_int_equal(rows[0].number[TMG_NF_UNIT_VALUE], 1560025);         /* 31,200.50 over 20,000 kg */
    assert_int_equal(rows[0].number[TMG_NF_PACKAGE_WEIGHT], 20 * MICRO);
    assert_int_equal(rows[0].number[TMG_NF_TAX_RATE], 15500000); /* per cent */
    assert_int_equal(rows[0].number[TMG_NF_QUANTITY], 20500000);
    assert_int_equal(rows[0].number[TMG_NF_SEALS], 2 * MICRO);
    assert_int_equal(rows[0].set_count[TMG_SF_ROUTE], 4); /* IR AZ GE and the destination AT */
    assert_int_equal(rows[0].set_count[TMG_SF_COMMODITY], 2);
    assert_int_equal(rows[0].set_count[TMG_SF_CONTAINER], 1);
    for (size_t i = 1; i < rows[0].set_count[TMG_SF_ROUTE]; i++)
        assert_true(rows[0].set[TMG_SF_ROUTE][i - 1] < rows[0].set[TMG_SF_ROUTE][i]);
    tmg_dict_free(d);
}

static void what_is_not_stated_stays_unknown(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_dict *d = tmg_dict_new();
    tmg_declaration bare = {.lodged = {INT64_C(1772424930000), 240},
                            .expected_ms = TMG_NONE,
                            .value_minor = TMG_NONE,
                            .gross_mg = TMG_NONE,
                            .taxes_minor = TMG_NONE};
    tmg_row *rows;
    (void)state;
    assert_int_equal(tmg_rows_of(d, &bare, 240, a, &rows), 1);
    assert_int_equal(rows[0].code[TMG_CF_HS], TMG_CODE_NONE);
    assert_int_equal(rows[0].code[TMG_CF_REGIME], TMG_CODE_NONE);
    assert_int_equal(rows[0].number[TMG_NF_NET], TMG_NONE);
    assert_int_equal(rows[0].number[TMG_NF_LEAD], TMG_NONE);
    assert_int_equal(rows[0].number[TMG_NF_ITEMS], 0);
    assert_int_equal(rows[0].number[TMG_NF_HOUR],
                     8 * MICRO); /* 2026-03-02 08:15:30 by the centre's clock, a Monday */
    assert_int_equal(rows[0].number[TMG_NF_WEEKDAY], 1 * MICRO);
    tmg_dict_free(d);
}

static void money_follows_the_currency(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_dict *d = tmg_dict_new();
    sample s;
    tmg_row *rows;
    (void)state;
    sample_make(&s);
    s.d.currency = TMG_SPAN("JPY");
    s.items[0].value_minor = 3000;
    (void)tmg_rows_of(d, &s.d, 0, a, &rows);
    assert_int_equal(rows[0].number[TMG_NF_ITEM_VALUE], 3000 * MICRO);
    s.items[0].value_minor = INT64_MAX / 10; /* over 9.2e12 yen */
    (void)tmg_rows_of(d, &s.d, 0, a, &rows);
    assert_int_equal(rows[0].number[TMG_NF_ITEM_VALUE], TMG_NONE);
    tmg_dict_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_has_one_name),
        cmocka_unit_test(the_dictionary_keeps_texts_apart),
        cmocka_unit_test(a_declaration_becomes_a_row_per_item),
        cmocka_unit_test(what_is_not_stated_stays_unknown),
        cmocka_unit_test(money_follows_the_currency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
