/* What was drawn for a day, stated in the log before the day's key becomes known: with the key anyone can
 * then compute each draw and see that nobody who was drawn was left out (guard/verify_draws.c does). */
#include "app/centre_priv.h"
#include "base/json.h"

enum { ROWS_A_LEAF = 400, ROOM = 256 << 10 };

typedef struct statement {
    tmg_centre *centre;
    tmg_db *db;
    int32_t day;
    int64_t post_id; /* of the open leaf */
    size_t rows;
    tmg_buf b;
    tmg_json_out j;
} statement;

static tmg_rc close_leaf(statement *st, tmg_err *err)
{
    tmg_actor who = tmg_actor_centre();

    if (st->rows == 0)
        return TMG_OK;
    tmg_json_end_array(&st->j);
    tmg_json_end_object(&st->j);
    st->rows = 0;
    return tmg_guard_log(st->db, &who, "draws.stated", tmg_object_of("post", st->post_id).text,
                         tmg_members(&st->b), err);
}

static tmg_rc open_leaf(statement *st, int64_t post_id, tmg_err *err)
{
    int64_t end_ms = tmg_day_start_ms(st->day + 1, st->centre->settings.offset_min);
    tmg_capacity cap;
    TMG_AUTO_BUF date = {0};

    TMG_TRY(tmg_capacity_at(st->db, post_id, st->day, end_ms, &cap, err));
    st->post_id = post_id;
    tmg_buf_init(&date, 32);
    tmg_day_write(&date, st->day);
    tmg_buf_clear(&st->b);
    tmg_json_begin(&st->j, &st->b);
    tmg_json_object(&st->j, NULL);
    tmg_json_z(&st->j, "day", date.ptr);
    tmg_json_i64(&st->j, "post", post_id);
    tmg_json_i64(&st->j, "red", cap.red);
    tmg_json_i64(&st->j, "random_ppm", cap.random_ppm);
    tmg_json_array(&st->j, "drawn_from");
    return TMG_OK;
}

/* ref, lane, by, state, share_ppb, draw, propensity_ppb, and of a rule its name, lane, share_ppm and draw. */
static void write_row(tmg_json_out *j, tmg_stmt *s)
{
    tmg_json_array(j, NULL);
    tmg_json_text(j, NULL, tmg_col_text(s, 1));
    tmg_json_z(j, NULL, tmg_lane_name((tmg_lane)tmg_col_i64(s, 2)));
    tmg_json_z(j, NULL, tmg_selected_by_name((tmg_selected_by)tmg_col_i64(s, 3)));
    tmg_json_z(j, NULL, tmg_sel_state_name((tmg_sel_state)tmg_col_i64(s, 4)));
    for (int at = 5; at <= 7; at++)
        tmg_json_i64(j, NULL, tmg_col_i64(s, at));
    if (tmg_col_text(s, 8).ptr != NULL) {
        tmg_json_text(j, NULL, tmg_col_text(s, 8));
        tmg_json_z(j, NULL, tmg_lane_name((tmg_lane)tmg_col_i64(s, 9)));
        tmg_json_i64(j, NULL, tmg_col_i64(s, 10));
        tmg_json_i64(j, NULL, tmg_col_i64(s, 11));
    }
    tmg_json_end_array(j);
}

static tmg_rc state_rows(statement *st, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        st->db,
        "SELECT s.post_id, d.ref, s.lane, s.selected_by, s.state, s.share_ppb, s.draw, s.propensity_ppb, "
        "s.rule, s.rule_lane, s.rule_share_ppm, s.rule_draw FROM selection s JOIN declaration d ON "
        "d.id = s.declaration_id WHERE s.day = $1 AND s.draw IS NOT NULL ORDER BY s.post_id, d.ref",
        &s, err));
    tmg_bind_i64(s, 1, st->day);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return close_leaf(st, err);
        int64_t post_id = tmg_col_i64(s, 0);
        tmg_rc rc = TMG_OK;

        if (st->rows == ROWS_A_LEAF || (st->rows > 0 && post_id != st->post_id))
            rc = close_leaf(st, err);
        if (rc == TMG_OK && st->rows == 0)
            rc = open_leaf(st, post_id, err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
        write_row(&st->j, s);
        st->rows++;
    }
}

tmg_rc tmg_state_draws(tmg_centre *c, tmg_db *db, int32_t day, tmg_err *err)
{
    statement st = {.centre = c, .db = db, .day = day};

    tmg_buf_init(&st.b, ROOM);
    tmg_rc rc = state_rows(&st, err);
    tmg_buf_done(&st.b);
    return rc;
}
