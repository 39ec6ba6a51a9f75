/* What can be said about choosing afterwards: estimates, drift, fairness and what-if; and the means of a
 * shift. */
#include "web/site_priv.h"

#include "base/qty.h"

enum { PPM_SCALE = 6, DAYS = 90, MOST_SHARES = 6, TMG_ROWS_ROOM_MB = 768 };

/* A span of days and what arrived in it. */
typedef struct choosing_ask {
    int32_t from, to;
    tmg_span rule, model, shares;
    int64_t share_ppm, w_minor;
    tmg_outcome_row *rows;
    size_t count;
    tmg_json_out json;
} choosing_ask;

static tmg_rc read_rows(const tmg_call *c, choosing_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    const int64_t *posts = c->who.post_count > 0 ? c->who.posts : NULL;

    return tmg_outcomes_read(db, posts, c->who.post_count, ask->from, ask->to,
                             tmg_centre_settings(c->site->centre)->offset_min, a, &ask->rows, &ask->count,
                             err);
}

typedef tmg_rc (*answer)(tmg_call *c, choosing_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err);

static tmg_rc in_one_view(tmg_call *c, choosing_ask *ask, tmg_db *db, answer work, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)TMG_ROWS_ROOM_MB << 20);

    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = read_rows(c, ask, db, a, err);

    if (rc == TMG_OK)
        rc = work(c, ask, db, a, err);
    tmg_rollback(db);
    return rc;
}

/* The asking with its days; NULL when it was refused and answered. */
static choosing_ask *begin(tmg_call *c)
{
    choosing_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    *ask = (choosing_ask){0};
    if (!tmg_call_query_day(c, "to", tmg_centre_today(c->site->centre), &ask->to) ||
        !tmg_call_query_day(c, "from", ask->to - DAYS + 1, &ask->from))
        return NULL;
    if (ask->from > ask->to) {
        tmg_err err;

        (void)TMG_FAIL(&err, TMG_E_INVALID, "from: it lies after `to`");
        tmg_call_fail(c, &err);
        return NULL;
    }
    return ask;
}

static void open_answer(tmg_call *c, choosing_ask *ask)
{
    tmg_call_json(c, 200, &ask->json);
    tmg_json_object(&ask->json, NULL);
    tmg_write_day(&ask->json, "from", ask->from);
    tmg_write_day(&ask->json, "to", ask->to);
}

static void write_count(tmg_json_out *j, const char *key, int64_t n)
{
    if (n == TMG_NONE)
        tmg_json_null(j, key);
    else
        tmg_json_i64(j, key, n);
}

static void write_estimate(tmg_json_out *j, const char *key, const tmg_estimate *e)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "of", e->of);
    tmg_json_i64(j, "certain", e->certain);
    tmg_json_i64(j, "beyond", e->beyond);
    tmg_json_i64(j, "known", e->known);
    tmg_json_i64(j, "effective", e->effective);
    tmg_ppm_write(j, "rate", e->rate.ppm);
    tmg_ppm_write(j, "low", e->rate.low_ppm);
    tmg_ppm_write(j, "high", e->rate.high_ppm);
    write_count(j, "finds", e->finds);
    write_count(j, "finds_low", e->finds_low);
    write_count(j, "finds_high", e->finds_high);
    tmg_json_end_object(j);
}

/* ---- estimates ---- */

static tmg_rc answer_estimates(tmg_call *c, choosing_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    static const char words[] = "Rates speak of the consignments that a draw could reach. Those chosen for "
                                "sure are counted; the others are "
                                "weighted by 1/propensity. Inspections that a person ordered outside the red "
                                "lane are left out of the "
                                "weighting, and history has no propensity.";
    tmg_json_out *j = &ask->json;
    tmg_chosen_set set = {0};
    tmg_flow_estimate flow;
    bool some = ask->rule.ptr != NULL || ask->model.ptr != NULL;

    if (ask->rule.ptr != NULL)
        TMG_TRY(tmg_chosen_by_rule(db, ask->rule, a, &set, err));
    else if (some)
        TMG_TRY(tmg_chosen_by_model(db, ask->model, ask->share_ppm, ask->rows, ask->count, a, &set, err));
    open_answer(c, ask);
    for (int harm = 0; harm <= TMG_ANY_HARM; harm++) {
        tmg_estimate_flow(ask->rows, ask->count, harm, some ? &set : NULL, a, &flow);
        if (harm == 0) {
            tmg_json_i64(j, "arrived", (int64_t)ask->count);
            tmg_json_i64(j, "history", flow.history);
            tmg_json_array(j, "estimates");
        }
        tmg_json_object(j, NULL);
        tmg_json_z(j, "harm", harm == TMG_ANY_HARM ? "any" : tmg_harm_name((tmg_harm)harm));
        write_estimate(j, "whole", &flow.whole);
        write_estimate(j, "not_examined", &flow.not_examined);
        if (some)
            write_estimate(j, "chosen", &flow.chosen);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    if (some)
        tmg_json_text(j, "chosen_by", ask->rule.ptr != NULL ? ask->rule : ask->model);
    tmg_json_z(j, "words", words);
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc read_estimates(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    return in_one_view(c, ctx, db, answer_estimates, err);
}

void tmg_do_estimate_read(tmg_call *c)
{
    choosing_ask *ask = begin(c);

    if (ask == NULL)
        return;
    ask->rule = tmg_call_query(c, "rule");
    ask->model = tmg_call_query(c, "model");
    ask->share_ppm = tmg_call_query_i64(c, "share_ppm", 50000);
    tmg_call_offload(c, read_estimates, NULL, ask);
}

/* ---- drift ---- */

static void write_watch(tmg_json_out *j, const tmg_watch_row *rows, size_t count)
{
    int64_t extra = 0;
    bool alarm = false;

    for (size_t i = 0; i < count; i++) {
        alarm = alarm || rows[i].alarm;
        if (tmg_span_is(rows[i].measure, "explore"))
            extra = rows[i].value_ppm;
    }
    tmg_json_object(j, NULL);
    if (count > 0)
        tmg_write_day(j, "day", rows[0].day);
    else
        tmg_json_null(j, "day");
    tmg_json_bool(j, "alarm", alarm);
    tmg_json_i64(j, "explore_extra_ppm", extra);
    tmg_json_array(j, "items");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "measure", rows[i].measure);
        tmg_json_text(j, "about", rows[i].about);
        tmg_json_decimal(j, "value", rows[i].value_ppm, PPM_SCALE);
        tmg_json_decimal(j, "limit", rows[i].limit_ppm, PPM_SCALE);
        tmg_json_bool(j, "alarm", rows[i].alarm);
        tmg_write_kept(j, "words", rows[i].words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

void tmg_do_watch_read(tmg_call *c)
{
    tmg_watch_row *rows;
    size_t count;
    int32_t day;
    tmg_json_out j;
    tmg_err err;

    if (!tmg_call_query_day(c, "day", tmg_centre_today(c->site->centre), &day))
        return;
    if (tmg_watch_read(c->db, day, c->req->arena, &rows, &count, &err) != TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    tmg_call_json(c, 200, &j);
    write_watch(&j, rows, count);
    tmg_call_send(c);
}

/* ---- fairness ---- */

static void write_share(tmg_json_out *j, const char *key, int64_t count, const tmg_rate *rate)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "count", count);
    tmg_ppm_write(j, "rate", rate->ppm);
    tmg_ppm_write(j, "low", rate->low_ppm);
    tmg_ppm_write(j, "high", rate->high_ppm);
    tmg_json_end_object(j);
}

static void write_group(tmg_json_out *j, const tmg_group *g, const tmg_post *posts, size_t post_count)
{
    static const char *const alerts[] = {"none", "notice", "alarm"};
    tmg_span code = g->name, name = g->name;
    int64_t id;

    if (strcmp(g->by, "post") == 0 && tmg_span_i64(g->name, &id))
        for (size_t i = 0; i < post_count; i++)
            if (posts[i].id == id) {
                code = posts[i].code;
                name = posts[i].name;
            }
    tmg_json_object(j, NULL);
    tmg_json_z(j, "by", g->by);
    tmg_json_text(j, "group", code);
    tmg_json_text(j, "name", name);
    tmg_json_i64(j, "arrived", g->arrived);
    write_share(j, "selected", g->selected, &g->selected_rate);
    write_share(j, "hits", g->found, &g->hit_rate);
    tmg_json_i64(j, "inspected", g->inspected);
    write_count(j, "waited_minutes", g->waited_min);
    tmg_ppm_write(j, "stated", g->stated_ppm);
    write_estimate(j, "real", &g->real);
    tmg_ppm_write(j, "ratio", g->ratio_ppm);
    tmg_ppm_write(j, "ratio_low", g->ratio_low_ppm);
    tmg_json_z(j, "alert", alerts[g->alert]);
    tmg_json_end_object(j);
}

static tmg_rc answer_fairness(tmg_call *c, choosing_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    tmg_group *groups;
    size_t count, post_count;
    tmg_post *posts;

    TMG_TRY(tmg_post_list(db, a, &posts, &post_count, err));
    TMG_TRY(tmg_fairness(db, ask->rows, ask->count, ask->to, tmg_centre_settings(c->site->centre)->offset_min,
                         a, &groups, &count, err));
    open_answer(c, ask);
    tmg_json_i64(&ask->json, "arrived", (int64_t)ask->count);
    tmg_json_array(&ask->json, "groups");
    for (size_t i = 0; i < count; i++)
        write_group(&ask->json, &groups[i], posts, post_count);
    tmg_json_end_array(&ask->json);
    tmg_json_end_object(&ask->json);
    return TMG_OK;
}

static tmg_rc read_fairness(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    return in_one_view(c, ctx, db, answer_fairness, err);
}

void tmg_do_fairness_read(tmg_call *c)
{
    choosing_ask *ask = begin(c);

    if (ask != NULL)
        tmg_call_offload(c, read_fairness, NULL, ask);
}

/* ---- what if ---- */

static void write_finds(tmg_json_out *j, const char *key, const tmg_finds f[TMG_HARMS])
{
    tmg_json_object(j, key);
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_json_object(j, tmg_harm_name((tmg_harm)h));
        tmg_json_i64(j, "known", f[h].known);
        tmg_json_decimal(j, "estimate", f[h].milli, 3);
        tmg_json_decimal(j, "low", f[h].low_milli, 3);
        tmg_json_decimal(j, "high", f[h].high_milli, 3);
        tmg_json_z(j, "checked", tmg_checked_name(f[h].checked));
        tmg_json_end_object(j);
    }
    tmg_json_end_object(j);
}

static void write_scenario(tmg_json_out *j, const tmg_scenario *s, size_t arrived)
{
    tmg_json_object(j, NULL);
    tmg_json_bool(j, "as_it_was", s->as_it_was);
    tmg_json_decimal(j, "share",
                     !s->as_it_was ? s->share_ppm
                     : arrived > 0 ? tmg_mul_div(s->chosen, 1000000, (int64_t)arrived)
                                   : 0,
                     PPM_SCALE);
    tmg_json_i64(j, "w_minor", s->w_minor);
    tmg_json_i64(j, "chosen", s->chosen);
    tmg_json_i64(j, "with_result", s->known);
    write_finds(j, "found", s->found);
    write_finds(j, "missed", s->missed);
    tmg_json_decimal(j, "seized_kg", s->seized_mg, 6);
    tmg_json_decimal(j, "missed_kg", s->missed_mg, 6);
    tmg_json_end_object(j);
}

static tmg_rc answer_what_if(tmg_call *c, choosing_ask *ask, tmg_db *db, tmg_arena *a, tmg_err *err)
{
    static const char words[] =
        "Judged by what was thought when each consignment came. What nobody examined counts with its "
        "probability, corrected by results of chance; where chance did not look, with no more than the rate "
        "found among examined ones of like probability: an upper estimate, for people examine what they "
        "suspect. Finds are what an examination finds; kilograms are those of known finds alone.";
    tmg_json_out *j = &ask->json;
    int64_t now = 0, shares[MOST_SHARES], with_result = 0;
    size_t count = 0;

    TMG_TRY(tmg_dial_get(db, &now, err));
    TMG_TRY(tmg_shares_read(ask->shares, shares, MOST_SHARES, &count, err));
    for (size_t i = 0; i < ask->count; i++)
        with_result += ask->rows[i].inspected ? 1 : 0;
    open_answer(c, ask);
    tmg_json_z(j, "currency", tmg_centre_settings(c->site->centre)->currency);
    tmg_json_i64(j, "w_minor", ask->w_minor != TMG_NONE ? ask->w_minor : now);
    tmg_json_i64(j, "arrived", (int64_t)ask->count);
    tmg_json_i64(j, "with_result", with_result);
    tmg_json_array(j, "scenarios");
    for (size_t i = 0; i <= count; i++) {
        tmg_scenario s = {.as_it_was = i == 0,
                          .share_ppm = i == 0 ? 0 : shares[i - 1],
                          .w_minor = ask->w_minor != TMG_NONE ? ask->w_minor : now};

        tmg_what_if(ask->rows, ask->count, &s, a);
        write_scenario(j, &s, ask->count);
    }
    tmg_json_end_array(j);
    tmg_json_z(j, "words", words);
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc read_what_if(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    return in_one_view(c, ctx, db, answer_what_if, err);
}

void tmg_do_what_if(tmg_call *c)
{
    choosing_ask *ask = begin(c);

    if (ask == NULL)
        return;
    ask->shares = tmg_call_query(c, "shares");
    if (ask->shares.ptr == NULL)
        ask->shares = TMG_SPAN("3,5,8");
    ask->w_minor = tmg_call_query_i64(c, "w_minor", TMG_NONE);
    tmg_call_offload(c, read_what_if, NULL, ask);
}
