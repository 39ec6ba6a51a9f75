#include "app/casework.h"
#include "web/site_priv.h"

#include <pthread.h>
#include <stdatomic.h>

enum { KEPT = 1000, HEARTBEAT_S = 15, MOST_LOOPS = 16, EVENT_MAX = 1 << 20 };

/* `text` lacks its id, which is given when it is published. */
typedef struct event {
    struct event *next;
    const void *job;
    int64_t post_id, case_id;
    tmg_permission right;
    uint64_t number;
    tmg_buf text;
} event;

struct tmg_hub {
    char boot[9]; /* tells the numbers of this start of the program from those of earlier ones */
    event *heard, **heard_last;
    const void *job;
    pthread_mutex_t lock; /* of all below */
    event *kept[KEPT];    /* number n lies at n % KEPT */
    uint64_t last;
    tmg_live *lives[MOST_LOOPS];
    size_t live_count;
    atomic_size_t clients;
};

typedef struct client {
    struct client *next;
    tmg_call *call;
    uint64_t sent;
    int64_t put_us;
} client;

struct tmg_live {
    tmg_hub *hub;
    tmg_loop *loop;
    client *clients;
    atomic_bool woken;
};

tmg_hub *tmg_hub_new(void)
{
    tmg_hub *h = tmg_xcalloc(1, sizeof *h);
    uint32_t boot;

    tmg_random(&boot, sizeof boot);
    (void)snprintf(h->boot, sizeof h->boot, "%08x", boot);
    pthread_mutex_init(&h->lock, NULL);
    h->heard_last = &h->heard;
    return h;
}

static void free_event(event *e)
{
    if (e == NULL)
        return;
    tmg_buf_done(&e->text);
    free(e);
}

void tmg_hub_free(tmg_hub *h)
{
    if (h == NULL)
        return;
    for (size_t i = 0; i < KEPT; i++)
        free_event(h->kept[i]);
    for (event *e = h->heard, *next; e != NULL; e = next) {
        next = e->next;
        free_event(e);
    }
    pthread_mutex_destroy(&h->lock);
    free(h);
}

void tmg_hub_hear(void *hub, const tmg_event *heard)
{
    tmg_hub *h = hub;
    event *e = tmg_xcalloc(1, sizeof *e);
    tmg_json_out j;

    e->job = h->job;
    e->post_id = heard->post_id;
    e->case_id = heard->case_id;
    e->right = heard->right;
    tmg_buf_init(&e->text, EVENT_MAX);
    tmg_buf_fmt(&e->text, "event: %s\ndata: ", heard->type);
    tmg_json_begin(&j, &e->text);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "type", heard->type);
    tmg_json_time(&j, "at", tmg_now_ms(), 0);
    if (heard->consignment_id != 0)
        tmg_json_i64(&j, "consignment", heard->consignment_id);
    if (heard->post_id != 0)
        tmg_json_i64(&j, "post", heard->post_id);
    if (heard->data.len > 0)
        tmg_json_raw(&j, "detail", heard->data);
    tmg_json_end_object(&j);
    for (size_t i = sizeof "event: " + strlen(heard->type) + 1; i < e->text.len; i++)
        if (e->text.ptr[i] == '\n' || e->text.ptr[i] == '\r')
            e->text.ptr[i] = ' ';
    tmg_buf_z(&e->text, "\n\n");
    *h->heard_last = e;
    h->heard_last = &e->next;
}

void tmg_hub_begin(tmg_hub *h, const void *job)
{
    h->job = job;
}

static void keep(tmg_hub *h, event *e)
{
    e->number = ++h->last;
    free_event(h->kept[e->number % KEPT]);
    h->kept[e->number % KEPT] = e;
}

static void deliver(tmg_live *live, tmg_db *db);

static void on_wake(void *arg)
{
    tmg_place *place = tmg_loop_data(arg);

    if (place == NULL)
        return;
    atomic_store(&place->live->woken, false);
    deliver(place->live, place->db);
}

/* Events without a job were heard while the application wrote by itself, in a transaction that is over by
 * now. */
void tmg_hub_end(tmg_hub *h, const void *job, bool durable)
{
    bool any = false;

    pthread_mutex_lock(&h->lock);
    for (event **at = &h->heard; *at != NULL;) {
        event *e = *at;

        if (e->job != job && e->job != NULL) {
            at = &e->next;
            continue;
        }
        *at = e->next;
        if (durable || e->job == NULL) {
            keep(h, e);
            any = true;
        } else {
            free_event(e);
        }
    }
    h->heard_last = &h->heard;
    while (*h->heard_last != NULL)
        h->heard_last = &(*h->heard_last)->next;
    for (size_t i = 0; any && i < h->live_count; i++)
        if (!atomic_exchange(&h->lives[i]->woken, true))
            tmg_loop_post(h->lives[i]->loop, on_wake, h->lives[i]->loop);
    pthread_mutex_unlock(&h->lock);
}

tmg_live *tmg_live_new(tmg_hub *h, tmg_loop *loop)
{
    tmg_live *live = tmg_xcalloc(1, sizeof *live);

    live->hub = h;
    live->loop = loop;
    pthread_mutex_lock(&h->lock);
    h->lives[h->live_count++] = live;
    pthread_mutex_unlock(&h->lock);
    return live;
}

void tmg_live_free(tmg_live *live)
{
    tmg_hub *h = live->hub;

    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < h->live_count; i++)
        if (h->lives[i] == live)
            h->lives[i--] = h->lives[--h->live_count];
    pthread_mutex_unlock(&h->lock);
    free(live);
}

static bool may_hear(const client *cl, tmg_db *db, const event *e)
{
    return tmg_guard_may(&cl->call->who, e->right, e->post_id, NULL) == TMG_OK &&
           (e->case_id == 0 || tmg_case_may(db, &cl->call->who, e->case_id, NULL) == TMG_OK);
}

/* Appends the events that this client may see and has not had; false when some of them are no longer kept. */
static bool collect(tmg_hub *h, client *cl, tmg_db *db, tmg_buf *b)
{
    bool whole = true;

    pthread_mutex_lock(&h->lock);
    uint64_t first = h->last > KEPT ? h->last - KEPT + 1 : 1;

    if (cl->sent + 1 < first) {
        whole = false;
        cl->sent = h->last;
    }
    while (cl->sent < h->last) {
        const event *e = h->kept[++cl->sent % KEPT];

        if (!may_hear(cl, db, e))
            continue;
        tmg_buf_fmt(b, "id: %s-%llu\n", h->boot, (unsigned long long)e->number);
        tmg_buf_span(b, tmg_buf_as_span(&e->text));
    }
    pthread_mutex_unlock(&h->lock);
    return whole;
}

static void put_reset(tmg_hub *h, const client *cl, tmg_buf *b)
{
    tmg_buf_fmt(b, "id: %s-%llu\nevent: reset\ndata: {\"type\":\"reset\"}\n\n", h->boot,
                (unsigned long long)cl->sent);
}

/* A stream stays open for hours: who hears it is asked anew each time, since a session ends and a dispatch
 * gives its posts for an interval only. */
static bool ask_again(client *cl, tmg_db *db)
{
    tmg_actor who;

    if (tmg_session_actor(db, cl->call->token, &who, NULL, NULL, NULL) != TMG_OK ||
        tmg_actor_extend(db, &who, NULL) != TMG_OK)
        return false;
    memcpy(who.from, cl->call->who.from, sizeof who.from);
    cl->call->who = who;
    return true;
}

static void send_new(tmg_live *live, client *cl, tmg_db *db)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, (size_t)64 << 20);
    if (!collect(live->hub, cl, db, &b))
        put_reset(live->hub, cl, &b);
    if (b.len == 0)
        return;
    cl->put_us = tmg_tick_us();
    tmg_req_stream_put(cl->call->req, tmg_buf_as_span(&b));
}

static void deliver(tmg_live *live, tmg_db *db)
{
    for (client *cl = live->clients, *next; cl != NULL; cl = next) {
        next = cl->next;
        if (ask_again(cl, db))
            send_new(live, cl, db);
        else
            tmg_req_stream_end(cl->call->req);
    }
}

void tmg_live_second(tmg_live *live, tmg_db *db)
{
    int64_t now = tmg_tick_us();

    for (client *cl = live->clients, *next; cl != NULL; cl = next) {
        next = cl->next;
        if (now - cl->put_us < HEARTBEAT_S * INT64_C(1000000))
            continue;
        cl->put_us = now;
        if (!ask_again(cl, db))
            tmg_req_stream_end(cl->call->req);
        else
            tmg_req_stream_put(cl->call->req, TMG_SPAN(": beat\n\n"));
    }
}

/* The number in "boot-number" when it is of this start of the program. */
static bool read_id(const tmg_hub *h, tmg_span id, uint64_t *ret)
{
    tmg_span boot;
    int64_t n;

    if (!tmg_span_split(&id, '-', &boot) || !tmg_span_is(boot, h->boot) || !tmg_span_i64(id, &n) || n < 0)
        return false;
    *ret = (uint64_t)n;
    return true;
}

void tmg_live_open(tmg_live *live, tmg_call *c, tmg_span last_id)
{
    client *cl = tmg_xcalloc(1, sizeof *cl);
    tmg_hub *h = live->hub;
    bool known;
    TMG_AUTO_BUF b = {0};

    cl->call = c;
    cl->put_us = tmg_tick_us();
    cl->next = live->clients;
    live->clients = cl;
    atomic_fetch_add(&h->clients, 1);
    pthread_mutex_lock(&h->lock);
    cl->sent = h->last;
    known = last_id.len == 0 || (read_id(h, last_id, &cl->sent) && cl->sent <= h->last);
    if (!known)
        cl->sent = h->last;
    pthread_mutex_unlock(&h->lock);
    tmg_req_stream(c->req);
    tmg_buf_init(&b, 1024);
    tmg_buf_z(&b, "retry: 2000\n\n");
    if (!known)
        put_reset(h, cl, &b);
    tmg_req_stream_put(c->req, tmg_buf_as_span(&b));
    send_new(live, cl, c->db);
}

void tmg_live_close(tmg_live *live, tmg_call *c)
{
    for (client **at = &live->clients; *at != NULL; at = &(*at)->next)
        if ((*at)->call == c) {
            client *gone = *at;

            *at = gone->next;
            free(gone);
            atomic_fetch_sub(&live->hub->clients, 1);
            return;
        }
}

size_t tmg_hub_clients(tmg_hub *h)
{
    return atomic_load(&h->clients);
}
