#include "intake_help.h"

#define HEAD     "ref,lodged,regime,post,hs\n"
#define ROW(ref) ref ",2026-03-02,import,AZ01,080620\n"

static void reads_every_column(void **state)
{
    intake *in = *state;
    static const char file[] =
        "ref,lodged,expected,regime,post,consignor_code,consignor_name,consignor_country,consignor_address,"
        "consignee_code,declarant_code,carrier_code,departure,destination,transport_mode,vehicle,vehicle_"
        "country,"
        "trailer,tir_carnet,route,documents,containers,seals,process_type,import_type,import_use,payment_"
        "type,"
        "item_no,hs,description,origin,origin_marking,gross_kg,net_kg,packages,package_kind,quantity,unit,"
        "value,"
        "tax_rate,tax_type,taxes,currency\r\n"
        "D1,2026-03-02T08:15:30+04:00,2026-03-02T14:15,transit,AZ01,C1,\"Trader, \"\"A\"\"\",IR,Street 1,"
        "C2,C3,C4,IR,AT,3,10AA001,TR,"
        "20BB002,XR1,IR>AZ > GE,CMR:77:1; PEN:123,CSQU3054383,S1;S2,B,11,21,43,"
        "7,0806.20.10,raisins,IR,B,20.500001,20,10,CT,20.5,KGM,31200.5,"
        "15.5,A,4836.08,AZN\r\n";
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 1);
    assert_int_equal(in->records[0].finding_count, 0);
    const tmg_declaration *d = &in->records[0].declaration;
    const tmg_item *i = &d->items[0];
    assert_text(d->ref, "D1");
    assert_true(d->lodged.at_ms == INT64_C(1772424930000));
    assert_int_equal(d->lodged.offset_min, 240);
    assert_true(d->expected_ms == INT64_C(1772446500000));
    assert_int_equal(d->regime, TMG_TRANSIT);
    assert_text(d->party[TMG_CONSIGNOR].name, "Trader, \"A\"");
    assert_text(d->party[TMG_CONSIGNOR].country, "IR");
    assert_text(d->party[TMG_CARRIER].code, "C4");
    assert_int_equal(d->route_count, 3);
    assert_text(d->route[1], "AZ");
    assert_int_equal(d->document_count, 2);
    assert_text(d->documents[0].number, "77:1");
    assert_text(d->documents[1].type, "PEN");
    assert_int_equal(d->equipment_count, 3);
    assert_int_equal(d->equipment[0].kind, TMG_CONTAINER);
    assert_text(d->equipment[2].number, "S2");
    assert_int_equal(i->no, 7);
    assert_text(i->hs, "08062010");
    assert_true(i->gross_mg == 20500001);
    assert_true(i->quantity_milli == 20500);
    assert_true(i->value_minor == 3120050);
    assert_true(i->tax_rate_bp == 1550);
    assert_true(d->taxes_minor == 483608);
    assert_true(d->value_minor == 3120050);
    assert_true(d->gross_mg == 20500001);
}

static void rows_of_one_reference_are_its_items(void **state)
{
    intake *in = *state;
    static const char file[] = "ref,lodged,regime,post,hs,net_kg,vehicle\n"
                               "D1,2026-03-02,import,AZ01,080620,1,10AA001\n"
                               "D1,2026-03-02,import,AZ01,080410,2,\n"
                               "D1,,,,080420,3,10AA001\n"
                               "D2,2026-03-02,import,AZ01,080410,4,\n";
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_int_equal(in->records[0].declaration.item_count, 3);
    assert_true(in->records[0].good);
    assert_int_equal(in->records[0].declaration.items[2].no, 3);
    assert_true(in->records[0].declaration.items[2].net_mg == 3000000);
    assert_int_equal(in->records[0].line, 2);
    assert_int_equal(in->records[1].line, 5);
    assert_text(in->records[1].declaration.ref, "D2");
}

static void rows_that_disagree_go_to_quarantine_together(void **state)
{
    intake *in = *state;
    static const char file[] = "ref,lodged,regime,post,hs,vehicle\n"
                               "D1,2026-03-02,import,AZ01,080620,10AA001\n"
                               "D1,,,,080410,99ZZ999\n"
                               "D2,2026-03-02,import,AZ01,080410,\n";
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_only_finding(&in->records[0], true, "vehicle", "line 3 says otherwise");
    assert_text(in->records[0].findings[0].value, "99ZZ999");
    assert_text(in->records[0].raw, "D1,2026-03-02,import,AZ01,080620,10AA001\nD1,,,,080410,99ZZ999");
    assert_true(in->records[1].good);
}

static void a_broken_row_does_not_stop_the_reader(void **state)
{
    intake *in = *state;
    static const char file[] = HEAD ROW("D1") "D2,\"open\n" ROW("D3") "D4,2026-03-02,import,AZ01\n" ROW("D5");
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 5);
    assert_true(in->records[0].good);
    assert_only_finding(&in->records[1], true, "record", "line 3: a quote is opened and not closed");
    assert_text(in->records[1].raw, "D2,\"open");
    assert_int_equal(in->records[1].line, 3);
    assert_true(in->records[2].good);
    assert_only_finding(&in->records[3], true, "record", "4 cells, but the header has 5 columns");
    assert_true(in->records[4].good);
}

static void money_follows_the_currency_wherever_it_stands(void **state)
{
    intake *in = *state;
    static const char file[] = "value,ref,lodged,regime,post,hs,currency\n"
                               "1250,D1,2026-03-02,import,AZ01,080620,JPY\n"
                               "1.250,D2,2026-03-02,import,AZ01,080620,KWD\n"
                               "1.25,D3,2026-03-02,import,AZ01,080620,AZN\n"
                               "12.5,D4,2026-03-02,import,AZ01,080620,JPY\n"
                               "1.25,D5,2026-03-02,import,AZ01,080620,\n";
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    assert_true(in->records[0].declaration.value_minor == 1250);
    assert_true(in->records[1].declaration.value_minor == 1250);
    assert_true(in->records[2].declaration.value_minor == 125);
    assert_only_finding(&in->records[3], true, "value", "at most 0 decimals");
    assert_text(in->records[4].declaration.currency, "XXX");
}

static void reads_control_results(void **state)
{
    intake *in = *state;
    static const char file[] = "ref,lodged,regime,post,hs,outcome,found_fraud,found_critical,result_happened,"
                               "result_known,means,minutes,"
                               "recovered,note,seized\n"
                               "D1,2026-03-02,import,AZ01,080620,drugs,,,2026-03-02T11:00,2026-03-02T15:00,"
                               "xray+dog,95,12.5,hidden in sacks,"
                               "heroin:12.5kg;tablets:300\n"
                               "D2,2026-03-02,import,AZ01,080620,,,,,,,,,,\n"
                               "D3,2026-03-02,import,AZ01,080620,,yes,no,2026-03-03,,,,,,\n"
                               "D4,2026-03-02,import,AZ01,080620,,,,,,,30,,,\n"
                               "D5,2026-03-02,import,AZ01,080620,none,,,,,,,,,\n"
                               "D6,2026-03-02,import,AZ01,080620,none,,,2026-03-03,2026-03-02,,,,,\n"
                               "D7,2026-03-02,import,AZ01,080620,drugs,,,2026-03-03,,nose,,,,heroin:much\n"
                               "D8,2026-03-02,import,AZ01,080620,other,,,2026-03-03,,,,,,\n";
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    const tmg_result *r = &in->records[0].result;
    assert_true(in->records[0].good && in->records[0].has_result);
    assert_int_equal(r->outcome, TMG_OUTCOME_DRUGS);
    assert_int_equal(r->found[TMG_CRITICAL], TMG_FOUND_YES);
    assert_int_equal(r->means, TMG_MEANS_XRAY | TMG_MEANS_DOG);
    assert_true(r->minutes == 95 && r->recovered_minor == 1250);
    assert_true(r->known_at_ms - r->happened_ms == 4 * TMG_HOUR_MS);
    assert_int_equal(r->seized_count, 2);
    assert_true(r->seized[0].mass_mg == 12500000 && r->seized[0].count == TMG_NONE);
    assert_true(r->seized[1].count == 300);
    assert_false(in->records[1].has_result);
    assert_int_equal(in->records[2].result.outcome, TMG_OUTCOME_OTHER);
    assert_int_equal(in->records[2].result.found[TMG_CRITICAL], TMG_FOUND_NO);
    assert_true(in->records[2].result.known_at_ms == in->records[2].result.happened_ms);
    assert_only_finding(&in->records[3], true, "outcome", "a control result needs an outcome");
    assert_only_finding(&in->records[4], true, "result_happened", "is missing");
    assert_only_finding(&in->records[5], true, "result_known", "before the control");
    assert_int_equal(in->records[6].finding_count, 2);
    assert_text(in->records[6].findings[0].field, "means");
    assert_text(in->records[6].findings[1].field, "seized");
    assert_only_finding(&in->records[7], false, "note", "needs a note");
}

static void refuses_a_header_that_it_does_not_know(void **state)
{
    intake *in = *state;
    assert_int_equal(read_as(in, "csv", TMG_SPAN("ref,lodged,regime,post,hs,colour\n")), TMG_E_INVALID);
    assert_says(&in->err, "column 6, \"colour\"");
    assert_int_equal(read_as(in, "csv", TMG_SPAN("ref,lodged,regime,hs\n")), TMG_E_INVALID);
    assert_says(&in->err, "no column \"post\"");
    assert_int_equal(read_as(in, "csv", TMG_SPAN("ref,lodged,regime,post,hs,hs\n")), TMG_E_INVALID);
    assert_says(&in->err, "\"hs\" stands in the header twice");
    assert_int_equal(read_as(in, "csv", TMG_SPAN("")), TMG_E_INVALID);
    assert_says(&in->err, "empty");
}

/* A row that was looked at for being a further item is the next record, also when its cells had to be
 * unfolded. */
static void a_row_looked_at_ahead_survives_a_reset(void **state)
{
    intake *in = *state;
    static const char file[] = "ref,lodged,regime,post,hs,description\n"
                               "D1,2026-03-02,import,AZ01,080620,\"the \"\"first\"\"\"\n"
                               "D2,2026-03-02,import,AZ01,080620,\"the \"\"second\"\"\"\n"
                               "D3,2026-03-02,import,AZ01,080620,the third\n";
    static const char *const expected[] = {"the \"first\"", "the \"second\"", "the third"};
    static tmg_record rec;
    tmg_intake_options o = {.format = "csv"};
    tmg_reader *r;
    bool more;
    assert_int_equal(tmg_reader_open(TMG_SPAN(file), &o, &r, NULL), TMG_OK);
    for (int i = 0; i < 3; i++) {
        tmg_arena_reset(in->arena);
        assert_int_equal(tmg_reader_next(r, in->arena, &rec, &more, NULL), TMG_OK);
        assert_true(more);
        assert_text(rec.declaration.items[0].description, expected[i]);
    }
    assert_int_equal(tmg_reader_next(r, in->arena, &rec, &more, NULL), TMG_OK);
    assert_false(more);
    assert_int_equal(tmg_reader_offset(r), sizeof file - 1);
    tmg_reader_close(r);
}

static void bad_bytes_are_found_in_their_cell(void **state)
{
    intake *in = *state;
    static const char file[] = "ref,lodged,regime,post,hs,description,unit\n"
                               "D1,2026-03-02,import,AZ01,080620,ok,\xff\xfe\n"
                               "D2,2026-03-02,import,AZ01,080620,fa\xc3\xa7"
                               "ade,KGM\n";
    assert_int_equal(read_as(in, "csv", TMG_SPAN(file)), TMG_OK);
    assert_only_finding(&in->records[0], true, "unit", "UTF-8");
    assert_true(in->records[1].good);
}

static void too_many_items_are_one_fault(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 1 << 20);
    tmg_buf_z(&b, HEAD);
    for (int i = 0; i <= TMG_MAX_ITEMS; i++)
        tmg_buf_z(&b, ROW("D1"));
    tmg_buf_z(&b, ROW("D2"));
    assert_int_equal(read_as(in, "csv", tmg_buf_as_span(&b)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_only_finding(&in->records[0], true, "items", "more than 999 items");
    assert_true(in->records[1].good);
}

static void a_record_of_more_than_a_mebibyte_is_refused(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 4 << 20);
    tmg_buf_z(&b, "ref,lodged,regime,post,hs,description\nD1,2026-03-02,import,AZ01,080620,");
    for (int i = 0; i < (1 << 20); i++)
        tmg_buf_char(&b, 'x');
    tmg_buf_z(&b, "\nD2,2026-03-02,import,AZ01,080620,\n");
    assert_int_equal(read_as(in, "csv", tmg_buf_as_span(&b)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_only_finding(&in->records[0], true, "record", "longer than 1 MiB");
    assert_int_equal(in->records[0].raw.len, 1 << 20);
    assert_true(in->records[1].good);
}

static void guesses_the_format(void **state)
{
    intake *in = *state;
    static const struct {
        const char *name, *bytes, *format;
    } table[] = {
        {"a.csv", HEAD, "csv"},          {"A.CSV", HEAD, "csv"},      {NULL, "\xEF\xBB\xBF" HEAD, "csv"},
        {NULL, " {\"ref\":1}", "jsonl"}, {"a.ndjson", HEAD, "jsonl"}, {"a.dat", "{}", "jsonl"},
        {NULL, "<ASYCUDA/>", "asycuda"}, {"a.xml", "<x/>", "asycuda"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        tmg_intake_options o = {.file_name = table[i].name};
        tmg_reader *r;
        assert_int_equal(tmg_reader_open(tmg_span_of(table[i].bytes), &o, &r, &in->err), TMG_OK);
        assert_string_equal(tmg_reader_format(r), table[i].format);
        tmg_reader_close(r);
    }
    assert_int_equal(read_as(in, "edifact", TMG_SPAN(HEAD)), TMG_E_INVALID);
    assert_says(&in->err, "\"edifact\" is not a format");
    tmg_intake_options named = {.file_name = "march.csv"};
    assert_int_equal(read_with(in, TMG_SPAN("x\n"), &named), TMG_E_INVALID);
    assert_says(&in->err, "march.csv: ");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)
    const struct CMUnitTest tests[] = {
        T(reads_every_column),
        T(rows_of_one_reference_are_its_items),
        T(rows_that_disagree_go_to_quarantine_together),
        T(a_broken_row_does_not_stop_the_reader),
        T(money_follows_the_currency_wherever_it_stands),
        T(reads_control_results),
        T(refuses_a_header_that_it_does_not_know),
        T(a_row_looked_at_ahead_survives_a_reset),
        T(bad_bytes_are_found_in_their_cell),
        T(too_many_items_are_one_fault),
        T(a_record_of_more_than_a_mebibyte_is_refused),
        T(guesses_the_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
