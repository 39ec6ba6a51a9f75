#include "store_sample.h"

static tmg_saved save(tmg_db *db, tmg_saver *s, tmg_declaration *d)
{
    tmg_saved saved = TMG_SAVED_NEW;
    tmg_err err;

    must(tmg_begin(db, &err), &err);
    must(tmg_declaration_save(s, d, 1, true, &saved, &err), &err);
    must(tmg_commit(db, &err), &err);
    return saved;
}

static tmg_declaration load(home *h, tmg_db *db, int64_t id)
{
    tmg_declaration d;
    tmg_err err;

    must(tmg_declaration_load(db, id, h->arena, &d, &err), &err);
    return d;
}

typedef struct desk {
    tmg_db *db;
    tmg_saver *saver;
} desk;

static void desk_done(desk *k)
{
    tmg_saver_free(k->saver);
    tmg_db_close(k->db);
}
#define AUTO_DESK __attribute__((cleanup(desk_done))) desk

static desk desk_of(home *h)
{
    tmg_db *db = home_db(h);

    return (desk){db, tmg_saver_new(db)};
}

static void every_field_comes_back(void **state)
{
    AUTO_DESK k = desk_of(*state);
    tmg_declaration in_force;
    int64_t consignment = 0;
    uint8_t before[16], after[16];
    sample s;
    tmg_err err;

    sample_fill(&s);
    tmg_declaration_digest(&s.d, before);
    assert_int_equal(save(k.db, k.saver, &s.d), TMG_SAVED_NEW);
    assert_int_equal(s.d.version, 1);
    assert_int_equal(s.d.consignment_id, s.d.id);
    tmg_declaration back = load(*state, k.db, s.d.id);
    same_declaration(&s.d, &back);
    tmg_declaration_digest(&back, after);
    assert_memory_equal(before, after, sizeof before);
    must(tmg_consignment_by_ref(k.db, s.d.ref, &consignment, &err), &err);
    must(tmg_consignment_load(k.db, consignment, ((home *)*state)->arena, &in_force, &err), &err);
    same_declaration(&s.d, &in_force);
}

static void what_is_not_stated_stays_not_stated(void **state)
{
    AUTO_DESK k = desk_of(*state);
    tmg_item item = {.no = 1,
                     .hs = TMG_SPAN("0101"),
                     .gross_mg = TMG_NONE,
                     .net_mg = TMG_NONE,
                     .packages = TMG_NONE,
                     .quantity_milli = TMG_NONE,
                     .value_minor = TMG_NONE,
                     .tax_rate_bp = TMG_NONE,
                     .taxes_minor = TMG_NONE};
    tmg_declaration d = {.ref = TMG_SPAN("bare"),
                         .lodged = {-5, -120},
                         .expected_ms = TMG_NONE,
                         .regime = TMG_EXPORT,
                         .post = TMG_SPAN("P"),
                         .currency = TMG_SPAN("XXX"),
                         .value_minor = TMG_NONE,
                         .gross_mg = TMG_NONE,
                         .taxes_minor = TMG_NONE,
                         .items = &item,
                         .item_count = 1};

    save(k.db, k.saver, &d);
    tmg_declaration back = load(*state, k.db, d.id);
    same_declaration(&d, &back);
}

static void the_same_again_changes_nothing(void **state)
{
    AUTO_DESK k = desk_of(*state);
    sample first, again;

    sample_fill(&first);
    sample_fill(&again);
    save(k.db, k.saver, &first.d);
    again.d.known_at_ms += 5000;
    assert_int_equal(save(k.db, k.saver, &again.d), TMG_SAVED_UNCHANGED);
    assert_int_equal(again.d.id, first.d.id);
    assert_int_equal(again.d.consignment_id, first.d.consignment_id);
    assert_int_equal(number(k.db, "SELECT count(*) FROM declaration"), 1);
    assert_int_equal(number(k.db, "SELECT count(*) FROM item"), 2);
}

static void an_amendment_is_the_next_version_and_the_old_one_is_kept(void **state)
{
    AUTO_DESK k = desk_of(*state);
    home *h = *state;
    tmg_version *versions = NULL;
    tmg_declaration in_force;
    size_t count = 0;
    sample one, two, three;
    tmg_err err;

    sample_fill(&one);
    sample_fill(&two);
    sample_fill(&three);
    save(k.db, k.saver, &one.d);
    two.items[0].net_mg -= 1;
    two.d.known_at_ms += 1000;
    assert_int_equal(save(k.db, k.saver, &two.d), TMG_SAVED_AMENDED);
    three.d.item_count = 1;
    three.d.known_at_ms += 2000;
    assert_int_equal(save(k.db, k.saver, &three.d), TMG_SAVED_AMENDED);
    assert_int_equal(three.d.version, 3);
    assert_int_equal(three.d.consignment_id, one.d.id);

    tmg_declaration old = load(h, k.db, one.d.id), middle = load(h, k.db, two.d.id);
    same_declaration(&one.d, &old);
    same_declaration(&two.d, &middle);
    must(tmg_consignment_load(k.db, one.d.id, h->arena, &in_force, &err), &err);
    same_declaration(&three.d, &in_force);
    must(tmg_consignment_versions(k.db, one.d.id, h->arena, &versions, &count, &err), &err);
    assert_int_equal(count, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(versions[i].version, i + 1);
    assert_int_equal(versions[1].declaration_id, two.d.id);
    assert_int_equal(versions[2].known_at_ms, three.d.known_at_ms);
    assert_int_equal(number(k.db, "SELECT superseded_at_ms FROM declaration WHERE version = 1"),
                     two.d.known_at_ms);
    assert_int_equal(number(k.db, "SELECT count(*) FROM declaration WHERE superseded_at_ms IS NULL"), 1);
}

static void going_back_to_an_earlier_text_is_a_version_of_its_own(void **state)
{
    AUTO_DESK k = desk_of(*state);
    sample one, two, back;

    sample_fill(&one);
    sample_fill(&two);
    sample_fill(&back);
    two.d.vehicle = TMG_SPAN("99ZZ999");
    save(k.db, k.saver, &one.d);
    save(k.db, k.saver, &two.d);
    assert_int_equal(save(k.db, k.saver, &back.d), TMG_SAVED_AMENDED);
    assert_int_equal(back.d.version, 3);
}

static void an_unknown_post_is_refused_unless_it_may_be_made(void **state)
{
    AUTO_DESK k = desk_of(*state);
    tmg_saved saved;
    sample s;
    tmg_err err;

    sample_fill(&s);
    must(tmg_begin(k.db, &err), &err);
    assert_int_equal(tmg_declaration_save(k.saver, &s.d, 1, false, &saved, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "AZ-YLM"));
    assert_int_equal(s.d.id, 0);
    tmg_post p = {.code = TMG_SPAN("AZ-YLM"), .name = TMG_SPAN("Yalama")};
    int64_t id = 0;
    must(tmg_post_save(k.db, &p, &id, &err), &err);
    must(tmg_declaration_save(k.saver, &s.d, 1, false, &saved, &err), &err);
    must(tmg_commit(k.db, &err), &err);
    assert_int_equal(number(k.db, "SELECT count(*) FROM post"), 1);
}

static void saving_outside_a_transaction_is_refused(void **state)
{
    AUTO_DESK k = desk_of(*state);
    tmg_saved saved;
    sample s;
    tmg_err err;

    sample_fill(&s);
    assert_int_equal(tmg_declaration_save(k.saver, &s.d, 1, true, &saved, &err), TMG_E_STORE);
}

/* ---- parties ---- */

static void a_party_learns_what_it_did_not_say_before_and_each_version_keeps_its_own_words(void **state)
{
    AUTO_DESK k = desk_of(*state);
    sample silent, named, renamed;

    sample_fill(&silent);
    sample_fill(&named);
    sample_fill(&renamed);
    silent.d.party[TMG_CONSIGNEE] = (tmg_party){.code = TMG_SPAN("C2")};
    named.d.ref = TMG_SPAN("26AZ0002");
    renamed.d.ref = TMG_SPAN("26AZ0003");
    renamed.d.party[TMG_CONSIGNEE].name = TMG_SPAN("Quite Another Name");
    save(k.db, k.saver, &silent.d);
    assert_int_equal(number(k.db, "SELECT count(*) FROM party WHERE code = 'C2' AND name IS NULL"), 1);
    save(k.db, k.saver, &named.d);
    assert_true(tmg_span_is(words(k.db, "SELECT name FROM party WHERE code = 'C2'"), "Buyer Two"));
    save(k.db, k.saver, &renamed.d);
    assert_true(tmg_span_is(words(k.db, "SELECT name FROM party WHERE code = 'C2'"), "Buyer Two"));
    assert_int_equal(number(k.db, "SELECT count(*) FROM party"), 4);

    tmg_declaration a = load(*state, k.db, silent.d.id), b = load(*state, k.db, renamed.d.id);
    assert_true(tmg_span_is(a.party[TMG_CONSIGNEE].name, "Buyer Two"));
    same_declaration(&renamed.d, &b);
}

static void a_party_without_a_code_keeps_its_name(void **state)
{
    AUTO_DESK k = desk_of(*state);
    sample s;

    sample_fill(&s);
    s.d.party[TMG_CONSIGNOR] = (tmg_party){.name = TMG_SPAN("Someone abroad"), .country = TMG_SPAN("UZ")};
    save(k.db, k.saver, &s.d);
    tmg_declaration back = load(*state, k.db, s.d.id);
    same_declaration(&s.d, &back);
}

static void ids_learnt_in_what_was_rolled_back_are_not_used(void **state)
{
    AUTO_DESK k = desk_of(*state);
    tmg_saved saved;
    sample lost, kept;
    tmg_err err;

    sample_fill(&lost);
    sample_fill(&kept);
    must(tmg_begin(k.db, &err), &err);
    must(tmg_savepoint(k.db, &err), &err);
    must(tmg_declaration_save(k.saver, &lost.d, 1, true, &saved, &err), &err);
    tmg_rollback_to_savepoint(k.db);
    kept.d.party[TMG_CARRIER] = sample_party("NEW", "New Carrier");
    must(tmg_declaration_save(k.saver, &kept.d, 1, true, &saved, &err), &err);
    assert_int_equal(saved, TMG_SAVED_NEW);
    must(tmg_commit(k.db, &err), &err);
    tmg_declaration back = load(*state, k.db, kept.d.id);
    same_declaration(&kept.d, &back);
    assert_int_equal(number(k.db, "SELECT count(*) FROM party WHERE code = 'C4'"), 0);
}

static void two_programs_save_in_turn(void **state)
{
    AUTO_DESK a = desk_of(*state);
    AUTO_DESK b = desk_of(*state);
    char ref[6][8];
    sample s[6];

    for (int i = 0; i < 6; i++) {
        desk *k = i % 2 == 0 ? &a : &b;

        sample_fill(&s[i]);
        snprintf(ref[i], sizeof ref[i], "R%d", i);
        s[i].d.ref = tmg_span_of(ref[i]);
        s[i].d.party[TMG_CARRIER].code = tmg_span_of(ref[i]);
        assert_int_equal(save(k->db, k->saver, &s[i].d), TMG_SAVED_NEW);
    }
    for (int i = 0; i < 6; i++) {
        tmg_declaration back = load(*state, a.db, s[i].d.id);
        same_declaration(&s[i].d, &back);
    }
}

static void more_parties_than_the_saver_remembers(void **state)
{
    AUTO_DESK k = desk_of(*state);
    char code[TMG_PARTY_ROLES][16], ref[16];
    tmg_saved saved;
    sample s;
    tmg_err err;

    must(tmg_begin(k.db, &err), &err);
    for (int i = 0; i < 51000; i++) {
        sample_fill(&s);
        s.d.item_count = s.d.equipment_count = 0;
        snprintf(ref, sizeof ref, "R%d", i);
        s.d.ref = tmg_span_of(ref);
        for (int r = 0; r < TMG_PARTY_ROLES; r++) {
            snprintf(code[r], sizeof code[r], "%d.%d", r, i);
            s.d.party[r].code = tmg_span_of(code[r]);
        }
        must(tmg_declaration_save(k.saver, &s.d, 1, true, &saved, &err), &err);
    }
    sample_fill(&s);
    s.d.party[TMG_CARRIER].code = TMG_SPAN("3.17");
    must(tmg_declaration_save(k.saver, &s.d, 1, true, &saved, &err), &err);
    must(tmg_commit(k.db, &err), &err);
    assert_int_equal(number(k.db, "SELECT count(*) FROM party"), 4 * 51000 + 3);
    tmg_declaration back = load(*state, k.db, s.d.id);
    same_declaration(&s.d, &back);
}

/* ---- history ---- */

static void lodge(desk *k, const char *ref, int64_t lodged_ms, const char *consignee, const char *carrier)
{
    sample s;

    sample_fill(&s);
    s.d.ref = tmg_span_of(ref);
    s.d.lodged.at_ms = lodged_ms;
    s.d.party[TMG_CONSIGNEE].code = tmg_span_of(consignee);
    s.d.party[TMG_CARRIER].code = tmg_span_of(carrier);
    save(k->db, k->saver, &s.d);
}

static void history_is(home *h, desk *k, const char *code, tmg_party_role role, int64_t before_ms,
                       size_t most, const char *refs)
{
    TMG_AUTO_BUF got;
    tmg_past *past = NULL;
    size_t count = 99;
    tmg_err err;

    tmg_buf_init(&got, 1000);
    must(tmg_party_history(k->db, tmg_span_of(code), role, before_ms, most, h->arena, &past, &count, &err),
         &err);
    for (size_t i = 0; i < count; i++)
        tmg_buf_span(&got, past[i].ref);
    assert_string_equal(got.ptr, refs);
}

static void a_partys_history_is_newest_first_by_role_and_before(void **state)
{
    AUTO_DESK k = desk_of(*state);

    lodge(&k, "b", 2000, "X", "Y");
    lodge(&k, "d", 4000, "X", "Z");
    lodge(&k, "a", 1000, "X", "Y");
    lodge(&k, "c", 3000, "Y", "X");
    history_is(*state, &k, "X", TMG_CONSIGNEE, INT64_MAX, 10, "dba");
    history_is(*state, &k, "X", TMG_CONSIGNEE, 4000, 10, "ba");
    history_is(*state, &k, "X", TMG_CONSIGNEE, INT64_MAX, 2, "db");
    history_is(*state, &k, "X", TMG_CONSIGNEE, INT64_MAX, 0, "");
    history_is(*state, &k, "X", TMG_CARRIER, INT64_MAX, 10, "c");
    history_is(*state, &k, "Y", TMG_CARRIER, INT64_MAX, 10, "ba");
    history_is(*state, &k, "C1", TMG_CONSIGNOR, INT64_MAX, 3, "dcb");
    history_is(*state, &k, "C3", TMG_DECLARANT, 3000, 3, "ba");
    history_is(*state, &k, "nobody", TMG_CONSIGNEE, INT64_MAX, 10, "");
}

static void history_shows_the_version_in_force_and_its_last_outcome(void **state)
{
    AUTO_DESK k = desk_of(*state);
    home *h = *state;
    tmg_past *past = NULL;
    size_t count = 0;
    sample one, two;
    tmg_err err;

    sample_fill(&one);
    sample_fill(&two);
    two.d.value_minor = two.items[0].value_minor = 5;
    save(k.db, k.saver, &one.d);
    save(k.db, k.saver, &two.d);
    tmg_result r = {.consignment_id = one.d.id,
                    .declaration_id = one.d.id,
                    .happened_ms = 20,
                    .outcome = TMG_OUTCOME_DRUGS};
    must(tmg_result_save(k.db, &r, 0, &err), &err);
    r.outcome = TMG_OUTCOME_NONE;
    r.happened_ms = 10;
    must(tmg_result_save(k.db, &r, 0, &err), &err);
    must(tmg_party_history(k.db, TMG_SPAN("C2"), TMG_CONSIGNEE, INT64_MAX, 5, h->arena, &past, &count, &err),
         &err);
    assert_int_equal(count, 1);
    assert_int_equal(past[0].value_minor, 5);
    assert_int_equal(past[0].consignment_id, one.d.id);
    assert_int_equal(past[0].outcome, TMG_OUTCOME_DRUGS);
    same_text(past[0].hs, TMG_SPAN("0806101000"));
    same_text(past[0].post, TMG_SPAN("AZ-YLM"));
    same_text(past[0].departure, TMG_SPAN("UZ"));
    same_text(past[0].destination, TMG_SPAN("TR"));
    same_text(past[0].currency, TMG_SPAN("AZN"));
}

/* More declarations than one block of the index holds, lodged in an order that is not that of storing. */
static void history_reaches_over_many_declarations(void **state)
{
    enum { MANY = 40000, EVERY = 4000 };
    AUTO_DESK k = desk_of(*state);
    home *h = *state;
    tmg_past *past = NULL;
    size_t count = 0;
    tmg_saved saved;
    char ref[16];
    sample s;
    tmg_err err;

    must(tmg_begin(k.db, &err), &err);
    for (int64_t i = 0; i < MANY; i++) {
        sample_fill(&s);
        snprintf(ref, sizeof ref, "%lld", (long long)i);
        s.d.ref = tmg_span_of(ref);
        s.d.lodged.at_ms = (i * 7919) % MANY;
        s.d.party[TMG_CONSIGNEE].code = i % EVERY == 1 ? TMG_SPAN("RARE") : TMG_SPAN("COMMON");
        s.d.item_count = s.d.equipment_count = 0;
        must(tmg_declaration_save(k.saver, &s.d, 1, true, &saved, &err), &err);
    }
    must(tmg_commit(k.db, &err), &err);
    must(tmg_party_history(k.db, TMG_SPAN("RARE"), TMG_CONSIGNEE, INT64_MAX, 100, h->arena, &past, &count,
                           &err),
         &err);
    assert_int_equal(count, MANY / EVERY);
    for (size_t i = 1; i < count; i++)
        assert_true(past[i - 1].lodged_ms > past[i].lodged_ms);
    must(tmg_party_history(k.db, TMG_SPAN("COMMON"), TMG_CONSIGNEE, 30000, 5, h->arena, &past, &count, &err),
         &err);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(past[i].lodged_ms, 29999 - (int64_t)i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(every_field_comes_back),
        IN_HOME(what_is_not_stated_stays_not_stated),
        IN_HOME(the_same_again_changes_nothing),
        IN_HOME(an_amendment_is_the_next_version_and_the_old_one_is_kept),
        IN_HOME(going_back_to_an_earlier_text_is_a_version_of_its_own),
        IN_HOME(an_unknown_post_is_refused_unless_it_may_be_made),
        IN_HOME(saving_outside_a_transaction_is_refused),
        IN_HOME(a_party_learns_what_it_did_not_say_before_and_each_version_keeps_its_own_words),
        IN_HOME(a_party_without_a_code_keeps_its_name),
        IN_HOME(ids_learnt_in_what_was_rolled_back_are_not_used),
        IN_HOME(two_programs_save_in_turn),
        IN_HOME(more_parties_than_the_saver_remembers),
        IN_HOME(a_partys_history_is_newest_first_by_role_and_before),
        IN_HOME(history_shows_the_version_in_force_and_its_last_outcome),
        IN_HOME(history_reaches_over_many_declarations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
