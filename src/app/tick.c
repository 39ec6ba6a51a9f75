/* What the centre does by the clock: day keys are committed before their day and published after it. */
#include "app/again_priv.h"
#include "app/casework_priv.h"
#include "app/rules.h"
#include "base/json.h"

enum { KEY = 32 };

tmg_actor tmg_actor_centre(void)
{
    tmg_actor who = {.role = TMG_ADMINISTRATOR};

    (void)snprintf(who.name, sizeof who.name, "centre");
    (void)snprintf(who.display, sizeof who.display, "the centre itself");
    (void)snprintf(who.from, sizeof who.from, "clock");
    return who;
}

static tmg_rc log_key(tmg_db *db, const char *action, int32_t day, const char *member, const void *bytes,
                      size_t len, tmg_err *err)
{
    tmg_actor who = tmg_actor_centre();
    TMG_AUTO_BUF b = {0}, date = {0}, hex = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 512);
    tmg_buf_init(&date, 32);
    tmg_buf_init(&hex, 128);
    tmg_day_write(&date, day);
    tmg_hex_write(&hex, bytes, len);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "day", date.ptr);
    tmg_json_z(&j, member, hex.ptr);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, &who, action, "day", tmg_members(&b), err);
}

static tmg_rc commit_key(tmg_db *db, int32_t day, tmg_err *err)
{
    uint8_t key[KEY];
    bool is_new;
    tmg_sha256 commitment;

    TMG_TRY(tmg_day_key(db, day, key, &is_new, err));
    if (!is_new)
        return TMG_OK;
    commitment = tmg_sha256_of(key, sizeof key);
    return log_key(db, "day_key.committed", day, "commitment", commitment.b, sizeof commitment.b, err);
}

tmg_rc tmg_day_key_commit(tmg_db *db, int32_t day, const uint8_t key[32], tmg_err *err)
{
    tmg_sha256 commitment = tmg_sha256_of(key, KEY);
    tmg_stmt *s = NULL;

    TMG_TRY(
        tmg_sql(db, "INSERT INTO day_key (day, key) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING", &s, err));
    tmg_bind_i64(s, 1, day);
    tmg_bind_blob(s, 2, (tmg_span){(const char *)key, KEY});
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_OK;
    return log_key(db, "day_key.committed", day, "commitment", commitment.b, sizeof commitment.b, err);
}

static tmg_rc publish_keys(tmg_centre *c, tmg_db *db, int32_t before_day, tmg_err *err)
{
    for (;;) {
        tmg_stmt *s;
        bool row;
        int32_t day;
        uint8_t key[KEY] = {0};

        TMG_TRY(tmg_sql(
            db, "SELECT day, key FROM day_key WHERE published_ms IS NULL AND day < $1 ORDER BY day LIMIT 1",
            &s, err));
        tmg_bind_i64(s, 1, before_day);
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        day = (int32_t)tmg_col_i64(s, 0);
        if (tmg_col_blob(s, 1).len == KEY)
            memcpy(key, tmg_col_blob(s, 1).ptr, KEY);
        tmg_reset(s);
        TMG_TRY(tmg_state_draws(c, db, day, err));
        TMG_TRY(tmg_sql(db, "UPDATE day_key SET published_ms = $1 WHERE day = $2", &s, err));
        tmg_bind_i64(s, 1, tmg_now_ms());
        tmg_bind_i64(s, 2, day);
        TMG_TRY(tmg_exec(s, err));
        TMG_TRY(log_key(db, "day_key.published", day, "key", key, KEY, err));
    }
}

void tmg_describe_draw(tmg_json_out *j, const tmg_selection *s)
{
    TMG_AUTO_BUF date = {0};

    tmg_buf_init(&date, 32);
    tmg_day_write(&date, s->day);
    tmg_json_i64(j, "post", s->post_id);
    tmg_json_z(j, "day", date.ptr);
    tmg_json_i64(j, "share_ppb", s->share_ppb);
    tmg_json_i64(j, "draw", s->draw);
    if (s->rule.ptr == NULL)
        return;
    tmg_json_text(j, "rule", s->rule);
    tmg_json_z(j, "rule_lane", tmg_lane_name(s->rule_lane));
    tmg_json_i64(j, "rule_share_ppm", s->rule_share_ppm);
    tmg_json_i64(j, "rule_draw", s->rule_draw);
}

tmg_rc tmg_choose(tmg_db *db, int64_t post_id, int32_t day, tmg_err *err)
{
    TMG_TRY(commit_key(db, day, err));
    return tmg_selection_run(db, post_id, day, err);
}

static tmg_rc wake(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    for (;;) {
        tmg_actor who = tmg_actor_centre();
        int64_t id, post_id, wake_ms;
        TMG_AUTO_BUF b = {0};
        tmg_json_out j;

        TMG_TRY(tmg_selection_wake(db, tmg_now_ms(), &id, &post_id, &wake_ms, err));
        if (id == 0)
            return TMG_OK;
        tmg_buf_init(&b, 512);
        tmg_json_begin(&j, &b);
        tmg_json_object(&j, NULL);
        tmg_json_time(&j, "until", wake_ms, 0);
        tmg_json_end_object(&j);
        TMG_TRY(tmg_guard_log(db, &who, "consignment.woke", tmg_object_of("consignment", id).text,
                              tmg_members(&b), err));
        tmg_tell(c, "consignment.woke", id, post_id, tmg_buf_as_span(&b));
    }
}

tmg_rc tmg_turn_day(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    int32_t today = tmg_centre_today(c);

    TMG_TRY(commit_key(db, today, err));
    TMG_TRY(commit_key(db, today + 1, err));
    return publish_keys(c, db, today, err);
}

tmg_rc tmg_tick(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_BUF note = {0};

    TMG_TRY(wake(c, db, err));
    TMG_TRY(tmg_turn_day(c, db, err));
    TMG_TRY(tmg_watch_day(c, db, err));
    TMG_TRY(tmg_rules_tick(c, db, err));
    TMG_TRY(tmg_again_tick(c, db, err));
    TMG_TRY(tmg_casework_tick(c, db, err));
    TMG_TRY(tmg_keep_clock(c, db, err));
    tmg_buf_init(&note, 1 << 12);
    return tmg_guard_checkpoint(db, c->settings.home, &note, err);
}
