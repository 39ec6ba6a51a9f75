/* A sentence as data: its code, its values, and how it is kept as one text. */
#include "base/err.h"
#include "base/say.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_code(const char *fmt, const char *wanted)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 512);
    tmg_say_code(&b, fmt);
    assert_string_equal(b.ptr, wanted);
}

static void test_code(void **state)
{
    (void)state;
    assert_code("nothing in it", "nothing in it");
    assert_code("line %zu: %.*s is %+5.1f %% of %jd%s", "line {1}: {2} is {3} % of {4}{5}");
    assert_code("%-*d|%lld", "{1}|{2}");
}

TMG_PRINTF(3, 4) static void values(char *ret, size_t room, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    tmg_say_values(ret, room, fmt, args);
    va_end(args);
}

static void test_values(void **state)
{
    char said[TMG_MOST_SAID], small[16];

    (void)state;
    values(said, sizeof said, "%d %.*s %lld %zu %c %.2f %% %s %*d %x", -3, 2, "abc", (long long)1 << 40,
           (size_t)7, 'x', 0.125, "two\nlines", 6, 5, 255U);
    assert_string_equal(said, "1=-3\n2=ab\n3=1099511627776\n4=7\n5=x\n6=0.12\n7=two lines\n8=5\n9=ff\n");
    static const char unended[2] = {'0', '8'};
    values(said, sizeof said, "chapter %.2s", unended);
    assert_string_equal(said, "1=08\n");
    values(said, sizeof said, "nothing");
    assert_string_equal(said, "");
    values(small, sizeof small, "%s", "gəlir gəlir gəlir");
    assert_string_equal(small, "1=gəlir gəli\n");
}

static void test_failure_carries_both(void **state)
{
    tmg_err err = {0};

    (void)state;
    (void)TMG_FAIL(&err, TMG_E_NOT_FOUND, "there is no post %s among %d", "AZ=1", 3);
    assert_string_equal(err.form, "there is no post %s among %d");
    assert_string_equal(err.params, "1=AZ=1\n2=3\n");
    (void)tmg_err_within(&err, "line %d", 4);
    (void)tmg_err_within(&err, "%s", "a.csv");
    assert_string_equal(err.text, "a.csv: line 4: there is no post AZ=1 among 3");
    assert_string_equal(err.params, "in=a.csv: line 4\n1=AZ=1\n2=3\n");
    (void)tmg_err_code(TMG_FAIL(&err, TMG_E_NOT_FOUND, "no %s", "x"), &err, "post.none", "post=%s", "x");
    assert_string_equal(err.params, "post=x");
}

static void test_kept(void **state)
{
    TMG_AUTO_BUF b = {0}, english = {0};
    tmg_span rest, plain = TMG_SPAN("as it was kept long ago");
    tmg_kept_said said;

    (void)state;
    tmg_buf_init(&b, TMG_MOST_KEPT);
    tmg_buf_init(&english, TMG_MOST_KEPT);
    tmg_say_keep(&b, "expected 3 of HS", "expected %d of %s", "1=3\n2=HS\n");
    tmg_say_keep(&b, "is missing", "is missing", "");
    tmg_say_keep(&b, "at most 4", "at most %d", "1=4\n");
    rest = tmg_buf_as_span(&b);
    assert_true(tmg_say_next(&rest, &said));
    assert_true(tmg_span_is(said.english, "expected 3 of HS") &&
                tmg_span_is(said.code, "expected {1} of {2}"));
    assert_true(tmg_span_is(said.values, "1=3\n2=HS"));
    assert_true(tmg_say_next(&rest, &said));
    assert_true(tmg_span_is(said.code, "is missing") && said.values.len == 0);
    assert_true(tmg_say_next(&rest, &said));
    assert_true(tmg_span_is(said.values, "1=4"));
    assert_false(tmg_say_next(&rest, &said));
    tmg_say_english(&english, tmg_buf_as_span(&b));
    assert_string_equal(english.ptr, "expected 3 of HS; is missing; at most 4");
    assert_true(tmg_say_next(&plain, &said));
    assert_true(tmg_span_is(said.english, "as it was kept long ago") && said.code.len == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_code), cmocka_unit_test(test_values),
                                       cmocka_unit_test(test_failure_carries_both),
                                       cmocka_unit_test(test_kept)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
