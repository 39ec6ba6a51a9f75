/* Why a model said what it said, and whether it would say it again. */
#include "app/models_priv.h"

#include <math.h>

enum { MODEL_FILE_MAX = 64 << 20, MOST_FAMILIES = 64 };

typedef struct asked {
    tmg_trees *trees;
    tmg_curve *curve;
    const float *vector; /* of the arena */
    size_t features;
    int64_t raw_ppb, ppb, as_of_ms;
    char hash[65];
} asked;

static void done_asking(asked *q)
{
    tmg_trees_free(q->trees);
    tmg_curve_free(q->curve);
}

static tmg_rc read_score(tmg_db *db, int64_t declaration_id, int64_t model_id, tmg_arena *a, asked *q,
                         tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db,
                "SELECT l.as_of_ms, l.ppb, l.raw_ppb, l.vector, m.hash, m.calibration FROM learned_score l "
                "JOIN learned_model m ON m.id = l.model_id WHERE l.declaration_id = $1 AND l.model_id = $2",
                &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    tmg_bind_i64(s, 2, model_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE, "the score that model %lld gave declaration %lld is missing",
                        (long long)model_id, (long long)declaration_id);
    tmg_span blob = tmg_col_blob(s, 3);
    float *vector = tmg_alloc_array(a, blob.len / sizeof(float) + 1, sizeof(float));
    if (blob.len > 0)
        memcpy(vector, blob.ptr, blob.len);
    q->as_of_ms = tmg_col_i64(s, 0);
    q->ppb = tmg_col_i64(s, 1);
    q->raw_ppb = tmg_col_i64(s, 2);
    q->vector = vector;
    q->features = blob.len / sizeof(float);
    (void)snprintf(q->hash, sizeof q->hash, "%.*s", TMG_SPAN_ARG(tmg_col_text(s, 4)));
    tmg_rc rc = tmg_curve_read(tmg_col_text(s, 5), &q->curve, err);
    tmg_reset(s);
    return rc;
}

static tmg_rc read_trees(const char *home, asked *q, tmg_err *err)
{
    TMG_AUTO_BUF file = {0};
    tmg_sha256 hash;

    tmg_buf_init(&file, MODEL_FILE_MAX);
    if (!tmg_hex_read(tmg_span_of(q->hash), hash.b, sizeof hash.b))
        return TMG_FAIL(err, TMG_E_STORE, "the stored hash of a model is damaged");
    TMG_TRY(tmg_evidence_get(home, &hash, &file, err));
    TMG_TRY(tmg_trees_read(tmg_buf_as_span(&file), &q->trees, err));
    if (tmg_trees_features(q->trees) > q->features)
        return TMG_FAIL(err, TMG_E_STORE, "the stored vector is shorter than the model's features");
    return TMG_OK;
}

static tmg_rc ask_again(tmg_db *db, const char *home, int64_t declaration_id, int64_t model_id, tmg_arena *a,
                        asked *q, tmg_err *err)
{
    *q = (asked){0};
    tmg_rc rc = read_score(db, declaration_id, model_id, a, q, err);
    return rc == TMG_OK ? read_trees(home, q, err) : rc;
}

/* ---- reasons ---- */

static void say(tmg_model_reason *r, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 512);
    tmg_buf_fmt(&b, "%.*s %+.1f dB", TMG_SPAN_ARG(r->family), (double)r->weight_mdB / 1000);
    if (r->is_code)
        tmg_buf_fmt(&b, " (%.*s)", TMG_SPAN_ARG(r->feature));
    else if (r->feature.len > 0 && !isnan(r->value))
        tmg_buf_fmt(&b, " (%.*s %.4g)", TMG_SPAN_ARG(r->feature), (double)r->value);
    else if (r->feature.len > 0)
        tmg_buf_fmt(&b, " (%.*s not stated)", TMG_SPAN_ARG(r->feature));
    r->words = tmg_span_copy(a, tmg_buf_as_span(&b));
}

static int by_size(const void *a, const void *b)
{
    int64_t x = ((const tmg_model_reason *)a)->weight_mdB, y = ((const tmg_model_reason *)b)->weight_mdB;

    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    return (x < y) - (x > y);
}

/* Sums the features' values by family; of each the one that moved most is named. */
static size_t group(const asked *q, const float *phi, tmg_arena *a, tmg_model_reason *ret)
{
    static const double mdB_per_nat = 4342.944819032518;
    double sum[MOST_FAMILIES] = {0}, most[MOST_FAMILIES] = {0};
    size_t n = 0;

    for (size_t f = 0; f < tmg_trees_features(q->trees); f++) {
        tmg_span rest, family = tmg_feature_family(tmg_trees_feature(q->trees, f), &rest);
        size_t at = 0;
        if (fpclassify(phi[f]) == FP_ZERO)
            continue;
        while (at < n && !tmg_span_eq(ret[at].family, family))
            at++;
        if (at == MOST_FAMILIES)
            continue;
        if (at == n)
            ret[n++] = (tmg_model_reason){.family = tmg_span_copy(a, family)};
        sum[at] += (double)phi[f];
        if (fabs((double)phi[f]) > most[at]) {
            most[at] = fabs((double)phi[f]);
            ret[at].feature = tmg_span_copy(a, rest);
            ret[at].value = q->vector[f];
            ret[at].is_code = tmg_plain_feature_is_code(tmg_trees_feature(q->trees, f));
        }
    }
    for (size_t i = 0; i < n; i++)
        ret[i].weight_mdB = llround(sum[i] * mdB_per_nat);
    return n;
}

static void explain(const asked *q, tmg_arena *a, tmg_model_reason **ret, size_t *ret_count)
{
    size_t features = tmg_trees_features(q->trees);
    float *phi = tmg_alloc_array(a, features + 1, sizeof *phi);
    tmg_shapley *s = tmg_shapley_new(q->trees);

    tmg_shapley_of(s, q->vector, phi);
    tmg_shapley_free(s);
    *ret = tmg_alloc_array(a, MOST_FAMILIES, sizeof **ret);
    *ret_count = group(q, phi, a, *ret);
    qsort(*ret, *ret_count, sizeof **ret, by_size);
    for (size_t i = 0; i < *ret_count; i++)
        say(&(*ret)[i], a);
}

tmg_rc tmg_model_reasons(tmg_db *db, const char *home, int64_t declaration_id, tmg_harm h, tmg_arena *a,
                         tmg_model_reason **ret, size_t *ret_count, int64_t *ret_model_id, tmg_err *err)
{
    tmg_assessment as;
    asked q;

    *ret_count = 0;
    *ret_model_id = 0;
    TMG_TRY(tmg_assessment_load(db, declaration_id, &as, err));
    TMG_TRY(tmg_assessment_parts(db, &as, a, err));
    if (as.harm[h].model_id == 0)
        return TMG_OK;
    tmg_rc rc = ask_again(db, home, declaration_id, as.harm[h].model_id, a, &q, err);
    if (rc == TMG_OK) {
        explain(&q, a, ret, ret_count);
        *ret_model_id = as.harm[h].model_id;
    }
    done_asking(&q);
    return rc;
}

/* ---- again ---- */

/* What rules and senses said then, as it stands among the parts. */
static size_t evidence_of(const tmg_assessment *as, tmg_evidence *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < as->part_count; i++) {
        const tmg_part *p = &as->parts[i];
        if (p->author_mdB != TMG_NONE)
            ret[n++] = (tmg_evidence){p->sense, p->name, 1U << p->harm, p->author_mdB, p->key, p->words};
    }
    return n;
}

static tmg_rc score_again(tmg_db *db, const char *home, const tmg_assessment *as, tmg_harm h, tmg_arena *a,
                          tmg_verified *v, tmg_err *err)
{
    const tmg_harm_view *view = &as->harm[h];
    asked q;

    v->model_stored_ppb[h] = v->model_again_ppb[h] = view->model_ppb;
    if (view->model_id == 0)
        return TMG_OK;
    tmg_rc rc = ask_again(db, home, as->declaration_id, view->model_id, a, &q, err);
    if (rc == TMG_OK && q.as_of_ms != as->as_of_ms)
        rc = TMG_FAIL(err, TMG_E_STORE, "the stored score of model %lld belongs to another assessment",
                      (long long)view->model_id);
    if (rc == TMG_OK) {
        v->model_again_ppb[h] = tmg_margin_ppb((double)tmg_trees_margin(q.trees, q.vector));
        memcpy(v->model_hash[h], q.hash, sizeof q.hash);
    }
    done_asking(&q);
    return rc;
}

static tmg_rc join_again(const tmg_centre *c, tmg_db *db, tmg_assessment *as, tmg_arena *a, tmg_err *err)
{
    tmg_evidence *e = tmg_alloc_array(a, as->part_count + 1, sizeof *e);
    size_t count = evidence_of(as, e);
    tmg_fusion *f = NULL;

    if (as->fusion_id != 0)
        TMG_TRY(tmg_fusion_load(db, as->fusion_id, &f, err));
    else
        f = tmg_fusion_new();
    tmg_fusion_apply(f, as->fusion_id, c->mind, e, count, a, as);
    tmg_fusion_free(f);
    return TMG_OK;
}

tmg_rc tmg_model_verify(const tmg_centre *c, tmg_db *db, int64_t declaration_id, tmg_verified *ret,
                        tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);
    tmg_assessment as;

    *ret = (tmg_verified){0};
    TMG_TRY(tmg_assessment_load(db, declaration_id, &as, err));
    TMG_TRY(tmg_assessment_parts(db, &as, a, err));
    ret->fusion_id = as.fusion_id;
    ret->as_of_ms = as.as_of_ms;
    for (int h = 0; h < TMG_HARMS; h++) {
        ret->stored_ppb[h] = as.harm[h].ppb;
        TMG_TRY(score_again(db, c->settings.home, &as, (tmg_harm)h, a, ret, err));
        as.harm[h].model_ppb = ret->model_again_ppb[h];
    }
    if (as.part_count > 0)
        TMG_TRY(join_again(c, db, &as, a, err));
    for (int h = 0; h < TMG_HARMS; h++) {
        ret->again_ppb[h] = as.harm[h].ppb;
        ret->same[h] =
            ret->again_ppb[h] == ret->stored_ppb[h] && ret->model_again_ppb[h] == ret->model_stored_ppb[h];
    }
    return TMG_OK;
}
