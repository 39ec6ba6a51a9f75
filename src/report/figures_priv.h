/* report/figures_priv.h - what the files of the figures share. */
#ifndef TMG_REPORT_FIGURES_PRIV_H
#define TMG_REPORT_FIGURES_PRIV_H

#include "report/figures.h"

/* Binds the period's instants to $1 (first) and $2 (behind the last). */
void tmg_bind_period(tmg_stmt *s, const tmg_period *p);
/* Rows of a text and a number, of a statement that takes a period. */
TMG_MUST_USE tmg_rc tmg_counts(tmg_db *db, const char *sql, const tmg_period *p, tmg_arena *a,
                               tmg_count_of **ret, size_t *ret_count, tmg_err *err);
/* The counts of suspects. */
TMG_MUST_USE tmg_rc tmg_persons_read(tmg_db *db, tmg_period_figures *f, tmg_span home, tmg_arena *a,
                                     tmg_err *err);

#endif
