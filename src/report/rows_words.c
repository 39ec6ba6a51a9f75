/* Quantities, changes and gaps as a report writes them. */
#include "base/qty.h"
#include "report/rows.h"

static const tmg_span dash = {"—", 3};

static tmg_span decimal(tmg_paper_words *w, tmg_arena *a, int64_t v, int scale)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_decimal_write_fixed(&b, v, scale);
    for (size_t i = 0; tmg_paper_column(w) != 0 && i < b.len; i++)
        if (b.ptr[i] == '.')
            b.ptr[i] = ',';
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

tmg_span tmg_report_figure(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row, int64_t v)
{
    if (v == TMG_NONE)
        return dash;
    if (strcmp(row->unit, "mg") == 0 || strcmp(row->unit, "ul") == 0)
        return decimal(w, a, v, 6);
    if (strcmp(row->unit, "minor") == 0)
        return decimal(w, a, v, tmg_currency_exponent(row->currency));
    return tmg_paper_number(w, a, v);
}

tmg_span tmg_report_quantity(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row, int64_t v)
{
    if (v == TMG_NONE)
        return dash;
    if (strcmp(row->unit, "mg") == 0)
        return tmg_paper_mass(w, a, v);
    if (strcmp(row->unit, "minor") == 0)
        return tmg_paper_money(w, a, v, row->currency);
    if (strcmp(row->unit, "m2") == 0)
        return tmg_paper_text(a, "%lld %.*s", (long long)v, TMG_SPAN_ARG(tmg_paper_word(w, "unit", "m2")));
    if (strcmp(row->unit, "ul") == 0)
        return tmg_paper_text(a, "%.*s %.*s", TMG_SPAN_ARG(decimal(w, a, v, 6)),
                              TMG_SPAN_ARG(tmg_paper_word(w, "unit", "l")));
    return tmg_paper_number(w, a, v);
}

tmg_span tmg_report_held(tmg_paper_words *w)
{
    return tmg_paper_word(w, "report", "held");
}

tmg_span tmg_report_share(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row)
{
    if (row->of == TMG_NONE || row->held)
        return dash;
    return tmg_paper_text(a, "%.*s %.*s %.*s", TMG_SPAN_ARG(tmg_paper_percent(w, a, row->of_total_ppm)),
                          TMG_SPAN_ARG(row->of_words), TMG_SPAN_ARG(tmg_report_figure(w, a, row, row->of)));
}

static tmg_span signed_words(tmg_arena *a, int64_t v, tmg_span size)
{
    return tmg_paper_text(a, "%s%.*s", v > 0 ? "+" : v < 0 ? "−" : "", TMG_SPAN_ARG(size));
}

tmg_span tmg_report_change(tmg_paper_words *w, tmg_arena *a, const tmg_report_row *row)
{
    if (row->before == TMG_NONE || row->held || row->before_held)
        return dash;
    tmg_change_of c = tmg_compare(row->before, row->value);
    int64_t size = c.change < 0 ? -c.change : c.change;
    tmg_span change = signed_words(a, c.change, tmg_report_figure(w, a, row, size));

    if (c.of_before_ppm == TMG_NONE)
        return change;
    int64_t ppm = c.of_before_ppm < 0 ? -c.of_before_ppm : c.of_before_ppm;
    return tmg_paper_text(a, "%.*s; %.*s", TMG_SPAN_ARG(change),
                          TMG_SPAN_ARG(signed_words(a, c.change, tmg_paper_percent(w, a, ppm))));
}

tmg_span tmg_gap_amount_words(tmg_paper_words *w, tmg_arena *a, int64_t v, const char *unit)
{
    if (v == TMG_NONE)
        return dash;
    if (strcmp(unit, "mg") == 0)
        return tmg_paper_mass(w, a, v);
    if (strcmp(unit, "ppm") == 0)
        return tmg_paper_percent(w, a, v);
    return tmg_paper_number(w, a, v);
}

tmg_span tmg_gap_about_words(tmg_paper_words *w, tmg_arena *a, const tmg_gap *g)
{
    tmg_span what = tmg_paper_word(w, "gap", g->code);

    if (strcmp(g->code, "confirmed") != 0 && strncmp(g->code, "own_", 4) != 0 &&
        strcmp(g->code, "percentage") != 0 && strcmp(g->code, "published_sum") != 0)
        return what;
    tmg_span about =
        tmg_paper_word_or(w, "line", g->about, tmg_paper_word_or(w, "report", g->about, g->about));
    return tmg_paper_text(a, "%.*s: %.*s", TMG_SPAN_ARG(what), TMG_SPAN_ARG(about));
}

tmg_span tmg_gap_why_words(tmg_paper_words *w, tmg_arena *a, const tmg_gap *g)
{
    char key[64];

    (void)a;
    if (!g->open)
        return tmg_paper_word(w, "gap_why", "none");
    /* More in the parts than in the total has another reason than less. */
    (void)snprintf(key, sizeof key, "%s.over", g->reason);
    tmg_span over = tmg_paper_word_or(w, "gap_why", tmg_span_of(key), (tmg_span){NULL, 0});
    return g->gap < 0 && over.ptr != NULL ? over : tmg_paper_word(w, "gap_why", g->reason);
}

bool tmg_gap_is_held(const tmg_report *r, const tmg_gap *g)
{
    return r->least > 0 && strcmp(g->unit, "persons") == 0;
}

static bool is_volume(const tmg_equivalent *e)
{
    return tmg_span_is(e->factor->unit, "litre");
}

tmg_span tmg_equivalent_words(tmg_paper_words *w, tmg_arena *a, const tmg_equivalent *e)
{
    tmg_span name = e->substance->name[tmg_paper_column(w)];

    if (is_volume(e))
        return name;
    return tmg_paper_text(a, "%.*s, %.*s", TMG_SPAN_ARG(name),
                          TMG_SPAN_ARG(tmg_paper_word(w, "piece", tmg_span_z(a, e->factor->unit))));
}

tmg_span tmg_equivalent_quantity(tmg_paper_words *w, tmg_arena *a, const tmg_equivalent *e)
{
    if (!is_volume(e))
        return tmg_paper_number(w, a, e->quantity);
    return tmg_paper_text(a, "%.*s %.*s", TMG_SPAN_ARG(decimal(w, a, e->quantity, 6)),
                          TMG_SPAN_ARG(tmg_paper_word(w, "unit", "l")));
}

tmg_span tmg_period_words(tmg_arena *a, const tmg_period *p)
{
    return tmg_paper_text(a, "%.*s – %.*s", TMG_SPAN_ARG(tmg_paper_day(a, p->from_day)),
                          TMG_SPAN_ARG(tmg_paper_day(a, p->to_day)));
}
