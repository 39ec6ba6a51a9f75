#include "intake/intake_priv.h"
#include "intake_help.h"
#include "model_sample.h"

static const tmg_span none;

/* What one case breaks. */
typedef struct broken {
    sample s;
    tmg_result r;
    bool has_result;
} broken;

typedef void (*breaker)(broken *b);

#define BREAK(name, what)                                                                                    \
    static void name(broken *b)                                                                              \
    {                                                                                                        \
        what;                                                                                                \
    }

static char long_text[600];

BREAK(no_ref, b->s.d.ref = none)
BREAK(long_ref, b->s.d.ref = ((tmg_span){long_text, 65}))
BREAK(no_lodged, b->s.d.lodged.at_ms = TMG_NONE)
BREAK(late_lodged, (b->s.d.lodged.at_ms = tmg_now_ms() + 25 * TMG_HOUR_MS, b->s.d.expected_ms = TMG_NONE,
                    b->has_result = false))
BREAK(late_expected, b->s.d.expected_ms = b->s.d.lodged.at_ms + 370 * TMG_DAY_MS)
BREAK(early_expected, b->s.d.expected_ms = b->s.d.lodged.at_ms - 1)
BREAK(no_regime, b->s.d.regime = (tmg_regime)0)
BREAK(no_post, b->s.d.post = none)
BREAK(bad_country, b->s.d.departure = TMG_SPAN("Iran"))
BREAK(bad_destination, b->s.d.destination = TMG_SPAN("ZZ"))
BREAK(bad_party_country, b->s.d.party[TMG_CARRIER].country = TMG_SPAN("az"))
BREAK(bad_route, b->s.route[1] = TMG_SPAN("??"))
BREAK(bad_currency, b->s.d.currency = TMG_SPAN("manat"))
BREAK(long_name, b->s.d.party[TMG_CONSIGNEE].name = ((tmg_span){long_text, 513}))
BREAK(bad_bytes, b->s.d.party[TMG_CONSIGNEE].address = TMG_SPAN("\xc3("))
BREAK(no_items, b->s.d.item_count = 0)
BREAK(no_hs, b->s.items[1].hs = none)
BREAK(letters_hs, b->s.items[1].hs = TMG_SPAN("08O620"))
BREAK(short_hs, b->s.items[1].hs = TMG_SPAN("080"))
BREAK(long_hs, b->s.items[1].hs = TMG_SPAN("08062010000"))
BREAK(odd_hs, b->s.items[1].hs = TMG_SPAN("80620"))
BREAK(chapter_hs, b->s.items[1].hs = TMG_SPAN("770620"))
BREAK(bad_origin, b->s.items[0].origin = TMG_SPAN("I"))
BREAK(negative_mass, b->s.items[0].gross_mg = -1)
BREAK(zero_mass, (b->s.items[0].net_mg = 0))
BREAK(net_above_gross, b->s.items[0].net_mg = b->s.items[0].gross_mg + 1)
BREAK(negative_value, b->s.items[0].value_minor = -5)
BREAK(zero_value, b->s.items[0].value_minor = 0)
BREAK(huge_rate, b->s.items[0].tax_rate_bp = 1000001)
BREAK(twice_numbered, b->s.items[1].no = 1)
BREAK(bad_number, b->s.items[1].no = 1000)
BREAK(wrong_total, b->s.d.gross_mg = 1)
BREAK(container_shape, b->s.equipment[0].number = TMG_SPAN("BOX 17"))
BREAK(container_digit, b->s.equipment[0].number = TMG_SPAN("CSQU3054384"))
BREAK(long_seal, b->s.equipment[1].number = ((tmg_span){long_text, 65}))
BREAK(result_missing_when, b->r.happened_ms = TMG_NONE)
BREAK(result_known_early, b->r.known_at_ms = b->r.happened_ms - 1)
BREAK(result_before_lodging, b->r.happened_ms = b->s.d.lodged.at_ms - 1)
BREAK(result_future, (b->r.happened_ms = b->r.known_at_ms = tmg_now_ms() + 370 * TMG_DAY_MS))
BREAK(result_minutes, b->r.minutes = -1)
BREAK(result_note, b->r.note = ((tmg_span){long_text, 513}))

static const struct {
    breaker make;
    bool fault;
    const char *field, *reason;
} table[] = {
    {no_ref, true, "ref", "is missing; expected the reference"},
    {long_ref, true, "ref", "65 bytes; expected at most 64"},
    {no_lodged, true, "lodged", "is missing; expected the date and time"},
    {late_lodged, true, "lodged", "more than a day in the future"},
    {late_expected, true, "expected", "more than a year after"},
    {early_expected, false, "expected", "before the lodging"},
    {no_regime, true, "regime", "is missing; expected import, export or transit"},
    {no_post, true, "post", "is missing"},
    {bad_country, true, "departure", "expected two capital letters of ISO 3166, for example IR"},
    {bad_destination, true, "destination", "two capital letters"},
    {bad_party_country, true, "carrier_country", "two capital letters"},
    {bad_route, true, "route", "two capital letters"},
    {bad_currency, true, "currency", "expected three capital letters of ISO 4217"},
    {long_name, true, "consignee_name", "513 bytes; expected at most 512"},
    {bad_bytes, true, "consignee_address", "expected UTF-8"},
    {no_items, true, "items", "at least one goods item"},
    {no_hs, true, "hs", "item 2: is missing"},
    {letters_hs, true, "hs", "item 2: expected a commodity code of 4 to 10 digits"},
    {short_hs, true, "hs", "4 to 10 digits"},
    {long_hs, true, "hs", "4 to 10 digits"},
    {odd_hs, false, "hs", "was a leading zero lost?"},
    {chapter_hs, true, "hs", "chapter 77 does not exist"},
    {bad_origin, true, "origin", "item 1: expected two capital letters"},
    {negative_mass, true, "gross_kg", "item 1: is negative"},
    {zero_mass, false, "net_kg", "is 0"},
    {net_above_gross, false, "net_kg", "more than the gross mass"},
    {negative_value, true, "value", "is negative"},
    {zero_value, false, "value", "is 0"},
    {huge_rate, true, "tax_rate", "more than 10000 per cent"},
    {twice_numbered, true, "item_no", "given to another item"},
    {bad_number, true, "item_no", "from 1 to 999"},
    {wrong_total, false, "gross_kg", "not the sum of the items"},
    {container_shape, false, "containers", "not a container number of ISO 6346"},
    {container_digit, false, "containers", "check digit"},
    {long_seal, true, "seals", "at most 64"},
    {result_missing_when, true, "result_happened", "is missing"},
    {result_known_early, true, "result_known", "before the control"},
    {result_before_lodging, false, "result_happened", "before the lodging"},
    {result_future, true, "result_happened", "more than a year in the future"},
    {result_minutes, true, "minutes", "is negative"},
    {result_note, true, "note", "at most 512"},
};

static void make(broken *b)
{
    memset(long_text, 'x', sizeof long_text);
    sample_make(&b->s);
    b->s.items[1].gross_mg = b->s.items[0].gross_mg;
    b->has_result = true;
    b->r = (tmg_result){.happened_ms = b->s.d.lodged.at_ms + 1,
                        .known_at_ms = b->s.d.lodged.at_ms + 2,
                        .outcome = TMG_OUTCOME_NONE,
                        .minutes = TMG_NONE,
                        .recovered_minor = TMG_NONE};
}

static void check(tmg_record *rec, const broken *b)
{
    *rec = (tmg_record){.good = true, .declaration = b->s.d, .has_result = b->has_result, .result = b->r};
    const tmg_rules rules = tmg_rules_own(0);

    tmg_check_by(rec, &rules, false);
}

static void a_complete_declaration_passes(void **state)
{
    (void)state;
    static tmg_record rec;
    static broken b;
    make(&b);
    check(&rec, &b);
    assert_int_equal(rec.finding_count, 0);
    assert_true(rec.good);
}

static void one_broken_field_is_one_finding(void **state)
{
    (void)state;
    static tmg_record rec;
    static broken b;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        make(&b);
        table[i].make(&b);
        check(&rec, &b);
        assert_only_finding(&rec, table[i].fault, table[i].field, table[i].reason);
    }
}

static void findings_have_a_limit_and_keep_the_faults(void **state)
{
    (void)state;
    static tmg_record rec;
    static broken b;
    static tmg_equipment boxes[TMG_MAX_EQUIPMENT];
    make(&b);
    for (size_t i = 0; i < TMG_MAX_EQUIPMENT; i++)
        boxes[i] = (tmg_equipment){TMG_CONTAINER, TMG_SPAN("BOX")};
    boxes[TMG_MAX_EQUIPMENT - 1].number = (tmg_span){long_text, 65};
    b.s.d.equipment = boxes;
    b.s.d.equipment_count = TMG_MAX_EQUIPMENT;
    check(&rec, &b);
    assert_int_equal(rec.finding_count, TMG_MAX_FINDINGS);
    assert_false(rec.good);
    bool fault = false;
    for (size_t i = 0; i < rec.finding_count; i++)
        fault = fault || rec.findings[i].fault;
    assert_true(fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_declaration_passes),
        cmocka_unit_test(one_broken_field_is_one_finding),
        cmocka_unit_test(findings_have_a_limit_and_keep_the_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
