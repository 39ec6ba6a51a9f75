/* Versions of rules and their steps. */
#include "rule/registry_priv.h"

static const char *const state_names[TMG_RULE_STATES] = {"",     "draft",   "shadow",  "proposed",
                                                         "live", "expired", "retired", "withdrawn"};

const char *tmg_rule_state_name(tmg_rule_state s)
{
    return s > 0 && s < TMG_RULE_STATES ? state_names[s] : "";
}

tmg_rule_state tmg_rule_state_of(tmg_span word)
{
    for (int s = TMG_RULE_DRAFT; s < TMG_RULE_STATES; s++)
        if (tmg_span_is(word, state_names[s]))
            return (tmg_rule_state)s;
    return 0;
}

void *tmg_found_next(tmg_found_rows *f)
{
    if (f->count == f->room) {
        size_t room = f->room == 0 ? 8 : 2 * f->room;
        void *more = tmg_alloc_array(f->arena, room, f->size);

        if (f->count > 0)
            memcpy(more, f->at, f->count * f->size);
        f->at = more;
        f->room = room;
    }
    return (char *)f->at + f->size * f->count++;
}

/* An account that is 0 is the command line, which has no row. */
#define VERSION_COLUMNS                                                                                      \
    "SELECT v.id, v.rule_id, r.name, v.version, v.state, v.hash, v.text, v.author_id, v.approved_by, "       \
    "coalesce(m.name, 'console'), CASE WHEN v.approved_by IS NULL THEN NULL ELSE coalesce(p.name, "          \
    "'console') END, v.made_ms, v.live_ms, v.ended_ms, v.expires_day, v.back_test_id "                       \
    "FROM rule_version v JOIN rule r ON r.id = v.rule_id LEFT JOIN account m ON m.id = v.author_id "         \
    "LEFT JOIN account p ON p.id = v.approved_by "

static tmg_rule_version read_version(tmg_stmt *s, tmg_arena *a)
{
    int64_t expires = tmg_col_opt(s, 14);

    return (tmg_rule_version){.id = tmg_col_i64(s, 0),
                              .rule_id = tmg_col_i64(s, 1),
                              .name = tmg_span_copy(a, tmg_col_text(s, 2)),
                              .version = (int32_t)tmg_col_i64(s, 3),
                              .state = tmg_rule_state_of(tmg_col_text(s, 4)),
                              .hash = tmg_span_copy(a, tmg_col_text(s, 5)),
                              .text = tmg_span_copy(a, tmg_col_text(s, 6)),
                              .author_id = tmg_col_i64(s, 7),
                              .approved_by = tmg_col_opt(s, 8),
                              .author = tmg_span_copy(a, tmg_col_text(s, 9)),
                              .approver = tmg_span_copy(a, tmg_col_text(s, 10)),
                              .made_ms = tmg_col_i64(s, 11),
                              .live_ms = tmg_col_opt(s, 12),
                              .ended_ms = tmg_col_opt(s, 13),
                              .expires_day = expires == TMG_NONE ? INT32_MIN : (int32_t)expires,
                              .back_test_id = tmg_col_opt(s, 15)};
}

static tmg_rc read_versions(tmg_stmt *s, tmg_arena *a, tmg_rule_version **ret, size_t *ret_count,
                            tmg_err *err)
{
    tmg_found_rows rows = {.arena = a, .size = sizeof **ret};

    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_rule_version *)tmg_found_next(&rows) = read_version(s, a);
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}

tmg_rc tmg_rule_version_find(tmg_db *db, tmg_span name, int32_t version, tmg_arena *a, tmg_rule_version *ret,
                             tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    VERSION_COLUMNS
                    "WHERE r.name = $1 AND ($2 = 0 OR v.version = $2) ORDER BY v.version DESC LIMIT 1",
                    &s, err));
    tmg_bind_text(s, 1, name);
    tmg_bind_i64(s, 2, version);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row && version == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no rule %.*s: look for it in the list of rules",
                        TMG_SPAN_ARG(name));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no version %d of a rule %.*s", (int)version,
                        TMG_SPAN_ARG(name));
    *ret = read_version(s, a);
    tmg_reset(s);
    return TMG_OK;
}

/* The pattern that finds the words anywhere, with the signs of LIKE taken literally. */
static tmg_span pattern_of(tmg_span about, tmg_arena *a)
{
    char *out = tmg_alloc(a, 2 * about.len + 2);
    size_t n = 0;

    out[n++] = '%';
    for (size_t i = 0; i < about.len; i++) {
        if (about.ptr[i] == '%' || about.ptr[i] == '_' || about.ptr[i] == '!')
            out[n++] = '!';
        out[n++] = about.ptr[i];
    }
    out[n++] = '%';
    return (tmg_span){out, n};
}

tmg_rc tmg_rule_version_list(tmg_db *db, const tmg_rule_query *q, tmg_arena *a, tmg_rule_version **ret,
                             size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(
        tmg_sql(db,
                VERSION_COLUMNS
                "WHERE (v.state = $1 OR ($1 = '' AND v.version = (SELECT max(x.version) FROM rule_version x "
                "WHERE x.rule_id = v.rule_id))) AND lower(r.name || ' ' || v.text) LIKE lower($2) ESCAPE '!' "
                "ORDER BY r.name, v.version LIMIT $3 OFFSET $4",
                &s, err));
    tmg_bind_text(s, 1, tmg_span_of(tmg_rule_state_name(q->state)));
    tmg_bind_text(s, 2, pattern_of(q->about, a));
    tmg_bind_i64(s, 3, (int64_t)q->most);
    tmg_bind_i64(s, 4, (int64_t)q->skip);
    return read_versions(s, a, ret, ret_count, err);
}

tmg_rc tmg_rule_versions(tmg_db *db, tmg_span name, tmg_arena *a, tmg_rule_version **ret, size_t *ret_count,
                         tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, VERSION_COLUMNS "WHERE r.name = $1 ORDER BY v.version DESC", &s, err));
    tmg_bind_text(s, 1, name);
    return read_versions(s, a, ret, ret_count, err);
}

tmg_rc tmg_rule_versions_working(tmg_db *db, tmg_arena *a, tmg_rule_version **ret, size_t *ret_count,
                                 tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, VERSION_COLUMNS "WHERE v.state IN ('live', 'shadow') ORDER BY v.id", &s, err));
    return read_versions(s, a, ret, ret_count, err);
}

tmg_rc tmg_rule_state_counts(tmg_db *db, int64_t ret[TMG_RULE_STATES], tmg_err *err)
{
    tmg_stmt *s = NULL;

    memset(ret, 0, TMG_RULE_STATES * sizeof *ret);
    TMG_TRY(
        tmg_sql(db,
                "SELECT v.state, count(*) FROM rule_version v WHERE v.state = 'live' OR v.version = "
                "(SELECT max(x.version) FROM rule_version x WHERE x.rule_id = v.rule_id) GROUP BY v.state",
                &s, err));
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret[tmg_rule_state_of(tmg_col_text(s, 0))] = tmg_col_i64(s, 1);
    }
}

static tmg_rc add_step(tmg_db *db, int64_t version_id, int64_t account_id, tmg_rule_state from,
                       tmg_rule_state to, tmg_span note, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO rule_step (rule_version_id, at_ms, account_id, from_state, to_state, note) "
                    "VALUES ($1, $2, $3, $4, $5, $6)",
                    &s, err));
    tmg_bind_i64(s, 1, version_id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, account_id);
    tmg_bind_text(s, 4, tmg_span_of(tmg_rule_state_name(from)));
    tmg_bind_text(s, 5, tmg_span_of(tmg_rule_state_name(to)));
    tmg_bind_text(s, 6, note.ptr != NULL ? note : TMG_SPAN(""));
    return tmg_exec(s, err);
}

static tmg_rc rule_of(tmg_db *db, const tmg_rule_version *v, int64_t *ret_id, int32_t *ret_newest,
                      tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db, "INSERT INTO rule (name, made_ms, account_id) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        &s, err));
    tmg_bind_text(s, 1, v->name);
    tmg_bind_i64(s, 2, v->made_ms);
    tmg_bind_i64(s, 3, v->author_id);
    TMG_TRY(tmg_exec(s, err));
    TMG_TRY(tmg_sql(
        db,
        "SELECT r.id, coalesce((SELECT max(v.version) FROM rule_version v WHERE v.rule_id = r.id), 0) "
        "FROM rule r WHERE r.name = $1",
        &s, err));
    tmg_bind_text(s, 1, v->name);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE, "the rule that was just stored cannot be read back");
    *ret_id = tmg_col_i64(s, 0);
    *ret_newest = (int32_t)tmg_col_i64(s, 1);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_rule_version_add(tmg_db *db, tmg_rule_version *v, tmg_span note, tmg_err *err)
{
    tmg_stmt *s = NULL;
    int32_t newest = 0;

    v->made_ms = tmg_now_ms();
    TMG_TRY(rule_of(db, v, &v->rule_id, &newest, err));
    v->version = newest + 1;
    v->state = TMG_RULE_DRAFT;
    v->approved_by = v->live_ms = v->ended_ms = v->back_test_id = TMG_NONE;
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO rule_version (rule_id, version, hash, text, state, author_id, made_ms, expires_day) "
        "VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7)",
        &s, err));
    tmg_bind_i64(s, 1, v->rule_id);
    tmg_bind_i64(s, 2, v->version);
    tmg_bind_text(s, 3, v->hash);
    tmg_bind_text(s, 4, v->text);
    tmg_bind_i64(s, 5, v->author_id);
    tmg_bind_i64(s, 6, v->made_ms);
    tmg_bind_opt(s, 7, v->expires_day == INT32_MIN ? TMG_NONE : v->expires_day);
    TMG_TRY(tmg_exec(s, err));
    v->id = tmg_last_id(db);
    return add_step(db, v->id, v->author_id, 0, TMG_RULE_DRAFT, note, err);
}

tmg_rc tmg_rule_version_retell(tmg_db *db, int64_t version_id, tmg_span text, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE rule_version SET text = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, version_id);
    tmg_bind_text(s, 2, text);
    return tmg_exec(s, err);
}

tmg_rc tmg_rule_version_move(tmg_db *db, const tmg_rule_version *v, tmg_rule_state to, int64_t account_id,
                             tmg_span note, tmg_err *err)
{
    bool live = to == TMG_RULE_LIVE, ends = to >= TMG_RULE_EXPIRED;
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "UPDATE rule_version SET state = $2, live_ms = coalesce($3, live_ms), "
                    "approved_by = coalesce($4, approved_by), ended_ms = $5 WHERE id = $1 AND state = $6",
                    &s, err));
    tmg_bind_i64(s, 1, v->id);
    tmg_bind_text(s, 2, tmg_span_of(tmg_rule_state_name(to)));
    tmg_bind_opt(s, 3, live ? tmg_now_ms() : TMG_NONE);
    tmg_bind_opt(s, 4, live ? account_id : TMG_NONE);
    tmg_bind_opt(s, 5, ends ? tmg_now_ms() : TMG_NONE);
    tmg_bind_text(s, 6, tmg_span_of(tmg_rule_state_name(v->state)));
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) != 1)
        return TMG_FAIL(err, TMG_E_CONFLICT, "version %d of rule %.*s was changed meanwhile: read it again",
                        (int)v->version, TMG_SPAN_ARG(v->name));
    return add_step(db, v->id, account_id, v->state, to, note, err);
}

tmg_rc tmg_rule_version_attach(tmg_db *db, int64_t version_id, int64_t back_test_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE rule_version SET back_test_id = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, version_id);
    tmg_bind_i64(s, 2, back_test_id);
    return tmg_exec(s, err);
}

tmg_rc tmg_rule_steps(tmg_db *db, int64_t version_id, tmg_arena *a, tmg_rule_step **ret, size_t *ret_count,
                      tmg_err *err)
{
    tmg_found_rows rows = {.arena = a, .size = sizeof **ret};
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "SELECT t.at_ms, CASE WHEN t.account_id < 0 THEN 'centre' ELSE coalesce(c.name, "
                    "'console') END, t.from_state, t.to_state, t.note FROM rule_step t "
                    "LEFT JOIN account c ON c.id = t.account_id WHERE t.rule_version_id = $1 ORDER BY t.id",
                    &s, err));
    tmg_bind_i64(s, 1, version_id);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_rule_step *)tmg_found_next(&rows) =
            (tmg_rule_step){.at_ms = tmg_col_i64(s, 0),
                            .account = tmg_span_copy(a, tmg_col_text(s, 1)),
                            .from = tmg_rule_state_of(tmg_col_text(s, 2)),
                            .to = tmg_rule_state_of(tmg_col_text(s, 3)),
                            .note = tmg_span_copy(a, tmg_col_text(s, 4))};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}
