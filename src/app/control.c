/* The chief's controls: what a post can inspect, and what a critical finding is worth. */
#include "app/centre_priv.h"
#include "base/json.h"
#include "risk/choosing.h"

enum { DAYS_AHEAD = 7, SHARE_MAX_PPM = 1000000 };

static const int64_t slots_max = 100000;

static tmg_rc choose_post(tmg_db *db, int64_t post_id, int32_t from, int32_t to, tmg_err *err)
{
    for (int32_t day = from; day <= to; day++)
        TMG_TRY(tmg_choose(db, post_id, day, err));
    return TMG_OK;
}

static tmg_rc choose_all(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    int32_t today = tmg_centre_today(c);
    tmg_post *posts;
    size_t count;

    TMG_TRY(tmg_post_list(db, a, &posts, &count, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(choose_post(db, posts[i].id, today, today + DAYS_AHEAD, err));
    return TMG_OK;
}

static tmg_rc check_capacity(const tmg_capacity *cap, tmg_err *err)
{
    const int64_t slots[] = {cap->red, cap->yellow, cap->blue};
    static const char *const names[] = {"red", "yellow", "blue"};

    for (size_t i = 0; i < 3; i++)
        if (slots[i] < 0 || slots[i] > slots_max)
            return TMG_FAIL(err, TMG_E_INVALID, "%s: expected 0 to %lld consignments a day", names[i],
                            (long long)slots_max);
    if (cap->random_ppm < 0 || cap->random_ppm > SHARE_MAX_PPM)
        return TMG_FAIL(err, TMG_E_INVALID, "random_ppm: expected 0 to %d parts per million", SHARE_MAX_PPM);
    if (cap->explore_ppm < TMG_EXPLORE_LEAST_PPM || cap->explore_ppm > TMG_EXPLORE_MOST_PPM)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "explore_ppm: expected %d to %d parts per million of the red places",
                        TMG_EXPLORE_LEAST_PPM, TMG_EXPLORE_MOST_PPM);
    return TMG_OK;
}

tmg_rc tmg_set_capacity(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span post_code,
                        int32_t day_or_none, const tmg_capacity *cap, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_BUF b = {0}, date = {0};
    tmg_json_out j;
    tmg_post post;
    int32_t today = tmg_centre_today(c);
    bool standing = day_or_none == INT32_MIN;

    TMG_TRY(tmg_post_by_code(db, post_code, a, &post, err));
    TMG_TRY(tmg_guard_may(who, TMG_MAY_CAPACITY_SET, post.id, err));
    TMG_TRY(check_capacity(cap, err));
    TMG_TRY(tmg_capacity_put(db, post.id, day_or_none, cap, who->account_id, err));
    TMG_TRY(choose_post(db, post.id, standing ? today : day_or_none,
                        standing ? today + DAYS_AHEAD : day_or_none, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_buf_init(&date, 32);
    if (!standing)
        tmg_day_write(&date, day_or_none);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    if (!standing)
        tmg_json_z(&j, "day", date.ptr);
    tmg_json_i64(&j, "red", cap->red);
    tmg_json_i64(&j, "yellow", cap->yellow);
    tmg_json_i64(&j, "blue", cap->blue);
    tmg_json_i64(&j, "random_ppm", cap->random_ppm);
    tmg_json_i64(&j, "explore_ppm", cap->explore_ppm);
    tmg_json_end_object(&j);
    TMG_TRY(
        tmg_guard_log(db, who, "capacity.set", tmg_object_of("post", post.id).text, tmg_members(&b), err));
    tmg_tell(c, "capacity.set", 0, post.id, tmg_buf_as_span(&b));
    return TMG_OK;
}

static void describe_slots(tmg_buf *b, int32_t day_or_none, int32_t shift, const tmg_slots *slots,
                           size_t count)
{
    TMG_AUTO_BUF date = {0};
    tmg_json_out j;

    tmg_buf_init(&date, 32);
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    if (day_or_none != INT32_MIN) {
        tmg_day_write(&date, day_or_none);
        tmg_json_z(&j, "day", date.ptr);
    }
    tmg_json_i64(&j, "shift", shift);
    tmg_json_array(&j, "means");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_z(&j, "means", tmg_means_name(slots[i].means));
        tmg_json_i64(&j, "slots", slots[i].slots);
        tmg_json_i64(&j, "minutes", slots[i].minutes);
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
}

tmg_rc tmg_set_means(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span post_code, int32_t day_or_none,
                     int32_t shift, const tmg_slots *slots, size_t count, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_BUF b = {0};
    tmg_post post;
    int32_t today = tmg_centre_today(c);
    bool standing = day_or_none == INT32_MIN;

    TMG_TRY(tmg_post_by_code(db, post_code, a, &post, err));
    TMG_TRY(tmg_guard_may(who, TMG_MAY_CAPACITY_SET, post.id, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_means_put(db, post.id, day_or_none, shift, &slots[i], who->account_id, err));
    TMG_TRY(choose_post(db, post.id, standing ? today : day_or_none,
                        standing ? today + DAYS_AHEAD : day_or_none, err));
    tmg_buf_init(&b, 1 << 12);
    describe_slots(&b, day_or_none, shift, slots, count);
    TMG_TRY(tmg_guard_log(db, who, "means.set", tmg_object_of("post", post.id).text, tmg_members(&b), err));
    tmg_tell(c, "means.set", 0, post.id, tmg_buf_as_span(&b));
    return TMG_OK;
}

tmg_rc tmg_set_dial(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t w_minor, tmg_err *err)
{
    static const int64_t most = INT64_C(100000000000);
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    int64_t before;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_DIAL_SET, 0, err));
    if (w_minor < 0 || w_minor > most)
        return TMG_FAIL(err, TMG_E_INVALID, "w: expected 0 to %lld minor units", (long long)most);
    TMG_TRY(tmg_dial_get(db, &before, err));
    TMG_TRY(tmg_dial_put(db, w_minor, who->account_id, err));
    TMG_TRY(choose_all(c, db, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "before_minor", before);
    tmg_json_i64(&j, "w_minor", w_minor);
    tmg_json_end_object(&j);
    TMG_TRY(tmg_guard_log(db, who, "dial.set", "dial", tmg_members(&b), err));
    tmg_tell(c, "dial.set", 0, 0, tmg_buf_as_span(&b));
    return TMG_OK;
}
