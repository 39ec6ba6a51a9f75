/* Published reports: held against themselves and the registry, kept, and read again. */
#include "app/papers.h"
#include "report/export.h"
#include "web/site_priv.h"

enum { ARENA_MAX = 256 << 20 };

static tmg_rc keep_published(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_span json = tmg_buf_as_span(&c->req->body);
    tmg_published *p;
    tmg_gap *gaps;
    tmg_json_out j;
    size_t count;

    (void)ctx;
    TMG_TRY(tmg_published_parse(json, a, &p, err));
    TMG_TRY(tmg_published_against(c->site->centre, db, p, a, &gaps, &count, err));
    TMG_TRY(tmg_published_keep(db, &c->who, p, json, err));
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "code", tmg_published_code(p));
    tmg_gaps_json(&j, "gaps", gaps, count);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_report_published(tmg_call *c)
{
    tmg_call_write(c, keep_published, NULL, NULL);
}

static void write_time(tmg_json_out *j, const char *key, int64_t at_ms, int offset_min)
{
    if (at_ms == TMG_NONE)
        tmg_json_null(j, key);
    else
        tmg_json_time(j, key, at_ms, offset_min);
}

static void write_kept(tmg_json_out *j, const tmg_published_kept *k, int offset_min)
{
    tmg_json_object(j, NULL);
    tmg_json_text(j, "code", k->code);
    tmg_json_text(j, "title", k->title);
    tmg_write_day(j, "from", k->from_day);
    tmg_write_day(j, "to", k->to_day);
    tmg_json_text(j, "source", k->source);
    write_time(j, "kept", k->kept_ms, offset_min);
    tmg_json_text(j, "by", k->by);
    write_time(j, "replaced", k->replaced_ms, offset_min);
    if (k->figures.ptr != NULL)
        tmg_json_raw(j, "figures", k->figures);
    tmg_json_end_object(j);
}

static tmg_rc read_kept(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_published_kept *list;
    tmg_json_out j;
    size_t count;

    (void)ctx;
    TMG_TRY(tmg_published_kept_list(db, tmg_call_query(c, "code"), a, &list, &count, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        write_kept(&j, &list[i], tmg_centre_settings(c->site->centre)->offset_min);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_published_list(tmg_call *c)
{
    tmg_call_offload(c, read_kept, NULL, NULL);
}
