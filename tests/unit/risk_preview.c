#include "risk_centre.h"

enum { TODAY = 20500 };

static const int64_t DIAL = 5000000;

static void open_day(centre *c, int64_t red)
{
    uint8_t key[32];
    bool is_new = false;
    tmg_capacity cap = {.red = red, .yellow = 1};

    OK(c, tmg_day_key(c->db, TODAY, key, &is_new, &c->err));
    OK(c, tmg_capacity_put(c->db, c->post_id, INT32_MIN, &cap, 0, &c->err));
}

/* Goods worth 40,000.00. */
static int64_t expect(centre *c, const char *ref, int64_t fraud_ppb, int64_t critical_ppb)
{
    goods g;
    tmg_declaration *d = lodge(c, &g, ref, "291524", "IR");
    tmg_assessment as = {.harm[TMG_FRAUD].ppb = fraud_ppb, .harm[TMG_CRITICAL].ppb = critical_ppb};

    OK(c, tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &as}, TODAY, c->post_id, &c->err));
    return d->consignment_id;
}

static void choose(centre *c)
{
    OK(c, tmg_selection_run(c->db, c->post_id, TODAY, &c->err));
}

static tmg_preview look(centre *c, int64_t red, int64_t w_minor)
{
    tmg_capacity cap = {.red = red, .yellow = 1};
    tmg_preview p = {0};

    OK(c, tmg_preview_add(c->db, c->post_id, TODAY, &cap, w_minor, c->arena, &p, &c->err));
    OK(c, tmg_preview_close(c->db, 50, c->arena, &p, &c->err));
    return p;
}

static tmg_lane lane_of(centre *c, int64_t id)
{
    tmg_selection s = {0};

    OK(c, tmg_selection_get(c->db, id, c->arena, &s, &c->err));
    return s.lane;
}

static void one_more_place_goes_to_the_next_and_nothing_is_stored(void **state)
{
    centre *c = *state;

    open_day(c, 1);
    expect(c, "A1", 500000000, 0);
    int64_t next = expect(c, "A2", 200000000, 10000000);
    choose(c);
    int64_t past = count_rows(c, "SELECT count(*) FROM selection_past");
    tmg_preview p = look(c, 2, DIAL);

    assert_int_equal(p.before.lanes[TMG_LANE_RED], 1);
    assert_int_equal(p.after.lanes[TMG_LANE_RED], 2);
    assert_int_equal(p.before.fraud_ppb, 500000000);
    assert_int_equal(p.after.fraud_ppb, 700000000);
    assert_int_equal(p.after.critical_ppb, 10000000);
    assert_int_equal(p.before.utility_minor, 2000000);
    assert_int_equal(p.after.revenue_minor, 2800000);
    assert_int_equal(p.after.utility_minor, 2850000);
    assert_int_equal(p.changed, 1);
    assert_int_equal(p.changes[0].consignment_id, next);
    assert_int_equal(p.changes[0].from, TMG_LANE_YELLOW);
    assert_int_equal(p.changes[0].to, TMG_LANE_RED);
    assert_true(tmg_span_is(p.changes[0].ref, "A2"));
    assert_int_equal(lane_of(c, next), TMG_LANE_YELLOW);
    assert_int_equal(count_rows(c, "SELECT count(*) FROM selection_past"), past);
}

static void what_is_asked_is_what_setting_it_does(void **state)
{
    centre *c = *state;

    open_day(c, 2);
    for (int i = 0; i < 12; i++) {
        char *ref = tmg_alloc(c->arena, 8);

        (void)snprintf(ref, 8, "B%d", i);
        expect(c, ref, INT64_C(40000000) * (i + 1), INT64_C(9000000) * (12 - i));
    }
    choose(c);
    tmg_preview p = look(c, 4, 20 * DIAL);
    tmg_capacity cap = {.red = 4, .yellow = 1};

    OK(c, tmg_capacity_put(c->db, c->post_id, INT32_MIN, &cap, 0, &c->err));
    OK(c, tmg_dial_put(c->db, 20 * DIAL, 0, &c->err));
    choose(c);
    assert_true(p.changed > 2);
    for (size_t i = 0; i < p.change_count; i++)
        assert_int_equal(lane_of(c, p.changes[i].consignment_id), p.changes[i].to);
    tmg_preview now = look(c, 4, 20 * DIAL);

    assert_int_equal(now.changed, 0);
    assert_int_equal(now.before.utility_minor, p.after.utility_minor);
    assert_int_equal(now.before.critical_ppb, p.after.critical_ppb);
}

static void both_choices_are_measured_at_the_dial_asked_about(void **state)
{
    centre *c = *state;

    open_day(c, 1);
    int64_t revenue = expect(c, "A1", 200000000, 0), security = expect(c, "A2", 0, 10000000);
    choose(c);
    tmg_preview p = look(c, 1, 20 * DIAL);

    assert_int_equal(p.before.utility_minor, 800000);
    assert_int_equal(p.after.utility_minor, 1000000);
    assert_int_equal(p.after.revenue_minor, 0);
    assert_int_equal(p.changed, 2);
    assert_int_equal(p.changes[0].consignment_id, security);
    assert_int_equal(p.changes[1].consignment_id, revenue);
}

static void what_people_decided_stays_and_counts(void **state)
{
    centre *c = *state;

    open_day(c, 1);
    int64_t red = expect(c, "A1", 500000000, 0), green = expect(c, "A2", 0, 0);
    choose(c);
    OK(c, tmg_selection_set_state(c->db, red, TMG_SEL_RELEASED, &c->err));
    OK(c, tmg_selection_set_state(c->db, green, TMG_SEL_ORDERED, &c->err));
    tmg_preview p = look(c, 0, DIAL);

    assert_int_equal(p.before.lanes[TMG_LANE_RED], 1);
    assert_int_equal(p.before.examined, 1);
    assert_int_equal(p.before.fraud_ppb, 0);
    assert_int_equal(p.changed, 0);
}

static void only_the_weightiest_changes_are_named_but_all_are_counted(void **state)
{
    centre *c = *state;
    tmg_capacity none = {0};
    tmg_preview p = {0};

    open_day(c, 3);
    expect(c, "A1", 100000000, 0);
    int64_t top = expect(c, "A2", 300000000, 0);
    expect(c, "A3", 200000000, 0);
    choose(c);
    OK(c, tmg_preview_add(c->db, c->post_id, TODAY, &none, DIAL, c->arena, &p, &c->err));
    OK(c, tmg_preview_close(c->db, 1, c->arena, &p, &c->err));
    assert_int_equal(p.changed, 3);
    assert_int_equal(p.change_count, 1);
    assert_int_equal(p.changes[0].consignment_id, top);
    assert_int_equal(p.changes[0].to, TMG_LANE_GREEN);
}

#define IN_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_make, centre_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CENTRE(one_more_place_goes_to_the_next_and_nothing_is_stored),
        IN_CENTRE(what_is_asked_is_what_setting_it_does),
        IN_CENTRE(both_choices_are_measured_at_the_dial_asked_about),
        IN_CENTRE(what_people_decided_stays_and_counts),
        IN_CENTRE(only_the_weightiest_changes_are_named_but_all_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
