/* Rules: their list, one with its life, saving and moving one. */
#include "app/back_test.h"
#include "web/rules_priv.h"

enum { HIT_DAYS = 30, RECENT = 20, ARENA_MAX = 64 << 20 };

/* ---- parts ---- */

static void write_day_or_null(tmg_json_out *j, const char *key, int32_t day)
{
    if (day == INT32_MIN)
        tmg_json_null(j, key);
    else
        tmg_write_day(j, key, day);
}

static void write_time_or_null(tmg_json_out *j, const char *key, int64_t at_ms)
{
    if (at_ms == TMG_NONE)
        tmg_json_null(j, key);
    else
        tmg_json_time(j, key, at_ms, 0);
}

static void write_offences(tmg_json_out *j, unsigned offences)
{
    tmg_json_array(j, "offences");
    if (offences & TMG_OFFENCE_FRAUD)
        tmg_json_z(j, NULL, "fraud");
    if (offences & TMG_OFFENCE_CRITICAL)
        tmg_json_z(j, NULL, "critical");
    tmg_json_end_array(j);
}

static void write_posts(tmg_json_out *j, const tmg_rule *r)
{
    tmg_json_array(j, "posts");
    for (size_t i = 0; i < r->post_count; i++)
        tmg_json_text(j, NULL, r->posts[i]);
    tmg_json_end_array(j);
}

static void write_lane(tmg_json_out *j, const tmg_rule *r)
{
    if (r->lane == 0)
        tmg_json_null(j, "lane");
    else
        tmg_json_z(j, "lane", tmg_lane_name(r->lane));
}

static void write_rule(tmg_json_out *j, const char *key, const tmg_rule_version *v, const tmg_rule *r,
                       int64_t hits)
{
    static const tmg_rule none = {0};
    const tmg_rule *said = r != NULL ? r : &none;

    tmg_json_object(j, key);
    tmg_json_text(j, "name", v->name);
    tmg_json_i64(j, "version", v->version);
    tmg_json_z(j, "state", tmg_rule_state_name(v->state));
    tmg_json_text(j, "title", said->title.ptr != NULL ? said->title : TMG_SPAN(""));
    tmg_tongues_write(j, "title_in", said->in[TMG_SAYS_TITLE]);
    tmg_json_text(j, "owner", said->owner.ptr != NULL ? said->owner : TMG_SPAN(""));
    write_day_or_null(j, "expires", v->expires_day);
    write_lane(j, said);
    tmg_json_i64(j, "weight_mdb", said->weight_mdB);
    write_offences(j, said->offences);
    write_posts(j, said);
    tmg_json_text(j, "hash", v->hash);
    tmg_json_text(j, "author", v->author);
    tmg_json_time(j, "made", v->made_ms, 0);
    tmg_json_text(j, "approved_by", v->approver);
    write_time_or_null(j, "live_since", v->live_ms);
    write_time_or_null(j, "ended", v->ended_ms);
    if (v->back_test_id == TMG_NONE)
        tmg_json_null(j, "back_test");
    else
        tmg_json_i64(j, "back_test", v->back_test_id);
    tmg_json_i64(j, "hits", hits);
    tmg_json_end_object(j);
}

static tmg_span or_empty(tmg_span s)
{
    return s.ptr != NULL ? s : TMG_SPAN("");
}

void tmg_write_rule_facts(tmg_json_out *j, const char *key, const tmg_rule *r)
{
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 128);
    tmg_hex_write(&hex, r->hash.b, sizeof r->hash.b);
    tmg_json_object(j, key);
    tmg_json_text(j, "name", r->name);
    tmg_json_text(j, "title", or_empty(r->title));
    tmg_tongues_write(j, "title_in", r->in[TMG_SAYS_TITLE]);
    tmg_json_text(j, "owner", or_empty(r->owner));
    tmg_json_text(j, "basis", or_empty(r->basis));
    write_day_or_null(j, "expires", r->expires_day);
    tmg_json_array(j, "scope");
    for (int regime = TMG_IMPORT; regime <= TMG_TRANSIT; regime++)
        if (r->scope == 0 || (r->scope >> regime & 1) != 0)
            tmg_json_z(j, NULL, tmg_regime_name((tmg_regime)regime));
    tmg_json_end_array(j);
    write_posts(j, r);
    write_lane(j, r);
    tmg_json_i64(j, "share_ppm", r->share_ppm);
    tmg_json_i64(j, "weight_mdb", r->weight_mdB);
    write_offences(j, r->offences);
    tmg_write_means(j, "means", r->means);
    tmg_json_text(j, "why", or_empty(r->why));
    tmg_tongues_write(j, "why_in", r->in[TMG_SAYS_WHY]);
    tmg_json_text(j, "trader_reason", or_empty(r->trader_reason));
    tmg_json_text(j, "hash", tmg_buf_as_span(&hex));
    tmg_json_i64(j, "cost", r->cost);
    tmg_json_end_object(j);
}

void tmg_write_rule_faults(tmg_json_out *j, const tmg_reading *r)
{
    tmg_json_array(j, "faults");
    for (size_t i = 0; i < r->fault_count; i++) {
        const tmg_fault *f = &r->faults[i];

        tmg_json_object(j, NULL);
        tmg_json_z(j, "kind", tmg_fault_kind_name(f->kind));
        tmg_json_bool(j, "error", f->kind != TMG_FAULT_WARNING);
        tmg_json_i64(j, "line", f->line);
        tmg_json_i64(j, "column", f->column);
        tmg_json_i64(j, "length", f->length);
        tmg_json_z(j, "said", f->said);
        tmg_json_text(j, "help", tmg_span_of(f->help));
        tmg_write_code(j, f->form, f->values);
        if (f->help != NULL) {
            tmg_json_object(j, "help_said");
            tmg_write_code(j, f->help_form, f->help_values);
            tmg_json_end_object(j);
        }
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void add_text_fault(tmg_faults *faults, const tmg_fault *f)
{
    tmg_input_fault *fault =
        tmg_faults_add(faults, "/text", "line %d, column %d: %s", f->line, f->column, f->said);

    if (fault == NULL)
        return;
    fault->form = f->form;
    (void)snprintf(fault->values, sizeof fault->values, "in=line %d, column %d\n%.*s", f->line, f->column,
                   TMG_SPAN_ARG(tmg_utf8_cut(tmg_span_of(f->values), sizeof fault->values - 48)));
}

void tmg_refuse_rule_text(tmg_call *c, const tmg_reading *r)
{
    tmg_faults faults = {0};
    tmg_err why;

    for (size_t i = 0; i < r->fault_count; i++) {
        const tmg_fault *f = &r->faults[i];

        if (f->kind != TMG_FAULT_WARNING)
            add_text_fault(&faults, f);
    }
    (void)TMG_FAIL(&why, TMG_E_INVALID, "the rule's text has faults");
    tmg_call_problem(c, 422, tmg_rc_name(TMG_E_INVALID), &why, &faults);
}

static const tmg_rule *read_alone(tmg_span text, const tmg_rule_lexicon *lex, tmg_arena *a, tmg_reading *ret)
{
    tmg_rules_read(text, lex, a, ret);
    return ret->rule_count > 0 ? &ret->rules[0] : NULL;
}

static tmg_rc write_version(tmg_json_out *j, const char *key, tmg_db *db, const tmg_rule_version *v,
                            tmg_arena *a, tmg_err *err)
{
    const tmg_rule_lexicon nothing = {.today = INT32_MIN};
    tmg_reading reading;
    int64_t hits;

    TMG_TRY(tmg_rule_hits_count(db, v->id, tmg_now_ms() - HIT_DAYS * TMG_DAY_MS, &hits, err));
    write_rule(j, key, v, read_alone(v->text, &nothing, a, &reading), hits);
    return TMG_OK;
}

static tmg_rc write_steps(tmg_json_out *j, tmg_db *db, int64_t version_id, tmg_arena *a, tmg_err *err)
{
    tmg_rule_step *steps;
    size_t count;

    TMG_TRY(tmg_rule_steps(db, version_id, a, &steps, &count, err));
    tmg_json_array(j, "steps");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_time(j, "at", steps[i].at_ms, 0);
        tmg_json_text(j, "account", steps[i].account);
        tmg_json_text(j, "from",
                      steps[i].from != 0 ? tmg_span_of(tmg_rule_state_name(steps[i].from)) : (tmg_span){0});
        tmg_json_z(j, "to", tmg_rule_state_name(steps[i].to));
        tmg_json_text(j, "note", steps[i].note);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

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
        TMG_TRY(write_version(&j, NULL, db, &list[i], a, err));
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
        TMG_TRY(write_version(j, NULL, db, &list[i], a, err));
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
    const tmg_rule *r = read_alone(v.text, &lex, a, &reading);

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    TMG_TRY(write_version(&j, "rule", db, &v, a, err));
    if (r != NULL)
        tmg_write_rule_facts(&j, "facts", r);
    else
        tmg_json_null(&j, "facts");
    tmg_json_text(&j, "text", v.text);
    tmg_write_rule_faults(&j, &reading);
    TMG_TRY(write_steps(&j, db, v.id, a, err));
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
    TMG_TRY(write_version(&j, "rule", db, &s->kept.version, s->arena, err));
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
    TMG_TRY(write_version(&j, "rule", db, &v, a, err));
    TMG_TRY(write_steps(&j, db, v.id, a, err));
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
