#include "risk_centre.h"

enum { TODAY = 20500 };

static void open_day(centre *c, int32_t day)
{
    uint8_t key[32];
    bool is_new = false;
    OK(c, tmg_day_key(c->db, day, key, &is_new, &c->err));
}

/* Enters a consignment with this probability of fraud on goods worth 40,000.00. */
static int64_t expect(centre *c, const char *ref, int64_t fraud_ppb, tmg_span mandatory)
{
    goods g;
    tmg_declaration *d = lodge(c, &g, ref, "291524", "IR");
    tmg_assessment as = {.harm[TMG_FRAUD].ppb = fraud_ppb};
    OK(c, tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &as, .mandatory_why = mandatory}, TODAY,
                                 c->post_id, &c->err));
    return d->consignment_id;
}

static void set_capacity(centre *c, int64_t red, int64_t random_ppm)
{
    tmg_capacity cap = {red, 1, 0, random_ppm, 0};
    OK(c, tmg_capacity_put(c->db, c->post_id, INT32_MIN, &cap, 0, &c->err));
}

static tmg_selection get(centre *c, int64_t id)
{
    tmg_selection s = {0};
    OK(c, tmg_selection_get(c->db, id, c->arena, &s, &c->err));
    return s;
}

static void run_day(centre *c)
{
    OK(c, tmg_selection_run(c->db, c->post_id, TODAY, &c->err));
}

static void the_days_highest_become_red(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 1, 0);
    int64_t low = expect(c, "A1", 100000000, (tmg_span){0}), high = expect(c, "A2", 500000000, (tmg_span){0});
    run_day(c);
    tmg_selection l = get(c, low), h = get(c, high);
    assert_int_equal(h.lane, TMG_LANE_RED);
    assert_int_equal(h.by, TMG_BY_PROFILE);
    assert_int_equal(h.propensity_ppb, TMG_PPB);
    assert_int_equal(h.rank, 1);
    assert_int_equal(h.utility_minor, 2000000);
    assert_int_equal(l.lane, TMG_LANE_YELLOW);
    assert_int_equal(l.rank, 2);
    assert_true(h.draw >= 0 && h.draw < TMG_PPB);
    assert_true(tmg_span_is(
        h.why, "expected value 20,000.00 = 20,000.00 (fraud 50 % of the value) + 0.00 (critical 0 % of "
               "50,000.00): among the highest of the post's day"));
}

static void only_changes_are_written(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 1, 0);
    int64_t first = expect(c, "A1", 100000000, (tmg_span){0});
    expect(c, "A2", 50000000, (tmg_span){0});
    run_day(c);
    assert_int_equal(count_rows(c, "SELECT count(*) FROM selection_past"), 2);
    run_day(c);
    assert_int_equal(count_rows(c, "SELECT count(*) FROM selection_past"), 2);
    expect(c, "A3", 900000000, (tmg_span){0}); /* takes the place of A1, which takes that of A2 */
    run_day(c);
    assert_int_equal(count_rows(c, "SELECT count(*) FROM selection_past"), 5);
    assert_int_equal(get(c, first).lane, TMG_LANE_YELLOW);
    assert_int_equal(get(c, first).rank, 2);
}

static void the_dial_reorders_without_the_declarations(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 1, 0);
    goods g;
    tmg_assessment fraud = {.harm[TMG_FRAUD].ppb = 200000000},
                   critical = {.harm[TMG_CRITICAL].ppb = 10000000};
    tmg_declaration *d = lodge(c, &g, "A1", "291524", "IR");
    OK(c, tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &fraud}, TODAY, c->post_id, &c->err));
    int64_t revenue = d->consignment_id;
    d = lodge(c, &g, "A2", "291524", "IR");
    OK(c,
       tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &critical}, TODAY, c->post_id, &c->err));
    int64_t security = d->consignment_id;
    run_day(c);
    assert_int_equal(get(c, revenue).lane, TMG_LANE_RED);
    OK(c, tmg_dial_put(c->db, 100000000, 0, &c->err));
    run_day(c);
    tmg_selection s = get(c, security);
    assert_int_equal(s.lane, TMG_LANE_RED);
    assert_int_equal(s.w_minor, 100000000);
    assert_int_equal(s.utility_minor, 1000000);
    assert_int_equal(get(c, revenue).utility_minor, 800000);
}

static void an_amended_version_takes_the_place_of_the_old(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 5, 0);
    int64_t id = expect(c, "A1", 100000000, TMG_SPAN("an instruction (a law)"));
    run_day(c);
    assert_int_equal(get(c, id).by, TMG_BY_MANDATORY);
    OK(c, tmg_selection_set_state(c->db, id, TMG_SEL_RELEASED, &c->err));
    goods g;
    tmg_saved saved;
    tmg_declaration *d = goods_of(&g, "080610", "IR");
    d->ref = TMG_SPAN("A1");
    d->post = TMG_SPAN("AZ001");
    OK(c, tmg_declaration_save(c->saver, d, c->source_id, false, &saved, &c->err));
    assert_int_equal(saved, TMG_SAVED_AMENDED);
    tmg_assessment as = {.harm[TMG_FRAUD].ppb = 300000000};
    OK(c, tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &as}, TODAY, c->post_id, &c->err));
    run_day(c);
    tmg_selection s = get(c, id);
    assert_int_equal(s.declaration_id, d->id);
    assert_int_equal(s.state, TMG_SEL_OPEN);
    assert_int_equal(s.by, TMG_BY_PROFILE);
    assert_int_equal(s.fraud_ppb, 300000000);
    assert_int_equal(count_rows(c, "SELECT count(*) FROM selection"), 1);
}

static void an_ordered_inspection_survives_an_amendment(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 5, 0);
    int64_t id = expect(c, "A1", 900000000, (tmg_span){0});
    run_day(c);
    OK(c, tmg_selection_set_state(c->db, id, TMG_SEL_ORDERED, &c->err));
    goods g;
    tmg_assessment as = {.harm[TMG_FRAUD].ppb = 1};
    tmg_declaration *d = lodge(c, &g, "A1", "080610", "IR");
    OK(c, tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &as}, TODAY, c->post_id, &c->err));
    run_day(c);
    assert_int_equal(get(c, id).state, TMG_SEL_ORDERED);
    assert_int_equal(get(c, id).lane, TMG_LANE_RED);
}

static void an_officers_own_pick_is_marked(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 0, 0);
    int64_t id = expect(c, "A1", 900000000, (tmg_span){0});
    run_day(c);
    OK(c, tmg_selection_set_state(c->db, id, TMG_SEL_ORDERED, &c->err));
    tmg_selection s = get(c, id);
    assert_int_equal(s.by, TMG_BY_OFFICER);
    assert_int_equal(s.lane, TMG_LANE_YELLOW);
    assert_true(tmg_span_starts(s.why, "an officer's own choice; expected value"));
    assert_int_equal(count_rows(c, "SELECT count(*) FROM selection_past WHERE selected_by = 5"), 1);
    assert_int_equal(tmg_selection_set_state(c->db, 999, TMG_SEL_ORDERED, &c->err), TMG_E_NOT_FOUND);
}

static void nothing_is_drawn_before_the_days_key_is_committed(void **state)
{
    centre *c = *state;
    expect(c, "A1", 1, (tmg_span){0});
    assert_int_equal(tmg_selection_run(c->db, c->post_id, TODAY, &c->err), TMG_E_CONFLICT);
    assert_int_equal(count_rows(c, "SELECT count(*) FROM day_key"), 0);
}

static void the_days_key_is_made_once(void **state)
{
    centre *c = *state;
    uint8_t one[32], other[32], next[32];
    bool is_new = false;
    OK(c, tmg_day_key(c->db, TODAY, one, &is_new, &c->err));
    assert_true(is_new);
    OK(c, tmg_day_key(c->db, TODAY, other, &is_new, &c->err));
    assert_false(is_new);
    assert_memory_equal(one, other, 32);
    OK(c, tmg_day_key(c->db, TODAY + 1, next, &is_new, &c->err));
    assert_true(is_new);
    assert_memory_not_equal(one, next, 32);
}

static void draws_follow_from_the_key_and_the_reference(void **state)
{
    centre *c = *state;
    uint8_t key[32];
    bool is_new = false;
    OK(c, tmg_day_key(c->db, TODAY, key, &is_new, &c->err));
    set_capacity(c, 5, 1000000);
    int64_t id = expect(c, "26AZ0000000000001", 0, (tmg_span){0});
    run_day(c);
    assert_int_equal(get(c, id).draw, tmg_day_draw(key, TMG_SPAN("26AZ0000000000001")));
    assert_int_equal(get(c, id).by, TMG_BY_RANDOM);
    assert_int_equal(get(c, id).propensity_ppb, TMG_PPB);
}

static void capacity_of_the_day_stands_above_the_standing_one(void **state)
{
    centre *c = *state;
    tmg_capacity cap, day = {1, 2, 3, 4, 0}, standing = {5, 6, 7, 8, 0}, later = {9, 6, 7, 8, 0};
    OK(c, tmg_capacity_get(c->db, c->post_id, TODAY, &cap, &c->err));
    assert_int_equal(cap.red, 10);
    assert_int_equal(cap.random_ppm, 20000);
    OK(c, tmg_capacity_put(c->db, c->post_id, TODAY, &day, 0, &c->err));
    OK(c, tmg_capacity_put(c->db, c->post_id, INT32_MIN, &standing, 0, &c->err));
    OK(c, tmg_capacity_put(c->db, c->post_id, INT32_MIN, &later, 0, &c->err));
    OK(c, tmg_capacity_get(c->db, c->post_id, TODAY, &cap, &c->err));
    assert_int_equal(cap.red, 1);
    OK(c, tmg_capacity_get(c->db, c->post_id, TODAY + 1, &cap, &c->err));
    assert_int_equal(cap.red, 9);
    day.random_ppm = 1000001;
    assert_int_equal(tmg_capacity_put(c->db, c->post_id, TODAY, &day, 0, &c->err), TMG_E_INVALID);
    day = (tmg_capacity){-1, 0, 0, 0, 0};
    assert_int_equal(tmg_capacity_put(c->db, c->post_id, TODAY, &day, 0, &c->err), TMG_E_INVALID);
}

static void the_queue_is_ranked_filtered_and_paged(void **state)
{
    centre *c = *state;
    open_day(c, TODAY);
    set_capacity(c, 2, 0);
    int64_t ids[5];
    static const char *const refs[] = {"A0", "A1", "A2", "A3", "A4"};
    for (int64_t i = 0; i < 5; i++)
        ids[i] = expect(c, refs[i], (i + 1) * 100000000, (tmg_span){0});
    run_day(c);
    tmg_selection *q = NULL;
    size_t n = 0;
    tmg_queue_query all = {.day_from = TODAY, .day_to = TODAY, .most = 10};
    OK(c, tmg_queue(c->db, &all, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(q[i].consignment_id, ids[4 - i]);
    tmg_queue_query page = {.day_from = TODAY, .day_to = TODAY, .most = 2, .skip = 3};
    OK(c, tmg_queue(c->db, &page, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 2);
    assert_int_equal(q[0].consignment_id, ids[1]);
    tmg_queue_query red = {.day_from = TODAY, .day_to = TODAY, .most = 10, .lane = TMG_LANE_RED};
    OK(c, tmg_queue(c->db, &red, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 2);
    OK(c, tmg_selection_set_state(c->db, ids[4], TMG_SEL_RELEASED, &c->err));
    OK(c, tmg_selection_set_state(c->db, ids[3], TMG_SEL_WAITING, &c->err));
    tmg_queue_query open = {.day_from = TODAY, .day_to = TODAY, .most = 10, .only_open = true};
    OK(c, tmg_queue(c->db, &open, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 4);
    assert_int_equal(q[0].consignment_id, ids[3]);
    int64_t other_post = c->post_id + 1;
    tmg_queue_query elsewhere = {
        .post_ids = &other_post, .post_count = 1, .day_from = TODAY, .day_to = TODAY, .most = 10};
    OK(c, tmg_queue(c->db, &elsewhere, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 0);
    tmg_queue_query nowhere = {
        .post_ids = &other_post, .post_count = 0, .day_from = TODAY, .day_to = TODAY, .most = 10};
    OK(c, tmg_queue(c->db, &nowhere, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 0);
    tmg_queue_query tomorrow = {.day_from = TODAY + 1, .day_to = TODAY + 9, .most = 10};
    OK(c, tmg_queue(c->db, &tomorrow, c->arena, &q, &n, &c->err));
    assert_int_equal(n, 0);
}

#define IN_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_make, centre_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CENTRE(the_days_highest_become_red),
        IN_CENTRE(only_changes_are_written),
        IN_CENTRE(the_dial_reorders_without_the_declarations),
        IN_CENTRE(an_amended_version_takes_the_place_of_the_old),
        IN_CENTRE(an_ordered_inspection_survives_an_amendment),
        IN_CENTRE(an_officers_own_pick_is_marked),
        IN_CENTRE(nothing_is_drawn_before_the_days_key_is_committed),
        IN_CENTRE(the_days_key_is_made_once),
        IN_CENTRE(draws_follow_from_the_key_and_the_reference),
        IN_CENTRE(capacity_of_the_day_stands_above_the_standing_one),
        IN_CENTRE(the_queue_is_ranked_filtered_and_paged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
