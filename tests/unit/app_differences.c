/* What is new about a consignment against its party's own past. */
#include "app/app.h"

#include "risk_centre.h"

static const int64_t NOON = INT64_C(1770000000000);

/* Stores one of a consignee's consignments, `days` after the first. */
static tmg_declaration *arrive(centre *c, goods *g, const char *ref, int days, const char *hs,
                               const char *departure, const char *post, int64_t value_minor)
{
    tmg_saved saved;
    tmg_declaration *d = goods_of(g, hs, departure);

    d->ref = tmg_span_of(ref);
    d->post = tmg_span_of(post);
    d->lodged = (tmg_instant){NOON + days * TMG_DAY_MS, 240};
    d->value_minor = value_minor;
    d->party[TMG_CONSIGNEE].code = TMG_SPAN("C-1");
    OK(c, tmg_declaration_save(c->saver, d, c->source_id, false, &saved, &c->err));
    return d;
}

static size_t compare(centre *c, const tmg_declaration *d, tmg_difference found[TMG_MAX_DIFFERENCES])
{
    tmg_past *past = NULL;
    size_t past_count = 0, count = 0;

    OK(c, tmg_party_history(c->db, d->party[TMG_CONSIGNEE].code, TMG_CONSIGNEE, d->lodged.at_ms,
                            TMG_PAST_LOOKED_AT + 1, c->arena, &past, &past_count, &c->err));
    OK(c, tmg_differences(c->db, d, TMG_CONSIGNEE, past, past_count, c->arena, found, &count, &c->err));
    return count;
}

static void assert_words(const tmg_difference *d, const char *what, const char *words)
{
    assert_string_equal(d->what, what);
    if (!tmg_span_is(d->words, words))
        fail_msg("\"%.*s\", expected \"%s\"", TMG_SPAN_ARG(d->words), words);
}

static void add_post(centre *c, const char *code, const char *name)
{
    tmg_post p = {.code = tmg_span_of(code), .name = tmg_span_of(name)};
    int64_t id;

    OK(c, tmg_post_save(c->db, &p, &id, &c->err));
}

static void four_grapes(centre *c)
{
    goods g;

    add_post(c, "AZ002", "Bilasuvar");
    arrive(c, &g, "P1", 0, "080610", "IR", "AZ001", 100000);
    arrive(c, &g, "P2", 1, "080610", "IR", "AZ001", 120000);
    arrive(c, &g, "P3", 2, "080620", "IR", "AZ001", 140000);
    arrive(c, &g, "P4", 3, "070200", "TR", "AZ001", 110000);
}

static void the_first_one_ever_is_said_to_be(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    goods g;
    const tmg_declaration *d = arrive(c, &g, "N1", 0, "080610", "IR", "AZ001", 100000);

    assert_int_equal(compare(c, d, found), 1);
    assert_words(&found[0], "first", "first consignment of this consignee");
    assert_int_equal(found[0].of, 0);
    assert_null(found[0].usual.ptr);
}

static void more_of_the_same_is_no_difference(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    goods g;

    four_grapes(c);
    assert_int_equal(compare(c, arrive(c, &g, "N1", 9, "080690", "TR", "AZ001", 340000), found), 0);
}

static void everything_new_is_told_with_what_is_usual(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    goods g;

    four_grapes(c);
    const tmg_declaration *d = arrive(c, &g, "N1", 9, "291524", "CN", "AZ002", 1150000);

    assert_int_equal(compare(c, d, found), 4);
    assert_words(&found[0], "heading", "first time goods of heading 2915; usually 0806 (3 of 4)");
    assert_words(&found[1], "departure", "first time from CN; usually IR (3 of 4)");
    assert_words(&found[2], "post", "first time at Bilasuvar; usually Astara (4 of 4)");
    assert_words(&found[3], "value", "value 11,500.00 AZN is 10 times the usual 1,150.00 (median of 4)");
    assert_true(tmg_span_is(found[2].now, "AZ002") && tmg_span_is(found[2].usual, "AZ001"));
    assert_true(tmg_span_is(found[3].now, "11500.00") && tmg_span_is(found[3].usual, "1150.00"));
    assert_int_equal(found[0].usual_count, 3);
    assert_int_equal(found[0].of, 4);
}

static void a_value_of_three_times_the_median_is_still_usual(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    goods g;

    four_grapes(c);
    assert_int_equal(compare(c, arrive(c, &g, "N1", 9, "080610", "IR", "AZ001", 345000), found), 0);
    assert_int_equal(compare(c, arrive(c, &g, "N2", 8, "080610", "IR", "AZ001", 345001), found), 1);
}

static void what_comes_later_or_in_another_currency_does_not_count(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    tmg_saved saved;
    goods g;

    four_grapes(c);
    arrive(c, &g, "LATER", 20, "291524", "CN", "AZ001", 100000);
    tmg_declaration *d = goods_of(&g, "291524", "IR");

    d->ref = TMG_SPAN("N1");
    d->post = TMG_SPAN("AZ001");
    d->lodged = (tmg_instant){NOON + 10 * TMG_DAY_MS, 240};
    d->currency = TMG_SPAN("USD");
    d->value_minor = 900000000;
    d->party[TMG_CONSIGNEE].code = TMG_SPAN("C-1");
    OK(c, tmg_declaration_save(c->saver, d, c->source_id, false, &saved, &c->err));
    assert_int_equal(compare(c, d, found), 1);
    assert_string_equal(found[0].what, "heading");
}

static void a_heading_that_was_a_further_item_before_is_not_new(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    tmg_saved saved;
    goods g;
    tmg_declaration *d = goods_of(&g, "080610", "IR");
    tmg_item items[2] = {g.item, g.item};

    items[1].no = 2;
    items[1].hs = TMG_SPAN("291524");
    d->items = items;
    d->item_count = 2;
    d->ref = TMG_SPAN("P1");
    d->post = TMG_SPAN("AZ001");
    d->lodged = (tmg_instant){NOON, 240};
    d->party[TMG_CONSIGNEE].code = TMG_SPAN("C-1");
    OK(c, tmg_declaration_save(c->saver, d, c->source_id, false, &saved, &c->err));
    assert_int_equal(compare(c, arrive(c, &g, "N1", 1, "291590", "IR", "AZ001", 4000000), found), 0);
    assert_int_equal(compare(c, arrive(c, &g, "N2", 2, "330210", "IR", "AZ001", 4000000), found), 1);
    assert_words(&found[0], "heading", "first time goods of heading 3302; before 2915 (1 of 2)");
}

static void a_role_that_is_not_stated_is_passed_over(void **state)
{
    centre *c = *state;
    tmg_difference found[TMG_MAX_DIFFERENCES];
    size_t count = 7;
    goods g;

    OK(c, tmg_differences(c->db, goods_of(&g, "080610", "IR"), TMG_CARRIER, NULL, 0, c->arena, found, &count,
                          &c->err));
    assert_int_equal(count, 0);
}

#define IN_CENTRE(test) cmocka_unit_test_setup_teardown(test, centre_make, centre_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_CENTRE(the_first_one_ever_is_said_to_be),
        IN_CENTRE(more_of_the_same_is_no_difference),
        IN_CENTRE(everything_new_is_told_with_what_is_usual),
        IN_CENTRE(a_value_of_three_times_the_median_is_still_usual),
        IN_CENTRE(what_comes_later_or_in_another_currency_does_not_count),
        IN_CENTRE(a_heading_that_was_a_further_item_before_is_not_new),
        IN_CENTRE(a_role_that_is_not_stated_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
