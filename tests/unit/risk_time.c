/* No score may look ahead.  The checker runs a scorer over a stream twice: once as it was, once with the
 * label of every result turned round that was not yet known at some instant t.  What was said up to t must
 * not change by a bit. */
#include "risk_help.h"

enum { ROWS = 400, INSTANTS = 40 };

typedef struct row {
    const char *hs, *departure;
    int64_t lodged_ms, known_at_ms;
    bool fraud;
} row;

/* Writes the raw probability of every row, as given at its lodging, in ppb. */
typedef void (*scorer)(const row *rows, size_t count, int64_t *ret_ppb);

static void make_rows(row *rows, uint64_t seed)
{
    static const char *const codes[] = {"291524", "291521", "284161", "870120"};
    static const char *const countries[] = {"IR", "TR", "GE"};
    int64_t at = DAY(20000);
    for (size_t i = 0; i < ROWS; i++) {
        at += random_below(&seed, 12 * TMG_HOUR_MS);
        /* some results come at once, most after days */
        int64_t delay = random_below(&seed, 4) == 0 ? random_below(&seed, 2) : random_below(&seed, DAY(20));
        rows[i] = (row){codes[random_below(&seed, 4)], countries[random_below(&seed, 3)], at, at + delay,
                        random_below(&seed, 3) == 0};
    }
}

/* Rows whose score at or before t changed when only later knowledge did. */
static size_t rows_that_looked_ahead(scorer score, uint64_t seed)
{
    row rows[ROWS], turned[ROWS];
    int64_t before[ROWS], after[ROWS];
    size_t caught = 0;
    make_rows(rows, seed);
    score(rows, ROWS, before);
    for (size_t k = 0; k < INSTANTS; k++) {
        int64_t t = rows[random_below(&seed, ROWS)].lodged_ms;
        memcpy(turned, rows, sizeof rows);
        for (size_t i = 0; i < ROWS; i++)
            if (turned[i].known_at_ms > t)
                turned[i].fraud = !turned[i].fraud;
        score(turned, ROWS, after);
        for (size_t i = 0; i < ROWS; i++)
            if (rows[i].lodged_ms <= t && before[i] != after[i])
                caught++;
    }
    return caught;
}

static int64_t ask(tmg_mind *m, const row *r)
{
    goods g;
    tmg_assessment as;
    tmg_mind_assess(m, goods_of(&g, r->hs, r->departure), r->lodged_ms, &as);
    return as.harm[TMG_FRAUD].raw_ppb;
}

static void tell(tmg_mind *m, const row *r, int64_t known_at_ms)
{
    goods g;
    tmg_result result = result_of(known_at_ms, r->fraud, false);
    tmg_mind_learn(m, goods_of(&g, r->hs, r->departure), &result);
}

/* As in operation: score, then hand in the result with the time at which it will be known. */
static void as_it_comes(const row *rows, size_t count, int64_t *ret_ppb)
{
    tmg_mind *m = mind_of(plain_chains);
    for (size_t i = 0; i < count; i++) {
        ret_ppb[i] = ask(m, &rows[i]);
        tell(m, &rows[i], rows[i].known_at_ms);
    }
    tmg_mind_free(m);
}

/* As after a restart: every result of the stream is at hand before the first score is asked for. */
static void all_at_hand(const row *rows, size_t count, int64_t *ret_ppb)
{
    tmg_mind *m = mind_of(plain_chains);
    for (size_t i = count; i > 0; i--)
        tell(m, &rows[i - 1], rows[i - 1].known_at_ms);
    for (size_t i = 0; i < count; i++)
        ret_ppb[i] = ask(m, &rows[i]);
    tmg_mind_free(m);
}

/* Leaks on purpose: takes a result as known when the goods are lodged. */
static void leaks_its_own_label(const row *rows, size_t count, int64_t *ret_ppb)
{
    tmg_mind *m = mind_of(plain_chains);
    for (size_t i = 0; i < count; i++) {
        tell(m, &rows[i], rows[i].lodged_ms);
        ret_ppb[i] = ask(m, &rows[i]);
    }
    tmg_mind_free(m);
}

/* Leaks on purpose: takes results as known a day after lodging whatever their own time. */
static void leaks_the_delay(const row *rows, size_t count, int64_t *ret_ppb)
{
    tmg_mind *m = mind_of(plain_chains);
    for (size_t i = 0; i < count; i++) {
        ret_ppb[i] = ask(m, &rows[i]);
        tell(m, &rows[i], rows[i].lodged_ms + DAY(1));
    }
    tmg_mind_free(m);
}

/* Leaks on purpose: leave-one-out over the whole stream, the future included. */
static void leaks_by_leaving_one_out(const row *rows, size_t count, int64_t *ret_ppb)
{
    for (size_t i = 0; i < count; i++) {
        int64_t n = 0, bad = 0;
        for (size_t j = 0; j < count; j++)
            if (j != i && strcmp(rows[j].hs, rows[i].hs) == 0) {
                n++;
                bad += rows[j].fraud ? 1 : 0;
            }
        ret_ppb[i] = n > 0 ? bad * TMG_PPB / n : 0;
    }
}

static void no_score_looks_ahead(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        assert_int_equal(rows_that_looked_ahead(as_it_comes, seed), 0);
        assert_int_equal(rows_that_looked_ahead(all_at_hand, seed), 0);
    }
}

static void both_ways_of_learning_give_the_same_scores(void **state)
{
    (void)state;
    row rows[ROWS];
    int64_t one[ROWS], other[ROWS];
    make_rows(rows, 11);
    as_it_comes(rows, ROWS, one);
    all_at_hand(rows, ROWS, other);
    /* a result known in the very instant of its lodging is at hand in one and not yet handed in in the other
     */
    size_t same_instant = 0, differ = 0;
    for (size_t i = 0; i < ROWS; i++) {
        same_instant += rows[i].known_at_ms == rows[i].lodged_ms ? 1 : 0;
        differ += one[i] != other[i] ? 1 : 0;
    }
    assert_true(differ <= same_instant);
}

static void the_checker_catches_those_who_do(void **state)
{
    (void)state;
    assert_true(rows_that_looked_ahead(leaks_its_own_label, 1) > 0);
    assert_true(rows_that_looked_ahead(leaks_the_delay, 1) > 0);
    assert_true(rows_that_looked_ahead(leaks_by_leaving_one_out, 1) > 0);
}

static void a_score_says_what_it_knew(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment as;
    tmg_mind_advance(m, DAY(10));
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), DAY(3), &as);
    assert_int_equal(as.as_of_ms, DAY(10));
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), DAY(11), &as);
    assert_int_equal(as.as_of_ms, DAY(11));
    assert_int_equal(tmg_mind_clock(m), DAY(11));
    tmg_mind_free(m);
}

static void a_result_enters_at_the_instant_it_is_known(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment as;
    tmg_result r = result_of(DAY(5), true, false);
    tmg_mind_learn(m, goods_of(&g, "291524", "IR"), &r);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), DAY(5) - 1, &as);
    assert_int_equal(as.harm[TMG_FRAUD].path[0].n, 0);
    assert_false(as.repeats);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), DAY(5), &as);
    assert_int_equal(as.harm[TMG_FRAUD].path[0].n, 1);
    assert_true(as.repeats);
    tmg_mind_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_score_looks_ahead),
        cmocka_unit_test(both_ways_of_learning_give_the_same_scores),
        cmocka_unit_test(the_checker_catches_those_who_do),
        cmocka_unit_test(a_score_says_what_it_knew),
        cmocka_unit_test(a_result_enters_at_the_instant_it_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
