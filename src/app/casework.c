#include "app/casework_priv.h"
#include "base/file.h"
#include "base/json.h"

const tmg_flows *tmg_centre_flows(const tmg_centre *c)
{
    return c->flows;
}

const tmg_code_lists *tmg_centre_codes(const tmg_centre *c)
{
    return c->codes;
}

const tmg_case_plan *tmg_centre_case_plan(const tmg_centre *c)
{
    return c->case_plan;
}

tmg_rc tmg_workflow_faults(const char *home, const char *folder, void (*told)(void *ctx, const char *fault),
                           void *ctx, size_t *ret_files, size_t *ret_faults, tmg_err *err)
{
    enum { SETTINGS_MAX = 1 << 18 };
    TMG_AUTO_ARENA a = tmg_arena_new(SETTINGS_MAX);
    tmg_settings s;
    tmg_flows *all;
    tmg_err why = {0};

    if (folder == NULL) {
        TMG_TRY(tmg_settings_read(home, a, &s, err));
        folder = tmg_path_join(a, s.share, "workflows");
    }
    TMG_TRY(tmg_flows_faults(folder, tmg_flow_known, tmg_flow_known_count, told, ctx, ret_files, ret_faults,
                             err));
    if (*ret_files == 0 || *ret_faults > 0)
        return TMG_OK;
    /* Each is right by itself; can this program work with them? */
    if (tmg_workflows_read(folder, &all, &why) != TMG_OK) {
        told(ctx, why.text);
        ++*ret_faults;
    } else {
        tmg_flows_free(all);
    }
    return TMG_OK;
}

tmg_rc tmg_actor_extend(tmg_db *db, tmg_actor *who, tmg_err *err)
{
    size_t more = 0;

    /* Without posts of its own it acts at every post already. */
    if (who->post_count == 0 || who->account_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_dispatch_posts(db, who->account_id, tmg_now_ms(), who->posts + who->post_count,
                               TMG_MAX_ACTOR_POSTS - who->post_count, &more, err));
    who->post_count += more;
    return TMG_OK;
}

static void tell(tmg_centre *c, const char *type, int64_t consignment_id, int64_t post_id, const char *what,
                 int64_t id, tmg_span state)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, what, id);
    tmg_json_text(&j, "state", state);
    tmg_json_end_object(&j);
    tmg_tell(c, type, consignment_id, post_id, tmg_buf_as_span(&b));
}

static void tell_incident(tmg_centre *c, int64_t exhibit_id, tmg_span act)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "exhibit", exhibit_id);
    tmg_json_text(&j, "state", act);
    tmg_json_end_object(&j);
    tmg_tell_those(
        c,
        &(tmg_event){.type = "incident.opened", .data = tmg_buf_as_span(&b), .right = TMG_MAY_EVIDENCE_READ});
}

tmg_rc tmg_use_choices(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                       tmg_arena *a, tmg_flow_choice **ret, size_t *ret_count, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};

    return tmg_flow_choices(c->flows, db, who, item, &desk, a, ret, ret_count, err);
}

/* ---- orders ---- */

static bool is_confirmation(tmg_span arrow)
{
    return tmg_span_starts(arrow, "confirm");
}

tmg_rc tmg_use_order_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t order_id, tmg_span arrow,
                          tmg_span note, tmg_arena *a, tmg_order *ret, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};

    TMG_TRY(tmg_order_read(db, order_id, a, ret, err));
    TMG_TRY(tmg_guard_may(who,
                          is_confirmation(arrow)           ? TMG_MAY_ORDER_CONFIRM
                          : tmg_span_is(arrow, "withdraw") ? TMG_MAY_CONSIGNMENT_DECIDE
                                                           : TMG_MAY_ORDER_WORK,
                          ret->post_id, err));
    TMG_TRY(tmg_flow_move(c->flows, db, who, &ret->flow, arrow, note, &desk, a, err));
    tell(c, "order.moved", ret->consignment_id, ret->post_id, "order", order_id, ret->flow.state);
    return TMG_OK;
}

static tmg_span move_content(tmg_buf *b, tmg_span arrow, tmg_span note)
{
    tmg_buf_init(b, arrow.len + note.len + 8);
    tmg_buf_fmt(b, "%.*s\n%.*s", TMG_SPAN_ARG(arrow), TMG_SPAN_ARG(note));
    return tmg_buf_as_span(b);
}

tmg_rc tmg_use_order_move_once(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t order_id,
                               tmg_span arrow, tmg_span note, tmg_span client_key, tmg_arena *a,
                               tmg_order *ret, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_sent form = tmg_sent_form("order.move", order_id, who, client_key, move_content(&b, arrow, note));
    tmg_span ignored;
    bool there;

    TMG_TRY(tmg_sent_before(db, &form, a, &there, &ignored, err));
    if (there) {
        TMG_TRY(tmg_order_read(db, order_id, a, ret, err));
        return tmg_guard_may(who, TMG_MAY_ORDER_READ, ret->post_id, err);
    }
    TMG_TRY(tmg_use_order_move(c, db, who, order_id, arrow, note, a, ret, err));
    return tmg_sent_keep(db, who, &form, (tmg_span){NULL, 0}, err);
}

/* ---- results ---- */

/* What the sender said, before the centre adds anything of its own. */
static tmg_sent sent_result(const tmg_actor *who, int64_t consignment_id, const tmg_result_form *form)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 20);
    tmg_json_begin(&j, &b);
    tmg_result_write_json(&j, NULL, &form->result);
    return tmg_sent_form("result", consignment_id, who, form->client_key, tmg_buf_as_span(&b));
}

static tmg_rc enter_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                           tmg_result_form *form, tmg_arena *a, tmg_moved *ret, tmg_err *err)
{
    tmg_span note = tmg_span_trim(form->confirm_note).len > 0 ? form->confirm_note : form->result.note;
    tmg_selection s;
    tmg_declaration d;

    TMG_TRY(tmg_result_may(db, who, consignment_id, &form->result, a, &s, err));
    TMG_TRY(tmg_consignment_load(db, consignment_id, a, &d, err));
    TMG_TRY(tmg_unlikely_result(db, who, &d, &s, &form->result, form->confirmed, note, err));
    return tmg_enter_result(c, db, who, consignment_id, &form->result, ret, err);
}

tmg_rc tmg_use_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                      tmg_result_form *form, tmg_result_answer answer, void *ctx, tmg_arena *a,
                      tmg_span *ret_answer, tmg_err *err)
{
    enum { ANSWER_MAX = 1 << 20 };
    TMG_AUTO_BUF b = {0};
    tmg_sent sent = sent_result(who, consignment_id, form);
    tmg_moved moved;
    bool there;

    TMG_TRY(tmg_sent_before(db, &sent, a, &there, ret_answer, err));
    if (there)
        return tmg_guard_may(who, TMG_MAY_RESULT_ENTER, 0, err);
    TMG_TRY(enter_result(c, db, who, consignment_id, form, a, &moved, err));
    tmg_buf_init(&b, ANSWER_MAX);
    TMG_TRY(answer(ctx, db, &form->result, &moved, &b, err));
    *ret_answer = tmg_span_copy(a, tmg_buf_as_span(&b));
    return tmg_sent_keep(db, who, &sent, *ret_answer, err);
}

tmg_rc tmg_use_step(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_step_done *s, bool *ret_new,
                    tmg_arena *a, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};
    tmg_order o;

    TMG_TRY(tmg_order_read(db, s->order_id, a, &o, err));
    TMG_TRY(tmg_guard_may(who, TMG_MAY_ORDER_WORK, o.post_id, err));
    TMG_TRY(tmg_step_sent(db, s, ret_new, err));
    if (*ret_new)
        TMG_TRY(tmg_unlikely_step(db, who, s, err));
    TMG_TRY(tmg_step_enter(c->flows, db, who, s, &desk, ret_new, a, err));
    if (*ret_new)
        tell(c, "step.entered", o.consignment_id, o.post_id, "order", o.id, TMG_SPAN("working"));
    return TMG_OK;
}

/* ---- seizures and custody ---- */

/* Against the consignment's declaration, where there is one. */
static tmg_rc look_again(tmg_db *db, const tmg_actor *who, const tmg_seizure *z, const tmg_sure *sure,
                         tmg_arena *a, tmg_err *err)
{
    tmg_declaration d;

    if (sure == NULL)
        return TMG_OK;
    if (z->consignment_id != 0)
        TMG_TRY(tmg_consignment_load(db, z->consignment_id, a, &d, err));
    return tmg_unlikely_seizure(db, who, z->consignment_id != 0 ? &d : NULL, z, NULL, sure->confirmed,
                                sure->note, err);
}

/* What names no post, every post sees: an account of named posts has to say at which. */
static tmg_rc may_record(const tmg_actor *who, int64_t post_id, tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_SEIZURE_RECORD, post_id, err));
    if (post_id == 0 && who->post_count > 0)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID,
                                      "post: this account acts at named posts: say at which "
                                      "of them it was seized"),
                             err, "seizure.post");
    return TMG_OK;
}

static tmg_rc may_change_case(tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err)
{
    if (case_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_case_may(db, who, case_id, err));
    TMG_TRY(tmg_guard_may(who, TMG_MAY_CASE_WRITE, 0, err));
    return tmg_case_may_change(db, who, case_id, err);
}

static bool is_over(const tmg_flows *f, const tmg_flow_item *item)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    if (tmg_flow_describe(f, item->kind, &states, &state_count, &arrows, &arrow_count, NULL) != TMG_OK)
        return false;
    for (size_t i = 0; i < state_count; i++)
        if (tmg_span_eq(states[i].name, item->state))
            return states[i].final;
    return false;
}

/* What is found after the order was confirmed goes to the case that it opened; a confirmed order without one
 * found nothing, and what is found all the same is found by inspecting again. */
static tmg_rc join_case_of_order(tmg_centre *c, tmg_db *db, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    tmg_flow_item item;
    tmg_stmt *s = NULL;
    bool row = false;

    if (z->order_id == 0 || z->case_id != 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(
        db, "SELECT case_id FROM seizure WHERE order_id = $1 AND case_id IS NOT NULL ORDER BY id LIMIT 1", &s,
        err));
    tmg_bind_i64(s, 1, z->order_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (row) {
        z->case_id = tmg_col_i64(s, 0);
        tmg_reset(s);
        return TMG_OK;
    }
    TMG_TRY(tmg_flow_at(db, TMG_SPAN("order"), z->order_id, a, &item, err));
    if (!is_over(c->flows, &item))
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_CONFLICT,
                 "the order is over and found nothing: order another inspection, and record what it finds"),
        err, "seizure.order_over");
}

tmg_rc tmg_use_seizure(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_seizure *s, const tmg_sure *sure,
                       tmg_arena *a, tmg_err *err)
{
    TMG_TRY(may_record(who, s->post_id, err));
    TMG_TRY(may_change_case(db, who, s->case_id, err));
    TMG_TRY(join_case_of_order(c, db, s, a, err));
    TMG_TRY(tmg_seizure_record(c->codes, db, who, s, a, err));
    return look_again(db, who, s, sure, a, err);
}

tmg_rc tmg_use_seizure_amend(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_seizure *s,
                             tmg_arena *a, tmg_err *err)
{
    TMG_TRY(may_record(who, s->post_id, err));
    if (s->case_id != case_id) {
        TMG_TRY(may_change_case(db, who, case_id, err));
        TMG_TRY(may_change_case(db, who, s->case_id, err));
    }
    return tmg_seizure_amend(c->codes, db, who, s, a, err);
}

tmg_rc tmg_use_exhibit(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_exhibit *e,
                       const tmg_custody *sealing, tmg_arena *a, tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_EVIDENCE_MOVE, 0, err));
    return tmg_exhibit_make(c->flows, db, who, e, sealing, a, err);
}

tmg_rc tmg_use_custody(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t exhibit_id, tmg_span arrow,
                       tmg_custody *event, const tmg_sure *sure, int64_t *ret_incident, tmg_arena *a,
                       tmg_err *err)
{
    enum { TOLERANCE_PPM = 1000 };
    tmg_flow_desk desk = {.centre = c, .custody = event};
    tmg_custody_difference differs;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_EVIDENCE_MOVE, 0, err));
    event->exhibit_id = exhibit_id;
    TMG_TRY(tmg_custody_compare(db, event, TOLERANCE_PPM, a, &differs, err));
    TMG_TRY(tmg_custody_move(c->flows, db, who, exhibit_id, arrow, event, TOLERANCE_PPM, ret_incident, &desk,
                             a, err));
    if (sure != NULL)
        TMG_TRY(tmg_unlikely_custody(db, who, event, &differs, sure, err));
    if (*ret_incident != 0)
        tell_incident(c, exhibit_id, event->act);
    return TMG_OK;
}

tmg_rc tmg_use_incident_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t id, tmg_span arrow,
                             tmg_span note, tmg_arena *a, tmg_incident *ret, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};

    TMG_TRY(tmg_guard_may(who, TMG_MAY_INCIDENT_SETTLE, 0, err));
    TMG_TRY(tmg_incident_read(db, id, a, ret, err));
    TMG_TRY(tmg_flow_move(c->flows, db, who, &ret->flow, arrow, note, &desk, a, err));
    tell(c, "incident.moved", 0, 0, "exhibit", ret->exhibit_id, ret->flow.state);
    return TMG_OK;
}

/* ---- cases ---- */

tmg_rc tmg_use_case_open(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_case *f, tmg_arena *a,
                         tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_CASE_WRITE, 0, err));
    return tmg_case_open(c->flows, c->codes, db, who, f, a, err);
}

tmg_rc tmg_use_case_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_span arrow,
                         tmg_span note, tmg_arena *a, tmg_case *ret, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_CASE_WRITE, 0, err));
    TMG_TRY(tmg_case_read(db, who, case_id, a, ret, err));
    TMG_TRY(tmg_case_not_merged(db, who, case_id, err));
    TMG_TRY(tmg_flow_move(c->flows, db, who, &ret->flow, arrow, note, &desk, a, err));
    bool over = tmg_span_is(ret->flow.state, "closed") || tmg_span_is(ret->flow.state, "referred");
    ret->closed_ms = over ? tmg_now_ms() : TMG_NONE;
    TMG_TRY(tmg_sql(db, "UPDATE case_file SET closed_ms = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_opt(s, 2, ret->closed_ms);
    return tmg_exec(s, err);
}

tmg_rc tmg_use_case_break_glass(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id,
                                tmg_span reason, tmg_err *err)
{
    int64_t for_ms = tmg_case_plan_emergency_ms(c->case_plan, who->role);
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_CASE_WRITE, 0, err));
    if (for_ms == 0)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_DENIED,
                     "this case is need-to-know, and this office lets nobody of the role %s open one "
                     "in an emergency: ask who leads it for access",
                     tmg_role_name(who->role)),
            err, "case.no_glass");
    TMG_TRY(tmg_case_break_glass(db, who, case_id, for_ms, reason, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "case", case_id);
    tmg_json_z(&j, "by", who->display);
    tmg_json_text(&j, "reason", reason);
    tmg_json_end_object(&j);
    tmg_event told = {.type = "case.emergency",
                      .data = tmg_buf_as_span(&b),
                      .right = TMG_MAY_CASE_READ,
                      .case_id = case_id};
    tmg_tell_those(c, &told);
    told.right = TMG_MAY_LOG_READ;
    told.case_id = 0;
    tmg_tell_those(c, &told);
    return TMG_OK;
}

tmg_rc tmg_use_dispatch_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t dispatch_id,
                             tmg_span arrow, tmg_span note, tmg_arena *a, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};
    tmg_flow_item item;

    TMG_TRY(tmg_flow_at(db, TMG_SPAN("dispatch"), dispatch_id, a, &item, err));
    TMG_TRY(tmg_guard_may(who, TMG_MAY_STAFF_SET, item.post_id, err));
    return tmg_flow_move(c->flows, db, who, &item, arrow, note, &desk, a, err);
}
