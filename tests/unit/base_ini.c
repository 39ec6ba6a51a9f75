/* Configuration as an operator writes it. */
#include "base/file.h"
#include "base/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void entries_come_in_order_with_their_lines(void **state)
{
    static const char text[] = "\xEF\xBB\xBF; the centre\n"
                               "name = Tamga\r\n"
                               "\n"
                               "[ web ]   # comment\n"
                               "port=8080 ; another\n"
                               "url = http://host:80/a;b#c\n"
                               "\tindented = yes\n"
                               "empty =\n"
                               "[posts]\n"
                               "post = Alat\n"
                               "post = Astara = south\n"
                               "# end";
    static const struct {
        const char *section, *key, *value;
        int line;
    } expected[] = {{"", "name", "Tamga", 2},
                    {"web", "port", "8080", 5},
                    {"web", "url", "http://host:80/a;b#c", 6},
                    {"web", "indented", "yes", 7},
                    {"web", "empty", "", 8},
                    {"posts", "post", "Alat", 10},
                    {"posts", "post", "Astara = south", 11}};
    TMG_AUTO_ARENA a = tmg_arena_new(100000);
    tmg_ini ini;
    tmg_err err;

    (void)state;
    assert_int_equal(tmg_ini_read(TMG_SPAN(text), "tamga.conf", a, &ini, &err), TMG_OK);
    assert_string_equal(ini.name, "tamga.conf");
    assert_int_equal(ini.count, COUNT(expected));
    for (size_t i = 0; i < ini.count; i++) {
        assert_true(tmg_span_is(ini.entries[i].section, expected[i].section));
        assert_true(tmg_span_is(ini.entries[i].key, expected[i].key));
        assert_true(tmg_span_is(ini.entries[i].value, expected[i].value));
        assert_int_equal(ini.entries[i].line, expected[i].line);
    }
    assert_true(tmg_span_is(tmg_ini_get(&ini, "posts", "post"), "Astara = south"));
    assert_true(tmg_span_is(tmg_ini_get(&ini, "", "name"), "Tamga"));
    assert_non_null(tmg_ini_get(&ini, "web", "empty").ptr);
    assert_null(tmg_ini_get(&ini, "web", "post").ptr);
    assert_null(tmg_ini_get(&ini, "web", "Port").ptr);
}

static void mistakes_are_told_with_file_and_line(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {{"a = 1\nport 8080\n", "x.conf, line 2: expected [section] or key = value"},
                 {"= 1\n", "x.conf, line 1: expected [section] or key = value"},
                 {"\n\n[web\n", "x.conf, line 3: a section is written [name]"},
                 {"[web] x\n", "x.conf, line 1: a section is written [name]"},
                 {"[\n", "x.conf, line 1: a section is written [name]"},
                 {"a = \xFF\n", "x.conf is not UTF-8 text"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        TMG_AUTO_ARENA a = tmg_arena_new(100000);
        tmg_ini ini;
        tmg_err err;

        assert_int_equal(tmg_ini_read(tmg_span_of(cases[i].text), "x.conf", a, &ini, &err), TMG_E_INVALID);
        assert_string_equal(err.text, cases[i].message);
    }
}

static void files_are_read_and_limited(void **state)
{
    char path[] = "/tmp/tamga-ini-XXXXXX";
    TMG_AUTO_ARENA a = tmg_arena_new(200000);
    TMG_AUTO_ARENA small = tmg_arena_new(20000);
    TMG_AUTO_BUF b;
    tmg_ini ini;
    tmg_err err;

    (void)state;
    (void)close(mkstemp(path));
    tmg_buf_init(&b, 100000);
    for (int i = 0; i < 1000; i++)
        tmg_buf_fmt(&b, "key%d = %d\n", i, i);
    assert_int_equal(tmg_file_write(path, tmg_buf_as_span(&b), 0600, &err), TMG_OK);
    assert_int_equal(tmg_ini_read_file(path, a, &ini, &err), TMG_OK);
    assert_int_equal(ini.count, 1000);
    assert_true(tmg_span_is(tmg_ini_get(&ini, "", "key999"), "999"));
    assert_string_equal(ini.name, path);
    assert_int_equal(tmg_ini_read_file(path, small, &ini, &err), TMG_E_LIMIT);
    tmg_buf_z(&b, "more than the small arena could ever hold ..........");
    tmg_arena_reset(small);
    tmg_buf_fmt(&b, "%20000d", 1);
    assert_int_equal(tmg_ini_read(tmg_buf_as_span(&b), "x", small, &ini, &err), TMG_E_LIMIT);
    (void)unlink(path);
    assert_int_equal(tmg_ini_read_file(path, a, &ini, &err), TMG_E_NOT_FOUND);
    assert_int_equal(tmg_ini_read((tmg_span){NULL, 0}, "none", a, &ini, &err), TMG_OK);
    assert_int_equal(ini.count, 0);
}

static void long_lines_and_names_stay_whole(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(100000);
    TMG_AUTO_BUF b;
    tmg_ini ini;
    tmg_err err;

    (void)state;
    tmg_buf_init(&b, 10000);
    tmg_buf_fmt(&b, "[%0100d]\n%0300d = %01000d\n", 1, 2, 3);
    assert_int_equal(tmg_ini_read(tmg_buf_as_span(&b), "x", a, &ini, &err), TMG_OK);
    assert_int_equal(ini.entries[0].section.len, 100);
    assert_int_equal(ini.entries[0].key.len, 300);
    assert_int_equal(ini.entries[0].value.len, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_in_order_with_their_lines),
        cmocka_unit_test(mistakes_are_told_with_file_and_line),
        cmocka_unit_test(files_are_read_and_limited),
        cmocka_unit_test(long_lines_and_names_stay_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
