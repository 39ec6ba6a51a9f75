/* May this unit do this work here and now?  Each refusal says the first thing that speaks against it. */
#include "casework/reading_priv.h"

#include <stdarg.h>

enum { STEP_MINUTES = 30 }; /* where an office has not said how long one takes */
#define MINUTE_MS (60 * TMG_SECOND_MS)

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

/* A refusal in words, and by its name with what the words need. */
static tmg_rc refuse(tmg_err *err, const char *code, tmg_span name, const char *more, const char *fmt, ...)
    TMG_PRINTF(5, 6);
static tmg_rc refuse(tmg_err *err, const char *code, tmg_span name, const char *more, const char *fmt, ...)
{
    char said[400];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(said, sizeof said, fmt, ap);
    va_end(ap);
    return tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT, "%.*s %s", TMG_SPAN_ARG(name), said), err, code,
                        "name=%.*s\n%s", TMG_SPAN_ARG(tmg_utf8_cut(name, 60)), more);
}

typedef struct value {
    char text[96];
} value;

static value at_value(const char *key, int64_t at_ms)
{
    TMG_AUTO_BUF b = {0};
    value v;

    tmg_buf_init(&b, 64);
    tmg_instant_write(&b, (tmg_instant){at_ms, 0});
    (void)snprintf(v.text, sizeof v.text, "%s=%s\n", key, b.ptr);
    return v;
}

static value two_values(const char *key, int64_t a, const char *other, int64_t b)
{
    value v;

    (void)snprintf(v.text, sizeof v.text, "%s=%lld\n%s=%lld\n", key, (long long)a, other, (long long)b);
    return v;
}

static tmg_rc has_skill(const tmg_officer *o, unsigned means, int64_t at_ms, tmg_err *err)
{
    value v;

    if (o->until_ms != TMG_NONE && o->until_ms <= at_ms)
        return refuse(err, "assign.left", o->name, "", "has left the service");
    if ((o->skills & means) != 0)
        return TMG_OK;
    (void)snprintf(v.text, sizeof v.text, "means=%s\n", tmg_means_name(means));
    return refuse(err, "assign.skill", o->name, v.text, "has no skill in %s", tmg_means_name(means));
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
        return refuse(err, "assign.post", o->name, "",
                      "serves at another post and is not sent here at this time");
    return TMG_OK;
}

/* The shift of an officer's team that holds at a time. */
#define OF_TEAM                                                                                              \
    "FROM rota r JOIN team_officer t ON t.team_id = r.team_id WHERE t.officer_id = $1 AND t.from_ms <= $3 "  \
    "AND (t.until_ms IS NULL OR t.until_ms > $3) AND r.withdrawn_ms IS NULL "

/* Where a rota is kept for the day, the officer's team must be on it. */
static tmg_rc is_on_shift(tmg_db *db, const tmg_officer *o, int64_t at_ms, int64_t *ret_from,
                          int64_t *ret_until, tmg_err *err)
{
    int64_t kept, next;

    *ret_until = 0;
    TMG_TRY(number(db, "SELECT count(*) " OF_TEAM "AND r.from_ms < $3 + 86400000 AND r.until_ms > $2", o->id,
                   at_ms - TMG_DAY_MS, at_ms, &kept, err));
    if (kept == 0)
        return TMG_OK;
    TMG_TRY(number(
        db, "SELECT r.until_ms " OF_TEAM "AND r.from_ms <= $2 AND r.until_ms > $2 ORDER BY r.id LIMIT 1",
        o->id, at_ms, at_ms, ret_until, err));
    TMG_TRY(number(
        db, "SELECT r.from_ms " OF_TEAM "AND r.from_ms <= $2 AND r.until_ms > $2 ORDER BY r.id LIMIT 1",
        o->id, at_ms, at_ms, ret_from, err));
    if (*ret_until != 0)
        return TMG_OK;
    TMG_TRY(number(db, "SELECT r.from_ms " OF_TEAM "AND r.from_ms > $2 ORDER BY r.from_ms LIMIT 1", o->id,
                   at_ms, at_ms, &next, err));
    return refuse(err, "assign.rota", o->name, next != 0 ? at_value("next", next).text : "",
                  "is not on the rota at this time");
}

/* Officer minutes: what this officer did and is planned to do in the shift, and one more step of these means,
 * against the length of the shift. */
static tmg_rc has_minutes(tmg_db *db, const tmg_officer *o, unsigned means, int64_t post_id, int64_t from_ms,
                          int64_t until_ms, tmg_err *err)
{
    int64_t done, planned, one, length = (until_ms - from_ms) / MINUTE_MS;

    TMG_TRY(number(db,
                   "SELECT coalesce(sum((CASE WHEN ended_ms < $3 THEN ended_ms ELSE $3 END) - (CASE WHEN "
                   "started_ms > $2 THEN started_ms ELSE $2 END)), 0) FROM inspection_step WHERE "
                   "officer_id = $1 AND reaction IS NOT NULL AND ended_ms > $2 AND started_ms < $3",
                   o->id, from_ms, until_ms, &done, err));
    TMG_TRY(number(
        db,
        "SELECT coalesce(sum(coalesce((SELECT c.minutes FROM capacity_means c WHERE c.post_id = "
        "$2 AND c.means = s.means AND c.day IS NULL ORDER BY c.id DESC LIMIT 1), $3)), 0) FROM "
        "inspection_step s JOIN flow_item i ON i.kind = 'order' AND i.about_id = s.order_id AND i.state IN "
        "('issued', 'accepted', 'working') WHERE s.officer_id = $1 AND s.reaction IS NULL",
        o->id, post_id, STEP_MINUTES, &planned, err));
    TMG_TRY(number(
        db,
        "SELECT coalesce((SELECT minutes FROM capacity_means WHERE post_id = $1 AND means = $2 AND day IS "
        "NULL ORDER BY id DESC LIMIT 1), $3)",
        post_id, means, STEP_MINUTES, &one, err));
    done = done / MINUTE_MS + planned;
    if (done + one > length)
        return refuse(
            err, "assign.minutes", o->name, two_values("used", done, "of", length).text,
            "has work for %lld of the %lld minutes of this shift: another step of %lld does not fit",
            (long long)done, (long long)length, (long long)one);
    return TMG_OK;
}

/* How long the unit's dog has worked since its last whole rest, and until when it must rest now (0: it may
 * work). */
tmg_rc tmg_dog_rests_until(tmg_db *db, const tmg_officer *o, int64_t at_ms, int64_t *ret_worked_ms,
                           int64_t *ret_until_ms, tmg_err *err)
{
    int64_t rest_from = at_ms, last_end = 0;
    tmg_stmt *s;
    bool row;

    *ret_worked_ms = 0;
    *ret_until_ms = 0;
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
        if (rest_from - tmg_col_i64(s, 1) >= o->rest_minutes * MINUTE_MS) {
            tmg_reset(s);
            break;
        }
        last_end = last_end == 0 ? tmg_col_i64(s, 1) : last_end;
        *ret_worked_ms += tmg_col_i64(s, 1) - tmg_col_i64(s, 0);
        rest_from = tmg_col_i64(s, 0);
    }
    if (*ret_worked_ms >= o->work_minutes * MINUTE_MS)
        *ret_until_ms = last_end + o->rest_minutes * MINUTE_MS;
    return TMG_OK;
}

/* A dog that has worked for its work time since its last rest of the rest time must rest. */
static tmg_rc dog_is_fresh(tmg_db *db, const tmg_officer *o, int64_t at_ms, tmg_err *err)
{
    int64_t worked, until;
    char more[2 * sizeof(value)];

    TMG_TRY(tmg_dog_rests_until(db, o, at_ms, &worked, &until, err));
    if (until == 0)
        return TMG_OK;
    (void)snprintf(more, sizeof more, "%s%s",
                   two_values("worked", worked / MINUTE_MS, "rest", o->rest_minutes).text,
                   at_value("until", until).text);
    return refuse(err, "assign.rest", o->dog, more,
                  "has worked for %lld minutes and rests %lld minutes first", (long long)(worked / MINUTE_MS),
                  (long long)o->rest_minutes);
}

static tmg_rc instrument_serves(tmg_db *db, const tmg_instrument *i, unsigned means, int64_t post_id,
                                int64_t at_ms, tmg_err *err)
{
    int64_t used;

    if (i->kind != means)
        return refuse(err, "assign.kind", i->name, "", "does not serve this means of control");
    if (i->post_id != post_id)
        return refuse(err, "assign.place", i->name, "", "stands at another post");
    if (i->out_of_order)
        return refuse(err, "assign.broken", i->name, "", "is out of order");
    if (i->calibrated_until_ms != TMG_NONE && i->calibrated_until_ms <= at_ms)
        return refuse(err, "assign.calibration", i->name, at_value("until", i->calibrated_until_ms).text,
                      "is over its calibration");
    TMG_TRY(number(db,
                   "SELECT count(*) FROM inspection_step WHERE instrument_id = $1 AND ended_ms > $2 AND "
                   "started_ms <= $3",
                   i->id, at_ms - TMG_HOUR_MS, at_ms, &used, err));
    if (used >= i->per_hour)
        return refuse(err, "assign.capacity", i->name, two_values("used", used, "of", i->per_hour).text,
                      "has served %lld of %lld controls this hour", (long long)used, (long long)i->per_hour);
    return TMG_OK;
}

tmg_rc tmg_assign_may(tmg_db *db, const tmg_officer *o, const tmg_instrument *i, unsigned means,
                      int64_t post_id, int64_t at_ms, tmg_err *err)
{
    int64_t from, until;

    if (o != NULL) {
        TMG_TRY(has_skill(o, means, at_ms, err));
        TMG_TRY(is_at_post(db, o, post_id, at_ms, err));
        TMG_TRY(is_on_shift(db, o, at_ms, &from, &until, err));
        if (means == TMG_MEANS_DOG)
            TMG_TRY(dog_is_fresh(db, o, at_ms, err));
        if (until != 0)
            TMG_TRY(has_minutes(db, o, means, post_id, from, until, err));
    }
    return i != NULL ? instrument_serves(db, i, means, post_id, at_ms, err) : TMG_OK;
}
