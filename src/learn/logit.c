#include "learn/learn.h"

#include <math.h>

enum { WIDTH = TMG_MAX_LOGIT + 1, MOST_STEPS = 100, MOST_HALVINGS = 40 };

typedef struct problem {
    const double *x;
    size_t n, k;
    const bool *label;
    const double *weight;
    double ridge;
} problem;

typedef struct slope {
    double loss;
    double gradient[WIDTH];
    double curve[WIDTH][WIDTH]; /* lower triangle */
} slope;

double tmg_logit_margin(const double *beta, size_t k, const double *x)
{
    double m = beta[k];

    for (size_t j = 0; j < k; j++)
        m += beta[j] * x[j];
    return m;
}

static double weight_of(const problem *p, size_t i)
{
    return p->weight != NULL ? p->weight[i] : 1.0;
}

/* log(1 + e^m) - label * m, without overflow. */
static double row_loss(double m, bool label)
{
    return log1p(exp(-fabs(m))) + (m > 0 ? m : 0) - (label ? m : 0);
}

static double loss_at(const problem *p, const double *beta)
{
    double loss = 0;

    for (size_t i = 0; i < p->n; i++)
        loss += weight_of(p, i) * row_loss(tmg_logit_margin(beta, p->k, p->x + i * p->k), p->label[i]);
    for (size_t j = 0; j < p->k; j++)
        loss += p->ridge / 2 * beta[j] * beta[j];
    return loss;
}

static void slope_at(const problem *p, const double *beta, slope *s)
{
    memset(s, 0, sizeof *s);
    s->loss = loss_at(p, beta);
    for (size_t i = 0; i < p->n; i++) {
        const double *x = p->x + i * p->k;
        double q = 1 / (1 + exp(-tmg_logit_margin(beta, p->k, x)));
        double pull = weight_of(p, i) * (q - (p->label[i] ? 1 : 0)), bend = weight_of(p, i) * q * (1 - q);

        for (size_t j = 0; j <= p->k; j++) {
            double xj = j < p->k ? x[j] : 1;

            s->gradient[j] += pull * xj;
            for (size_t l = 0; l <= j; l++)
                s->curve[j][l] += bend * xj * (l < p->k ? x[l] : 1);
        }
    }
    for (size_t j = 0; j < p->k; j++) {
        s->gradient[j] += p->ridge * beta[j];
        s->curve[j][j] += p->ridge;
    }
}

/* Solves curve * step = gradient by Cholesky's way; false when the curve is too flat. */
static bool solve(slope *s, size_t width, double *step)
{
    for (size_t j = 0; j < width; j++)
        for (size_t i = j; i < width; i++) {
            double v = s->curve[i][j];

            for (size_t l = 0; l < j; l++)
                v -= s->curve[i][l] * s->curve[j][l];
            if (i == j && !(v > 0))
                return false;
            s->curve[i][j] = i == j ? sqrt(v) : v / s->curve[j][j];
        }
    for (size_t i = 0; i < width; i++) {
        step[i] = s->gradient[i];
        for (size_t l = 0; l < i; l++)
            step[i] -= s->curve[i][l] * step[l];
        step[i] /= s->curve[i][i];
    }
    for (size_t i = width; i-- > 0;) {
        for (size_t l = i + 1; l < width; l++)
            step[i] -= s->curve[l][i] * step[l];
        step[i] /= s->curve[i][i];
    }
    return true;
}

/* One step downhill, halved until the loss no longer grows; false when there is no way down any more. */
static bool descend(const problem *p, slope *s, double *beta)
{
    double step[WIDTH], next[WIDTH], share = 1, longest = 0;

    slope_at(p, beta, s);
    if (!solve(s, p->k + 1, step))
        return false;
    for (int halvings = 0; halvings < MOST_HALVINGS; halvings++, share /= 2) {
        longest = 0;
        for (size_t j = 0; j <= p->k; j++) {
            next[j] = beta[j] - share * step[j];
            longest = fmax(longest, fabs(share * step[j]) / (1 + fabs(beta[j])));
        }
        if (loss_at(p, next) <= s->loss) {
            memcpy(beta, next, (p->k + 1) * sizeof *beta);
            return longest > 1e-12;
        }
    }
    return false;
}

static tmg_rc check(const problem *p, tmg_err *err)
{
    size_t positive = 0;

    if (p->n == 0 || p->k > TMG_MAX_LOGIT)
        return TMG_FAIL(
            err, p->n == 0 ? TMG_E_INVALID : TMG_E_LIMIT,
            "logistic regression: expected at least one row and at most %d features, not %zu and %zu",
            TMG_MAX_LOGIT, p->n, p->k);
    if (!(p->ridge > 0) || !isfinite(p->ridge))
        return TMG_FAIL(err, TMG_E_INVALID, "logistic regression: the ridge must be above 0");
    for (size_t i = 0; i < p->n; i++) {
        positive += p->label[i];
        if (!(weight_of(p, i) > 0) || !isfinite(weight_of(p, i)))
            return TMG_FAIL(err, TMG_E_INVALID, "logistic regression: row %zu: the weight must be above 0",
                            i);
        for (size_t j = 0; j < p->k; j++)
            if (!isfinite(p->x[i * p->k + j]))
                return TMG_FAIL(err, TMG_E_INVALID, "logistic regression: row %zu: feature %zu is not finite",
                                i, j);
    }
    if (positive == 0 || positive == p->n)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "logistic regression: all %zu labels are alike; both kinds of results are needed",
                        p->n);
    return TMG_OK;
}

tmg_rc tmg_logit_fit(const double *x, size_t n, size_t k, const bool *label, const double *weight,
                     double ridge, double *ret_beta, tmg_err *err)
{
    problem p = {x, n, k, label, weight, ridge};
    double beta[WIDTH] = {0}, positive = 0, all = 0;
    slope *s;

    TMG_TRY(check(&p, err));
    for (size_t i = 0; i < n; i++) {
        all += weight_of(&p, i);
        positive += label[i] ? weight_of(&p, i) : 0;
    }
    beta[k] = log(positive / (all - positive));
    s = tmg_xcalloc(1, sizeof *s);
    for (int step = 0; step < MOST_STEPS && descend(&p, s, beta); step++)
        continue;
    free(s);
    memcpy(ret_beta, beta, (k + 1) * sizeof *beta);
    return TMG_OK;
}
