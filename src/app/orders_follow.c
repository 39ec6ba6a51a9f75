/* How casework hangs on decisions and results: a decision to inspect becomes a target and an order, a result
 * closes them, and what was seized becomes a seizure. */
#include "app/casework_priv.h"
#include "base/json.h"
#include "model/codes.h"

enum { WORK_CAP = 1 << 20 };

/* The consignment's order that is not finished; *ret_there false when there is none. */
static tmg_rc open_order(tmg_centre *c, tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_order *ret,
                         bool *ret_there, tmg_err *err)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;
    tmg_err why;
    tmg_rc rc = tmg_order_of(db, consignment_id, a, ret, &why);

    *ret_there = false;
    if (rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    if (rc != TMG_OK) {
        if (err != NULL)
            *err = why;
        return rc;
    }
    TMG_TRY(
        tmg_flow_describe(c->flows, TMG_SPAN("order"), &states, &state_count, &arrows, &arrow_count, err));
    for (size_t i = 0; i < state_count; i++)
        if (tmg_span_eq(states[i].name, ret->flow.state))
            *ret_there = !states[i].final;
    return TMG_OK;
}

static tmg_rc withdraw_order(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                             tmg_span note, tmg_arena *a, tmg_err *err)
{
    static const tmg_span withdraw = {"withdraw", 8};
    tmg_flow_desk desk = {.centre = c};
    tmg_order o;
    bool there;

    if (tmg_span_trim(note).len < 3)
        note = TMG_SPAN("the decision was changed");
    TMG_TRY(open_order(c, db, consignment_id, a, &o, &there, err));
    if (!there)
        return TMG_OK;
    TMG_TRY(tmg_flow_move(c->flows, db, who, &o.flow, withdraw, note, &desk, a, err));
    return tmg_target_move(c, db, who, o.target_id, "withdraw", note, a, err);
}

tmg_rc tmg_order_follow_decision(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_decision *d,
                                 const tmg_selection *s, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_order o = {
        .consignment_id = d->consignment_id, .decision_id = d->id, .post_id = s->post_id, .words = d->reason};

    TMG_TRY(withdraw_order(c, db, who, d->consignment_id, d->reason, a, err));
    if (d->action != TMG_ACT_INSPECT)
        return tmg_target_drop_proposal(c, db, who, d->consignment_id, TMG_SPAN("the decision was changed"),
                                        a, err);
    TMG_TRY(tmg_target_take(c, db, who, d, s, &o.target_id, a, err));
    if (o.target_id == 0)
        return TMG_OK;
    return tmg_order_issue(c->flows, db, who, &o, d->means, a, err);
}

tmg_rc tmg_order_follow_withdrawal(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                   tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);

    TMG_TRY(withdraw_order(c, db, who, consignment_id, TMG_SPAN("the decision was taken back"), a, err));
    return tmg_target_drop_proposal(c, db, who, consignment_id, TMG_SPAN("the decision was taken back"), a,
                                    err);
}

/* ---- the result ---- */

/* The substance that the team's word means: a code or a name in any of the three languages; else "other". */
static tmg_span code_of(const tmg_substance *list, size_t count, tmg_span word)
{
    for (size_t i = 0; i < count; i++) {
        bool same = tmg_span_equal_nocase(list[i].code, word);

        for (int k = 0; k < 3; k++)
            same = same || tmg_span_equal_nocase(list[i].name[k], word);
        if (same)
            return list[i].code;
    }
    return TMG_SPAN("other");
}

static const char *trigger_of(tmg_selected_by by)
{
    switch (by) {
    case TMG_BY_RULE:
        return "rule";
    case TMG_BY_PROFILE:
    case TMG_BY_EXPLORATION:
        return "model";
    case TMG_BY_RANDOM:
        return "random";
    case TMG_BY_OFFICER:
        return "intelligence";
    case TMG_BY_MANDATORY:
        return "routine";
    case TMG_BY_NONE:
        break;
    }
    return "routine";
}

/* A declared route may name both ends, too. */
static void pass_through(tmg_buf *b, tmg_span country, tmg_span *last)
{
    if (country.len == 0 || tmg_span_eq(country, *last))
        return;
    tmg_buf_fmt(b, "%s%.*s", b->len > 0 ? ">" : "", TMG_SPAN_ARG(country));
    *last = country;
}

static tmg_span route_of(const tmg_declaration *d, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};
    tmg_span last = {NULL, 0};

    tmg_buf_init(&b, 1 << 10);
    pass_through(&b, d->departure, &last);
    for (size_t i = 0; i < d->route_count; i++)
        pass_through(&b, d->route[i], &last);
    pass_through(&b, d->destination, &last);
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

static tmg_substance_line *lines_of(tmg_db *db, const tmg_result *r, int32_t day, tmg_arena *a, tmg_rc *rc,
                                    tmg_err *err)
{
    tmg_substance_line *lines = tmg_alloc_array(a, r->seized_count + 1, sizeof *lines);
    tmg_substance *list = NULL;
    size_t count = 0;

    *rc = tmg_substance_list(db, day, a, &list, &count, err);
    for (size_t i = 0; *rc == TMG_OK && i < r->seized_count; i++)
        lines[i] = (tmg_substance_line){.substance = code_of(list, count, r->seized[i].substance),
                                        .form = TMG_SPAN("other"),
                                        .mass_mg = r->seized[i].mass_mg,
                                        .volume_ul = TMG_NONE,
                                        .count = r->seized[i].count,
                                        .count_kind =
                                            r->seized[i].count != TMG_NONE ? TMG_SPAN("piece") : TMG_SPAN(""),
                                        .purity_ppm = TMG_NONE,
                                        .words = r->seized[i].substance};
    return lines;
}

static tmg_rc copy_steps(tmg_db *db, int64_t order_id, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    tmg_step_done *steps = NULL;
    size_t count = 0;

    if (order_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_order_steps(db, order_id, a, &steps, &count, err));
    z->instruments = tmg_alloc_array(a, count + 1, sizeof *z->instruments);
    for (size_t i = 0; i < count; i++)
        if (steps[i].reaction != 0)
            z->instruments[z->instrument_count++] =
                (tmg_instrument_used){steps[i].means, steps[i].again, steps[i].reaction, steps[i].reading};
    return TMG_OK;
}

/* How the consignment was chosen, kept as it stood: a queue of another day says it anew. */
static tmg_span facts_of(const tmg_selection *s, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "selected_by", tmg_selected_by_name(s->by));
    if (s->lane != 0)
        tmg_json_z(&j, "lane", tmg_lane_name(s->lane));
    if (s->rule.len > 0)
        tmg_json_text(&j, "rule", s->rule);
    tmg_json_decimal(&j, "fraud", s->fraud_ppb, 9);
    tmg_json_decimal(&j, "critical", s->critical_ppb, 9);
    if (s->why.len > 0)
        tmg_json_text(&j, "reason", s->why);
    tmg_json_end_object(&j);
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

tmg_rc tmg_seizure_from_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                               const tmg_selection *s, const tmg_result *r, int64_t order_id, tmg_arena *a,
                               tmg_seizure *ret, tmg_err *err)
{
    tmg_rc rc;

    *ret = (tmg_seizure){.order_id = order_id,
                         .consignment_id = d->consignment_id,
                         .seized_ms = r->happened_ms,
                         .offset_min = c->settings.offset_min,
                         .post_id = s->post_id,
                         .packages = TMG_NONE,
                         .value_minor = TMG_NONE,
                         .place_kind = TMG_SPAN("road"),
                         .direction = tmg_span_of(tmg_regime_name(d->regime)),
                         .unit = tmg_span_of(who->display),
                         .trigger_kind = tmg_span_of(trigger_of(s->by)),
                         .trigger_facts = facts_of(s, a),
                         .concealment = TMG_SPAN("not_recorded"),
                         .plates = d->vehicle,
                         .conveyance_country = d->vehicle_country,
                         .route = route_of(d, a),
                         .declared_goods = d->item_count > 0 ? d->items[0].description : (tmg_span){NULL, 0},
                         .declared_hs = d->item_count > 0 ? d->items[0].hs : (tmg_span){NULL, 0},
                         .prevented_transit = d->regime == TMG_TRANSIT,
                         .line_count = r->seized_count};

    ret->lines = lines_of(db, r, tmg_day_of(r->happened_ms, c->settings.offset_min), a, &rc, err);
    TMG_TRY(rc);
    return copy_steps(db, order_id, ret, a, err);
}

static tmg_rc record_seizure(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                             const tmg_selection *s, const tmg_result *r, int64_t order_id, tmg_arena *a,
                             tmg_err *err)
{
    tmg_seizure z;

    TMG_TRY(tmg_seizure_from_result(c, db, who, d, s, r, order_id, a, &z, err));
    return tmg_seizure_record(c->codes, db, who, &z, a, err);
}

static tmg_rc set_result(tmg_db *db, int64_t order_id, int64_t result_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE inspection_order SET result_id = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, order_id);
    tmg_bind_i64(s, 2, result_id);
    return tmg_exec(s, err);
}

/* Who enters a result names the means that were used: their planned steps are done with it, where it says
 * what each of them showed. */
static tmg_rc end_steps(tmg_db *db, const tmg_actor *who, int64_t order_id, const tmg_result *r, tmg_arena *a,
                        tmg_err *err)
{
    int64_t minutes = r->minutes == TMG_NONE ? 0 : r->minutes;

    return tmg_steps_follow_result(db, who, order_id, r->means,
                                   r->outcome == TMG_OUTCOME_NONE ? TMG_REACTION_NONE : TMG_REACTION_FOUND,
                                   r->happened_ms - minutes * 60 * TMG_SECOND_MS, r->happened_ms, a, err);
}

tmg_rc tmg_order_follow_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                               const tmg_selection *s, const tmg_result *r, tmg_err *err)
{
    static const tmg_span enter = {"enter_result", 12};
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_flow_desk desk = {.centre = c};
    tmg_order o = {0};
    bool there;

    TMG_TRY(open_order(c, db, d->consignment_id, a, &o, &there, err));
    if (there) {
        TMG_TRY(set_result(db, o.id, r->id, err));
        TMG_TRY(end_steps(db, who, o.id, r, a, err));
        TMG_TRY(tmg_flow_move(c->flows, db, who, &o.flow, enter, r->note, &desk, a, err));
        TMG_TRY(tmg_target_move(c, db, who, o.target_id,
                                r->outcome == TMG_OUTCOME_NONE ? "close_no_hit" : "close_hit", r->note, a,
                                err));
    }
    return r->seized_count > 0 ? record_seizure(c, db, who, d, s, r, there ? o.id : 0, a, err) : TMG_OK;
}
