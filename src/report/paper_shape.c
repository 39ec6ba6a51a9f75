/* Blocks, and the marks on them: text is shaped here, once. */
#include "report/paper_priv.h"

#include <qrencode.h>

static void *grown(tmg_arena *a, void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room == 0 ? 8 : *room * 2;
    void *more = tmg_alloc_array(a, *room, size);

    if (count > 0)
        memcpy(more, list, count * size);
    return more;
}

block *tmg_block_new(tmg_paper *p)
{
    block *b = tmg_alloc(p->arena, sizeof *b);

    p->blocks = grown(p->arena, p->blocks, p->count, &p->room, sizeof *p->blocks);
    p->blocks[p->count++] = b;
    return b;
}

static mark *new_mark(tmg_paper *p, block *b)
{
    b->marks = grown(p->arena, b->marks, b->count, &b->room, sizeof *b->marks);
    return &b->marks[b->count++];
}

/* A right-to-left text lies at the same side as the others of its column. */
static PangoAlignment turned(PangoLayout *l, PangoAlignment align)
{
    if (align == PANGO_ALIGN_CENTER || pango_layout_get_direction(l, 0) != PANGO_DIRECTION_RTL)
        return align;
    return align == PANGO_ALIGN_LEFT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

PangoLayout *tmg_shape(tmg_paper *p, int font, tmg_span text, double width, PangoAlignment align)
{
    PangoLayout *l = pango_layout_new(p->context);

    p->layouts = grown(p->arena, p->layouts, p->layout_count, &p->layout_room, sizeof(PangoLayout *));
    p->layouts[p->layout_count++] = l;
    pango_layout_set_font_description(l, p->font[font]);
    pango_layout_set_attributes(l, p->no_hyphens);
    if (text.ptr != NULL)
        pango_layout_set_text(l, text.ptr, (int)text.len);
    if (width > 0) {
        pango_layout_set_width(l, pango_units_from_double(width));
        pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    }
    if (text.len > 0)
        pango_layout_set_alignment(l, turned(l, align));
    return l;
}

static double height_of(PangoLayout *l)
{
    int w, h;

    pango_layout_get_size(l, &w, &h);
    return pango_units_to_double(h);
}

double tmg_text_height(tmg_paper *p, int font, tmg_span text, double width)
{
    return height_of(tmg_shape(p, font, text, width, PANGO_ALIGN_LEFT));
}

double tmg_mark_text(tmg_paper *p, block *b, int font, tmg_span text, double x, double y, double width,
                     PangoAlignment align, double gray)
{
    PangoLayout *l = tmg_shape(p, font, text, width, align);

    *new_mark(p, b) = (mark){.kind = MARK_TEXT, .x = x, .y = y, .gray = gray, .layout = l};
    return height_of(l);
}

void tmg_mark_box(tmg_paper *p, block *b, mark_kind kind, double x, double y, double w, double h, double gray)
{
    *new_mark(p, b) = (mark){.kind = kind, .x = x, .y = y, .w = w, .h = h, .gray = gray};
}

bool tmg_mark_code(tmg_paper *p, block *b, tmg_span text, double x, double y, double w)
{
    QRcode *q = QRcode_encodeString8bit(tmg_span_z(p->arena, text), 0, QR_ECLEVEL_M);

    if (q == NULL)
        return false;
    size_t modules = (size_t)q->width * (size_t)q->width;
    unsigned char *code = tmg_alloc(p->arena, modules);

    memcpy(code, q->data, modules);
    *new_mark(p, b) = (mark){.kind = MARK_CODE, .x = x, .y = y, .w = w, .code = code, .code_width = q->width};
    QRcode_free(q);
    return true;
}

/* Dark modules of a row that touch become one rectangle: a third of the size. */
static void draw_code(cairo_t *cr, const mark *m, double x, double y)
{
    double module = m->w / m->code_width;

    for (int row = 0; row < m->code_width; row++)
        for (int from = 0; from < m->code_width;) {
            int to = from;

            while (to < m->code_width && (m->code[row * m->code_width + to] & 1) != 0)
                to++;
            if (to > from)
                cairo_rectangle(cr, x + from * module, y + row * module, (to - from) * module, module);
            from = to > from ? to : from + 1;
        }
    cairo_fill(cr);
}

/* Lines at 45 degrees inside a frame: told from a filled box without colour. */
static void draw_hatch(cairo_t *cr, const mark *m, double x, double y)
{
    const double step = 3;

    cairo_rectangle(cr, x, y, m->w, m->h);
    cairo_stroke(cr);
    cairo_save(cr);
    cairo_rectangle(cr, x, y, m->w, m->h);
    cairo_clip(cr);
    for (double at = step; at < m->w + m->h; at += step) {
        cairo_move_to(cr, x + at, y);
        cairo_line_to(cr, x + at - m->h, y + m->h);
    }
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_mark(cairo_t *cr, const mark *m, double x, double y)
{
    static const double dashes[] = {4, 3};

    cairo_set_source_rgb(cr, m->gray, m->gray, m->gray);
    cairo_set_line_width(cr, 0.5);
    switch (m->kind) {
    case MARK_TEXT:
        cairo_move_to(cr, x, y);
        pango_cairo_show_layout(cr, m->layout);
        break;
    case MARK_FILL:
        cairo_rectangle(cr, x, y, m->w, m->h);
        cairo_fill(cr);
        break;
    case MARK_HATCH:
        draw_hatch(cr, m, x, y);
        break;
    case MARK_FRAME:
        cairo_rectangle(cr, x, y, m->w, m->h);
        cairo_stroke(cr);
        break;
    case MARK_DASHED:
        cairo_set_dash(cr, dashes, 2, 0);
        cairo_rectangle(cr, x, y, m->w, m->h);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
        break;
    case MARK_LINE:
        cairo_move_to(cr, x, y);
        cairo_line_to(cr, x + m->w, y + m->h);
        cairo_stroke(cr);
        break;
    case MARK_CODE:
        draw_code(cr, m, x, y);
        break;
    }
}

void tmg_block_draw(cairo_t *cr, const block *b, double x, double y)
{
    for (size_t i = 0; i < b->count; i++)
        draw_mark(cr, &b->marks[i], x + b->marks[i].x, y + b->marks[i].y);
}
