/* Exhibits and their chain of custody. */
#include "base/hash.h"
#include "web/casework_priv.h"

enum { ARENA_MAX = 16 << 20, ROWS = 200 };

static void write_event(tmg_json_out *j, const tmg_custody *e, const tmg_people *people)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", e->id);
    tmg_json_i64(j, "no", e->no);
    tmg_json_time(j, "at", e->at_ms, 0);
    tmg_json_text(j, "act", e->act);
    tmg_json_text(j, "from", e->from_whom);
    tmg_json_text(j, "to", e->to_whom);
    tmg_json_text(j, "place", e->place);
    tmg_write_said(j, "seal_old", e->seal_old);
    tmg_write_said(j, "seal_new", e->seal_new);
    tmg_write_stated(j, "gross_mg", e->gross_mg);
    tmg_write_stated(j, "net_mg", e->net_mg);
    tmg_json_text(j, "purpose", e->purpose);
    tmg_write_said(j, "ground", e->ground);
    tmg_write_said(j, "witness_1", e->witness_1);
    tmg_write_said(j, "witness_2", e->witness_2);
    tmg_write_said(j, "photo", e->photo_hash);
    tmg_json_text(j, "by", tmg_person(people, e->account_id));
    tmg_json_text(j, "hash", e->hash);
    tmg_json_end_object(j);
}

/* The last net mass that was weighed, and the seal that is on it. */
static void write_state(tmg_json_out *j, const tmg_custody *list, size_t count)
{
    int64_t net = TMG_NONE;
    tmg_span seal = {NULL, 0};

    for (size_t i = 0; i < count; i++) {
        if (list[i].net_mg != TMG_NONE)
            net = list[i].net_mg;
        if (list[i].seal_new.len > 0)
            seal = list[i].seal_new;
    }
    tmg_write_stated(j, "net_mg", net);
    tmg_write_said(j, "seal", seal);
}

static tmg_rc write_chain(tmg_json_out *j, tmg_call *call, tmg_db *db, int64_t exhibit_id,
                          const tmg_custody *list, size_t count, const tmg_people *people, tmg_arena *a,
                          tmg_err *err)
{
    tmg_err why;
    tmg_rc rc = tmg_custody_check(db, exhibit_id, &why);

    tmg_json_array(j, "custody");
    for (size_t i = 0; i < count; i++)
        write_event(j, &list[i], people);
    tmg_json_end_array(j);
    tmg_json_bool(j, "whole", rc == TMG_OK);
    return tmg_write_incidents(j, "incidents", call, db, exhibit_id, people, a, err);
}

static tmg_rc write_exhibit(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_exhibit *e, bool whole,
                            const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    tmg_custody *list;
    size_t count;

    TMG_TRY(tmg_custody_list(db, e->id, a, &list, &count, err));
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", e->id);
    tmg_json_text(j, "number", e->number);
    tmg_json_i64(j, "seizure", e->seizure_id);
    tmg_write_said(j, "seizure_number",
                   tmg_name_of(db, "SELECT number FROM seizure WHERE id = $1", e->seizure_id, a));
    tmg_json_i64(j, "line", e->line_id);
    tmg_write_said(j, "substance",
                   tmg_name_of(db, "SELECT substance FROM substance_line WHERE id = $1", e->line_id, a));
    tmg_json_text(j, "words", e->words);
    tmg_json_time(j, "made", e->made_ms, 0);
    tmg_json_i64(j, "open_incidents", e->open_incidents);
    write_state(j, list, count);
    TMG_TRY(tmg_write_flow(j, "flow", c, db, &e->flow, whole, people, a, err));
    if (whole)
        TMG_TRY(write_chain(j, c, db, e->id, list, count, people, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc write_answer(tmg_call *c, int status, tmg_db *db, int64_t id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_people people;
    tmg_exhibit e;
    tmg_json_out j;

    TMG_TRY(tmg_exhibit_read(db, id, a, &e, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    tmg_call_json(c, status, &j);
    return write_exhibit(&j, c, db, &e, true, &people, a, err);
}

tmg_rc tmg_call_may_exhibits(tmg_call *c, tmg_db *db, tmg_permission p, int64_t seizure_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_seizure z;

    TMG_TRY(tmg_seizure_read(db, seizure_id, a, &z, err));
    TMG_TRY(tmg_guard_may(&c->who, p, z.post_id, err));
    return p == TMG_MAY_EVIDENCE_READ || c->who.role == TMG_CUSTODIAN ? TMG_OK
                                                                      : tmg_seizure_may(db, &c->who, &z, err);
}

/* ---- reading ---- */

static tmg_rc list_exhibits(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_exhibit *list;
    tmg_people people;
    size_t count;
    tmg_json_out j;
    tmg_err unseen;

    (void)ctx;
    TMG_TRY(tmg_exhibit_list(db, &c->who, tmg_call_query(c, "state"),
                             (size_t)tmg_call_query_i64(c, "most", ROWS), a, &list, &count, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    TMG_TRY(tmg_log_opened(c, db, "evidence.read", "evidence", 0, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        if (tmg_call_may_exhibits(c, db, TMG_MAY_EVIDENCE_READ, list[i].seizure_id, &unseen) == TMG_OK)
            TMG_TRY(write_exhibit(&j, c, db, &list[i], false, &people, a, err));
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_exhibit_list(tmg_call *c)
{
    tmg_call_write(c, list_exhibits, NULL, NULL);
}

static tmg_rc read_exhibit(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const int64_t *id = ctx;
    tmg_exhibit e;

    TMG_TRY(tmg_exhibit_read(db, *id, a, &e, err));
    TMG_TRY(tmg_call_may_exhibits(c, db, TMG_MAY_EVIDENCE_READ, e.seizure_id, err));
    TMG_TRY(tmg_log_opened(c, db, "evidence.read", "evidence", *id, err));
    return write_answer(c, 200, db, *id, err);
}

void tmg_do_exhibit_read(tmg_call *c)
{
    tmg_call_write_id(c, "exhibit", read_exhibit);
}

/* ---- custody ---- */

static bool is_hash(tmg_span hex)
{
    tmg_sha256 h;

    return hex.len == 0 || tmg_hex_read(hex, h.b, sizeof h.b);
}

static tmg_rc event_of(const tmg_json *o, tmg_custody *ret, tmg_err *err)
{
    *ret = (tmg_custody){.from_whom = tmg_body_text(o, "from"),
                         .to_whom = tmg_body_text(o, "to"),
                         .place = tmg_body_text(o, "place"),
                         .purpose = tmg_body_text(o, "purpose"),
                         .ground = tmg_body_text(o, "ground"),
                         .seal_old = tmg_body_text(o, "seal_old"),
                         .seal_new = tmg_body_text(o, "seal_new"),
                         .gross_mg = tmg_body_i64(o, "gross_mg", TMG_NONE),
                         .net_mg = tmg_body_i64(o, "net_mg", TMG_NONE),
                         .witness_1 = tmg_body_text(o, "witness_1"),
                         .witness_2 = tmg_body_text(o, "witness_2"),
                         .photo_hash = tmg_body_text(o, "photo")};
    if (!is_hash(ret->photo_hash))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "photo: expected the hash of a kept picture: 64 hexadecimal digits");
    return TMG_OK;
}

static tmg_rc line_of(tmg_db *db, tmg_exhibit *e, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT seizure_id FROM substance_line WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, e->line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no substance line %lld", (long long)e->line_id);
    e->seizure_id = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc make_exhibit(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    tmg_exhibit e = {.line_id = tmg_body_i64(c->json, "line", 0),
                     .words = tmg_body_text(c->json, "words"),
                     .retention_until_ms = TMG_NONE};
    tmg_custody sealing;

    const tmg_once once = tmg_body_once(c, "exhibit", 0);

    (void)ctx;
    TMG_TRY(tmg_once_made(db, &c->who, &once, &e.id, err));
    if (e.id != 0)
        return write_answer(c, 201, db, e.id, err);
    TMG_TRY(line_of(db, &e, err));
    (void)snprintf(c->object, sizeof c->object, "seizure:%lld", (long long)e.seizure_id);
    TMG_TRY(tmg_call_may_exhibits(c, db, TMG_MAY_EVIDENCE_MOVE, e.seizure_id, err));
    TMG_TRY(event_of(c->json, &sealing, err));
    TMG_TRY(tmg_body_time(c, c->json, "retention_until", &e.retention_until_ms, err));
    if (e.retention_until_ms != TMG_NONE && e.retention_until_ms <= tmg_now_ms())
        return TMG_FAIL(err, TMG_E_INVALID, "retention_until: an exhibit is kept until a day to come");
    TMG_TRY(tmg_use_exhibit(c->site->centre, db, &c->who, &e, &sealing, a, err));
    TMG_TRY(tmg_once_keep(db, &c->who, &once, e.id, err));
    return write_answer(c, 201, db, e.id, err);
}

void tmg_do_exhibit_make(tmg_call *c)
{
    tmg_call_write(c, make_exhibit, NULL, NULL);
}

static tmg_rc move_exhibit(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 18);
    const int64_t *id = ctx;
    const tmg_once once = tmg_body_once(c, "custody", *id);
    const tmg_sure sure = tmg_body_sure(c->json);
    tmg_custody event;
    tmg_exhibit e;
    int64_t incident, made;

    TMG_TRY(tmg_exhibit_read(db, *id, a, &e, err));
    TMG_TRY(tmg_call_may_exhibits(c, db, TMG_MAY_EVIDENCE_MOVE, e.seizure_id, err));
    TMG_TRY(tmg_once_made(db, &c->who, &once, &made, err));
    if (made != 0)
        return write_answer(c, 201, db, *id, err);
    TMG_TRY(event_of(c->json, &event, err));
    TMG_TRY(tmg_use_custody(c->site->centre, db, &c->who, *id, tmg_body_text(c->json, "arrow"), &event, &sure,
                            &incident, a, err));
    TMG_TRY(tmg_once_keep(db, &c->who, &once, event.no, err));
    return write_answer(c, 201, db, *id, err);
}

void tmg_do_custody_move(tmg_call *c)
{
    tmg_call_write_id(c, "exhibit", move_exhibit);
}
