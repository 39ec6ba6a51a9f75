/* The period's report on paper. */
#include "report/rows.h"

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
    bool compared = s->r->before != NULL;
    tmg_paper_column_of c[6];
    size_t n = 0;

    c[n++] = (tmg_paper_column_of){word(s, "indicator"), 30, false};
    c[n++] = (tmg_paper_column_of){word(s, "this_period"), 26, true};
    if (is_mass(section))
        c[n++] = (tmg_paper_column_of){word(s, "this_period_kg"), 17, true};
    if (compared) {
        c[n++] = (tmg_paper_column_of){word(s, is_mass(section) ? "before_kg" : "before"), 18, true};
        c[n++] = (tmg_paper_column_of){word(s, "change"), 14, true};
    } else if (strcmp(section, "substances") == 0) {
        c[n++] = (tmg_paper_column_of){word(s, "seized_kg"), 17, true};
        c[n++] = (tmg_paper_column_of){word(s, "share"), 12, true};
    }
    tmg_paper_table(s->p, c, n);
}

static void put_row(const sheet *s, const tmg_report_row *row)
{
    static const tmg_span dash = {"—", 3};
    tmg_span cells[6];
    size_t n = 0;

    cells[n++] = row->words;
    cells[n++] = tmg_report_quantity(s->w, s->arena, row, row->value);
    if (is_mass(row->section))
        cells[n++] = tmg_report_figure(s->w, s->arena, row, row->value);
    if (s->r->before != NULL) {
        cells[n++] = is_mass(row->section) ? tmg_report_figure(s->w, s->arena, row, row->before)
                                           : tmg_report_quantity(s->w, s->arena, row, row->before);
        cells[n++] = tmg_report_change(s->w, s->arena, row);
    } else if (strcmp(row->section, "substances") == 0) {
        cells[n++] = tmg_report_figure(s->w, s->arena, row, row->seized);
        cells[n++] =
            row->of_total_ppm == TMG_NONE ? dash : tmg_paper_percent(s->w, s->arena, row->of_total_ppm);
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
    if (r->before != NULL)
        tmg_paper_small(p, word(&s, "base"));
    put_figures(&s);
    put_gaps(&s);
    tmg_paper_signatures(p, roles, 2);
}
