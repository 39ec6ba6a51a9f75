#include "app/demo_priv.h"

enum { WORK_CAP = 4 << 20, FIRST_NUMBER = 1001 };

tmg_rc tmg_demo_actor(tmg_db *db, const char *name, tmg_actor *ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_account *list;
    size_t count;

    TMG_TRY(tmg_account_list(db, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(list[i].name, name)) {
            *ret = tmg_actor_console();
            ret->account_id = list[i].id;
            ret->role = list[i].role;
            (void)snprintf(ret->name, sizeof ret->name, "%s", name);
            (void)snprintf(ret->display, sizeof ret->display, "%.*s", TMG_SPAN_ARG(list[i].display));
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "the demonstration has no account %s", name);
}

int64_t tmg_demo_post(tmg_db *db, const char *code)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_post post;
    tmg_err none;

    return tmg_post_by_code(db, tmg_span_of(code), a, &post, &none) == TMG_OK ? post.id : 0;
}

/* ---- officers ---- */

typedef struct unit {
    const char *name, *dog;
    unsigned skills;
} unit;

/* What every land post has; a handler and the dog are one unit. */
static const unit of_a_post[] = {
    {"Inspector, first shift", NULL, TMG_MEANS_DOCUMENTS | TMG_MEANS_UNLOADING | TMG_MEANS_SCALE},
    {"Inspector, second shift", NULL, TMG_MEANS_DOCUMENTS | TMG_MEANS_UNLOADING | TMG_MEANS_SCALE},
    {"X-ray operator", NULL, TMG_MEANS_XRAY | TMG_MEANS_DENSITY},
    {"Dog unit", "K9", TMG_MEANS_DOG}};

static tmg_rc add_unit(tmg_db *db, const tmg_actor *chief, int64_t post_id, const unit *u, int number,
                       int64_t account_id, int64_t *ret_id, tmg_err *err)
{
    char service[32], dog[32];
    tmg_officer o = {.home_post_id = post_id,
                     .account_id = account_id,
                     .until_ms = TMG_NONE,
                     .work_minutes = TMG_NONE,
                     .rest_minutes = TMG_NONE,
                     .name = tmg_span_of(u->name),
                     .skills = u->skills};

    (void)snprintf(service, sizeof service, "D-%04d", number);
    o.service_number = tmg_span_of(service);
    if (u->dog != NULL) {
        (void)snprintf(dog, sizeof dog, "%s-%02d", u->dog, number % 100);
        o.dog = tmg_span_of(dog);
        o.work_minutes = 40;
        o.rest_minutes = 60;
    }
    TMG_TRY(tmg_officer_add(db, chief, &o, err));
    if (ret_id != NULL)
        *ret_id = o.id;
    return TMG_OK;
}

/* ---- instruments ---- */

static tmg_rc add_instrument(tmg_db *db, const tmg_actor *chief, int64_t post_id, unsigned kind,
                             const char *name, int64_t per_hour, int calibrated_days, bool broken,
                             tmg_err *err)
{
    tmg_instrument i = {.post_id = post_id,
                        .kind = kind,
                        .name = tmg_span_of(name),
                        .per_hour = per_hour,
                        .calibrated_until_ms = tmg_now_ms() + calibrated_days * TMG_DAY_MS,
                        .out_of_order = broken};

    return tmg_instrument_put(db, chief, &i, err);
}

/* Two lanes where most trucks come; now and then one is out of order or over its calibration, as anywhere. */
static tmg_rc equip(tmg_db *db, const tmg_actor *chief, int64_t post_id, size_t at, tmg_err *err)
{
    TMG_TRY(add_instrument(db, chief, post_id, TMG_MEANS_XRAY, "X-ray lane 1", 8, 200, at == 3, err));
    if (at < 2)
        TMG_TRY(
            add_instrument(db, chief, post_id, TMG_MEANS_XRAY, "X-ray lane 2, mobile", 5, 120, false, err));
    TMG_TRY(add_instrument(db, chief, post_id, TMG_MEANS_SCALE, "Truck scale", 20, at == 4 ? -3 : 150, false,
                           err));
    TMG_TRY(add_instrument(db, chief, post_id, TMG_MEANS_DENSITY, "Density meter", 12, 90, false, err));
    return add_instrument(db, chief, post_id, TMG_MEANS_UNLOADING, "Unloading bay", 2, 3650, false, err);
}

/* ---- who is sent where ---- */

static tmg_rc send(tmg_centre *c, tmg_db *db, const tmg_actor *chief, int64_t officer_id, int64_t account_id,
                   int64_t post_id, int from_days, int days, bool ordered, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    tmg_dispatch d = {.officer_id = officer_id,
                      .account_id = account_id,
                      .post_id = post_id,
                      .from_ms = tmg_now_ms() + from_days * TMG_DAY_MS,
                      .until_ms = tmg_now_ms() + (from_days + days) * TMG_DAY_MS,
                      .reason = TMG_SPAN("a newly opened post is short of officers")};

    TMG_TRY(tmg_dispatch_make(c->flows, db, chief, &d, a, err));
    return ordered ? tmg_use_dispatch_move(c, db, chief, d.id, TMG_SPAN("order"), (tmg_span){NULL, 0}, a, err)
                   : TMG_OK;
}

static tmg_rc open_new_post(tmg_centre *c, tmg_db *db, const tmg_actor *chief, int64_t home, int number,
                            tmg_err *err)
{
    static const unit relief[] = {
        {"Inspector, relief", NULL, TMG_MEANS_DOCUMENTS | TMG_MEANS_UNLOADING | TMG_MEANS_SCALE},
        {"Dog unit, relief", "K9", TMG_MEANS_DOG}};
    int64_t fresh = tmg_demo_post(db, "AZQBD001"), id;
    tmg_actor account;

    if (fresh == 0 || home == 0)
        return TMG_OK;
    TMG_TRY(tmg_demo_actor(db, "relief", &account, err));
    TMG_TRY(add_unit(db, chief, home, &relief[0], number, account.account_id, &id, err));
    TMG_TRY(send(c, db, chief, id, account.account_id, fresh, -2, 16, true, err));
    TMG_TRY(add_unit(db, chief, home, &relief[1], number + 1, 0, &id, err));
    return send(c, db, chief, id, 0, fresh, 3, 14, false, err);
}

/* ---- who is on when ---- */

static tmg_rc add_team(tmg_db *db, const tmg_actor *chief, int64_t post_id, const char *name,
                       int64_t *members, size_t count, int64_t first_ms, tmg_err *err)
{
    enum { DAYS = 3, SHIFT_H = 12 };
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    tmg_team t = {.post_id = post_id, .name = tmg_span_of(name), .members = members, .member_count = count};

    TMG_TRY(tmg_team_put(db, chief, &t, a, err));
    for (int day = 0; day < DAYS; day++) {
        tmg_shift x = {.team_id = t.id, .from_ms = first_ms + day * TMG_DAY_MS};

        x.until_ms = x.from_ms + SHIFT_H * TMG_HOUR_MS;
        TMG_TRY(tmg_rota_plan(db, chief, &x, a, err));
    }
    return TMG_OK;
}

/* By day inspector, X-ray operator and dog, by night the other inspector; from this morning on. */
static tmg_rc keep_rota(tmg_db *db, const tmg_actor *chief, int64_t post_id, int64_t morning_ms,
                        int64_t first_officer, tmg_err *err)
{
    int64_t by_day[] = {first_officer, first_officer + 2, first_officer + 3},
            by_night[] = {first_officer + 1};

    TMG_TRY(add_team(db, chief, post_id, "Day team", by_day, 3, morning_ms, err));
    return add_team(db, chief, post_id, "Night team", by_night, 1, morning_ms + TMG_DAY_MS / 2, err);
}

tmg_rc tmg_demo_staff(void *centre, tmg_db *db, tmg_err *err)
{
    enum { UNITS = (int)(sizeof of_a_post / sizeof of_a_post[0]), STAFFED = 6 };
    static const char *const posts[STAFFED] = {"AZAST001", "AZBIL001", "AZQRK001",
                                               "AZSAM001", "AZCUL001", "AZSHT001"};
    int number = FIRST_NUMBER;
    tmg_actor chief;

    TMG_TRY(tmg_demo_actor(db, "chief", &chief, err));
    for (size_t i = 0; i < STAFFED; i++) {
        int64_t post = tmg_demo_post(db, posts[i]);

        if (post == 0)
            continue;
        for (int u = 0; u < UNITS; u++)
            TMG_TRY(add_unit(db, &chief, post, &of_a_post[u], number++, 0, NULL, err));
        TMG_TRY(equip(db, &chief, post, i, err));
    }
    return open_new_post(centre, db, &chief, tmg_demo_post(db, "AZBIL001"), number, err);
}

static tmg_rc first_officer_of(tmg_db *db, int64_t post_id, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT min(id) FROM officer WHERE home_post_id = $1", &s, err));
    tmg_bind_i64(s, 1, post_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_demo_rota(void *centre, tmg_db *db, tmg_err *err)
{
    /* The smaller posts work as the calls come. */
    static const char *const posts[] = {"AZBIL001", "AZQRK001", "AZSAM001"};
    int offset_min = tmg_centre_settings(centre)->offset_min;
    int64_t morning_ms = tmg_day_start_ms(tmg_day_of(tmg_now_ms(), offset_min), offset_min) + 6 * TMG_HOUR_MS;
    tmg_actor chief;

    TMG_TRY(tmg_demo_actor(db, "chief", &chief, err));
    for (size_t i = 0; i < sizeof posts / sizeof posts[0]; i++) {
        int64_t post = tmg_demo_post(db, posts[i]), first = 0;

        if (post != 0)
            TMG_TRY(first_officer_of(db, post, &first, err));
        if (first != 0)
            TMG_TRY(keep_rota(db, &chief, post, morning_ms, first, err));
    }
    return TMG_OK;
}
