/* The shift's target sheet: what the team takes to the vehicle. */
#include "app/papers_priv.h"

#include "app/rules.h"
#include "base/json.h"

enum { SHEETS = 200 };

typedef struct target {
    tmg_declaration decl;
    tmg_post post;
    tmg_order order; /* id 0: none */
    tmg_selection selection;
    bool selected, assessed;
    tmg_assessment assessment;
    unsigned means;
} target;

static tmg_rc absent_is_fine(tmg_rc rc, bool *ret_there)
{
    *ret_there = rc == TMG_OK;
    return rc == TMG_E_NOT_FOUND ? TMG_OK : rc;
}

static tmg_rc read_means(tmg_draft *d, target *t, tmg_err *err)
{
    tmg_step_done *steps;
    size_t count;

    TMG_TRY(tmg_order_steps(d->db, t->order.id, d->arena, &steps, &count, err));
    for (size_t i = 0; i < count; i++)
        t->means |= steps[i].means;
    return TMG_OK;
}

static tmg_rc read_target(tmg_draft *d, int64_t consignment_id, target *t, tmg_err *err)
{
    bool ordered;

    *t = (target){0};
    TMG_TRY(tmg_consignment_load(d->db, consignment_id, d->arena, &t->decl, err));
    TMG_TRY(tmg_post_by_code(d->db, t->decl.post, d->arena, &t->post, err));
    TMG_TRY(tmg_guard_may(d->who, TMG_MAY_CONSIGNMENT_READ, t->post.id, err));
    TMG_TRY(absent_is_fine(tmg_order_of(d->db, consignment_id, d->arena, &t->order, err), &ordered));
    if (ordered)
        TMG_TRY(read_means(d, t, err));
    TMG_TRY(
        absent_is_fine(tmg_selection_get(d->db, consignment_id, d->arena, &t->selection, err), &t->selected));
    return absent_is_fine(tmg_assessment_load(d->db, t->decl.id, &t->assessment, err), &t->assessed);
}

static void put_journey(tmg_draft *d, const target *t)
{
    const tmg_declaration *c = &t->decl;
    tmg_span regime = tmg_span_of(tmg_regime_name(c->regime));

    const tmg_paper_field fields[] = {
        {TMG_W(d, "target", "reference"), c->ref, false},
        {TMG_W(d, "target", "order"), t->order.id != 0 ? t->order.number : (tmg_span){NULL, 0}, false},
        {TMG_W(d, "target", "post"), t->post.name, false},
        {TMG_W(d, "target", "expected"), tmg_draft_time(d, c->expected_ms), false},
        {TMG_W(d, "target", "regime"), tmg_paper_listed(d->words, "direction", regime), false},
        {TMG_W(d, "target", "route"), tmg_draft_route(d, c), false},
        {TMG_W(d, "target", "vehicle"), c->vehicle, false},
        {TMG_W(d, "target", "trailer"), c->trailer, false},
        {TMG_W(d, "target", "containers"), tmg_draft_equipment(d, c, TMG_CONTAINER), false},
        {TMG_W(d, "target", "seals"), tmg_draft_equipment(d, c, TMG_SEAL), false},
        {TMG_W(d, "target", "consignor"), tmg_draft_party(d, &c->party[TMG_CONSIGNOR]), false},
        {TMG_W(d, "target", "consignee"), tmg_draft_party(d, &c->party[TMG_CONSIGNEE]), false},
        {TMG_W(d, "target", "declarant"), tmg_draft_party(d, &c->party[TMG_DECLARANT]), false},
        {TMG_W(d, "target", "carrier"), tmg_draft_party(d, &c->party[TMG_CARRIER]), false}};

    tmg_paper_fields(d->paper, fields, sizeof fields / sizeof fields[0]);
}

static void put_group(tmg_draft *d, const target *t, const tmg_harm_view *v, const tmg_level *l,
                      tmg_span harm, tmg_span probability)
{
    const tmg_span cells[] = {harm, probability, tmg_paper_number(d->words, d->arena, l != NULL ? l->n : 0),
                              tmg_paper_number(d->words, d->arena, l != NULL ? l->bad : 0),
                              l != NULL ? tmg_draft_group(d, &t->decl, v->item_no, l->depth) : TMG_SPAN("—")};

    tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
}

static void put_harms(tmg_draft *d, const target *t)
{
    const tmg_paper_column_of columns[] = {{TMG_W(d, "target", "feared"), 26, false},
                                           {TMG_W(d, "target", "probability"), 14, true},
                                           {TMG_W(d, "target", "alike"), 14, true},
                                           {TMG_W(d, "target", "alike_bad"), 14, true},
                                           {TMG_W(d, "target", "group"), 40, false}};

    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_harm_view *v = &t->assessment.harm[h];

        put_group(d, t, v, v->path_len > 0 ? &v->path[v->telling] : NULL,
                  tmg_draft_code(d, "harm", tmg_harm_name((tmg_harm)h)),
                  tmg_paper_percent(d->words, d->arena, v->ppb / 1000));
        for (size_t i = 0; i < v->also_len; i++)
            put_group(d, t, v, &v->also[i], TMG_W(d, "target", "also"), TMG_SPAN(""));
    }
}

static tmg_span title_of(tmg_draft *d, const tmg_rule_hit_row *hit)
{
    const char *tongue = tmg_tongue_code((tmg_tongue)tmg_paper_column(d->words));
    TMG_AUTO_JSON root = NULL;

    if (tmg_json_read(hit->evidence, &root, NULL) != TMG_OK)
        return hit->name;
    tmg_span said = tmg_json_as_text(tmg_json_member(tmg_json_member(root, "title_in"), tongue));
    return tmg_span_copy(d->arena, said.len > 0 ? said : tmg_json_as_text(tmg_json_member(root, "title")));
}

/* The rules that hit, by their titles: what a rule found in a restricted list is not for paper. */
static tmg_rc put_rules(tmg_draft *d, const target *t, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_rule_hit_row *hits;
    size_t count;

    TMG_TRY(tmg_rule_hits_of(d->db, t->decl.id, d->arena, &hits, &count, err));
    tmg_buf_init(&b, 8192);
    for (size_t i = 0; i < count; i++)
        if (!hits[i].shadow) {
            tmg_buf_z(&b, b.len > 0 ? "; " : "");
            tmg_buf_span(&b, title_of(d, &hits[i]));
        }
    if (b.len == 0)
        return TMG_OK;
    const tmg_paper_field field = {TMG_W(d, "target", "rules"), tmg_span_copy(d->arena, tmg_buf_as_span(&b)),
                                   true};

    tmg_paper_fields(d->paper, &field, 1);
    return TMG_OK;
}

static tmg_rc put_reasons(tmg_draft *d, const target *t, tmg_err *err)
{
    tmg_paper_section(d->paper, TMG_W(d, "target", "reasons_section"));
    if (t->selected) {
        const tmg_paper_field fields[] = {
            {TMG_W(d, "target", "lane"), tmg_draft_code(d, "lane", tmg_lane_name(t->selection.lane)), false},
            {TMG_W(d, "target", "chosen_by"),
             tmg_draft_code(d, "chosen_by", tmg_selected_by_name(t->selection.by)), false},
            {TMG_W(d, "target", "rule"), t->selection.rule, true}};

        tmg_paper_fields(d->paper, fields, t->selection.rule.len > 0 ? 3 : 2);
    }
    if (t->assessed)
        put_harms(d, t);
    TMG_TRY(put_rules(d, t, err));
    if (t->order.id != 0 && t->order.words.len > 0) {
        const tmg_paper_field asked = {TMG_W(d, "target", "look_for"), t->order.words, true};

        tmg_paper_fields(d->paper, &asked, 1);
    }
    return TMG_OK;
}

static void put_work(tmg_draft *d, const target *t)
{
    const tmg_paper_column_of columns[] = {
        {TMG_W(d, "act", "means"), 22, false},   {TMG_W(d, "act", "started"), 12, false},
        {TMG_W(d, "act", "ended"), 12, false},   {TMG_W(d, "act", "reaction"), 16, false},
        {TMG_W(d, "act", "reading"), 22, false}, {TMG_W(d, "act", "officer"), 22, false}};

    tmg_paper_section(d->paper, TMG_W(d, "target", "means_section"));
    tmg_paper_table(d->paper, columns, sizeof columns / sizeof columns[0]);
    for (unsigned bit = 1; bit <= TMG_MEANS_UNLOADING; bit <<= 1)
        if (t->means == 0 || (t->means & bit) != 0) {
            const tmg_span cells[6] = {tmg_draft_code(d, "means", tmg_means_name(bit))};

            tmg_paper_row(d->paper, TMG_ROW_PLAIN, cells);
        }
}

static void put_result(tmg_draft *d)
{
    const tmg_span blanks[] = {TMG_W(d, "target", "found_what"), TMG_W(d, "target", "found_how_much"),
                               TMG_W(d, "target", "seals_off"), TMG_W(d, "target", "seals_on")};
    const tmg_span roles[] = {TMG_W(d, "target", "team_leader"), TMG_W(d, "target", "shift_chief")};

    tmg_paper_section(d->paper, TMG_W(d, "target", "result_section"));
    tmg_paper_blanks(d->paper, blanks, 4);
    tmg_paper_blank_tall(d->paper, TMG_W(d, "target", "notes"), 2);
    tmg_paper_signatures(d->paper, roles, 2);
}

static tmg_rc put_sheet(tmg_draft *d, int64_t consignment_id, tmg_err *err)
{
    target t;

    TMG_TRY(read_target(d, consignment_id, &t, err));
    tmg_paper_sheet(d->paper, TMG_W(d, "target", "title"), t.order.id != 0 ? t.order.number : t.decl.ref,
                    (tmg_span){NULL, 0},
                    tmg_paper_text(d->arena, "tamga:consignment/%.*s", TMG_SPAN_ARG(t.decl.ref)));
    put_journey(d, &t);
    tmg_draft_goods(d, &t.decl);
    TMG_TRY(put_reasons(d, &t, err));
    put_work(d, &t);
    put_result(d);
    return TMG_OK;
}

/* What is ordered at the post and not done yet, the next to arrive first. */
static tmg_rc open_at(tmg_draft *d, tmg_span post_code, int64_t *ret, size_t *ret_count, tmg_err *err)
{
    tmg_post post;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_post_by_code(d->db, post_code, d->arena, &post, err));
    TMG_TRY(tmg_guard_may(d->who, TMG_MAY_CONSIGNMENT_READ, post.id, err));
    TMG_TRY(
        tmg_sql(d->db,
                "SELECT o.consignment_id FROM inspection_order o JOIN flow_item i ON i.kind = 'order' AND "
                "i.about_id = o.id JOIN declaration c ON c.consignment_id = o.consignment_id AND "
                "c.superseded_at_ms IS NULL WHERE o.post_id = $1 AND i.state IN ('issued', 'accepted', "
                "'working') ORDER BY c.expected_ms, o.id LIMIT $2",
                &s, err));
    tmg_bind_i64(s, 1, post.id);
    tmg_bind_i64(s, 2, SHEETS);
    for (*ret_count = 0;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        ret[(*ret_count)++] = tmg_col_i64(s, 0);
    }
    if (*ret_count == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "nothing is ordered at %.*s that is not done yet",
                        TMG_SPAN_ARG(post.name));
    return TMG_OK;
}

tmg_rc tmg_draft_target(tmg_draft *d, tmg_err *err)
{
    int64_t ids[SHEETS];
    size_t count = 1;
    tmg_span about = d->made->ask.about;

    if (tmg_span_starts(about, "post:"))
        TMG_TRY(open_at(d, (tmg_span){about.ptr + 5, about.len - 5}, ids, &count, err));
    else
        TMG_TRY(tmg_about_id(about, "consignment", &ids[0], err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(put_sheet(d, ids[i], err));
    return TMG_OK;
}
