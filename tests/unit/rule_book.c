/* The book against a slow and obvious one: whatever the order of entering, whatever is asked, as of any
 * instant. */
#include "rule_book_help.h"

static const tmg_span two_prefixes[] = {TMG_SPAN_INIT("08021"), TMG_SPAN_INIT("08023")};
static const tmg_span one_country[] = {TMG_SPAN_INIT("D1")};
static tmg_rnode hs_field = {.op = TMG_R_FIELD}, departure_field = {.op = TMG_R_FIELD};
static const tmg_rnode of_nuts = {.op = TMG_R_UNDER, .a = &hs_field, .texts = two_prefixes, .text_count = 2};
static const tmg_rnode from_there = {
    .op = TMG_R_EQ, .a = &departure_field, .texts = one_country, .text_count = 1};
static const tmg_rnode nuts_from_there = {.op = TMG_R_AND, .a = &of_nuts, .b = &from_there};

enum { QUESTIONS = 96 };

/* Every measure by every way to sort, through every filter. */
static size_t all_questions(tmg_window *q, bool with_keys)
{
    static const char *const by[][2] = {{"consignee", NULL}, {"carrier", "departure"}, {"hs6", NULL}};
    static const tmg_rnode *const where[] = {NULL, &nuts_from_there};
    static const struct {
        tmg_measure measure;
        const char *of;
    } what[] = {{TMG_W_COUNT, NULL},      {TMG_W_SUM, "net"},      {TMG_W_SUM, "value"},
                {TMG_W_AVG, "net"},       {TMG_W_AVG, "value"},    {TMG_W_MIN, "net"},
                {TMG_W_MAX, "value"},     {TMG_W_DISTINCT, "hs6"}, {TMG_W_DISTINCT, "carrier"},
                {TMG_W_DAYS_SINCE, NULL}, {TMG_W_AGE_DAYS, NULL},  {TMG_W_RESULTS, NULL},
                {TMG_W_FOUND, NULL}};
    size_t n = 0;

    hs_field.field = field("hs6");
    departure_field.field = field("departure");
    for (size_t b = 0; b < 3; b++)
        for (size_t f = 0; f < 2; f++)
            for (size_t m = 0; m < sizeof what / sizeof *what; m++, n++) {
                q[n] = (tmg_window){.measure = what[m].measure,
                                    .by = {field(by[b][0])},
                                    .by_count = 1,
                                    .where = where[f],
                                    .span_ms = (int64_t)(3 + 20 * m) * DAY,
                                    .key = with_keys ? n + 1 : 0};
                if (by[b][1] != NULL)
                    q[n].by[q[n].by_count++] = field(by[b][1]);
                if (what[m].of != NULL)
                    q[n].of = field(what[m].of);
            }
    assert_true(n <= QUESTIONS);
    return n;
}

static void prepare(tmg_book *b, const tmg_window *q, size_t n)
{
    const tmg_window *these[QUESTIONS];
    for (size_t i = 0; i < n; i++)
        these[i] = &q[i];
    tmg_book_prepare_these(b, these, n, NULL, 0);
}

static void compare(const world *w, tmg_book *b, const tmg_row *asking, const tmg_window *q, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t expected = -1, got = -1;
        bool known = naive_window(w, asking, &q[i], &expected),
             told = tmg_book_window(b, asking, &q[i], &got);
        if (known != told || (known && expected != got))
            fail_msg("question %zu (measure %d), asked by %lld at %lld: %s %lld, the book says %s %lld", i,
                     (int)q[i].measure, (long long)asking->consignment_id, (long long)asking->at_ms,
                     known ? "known" : "unknown", (long long)expected, told ? "known" : "unknown",
                     (long long)got);
    }
    for (int f = TMG_CF_CONSIGNEE; f <= TMG_CF_CARRIER; f++) {
        bool first = true, got = false;
        for (size_t i = 0; i < w->count; i++) {
            const tmg_row *r = &w->lodgings[i].rows[0];
            first = first && !(r->at_ms < asking->at_ms && r->consignment_id != asking->consignment_id &&
                               r->code[f] == asking->code[f]);
        }
        bool told = tmg_book_first(b, asking, (tmg_code_field)f, &got);
        assert_int_equal(told, asking->code[f] != TMG_CODE_NONE);
        assert_true(!told || got == first);
    }
}

/* Enters parts of the world in the given order, asking in between as of random instants. */
static void live_through(uint64_t seed, bool in_order, bool with_keys, bool prepared_late)
{
    enum { COUNT = 120, ASK_EVERY = 7 };
    static size_t order[COUNT], late[COUNT];
    tmg_window q[QUESTIONS];
    size_t n = all_questions(q, with_keys);
    world all = world_of_chance(seed, COUNT, 1700000000000, DAY / 3), now = all;
    tmg_book *b = tmg_book_new(all.dict);

    now.lodgings = tmg_xcalloc(COUNT, sizeof *now.lodgings);
    now.findings = tmg_xcalloc(COUNT, sizeof *now.findings);
    now.count = now.finding_count = 0;
    if (!prepared_late)
        prepare(b, q, n);
    shuffle(&seed, order, COUNT);
    shuffle(&seed, late, all.finding_count);
    for (size_t i = 0; i < COUNT; i++) {
        const lodging *l = &all.lodgings[in_order ? i : order[i]];
        now.lodgings[now.count++] = *l;
        tmg_book_enter(b, l->rows, l->count);
        if (i % 16 == 3) /* the same declaration again changes nothing */
            tmg_book_enter(b, l->rows, l->count);
        if (i < all.finding_count) {
            const finding *f = &all.findings[late[i]];
            now.findings[now.finding_count++] = *f;
            tmg_book_result(b, f->consignment_id, f->known_ms, f->found);
        }
        if (prepared_late && i == COUNT / 2)
            prepare(b, q, n);
        if (i % ASK_EVERY != 0 && i + 1 != COUNT)
            continue;
        lodging asking = lodging_of_chance(all.dict, &seed, (int64_t)below(&seed, COUNT) + 1, COUNT + 1,
                                           1700000000000 + (int64_t)below(&seed, COUNT) * (DAY / 3));
        compare(&now, b, &asking.rows[0], q, n);
    }
    free(now.lodgings);
    free(now.findings);
    tmg_book_free(b);
    world_free(&all);
}

static void windows_are_exact_in_any_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++)
        live_through(seed * 7919, false, true, false);
    for (uint64_t seed = 1; seed <= 6; seed++)
        live_through(seed * 104729, true, true, false);
}

static void windows_prepared_late_are_exact(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        live_through(seed * 15485863, false, true, true);
}

static void windows_never_prepared_are_exact(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        live_through(seed * 32452843, false, false, false);
}

static void nothing_of_the_future_changes_an_answer(void **state)
{
    (void)state;
    enum { COUNT = 80 };
    uint64_t seed = 4242;
    tmg_window q[QUESTIONS];
    size_t n = all_questions(q, true);
    const int64_t then = 1700000000000;
    world w = world_of_chance(99, COUNT, then - 40 * (int64_t)DAY, DAY / 2);
    tmg_book *b = tmg_book_new(w.dict);
    int64_t before[8][QUESTIONS];
    bool told[8][QUESTIONS];
    tmg_row asking[8];

    prepare(b, q, n);
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < w.lodgings[i].count; k++) /* all before then */
            w.lodgings[i].rows[k].at_ms = then - 1 - (int64_t)below(&seed, 30 * (uint64_t)DAY);
        tmg_book_enter(b, w.lodgings[i].rows, w.lodgings[i].count);
    }
    for (size_t a = 0; a < 8; a++) {
        asking[a] =
            lodging_of_chance(w.dict, &seed, (int64_t)below(&seed, COUNT) + 1, COUNT + 1, then).rows[0];
        for (size_t i = 0; i < n; i++) {
            before[a][i] = -1;
            told[a][i] = tmg_book_window(b, &asking[a], &q[i], &before[a][i]);
        }
    }
    for (int64_t i = 0; i < 200; i++) {
        lodging l = lodging_of_chance(w.dict, &seed, (int64_t)below(&seed, 2 * COUNT) + 1, 1000 + i,
                                      then + (int64_t)below(&seed, 3 * (uint64_t)DAY));
        tmg_book_enter(b, l.rows, l.count);
        tmg_book_result(b, (int64_t)below(&seed, COUNT) + 1, then + 1 + (int64_t)below(&seed, DAY),
                        i % 2 == 0);
    }
    for (size_t a = 0; a < 8; a++)
        for (size_t i = 0; i < n; i++) {
            int64_t after = -1;
            assert_int_equal(tmg_book_window(b, &asking[a], &q[i], &after), told[a][i]);
            assert_int_equal(after, before[a][i]);
        }
    tmg_book_free(b);
    world_free(&w);
}

static void sums_that_do_not_fit_are_unknown(void **state)
{
    (void)state;
    tmg_dict *d = tmg_dict_new();
    tmg_book *b = tmg_book_new(d);
    tmg_window q[2] = {
        {.measure = TMG_W_SUM, .by = {field("consignee")}, .by_count = 1, .of = field("value")},
        {.measure = TMG_W_AVG, .by = {field("consignee")}, .by_count = 1, .of = field("value")}};
    int64_t v = 0;

    for (size_t i = 0; i < 2; i++) {
        q[i].span_ms = DAY;
        q[i].key = i + 1;
    }
    prepare(b, q, 2);
    for (int64_t i = 1; i <= 3; i++) {
        tmg_row r = row_of_nothing(i, 1000 + i);
        r.code[TMG_CF_CONSIGNEE] = tmg_dict_code(d, TMG_SPAN("C"));
        r.number[TMG_NF_VALUE] = INT64_MAX - 1;
        tmg_book_enter(b, &r, 1);
    }
    tmg_row asking = row_of_nothing(9, 2000);
    asking.code[TMG_CF_CONSIGNEE] = tmg_dict_code(d, TMG_SPAN("C"));
    assert_false(tmg_book_window(b, &asking, &q[0], &v));
    assert_true(tmg_book_window(b, &asking, &q[1], &v));
    assert_int_equal(v, INT64_MAX - 1);
    tmg_book_free(b);
    tmg_dict_free(d);
}

/* A long history: what lies beyond the horizon is let go, the rest and first uses stay exact. */
static void the_book_lets_go_of_the_past(void **state)
{
    (void)state;
    enum { COUNT = 140000 };
    const int64_t step_ms = INT64_C(1600) * DAY / COUNT, from_ms = 1600000000000;
    tmg_dict *d = tmg_dict_new();
    tmg_book *b = tmg_book_new(d);
    tmg_window q[3] = {{.measure = TMG_W_COUNT,
                        .by = {field("consignee")},
                        .by_count = 1,
                        .span_ms = 700 * (int64_t)DAY,
                        .key = 1},
                       {.measure = TMG_W_DISTINCT,
                        .by = {field("consignee")},
                        .by_count = 1,
                        .of = field("carrier"),
                        .span_ms = 30 * (int64_t)DAY,
                        .key = 2},
                       {.measure = TMG_W_AGE_DAYS, .by = {field("consignee")}, .by_count = 1, .key = 3}};
    size_t most = 0;
    int64_t v = 0;
    bool first = false;

    prepare(b, q, 3);
    for (int64_t i = 0; i < COUNT; i++) {
        tmg_row r = row_of_nothing(i + 1, from_ms + i * step_ms);
        r.code[TMG_CF_CONSIGNEE] = numbered(d, "C", (uint64_t)i % 2);
        r.code[TMG_CF_CARRIER] = numbered(d, "K", (uint64_t)i % 6);
        if (i == 0)
            r.code[TMG_CF_CARRIER] = tmg_dict_code(d, TMG_SPAN("once"));
        tmg_book_enter(b, &r, 1);
        most = tmg_book_count(b) > most ? tmg_book_count(b) : most;
    }
    assert_true(tmg_book_count(b) < COUNT * 3 / 4);
    tmg_row asking = row_of_nothing(COUNT + 1, from_ms + COUNT * step_ms);
    asking.code[TMG_CF_CONSIGNEE] = numbered(d, "C", 0);
    asking.code[TMG_CF_CARRIER] = tmg_dict_code(d, TMG_SPAN("once"));
    assert_true(tmg_book_window(b, &asking, &q[0], &v));
    int64_t expected = 0;
    for (int64_t i = 0; i < COUNT; i += 2)
        expected += from_ms + i * step_ms > asking.at_ms - 700 * (int64_t)DAY;
    assert_int_equal(v, expected * MILLION);
    assert_true(tmg_book_window(b, &asking, &q[1], &v));
    assert_int_equal(v, 3 * MILLION);
    assert_true(tmg_book_window(b, &asking, &q[2], &v));
    assert_int_equal(v, (asking.at_ms - from_ms) / DAY * MILLION);
    assert_true(tmg_book_first(b, &asking, TMG_CF_CARRIER, &first));
    assert_false(first);
    asking.at_ms = from_ms + 100 * (int64_t)DAY; /* as of a day whose past is gone */
    assert_false(tmg_book_window(b, &asking, &q[0], &v));
    tmg_book_free(b);
    tmg_dict_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_exact_in_any_order),
        cmocka_unit_test(windows_prepared_late_are_exact),
        cmocka_unit_test(windows_never_prepared_are_exact),
        cmocka_unit_test(nothing_of_the_future_changes_an_answer),
        cmocka_unit_test(sums_that_do_not_fit_are_unknown),
        cmocka_unit_test(the_book_lets_go_of_the_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
