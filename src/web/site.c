/* What happens to every request before and after its handler: routing, rights, checks, accounting. */
#include "app/casework.h"
#include "web/site_priv.h"

#include <limits.h>

enum { TOUCH_MS = 60000 };

static void refuse(tmg_call *c, int status, const char *name, const char *detail)
{
    tmg_problem_write(c->req, status, name, detail, c->faults, NULL);
    c->refused_status = status;
}

static void find_route(tmg_call *c)
{
    tmg_span path = c->req->head.path;

    /* Without the front end the plain page is the first one. */
    if (c->site->front == NULL && tmg_span_is(path, "/"))
        path = TMG_SPAN("/about");
    c->match = tmg_route_find(TMG_ROUTES, TMG_ROUTE_COUNT, c->req->head.method, path, c->req->arena);
    if (c->match.route != NULL)
        return;
    if (tmg_front_answer(c->site->front, c->req)) {
        c->refused_status = c->req->resp.status;
    } else if (c->match.path_known) {
        tmg_resp_header(&c->req->resp, "Allow", c->match.allow);
        refuse(c, 405, "method", "this path does not answer to this method");
    } else {
        refuse(
            c, 404, tmg_rc_name(TMG_E_NOT_FOUND),
            "there is nothing at this path: /about says what this is, /api/openapi.json describes the API");
    }
}

static bool is_accepted(const char *accepts, tmg_span type)
{
    tmg_span rest = tmg_span_of(accepts), one, plain;

    if (!tmg_span_split(&type, ';', &plain))
        return false;
    while (tmg_span_split(&rest, ' ', &one))
        if (tmg_span_equal_nocase(one, tmg_span_trim(plain)))
            return true;
    return false;
}

static void check_body_type(tmg_call *c)
{
    const tmg_http_head *h = &c->req->head;
    const tmg_route *r = c->match.route;
    char detail[200];

    c->req->body_max = r->body_max;
    if (!h->chunked && h->content_length <= 0)
        return;
    if (r->accepts == NULL) {
        refuse(c, 400, "body", "this route takes no body");
    } else if (tmg_http_header(h, "Content-Encoding").ptr != NULL ||
               !is_accepted(r->accepts, tmg_http_header(h, "Content-Type"))) {
        (void)snprintf(detail, sizeof detail, "send the body without compression as one of: %s", r->accepts);
        refuse(c, 415, "media_type", detail);
    }
}

static const tmg_schema *query_schema(const tmg_route *r, tmg_span name)
{
    for (const tmg_schema_member *m = r->query; m != NULL && m->name != NULL; m++)
        if (tmg_span_is(name, m->name))
            return m->schema;
    return NULL;
}

static void check_pair(tmg_call *c, tmg_span part)
{
    tmg_span name = {NULL, 0}, value = {"", 0};
    const char *eq = memchr(part.ptr, '=', part.len);
    tmg_span raw_name = {part.ptr, eq != NULL ? (size_t)(eq - part.ptr) : part.len};
    bool clean = tmg_http_unescape(raw_name, true, c->req->arena, &name);
    const char *shown = clean ? tmg_span_z(c->req->arena, tmg_utf8_cut(name, 60)) : "?";

    if (eq != NULL && clean)
        clean =
            tmg_http_unescape((tmg_span){eq + 1, part.len - raw_name.len - 1}, true, c->req->arena, &value);
    const tmg_schema *s = clean ? query_schema(c->match.route, name) : NULL;

    if (!clean)
        tmg_faults_add(tmg_call_faults(c), shown, "is wrongly escaped");
    else if (s == NULL)
        tmg_faults_add(tmg_call_faults(c), shown, "is not a parameter of this route");
    else if (tmg_call_query(c, shown).ptr != NULL || c->query_count == TMG_MAX_QUERY)
        tmg_faults_add(tmg_call_faults(c), shown, "is given more than once");
    else if (tmg_schema_check_text(s, shown, value, tmg_call_faults(c)))
        c->query[c->query_count++] = (tmg_pair){name, value};
}

static void check_query(tmg_call *c)
{
    tmg_span rest = c->req->head.query, part;

    while (tmg_span_split(&rest, '&', &part))
        if (part.len > 0)
            check_pair(c, part);
    for (const tmg_schema_member *m = c->match.route->query; m != NULL && m->name != NULL; m++)
        if (m->required && tmg_call_query(c, m->name).ptr == NULL)
            tmg_faults_add(tmg_call_faults(c), m->name, "is missing");
    if (c->faults != NULL && c->faults->count > 0)
        refuse(c, 400, "query", "a query parameter is wrong");
}

static tmg_span find_cookie(const tmg_http_head *h)
{
    static const char NAME[] = "__Host-tamga=";
    tmg_span rest = tmg_http_header(h, "Cookie"), part;

    while (tmg_span_split(&rest, ';', &part)) {
        part = tmg_span_trim(part);
        if (tmg_span_starts(part, NAME))
            return (tmg_span){part.ptr + sizeof NAME - 1, part.len - (sizeof NAME - 1)};
    }
    return (tmg_span){NULL, 0};
}

static bool is_safe(const tmg_http_head *h)
{
    return h->method == TMG_GET || h->method == TMG_HEAD;
}

/* A browser says where a request comes from; one that another site set off is refused whatever else it
 * carries. */
static bool is_same_origin(const tmg_http_head *h)
{
    tmg_span origin = tmg_http_header(h, "Origin"), host = tmg_http_header(h, "Host");
    tmg_span site = tmg_http_header(h, "Sec-Fetch-Site");

    if (tmg_span_is(site, "cross-site") || tmg_span_is(site, "same-site"))
        return false;
    if (origin.ptr == NULL)
        return true;
    if (tmg_span_starts(origin, "http://"))
        return tmg_span_equal_nocase((tmg_span){origin.ptr + 7, origin.len - 7}, host);
    if (tmg_span_starts(origin, "https://"))
        return tmg_span_equal_nocase((tmg_span){origin.ptr + 8, origin.len - 8}, host);
    return false;
}

static void refuse_anonymous(tmg_call *c, const char *detail)
{
    tmg_resp_header(&c->req->resp, "WWW-Authenticate",
                    "Cookie realm=\"tamga\", cookie-name=\"__Host-tamga\"");
    refuse(c, 401, "unauthenticated", detail);
}

static tmg_rc touch(tmg_site *s, void *ctx, tmg_db *db, tmg_err *err)
{
    (void)s;
    return tmg_session_touch(db, tmg_span_of(ctx), err);
}

static void find_actor(tmg_call *c)
{
    tmg_err err;

    c->token = find_cookie(&c->req->head);
    if (c->token.ptr == NULL) {
        refuse_anonymous(c, "sign in first: POST /api/session");
        return;
    }
    tmg_rc rc = tmg_session_actor(c->db, c->token, &c->who, c->csrf, &c->seen_ms, &err);
    if (rc == TMG_OK)
        rc = tmg_actor_extend(c->db, &c->who, &err);

    (void)snprintf(c->who.from, sizeof c->who.from, "%s", c->req->from);
    if (rc == TMG_E_DENIED)
        refuse_anonymous(c, err.text);
    else if (rc != TMG_OK)
        refuse(c, tmg_rc_status(rc), tmg_rc_name(rc), err.text);
    else if (!is_safe(&c->req->head) &&
             !tmg_csrf_fits(c->csrf, tmg_http_header(&c->req->head, "X-CSRF-Token")))
        refuse(c, 403, "csrf", "the header X-CSRF-Token does not carry the session's csrf value");
    else if (tmg_now_ms() - c->seen_ms > TOUCH_MS) {
        char *token = tmg_xcalloc(1, c->token.len + 1);

        memcpy(token, c->token.ptr, c->token.len);
        tmg_site_write(c->site, touch, token, free);
    }
}

static void check_rights(tmg_call *c)
{
    const tmg_route *r = c->match.route;

    if (!is_safe(&c->req->head) && !is_same_origin(&c->req->head)) {
        refuse(c, 403, "origin", "the request comes from another site");
        return;
    }
    if (r->permission == TMG_PUBLIC || (r->from_here && c->req->from_here))
        return;
    find_actor(c);
    if (c->refused_status != 0 || r->permission == TMG_SIGNED_IN)
        return;
    if (tmg_guard_may(&c->who, (tmg_permission)r->permission, 0, &c->refusal) != TMG_OK) {
        c->refused_status = 403;
        c->refused_is_leaf = true;
    }
}

static tmg_admitted admit(void *ctx, tmg_req *req)
{
    tmg_place *place = tmg_loop_data(req->loop);
    tmg_call *c = tmg_alloc(req->arena, sizeof *c);
    void (*const checks[])(tmg_call *) = {find_route, check_rights, check_query, check_body_type};

    req->call = c;
    c->req = req;
    c->site = ctx;
    c->db = place->db;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0] && c->refused_status == 0; i++)
        checks[i](c);
    return c->refused_status != 0 ? TMG_ADMIT_NOW : TMG_ADMIT_BODY;
}

/* False when the body is not what the route's schema says, and that was answered. */
static bool read_body(tmg_call *c)
{
    tmg_err err;

    return tmg_call_read_json(c, &err) == TMG_OK || !tmg_call_answer_body(c, &err);
}

static void handle(void *ctx, tmg_req *req)
{
    tmg_call *c = req->call;

    (void)ctx;
    if (c->refused_is_leaf) {
        (void)snprintf(c->object, sizeof c->object, "%.*s",
                       TMG_SPAN_ARG(tmg_utf8_cut(req->head.path, sizeof c->object - 1)));
        tmg_call_fail(c, &c->refusal);
    } else if (c->refused_status != 0) {
        tmg_req_send(req);
    } else if (c->match.route->request == NULL || c->match.route->defers || read_body(c)) {
        c->match.route->handler(c);
    }
}

static void broken(void *ctx, tmg_req *req, int status, const char *why)
{
    (void)ctx;
    tmg_problem_write(req, status,
                      status == 413   ? "too_large"
                      : status == 408 ? "timeout"
                                      : "malformed",
                      why, NULL, NULL);
}

static void over(void *ctx, tmg_req *req)
{
    tmg_site *s = ctx;
    tmg_call *c = req->call;
    size_t route =
        c != NULL && c->match.route != NULL ? (size_t)(c->match.route - TMG_ROUTES) : TMG_ROUTE_COUNT;

    if (req->resp.status != 0 && (route == TMG_ROUTE_COUNT || !TMG_ROUTES[route].streams))
        tmg_metrics_request(s->metrics, route, req->resp.status, tmg_tick_us() - req->begun_us);
    if (c == NULL)
        return;
    tmg_json_free(c->json);
    if (c->cleanup != NULL)
        c->cleanup(c->cleanup_arg);
}

static void stream_over(void *ctx, tmg_req *req)
{
    tmg_place *place = tmg_loop_data(req->loop);

    (void)ctx;
    tmg_live_close(place->live, req->call);
}

static void *loop_begin(void *ctx, tmg_loop *loop, tmg_err *err)
{
    tmg_site *s = ctx;
    tmg_place *place = tmg_xcalloc(1, sizeof *place);

    place->site = s;
    place->loop = loop;
    if (tmg_centre_reader(s->centre, &place->db, err) != TMG_OK) {
        free(place);
        return NULL;
    }
    place->live = tmg_live_new(s->hub, loop);
    return place;
}

static void loop_end(void *data)
{
    tmg_place *place = data;

    tmg_live_free(place->live);
    tmg_db_close(place->db);
    free(place);
}

static void second(void *data)
{
    tmg_place *place = data;

    tmg_live_second(place->live, place->db);
}

tmg_http_app tmg_site_app(tmg_site *s)
{
    return (tmg_http_app){.ctx = s,
                          .loop_begin = loop_begin,
                          .loop_end = loop_end,
                          .second = second,
                          .admit = admit,
                          .handle = handle,
                          .broken = broken,
                          .over = over,
                          .stream_over = stream_over};
}
