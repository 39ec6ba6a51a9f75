#include "risk/selections_priv.h"

enum { RUN_CAP = 128 << 20 };

void tmg_selection_columns(tmg_stmt *s, tmg_arena *a, tmg_selection *ret)
{
    *ret = (tmg_selection){
        .consignment_id = tmg_col_i64(s, 0),
        .declaration_id = tmg_col_i64(s, 1),
        .post_id = tmg_col_i64(s, 2),
        .day = (int32_t)tmg_col_i64(s, 3),
        .lane = (tmg_lane)tmg_col_i64(s, 4),
        .by = (tmg_selected_by)tmg_col_i64(s, 5),
        .propensity_ppb = tmg_col_i64(s, 6),
        .rank = tmg_col_i64(s, 7),
        .utility_minor = tmg_col_i64(s, 8),
        .w_minor = tmg_col_i64(s, 9),
        .fraud_ppb = tmg_col_i64(s, 10),
        .critical_ppb = tmg_col_i64(s, 11),
        .state = (tmg_sel_state)tmg_col_i64(s, 12),
        .draw = tmg_col_opt(s, 13),
        .why = tmg_span_copy(a, tmg_col_text(s, 14)),
        .wake_ms = tmg_col_opt(s, 15),
        .uncertainty_ppm = tmg_col_i64(s, 16),
        .share_ppb = tmg_col_i64(s, 17),
        .rule = tmg_span_copy(a, tmg_col_text(s, 18)),
        .rule_lane = (tmg_lane)tmg_col_i64(s, 19),
        .rule_share_ppm = tmg_col_i64(s, 20),
        .rule_draw = tmg_col_opt(s, 21),
        .shift = (int32_t)tmg_col_i64(s, 22),
        .wanted = (unsigned)tmg_col_i64(s, 23),
        .means = (unsigned)tmg_col_i64(s, 24),
    };
}

static int32_t shift_of(const tmg_declaration *d)
{
    enum { SHIFT_MS = 8 * 3600 * 1000, MIDDLE = 2 };

    if (d->expected_ms == TMG_NONE)
        return MIDDLE;
    int64_t start = tmg_day_start_ms(tmg_day_of(d->expected_ms, d->lodged.offset_min), d->lodged.offset_min);

    return 1 + (int32_t)((d->expected_ms - start) / SHIFT_MS);
}

static void bind_entry(tmg_stmt *s, const tmg_declaration *d, const tmg_entry *e, int64_t utility_minor)
{
    const tmg_assessment *as = e->assessment;
    bool mandatory = e->mandatory_why.ptr != NULL, ruled = e->rule_name.ptr != NULL;

    tmg_bind_i64(s, 6, mandatory ? TMG_BY_MANDATORY : TMG_BY_NONE);
    tmg_bind_i64(s, 7, utility_minor);
    tmg_bind_i64(s, 9, as->harm[TMG_FRAUD].ppb);
    tmg_bind_i64(s, 10, as->harm[TMG_CRITICAL].ppb);
    tmg_bind_text(s, 11, mandatory ? e->mandatory_why : TMG_SPAN(""));
    tmg_bind_i64(s, 12, tmg_uncertainty_ppm(as));
    tmg_bind_text(s, 13, e->rule_name);
    tmg_bind_i64(s, 14, ruled ? e->rule_lane : 0);
    tmg_bind_i64(s, 15, ruled ? e->rule_share_ppm : 0);
    tmg_bind_i64(s, 16, shift_of(d));
    tmg_bind_i64(s, 17, e->means);
}

tmg_rc tmg_selection_enter_as(tmg_db *db, const tmg_declaration *d, const tmg_entry *e, int32_t day,
                              int64_t post_id, tmg_err *err)
{
    const tmg_assessment *as = e->assessment;
    int64_t w = 0;
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_dial_get(db, &w, err));
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO selection (consignment_id, declaration_id, post_id, day, at_ms, lane, selected_by, "
        "propensity_ppb, rank, utility_minor, w_minor, fraud_ppb, critical_ppb, state, why, uncertainty_ppm, "
        "rule, rule_lane, rule_share_ppm, shift, wanted) "
        "VALUES ($1, $2, $3, $4, $5, 1, $6, 0, 0, $7, $8, $9, $10, 1, $11, $12, $13, $14, $15, $16, $17) "
        "ON CONFLICT (consignment_id) DO UPDATE SET declaration_id = excluded.declaration_id, "
        "post_id = excluded.post_id, day = excluded.day, at_ms = excluded.at_ms, "
        "utility_minor = excluded.utility_minor, w_minor = excluded.w_minor, "
        "fraud_ppb = excluded.fraud_ppb, critical_ppb = excluded.critical_ppb, "
        "uncertainty_ppm = excluded.uncertainty_ppm, rule = excluded.rule, rule_lane = excluded.rule_lane, "
        "rule_share_ppm = excluded.rule_share_ppm, shift = excluded.shift, wanted = excluded.wanted, "
        "draw = CASE WHEN selection.day = excluded.day THEN selection.draw END, "
        "propensity_ppb = CASE WHEN selection.day = excluded.day THEN selection.propensity_ppb ELSE 0 END, "
        "rule_draw = CASE WHEN selection.day = excluded.day THEN selection.rule_draw END, "
        "rank = CASE WHEN selection.state IN (1, 2, 4) THEN 0 ELSE selection.rank END, "
        "selected_by = CASE WHEN selection.state IN (1, 2, 4) THEN excluded.selected_by "
        "ELSE selection.selected_by END, "
        "why = CASE WHEN selection.state IN (1, 2, 4) THEN excluded.why ELSE selection.why END, "
        "state = CASE WHEN selection.state = 4 THEN 1 ELSE selection.state END",
        &s, err));
    tmg_bind_i64(s, 1, d->consignment_id);
    tmg_bind_i64(s, 2, d->id);
    tmg_bind_i64(s, 3, post_id);
    tmg_bind_i64(s, 4, day);
    tmg_bind_i64(s, 5, tmg_now_ms());
    tmg_bind_i64(s, 8, w);
    bind_entry(s, d, e, tmg_utility(as->harm[TMG_FRAUD].ppb, as->harm[TMG_CRITICAL].ppb, d->value_minor, w));
    return tmg_exec(s, err);
}

/* $1 to $8: for whom, when, and what was chosen. */
static void bind_choice(tmg_stmt *s, const tmg_selection *c, int64_t at_ms)
{
    tmg_bind_i64(s, 1, c->consignment_id);
    tmg_bind_i64(s, 2, at_ms);
    tmg_bind_i64(s, 3, c->lane);
    tmg_bind_i64(s, 4, c->by);
    tmg_bind_i64(s, 5, c->propensity_ppb);
    tmg_bind_i64(s, 6, c->rank);
    tmg_bind_i64(s, 7, c->utility_minor);
    tmg_bind_i64(s, 8, c->w_minor);
}

static tmg_rc keep_past(tmg_db *db, const tmg_selection *c, int64_t at_ms, tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO selection_past (consignment_id, at_ms, lane, selected_by, propensity_ppb, rank, "
                "utility_minor, w_minor, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                &s, err));
    bind_choice(s, c, at_ms);
    tmg_bind_text(s, 9, c->why);
    return tmg_exec(s, err);
}

static tmg_rc store_choice(tmg_db *db, const tmg_selection *c, int64_t at_ms, tmg_err *err)
{
    tmg_stmt *s = NULL;
    TMG_TRY(tmg_sql(
        db,
        "UPDATE selection SET at_ms = $2, lane = $3, selected_by = $4, propensity_ppb = $5, rank = $6, "
        "utility_minor = $7, w_minor = $8, draw = $9, why = $10, share_ppb = $11, rule_draw = $12, means = "
        "$13 "
        "WHERE consignment_id = $1",
        &s, err));
    bind_choice(s, c, at_ms);
    tmg_bind_opt(s, 9, c->draw);
    tmg_bind_text(s, 10, c->why);
    tmg_bind_i64(s, 11, c->share_ppb);
    tmg_bind_opt(s, 12, c->rule_draw);
    tmg_bind_i64(s, 13, c->means);
    TMG_TRY(tmg_exec(s, err));
    return keep_past(db, c, at_ms, err);
}

static bool same_choice(const tmg_selection *a, const tmg_selection *b)
{
    return a->lane == b->lane && a->by == b->by && a->propensity_ppb == b->propensity_ppb &&
           a->utility_minor == b->utility_minor && a->w_minor == b->w_minor && a->draw == b->draw &&
           a->rule_draw == b->rule_draw && a->share_ppb == b->share_ppb && a->means == b->means &&
           tmg_span_eq(a->why, b->why);
}

static tmg_rc store_changes(tmg_db *db, const tmg_candidates *cs, tmg_err *err)
{
    int64_t at_ms = tmg_now_ms();
    for (size_t i = 0; i < cs->count; i++) {
        const tmg_selection *c = &cs->now[i];
        const tmg_selection *before = tmg_candidate_before(cs, c);
        bool first = before == NULL || before->rank == 0;
        if (first || !same_choice(c, before))
            TMG_TRY(store_choice(db, c, at_ms, err));
    }
    return TMG_OK;
}

tmg_rc tmg_selection_run(tmg_db *db, int64_t post_id, int32_t day, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(RUN_CAP);
    tmg_candidates cs = {0};
    tmg_capacity cap;
    int64_t w = 0;
    TMG_TRY(tmg_capacity_get(db, post_id, day, &cap, err));
    TMG_TRY(tmg_dial_get(db, &w, err));
    TMG_TRY(tmg_candidates_read(db, post_id, day, w, a, &cs, err));
    TMG_TRY(tmg_candidates_choose(db, &cs, &cap, w, a, err));
    return store_changes(db, &cs, err);
}

tmg_rc tmg_selection_get(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_selection *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    /* Every arrival moves the ranks below it: counting when someone asks writes nothing. */
    TMG_TRY(
        tmg_sql(db,
                "SELECT " TMG_SELECTION_COLUMNS_WITH(
                    "1 + (SELECT count(*) FROM selection o WHERE o.post_id = s.post_id AND o.day = s.day "
                    "AND (o.utility_minor > s.utility_minor OR (o.utility_minor = s.utility_minor AND "
                    "o.consignment_id < s.consignment_id)))") " FROM selection s WHERE consignment_id = $1",
                &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "consignment %lld has no selection: it is not expected at a post",
                        (long long)consignment_id);
    tmg_selection_columns(s, a, ret);
    tmg_reset(s);
    return TMG_OK;
}
