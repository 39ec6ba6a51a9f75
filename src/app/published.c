/* Published reports that are kept: held against the registry, owned by who entered them, replaced in sight.
 */
#include "app/papers_priv.h"
#include "base/json.h"

tmg_rc tmg_published_against(const tmg_centre *c, tmg_db *db, const tmg_published *p, tmg_arena *a,
                             tmg_gap **ret, size_t *ret_count, tmg_err *err)
{
    const tmg_settings *s = tmg_centre_settings(c);
    tmg_period period = tmg_published_period(p, s->offset_min);
    tmg_period_figures own;

    TMG_TRY(tmg_figures_of(db, &period, tmg_span_of(s->country), a, &own, err));
    return tmg_published_check(p, &own, a, ret, ret_count, err);
}

/* What stands under the code now. */
typedef struct standing {
    bool there, same;
    int64_t account_id; /* 0: nobody knows */
} standing;

static tmg_rc read_standing(tmg_db *db, tmg_span code, tmg_span json, standing *ret, tmg_err *err)
{
    tmg_stmt *s;

    *ret = (standing){0};
    TMG_TRY(tmg_sql(db, "SELECT figures = $2, account_id FROM published_report WHERE code = $1", &s, err));
    tmg_bind_text(s, 1, code);
    tmg_bind_text(s, 2, json);
    TMG_TRY(tmg_step(s, &ret->there, err));
    ret->same = ret->there && tmg_col_i64(s, 0) != 0;
    ret->account_id = ret->there ? tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc may_replace(const tmg_actor *who, const standing *now, tmg_err *err)
{
    if (now->account_id == who->account_id || tmg_guard_may(who, TMG_MAY_REPORT_REPLACE, 0, err) == TMG_OK)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_DENIED,
                    "code: another account keeps a report under this code: choose another code, or ask who "
                    "may replace it");
}

static tmg_rc put_aside(tmg_db *db, const tmg_actor *who, tmg_span code, int64_t now_ms, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO published_earlier (code, title, from_day, to_day, source, figures, kept_ms, "
                    "account_id, replaced_ms, replaced_by) SELECT code, title, from_day, to_day, source, "
                    "figures, kept_ms, account_id, $2, $3 FROM published_report WHERE code = $1",
                    &s, err));
    tmg_bind_text(s, 1, code);
    tmg_bind_i64(s, 2, now_ms);
    tmg_bind_i64(s, 3, who->account_id);
    return tmg_exec(s, err);
}

static tmg_rc put(tmg_db *db, const tmg_actor *who, const tmg_published *p, tmg_span json, int64_t now_ms,
                  tmg_err *err)
{
    tmg_period period = tmg_published_period(p, 0);
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO published_report (code, title, from_day, to_day, source, figures, kept_ms, account_id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO UPDATE SET title = $2, from_day = $3, "
        "to_day = $4, source = $5, figures = $6, kept_ms = $7, account_id = $8",
        &s, err));
    tmg_bind_text(s, 1, tmg_published_code(p));
    tmg_bind_text(s, 2, tmg_published_title(p));
    tmg_bind_i64(s, 3, period.from_day);
    tmg_bind_i64(s, 4, period.to_day);
    tmg_bind_text(s, 5, tmg_published_source(p));
    tmg_bind_text(s, 6, json);
    tmg_bind_i64(s, 7, now_ms);
    tmg_bind_i64(s, 8, who->account_id);
    return tmg_exec(s, err);
}

tmg_rc tmg_published_keep(tmg_db *db, const tmg_actor *who, const tmg_published *p, tmg_span json,
                          tmg_err *err)
{
    tmg_span code = tmg_published_code(p);
    int64_t now_ms = tmg_now_ms();
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    standing now;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_REPORT_READ, 0, err));
    TMG_TRY(read_standing(db, code, json, &now, err));
    if (now.same)
        return TMG_OK;
    if (now.there) {
        TMG_TRY(may_replace(who, &now, err));
        TMG_TRY(put_aside(db, who, code, now_ms, err));
    }
    TMG_TRY(put(db, who, p, json, now_ms, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "code", tmg_utf8_cut(code, 200));
    if (now.there)
        tmg_json_bool(&j, "replaced", true);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "report.published_kept", "report", tmg_members(&b), err);
}

tmg_rc tmg_published_kept_list(tmg_db *db, tmg_span code, tmg_arena *a, tmg_published_kept **ret,
                               size_t *ret_count, tmg_err *err)
{
    enum { MOST = 200 };
    tmg_published_kept *list = tmg_alloc_array(a, MOST, sizeof *list);
    size_t count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT p.code, p.title, p.source, u.display, CASE WHEN $1 <> '' THEN p.figures END, "
                    "p.from_day, p.to_day, p.kept_ms, p.replaced_ms FROM (SELECT code, title, source, "
                    "account_id, figures, from_day, to_day, kept_ms, NULL AS replaced_ms, 0 AS earlier FROM "
                    "published_report UNION ALL SELECT code, title, source, account_id, figures, from_day, "
                    "to_day, kept_ms, replaced_ms, id FROM published_earlier) p LEFT JOIN account u ON u.id "
                    "= p.account_id WHERE $1 = '' OR p.code = $1 ORDER BY p.to_day DESC, p.code, "
                    "p.replaced_ms IS NOT NULL, p.earlier DESC LIMIT 200",
                    &s, err));
    tmg_bind_text(s, 1, code.ptr != NULL ? code : TMG_SPAN(""));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list[count++] = (tmg_published_kept){.code = tmg_span_copy(a, tmg_col_text(s, 0)),
                                             .title = tmg_span_copy(a, tmg_col_text(s, 1)),
                                             .source = tmg_span_copy(a, tmg_col_text(s, 2)),
                                             .by = tmg_span_copy(a, tmg_col_text(s, 3)),
                                             .figures = tmg_span_copy(a, tmg_col_text(s, 4)),
                                             .from_day = (int32_t)tmg_col_i64(s, 5),
                                             .to_day = (int32_t)tmg_col_i64(s, 6),
                                             .kept_ms = tmg_col_opt(s, 7),
                                             .replaced_ms = tmg_col_opt(s, 8)};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
