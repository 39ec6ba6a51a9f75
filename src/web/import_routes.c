/* A whole file from the browser: read on a thread of its own, stored by the writer in batches. */
#include "web/site_priv.h"

enum { PAUSE_US = 250000, EVENT_MAX = 1024 };

tmg_rc tmg_call_input(tmg_call *c, const char *member, tmg_intake_options *ret_o, tmg_span *ret_bytes,
                      tmg_err *err)
{
    tmg_span mapping = tmg_call_query(c, "mapping"), format = tmg_call_query(c, "format");
    tmg_intake_options o = {.shipped_only = true};

    *ret_bytes = tmg_buf_as_span(&c->req->body);
    if (tmg_call_body_is(c, "application/json")) {
        TMG_TRY(tmg_call_read_json(c, err));
        *ret_bytes = tmg_json_as_text(tmg_json_member(c->json, member));
        o.mapping_text = tmg_json_as_text(tmg_json_member(c->json, "mapping"));
    }
    if (o.mapping_text.len == 0)
        o.mapping_text = (tmg_span){NULL, 0};
    if (mapping.ptr != NULL && o.mapping_text.ptr != NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "mapping: give its text or the name of a shipped one, not both");
    if (mapping.ptr != NULL)
        o.mapping = tmg_span_z(c->req->arena, mapping);
    if (format.ptr != NULL)
        o.format = tmg_span_z(c->req->arena, format);
    *ret_o = o;
    return TMG_OK;
}

typedef struct importing {
    tmg_call *call;
    tmg_import_summary summary;
    int64_t told_us;
} importing;

static void progress(void *ctx, size_t done, size_t of, const tmg_source_counts *counts)
{
    importing *im = ctx;
    tmg_span tag = tmg_call_query(im->call, "tag");
    int64_t now = tmg_tick_us();
    tmg_buf *data;
    tmg_json_out j;

    if (done < of && now - im->told_us < PAUSE_US)
        return;
    im->told_us = now;
    data = tmg_xcalloc(1, sizeof *data);
    tmg_buf_init(data, EVENT_MAX);
    tmg_json_begin(&j, data);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "source", im->summary.source_id);
    if (tag.ptr != NULL)
        tmg_json_text(&j, "tag", tag);
    tmg_json_i64(&j, "done", (int64_t)done);
    tmg_json_i64(&j, "of", (int64_t)of);
    tmg_json_i64(&j, "accepted", counts->accepted);
    tmg_json_i64(&j, "unchanged", counts->unchanged);
    tmg_json_i64(&j, "quarantined", counts->quarantined);
    tmg_json_end_object(&j);
    tmg_site_tell(im->call->site, "import.progress", data);
}

static bool should_stop(void *ctx)
{
    const importing *im = ctx;

    return atomic_load(&im->call->site->stopping);
}

static void write_summary(tmg_call *c, const tmg_import_summary *s)
{
    tmg_json_out j;

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "source", s->source_id);
    tmg_json_i64(&j, "accepted", s->counts.accepted);
    tmg_json_i64(&j, "unchanged", s->counts.unchanged);
    tmg_json_i64(&j, "amended", s->counts.amended);
    tmg_json_i64(&j, "quarantined", s->counts.quarantined);
    tmg_json_i64(&j, "results", s->results);
    tmg_json_i64(&j, "remarks", s->remarks);
    tmg_json_end_object(&j);
}

static tmg_rc import(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    importing *im = ctx;
    tmg_import_options o = {.progress = progress, .progress_ctx = im, .stop = should_stop};
    tmg_span bytes, name = tmg_call_query(c, "name");

    (void)db;
    TMG_TRY(tmg_call_input(c, "data", &o.intake, &bytes, err));
    if (bytes.len == 0)
        return tmg_err_named(TMG_FAIL(err, TMG_E_INVALID, "the file is empty: there is nothing to import"),
                             err, "import.empty");
    o.source_name = name.ptr != NULL ? tmg_span_z(c->req->arena, name) : "from the browser";
    o.make_posts = tmg_call_query_bool(c, "make_posts");
    if (o.make_posts)
        TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_POST_SET, 0, err));
    TMG_TRY(tmg_import(c->site->centre, &c->who, bytes, &o, &im->summary, err));
    write_summary(c, &im->summary);
    return TMG_OK;
}

static void imported(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    (void)ctx;
    if (rc == TMG_OK)
        tmg_call_send(c);
    else if (!tmg_call_answer_body(c, err))
        tmg_call_fail(c, err);
}

void tmg_do_import_run(tmg_call *c)
{
    importing *im = tmg_alloc(c->req->arena, sizeof *im);

    (void)snprintf(c->object, sizeof c->object, "declarations");
    im->call = c;
    tmg_call_import(c, import, imported, im);
}
