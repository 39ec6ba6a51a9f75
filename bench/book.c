/* bench/book.c - what the book, the references and the names cost, in CPU time.
 *
 *     book [declarations]
 *
 * A made-up year of trade with few large and many small traders (1/rank); everything is asked and entered in
 * order of time, as a served centre does.
 */
#include "rule/names_priv.h"
#include "rule/rule.h"
#include "rule/tree_priv.h"

#include <sys/resource.h>

#define MILLION INT64_C(1000000)
#define DAY     INT64_C(86400000)

enum { TRADERS = 40000, CARRIERS = 4000, VEHICLES = 60000, GOODS = 1200, BUNCH = 1000 };

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t seed = 20260101;
static uint64_t chance(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 11) % n;
}

/* About as often as 1/rank. */
static uint32_t ranked(uint32_t first, uint64_t n)
{
    uint64_t top = 1 + chance(n);
    return first + (uint32_t)chance(top);
}

static tmg_dict *dict;
static uint32_t traders, carriers, vehicles, goods, heads, countries, posts;

static uint32_t codes(const char *stem, int n)
{
    uint32_t first = 0;
    char text[32];
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s%06d", stem, i);
        uint32_t code = tmg_dict_code(dict, tmg_span_of(text));
        first = i == 0 ? code : first;
    }
    return first;
}

static void make_codes(void)
{
    dict = tmg_dict_new();
    traders = codes("T", TRADERS);
    carriers = codes("C", CARRIERS);
    vehicles = codes("V", VEHICLES);
    goods = codes("", GOODS);
    heads = codes("H", 90);
    countries = codes("L", 40);
    posts = codes("P", 12);
}

static void lodge(tmg_row *r, int64_t id, int64_t at_ms)
{
    memset(r, 0, sizeof *r);
    for (int f = 0; f < TMG_NUMBER_FIELDS; f++)
        r->number[f] = TMG_NONE;
    r->consignment_id = r->declaration_id = id;
    r->at_ms = at_ms;
    r->item_no = 1;
    r->code[TMG_CF_POST] = posts + (uint32_t)chance(12);
    r->code[TMG_CF_CONSIGNEE] = ranked(traders, TRADERS);
    r->code[TMG_CF_CONSIGNOR] = ranked(traders, TRADERS);
    r->code[TMG_CF_DECLARANT] = ranked(carriers, CARRIERS);
    r->code[TMG_CF_CARRIER] = ranked(carriers, CARRIERS);
    r->code[TMG_CF_VEHICLE] = ranked(vehicles, VEHICLES);
    r->code[TMG_CF_DEPARTURE] = ranked(countries, 40);
    r->code[TMG_CF_ORIGIN] = ranked(countries, 40);
    uint32_t good = ranked(0, GOODS);
    r->code[TMG_CF_HS] = r->code[TMG_CF_HS6] = goods + good;
    r->code[TMG_CF_HS4] = goods + good / 4 * 4;
    r->code[TMG_CF_HS2] = heads + good / 16;
    r->number[TMG_NF_VALUE] = r->number[TMG_NF_ITEM_VALUE] = (int64_t)chance(5000000) * 10000;
    r->number[TMG_NF_GROSS] = r->number[TMG_NF_NET] = (int64_t)(1 + chance(20000)) * MILLION;
    r->number[TMG_NF_UNIT_VALUE] = r->number[TMG_NF_ITEM_VALUE] / (r->number[TMG_NF_NET] / MILLION);
    r->number[TMG_NF_TAXES] = r->number[TMG_NF_VALUE] / 5;
    r->number[TMG_NF_ITEMS] = MILLION;
    r->number[TMG_NF_ITEM_NO] = MILLION;
    r->number[TMG_NF_LODGED] = at_ms;
    r->number[TMG_NF_HOUR] = (int64_t)chance(24) * MILLION;
    r->number[TMG_NF_WEEKDAY] = (int64_t)(1 + chance(7)) * MILLION;
}

static const struct {
    tmg_measure measure;
    const char *by, *by2, *of;
    int days;
} asked[] = {
    {TMG_W_COUNT, "consignee", NULL, NULL, 30},        {TMG_W_SUM, "consignee", NULL, "net", 90},
    {TMG_W_AVG, "consignee", NULL, "unit_value", 365}, {TMG_W_COUNT, "carrier", NULL, NULL, 30},
    {TMG_W_DISTINCT, "carrier", NULL, "hs4", 180},     {TMG_W_COUNT, "vehicle", NULL, NULL, 7},
    {TMG_W_COUNT, "consignee", "hs6", NULL, 365},      {TMG_W_FOUND, "consignee", NULL, NULL, 365},
    {TMG_W_DAYS_SINCE, "vehicle", NULL, NULL, 0},      {TMG_W_MAX, "consignee", NULL, "value", 365},
};
enum { ASKED = sizeof asked / sizeof *asked, WINDOWS = 50 };

/* The first ten, then the same over other spans. */
static void make_windows(tmg_window *w)
{
    for (size_t i = 0; i < WINDOWS; i++) {
        size_t k = i % ASKED;
        w[i] = (tmg_window){.measure = asked[k].measure,
                            .by = {tmg_rule_field_by_name(tmg_span_of(asked[k].by))},
                            .by_count = 1,
                            .span_ms = asked[k].days * DAY + (int64_t)(i / ASKED) * DAY / 2,
                            .key = i + 1};
        if (asked[k].by2 != NULL)
            w[i].by[w[i].by_count++] = tmg_rule_field_by_name(tmg_span_of(asked[k].by2));
        if (asked[k].of != NULL)
            w[i].of = tmg_rule_field_by_name(tmg_span_of(asked[k].of));
    }
}

static void prepare(tmg_book *b, const tmg_window *w, size_t n, const tmg_reference *r, size_t r_n)
{
    const tmg_window *ws[WINDOWS];
    const tmg_reference *rs[8];
    for (size_t i = 0; i < n; i++)
        ws[i] = &w[i];
    for (size_t i = 0; i < r_n; i++)
        rs[i] = &r[i];
    tmg_book_prepare_these(b, ws, n, rs, r_n);
}

static void note_result(tmg_book *b, int64_t id, int64_t at_ms)
{
    if (chance(12) == 0)
        tmg_book_result(b, id, at_ms + 2 * DAY, chance(5) == 0);
}

/* Seconds to enter `count` declarations of a year; the making of them is not counted. */
static double enter(tmg_book *b, int64_t count, const tmg_window *w, size_t n, double *ret_ask_s)
{
    static tmg_row rows[BUNCH];
    double entering = 0, asking = 0;
    int64_t sum = 0, v = 0;

    for (int64_t i = 0; i < count; i += BUNCH) {
        for (int64_t k = 0; k < BUNCH; k++)
            lodge(&rows[k], i + k + 1, INT64_C(1700000000000) + (i + k) * 365 * DAY / count);
        double start = cpu_s();
        for (size_t k = 0; k < BUNCH; k++) {
            for (size_t q = 0; q < n; q++)
                sum += tmg_book_window(b, &rows[k], &w[q], &v) ? v : 0;
            tmg_book_enter(b, &rows[k], 1);
            note_result(b, rows[k].consignment_id, rows[k].at_ms);
        }
        *(n > 0 ? &asking : &entering) += cpu_s() - start;
    }
    if (sum == 1)
        puts("");
    if (ret_ask_s != NULL)
        *ret_ask_s = asking;
    return entering;
}

static void of_windows(int64_t count)
{
    tmg_window w[WINDOWS];
    make_windows(w);
    tmg_book *b = tmg_book_new(dict);
    prepare(b, w, ASKED, NULL, 0);
    double s = enter(b, count, w, 0, NULL);
    printf("%lld declarations entered with %d windows: %.2f s, %.2f us each; %zu MiB\n", (long long)count,
           ASKED, s, s * 1e6 / (double)count, tmg_book_bytes(b) >> 20);
    tmg_book_free(b);

    b = tmg_book_new(dict);
    prepare(b, w, WINDOWS, NULL, 0);
    double both = 0;
    enter(b, count, w, WINDOWS, &both);
    printf("%d windows asked and one declaration entered: %.2f us\n", WINDOWS, both * 1e6 / (double)count);
    for (size_t k = 0; k < ASKED; k++) {
        double start = cpu_s();
        int64_t v = 0, sum = 0;
        tmg_row row;
        for (int i = 0; i < 20000; i++) {
            lodge(&row, count + 1, INT64_C(1700000000000) + 365 * DAY);
            sum += tmg_book_window(b, &row, &w[k], &v) ? v : 0;
        }
        printf("  window %zu (with the making of the row): %.2f us%s\n", k, (cpu_s() - start) * 1e6 / 20000,
               sum == 1 ? "!" : "");
    }
    tmg_book_free(b);
}

static void of_references(int64_t count)
{
    tmg_reference r[3] = {{.statistic = TMG_S_MEDIAN, .key = 101},
                          {.statistic = TMG_S_MAD, .key = 102},
                          {.statistic = TMG_S_QUANTILE, .quantile_ppm = 50000, .key = 103}};
    for (size_t i = 0; i < 3; i++) {
        r[i].of = tmg_rule_field_by_name(TMG_SPAN("unit_value"));
        r[i].by[0] = tmg_rule_field_by_name(TMG_SPAN("hs6"));
        r[i].by[1] = tmg_rule_field_by_name(TMG_SPAN("origin"));
        r[i].by_count = 2;
    }
    tmg_book *b = tmg_book_new(dict);
    static tmg_row rows[BUNCH];
    double s = 0;
    int64_t v = 0, told = 0;
    prepare(b, NULL, 0, r, 3);
    for (int64_t i = 0; i < count; i += BUNCH) {
        for (int64_t k = 0; k < BUNCH; k++)
            lodge(&rows[k], i + k + 1, INT64_C(1700000000000) + (i + k) * 500 * DAY / count);
        double start = cpu_s();
        for (size_t k = 0; k < BUNCH; k++) {
            for (size_t q = 0; q < 3; q++)
                told += tmg_book_reference(b, &rows[k], &r[q], &v);
            tmg_book_enter(b, &rows[k], 1);
        }
        s += cpu_s() - start;
    }
    printf("median, mad and a quantile asked and one declaration entered: %.2f us (%.0f %% told)\n",
           s * 1e6 / (double)count, 100.0 * (double)told / 3 / (double)count);
    tmg_book_free(b);
}

static void invent(char *text, size_t room)
{
    static const char *const part[] = {"bar", "ken", "tul", "mor", "sab", "ril", "dun", "pek",
                                       "zan", "gol", "vas", "hem", "lor", "fik", "nad", "jus",
                                       "chi", "sha", "ayd", "elm", "orx", "tez", "qur", "ver",
                                       "yal", "nov", "iva", "ran", "lu",  "sim", "kor", "bek"};
    snprintf(text, room, "%s%s%s %s%s%s%s", part[chance(32)], part[chance(32)], chance(2) ? "a" : "",
             part[chance(32)], part[chance(32)], part[chance(32)], chance(3) ? "" : " mmc");
}

static void of_names(void)
{
    enum { NAMES = 100000, SEARCHES = 2000, PAIRS = 200000 };
    tmg_name_index *x = tmg_name_index_new();
    static char texts[SEARCHES][64];
    char text[64];
    tmg_name name, other;
    uint32_t found[64];
    int64_t sum = 0;

    double start = cpu_s();
    for (int i = 0; i < NAMES; i++) {
        invent(i < SEARCHES ? texts[i] : text, sizeof text);
        tmg_name_read(tmg_span_of(i < SEARCHES ? texts[i] : text), &name);
        tmg_name_index_add(x, &name);
    }
    tmg_name_index_seal(x);
    printf("index of %d names: %.2f s\n", NAMES, cpu_s() - start);
    start = cpu_s();
    int first = 0;
    for (uint32_t i = 0; i < SEARCHES; i++) {
        texts[i][1 + i % 5] = 'e'; /* a typo in most */
        tmg_name_read(tmg_span_of(texts[i]), &name);
        size_t n = tmg_name_index_find(x, &name, found, 64);
        int64_t best = 0;
        uint32_t who = 0;
        for (size_t k = 0; k < n; k++) {
            tmg_name_index_name(x, found[k], &other);
            int64_t v = tmg_names_likeness(&name, &other);
            who = v > best ? found[k] : who;
            best = v > best ? v : best;
        }
        first += who == i;
    }
    double s = cpu_s() - start;
    printf("searches with a typo among %d names: %.0f a second, the meant one first in %.1f %%\n", NAMES,
           SEARCHES / s, 100.0 * first / SEARCHES);
    start = cpu_s();
    for (int i = 0; i < PAIRS; i++)
        sum +=
            tmg_name_likeness(tmg_span_of(texts[i % SEARCHES]), tmg_span_of(texts[(i * 7 + 1) % SEARCHES]));
    printf("one pair of names from their bytes: %.2f us%s\n", (cpu_s() - start) * 1e6 / PAIRS,
           sum == 1 ? "!" : "");
    tmg_name_index_free(x);
}

int main(int argc, char **argv)
{
    int64_t count = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    make_codes();
    of_windows(count);
    of_references(count);
    of_names();
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    printf("peak memory %ld MiB\n", u.ru_maxrss >> 10);
    tmg_dict_free(dict);
    return 0;
}
