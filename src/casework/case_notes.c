/* What is put into a case beside its links: seizures and notes. */
#include "casework/seizure_priv.h"

enum { MOST_NOTE = 4000 };

tmg_rc tmg_case_take_seizure(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t seizure_id,
                             tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    TMG_TRY(tmg_sql(db, "SELECT case_id, post_id FROM seizure WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, seizure_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no seizure %lld", (long long)seizure_id);
    int64_t in = tmg_col_i64(s, 0), post_id = tmg_col_i64(s, 1);
    tmg_reset(s);
    TMG_TRY(tmg_guard_may(who, TMG_MAY_CASE_WRITE, post_id, err));
    if (in != 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "seizure %lld belongs to %s case already", (long long)seizure_id,
                        in == case_id ? "this" : "another");
    TMG_TRY(tmg_sql(db, "UPDATE seizure SET case_id = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, seizure_id);
    tmg_bind_i64(s, 2, case_id);
    TMG_TRY(tmg_exec(s, err));
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "seizure", seizure_id);
    return tmg_leaf_end(&l, db, who, "case.linked", "case", case_id, err);
}

tmg_rc tmg_case_note(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span kind, tmg_span text,
                     tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    if (!tmg_span_is(kind, "fact") && !tmg_span_is(kind, "assessment"))
        return TMG_FAIL(err, TMG_E_INVALID, "kind: a note is a fact or an assessment");
    if (!tmg_said(text) || text.len > MOST_NOTE)
        return TMG_FAIL(err, TMG_E_INVALID, "text: expected 3 to %d bytes", MOST_NOTE);
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO case_note (case_id, at_ms, account_id, kind, text) VALUES ($1, $2, $3, $4, "
                    "$5)",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, kind);
    tmg_bind_text(s, 5, text);
    TMG_TRY(tmg_exec(s, err));
    int64_t id = tmg_last_id(db);
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "note", id);
    tmg_json_text(&l.j, "kind", kind);
    return tmg_leaf_end(&l, db, who, "case.noted", "case", case_id, err);
}
