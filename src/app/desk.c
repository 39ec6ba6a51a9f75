/* What people do with a consignment: read it, decide about it, enter what was found. */
#include "app/casework_priv.h"
#include "app/rules.h"
#include "base/json.h"

enum { DETAILS = 1 << 14, LEAST_REASON = 3, MOST_DAYS_ASLEEP = 30 };

tmg_rc tmg_log_read(tmg_db *db, const tmg_actor *who, int64_t consignment_id, const char *purpose,
                    tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, DETAILS);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    if (purpose != NULL && *purpose != '\0')
        tmg_json_z(&j, "purpose", purpose);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "consignment.read", tmg_object_of("consignment", consignment_id).text,
                         tmg_members(&b), err);
}

static tmg_rc open_selection(tmg_db *db, const tmg_actor *who, tmg_permission right, int64_t consignment_id,
                             tmg_arena *a, tmg_selection *ret, tmg_err *err)
{
    tmg_rc rc = tmg_selection_get(db, consignment_id, a, ret, err);

    if (rc == TMG_E_NOT_FOUND)
        return tmg_err_named(
            TMG_FAIL(err, rc, "consignment %lld is not on its way to a post: there is nothing to decide",
                     (long long)consignment_id),
            err, "decision.not_expected");
    TMG_TRY(rc);
    TMG_TRY(tmg_guard_may(who, right, ret->post_id, err));
    if (ret->state == TMG_SEL_CLOSED)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "consignment %lld is closed by a control result: it cannot be decided any more",
                     (long long)consignment_id),
            err, "decision.closed");
    return TMG_OK;
}

static tmg_rc needs_reason(const tmg_decision *d, const tmg_selection *s, tmg_err *err)
{
    bool held = s->lane == TMG_LANE_RED || s->lane == TMG_LANE_YELLOW;
    bool against = d->action == TMG_ACT_ESCALATE || (d->action == TMG_ACT_RELEASE && held) ||
                   (d->action == TMG_ACT_INSPECT && !held);

    if (against && tmg_span_trim(d->reason).len < LEAST_REASON)
        return tmg_err_code(
            TMG_FAIL(err, TMG_E_INVALID, "reason: to %s a consignment of the %s lane, say why in a few words",
                     tmg_action_name(d->action), tmg_lane_name(s->lane)),
            err, "decision.reason", "action=%s\nlane=%s", tmg_action_name(d->action), tmg_lane_name(s->lane));
    if (d->reason.len > TMG_MAX_TEXT)
        return tmg_err_code(TMG_FAIL(err, TMG_E_LIMIT, "reason: at most %d bytes", TMG_MAX_TEXT), err,
                            "decision.reason_long", "most=%d", TMG_MAX_TEXT);
    return TMG_OK;
}

static tmg_sel_state state_after(tmg_action action)
{
    switch (action) {
    case TMG_ACT_RELEASE:
        return TMG_SEL_RELEASED;
    case TMG_ACT_INSPECT:
        return TMG_SEL_ORDERED;
    case TMG_ACT_WAIT:
        return TMG_SEL_WAITING;
    case TMG_ACT_ESCALATE:
        return TMG_SEL_ESCALATED;
    case TMG_ACT_WITHDRAW:
        break;
    }
    return TMG_SEL_OPEN;
}

static tmg_rc check_until(const tmg_decision *d, tmg_err *err)
{
    int64_t now = tmg_now_ms();

    if (d->until_ms == 0)
        return TMG_OK;
    if (d->action != TMG_ACT_WAIT)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "until: only what waits comes back at a time"), err,
                             "until.action");
    if (d->until_ms <= now)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "until: this time is over: name a later one"), err,
                             "until.past");
    if (d->until_ms > now + MOST_DAYS_ASLEEP * TMG_DAY_MS)
        return tmg_err_code(TMG_FAIL(err, TMG_E_INVALID, "until: at most %d days ahead", MOST_DAYS_ASLEEP),
                            err, "until.far", "days=%d", MOST_DAYS_ASLEEP);
    return TMG_OK;
}

static tmg_rc set_state(tmg_db *db, int64_t consignment_id, const tmg_decision *d, tmg_err *err)
{
    return d->until_ms != 0 ? tmg_selection_sleep(db, consignment_id, d->until_ms, err)
                            : tmg_selection_set_state(db, consignment_id, state_after(d->action), err);
}

static void describe_bits(tmg_json_out *j, const char *key, unsigned bits, const char *(*name)(unsigned bit))
{
    tmg_json_array(j, key);
    for (unsigned bit = 1; bit != 0 && bit <= bits; bit <<= 1)
        if (bits & bit)
            tmg_json_z(j, NULL, name(bit));
    tmg_json_end_array(j);
}

static void describe_decision(tmg_buf *b, const tmg_decision *d, const tmg_selection *s)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "decision", d->id);
    tmg_json_z(&j, "decided", tmg_action_name(d->action));
    if (d->action == TMG_ACT_INSPECT)
        describe_bits(&j, "means", d->means, tmg_means_name);
    if (d->until_ms != 0)
        tmg_json_time(&j, "until", d->until_ms, 0);
    describe_bits(&j, "looked_at", d->looked_at, tmg_looked_name);
    tmg_json_text(&j, "reason", d->reason);
    tmg_json_z(&j, "lane", tmg_lane_name(s->lane));
    tmg_json_z(&j, "selected_by", tmg_selected_by_name(s->by));
    tmg_json_i64(&j, "propensity_ppb", s->propensity_ppb);
    tmg_json_i64(&j, "fraud_ppb", s->fraud_ppb);
    tmg_json_i64(&j, "critical_ppb", s->critical_ppb);
    tmg_json_end_object(&j);
}

tmg_rc tmg_decide(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id, tmg_decision *d,
                  tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_selection s;

    if (d->action < TMG_ACT_RELEASE || d->action > TMG_ACT_ESCALATE)
        return TMG_FAIL(err, TMG_E_INVALID, "action: expected release, inspect, wait or escalate");
    TMG_TRY(open_selection(db, who, TMG_MAY_CONSIGNMENT_DECIDE, consignment_id, a, &s, err));
    TMG_TRY(needs_reason(d, &s, err));
    TMG_TRY(check_until(d, err));
    d->consignment_id = consignment_id;
    d->declaration_id = s.declaration_id;
    d->at_ms = tmg_now_ms();
    d->account_id = who->account_id;
    if (d->reason.ptr == NULL)
        d->reason = TMG_SPAN("");
    if (d->action == TMG_ACT_INSPECT && d->means == 0)
        d->means = TMG_MEANS_DOCUMENTS;
    TMG_TRY(tmg_decision_save(db, d, err));
    TMG_TRY(set_state(db, consignment_id, d, err));
    TMG_TRY(tmg_order_follow_decision(c, db, who, d, &s, err));
    /* A place that was given back, or taken, changes who is next. */
    TMG_TRY(tmg_choose(db, s.post_id, s.day, err));
    tmg_buf_init(&b, DETAILS);
    describe_decision(&b, d, &s);
    TMG_TRY(tmg_guard_log(db, who, "decision.made", tmg_object_of("consignment", consignment_id).text,
                          tmg_members(&b), err));
    tmg_tell(c, "decision.made", consignment_id, s.post_id, tmg_buf_as_span(&b));
    return TMG_OK;
}

/* Withdrawals and what they took back cancel out; `undone` more of the last ones are left out. */
static const tmg_decision *in_force(const tmg_decision *list, size_t count, size_t undone)
{
    for (size_t i = count; i-- > 0;) {
        if (list[i].action == TMG_ACT_WITHDRAW)
            undone++;
        else if (undone > 0)
            undone--;
        else
            return &list[i];
    }
    return NULL;
}

const tmg_decision *tmg_decision_in_force(const tmg_decision *list, size_t count)
{
    return in_force(list, count, 0);
}

/* What slept until a time that is over by now is open. */
static tmg_rc restore_state(tmg_db *db, int64_t consignment_id, const tmg_decision *list, size_t count,
                            tmg_err *err)
{
    const tmg_decision *before = in_force(list, count, 1);

    if (before == NULL || (before->until_ms != 0 && before->until_ms <= tmg_now_ms()))
        return tmg_selection_set_state(db, consignment_id, TMG_SEL_OPEN, err);
    return set_state(db, consignment_id, before, err);
}

static tmg_rc may_withdraw(const tmg_actor *who, const tmg_decision *list, size_t count, tmg_err *err)
{
    const tmg_decision *last = count > 0 ? &list[count - 1] : NULL;

    if (last == NULL || last->action == TMG_ACT_WITHDRAW)
        return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT, "there is no decision to take back"), err,
                             "withdraw.nothing");
    if (last->account_id != who->account_id)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT, "the last decision is another account's: decide anew instead"), err,
            "withdraw.other");
    if (tmg_now_ms() - last->at_ms > TMG_WITHDRAW_MS)
        return tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT,
                                     "a decision can be taken back for %lld seconds: decide anew instead",
                                     (long long)(TMG_WITHDRAW_MS / TMG_SECOND_MS)),
                            err, "withdraw.late", "seconds=%lld",
                            (long long)(TMG_WITHDRAW_MS / TMG_SECOND_MS));
    return TMG_OK;
}

static tmg_rc log_withdrawal(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_selection *s,
                             int64_t taken_back, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, DETAILS);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "decision", taken_back);
    tmg_json_end_object(&j);
    TMG_TRY(tmg_guard_log(db, who, "decision.withdrawn", tmg_object_of("consignment", s->consignment_id).text,
                          tmg_members(&b), err));
    tmg_tell(c, "decision.withdrawn", s->consignment_id, s->post_id, tmg_buf_as_span(&b));
    return TMG_OK;
}

tmg_rc tmg_withdraw(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_decision *list, taken_back;
    tmg_selection s;
    size_t count;

    TMG_TRY(open_selection(db, who, TMG_MAY_CONSIGNMENT_DECIDE, consignment_id, a, &s, err));
    TMG_TRY(tmg_decision_list(db, consignment_id, a, &list, &count, err));
    TMG_TRY(may_withdraw(who, list, count, err));
    taken_back = (tmg_decision){.consignment_id = consignment_id,
                                .declaration_id = s.declaration_id,
                                .at_ms = tmg_now_ms(),
                                .action = TMG_ACT_WITHDRAW,
                                .reason = TMG_SPAN("taken back"),
                                .account_id = who->account_id};
    TMG_TRY(tmg_order_follow_withdrawal(c, db, who, consignment_id, err));
    TMG_TRY(restore_state(db, consignment_id, list, count, err));
    TMG_TRY(tmg_decision_save(db, &taken_back, err));
    TMG_TRY(tmg_choose(db, s.post_id, s.day, err));
    return log_withdrawal(c, db, who, &s, list[count - 1].id, err);
}

static tmg_rc check_result(const tmg_result *r, tmg_err *err)
{
    if (r->outcome < TMG_OUTCOME_NONE || r->outcome > TMG_OUTCOME_OTHER)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "outcome: say what the control found"), err,
                             "result.outcome");
    if (r->means == 0 || (r->means & ~(unsigned)TMG_MEANS_ALL) != 0)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "means: name at least one means that was used"),
                             err, "result.means");
    if (r->outcome == TMG_OUTCOME_OTHER && tmg_span_trim(r->note).len < LEAST_REASON)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "note: the outcome \"other\" needs words that say what was found"),
            err, "result.note");
    if (r->minutes != TMG_NONE && (r->minutes < 0 || r->minutes > 100000))
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "minutes: expected 0 to 100000 officer minutes"),
                             err, "result.minutes");
    if (r->happened_ms != TMG_NONE && r->happened_ms > tmg_now_ms())
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "happened: a control result cannot lie in the future"), err,
            "result.future");
    for (size_t i = 0; i < r->seized_count; i++) {
        const tmg_seized *s = &r->seized[i];

        if (s->substance.len == 0 || (s->mass_mg == TMG_NONE && s->count == TMG_NONE))
            return tmg_err_code(
                TMG_FAIL(err, TMG_E_INVALID, "seized[%zu]: name the substance and its mass or count", i), err,
                "result.seized", "line=%zu", i + 1);
        if ((s->mass_mg != TMG_NONE && s->mass_mg <= 0) || (s->count != TMG_NONE && s->count <= 0))
            return tmg_err_code(
                TMG_FAIL(err, TMG_E_INVALID, "seized[%zu]: mass and count must be more than 0", i), err,
                "result.seized_none", "line=%zu", i + 1);
    }
    return TMG_OK;
}

tmg_rc tmg_result_may(tmg_db *db, const tmg_actor *who, int64_t consignment_id, const tmg_result *r,
                      tmg_arena *a, tmg_selection *ret_selection, tmg_err *err)
{
    TMG_TRY(open_selection(db, who, TMG_MAY_RESULT_ENTER, consignment_id, a, ret_selection, err));
    return check_result(r, err);
}

static void describe_result(tmg_buf *b, const tmg_result *r, const tmg_moved *moved)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "result", r->id);
    tmg_result_write_json(&j, "content", r);
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_json_object(&j, tmg_harm_name((tmg_harm)h));
        tmg_json_i64(&j, "before_ppb", moved->before.harm[h].ppb);
        tmg_json_i64(&j, "after_ppb", moved->after.harm[h].ppb);
        tmg_json_end_object(&j);
    }
    tmg_json_end_object(&j);
}

static tmg_rc think_of(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t now, tmg_assessment *ret,
                       tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_judged_whole w;

    TMG_TRY(tmg_judge_again(c, db, d, now, a, &w, err));
    *ret = w.judgement.as;
    ret->parts = NULL;
    ret->part_count = 0;
    return TMG_OK;
}

static tmg_rc store_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                           tmg_result *r, tmg_moved *ret, tmg_err *err)
{
    int64_t now = tmg_now_ms();

    r->consignment_id = d->consignment_id;
    r->declaration_id = d->id;
    r->known_at_ms = now;
    if (r->happened_ms == TMG_NONE)
        r->happened_ms = now;
    if (r->found[TMG_FRAUD] == TMG_FOUND_UNKNOWN && r->found[TMG_CRITICAL] == TMG_FOUND_UNKNOWN)
        tmg_outcome_found(r->outcome, r->found);
    TMG_TRY(think_of(c, db, d, now, &ret->before, err));
    TMG_TRY(tmg_result_save(db, r, who->account_id, err));
    TMG_TRY(tmg_mind_learn_stored(c->mind, db, d, r, err));
    c->learned_id = r->id;
    tmg_rules_learn(c, r);
    return think_of(c, db, d, now, &ret->after, err);
}

tmg_rc tmg_enter_result_alone(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                              tmg_result *r, tmg_moved *ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    TMG_AUTO_BUF b = {0};
    tmg_selection s;
    tmg_declaration d;

    TMG_TRY(tmg_centre_sync(c, db, err));
    TMG_TRY(open_selection(db, who, TMG_MAY_RESULT_ENTER, consignment_id, a, &s, err));
    TMG_TRY(check_result(r, err));
    TMG_TRY(tmg_consignment_load(db, consignment_id, a, &d, err));
    TMG_TRY(tmg_selection_set_state(db, consignment_id, TMG_SEL_CLOSED, err));
    TMG_TRY(store_result(c, db, who, &d, r, ret, err));
    TMG_TRY(tmg_order_follow_result(c, db, who, &d, &s, r, err));
    tmg_buf_init(&b, DETAILS * 4);
    describe_result(&b, r, ret);
    TMG_TRY(tmg_guard_log(db, who, "result.entered", tmg_object_of("consignment", consignment_id).text,
                          tmg_members(&b), err));
    tmg_tell(c, "result.entered", consignment_id, s.post_id, tmg_buf_as_span(&b));
    return TMG_OK;
}

tmg_rc tmg_enter_result(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                        tmg_result *r, tmg_moved *ret, tmg_err *err)
{
    TMG_TRY(tmg_enter_result_alone(c, db, who, consignment_id, r, ret, err));
    return tmg_reassess_now(c, db, err);
}
