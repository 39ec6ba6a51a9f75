#include "guard/log_priv.h"
#include "guard/password_priv.h"

enum { NAME_MAX_BYTES = 63, DISPLAY_MAX_BYTES = 95 };

static tmg_rc check_name(tmg_span name, tmg_err *err)
{
    bool good = name.len >= 1 && name.len <= NAME_MAX_BYTES;
    for (size_t i = 0; good && i < name.len; i++) {
        char c = name.ptr[i];
        good =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@';
    }
    if (!good)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "name: an account name is 1 to %d of a-z, 0-9, '.', '_', '-' and '@'",
                        NAME_MAX_BYTES);
    return TMG_OK;
}

static tmg_rc check_display(tmg_span display, tmg_err *err)
{
    if (display.len < 1 || display.len > DISPLAY_MAX_BYTES || !tmg_utf8_valid(display))
        return TMG_FAIL(err, TMG_E_INVALID, "display: the shown name has 1 to %d bytes of UTF-8",
                        DISPLAY_MAX_BYTES);
    return TMG_OK;
}

static tmg_rc insert_account(tmg_db *db, tmg_span name, tmg_span display, tmg_role role, tmg_span hash,
                             int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s;
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO account (name, display, role, password_hash, made_ms) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (name) DO NOTHING",
        &s, err));
    tmg_bind_text(s, 1, name);
    tmg_bind_text(s, 2, display);
    tmg_bind_text(s, 3, tmg_span_of(tmg_role_name(role)));
    tmg_bind_text(s, 4, hash);
    tmg_bind_i64(s, 5, tmg_now_ms());
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "the account %.*s is there already; names are not given twice",
                        TMG_SPAN_ARG(name));
    *ret_id = tmg_last_id(db);
    return TMG_OK;
}

static tmg_rc insert_post(tmg_db *db, int64_t account_id, tmg_span code, tmg_err *err)
{
    tmg_stmt *s;
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO account_post (account_id, post_id) SELECT $1, id FROM post WHERE code = $2",
                    &s, err));
    tmg_bind_i64(s, 1, account_id);
    tmg_bind_text(s, 2, code);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "posts: there is no post with the code \"%.*s\"",
                        TMG_SPAN_ARG(code));
    return TMG_OK;
}

static tmg_rc insert_posts(tmg_db *db, int64_t account_id, const tmg_span *posts, size_t count, tmg_err *err)
{
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t j = 0; j < i && !again; j++)
            again = tmg_span_eq(posts[i], posts[j]);
        if (!again)
            TMG_TRY(insert_post(db, account_id, posts[i], err));
    }
    return TMG_OK;
}

tmg_rc tmg_account_add(tmg_db *db, tmg_span name, tmg_span display, tmg_role role, tmg_span password,
                       const tmg_span *posts, size_t post_count, int64_t *ret_id, tmg_err *err)
{
    char hash[TMG_PASSWORD_HASH];
    int64_t id = 0;
    tmg_own_tx tx;
    TMG_TRY(check_name(name, err));
    TMG_TRY(check_display(display, err));
    if (role <= TMG_ROLE_NONE || role >= TMG_ROLES)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "role: it must be analyst, chief, team, auditor, administrator, investigator, custodian or statistician");
    if (post_count > TMG_MAX_ACTOR_POSTS)
        return TMG_FAIL(err, TMG_E_LIMIT,
                        "posts: an account names at most %d posts; name none for every post",
                        TMG_MAX_ACTOR_POSTS);
    TMG_TRY(tmg_password_hash(password, hash, err));

    TMG_TRY(tmg_own_begin(db, &tx, err));
    tmg_rc rc = insert_account(db, name, display, role, tmg_span_of(hash), &id, err);
    if (rc == TMG_OK)
        rc = insert_posts(db, id, posts, post_count, err);
    TMG_TRY(tmg_own_end(&tx, rc, err));
    if (ret_id != NULL)
        *ret_id = id;
    return TMG_OK;
}

/* The id of an account that is in use. */
static tmg_rc open_account(tmg_db *db, tmg_span name, int64_t *ret_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT id, closed_ms FROM account WHERE name = $1", &s, err));
    tmg_bind_text(s, 1, name);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no account %.*s", TMG_SPAN_ARG(name));
    int64_t id = tmg_col_i64(s, 0), closed = tmg_col_opt(s, 1);
    tmg_reset(s);
    if (closed != TMG_NONE)
        return TMG_FAIL(err, TMG_E_CONFLICT, "the account %.*s is closed", TMG_SPAN_ARG(name));
    *ret_id = id;
    return TMG_OK;
}

static tmg_rc end_sessions(tmg_db *db, int64_t account_id, tmg_err *err)
{
    tmg_stmt *s;
    TMG_TRY(tmg_sql(db, "DELETE FROM session WHERE account_id = $1", &s, err));
    tmg_bind_i64(s, 1, account_id);
    return tmg_exec(s, err);
}

static tmg_rc store_password(tmg_db *db, tmg_span name, tmg_span hash, tmg_err *err)
{
    int64_t id;
    tmg_stmt *s;
    TMG_TRY(open_account(db, name, &id, err));
    TMG_TRY(tmg_sql(db,
                    "UPDATE account SET password_hash = $2, failed = 0, locked_until_ms = NULL WHERE id = $1",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_text(s, 2, hash);
    TMG_TRY(tmg_exec(s, err));
    return end_sessions(db, id, err);
}

tmg_rc tmg_account_set_password(tmg_db *db, tmg_span name, tmg_span password, tmg_err *err)
{
    char hash[TMG_PASSWORD_HASH];
    tmg_own_tx tx;
    TMG_TRY(tmg_password_hash(password, hash, err));
    TMG_TRY(tmg_own_begin(db, &tx, err));
    return tmg_own_end(&tx, store_password(db, name, tmg_span_of(hash), err), err);
}

static tmg_rc close_account(tmg_db *db, tmg_span name, tmg_err *err)
{
    int64_t id;
    tmg_stmt *s;
    TMG_TRY(open_account(db, name, &id, err));
    TMG_TRY(tmg_sql(db, "UPDATE account SET closed_ms = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    TMG_TRY(tmg_exec(s, err));
    return end_sessions(db, id, err);
}

tmg_rc tmg_account_close(tmg_db *db, tmg_span name, tmg_err *err)
{
    tmg_own_tx tx;
    TMG_TRY(tmg_own_begin(db, &tx, err));
    return tmg_own_end(&tx, close_account(db, name, err), err);
}

tmg_rc tmg_account_secret(tmg_db *db, tmg_span name, tmg_arena *a, tmg_span *ret_stored, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT password_hash FROM account WHERE name = $1", &s, err));
    tmg_bind_text(s, 1, name);
    TMG_TRY(tmg_step(s, &row, err));
    *ret_stored = (tmg_span){NULL, 0};
    if (row) {
        *ret_stored = tmg_span_copy(a, tmg_col_text(s, 0));
        tmg_reset(s);
    }
    return TMG_OK;
}

static tmg_rc count_accounts(tmg_db *db, size_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM account", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? (size_t)tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

/* "," is put between codes here: string_agg and group_concat are not read alike by both databases. */
static tmg_rc posts_of(tmg_db *db, int64_t account_id, tmg_arena *a, tmg_span *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_AUTO_BUF codes = {0};
    tmg_buf_init(&codes, TMG_MAX_ACTOR_POSTS * (TMG_MAX_TEXT + 1));
    TMG_TRY(tmg_sql(
        db,
        "SELECT p.code FROM account_post ap JOIN post p ON p.id = ap.post_id WHERE ap.account_id = $1 "
        "ORDER BY p.code",
        &s, err));
    tmg_bind_i64(s, 1, account_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (codes.len > 0)
            tmg_buf_char(&codes, ',');
        tmg_buf_span(&codes, tmg_col_text(s, 0));
    }
    *ret = tmg_span_copy(a, tmg_buf_as_span(&codes));
    return TMG_OK;
}

tmg_rc tmg_account_list(tmg_db *db, tmg_arena *a, tmg_account **ret, size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    size_t room, count = 0;
    TMG_TRY(count_accounts(db, &room, err));
    tmg_account *list = tmg_alloc_array(a, room + 1, sizeof *list);
    TMG_TRY(tmg_sql(db, "SELECT id, name, display, role, closed_ms FROM account ORDER BY name LIMIT $1", &s,
                    err));
    tmg_bind_i64(s, 1, (int64_t)room);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list[count++] = (tmg_account){
            .id = tmg_col_i64(s, 0),
            .name = tmg_span_copy(a, tmg_col_text(s, 1)),
            .display = tmg_span_copy(a, tmg_col_text(s, 2)),
            .role = tmg_role_of(tmg_col_text(s, 3)),
            .closed = tmg_col_opt(s, 4) != TMG_NONE,
        };
    }
    for (size_t i = 0; i < count; i++)
        TMG_TRY(posts_of(db, list[i].id, a, &list[i].posts, err));
    if (tmg_arena_full(a))
        return TMG_FAIL(err, TMG_E_LIMIT, "the list of accounts does not fit in memory");
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
