#include "casework/reading_priv.h"

static const char order_by_id[] =
    "SELECT id, consignment_id, target_id, decision_id, post_id, team_id, issued_ms, issued_by, "
    "result_id, number, words FROM inspection_order WHERE id = $1";
static const char order_by_consignment[] =
    "SELECT id, consignment_id, target_id, decision_id, post_id, team_id, issued_ms, issued_by, "
    "result_id, number, words FROM inspection_order WHERE consignment_id = $1 ORDER BY id DESC LIMIT 1";

static const tmg_span kind = {"order", 5};

static tmg_rc read_order(tmg_db *db, const char *sql, int64_t key, tmg_arena *a, tmg_order *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, key);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no inspection order for %lld", (long long)key);
    tmg_order o = {.id = tmg_col_i64(s, 0),
                   .consignment_id = tmg_col_i64(s, 1),
                   .target_id = tmg_col_i64(s, 2),
                   .decision_id = tmg_col_i64(s, 3),
                   .post_id = tmg_col_i64(s, 4),
                   .team_id = tmg_col_i64(s, 5),
                   .issued_ms = tmg_col_i64(s, 6),
                   .issued_by = tmg_col_i64(s, 7),
                   .result_id = tmg_col_i64(s, 8),
                   .number = tmg_span_copy(a, tmg_col_text(s, 9)),
                   .words = tmg_span_copy(a, tmg_col_text(s, 10))};
    tmg_reset(s);
    TMG_TRY(tmg_flow_at(db, kind, o.id, a, &o.flow, err));
    *ret = o;
    return TMG_OK;
}

tmg_rc tmg_order_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_order *ret, tmg_err *err)
{
    return read_order(db, order_by_id, id, a, ret, err);
}

tmg_rc tmg_order_of(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_order *ret, tmg_err *err)
{
    return read_order(db, order_by_consignment, consignment_id, a, ret, err);
}

static bool is_open(const tmg_flows *f, const tmg_order *o)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;
    tmg_err ignored;

    if (tmg_flow_describe(f, kind, &states, &state_count, &arrows, &arrow_count, &ignored) != TMG_OK)
        return false;
    for (size_t i = 0; i < state_count; i++)
        if (tmg_span_eq(states[i].name, o->flow.state))
            return !states[i].final;
    return false;
}

static tmg_rc none_is_open(const tmg_flows *f, tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_err *err)
{
    tmg_order before;
    tmg_err why;
    tmg_rc rc = tmg_order_of(db, consignment_id, a, &before, &why);

    if (rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    if (rc != TMG_OK) {
        if (err != NULL)
            *err = why;
        return rc;
    }
    if (is_open(f, &before))
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "order %.*s for this consignment is still %.*s: finish or withdraw it first",
                        TMG_SPAN_ARG(before.number), TMG_SPAN_ARG(before.flow.state));
    return TMG_OK;
}

static tmg_rc store_order(tmg_db *db, tmg_order *o, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO inspection_order (number, consignment_id, target_id, decision_id, post_id, team_id, "
        "issued_ms, issued_by, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &s, err));
    tmg_bind_text(s, 1, o->number);
    tmg_bind_i64(s, 2, o->consignment_id);
    tmg_bind_id(s, 3, o->target_id);
    tmg_bind_id(s, 4, o->decision_id);
    tmg_bind_i64(s, 5, o->post_id);
    tmg_bind_id(s, 6, o->team_id);
    tmg_bind_i64(s, 7, o->issued_ms);
    tmg_bind_i64(s, 8, o->issued_by);
    tmg_bind_text(s, 9, o->words);
    TMG_TRY(tmg_exec(s, err));
    o->id = tmg_last_id(db);
    return TMG_OK;
}

static tmg_rc plan_steps(tmg_db *db, int64_t order_id, unsigned means, tmg_err *err)
{
    int64_t no = 0;
    tmg_stmt *s;

    for (unsigned bit = 1; bit <= TMG_MEANS_UNLOADING; bit <<= 1) {
        if ((means & bit) == 0)
            continue;
        TMG_TRY(
            tmg_sql(db, "INSERT INTO inspection_step (order_id, no, means) VALUES ($1, $2, $3)", &s, err));
        tmg_bind_i64(s, 1, order_id);
        tmg_bind_i64(s, 2, ++no);
        tmg_bind_i64(s, 3, bit);
        TMG_TRY(tmg_exec(s, err));
    }
    return TMG_OK;
}

static tmg_rc log_issue(tmg_db *db, const tmg_actor *who, const tmg_order *o, unsigned means, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "number", o->number);
    tmg_json_i64(&l.j, "consignment", o->consignment_id);
    tmg_json_array(&l.j, "means");
    for (unsigned bit = 1; bit <= TMG_MEANS_UNLOADING; bit <<= 1)
        if (means & bit)
            tmg_json_z(&l.j, NULL, tmg_means_name(bit));
    tmg_json_end_array(&l.j);
    return tmg_leaf_end(&l, db, who, "order.issued", "order", o->id, err);
}

tmg_rc tmg_order_issue(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_order *o, unsigned means,
                       tmg_arena *a, tmg_err *err)
{
    if ((means & ~(unsigned)TMG_MEANS_ALL) != 0 || means == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "means: an order names at least one means of control");
    TMG_TRY(none_is_open(f, db, o->consignment_id, a, err));
    o->issued_ms = tmg_now_ms();
    o->issued_by = who->account_id;
    if (o->words.ptr == NULL)
        o->words = TMG_SPAN("");
    TMG_TRY(tmg_next_number(db, "inspection_order", 'O', o->issued_ms, a, &o->number, err));
    TMG_TRY(store_order(db, o, err));
    TMG_TRY(plan_steps(db, o->id, means, err));
    TMG_TRY(log_issue(db, who, o, means, err));
    return tmg_flow_enter(f, db, who, kind, o->id, o->post_id, &o->flow, a, err);
}
