#include "store/records.h"
#include "store/store_priv.h"

tmg_rc tmg_post_save(tmg_db *db, const tmg_post *p, int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    if (p->code.len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "a post needs a code: state it");
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO post (code, name, neighbour, lat_e7, lon_e7) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
        "(code) "
        "DO UPDATE SET name = excluded.name, neighbour = excluded.neighbour, lat_e7 = excluded.lat_e7, "
        "lon_e7 = excluded.lon_e7 RETURNING id",
        &s, err));
    tmg_bind_text(s, 1, p->code);
    tmg_bind_text(s, 2, p->name.len > 0 ? p->name : p->code);
    tmg_bind_text(s, 3, p->neighbour);
    tmg_bind_i64(s, 4, p->lat_e7);
    tmg_bind_i64(s, 5, p->lon_e7);
    TMG_TRY(tmg_step(s, &row, err));
    int64_t id = tmg_col_i64(s, 0);
    TMG_TRY(tmg_exec(s, err));
    *ret_id = id;
    return TMG_OK;
}

static tmg_post read_post(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_post){.id = tmg_col_i64(s, 0),
                      .code = tmg_row_text(s, 1, a),
                      .name = tmg_row_text(s, 2, a),
                      .neighbour = tmg_row_text(s, 3, a),
                      .lat_e7 = (int32_t)tmg_col_i64(s, 4),
                      .lon_e7 = (int32_t)tmg_col_i64(s, 5)};
}

tmg_rc tmg_post_by_code(tmg_db *db, tmg_span code, tmg_arena *a, tmg_post *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db, "SELECT id, code, name, neighbour, lat_e7, lon_e7 FROM post WHERE code = $1", &s, err));
    tmg_bind_text(s, 1, code);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no post %.*s: see the list of posts",
                        TMG_SPAN_ARG(code));
    *ret = read_post(s, a);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_post_list(tmg_db *db, tmg_arena *a, tmg_post **ret, size_t *ret_count, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_post)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id, code, name, neighbour, lat_e7, lon_e7 FROM post ORDER BY code", &s, err));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_post *)tmg_rows_next(&rows) = read_post(s, a);
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}
