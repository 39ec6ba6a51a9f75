/* Inline tests: what they give, what follows from it, and what a failing one says. */
#include "rule_language_help.h"

static void passes(const char *condition, const char *test)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF source = {0};
    tmg_rule_lexicon lex = {.today = 20000, .offset_min = 240};
    tmg_reading reading;

    tmg_buf_init(&source, 1 << 16);
    tmg_rules_read(around(&source, condition, test), &lex, a, &reading);
    must_be_good(&reading, tmg_buf_as_span(&source));
}

static void facts_of_the_row(void **state)
{
    (void)state;
    passes("origin = IR",
           "test { origin IR } => hit test { origin TR } => miss test { } => unknown test { } => miss");
    passes("hs4 = 0802 and hs2 = 08 and commodity under 0802", "test { hs 0802.11 } => hit");
    passes("route has IR", "test { departure IR } => hit test { route {TR, GE} departure TR } => miss");
    passes("unit_value < 2.5",
           "test { item.value 10 net 5kg } => hit test { item.value 10 net 4000 g } => miss "
           "test { item.value 10 item.gross 5 } => hit test { unit_value 2 } => hit");
    passes("package_weight = 20", "test { net 1 t packages 50 } => hit");
    passes("hour = 2 and weekday = 7", "test { expected \"2026-03-01T02:30\" } => hit");
    passes("lead < 2h", "test { lodged \"2026-03-01T02:30\" expected \"2026-03-01T04:00\" } => hit");
    passes("tax_rate > 17.5%", "test { tax_rate 18% } => hit");
    passes("seals = 2 and seal has {A, \"b c\"}", "test { seal {\"b c\", X} } => hit");
    passes("description like \"*RAISIN*\"", "test { description \"golden raisins\" } => hit");
    passes("origin != departure",
           "test { origin IR departure TR } => hit test { origin IR departure IR } => miss "
           "test { origin IR } => unknown");
    passes("weekday in {6, 7} or items between 2 and 3",
           "test { weekday 6 } => hit test { items 3 weekday 1 } => hit "
           "test { items 4 weekday 1 } => miss");
}

static void answers_of_the_senses(void **state)
{
    (void)state;
    passes("count(declaration by consignee, 30d) <= 1",
           "test { count(declaration by consignee, 30d) 1 } => hit "
           "test { count(declaration by consignee, 29d) 1 } => unknown");
    passes("ref.median(hs6, origin) > 3 * unit_value",
           "test { ref.median(unit_value by hs6, origin) 3.5 unit_value 1 } => hit");
    passes("p(fraud) > 20%",
           "test { p(fraud) 0.21 } => hit test { p(fraud) 20% } => miss test { p(critical) 1 } => unknown");
    passes("first(consignee) and not repeats", "test { first(consignee) yes repeats no } => hit "
                                               "test { first(consignor) yes repeats no } => unknown");
    passes("consignee in list(\"BAD\")", "test { consignee C1 consignee in list(\"BAD\") yes } => hit "
                                         "test { consignee C1 consignee in list(\"BAD\") no } => miss "
                                         "test { consignee in list(\"BAD\") yes } => hit "
                                         "test { consignee C1 } => unknown");
    passes("route in list(\"BAD\") and name_like(consignee.name, list(\"N\")) > 0.9",
           "test { route in list(\"BAD\") yes name_like(consignee.name, list(\"N\")) 1 } => hit");
    passes("name_like(consignee.name, list(\"N\")) > 90%",
           "test { consignee.name \"A\" name_like(consignee.name, list(\"N\")) 95% } => hit");
    passes("signal(\"track.seal_opened\", 24h)",
           "test { signal(\"track.seal_opened\", 24h) yes } => hit test { } => miss");
    passes("age(consignee) < 30d", "test { age(consignee) 29 } => hit test { age(consignee) 31d } => miss");
}

static void a_test_stands_in_scope_unless_it_says_otherwise(void **state)
{
    static const char source[] =
        "rule \"A\" version 1 { scope transit posts AZ1, AZ2 when origin = IR then lane red\n"
        "test { origin IR } => hit\n"
        "test { origin IR regime import } => miss\n"
        "test { origin IR post AZ3 } => miss\n"
        "test { origin IR post AZ2 regime transit } => hit }";
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_reading reading;

    (void)state;
    tmg_rules_read(TMG_SPAN(source), NULL, a, &reading);
    must_be_good(&reading, TMG_SPAN(source));
}

static void says(const char *condition, const char *test, const char *wanted)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF source = {0};
    TMG_AUTO_BUF all = {0};
    tmg_reading reading;

    tmg_buf_init(&source, 1 << 16);
    tmg_buf_init(&all, 1 << 16);
    tmg_rules_read(around(&source, condition, test), NULL, a, &reading);
    show_faults(&all, &reading);
    assert_int_equal(reading.rule_count, 0);
    if (strstr(all.ptr, wanted) == NULL)
        fail_msg("not said: %s\n%s", wanted, all.ptr);
}

static void a_failing_test_says_what_each_side_was(void **state)
{
    (void)state;
    says("net > 5 and origin = IR", "test { net 3 origin IR } => hit",
         "9:29+3 test: this test says hit, but the rule makes it a miss (`net > 5` → false: net = 3)");
    says("net > 5 and p(fraud) < 1", "test { net 6 } => hit",
         "the rule makes it unknown (`p(fraud) < 1` → unknown: p(fraud) = ?)");
    says("route has {IR, AF}", "test { route {TR, GE} } => hit", "→ false: route = TR, GE)");
    says("first(consignee)", "test { first(consignee) no } => hit", "first(consignee) = no)");
    says("lead > 2h", "test { lead 1h } => hit", "lead = 1h)");
    says("net > 5", "test { net 6 } => miss", "the rule makes it a hit (`net > 5` → true: net = 6)");
    says("net > 5", "test { net 6 } => unknown", "this test says unknown, but the rule makes it a hit");
}

static void tests_are_typed_too(void **state)
{
    (void)state;
    says("net > 5", "test { net 6h } => hit", "cannot be given to each other");
    says("net > 5", "test { nett 6 } => hit", "there is no field `nett` (did you mean `net`?)");
    says("net > 5", "test { hs 08 } => hit", "4 to 10 digits");
    says("net > 5", "test { origin {IR, AF} } => hit", "`origin` has one value");
    says("net > 5", "test { repeats 1 } => hit", "expected `yes` or `no` here");
    says("net > 5", "test { sex M } => hit", "names the sex of a person");
    says("net > 5", "test { net 6 } => perhaps", "expected `hit`, `miss` or `unknown`, found `perhaps`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_of_the_row),
        cmocka_unit_test(answers_of_the_senses),
        cmocka_unit_test(a_test_stands_in_scope_unless_it_says_otherwise),
        cmocka_unit_test(a_failing_test_says_what_each_side_was),
        cmocka_unit_test(tests_are_typed_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
