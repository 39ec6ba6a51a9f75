#include "base/time.h"
#include "store/records.h"
#include "store/store_priv.h"

tmg_rc tmg_quarantine_add(tmg_db *db, const tmg_quarantined *q, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO quarantine (source_id, at_ms, line, field, value, reason, raw) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &s, err));
    tmg_bind_i64(s, 1, q->source_id);
    tmg_bind_i64(s, 2, q->at_ms);
    tmg_bind_opt(s, 3, q->line);
    tmg_bind_text(s, 4, q->field);
    tmg_bind_text(s, 5, q->value);
    tmg_bind_text(s, 6, q->reason);
    tmg_bind_blob(s, 7, q->raw.ptr != NULL ? q->raw : TMG_SPAN(""));
    return tmg_exec(s, err);
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
        return TMG_FAIL(err, TMG_E_CONFLICT, "the quarantined row %lld was settled already", (long long)id);
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no quarantined row %lld: see the list", (long long)id);
}
