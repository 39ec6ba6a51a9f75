#include "store/declarations_priv.h"
#include "store/saver_priv.h"

enum { DIGEST = 16 };

/* The parts of a declaration's row that are not in the declaration itself. */
typedef struct row_ids {
    int64_t source, post, party[TMG_PARTY_ROLES];
    uint8_t digest[DIGEST];
} row_ids;

static tmg_rc learn_ids(tmg_saver *s, const tmg_declaration *d, bool make_posts, row_ids *ret, tmg_err *err)
{
    unsigned differs = 0;

    TMG_TRY(tmg_saver_post(s, d->post, make_posts, &ret->post, err));
    for (int r = 0; r < TMG_PARTY_ROLES; r++) {
        const tmg_party *p = &d->party[r];
        bool other = false;

        ret->party[r] = TMG_NONE;
        if (p->code.len > 0)
            TMG_TRY(tmg_saver_party(s, p, d->known_at_ms, &ret->party[r], &other, err));
        else
            other = p->name.len + p->country.len + p->address.len > 0;
        differs |= other ? 1U << r : 0;
    }
    tmg_more_write(&s->more, d, differs);
    tmg_declaration_digest(d, ret->digest);
    return TMG_OK;
}

static void bind_header(tmg_stmt *q, const tmg_declaration *d)
{
    tmg_bind_i64(q, 1, d->id);
    tmg_bind_text(q, 2, d->ref);
    tmg_bind_i64(q, 3, d->version);
    tmg_bind_i64(q, 4, d->consignment_id);
    tmg_bind_i64(q, 7, d->known_at_ms);
    tmg_bind_i64(q, 8, d->lodged.at_ms);
    tmg_bind_i64(q, 9, d->lodged.offset_min);
    tmg_bind_opt(q, 10, d->expected_ms);
    tmg_bind_i64(q, 11, d->regime);
}

static void bind_texts(tmg_stmt *q, const tmg_declaration *d)
{
    tmg_bind_text(q, 17, d->departure);
    tmg_bind_text(q, 18, d->destination);
    tmg_bind_text(q, 19, d->transport_mode);
    tmg_bind_text(q, 20, d->process_type);
    tmg_bind_text(q, 21, d->import_type);
    tmg_bind_text(q, 22, d->import_use);
    tmg_bind_text(q, 23, d->payment_type);
    tmg_bind_text(q, 24, d->currency);
    tmg_bind_opt(q, 25, d->value_minor);
    tmg_bind_opt(q, 26, d->gross_mg);
    tmg_bind_opt(q, 27, d->taxes_minor);
    tmg_bind_text(q, 28, d->vehicle);
    tmg_bind_text(q, 29, d->vehicle_country);
    tmg_bind_text(q, 30, d->trailer);
    tmg_bind_text(q, 31, d->tir_carnet);
}

/* *ret_stored is false when this reference has this version already. */
static tmg_rc insert_header(tmg_saver *s, const tmg_declaration *d, const row_ids *ids, bool *ret_stored,
                            tmg_err *err)
{
    tmg_stmt *q = NULL;

    TMG_TRY(tmg_sql(
        s->db,
        "INSERT INTO declaration (id, ref, version, consignment_id, digest, source_id, known_at_ms, "
        "lodged_ms, "
        "lodged_offset_min, expected_ms, regime, post_id, consignor_id, consignee_id, declarant_id, "
        "carrier_id, "
        "departure, destination, transport_mode, process_type, import_type, import_use, payment_type, "
        "currency, "
        "value_minor, gross_mg, taxes_minor, vehicle, vehicle_country, trailer, tir_carnet, more) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
        "$21, "
        "$22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32) ON CONFLICT (ref, version) DO NOTHING",
        &q, err));
    bind_header(q, d);
    tmg_bind_blob(q, 5, (tmg_span){(const char *)ids->digest, DIGEST});
    tmg_bind_i64(q, 6, ids->source);
    tmg_bind_i64(q, 12, ids->post);
    for (int r = 0; r < TMG_PARTY_ROLES; r++)
        tmg_bind_opt(q, 13 + r, ids->party[r]);
    bind_texts(q, d);
    tmg_bind_text(q, 32, s->more.len > 0 ? tmg_buf_as_span(&s->more) : (tmg_span){NULL, 0});
    TMG_TRY(tmg_exec(q, err));
    *ret_stored = tmg_changes(s->db) == 1;
    return TMG_OK;
}

static tmg_rc insert_item(tmg_db *db, int64_t id, const tmg_item *i, tmg_err *err)
{
    tmg_stmt *q = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO item (declaration_id, no, hs, description, origin, origin_marking, "
                    "gross_mg, net_mg, packages, "
                    "package_kind, quantity_milli, unit, value_minor, tax_rate_bp, tax_type, taxes_minor) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                    &q, err));
    tmg_bind_i64(q, 1, id);
    tmg_bind_i64(q, 2, i->no);
    tmg_bind_text(q, 3, i->hs);
    tmg_bind_text(q, 4, i->description);
    tmg_bind_text(q, 5, i->origin);
    tmg_bind_text(q, 6, i->origin_marking);
    tmg_bind_opt(q, 7, i->gross_mg);
    tmg_bind_opt(q, 8, i->net_mg);
    tmg_bind_opt(q, 9, i->packages);
    tmg_bind_text(q, 10, i->package_kind);
    tmg_bind_opt(q, 11, i->quantity_milli);
    tmg_bind_text(q, 12, i->unit);
    tmg_bind_opt(q, 13, i->value_minor);
    tmg_bind_opt(q, 14, i->tax_rate_bp);
    tmg_bind_text(q, 15, i->tax_type);
    tmg_bind_opt(q, 16, i->taxes_minor);
    return tmg_exec(q, err);
}

static tmg_rc insert_parts(tmg_db *db, const tmg_declaration *d, tmg_err *err)
{
    tmg_stmt *q = NULL;

    for (size_t i = 0; i < d->item_count; i++)
        TMG_TRY(insert_item(db, d->id, &d->items[i], err));
    for (size_t i = 0; i < d->equipment_count; i++) {
        TMG_TRY(tmg_sql(
            db, "INSERT INTO equipment (declaration_id, no, kind, number) VALUES ($1, $2, $3, $4)", &q, err));
        tmg_bind_i64(q, 1, d->id);
        tmg_bind_i64(q, 2, (int64_t)i + 1);
        tmg_bind_i64(q, 3, d->equipment[i].kind);
        tmg_bind_text(q, 4, d->equipment[i].number);
        TMG_TRY(tmg_exec(q, err));
    }
    return TMG_OK;
}

typedef struct in_force {
    int64_t id, consignment_id;
    int32_t version;
    bool same; /* as the new one */
} in_force;

static tmg_rc find_in_force(tmg_db *db, tmg_span ref, const uint8_t *digest, in_force *ret, tmg_err *err)
{
    tmg_stmt *q = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, consignment_id, version, digest FROM declaration WHERE ref = $1 ORDER BY "
                    "version DESC LIMIT 1",
                    &q, err));
    tmg_bind_text(q, 1, ref);
    TMG_TRY(tmg_step(q, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE, "declaration %.*s went away while it was stored: try again",
                        TMG_SPAN_ARG(ref));
    ret->id = tmg_col_i64(q, 0);
    ret->consignment_id = tmg_col_i64(q, 1);
    ret->version = (int32_t)tmg_col_i64(q, 2);
    ret->same = tmg_span_eq(tmg_col_blob(q, 3), (tmg_span){(const char *)digest, DIGEST});
    tmg_reset(q);
    return TMG_OK;
}

static tmg_rc supersede(tmg_db *db, int64_t id, int64_t at_ms, tmg_err *err)
{
    tmg_stmt *q = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE declaration SET superseded_at_ms = $2 WHERE id = $1", &q, err));
    tmg_bind_i64(q, 1, id);
    tmg_bind_i64(q, 2, at_ms);
    return tmg_exec(q, err);
}

/* The reference is known: the same declaration again, or its next version.  *d becomes what is in force. */
static tmg_rc recognise(tmg_saver *s, tmg_declaration *d, const row_ids *ids, tmg_saved *ret, tmg_err *err)
{
    in_force old = {0};
    bool stored = false;

    TMG_TRY(find_in_force(s->db, d->ref, ids->digest, &old, err));
    d->consignment_id = old.consignment_id;
    if (old.same) {
        d->id = old.id;
        d->version = old.version;
        *ret = TMG_SAVED_UNCHANGED;
        return TMG_OK;
    }
    d->version = old.version + 1;
    TMG_TRY(supersede(s->db, old.id, d->known_at_ms, err));
    TMG_TRY(insert_header(s, d, ids, &stored, err));
    *ret = TMG_SAVED_AMENDED;
    return TMG_OK;
}

tmg_rc tmg_declaration_save(tmg_saver *s, tmg_declaration *d, int64_t source_id, bool make_posts,
                            tmg_saved *ret, tmg_err *err)
{
    row_ids ids = {.source = source_id};
    tmg_declaration next = *d;
    tmg_saved saved = TMG_SAVED_NEW;
    bool stored = false;

    TMG_TRY(tmg_saver_refresh(s, err));
    TMG_TRY(learn_ids(s, d, make_posts, &ids, err));
    next.id = next.consignment_id = s->next_id;
    next.version = 1;
    TMG_TRY(insert_header(s, &next, &ids, &stored, err));
    if (!stored)
        TMG_TRY(recognise(s, &next, &ids, &saved, err));
    if (saved != TMG_SAVED_UNCHANGED) {
        TMG_TRY(insert_parts(s->db, &next, err));
        s->next_id++;
    }
    d->id = next.id;
    d->consignment_id = next.consignment_id;
    d->version = next.version;
    *ret = saved;
    return TMG_OK;
}
