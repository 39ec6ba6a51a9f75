/* What an exhibit is held against when it is weighed or its seal is read, and what of it makes no sense. */
#include "base/qty.h"
#include "casework/custody_priv.h"

enum { LEAST_CHANGE_MG = 10, PPM = 1000000 };

static bool differs(int64_t before, int64_t now, int64_t tolerance_ppm)
{
    int64_t change = now > before ? now - before : before - now;

    return change > LEAST_CHANGE_MG && change > tmg_mul_div(before, tolerance_ppm, PPM);
}

static tmg_rc one_number(tmg_db *db, const char *sql, int64_t x, int64_t y, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_i64(s, 1, x);
    tmg_bind_i64(s, 2, y);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_opt(s, 0) : TMG_NONE;
    if (row)
        tmg_reset(s);
    return TMG_OK;
}

/* ---- the mass ---- */

/* What the line says, by its newest correction, less what the other bags of the line weighed first.  Only a
 * whole net mass that was weighed can be held against a scale, and only when every other bag of it was
 * weighed. */
static const char line_rest[] = "WITH RECURSIVE chain(id) AS (SELECT line_id FROM exhibit WHERE id = $1 "
                                "UNION SELECT n.id FROM substance_line n "
                                "JOIN chain c ON n.replaces = c.id), bag AS (SELECT o.id, (SELECT u.net_mg "
                                "FROM custody u WHERE u.exhibit_id = "
                                "o.id AND u.net_mg IS NOT NULL ORDER BY u.no LIMIT 1) AS net FROM exhibit o "
                                "WHERE o.id <> $1 AND o.line_id IN "
                                "(SELECT id FROM chain)) SELECT CASE WHEN l.gross = 1 OR l.estimated = 1 OR "
                                "EXISTS (SELECT 1 FROM bag WHERE net "
                                "IS NULL) THEN NULL ELSE l.mass_mg - (SELECT coalesce(sum(net), 0) FROM bag) "
                                "END FROM substance_line l WHERE "
                                "l.id IN (SELECT id FROM chain) AND $2 = 0 ORDER BY l.id DESC LIMIT 1";

/* The event whose difference was seen last: from then on it is what the mass is held against. */
static const char seen_last[] = "SELECT max(custody_no) FROM incident WHERE about = 'exhibit:' || $1 AND "
                                "kind = 'weight_change' AND $2 = 0";

static int64_t net_at(const tmg_custody *list, size_t count, int64_t no)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].net_mg != TMG_NONE && list[i].no >= no)
            return list[i].net_mg;
    return TMG_NONE;
}

static int64_t last_net(const tmg_custody *list, size_t count)
{
    for (size_t i = count; i-- > 0;)
        if (list[i].net_mg != TMG_NONE)
            return list[i].net_mg;
    return TMG_NONE;
}

static tmg_rc compare_mass(tmg_db *db, const tmg_custody *c, const tmg_custody *list, size_t count,
                           int64_t tolerance_ppm, tmg_custody_difference *ret, tmg_err *err)
{
    int64_t since, against[2] = {last_net(list, count), TMG_NONE};

    if (c->net_mg == TMG_NONE)
        return TMG_OK;
    if (against[0] == TMG_NONE) {
        TMG_TRY(one_number(db, line_rest, c->exhibit_id, 0, &against[0], err));
    } else {
        TMG_TRY(one_number(db, seen_last, c->exhibit_id, 0, &since, err));
        against[1] = net_at(list, count, since == TMG_NONE ? 0 : since);
    }
    for (size_t i = 0; i < 2 && !ret->mass; i++)
        if (against[i] != TMG_NONE && differs(against[i] < 0 ? 0 : against[i], c->net_mg, tolerance_ppm)) {
            ret->mass = true;
            ret->before_mg = against[i] < 0 ? 0 : against[i];
            ret->found_mg = c->net_mg;
        }
    return TMG_OK;
}

/* ---- the seal ---- */

static tmg_span last_seal(const tmg_custody *list, size_t count)
{
    for (size_t i = count; i-- > 0;)
        if (list[i].seal_new.len > 0)
            return list[i].seal_new;
    return (tmg_span){NULL, 0};
}

tmg_rc tmg_custody_compare(tmg_db *db, const tmg_custody *c, int64_t tolerance_ppm, tmg_arena *a,
                           tmg_custody_difference *ret, tmg_err *err)
{
    tmg_custody *list = NULL;
    size_t count = 0;

    *ret = (tmg_custody_difference){0};
    TMG_TRY(tmg_custody_list(db, c->exhibit_id, a, &list, &count, err));
    TMG_TRY(compare_mass(db, c, list, count, tolerance_ppm, ret, err));
    tmg_span seal = tmg_span_trim(last_seal(list, count)), read = tmg_span_trim(c->seal_old);
    if (seal.len > 0 && read.len > 0 && !tmg_span_equal_nocase(seal, read)) {
        ret->seal = true;
        ret->seal_before = seal;
        ret->seal_found = read;
    }
    return TMG_OK;
}

/* ---- sense ---- */

static bool is_over(const tmg_flows *f, tmg_span state)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;

    if (tmg_flow_describe(f, TMG_SPAN("evidence"), &states, &state_count, &arrows, &arrow_count, NULL) !=
        TMG_OK)
        return false;
    for (size_t i = 0; i < state_count; i++)
        if (tmg_span_eq(states[i].name, state))
            return states[i].final;
    return false;
}

/* The seal that is on another exhibit now cannot be put on this one. */
static tmg_rc seal_is_free(const tmg_flows *f, tmg_db *db, const tmg_custody *c, tmg_err *err)
{
    tmg_span seal = tmg_span_trim(c->seal_new);
    tmg_rc rc = TMG_OK;
    tmg_stmt *s;
    bool row;

    if (seal.len == 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(
        db,
        "SELECT e.number, i.state FROM custody u JOIN exhibit e ON e.id = u.exhibit_id JOIN flow_item i ON "
        "i.kind = 'evidence' AND i.about_id = e.id WHERE u.seal_new = $1 COLLATE NOCASE AND "
        "u.exhibit_id <> $2 AND NOT EXISTS (SELECT 1 FROM custody n WHERE n.exhibit_id = u.exhibit_id "
        "AND n.no > u.no AND n.seal_new <> '')",
        &s, err));
    tmg_bind_text(s, 1, seal);
    tmg_bind_i64(s, 2, c->exhibit_id);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (is_over(f, tmg_col_text(s, 1)))
            continue;
        rc = tmg_err_code(TMG_FAIL(err, TMG_E_CONFLICT,
                                   "seal_new: the seal %.*s is on exhibit %.*s: no two carry one number",
                                   TMG_SPAN_ARG(seal), TMG_SPAN_ARG(tmg_col_text(s, 0))),
                          err, "custody.seal_taken", "exhibit=%.*s\n", TMG_SPAN_ARG(tmg_col_text(s, 0)));
        tmg_reset(s);
        return rc;
    }
}

static tmg_rc picture_is_kept(tmg_db *db, tmg_span hash, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    if (hash.len == 0)
        return TMG_OK;
    TMG_TRY(tmg_sql(db, "SELECT 1 FROM media WHERE hash = lower($1)", &s, err));
    tmg_bind_text(s, 1, hash);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "photo: no picture with this hash is kept: add the picture first");
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_custody_sense(const tmg_flows *f, tmg_db *db, const tmg_custody *c, tmg_err *err)
{
    const tmg_substance_line net = {.mass_mg = c->net_mg, .volume_ul = TMG_NONE, .count = TMG_NONE},
                             gross = {.mass_mg = c->gross_mg, .volume_ul = TMG_NONE, .count = TMG_NONE};

    if ((c->net_mg != TMG_NONE && c->net_mg <= 0) || (c->gross_mg != TMG_NONE && c->gross_mg <= 0))
        return TMG_FAIL(err, TMG_E_INVALID, "net_mg, gross_mg: a mass that was weighed is more than 0");
    if (c->net_mg != TMG_NONE && c->gross_mg != TMG_NONE && c->gross_mg < c->net_mg)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "gross_mg: less than the net mass: with its wrapping it weighs more");
    TMG_TRY(tmg_line_limits(&net, err));
    TMG_TRY(tmg_line_limits(&gross, err));
    TMG_TRY(picture_is_kept(db, c->photo_hash, err));
    return seal_is_free(f, db, c, err);
}
