/* Operating figures as Prometheus text (exposition format 0.0.4).  Counting is lock-free: any thread. */
#ifndef TMG_WEB_METRICS_PRIV_H
#define TMG_WEB_METRICS_PRIV_H

#include "base/text.h"

typedef struct tmg_metrics tmg_metrics;

typedef enum tmg_taken {
    TMG_TAKEN_NEW,
    TMG_TAKEN_UNCHANGED,
    TMG_TAKEN_AMENDED,
    TMG_TAKEN_QUARANTINED,
    TMG_TAKEN_KINDS
} tmg_taken;
const char *tmg_taken_name(tmg_taken t); /* "new" */

tmg_metrics *tmg_metrics_new(size_t routes);
void tmg_metrics_free(tmg_metrics *m);
/* route: index in the table, or the number of routes for what found none. */
void tmg_metrics_request(tmg_metrics *m, size_t route, int status, int64_t took_us);
void tmg_metrics_declaration(tmg_metrics *m, tmg_taken t);
uint64_t tmg_metrics_taken(const tmg_metrics *m, tmg_taken t); /* so far */
/* Appends requests, durations and declarations; name_of(route) gives a route's label. */
void tmg_metrics_write(const tmg_metrics *m, const char *(*name_of)(size_t route), tmg_buf *b);
void tmg_metrics_gauge(tmg_buf *b, const char *name, const char *kind, const char *help, int64_t v);

#endif
