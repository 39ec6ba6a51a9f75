/* How well the centre chooses. */
#include "web/site_priv.h"

enum { DAYS = 30 };

typedef struct figures_ask {
    int32_t from, to;
    tmg_figure *figures;
    size_t count;
    tmg_json_out json;
} figures_ask;

enum { ANY = -1, HISTORY = 0 };

static void write_rate(tmg_json_out *j, const char *key, int64_t found, int64_t of)
{
    tmg_rate r = tmg_wilson(found, of);

    tmg_json_object(j, key);
    tmg_json_i64(j, "found", found);
    tmg_ppm_write(j, "rate", r.ppm);
    tmg_ppm_write(j, "low", r.low_ppm);
    tmg_ppm_write(j, "high", r.high_ppm);
    tmg_json_end_object(j);
}

static void write_tally(tmg_json_out *j, const char *key, const tmg_tally *t)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "arrived", t->arrived);
    tmg_json_i64(j, "inspected", t->inspected);
    tmg_ppm_write(j, "inspected_share", tmg_wilson(t->inspected, t->arrived).ppm);
    write_rate(j, "hits", t->hits, t->inspected);
    write_rate(j, "fraud", t->fraud, t->inspected);
    write_rate(j, "critical", t->critical, t->inspected);
    tmg_json_i64(j, "minutes", t->minutes);
    tmg_json_object(j, "decisions");
    for (int action = TMG_ACT_RELEASE; action <= TMG_ACT_WITHDRAW; action++)
        tmg_json_i64(j, tmg_action_name((tmg_action)action), t->decisions[action]);
    tmg_json_end_object(j);
    tmg_json_end_object(j);
}

/* The sum of the groups that the account may see and that fit; post_id 0 is any post. */
static tmg_tally sum_of(const tmg_call *c, const figures_ask *ask, int64_t post_id, int lane, int by)
{
    tmg_tally sum = {0};

    for (size_t i = 0; i < ask->count; i++) {
        const tmg_figure *f = &ask->figures[i];

        if ((post_id == 0 || f->post_id == post_id) && (lane == ANY || f->lane == lane) &&
            (by == ANY || f->by == by) && tmg_call_sees_post(c, f->post_id))
            tmg_tally_add(&sum, &f->tally);
    }
    return sum;
}

static void write_lanes(tmg_call *c, figures_ask *ask, int64_t post_id)
{
    tmg_json_array(&ask->json, "lanes");
    for (int lane = TMG_LANE_RED; lane >= HISTORY; lane--) {
        tmg_tally sum = sum_of(c, ask, post_id, lane, ANY);

        tmg_json_object(&ask->json, NULL);
        tmg_json_z(&ask->json, "lane", lane == HISTORY ? "none" : tmg_lane_name((tmg_lane)lane));
        write_tally(&ask->json, "figures", &sum);
        tmg_json_end_object(&ask->json);
    }
    tmg_json_end_array(&ask->json);
}

static void write_choices(tmg_call *c, figures_ask *ask)
{
    tmg_json_array(&ask->json, "choices");
    for (int by = HISTORY; by <= TMG_BY_EXPLORATION; by++) {
        tmg_tally sum = sum_of(c, ask, 0, ANY, by);

        tmg_json_object(&ask->json, NULL);
        tmg_json_z(&ask->json, "selected_by",
                   by == HISTORY ? "history" : tmg_selected_by_name((tmg_selected_by)by));
        write_tally(&ask->json, "figures", &sum);
        tmg_json_end_object(&ask->json);
    }
    tmg_json_end_array(&ask->json);
}

static void write_figures(tmg_call *c, figures_ask *ask, const tmg_post *posts, size_t post_count)
{
    tmg_json_out *j = &ask->json;
    tmg_tally sum = sum_of(c, ask, 0, ANY, ANY);

    tmg_call_json(c, 200, j);
    tmg_json_object(j, NULL);
    tmg_write_day(j, "from", ask->from);
    tmg_write_day(j, "to", ask->to);
    write_tally(j, "all", &sum);
    tmg_json_array(j, "posts");
    for (size_t i = 0; i < post_count; i++) {
        if (!tmg_call_sees_post(c, posts[i].id))
            continue;
        sum = sum_of(c, ask, posts[i].id, ANY, ANY);
        tmg_json_object(j, NULL);
        tmg_json_text(j, "post", posts[i].code);
        tmg_json_text(j, "name", posts[i].name);
        write_tally(j, "figures", &sum);
        write_lanes(c, ask, posts[i].id);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    write_lanes(c, ask, 0);
    write_choices(c, ask);
    tmg_json_end_object(j);
}

static tmg_rc read_view(tmg_call *c, figures_ask *ask, tmg_db *db, tmg_err *err)
{
    int offset_min = tmg_centre_settings(c->site->centre)->offset_min;
    tmg_post *posts;
    size_t post_count;

    TMG_TRY(tmg_post_list(db, c->req->arena, &posts, &post_count, err));
    TMG_TRY(tmg_figures(db, ask->from, ask->to, offset_min, c->req->arena, &ask->figures, &ask->count, err));
    write_figures(c, ask, posts, post_count);
    return TMG_OK;
}

static tmg_rc read_figures(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = read_view(c, ctx, db, err);
    tmg_rollback(db);
    return rc;
}

void tmg_do_figures_read(tmg_call *c)
{
    figures_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    if (!tmg_call_query_day(c, "to", tmg_centre_today(c->site->centre), &ask->to) ||
        !tmg_call_query_day(c, "from", ask->to - DAYS + 1, &ask->from))
        return;
    if (ask->from > ask->to) {
        tmg_faults_add(tmg_call_faults(c), "from", "lies after `to`");
        tmg_err why;

        (void)TMG_FAIL(&why, TMG_E_INVALID, "a query parameter is wrong");
        tmg_call_problem(c, 400, "query", &why, c->faults);
        return;
    }
    tmg_call_offload(c, read_figures, NULL, ask);
}
