#include "risk/risk.h"

#include <math.h>

enum { PPM_SCALE = 6 };

/* The 97.5 % point of the normal distribution. */
static const double Z = 1.959963984540054;

int64_t tmg_ppm_of(double share)
{
    double ppm = share * 1e6;

    return ppm <= 0 ? 0 : ppm >= 1e6 ? 1000000 : (int64_t)floor(ppm + 0.5);
}

tmg_rate tmg_wilson(int64_t count, int64_t of)
{
    double k = (double)count, n = (double)of, zz = Z * Z;

    if (of <= 0)
        return (tmg_rate){TMG_NONE, TMG_NONE, TMG_NONE};
    double middle = (2 * k + zz) / (2 * (n + zz));
    double half = Z * sqrt(4 * k * (n - k) / n + zz) / (2 * (n + zz));

    return (tmg_rate){tmg_ppm_of(k / n), tmg_ppm_of(middle - half), tmg_ppm_of(middle + half)};
}

void tmg_ppm_write(tmg_json_out *j, const char *key, int64_t ppm)
{
    if (ppm == TMG_NONE)
        tmg_json_null(j, key);
    else
        tmg_json_decimal(j, key, ppm, PPM_SCALE);
}

void tmg_rate_write(tmg_json_out *j, const char *key, const char *name, int64_t count, int64_t of)
{
    tmg_rate r = tmg_wilson(count, of);

    tmg_json_object(j, key);
    tmg_json_i64(j, "count", count);
    tmg_json_i64(j, "of", of);
    tmg_ppm_write(j, name, r.ppm);
    tmg_ppm_write(j, "low", r.low_ppm);
    tmg_ppm_write(j, "high", r.high_ppm);
    tmg_json_end_object(j);
}
