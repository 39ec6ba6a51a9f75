#include "web/metrics_priv.h"

#include <stdatomic.h>

static const int STATUSES[] = {200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 409, 413,
                               414, 415, 417, 422, 429, 431, 500, 501, 503, 505, 0};
enum { CODES = sizeof STATUSES / sizeof STATUSES[0] };

/* Upper bounds of the histogram. */
static const int64_t BOUNDS_US[] = {1000, 2500, 5000, 10000, 20000, 50000, 100000, 250000, 1000000};
enum { BOUNDS = sizeof BOUNDS_US / sizeof BOUNDS_US[0] };

typedef struct route_metrics {
    atomic_uint_fast64_t codes[CODES], within[BOUNDS + 1], total_us;
} route_metrics;

struct tmg_metrics {
    size_t routes;
    route_metrics *route;
    atomic_uint_fast64_t declarations[TMG_TAKEN_KINDS];
};

const char *tmg_taken_name(tmg_taken t)
{
    static const char *const NAMES[] = {"new", "unchanged", "amended", "quarantined"};

    return NAMES[t];
}

tmg_metrics *tmg_metrics_new(size_t routes)
{
    tmg_metrics *m = tmg_xcalloc(1, sizeof *m);

    m->routes = routes;
    m->route = tmg_xcalloc(routes + 1, sizeof *m->route);
    return m;
}

void tmg_metrics_free(tmg_metrics *m)
{
    if (m == NULL)
        return;
    free(m->route);
    free(m);
}

void tmg_metrics_request(tmg_metrics *m, size_t route, int status, int64_t took_us)
{
    route_metrics *r = &m->route[route];
    size_t code = 0, bound = 0;

    while (code < CODES - 1 && STATUSES[code] != status)
        code++;
    while (bound < BOUNDS && took_us > BOUNDS_US[bound])
        bound++;
    atomic_fetch_add_explicit(&r->codes[code], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->within[bound], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->total_us, (uint64_t)took_us, memory_order_relaxed);
}

void tmg_metrics_declaration(tmg_metrics *m, tmg_taken t)
{
    atomic_fetch_add_explicit(&m->declarations[t], 1, memory_order_relaxed);
}

uint64_t tmg_metrics_taken(const tmg_metrics *m, tmg_taken t)
{
    return atomic_load_explicit(&m->declarations[t], memory_order_relaxed);
}

static unsigned long long read_counter(const atomic_uint_fast64_t *c)
{
    return (unsigned long long)atomic_load_explicit(c, memory_order_relaxed);
}

static void write_histogram(const route_metrics *r, const char *name, tmg_buf *b)
{
    unsigned long long sum = 0;

    for (size_t i = 0; i <= BOUNDS; i++)
        sum += read_counter(&r->within[i]);
    if (sum == 0)
        return;
    sum = 0;
    for (size_t i = 0; i < BOUNDS; i++) {
        sum += read_counter(&r->within[i]);
        tmg_buf_fmt(b, "tamga_http_seconds_bucket{route=\"%s\",le=\"%lld.%06lld\"} %llu\n", name,
                    (long long)(BOUNDS_US[i] / 1000000), (long long)(BOUNDS_US[i] % 1000000), sum);
    }
    sum += read_counter(&r->within[BOUNDS]);
    tmg_buf_fmt(b, "tamga_http_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n", name, sum);
    unsigned long long us = read_counter(&r->total_us);
    tmg_buf_fmt(b, "tamga_http_seconds_sum{route=\"%s\"} %llu.%06llu\n", name, us / 1000000, us % 1000000);
    tmg_buf_fmt(b, "tamga_http_seconds_count{route=\"%s\"} %llu\n", name, sum);
}

void tmg_metrics_write(const tmg_metrics *m, const char *(*name_of)(size_t route), tmg_buf *b)
{
    tmg_buf_z(
        b, "# HELP tamga_http_requests_total Requests answered.\n# TYPE tamga_http_requests_total counter\n");
    for (size_t i = 0; i <= m->routes; i++)
        for (size_t code = 0; code < CODES; code++) {
            unsigned long long n = read_counter(&m->route[i].codes[code]);

            if (n > 0)
                tmg_buf_fmt(b, "tamga_http_requests_total{route=\"%s\",code=\"%d\"} %llu\n", name_of(i),
                            STATUSES[code], n);
        }
    tmg_buf_z(b, "# HELP tamga_http_seconds From the first byte of a request to its answer.\n"
                 "# TYPE tamga_http_seconds histogram\n");
    for (size_t i = 0; i <= m->routes; i++)
        write_histogram(&m->route[i], name_of(i), b);
    tmg_buf_z(b, "# HELP tamga_declarations_total Declarations received over HTTP.\n"
                 "# TYPE tamga_declarations_total counter\n");
    for (int t = 0; t < TMG_TAKEN_KINDS; t++)
        tmg_buf_fmt(b, "tamga_declarations_total{result=\"%s\"} %llu\n", tmg_taken_name((tmg_taken)t),
                    read_counter(&m->declarations[t]));
}

void tmg_metrics_gauge(tmg_buf *b, const char *name, const char *kind, const char *help, int64_t v)
{
    tmg_buf_fmt(b, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name, (long long)v);
}
