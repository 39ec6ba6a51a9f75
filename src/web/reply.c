/* Requests as objects, and the bytes of an answer. */
#include "web/http_priv.h"

#include "base/hash.h"
#include "base/time.h"

const char *tmg_http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } REASONS[] = {
        {200, "OK"},
        {201, "Created"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };

    for (size_t i = 0; i < sizeof REASONS / sizeof REASONS[0]; i++)
        if (REASONS[i].status == status)
            return REASONS[i].reason;
    return "Other";
}

tmg_req *tmg_req_new(tmg_conn *c)
{
    tmg_req *req = tmg_xcalloc(1, sizeof *req);
    uint8_t id[8];
    static const char HEX[] = "0123456789abcdef";

    req->loop = c->loop;
    req->conn = c;
    req->holds = 1;
    req->begun_us = tmg_tick_us();
    req->arena = tmg_arena_new(TMG_REQ_ARENA);
    memcpy(req->from, c->from, sizeof req->from);
    tmg_buf_init(&req->body, 0);
    tmg_buf_init(&req->resp.headers, 4096);
    tmg_buf_init(&req->resp.body, TMG_RESP_MAX);
    tmg_random(id, sizeof id);
    for (size_t i = 0; i < sizeof id; i++) {
        req->id[2 * i] = HEX[id[i] >> 4];
        req->id[2 * i + 1] = HEX[id[i] & 15];
    }
    return req;
}

void tmg_req_hold(tmg_req *req)
{
    req->holds++;
}

void tmg_req_drop(tmg_req *req)
{
    if (--req->holds > 0)
        return;
    tmg_http_app *app = &req->loop->http->app;

    app->over(app->ctx, req);
    tmg_buf_done(&req->body);
    tmg_buf_done(&req->resp.headers);
    tmg_buf_done(&req->resp.body);
    tmg_arena_free(req->arena);
    free(req);
}

void tmg_resp_header(tmg_resp *r, const char *name, const char *value)
{
    tmg_buf_z(&r->headers, name);
    tmg_buf_put(&r->headers, ": ", 2);
    tmg_buf_z(&r->headers, value);
    tmg_buf_put(&r->headers, "\r\n", 2);
}

static void free_bytes(const void *data, size_t len, void *extra)
{
    (void)data;
    (void)len;
    free(extra);
}

/* Small bodies are copied beside the head, so that both leave in one packet; large ones are handed over. */
static void add_body(struct evbuffer *out, tmg_buf *body)
{
    if (body->len <= 16384) {
        evbuffer_add(out, body->ptr, body->len);
        return;
    }
    evbuffer_add_reference(out, body->ptr, body->len, free_bytes, body->ptr);
    *body = (tmg_buf){0};
    tmg_buf_init(body, 0);
}

static void write_date(struct evbuffer *out)
{
    static const char DAYS[] = "SunMonTueWedThuFriSat", MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = time(NULL);
    struct tm t;

    gmtime_r(&now, &t);
    evbuffer_add_printf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", &DAYS[3 * t.tm_wday],
                        t.tm_mday, &MONTHS[3 * t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

void tmg_reply_write(struct evbuffer *out, tmg_req *req, bool close, bool stream)
{
    static const char SECURITY[] = "X-Content-Type-Options: nosniff\r\n"
                                   "Referrer-Policy: no-referrer\r\n"
                                   "Cross-Origin-Opener-Policy: same-origin\r\n"
                                   "Cross-Origin-Resource-Policy: same-origin\r\n"
                                   "Content-Security-Policy: default-src 'self'; img-src 'self' data:; "
                                   "object-src 'none'; base-uri 'none'; "
                                   "form-action 'self'; frame-ancestors 'none'\r\n";
    tmg_resp *r = &req->resp;
    bool bodiless = r->status == 204 || r->status == 304;

    evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", r->status, tmg_http_reason(r->status));
    write_date(out);
    evbuffer_add(out, SECURITY, sizeof SECURITY - 1);
    evbuffer_add_printf(out, "Cache-Control: %s\r\nX-Request-Id: %s\r\n",
                        r->cache != NULL ? r->cache : "no-store", req->id);
    if (r->type != NULL && !bodiless)
        evbuffer_add_printf(out, "Content-Type: %s\r\n", r->type);
    if (!stream && !bodiless)
        evbuffer_add_printf(out, "Content-Length: %zu\r\n", r->body.len);
    if (close)
        evbuffer_add(out, "Connection: close\r\n", 19);
    else if (req->head.minor == 0)
        evbuffer_add(out, "Connection: keep-alive\r\n", 24);
    evbuffer_add(out, r->headers.ptr, r->headers.len);
    evbuffer_add(out, "\r\n", 2);
    if (!stream && !bodiless && req->head.method != TMG_HEAD)
        add_body(out, &r->body);
}
