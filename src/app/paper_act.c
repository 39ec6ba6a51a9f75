/* The inspection act: what was done to a consignment, by whom, with what, and what it showed. */
#include "app/papers_priv.h"

#include <stdlib.h>

enum { MOST_SEIZURES = 50 };

static void put_head(tmg_draft *d, const tmg_order *o, const tmg_declaration *c)
{
    const tmg_paper_field fields[] = {
        {TMG_W(d, "act", "order"), o->number, false},
        {TMG_W(d, "act", "state"), tmg_draft_state(d, "order", o->flow.state), false},
        {TMG_W(d, "act", "issued"), tmg_draft_time(d, o->issued_ms), false},
        {TMG_W(d, "act", "issued_by"), tmg_draft_name(d, "account", o->issued_by), false},
        {TMG_W(d, "target", "post"), tmg_draft_name(d, "post", o->post_id), false},
        {TMG_W(d, "act", "team"), tmg_draft_name(d, "team", o->team_id), false},
        {TMG_W(d, "target", "reference"), c->ref, false},
        {TMG_W(d, "target", "route"), tmg_draft_route(d, c), false},
        {TMG_W(d, "target", "vehicle"), c->vehicle, false},
        {TMG_W(d, "target", "trailer"), c->trailer, false},
        {TMG_W(d, "target", "containers"), tmg_draft_equipment(d, c, TMG_CONTAINER), false},
        {TMG_W(d, "act", "seals_found"), tmg_draft_equipment(d, c, TMG_SEAL), false},
        {TMG_W(d, "target", "consignor"), tmg_draft_party(d, &c->party[TMG_CONSIGNOR]), false},
        {TMG_W(d, "target", "consignee"), tmg_draft_party(d, &c->party[TMG_CONSIGNEE]), false},
        {TMG_W(d, "target", "look_for"), o->words, true}};

    tmg_paper_fields(d->paper, fields, sizeof fields / sizeof fields[0]);
}

static tmg_span who_did(tmg_draft *d, const tmg_step_done *s)
{
    tmg_span officer = tmg_draft_name(d, "officer", s->officer_id),
             dog = tmg_draft_name(d, "dog", s->officer_id);

    if (officer.ptr == NULL)
        officer = tmg_draft_name(d, "account", s->account_id);
    if (dog.len == 0)
        return officer;
    return tmg_paper_text(d->arena, "%.*s, %.*s %.*s", TMG_SPAN_ARG(officer),
                          TMG_SPAN_ARG(TMG_W(d, "act", "dog")), TMG_SPAN_ARG(dog));
}

static tmg_span what_was_read(tmg_draft *d, const tmg_step_done *s)
{
    if (s->note.len == 0)
        return s->reading;
    return tmg_paper_text(d->arena, "%.*s%s%.*s", TMG_SPAN_ARG(s->reading), s->reading.len > 0 ? "; " : "",
                          TMG_SPAN_ARG(s->note));
}

static void put_steps(tmg_draft *d, const tmg_step_done *steps, size_t count)
{
    const tmg_paper_column_of columns[] = {
        {TMG_W(d, "target", "no"), 5, true},        {TMG_W(d, "act", "means"), 16, false},
        {TMG_W(d, "act", "instrument"), 16, false}, {TMG_W(d, "act", "started"), 12, false},
        {TMG_W(d, "act", "ended"), 12, false},      {TMG_W(d, "act", "reaction"), 18, false},
        {TMG_W(d, "act", "reading"), 23, false},    {TMG_W(d, "act", "officer"), 18, false}};

    tmg_paper_section(d->paper, TMG_W(d, "act", "steps_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const tmg_step_done *s = &steps[i];
        tmg_span means = tmg_draft_code(d, "means", tmg_means_name(s->means));
        const tmg_span cells[] = {tmg_paper_number(d->words, d->arena, s->no),
                                  s->again ? tmg_paper_text(d->arena, "%.*s (%.*s)", TMG_SPAN_ARG(means),
                                                            TMG_SPAN_ARG(TMG_W(d, "act", "again")))
                                           : means,
                                  tmg_draft_name(d, "instrument", s->instrument_id),
                                  tmg_draft_time(d, s->started_ms),
                                  tmg_draft_time(d, s->ended_ms),
                                  s->reaction == 0
                                      ? TMG_W(d, "act", "planned")
                                      : tmg_draft_code(d, "reaction", tmg_reaction_name(s->reaction)),
                                  what_was_read(d, s),
                                  who_did(d, s)};

        tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
    }
}

/* What was seized under the order, each with its lines. */
static tmg_rc put_seizures(tmg_draft *d, const tmg_order *o, tmg_err *err)
{
    int64_t ids[MOST_SEIZURES];
    size_t count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(d->db, "SELECT id FROM seizure WHERE order_id = $1 ORDER BY id LIMIT $2", &s, err));
    tmg_bind_i64(s, 1, o->id);
    tmg_bind_i64(s, 2, MOST_SEIZURES);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        ids[count++] = tmg_col_i64(s, 0);
    }
    for (size_t i = 0; i < count; i++) {
        tmg_seizure z;

        TMG_TRY(tmg_seizure_read(d->db, ids[i], d->arena, &z, err));
        const tmg_paper_field fields[] = {
            {TMG_W(d, "act", "seizures"), z.number, false},
            {TMG_W(d, "seizure", "packages"),
             z.packages == TMG_NONE ? (tmg_span){NULL, 0} : tmg_paper_number(d->words, d->arena, z.packages),
             false}};

        tmg_paper_fields(d->paper, fields, 2);
        tmg_draft_lines(d, &z);
    }
    const tmg_paper_field none = {TMG_W(d, "act", "seizures"), TMG_W(d, "act", "nothing_seized"), true};

    if (count == 0)
        tmg_paper_fields(d->paper, &none, 1);
    return TMG_OK;
}

static tmg_rc put_result(tmg_draft *d, const tmg_order *o, tmg_err *err)
{
    tmg_declaration about;
    tmg_stmt *s;
    tmg_result r;
    bool row;

    if (o->result_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_result_load(d->db, o->result_id, d->arena, &r, &about, err));
    TMG_TRY(tmg_sql(d->db, "SELECT coalesce(account_id, 0) FROM result WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, r.id);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t by = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    tmg_draft_result(d, &r, by);
    return TMG_OK;
}

static int by_beginning(const void *x, const void *y)
{
    const tmg_step_done *a = x, *b = y;
    bool a_done = a->reaction != 0, b_done = b->reaction != 0;

    if (a_done != b_done)
        return a_done ? -1 : 1;
    if (a_done && a->started_ms != b->started_ms)
        return (a->started_ms > b->started_ms) - (a->started_ms < b->started_ms);
    return (a->no > b->no) - (a->no < b->no);
}

static void put_end(tmg_draft *d)
{
    const tmg_span blanks[] = {TMG_W(d, "target", "seals_off"), TMG_W(d, "target", "seals_on")};
    const tmg_span roles[] = {TMG_W(d, "target", "team_leader"), TMG_W(d, "act", "carrier_side"),
                              TMG_W(d, "target", "shift_chief"), TMG_W(d, "act", "witness")};

    tmg_paper_blanks(d->paper, blanks, 2);
    tmg_paper_blank_tall(d->paper, TMG_W(d, "act", "objections"), 2);
    tmg_paper_signatures(d->paper, roles, 4);
}

tmg_rc tmg_draft_act(tmg_draft *d, tmg_err *err)
{
    tmg_step_done *steps;
    tmg_declaration decl;
    size_t count;
    tmg_order o;
    int64_t id;

    TMG_TRY(tmg_about_id(d->made->ask.about, "order", &id, err));
    TMG_TRY(tmg_order_read(d->db, id, d->arena, &o, err));
    TMG_TRY(tmg_guard_may(d->who, TMG_MAY_ORDER_READ, o.post_id, err));
    TMG_TRY(tmg_consignment_load(d->db, o.consignment_id, d->arena, &decl, err));
    TMG_TRY(tmg_order_steps(d->db, id, d->arena, &steps, &count, err));
    tmg_paper_sheet(d->paper, TMG_W(d, "act", "title"), o.number, (tmg_span){NULL, 0},
                    tmg_paper_text(d->arena, "tamga:order/%.*s", TMG_SPAN_ARG(o.number)));
    put_head(d, &o, &decl);
    tmg_draft_goods(d, &decl);
    qsort(steps, count, sizeof *steps, by_beginning);
    put_steps(d, steps, count);
    TMG_TRY(put_result(d, &o, err));
    TMG_TRY(put_seizures(d, &o, err));
    put_end(d);
    return TMG_OK;
}
