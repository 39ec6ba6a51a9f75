/* report/paper_priv.h - blocks and marks: what is shaped first and drawn once the pages are known. */
#ifndef TMG_REPORT_PAPER_PRIV_H
#define TMG_REPORT_PAPER_PRIV_H

#include "base/ini.h"
#include "report/export.h"

#include <pango/pangocairo.h>

/* Points. */
#define PAGE_W 595.276
#define PAGE_H 841.89
#define LEFT   54.0
#define RIGHT  42.0
#define TOP    38.0
#define BOTTOM 46.0
#define WIDTH  (PAGE_W - LEFT - RIGHT)

typedef enum mark_kind {
    MARK_TEXT,
    MARK_FILL,
    MARK_HATCH,
    MARK_FRAME,
    MARK_LINE,
    MARK_DASHED,
    MARK_CODE
} mark_kind;
typedef struct mark {
    mark_kind kind;
    double x, y, w, h; /* of a line: from x, y over w, h */
    double gray;       /* 0 black */
    PangoLayout *layout;
    const unsigned char *code; /* width * width modules */
    int code_width;
} mark;

typedef struct block {
    double height;
    bool page_before;       /* begins a sheet */
    bool keep;              /* stays with the block that follows */
    struct block *head;     /* stands again where a page begins with this block */
    tmg_span title, number; /* of a sheet: what its later pages say on top */
    mark *marks;
    size_t count, room;
} block;

struct tmg_paper {
    tmg_paper_head head;
    tmg_paper_words *words;
    tmg_arena *arena;
    PangoFontMap *fonts;
    PangoContext *context;
    PangoFontDescription *font[8];
    PangoAttrList *no_hyphens; /* none are made where a word must be cut: numbers are cut too */
    block **blocks;
    size_t count, room;
    PangoLayout **layouts;
    size_t layout_count, layout_room;
    block *table_head;
    tmg_paper_column_of columns[TMG_PAPER_MAX_COLUMNS];
    size_t column_count;
    tmg_grid rows; /* what was put, for the file beside the paper (report/paper_rows.c) */
    bool bad_code;
};
void tmg_rows_begin(tmg_paper *p);
void tmg_rows_sheet(tmg_paper *p, tmg_span title, tmg_span number, tmg_span subtitle);
void tmg_rows_text(tmg_paper *p, tmg_span text);
void tmg_rows_field(tmg_paper *p, const tmg_paper_field *f);
void tmg_rows_cells(tmg_paper *p, const tmg_span *cells, size_t count);

struct tmg_paper_words {
    tmg_ini ini;
    tmg_span language;
    int column;
    bool comma;              /* decimal comma */
    tmg_paper_lister lister; /* NULL: codes stay codes */
    void *lister_ctx;
    char missing[96];
};

enum { FONT_BODY, FONT_BOLD, FONT_SMALL, FONT_LABEL, FONT_TITLE, FONT_SECTION, FONT_OFFICE, FONT_LARGE };

block *tmg_block_new(tmg_paper *p);
/* Shapes a text into at most `width` points and puts it at x, y; returns its height. */
double tmg_mark_text(tmg_paper *p, block *b, int font, tmg_span text, double x, double y, double width,
                     PangoAlignment align, double gray);
void tmg_mark_box(tmg_paper *p, block *b, mark_kind kind, double x, double y, double w, double h,
                  double gray);
/* A QR code of w points; false when the text is too long for one. */
bool tmg_mark_code(tmg_paper *p, block *b, tmg_span text, double x, double y, double w);
double tmg_text_height(tmg_paper *p, int font, tmg_span text, double width);
PangoLayout *tmg_shape(tmg_paper *p, int font, tmg_span text, double width, PangoAlignment align);
void tmg_block_draw(cairo_t *cr, const block *b, double x, double y);

#endif
