/* The period's report on paper. */
#include "report/rows.h"

#include <stdlib.h>

typedef struct sheet {
    tmg_paper *p;
    tmg_paper_words *w;
    tmg_arena *arena;
    const tmg_report *r;
} sheet;

static tmg_span word(const sheet *s, const char *key)
{
    return tmg_paper_word(s->w, "report", key);
}

static bool is_mass(const char *section)
{
    static const char *const mass[] = {"substances", "potent", "toxic", "precursor", "plant"};

    for (size_t i = 0; i < sizeof mass / sizeof mass[0]; i++)
        if (strcmp(section, mass[i]) == 0)
            return true;
    return false;
}

static void begin_table(const sheet *s, const char *section)
{
    bool compared = s->r->before != NULL, seized = strcmp(section, "substances") == 0;
    tmg_paper_column_of c[7];
    size_t n = 0;

    c[n++] = (tmg_paper_column_of){word(s, "indicator"), 24, false};
    c[n++] = (tmg_paper_column_of){word(s, "this_period"), 22, true};
    if (is_mass(section))
        c[n++] = (tmg_paper_column_of){word(s, "this_period_kg"), 15, true};
    if (seized)
        c[n++] = (tmg_paper_column_of){word(s, "seized_kg"), 15, true};
    c[n++] = (tmg_paper_column_of){word(s, seized ? "share_of_total" : "share"), seized ? 11 : 20, true};
    if (compared) {
        c[n++] = (tmg_paper_column_of){word(s, is_mass(section) ? "before_kg" : "before"),
                                       is_mass(section) ? 15 : 20, true};
        c[n++] = (tmg_paper_column_of){word(s, "change"), 19, true};
    }
    tmg_paper_table(s->p, c, n);
}

static void put_row(const sheet *s, const tmg_report_row *row)
{
    tmg_span cells[7], held = tmg_report_held(s->w);
    bool mass = is_mass(row->section);
    size_t n = 0;

    cells[n++] = row->words;
    cells[n++] = row->held ? held : tmg_report_quantity(s->w, s->arena, row, row->value);
    if (mass)
        cells[n++] = strcmp(row->unit, "pieces") == 0 || strcmp(row->unit, "m2") == 0
                         ? tmg_report_quantity(s->w, s->arena, row, TMG_NONE)
                         : tmg_report_figure(s->w, s->arena, row, row->value);
    if (strcmp(row->section, "substances") == 0)
        cells[n++] = tmg_report_figure(s->w, s->arena, row, row->seized);
    /* Its lines are all shares of the total that stands above them. */
    cells[n++] = strcmp(row->section, "substances") == 0 && row->of != TMG_NONE
                     ? tmg_paper_percent(s->w, s->arena, row->of_total_ppm)
                     : tmg_report_share(s->w, s->arena, row);
    if (s->r->before != NULL) {
        cells[n++] = row->before_held ? held
                     : mass           ? tmg_report_figure(s->w, s->arena, row, row->before)
                                      : tmg_report_quantity(s->w, s->arena, row, row->before);
        cells[n++] = tmg_report_change(s->w, s->arena, row);
    }
    tmg_paper_row(s->p, row->kind, cells);
}

static void put_figures(const sheet *s)
{
    const char *section = "";
    tmg_report_row *rows;
    size_t count;

    tmg_report_rows(s->r, s->w, s->arena, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].section, section) != 0) {
            section = rows[i].section;
            tmg_paper_section(s->p, tmg_paper_word(s->w, "report_section", section));
            begin_table(s, section);
        }
        put_row(s, &rows[i]);
    }
}

/* ---- equivalents ---- */

static tmg_span equivalent_kg(const sheet *s, const tmg_equivalent *e)
{
    tmg_span least = tmg_paper_kg(s->w, s->arena, e->least_mg);

    if (e->least_mg == e->most_mg)
        return least;
    return tmg_paper_text(s->arena, "%.*s – %.*s", TMG_SPAN_ARG(least),
                          TMG_SPAN_ARG(tmg_paper_kg(s->w, s->arena, e->most_mg)));
}

static void put_equivalents(const sheet *s)
{
    const tmg_paper_column_of c[] = {{word(s, "indicator"), 22, false},
                                     {word(s, "this_period"), 16, true},
                                     {word(s, "equivalent_kg"), 22, true},
                                     {word(s, "equivalent_source"), 40, false}};

    if (s->r->equivalent_count == 0)
        return;
    tmg_paper_section(s->p, tmg_paper_word(s->w, "report_section", "equivalent"));
    tmg_paper_small(s->p, word(s, "equivalent_intro"));
    tmg_paper_table(s->p, c, sizeof c / sizeof c[0]);
    for (size_t i = 0; i < s->r->equivalent_count; i++) {
        const tmg_equivalent *e = &s->r->equivalents[i];
        const tmg_span cells[] = {
            tmg_equivalent_words(s->w, s->arena, e), tmg_equivalent_quantity(s->w, s->arena, e),
            equivalent_kg(s, e),
            tmg_paper_text(s->arena, "%.*s (%.*s)", TMG_SPAN_ARG(e->factor->source),
                           TMG_SPAN_ARG(tmg_paper_day(s->arena, e->factor->noted_day)))};

        tmg_paper_row(s->p, TMG_ROW_PLAIN, cells);
    }
}

/* ---- charts ---- */

enum { MOST_LINES = 12, MOST_MONTHS = 24 };

static int longest_first(const void *x, const void *y)
{
    const tmg_paper_bar *p = x, *q = y;

    return (p->now < q->now) - (p->now > q->now);
}

static tmg_paper_bar bar_of(const sheet *s, tmg_span words, int64_t now, int64_t before)
{
    return (tmg_paper_bar){words, tmg_paper_mass(s->w, s->arena, now), tmg_paper_mass(s->w, s->arena, before),
                           now, before};
}

/* The named lines of the total, as they stand in the table. */
static void chart_lines(const sheet *s, tmg_span now, tmg_span before)
{
    tmg_report_row *rows;
    size_t count, n = 0;

    tmg_report_rows(s->r, s->w, s->arena, &rows, &count);
    tmg_paper_bar *bars = tmg_alloc_array(s->arena, count + 1, sizeof *bars);
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].section, "substances") == 0 && rows[i].kind == TMG_ROW_PART &&
            strcmp(rows[i].unit, "mg") == 0)
            bars[n++] =
                bar_of(s, rows[i].words, rows[i].value, rows[i].before == TMG_NONE ? 0 : rows[i].before);
    qsort(bars, n, sizeof *bars, longest_first);
    if (n > 0)
        tmg_paper_chart(s->p, word(s, "chart_lines"), now, before, bars, n < MOST_LINES ? n : MOST_LINES);
}

/* Month by month; with what it is compared, the first with the first and so on. */
static void chart_months(const sheet *s, tmg_span now, tmg_span before)
{
    const tmg_period_figures *f = s->r->now, *b = s->r->before;
    size_t count = f->month_count;

    if (b != NULL && b->month_count > count)
        count = b->month_count;
    if (count < 2 || count > MOST_MONTHS)
        return;
    tmg_paper_bar *bars = tmg_alloc_array(s->arena, count, sizeof *bars);
    for (size_t i = 0; i < count; i++) {
        const tmg_month_sum *m = i < f->month_count ? &f->months[i] : &b->months[i];
        tmg_span day = tmg_paper_day(s->arena, m->from_day);

        bars[i] = bar_of(s, (tmg_span){day.ptr + 3, 7}, i < f->month_count ? f->months[i].mass_mg : 0,
                         b != NULL && i < b->month_count ? b->months[i].mass_mg : 0);
    }
    tmg_paper_chart(s->p, word(s, "chart_months"), now, before, bars, count);
}

static void put_charts(const sheet *s)
{
    tmg_span before = {NULL, 0}, now = tmg_period_words(s->arena, &s->r->now->period);

    if (s->r->before != NULL)
        before = tmg_period_words(s->arena, &s->r->before->period);
    if (s->r->now->total.mass_mg == 0 && (s->r->before == NULL || s->r->before->total.mass_mg == 0))
        return;
    tmg_paper_section(s->p, tmg_paper_word(s->w, "report_section", "chart"));
    chart_lines(s, now, before);
    chart_months(s, now, before);
}

/* ---- reconciliation ---- */

static void put_gaps(const sheet *s)
{
    const tmg_paper_column_of c[] = {{word(s, "gap_about"), 22, false},
                                     {word(s, "gap_total"), 18, true},
                                     {word(s, "gap_sum"), 18, true},
                                     {word(s, "gap_gap"), 18, true},
                                     {word(s, "gap_why"), 30, false}};

    tmg_paper_section(s->p, tmg_paper_word(s->w, "report_section", "reconciliation"));
    tmg_paper_small(s->p, word(s, "gap_intro"));
    tmg_paper_table(s->p, c, sizeof c / sizeof c[0]);
    for (size_t i = 0; i < s->r->gap_count; i++) {
        const tmg_gap *g = &s->r->gaps[i];
        const tmg_span cells[] = {
            tmg_gap_about_words(s->w, s->arena, g), tmg_gap_amount_words(s->w, s->arena, g->total, g->unit),
            tmg_gap_amount_words(s->w, s->arena, g->sum, g->unit),
            tmg_gap_amount_words(s->w, s->arena, g->gap, g->unit), tmg_gap_why_words(s->w, s->arena, g)};

        if (!tmg_gap_is_held(s->r, g))
            tmg_paper_row(s->p, g->open ? TMG_ROW_OPEN : TMG_ROW_PLAIN, cells);
    }
}

static tmg_span period_line(const sheet *s)
{
    tmg_span now = tmg_period_words(s->arena, &s->r->now->period);

    if (s->r->before == NULL)
        return now;
    return tmg_paper_text(s->arena, "%.*s; %.*s %.*s", TMG_SPAN_ARG(now),
                          TMG_SPAN_ARG(word(s, "compared_with")),
                          TMG_SPAN_ARG(tmg_period_words(s->arena, &s->r->before->period)));
}

static void put_notes(const sheet *s)
{
    if (s->r->before != NULL)
        tmg_paper_small(s->p, word(s, "base"));
    if (s->r->least > 0)
        tmg_paper_small(s->p, tmg_paper_text(s->arena, "%.*s %lld.", TMG_SPAN_ARG(word(s, "held_note")),
                                             (long long)s->r->least));
    if (tmg_period_is_empty(s->r->now))
        tmg_paper_line(s->p, word(s, "empty"));
}

void tmg_paper_period(tmg_paper *p, tmg_paper_words *w, tmg_arena *a, const tmg_report *r)
{
    sheet s = {p, w, a, r};
    const tmg_span roles[] = {word(&s, "prepared_by"), word(&s, "approved_by")};
    TMG_AUTO_BUF number = {0};

    tmg_buf_init(&number, 64);
    tmg_day_write(&number, r->now->period.from_day);
    tmg_buf_z(&number, "/");
    tmg_day_write(&number, r->now->period.to_day);
    tmg_paper_sheet(p, word(&s, r->layout == TMG_LAYOUT_STATE ? "title_state" : "title_customs"),
                    tmg_span_copy(a, tmg_buf_as_span(&number)), period_line(&s), (tmg_span){NULL, 0});
    put_notes(&s);
    put_figures(&s);
    put_equivalents(&s);
    put_charts(&s);
    put_gaps(&s);
    tmg_paper_signatures(p, roles, 2);
}
