#include "risk/fusion_priv.h"

/* `why` is a byte string: version, flags, then for each harm item number, telling level, path and what other
 * chains added, all LEB128 varints. Where both harms were led by the same groups (flag), the second path
 * leaves out depth and n. Level probabilities are kept to the millionth. */
enum { WHY_VERSION = 2, FLAG_REPEATS = 1, FLAG_SAME_GROUPS = 2, WHY_MAX = 1024, PARTS_MAX = 4 << 20 };
static const int64_t level_unit = 1000;

static void put(tmg_buf *b, int64_t v)
{
    uint64_t left = (uint64_t)v;
    do {
        tmg_buf_char(b, (char)((left & 127) | (left > 127 ? 128 : 0)));
        left >>= 7;
    } while (left > 0);
}

/* What is left to read; `torn` once it ended too early. */
typedef struct reading {
    tmg_span left;
    bool torn;
} reading;

static int64_t take(reading *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; r->left.len > 0 && shift < 63; shift += 7) {
        uint8_t byte = (uint8_t)*r->left.ptr;
        r->left.ptr++;
        r->left.len--;
        v |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return (int64_t)v;
    }
    r->torn = true;
    return 0;
}

static bool same_groups(const tmg_harm_view *a, const tmg_harm_view *b)
{
    if (a->path_len != b->path_len)
        return false;
    for (size_t i = 0; i < a->path_len; i++)
        if (a->path[i].depth != b->path[i].depth || a->path[i].n != b->path[i].n)
            return false;
    return true;
}

static void put_view(tmg_buf *b, const tmg_harm_view *v, bool groups)
{
    put(b, v->item_no);
    put(b, (int64_t)v->telling);
    if (groups)
        put(b, (int64_t)v->path_len);
    for (size_t i = 0; i < v->path_len; i++) {
        if (groups) {
            put(b, v->path[i].depth);
            put(b, v->path[i].n);
        }
        put(b, v->path[i].bad);
        put(b, (v->path[i].ppb + level_unit / 2) / level_unit);
    }
    put(b, (int64_t)v->also_len);
    for (size_t i = 0; i < v->also_len; i++) {
        put(b, v->also[i].depth);
        put(b, v->also[i].n);
        put(b, v->also[i].bad);
        put(b, (v->also[i].ppb + level_unit / 2) / level_unit);
    }
}

static bool take_view(reading *s, tmg_harm_view *v, const tmg_harm_view *groups)
{
    v->item_no = (int32_t)take(s);
    v->telling = (size_t)take(s);
    v->path_len = groups != NULL ? groups->path_len : (size_t)take(s);
    if (v->path_len > TMG_MAX_LEVELS || (v->path_len > 0 && v->telling >= v->path_len))
        return false;
    for (size_t i = 0; i < v->path_len; i++) {
        v->path[i].depth = groups != NULL ? groups->path[i].depth : (uint8_t)take(s);
        v->path[i].n = groups != NULL ? groups->path[i].n : take(s);
        v->path[i].bad = take(s);
        v->path[i].ppb = take(s) * level_unit;
    }
    v->also_len = (size_t)take(s);
    if (v->also_len > TMG_MAX_ALSO)
        return false;
    for (size_t i = 0; i < v->also_len; i++) {
        v->also[i].depth = (uint8_t)take(s);
        v->also[i].n = take(s);
        v->also[i].bad = take(s);
        v->also[i].ppb = take(s) * level_unit;
    }
    return true;
}

static void put_why(tmg_buf *b, const tmg_assessment *a)
{
    bool same = same_groups(&a->harm[TMG_FRAUD], &a->harm[TMG_CRITICAL]);
    put(b, WHY_VERSION);
    put(b, (a->repeats ? FLAG_REPEATS : 0) | (same ? FLAG_SAME_GROUPS : 0));
    put_view(b, &a->harm[TMG_FRAUD], true);
    put_view(b, &a->harm[TMG_CRITICAL], !same);
}

static tmg_rc take_why(tmg_span why, tmg_assessment *a, tmg_err *err)
{
    reading r = {.left = why};
    int64_t version = take(&r);
    int64_t flags = take(&r);
    const tmg_harm_view *groups = (flags & FLAG_SAME_GROUPS) != 0 ? &a->harm[TMG_FRAUD] : NULL;
    a->repeats = (flags & FLAG_REPEATS) != 0;
    if (version != WHY_VERSION || !take_view(&r, &a->harm[TMG_FRAUD], NULL) ||
        !take_view(&r, &a->harm[TMG_CRITICAL], groups) || r.torn || r.left.len > 0)
        return TMG_FAIL(err, TMG_E_STORE,
                        "the reasons stored with the assessment of declaration %lld cannot be read",
                        (long long)a->declaration_id);
    return TMG_OK;
}

tmg_rc tmg_assessment_save(tmg_db *db, const tmg_assessment *a, tmg_err *err)
{
    TMG_AUTO_BUF why = {0}, parts = {0};
    tmg_stmt *s = NULL;
    tmg_buf_init(&why, WHY_MAX);
    put_why(&why, a);
    tmg_buf_init(&parts, PARTS_MAX);
    if (a->part_count > 0)
        tmg_parts_write(a, &parts);
    if (parts.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "too much spoke about declaration %lld to be stored: retire rules",
                        (long long)a->declaration_id);
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO assessment (declaration_id, as_of_ms, model_id, fraud_ppb, critical_ppb, fraud_raw_ppb, "
        "critical_raw_ppb, why, fusion_id, parts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
        "ON CONFLICT (declaration_id, as_of_ms) DO UPDATE SET model_id = excluded.model_id, "
        "fraud_ppb = excluded.fraud_ppb, critical_ppb = excluded.critical_ppb, "
        "fraud_raw_ppb = excluded.fraud_raw_ppb, critical_raw_ppb = excluded.critical_raw_ppb, "
        "why = excluded.why, fusion_id = excluded.fusion_id, parts = excluded.parts",
        &s, err));
    tmg_bind_i64(s, 1, a->declaration_id);
    tmg_bind_i64(s, 2, a->as_of_ms);
    tmg_bind_i64(s, 3, a->model_id);
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_bind_i64(s, 4 + h, a->harm[h].ppb);
        tmg_bind_i64(s, 6 + h, a->harm[h].raw_ppb);
    }
    tmg_bind_blob(s, 8, tmg_buf_as_span(&why));
    tmg_bind_opt(s, 9, a->fusion_id != 0 ? a->fusion_id : TMG_NONE);
    tmg_bind_text(s, 10, a->part_count > 0 ? tmg_buf_as_span(&parts) : tmg_span_of(NULL));
    return tmg_exec(s, err);
}

tmg_rc tmg_assessment_load(tmg_db *db, int64_t declaration_id, tmg_assessment *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(
        db,
        "SELECT as_of_ms, model_id, fraud_ppb, critical_ppb, fraud_raw_ppb, critical_raw_ppb, why, fusion_id "
        "FROM assessment WHERE declaration_id = $1 ORDER BY as_of_ms DESC LIMIT 1",
        &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "declaration %lld was never assessed",
                        (long long)declaration_id);
    tmg_assessment a = {
        .declaration_id = declaration_id, .as_of_ms = tmg_col_i64(s, 0), .model_id = tmg_col_i64(s, 1)};
    a.fusion_id = tmg_col_i64(s, 7);
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_harm_view *v = &a.harm[h];
        v->ppb = v->profile_ppb = v->joined_ppb = tmg_col_i64(s, 2 + h);
        v->raw_ppb = tmg_col_i64(s, 4 + h);
        v->model_ppb = TMG_NONE;
    }
    tmg_rc rc = take_why(tmg_col_blob(s, 6), &a, err);
    tmg_reset(s);
    if (rc == TMG_OK)
        *ret = a;
    return rc;
}
