#include "casework/reading_priv.h"

static const char *const reaction_names[] = {
    [TMG_REACTION_NONE] = "none",
    [TMG_REACTION_SUSPECT] = "suspect",
    [TMG_REACTION_FOUND] = "found",
    [TMG_REACTION_NOT_POSSIBLE] = "not_possible",
};

const char *tmg_reaction_name(tmg_reaction r)
{
    return r >= TMG_REACTION_NONE && r <= TMG_REACTION_NOT_POSSIBLE ? reaction_names[r] : "";
}

tmg_reaction tmg_reaction_of(tmg_span word)
{
    for (int r = TMG_REACTION_NONE; r <= TMG_REACTION_NOT_POSSIBLE; r++)
        if (tmg_span_is(word, reaction_names[r]))
            return (tmg_reaction)r;
    return 0;
}

static tmg_step_done step_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_step_done){.id = tmg_col_i64(s, 0),
                           .order_id = tmg_col_i64(s, 1),
                           .no = (int32_t)tmg_col_i64(s, 2),
                           .means = (unsigned)tmg_col_i64(s, 3),
                           .again = tmg_col_i64(s, 4) != 0,
                           .officer_id = tmg_col_i64(s, 5),
                           .instrument_id = tmg_col_i64(s, 6),
                           .started_ms = tmg_col_i64(s, 7),
                           .ended_ms = tmg_col_i64(s, 8),
                           .reaction = tmg_reaction_of(tmg_col_text(s, 9)),
                           .reading = tmg_span_copy(a, tmg_col_text(s, 10)),
                           .note = tmg_span_copy(a, tmg_col_text(s, 11)),
                           .account_id = tmg_col_i64(s, 12),
                           .client_key = tmg_span_copy(a, tmg_col_text(s, 13))};
}

tmg_rc tmg_order_steps(tmg_db *db, int64_t order_id, tmg_arena *a, tmg_step_done **ret, size_t *ret_count,
                       tmg_err *err)
{
    tmg_step_done *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT id, order_id, no, means, again, officer_id, instrument_id, started_ms, ended_ms, reaction, "
        "reading, note, account_id, client_key FROM inspection_step WHERE order_id = $1 ORDER BY no",
        &s, err));
    tmg_bind_i64(s, 1, order_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = step_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc check_step(const tmg_step_done *s, tmg_err *err)
{
    if (s->means == 0 || (s->means & (s->means - 1)) != 0 || (s->means & ~(unsigned)TMG_MEANS_ALL) != 0)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "means: a step is done by one means of control"),
                             err, "step.means");
    if (s->reaction == 0)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "reaction: expected none, suspect, found or not_possible"), err,
            "step.reaction");
    if (s->ended_ms < s->started_ms)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "ended: a step cannot end before it started"), err,
                             "step.order");
    if (s->ended_ms > tmg_now_ms() + TMG_HOUR_MS)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "ended: a step cannot lie in the future"), err,
                             "step.future");
    if (s->reaction == TMG_REACTION_NOT_POSSIBLE && tmg_span_trim(s->note).len < 3)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "note: say in a few words why the step was not possible"), err,
            "step.note");
    if (s->client_key.len > 64 || s->reading.len > TMG_MAX_TEXT || s->note.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_LIMIT, "reading and note take at most %d bytes each", TMG_MAX_TEXT);
    return TMG_OK;
}

static tmg_span written(tmg_span text)
{
    return text.ptr != NULL ? text : TMG_SPAN("");
}

static tmg_rc sent_before(tmg_db *db, const tmg_step_done *step, int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    *ret_id = 0;
    if (step->client_key.len == 0)
        return TMG_OK;
    TMG_TRY(
        tmg_sql(db,
                "SELECT id, order_id, means = $2 AND reaction = $3 AND started_ms = $4 AND ended_ms = $5 AND "
                "reading = $6 AND note = $7 FROM inspection_step WHERE client_key = $1",
                &s, err));
    tmg_bind_text(s, 1, step->client_key);
    tmg_bind_i64(s, 2, step->means);
    tmg_bind_text(s, 3, tmg_span_of(tmg_reaction_name(step->reaction)));
    tmg_bind_i64(s, 4, step->started_ms);
    tmg_bind_i64(s, 5, step->ended_ms);
    tmg_bind_text(s, 6, written(step->reading));
    tmg_bind_text(s, 7, written(step->note));
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_OK;
    *ret_id = tmg_col_i64(s, 0);
    bool same = tmg_col_i64(s, 1) == step->order_id && tmg_col_i64(s, 2) != 0;
    tmg_reset(s);
    if (!same)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "client_key: another step was sent with this key before; look at the order's "
                     "steps, and send what differs with a key of its own"),
            err, "sent.differs");
    return TMG_OK;
}

tmg_rc tmg_step_sent(tmg_db *db, const tmg_step_done *s, bool *ret_new, tmg_err *err)
{
    int64_t before;

    TMG_TRY(check_step(s, err));
    TMG_TRY(sent_before(db, s, &before, err));
    *ret_new = before == 0;
    return TMG_OK;
}

/* Where the step goes: over the first planned one of its means, else behind the last. */
static void place(tmg_step_done *s, const tmg_step_done *list, size_t count)
{
    s->id = 0;
    s->no = 1;
    for (size_t i = 0; i < count; i++) {
        if (s->id == 0 && list[i].means == s->means && list[i].reaction == 0) {
            s->id = list[i].id;
            s->no = list[i].no;
        }
        if (list[i].means == s->means && list[i].reaction != 0)
            s->again = true;
    }
    for (size_t i = 0; s->id == 0 && i < count; i++)
        if (list[i].no >= s->no)
            s->no = list[i].no + 1;
}

static tmg_rc store_step(tmg_db *db, tmg_step_done *step, tmg_err *err)
{
    static const char fill[] =
        "UPDATE inspection_step SET again = $4, officer_id = $5, instrument_id = $6, started_ms = $7, "
        "ended_ms = $8, reaction = $9, reading = $10, note = $11, account_id = $12, client_key = $13 "
        "WHERE order_id = $1 AND no = $2 AND means = $3";
    static const char add[] =
        "INSERT INTO inspection_step (order_id, no, means, again, officer_id, instrument_id, started_ms, "
        "ended_ms, reaction, reading, note, account_id, client_key) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, step->id != 0 ? fill : add, &s, err));
    tmg_bind_i64(s, 1, step->order_id);
    tmg_bind_i64(s, 2, step->no);
    tmg_bind_i64(s, 3, step->means);
    tmg_bind_i64(s, 4, step->again);
    tmg_bind_id(s, 5, step->officer_id);
    tmg_bind_id(s, 6, step->instrument_id);
    tmg_bind_i64(s, 7, step->started_ms);
    tmg_bind_i64(s, 8, step->ended_ms);
    tmg_bind_text(s, 9, tmg_span_of(tmg_reaction_name(step->reaction)));
    tmg_bind_text(s, 10, written(step->reading));
    tmg_bind_text(s, 11, written(step->note));
    tmg_bind_i64(s, 12, step->account_id);
    tmg_bind_text(s, 13, step->client_key.len > 0 ? step->client_key : (tmg_span){NULL, 0});
    TMG_TRY(tmg_exec(s, err));
    if (step->id == 0)
        step->id = tmg_last_id(db);
    return TMG_OK;
}

static tmg_rc log_step(tmg_db *db, const tmg_actor *who, const tmg_step_done *s, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_i64(&l.j, "order", s->order_id);
    tmg_json_i64(&l.j, "no", s->no);
    tmg_json_z(&l.j, "means", tmg_means_name(s->means));
    if (s->again)
        tmg_json_bool(&l.j, "again", true);
    tmg_json_z(&l.j, "reaction", tmg_reaction_name(s->reaction));
    tmg_json_time(&l.j, "started", s->started_ms, 0);
    tmg_json_time(&l.j, "ended", s->ended_ms, 0);
    return tmg_leaf_end(&l, db, who, "step.entered", "step", s->id, err);
}

/* The first step starts the work, where the workflow lets it. */
static tmg_rc start_work(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_order *o, void *ctx,
                         tmg_arena *a, tmg_err *err)
{
    static const tmg_span start = {"start", 5}, again = {"inspect_again", 13};

    if (tmg_span_is(o->flow.state, "working"))
        return TMG_OK;
    if (tmg_span_is(o->flow.state, "result"))
        return tmg_flow_move(f, db, who, &o->flow, again, TMG_SPAN("another step was entered"), ctx, a, err);
    return tmg_flow_move(f, db, who, &o->flow, start, (tmg_span){NULL, 0}, ctx, a, err);
}

tmg_rc tmg_step_enter(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_step_done *s, void *ctx,
                      bool *ret_new, tmg_arena *a, tmg_err *err)
{
    tmg_step_done *list;
    size_t count;
    int64_t before;
    tmg_order o;

    TMG_TRY(check_step(s, err));
    TMG_TRY(tmg_order_read(db, s->order_id, a, &o, err));
    TMG_TRY(sent_before(db, s, &before, err));
    *ret_new = before == 0;
    if (before != 0) {
        s->id = before;
        return TMG_OK;
    }
    TMG_TRY(start_work(f, db, who, &o, ctx, a, err));
    TMG_TRY(tmg_order_steps(db, s->order_id, a, &list, &count, err));
    place(s, list, count);
    s->account_id = who->account_id;
    TMG_TRY(store_step(db, s, err));
    return log_step(db, who, s, err);
}

/* Is it one means that can have found it: a single one of these is without an entry, and no entered step
 * found it? */
static bool plain_who_found(const tmg_step_done *list, size_t count, unsigned means)
{
    size_t planned = 0;

    for (size_t i = 0; i < count; i++) {
        if (list[i].reaction == TMG_REACTION_FOUND)
            return false;
        planned += list[i].reaction == 0 && (list[i].means & means) != 0;
    }
    return planned == 1;
}

tmg_rc tmg_steps_follow_result(tmg_db *db, const tmg_actor *who, int64_t order_id, unsigned means,
                               tmg_reaction reaction, int64_t started_ms, int64_t ended_ms, tmg_arena *a,
                               tmg_err *err)
{
    tmg_step_done *list;
    size_t count;

    TMG_TRY(tmg_order_steps(db, order_id, a, &list, &count, err));
    if (reaction == TMG_REACTION_FOUND && !plain_who_found(list, count, means))
        return TMG_OK;
    for (size_t i = 0; i < count; i++) {
        if (list[i].reaction != 0 || (list[i].means & means) == 0)
            continue;
        list[i].reaction = reaction;
        list[i].started_ms = started_ms;
        list[i].ended_ms = ended_ms;
        list[i].account_id = who->account_id;
        TMG_TRY(store_step(db, &list[i], err));
        TMG_TRY(log_step(db, who, &list[i], err));
    }
    return TMG_OK;
}
