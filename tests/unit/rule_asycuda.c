/* Criteria of ASYCUDA come over whole or not at all. */
#include "rule_language_help.h"

static void carry(tmg_arena *a, const char *source, tmg_buf *out, tmg_buf *said)
{
    tmg_fault *faults;
    size_t count;

    tmg_buf_init(out, 1 << 20);
    tmg_buf_init(said, 1 << 20);
    tmg_asycuda_criteria(tmg_span_of(source), TMG_SPAN("desk:north"), a, out, &faults, &count);
    show_faults(said, &(tmg_reading){.faults = faults, .fault_count = count});
}

/* The one condition and its `then` in what came out. */
static void becomes(const char *source, const char *when, const char *then)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF out = {0};
    TMG_AUTO_BUF said = {0};
    TMG_AUTO_BUF line = {0};
    tmg_reading reading;

    carry(a, source, &out, &said);
    tmg_buf_init(&line, 1 << 16);
    tmg_buf_fmt(&line, "  when    %s\n  then    %s\n", when, then);
    if (strstr(out.ptr, line.ptr) == NULL)
        fail_msg("wanted\n%s\nfound\n%s\n%s", line.ptr, out.ptr, said.ptr);
    tmg_rules_read(tmg_buf_as_span(&out), NULL, a, &reading);
    must_be_good(&reading, tmg_buf_as_span(&out));
    assert_true(tmg_span_is(reading.rules[0].owner, "desk:north"));
}

static void criteria_become_rules(void **state)
{
    (void)state;
    becomes("Criteria \"APPLES\"; If ComCod = \"080810\" and CtyOrigCod = \"US\" Then RedLane IS 100; Endif;",
            "hs under 080810 and origin = US", "lane red 100%");
    becomes("CRITERIA \"A\"; IF comcod <> \"080810\" THEN yellowlane is 12.5; ENDIF;", "hs not under 080810",
            "lane yellow 12.5%");
    becomes("Criteria \"A\"; Num01 IS GetValue; Num02 IS ValMin; Num03 IS ValMax;\n"
            "If (Num01<Num02) OR (Num01>Num03) THEN Redlane IS 100",
            "unit_value < ref.quantile(unit_value by hs6, origin, 5%)\n"
            "      or  unit_value > ref.quantile(unit_value by hs6, origin, 95%)",
            "lane red 100%");
    becomes(
        "Criteria \"A\"; If CmpConCod in BADCO or not (DecCod not in \"GOOD\") Then BlueLane IS 5; Endif;",
        "consignee in list(\"BADCO\") or not declarant not in list(\"GOOD\")", "lane blue 5%");
    becomes("Criteria \"A\"; If (TypDec = \"IM\" or TypDec = \"T1\") and CtnFlg = 1 Then GreenLane IS 100; "
            "Endif;",
            "(regime = import or regime = transit) and containers > 0", "lane green 100%");
    becomes(
        "Criteria \"A\"; If CtnFlg <> 1 and CmpExpCod = \"\" and CtyExpCod <> \"\" Then RedLane IS 1; Endif;",
        "containers = 0 and not known consignor and known departure", "lane red 1%");
    becomes("// by weight\nCriteria \"A\"; Num01 IS GrsMas / PckNbr; If Num01 * 2 >= 10.5 Then RedLane IS "
            "100; Endif;",
            "item.gross / packages * 2 >= 10.5", "lane red 100%");
    becomes("Criteria \"A\"; If MotCod = 30 and GdsDsc = \"say \\\"tea\\\"\" Then RedLane IS 100; Endif;",
            "mode = 30 and description = \"say \\\"tea\\\"\"", "lane red 100%");
}

static void each_lane_and_each_else_is_a_rule_of_its_own(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF out = {0};
    TMG_AUTO_BUF said = {0};
    tmg_reading reading;

    (void)state;
    carry(a,
          "Criteria \"A\"; If DecCod = \"1\" Then RedLane IS 50; YellowLane IS 30; Else GreenLane IS 100; "
          "Endif;\n"
          "If DecCod = \"2\" Then RedLane IS 0; BlueLane IS 10; Endif;",
          &out, &said);
    tmg_rules_read(tmg_buf_as_span(&out), NULL, a, &reading);
    assert_int_equal(reading.rule_count, 4);
    assert_true(tmg_span_is(reading.rules[0].name, "A"));
    assert_int_equal(reading.rules[0].lane, TMG_LANE_RED);
    assert_int_equal(reading.rules[0].share_ppm, 500000);
    assert_true(tmg_span_is(reading.rules[1].name, "A-2"));
    assert_int_equal(reading.rules[1].lane, TMG_LANE_YELLOW);
    assert_int_equal(reading.rules[2].lane, TMG_LANE_GREEN);
    assert_int_equal(reading.rules[2].when->op, TMG_R_NOT);
    assert_int_equal(reading.rules[3].lane, TMG_LANE_BLUE);
    assert_non_null(strstr(said.ptr, "warning: criterion A: a lane for 0% of the hits does nothing"));
}

static void a_criterion_that_cannot_come_is_named_and_the_others_stand(void **state)
{
    static const struct {
        const char *criterion, *said;
    } bad[] = {
        {"Criteria \"BAD\"; If CtyOrgiCod = \"1\" Then RedLane IS 100; Endif;",
         "1:20+10 name: criterion BAD: `CtyOrgiCod` has no counterpart in a rule (did you mean "
         "`CtyOrigCod`?)"},
        {"Criteria \"BAD\"; If DecCod = \"1\" Then RedLane IS 100; Endif; If Foo = 1 Then RedLane IS 1; "
         "Endif;",
         "criterion BAD: `Foo` has no counterpart"},
        {"Criteria \"BAD\"; If ComCod > \"0101\" Then RedLane IS 100; Endif;",
         "codes cannot be compared with less or more"},
        {"Criteria \"BAD\"; If ComCod = \"08O8\" Then RedLane IS 100; Endif;",
         "criterion BAD: a commodity code here has"},
        {"Criteria \"BAD\"; If DecCod = \"1\" Then RedLane IS 101; Endif;",
         "expected a percentage from 0 to 100"},
        {"Criteria \"BAD\"; If DecCod = \"1\" Then PinkLane IS 1; Endif;", "expected RedLane, YellowLane"},
        {"Criteria \"BAD\"; If Num07 > 1 Then RedLane IS 1; Endif;",
         "expected a variable that was set before"},
        {"Criteria \"BAD\"; If GrsMas > InvoiceTotal Then RedLane IS 1; Endif;",
         "`InvoiceTotal` has no counterpart"},
        {"Criteria \"BAD\"; If Nationality = \"XX\" Then RedLane IS 1; Endif;",
         "protected: `Nationality` names the nationality of a person"},
        {"Criteria \"BAD\"; If TypDec = \"ZZ\" Then RedLane IS 1; Endif;",
         "a type of declaration: IM, EX or T1"},
        {"Criteria \"BAD\"; If (DecCod = \"1\" Then RedLane IS 1; Endif;", "expected `)`, found `Then`"},
        {"Criteria ; If DecCod = \"1\" Then RedLane IS 1; Endif;", "expected the criterion's name"},
        {"stray", "expected `Criteria`, found `stray`"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
        TMG_AUTO_BUF source = {0};
        TMG_AUTO_BUF out = {0};
        TMG_AUTO_BUF said = {0};
        tmg_reading reading;

        tmg_buf_init(&source, 1 << 16);
        tmg_buf_fmt(&source, "%s\nCriteria \"GOOD\"; If DecCod = \"1\" Then RedLane IS 100; Endif;",
                    bad[i].criterion);
        carry(a, source.ptr, &out, &said);
        if (strstr(said.ptr, bad[i].said) == NULL)
            fail_msg("not said: %s\n%s", bad[i].said, said.ptr);
        tmg_rules_read(tmg_buf_as_span(&out), NULL, a, &reading);
        assert_int_equal(reading.rule_count, 1);
        assert_true(tmg_span_is(reading.rules[0].name, "GOOD"));
    }
}

static void hostile_criteria_meet_limits(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF source = {0};
    TMG_AUTO_BUF out = {0};
    TMG_AUTO_BUF said = {0};

    (void)state;
    tmg_buf_init(&source, 4 << 20);
    tmg_buf_z(&source, "Criteria \"A\"; If ");
    for (int i = 0; i < 100000; i++)
        tmg_buf_char(&source, '(');
    carry(a, source.ptr, &out, &said);
    assert_non_null(strstr(said.ptr, "fewer brackets"));
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(criteria_become_rules),
        cmocka_unit_test(each_lane_and_each_else_is_a_rule_of_its_own),
        cmocka_unit_test(a_criterion_that_cannot_come_is_named_and_the_others_stand),
        cmocka_unit_test(hostile_criteria_meet_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
