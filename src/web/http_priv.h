/* Shared by http.c (server and loops), conn.c (one connection) and reply.c (what is written). */
#ifndef TMG_WEB_HTTP_PRIV_H
#define TMG_WEB_HTTP_PRIV_H

#include "web/http.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    MOST_CONNECTIONS = 1024,
    HEAD_MS = 10000,
    IDLE_MS = 30000,
    LINGER_MS = 2000,
    MOST_UNSENT = 1 << 20, /* of pipelined answers, before the next request is looked at */
    MOST_UNSENT_STREAM = 1 << 18,
    SMALL_BODY = 1 << 16 /* read to its end even when the answer is clear before */
};
#define MOST_BODY_BYTES ((size_t)512 << 20)

typedef struct mail {
    struct mail *next;
    void (*fn)(void *arg);
    void *arg;
} mail;

struct tmg_loop {
    tmg_http *http;
    struct event_base *base;
    struct evconnlistener *listener;
    struct event *mail_event, *sweep_event;
    int mail_fd;
    pthread_mutex_t mail_lock;
    mail *first, **last;
    pthread_t thread;
    bool has_thread, stopping;
    int64_t stop_by_us;
    tmg_conn *conns;
    void *data;
};

struct tmg_http {
    tmg_http_app app;
    int fd, port, loop_count;
    tmg_loop *loops;
    atomic_size_t connections, body_bytes;
};

typedef enum conn_state {
    CONN_HEAD,   /* waits for a head, or reads it */
    CONN_BODY,   /* reads a body */
    CONN_BUSY,   /* a request is being handled */
    CONN_STREAM, /* a live stream */
    CONN_FLUSH,  /* the last answer is being sent */
    CONN_LINGER /* our side is shut: reads away what still comes, so that the answer is not lost to a reset */
} conn_state;

struct tmg_conn {
    tmg_loop *loop;
    struct bufferevent *bev;
    tmg_conn *next, *prev;
    conn_state state;
    tmg_req *req; /* of CONN_BODY, CONN_BUSY, CONN_STREAM */
    bool running, doomed, peer_done, close_after;
    int64_t deadline_us;
    size_t unsent, body_counted;
    uint64_t body_left;
    tmg_chunks chunks;
    char from[64];
    bool from_loopback;
};

void tmg_conn_accept(tmg_loop *l, int fd, const struct sockaddr *peer);
void tmg_conn_sweep(tmg_conn *c, int64_t now_us); /* ends what is too slow; may free c */
void tmg_conn_leave(tmg_conn *c); /* the loop stops: ends what is idle, lets the rest finish; may free c */
void tmg_conn_close(tmg_conn *c); /* frees it, at once or when what runs it returns */

tmg_req *tmg_req_new(tmg_conn *c);
/* Appends status line, headers and (when not a stream or HEAD) the body; takes the body's memory over. */
void tmg_reply_write(struct evbuffer *out, tmg_req *req, bool close, bool stream);

#endif
