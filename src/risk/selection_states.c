#include "risk/selections_priv.h"

const char *tmg_sel_state_name(tmg_sel_state s)
{
    static const char *const names[] = {"", "open", "waiting", "ordered", "released", "escalated", "closed"};
    return s >= TMG_SEL_OPEN && s <= TMG_SEL_CLOSED ? names[s] : "";
}

/* An inspection ordered outside the red lane is the officer's own pick, and its history says so. */
static tmg_rc note_own_pick(tmg_db *db, int64_t consignment_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(
        tmg_sql(db,
                "UPDATE selection SET selected_by = 5, at_ms = $2, why = 'an officer''s own choice; ' || why "
                "WHERE consignment_id = $1 AND lane <> 4 AND selected_by <> 5",
                &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO selection_past (consignment_id, at_ms, lane, selected_by, propensity_ppb, rank, "
        "utility_minor, w_minor, why) SELECT consignment_id, at_ms, lane, selected_by, propensity_ppb, rank, "
        "utility_minor, w_minor, why FROM selection WHERE consignment_id = $1",
        &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    return tmg_exec(s, err);
}

tmg_rc tmg_selection_set_state(tmg_db *db, int64_t consignment_id, tmg_sel_state state, tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(
        tmg_sql(db, "UPDATE selection SET state = $2, wake_ms = NULL WHERE consignment_id = $1", &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    tmg_bind_i64(s, 2, state);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "consignment %lld has no selection: it is not expected at a post",
                        (long long)consignment_id);
    return state == TMG_SEL_ORDERED ? note_own_pick(db, consignment_id, err) : TMG_OK;
}

tmg_rc tmg_selection_sleep(tmg_db *db, int64_t consignment_id, int64_t wake_ms, tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_selection_set_state(db, consignment_id, TMG_SEL_WAITING, err));
    TMG_TRY(tmg_sql(db, "UPDATE selection SET wake_ms = $2 WHERE consignment_id = $1", &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    tmg_bind_i64(s, 2, wake_ms);
    return tmg_exec(s, err);
}

/* wake_ms stays: an open one that has it came back, and the queue says so. */
tmg_rc tmg_selection_wake(tmg_db *db, int64_t now_ms, int64_t *ret, int64_t *ret_post_id,
                          int64_t *ret_wake_ms, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db,
                    "SELECT consignment_id, post_id, wake_ms FROM selection WHERE wake_ms IS NOT NULL AND "
                    "wake_ms <= $1 AND state = 2 ORDER BY wake_ms, consignment_id LIMIT 1",
                    &s, err));
    tmg_bind_i64(s, 1, now_ms);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row) {
        *ret = 0;
        return TMG_OK;
    }
    int64_t id = tmg_col_i64(s, 0);
    *ret_post_id = tmg_col_i64(s, 1);
    *ret_wake_ms = tmg_col_i64(s, 2);
    tmg_reset(s);
    TMG_TRY(tmg_sql(db, "UPDATE selection SET state = 1 WHERE consignment_id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_exec(s, err));
    *ret = id;
    return TMG_OK;
}
