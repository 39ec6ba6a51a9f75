/* Names, states and quantities as papers print them. */
#include "app/papers_priv.h"

#include "base/qty.h"

tmg_span tmg_draft_name(tmg_draft *d, const char *what, int64_t id)
{
    static const struct {
        const char *what, *sql;
    } known[] = {{"account", "SELECT display FROM account WHERE id = $1"},
                 {"post", "SELECT name FROM post WHERE id = $1"},
                 {"officer", "SELECT name FROM officer WHERE id = $1"},
                 {"dog", "SELECT dog FROM officer WHERE id = $1"},
                 {"instrument", "SELECT name FROM instrument WHERE id = $1"},
                 {"team", "SELECT name FROM team WHERE id = $1"},
                 {"order", "SELECT number FROM inspection_order WHERE id = $1"},
                 {"case", "SELECT number FROM case_file WHERE id = $1"}};
    tmg_span name = {NULL, 0};
    tmg_stmt *s;
    bool row = false;

    for (size_t i = 0; id != 0 && i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].what, what) != 0 || tmg_sql(d->db, known[i].sql, &s, NULL) != TMG_OK)
            continue;
        tmg_bind_i64(s, 1, id);
        if (tmg_step(s, &row, NULL) == TMG_OK && row) {
            name = tmg_span_copy(d->arena, tmg_col_text(s, 0));
            tmg_reset(s);
        }
    }
    return name;
}

tmg_span tmg_draft_time(tmg_draft *d, int64_t at_ms)
{
    return at_ms == TMG_NONE || at_ms == 0 ? (tmg_span){NULL, 0}
                                           : tmg_paper_time(d->arena, at_ms, d->offset_min);
}

tmg_span tmg_draft_code(tmg_draft *d, const char *section, const char *code)
{
    return code == NULL || code[0] == '\0' ? (tmg_span){NULL, 0} : tmg_paper_word(d->words, section, code);
}

tmg_span tmg_draft_state(tmg_draft *d, const char *flow, tmg_span state)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    if (tmg_flow_describe(d->centre->flows, tmg_span_of(flow), &states, &state_count, &arrows, &arrow_count,
                          NULL) == TMG_OK)
        for (size_t i = 0; i < state_count; i++)
            if (tmg_span_eq(states[i].name, state))
                return states[i].words[tmg_paper_column(d->words)];
    return state;
}

tmg_span tmg_draft_substance(tmg_draft *d, tmg_span code)
{
    tmg_span name = code;
    tmg_stmt *s;
    bool row;

    if (tmg_sql(d->db,
                "SELECT name, name_az, name_ru FROM substance WHERE code = $1 ORDER BY id DESC LIMIT 1", &s,
                NULL) != TMG_OK)
        return name;
    tmg_bind_text(s, 1, code);
    if (tmg_step(s, &row, NULL) == TMG_OK && row) {
        name = tmg_span_copy(d->arena, tmg_col_text(s, tmg_paper_column(d->words)));
        tmg_reset(s);
    }
    return name;
}

static void part(tmg_buf *b, tmg_span text)
{
    if (b->len > 0)
        tmg_buf_z(b, "; ");
    tmg_buf_span(b, text);
}

tmg_span tmg_draft_quantity(tmg_draft *d, const tmg_substance_line *l)
{
    TMG_AUTO_BUF b = {0}, volume = {0};

    tmg_buf_init(&b, 1024);
    if (l->mass_mg != TMG_NONE)
        part(&b, tmg_paper_mass(d->words, d->arena, l->mass_mg));
    if (l->volume_ul != TMG_NONE) {
        tmg_buf_init(&volume, 64);
        tmg_decimal_write(&volume, l->volume_ul, 6);
        part(&b, tmg_paper_text(d->arena, "%s %.*s", volume.ptr, TMG_SPAN_ARG(TMG_W(d, "unit", "l"))));
    }
    if (l->count != TMG_NONE)
        part(&b, tmg_paper_text(d->arena, "%lld %.*s", (long long)l->count,
                                TMG_SPAN_ARG(tmg_paper_listed(d->words, "count_kind", l->count_kind))));
    if (l->gross)
        part(&b, TMG_W(d, "seizure", "gross"));
    if (l->estimated)
        part(&b, TMG_W(d, "seizure", "estimated"));
    return tmg_span_copy(d->arena, tmg_buf_as_span(&b));
}

static void pass(tmg_buf *b, tmg_span country, tmg_span *last)
{
    if (country.len == 0 || tmg_span_eq(country, *last))
        return;
    tmg_buf_z(b, b->len > 0 ? " → " : "");
    tmg_buf_span(b, country);
    *last = country;
}

tmg_span tmg_draft_route(tmg_draft *d, const tmg_declaration *decl)
{
    tmg_span last = {NULL, 0};
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 4096);
    pass(&b, decl->departure, &last);
    for (size_t i = 0; i < decl->route_count; i++)
        pass(&b, decl->route[i], &last);
    pass(&b, decl->destination, &last);
    return tmg_span_copy(d->arena, tmg_buf_as_span(&b));
}

tmg_span tmg_draft_party(tmg_draft *d, const tmg_party *p)
{
    /* A name from right to left does not turn round the line that it stands in. */
    static const char left_to_right[] = "\xE2\x80\x8E";

    if (p->code.len == 0 && p->name.len == 0)
        return (tmg_span){NULL, 0};
    return tmg_paper_text(d->arena, "%s%.*s%s%.*s%s%.*s", left_to_right, TMG_SPAN_ARG(p->name),
                          p->name.len > 0 ? ", " : "", TMG_SPAN_ARG(p->code), p->country.len > 0 ? ", " : "",
                          TMG_SPAN_ARG(p->country));
}

tmg_span tmg_draft_equipment(tmg_draft *d, const tmg_declaration *decl, tmg_equipment_kind kind)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 14);
    for (size_t i = 0; i < decl->equipment_count; i++)
        if (decl->equipment[i].kind == kind) {
            tmg_buf_z(&b, b.len > 0 ? ", " : "");
            tmg_buf_span(&b, decl->equipment[i].number);
        }
    return tmg_span_copy(d->arena, tmg_buf_as_span(&b));
}

static void put_line(tmg_draft *d, const tmg_substance_line *l)
{
    tmg_span purity = {NULL, 0}, report = {NULL, 0};
    char stage[24];

    if (l->purity_ppm != TMG_NONE)
        purity = tmg_paper_text(d->arena, "%.*s %.*s", TMG_SPAN_ARG(TMG_W(d, "seizure", "purity")),
                                TMG_SPAN_ARG(tmg_paper_percent(d->words, d->arena, l->purity_ppm)));
    if (l->report_number.len > 0)
        report = tmg_paper_text(d->arena, "%.*s %.*s, %.*s", TMG_SPAN_ARG(TMG_W(d, "seizure", "report")),
                                TMG_SPAN_ARG(l->report_number),
                                TMG_SPAN_ARG(tmg_paper_day(d->arena, l->report_day)));
    (void)snprintf(stage, sizeof stage, "%.*s", TMG_SPAN_ARG(tmg_utf8_cut(l->stage, 20)));
    const tmg_span cells[] = {
        tmg_draft_substance(d, l->substance),
        tmg_paper_listed(d->words, "form", l->form),
        tmg_paper_text(d->arena, "%.*s, %.*s", TMG_SPAN_ARG(tmg_draft_code(d, "stage", stage)),
                       TMG_SPAN_ARG(tmg_draft_time(d, l->at_ms))),
        tmg_draft_quantity(d, l),
        l->mass_mg == TMG_NONE ? TMG_SPAN("—") : tmg_paper_kg(d->words, d->arena, l->mass_mg),
        tmg_paper_text(d->arena, "%.*s%s%.*s%s%.*s", TMG_SPAN_ARG(purity),
                       purity.len > 0 && report.len > 0 ? "; " : "", TMG_SPAN_ARG(report),
                       l->words.len > 0 && purity.len + report.len > 0 ? "; " : "", TMG_SPAN_ARG(l->words))};

    tmg_paper_row(d->paper, l->replaces > 0 ? TMG_ROW_PART : TMG_ROW_PLAIN, cells);
}

static const tmg_substance_line *line_after(const tmg_seizure *z, const tmg_substance_line *l)
{
    for (size_t i = 0; i < z->line_count; i++)
        if (z->lines[i].replaces == l->id)
            return &z->lines[i];
    return NULL;
}

/* What took a line's place stands beneath it. */
void tmg_draft_lines(tmg_draft *d, const tmg_seizure *z)
{
    const tmg_paper_column_of columns[] = {
        {TMG_W(d, "seizure", "substance"), 22, false}, {TMG_W(d, "seizure", "form"), 11, false},
        {TMG_W(d, "seizure", "stage"), 20, false},     {TMG_W(d, "seizure", "quantity"), 25, true},
        {TMG_W(d, "seizure", "kg"), 16, true},         {TMG_W(d, "seizure", "remark"), 20, false}};

    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < z->line_count; i++)
        if (z->lines[i].replaces <= 0)
            for (const tmg_substance_line *l = &z->lines[i]; l != NULL; l = line_after(z, l))
                put_line(d, l);
}
