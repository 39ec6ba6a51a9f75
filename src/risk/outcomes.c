#include "risk/choosing.h"

typedef struct outcomes {
    tmg_arena *arena;
    tmg_outcome_row *rows;
    size_t count, room;
} outcomes;

/* After the columns that say how it was chosen come the same for all. */
#define OF_THE_DECLARATION                                                                                   \
    "d.value_minor, d.lodged_ms, d.expected_ms, d.consignee_id, d.transport_mode, d.departure, i.hs, "       \
    "i.origin, r.found_fraud, r.found_critical, r.known_at_ms, r.happened_ms, "                              \
    "(SELECT sum(z.mass_mg) FROM seized z WHERE z.result_id = r.id), "                                       \
    "(SELECT min(c.at_ms) FROM decision c WHERE c.consignment_id = d.consignment_id AND c.action IN (1, "    \
    "2)) "
#define ITS_ITEM_AND_RESULT                                                                                  \
    "LEFT JOIN item i ON i.declaration_id = d.id AND "                                                       \
    "i.no = (SELECT min(n.no) FROM item n WHERE n.declaration_id = d.id) "                                   \
    "LEFT JOIN result r ON r.id = (SELECT max(x.id) FROM result x WHERE x.consignment_id = "                 \
    "d.consignment_id) "

bool tmg_outcome_designed(const tmg_outcome_row *r)
{
    return r->lane == TMG_LANE_RED && r->by != TMG_BY_OFFICER && r->by != TMG_BY_NONE;
}

static void copy_code(char *to, size_t room, tmg_span s)
{
    size_t len = s.len < room - 1 ? s.len : room - 1;

    if (len > 0)
        memcpy(to, s.ptr, len);
    to[len] = '\0';
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t waited(int64_t lodged_ms, int64_t expected_ms, int64_t decided_ms, int64_t happened_ms)
{
    int64_t end = decided_ms != TMG_NONE ? decided_ms : happened_ms;

    if (end == TMG_NONE)
        return TMG_NONE;
    int64_t wait = end - (expected_ms != TMG_NONE ? later(lodged_ms, expected_ms) : lodged_ms);

    return wait > 0 ? wait : 0;
}

static int32_t day_of_row(tmg_stmt *s, int at, int offset_min)
{
    int64_t stored = tmg_col_opt(s, at);

    return stored != TMG_NONE ? (int32_t)stored : tmg_day_of(tmg_col_i64(s, 10), offset_min);
}

static void read_row(tmg_stmt *s, int offset_min, tmg_outcome_row *ret)
{
    *ret = (tmg_outcome_row){
        .consignment_id = tmg_col_i64(s, 0),
        .post_id = tmg_col_i64(s, 1),
        .day = day_of_row(s, 2, offset_min),
        .lane = (int)tmg_col_i64(s, 3),
        .by = (int)tmg_col_i64(s, 4),
        .propensity_ppb = tmg_col_opt(s, 5),
        .ppb = {tmg_col_i64(s, 6), tmg_col_i64(s, 7)},
        .declaration_id = tmg_col_i64(s, 8),
        .value_minor = tmg_col_opt(s, 9),
        .consignee_id = tmg_col_i64(s, 12),
        .known_at_ms = tmg_col_opt(s, 19),
        .seized_mg = tmg_col_i64(s, 21),
        .waited_ms = waited(tmg_col_i64(s, 10), tmg_col_opt(s, 11), tmg_col_opt(s, 22), tmg_col_opt(s, 20)),
    };
    ret->inspected = ret->known_at_ms != TMG_NONE;
    ret->found[TMG_FRAUD] = ret->inspected ? (int8_t)tmg_col_i64(s, 17) : (int8_t)TMG_FOUND_UNKNOWN;
    ret->found[TMG_CRITICAL] = ret->inspected ? (int8_t)tmg_col_i64(s, 18) : (int8_t)TMG_FOUND_UNKNOWN;
    copy_code(ret->mode, sizeof ret->mode, tmg_col_text(s, 13));
    copy_code(ret->departure, sizeof ret->departure, tmg_col_text(s, 14));
    copy_code(ret->hs2, sizeof ret->hs2, tmg_col_text(s, 15));
    copy_code(ret->origin, sizeof ret->origin, tmg_col_text(s, 16));
}

static bool is_asked_for(int64_t post_id, const int64_t *post_ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (post_ids[i] == post_id)
            return true;
    return post_ids == NULL;
}

static tmg_rc add_rows(outcomes *os, tmg_stmt *s, const int64_t *post_ids, size_t post_count, int offset_min,
                       tmg_err *err)
{
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (!is_asked_for(tmg_col_i64(s, 1), post_ids, post_count))
            continue;
        if (os->count == os->room) {
            size_t room = os->room > 0 ? 2 * os->room : 1024;
            tmg_outcome_row *more = tmg_alloc_array(os->arena, room, sizeof *more);

            if (os->count > 0)
                memcpy(more, os->rows, os->count * sizeof *more);
            os->rows = more;
            os->room = room;
        }
        read_row(s, offset_min, &os->rows[os->count++]);
        if (tmg_arena_full(os->arena)) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT, "too many consignments for one answer: ask for fewer days");
        }
    }
}

static int by_day(const void *a, const void *b)
{
    const tmg_outcome_row *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->consignment_id > y->consignment_id) - (x->consignment_id < y->consignment_id);
}

tmg_rc tmg_outcomes_read(tmg_db *db, const int64_t *post_ids, size_t post_count, int32_t day_from,
                         int32_t day_to, int offset_min, tmg_arena *a, tmg_outcome_row **ret,
                         size_t *ret_count, tmg_err *err)
{
    outcomes os = {.arena = a};
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT s.consignment_id, s.post_id, s.day, s.lane, s.selected_by, s.propensity_ppb, "
                    "s.fraud_ppb, s.critical_ppb, d.id, " OF_THE_DECLARATION
                    "FROM selection s JOIN declaration d ON d.id = s.declaration_id " ITS_ITEM_AND_RESULT
                    "WHERE s.day BETWEEN $1 AND $2",
                    &s, err));
    tmg_bind_i64(s, 1, day_from);
    tmg_bind_i64(s, 2, day_to);
    TMG_TRY(add_rows(&os, s, post_ids, post_count, offset_min, err));
    TMG_TRY(tmg_sql(
        db,
        "SELECT d.consignment_id, d.post_id, NULL, 0, 0, NULL, m.fraud_ppb, m.critical_ppb, "
        "0, " OF_THE_DECLARATION
        "FROM declaration d LEFT JOIN assessment m ON m.declaration_id = d.id AND m.as_of_ms = "
        "(SELECT min(n.as_of_ms) FROM assessment n WHERE n.declaration_id = d.id) " ITS_ITEM_AND_RESULT
        "WHERE d.superseded_at_ms IS NULL AND d.lodged_ms >= $1 AND d.lodged_ms < $2 AND "
        "NOT EXISTS (SELECT 1 FROM selection s WHERE s.consignment_id = d.consignment_id)",
        &s, err));
    tmg_bind_i64(s, 1, tmg_day_start_ms(day_from, offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(day_to + 1, offset_min));
    TMG_TRY(add_rows(&os, s, post_ids, post_count, offset_min, err));
    if (os.count > 1)
        qsort(os.rows, os.count, sizeof *os.rows, by_day);
    *ret = os.rows;
    *ret_count = os.count;
    return TMG_OK;
}
