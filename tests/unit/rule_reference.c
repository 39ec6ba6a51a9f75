/* References against sorting everything anew for each question. */
#include "rule_book_help.h"

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Linear between the two nearest ranks, half to even. */
static int64_t quantile(const int64_t *sorted, size_t n, int64_t ppm)
{
    const int64_t place = (int64_t)(n - 1) * ppm, rest = place % MILLION;
    const size_t k = (size_t)(place / MILLION);
    if (rest == 0)
        return sorted[k];
    return mean_of((wide)sorted[k] * (MILLION - rest) + (wide)sorted[k + 1] * rest, MILLION);
}

static size_t values_of(const world *w, const tmg_row *asking, const tmg_reference *r, int64_t *values)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count; i++) {
        const lodging *l = &w->lodgings[i];
        if (l->rows[0].consignment_id == asking->consignment_id || !in_force(w, i, asking->at_ms) ||
            l->rows[0].at_ms <= asking->at_ms - 365 * (int64_t)DAY)
            continue;
        for (size_t k = 0; k < l->count; k++) {
            if (!alike(&l->rows[k], asking, r->by, r->by_count))
                continue;
            if (l->rows[k].number[r->of->at] != TMG_NONE)
                values[n++] = l->rows[k].number[r->of->at];
            if (!r->of->of_item)
                break;
        }
    }
    return n;
}

static bool naive_reference(const world *w, const tmg_row *asking, const tmg_reference *r, int64_t *ret)
{
    static int64_t values[4096];
    if (!stated(asking, r->by, r->by_count))
        return false;
    size_t n = values_of(w, asking, r, values);
    if (n < 5)
        return false;
    qsort(values, n, sizeof *values, by_value);
    *ret = r->statistic == TMG_S_COUNT      ? (int64_t)n * MILLION
           : r->statistic == TMG_S_QUANTILE ? quantile(values, n, r->quantile_ppm)
                                            : quantile(values, n, 500000);
    if (r->statistic != TMG_S_MAD)
        return true;
    for (size_t i = 0; i < n; i++)
        values[i] = values[i] > *ret ? values[i] - *ret : *ret - values[i];
    qsort(values, n, sizeof *values, by_value);
    *ret = quantile(values, n, 500000);
    return true;
}

enum { REFERENCES = 24 };

static size_t all_references(tmg_reference *r, bool with_keys)
{
    static const char *const by[][3] = {
        {"hs6", NULL, NULL}, {"carrier", "departure", NULL}, {"hs6", "carrier", "departure"}};
    static const char *const of[] = {"net", "value"};
    size_t n = 0;
    for (size_t b = 0; b < 3; b++)
        for (size_t o = 0; o < 2; o++)
            for (int s = TMG_S_MEDIAN; s <= TMG_S_COUNT; s++, n++) {
                r[n] = (tmg_reference){.statistic = (tmg_statistic)s,
                                       .of = field(of[o]),
                                       .quantile_ppm = 137000 * (int64_t)(b + 1),
                                       .key = with_keys ? 1000 + n : 0};
                for (size_t i = 0; i < 3 && by[b][i] != NULL; i++)
                    r[n].by[r[n].by_count++] = field(by[b][i]);
            }
    assert_true(n <= REFERENCES);
    return n;
}

static void prepare(tmg_book *b, const tmg_reference *r, size_t n)
{
    const tmg_reference *these[REFERENCES];
    for (size_t i = 0; i < n; i++)
        these[i] = &r[i];
    tmg_book_prepare_these(b, NULL, 0, these, n);
}

static void compare(const world *w, tmg_book *b, const tmg_row *asking, const tmg_reference *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t expected = -1, got = -1;
        bool known = naive_reference(w, asking, &r[i], &expected),
             told = tmg_book_reference(b, asking, &r[i], &got);
        if (known != told || (known && expected != got))
            fail_msg("reference %zu, asked by %lld at %lld: %s %lld, the book says %s %lld", i,
                     (long long)asking->consignment_id, (long long)asking->at_ms, known ? "known" : "unknown",
                     (long long)expected, told ? "known" : "unknown", (long long)got);
    }
}

/* Enters the world bit by bit and asks as of random instants; `forward`: entered and asked as time goes. */
static void live_through(uint64_t seed, size_t count, bool forward, bool with_keys)
{
    static size_t order[2000];
    const int64_t from_ms = 1700000000000, step_ms = 700 * (int64_t)DAY / (int64_t)count;
    tmg_reference r[REFERENCES];
    size_t n = all_references(r, with_keys);
    world all = world_of_chance(seed, count, from_ms, step_ms), now = all;
    tmg_book *b = tmg_book_new(all.dict);

    for (size_t i = 0; forward && i < count; i++)
        for (size_t k = 0; k < all.lodgings[i].count; k++)
            all.lodgings[i].rows[k].at_ms = from_ms + (int64_t)i * step_ms;
    now.lodgings = tmg_xcalloc(count, sizeof *now.lodgings);
    now.count = 0;
    prepare(b, r, n);
    shuffle(&seed, order, count);
    for (size_t i = 0; i < count; i++) {
        const lodging *l = &all.lodgings[forward ? i : order[i]];
        now.lodgings[now.count++] = *l;
        tmg_book_enter(b, l->rows, l->count);
        if (i % 13 != 0)
            continue;
        int64_t at_ms = forward && below(&seed, 8) > 0 ? l->rows[0].at_ms + step_ms
                                                       : from_ms + (int64_t)below(&seed, count) * step_ms;
        lodging asking =
            lodging_of_chance(all.dict, &seed, (int64_t)below(&seed, count) + 1, (int64_t)count + 1, at_ms);
        compare(&now, b, &asking.rows[0], r, n);
    }
    free(now.lodgings);
    tmg_book_free(b);
    world_free(&all);
}

static void references_are_exact_in_any_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        live_through(seed * 7919, 300, false, true);
}

static void references_are_exact_as_time_goes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        live_through(seed * 104729, 500, true, true);
}

static void references_never_prepared_are_exact(void **state)
{
    (void)state;
    live_through(49979687, 150, false, false);
}

/* Thousands of values in one group: the pieces split and join again, also when the questions jump about in
 * time. */
static void a_large_group_stays_in_order(void **state)
{
    (void)state;
    enum { COUNT = 6000 };
    const int64_t from_ms = 1700000000000, step_ms = 800 * (int64_t)DAY / COUNT;
    static int64_t values[COUNT];
    tmg_dict *d = tmg_dict_new();
    tmg_book *b = tmg_book_new(d);
    tmg_reference r[2] = {
        {.statistic = TMG_S_MEDIAN, .of = field("net"), .by = {field("carrier")}, .by_count = 1, .key = 1},
        {.statistic = TMG_S_MAD, .of = field("net"), .by = {field("carrier")}, .by_count = 1, .key = 2}};
    uint64_t seed = 5;

    prepare(b, r, 2);
    world w = {.dict = d, .lodgings = tmg_xcalloc(COUNT, sizeof(lodging))};
    for (int64_t i = 0; i < COUNT; i++) {
        lodging *l = &w.lodgings[w.count++];
        l->count = 1;
        l->rows[0] = row_of_nothing(i + 1, from_ms + i * step_ms);
        l->rows[0].code[TMG_CF_CARRIER] = tmg_dict_code(d, TMG_SPAN("K"));
        l->rows[0].number[TMG_NF_NET] = (int64_t)below(&seed, 1000) * MILLION;
        tmg_book_enter(b, l->rows, 1);
        if (i % 97 != 0 && i != COUNT - 1)
            continue;
        tmg_row asking = row_of_nothing(
            COUNT + 1, below(&seed, 4) > 0 ? l->rows[0].at_ms + 1
                                           : from_ms + (int64_t)below(&seed, (uint64_t)i + 1) * step_ms);
        asking.code[TMG_CF_CARRIER] = tmg_dict_code(d, TMG_SPAN("K"));
        size_t n = 0;
        for (size_t k = 0; k < w.count; k++)
            if (w.lodgings[k].rows[0].at_ms < asking.at_ms &&
                w.lodgings[k].rows[0].at_ms > asking.at_ms - 365 * (int64_t)DAY)
                values[n++] = w.lodgings[k].rows[0].number[TMG_NF_NET];
        int64_t got = 0;
        assert_int_equal(tmg_book_reference(b, &asking, &r[0], &got), n >= 5);
        if (n < 5)
            continue;
        qsort(values, n, sizeof *values, by_value);
        int64_t middle = quantile(values, n, 500000);
        assert_int_equal(got, middle);
        for (size_t k = 0; k < n; k++)
            values[k] = values[k] > middle ? values[k] - middle : middle - values[k];
        qsort(values, n, sizeof *values, by_value);
        assert_true(tmg_book_reference(b, &asking, &r[1], &got));
        assert_int_equal(got, quantile(values, n, 500000));
    }
    free(w.lodgings);
    tmg_book_free(b);
    tmg_dict_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_exact_in_any_order),
        cmocka_unit_test(references_are_exact_as_time_goes),
        cmocka_unit_test(references_never_prepared_are_exact),
        cmocka_unit_test(a_large_group_stays_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
