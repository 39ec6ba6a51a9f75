/* The planted schemes: each can be found in the files, goes on in the days ahead, and is named in truth.json
 * only. */
#include "sim_help.h"

static int make_shared(void **state)
{
    tmg_sim_options o = tmg_sim_defaults();
    o.scale_ppm = 20000;
    o.seed = 5;
    world *w = world_make(&o);
    world_read(w);
    *state = w;
    return 0;
}

static int drop_shared(void **state)
{
    world_free(*state);
    return 0;
}

static const tmg_json *scheme_of(const world *w, const char *kind)
{
    const tmg_json *all = tmg_json_member(w->truth, "schemes");
    for (size_t i = 0; i < tmg_json_count(all); i++)
        if (tmg_span_is(text_at(tmg_json_at(all, i), "kind"), kind))
            return tmg_json_at(all, i);
    fail_msg("no scheme %s", kind);
    return NULL;
}

/* Calls visit with each event of the scheme and its declaration, in order. */
static void each_event(const world *w, const char *kind,
                       void (*visit)(const world *w, const tmg_json *event, const tmg_json *declaration,
                                     void *ctx),
                       void *ctx)
{
    const tmg_json *events = tmg_json_member(scheme_of(w, kind), "events");
    for (size_t i = 0; i < tmg_json_count(events); i++) {
        const tmg_json *e = tmg_json_at(events, i);
        visit(w, e, declaration_by_ref(w, text_at(e, "ref")), ctx);
    }
}

static bool flag(const tmg_json *o, const char *key)
{
    return tmg_json_as_bool(tmg_json_member(o, key), false);
}

typedef struct tally {
    size_t history, found, ahead[2];
} tally;

static void count_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    tally *t = ctx;
    const tmg_json *result = tmg_json_member(d, "result");
    if (flag(e, "ahead")) {
        int32_t day = tmg_day_of(when_of(d, "expected"), w->o.offset_min);
        assert_true(when_of(d, "expected") > w->sum.now_ms && when_of(d, "lodged") < w->sum.now_ms);
        assert_null(result);
        t->ahead[day - w->o.today]++;
        return;
    }
    t->history++;
    t->found += flag(e, "found");
    assert_int_equal(flag(e, "controlled"), result != NULL);
    if (flag(e, "found"))
        assert_true(tmg_span_eq(text_at(result, "outcome"), text_at(e, "outcome")));
    if (flag(e, "found") && tmg_json_member(e, "substance") != NULL)
        assert_true(tmg_json_count(tmg_json_member(result, "seized")) == 1);
}

static void every_scheme_has_a_past_with_finds_and_a_future(void **state)
{
    static const char *const kinds[] = {
        "undervaluation_ring", "first_time_consignee", "phoenix_company",         "route_change",
        "office_shopping",     "cover_load",           "precursor_without_permit"};
    const world *w = *state;
    assert_int_equal(7, tmg_json_count(tmg_json_member(w->truth, "schemes")));
    for (size_t i = 0; i < 7; i++) {
        tally t = {0};
        each_event(w, kinds[i], count_event, &t);
        assert_true(t.history >= 8);
        assert_true(t.found >= 2 && t.found < t.history);
        assert_true(t.ahead[0] > 0 && t.ahead[1] > 0);
    }
}

static void the_days_ahead_are_listed_with_their_truth(void **state)
{
    const world *w = *state;
    const tmg_json *ahead = tmg_json_member(w->truth, "ahead");
    size_t planted = 0;
    for (size_t i = 0; i < tmg_json_count(ahead); i++) {
        const tmg_json *b = tmg_json_at(ahead, i);
        assert_true(when_of(declaration_by_ref(w, text_at(b, "ref")), "expected") >=
                    tmg_day_start_ms(w->o.today, w->o.offset_min));
        assert_false(tmg_span_is(text_at(b, "outcome"), "none"));
        planted += tmg_json_member(b, "scheme") != NULL;
    }
    assert_int_equal(16, planted); /* one a day of each scheme, two of the ring */
}

static void no_word_of_the_truth_is_in_the_declarations(void **state)
{
    static const char *const words[] = {"scheme",     "planted",        "truth",      "undervaluation",
                                        "phoenix",    "shopping",       "first_time", "route_change",
                                        "cover_load", "without_permit", "ahead"};
    const world *w = *state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_null(memmem(w->text.ptr, w->text.len, words[i], strlen(words[i])));
}

static int64_t price_of(const world *w, const tmg_json *d)
{
    const tmg_json *it = tmg_json_at(tmg_json_member(d, "items"), 0);
    return milli_at(w, it, "value") * 1000 / milli_at(w, it, "net_kg");
}

static bool has_goods(const tmg_json *d, const char *hs)
{
    return tmg_span_is(text_at(tmg_json_at(tmg_json_member(d, "items"), 0), "hs"), hs);
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void ring_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    const int64_t *usual = ctx;
    (void)e;
    assert_true(price_of(w, d) * 100 < *usual * 65);
}

static void the_ring_declares_far_below_the_usual_price(void **state)
{
    const world *w = *state;
    int64_t *prices = tmg_xcalloc(w->count, sizeof *prices);
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++)
        if (has_goods(w->lines[i], "8517130000") && !tmg_span_is(text_at(w->lines[i], "departure"), "AE"))
            prices[n++] = price_of(w, w->lines[i]);
    assert_true(n > 10);
    qsort(prices, n, sizeof *prices, by_number);
    each_event(w, "undervaluation_ring", ring_event, &prices[n / 2]);
    free(prices);
}

static tmg_span consignee_part(const tmg_json *d, const char *part)
{
    return text_at(tmg_json_member(d, "consignee"), part);
}

typedef struct company_past {
    tmg_span first_code, code, address;
    size_t changes;
} company_past;

static void phoenix_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    company_past *p = ctx;
    (void)w;
    (void)e;
    if (p->first_code.ptr == NULL) {
        p->first_code = p->code = consignee_part(d, "code");
        p->address = consignee_part(d, "address");
    }
    p->changes += !tmg_span_eq(p->code, consignee_part(d, "code"));
    p->code = consignee_part(d, "code");
    assert_true(tmg_span_eq(p->address, consignee_part(d, "address")));
}

static void the_phoenix_changes_its_number_once_and_keeps_its_address(void **state)
{
    company_past p = {0};
    each_event(*state, "phoenix_company", phoenix_event, &p);
    assert_int_equal(1, p.changes);
    assert_false(tmg_span_eq(p.first_code, p.code));
}

typedef struct posts_past {
    bool found, left;
    const char *home;
    size_t after;
} posts_past;

static void post_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    posts_past *p = ctx;
    bool at_home = tmg_span_is(text_at(d, "post"), p->home);
    (void)w;
    p->left = p->left || !at_home;
    if (p->left) {
        assert_false(at_home);
        assert_true(p->found);
        p->after++;
    }
    p->found = p->found || flag(e, "found");
}

static void the_group_leaves_the_post_after_its_seizure(void **state)
{
    posts_past p = {.home = "AZAST001"};
    each_event(*state, "route_change", post_event, &p);
    assert_true(p.after >= 5);
}

static void shopping_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    size_t *in_a_row = ctx;
    (void)w;
    (void)e;
    *in_a_row = tmg_span_is(text_at(d, "post"), "AZMAZ001") ? *in_a_row + 1 : 0;
}

static void the_importer_ends_at_the_lenient_post(void **state)
{
    size_t in_a_row = 0;
    each_event(*state, "office_shopping", shopping_event, &in_a_row);
    assert_true(in_a_row >= 10);
}

static void cover_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    const tmg_json *it = tmg_json_at(tmg_json_member(d, "items"), 0);
    (void)ctx;
    if (!tmg_span_is(text_at(e, "outcome"), "none"))
        assert_true(milli_at(w, it, "gross_kg") * 1000 > milli_at(w, it, "net_kg") * 1055);
}

static void cover_loads_weigh_too_much(void **state)
{
    each_event(*state, "cover_load", cover_event, NULL);
}

static void first_time_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    size_t times = 0;
    (void)ctx;
    for (size_t i = 0; i < w->count; i++)
        times += tmg_span_eq(consignee_part(w->lines[i], "code"), consignee_part(d, "code"));
    assert_int_equal(1, times);
    assert_true(tmg_json_as_i64(tmg_json_member(e, "mass_mg"), 0) >= INT64_C(12000000));
}

static void first_time_consignees_come_once(void **state)
{
    each_event(*state, "first_time_consignee", first_time_event, NULL);
}

static bool has_document(const tmg_json *d, const char *type)
{
    const tmg_json *docs = tmg_json_member(d, "documents");
    for (size_t i = 0; i < tmg_json_count(docs); i++)
        if (tmg_span_is(text_at(tmg_json_at(docs, i), "type"), type))
            return true;
    return false;
}

static void precursor_event(const world *w, const tmg_json *e, const tmg_json *d, void *ctx)
{
    (void)w;
    (void)e;
    (void)ctx;
    assert_false(has_document(d, "PEN") || has_document(d, "LICENCE"));
}

static void planted_precursors_lack_papers_that_legal_ones_have(void **state)
{
    const world *w = *state;
    size_t legal = 0;
    each_event(w, "precursor_without_permit", precursor_event, NULL);
    for (size_t i = 0; i < w->count; i++)
        legal += has_document(w->lines[i], "PEN") && has_document(w->lines[i], "LICENCE");
    assert_true(legal > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scheme_has_a_past_with_finds_and_a_future),
        cmocka_unit_test(the_days_ahead_are_listed_with_their_truth),
        cmocka_unit_test(no_word_of_the_truth_is_in_the_declarations),
        cmocka_unit_test(the_ring_declares_far_below_the_usual_price),
        cmocka_unit_test(the_phoenix_changes_its_number_once_and_keeps_its_address),
        cmocka_unit_test(the_group_leaves_the_post_after_its_seizure),
        cmocka_unit_test(the_importer_ends_at_the_lenient_post),
        cmocka_unit_test(cover_loads_weigh_too_much),
        cmocka_unit_test(first_time_consignees_come_once),
        cmocka_unit_test(planted_precursors_lack_papers_that_legal_ones_have),
    };
    return cmocka_run_group_tests(tests, make_shared, drop_shared);
}
