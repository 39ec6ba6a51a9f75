/* Learned models in use: loading champions and challengers, and asking them. */
#include "app/learned_priv.h"
#include "base/say.h"

enum { MODEL_FILE_MAX = 64 << 20 };

static void done_with(tmg_served *m)
{
    tmg_trees_free(m->trees);
    tmg_curve_free(m->curve);
}

void tmg_serving_free(tmg_serving *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->count; i++)
        done_with(&s->model[i]);
    tmg_fusion_free(s->fusion);
    tmg_values_free(s->history);
    free(s);
}

static tmg_rc fits_schema(tmg_span features, const tmg_schema *schema, tmg_err *err)
{
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 128);
    tmg_hex_write(&hex, schema->hash.b, sizeof schema->hash.b);
    if (!tmg_span_eq(features, tmg_buf_as_span(&hex)))
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "it was trained on other features than this centre has (chains.ini or this Tamga has "
                        "changed since): train again");
    return TMG_OK;
}

static tmg_rc read_trees(const char *home, tmg_served *m, size_t features, tmg_err *err)
{
    TMG_AUTO_BUF file = {0};
    tmg_sha256 hash;

    tmg_buf_init(&file, MODEL_FILE_MAX);
    if (!tmg_hex_read(tmg_span_of(m->hash), hash.b, sizeof hash.b))
        return TMG_FAIL(err, TMG_E_STORE, "its stored hash is damaged");
    TMG_TRY(tmg_evidence_get(home, &hash, &file, err));
    TMG_TRY(tmg_trees_read(tmg_buf_as_span(&file), &m->trees, err));
    if (tmg_trees_features(m->trees) > features)
        return TMG_FAIL(err, TMG_E_STORE, "its trees ask for %zu features, this centre has %zu",
                        tmg_trees_features(m->trees), features);
    return TMG_OK;
}

/* Columns: id, harm, state, hash, features, calibration. */
static tmg_rc read_model(tmg_stmt *s, const char *home, const tmg_schema *schema, tmg_served *ret,
                         tmg_err *err)
{
    *ret = (tmg_served){.id = tmg_col_i64(s, 0),
                        .harm = tmg_col_i64(s, 1) == TMG_CRITICAL ? TMG_CRITICAL : TMG_FRAUD,
                        .champion = tmg_span_is(tmg_col_text(s, 2), "champion")};
    (void)snprintf(ret->hash, sizeof ret->hash, "%.*s", TMG_SPAN_ARG(tmg_col_text(s, 3)));
    TMG_TRY(fits_schema(tmg_col_text(s, 4), schema, err));
    TMG_TRY(tmg_curve_read(tmg_col_text(s, 5), &ret->curve, err));
    return read_trees(home, ret, schema->count, err);
}

static void put_model(tmg_serving *v, tmg_stmt *s, const char *home, const tmg_schema *schema)
{
    tmg_served *m = &v->model[v->count];
    TMG_AUTO_BUF trouble = {0};
    tmg_err why = {0};

    if (read_model(s, home, schema, m, &why) == TMG_OK) {
        v->count++;
        return;
    }
    tmg_buf_init(&trouble, sizeof v->trouble);
    tmg_say_kept(&trouble, "the %s model %.12s is not asked: %s", tmg_harm_name(m->harm), m->hash, why.text);
    (void)snprintf(v->trouble, sizeof v->trouble, "%.*s", TMG_SPAN_ARG(tmg_buf_as_span(&trouble)));
    done_with(m);
    *m = (tmg_served){0};
}

static tmg_rc load_models(tmg_db *db, const char *home, const tmg_schema *schema, tmg_serving *v,
                          tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, harm, state, hash, features, calibration FROM learned_model "
                    "WHERE state IN ('champion', 'challenger') ORDER BY state, id DESC",
                    &s, err));
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (v->count < TMG_MOST_SERVED)
            put_model(v, s, home, schema);
    }
}

static tmg_rc load_fusion(tmg_db *db, tmg_serving *v, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id FROM fusion ORDER BY made_ms DESC, id DESC LIMIT 1", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    v->fusion_id = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    if (v->fusion_id != 0)
        return tmg_fusion_load(db, v->fusion_id, &v->fusion, err);
    v->fusion = tmg_fusion_new();
    return TMG_OK;
}

tmg_rc tmg_serving_load(tmg_db *db, const char *home, const char *chains, const tmg_mind *m, int offset_min,
                        tmg_serving **ret, tmg_err *err)
{
    tmg_serving *v = tmg_xcalloc(1, sizeof *v);
    tmg_schema schema = {0};
    tmg_err too_many;
    tmg_rc rc;

    v->offset_min = offset_min;
    rc = tmg_history_values(chains, &v->history, err);
    if (rc == TMG_OK && tmg_schema_make(m, v->history, &schema, &too_many) == TMG_OK)
        rc = load_models(db, home, &schema, v, err);
    if (rc == TMG_OK)
        rc = load_fusion(db, v, err);
    tmg_schema_done(&schema);
    if (rc == TMG_OK)
        *ret = v;
    else
        tmg_serving_free(v);
    return rc;
}

/* What models see of one declaration: they mostly ask about the same item. */
typedef struct seen_items {
    int32_t item_no[TMG_HARMS];
    const float *x[TMG_HARMS];
    size_t count, features;
} seen_items;

static const float *seen(seen_items *items, const tmg_mind *m, const tmg_serving *s, const tmg_sight *sight,
                         const tmg_declaration *d, int32_t item_no, tmg_arena *a)
{
    for (size_t i = 0; i < items->count; i++)
        if (items->item_no[i] == item_no)
            return items->x[i];
    float *x = tmg_alloc_array(a, items->features, sizeof *x);

    tmg_features_of(m, s->history, sight, d, item_no, s->offset_min, x);
    items->item_no[items->count] = item_no;
    items->x[items->count++] = x;
    return x;
}

static void ask(const tmg_served *model, const float *x, size_t features, tmg_judgement *j)
{
    tmg_harm_view *v = &j->as.harm[model->harm];
    int64_t raw = tmg_margin_ppb((double)tmg_trees_margin(model->trees, x));

    j->scored[j->scored_count++] = (tmg_scored){model->id, raw, tmg_curve_at(model->curve, raw), x, features};
    if (model->champion) {
        v->model_ppb = raw;
        v->model_id = model->id;
    }
}

static void ask_all(const tmg_mind *m, const tmg_serving *s, const tmg_sight *sight, const tmg_declaration *d,
                    tmg_arena *a, tmg_judgement *j)
{
    seen_items items = {.features = tmg_mind_feature_count(m) + tmg_plain_feature_count() +
                                    tmg_values_count(s->history)};

    for (size_t i = 0; i < s->count; i++) {
        int32_t item_no = j->as.harm[s->model[i].harm].item_no;

        ask(&s->model[i], seen(&items, m, s, sight, d, item_no, a), items.features, j);
    }
}

void tmg_think(tmg_mind *m, const tmg_serving *s, const tmg_sight *sight, const tmg_declaration *d,
               int64_t as_of_ms, const tmg_evidence *evidence, size_t count, tmg_arena *a, tmg_judgement *ret)
{
    ret->scored_count = 0;
    tmg_mind_assess(m, d, as_of_ms, &ret->as);
    ask_all(m, s, sight, d, a, ret);
    /* With nothing learned and nothing said the profiles stand as they are, and there are no parts to keep.
     */
    if (s->fusion_id != 0 || count > 0)
        tmg_fusion_apply(s->fusion, s->fusion_id, m, evidence, count, a, &ret->as);
}
