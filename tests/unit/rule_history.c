/* Back-tests: one rule over many rows in columns. */
#include "rule/history.h"
#include "rule_engine_help.h"

#define MICRO INT64_C(1000000)

enum { ROWS = 10001 }; /* not a whole number of words or of what is judged at once */

typedef struct past {
    tmg_arena *a;
    tmg_dict *dict;
    tmg_history *h;
    uint64_t hits[(ROWS + 63) / 64];
} past;

/* Every 7th row comes from IR, every 11th does not say; the mass counts up; the first half has no route. */
static void past_make(past *p)
{
    *p = (past){.a = tmg_arena_new(16 << 20), .dict = tmg_dict_new()};
    p->h = tmg_history_new(p->dict);
    uint32_t iran = tmg_dict_code(p->dict, TMG_SPAN("IR")), turkey = tmg_dict_code(p->dict, TMG_SPAN("TR"));
    for (int64_t i = 0; i < ROWS; i++) {
        tmg_row row = {.declaration_id = i, .item_no = 1};
        for (size_t k = 0; k < TMG_NUMBER_FIELDS; k++)
            row.number[k] = TMG_NONE;
        row.number[TMG_NF_NET] = i * MICRO;
        row.code[TMG_CF_ORIGIN] = i % 11 == 0 ? TMG_CODE_NONE : i % 7 == 0 ? iran : turkey;
        row.set[TMG_SF_ROUTE] = &iran;
        row.set_count[TMG_SF_ROUTE] = i > ROWS / 2;
        tmg_history_add(p->h, &row);
    }
}

static void past_free(past *p)
{
    tmg_history_free(p->h);
    tmg_dict_free(p->dict);
    tmg_arena_free(p->a);
}

static void rows_come_back_as_they_went_in(void **state)
{
    past p;
    tmg_row row;
    (void)state;
    past_make(&p);
    assert_int_equal(tmg_history_count(p.h), ROWS);
    tmg_history_row(p.h, 7000, &row);
    assert_int_equal(row.declaration_id, 7000);
    assert_int_equal(row.number[TMG_NF_NET], 7000 * MICRO);
    assert_int_equal(row.number[TMG_NF_VALUE], TMG_NONE);
    assert_true(tmg_span_is(tmg_dict_text(p.dict, row.code[TMG_CF_ORIGIN]), "IR"));
    assert_int_equal(row.set_count[TMG_SF_ROUTE], 1);
    assert_int_equal(row.set[TMG_SF_ROUTE][0], row.code[TMG_CF_ORIGIN]);
    tmg_history_row(p.h, 3, &row);
    assert_int_equal(row.set_count[TMG_SF_ROUTE], 0);
    assert_int_equal(row.code[TMG_CF_HS], TMG_CODE_NONE);
    past_free(&p);
}

static void every_row_is_judged_to_the_last(void **state)
{
    past p;
    size_t unknown, expected = 0, silent = 0;
    (void)state;
    past_make(&p);
    const tmg_rule *r = rule_of(p.a, "X",
                                two(p.a, TMG_R_AND, texts(p.a, TMG_R_EQ, "origin", "IR"),
                                    two(p.a, TMG_R_GE, of_field(p.a, "net"), of_number(p.a, 100 * MICRO))));
    size_t found = tmg_history_hits(p.h, r, NULL, p.hits, &unknown);
    for (size_t i = 0; i < ROWS; i++) {
        bool hit = i % 7 == 0 && i % 11 != 0 && i >= 100;
        expected += hit;
        silent += i % 11 == 0 && i >= 100; /* below that the mass already says no */
        assert_int_equal(p.hits[i / 64] >> (i % 64) & 1, hit);
    }
    assert_int_equal(found, expected);
    assert_int_equal(unknown, silent);
    past_free(&p);
}

static bool counted(void *ctx, const tmg_row *row, const tmg_window *w, int64_t *ret)
{
    (void)w;
    (*(size_t *)ctx)++;
    *ret = row->declaration_id % 2 * MICRO;
    return true;
}

static void what_costs_is_asked_of_few(void **state)
{
    past p;
    size_t asked = 0;
    tmg_window w = {.by = {field("consignee")}, .by_count = 1, .span_ms = TMG_DAY_MS, .key = 1};
    tmg_rule_senses senses = {.ctx = &asked, .window = counted};
    (void)state;
    past_make(&p);
    tmg_rnode *window = node(p.a, TMG_R_WINDOW);
    window->window = &w;
    const tmg_rule *r = rule_of(p.a, "X",
                                two(p.a, TMG_R_AND, two(p.a, TMG_R_EQ, window, of_number(p.a, MICRO)),
                                    two(p.a, TMG_R_LT, of_field(p.a, "net"), of_number(p.a, 10 * MICRO))));
    assert_int_equal(tmg_history_hits(p.h, r, &senses, p.hits, NULL), 5);
    assert_int_equal(asked, 10);
    past_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_as_they_went_in),
        cmocka_unit_test(every_row_is_judged_to_the_last),
        cmocka_unit_test(what_costs_is_asked_of_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
