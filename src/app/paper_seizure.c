/* The seizure record, its exhibits with their custody, and the labels for the bags. */
#include "app/papers_priv.h"

#include "base/json.h"

enum { EXHIBITS = 100 };

static tmg_span yes_or_no(tmg_draft *d, bool yes)
{
    return TMG_W(d, "seizure", yes ? "yes" : "no");
}

static tmg_span coded(tmg_draft *d, const char *list, tmg_span code, tmg_span words)
{
    tmg_span name = tmg_paper_listed(d->words, list, code);

    if (words.len == 0)
        return name;
    return tmg_paper_text(d->arena, "%.*s: %.*s", TMG_SPAN_ARG(name), TMG_SPAN_ARG(words));
}

/* The case, and what led to it, are told to those who may read the case. */
static bool knows_case(tmg_draft *d, const tmg_seizure *z)
{
    return z->case_id == 0 || tmg_case_may(d->db, d->who, z->case_id, NULL) == TMG_OK;
}

/* What led to it, the words of whoever recorded it, and how the consignment was chosen. */
static tmg_span trigger_of(tmg_draft *d, const tmg_seizure *z)
{
    tmg_span said = coded(d, "trigger", z->trigger_kind, z->trigger_words), by, rule;
    tmg_json *facts = NULL;

    if (z->trigger_facts.len == 0 || tmg_json_read(z->trigger_facts, &facts, NULL) != TMG_OK)
        return said;
    by = tmg_json_as_text(tmg_json_member(facts, "selected_by"));
    rule = tmg_json_as_text(tmg_json_member(facts, "rule"));
    said = tmg_paper_text(d->arena, "%.*s; %.*s%s%.*s", TMG_SPAN_ARG(said),
                          TMG_SPAN_ARG(tmg_paper_word_or(d->words, "chosen_by", by, by)),
                          rule.len > 0 ? ": " : "", TMG_SPAN_ARG(rule));
    tmg_json_free(facts);
    return said;
}

static void put_head(tmg_draft *d, const tmg_seizure *z)
{
    bool knows = knows_case(d, z);
    const tmg_paper_field fields[] = {
        {TMG_W(d, "seizure", "seized"), tmg_draft_time(d, z->seized_ms), false},
        {TMG_W(d, "target", "post"), tmg_draft_name(d, "post", z->post_id), false},
        {TMG_W(d, "seizure", "unit"), z->unit, false},
        {TMG_W(d, "seizure", "case"), knows ? tmg_draft_name(d, "case", z->case_id) : (tmg_span){NULL, 0},
         false},
        {TMG_W(d, "act", "order"), tmg_draft_name(d, "order", z->order_id), false},
        {TMG_W(d, "seizure", "article"), z->article, false},
        {TMG_W(d, "seizure", "place"), tmg_paper_listed(d->words, "place", z->place_kind), false},
        {TMG_W(d, "seizure", "direction"), tmg_paper_listed(d->words, "direction", z->direction), false},
        {TMG_W(d, "seizure", "trigger"),
         knows ? trigger_of(d, z) : tmg_paper_listed(d->words, "trigger", z->trigger_kind), true},
        {TMG_W(d, "seizure", "concealment"), coded(d, "concealment", z->concealment, z->concealment_words),
         true},
        {TMG_W(d, "seizure", "packages"),
         z->packages == TMG_NONE ? (tmg_span){NULL, 0} : tmg_paper_number(d->words, d->arena, z->packages),
         false},
        {TMG_W(d, "target", "route"), z->route, false},
        {TMG_W(d, "seizure", "conveyance"),
         tmg_paper_text(d->arena, "%.*s %.*s", TMG_SPAN_ARG(z->conveyance_type),
                        TMG_SPAN_ARG(z->conveyance_make)),
         false},
        {TMG_W(d, "seizure", "plates"),
         tmg_paper_text(d->arena, "%.*s %.*s", TMG_SPAN_ARG(z->plates), TMG_SPAN_ARG(z->conveyance_country)),
         false},
        {TMG_W(d, "seizure", "declared"),
         tmg_paper_text(d->arena, "%.*s %.*s", TMG_SPAN_ARG(z->declared_hs), TMG_SPAN_ARG(z->declared_goods)),
         true},
        {TMG_W(d, "seizure", "group"), yes_or_no(d, z->in_group), false},
        {TMG_W(d, "seizure", "prevented"), yes_or_no(d, z->prevented_transit), false},
        {TMG_W(d, "seizure", "value"),
         z->value_minor == TMG_NONE ? (tmg_span){NULL, 0}
                                    : tmg_paper_money(d->words, d->arena, z->value_minor, z->value_currency),
         false},
        {TMG_W(d, "seizure", "recorded_by"), tmg_draft_name(d, "account", z->recorded_by), false}};

    tmg_paper_fields(d->paper, fields, sizeof fields / sizeof fields[0]);
}

static void put_documents(tmg_draft *d, const tmg_seizure *z)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "target", "no"), 6, true},
                                           {TMG_W(d, "seizure", "document"), 34, false},
                                           {TMG_W(d, "seizure", "document_number"), 26, false},
                                           {TMG_W(d, "seizure", "document_day"), 14, false},
                                           {TMG_W(d, "seizure", "remark"), 30, false}};

    if (z->document_count == 0)
        return;
    tmg_paper_section(d->paper, TMG_W(d, "seizure", "documents_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < z->document_count; i++) {
        const tmg_seizure_document *p = &z->documents[i];
        const tmg_span cells[] = {
            tmg_paper_number(d->words, d->arena, (int64_t)i + 1),
            tmg_paper_listed(d->words, "document", p->kind), p->number,
            p->day == TMG_NO_DAY ? (tmg_span){NULL, 0} : tmg_paper_day(d->arena, p->day), p->words};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
}

static void put_instruments(tmg_draft *d, const tmg_seizure *z)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "target", "no"), 6, true},
                                           {TMG_W(d, "act", "means"), 30, false},
                                           {TMG_W(d, "act", "reaction"), 20, false},
                                           {TMG_W(d, "act", "reading"), 44, false}};

    if (z->instrument_count == 0)
        return;
    tmg_paper_section(d->paper, TMG_W(d, "seizure", "instruments_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < z->instrument_count; i++) {
        const tmg_instrument_used *u = &z->instruments[i];
        tmg_span means = tmg_draft_code(d, "means", tmg_means_name(u->means));
        const tmg_span cells[] = {tmg_paper_number(d->words, d->arena, (int64_t)i + 1),
                                  u->again ? tmg_paper_text(d->arena, "%.*s (%.*s)", TMG_SPAN_ARG(means),
                                                            TMG_SPAN_ARG(TMG_W(d, "act", "again")))
                                           : means,
                                  tmg_draft_code(d, "reaction", tmg_reaction_name(u->reaction)), u->words};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
}

typedef struct bag {
    int64_t id, line_id, made_ms;
    tmg_span number, words;
} bag;

static tmg_rc read_bags(tmg_draft *d, int64_t seizure_id, bag *ret, size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(
        tmg_sql(d->db,
                "SELECT id, number, line_id, words, made_ms FROM exhibit WHERE seizure_id = $1 ORDER BY id "
                "LIMIT $2",
                &s, err));
    tmg_bind_i64(s, 1, seizure_id);
    tmg_bind_i64(s, 2, EXHIBITS);
    for (*ret_count = 0;; (*ret_count)++) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret[*ret_count] = (bag){.id = tmg_col_i64(s, 0),
                                .number = tmg_span_copy(d->arena, tmg_col_text(s, 1)),
                                .line_id = tmg_col_i64(s, 2),
                                .words = tmg_span_copy(d->arena, tmg_col_text(s, 3)),
                                .made_ms = tmg_col_i64(s, 4)};
    }
}

static tmg_span optional_mass(tmg_draft *d, int64_t mg)
{
    return mg == TMG_NONE ? TMG_SPAN("—") : tmg_paper_mass(d->words, d->arena, mg);
}

static tmg_span both(tmg_draft *d, tmg_span x, const char *between, tmg_span y)
{
    if (x.len == 0 || y.len == 0)
        return x.len > 0 ? x : y;
    return tmg_paper_text(d->arena, "%.*s%s%.*s", TMG_SPAN_ARG(x), between, TMG_SPAN_ARG(y));
}

static tmg_rc put_custody(tmg_draft *d, const bag *e, tmg_err *err)
{
    const tmg_paper_column_of columns[] = {
        {TMG_W(d, "target", "no"), 5, true},           {TMG_W(d, "custody", "at"), 14, false},
        {TMG_W(d, "custody", "act"), 14, false},       {TMG_W(d, "custody", "hands"), 24, false},
        {TMG_W(d, "custody", "seal"), 14, false},      {TMG_W(d, "custody", "net"), 15, true},
        {TMG_W(d, "custody", "witnesses"), 20, false}, {TMG_W(d, "custody", "hash"), 14, false}};
    tmg_custody *events;
    size_t count;

    TMG_TRY(tmg_custody_list(d->db, e->id, d->arena, &events, &count, err));
    tmg_paper_line(d->paper,
                   tmg_paper_text(d->arena, "%.*s  %.*s", TMG_SPAN_ARG(e->number), TMG_SPAN_ARG(e->words)));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const tmg_custody *c = &events[i];
        const tmg_span cells[] = {tmg_paper_number(d->words, d->arena, c->no),
                                  tmg_draft_time(d, c->at_ms),
                                  tmg_paper_word_or(d->words, "custody_act", c->act, c->act),
                                  both(d, both(d, c->from_whom, " → ", c->to_whom), ", ", c->place),
                                  both(d, c->seal_old, " → ", c->seal_new),
                                  optional_mass(d, c->net_mg),
                                  both(d, c->witness_1, ", ", c->witness_2),
                                  tmg_utf8_cut(c->hash, 10)};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
    return tmg_draft_custody_proof(d, e->id, err);
}

/* What the bag holds by the newest line: its own, or the one that took its place. */
static const tmg_substance_line *line_of(const tmg_seizure *z, int64_t line_id)
{
    const tmg_substance_line *found = NULL;

    for (size_t i = 0; i < z->line_count; i++)
        if (z->lines[i].id == line_id || (found != NULL && z->lines[i].replaces == found->id))
            found = &z->lines[i];
    return found;
}

static tmg_rc newest_seal(tmg_draft *d, int64_t exhibit_id, tmg_span *ret, tmg_err *err)
{
    tmg_custody *events;
    size_t count;

    *ret = (tmg_span){NULL, 0};
    TMG_TRY(tmg_custody_list(d->db, exhibit_id, d->arena, &events, &count, err));
    for (size_t i = 0; i < count; i++)
        if (events[i].seal_new.len > 0)
            *ret = events[i].seal_new;
    return TMG_OK;
}

static tmg_rc put_labels(tmg_draft *d, const tmg_seizure *z, const bag *bags, size_t count, tmg_err *err)
{
    tmg_paper_sheet(d->paper, TMG_W(d, "label", "title"), z->number, TMG_W(d, "label", "cut"),
                    (tmg_span){NULL, 0});
    for (size_t i = 0; i < count; i++) {
        const tmg_substance_line *l = line_of(z, bags[i].line_id);
        tmg_span seal;

        TMG_TRY(newest_seal(d, bags[i].id, &seal, err));
        const tmg_span lines[] = {
            bags[i].number,
            tmg_paper_text(d->arena, "%.*s: %.*s", TMG_SPAN_ARG(TMG_W(d, "label", "seizure")),
                           TMG_SPAN_ARG(z->number)),
            l == NULL
                ? bags[i].words
                : tmg_paper_text(d->arena, "%.*s, %.*s", TMG_SPAN_ARG(tmg_draft_substance(d, l->substance)),
                                 TMG_SPAN_ARG(tmg_draft_quantity(d, l))),
            bags[i].words,
            tmg_paper_text(d->arena, "%.*s: %.*s", TMG_SPAN_ARG(TMG_W(d, "label", "seal")),
                           TMG_SPAN_ARG(seal)),
            tmg_paper_text(d->arena, "%.*s: %.*s", TMG_SPAN_ARG(TMG_W(d, "label", "made")),
                           TMG_SPAN_ARG(tmg_draft_time(d, bags[i].made_ms))),
            TMG_W(d, "label", "opening")};

        tmg_paper_label(d->paper,
                        tmg_paper_text(d->arena, "tamga:exhibit/%.*s", TMG_SPAN_ARG(bags[i].number)), lines,
                        sizeof lines / sizeof lines[0]);
    }
    return TMG_OK;
}

tmg_rc tmg_draft_seizure(tmg_draft *d, tmg_err *err)
{
    bag bags[EXHIBITS];
    tmg_seizure z;
    size_t count;
    int64_t id;

    TMG_TRY(tmg_about_id(d->made->ask.about, "seizure", &id, err));
    TMG_TRY(tmg_seizure_read(d->db, id, d->arena, &z, err));
    TMG_TRY(tmg_guard_may(d->who, TMG_MAY_SEIZURE_READ, z.post_id, err));
    TMG_TRY(read_bags(d, id, bags, &count, err));
    const tmg_span roles[] = {TMG_W(d, "seizure", "seized_by"), TMG_W(d, "seizure", "witness_1"),
                              TMG_W(d, "act", "carrier_side"), TMG_W(d, "seizure", "witness_2")};

    tmg_paper_sheet(d->paper, TMG_W(d, "seizure", "title"), z.number, (tmg_span){NULL, 0},
                    tmg_paper_text(d->arena, "tamga:seizure/%.*s", TMG_SPAN_ARG(z.number)));
    put_head(d, &z);
    put_instruments(d, &z);
    put_documents(d, &z);
    tmg_paper_section(d->paper, TMG_W(d, "seizure", "lines_section"));
    tmg_draft_lines(d, &z);
    if (count > 0)
        tmg_paper_section(d->paper, TMG_W(d, "seizure", "exhibits_section"));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(put_custody(d, &bags[i], err));
    tmg_paper_signatures(d->paper, roles, 4);
    return count > 0 ? put_labels(d, &z, bags, count, err) : TMG_OK;
}
