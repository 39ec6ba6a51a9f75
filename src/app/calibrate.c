#include "app/centre_priv.h"

tmg_rc tmg_calibrate_now(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_err *err)
{
    TMG_TRY(tmg_centre_sync(c, db, err));
    tmg_mind_advance(c->mind, tmg_now_ms());
    TMG_TRY(tmg_mind_calibrate(c->mind, db, err));
    TMG_TRY(tmg_keep_mind_clock(c, db, err));
    return tmg_guard_log(db, who, "model.calibrated", "model", (tmg_span){"", 0}, err);
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

tmg_rc tmg_calibrate(tmg_centre *c, const tmg_actor *who, tmg_err *err)
{
    job j = {c, who};

    return tmg_centre_write(c, work, &j, err);
}
