/* The centre about itself: health, figures, live events, the API's description, the first page. */
#include "app/models.h"
#include "web/openapi_priv.h"
#include "web/site_priv.h"

static void write_languages(tmg_json_out *j, const char *list)
{
    tmg_span rest = tmg_span_of(list), part;

    tmg_json_array(j, "languages");
    while (tmg_span_split(&rest, ',', &part))
        tmg_json_text(j, NULL, tmg_span_trim(part));
    tmg_json_end_array(j);
}

void tmg_do_health(tmg_call *c)
{
    const tmg_settings *settings = tmg_centre_settings(c->site->centre);
    int64_t size = 0;
    tmg_err err;
    tmg_json_out j;
    TMG_AUTO_BUF models = {0};
    bool well = tmg_guard_size(c->db, &size, &err) == TMG_OK;

    tmg_buf_init(&models, 1 << 13);
    well = well && tmg_model_trouble(c->site->centre, c->db, &models, &err) == TMG_OK;
    tmg_call_json(c, well ? 200 : 503, &j);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "status", well ? "ok" : "the database does not answer");
    tmg_json_z(&j, "name", settings->name);
    tmg_json_z(&j, "version", TAMGA_VERSION);
    tmg_json_bool(&j, "demonstration", settings->demonstration);
    tmg_json_time(&j, "now", tmg_now_ms(), settings->offset_min);
    tmg_json_z(&j, "country", settings->country);
    tmg_json_z(&j, "currency", settings->currency);
    tmg_json_i64(&j, "currency_exponent", tmg_currency_exponent(tmg_span_of(settings->currency)));
    write_languages(&j, settings->languages);
    tmg_json_i64(&j, "schema", tmg_schema_latest());
    tmg_json_i64(&j, "log_size", size);
    if (models.len > 0)
        tmg_write_kept(&j, "models", tmg_buf_as_span(&models));
    tmg_json_i64(&j, "waiting", (int64_t)tmg_writer_read_stats(c->site->writer).waiting);
    tmg_json_end_object(&j);
    tmg_call_send(c);
}

static const char *route_name(size_t route)
{
    return route < TMG_ROUTE_COUNT ? TMG_ROUTES[route].name : "none";
}

void tmg_do_metrics(tmg_call *c)
{
    tmg_buf *b = &c->req->resp.body;
    tmg_writer_stats stats = tmg_writer_read_stats(c->site->writer);
    int64_t size = 0;
    tmg_err err;

    if (tmg_guard_size(c->db, &size, &err) != TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    c->req->resp.status = 200;
    c->req->resp.type = "text/plain; version=0.0.4; charset=utf-8";
    tmg_metrics_write(c->site->metrics, route_name, b);
    tmg_metrics_gauge(b, "tamga_writer_jobs_total", "counter", "Changes handed to the writer.",
                      (int64_t)stats.jobs);
    tmg_metrics_gauge(b, "tamga_writer_commits_total", "counter", "Commits of the writer.",
                      (int64_t)stats.commits);
    tmg_metrics_gauge(b, "tamga_writer_waiting", "gauge", "Changes that wait for the writer.",
                      (int64_t)stats.waiting);
    tmg_metrics_gauge(b, "tamga_sse_clients", "gauge", "Open streams of live events.",
                      (int64_t)tmg_hub_clients(c->site->hub));
    tmg_metrics_gauge(b, "tamga_log_size", "gauge", "Leaves of the tamper-evident log.", size);
    tmg_call_send(c);
}

void tmg_do_event_stream(tmg_call *c)
{
    tmg_place *place = tmg_loop_data(c->req->loop);

    c->req->resp.status = 200;
    c->req->resp.type = "text/event-stream";
    tmg_live_open(place->live, c, tmg_http_header(&c->req->head, "Last-Event-ID"));
}

void tmg_do_openapi(tmg_call *c)
{
    c->req->resp.status = 200;
    c->req->resp.type = "application/json";
    tmg_buf_put(&c->req->resp.body, TMG_OPENAPI, TMG_OPENAPI_LEN);
    tmg_call_send(c);
}
