/* Whose hands were in an order: who confirms it is none of them. */
#include "app/casework_priv.h"

/* $1 is the order, $2 the account.  Who looked at a result and sent the team back only reviewed it: moves out
 * of the state in which it stands do not count.  A result counts from the order's issue on: the consignment
 * may have had others before. */
static const char had_hands_in[] =
    "SELECT count(*) FROM inspection_order o WHERE o.id = $1 AND (o.issued_by = $2 OR EXISTS (SELECT 1 FROM "
    "flow_item i JOIN flow_past p ON p.item_id = i.id WHERE i.kind = 'order' AND i.about_id = o.id AND "
    "p.account_id = $2 AND p.from_state <> i.state) OR EXISTS (SELECT 1 FROM inspection_step s WHERE "
    "s.order_id = o.id AND s.account_id = "
    "$2 AND s.reaction IS NOT NULL) OR EXISTS (SELECT 1 FROM result r WHERE r.account_id = $2 AND (r.id = "
    "o.result_id OR (r.consignment_id = o.consignment_id AND r.known_at_ms >= o.issued_ms))) OR EXISTS "
    "(SELECT 1 FROM seizure z LEFT JOIN substance_line l ON l.seizure_id = z.id WHERE z.order_id = o.id AND "
    "(z.recorded_by = $2 OR l.account_id = $2)))";

tmg_rc tmg_guard_other_hands(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                             tmg_span note, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    (void)ctx;
    (void)note;
    TMG_TRY(tmg_sql(db, had_hands_in, &s, err));
    tmg_bind_i64(s, 1, item->about_id);
    tmg_bind_i64(s, 2, who->account_id);
    TMG_TRY(tmg_step(s, &row, err));
    bool own = row && tmg_col_i64(s, 0) > 0;
    tmg_reset(s);
    if (!own)
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(
            err, TMG_E_DENIED,
            "this needs a second person: whoever issued or moved the order, did a step of it, or entered "
            "its result or its seizure cannot confirm it"),
        err, "flow.four_eyes");
}
