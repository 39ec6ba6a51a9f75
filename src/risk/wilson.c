#include "risk/risk.h"

#include <math.h>

/* The 97.5 % point of the normal distribution. */
static const double Z = 1.959963984540054;

static int64_t to_ppm(double share)
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

    return (tmg_rate){to_ppm(k / n), to_ppm(middle - half), to_ppm(middle + half)};
}
