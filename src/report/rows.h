/* report/rows.h - the period's report as rows: what the paper, the spreadsheet and the plain text all print.
 *
 * Ownership: rows and their texts live in the arena.  Pure functions: any thread.
 */
#ifndef TMG_REPORT_ROWS_H
#define TMG_REPORT_ROWS_H

#include "report/paper.h"

/* The State Commission's layout begins with the kinds of facts, the customs' with substances and directions.
 */
typedef enum tmg_report_layout { TMG_LAYOUT_STATE, TMG_LAYOUT_CUSTOMS } tmg_report_layout;

typedef struct tmg_report {
    tmg_report_layout layout;
    const tmg_period_figures *now, *before; /* before: of the period compared with, or NULL */
    const tmg_gap *gaps;
    size_t gap_count;
} tmg_report;

typedef struct tmg_report_row {
    const char *section; /* key of [report_section] */
    tmg_span code;       /* "heroin", "facts", "men": the same in every language */
    tmg_span words;
    tmg_row_kind kind;
    const char *unit;              /* "mg", "ul", "cases", "persons", "pieces", "minor" */
    tmg_span currency;             /* of "minor" */
    int64_t value, seized, before; /* seized: as first recorded; TMG_NONE where it does not apply */
    int64_t of_total_ppm;          /* share of the section's total, or TMG_NONE */
} tmg_report_row;

void tmg_report_rows(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_report_row **ret,
                     size_t *ret_count);

/* A quantity of a row in words ("6 t 403 kg 647,445 q", "35"), and as a number with its unit's decimals
 * ("6403,647445"). */
tmg_span tmg_report_quantity(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row, int64_t v);
tmg_span tmg_report_figure(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row, int64_t v);
/* The change in per cent of the earlier value; a dash where that is 0 or not known. */
tmg_span tmg_report_change(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row);

/* What a gap is about and why it is there, in the paper's language; an amount in its unit. */
tmg_span tmg_gap_about_words(tmg_paper_words *w, tmg_arena *a, const tmg_gap *g);
tmg_span tmg_gap_why_words(tmg_paper_words *w, tmg_arena *a, const tmg_gap *g);
tmg_span tmg_gap_amount_words(tmg_paper_words *w, tmg_arena *a, int64_t v, const char *unit);

/* "01.01.2021 – 30.09.2021" */
tmg_span tmg_period_words(tmg_arena *a, const tmg_period *p);

#endif
