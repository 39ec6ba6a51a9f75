#include "casework/reading_priv.h"

static const tmg_span dispatch_kind = {"dispatch", 8};

static tmg_dispatch dispatch_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_dispatch){.id = tmg_col_i64(s, 0),
                          .officer_id = tmg_col_i64(s, 1),
                          .account_id = tmg_col_i64(s, 2),
                          .post_id = tmg_col_i64(s, 3),
                          .from_ms = tmg_col_i64(s, 4),
                          .until_ms = tmg_col_i64(s, 5),
                          .made_by = tmg_col_i64(s, 6),
                          .reason = tmg_span_copy(a, tmg_col_text(s, 7)),
                          .flow = {.about_id = tmg_col_i64(s, 0),
                                   .id = tmg_col_i64(s, 8),
                                   .state = tmg_span_copy(a, tmg_col_text(s, 9)),
                                   .kind = dispatch_kind,
                                   .due_ms = TMG_NONE}};
}

tmg_rc tmg_dispatch_list(tmg_db *db, tmg_arena *a, tmg_dispatch **ret, size_t *ret_count, tmg_err *err)
{
    tmg_dispatch *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT d.id, d.officer_id, d.account_id, d.post_id, d.from_ms, d.until_ms, d.made_by, "
                    "d.reason, i.id, i.state "
                    "FROM dispatch d JOIN flow_item i ON i.kind = 'dispatch' AND i.about_id = d.id ORDER BY "
                    "d.from_ms DESC LIMIT "
                    "500",
                    &s, err));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = dispatch_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc is_away(tmg_db *db, const tmg_dispatch *d, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM officer WHERE id = $1 AND home_post_id = $2", &s, err));
    tmg_bind_i64(s, 1, d->officer_id);
    tmg_bind_i64(s, 2, d->post_id);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    return row ? TMG_FAIL(err, TMG_E_INVALID, "post: the officer serves at this post already") : TMG_OK;
}

tmg_rc tmg_dispatch_make(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_dispatch *d, tmg_arena *a,
                         tmg_err *err)
{
    tmg_stmt *s;

    if (d->until_ms <= d->from_ms || d->until_ms - d->from_ms > 366 * TMG_DAY_MS)
        return TMG_FAIL(err, TMG_E_INVALID, "until: a dispatch ends after it begins, and within a year");
    if (d->until_ms <= tmg_now_ms())
        return TMG_FAIL(err, TMG_E_INVALID, "until: this time is over: nobody can be sent there any more");
    TMG_TRY(is_away(db, d, err));
    if (tmg_span_trim(d->reason).len < 3)
        return TMG_FAIL(err, TMG_E_INVALID, "reason: say why officers are sent there");
    d->made_by = who->account_id;
    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO dispatch (officer_id, account_id, post_id, from_ms, until_ms, reason, made_by) "
                "VALUES ($1, (SELECT account_id FROM officer WHERE id = $1), $2, $3, $4, $5, $6)",
                &s, err));
    tmg_bind_i64(s, 1, d->officer_id);
    tmg_bind_i64(s, 2, d->post_id);
    tmg_bind_i64(s, 3, d->from_ms);
    tmg_bind_i64(s, 4, d->until_ms);
    tmg_bind_text(s, 5, d->reason);
    tmg_bind_i64(s, 6, d->made_by);
    TMG_TRY(tmg_exec(s, err));
    d->id = tmg_last_id(db);
    return tmg_flow_enter(f, db, who, dispatch_kind, d->id, d->post_id, &d->flow, a, err);
}

tmg_rc tmg_dispatch_posts(tmg_db *db, int64_t account_id, int64_t at_ms, int64_t *ret, size_t most,
                          size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    *ret_count = 0;
    TMG_TRY(tmg_sql(db,
                    "SELECT DISTINCT d.post_id FROM dispatch d JOIN flow_item i ON i.kind = 'dispatch' AND "
                    "i.about_id = d.id AND "
                    "i.state = 'ordered' JOIN officer o ON o.id = d.officer_id WHERE d.account_id = $1 AND "
                    "d.from_ms <= $2 AND d.until_ms > $2 AND (o.until_ms IS NULL OR o.until_ms > $2)",
                    &s, err));
    tmg_bind_i64(s, 1, account_id);
    tmg_bind_i64(s, 2, at_ms);
    while (*ret_count < most) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret[(*ret_count)++] = tmg_col_i64(s, 0);
    }
    tmg_reset(s);
    return TMG_OK;
}
