#include "store/records.h"
#include "store/store_priv.h"

tmg_rc tmg_decision_save(tmg_db *db, tmg_decision *d, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO decision (consignment_id, declaration_id, at_ms, action, means, reason, account_id, "
        "until_ms, looked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &s, err));
    tmg_bind_i64(s, 1, d->consignment_id);
    tmg_bind_i64(s, 2, d->declaration_id);
    tmg_bind_i64(s, 3, d->at_ms);
    tmg_bind_i64(s, 4, d->action);
    tmg_bind_i64(s, 5, d->means);
    tmg_bind_text(s, 6, d->reason);
    tmg_bind_i64(s, 7, d->account_id);
    tmg_bind_opt(s, 8, d->until_ms != 0 ? d->until_ms : TMG_NONE);
    tmg_bind_i64(s, 9, d->looked_at);
    TMG_TRY(tmg_exec(s, err));
    d->id = tmg_last_id(db);
    return TMG_OK;
}

tmg_rc tmg_decision_list(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_decision **ret,
                         size_t *ret_count, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_decision)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db,
                "SELECT id, consignment_id, declaration_id, at_ms, action, means, reason, account_id, "
                "coalesce(until_ms, 0), looked_at FROM decision WHERE consignment_id = $1 ORDER BY at_ms, id",
                &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_decision *)tmg_rows_next(&rows) = (tmg_decision){.id = tmg_col_i64(s, 0),
                                                               .consignment_id = tmg_col_i64(s, 1),
                                                               .declaration_id = tmg_col_i64(s, 2),
                                                               .at_ms = tmg_col_i64(s, 3),
                                                               .action = (tmg_action)tmg_col_i64(s, 4),
                                                               .means = (unsigned)tmg_col_i64(s, 5),
                                                               .reason = tmg_row_text(s, 6, a),
                                                               .account_id = tmg_col_i64(s, 7),
                                                               .until_ms = tmg_col_i64(s, 8),
                                                               .looked_at = (unsigned)tmg_col_i64(s, 9)};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}
