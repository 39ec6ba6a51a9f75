#include "risk/mind_priv.h"

#include "base/hash.h"
#include "base/json.h"

enum { MOST_PAIRS = 50000, CALIBRATION_MAX = 4 << 20 };

static void write_calibration(const tmg_mind *m, tmg_buf *b)
{
    tmg_json_out j;
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    for (int h = 0; h < TMG_HARMS; h++)
        tmg_calibration_write(&m->calibration[h], &j, tmg_harm_name((tmg_harm)h));
    tmg_json_end_object(&j);
}

static tmg_rc read_calibration(tmg_mind *m, tmg_span text, tmg_err *err)
{
    TMG_AUTO_JSON json = NULL;
    TMG_TRY(tmg_json_read(text, &json, err));
    for (int h = 0; h < TMG_HARMS; h++)
        TMG_TRY(
            tmg_calibration_read(tmg_json_member(json, tmg_harm_name((tmg_harm)h)), &m->calibration[h], err));
    return TMG_OK;
}

static tmg_rc model_id(tmg_db *db, tmg_span hash, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db, "SELECT id FROM model WHERE hash = $1", &s, err));
    tmg_bind_text(s, 1, hash);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE, "the model that was just stored cannot be read back");
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

/* A calibration that comes back after another one is the same model again: only its date is new. */
static tmg_rc register_model(tmg_mind *m, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_BUF text = {0}, hex = {0};
    tmg_buf_init(&text, CALIBRATION_MAX);
    tmg_buf_init(&hex, 128);
    tmg_buf_span(&text, m->chains.text);
    write_calibration(m, &text);
    tmg_sha256 hash = tmg_sha256_of(text.ptr, text.len);
    tmg_hex_write(&hex, hash.b, sizeof hash.b);
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO model (hash, made_ms, chains, calibration) VALUES ($1, $2, $3, $4) "
                    "ON CONFLICT (hash) DO UPDATE SET made_ms = excluded.made_ms",
                    &s, err));
    tmg_bind_text(s, 1, tmg_buf_as_span(&hex));
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_text(s, 3, m->chains.text);
    tmg_bind_text(s, 4, (tmg_span){text.ptr + m->chains.text.len, text.len - m->chains.text.len});
    TMG_TRY(tmg_exec(s, err));
    return model_id(db, tmg_buf_as_span(&hex), &m->model_id, err);
}

tmg_rc tmg_mind_load(tmg_mind *m, tmg_db *db, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(
        db, "SELECT id, calibration FROM model WHERE chains = $1 ORDER BY made_ms DESC, id DESC LIMIT 1", &s,
        err));
    tmg_bind_text(s, 1, m->chains.text);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return register_model(m, db, err);
    m->model_id = tmg_col_i64(s, 0);
    tmg_rc rc = read_calibration(m, tmg_col_text(s, 1), err);
    tmg_reset(s);
    return rc;
}

typedef struct pairs {
    int64_t raw[TMG_HARMS][MOST_PAIRS];
    bool label[TMG_HARMS][MOST_PAIRS];
    size_t count[TMG_HARMS];
} pairs;

static tmg_rc read_pairs(const tmg_mind *m, tmg_db *db, pairs *p, tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(
        db,
        "SELECT a.fraud_raw_ppb, a.critical_raw_ppb, r.found_fraud, r.found_critical "
        "FROM result r JOIN assessment a ON a.declaration_id = r.declaration_id AND a.as_of_ms = "
        "(SELECT max(e.as_of_ms) FROM assessment e WHERE e.declaration_id = r.declaration_id "
        "AND e.as_of_ms < r.known_at_ms) "
        "WHERE r.known_at_ms <= $1 AND a.model_id IN (SELECT id FROM model WHERE chains = $2) "
        "AND NOT EXISTS (SELECT 1 FROM result n WHERE n.replaces = r.id) ORDER BY r.id DESC LIMIT 50000",
        &s, err));
    tmg_bind_i64(s, 1, m->clock_ms);
    tmg_bind_text(s, 2, m->chains.text);
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        for (int h = 0; h < TMG_HARMS; h++) {
            tmg_found found = (tmg_found)tmg_col_i64(s, 2 + h);
            if (found == TMG_FOUND_UNKNOWN)
                continue;
            p->raw[h][p->count[h]] = tmg_col_i64(s, h);
            p->label[h][p->count[h]++] = found == TMG_FOUND_YES;
        }
    }
}

tmg_rc tmg_mind_calibrate(tmg_mind *m, tmg_db *db, tmg_err *err)
{
    pairs *p = tmg_xcalloc(1, sizeof *p);
    tmg_rc rc = read_pairs(m, db, p, err);
    if (rc == TMG_OK) {
        for (int h = 0; h < TMG_HARMS; h++)
            tmg_mind_fit(m, (tmg_harm)h, p->raw[h], p->label[h], p->count[h]);
        rc = register_model(m, db, err);
    }
    free(p);
    return rc;
}
