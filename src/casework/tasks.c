#include "casework/seizure_priv.h"

tmg_rc tmg_task_add(tmg_db *db, const tmg_actor *who, tmg_case_task *t, tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(tmg_case_may_change(db, who, t->case_id, err));
    if (!tmg_said(t->title) || t->title.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_INVALID, "title: say what is to be done, in 3 to %d bytes", TMG_MAX_TEXT);
    t->made_ms = tmg_now_ms();
    t->made_by = who->account_id;
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO case_task (case_id, title, mandatory, due_ms, assignee_id, made_ms, made_by, code) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &s, err));
    tmg_bind_i64(s, 1, t->case_id);
    tmg_bind_text(s, 2, t->title);
    tmg_bind_i64(s, 3, t->mandatory);
    tmg_bind_opt(s, 4, t->due_ms);
    tmg_bind_id(s, 5, t->assignee_id);
    tmg_bind_i64(s, 6, t->made_ms);
    tmg_bind_i64(s, 7, t->made_by);
    tmg_bind_text(s, 8, t->code);
    TMG_TRY(tmg_exec(s, err));
    t->id = tmg_last_id(db);
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "task", t->id);
    tmg_json_text(&l.j, "title", t->title);
    tmg_json_bool(&l.j, "mandatory", t->mandatory);
    return tmg_leaf_end(&l, db, who, "task.added", "case", t->case_id, err);
}

tmg_rc tmg_task_list(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_case_task **ret, size_t *ret_count,
                     tmg_err *err)
{
    tmg_case_task *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, case_id, due_ms, assignee_id, made_ms, made_by, done_ms, done_by, title, "
                    "done_note, mandatory, code "
                    "FROM case_task WHERE case_id = $1 OR case_id IN (SELECT id FROM case_file WHERE "
                    "merged_into = $1) ORDER BY "
                    "id",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_case_task){.id = tmg_col_i64(s, 0),
                                        .case_id = tmg_col_i64(s, 1),
                                        .due_ms = tmg_col_opt(s, 2),
                                        .assignee_id = tmg_col_i64(s, 3),
                                        .made_ms = tmg_col_i64(s, 4),
                                        .made_by = tmg_col_i64(s, 5),
                                        .done_ms = tmg_col_opt(s, 6),
                                        .done_by = tmg_col_i64(s, 7),
                                        .title = tmg_span_copy(a, tmg_col_text(s, 8)),
                                        .done_note = tmg_span_copy(a, tmg_col_text(s, 9)),
                                        .mandatory = tmg_col_i64(s, 10) != 0,
                                        .code = tmg_span_copy(a, tmg_col_text(s, 11))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

/* *ret_asked: the case that is asked whether it takes changes; the one into which the task's was merged. */
static tmg_rc case_of(tmg_db *db, int64_t id, int64_t *ret_case, int64_t *ret_asked, bool *ret_mandatory,
                      tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT t.case_id, t.mandatory, t.done_ms, coalesce(c.merged_into, c.id) FROM case_task "
                    "t JOIN case_file c ON c.id = t.case_id WHERE t.id = $1",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no task %lld", (long long)id);
    *ret_case = tmg_col_i64(s, 0);
    *ret_mandatory = tmg_col_i64(s, 1) != 0;
    *ret_asked = tmg_col_i64(s, 3);
    bool done = tmg_col_opt(s, 2) != TMG_NONE;
    tmg_reset(s);
    if (done)
        return TMG_FAIL(err, TMG_E_CONFLICT, "task %lld is done already", (long long)id);
    return TMG_OK;
}

tmg_rc tmg_task_done(tmg_db *db, const tmg_actor *who, int64_t id, tmg_span note, tmg_err *err)
{
    int64_t case_id = 0, asked = 0;
    bool mandatory = false;
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(case_of(db, id, &case_id, &asked, &mandatory, err));
    TMG_TRY(tmg_case_may_change(db, who, asked, err));
    if (mandatory && !tmg_said(note))
        return TMG_FAIL(err, TMG_E_INVALID, "note: a mandatory task ends with words on what was done");
    TMG_TRY(tmg_sql(db, "UPDATE case_task SET done_ms = $2, done_by = $3, done_note = $4 WHERE id = $1", &s,
                    err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, note);
    TMG_TRY(tmg_exec(s, err));
    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "task", id);
    tmg_json_text(&l.j, "note", note);
    return tmg_leaf_end(&l, db, who, "task.done", "case", case_id, err);
}
