/* Rules: their list, one with its life, saving and moving one. */
#include "app/back_test.h"
#include "web/rules_priv.h"

enum { RECENT = 20, ARENA_MAX = 64 << 20 };

/* ---- list ---- */

static tmg_rc list_rules(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_rule_query q = {.state = tmg_rule_state_of(tmg_call_query(c, "state")),
                        .about = tmg_call_query(c, "q"),
                        .most = (size_t)tmg_call_query_i64(c, "most", 100),
                        .skip = (size_t)tmg_call_query_i64(c, "skip", 0)};
    int64_t counts[TMG_RULE_STATES];
    tmg_rule_version *list;
    size_t count;
    tmg_json_out j;

    (void)ctx;
    q.most++;
    TMG_TRY(tmg_rule_version_list(db, &q, a, &list, &count, err));
    TMG_TRY(tmg_rule_state_counts(db, counts, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count && i + 1 < q.most; i++)
        TMG_TRY(tmg_write_rule_version(&j, NULL, db, &list[i], a, err));
    tmg_json_end_array(&j);
    tmg_json_object(&j, "counts");
    for (int s = TMG_RULE_DRAFT; s < TMG_RULE_STATES; s++)
        tmg_json_i64(&j, tmg_rule_state_name((tmg_rule_state)s), counts[s]);
    tmg_json_end_object(&j);
    tmg_json_i64(&j, "skip", (int64_t)q.skip);
    if (count == q.most)
        tmg_json_i64(&j, "next", (int64_t)(q.skip + count - 1));
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_rule_list(tmg_call *c)
{
    tmg_call_offload(c, list_rules, NULL, NULL);
}

/* ---- one ---- */

static void write_may(tmg_json_out *j, const tmg_call *c, const tmg_rule_version *v)
{
    tmg_json_array(j, "may");
    for (int m = TMG_RULE_PROPOSE; m < TMG_RULE_MOVES; m++)
        if (tmg_rule_may_move(c->site->centre, &c->who, v, (tmg_rule_move)m, NULL) == TMG_OK)
            tmg_json_z(j, NULL, tmg_rule_move_name((tmg_rule_move)m));
    tmg_json_end_array(j);
}

static tmg_rc write_recent(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_rule_version *v, tmg_arena *a,
                           int64_t *ret_shown, tmg_err *err)
{
    tmg_rule_hit_row *hits;
    size_t count;

    TMG_TRY(tmg_rule_hits_recent(db, v->id, RECENT, a, &hits, &count, err));
    tmg_json_array(j, "recent");
    for (size_t i = 0; i < count; i++) {
        if (!tmg_call_sees_post(c, hits[i].post_id))
            continue;
        (*ret_shown)++;
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "consignment", hits[i].consignment_id);
        tmg_json_text(j, "ref", hits[i].ref);
        tmg_json_time(j, "at", hits[i].at_ms, 0);
        tmg_json_i64(j, "item_no", hits[i].item_no);
        tmg_json_text(j, "words", tmg_rule_evidence_words(hits[i].evidence, &c->who, a));
        tmg_rule_evidence_words_in(j, "words_in", hits[i].evidence, &c->who);
        tmg_json_text(j, "outcome",
                      hits[i].outcome != 0 ? tmg_span_of(tmg_outcome_name((tmg_outcome)hits[i].outcome))
                                           : (tmg_span){0});
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_back_test(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_rule_version *v,
                              tmg_arena *a, tmg_err *err)
{
    tmg_back_test_row t;
    bool there;

    TMG_TRY(tmg_back_test_newest(db, v->hash, a, &t, &there, err));
    if (there)
        return tmg_back_test_write(db, j, "back_test", t.id, t.report, &c->who, err);
    tmg_json_null(j, "back_test");
    return TMG_OK;
}

static tmg_rc write_versions(tmg_json_out *j, tmg_db *db, tmg_span name, tmg_arena *a, tmg_err *err)
{
    tmg_rule_version *list;
    size_t count;

    TMG_TRY(tmg_rule_versions(db, name, a, &list, &count, err));
    tmg_json_array(j, "versions");
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_write_rule_version(j, NULL, db, &list[i], a, err));
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc read_rule(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_opened *opened = ctx;
    int64_t shown = 0;
    tmg_rule_version v;
    tmg_rule_lexicon lex;
    tmg_reading reading;
    tmg_json_out j;

    TMG_TRY(tmg_rule_version_find(db, c->match.param[0], (int32_t)tmg_call_query_i64(c, "version", 0), a, &v,
                                  err));
    TMG_TRY(tmg_rule_lexicon_read(c->site->centre, db, a, &lex, err));
    const tmg_rule *r = tmg_rule_read_alone(v.text, &lex, a, &reading);

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    TMG_TRY(tmg_write_rule_version(&j, "rule", db, &v, a, err));
    if (r != NULL)
        tmg_write_rule_facts(&j, "facts", r);
    else
        tmg_json_null(&j, "facts");
    tmg_json_text(&j, "text", v.text);
    tmg_write_rule_faults(&j, &reading);
    TMG_TRY(tmg_write_rule_steps(&j, db, v.id, a, err));
    TMG_TRY(write_versions(&j, db, v.name, a, err));
    write_may(&j, c, &v);
    TMG_TRY(write_back_test(&j, c, db, &v, a, err));
    TMG_TRY(write_recent(&j, c, db, &v, a, &shown, err));
    tmg_json_end_object(&j);
    opened->action = "rule.read";
    (void)snprintf(opened->object, sizeof opened->object, "rule:%.*s/%lld",
                   TMG_SPAN_ARG(tmg_utf8_cut(v.name, 40)), (long long)v.version);
    (void)snprintf(opened->details, sizeof opened->details, "\"hits\":%lld", (long long)shown);
    return TMG_OK;
}

void tmg_do_rule_read(tmg_call *c)
{
    tmg_call_offload(c, read_rule, tmg_call_log_opened, tmg_alloc(c->req->arena, sizeof(tmg_opened)));
}

/* ---- saving ---- */

typedef struct saving {
    tmg_arena *arena;
    tmg_rule_kept kept;
} saving;

static tmg_rc save_rule(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    saving *s = ctx;
    tmg_json_out j;

    TMG_TRY(tmg_rule_keep(c->site->centre, db, &c->who, tmg_json_as_text(tmg_json_member(c->json, "text")),
                          tmg_json_as_text(tmg_json_member(c->json, "note")), s->arena, &s->kept, err));
    if (tmg_reading_fails(&s->kept.reading))
        return TMG_OK;
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    tmg_json_bool(&j, "saved", s->kept.saved);
    TMG_TRY(tmg_write_rule_version(&j, "rule", db, &s->kept.version, s->arena, err));
    tmg_write_rule_faults(&j, &s->kept.reading);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static void rule_saved(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    saving *s = ctx;

    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else if (tmg_reading_fails(&s->kept.reading))
        tmg_refuse_rule_text(c, &s->kept.reading);
    else
        tmg_call_send(c);
}

void tmg_do_rule_save(tmg_call *c)
{
    saving *s = tmg_alloc(c->req->arena, sizeof *s);

    (void)snprintf(c->object, sizeof c->object, "rule");
    s->arena = c->req->arena;
    tmg_call_write(c, save_rule, rule_saved, s);
}

/* ---- moving ---- */

static tmg_rc take_step(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const int64_t *version = ctx;
    tmg_rule_version v;
    tmg_json_out j;

    TMG_TRY(tmg_rule_step_take(c->site->centre, db, &c->who, c->match.param[0], (int32_t)*version,
                               tmg_rule_move_of(tmg_json_as_text(tmg_json_member(c->json, "step"))),
                               tmg_json_as_text(tmg_json_member(c->json, "note")), a, &v, err));
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    TMG_TRY(tmg_write_rule_version(&j, "rule", db, &v, a, err));
    TMG_TRY(tmg_write_rule_steps(&j, db, v.id, a, err));
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_rule_step(tmg_call *c)
{
    int64_t *version = tmg_alloc(c->req->arena, sizeof *version);

    if (!tmg_call_id(c, 1, "version", version))
        return;
    (void)snprintf(c->object, sizeof c->object, "rule:%.*s/%lld",
                   TMG_SPAN_ARG(tmg_utf8_cut(c->match.param[0], 40)), (long long)*version);
    tmg_call_write(c, take_step, NULL, version);
}
