#include "base/qty.h"
#include "risk/choosing.h"

#include <math.h>

static const int64_t most_share_ppb = 250000000;

/* The standard deviation of Beta(bad + m*p, good + m*(1-p)) with the m = 2 inspections that every group is
 * lent, at the mean that the chain already shrank. */
static double deviation(const tmg_harm_view *v)
{
    static const double lent = 2, least = 0.001;
    const tmg_level *l = v->path_len > 0 ? &v->path[v->telling < v->path_len ? v->telling : 0] : NULL;
    double p = (double)(l != NULL ? l->ppb : v->ppb) / (double)TMG_PPB;
    double n = l != NULL && l->depth > 0 ? (double)l->n : 0;

    p = p < least ? least : p > 1 - least ? 1 - least : p;
    return sqrt(p * (1 - p) / (n + lent + 1));
}

int64_t tmg_uncertainty_ppm(const tmg_assessment *a)
{
    return (int64_t)(1e6 * (deviation(&a->harm[TMG_FRAUD]) + deviation(&a->harm[TMG_CRITICAL])) + 0.5);
}

static int64_t round_up(int64_t v)
{
    int64_t step = 1;

    while (v / step >= 8)
        step *= 2;
    return (v + step - 1) / step * step;
}

void tmg_explore_shares(const int64_t *uncertainty_ppm, size_t count, int64_t red, int64_t explore_ppm,
                        int64_t *ret_ppb)
{
    int64_t sum = 0, budget_ppb = red * explore_ppm * 1000;

    for (size_t i = 0; i < count; i++)
        sum += uncertainty_ppm[i];
    sum = round_up(sum);
    for (size_t i = 0; i < count; i++) {
        int64_t e = sum > 0 ? tmg_mul_div(uncertainty_ppm[i], budget_ppb, sum) : 0;

        ret_ppb[i] = e < most_share_ppb ? e : most_share_ppb;
    }
}

tmg_rc tmg_explore_extra(tmg_db *db, int64_t *ret_ppm, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    *ret_ppm = 0;
    TMG_TRY(tmg_sql(db, "SELECT value FROM setting WHERE name = 'watch.explore_extra_ppm'", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_OK;
    bool read =
        tmg_span_i64(tmg_col_text(s, 0), ret_ppm) && *ret_ppm >= 0 && *ret_ppm <= TMG_EXPLORE_MOST_PPM;
    tmg_reset(s);
    return read ? TMG_OK
                : TMG_FAIL(err, TMG_E_STORE, "the setting watch.explore_extra_ppm is not a share in ppm");
}
