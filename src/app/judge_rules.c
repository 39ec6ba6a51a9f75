/* Rules and signals join profiles and models: what they say becomes evidence, and where they send a
 * consignment its entry for choosing. */
#include "app/rules_live_priv.h"
#include "risk/choosing.h"

enum { MOST_SIGNALS = 200 };

static tmg_rc read_signals(tmg_db *db, int64_t consignment_id, int64_t as_of_ms, tmg_evidence *ret,
                           size_t *count, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db,
        "SELECT sense, kind, weight_mdb, words FROM signal WHERE consignment_id = $1 AND known_at_ms <= $2 "
        "ORDER BY known_at_ms DESC, id DESC LIMIT $3",
        &s, err));
    tmg_bind_i64(s, 1, consignment_id);
    tmg_bind_i64(s, 2, as_of_ms);
    tmg_bind_i64(s, 3, MOST_SIGNALS);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret[(*count)++] = (tmg_evidence){.sense = tmg_span_copy(a, tmg_col_text(s, 0)),
                                         .name = tmg_span_copy(a, tmg_col_text(s, 1)),
                                         .harms = 1u << TMG_FRAUD | 1u << TMG_CRITICAL,
                                         .weight_mdB = tmg_col_i64(s, 2),
                                         .words = tmg_span_copy(a, tmg_col_text(s, 3))};
    }
}

static tmg_span key_of(tmg_span name, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 256);
    tmg_buf_fmt(&b, "rule:%.*s", TMG_SPAN_ARG(name));
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

/* Parts are read by everybody who may see the consignment; what a restricted list holds is told by the hit
 * alone, to those who may see such lists. */
static tmg_evidence evidence_of(const tmg_rule_said *s, tmg_arena *a)
{
    return (tmg_evidence){.sense = TMG_SPAN("rule"),
                          .name = tmg_span_copy(a, s->name),
                          .harms = s->rule->offences,
                          .weight_mdB = s->rule->weight_mdB,
                          .key = key_of(s->name, a),
                          .words = s->restricted ? tmg_span_copy(a, s->rule->title) : s->words};
}

/* The rule that sends it to the strictest lane, and of those the one that sends most of its hits there. */
static void send(tmg_entry *e, const tmg_rule_said *s, tmg_arena *a)
{
    const tmg_rule *r = s->rule;

    e->means |= r->means;
    if (r->lane <= TMG_LANE_GREEN || r->lane < e->rule_lane ||
        (r->lane == e->rule_lane && r->share_ppm <= e->rule_share_ppm))
        return;
    e->rule_lane = r->lane;
    e->rule_share_ppm = r->share_ppm;
    e->rule_name = tmg_span_copy(a, s->name);
}

static tmg_rc join(tmg_centre *c, tmg_db *db, const tmg_declaration *d, const tmg_rule_said *said,
                   size_t count, tmg_arena *a, tmg_judged_whole *ret, tmg_err *err)
{
    tmg_evidence *e = tmg_alloc_array(a, count + MOST_SIGNALS, sizeof *e);
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        if (said[i].shadow)
            continue;
        send(&ret->entry, &said[i], a);
        e[n++] = evidence_of(&said[i], a);
    }
    TMG_TRY(read_signals(db, d->consignment_id, ret->judgement.as.as_of_ms, e, &n, a, err));
    if (n > 0)
        tmg_fusion_apply(c->serving->fusion, c->serving->fusion_id, c->mind, e, n, a, &ret->judgement.as);
    ret->entry.mandatory_why = tmg_mandatory_for(c->mandatory, d);
    return TMG_OK;
}

tmg_rc tmg_judge_whole(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                       tmg_judged_whole *ret, tmg_err *err)
{
    tmg_rule_said *said = NULL;
    size_t count = 0;

    *ret = (tmg_judged_whole){0};
    TMG_TRY(tmg_judge(c, db, d, as_of_ms, a, &ret->judgement, err));
    TMG_TRY(tmg_rules_apply(c, db, d, &ret->judgement.as, as_of_ms, a, &said, &count, err));
    return join(c, db, d, said, count, a, ret, err);
}

tmg_rc tmg_judge_again(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                       tmg_judged_whole *ret, tmg_err *err)
{
    tmg_rule_said *said = NULL;
    size_t count = 0;

    *ret = (tmg_judged_whole){0};
    TMG_TRY(tmg_judge(c, db, d, as_of_ms, a, &ret->judgement, err));
    TMG_TRY(tmg_rules_said(c, db, d->id, a, &said, &count, err));
    return join(c, db, d, said, count, a, ret, err);
}
