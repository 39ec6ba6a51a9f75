#include "web/casework_priv.h"

tmg_rc tmg_people_read(tmg_db *db, tmg_arena *a, tmg_people *ret, tmg_err *err)
{
    return tmg_account_list(db, a, &ret->list, &ret->count, err);
}

tmg_span tmg_person(const tmg_people *p, int64_t account_id)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->list[i].id == account_id)
            return p->list[i].display;
    return TMG_SPAN("centre");
}

tmg_rc tmg_person_id(const tmg_people *p, tmg_span name, int64_t *ret, tmg_err *err)
{
    for (size_t i = 0; i < p->count; i++)
        if (tmg_span_eq(p->list[i].name, name) && !p->list[i].closed) {
            *ret = p->list[i].id;
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_INVALID, "account: there is no account \"%.*s\"", TMG_SPAN_ARG(name));
}

tmg_span tmg_name_of(tmg_db *db, const char *sql, int64_t id, tmg_arena *a)
{
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_span name = {NULL, 0};

    if (id == 0 || tmg_sql(db, sql, &s, NULL) != TMG_OK)
        return name;
    tmg_bind_i64(s, 1, id);
    if (tmg_step(s, &row, NULL) == TMG_OK && row)
        name = tmg_span_copy(a, tmg_col_text(s, 0));
    tmg_reset(s);
    return name;
}

void tmg_write_words(tmg_json_out *j, const char *key, const tmg_span words[3])
{
    tmg_json_object(j, key);
    tmg_json_text(j, "en", words[0]);
    tmg_json_text(j, "az", words[1]);
    tmg_json_text(j, "ru", words[2]);
    tmg_json_end_object(j);
}

void tmg_write_said(tmg_json_out *j, const char *key, tmg_span text)
{
    if (text.len > 0)
        tmg_json_text(j, key, text);
}

void tmg_write_stated(tmg_json_out *j, const char *key, int64_t number)
{
    if (number != TMG_NONE)
        tmg_json_i64(j, key, number);
}

void tmg_write_stated_time(tmg_json_out *j, const char *key, int64_t at_ms)
{
    if (at_ms != TMG_NONE && at_ms != 0)
        tmg_json_time(j, key, at_ms, 0);
}

void tmg_write_reason(tmg_json_out *j, tmg_span code, tmg_span params)
{
    tmg_span rest = params, line, key;

    tmg_json_text(j, "code", code);
    tmg_json_object(j, "params");
    while (tmg_span_split(&rest, '\n', &line))
        if (line.len > 0 && tmg_span_split(&line, '=', &key)) {
            char member[40];

            (void)snprintf(member, sizeof member, "%.*s", TMG_SPAN_ARG(key));
            tmg_json_text(j, member, line);
        }
    tmg_json_end_object(j);
}

static void write_choices(tmg_json_out *j, const tmg_flow_choice *choices, size_t count)
{
    tmg_json_array(j, "choices");
    for (size_t i = 0; i < count; i++) {
        const tmg_flow_arrow *w = choices[i].arrow;

        tmg_json_object(j, NULL);
        tmg_json_text(j, "arrow", w->name);
        tmg_write_words(j, "words", w->words);
        tmg_json_bool(j, "needs_note", w->needs_note);
        tmg_json_bool(j, "four_eyes", w->four_eyes);
        if (choices[i].refusal.len > 0) {
            tmg_json_text(j, "refusal", choices[i].refusal);
            tmg_write_reason(j, choices[i].code, choices[i].params);
        }
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_past(tmg_json_out *j, const tmg_flow_step *past, size_t count, const tmg_people *people)
{
    tmg_json_array(j, "past");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_time(j, "at", past[i].at_ms, 0);
        tmg_json_text(j, "by", tmg_person(people, past[i].account_id));
        tmg_json_text(j, "arrow", past[i].arrow);
        tmg_json_text(j, "from", past[i].from);
        tmg_json_text(j, "to", past[i].to);
        tmg_write_said(j, "note", past[i].note);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static tmg_rc state_of(const tmg_flows *f, const tmg_flow_item *item, const tmg_flow_state **ret,
                       tmg_err *err)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    TMG_TRY(tmg_flow_describe(f, item->kind, &states, &state_count, &arrows, &arrow_count, err));
    for (size_t i = 0; i < state_count; i++)
        if (tmg_span_eq(states[i].name, item->state)) {
            *ret = &states[i];
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_STORE,
                    "the workflow of %.*s has no state %.*s any more: put it back into config/workflows",
                    TMG_SPAN_ARG(item->kind), TMG_SPAN_ARG(item->state));
}

tmg_rc tmg_write_flow(tmg_json_out *j, const char *key, tmg_call *c, tmg_db *db, const tmg_flow_item *item,
                      bool whole, const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    const tmg_flow_state *state = NULL;
    tmg_flow_choice *choices = NULL;
    tmg_flow_step *past = NULL;
    size_t choice_count = 0, past_count = 0;

    TMG_TRY(state_of(tmg_centre_flows(c->site->centre), item, &state, err));
    if (whole) {
        TMG_TRY(tmg_use_choices(c->site->centre, db, &c->who, item, a, &choices, &choice_count, err));
        TMG_TRY(tmg_flow_past(db, item->id, a, &past, &past_count, err));
    }
    tmg_json_object(j, key);
    tmg_json_text(j, "state", item->state);
    tmg_write_words(j, "words", state->words);
    tmg_json_time(j, "since", item->since_ms, 0);
    tmg_write_stated_time(j, "due", item->due_ms);
    tmg_json_bool(j, "overdue", item->due_ms != TMG_NONE && item->due_ms <= tmg_now_ms());
    tmg_json_bool(j, "final", state->final);
    if (whole) {
        write_choices(j, choices, choice_count);
        write_past(j, past, past_count, people);
    }
    tmg_json_end_object(j);
    return TMG_OK;
}

void tmg_call_write_id(tmg_call *c, const char *what, tmg_call_work work)
{
    int64_t *id = tmg_alloc(c->req->arena, sizeof *id);

    if (tmg_call_id(c, 0, what, id))
        tmg_call_write(c, work, NULL, id);
}

tmg_rc tmg_body_time(tmg_call *c, const tmg_json *o, const char *key, int64_t *ret, tmg_err *err)
{
    const tmg_json *v = tmg_json_member(o, key);
    tmg_instant at;

    if (v == NULL)
        return TMG_OK;
    if (tmg_instant_parse(tmg_json_as_text(v), tmg_centre_settings(c->site->centre)->offset_min, &at, err) !=
        TMG_OK)
        return tmg_err_within(err, "%s", key);
    *ret = at.at_ms;
    return TMG_OK;
}

tmg_span tmg_body_text(const tmg_json *o, const char *key)
{
    return tmg_json_as_text(tmg_json_member(o, key));
}

tmg_rc tmg_body_post(tmg_db *db, const tmg_json *o, const char *key, tmg_arena *a, int64_t *ret, tmg_err *err)
{
    tmg_span code = tmg_body_text(o, key);
    tmg_post post;

    if (code.len == 0)
        return TMG_OK;
    if (tmg_post_by_code(db, code, a, &post, err) != TMG_OK)
        return err->rc == TMG_E_NOT_FOUND
                   ? TMG_FAIL(err, TMG_E_INVALID, "%s: there is no post \"%.*s\"", key, TMG_SPAN_ARG(code))
                   : err->rc;
    *ret = post.id;
    return TMG_OK;
}

tmg_once tmg_body_once(const tmg_call *c, const char *what, int64_t about_id)
{
    return (tmg_once){.what = what,
                      .key = tmg_body_text(c->json, "client_key"),
                      .content = tmg_buf_as_span(&c->req->body),
                      .about_id = about_id};
}

tmg_sure tmg_body_sure(const tmg_json *o)
{
    return (tmg_sure){tmg_json_as_bool(tmg_json_member(o, "confirmed"), false),
                      tmg_body_text(o, "confirm_note")};
}

int64_t tmg_body_i64(const tmg_json *o, const char *key, int64_t otherwise)
{
    return tmg_json_as_i64(tmg_json_member(o, key), otherwise);
}

tmg_rc tmg_log_opened(tmg_call *c, tmg_db *db, const char *action, const char *kind, int64_t id, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    char object[64];
    tmg_json_out j;
    const char *purpose = tmg_call_purpose(c);

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    if (*purpose != '\0')
        tmg_json_z(&j, "purpose", purpose);
    tmg_json_end_object(&j);
    if (id != 0)
        (void)snprintf(object, sizeof object, "%s:%lld", kind, (long long)id);
    else
        (void)snprintf(object, sizeof object, "%s", kind);
    return tmg_guard_log(db, &c->who, action, object, (tmg_span){b.ptr + 1, b.len - 2}, err);
}

tmg_rc tmg_write_media(tmg_json_out *j, const char *key, tmg_db *db, const char *about, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT hash, kind, words, at_ms FROM media WHERE about = $1 ORDER BY id", &s, err));
    tmg_bind_text(s, 1, tmg_span_of(about));
    tmg_json_array(j, key);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_object(j, NULL);
        tmg_json_text(j, "hash", tmg_col_text(s, 0));
        tmg_json_text(j, "kind", tmg_col_text(s, 1));
        tmg_json_text(j, "words", tmg_col_text(s, 2));
        tmg_json_time(j, "at", tmg_col_i64(s, 3), 0);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}
