/* What the chief's controls would do, before they are set. */
#include "web/site_priv.h"

enum { PPB_SCALE = 9, MOST_CHANGES = 50 };

typedef struct preview_ask {
    int32_t day;
    tmg_post *posts;
    size_t post_count;
    int64_t w_before, w_after;
    tmg_capacity before, after; /* of one post */
    tmg_preview preview;
    tmg_json_out json;
} preview_ask;

static void write_choice(tmg_json_out *j, const char *key, const tmg_choice *c)
{
    tmg_json_object(j, key);
    for (int lane = TMG_LANE_RED; lane >= TMG_LANE_GREEN; lane--)
        tmg_json_i64(j, tmg_lane_name((tmg_lane)lane), c->lanes[lane]);
    tmg_json_i64(j, "examined", c->examined);
    tmg_json_decimal(j, "frauds", c->fraud_ppb, PPB_SCALE);
    tmg_json_decimal(j, "criticals", c->critical_ppb, PPB_SCALE);
    tmg_json_i64(j, "revenue_minor", c->revenue_minor);
    tmg_json_i64(j, "value_minor", c->utility_minor);
    tmg_json_end_object(j);
}

static tmg_span post_code(const preview_ask *ask, int64_t post_id)
{
    for (size_t i = 0; i < ask->post_count; i++)
        if (ask->posts[i].id == post_id)
            return ask->posts[i].code;
    return TMG_SPAN("");
}

static void write_preview(preview_ask *ask)
{
    tmg_json_out *j = &ask->json;
    const tmg_preview *p = &ask->preview;

    write_choice(j, "before", &p->before);
    write_choice(j, "after", &p->after);
    tmg_json_i64(j, "changed", (int64_t)p->changed);
    tmg_json_array(j, "changes");
    for (size_t i = 0; i < p->change_count; i++) {
        const tmg_change *c = &p->changes[i];

        tmg_json_object(j, NULL);
        tmg_json_i64(j, "consignment", c->consignment_id);
        tmg_json_text(j, "ref", c->ref);
        tmg_json_text(j, "post", post_code(ask, c->post_id));
        tmg_json_z(j, "from", tmg_lane_name(c->from));
        tmg_json_z(j, "to", tmg_lane_name(c->to));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

static void write_capacity(tmg_json_out *j, const char *key, const tmg_capacity *cap)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "red", cap->red);
    tmg_json_i64(j, "yellow", cap->yellow);
    tmg_json_i64(j, "blue", cap->blue);
    tmg_json_i64(j, "random_ppm", cap->random_ppm);
    tmg_json_i64(j, "explore_ppm", cap->explore_ppm);
    tmg_json_end_object(j);
}

static void begin_answer(tmg_call *c, preview_ask *ask)
{
    tmg_call_json(c, 200, &ask->json);
    tmg_json_object(&ask->json, NULL);
    tmg_write_day(&ask->json, "day", ask->day);
    tmg_json_z(&ask->json, "currency", tmg_centre_settings(c->site->centre)->currency);
}

static tmg_rc read_dial(const tmg_call *c, preview_ask *ask, tmg_db *db, tmg_err *err)
{
    TMG_TRY(tmg_dial_get(db, &ask->w_before, err));
    ask->w_after = tmg_call_query_i64(c, "w_minor", ask->w_before);
    return TMG_OK;
}

static tmg_rc preview_post(tmg_call *c, preview_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    const tmg_post *post = ask->posts;

    TMG_TRY(read_dial(c, ask, db, err));
    TMG_TRY(tmg_capacity_get(db, post->id, ask->day, &ask->before, err));
    ask->after.red = tmg_call_query_i64(c, "red", ask->before.red);
    ask->after.yellow = tmg_call_query_i64(c, "yellow", ask->before.yellow);
    ask->after.blue = tmg_call_query_i64(c, "blue", ask->before.blue);
    ask->after.random_ppm = tmg_call_query_i64(c, "random_ppm", ask->before.random_ppm);
    ask->after.explore_ppm = tmg_call_query_i64(c, "explore_ppm", ask->before.explore_ppm);
    TMG_TRY(tmg_preview_add(db, post->id, ask->day, &ask->after, ask->w_after, a, &ask->preview, err));
    TMG_TRY(tmg_preview_close(db, MOST_CHANGES, a, &ask->preview, err));
    begin_answer(c, ask);
    tmg_json_text(&ask->json, "post", post->code);
    tmg_json_i64(&ask->json, "w_minor", ask->w_after);
    tmg_json_object(&ask->json, "capacity");
    write_capacity(&ask->json, "before", &ask->before);
    write_capacity(&ask->json, "after", &ask->after);
    tmg_json_end_object(&ask->json);
    write_preview(ask);
    return TMG_OK;
}

static tmg_rc selection_preview(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    preview_ask *ask = ctx;
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)64 << 20);

    ask->posts = tmg_alloc(c->req->arena, sizeof *ask->posts);
    ask->post_count = 1;
    TMG_TRY(tmg_post_by_code(db, c->match.param[0], c->req->arena, ask->posts, err));
    (void)snprintf(c->object, sizeof c->object, "post:%lld", (long long)ask->posts->id);
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_CAPACITY_READ, ask->posts->id, err));
    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = preview_post(c, ask, db, a, err);
    tmg_rollback(db);
    return rc;
}

void tmg_do_selection_preview(tmg_call *c)
{
    preview_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    if (tmg_call_query_day(c, "day", tmg_centre_today(c->site->centre), &ask->day))
        tmg_call_offload(c, selection_preview, NULL, ask);
}

static tmg_rc preview_all(tmg_call *c, preview_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    TMG_TRY(read_dial(c, ask, db, err));
    TMG_TRY(tmg_post_list(db, a, &ask->posts, &ask->post_count, err));
    for (size_t i = 0; i < ask->post_count; i++) {
        tmg_capacity cap;

        if (!tmg_call_sees_post(c, ask->posts[i].id))
            continue;
        TMG_TRY(tmg_capacity_get(db, ask->posts[i].id, ask->day, &cap, err));
        TMG_TRY(tmg_preview_add(db, ask->posts[i].id, ask->day, &cap, ask->w_after, a, &ask->preview, err));
    }
    TMG_TRY(tmg_preview_close(db, MOST_CHANGES, a, &ask->preview, err));
    begin_answer(c, ask);
    tmg_json_object(&ask->json, "w_minor");
    tmg_json_i64(&ask->json, "before", ask->w_before);
    tmg_json_i64(&ask->json, "after", ask->w_after);
    tmg_json_end_object(&ask->json);
    write_preview(ask);
    return TMG_OK;
}

static tmg_rc dial_preview(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);

    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = preview_all(c, ctx, db, a, err);
    tmg_rollback(db);
    return rc;
}

void tmg_do_dial_preview(tmg_call *c)
{
    preview_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    (void)snprintf(c->object, sizeof c->object, "dial");
    if (tmg_call_query_day(c, "day", tmg_centre_today(c->site->centre), &ask->day))
        tmg_call_offload(c, dial_preview, NULL, ask);
}
