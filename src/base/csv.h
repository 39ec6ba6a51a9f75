/* base/csv.h - reads CSV (RFC 4180) from memory, row by row, as spans.
 *
 * The input is one block of bytes (a mapped file or a filled buffer).  Cells without quotes are spans into it;
 * quoted cells with doubled quotes are unfolded into the arena.  LF and CRLF end a row; a UTF-8 byte order mark
 * at the start is skipped.  A broken row is TMG_E_INVALID and the reader then stands at the start of the
 * following line, so that the caller quarantines the row's bytes (tmg_csv_raw) and goes on.
 *
 * A tmg_csv belongs to one thread; input and arena must outlive the cells.
 */
#ifndef TMG_BASE_CSV_H
#define TMG_BASE_CSV_H

#include "base/text.h"

typedef struct tmg_csv {
    const char *start, *at, *end;
    const char *row_start, *row_end; /* the last row's bytes, without its line end */
    size_t line;                     /* 1-based line on which the last row begins */
    size_t next_line;
    char separator;
    tmg_arena *arena;
} tmg_csv;

void tmg_csv_begin(tmg_csv *csv, tmg_span bytes, char separator, tmg_arena *arena);
/* The next row in cells[0..*ret_count); *ret_count == 0 is the end.  More than max cells is TMG_E_INVALID.
 * Blank lines are skipped. */
TMG_MUST_USE tmg_rc tmg_csv_row(tmg_csv *csv, tmg_span *cells, size_t max, size_t *ret_count, tmg_err *err);
tmg_span tmg_csv_raw(const tmg_csv *csv); /* the last row as it stood in the input */

#endif
