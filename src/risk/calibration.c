#include "risk/fusion_priv.h"
#include "risk/wide_priv.h"

#include "base/real.h"

/* With fewer pairs, or fewer of either label, the steps would be noise. */
enum { LEAST_PAIRS = 200, LEAST_OF_A_LABEL = 10 };

/* Share of the raw score in the calibrated one, in parts of 10,000. */
enum { RAW_PARTS = 1, ALL_PARTS = 10000 };

typedef struct pair {
    int64_t raw;
    bool bad;
} pair;

/* Neighbouring pairs that share one frequency. */
typedef struct block {
    int64_t n, bad, highest;
    tmg_wide sum_raw;
} block;

static int by_raw(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    return x->raw != y->raw ? (x->raw > y->raw) - (x->raw < y->raw) : x->bad - y->bad;
}

static pair *sorted_pairs(const int64_t *raw_ppb, const bool *label, size_t count)
{
    pair *pairs = tmg_xcalloc(count, sizeof *pairs);
    for (size_t i = 0; i < count; i++)
        pairs[i] = (pair){raw_ppb[i], label[i]};
    qsort(pairs, count, sizeof *pairs, by_raw);
    return pairs;
}

/* Pools violators: the frequency of b[count-2] must be below that of b[count-1]. */
static size_t pool(block *b, size_t count)
{
    while (count > 1 && b[count - 2].bad * b[count - 1].n >= b[count - 1].bad * b[count - 2].n) {
        b[count - 2].n += b[count - 1].n;
        b[count - 2].bad += b[count - 1].bad;
        b[count - 2].sum_raw += b[count - 1].sum_raw;
        b[count - 2].highest = b[count - 1].highest;
        count--;
    }
    return count;
}

static size_t make_blocks(const pair *p, size_t count, block *b)
{
    size_t blocks = 0;
    for (size_t i = 0; i < count;) {
        block tied = {0};
        tied.highest = p[i].raw;
        for (; i < count && p[i].raw == tied.highest; i++) {
            tied.n++;
            tied.bad += p[i].bad ? 1 : 0;
            tied.sum_raw += p[i].raw;
        }
        b[blocks++] = tied;
        blocks = pool(b, blocks);
    }
    return blocks;
}

static bool enough(const bool *label, size_t count)
{
    size_t bad = 0;
    for (size_t i = 0; i < count; i++)
        bad += label[i] ? 1 : 0;
    return count >= LEAST_PAIRS && bad >= LEAST_OF_A_LABEL && count - bad >= LEAST_OF_A_LABEL;
}

/* ---- the trend ---- */

/* One step of Newton on the trend; returns how far it went.  The slope leans on 1 as if one pair said so,
 * which keeps it finite where the labels are parted without a mistake. */
static double better_trend(tmg_trend *t, const pair *p, size_t count)
{
    double up = 0, up_slope = 1 - t->slope, bend = 1e-9, across = 0, bend_slope = 1;

    for (size_t i = 0; i < count; i++) {
        double x = tmg_logit_ppb(p[i].raw), q = tmg_logistic(t->constant + t->slope * x);
        double off = (p[i].bad ? 1 : 0) - q, w = q * (1 - q);
        up += off;
        up_slope += off * x;
        bend += w;
        across += w * x;
        bend_slope += w * x * x;
    }
    double whole = bend * bend_slope - across * across;
    double a = (bend_slope * up - across * up_slope) / whole, b = (bend * up_slope - across * up) / whole;
    double by = (a < 0 ? -a : a) > (b < 0 ? -b : b) ? (a < 0 ? -a : a) : (b < 0 ? -b : b);
    double shorter = by > 1 ? 1 / by : 1;
    t->constant += a * shorter;
    t->slope += b * shorter;
    return by;
}

static tmg_trend trend_of(const pair *p, size_t count)
{
    enum { STEPS = 50 };
    tmg_trend t = {0, 1};

    for (int i = 0; i < STEPS && better_trend(&t, p, count) > 1e-6; i++)
        ;
    if (t.slope < 0)
        t.slope = 0;
    return t;
}

tmg_trend tmg_trend_fit(const int64_t *raw_ppb, const bool *label, size_t count)
{
    pair *pairs = sorted_pairs(raw_ppb, label, count);
    tmg_trend t = trend_of(pairs, count);

    free(pairs);
    return t;
}

int64_t tmg_trend_at(const tmg_trend *t, int64_t raw_ppb)
{
    return tmg_ppb_of_logit(t->constant + t->slope * tmg_logit_ppb(raw_ppb));
}

/* ---- the points ---- */

/* A block's frequency at one score, drawn towards the trend; never below the point before. */
static void add_point(tmg_calibration *c, int64_t x, const block *b, const tmg_trend *t)
{
    tmg_wide bad = (tmg_wide)b->bad * TMG_PPB + (tmg_wide)TMG_TREND_COUNTS * tmg_trend_at(t, x);
    int64_t n = b->n + TMG_TREND_COUNTS, y = (int64_t)((bad + n / 2) / n);

    c->x[c->count] = x;
    c->y[c->count] = c->count > 0 && c->y[c->count - 1] > y ? c->y[c->count - 1] : y;
    c->count++;
}

void tmg_calibration_fit(tmg_calibration *c, const int64_t *raw_ppb, const bool *label, size_t count)
{
    tmg_calibration_done(c);
    if (!enough(label, count))
        return;
    pair *pairs = sorted_pairs(raw_ppb, label, count);
    block *b = tmg_xcalloc(count, sizeof *b);
    size_t blocks = make_blocks(pairs, count, b);
    tmg_trend trend = trend_of(pairs, count);
    c->x = tmg_xcalloc(blocks + 1, sizeof *c->x);
    c->y = tmg_xcalloc(blocks + 1, sizeof *c->y);
    for (size_t i = 0; i < blocks; i++)
        add_point(c, (int64_t)((b[i].sum_raw + b[i].n / 2) / b[i].n), &b[i], &trend);
    if (b[blocks - 1].highest > c->x[blocks - 1])
        add_point(c, b[blocks - 1].highest, &b[blocks - 1], &trend);
    free(b);
    free(pairs);
}

static int64_t between(int64_t x, int64_t x0, int64_t y0, int64_t x1, int64_t y1)
{
    return x1 == x0 ? y1 : y0 + (int64_t)((tmg_wide)(y1 - y0) * (x - x0) / (x1 - x0));
}

int64_t tmg_calibration_at(const tmg_calibration *c, int64_t raw_ppb)
{
    if (c->count == 0)
        return raw_ppb;
    size_t from = 0, to = c->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (c->x[middle] < raw_ppb)
            from = middle + 1;
        else
            to = middle;
    }
    int64_t y;
    if (from == c->count)
        y = c->y[c->count - 1];
    else if (from == 0)
        y = between(raw_ppb, 0, 0, c->x[0], c->y[0]);
    else
        y = between(raw_ppb, c->x[from - 1], c->y[from - 1], c->x[from], c->y[from]);
    return (y * (ALL_PARTS - RAW_PARTS) + raw_ppb * RAW_PARTS) / ALL_PARTS;
}

void tmg_calibration_done(tmg_calibration *c)
{
    free(c->x);
    free(c->y);
    *c = (tmg_calibration){0};
}

void tmg_mind_fit(tmg_mind *m, tmg_harm harm, const int64_t *raw_ppb, const bool *label, size_t count)
{
    tmg_calibration_fit(&m->calibration[harm], raw_ppb, label, count);
}

void tmg_calibration_write(const tmg_calibration *c, tmg_json_out *j, const char *key)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < c->count; i++) {
        tmg_json_i64(j, NULL, c->x[i]);
        tmg_json_i64(j, NULL, c->y[i]);
    }
    tmg_json_end_array(j);
}

tmg_rc tmg_calibration_read(const tmg_json *points, tmg_calibration *c, tmg_err *err)
{
    tmg_calibration_done(c);
    size_t count = tmg_json_count(points) / 2;
    if (count == 0)
        return TMG_OK;
    c->x = tmg_xcalloc(count, sizeof *c->x);
    c->y = tmg_xcalloc(count, sizeof *c->y);
    c->count = count;
    for (size_t i = 0; i < count; i++) {
        c->x[i] = tmg_json_as_i64(tmg_json_at(points, 2 * i), -1);
        c->y[i] = tmg_json_as_i64(tmg_json_at(points, 2 * i + 1), -1);
        bool rises = i == 0 || (c->x[i] > c->x[i - 1] && c->y[i] >= c->y[i - 1]);
        if (c->x[i] < 0 || c->y[i] < 0 || c->y[i] > TMG_PPB || !rises)
            return TMG_FAIL(err, TMG_E_STORE,
                            "the stored calibration is damaged at point %zu: run tamga calibrate", i + 1);
    }
    return TMG_OK;
}
