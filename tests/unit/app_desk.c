/* The uses of a centre, wired: lodging, deciding, closing, and what must hold between them. */
#include "app/app.h"
#include "app/casework.h"
#include "casework/casework.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal((call), TMG_OK)

typedef struct world {
    char folder[64], home[96];
    tmg_centre *centre;
    tmg_arena *arena;
    tmg_db *db;
    tmg_actor analyst, team;
    int64_t source;
    tmg_err err;
} world;

static int64_t now_ms(void)
{
    return tmg_now_ms();
}

static void add_post(world *w, const char *code)
{
    tmg_post p = {.code = tmg_span_of(code), .name = tmg_span_of(code)};
    int64_t id;

    OK(tmg_post_save(w->db, &p, &id, &w->err));
}

static int set_up(void **state)
{
    world *w = tmg_xcalloc(1, sizeof *w);

    (void)snprintf(w->folder, sizeof w->folder, "/tmp/tamga-unit-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->home, sizeof w->home, "%s/centre", w->folder);
    OK(tmg_centre_make(w->home, "unit", false, 0, &w->err));
    OK(tmg_centre_open(w->home, &w->centre, &w->err));
    w->arena = tmg_arena_new(16 << 20);
    w->db = tmg_centre_db(w->centre);
    w->analyst = (tmg_actor){.account_id = 1, .role = TMG_ANALYST, .name = "analyst", .from = "test"};
    w->team = (tmg_actor){.account_id = 2, .role = TMG_TEAM, .name = "team", .from = "test"};
    OK(tmg_begin(w->db, &w->err));
    add_post(w, "AZ000001");
    add_post(w, "AZ000002");
    OK(tmg_source_begin(w->db, TMG_SPAN("test"), TMG_SPAN("json"), (tmg_span){0}, now_ms(), &w->source,
                        &w->err));
    OK(tmg_commit(w->db, &w->err));
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    char command[160];

    tmg_centre_close(w->centre);
    tmg_arena_free(w->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    (void)!system(command);
    free(w);
    return 0;
}

static tmg_declaration grapes(world *w, const char *ref, int64_t lodged_ms, int64_t expected_ms)
{
    tmg_item *item = tmg_alloc(w->arena, sizeof *item);

    *item = (tmg_item){.no = 1,
                       .hs = TMG_SPAN("080610"),
                       .origin = TMG_SPAN("IR"),
                       .gross_mg = 120000000,
                       .net_mg = 100000000,
                       .packages = TMG_NONE,
                       .quantity_milli = TMG_NONE,
                       .value_minor = 50000,
                       .tax_rate_bp = TMG_NONE,
                       .taxes_minor = TMG_NONE};
    return (tmg_declaration){.ref = tmg_span_of(ref),
                             .lodged = {lodged_ms, 240},
                             .expected_ms = expected_ms,
                             .regime = TMG_IMPORT,
                             .post = TMG_SPAN("AZ000001"),
                             .departure = TMG_SPAN("IR"),
                             .destination = TMG_SPAN("AZ"),
                             .currency = TMG_SPAN("AZN"),
                             .value_minor = TMG_NONE,
                             .gross_mg = TMG_NONE,
                             .taxes_minor = TMG_NONE,
                             .party = {[TMG_CONSIGNEE] = {.code = TMG_SPAN("C-1")}},
                             .items = item,
                             .item_count = 1};
}

static tmg_result bad_result(tmg_outcome outcome)
{
    tmg_result r = {.happened_ms = TMG_NONE,
                    .known_at_ms = TMG_NONE,
                    .outcome = outcome,
                    .means = TMG_MEANS_XRAY,
                    .minutes = TMG_NONE,
                    .recovered_minor = TMG_NONE};

    tmg_outcome_found(outcome, r.found);
    return r;
}

static tmg_lodged lodge(world *w, tmg_declaration *d, tmg_result *r)
{
    tmg_lodged l = {0};

    OK(tmg_begin(w->db, &w->err));
    OK(tmg_lodge_one(w->centre, w->db, &w->analyst, w->source, d, r, w->arena, &l, &w->err));
    OK(tmg_commit(w->db, &w->err));
    return l;
}

static tmg_lodged lodge_ahead(world *w, const char *ref)
{
    tmg_declaration d = grapes(w, ref, now_ms(), now_ms() + TMG_DAY_MS);

    return lodge(w, &d, NULL);
}

static void test_what_lies_ahead_is_assessed_and_chosen(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "A-1");

    assert_int_equal(l.saved, TMG_SAVED_NEW);
    assert_true(l.selected);
    assert_int_equal(l.selection.rank, 1);
    assert_in_range(l.selection.propensity_ppb, 1, TMG_PPB);
    assert_true(l.selection.why.len > 0);
}

static void test_history_is_judged_as_of_its_lodging_and_not_chosen(void **state)
{
    world *w = *state;
    int64_t then = now_ms() - 30 * TMG_DAY_MS;
    tmg_declaration d = grapes(w, "H-1", then, TMG_NONE);
    tmg_result r = bad_result(TMG_OUTCOME_VALUE);
    tmg_lodged l = lodge(w, &d, &r);

    assert_false(l.selected);
    assert_int_equal(l.assessment.as_of_ms, then);
}

static void test_the_same_again_changes_nothing(void **state)
{
    world *w = *state;
    tmg_lodged first = lodge_ahead(w, "S-1");
    tmg_declaration again = grapes(w, "S-1", now_ms(), now_ms() + TMG_DAY_MS);
    tmg_declaration before;
    tmg_lodged l;

    OK(tmg_consignment_load(w->db, first.consignment_id, w->arena, &before, &w->err));
    again.lodged = before.lodged;
    again.expected_ms = before.expected_ms;
    l = lodge(w, &again, NULL);
    assert_int_equal(l.saved, TMG_SAVED_UNCHANGED);
    assert_int_equal(l.consignment_id, first.consignment_id);
    assert_true(l.selected);
}

static void test_a_result_moves_the_next_one_like_it(void **state)
{
    world *w = *state;
    tmg_lodged first = lodge_ahead(w, "M-1");
    tmg_result r = bad_result(TMG_OUTCOME_DRUGS);
    tmg_moved moved;
    tmg_lodged next;

    OK(tmg_begin(w->db, &w->err));
    OK(tmg_enter_result(w->centre, w->db, &w->team, first.consignment_id, &r, &moved, &w->err));
    OK(tmg_commit(w->db, &w->err));
    assert_true(moved.after.harm[TMG_CRITICAL].ppb > moved.before.harm[TMG_CRITICAL].ppb);
    next = lodge_ahead(w, "M-2");
    assert_true(next.assessment.harm[TMG_CRITICAL].raw_ppb > first.assessment.harm[TMG_CRITICAL].raw_ppb);
}

static void test_a_result_that_was_rolled_back_is_forgotten(void **state)
{
    world *w = *state;
    tmg_lodged first = lodge_ahead(w, "R-1"), next;
    tmg_result r = bad_result(TMG_OUTCOME_DRUGS);
    tmg_moved moved;

    OK(tmg_begin(w->db, &w->err));
    OK(tmg_enter_result(w->centre, w->db, &w->team, first.consignment_id, &r, &moved, &w->err));
    tmg_rollback(w->db);
    next = lodge_ahead(w, "R-2");
    assert_int_equal(next.assessment.harm[TMG_CRITICAL].raw_ppb, moved.before.harm[TMG_CRITICAL].raw_ppb);
}

static tmg_rc decide(world *w, const tmg_actor *who, int64_t id, tmg_action action, const char *reason)
{
    tmg_decision d = {.action = action, .reason = tmg_span_of(reason)};
    tmg_rc rc;

    OK(tmg_begin(w->db, NULL));
    rc = tmg_decide(w->centre, w->db, who, id, &d, &w->err);
    if (rc == TMG_OK)
        OK(tmg_commit(w->db, NULL));
    else
        tmg_rollback(w->db);
    return rc;
}

static void test_against_the_lane_needs_a_reason(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "D-1");

    assert_int_equal(l.selection.lane, TMG_LANE_RED);
    assert_int_equal(decide(w, &w->analyst, l.consignment_id, TMG_ACT_RELEASE, NULL), TMG_E_INVALID);
    assert_non_null(strstr(w->err.text, "reason"));
    OK(decide(w, &w->analyst, l.consignment_id, TMG_ACT_INSPECT, NULL));
    OK(decide(w, &w->analyst, l.consignment_id, TMG_ACT_RELEASE, "papers checked by phone"));
}

static tmg_rc take_back(world *w, const tmg_actor *who, int64_t id)
{
    tmg_rc rc;

    OK(tmg_begin(w->db, NULL));
    rc = tmg_withdraw(w->centre, w->db, who, id, &w->err);
    if (rc == TMG_OK)
        OK(tmg_commit(w->db, NULL));
    else
        tmg_rollback(w->db);
    return rc;
}

static tmg_sel_state state_of(world *w, int64_t id)
{
    tmg_selection s = {0};

    OK(tmg_selection_get(w->db, id, w->arena, &s, &w->err));
    return s.state;
}

static void test_a_decision_is_taken_back(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "Z-1");
    tmg_actor other = w->analyst;

    assert_int_equal(take_back(w, &w->analyst, l.consignment_id), TMG_E_CONFLICT);
    OK(decide(w, &w->analyst, l.consignment_id, TMG_ACT_WAIT, NULL));
    OK(decide(w, &w->analyst, l.consignment_id, TMG_ACT_INSPECT, NULL));
    other.account_id = 99;
    assert_int_equal(take_back(w, &other, l.consignment_id), TMG_E_CONFLICT);
    OK(take_back(w, &w->analyst, l.consignment_id));
    assert_int_equal(state_of(w, l.consignment_id), TMG_SEL_WAITING);
    assert_int_equal(take_back(w, &w->analyst, l.consignment_id), TMG_E_CONFLICT);
    OK(decide(w, &w->analyst, l.consignment_id, TMG_ACT_RELEASE, "papers seen"));
    OK(take_back(w, &w->analyst, l.consignment_id));
    assert_int_equal(state_of(w, l.consignment_id), TMG_SEL_WAITING);
}

static tmg_rc wait_until(world *w, int64_t id, int64_t until_ms)
{
    tmg_decision d = {.action = TMG_ACT_WAIT, .until_ms = until_ms, .looked_at = TMG_LOOKED_MAP};
    tmg_rc rc;

    OK(tmg_begin(w->db, &w->err));
    rc = tmg_decide(w->centre, w->db, &w->analyst, id, &d, &w->err);
    if (rc == TMG_OK)
        OK(tmg_commit(w->db, &w->err));
    else
        tmg_rollback(w->db);
    return rc;
}

static size_t in_queue(world *w, tmg_queue_part part)
{
    tmg_queue_query q = {.day_from = 0, .day_to = INT32_MAX, .only_open = true, .part = part, .most = 50};
    tmg_selection *list;
    size_t count, total = 0;

    q.total = &total;
    OK(tmg_queue(w->db, &q, w->arena, &list, &count, &w->err));
    assert_int_equal(count, total);
    return count;
}

static void tick(world *w)
{
    OK(tmg_begin(w->db, &w->err));
    OK(tmg_tick(w->centre, w->db, &w->err));
    OK(tmg_commit(w->db, &w->err));
}

static void test_what_sleeps_is_set_apart_and_wakes_by_itself(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "S-1");
    size_t snoozed, woke;
    tmg_decision *list;
    size_t count;

    lodge_ahead(w, "S-2");
    assert_int_equal(wait_until(w, l.consignment_id, now_ms() - 1), TMG_E_INVALID);
    assert_int_equal(wait_until(w, l.consignment_id, now_ms() + 31 * TMG_DAY_MS), TMG_E_INVALID);
    OK(wait_until(w, l.consignment_id, now_ms() + 2 * TMG_DAY_MS));
    assert_int_equal(in_queue(w, TMG_QUEUE_AWAKE), 1);
    assert_int_equal(in_queue(w, TMG_QUEUE_SNOOZED), 1);
    tick(w);
    assert_int_equal(state_of(w, l.consignment_id), TMG_SEL_WAITING);
    tmg_clock_shift(3 * TMG_DAY_MS);
    tick(w);
    assert_int_equal(state_of(w, l.consignment_id), TMG_SEL_OPEN);
    OK(tmg_queue_asleep(w->db, NULL, 0, &snoozed, &woke, &w->err));
    assert_int_equal(snoozed, 0);
    assert_int_equal(woke, 1);
    assert_int_equal(in_queue(w, TMG_QUEUE_WOKE), 1);
    OK(decide(w, &w->analyst, l.consignment_id, TMG_ACT_RELEASE, "looked at again"));
    assert_int_equal(in_queue(w, TMG_QUEUE_WOKE), 0);
    OK(take_back(w, &w->analyst, l.consignment_id));
    assert_int_equal(state_of(w, l.consignment_id), TMG_SEL_OPEN);
    OK(tmg_decision_list(w->db, l.consignment_id, w->arena, &list, &count, &w->err));
    assert_int_equal(list[0].looked_at, TMG_LOOKED_MAP);
    tmg_clock_shift(0);
}

static void test_what_woke_is_found_after_its_day(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "S-3");
    tmg_queue_query q = {.only_open = true, .part = TMG_QUEUE_AWAKE, .most = 50};
    tmg_selection *list;
    size_t count;

    OK(wait_until(w, l.consignment_id, now_ms() + 4 * TMG_DAY_MS));
    tmg_clock_shift(5 * TMG_DAY_MS);
    tick(w);
    q.day_from = q.day_to = tmg_centre_today(w->centre);
    OK(tmg_queue(w->db, &q, w->arena, &list, &count, &w->err));
    assert_int_equal(count, 1);
    assert_true(list[0].day < q.day_from);
    tmg_clock_shift(0);
}

static void test_who_may_not_is_refused(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "N-1");
    tmg_result r = bad_result(TMG_OUTCOME_NONE);
    tmg_actor elsewhere = w->team;
    tmg_moved moved;

    assert_int_equal(decide(w, &w->team, l.consignment_id, TMG_ACT_INSPECT, NULL), TMG_E_DENIED);
    elsewhere.post_count = 1;
    elsewhere.posts[0] = l.selection.post_id + 1;
    OK(tmg_begin(w->db, &w->err));
    assert_int_equal(tmg_enter_result(w->centre, w->db, &elsewhere, l.consignment_id, &r, &moved, &w->err),
                     TMG_E_DENIED);
    tmg_rollback(w->db);
}

static void test_a_closed_one_stays_closed(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "C-1");
    tmg_result r = bad_result(TMG_OUTCOME_NONE);
    tmg_moved moved;

    OK(tmg_begin(w->db, &w->err));
    OK(tmg_enter_result(w->centre, w->db, &w->team, l.consignment_id, &r, &moved, &w->err));
    OK(tmg_commit(w->db, &w->err));
    assert_int_equal(decide(w, &w->analyst, l.consignment_id, TMG_ACT_RELEASE, "again"), TMG_E_CONFLICT);
    OK(tmg_begin(w->db, &w->err));
    assert_int_equal(tmg_enter_result(w->centre, w->db, &w->team, l.consignment_id, &r, &moved, &w->err),
                     TMG_E_CONFLICT);
    tmg_rollback(w->db);
}

static void test_a_result_ends_the_steps_of_its_means(void **state)
{
    world *w = *state;
    tmg_lodged l = lodge_ahead(w, "O-1");
    tmg_decision d = {
        .action = TMG_ACT_INSPECT, .means = TMG_MEANS_XRAY | TMG_MEANS_DOG, .reason = TMG_SPAN("told")};
    tmg_result r = bad_result(TMG_OUTCOME_DRUGS);
    tmg_step_done *steps;
    tmg_moved moved;
    tmg_order o;
    size_t count;

    r.minutes = 40;
    OK(tmg_begin(w->db, &w->err));
    OK(tmg_decide(w->centre, w->db, &w->analyst, l.consignment_id, &d, &w->err));
    OK(tmg_enter_result(w->centre, w->db, &w->team, l.consignment_id, &r, &moved, &w->err));
    OK(tmg_commit(w->db, &w->err));
    OK(tmg_order_of(w->db, l.consignment_id, w->arena, &o, &w->err));
    OK(tmg_order_steps(w->db, o.id, w->arena, &steps, &count, &w->err));
    assert_int_equal(count, 2);
    assert_int_equal(steps[0].means, TMG_MEANS_XRAY);
    assert_int_equal(steps[0].reaction, TMG_REACTION_FOUND);
    assert_int_equal(steps[0].account_id, w->team.account_id);
    assert_int_equal(steps[0].ended_ms - steps[0].started_ms, 40 * 60 * TMG_SECOND_MS);
    assert_int_equal(steps[1].reaction, 0);
}

static void test_the_mind_is_the_same_after_opening_again(void **state)
{
    world *w = *state;
    tmg_lodged before, after;

    for (int i = 0; i < 20; i++) {
        char ref[16];
        tmg_declaration d;
        tmg_result r = bad_result(i % 3 == 0 ? TMG_OUTCOME_VALUE : TMG_OUTCOME_NONE);

        (void)snprintf(ref, sizeof ref, "O-%d", i);
        d = grapes(w, ref, now_ms() - (40 - i) * TMG_DAY_MS, TMG_NONE);
        (void)lodge(w, &d, &r);
    }
    before = lodge_ahead(w, "O-before");
    tmg_centre_close(w->centre);
    OK(tmg_centre_open(w->home, &w->centre, &w->err));
    w->db = tmg_centre_db(w->centre);
    after = lodge_ahead(w, "O-after");
    assert_int_equal(after.assessment.harm[TMG_FRAUD].path_len, before.assessment.harm[TMG_FRAUD].path_len);
    assert_int_equal(after.assessment.harm[TMG_FRAUD].path[0].n, before.assessment.harm[TMG_FRAUD].path[0].n);
    assert_int_equal(after.assessment.harm[TMG_FRAUD].path[0].bad,
                     before.assessment.harm[TMG_FRAUD].path[0].bad);
}

static void test_more_capacity_more_red(void **state)
{
    world *w = *state;
    tmg_capacity none = {.explore_ppm = TMG_EXPLORE_LEAST_PPM},
                 one = {.red = 1, .explore_ppm = TMG_EXPLORE_LEAST_PPM};
    tmg_actor chief = {.account_id = 3, .role = TMG_CHIEF, .name = "chief", .from = "test"};
    tmg_lodged l;
    tmg_selection s;

    OK(tmg_begin(w->db, &w->err));
    OK(tmg_set_capacity(w->centre, w->db, &chief, TMG_SPAN("AZ000001"), INT32_MIN, &none, &w->err));
    OK(tmg_commit(w->db, &w->err));
    l = lodge_ahead(w, "K-1");
    assert_int_equal(l.selection.lane, TMG_LANE_GREEN);
    OK(tmg_begin(w->db, &w->err));
    assert_int_equal(
        tmg_set_capacity(w->centre, w->db, &w->analyst, TMG_SPAN("AZ000001"), INT32_MIN, &one, &w->err),
        TMG_E_DENIED);
    OK(tmg_set_capacity(w->centre, w->db, &chief, TMG_SPAN("AZ000001"), INT32_MIN, &one, &w->err));
    OK(tmg_commit(w->db, &w->err));
    OK(tmg_selection_get(w->db, l.consignment_id, w->arena, &s, &w->err));
    assert_int_equal(s.lane, TMG_LANE_RED);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static tmg_action action_of(char letter)
{
    return letter == 'i' ? TMG_ACT_INSPECT : letter == 'r' ? TMG_ACT_RELEASE : TMG_ACT_WITHDRAW;
}

static void test_what_was_taken_back_holds_no_more(void **state)
{
    static const struct {
        const char *done; /* i inspect, r release, w taken back */
        int holds;        /* which of them, or -1 */
    } cases[] = {{"", -1}, {"i", 0}, {"iw", -1}, {"irw", 0}, {"irww", -1}, {"iwr", 2}, {"irwiw", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tmg_decision list[8] = {{0}};
        size_t count = strlen(cases[i].done);

        for (size_t k = 0; k < count; k++)
            list[k].action = action_of(cases[i].done[k]);
        const tmg_decision *d = tmg_decision_in_force(list, count);

        assert_int_equal(d != NULL ? d - list : -1, cases[i].holds);
    }
}

typedef struct heard {
    int overdue;
    int64_t post_id;
} heard;

static void hear(void *ctx, const tmg_event *e)
{
    heard *h = ctx;

    if (strcmp(e->type, "work.overdue") != 0)
        return;
    h->overdue++;
    h->post_id = e->post_id;
}

/* By the clock: told to those who see the post, once, and on the board before everything else. */
static void test_overdue_work_is_told_once_and_stands_first_on_the_board(void **state)
{
    world *w = *state;
    tmg_actor chief = {.account_id = 3, .role = TMG_CHIEF, .name = "chief", .from = "test"};
    tmg_decision d = {.action = TMG_ACT_INSPECT, .means = TMG_MEANS_XRAY, .reason = TMG_SPAN("odd weight")};
    tmg_lodged late = lodge_ahead(w, "O-1"), calm = lodge_ahead(w, "O-2");
    heard h = {0};
    tmg_board_row *rows;
    size_t count;
    char sql[400];

    OK(tmg_begin(w->db, &w->err));
    OK(tmg_decide(w->centre, w->db, &w->analyst, calm.consignment_id, &d, &w->err));
    d.id = 0;
    OK(tmg_decide(w->centre, w->db, &w->analyst, late.consignment_id, &d, &w->err));
    (void)snprintf(
        sql, sizeof sql,
        "UPDATE declaration SET expected_ms = %lld WHERE consignment_id = %lld; UPDATE flow_item SET "
        "since_ms = %lld, due_ms = %lld WHERE kind = 'order' AND about_id = (SELECT id FROM "
        "inspection_order WHERE consignment_id = %lld)",
        (long long)(now_ms() - 35 * 60000), (long long)late.consignment_id,
        (long long)(now_ms() - 35 * 60000), (long long)(now_ms() - 5 * 60000),
        (long long)late.consignment_id);
    OK(tmg_db_run(w->db, sql, &w->err));
    OK(tmg_commit(w->db, &w->err));
    tmg_centre_listen(w->centre, hear, &h);
    tick(w);
    assert_int_equal(h.overdue, 1);
    assert_true(h.post_id != 0);
    tick(w);
    assert_int_equal(h.overdue, 1);
    OK(tmg_use_board(w->db, &chief, 0, 10, w->arena, &rows, &count, &w->err));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].order.consignment_id, late.consignment_id);
    assert_true(rows[0].overdue);
    assert_in_range(-rows[0].minutes_left, 4, 6);
    assert_true(rows[0].order.flow.escalated_ms != TMG_NONE);
    assert_false(rows[1].overdue);
    tmg_centre_listen(w->centre, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_taken_back_holds_no_more),
        T(test_what_lies_ahead_is_assessed_and_chosen),
        T(test_history_is_judged_as_of_its_lodging_and_not_chosen),
        T(test_the_same_again_changes_nothing),
        T(test_a_result_moves_the_next_one_like_it),
        T(test_overdue_work_is_told_once_and_stands_first_on_the_board),
        T(test_a_result_that_was_rolled_back_is_forgotten),
        T(test_against_the_lane_needs_a_reason),
        T(test_a_decision_is_taken_back),
        T(test_what_sleeps_is_set_apart_and_wakes_by_itself),
        T(test_what_woke_is_found_after_its_day),
        T(test_who_may_not_is_refused),
        T(test_a_closed_one_stays_closed),
        T(test_a_result_ends_the_steps_of_its_means),
        T(test_the_mind_is_the_same_after_opening_again),
        T(test_more_capacity_more_red),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
