/* Posts, capacities, the dial, and what intake could not accept. */
#include "web/site_priv.h"

static void write_post(tmg_json_out *j, const tmg_post *p)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", p->id);
    tmg_json_text(j, "code", p->code);
    tmg_json_text(j, "name", p->name);
    if (p->neighbour.len > 0)
        tmg_json_text(j, "neighbour", p->neighbour);
    tmg_json_decimal(j, "lat", p->lat_e7, 7);
    tmg_json_decimal(j, "lon", p->lon_e7, 7);
    tmg_json_end_object(j);
}

void tmg_do_post_list(tmg_call *c)
{
    tmg_post *posts;
    size_t count;
    tmg_json_out j;
    tmg_err err;

    if (tmg_post_list(c->db, c->req->arena, &posts, &count, &err) != TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        if (tmg_call_sees_post(c, posts[i].id))
            write_post(&j, &posts[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    tmg_call_send(c);
}

typedef struct capacity_ask {
    int32_t day;
    tmg_capacity capacity;
} capacity_ask;

static void write_capacity(tmg_call *c, tmg_span code, int32_t day, const tmg_capacity *cap)
{
    tmg_json_out j;

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "post", code);
    if (day != INT32_MIN)
        tmg_write_day(&j, "day", day);
    tmg_json_i64(&j, "red", cap->red);
    tmg_json_i64(&j, "yellow", cap->yellow);
    tmg_json_i64(&j, "blue", cap->blue);
    tmg_json_i64(&j, "random_ppm", cap->random_ppm);
    tmg_json_i64(&j, "explore_ppm", cap->explore_ppm);
    tmg_json_end_object(&j);
}

static tmg_rc read_capacity(tmg_call *c, int32_t day, tmg_err *err)
{
    tmg_post post;
    tmg_capacity cap;

    TMG_TRY(tmg_post_by_code(c->db, c->match.param[0], c->req->arena, &post, err));
    (void)snprintf(c->object, sizeof c->object, "post:%lld", (long long)post.id);
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_CAPACITY_READ, post.id, err));
    TMG_TRY(tmg_capacity_get(c->db, post.id, day, &cap, err));
    write_capacity(c, post.code, day, &cap);
    return TMG_OK;
}

void tmg_do_capacity_read(tmg_call *c)
{
    int32_t day;
    tmg_err err;

    if (!tmg_call_query_day(c, "day", tmg_centre_today(c->site->centre), &day))
        return;
    if (read_capacity(c, day, &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_send(c);
}

static tmg_rc set_capacity(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    capacity_ask *ask = ctx;

    if (ask->capacity.explore_ppm == TMG_NONE) {
        int32_t day = ask->day == INT32_MIN ? tmg_centre_today(c->site->centre) : ask->day;
        tmg_capacity now;
        tmg_post post;

        TMG_TRY(tmg_post_by_code(db, c->match.param[0], c->req->arena, &post, err));
        TMG_TRY(tmg_capacity_get(db, post.id, day, &now, err));
        ask->capacity.explore_ppm = now.explore_ppm;
    }
    TMG_TRY(tmg_set_capacity(c->site->centre, db, &c->who, c->match.param[0], ask->day, &ask->capacity, err));
    write_capacity(c, c->match.param[0], ask->day, &ask->capacity);
    return TMG_OK;
}

void tmg_do_capacity_set(tmg_call *c)
{
    capacity_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);
    const tmg_json *day = tmg_json_member(c->json, "day");
    tmg_err err;

    (void)snprintf(c->object, sizeof c->object, "post:%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(c->match.param[0], 40)));
    ask->day = INT32_MIN;
    if (day != NULL && tmg_json_kind_of(day) != TMG_JSON_NULL &&
        tmg_day_parse(tmg_json_as_text(day), &ask->day, &err) != TMG_OK) {
        (void)tmg_err_within(&err, "day");
        tmg_call_fail(c, &err);
        return;
    }
    ask->capacity.red = tmg_json_as_i64(tmg_json_member(c->json, "red"), 0);
    ask->capacity.yellow = tmg_json_as_i64(tmg_json_member(c->json, "yellow"), 0);
    ask->capacity.blue = tmg_json_as_i64(tmg_json_member(c->json, "blue"), 0);
    ask->capacity.random_ppm = tmg_json_as_i64(tmg_json_member(c->json, "random_ppm"), 0);
    ask->capacity.explore_ppm = tmg_json_as_i64(tmg_json_member(c->json, "explore_ppm"), TMG_NONE);
    tmg_call_write(c, set_capacity, NULL, ask);
}

static void write_dial(tmg_call *c, int64_t w_minor)
{
    const char *currency = tmg_centre_settings(c->site->centre)->currency;
    tmg_json_out j;

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "w_minor", w_minor);
    tmg_json_decimal(&j, "w", w_minor, tmg_currency_exponent(tmg_span_of(currency)));
    tmg_json_z(&j, "currency", currency);
    tmg_json_end_object(&j);
}

void tmg_do_dial_read(tmg_call *c)
{
    int64_t w_minor;
    tmg_err err;

    if (tmg_dial_get(c->db, &w_minor, &err) != TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    write_dial(c, w_minor);
    tmg_call_send(c);
}

static tmg_rc set_dial(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *w_minor = ctx;

    TMG_TRY(tmg_set_dial(c->site->centre, db, &c->who, *w_minor, err));
    write_dial(c, *w_minor);
    return TMG_OK;
}

void tmg_do_dial_set(tmg_call *c)
{
    int64_t *w_minor = tmg_alloc(c->req->arena, sizeof *w_minor);

    (void)snprintf(c->object, sizeof c->object, "dial");
    *w_minor = tmg_json_as_i64(tmg_json_member(c->json, "w_minor"), 0);
    tmg_call_write(c, set_dial, NULL, w_minor);
}

static void write_quarantined(tmg_json_out *j, const tmg_quarantined *q)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", q->id);
    tmg_json_time(j, "at", q->at_ms, 0);
    tmg_json_text(j, "source", q->source_name);
    if (q->line != TMG_NONE)
        tmg_json_i64(j, "line", q->line);
    tmg_json_text(j, "field", q->field);
    tmg_json_text(j, "value", q->value);
    tmg_write_kept(j, "reason", q->reason);
    tmg_json_text(j, "raw", tmg_utf8_cut(q->raw, 4096));
    tmg_json_bool(j, "settled", q->settled);
    tmg_json_end_object(j);
}

static tmg_rc log_quarantine(tmg_call *c, tmg_db *db, size_t count, tmg_err *err)
{
    char members[40];

    (void)snprintf(members, sizeof members, "\"count\":%zu", count);
    return tmg_guard_log(db, &c->who, "quarantine.read", "quarantine", tmg_span_of(members), err);
}

static tmg_rc list_quarantine(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    size_t count, most = (size_t)tmg_call_query_i64(c, "most", 50);
    tmg_quarantined *list;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(tmg_quarantine_list(db, tmg_call_query_bool(c, "all"), most, c->req->arena, &list, &count, err));
    TMG_TRY(log_quarantine(c, db, count, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        write_quarantined(&j, &list[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_quarantine_list(tmg_call *c)
{
    tmg_call_write(c, list_quarantine, NULL, NULL);
}

static tmg_rc settle(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *id = ctx;
    tmg_span how = tmg_json_as_text(tmg_json_member(c->json, "how"));
    tmg_json_out j;

    TMG_TRY(tmg_quarantine_settle(db, *id, c->who.account_id, how, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "how", how);
    tmg_span members = {c->req->resp.body.ptr + 1, c->req->resp.body.len - 1};

    TMG_TRY(tmg_guard_log(db, &c->who, "quarantine.settled", c->object, members, err));
    tmg_json_i64(&j, "id", *id);
    tmg_json_bool(&j, "settled", true);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_quarantine_settle(tmg_call *c)
{
    int64_t *id = tmg_alloc(c->req->arena, sizeof *id);

    if (tmg_call_id(c, 0, "quarantine", id))
        tmg_call_write(c, settle, NULL, id);
}
