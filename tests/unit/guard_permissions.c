#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/file.h"
#include "guard/guard.h"

/* The word list between two columns of permissions.txt holds this word as a whole. */
static bool holds_word(tmg_span words, const char *word)
{
    tmg_span part;
    while (tmg_span_split(&words, ' ', &part))
        if (tmg_span_is(part, word))
            return true;
    return false;
}

static tmg_permission permission_of(tmg_span name)
{
    for (int p = 0; p < TMG_PERMISSIONS; p++)
        if (tmg_span_is(name, tmg_permission_name((tmg_permission)p)))
            return (tmg_permission)p;
    return TMG_PERMISSIONS;
}

static void every_role_may_exactly_what_the_file_says(void **state)
{
    (void)state;
    tmg_err err;
    const char *source = getenv("TAMGA_SOURCE");
    assert_non_null(source); /* set by meson */
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    TMG_AUTO_BUF file;
    tmg_buf_init(&file, 65536);
    if (tmg_file_read(tmg_path_join(a, source, "src/guard/permissions.txt"), &file, &err) != TMG_OK)
        fail_msg("%s", err.text);
    tmg_span rest = tmg_buf_as_span(&file), line;
    int rows = 0;
    while (tmg_span_split(&rest, '\n', &line)) {
        tmg_span columns = line, name;
        if (line.len == 0 || line.ptr[0] == '#' || !tmg_span_split(&columns, ' ', &name))
            continue;
        tmg_span roles = tmg_span_trim(columns);
        const char *gap = strstr(roles.ptr, "  ");
        assert_non_null(gap);
        roles.len = (size_t)(gap - roles.ptr);
        tmg_permission p = permission_of(name);
        assert_int_not_equal(p, TMG_PERMISSIONS);
        for (int r = 0; r < TMG_ROLES; r++)
            assert_int_equal(tmg_role_may((tmg_role)r, p), holds_word(roles, tmg_role_name((tmg_role)r)));
        rows++;
    }
    assert_int_equal(rows, TMG_PERMISSIONS);
}

static void what_is_not_granted_is_denied(void **state)
{
    (void)state;
    tmg_err err = {0};
    for (int p = -1; p <= TMG_PERMISSIONS; p++) {
        assert_false(tmg_role_may(TMG_ROLE_NONE, (tmg_permission)p));
        assert_false(tmg_role_may(TMG_ROLES, (tmg_permission)p));
        assert_false(tmg_role_may((tmg_role)-1, (tmg_permission)p));
        tmg_actor nobody = {0};
        assert_int_equal(tmg_guard_may(&nobody, (tmg_permission)p, 0, &err), TMG_E_DENIED);
    }
    assert_false(tmg_role_may(TMG_ADMINISTRATOR, TMG_PERMISSIONS));
    assert_false(tmg_role_may(TMG_ADMINISTRATOR, (tmg_permission)-1));
}

static void a_refusal_names_role_and_right(void **state)
{
    (void)state;
    tmg_err err;
    tmg_actor team = {.role = TMG_TEAM, .name = "team"};
    assert_int_equal(tmg_guard_may(&team, TMG_MAY_CONSIGNMENT_DECIDE, 0, &err), TMG_E_DENIED);
    assert_non_null(strstr(err.text, "team"));
    assert_non_null(strstr(err.text, "consignment.decide"));
}

static void need_to_know_ends_at_the_own_posts(void **state)
{
    (void)state;
    tmg_err err;
    tmg_actor local = {.role = TMG_ANALYST, .post_count = 2, .posts = {3, 5}};
    tmg_actor central = {.role = TMG_ANALYST};
    assert_int_equal(tmg_guard_may(&local, TMG_MAY_CONSIGNMENT_READ, 3, &err), TMG_OK);
    assert_int_equal(tmg_guard_may(&local, TMG_MAY_CONSIGNMENT_READ, 5, &err), TMG_OK);
    assert_int_equal(tmg_guard_may(&local, TMG_MAY_QUEUE_READ, 0, &err), TMG_OK);
    assert_int_equal(tmg_guard_may(&local, TMG_MAY_CONSIGNMENT_READ, 4, &err), TMG_E_DENIED);
    assert_non_null(strstr(err.text, "not among them"));
    assert_int_equal(tmg_guard_may(&central, TMG_MAY_CONSIGNMENT_READ, 4, &err), TMG_OK);
    assert_int_equal(tmg_guard_may(&local, TMG_MAY_DIAL_SET, 3, &err), TMG_E_DENIED);
}

static void roles_have_names_both_ways(void **state)
{
    (void)state;
    for (int r = TMG_ROLE_NONE + 1; r < TMG_ROLES; r++)
        assert_int_equal(tmg_role_of(tmg_span_of(tmg_role_name((tmg_role)r))), r);
    assert_int_equal(tmg_role_of(TMG_SPAN("none")), TMG_ROLE_NONE);
    assert_int_equal(tmg_role_of(TMG_SPAN("Chief")), TMG_ROLE_NONE);
    assert_int_equal(tmg_role_of((tmg_span){NULL, 0}), TMG_ROLE_NONE);
    assert_string_equal(tmg_role_name(TMG_ROLES), "none");
}

static void the_console_acts_as_the_system_user(void **state)
{
    (void)state;
    tmg_actor a = tmg_actor_console();
    assert_int_equal(a.account_id, 0);
    assert_int_equal(a.role, TMG_ADMINISTRATOR);
    assert_memory_equal(a.name, "os:", 3);
    assert_true(strlen(a.name) > 3);
    assert_string_equal(a.from, "console");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_may_exactly_what_the_file_says),
        cmocka_unit_test(what_is_not_granted_is_denied),
        cmocka_unit_test(a_refusal_names_role_and_right),
        cmocka_unit_test(need_to_know_ends_at_the_own_posts),
        cmocka_unit_test(roles_have_names_both_ways),
        cmocka_unit_test(the_console_acts_as_the_system_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
