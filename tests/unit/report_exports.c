/* The figures beside the paper: exact, and no formula in them. */
#include "report/export.h"
#include "report_home.h"

#include "base/csv.h"

static void begin(tmg_grid *g, tmg_arena *a)
{
    static const char *const texts[] = {
        "plain",  "=1+1",           "+7",     "-2",   "@cmd",          "\ttab",
        "\rline", "two, \"parts\"", "a;b",    "a\nb", "Şəfəq, пример", "  =1+1",
        "\n@cmd", "＝1+1",          "\n ＋7", "－2",  "＠cmd",         " plain"};

    *g = (tmg_grid){.title = TMG_SPAN("Sheet")};
    tmg_grid_column(g, "text", TMG_SPAN("mətn"));
    tmg_grid_column(g, "whole", TMG_SPAN("say"));
    tmg_grid_column(g, "mass", TMG_SPAN("kütlə"));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const tmg_cell cells[] = {tmg_cell_text(tmg_span_of(texts[i])), tmg_cell_integer(-17),
                                  tmg_cell_decimal(1648104000, 6)};
        tmg_grid_row(g, a, cells);
    }
}

static void no_cell_begins_like_a_formula(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_span cells[4];
    tmg_err err;
    tmg_csv csv;
    tmg_grid g;
    size_t count, rows = 0;

    (void)state;
    begin(&g, a);
    tmg_buf_init(&b, 1 << 16);
    tmg_grid_csv(&g, &b);
    tmg_csv_begin(&csv, tmg_buf_as_span(&b), ',', a);
    for (;; rows++) {
        assert_int_equal(tmg_csv_row(&csv, cells, 4, &count, &err), TMG_OK);
        if (count == 0)
            break;
        assert_int_equal(count, 3);
        assert_null(memchr("=+-@\t\r", cells[0].ptr[0], 6));
        if (rows == 0)
            continue;
        assert_true(tmg_span_is(cells[1], "-17"));
        assert_true(tmg_span_is(cells[2], "1648.104000"));
        assert_true(rows != 2 || tmg_span_is(cells[0], "'=1+1"));
        assert_true(rows < 12 || rows > 17 || cells[0].ptr[0] == '\'');
        assert_true(rows != 18 || tmg_span_is(cells[0], " plain"));
        assert_true(rows != 8 || tmg_span_is(cells[0], "two, \"parts\""));
        assert_true(rows != 10 || tmg_span_is(cells[0], "a\nb"));
    }
    assert_int_equal(rows, 19);
}

static void an_office_gets_semicolons_and_decimal_commas(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_grid g;

    (void)state;
    begin(&g, a);
    tmg_buf_init(&b, 1 << 16);
    tmg_grid_csv_office(&g, &b);
    assert_memory_equal(b.ptr, "\xEF\xBB\xBFmətn;say;kütlə\r\nplain;-17;1648,104000\r\n",
                        strlen("\xEF\xBB\xBFmətn;say;kütlə\r\nplain;-17;1648,104000\r\n"));
    assert_non_null(strstr(b.ptr, "\"'=1+1\";-17;1648,104000\r\n"));
    assert_non_null(strstr(b.ptr, "\"a;b\";-17;"));
}

static void machines_get_codes_and_offices_words(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_grid g = {0};

    (void)state;
    tmg_grid_column(&g, "direction", TMG_SPAN("istiqamət"));
    const tmg_cell cell = tmg_cell_coded(TMG_SPAN("transit"), TMG_SPAN("tranzit"));
    tmg_grid_row(&g, a, &cell);
    tmg_buf_init(&b, 1 << 12);
    tmg_grid_csv(&g, &b);
    assert_string_equal(b.ptr, "direction\r\ntransit\r\n");
    tmg_buf_clear(&b);
    tmg_grid_csv_office(&g, &b);
    assert_string_equal(b.ptr, "\xEF\xBB\xBFistiqamət\r\ntranzit\r\n");
}

/* A number that floating point cannot hold is told digit by digit all the same. */
static void nothing_is_rounded(void **state)
{
    static const struct {
        int64_t v;
        const char *words;
    } masses[] = {{903454000, "903.454000"},
                  {100000001, "100.000001"},
                  {1, "0.000001"},
                  {-20000, "-0.020000"},
                  {INT64_C(9007199254740993), "9007199254.740993"},
                  {INT64_MAX, "9223372036854.775807"}};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof masses / sizeof masses[0]; i++) {
        TMG_AUTO_BUF b = {0};
        tmg_grid g = {0};
        char expected[64];

        tmg_grid_column(&g, "kg", TMG_SPAN("kq"));
        const tmg_cell cell = tmg_cell_decimal(masses[i].v, 6);
        tmg_grid_row(&g, a, &cell);
        tmg_buf_init(&b, 1 << 10);
        tmg_grid_csv(&g, &b);
        snprintf(expected, sizeof expected, "kg\r\n%s\r\n", masses[i].words);
        assert_string_equal(b.ptr, expected);
    }
}

static void what_is_not_stated_is_an_empty_cell(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_grid g = {0};

    (void)state;
    tmg_grid_column(&g, "x", TMG_SPAN("x"));
    tmg_grid_column(&g, "y", TMG_SPAN("y"));
    tmg_grid_column(&g, "z", TMG_SPAN("z"));
    const tmg_cell cells[] = {tmg_cell_integer(TMG_NONE), tmg_cell_decimal(TMG_NONE, 6),
                              tmg_cell_text((tmg_span){NULL, 0})};
    tmg_grid_row(&g, a, cells);
    tmg_buf_init(&b, 1 << 10);
    tmg_grid_csv(&g, &b);
    assert_string_equal(b.ptr, "x,y,z\r\n,,\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cell_begins_like_a_formula),
        cmocka_unit_test(an_office_gets_semicolons_and_decimal_commas),
        cmocka_unit_test(machines_get_codes_and_offices_words),
        cmocka_unit_test(nothing_is_rounded),
        cmocka_unit_test(what_is_not_stated_is_an_empty_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
