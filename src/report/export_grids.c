/* What is exported: the figures, the gaps, the seizures of a period. */
#include "base/qty.h"
#include "report/export.h"

static int scale_of(const tmg_report_row *row)
{
    if (strcmp(row->unit, "mg") == 0 || strcmp(row->unit, "ul") == 0)
        return 6;
    return strcmp(row->unit, "minor") == 0 ? tmg_currency_exponent(row->currency) : 0;
}

static tmg_span unit_words(const tmg_report_row *row, tmg_paper_words *w)
{
    if (strcmp(row->unit, "minor") == 0)
        return row->currency;
    if (strcmp(row->unit, "mg") == 0)
        return tmg_paper_word(w, "unit", "kg");
    if (strcmp(row->unit, "ul") == 0)
        return tmg_paper_word(w, "unit", "l");
    return tmg_paper_word(w, "export", row->unit);
}

/* The unit of the quantity beside it, for machines. */
static tmg_span unit_code(const tmg_report_row *row)
{
    if (strcmp(row->unit, "minor") == 0)
        return row->currency;
    return tmg_span_of(strcmp(row->unit, "mg") == 0 ? "kg" : strcmp(row->unit, "ul") == 0 ? "l" : row->unit);
}

static void columns(tmg_grid *g, tmg_paper_words *w, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tmg_grid_column(g, keys[i], tmg_paper_word(w, "export", keys[i]));
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

void tmg_report_grid(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret)
{
    static const char *const keys[] = {"section",      "code",   "indicator", "unit",   "quantity",
                                       "smallest",     "seized", "before",    "change", "of_before_ppm",
                                       "of_total_ppm", "of",     "of_what"};
    tmg_report_row *rows;
    size_t count;

    *ret = (tmg_grid){.title = tmg_paper_word(w, "export", "figures")};
    columns(ret, w, keys, COUNT(keys));
    tmg_report_rows(r, w, a, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        const tmg_report_row *row = &rows[i];
        tmg_change_of c = tmg_compare(row->before == TMG_NONE ? 0 : row->before, row->value);
        int scale = scale_of(row);
        bool compared = row->before != TMG_NONE && !row->held && !row->before_held;
        tmg_cell held = tmg_cell_coded(TMG_SPAN("held"), tmg_report_held(w));
        const tmg_cell cells[] = {
            tmg_cell_coded(tmg_span_of(row->section), tmg_paper_word(w, "report_section", row->section)),
            tmg_cell_text(row->code),
            tmg_cell_text(row->words),
            tmg_cell_coded(unit_code(row), unit_words(row, w)),
            row->held ? held : tmg_cell_decimal(row->value, scale),
            row->held ? held : tmg_cell_integer(row->value),
            tmg_cell_decimal(row->seized, scale),
            row->before_held ? held : tmg_cell_decimal(row->before, scale),
            tmg_cell_decimal(compared ? c.change : TMG_NONE, scale),
            tmg_cell_integer(compared ? c.of_before_ppm : TMG_NONE),
            tmg_cell_integer(row->held ? TMG_NONE : row->of_total_ppm),
            tmg_cell_decimal(row->held ? TMG_NONE : row->of, scale),
            tmg_cell_text(row->held ? (tmg_span){NULL, 0} : row->of_words)};

        tmg_grid_row(ret, a, cells);
    }
}

void tmg_gaps_grid(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret)
{
    static const char *const keys[] = {"code", "what", "unit", "total", "sum", "gap", "open", "why"};

    *ret = (tmg_grid){.title = tmg_paper_word(w, "report_section", "reconciliation")};
    columns(ret, w, keys, COUNT(keys));
    for (size_t i = 0; i < r->gap_count; i++) {
        const tmg_gap *g = &r->gaps[i];

        if (tmg_gap_is_held(r, g))
            continue;
        const tmg_cell cells[] = {tmg_cell_text(tmg_span_of(g->code)),
                                  tmg_cell_text(tmg_gap_about_words(w, a, g)),
                                  tmg_cell_text(tmg_span_of(g->unit)),
                                  tmg_cell_integer(g->total),
                                  tmg_cell_integer(g->sum),
                                  tmg_cell_integer(g->gap),
                                  tmg_cell_integer(g->open),
                                  tmg_cell_text(tmg_gap_why_words(w, a, g))};

        tmg_grid_row(ret, a, cells);
    }
}

static tmg_span iso_day(tmg_arena *a, int32_t day)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, day);
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

void tmg_equivalents_grid(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret)
{
    static const char *const keys[] = {"substance",       "unit",           "quantity",
                                       "factor_least_mg", "factor_most_mg", "least_kg",
                                       "most_kg",         "source",         "noted"};

    *ret = (tmg_grid){.title = tmg_paper_word(w, "export", "equivalents")};
    columns(ret, w, keys, COUNT(keys));
    for (size_t i = 0; i < r->equivalent_count; i++) {
        const tmg_equivalent *e = &r->equivalents[i];
        bool litre = tmg_span_is(e->factor->unit, "litre");
        const tmg_cell cells[] = {
            tmg_cell_coded(e->substance->code, e->substance->name[tmg_paper_column(w)]),
            tmg_cell_coded(e->factor->unit, litre
                                                ? tmg_paper_word(w, "unit", "l")
                                                : tmg_paper_word(w, "piece", tmg_span_z(a, e->factor->unit))),
            tmg_cell_decimal(e->quantity, litre ? 6 : 0),
            tmg_cell_integer(e->factor->least_mg),
            tmg_cell_integer(e->factor->most_mg),
            tmg_cell_decimal(e->least_mg, 6),
            tmg_cell_decimal(e->most_mg, 6),
            tmg_cell_text(e->factor->source),
            tmg_cell_coded(iso_day(a, e->factor->noted_day), tmg_paper_day(a, e->factor->noted_day))};

        tmg_grid_row(ret, a, cells);
    }
}

static const char *const seizure_keys[] = {"number",    "seized_at", "post",       "direction",   "unit_of",
                                           "substance", "form",      "stage",      "mass_kg",     "mass_mg",
                                           "volume_l",  "pieces",    "piece_kind", "gross",       "estimated",
                                           "replaces",  "plates",    "route",      "concealment", "remark"};

static const char seizures_sql[] =
    "SELECT z.number, z.seized_ms, z.offset_min, p.code, z.direction, z.unit, l.substance, l.form, l.stage, "
    "l.mass_mg, l.volume_ul, l.count, l.count_kind, l.gross, l.estimated, l.replaces, z.plates, z.route, "
    "z.concealment, l.words FROM seizure z JOIN substance_line l ON l.seizure_id = z.id LEFT JOIN post p ON "
    "p.id = "
    "z.post_id WHERE z.seized_ms >= $1 AND z.seized_ms < $2 ORDER BY z.seized_ms, z.id, l.id";

static tmg_cell copied(tmg_stmt *s, int at, tmg_arena *a)
{
    tmg_span text = tmg_col_text(s, at);

    return tmg_cell_text(text.ptr != NULL ? tmg_span_copy(a, text) : text);
}

static tmg_cell listed(tmg_stmt *s, int at, tmg_paper_words *w, const char *list, tmg_arena *a)
{
    tmg_span code = tmg_col_text(s, at);

    if (code.ptr != NULL)
        code = tmg_span_copy(a, code);
    return tmg_cell_coded(code, tmg_paper_listed(w, list, code));
}

static tmg_cell stage(tmg_stmt *s, tmg_paper_words *w, tmg_arena *a)
{
    tmg_span code = tmg_span_copy(a, tmg_col_text(s, 8));

    return tmg_cell_coded(code, tmg_paper_word_or(w, "stage", code, code));
}

static tmg_cell instant(tmg_stmt *s, tmg_arena *a)
{
    int64_t at_ms = tmg_col_i64(s, 1);
    int offset_min = (int)tmg_col_i64(s, 2);
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms, (int16_t)offset_min});
    return tmg_cell_coded(tmg_span_copy(a, tmg_buf_as_span(&b)), tmg_paper_time(a, at_ms, offset_min));
}

static void seizure_row(tmg_stmt *s, tmg_paper_words *w, tmg_arena *a, tmg_grid *g)
{
    const tmg_cell cells[] = {copied(s, 0, a),
                              instant(s, a),
                              copied(s, 3, a),
                              listed(s, 4, w, "direction", a),
                              copied(s, 5, a),
                              copied(s, 6, a),
                              listed(s, 7, w, "form", a),
                              stage(s, w, a),
                              tmg_cell_decimal(tmg_col_opt(s, 9), 6),
                              tmg_cell_integer(tmg_col_opt(s, 9)),
                              tmg_cell_decimal(tmg_col_opt(s, 10), 6),
                              tmg_cell_integer(tmg_col_opt(s, 11)),
                              listed(s, 12, w, "count_kind", a),
                              tmg_cell_integer(tmg_col_i64(s, 13)),
                              tmg_cell_integer(tmg_col_i64(s, 14)),
                              tmg_cell_integer(tmg_col_opt(s, 15)),
                              copied(s, 16, a),
                              copied(s, 17, a),
                              listed(s, 18, w, "concealment", a),
                              copied(s, 19, a)};

    tmg_grid_row(g, a, cells);
}

tmg_rc tmg_seizures_grid(tmg_db *db, const tmg_period *p, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret,
                         tmg_err *err)
{
    tmg_grid g = {.title = tmg_paper_word(w, "export", "seizures")};
    tmg_stmt *s;
    bool row;

    columns(&g, w, seizure_keys, COUNT(seizure_keys));
    TMG_TRY(tmg_sql(db, seizures_sql, &s, err));
    tmg_bind_i64(s, 1, tmg_day_start_ms(p->from_day, p->offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(p->to_day + 1, p->offset_min));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        seizure_row(s, w, a, &g);
    }
    *ret = g;
    return TMG_OK;
}
