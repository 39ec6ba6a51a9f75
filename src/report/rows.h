/* report/rows.h - the period's report as rows: what the paper, the spreadsheet and the plain text all print.
 *
 * Ownership: rows and their texts live in the arena.  Pure functions: any thread.
 */
#ifndef TMG_REPORT_ROWS_H
#define TMG_REPORT_ROWS_H

#include "report/equivalents.h"
#include "report/paper.h"

/* The State Commission's layout begins with the kinds of facts, the customs' with substances and directions.
 */
typedef enum tmg_report_layout { TMG_LAYOUT_STATE, TMG_LAYOUT_CUSTOMS } tmg_report_layout;

typedef struct tmg_report {
    tmg_report_layout layout;
    const tmg_period_figures *now, *before; /* before: of the period compared with, or NULL */
    const tmg_gap *gaps;
    size_t gap_count;
    const tmg_equivalent *equivalents;
    size_t equivalent_count;
    int64_t least; /* of a copy for publication: no count of persons below it is told; 0: an internal copy */
} tmg_report;

typedef struct tmg_report_row {
    const char *section; /* key of [report_section] */
    tmg_span code;       /* "heroin", "facts", "men": the same in every language */
    tmg_span words;
    tmg_row_kind kind;
    const char *unit;              /* "mg", "ul", "cases", "persons", "pieces", "m2", "minor" */
    tmg_span currency;             /* of "minor" */
    int64_t value, seized, before; /* seized: as first recorded; TMG_NONE where it does not apply */
    int64_t of;                    /* what the share is taken of, or TMG_NONE */
    tmg_span of_words;             /* ... and its name */
    int64_t of_total_ppm;          /* the share, or TMG_NONE */
    const char *parts_of;          /* rows with the same one add up to a total that is told, or NULL */
    bool held, before_held;        /* the value, and the earlier one, may not be published */
} tmg_report_row;

/* In a copy for publication a count of persons from 1 to below `least` is held, and where it could be
 * computed from the total and the other classes, the smallest of those too. */
void tmg_report_rows(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_report_row **ret,
                     size_t *ret_count);

/* A quantity of a row in words ("6 t 403 kg 647,445 q", "35"), and as a number with its unit's decimals
 * ("6403,647445"). */
tmg_span tmg_report_quantity(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row, int64_t v);
tmg_span tmg_report_figure(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row, int64_t v);
/* The share with the name and the size of what it is taken of ("54,82 %, total seized 1648,104000"); a dash
 * where there is none. */
tmg_span tmg_report_share(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row);
/* The change, and in per cent of the earlier value ("+535; +14,62 %"); without the per cent where that is 0,
 * a dash where there is nothing to compare with. */
tmg_span tmg_report_change(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row);

/* Quantities of which a value is held: in place of the number. */
tmg_span tmg_report_held(tmg_paper_words *w);

/* What a gap is about and why it is there, in the paper's language; an amount in its unit. */
tmg_span tmg_gap_about_words(tmg_paper_words *w, tmg_arena *a, const tmg_gap *g);
tmg_span tmg_gap_why_words(tmg_paper_words *w, tmg_arena *a, const tmg_gap *g);
tmg_span tmg_gap_amount_words(tmg_paper_words *w, tmg_arena *a, int64_t v, const char *unit);

/* Is it about counts of persons, in a copy for publication? */
bool tmg_gap_is_held(const tmg_report *r, const tmg_gap *g);

/* "methamphetamine, tablets"; "1200", "2,500000 l" */
tmg_span tmg_equivalent_words(tmg_paper_words *w, tmg_arena *a, const tmg_equivalent *e);
tmg_span tmg_equivalent_quantity(tmg_paper_words *w, tmg_arena *a, const tmg_equivalent *e);

/* "01.01.2021 – 30.09.2021" */
tmg_span tmg_period_words(tmg_arena *a, const tmg_period *p);

#endif
