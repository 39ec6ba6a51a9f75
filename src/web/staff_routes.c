/* Officers, instruments, and who is sent where. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 16 << 20 };

/* What the dog has worked since its last whole rest, and from when it may work again. */
static tmg_rc write_dog(tmg_json_out *j, tmg_db *db, const tmg_officer *o, tmg_err *err)
{
    int64_t worked, until;

    if (o->dog.len == 0)
        return TMG_OK;
    TMG_TRY(tmg_dog_rests_until(db, o, tmg_now_ms(), &worked, &until, err));
    tmg_json_i64(j, "worked_minutes", worked / (60 * TMG_SECOND_MS));
    if (until > tmg_now_ms())
        tmg_json_time(j, "rests_until", until, 0);
    return TMG_OK;
}

static tmg_rc write_officer(tmg_json_out *j, tmg_db *db, const tmg_officer *o, tmg_arena *a, tmg_err *err)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", o->id);
    tmg_json_text(j, "service_number", o->service_number);
    tmg_json_text(j, "name", o->name);
    tmg_write_means(j, "skills", o->skills);
    tmg_write_said(j, "dog", o->dog);
    tmg_write_stated(j, "work_minutes", o->work_minutes);
    tmg_write_stated(j, "rest_minutes", o->rest_minutes);
    tmg_json_text(j, "post", tmg_name_of(db, TMG_POST_CODE, o->home_post_id, a));
    if (o->account_id != 0)
        tmg_json_i64(j, "account", o->account_id);
    TMG_TRY(write_dog(j, db, o, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

static void write_instrument(tmg_json_out *j, tmg_db *db, const tmg_instrument *i, tmg_arena *a)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", i->id);
    tmg_json_text(j, "post", tmg_name_of(db, TMG_POST_CODE, i->post_id, a));
    tmg_json_z(j, "kind", tmg_means_name(i->kind));
    tmg_json_text(j, "name", i->name);
    tmg_json_i64(j, "per_hour", i->per_hour);
    tmg_write_stated_time(j, "calibrated_until", i->calibrated_until_ms);
    tmg_json_bool(j, "out_of_order", i->out_of_order);
    tmg_json_end_object(j);
}

static tmg_rc write_dispatch(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_dispatch *d,
                             const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    tmg_flow_item item;

    TMG_TRY(tmg_flow_at(db, TMG_SPAN("dispatch"), d->id, a, &item, err));
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", d->id);
    tmg_json_i64(j, "officer", d->officer_id);
    tmg_json_text(j, "officer_name",
                  tmg_name_of(db, "SELECT name FROM officer WHERE id = $1", d->officer_id, a));
    tmg_json_text(j, "post", tmg_name_of(db, TMG_POST_CODE, d->post_id, a));
    tmg_json_time(j, "from", d->from_ms, 0);
    tmg_json_time(j, "until", d->until_ms, 0);
    tmg_json_text(j, "reason", d->reason);
    TMG_TRY(tmg_write_flow(j, "flow", c, db, &item, true, people, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc write_teams(tmg_json_out *j, tmg_call *c, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    tmg_team *list;
    size_t count;

    TMG_TRY(tmg_team_list(db, a, &list, &count, err));
    tmg_json_array(j, "teams");
    for (size_t i = 0; i < count; i++) {
        if (!tmg_call_sees_post(c, list[i].post_id))
            continue;
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", list[i].id);
        tmg_json_text(j, "name", list[i].name);
        tmg_json_text(j, "post", tmg_name_of(db, TMG_POST_CODE, list[i].post_id, a));
        tmg_json_array(j, "members");
        for (size_t k = 0; k < list[i].member_count; k++)
            tmg_json_i64(j, NULL, list[i].members[k]);
        tmg_json_end_array(j);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

/* From yesterday to the end of what is planned two months ahead. */
static tmg_rc write_rota(tmg_json_out *j, tmg_call *c, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    enum { DAYS_AHEAD = 60 };
    int64_t now = tmg_now_ms();
    tmg_shift *list;
    size_t count;

    TMG_TRY(tmg_rota_list(db, now - TMG_DAY_MS, now + DAYS_AHEAD * TMG_DAY_MS, a, &list, &count, err));
    tmg_json_array(j, "rota");
    for (size_t i = 0; i < count; i++) {
        if (!tmg_call_sees_post(c, list[i].post_id))
            continue;
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", list[i].id);
        tmg_json_i64(j, "team", list[i].team_id);
        tmg_json_time(j, "from", list[i].from_ms, 0);
        tmg_json_time(j, "until", list[i].until_ms, 0);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

/* A team sees what is at its own posts; others see every post that they see. */
static tmg_rc write_answer(tmg_call *c, int status, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_officer *officers;
    tmg_instrument *instruments;
    tmg_dispatch *dispatches;
    size_t officer_count, instrument_count, dispatch_count;
    tmg_people people;
    tmg_json_out j;

    TMG_TRY(tmg_officer_list(db, a, &officers, &officer_count, err));
    TMG_TRY(tmg_instrument_list(db, 0, a, &instruments, &instrument_count, err));
    TMG_TRY(tmg_dispatch_list(db, a, &dispatches, &dispatch_count, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    tmg_call_json(c, status, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "officers");
    for (size_t i = 0; i < officer_count; i++)
        if (tmg_call_sees_post(c, officers[i].home_post_id))
            TMG_TRY(write_officer(&j, db, &officers[i], a, err));
    tmg_json_end_array(&j);
    tmg_json_array(&j, "instruments");
    for (size_t i = 0; i < instrument_count; i++)
        if (tmg_call_sees_post(c, instruments[i].post_id))
            write_instrument(&j, db, &instruments[i], a);
    tmg_json_end_array(&j);
    tmg_json_array(&j, "dispatches");
    for (size_t i = 0; i < dispatch_count; i++)
        if (tmg_call_sees_post(c, dispatches[i].post_id))
            TMG_TRY(write_dispatch(&j, c, db, &dispatches[i], &people, a, err));
    tmg_json_end_array(&j);
    TMG_TRY(write_teams(&j, c, db, a, err));
    TMG_TRY(write_rota(&j, c, db, a, err));
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc list_staff(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    (void)ctx;
    TMG_TRY(tmg_log_opened(c, db, "staff.read", "staff", 0, err));
    return write_answer(c, 200, db, err);
}

void tmg_do_staff_list(tmg_call *c)
{
    tmg_call_write(c, list_staff, NULL, NULL);
}

/* ---- changes ---- */

/* The post that an officer leaves is asked, too. */
static tmg_rc may_change_officer(tmg_call *c, tmg_db *db, int64_t id, tmg_arena *a, tmg_err *err)
{
    tmg_officer *list;
    size_t count;

    TMG_TRY(tmg_officer_list(db, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id)
            return tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, list[i].home_post_id, err);
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no officer %lld in service", (long long)id);
}

static tmg_rc put_officer(tmg_call *c, tmg_db *db, const tmg_json *o, tmg_arena *a, tmg_err *err)
{
    tmg_officer x = {.id = tmg_body_i64(o, "id", 0),
                     .service_number = tmg_body_text(o, "service_number"),
                     .name = tmg_body_text(o, "name"),
                     .skills = tmg_read_means(tmg_json_member(o, "skills")),
                     .dog = tmg_body_text(o, "dog"),
                     .work_minutes = tmg_body_i64(o, "work_minutes", TMG_NONE),
                     .rest_minutes = tmg_body_i64(o, "rest_minutes", TMG_NONE),
                     .until_ms = TMG_NONE};
    tmg_span account = tmg_body_text(o, "account");
    tmg_people people;

    TMG_TRY(tmg_body_post(db, o, "post", a, &x.home_post_id, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, x.home_post_id, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    if (account.len > 0)
        TMG_TRY(tmg_person_id(&people, account, &x.account_id, err));
    TMG_TRY(tmg_body_time(c, o, "until", &x.until_ms, err));
    if (x.id == 0)
        return tmg_officer_add(db, &c->who, &x, err);
    TMG_TRY(may_change_officer(c, db, x.id, a, err));
    return tmg_officer_change(db, &c->who, &x, err);
}

static tmg_rc set_instrument(tmg_call *c, tmg_db *db, const tmg_json *o, tmg_arena *a, tmg_err *err)
{
    tmg_instrument x = {.id = tmg_body_i64(o, "id", 0),
                        .kind = tmg_means_of(tmg_body_text(o, "kind")),
                        .name = tmg_body_text(o, "name"),
                        .per_hour = tmg_body_i64(o, "per_hour", 0),
                        .calibrated_until_ms = TMG_NONE,
                        .out_of_order = tmg_json_as_bool(tmg_json_member(o, "out_of_order"), false)};

    TMG_TRY(tmg_body_post(db, o, "post", a, &x.post_id, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, x.post_id, err));
    TMG_TRY(tmg_body_time(c, o, "calibrated_until", &x.calibrated_until_ms, err));
    if (x.id != 0 && tmg_name_of(db, "SELECT name FROM instrument WHERE id = $1", x.id, a).len == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no instrument %lld", (long long)x.id);
    return tmg_instrument_put(db, &c->who, &x, err);
}

static tmg_rc plan_dispatch(tmg_call *c, tmg_db *db, const tmg_json *o, tmg_arena *a, tmg_err *err)
{
    tmg_dispatch x = {.officer_id = tmg_body_i64(o, "officer", 0), .reason = tmg_body_text(o, "reason")};
    tmg_officer *list;
    size_t count, i = 0;

    TMG_TRY(tmg_body_post(db, o, "post", a, &x.post_id, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, x.post_id, err));
    TMG_TRY(tmg_body_time(c, o, "from", &x.from_ms, err));
    TMG_TRY(tmg_body_time(c, o, "until", &x.until_ms, err));
    TMG_TRY(tmg_officer_list(db, a, &list, &count, err));
    while (i < count && list[i].id != x.officer_id)
        i++;
    if (i == count)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no officer %lld in service", (long long)x.officer_id);
    x.account_id = list[i].account_id;
    return tmg_dispatch_make(tmg_centre_flows(c->site->centre), db, &c->who, &x, a, err);
}

static tmg_rc set_team(tmg_call *c, tmg_db *db, const tmg_json *o, tmg_arena *a, tmg_err *err)
{
    const tmg_json *members = tmg_json_member(o, "members");
    tmg_team x = {.id = tmg_body_i64(o, "id", 0),
                  .name = tmg_body_text(o, "name"),
                  .member_count = tmg_json_count(members),
                  .ended = tmg_json_as_bool(tmg_json_member(o, "ended"), false)};

    TMG_TRY(tmg_body_post(db, o, "post", a, &x.post_id, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, x.post_id, err));
    x.members = tmg_alloc_array(a, x.member_count + 1, sizeof *x.members);
    for (size_t i = 0; i < x.member_count; i++)
        x.members[i] = tmg_json_as_i64(tmg_json_at(members, i), 0);
    return tmg_team_put(db, &c->who, &x, a, err);
}

static tmg_rc plan_shift(tmg_call *c, tmg_db *db, const tmg_json *o, tmg_arena *a, tmg_err *err)
{
    tmg_shift x = {.team_id = tmg_body_i64(o, "team", 0)};

    TMG_TRY(tmg_body_time(c, o, "from", &x.from_ms, err));
    TMG_TRY(tmg_body_time(c, o, "until", &x.until_ms, err));
    TMG_TRY(tmg_rota_plan(db, &c->who, &x, a, err));
    return tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, x.post_id, err);
}

static tmg_rc withdraw_shift(tmg_call *c, tmg_db *db, const tmg_json *o, tmg_err *err)
{
    tmg_shift x;

    TMG_TRY(tmg_rota_read(db, tmg_body_i64(o, "id", 0), &x, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_STAFF_SET, x.post_id, err));
    return tmg_rota_withdraw(db, &c->who, x.id, err);
}

static tmg_rc change_staff(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const tmg_json *officer = tmg_json_member(c->json, "officer"),
                   *instrument = tmg_json_member(c->json, "instrument"),
                   *dispatch = tmg_json_member(c->json, "dispatch"), *move = tmg_json_member(c->json, "move"),
                   *team = tmg_json_member(c->json, "team"), *shift = tmg_json_member(c->json, "shift"),
                   *withdrawn = tmg_json_member(c->json, "shift_withdrawn");

    (void)ctx;
    if (tmg_json_count(c->json) != 1)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "one change at a time: officer, instrument, dispatch, move, team, shift or "
                        "shift_withdrawn");
    if (officer != NULL)
        TMG_TRY(put_officer(c, db, officer, a, err));
    else if (instrument != NULL)
        TMG_TRY(set_instrument(c, db, instrument, a, err));
    else if (dispatch != NULL)
        TMG_TRY(plan_dispatch(c, db, dispatch, a, err));
    else if (team != NULL)
        TMG_TRY(set_team(c, db, team, a, err));
    else if (shift != NULL)
        TMG_TRY(plan_shift(c, db, shift, a, err));
    else if (withdrawn != NULL)
        TMG_TRY(withdraw_shift(c, db, withdrawn, err));
    else
        TMG_TRY(tmg_use_dispatch_move(c->site->centre, db, &c->who, tmg_body_i64(move, "dispatch", 0),
                                      tmg_body_text(move, "arrow"), tmg_body_text(move, "note"), a, err));
    return write_answer(c, 201, db, err);
}

void tmg_do_staff_change(tmg_call *c)
{
    tmg_call_write(c, change_staff, NULL, NULL);
}
