#include "risk_help.h"

#include "risk/mind_priv.h"

enum { PAIRS = 1500 };

typedef struct reference_block {
    int64_t raw_sum, n, bad;
} reference_block;

static int by_raw(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a / 2, y = *(const int64_t *)b / 2;
    return (x > y) - (x < y);
}

/* Isotonic regression the slow way: one block to each distinct score, then merge any two neighbours out of
 * order until none is left. */
static size_t slow_blocks(const int64_t *raw, const bool *label, size_t count, reference_block *b)
{
    int64_t *sorted = tmg_xcalloc(count, sizeof *sorted);
    size_t blocks = 0;
    for (size_t i = 0; i < count; i++)
        sorted[i] = raw[i] * 2 + (label[i] ? 1 : 0);
    qsort(sorted, count, sizeof *sorted, by_raw);
    for (size_t i = 0; i < count; i++) {
        int64_t score = sorted[i] / 2;
        if (blocks == 0 || b[blocks - 1].raw_sum / b[blocks - 1].n != score)
            b[blocks++] = (reference_block){0, 0, 0};
        b[blocks - 1].raw_sum += score;
        b[blocks - 1].n++;
        b[blocks - 1].bad += sorted[i] % 2;
    }
    free(sorted);
    for (bool merged = true; merged;) {
        merged = false;
        for (size_t i = 0; i + 1 < blocks && !merged; i++)
            if (b[i].bad * b[i + 1].n >= b[i + 1].bad * b[i].n) {
                b[i].raw_sum += b[i + 1].raw_sum;
                b[i].n += b[i + 1].n;
                b[i].bad += b[i + 1].bad;
                memmove(&b[i + 1], &b[i + 2], (blocks - i - 2) * sizeof *b);
                blocks--;
                merged = true;
            }
    }
    return blocks;
}

static void make_pairs(int64_t *raw, bool *label, size_t count, uint64_t seed, int64_t distinct)
{
    for (size_t i = 0; i < count; i++) {
        raw[i] = random_below(&seed, distinct) * (TMG_PPB / distinct);
        label[i] = random_below(&seed, TMG_PPB) < raw[i] / 2;
    }
}

static void steps_are_those_of_the_slow_reference(void **state)
{
    (void)state;
    static int64_t raw[PAIRS];
    static bool label[PAIRS];
    static reference_block want[PAIRS];
    static const int64_t distinct[] = {3, 40, 700, 1000000};
    for (size_t k = 0; k < 4; k++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            tmg_calibration c = {0};
            make_pairs(raw, label, PAIRS, seed, distinct[k]);
            tmg_calibration_fit(&c, raw, label, PAIRS);
            size_t blocks = slow_blocks(raw, label, PAIRS, want);
            tmg_trend t = tmg_trend_fit(raw, label, PAIRS);
            int64_t least = 0;
            assert_in_range(c.count, blocks, blocks + 1); /* and the highest score */
            for (size_t i = 0; i < blocks; i++) {
                int64_t x = (want[i].raw_sum + want[i].n / 2) / want[i].n;
                double y = ((double)want[i].bad * 1e9 + 16.0 * (double)tmg_trend_at(&t, x)) /
                           ((double)want[i].n + 16);
                least = (int64_t)(y + 0.5) > least ? (int64_t)(y + 0.5) : least;
                assert_int_equal(c.x[i], x);
                assert_in_range(c.y[i], least - 1, least + 1);
            }
            tmg_calibration_done(&c);
        }
}

static void calibrating_keeps_the_order(void **state)
{
    (void)state;
    static int64_t raw[PAIRS];
    static bool label[PAIRS];
    tmg_calibration c = {0};
    make_pairs(raw, label, PAIRS, 5, 300);
    tmg_calibration_fit(&c, raw, label, PAIRS);
    int64_t before = -1;
    for (int64_t p = 0; p <= TMG_PPB;
         p += 20000) { /* twice the step that a ten-thousandth of the slope resolves */
        int64_t now = tmg_calibration_at(&c, p);
        assert_true(now > before);
        assert_true(now >= 0 && now <= TMG_PPB);
        before = now;
    }
    tmg_calibration_done(&c);
}

/* Two points: (0.2, 0.1) and (0.6, 0.9). */
static void points_are_joined_by_straight_lines(void **state)
{
    (void)state;
    int64_t x[] = {200000000, 600000000}, y[] = {100000000, 900000000};
    tmg_calibration c = {x, y, 2};
    assert_int_equal(tmg_calibration_at(&c, 0), 0);
    assert_int_equal(tmg_calibration_at(&c, 100000000),
                     50005000); /* half way up to 0.1, plus 1e-4 of the way to raw */
    assert_int_equal(tmg_calibration_at(&c, 200000000), 100010000);
    assert_int_equal(tmg_calibration_at(&c, 400000000), 499990000);
    assert_int_equal(tmg_calibration_at(&c, 600000000), 899970000);
    assert_int_equal(tmg_calibration_at(&c, 1000000000), 900010000); /* above the last: its frequency */
}

/* 10,000 pairs each at 0.2, of which 1,000 are bad, and at 0.6, of which 9,000 are. */
static void many_pairs_outweigh_the_trend(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    static int64_t raw[MANY];
    static bool label[MANY];
    for (int i = 0; i < MANY; i++) {
        raw[i] = i < MANY / 2 ? 200000000 : 600000000;
        label[i] = i < MANY / 2 ? i < 1000 : i < 19000;
    }
    tmg_calibration c = {0};
    tmg_calibration_fit(&c, raw, label, MANY);
    assert_int_equal(c.count, 2);
    assert_in_range(c.y[0], 99990000, 100010000);
    assert_in_range(c.y[1], 899990000, 900010000);
    tmg_calibration_done(&c);
}

static void the_trend_is_a_line_of_log_odds(void **state)
{
    (void)state;
    enum { EACH = 3000 };
    static int64_t raw[2 * EACH];
    static bool label[2 * EACH];
    tmg_trend t;
    for (int i = 0; i < 2 * EACH; i++) { /* logit 0.2 -> logit 0.5, logit 0.8 -> logit 0.5 + 2 logit 0.8 */
        raw[i] = i < EACH ? 200000000 : 800000000;
        label[i] = i < EACH ? i % 2 == 0 : i % 17 != 0;
    }
    t = tmg_trend_fit(raw, label, 2 * EACH);
    assert_in_range(tmg_trend_at(&t, 200000000), 498000000, 502000000);
    assert_in_range(tmg_trend_at(&t, 800000000), 939000000, 943000000);
    assert_in_range(tmg_trend_at(&t, 500000000), 798000000, 802000000);
    for (int i = 0; i < 2 * EACH; i++) /* scores that say the contrary: no slope rather than a falling one */
        label[i] = !label[i];
    t = tmg_trend_fit(raw, label, 2 * EACH);
    assert_int_equal(tmg_trend_at(&t, 100000000), tmg_trend_at(&t, 900000000));
}

/* 400 pairs as often bad as their scores say, and the five highest all bad. */
static void a_handful_of_finds_is_no_certainty(void **state)
{
    (void)state;
    int64_t raw[405];
    bool label[405];
    tmg_calibration c = {0};
    for (int i = 0; i < 405; i++) {
        raw[i] = i < 400 ? 100000000 + i % 10 * 50000000 : 600000000 + i * 10000;
        label[i] = i >= 400 || i / 10 % 20 < 2 + i % 10;
    }
    tmg_calibration_fit(&c, raw, label, 405);
    int64_t top = tmg_calibration_at(&c, raw[404]);
    assert_in_range(top, 600000000, 800000000);
    assert_true(tmg_calibration_at(&c, raw[400]) < top);
    tmg_calibration_done(&c);
}

static void too_little_is_the_identity(void **state)
{
    (void)state;
    static int64_t raw[PAIRS];
    static bool label[PAIRS];
    tmg_calibration c = {0};
    make_pairs(raw, label, 199, 1, 100);
    tmg_calibration_fit(&c, raw, label, 199);
    assert_int_equal(tmg_calibration_at(&c, 123456789), 123456789);
    make_pairs(raw, label, PAIRS, 1, 100);
    for (size_t i = 0; i < PAIRS; i++)
        label[i] = i < 9; /* nine bad ones say nothing about a curve */
    tmg_calibration_fit(&c, raw, label, PAIRS);
    assert_int_equal(tmg_calibration_at(&c, 123456789), 123456789);
    tmg_calibration_done(&c);
}

static void a_fit_shows_in_the_assessment_and_leaves_the_raw_score(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment before, after;
    int64_t raw[400];
    bool label[400];
    for (int i = 0; i < 400; i++) {
        raw[i] = i < 200 ? 100000000 : 900000000;
        label[i] = i < 200 ? i < 100 : i < 350; /* half of the low ones are bad: scores were too low */
    }
    teach(m, "291524", "IR", 20, 2);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), 1, &before);
    tmg_mind_fit(m, TMG_FRAUD, raw, label, 400);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), 1, &after);
    assert_int_equal(before.harm[TMG_FRAUD].ppb, before.harm[TMG_FRAUD].raw_ppb);
    assert_int_equal(after.harm[TMG_FRAUD].raw_ppb, before.harm[TMG_FRAUD].raw_ppb);
    assert_true(after.harm[TMG_FRAUD].ppb > 400000000);
    assert_int_equal(after.harm[TMG_CRITICAL].ppb, after.harm[TMG_CRITICAL].raw_ppb);
    tmg_mind_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_those_of_the_slow_reference),
        cmocka_unit_test(calibrating_keeps_the_order),
        cmocka_unit_test(points_are_joined_by_straight_lines),
        cmocka_unit_test(many_pairs_outweigh_the_trend),
        cmocka_unit_test(the_trend_is_a_line_of_log_odds),
        cmocka_unit_test(a_handful_of_finds_is_no_certainty),
        cmocka_unit_test(too_little_is_the_identity),
        cmocka_unit_test(a_fit_shows_in_the_assessment_and_leaves_the_raw_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
