#include "base/real.h"

#include <stdint.h>
#include <string.h>

static const double LN2_HIGH =
    0x1.62e42fee00000p-1; /* its last 21 bits are 0: times a small integer it is exact */
static const double LN2_LOW = 0x1.a39ef35793c76p-33;

static double of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* x = m * 2^e with m between the root of one half and the root of two; ln m = 2 artanh((m - 1) / (m + 1)). */
double tmg_ln(double x)
{
    enum { MANTISSA = 52, BIAS = 1023, TERMS = 11 };
    int e = 0;
    double s, square, sum = 0;

    if (x < 0x1p-1022) {
        x *= 0x1p54;
        e = -54;
    }
    uint64_t bits = bits_of(x);
    e += (int)(bits >> MANTISSA) - BIAS;
    double m = of_bits((bits & ((UINT64_C(1) << MANTISSA) - 1)) | ((uint64_t)BIAS << MANTISSA));
    if (m > 1.4142135623730951) {
        m /= 2;
        e++;
    }
    s = (m - 1) / (m + 1);
    square = s * s;
    for (int i = TERMS; i >= 1; i--)
        sum = square * (sum + 1.0 / (2 * i + 1));
    return e * LN2_HIGH + (2 * s + (2 * s * sum + e * LN2_LOW));
}

/* x = k ln 2 + r with r of at most half of ln 2; the series of e^r. */
double tmg_exp(double x)
{
    enum { MANTISSA = 52, BIAS = 1023, TERMS = 14 };
    static const double most = 700;
    double r, sum = 1;

    if (x < -most)
        return 0;
    if (x > most)
        x = most;
    int k = (int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    r = (x - k * LN2_HIGH) - k * LN2_LOW;
    for (int i = TERMS; i >= 1; i--)
        sum = 1 + r * sum / i;
    return sum * of_bits((uint64_t)(k + BIAS) << MANTISSA);
}

double tmg_logistic(double log_odds)
{
    return log_odds >= 0 ? 1 / (1 + tmg_exp(-log_odds)) : tmg_exp(log_odds) / (1 + tmg_exp(log_odds));
}
