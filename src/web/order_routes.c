/* Inspection orders: the board, one order with its steps, moving it, entering a step. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 16 << 20, BOARD_ROWS = 200, BOARD_LOOKED_AT = 2000, MOST_PLACES = 16 };

/* ---- the board ---- */

typedef struct board_ask {
    int64_t post_id, most;
    tmg_span post, state;
} board_ask;

static tmg_rc write_row(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_board_row *r, tmg_arena *a,
                        tmg_err *err)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", r->order.id);
    tmg_json_text(j, "number", r->order.number);
    tmg_json_i64(j, "consignment", r->order.consignment_id);
    tmg_json_text(j, "ref", r->ref);
    tmg_json_text(j, "post", r->post);
    tmg_write_said(j, "team", r->team);
    tmg_write_said(j, "vehicle", r->vehicle);
    tmg_write_said(j, "trailer", r->trailer);
    tmg_write_said(j, "container", r->container);
    tmg_write_said(j, "goods", r->goods);
    tmg_write_said(j, "hs", r->hs);
    if (r->lane != 0)
        tmg_json_z(j, "lane", tmg_lane_name(r->lane));
    tmg_write_stated(j, "minutes_left", r->minutes_left);
    tmg_write_stated_time(j, "expected", r->expected_ms);
    tmg_json_time(j, "issued", r->order.issued_ms, 0);
    tmg_write_said(j, "words", r->order.words);
    tmg_json_i64(j, "steps", (int64_t)r->steps);
    tmg_json_i64(j, "steps_done", (int64_t)r->steps_done);
    TMG_TRY(tmg_write_flow(j, "flow", c, db, &r->order.flow, false, NULL, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

/* "overdue" is asked for like a state. */
static bool is_asked(const board_ask *ask, const tmg_board_row *r)
{
    if (ask->state.len == 0)
        return true;
    return tmg_span_is(ask->state, "overdue") ? r->overdue : tmg_span_eq(ask->state, r->order.flow.state);
}

static tmg_rc read_board(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    board_ask *ask = ctx;
    tmg_board_row *rows;
    size_t count;
    tmg_json_out j;

    if (ask->post.len > 0) {
        tmg_post post;
        TMG_TRY(tmg_post_by_code(db, ask->post, a, &post, err));
        ask->post_id = post.id;
    }
    TMG_TRY(tmg_use_board(db, &c->who, ask->post_id, BOARD_LOOKED_AT, a, &rows, &count, err));
    TMG_TRY(tmg_log_opened(c, db, "board.read", "board", 0, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0, written = 0; i < count && written < (size_t)ask->most; i++)
        if (is_asked(ask, &rows[i])) {
            TMG_TRY(write_row(&j, c, db, &rows[i], a, err));
            written++;
        }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_board_read(tmg_call *c)
{
    board_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    ask->post = tmg_call_query(c, "post");
    ask->state = tmg_call_query(c, "state");
    ask->most = tmg_call_query_i64(c, "most", BOARD_ROWS);
    tmg_call_write(c, read_board, NULL, ask);
}

/* ---- one order ---- */

static tmg_rc write_step(tmg_json_out *j, tmg_db *db, const tmg_step_done *s, const tmg_people *people,
                         tmg_arena *a, tmg_err *err)
{
    char about[64];

    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", s->id);
    tmg_json_i64(j, "no", s->no);
    tmg_json_z(j, "means", tmg_means_name(s->means));
    tmg_json_bool(j, "again", s->again);
    if (s->reaction != 0) {
        tmg_json_z(j, "reaction", tmg_reaction_name(s->reaction));
        tmg_json_time(j, "started", s->started_ms, 0);
        tmg_json_time(j, "ended", s->ended_ms, 0);
        tmg_json_text(j, "by", tmg_person(people, s->account_id));
    }
    tmg_write_said(j, "reading", s->reading);
    tmg_write_said(j, "note", s->note);
    tmg_write_said(j, "officer", tmg_name_of(db, "SELECT name FROM officer WHERE id = $1", s->officer_id, a));
    tmg_write_said(j, "instrument",
                   tmg_name_of(db, "SELECT name FROM instrument WHERE id = $1", s->instrument_id, a));
    (void)snprintf(about, sizeof about, "step:%lld", (long long)s->id);
    TMG_TRY(tmg_write_media(j, "media", db, about, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

static void write_truck(tmg_json_out *j, const tmg_declaration *d)
{
    tmg_json_text(j, "ref", d->ref);
    tmg_write_said(j, "currency", d->currency);
    tmg_json_text(j, "post", d->post);
    tmg_write_said(j, "vehicle", d->vehicle);
    tmg_write_said(j, "trailer", d->trailer);
    tmg_write_stated_time(j, "expected", d->expected_ms);
    if (d->item_count > 0)
        tmg_write_said(j, "goods", d->items[0].description);
    tmg_json_array(j, "route");
    tmg_write_said(j, NULL, d->departure);
    for (size_t i = 0; i < d->route_count; i++)
        tmg_write_said(j, NULL, d->route[i]);
    tmg_write_said(j, NULL, d->destination);
    tmg_json_end_array(j);
}

static tmg_rc write_seizures(tmg_json_out *j, tmg_db *db, int64_t order_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id FROM seizure WHERE order_id = $1 ORDER BY id", &s, err));
    tmg_bind_i64(s, 1, order_id);
    tmg_json_array(j, "seizures");
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_i64(j, NULL, tmg_col_i64(s, 0));
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_order(tmg_call *c, int status, tmg_db *db, const tmg_order *o, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_step_done *steps = NULL;
    tmg_declaration d;
    tmg_people people;
    size_t count = 0;
    tmg_json_out j;

    TMG_TRY(tmg_consignment_load(db, o->consignment_id, a, &d, err));
    TMG_TRY(tmg_order_steps(db, o->id, a, &steps, &count, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    tmg_call_json(c, status, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "id", o->id);
    tmg_json_text(&j, "number", o->number);
    tmg_json_i64(&j, "consignment", o->consignment_id);
    write_truck(&j, &d);
    tmg_json_time(&j, "issued", o->issued_ms, 0);
    tmg_json_text(&j, "by", tmg_person(&people, o->issued_by));
    tmg_write_said(&j, "words", o->words);
    TMG_TRY(tmg_write_flow(&j, "flow", c, db, &o->flow, true, &people, a, err));
    tmg_json_array(&j, "steps");
    for (size_t i = 0; i < count; i++)
        TMG_TRY(write_step(&j, db, &steps[i], &people, a, err));
    tmg_json_end_array(&j);
    if (o->result_id != 0) {
        tmg_declaration inspected;
        tmg_result found;

        TMG_TRY(tmg_result_load(db, o->result_id, a, &found, &inspected, err));
        tmg_json_i64(&j, "result", o->result_id);
        tmg_result_write_json(&j, "found", &found);
    }
    TMG_TRY(write_seizures(&j, db, o->id, err));
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc read_order(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const int64_t *id = ctx;
    tmg_order o;

    TMG_TRY(tmg_order_read(db, *id, a, &o, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_ORDER_READ, o.post_id, err));
    TMG_TRY(tmg_log_opened(c, db, "order.read", "order", *id, err));
    return write_order(c, 200, db, &o, err);
}

void tmg_do_order_read(tmg_call *c)
{
    tmg_call_write_id(c, "order", read_order);
}

static tmg_rc move_order(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const int64_t *id = ctx;
    tmg_order o;

    TMG_TRY(tmg_use_order_move_once(c->site->centre, db, &c->who, *id, tmg_body_text(c->json, "arrow"),
                                    tmg_body_text(c->json, "note"), tmg_body_text(c->json, "client_key"), a,
                                    &o, err));
    return write_order(c, 201, db, &o, err);
}

void tmg_do_order_move(tmg_call *c)
{
    tmg_call_write_id(c, "order", move_order);
}

static tmg_rc enter_step(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const int64_t *id = ctx;
    tmg_step_done s = {.order_id = *id,
                       .means = tmg_means_of(tmg_body_text(c->json, "means")),
                       .reaction = tmg_reaction_of(tmg_body_text(c->json, "reaction")),
                       .officer_id = tmg_body_i64(c->json, "officer", 0),
                       .instrument_id = tmg_body_i64(c->json, "instrument", 0),
                       .reading = tmg_body_text(c->json, "reading"),
                       .note = tmg_body_text(c->json, "note"),
                       .client_key = tmg_body_text(c->json, "client_key"),
                       .confirmed = tmg_json_as_bool(tmg_json_member(c->json, "confirmed"), false),
                       .confirm_note = tmg_body_text(c->json, "confirm_note")};
    tmg_order o;
    bool fresh;

    TMG_TRY(tmg_body_time(c, c->json, "started", &s.started_ms, err));
    TMG_TRY(tmg_body_time(c, c->json, "ended", &s.ended_ms, err));
    TMG_TRY(tmg_use_step(c->site->centre, db, &c->who, &s, &fresh, a, err));
    TMG_TRY(tmg_order_read(db, *id, a, &o, err));
    return write_order(c, 201, db, &o, err);
}

void tmg_do_step_enter(tmg_call *c)
{
    tmg_call_write_id(c, "order", enter_step);
}

/* ---- who may ---- */

typedef struct assign_ask {
    int64_t order_id;
    unsigned means;
} assign_ask;

static tmg_rc write_candidate(tmg_json_out *j, int64_t id, tmg_span name, tmg_span number, tmg_span post,
                              bool self, tmg_rc rc, const tmg_err *why)
{
    if (rc == TMG_E_STORE)
        return rc;
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", id);
    tmg_json_text(j, "name", name);
    tmg_write_said(j, "number", number);
    tmg_json_text(j, "post", post);
    tmg_json_bool(j, "ok", rc == TMG_OK);
    if (self)
        tmg_json_bool(j, "self", true);
    if (rc != TMG_OK) {
        tmg_json_z(j, "refusal", why->text);
        tmg_write_reason(j, tmg_span_of(why->code != NULL ? why->code : tmg_rc_name(rc)),
                         tmg_span_of(why->code != NULL ? why->params : ""));
    }
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc ask_assignment(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const assign_ask *ask = ctx;
    tmg_instrument *instruments = NULL;
    tmg_officer *officers = NULL;
    size_t officer_count = 0, instrument_count = 0;
    int64_t now = tmg_now_ms();
    tmg_order o;
    tmg_err why;
    tmg_json_out j;

    TMG_TRY(tmg_order_read(db, ask->order_id, a, &o, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_ORDER_READ, o.post_id, err));
    TMG_TRY(tmg_officer_list(db, a, &officers, &officer_count, err));
    TMG_TRY(tmg_instrument_list(db, o.post_id, a, &instruments, &instrument_count, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "officers");
    for (size_t i = 0; i < officer_count; i++) {
        tmg_rc rc = tmg_assign_may(db, &officers[i], NULL, ask->means, o.post_id, now, &why);
        TMG_TRY(write_candidate(&j, officers[i].id, officers[i].name, officers[i].service_number,
                                tmg_name_of(db, TMG_POST_CODE, officers[i].home_post_id, a),
                                officers[i].account_id == c->who.account_id, rc, &why));
    }
    tmg_json_end_array(&j);
    tmg_json_array(&j, "instruments");
    for (size_t i = 0; i < instrument_count; i++) {
        tmg_rc rc = tmg_assign_may(db, NULL, &instruments[i], ask->means, o.post_id, now, &why);
        if (instruments[i].kind == ask->means)
            TMG_TRY(write_candidate(&j, instruments[i].id, instruments[i].name, (tmg_span){NULL, 0},
                                    tmg_name_of(db, TMG_POST_CODE, instruments[i].post_id, a), false, rc,
                                    &why));
    }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_assign_ask(tmg_call *c)
{
    assign_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);
    tmg_span means = tmg_call_query(c, "means");

    ask->means = means.len > 0 ? tmg_means_of(means) : TMG_MEANS_DOCUMENTS;
    if (tmg_call_id(c, 0, "order", &ask->order_id))
        tmg_call_offload(c, ask_assignment, NULL, ask);
}
