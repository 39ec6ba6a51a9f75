/* Rules that come and go, and what is already here: what waits is judged again, history is looked through. */
#include "app/again_priv.h"
#include "app/rules_live_priv.h"
#include "store/stream.h"

enum { ROWS_MAX = 64 << 20 };

/* ---- what waits ---- */

static bool said_it(const tmg_rule_said *said, size_t count, tmg_span name)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(said[i].name, name))
            return true;
    return false;
}

static bool had_it(const tmg_rule_hit_row *hits, size_t count, tmg_span name)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(hits[i].name, name))
            return true;
    return false;
}

static tmg_rc assessed(tmg_db *db, int64_t declaration_id, tmg_assessment *as, const tmg_assessment **ret,
                       tmg_err *err)
{
    tmg_err why;
    tmg_rc rc = tmg_assessment_load(db, declaration_id, as, &why);

    *ret = rc == TMG_OK ? as : NULL;
    if (rc != TMG_OK && rc != TMG_E_NOT_FOUND && err != NULL)
        *err = why;
    return rc == TMG_E_NOT_FOUND ? TMG_OK : rc;
}

tmg_rc tmg_rules_look_again(tmg_centre *c, tmg_db *db, const tmg_selection *s, tmg_span name, bool *ret_moved,
                            tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ROWS_MAX);
    tmg_assessment stored;
    const tmg_assessment *as;
    tmg_rule_hit_row *hits;
    tmg_rule_said *said;
    tmg_judged_whole w;
    size_t hit_count, count;
    tmg_declaration d;

    TMG_TRY(tmg_declaration_load(db, s->declaration_id, a, &d, err));
    TMG_TRY(assessed(db, d.id, &stored, &as, err));
    TMG_TRY(tmg_rule_hits_of(db, d.id, a, &hits, &hit_count, err));
    TMG_TRY(tmg_rules_apply(c, db, &d, as, tmg_now_ms(), a, &said, &count, err));
    if (!said_it(said, count, name) && !had_it(hits, hit_count, name))
        return TMG_OK;
    *ret_moved = true;
    TMG_TRY(tmg_judge_again(c, db, &d, tmg_now_ms(), a, &w, err));
    TMG_TRY(tmg_judgement_keep(db, &w.judgement, err));
    w.entry.assessment = &w.judgement.as;
    return tmg_selection_enter_as(db, &d, &w.entry, s->day, s->post_id, err);
}

tmg_rc tmg_again_level(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_TRY(tmg_centre_sync(c, db, err));
    return tmg_rules_sync(c, db, err);
}

tmg_rc tmg_rules_apply_waiting(tmg_centre *c, tmg_db *db, tmg_span name, tmg_err *err)
{
    TMG_TRY(tmg_again_level(c, db, err));
    return tmg_again_ask(c, db, name, err);
}

/* ---- history ---- */

typedef struct recalling {
    tmg_centre *centre;
    tmg_db *db;
    const tmg_actor *who;
    tmg_arena *arena;
    int64_t from_ms, hits;
} recalling;

static tmg_rc recall_one(void *ctx, const tmg_declaration *d, tmg_err *err)
{
    recalling *r = ctx;
    tmg_assessment stored;
    const tmg_assessment *as;
    tmg_rule_said *said;
    size_t count;

    if (d->lodged.at_ms < r->from_ms)
        return TMG_OK;
    tmg_arena_reset(r->arena);
    TMG_TRY(assessed(r->db, d->id, &stored, &as, err));
    TMG_TRY(tmg_rules_apply(r->centre, r->db, d, as, d->lodged.at_ms, r->arena, &said, &count, err));
    r->hits += (int64_t)count;
    return TMG_OK;
}

static tmg_rc recall(void *ctx, tmg_db *db, tmg_err *err)
{
    recalling *r = ctx;
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    r->db = db;
    /* First, so that nothing else streams while this does. */
    TMG_TRY(tmg_rules_sync(r->centre, db, err));
    TMG_TRY(tmg_declaration_each(db, 0, recall_one, r, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_time(&j, "since", r->from_ms, 0);
    tmg_json_i64(&j, "hits", r->hits);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, r->who, "rules.recalled", "rules", tmg_members(&b), err);
}

tmg_rc tmg_rules_recall(tmg_centre *c, const tmg_actor *who, int64_t from_ms, int64_t *ret_hits, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ROWS_MAX);
    recalling r = {.centre = c, .who = who, .arena = a, .from_ms = from_ms};

    TMG_TRY(tmg_guard_may(who, TMG_MAY_RULE_APPROVE, 0, err));
    TMG_TRY(tmg_centre_write(c, recall, &r, err));
    *ret_hits = r.hits;
    return TMG_OK;
}
