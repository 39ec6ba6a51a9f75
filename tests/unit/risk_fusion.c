/* Profiles, a learned model, rules and signals as one probability. */
#include "risk_help.h"

#include <math.h>

static const tmg_span rule = TMG_SPAN_INIT("rule");

static tmg_assessment assessed(tmg_mind *m)
{
    goods g;
    tmg_assessment as;

    tmg_mind_assess(m, goods_of(&g, "29152400", "IR"), 1000, &as);
    return as;
}

static tmg_mind *taught_mind(void)
{
    tmg_mind *m = mind_of(plain_chains);

    teach(m, "29152400", "IR", 40, 12);
    teach(m, "61091000", "TR", 200, 10);
    return m;
}

static tmg_evidence said(const char *name, int64_t mdB)
{
    return (tmg_evidence){.sense = rule,
                          .name = tmg_span_of(name),
                          .harms = 1U << TMG_FRAUD,
                          .weight_mdB = mdB,
                          .key = tmg_span_of(name),
                          .words = TMG_SPAN("why")};
}

static double odds_dB(int64_t ppb)
{
    return 10 * log10((double)ppb / (double)(TMG_PPB - ppb));
}

static int64_t sum_of_parts(const tmg_assessment *as, tmg_harm h)
{
    int64_t sum = 0;

    for (size_t i = 0; i < as->part_count; i++)
        if (as->parts[i].harm == h)
            sum += as->parts[i].weight_mdB;
    return sum;
}

static void test_nothing_learned_and_nothing_said_changes_nothing(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_mind *m = taught_mind();
    tmg_fusion *f = tmg_fusion_new();
    tmg_assessment as = assessed(m), before = as;

    (void)state;
    tmg_fusion_apply(f, 0, m, NULL, 0, a, &as);
    for (int h = 0; h < TMG_HARMS; h++) {
        assert_int_equal(as.harm[h].ppb, before.harm[h].ppb);
        assert_int_equal(as.harm[h].joined_ppb, before.harm[h].raw_ppb);
    }
    tmg_fusion_free(f);
    tmg_mind_free(m);
}

static void test_evidence_adds_its_decibels_to_the_harm_it_speaks_of(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_mind *m = taught_mind();
    tmg_fusion *f = tmg_fusion_new();
    tmg_assessment as = assessed(m), before = as;
    tmg_evidence e[] = {said("UP", 7000), said("DOWN", -2000)};

    (void)state;
    tmg_fusion_apply(f, 0, m, e, 2, a, &as);
    assert_true(fabs(odds_dB(as.harm[TMG_FRAUD].ppb) - odds_dB(before.harm[TMG_FRAUD].ppb) - 5) < 1e-4);
    assert_int_equal(as.harm[TMG_CRITICAL].ppb, before.harm[TMG_CRITICAL].ppb);
    assert_true(fabs(odds_dB(as.harm[TMG_FRAUD].ppb) * 1000 - (double)sum_of_parts(&as, TMG_FRAUD)) < 5);
    const tmg_part *last = &as.parts[2];
    assert_true(tmg_span_is(last->name, "DOWN") && last->weight_mdB == -2000 &&
                tmg_span_is(last->words, "why"));
    tmg_fusion_free(f);
    tmg_mind_free(m);
}

static void test_fraud_is_never_less_likely_than_critical(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_mind *m = taught_mind();
    tmg_fusion *f = tmg_fusion_new();
    tmg_assessment as = assessed(m);
    tmg_evidence e = said("SCAN", 120000);

    (void)state;
    e.harms = 1U << TMG_CRITICAL;
    tmg_fusion_apply(f, 0, m, &e, 1, a, &as);
    assert_true(as.harm[TMG_CRITICAL].ppb > 900000000);
    assert_int_equal(as.harm[TMG_FRAUD].ppb, as.harm[TMG_CRITICAL].ppb);
    assert_true(fabs(odds_dB(as.harm[TMG_FRAUD].ppb) * 1000 - (double)sum_of_parts(&as, TMG_FRAUD)) < 5);
    tmg_fusion_free(f);
    tmg_mind_free(m);
}

static void test_learned_terms_join_chains_and_model(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_mind *m = taught_mind();
    tmg_fusion *f = tmg_fusion_new();
    tmg_assessment as = assessed(m);
    const double beta[] = {0.5, 0.75, -0.25}; /* one chain, the model, the constant */
    double term[TMG_MOST_CHAINS + 1];

    (void)state;
    as.harm[TMG_FRAUD].model_ppb = 400000000;
    assert_int_equal(tmg_fusion_terms(&as, TMG_FRAUD, true, term), 2);
    tmg_fusion_set_terms(f, TMG_FRAUD, true, beta, 2);
    tmg_fusion_apply(f, 9, m, NULL, 0, a, &as);
    double z = -0.25 + 0.5 * term[0] + 0.75 * term[1];
    assert_int_equal(as.fusion_id, 9);
    assert_true(fabs((double)as.harm[TMG_FRAUD].ppb / 1e9 - 1 / (1 + exp(-z))) < 2e-9);
    assert_true(fabs(odds_dB(as.harm[TMG_FRAUD].ppb) * 1000 - (double)sum_of_parts(&as, TMG_FRAUD)) < 5);
    /* Without a model these terms do not apply: the profiles stand. */
    as = assessed(m);
    int64_t before = as.harm[TMG_FRAUD].ppb;
    tmg_fusion_apply(f, 9, m, NULL, 0, a, &as);
    assert_int_equal(as.harm[TMG_FRAUD].ppb, before);
    tmg_fusion_free(f);
    tmg_mind_free(m);
}

/* `hits` lessons with one key, of which `bad` are finds where `ppb` was expected. */
static tmg_taught learn_weight(int64_t author_mdB, size_t hits, size_t bad, int64_t ppb)
{
    static const uint32_t key = 0;
    tmg_lesson *lessons = tmg_xcalloc(hits + 1, sizeof *lessons);
    tmg_taught taught = {.key = TMG_SPAN("rule:R"), .author_mdB = author_mdB}, kept;
    tmg_fusion *f = tmg_fusion_new();

    for (size_t i = 0; i < hits; i++)
        lessons[i] = (tmg_lesson){ppb, i < bad, &key, 1};
    tmg_fusion_teach(f, TMG_FRAUD, lessons, hits, &taught, 1);
    assert_true(tmg_fusion_taught(f, TMG_FRAUD, TMG_SPAN("rule:R"), &kept));
    assert_false(tmg_fusion_taught(f, TMG_FRAUD, TMG_SPAN("rule:S"), &kept));
    assert_false(tmg_fusion_taught(f, TMG_CRITICAL, TMG_SPAN("rule:R"), &kept));
    tmg_fusion_free(f);
    free(lessons);
    return taught;
}

static void test_a_weight_leaves_its_author_as_hits_grow(void **state)
{
    (void)state;
    /* One hit says little. */
    assert_true(llabs(learn_weight(10000, 1, 0, 50000000).weight_mdB - 10000) < 2000);
    /* A thousand that were bad as often as expected say that the rule adds nothing. */
    assert_true(llabs(learn_weight(10000, 1000, 50, 50000000).weight_mdB) < 1000);
    /* A thousand of which half were bad, where 5 % were expected: odds of 1 in place of 1/19. */
    assert_true(llabs(learn_weight(0, 1000, 500, 50000000).weight_mdB - 12788) < 300);
    tmg_taught t = learn_weight(3000, 40, 7, 50000000);
    assert_true(t.hits == 40 && t.bad == 7);
}

static void test_two_rules_that_say_the_same_share_the_weight(void **state)
{
    static const uint32_t both[] = {0, 1};
    enum { HITS = 1000 };
    static tmg_lesson lessons[HITS];
    tmg_taught keys[] = {{.key = TMG_SPAN_INIT("rule:A"), .author_mdB = 6000},
                         {.key = TMG_SPAN_INIT("rule:B"), .author_mdB = 6000}};
    tmg_fusion *f = tmg_fusion_new();

    (void)state;
    for (size_t i = 0; i < HITS; i++)
        lessons[i] = (tmg_lesson){100000000, i % 2 == 0, both, 2};
    tmg_fusion_teach(f, TMG_FRAUD, lessons, HITS, keys, 2);
    /* 10 % were expected and 50 % found: 9.5 dB, not twice that. */
    assert_true(llabs(keys[0].weight_mdB + keys[1].weight_mdB - 9542) < 400);
    assert_true(llabs(keys[0].weight_mdB - keys[1].weight_mdB) < 50);
    tmg_fusion_free(f);
}

static void test_a_fusion_read_back_judges_the_same(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF one = {0}, two = {0};
    tmg_mind *m = taught_mind();
    tmg_fusion *f = tmg_fusion_new(), *again = NULL;
    static const double beta[] = {0.7, -0.1};
    static const uint32_t key = 0;
    tmg_lesson lesson = {500000000, true, &key, 1};
    tmg_taught taught = {.key = TMG_SPAN("UP"), .author_mdB = 1000};
    tmg_evidence e = said("UP", 1000);
    int64_t joined[400];
    bool label[400];
    tmg_assessment as = assessed(m), other = as;

    (void)state;
    tmg_fusion_set_terms(f, TMG_FRAUD, false, beta, 1);
    for (size_t i = 0; i < 400; i++) {
        joined[i] = (int64_t)(i + 1) * 2000000;
        label[i] = i % 7 < i / 100;
    }
    tmg_fusion_fit(f, TMG_FRAUD, false, joined, label, 400);
    tmg_fusion_teach(f, TMG_FRAUD, &lesson, 1, &taught, 1);
    tmg_buf_init(&one, 1 << 20);
    tmg_buf_init(&two, 1 << 20);
    tmg_fusion_write(f, &one);
    assert_int_equal(tmg_fusion_read(tmg_buf_as_span(&one), &again, NULL), TMG_OK);
    tmg_fusion_write(again, &two);
    assert_string_equal(one.ptr, two.ptr);
    tmg_fusion_apply(f, 1, m, &e, 1, a, &as);
    tmg_fusion_apply(again, 1, m, &e, 1, a, &other);
    assert_int_equal(as.harm[TMG_FRAUD].ppb, other.harm[TMG_FRAUD].ppb);
    assert_true(as.harm[TMG_FRAUD].ppb != assessed(m).harm[TMG_FRAUD].ppb);
    tmg_fusion_free(f);
    tmg_fusion_free(again);
    tmg_mind_free(m);
}

static void test_an_assessment_keeps_its_parts(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    folder dir = folder_new("centre.db");
    TMG_AUTO_DB db = NULL;
    tmg_mind *m = taught_mind();
    tmg_fusion *f = tmg_fusion_new();
    tmg_evidence e = said("UP", 4321);
    tmg_assessment as = assessed(m), loaded;

    (void)state;
    assert_int_equal(tmg_db_open(dir.file, TMG_DB_CREATE, &db, NULL), TMG_OK);
    as.declaration_id = 5;
    as.harm[TMG_FRAUD].model_ppb = 123456789;
    as.harm[TMG_FRAUD].model_id = 3;
    tmg_fusion_apply(f, 0, m, &e, 1, a, &as);
    assert_int_equal(tmg_begin(db, NULL), TMG_OK);
    assert_int_equal(tmg_assessment_save(db, &as, NULL), TMG_OK);
    assert_int_equal(tmg_commit(db, NULL), TMG_OK);
    assert_int_equal(tmg_assessment_load(db, 5, &loaded, NULL), TMG_OK);
    assert_int_equal(tmg_assessment_parts(db, &loaded, a, NULL), TMG_OK);
    assert_int_equal(loaded.part_count, as.part_count);
    assert_int_equal(loaded.harm[TMG_FRAUD].model_ppb, 123456789);
    assert_int_equal(loaded.harm[TMG_FRAUD].model_id, 3);
    assert_int_equal(loaded.harm[TMG_CRITICAL].model_ppb, TMG_NONE);
    assert_int_equal(loaded.harm[TMG_FRAUD].path[0].ppb, as.harm[TMG_FRAUD].path[0].ppb);
    assert_int_equal(loaded.harm[TMG_FRAUD].chain_ppb[0], as.harm[TMG_FRAUD].chain_ppb[0]);
    assert_int_equal(loaded.parts[1].weight_mdB, 4321);
    assert_int_equal(loaded.parts[1].author_mdB, 4321);
    assert_true(tmg_span_is(loaded.parts[1].key, "UP"));
    tmg_fusion_free(f);
    tmg_mind_free(m);
    tmg_db_close(db);
    db = NULL;
    folder_remove(&dir);
}

static void test_features_of_the_mind_are_what_it_counts(void **state)
{
    tmg_mind *m = taught_mind();
    size_t count = tmg_mind_feature_count(m);
    float *x = tmg_xcalloc(count, sizeof *x);
    TMG_AUTO_BUF name = {0};
    goods g;
    int checked = 0;

    (void)state;
    tmg_buf_init(&name, 256);
    tmg_mind_advance(m, 1000);
    tmg_mind_features(m, goods_of(&g, "29152400", "TR"), 1, x);
    for (size_t i = 0; i < count; i++) {
        tmg_buf_clear(&name);
        tmg_mind_feature_name(m, i, &name);
        if (strcmp(name.ptr, "results of goods/hs6 inspected") == 0)
            checked += x[i] == 40.0F;
        if (strcmp(name.ptr, "results of goods/hs6 fraud finds") == 0)
            checked += x[i] == 12.0F;
        /* Nobody inspected these goods from there: the coarser share stands, and nothing moved. */
        if (strcmp(name.ptr, "results of goods/departure inspected") == 0)
            checked += x[i] == 0.0F;
        if (strcmp(name.ptr, "results of goods/departure fraud step") == 0)
            checked += x[i] == 1.0F;
        if (strcmp(name.ptr, "results of goods/levels known") == 0)
            checked += x[i] == 3.0F;
    }
    assert_int_equal(checked, 5);
    tmg_mind_features(m, &g.d, 77, x);
    for (size_t i = 0; i < count; i++)
        assert_true(isnan(x[i]));
    free(x);
    tmg_mind_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_learned_and_nothing_said_changes_nothing),
        cmocka_unit_test(test_evidence_adds_its_decibels_to_the_harm_it_speaks_of),
        cmocka_unit_test(test_fraud_is_never_less_likely_than_critical),
        cmocka_unit_test(test_learned_terms_join_chains_and_model),
        cmocka_unit_test(test_a_weight_leaves_its_author_as_hits_grow),
        cmocka_unit_test(test_two_rules_that_say_the_same_share_the_weight),
        cmocka_unit_test(test_a_fusion_read_back_judges_the_same),
        cmocka_unit_test(test_an_assessment_keeps_its_parts),
        cmocka_unit_test(test_features_of_the_mind_are_what_it_counts),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
