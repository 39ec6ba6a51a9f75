/* The parts of answers about rules. */
#include "web/rules_priv.h"

enum { HIT_DAYS = 30 };

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

const tmg_rule *tmg_rule_read_alone(tmg_span text, const tmg_rule_lexicon *lex, tmg_arena *a,
                                    tmg_reading *ret)
{
    tmg_rules_read(text, lex, a, ret);
    return ret->rule_count > 0 ? &ret->rules[0] : NULL;
}

tmg_rc tmg_write_rule_version(tmg_json_out *j, const char *key, tmg_db *db, const tmg_rule_version *v,
                              tmg_arena *a, tmg_err *err)
{
    const tmg_rule_lexicon nothing = {.today = INT32_MIN};
    tmg_reading reading;
    int64_t hits;

    TMG_TRY(tmg_rule_hits_count(db, v->id, tmg_now_ms() - HIT_DAYS * TMG_DAY_MS, &hits, err));
    write_rule(j, key, v, tmg_rule_read_alone(v->text, &nothing, a, &reading), hits);
    return TMG_OK;
}

tmg_rc tmg_write_rule_steps(tmg_json_out *j, tmg_db *db, int64_t version_id, tmg_arena *a, tmg_err *err)
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
