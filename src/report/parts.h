/* report/parts.h - what stands behind a figure: the facts or seizures that make it up.
 *
 * A figure is named by its section and code, as in the report's CSV.  What the parts add up to is the figure,
 * in its smallest unit.  Who may see which of them is for the caller to decide; titles are here.
 *
 * Ownership: parts live in the arena.  Thread rule: the connection's thread, inside a read transaction.
 */
#ifndef TMG_REPORT_PARTS_H
#define TMG_REPORT_PARTS_H

#include "report/figures.h"

typedef struct tmg_figure_part {
    bool is_case;
    int64_t id, at_ms, post_id; /* post_id: of a seizure; 0: none */
    int64_t amount;             /* what it adds to the figure */
    tmg_span number, title;     /* title: of a case */
} tmg_figure_part;

typedef struct tmg_figure_ask {
    tmg_period period;
    tmg_span home, section, code;
} tmg_figure_ask;

/* Is the figure one of persons?  Its parts tell something about each of them. */
bool tmg_figure_is_of_persons(const tmg_figure_ask *ask);
/* Oldest first.  TMG_E_NOT_FOUND: the report has no such figure. */
TMG_MUST_USE tmg_rc tmg_figure_parts(tmg_db *db, const tmg_figure_ask *ask, tmg_arena *a,
                                     tmg_figure_part **ret, size_t *ret_count, tmg_err *err);

#endif
