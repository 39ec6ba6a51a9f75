/* report/export.h - the figures beside the paper: CSV for machines and for offices, spreadsheets, JSON.
 *
 * Numbers are integers of their smallest unit, and decimals written from them digit by digit: nothing passes
 * through floating point, except an integer below 2^53 in a spreadsheet's cell, which holds it exactly.
 * A text that a spreadsheet would take for a formula (at its start a tab or CR, or = + - @, narrow or
 * full-width, also after blanks and line feeds) gets an apostrophe in CSV.
 *
 * Ownership: a grid and its texts live in the arena; what is written is appended to the caller's buffer.  Pure
 * functions: any thread.
 */
#ifndef TMG_REPORT_EXPORT_H
#define TMG_REPORT_EXPORT_H

#include "base/json.h"
#include "report/rows.h"

typedef enum tmg_cell_kind {
    TMG_CELL_EMPTY,
    TMG_CELL_TEXT,
    TMG_CELL_INTEGER,
    TMG_CELL_DECIMAL
} tmg_cell_kind;
typedef struct tmg_cell {
    tmg_cell_kind kind;
    tmg_span text, code; /* code: what machines read in place of the text, or absent */
    int64_t v;
    int scale; /* digits of a decimal; all of them are written */
} tmg_cell;

enum { TMG_GRID_COLUMNS = 24 };
typedef struct tmg_grid {
    tmg_span title;
    const char *key[TMG_GRID_COLUMNS]; /* names of the columns for machines ... */
    tmg_span words[TMG_GRID_COLUMNS];  /* ... and for people */
    size_t column_count, row_count, room;
    tmg_cell *cells; /* row by row */
} tmg_grid;

tmg_cell tmg_cell_text(tmg_span text); /* the absent span: empty */
tmg_cell tmg_cell_coded(tmg_span code, tmg_span text);
tmg_cell tmg_cell_integer(int64_t v); /* TMG_NONE: empty */
tmg_cell tmg_cell_decimal(int64_t v, int scale);
void tmg_grid_column(tmg_grid *g, const char *key, tmg_span words);
/* As many cells as the grid has columns. */
void tmg_grid_row(tmg_grid *g, tmg_arena *a, const tmg_cell *cells);

/* RFC 4180, UTF-8, dot decimals, the keys on top. */
void tmg_grid_csv(const tmg_grid *g, tmg_buf *b);
/* For spreadsheets set to Azerbaijani or Russian: byte order mark, semicolons, decimal comma, words on top.
 */
void tmg_grid_csv_office(const tmg_grid *g, tmg_buf *b);
/* One sheet per grid.  made_ms is the time that the file says it was made at.  TMG_E_IO. */
TMG_MUST_USE tmg_rc tmg_grids_xlsx(const tmg_grid *const *grids, size_t count, int64_t made_ms, tmg_buf *b,
                                   tmg_err *err);

/* What stands on a paper so far, row by row: its head, fields as label and value, tables with their headings. */
const tmg_grid *tmg_paper_rows(const tmg_paper *p);

/* The report's figures and what does not add up in them. */
void tmg_report_grid(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret);
void tmg_gaps_grid(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret);
/* What counts and volumes would weigh, with factor, source and day. */
void tmg_equivalents_grid(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret);
/* The seizures of a period, one row per substance line, as seized and as confirmed; no persons. */
TMG_MUST_USE tmg_rc tmg_seizures_grid(tmg_db *db, const tmg_period *p, tmg_paper_words *w, tmg_arena *a,
                                      tmg_grid *ret, tmg_err *err);

/* Members of the open object (docs/figures.md). */
void tmg_report_json(tmg_json_out *j, const tmg_report *r);
void tmg_gaps_json(tmg_json_out *j, const char *key, const tmg_gap *gaps, size_t count);

#endif
