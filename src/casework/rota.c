/* Teams of a post and the shifts that they are on. */
#include "casework/reading_priv.h"

enum { MOST_NAME = 200, SHIFTS_AT_ONCE = 2000 };

/* ---- teams ---- */

static tmg_rc read_members(tmg_db *db, tmg_arena *a, tmg_team *t, tmg_err *err)
{
    size_t room = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT officer_id FROM team_officer WHERE team_id = $1 AND from_ms <= $2 AND (until_ms IS NULL OR "
        "until_ms > $2) ORDER BY officer_id",
        &s, err));
    tmg_bind_i64(s, 1, t->id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        t->members = tmg_grown(a, t->members, t->member_count, &room, sizeof *t->members);
        t->members[t->member_count++] = tmg_col_i64(s, 0);
    }
}

tmg_rc tmg_team_list(tmg_db *db, tmg_arena *a, tmg_team **ret, size_t *ret_count, tmg_err *err)
{
    tmg_team *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT id, post_id, name FROM team WHERE until_ms IS NULL OR until_ms > $1 ORDER BY post_id, name",
        &s, err));
    tmg_bind_i64(s, 1, tmg_now_ms());
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_team){.id = tmg_col_i64(s, 0),
                                   .post_id = tmg_col_i64(s, 1),
                                   .name = tmg_span_copy(a, tmg_col_text(s, 2))};
    }
    for (size_t i = 0; i < count; i++)
        TMG_TRY(read_members(db, a, &list[i], err));
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc team_of(tmg_db *db, int64_t id, tmg_arena *a, tmg_team *ret, tmg_err *err)
{
    tmg_team *list;
    size_t count;

    TMG_TRY(tmg_team_list(db, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id) {
            *ret = list[i];
            return TMG_OK;
        }
    return tmg_err_named(TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no team %lld", (long long)id), err,
                         "rota.team");
}

static bool holds(const int64_t *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == id)
            return true;
    return false;
}

static tmg_rc members_serve(tmg_db *db, const tmg_team *t, tmg_arena *a, tmg_err *err)
{
    tmg_officer *officers;
    size_t count;

    TMG_TRY(tmg_officer_list(db, a, &officers, &count, err));
    for (size_t i = 0; i < t->member_count; i++) {
        size_t at = 0;

        while (at < count && officers[at].id != t->members[i])
            at++;
        if (at == count)
            return tmg_err_named(TMG_FAIL(err, TMG_E_NOT_FOUND,
                                          "members: there is no officer %lld in service",
                                          (long long)t->members[i]),
                                 err, "team.member");
        if (holds(t->members, i, t->members[i]))
            return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "members: officer %lld is named twice",
                                          (long long)t->members[i]),
                                 err, "team.member");
    }
    return TMG_OK;
}

static tmg_rc store_team(tmg_db *db, tmg_team *t, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    t->id == 0 ? "INSERT INTO team (post_id, name, until_ms) VALUES ($1, $2, $3)"
                               : "UPDATE team SET post_id = $1, name = $2, until_ms = $3 WHERE id = $4",
                    &s, err));
    tmg_bind_i64(s, 1, t->post_id);
    tmg_bind_text(s, 2, tmg_span_trim(t->name));
    tmg_bind_opt(s, 3, t->ended ? tmg_now_ms() : TMG_NONE);
    if (t->id != 0)
        tmg_bind_i64(s, 4, t->id);
    TMG_TRY(tmg_exec(s, err));
    if (t->id == 0)
        t->id = tmg_last_id(db);
    return TMG_OK;
}

static tmg_rc let_in_or_out(tmg_db *db, int64_t team_id, int64_t officer_id, bool in, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db,
        in ? "INSERT INTO team_officer (team_id, officer_id, from_ms) VALUES ($1, $2, $3)"
           : "UPDATE team_officer SET until_ms = $3 WHERE team_id = $1 AND officer_id = $2 AND (until_ms "
             "IS NULL OR until_ms > $3)",
        &s, err));
    tmg_bind_i64(s, 1, team_id);
    tmg_bind_i64(s, 2, officer_id);
    tmg_bind_i64(s, 3, tmg_now_ms());
    return tmg_exec(s, err);
}

static tmg_rc log_team(tmg_db *db, const tmg_actor *who, const tmg_team *t, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "name", t->name);
    tmg_json_i64(&l.j, "post", t->post_id);
    tmg_json_array(&l.j, "members");
    for (size_t i = 0; i < t->member_count; i++)
        tmg_json_i64(&l.j, NULL, t->members[i]);
    tmg_json_end_array(&l.j);
    if (t->ended)
        tmg_json_bool(&l.j, "ended", true);
    return tmg_leaf_end(&l, db, who, "team.set", "team", t->id, err);
}

tmg_rc tmg_team_put(tmg_db *db, const tmg_actor *who, tmg_team *t, tmg_arena *a, tmg_err *err)
{
    tmg_team before = {0};

    if (tmg_span_trim(t->name).len == 0 || t->name.len > MOST_NAME || t->post_id == 0)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "name: a team has a name of 1 to %d bytes and a post", MOST_NAME),
            err, "team.name");
    if (t->id != 0)
        TMG_TRY(team_of(db, t->id, a, &before, err));
    TMG_TRY(members_serve(db, t, a, err));
    TMG_TRY(store_team(db, t, err));
    for (size_t i = 0; i < before.member_count; i++)
        if (t->ended || !holds(t->members, t->member_count, before.members[i]))
            TMG_TRY(let_in_or_out(db, t->id, before.members[i], false, err));
    for (size_t i = 0; !t->ended && i < t->member_count; i++)
        if (!holds(before.members, before.member_count, t->members[i]))
            TMG_TRY(let_in_or_out(db, t->id, t->members[i], true, err));
    return log_team(db, who, t, err);
}

/* ---- the rota ---- */

tmg_rc tmg_rota_list(tmg_db *db, int64_t from_ms, int64_t until_ms, tmg_arena *a, tmg_shift **ret,
                     size_t *ret_count, tmg_err *err)
{
    tmg_shift *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT r.id, r.team_id, r.from_ms, r.until_ms, t.post_id FROM rota r JOIN team t ON "
                    "t.id = r.team_id "
                    "WHERE r.withdrawn_ms IS NULL AND r.until_ms > $1 AND r.from_ms < $2 ORDER BY r.from_ms, "
                    "r.id LIMIT $3",
                    &s, err));
    tmg_bind_i64(s, 1, from_ms);
    tmg_bind_i64(s, 2, until_ms);
    tmg_bind_i64(s, 3, SHIFTS_AT_ONCE);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_shift){.id = tmg_col_i64(s, 0),
                                    .team_id = tmg_col_i64(s, 1),
                                    .from_ms = tmg_col_i64(s, 2),
                                    .until_ms = tmg_col_i64(s, 3),
                                    .post_id = tmg_col_i64(s, 4)};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc is_free(tmg_db *db, const tmg_shift *x, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT 1 FROM rota WHERE team_id = $1 AND withdrawn_ms IS NULL AND from_ms < $3 AND until_ms > $2 "
        "LIMIT 1",
        &s, err));
    tmg_bind_i64(s, 1, x->team_id);
    tmg_bind_i64(s, 2, x->from_ms);
    tmg_bind_i64(s, 3, x->until_ms);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    return row ? tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "the team has a shift in this time already"),
                               err, "rota.overlap")
               : TMG_OK;
}

static tmg_rc log_shift(tmg_db *db, const tmg_actor *who, const char *action, const tmg_shift *x,
                        tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "team", x->team_id);
    tmg_json_time(&l.j, "begins", x->from_ms, 0);
    tmg_json_time(&l.j, "ends", x->until_ms, 0);
    return tmg_leaf_end(&l, db, who, action, "shift", x->id, err);
}

tmg_rc tmg_rota_plan(tmg_db *db, const tmg_actor *who, tmg_shift *x, tmg_arena *a, tmg_err *err)
{
    tmg_team t;
    tmg_stmt *s;

    TMG_TRY(team_of(db, x->team_id, a, &t, err));
    if (x->until_ms <= x->from_ms || x->until_ms - x->from_ms > TMG_DAY_MS)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "until: a shift ends after it begins, and within 24 hours"), err,
            "rota.interval");
    if (x->until_ms <= tmg_now_ms())
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "until: this shift would be over already"), err,
                             "rota.past");
    TMG_TRY(is_free(db, x, err));
    x->post_id = t.post_id;
    TMG_TRY(
        tmg_sql(db, "INSERT INTO rota (team_id, day, from_ms, until_ms) VALUES ($1, $2, $3, $4)", &s, err));
    tmg_bind_i64(s, 1, x->team_id);
    tmg_bind_i64(s, 2, tmg_day_of(x->from_ms, 0));
    tmg_bind_i64(s, 3, x->from_ms);
    tmg_bind_i64(s, 4, x->until_ms);
    TMG_TRY(tmg_exec(s, err));
    x->id = tmg_last_id(db);
    return log_shift(db, who, "rota.planned", x, err);
}

tmg_rc tmg_rota_read(tmg_db *db, int64_t id, tmg_shift *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT r.team_id, r.from_ms, r.until_ms, t.post_id FROM rota r JOIN team t ON t.id = "
                    "r.team_id WHERE "
                    "r.id = $1 AND r.withdrawn_ms IS NULL",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no shift %lld", (long long)id);
    *ret = (tmg_shift){.id = id,
                       .team_id = tmg_col_i64(s, 0),
                       .from_ms = tmg_col_i64(s, 1),
                       .until_ms = tmg_col_i64(s, 2),
                       .post_id = tmg_col_i64(s, 3)};
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_rota_withdraw(tmg_db *db, const tmg_actor *who, int64_t id, tmg_err *err)
{
    tmg_shift x;
    tmg_stmt *s;

    TMG_TRY(tmg_rota_read(db, id, &x, err));
    if (x.until_ms <= tmg_now_ms())
        return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "a shift that is over stays as it was"), err,
                             "rota.past");
    TMG_TRY(tmg_sql(db, "UPDATE rota SET withdrawn_ms = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    TMG_TRY(tmg_exec(s, err));
    return log_shift(db, who, "rota.withdrawn", &x, err);
}
