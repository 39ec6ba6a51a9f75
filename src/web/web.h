/* web/web.h - the HTTP door of a centre: the API described in api/, live events, sessions, health and
 * metrics.
 *
 * One process, one centre: event loops share the listening socket, each with its own read connection; what
 * changes the centre goes to the writer's thread and is answered when its commit is durable; what takes
 * longer than a few milliseconds goes to a small pool.  HTTP/1.1 without TLS: the loopback address is the
 * default, and anything public stands behind a proxy that ends TLS.
 */
#ifndef TMG_WEB_WEB_H
#define TMG_WEB_WEB_H

#include "base/err.h"

#include <stdbool.h>

typedef struct tmg_serve_options {
    const char *host; /* address to listen on; NULL: the one in tamga.ini */
    int port;         /* 0 picks a free one; negative: the one in tamga.ini */
    int loops;        /* event loops, 1 to 16; 0: two */
    bool quiet;       /* no line on standard output */
} tmg_serve_options;

/* Opens the centre in `home` and serves it until SIGINT or SIGTERM; then stops accepting, lets running
 * requests end (at most 5 s), drains the writer and closes.  Prints "listening on http://HOST:PORT/" and
 * keeps serve.port and serve.pid in `home` while it runs.  TMG_E_CONFLICT when another process serves the
 * same centre.  Call from a program's main thread: it blocks and takes over both signals. */
TMG_MUST_USE tmg_rc tmg_serve(const char *home, const tmg_serve_options *o, tmg_err *err);

#endif
