/* Problem details (RFC 9457): every refusal has the same shape, whatever refused. */
#include "base/say.h"
#include "web/site_priv.h"

int tmg_rc_status(tmg_rc rc)
{
    switch (rc) {
    case TMG_OK:
        return 200;
    case TMG_E_INVALID:
        return 422;
    case TMG_E_NOT_FOUND:
        return 404;
    case TMG_E_DENIED:
        return 403;
    case TMG_E_CONFLICT:
        return 409;
    case TMG_E_LIMIT:
        return 429;
    case TMG_E_STORE:
        return 503;
    case TMG_E_IO:
        return 500;
    }
    return 500;
}

static void write_params(tmg_json_out *j, tmg_span values)
{
    tmg_span line, name;

    tmg_json_object(j, "params");
    while (tmg_span_split(&values, '\n', &line))
        if (line.len > 0 && tmg_span_split(&line, '=', &name)) {
            char member[40];

            (void)snprintf(member, sizeof member, "%.*s", TMG_SPAN_ARG(name));
            tmg_json_text(j, member, line);
        }
    tmg_json_end_object(j);
}

void tmg_write_code(tmg_json_out *j, const char *form, const char *values)
{
    TMG_AUTO_BUF code = {0};

    tmg_buf_init(&code, TMG_MOST_KEPT);
    tmg_say_code(&code, form);
    tmg_json_text(j, "code", tmg_buf_as_span(&code));
    write_params(j, tmg_span_of(values));
}

void tmg_write_kept(tmg_json_out *j, const char *key, tmg_span kept)
{
    TMG_AUTO_BUF english = {0};
    tmg_kept_said said;
    tmg_span rest = kept;
    char name[40];

    tmg_buf_init(&english, 1 << 14);
    tmg_say_english(&english, kept);
    tmg_json_text(j, key, tmg_buf_as_span(&english));
    (void)snprintf(name, sizeof name, "%s_said", key);
    tmg_json_array(j, name);
    while (tmg_say_next(&rest, &said)) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "text", said.english);
        tmg_json_text(j, "code", said.code.len > 0 ? said.code : said.english);
        write_params(j, said.values);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_failure(tmg_json_out *j, const char *name, const tmg_err *why)
{
    if (why != NULL && why->code == NULL && why->form != NULL) {
        tmg_write_code(j, why->form, why->params);
        return;
    }
    tmg_json_z(j, "code", why != NULL && why->code != NULL ? why->code : name);
    write_params(j, tmg_span_of(why != NULL ? why->params : ""));
}

void tmg_problem_write(tmg_req *req, int status, const char *name, const char *detail,
                       const tmg_faults *faults, const tmg_err *why)
{
    tmg_resp *r = &req->resp;
    tmg_json_out j;
    char type[80];

    (void)snprintf(type, sizeof type, "urn:tamga:problem:%s", name);
    tmg_buf_clear(&r->body);
    r->status = status;
    r->type = "application/problem+json";
    if (status == 429 || status == 503)
        tmg_resp_header(r, "Retry-After", "1");
    tmg_json_begin(&j, &r->body);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "type", type);
    tmg_json_z(&j, "title", tmg_http_reason(status));
    tmg_json_i64(&j, "status", status);
    tmg_json_z(&j, "detail", detail);
    write_failure(&j, name, why);
    if (req->head.path.len > 0)
        tmg_json_text(&j, "instance", req->head.path);
    tmg_json_z(&j, "request_id", req->id);
    tmg_json_array(&j, "errors");
    for (size_t i = 0; faults != NULL && i < faults->count; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_z(&j, "path", faults->list[i].path);
        tmg_json_z(&j, "message", faults->list[i].message);
        if (faults->list[i].code != NULL) {
            tmg_json_z(&j, "code", faults->list[i].code);
            tmg_json_i64(&j, "limit", faults->list[i].limit);
        } else {
            tmg_write_code(&j, faults->list[i].form, faults->list[i].values);
        }
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
}

/* A failure of the store or of a file names where the centre lives: that stands in the centre's own log, and
 * the answer names the request under which it does. */
static tmg_err told_outside(const tmg_call *c, const tmg_err *why)
{
    TMG_AUTO_BUF folder = {0};
    tmg_err told = *why;

    tmg_buf_init(&folder, 1 << 13);
    tmg_buf_fmt(&folder, "%s/", tmg_centre_settings(c->site->centre)->home);
    if (strstr(why->text, folder.ptr) != NULL)
        (void)TMG_FAIL(
            &told, why->rc,
            "the centre's records could not be read or written, and nothing was changed: try again; why "
            "stands in the centre's own log under request %s",
            c->req->id);
    return told;
}

static void send_problem(tmg_call *c, int status, const char *name, const tmg_faults *faults,
                         const tmg_err *why)
{
    tmg_err told = told_outside(c, why);

    tmg_problem_write(c->req, status, name, told.text, faults, &told);
    if (status >= 500)
        tmg_log(TMG_LOG_WARN, "web", "request failed", "req=%s route=%s status=%d why=\"%s\"", c->req->id,
                c->match.route != NULL ? c->match.route->name : "none", status, why->text);
    tmg_req_send(c->req);
}

void tmg_call_problem(tmg_call *c, int status, const char *name, const tmg_err *why, const tmg_faults *faults)
{
    send_problem(c, status, name, faults, why);
}

void tmg_call_problem_of(tmg_call *c, int status, const char *name, const tmg_err *why)
{
    send_problem(c, status, name, NULL, why);
}

static tmg_rc log_refusal(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const char *what = c->match.route->permission >= 0
                           ? tmg_permission_name((tmg_permission)c->match.route->permission)
                           : c->match.route->name;

    return tmg_guard_log_refusal(db, &c->who, what, c->object, ctx, err);
}

static void answer_refusal(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    const tmg_err *why = ctx;

    if (rc != TMG_OK)
        tmg_call_problem_of(c, tmg_rc_status(rc), tmg_rc_name(rc), err);
    else
        tmg_call_problem_of(c, 403, tmg_rc_name(TMG_E_DENIED), why);
}

void tmg_call_fail(tmg_call *c, const tmg_err *err)
{
    if (err->rc == TMG_E_DENIED && c->who.role != TMG_ROLE_NONE) {
        tmg_err *kept = tmg_alloc(c->req->arena, sizeof *kept);

        *kept = *err;
        tmg_call_write(c, log_refusal, answer_refusal, kept);
        return;
    }
    tmg_call_problem_of(c, tmg_rc_status(err->rc), tmg_rc_name(err->rc), err);
}
