/* What is said about the whole from a sample: without bias, and with intervals that hold what they promise.
 */
#include "risk_help.h"

#include "risk/choosing.h"

#include <math.h>

enum { FLOW = 3000, ROUNDS = 600 };

/* A flow whose best-looking part is examined for sure and of whose rest each is drawn with a share of its
 * own. */
static int make_flow(uint64_t *seed, tmg_sample *s, double *share)
{
    int bad = 0;
    for (int i = 0; i < FLOW; i++) {
        bool suspect = random_below(seed, 100) < 8;
        bool found = random_below(seed, 1000) < (suspect ? 300 : 50);
        bad += found;
        *share = suspect ? 1 : 0.02 + 0.06 * (double)random_below(seed, 1000) / 1000;
        s[i] = (tmg_sample){.propensity_ppb = suspect ? TMG_PPB : (int64_t)(*share * 1e9),
                            .known = random_below(seed, 1000000) < (int64_t)(*share * 1e6),
                            .found = found};
    }
    return bad;
}

static void intervals_hold_the_truth_as_often_as_they_say(void **state)
{
    (void)state;
    uint64_t seed = 11;
    int held = 0;
    double off = 0;
    static tmg_sample s[FLOW];
    for (int round = 0; round < ROUNDS; round++) {
        double share;
        tmg_estimate e;
        int bad = make_flow(&seed, s, &share);
        int64_t truth = (int64_t)bad * 1000000 / FLOW;
        tmg_estimate_rate(s, FLOW, &e);
        assert_int_equal(e.of, FLOW);
        held += e.rate.low_ppm <= truth && truth <= e.rate.high_ppm;
        off += (double)(e.rate.ppm - truth) / 1e6;
    }
    /* 95 % of 600 are 570, standard deviation 5.3 */
    print_message("# %d of %d intervals hold the truth; mean deviation %.5f\n", held, ROUNDS, off / ROUNDS);
    assert_in_range(held, 552, 590);
    assert_true(fabs(off / ROUNDS) < 0.003);
}

static void what_was_not_examined_has_its_own_rate(void **state)
{
    (void)state;
    uint64_t seed = 12;
    int held = 0;
    static tmg_sample s[FLOW];
    for (int round = 0; round < ROUNDS; round++) {
        double share;
        tmg_estimate all;
        int bad = make_flow(&seed, s, &share), left = 0, found = 0;
        for (int i = 0; i < FLOW; i++) {
            left += !s[i].known;
            found += s[i].known && s[i].found;
        }
        tmg_estimate_rate(s, FLOW, &all);
        tmg_estimate rest = tmg_estimate_rest(&all, left, found);
        int64_t truth = (int64_t)(bad - found) * 1000000 / left;
        assert_int_equal(rest.of, left);
        held += rest.rate.low_ppm <= truth && truth <= rest.rate.high_ppm;
    }
    print_message("# %d of %d intervals hold the truth\n", held, ROUNDS);
    assert_in_range(held, 552, 592);
}

static void what_was_chosen_for_sure_is_counted(void **state)
{
    (void)state;
    tmg_sample s[4] = {
        {TMG_PPB, true, true}, {TMG_PPB, true, false}, {TMG_PPB, true, false}, {0, false, false}};
    tmg_estimate e;
    tmg_estimate_rate(s, 4, &e);
    assert_int_equal(e.of, 3);
    assert_int_equal(e.certain, 3);
    assert_int_equal(e.beyond, 1);
    assert_int_equal(e.rate.ppm, 333333);
    assert_int_equal(e.rate.low_ppm, e.rate.high_ppm);
}

static void without_results_nothing_is_claimed(void **state)
{
    (void)state;
    tmg_sample s[2] = {{20000000, false, false}, {20000000, false, false}};
    tmg_estimate e;
    tmg_estimate_rate(s, 2, &e);
    assert_true(e.rate.ppm == TMG_NONE && e.finds == TMG_NONE);
    assert_int_equal(e.rate.low_ppm, 0);
    assert_int_equal(e.rate.high_ppm, 1000000);
    tmg_estimate_rate(s, 0, &e);
    assert_int_equal(e.of, 0);
    assert_true(e.rate.low_ppm == TMG_NONE);
}

static tmg_outcome_row row_of(int64_t id, int by, int64_t propensity, bool inspected, bool bad)
{
    return (tmg_outcome_row){.consignment_id = id,
                             .post_id = 1,
                             .day = 20500,
                             .lane =
                                 by == TMG_BY_OFFICER || by == TMG_BY_NONE ? TMG_LANE_GREEN : TMG_LANE_RED,
                             .by = by,
                             .propensity_ppb = propensity,
                             .value_minor = 100000,
                             .inspected = inspected,
                             .known_at_ms = inspected ? 1 : TMG_NONE,
                             .waited_ms = TMG_NONE,
                             .found = {inspected ? bad : -1, inspected ? 0 : -1}};
}

static void a_persons_pick_does_not_speak_for_others(void **state)
{
    (void)state;
    tmg_outcome_row rows[3] = {row_of(1, TMG_BY_RANDOM, 500000000, true, false),
                               row_of(2, TMG_BY_OFFICER, 500000000, true, true),
                               row_of(3, TMG_BY_NONE, TMG_NONE, false, false)};
    tmg_sample s[3];
    assert_int_equal(tmg_samples_of(rows, 3, TMG_FRAUD, NULL, NULL, s), 2);
    assert_true(s[0].known && !s[0].found);
    assert_false(s[1].known);
}

/* Probabilities twice as high as what is true are put right by what chance found; the interval holds the
 * truth. */
static void what_if_is_corrected_by_chance(void **state)
{
    (void)state;
    enum { N = 2000, TIMES = 400 };
    static tmg_outcome_row rows[N];
    uint64_t seed = 31;
    int held = 0;
    double off = 0;
    for (int t = 0; t < TIMES; t++) {
        TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
        int64_t truth = 0;
        for (int i = 0; i < N; i++) {
            int64_t stated = 1000000 * random_below(&seed, 200);
            bool bad = random_below(&seed, TMG_PPB) < stated / 2, drawn = random_below(&seed, 10) == 0;
            rows[i] = row_of(i + 1, drawn ? TMG_BY_RANDOM : TMG_BY_NONE, 100000000, drawn, bad);
            rows[i].ppb[TMG_FRAUD] = stated;
            truth += bad;
        }
        tmg_scenario s = {.share_ppm = 1000000};
        tmg_what_if(rows, N, &s, a);
        const tmg_finds *f = &s.found[TMG_FRAUD];
        assert_int_equal(f->checked, TMG_CHECKED_BY_CHANCE);
        int64_t missed = s.missed[TMG_FRAUD].milli; /* what has no probability at all is not chosen */
        off += (double)(f->milli + missed) / 1000 - (double)truth;
        held += f->low_milli + missed <= 1000 * truth && 1000 * truth <= f->high_milli + missed;
    }
    print_message("# %d of %d intervals hold the truth; mean deviation %.2f of 100\n", held, TIMES,
                  off / TIMES);
    assert_true(fabs(off / TIMES) < 4);
    assert_in_range(held, 366, 395);
}

/* People inspect what they suspect: what they found is no measure of the rest, only a bound of it. */
static void what_nobody_drew_is_bounded_by_what_people_found(void **state)
{
    (void)state;
    enum { N = 3000 };
    static tmg_outcome_row rows[N];
    uint64_t seed = 5;
    for (int times = 0; times < 50; times++) {
        TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
        int64_t missed = 0, known = 0;
        for (int i = 0; i < N; i++) {
            int64_t true_ppb = 1000000 * random_below(&seed, 100);
            bool bad = random_below(&seed, TMG_PPB) < true_ppb, seen = random_below(&seed, bad ? 3 : 20) == 0;
            rows[i] = row_of(i + 1, 0, TMG_NONE, seen, bad);
            rows[i].lane = 0;
            rows[i].ppb[TMG_FRAUD] = 4 * true_ppb; /* learned from inspected ones alone */
            missed += bad && !seen;
            known += bad && seen;
        }
        tmg_scenario was = {.as_it_was = true};
        tmg_what_if(rows, N, &was, a);
        const tmg_finds *f = &was.missed[TMG_FRAUD];
        assert_int_equal(was.found[TMG_FRAUD].milli, 1000 * known);
        assert_int_equal(was.found[TMG_FRAUD].checked, TMG_CHECKED_COUNTED);
        assert_int_equal(f->checked, TMG_CHECKED_BY_RESULTS);
        assert_true(f->low_milli == 0 && f->low_milli <= f->milli && f->milli <= f->high_milli);
        assert_true(1000 * missed <= f->high_milli);
        assert_true(f->high_milli < 1000 * INT64_C(1500)); /* half of all would be no bound */
    }
}

static void without_results_what_if_claims_nothing(void **state)
{
    (void)state;
    enum { N = 100 };
    static tmg_outcome_row rows[N];
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    for (int i = 0; i < N; i++) {
        rows[i] = row_of(i + 1, 0, TMG_NONE, i < 20, i < 5);
        rows[i].lane = 0;
        rows[i].ppb[TMG_FRAUD] = TMG_PPB / 10;
    }
    tmg_scenario was = {.as_it_was = true};
    tmg_what_if(rows, N, &was, a);
    const tmg_finds *f = &was.missed[TMG_FRAUD];
    assert_int_equal(f->checked, TMG_CHECKED_NOT);
    assert_int_equal(f->milli, 8000);
    assert_int_equal(f->low_milli, 0);
    assert_int_equal(f->high_milli, 80000);
}

static void more_places_find_more(void **state)
{
    (void)state;
    enum { N = 1000 };
    static tmg_outcome_row rows[N];
    uint64_t seed = 77;
    TMG_AUTO_ARENA a = tmg_arena_new(8 << 20);
    for (int i = 0; i < N; i++) {
        rows[i] = row_of(i + 1, 0, TMG_NONE, true, random_below(&seed, 20) == 0);
        rows[i].lane = 0;
        rows[i].ppb[TMG_FRAUD] = random_below(&seed, TMG_PPB);
        rows[i].day = 20500 + i / 33;
        rows[i].seized_mg = i == 0 ? 5000000 : 0;
    }
    int64_t found = -1;
    for (int64_t share = 30000; share <= 1000000; share = share * 2) {
        tmg_scenario s = {.share_ppm = share, .w_minor = 5000000};
        tmg_what_if(rows, N, &s, a);
        assert_in_range(s.chosen, N * share / 1000000 - 1, N * share / 1000000 + 1);
        assert_true(s.found[TMG_FRAUD].known >= found);
        assert_int_equal(s.found[TMG_FRAUD].milli,
                         1000 * s.found[TMG_FRAUD].known); /* all results are known */
        assert_int_equal(s.seized_mg + s.missed_mg, 5000000);
        found = s.found[TMG_FRAUD].known;
    }
    tmg_scenario was = {.as_it_was = true};
    tmg_what_if(rows, N, &was, a);
    assert_int_equal(was.chosen, N);
    assert_int_equal(was.missed[TMG_FRAUD].milli, 0);
}

static void shares_are_read_as_per_cent(void **state)
{
    (void)state;
    int64_t ppm[3];
    size_t n;
    tmg_err err;
    assert_int_equal(tmg_shares_read(TMG_SPAN("3, 5.5,100"), ppm, 3, &n, &err), TMG_OK);
    assert_int_equal(n, 3);
    assert_int_equal(ppm[1], 55000);
    static const char *const wrong[] = {"0", "101", "x", "1,,2", "1,2,3,4", "-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(tmg_shares_read(tmg_span_of(wrong[i]), ppm, 3, &n, &err), TMG_E_INVALID);
}

static void stability_is_measured_and_its_limit_knows_chance(void **state)
{
    (void)state;
    int64_t same[4] = {100, 200, 300, 400}, before[4] = {1000, 2000, 3000, 4000},
            moved[4] = {400, 300, 200, 100};
    assert_in_range(tmg_psi_ppm(same, before, 4), 0, 1000);
    assert_true(tmg_psi_ppm(moved, before, 4) > tmg_psi_limit_ppm(moved, before, 4));
    uint64_t seed = 3;
    int alarms = 0;
    for (int round = 0; round < 500; round++) { /* nothing moved: an alarm is a false one */
        int64_t r[20] = {0}, b[20] = {0};
        for (int i = 0; i < 150; i++)
            r[random_below(&seed, 20)]++;
        for (int i = 0; i < 900; i++)
            b[random_below(&seed, 20)]++;
        alarms += tmg_psi_ppm(r, b, 20) > tmg_psi_limit_ppm(r, b, 20);
    }
    assert_in_range(alarms, 0, 2);
}

static void finds_against_expectation(void **state)
{
    (void)state;
    enum { N = 400 };
    int64_t ppb[N];
    bool found[N];
    uint64_t seed = 9;
    tmg_hit_watch w;
    int false_alarms = 0;
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < N; i++) {
            ppb[i] = 50000000 + random_below(&seed, 200000000);
            found[i] = random_below(&seed, TMG_PPB) < ppb[i];
        }
        tmg_watch_hits(ppb, found, N, &w);
        false_alarms += w.up_ppm > 5000000 || w.down_ppm > 5000000 || llabs(w.z_ppm) > 3000000;
    }
    assert_in_range(false_alarms, 0, 12);
    for (int i = 0; i < N; i++)
        found[i] = random_below(&seed, TMG_PPB) < ppb[i] * 2;
    tmg_watch_hits(ppb, found, N, &w);
    assert_true(w.up_ppm > 5000000 && w.z_ppm > 3000000);
    for (int i = 0; i < N; i++)
        found[i] = random_below(&seed, TMG_PPB) < ppb[i] / 4;
    tmg_watch_hits(ppb, found, N, &w);
    assert_true(w.down_ppm > 5000000 && w.z_ppm < -3000000);
    tmg_watch_hits(ppb, found, 5, &w);
    assert_true(w.z_ppm == TMG_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
        cmocka_unit_test(what_was_not_examined_has_its_own_rate),
        cmocka_unit_test(what_was_chosen_for_sure_is_counted),
        cmocka_unit_test(without_results_nothing_is_claimed),
        cmocka_unit_test(a_persons_pick_does_not_speak_for_others),
        cmocka_unit_test(what_if_is_corrected_by_chance),
        cmocka_unit_test(what_nobody_drew_is_bounded_by_what_people_found),
        cmocka_unit_test(without_results_what_if_claims_nothing),
        cmocka_unit_test(more_places_find_more),
        cmocka_unit_test(shares_are_read_as_per_cent),
        cmocka_unit_test(stability_is_measured_and_its_limit_knows_chance),
        cmocka_unit_test(finds_against_expectation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
