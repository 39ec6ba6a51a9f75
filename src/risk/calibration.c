#include "risk/mind_priv.h"
#include "risk/wide_priv.h"

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
    int64_t n, bad;
    tmg_wide sum_raw;
} block;

static int by_raw(const void *a, const void *b)
{
    int64_t x = ((const pair *)a)->raw, y = ((const pair *)b)->raw;
    return (x > y) - (x < y);
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
        count--;
    }
    return count;
}

static size_t make_blocks(const pair *p, size_t count, block *b)
{
    size_t blocks = 0;
    for (size_t i = 0; i < count;) {
        block tied = {0};
        for (int64_t raw = p[i].raw; i < count && p[i].raw == raw; i++) {
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

void tmg_calibration_fit(tmg_calibration *c, const int64_t *raw_ppb, const bool *label, size_t count)
{
    tmg_calibration_done(c);
    if (!enough(label, count))
        return;
    pair *pairs = sorted_pairs(raw_ppb, label, count);
    block *b = tmg_xcalloc(count, sizeof *b);
    c->count = make_blocks(pairs, count, b);
    c->x = tmg_xcalloc(c->count, sizeof *c->x);
    c->y = tmg_xcalloc(c->count, sizeof *c->y);
    for (size_t i = 0; i < c->count; i++) {
        c->x[i] = (int64_t)((b[i].sum_raw + b[i].n / 2) / b[i].n);
        c->y[i] = (b[i].bad * TMG_PPB + b[i].n / 2) / b[i].n;
    }
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
