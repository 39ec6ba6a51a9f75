/* Signing in and out. */
#include "web/site_priv.h"

typedef struct sign_in {
    tmg_span name, password, stored;
    bool fits;
    tmg_rc rc; /* of opening the session: a refusal must be committed, so the write job itself succeeds */
    tmg_err why;
    tmg_session session;
    tmg_post *posts;
    size_t post_count;
} sign_in;

/* Codes of the posts to which the actor is bound; none means every post. */
static void write_posts(tmg_json_out *j, const tmg_call *c, const tmg_post *posts, size_t count)
{
    tmg_json_array(j, "posts");
    for (size_t i = 0; i < count && c->who.post_count > 0; i++)
        if (tmg_call_sees_post(c, posts[i].id))
            tmg_json_text(j, NULL, posts[i].code);
    tmg_json_end_array(j);
}

static void write_session(tmg_json_out *j, const tmg_call *c, const tmg_post *posts, size_t count,
                          const char *csrf, int64_t expires_ms)
{
    const tmg_actor *who = &c->who;

    tmg_json_object(j, NULL);
    tmg_json_z(j, "account", who->name);
    tmg_json_z(j, "display", who->display);
    tmg_json_z(j, "role", tmg_role_name(who->role));
    tmg_json_z(j, "csrf", csrf);
    write_posts(j, c, posts, count);
    tmg_json_array(j, "permissions");
    for (int p = 0; p < TMG_PERMISSIONS; p++)
        if (tmg_role_may(who->role, (tmg_permission)p))
            tmg_json_z(j, NULL, tmg_permission_name((tmg_permission)p));
    tmg_json_end_array(j);
    tmg_json_time(j, "expires", expires_ms, 0);
    tmg_json_end_object(j);
}

static void set_cookie(tmg_call *c, const char *token)
{
    char cookie[200];

    (void)snprintf(cookie, sizeof cookie, "__Host-tamga=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s",
                   token, *token == '\0' ? "; Max-Age=0" : "");
    tmg_resp_header(&c->req->resp, "Set-Cookie", cookie);
}

static void opened(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    sign_in *s = ctx;
    tmg_json_out j;

    if (rc != TMG_OK) {
        tmg_call_fail(c, err);
        return;
    }
    if (s->rc == TMG_E_DENIED) {
        tmg_call_problem_of(c, 401, "unauthenticated", &s->why);
        return;
    }
    tmg_limit_give_back(c->site->sign_ins, c->req->from);
    set_cookie(c, s->session.token);
    tmg_call_json(c, 201, &j);
    write_session(&j, c, s->posts, s->post_count, s->session.csrf, s->session.expires_ms);
    tmg_call_send(c);
}

static tmg_rc open_session(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    sign_in *s = ctx;

    s->rc = tmg_session_open(db, s->name, s->fits, tmg_span_of(c->req->from), &s->session, &c->who, &s->why);
    if (s->rc == TMG_OK)
        return tmg_post_list(db, c->req->arena, &s->posts, &s->post_count, err);
    if (s->rc == TMG_E_DENIED)
        return TMG_OK;
    if (err != NULL)
        *err = s->why;
    return s->rc;
}

static tmg_rc compare(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    sign_in *s = ctx;

    (void)c;
    (void)db;
    (void)err;
    s->fits = tmg_password_fits(s->stored, s->password);
    return TMG_OK;
}

static void compared(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    (void)rc;
    (void)err;
    explicit_bzero(c->req->body.ptr, c->req->body.len);
    tmg_call_write(c, open_session, opened, ctx);
}

void tmg_do_session_open(tmg_call *c)
{
    sign_in *s = tmg_alloc(c->req->arena, sizeof *s);
    int wait_s;
    tmg_err err;

    if (!tmg_limit_take(c->site->sign_ins, c->req->from, tmg_tick_us(), &wait_s)) {
        (void)tmg_err_code(TMG_FAIL(&err, TMG_E_LIMIT,
                                    "too many failed sign-ins from your address: try again in %d s", wait_s),
                           &err, "sign_in.many", "seconds=%d", wait_s);
        tmg_call_fail(c, &err);
        return;
    }
    s->name = tmg_json_as_text(tmg_json_member(c->json, "name"));
    s->password = tmg_json_as_text(tmg_json_member(c->json, "password"));
    tmg_rc rc = tmg_account_secret(c->db, s->name, c->req->arena, &s->stored, &err);

    if (rc != TMG_OK && rc != TMG_E_NOT_FOUND)
        tmg_call_fail(c, &err);
    else
        tmg_call_slow(c, compare, compared, s);
}

void tmg_do_session_read(tmg_call *c)
{
    tmg_json_out j;
    tmg_post *posts;
    size_t count;
    tmg_err err;

    if (tmg_post_list(c->db, c->req->arena, &posts, &count, &err) != TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    tmg_call_json(c, 200, &j);
    write_session(&j, c, posts, count, c->csrf, tmg_now_ms() + TMG_HOUR_MS);
    tmg_call_send(c);
}

static tmg_rc close_session(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    (void)ctx;
    set_cookie(c, "");
    c->req->resp.status = 204;
    return tmg_session_close(db, &c->who, c->token, err);
}

void tmg_do_session_close(tmg_call *c)
{
    tmg_call_write(c, close_session, NULL, NULL);
}
