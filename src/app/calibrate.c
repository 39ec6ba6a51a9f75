#include "app/again_priv.h"

tmg_rc tmg_calibrate_now(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_err *err)
{
    TMG_TRY(tmg_centre_sync(c, db, err));
    tmg_mind_advance(c->mind, tmg_now_ms());
    TMG_TRY(tmg_mind_calibrate(c->mind, db, err));
    TMG_TRY(tmg_keep_mind_clock(c, db, err));
    return tmg_guard_log(db, who, "model.calibrated", "model", (tmg_span){"", 0}, err);
}

/* By more than a fiftieth: what moved less tells nobody anything new. */
static bool moved(int64_t before_ppb, int64_t after_ppb)
{
    int64_t by = after_ppb > before_ppb ? after_ppb - before_ppb : before_ppb - after_ppb;

    return by > before_ppb / 50;
}

tmg_rc tmg_reassess_one(tmg_centre *c, tmg_db *db, const tmg_selection *s, bool *ret_moved, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_declaration d;
    tmg_judged_whole w;

    TMG_TRY(tmg_declaration_load(db, s->declaration_id, a, &d, err));
    TMG_TRY(tmg_judge_again(c, db, &d, tmg_now_ms(), a, &w, err));
    const tmg_assessment *as = &w.judgement.as;
    if (!moved(s->fraud_ppb, as->harm[TMG_FRAUD].ppb) && !moved(s->critical_ppb, as->harm[TMG_CRITICAL].ppb))
        return TMG_OK;
    *ret_moved = true;
    TMG_TRY(tmg_judgement_keep(db, &w.judgement, err));
    w.entry.assessment = as;
    return tmg_selection_enter_as(db, &d, &w.entry, s->day, s->post_id, err);
}

typedef struct job {
    tmg_centre *centre;
    const tmg_actor *who;
} job;

static tmg_rc work(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    return tmg_calibrate_now(j->centre, db, j->who, err);
}

tmg_rc tmg_reassess_now(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    return tmg_again_ask(c, db, (tmg_span){NULL, 0}, err);
}

static tmg_rc reassess(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    TMG_TRY(tmg_centre_sync(j->centre, db, err));
    TMG_TRY(tmg_reassess_now(j->centre, db, err));
    return tmg_guard_log(db, j->who, "queue.reassessed", "queue", (tmg_span){"", 0}, err);
}

tmg_rc tmg_reassess_ahead(tmg_centre *c, const tmg_actor *who, tmg_err *err)
{
    job j = {c, who};

    return tmg_centre_write(c, reassess, &j, err);
}

tmg_rc tmg_calibrate(tmg_centre *c, const tmg_actor *who, tmg_err *err)
{
    job j = {c, who};

    return tmg_centre_write(c, work, &j, err);
}
