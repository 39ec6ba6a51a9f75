/* The ten official reports of the study of the domain: cases that add up to them are entered, the figures are
 * printed and held against what was published, and exactly the gaps that the study found are flagged. */
#include "report/figures.h"
#include "report_home.h"

enum { BAKU = 240 };

static tmg_published *published(home *h, tmg_arena *a, const char *code)
{
    TMG_AUTO_BUF json = {0};
    tmg_published *p = NULL;
    char name[128];

    snprintf(name, sizeof name, "tests/golden/%s.json", code);
    tmg_buf_init(&json, 1 << 16);
    assert_ok(h, tmg_file_read(source_path(a, name), &json, &h->err));
    assert_ok(h, tmg_published_parse(tmg_buf_as_span(&json), a, &p, &h->err));
    return p;
}

static int64_t begin(home *h, tmg_published *p)
{
    tmg_period period = tmg_published_period(p, BAKU);

    add_substances(h);
    return tmg_day_start_ms(period.from_day, BAKU);
}

static void judge(home *h, tmg_arena *a, tmg_published *p, tmg_period_figures *own, tmg_gap **gaps,
                  size_t *count)
{
    tmg_period period = tmg_published_period(p, BAKU);

    assert_ok(h, tmg_figures_of(h->db, &period, TMG_SPAN("AZ"), a, own, &h->err));
    assert_ok(h, tmg_published_check(p, own, a, gaps, count, &h->err));
}

static void open_gaps_are(const tmg_gap *gaps, size_t count, const char *const *codes, const int64_t *by,
                          size_t expected)
{
    size_t open = 0;

    for (size_t i = 0; i < count; i++) {
        if (!gaps[i].open)
            continue;
        if (open >= expected || strcmp(gaps[i].code, codes[open]) != 0 || gaps[i].gap != by[open])
            fail_msg("unexpected gap %s of %lld: %.*s", gaps[i].code, (long long)gaps[i].gap,
                     TMG_SPAN_ARG(gaps[i].words));
        open++;
    }
    assert_int_equal(open, expected);
}

static const tmg_gap *gap_of(const tmg_gap *gaps, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(gaps[i].code, code) == 0)
            return &gaps[i];
    fail_msg("no gap %s", code);
    return NULL;
}

/* Twelve large seizures of 1,629.555 kg on prevented transits, ten more prevented attempts and thirteen other
 * cases. */
static void enter_the_interview(home *h, int64_t at)
{
    static const struct {
        const char *substance;
        int64_t large_mg[12], small_mg;
    } lines[] = {
        {"heroin", {244605000, 213241000, 137000000, 97800000, 104530000, 50800000}, 55478000},
        {"opium", {133410000, 305000000, 60000000}, 7183000},
        {"hashish", {0}, 44646000},
        {"methamphetamine", {100000000, 90000000, 0}, 4115000},
        {"other", {0}, 296000},
    };
    int64_t large = 0, cases = 0, attempts = 0;

    for (size_t l = 0; l < sizeof lines / sizeof lines[0]; l++)
        for (size_t i = 0; i < 12 && lines[l].large_mg[i] != 0; i++, large++, cases++, attempts++)
            add_line(h, add_seizure(h, add_case(h, at + cases, "smuggling"), at, "transit", true),
                     lines[l].substance, lines[l].large_mg[i], 0);
    assert_int_equal(large, 11);
    /* The twelfth makes up 1,629.555 kg. */
    int64_t twelfth = add_seizure(h, add_case(h, at + cases++, "smuggling"), at, "transit", true);
    attempts++;
    add_line(h, twelfth, "heroin", 30000000, 0);
    add_line(h, twelfth, "hashish", 29000000, 0);
    add_line(h, twelfth, "heroin", 25478000 - 6000000, 0);
    add_line(h, twelfth, "opium", 7183000, 0);
    add_line(h, twelfth, "methamphetamine", 4115000, 0);
    add_line(h, twelfth, "hashish", 3393000, 0);
    /* What remains: 18.549 kg over twenty-three cases, ten of them prevented attempts. */
    for (int i = 0; i < 23; i++) {
        int64_t z =
            add_seizure(h, add_case(h, at + cases++, "smuggling"), at, i < 10 ? "transit" : "import", i < 10);
        attempts += i < 10;
        if (i == 0)
            add_line(h, z, "heroin", 6000000, 0);
        else if (i == 1)
            add_line(h, z, "hashish", 44646000 - 32393000, 0);
        else if (i == 2)
            add_line(h, z, "other", 296000, 0);
        else
            add_line(h, z, "tramadol", 1000, 0);
    }
    assert_int_equal(cases, 35);
    assert_int_equal(attempts, 22);
}

static void enter_the_suspects(home *h)
{
    static const struct {
        const char *country;
        int count;
    } who[] = {{"AZ", 16}, {"IR", 9}, {"TR", 8}, {"RU", 3}, {"UA", 1}};
    int64_t at_case = 1;

    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++)
        for (int k = 0; k < who[i].count; k++)
            add_suspect(h, at_case++ % 35 + 1, i == 0 && k == 0 ? "f" : "m", who[i].country, 1980);
    for (int g = 1; g <= 3; g++)
        add_group(h, g);
}

static void the_interview_to_the_milligram(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_published *p = published(h, a, "interview-2021-09");
    static const char *const codes[] = {"published_lines"};
    static const int64_t by[] = {296000};
    tmg_period_figures own;
    tmg_gap *gaps;
    size_t count;

    int64_t at = begin(h, p);
    enter_the_interview(h, at);
    enter_the_suspects(h);
    judge(h, a, p, &own, &gaps, &count);
    assert_int_equal(own.total.mass_mg, 1648104000);
    assert_int_equal(own.large_mg, 1629555000);
    open_gaps_are(gaps, count, codes, by, 1);
    assert_non_null(strstr(gap_of(gaps, count, "published_lines")->words.ptr, "296 g are in no part"));

    tmg_gap *own_gaps;
    size_t own_count;
    assert_ok(h, tmg_reconcile(&own, a, &own_gaps, &own_count, &h->err));
    assert_int_equal(gap_of(own_gaps, own_count, "lines")->gap, 296000);
    assert_int_equal(gap_of(own_gaps, own_count, "attempts_and_facts")->gap, 35 - 22);
    assert_int_equal(gap_of(own_gaps, own_count, "large_and_total")->gap, 18549000);
    assert_false(gap_of(own_gaps, own_count, "persons_by_sex")->open);
    assert_false(gap_of(own_gaps, own_count, "foreign_by_country")->open);
}

/* A report of the State Commission: facts by kind (0: the report does not say), persons by age, and lines
 * that add up to what the named ones did and to the total. */
typedef struct state_case {
    const char *code;
    int64_t total_mg, lines_mg, kind[4], age[5]; /* 16-18, 18-25, 26-29, 30 and over, not stated */
    int64_t facts;
} state_case;

static void enter_state(home *h, const state_case *r, int64_t at, int64_t year)
{
    static const char *const kinds[] = {"sale", "possession", "cultivation", "other"};
    static const int64_t age[] = {17, 20, 28, 40};
    int64_t entered = 0, kind = 0, left = r->kind[0];

    for (int64_t i = 0; i < r->facts; i++) {
        while (kind < 3 && left == 0 && r->kind[0] != 0)
            left = r->kind[++kind];
        int64_t c = add_case(h, at + i, kinds[r->kind[0] != 0 ? kind : i % 4]);
        int64_t mg = i + 1 == r->facts ? r->lines_mg - entered : r->lines_mg / r->facts - i % 7;
        left--;
        entered += mg;
        int64_t z = add_seizure(h, c, at + i, "inland", false);
        add_line(h, z, i % 3 == 0 ? "heroin" : i % 3 == 1 ? "hashish" : "methamphetamine", mg, 0);
        if (i == 0 && r->total_mg > r->lines_mg)
            add_line(h, z, "other", r->total_mg - r->lines_mg, 0);
        if (i == 0)
            for (int k = 0; k < 5; k++)
                for (int64_t n = 0; n < r->age[k]; n++)
                    add_suspect(h, c, "m", "AZ", k < 4 ? year - age[k] : 0);
    }
}

static void state_report(home *h, const state_case *r, const char *const *codes, const int64_t *by,
                         size_t expected)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    tmg_published *p = published(h, a, r->code);
    tmg_period_figures own;
    tmg_gap *gaps;
    size_t count;

    int64_t at = begin(h, p);
    assert_ok(h, tmg_begin(h->db, &h->err));
    enter_state(h, r, at, strtol(r->code + strlen("state-commission-"), NULL, 10));
    assert_ok(h, tmg_commit(h->db, &h->err));
    judge(h, a, p, &own, &gaps, &count);
    assert_int_equal(own.total.mass_mg, r->total_mg);
    assert_int_equal(own.facts, r->facts);
    open_gaps_are(gaps, count, codes, by, expected);
    /* One milligram more anywhere is seen in the total and in the lines. */
    run_sql(
        h, "UPDATE substance_line SET mass_mg = mass_mg + 1 WHERE id = (SELECT max(id) FROM substance_line)");
    judge(h, a, p, &own, &gaps, &count);
    assert_int_equal(gap_of(gaps, count, "own_total")->gap, -1);
    assert_int_equal(gap_of(gaps, count, "own_line")->gap, -1);
    run_sql(h, "DELETE FROM case_file");
    run_sql(h, "DELETE FROM seizure");
    run_sql(h, "DELETE FROM suspect");
    run_sql(h, "DELETE FROM substance_line");
    run_sql(h, "DELETE FROM substance");
}

static void the_reports_of_the_state_commission(void **state)
{
    home *h = *state;
    static const char *const of_2020[] = {"published_sum", "percentage"};
    static const int64_t by_2020[] = {3105 - 3089, 128000 - 146175};
    static const char *const of_august[] = {"published_lines"};
    static const int64_t by_august[] = {20000};
    static const state_case reports[] = {
        {"state-commission-2020-09",
         3806356500,
         3806356500,
         {1507, 2309, 317, 62},
         {4, 251, 526, 2308, 16},
         4195},
        {"state-commission-2022-09", 4827532775, 4827532775, {2941, 5286, 387, 80}, {0}, 8694},
        {"state-commission-2023-01", 674760289, 674760289, {352, 684, 6, 8}, {0, 39, 92, 500, 0}, 1050},
        {"state-commission-2023-07", 5141918699, 5141918699, {2335, 4112, 219, 30}, {0}, 6696},
        {"state-commission-2023-08", 5804558512, 5804538512, {0}, {0}, 7598},
        {"state-commission-2023-11", 6719031413, 6719031413, {0}, {0}, 9758},
        {"state-commission-2024-07", 4299831849, 4299831849, {0}, {0}, 6458},
        {"state-commission-2024-11", 6403647445, 6403647445, {0}, {0}, 8549}};

    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        if (i == 0)
            state_report(h, &reports[i], of_2020, by_2020, 2);
        else if (reports[i].total_mg != reports[i].lines_mg)
            state_report(h, &reports[i], of_august, by_august, 1);
        else
            state_report(h, &reports[i], NULL, NULL, 0);
    }
}

static void a_share_of_the_new_value_is_named_as_such(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_gap *gaps;
    size_t count;

    tmg_published *p = published(h, a, "state-commission-2020-09");
    assert_ok(h, tmg_published_check(p, NULL, a, &gaps, &count, &h->err));
    assert_non_null(strstr(gap_of(gaps, count, "percentage")->words.ptr, "taken of the new value"));
    assert_non_null(strstr(gap_of(gaps, count, "percentage")->words.ptr, "14.62 %"));
}

static void seventy_seven_directions_of_seventy_two_facts(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_published *p = published(h, a, "customs-2025-09");
    static const char *const codes[] = {"published_lines", "published_sum", "own_line"};
    static const int64_t by[] = {6356, 72 - 77, 0};
    tmg_period_figures own;
    tmg_gap *gaps, *own_gaps;
    size_t count, own_count;

    int64_t at = begin(h, p);
    for (int i = 0; i < 72; i++) {
        int64_t c = add_case(h, at + i, "smuggling");
        /* 28 imports, 48 transits and one inland: five facts have seizures in two directions. */
        const char *first = i < 28 ? "import" : i < 71 ? "transit" : "inland";
        int64_t z = add_seizure(h, c, at, first, false);
        add_line(h, z, "all", i == 0 ? 1003368644 - 71 * 1000000 : 1000000, 0);
        if (i < 5)
            add_line(h, add_seizure(h, c, at, "transit", false), "other", i == 0 ? 6352 : 1, 0);
        if (i < 19)
            add_group(h, c);
        add_suspect(h, c, "m", i < 35 ? "AZ" : "IR", 0);
        if (i < 4)
            add_suspect(h, c, "m", "TR", 1999);
    }
    judge(h, a, p, &own, &gaps, &count);
    assert_int_equal(own.facts, 72);
    assert_int_equal(own.facts_by_direction, 77);
    assert_int_equal(own.total.mass_mg, 1003375000);
    open_gaps_are(gaps, count, codes, by, 2);
    assert_ok(h, tmg_reconcile(&own, a, &own_gaps, &own_count, &h->err));
    assert_int_equal(gap_of(own_gaps, own_count, "facts_by_direction")->gap, -5);
    assert_int_equal(gap_of(own_gaps, own_count, "lines")->gap, 6356);
    assert_int_equal(gap_of(own_gaps, own_count, "persons_by_age")->gap, 72);
}

static void what_the_laboratory_confirmed_counts_and_what_was_seized_is_kept(void **state)
{
    home *h = *state;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_period day = {20000, 20000, BAKU};
    int64_t at = tmg_day_start_ms(20000, BAKU);
    tmg_period_figures f;
    tmg_gap *gaps;
    size_t count;

    add_substances(h);
    int64_t z = add_seizure(h, add_case(h, at, "smuggling"), at, "transit", true);
    int64_t line = add_line(h, z, "heroin", 12000000, 0);
    add_line(h, z, "methamphetamine", 11999000, line);
    add_seizure(h, add_case(h, at - 1, "smuggling"), at - 1, "transit", true);
    assert_ok(h, tmg_figures_of(h->db, &day, TMG_SPAN("AZ"), a, &f, &h->err));
    assert_int_equal(f.facts, 1);
    assert_int_equal(f.total.mass_mg, 11999000);
    assert_int_equal(f.line_count, 2);
    for (size_t i = 0; i < f.line_count; i++) {
        bool heroin = tmg_span_is(f.lines[i].line, "heroin");
        assert_int_equal(f.lines[i].now.mass_mg, heroin ? 0 : 11999000);
        assert_int_equal(f.lines[i].seized.mass_mg, heroin ? 12000000 : 0);
    }
    assert_ok(h, tmg_reconcile(&f, a, &gaps, &count, &h->err));
    assert_true(gap_of(gaps, count, "confirmed")->open);
}

static void a_mass_is_written_without_rounding(void **state)
{
    static const struct {
        int64_t mg;
        const char *words;
    } masses[] = {{6403647445, "6 t 403 kg 647.445 g"},
                  {1000000000, "1 t"},
                  {1, "0.001 g"},
                  {12000000, "12 kg"},
                  {0, "0 g"},
                  {-20000, "-20 g"},
                  {1500, "1.5 g"}};

    (void)state;
    for (size_t i = 0; i < sizeof masses / sizeof masses[0]; i++) {
        TMG_AUTO_BUF b = {0};
        tmg_buf_init(&b, 64);
        tmg_mass_words(&b, masses[i].mg);
        assert_string_equal(b.ptr, masses[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_interview_to_the_milligram, home_make, home_drop),
        cmocka_unit_test_setup_teardown(the_reports_of_the_state_commission, home_make, home_drop),
        cmocka_unit_test_setup_teardown(a_share_of_the_new_value_is_named_as_such, home_make, home_drop),
        cmocka_unit_test_setup_teardown(seventy_seven_directions_of_seventy_two_facts, home_make, home_drop),
        cmocka_unit_test_setup_teardown(what_the_laboratory_confirmed_counts_and_what_was_seized_is_kept,
                                        home_make, home_drop),
        cmocka_unit_test(a_mass_is_written_without_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
