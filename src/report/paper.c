/* A paper from its head to its bytes: pages are filled, then drawn with what each of them must say. */
#include "report/paper_priv.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

static const struct {
    double size;
    PangoWeight weight;
} font_of[8] = {[FONT_BODY] = {8.6, PANGO_WEIGHT_NORMAL},  [FONT_BOLD] = {8.6, PANGO_WEIGHT_BOLD},
                [FONT_SMALL] = {7.6, PANGO_WEIGHT_NORMAL}, [FONT_LABEL] = {6.8, PANGO_WEIGHT_NORMAL},
                [FONT_TITLE] = {14.5, PANGO_WEIGHT_BOLD},  [FONT_SECTION] = {10, PANGO_WEIGHT_BOLD},
                [FONT_OFFICE] = {11.5, PANGO_WEIGHT_BOLD}, [FONT_LARGE] = {13, PANGO_WEIGHT_BOLD}};

tmg_paper *tmg_paper_new(const tmg_paper_head *h, tmg_paper_words *w, tmg_arena *a)
{
    tmg_paper *p = tmg_xcalloc(1, sizeof *p);
    cairo_font_options_t *options = cairo_font_options_create();

    p->head = *h;
    p->words = w;
    p->arena = a;
    tmg_rows_begin(p);
    p->fonts = pango_cairo_font_map_get_default();
    p->context = pango_font_map_create_context(p->fonts);
    pango_cairo_context_set_resolution(p->context, 72);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(p->context, pango_language_from_string(tmg_span_z(a, w->language)));
    pango_context_set_round_glyph_positions(p->context, FALSE);
    p->no_hyphens = pango_attr_list_new();
    pango_attr_list_insert(p->no_hyphens, pango_attr_insert_hyphens_new(FALSE));
    for (int i = 0; i < 8; i++) {
        p->font[i] = pango_font_description_from_string(
            "Noto Sans, Noto Sans Arabic, Noto Sans Georgian, DejaVu Sans");
        pango_font_description_set_size(p->font[i], pango_units_from_double(font_of[i].size));
        pango_font_description_set_weight(p->font[i], font_of[i].weight);
    }
    return p;
}

void tmg_paper_free(tmg_paper *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < p->layout_count; i++)
        g_object_unref(p->layouts[i]);
    for (int i = 0; i < 8; i++)
        pango_font_description_free(p->font[i]);
    pango_attr_list_unref(p->no_hyphens);
    g_object_unref(p->context);
    free(p);
}

void tmg_paper_fonts_done(void)
{
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
}

typedef struct page {
    size_t from, to;    /* blocks */
    const block *sheet; /* whose title stands on top when the page does not begin it */
} page;

static double head_height(const block *b)
{
    return b->head != NULL ? b->head->height : 0;
}

/* The blocks from i that must stay on one page. */
static double held_height(const tmg_paper *p, size_t i)
{
    double height = p->blocks[i]->height;

    while (p->blocks[i]->keep && i + 1 < p->count && !p->blocks[i + 1]->page_before)
        height += p->blocks[++i]->height;
    return height;
}

#define RUNNING_HEAD 24.0 /* on pages that go on with a sheet */

static size_t fill_pages(const tmg_paper *p, page *pages)
{
    const double room = PAGE_H - TOP - BOTTOM;
    const block *sheet = NULL;
    double used = 0;
    size_t count = 0;

    for (size_t i = 0; i < p->count; i++) {
        const block *b = p->blocks[i];

        if (count == 0 || b->page_before || used + held_height(p, i) > room) {
            if (b->page_before)
                sheet = b;
            pages[count++] = (page){.from = i, .sheet = b->page_before ? NULL : sheet};
            used = b->page_before ? 0 : RUNNING_HEAD + head_height(b);
        }
        used += b->height;
        pages[count - 1].to = i + 1;
    }
    return count;
}

static void put(tmg_paper *p, cairo_t *cr, int font, tmg_span text, double y, PangoAlignment align)
{
    PangoLayout *l = tmg_shape(p, font, text, WIDTH, align);

    cairo_set_source_rgb(cr, 0.3, 0.3, 0.3);
    cairo_move_to(cr, LEFT, y);
    pango_cairo_show_layout(cr, l);
}

static void rule(cairo_t *cr, double y)
{
    cairo_set_source_rgb(cr, 0.55, 0.55, 0.55);
    cairo_set_line_width(cr, 0.5);
    cairo_move_to(cr, LEFT, y);
    cairo_line_to(cr, PAGE_W - RIGHT, y);
    cairo_stroke(cr);
}

static void draw_running_head(tmg_paper *p, cairo_t *cr, const block *sheet)
{
    put(p, cr, FONT_SMALL, sheet->title, TOP - 4, PANGO_ALIGN_LEFT);
    put(p, cr, FONT_SMALL, sheet->number, TOP - 4, PANGO_ALIGN_RIGHT);
    rule(cr, TOP + 10);
}

static void draw_foot(tmg_paper *p, cairo_t *cr, size_t number, size_t of)
{
    const tmg_paper_head *h = &p->head;
    char key[32];
    double y = PAGE_H - BOTTOM + 10;

    (void)snprintf(key, sizeof key, "%.*s", TMG_SPAN_ARG(h->classification));
    rule(cr, y - 4);
    put(p, cr, FONT_LABEL,
        tmg_paper_text(
            p->arena, "%.*s: %.*s · %.*s · %.*s", TMG_SPAN_ARG(tmg_paper_word(p->words, "head", "issued_by")),
            TMG_SPAN_ARG(h->issued_by), TMG_SPAN_ARG(tmg_paper_time(p->arena, h->issued_ms, h->offset_min)),
            TMG_SPAN_ARG(tmg_paper_word(p->words, "classification", key))),
        y, PANGO_ALIGN_LEFT);
    put(p, cr, FONT_LABEL,
        tmg_paper_text(p->arena, "%.*s %zu / %zu", TMG_SPAN_ARG(tmg_paper_word(p->words, "head", "page")),
                       number, of),
        y, PANGO_ALIGN_RIGHT);
    put(p, cr, FONT_LABEL,
        tmg_paper_text(p->arena, "%.*s: %.*s", TMG_SPAN_ARG(tmg_paper_word(p->words, "head", "snapshot")),
                       TMG_SPAN_ARG(h->snapshot)),
        y + 10, PANGO_ALIGN_LEFT);
}

static void draw_page(tmg_paper *p, cairo_t *cr, const page *g, size_t number, size_t of)
{
    double y = TOP;

    if (g->sheet != NULL) {
        draw_running_head(p, cr, g->sheet);
        y += RUNNING_HEAD;
        if (p->blocks[g->from]->head != NULL) {
            tmg_block_draw(cr, p->blocks[g->from]->head, LEFT, y);
            y += p->blocks[g->from]->head->height;
        }
    }
    for (size_t i = g->from; i < g->to; i++) {
        tmg_block_draw(cr, p->blocks[i], LEFT, y);
        y += p->blocks[i]->height;
    }
    draw_foot(p, cr, number, of);
    cairo_show_page(cr);
}

static cairo_status_t collect(void *to, const unsigned char *bytes, unsigned len)
{
    tmg_buf_put(to, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

/* Cairo would write the machine's own time into the file. */
static void describe(tmg_paper *p, cairo_surface_t *pdf)
{
    const block *first = p->count > 0 ? p->blocks[0] : NULL;
    TMG_AUTO_BUF at = {0};

    tmg_buf_init(&at, 64);
    tmg_instant_write(&at, (tmg_instant){p->head.issued_ms - p->head.issued_ms % TMG_SECOND_MS,
                                         (int16_t)p->head.offset_min});
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, at.ptr);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_AUTHOR, tmg_span_z(p->arena, p->head.office));
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_SUBJECT, tmg_span_z(p->arena, p->head.subject));
    if (first != NULL)
        cairo_pdf_surface_set_metadata(
            pdf, CAIRO_PDF_METADATA_TITLE,
            tmg_paper_text(p->arena, "%.*s %.*s", TMG_SPAN_ARG(first->title), TMG_SPAN_ARG(first->number))
                .ptr);
}

static tmg_rc may_go_out(const tmg_paper *p, tmg_err *err)
{
    if (p->bad_code)
        return TMG_FAIL(err, TMG_E_INVALID, "a number is too long to be printed as a code");
    if (p->words->missing[0] != '\0')
        return TMG_FAIL(err, TMG_E_INVALID, "%s: the word %s is missing; add it in config/papers/%s",
                        p->words->ini.name, p->words->missing, p->words->ini.name);
    return TMG_OK;
}

tmg_rc tmg_paper_end(tmg_paper *p, tmg_buf *ret_pdf, int *ret_pages, tmg_err *err)
{
    page *pages = tmg_alloc_array(p->arena, p->count + 1, sizeof *pages);
    size_t count = fill_pages(p, pages), before = ret_pdf->len;
    cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(collect, ret_pdf, PAGE_W, PAGE_H);
    cairo_t *cr = cairo_create(pdf);

    describe(p, pdf);
    for (size_t i = 0; i < count; i++)
        draw_page(p, cr, &pages[i], i + 1, count);
    cairo_destroy(cr);
    cairo_surface_finish(pdf);
    cairo_status_t status = cairo_surface_status(pdf);
    cairo_surface_destroy(pdf);
    TMG_TRY(may_go_out(p, err));
    if (status != CAIRO_STATUS_SUCCESS || ret_pdf->overflow || ret_pdf->len == before)
        return TMG_FAIL(err, TMG_E_LIMIT, "the paper could not be drawn: %s",
                        ret_pdf->overflow ? "it is too long" : cairo_status_to_string(status));
    *ret_pages = (int)count;
    return TMG_OK;
}
