/* A case as JSON. */
#include "web/case_priv.h"

static tmg_rc write_links(tmg_json_out *j, tmg_db *db, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT about FROM case_link WHERE case_id = $1 OR case_id IN (SELECT id FROM case_file "
                    "WHERE merged_into = $1) ORDER BY at_ms, about",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_json_array(j, "links");
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_text(j, NULL, tmg_col_text(s, 0));
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

/* The same with the number that a person knows it by. */
static tmg_rc write_linked(tmg_json_out *j, tmg_db *db, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT l.about, coalesce((SELECT d.ref FROM declaration d WHERE l.about = 'consignment:' || "
        "d.consignment_id AND d.superseded_at_ms IS NULL), (SELECT o.number FROM inspection_order o WHERE "
        "l.about = 'order:' || o.id), '') FROM case_link l WHERE l.case_id = $1 OR l.case_id IN (SELECT id "
        "FROM case_file WHERE merged_into = $1) ORDER BY l.at_ms, l.about",
        &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_json_array(j, "linked");
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_object(j, NULL);
        tmg_json_text(j, "about", tmg_col_text(s, 0));
        tmg_write_said(j, "number", tmg_col_text(s, 1));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

tmg_rc tmg_case_about(tmg_db *db, tmg_span text, tmg_arena *a, tmg_span *ret, tmg_err *err)
{
    static const char sql[] =
        "SELECT 'consignment:' || consignment_id FROM declaration WHERE ref = $1 AND superseded_at_ms IS "
        "NULL UNION ALL SELECT 'order:' || id FROM inspection_order WHERE number = upper($1) LIMIT 1";
    tmg_stmt *s = NULL;
    bool row = false;

    text = tmg_span_trim(text);
    *ret = text;
    if (tmg_span_starts(text, "consignment:") || tmg_span_starts(text, "order:"))
        return TMG_OK;
    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_text(s, 1, text);
    TMG_TRY(tmg_step(s, &row, err));
    if (row)
        *ret = tmg_span_copy(a, tmg_col_text(s, 0));
    tmg_reset(s);
    return row ? TMG_OK
               : TMG_FAIL(err, TMG_E_NOT_FOUND, "link: no declaration and no order has the number \"%.*s\"",
                          TMG_SPAN_ARG(tmg_utf8_cut(text, 40)));
}

static tmg_rc write_merged(tmg_json_out *j, tmg_db *db, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT id, number FROM case_file WHERE merged_into = $1 ORDER BY id", &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_json_array(j, "merged");
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", tmg_col_i64(s, 0));
        tmg_json_text(j, "number", tmg_col_text(s, 1));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_seizures(tmg_json_out *j, tmg_call *c, tmg_db *db, int64_t case_id,
                             const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    int64_t ids[TMG_CASE_SEIZURES];
    size_t count = 0;
    tmg_seizure z;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT id FROM seizure WHERE case_id = $1 OR case_id IN (SELECT id FROM case_file WHERE "
                    "merged_into = $1) ORDER BY id LIMIT $2",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, TMG_CASE_SEIZURES);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        ids[count++] = tmg_col_i64(s, 0);
    }
    tmg_json_array(j, "seizures");
    for (size_t i = 0; i < count; i++) {
        TMG_TRY(tmg_seizure_read(db, ids[i], a, &z, err));
        TMG_TRY(tmg_write_seizure(j, NULL, c, db, &z, people, a, err));
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_tasks(tmg_json_out *j, tmg_call *c, tmg_db *db, int64_t case_id, const tmg_people *people,
                          tmg_arena *a, tmg_err *err)
{
    tmg_case_task *list;
    size_t count;

    TMG_TRY(tmg_task_list(db, case_id, a, &list, &count, err));
    tmg_json_array(j, "tasks");
    for (size_t i = 0; i < count; i++) {
        const tmg_case_task *t = &list[i];

        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", t->id);
        tmg_json_text(j, "title", t->title);
        const tmg_planned_task *planned = tmg_planned_task_of(tmg_centre_case_plan(c->site->centre), t->code);
        if (planned != NULL)
            tmg_write_words(j, "words", planned->words);
        tmg_json_bool(j, "mandatory", t->mandatory);
        tmg_write_stated_time(j, "due", t->due_ms);
        tmg_json_time(j, "made", t->made_ms, 0);
        tmg_json_text(j, "by", tmg_person(people, t->made_by));
        if (t->done_ms != TMG_NONE) {
            tmg_json_time(j, "done", t->done_ms, 0);
            tmg_json_text(j, "done_by", tmg_person(people, t->done_by));
        }
        tmg_write_said(j, "note", t->done_note);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_timeline(tmg_json_out *j, tmg_call *c, tmg_db *db, int64_t case_id,
                             const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    tmg_case_event *list;
    size_t count;

    TMG_TRY(tmg_case_timeline(db, &c->who, case_id, a, &list, &count, err));
    tmg_json_array(j, "timeline");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_time(j, "at", list[i].at_ms, 0);
        tmg_json_text(j, "by", tmg_person(people, list[i].account_id));
        tmg_json_text(j, "kind", list[i].kind);
        tmg_json_text(j, "about", list[i].about);
        tmg_json_text(j, "words", list[i].words.ptr != NULL ? list[i].words : TMG_SPAN(""));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

/* By which the access is ended again. */
static void write_login(tmg_json_out *j, const tmg_people *people, int64_t account_id)
{
    for (size_t i = 0; i < people->count; i++)
        if (people->list[i].id == account_id)
            tmg_json_text(j, "login", people->list[i].name);
}

/* Whom the case can be opened to, for those who open it: their function reads cases. */
static void write_readers(tmg_json_out *j, const tmg_call *c, const tmg_people *people)
{
    if (!tmg_role_may(c->who.role, TMG_MAY_CASE_WRITE))
        return;
    tmg_json_array(j, "readers");
    for (size_t i = 0; i < people->count; i++) {
        const tmg_account *x = &people->list[i];

        if (x->closed || !tmg_role_may(x->role, TMG_MAY_CASE_READ))
            continue;
        tmg_json_object(j, NULL);
        tmg_json_text(j, "login", x->name);
        tmg_json_text(j, "name", x->display);
        tmg_json_z(j, "role", tmg_role_name(x->role));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static tmg_rc write_access(tmg_json_out *j, tmg_db *db, int64_t case_id, const tmg_people *people,
                           tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT account_id, from_ms, until_ms, reason, emergency FROM case_access WHERE case_id = $1 ORDER "
        "BY from_ms, account_id",
        &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_json_array(j, "access");
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "account", tmg_col_i64(s, 0));
        tmg_json_text(j, "name", tmg_person(people, tmg_col_i64(s, 0)));
        write_login(j, people, tmg_col_i64(s, 0));
        tmg_json_time(j, "from", tmg_col_i64(s, 1), 0);
        tmg_write_stated_time(j, "until", tmg_col_opt(s, 2));
        tmg_json_text(j, "reason", tmg_col_text(s, 3));
        tmg_json_bool(j, "emergency", tmg_col_i64(s, 4) != 0);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

/* How many, not who: persons are read for a purpose (suspect_routes.c). */
static tmg_rc write_persons(tmg_json_out *j, tmg_db *db, int64_t case_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT count(*) FROM suspect WHERE withdrawn_ms IS NULL AND (case_id = $1 OR case_id IN "
                    "(SELECT id FROM case_file WHERE merged_into = $1))",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_json_i64(j, "suspects", tmg_col_i64(s, 0));
    tmg_reset(s);
    TMG_TRY(tmg_sql(db,
                    "SELECT count(*) FROM crime_group WHERE case_id = $1 OR case_id IN (SELECT id FROM "
                    "case_file WHERE merged_into = $1)",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_json_i64(j, "groups", tmg_col_i64(s, 0));
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_write_case(tmg_call *c, int status, tmg_db *db, int64_t case_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    tmg_people people;
    tmg_json_out j;
    tmg_case f;

    TMG_TRY(tmg_case_read(db, &c->who, case_id, a, &f, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    tmg_call_json(c, status, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "id", f.id);
    tmg_json_text(&j, "number", f.number);
    tmg_json_text(&j, "title", f.title);
    tmg_json_time(&j, "opened", f.opened_ms, 0);
    tmg_json_text(&j, "opened_by", tmg_person(&people, f.opened_by));
    tmg_write_stated_time(&j, "closed", f.closed_ms);
    tmg_write_said(&j, "compartment", f.compartment);
    tmg_write_said(&j, "article", f.article);
    tmg_write_said(&j, "fact_kind", f.fact_kind);
    tmg_write_said(&j, "disposition", f.disposition);
    TMG_TRY(tmg_write_case_about(&j, db, &f, a, err));
    TMG_TRY(write_merged(&j, db, f.id, err));
    TMG_TRY(tmg_write_flow(&j, "flow", c, db, &f.flow, true, &people, a, err));
    TMG_TRY(write_links(&j, db, f.id, err));
    TMG_TRY(write_linked(&j, db, f.id, err));
    TMG_TRY(tmg_write_case_parties(&j, db, f.id, &people, a, err));
    TMG_TRY(write_seizures(&j, c, db, f.id, &people, a, err));
    TMG_TRY(write_tasks(&j, c, db, f.id, &people, a, err));
    TMG_TRY(write_timeline(&j, c, db, f.id, &people, a, err));
    TMG_TRY(write_access(&j, db, f.id, &people, err));
    write_readers(&j, c, &people);
    TMG_TRY(write_persons(&j, db, f.id, err));
    tmg_json_end_object(&j);
    return TMG_OK;
}
