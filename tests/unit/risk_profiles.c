#include "risk_help.h"

#include "risk/mind_priv.h"

enum { RESULTS = 3000 };

static const char fading_chains[] = "[time]\nhalf_life_days = 100\nlandmark = 2025-01-01\n"
                                    "[harm fraud]\nprior_bad = 0.2\nprior_n = 1\n"
                                    "[harm critical]\nprior_bad = 0.01\nprior_n = 1\n"
                                    "[chain goods]\nlevels = hs2 | hs4 | hs6 | departure\nm = 2 2 2 0.5\n"
                                    "[chain route]\nlevels = departure\nm = 3\nweight = 0.75\n";
static const char *const codes[] = {"291524", "291521", "284161", "870120", "080610"};
static const char *const countries[] = {"IR", "TR", "GE", "KZ"};
static const int64_t start = INT64_C(1735689600000); /* 2025-01-01 */

typedef struct event {
    const char *hs, *departure;
    int64_t known_at_ms;
    bool fraud, critical;
} event;

static void make_events(event *e, size_t count)
{
    uint64_t seed = 7;
    for (size_t i = 0; i < count; i++)
        e[i] = (event){codes[random_below(&seed, 5)], countries[random_below(&seed, 4)],
                       start + random_below(&seed, DAY(700)), random_below(&seed, 5) == 0,
                       random_below(&seed, 40) == 0};
}

static void shuffle(event *e, size_t count, uint64_t seed)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_below(&seed, (int64_t)i);
        event keep = e[i - 1];
        e[i - 1] = e[j];
        e[j] = keep;
    }
}

/* Every tenth result comes after the clock has moved half way. */
static void learn_all(tmg_mind *m, const event *e, size_t count)
{
    goods g;
    for (size_t i = 0; i < count; i++) {
        if (i == count / 10)
            tmg_mind_advance(m, start + DAY(350));
        tmg_result r = result_of(e[i].known_at_ms, e[i].fraud, e[i].critical);
        tmg_mind_learn(m, goods_of(&g, e[i].hs, e[i].departure), &r);
    }
}

static void assert_same(const tmg_harm_view *a, const tmg_harm_view *b)
{
    assert_int_equal(a->raw_ppb, b->raw_ppb);
    assert_int_equal(a->telling, b->telling);
    assert_int_equal(a->path_len, b->path_len);
    for (size_t i = 0; i < a->path_len; i++) {
        assert_int_equal(a->path[i].ppb, b->path[i].ppb);
        assert_int_equal(a->path[i].n, b->path[i].n);
        assert_int_equal(a->path[i].bad, b->path[i].bad);
    }
}

static void compare(tmg_mind *a, tmg_mind *b)
{
    goods g;
    tmg_assessment x, y;
    for (size_t i = 0; i < 20; i++) {
        const tmg_declaration *d = goods_of(&g, codes[i % 5], countries[i % 4]);
        tmg_mind_assess(a, d, start + DAY(800), &x);
        tmg_mind_assess(b, d, start + DAY(800), &y);
        assert_same(&x.harm[TMG_FRAUD], &y.harm[TMG_FRAUD]);
        assert_same(&x.harm[TMG_CRITICAL], &y.harm[TMG_CRITICAL]);
    }
}

static void scores_do_not_depend_on_the_order_of_results(void **state)
{
    (void)state;
    event *e = tmg_xcalloc(RESULTS, sizeof *e);
    make_events(e, RESULTS);
    tmg_mind *first = mind_of(fading_chains);
    learn_all(first, e, RESULTS);
    for (uint64_t round = 1; round <= 5; round++) {
        shuffle(e, RESULTS, round);
        tmg_mind *other = mind_of(fading_chains);
        learn_all(other, e, RESULTS);
        compare(first, other);
        tmg_mind_free(other);
    }
    tmg_mind_free(first);
    free(e);
}

static void a_result_counts_half_after_one_half_life(void **state)
{
    (void)state;
    tmg_decay d = {.landmark_ms = DAY(18000), .half_life_ms = DAY(720)};
    for (int64_t day = 18000 - 720 * 10; day < 18000 + 720 * 22; day += 720) {
        uint64_t now = tmg_decay_weight(&d, DAY(day)), later = tmg_decay_weight(&d, DAY(day + 720));
        assert_true(later == 2 * now);
    }
    assert_true(tmg_decay_weight(&d, d.landmark_ms) == 65536);
    assert_true(tmg_decay_weight(&d, d.landmark_ms + DAY(360)) == 92682); /* 65536 * sqrt(2) = 92681.9 */
}

static void weights_never_fall_and_never_overflow(void **state)
{
    (void)state;
    tmg_decay d = {.landmark_ms = DAY(18000), .half_life_ms = DAY(30)};
    uint64_t before = 0;
    for (int64_t hour = 0; hour < 24 * 30 * 60; hour++) {
        uint64_t now = tmg_decay_weight(&d, DAY(18000 - 30 * 20) + hour * TMG_HOUR_MS);
        assert_true(now >= before);
        before = now;
    }
    assert_true(tmg_decay_weight(&d, INT64_MAX) == UINT64_C(1) << 40);
    assert_true(tmg_decay_weight(&d, INT64_MIN) == 0);
}

static void old_results_fade_in_the_score(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(fading_chains);
    goods g;
    tmg_assessment soon, late;
    for (int i = 0; i < 20; i++) {
        tmg_result r = result_of(start, true, false);
        tmg_mind_learn(m, goods_of(&g, "291524", "IR"), &r);
    }
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), start + DAY(1), &soon);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), start + DAY(1000), &late);
    assert_true(soon.harm[TMG_FRAUD].raw_ppb > 990000000);
    assert_true(late.harm[TMG_FRAUD].raw_ppb < 600000000);
    assert_int_equal(late.harm[TMG_FRAUD].path[1].n, 20);
    tmg_mind_free(m);
}

static void every_group_keeps_its_own_counts(void **state)
{
    (void)state;
    tmg_profiles t;
    tmg_profiles_init(&t);
    const tmg_found bad[TMG_HARMS] = {TMG_FOUND_YES, TMG_FOUND_UNKNOWN},
                    good[TMG_HARMS] = {TMG_FOUND_NO, TMG_FOUND_NO};
    for (int round = 0; round < 2; round++)
        for (uint64_t i = 1; i <= 60000; i++) {
            uint64_t key = i * UINT64_C(1024); /* low bits alike: they all want the same places */
            tmg_cell_add(tmg_profiles_cell(&t, key), i, round == 0 ? bad : good);
        }
    assert_int_equal(t.used, 60000);
    for (uint64_t i = 1; i <= 60000; i += 7) {
        const tmg_cell *c = tmg_profiles_find(&t, i * UINT64_C(1024));
        assert_non_null(c);
        assert_true(c->n[TMG_FRAUD] == 2 * i && c->bad[TMG_FRAUD] == i);
        assert_true(c->count[TMG_FRAUD] == 2 && c->count_bad[TMG_FRAUD] == 1);
        assert_true(c->count[TMG_CRITICAL] == 1 && c->count_bad[TMG_CRITICAL] == 0);
    }
    assert_null(tmg_profiles_find(&t, 60001 * UINT64_C(1024)));
    tmg_profiles_done(&t);
}

static void a_consignment_counts_once_in_a_group_of_its_items(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_item items[3];
    tmg_declaration *d = goods_of(&g, "291524", "IR");
    for (int32_t i = 0; i < 3; i++) {
        items[i] = g.item;
        items[i].no = i + 1;
        items[i].hs = tmg_span_of(i == 2 ? "291521" : "291524");
    }
    d->items = items;
    d->item_count = 3;
    tmg_result r = result_of(0, true, false);
    tmg_mind_learn(m, d, &r);
    tmg_assessment as;
    tmg_mind_assess(m, goods_of(&g, "291521", "IR"), 1, &as);
    const tmg_harm_view *v = &as.harm[TMG_FRAUD];
    assert_int_equal(v->path_len, 5);
    for (size_t i = 0; i < v->path_len; i++)
        assert_int_equal(v->path[i].n, 1);
    tmg_mind_free(m);
}

static void an_unknown_finding_says_nothing_about_its_harm(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment as;
    tmg_result r = result_of(0, true, false);
    r.found[TMG_CRITICAL] = TMG_FOUND_UNKNOWN;
    tmg_mind_learn(m, goods_of(&g, "291524", "IR"), &r);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), 1, &as);
    assert_int_equal(as.harm[TMG_FRAUD].path_len, 5);
    assert_int_equal(as.harm[TMG_CRITICAL].path_len, 1);
    assert_int_equal(as.harm[TMG_CRITICAL].raw_ppb, 10000000);
    tmg_mind_free(m);
}

/* p = (bad + m*parent) / (n + m), worked by hand: root (2 + 0.2)/(4 + 1) = 0.44, chapter (2 + 0.88)/6 = 0.48,
 * heading (2 + 0.96)/5 = 0.592, subheading (2 + 1.184)/5 = 0.6368, departure (2 + 0.3184)/2.5 = 0.92736. */
static void the_estimate_is_the_published_one(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment as;
    teach(m, "291524", "IR", 2, 2);
    teach(m, "291524", "TR", 1, 0);
    teach(m, "290100", "TR", 1, 0);
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), 1, &as);
    const tmg_harm_view *v = &as.harm[TMG_FRAUD];
    static const int64_t ppb[] = {440000000, 480000000, 592000000, 636800000, 927360000};
    static const int64_t n[] = {4, 4, 3, 3, 2};
    assert_int_equal(v->path_len, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(v->path[i].ppb, ppb[i]);
        assert_int_equal(v->path[i].n, n[i]);
        assert_int_equal(v->path[i].bad, 2);
        assert_int_equal(v->path[i].depth, i);
    }
    assert_int_equal(v->raw_ppb, 927360000);
    assert_int_equal(v->telling, 4);
    tmg_mind_free(m);
}

static void the_worst_item_decides(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_item items[2];
    tmg_assessment as;
    teach(m, "291524", "IR", 10, 9);
    teach(m, "080610", "IR", 10, 0);
    tmg_declaration *d = goods_of(&g, "080610", "IR");
    items[0] = items[1] = g.item;
    items[1].no = 2;
    items[1].hs = TMG_SPAN("291524");
    d->items = items;
    d->item_count = 2;
    tmg_mind_assess(m, d, 1, &as);
    assert_int_equal(as.harm[TMG_FRAUD].item_no, 2);
    assert_true(as.harm[TMG_FRAUD].raw_ppb > 800000000);
    tmg_mind_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_do_not_depend_on_the_order_of_results),
        cmocka_unit_test(a_result_counts_half_after_one_half_life),
        cmocka_unit_test(weights_never_fall_and_never_overflow),
        cmocka_unit_test(old_results_fade_in_the_score),
        cmocka_unit_test(every_group_keeps_its_own_counts),
        cmocka_unit_test(a_consignment_counts_once_in_a_group_of_its_items),
        cmocka_unit_test(an_unknown_finding_says_nothing_about_its_harm),
        cmocka_unit_test(the_estimate_is_the_published_one),
        cmocka_unit_test(the_worst_item_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
