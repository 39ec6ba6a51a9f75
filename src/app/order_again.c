/* A control that begins anew: the order waits for another result, its target is open again, and the
 * consignment stands where it stood before the result. */
#include "app/casework_priv.h"

enum { WORK_CAP = 1 << 16 };

static tmg_rc forget_result(tmg_db *db, int64_t order_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE inspection_order SET result_id = NULL WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, order_id);
    return tmg_exec(s, err);
}

static tmg_rc reopen_target(tmg_flow_desk *desk, tmg_db *db, const tmg_actor *who, int64_t target_id,
                            tmg_arena *a, tmg_err *err)
{
    static const tmg_span kind = {"target", 6}, again = {"inspect_again", 13};
    tmg_flow_item item;

    if (target_id == 0)
        return TMG_OK;
    TMG_TRY(tmg_flow_at(db, kind, target_id, a, &item, err));
    if (tmg_span_is(item.state, "ordered"))
        return TMG_OK;
    return tmg_flow_move(desk->centre->flows, db, who, &item, again, TMG_SPAN("inspected again"), desk, a,
                         err);
}

tmg_rc tmg_follow_control_again(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                                tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_flow_desk *desk = ctx;
    tmg_order o;

    TMG_TRY(tmg_order_read(db, item->about_id, a, &o, err));
    TMG_TRY(forget_result(db, o.id, err));
    TMG_TRY(reopen_target(desk, db, who, o.target_id, a, err));
    return tmg_selection_set_state(db, o.consignment_id, TMG_SEL_ORDERED, err);
}
