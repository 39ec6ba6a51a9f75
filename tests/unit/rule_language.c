/* The rule language: what is read is what was meant, and what is written reads back the same. */
#include "rule_language_help.h"

static const char whole[] =
    "# borders\n"
    "\n"
    "rule \"DRUG-IR-0042\" version 3 {\n"
    "  title   \"Nuts of a first-time consignee\"\n"
    "  owner   desk:balkan-route\n"
    "  basis   \"Customs Code art. 7\"\n"
    "  expires 2027-06-30\n"
    "  scope   import, transit\n"
    "  posts   AZAST001, AZBIL002\n"
    "  # nuts\n"
    "  when    hs under 0802 and route has {IR, AF}\n"
    "  then    lane red 12.5%  weight -3.25 dB  offence fraud, critical  check xray, dog\n"
    "  why     \"unit value {unit_value} of {consignee}\"\n"
    "  trader  \"Documents are incomplete\"\n"
    "  test    { hs 080211 route {IR, AZ} } => hit\n"
    "}\n";

static void every_clause_is_read(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_reading reading;
    const tmg_rule *r;

    (void)state;
    tmg_rules_read(TMG_SPAN(whole), NULL, a, &reading);
    must_be_good(&reading, TMG_SPAN(whole));
    assert_int_equal(reading.fault_count, 0);
    r = &reading.rules[0];
    assert_true(tmg_span_is(r->name, "DRUG-IR-0042"));
    assert_int_equal(r->version, 3);
    assert_int_equal(r->line, 3);
    assert_true(tmg_span_is(r->owner, "desk:balkan-route"));
    assert_true(tmg_span_is(r->basis, "Customs Code art. 7"));
    assert_int_equal(r->scope, 1U << TMG_IMPORT | 1U << TMG_TRANSIT);
    assert_int_equal(r->post_count, 2);
    assert_true(tmg_span_is(r->posts[1], "AZBIL002"));
    assert_int_equal(r->lane, TMG_LANE_RED);
    assert_int_equal(r->share_ppm, 125000);
    assert_int_equal(r->weight_mdB, -3250);
    assert_int_equal(r->offences, TMG_OFFENCE_FRAUD | TMG_OFFENCE_CRITICAL);
    assert_int_equal(r->means, TMG_MEANS_XRAY | TMG_MEANS_DOG);
    assert_true(tmg_span_is(r->trader_reason, "Documents are incomplete"));
    assert_true(tmg_span_starts(r->text, "rule \"DRUG") && r->text.ptr[r->text.len - 1] == '}');
    assert_true(r->cost > 0);
}

static void formatting_keeps_comments_and_tests_and_rests(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF once = {0};
    TMG_AUTO_BUF twice = {0};
    tmg_reading reading;

    (void)state;
    tmg_buf_init(&once, 1 << 16);
    tmg_buf_init(&twice, 1 << 16);
    tmg_rules_read(TMG_SPAN(whole), NULL, a, &reading);
    tmg_rules_format(&once, TMG_SPAN(whole), &reading);
    assert_string_equal(once.ptr, whole);
    tmg_rules_read(tmg_buf_as_span(&once), NULL, a, &reading);
    tmg_rules_format(&twice, tmg_buf_as_span(&once), &reading);
    assert_string_equal(twice.ptr, once.ptr);
}

static void the_hash_does_not_see_comments_and_line_ends(void **state)
{
    static const char other[] =
        "rule \"A\" version 1 {   # a comment\n\n  when true # all\n  then lane red\t\n}\r\n";
    static const char plain[] = "rule \"A\" version 1 {\n  when true\n  then lane red\n}";
    static const char moved[] = "rule \"A\" version 1 {\n  when true\n  then lane blue\n}";
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_reading x, y, z;

    (void)state;
    tmg_rules_read(TMG_SPAN(other), NULL, a, &x);
    tmg_rules_read(TMG_SPAN(plain), NULL, a, &y);
    tmg_rules_read(TMG_SPAN(moved), NULL, a, &z);
    must_be_good(&x, TMG_SPAN(other));
    must_be_good(&y, TMG_SPAN(plain));
    must_be_good(&z, TMG_SPAN(moved));
    assert_memory_equal(x.rules[0].hash.b, y.rules[0].hash.b, TMG_SHA256_LEN);
    assert_memory_not_equal(y.rules[0].hash.b, z.rules[0].hash.b, TMG_SHA256_LEN);
}

static void rules_after_a_broken_one_still_stand(void **state)
{
    static const char source[] =
        "rule \"A\" version 1 {\n  when origin =\n  then lane purple\n  test { origin } => hit\n}\n"
        "rule \"B\" version {\n}\n"
        "rule \"C\" version 1 { when true then lane red }\n"
        "stray\n"
        "rule \"D\" version 1 { when true then lane red }\n"
        "rule \"C\" version 2 { when true then lane red }\n";
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_reading reading;

    (void)state;
    tmg_rules_read(TMG_SPAN(source), NULL, a, &reading);
    tmg_buf_init(&b, 1 << 16);
    show_faults(&b, &reading);
    assert_int_equal(reading.rule_count, 2);
    assert_true(tmg_span_is(reading.rules[0].name, "C"));
    assert_true(tmg_span_is(reading.rules[1].name, "D"));
    assert_non_null(
        strstr(b.ptr, "3:3+4 syntax: expected a field, a number, a text or a function, found `then`"));
    assert_non_null(
        strstr(b.ptr, "3:13+6 syntax: expected `red`, `yellow`, `blue` or `green`, found `purple`"));
    assert_non_null(strstr(b.ptr, "4:17+1 syntax: expected its value, found `}`"));
    assert_non_null(strstr(b.ptr, "6:18+1 syntax: expected a version from 1 to 1000000, found `{`"));
    assert_non_null(strstr(b.ptr, "9:1+5 syntax: expected `rule`, found `stray`"));
    assert_non_null(strstr(b.ptr, "a rule \"C\" stands on line 8 already"));
}

/* ---- the property: writing and reading again gives the same tree ---- */

typedef struct chance {
    uint64_t state;
} chance;

static unsigned draw(chance *c, unsigned below)
{
    c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(c->state >> 33) % below;
}

static void write_number(chance *c, tmg_buf *b)
{
    static const char *const numbers[] = {"0", "1", "12.5", "0.000001", "1200", "3"};

    tmg_buf_z(b, numbers[draw(c, COUNT(numbers))]);
}

static void write_value(chance *c, tmg_buf *b, int depth)
{
    static const char *const leaves[] = {
        "items",
        "packages",
        "hour",
        "count(declaration by consignee, 30d)",
        "count(declaration by consignee, origin where hs under {0802, 08.06} and origin = IR, 36h)",
        "distinct(hs4 by carrier, 180d)",
        "results(by consignee, 1.5h)",
        "p(fraud)",
        "ref.count(net by hs6)",
        "name_like(consignor.name, list(\"NAMES\"))",
        "name_like(consignor.name, consignee.name)",
        "unit_value / ref.median(hs6, origin)",
        "ref.quantile(unit_value by hs6, origin, 92.5%) / ref.mad(unit_value by hs4)",
        "sum(net by consignee, 90d) / net",
        "found(by declarant where hs2 = 08, 730d)",
    };
    unsigned kind = depth > 0 ? draw(c, 7) : draw(c, 3);

    if (kind == 0) {
        write_number(c, b);
    } else if (kind < 4) {
        tmg_buf_z(b, leaves[draw(c, COUNT(leaves))]);
    } else if (kind == 4) {
        tmg_buf_z(b, "-");
        write_value(c, b, 0);
    } else {
        bool bracket = draw(c, 2) == 0;

        tmg_buf_z(b, bracket ? "(" : "");
        write_value(c, b, depth - 1);
        tmg_buf_fmt(b, " %c ", "+-*/"[draw(c, 4)]);
        write_value(c, b, depth - 1);
        tmg_buf_z(b, bracket ? ")" : "");
    }
}

static void write_predicate(chance *c, tmg_buf *b)
{
    static const char *const leaves[] = {
        "origin = IR",
        "origin != departure",
        "origin in {IR, AF, \"x-y\"}",
        "mode not in {\"and\"}",
        "hs under {0802, 29.15.24}",
        "hs not under 0802",
        "hs = 080211",
        "route has IR",
        "route has {IR, AF}",
        "not commodity under 2915",
        "commodity has {291524}",
        "description like \"*phone \\\"x\\\" \\\\ *\"",
        "description = \"tea\"",
        "consignee in list(\"AEO\")",
        "consignee not in list(\"A \\\" B\")",
        "seal in list(\"SEALS\")",
        "known hs",
        "not known unit_value * 2",
        "first(consignee)",
        "repeats",
        "true",
        "signal(\"track.seal_opened\", 24h)",
        "weekday in {6, 7}",
        "lead < 2.5h",
        "expected - lodged >= 3d",
        "lodged >= \"2026-03-02\"",
        "lodged + 12h < \"2026-03-02T08:15+04:00\"",
        "gross > 2 t",
        "net between 1 kg and 2000 g",
        "tax_rate >= 18%",
        "p(critical) > 20%",
        "age(consignee) < 30d",
        "days_since(declaration by consignee, 365d) > 90",
        "regime = import",
    };

    if (draw(c, 3) > 0) {
        tmg_buf_z(b, leaves[draw(c, COUNT(leaves))]);
        return;
    }
    write_value(c, b, 2);
    tmg_buf_fmt(b, " %s ", ((const char *const[]){"=", "!=", "<", "<=", ">", ">="})[draw(c, 6)]);
    write_value(c, b, 2);
}

static void write_condition(chance *c, tmg_buf *b, int depth)
{
    unsigned kind = depth > 0 ? draw(c, 6) : 0;

    if (kind < 2) {
        write_predicate(c, b);
    } else if (kind == 2) {
        tmg_buf_z(b, "not (");
        write_condition(c, b, depth - 1);
        tmg_buf_z(b, ")");
    } else {
        bool bracket = draw(c, 2) == 0;

        tmg_buf_z(b, bracket ? "(" : "");
        for (unsigned i = 0, n = 2 + draw(c, 3); i < n; i++) {
            tmg_buf_z(b, i == 0 ? "" : kind == 3 ? " or " : " and ");
            write_condition(c, b, depth - 1);
        }
        tmg_buf_z(b, bracket ? ")" : "");
    }
}

static void what_is_written_reads_back_the_same(void **state)
{
    TMG_AUTO_BUF condition = {0};
    TMG_AUTO_BUF source = {0};
    TMG_AUTO_BUF written = {0};
    TMG_AUTO_BUF tree = {0};
    TMG_AUTO_BUF tree_again = {0};
    chance c = {20261123};
    size_t good = 0;

    (void)state;
    tmg_buf_init(&condition, 1 << 20);
    tmg_buf_init(&source, 1 << 20);
    tmg_buf_init(&written, 1 << 20);
    tmg_buf_init(&tree, 1 << 20);
    tmg_buf_init(&tree_again, 1 << 20);
    for (int round = 0; round < 1500; round++) {
        TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
        tmg_reading first, again;

        tmg_buf_clear(&condition);
        tmg_buf_clear(&written);
        tmg_buf_clear(&tree);
        tmg_buf_clear(&tree_again);
        write_condition(&c, &condition, 3);
        tmg_rules_read(around(&source, condition.ptr, NULL), NULL, a, &first);
        if (first.rule_count == 0)
            continue; /* units that cannot meet */
        good++;
        tmg_rule_write(&written, &first.rules[0]);
        tmg_rules_read(tmg_buf_as_span(&written), NULL, a, &again);
        must_be_good(&again, tmg_buf_as_span(&written));
        show_tree(&tree, first.rules[0].when);
        show_tree(&tree_again, again.rules[0].when);
        assert_string_equal(tree.ptr, tree_again.ptr);
        assert_int_equal(first.rules[0].cost, again.rules[0].cost);
    }
    assert_true(good > 500);
}

static const char in_tongues[] = "rule \"T\" version 1 {\n"
                                 "  why.ru   \"по {origin}\"\n"
                                 "  when     origin = IR\n"
                                 "  title    \"From Iran\"\n"
                                 "  title.az \"İrandan\"\n"
                                 "  then     lane red 100%\n"
                                 "}\n";

static void a_rule_speaks_several_languages(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_reading reading;
    const tmg_rule *r;

    (void)state;
    tmg_rules_read(TMG_SPAN(in_tongues), NULL, a, &reading);
    must_be_good(&reading, TMG_SPAN(in_tongues));
    r = &reading.rules[0];
    assert_true(tmg_span_is(r->title, "From Iran") && tmg_span_is(r->in[TMG_SAYS_TITLE][TMG_AZ], "İrandan"));
    assert_null(r->in[TMG_SAYS_TITLE][TMG_RU].ptr);
    assert_true(tmg_span_is(r->why, "по {origin}")); /* the only one stands for the plain one */
    for (size_t i = 0; i < reading.fault_count; i++)
        assert_null(strstr(reading.faults[i].said, "a why"));
    tmg_buf_init(&b, 1 << 12);
    tmg_rules_format(&b, TMG_SPAN(in_tongues), &reading);
    assert_string_equal(b.ptr, "rule \"T\" version 1 {\n"
                               "  title   \"From Iran\"\n"
                               "  title.az \"İrandan\"\n"
                               "  when    origin = IR\n"
                               "  then    lane red 100%\n"
                               "  why.ru  \"по {origin}\"\n"
                               "}\n");
}

static void what_a_language_says_is_checked(void **state)
{
    static const struct {
        const char *clause, *said;
    } table[] = {{"why.az \"{consinee}\"", "{consinee} in the note"},
                 {"trader.ru \"{origin}\"", "shows no values"},
                 {"title.az \" \"", "`title.az` is empty"},
                 {"title.az \"a\"\n title.az \"b\"", "`title.az` stands here twice"},
                 {"title.de \"a\"", "`title.de` begins no clause"}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
        TMG_AUTO_BUF b = {0};
        tmg_reading reading;
        bool found = false;

        tmg_buf_init(&b, 1 << 12);
        tmg_buf_fmt(&b, "rule \"T\" version 1 {\n when true\n then lane red 100%%\n %s\n}\n",
                    table[i].clause);
        tmg_rules_read(tmg_buf_as_span(&b), NULL, a, &reading);
        for (size_t k = 0; k < reading.fault_count; k++)
            found = found || strstr(reading.faults[k].said, table[i].said) != NULL;
        if (!found)
            fail_msg("not said: %s", table[i].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clause_is_read),
        cmocka_unit_test(a_rule_speaks_several_languages),
        cmocka_unit_test(what_a_language_says_is_checked),
        cmocka_unit_test(formatting_keeps_comments_and_tests_and_rests),
        cmocka_unit_test(the_hash_does_not_see_comments_and_line_ends),
        cmocka_unit_test(rules_after_a_broken_one_still_stand),
        cmocka_unit_test(what_is_written_reads_back_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
