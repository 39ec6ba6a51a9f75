/* Asking, answering, and working elsewhere. */
#include "web/site_priv.h"

tmg_span tmg_call_query(const tmg_call *c, const char *name)
{
    for (size_t i = 0; i < c->query_count; i++)
        if (tmg_span_is(c->query[i].name, name))
            return c->query[i].value;
    return (tmg_span){NULL, 0};
}

int64_t tmg_call_query_i64(const tmg_call *c, const char *name, int64_t otherwise)
{
    int64_t v;

    return tmg_span_i64(tmg_call_query(c, name), &v) ? v : otherwise;
}

bool tmg_call_query_bool(const tmg_call *c, const char *name)
{
    return tmg_span_is(tmg_call_query(c, name), "true");
}

bool tmg_call_query_day(tmg_call *c, const char *name, int32_t otherwise, int32_t *ret)
{
    tmg_span day = tmg_call_query(c, name);
    tmg_faults faults = {0};
    tmg_err why;

    *ret = otherwise;
    if (day.ptr == NULL || tmg_day_parse(day, ret, NULL) == TMG_OK)
        return true;
    tmg_faults_add(&faults, name, "expected a day like 2026-03-02");
    (void)TMG_FAIL(&why, TMG_E_INVALID, "a query parameter is wrong");
    tmg_call_problem(c, 400, "query", &why, &faults);
    return false;
}

bool tmg_call_id(tmg_call *c, size_t param, const char *what, int64_t *ret)
{
    tmg_err why;

    if (tmg_span_i64(c->match.param[param], ret) && *ret >= 0) {
        (void)snprintf(c->object, sizeof c->object, "%s:%lld", what, (long long)*ret);
        return true;
    }
    (void)TMG_FAIL(&why, TMG_E_NOT_FOUND, "the path names no %s: its number is expected there", what);
    tmg_call_problem(c, 404, tmg_rc_name(TMG_E_NOT_FOUND), &why, NULL);
    return false;
}

const char *tmg_call_purpose(tmg_call *c)
{
    tmg_span purpose = tmg_call_query(c, "purpose");

    if (purpose.ptr == NULL)
        purpose = tmg_http_header(&c->req->head, "X-Purpose");
    if (purpose.ptr == NULL || !tmg_utf8_valid(purpose))
        return "";
    return tmg_span_z(c->req->arena, tmg_utf8_cut(tmg_span_trim(purpose), 200));
}

bool tmg_call_sees_post(const tmg_call *c, int64_t post_id)
{
    for (size_t i = 0; i < c->who.post_count; i++)
        if (c->who.posts[i] == post_id)
            return true;
    return c->who.post_count == 0;
}

tmg_faults *tmg_call_faults(tmg_call *c)
{
    if (c->faults == NULL)
        c->faults = tmg_alloc(c->req->arena, sizeof *c->faults);
    return c->faults;
}

bool tmg_call_body_is(const tmg_call *c, const char *media_type)
{
    tmg_span type = tmg_http_header(&c->req->head, "Content-Type"), plain = {NULL, 0};

    return tmg_span_split(&type, ';', &plain) &&
           tmg_span_equal_nocase(tmg_span_trim(plain), tmg_span_of(media_type));
}

tmg_rc tmg_call_read_json(tmg_call *c, tmg_err *err)
{
    TMG_TRY(tmg_json_read(tmg_buf_as_span(&c->req->body), &c->json, err));
    if (tmg_schema_check(c->match.route->request, c->json, tmg_call_faults(c)))
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID, "the body does not fit this route");
}

bool tmg_call_answer_body(tmg_call *c, const tmg_err *err)
{
    if (c->faults != NULL && c->faults->count > 0)
        tmg_call_problem(c, 422, tmg_rc_name(TMG_E_INVALID), err, c->faults);
    else if (c->json == NULL && tmg_call_body_is(c, "application/json"))
        tmg_call_problem(c, 400, "json", err, NULL);
    else
        return false;
    return true;
}

void tmg_call_json(tmg_call *c, int status, tmg_json_out *j)
{
    tmg_buf_clear(&c->req->resp.body);
    c->req->resp.status = status;
    c->req->resp.type = "application/json";
    tmg_json_begin(j, &c->req->resp.body);
}

void tmg_call_send(tmg_call *c)
{
    tmg_err why;

    if (!c->req->resp.body.overflow) {
        tmg_req_send(c->req);
        return;
    }
    (void)TMG_FAIL(&why, TMG_E_LIMIT, "the answer grew past 256 MiB: ask for less at once");
    tmg_call_problem(c, 500, "io", &why, NULL);
}

typedef struct task {
    tmg_call *call;
    tmg_call_work work;
    tmg_call_then then;
    void *ctx;
    tmg_rc rc;
    tmg_err err;
} task;

static void come_back(void *arg)
{
    task *t = arg;
    tmg_req *req = t->call->req;

    if (t->then != NULL)
        t->then(t->call, t->ctx, t->rc, &t->err);
    else if (t->rc == TMG_OK)
        tmg_call_send(t->call);
    else
        tmg_call_fail(t->call, &t->err);
    free(t);
    tmg_req_drop(req);
}

static task *begin_task(tmg_call *c, tmg_call_work work, tmg_call_then then, void *ctx)
{
    task *t = tmg_xcalloc(1, sizeof *t);

    *t = (task){.call = c, .work = work, .then = then, .ctx = ctx};
    tmg_req_hold(c->req);
    return t;
}

/* It could not be handed over: comes back as a failure, by the mail like any other outcome. */
static void give_up(task *t, const tmg_err *err)
{
    t->rc = err->rc;
    t->err = *err;
    tmg_loop_post(t->call->req->loop, come_back, t);
}

static tmg_rc write_work(void *ctx, tmg_db *db, tmg_err *err)
{
    task *t = ctx;
    tmg_hub *hub = t->call->site->hub;

    tmg_hub_begin(hub, t);
    tmg_rc rc = t->work(t->call, t->ctx, db, err);
    tmg_hub_begin(hub, NULL);
    return rc;
}

static void write_done(void *ctx, tmg_rc rc, const tmg_err *err)
{
    task *t = ctx;

    tmg_hub_end(t->call->site->hub, t, rc == TMG_OK);
    t->rc = rc;
    if (rc != TMG_OK)
        t->err = *err;
    tmg_loop_post(t->call->req->loop, come_back, t);
}

void tmg_call_write(tmg_call *c, tmg_call_work work, tmg_call_then then, void *ctx)
{
    task *t = begin_task(c, work, then, ctx);
    tmg_err err = {.rc = TMG_E_STORE, .text = "the centre is stopping: try again when it runs"};

    if (c->site->writer == NULL ||
        tmg_writer_submit(c->site->writer, write_work, write_done, t, &err) != TMG_OK)
        give_up(t, &err);
}

void tmg_opened_details(tmg_opened *o, const tmg_buf *json_object)
{
    (void)snprintf(o->details, sizeof o->details, "%.*s", (int)json_object->len - 2, json_object->ptr + 1);
}

static tmg_rc log_opened(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const tmg_opened *o = ctx;

    return tmg_guard_log(db, &c->who, o->action, o->object, tmg_span_of(o->details), err);
}

void tmg_call_log_opened(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    const tmg_opened *o = ctx;

    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else if (o->action == NULL)
        tmg_call_send(c);
    else
        tmg_call_write(c, log_opened, NULL, ctx);
}

static void pool_work(void *arg, tmg_db *db)
{
    task *t = arg;

    t->rc = t->work(t->call, t->ctx, db, &t->err);
    tmg_loop_post(t->call->req->loop, come_back, t);
}

static void submit(tmg_pool *pool, task *t)
{
    tmg_err err;

    if (tmg_pool_submit(pool, pool_work, t, &err) != TMG_OK)
        give_up(t, &err);
}

void tmg_call_offload(tmg_call *c, tmg_call_work work, tmg_call_then then, void *ctx)
{
    submit(c->site->readers, begin_task(c, work, then, ctx));
}

void tmg_call_trial(tmg_call *c, tmg_call_work work, tmg_call_then then, void *ctx)
{
    submit(c->site->trials, begin_task(c, work, then, ctx));
}

void tmg_call_slow(tmg_call *c, tmg_call_work work, tmg_call_then then, void *ctx)
{
    submit(c->site->passwords, begin_task(c, work, then, ctx));
}

void tmg_call_import(tmg_call *c, tmg_call_work work, tmg_call_then then, void *ctx)
{
    submit(c->site->imports, begin_task(c, work, then, ctx));
}

typedef struct site_job {
    tmg_site *site;
    tmg_site_work work;
    void *ctx;
    void (*free_ctx)(void *ctx);
} site_job;

static tmg_rc site_work(void *ctx, tmg_db *db, tmg_err *err)
{
    site_job *s = ctx;

    tmg_hub_begin(s->site->hub, s);
    tmg_rc rc = s->work(s->site, s->ctx, db, err);
    tmg_hub_begin(s->site->hub, NULL);
    return rc;
}

static void site_done(void *ctx, tmg_rc rc, const tmg_err *err)
{
    site_job *s = ctx;

    tmg_hub_end(s->site->hub, s, rc == TMG_OK);
    if (rc != TMG_OK)
        tmg_log(TMG_LOG_WARN, "web", "a task of the centre failed", "why=\"%s\"", err->text);
    if (s->free_ctx != NULL)
        s->free_ctx(s->ctx);
    free(s);
}

void tmg_site_write(tmg_site *site, tmg_site_work work, void *ctx, void (*free_ctx)(void *ctx))
{
    site_job *s = tmg_xcalloc(1, sizeof *s);
    tmg_err err = {.rc = TMG_E_STORE};

    *s = (site_job){site, work, ctx, free_ctx};
    if (site->writer == NULL || tmg_writer_submit(site->writer, site_work, site_done, s, &err) != TMG_OK) {
        if (free_ctx != NULL)
            free_ctx(ctx);
        free(s);
    }
}

/* ---- live events that nothing in the database stands behind ---- */

typedef struct site_news {
    const char *type;
    tmg_buf *data;
} site_news;

static tmg_rc tell(tmg_site *site, void *ctx, tmg_db *db, tmg_err *err)
{
    const site_news *n = ctx;
    tmg_event e = {.type = n->type, .data = tmg_buf_as_span(n->data), .right = TMG_MAY_EVENT_READ};

    (void)db;
    (void)err;
    tmg_hub_hear(site->hub, &e);
    return TMG_OK;
}

static void free_news(void *ctx)
{
    site_news *n = ctx;

    tmg_buf_done(n->data);
    free(n->data);
    free(n);
}

void tmg_site_tell(tmg_site *site, const char *type, tmg_buf *data)
{
    site_news *n = tmg_xcalloc(1, sizeof *n);

    *n = (site_news){type, data};
    tmg_site_write(site, tell, n, free_news);
}
