/* Persons of a case, entered and changed: one who may stand there already is asked about. */
#include "app/casework_priv.h"

tmg_rc tmg_use_suspect_add(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_suspect *x,
                           const tmg_sure *sure, tmg_err *err)
{
    TMG_TRY(tmg_guard_may(who, TMG_MAY_SUSPECT_WRITE, 0, err));
    TMG_TRY(tmg_suspect_add(c->codes, db, who, x, err));
    return tmg_unlikely_person(db, who, x, sure, err);
}

tmg_rc tmg_use_suspect_change(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_suspect *before,
                              const tmg_suspect *now, tmg_span reason, const tmg_sure *sure, tmg_arena *a,
                              tmg_err *err)
{
    bool somebody_else = !tmg_span_eq(before->name, now->name) || before->birth_year != now->birth_year;
    bool back = before->withdrawn_ms != TMG_NONE && now->withdrawn_ms == TMG_NONE;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_SUSPECT_WRITE, 0, err));
    TMG_TRY(tmg_suspect_change(c->codes, db, who, now, reason, a, err));
    return somebody_else || back ? tmg_unlikely_person(db, who, now, sure, err) : TMG_OK;
}
