#include "risk/risk.h"

typedef struct figures {
    tmg_arena *arena;
    tmg_figure *f;
    size_t count, room;
} figures;

void tmg_tally_add(tmg_tally *to, const tmg_tally *more)
{
    to->arrived += more->arrived;
    to->inspected += more->inspected;
    to->hits += more->hits;
    to->fraud += more->fraud;
    to->critical += more->critical;
    to->minutes += more->minutes;
    for (int action = 0; action <= TMG_ACT_WITHDRAW; action++)
        to->decisions[action] += more->decisions[action];
}

static tmg_figure *group_of(figures *fs, int64_t post_id, int lane, int by)
{
    for (size_t i = fs->count; i-- > 0;)
        if (fs->f[i].post_id == post_id && fs->f[i].lane == lane && fs->f[i].by == by)
            return &fs->f[i];
    if (fs->count == fs->room) {
        size_t room = fs->room > 0 ? 2 * fs->room : 64;
        tmg_figure *more = tmg_alloc_array(fs->arena, room, sizeof *more);

        if (fs->count > 0)
            memcpy(more, fs->f, fs->count * sizeof *more);
        fs->f = more;
        fs->room = room;
    }
    fs->f[fs->count] = (tmg_figure){.post_id = post_id, .lane = lane, .by = by};
    return &fs->f[fs->count++];
}

#define OUTCOMES                                                                                             \
    "count(*), count(r.id), count(CASE WHEN r.found_fraud = 1 OR r.found_critical = 1 THEN 1 END), "         \
    "count(CASE WHEN r.found_fraud = 1 THEN 1 END), count(CASE WHEN r.found_critical = 1 THEN 1 END), "      \
    "coalesce(sum(r.minutes), 0) "
/* The newest result, so that a consignment counts once. */
#define RESULT_OF(alias)                                                                                     \
    "LEFT JOIN result r ON r.id = (SELECT max(x.id) FROM result x WHERE x.consignment_id = " alias           \
    ".consignment_id) "

static tmg_rc add_outcomes(figures *fs, tmg_stmt *s, tmg_err *err)
{
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_tally t = {.arrived = tmg_col_i64(s, 3),
                       .inspected = tmg_col_i64(s, 4),
                       .hits = tmg_col_i64(s, 5),
                       .fraud = tmg_col_i64(s, 6),
                       .critical = tmg_col_i64(s, 7),
                       .minutes = tmg_col_i64(s, 8)};
        tmg_tally_add(&group_of(fs, tmg_col_i64(s, 0), (int)tmg_col_i64(s, 1), (int)tmg_col_i64(s, 2))->tally,
                      &t);
    }
}

static tmg_rc count_chosen(figures *fs, tmg_db *db, int32_t day_from, int32_t day_to, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT p.id, s.lane, s.selected_by, " OUTCOMES
                    "FROM post p JOIN selection s ON s.post_id = p.id AND s.day BETWEEN $1 AND $2 " RESULT_OF(
                        "s") "GROUP BY p.id, s.lane, s.selected_by",
                    &s, err));
    tmg_bind_i64(s, 1, day_from);
    tmg_bind_i64(s, 2, day_to);
    return add_outcomes(fs, s, err);
}

static tmg_rc count_history(figures *fs, tmg_db *db, int64_t from_ms, int64_t before_ms, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT d.post_id, 0, 0, " OUTCOMES "FROM declaration d " RESULT_OF(
                        "d") "WHERE d.superseded_at_ms IS NULL AND d.lodged_ms >= $1 AND d.lodged_ms < $2 "
                             "AND NOT EXISTS (SELECT 1 FROM selection s WHERE s.consignment_id = "
                             "d.consignment_id) GROUP BY d.post_id",
                    &s, err));
    tmg_bind_i64(s, 1, from_ms);
    tmg_bind_i64(s, 2, before_ms);
    return add_outcomes(fs, s, err);
}

static tmg_rc count_decisions(figures *fs, tmg_db *db, int32_t day_from, int32_t day_to, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT p.id, s.lane, s.selected_by, d.action, count(*) FROM post p "
                    "JOIN selection s ON s.post_id = p.id AND s.day BETWEEN $1 AND $2 "
                    "JOIN decision d ON d.consignment_id = s.consignment_id "
                    "GROUP BY p.id, s.lane, s.selected_by, d.action",
                    &s, err));
    tmg_bind_i64(s, 1, day_from);
    tmg_bind_i64(s, 2, day_to);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        int64_t action = tmg_col_i64(s, 3);
        tmg_figure *f = group_of(fs, tmg_col_i64(s, 0), (int)tmg_col_i64(s, 1), (int)tmg_col_i64(s, 2));

        if (action >= TMG_ACT_RELEASE && action <= TMG_ACT_WITHDRAW)
            f->tally.decisions[action] += tmg_col_i64(s, 4);
    }
}

tmg_rc tmg_figures(tmg_db *db, int32_t day_from, int32_t day_to, int offset_min, tmg_arena *a,
                   tmg_figure **ret, size_t *ret_count, tmg_err *err)
{
    figures fs = {.arena = a};

    TMG_TRY(count_chosen(&fs, db, day_from, day_to, err));
    TMG_TRY(count_history(&fs, db, tmg_day_start_ms(day_from, offset_min),
                          tmg_day_start_ms(day_to + 1, offset_min), err));
    TMG_TRY(count_decisions(&fs, db, day_from, day_to, err));
    *ret = fs.f;
    *ret_count = fs.count;
    return TMG_OK;
}
