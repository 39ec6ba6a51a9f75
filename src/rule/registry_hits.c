/* What rules did: back-tests, hits, and the counter of changes. */
#include "rule/registry_priv.h"

tmg_rc tmg_back_test_save(tmg_db *db, const tmg_back_test_row *t, int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO back_test (rule_hash, made_ms, account_id, from_day, to_day, report) "
                    "VALUES ($1, $2, $3, $4, $5, $6)",
                    &s, err));
    tmg_bind_text(s, 1, t->hash);
    tmg_bind_i64(s, 2, t->made_ms);
    tmg_bind_i64(s, 3, t->account_id);
    tmg_bind_i64(s, 4, t->from_day);
    tmg_bind_i64(s, 5, t->to_day);
    tmg_bind_text(s, 6, t->report);
    TMG_TRY(tmg_exec(s, err));
    *ret_id = tmg_last_id(db);
    return TMG_OK;
}

tmg_rc tmg_back_test_newest(tmg_db *db, tmg_span hash, tmg_arena *a, tmg_back_test_row *ret, bool *ret_there,
                            tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, made_ms, account_id, rule_hash, report, from_day, to_day FROM back_test "
                    "WHERE rule_hash = $1 ORDER BY id DESC LIMIT 1",
                    &s, err));
    tmg_bind_text(s, 1, hash);
    TMG_TRY(tmg_step(s, ret_there, err));
    if (!*ret_there)
        return TMG_OK;
    *ret = (tmg_back_test_row){.id = tmg_col_i64(s, 0),
                               .made_ms = tmg_col_i64(s, 1),
                               .account_id = tmg_col_i64(s, 2),
                               .hash = tmg_span_copy(a, tmg_col_text(s, 3)),
                               .report = tmg_span_copy(a, tmg_col_text(s, 4)),
                               .from_day = (int32_t)tmg_col_i64(s, 5),
                               .to_day = (int32_t)tmg_col_i64(s, 6)};
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_rule_hit_save(tmg_db *db, int64_t declaration_id, int64_t version_id, int64_t at_ms,
                         int32_t item_no, tmg_span evidence, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO rule_hit (declaration_id, rule_version_id, at_ms, item_no, evidence) "
                    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (declaration_id, rule_version_id) DO UPDATE SET "
                    "at_ms = excluded.at_ms, item_no = excluded.item_no, evidence = excluded.evidence",
                    &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    tmg_bind_i64(s, 2, version_id);
    tmg_bind_i64(s, 3, at_ms);
    tmg_bind_i64(s, 4, item_no);
    tmg_bind_text(s, 5, evidence);
    return tmg_exec(s, err);
}

tmg_rc tmg_rule_hits_forget(tmg_db *db, int64_t declaration_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "DELETE FROM rule_hit WHERE declaration_id = $1 AND rule_version_id IN (SELECT v.id FROM "
                    "rule_version v WHERE v.state IN ('live', 'shadow'))",
                    &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    return tmg_exec(s, err);
}

#define HIT_COLUMNS                                                                                          \
    "SELECT h.rule_version_id, h.declaration_id, d.consignment_id, h.at_ms, v.version, h.item_no, r.name, "  \
    "d.ref, h.evidence, v.state, coalesce((SELECT x.outcome FROM result x WHERE x.consignment_id = "         \
    "d.consignment_id ORDER BY x.id DESC LIMIT 1), 0), d.post_id FROM rule_hit h "                           \
    "JOIN rule_version v ON v.id = h.rule_version_id JOIN rule r ON r.id = v.rule_id "                       \
    "JOIN declaration d ON d.id = h.declaration_id "

static tmg_rc read_hits(tmg_stmt *s, tmg_arena *a, tmg_rule_hit_row **ret, size_t *ret_count, tmg_err *err)
{
    tmg_found_rows rows = {.arena = a, .size = sizeof **ret};

    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_rule_hit_row *)tmg_found_next(&rows) =
            (tmg_rule_hit_row){.version_id = tmg_col_i64(s, 0),
                               .declaration_id = tmg_col_i64(s, 1),
                               .consignment_id = tmg_col_i64(s, 2),
                               .at_ms = tmg_col_i64(s, 3),
                               .version = (int32_t)tmg_col_i64(s, 4),
                               .item_no = (int32_t)tmg_col_i64(s, 5),
                               .name = tmg_span_copy(a, tmg_col_text(s, 6)),
                               .ref = tmg_span_copy(a, tmg_col_text(s, 7)),
                               .evidence = tmg_span_copy(a, tmg_col_text(s, 8)),
                               .shadow = tmg_rule_state_of(tmg_col_text(s, 9)) == TMG_RULE_SHADOW,
                               .outcome = (int)tmg_col_i64(s, 10),
                               .post_id = tmg_col_i64(s, 11)};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}

tmg_rc tmg_rule_hits_of(tmg_db *db, int64_t declaration_id, tmg_arena *a, tmg_rule_hit_row **ret,
                        size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, HIT_COLUMNS "WHERE h.declaration_id = $1 ORDER BY r.name, v.version", &s, err));
    tmg_bind_i64(s, 1, declaration_id);
    return read_hits(s, a, ret, ret_count, err);
}

tmg_rc tmg_rule_hits_recent(tmg_db *db, int64_t version_id, size_t most, tmg_arena *a, tmg_rule_hit_row **ret,
                            size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db, HIT_COLUMNS "WHERE h.rule_version_id = $1 ORDER BY h.at_ms DESC, h.declaration_id DESC LIMIT $2",
        &s, err));
    tmg_bind_i64(s, 1, version_id);
    tmg_bind_i64(s, 2, (int64_t)most);
    return read_hits(s, a, ret, ret_count, err);
}

tmg_rc tmg_rule_hits_count(tmg_db *db, int64_t version_id, int64_t from_ms, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM rule_hit WHERE rule_version_id = $1 AND at_ms >= $2", &s, err));
    tmg_bind_i64(s, 1, version_id);
    tmg_bind_i64(s, 2, from_ms);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_rules_counter(tmg_db *db, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT value FROM setting WHERE name = 'rules.changes'", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret = 0;
    if (row)
        (void)tmg_span_i64(tmg_col_text(s, 0), ret);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_rules_count_up(tmg_db *db, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_stmt *s = NULL;
    int64_t n;

    TMG_TRY(tmg_rules_counter(db, &n, err));
    tmg_buf_init(&b, 32);
    tmg_buf_i64(&b, n + 1);
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO setting (name, value) VALUES ('rules.changes', $1) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    &s, err));
    tmg_bind_text(s, 1, tmg_buf_as_span(&b));
    return tmg_exec(s, err);
}
