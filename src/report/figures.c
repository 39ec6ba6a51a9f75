#include "report/figures_priv.h"

#include <stdlib.h>

static const char *const piece_names[TMG_PIECES] = {"tablet", "capsule", "ampoule", "plant", "piece"};

const char *tmg_piece_name(tmg_piece p)
{
    return (unsigned)p < TMG_PIECES ? piece_names[p] : "";
}

void tmg_bind_period(tmg_stmt *s, const tmg_period *p)
{
    tmg_bind_i64(s, 1, tmg_day_start_ms(p->from_day, p->offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(p->to_day + 1, p->offset_min));
}

static tmg_rc one_number(tmg_db *db, const char *sql, const tmg_period *p, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_period(s, p);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_counts(tmg_db *db, const char *sql, const tmg_period *p, tmg_arena *a, tmg_count_of **ret,
                  size_t *ret_count, tmg_err *err)
{
    enum { MOST = 400 };
    tmg_count_of *list = tmg_alloc_array(a, MOST, sizeof *list);
    size_t count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_period(s, p);
    while (count < MOST) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list[count++] = (tmg_count_of){tmg_span_copy(a, tmg_col_text(s, 0)), tmg_col_i64(s, 1)};
    }
    if (count == MOST)
        tmg_reset(s);
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static int piece_of(tmg_span kind)
{
    for (int i = 0; i < TMG_PIECES; i++)
        if (tmg_span_is(kind, piece_names[i]))
            return i;
    return TMG_PIECE_OTHER;
}

static int64_t stated(int64_t v)
{
    return v == TMG_NONE ? 0 : v;
}

typedef struct line_row {
    tmg_span line, class_name, kind;
    int64_t mass_mg, volume_ul, count;
    bool first, last, gross, estimated; /* as seized; not replaced by a newer one */
} line_row;

static void add(tmg_amount *to, const line_row *r)
{
    to->lines++;
    to->mass_mg += stated(r->mass_mg);
    to->volume_ul += stated(r->volume_ul);
    to->count[piece_of(r->kind)] += stated(r->count);
    if (r->estimated)
        to->estimated_mg += stated(r->mass_mg);
    if (r->gross)
        to->gross_mg += stated(r->mass_mg);
}

static bool in_total(tmg_span class_name)
{
    return tmg_span_is(class_name, "narcotic") || tmg_span_is(class_name, "psychotropic") ||
           tmg_span_is(class_name, "other");
}

static tmg_rc add_row(tmg_period_figures *f, const line_row *r, size_t room, tmg_arena *a, tmg_err *err)
{
    size_t i = 0;

    while (i < f->line_count &&
           !(tmg_span_eq(f->lines[i].line, r->line) && tmg_span_eq(f->lines[i].class_name, r->class_name)))
        i++;
    if (i == f->line_count) {
        if (f->line_count == room)
            return TMG_FAIL(err, TMG_E_LIMIT,
                            "the list of substances names more than %zu lines of the figures", room);
        f->lines[f->line_count++] = (tmg_figure_line){.line = tmg_span_copy(a, r->line),
                                                      .class_name = tmg_span_copy(a, r->class_name)};
    }
    if (r->first)
        add(&f->lines[i].seized, r);
    if (!r->last)
        return TMG_OK;
    add(&f->lines[i].now, r);
    if (in_total(r->class_name))
        add(&f->total, r);
    return TMG_OK;
}

static int by_class_and_mass(const void *x, const void *y)
{
    const tmg_figure_line *p = x, *q = y;
    size_t least = p->class_name.len < q->class_name.len ? p->class_name.len : q->class_name.len;
    int order = memcmp(p->class_name.ptr, q->class_name.ptr, least);

    if (order == 0 && p->class_name.len != q->class_name.len)
        order = p->class_name.len < q->class_name.len ? -1 : 1;
    if (order == 0)
        order = (p->now.mass_mg < q->now.mass_mg) - (p->now.mass_mg > q->now.mass_mg);
    return order;
}

static tmg_rc read_lines(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    enum { ROOM = 200 };
    tmg_stmt *s;
    bool row;

    f->lines = tmg_alloc_array(a, ROOM, sizeof *f->lines);
    TMG_TRY(tmg_sql(
        db,
        "SELECT x.figure_line, x.class, l.count_kind, l.mass_mg, l.volume_ul, l.count, l.replaces IS NULL, "
        "NOT EXISTS "
        "(SELECT 1 FROM substance_line n WHERE n.replaces = l.id), l.gross, l.estimated FROM seizure z JOIN "
        "substance_line l ON l.seizure_id = z.id JOIN substance x ON x.id = (SELECT max(y.id) FROM substance "
        "y WHERE "
        "y.code = l.substance) WHERE z.seized_ms >= $1 AND z.seized_ms < $2 ORDER BY l.id",
        &s, err));
    tmg_bind_period(s, &f->period);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        line_row r = {tmg_col_text(s, 0),     tmg_col_text(s, 1),     tmg_col_text(s, 2),
                      tmg_col_opt(s, 3),      tmg_col_opt(s, 4),      tmg_col_opt(s, 5),
                      tmg_col_i64(s, 6) != 0, tmg_col_i64(s, 7) != 0, tmg_col_i64(s, 8) != 0,
                      tmg_col_i64(s, 9) != 0};
        tmg_rc rc = add_row(f, &r, ROOM, a, err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
    }
    qsort(f->lines, f->line_count, sizeof *f->lines, by_class_and_mass);
    return TMG_OK;
}

/* A seizure is large when one of its substances reaches the mass that the list calls large; all of its mass
 * then counts. */
static const char large_sql[] =
    "SELECT count(*), coalesce(sum(q.mass), 0) FROM (SELECT z.id, (SELECT coalesce(sum(l.mass_mg), 0) FROM "
    "substance_line l "
    "WHERE l.seizure_id = z.id AND NOT EXISTS (SELECT 1 FROM substance_line n WHERE n.replaces = l.id)) AS "
    "mass FROM seizure z "
    "WHERE z.seized_ms >= $1 AND z.seized_ms < $2 AND EXISTS (SELECT 1 FROM substance_line l JOIN substance "
    "x ON x.id = (SELECT "
    "max(y.id) FROM substance y WHERE y.code = l.substance) WHERE l.seizure_id = z.id AND NOT EXISTS (SELECT "
    "1 FROM "
    "substance_line n WHERE n.replaces = l.id) AND x.large_mg IS NOT NULL AND l.mass_mg >= x.large_mg)) q";

static tmg_rc two_numbers(tmg_db *db, const char *sql, const tmg_period *p, int64_t *ret_a, int64_t *ret_b,
                          tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_period(s, p);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_a = row ? tmg_col_i64(s, 0) : 0;
    *ret_b = row ? tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

#define FACTS "case_file c WHERE c.opened_ms >= $1 AND c.opened_ms < $2 AND c.merged_into IS NULL"

static tmg_rc read_counts(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    const tmg_period *p = &f->period;

    TMG_TRY(one_number(db, "SELECT count(*) FROM " FACTS, p, &f->facts, err));
    TMG_TRY(one_number(db, "SELECT count(*) FROM seizure z WHERE z.seized_ms >= $1 AND z.seized_ms < $2", p,
                       &f->seizures, err));
    TMG_TRY(one_number(db,
                       "SELECT count(*) FROM seizure z WHERE z.seized_ms >= $1 AND z.seized_ms < $2 AND "
                       "z.prevented_transit = 1",
                       p, &f->attempts, err));
    TMG_TRY(two_numbers(db, large_sql, p, &f->large, &f->large_mg, err));
    TMG_TRY(two_numbers(db,
                        "SELECT count(*), count(DISTINCT coalesce(c.merged_into, c.id)) FROM crime_group g "
                        "JOIN case_file c ON "
                        "c.id = g.case_id WHERE c.opened_ms >= $1 AND c.opened_ms < $2",
                        p, &f->groups, &f->group_cases, err));
    TMG_TRY(two_numbers(db,
                        "SELECT count(*), coalesce(sum(u.net_mg), 0) FROM custody u WHERE u.act = "
                        "'destroyed' AND u.at_ms >= $1 "
                        "AND u.at_ms < $2",
                        p, &f->destroyed, &f->destroyed_mg, err));
    TMG_TRY(one_number(db,
                       "SELECT count(*) FROM (SELECT DISTINCT coalesce(c.merged_into, c.id), z.direction "
                       "FROM seizure z JOIN "
                       "case_file c ON c.id = z.case_id WHERE c.opened_ms >= $1 AND c.opened_ms < $2) q",
                       p, &f->facts_by_direction, err));
    TMG_TRY(tmg_counts(db,
                       "SELECT c.fact_kind, count(*) FROM " FACTS " GROUP BY c.fact_kind ORDER BY 2 DESC, 1",
                       p, a, &f->by_kind, &f->kind_count, err));
    TMG_TRY(tmg_counts(
        db,
        "SELECT z.direction, count(*) FROM seizure z WHERE z.seized_ms >= $1 AND z.seized_ms < $2 GROUP BY "
        "z.direction ORDER BY 2 DESC, 1",
        p, a, &f->by_direction, &f->direction_count, err));
    return tmg_counts(db,
                      "SELECT z.value_currency, sum(z.value_minor) FROM seizure z WHERE z.seized_ms >= $1 "
                      "AND z.seized_ms < $2 "
                      "AND z.value_minor IS NOT NULL GROUP BY z.value_currency ORDER BY 1",
                      p, a, &f->value, &f->value_count, err);
}

tmg_rc tmg_figures_of(tmg_db *db, const tmg_period *p, tmg_span home, tmg_arena *a, tmg_period_figures *ret,
                      tmg_err *err)
{
    if (p->to_day < p->from_day)
        return TMG_FAIL(err, TMG_E_INVALID, "to: a period cannot end before it begins");
    *ret = (tmg_period_figures){.period = *p};
    TMG_TRY(read_counts(db, ret, a, err));
    TMG_TRY(read_lines(db, ret, a, err));
    return tmg_persons_read(db, ret, home, a, err);
}
