/* From method and path to a route: parameters, and what to say when there is none. */
#include "web/router.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const tmg_route ROUTES[] = {
    {.name = "root", .method = TMG_GET, .path = "/"},
    {.name = "list", .method = TMG_GET, .path = "/api/things"},
    {.name = "make", .method = TMG_POST, .path = "/api/things"},
    {.name = "one", .method = TMG_GET, .path = "/api/things/{id}"},
    {.name = "part", .method = TMG_PUT, .path = "/api/things/{id}/parts/{part}"},
    {.name = "live", .method = TMG_GET, .path = "/api/live", .streams = true},
};

static tmg_match find(tmg_method m, const char *path, tmg_arena *a)
{
    return tmg_route_find(ROUTES, sizeof ROUTES / sizeof ROUTES[0], m, tmg_span_of(path), a);
}

static void routes_are_found_by_method_and_path(void **state)
{
    static const struct {
        tmg_method method;
        const char *path, *name;
    } ROWS[] = {
        {TMG_GET, "/", "root"},
        {TMG_GET, "/api/things", "list"},
        {TMG_POST, "/api/things", "make"},
        {TMG_GET, "/api/things/7", "one"},
        {TMG_HEAD, "/api/things/7", "one"},
        {TMG_PUT, "/api/things/7/parts/x", "part"},
        {TMG_GET, "/api/live", "live"},
        {TMG_HEAD, "/api/live", NULL},
        {TMG_GET, "/api", NULL},
        {TMG_GET, "/api/thing", NULL},
        {TMG_GET, "/api/things/7/parts", NULL},
        {TMG_GET, "/api/things/7/parts/x/y", NULL},
    };
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);

    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        tmg_match m = find(ROWS[i].method, ROWS[i].path, a);

        if (ROWS[i].name == NULL)
            assert_null(m.route);
        else
            assert_string_equal(m.route->name, ROWS[i].name);
    }
}

static void parameters_are_unescaped(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_match m = find(TMG_PUT, "/api/things/a%20b/parts/%C9%99", a);

    (void)state;
    assert_true(tmg_span_is(m.param[0], "a b"));
    assert_true(tmg_span_is(m.param[1], "\xC9\x99"));
    assert_null(find(TMG_GET, "/api/things/%ff", a).route);
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_match m = find(TMG_DELETE, "/api/things", a);

    (void)state;
    assert_null(m.route);
    assert_true(m.path_known);
    assert_string_equal(m.allow, "GET, HEAD, POST");
    assert_string_equal(find(TMG_POST, "/api/live", a).allow, "GET");
    assert_false(find(TMG_GET, "/nothing", a).path_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_are_found_by_method_and_path),
        cmocka_unit_test(parameters_are_unescaped),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
