/* What did not fit in the custody of exhibits. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 16 << 20, ROWS = 200 };

static tmg_rc write_incident(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_incident *i,
                             const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", i->id);
    tmg_json_i64(j, "exhibit", i->exhibit_id);
    tmg_write_said(j, "exhibit_number",
                   tmg_name_of(db, "SELECT number FROM exhibit WHERE id = $1", i->exhibit_id, a));
    tmg_json_text(j, "kind", i->kind);
    tmg_json_text(j, "words", i->words);
    tmg_json_time(j, "at", i->at_ms, 0);
    tmg_json_text(j, "by", tmg_person(people, i->account_id));
    if (i->custody_no != 0)
        tmg_json_i64(j, "custody_no", i->custody_no);
    tmg_write_stated(j, "before_mg", i->before_mg);
    tmg_write_stated(j, "found_mg", i->found_mg);
    tmg_write_said(j, "seal_before", i->seal_before);
    tmg_write_said(j, "seal_found", i->seal_found);
    TMG_TRY(tmg_write_flow(j, "flow", c, db, &i->flow, true, people, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

tmg_rc tmg_write_incidents(tmg_json_out *j, const char *key, tmg_call *c, tmg_db *db, int64_t exhibit_id,
                           const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    tmg_incident *list;
    size_t count;

    TMG_TRY(tmg_incident_list(db, exhibit_id, (tmg_span){NULL, 0}, ROWS, a, &list, &count, err));
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++)
        TMG_TRY(write_incident(j, c, db, &list[i], people, a, err));
    tmg_json_end_array(j);
    return TMG_OK;
}

/* Seen, as its exhibit, by who may see the post that seized it. */
static tmg_rc may(tmg_call *c, tmg_db *db, tmg_permission p, int64_t exhibit_id, tmg_arena *a, tmg_err *err)
{
    tmg_exhibit e;
    tmg_seizure z;

    TMG_TRY(tmg_exhibit_read(db, exhibit_id, a, &e, err));
    TMG_TRY(tmg_seizure_read(db, e.seizure_id, a, &z, err));
    return tmg_guard_may(&c->who, p, z.post_id, err);
}

static tmg_rc list_incidents(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_incident *list;
    tmg_people people;
    size_t count;
    tmg_json_out j;
    tmg_err unseen;

    (void)ctx;
    TMG_TRY(tmg_incident_list(db, 0, tmg_call_query(c, "state"), ROWS, a, &list, &count, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    TMG_TRY(tmg_log_opened(c, db, "evidence.read", "incidents", 0, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        if (may(c, db, TMG_MAY_EVIDENCE_READ, list[i].exhibit_id, a, &unseen) == TMG_OK)
            TMG_TRY(write_incident(&j, c, db, &list[i], &people, a, err));
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_incident_list(tmg_call *c)
{
    tmg_call_write(c, list_incidents, NULL, NULL);
}

static tmg_rc move_incident(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const int64_t *id = ctx;
    tmg_people people;
    tmg_incident i;
    tmg_json_out j;

    TMG_TRY(tmg_incident_read(db, *id, a, &i, err));
    TMG_TRY(may(c, db, TMG_MAY_INCIDENT_SETTLE, i.exhibit_id, a, err));
    TMG_TRY(tmg_use_incident_move(c->site->centre, db, &c->who, *id, tmg_body_text(c->json, "arrow"),
                                  tmg_body_text(c->json, "note"), a, &i, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    tmg_call_json(c, 201, &j);
    return write_incident(&j, c, db, &i, &people, a, err);
}

void tmg_do_incident_move(tmg_call *c)
{
    tmg_call_write_id(c, "incident", move_incident);
}
