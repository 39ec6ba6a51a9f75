#include "base/file.h"
#include "base/json.h"
#include "sim/sim_priv.h"

enum { TRUTH_MAX = 256 << 20 };

static void scheme_name(const sim_scheme *s, char ret[64])
{
    (void)snprintf(ret, 64, "%s-%d", s->kind->name, s->copy + 1);
}

static void write_members(tmg_json_out *j, const sim_world *w, const sim_scheme *s)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_json_array(j, "members");
    for (size_t i = 0; i < s->member_count; i++) {
        tmg_party p = sim_party(w->o.seed, &s->members[i].who, a);
        tmg_json_object(j, NULL);
        tmg_json_z(j, "role", s->members[i].role);
        tmg_json_text(j, "code", p.code);
        tmg_json_text(j, "name", p.name);
        tmg_json_text(j, "country", p.country);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_event(tmg_json_out *j, const sim_world *w, const sim_event *e)
{
    tmg_json_object(j, NULL);
    tmg_json_z(j, "ref", e->ref);
    tmg_json_z(j, "post", e->post);
    tmg_json_time(j, "expected", e->expected_ms, w->o.offset_min);
    tmg_json_bool(j, "ahead", e->ahead);
    tmg_json_z(j, "outcome", tmg_outcome_name(e->truth));
    if (e->substance != NULL) {
        tmg_json_z(j, "substance", e->substance);
        tmg_json_i64(j, "mass_mg", e->mass_mg);
    }
    tmg_json_bool(j, "controlled", e->controlled);
    tmg_json_bool(j, "found", e->found);
    tmg_json_end_object(j);
}

static void write_scheme(tmg_json_out *j, const sim_world *w, const sim_scheme *s)
{
    char name[64];
    scheme_name(s, name);
    tmg_json_object(j, NULL);
    tmg_json_z(j, "id", name);
    tmg_json_z(j, "kind", s->kind->name);
    tmg_json_z(j, "harm", tmg_harm_name(s->kind->harm));
    tmg_json_z(j, "words", s->kind->words);
    write_members(j, w, s);
    tmg_json_array(j, "events");
    for (size_t i = 0; i < s->event_count; i++)
        write_event(j, w, &s->events[i]);
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

static void write_bad(tmg_json_out *j, const sim_bad *b)
{
    tmg_found found[TMG_HARMS];
    char name[64];
    tmg_outcome_found(b->truth, found);
    tmg_json_object(j, NULL);
    tmg_json_z(j, "ref", b->ref);
    tmg_json_z(j, "harm", tmg_harm_name(found[TMG_CRITICAL] == TMG_FOUND_YES ? TMG_CRITICAL : TMG_FRAUD));
    tmg_json_z(j, "outcome", tmg_outcome_name(b->truth));
    if (b->scheme != NULL) {
        scheme_name(b->scheme, name);
        tmg_json_z(j, "scheme", name);
    }
    tmg_json_end_object(j);
}

static void write_totals(tmg_json_out *j, const sim_world *w, const tmg_sim_summary *sum)
{
    tmg_json_time(j, "now", w->now_ms, w->o.offset_min);
    tmg_json_i64(j, "days", w->o.days);
    tmg_json_i64(j, "days_ahead", w->o.days_ahead);
    tmg_json_i64(j, "scale_ppm", w->o.scale_ppm);
    tmg_json_object(j, "totals");
    tmg_json_i64(j, "declarations", sum->declarations);
    tmg_json_i64(j, "history", sum->history);
    tmg_json_i64(j, "ahead", sum->ahead);
    tmg_json_i64(j, "controlled", sum->controlled);
    tmg_json_i64(j, "found_fraud", sum->found_fraud);
    tmg_json_i64(j, "found_critical", sum->found_critical);
    tmg_json_i64(j, "bad_fraud", sum->bad_fraud);
    tmg_json_i64(j, "bad_critical", sum->bad_critical);
    tmg_json_end_object(j);
}

tmg_rc sim_truth_write(const char *folder, const sim_world *w, const sim_plot *p, const sim_bad *bad,
                       size_t bad_count, const tmg_sim_summary *sum, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    tmg_buf_init(&b, TRUTH_MAX);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    write_totals(&j, w, sum);
    tmg_json_array(&j, "schemes");
    for (size_t i = 0; i < p->count; i++)
        write_scheme(&j, w, &p->schemes[i]);
    tmg_json_end_array(&j);
    tmg_json_array(&j, "ahead");
    for (size_t i = 0; i < bad_count; i++)
        write_bad(&j, &bad[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    tmg_buf_char(&b, '\n');
    if (b.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "truth.json passes %d MiB: choose a smaller scale",
                        TRUTH_MAX >> 20);
    return tmg_file_write(tmg_path_join(a, folder, "truth.json"), tmg_buf_as_span(&b), 0644, err);
}
