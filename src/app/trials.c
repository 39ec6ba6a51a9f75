/* The stored history in columns, kept per process for back-tests. */
#include "app/back_test_priv.h"
#include "store/stream.h"

enum { SCRATCH_MAX = 64 << 20, TOLD_EVERY = 5000 };

tmg_trials *tmg_trials_new(void)
{
    tmg_trials *t = tmg_xcalloc(1, sizeof *t);

    pthread_mutex_init(&t->lock, NULL);
    return t;
}

static void empty(tmg_trials *t)
{
    tmg_history_free(t->history);
    tmg_book_free(t->book);
    tmg_dict_free(t->dict);
    tmg_arena_free(t->scratch);
    free(t->all);
    free(t->of_row);
    t->history = NULL;
    t->book = NULL;
    t->dict = NULL;
    t->scratch = NULL;
    t->all = NULL;
    t->of_row = NULL;
    t->count = t->room = t->row_room = t->assessed = 0;
    t->result_id = 0;
}

void tmg_trials_free(tmg_trials *t)
{
    if (t == NULL)
        return;
    empty(t);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

static void begin(tmg_trials *t)
{
    t->dict = tmg_dict_new();
    t->book = tmg_book_new(t->dict);
    t->history = tmg_history_new(t->dict);
    t->scratch = tmg_arena_new(SCRATCH_MAX);
}

tmg_past_one *tmg_trials_find(const tmg_trials *t, int64_t declaration_id)
{
    size_t low = 0, high = t->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->all[middle].id < declaration_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->count && t->all[low].id == declaration_id ? &t->all[low] : NULL;
}

typedef struct filling {
    tmg_trials *trials;
    const tmg_back_test_ask *ask;
    int offset_min;
    int64_t done, of;
} filling;

static void add_rows(tmg_trials *t, const tmg_row *rows, size_t count)
{
    size_t before = tmg_history_count(t->history);

    if (before + count > t->row_room) {
        t->row_room = 2 * (before + count) + 1024;
        t->of_row = tmg_xrealloc(t->of_row, t->row_room * sizeof *t->of_row);
    }
    for (size_t i = 0; i < count; i++) {
        t->of_row[before + i] = (uint32_t)(t->count - 1);
        tmg_history_add(t->history, &rows[i]);
    }
}

static tmg_rc add_stored(void *ctx, const tmg_declaration *d, tmg_err *err)
{
    filling *f = ctx;
    tmg_trials *t = f->trials;
    tmg_row *rows;
    size_t count;

    (void)err;
    if (t->count == t->room) {
        t->room = 2 * t->room + 4096;
        t->all = tmg_xrealloc(t->all, t->room * sizeof *t->all);
    }
    tmg_arena_reset(t->scratch);
    count = tmg_rows_of(t->dict, d, f->offset_min, t->scratch, &rows);
    t->all[t->count++] =
        (tmg_past_one){.id = d->id,
                       .consignment_id = d->consignment_id,
                       .lodged_ms = d->lodged.at_ms,
                       .arrival_ms = d->expected_ms != TMG_NONE ? d->expected_ms : d->lodged.at_ms,
                       .first_row = tmg_history_count(t->history),
                       .post = tmg_dict_code(t->dict, d->post)};
    add_rows(t, rows, count);
    tmg_book_enter(t->book, rows, count);
    if (++f->done % TOLD_EVERY == 0 && f->ask->progress != NULL)
        f->ask->progress(f->ask->progress_ctx, f->done, f->of);
    return TMG_OK;
}

static void add_result(void *ctx, const tmg_result_brief *r)
{
    tmg_trials *t = ((filling *)ctx)->trials;
    tmg_past_one *one = tmg_trials_find(t, r->consignment_id);

    t->result_id = r->id;
    tmg_book_result(t->book, r->consignment_id, r->known_at_ms, r->fraud || r->critical);
    if (one == NULL)
        return;
    one->outcome = (uint8_t)r->outcome;
    one->fraud = r->fraud;
    one->critical = r->critical;
}

static tmg_rc stored_since(tmg_db *db, int64_t after, int64_t *ret_count, int64_t *ret_result, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT coalesce((SELECT max(id) FROM declaration), 0) - $1, "
                    "coalesce((SELECT max(id) FROM result), 0)",
                    &s, err));
    tmg_bind_i64(s, 1, after);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_count = row ? tmg_col_i64(s, 0) : 0;
    *ret_result = row ? tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_trials_catch_up(tmg_trials *t, const tmg_centre *c, tmg_db *db, const tmg_back_test_ask *ask,
                           tmg_err *err)
{
    filling f = {.trials = t, .ask = ask, .offset_min = c->settings.offset_min};
    int64_t newest_result;

    if (t->dict == NULL)
        begin(t);
    TMG_TRY(stored_since(db, t->count > 0 ? t->all[t->count - 1].id : 0, &f.of, &newest_result, err));
    if (f.of < 0 || newest_result < t->result_id) {
        /* A reader sees only what was committed, so this is another database under the same name. */
        empty(t);
        begin(t);
        TMG_TRY(stored_since(db, 0, &f.of, &newest_result, err));
    }
    if (f.of > 0)
        TMG_TRY(tmg_declaration_each(db, t->count > 0 ? t->all[t->count - 1].id : 0, add_stored, &f, err));
    return tmg_result_brief_each(db, t->result_id, add_result, &f, err);
}

tmg_rc tmg_trials_assessments(tmg_trials *t, tmg_db *db, tmg_err *err)
{
    tmg_stmt *s = NULL;

    if (t->assessed == t->count)
        return TMG_OK;
    TMG_TRY(
        tmg_sql(db,
                "SELECT declaration_id, fraud_ppb, critical_ppb FROM assessment WHERE declaration_id >= $1 "
                "ORDER BY declaration_id, as_of_ms",
                &s, err));
    tmg_bind_i64(s, 1, t->all[t->assessed].id);
    for (;;) {
        bool row = false;
        tmg_past_one *one;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        one = tmg_trials_find(t, tmg_col_i64(s, 0));
        if (one == NULL || one->assessed)
            continue;
        one->assessed = true;
        one->ppb[TMG_FRAUD] = tmg_col_i64(s, 1);
        one->ppb[TMG_CRITICAL] = tmg_col_i64(s, 2);
    }
    t->assessed = t->count;
    return TMG_OK;
}
