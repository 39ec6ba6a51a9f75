#include "store/stream.h"

#include "store/declarations_priv.h"

enum { ARENA_MAX = 8 << 20, PARTY_COLUMNS = 4 };

/* Header, items and equipment are three streams in the same order, joined here. */
typedef struct stream {
    tmg_stmt *header, *items, *equipment;
    bool more_items, more_equipment;
    tmg_arena *arena;
} stream;

static tmg_rc open_streams(tmg_db *db, int64_t after, stream *st, tmg_err *err)
{
    TMG_TRY(tmg_sql(
        db,
        "SELECT " TMG_DECLARATION_COLUMNS ", p.code, a.code, a.name, a.country, a.address, b.code, "
        "b.name, b.country, b.address, c.code, c.name, c.country, c.address, e.code, e.name, e.country, "
        "e.address FROM declaration d LEFT JOIN post p ON p.id = d.post_id "
        "LEFT JOIN party a ON a.id = d.consignor_id LEFT JOIN party b ON b.id = d.consignee_id "
        "LEFT JOIN party c ON c.id = d.declarant_id LEFT JOIN party e ON e.id = d.carrier_id "
        "WHERE d.id > $1 ORDER BY d.id",
        &st->header, err));
    tmg_bind_i64(st->header, 1, after);
    TMG_TRY(tmg_sql(
        db,
        "SELECT declaration_id, no, hs, description, origin, origin_marking, gross_mg, net_mg, packages, "
        "package_kind, quantity_milli, unit, value_minor, tax_rate_bp, tax_type, taxes_minor FROM item "
        "WHERE declaration_id > $1 ORDER BY declaration_id, no",
        &st->items, err));
    tmg_bind_i64(st->items, 1, after);
    TMG_TRY(tmg_sql(db,
                    "SELECT declaration_id, kind, number FROM equipment WHERE declaration_id > $1 "
                    "ORDER BY declaration_id, no",
                    &st->equipment, err));
    tmg_bind_i64(st->equipment, 1, after);
    TMG_TRY(tmg_step(st->items, &st->more_items, err));
    return tmg_step(st->equipment, &st->more_equipment, err);
}

static tmg_rc take_items(stream *st, tmg_declaration *d, tmg_err *err)
{
    tmg_rows rows = {.arena = st->arena, .size = sizeof(tmg_item)};
    tmg_stmt *s = st->items;
    tmg_arena *a = st->arena;

    while (st->more_items && tmg_col_i64(s, 0) <= d->id) {
        if (tmg_col_i64(s, 0) == d->id)
            *(tmg_item *)tmg_rows_next(&rows) = tmg_row_item(s, 1, a);
        TMG_TRY(tmg_step(s, &st->more_items, err));
    }
    d->items = rows.at;
    d->item_count = rows.count;
    return TMG_OK;
}

static tmg_rc take_equipment(stream *st, tmg_declaration *d, tmg_err *err)
{
    tmg_rows rows = {.arena = st->arena, .size = sizeof(tmg_equipment)};
    tmg_stmt *s = st->equipment;

    while (st->more_equipment && tmg_col_i64(s, 0) <= d->id) {
        if (tmg_col_i64(s, 0) == d->id)
            *(tmg_equipment *)tmg_rows_next(&rows) = (tmg_equipment){
                .kind = (tmg_equipment_kind)tmg_col_i64(s, 1), .number = tmg_row_text(s, 2, st->arena)};
        TMG_TRY(tmg_step(s, &st->more_equipment, err));
    }
    d->equipment = rows.at;
    d->equipment_count = rows.count;
    return TMG_OK;
}

/* Texts of the header are the statement's own, good until its next step. */
static tmg_rc take_declaration(stream *st, tmg_declaration *d, tmg_err *err)
{
    tmg_stmt *s = st->header;
    int at = TMG_DECLARATION_COLUMN_COUNT;

    *d = tmg_declaration_header(s, 0, NULL);
    d->post = tmg_col_text(s, at++);
    for (int r = 0; r < TMG_PARTY_ROLES; r++, at += PARTY_COLUMNS)
        d->party[r] = (tmg_party){tmg_col_text(s, at), tmg_col_text(s, at + 1), tmg_col_text(s, at + 2),
                                  tmg_col_text(s, at + 3)};
    TMG_TRY(tmg_more_read(tmg_col_text(s, TMG_DECLARATION_MORE), st->arena, d, err));
    TMG_TRY(take_items(st, d, err));
    return take_equipment(st, d, err);
}

static tmg_rc run_streams(stream *st, tmg_declaration_visit visit, void *ctx, tmg_err *err)
{
    for (;;) {
        tmg_declaration d;
        bool row = false;

        TMG_TRY(tmg_step(st->header, &row, err));
        if (!row)
            return TMG_OK;
        tmg_arena_reset(st->arena);
        TMG_TRY(take_declaration(st, &d, err));
        TMG_TRY(visit(ctx, &d, err));
    }
}

tmg_rc tmg_declaration_each(tmg_db *db, int64_t after, tmg_declaration_visit visit, void *ctx, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    stream st = {.arena = a};
    tmg_rc rc = open_streams(db, after, &st, err);

    if (rc == TMG_OK)
        rc = run_streams(&st, visit, ctx, err);
    if (st.header != NULL)
        tmg_reset(st.header);
    if (st.items != NULL)
        tmg_reset(st.items);
    if (st.equipment != NULL)
        tmg_reset(st.equipment);
    return rc;
}

tmg_rc tmg_result_brief_each(tmg_db *db, int64_t after, tmg_brief_visit visit, void *ctx, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(
        tmg_sql(db,
                "SELECT id, consignment_id, known_at_ms, outcome, found_fraud, found_critical FROM result "
                "WHERE id > $1 ORDER BY id",
                &s, err));
    tmg_bind_i64(s, 1, after);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        visit(ctx, &(tmg_result_brief){.id = tmg_col_i64(s, 0),
                                       .consignment_id = tmg_col_i64(s, 1),
                                       .known_at_ms = tmg_col_i64(s, 2),
                                       .outcome = (tmg_outcome)tmg_col_i64(s, 3),
                                       .fraud = tmg_col_i64(s, 4) == TMG_FOUND_YES,
                                       .critical = tmg_col_i64(s, 5) == TMG_FOUND_YES});
    }
}
