#include "risk/choosing.h"

static const tmg_capacity default_capacity = {
    .red = 10, .yellow = 20, .blue = 20, .random_ppm = 20000, .explore_ppm = 20000};
static const int64_t default_dial = 5000000;

tmg_rc tmg_capacity_at(tmg_db *db, int64_t post_id, int32_t day, int64_t as_of_ms, tmg_capacity *ret,
                       tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db,
                    "SELECT red, yellow, blue, random_ppm, explore_ppm FROM capacity WHERE post_id = $1 AND "
                    "(day = $2 OR day IS NULL) AND at_ms <= $3 ORDER BY day IS NULL, id DESC LIMIT 1",
                    &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_i64(s, 2, day);
    tmg_bind_i64(s, 3, as_of_ms);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row) {
        *ret = default_capacity;
        return TMG_OK;
    }
    *ret = (tmg_capacity){tmg_col_i64(s, 0), tmg_col_i64(s, 1), tmg_col_i64(s, 2), tmg_col_i64(s, 3),
                          tmg_col_i64(s, 4)};
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_capacity_get(tmg_db *db, int64_t post_id, int32_t day, tmg_capacity *ret, tmg_err *err)
{
    return tmg_capacity_at(db, post_id, day, INT64_MAX, ret, err);
}

tmg_rc tmg_capacity_put(tmg_db *db, int64_t post_id, int32_t day_or_none, const tmg_capacity *c,
                        int64_t account_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    if (c->red < 0 || c->yellow < 0 || c->blue < 0 || c->random_ppm < 0 || c->random_ppm > 1000000 ||
        c->explore_ppm < 0 || c->explore_ppm > TMG_EXPLORE_MOST_PPM)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "a capacity is 0 or more consignments a day for each lane, a random share of 0 to "
                        "1000000 ppm and a share for exploring of 0 to %d ppm",
                        TMG_EXPLORE_MOST_PPM);
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO capacity (post_id, day, red, yellow, blue, random_ppm, explore_ppm, at_ms, "
                    "account_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_opt(s, 2, day_or_none == INT32_MIN ? TMG_NONE : day_or_none);
    tmg_bind_i64(s, 3, c->red);
    tmg_bind_i64(s, 4, c->yellow);
    tmg_bind_i64(s, 5, c->blue);
    tmg_bind_i64(s, 6, c->random_ppm);
    tmg_bind_i64(s, 7, c->explore_ppm);
    tmg_bind_i64(s, 8, tmg_now_ms());
    tmg_bind_opt(s, 9, account_id != 0 ? account_id : TMG_NONE);
    return tmg_exec(s, err);
}

tmg_rc tmg_dial_get(tmg_db *db, int64_t *ret_w_minor, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db, "SELECT w_minor FROM dial ORDER BY id DESC LIMIT 1", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret_w_minor = row ? tmg_col_i64(s, 0) : default_dial;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_dial_put(tmg_db *db, int64_t w_minor, int64_t account_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    if (w_minor < 0)
        return TMG_FAIL(err, TMG_E_INVALID, "the worth of finding a critical case cannot be negative");
    TMG_TRY(tmg_sql(db, "INSERT INTO dial (w_minor, at_ms, account_id) VALUES ($1, $2, $3)", &s, err));
    tmg_bind_i64(s, 1, w_minor);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_opt(s, 3, account_id != 0 ? account_id : TMG_NONE);
    return tmg_exec(s, err);
}
