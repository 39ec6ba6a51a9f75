#include "guard/log_priv.h"

#include "base/json.h"

#include <sodium.h>

enum { MAX_FAILURES = 5 };
#define LOCK_MS    (5 * 60 * TMG_SECOND_MS)
#define LIFE_MS    (12 * TMG_HOUR_MS)
#define SILENCE_MS TMG_HOUR_MS
#define REFUSAL                                                                                              \
    "the name or the password is wrong (after 5 wrong tries in a row an account is locked for 5 minutes)"

typedef struct account_row {
    bool known;
    tmg_actor who;
    int64_t failed, locked_until_ms, closed_ms;
} account_row;

static void copy_text(char *to, size_t room, tmg_span from)
{
    snprintf(to, room, "%.*s", TMG_SPAN_ARG(tmg_utf8_cut(from, room - 1)));
}

/* Fails rather than cut the list: fewer rows would be a smaller need-to-know, none at all would be every
 * post. */
static tmg_rc load_posts(tmg_db *db, tmg_actor *who, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT post_id FROM account_post WHERE account_id = $1 ORDER BY post_id", &s, err));
    tmg_bind_i64(s, 1, who->account_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (who->post_count == TMG_MAX_ACTOR_POSTS) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_STORE, "the account %s has more than %d posts", who->name,
                            TMG_MAX_ACTOR_POSTS);
        }
        who->posts[who->post_count++] = tmg_col_i64(s, 0);
    }
}

static tmg_rc load_account(tmg_db *db, tmg_span name, tmg_span from, account_row *ret, tmg_err *err)
{
    tmg_stmt *s;
    *ret = (account_row){.locked_until_ms = TMG_NONE, .closed_ms = TMG_NONE};
    copy_text(ret->who.from, sizeof ret->who.from, from);
    TMG_TRY(tmg_sql(
        db, "SELECT id, name, display, role, failed, locked_until_ms, closed_ms FROM account WHERE name = $1",
        &s, err));
    tmg_bind_text(s, 1, name);
    TMG_TRY(tmg_step(s, &ret->known, err));
    if (!ret->known)
        return TMG_OK;
    ret->who.account_id = tmg_col_i64(s, 0);
    copy_text(ret->who.name, sizeof ret->who.name, tmg_col_text(s, 1));
    copy_text(ret->who.display, sizeof ret->who.display, tmg_col_text(s, 2));
    ret->who.role = tmg_role_of(tmg_col_text(s, 3));
    ret->failed = tmg_col_i64(s, 4);
    ret->locked_until_ms = tmg_col_opt(s, 5);
    ret->closed_ms = tmg_col_opt(s, 6);
    tmg_reset(s);
    return load_posts(db, &ret->who, err);
}

static tmg_rc set_failures(tmg_db *db, int64_t account_id, int64_t failed, int64_t locked_until_ms,
                           tmg_err *err)
{
    tmg_stmt *s;
    TMG_TRY(tmg_sql(db, "UPDATE account SET failed = $2, locked_until_ms = $3 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, account_id);
    tmg_bind_i64(s, 2, failed);
    tmg_bind_opt(s, 3, locked_until_ms);
    return tmg_exec(s, err);
}

/* A name that is no account is not written down: people type their password into the wrong field. */
static tmg_rc log_failure(tmg_db *db, account_row *acc, const char *reason, tmg_err *err)
{
    char object[64] = "account:unknown", details[64];
    if (acc->known)
        snprintf(object, sizeof object, "account:%lld", (long long)acc->who.account_id);
    else
        snprintf(acc->who.name, sizeof acc->who.name, "unknown");
    snprintf(details, sizeof details, "\"reason\":\"%s\"", reason);
    return tmg_guard_log(db, &acc->who, "sign_in.failed", object, tmg_span_of(details), err);
}

/* Tries during a lock do not lengthen it: nobody can keep an officer out for longer than five minutes at a
 * time without being seen in the log. */
static tmg_rc refuse(tmg_db *db, account_row *acc, bool fits, int64_t now, tmg_err *err)
{
    const char *reason = "wrong_password";
    if (!acc->known) {
        reason = "wrong_name";
    } else if (acc->closed_ms != TMG_NONE) {
        reason = "closed";
    } else if (acc->locked_until_ms != TMG_NONE && now < acc->locked_until_ms) {
        reason = fits ? "locked" : "locked_and_wrong_password";
    } else {
        bool lock = acc->failed + 1 >= MAX_FAILURES;
        TMG_TRY(set_failures(db, acc->who.account_id, lock ? 0 : acc->failed + 1,
                             lock ? now + LOCK_MS : TMG_NONE, err));
    }
    return log_failure(db, acc, reason, err);
}

static void make_token(char ret[TMG_TOKEN_TEXT + 1])
{
    uint8_t random[32];
    tmg_random(random, sizeof random);
    sodium_bin2base64(ret, TMG_TOKEN_TEXT + 1, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof random);
}

static tmg_sha256 token_hash(tmg_span token)
{
    return tmg_sha256_of(token.ptr, token.len);
}

static tmg_rc drop_ended(tmg_db *db, int64_t now, tmg_err *err)
{
    tmg_stmt *s;
    TMG_TRY(tmg_sql(db, "DELETE FROM session WHERE expires_ms <= $1 OR seen_ms < $2", &s, err));
    tmg_bind_i64(s, 1, now);
    tmg_bind_i64(s, 2, now - SILENCE_MS);
    return tmg_exec(s, err);
}

static tmg_rc insert_session(tmg_db *db, const tmg_session *made, int64_t account_id, int64_t now,
                             tmg_err *err)
{
    tmg_stmt *s;
    tmg_sha256 hash = token_hash(tmg_span_of(made->token));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO session (token_hash, account_id, csrf, made_ms, seen_ms, expires_ms) "
                    "VALUES ($1, $2, $3, $4, $4, $5)",
                    &s, err));
    tmg_bind_blob(s, 1, (tmg_span){(const char *)hash.b, sizeof hash.b});
    tmg_bind_i64(s, 2, account_id);
    tmg_bind_text(s, 3, tmg_span_of(made->csrf));
    tmg_bind_i64(s, 4, now);
    tmg_bind_i64(s, 5, made->expires_ms);
    return tmg_exec(s, err);
}

static tmg_rc admit(tmg_db *db, const account_row *acc, int64_t now, tmg_session *ret, tmg_err *err)
{
    char object[64];
    ret->expires_ms = now + LIFE_MS;
    make_token(ret->token);
    make_token(ret->csrf);
    TMG_TRY(set_failures(db, acc->who.account_id, 0, TMG_NONE, err));
    TMG_TRY(drop_ended(db, now, err));
    TMG_TRY(insert_session(db, ret, acc->who.account_id, now, err));
    snprintf(object, sizeof object, "account:%lld", (long long)acc->who.account_id);
    return tmg_guard_log(db, &acc->who, "sign_in", object, TMG_SPAN(""), err);
}

tmg_rc tmg_session_open(tmg_db *db, tmg_span name, bool fits, tmg_span from, tmg_session *ret,
                        tmg_actor *ret_who, tmg_err *err)
{
    account_row acc;
    tmg_session made = {0};
    tmg_own_tx tx;
    const int64_t now = tmg_now_ms();
    TMG_TRY(tmg_own_begin(db, &tx, err));
    tmg_rc rc = load_account(db, name, from, &acc, err);
    bool welcome = rc == TMG_OK && fits && acc.known && acc.closed_ms == TMG_NONE &&
                   (acc.locked_until_ms == TMG_NONE || now >= acc.locked_until_ms);
    if (rc == TMG_OK)
        rc = welcome ? admit(db, &acc, now, &made, err) : refuse(db, &acc, fits, now, err);
    TMG_TRY(tmg_own_end(&tx, rc, err));
    if (!welcome)
        return tmg_err_named(TMG_FAIL(err, TMG_E_DENIED, REFUSAL), err, "sign_in.wrong");
    *ret = made;
    *ret_who = acc.who;
    return TMG_OK;
}

typedef struct session_row {
    tmg_actor who;
    char csrf[TMG_TOKEN_TEXT + 1];
    int64_t seen_ms;
} session_row;

static tmg_rc load_session(tmg_db *db, tmg_span token, session_row *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    const int64_t now = tmg_now_ms();
    tmg_sha256 hash = token_hash(token);
    *ret = (session_row){0};
    TMG_TRY(tmg_sql(db,
                    "SELECT a.id, a.name, a.display, a.role, s.csrf, s.seen_ms FROM session s "
                    "JOIN account a ON a.id = s.account_id WHERE s.token_hash = $1 AND s.expires_ms > $2 "
                    "AND s.seen_ms >= $3 AND a.closed_ms IS NULL",
                    &s, err));
    tmg_bind_blob(s, 1, (tmg_span){(const char *)hash.b, sizeof hash.b});
    tmg_bind_i64(s, 2, now);
    tmg_bind_i64(s, 3, now - SILENCE_MS);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_DENIED, "you are not signed in, or the session is over: sign in again"), err,
            "sign_in.none");
    ret->who.account_id = tmg_col_i64(s, 0);
    copy_text(ret->who.name, sizeof ret->who.name, tmg_col_text(s, 1));
    copy_text(ret->who.display, sizeof ret->who.display, tmg_col_text(s, 2));
    ret->who.role = tmg_role_of(tmg_col_text(s, 3));
    copy_text(ret->csrf, sizeof ret->csrf, tmg_col_text(s, 4));
    ret->seen_ms = tmg_col_i64(s, 5);
    tmg_reset(s);
    return load_posts(db, &ret->who, err);
}

tmg_rc tmg_session_actor(tmg_db *db, tmg_span token, tmg_actor *ret_who, char ret_csrf[TMG_TOKEN_TEXT + 1],
                         int64_t *ret_seen_ms, tmg_err *err)
{
    session_row found;
    TMG_TRY(load_session(db, token, &found, err));
    *ret_who = found.who;
    if (ret_csrf != NULL)
        memcpy(ret_csrf, found.csrf, sizeof found.csrf);
    if (ret_seen_ms != NULL)
        *ret_seen_ms = found.seen_ms;
    return TMG_OK;
}

tmg_rc tmg_session_touch(tmg_db *db, tmg_span token, tmg_err *err)
{
    tmg_stmt *s;
    const int64_t now = tmg_now_ms();
    tmg_sha256 hash = token_hash(token);
    TMG_TRY(tmg_sql(
        db, "UPDATE session SET seen_ms = $2 WHERE token_hash = $1 AND seen_ms >= $3 AND expires_ms > $2", &s,
        err));
    tmg_bind_blob(s, 1, (tmg_span){(const char *)hash.b, sizeof hash.b});
    tmg_bind_i64(s, 2, now);
    tmg_bind_i64(s, 3, now - SILENCE_MS);
    return tmg_exec(s, err);
}

static tmg_rc delete_session(tmg_db *db, const tmg_actor *who, tmg_span token, tmg_err *err)
{
    tmg_stmt *s;
    char object[64];
    tmg_sha256 hash = token_hash(token);
    TMG_TRY(tmg_sql(db, "DELETE FROM session WHERE token_hash = $1", &s, err));
    tmg_bind_blob(s, 1, (tmg_span){(const char *)hash.b, sizeof hash.b});
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_OK;
    snprintf(object, sizeof object, "account:%lld", (long long)who->account_id);
    return tmg_guard_log(db, who, "sign_out", object, TMG_SPAN(""), err);
}

tmg_rc tmg_session_close(tmg_db *db, const tmg_actor *who, tmg_span token, tmg_err *err)
{
    tmg_own_tx tx;
    TMG_TRY(tmg_own_begin(db, &tx, err));
    return tmg_own_end(&tx, delete_session(db, who, token, err), err);
}

bool tmg_csrf_fits(const char *expected, tmg_span sent)
{
    size_t len = strlen(expected);
    return len > 0 && sent.len == len && sodium_memcmp(expected, sent.ptr, len) == 0;
}
