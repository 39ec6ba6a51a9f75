#include "risk_centre.h"

enum { TODAY = 20500, BAKU = 240 };

/* Newcombe (1998), table I, method 3: printed to four decimals. */
static void wilson_gives_the_published_intervals(void **state)
{
    static const struct {
        int64_t count, of, low_1e4, high_1e4;
    } printed[] = {{81, 263, 2553, 3662}, {15, 148, 624, 1605}, {0, 20, 0, 1611}, {1, 29, 61, 1718}};

    (void)state;
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        tmg_rate r = tmg_wilson(printed[i].count, printed[i].of);

        assert_int_equal((r.low_ppm + 50) / 100, printed[i].low_1e4);
        assert_int_equal((r.high_ppm + 50) / 100, printed[i].high_1e4);
    }
}

static void wilson_stays_within_0_and_1_and_says_nothing_of_nothing(void **state)
{
    tmg_rate all = tmg_wilson(10, 10), none = tmg_wilson(0, 0);

    (void)state;
    assert_int_equal(all.ppm, 1000000);
    assert_int_equal(all.low_ppm, 722467);
    assert_int_equal(all.high_ppm, 1000000);
    assert_int_equal(tmg_wilson(2, 3).ppm, 666667);
    assert_int_equal(none.ppm, TMG_NONE);
    assert_int_equal(none.high_ppm, TMG_NONE);
}

static int64_t expect(centre *c, const char *ref, int32_t day)
{
    goods g;
    tmg_declaration *d = lodge(c, &g, ref, "291524", "IR");
    tmg_assessment as = {.harm[TMG_FRAUD].ppb = 100000000};

    OK(c, tmg_selection_enter_as(c->db, d, &(tmg_entry){.assessment = &as}, day, c->post_id, &c->err));
    return d->consignment_id;
}

static void find(centre *c, int64_t consignment_id, tmg_found fraud, tmg_found critical, int64_t minutes)
{
    tmg_result r = {.consignment_id = consignment_id,
                    .declaration_id = consignment_id,
                    .outcome = TMG_OUTCOME_NONE,
                    .found = {fraud, critical},
                    .means = TMG_MEANS_XRAY,
                    .minutes = minutes,
                    .recovered_minor = TMG_NONE};

    OK(c, tmg_result_save(c->db, &r, 0, &c->err));
}

static void decide(centre *c, int64_t consignment_id, tmg_action action)
{
    tmg_decision d = {.consignment_id = consignment_id,
                      .declaration_id = consignment_id,
                      .action = action,
                      .reason = TMG_SPAN(""),
                      .account_id = 1};

    OK(c, tmg_decision_save(c->db, &d, &c->err));
}

static tmg_tally sum(centre *c, int32_t from, int32_t to, int lane)
{
    tmg_figure *f = NULL;
    size_t count = 0;
    tmg_tally t = {0};

    OK(c, tmg_figures(c->db, from, to, BAKU, c->arena, &f, &count, &c->err));
    for (size_t i = 0; i < count; i++)
        if (f[i].lane == lane && f[i].post_id == c->post_id)
            tmg_tally_add(&t, &f[i].tally);
    return t;
}

static void each_consignment_counts_once_with_its_newest_result(void **state)
{
    centre *c = *state;
    int64_t a = expect(c, "A1", TODAY), b = expect(c, "A2", TODAY);

    expect(c, "A3", TODAY + 1);
    find(c, a, TMG_FOUND_NO, TMG_FOUND_NO, 30);
    find(c, a, TMG_FOUND_YES, TMG_FOUND_YES, 45);
    find(c, b, TMG_FOUND_UNKNOWN, TMG_FOUND_NO, TMG_NONE);
    tmg_tally t = sum(c, TODAY, TODAY, TMG_LANE_GREEN);

    assert_int_equal(t.arrived, 2);
    assert_int_equal(t.inspected, 2);
    assert_int_equal(t.hits, 1);
    assert_int_equal(t.fraud, 1);
    assert_int_equal(t.critical, 1);
    assert_int_equal(t.minutes, 45);
    assert_int_equal(sum(c, TODAY, TODAY + 1, TMG_LANE_GREEN).arrived, 3);
}

static void decisions_are_counted_by_what_was_decided(void **state)
{
    centre *c = *state;
    int64_t a = expect(c, "A1", TODAY), b = expect(c, "A2", TODAY), late = expect(c, "A3", TODAY + 9);

    decide(c, a, TMG_ACT_INSPECT);
    decide(c, b, TMG_ACT_RELEASE);
    decide(c, b, TMG_ACT_WITHDRAW);
    decide(c, b, TMG_ACT_INSPECT);
    decide(c, late, TMG_ACT_ESCALATE);
    tmg_tally t = sum(c, TODAY, TODAY, TMG_LANE_GREEN);

    assert_int_equal(t.arrived, 2);
    assert_int_equal(t.decisions[TMG_ACT_INSPECT], 2);
    assert_int_equal(t.decisions[TMG_ACT_RELEASE], 1);
    assert_int_equal(t.decisions[TMG_ACT_WITHDRAW], 1);
    assert_int_equal(t.decisions[TMG_ACT_ESCALATE], 0);
}

static void history_counts_by_its_local_day_of_lodging(void **state)
{
    centre *c = *state;
    goods g;
    tmg_declaration *d = lodge(c, &g, "H1", "291524", "IR");
    int32_t day = tmg_day_of(d->lodged.at_ms, BAKU);

    find(c, d->consignment_id, TMG_FOUND_YES, TMG_FOUND_NO, 20);
    assert_int_equal(sum(c, day, day, 0).arrived, 1);
    assert_int_equal(sum(c, day, day, 0).fraud, 1);
    assert_int_equal(sum(c, day + 1, day + 30, 0).arrived, 0);
    assert_int_equal(sum(c, day - 30, day - 1, 0).arrived, 0);
    assert_int_equal(sum(c, day, day, TMG_LANE_GREEN).arrived, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_gives_the_published_intervals),
        cmocka_unit_test(wilson_stays_within_0_and_1_and_says_nothing_of_nothing),
        cmocka_unit_test_setup_teardown(each_consignment_counts_once_with_its_newest_result, centre_make,
                                        centre_drop),
        cmocka_unit_test_setup_teardown(decisions_are_counted_by_what_was_decided, centre_make, centre_drop),
        cmocka_unit_test_setup_teardown(history_counts_by_its_local_day_of_lodging, centre_make, centre_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
