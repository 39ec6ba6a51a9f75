/* Forms that carry a key of their own: a phone whose line dropped sends them again, and they count once. */
#include "app/casework_priv.h"
#include "base/hash.h"

enum { LEAST_KEY = 8, MOST_KEY = 64, MOST_ANSWER = 1 << 20 };

static tmg_rc check_key(tmg_span key, tmg_err *err)
{
    if (key.len < LEAST_KEY || key.len > MOST_KEY)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID, "client_key: expected %d to %d characters", LEAST_KEY, MOST_KEY),
            err, "sent.key");
    return TMG_OK;
}

tmg_sent tmg_sent_form(const char *what, int64_t about_id, const tmg_actor *who, tmg_span key,
                       tmg_span content)
{
    TMG_AUTO_BUF b = {0}, hex = {0};
    tmg_sent s = {.what = what, .about_id = about_id, .key = key};

    tmg_buf_init(&b, content.len + 256);
    tmg_buf_init(&hex, sizeof s.hash);
    tmg_buf_fmt(&b, "%s %lld %lld ", what, (long long)about_id, (long long)who->account_id);
    tmg_buf_span(&b, content);
    tmg_sha256 sum = tmg_sha256_of(b.ptr, b.len);
    tmg_hex_write(&hex, sum.b, sizeof sum.b);
    (void)snprintf(s.hash, sizeof s.hash, "%s", hex.ptr);
    return s;
}

tmg_rc tmg_sent_before(tmg_db *db, const tmg_sent *s, tmg_arena *a, bool *ret_there, tmg_span *ret_answer,
                       tmg_err *err)
{
    tmg_stmt *st = NULL;
    bool row = false;

    *ret_there = false;
    if (s->key.ptr == NULL)
        return TMG_OK;
    TMG_TRY(check_key(s->key, err));
    TMG_TRY(tmg_sql(db, "SELECT hash, answer FROM sent_form WHERE client_key = $1", &st, err));
    tmg_bind_text(st, 1, s->key);
    TMG_TRY(tmg_step(st, &row, err));
    if (!row)
        return TMG_OK;
    bool same = tmg_span_is(tmg_col_text(st, 0), s->hash);
    *ret_answer = tmg_span_copy(a, tmg_col_text(st, 1));
    tmg_reset(st);
    if (!same)
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_CONFLICT,
                     "client_key: something else was sent with this key before; look at what "
                     "is entered, and send what differs with a key of its own"),
            err, "sent.differs");
    *ret_there = true;
    return TMG_OK;
}

tmg_rc tmg_sent_keep(tmg_db *db, const tmg_actor *who, const tmg_sent *s, tmg_span answer, tmg_err *err)
{
    tmg_stmt *st = NULL;

    if (s->key.ptr == NULL)
        return TMG_OK;
    if (answer.len > MOST_ANSWER)
        return TMG_FAIL(err, TMG_E_LIMIT, "the answer to what was sent is longer than %d bytes", MOST_ANSWER);
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO sent_form (client_key, what, about_id, hash, answer, at_ms, account_id) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &st, err));
    tmg_bind_text(st, 1, s->key);
    tmg_bind_text(st, 2, tmg_span_of(s->what));
    tmg_bind_i64(st, 3, s->about_id);
    tmg_bind_text(st, 4, tmg_span_of(s->hash));
    tmg_bind_text(st, 5, answer.ptr != NULL ? answer : TMG_SPAN(""));
    tmg_bind_i64(st, 6, tmg_now_ms());
    tmg_bind_i64(st, 7, who->account_id);
    return tmg_exec(st, err);
}

tmg_rc tmg_once_made(tmg_db *db, const tmg_actor *who, const tmg_once *o, int64_t *ret_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_sent form = tmg_sent_form(o->what, o->about_id, who, o->key, o->content);
    tmg_span id = {NULL, 0};
    bool there;

    *ret_id = 0;
    TMG_TRY(tmg_sent_before(db, &form, a, &there, &id, err));
    if (there && !tmg_span_i64(id, ret_id))
        return TMG_FAIL(err, TMG_E_STORE, "what was kept of a form that was sent before is damaged");
    return TMG_OK;
}

tmg_rc tmg_once_keep(tmg_db *db, const tmg_actor *who, const tmg_once *o, int64_t id, tmg_err *err)
{
    tmg_sent form = tmg_sent_form(o->what, o->about_id, who, o->key, o->content);
    char text[24];

    (void)snprintf(text, sizeof text, "%lld", (long long)id);
    return tmg_sent_keep(db, who, &form, tmg_span_of(text), err);
}
