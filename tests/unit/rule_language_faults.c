/* What a fault says: where, what was expected, and what to do. */
#include "rule_language_help.h"

static const tmg_span lists[] = {TMG_SPAN_INIT("AEO"), TMG_SPAN_INIT("SUBJECTS")};
static const tmg_span posts[] = {TMG_SPAN_INIT("AZAST001"), TMG_SPAN_INIT("AZBIL002")};
static const tmg_span signals[] = {TMG_SPAN_INIT("track.seal_opened")};
static const tmg_rule_lexicon lexicon = {.lists = lists,
                                         .posts = posts,
                                         .signals = signals,
                                         .list_count = COUNT(lists),
                                         .post_count = COUNT(posts),
                                         .signal_count = COUNT(signals),
                                         .today = 20000};

/* One condition, the fault it gives: kind, where in the condition (from 0), how long, and parts of its
 * sentences. */
typedef struct wrong {
    const char *condition;
    tmg_fault_kind kind;
    int at, length;
    const char *said, *help;
} wrong;

static void one_fault(const wrong *w)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF source = {0};
    TMG_AUTO_BUF all = {0};
    tmg_reading reading;
    const tmg_fault *f = NULL;

    tmg_buf_init(&source, 1 << 16);
    tmg_buf_init(&all, 1 << 16);
    tmg_rules_read(around(&source, w->condition, NULL), &lexicon, a, &reading);
    show_faults(&all, &reading);
    for (size_t i = 0; i < reading.fault_count && f == NULL; i++)
        if (reading.faults[i].kind == w->kind)
            f = &reading.faults[i];
    if (f == NULL)
        fail_msg("no such fault for %s\n%s", w->condition, all.ptr);
    else if (f->line != CONDITION_LINE || f->column != CONDITION_COLUMN + w->at || f->length != w->length ||
             strstr(f->said, w->said) == NULL ||
             (w->help != NULL && (f->help == NULL || strstr(f->help, w->help) == NULL)))
        fail_msg("for %s\n%s", w->condition, all.ptr);
    assert_int_equal(reading.rule_count, w->kind == TMG_FAULT_WARNING ? 1 : 0);
}

static void names_that_are_not_there(void **state)
{
    static const wrong all[] = {
        {"consigne = A", TMG_FAULT_UNKNOWN_NAME, 0, 8, "no field `consigne`", "`consignee`"},
        {"importer = A", TMG_FAULT_UNKNOWN_NAME, 0, 8, "no field `importer`", "`consignee`"},
        {"not dest in {IR}", TMG_FAULT_UNKNOWN_NAME, 4, 4, "no field `dest`", "`destination`"},
        {"consignee in list(\"AOE\")", TMG_FAULT_UNKNOWN_NAME, 18, 5, "no list \"AOE\"", "`AEO`"},
        {"signal(\"track.seal_open\", 1h)", TMG_FAULT_UNKNOWN_NAME, 7, 17, "no sense sends",
         "`track.seal_opened`"},
        {"cuont(declaration by consignee, 3d) > 1", TMG_FAULT_UNKNOWN_NAME, 0, 5, "no function `cuont`",
         "`count`"},
        {"p(theft) > 0.5", TMG_FAULT_UNKNOWN_NAME, 2, 5, "p(fraud) and p(critical)", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++)
        one_fault(&all[i]);
}

static void types_and_units_that_do_not_meet(void **state)
{
    static const wrong all[] = {
        {"gross > value", TMG_FAULT_TYPE, 0, 13, "a mass in kg and money cannot be compared", NULL},
        {"value > 5 kg", TMG_FAULT_TYPE, 0, 12, "money and a mass in kg", NULL},
        {"gross + value > 5", TMG_FAULT_TYPE, 0, 13, "cannot be added", NULL},
        {"unit_value > value", TMG_FAULT_TYPE, 0, 18, "money per kg and money", NULL},
        {"lead < 5", TMG_FAULT_TYPE, 0, 8, "a duration and a number", "2h, 30d"},
        {"lead * lead > 5h", TMG_FAULT_TYPE, 0, 11, "cannot be multiplied", NULL},
        {"lodged + expected > 5", TMG_FAULT_TYPE, 0, 17, "cannot be added", NULL},
        {"value > \"12\"", TMG_FAULT_TYPE, 0, 12, "a text", "without quotes"},
        {"origin < IR", TMG_FAULT_TYPE, 0, 11, "cannot be compared with less or more", NULL},
        {"origin = description", TMG_FAULT_TYPE, 0, 20, "`origin` is a code, but `description` is a text",
         NULL},
        {"route = IR", TMG_FAULT_TYPE, 0, 10, "holds several codes", "route has"},
        {"origin has IR", TMG_FAULT_TYPE, 0, 13, "`has` is for fields with several codes", "origin ="},
        {"origin under 08", TMG_FAULT_TYPE, 0, 15, "no tree", "hs"},
        {"origin + 1 > 2", TMG_FAULT_TYPE, 0, 6, "expected a number here, but `origin` is a code", NULL},
        {"origin", TMG_FAULT_TYPE, 0, 6, "alone is no condition", "known origin"},
        {"value", TMG_FAULT_TYPE, 0, 5, "alone is no condition", "known value"},
        {"value + 1", TMG_FAULT_TYPE, 0, 9, "expected a condition", NULL},
        {"description = tea", TMG_FAULT_TYPE, 14, 3, "compared with a text", "double quotes"},
        {"hs = 08", TMG_FAULT_TYPE, 5, 2, "4 to 10 digits", "`under`"},
        {"hs4 = 080211", TMG_FAULT_TYPE, 6, 6, "has 4 digits", NULL},
        {"regime = land", TMG_FAULT_TYPE, 9, 4, "import, export or transit", NULL},
        {"value > 1.1234567", TMG_FAULT_TYPE, 8, 9, "is no number", "6 decimals"},
        {"value > 99999999999999", TMG_FAULT_TYPE, 8, 14, "is no number", NULL},
        {"value > 5 and 3x < value", TMG_FAULT_TYPE, 14, 2, "`3x` is no number", NULL},
        {"items between 5 and 3", TMG_FAULT_TYPE, 0, 21, "lower bound", NULL},
        {"count(declaration by consignee, 800d) > 1", TMG_FAULT_TYPE, 32, 4, "1h to 730d", NULL},
        {"count(declaration by mode, 3d) > 1", TMG_FAULT_TYPE, 21, 4, "no history is kept by `mode`", NULL},
        {"count(items by consignee, 3d) > 1", TMG_FAULT_TYPE, 6, 5, "only `declaration`", "where"},
        {"sum(origin by consignee, 3d) > 1", TMG_FAULT_TYPE, 4, 6, "`origin` is a code", NULL},
        {"count(declaration by consignee where net > 3, 3d) > 1", TMG_FAULT_TYPE, 37, 7,
         "after `where` stand only", NULL},
        {"origin in {}", TMG_FAULT_TYPE, 10, 2, "nothing between the braces", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++)
        one_fault(&all[i]);
}

static void grammar_that_is_not_kept(void **state)
{
    static const wrong all[] = {
        {"origin == IR", TMG_FAULT_SYNTAX, 8, 1, "found `=`", "no `==`"},
        {"value > 1 && value < 3", TMG_FAULT_SYNTAX, 10, 1, "found `&`", "`and`"},
        {"origin = 'IR'", TMG_FAULT_SYNTAX, 9, 1, "found `'`", "double quotes"},
        {"1 < value < 3", TMG_FAULT_SYNTAX, 10, 1, "chained", "between"},
        {"count(consignee, 30d) > 1", TMG_FAULT_SYNTAX, 0, 21, "count(declaration by consignee, 30d)", NULL},
        {"age(consignee, 30d) > 1", TMG_FAULT_SYNTAX, 0, 19, "age(consignee)", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++)
        one_fault(&all[i]);
}

static void codes_that_look_wrong_are_warned_of(void **state)
{
    static const wrong all[] = {
        {"origin = ZQ", TMG_FAULT_WARNING, 9, 2, "ZQ is no country", "ISO 3166"},
        {"hs under 77", TMG_FAULT_WARNING, 9, 2, "no chapter 77", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++)
        one_fault(&all[i]);
}

static void attributes_of_persons_are_refused(void **state)
{
    static const char *const names[] = {
        "sex",
        "Gender",
        "driver.sex",
        "consignee_gender",
        "ethnicity",
        "driver.race",
        "religion",
        "date_of_birth",
        "driver.age",
        "age",
        "nationality",
        "driver.nationality",
        "citizenship",
        "cinsiyyət",
        "CİNS",
        "milliyyət",
        "vetendasliq",
        "dogum_tarixi",
        "пол",
        "ПОЛ",
        "водитель.возраст",
        "национальность",
        "Гражданство",
        "вероисповедание",
        "yaş",
        "дата_рождения",
        "consigneeNationality",
    };
    static const char *const forms[] = {"%s = X", "consignee in list(\"%s\")",
                                        "count(declaration by %s, 30d) > 1", "%s(consignee) = 1", "known %s"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        for (size_t j = 0; j < COUNT(forms); j++) {
            TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
            TMG_AUTO_BUF condition = {0};
            TMG_AUTO_BUF source = {0};
            const char *mark = strstr(forms[j], "%s");
            tmg_reading reading;

            if (j == 3 && strcmp(names[i], "age") == 0)
                continue; /* age(consignee) is for how long an operator is known */
            tmg_buf_init(&condition, 1024);
            tmg_buf_init(&source, 1 << 16);
            tmg_buf_put(&condition, forms[j], (size_t)(mark - forms[j]));
            tmg_buf_fmt(&condition, "%s%s", names[i], mark + 2);
            tmg_rules_read(around(&source, condition.ptr, NULL), NULL, a, &reading);
            assert_int_equal(reading.rule_count, 0);
            if (errors_of(&reading) != 1 || reading.faults[0].kind != TMG_FAULT_PROTECTED)
                fail_msg("%s is not refused as protected", condition.ptr);
        }
}

static void goods_and_operators_are_not_mistaken_for_persons(void **state)
{
    static const char *const conditions[] = {
        "consignee.country = IR",         "description like \"*religious books*\"",
        "description = \"sex\"",          "consignee in list(\"PACKAGES-AGENTS\")",
        "age(consignee) > 30d",           "vehicle.country = TR",
        "consignee in list(\"MANAGERS\")"};

    (void)state;
    for (size_t i = 0; i < COUNT(conditions); i++) {
        TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
        TMG_AUTO_BUF source = {0};
        tmg_reading reading;

        tmg_buf_init(&source, 1 << 16);
        tmg_rules_read(around(&source, conditions[i], NULL), NULL, a, &reading);
        must_be_good(&reading, tmg_buf_as_span(&source));
    }
}

static void metadata_is_judged(void **state)
{
    static const char source[] = "rule \"A\" version 1 {\n"
                                 "  expires 2024-01-01\n"
                                 "  posts AZAST01\n"
                                 "  why \"{unit_vale} {ref.median} {sex} {\"\n"
                                 "  trader \"{value}\"\n"
                                 "  title \"\"\n"
                                 "  titel \"x\"\n"
                                 "  when true\n"
                                 "  then lane red 101% weight 99 dB\n"
                                 "}\n";
    static const char *const wanted[] = {
        "1:1+4 warning: the rule lacks an owner",
        "1:1+4 warning: the rule lacks a basis",
        "2:3+7 limit: the rule expired on 2024-01-01",
        "3:9+7 name: this centre has no post AZAST01 (did you mean `AZAST001`?)",
        "4:3+3 name: {unit_vale} in the note stands for no field",
        "of this rule (did you mean `unit_value`?)",
        "4:3+3 name: {ref.median} in the note",
        "4:3+3 protected: `sex` names the sex of a person",
        "4:3+3 syntax: a { in the note is not closed",
        "5:3+6 type: what the trader is told shows no values",
        "6:3+5 type: `title` is empty",
        "7:3+5 syntax: `titel` begins no clause of a rule (did you mean `title`?)",
        "9:17+3 limit: a share is more than 0% and at most 100%",
        "9:29+2 limit: a weight lies between -60 dB and +60 dB",
        "9:3+4 type: a weight needs to say of which offence",
    };
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF all = {0};
    tmg_reading reading;

    (void)state;
    tmg_buf_init(&all, 1 << 16);
    tmg_rules_read(TMG_SPAN(source), &lexicon, a, &reading);
    show_faults(&all, &reading);
    for (size_t i = 0; i < COUNT(wanted); i++)
        if (strstr(all.ptr, wanted[i]) == NULL)
            fail_msg("not said: %s\n%s", wanted[i], all.ptr);
    assert_int_equal(reading.rule_count, 0);
}

static void a_fault_is_shown_under_its_place(void **state)
{
    static const char source[] = "rule \"ə\" version 1 {\n\twhen orgin = IR then lane red\n}\n";
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_reading reading;

    (void)state;
    tmg_buf_init(&b, 1 << 16);
    tmg_rules_read(TMG_SPAN(source), NULL, a, &reading);
    tmg_fault_write(&b, "a.rule", TMG_SPAN(source), &reading.faults[reading.fault_count - 1]);
    assert_string_equal(b.ptr, "a.rule:2:7: error: there is no field `orgin` [name]\n"
                               "    2 | \twhen orgin = IR then lane red\n"
                               "      | \t     ^~~~~\n"
                               "      = help: did you mean `origin`?\n");
}

/* ---- hostile input ---- */

static void read_hostile(const char *source, size_t len, const char *wanted)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF all = {0};
    tmg_reading reading;

    tmg_buf_init(&all, 1 << 20);
    tmg_rules_read((tmg_span){source, len}, NULL, a, &reading);
    show_faults(&all, &reading);
    assert_int_equal(reading.rule_count, 0);
    assert_true(reading.fault_count <= 100);
    if (strstr(all.ptr, wanted) == NULL)
        fail_msg("not said: %s\n%s", wanted, all.ptr);
}

static void repeat(tmg_buf *b, const char *before, const char *part, size_t times, const char *after)
{
    tmg_buf_clear(b);
    tmg_buf_z(b, before);
    for (size_t i = 0; i < times; i++)
        tmg_buf_z(b, part);
    tmg_buf_z(b, after);
}

static void hostile_rules_meet_limits(void **state)
{
    static const char head[] = "rule \"A\" version 1 { then lane red when ";
    TMG_AUTO_BUF b = {0};

    (void)state;
    tmg_buf_init(&b, 64 << 20);
    repeat(&b, head, "(", 100000, "}");
    read_hostile(b.ptr, b.len, "nested deeper than 64 levels");
    repeat(&b, head, "not ", 100000, "}");
    read_hostile(b.ptr, b.len, "nested deeper than 64 levels");
    repeat(&b, head, "-", 100000, "}");
    read_hostile(b.ptr, b.len, "nested deeper than 64 levels");
    repeat(&b, head, "items + ", 200, "1 > 2 }");
    read_hostile(b.ptr, b.len, "nested deeper than 64 levels");
    repeat(&b, head, "p(fraud) > 0.5 or ", 3000, "true }");
    read_hostile(b.ptr, b.len, "more than 4096 codes and numbers in one rule");
    repeat(&b, head, "name_like(consignee.name, list(\"A\")) > 0.9 or ", 6, "true }");
    read_hostile(b.ptr, b.len, "comparisons per item; 20000 are allowed");
    repeat(&b, head, "true test {} => hit\n", 1000000, "}");
    read_hostile(b.ptr, b.len, "the rule has more than 65536 bytes");
    repeat(&b, head, "unknown words\n", 1000000, "}");
    read_hostile(b.ptr, b.len, "expected a clause");
    repeat(&b, head, "\ntitle 5", 1000000, "}");
    read_hostile(b.ptr, b.len, "expected the title between quotes, found the number 5");
    repeat(&b, "", "rule \"", 1000000, "");
    read_hostile(b.ptr, b.len, "expected `version` and a number");
    repeat(&b, "rule \"A\" version 1 {", "# a comment\n", 1000000, "");
    read_hostile(b.ptr, b.len, "the rule has more than 65536 bytes");
    read_hostile("rule \"A\xff\" version 1 {}", 22, "not UTF-8");
    read_hostile("rule \"A\" \0 version 1 {}", 23, "not UTF-8");
    repeat(&b, head, "true then lane red owner \"", 1, "");
    read_hostile(b.ptr, b.len, "a text without its closing quote");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_are_not_there),
        cmocka_unit_test(types_and_units_that_do_not_meet),
        cmocka_unit_test(grammar_that_is_not_kept),
        cmocka_unit_test(codes_that_look_wrong_are_warned_of),
        cmocka_unit_test(attributes_of_persons_are_refused),
        cmocka_unit_test(goods_and_operators_are_not_mistaken_for_persons),
        cmocka_unit_test(metadata_is_judged),
        cmocka_unit_test(a_fault_is_shown_under_its_place),
        cmocka_unit_test(hostile_rules_meet_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
