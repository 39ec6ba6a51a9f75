#include "store/declarations_priv.h"

enum { RESULT_COLUMN_COUNT = 13, VISIT_BYTES = 64 << 20 };
#define RESULT_COLUMNS                                                                                       \
    "r.id, r.consignment_id, r.declaration_id, r.happened_ms, r.known_at_ms, r.outcome, r.found_fraud, "     \
    "r.found_critical, r.means, r.minutes, r.recovered_minor, r.note, r.replaces"

static tmg_rc insert_result(tmg_db *db, const tmg_result *r, int64_t account_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO result (consignment_id, declaration_id, happened_ms, known_at_ms, outcome, found_fraud, "
        "found_critical, means, minutes, recovered_minor, note, account_id, replaces) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &s, err));
    tmg_bind_i64(s, 1, r->consignment_id);
    tmg_bind_i64(s, 2, r->declaration_id);
    tmg_bind_i64(s, 3, r->happened_ms);
    tmg_bind_i64(s, 4, r->known_at_ms);
    tmg_bind_i64(s, 5, r->outcome);
    tmg_bind_i64(s, 6, r->found[TMG_FRAUD]);
    tmg_bind_i64(s, 7, r->found[TMG_CRITICAL]);
    tmg_bind_i64(s, 8, r->means);
    tmg_bind_opt(s, 9, r->minutes);
    tmg_bind_opt(s, 10, r->recovered_minor);
    tmg_bind_text(s, 11, r->note);
    tmg_bind_opt(s, 12, account_id != 0 ? account_id : TMG_NONE);
    tmg_bind_opt(s, 13, r->replaces != 0 ? r->replaces : TMG_NONE);
    return tmg_exec(s, err);
}

/* The finds of the parties of this declaration change by so many. */
static tmg_rc count_find(tmg_db *db, int64_t declaration_id, int by, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO party_find (party_id, finds) SELECT party_id, $2 FROM ("
                    "SELECT consignor_id AS party_id FROM declaration WHERE id = $1 "
                    "UNION SELECT consignee_id FROM declaration WHERE id = $1 "
                    "UNION SELECT declarant_id FROM declaration WHERE id = $1 "
                    "UNION SELECT carrier_id FROM declaration WHERE id = $1) AS p "
                    "WHERE party_id IS NOT NULL "
                    "ON CONFLICT (party_id) DO UPDATE SET finds = party_find.finds + excluded.finds",
                    &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    tmg_bind_i64(s, 2, by);
    return tmg_exec(s, err);
}

/* The newest result of the consignment gives up its place to the one that comes. */
static tmg_rc take_place(tmg_db *db, tmg_result *r, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, declaration_id, found_fraud, found_critical FROM result WHERE "
                    "consignment_id = $1 ORDER BY id DESC LIMIT 1",
                    &s, err));
    tmg_bind_i64(s, 1, r->consignment_id);
    TMG_TRY(tmg_step(s, &row, err));
    r->replaces = row ? tmg_col_i64(s, 0) : 0;
    int64_t declaration_id = row ? tmg_col_i64(s, 1) : 0;
    bool found = row && (tmg_col_i64(s, 2) == TMG_FOUND_YES || tmg_col_i64(s, 3) == TMG_FOUND_YES);
    tmg_reset(s);
    return found ? count_find(db, declaration_id, -1, err) : TMG_OK;
}

tmg_rc tmg_party_finds(tmg_db *db, tmg_span party_code, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db, "SELECT finds FROM party_find WHERE party_id = (SELECT id FROM party WHERE code = $1)", &s, err));
    tmg_bind_text(s, 1, party_code);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc store_result(tmg_db *db, tmg_result *r, int64_t account_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(insert_result(db, r, account_id, err));
    int64_t id = tmg_last_id(db);
    if (r->found[TMG_FRAUD] == TMG_FOUND_YES || r->found[TMG_CRITICAL] == TMG_FOUND_YES)
        TMG_TRY(count_find(db, r->declaration_id, 1, err));
    for (size_t i = 0; i < r->seized_count; i++) {
        TMG_TRY(tmg_sql(
            db, "INSERT INTO seized (result_id, no, substance, mass_mg, count) VALUES ($1, $2, $3, $4, $5)",
            &s, err));
        tmg_bind_i64(s, 1, id);
        tmg_bind_i64(s, 2, (int64_t)i + 1);
        tmg_bind_text(s, 3, r->seized[i].substance);
        tmg_bind_opt(s, 4, r->seized[i].mass_mg);
        tmg_bind_opt(s, 5, r->seized[i].count);
        TMG_TRY(tmg_exec(s, err));
    }
    r->id = id;
    return TMG_OK;
}

tmg_rc tmg_result_save(tmg_db *db, tmg_result *r, int64_t account_id, tmg_err *err)
{
    TMG_TRY(take_place(db, r, err));
    return store_result(db, r, account_id, err);
}

tmg_rc tmg_result_save_first(tmg_db *db, tmg_result *r, int64_t account_id, tmg_err *err)
{
    r->replaces = 0;
    return store_result(db, r, account_id, err);
}

static tmg_rc read_seized(tmg_db *db, tmg_arena *a, tmg_result *r, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_seized)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT substance, mass_mg, count FROM seized WHERE result_id = $1 ORDER BY no", &s,
                    err));
    tmg_bind_i64(s, 1, r->id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_seized *)tmg_rows_next(&rows) = (tmg_seized){
            .substance = tmg_row_text(s, 0, a), .mass_mg = tmg_col_opt(s, 1), .count = tmg_col_opt(s, 2)};
    }
    r->seized = rows.at;
    r->seized_count = rows.count;
    return TMG_OK;
}

static tmg_rc read_result(tmg_db *db, tmg_stmt *s, tmg_arena *a, tmg_result *ret, tmg_err *err)
{
    *ret = (tmg_result){
        .id = tmg_col_i64(s, 0),
        .consignment_id = tmg_col_i64(s, 1),
        .declaration_id = tmg_col_i64(s, 2),
        .happened_ms = tmg_col_i64(s, 3),
        .known_at_ms = tmg_col_i64(s, 4),
        .outcome = (tmg_outcome)tmg_col_i64(s, 5),
        .found = {[TMG_FRAUD] = (tmg_found)tmg_col_i64(s, 6), [TMG_CRITICAL] = (tmg_found)tmg_col_i64(s, 7)},
        .means = (unsigned)tmg_col_i64(s, 8),
        .minutes = tmg_col_opt(s, 9),
        .recovered_minor = tmg_col_opt(s, 10),
        .note = tmg_row_text(s, 11, a),
        .replaces = tmg_col_i64(s, 12)};
    return read_seized(db, a, ret, err);
}

tmg_rc tmg_result_list(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_result **ret, size_t *ret_count,
                       tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_result)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT " RESULT_COLUMNS
                    " FROM result r WHERE r.consignment_id = $1 ORDER BY r.happened_ms, r.id",
                    &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_rc rc = read_result(db, s, a, tmg_rows_next(&rows), err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}

static tmg_rc visit_row(tmg_db *db, tmg_stmt *s, tmg_arena *a, tmg_result_visit visit, void *ctx,
                        tmg_err *err)
{
    tmg_declaration d;
    tmg_result r;

    tmg_arena_reset(a);
    TMG_TRY(read_result(db, s, a, &r, err));
    TMG_TRY(tmg_declaration_read(db, s, RESULT_COLUMN_COUNT, a, &d, err));
    return visit(ctx, &r, &d, err);
}

tmg_rc tmg_result_each(tmg_db *db, int64_t after, tmg_result_visit visit, void *ctx, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(VISIT_BYTES);
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db,
                "SELECT " RESULT_COLUMNS ", " TMG_DECLARATION_COLUMNS
                " FROM result r JOIN declaration d ON d.id = r.declaration_id WHERE r.id > $1 ORDER BY r.id",
                &s, err));
    tmg_bind_i64(s, 1, after);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_rc rc = visit_row(db, s, a, visit, ctx, err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
    }
}

tmg_rc tmg_result_load(tmg_db *db, int64_t id, tmg_arena *a, tmg_result *ret, tmg_declaration *ret_about,
                       tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT " RESULT_COLUMNS ", " TMG_DECLARATION_COLUMNS
                    " FROM result r JOIN declaration d ON d.id = r.declaration_id WHERE r.id = $1",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no control result %lld", (long long)id);
    tmg_rc rc = read_result(db, s, a, ret, err);
    if (rc == TMG_OK)
        rc = tmg_declaration_read(db, s, RESULT_COLUMN_COUNT, a, ret_about, err);
    tmg_reset(s);
    return rc;
}
