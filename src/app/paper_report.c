/* The period's report of a centre. */
#include "app/papers_priv.h"

#include "base/ini.h"
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

static tmg_rc add_equivalents(const tmg_centre *c, const tmg_period_figures *now, tmg_arena *a,
                              tmg_report *ret, tmg_err *err)
{
    tmg_equivalent *list;
    tmg_factor *factors;
    size_t count;

    TMG_TRY(tmg_factors_read(tmg_share_path(c, a, "equivalents.csv"), a, &factors, &count, err));
    tmg_equivalents_of(now, factors, count, a, &list, &ret->equivalent_count);
    ret->equivalents = list;
    return TMG_OK;
}

/* What an office calls a small count is its own decision. */
static tmg_rc read_least(const tmg_centre *c, tmg_arena *a, int64_t *ret, tmg_err *err)
{
    tmg_ini ini;

    TMG_TRY(tmg_ini_read_file(tmg_share_path(c, a, "publication.ini"), a, &ini, err));
    if (!tmg_span_i64(tmg_ini_get(&ini, "persons", "least"), ret) || *ret < 1 || *ret > 1000)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: [persons] least: expected a whole number from 1 to 1000",
                        ini.name);
    return TMG_OK;
}

/* The gaps of every report that was published of the period, behind the registry's own. */
static tmg_rc add_published(tmg_db *db, const tmg_period_figures *now, tmg_arena *a, tmg_gap **gaps,
                            size_t *count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT figures FROM published_report WHERE from_day = $1 AND to_day = $2 ORDER BY code",
                    &s, err));
    tmg_bind_i64(s, 1, now->period.from_day);
    tmg_bind_i64(s, 2, now->period.to_day);
    for (;;) {
        tmg_gap *found, *all;
        tmg_published *p;
        size_t more;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_span json = tmg_span_copy(a, tmg_col_text(s, 0));
        tmg_rc rc = tmg_published_parse(json, a, &p, err);
        if (rc == TMG_OK)
            rc = tmg_published_check(p, now, a, &found, &more, err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
        all = tmg_alloc_array(a, *count + more + 1, sizeof *all);
        memcpy(all, *gaps, *count * sizeof *all);
        if (more > 0)
            memcpy(all + *count, found, more * sizeof *all);
        *gaps = all;
        *count += more;
    }
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
    TMG_TRY(add_published(db, now, a, &gaps, &count, err));
    *ret =
        (tmg_report){.layout = ask->layout, .now = now, .before = before, .gaps = gaps, .gap_count = count};
    TMG_TRY(add_equivalents(c, now, a, ret, err));
    return ask->publication ? read_least(c, a, &ret->least, err) : TMG_OK;
}

/* ---- what stands behind a figure ---- */

static bool may_read_part(tmg_db *db, const tmg_actor *who, const tmg_figure_part *p)
{
    tmg_err err;

    if (!p->is_case)
        return tmg_guard_may(who, TMG_MAY_SEIZURE_READ, p->post_id, &err) == TMG_OK;
    return tmg_guard_may(who, TMG_MAY_CASE_READ, 0, &err) == TMG_OK &&
           tmg_case_may(db, who, p->id, &err) == TMG_OK;
}

tmg_rc tmg_report_parts(tmg_db *db, const tmg_actor *who, const tmg_figure_ask *ask, tmg_span purpose,
                        tmg_arena *a, tmg_parts_found *ret, tmg_err *err)
{
    enum { LEAST_PURPOSE = 3 };
    size_t count, kept = 0;

    if (tmg_figure_is_of_persons(ask)) {
        TMG_TRY(tmg_guard_may(who, TMG_MAY_SUSPECT_READ, 0, err));
        if (tmg_span_trim(purpose).len < LEAST_PURPOSE)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "purpose: what stands behind a figure of persons is read for a stated purpose");
    }
    TMG_TRY(tmg_figure_parts(db, ask, a, &ret->list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (may_read_part(db, who, &ret->list[i]))
            ret->list[kept++] = ret->list[i];
    ret->count = kept;
    ret->hidden = count - kept;
    return TMG_OK;
}

tmg_rc tmg_draft_report(tmg_draft *d, tmg_err *err)
{
    tmg_span about = d->made->ask.about;
    tmg_report_ask ask;
    tmg_report report;

    if (!tmg_span_starts(about, "period:"))
        return TMG_FAIL(err, TMG_E_INVALID, "about: expected \"period:FROM/TO\"");
    TMG_TRY(tmg_report_ask_read((tmg_span){about.ptr + 7, about.len - 7}, d->offset_min, &ask, err));
    if (tmg_span_starts(d->made->ask.kind, "customs"))
        ask.layout = TMG_LAYOUT_CUSTOMS;
    ask.publication =
        tmg_span_is(d->made->ask.kind, "state_public") || tmg_span_is(d->made->ask.kind, "customs_public");
    TMG_TRY(tmg_report_read(d->centre, d->db, &ask, d->arena, &report, err));
    tmg_paper_period(d->paper, d->words, d->arena, &report);
    return TMG_OK;
}
