/* What casework is configured with: workflows, code lists, substances. */
#include "web/casework_priv.h"

static void write_names(tmg_json_out *j, const char *key, const tmg_span *names, size_t count)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++)
        tmg_json_text(j, NULL, names[i]);
    tmg_json_end_array(j);
}

/* How many stand in a state now. */
static tmg_rc count_standing(tmg_db *db, tmg_span kind, tmg_span state, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM flow_item WHERE kind = $1 AND state = $2", &s, err));
    tmg_bind_text(s, 1, kind);
    tmg_bind_text(s, 2, state);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static void write_state(tmg_json_out *j, const tmg_flow_state *s, int64_t standing)
{
    tmg_json_object(j, NULL);
    tmg_json_text(j, "name", s->name);
    tmg_write_words(j, "words", s->words);
    tmg_write_stated(j, "deadline_ms", s->deadline_ms);
    tmg_write_said(j, "counts_from", s->counts_from);
    tmg_write_said(j, "overdue", s->overdue);
    tmg_json_i64(j, "standing", standing);
    tmg_json_bool(j, "final", s->final);
    tmg_json_end_object(j);
}

static void write_arrow(tmg_json_out *j, const tmg_flow_arrow *w)
{
    tmg_json_object(j, NULL);
    tmg_json_text(j, "name", w->name);
    tmg_write_words(j, "words", w->words);
    write_names(j, "from", w->from, w->from_count);
    tmg_json_text(j, "to", w->to);
    tmg_json_array(j, "roles");
    for (int r = 1; r < TMG_ROLES; r++)
        if ((w->roles & (1U << r)) != 0)
            tmg_json_z(j, NULL, tmg_role_name((tmg_role)r));
    tmg_json_end_array(j);
    write_names(j, "guards", w->guards, w->guard_count);
    write_names(j, "then", w->follow, w->follow_count);
    tmg_json_bool(j, "by_clock", w->by_clock);
    tmg_json_bool(j, "four_eyes", w->four_eyes);
    tmg_json_bool(j, "needs_note", w->needs_note);
    tmg_json_end_object(j);
}

static tmg_rc write_workflow(tmg_json_out *j, tmg_db *db, const tmg_flows *f, tmg_span kind, tmg_err *err)
{
    const char *file;
    tmg_span first;
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    TMG_TRY(tmg_flow_describe(f, kind, &states, &state_count, &arrows, &arrow_count, err));
    TMG_TRY(tmg_flow_begins(f, kind, &first, &file, err));
    tmg_json_object(j, NULL);
    tmg_json_text(j, "kind", kind);
    tmg_json_text(j, "first", first);
    tmg_json_z(j, "file", strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file);
    tmg_json_array(j, "states");
    for (size_t i = 0; i < state_count; i++) {
        int64_t standing;

        TMG_TRY(count_standing(db, kind, states[i].name, &standing, err));
        write_state(j, &states[i], standing);
    }
    tmg_json_end_array(j);
    tmg_json_array(j, "arrows");
    for (size_t i = 0; i < arrow_count; i++)
        write_arrow(j, &arrows[i]);
    tmg_json_end_array(j);
    tmg_json_end_object(j);
    return TMG_OK;
}

void tmg_do_workflow_list(tmg_call *c)
{
    const tmg_flows *f = tmg_centre_flows(c->site->centre);
    const tmg_span *kinds;
    size_t count = tmg_flow_kinds(f, &kinds);
    tmg_json_out j;
    tmg_err err;

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        if (write_workflow(&j, c->db, f, kinds[i], &err) != TMG_OK) {
            tmg_call_fail(c, &err);
            return;
        }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    tmg_call_send(c);
}

static void write_lists(tmg_json_out *j, const tmg_code_lists *l, tmg_arena *a)
{
    const tmg_span *names;
    size_t count = tmg_code_list_names(l, &names);

    tmg_json_array(j, "lists");
    for (size_t i = 0; i < count; i++) {
        const tmg_listed_code *codes = NULL;
        size_t n = tmg_code_list(l, tmg_span_z(a, names[i]), &codes);

        tmg_json_object(j, NULL);
        tmg_json_text(j, "name", names[i]);
        tmg_json_array(j, "codes");
        for (size_t k = 0; k < n; k++) {
            tmg_json_object(j, NULL);
            tmg_json_text(j, "code", codes[k].code);
            tmg_write_words(j, "words", codes[k].words);
            tmg_json_end_object(j);
        }
        tmg_json_end_array(j);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_do_code_list(tmg_call *c)
{
    tmg_substance *list;
    size_t count;
    tmg_json_out j;
    tmg_err err;

    if (tmg_substance_list(c->db, tmg_centre_today(c->site->centre), c->req->arena, &list, &count, &err) !=
        TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    write_lists(&j, tmg_centre_codes(c->site->centre), c->req->arena);
    tmg_json_array(&j, "substances");
    for (size_t i = 0; i < count; i++)
        tmg_write_substance(&j, &list[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    tmg_call_send(c);
}
