#include "report/figures_priv.h"

void tmg_bind_period(tmg_stmt *s, const tmg_period *p)
{
    tmg_bind_i64(s, 1, tmg_day_start_ms(p->from_day, p->offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(p->to_day + 1, p->offset_min));
}

tmg_rc tmg_numbers(tmg_db *db, const char *sql, const tmg_period *p, int64_t *const *ret, int count,
                   tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_period(s, p);
    TMG_TRY(tmg_step(s, &row, err));
    for (int i = 0; i < count; i++)
        *ret[i] = row ? tmg_col_i64(s, i) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc one_number(tmg_db *db, const char *sql, const tmg_period *p, int64_t *ret, tmg_err *err)
{
    return tmg_numbers(db, sql, p, &ret, 1, err);
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

/* A seizure is large when one of its substances reaches the mass that the list calls large; all of its mass
 * then counts. */
static const char large_sql[] =
    "SELECT count(DISTINCT z.id), coalesce(sum(CASE WHEN " IN_TOTAL " THEN " MASS_OF_LINE
    " END), 0), coalesce(sum(CASE WHEN NOT " IN_TOTAL " THEN " MASS_OF_LINE
    " END), 0) FROM seizure z JOIN substance_line l ON l.seizure_id = z.id " LISTED "WHERE " IN_PERIOD
    " AND " NEWEST " AND " IS_LARGE;

/* Facts with a seizure, with one made in a group, and with such a one and a group that was entered. */
static const char facts_seized_sql[] = WITH_FACTS
    "SELECT count(DISTINCT f.id), count(DISTINCT CASE WHEN z.in_group = 1 THEN f.id END), count(DISTINCT "
    "CASE WHEN z.in_group = 1 AND EXISTS (SELECT 1 FROM crime_group g JOIN fact h ON h.case_id = g.case_id "
    "WHERE h.id = f.id) THEN f.id END) FROM fact f JOIN seizure z ON z.case_id = f.case_id";

static const char of_cases_sql[] = WITH_FACTS "SELECT count(z.case_id), count(f.id) FROM seizure z LEFT JOIN "
                                              "fact f ON f.case_id = z.case_id WHERE " IN_PERIOD;

/* Values and destructions; those of which the quantity is left out. */
static const char sane_sql[] =
    "SELECT count(*), coalesce(sum(q.kept IS NULL), 0) FROM (SELECT " VALUE
    " AS kept FROM seizure z WHERE " IN_PERIOD " AND z.value_minor IS NOT NULL UNION ALL SELECT " NET_MASS
    " FROM custody u WHERE u.act = "
    "'destroyed' AND u.at_ms >= $1 AND u.at_ms < $2 AND u.net_mg IS NOT NULL) q";

/* An exhibit's stock is old when the fact that it belongs to was opened before the period. */
static const char destroyed_sql[] =
    "WITH RECURSIVE root (case_id, id, opened_ms) AS (SELECT id, id, opened_ms FROM case_file WHERE "
    "merged_into IS NULL UNION ALL SELECT c.id, r.id, r.opened_ms FROM root r JOIN case_file c ON "
    "c.merged_into = r.case_id), gone AS (SELECT " NET_MASS
    " AS net_mg, r.id, coalesce(r.opened_ms < $1, 0) AS old FROM "
    "custody u JOIN exhibit e ON e.id = u.exhibit_id LEFT JOIN seizure z ON z.id = e.seizure_id LEFT JOIN "
    "root r ON r.case_id = z.case_id WHERE u.act = 'destroyed' AND u.at_ms >= $1 AND u.at_ms < $2) SELECT "
    "count(*), coalesce(sum(net_mg), 0), count(DISTINCT id), count(DISTINCT CASE WHEN old THEN id END), "
    "coalesce(sum(CASE WHEN old THEN net_mg END), 0) FROM gone";

static tmg_rc read_counts(tmg_db *db, tmg_period_figures *f, tmg_err *err)
{
    const tmg_period *p = &f->period;

    TMG_TRY(one_number(
        db, "SELECT count(*) FROM case_file WHERE opened_ms >= $1 AND opened_ms < $2 AND merged_into IS NULL",
        p, &f->facts, err));
    TMG_TRY(one_number(db, "SELECT count(*) FROM seizure z WHERE " IN_PERIOD, p, &f->seizures, err));
    TMG_TRY(one_number(db, "SELECT count(*) FROM seizure z WHERE " IN_PERIOD " AND z.prevented_transit = 1",
                       p, &f->attempts, err));
    TMG_TRY(tmg_numbers(db, large_sql, p, (int64_t *const[]){&f->large, &f->large_mg, &f->large_other_mg}, 3,
                        err));
    TMG_TRY(tmg_numbers(db, facts_seized_sql, p,
                        (int64_t *const[]){&f->facts_seized, &f->facts_in_group, &f->facts_in_group_named}, 3,
                        err));
    TMG_TRY(tmg_numbers(db, of_cases_sql, p,
                        (int64_t *const[]){&f->seizures_with_case, &f->seizures_in_facts}, 2, err));
    TMG_TRY(tmg_numbers(db, sane_sql, p, (int64_t *const[]){&f->records, &f->beyond}, 2, err));
    TMG_TRY(tmg_numbers(db,
                        WITH_FACTS "SELECT count(*), count(DISTINCT f.id) FROM fact f JOIN crime_group g ON "
                                   "g.case_id = f.case_id",
                        p, (int64_t *const[]){&f->groups, &f->group_cases}, 2, err));
    return tmg_numbers(db, destroyed_sql, p,
                       (int64_t *const[]){&f->destroyed, &f->destroyed_mg, &f->destroyed_cases,
                                          &f->destroyed_old_cases, &f->destroyed_old_mg},
                       5, err);
}

static tmg_rc read_lists(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err)
{
    const tmg_period *p = &f->period;

    TMG_TRY(tmg_counts(db,
                       "SELECT fact_kind, count(*) FROM case_file WHERE opened_ms >= $1 AND opened_ms < $2 "
                       "AND merged_into IS NULL GROUP BY fact_kind ORDER BY 2 DESC, 1",
                       p, a, &f->by_kind, &f->kind_count, err));
    TMG_TRY(tmg_counts(db,
                       "SELECT z.direction, count(*) FROM seizure z WHERE " IN_PERIOD
                       " GROUP BY z.direction ORDER BY 2 DESC, 1",
                       p, a, &f->by_direction, &f->direction_count, err));
    TMG_TRY(tmg_counts(db,
                       WITH_FACTS
                       "SELECT z.direction, count(DISTINCT f.id) FROM fact f JOIN seizure z ON z.case_id "
                       "= f.case_id GROUP BY z.direction ORDER BY 2 DESC, 1",
                       p, a, &f->facts_in, &f->facts_in_count, err));
    for (size_t i = 0; i < f->facts_in_count; i++)
        f->facts_by_direction += f->facts_in[i].count;
    return tmg_counts(db,
                      "SELECT " CURRENCY ", coalesce(sum(" VALUE "), 0) FROM seizure z WHERE " IN_PERIOD
                      " AND z.value_minor IS NOT NULL GROUP BY 1 ORDER BY 1",
                      p, a, &f->value, &f->value_count, err);
}

tmg_rc tmg_figures_of(tmg_db *db, const tmg_period *p, tmg_span home, tmg_arena *a, tmg_period_figures *ret,
                      tmg_err *err)
{
    if (p->to_day < p->from_day)
        return TMG_FAIL(err, TMG_E_INVALID, "to: a period cannot end before it begins");
    *ret = (tmg_period_figures){.period = *p};
    TMG_TRY(read_counts(db, ret, err));
    TMG_TRY(read_lists(db, ret, a, err));
    TMG_TRY(tmg_lines_of_figures(db, ret, a, err));
    return tmg_persons_read(db, ret, home, a, err);
}

bool tmg_period_is_empty(const tmg_period_figures *f)
{
    return f->facts == 0 && f->seizures == 0 && f->persons.total == 0 && f->destroyed == 0;
}
