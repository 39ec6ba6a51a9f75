#include "risk/selections_priv.h"

static tmg_rc read_all(tmg_db *db, int64_t post_id, int32_t day, tmg_arena *a, tmg_candidates *cs,
                       tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(db,
                    "SELECT " TMG_SELECTION_COLUMNS
                    " FROM selection WHERE post_id = $1 AND day = $2 ORDER BY consignment_id",
                    &s, err));
    tmg_bind_i64(s, 1, post_id);
    tmg_bind_i64(s, 2, day);
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (cs->count == cs->room) {
            size_t room = cs->room > 0 ? 2 * cs->room : 64;
            tmg_selection *more = tmg_alloc_array(a, room, sizeof *more);
            if (cs->count > 0)
                memcpy(more, cs->now, cs->count * sizeof *more);
            cs->now = more;
            cs->room = room;
        }
        tmg_selection_columns(s, a, &cs->now[cs->count++]);
        if (tmg_arena_full(a)) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT, "post %lld has too many consignments on day %d to choose among",
                            (long long)post_id, day);
        }
    }
}

static tmg_rc read_draw(tmg_db *db, const uint8_t key[32], tmg_selection *c, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    TMG_TRY(tmg_sql(db, "SELECT ref FROM declaration WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, c->declaration_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_STORE, "declaration %lld has a selection but is not stored",
                        (long long)c->declaration_id);
    c->draw = tmg_day_draw(key, tmg_col_text(s, 0));
    c->rule_draw = tmg_day_rule_draw(key, tmg_col_text(s, 0));
    tmg_reset(s);
    return TMG_OK;
}

/* Brings the numbers of those still open to the dial and gives each its draw. */
static tmg_rc refresh(tmg_db *db, tmg_candidates *cs, int32_t day, int64_t w, tmg_err *err)
{
    uint8_t key[32];
    bool there = false;
    TMG_TRY(tmg_day_key_read(db, day, key, &there, err));
    if (!there)
        return TMG_FAIL(err, TMG_E_CONFLICT, "day %d has no key for its random share yet", day);
    for (size_t i = 0; i < cs->count; i++) {
        tmg_selection *c = &cs->now[i];
        if (tmg_selection_decided(c))
            continue;
        if (c->draw == TMG_NONE || c->rule_draw == TMG_NONE)
            TMG_TRY(read_draw(db, key, c, err));
        if (c->w_minor == w)
            continue;
        int64_t more = tmg_utility(0, c->critical_ppb, 0, w) - tmg_utility(0, c->critical_ppb, 0, c->w_minor);
        if (__builtin_add_overflow(c->utility_minor, more, &c->utility_minor))
            c->utility_minor = INT64_MAX;
        c->w_minor = w;
        if (c->by != TMG_BY_MANDATORY)
            c->why = TMG_SPAN("");
    }
    return TMG_OK;
}

tmg_rc tmg_candidates_read(tmg_db *db, int64_t post_id, int32_t day, int64_t w_minor, tmg_arena *a,
                           tmg_candidates *ret, tmg_err *err)
{
    *ret = (tmg_candidates){0};
    TMG_TRY(read_all(db, post_id, day, a, ret, err));
    ret->before = tmg_alloc_array(a, ret->count + 1, sizeof *ret->before);
    if (ret->count == 0)
        return TMG_OK;
    memcpy(ret->before, ret->now, ret->count * sizeof *ret->before);
    return refresh(db, ret, day, w_minor, err);
}

static int64_t stored_draw(void *ctx, const tmg_selection *s)
{
    (void)ctx;
    return s->draw;
}

tmg_rc tmg_candidates_choose(tmg_db *db, tmg_candidates *cs, const tmg_capacity *cap, int64_t w_minor,
                             tmg_arena *a, tmg_err *err)
{
    tmg_capacity with = *cap;
    int64_t extra = 0;

    TMG_TRY(tmg_explore_extra(db, &extra, err));
    /* A post that set exploration aside keeps it so. */
    if (with.explore_ppm > 0)
        with.explore_ppm =
            with.explore_ppm + extra < TMG_EXPLORE_MOST_PPM ? with.explore_ppm + extra : TMG_EXPLORE_MOST_PPM;
    tmg_select(cs->now, cs->count, &with, w_minor, stored_draw, NULL, a);
    return tmg_suggest_means(db, cs->now, cs->count, a, err);
}

static int by_consignment(const void *a, const void *b)
{
    int64_t x = ((const tmg_selection *)a)->consignment_id, y = ((const tmg_selection *)b)->consignment_id;
    return (x > y) - (x < y);
}

const tmg_selection *tmg_candidate_before(const tmg_candidates *cs, const tmg_selection *now)
{
    return bsearch(now, cs->before, cs->count, sizeof *now, by_consignment);
}
