/* The persons of a case: read for a stated purpose, by those whom the case names. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 8 << 20 };

/* What is told of the persons of one case. */
typedef struct persons {
    tmg_suspect *list;
    tmg_suspect_past *past;
    tmg_crime_group *groups;
    tmg_people people;
    size_t count, past_count, group_count;
} persons;

static tmg_rc read_persons(tmg_call *c, tmg_db *db, int64_t case_id, tmg_span purpose, tmg_arena *a,
                           persons *ret, tmg_err *err)
{
    TMG_TRY(tmg_suspect_list(db, &c->who, case_id, purpose, a, &ret->list, &ret->count, err));
    TMG_TRY(tmg_suspect_pasts(db, case_id, a, &ret->past, &ret->past_count, err));
    TMG_TRY(tmg_group_list(db, case_id, a, &ret->groups, &ret->group_count, err));
    return tmg_people_read(db, a, &ret->people, err);
}

static void write_past(tmg_json_out *j, const persons *p, int64_t suspect_id)
{
    tmg_json_array(j, "past");
    for (size_t i = 0; i < p->past_count; i++) {
        const tmg_suspect_past *e = &p->past[i];

        if (e->suspect_id != suspect_id)
            continue;
        tmg_json_object(j, NULL);
        tmg_json_time(j, "at", e->at_ms, 0);
        tmg_json_text(j, "by", tmg_person(&p->people, e->account_id));
        tmg_json_text(j, "kind", e->kind);
        tmg_json_text(j, "reason", e->reason);
        tmg_json_raw(j, "was", e->was);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_suspect(tmg_json_out *j, const persons *p, const tmg_suspect *x)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", x->id);
    if (x->group_id != 0)
        tmg_json_i64(j, "group", x->group_id);
    tmg_json_text(j, "name", x->name);
    tmg_json_text(j, "role", x->role);
    tmg_write_said(j, "role_words", x->role_words);
    tmg_json_text(j, "sex", x->sex);
    if (x->birth_year != 0)
        tmg_json_i64(j, "birth_year", x->birth_year);
    tmg_json_text(j, "citizenship", x->citizenship);
    tmg_json_bool(j, "previous_record", x->previous_record);
    tmg_write_said(j, "occupation", x->occupation);
    tmg_json_text(j, "status", x->status);
    tmg_write_stated_time(j, "withdrawn", x->withdrawn_ms);
    tmg_json_time(j, "at", x->at_ms, 0);
    write_past(j, p, x->id);
    tmg_json_end_object(j);
}

/* `only`: one of them, or 0. */
static tmg_rc write_answer(tmg_call *c, int status, tmg_db *db, int64_t case_id, int64_t only,
                           tmg_span purpose, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    persons p = {0};
    tmg_json_out j;

    TMG_TRY(read_persons(c, db, case_id, purpose, a, &p, err));
    tmg_call_json(c, status, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < p.count; i++)
        if (only == 0 || p.list[i].id == only)
            write_suspect(&j, &p, &p.list[i]);
    tmg_json_end_array(&j);
    tmg_json_array(&j, "groups");
    for (size_t i = 0; only == 0 && i < p.group_count; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_i64(&j, "id", p.groups[i].id);
        tmg_json_text(&j, "name", p.groups[i].name);
        tmg_json_end_object(&j);
    }
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

/* The members that the body names; the others stay. */
static void take_facts(const tmg_json *o, tmg_suspect *x)
{
    const struct {
        const char *name;
        tmg_span *to;
    } texts[] = {{"name", &x->name},
                 {"role", &x->role},
                 {"role_words", &x->role_words},
                 {"sex", &x->sex},
                 {"citizenship", &x->citizenship},
                 {"occupation", &x->occupation},
                 {"status", &x->status}};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (tmg_json_member(o, texts[i].name) != NULL)
            *texts[i].to = tmg_body_text(o, texts[i].name);
    x->birth_year = (int32_t)tmg_body_i64(o, "birth_year", x->birth_year);
    x->group_id = tmg_body_i64(o, "group", x->group_id);
    x->previous_record = tmg_json_as_bool(tmg_json_member(o, "previous_record"), x->previous_record);
}

static tmg_rc add_suspect(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const int64_t *id = ctx;
    tmg_suspect x = {.case_id = *id};
    const tmg_sure sure = tmg_body_sure(c->json);

    take_facts(c->json, &x);
    const tmg_once once = tmg_body_once(c, "suspect", *id);

    TMG_TRY(tmg_once_made(db, &c->who, &once, &x.id, err));
    if (x.id == 0) {
        TMG_TRY(tmg_use_suspect_add(c->site->centre, db, &c->who, &x, &sure, err));
        TMG_TRY(tmg_once_keep(db, &c->who, &once, x.id, err));
    }
    return write_answer(c, 201, db, *id, x.id, TMG_SPAN("entering a person of the case"), err);
}

void tmg_do_suspect_add(tmg_call *c)
{
    tmg_call_write_id(c, "case", add_suspect);
}

static tmg_rc change_suspect(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const tmg_json *withdrawn = tmg_json_member(c->json, "withdrawn");
    const tmg_sure sure = tmg_body_sure(c->json);
    const int64_t *id = ctx;
    tmg_suspect before, now;

    TMG_TRY(tmg_suspect_read(db, &c->who, *id, a, &before, err));
    now = before;
    take_facts(c->json, &now);
    if (withdrawn != NULL && !tmg_json_as_bool(withdrawn, false))
        now.withdrawn_ms = TMG_NONE;
    else if (withdrawn != NULL && before.withdrawn_ms == TMG_NONE)
        now.withdrawn_ms = tmg_now_ms();
    TMG_TRY(tmg_use_suspect_change(c->site->centre, db, &c->who, &before, &now,
                                   tmg_body_text(c->json, "reason"), &sure, a, err));
    return write_answer(c, 201, db, now.case_id, now.id, TMG_SPAN("changing a person of the case"), err);
}

void tmg_do_suspect_change(tmg_call *c)
{
    tmg_call_write_id(c, "person", change_suspect);
}
