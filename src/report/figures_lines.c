/* Substance lines of the period's seizures: by line of the report, by substance, by growth and by month. */
#include "report/figures_priv.h"

#include <stdlib.h>

enum { MOST_LINES = 200, MOST_SUBSTANCES = 1000, MOST_MONTHS = 12 * 300 };

static const char *const piece_names[TMG_PIECES] = {"tablet", "capsule", "ampoule", "plant", "piece"};
static const char *const growth_names[TMG_GROWTHS] = {"cultivated", "wild", "unstated"};

const char *tmg_piece_name(tmg_piece p)
{
    return (unsigned)p < TMG_PIECES ? piece_names[p] : "";
}

const char *tmg_growth_name(tmg_growth g)
{
    return (unsigned)g < TMG_GROWTHS ? growth_names[g] : "";
}

tmg_piece tmg_piece_of(tmg_span kind)
{
    for (int i = 0; i < TMG_PIECES; i++)
        if (tmg_span_is(kind, piece_names[i]))
            return (tmg_piece)i;
    return TMG_PIECE_OTHER;
}

bool tmg_is_growth(tmg_span name)
{
    return tmg_span_is(name, growth_names[TMG_GROWTH_UNSTATED]) || tmg_growth_of(name) != TMG_GROWTH_UNSTATED;
}

tmg_growth tmg_growth_of(tmg_span growth)
{
    for (int i = 0; i < TMG_GROWTH_UNSTATED; i++)
        if (tmg_span_is(growth, growth_names[i]))
            return (tmg_growth)i;
    return TMG_GROWTH_UNSTATED;
}

typedef struct line_row {
    tmg_span code, line, class_name, kind, growth;
    int64_t mass_mg, volume_ul, count, area_m2, seized_ms;
    bool first, last, gross, estimated; /* as seized; not replaced by a newer one */
} line_row;

/* What is not stated adds nothing; what is beyond `most` is left out, and the row says so. */
static int64_t sane(int64_t v, int64_t most, bool *beyond)
{
    *beyond = *beyond || (v != TMG_NONE && (v < 0 || v > most));
    return v == TMG_NONE || v < 0 || v > most ? 0 : v;
}

static bool keep_sane(line_row *r)
{
    bool beyond = false;

    r->mass_mg = sane(r->mass_mg, TMG_SANE_MASS, &beyond);
    r->volume_ul = sane(r->volume_ul, TMG_SANE_MASS, &beyond);
    r->count = sane(r->count, TMG_SANE_COUNT, &beyond);
    r->area_m2 = sane(r->area_m2, TMG_SANE_AREA, &beyond);
    return !beyond;
}

static void add(tmg_amount *to, const line_row *r)
{
    to->lines++;
    to->mass_mg += r->mass_mg;
    to->volume_ul += r->volume_ul;
    to->count[tmg_piece_of(r->kind)] += r->count;
    if (r->estimated)
        to->estimated_mg += r->mass_mg;
    if (r->gross)
        to->gross_mg += r->mass_mg;
}

bool tmg_class_in_total(tmg_span class_name)
{
    return tmg_span_is(class_name, "narcotic") || tmg_span_is(class_name, "psychotropic") ||
           tmg_span_is(class_name, "other");
}

bool tmg_same_section(tmg_span x, tmg_span y)
{
    return tmg_span_eq(x, y) || (tmg_class_in_total(x) && tmg_class_in_total(y) && !tmg_span_is(x, "other") &&
                                 !tmg_span_is(y, "other"));
}

static tmg_rc too_many(tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_LIMIT, "the list of substances names more than %d lines or %d substances",
                    MOST_LINES, MOST_SUBSTANCES);
}

static tmg_rc line_of(tmg_period_figures *f, const line_row *r, tmg_arena *a, tmg_figure_line **ret,
                      tmg_err *err)
{
    size_t i = 0;

    while (i < f->line_count && !(tmg_span_eq(f->lines[i].line, r->line) &&
                                  tmg_same_section(f->lines[i].class_name, r->class_name)))
        i++;
    if (i == MOST_LINES)
        return too_many(err);
    if (i == f->line_count)
        f->lines[f->line_count++] = (tmg_figure_line){.line = tmg_span_copy(a, r->line),
                                                      .class_name = tmg_span_copy(a, r->class_name)};
    *ret = &f->lines[i];
    return TMG_OK;
}

static tmg_rc substance_of(tmg_period_figures *f, const line_row *r, tmg_arena *a, tmg_substance_sum **ret,
                           tmg_err *err)
{
    size_t i = 0;

    while (i < f->substance_count && !(tmg_span_eq(f->substances[i].code, r->code) &&
                                       tmg_same_section(f->substances[i].class_name, r->class_name)))
        i++;
    if (i == MOST_SUBSTANCES)
        return too_many(err);
    if (i == f->substance_count)
        f->substances[f->substance_count++] =
            (tmg_substance_sum){.code = tmg_span_copy(a, r->code),
                                .line = tmg_span_copy(a, r->line),
                                .class_name = tmg_span_copy(a, r->class_name)};
    *ret = &f->substances[i];
    return TMG_OK;
}

static void add_plants(tmg_period_figures *f, const line_row *r)
{
    tmg_plants *p = &f->plants[tmg_growth_of(r->growth)];

    if (!tmg_span_is(r->class_name, "plant") && r->growth.len == 0)
        return;
    if (tmg_piece_of(r->kind) == TMG_PIECE_PLANT)
        p->count += r->count;
    p->mass_mg += r->mass_mg;
    p->area_m2 += r->area_m2;
}

static tmg_month_sum *month_of(tmg_period_figures *f, int32_t day)
{
    size_t i = 0;

    while (i + 1 < f->month_count && f->months[i].to_day < day)
        i++;
    return &f->months[i];
}

static tmg_rc add_row(tmg_period_figures *f, const line_row *r, tmg_arena *a, tmg_err *err)
{
    tmg_substance_sum *substance = NULL;
    tmg_figure_line *line = NULL;

    TMG_TRY(line_of(f, r, a, &line, err));
    if (r->first)
        add(&line->seized, r);
    if (!r->last)
        return TMG_OK;
    add(&line->now, r);
    TMG_TRY(substance_of(f, r, a, &substance, err));
    add(&substance->now, r);
    add_plants(f, r);
    if (!tmg_class_in_total(r->class_name))
        return TMG_OK;
    add(&f->total, r);
    month_of(f, tmg_day_of(r->seized_ms, f->period.offset_min))->mass_mg += r->mass_mg;
    return TMG_OK;
}

static int by_text(tmg_span x, tmg_span y)
{
    int order = memcmp(x.ptr, y.ptr, x.len < y.len ? x.len : y.len);

    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

static int by_class_and_mass(const void *x, const void *y)
{
    const tmg_figure_line *p = x, *q = y;
    int order = by_text(p->class_name, q->class_name);

    return order != 0 ? order : (p->now.mass_mg < q->now.mass_mg) - (p->now.mass_mg > q->now.mass_mg);
}

static int by_class_and_code(const void *x, const void *y)
{
    const tmg_substance_sum *p = x, *q = y;
    int order = by_text(p->class_name, q->class_name);

    return order != 0 ? order : by_text(p->code, q->code);
}

static tmg_rc read_rows(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(
        tmg_sql(db,
                "SELECT l.substance, x.figure_line, x.class, l.count_kind, l.growth, l.mass_mg, "
                "l.volume_ul, l.count, l.area_m2, z.seized_ms, l.replaces IS NULL, " NEWEST
                ", l.gross, l.estimated FROM seizure z JOIN substance_line l ON l.seizure_id = z.id " LISTED
                "WHERE " IN_PERIOD " ORDER BY l.id",
                &s, err));
    tmg_bind_period(s, &f->period);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        line_row r = {tmg_col_text(s, 0),      tmg_col_text(s, 1),      tmg_col_text(s, 2),
                      tmg_col_text(s, 3),      tmg_col_text(s, 4),      tmg_col_opt(s, 5),
                      tmg_col_opt(s, 6),       tmg_col_opt(s, 7),       tmg_col_opt(s, 8),
                      tmg_col_i64(s, 9),       tmg_col_i64(s, 10) != 0, tmg_col_i64(s, 11) != 0,
                      tmg_col_i64(s, 12) != 0, tmg_col_i64(s, 13) != 0};
        f->records++;
        f->beyond += !keep_sane(&r);
        tmg_rc rc = add_row(f, &r, a, err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
    }
}

static tmg_rc read_names(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    for (size_t i = 0; i < f->substance_count; i++) {
        TMG_TRY(tmg_sql(
            db, "SELECT name, name_az, name_ru FROM substance WHERE code = $1 ORDER BY id DESC LIMIT 1", &s,
            err));
        tmg_bind_text(s, 1, f->substances[i].code);
        TMG_TRY(tmg_step(s, &row, err));
        for (int k = 0; row && k < 3; k++)
            f->substances[i].name[k] = tmg_span_copy(a, tmg_col_text(s, k));
        tmg_reset(s);
    }
    return TMG_OK;
}

/* ---- months ---- */

/* The day on which the next calendar month begins. */
static int32_t next_month(int32_t day)
{
    TMG_AUTO_BUF b = {0};
    int64_t of_month = 1;

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, day);
    (void)tmg_span_i64((tmg_span){b.ptr + 8, 2}, &of_month);
    /* 31 days after the first is in the next month, and never past it. */
    int32_t in_next = day - (int32_t)of_month + 1 + 31;
    tmg_buf_clear(&b);
    tmg_day_write(&b, in_next);
    (void)tmg_span_i64((tmg_span){b.ptr + 8, 2}, &of_month);
    return in_next - (int32_t)of_month + 1;
}

static tmg_rc lay_months(tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    const tmg_period *p = &f->period;
    size_t count = 0;

    for (int32_t day = p->from_day; day <= p->to_day && count <= MOST_MONTHS; day = next_month(day))
        count++;
    if (count > MOST_MONTHS)
        return TMG_FAIL(err, TMG_E_INVALID, "to: a period has at most %d months", MOST_MONTHS);
    f->months = tmg_alloc_array(a, count, sizeof *f->months);
    for (int32_t day = p->from_day; day <= p->to_day; day = next_month(day)) {
        int32_t last = next_month(day) - 1;

        f->months[f->month_count++] =
            (tmg_month_sum){.from_day = day, .to_day = last < p->to_day ? last : p->to_day};
    }
    return TMG_OK;
}

/* Adds 1 per row to `member` of the month of its instant. */
static tmg_rc count_by_month(tmg_db *db, tmg_period_figures *f, const char *sql, size_t member, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_period(s, &f->period);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_month_sum *m = month_of(f, tmg_day_of(tmg_col_i64(s, 0), f->period.offset_min));
        ++*(int64_t *)(void *)((char *)m + member);
    }
}

tmg_rc tmg_lines_of_figures(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    f->lines = tmg_alloc_array(a, MOST_LINES, sizeof *f->lines);
    f->substances = tmg_alloc_array(a, MOST_SUBSTANCES, sizeof *f->substances);
    TMG_TRY(lay_months(f, a, err));
    TMG_TRY(read_rows(db, f, a, err));
    TMG_TRY(read_names(db, f, a, err));
    qsort(f->lines, f->line_count, sizeof *f->lines, by_class_and_mass);
    qsort(f->substances, f->substance_count, sizeof *f->substances, by_class_and_code);
    TMG_TRY(count_by_month(db, f, "SELECT z.seized_ms FROM seizure z WHERE " IN_PERIOD,
                           offsetof(tmg_month_sum, seizures), err));
    return count_by_month(db, f,
                          "SELECT opened_ms FROM case_file WHERE opened_ms >= $1 AND opened_ms < $2 AND "
                          "merged_into IS NULL",
                          offsetof(tmg_month_sum, facts), err);
}
