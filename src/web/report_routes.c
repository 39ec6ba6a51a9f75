/* The figures of a period, and papers. */
#include "app/papers.h"
#include "report/export.h"
#include "web/site_priv.h"

enum { ARENA_MAX = 128 << 20 };

/* ---- the figures ---- */

typedef struct report_query {
    tmg_opened opened;
    tmg_report_ask ask;
    tmg_span language, format, list;
} report_query;

/* false: a parameter was wrong, and that was answered. */
static bool read_query(tmg_call *c, report_query *q)
{
    int offset_min = tmg_centre_settings(c->site->centre)->offset_min;
    int32_t today = tmg_centre_today(c->site->centre);
    tmg_report_ask *ask = &q->ask;
    tmg_err err;

    if ((tmg_call_query(c, "compare_from").ptr == NULL) != (tmg_call_query(c, "compare_to").ptr == NULL)) {
        (void)TMG_FAIL(&err, TMG_E_INVALID,
                       "compare_from, compare_to: a period to compare with needs both days, or neither");
        tmg_call_problem_of(c, 422, "invalid", &err);
        return false;
    }
    *ask = (tmg_report_ask){.now.offset_min = offset_min,
                            .before.offset_min = offset_min,
                            .compared = tmg_call_query(c, "compare_from").ptr != NULL,
                            .publication = tmg_span_is(tmg_call_query(c, "copy"), "publication"),
                            .layout = tmg_span_is(tmg_call_query(c, "layout"), "customs") ? TMG_LAYOUT_CUSTOMS
                                                                                          : TMG_LAYOUT_STATE};
    if (!tmg_call_query_day(c, "from", today - 29, &ask->now.from_day) ||
        !tmg_call_query_day(c, "to", today, &ask->now.to_day) ||
        !tmg_call_query_day(c, "compare_from", 0, &ask->before.from_day) ||
        !tmg_call_query_day(c, "compare_to", ask->before.from_day, &ask->before.to_day))
        return false;
    q->language = tmg_call_query(c, "language");
    if (q->language.ptr == NULL)
        q->language = TMG_SPAN("az");
    q->format = tmg_call_query(c, "format");
    q->list = tmg_call_query(c, "list");
    if (ask->now.from_day <= ask->now.to_day &&
        (!ask->compared || ask->before.from_day <= ask->before.to_day))
        return true;
    (void)TMG_FAIL(&err, TMG_E_INVALID, "to: a period cannot end before it begins");
    tmg_call_problem_of(c, 400, "query", &err);
    return false;
}

static tmg_rc answer_figures(tmg_call *c, const report_query *q, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    tmg_report report;
    tmg_json_out j;

    TMG_TRY(tmg_report_read(c->site->centre, db, &q->ask, a, &report, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_report_json(&j, &report);
    tmg_json_end_object(&j);
    return TMG_OK;
}

/* Several statements, one view. */
typedef tmg_rc (*answer_fn)(tmg_call *c, const report_query *q, tmg_db *db, tmg_arena *a, tmg_err *err);
static tmg_rc in_one_view(tmg_call *c, const report_query *q, tmg_db *db, answer_fn answer, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);

    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = answer(c, q, db, a, err);
    tmg_rollback(db);
    return rc;
}

/* Which period left the centre, and as what. */
static void open_report(report_query *q)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 10);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_write_day(&j, "from_day", q->ask.now.from_day);
    tmg_write_day(&j, "to_day", q->ask.now.to_day);
    if (q->ask.compared) {
        tmg_write_day(&j, "compare_from", q->ask.before.from_day);
        tmg_write_day(&j, "compare_to", q->ask.before.to_day);
    }
    if (q->format.ptr != NULL)
        tmg_json_text(&j, "format", q->format);
    if (q->ask.publication)
        tmg_json_z(&j, "copy", "publication");
    if (q->list.ptr != NULL)
        tmg_json_text(&j, "list", q->list);
    tmg_json_end_object(&j);
    q->opened.action = "report.read";
    (void)snprintf(q->opened.object, sizeof q->opened.object, "report");
    tmg_opened_details(&q->opened, &b);
}

/* What a reader's work ends with: ctx is the report_query. */
static void report_opened(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    report_query *q = ctx;

    open_report(q);
    tmg_call_log_opened(c, &q->opened, rc, err);
}

static tmg_rc read_report(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    return in_one_view(c, ctx, db, answer_figures, err);
}

void tmg_do_report_read(tmg_call *c)
{
    report_query *q = tmg_alloc(c->req->arena, sizeof *q);

    if (read_query(c, q))
        tmg_call_offload(c, read_report, report_opened, q);
}

/* ---- the figures as a file ---- */

/* Single seizures are for those who may read them; a copy for publication has none. */
static bool may_list(const tmg_call *c, const report_query *q)
{
    return !q->ask.publication && tmg_guard_may(&c->who, TMG_MAY_SEIZURE_READ, 0, NULL) == TMG_OK;
}

typedef struct report_grids {
    tmg_grid figures, gaps, equivalents, seizures;
} report_grids;

static tmg_rc write_book(tmg_call *c, const report_query *q, const report_grids *g, tmg_err *err)
{
    const tmg_grid *const list[] = {&g->figures, &g->gaps, &g->equivalents, &g->seizures};

    c->req->resp.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    tmg_resp_header(&c->req->resp, "Content-Disposition", "attachment; filename=\"report.xlsx\"");
    return tmg_grids_xlsx(list, may_list(c, q) ? 4 : 3, tmg_now_ms(), &c->req->resp.body, err);
}

static tmg_rc grids_of(tmg_call *c, const report_query *q, tmg_db *db, tmg_arena *a, report_grids *ret,
                       tmg_err *err)
{
    tmg_paper_words *words;
    tmg_report report;

    TMG_TRY(tmg_centre_paper_words(c->site->centre, q->language, a, &words, err));
    TMG_TRY(tmg_report_read(c->site->centre, db, &q->ask, a, &report, err));
    tmg_report_grid(&report, words, a, &ret->figures);
    tmg_gaps_grid(&report, words, a, &ret->gaps);
    tmg_equivalents_grid(&report, words, a, &ret->equivalents);
    return may_list(c, q) ? tmg_seizures_grid(db, &q->ask.now, words, a, &ret->seizures, err) : TMG_OK;
}

static tmg_rc answer_file(tmg_call *c, const report_query *q, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    report_grids grids = {0};

    if (tmg_span_is(q->list, "seizures") && !may_list(c, q))
        return TMG_FAIL(err, TMG_E_DENIED,
                        "list: single seizures are for those who may read them, and not for publication");
    TMG_TRY(grids_of(c, q, db, a, &grids, err));
    c->req->resp.status = 200;
    if (tmg_span_is(q->format, "xlsx"))
        return write_book(c, q, &grids, err);
    const tmg_grid *g = tmg_span_is(q->list, "reconciliation") ? &grids.gaps
                        : tmg_span_is(q->list, "equivalents")  ? &grids.equivalents
                        : tmg_span_is(q->list, "seizures")     ? &grids.seizures
                                                               : &grids.figures;
    if (tmg_span_is(q->format, "csv-office"))
        tmg_grid_csv_office(g, &c->req->resp.body);
    else
        tmg_grid_csv(g, &c->req->resp.body);
    c->req->resp.type = "text/csv; charset=utf-8";
    tmg_resp_header(&c->req->resp, "Content-Disposition", "attachment; filename=\"report.csv\"");
    return TMG_OK;
}

static tmg_rc export_report(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    return in_one_view(c, ctx, db, answer_file, err);
}

void tmg_do_report_export(tmg_call *c)
{
    report_query *q = tmg_alloc(c->req->arena, sizeof *q);

    if (read_query(c, q))
        tmg_call_offload(c, export_report, report_opened, q);
}

/* ---- what stands behind a figure ---- */

typedef struct parts_query {
    tmg_opened opened;
    tmg_figure_ask ask;
    tmg_span purpose;
} parts_query;

static void write_part(tmg_json_out *j, const tmg_figure_part *p, int offset_min)
{
    tmg_json_object(j, NULL);
    tmg_json_z(j, "kind", p->is_case ? "case" : "seizure");
    tmg_json_i64(j, "id", p->id);
    tmg_json_text(j, "number", p->number);
    tmg_json_time(j, "at", p->at_ms, offset_min);
    if (p->title.ptr != NULL)
        tmg_json_text(j, "title", p->title);
    tmg_json_i64(j, "amount", p->amount);
    tmg_json_end_object(j);
}

static tmg_rc answer_parts(tmg_call *c, const parts_query *q, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    tmg_parts_found found = {0};
    tmg_json_out j;

    TMG_TRY(tmg_report_parts(db, &c->who, &q->ask, q->purpose, a, &found, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < found.count; i++)
        write_part(&j, &found.list[i], q->ask.period.offset_min);
    tmg_json_end_array(&j);
    tmg_json_i64(&j, "total", (int64_t)(found.count + found.hidden));
    tmg_json_i64(&j, "hidden", (int64_t)found.hidden);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc read_parts(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);

    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = answer_parts(c, ctx, db, a, err);
    tmg_rollback(db);
    return rc;
}

static void parts_opened(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    parts_query *q = ctx;
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 10);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_write_day(&j, "from_day", q->ask.period.from_day);
    tmg_write_day(&j, "to_day", q->ask.period.to_day);
    tmg_json_text(&j, "section", tmg_utf8_cut(q->ask.section, 24));
    tmg_json_text(&j, "figure", tmg_utf8_cut(q->ask.code, 40));
    if (q->purpose.len > 0)
        tmg_json_text(&j, "purpose", tmg_utf8_cut(q->purpose, 80));
    tmg_json_end_object(&j);
    q->opened.action = "report.parts_read";
    (void)snprintf(q->opened.object, sizeof q->opened.object, "report");
    tmg_opened_details(&q->opened, &b);
    tmg_call_log_opened(c, &q->opened, rc, err);
}

void tmg_do_report_parts(tmg_call *c)
{
    parts_query *q = tmg_alloc(c->req->arena, sizeof *q);
    int32_t today = tmg_centre_today(c->site->centre);
    const tmg_settings *s = tmg_centre_settings(c->site->centre);

    q->ask = (tmg_figure_ask){.period.offset_min = s->offset_min,
                              .home = tmg_span_of(s->country),
                              .section = tmg_call_query(c, "section"),
                              .code = tmg_call_query(c, "code")};
    q->purpose = tmg_span_of(tmg_call_purpose(c));
    if (tmg_call_query_day(c, "from", today - 29, &q->ask.period.from_day) &&
        tmg_call_query_day(c, "to", today, &q->ask.period.to_day))
        tmg_call_offload(c, read_parts, parts_opened, q);
}

/* ---- papers ---- */

static tmg_rc prepare(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_paper_made *m = ctx;
    const tmg_paper_ask ask = m->ask;

    return tmg_paper_prepare(c->site->centre, db, &c->who, &ask, c->req->arena, m, err);
}

static tmg_rc make(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_BUF pdf = {0};

    tmg_buf_init(&pdf, TMG_PAPER_MAX);
    return tmg_paper_make(c->site->centre, db, &c->who, ctx, a, &pdf, err);
}

static tmg_rc enter(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const tmg_paper_made *m = ctx;
    tmg_json_out j;

    TMG_TRY(tmg_paper_enter(db, &c->who, m, err));
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "hash", m->hash);
    tmg_json_i64(&j, "pages", m->pages);
    tmg_json_i64(&j, "bytes", (int64_t)m->bytes);
    tmg_json_text(&j, "kind", m->ask.kind);
    tmg_json_text(&j, "about", m->ask.about);
    tmg_json_text(&j, "language", m->ask.language);
    tmg_json_time(&j, "issued", m->issued_ms, tmg_centre_settings(c->site->centre)->offset_min);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static void then_enter(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else
        tmg_call_write(c, enter, NULL, ctx);
}

static void then_make(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else
        tmg_call_offload(c, make, then_enter, ctx);
}

void tmg_do_paper_issue(tmg_call *c)
{
    tmg_paper_made *m = tmg_alloc(c->req->arena, sizeof *m);

    m->ask = (tmg_paper_ask){.kind = tmg_json_copy_text(c->json, "kind", c->req->arena),
                             .about = tmg_json_copy_text(c->json, "about", c->req->arena),
                             .language = tmg_json_copy_text(c->json, "language", c->req->arena),
                             .purpose = tmg_json_copy_text(c->json, "purpose", c->req->arena),
                             .format = tmg_json_copy_text(c->json, "format", c->req->arena)};
    (void)snprintf(c->object, sizeof c->object, "%.*s", TMG_SPAN_ARG(tmg_utf8_cut(m->ask.about, 60)));
    tmg_call_write(c, prepare, then_make, m);
}

/* A PDF and a spreadsheet, which is a ZIP, say so in their first bytes. */
static const char *type_of(tmg_span file)
{
    if (tmg_span_starts(file, "%PDF"))
        return "application/pdf";
    return tmg_span_starts(file, "PK") ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                       : "text/csv; charset=utf-8";
}

static tmg_rc read_paper(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_span purpose = tmg_span_of(tmg_call_purpose(c));

    (void)ctx;
    TMG_TRY(tmg_paper_read(c->site->centre, db, &c->who, c->match.param[0], purpose, c->req->arena,
                           &c->req->resp.body, err));
    c->req->resp.status = 200;
    c->req->resp.type = type_of(tmg_buf_as_span(&c->req->resp.body));
    return TMG_OK;
}

void tmg_do_paper_read(tmg_call *c)
{
    (void)snprintf(c->object, sizeof c->object, "paper:%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(c->match.param[0], 16)));
    tmg_call_write(c, read_paper, NULL, NULL);
}
