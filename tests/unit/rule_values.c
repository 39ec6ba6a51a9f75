/* Values of the rule language by themselves. */
#include "rule/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_values_are_those_of_the_language(void **state)
{
    static const char source[] = "# what is asked\n\n"
                                 "a/month = count(declaration by consignee, 30d)\n"
                                 "a/price = unit_value / ref.median(unit_value by hs6)\r\n"
                                 "  a/half = items / 2\n";
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_item item = {.no = 1,
                     .hs = TMG_SPAN("080211"),
                     .net_mg = 2000000,
                     .value_minor = 10000,
                     .gross_mg = TMG_NONE,
                     .packages = TMG_NONE,
                     .quantity_milli = TMG_NONE,
                     .tax_rate_bp = TMG_NONE,
                     .taxes_minor = TMG_NONE};
    tmg_declaration d = {.id = 1,
                         .consignment_id = 1,
                         .lodged = {TMG_DAY_MS * 20000, 0},
                         .expected_ms = TMG_NONE,
                         .items = &item,
                         .item_count = 1,
                         .value_minor = 10000,
                         .gross_mg = TMG_NONE,
                         .taxes_minor = TMG_NONE};
    tmg_dict *dict = tmg_dict_new();
    tmg_book *book = tmg_book_new(dict);
    tmg_book_sight sight = {.book = book};
    tmg_rule_senses senses = {0};
    tmg_values *v = NULL;
    int64_t value[3];
    tmg_row *rows;
    tmg_err err;

    (void)state;
    d.party[TMG_CONSIGNEE].code = TMG_SPAN("0012345671");
    assert_int_equal(tmg_values_read(tmg_span_of(source), &v, &err), TMG_OK);
    assert_int_equal(tmg_values_count(v), 3);
    assert_true(tmg_span_is(tmg_values_name(v, 1), "a/price"));
    assert_true(tmg_span_is(tmg_values_text(v, 2), "items / 2"));
    tmg_values_prepare(v, book);
    tmg_book_senses(&sight, &senses);
    for (int i = 0; i < 7; i++) {
        size_t count = tmg_rows_of(dict, &d, 0, a, &rows);
        tmg_values_of(v, rows, dict, &senses, value);
        assert_int_equal(value[0], i * INT64_C(1000000));
        /* A median needs five: four times its price is what the last one costs. */
        assert_int_equal(value[1], i < 5 ? TMG_NONE : i == 5 ? 1000000 : 4000000);
        assert_int_equal(value[2], 500000);
        tmg_book_enter(book, rows, count);
        d.id++;
        d.consignment_id++;
        d.lodged.at_ms += TMG_HOUR_MS;
        item.value_minor = i == 5 ? 40000 : 10000;
    }
    tmg_values_free(v);
    tmg_book_free(book);
    tmg_dict_free(dict);
}

static void test_faults_name_the_line(void **state)
{
    static const struct {
        const char *source, *said;
    } wrong[] = {
        {"a = items\nb\n", "line 2: expected `name = value`"},
        {"a = count(declaration by consinee, 30d)", "line 1"},
        {"a = items\n\na = seals", "line 3: two values are called a"},
        {"a = consignee", "line 1"},
        {"a = items > 1 or items", "line 1"},
        {"a = nationality", "line 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        tmg_values *v = NULL;
        tmg_err err = {0};
        assert_int_equal(tmg_values_read(tmg_span_of(wrong[i].source), &v, &err), TMG_E_INVALID);
        assert_non_null(strstr(err.text, wrong[i].said));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_those_of_the_language),
        cmocka_unit_test(test_faults_name_the_line),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
