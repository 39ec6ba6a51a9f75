#include "base/hash.h"
#include "base/time.h"
#include "store/records.h"
#include "store/store_priv.h"

/* Of what came and of what is wrong with it. */
static tmg_sha256 digest_of(const tmg_quarantined *q)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, q->raw.len + q->reason.len + q->field.len + 2);
    tmg_buf_span(&b, q->field);
    tmg_buf_char(&b, '\n');
    tmg_buf_span(&b, q->reason);
    tmg_buf_char(&b, '\n');
    tmg_buf_span(&b, q->raw);
    return tmg_sha256_of(b.ptr, b.len);
}

static tmg_rc find_waiting(tmg_db *db, tmg_span digest, int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id FROM quarantine WHERE digest = $1 AND settled_ms IS NULL", &s, err));
    tmg_bind_blob(s, 1, digest);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_id = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_quarantine_add(tmg_db *db, tmg_quarantined *q, tmg_err *err)
{
    tmg_stmt *s = NULL;
    tmg_sha256 hash = digest_of(q);
    tmg_span digest = {(const char *)hash.b, sizeof hash.b};

    TMG_TRY(find_waiting(db, digest, &q->id, err));
    if (q->id != 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO quarantine (source_id, at_ms, line, field, value, reason, raw, digest) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    &s, err));
    tmg_bind_i64(s, 1, q->source_id);
    tmg_bind_i64(s, 2, q->at_ms);
    tmg_bind_opt(s, 3, q->line);
    tmg_bind_text(s, 4, q->field);
    tmg_bind_text(s, 5, q->value);
    tmg_bind_text(s, 6, q->reason);
    tmg_bind_blob(s, 7, q->raw.ptr != NULL ? q->raw : TMG_SPAN(""));
    tmg_bind_blob(s, 8, digest);
    TMG_TRY(tmg_exec(s, err));
    q->id = tmg_last_id(db);
    return TMG_OK;
}

#define QUARANTINE_COLUMNS                                                                                   \
    "SELECT q.id, q.source_id, q.at_ms, q.line, s.name, q.field, q.value, q.reason, q.raw, "                 \
    "q.settled_ms IS NOT NULL FROM quarantine q LEFT JOIN source s ON s.id = q.source_id "

tmg_rc tmg_quarantine_list(tmg_db *db, bool all, size_t most, tmg_arena *a, tmg_quarantined **ret,
                           size_t *ret_count, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_quarantined)};
    tmg_stmt *s = NULL;
    bool row = false;

    if (all)
        TMG_TRY(tmg_sql(db, QUARANTINE_COLUMNS "ORDER BY q.id DESC LIMIT $1", &s, err));
    else
        TMG_TRY(tmg_sql(db, QUARANTINE_COLUMNS "WHERE q.settled_ms IS NULL ORDER BY q.id DESC LIMIT $1", &s,
                        err));
    tmg_bind_i64(s, 1, (int64_t)most);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_quarantined *)tmg_rows_next(&rows) =
            (tmg_quarantined){.id = tmg_col_i64(s, 0),
                              .source_id = tmg_col_i64(s, 1),
                              .at_ms = tmg_col_i64(s, 2),
                              .line = tmg_col_opt(s, 3),
                              .source_name = tmg_row_text(s, 4, a),
                              .field = tmg_row_text(s, 5, a),
                              .value = tmg_row_text(s, 6, a),
                              .reason = tmg_row_text(s, 7, a),
                              .raw = tmg_span_copy(a, tmg_col_blob(s, 8)),
                              .settled = tmg_col_i64(s, 9) != 0};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}

tmg_rc tmg_quarantine_settle(tmg_db *db, int64_t id, int64_t account_id, tmg_span how, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "UPDATE quarantine SET settled_ms = $2, settled_by = $3, settled_how = $4 WHERE id = $1 "
                    "AND settled_ms IS NULL",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, account_id);
    tmg_bind_text(s, 4, how);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 1)
        return TMG_OK;
    TMG_TRY(tmg_sql(db, "SELECT 1 FROM quarantine WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    if (row)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT, "the quarantined row %lld was settled already", (long long)id), err,
            "quarantine.settled");
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no quarantined row %lld: see the list", (long long)id), err,
        "quarantine.none");
}
