/* JSON out and in: what is written is valid and reads back; what is read is checked. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void objects_are_written_with_commas_in_place(void **state)
{
    tmg_json_out j;
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 1000);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "mrn", "26AZ001");
    tmg_json_i64(&j, "items", -3);
    tmg_json_bool(&j, "held", true);
    tmg_json_bool(&j, "seen", false);
    tmg_json_null(&j, "none");
    tmg_json_text(&j, "absent", (tmg_span){NULL, 0});
    tmg_json_text(&j, "empty", TMG_SPAN(""));
    tmg_json_z(&j, "gone", NULL);
    tmg_json_decimal(&j, "p", 974321, 6);
    tmg_json_time(&j, "at", INT64_C(1772424930000), 240);
    tmg_json_array(&j, "list");
    tmg_json_i64(&j, NULL, 1);
    tmg_json_object(&j, NULL);
    tmg_json_end_object(&j);
    tmg_json_array(&j, NULL);
    tmg_json_end_array(&j);
    tmg_json_raw(&j, NULL, TMG_SPAN("{\"x\":1}"));
    tmg_json_raw(&j, NULL, TMG_SPAN(""));
    tmg_json_end_array(&j);
    tmg_json_i64(&j, "last", 9);
    tmg_json_end_object(&j);
    assert_string_equal(b.ptr,
                        "{\"mrn\":\"26AZ001\",\"items\":-3,\"held\":true,\"seen\":false,\"none\":null,"
                        "\"absent\":null,\"empty\":\"\",\"gone\":null,\"p\":0.974321,"
                        "\"at\":\"2026-03-02T08:15:30+04:00\",\"list\":[1,{},[],{\"x\":1},null],\"last\":9}");
}

static void text_is_escaped(void **state)
{
    static const struct {
        tmg_span text;
        const char *json;
    } cases[] = {
        {TMG_SPAN_INIT("plain and rather long text"), "\"plain and rather long text\""},
        {TMG_SPAN_INIT("a \"quoted\" \\ word"), "\"a \\\"quoted\\\" \\\\ word\""},
        {TMG_SPAN_INIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
        {TMG_SPAN_INIT("nul \0 and \x1f end"), "\"nul \\u0000 and \\u001f end\""},
        {TMG_SPAN_INIT("Az\xC9\x99rbaycan \xF0\x9F\x9A\xA2"), "\"Az\xC9\x99rbaycan \xF0\x9F\x9A\xA2\""},
        {TMG_SPAN_INIT("bad \xFF byte"), "\"bad \xEF\xBF\xBD byte\""},
        {TMG_SPAN_INIT("cut \xE6\xB5"), "\"cut \xEF\xBF\xBD\xEF\xBF\xBD\""},
        {TMG_SPAN_INIT("</script>\x7f"), "\"</script>\x7f\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_json_out j;
        TMG_AUTO_BUF b;

        tmg_buf_init(&b, 1000);
        tmg_json_begin(&j, &b);
        tmg_json_text(&j, NULL, cases[i].text);
        assert_string_equal(b.ptr, cases[i].json);
    }
}

static void a_full_buffer_is_told(void **state)
{
    tmg_json_out j;
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 8);
    tmg_json_begin(&j, &b);
    tmg_json_z(&j, NULL, "123456");
    assert_false(b.overflow);
    tmg_buf_clear(&b);
    tmg_json_begin(&j, &b);
    tmg_json_z(&j, NULL, "1234567");
    assert_true(b.overflow);
    assert_string_equal(b.ptr, "\"1234567");
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

typedef struct world {
    uint64_t seed;
    tmg_json_out out;
    int numbers;
    char key[16];
} world;

static void write_anything(world *w, const char *key, int levels)
{
    static const char *const texts[] = {
        "", "x", "\"\\\n\t", "Bak\xC4\xB1 limani", "\x01\x1f", "0123456789abcdef"};
    uint64_t kind = next_random(&w->seed) % (levels > 0 ? 6 : 4);

    switch (kind) {
    case 0:
        tmg_json_i64(&w->out, key, (int64_t)next_random(&w->seed));
        break;
    case 1:
        tmg_json_z(&w->out, key, texts[next_random(&w->seed) % COUNT(texts)]);
        break;
    case 2:
        tmg_json_bool(&w->out, key, next_random(&w->seed) % 2 != 0);
        break;
    case 3:
        tmg_json_null(&w->out, key);
        break;
    default: {
        uint64_t members = next_random(&w->seed) % 5;
        bool object = kind == 4;

        (object ? tmg_json_object : tmg_json_array)(&w->out, key);
        for (uint64_t i = 0; i < members; i++) {
            char name[24];

            (void)snprintf(name, sizeof name, "k\"%d\n", w->numbers++);
            write_anything(w, object ? name : NULL, levels - 1);
        }
        (object ? tmg_json_end_object : tmg_json_end_array)(&w->out);
    }
    }
}

static void write_again(tmg_json_out *out, const char *key, const tmg_json *j);

static void write_member(void *ctx, tmg_span key, const tmg_json *value)
{
    char name[40];

    (void)snprintf(name, sizeof name, "%.*s", TMG_SPAN_ARG(key));
    write_again(ctx, name, value);
}

static void write_again(tmg_json_out *out, const char *key, const tmg_json *j)
{
    switch (tmg_json_kind_of(j)) {
    case TMG_JSON_NULL:
    case TMG_JSON_REAL:
        tmg_json_null(out, key);
        break;
    case TMG_JSON_BOOL:
        tmg_json_bool(out, key, tmg_json_as_bool(j, false));
        break;
    case TMG_JSON_INT:
        tmg_json_i64(out, key, tmg_json_as_i64(j, 0));
        break;
    case TMG_JSON_TEXT:
        tmg_json_text(out, key, tmg_json_as_text(j));
        break;
    case TMG_JSON_ARRAY:
        tmg_json_array(out, key);
        for (size_t i = 0; i < tmg_json_count(j); i++)
            write_again(out, NULL, tmg_json_at(j, i));
        tmg_json_end_array(out);
        break;
    case TMG_JSON_OBJECT:
        tmg_json_object(out, key);
        tmg_json_each(j, write_member, out);
        tmg_json_end_object(out);
        break;
    }
}

/* Writing, reading, and writing what was read gives the same bytes: nothing is lost and the order is kept. */
static void what_is_written_reads_back(void **state)
{
    world w = {.seed = 7};
    TMG_AUTO_BUF first;
    TMG_AUTO_BUF second;

    (void)state;
    tmg_buf_init(&first, 1 << 20);
    tmg_buf_init(&second, 1 << 20);
    for (int round = 0; round < 5000; round++) {
        TMG_AUTO_JSON j = NULL;
        tmg_json_out out;
        tmg_err err;

        tmg_buf_clear(&first);
        tmg_buf_clear(&second);
        tmg_json_begin(&w.out, &first);
        write_anything(&w, NULL, 6);
        if (tmg_json_read(tmg_buf_as_span(&first), &j, &err) != TMG_OK)
            fail_msg("%s in %s", err.text, first.ptr);
        tmg_json_begin(&out, &second);
        write_again(&out, NULL, j);
        assert_string_equal(first.ptr, second.ptr);
    }
}

static void bad_json_is_refused_with_its_place(void **state)
{
    static const struct {
        tmg_span text;
        const char *message;
    } cases[] = {
        {TMG_SPAN_INIT(""), "line 1, column 1: the JSON ends too early"},
        {{NULL, 0}, "line 1, column 1: the JSON ends too early"},
        {TMG_SPAN_INIT("{\"a\":1,\n \"a\":2}"), "line 2, column "},
        {TMG_SPAN_INIT("[1] x"), "there is more text behind the end of the JSON"},
        {TMG_SPAN_INIT("[1,"), "the JSON ends too early"},
        {TMG_SPAN_INIT("[1,]"), "line 1, column 4: "},
        {TMG_SPAN_INIT("\"a\\u0000b\""), "U+0000 is not allowed in text"},
        {TMG_SPAN_INIT("{\"a\\u0000b\":1}"), "U+0000 is not allowed in text"},
        {TMG_SPAN_INIT("\"a\0b\""), "line 1, column "},
        {TMG_SPAN_INIT("[1]\0"), "line 1, column "},
        {TMG_SPAN_INIT("\"\xFF\""), "line 1, column "},
        {TMG_SPAN_INIT("{'a':1}"), "line 1, column "},
        {TMG_SPAN_INIT("[01]"), "line 1, column "},
        {TMG_SPAN_INIT("[NaN]"), "line 1, column "},
        {TMG_SPAN_INIT("[99999999999999999999]"), "line 1, column "},
        {TMG_SPAN_INIT("[1e999]"), "line 1, column "},
        {TMG_SPAN_INIT("[-]"), "line 1, column 3: expected a digit"},
        {TMG_SPAN_INIT("[1.]"), "line 1, column 4: expected a digit behind the point"},
        {TMG_SPAN_INIT("[.5]"), "line 1, column 2: expected a value"},
        {TMG_SPAN_INIT("[1e]"), "expected a digit of the exponent"},
        {TMG_SPAN_INIT("[-01]"), "a number does not begin with 0"},
        {TMG_SPAN_INIT("[+1]"), "expected a value"},
        {TMG_SPAN_INIT("[9223372036854775808]"), "the number is too large"},
        {TMG_SPAN_INIT("{\"a\" 1}"), "line 1, column 6: expected a colon behind the name"},
        {TMG_SPAN_INIT("{\"a\":1 \"b\":2}"), "line 1, column 8: expected a comma or }"},
        {TMG_SPAN_INIT("[1 2]"), "line 1, column 4: expected a comma or ]"},
        {TMG_SPAN_INIT("[1}"), "expected a comma or ]"},
        {TMG_SPAN_INIT("{\"a\":1,}"), "expected the name of a member in quotes"},
        {TMG_SPAN_INIT("{1:2}"), "expected the name of a member in quotes"},
        {TMG_SPAN_INIT("[,1]"), "expected a value"},
        {TMG_SPAN_INIT("\"a\nb\""), "text holds a control character"},
        {TMG_SPAN_INIT("\"\\x\""), "no escape begins like this"},
        {TMG_SPAN_INIT("\"\\u12g4\""), "expected four hexadecimal digits"},
        {TMG_SPAN_INIT("\"\\ud800\""), "half of a surrogate pair"},
        {TMG_SPAN_INIT("\"\\udc00\""), "half of a surrogate pair"},
        {TMG_SPAN_INIT("\"\\ud800\\u0041\""), "half of a surrogate pair"},
        {TMG_SPAN_INIT("\"\xED\xA0\x80\""), "text that is not UTF-8"},
        {TMG_SPAN_INIT("\"abc"), "the JSON ends too early"},
        {TMG_SPAN_INIT("\"abc\\"), "the JSON ends too early"},
        {TMG_SPAN_INIT("\"\\u12"), "the JSON ends too early"},
        {TMG_SPAN_INIT("tru"), "expected a value"},
        {TMG_SPAN_INIT("\xEF\xBB\xBF[]"), "line 1, column 1: expected a value"},
        {TMG_SPAN_INIT("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,"
                       "\"k\":1,\"l\":1,\"m\":1,\"c\":2}"),
         "a duplicate name in this object"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_json *j = NULL;
        tmg_err err;

        if (tmg_json_read(cases[i].text, &j, &err) != TMG_E_INVALID)
            fail_msg("case %zu was accepted", i);
        if (strstr(err.text, cases[i].message) == NULL)
            fail_msg("case %zu: %s", i, err.text);
        assert_null(j);
    }
}

static void text_reads_as_it_was_meant(void **state)
{
    static const struct {
        const char *json;
        tmg_span text;
    } cases[] = {
        {"\"\"", TMG_SPAN_INIT("")},
        {" \"\\\"\\\\\\/\\b\\f\\n\\r\\t\" ", TMG_SPAN_INIT("\"\\/\b\f\n\r\t")},
        {"\"\\u0041\\u00e9\\u20AC\"", TMG_SPAN_INIT("A\xC3\xA9\xE2\x82\xAC")},
        {"\"\\ud83d\\udea2 \xF0\x9F\x9A\xA2\"", TMG_SPAN_INIT("\xF0\x9F\x9A\xA2 \xF0\x9F\x9A\xA2")},
        {"\"x\\u001fy\"", TMG_SPAN_INIT("x\x1fy")},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_JSON j = NULL;
        tmg_err err;

        if (tmg_json_read(tmg_span_of(cases[i].json), &j, &err) != TMG_OK)
            fail_msg("case %zu: %s", i, err.text);
        if (!tmg_span_eq(tmg_json_as_text(j), cases[i].text))
            fail_msg("case %zu: %.*s", i, TMG_SPAN_ARG(tmg_json_as_text(j)));
    }
}

static void numbers_keep_their_digits(void **state)
{
    static const struct {
        const char *json, *decimal;
    } cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"9223372036854775807", "9223372036854775807"},
        {"1.50", "1.5"},
        {"3.00", "3"},
        {"-0.25", "-0.25"},
        {"0.000001", "0.000001"},
        {"1234567890.125", "1234567890.125"},
        {"1.5e3", "1500"},
        {"2E-2", "0.02"},
        {"82.800000000000003", "82.8"},
    };
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_JSON j = NULL;

        assert_int_equal(tmg_json_read(tmg_span_of(cases[i].json), &j, NULL), TMG_OK);
        tmg_span said = tmg_json_as_decimal(j, a);
        if (!tmg_span_is(said, cases[i].decimal))
            fail_msg("%s became %.*s", cases[i].json, TMG_SPAN_ARG(said));
    }
}

static void depth_is_limited_to_32_levels(void **state)
{
    TMG_AUTO_JSON j = NULL;
    TMG_AUTO_BUF b;
    tmg_err err;

    (void)state;
    tmg_buf_init(&b, 1000);
    tmg_buf_z(&b, "[\"[[[[\\\"[[[[\",\n");
    for (int i = 1; i < 32; i++)
        tmg_buf_char(&b, '[');
    for (int i = 0; i < 32; i++)
        tmg_buf_char(&b, ']');
    assert_int_equal(tmg_json_read(tmg_buf_as_span(&b), &j, &err), TMG_OK);
    tmg_buf_clear(&b);
    tmg_buf_z(&b, "[\n");
    for (int i = 1; i < 33; i++)
        tmg_buf_char(&b, '[');
    assert_int_equal(tmg_json_read(tmg_buf_as_span(&b), &j, &err), TMG_E_LIMIT);
    assert_string_equal(err.text, "line 2, column 32: more than 32 levels of nesting");
}

static void members_are_typed(void **state)
{
    static const char text[] =
        "{\"mrn\":\"26AZ\",\"minutes\":25,\"late\":true,\"rate\":0.974321,\"none\":null,"
        "\"big\":1e21,\"list\":[1,2,3],\"part\":19.99}";
    TMG_AUTO_ARENA a = tmg_arena_new(1000);
    TMG_AUTO_JSON j = NULL;
    tmg_span s = TMG_SPAN("before");
    int64_t n = 7;
    bool yes = false;
    tmg_err err;

    (void)state;
    assert_int_equal(tmg_json_read(TMG_SPAN(text), &j, &err), TMG_OK);
    assert_int_equal(tmg_json_get_text(j, "mrn", true, &s, &err), TMG_OK);
    assert_true(tmg_span_is(s, "26AZ"));
    assert_int_equal(tmg_json_get_i64(j, "minutes", true, &n, &err), TMG_OK);
    assert_int_equal(n, 25);
    assert_int_equal(tmg_json_get_bool(j, "late", true, &yes, &err), TMG_OK);
    assert_true(yes);

    assert_int_equal(tmg_json_get_text(j, "none", false, &s, &err), TMG_OK);
    assert_int_equal(tmg_json_get_i64(j, "other", false, &n, &err), TMG_OK);
    assert_int_equal(tmg_json_get_bool(NULL, "late", false, &yes, &err), TMG_OK);
    assert_true(tmg_span_is(s, "26AZ") && n == 25 && yes);

    assert_int_equal(tmg_json_get_text(j, "none", true, &s, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "none: is missing");
    assert_int_equal(tmg_json_get_text(j, "minutes", false, &s, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "minutes: expected text");
    assert_int_equal(tmg_json_get_i64(j, "rate", true, &n, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "rate: expected a whole number");
    assert_int_equal(tmg_json_get_bool(j, "mrn", true, &yes, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "mrn: expected true or false");
    assert_int_equal(tmg_json_get_bool(j, "no", true, &yes, &err), TMG_E_INVALID);
    assert_int_equal(tmg_json_get_i64(j, "no", true, &n, &err), TMG_E_INVALID);

    assert_true(tmg_span_is(tmg_json_as_decimal(tmg_json_member(j, "rate"), a), "0.974321"));
    assert_true(tmg_span_is(tmg_json_as_decimal(tmg_json_member(j, "part"), a), "19.99"));
    assert_true(tmg_span_is(tmg_json_as_decimal(tmg_json_member(j, "big"), a), "1e+21"));
    assert_true(tmg_span_is(tmg_json_as_decimal(tmg_json_member(j, "minutes"), a), "25"));
    assert_true(tmg_span_is(tmg_json_as_decimal(tmg_json_member(j, "mrn"), a), "26AZ"));
    assert_null(tmg_json_as_decimal(tmg_json_member(j, "late"), a).ptr);
    assert_null(tmg_json_as_decimal(NULL, a).ptr);

    assert_int_equal(tmg_json_count(tmg_json_member(j, "list")), 3);
    assert_int_equal(tmg_json_count(j), 8);
    assert_int_equal(tmg_json_count(NULL), 0);
    assert_int_equal(tmg_json_as_i64(tmg_json_at(tmg_json_member(j, "list"), 2), 0), 3);
    assert_null(tmg_json_at(tmg_json_member(j, "list"), 3));
    assert_null(tmg_json_member(tmg_json_member(j, "list"), "x"));
    assert_null(tmg_json_as_text(tmg_json_member(j, "minutes")).ptr);
    assert_int_equal(tmg_json_as_i64(NULL, -1), -1);
    assert_true(tmg_json_as_bool(tmg_json_member(j, "minutes"), true));
    assert_float_equal(tmg_json_as_real(tmg_json_member(j, "rate"), 0), 0.974321f, 1e-7);
    assert_float_equal(tmg_json_as_real(tmg_json_member(j, "minutes"), 0), 25, 0);
    assert_float_equal(tmg_json_as_real(tmg_json_member(j, "mrn"), -1), -1, 0);
    assert_int_equal(tmg_json_kind_of(tmg_json_member(j, "rate")), TMG_JSON_REAL);
    assert_int_equal(tmg_json_kind_of(NULL), TMG_JSON_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_written_with_commas_in_place),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(a_full_buffer_is_told),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(bad_json_is_refused_with_its_place),
        cmocka_unit_test(text_reads_as_it_was_meant),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(depth_is_limited_to_32_levels),
        cmocka_unit_test(members_are_typed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
