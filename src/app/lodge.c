#include "app/centre_priv.h"
#include "app/rules.h"
#include "base/json.h"
#include "base/say.h"

static bool is_history(const tmg_centre *c, const tmg_declaration *d, const tmg_result *r)
{
    int64_t when = d->expected_ms != TMG_NONE ? d->expected_ms : d->lodged.at_ms;

    return r != NULL || tmg_day_of(when, c->settings.offset_min) < tmg_centre_today(c);
}

static tmg_rc has_result(tmg_db *db, int64_t consignment_id, tmg_arena *a, bool *ret, tmg_err *err)
{
    tmg_result *results;
    size_t count;

    TMG_TRY(tmg_result_list(db, consignment_id, a, &results, &count, err));
    *ret = count > 0;
    return TMG_OK;
}

static tmg_rc assess(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                     tmg_judged_whole *ret, tmg_err *err)
{
    TMG_TRY(tmg_judge_whole(c, db, d, as_of_ms, a, ret, err));
    return tmg_judgement_keep(db, &ret->judgement, err);
}

static tmg_rc keep_result(tmg_centre *c, tmg_db *db, const tmg_declaration *d, tmg_result *r, tmg_err *err)
{
    r->consignment_id = d->consignment_id;
    r->declaration_id = d->id;
    if (r->happened_ms == TMG_NONE)
        r->happened_ms = d->lodged.at_ms;
    if (r->known_at_ms == TMG_NONE)
        r->known_at_ms = r->happened_ms + c->settings.result_delay_h * TMG_HOUR_MS;
    TMG_TRY(tmg_result_save_first(db, r, 0, err));
    TMG_TRY(tmg_mind_learn_stored(c->mind, db, d, r, err));
    c->learned_id = r->id;
    tmg_rules_learn(c, r);
    return TMG_OK;
}

static tmg_rc enter_selection(tmg_centre *c, tmg_db *db, const tmg_declaration *d, const tmg_entry *e,
                              tmg_arena *a, int64_t *ret_post, int32_t *ret_day, tmg_err *err)
{
    int64_t when = d->expected_ms != TMG_NONE ? d->expected_ms : d->lodged.at_ms;
    int32_t day = tmg_day_of(when, c->settings.offset_min);
    tmg_post post;

    TMG_TRY(tmg_post_by_code(db, d->post, a, &post, err));
    TMG_TRY(tmg_selection_enter_as(db, d, e, day, post.id, err));
    *ret_post = post.id;
    *ret_day = day;
    return TMG_OK;
}

tmg_rc tmg_lodge_quietly(tmg_centre *c, tmg_db *db, int64_t source_id, bool make_posts, tmg_declaration *d,
                         tmg_result *r, tmg_arena *a, tmg_lodged *ret, int64_t *ret_post, int32_t *ret_day,
                         tmg_err *err)
{
    bool history = is_history(c, d, r);
    bool closed = false;
    tmg_judged_whole whole = {0};

    *ret = (tmg_lodged){0};
    *ret_day = INT32_MIN;
    tmg_declaration_sum(d);
    d->known_at_ms = history ? d->lodged.at_ms : tmg_now_ms();
    TMG_TRY(tmg_declaration_save(c->saver, d, source_id, make_posts, &ret->saved, err));
    ret->consignment_id = d->consignment_id;
    ret->declaration_id = d->id;
    ret->version = d->version;
    if (ret->saved != TMG_SAVED_NEW)
        TMG_TRY(has_result(db, d->consignment_id, a, &closed, err));
    /* What was already controlled is not judged again: its own result would speak in its score. */
    if (ret->saved != TMG_SAVED_UNCHANGED && !closed)
        TMG_TRY(assess(c, db, d, history ? d->lodged.at_ms : tmg_now_ms(), a, &whole, err));
    ret->assessment = whole.judgement.as;
    whole.entry.assessment = &ret->assessment;
    if (r != NULL && !closed)
        TMG_TRY(keep_result(c, db, d, r, err));
    if (!history && !closed && ret->saved != TMG_SAVED_UNCHANGED)
        TMG_TRY(enter_selection(c, db, d, &whole.entry, a, ret_post, ret_day, err));
    return TMG_OK;
}

static tmg_rc find_selection(tmg_db *db, tmg_arena *a, tmg_lodged *l, tmg_err *err)
{
    tmg_err why;
    tmg_rc rc = tmg_selection_get(db, l->consignment_id, a, &l->selection, &why);

    if (rc == TMG_E_NOT_FOUND)
        return TMG_OK;
    if (rc != TMG_OK) {
        if (err != NULL)
            *err = why;
        return rc;
    }
    l->selected = true;
    return TMG_OK;
}

static void describe(tmg_buf *b, const tmg_declaration *d, const tmg_lodged *l)
{
    tmg_json_out j;
    uint8_t digest[16];
    TMG_AUTO_BUF hex = {0};

    tmg_buf_init(&hex, 64);
    tmg_declaration_digest(d, digest);
    tmg_hex_write(&hex, digest, sizeof digest);
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "ref", d->ref);
    tmg_json_i64(&j, "version", l->version);
    tmg_json_text(&j, "digest", tmg_buf_as_span(&hex));
    tmg_json_i64(&j, "fraud_ppb", l->assessment.harm[TMG_FRAUD].ppb);
    tmg_json_i64(&j, "critical_ppb", l->assessment.harm[TMG_CRITICAL].ppb);
    tmg_json_i64(&j, "model", l->assessment.model_id);
    if (l->selected) {
        tmg_json_z(&j, "lane", tmg_lane_name(l->selection.lane));
        tmg_json_z(&j, "selected_by", tmg_selected_by_name(l->selection.by));
        tmg_json_i64(&j, "propensity_ppb", l->selection.propensity_ppb);
        tmg_describe_draw(&j, &l->selection);
    }
    tmg_json_end_object(&j);
}

tmg_rc tmg_lodge_tell(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_declaration *d,
                      int64_t post_id, tmg_arena *a, tmg_lodged *l, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    TMG_TRY(find_selection(db, a, l, err));
    tmg_buf_init(&b, 1 << 14);
    describe(&b, d, l);
    TMG_TRY(tmg_guard_log(db, who, "declaration.lodged", tmg_object_of("consignment", l->consignment_id).text,
                          tmg_members(&b), err));
    tmg_tell(c, "declaration.lodged", l->consignment_id, post_id, tmg_buf_as_span(&b));
    return TMG_OK;
}

tmg_rc tmg_lodge_one(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t source_id, tmg_declaration *d,
                     tmg_result *r, tmg_arena *a, tmg_lodged *ret, tmg_err *err)
{
    tmg_lodged l;
    int64_t post = 0;
    int32_t day;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_DECLARATION_LODGE, 0, err));
    TMG_TRY(tmg_centre_sync(c, db, err));
    TMG_TRY(tmg_lodge_quietly(c, db, source_id, false, d, r, a, &l, &post, &day, err));
    if (day != INT32_MIN)
        TMG_TRY(tmg_choose(db, post, day, err));
    if (l.saved != TMG_SAVED_UNCHANGED) {
        TMG_TRY(tmg_lodge_tell(c, db, who, d, post, a, &l, err));
    } else {
        TMG_TRY(find_selection(db, a, &l, err));
        if (tmg_assessment_load(db, l.declaration_id, &l.assessment, err) == TMG_E_STORE)
            return TMG_E_STORE;
    }
    *ret = l;
    return TMG_OK;
}

/* What stands behind the first finding says of which field it speaks. */
static void keep_further(tmg_buf *b, const tmg_finding *f)
{
    char english[sizeof f->reason + 160], values[sizeof f->values + 160];
    bool item = tmg_span_starts(tmg_span_of(f->values), "in=");
    tmg_span field = tmg_utf8_cut(f->field, 120);

    (void)snprintf(english, sizeof english, "%.*s: %s", TMG_SPAN_ARG(field), f->reason);
    (void)snprintf(values, sizeof values, "in=%.*s%s%s", TMG_SPAN_ARG(field), item ? ": " : "\n",
                   item ? f->values + 3 : f->values);
    tmg_say_keep(b, english, f->form, values);
}

tmg_rc tmg_quarantine_record(tmg_db *db, int64_t source_id, const tmg_record *rec, int64_t *ret_id,
                             tmg_err *err)
{
    TMG_AUTO_BUF reasons = {0};
    tmg_quarantined q = {
        .source_id = source_id, .at_ms = tmg_now_ms(), .line = (int64_t)rec->line, .raw = rec->raw};

    tmg_buf_init(&reasons, 1 << 14);
    for (size_t i = 0; i < rec->finding_count; i++) {
        const tmg_finding *f = &rec->findings[i];

        if (!f->fault)
            continue;
        if (reasons.len == 0) {
            q.field = f->field;
            q.value = f->value;
            tmg_say_keep(&reasons, f->reason, f->form, f->values);
        } else {
            keep_further(&reasons, f);
        }
    }
    q.reason = tmg_buf_as_span(&reasons);
    TMG_TRY(tmg_quarantine_add(db, &q, err));
    *ret_id = q.id;
    return TMG_OK;
}

tmg_rc tmg_api_source(tmg_centre *c, tmg_db *db, int64_t *ret_id, tmg_err *err)
{
    if (c->api_source_id == 0)
        TMG_TRY(tmg_source_begin(db, TMG_SPAN("api"), TMG_SPAN("json"), (tmg_span){0}, tmg_now_ms(),
                                 &c->api_source_id, err));
    *ret_id = c->api_source_id;
    return TMG_OK;
}
