/* One connection: reads heads and bodies, hands requests out one at a time, and ends without losing an
 * answer. */
#include "web/http_priv.h"

#include "base/time.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

static void set_deadline(tmg_conn *c, int64_t ms)
{
    c->deadline_us = tmg_tick_us() + ms * 1000;
}

static void uncount_body(tmg_conn *c)
{
    atomic_fetch_sub(&c->loop->http->body_bytes, c->body_counted);
    c->body_counted = 0;
}

static void free_conn(tmg_conn *c)
{
    tmg_loop *l = c->loop;
    tmg_req *req = c->req;

    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        l->conns = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    bufferevent_free(c->bev);
    uncount_body(c);
    if (req != NULL) {
        req->conn = NULL;
        if (c->state == CONN_STREAM)
            l->http->app.stream_over(l->http->app.ctx, req);
        tmg_req_drop(req);
    }
    atomic_fetch_sub(&l->http->connections, 1);
    free(c);
    if (l->stopping && l->conns == NULL)
        event_base_loopbreak(l->base);
}

void tmg_conn_close(tmg_conn *c)
{
    c->doomed = true;
    if (!c->running)
        free_conn(c);
}

static bool is_sent(const tmg_conn *c)
{
    return evbuffer_get_length(bufferevent_get_output(c->bev)) == 0;
}

/* All is sent: shuts our side and reads on for a moment, else the kernel would answer unread bytes with a
 * reset that may overtake the answer. */
static void run(tmg_conn *c);
static void linger(tmg_conn *c)
{
    if (c->peer_done) {
        tmg_conn_close(c);
        return;
    }
    c->state = CONN_LINGER;
    shutdown(bufferevent_getfd(c->bev), SHUT_WR);
    set_deadline(c, LINGER_MS);
}

static void after_answer(tmg_conn *c)
{
    uncount_body(c);
    c->req = NULL;
    if (c->close_after) {
        c->state = CONN_FLUSH;
        set_deadline(c, IDLE_MS);
        c->unsent = evbuffer_get_length(bufferevent_get_output(c->bev));
        return;
    }
    c->state = CONN_HEAD;
    set_deadline(c, IDLE_MS);
}

void tmg_req_send(tmg_req *req)
{
    tmg_conn *c = req->conn;

    if (c == NULL)
        return;
    c->close_after = c->close_after || !req->head.keep_alive || req->body_unread || c->loop->stopping;
    tmg_reply_write(bufferevent_get_output(c->bev), req, c->close_after, false);
    req->conn = NULL;
    after_answer(c);
    tmg_req_drop(req);
    run(c);
}

void tmg_req_stream(tmg_req *req)
{
    tmg_conn *c = req->conn;

    if (c == NULL)
        return;
    c->close_after = true;
    c->state = CONN_STREAM;
    c->deadline_us = INT64_MAX;
    tmg_reply_write(bufferevent_get_output(c->bev), req, true, true);
}

void tmg_req_stream_put(tmg_req *req, tmg_span bytes)
{
    tmg_conn *c = req->conn;

    if (c == NULL)
        return;
    bufferevent_write(c->bev, bytes.ptr, bytes.len);
    if (evbuffer_get_length(bufferevent_get_output(c->bev)) > MOST_UNSENT_STREAM)
        tmg_conn_close(c);
}

void tmg_req_stream_end(tmg_req *req)
{
    if (req->conn != NULL)
        tmg_conn_close(req->conn);
}

/* Bytes that are not a request: an answer that says why, and the end of the connection. */
static void refuse_conn(tmg_conn *c, int status, const char *why)
{
    tmg_http *h = c->loop->http;

    if (c->req == NULL)
        c->req = tmg_req_new(c);
    c->state = CONN_BUSY;
    c->close_after = true;
    h->app.broken(h->app.ctx, c->req, status, why);
    tmg_req_send(c->req);
}

static void hand_out(tmg_conn *c)
{
    tmg_http *h = c->loop->http;

    c->state = CONN_BUSY;
    c->deadline_us = INT64_MAX;
    h->app.handle(h->app.ctx, c->req);
}

static void begin_body(tmg_conn *c, bool answer_is_clear)
{
    tmg_req *req = c->req;
    bool none = !req->head.chunked && req->head.content_length <= 0;
    bool small = !req->head.chunked && req->head.content_length <= SMALL_BODY;

    if (none) {
        hand_out(c);
    } else if (answer_is_clear && (!small || req->head.expects_continue)) {
        req->body_unread = true;
        hand_out(c);
    } else if (!answer_is_clear && req->head.content_length > (int64_t)req->body_max) {
        refuse_conn(c, 413, "the body is longer than this route accepts");
    } else {
        size_t most = small ? SMALL_BODY : req->body_max;

        tmg_buf_init(&req->body, most);
        c->body_left = req->head.chunked ? 0 : (uint64_t)req->head.content_length;
        c->chunks = (tmg_chunks){0};
        c->state = CONN_BODY;
        set_deadline(c, IDLE_MS);
        if (req->head.expects_continue)
            evbuffer_add(bufferevent_get_output(c->bev), "HTTP/1.1 100 Continue\r\n\r\n", 25);
    }
}

static bool step_head(tmg_conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->bev);
    size_t len = evbuffer_get_length(in);
    tmg_http *h = c->loop->http;
    tmg_http_head head;

    if (len == 0 || evbuffer_get_length(bufferevent_get_output(c->bev)) > MOST_UNSENT)
        return false;
    if (len > TMG_HTTP_HEAD_MAX)
        len = TMG_HTTP_HEAD_MAX;
    tmg_span bytes = {(const char *)evbuffer_pullup(in, (ev_ssize_t)len), len};
    tmg_http_step step = tmg_http_parse_head(bytes, &head);

    if (step == TMG_HTTP_MORE) {
        if (c->req == NULL) { /* the first bytes of a head: from now on it has 10 s */
            c->req = tmg_req_new(c);
            set_deadline(c, HEAD_MS);
        }
        return false;
    }
    if (c->req == NULL)
        c->req = tmg_req_new(c);
    if (step == TMG_HTTP_BAD) {
        refuse_conn(c, head.status, head.why);
        return true;
    }
    bytes = tmg_span_copy(c->req->arena, (tmg_span){bytes.ptr, head.length});
    (void)tmg_http_parse_head(bytes, &c->req->head);
    c->req->from_here = c->from_loopback && tmg_http_header(&head, "X-Forwarded-For").ptr == NULL &&
                        tmg_http_header(&head, "Forwarded").ptr == NULL;
    evbuffer_drain(in, head.length);
    begin_body(c, h->app.admit(h->app.ctx, c->req) == TMG_ADMIT_NOW);
    return true;
}

/* Counts what the body holds towards what all bodies may hold together. */
static bool has_room(tmg_conn *c)
{
    tmg_http *h = c->loop->http;
    size_t grown = c->req->body.len - c->body_counted;

    c->body_counted += grown;
    return atomic_fetch_add(&h->body_bytes, grown) + grown <= MOST_BODY_BYTES;
}

static bool step_body(tmg_conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->bev);
    tmg_req *req = c->req;
    size_t len = evbuffer_get_contiguous_space(in);
    tmg_http_step step = TMG_HTTP_MORE;

    if (len == 0)
        return false;
    tmg_span rest = {(const char *)evbuffer_pullup(in, (ev_ssize_t)len), len};

    if (req->head.chunked) {
        step = tmg_chunks_feed(&c->chunks, &rest, &req->body);
    } else {
        size_t n = len < c->body_left ? len : (size_t)c->body_left;

        tmg_buf_put(&req->body, rest.ptr, n);
        rest.len -= n;
        c->body_left -= n;
        step = c->body_left == 0 ? TMG_HTTP_READY : TMG_HTTP_MORE;
    }
    evbuffer_drain(in, len - rest.len);
    set_deadline(c, IDLE_MS);
    if (step == TMG_HTTP_BAD)
        refuse_conn(c, 400, c->chunks.why);
    else if (req->body.overflow)
        refuse_conn(c, 413, "the body is longer than this route accepts");
    else if (!has_room(c))
        refuse_conn(c, 503, "too many large bodies at the same time: try again in a moment");
    else if (step == TMG_HTTP_READY)
        hand_out(c);
    return true;
}

static bool step(tmg_conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->bev);

    switch (c->state) {
    case CONN_HEAD:
        return step_head(c);
    case CONN_BODY:
        return step_body(c);
    case CONN_STREAM:
    case CONN_LINGER:
    case CONN_FLUSH:
        evbuffer_drain(in, evbuffer_get_length(in));
        return false;
    case CONN_BUSY:
        break;
    }
    return false;
}

/* As far as input and state allow; may free c. */
static void run(tmg_conn *c)
{
    if (c->running)
        return;
    c->running = true;
    while (!c->doomed && step(c))
        ;
    /* The bufferevent stops reading at its high-water mark; it goes on when the input was drained. */
    if (!c->doomed && c->state == CONN_FLUSH && is_sent(c))
        linger(c);
    else if (!c->doomed && c->peer_done && (c->state == CONN_HEAD || c->state == CONN_BODY)) {
        c->close_after = true;
        c->state = CONN_FLUSH;
        if (is_sent(c))
            c->doomed = true;
    }
    c->running = false;
    if (c->doomed)
        free_conn(c);
}

static void on_read(struct bufferevent *bev, void *ctx)
{
    (void)bev;
    run(ctx);
}

static void on_event(struct bufferevent *bev, short what, void *ctx)
{
    tmg_conn *c = ctx;

    (void)bev;
    if ((what & BEV_EVENT_EOF) == 0 || c->state == CONN_STREAM || c->state == CONN_LINGER) {
        tmg_conn_close(c);
        return;
    }
    c->peer_done = true;
    run(c);
}

void tmg_conn_sweep(tmg_conn *c, int64_t now_us)
{
    size_t unsent = evbuffer_get_length(bufferevent_get_output(c->bev));

    if (unsent > 0 && unsent < c->unsent && c->state != CONN_LINGER)
        c->deadline_us = c->deadline_us == INT64_MAX ? INT64_MAX : now_us + IDLE_MS * 1000;
    c->unsent = unsent;
    if (now_us < c->deadline_us)
        return;
    if (c->state == CONN_BODY || (c->state == CONN_HEAD && c->req != NULL))
        refuse_conn(c, 408, "the request did not arrive in time");
    else
        tmg_conn_close(c);
}

void tmg_conn_leave(tmg_conn *c)
{
    c->close_after = true;
    if (c->state == CONN_STREAM || (c->state == CONN_HEAD && c->req == NULL && is_sent(c)))
        tmg_conn_close(c);
    else if (c->state == CONN_HEAD) {
        c->state = CONN_FLUSH;
        run(c);
    }
}

static bool is_loopback(const struct sockaddr *peer)
{
    if (peer->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)peer)->sin_addr.s_addr) >> 24) == 127;
    return peer->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr);
}

void tmg_conn_accept(tmg_loop *l, int fd, const struct sockaddr *peer)
{
    static const char FULL[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: "
                               "0\r\nConnection: close\r\n\r\n";
    const int on = 1;
    socklen_t len = peer->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

    if (atomic_fetch_add(&l->http->connections, 1) >= MOST_CONNECTIONS) {
        atomic_fetch_sub(&l->http->connections, 1);
        (void)!write(fd, FULL, sizeof FULL - 1);
        close(fd);
        return;
    }
    tmg_conn *c = tmg_xcalloc(1, sizeof *c);

    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->loop = l;
    c->bev = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (c->bev == NULL)
        abort();
    if (getnameinfo(peer, len, c->from, sizeof c->from, NULL, 0, NI_NUMERICHOST) != 0)
        c->from[0] = '\0';
    c->from_loopback = is_loopback(peer);
    c->next = l->conns;
    if (l->conns != NULL)
        l->conns->prev = c;
    l->conns = c;
    set_deadline(c, IDLE_MS);
    bufferevent_setcb(c->bev, on_read, on_read, on_event, c);
    bufferevent_setwatermark(c->bev, EV_READ, 0, 1 << 18);
    bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}
