/* The period's report of a centre. */
#include "app/papers_priv.h"

#include "base/json.h"

static tmg_rc read_period(tmg_span text, int offset_min, tmg_period *ret, tmg_err *err)
{
    tmg_span rest = text, from, to = {NULL, 0};

    if (!tmg_span_split(&rest, '/', &from) || !tmg_span_split(&rest, '/', &to) || rest.len > 0 ||
        tmg_day_parse(from, &ret->from_day, NULL) != TMG_OK ||
        tmg_day_parse(to, &ret->to_day, NULL) != TMG_OK)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "period: expected two days like 2021-01-01/2021-09-30, not \"%.*s\"",
                        TMG_SPAN_ARG(tmg_utf8_cut(text, 60)));
    if (ret->to_day < ret->from_day)
        return TMG_FAIL(err, TMG_E_INVALID, "to: a period cannot end before it begins");
    ret->offset_min = offset_min;
    return TMG_OK;
}

tmg_rc tmg_report_ask_read(tmg_span text, int offset_min, tmg_report_ask *ret, tmg_err *err)
{
    tmg_span rest = text, now = {NULL, 0}, before = {NULL, 0};

    *ret = (tmg_report_ask){.layout = TMG_LAYOUT_STATE};
    (void)tmg_span_split(&rest, ';', &now);
    TMG_TRY(read_period(now, offset_min, &ret->now, err));
    ret->compared = tmg_span_split(&rest, ';', &before);
    return ret->compared ? read_period(before, offset_min, &ret->before, err) : TMG_OK;
}

tmg_rc tmg_report_read(const tmg_centre *c, tmg_db *db, const tmg_report_ask *ask, tmg_arena *a,
                       tmg_report *ret, tmg_err *err)
{
    tmg_span home = tmg_span_of(tmg_centre_settings(c)->country);
    tmg_period_figures *now = tmg_alloc(a, sizeof *now), *before = NULL;
    tmg_gap *gaps;
    size_t count;

    TMG_TRY(tmg_figures_of(db, &ask->now, home, a, now, err));
    if (ask->compared) {
        before = tmg_alloc(a, sizeof *before);
        TMG_TRY(tmg_figures_of(db, &ask->before, home, a, before, err));
    }
    TMG_TRY(tmg_reconcile(now, a, &gaps, &count, err));
    *ret = (tmg_report){ask->layout, now, before, gaps, count};
    return TMG_OK;
}

tmg_rc tmg_published_against(const tmg_centre *c, tmg_db *db, const tmg_published *p, tmg_arena *a,
                             tmg_gap **ret, size_t *ret_count, tmg_err *err)
{
    const tmg_settings *s = tmg_centre_settings(c);
    tmg_period period = tmg_published_period(p, s->offset_min);
    tmg_period_figures own;

    TMG_TRY(tmg_figures_of(db, &period, tmg_span_of(s->country), a, &own, err));
    return tmg_published_check(p, &own, a, ret, ret_count, err);
}

tmg_rc tmg_published_keep(const tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_published *p,
                          tmg_span json, tmg_err *err)
{
    tmg_period period = tmg_published_period(p, tmg_centre_settings(c)->offset_min);
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    tmg_stmt *s;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_REPORT_READ, 0, err));
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO published_report (code, title, from_day, to_day, source, figures) VALUES ($1, $2, $3, "
        "$4, $5, $6) ON CONFLICT (code) DO UPDATE SET title = $2, from_day = $3, to_day = $4, source = "
        "$5, figures = $6",
        &s, err));
    tmg_bind_text(s, 1, tmg_published_code(p));
    tmg_bind_text(s, 2, tmg_published_title(p));
    tmg_bind_i64(s, 3, period.from_day);
    tmg_bind_i64(s, 4, period.to_day);
    tmg_bind_text(s, 5, tmg_published_source(p));
    tmg_bind_text(s, 6, json);
    TMG_TRY(tmg_exec(s, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "code", tmg_utf8_cut(tmg_published_code(p), 200));
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "report.published_kept", "report", tmg_members(&b), err);
}

tmg_rc tmg_draft_report(tmg_draft *d, tmg_err *err)
{
    tmg_span about = d->made->ask.about;
    tmg_report_ask ask;
    tmg_report report;

    if (!tmg_span_starts(about, "period:"))
        return TMG_FAIL(err, TMG_E_INVALID, "about: expected \"period:FROM/TO\"");
    TMG_TRY(tmg_report_ask_read((tmg_span){about.ptr + 7, about.len - 7}, d->offset_min, &ask, err));
    if (tmg_span_is(d->made->ask.kind, "customs"))
        ask.layout = TMG_LAYOUT_CUSTOMS;
    TMG_TRY(tmg_report_read(d->centre, d->db, &ask, d->arena, &report, err));
    tmg_paper_period(d->paper, d->words, d->arena, &report);
    return TMG_OK;
}
