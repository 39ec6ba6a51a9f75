/* How profiles and a model are joined, learned from what both thought before the result came. */
#include "app/training_priv.h"

enum { LEAST_PAIRS = 200, LEAST_OF_A_LABEL = 10, MOST_TERMS = TMG_MOST_CHAINS + 1 };

static const double ridge = 1.0;

typedef struct join_rows {
    double *x;
    bool *label;
    int64_t *joined;
    size_t count, terms, bad;
} join_rows;

static bool assessment_of(const tmg_replay *r, size_t i, tmg_harm h, const int64_t *raw, tmg_assessment *ret)
{
    if (r->example[i].found[h] == TMG_FOUND_UNKNOWN)
        return false;
    tmg_example_assessment(r, &r->example[i], ret);
    if (raw != NULL)
        ret->harm[h].model_ppb = *raw;
    return true;
}

static void collect(const tmg_replay *r, size_t from, size_t to, tmg_harm h, const int64_t *raw_ppb,
                    join_rows *j)
{
    tmg_assessment as;

    for (size_t i = from; i < to; i++) {
        if (!assessment_of(r, i, h, raw_ppb != NULL ? &raw_ppb[i - from] : NULL, &as))
            continue;
        j->terms = tmg_fusion_terms(&as, h, raw_ppb != NULL, j->x + j->count * j->terms);
        j->label[j->count] = r->example[i].found[h] == TMG_FOUND_YES;
        j->bad += j->label[j->count++] ? 1 : 0;
    }
}

static tmg_rc fit(const tmg_replay *r, size_t from, size_t to, tmg_harm h, const int64_t *raw_ppb,
                  join_rows *j, tmg_fusion *f, tmg_err *err)
{
    double beta[MOST_TERMS + 1];
    tmg_assessment as;
    size_t n = 0;

    TMG_TRY(tmg_logit_fit(j->x, j->count, j->terms, j->label, NULL, ridge, beta, err));
    tmg_fusion_set_terms(f, h, raw_ppb != NULL, beta, j->terms);
    for (size_t i = from; i < to; i++)
        if (assessment_of(r, i, h, raw_ppb != NULL ? &raw_ppb[i - from] : NULL, &as))
            j->joined[n++] = tmg_fusion_joined(f, &as, h, raw_ppb != NULL);
    tmg_fusion_fit(f, h, raw_ppb != NULL, j->joined, j->label, n);
    return TMG_OK;
}

tmg_rc tmg_learn_join(const tmg_replay *r, size_t from, size_t to, tmg_harm h, const int64_t *raw_ppb,
                      tmg_fusion *f, tmg_err *err)
{
    size_t room = to - from;
    join_rows j = {.terms = r->chain_count + (raw_ppb != NULL ? 1 : 0)};
    tmg_rc rc = TMG_OK;

    j.x = tmg_xcalloc(room + 1, j.terms * sizeof *j.x);
    j.label = tmg_xcalloc(room + 1, sizeof *j.label);
    j.joined = tmg_xcalloc(room + 1, sizeof *j.joined);
    collect(r, from, to, h, raw_ppb, &j);
    if (j.count >= LEAST_PAIRS && j.bad >= LEAST_OF_A_LABEL && j.count - j.bad >= LEAST_OF_A_LABEL)
        rc = fit(r, from, to, h, raw_ppb, &j, f, err);
    free(j.x);
    free(j.label);
    free(j.joined);
    return rc;
}
