/* report/rows_priv.h - what the files of the report's rows share while they are listed. */
#ifndef TMG_REPORT_ROWS_PRIV_H
#define TMG_REPORT_ROWS_PRIV_H

#include "report/rows.h"

typedef struct listing {
    const tmg_report *r;
    tmg_paper_words *w;
    tmg_arena *arena;
    tmg_report_row *rows;
    size_t count;
} listing;

tmg_report_row *tmg_row_add(listing *l, const char *section, tmg_span code, tmg_span words, tmg_row_kind kind,
                            const char *unit, int64_t value, int64_t before);
/* A row named by a word of [report]. */
tmg_report_row *tmg_row_named(listing *l, const char *section, const char *key, tmg_row_kind kind,
                              const char *unit, int64_t value, int64_t before);
/* What the row is a share of: a value, and the word of [base] that names it. */
void tmg_row_of(listing *l, tmg_report_row *row, int64_t of, const char *key);

#define BEFORE(l, member) ((l)->r->before != NULL ? (l)->r->before->member : 0)
#define BOTH(l, member)   (l)->r->now->member, BEFORE(l, member)

/* Substances with their pieces, potent and toxic ones, precursors, plants. */
void tmg_rows_of_substances(listing *l);
/* Marks what a copy for publication may not tell. */
void tmg_rows_hold(tmg_report_row *rows, size_t count, int64_t least);

#endif
