/* What a post has of each means in a shift. */
#include "web/site_priv.h"

typedef struct means_ask {
    int32_t day; /* INT32_MIN: standing */
    int32_t shift;
    tmg_slots slots[TMG_MEANS_KINDS];
    size_t count;
} means_ask;

static tmg_rc write_shift(tmg_json_out *j, tmg_db *db, int64_t post_id, int32_t day, int32_t shift,
                          tmg_err *err)
{
    tmg_slots slots[TMG_MEANS_KINDS];
    size_t count;
    bool set;

    TMG_TRY(tmg_means_get(db, post_id, day, shift, slots, &count, &set, err));
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "shift", shift);
    tmg_json_bool(j, "set", set);
    tmg_json_array(j, "means");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "means", tmg_means_name(slots[i].means));
        tmg_json_i64(j, "slots", slots[i].slots);
        tmg_json_i64(j, "minutes", slots[i].minutes);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc write_means(tmg_call *c, tmg_db *db, int32_t day, tmg_err *err)
{
    tmg_post post;
    tmg_json_out j;

    TMG_TRY(tmg_post_by_code(db, c->match.param[0], c->req->arena, &post, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_CAPACITY_READ, post.id, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "post", post.code);
    tmg_write_day(&j, "day", day);
    tmg_json_array(&j, "shifts");
    for (int32_t shift = 1; shift <= TMG_SHIFTS; shift++)
        TMG_TRY(write_shift(&j, db, post.id, day, shift, err));
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static void name_object(tmg_call *c)
{
    (void)snprintf(c->object, sizeof c->object, "post:%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(c->match.param[0], 40)));
}

void tmg_do_means_read(tmg_call *c)
{
    int32_t day;
    tmg_err err;

    name_object(c);
    if (!tmg_call_query_day(c, "day", tmg_centre_today(c->site->centre), &day))
        return;
    if (write_means(c, c->db, day, &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_send(c);
}

static tmg_rc set_means(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const means_ask *ask = ctx;

    TMG_TRY(tmg_set_means(c->site->centre, db, &c->who, c->match.param[0], ask->day, ask->shift, ask->slots,
                          ask->count, err));
    return write_means(c, db, ask->day == INT32_MIN ? tmg_centre_today(c->site->centre) : ask->day, err);
}

void tmg_do_means_set(tmg_call *c)
{
    means_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);
    const tmg_json *day = tmg_json_member(c->json, "day"), *means = tmg_json_member(c->json, "means");
    tmg_err err;

    name_object(c);
    *ask = (means_ask){.day = INT32_MIN,
                       .shift = (int32_t)tmg_json_as_i64(tmg_json_member(c->json, "shift"), 0)};
    if (day != NULL && tmg_json_kind_of(day) != TMG_JSON_NULL &&
        tmg_day_parse(tmg_json_as_text(day), &ask->day, &err) != TMG_OK) {
        (void)tmg_err_within(&err, "day");
        tmg_call_fail(c, &err);
        return;
    }
    for (; ask->count < TMG_MEANS_KINDS && ask->count < tmg_json_count(means); ask->count++) {
        const tmg_json *o = tmg_json_at(means, ask->count);

        ask->slots[ask->count] =
            (tmg_slots){.means = tmg_means_of(tmg_json_as_text(tmg_json_member(o, "means"))),
                        .slots = tmg_json_as_i64(tmg_json_member(o, "slots"), 0),
                        .minutes = tmg_json_as_i64(tmg_json_member(o, "minutes"), 0)};
    }
    tmg_call_write(c, set_means, NULL, ask);
}
