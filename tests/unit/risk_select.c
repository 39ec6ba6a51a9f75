#include "risk_help.h"

enum { MOST = 300 };

static tmg_selection candidate(int64_t id, int64_t utility)
{
    return (tmg_selection){.consignment_id = id,
                           .utility_minor = utility,
                           .fraud_ppb = 500000000,
                           .state = TMG_SEL_OPEN,
                           .by = TMG_BY_NONE,
                           .draw = TMG_PPB - 1};
}

static int64_t own_draw(void *ctx, const tmg_selection *s)
{
    (void)ctx;
    return s->draw;
}

static void choose(tmg_selection *c, size_t n, tmg_capacity cap, tmg_arena *a)
{
    tmg_select(c, n, &cap, 5000000, own_draw, NULL, a);
}

static const tmg_selection *find(const tmg_selection *c, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (c[i].consignment_id == id)
            return &c[i];
    fail_msg("consignment %lld is gone", (long long)id);
    return NULL;
}

static void assert_chosen(const tmg_selection *c, size_t n, int64_t id, tmg_lane lane, tmg_selected_by by,
                          int64_t propensity)
{
    const tmg_selection *s = find(c, n, id);
    if (s->lane != lane || s->by != by || s->propensity_ppb != propensity)
        fail_msg("consignment %lld: %s by %s at %lld", (long long)id, tmg_lane_name(s->lane),
                 tmg_selected_by_name(s->by), (long long)s->propensity_ppb);
}

static void places_go_by_expected_value(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[6];
    for (int64_t i = 0; i < 6; i++)
        c[i] = candidate(i + 1, (i + 1) * 100);
    choose(c, 6, (tmg_capacity){2, 1, 1, 20000, 0}, a);
    assert_chosen(c, 6, 6, TMG_LANE_RED, TMG_BY_PROFILE, TMG_PPB);
    assert_chosen(c, 6, 5, TMG_LANE_RED, TMG_BY_PROFILE, TMG_PPB);
    assert_chosen(c, 6, 4, TMG_LANE_YELLOW, TMG_BY_PROFILE, 20000000);
    assert_chosen(c, 6, 3, TMG_LANE_BLUE, TMG_BY_PROFILE, 20000000);
    assert_chosen(c, 6, 2, TMG_LANE_GREEN, TMG_BY_NONE, 20000000);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(c[i].rank, i + 1);
        assert_int_equal(c[i].consignment_id, 6 - (int64_t)i);
    }
}

static void blue_goes_to_revenue_alone(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[2] = {candidate(1, 60000), candidate(2, 50000)};
    c[0].critical_ppb = 10000000; /* 1 % of 50,000.00 is 500.00: 100.00 remain for fraud */
    choose(c, 2, (tmg_capacity){0, 0, 1, 0, 0}, a);
    assert_chosen(c, 2, 2, TMG_LANE_BLUE, TMG_BY_PROFILE, 0);
    assert_chosen(c, 2, 1, TMG_LANE_GREEN, TMG_BY_NONE, 0);
}

static void an_instruction_stands_above_capacity(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[4];
    for (int round = 0; round < 2; round++) { /* the second time from what the first time stored */
        for (int64_t i = 0; i < 4 && round == 0; i++) {
            c[i] = candidate(i + 1, i == 3 ? 900 : 5);
            if (i < 3) {
                c[i].by = TMG_BY_MANDATORY;
                c[i].why = TMG_SPAN("precursor of Table I without a licence (1988 Convention, art. 12)");
            }
        }
        choose(c, 4, (tmg_capacity){2, 0, 0, 20000, 0}, a);
        for (int64_t id = 1; id <= 3; id++)
            assert_chosen(c, 4, id, TMG_LANE_RED, TMG_BY_MANDATORY, TMG_PPB);
        assert_chosen(c, 4, 4, TMG_LANE_GREEN, TMG_BY_NONE, 0); /* no place was left to chance */
        assert_true(
            tmg_span_is(c[0].why, "precursor of Table I without a licence (1988 Convention, art. 12)"));
        assert_true(tmg_span_is(
            c[2].why, "precursor of Table I without a licence (1988 Convention, art. 12); the day's "
                      "red places are used up"));
        assert_int_equal(c[3].rank, 4);
    }
    choose(c, 4, (tmg_capacity){3, 0, 0, 20000, 0},
           a); /* one more place: the sentence is the instruction's again */
    assert_true(tmg_span_is(c[2].why, "precursor of Table I without a licence (1988 Convention, art. 12)"));
}

static void places_are_kept_for_those_drawn(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[6];
    for (int64_t i = 0; i < 6; i++)
        c[i] = candidate(i + 1, (6 - i) * 100);
    c[5].draw = 19999999; /* below 2 % */
    c[4].draw = 20000000; /* not below */
    c[0].draw = 5;        /* drawn, but high enough anyway */
    choose(c, 6, (tmg_capacity){3, 0, 0, 20000, 0}, a);
    assert_chosen(c, 6, 1, TMG_LANE_RED, TMG_BY_PROFILE, TMG_PPB);
    assert_chosen(c, 6, 2, TMG_LANE_RED, TMG_BY_PROFILE, TMG_PPB);
    assert_chosen(c, 6, 3, TMG_LANE_GREEN, TMG_BY_NONE, 20000000);
    assert_chosen(c, 6, 5, TMG_LANE_GREEN, TMG_BY_NONE, 20000000);
    assert_chosen(c, 6, 6, TMG_LANE_RED, TMG_BY_RANDOM, 20000000);
    assert_true(tmg_span_is(find(c, 6, 6)->why, "drawn at random: 0.019999999 is below the share of 2 %"));
}

static void the_lowest_draws_win_when_too_many_were_drawn(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[5];
    for (int64_t i = 0; i < 5; i++) {
        c[i] = candidate(i + 1, (5 - i) * 100);
        c[i].draw = 1000 - i * 100;
    }
    choose(c, 5, (tmg_capacity){2, 0, 0, 20000, 0}, a);
    /* The third lowest draw, 800, bars those who have a place; the second lowest, 700, those who have none.
     */
    assert_chosen(c, 5, 5, TMG_LANE_RED, TMG_BY_RANDOM, 800);
    assert_chosen(c, 5, 4, TMG_LANE_RED, TMG_BY_RANDOM, 800);
    assert_chosen(c, 5, 1, TMG_LANE_GREEN, TMG_BY_NONE, 700);
}

static void the_decided_keep_their_lane_and_their_place(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    static const tmg_sel_state states[] = {TMG_SEL_ORDERED, TMG_SEL_CLOSED, TMG_SEL_RELEASED,
                                           TMG_SEL_ESCALATED};
    static const int left[] = {0, 0, 1, 0}; /* red places left of one after a red one was decided so */
    for (size_t k = 0; k < 4; k++) {
        tmg_selection c[2] = {candidate(1, 1), candidate(2, 900)};
        c[0].state = states[k];
        c[0].lane = TMG_LANE_RED;
        c[0].by = TMG_BY_RANDOM;
        c[0].propensity_ppb = 12345;
        c[0].why = TMG_SPAN("as it was");
        choose(c, 2, (tmg_capacity){1, 0, 0, 20000, 0}, a);
        assert_chosen(c, 2, 1, TMG_LANE_RED, TMG_BY_RANDOM, 12345);
        assert_true(tmg_span_is(find(c, 2, 1)->why, "as it was"));
        assert_int_equal(find(c, 2, 2)->lane, left[k] == 1 ? TMG_LANE_RED : TMG_LANE_GREEN);
    }
}

static void an_inspection_ordered_outside_red_takes_a_red_place(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[2] = {candidate(1, 1), candidate(2, 900)};
    c[0].state = TMG_SEL_ORDERED;
    c[0].lane = TMG_LANE_GREEN;
    choose(c, 2, (tmg_capacity){1, 0, 0, 0, 0}, a);
    assert_chosen(c, 2, 2, TMG_LANE_GREEN, TMG_BY_NONE, 0);
}

static void what_is_worth_nothing_is_chosen_by_chance_alone(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[2] = {candidate(1, 0), candidate(2, 0)};
    c[1].draw = 0;
    choose(c, 2, (tmg_capacity){10, 10, 10, 20000, 0}, a);
    assert_chosen(c, 2, 1, TMG_LANE_GREEN, TMG_BY_NONE, 20000000);
    assert_chosen(c, 2, 2, TMG_LANE_RED, TMG_BY_RANDOM, 20000000);
}

static void the_sentence_holds_the_sum(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[1] = {candidate(1, 0)};
    c[0].fraud_ppb = 310000000;
    c[0].critical_ppb = 2000000;
    c[0].utility_minor = tmg_utility(c[0].fraud_ppb, c[0].critical_ppb, 4000000, 5000000);
    assert_int_equal(c[0].utility_minor, 1250000);
    choose(c, 1, (tmg_capacity){1, 0, 0, 20000, 0}, a);
    assert_true(tmg_span_is(
        c[0].why, "expected value 12,500.00 = 12,400.00 (fraud 31 % of the value) + 100.00 (critical "
                  "0.2 % of 50,000.00): among the highest of the post's day"));
}

static void utility_bears_missing_and_huge_values(void **state)
{
    (void)state;
    assert_int_equal(tmg_utility(TMG_PPB, 0, TMG_NONE, 5000000), 0);
    assert_int_equal(tmg_utility(TMG_PPB, TMG_PPB, 100, 5000000), 5000100);
    assert_int_equal(tmg_utility(TMG_PPB, TMG_PPB, INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(tmg_utility(500000000, 0, INT64_MAX - 1, 0), INT64_MAX / 2);
}

static void make_day(tmg_selection *c, size_t n, const tmg_capacity *cap, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        c[i] = candidate((int64_t)i + 1, random_below(seed, 100000));
        c[i].draw = random_below(seed, TMG_PPB);
        if (random_below(seed, 40) == 0) {
            c[i].by = TMG_BY_MANDATORY;
            c[i].why = TMG_SPAN("an instruction (a law)");
        } else if (random_below(seed, 20) == 0) {
            c[i].state = (tmg_sel_state)(TMG_SEL_ORDERED + random_below(seed, 4));
            c[i].lane = (tmg_lane)(TMG_LANE_GREEN + random_below(seed, 4));
            c[i].propensity_ppb = cap->random_ppm * 1000;
            c[i].why = TMG_SPAN("an earlier choice");
        }
    }
}

static void check_day(const tmg_selection *c, size_t n, const tmg_selection *before, const tmg_capacity *cap)
{
    int64_t red = 0, chosen_red = 0, mandatory = 0, yellow = 0, blue = 0;
    for (size_t i = 0; i < n; i++) {
        const tmg_selection *was = &before[c[i].consignment_id - 1];
        bool decided = c[i].state > TMG_SEL_WAITING;
        assert_true(c[i].propensity_ppb >= 0 && c[i].propensity_ppb <= TMG_PPB);
        assert_true(c[i].why.len > 0);
        if (decided) {
            assert_true(c[i].lane == was->lane && c[i].by == was->by && tmg_span_eq(c[i].why, was->why));
            red += c[i].state == TMG_SEL_ORDERED || c[i].state == TMG_SEL_CLOSED ||
                   (c[i].state == TMG_SEL_ESCALATED && c[i].lane == TMG_LANE_RED);
            continue;
        }
        mandatory += c[i].by == TMG_BY_MANDATORY;
        chosen_red += c[i].lane == TMG_LANE_RED && c[i].by != TMG_BY_MANDATORY;
        yellow += c[i].lane == TMG_LANE_YELLOW;
        blue += c[i].lane == TMG_LANE_BLUE;
        assert_true(was->by != TMG_BY_MANDATORY || c[i].lane == TMG_LANE_RED);
    }
    assert_true(chosen_red == 0 || red + mandatory + chosen_red <= cap->red);
    assert_true(yellow <= cap->yellow && blue <= cap->blue);
}

static void capacity_is_never_exceeded_but_by_instructions(void **state)
{
    (void)state;
    uint64_t seed = 17;
    for (int round = 0; round < 400; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(8 << 20);
        tmg_selection c[MOST], before[MOST];
        size_t n = (size_t)random_below(&seed, MOST);
        tmg_capacity cap = {random_below(&seed, 30), random_below(&seed, 30), random_below(&seed, 30),
                            1 + random_below(&seed, 200000), 0};
        make_day(c, n, &cap, &seed);
        memcpy(before, c, sizeof before);
        choose(c, n, cap, a);
        check_day(c, n, before, &cap);
        memcpy(before, c, sizeof before);
        choose(c, n, cap, a); /* choosing again changes nothing */
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(c[i].consignment_id, before[i].consignment_id);
            assert_int_equal(c[i].lane, before[i].lane);
            assert_int_equal(c[i].by, before[i].by);
            assert_true(tmg_span_eq(c[i].why, before[i].why));
        }
    }
}

/* Propensity 1 says "would be red whatever its draw": turning round one's own draw must not change that. */
static void certainty_does_not_hang_on_the_own_draw(void **state)
{
    (void)state;
    uint64_t seed = 29;
    for (int round = 0; round < 600; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(8 << 20);
        tmg_selection c[40], turned[40];
        size_t n = 1 + (size_t)random_below(&seed, 39);
        tmg_capacity cap = {random_below(&seed, 12), 2, 2, 1 + random_below(&seed, 300000), 0};
        make_day(c, n, &cap, &seed);
        memcpy(turned, c, sizeof c);
        size_t one = (size_t)random_below(&seed, (int64_t)n);
        turned[one].draw = c[one].draw < cap.random_ppm * 1000 ? TMG_PPB - 1 : 0;
        int64_t id = c[one].consignment_id;
        choose(c, n, cap, a);
        choose(turned, n, cap, a);
        const tmg_selection *was = find(c, n, id), *is = find(turned, n, id);
        bool certain = was->lane == TMG_LANE_RED && was->by == TMG_BY_PROFILE;
        assert_true(certain == (is->lane == TMG_LANE_RED && is->by == TMG_BY_PROFILE));
    }
}

/* The lowest of a large day can be red by chance alone: over many day keys as often as the share says. */
static void the_random_share_is_as_large_as_stated(void **state)
{
    (void)state;
    enum { KEYS = 20000 };
    int drawn = 0;
    for (uint32_t k = 0; k < KEYS; k++) {
        uint8_t key[32] = {(uint8_t)k, (uint8_t)(k >> 8), (uint8_t)(k >> 16), 77};
        int64_t draw = tmg_day_draw(key, TMG_SPAN("26AZ0000000000001"));
        assert_true(draw >= 0 && draw < TMG_PPB);
        drawn += draw < 20000000 ? 1 : 0;
    }
    /* 400 expected, standard deviation 19.8: five of them either way; the keys are fixed, so the count is too
     */
    assert_in_range(drawn, 300, 500);
}

static void a_draw_can_be_checked_by_anyone(void **state)
{
    (void)state;
    uint8_t key[32];
    for (size_t i = 0; i < 32; i++)
        key[i] = (uint8_t)i;
    tmg_sha256 mac = tmg_hmac_sha256(key, sizeof key, "26AZ0000000000001", 17);
    double first = 0;
    for (int i = 0; i < 7; i++)
        first = first * 256 + mac.b[i];
    double want =
        first / 72057594037927936.0 * 1e9; /* 56 of the 63 bits are more than enough for nine digits */
    double got = (double)tmg_day_draw(key, TMG_SPAN("26AZ0000000000001"));
    assert_true(got <= want + 1 && got >= want - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_go_by_expected_value),
        cmocka_unit_test(blue_goes_to_revenue_alone),
        cmocka_unit_test(an_instruction_stands_above_capacity),
        cmocka_unit_test(places_are_kept_for_those_drawn),
        cmocka_unit_test(the_lowest_draws_win_when_too_many_were_drawn),
        cmocka_unit_test(the_decided_keep_their_lane_and_their_place),
        cmocka_unit_test(an_inspection_ordered_outside_red_takes_a_red_place),
        cmocka_unit_test(what_is_worth_nothing_is_chosen_by_chance_alone),
        cmocka_unit_test(the_sentence_holds_the_sum),
        cmocka_unit_test(utility_bears_missing_and_huge_values),
        cmocka_unit_test(capacity_is_never_exceeded_but_by_instructions),
        cmocka_unit_test(certainty_does_not_hang_on_the_own_draw),
        cmocka_unit_test(the_random_share_is_as_large_as_stated),
        cmocka_unit_test(a_draw_can_be_checked_by_anyone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
