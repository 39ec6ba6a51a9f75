/* The parts that papers are made of. */
#include "report/paper_priv.h"

#define GRAY_TEXT  0.35
#define GRAY_RULE  0.55
#define GRAY_SHADE 0.93
#define PAD        2.2
#define HALF       (WIDTH / 2)

static const tmg_span dash = {"—", 3};

static tmg_span or_dash(tmg_span v)
{
    return v.len > 0 ? v : dash;
}

static void space(tmg_paper *p, double height)
{
    tmg_block_new(p)->height = height;
}

/* The office's header: who it is at the left; classification, number and code at the right. */
void tmg_paper_sheet(tmg_paper *p, tmg_span title, tmg_span number, tmg_span subtitle, tmg_span qr)
{
    const double code = qr.len > 0 ? 56 : 0, side = 150;
    block *b = tmg_block_new(p);
    double y = 0, right = WIDTH - code - (code > 0 ? 8 : 0);
    char key[32];

    tmg_rows_sheet(p, title, number, subtitle);
    p->table_head = NULL;
    *b = (block){.page_before = true, .title = title, .number = number};
    (void)snprintf(key, sizeof key, "%.*s", TMG_SPAN_ARG(p->head.classification));
    y += tmg_mark_text(p, b, FONT_SMALL, tmg_paper_word(p->words, "head", "authority"), 0, y, right - side,
                       PANGO_ALIGN_LEFT, 0);
    y += 2 + tmg_mark_text(p, b, FONT_OFFICE, p->head.office, 0, y + 2, right - side, PANGO_ALIGN_LEFT, 0);
    double at = tmg_mark_text(p, b, FONT_SMALL, tmg_paper_word(p->words, "classification", key), right - side,
                              0, side, PANGO_ALIGN_RIGHT, 0);
    at += 2 + tmg_mark_text(p, b, FONT_BOLD, number, right - side, at + 2, side, PANGO_ALIGN_RIGHT, 0);
    at += tmg_mark_text(p, b, FONT_SMALL, tmg_paper_time(p->arena, p->head.issued_ms, p->head.offset_min),
                        right - side, at, side, PANGO_ALIGN_RIGHT, GRAY_TEXT);
    if (code > 0 && !tmg_mark_code(p, b, qr, WIDTH - code, 0, code))
        p->bad_code = true;
    y = y > at ? y : at;
    y = (y > code ? y : code) + 6;
    tmg_mark_box(p, b, MARK_FILL, 0, y, WIDTH, 1.4, 0);
    tmg_mark_box(p, b, MARK_LINE, 0, y + 3, WIDTH, 0, 0);
    y += 14;
    y += tmg_mark_text(p, b, FONT_TITLE, title, 0, y, WIDTH, PANGO_ALIGN_CENTER, 0);
    if (subtitle.len > 0)
        y += 2 + tmg_mark_text(p, b, FONT_BODY, subtitle, 0, y + 2, WIDTH, PANGO_ALIGN_CENTER, GRAY_TEXT);
    b->height = y + 10;
}

void tmg_paper_section(tmg_paper *p, tmg_span title)
{
    block *b = tmg_block_new(p);

    p->table_head = NULL;
    tmg_rows_text(p, title);
    double h = tmg_mark_text(p, b, FONT_SECTION, title, 0, 6, WIDTH, PANGO_ALIGN_LEFT, 0);
    tmg_mark_box(p, b, MARK_LINE, 0, 7 + h, WIDTH, 0, GRAY_RULE);
    b->height = h + 11;
    b->keep = true;
}

static void paragraph(tmg_paper *p, int font, tmg_span text, double gray)
{
    block *b = tmg_block_new(p);

    tmg_rows_text(p, text);
    p->table_head = NULL;
    b->height = 3 + tmg_mark_text(p, b, font, text, 0, 1, WIDTH, PANGO_ALIGN_LEFT, gray);
    b->keep = true;
}

void tmg_paper_line(tmg_paper *p, tmg_span text)
{
    paragraph(p, FONT_BODY, text, 0);
}

void tmg_paper_small(tmg_paper *p, tmg_span text)
{
    paragraph(p, FONT_SMALL, text, GRAY_TEXT);
}

static double field_height(tmg_paper *p, const tmg_paper_field *f, double width)
{
    return tmg_text_height(p, FONT_LABEL, f->label, width - 2 * PAD) +
           tmg_text_height(p, FONT_BODY, or_dash(f->value), width - 2 * PAD) + 2 * PAD;
}

static void put_field(tmg_paper *p, block *b, const tmg_paper_field *f, double x, double width, double height)
{
    tmg_mark_box(p, b, MARK_FRAME, x, 0, width, height, GRAY_RULE);
    double y = PAD - 1 +
               tmg_mark_text(p, b, FONT_LABEL, f->label, x + PAD, PAD - 1, width - 2 * PAD, PANGO_ALIGN_LEFT,
                             GRAY_TEXT);
    (void)tmg_mark_text(p, b, FONT_BODY, or_dash(f->value), x + PAD, y, width - 2 * PAD, PANGO_ALIGN_LEFT, 0);
}

void tmg_paper_fields(tmg_paper *p, const tmg_paper_field *list, size_t count)
{
    p->table_head = NULL;
    for (size_t i = 0; i < count; i++)
        tmg_rows_field(p, &list[i]);
    for (size_t i = 0; i < count;) {
        bool pair = !list[i].wide && i + 1 < count && !list[i + 1].wide;
        double width = pair ? HALF : WIDTH, height = field_height(p, &list[i], width);
        block *b = tmg_block_new(p);

        if (pair) {
            double other = field_height(p, &list[i + 1], width);

            height = height > other ? height : other;
            put_field(p, b, &list[i + 1], HALF, width, height);
        }
        put_field(p, b, &list[i], 0, width, height);
        b->height = height;
        i += pair ? 2 : 1;
    }
}

static double column_width(const tmg_paper *p, size_t column)
{
    int all = 0;

    for (size_t i = 0; i < p->column_count; i++)
        all += p->columns[i].share;
    return WIDTH * p->columns[column].share / all;
}

static void put_cells(tmg_paper *p, block *b, tmg_row_kind kind, bool head, const tmg_span *cells)
{
    int font = head ? FONT_LABEL : kind == TMG_ROW_TOTAL || kind == TMG_ROW_OPEN ? FONT_BOLD : FONT_BODY;
    double x = 0, height = 0;
    size_t shade = b->count;

    if (head || kind == TMG_ROW_OPEN)
        tmg_mark_box(p, b, MARK_FILL, 0, 0, WIDTH, 0, GRAY_SHADE);
    for (size_t i = 0; i < p->column_count; i++) {
        double width = column_width(p, i), indent = i == 0 && kind == TMG_ROW_PART ? 12 : 0;
        double h = tmg_mark_text(p, b, font, cells[i], x + PAD + indent, PAD - 1, width - 2 * PAD - indent,
                                 p->columns[i].right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT, 0);

        height = h > height ? h : height;
        x += width;
    }
    b->height = height + 2 * PAD - 2;
    if (head || kind == TMG_ROW_OPEN)
        b->marks[shade].h = b->height;
    x = 0;
    for (size_t i = 0; i < p->column_count; i++) {
        double width = column_width(p, i);

        tmg_mark_box(p, b, MARK_FRAME, x, 0, width, b->height, GRAY_RULE);
        x += width;
    }
}

void tmg_paper_table(tmg_paper *p, const tmg_paper_column_of *columns, size_t count)
{
    tmg_span titles[TMG_PAPER_MAX_COLUMNS];
    block *b = tmg_block_new(p);

    p->column_count = count < TMG_PAPER_MAX_COLUMNS ? count : TMG_PAPER_MAX_COLUMNS;
    for (size_t i = 0; i < p->column_count; i++) {
        p->columns[i] = columns[i];
        titles[i] = columns[i].title;
    }
    tmg_rows_cells(p, titles, p->column_count);
    put_cells(p, b, TMG_ROW_PLAIN, true, titles);
    b->keep = true;
    p->table_head = b;
}

void tmg_paper_row(tmg_paper *p, tmg_row_kind kind, const tmg_span *cells)
{
    block *b = tmg_block_new(p);

    tmg_rows_cells(p, cells, p->column_count);
    put_cells(p, b, kind, false, cells);
    b->head = p->table_head;
}

static void put_blank(tmg_paper *p, block *b, tmg_span label, double x, double width, double height)
{
    tmg_mark_box(p, b, MARK_FRAME, x, 0, width, height, GRAY_RULE);
    (void)tmg_mark_text(p, b, FONT_LABEL, label, x + PAD, PAD - 1, width - 2 * PAD, PANGO_ALIGN_LEFT,
                        GRAY_TEXT);
}

void tmg_paper_blanks(tmg_paper *p, const tmg_span *labels, size_t count)
{
    p->table_head = NULL;
    for (size_t i = 0; i < count; i += 2) {
        block *b = tmg_block_new(p);

        b->height = 27;
        put_blank(p, b, labels[i], 0, i + 1 < count ? HALF : WIDTH, b->height);
        if (i + 1 < count)
            put_blank(p, b, labels[i + 1], HALF, HALF, b->height);
    }
}

void tmg_paper_blank_tall(tmg_paper *p, tmg_span label, int lines)
{
    block *b = tmg_block_new(p);

    p->table_head = NULL;
    b->height = 14.0 + 20.0 * lines;
    put_blank(p, b, label, 0, WIDTH, b->height);
    for (int i = 1; i <= lines; i++)
        tmg_mark_box(p, b, MARK_LINE, PAD, 8 + 20.0 * i, WIDTH - 2 * PAD, 0, 0.8);
}

void tmg_paper_signatures(tmg_paper *p, const tmg_span *roles, size_t count)
{
    tmg_span hint = tmg_paper_word(p->words, "head", "signature_hint");

    p->table_head = NULL;
    space(p, 8);
    for (size_t i = 0; i < count; i += 2) {
        block *b = tmg_block_new(p);

        b->height = 42;
        for (size_t k = i; k < i + 2 && k < count; k++) {
            double x = k == i ? 0 : HALF + 8, width = HALF - 8;

            (void)tmg_mark_text(p, b, FONT_BODY, roles[k], x, 0, width, PANGO_ALIGN_LEFT, 0);
            tmg_mark_box(p, b, MARK_LINE, x, 30, width, 0, 0);
            (void)tmg_mark_text(p, b, FONT_LABEL, hint, x, 32, width, PANGO_ALIGN_LEFT, GRAY_TEXT);
        }
    }
}

void tmg_paper_label(tmg_paper *p, tmg_span qr, const tmg_span *lines, size_t count)
{
    const double height = 122, code = 92;
    block *b = tmg_block_new(p);
    double y = 12;

    p->table_head = NULL;
    tmg_rows_cells(p, lines, count);
    tmg_mark_box(p, b, MARK_DASHED, 0, 4, WIDTH * 0.78, height, 0.3);
    if (!tmg_mark_code(p, b, qr, 14, 19, code))
        p->bad_code = true;
    for (size_t i = 0; i < count && i < 7; i++)
        y += 2 + tmg_mark_text(p, b, i == 0 ? FONT_LARGE : FONT_SMALL, lines[i], code + 30, y,
                               WIDTH * 0.78 - code - 40, PANGO_ALIGN_LEFT, 0);
    b->height = height + 12;
}
