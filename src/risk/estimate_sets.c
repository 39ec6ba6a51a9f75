/* Estimates of a flow, and of what a rule or model that is not yet live would choose in it. */
#include "base/qty.h"
#include "risk/choosing.h"

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void add(tmg_chosen_set *set, tmg_arena *a, int64_t id)
{
    if (set->count == set->room) {
        size_t room = set->room > 0 ? 2 * set->room : 256;
        int64_t *more = tmg_alloc_array(a, room, sizeof *more);

        if (set->count > 0)
            memcpy(more, set->ids, set->count * sizeof *more);
        set->ids = more;
        set->room = room;
    }
    set->ids[set->count++] = id;
}

static bool holds(void *ctx, const tmg_outcome_row *r)
{
    const tmg_chosen_set *set = ctx;

    return set->count > 0 &&
           bsearch(&r->consignment_id, set->ids, set->count, sizeof *set->ids, by_id) != NULL;
}

static tmg_rc must_exist(tmg_db *db, const char *sql, tmg_span name, const char *what, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool there = false;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_text(s, 1, name);
    TMG_TRY(tmg_step(s, &there, err));
    tmg_reset(s);
    return there ? TMG_OK
                 : TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no %s \"%.*s\"", what, TMG_SPAN_ARG(name));
}

tmg_rc tmg_chosen_by_rule(tmg_db *db, tmg_span rule, tmg_arena *a, tmg_chosen_set *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;

    *ret = (tmg_chosen_set){0};
    TMG_TRY(must_exist(db, "SELECT 1 FROM rule WHERE name = $1", rule, "rule", err));
    TMG_TRY(
        tmg_sql(db,
                "SELECT DISTINCT d.consignment_id FROM rule r JOIN rule_version v ON v.rule_id = r.id JOIN "
                "rule_hit h "
                "ON h.rule_version_id = v.id JOIN declaration d ON d.id = h.declaration_id WHERE r.name = $1 "
                "ORDER BY d.consignment_id",
                &s, err));
    tmg_bind_text(s, 1, rule);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        add(ret, a, tmg_col_i64(s, 0));
    }
}

typedef struct score {
    int64_t consignment_id, ppb;
} score;

static int by_score(const void *a, const void *b)
{
    const score *x = a, *y = b;

    if (x->ppb != y->ppb)
        return x->ppb > y->ppb ? -1 : 1;
    return (x->consignment_id > y->consignment_id) - (x->consignment_id < y->consignment_id);
}

tmg_rc tmg_chosen_by_model(tmg_db *db, tmg_span hash, int64_t share_ppm, const tmg_outcome_row *rows,
                           size_t count, tmg_arena *a, tmg_chosen_set *ret, tmg_err *err)
{
    score *scores = tmg_alloc_array(a, count + 1, sizeof *scores);
    tmg_stmt *s = NULL;
    size_t n = 0;

    *ret = (tmg_chosen_set){0};
    TMG_TRY(must_exist(db, "SELECT 1 FROM learned_model WHERE hash = $1", hash, "learned model", err));
    for (size_t i = 0; i < count; i++) {
        bool row = false;

        TMG_TRY(tmg_sql(
            db,
            "SELECT max(l.raw_ppb) FROM learned_score l JOIN learned_model m ON m.id = l.model_id JOIN "
            "declaration d ON d.id = l.declaration_id WHERE m.hash = $1 AND l.declaration_id = $2",
            &s, err));
        tmg_bind_text(s, 1, hash);
        tmg_bind_i64(s, 2, rows[i].declaration_id);
        TMG_TRY(tmg_step(s, &row, err));
        int64_t ppb = row ? tmg_col_opt(s, 0) : TMG_NONE;

        tmg_reset(s);
        if (ppb != TMG_NONE)
            scores[n++] = (score){rows[i].consignment_id, ppb};
    }
    if (n > 1)
        qsort(scores, n, sizeof *scores, by_score);
    n = (size_t)tmg_mul_div((int64_t)n, share_ppm, 1000000);
    for (size_t i = 0; i < n; i++)
        add(ret, a, scores[i].consignment_id);
    if (n > 1)
        qsort(ret->ids, n, sizeof *ret->ids, by_id);
    return TMG_OK;
}

static bool is_found(const tmg_outcome_row *r, int harm)
{
    if (harm != TMG_ANY_HARM)
        return r->found[harm] == TMG_FOUND_YES;
    return r->found[TMG_FRAUD] == TMG_FOUND_YES || r->found[TMG_CRITICAL] == TMG_FOUND_YES;
}

void tmg_estimate_flow(const tmg_outcome_row *rows, size_t count, int harm, const tmg_chosen_set *set,
                       tmg_arena *a, tmg_flow_estimate *ret)
{
    tmg_sample *s = tmg_alloc_array(a, count + 1, sizeof *s);
    tmg_chosen_set asked = set != NULL ? *set : (tmg_chosen_set){0};
    int64_t left = 0, finds = 0;

    *ret = (tmg_flow_estimate){0};
    for (size_t i = 0; i < count; i++) {
        const tmg_outcome_row *r = &rows[i];

        ret->history += r->propensity_ppb == TMG_NONE ? 1 : 0;
        if (r->propensity_ppb == TMG_NONE || r->propensity_ppb == 0)
            continue;
        left += r->inspected ? 0 : 1;
        finds += is_found(r, harm) ? 1 : 0;
    }
    tmg_estimate_rate(s, tmg_samples_of(rows, count, harm, NULL, NULL, s), &ret->whole);
    ret->not_examined = tmg_estimate_rest(&ret->whole, left, finds);
    if (set != NULL)
        tmg_estimate_rate(s, tmg_samples_of(rows, count, harm, holds, &asked, s), &ret->chosen);
}
