/* The rows of what was seized. */
#include "report/figures_priv.h"
#include "report/rows_priv.h"

#include <stdlib.h>

static const tmg_figure_line *line_in(const tmg_period_figures *f, const tmg_figure_line *like)
{
    for (size_t i = 0; f != NULL && i < f->line_count; i++)
        if (tmg_span_eq(f->lines[i].line, like->line) &&
            tmg_same_section(f->lines[i].class_name, like->class_name))
            return &f->lines[i];
    return NULL;
}

static bool is_class(tmg_span class_name, const char *wanted)
{
    /* What the total of narcotic and psychotropic substances holds. */
    if (strcmp(wanted, "total") == 0)
        return tmg_span_is(class_name, "narcotic") || tmg_span_is(class_name, "psychotropic") ||
               tmg_span_is(class_name, "other");
    return tmg_span_is(class_name, wanted);
}

static void put_amount(listing *l, const char *section, tmg_span code, tmg_span words, const tmg_amount *now,
                       const tmg_amount *before)
{
    if (now->volume_ul != 0 || before->volume_ul != 0)
        tmg_row_add(l, section, tmg_paper_text(l->arena, "%.*s.volume", TMG_SPAN_ARG(code)), words,
                    TMG_ROW_PART, "ul", now->volume_ul, before->volume_ul);
    for (int p = 0; p < TMG_PIECES; p++) {
        if (now->count[p] == 0 && before->count[p] == 0)
            continue;
        tmg_span unit = tmg_paper_word(l->w, "piece", tmg_piece_name((tmg_piece)p));

        tmg_row_add(l, section,
                    tmg_paper_text(l->arena, "%.*s.%s", TMG_SPAN_ARG(code), tmg_piece_name((tmg_piece)p)),
                    tmg_paper_text(l->arena, "%.*s, %.*s", TMG_SPAN_ARG(words), TMG_SPAN_ARG(unit)),
                    TMG_ROW_PART, "pieces", now->count[p], before->count[p]);
    }
}

/* ---- by line ---- */

static void one_line(listing *l, const char *section, const tmg_figure_line *line, bool shared)
{
    static const tmg_figure_line none = {0};
    const tmg_figure_line *now = line_in(l->r->now, line), *before = line_in(l->r->before, line);

    now = now != NULL ? now : &none;
    before = before != NULL ? before : &none;
    if (now->now.mass_mg == 0 && before->now.mass_mg == 0 && now->seized.mass_mg == 0)
        return;
    tmg_report_row *row =
        tmg_row_add(l, section, line->line, tmg_paper_word_or(l->w, "line", line->line, line->line),
                    shared ? TMG_ROW_PART : TMG_ROW_TOTAL, "mg", now->now.mass_mg, before->now.mass_mg);
    row->seized = now->seized.mass_mg;
    if (shared)
        tmg_row_of(l, row, l->r->now->total.mass_mg, "total");
}

/* The heaviest first; what has no line of its own at the end. */
static int by_mass(const void *x, const void *y)
{
    const tmg_figure_line *p = *(const tmg_figure_line *const *)x, *q = *(const tmg_figure_line *const *)y;
    bool p_other = tmg_span_is(p->class_name, "other"), q_other = tmg_span_is(q->class_name, "other");

    if (p_other != q_other)
        return p_other ? 1 : -1;
    return (p->now.mass_mg < q->now.mass_mg) - (p->now.mass_mg > q->now.mass_mg);
}

static void lines_of(listing *l, const char *section, const char *class_name, bool shared)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;
    const tmg_figure_line **lines = tmg_alloc_array(l->arena, n->line_count + 1, sizeof(tmg_figure_line *));
    size_t count = 0;

    for (size_t i = 0; i < n->line_count; i++)
        if (is_class(n->lines[i].class_name, class_name))
            lines[count++] = &n->lines[i];
    qsort(lines, count, sizeof(tmg_figure_line *), by_mass);
    for (size_t i = 0; i < count; i++)
        one_line(l, section, lines[i], shared);
    for (size_t i = 0; b != NULL && i < b->line_count; i++)
        if (is_class(b->lines[i].class_name, class_name) && line_in(n, &b->lines[i]) == NULL)
            one_line(l, section, &b->lines[i], shared);
}

/* ---- by substance ---- */

static const tmg_substance_sum *substance_in(const tmg_period_figures *f, const tmg_substance_sum *like)
{
    for (size_t i = 0; f != NULL && i < f->substance_count; i++)
        if (tmg_span_eq(f->substances[i].code, like->code) &&
            tmg_same_section(f->substances[i].class_name, like->class_name))
            return &f->substances[i];
    return NULL;
}

static void one_substance(listing *l, const char *section, const tmg_substance_sum *s, bool with_mass)
{
    static const tmg_amount none = {0};
    const tmg_substance_sum *now = substance_in(l->r->now, s), *before = substance_in(l->r->before, s);
    const tmg_amount *n = now != NULL ? &now->now : &none, *b = before != NULL ? &before->now : &none;
    tmg_span words = s->name[tmg_paper_column(l->w)];

    if (with_mass && (n->mass_mg != 0 || b->mass_mg != 0))
        tmg_row_add(l, section, tmg_paper_text(l->arena, "%.*s.mass", TMG_SPAN_ARG(s->code)), words,
                    TMG_ROW_PART, "mg", n->mass_mg, b->mass_mg);
    put_amount(l, section, s->code, words, n, b);
}

/* Volumes and pieces by substance, so that nobody takes ampoules of one for those of another; masses too
 * where the section has no line per substance. */
static void substances_of(listing *l, const char *section, const char *class_name, bool with_mass)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;

    for (size_t i = 0; i < n->substance_count; i++)
        if (is_class(n->substances[i].class_name, class_name))
            one_substance(l, section, &n->substances[i], with_mass);
    for (size_t i = 0; b != NULL && i < b->substance_count; i++)
        if (is_class(b->substances[i].class_name, class_name) && substance_in(n, &b->substances[i]) == NULL)
            one_substance(l, section, &b->substances[i], with_mass);
}

static void plants(listing *l)
{
    static const tmg_plants none = {0};

    for (int g = 0; g < TMG_GROWTHS; g++) {
        const tmg_plants *n = &l->r->now->plants[g],
                         *b = l->r->before != NULL ? &l->r->before->plants[g] : &none;
        const char *name = tmg_growth_name((tmg_growth)g);
        tmg_span words = tmg_paper_word(l->w, "growth", name);

        if (n->count != 0 || b->count != 0)
            tmg_row_add(l, "plant", tmg_paper_text(l->arena, "%s.count", name),
                        tmg_paper_text(l->arena, "%.*s, %.*s", TMG_SPAN_ARG(words),
                                       TMG_SPAN_ARG(tmg_paper_word(l->w, "piece", "plant"))),
                        TMG_ROW_TOTAL, "pieces", n->count, b->count);
        if (n->mass_mg != 0 || b->mass_mg != 0)
            tmg_row_add(l, "plant", tmg_paper_text(l->arena, "%s.kg", name), words, TMG_ROW_TOTAL, "mg",
                        n->mass_mg, b->mass_mg);
        if (n->area_m2 != 0 || b->area_m2 != 0)
            tmg_row_add(l, "plant", tmg_paper_text(l->arena, "%s.area", name), words, TMG_ROW_TOTAL, "m2",
                        n->area_m2, b->area_m2);
    }
}

void tmg_rows_of_substances(listing *l)
{
    static const char *const classes[] = {"potent", "toxic", "precursor", "plant"};
    int64_t total = l->r->now->total.mass_mg;

    tmg_row_of(l, tmg_row_named(l, "substances", "total", TMG_ROW_TOTAL, "mg", BOTH(l, total.mass_mg)), total,
               "total");
    lines_of(l, "substances", "total", true);
    substances_of(l, "substances", "total", false);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        lines_of(l, classes[i], classes[i], false);
        substances_of(l, classes[i], classes[i], true);
    }
    plants(l);
}
