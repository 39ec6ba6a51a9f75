/* What a case begins with, and completing the facts of a seizure. */
#include "casework/case_plan.h"
#include "casework_home.h"

#include "base/file.h"

static tmg_rc read_plan(home *h, const char *text, tmg_case_plan **ret)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    const char *path = tmg_path_join(a, h->dir, "plan.ini");

    assert_ok(h, tmg_file_write(path, tmg_span_of(text), 0600, &h->err));
    return tmg_case_plan_read(path, ret, &h->err);
}

static void the_shipped_plan(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    const tmg_planned_task *tasks;
    tmg_case_plan *p = NULL;

    assert_ok(h, tmg_case_plan_read(source_path(a, "config/case-opening.ini"), &p, &h->err));
    assert_int_equal(tmg_case_plan_need(p), TMG_NEED_LARGE);
    assert_int_equal(tmg_case_plan_tasks(p, &tasks), 7);
    assert_true(tmg_span_is(tasks[0].code, "lead"));
    assert_true(tasks[0].mandatory);
    assert_int_equal(tasks[0].within_ms, TMG_DAY_MS);
    assert_non_null(tmg_planned_task_of(p, TMG_SPAN("laboratory")));
    assert_null(tmg_planned_task_of(p, TMG_SPAN("tea")));
    tmg_case_plan_free(p);
}

static void glass_is_broken_only_by_roles_that_the_office_names(void **state)
{
    static const char glass[] = "[case]\nneed_to_know = large\n[break_glass]\nroles = chief\nfor = 2 h\n";
    home *h = *state;
    tmg_case_plan *p = NULL;

    assert_ok(h, read_plan(h, glass, &p));
    assert_int_equal(tmg_case_plan_emergency_ms(p, TMG_CHIEF), 2 * TMG_HOUR_MS);
    assert_int_equal(tmg_case_plan_emergency_ms(p, TMG_INVESTIGATOR), 0);
    tmg_case_plan_free(p);
    assert_ok(h, read_plan(h, "[case]\nneed_to_know = large\n", &p));
    assert_int_equal(tmg_case_plan_emergency_ms(p, TMG_CHIEF), 0);
    tmg_case_plan_free(p);
}

static void a_bad_plan_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text, *said;
    } bad[] = {
        {"[case]\nneed_to_know = sometimes\n", "plan.ini:2: expected need_to_know"},
        {"[case]\nneed_to_know = large\n[tasks]\nx = y\n", "plan.ini:4: expected [case] or [task NAME]"},
        {"[case]\nneed_to_know = large\n[task a]\nwithin = soon\n", "plan.ini:4: expected words.en"},
        {"[case]\nneed_to_know = large\n[task a]\nwithin = 2 d\nwords.en = one\n",
         "task a needs words in three languages"},
        {"[case]\nneed_to_know = large\n[break_glass]\nroles = team\nfor = 2 h\n",
         "plan.ini:4: \"team\" is no role that leads cases"},
        {"[case]\nneed_to_know = large\n[break_glass]\nroles = chief\nfor = 2 d\n",
         "plan.ini:5: expected roles = chief investigator, or for = 2 h"},
        {"[case]\nneed_to_know = large\n[break_glass]\nroles = chief\n", "needs both roles and for"},
        {"[task a]\nwithin = 2 d\nwords.en = a\nwords.az = a\nwords.ru = a\n", "need_to_know is missing"}};
    home *h = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tmg_case_plan *p = NULL;

        assert_int_equal(read_plan(h, bad[i].text, &p), TMG_E_INVALID);
        assert_non_null(strstr(h->err.text, bad[i].said));
    }
}

typedef struct desk {
    tmg_arena *a;
    tmg_flows *f;
    tmg_code_lists *codes;
    tmg_actor team, investigator;
} desk;

static desk open_desk(home *h)
{
    desk d = {.a = tmg_arena_new(16 << 20),
              .team = actor_of(3, TMG_TEAM),
              .investigator = actor_of(5, TMG_INVESTIGATOR)};

    d.f = flows_of(h, d.a);
    d.codes = codes_of(h, d.a);
    add_substances(h);
    assert_ok(h, tmg_begin(h->db, &h->err));
    return d;
}

static void close_desk(home *h, desk *d)
{
    tmg_rollback(h->db);
    tmg_flows_free(d->f);
    tmg_code_lists_free(d->codes);
    tmg_arena_free(d->a);
}

static int64_t seized(home *h, desk *d)
{
    tmg_substance_line line = {.substance = TMG_SPAN("heroin"),
                               .form = TMG_SPAN("powder"),
                               .mass_mg = 1250,
                               .volume_ul = TMG_NONE,
                               .count = TMG_NONE,
                               .purity_ppm = TMG_NONE};
    tmg_seizure z = {.seized_ms = tmg_now_ms(),
                     .packages = TMG_NONE,
                     .value_minor = TMG_NONE,
                     .place_kind = TMG_SPAN("road"),
                     .direction = TMG_SPAN("transit"),
                     .unit = TMG_SPAN("the team"),
                     .trigger_kind = TMG_SPAN("routine"),
                     .concealment = TMG_SPAN("not_recorded"),
                     .lines = &line,
                     .line_count = 1};

    assert_ok(h, tmg_seizure_record(d->codes, h->db, &d->team, &z, d->a, &h->err));
    return z.id;
}

static tmg_span newest_leaf(home *h, desk *d)
{
    tmg_span *list;
    size_t count;
    int64_t size;

    assert_ok(h, tmg_guard_size(h->db, &size, &h->err));
    assert_ok(h, tmg_guard_entries(h->db, size - 1, 1, d->a, &list, &count, &h->err));
    assert_int_equal(count, 1);
    return list[0];
}

static void completing_a_seizure_keeps_what_was_before(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_seizure z, after;
    int64_t id = seized(h, &d);

    assert_ok(h, tmg_seizure_read(h->db, id, d.a, &z, &h->err));
    z.concealment = TMG_SPAN("trailer_wall");
    z.packages = 303;
    z.prevented_transit = true;
    assert_ok(h, tmg_seizure_amend(d.codes, h->db, &d.investigator, &z, d.a, &h->err));
    assert_ok(h, tmg_seizure_read(h->db, id, d.a, &after, &h->err));
    assert_int_equal(after.packages, 303);
    assert_true(after.prevented_transit);
    assert_true(tmg_span_is(after.concealment, "trailer_wall"));
    assert_int_equal(after.line_count, 1);
    const char *leaf = tmg_span_z(d.a, newest_leaf(h, &d));
    assert_non_null(
        strstr(leaf, "\"field\":\"concealment\",\"before\":\"not_recorded\",\"after\":\"trailer_wall\""));
    assert_non_null(strstr(leaf, "\"field\":\"packages\",\"before\":null,\"after\":303"));
    assert_non_null(strstr(leaf, "\"field\":\"prevented_transit\",\"before\":false,\"after\":true"));
    assert_null(strstr(leaf, "\"field\":\"unit\""));
    /* The same again changes nothing, and a code off the list is none. */
    assert_int_equal(tmg_seizure_amend(d.codes, h->db, &d.investigator, &z, d.a, &h->err), TMG_E_INVALID);
    z.concealment = TMG_SPAN("somewhere");
    assert_int_equal(tmg_seizure_amend(d.codes, h->db, &d.investigator, &z, d.a, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "concealment"));
    close_desk(h, &d);
}

static void a_seizure_belongs_to_one_case(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_case one = {.title = TMG_SPAN("the first")}, two = {.title = TMG_SPAN("the second")};
    int64_t id = seized(h, &d);

    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &one, d.a, &h->err));
    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &two, d.a, &h->err));
    assert_ok(h, tmg_case_take_seizure(h->db, &d.investigator, one.id, id, &h->err));
    assert_int_equal(tmg_case_take_seizure(h->db, &d.investigator, two.id, id, &h->err), TMG_E_CONFLICT);
    assert_int_equal(tmg_case_take_seizure(h->db, &d.investigator, one.id, id, &h->err), TMG_E_CONFLICT);
    assert_int_equal(tmg_case_take_seizure(h->db, &d.investigator, one.id, id + 99, &h->err),
                     TMG_E_NOT_FOUND);
    close_desk(h, &d);
}

static void a_file_of_an_older_register_keeps_its_date_and_none_is_of_tomorrow(void **state)
{
    home *h = *state;
    desk d = open_desk(h);
    tmg_case old = {.title = TMG_SPAN("taken over"), .opened_ms = tmg_now_ms() - 400 * TMG_DAY_MS},
             early = {.title = TMG_SPAN("tomorrow"), .opened_ms = tmg_now_ms() + TMG_DAY_MS}, read;
    int64_t opened = old.opened_ms;

    assert_ok(h, tmg_case_open(d.f, d.codes, h->db, &d.investigator, &old, d.a, &h->err));
    assert_ok(h, tmg_case_read(h->db, &d.investigator, old.id, d.a, &read, &h->err));
    assert_true(read.opened_ms == opened);
    assert_int_equal(tmg_case_open(d.f, d.codes, h->db, &d.investigator, &early, d.a, &h->err),
                     TMG_E_INVALID);
    close_desk(h, &d);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, home_make, home_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_shipped_plan),
        TEST(glass_is_broken_only_by_roles_that_the_office_names),
        TEST(a_bad_plan_is_refused_with_its_line),
        TEST(completing_a_seizure_keeps_what_was_before),
        TEST(a_seizure_belongs_to_one_case),
        TEST(a_file_of_an_older_register_keeps_its_date_and_none_is_of_tomorrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
