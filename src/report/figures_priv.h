/* report/figures_priv.h - what the files of the figures share. */
#ifndef TMG_REPORT_FIGURES_PRIV_H
#define TMG_REPORT_FIGURES_PRIV_H

#include "report/figures.h"

/* Begins a statement with the cases of the period's facts: fact.case_id belongs to the fact fact.id, itself
 * or as a file that was merged into it, over however many steps. */
#define WITH_FACTS                                                                                           \
    "WITH RECURSIVE fact (case_id, id) AS (SELECT id, id FROM case_file WHERE merged_into IS NULL AND "      \
    "opened_ms >= $1 AND opened_ms < $2 UNION ALL SELECT c.id, f.id FROM fact f JOIN case_file c ON "        \
    "c.merged_into = f.case_id) "
/* Conditions on a seizure z and a substance line l. */
#define IN_PERIOD "z.seized_ms >= $1 AND z.seized_ms < $2"
#define NEWEST    "NOT EXISTS (SELECT 1 FROM substance_line n WHERE n.replaces = l.id)"
/* Joins what the list of substances said of a line l on the day of its seizure z; before the list began, and
 * where it has a hole, what it says nearest to it. */
#define SEIZED_ON "((z.seized_ms + z.offset_min * 60000) / 86400000)"
#define LISTED                                                                                               \
    "JOIN substance x ON x.id = coalesce((SELECT y.id FROM substance y WHERE y.code = l.substance AND "      \
    "y.from_day <= " SEIZED_ON " ORDER BY y.from_day DESC, y.id DESC LIMIT 1), (SELECT y.id FROM "           \
    "substance y WHERE y.code = l.substance ORDER BY y.from_day, y.id DESC LIMIT 1)) "
/* The classes of the total; of a substance x. */
#define IN_TOTAL "x.class IN ('narcotic', 'psychotropic', 'other')"

/* A seizure z with a line that reaches the large mass of its substance. */
#define IS_LARGE                                                                                             \
    "z.id IN (SELECT z.id FROM seizure z JOIN substance_line l ON l.seizure_id = z.id " LISTED               \
    "WHERE " IN_PERIOD " AND " NEWEST " AND x.large_mg IS NOT NULL AND l.mass_mg >= x.large_mg AND "         \
    "(" MASS_OF_LINE ") IS NOT NULL)"

/* A quantity as it counts: NULL where it is beyond what a record can say. */
#define WITHIN(column, most) "CASE WHEN " column " BETWEEN 0 AND " most " THEN " column " END"
#define MASS_OF_LINE         WITHIN("l.mass_mg", "10000000000000")
#define NET_MASS             WITHIN("u.net_mg", "10000000000000")
#define VALUE                WITHIN("z.value_minor", "100000000000000")
/* Currencies as codes; "XXX" where none was stated. */
#define CURRENCY "coalesce(nullif(upper(trim(z.value_currency)), ''), 'XXX')"

tmg_piece tmg_piece_of(tmg_span kind); /* TMG_PIECE_OTHER for all else */
bool tmg_is_growth(tmg_span name);
tmg_growth tmg_growth_of(tmg_span growth); /* of a line: TMG_GROWTH_UNSTATED for all else */
bool tmg_class_in_total(tmg_span class_name);
/* Does a line of the report hold both?  A substance that the list moved within the total stays in its line.
 */
bool tmg_same_section(tmg_span class_name, tmg_span other);
/* The class of somebody born then (TMG_NONE: not stated) when a fact was opened. */
const char *tmg_age_class_at(int i); /* 0 to TMG_AGE_CLASSES - 1 */
const char *tmg_age_class_name(int64_t birth_year, int64_t opened_ms, int offset_min);

/* Binds the period's instants to $1 (first) and $2 (behind the last). */
void tmg_bind_period(tmg_stmt *s, const tmg_period *p);
/* Rows of a text and a number, of a statement that takes a period. */
TMG_MUST_USE tmg_rc tmg_counts(tmg_db *db, const char *sql, const tmg_period *p, tmg_arena *a,
                               tmg_count_of **ret, size_t *ret_count, tmg_err *err);
/* The columns of the one row of a statement that takes a period. */
TMG_MUST_USE tmg_rc tmg_numbers(tmg_db *db, const char *sql, const tmg_period *p, int64_t *const *ret,
                                int count, tmg_err *err);

/* The parts of tmg_figures_of: lines with total, substances, plants and months; suspects as counts. */
TMG_MUST_USE tmg_rc tmg_lines_of_figures(tmg_db *db, tmg_period_figures *f, tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_persons_read(tmg_db *db, tmg_period_figures *f, tmg_span home, tmg_arena *a,
                                     tmg_err *err);

#endif
