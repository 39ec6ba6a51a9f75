#include "risk/fusion_priv.h"

#include "base/hash.h"
#include "base/json.h"

static void write_join(tmg_json_out *j, const char *key, const tmg_join *join)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "constant", join->constant_micro);
    tmg_json_array(j, "beta");
    for (size_t i = 0; i < join->count; i++)
        tmg_json_i64(j, NULL, join->beta_micro[i]);
    tmg_json_end_array(j);
    tmg_calibration_write(&join->calibration, j, "calibration");
    tmg_json_end_object(j);
}

void tmg_fusion_write(const tmg_fusion *f, tmg_buf *b)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_json_object(&j, tmg_harm_name((tmg_harm)h));
        write_join(&j, "without_model", &f->join[h][0]);
        write_join(&j, "with_model", &f->join[h][1]);
        tmg_json_array(&j, "evidence");
        for (size_t i = 0; i < f->taught_count[h]; i++) {
            tmg_json_object(&j, NULL);
            tmg_json_text(&j, "key", f->taught[h][i].key);
            tmg_json_i64(&j, "author_mdB", f->taught[h][i].author_mdB);
            tmg_json_i64(&j, "weight_mdB", f->taught[h][i].weight_mdB);
            tmg_json_i64(&j, "hits", f->taught[h][i].hits);
            tmg_json_i64(&j, "bad", f->taught[h][i].bad);
            tmg_json_end_object(&j);
        }
        tmg_json_end_array(&j);
        tmg_json_end_object(&j);
    }
    tmg_json_end_object(&j);
}

static tmg_rc read_join(const tmg_json *from, tmg_join *ret, tmg_err *err)
{
    const tmg_json *beta = tmg_json_member(from, "beta");

    ret->count = tmg_json_count(beta);
    if (ret->count > TMG_MOST_TERMS)
        return TMG_FAIL(err, TMG_E_STORE, "the stored fusion has %zu coefficients, more than there can be",
                        ret->count);
    for (size_t i = 0; i < ret->count; i++)
        ret->beta_micro[i] = tmg_json_as_i64(tmg_json_at(beta, i), 0);
    ret->constant_micro = tmg_json_as_i64(tmg_json_member(from, "constant"), 0);
    return tmg_calibration_read(tmg_json_member(from, "calibration"), &ret->calibration, err);
}

static void read_taught(const tmg_json *list, tmg_fusion *f, int h)
{
    size_t count = tmg_json_count(list);

    f->taught_count[h] = count;
    f->taught[h] = count > 0 ? tmg_xcalloc(count, sizeof *f->taught[h]) : NULL;
    for (size_t i = 0; i < count; i++) {
        const tmg_json *t = tmg_json_at(list, i);
        tmg_span key = tmg_json_as_text(tmg_json_member(t, "key"));
        f->taught[h][i] = (tmg_taught){.key = tmg_span_copy(f->arena, key),
                                       .author_mdB = tmg_json_as_i64(tmg_json_member(t, "author_mdB"), 0),
                                       .weight_mdB = tmg_json_as_i64(tmg_json_member(t, "weight_mdB"), 0),
                                       .hits = tmg_json_as_i64(tmg_json_member(t, "hits"), 0),
                                       .bad = tmg_json_as_i64(tmg_json_member(t, "bad"), 0)};
    }
}

static tmg_rc read_harms(const tmg_json *json, tmg_fusion *f, tmg_err *err)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_json *harm = tmg_json_member(json, tmg_harm_name((tmg_harm)h));
        TMG_TRY(read_join(tmg_json_member(harm, "without_model"), &f->join[h][0], err));
        TMG_TRY(read_join(tmg_json_member(harm, "with_model"), &f->join[h][1], err));
        read_taught(tmg_json_member(harm, "evidence"), f, h);
    }
    return TMG_OK;
}

tmg_rc tmg_fusion_read(tmg_span text, tmg_fusion **ret, tmg_err *err)
{
    TMG_AUTO_JSON json = NULL;

    TMG_TRY(tmg_json_read(text, &json, err));
    tmg_fusion *f = tmg_fusion_new();
    tmg_rc rc = read_harms(json, f, err);
    if (rc == TMG_OK)
        *ret = f;
    else
        tmg_fusion_free(f);
    return rc;
}

static tmg_rc fusion_id(tmg_db *db, tmg_span hash, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id FROM fusion WHERE hash = $1", &s, err));
    tmg_bind_text(s, 1, hash);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE, "the fusion that was just stored cannot be read back");
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

/* The newest fusion is the one in use, also where two are made within a millisecond. */
static tmg_rc next_made_ms(tmg_db *db, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT coalesce(max(made_ms), 0) + 1 FROM fusion", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    if (*ret < tmg_now_ms())
        *ret = tmg_now_ms();
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_fusion_save(tmg_db *db, const tmg_fusion *f, int64_t *ret_id, tmg_err *err)
{
    TMG_AUTO_BUF text = {0}, hex = {0};
    tmg_stmt *s = NULL;
    int64_t made_ms = 0;

    tmg_buf_init(&text, TMG_FUSION_TEXT_MAX);
    tmg_buf_init(&hex, 128);
    tmg_fusion_write(f, &text);
    if (text.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "the fusion has too many weights to be stored: retire rules");
    tmg_sha256 hash = tmg_sha256_of(text.ptr, text.len);
    tmg_hex_write(&hex, hash.b, sizeof hash.b);
    TMG_TRY(next_made_ms(db, &made_ms, err));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO fusion (hash, made_ms, weights) VALUES ($1, $2, $3) "
                    "ON CONFLICT (hash) DO UPDATE SET made_ms = excluded.made_ms",
                    &s, err));
    tmg_bind_text(s, 1, tmg_buf_as_span(&hex));
    tmg_bind_i64(s, 2, made_ms);
    tmg_bind_text(s, 3, tmg_buf_as_span(&text));
    TMG_TRY(tmg_exec(s, err));
    return fusion_id(db, tmg_buf_as_span(&hex), ret_id, err);
}

tmg_rc tmg_fusion_load(tmg_db *db, int64_t id, tmg_fusion **ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT weights FROM fusion WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no fusion %lld", (long long)id);
    tmg_rc rc = tmg_fusion_read(tmg_col_text(s, 0), ret, err);
    tmg_reset(s);
    return rc;
}
