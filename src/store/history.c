#include "store/declarations_priv.h"

enum { BLOCK = 16384, MOST_PAST = 10000 };

/* The newest of one block; the expression is the one of the index (0001_ground.sql). */
#define IN_BLOCK(column)                                                                                     \
    "SELECT id, lodged_ms FROM declaration WHERE ((id / 16384) * 4294967296 + " column ") = $1 "             \
    "AND lodged_ms > $2 AND lodged_ms < $3 AND superseded_at_ms IS NULL AND " column " IS NOT NULL "         \
    "ORDER BY lodged_ms DESC LIMIT $4"

static const char *const in_block[TMG_PARTY_ROLES] = {
    [TMG_CONSIGNOR] = IN_BLOCK("consignor_id"),
    [TMG_CONSIGNEE] = IN_BLOCK("consignee_id"),
    [TMG_DECLARANT] = IN_BLOCK("declarant_id"),
    [TMG_CARRIER] = IN_BLOCK("carrier_id"),
};

typedef struct found {
    int64_t id, lodged_ms;
} found;

/* The newest so far, newest first. */
typedef struct newest {
    found *at;
    size_t count, most;
} newest;

static void insert_sorted(newest *n, found f)
{
    size_t at = n->count;

    while (at > 0 && n->at[at - 1].lodged_ms < f.lodged_ms)
        at--;
    if (at == n->most)
        return;
    size_t tail = (n->count < n->most ? n->count : n->most - 1) - at;
    memmove(&n->at[at + 1], &n->at[at], tail * sizeof(found));
    n->at[at] = f;
    n->count += n->count < n->most;
}

static tmg_rc one_number(tmg_db *db, const char *sql, tmg_span text, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    if (text.ptr != NULL)
        tmg_bind_text(s, 1, text);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc look_into_block(tmg_db *db, const char *sql, int64_t key, int64_t before_ms, newest *n,
                              tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, key);
    tmg_bind_i64(s, 2, n->count == n->most ? n->at[n->count - 1].lodged_ms : INT64_MIN);
    tmg_bind_i64(s, 3, before_ms);
    tmg_bind_i64(s, 4, (int64_t)n->most);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        insert_sorted(n, (found){tmg_col_i64(s, 0), tmg_col_i64(s, 1)});
    }
}

static tmg_rc read_past(tmg_db *db, int64_t id, tmg_arena *a, tmg_past *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(
        tmg_sql(db,
                "SELECT d.consignment_id, d.lodged_ms, d.ref, p.code, (SELECT i.hs FROM item i WHERE "
                "i.declaration_id = d.id ORDER BY i.no LIMIT 1), d.departure, d.destination, d.value_minor, "
                "d.gross_mg, d.currency, coalesce((SELECT r.outcome FROM result r WHERE r.consignment_id = "
                "d.consignment_id ORDER BY r.happened_ms DESC, r.id DESC LIMIT 1), 0) "
                "FROM declaration d JOIN post p ON p.id = d.post_id WHERE d.id = $1",
                &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE,
                        "declaration %lld names a post that is gone: restore the database from a backup",
                        (long long)id);
    *ret = (tmg_past){.consignment_id = tmg_col_i64(s, 0),
                      .declaration_id = id,
                      .lodged_ms = tmg_col_i64(s, 1),
                      .ref = tmg_row_text(s, 2, a),
                      .post = tmg_row_text(s, 3, a),
                      .hs = tmg_row_text(s, 4, a),
                      .departure = tmg_row_text(s, 5, a),
                      .destination = tmg_row_text(s, 6, a),
                      .value_minor = tmg_col_opt(s, 7),
                      .gross_mg = tmg_col_opt(s, 8),
                      .currency = tmg_row_text(s, 9, a),
                      .outcome = (int)tmg_col_i64(s, 10)};
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_party_history(tmg_db *db, tmg_span party_code, tmg_party_role role, int64_t before_ms, size_t most,
                         tmg_arena *a, tmg_past **ret, size_t *ret_count, tmg_err *err)
{
    int64_t party = 0, last = 0;
    newest n = {.most = most < MOST_PAST ? most : MOST_PAST};

    TMG_TRY(one_number(db, "SELECT id FROM party WHERE code = $1", party_code, &party, err));
    if (party == 0 || n.most == 0) {
        *ret = NULL;
        *ret_count = 0;
        return TMG_OK;
    }
    n.at = tmg_alloc_array(a, n.most, sizeof(found));
    TMG_TRY(one_number(db, "SELECT max(id) FROM declaration", (tmg_span){NULL, 0}, &last, err));
    for (int64_t block = last / BLOCK; block >= 0; block--)
        TMG_TRY(look_into_block(db, in_block[role], (block << 32) + party, before_ms, &n, err));
    tmg_past *past = tmg_alloc_array(a, n.count, sizeof(tmg_past));
    for (size_t i = 0; i < n.count; i++)
        TMG_TRY(read_past(db, n.at[i].id, a, &past[i], err));
    *ret = past;
    *ret_count = n.count;
    return TMG_OK;
}

tmg_rc tmg_past_has_heading(tmg_db *db, const tmg_past *p, tmg_span heading, bool *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM item WHERE declaration_id = $1 AND substr(hs, 1, 4) = $2 LIMIT 1", &s,
                    err));
    tmg_bind_i64(s, 1, p->declaration_id);
    tmg_bind_text(s, 2, heading);
    TMG_TRY(tmg_step(s, ret, err));
    tmg_reset(s);
    return TMG_OK;
}
