/* May this unit do this work here and now?  Each refusal says the first thing that speaks against it. */
#include "casework/reading_priv.h"

static tmg_rc number(tmg_db *db, const char *sql, int64_t a, int64_t b, int64_t c, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, a);
    tmg_bind_i64(s, 2, b);
    tmg_bind_i64(s, 3, c);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc is_at_post(tmg_db *db, const tmg_officer *o, int64_t post_id, int64_t at_ms, tmg_err *err)
{
    int64_t sent;

    if (o->home_post_id == post_id)
        return TMG_OK;
    TMG_TRY(
        number(db,
               "SELECT count(*) FROM dispatch d JOIN flow_item i ON i.kind = 'dispatch' AND i.about_id = "
               "d.id AND i.state = "
               "'ordered' WHERE d.officer_id = $1 AND d.post_id = $2 AND d.from_ms <= $3 AND d.until_ms > $3",
               o->id, post_id, at_ms, &sent, err));
    if (sent == 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s serves at another post and is not sent here at this time",
                        TMG_SPAN_ARG(o->name));
    return TMG_OK;
}

/* Where a rota is kept for the day, the officer's team must be on it. */
static tmg_rc is_on_shift(tmg_db *db, const tmg_officer *o, int64_t at_ms, tmg_err *err)
{
    int64_t kept, on;

    TMG_TRY(number(db,
                   "SELECT count(*) FROM rota r JOIN team_officer t ON t.team_id = r.team_id WHERE "
                   "t.officer_id = $1 AND r.from_ms "
                   "< $3 AND r.until_ms > $2",
                   o->id, at_ms - TMG_DAY_MS, at_ms + TMG_DAY_MS, &kept, err));
    if (kept == 0)
        return TMG_OK;
    TMG_TRY(number(db,
                   "SELECT count(*) FROM rota r JOIN team_officer t ON t.team_id = r.team_id WHERE "
                   "t.officer_id = $1 AND r.from_ms "
                   "<= $2 AND r.until_ms > $3",
                   o->id, at_ms, at_ms, &on, err));
    if (on == 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s is not on the rota at this time", TMG_SPAN_ARG(o->name));
    return TMG_OK;
}

/* A dog that has worked for its work time since its last rest of the rest time must rest. */
static tmg_rc dog_is_fresh(tmg_db *db, const tmg_officer *o, int64_t at_ms, tmg_err *err)
{
    int64_t worked = 0, rest_from = at_ms;
    tmg_stmt *s;
    bool row;

    if (o->dog.len == 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(
        db,
        "SELECT started_ms, ended_ms FROM inspection_step WHERE officer_id = $1 AND ended_ms IS NOT NULL AND "
        "started_ms < $2 AND ended_ms > $3 ORDER BY ended_ms DESC",
        &s, err));
    tmg_bind_i64(s, 1, o->id);
    tmg_bind_i64(s, 2, at_ms);
    tmg_bind_i64(s, 3, at_ms - TMG_DAY_MS);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (rest_from - tmg_col_i64(s, 1) >= o->rest_minutes * 60 * TMG_SECOND_MS) {
            tmg_reset(s);
            break;
        }
        worked += tmg_col_i64(s, 1) - tmg_col_i64(s, 0);
        rest_from = tmg_col_i64(s, 0);
    }
    if (worked >= o->work_minutes * 60 * TMG_SECOND_MS)
        return TMG_FAIL(
            err, TMG_E_CONFLICT, "the dog %.*s has worked for %lld minutes and rests %lld minutes first",
            TMG_SPAN_ARG(o->dog), (long long)(worked / (60 * TMG_SECOND_MS)), (long long)o->rest_minutes);
    return TMG_OK;
}

static tmg_rc instrument_serves(tmg_db *db, const tmg_instrument *i, unsigned means, int64_t post_id,
                                int64_t at_ms, tmg_err *err)
{
    int64_t used;

    if (i->kind != means)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s does not serve this means of control",
                        TMG_SPAN_ARG(i->name));
    if (i->post_id != post_id)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s stands at another post", TMG_SPAN_ARG(i->name));
    if (i->out_of_order)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s is out of order", TMG_SPAN_ARG(i->name));
    if (i->calibrated_until_ms != TMG_NONE && i->calibrated_until_ms <= at_ms)
        return TMG_FAIL(err, TMG_E_CONFLICT, "the calibration of %.*s has run out", TMG_SPAN_ARG(i->name));
    TMG_TRY(number(db,
                   "SELECT count(*) FROM inspection_step WHERE instrument_id = $1 AND ended_ms > $2 AND "
                   "started_ms <= $3",
                   i->id, at_ms - TMG_HOUR_MS, at_ms, &used, err));
    if (used >= i->per_hour)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s has served %lld of %lld controls this hour",
                        TMG_SPAN_ARG(i->name), (long long)used, (long long)i->per_hour);
    return TMG_OK;
}

tmg_rc tmg_assign_may(tmg_db *db, const tmg_officer *o, const tmg_instrument *i, unsigned means,
                      int64_t post_id, int64_t at_ms, tmg_err *err)
{
    if (o != NULL) {
        if ((o->skills & means) == 0)
            return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s has no skill in %s", TMG_SPAN_ARG(o->name),
                            tmg_means_name(means));
        if (o->until_ms != TMG_NONE && o->until_ms <= at_ms)
            return TMG_FAIL(err, TMG_E_CONFLICT, "%.*s has left the service", TMG_SPAN_ARG(o->name));
        TMG_TRY(is_at_post(db, o, post_id, at_ms, err));
        TMG_TRY(is_on_shift(db, o, at_ms, err));
        if (means == TMG_MEANS_DOG)
            TMG_TRY(dog_is_fresh(db, o, at_ms, err));
    }
    return i != NULL ? instrument_serves(db, i, means, post_id, at_ms, err) : TMG_OK;
}
