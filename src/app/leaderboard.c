/* Rules, profiles, chance and officers' own picks on one scale. */
#include "app/rules_priv.h"

enum { PERMILLE = 1000 };

int64_t tmg_lift_milli(int64_t count, int64_t of, int64_t base_count, int64_t base_of)
{
    if (of == 0 || base_count == 0 || base_of == 0)
        return TMG_NONE;
    return count * 1000000 / of * PERMILLE /
           (base_count * 1000000 / base_of + (base_count * 1000000 < base_of));
}

/* The newest result of a consignment, and what it says. */
#define OUTCOMES                                                                                             \
    "count(*), count(r.id), count(CASE WHEN r.found_fraud = 1 OR r.found_critical = 1 THEN 1 END), "         \
    "count(CASE WHEN r.found_fraud = 1 THEN 1 END), count(CASE WHEN r.found_critical = 1 THEN 1 END), "      \
    "coalesce(sum(r.minutes), 0), coalesce(sum((SELECT sum(z.mass_mg) FROM seized z WHERE z.result_id = "    \
    "r.id)), 0) "
#define RESULT_OF(column)                                                                                    \
    "LEFT JOIN result r ON r.id = (SELECT max(x.id) FROM result x WHERE x.consignment_id = " column ") "

typedef struct board {
    tmg_board *to;
    tmg_arena *arena;
    size_t room;
} board;

static tmg_board_entry *add_entry(board *b, tmg_stmt *s)
{
    if (b->to->count == b->room) {
        tmg_board_entry *more = tmg_alloc_array(b->arena, b->room = 2 * b->room + 32, sizeof *more);

        if (b->to->count > 0)
            memcpy(more, b->to->entries, b->to->count * sizeof *more);
        b->to->entries = more;
    }
    tmg_board_entry *e = &b->to->entries[b->to->count++];

    *e = (tmg_board_entry){.hits = tmg_col_i64(s, 1),
                           .inspected = tmg_col_i64(s, 2),
                           .found = tmg_col_i64(s, 3),
                           .fraud = tmg_col_i64(s, 4),
                           .critical = tmg_col_i64(s, 5),
                           .minutes = tmg_col_i64(s, 6),
                           .seized_mg = tmg_col_i64(s, 7)};
    return e;
}

static tmg_rc read_ways(board *b, tmg_db *db, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT s.selected_by, " OUTCOMES "FROM selection s " RESULT_OF(
                        "s.consignment_id") "WHERE s.day BETWEEN $1 AND $2 GROUP BY s.selected_by",
                    &s, err));
    tmg_bind_i64(s, 1, b->to->from_day);
    tmg_bind_i64(s, 2, b->to->to_day);
    for (;;) {
        bool row = false;
        int by;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        by = (int)tmg_col_i64(s, 0);
        if (by == TMG_BY_NONE)
            continue;
        tmg_board_entry *e = add_entry(b, s);

        e->by = by;
        e->name = tmg_span_of(tmg_selected_by_name((tmg_selected_by)by));
        if (by == TMG_BY_RANDOM) {
            b->to->random_inspected = e->inspected;
            b->to->random_found = e->found;
        }
    }
}

static tmg_rc read_rules(board *b, tmg_db *db, int offset_min, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db,
        "SELECT g.version_id, " OUTCOMES
        ", n.name, v.version, v.state, v.text FROM (SELECT DISTINCT h.rule_version_id AS version_id, "
        "d.consignment_id AS consignment_id FROM rule_hit h JOIN declaration d ON d.id = h.declaration_id "
        "WHERE h.at_ms >= $1 AND h.at_ms < $2) g JOIN rule_version v ON v.id = g.version_id "
        "JOIN rule n ON n.id = v.rule_id " RESULT_OF("g.consignment_id") "GROUP BY g.version_id, n.name, "
                                                                         "v.version, v.state, v.text",
        &s, err));
    tmg_bind_i64(s, 1, tmg_day_start_ms(b->to->from_day, offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(b->to->to_day + 1, offset_min));
    for (;;) {
        const tmg_rule_lexicon nothing = {.today = INT32_MIN};
        bool row = false;
        tmg_reading r;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_board_entry *e = add_entry(b, s);

        e->version_id = tmg_col_i64(s, 0);
        e->name = tmg_span_copy(b->arena, tmg_col_text(s, 8));
        e->version = (int32_t)tmg_col_i64(s, 9);
        e->state = tmg_rule_state_of(tmg_col_text(s, 10));
        tmg_rules_read(tmg_span_copy(b->arena, tmg_col_text(s, 11)), &nothing, b->arena, &r);
        if (r.rule_count == 1) {
            e->title = r.rules[0].title;
            memcpy(e->title_in, r.rules[0].in[TMG_SAYS_TITLE], sizeof e->title_in);
        }
    }
}

static tmg_rc read_all(board *b, tmg_db *db, int offset_min, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db,
        "SELECT count(*), count(CASE WHEN r.found_fraud = 1 OR r.found_critical = 1 THEN 1 END) "
        "FROM declaration d JOIN result r ON r.id = (SELECT max(x.id) FROM result x "
        "WHERE x.consignment_id = d.consignment_id) WHERE d.id = d.consignment_id AND d.lodged_ms >= $1 "
        "AND d.lodged_ms < $2",
        &s, err));
    tmg_bind_i64(s, 1, tmg_day_start_ms(b->to->from_day, offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(b->to->to_day + 1, offset_min));
    TMG_TRY(tmg_step(s, &row, err));
    b->to->all_inspected = row ? tmg_col_i64(s, 0) : 0;
    b->to->all_found = row ? tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static void write_percent(tmg_buf *b, int64_t ppm)
{
    tmg_buf_fmt(b, "%lld.%lld %%", (long long)(ppm / 10000), (long long)(ppm / 1000 % 10));
}

/* One sentence: how much it found, and what to do about it. */
static void judge(const tmg_board *all, tmg_board_entry *e, tmg_arena *a)
{
    tmg_rate mine = tmg_wilson(e->found, e->inspected),
             chance = tmg_wilson(all->random_found, all->random_inspected);
    bool enough = e->inspected >= TMG_BOARD_LEAST && all->random_inspected >= TMG_BOARD_LEAST;
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 12);
    e->retire = e->state == TMG_RULE_LIVE && enough && mine.high_ppm < chance.ppm;
    if (e->inspected == 0) {
        tmg_buf_fmt(&b, "%lld hits, none inspected yet", (long long)e->hits);
    } else {
        tmg_buf_fmt(&b, "%lld of %lld inspected found something: ", (long long)e->found,
                    (long long)e->inspected);
        write_percent(&b, mine.low_ppm);
        tmg_buf_z(&b, " to ");
        write_percent(&b, mine.high_ppm);
    }
    if (e->retire) {
        tmg_buf_z(&b, "; surely less than chance finds (");
        write_percent(&b, chance.ppm);
        tmg_buf_z(&b, "): retire it or make it sharper");
    } else if (e->state == TMG_RULE_LIVE && e->inspected > 0 && !enough) {
        tmg_buf_z(&b, "; too few to hold it against chance");
    }
    e->words = tmg_span_copy(a, tmg_buf_as_span(&b));
}

static int surest_first(const void *a, const void *b)
{
    const tmg_board_entry *x = a, *y = b;
    int64_t low_x = x->inspected > 0 ? tmg_wilson(x->found, x->inspected).low_ppm : -1;
    int64_t low_y = y->inspected > 0 ? tmg_wilson(y->found, y->inspected).low_ppm : -1;

    if (low_x != low_y)
        return low_x > low_y ? -1 : 1;
    if (x->hits != y->hits)
        return x->hits > y->hits ? -1 : 1;
    return x->version_id < y->version_id ? -1 : x->version_id > y->version_id;
}

tmg_rc tmg_board_read(const tmg_centre *c, tmg_db *db, int32_t from_day, int32_t to_day, tmg_arena *a,
                      tmg_board *ret, tmg_err *err)
{
    tmg_board all = {.from_day = from_day, .to_day = to_day};
    board b = {.to = &all, .arena = a};
    int offset = c->settings.offset_min;

    TMG_TRY(read_ways(&b, db, err));
    TMG_TRY(read_rules(&b, db, offset, err));
    TMG_TRY(read_all(&b, db, offset, err));
    for (size_t i = 0; i < all.count; i++)
        judge(&all, &all.entries[i], a);
    if (all.count > 1)
        qsort(all.entries, all.count, sizeof *all.entries, surest_first);
    *ret = all;
    return TMG_OK;
}
