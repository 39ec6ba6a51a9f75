/* Two files of one matter become one.  Nothing is moved: what belongs to the merged case is found through
 * merged_into, so that undoing puts everything back where it was. */
#include "casework/reading_priv.h"

static tmg_rc stands_alone(tmg_db *db, const tmg_actor *who, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_case c;

    TMG_TRY(tmg_case_read(db, who, id, a, &c, err));
    if (c.merged_into != 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "case %.*s is merged into another already: undo that first",
                        TMG_SPAN_ARG(c.number));
    return tmg_case_may_change(db, who, id, err);
}

/* What a merged case brings is found one step deep. */
static tmg_rc holds_none(tmg_db *db, int64_t id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT number FROM case_file WHERE merged_into = $1 ORDER BY id LIMIT 1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_OK;
    (void)TMG_FAIL(err, TMG_E_CONFLICT,
                   "case %.*s was merged into it: merge the other way round, or undo that first",
                   TMG_SPAN_ARG(tmg_col_text(s, 0)));
    tmg_reset(s);
    return TMG_E_CONFLICT;
}

static tmg_rc point(tmg_db *db, int64_t merged, int64_t kept, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, "UPDATE case_file SET merged_into = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, merged);
    tmg_bind_id(s, 2, kept);
    return tmg_exec(s, err);
}

static tmg_rc log_merge(tmg_db *db, const tmg_actor *who, const char *action, int64_t kept, int64_t merged,
                        tmg_span reason, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "merged", merged);
    if (reason.len > 0)
        tmg_json_text(&l.j, "reason", reason);
    return tmg_leaf_end(&l, db, who, action, "case", kept, err);
}

tmg_rc tmg_case_merge(tmg_db *db, const tmg_actor *who, int64_t kept, int64_t merged, tmg_span reason,
                      tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    tmg_stmt *s;

    if (kept == merged)
        return TMG_FAIL(err, TMG_E_INVALID, "merged: a case cannot be merged into itself");
    if (tmg_span_trim(reason).len < 3)
        return TMG_FAIL(err, TMG_E_INVALID, "reason: say why the two are one matter");
    TMG_TRY(stands_alone(db, who, kept, a, err));
    TMG_TRY(stands_alone(db, who, merged, a, err));
    TMG_TRY(holds_none(db, merged, err));
    TMG_TRY(point(db, merged, kept, err));
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO case_merge (kept_id, merged_id, at_ms, account_id, reason) VALUES ($1, $2, $3, $4, $5)",
        &s, err));
    tmg_bind_i64(s, 1, kept);
    tmg_bind_i64(s, 2, merged);
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_i64(s, 4, who->account_id);
    tmg_bind_text(s, 5, reason);
    TMG_TRY(tmg_exec(s, err));
    return log_merge(db, who, "case.merged", kept, merged, reason, err);
}

tmg_rc tmg_case_merge_undo(tmg_db *db, const tmg_actor *who, int64_t kept, int64_t merged, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_case_may_change(db, who, kept, err));
    TMG_TRY(tmg_case_may(db, who, merged, err));
    TMG_TRY(tmg_sql(db,
                    "UPDATE case_merge SET undone_ms = $3, undone_by = $4 WHERE kept_id = $1 AND merged_id = "
                    "$2 AND undone_ms IS "
                    "NULL",
                    &s, err));
    tmg_bind_i64(s, 1, kept);
    tmg_bind_i64(s, 2, merged);
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_i64(s, 4, who->account_id);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "these two cases are not merged");
    TMG_TRY(point(db, merged, 0, err));
    return log_merge(db, who, "case.merge_undone", kept, merged, (tmg_span){NULL, 0}, err);
}
