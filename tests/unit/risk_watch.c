/* The daily look for drift, and how groups are treated, over a stored flow. */
#include "risk_centre.h"

#include "risk/choosing.h"

enum { TODAY = 20500 };

static void flow(centre *c, const char *prefix, int count, int32_t day, const char *departure)
{
    goods g;
    for (int i = 0; i < count; i++) {
        tmg_saved saved;
        tmg_declaration *d = goods_of(&g, "291524", departure);
        char ref[32];
        (void)snprintf(ref, sizeof ref, "%s%04d", prefix, i);
        d->ref = tmg_span_of(ref);
        d->post = TMG_SPAN("AZ001");
        d->lodged.at_ms = tmg_day_start_ms(day, 0) + 1000 * (int64_t)i;
        OK(c, tmg_declaration_save(c->saver, d, c->source_id, false, &saved, &c->err));
    }
}

static const tmg_watch_row *about(const tmg_watch_row *rows, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(rows[i].about, what))
            return &rows[i];
    return NULL;
}

static int64_t look(centre *c, int32_t day, tmg_watch_row **rows, size_t *count)
{
    int64_t extra;
    OK(c, tmg_watch_run(c->db, day, 0, c->arena, rows, count, &c->err));
    OK(c, tmg_explore_extra(c->db, &extra, &c->err));
    return extra;
}

static void a_new_mix_is_an_alarm_and_is_explored(void **state)
{
    centre *c = *state;
    tmg_watch_row *rows;
    size_t count;
    flow(c, "B", 400, TODAY - 40, "IR");
    flow(c, "R", 150, TODAY - 5, "IR");
    assert_int_equal(look(c, TODAY, &rows, &count), 0);
    assert_false(about(rows, count, "departure")->alarm);
    flow(c, "N", 150, TODAY - 4, "TR");
    assert_int_equal(look(c, TODAY + 1, &rows, &count), 10000);
    const tmg_watch_row *r = about(rows, count, "departure");
    assert_true(r->alarm && r->value_ppm > r->limit_ppm);
    assert_true(tmg_span_starts(r->words, "most moved: ")); /* half of what arrives */
    assert_false(about(rows, count, "hs2")->alarm);
    assert_int_equal(look(c, TODAY + 1, &rows, &count), 10000); /* once a day */
    for (int32_t day = TODAY + 2; day < TODAY + 9; day++)
        (void)look(c, day, &rows, &count);
    assert_int_equal(look(c, TODAY + 9, &rows, &count), 50000); /* and bounded */
    flow(c, "C", 400, TODAY + 50, "TR");
    flow(c, "D", 150, TODAY + 100, "TR");
    assert_int_equal(look(c, TODAY + 110, &rows, &count), 45000);
    tmg_watch_row *read;
    size_t read_count;
    OK(c, tmg_watch_read(c->db, TODAY + 200, c->arena, &read, &read_count, &c->err));
    assert_int_equal(read_count, count);
    assert_int_equal(read[0].day, TODAY + 110);
}

static void too_little_is_no_look(void **state)
{
    centre *c = *state;
    tmg_watch_row *rows;
    size_t count;
    bool done = true;
    flow(c, "B", 50, TODAY - 40, "IR");
    assert_int_equal(look(c, TODAY, &rows, &count), 0);
    OK(c, tmg_watch_done(c->db, TODAY, &done, &c->err));
    assert_false(done);
}

static tmg_outcome_row member(int64_t id, const char *origin, bool selected, bool bad)
{
    tmg_outcome_row r = {.consignment_id = id,
                         .post_id = 1,
                         .lane = selected ? TMG_LANE_RED : TMG_LANE_GREEN,
                         .by = selected ? TMG_BY_PROFILE : TMG_BY_NONE,
                         .propensity_ppb = selected ? TMG_PPB : 20000000,
                         .inspected = selected,
                         .waited_ms = id * 60000,
                         .found = {selected ? bad : -1, selected ? 0 : -1}};
    (void)snprintf(r.origin, sizeof r.origin, "%s", origin);
    return r;
}

static const tmg_group *group(const tmg_group *g, size_t count, const char *by, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(g[i].by, by) == 0 && tmg_span_is(g[i].name, name))
            return &g[i];
    fail_msg("no group %s %s", by, name);
    return NULL;
}

/* `often` of ten consignments of the group are selected, `bad` of a hundred of them found bad; others: one of
 * ten, thirty. */
static const tmg_group *treated(centre *c, int often, int bad, int size)
{
    enum { OTHERS = 4000 };
    tmg_outcome_row *rows = tmg_alloc_array(c->arena, (size_t)OTHERS + (size_t)size, sizeof *rows);
    tmg_group *g;
    size_t count;
    for (int i = 0; i < OTHERS; i++)
        rows[i] = member(i, "AA", i % 10 == 0, i / 10 % 100 < 30);
    for (int i = 0; i < size; i++)
        rows[OTHERS + i] = member(OTHERS + i, "BB", i % 10 < often, (i / 10) % 100 < bad);
    OK(c, tmg_fairness(c->db, rows, (size_t)OTHERS + (size_t)size, TODAY, 0, c->arena, &g, &count, &c->err));
    return group(g, count, "origin", "BB");
}

static void a_group_stopped_twice_as_often_for_less_is_an_alarm(void **state)
{
    centre *c = *state;
    const tmg_group *g = treated(c, 4, 5, 1000);
    assert_int_equal(g->alert, TMG_ALERT_ALARM);
    assert_int_equal(g->ratio_ppm, 4000000);
    assert_int_equal(g->selected_rate.ppm, 400000);
    assert_int_equal(g->waited_min, 4500);
    assert_int_equal(treated(c, 4, 60, 1000)->alert, TMG_ALERT_NONE);   /* for more */
    assert_int_equal(treated(c, 1, 5, 1000)->alert, TMG_ALERT_NONE);    /* not more often */
    assert_int_equal(treated(c, 4, 0, 20)->alert, TMG_ALERT_NOTICE);    /* too few to be sure */
    assert_int_equal(treated(c, 3, 29, 1000)->alert, TMG_ALERT_NOTICE); /* hardly less */
}

static void small_groups_are_left_out(void **state)
{
    centre *c = *state;
    tmg_outcome_row rows[30];
    tmg_group *g;
    size_t count;
    for (int i = 0; i < 30; i++)
        rows[i] = member(i, i < 10 ? "AA" : "BB", false, false);
    OK(c, tmg_fairness(c->db, rows, 30, TODAY, 0, c->arena, &g, &count, &c->err));
    for (size_t i = 0; i < count; i++)
        assert_false(tmg_span_is(g[i].name, "AA"));
    assert_int_equal(group(g, count, "importer_size", "none")->arrived, 30);
}

static void means_are_kept_by_shift_and_suggested(void **state)
{
    centre *c = *state;
    tmg_slots got[TMG_MEANS_KINDS];
    size_t count;
    bool set;
    uint8_t key[32];
    OK(c, tmg_day_key(c->db, TODAY, key, &set, &c->err));
    tmg_capacity cap = {3, 0, 0, 0, 0};
    OK(c, tmg_capacity_put(c->db, c->post_id, INT32_MIN, &cap, 0, &c->err));
    int64_t ids[3];
    static const char *const refs[] = {"A1", "A2", "A3"};
    for (int i = 0; i < 3; i++) {
        goods g;
        tmg_assessment as = {.harm[TMG_CRITICAL].ppb = 10000000 * (i + 1)};
        tmg_entry e = {.assessment = &as};
        tmg_declaration *d = lodge(c, &g, refs[i], "291524", "IR");
        d->expected_ms = tmg_day_start_ms(TODAY, 0) + 17 * TMG_HOUR_MS;
        OK(c, tmg_selection_enter_as(c->db, d, &e, TODAY, c->post_id, &c->err));
        ids[i] = d->consignment_id;
    }
    tmg_selection s;
    OK(c, tmg_selection_run(c->db, c->post_id, TODAY, &c->err));
    OK(c, tmg_selection_get(c->db, ids[0], c->arena, &s, &c->err));
    assert_int_equal(s.shift, 3);
    assert_int_equal(s.means, TMG_MEANS_DOCUMENTS | TMG_MEANS_XRAY); /* nothing is known to be short */
    tmg_slots slots[] = {{TMG_MEANS_XRAY, 1, 20}, {TMG_MEANS_DOG, 1, 40}, {TMG_MEANS_DOCUMENTS, 5, 15}};
    for (size_t i = 0; i < 3; i++)
        OK(c, tmg_means_put(c->db, c->post_id, INT32_MIN, 3, &slots[i], 0, &c->err));
    OK(c, tmg_means_get(c->db, c->post_id, TODAY, 1, got, &count, &set, &c->err));
    assert_false(set);
    OK(c, tmg_means_get(c->db, c->post_id, TODAY, 3, got, &count, &set, &c->err));
    assert_true(set && count == 3);
    OK(c, tmg_selection_run(c->db, c->post_id, TODAY, &c->err));
    static const unsigned goods_means[] = {0, TMG_MEANS_DOG,
                                           TMG_MEANS_XRAY}; /* the worthiest gets the quickest */
    for (int i = 0; i < 3; i++) {
        OK(c, tmg_selection_get(c->db, ids[i], c->arena, &s, &c->err));
        assert_int_equal(s.means, TMG_MEANS_DOCUMENTS | goods_means[i]);
    }
    slots[0].minutes = 0;
    assert_int_equal(tmg_means_put(c->db, c->post_id, INT32_MIN, 3, &slots[0], 0, &c->err), TMG_E_INVALID);
    slots[1].means = TMG_MEANS_DOG | TMG_MEANS_XRAY;
    assert_int_equal(tmg_means_put(c->db, c->post_id, INT32_MIN, 3, &slots[1], 0, &c->err), TMG_E_INVALID);
}

static void a_rule_enters_with_its_lane_and_share(void **state)
{
    centre *c = *state;
    uint8_t key[32];
    bool is_new;
    goods g;
    tmg_assessment as = {0};
    tmg_entry e = {.assessment = &as,
                   .rule_name = TMG_SPAN("PREC-17"),
                   .rule_lane = TMG_LANE_RED,
                   .rule_share_ppm = 1000000,
                   .means = TMG_MEANS_UNLOADING};
    tmg_selection s;
    OK(c, tmg_day_key(c->db, TODAY, key, &is_new, &c->err));
    tmg_declaration *d = lodge(c, &g, "A1", "291524", "IR");
    OK(c, tmg_selection_enter_as(c->db, d, &e, TODAY, c->post_id, &c->err));
    OK(c, tmg_selection_run(c->db, c->post_id, TODAY, &c->err));
    OK(c, tmg_selection_get(c->db, d->consignment_id, c->arena, &s, &c->err));
    assert_int_equal(s.by, TMG_BY_RULE);
    assert_int_equal(s.rule_draw, tmg_day_rule_draw(key, TMG_SPAN("A1")));
    assert_true(s.rule_draw != s.draw);
    assert_int_equal(s.propensity_ppb, TMG_PPB);
    assert_int_equal(s.means, TMG_MEANS_UNLOADING);
    assert_true(tmg_span_is(s.rule, "PREC-17"));
}

#define IN_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_make, centre_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CENTRE(a_new_mix_is_an_alarm_and_is_explored),
        IN_CENTRE(too_little_is_no_look),
        IN_CENTRE(a_group_stopped_twice_as_often_for_less_is_an_alarm),
        IN_CENTRE(small_groups_are_left_out),
        IN_CENTRE(means_are_kept_by_shift_and_suggested),
        IN_CENTRE(a_rule_enters_with_its_lane_and_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
