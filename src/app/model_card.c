/* The card of a learned model: what it was made from, what it looks at, how good it is, and for whom. */
#include "app/models_priv.h"
#include "base/json.h"

#include <math.h>

enum { CARD_FEATURES = 25, CARD_SAMPLE = 1000, BINS = 10, LEAST_GROUP = 30 };

static const double z95 = 1.959963984540054;

tmg_span tmg_feature_family(tmg_span name, tmg_span *ret_rest)
{
    tmg_span rest = name, family = name;

    (void)tmg_span_split(&rest, '/', &family);
    *ret_rest = rest;
    return family;
}

static void put(tmg_json_out *j, const char *key, double share)
{
    if (share < 0 || isnan(share))
        tmg_json_null(j, key);
    else
        tmg_json_decimal(j, key, llround(share * 1e6), 6);
}

static bool bad(const tmg_judged *row, tmg_harm h)
{
    return h == TMG_FRAUD ? row->fraud : row->critical;
}

/* ---- what it was made from ---- */

static void write_data(tmg_json_out *j, const tmg_training *t, tmg_harm h, const char *source)
{
    const tmg_example *e = t->replay->example;
    int64_t rows = 0, finds = 0;

    for (size_t i = 0; i < t->count; i++) {
        rows += e[i].found[h] != TMG_FOUND_UNKNOWN ? 1 : 0;
        finds += e[i].found[h] == TMG_FOUND_YES ? 1 : 0;
    }
    tmg_json_object(j, "data");
    tmg_json_z(j, "source", source);
    tmg_json_time(j, "from", e[0].at_ms, t->replay->offset_min);
    tmg_json_time(j, "to", e[t->count - 1].at_ms, t->replay->offset_min);
    tmg_json_i64(j, "rows", rows);
    tmg_json_i64(j, "finds", finds);
    tmg_json_i64(j, "rows_of_the_head", (int64_t)t->cut);
    tmg_json_i64(j, "rows_fitted_on", (int64_t)(t->half - t->cut));
    tmg_json_i64(j, "rows_measured_on", (int64_t)(t->count - t->half));
    tmg_json_end_object(j);
}

static void write_request(tmg_json_out *j, const tmg_trained *m)
{
    const tmg_train_request *q = &m->request;

    tmg_json_object(j, "training");
    tmg_json_z(j, "program", "XGBoost, binary:logistic, hist");
    tmg_json_z(j, "tamga", TAMGA_VERSION);
    tmg_json_i64(j, "trees", (int64_t)tmg_trees_count(m->trees));
    tmg_json_i64(j, "trees_at_most", q->rounds);
    tmg_json_i64(j, "depth", q->depth);
    tmg_ppm_write(j, "eta", q->eta_ppm);
    tmg_ppm_write(j, "min_child_weight", q->min_child_weight_ppm);
    tmg_ppm_write(j, "rows_per_tree", q->subsample_ppm);
    tmg_ppm_write(j, "features_per_tree", q->colsample_ppm);
    tmg_ppm_write(j, "lambda", q->lambda_ppm);
    tmg_ppm_write(j, "held_back", q->held_ppm);
    tmg_json_i64(j, "seed", q->seed);
    tmg_json_i64(j, "bytes", (int64_t)m->file.len);
    tmg_json_end_object(j);
}

/* ---- what it looks at ---- */

typedef struct importance {
    tmg_span name;
    double by;
} importance;

static int by_importance(const void *a, const void *b)
{
    const importance *x = a, *y = b;

    if (x->by != y->by)
        return x->by > y->by ? -1 : 1;
    return x->name.ptr < y->name.ptr ? -1 : x->name.ptr > y->name.ptr;
}

/* Mean size of each feature's Shapley value over a sample of the newest examples. */
static void mean_shapley(const tmg_training *t, tmg_harm h, double *ret)
{
    size_t width = t->replay->schema.count, n = t->count - t->cut, step = n / CARD_SAMPLE + 1, taken = 0;
    tmg_shapley *s = tmg_shapley_new(t->model[h].trees);
    float *phi = tmg_xcalloc(width + 1, sizeof *phi);

    for (size_t i = t->cut; i < t->count; i += step, taken++) {
        tmg_shapley_of(s, tmg_example_features(t->replay, i, h), phi);
        for (size_t f = 0; f < width; f++)
            ret[f] += fabs((double)phi[f]);
    }
    for (size_t f = 0; f < width && taken > 0; f++)
        ret[f] /= (double)taken;
    free(phi);
    tmg_shapley_free(s);
}

static size_t sum_families(const importance *features, size_t count, importance *ret)
{
    size_t n = 0;

    for (size_t f = 0; f < count; f++) {
        tmg_span rest, family = tmg_feature_family(features[f].name, &rest);
        size_t at = 0;
        while (at < n && !tmg_span_eq(ret[at].name, family))
            at++;
        if (at == n)
            ret[n++] = (importance){family, 0};
        ret[at].by += features[f].by;
    }
    return n;
}

static void write_ranked(tmg_json_out *j, const char *key, importance *list, size_t count, size_t most)
{
    qsort(list, count, sizeof *list, by_importance);
    tmg_json_array(j, key);
    for (size_t i = 0; i < count && i < most && list[i].by > 0; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "name", list[i].name);
        tmg_json_decimal(j, "mean_log_odds", llround(list[i].by * 1e6), 6);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_features(tmg_json_out *j, const tmg_training *t, tmg_harm h)
{
    size_t width = t->replay->schema.count;
    double *mean = tmg_xcalloc(width + 1, sizeof *mean);
    importance *features = tmg_xcalloc(width + 1, sizeof *features);
    importance *families = tmg_xcalloc(width + 1, sizeof *families);
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 128);
    tmg_hex_write(&hex, t->replay->schema.hash.b, sizeof t->replay->schema.hash.b);
    mean_shapley(t, h, mean);
    for (size_t f = 0; f < width; f++)
        features[f] = (importance){t->replay->schema.names[f], mean[f]};
    tmg_json_object(j, "features");
    tmg_json_text(j, "hash", tmg_buf_as_span(&hex));
    tmg_json_i64(j, "count", (int64_t)width);
    write_ranked(j, "families", families, sum_families(features, width, families), width);
    write_ranked(j, "features", features, width, CARD_FEATURES);
    tmg_json_end_object(j);
    free(mean);
    free(features);
    free(families);
}

/* ---- how good it is ---- */

static int by_raw(const void *a, const void *b, void *harm)
{
    const tmg_judged *x = a, *y = b;
    int h = *(const int *)harm;

    return (x->raw_ppb[h] < y->raw_ppb[h]) - (x->raw_ppb[h] > y->raw_ppb[h]);
}

static tmg_judged *ranked(const tmg_judged *rows, size_t count, tmg_harm h)
{
    tmg_judged *sorted = tmg_xcalloc(count + 1, sizeof *sorted);
    int harm = (int)h;

    if (count > 0)
        memcpy(sorted, rows, count * sizeof *sorted);
    qsort_r(sorted, count, sizeof *sorted, by_raw, &harm);
    return sorted;
}

static int64_t finds_among(const tmg_judged *rows, size_t count, tmg_harm h)
{
    int64_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += bad(&rows[i], h) ? 1 : 0;
    return n;
}

/* Standard error of an area under the curve: Hanley and McNeil (1982). */
static double auc_error(double auc, double finds, double others)
{
    double q1 = auc / (2 - auc), q2 = 2 * auc * auc / (1 + auc);

    return sqrt((auc * (1 - auc) + (finds - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)) /
                (finds * others));
}

static void write_auc(tmg_json_out *j, double auc, int64_t finds, int64_t others)
{
    double half =
        auc < 0 || finds == 0 || others == 0 ? -1 : z95 * auc_error(auc, (double)finds, (double)others);

    tmg_json_object(j, "auc");
    put(j, "value", auc);
    put(j, "low", half < 0 ? -1 : auc - half < 0 ? 0 : auc - half);
    put(j, "high", half < 0 ? -1 : auc + half > 1 ? 1 : auc + half);
    tmg_json_end_object(j);
}

static void write_way(tmg_json_out *j, const char *key, const tmg_judged *rows, size_t count, tmg_harm h,
                      const tmg_evaluation *e)
{
    static const struct {
        const char *precision, *recall;
        size_t per_mille;
    } shares[] = {{"precision_at_1", "recall_at_1", 10},
                  {"precision_at_5", "recall_at_5", 50},
                  {"precision_at_10", "recall_at_10", 100}};
    tmg_judged *sorted = ranked(rows, count, h);
    int64_t finds = finds_among(sorted, count, h);

    tmg_json_object(j, key);
    write_auc(j, e->auc[h], finds, (int64_t)count - finds);
    put(j, "average_precision", e->ap[h]);
    put(j, "brier", e->brier[h]);
    put(j, "calibration_error", e->ece[h]);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        size_t first = (count * shares[i].per_mille + 999) / 1000;
        int64_t found = finds_among(sorted, first, h);
        tmg_rate_write(j, shares[i].precision, "rate", found, (int64_t)first);
        tmg_rate_write(j, shares[i].recall, "rate", found, finds);
    }
    tmg_json_end_object(j);
    free(sorted);
}

static void write_calibration(tmg_json_out *j, const tmg_judged *rows, size_t count, tmg_harm h)
{
    int64_t n[BINS] = {0}, finds[BINS] = {0};
    double sum[BINS] = {0};

    for (size_t i = 0; i < count; i++) {
        int64_t bin = rows[i].ppb[h] * BINS / TMG_PPB;
        if (bin >= BINS)
            bin = BINS - 1;
        n[bin]++;
        finds[bin] += bad(&rows[i], h) ? 1 : 0;
        sum[bin] += (double)rows[i].ppb[h] / (double)TMG_PPB;
    }
    tmg_json_array(j, "calibration");
    for (int b = 0; b < BINS; b++) {
        if (n[b] == 0)
            continue;
        tmg_json_object(j, NULL);
        put(j, "from", (double)b / BINS);
        put(j, "to", (double)(b + 1) / BINS);
        put(j, "said", sum[b] / (double)n[b]);
        tmg_rate_write(j, "found", "rate", finds[b], n[b]);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

/* ---- and for whom ---- */

/* The score of the last one that a twentieth of the flow would reach. */
static int64_t bar_of(const tmg_judged *rows, size_t count, tmg_harm h)
{
    tmg_judged *sorted = ranked(rows, count, h);
    int64_t bar = count > 0 ? sorted[(count + 19) / 20 - 1].raw_ppb[h] : 0;

    free(sorted);
    return bar;
}

static void write_group(tmg_json_out *j, const tmg_training *t, tmg_harm h, int grouping, uint32_t group,
                        int64_t bar)
{
    int64_t rows = 0, finds = 0, chosen = 0, hits = 0;
    double said = 0;

    for (size_t i = t->half; i < t->count; i++) {
        const tmg_judged *row = &t->fused[i - t->half];
        if (t->replay->example[i].group[grouping] != group)
            continue;
        rows++;
        finds += bad(row, h) ? 1 : 0;
        said += (double)row->ppb[h] / (double)TMG_PPB;
        if (row->raw_ppb[h] >= bar) {
            chosen++;
            hits += bad(row, h) ? 1 : 0;
        }
    }
    if (rows < LEAST_GROUP)
        return;
    tmg_json_object(j, NULL);
    tmg_json_text(j, "group", t->replay->group_name[grouping][group]);
    put(j, "said", said / (double)rows);
    tmg_rate_write(j, "found", "rate", finds, rows);
    tmg_rate_write(j, "chosen", "rate", chosen, rows);
    tmg_rate_write(j, "hits", "rate", hits, chosen);
    tmg_json_end_object(j);
}

/* Who would be among the highest twentieth, and how often rightly: groups of at least 30. */
static void write_fairness(tmg_json_out *j, const tmg_training *t, tmg_harm h)
{
    static const char *const names[] = {"by_post", "by_mode", "by_origin"};
    int64_t bar = bar_of(t->fused, t->count - t->half, h);

    tmg_json_object(j, "fairness");
    for (int g = 0; g < TMG_GROUPINGS; g++) {
        tmg_json_array(j, names[g]);
        for (uint32_t i = 0; i < t->replay->group_count[g]; i++)
            write_group(j, t, h, g, i, bar);
        tmg_json_end_array(j);
    }
    tmg_json_end_object(j);
}

tmg_rc tmg_model_card(const tmg_training *t, tmg_harm h, const char *source, tmg_buf *ret, tmg_err *err)
{
    size_t n = t->count - t->half;
    TMG_AUTO_BUF hex = {0};
    tmg_json_out j;

    tmg_buf_init(&hex, 128);
    tmg_hex_write(&hex, t->model[h].hash.b, sizeof t->model[h].hash.b);
    tmg_json_begin(&j, ret);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "harm", tmg_harm_name(h));
    tmg_json_text(&j, "hash", tmg_buf_as_span(&hex));
    tmg_json_time(&j, "made", tmg_now_ms(), t->replay->offset_min);
    write_data(&j, t, h, source);
    write_request(&j, &t->model[h]);
    write_features(&j, t, h);
    tmg_json_object(&j, "measured");
    write_way(&j, "profiles", t->profiles, n, h, &t->of_profiles);
    write_way(&j, "model", t->alone, n, h, &t->of_alone);
    write_way(&j, "together", t->fused, n, h, &t->of_fused);
    tmg_json_end_object(&j);
    write_calibration(&j, t->fused, n, h);
    write_fairness(&j, t, h);
    tmg_json_end_object(&j);
    return ret->overflow ? TMG_FAIL(err, TMG_E_LIMIT, "the model's card is too long to be kept") : TMG_OK;
}
