/* What takes the place of a line: the laboratory's finding with its report, or a correction with words. */
#include "app/casework_priv.h"

enum { LEAST_WORDS = 3, LEAST_NUMBER = 2 };

typedef struct line_before {
    int64_t seizure_id, consignment_id, account_id, recorded_by, seized_ms;
    int offset_min;
    bool confirmed;
} line_before;

static tmg_rc read_before(tmg_db *db, int64_t line_id, line_before *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db,
        "SELECT z.id, z.consignment_id, l.account_id, z.recorded_by, z.seized_ms, z.offset_min, l.stage = "
        "'confirmed' FROM substance_line l JOIN seizure z ON z.id = l.seizure_id WHERE l.id = $1",
        &s, err));
    tmg_bind_i64(s, 1, line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no substance line %lld", (long long)line_id);
    *ret = (line_before){tmg_col_i64(s, 0), tmg_col_i64(s, 1),      tmg_col_i64(s, 2),     tmg_col_i64(s, 3),
                         tmg_col_i64(s, 4), (int)tmg_col_i64(s, 5), tmg_col_i64(s, 6) != 0};
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc needs_words(const tmg_substance_line *l, tmg_err *err)
{
    if (tmg_span_trim(l->words).len >= LEAST_WORDS)
        return TMG_OK;
    return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "words: a correction says what was wrong"), err,
                         "line.words");
}

/* Whoever seized it does not enter what the laboratory found, and a finding has a report. */
static tmg_rc check_finding(const tmg_actor *who, const line_before *b, const tmg_substance_line *l,
                            int32_t today, tmg_err *err)
{
    int32_t seized = tmg_day_of(b->seized_ms, b->offset_min);

    TMG_TRY(tmg_guard_may(who, TMG_MAY_LABORATORY_ENTER, 0, err));
    if (who->account_id != 0 && who->account_id == b->recorded_by)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_DENIED,
                     "who recorded the seizure does not enter what the laboratory found of it: "
                     "another does"),
            err, "line.own");
    if (tmg_span_trim(l->report_number).len < LEAST_NUMBER || l->report_day == 0)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID,
                     "report_number, report_date: a finding names the laboratory's report and its day"),
            err, "line.report");
    if (l->report_day < seized || l->report_day > today)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID,
                     "report_date: the report is of a day after the seizure and not of one to come"),
            err, "line.report_day");
    return b->confirmed ? needs_words(l, err) : TMG_OK;
}

static tmg_rc check_correction(const tmg_actor *who, const line_before *b, const tmg_substance_line *l,
                               tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_SEIZURE_RECORD, 0, err));
    if (b->confirmed)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "the laboratory confirmed this line: only another finding of the laboratory, with "
                     "words, takes its place"),
            err, "line.confirmed");
    return needs_words(l, err);
}

/* What is weighed of the line's exhibits now, and whether one of them was at the laboratory. */
static tmg_rc look_at_exhibits(tmg_db *db, int64_t line_id, tmg_lab_view *ret, tmg_err *err)
{
    static const char sql[] =
        "WITH RECURSIVE chain(id, up) AS (SELECT id, replaces FROM substance_line WHERE id = $1 UNION SELECT "
        "o.id, "
        "o.replaces FROM substance_line o JOIN chain c ON o.id = c.up), bag AS (SELECT e.id, (SELECT "
        "u.net_mg FROM "
        "custody u WHERE u.exhibit_id = e.id AND u.net_mg IS NOT NULL ORDER BY u.no DESC LIMIT 1) AS net, "
        "EXISTS "
        "(SELECT 1 FROM custody u WHERE u.exhibit_id = e.id AND u.act = 'lab') AS sent FROM exhibit e WHERE "
        "e.line_id IN "
        "(SELECT id FROM chain)) SELECT count(*), coalesce(sum(net), 0), coalesce(sum(net IS NULL), 0), "
        "coalesce(max(sent), 0) FROM bag";
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, line_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = (tmg_lab_view){
        .sent = row && tmg_col_i64(s, 3) != 0,
        .weighed_mg = row && tmg_col_i64(s, 0) > 0 && tmg_col_i64(s, 2) == 0 ? tmg_col_i64(s, 1) : TMG_NONE};
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_use_confirm_line(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t line_id,
                            tmg_substance_line *l, const tmg_sure *sure, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 22);
    tmg_seizure z = {.lines = l, .line_count = 1};
    bool finding = tmg_span_is(l->stage, "confirmed");
    tmg_lab_view view = {0};
    tmg_declaration d;
    line_before b = {0};

    TMG_TRY(read_before(db, line_id, &b, err));
    TMG_TRY(finding ? check_finding(who, &b, l, tmg_centre_today(c), err)
                    : check_correction(who, &b, l, err));
    TMG_TRY(look_at_exhibits(db, line_id, &view, err));
    TMG_TRY(tmg_line_confirm(c->codes, db, who, line_id, l, err));
    if (sure == NULL)
        return TMG_OK;
    z.id = b.seizure_id;
    if (b.consignment_id != 0)
        TMG_TRY(tmg_consignment_load(db, b.consignment_id, a, &d, err));
    return tmg_unlikely_seizure(db, who, b.consignment_id != 0 ? &d : NULL, &z, finding ? &view : NULL,
                                sure->confirmed, sure->note, err);
}
