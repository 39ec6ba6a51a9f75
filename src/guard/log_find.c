#include "guard/log_priv.h"

#include "base/json.h"

/* What only a clock that was set back can put between two neighbours. */
static const int64_t clock_slack_ms = TMG_DAY_MS;

static bool says(const tmg_json *leaf, const char *member, tmg_span wanted)
{
    return wanted.len == 0 || tmg_span_eq(tmg_json_as_text(tmg_json_member(leaf, member)), wanted);
}

static bool begins(tmg_span text, tmg_span prefix)
{
    return text.len >= prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0;
}

static bool fits(const tmg_log_query *q, const tmg_json *leaf, int64_t at_ms)
{
    return at_ms >= q->from_ms && at_ms < q->to_ms && says(leaf, "actor", q->actor) &&
           says(leaf, "action", q->action) &&
           (q->object.len == 0 || begins(tmg_json_as_text(tmg_json_member(leaf, "object")), q->object));
}

static tmg_rc look_at(const tmg_log_query *q, tmg_span entry, bool *ret_fits, bool *ret_over, tmg_err *err)
{
    tmg_json *leaf;
    tmg_instant at;

    TMG_TRY(tmg_json_read(entry, &leaf, err));
    tmg_rc rc = tmg_instant_parse(tmg_json_as_text(tmg_json_member(leaf, "at")), 0, &at, err);
    if (rc == TMG_OK) {
        *ret_fits = fits(q, leaf, at.at_ms);
        *ret_over = q->from_ms > INT64_MIN + clock_slack_ms && at.at_ms < q->from_ms - clock_slack_ms;
    }
    tmg_json_free(leaf);
    return rc;
}

static tmg_rc collect(const tmg_log_query *q, tmg_stmt *s, tmg_arena *a, tmg_span *found, size_t *ret_count,
                      bool *ret_more, tmg_err *err)
{
    bool row, fitting = false, over = false;

    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        TMG_TRY(look_at(q, tmg_col_text(s, 0), &fitting, &over, err));
        if (over)
            return TMG_OK;
        if (!fitting)
            continue;
        if (*ret_count == q->most) {
            *ret_more = true;
            return TMG_OK;
        }
        found[(*ret_count)++] = tmg_span_copy(a, tmg_col_text(s, 0));
        if (tmg_arena_full(a))
            return TMG_FAIL(err, TMG_E_LIMIT, "so many log entries do not fit: ask for fewer at a time");
    }
}

tmg_rc tmg_guard_find(tmg_db *db, const tmg_log_query *q, tmg_arena *a, tmg_span **ret, size_t *ret_count,
                      bool *ret_more, tmg_err *err)
{
    tmg_span *found = tmg_alloc_array(a, q->most + 1, sizeof *found);
    tmg_stmt *s;

    *ret_count = 0;
    *ret_more = false;
    TMG_TRY(tmg_sql(db, "SELECT entry FROM log_leaf WHERE seq < $1 ORDER BY seq DESC", &s, err));
    tmg_bind_i64(s, 1, q->before);
    tmg_rc rc = collect(q, s, a, found, ret_count, ret_more, err);
    tmg_reset(s);
    for (size_t i = 0; i < *ret_count / 2; i++) {
        tmg_span swapped = found[i];

        found[i] = found[*ret_count - 1 - i];
        found[*ret_count - 1 - i] = swapped;
    }
    *ret = found;
    return rc;
}
