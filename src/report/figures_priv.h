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
/* Joins what the list of substances says of a line l. */
#define LISTED "JOIN substance x ON x.id = (SELECT max(y.id) FROM substance y WHERE y.code = l.substance) "
/* The classes of the total; of a substance x. */
#define IN_TOTAL "x.class IN ('narcotic', 'psychotropic', 'other')"

tmg_piece tmg_piece_of(tmg_span kind); /* TMG_PIECE_OTHER for all else */
bool tmg_is_growth(tmg_span name);
tmg_growth tmg_growth_of(tmg_span growth); /* of a line: TMG_GROWTH_UNSTATED for all else */
bool tmg_class_in_total(tmg_span class_name);
/* The class of somebody born then (TMG_NONE: not stated) when a fact was opened. */
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
