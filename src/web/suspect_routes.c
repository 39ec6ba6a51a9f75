/* The persons of a case: read for a stated purpose, by those whom the case names. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 8 << 20 };

static void write_suspect(tmg_json_out *j, const tmg_suspect *x)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", x->id);
    if (x->group_id != 0)
        tmg_json_i64(j, "group", x->group_id);
    tmg_json_text(j, "name", x->name);
    tmg_json_text(j, "role", x->role);
    tmg_json_text(j, "sex", x->sex);
    if (x->birth_year != 0)
        tmg_json_i64(j, "birth_year", x->birth_year);
    tmg_json_text(j, "citizenship", x->citizenship);
    tmg_json_bool(j, "previous_record", x->previous_record);
    if (x->occupation.len > 0)
        tmg_json_text(j, "occupation", x->occupation);
    tmg_json_text(j, "status", x->status);
    tmg_json_time(j, "at", x->at_ms, 0);
    tmg_json_end_object(j);
}

/* `only`: one of them, or 0. */
static tmg_rc write_answer(tmg_call *c, int status, tmg_db *db, int64_t case_id, int64_t only,
                           tmg_span purpose, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_suspect *list;
    size_t count;
    tmg_json_out j;

    TMG_TRY(tmg_suspect_list(db, &c->who, case_id, purpose, a, &list, &count, err));
    tmg_call_json(c, status, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        if (only == 0 || list[i].id == only)
            write_suspect(&j, &list[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc read_suspects(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *id = ctx;

    return write_answer(c, 200, db, *id, 0, tmg_span_of(tmg_call_purpose(c)), err);
}

void tmg_do_suspect_list(tmg_call *c)
{
    tmg_call_write_id(c, "case", read_suspects);
}

static tmg_rc add_suspect(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *id = ctx;
    tmg_suspect x = {.case_id = *id,
                     .name = tmg_body_text(c->json, "name"),
                     .role = tmg_body_text(c->json, "role"),
                     .sex = tmg_body_text(c->json, "sex"),
                     .citizenship = tmg_body_text(c->json, "citizenship"),
                     .occupation = tmg_body_text(c->json, "occupation"),
                     .birth_year = (int32_t)tmg_body_i64(c->json, "birth_year", 0),
                     .group_id = tmg_body_i64(c->json, "group", 0),
                     .previous_record = tmg_json_as_bool(tmg_json_member(c->json, "previous_record"), false)};

    const tmg_once once = tmg_body_once(c, "suspect", *id);

    TMG_TRY(tmg_once_made(db, &c->who, &once, &x.id, err));
    if (x.id == 0) {
        TMG_TRY(tmg_suspect_add(tmg_centre_codes(c->site->centre), db, &c->who, &x, err));
        TMG_TRY(tmg_once_keep(db, &c->who, &once, x.id, err));
    }
    return write_answer(c, 201, db, *id, x.id, TMG_SPAN("entering a person of the case"), err);
}

void tmg_do_suspect_add(tmg_call *c)
{
    tmg_call_write_id(c, "case", add_suspect);
}
