/* What a sample with known propensities says about the whole.
 *
 * Weights: Horvitz and Thompson 1952, as a ratio (Hajek 1971), so that a result that was never entered does
 * not count as nothing found.  The variance of the ratio for independent draws is sum (1-p)/p^2 (y-rate)^2
 * over the square of the sum of weights; with it, or with Kish's number where all results are alike, the
 * effective number of results follows, and the interval is Wilson's at that number. */
#include "risk/choosing.h"

#include <math.h>

/* The 97.5 % point of the normal distribution. */
static const double Z = 1.959963984540054;

typedef struct part {
    double share, low, high; /* of bad ones */
    double of, known, effective;
} part;

static void wilson(part *p)
{
    double n = p->effective, zz = Z * Z, k = p->share * n;

    if (n <= 0) {
        p->low = 0;
        p->high = 1;
        return;
    }
    double middle = (2 * k + zz) / (2 * (n + zz)),
           half = Z * sqrt(4 * k * (1 - p->share) + zz) / (2 * (n + zz));

    p->low = middle - half;
    p->high = middle + half;
}

static part chosen_for_sure(const tmg_sample *s, size_t count)
{
    part p = {0};

    for (size_t i = 0; i < count; i++) {
        if (s[i].propensity_ppb < TMG_PPB)
            continue;
        p.of++;
        p.known += s[i].known ? 1 : 0;
        p.share += s[i].known && s[i].found ? 1 : 0;
    }
    p.effective = p.known;
    if (p.known > 0)
        p.share /= p.known;
    wilson(&p);
    if (p.known >= p.of)
        p.low = p.high = p.share; /* counted, not estimated */
    return p;
}

static bool is_by_chance(const tmg_sample *s)
{
    return s->propensity_ppb > 0 && s->propensity_ppb < TMG_PPB;
}

static part chosen_by_chance(const tmg_sample *s, size_t count)
{
    part p = {0};
    double sum = 0, squares = 0, found = 0, spread = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_by_chance(&s[i]))
            continue;
        p.of++;
        if (!s[i].known)
            continue;
        double w = (double)TMG_PPB / (double)s[i].propensity_ppb;

        p.known++;
        sum += w;
        squares += w * w;
        found += s[i].found ? w : 0;
    }
    p.share = sum > 0 ? found / sum : 0;
    for (size_t i = 0; i < count && sum > 0; i++) {
        if (!is_by_chance(&s[i]) || !s[i].known)
            continue;
        double w = (double)TMG_PPB / (double)s[i].propensity_ppb, off = (s[i].found ? 1 : 0) - p.share;

        spread += w * (w - 1) * off * off;
    }
    p.effective = squares > 0 ? sum * sum / squares : 0;
    if (spread > 0 && p.share * (1 - p.share) * sum * sum / spread < p.effective)
        p.effective = p.share * (1 - p.share) * sum * sum / spread;
    wilson(&p);
    return p;
}

static void join(const part *sure, const part *chance, tmg_estimate *ret)
{
    double of = sure->of + chance->of, a = sure->of / of, b = chance->of / of;
    double share = a * sure->share + b * chance->share;
    double below = hypot(a * (sure->share - sure->low), b * (chance->share - chance->low));
    double above = hypot(a * (sure->high - sure->share), b * (chance->high - chance->share));
    bool told = (sure->of == 0 || sure->known > 0) && (chance->of == 0 || chance->known > 0);
    double low = share - below, high = share + above;

    if (!told) {
        low = a * sure->low + b * chance->low;
        high = a * sure->high + b * chance->high;
    }
    ret->rate = (tmg_rate){told ? tmg_ppm_of(share) : TMG_NONE, tmg_ppm_of(low), tmg_ppm_of(high)};
    ret->finds = told ? (int64_t)llround(share * of) : TMG_NONE;
    ret->finds_low = (int64_t)llround(fmax(low, 0) * of);
    ret->finds_high = (int64_t)llround(fmin(high, 1) * of);
}

void tmg_estimate_rate(const tmg_sample *s, size_t count, tmg_estimate *ret)
{
    part sure = chosen_for_sure(s, count), chance = chosen_by_chance(s, count);

    *ret = (tmg_estimate){.of = (int64_t)(sure.of + chance.of),
                          .certain = (int64_t)sure.of,
                          .known = (int64_t)(sure.known + chance.known),
                          .effective = (int64_t)chance.effective,
                          .rate = {TMG_NONE, TMG_NONE, TMG_NONE},
                          .finds = TMG_NONE,
                          .finds_low = TMG_NONE,
                          .finds_high = TMG_NONE};
    ret->beyond = (int64_t)count - ret->of;
    if (ret->of > 0)
        join(&sure, &chance, ret);
}

/* Of the share of all, what remains for those not examined, in parts per million of them. */
static int64_t remaining(int64_t ppm, int64_t of, int64_t known, int64_t left)
{
    static const int64_t whole = 1000000;
    int64_t rest = (ppm * of - known * whole) / left;

    return rest < 0 ? 0 : rest > whole ? whole : rest;
}

static int64_t count_of(int64_t ppm, int64_t of)
{
    return (ppm * of + 500000) / 1000000;
}

tmg_estimate tmg_estimate_rest(const tmg_estimate *all, int64_t not_examined, int64_t finds_known)
{
    tmg_estimate rest = *all;

    rest.of = not_examined;
    rest.certain = 0;
    rest.rate = (tmg_rate){TMG_NONE, TMG_NONE, TMG_NONE};
    rest.finds = rest.finds_low = rest.finds_high = TMG_NONE;
    if (all->of == 0 || not_examined == 0)
        return rest;
    rest.rate.low_ppm = remaining(all->rate.low_ppm, all->of, finds_known, not_examined);
    rest.rate.high_ppm = remaining(all->rate.high_ppm, all->of, finds_known, not_examined);
    rest.finds_low = count_of(rest.rate.low_ppm, not_examined);
    rest.finds_high = count_of(rest.rate.high_ppm, not_examined);
    if (all->rate.ppm == TMG_NONE)
        return rest;
    rest.rate.ppm = remaining(all->rate.ppm, all->of, finds_known, not_examined);
    rest.finds = count_of(rest.rate.ppm, not_examined);
    return rest;
}

static int found_in(const tmg_outcome_row *r, int harm)
{
    if (harm != TMG_ANY_HARM)
        return r->found[harm];
    if (r->found[TMG_FRAUD] == TMG_FOUND_YES || r->found[TMG_CRITICAL] == TMG_FOUND_YES)
        return TMG_FOUND_YES;
    return r->found[TMG_FRAUD] == TMG_FOUND_UNKNOWN && r->found[TMG_CRITICAL] == TMG_FOUND_UNKNOWN
               ? TMG_FOUND_UNKNOWN
               : TMG_FOUND_NO;
}

size_t tmg_samples_of(const tmg_outcome_row *rows, size_t count, int harm,
                      bool (*chosen)(void *ctx, const tmg_outcome_row *r), void *ctx, tmg_sample *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        const tmg_outcome_row *r = &rows[i];
        int found = found_in(r, harm);

        if (r->propensity_ppb == TMG_NONE || (chosen != NULL && !chosen(ctx, r)))
            continue;
        ret[n++] = (tmg_sample){.propensity_ppb = r->propensity_ppb,
                                .known = found != TMG_FOUND_UNKNOWN && tmg_outcome_designed(r),
                                .found = found == TMG_FOUND_YES};
    }
    return n;
}
