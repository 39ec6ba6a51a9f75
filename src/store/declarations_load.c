#include "store/declarations_priv.h"

tmg_item tmg_row_item(tmg_stmt *s, int from, tmg_arena *a)
{
    return (tmg_item){.no = (int32_t)tmg_col_i64(s, from),
                      .hs = tmg_row_text(s, from + 1, a),
                      .description = tmg_row_text(s, from + 2, a),
                      .origin = tmg_row_text(s, from + 3, a),
                      .origin_marking = tmg_row_text(s, from + 4, a),
                      .gross_mg = tmg_col_opt(s, from + 5),
                      .net_mg = tmg_col_opt(s, from + 6),
                      .packages = tmg_col_opt(s, from + 7),
                      .package_kind = tmg_row_text(s, from + 8, a),
                      .quantity_milli = tmg_col_opt(s, from + 9),
                      .unit = tmg_row_text(s, from + 10, a),
                      .value_minor = tmg_col_opt(s, from + 11),
                      .tax_rate_bp = tmg_col_opt(s, from + 12),
                      .tax_type = tmg_row_text(s, from + 13, a),
                      .taxes_minor = tmg_col_opt(s, from + 14)};
}

static tmg_rc read_items(tmg_db *db, tmg_arena *a, tmg_declaration *d, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_item)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db,
        "SELECT no, hs, description, origin, origin_marking, gross_mg, net_mg, packages, package_kind, "
        "quantity_milli, unit, value_minor, tax_rate_bp, tax_type, taxes_minor FROM item "
        "WHERE declaration_id = $1 ORDER BY no",
        &s, err));
    tmg_bind_i64(s, 1, d->id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_item *)tmg_rows_next(&rows) = tmg_row_item(s, 0, a);
    }
    d->items = rows.at;
    d->item_count = rows.count;
    return TMG_OK;
}

static tmg_rc read_equipment(tmg_db *db, tmg_arena *a, tmg_declaration *d, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_equipment)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT kind, number FROM equipment WHERE declaration_id = $1 ORDER BY no", &s, err));
    tmg_bind_i64(s, 1, d->id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_equipment *)tmg_rows_next(&rows) =
            (tmg_equipment){.kind = (tmg_equipment_kind)tmg_col_i64(s, 0), .number = tmg_row_text(s, 1, a)};
    }
    d->equipment = rows.at;
    d->equipment_count = rows.count;
    return TMG_OK;
}

static tmg_rc read_post_code(tmg_db *db, int64_t id, tmg_arena *a, tmg_span *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT code FROM post WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE,
                        "a declaration names a post that is gone (%lld): restore the database from a backup",
                        (long long)id);
    *ret = tmg_row_text(s, 0, a);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc read_party(tmg_db *db, int64_t id, tmg_arena *a, tmg_party *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT code, name, country, address FROM party WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE,
                        "a declaration names a party that is gone (%lld): restore the database from a backup",
                        (long long)id);
    *ret = (tmg_party){.code = tmg_row_text(s, 0, a),
                       .name = tmg_row_text(s, 1, a),
                       .country = tmg_row_text(s, 2, a),
                       .address = tmg_row_text(s, 3, a)};
    tmg_reset(s);
    return TMG_OK;
}

/* Without an arena the texts are the statement's own. */
static tmg_span header_text(tmg_stmt *s, int at, tmg_arena *a)
{
    return a != NULL ? tmg_row_text(s, at, a) : tmg_col_text(s, at);
}

tmg_declaration tmg_declaration_header(tmg_stmt *s, int at, tmg_arena *a)
{
    return (tmg_declaration){.id = tmg_col_i64(s, at),
                             .consignment_id = tmg_col_i64(s, at + 1),
                             .version = (int32_t)tmg_col_i64(s, at + 2),
                             .ref = header_text(s, at + 3, a),
                             .lodged = {tmg_col_i64(s, at + 4), (int16_t)tmg_col_i64(s, at + 5)},
                             .expected_ms = tmg_col_opt(s, at + 6),
                             .known_at_ms = tmg_col_i64(s, at + 7),
                             .regime = (tmg_regime)tmg_col_i64(s, at + 8),
                             .departure = header_text(s, at + 9, a),
                             .destination = header_text(s, at + 10, a),
                             .transport_mode = header_text(s, at + 11, a),
                             .process_type = header_text(s, at + 12, a),
                             .import_type = header_text(s, at + 13, a),
                             .import_use = header_text(s, at + 14, a),
                             .payment_type = header_text(s, at + 15, a),
                             .currency = header_text(s, at + 16, a),
                             .value_minor = tmg_col_opt(s, at + 17),
                             .gross_mg = tmg_col_opt(s, at + 18),
                             .taxes_minor = tmg_col_opt(s, at + 19),
                             .vehicle = header_text(s, at + 20, a),
                             .vehicle_country = header_text(s, at + 21, a),
                             .trailer = header_text(s, at + 22, a),
                             .tir_carnet = header_text(s, at + 23, a)};
}

tmg_rc tmg_declaration_read(tmg_db *db, tmg_stmt *s, int from, tmg_arena *a, tmg_declaration *ret,
                            tmg_err *err)
{
    tmg_declaration d = tmg_declaration_header(s, from, a);

    TMG_TRY(read_post_code(db, tmg_col_i64(s, from + 25), a, &d.post, err));
    for (int r = 0; r < TMG_PARTY_ROLES; r++) {
        int64_t id = tmg_col_opt(s, from + 26 + r);

        if (id != TMG_NONE)
            TMG_TRY(read_party(db, id, a, &d.party[r], err));
    }
    TMG_TRY(tmg_more_read(tmg_col_text(s, from + TMG_DECLARATION_MORE), a, &d, err));
    TMG_TRY(read_items(db, a, &d, err));
    TMG_TRY(read_equipment(db, a, &d, err));
    *ret = d;
    return TMG_OK;
}

static tmg_rc load_one(tmg_db *db, tmg_stmt *s, int64_t id, tmg_arena *a, tmg_declaration *ret, tmg_err *err)
{
    bool row = false;

    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "there is no declaration with number %lld: look it up by its reference",
                        (long long)id);
    tmg_rc rc = tmg_declaration_read(db, s, 0, a, ret, err);
    tmg_reset(s);
    return rc;
}

tmg_rc tmg_declaration_load(tmg_db *db, int64_t id, tmg_arena *a, tmg_declaration *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT " TMG_DECLARATION_COLUMNS " FROM declaration d WHERE d.id = $1", &s, err));
    return load_one(db, s, id, a, ret, err);
}

tmg_rc tmg_consignment_load(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_declaration *ret,
                            tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT " TMG_DECLARATION_COLUMNS
                    " FROM declaration d WHERE d.id = coalesce((SELECT v.id FROM declaration v "
                    "WHERE v.consignment_id = $1 AND v.version > 1 ORDER BY v.version DESC LIMIT 1), $1) AND "
                    "d.consignment_id = $1",
                    &s, err));
    return load_one(db, s, consignment_id, a, ret, err);
}

tmg_rc tmg_consignment_by_ref(tmg_db *db, tmg_span ref, int64_t *ret_consignment_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT consignment_id FROM declaration WHERE ref = $1 AND version = 1", &s, err));
    tmg_bind_text(s, 1, ref);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "there is no declaration with reference %.*s: check the reference",
                        TMG_SPAN_ARG(ref));
    *ret_consignment_id = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_consignment_versions(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_version **ret,
                                size_t *ret_count, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_version)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db,
                "SELECT id, known_at_ms, version FROM declaration WHERE id = $1 AND version = 1 UNION ALL "
                "SELECT id, known_at_ms, version FROM declaration WHERE consignment_id = $1 AND version > 1 "
                "ORDER BY 3",
                &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_version *)tmg_rows_next(&rows) = (tmg_version){.declaration_id = tmg_col_i64(s, 0),
                                                             .known_at_ms = tmg_col_i64(s, 1),
                                                             .version = (int32_t)tmg_col_i64(s, 2)};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}
