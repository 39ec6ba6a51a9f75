#include "casework/parties.h"
#include "casework/seizure_priv.h"

#define FILES "(SELECT $1 UNION SELECT id FROM case_file WHERE merged_into = $1)"
#define IN_CASE                                                                                              \
    "EXISTS (SELECT 1 FROM case_party x WHERE x.party_id = p.id AND x.role = q.role AND x.ended_ms IS NULL " \
    "AND x.case_id IN " FILES ")"
/* A consignment's declaration in force names its parties, one column to a role. */
#define NAMED(role, column)                                                                                  \
    "SELECT '" role "' AS role, " column " AS party_id FROM declaration d WHERE d.superseded_at_ms IS NULL " \
    "AND d." column " IS NOT NULL AND d.consignment_id IN (SELECT CAST(substr(about, 13) AS INTEGER) FROM "  \
    "case_link WHERE about LIKE 'consignment:%' AND case_id IN " FILES                                       \
    " UNION SELECT consignment_id FROM seizure WHERE consignment_id IS NOT NULL AND case_id IN " FILES ")"

/* clang-format off */
static const char offers[] =
    "SELECT DISTINCT 0, $1, p.id, 0, 0, NULL, 0, q.role, p.code, p.name, p.country, NULL FROM ("
    NAMED("consignor", "consignor_id") " UNION ALL " NAMED("consignee", "consignee_id") " UNION ALL "
    NAMED("declarant", "declarant_id") " UNION ALL " NAMED("carrier", "carrier_id")
    ") q JOIN party p ON p.id = q.party_id WHERE NOT " IN_CASE " ORDER BY q.role, p.code";
/* clang-format on */

enum { LEAST_WORDS = 2, PATTERN_MAX = 1024 };

static tmg_rc take_all(tmg_stmt *s, tmg_arena *a, tmg_case_party **ret, size_t *ret_count, tmg_err *err)
{
    tmg_case_party *list = NULL;
    size_t room = 0, count = 0;
    bool row;

    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list = tmg_grown(a, list, count, &room, sizeof *list);
        list[count++] = (tmg_case_party){.id = tmg_col_i64(s, 0),
                                         .case_id = tmg_col_i64(s, 1),
                                         .party_id = tmg_col_i64(s, 2),
                                         .at_ms = tmg_col_i64(s, 3),
                                         .account_id = tmg_col_i64(s, 4),
                                         .ended_ms = tmg_col_opt(s, 5),
                                         .ended_by = tmg_col_i64(s, 6),
                                         .role = tmg_span_copy(a, tmg_col_text(s, 7)),
                                         .code = tmg_span_copy(a, tmg_col_text(s, 8)),
                                         .name = tmg_span_copy(a, tmg_col_text(s, 9)),
                                         .country = tmg_span_copy(a, tmg_col_text(s, 10)),
                                         .end_reason = tmg_span_copy(a, tmg_col_text(s, 11))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_case_party_list(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_case_party **ret, size_t *ret_count,
                           tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "SELECT c.id, c.case_id, p.id, c.at_ms, c.account_id, c.ended_ms, c.ended_by, c.role, "
                    "p.code, p.name, p.country, c.end_reason FROM case_party c JOIN party p ON p.id = "
                    "c.party_id WHERE c.case_id IN " FILES " ORDER BY c.id",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    return take_all(s, a, ret, ret_count, err);
}

tmg_rc tmg_case_party_offers(tmg_db *db, int64_t case_id, tmg_arena *a, tmg_case_party **ret,
                             size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, offers, &s, err));
    tmg_bind_i64(s, 1, case_id);
    return take_all(s, a, ret, ret_count, err);
}

static tmg_rc party_of(tmg_db *db, tmg_span code, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT id FROM party WHERE code = $1", &s, err));
    tmg_bind_text(s, 1, code);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "party: no declaration ever named a party of the code \"%.*s\"",
                        TMG_SPAN_ARG(tmg_utf8_cut(code, 80)));
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc not_there_yet(tmg_db *db, int64_t case_id, int64_t party_id, tmg_span code, tmg_span role,
                            tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT 1 FROM case_party WHERE case_id IN " FILES " AND party_id = $2 AND role = $3 AND "
                    "ended_ms IS NULL",
                    &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, party_id);
    tmg_bind_text(s, 3, role);
    TMG_TRY(tmg_step(s, &row, err));
    tmg_reset(s);
    return !row ? TMG_OK
                : TMG_FAIL(err, TMG_E_CONFLICT, "party: %.*s is in the case as %.*s already",
                           TMG_SPAN_ARG(code), TMG_SPAN_ARG(role));
}

static tmg_rc log_party(tmg_db *db, const tmg_actor *who, const char *action, int64_t case_id, tmg_span code,
                        tmg_span role, tmg_span reason, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "party", code);
    tmg_json_text(&l.j, "party_role", role);
    if (reason.len > 0)
        tmg_json_text(&l.j, "reason", reason);
    return tmg_leaf_end(&l, db, who, action, "case", case_id, err);
}

tmg_rc tmg_case_party_add(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who, int64_t case_id,
                          tmg_span code, tmg_span role, tmg_err *err)
{
    int64_t party_id = 0;
    tmg_stmt *s;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    TMG_TRY(tmg_must_be_listed(codes, "role", "party_role", role, err));
    TMG_TRY(party_of(db, code, &party_id, err));
    TMG_TRY(not_there_yet(db, case_id, party_id, code, role, err));
    TMG_TRY(tmg_sql(
        db, "INSERT INTO case_party (case_id, party_id, role, at_ms, account_id) VALUES ($1, $2, $3, $4, $5)",
        &s, err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_i64(s, 2, party_id);
    tmg_bind_text(s, 3, role);
    tmg_bind_i64(s, 4, tmg_now_ms());
    tmg_bind_i64(s, 5, who->account_id);
    TMG_TRY(tmg_exec(s, err));
    return log_party(db, who, "case.party_added", case_id, code, role, (tmg_span){NULL, 0}, err);
}

tmg_rc tmg_case_party_add_offered(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who,
                                  int64_t case_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_case_party *list;
    size_t count;

    TMG_TRY(tmg_case_party_offers(db, case_id, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_case_party_add(codes, db, who, case_id, list[i].code, list[i].role, err));
    return TMG_OK;
}

static tmg_rc in_force(tmg_db *db, int64_t case_id, int64_t id, tmg_arena *a, tmg_case_party *ret,
                       tmg_err *err)
{
    tmg_case_party *list;
    size_t count;

    TMG_TRY(tmg_case_party_list(db, case_id, a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id && list[i].ended_ms == TMG_NONE) {
            *ret = list[i];
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "party: the case has no party %lld, or it was taken out already",
                    (long long)id);
}

tmg_rc tmg_case_party_end(tmg_db *db, const tmg_actor *who, int64_t case_id, int64_t id, tmg_span reason,
                          tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_case_party p;
    tmg_stmt *s;

    TMG_TRY(tmg_case_may_change(db, who, case_id, err));
    TMG_TRY(in_force(db, case_id, id, a, &p, err));
    if (!tmg_said(reason) || reason.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_INVALID, "reason: say in 3 to %d bytes why it is no party of the case",
                        TMG_MAX_TEXT);
    TMG_TRY(tmg_sql(db, "UPDATE case_party SET ended_ms = $2, ended_by = $3, end_reason = $4 WHERE id = $1",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, reason);
    TMG_TRY(tmg_exec(s, err));
    return log_party(db, who, "case.party_ended", case_id, p.code, p.role, reason, err);
}

/* Percent signs and underscores of the words stand for themselves. */
static void write_pattern(tmg_buf *b, const char *before, tmg_span words)
{
    tmg_buf_z(b, before);
    for (size_t i = 0; i < words.len; i++) {
        if (words.ptr[i] == '%' || words.ptr[i] == '_' || words.ptr[i] == '\\')
            tmg_buf_char(b, '\\');
        tmg_buf_char(b, words.ptr[i]);
    }
    tmg_buf_char(b, '%');
}

tmg_rc tmg_party_find(tmg_db *db, tmg_span words, size_t most, tmg_arena *a, tmg_case_party **ret,
                      size_t *ret_count, tmg_err *err)
{
    TMG_AUTO_BUF code = {0}, name = {0};
    tmg_stmt *s;

    words = tmg_span_trim(words);
    if (words.len < LEAST_WORDS || words.len > PATTERN_MAX / 4)
        return TMG_FAIL(err, TMG_E_INVALID, "words: expected %d to %d bytes of a code or a name", LEAST_WORDS,
                        PATTERN_MAX / 4);
    tmg_buf_init(&code, PATTERN_MAX);
    tmg_buf_init(&name, PATTERN_MAX);
    write_pattern(&code, "", words);
    write_pattern(&name, "%", words);
    TMG_TRY(tmg_sql(db,
                    "SELECT 0, 0, id, 0, 0, NULL, 0, NULL, code, name, country, NULL FROM party WHERE code "
                    "LIKE $1 ESCAPE '\\' OR name LIKE $2 ESCAPE '\\' ORDER BY code LIMIT $3",
                    &s, err));
    tmg_bind_text(s, 1, tmg_buf_as_span(&code));
    tmg_bind_text(s, 2, tmg_buf_as_span(&name));
    tmg_bind_i64(s, 3, (int64_t)most);
    return take_all(s, a, ret, ret_count, err);
}
