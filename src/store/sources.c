#include "store/records.h"
#include "store/store_priv.h"

tmg_rc tmg_source_begin(tmg_db *db, tmg_span name, tmg_span format, tmg_span mapping, int64_t at_ms,
                        int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "INSERT INTO source (name, format, mapping, started_ms) VALUES ($1, $2, $3, $4)", &s,
                    err));
    tmg_bind_text(s, 1, name);
    tmg_bind_text(s, 2, format);
    tmg_bind_text(s, 3, mapping);
    tmg_bind_i64(s, 4, at_ms);
    TMG_TRY(tmg_exec(s, err));
    *ret_id = tmg_last_id(db);
    return TMG_OK;
}

tmg_rc tmg_source_update(tmg_db *db, int64_t id, const tmg_source_counts *counts, int64_t finished_ms,
                         tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db,
        "UPDATE source SET accepted = $2, unchanged = $3, amended = $4, quarantined = $5, finished_ms = $6 "
        "WHERE id = $1",
        &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, counts->accepted);
    tmg_bind_i64(s, 3, counts->unchanged);
    tmg_bind_i64(s, 4, counts->amended);
    tmg_bind_i64(s, 5, counts->quarantined);
    tmg_bind_opt(s, 6, finished_ms);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no import with number %lld", (long long)id);
    return TMG_OK;
}
