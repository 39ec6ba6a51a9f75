#include "base/file.h"
#include "base/json.h"
#include "sim/sim_priv.h"

enum { LINE_MAX_BYTES = 1 << 20, MOST_LEAD_DAYS = 4 };

/* One run. */
typedef struct run {
    sim_world world;
    sim_plot plot;
    sim_lines *lines, *findings; /* findings NULL: no day is lived */
    tmg_arena *arena;
    tmg_buf line;
    tmg_sim_summary sum;
    sim_bad *bad;
    size_t bad_count, bad_room;
} run;

tmg_sim_options tmg_sim_defaults(void)
{
    return (tmg_sim_options){
        .days = 60,
        .days_ahead = 2,
        .seed = 1,
        .scale_ppm = 80000,
        .today = 20712, /* 2026-09-16 */
        .now_min = 360,
        .offset_min = 240,
    };
}

static tmg_rc check_range(const char *what, int64_t v, int64_t lo, int64_t hi, tmg_err *err)
{
    if (v >= lo && v <= hi)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID, "%s is %lld: choose %lld to %lld", what, (long long)v, (long long)lo,
                    (long long)hi);
}

static tmg_rc check_options(const tmg_sim_options *o, tmg_err *err)
{
    TMG_TRY(check_range("days of history", o->days, 14, 730, err));
    TMG_TRY(check_range("lived days", o->lived, 0, o->days, err));
    TMG_TRY(check_range("days ahead", o->days_ahead, 1, 7, err));
    TMG_TRY(check_range("scale in parts per million", o->scale_ppm, 1000, 10000000, err));
    TMG_TRY(check_range("the demonstration day, counted from 1970-01-01,", o->today, 10957, 47481, err));
    TMG_TRY(check_range("minutes after midnight", o->now_min, 0, 1439, err));
    return check_range("offset from UTC in minutes", o->offset_min, -720, 840, err);
}

static void note_bad(run *r, const sim_draft *d, const sim_event *e)
{
    if (r->bad_count == r->bad_room) {
        r->bad_room = r->bad_room == 0 ? 256 : r->bad_room * 2;
        r->bad = tmg_xrealloc(r->bad, r->bad_room * sizeof *r->bad);
    }
    sim_bad *b = &r->bad[r->bad_count++];
    *b = (sim_bad){.truth = d->truth, .scheme = e != NULL ? e->scheme : NULL};
    memcpy(b->ref, d->ref, sizeof b->ref);
}

/* The declaration's object, with the member "result" put in before its closing brace when there is one. */
static void render(run *r, const tmg_declaration *d, const tmg_result *result)
{
    tmg_json_out j;
    tmg_buf_clear(&r->line);
    tmg_json_begin(&j, &r->line);
    tmg_declaration_write_json(&j, NULL, d);
    if (result != NULL) {
        TMG_AUTO_BUF text = {0};
        tmg_buf_init(&text, LINE_MAX_BYTES);
        tmg_json_begin(&j, &text);
        tmg_result_write_json(&j, NULL, result);
        r->line.len--;
        tmg_buf_z(&r->line, ",\"result\":");
        tmg_buf_span(&r->line, tmg_buf_as_span(&text));
        tmg_buf_char(&r->line, '}');
    }
    tmg_buf_char(&r->line, '\n');
}

static void count(run *r, const sim_draft *d, bool ahead, const tmg_result *result)
{
    tmg_found truth[TMG_HARMS];
    tmg_outcome_found(d->truth, truth);
    r->sum.declarations++;
    r->sum.history += !ahead;
    r->sum.ahead += ahead;
    if (!ahead) {
        r->sum.bad_fraud += truth[TMG_FRAUD] == TMG_FOUND_YES;
        r->sum.bad_critical += truth[TMG_CRITICAL] == TMG_FOUND_YES;
    }
    if (result != NULL) {
        r->sum.controlled++;
        r->sum.found_fraud += result->found[TMG_FRAUD] == TMG_FOUND_YES;
        r->sum.found_critical += result->found[TMG_CRITICAL] == TMG_FOUND_YES;
    }
}

static tmg_rc emit(run *r, sim_draft *d, sim_event *e, tmg_err *err)
{
    sim_world *w = &r->world;
    tmg_declaration decl;
    tmg_result result;
    int32_t lodged_day = tmg_day_of(d->lodged_ms, w->o.offset_min);
    bool ahead = w->day >= w->o.today;
    tmg_arena_reset(r->arena);
    sim_reference(d->ref, w->o.seed, w->serial++, w->year);
    sim_draft_fill(w, d, r->arena, &decl);
    bool controlled = !ahead && sim_control(w, d, &decl, r->arena, &result);
    if (e != NULL) {
        memcpy(e->ref, d->ref, sizeof e->ref);
        e->controlled = controlled;
        e->found = controlled && result.outcome != TMG_OUTCOME_NONE;
        r->sum.scheme_declarations++;
    }
    if (ahead && d->truth != TMG_OUTCOME_NONE)
        note_bad(r, d, e);
    count(r, d, ahead, controlled ? &result : NULL);
    render(r, &decl, controlled ? &result : NULL);
    TMG_TRY(sim_lines_add(r->lines, lodged_day, d->lodged_ms, tmg_buf_as_span(&r->line), err));
    if (ahead || w->day < w->open_day || !sim_finding(d, &decl, r->arena, &result))
        return TMG_OK;
    render(r, &decl, &result);
    return sim_lines_add(r->findings, lodged_day, d->lodged_ms, tmg_buf_as_span(&r->line), err);
}

static tmg_rc make_day(run *r, int32_t day, size_t *next_event, tmg_err *err)
{
    sim_world *w = &r->world;
    sim_draft d;
    sim_world_day(w, day);
    int64_t volume = sim_world_volume(w);
    for (int64_t i = 0; i < volume; i++) {
        uint64_t index = (uint64_t)(int64_t)day * 1000000 + (uint64_t)i;
        sim_rng rng = sim_rng_of(w->o.seed, SIM_S_DECLARATION, index);
        sim_flow_no flow = sim_flow_draw(&rng, w->weekday);
        sim_draft_make(w, flow, rng, &d);
        sim_draft_temptation(w, &d);
        if (sim_draft_known(w, &d))
            TMG_TRY(emit(r, &d, NULL, err));
    }
    for (; *next_event < r->plot.event_count && r->plot.by_day[*next_event]->day == day; ++*next_event) {
        sim_event *e = r->plot.by_day[*next_event];
        sim_event_draft(w, e, &d);
        TMG_TRY(emit(r, &d, e, err));
    }
    return TMG_OK;
}

static tmg_rc make_days(run *r, tmg_err *err)
{
    const sim_world *w = &r->world;
    size_t next_event = 0;
    for (int32_t day = w->first_day; day < w->end_day; day++) {
        TMG_TRY(make_day(r, day, &next_event, err));
        int32_t done = day + 1 - MOST_LEAD_DAYS;
        /* What arrives later than today may still have been lodged yesterday. */
        int32_t before = done < w->o.today - 1 ? done : w->o.today - 1;
        TMG_TRY(sim_lines_before(r->lines, before, err));
        if (r->findings != NULL)
            TMG_TRY(sim_lines_before(r->findings, before, err));
    }
    TMG_TRY(sim_lines_close(r->lines, err));
    return r->findings != NULL ? sim_lines_close(r->findings, err) : TMG_OK;
}

static tmg_rc run_in(run *r, const char *folder, tmg_err *err)
{
    TMG_TRY(tmg_dir_make(folder, 0755, err));
    TMG_TRY(sim_posts_write(folder, r->world.o.scale_ppm, err));
    TMG_TRY(sim_corridors_write(folder, err));
    TMG_TRY(sim_lines_open(folder, "declarations.jsonl", &r->lines, err));
    if (r->world.o.lived > 0)
        TMG_TRY(sim_lines_open(folder, "findings.jsonl", &r->findings, err));
    TMG_TRY(make_days(r, err));
    r->sum.schemes = (int64_t)r->plot.count;
    r->sum.opened_ms = r->world.told_ms;
    r->sum.now_ms = r->world.now_ms;
    return sim_truth_write(folder, &r->world, &r->plot, r->bad, r->bad_count, &r->sum, err);
}

tmg_rc tmg_simulate(const tmg_sim_options *o, const char *folder, tmg_sim_summary *ret, tmg_err *err)
{
    TMG_TRY(check_options(o, err));
    run r = {.arena = tmg_arena_new(1 << 20)};
    tmg_buf_init(&r.line, LINE_MAX_BYTES);
    sim_world_init(&r.world, o);
    sim_plot_make(&r.world, &r.plot);
    tmg_rc rc = run_in(&r, folder, err);
    sim_plot_done(&r.plot);
    sim_lines_free(r.lines);
    sim_lines_free(r.findings);
    tmg_buf_done(&r.line);
    tmg_arena_free(r.arena);
    free(r.bad);
    if (rc == TMG_OK && ret != NULL)
        *ret = r.sum;
    return rc;
}
