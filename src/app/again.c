/* What waits is judged again: all of it after a result or with a new model, or with a look at one rule that
 * came or went.  Little is done at once, in the same transaction.  Much is owed: noted in the database and
 * worked off in slices, each a job of its own, so that lodging and deciding go on between them. */
#include "app/again_priv.h"
#include "app/centre_priv.h"
#include "base/json.h"

enum { AT_ONCE = 400, SLICE_US = 40000, DAYS_AHEAD = 7, BUNCH = 400, MOST_MOVED = 256, ROWS_MAX = 1 << 20 };

/* One that waits; a sweep goes through them in order of day, post and number, so that a slice has few days to
 * choose for. */
typedef struct mark {
    int64_t day, post_id, consignment_id;
} mark;

/* One sweep over what waits. */
typedef struct sweep {
    tmg_centre *centre;
    tmg_db *db;
    tmg_span rule; /* absent: everything is judged again */
    mark after;    /* done up to here */
    int64_t until_us;
    bool done;
    tmg_place moved[MOST_MOVED]; /* where something moved and is to be chosen anew */
    size_t moved_count;
} sweep;

static tmg_rc choose_moved(sweep *s, tmg_err *err)
{
    for (size_t i = 0; i < s->moved_count; i++)
        TMG_TRY(tmg_choose(s->db, s->moved[i].post_id, s->moved[i].day, err));
    s->moved_count = 0;
    return TMG_OK;
}

static tmg_rc note_moved(sweep *s, const tmg_selection *one, tmg_err *err)
{
    for (size_t i = 0; i < s->moved_count; i++)
        if (s->moved[i].post_id == one->post_id && s->moved[i].day == one->day)
            return TMG_OK;
    if (s->moved_count == MOST_MOVED)
        TMG_TRY(choose_moved(s, err));
    s->moved[s->moved_count++] = (tmg_place){one->post_id, one->day};
    return TMG_OK;
}

static tmg_rc judge_one(sweep *s, int64_t consignment_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ROWS_MAX);
    tmg_selection one;
    bool moved = false;

    TMG_TRY(tmg_selection_get(s->db, consignment_id, a, &one, err));
    if (s->rule.ptr != NULL)
        TMG_TRY(tmg_rules_look_again(s->centre, s->db, &one, s->rule, &moved, err));
    else
        TMG_TRY(tmg_reassess_one(s->centre, s->db, &one, &moved, err));
    return moved ? note_moved(s, &one, err) : TMG_OK;
}

/* The first `most` that wait behind s->after. */
static tmg_rc waiting(const sweep *s, mark *ret, size_t most, size_t *ret_count, tmg_err *err)
{
    int32_t today = tmg_centre_today(s->centre);
    tmg_stmt *st = NULL;

    *ret_count = 0;
    /* Each day of each post by its index. */
    TMG_TRY(tmg_sql(
        s->db,
        "SELECT day, post_id, consignment_id FROM selection WHERE post_id IN (SELECT id FROM post) "
        "AND day BETWEEN $1 AND $2 AND state IN (1, 2) AND (day, post_id, consignment_id) > ($3, $4, $5) "
        "ORDER BY day, post_id, consignment_id LIMIT $6",
        &st, err));
    tmg_bind_i64(st, 1, today);
    tmg_bind_i64(st, 2, today + DAYS_AHEAD);
    tmg_bind_i64(st, 3, s->after.day);
    tmg_bind_i64(st, 4, s->after.post_id);
    tmg_bind_i64(st, 5, s->after.consignment_id);
    tmg_bind_i64(st, 6, (int64_t)most);
    for (bool row = true; row;) {
        TMG_TRY(tmg_step(st, &row, err));
        if (row)
            ret[(*ret_count)++] = (mark){tmg_col_i64(st, 0), tmg_col_i64(st, 1), tmg_col_i64(st, 2)};
    }
    return TMG_OK;
}

static tmg_rc go_on(sweep *s, tmg_err *err)
{
    mark list[BUNCH];
    size_t count;

    do {
        TMG_TRY(waiting(s, list, BUNCH, &count, err));
        for (size_t i = 0; i < count; i++) {
            TMG_TRY(judge_one(s, list[i].consignment_id, err));
            s->after = list[i];
            if (tmg_tick_us() >= s->until_us)
                return choose_moved(s, err);
        }
    } while (count == BUNCH);
    s->done = true;
    return choose_moved(s, err);
}

static const mark start;

/* ---- what is owed: a setting "again:NAME" with where the sweep stands and whether another follows ---- */

static tmg_rc put_owed(tmg_db *db, tmg_span name, const mark *after, bool another, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 128);
    tmg_buf_fmt(&b, "%d %lld %lld %lld", another, (long long)after->day, (long long)after->post_id,
                (long long)after->consignment_id);
    return tmg_setting_put(db, name, tmg_buf_as_span(&b), err);
}

static bool read_owed(tmg_span value, mark *ret, bool *ret_another)
{
    int64_t number[4];
    tmg_span rest = value, part;

    for (size_t i = 0; i < 4; i++)
        if (!tmg_span_split(&rest, ' ', &part) || !tmg_span_i64(part, &number[i]))
            return false;
    *ret_another = number[0] != 0;
    *ret = (mark){number[1], number[2], number[3]};
    return true;
}

static tmg_rc forget_owed(tmg_db *db, tmg_span name, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "DELETE FROM setting WHERE name = $1", &s, err));
    tmg_bind_text(s, 1, name);
    return tmg_exec(s, err);
}

/* *ret_name is the absent span when nothing is owed. */
static tmg_rc first_owed(tmg_db *db, tmg_arena *a, tmg_span *ret_name, tmg_span *ret_value, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    *ret_name = *ret_value = (tmg_span){NULL, 0};
    TMG_TRY(tmg_sql(
        db,
        "SELECT name, value FROM setting WHERE name >= 'again:' AND name < 'again;' ORDER BY name LIMIT 1",
        &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    if (row) {
        *ret_name = tmg_span_copy(a, tmg_col_text(s, 0));
        *ret_value = tmg_span_copy(a, tmg_col_text(s, 1));
    }
    tmg_reset(s);
    return TMG_OK;
}

static tmg_span rule_of(tmg_span name)
{
    const size_t head = sizeof "again:" - 1;

    return name.len > head ? (tmg_span){name.ptr + head, name.len - head} : (tmg_span){NULL, 0};
}

static tmg_rc tell(sweep *s, tmg_err *err)
{
    tmg_actor who = tmg_actor_centre();
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "rule", s->rule);
    tmg_json_bool(&j, "done", s->done);
    tmg_json_end_object(&j);
    tmg_tell(s->centre, "selection.changed", 0, 0, tmg_buf_as_span(&b));
    return s->done ? tmg_guard_log(s->db, &who, "queue.reassessed", "queue", tmg_members(&b), err) : TMG_OK;
}

static tmg_rc slice(void *ctx, tmg_db *db, tmg_err *err);

/* A queue that is full or closing takes no more; the clock asks again. */
static void submit(tmg_centre *c)
{
    tmg_err ignored;

    if (c->again_submitted || c->writer == NULL)
        return;
    c->again_submitted = true;
    if (c->job_door != NULL)
        c->job_door(c->job_door_ctx, slice, c);
    else
        c->again_submitted = tmg_writer_submit(c->writer, slice, NULL, c, &ignored) == TMG_OK;
}

static tmg_rc slice(void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ROWS_MAX);
    tmg_centre *c = ctx;
    sweep s = {.centre = c, .db = db, .until_us = tmg_tick_us() + SLICE_US};
    tmg_span name, value;
    bool another;

    c->again_submitted = false;
    TMG_TRY(first_owed(db, a, &name, &value, err));
    if (name.ptr == NULL)
        return TMG_OK;
    if (!read_owed(value, &s.after, &another))
        return TMG_FAIL(err, TMG_E_STORE, "the setting %.*s of the centre is damaged", TMG_SPAN_ARG(name));
    s.rule = rule_of(name);
    TMG_TRY(tmg_again_level(c, db, err));
    TMG_TRY(go_on(&s, err));
    if (!s.done)
        TMG_TRY(put_owed(db, name, &s.after, another, err));
    else if (another)
        TMG_TRY(put_owed(db, name, &start, false, err));
    else
        TMG_TRY(forget_owed(db, name, err));
    TMG_TRY(tell(&s, err));
    submit(c);
    return TMG_OK;
}

static tmg_rc owe(tmg_centre *c, tmg_db *db, tmg_span rule, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ROWS_MAX);
    TMG_AUTO_BUF name = {0};
    tmg_span value;
    mark after = start;
    bool another = false;

    tmg_buf_init(&name, 1 << 12);
    tmg_buf_fmt(&name, "again:%.*s", TMG_SPAN_ARG(rule));
    TMG_TRY(tmg_setting_get(db, tmg_buf_as_span(&name), a, &value, err));
    /* A sweep under way goes on and another follows: however often it is asked for, it comes to an end. */
    if (value.ptr != NULL && !read_owed(value, &after, &another))
        after = start;
    TMG_TRY(put_owed(db, tmg_buf_as_span(&name), &after, after.day != 0, err));
    submit(c);
    return TMG_OK;
}

tmg_rc tmg_again_ask(tmg_centre *c, tmg_db *db, tmg_span rule, tmg_err *err)
{
    mark list[AT_ONCE + 1];
    sweep s = {.centre = c, .db = db, .rule = rule, .until_us = INT64_MAX};
    size_t count = 0;

    if (c->writer != NULL)
        TMG_TRY(waiting(&s, list, AT_ONCE + 1, &count, err));
    return count > AT_ONCE ? owe(c, db, rule, err) : go_on(&s, err);
}

tmg_rc tmg_again_tick(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ROWS_MAX);
    tmg_span name, value;

    TMG_TRY(first_owed(db, a, &name, &value, err));
    if (name.ptr == NULL)
        return TMG_OK;
    c->again_submitted = false; /* one more slice does no harm */
    submit(c);
    return TMG_OK;
}
