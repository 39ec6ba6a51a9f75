/* Reasons of selection and the probabilities stated with them. */
#include "risk_help.h"

#include "risk/choosing.h"

#include <math.h>

static int64_t own_draw(void *ctx, const tmg_selection *s)
{
    (void)ctx;
    return s->draw;
}

static void choose(tmg_selection *c, size_t n, const tmg_capacity *cap, tmg_arena *a)
{
    tmg_select(c, n, cap, 5000000, own_draw, NULL, a);
}

static tmg_selection candidate(int64_t id, int64_t utility)
{
    return (tmg_selection){.consignment_id = id,
                           .utility_minor = utility,
                           .fraud_ppb = 500000000,
                           .state = TMG_SEL_OPEN,
                           .by = TMG_BY_NONE,
                           .uncertainty_ppm = 300000,
                           .draw = TMG_PPB - 1,
                           .rule_draw = TMG_PPB - 1};
}

static void ask_by_rule(tmg_selection *s, tmg_lane lane, int64_t share_ppm, int64_t draw)
{
    s->rule = TMG_SPAN("PREC-17");
    s->rule_lane = lane;
    s->rule_share_ppm = share_ppm;
    s->rule_draw = draw;
}

static const tmg_selection *find(const tmg_selection *c, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (c[i].consignment_id == id)
            return &c[i];
    fail_msg("consignment %lld is gone", (long long)id);
    return NULL;
}

static void a_rule_comes_before_the_ranking(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[4];
    for (int64_t i = 0; i < 4; i++)
        c[i] = candidate(i + 1, 400 - i * 100);
    ask_by_rule(&c[3], TMG_LANE_RED, 1000000, 5);
    choose(c, 4, &(tmg_capacity){2, 1, 0, 0, 0}, a);
    assert_int_equal(find(c, 4, 4)->lane, TMG_LANE_RED);
    assert_int_equal(find(c, 4, 4)->by, TMG_BY_RULE);
    assert_int_equal(find(c, 4, 4)->propensity_ppb, TMG_PPB);
    assert_true(tmg_span_is(find(c, 4, 4)->why, "rule PREC-17 asks for the red lane"));
    assert_int_equal(find(c, 4, 1)->by, TMG_BY_PROFILE);
    assert_int_equal(find(c, 4, 2)->lane, TMG_LANE_YELLOW);
}

static void a_share_of_a_rules_hits_is_drawn(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[3] = {candidate(1, 0), candidate(2, 0), candidate(3, 900)};
    ask_by_rule(&c[0], TMG_LANE_RED, 300000, 299999999);
    ask_by_rule(&c[1], TMG_LANE_RED, 300000, 300000000);
    choose(c, 3, &(tmg_capacity){2, 0, 0, 0, 0}, a);
    assert_int_equal(find(c, 3, 1)->by, TMG_BY_RULE);
    assert_int_equal(find(c, 3, 1)->propensity_ppb, 300000000);
    assert_true(
        tmg_span_is(find(c, 3, 1)->why,
                    "rule PREC-17 asks for the red lane for 30 % of its hits, and 0.299999999 was drawn"));
    assert_int_equal(find(c, 3, 2)->lane, TMG_LANE_GREEN);
    assert_int_equal(find(c, 3, 2)->by, TMG_BY_NONE);
}

static void what_rules_cannot_place_red_goes_yellow_first(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[4];
    for (int64_t i = 0; i < 4; i++) {
        c[i] = candidate(i + 1, 400 - i * 100);
        if (i > 0)
            ask_by_rule(&c[i], i == 3 ? TMG_LANE_BLUE : TMG_LANE_RED, 1000000, 0);
    }
    choose(c, 4, &(tmg_capacity){1, 1, 1, 0, 0}, a);
    assert_int_equal(find(c, 4, 2)->lane, TMG_LANE_RED);
    assert_int_equal(find(c, 4, 3)->lane, TMG_LANE_YELLOW);
    assert_int_equal(find(c, 4, 3)->by, TMG_BY_RULE);
    assert_true(
        tmg_span_is(find(c, 4, 3)->why, "rule PREC-17 asks for the red lane; its places are used up"));
    assert_int_equal(find(c, 4, 4)->lane, TMG_LANE_BLUE);
    assert_int_equal(find(c, 4, 4)->by, TMG_BY_RULE);
    assert_int_equal(find(c, 4, 1)->lane, TMG_LANE_GREEN);
}

static void rules_leave_places_to_chance(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_selection c[60];
    for (int64_t i = 0; i < 60; i++) {
        c[i] = candidate(i + 1, 1000 - i);
        if (i < 50)
            ask_by_rule(&c[i], TMG_LANE_RED, 1000000, 0);
    }
    c[59].draw = 0;
    choose(c, 60, &(tmg_capacity){10, 0, 0, 20000, 0}, a); /* 2 % of 60 are expected to take 2 places */
    int red_by_rule = 0;
    for (size_t i = 0; i < 60; i++)
        red_by_rule += c[i].lane == TMG_LANE_RED && c[i].by == TMG_BY_RULE;
    assert_int_equal(red_by_rule, 8);
    assert_int_equal(find(c, 60, 60)->lane, TMG_LANE_RED);
    assert_int_equal(find(c, 60, 60)->by, TMG_BY_RANDOM);
}

static void little_known_goods_are_explored_more(void **state)
{
    (void)state;
    tmg_assessment fresh = {0}, known = {0};
    for (int h = 0; h < TMG_HARMS; h++) {
        fresh.harm[h].path_len = known.harm[h].path_len = 1;
        fresh.harm[h].path[0] = (tmg_level){.depth = 4, .n = 1, .bad = 0, .ppb = 50000000};
        known.harm[h].path[0] = (tmg_level){.depth = 4, .n = 400, .bad = 20, .ppb = 50000000};
    }
    assert_true(tmg_uncertainty_ppm(&fresh) > 5 * tmg_uncertainty_ppm(&known));
    /* Both harms: 2 * sqrt(0.05 * 0.95 / 4) */
    assert_in_range(tmg_uncertainty_ppm(&fresh), 217900, 218000);
}

static void exploring_spends_its_budget(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 200; round++) {
        int64_t u[300], e[300], sum = 0;
        size_t n = 40 + (size_t)random_below(&seed, 260);
        for (size_t i = 0; i < n; i++)
            u[i] = 1 + random_below(&seed, 500000);
        tmg_explore_shares(u, n, 10, 20000, e);
        for (size_t i = 0; i < n; i++)
            sum += e[i];
        assert_in_range(sum, 150000000,
                        200000100); /* 2 % of 10 places, the sum of uncertainties rounded up */
    }
    int64_t few[2] = {100, 300}, e[2];
    tmg_explore_shares(few, 2, 1000, 100000, e);
    assert_int_equal(e[1], 250000000); /* never more than a quarter */
    tmg_explore_shares(few, 2, 10, 0, e);
    assert_int_equal(e[0], 0);
}

/* Inspections that were done use up places, but not the chance that others had; who comes later has none. */
static void done_inspections_take_no_chance_away(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_capacity cap = {3, 0, 0, 100000, 0};
    tmg_selection c[12];
    for (int64_t i = 0; i < 10; i++)
        c[i] = candidate(i + 1, 1000 - i);
    c[9].draw = 5;
    choose(c, 10, &cap, a);
    assert_int_equal(find(c, 10, 10)->by, TMG_BY_RANDOM);
    assert_int_equal(find(c, 10, 5)->propensity_ppb, 100000000);
    for (size_t i = 0; i < 10; i++)
        if (c[i].lane == TMG_LANE_RED)
            c[i].state = TMG_SEL_CLOSED;
    c[10] = candidate(11, 1);
    choose(c, 11, &cap, a);
    assert_int_equal(find(c, 11, 5)->propensity_ppb, 100000000);
    assert_int_equal(find(c, 11, 5)->lane, TMG_LANE_GREEN);
    assert_int_equal(find(c, 11, 11)->propensity_ppb, 0);
    cap.red = 1; /* the chief takes places away: the one drawn holds the only place of chance */
    choose(c, 11, &cap, a);
    assert_int_equal(find(c, 11, 5)->propensity_ppb, 5);
}

static void make_day(tmg_selection *c, size_t n, uint64_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        c[i] = candidate((int64_t)i + 1, random_below(seed, 6) == 0 ? 0 : random_below(seed, 100000));
        c[i].draw = random_below(seed, TMG_PPB);
        c[i].rule_draw = random_below(seed, TMG_PPB);
        c[i].uncertainty_ppm = 1 + random_below(seed, 600000);
        if (random_below(seed, 30) == 0) {
            c[i].by = TMG_BY_MANDATORY;
            c[i].why = TMG_SPAN("an instruction (a law)");
        } else if (random_below(seed, 4) == 0) {
            ask_by_rule(&c[i], (tmg_lane)(TMG_LANE_BLUE + random_below(seed, 3)), random_below(seed, 1000001),
                        random_below(seed, TMG_PPB));
        } else if (random_below(seed, 20) == 0) {
            c[i].state = (tmg_sel_state)(TMG_SEL_ORDERED + random_below(seed, 4));
            c[i].lane = (tmg_lane)(TMG_LANE_GREEN + random_below(seed, 4));
        }
    }
}

static tmg_capacity some_capacity(uint64_t *seed)
{
    return (tmg_capacity){random_below(seed, 9), 2, 2, random_below(seed, 400000),
                          random_below(seed, TMG_EXPLORE_MOST_PPM)};
}

static void limits_hold_whatever_rules_and_chance_ask_for(void **state)
{
    (void)state;
    uint64_t seed = 23;
    for (int round = 0; round < 500; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
        tmg_selection c[60];
        size_t n = (size_t)random_below(&seed, 60);
        tmg_capacity cap = some_capacity(&seed);
        int64_t used = 0, red = 0, yellow = 0, blue = 0;
        make_day(c, n, &seed);
        choose(c, n, &cap, a);
        for (size_t i = 0; i < n; i++) {
            bool decided = c[i].state > TMG_SEL_WAITING;
            used += c[i].by == TMG_BY_MANDATORY ||
                    (decided && c[i].state != TMG_SEL_RELEASED &&
                     (c[i].state != TMG_SEL_ESCALATED || c[i].lane == TMG_LANE_RED));
            red += !decided && c[i].by != TMG_BY_MANDATORY && c[i].lane == TMG_LANE_RED;
            yellow += !decided && c[i].lane == TMG_LANE_YELLOW;
            blue += !decided && c[i].lane == TMG_LANE_BLUE;
        }
        assert_true(red == 0 || used + red <= cap.red);
        assert_true(yellow <= cap.yellow && blue <= cap.blue);
    }
}

/* What is stated must be how often one's own draws lead to a red place while all others stay what they are,
 * and must not hang on the own draws. */
static void a_propensity_is_the_chance_of_the_own_draws(void **state)
{
    (void)state;
    enum { ROUNDS = 60, DRAWS = 1500, MOST = 24 };
    uint64_t seed = 41;
    for (int round = 0; round < ROUNDS; round++) {
        tmg_selection day[MOST];
        size_t n = 2 + (size_t)random_below(&seed, MOST - 2), one = (size_t)random_below(&seed, (int64_t)n);
        tmg_capacity cap = some_capacity(&seed);
        make_day(day, n, &seed);
        if (round % 2 == 0 && day[one].by == TMG_BY_NONE)
            ask_by_rule(&day[one], TMG_LANE_RED, 100000 + random_below(&seed, 800000), 0);
        day[one].state = TMG_SEL_OPEN;
        int64_t stated = -1;
        int red = 0;
        TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
        for (int k = 0; k < DRAWS; k++) {
            tmg_selection c[MOST];
            memcpy(c, day, sizeof c);
            c[one].draw = random_below(&seed, TMG_PPB);
            c[one].rule_draw = random_below(&seed, TMG_PPB);
            tmg_arena_reset(a);
            choose(c, n, &cap, a);
            const tmg_selection *s = find(c, n, day[one].consignment_id);
            if (stated >= 0 && s->propensity_ppb != stated)
                fail_msg("round %d: %lld by %s, before %lld", round, (long long)s->propensity_ppb,
                         tmg_selected_by_name(s->by), (long long)stated);
            stated = s->propensity_ppb;
            red += s->lane == TMG_LANE_RED;
        }
        double p = (double)stated / 1e9, sd = sqrt(p * (1 - p) / DRAWS);
        if (fabs((double)red / DRAWS - p) > 4.5 * sd + 1e-9)
            fail_msg("round %d: stated %.6f, was %.6f", round, p, (double)red / DRAWS);
    }
}

/* Over many keys: how often each became red against what was stated, and the weighted count against the
 * whole. */
static void over_many_keys_the_stated_share_is_the_real_one(void **state)
{
    (void)state;
    enum { KEYS = 3000, N = 120 };
    uint64_t seed = 7;
    tmg_selection day[N];
    char refs[N][16];
    double stated[N] = {0}, weighted = 0, squares = 0;
    int red[N] = {0};
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    for (size_t i = 0; i < N; i++) {
        day[i] = candidate((int64_t)i + 1, random_below(&seed, 100000));
        day[i].uncertainty_ppm = 1 + random_below(&seed, 600000);
        (void)snprintf(refs[i], sizeof refs[i], "26AZ%07zu", i);
    }
    /* More are drawn than there are places on many days: 120 * 4 % and exploration for 6 places. */
    tmg_capacity cap = {6, 0, 0, 40000, 100000};
    for (uint32_t k = 0; k < KEYS; k++) {
        uint8_t key[32] = {(uint8_t)k, (uint8_t)(k >> 8), 99};
        tmg_selection c[N];
        double sum = 0;
        memcpy(c, day, sizeof c);
        for (size_t i = 0; i < N; i++)
            c[i].draw = tmg_day_draw(key, tmg_span_of(refs[i]));
        tmg_arena_reset(a);
        choose(c, N, &cap, a);
        for (size_t i = 0; i < N; i++) {
            size_t at = (size_t)c[i].consignment_id - 1;
            double p = (double)c[i].propensity_ppb / 1e9;
            stated[at] += p;
            if (c[i].lane != TMG_LANE_RED)
                continue;
            red[at]++;
            sum += 1 / p;
        }
        weighted += sum;
        squares += sum * sum;
    }
    double all_stated = 0, all_red = 0;
    for (size_t i = 0; i < N; i++) {
        double p = stated[i] / KEYS, sd = sqrt(p * (1 - p) / KEYS);
        if (fabs((double)red[i] / KEYS - p) > 4.5 * sd + 1e-9)
            fail_msg("consignment %zu: stated %.4f, was %.4f", i + 1, p, (double)red[i] / KEYS);
        all_stated += stated[i];
        all_red += red[i];
    }
    assert_true(fabs(all_red / all_stated - 1) < 0.01);
    double mean = weighted / KEYS, se = sqrt((squares / KEYS - mean * mean) / KEYS);
    if (fabs(mean - N) > 4 * se)
        fail_msg("the weighted count comes to %.2f of %d (standard error %.2f)", mean, N, se);
}

static void inspect(tmg_selection *c, size_t n, size_t most)
{
    for (size_t i = 0; i < n && most > 0; i++) {
        if (c[i].lane != TMG_LANE_RED || c[i].state != TMG_SEL_OPEN)
            continue;
        c[i].state = TMG_SEL_CLOSED;
        most--;
    }
}

/* A day in two waves, with inspections between them; some that were drawn first lose their place to later
 * arrivals. What was examined still tells the share of bad ones. */
static void a_day_that_goes_on_is_still_weighed_right(void **state)
{
    (void)state;
    enum { KEYS = 6000, FIRST = 100, N = 160 };
    uint64_t seed = 19;
    tmg_selection day[N];
    bool bad[N];
    double off = 0;
    int told = 0;
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    for (size_t i = 0; i < N; i++) { /* the higher, the worse */
        day[i] = candidate((int64_t)i + 1, 1 + random_below(&seed, 100000));
        bad[i] = random_below(&seed, 150000) < day[i].utility_minor;
    }
    tmg_capacity cap = {16, 0, 0, 60000, 0};
    for (int k = 0; k < KEYS; k++) {
        tmg_selection c[N];
        tmg_sample s[N];
        tmg_estimate e;
        int64_t truth = 0;
        memcpy(c, day, sizeof c);
        for (size_t i = 0; i < N; i++)
            c[i].draw = random_below(&seed, TMG_PPB);
        tmg_arena_reset(a);
        choose(c, FIRST, &cap, a);
        inspect(c, FIRST, 9);
        choose(c, N, &cap, a);
        inspect(c, N, N);
        for (size_t i = 0; i < N; i++) {
            bool found = bad[c[i].consignment_id - 1];
            s[i] = (tmg_sample){c[i].propensity_ppb, c[i].state == TMG_SEL_CLOSED, found};
            truth += found && c[i].propensity_ppb > 0;
        }
        tmg_estimate_rate(s, N, &e);
        if (e.rate.ppm == TMG_NONE)
            continue;
        told++;
        off += (double)e.rate.ppm / 1e6 - (double)truth / (double)e.of;
    }
    print_message("# the share of bad ones is off by %.4f in the mean of %d days\n", off / told, told);
    assert_true(told > KEYS * 9 / 10 && fabs(off / told) < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_comes_before_the_ranking),
        cmocka_unit_test(a_share_of_a_rules_hits_is_drawn),
        cmocka_unit_test(what_rules_cannot_place_red_goes_yellow_first),
        cmocka_unit_test(rules_leave_places_to_chance),
        cmocka_unit_test(little_known_goods_are_explored_more),
        cmocka_unit_test(exploring_spends_its_budget),
        cmocka_unit_test(done_inspections_take_no_chance_away),
        cmocka_unit_test(limits_hold_whatever_rules_and_chance_ask_for),
        cmocka_unit_test(a_propensity_is_the_chance_of_the_own_draws),
        cmocka_unit_test(over_many_keys_the_stated_share_is_the_real_one),
        cmocka_unit_test(a_day_that_goes_on_is_still_weighed_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
