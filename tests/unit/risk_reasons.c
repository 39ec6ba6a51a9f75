#include "risk_help.h"

static const char trade_chains[] =
    "[time]\nhalf_life_days = none\n"
    "[harm fraud]\nprior_bad = 0.2\nprior_n = 1\n"
    "[harm critical]\nprior_bad = 0.01\nprior_n = 1\n"
    "[chain goods]\nlevels = hs2 | hs4 | hs6 | departure | net_mass | origin | "
    "tax_rate, tax_type | unit_price\nm = 2 2 2 0.5 0.5 0.5 0.5 0.5\n"
    "[chain consignee]\nlevels = consignee\nm = 20\n";

static void assert_says(tmg_mind *m, const tmg_declaration *d, tmg_harm harm, const char *want)
{
    tmg_assessment as;
    tmg_buf b;
    tmg_buf_init(&b, 1024);
    tmg_mind_assess(m, d, 1, &as);
    tmg_assessment_words(m, &as, d, harm, &b);
    assert_string_equal(b.ptr, want);
    tmg_buf_done(&b);
}

static void the_same_as_data(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_clause c[TMG_MOST_CLAUSES];
    tmg_fact f[TMG_MOST_FACTS];
    tmg_assessment as;
    tmg_declaration *d = goods_of(&g, "291524", "IR");
    tmg_mind_assess(m, d, 1, &as);
    assert_int_equal(tmg_assessment_clauses(&as, TMG_FRAUD, c), 1);
    assert_int_equal(c[0].kind, TMG_NOTHING_YET);
    teach(m, "291524", "IR", 2, 1);
    teach(m, "291521", "TR", 308, 11);
    d = goods_of(&g, "291524", "IR");
    tmg_mind_assess(m, d, 1, &as);
    assert_int_equal(tmg_assessment_clauses(&as, TMG_FRAUD, c), 2);
    assert_int_equal(c[0].kind, TMG_FEW_ALIKE);
    assert_int_equal(c[0].level->n, 2);
    assert_int_equal(c[0].level->bad, 1);
    assert_int_equal(tmg_level_facts(m, d, as.harm[TMG_FRAUD].item_no, c[0].level->depth, f), 2);
    assert_string_equal(f[0].feature, "hs6");
    assert_true(tmg_span_is(f[0].text, "291524"));
    assert_string_equal(f[1].feature, "departure");
    assert_true(tmg_span_is(f[1].text, "IR"));
    assert_int_equal(c[1].kind, TMG_GROUP);
    assert_int_equal(c[1].level->n, 310);
    assert_int_equal(tmg_level_facts(m, d, as.harm[TMG_FRAUD].item_no, c[1].level->depth, f), 1);
    assert_string_equal(f[0].feature, "hs4");
    tmg_mind_free(m);
}

static void many_like_it(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    teach(m, "291524", "IR", 41, 18);
    teach(m, "291524", "TR", 259, 0);
    assert_says(m, goods_of(&g, "291524", "IR"), TMG_FRAUD,
                "of 41 inspected consignments like this 18 were bad (HS 2915.24 + departure IR)");
    assert_says(m, goods_of(&g, "291524", "TR"), TMG_FRAUD,
                "of 259 inspected consignments like this none was bad (HS 2915.24 + departure TR)");
    tmg_mind_free(m);
}

static void one_bad_among_many(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    teach(m, "291524", "IR", 1, 1);
    teach(m, "291524", "IR", 1200, 0);
    teach(m, "870120", "DE", 30, 30);
    assert_says(m, goods_of(&g, "291599", "IR"), TMG_FRAUD,
                "of 1,201 inspected consignments like this 1 was bad (HS 2915)");
    tmg_mind_free(m);
}

static void few_like_it_leans_on_a_broader_group(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    teach(m, "291524", "IR", 2, 1);
    teach(m, "291521", "TR", 308, 11);
    assert_says(m, goods_of(&g, "291524", "IR"), TMG_FRAUD,
                "only 2 inspected consignments like this so far, 1 bad (HS 2915.24 + departure IR); of 310 "
                "in HS 2915 12 "
                "were bad");
    tmg_mind_free(m);
}

static void few_like_it_and_nothing_broader_than_the_whole_flow(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    teach(m, "291524", "IR", 1, 1);
    teach(m, "870120", "DE", 99, 0);
    assert_says(
        m, goods_of(&g, "291524", "TR"), TMG_FRAUD,
        "only 1 inspected consignment like this so far, 1 bad (HS 2915.24); of 100 inspected consignments "
        "overall 1 "
        "was bad");
    tmg_mind_free(m);
}

static void never_seen(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    assert_says(m, goods_of(&g, "291524", "IR"), TMG_FRAUD, "nothing was inspected yet");
    teach(m, "870120", "DE", 1204, 96);
    assert_says(m, goods_of(&g, "291524", "IR"), TMG_FRAUD,
                "nothing like this was inspected yet; of 1,204 inspected consignments overall 96 were bad");
    tmg_mind_free(m);
}

static void every_feature_has_its_words(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(trade_chains);
    goods g;
    tmg_buf b;
    tmg_buf_init(&b, 1024);
    tmg_declaration *d = goods_of(&g, "2915240000", "IR");
    g.item.origin = TMG_SPAN("CN");
    g.item.net_mg = INT64_C(1080500000);
    g.item.tax_rate_bp = 650;
    g.item.tax_type = TMG_SPAN("A");
    d->party[TMG_CONSIGNEE].code = TMG_SPAN("AZ1400000017");
    tmg_level_words(m, d, 1, 8, &b);
    assert_string_equal(
        b.ptr, "HS 2915.24 + departure IR + net mass 1,080.5 kg + origin CN + tax 6.5 % + tax type A + "
               "price 37.00 a kg");
    tmg_buf_clear(&b);
    tmg_level_words(m, d, 1, 9, &b);
    assert_string_equal(b.ptr, "consignee AZ1400000017");
    tmg_buf_clear(&b);
    tmg_level_words(m, d, 1, 1, &b);
    assert_string_equal(b.ptr, "HS 29");
    tmg_buf_clear(&b);
    tmg_level_words(m, d, 1, 0, &b);
    assert_string_equal(b.ptr, "all consignments");
    tmg_buf_clear(&b);
    tmg_level_words(m, goods_of(&g, "2915240000", ""), 1, 5, &b);
    assert_string_equal(b.ptr, "HS 2915.24");
    tmg_buf_done(&b);
    tmg_mind_free(m);
}

static void the_chain_that_moved_most_speaks(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(trade_chains);
    goods g;
    for (int i = 0; i < 100; i++) {
        tmg_declaration *d = goods_of(&g, "870120", "DE");
        d->party[TMG_CONSIGNEE].code = i < 30 ? TMG_SPAN("AZ1") : TMG_SPAN("AZ2");
        tmg_result r = result_of(0, i < 28, false);
        tmg_mind_learn(m, d, &r);
    }
    tmg_declaration *d = goods_of(&g, "080610", "IR");
    d->party[TMG_CONSIGNEE].code = TMG_SPAN("AZ1");
    assert_says(m, d, TMG_FRAUD, "of 30 inspected consignments like this 28 were bad (consignee AZ1)");
    tmg_mind_free(m);
}

static void other_chains_are_named_too(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(trade_chains);
    goods g;
    for (int i = 0; i < 200; i++) {
        tmg_declaration *d = goods_of(&g, i < 50 ? "080610" : "870120", i < 50 ? "IR" : "DE");
        d->party[TMG_CONSIGNEE].code = i % 50 < 10 ? TMG_SPAN("AZ1") : TMG_SPAN("AZ2");
        tmg_result r = result_of(0, i < 50 ? i < 30 : i % 50 < 4, false);
        tmg_mind_learn(m, d, &r);
    }
    tmg_declaration *d = goods_of(&g, "080610", "IR");
    d->party[TMG_CONSIGNEE].code = TMG_SPAN("AZ1");
    assert_says(m, d, TMG_FRAUD,
                "of 50 inspected consignments like this 30 were bad (HS 0806.10 + departure IR + origin IR); "
                "and of 40 with "
                "consignee AZ1 22 were bad");
    tmg_mind_free(m);
}

static void an_item_among_several_is_named(void **state)
{
    (void)state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_item items[2];
    teach(m, "291524", "IR", 12, 9);
    tmg_declaration *d = goods_of(&g, "080610", "IR");
    items[0] = items[1] = g.item;
    items[1].no = 7;
    items[1].hs = TMG_SPAN("291524");
    d->items = items;
    d->item_count = 2;
    /* all that was inspected is of one kind: the first level moves it as much as any */
    assert_says(m, d, TMG_FRAUD,
                "item 7: of 12 inspected consignments like this 9 were bad (HS 2915.24 + departure IR)");
    tmg_mind_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_as_data),
        cmocka_unit_test(many_like_it),
        cmocka_unit_test(one_bad_among_many),
        cmocka_unit_test(few_like_it_leans_on_a_broader_group),
        cmocka_unit_test(few_like_it_and_nothing_broader_than_the_whole_flow),
        cmocka_unit_test(never_seen),
        cmocka_unit_test(every_feature_has_its_words),
        cmocka_unit_test(the_chain_that_moved_most_speaks),
        cmocka_unit_test(other_chains_are_named_too),
        cmocka_unit_test(an_item_among_several_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
