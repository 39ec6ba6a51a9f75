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
    static const char *const keys[] = {"section",  "code",          "indicator",   "unit",
                                       "quantity", "smallest",      "seized",      "before",
                                       "change",   "of_before_ppm", "of_total_ppm"};
    tmg_report_row *rows;
    size_t count;

    *ret = (tmg_grid){.title = tmg_paper_word(w, "export", "figures")};
    columns(ret, w, keys, COUNT(keys));
    tmg_report_rows(r, w, a, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        const tmg_report_row *row = &rows[i];
        tmg_change_of c = tmg_compare(row->before == TMG_NONE ? 0 : row->before, row->value);
        int scale = scale_of(row);
        const tmg_cell cells[] = {
            tmg_cell_coded(tmg_span_of(row->section), tmg_paper_word(w, "report_section", row->section)),
            tmg_cell_text(row->code),
            tmg_cell_text(row->words),
            tmg_cell_coded(unit_code(row), unit_words(row, w)),
            tmg_cell_decimal(row->value, scale),
            tmg_cell_integer(row->value),
            tmg_cell_decimal(row->seized, scale),
            tmg_cell_decimal(row->before, scale),
            tmg_cell_decimal(row->before == TMG_NONE ? TMG_NONE : c.change, scale),
            tmg_cell_integer(row->before == TMG_NONE ? TMG_NONE : c.of_before_ppm),
            tmg_cell_integer(row->of_total_ppm)};

        tmg_grid_row(ret, a, cells);
    }
}

void tmg_gaps_grid(const tmg_gap *gaps, size_t count, tmg_paper_words *w, tmg_arena *a, tmg_grid *ret)
{
    static const char *const keys[] = {"code", "what", "unit", "total", "sum", "gap", "open", "why"};

    *ret = (tmg_grid){.title = tmg_paper_word(w, "report_section", "reconciliation")};
    columns(ret, w, keys, COUNT(keys));
    for (size_t i = 0; i < count; i++) {
        const tmg_gap *g = &gaps[i];
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
