/* CSV as it comes: well-formed, sloppy, hostile.  A broken row costs that row and no other. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define MAX      8

/* Every row as "[cell][cell];", a broken one as "!raw!;". */
static void show(tmg_span input, char separator, tmg_arena *a, tmg_buf *to)
{
    tmg_span cells[MAX];
    size_t count = 0;
    tmg_csv csv;
    tmg_err err;

    tmg_csv_begin(&csv, input, separator, a);
    for (;;) {
        if (tmg_csv_row(&csv, cells, MAX, &count, &err) != TMG_OK) {
            tmg_buf_fmt(to, "!%.*s!;", TMG_SPAN_ARG(tmg_csv_raw(&csv)));
            continue;
        }
        if (count == 0)
            return;
        for (size_t i = 0; i < count; i++) {
            tmg_buf_char(to, '[');
            tmg_buf_span(to, cells[i]);
            tmg_buf_char(to, ']');
        }
        tmg_buf_char(to, ';');
    }
}

static void rows_are_read_as_written(void **state)
{
    static const struct {
        tmg_span input;
        char separator;
        const char *rows;
    } cases[] = {
        {TMG_SPAN_INIT(""), ',', ""},
        {{NULL, 0}, ',', ""},
        {TMG_SPAN_INIT("\n\r\n\n"), ',', ""},
        {TMG_SPAN_INIT("a,b,c\n"), ',', "[a][b][c];"},
        {TMG_SPAN_INIT("a,b,c"), ',', "[a][b][c];"},
        {TMG_SPAN_INIT("a,b\r\nc,d\r\n"), ',', "[a][b];[c][d];"},
        {TMG_SPAN_INIT("a,b\r"), ',', "[a][b];"},
        {TMG_SPAN_INIT("\xEF\xBB\xBFmrn,hs\n1,2\n"), ',', "[mrn][hs];[1][2];"},
        {TMG_SPAN_INIT("a\n\n\r\nb\n"), ',', "[a];[b];"},
        {TMG_SPAN_INIT(",,\n"), ',', "[][][];"},
        {TMG_SPAN_INIT(" a , b "), ',', "[ a ][ b ];"},
        {TMG_SPAN_INIT("a;b,c;d\n"), ';', "[a][b,c][d];"},
        {TMG_SPAN_INIT("a\tb\n"), '\t', "[a][b];"},
        {TMG_SPAN_INIT("0123456789,abcdefghijklmnop,x,,yz\n"), ',',
         "[0123456789][abcdefghijklmnop][x][][yz];"},
        {TMG_SPAN_INIT("\"a\",\"b\"\n"), ',', "[a][b];"},
        {TMG_SPAN_INIT("\"a,b\",c\n"), ',', "[a,b][c];"},
        {TMG_SPAN_INIT("\"\",\"\"\r\n"), ',', "[][];"},
        {TMG_SPAN_INIT("\"\""), ',', "[];"},
        {TMG_SPAN_INIT("\"say \"\"hi\"\"\",x\n"), ',', "[say \"hi\"][x];"},
        {TMG_SPAN_INIT("\"\"\"\"\n"), ',', "[\"];"},
        {TMG_SPAN_INIT("\"line one\nline two\",x\r\ny"), ',', "[line one\nline two][x];[y];"},
        {TMG_SPAN_INIT("\"line one\r\nline two\"\r\ny"), ',', "[line one\r\nline two];[y];"},
        {TMG_SPAN_INIT("a,\"b\"\r"), ',', "[a][b];"},
        {TMG_SPAN_INIT("x,\"b\",c\r\n"), ',', "[x][b][c];"},
        {TMG_SPAN_INIT("a\rb,c\n"), ',', "[a\rb][c];"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_ARENA a = tmg_arena_new(10000);
        TMG_AUTO_BUF b;

        tmg_buf_init(&b, 10000);
        show(cases[i].input, cases[i].separator, a, &b);
        assert_string_equal(b.ptr, cases[i].rows);
    }
}

static void a_broken_row_costs_only_itself(void **state)
{
    static const struct {
        tmg_span input;
        const char *rows;
    } cases[] = {
        {TMG_SPAN_INIT("\"open\nnext\n"), "!\"open!;[next];"},
        {TMG_SPAN_INIT("\"open"), "!\"open!;"},
        {TMG_SPAN_INIT("a\n5\" pipe,b\r\nc\n"), "[a];!5\" pipe,b!;[c];"},
        {TMG_SPAN_INIT("\"a\"b,c\nd\n"), "!\"a\"b,c!;[d];"},
        {TMG_SPAN_INIT("\"a\"\rb\nd\n"), "!\"a\"\rb!;[d];"},
        {TMG_SPAN_INIT("\"a\nb\"c\nd\n"), "!\"a!;!b\"c!;[d];"},
        {TMG_SPAN_INIT("1,2,3,4,5,6,7,8\n1,2,3,4,5,6,7,8,9\nz\n"),
         "[1][2][3][4][5][6][7][8];!1,2,3,4,5,6,7,8,9!;[z];"},
        {TMG_SPAN_INIT("\"1\",2,3,4,5,6,7,8,9\nz\n"), "!\"1\",2,3,4,5,6,7,8,9!;[z];"},
        {TMG_SPAN_INIT(",,,,,,,,,,,,,,,,,,,,\nz"), "!,,,,,,,,,,,,,,,,,,,,!;[z];"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_ARENA a = tmg_arena_new(10000);
        TMG_AUTO_BUF b;

        tmg_buf_init(&b, 10000);
        show(cases[i].input, ',', a, &b);
        assert_string_equal(b.ptr, cases[i].rows);
    }
}

static void messages_name_the_line_on_which_the_row_begins(void **state)
{
    static const char input[] = "\xEF\xBB\xBFmrn,text\n"
                                "\n"
                                "1,\"two\nlines\"\r\n"
                                "2,a \" b\n"
                                "3,ok\n";
    static const size_t lines[] = {1, 3, 5, 6};
    TMG_AUTO_ARENA a = tmg_arena_new(10000);
    tmg_span cells[MAX];
    size_t count = 0;
    tmg_csv csv;
    tmg_err err;

    (void)state;
    tmg_csv_begin(&csv, TMG_SPAN(input), ',', a);
    for (size_t i = 0; i < COUNT(lines); i++) {
        tmg_rc rc = tmg_csv_row(&csv, cells, MAX, &count, &err);

        assert_int_equal(rc, i == 2 ? TMG_E_INVALID : TMG_OK);
        assert_int_equal(csv.line, lines[i]);
        if (i == 1)
            assert_true(tmg_span_is(tmg_csv_raw(&csv), "1,\"two\nlines\""));
    }
    assert_string_equal(err.text,
                        "line 5: a quote inside an unquoted cell; quote the cell and double the quote");
    count = 9;
    assert_int_equal(tmg_csv_row(&csv, cells, MAX, &count, &err), TMG_OK);
    assert_int_equal(count, 0);
    assert_int_equal(tmg_csv_raw(&csv).len, 0);
}

static void a_giant_quoted_cell_meets_a_limit(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1000);
    tmg_span cells[MAX];
    size_t count = 9;
    TMG_AUTO_BUF b;
    tmg_csv csv;
    tmg_err err;

    (void)state;
    tmg_buf_init(&b, 10000);
    tmg_buf_char(&b, '"');
    while (b.len < 5001)
        tmg_buf_z(&b, "\"\"");
    tmg_buf_z(&b, "\"\nnext\n");
    tmg_csv_begin(&csv, tmg_buf_as_span(&b), ',', a);
    assert_int_equal(tmg_csv_row(&csv, cells, MAX, &count, &err), TMG_E_LIMIT);
    assert_int_equal(count, 9);
    assert_int_equal(tmg_csv_row(&csv, cells, MAX, &count, &err), TMG_OK);
    assert_true(tmg_span_is(cells[0], "next"));
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Any cells at all come back as they were, through the writer and the reader. */
static bool must_quote(tmg_span cell, bool first)
{
    if (cell.len == 0)
        return first; /* alone in its row, an empty cell would read as a blank line */
    if (first && tmg_span_starts(cell, "\xEF\xBB\xBF"))
        return true; /* would read as a byte order mark */
    for (size_t i = 0; i < cell.len; i++)
        if (cell.ptr[i] == '"' || cell.ptr[i] == ',' || cell.ptr[i] == '\n' || cell.ptr[i] == '\r')
            return true;
    return false;
}

static void write_cell(tmg_buf *b, tmg_span cell, bool first)
{
    tmg_span rest = cell;
    tmg_span part;

    if (!first)
        tmg_buf_char(b, ',');
    if (!must_quote(cell, first)) {
        tmg_buf_span(b, cell);
        return;
    }
    tmg_buf_char(b, '"');
    for (bool again = false; tmg_span_split(&rest, '"', &part); again = true) {
        if (again)
            tmg_buf_put(b, "\"\"", 2);
        tmg_buf_span(b, part);
    }
    tmg_buf_char(b, '"');
}

static void written_cells_read_back(void **state)
{
    static const char letters[] = "ab,\"\n\r \xEF\xBB\xBF";
    uint64_t seed = 4711;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(10000);
        tmg_span wanted[MAX];
        tmg_span cells[MAX];
        char text[MAX][24];
        size_t want = 1 + next_random(&seed) % MAX;
        size_t count = 0;
        TMG_AUTO_BUF b;
        tmg_csv csv;
        tmg_err err;

        tmg_buf_init(&b, 10000);
        for (size_t i = 0; i < want; i++) {
            wanted[i] = (tmg_span){text[i], next_random(&seed) % sizeof text[i]};
            for (size_t k = 0; k < wanted[i].len; k++)
                text[i][k] = letters[next_random(&seed) % (sizeof letters - 1)];
            write_cell(&b, wanted[i], i == 0);
        }
        tmg_buf_z(&b, round % 2 == 0 ? "\n" : "\r\n");
        tmg_csv_begin(&csv, tmg_buf_as_span(&b), ',', a);
        assert_int_equal(tmg_csv_row(&csv, cells, MAX, &count, &err), TMG_OK);
        assert_int_equal(count, want);
        for (size_t i = 0; i < want; i++)
            assert_true(tmg_span_eq(cells[i], wanted[i]));
        assert_int_equal(tmg_csv_row(&csv, cells, MAX, &count, &err), TMG_OK);
        assert_int_equal(count, 0);
    }
}

/* Whatever the bytes, the reader ends and its rows stay inside the input. */
static void noise_is_survived(void **state)
{
    static const char letters[] = "a,\"\n\r";
    uint64_t seed = 99;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(10000);
        size_t len = next_random(&seed) % 60;
        char *input = tmg_xcalloc(len, 1);
        tmg_span cells[MAX];
        size_t count = 1;
        size_t lines = 1;
        tmg_csv csv;

        for (size_t i = 0; i < len; i++) {
            input[i] = letters[next_random(&seed) % (sizeof letters - 1)];
            lines += input[i] == '\n';
        }
        tmg_csv_begin(&csv, (tmg_span){input, len}, ',', a);
        for (int guard = 0; count > 0; guard++) {
            assert_true(guard < 70);
            if (tmg_csv_row(&csv, cells, MAX, &count, NULL) == TMG_OK)
                assert_true(count <= MAX);
            assert_true(csv.line <= lines + (count == 0));
            assert_true(csv.row_start >= input && csv.row_start <= csv.row_end && csv.row_end <= csv.at);
        }
        free(input);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_written),
        cmocka_unit_test(a_broken_row_costs_only_itself),
        cmocka_unit_test(messages_name_the_line_on_which_the_row_begins),
        cmocka_unit_test(a_giant_quoted_cell_meets_a_limit),
        cmocka_unit_test(written_cells_read_back),
        cmocka_unit_test(noise_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
