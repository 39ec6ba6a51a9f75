/* Live events (Server-Sent Events, WHATWG HTML §9.2): from the writer's thread to the streams of all loops.
 *
 * An event heard during a write job belongs to that job; it is published when the job's commit is durable and
 * thrown away when the job failed.  The last 1,000 published are kept, so that a client that comes back with
 * Last-Event-ID misses nothing; one that was away for longer gets "reset" and loads anew. */
#ifndef TMG_WEB_EVENTS_PRIV_H
#define TMG_WEB_EVENTS_PRIV_H

#include "app/app.h"
#include "web/http.h"

typedef struct tmg_hub tmg_hub;
typedef struct tmg_live tmg_live;
typedef struct tmg_call tmg_call;

tmg_hub *tmg_hub_new(void);
void tmg_hub_free(tmg_hub *h);

/* On the writer's thread: */
void tmg_hub_hear(void *hub, const tmg_event *e); /* a tmg_listener */
void tmg_hub_begin(tmg_hub *h, const void *job);  /* what is heard from now on belongs to `job` */
void tmg_hub_end(tmg_hub *h, const void *job, bool durable);

/* On a loop's thread: the streams of one loop. */
tmg_live *tmg_live_new(tmg_hub *h, tmg_loop *loop);
void tmg_live_free(tmg_live *live);
void tmg_live_second(tmg_live *live, tmg_db *db); /* heartbeats; ends the streams of sessions that are over */
/* Begins the stream of a call after the event `last_id` (absent: with the next one). */
void tmg_live_open(tmg_live *live, tmg_call *c, tmg_span last_id);
void tmg_live_close(tmg_live *live, tmg_call *c);

size_t tmg_hub_clients(tmg_hub *h);

#endif
