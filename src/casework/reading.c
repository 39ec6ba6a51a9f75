#include "casework/reading_priv.h"

enum { LEAF_CAP = 1 << 16 };

void *tmg_grown(tmg_arena *a, void *list, size_t count, size_t *room, size_t size)
{
    void *more;

    if (list != NULL && count < *room)
        return list;
    *room = *room == 0 ? 16 : *room * 2;
    more = tmg_alloc_array(a, *room, size);
    if (count > 0)
        memcpy(more, list, count * size);
    return more;
}

static const char *count_of(const char *table)
{
    static const struct {
        const char *table, *sql;
    } known[] = {
        {"inspection_order",
         "SELECT count(*) FROM inspection_order WHERE number > $1 AND number < $1 || '~'"},
        {"seizure", "SELECT count(*) FROM seizure WHERE number > $1 AND number < $1 || '~'"},
        {"case_file", "SELECT count(*) FROM case_file WHERE number > $1 AND number < $1 || '~'"},
        {"exhibit", "SELECT count(*) FROM exhibit WHERE number > $1 AND number < $1 || '~'"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].table, table) == 0)
            return known[i].sql;
    return NULL;
}

tmg_rc tmg_next_number(tmg_db *db, const char *table, char letter, int64_t at_ms, tmg_arena *a, tmg_span *ret,
                       tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_stmt *s;
    bool row;
    TMG_AUTO_BUF date = {0};

    tmg_buf_init(&date, 32);
    tmg_day_write(&date, tmg_day_of(at_ms, 0));
    tmg_buf_init(&b, 64);
    tmg_buf_fmt(&b, "%c-%.4s-", letter, date.ptr);
    TMG_TRY(tmg_sql(db, count_of(table), &s, err));
    tmg_bind_text(s, 1, tmg_buf_as_span(&b));
    TMG_TRY(tmg_step(s, &row, err));
    int64_t so_far = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    tmg_buf_clear(&b);
    tmg_buf_fmt(&b, "%c-%.4s-%06lld", letter, date.ptr, (long long)so_far + 1);
    *ret = tmg_span_copy(a, tmg_buf_as_span(&b));
    return TMG_OK;
}

void tmg_leaf_begin(tmg_leaf *l)
{
    *l = (tmg_leaf){0};
    tmg_buf_init(&l->b, LEAF_CAP);
    tmg_json_begin(&l->j, &l->b);
    tmg_json_object(&l->j, NULL);
}

tmg_rc tmg_leaf_end(tmg_leaf *l, tmg_db *db, const tmg_actor *who, const char *action, const char *kind,
                    int64_t id, tmg_err *err)
{
    char object[96];

    tmg_json_end_object(&l->j);
    (void)snprintf(object, sizeof object, "%s:%lld", kind, (long long)id);
    tmg_rc rc = tmg_guard_log(db, who, action, object, (tmg_span){l->b.ptr + 1, l->b.len - 2}, err);
    tmg_buf_done(&l->b);
    return rc;
}

void tmg_bind_id(tmg_stmt *s, int at, int64_t id)
{
    if (id == 0)
        tmg_bind_null(s, at);
    else
        tmg_bind_i64(s, at, id);
}
