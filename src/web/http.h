/* web/http.h - a small HTTP/1.1 server over libevent: what a handler sees of a request and of its answer.
 *
 * Threads: every event loop is a thread; a connection and its requests belong to one loop for life.  All
 * calls that take a tmg_req run on that loop, except that an answer may be prepared elsewhere while the
 * request is *held*: whoever holds it owns arena, body and resp until it comes back through tmg_loop_post.  A
 * client that goes away meanwhile makes the later tmg_req_send do nothing.
 *
 * Limits: head 16 KiB within 10 s, 100 headers, body as the application allows (all bodies in memory together
 * 512 MiB), 30 s without progress, 1,024 connections, requests on one connection answered in order.
 */
#ifndef TMG_WEB_HTTP_H
#define TMG_WEB_HTTP_H

#include "web/http_parse.h"

typedef struct tmg_http tmg_http;
typedef struct tmg_loop tmg_loop;
typedef struct tmg_conn tmg_conn;

typedef struct tmg_resp {
    int status;
    const char *type;  /* content type; NULL: no body */
    const char *cache; /* Cache-Control; NULL: no-store */
    tmg_buf headers;  /* further lines "Name: value\r\n" */
    tmg_buf body;
} tmg_resp;

enum { TMG_REQ_ARENA = 32 << 20, TMG_RESP_MAX = 256 << 20 };

typedef struct tmg_req {
    tmg_loop *loop;
    tmg_http_head head; /* spans in the request's arena */
    tmg_arena *arena;
    char from[64];  /* address of the peer, without its port */
    bool from_here; /* a loopback address and no sign of a proxy in between */
    char id[17];    /* names the request in the answer, in problems and in the operator's log */
    int64_t begun_us;
    size_t body_max;  /* set by admit */
    bool body_unread; /* handled without its body: the connection ends with the answer */
    tmg_buf body;
    tmg_resp resp;
    void *call;     /* the application's own */
    tmg_conn *conn; /* private; NULL when the client is gone */
    int holds;      /* private */
} tmg_req;

typedef enum tmg_admitted {
    TMG_ADMIT_BODY, /* read the body, then handle */
    TMG_ADMIT_NOW   /* the answer is clear already: handle without a large body */
} tmg_admitted;

/* What the application does; all on the loop's thread. */
typedef struct tmg_http_app {
    void *ctx;
    void *(*loop_begin)(void *ctx, tmg_loop *loop, tmg_err *err); /* data of one loop; NULL is a failure */
    void (*loop_end)(void *data);
    void (*second)(void *data);                     /* once a second */
    tmg_admitted (*admit)(void *ctx, tmg_req *req); /* the head is there */
    void (*handle)(void *ctx, tmg_req *req);        /* answers now with tmg_req_send, or holds the request */
    void (*broken)(void *ctx, tmg_req *req, int status,
                   const char *why);              /* fills resp for what is not HTTP */
    void (*over)(void *ctx, tmg_req *req);        /* answered or abandoned: frees `call` */
    void (*stream_over)(void *ctx, tmg_req *req); /* the client of a stream is gone */
} tmg_http_app;

/* Listens and starts the loops.  TMG_E_IO when the address cannot be had. */
TMG_MUST_USE tmg_rc tmg_http_start(const char *host, int port, int loops, const tmg_http_app *app,
                                   tmg_http **ret, tmg_err *err);
int tmg_http_port(const tmg_http *h);
/* Stops accepting, lets running requests end for at most grace_ms, ends the loops' threads and their data. */
void tmg_http_stop(tmg_http *h, int64_t grace_ms);
/* After tmg_http_stop and when nothing holds a request any more: runs what was posted late and frees all. */
void tmg_http_free(tmg_http *h);

void *tmg_loop_data(tmg_loop *l);
/* Runs fn(arg) on the loop's thread, soon and in order; from any thread. */
void tmg_loop_post(tmg_loop *l, void (*fn)(void *arg), void *arg);

void tmg_req_hold(tmg_req *req); /* keeps it alive until tmg_req_drop */
void tmg_req_drop(tmg_req *req);
/* Sends resp (status, type, headers, body), and turns to the connection's next request.  Once per request. */
void tmg_req_send(tmg_req *req);
/* Sends the head of an answer without end; then pieces.  The request lives until its stream is over. */
void tmg_req_stream(tmg_req *req);
void tmg_req_stream_put(tmg_req *req,
                        tmg_span bytes); /* ends a stream whose client does not read (256 KiB wait) */
void tmg_req_stream_end(tmg_req *req);
/* One further header line; the value must hold no CR or LF. */
void tmg_resp_header(tmg_resp *r, const char *name, const char *value);
const char *tmg_http_reason(int status); /* "Not Found" */

#endif
