#include "casework/reading_priv.h"

static tmg_exhibit exhibit_of(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_exhibit){.id = tmg_col_i64(s, 0),
                         .seizure_id = tmg_col_i64(s, 1),
                         .line_id = tmg_col_i64(s, 2),
                         .made_ms = tmg_col_i64(s, 3),
                         .retention_until_ms = tmg_col_opt(s, 4),
                         .number = tmg_span_copy(a, tmg_col_text(s, 5)),
                         .words = tmg_span_copy(a, tmg_col_text(s, 6)),
                         .open_incidents = tmg_col_i64(s, 14),
                         .flow = {.id = tmg_col_i64(s, 7),
                                  .about_id = tmg_col_i64(s, 0),
                                  .state = tmg_span_copy(a, tmg_col_text(s, 8)),
                                  .since_ms = tmg_col_i64(s, 9),
                                  .due_ms = tmg_col_opt(s, 10),
                                  .escalated_ms = tmg_col_opt(s, 11),
                                  .author_id = tmg_col_i64(s, 12),
                                  .kind = TMG_SPAN("evidence")}};
}

#define COLUMNS                                                                                              \
    "SELECT e.id, e.seizure_id, e.line_id, e.made_ms, e.retention_until_ms, e.number, e.words, i.id, "       \
    "i.state, i.since_ms, i.due_ms, i.escalated_ms, i.author_id, z.post_id, (SELECT count(*) FROM incident " \
    "x "                                                                                                     \
    "JOIN flow_item y ON y.kind = 'incident' AND y.about_id = x.id WHERE x.about = 'exhibit:' || e.id AND "  \
    "y.state <> 'closed') FROM exhibit e JOIN flow_item "                                                    \
    "i ON i.kind = 'evidence' AND i.about_id = e.id JOIN seizure z ON z.id = e.seizure_id "
enum { POST = 13 };

tmg_rc tmg_exhibit_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_exhibit *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, COLUMNS "WHERE e.id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no exhibit %lld", (long long)id);
    *ret = exhibit_of(s, a);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_exhibit_list(tmg_db *db, const tmg_actor *who, tmg_span state, size_t most, tmg_arena *a,
                        tmg_exhibit **ret, size_t *ret_count, tmg_err *err)
{
    tmg_exhibit *list = NULL;
    size_t room = 0, count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, COLUMNS "WHERE i.state = $1 OR $1 IS NULL ORDER BY e.id DESC", &s, err));
    tmg_bind_text(s, 1, state);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (count == most) {
            tmg_reset(s);
            break;
        }
        if (!tmg_actor_sees(who, tmg_col_i64(s, POST)))
            continue;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = exhibit_of(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
