/* The daily look for drift. */
#include "app/centre_priv.h"
#include "base/json.h"
#include "base/say.h"

static void describe_alarms(tmg_buf *b, int32_t day, const tmg_watch_row *rows, size_t count)
{
    TMG_AUTO_BUF date = {0}, words = {0};
    tmg_json_out j;

    tmg_buf_init(&date, 32);
    tmg_buf_init(&words, TMG_MOST_KEPT);
    tmg_day_write(&date, day);
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "day", date.ptr);
    tmg_json_array(&j, "alarms");
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].alarm)
            continue;
        tmg_json_object(&j, NULL);
        tmg_json_text(&j, "measure", rows[i].measure);
        tmg_json_text(&j, "about", rows[i].about);
        tmg_json_decimal(&j, "value", rows[i].value_ppm, 6);
        tmg_json_decimal(&j, "limit", rows[i].limit_ppm, 6);
        tmg_buf_clear(&words);
        tmg_say_english(&words, rows[i].words);
        tmg_json_text(&j, "words", tmg_buf_as_span(&words));
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    /* The last row says what exploration gets on top. */
    tmg_json_i64(&j, "explore_extra_ppm", count > 0 ? rows[count - 1].value_ppm : 0);
    tmg_json_end_object(&j);
}

tmg_rc tmg_watch_day(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_actor who = tmg_actor_centre();
    int32_t today = tmg_centre_today(c);
    tmg_watch_row *rows;
    size_t count, alarms = 0;
    bool done = false;

    TMG_TRY(tmg_watch_done(db, today, &done, err));
    if (done)
        return TMG_OK;
    TMG_TRY(tmg_watch_run(db, today, c->settings.offset_min, a, &rows, &count, err));
    for (size_t i = 0; i < count; i++)
        alarms += rows[i].alarm ? 1 : 0;
    if (alarms == 0)
        return TMG_OK;
    tmg_buf_init(&b, 1 << 15);
    describe_alarms(&b, today, rows, count);
    TMG_TRY(tmg_guard_log(db, &who, "watch.alarm", "watch", tmg_members(&b), err));
    tmg_tell(c, "watch.alarm", 0, 0, tmg_buf_as_span(&b));
    return TMG_OK;
}
