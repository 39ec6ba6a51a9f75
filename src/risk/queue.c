#include "risk/selections_priv.h"

/* First the order of everything asked for by number alone, then the whole rows of one page. */
typedef struct entry {
    int64_t consignment_id, utility_minor;
} entry;

typedef struct entries {
    entry *e;
    size_t count, room;
} entries;

static int by_utility(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->utility_minor != y->utility_minor)
        return x->utility_minor > y->utility_minor ? -1 : 1;
    return (x->consignment_id > y->consignment_id) - (x->consignment_id < y->consignment_id);
}

static void add(entries *es, tmg_arena *a, entry e)
{
    if (es->count == es->room) {
        size_t room = es->room > 0 ? 2 * es->room : 256;
        entry *more = tmg_alloc_array(a, room, sizeof *more);
        if (es->count > 0)
            memcpy(more, es->e, es->count * sizeof *more);
        es->e = more;
        es->room = room;
    }
    es->e[es->count++] = e;
}

static tmg_rc take(tmg_stmt *s, tmg_arena *a, entries *es, tmg_err *err)
{
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        add(es, a, (entry){tmg_col_i64(s, 0), tmg_col_i64(s, 1)});
        if (tmg_arena_full(a)) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT,
                            "the queue holds too much for one answer: ask for fewer days or posts");
        }
    }
}

static tmg_rc collect_days(tmg_db *db, int64_t post_id, const tmg_queue_query *q, tmg_arena *a, entries *es,
                           tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(
        db,
        "SELECT consignment_id, utility_minor FROM selection WHERE post_id = $1 AND day BETWEEN $2 AND $3 "
        "AND ($4 = 0 OR lane = $4) AND ($5 = 0 OR state IN (1, 2)) AND ($6 = 0 OR state = $6) "
        "AND ($7 = 0 OR wake_ms IS NULL)",
        &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_i64(s, 2, q->day_from);
    tmg_bind_i64(s, 3, q->day_to);
    tmg_bind_i64(s, 4, q->lane);
    tmg_bind_i64(s, 5, q->only_open ? 1 : 0);
    tmg_bind_i64(s, 6, q->only_state);
    tmg_bind_i64(s, 7, q->part == TMG_QUEUE_AWAKE ? 1 : 0);
    return take(s, a, es, err);
}

/* What slept may wake after its day of arrival: it is looked for whatever its day. */
static tmg_rc collect_slept(tmg_db *db, int64_t post_id, const tmg_queue_query *q, tmg_arena *a, entries *es,
                            tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(db,
                    "SELECT consignment_id, utility_minor FROM selection WHERE wake_ms IS NOT NULL "
                    "AND +post_id = $1 AND ($2 = 0 OR lane = $2) AND state = $3",
                    &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_i64(s, 2, q->lane);
    tmg_bind_i64(s, 3, q->part == TMG_QUEUE_SNOOZED ? TMG_SEL_WAITING : TMG_SEL_OPEN);
    return take(s, a, es, err);
}

static tmg_rc collect_post(tmg_db *db, int64_t post_id, const tmg_queue_query *q, tmg_arena *a, entries *es,
                           tmg_err *err)
{
    if (q->part == TMG_QUEUE_ALL || q->part == TMG_QUEUE_AWAKE)
        TMG_TRY(collect_days(db, post_id, q, a, es, err));
    return q->part == TMG_QUEUE_ALL ? TMG_OK : collect_slept(db, post_id, q, a, es, err);
}

static tmg_rc all_posts(tmg_db *db, tmg_arena *a, int64_t **ret, size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM post", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    size_t room = row ? (size_t)tmg_col_i64(s, 0) : 0, count = 0;
    tmg_reset(s);
    int64_t *ids = tmg_alloc_array(a, room + 1, sizeof *ids);
    TMG_TRY(tmg_sql(db, "SELECT id FROM post ORDER BY id", &s, err));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (count < room)
            ids[count++] = tmg_col_i64(s, 0);
    }
    *ret = ids;
    *ret_count = count;
    return TMG_OK;
}

static tmg_rc collect(tmg_db *db, const tmg_queue_query *q, tmg_arena *a, entries *es, tmg_err *err)
{
    int64_t *every = NULL;
    const int64_t *posts = q->post_ids;
    size_t count = q->post_count;
    if (posts == NULL) {
        TMG_TRY(all_posts(db, a, &every, &count, err));
        posts = every;
    }
    for (size_t i = 0; i < count; i++)
        TMG_TRY(collect_post(db, posts[i], q, a, es, err));
    return TMG_OK;
}

tmg_rc tmg_queue(tmg_db *db, const tmg_queue_query *q, tmg_arena *a, tmg_selection **ret, size_t *ret_count,
                 tmg_err *err)
{
    entries es = {0};
    TMG_TRY(collect(db, q, a, &es, err));
    if (es.count > 1)
        qsort(es.e, es.count, sizeof *es.e, by_utility);
    if (q->total != NULL)
        *q->total = es.count;
    size_t from = q->skip < es.count ? q->skip : es.count;
    size_t count = es.count - from < q->most ? es.count - from : q->most;
    tmg_selection *page = tmg_alloc_array(a, count + 1, sizeof *page);
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_selection_get(db, es.e[from + i].consignment_id, a, &page[i], err));
    *ret = page;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_queue_asleep(tmg_db *db, const int64_t *post_ids, size_t post_count, size_t *ret_snoozed,
                        size_t *ret_woke, tmg_err *err)
{
    size_t count[TMG_SEL_CLOSED + 1] = {0};
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(db, "SELECT post_id, state FROM selection WHERE wake_ms IS NOT NULL AND state IN (1, 2)",
                    &s, err));
    for (;;) {
        bool row = false, wanted = post_ids == NULL;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        for (size_t i = 0; i < post_count && !wanted; i++)
            wanted = post_ids[i] == tmg_col_i64(s, 0);
        if (wanted)
            count[tmg_col_i64(s, 1)]++;
    }
    *ret_snoozed = count[TMG_SEL_WAITING];
    *ret_woke = count[TMG_SEL_OPEN];
    return TMG_OK;
}
