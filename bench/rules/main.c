/* The engine of rules, measured and held against others.
 *
 *   tamga-rules-bench speed [ROWS 100000]           rows a CPU-second with 1,000 and 10,000 rules, all hits
 * listed tamga-rules-bench differential RULES ROWS       every answer against SQLite's, unknown ones too
 *   tamga-rules-bench sqlite RULES ROWS             SQLite's speed on the plain workload, one query a rule
 *   tamga-rules-bench history [ROWS 1000000]        back-tests of single rules
 *   tamga-rules-bench peers FOLDER RULES ROWS       rules and rows as JSON for peers.mjs, with the hits to
 * expect */
#include "rule/history.h"
#include "world.h"

#include <sqlite3.h>

static double cpu(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const tmg_rule **make_rules(world *w, size_t count, bool rich)
{
    const tmg_rule **rules = tmg_xcalloc(count, sizeof *rules);
    for (size_t i = 0; i < count; i++)
        rules[i] = rich && i % 2 == 0 ? world_rich_rule(w) : world_plain_rule(w);
    return rules;
}

static tmg_ruleset *build(world *w, const tmg_rule **rules, size_t count, double *ret_seconds)
{
    tmg_ruleset *set;
    tmg_err err;
    double from = cpu();
    if (tmg_ruleset_build(rules, count, w->dict, &set, &err) != TMG_OK)
        world_die(err.text);
    *ret_seconds = cpu() - from;
    return set;
}

static uint64_t match_all(const world *w, tmg_matcher *m, double *ret_seconds)
{
    uint64_t hits = 0;
    double from = cpu();
    for (size_t i = 0; i < w->row_count; i++) {
        const tmg_hit *list;
        hits += tmg_ruleset_match(m, &w->rows[i], NULL, &list);
    }
    *ret_seconds = cpu() - from;
    return hits;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return a < b ? -1 : a > b;
}

/* ---- speed ---- */

static void speed_of(size_t rows, size_t count)
{
    enum { TURNS = 7 };
    world w;
    double built, seconds[TURNS];
    uint64_t hits = 0;
    world_new(&w, rows, 1, false);
    const tmg_rule **rules = make_rules(&w, count, false);
    tmg_ruleset *set = build(&w, rules, count, &built);
    tmg_matcher *m = tmg_matcher_new(set);
    for (size_t i = 0; i < TURNS; i++)
        hits = match_all(&w, m, &seconds[i]);
    qsort(seconds, TURNS, sizeof *seconds, by_size);
    printf("%6zu rules: %9.0f rows a CPU-second (median of %d; best %.0f), %.2f hits a row, built in %.3f s, "
           "rows %s\n",
           count, (double)rows / seconds[TURNS / 2], TURNS, (double)rows / seconds[0],
           (double)hits / (double)rows, built, w.public_data ? "public" : "made up");
    tmg_matcher_free(m);
    tmg_ruleset_let(set);
    free((void *)rules);
    world_free(&w);
}

/* ---- SQLite ---- */

typedef struct answers {
    uint64_t *hits; /* a bit per rule and row */
    size_t words;   /* of one rule */
    int64_t *unknown;
} answers;

static void ask_tamga(world *w, const tmg_rule **rules, size_t count, answers *a)
{
    double seconds;
    tmg_ruleset *set = build(w, rules, count, &seconds);
    tmg_matcher *m = tmg_matcher_new(set);
    for (size_t i = 0; i < w->row_count; i++) {
        const tmg_hit *hits;
        size_t found = tmg_ruleset_match(m, &w->rows[i], NULL, &hits);
        for (size_t k = 0; k < found; k++)
            a->hits[hits[k].rule * a->words + i / 64] |= UINT64_C(1) << (i % 64);
    }
    for (size_t i = 0; i < count; i++) {
        const char *fact;
        a->unknown[i] = tmg_matcher_unknown(m, i, &fact);
    }
    tmg_matcher_free(m);
    tmg_ruleset_let(set);
}

static sqlite3 *fill_sqlite(const world *w)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        world_die("SQLite has no memory");
    world_sql_table(w, db);
    return db;
}

static sqlite3_stmt *prepared(sqlite3 *db, const char *before, const tmg_rule *r, const char *after,
                              tmg_buf *b)
{
    sqlite3_stmt *s;
    tmg_buf_clear(b);
    tmg_buf_z(b, before);
    world_sql_condition(b, r->when);
    tmg_buf_z(b, after);
    if (sqlite3_prepare_v2(db, b->ptr, -1, &s, NULL) != SQLITE_OK)
        world_die(sqlite3_errmsg(db));
    return s;
}

/* One look at the table gives the rows for which the condition is true and counts those for which it is NULL.
 */
static size_t compare_rule(sqlite3 *db, const tmg_rule *r, uint64_t *hits, size_t words, int64_t unknown,
                           tmg_buf *b)
{
    size_t differ = 0;
    sqlite3_stmt *s = prepared(db, "SELECT id, c FROM (SELECT id, ", r, " AS c FROM d) WHERE c IS NOT 0", b);
    while (sqlite3_step(s) == SQLITE_ROW) {
        uint64_t i = (uint64_t)sqlite3_column_int64(s, 0) - 1;
        bool is_null = sqlite3_column_type(s, 1) == SQLITE_NULL;
        unknown -= is_null;
        hits[i / 64] ^= (uint64_t)!is_null << (i % 64); /* what both found goes; what remains differs */
    }
    sqlite3_finalize(s);
    for (size_t i = 0; i < words; i++)
        differ += (size_t)__builtin_popcountll(hits[i]);
    differ += unknown != 0;
    if (differ > 0)
        (void)fprintf(stderr, "%zu differences: %s\n", differ, b->ptr);
    return differ;
}

static int differential(size_t count, size_t rows)
{
    world w;
    tmg_buf b;
    size_t differ = 0, all_hits = 0;
    int64_t all_unknown = 0;
    world_new(&w, rows, 2, true);
    const tmg_rule **rules = make_rules(&w, count, true);
    answers a = {.words = (rows + 63) / 64};
    a.hits = tmg_xcalloc(a.words * count, sizeof *a.hits);
    a.unknown = tmg_xcalloc(count, sizeof *a.unknown);
    ask_tamga(&w, rules, count, &a);
    for (size_t i = 0; i < a.words * count; i++)
        all_hits += (size_t)__builtin_popcountll(a.hits[i]);
    for (size_t i = 0; i < count; i++)
        all_unknown += a.unknown[i];
    sqlite3 *db = fill_sqlite(&w);
    tmg_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < count; i++)
        differ += compare_rule(db, rules[i], a.hits + i * a.words, a.words, a.unknown[i], &b);
    printf("%zu rules x %zu rows (%s), %zu hits, %lld unknown: %zu differences from SQLite %s\n", count, rows,
           w.public_data ? "public data" : "made up", all_hits, (long long)all_unknown, differ,
           sqlite3_libversion());
    sqlite3_close(db);
    tmg_buf_done(&b);
    free(a.hits);
    free(a.unknown);
    free((void *)rules);
    world_free(&w);
    return differ == 0 && all_hits > 0 && all_unknown > 0 ? 0 : 1;
}

static void sqlite_speed(size_t count, size_t rows)
{
    world w;
    tmg_buf b;
    double seconds;
    int64_t found = 0;
    world_new(&w, rows, 1, false);
    const tmg_rule **rules = make_rules(&w, count, false);
    sqlite3 *db = fill_sqlite(&w);
    tmg_buf_init(&b, 1 << 20);
    double from = cpu();
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *s = prepared(db, "SELECT id FROM d WHERE ", rules[i], "", &b);
        while (sqlite3_step(s) == SQLITE_ROW)
            found++;
        sqlite3_finalize(s);
    }
    seconds = cpu() - from;
    tmg_ruleset *set = build(&w, rules, count, &(double){0});
    tmg_matcher *m = tmg_matcher_new(set);
    uint64_t hits = match_all(&w, m, &(double){0});
    printf("SQLite %s, %zu rules, %zu rows: %.0f rows a CPU-second, %lld hits (Tamga %llu)\n",
           sqlite3_libversion(), count, rows, (double)rows / seconds, (long long)found,
           (unsigned long long)hits);
    tmg_matcher_free(m);
    tmg_ruleset_let(set);
    sqlite3_close(db);
    tmg_buf_done(&b);
    free((void *)rules);
    world_free(&w);
}

/* ---- back-tests ---- */

static void history_speed(size_t rows)
{
    enum { COUNT = 201 };
    world w;
    double seconds[COUNT];
    world_new(&w, rows, 3, true);
    const tmg_rule **rules = make_rules(&w, COUNT, true);
    tmg_history *h = tmg_history_new(w.dict);
    uint64_t *hits = tmg_xcalloc((rows + 63) / 64, sizeof *hits);
    for (size_t i = 0; i < rows; i++)
        tmg_history_add(h, &w.rows[i]);
    for (size_t i = 0; i < COUNT; i++) {
        double from = cpu();
        (void)tmg_history_hits(h, rules[i], NULL, hits, NULL);
        seconds[i] = cpu() - from;
    }
    qsort(seconds, COUNT, sizeof *seconds, by_size);
    printf("%d rules, one after the other, over %zu rows of %.0f bytes: median %.3f s, slowest %.3f s CPU\n",
           COUNT, rows, (double)tmg_history_bytes(h) / (double)rows, seconds[COUNT / 2], seconds[COUNT - 1]);
    tmg_history_free(h);
    free(hits);
    free((void *)rules);
    world_free(&w);
}

static void write_peers(const char *folder, size_t count, size_t rows)
{
    world w;
    double seconds;
    world_new(&w, 100000, 1, false);
    const tmg_rule **rules = make_rules(&w, count, false);
    world_write_peers(&w, rules, count, rows, folder);
    tmg_ruleset *set = build(&w, rules, count, &seconds);
    tmg_matcher *m = tmg_matcher_new(set);
    w.row_count = rows;
    printf("%llu\n", (unsigned long long)match_all(&w, m, &seconds));
    tmg_matcher_free(m);
    tmg_ruleset_let(set);
    free((void *)rules);
    world_free(&w);
}

static size_t argument(int argc, char **argv, int at, size_t otherwise)
{
    int64_t v;
    if (argc <= at)
        return otherwise;
    if (!tmg_span_i64(tmg_span_of(argv[at]), &v) || v < 1)
        world_die("a count is a whole number above 0");
    return (size_t)v;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "speed") == 0) {
        speed_of(argument(argc, argv, 2, 100000), 1000);
        speed_of(argument(argc, argv, 2, 100000), 10000);
    } else if (strcmp(what, "differential") == 0) {
        return differential(argument(argc, argv, 2, 1000), argument(argc, argv, 3, 10000));
    } else if (strcmp(what, "sqlite") == 0) {
        sqlite_speed(argument(argc, argv, 2, 1000), argument(argc, argv, 3, 20000));
    } else if (strcmp(what, "history") == 0) {
        history_speed(argument(argc, argv, 2, 1000000));
    } else if (strcmp(what, "peers") == 0 && argc > 2) {
        write_peers(argv[2], argument(argc, argv, 3, 1000), argument(argc, argv, 4, 1000));
    } else {
        world_die("speed, differential, sqlite, history or peers; see bench/rules/main.c");
    }
    return 0;
}
