#include "model/codes.h"
#include "store_sample.h"

/* ---- posts and sources ---- */

static void a_post_is_made_once_and_then_changed(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    home *h = *state;
    tmg_post p = {.code = TMG_SPAN("P1"),
                  .name = TMG_SPAN("First"),
                  .neighbour = TMG_SPAN("GE"),
                  .lat_e7 = -5,
                  .lon_e7 = 1800000000};
    tmg_post back, *all = NULL;
    int64_t id = 0, again = 0;
    size_t count = 0;
    tmg_err err;

    must(tmg_post_save(db, &p, &id, &err), &err);
    p.name = TMG_SPAN("Renamed");
    must(tmg_post_save(db, &p, &again, &err), &err);
    assert_int_equal(id, again);
    must(tmg_post_by_code(db, TMG_SPAN("P1"), h->arena, &back, &err), &err);
    assert_int_equal(back.id, id);
    same_text(back.name, TMG_SPAN("Renamed"));
    same_text(back.neighbour, TMG_SPAN("GE"));
    assert_int_equal(back.lat_e7, -5);
    assert_int_equal(back.lon_e7, 1800000000);
    p = (tmg_post){.code = TMG_SPAN("P0"), .name = TMG_SPAN("Earlier")};
    must(tmg_post_save(db, &p, &id, &err), &err);
    must(tmg_post_list(db, h->arena, &all, &count, &err), &err);
    assert_int_equal(count, 2);
    same_text(all[0].code, TMG_SPAN("P0"));
    assert_null(all[0].neighbour.ptr);
    assert_int_equal(tmg_post_by_code(db, TMG_SPAN("P9"), h->arena, &back, &err), TMG_E_NOT_FOUND);
    p.code = TMG_SPAN("");
    assert_int_equal(tmg_post_save(db, &p, &id, &err), TMG_E_INVALID);
}

static void a_source_counts_and_ends(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_source_counts counts = {.accepted = 10, .unchanged = 2, .amended = 1, .quarantined = 3};
    int64_t id = 0;
    tmg_err err;

    must(tmg_source_begin(db, TMG_SPAN("day.csv"), TMG_SPAN("csv"), (tmg_span){NULL, 0}, 5, &id, &err), &err);
    must(tmg_source_update(db, id, &counts, TMG_NONE, &err), &err);
    assert_int_equal(number(db, "SELECT count(*) FROM source WHERE finished_ms IS NULL AND accepted = 10"),
                     1);
    must(tmg_source_update(db, id, &counts, 9, &err), &err);
    assert_int_equal(
        number(db, "SELECT unchanged * 100 + amended * 10 + quarantined FROM source WHERE finished_ms = 9"),
        213);
    assert_int_equal(tmg_source_update(db, id + 1, &counts, 9, &err), TMG_E_NOT_FOUND);
}

/* ---- results ---- */

static int64_t one_declaration(tmg_db *db, const char *ref)
{
    tmg_saver *saver = tmg_saver_new(db);
    tmg_saved saved;
    sample s;
    tmg_err err;

    sample_fill(&s);
    s.d.ref = tmg_span_of(ref);
    must(tmg_begin(db, &err), &err);
    must(tmg_declaration_save(saver, &s.d, 1, true, &saved, &err), &err);
    must(tmg_commit(db, &err), &err);
    tmg_saver_free(saver);
    return s.d.id;
}

static tmg_result drugs_found(int64_t declaration, tmg_seized *seized)
{
    seized[0] = (tmg_seized){TMG_SPAN("heroin"), 12500001, TMG_NONE};
    seized[1] = (tmg_seized){TMG_SPAN("tablets"), TMG_NONE, 3000};
    return (tmg_result){.consignment_id = declaration,
                        .declaration_id = declaration,
                        .happened_ms = 1000,
                        .known_at_ms = 2000,
                        .outcome = TMG_OUTCOME_DRUGS,
                        .found = {TMG_FOUND_UNKNOWN, TMG_FOUND_YES},
                        .means = TMG_MEANS_XRAY | TMG_MEANS_DOG,
                        .minutes = 95,
                        .recovered_minor = TMG_NONE,
                        .note = TMG_SPAN("in the spare wheel"),
                        .seized = seized,
                        .seized_count = 2};
}

static void same_result(const tmg_result *a, const tmg_result *b)
{
    assert_true(a->id == b->id && a->consignment_id == b->consignment_id &&
                a->declaration_id == b->declaration_id);
    assert_true(a->happened_ms == b->happened_ms && a->known_at_ms == b->known_at_ms &&
                a->outcome == b->outcome);
    assert_true(a->found[0] == b->found[0] && a->found[1] == b->found[1] && a->means == b->means);
    assert_true(a->minutes == b->minutes && a->recovered_minor == b->recovered_minor);
    same_text(a->note, b->note);
    assert_int_equal(a->seized_count, b->seized_count);
    for (size_t i = 0; i < a->seized_count; i++) {
        same_text(a->seized[i].substance, b->seized[i].substance);
        assert_true(a->seized[i].mass_mg == b->seized[i].mass_mg && a->seized[i].count == b->seized[i].count);
    }
}

static void a_result_comes_back_with_what_was_seized(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    home *h = *state;
    tmg_seized seized[2];
    tmg_result *list = NULL;
    size_t count = 0;
    tmg_err err;

    int64_t id = one_declaration(db, "A");
    tmg_result r = drugs_found(id, seized), plain = drugs_found(id, seized);
    must(tmg_result_save(db, &r, 7, &err), &err);
    plain.seized_count = 0;
    plain.happened_ms = 1;
    must(tmg_result_save(db, &plain, 0, &err), &err);
    must(tmg_result_list(db, id, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 2);
    same_result(&plain, &list[0]);
    same_result(&r, &list[1]);
    assert_int_equal(number(db, "SELECT count(*) FROM result WHERE account_id = 7"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM result WHERE account_id IS NULL"), 1);
}

typedef struct seen {
    int64_t last, count, items, stop_at;
} seen;

static tmg_rc visit(void *ctx, const tmg_result *r, const tmg_declaration *d, tmg_err *err)
{
    seen *s = ctx;

    assert_true(r->id > s->last);
    assert_int_equal(r->declaration_id, d->id);
    assert_int_equal(d->party[TMG_CARRIER].code.len, 2);
    s->last = r->id;
    s->count++;
    s->items += (int64_t)d->item_count;
    return r->id == s->stop_at ? TMG_FAIL(err, TMG_E_CONFLICT, "enough") : TMG_OK;
}

static void each_result_is_visited_once_with_its_declaration(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_seized seized[2];
    seen all = {0}, tail = {0}, part = {0};
    int64_t ids[10] = {0};
    char ref[8];
    tmg_err err;

    for (int i = 0; i < 10; i++) {
        snprintf(ref, sizeof ref, "R%d", 9 - i);
        tmg_result r = drugs_found(one_declaration(db, ref), seized);
        must(tmg_result_save(db, &r, 0, &err), &err);
        ids[i] = r.id;
    }
    must(tmg_result_each(db, 0, visit, &all, &err), &err);
    assert_int_equal(all.count, 10);
    assert_int_equal(all.items, 20);
    must(tmg_result_each(db, ids[6], visit, &tail, &err), &err);
    assert_int_equal(tail.count, 3);
    part.stop_at = ids[2];
    assert_int_equal(tmg_result_each(db, 0, visit, &part, &err), TMG_E_CONFLICT);
    assert_int_equal(part.count, 3);
    assert_string_equal(err.text, "enough");
}

/* ---- decisions ---- */

static void decisions_come_back_in_order(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    home *h = *state;
    tmg_decision later = {.consignment_id = 4,
                          .declaration_id = 5,
                          .at_ms = 200,
                          .action = TMG_ACT_RELEASE,
                          .reason = TMG_SPAN("nothing found"),
                          .account_id = 3};
    tmg_decision first = {.consignment_id = 4,
                          .declaration_id = 5,
                          .at_ms = 100,
                          .action = TMG_ACT_INSPECT,
                          .means = TMG_MEANS_DOG,
                          .reason = TMG_SPAN("value far below"),
                          .account_id = 2};
    tmg_decision *list = NULL;
    size_t count = 0;
    tmg_err err;

    must(tmg_decision_save(db, &later, &err), &err);
    must(tmg_decision_save(db, &first, &err), &err);
    must(tmg_decision_list(db, 4, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].id, first.id);
    assert_int_equal(list[0].action, TMG_ACT_INSPECT);
    assert_int_equal(list[0].means, TMG_MEANS_DOG);
    assert_int_equal(list[1].account_id, 3);
    assert_int_equal(list[1].declaration_id, 5);
    same_text(list[1].reason, TMG_SPAN("nothing found"));
    must(tmg_decision_list(db, 5, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 0);
}

/* ---- quarantine ---- */

static void a_quarantined_row_waits_until_it_is_settled(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    home *h = *state;
    tmg_quarantined q = {.at_ms = 9,
                         .line = 17,
                         .field = TMG_SPAN("hs"),
                         .value = TMG_SPAN("99x"),
                         .reason = TMG_SPAN("not a code"),
                         .raw = TMG_SPAN("a,\xff,99x")};
    tmg_quarantined whole = {.at_ms = 9, .line = TMG_NONE, .reason = TMG_SPAN("broken row")};
    tmg_quarantined *list = NULL;
    size_t count = 0;
    tmg_err err;

    must(tmg_source_begin(db, TMG_SPAN("day.csv"), TMG_SPAN("csv"), (tmg_span){NULL, 0}, 5, &q.source_id,
                          &err),
         &err);
    must(tmg_quarantine_add(db, &q, &err), &err);
    must(tmg_quarantine_add(db, &whole, &err), &err);
    int64_t first = q.id;

    must(tmg_quarantine_add(db, &q, &err), &err);
    assert_int_equal(q.id, first); /* the same bytes wait once */
    must(tmg_quarantine_list(db, false, 10, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].line, TMG_NONE);
    assert_int_equal(list[0].raw.len, 0);
    assert_int_equal(list[1].line, 17);
    same_text(list[1].source_name, TMG_SPAN("day.csv"));
    same_text(list[1].field, q.field);
    same_text(list[1].value, q.value);
    same_text(list[1].reason, q.reason);
    same_text(list[1].raw, q.raw);
    assert_false(list[1].settled);

    int64_t id = list[1].id;
    must(tmg_quarantine_settle(db, id, 3, TMG_SPAN("corrected"), &err), &err);
    assert_int_equal(tmg_quarantine_settle(db, id, 3, TMG_SPAN("again"), &err), TMG_E_CONFLICT);
    assert_int_equal(tmg_quarantine_settle(db, 999, 3, TMG_SPAN("x"), &err), TMG_E_NOT_FOUND);
    must(tmg_quarantine_list(db, false, 10, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 1);
    must(tmg_quarantine_list(db, true, 1, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 1);
    must(tmg_quarantine_list(db, true, 10, h->arena, &list, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_true(list[1].settled);
}

/* ---- settings and codes ---- */

static void a_setting_is_kept_replaced_or_absent(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    home *h = *state;
    tmg_span value = TMG_SPAN("untouched");
    tmg_err err;

    must(tmg_setting_get(db, TMG_SPAN("clock"), h->arena, &value, &err), &err);
    assert_null(value.ptr);
    must(tmg_setting_put(db, TMG_SPAN("clock"), TMG_SPAN("1"), &err), &err);
    must(tmg_setting_put(db, TMG_SPAN("clock"), TMG_SPAN("22"), &err), &err);
    must(tmg_setting_get(db, TMG_SPAN("clock"), h->arena, &value, &err), &err);
    assert_true(tmg_span_is(value, "22"));
}

static void a_loaded_list_of_codes_is_spoken(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    int digits = 0;
    tmg_err err;

    must(tmg_codes_load(db, &err), &err);
    assert_non_null(tmg_hs_words(TMG_SPAN("080610"), &digits));
    must(tmg_code_save(db, TMG_SPAN("hs"), TMG_SPAN("0806101000"), TMG_SPAN("first words"), &err), &err);
    must(tmg_code_save(db, TMG_SPAN("hs"), TMG_SPAN("0806101000"), TMG_SPAN("grapes for the table"), &err),
         &err);
    must(tmg_code_save(db, TMG_SPAN("other"), TMG_SPAN("0806101000"), TMG_SPAN("not this"), &err), &err);
    must(tmg_codes_load(db, &err), &err);
    assert_non_null(strstr(tmg_hs_words(TMG_SPAN("0806101000"), &digits), "grapes for the table"));
    assert_int_equal(digits, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(a_post_is_made_once_and_then_changed),
        IN_HOME(a_source_counts_and_ends),
        IN_HOME(a_result_comes_back_with_what_was_seized),
        IN_HOME(each_result_is_visited_once_with_its_declaration),
        IN_HOME(decisions_come_back_in_order),
        IN_HOME(a_quarantined_row_waits_until_it_is_settled),
        IN_HOME(a_setting_is_kept_replaced_or_absent),
        IN_HOME(a_loaded_list_of_codes_is_spoken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
