#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "model_sample.h"

static void sums_what_the_header_does_not_state(void **state)
{
    (void)state;
    sample s;
    sample_make(&s);
    s.items[1].taxes_minor = TMG_NONE;
    s.d.gross_mg = 7;
    tmg_declaration_sum(&s.d);
    assert_int_equal(s.d.value_minor, 2 * 3120050);
    assert_int_equal(s.d.gross_mg, 7);
    assert_int_equal(s.d.taxes_minor, 483608);
}

static void a_sum_of_nothing_stays_unstated(void **state)
{
    (void)state;
    sample s;
    sample_make(&s);
    s.items[0].value_minor = s.items[1].value_minor = TMG_NONE;
    tmg_declaration_sum(&s.d);
    assert_true(s.d.value_minor == TMG_NONE);
}

static void a_sum_does_not_wrap(void **state)
{
    (void)state;
    sample s;
    sample_make(&s);
    s.items[0].value_minor = INT64_MAX - 1;
    s.items[0].gross_mg = s.items[1].gross_mg = -INT64_MAX;
    tmg_declaration_sum(&s.d);
    assert_true(s.d.value_minor == INT64_MAX);
    assert_true(s.d.gross_mg == -INT64_MAX);
}

typedef struct digest {
    uint8_t b[16];
} digest;

static digest digest_of(const tmg_declaration *d)
{
    digest out;
    tmg_declaration_digest(d, out.b);
    return out;
}

static bool same(digest a, digest b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}

static void the_same_statement_has_the_same_digest(void **state)
{
    (void)state;
    sample s, t;
    sample_make(&s);
    sample_make(&t);
    t.d.id = 5;
    t.d.consignment_id = 4;
    t.d.version = 3;
    t.d.known_at_ms = 99;
    assert_true(same(digest_of(&s.d), digest_of(&t.d)));
    tmg_declaration_sum(&t.d);
    assert_true(same(digest_of(&s.d), digest_of(&t.d)));
    t.d.lodged.offset_min = 0;
    assert_true(same(digest_of(&s.d), digest_of(&t.d)));
}

static void every_text_changes_the_digest(void **state)
{
    (void)state;
    sample s;
    sample_make(&s);
    digest before = digest_of(&s.d);
    tmg_span *texts[] = {&s.d.ref,
                         &s.d.post,
                         &s.d.departure,
                         &s.d.destination,
                         &s.d.transport_mode,
                         &s.d.vehicle,
                         &s.d.vehicle_country,
                         &s.d.trailer,
                         &s.d.tir_carnet,
                         &s.d.process_type,
                         &s.d.import_type,
                         &s.d.import_use,
                         &s.d.payment_type,
                         &s.d.currency,
                         &s.items[1].hs,
                         &s.items[1].description,
                         &s.items[1].origin,
                         &s.items[1].origin_marking,
                         &s.items[1].package_kind,
                         &s.items[1].unit,
                         &s.items[1].tax_type,
                         &s.equipment[2].number,
                         &s.route[1],
                         &s.documents[1].type,
                         &s.documents[1].number};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        tmg_span old = *texts[i];
        *texts[i] = TMG_SPAN("other");
        assert_false(same(before, digest_of(&s.d)));
        *texts[i] = (tmg_span){NULL, 0};
        assert_false(same(before, digest_of(&s.d)));
        *texts[i] = old;
    }
    for (int role = 0; role < TMG_PARTY_ROLES; role++) {
        tmg_span *of_party[] = {&s.d.party[role].code, &s.d.party[role].name, &s.d.party[role].country,
                                &s.d.party[role].address};
        for (int i = 0; i < 4; i++) {
            tmg_span old = *of_party[i];
            *of_party[i] = TMG_SPAN("other");
            assert_false(same(before, digest_of(&s.d)));
            *of_party[i] = old;
        }
    }
    assert_true(same(before, digest_of(&s.d)));
}

static void every_number_changes_the_digest(void **state)
{
    (void)state;
    sample s;
    sample_make(&s);
    digest before = digest_of(&s.d);
    int64_t *numbers[] = {&s.d.lodged.at_ms,       &s.d.expected_ms,        &s.d.value_minor,
                          &s.d.gross_mg,           &s.d.taxes_minor,        &s.items[0].gross_mg,
                          &s.items[0].net_mg,      &s.items[0].packages,    &s.items[0].quantity_milli,
                          &s.items[0].value_minor, &s.items[0].tax_rate_bp, &s.items[0].taxes_minor};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int64_t old = *numbers[i];
        *numbers[i] = old == TMG_NONE ? 1 : old + 1;
        assert_false(same(before, digest_of(&s.d)));
        *numbers[i] = 0;
        digest zero = digest_of(&s.d);
        assert_false(same(before, zero));
        *numbers[i] = old == TMG_NONE ? -1 : TMG_NONE;
        assert_false(same(before, digest_of(&s.d)));
        assert_false(same(zero, digest_of(&s.d)));
        *numbers[i] = old;
    }
    s.d.regime = TMG_IMPORT;
    assert_false(same(before, digest_of(&s.d)));
    s.d.regime = TMG_TRANSIT;
    s.items[1].no = 3;
    assert_false(same(before, digest_of(&s.d)));
}

static void lists_and_their_order_change_the_digest(void **state)
{
    (void)state;
    sample s;
    sample_make(&s);
    digest before = digest_of(&s.d);
    size_t *counts[] = {&s.d.item_count, &s.d.equipment_count, &s.d.route_count, &s.d.document_count};
    for (int i = 0; i < 4; i++) {
        --*counts[i];
        assert_false(same(before, digest_of(&s.d)));
        ++*counts[i];
    }
    s.equipment[2].kind = TMG_CONTAINER;
    assert_false(same(before, digest_of(&s.d)));
    s.equipment[2].kind = TMG_SEAL;
    tmg_span first = s.route[0];
    s.route[0] = s.route[1];
    s.route[1] = first;
    assert_false(same(before, digest_of(&s.d)));
}

/* Text must not be able to move from one field to its neighbour without a trace. */
static void fields_do_not_run_together(void **state)
{
    (void)state;
    sample s, t;
    sample_make(&s);
    sample_make(&t);
    s.d.vehicle = TMG_SPAN("10AA");
    s.d.vehicle_country = TMG_SPAN("001");
    t.d.vehicle = TMG_SPAN("10AA001");
    t.d.vehicle_country = TMG_SPAN("");
    assert_false(same(digest_of(&s.d), digest_of(&t.d)));
}

static void a_long_declaration_is_read_to_its_end(void **state)
{
    (void)state;
    enum { MANY = 400 };
    static tmg_item items[MANY];
    sample s;
    sample_make(&s);
    for (int i = 0; i < MANY; i++) {
        items[i] = s.items[0];
        items[i].no = i + 1;
    }
    s.d.items = items;
    s.d.item_count = MANY;
    digest before = digest_of(&s.d);
    assert_true(same(before, digest_of(&s.d)));
    items[MANY - 1].net_mg++;
    assert_false(same(before, digest_of(&s.d)));
    items[MANY - 1].net_mg--;
    items[0].net_mg++;
    assert_false(same(before, digest_of(&s.d)));
}

static void outcomes_say_which_harm_was_found(void **state)
{
    (void)state;
    static const struct {
        tmg_outcome outcome;
        tmg_found fraud, critical;
    } table[] = {{TMG_OUTCOME_NONE, TMG_FOUND_NO, TMG_FOUND_NO},
                 {TMG_OUTCOME_VALUE, TMG_FOUND_YES, TMG_FOUND_NO},
                 {TMG_OUTCOME_CLASSIFICATION, TMG_FOUND_YES, TMG_FOUND_NO},
                 {TMG_OUTCOME_PROHIBITED, TMG_FOUND_YES, TMG_FOUND_YES},
                 {TMG_OUTCOME_DRUGS, TMG_FOUND_YES, TMG_FOUND_YES},
                 {TMG_OUTCOME_PRECURSOR, TMG_FOUND_YES, TMG_FOUND_YES}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        tmg_found found[TMG_HARMS];
        tmg_outcome_found(table[i].outcome, found);
        assert_int_equal(found[TMG_FRAUD], table[i].fraud);
        assert_int_equal(found[TMG_CRITICAL], table[i].critical);
    }
}

static void writes_what_is_stated_and_nothing_else(void **state)
{
    (void)state;
    TMG_AUTO_BUF b;
    tmg_json_out j;
    tmg_item item = {.no = 1,
                     .hs = TMG_SPAN("080620"),
                     .gross_mg = 974321,
                     .net_mg = TMG_NONE,
                     .packages = TMG_NONE,
                     .quantity_milli = TMG_NONE,
                     .value_minor = 1250,
                     .tax_rate_bp = TMG_NONE,
                     .taxes_minor = TMG_NONE};
    tmg_declaration d = {.ref = TMG_SPAN("R"),
                         .lodged = {INT64_C(1772424930000), 240},
                         .expected_ms = TMG_NONE,
                         .regime = TMG_IMPORT,
                         .post = TMG_SPAN("P"),
                         .currency = TMG_SPAN("JPY"),
                         .value_minor = TMG_NONE,
                         .gross_mg = TMG_NONE,
                         .taxes_minor = TMG_NONE,
                         .items = &item,
                         .item_count = 1};
    tmg_buf_init(&b, 4096);
    tmg_json_begin(&j, &b);
    tmg_declaration_write_json(&j, NULL, &d);
    assert_string_equal(
        b.ptr, "{\"ref\":\"R\",\"lodged\":\"2026-03-02T08:15:30+04:00\",\"regime\":\"import\",\"post\":\"P\","
               "\"currency\":\"JPY\",\"items\":[{\"item_no\":1,\"hs\":\"080620\",\"gross_kg\":0.974321,"
               "\"value\":1250}]}");
}

static void writes_a_result(void **state)
{
    (void)state;
    TMG_AUTO_BUF b;
    tmg_json_out j;
    tmg_seized seized[] = {{TMG_SPAN("heroin"), 12500000, TMG_NONE}, {TMG_SPAN("tablets"), TMG_NONE, 300}};
    tmg_result r = {.happened_ms = INT64_C(1772424930000),
                    .known_at_ms = INT64_C(1772424930000),
                    .outcome = TMG_OUTCOME_DRUGS,
                    .found = {TMG_FOUND_YES, TMG_FOUND_UNKNOWN},
                    .means = TMG_MEANS_XRAY | TMG_MEANS_DOG,
                    .minutes = 95,
                    .recovered_minor = TMG_NONE,
                    .seized = seized,
                    .seized_count = 2};
    tmg_buf_init(&b, 4096);
    tmg_json_begin(&j, &b);
    tmg_result_write_json(&j, NULL, &r);
    assert_string_equal(b.ptr,
                        "{\"outcome\":\"drugs\",\"found_fraud\":true,\"happened\":\"2026-03-02T04:15:30Z\","
                        "\"known\":\"2026-03-02T04:15:30Z\",\"means\":[\"xray\",\"dog\"],\"minutes\":95,"
                        "\"seized\":[{\"substance\":\"heroin\",\"mass_kg\":12.5},{\"substance\":\"tablets\","
                        "\"count\":300}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_what_the_header_does_not_state),
        cmocka_unit_test(a_sum_of_nothing_stays_unstated),
        cmocka_unit_test(a_sum_does_not_wrap),
        cmocka_unit_test(the_same_statement_has_the_same_digest),
        cmocka_unit_test(every_text_changes_the_digest),
        cmocka_unit_test(every_number_changes_the_digest),
        cmocka_unit_test(lists_and_their_order_change_the_digest),
        cmocka_unit_test(fields_do_not_run_together),
        cmocka_unit_test(a_long_declaration_is_read_to_its_end),
        cmocka_unit_test(outcomes_say_which_harm_was_found),
        cmocka_unit_test(writes_what_is_stated_and_nothing_else),
        cmocka_unit_test(writes_a_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
