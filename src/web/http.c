/* The server: one listening socket, several loops, and the mail that other threads put into a loop. */
#include "web/http_priv.h"

#include "base/time.h"

#include <errno.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static tmg_rc listen_on(const char *host, int port, int *ret_fd, int *ret_port, tmg_err *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV},
                    *found = NULL;
    struct sockaddr_storage bound;
    socklen_t bound_len = sizeof bound;
    char service[16];
    const int on = 1;
    int fd;

    (void)snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0 || found == NULL)
        return TMG_FAIL(err, TMG_E_IO,
                        "\"%s\" is not an address to listen on: give one of this machine, like 127.0.0.1",
                        host);
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
        int why = errno;

        freeaddrinfo(found);
        if (fd >= 0)
            close(fd);
        return TMG_FAIL(err, TMG_E_IO, "cannot listen on %s port %d (%s): choose another with --port", host,
                        port, strerror(why));
    }
    freeaddrinfo(found);
    *ret_port = port;
    if (getsockname(fd, (struct sockaddr *)&bound, &bound_len) == 0) {
        char number[16];

        if (getnameinfo((struct sockaddr *)&bound, bound_len, NULL, 0, number, sizeof number,
                        NI_NUMERICSERV) == 0)
            *ret_port = (int)strtol(number, NULL, 10);
    }
    *ret_fd = fd;
    return TMG_OK;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int len,
                      void *ctx)
{
    (void)listener;
    (void)len;
    tmg_conn_accept(ctx, fd, peer);
}

static void run_mail(tmg_loop *l)
{
    pthread_mutex_lock(&l->mail_lock);
    mail *m = l->first;
    l->first = NULL;
    l->last = &l->first;
    pthread_mutex_unlock(&l->mail_lock);
    while (m != NULL) {
        mail *next = m->next;

        m->fn(m->arg);
        free(m);
        m = next;
    }
}

static void on_mail(evutil_socket_t fd, short what, void *ctx)
{
    uint64_t count;

    (void)what;
    if (read(fd, &count, sizeof count) == (ssize_t)sizeof count)
        run_mail(ctx);
}

void tmg_loop_post(tmg_loop *l, void (*fn)(void *arg), void *arg)
{
    mail *m = tmg_xcalloc(1, sizeof *m);
    const uint64_t one = 1;

    m->fn = fn;
    m->arg = arg;
    pthread_mutex_lock(&l->mail_lock);
    bool was_empty = l->first == NULL;
    *l->last = m;
    l->last = &m->next;
    pthread_mutex_unlock(&l->mail_lock);
    if (was_empty && write(l->mail_fd, &one, sizeof one) != (ssize_t)sizeof one)
        abort();
}

static void on_second(evutil_socket_t fd, short what, void *ctx)
{
    tmg_loop *l = ctx;
    int64_t now = tmg_tick_us();

    (void)fd;
    (void)what;
    for (tmg_conn *c = l->conns, *next; c != NULL; c = next) {
        next = c->next;
        tmg_conn_sweep(c, now);
    }
    if (l->stopping && now >= l->stop_by_us)
        while (l->conns != NULL)
            tmg_conn_close(l->conns);
    if (l->stopping && l->conns == NULL)
        event_base_loopbreak(l->base);
    l->http->app.second(l->data);
}

static void begin_stop(void *arg)
{
    tmg_loop *l = arg;
    const struct timeval often = {0, 50000};

    l->stopping = true;
    evconnlistener_free(l->listener);
    l->listener = NULL;
    for (tmg_conn *c = l->conns, *next; c != NULL; c = next) {
        next = c->next;
        tmg_conn_leave(c);
    }
    event_add(l->sweep_event, &often);
}

static void *loop_main(void *arg)
{
    tmg_loop *l = arg;

    event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

static tmg_rc start_loop(tmg_http *h, tmg_loop *l, tmg_err *err)
{
    struct event_config *config = event_config_new();
    const struct timeval second = {1, 0};

    l->http = h;
    l->last = &l->first;
    pthread_mutex_init(&l->mail_lock, NULL);
    l->mail_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    l->base = event_base_new_with_config(config);
    event_config_free(config);
    if (l->mail_fd < 0 || l->base == NULL)
        return TMG_FAIL(err, TMG_E_IO, "an event loop cannot be started: allow this user more open files");
    l->mail_event = event_new(l->base, l->mail_fd, EV_READ | EV_PERSIST, on_mail, l);
    l->sweep_event = event_new(l->base, -1, EV_PERSIST, on_second, l);
    l->listener = evconnlistener_new(l->base, on_accept, l, LEV_OPT_CLOSE_ON_EXEC, -1, h->fd);
    if (l->listener == NULL || event_add(l->mail_event, NULL) != 0 || event_add(l->sweep_event, &second) != 0)
        return TMG_FAIL(err, TMG_E_IO, "an event loop cannot be started: libevent refused its events");
    l->data = h->app.loop_begin(h->app.ctx, l, err);
    if (l->data == NULL)
        return err != NULL ? err->rc : TMG_E_IO;
    if (pthread_create(&l->thread, NULL, loop_main, l) != 0)
        return TMG_FAIL(err, TMG_E_IO,
                        "an event loop's thread cannot be started: allow this user more threads");
    l->has_thread = true;
    return TMG_OK;
}

tmg_rc tmg_http_start(const char *host, int port, int loops, const tmg_http_app *app, tmg_http **ret,
                      tmg_err *err)
{
    tmg_http *h = tmg_xcalloc(1, sizeof *h);
    tmg_rc rc;

    h->app = *app;
    h->fd = -1;
    h->loops = tmg_xcalloc((size_t)loops, sizeof *h->loops);
    rc = listen_on(host, port, &h->fd, &h->port, err);
    while (rc == TMG_OK && h->loop_count < loops)
        rc = start_loop(h, &h->loops[h->loop_count++], err);
    if (rc != TMG_OK) {
        tmg_http_stop(h, 0);
        tmg_http_free(h);
        return rc;
    }
    *ret = h;
    return TMG_OK;
}

void tmg_http_stop(tmg_http *h, int64_t grace_ms)
{
    for (int i = 0; i < h->loop_count; i++) {
        h->loops[i].stop_by_us = tmg_tick_us() + grace_ms * 1000;
        if (h->loops[i].has_thread)
            tmg_loop_post(&h->loops[i], begin_stop, &h->loops[i]);
    }
    for (int i = 0; i < h->loop_count; i++) {
        if (h->loops[i].has_thread)
            pthread_join(h->loops[i].thread, NULL);
        h->loops[i].has_thread = false;
        if (h->loops[i].data != NULL)
            h->app.loop_end(h->loops[i].data);
        h->loops[i].data = NULL;
    }
}

static void free_loop(tmg_loop *l)
{
    if (l->listener != NULL)
        evconnlistener_free(l->listener);
    if (l->mail_event != NULL)
        event_free(l->mail_event);
    if (l->sweep_event != NULL)
        event_free(l->sweep_event);
    if (l->base != NULL)
        event_base_free(l->base);
    if (l->mail_fd >= 0)
        close(l->mail_fd);
    pthread_mutex_destroy(&l->mail_lock);
}

void tmg_http_free(tmg_http *h)
{
    for (int i = 0; i < h->loop_count; i++)
        while (h->loops[i].first != NULL)
            run_mail(&h->loops[i]);
    for (int i = 0; i < h->loop_count; i++)
        free_loop(&h->loops[i]);
    if (h->fd >= 0)
        close(h->fd);
    free(h->loops);
    free(h);
}

int tmg_http_port(const tmg_http *h)
{
    return h->port;
}

void *tmg_loop_data(tmg_loop *l)
{
    return l->data;
}
