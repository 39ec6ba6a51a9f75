#include "casework/reading_priv.h"

static tmg_officer officer_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_officer){.id = tmg_col_i64(s, 0),
                         .account_id = tmg_col_i64(s, 1),
                         .home_post_id = tmg_col_i64(s, 2),
                         .until_ms = tmg_col_opt(s, 3),
                         .work_minutes = tmg_col_opt(s, 4),
                         .rest_minutes = tmg_col_opt(s, 5),
                         .skills = (unsigned)tmg_col_i64(s, 6),
                         .service_number = tmg_span_copy(a, tmg_col_text(s, 7)),
                         .name = tmg_span_copy(a, tmg_col_text(s, 8)),
                         .dog = tmg_span_copy(a, tmg_col_text(s, 9))};
}

tmg_rc tmg_officer_list(tmg_db *db, tmg_arena *a, tmg_officer **ret, size_t *ret_count, tmg_err *err)
{
    tmg_officer *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(
        tmg_sql(db,
                "SELECT id, account_id, home_post_id, until_ms, work_minutes, rest_minutes, skills, "
                "service_number, name, dog "
                "FROM officer WHERE until_ms IS NULL OR until_ms > $1 ORDER BY home_post_id, service_number",
                &s, err));
    tmg_bind_i64(s, 1, tmg_now_ms());
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = officer_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc number_is_free(tmg_db *db, tmg_span service_number, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM officer WHERE service_number = $1", &s, err));
    tmg_bind_text(s, 1, service_number);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    return row ? TMG_FAIL(err, TMG_E_CONFLICT, "service_number: %.*s is another officer's",
                          TMG_SPAN_ARG(service_number))
               : TMG_OK;
}

static tmg_rc check_officer(const tmg_officer *o, tmg_err *err)
{
    if (tmg_span_trim(o->service_number).len == 0 || tmg_span_trim(o->name).len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "an officer has a service number and a name");
    if ((o->skills & ~(unsigned)TMG_MEANS_ALL) != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "skills: expected means of control");
    if (o->dog.len > 0 &&
        (o->work_minutes == TMG_NONE || o->rest_minutes == TMG_NONE || (o->skills & TMG_MEANS_DOG) == 0))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "a handler with a dog is one unit: it has the skill \"dog\", and says how long it "
                        "works and rests");
    if (o->dog.len == 0 && (o->skills & TMG_MEANS_DOG) != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "dog: the skill \"dog\" is a handler's with a dog: name it");
    return TMG_OK;
}

tmg_rc tmg_officer_add(tmg_db *db, const tmg_actor *who, tmg_officer *o, tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(check_officer(o, err));
    TMG_TRY(number_is_free(db, o->service_number, err));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO officer (account_id, home_post_id, until_ms, work_minutes, rest_minutes, "
                    "skills, service_number, "
                    "name, dog) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    &s, err));
    tmg_bind_id(s, 1, o->account_id);
    tmg_bind_i64(s, 2, o->home_post_id);
    tmg_bind_opt(s, 3, o->until_ms);
    tmg_bind_opt(s, 4, o->work_minutes);
    tmg_bind_opt(s, 5, o->rest_minutes);
    tmg_bind_i64(s, 6, o->skills);
    tmg_bind_text(s, 7, o->service_number);
    tmg_bind_text(s, 8, o->name);
    tmg_bind_text(s, 9, o->dog.len > 0 ? o->dog : (tmg_span){NULL, 0});
    TMG_TRY(tmg_exec(s, err));
    o->id = tmg_last_id(db);
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "service_number", o->service_number);
    return tmg_leaf_end(&l, db, who, "officer.added", "officer", o->id, err);
}

tmg_rc tmg_officer_change(tmg_db *db, const tmg_actor *who, const tmg_officer *o, tmg_err *err)
{
    tmg_stmt *s;
    tmg_leaf l;

    TMG_TRY(check_officer(o, err));
    TMG_TRY(
        tmg_sql(db,
                "UPDATE officer SET account_id = $2, home_post_id = $3, until_ms = $4, work_minutes = $5, "
                "rest_minutes = $6, skills = $7, name = $8, dog = $9 WHERE id = $1 AND service_number = $10",
                &s, err));
    tmg_bind_i64(s, 1, o->id);
    tmg_bind_id(s, 2, o->account_id);
    tmg_bind_i64(s, 3, o->home_post_id);
    tmg_bind_opt(s, 4, o->until_ms);
    tmg_bind_opt(s, 5, o->work_minutes);
    tmg_bind_opt(s, 6, o->rest_minutes);
    tmg_bind_i64(s, 7, o->skills);
    tmg_bind_text(s, 8, o->name);
    tmg_bind_text(s, 9, o->dog.len > 0 ? o->dog : (tmg_span){NULL, 0});
    tmg_bind_text(s, 10, o->service_number);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no officer %lld of the service number %.*s",
                        (long long)o->id, TMG_SPAN_ARG(o->service_number));
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "service_number", o->service_number);
    tmg_json_i64(&l.j, "post", o->home_post_id);
    tmg_json_i64(&l.j, "skills", o->skills);
    if (o->until_ms != TMG_NONE)
        tmg_json_time(&l.j, "until", o->until_ms, 0);
    return tmg_leaf_end(&l, db, who, "officer.changed", "officer", o->id, err);
}

tmg_rc tmg_instrument_list(tmg_db *db, int64_t post_id, tmg_arena *a, tmg_instrument **ret, size_t *ret_count,
                           tmg_err *err)
{
    tmg_instrument *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, post_id, per_hour, calibrated_until_ms, kind, name, out_of_order FROM "
                    "instrument WHERE post_id = "
                    "$1 OR $1 = 0 ORDER BY post_id, kind, name",
                    &s, err));
    tmg_bind_i64(s, 1, post_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_instrument){.id = tmg_col_i64(s, 0),
                                         .post_id = tmg_col_i64(s, 1),
                                         .per_hour = tmg_col_i64(s, 2),
                                         .calibrated_until_ms = tmg_col_opt(s, 3),
                                         .kind = (unsigned)tmg_col_i64(s, 4),
                                         .name = tmg_span_copy(a, tmg_col_text(s, 5)),
                                         .out_of_order = tmg_col_i64(s, 6) != 0};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_instrument_put(tmg_db *db, const tmg_actor *who, tmg_instrument *i, tmg_err *err)
{
    static const char add[] =
        "INSERT INTO instrument (post_id, kind, name, per_hour, calibrated_until_ms, out_of_order) "
        "VALUES ($1, $2, $3, $4, $5, $6)";
    static const char change[] =
        "UPDATE instrument SET post_id = $1, kind = $2, name = $3, per_hour = $4, calibrated_until_ms = "
        "$5, out_of_order = $6 WHERE id = $7";
    tmg_stmt *s;
    tmg_leaf l;

    if (i->kind == 0 || (i->kind & (i->kind - 1)) != 0 || (i->kind & ~(unsigned)TMG_MEANS_ALL) != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "kind: an instrument serves one means of control");
    if (i->per_hour < 1 || i->per_hour > 1000)
        return TMG_FAIL(err, TMG_E_INVALID, "per_hour: expected 1 to 1000 controls an hour");
    TMG_TRY(tmg_sql(db, i->id == 0 ? add : change, &s, err));
    tmg_bind_i64(s, 1, i->post_id);
    tmg_bind_i64(s, 2, i->kind);
    tmg_bind_text(s, 3, i->name);
    tmg_bind_i64(s, 4, i->per_hour);
    tmg_bind_opt(s, 5, i->calibrated_until_ms);
    tmg_bind_i64(s, 6, i->out_of_order);
    if (i->id != 0)
        tmg_bind_i64(s, 7, i->id);
    TMG_TRY(tmg_exec(s, err));
    if (i->id == 0)
        i->id = tmg_last_id(db);
    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "name", i->name);
    tmg_json_bool(&l.j, "out_of_order", i->out_of_order);
    return tmg_leaf_end(&l, db, who, "instrument.set", "instrument", i->id, err);
}
