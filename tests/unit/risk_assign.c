/* Means for a shift: the exact assignment is the best there is, and no slot is given twice. */
#include "risk_help.h"

#include "risk/choosing.h"

static void make_case(uint64_t *seed, tmg_need *t, size_t n, tmg_slots *s, size_t kinds)
{
    for (size_t i = 0; i < n; i++)
        t[i] = (tmg_need){.owner = (int64_t)i,
                          .utility_minor = random_below(seed, 8) == 0 ? 0 : random_below(seed, 200),
                          .means = (unsigned)random_below(seed, 1 << kinds)};
    for (size_t k = 0; k < kinds; k++)
        s[k] = (tmg_slots){1U << k, random_below(seed, 4), 1 + random_below(seed, 90)};
}

static int64_t best_of(const tmg_need *t, size_t n, tmg_slots *s, size_t kinds)
{
    if (n == 0)
        return 0;
    int64_t best = best_of(t + 1, n - 1, s, kinds);
    for (size_t k = 0; k < kinds; k++) {
        if ((t->means & s[k].means) == 0 || s[k].slots == 0)
            continue;
        s[k].slots--;
        int64_t with = tmg_need_worth(t, &s[k]) + best_of(t + 1, n - 1, s, kinds);
        s[k].slots++;
        if (with > best)
            best = with;
    }
    return best;
}

static void check_given(const tmg_need *t, size_t n, const tmg_slots *s, size_t kinds, int64_t claimed)
{
    int64_t sum = 0;
    for (size_t k = 0; k < kinds; k++) {
        int64_t used = 0;
        for (size_t i = 0; i < n; i++)
            if (t[i].given == s[k].means) {
                used++;
                sum += tmg_need_worth(&t[i], &s[k]);
            }
        assert_true(used <= s[k].slots);
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(t[i].given & ~t[i].means, 0);
    assert_int_equal(sum, claimed);
}

static void the_exact_one_is_the_best_there_is(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < 3000; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
        tmg_need t[8];
        tmg_slots s[4];
        size_t n = (size_t)random_below(&seed, 8), kinds = 1 + (size_t)random_below(&seed, 4);
        make_case(&seed, t, n, s, kinds);
        int64_t got = tmg_assign_exact(t, n, s, kinds, a);
        check_given(t, n, s, kinds, got);
        assert_int_equal(got, best_of(t, n, s, kinds));
    }
}

static void the_quick_one_keeps_the_limits_and_half_of_the_best(void **state)
{
    (void)state;
    uint64_t seed = 8;
    int64_t exact = 0, quick = 0;
    for (int round = 0; round < 300; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
        tmg_need t[120];
        tmg_slots s[6];
        make_case(&seed, t, 120, s, 6);
        for (size_t k = 0; k < 6; k++)
            s[k].slots *= 7;
        int64_t best = tmg_assign_exact(t, 120, s, 6, a);
        check_given(t, 120, s, 6, best);
        int64_t got = tmg_assign_greedy(t, 120, s, 6, a);
        check_given(t, 120, s, 6, got);
        assert_true(got <= best && 2 * got >= best);
        exact += best;
        quick += got;
    }
    assert_true(quick < exact); /* or the exact one were for nothing */
}

static void an_xray_goes_where_no_dog_will_do(void **state)
{
    (void)state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_slots s[2] = {{TMG_MEANS_XRAY, 1, 20}, {TMG_MEANS_DOG, 1, 30}};
    tmg_need t[2] = {{.utility_minor = 1000, .means = TMG_MEANS_XRAY | TMG_MEANS_DOG},
                     {.utility_minor = 900, .means = TMG_MEANS_XRAY}};
    (void)tmg_assign_greedy(t, 2, s, 2, a);
    assert_int_equal(t[0].given, TMG_MEANS_XRAY);
    assert_int_equal(t[1].given, 0);
    (void)tmg_assign_exact(t, 2, s, 2, a);
    assert_int_equal(t[0].given, TMG_MEANS_DOG);
    assert_int_equal(t[1].given, TMG_MEANS_XRAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exact_one_is_the_best_there_is),
        cmocka_unit_test(the_quick_one_keeps_the_limits_and_half_of_the_best),
        cmocka_unit_test(an_xray_goes_where_no_dog_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
