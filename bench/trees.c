/* Our judging and explaining beside XGBoost's own, on the same model and the same rows.
 *
 *   tamga-trees-bench MODEL MATRIX [ROWS-TO-EXPLAIN]
 *
 * Prints one JSON object: the greatest differences over all rows, and nanoseconds of CPU time a row, medians
 * of seven turns in which ours and theirs follow each other (one thread; explaining: one turn of theirs). */
#include "base/file.h"
#include "base/json.h"
#include "learn/learn.h"

#include <math.h>
#include <xgboost/c_api.h>

enum { TURNS = 7, SINGLE_ROWS = 2000 };

typedef struct both {
    tmg_trees *ours;
    tmg_shapley *explain;
    BoosterHandle theirs;
    tmg_matrix m;
    DMatrixHandle explained;
    size_t explain_rows;
    float *margin, *phi;
} both;

static void die(const char *why)
{
    (void)fprintf(stderr, "tamga-trees-bench: %s\n", why);
    exit(1);
}

static void must(int failed)
{
    if (failed != 0)
        die(XGBGetLastError());
}

static int64_t cpu_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- theirs ---- */

static const float *their_dense(const both *b, const float *x, size_t rows, int type)
{
    const bst_ulong *shape;
    bst_ulong dims;
    const float *out = NULL;
    char array[200], how[200];

    (void)snprintf(array, sizeof array,
                   "{\"data\":[%zu,true],\"shape\":[%zu,%zu],\"typestr\":\"<f4\",\"version\":3}",
                   (size_t)(uintptr_t)x, rows, b->m.features);
    (void)snprintf(
        how, sizeof how,
        "{\"type\":%d,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":false,"
        "\"missing\":NaN,\"cache_id\":0}",
        type);
    must(XGBoosterPredictFromDense(b->theirs, array, how, NULL, &shape, &dims, &out));
    return out;
}

static const float *their_contributions(const both *b)
{
    const bst_ulong *shape;
    bst_ulong dims;
    const float *out = NULL;

    must(XGBoosterPredictFromDMatrix(
        b->theirs, b->explained,
        "{\"type\":2,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
        "\"strict_shape\":false}",
        &shape, &dims, &out));
    return out;
}

/* ---- differences ---- */

static double distance(double a, double b)
{
    /* Two numbers that are none would otherwise pass for equal. */
    return isfinite(a) && isfinite(b) ? fabs(a - b) : INFINITY;
}

static void compare_scores(const both *b, double *ret_margin, double *ret_probability)
{
    size_t n = b->m.rows, k = b->m.features;
    const float *theirs;

    tmg_trees_margins(b->ours, b->m.x, n, b->margin);
    theirs = their_dense(b, b->m.x, n, 1);
    for (size_t i = 0; i < n; i++) {
        *ret_margin = fmax(*ret_margin, distance((double)b->margin[i], (double)theirs[i]));
        *ret_margin =
            fmax(*ret_margin, distance((double)tmg_trees_margin(b->ours, b->m.x + i * k), (double)theirs[i]));
    }
    theirs = their_dense(b, b->m.x, n, 0);
    for (size_t i = 0; i < n; i++)
        *ret_probability = fmax(*ret_probability, distance((double)tmg_margin_ppb((double)b->margin[i]) / 1e9,
                                                           (double)theirs[i]));
}

static void explain_all(const both *b)
{
    for (size_t i = 0; i < b->explain_rows; i++)
        tmg_shapley_of(b->explain, b->m.x + i * b->m.features, b->phi + i * (b->m.features + 1));
}

static double compare_contributions(const both *b, const float *theirs, double *ret_sum)
{
    size_t k = b->m.features + 1;
    double most = 0;

    for (size_t i = 0; i < b->explain_rows; i++) {
        double sum = 0;

        for (size_t j = 0; j < k; j++) {
            most = fmax(most, distance((double)b->phi[i * k + j], (double)theirs[i * k + j]));
            sum += (double)b->phi[i * k + j];
        }
        *ret_sum = fmax(*ret_sum, distance(sum, (double)b->margin[i]));
    }
    return most;
}

/* ---- times ---- */

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int64_t middle(int64_t *times)
{
    qsort(times, TURNS, sizeof *times, by_size);
    return times[TURNS / 2];
}

typedef enum measured { OUR_BATCH, THEIR_BATCH, OUR_SINGLE, THEIR_SINGLE, MEASURED } measured;

static size_t single_rows(const both *b)
{
    return b->m.rows < SINGLE_ROWS ? b->m.rows : SINGLE_ROWS;
}

static int64_t run_once(const both *b, measured what)
{
    size_t single = single_rows(b), k = b->m.features;
    int64_t from = cpu_ns();

    switch (what) {
    case OUR_BATCH:
        tmg_trees_margins(b->ours, b->m.x, b->m.rows, b->margin);
        break;
    case THEIR_BATCH:
        (void)their_dense(b, b->m.x, b->m.rows, 1);
        break;
    case OUR_SINGLE:
        for (size_t i = 0; i < single; i++)
            b->margin[i] = tmg_trees_margin(b->ours, b->m.x + i * k);
        break;
    case THEIR_SINGLE:
        for (size_t i = 0; i < single; i++)
            b->margin[i] = *their_dense(b, b->m.x + i * k, 1, 1);
        break;
    case MEASURED:
        break;
    }
    return (cpu_ns() - from) / (int64_t)(what < OUR_SINGLE ? b->m.rows : single);
}

static void tell_times(const both *b, tmg_json_out *j)
{
    static const char *const names[MEASURED] = {"batch_ns", "xgboost_batch_ns", "single_ns",
                                                "xgboost_single_ns"};
    int64_t times[MEASURED][TURNS], explain[TURNS], from;

    for (int turn = 0; turn < TURNS; turn++) {
        for (int what = 0; what < MEASURED; what++)
            times[what][turn] = run_once(b, (measured)what);
        from = cpu_ns();
        explain_all(b);
        explain[turn] = (cpu_ns() - from) / (int64_t)b->explain_rows;
    }
    for (int what = 0; what < MEASURED; what++)
        tmg_json_i64(j, names[what], middle(times[what]));
    tmg_json_i64(j, "shapley_ns", middle(explain));
}

static void tell(const both *b, int64_t read_ns, int64_t tables_ns, tmg_json_out *j)
{
    double margin = 0, probability = 0, contribution, sum = 0;
    int64_t from;
    const float *theirs;

    compare_scores(b, &margin, &probability);
    explain_all(b);
    from = cpu_ns();
    theirs = their_contributions(b);
    from = cpu_ns() - from;
    contribution = compare_contributions(b, theirs, &sum);
    tmg_json_i64(j, "rows", (int64_t)b->m.rows);
    tmg_json_i64(j, "features", (int64_t)b->m.features);
    tmg_json_i64(j, "trees", (int64_t)tmg_trees_count(b->ours));
    tmg_json_i64(j, "explained_rows", (int64_t)b->explain_rows);
    tmg_json_decimal(j, "margin_difference", llround(fmin(margin, 1e6) * 1e12), 12);
    tmg_json_decimal(j, "probability_difference", llround(fmin(probability, 1e6) * 1e12), 12);
    tmg_json_decimal(j, "contribution_difference", llround(fmin(contribution, 1e6) * 1e12), 12);
    tmg_json_decimal(j, "sum_difference", llround(fmin(sum, 1e6) * 1e12), 12);
    tmg_json_i64(j, "read_ns", read_ns);
    tmg_json_i64(j, "tables_ns", tables_ns);
    tmg_json_i64(j, "xgboost_shapley_ns", from / (int64_t)b->explain_rows);
    tell_times(b, j);
}

static void open_both(both *b, const char *model, const char *matrix, int64_t *ret_read_ns,
                      int64_t *ret_tables_ns)
{
    tmg_file file;
    tmg_err err = {0};
    int64_t from;

    if (tmg_matrix_open(matrix, &b->m, &err) != TMG_OK || tmg_file_map(model, &file, &err) != TMG_OK)
        die(err.text);
    from = cpu_ns();
    if (tmg_trees_read(file.bytes, &b->ours, &err) != TMG_OK)
        die(err.text);
    *ret_read_ns = cpu_ns() - from;
    from = cpu_ns();
    b->explain = tmg_shapley_new(b->ours);
    *ret_tables_ns = cpu_ns() - from;
    must(XGBoosterCreate(NULL, 0, &b->theirs));
    must(XGBoosterLoadModel(b->theirs, model));
    must(XGBoosterSetParam(b->theirs, "nthread", "1"));
    tmg_file_unmap(&file);
    if (tmg_trees_features(b->ours) != b->m.features || b->m.rows == 0)
        die("the model and the matrix do not fit each other");
}

int main(int argc, char **argv)
{
    both b = {0};
    int64_t wanted = INT64_MAX, read_ns, tables_ns;
    tmg_buf text;
    tmg_json_out j;

    if (argc < 3 || (argc > 3 && !tmg_span_i64(tmg_span_of(argv[3]), &wanted)))
        die("usage: tamga-trees-bench MODEL MATRIX [ROWS-TO-EXPLAIN]");
    open_both(&b, argv[1], argv[2], &read_ns, &tables_ns);
    b.explain_rows = wanted > 0 && (size_t)wanted < b.m.rows ? (size_t)wanted : b.m.rows;
    b.margin = tmg_xcalloc(b.m.rows, sizeof *b.margin);
    b.phi = tmg_xcalloc(b.explain_rows * (b.m.features + 1), sizeof *b.phi);
    must(XGDMatrixCreateFromMat_omp(b.m.x, b.explain_rows, b.m.features, NAN, &b.explained, 1));
    tmg_buf_init(&text, 4096);
    tmg_json_begin(&j, &text);
    tmg_json_object(&j, NULL);
    tell(&b, read_ns, tables_ns, &j);
    tmg_json_end_object(&j);
    (void)puts(text.ptr);
    return 0;
}
