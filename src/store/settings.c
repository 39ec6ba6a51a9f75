#include "model/codes.h"
#include "store/records.h"
#include "store/store_priv.h"

enum { MOST_CODE_LIST = 256 << 20 };

tmg_rc tmg_code_save(tmg_db *db, tmg_span list, tmg_span code, tmg_span words, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO code (list, code, words) VALUES ($1, $2, $3) "
                    "ON CONFLICT (list, code) DO UPDATE SET words = excluded.words",
                    &s, err));
    tmg_bind_text(s, 1, list);
    tmg_bind_text(s, 2, code);
    tmg_bind_text(s, 3, words);
    return tmg_exec(s, err);
}

tmg_rc tmg_codes_load(tmg_db *db, tmg_err *err)
{
    /* The words are used until the process ends, also those of a list that a later call replaces. */
    static tmg_arena *kept;
    tmg_rows rows = {.size = sizeof(tmg_hs_row)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT code, words FROM code WHERE list = 'hs' ORDER BY code", &s, err));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (kept == NULL)
            kept = tmg_arena_new(MOST_CODE_LIST);
        rows.arena = kept;
        if (tmg_arena_full(kept)) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT,
                            "the list of commodity codes is larger than 256 MiB: load a smaller one");
        }
        *(tmg_hs_row *)tmg_rows_next(&rows) = (tmg_hs_row){.code = tmg_span_z(kept, tmg_col_text(s, 0)),
                                                           .words = tmg_span_z(kept, tmg_col_text(s, 1))};
    }
    if (rows.count > 0)
        tmg_codes_set_hs(rows.at, rows.count);
    return TMG_OK;
}

tmg_rc tmg_setting_get(tmg_db *db, tmg_span name, tmg_arena *a, tmg_span *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT value FROM setting WHERE name = $1", &s, err));
    tmg_bind_text(s, 1, name);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row) {
        *ret = (tmg_span){NULL, 0};
        return TMG_OK;
    }
    *ret = tmg_row_text(s, 0, a);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_setting_put(tmg_db *db, tmg_span name, tmg_span value, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET "
                    "value = excluded.value",
                    &s, err));
    tmg_bind_text(s, 1, name);
    tmg_bind_text(s, 2, value);
    return tmg_exec(s, err);
}
