/* The checks of request bodies: each fault is named with its place. */
#include "web/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define ANY_LENGTH .minimum = INT64_MIN, .maximum = INT64_MAX, .least = INT64_MIN, .most = INT64_MAX

static const char *const COLOURS[] = {"red", "green", NULL};
static const tmg_schema COLOUR = {.kind = TMG_SCHEMA_TEXT, ANY_LENGTH, .one_of = COLOURS};
static const tmg_schema NAME = {
    .kind = TMG_SCHEMA_TEXT, .minimum = INT64_MIN, .maximum = INT64_MAX, .least = 1, .most = 3};
static const tmg_schema COUNT = {
    .kind = TMG_SCHEMA_INTEGER, .minimum = 0, .maximum = 10, .least = INT64_MIN, .most = INT64_MAX};
static const tmg_schema NUMBER = {.kind = TMG_SCHEMA_NUMBER, ANY_LENGTH, .nullable = true};
static const tmg_schema FLAG = {.kind = TMG_SCHEMA_BOOLEAN, ANY_LENGTH};
static const tmg_schema NAMES = {.kind = TMG_SCHEMA_ARRAY,
                                 .minimum = INT64_MIN,
                                 .maximum = INT64_MAX,
                                 .least = 1,
                                 .most = 2,
                                 .items = &NAME};
static const tmg_schema_member MEMBERS[] = {
    {"name", true, &NAME},  {"count", false, &COUNT}, {"colour", false, &COLOUR}, {"number", false, &NUMBER},
    {"flag", false, &FLAG}, {"names", false, &NAMES}, {NULL, false, NULL}};
static const tmg_schema THING = {.kind = TMG_SCHEMA_OBJECT, ANY_LENGTH, .members = MEMBERS, .closed = true};

typedef struct row {
    const char *json, *path, *message; /* path NULL: nothing is wrong */
} row;

static const row ROWS[] = {
    {"{\"name\":\"a\"}", NULL, NULL},
    {"{\"name\":\"abc\",\"count\":10,\"colour\":\"red\",\"number\":1.5,\"flag\":false,\"names\":[\"a\",\"b\"]"
     "}",
     NULL, NULL},
    {"{\"name\":\"a\",\"number\":null}", NULL, NULL},
    {"{\"name\":\"\xC9\x99\xC9\x99\xC9\x99\"}", NULL, NULL}, /* three characters, six bytes */
    {"[]", "", "expected an object"},
    {"{}", "/name", "is missing: expected a text"},
    {"{\"name\":1}", "/name", "expected a text"},
    {"{\"name\":null}", "/name", "expected a text"},
    {"{\"name\":\"\"}", "/name", "must not be empty"},
    {"{\"name\":\"abcd\"}", "/name", "expected at most 3 characters"},
    {"{\"name\":\"a\",\"count\":-1}", "/count", "expected at least 0"},
    {"{\"name\":\"a\",\"count\":11}", "/count", "expected at most 10"},
    {"{\"name\":\"a\",\"count\":1.0}", "/count", "expected a whole number"},
    {"{\"name\":\"a\",\"colour\":\"blue\"}", "/colour", "expected one of: red, green"},
    {"{\"name\":\"a\",\"number\":\"1\"}", "/number", "expected a number"},
    {"{\"name\":\"a\",\"flag\":0}", "/flag", "expected true or false"},
    {"{\"name\":\"a\",\"names\":[]}", "/names", "expected at least 1 entries"},
    {"{\"name\":\"a\",\"names\":[\"a\",\"b\",\"c\"]}", "/names", "expected at most 2 entries"},
    {"{\"name\":\"a\",\"names\":[\"a\",2]}", "/names/1", "expected a text"},
    {"{\"name\":\"a\",\"other\":1}", "/other", "is not a member that is known here"},
    {"{\"name\":\"a\",\"a/b~c\":1}", "/a~1b~0c", "is not a member that is known here"},
};

static void faults_are_named_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        TMG_AUTO_JSON value = NULL;
        tmg_faults f = {0};

        assert_int_equal(tmg_json_read(tmg_span_of(ROWS[i].json), &value, NULL), TMG_OK);
        assert_int_equal(tmg_schema_check(&THING, value, &f), ROWS[i].path == NULL);
        if (ROWS[i].path == NULL) {
            assert_int_equal(f.count, 0);
            continue;
        }
        assert_string_equal(f.list[0].path, ROWS[i].path);
        assert_string_equal(f.list[0].message, ROWS[i].message);
    }
}

static void all_faults_are_told_up_to_a_maximum(void **state)
{
    TMG_AUTO_JSON two = NULL;
    TMG_AUTO_JSON many = NULL;
    TMG_AUTO_BUF b;
    tmg_faults f = {0};

    (void)state;
    assert_int_equal(tmg_json_read(TMG_SPAN("{\"count\":11,\"flag\":1}"), &two, NULL), TMG_OK);
    assert_false(tmg_schema_check(&THING, two, &f));
    assert_int_equal(f.count, 3);
    tmg_buf_init(&b, 4096);
    for (int i = 0; i < 100; i++)
        tmg_buf_fmt(&b, "%s\"x%d\":1", i > 0 ? "," : "{", i);
    tmg_buf_z(&b, "}");
    assert_int_equal(tmg_json_read(tmg_buf_as_span(&b), &many, NULL), TMG_OK);
    f.count = 0;
    assert_false(tmg_schema_check(&THING, many, &f));
    assert_int_equal(f.count, TMG_MAX_FAULTS);
}

static void query_parameters_are_checked_as_texts(void **state)
{
    tmg_faults f = {0};

    (void)state;
    assert_true(tmg_schema_check_text(&COUNT, "most", TMG_SPAN("7"), &f));
    assert_true(tmg_schema_check_text(&FLAG, "all", TMG_SPAN("true"), &f));
    assert_true(tmg_schema_check_text(&COLOUR, "lane", TMG_SPAN("green"), &f));
    assert_int_equal(f.count, 0);
    assert_false(tmg_schema_check_text(&COUNT, "most", TMG_SPAN("7x"), &f));
    assert_false(tmg_schema_check_text(&COUNT, "most", TMG_SPAN("11"), &f));
    assert_false(tmg_schema_check_text(&FLAG, "all", TMG_SPAN("yes"), &f));
    assert_false(tmg_schema_check_text(&COLOUR, "lane", TMG_SPAN("blue"), &f));
    assert_int_equal(f.count, 4);
    assert_string_equal(f.list[0].path, "most");
    assert_string_equal(f.list[0].message, "expected a whole number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_named_with_their_place),
        cmocka_unit_test(all_faults_are_told_up_to_a_maximum),
        cmocka_unit_test(query_parameters_are_checked_as_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
