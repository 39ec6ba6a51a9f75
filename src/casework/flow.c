#include "base/json.h"
#include "casework/flow_priv.h"

enum { DETAILS = 1 << 14, LEAST_NOTE = 3 };

static const char item_columns[] =
    "SELECT id, about_id, since_ms, due_ms, escalated_ms, post_id, author_id, kind, state FROM flow_item "
    "WHERE kind = $1 AND about_id = $2";

static tmg_flow_item item_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_flow_item){.id = tmg_col_i64(s, 0),
                           .about_id = tmg_col_i64(s, 1),
                           .since_ms = tmg_col_i64(s, 2),
                           .due_ms = tmg_col_opt(s, 3),
                           .escalated_ms = tmg_col_opt(s, 4),
                           .post_id = tmg_col_i64(s, 5),
                           .author_id = tmg_col_i64(s, 6),
                           .kind = tmg_span_copy(a, tmg_col_text(s, 7)),
                           .state = tmg_span_copy(a, tmg_col_text(s, 8))};
}

tmg_rc tmg_flow_at(tmg_db *db, tmg_span kind, int64_t about_id, tmg_arena *a, tmg_flow_item *ret,
                   tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, item_columns, &s, err));
    tmg_bind_text(s, 1, kind);
    tmg_bind_i64(s, 2, about_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no %.*s %lld", TMG_SPAN_ARG(kind),
                        (long long)about_id);
    *ret = item_of(s, a);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc log_move(tmg_db *db, const tmg_actor *who, const tmg_flow_item *item, tmg_span arrow,
                       tmg_span from, tmg_span note, tmg_err *err)
{
    TMG_AUTO_BUF b = {0}, object = {0};
    tmg_json_out j;

    tmg_buf_init(&b, DETAILS);
    tmg_buf_init(&object, 128);
    tmg_buf_fmt(&object, "%.*s:%lld", TMG_SPAN_ARG(item->kind), (long long)item->about_id);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "arrow", arrow);
    if (from.len > 0)
        tmg_json_text(&j, "before", from);
    tmg_json_text(&j, "state", item->state);
    if (note.len > 0)
        tmg_json_text(&j, "note", note);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, "flow.moved", object.ptr, (tmg_span){b.ptr + 1, b.len - 2}, err);
}

static tmg_rc keep_step(tmg_db *db, const tmg_actor *who, const tmg_flow_item *item, tmg_span arrow,
                        tmg_span from, tmg_span note, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO flow_past (item_id, at_ms, account_id, arrow, from_state, to_state, note) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &s, err));
    tmg_bind_i64(s, 1, item->id);
    tmg_bind_i64(s, 2, item->since_ms);
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, arrow);
    tmg_bind_text(s, 5, from.ptr != NULL ? from : TMG_SPAN(""));
    tmg_bind_text(s, 6, item->state);
    tmg_bind_text(s, 7, note.ptr != NULL ? note : TMG_SPAN(""));
    TMG_TRY(tmg_exec(s, err));
    return log_move(db, who, item, arrow, from, note, err);
}

tmg_rc tmg_flow_due(const tmg_flows *f, tmg_db *db, const tmg_flow_item *item, const tmg_flow_state *state,
                    int64_t *ret_ms, tmg_err *err)
{
    int64_t from = item->since_ms, moment = TMG_NONE;

    *ret_ms = TMG_NONE;
    if (state->deadline_ms == TMG_NONE)
        return TMG_OK;
    if (state->counts_from.len > 0)
        TMG_TRY(tmg_flow_word(f, state->counts_from)->moment(db, item->about_id, &moment, err));
    if (moment != TMG_NONE && moment > from)
        from = moment;
    *ret_ms = from + state->deadline_ms;
    return TMG_OK;
}

static tmg_rc stand(const tmg_flows *f, tmg_db *db, tmg_flow_item *item, const tmg_flow_state *state,
                    tmg_err *err)
{
    item->state = state->name;
    item->since_ms = tmg_now_ms();
    item->escalated_ms = TMG_NONE;
    return tmg_flow_due(f, db, item, state, &item->due_ms, err);
}

tmg_rc tmg_flow_enter(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_span kind, int64_t about_id,
                      int64_t post_id, tmg_flow_item *ret, tmg_arena *a, tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, kind);
    tmg_stmt *s;

    if (w == NULL)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no workflow for %.*s", TMG_SPAN_ARG(kind));
    tmg_flow_item item = {.about_id = about_id,
                          .post_id = post_id,
                          .author_id = who->account_id,
                          .kind = tmg_span_copy(a, kind)};
    TMG_TRY(stand(f, db, &item, tmg_flow_state_of(w, w->first), err));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO flow_item (kind, about_id, state, since_ms, due_ms, post_id, author_id) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &s, err));
    tmg_bind_text(s, 1, kind);
    tmg_bind_i64(s, 2, about_id);
    tmg_bind_text(s, 3, item.state);
    tmg_bind_i64(s, 4, item.since_ms);
    tmg_bind_opt(s, 5, item.due_ms);
    if (post_id == 0)
        tmg_bind_null(s, 6);
    else
        tmg_bind_i64(s, 6, post_id);
    tmg_bind_i64(s, 7, who->account_id);
    TMG_TRY(tmg_exec(s, err));
    item.id = tmg_last_id(db);
    TMG_TRY(keep_step(db, who, &item, TMG_SPAN("enter"), (tmg_span){NULL, 0}, (tmg_span){NULL, 0}, err));
    *ret = item;
    return TMG_OK;
}

static bool starts_at(const tmg_flow_arrow *arrow, tmg_span state)
{
    for (size_t i = 0; i < arrow->from_count; i++)
        if (tmg_span_eq(arrow->from[i], state))
            return true;
    return false;
}

static const tmg_flow_arrow *arrow_of(const tmg_flow *w, tmg_span name)
{
    for (size_t i = 0; i < w->arrow_count; i++)
        if (tmg_span_eq(w->arrow[i].name, name))
            return &w->arrow[i];
    return NULL;
}

static tmg_rc last_mover(tmg_db *db, int64_t item_id, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(
        tmg_sql(db, "SELECT account_id FROM flow_past WHERE item_id = $1 ORDER BY id DESC LIMIT 1", &s, err));
    tmg_bind_i64(s, 1, item_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc other_eyes(tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                         const tmg_flow_arrow *arrow, tmg_err *err)
{
    int64_t last;

    if (!arrow->four_eyes)
        return TMG_OK;
    TMG_TRY(last_mover(db, item->id, &last, err));
    if (who->account_id == item->author_id || who->account_id == last)
        return tmg_err_named(
            TMG_FAIL(
                err, TMG_E_DENIED,
                "%.*s needs a second person: whoever began this %.*s or moved it last cannot do it alone",
                TMG_SPAN_ARG(arrow->name), TMG_SPAN_ARG(item->kind)),
            err, "flow.four_eyes");
    return TMG_OK;
}

/* The roles that may, so that the screen can say whom to ask. */
static tmg_rc refuse_role(const tmg_actor *who, const tmg_flow_item *item, const tmg_flow_arrow *arrow,
                          tmg_err *err)
{
    char roles[120] = "";

    for (int r = 1; r < TMG_ROLES; r++)
        if ((arrow->roles >> r & 1u) != 0) {
            size_t len = strlen(roles);

            (void)snprintf(roles + len, sizeof roles - len, "%s%s", len > 0 ? " " : "",
                           tmg_role_name((tmg_role)r));
        }
    return tmg_err_code(
        TMG_FAIL(err, TMG_E_DENIED, "the role %s may not %.*s a %.*s: ask someone whose role may",
                 tmg_role_name(who->role), TMG_SPAN_ARG(arrow->name), TMG_SPAN_ARG(item->kind)),
        err, "flow.role", "roles=%s\n", roles);
}

static tmg_rc role_fits(const tmg_actor *who, const tmg_flow_item *item, const tmg_flow_arrow *arrow,
                        tmg_err *err)
{
    if ((arrow->roles >> who->role & 1u) == 0)
        return refuse_role(who, item, arrow, err);
    return TMG_OK;
}

static tmg_rc guards_agree(const tmg_flows *f, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                           const tmg_flow_arrow *arrow, tmg_span note, void *ctx, tmg_err *err)
{
    for (size_t i = 0; i < arrow->guard_count; i++)
        TMG_TRY(tmg_flow_word(f, arrow->guards[i])->guard(ctx, db, who, item, note, err));
    return TMG_OK;
}

/* `note` NULL: a note is not asked for, since none was written yet. */
static tmg_rc may_move(const tmg_flows *f, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                       const tmg_flow_arrow *arrow, const tmg_span *note, void *ctx, tmg_err *err)
{
    TMG_TRY(role_fits(who, item, arrow, err));
    TMG_TRY(other_eyes(db, who, item, arrow, err));
    if (note != NULL && arrow->needs_note && tmg_span_trim(*note).len < LEAST_NOTE)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "note: to %.*s, say why in a few words", TMG_SPAN_ARG(arrow->name)),
            err, "flow.note");
    return guards_agree(f, db, who, item, arrow, note != NULL ? *note : (tmg_span){NULL, 0}, ctx, err);
}

/* Only where it stands as *item says: somebody else may have moved it meanwhile. */
static tmg_rc store_state(tmg_db *db, const tmg_flow_item *item, tmg_span before, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "UPDATE flow_item SET state = $2, since_ms = $3, due_ms = $4, escalated_ms = NULL "
                    "WHERE id = $1 AND state = $5",
                    &s, err));
    tmg_bind_i64(s, 1, item->id);
    tmg_bind_text(s, 2, item->state);
    tmg_bind_i64(s, 3, item->since_ms);
    tmg_bind_opt(s, 4, item->due_ms);
    tmg_bind_text(s, 5, before);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) != 1)
        return tmg_err_named(TMG_FAIL(err, TMG_E_CONFLICT,
                                      "this %.*s was moved by somebody else meanwhile: look at it again",
                                      TMG_SPAN_ARG(item->kind)),
                             err, "flow.moved");
    return TMG_OK;
}

static tmg_rc follow_arrow(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_flow_item *item,
                           const tmg_flow_arrow *arrow, tmg_span note, void *ctx, tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, item->kind);
    tmg_flow_item moved = *item;

    TMG_TRY(stand(f, db, &moved, tmg_flow_state_of(w, arrow->to), err));
    TMG_TRY(store_state(db, &moved, item->state, err));
    TMG_TRY(keep_step(db, who, &moved, arrow->name, item->state, note, err));
    for (size_t i = 0; i < arrow->follow_count; i++)
        TMG_TRY(tmg_flow_word(f, arrow->follow[i])->follow(ctx, db, who, &moved, err));
    *item = moved;
    return TMG_OK;
}

tmg_rc tmg_flow_clock(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_flow_item *item, void *ctx,
                      tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, item->kind);

    for (size_t i = 0; w != NULL && i < w->arrow_count; i++) {
        const tmg_flow_arrow *arrow = &w->arrow[i];
        tmg_err why;

        if (!arrow->by_clock || !starts_at(arrow, item->state))
            continue;
        tmg_rc rc = guards_agree(f, db, who, item, arrow, TMG_SPAN(""), ctx, &why);
        if (rc == TMG_E_STORE && err != NULL)
            *err = why;
        if (rc == TMG_OK)
            rc = follow_arrow(f, db, who, item, arrow, TMG_SPAN(""), ctx, err);
        return rc == TMG_E_DENIED || rc == TMG_E_CONFLICT ? TMG_OK : rc;
    }
    return TMG_OK;
}

tmg_rc tmg_flow_move(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_flow_item *item, tmg_span name,
                     tmg_span note, void *ctx, tmg_arena *a, tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, item->kind);
    const tmg_flow_arrow *arrow = w != NULL ? arrow_of(w, name) : NULL;

    if (arrow == NULL)
        return tmg_err_named(TMG_FAIL(err, TMG_E_NOT_FOUND, "a %.*s knows no \"%.*s\"",
                                      TMG_SPAN_ARG(item->kind), TMG_SPAN_ARG(name)),
                             err, "flow.arrow");
    if (!starts_at(arrow, item->state))
        return tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT, "a %.*s that is %.*s cannot be moved by \"%.*s\"",
                                     TMG_SPAN_ARG(item->kind), TMG_SPAN_ARG(item->state), TMG_SPAN_ARG(name)),
                            err, "flow.state", "kind=%.*s\nstate=%.*s\narrow=%.*s\n",
                            TMG_SPAN_ARG(item->kind), TMG_SPAN_ARG(item->state), TMG_SPAN_ARG(name));
    TMG_TRY(may_move(f, db, who, item, arrow, &note, ctx, err));
    TMG_TRY(follow_arrow(f, db, who, item, arrow, note, ctx, err));
    item->state = tmg_span_copy(a, item->state);
    return TMG_OK;
}

tmg_rc tmg_flow_choices(const tmg_flows *f, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                        void *ctx, tmg_arena *a, tmg_flow_choice **ret, size_t *ret_count, tmg_err *err)
{
    const tmg_flow *w = tmg_flow_of(f, item->kind);
    tmg_flow_choice *list = tmg_alloc_array(a, TMG_MAX_FLOW_ARROWS, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; w != NULL && i < w->arrow_count; i++) {
        tmg_err why;

        if (!starts_at(&w->arrow[i], item->state) || w->arrow[i].by_clock)
            continue;
        tmg_rc rc = may_move(f, db, who, item, &w->arrow[i], NULL, ctx, &why);
        if (rc == TMG_E_STORE) {
            if (err != NULL)
                *err = why;
            return rc;
        }
        tmg_flow_choice *one = &list[count++];
        *one = (tmg_flow_choice){.arrow = &w->arrow[i]};
        if (rc != TMG_OK) {
            one->refusal = tmg_span_copy(a, tmg_span_of(why.text));
            one->code = tmg_span_of(why.code != NULL ? why.code : tmg_rc_name(rc));
            one->params = tmg_span_copy(a, tmg_span_of(why.code != NULL ? why.params : ""));
        }
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_flow_past(tmg_db *db, int64_t item_id, tmg_arena *a, tmg_flow_step **ret, size_t *ret_count,
                     tmg_err *err)
{
    size_t room = 16, count = 0;
    tmg_flow_step *list = tmg_alloc_array(a, room, sizeof *list);
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT at_ms, account_id, arrow, from_state, to_state, note FROM flow_past WHERE item_id = $1 "
        "ORDER BY id",
        &s, err));
    tmg_bind_i64(s, 1, item_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (count == room) {
            tmg_flow_step *more = tmg_alloc_array(a, room * 2, sizeof *more);
            memcpy(more, list, count * sizeof *list);
            list = more;
            room *= 2;
        }
        list[count++] = (tmg_flow_step){tmg_col_i64(s, 0),
                                        tmg_col_i64(s, 1),
                                        tmg_span_copy(a, tmg_col_text(s, 2)),
                                        tmg_span_copy(a, tmg_col_text(s, 3)),
                                        tmg_span_copy(a, tmg_col_text(s, 4)),
                                        tmg_span_copy(a, tmg_col_text(s, 5))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
