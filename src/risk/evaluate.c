#include "risk/risk.h"

enum { BINS = 10, SHARE_PPM = 50000, MILLION = 1000000 };

/* One row as a ranking sees it. */
typedef struct ranked {
    double score;
    size_t at; /* place in the input: ties keep it */
    int32_t day;
    bool bad, critical;
} ranked;

static int by_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static int by_day_and_score(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : by_score(a, b);
}

static bool is_bad(const tmg_judged *row, int harm)
{
    return harm == TMG_FRAUD ? row->fraud : row->critical;
}

static size_t share_of(size_t count, int64_t ppm)
{
    return (size_t)(((int64_t)count * ppm + MILLION - 1) / MILLION);
}

static int64_t bad_among_first(const ranked *r, size_t count)
{
    int64_t bad = 0;
    for (size_t i = 0; i < count; i++)
        bad += r[i].bad ? 1 : 0;
    return bad;
}

/* Step-wise average precision: mean over the bad rows of the precision at their rank. */
static double average_precision(const ranked *r, size_t count)
{
    double sum = 0;
    int64_t hits = 0;
    for (size_t i = 0; i < count; i++)
        if (r[i].bad) {
            hits++;
            sum += (double)hits / (double)(i + 1);
        }
    return hits > 0 ? sum / (double)hits : -1.0;
}

/* Mann and Whitney: midranks for ties. */
static double area_under_curve(const ranked *r, size_t count)
{
    double rank_sum = 0;
    int64_t bad = 0;
    for (size_t i = 0; i < count;) {
        size_t end = i;
        int64_t bad_tied = 0;
        for (; end < count && r[end].score == r[i].score; end++)
            bad_tied += r[end].bad ? 1 : 0;
        double midrank = (double)(2 * count - i - end + 1) / 2.0;
        rank_sum += midrank * (double)bad_tied;
        bad += bad_tied;
        i = end;
    }
    int64_t good = (int64_t)count - bad;
    if (bad == 0 || good == 0)
        return -1.0;
    return (rank_sum - (double)bad * (double)(bad + 1) / 2.0) / ((double)bad * (double)good);
}

static void judge_calibration(const tmg_judged *rows, size_t count, int harm, tmg_evaluation *ret)
{
    double squares = 0, gap[BINS] = {0};
    for (size_t i = 0; i < count; i++) {
        double p = (double)rows[i].ppb[harm] / (double)TMG_PPB;
        double miss = p - (is_bad(&rows[i], harm) ? 1.0 : 0.0);
        int64_t bin = rows[i].ppb[harm] * BINS / TMG_PPB;
        squares += miss * miss;
        gap[bin < BINS ? bin : BINS - 1] += miss;
    }
    double sum = 0;
    for (int i = 0; i < BINS; i++)
        sum += gap[i] < 0 ? -gap[i] : gap[i];
    ret->brier[harm] = count > 0 ? squares / (double)count : -1.0;
    ret->ece[harm] = count > 0 ? sum / (double)count : -1.0;
}

static void judge_ranking(const tmg_judged *rows, size_t count, int harm, ranked *r, tmg_evaluation *ret)
{
    static const int64_t precision_at[5] = {10000, 20000, 50000, 100000, 200000};
    static const int64_t recall_at[3] = {10000, 50000, 100000};
    for (size_t i = 0; i < count; i++)
        r[i] = (ranked){.score = (double)rows[i].raw_ppb[harm], .at = i, .bad = is_bad(&rows[i], harm)};
    qsort(r, count, sizeof *r, by_score);
    int64_t bad = bad_among_first(r, count);
    ret->auc[harm] = area_under_curve(r, count);
    ret->ap[harm] = average_precision(r, count);
    for (size_t k = 0; k < 5 && harm == TMG_FRAUD; k++) {
        size_t first = share_of(count, precision_at[k]);
        ret->p_at[k] = first > 0 ? (double)bad_among_first(r, first) / (double)first : -1.0;
    }
    for (size_t k = 0; k < 3 && harm == TMG_CRITICAL; k++)
        ret->recall_at[k] =
            bad > 0 ? (double)bad_among_first(r, share_of(count, recall_at[k])) / (double)bad : -1.0;
    *(harm == TMG_FRAUD ? &ret->test_fraud : &ret->test_critical) = bad;
}

static void inspect_day(const ranked *r, size_t count, tmg_evaluation *ret)
{
    size_t first = share_of(count, SHARE_PPM);
    for (size_t i = 0; i < first; i++) {
        ret->replay_fraud += r[i].bad ? 1 : 0;
        ret->replay_critical += r[i].critical ? 1 : 0;
    }
    ret->replay_inspected += (int64_t)first;
    ret->replay_days++;
}

static void replay(const tmg_judged *rows, size_t count, double w, ranked *r, tmg_evaluation *ret)
{
    for (size_t i = 0; i < count; i++)
        r[i] = (ranked){.score = (double)rows[i].ppb[TMG_FRAUD] + w * (double)rows[i].ppb[TMG_CRITICAL],
                        .at = i,
                        .day = rows[i].day,
                        .bad = rows[i].fraud,
                        .critical = rows[i].critical};
    qsort(r, count, sizeof *r, by_day_and_score);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && r[to].day == r[from].day)
            to++;
        inspect_day(r + from, to - from, ret);
    }
    ret->replay_share_ppm = SHARE_PPM;
    ret->replay_w = w;
}

void tmg_evaluate(const tmg_judged *rows, size_t count, double w, tmg_evaluation *ret)
{
    tmg_evaluation e = {.test_rows = (int64_t)count};
    ranked *r = tmg_xcalloc(count + 1, sizeof *r);
    for (int h = 0; h < TMG_HARMS; h++) {
        judge_ranking(rows, count, h, r, &e);
        judge_calibration(rows, count, h, &e);
    }
    replay(rows, count, w, r, &e);
    free(r);
    *ret = e;
}
