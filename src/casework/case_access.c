/* Who is named by a case: let in, taken out, and let in by themselves in an emergency. */
#include "casework/case_events_priv.h"
#include "casework/case_may_priv.h"
#include "casework/seizure_priv.h"

enum { LEAST_EMERGENCY = 10 };

tmg_rc tmg_case_happened(tmg_db *db, const tmg_actor *who, int64_t case_id, const char *kind, tmg_span words,
                         tmg_err *err)
{
    tmg_stmt *s;

    if (case_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(
        db, "INSERT INTO case_event (case_id, at_ms, account_id, kind, words) VALUES ($1, $2, $3, $4, $5)",
        &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, tmg_span_of(kind));
    tmg_bind_text(s, 5, words.ptr != NULL ? words : TMG_SPAN(""));
    return tmg_exec(s, err);
}

tmg_rc tmg_case_name(tmg_db *db, int64_t case_id, const tmg_case_grant *g, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO case_access (case_id, account_id, from_ms, until_ms, given_by, reason, "
                "emergency) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (case_id, account_id, from_ms) "
                "DO UPDATE SET until_ms = $4, given_by = $5, reason = $6, emergency = $7",
                &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, g->account_id);
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_opt(s, 4, g->until_ms);
    tmg_bind_i64(s, 5, g->given_by);
    tmg_bind_text(s, 6, g->reason);
    tmg_bind_i64(s, 7, g->emergency);
    return tmg_exec(s, err);
}

tmg_rc tmg_case_give_access(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t account_id,
                            int64_t until_ms, tmg_span reason, tmg_err *err)
{
    const tmg_case_grant g = {
        .account_id = account_id, .until_ms = until_ms, .given_by = who->account_id, .reason = reason};
    tmg_leaf l;

    TMG_TRY(tmg_case_may(db, who, case_id, err));
    TMG_TRY(tmg_case_not_merged(db, who, case_id, err));
    if (tmg_span_trim(reason).len < 3)
        return TMG_FAIL(err, TMG_E_INVALID, "reason: say why this account needs to know");
    if (until_ms != TMG_NONE && until_ms <= tmg_now_ms())
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "until: this time is over: name a later one"), err,
                             "until.past");
    TMG_TRY(tmg_case_name(db, case_id, &g, err));
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "account", account_id);
    tmg_json_text(&l.j, "reason", reason);
    if (until_ms != TMG_NONE)
        tmg_json_time(&l.j, "until", until_ms, 0);
    return tmg_leaf_end(&l, db, who, "case.access_given", "case", case_id, err);
}

/* A closed matter that nobody could read and lead any more would be lost. */
static tmg_rc somebody_is_left(tmg_db *db, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row, left = false;

    TMG_TRY(tmg_sql(
        db, "SELECT u.role FROM account u WHERE u.closed_ms IS NULL AND " TMG_CASE_OPEN_TO("$1", "u.id"), &s,
        err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        left = left || tmg_role_may(tmg_role_of(tmg_col_text(s, 0)), TMG_MAY_CASE_WRITE);
    }
    return left ? TMG_OK
                : tmg_err_named(
                      TMG_FAIL(err, TMG_E_CONFLICT,
                               "nobody who leads cases could read this one any more: let somebody else "
                               "in first"),
                      err, "case.last_named");
}

tmg_rc tmg_case_end_access(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t account_id,
                           tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may(db, who, case_id, err));
    TMG_TRY(
        tmg_sql(db,
                "UPDATE case_access SET until_ms = $3 WHERE (case_id = $1 OR case_id IN (SELECT id FROM "
                "case_file WHERE merged_into = $1)) AND account_id = $2 AND (until_ms IS NULL OR until_ms "
                "> $3)",
                &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, account_id);
    tmg_bind_i64(s, 3, tmg_now_ms());
    TMG_TRY(tmg_exec(s, err));
    TMG_TRY(somebody_is_left(db, case_id, err));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO case_event (case_id, at_ms, account_id, kind, words) SELECT $1, $2, $3, "
                    "'access_ended', display FROM account WHERE id = $4",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_i64(s, 4, account_id);
    TMG_TRY(tmg_exec(s, err));
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "account", account_id);
    return tmg_leaf_end(&l, db, who, "case.access_ended", "case", case_id, err);
}

tmg_rc tmg_case_break_glass(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t for_ms,
                            tmg_span reason, tmg_err *err)
{
    const tmg_case_grant g = {.account_id = who->account_id,
                              .until_ms = tmg_now_ms() + for_ms,
                              .given_by = who->account_id,
                              .reason = reason,
                              .emergency = true};
    tmg_leaf l;

    if (tmg_case_may(db, who, case_id, NULL) == TMG_OK)
        return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "this account reads the case already"), err,
                             "case.read_already");
    if (tmg_span_trim(reason).len < LEAST_EMERGENCY)
        return TMG_FAIL(err, TMG_E_INVALID, "reason: say in %d bytes or more what the emergency is",
                        LEAST_EMERGENCY);
    TMG_TRY(tmg_case_name(db, case_id, &g, err));
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "reason", reason);
    tmg_json_time(&l.j, "until", g.until_ms, 0);
    return tmg_leaf_end(&l, db, who, "case.emergency", "case", case_id, err);
}
