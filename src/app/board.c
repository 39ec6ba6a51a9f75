#include "app/casework_priv.h"

#include <stdlib.h>

enum { ORDERS_LOOKED_AT = 2000, MINUTE_MS = 60000 };

/* The overdue first, then by deadline; what has none, as what is finished, last. */
static int by_urgency(const void *x, const void *y)
{
    const tmg_board_row *p = x, *q = y;
    if (p->overdue != q->overdue)
        return p->overdue ? -1 : 1;
    int64_t a = p->order.flow.due_ms == TMG_NONE ? INT64_MAX : p->order.flow.due_ms;
    int64_t b = q->order.flow.due_ms == TMG_NONE ? INT64_MAX : q->order.flow.due_ms;

    if (a != b)
        return a < b ? -1 : 1;
    return (p->order.issued_ms < q->order.issued_ms) - (p->order.issued_ms > q->order.issued_ms);
}

static tmg_board_row row_of(tmg_stmt *s, tmg_arena *a)
{
    tmg_board_row r = {.order = {.id = tmg_col_i64(s, 0),
                                 .consignment_id = tmg_col_i64(s, 1),
                                 .post_id = tmg_col_i64(s, 2),
                                 .team_id = tmg_col_i64(s, 3),
                                 .issued_ms = tmg_col_i64(s, 4),
                                 .issued_by = tmg_col_i64(s, 5),
                                 .result_id = tmg_col_i64(s, 6),
                                 .number = tmg_span_copy(a, tmg_col_text(s, 7)),
                                 .words = tmg_span_copy(a, tmg_col_text(s, 8)),
                                 .flow = {.id = tmg_col_i64(s, 9),
                                          .about_id = tmg_col_i64(s, 0),
                                          .state = tmg_span_copy(a, tmg_col_text(s, 10)),
                                          .since_ms = tmg_col_i64(s, 11),
                                          .due_ms = tmg_col_opt(s, 12),
                                          .escalated_ms = tmg_col_opt(s, 13),
                                          .post_id = tmg_col_i64(s, 2),
                                          .author_id = tmg_col_i64(s, 14),
                                          .kind = TMG_SPAN("order")}},
                       .ref = tmg_span_copy(a, tmg_col_text(s, 15)),
                       .post = tmg_span_copy(a, tmg_col_text(s, 16)),
                       .steps = (size_t)tmg_col_i64(s, 17),
                       .steps_done = (size_t)tmg_col_i64(s, 18),
                       .vehicle = tmg_span_copy(a, tmg_col_text(s, 19)),
                       .trailer = tmg_span_copy(a, tmg_col_text(s, 20)),
                       .container = tmg_span_copy(a, tmg_col_text(s, 21)),
                       .goods = tmg_span_copy(a, tmg_col_text(s, 22)),
                       .hs = tmg_span_copy(a, tmg_col_text(s, 23)),
                       .lane = (tmg_lane)tmg_col_i64(s, 24),
                       .team = tmg_span_copy(a, tmg_col_text(s, 25)),
                       .expected_ms = tmg_col_opt(s, 26),
                       .minutes_left = TMG_NONE};
    int64_t due = r.order.flow.due_ms, now = tmg_now_ms();

    if (due == TMG_NONE)
        return r;
    r.overdue = due <= now;
    r.minutes_left = r.overdue ? -((now - due) / MINUTE_MS) : (due - now) / MINUTE_MS;
    return r;
}

tmg_rc tmg_use_board(tmg_db *db, const tmg_actor *who, int64_t post_id, size_t most, tmg_arena *a,
                     tmg_board_row **ret, size_t *ret_count, tmg_err *err)
{
    tmg_board_row *list = tmg_alloc_array(a, ORDERS_LOOKED_AT, sizeof *list);
    size_t count = 0;
    tmg_err ignored;
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_ORDER_READ, post_id, err));
    TMG_TRY(tmg_sql(
        db,
        "SELECT o.id, o.consignment_id, o.post_id, o.team_id, o.issued_ms, o.issued_by, o.result_id, "
        "o.number, "
        "o.words, i.id, i.state, i.since_ms, i.due_ms, i.escalated_ms, i.author_id, d.ref, p.code, (SELECT "
        "count(*) "
        "FROM inspection_step t WHERE t.order_id = o.id), (SELECT count(*) FROM inspection_step t WHERE "
        "t.order_id = "
        "o.id AND t.reaction IS NOT NULL), v.vehicle, v.trailer, (SELECT e.number FROM equipment e WHERE "
        "e.declaration_id = v.id ORDER BY e.no LIMIT 1), (SELECT g.description FROM item g WHERE "
        "g.declaration_id = "
        "v.id ORDER BY g.no LIMIT 1), (SELECT g.hs FROM item g WHERE g.declaration_id = v.id ORDER BY g.no "
        "LIMIT 1), "
        "coalesce(z.lane, 0), (SELECT n.name FROM team n WHERE n.id = o.team_id), v.expected_ms FROM "
        "inspection_order o "
        "JOIN "
        "flow_item i ON i.kind = 'order' AND "
        "i.about_id = o.id JOIN post p ON p.id = o.post_id JOIN declaration d ON d.id = o.consignment_id "
        "LEFT JOIN selection z ON z.consignment_id = o.consignment_id "
        "JOIN declaration v ON v.id = coalesce(z.declaration_id, d.id) WHERE "
        "(i.due_ms IS NOT NULL OR i.since_ms > $1) AND (o.post_id = $2 OR $2 = 0) ORDER BY o.id DESC LIMIT "
        "$3",
        &s, err));
    tmg_bind_i64(s, 1, tmg_now_ms() - TMG_DAY_MS);
    tmg_bind_i64(s, 2, post_id);
    tmg_bind_i64(s, 3, ORDERS_LOOKED_AT);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_board_row r = row_of(s, a);
        if (tmg_guard_may(who, TMG_MAY_ORDER_READ, r.order.post_id, &ignored) == TMG_OK)
            list[count++] = r;
    }
    qsort(list, count, sizeof *list, by_urgency);
    *ret = list;
    *ret_count = count < most ? count : most;
    return TMG_OK;
}
