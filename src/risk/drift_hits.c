/* Is found what was expected? */
#include "risk/drift_priv.h"

#include <math.h>

enum { MOST_RESULTS = 200000, LEAST_VARIANCE = 3 };

static const double cusum_limit = 5;

/* ln of the likelihood ratio between odds `factor` times those stated and those stated. */
static double evidence(double p, bool found, double factor)
{
    return (found ? log(factor) : 0) - log(1 - p + factor * p);
}

void tmg_watch_hits(const int64_t *ppb, const bool *found, size_t count, tmg_hit_watch *ret)
{
    double up = 0, down = 0, expected = 0, variance = 0;

    *ret = (tmg_hit_watch){.count = (int64_t)count, .z_ppm = TMG_NONE};
    for (size_t i = 0; i < count; i++) {
        double p = (double)ppb[i] / (double)TMG_PPB;

        ret->found += found[i] ? 1 : 0;
        ret->expected_ppb += ppb[i];
        expected += p;
        variance += p * (1 - p);
        up = fmax(0, up + evidence(p, found[i], 2));
        down = fmax(0, down + evidence(p, found[i], 0.5));
    }
    if (variance >= LEAST_VARIANCE)
        ret->z_ppm = (int64_t)llround(1e6 * ((double)ret->found - expected) / sqrt(variance));
    ret->up_ppm = (int64_t)llround(1e6 * up);
    ret->down_ppm = (int64_t)llround(1e6 * down);
}

typedef struct results {
    int64_t *ppb, *known_ms;
    bool *found;
    size_t count;
} results;

/* Not one whose place another result has taken. */
#define IN_FORCE "AND NOT EXISTS (SELECT 1 FROM result x WHERE x.replaces = r.id) "

static tmg_rc read_results(tmg_watching *w, tmg_db *db, tmg_harm h, results *rs, tmg_err *err)
{
    static const char *const texts[TMG_HARMS] = {
        [TMG_FRAUD] =
            "SELECT r.known_at_ms, m.fraud_ppb, r.found_fraud FROM result r JOIN assessment m ON "
            "m.declaration_id = r.declaration_id AND m.as_of_ms = (SELECT max(n.as_of_ms) FROM assessment n "
            "WHERE n.declaration_id = r.declaration_id AND n.as_of_ms < r.known_at_ms) "
            "WHERE r.known_at_ms >= $1 AND r.known_at_ms < $2 AND r.found_fraud >= 0 " IN_FORCE
            "ORDER BY r.known_at_ms, r.id LIMIT $3",
        [TMG_CRITICAL] =
            "SELECT r.known_at_ms, m.critical_ppb, r.found_critical FROM result r JOIN assessment m ON "
            "m.declaration_id = r.declaration_id AND m.as_of_ms = (SELECT max(n.as_of_ms) FROM assessment n "
            "WHERE n.declaration_id = r.declaration_id AND n.as_of_ms < r.known_at_ms) "
            "WHERE r.known_at_ms >= $1 AND r.known_at_ms < $2 AND r.found_critical >= 0 " IN_FORCE
            "ORDER BY r.known_at_ms, r.id LIMIT $3"};
    tmg_stmt *s = NULL;

    rs->count = 0;
    TMG_TRY(tmg_sql(db, texts[h], &s, err));
    tmg_bind_i64(s, 1, w->before_ms);
    tmg_bind_i64(s, 2, w->end_ms);
    tmg_bind_i64(s, 3, MOST_RESULTS);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        rs->known_ms[rs->count] = tmg_col_i64(s, 0);
        rs->ppb[rs->count] = tmg_col_i64(s, 1);
        rs->found[rs->count++] = tmg_col_i64(s, 2) == TMG_FOUND_YES;
    }
}

static void judge(tmg_watching *w, tmg_harm h, const results *rs)
{
    size_t first = 0;
    tmg_hit_watch recent, all;
    char about[32];

    while (first < rs->count && rs->known_ms[first] < w->recent_ms)
        first++;
    tmg_watch_hits(rs->ppb + first, rs->found + first, rs->count - first, &recent);
    tmg_watch_hits(rs->ppb, rs->found, rs->count, &all);
    if (recent.z_ppm != TMG_NONE) {
        tmg_watch_say(w, "hit_rate", tmg_harm_name(h), llabs(recent.z_ppm), 3000000,
                      "%s: %lld of %lld inspected were bad where %.1f were expected", tmg_harm_name(h),
                      (long long)recent.found, (long long)recent.count, (double)recent.expected_ppb / 1e9);
    }
    if (all.z_ppm == TMG_NONE)
        return;
    for (int up = 1; up >= 0; up--) {
        (void)snprintf(about, sizeof about, "%s.%s", tmg_harm_name(h), up ? "up" : "down");
        tmg_watch_say(w, "cusum", tmg_span_z(w->arena, tmg_span_of(about)), up ? all.up_ppm : all.down_ppm,
                      (int64_t)(cusum_limit * 1e6), "%s: evidence that finds are %s as likely as stated",
                      tmg_harm_name(h), up ? "twice" : "half");
    }
}

tmg_rc tmg_watch_results(tmg_watching *w, tmg_db *db, tmg_err *err)
{
    results rs = {.ppb = tmg_xcalloc(MOST_RESULTS, sizeof *rs.ppb),
                  .known_ms = tmg_xcalloc(MOST_RESULTS, sizeof *rs.known_ms),
                  .found = tmg_xcalloc(MOST_RESULTS, sizeof *rs.found)};
    tmg_rc rc = TMG_OK;

    for (int h = 0; h < TMG_HARMS && rc == TMG_OK; h++) {
        rc = read_results(w, db, (tmg_harm)h, &rs, err);
        if (rc == TMG_OK)
            judge(w, (tmg_harm)h, &rs);
    }
    free(rs.ppb);
    free(rs.known_ms);
    free(rs.found);
    return rc;
}
