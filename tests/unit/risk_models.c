#include "risk_centre.h"

static void an_assessment_reads_back(void **state)
{
    centre *c = *state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment as, back;
    OK(c, tmg_mind_load(m, c->db, &c->err));
    teach(m, "291524", "IR", 300, 70);
    teach(m, "291521", "TR", 5000, 12);
    tmg_declaration *d = lodge(c, &g, "A1", "291524", "IR");
    tmg_mind_assess(m, d, DAY(3), &as);
    as.model_id = as.model_id > 0 ? as.model_id : 1;
    OK(c, tmg_assessment_save(c->db, &as, &c->err));
    OK(c, tmg_assessment_load(c->db, d->id, &back, &c->err));
    assert_int_equal(back.declaration_id, d->id);
    assert_int_equal(back.as_of_ms, DAY(3));
    assert_int_equal(back.model_id, as.model_id);
    assert_true(back.repeats);
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_harm_view *a = &as.harm[h], *b = &back.harm[h];
        assert_int_equal(a->ppb, b->ppb);
        assert_int_equal(a->raw_ppb, b->raw_ppb);
        assert_int_equal(a->item_no, b->item_no);
        assert_int_equal(a->telling, b->telling);
        assert_int_equal(a->path_len, b->path_len);
        for (size_t i = 0; i < a->path_len; i++) {
            assert_int_equal(a->path[i].depth, b->path[i].depth);
            assert_int_equal(a->path[i].n, b->path[i].n);
            assert_int_equal(a->path[i].bad, b->path[i].bad);
            assert_in_range(b->path[i].ppb - a->path[i].ppb + 500, 0, 1000);
        }
    }
    assert_in_range(count_rows(c, "SELECT max(length(why)) FROM assessment"), 10, 100);
    tmg_mind_free(m);
}

static void harms_led_by_different_groups_read_back(void **state)
{
    centre *c = *state;
    tmg_assessment as = {.declaration_id = 5, .as_of_ms = 9, .model_id = 1}, back;
    as.harm[TMG_FRAUD] = (tmg_harm_view){
        .item_no = 900, .path_len = 2, .telling = 1, .path = {{0, 7, 1, 142857000}, {3, 4, 1, 250000000}}};
    as.harm[TMG_CRITICAL] =
        (tmg_harm_view){.item_no = 2, .path_len = 1, .path = {{0, INT64_C(4000000000), 3, 0}}};
    OK(c, tmg_assessment_save(c->db, &as, &c->err));
    OK(c, tmg_assessment_load(c->db, 5, &back, &c->err));
    assert_false(back.repeats);
    assert_int_equal(back.harm[TMG_FRAUD].item_no, 900);
    assert_int_equal(back.harm[TMG_FRAUD].path[1].depth, 3);
    assert_int_equal(back.harm[TMG_FRAUD].path[1].ppb, 250000000);
    assert_int_equal(back.harm[TMG_CRITICAL].path_len, 1);
    assert_int_equal(back.harm[TMG_CRITICAL].path[0].n, INT64_C(4000000000));
}

static void the_newest_assessment_is_loaded(void **state)
{
    centre *c = *state;
    tmg_assessment as = {.declaration_id = 5, .model_id = 1}, back;
    for (int64_t at = 1; at <= 3; at++) {
        as.as_of_ms = at;
        as.harm[TMG_FRAUD].ppb = at * 100;
        OK(c, tmg_assessment_save(c->db, &as, &c->err));
    }
    OK(c, tmg_assessment_load(c->db, 5, &back, &c->err));
    assert_int_equal(back.harm[TMG_FRAUD].ppb, 300);
    assert_int_equal(tmg_assessment_load(c->db, 6, &back, &c->err), TMG_E_NOT_FOUND);
}

static void damaged_reasons_are_noticed(void **state)
{
    centre *c = *state;
    tmg_assessment as = {.declaration_id = 5, .as_of_ms = 1, .model_id = 1}, back;
    as.harm[TMG_FRAUD] = (tmg_harm_view){.path_len = 1, .path = {{0, 7, 1, 142857000}}};
    static const char *const damages[] = {
        "UPDATE assessment SET why = x'01'", "UPDATE assessment SET why = x'0100'",
        "UPDATE assessment SET why = x''", "UPDATE assessment SET why = x'0100000020'",
        "UPDATE assessment SET why = x'010000000000000007'"};
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        OK(c, tmg_assessment_save(c->db, &as, &c->err));
        OK(c, tmg_db_run(c->db, damages[i], &c->err));
        tmg_rc rc = tmg_assessment_load(c->db, 5, &back, &c->err);
        if (rc != TMG_E_STORE)
            fail_msg("damage %zu gives %s", i, tmg_rc_name(rc));
    }
}

/* Scores of 0.1 and 0.5 were given to 150 consignments each; afterwards half of either turned out bad. */
static void store_history(centre *c, int64_t model_id)
{
    for (int i = 0; i < 300; i++) {
        goods g;
        char ref[16];
        (void)snprintf(ref, sizeof ref, "H%d", i);
        tmg_declaration *d = lodge(c, &g, ref, "291524", "IR");
        tmg_assessment as = {.declaration_id = d->id, .as_of_ms = DAY(10), .model_id = model_id};
        as.harm[TMG_FRAUD].raw_ppb = i < 150 ? 100000000 : 500000000;
        as.harm[TMG_CRITICAL].raw_ppb = 1000000;
        OK(c, tmg_assessment_save(c->db, &as, &c->err));
        as.as_of_ms = DAY(12); /* a later look, when the result was known already: no pair */
        as.harm[TMG_FRAUD].raw_ppb = 900000000;
        OK(c, tmg_assessment_save(c->db, &as, &c->err));
        tmg_result r = result_of(DAY(11), i % 2 == 0, false);
        r.consignment_id = d->consignment_id;
        r.declaration_id = d->id;
        OK(c, tmg_result_save(c->db, &r, 0, &c->err));
    }
}

static void calibration_is_learned_stored_and_loaded(void **state)
{
    centre *c = *state;
    tmg_mind *m = mind_of(plain_chains), *other = mind_of(plain_chains);
    goods g;
    tmg_assessment as;
    OK(c, tmg_mind_load(m, c->db, &c->err));
    tmg_mind_assess(m, goods_of(&g, "080610", "TR"), 0, &as);
    int64_t before = as.model_id;
    assert_true(before > 0);
    assert_int_equal(as.harm[TMG_FRAUD].ppb, 200000000);
    store_history(c, before);
    tmg_mind_advance(m, DAY(10));
    OK(c, tmg_mind_calibrate(m, c->db, &c->err));
    tmg_mind_assess(m, goods_of(&g, "080610", "TR"), DAY(10), &as);
    assert_int_equal(as.harm[TMG_FRAUD].ppb, 200000000); /* on day 10 no result was known */
    tmg_mind_advance(m, DAY(20));
    OK(c, tmg_mind_calibrate(m, c->db, &c->err));
    tmg_mind_assess(m, goods_of(&g, "080610", "TR"), DAY(20), &as);
    assert_true(as.model_id > 0 && as.model_id != before);
    assert_in_range(as.harm[TMG_FRAUD].ppb, 330000000,
                    340000000); /* both were bad half the time: one block at 0.3 */
    assert_int_equal(as.harm[TMG_FRAUD].raw_ppb, 200000000);
    assert_int_equal(as.harm[TMG_CRITICAL].ppb,
                     as.harm[TMG_CRITICAL].raw_ppb); /* none was critical: too little */
    int64_t after = as.model_id;
    OK(c, tmg_mind_load(other, c->db, &c->err));
    tmg_mind_assess(other, goods_of(&g, "080610", "TR"), DAY(20), &as);
    assert_int_equal(as.model_id, after);
    assert_in_range(as.harm[TMG_FRAUD].ppb, 330000000, 340000000);
    tmg_mind_free(m);
    tmg_mind_free(other);
}

static void other_chains_are_another_model(void **state)
{
    centre *c = *state;
    static const char commented[] =
        "; the same with a remark\n[time]\nhalf_life_days = none\n"
        "[harm fraud]\nprior_bad = 0.20\nprior_n = 1\n"
        "[harm critical]\nprior_bad = 0.01\nprior_n = 1\n"
        "[chain goods]\nlevels = hs2|hs4|hs6|departure\nm = 2 2 2 .5\nrepeat = departure\n";
    static const char changed[] =
        "[time]\nhalf_life_days = none\n"
        "[harm fraud]\nprior_bad = 0.2\nprior_n = 1\n"
        "[harm critical]\nprior_bad = 0.01\nprior_n = 1\n"
        "[chain goods]\nlevels = hs2 | hs4 | hs6 | departure\nm = 2 2 2 0.75\nrepeat = departure\n";
    const char *const texts[] = {plain_chains, commented, changed};
    int64_t id[3];
    for (size_t i = 0; i < 3; i++) {
        goods g;
        tmg_assessment as;
        tmg_mind *m = mind_of(texts[i]);
        OK(c, tmg_mind_load(m, c->db, &c->err));
        tmg_mind_assess(m, goods_of(&g, "080610", "TR"), 0, &as);
        id[i] = as.model_id;
        tmg_mind_free(m);
    }
    assert_int_equal(id[0], id[1]);
    assert_int_not_equal(id[0], id[2]);
}

static void stored_results_are_caught_up_once(void **state)
{
    centre *c = *state;
    tmg_mind *m = mind_of(plain_chains);
    goods g;
    tmg_assessment as;
    store_history(c, 1);
    tmg_mind_advance(m, DAY(20));
    OK(c, tmg_mind_catch_up(m, c->db, &c->err));
    OK(c, tmg_mind_catch_up(m, c->db, &c->err));
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), DAY(20), &as);
    assert_int_equal(as.harm[TMG_FRAUD].path[0].n, 300);
    assert_int_equal(as.harm[TMG_FRAUD].path[4].bad, 150);
    tmg_declaration *d = lodge(c, &g, "N1", "291524", "IR");
    tmg_result r = result_of(DAY(20), true, false);
    r.consignment_id = d->consignment_id;
    r.declaration_id = d->id;
    OK(c, tmg_result_save(c->db, &r, 0, &c->err));
    tmg_mind_learn(m, d, &r);
    tmg_mind_learned(m, r.id);
    OK(c, tmg_mind_catch_up(m, c->db, &c->err));
    tmg_mind_assess(m, goods_of(&g, "291524", "IR"), DAY(20), &as);
    assert_int_equal(as.harm[TMG_FRAUD].path[0].n, 301);
    tmg_mind_free(m);
}

#define IN_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_make, centre_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CENTRE(an_assessment_reads_back),
        IN_CENTRE(harms_led_by_different_groups_read_back),
        IN_CENTRE(the_newest_assessment_is_loaded),
        IN_CENTRE(damaged_reasons_are_noticed),
        IN_CENTRE(calibration_is_learned_stored_and_loaded),
        IN_CENTRE(other_chains_are_another_model),
        IN_CENTRE(stored_results_are_caught_up_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
