#include "store/declarations_priv.h"

#define HISTORY(column)                                                                                      \
    "SELECT d.consignment_id, d.lodged_ms, d.ref, p.code, i.hs, d.departure, d.destination, d.value_minor, " \
    "d.gross_mg, d.currency, coalesce((SELECT r.outcome FROM result r WHERE r.consignment_id = "             \
    "d.consignment_id ORDER BY r.happened_ms DESC, r.id DESC LIMIT 1), 0) "                                  \
    "FROM declaration d JOIN post p ON p.id = d.post_id LEFT JOIN item i ON i.declaration_id = d.id AND "    \
    "i.no = "                                                                                                \
    "(SELECT min(f.no) FROM item f WHERE f.declaration_id = d.id) "                                          \
    "WHERE d." column " = (SELECT id FROM party WHERE code = $1) AND d.superseded_at_ms IS NULL "            \
    "AND d.lodged_ms < $2 ORDER BY d.lodged_ms DESC, d.id DESC LIMIT $3"

static const char *const history_sql[TMG_PARTY_ROLES] = {[TMG_CONSIGNOR] = HISTORY("consignor_id"),
                                                         [TMG_CONSIGNEE] = HISTORY("consignee_id"),
                                                         [TMG_DECLARANT] = HISTORY("declarant_id"),
                                                         [TMG_CARRIER] = HISTORY("carrier_id")};

tmg_rc tmg_party_history(tmg_db *db, tmg_span party_code, tmg_party_role role, int64_t before_ms, size_t most,
                         tmg_arena *a, tmg_past **ret, size_t *ret_count, tmg_err *err)
{
    tmg_rows rows = {.arena = a, .size = sizeof(tmg_past)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, history_sql[role], &s, err));
    tmg_bind_text(s, 1, party_code);
    tmg_bind_i64(s, 2, before_ms);
    tmg_bind_i64(s, 3, (int64_t)most);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_past *)tmg_rows_next(&rows) = (tmg_past){.consignment_id = tmg_col_i64(s, 0),
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
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}
