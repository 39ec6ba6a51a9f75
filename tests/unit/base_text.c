/* Spans, buffers, UTF-8, and the sentences that errors and the operator's log are made of. */
#include "base/log.h"
#include "base/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void assert_span(tmg_span s, const char *expected)
{
    char text[600];

    assert_true(s.len < sizeof text);
    (void)snprintf(text, sizeof text, "%.*s", TMG_SPAN_ARG(s));
    assert_string_equal(text, expected);
}

static void spans_are_trimmed_and_compared(void **state)
{
    (void)state;
    assert_span(tmg_span_trim(TMG_SPAN(" \t\r\n AZ 12\v\f ")), "AZ 12");
    assert_span(tmg_span_trim(TMG_SPAN("   ")), "");
    assert_span(tmg_span_trim((tmg_span){NULL, 0}), "");
    assert_true(tmg_span_starts(TMG_SPAN("8471.30"), "8471"));
    assert_false(tmg_span_starts(TMG_SPAN("84"), "8471"));
    assert_true(tmg_span_starts((tmg_span){NULL, 0}, ""));
    assert_true(tmg_span_equal_nocase(TMG_SPAN("azN"), TMG_SPAN("AZn")));
    assert_false(tmg_span_equal_nocase(TMG_SPAN("[a"), TMG_SPAN("{a")));
    assert_false(tmg_span_equal_nocase(TMG_SPAN("AZ"), TMG_SPAN("AZN")));
    assert_true(tmg_span_is(TMG_SPAN("x"), "x"));
    assert_true(tmg_span_eq((tmg_span){NULL, 0}, TMG_SPAN("")));
}

static void splitting_keeps_empty_parts(void **state)
{
    static const struct {
        tmg_span text;
        const char *parts;
    } cases[] = {{TMG_SPAN_INIT("a,b,c"), "[a][b][c]"},
                 {TMG_SPAN_INIT("a,"), "[a][]"},
                 {TMG_SPAN_INIT(",a"), "[][a]"},
                 {TMG_SPAN_INIT(""), "[]"},
                 {{NULL, 0}, ""}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_span rest = cases[i].text;
        tmg_span part;
        TMG_AUTO_BUF shown;

        tmg_buf_init(&shown, 100);
        while (tmg_span_split(&rest, ',', &part))
            tmg_buf_fmt(&shown, "[%.*s]", TMG_SPAN_ARG(part));
        assert_string_equal(shown.ptr, cases[i].parts);
    }
}

static void copies_outlive_their_source(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1000);
    char source[] = "TIR";
    tmg_span copy = tmg_span_copy(a, (tmg_span){source, 3});

    (void)state;
    assert_string_equal(tmg_span_z(a, (tmg_span){source, 2}), "TI");
    source[0] = 'x';
    assert_string_equal(copy.ptr, "TIR");
    assert_null(tmg_span_copy(a, (tmg_span){NULL, 0}).ptr);
    assert_non_null(tmg_span_copy(a, TMG_SPAN("")).ptr);
    assert_string_equal(tmg_span_z(a, (tmg_span){NULL, 0}), "");
}

static void whole_numbers_are_read_exactly(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {{"0", true, 0},
                 {"-0", true, 0},
                 {"007", true, 7},
                 {"-42", true, -42},
                 {"9223372036854775807", true, INT64_MAX},
                 {"-9223372036854775808", true, INT64_MIN},
                 {"9223372036854775808", false, 0},
                 {"-9223372036854775809", false, 0},
                 {"99999999999999999999", false, 0},
                 {"", false, 0},
                 {"-", false, 0},
                 {"+1", false, 0},
                 {" 1", false, 0},
                 {"1 ", false, 0},
                 {"1.0", false, 0},
                 {"--1", false, 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t v = 77;

        assert_int_equal(tmg_span_i64(tmg_span_of(cases[i].text), &v), cases[i].good);
        assert_int_equal(v, cases[i].good ? cases[i].value : 77);
    }
}

static void only_well_formed_utf8_without_controls_passes(void **state)
{
    static const struct {
        tmg_span text;
        bool valid;
    } cases[] = {
        {TMG_SPAN_INIT(""), true},
        {{NULL, 0}, true},
        {TMG_SPAN_INIT("sixteen letters."), true},
        {TMG_SPAN_INIT("plain text that is longer than eight bytes"), true},
        {TMG_SPAN_INIT("line\r\n\tnext line, also long"), true},
        {TMG_SPAN_INIT("Az\xC9\x99rbaycan, \xD0\x91\xD0\xB0\xD0\xBA\xD1\x83, \xE6\xB5\xB7\xE5\x85\xB3"),
         true},
        {TMG_SPAN_INIT("\xF0\x9F\x9A\xA2 at sea"), true},
        {TMG_SPAN_INIT("\xF4\x8F\xBF\xBF"), true},
        {TMG_SPAN_INIT("\xF4\x90\x80\x80"), false}, /* beyond U+10FFFF */
        {TMG_SPAN_INIT("\xF5\x80\x80\x80"), false},
        {TMG_SPAN_INIT("\xC0\xAF"), false}, /* overlong '/' */
        {TMG_SPAN_INIT("\xE0\x80\xAF"), false},
        {TMG_SPAN_INIT("\xF0\x80\x80\xAF"), false},
        {TMG_SPAN_INIT("\xED\xA0\x80"), false}, /* surrogate */
        {TMG_SPAN_INIT("\xED\x9F\xBF"), true},
        {TMG_SPAN_INIT("\x80"), false},
        {TMG_SPAN_INIT("\xC3"), false}, /* cut off */
        {TMG_SPAN_INIT("\xE6\xB5"), false},
        {TMG_SPAN_INIT("\xE6\xB5Z"), false},
        {TMG_SPAN_INIT("0123456\0"
                       "89abcdef"),
         false},
        {TMG_SPAN_INIT("0123456789\x1b[2Jabcdef"), false},
        {TMG_SPAN_INIT("\x7f"), true}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (tmg_utf8_valid(cases[i].text) != cases[i].valid)
            fail_msg("case %zu: expected %s", i, cases[i].valid ? "valid" : "not valid");
}

static void cutting_spares_characters(void **state)
{
    (void)state;
    assert_span(tmg_utf8_cut(TMG_SPAN("abc"), 10), "abc");
    assert_span(tmg_utf8_cut(TMG_SPAN("abc"), 2), "ab");
    assert_span(tmg_utf8_cut(TMG_SPAN("a\xC9\x99z"), 2), "a");
    assert_span(tmg_utf8_cut(TMG_SPAN("a\xC9\x99z"), 3), "a\xC9\x99");
    assert_span(tmg_utf8_cut(TMG_SPAN("\xF0\x9F\x9A\xA2"), 3), "");
    assert_int_equal(tmg_utf8_cut(TMG_SPAN("\x80\x80\x80\x80\x80\x80"), 5).len, 5);
}

static void buffers_grow_and_stop_at_their_maximum(void **state)
{
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 1000);
    assert_string_equal(b.ptr, "");
    for (int i = 0; i < 100; i++)
        tmg_buf_z(&b, "0123456789");
    assert_int_equal(b.len, 1000);
    assert_false(b.overflow);
    tmg_buf_char(&b, '!');
    assert_true(b.overflow);
    assert_int_equal(b.len, 1000);
    assert_int_equal(strlen(b.ptr), 1000);
    tmg_buf_clear(&b);
    assert_false(b.overflow);
    assert_string_equal(b.ptr, "");
    tmg_buf_span(&b, TMG_SPAN("again"));
    tmg_buf_span(&b, (tmg_span){NULL, 0});
    assert_string_equal(b.ptr, "again");
    tmg_buf_done(&b);
    tmg_buf_init(&b, 4);
    tmg_buf_z(&b, "12345678");
    assert_string_equal(b.ptr, "1234");
    assert_true(b.overflow);
    tmg_buf_fmt(&b, "%d", 5);
    assert_string_equal(b.ptr, "1234");
    tmg_buf_done(&b);
    tmg_buf_init(&b, 0);
    tmg_buf_fmt(&b, "x");
    tmg_buf_put(&b, "y", 1);
    assert_true(b.overflow);
    assert_string_equal(b.ptr, "");
}

static void buffers_format_numbers(void **state)
{
    static const int64_t values[] = {0, 7, -7, 10, 99, 100, 12345, INT64_MAX, INT64_MIN};
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 400);
    for (size_t i = 0; i < COUNT(values); i++) {
        char expected[32];

        tmg_buf_clear(&b);
        tmg_buf_i64(&b, values[i]);
        (void)snprintf(expected, sizeof expected, "%lld", (long long)values[i]);
        assert_string_equal(b.ptr, expected);
    }
    tmg_buf_clear(&b);
    tmg_buf_fmt(&b, "%s-%03d", "AZ", 7);
    tmg_buf_fmt(&b, "%s", "");
    tmg_buf_fmt(&b, "%300d", 1);
    assert_int_equal(b.len, 306);
    tmg_buf_fmt(&b, "%300d", 1);
    assert_int_equal(b.len, 400);
    assert_true(b.overflow);
}

static void errors_are_one_sentence_with_context(void **state)
{
    tmg_err err;

    (void)state;
    assert_int_equal(TMG_FAIL(&err, TMG_E_LIMIT, "more than %d rows", 10), TMG_E_LIMIT);
    assert_string_equal(err.text, "more than 10 rows");
    assert_int_equal(tmg_err_within(&err, "%s, row %d", "june.csv", 3), TMG_E_LIMIT);
    assert_string_equal(err.text, "june.csv, row 3: more than 10 rows");
    assert_non_null(strstr(err.file, "base_text.c"));
    assert_int_equal(TMG_FAIL(&err, TMG_E_INVALID, "again: %s", err.text), TMG_E_INVALID);
    assert_string_equal(err.text, "again: june.csv, row 3: more than 10 rows");
    assert_int_equal(TMG_FAIL(NULL, TMG_E_IO, "nobody listens"), TMG_E_IO);
    assert_int_equal(tmg_err_within(NULL, "nobody listens"), TMG_E_INVALID);
}

static void long_errors_are_cut_between_characters(void **state)
{
    static const char *const letters[] = {"\xC9\x99", "\xE6\xB5\xB7", "\xF0\x9F\x9A\xA2", "a"};

    (void)state;
    for (size_t k = 0; k < COUNT(letters); k++)
        for (size_t lead = 0; lead < 4; lead++) {
            TMG_AUTO_BUF b;
            tmg_err err;

            tmg_buf_init(&b, 1000);
            tmg_buf_put(&b, "xxx", lead);
            while (b.len < 600)
                tmg_buf_z(&b, letters[k]);
            (void)TMG_FAIL(&err, TMG_E_INVALID, "%s", b.ptr);
            assert_true(strlen(err.text) > sizeof err.text - 5);
            assert_true(tmg_utf8_valid(tmg_span_of(err.text)));
            (void)tmg_err_within(&err, "long");
            assert_true(tmg_utf8_valid(tmg_span_of(err.text)));
        }
}

static void codes_have_names_and_exit_statuses(void **state)
{
    static const char *const names[] = {"ok",       "invalid", "not_found", "denied",
                                        "conflict", "limit",   "store",     "io"};

    (void)state;
    for (int i = 0; i < 8; i++) {
        assert_string_equal(tmg_rc_name((tmg_rc)-i), names[i]);
        assert_int_equal(tmg_rc_exit((tmg_rc)-i), i == 0 ? 0 : i + 1);
    }
}

/* What the operator would see on standard error. */
static void logged(char *ret, size_t room, void (*act)(void))
{
    int kept = dup(STDERR_FILENO);
    int both[2];
    ssize_t got;

    assert_int_equal(pipe2(both, O_NONBLOCK), 0);
    assert_int_equal(dup2(both[1], STDERR_FILENO), STDERR_FILENO);
    act();
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    got = read(both[0], ret, room - 1);
    ret[got > 0 ? got : 0] = '\0';
    (void)close(kept);
    (void)close(both[0]);
    (void)close(both[1]);
}

static void log_two(void)
{
    tmg_log(TMG_LOG_WARN, "intake", "row \"7\" is \\ broken\n", "file=%s", "a.csv\nts=forged");
    tmg_log(TMG_LOG_ERROR, "web", "plain", NULL);
}

static void log_a_long_one(void)
{
    char text[8000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    tmg_log(TMG_LOG_INFO, "web", "long", "text=%s", text);
}

static void one_event_is_one_line_of_log(void **state)
{
    char seen[9000];

    (void)state;
    logged(seen, sizeof seen, log_two);
    assert_non_null(strstr(seen, " level=warn mod=intake msg=\"row \\\"7\\\" is \\\\ broken \" "
                                 "file=a.csv ts=forged\nts="));
    assert_non_null(strstr(seen, " level=error mod=web msg=\"plain\"\n"));
    logged(seen, sizeof seen, log_a_long_one);
    assert_int_equal(strlen(seen), 4096);
    assert_int_equal(seen[4095], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_trimmed_and_compared),
        cmocka_unit_test(splitting_keeps_empty_parts),
        cmocka_unit_test(copies_outlive_their_source),
        cmocka_unit_test(whole_numbers_are_read_exactly),
        cmocka_unit_test(only_well_formed_utf8_without_controls_passes),
        cmocka_unit_test(cutting_spares_characters),
        cmocka_unit_test(buffers_grow_and_stop_at_their_maximum),
        cmocka_unit_test(buffers_format_numbers),
        cmocka_unit_test(errors_are_one_sentence_with_context),
        cmocka_unit_test(long_errors_are_cut_between_characters),
        cmocka_unit_test(codes_have_names_and_exit_statuses),
        cmocka_unit_test(one_event_is_one_line_of_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
