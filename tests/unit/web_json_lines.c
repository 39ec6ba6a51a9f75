/* One declaration or an array of them, spread over lines as people write them, becomes one line each. */
#include "web/json_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void records_get_lines_of_their_own(void **state)
{
    static const struct {
        const char *text, *lines;
        bool single;
    } ROWS[] = {
        {"{\"a\":1}", "{\"a\":1}", true},
        {" {\n \"a\": [1,\n 2]\r\n}\n", " {  \"a\": [1,  2]  } ", true},
        {"[{\"a\":1},{\"b\":2}]", " {\"a\":1}\n{\"b\":2} ", false},
        {"[\n {\"a\":\"],[\"}\n,\n{\"b\":\"\\\"\"}\n]\n", "   {\"a\":\"],[\"} \n {\"b\":\"\\\"\"}   ", false},
        {"[]", "  ", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        TMG_AUTO_BUF b;
        bool single;

        tmg_buf_init(&b, 1000);
        tmg_buf_z(&b, ROWS[i].text);
        assert_int_equal(tmg_json_to_lines(b.ptr, b.len, &single, NULL), TMG_OK);
        assert_string_equal(b.ptr, ROWS[i].lines);
        assert_int_equal(single, ROWS[i].single);
    }
}

static void what_is_neither_is_refused(void **state)
{
    static const char *const ROWS[] = {"",           "  ",
                                       "1",          "\"a\"",
                                       "{\"a\":1",   "{} {}",
                                       "{},",        "[",
                                       "[{}",        "[{},]",
                                       "[,{}]",      "[1]",
                                       "[{}] x",     "[{} {}]",
                                       "[{}}",       "{\"a\":\"b\nc\"}",
                                       "{\"a\":\"b", "{\"a\":\"b\\\n\"}",
                                       "[[]]"};

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        TMG_AUTO_BUF b;
        tmg_err err = {0};
        bool single;

        tmg_buf_init(&b, 1000);
        tmg_buf_z(&b, ROWS[i]);
        if (tmg_json_to_lines(b.ptr, b.len, &single, &err) != TMG_E_INVALID || err.text[0] == '\0')
            fail_msg("accepted: case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_get_lines_of_their_own),
        cmocka_unit_test(what_is_neither_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
