#include "base/json.h"
#include "casework/flow_priv.h"

enum { AT_ONCE = 64 };

typedef struct late {
    tmg_flow_item item[AT_ONCE];
    size_t count;
} late;

static tmg_rc read_late(tmg_db *db, int64_t now_ms, tmg_arena *a, late *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    ret->count = 0;
    TMG_TRY(
        tmg_sql(db,
                "SELECT id, about_id, since_ms, due_ms, post_id, author_id, kind, state FROM flow_item "
                "WHERE due_ms IS NOT NULL AND escalated_ms IS NULL AND due_ms <= $1 ORDER BY due_ms LIMIT $2",
                &s, err));
    tmg_bind_i64(s, 1, now_ms);
    tmg_bind_i64(s, 2, AT_ONCE);
    while (ret->count < AT_ONCE) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret->item[ret->count++] = (tmg_flow_item){.id = tmg_col_i64(s, 0),
                                                  .about_id = tmg_col_i64(s, 1),
                                                  .since_ms = tmg_col_i64(s, 2),
                                                  .due_ms = tmg_col_i64(s, 3),
                                                  .escalated_ms = TMG_NONE,
                                                  .post_id = tmg_col_i64(s, 4),
                                                  .author_id = tmg_col_i64(s, 5),
                                                  .kind = tmg_span_copy(a, tmg_col_text(s, 6)),
                                                  .state = tmg_span_copy(a, tmg_col_text(s, 7))};
    }
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc mark(tmg_db *db, const tmg_actor *who, tmg_flow_item *item, int64_t now_ms, tmg_err *err)
{
    TMG_AUTO_BUF b = {0}, object = {0};
    tmg_json_out j;
    tmg_stmt *s;

    item->escalated_ms = now_ms;
    TMG_TRY(tmg_sql(db, "UPDATE flow_item SET escalated_ms = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, item->id);
    tmg_bind_i64(s, 2, now_ms);
    TMG_TRY(tmg_exec(s, err));
    tmg_buf_init(&b, 1024);
    tmg_buf_init(&object, 128);
    tmg_buf_fmt(&object, "%.*s:%lld", TMG_SPAN_ARG(item->kind), (long long)item->about_id);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "state", item->state);
    tmg_json_time(&j, "due", item->due_ms, 0);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "flow.overdue", object.ptr, (tmg_span){b.ptr + 1, b.len - 2}, err);
}

/* The moment it counts from has moved on: a truck that is expected later than it was. */
static tmg_rc put_off(tmg_db *db, const tmg_flow_item *item, int64_t due_ms, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, "UPDATE flow_item SET due_ms = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, item->id);
    tmg_bind_i64(s, 2, due_ms);
    return tmg_exec(s, err);
}

static tmg_rc escalate(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_flow_item *item,
                       int64_t now_ms, void *ctx, tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, item->kind);
    const tmg_flow_state *state = w != NULL ? tmg_flow_state_of(w, item->state) : NULL;

    if (state != NULL) {
        int64_t due;

        TMG_TRY(tmg_flow_due(f, db, item, state, &due, err));
        if (due != TMG_NONE && due > now_ms)
            return put_off(db, item, due, err);
    }
    TMG_TRY(mark(db, who, item, now_ms, err));
    if (state != NULL && state->overdue.len > 0)
        TMG_TRY(tmg_flow_word(f, state->overdue)->follow(ctx, db, who, item, err));
    return tmg_flow_clock(f, db, who, item, ctx, err);
}

tmg_rc tmg_flow_overdue(const tmg_flows *f, tmg_db *db, const tmg_actor *who, int64_t now_ms, void *ctx,
                        size_t *ret_count, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    late l;

    *ret_count = 0;
    do {
        tmg_arena_reset(a);
        TMG_TRY(read_late(db, now_ms, a, &l, err));
        for (size_t i = 0; i < l.count; i++)
            TMG_TRY(escalate(f, db, who, &l.item[i], now_ms, ctx, err));
        *ret_count += l.count;
    } while (l.count == AT_ONCE);
    return TMG_OK;
}
