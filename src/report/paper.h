/* report/paper.h - official papers: A4 as PDF, by Pango and Cairo, in the languages of config/papers/.
 *
 * A paper is made of sheets, each beginning on a page of its own with the office's header, and of blocks that
 * flow over pages.  Every page carries issuer, time, classification, snapshot and "page x / y".  The same
 * head and the same blocks give the same bytes (with the same fonts).  Scripts are shaped by Pango:
 * Azerbaijani, Russian, Persian, Georgian.
 *
 * Words come from config/papers/<language>.ini; a word that is missing there fails the paper (tmg_paper_end),
 * so that no paper goes out with a hole in it.
 *
 * Ownership: texts handed in must live until tmg_paper_end (the arena's do).  Thread rule: one paper belongs
 * to one thread; several threads may make papers at the same time.
 */
#ifndef TMG_REPORT_PAPER_H
#define TMG_REPORT_PAPER_H

#include "report/figures.h"

/* ---- words ---- */

typedef struct tmg_paper_words tmg_paper_words;
/* <folder>/<language>.ini; TMG_E_INVALID for a language that has none. */
TMG_MUST_USE tmg_rc tmg_paper_words_read(const char *folder, tmg_span language, tmg_arena *a,
                                         tmg_paper_words **ret, tmg_err *err);
/* A word; one that is missing is remembered, and its name comes back. */
tmg_span tmg_paper_word(tmg_paper_words *w, const char *section, const char *key);
/* A word that need not be there: `otherwise` then. */
tmg_span tmg_paper_word_or(tmg_paper_words *w, const char *section, tmg_span key, tmg_span otherwise);
/* The words of a code, by whoever knows the code lists; without one, and for a code it does not know, the
 * code. */
typedef tmg_span (*tmg_paper_lister)(void *ctx, const char *list, tmg_span code, int column);
void tmg_paper_words_lists(tmg_paper_words *w, tmg_paper_lister lister, void *ctx);
tmg_span tmg_paper_listed(tmg_paper_words *w, const char *list, tmg_span code);
/* 0 English, 1 Azerbaijani, 2 Russian: the column of code lists. */
int tmg_paper_column(const tmg_paper_words *w);

/* Texts in the paper's language, made in the arena. */
tmg_span tmg_paper_mass(tmg_paper_words *w, tmg_arena *a, int64_t mg); /* "6 t 403 kg 647,445 q" */
tmg_span tmg_paper_kg(tmg_paper_words *w, tmg_arena *a, int64_t mg);   /* "6403,647445": six digits */
tmg_span tmg_paper_money(tmg_paper_words *w, tmg_arena *a, int64_t minor, tmg_span currency);
tmg_span tmg_paper_number(tmg_paper_words *w, tmg_arena *a, int64_t v);    /* plain digits */
tmg_span tmg_paper_percent(tmg_paper_words *w, tmg_arena *a, int64_t ppm); /* "12,75 %" */
tmg_span tmg_paper_time(tmg_arena *a, int64_t at_ms, int offset_min);      /* "02.03.2026 08:15" */
tmg_span tmg_paper_day(tmg_arena *a, int32_t day);                         /* "02.03.2026" */
tmg_span tmg_paper_text(tmg_arena *a, const char *fmt, ...) TMG_PRINTF(2, 3);

/* ---- building ---- */

typedef struct tmg_paper_head {
    tmg_span office;         /* name of the centre */
    tmg_span classification; /* key of [classification]: "official", "restricted", "personal" */
    tmg_span issued_by;      /* who has it issued */
    tmg_span snapshot;       /* of the log: what the registry was when it was read */
    tmg_span subject;        /* one line for the document's properties */
    int64_t issued_ms;
    int offset_min;
} tmg_paper_head;

typedef struct tmg_paper tmg_paper;
tmg_paper *tmg_paper_new(const tmg_paper_head *h, tmg_paper_words *w, tmg_arena *a);
void tmg_paper_free(tmg_paper *p); /* NULL is accepted */
static inline void tmg_paper_free_p(tmg_paper **p)
{
    tmg_paper_free(*p);
}
#define TMG_AUTO_PAPER __attribute__((cleanup(tmg_paper_free_p))) tmg_paper *

/* Begins a new page with the office's header.  qr: what the code at the right says, or the absent span. */
void tmg_paper_sheet(tmg_paper *p, tmg_span title, tmg_span number, tmg_span subtitle, tmg_span qr);
void tmg_paper_section(tmg_paper *p, tmg_span title);
void tmg_paper_line(tmg_paper *p, tmg_span text);  /* a paragraph; stays with what follows */
void tmg_paper_small(tmg_paper *p, tmg_span text); /* a remark in small type */

typedef struct tmg_paper_field {
    tmg_span label, value; /* an absent value is printed as a dash */
    bool wide;             /* takes the whole line */
} tmg_paper_field;
/* Labelled boxes, two on a line. */
void tmg_paper_fields(tmg_paper *p, const tmg_paper_field *list, size_t count);

enum { TMG_PAPER_MAX_COLUMNS = 12 };
typedef struct tmg_paper_column_of {
    tmg_span title;
    int share;  /* of the width */
    bool right; /* numbers */
} tmg_paper_column_of;
/* A table whose header stands again on each page; rows follow with tmg_paper_row. */
void tmg_paper_table(tmg_paper *p, const tmg_paper_column_of *columns, size_t count);
typedef enum tmg_row_kind { TMG_ROW_PLAIN, TMG_ROW_TOTAL, TMG_ROW_PART, TMG_ROW_OPEN } tmg_row_kind;
/* kind: a total is bold, a part is indented, an open gap is marked.  As many cells as the table has columns.
 */
void tmg_paper_row(tmg_paper *p, tmg_row_kind kind, const tmg_span *cells);

/* Boxes to be filled in by hand, two on a line; tall ones take `lines` lines of the whole width. */
void tmg_paper_blanks(tmg_paper *p, const tmg_span *labels, size_t count);
void tmg_paper_blank_tall(tmg_paper *p, tmg_span label, int lines);
void tmg_paper_signatures(tmg_paper *p, const tmg_span *roles, size_t count);
/* A label to be cut out: the code at the left, up to six lines at the right, the first one large. */
void tmg_paper_label(tmg_paper *p, tmg_span qr, const tmg_span *lines, size_t count);

typedef struct tmg_paper_bar {
    tmg_span words, now_words, before_words;
    int64_t now, before; /* 0 and more */
} tmg_paper_bar;
/* Horizontal bars with their values, on one page where they fit.  now, before: the legend; before absent:
 * nothing is compared. */
void tmg_paper_chart(tmg_paper *p, tmg_span title, tmg_span now, tmg_span before, const tmg_paper_bar *bars,
                     size_t count);

/* Gives back the fonts that this thread's papers used.  At the end of a program that made papers on its main
 * thread; other threads give them back when they end. */
void tmg_paper_fonts_done(void);

/* The finished PDF.  TMG_E_INVALID: a word was missing, or a text for a code is too long for one. */
TMG_MUST_USE tmg_rc tmg_paper_end(tmg_paper *p, tmg_buf *ret_pdf, int *ret_pages, tmg_err *err);

/* ---- the period's report (report/paper_period.c) ---- */

struct tmg_report; /* report/rows.h */
void tmg_paper_period(tmg_paper *p, tmg_paper_words *w, tmg_arena *a, const struct tmg_report *r);

#endif
