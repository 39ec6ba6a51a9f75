#include "risk_help.h"

static bool near(double a, double b)
{
    return a - b < 1e-12 && b - a < 1e-12;
}

static tmg_judged row(int32_t day, int64_t raw, int64_t calibrated, bool fraud)
{
    return (tmg_judged){.day = day, .fraud = fraud, .ppb = {calibrated, 0}, .raw_ppb = {raw, 0}};
}

/* Five rows, ranked 1 to 5: bad, good, bad (tied with the good one behind it), good, good. */
static void a_small_case_by_hand(void **state)
{
    (void)state;
    tmg_judged r[5] = {row(1, 100, 100000000, false), row(1, 900, 900000000, true),
                       row(1, 500, 500000000, true), row(2, 500, 500000000, false),
                       row(2, 700, 700000000, false)};
    tmg_evaluation e;
    tmg_evaluate(r, 5, 0, &e);
    assert_int_equal(e.test_rows, 5);
    assert_int_equal(e.test_fraud, 2);
    assert_true(near(e.p_at[0], 1.0)); /* the first row */
    assert_true(near(e.p_at[4], 1.0)); /* ceil(20 % of 5) is still one */
    /* pairs: 900 beats all three good ones, 500 beats 100, ties 500, loses to 700: 4.5 of 6 */
    assert_true(near(e.auc[TMG_FRAUD], 4.5 / 6));
    /* bad ones stand at ranks 1 and 3 */
    assert_true(near(e.ap[TMG_FRAUD], (1.0 + 2.0 / 3) / 2));
    assert_true(near(e.brier[TMG_FRAUD], (0.01 + 0.01 + 0.25 + 0.25 + 0.49) / 5));
    /* bins: 0.1 against 0; 0.5 and 0.5 against 1 of 2; 0.7 against 0; 0.9 against 1 */
    assert_true(near(e.ece[TMG_FRAUD], (0.1 + 0.0 + 0.7 + 0.1) / 5));
    assert_int_equal(e.replay_days, 2);
    assert_int_equal(e.replay_inspected, 2);
    assert_int_equal(e.replay_fraud, 1);
}

static void shares_are_rounded_up(void **state)
{
    (void)state;
    tmg_judged r[101];
    tmg_evaluation e;
    for (int i = 0; i < 101; i++)
        r[i] = (tmg_judged){.fraud = i == 1, .critical = i == 5, .raw_ppb = {1000 - i, 1000 - i}};
    tmg_evaluate(r, 101, 0, &e);
    assert_true(near(e.p_at[0], 0.5));     /* ceil(1.01) = 2 */
    assert_true(near(e.p_at[1], 1.0 / 3)); /* ceil(2.02) = 3 */
    assert_true(near(e.p_at[2], 1.0 / 6)); /* ceil(5.05) = 6 */
    assert_true(near(e.recall_at[0], 0.0));
    assert_true(near(e.recall_at[1], 1.0)); /* the sixth row is within */
}

static void ties_keep_input_order(void **state)
{
    (void)state;
    tmg_judged r[100] = {0};
    tmg_evaluation e;
    r[0].fraud = true;
    tmg_evaluate(r, 100, 0, &e);
    assert_true(near(e.p_at[0], 1.0));
    assert_true(near(e.auc[TMG_FRAUD], 0.5));
    r[0].fraud = false;
    r[99].fraud = true;
    tmg_evaluate(r, 100, 0, &e);
    assert_true(near(e.p_at[0], 0.0));
}

static void the_dial_moves_the_replay(void **state)
{
    (void)state;
    tmg_judged r[40] = {0};
    tmg_evaluation e;
    for (int i = 0; i < 40; i++)
        r[i].day = i / 20;
    for (int day = 0; day < 2; day++) {
        r[day * 20 + 3] = (tmg_judged){.day = day, .fraud = true, .ppb = {800000000, 10000000}};
        r[day * 20 + 9] = (tmg_judged){.day = day, .critical = true, .ppb = {100000000, 400000000}};
    }
    tmg_evaluate(r, 40, 0, &e);
    assert_int_equal(e.replay_inspected, 2);
    assert_int_equal(e.replay_fraud, 2);
    assert_int_equal(e.replay_critical, 0);
    tmg_evaluate(r, 40, 3, &e);
    assert_int_equal(e.replay_fraud, 0);
    assert_int_equal(e.replay_critical, 2);
    assert_true(near(e.replay_w, 3));
}

static void auc_is_the_share_of_pairs_in_order(void **state)
{
    (void)state;
    enum { N = 300 };
    tmg_judged r[N];
    tmg_evaluation e;
    uint64_t seed = 3;
    for (int round = 0; round < 20; round++) {
        int64_t distinct = round % 2 == 0 ? 12 : 1000000, twice = 0, pairs = 0;
        for (int i = 0; i < N; i++)
            r[i] = row(0, random_below(&seed, distinct), 0, random_below(&seed, 4) == 0);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                if (!r[i].fraud || r[j].fraud)
                    continue;
                pairs++;
                twice += r[i].raw_ppb[0] > r[j].raw_ppb[0] ? 2 : r[i].raw_ppb[0] == r[j].raw_ppb[0] ? 1 : 0;
            }
        tmg_evaluate(r, N, 0, &e);
        assert_true(near(e.auc[TMG_FRAUD], (double)twice / (double)(2 * pairs)));
    }
}

static void nothing_to_judge_is_said(void **state)
{
    (void)state;
    tmg_evaluation e;
    tmg_judged r[2] = {row(0, 1, 1, false), row(0, 2, 2, false)};
    tmg_evaluate(NULL, 0, 0, &e);
    assert_true(near(e.p_at[0], -1) && near(e.auc[TMG_FRAUD], -1) && near(e.brier[TMG_FRAUD], -1));
    assert_int_equal(e.replay_days, 0);
    tmg_evaluate(r, 2, 0, &e);
    assert_true(near(e.auc[TMG_FRAUD], -1) && near(e.ap[TMG_FRAUD], -1) && near(e.recall_at[0], -1));
    assert_true(near(e.p_at[0], 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_case_by_hand),
        cmocka_unit_test(shares_are_rounded_up),
        cmocka_unit_test(ties_keep_input_order),
        cmocka_unit_test(the_dial_moves_the_replay),
        cmocka_unit_test(auc_is_the_share_of_pairs_in_order),
        cmocka_unit_test(nothing_to_judge_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
