/* Targets hang on decisions: what one officer takes on alone, or proposes to a second one, as the workflow
 * says. */
#include "app/casework_priv.h"

static const tmg_span target_kind = {"target", 6};

static tmg_rc enter_target(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_decision *d,
                           const tmg_selection *s, tmg_flow_item *ret, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *st = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO target (consignment_id, decision_id, made_ms, account_id, words) VALUES "
                    "($1, $2, $3, $4, $5)",
                    &st, err));
    tmg_bind_i64(st, 1, d->consignment_id);
    tmg_bind_i64(st, 2, d->id);
    tmg_bind_i64(st, 3, d->at_ms);
    tmg_bind_i64(st, 4, who->account_id);
    tmg_bind_text(st, 5, s->why.ptr != NULL ? s->why : TMG_SPAN(""));
    TMG_TRY(tmg_exec(st, err));
    return tmg_flow_enter(c->flows, db, who, target_kind, tmg_last_id(db), s->post_id, ret, a, err);
}

static tmg_rc may_be_taken_alone(tmg_centre *c, bool *ret, tmg_err *err)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    *ret = false;
    TMG_TRY(tmg_flow_describe(c->flows, target_kind, &states, &state_count, &arrows, &arrow_count, err));
    for (size_t i = 0; i < arrow_count; i++)
        *ret = *ret || tmg_span_is(arrows[i].name, "take");
    return TMG_OK;
}

/* The consignment's target that waits for a second person; *ret_id 0 when there is none. */
static tmg_rc find_proposed(tmg_db *db, int64_t consignment_id, int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db,
                "SELECT t.id FROM target t JOIN flow_item i ON i.kind = 'target' AND i.about_id = t.id WHERE "
                "t.consignment_id = $1 AND i.state = 'proposed' ORDER BY t.id DESC LIMIT 1",
                &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_id = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc move(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_flow_item *item, const char *arrow,
                   tmg_span note, tmg_arena *a, tmg_err *err)
{
    tmg_flow_desk desk = {.centre = c};

    return tmg_flow_move(c->flows, db, who, item, tmg_span_of(arrow), note, &desk, a, err);
}

tmg_rc tmg_target_move(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t target_id, const char *arrow,
                       tmg_span note, tmg_arena *a, tmg_err *err)
{
    tmg_flow_item item;

    if (target_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_flow_at(db, target_kind, target_id, a, &item, err));
    return tmg_span_is(item.state, "ordered") ? move(c, db, who, &item, arrow, note, a, err) : TMG_OK;
}

tmg_rc tmg_target_drop_proposal(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t consignment_id,
                                tmg_span note, tmg_arena *a, tmg_err *err)
{
    tmg_flow_item item;
    int64_t id;

    TMG_TRY(find_proposed(db, consignment_id, &id, err));
    if (id == 0)
        return TMG_OK;
    TMG_TRY(tmg_flow_at(db, target_kind, id, a, &item, err));
    return move(c, db, who, &item, "withdraw", note, a, err);
}

static tmg_rc approve(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t id, tmg_span note,
                      tmg_arena *a, tmg_err *err)
{
    tmg_flow_item item;

    TMG_TRY(tmg_flow_at(db, target_kind, id, a, &item, err));
    TMG_TRY(move(c, db, who, &item, "approve", note, a, err));
    return move(c, db, who, &item, "order", note, a, err);
}

tmg_rc tmg_target_take(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_decision *d,
                       const tmg_selection *s, int64_t *ret_id, tmg_arena *a, tmg_err *err)
{
    tmg_flow_item item;
    bool alone;

    TMG_TRY(find_proposed(db, d->consignment_id, ret_id, err));
    if (*ret_id != 0)
        return approve(c, db, who, *ret_id, d->reason, a, err);
    TMG_TRY(may_be_taken_alone(c, &alone, err));
    TMG_TRY(enter_target(c, db, who, d, s, &item, a, err));
    if (alone) {
        *ret_id = item.about_id;
        TMG_TRY(move(c, db, who, &item, "take", d->reason, a, err));
        return move(c, db, who, &item, "order", d->reason, a, err);
    }
    TMG_TRY(move(c, db, who, &item, "propose",
                 tmg_span_trim(d->reason).len < 3 ? TMG_SPAN("an inspection is proposed") : d->reason, a,
                 err));
    return tmg_selection_set_state(db, d->consignment_id, TMG_SEL_ESCALATED, err);
}

tmg_rc tmg_follow_target_over(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                              tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    (void)ctx;
    (void)who;
    TMG_TRY(tmg_sql(db, "SELECT consignment_id FROM target WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, item->about_id);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t consignment_id = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return consignment_id == 0 ? TMG_OK : tmg_selection_set_state(db, consignment_id, TMG_SEL_OPEN, err);
}
