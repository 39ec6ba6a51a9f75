#include "base/json.h"
#include "intake_help.h"
#include "model_sample.h"

#define GOOD "\"ref\":\"D1\",\"lodged\":\"2026-03-02\",\"regime\":\"import\",\"post\":\"AZ01\""
#define ITEM "\"items\":[{\"hs\":\"080620\"}]"

/* What the centre writes, it reads back as the same statement. */
static void what_is_written_reads_back_the_same(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_json_out j;
    sample s;
    uint8_t before[16], after[16];
    sample_make(&s);
    tmg_declaration_sum(&s.d);
    tmg_declaration_digest(&s.d, before);
    tmg_buf_init(&b, 1 << 16);
    tmg_json_begin(&j, &b);
    tmg_declaration_write_json(&j, NULL, &s.d);
    assert_int_equal(read_as(in, "jsonl", tmg_buf_as_span(&b)), TMG_OK);
    assert_int_equal(in->count, 1);
    assert_int_equal(in->records[0].finding_count, 0);
    tmg_declaration_digest(&in->records[0].declaration, after);
    assert_memory_equal(before, after, 16);
    assert_int_equal(in->records[0].declaration.lodged.offset_min, 240);
    assert_true(in->records[0].declaration.gross_mg == s.d.gross_mg);
}

static void a_result_reads_back_the_same(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_json_out j;
    tmg_seized seized[] = {{TMG_SPAN("heroin"), INT64_C(281435000), TMG_NONE},
                           {TMG_SPAN("tablets"), TMG_NONE, 300}};
    tmg_result r = {.happened_ms = INT64_C(1772524930000),
                    .known_at_ms = INT64_C(1772624930000),
                    .outcome = TMG_OUTCOME_VALUE,
                    .found = {TMG_FOUND_YES, TMG_FOUND_YES},
                    .means = TMG_MEANS_ALL,
                    .minutes = 95,
                    .recovered_minor = 123456,
                    .note = TMG_SPAN("n"),
                    .seized = seized,
                    .seized_count = 2};
    tmg_buf_init(&b, 1 << 16);
    tmg_buf_z(&b, "{" GOOD ",\"currency\":\"JPY\"," ITEM ",\"result\":");
    tmg_json_begin(&j, &b);
    tmg_result_write_json(&j, NULL, &r);
    tmg_buf_z(&b, "}");
    assert_int_equal(read_as(in, "jsonl", tmg_buf_as_span(&b)), TMG_OK);
    assert_int_equal(in->records[0].finding_count, 0);
    const tmg_result *got = &in->records[0].result;
    assert_true(got->happened_ms == r.happened_ms && got->known_at_ms == r.known_at_ms);
    assert_int_equal(got->outcome, r.outcome);
    assert_memory_equal(got->found, r.found, sizeof r.found);
    assert_int_equal(got->means, r.means);
    assert_true(got->minutes == 95 && got->recovered_minor == 123456);
    assert_int_equal(got->seized_count, 2);
    assert_true(got->seized[0].mass_mg == INT64_C(281435000) && got->seized[1].count == 300);
}

static void numbers_are_exact(void **state)
{
    intake *in = *state;
    static const char file[] = "{" GOOD ",\"currency\":\"AZN\",\"items\":[{\"hs\":\"080620\",\"gross_kg\":0."
                               "974321,\"net_kg\":\"12345678901.123456\","
                               "\"value\":1234567890.12}]}\n"
                               "{" GOOD ",\"items\":[{\"hs\":\"080620\",\"gross_kg\":0.1234567}]}\n";
    assert_int_equal(read_as(in, "jsonl", TMG_SPAN(file)), TMG_OK);
    const tmg_item *i = &in->records[0].declaration.items[0];
    assert_true(i->gross_mg == 974321);
    assert_true(i->net_mg == INT64_C(12345678901123456));
    assert_true(i->value_minor == INT64_C(123456789012));
    assert_only_finding(&in->records[1], true, "gross_kg", "at most 6 decimals");
}

static void faults_name_the_member(void **state)
{
    intake *in = *state;
    static const struct {
        const char *json, *field, *reason;
    } table[] = {
        {"{" GOOD "," ITEM ",\"colour\":1}", "colour", "not a member"},
        {"{" GOOD "," ITEM ",\"carrier\":{\"size\":1}}", "carrier.size", "not a member"},
        {"{" GOOD "," ITEM ",\"carrier\":7}", "carrier", "expected an object"},
        {"{" GOOD "," ITEM ",\"carrier\":{\"country\":\"xx\"}}", "carrier.country", "ISO 3166"},
        {"{" GOOD ",\"items\":[{\"hs\":80620}]}", "hs", "text in quotes"},
        {"{" GOOD ",\"items\":[{\"hs\":\"080620\",\"weight\":5}]}", "items.weight", "not a member"},
        {"{" GOOD ",\"items\":[{\"hs\":\"080620\",\"net_kg\":true}]}", "net_kg", "a number"},
        {"{" GOOD ",\"items\":[{\"hs\":\"080620\"},{\"hs\":\"770000\"}]}", "hs", "item 2: chapter 77"},
        {"{" GOOD ",\"items\":5}", "items", "list of objects"},
        {"{" GOOD "," ITEM ",\"route\":\"IR>AZ\"}", "route", "a list"},
        {"{" GOOD "," ITEM ",\"route\":[1]}", "route", "a list of texts"},
        {"{" GOOD "," ITEM ",\"documents\":[{\"type\":\"CMR\"}]}", "documents", "objects like"},
        {"{" GOOD "," ITEM ",\"vehicle\":\"a\\u0001b\"}", "vehicle", "control characters"},
        {"{" GOOD "," ITEM ",\"result\":{\"minutes\":3}}", "result.outcome", "needs an outcome"},
        {"{" GOOD "," ITEM ",\"result\":{\"outcome\":\"none\"}}", "result.happened", "is missing"},
        {"{" GOOD "," ITEM
         ",\"result\":{\"found_fraud\":1,\"outcome\":\"none\",\"happened\":\"2026-03-03\"}}",
         "found_fraud", "true or false"},
        {"[1]", "record", "JSON object"},
        {"{" GOOD ",}", "record", "line 1, column"},
        {"{" GOOD "," ITEM ",\"post\":\"B\"}", "record", "duplicate"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(read_as(in, "jsonl", tmg_span_of(table[i].json)), TMG_OK);
        assert_int_equal(in->count, 1);
        assert_only_finding(&in->records[0], true, table[i].field, table[i].reason);
        assert_text(in->records[0].raw, table[i].json);
    }
}

static void lines_stand_alone(void **state)
{
    intake *in = *state;
    static const char file[] = "\xEF\xBB\xBF{" GOOD "," ITEM "}\r\n\n  \n{broken\n{" GOOD "," ITEM "}";
    assert_int_equal(read_as(in, "jsonl", TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 3);
    assert_true(in->records[0].good);
    assert_false(in->records[1].good);
    assert_int_equal(in->records[1].line, 4);
    assert_text(in->records[1].raw, "{broken");
    assert_true(in->records[2].good);
    assert_int_equal(in->records[2].line, 5);
}

static void a_stated_total_is_compared_with_its_items(void **state)
{
    intake *in = *state;
    static const char file[] =
        "{" GOOD ",\"currency\":\"AZN\",\"value\":5,\"items\":[{\"hs\":\"080620\",\"value\":4.5}]}";
    assert_int_equal(read_as(in, "jsonl", TMG_SPAN(file)), TMG_OK);
    assert_only_finding(&in->records[0], false, "value", "not the sum");
    assert_true(in->records[0].declaration.value_minor == 500);
}

static void a_very_long_line_is_not_parsed(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 4 << 20);
    tmg_buf_z(&b, "{\"note\":\"");
    for (int i = 0; i <= (1 << 20); i++)
        tmg_buf_char(&b, 'x');
    tmg_buf_z(&b, "\"}\n{" GOOD "," ITEM "}\n");
    assert_int_equal(read_as(in, "jsonl", tmg_buf_as_span(&b)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_only_finding(&in->records[0], true, "record", "longer than 1 MiB");
    assert_true(in->records[1].good);
}

static void more_than_999_items_are_refused(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 4 << 20);
    tmg_buf_z(&b, "{" GOOD ",\"items\":[");
    for (int i = 0; i <= TMG_MAX_ITEMS; i++)
        tmg_buf_z(&b, i > 0 ? ",{\"hs\":\"080620\"}" : "{\"hs\":\"080620\"}");
    tmg_buf_z(&b, "]}");
    assert_int_equal(read_as(in, "jsonl", tmg_buf_as_span(&b)), TMG_OK);
    assert_only_finding(&in->records[0], true, "items", "more than 999");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_written_reads_back_the_same),
        T(a_result_reads_back_the_same),
        T(numbers_are_exact),
        T(faults_name_the_member),
        T(lines_stand_alone),
        T(a_stated_total_is_compared_with_its_items),
        T(a_very_long_line_is_not_parsed),
        T(more_than_999_items_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
