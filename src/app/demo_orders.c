#include "app/demo_priv.h"

enum { WORK_CAP = 4 << 20 };

/* The last of the red lane at a post: what waits at its end is in nobody's way. */
static tmg_rc last_red(tmg_db *db, int64_t post_id, int32_t today, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row = false;

    *ret = 0;
    TMG_TRY(
        tmg_sql(db,
                "SELECT consignment_id FROM selection WHERE post_id = $1 AND lane = 4 AND state = 1 AND day "
                ">= $2 ORDER BY rank DESC LIMIT 1",
                &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_i64(s, 2, today);
    TMG_TRY(tmg_step(s, &row, err));
    if (row) {
        *ret = tmg_col_i64(s, 0);
        tmg_reset(s);
    }
    return TMG_OK;
}

static tmg_rc order(tmg_centre *c, tmg_db *db, const tmg_actor *analyst, int64_t consignment_id,
                    tmg_order *ret, tmg_arena *a, tmg_err *err)
{
    tmg_decision d = {.action = TMG_ACT_INSPECT,
                      .means = TMG_MEANS_DOCUMENTS | TMG_MEANS_XRAY | TMG_MEANS_DOG,
                      .reason = TMG_SPAN("as the profile proposes: look at the walls of the trailer")};

    TMG_TRY(tmg_decide(c, db, analyst, consignment_id, &d, err));
    return tmg_order_of(db, consignment_id, a, ret, err);
}

static tmg_rc work_on(tmg_centre *c, tmg_db *db, const tmg_actor *team, tmg_order *o, tmg_arena *a,
                      tmg_err *err)
{
    tmg_step_done s = {.order_id = o->id,
                       .means = TMG_MEANS_DOCUMENTS,
                       .reaction = TMG_REACTION_NONE,
                       .started_ms = tmg_now_ms() - 20 * 60 * TMG_SECOND_MS,
                       .ended_ms = tmg_now_ms() - 8 * 60 * TMG_SECOND_MS,
                       .reading = TMG_SPAN("papers and seals agree"),
                       .client_key = TMG_SPAN("demonstration-1")};
    tmg_order moved;
    bool fresh;

    TMG_TRY(tmg_use_order_move(c, db, team, o->id, TMG_SPAN("accept"), (tmg_span){NULL, 0}, a, &moved, err));
    return tmg_use_step(c, db, team, &s, &fresh, a, err);
}

static tmg_rc order_at(tmg_centre *c, tmg_db *db, const char *post, const tmg_actor *team_or_null,
                       tmg_arena *a, tmg_err *err)
{
    tmg_actor analyst;
    tmg_order o;
    int64_t id;

    TMG_TRY(tmg_demo_actor(db, "analyst", &analyst, err));
    TMG_TRY(last_red(db, tmg_demo_post(db, post), tmg_centre_today(c), &id, err));
    if (id == 0)
        return TMG_OK;
    TMG_TRY(order(c, db, &analyst, id, &o, a, err));
    return team_or_null == NULL ? TMG_OK : work_on(c, db, team_or_null, &o, a, err);
}

tmg_rc tmg_demo_orders(void *centre, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_actor relief;

    TMG_TRY(tmg_demo_actor(db, "relief", &relief, err));
    TMG_TRY(order_at(centre, db, "AZBIL001", &relief, a, err));
    TMG_TRY(order_at(centre, db, "AZBIL001", NULL, a, err));
    return order_at(centre, db, "AZSAM001", NULL, a, err);
}

tmg_rc tmg_demo_orders_at_astara(void *centre, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);

    TMG_TRY(order_at(centre, db, "AZAST001", NULL, a, err));
    return order_at(centre, db, "AZAST001", NULL, a, err);
}
