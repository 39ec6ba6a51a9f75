/* The parts of answers that several routes share. */
#include "web/site_priv.h"

enum { PPB_SCALE = 9 };

void tmg_write_day(tmg_json_out *j, const char *key, int32_t day)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, day);
    tmg_json_z(j, key, b.ptr);
}

void tmg_write_means(tmg_json_out *j, const char *key, unsigned means)
{
    tmg_json_array(j, key);
    for (unsigned bit = 1; bit <= TMG_MEANS_ALL; bit <<= 1)
        if (means & bit)
            tmg_json_z(j, NULL, tmg_means_name(bit));
    tmg_json_end_array(j);
}

void tmg_write_looked_at(tmg_json_out *j, unsigned looked_at)
{
    tmg_json_array(j, "looked_at");
    for (unsigned bit = 1; bit <= TMG_LOOKED_ALL; bit <<= 1)
        if (looked_at & bit)
            tmg_json_z(j, NULL, tmg_looked_name(bit));
    tmg_json_end_array(j);
}

unsigned tmg_read_means(const tmg_json *array)
{
    unsigned means = 0;

    for (size_t i = 0; i < tmg_json_count(array); i++)
        means |= tmg_means_of(tmg_json_as_text(tmg_json_at(array, i)));
    return means;
}

void tmg_write_selection(tmg_json_out *j, const char *key, const tmg_selection *s)
{
    tmg_json_object(j, key);
    tmg_write_day(j, "day", s->day);
    tmg_json_z(j, "lane", tmg_lane_name(s->lane));
    tmg_json_z(j, "selected_by", tmg_selected_by_name(s->by));
    tmg_json_z(j, "state", tmg_sel_state_name(s->state));
    tmg_json_i64(j, "rank", s->rank);
    tmg_json_decimal(j, "propensity", s->propensity_ppb, PPB_SCALE);
    tmg_json_decimal(j, "share", s->share_ppb, PPB_SCALE);
    if (s->rule.ptr != NULL)
        tmg_json_text(j, "rule", s->rule);
    tmg_write_means(j, "suggested_means", s->means);
    tmg_json_i64(j, "utility_minor", s->utility_minor);
    tmg_json_i64(j, "w_minor", s->w_minor);
    tmg_json_decimal(j, "fraud", s->fraud_ppb, PPB_SCALE);
    tmg_json_decimal(j, "critical", s->critical_ppb, PPB_SCALE);
    tmg_json_text(j, "reason", s->why);
    if (s->wake_ms != TMG_NONE)
        tmg_json_time(j, "wake", s->wake_ms, 0);
    tmg_json_end_object(j);
}

void tmg_write_assessment(tmg_json_out *j, const char *key, const tmg_mind *m, const tmg_assessment *a,
                          const tmg_declaration *d)
{
    TMG_AUTO_BUF words = {0};

    tmg_buf_init(&words, 1 << 12);
    tmg_json_object(j, key);
    tmg_json_time(j, "as_of", a->as_of_ms, 0);
    tmg_json_i64(j, "model", a->model_id);
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_harm_view *v = &a->harm[h];

        tmg_buf_clear(&words);
        tmg_assessment_words(m, a, d, (tmg_harm)h, &words);
        tmg_json_object(j, tmg_harm_name((tmg_harm)h));
        tmg_json_decimal(j, "probability", v->ppb, PPB_SCALE);
        tmg_json_decimal(j, "raw", v->raw_ppb, PPB_SCALE);
        tmg_json_i64(j, "item_no", v->item_no);
        tmg_json_text(j, "words", tmg_buf_as_span(&words));
        tmg_write_reasons(j, m, a, (tmg_harm)h, d);
        tmg_write_levels(j, "path", v->path, v->path_len, v->telling, m, v->item_no, d);
        tmg_write_levels(j, "also", v->also, v->also_len, SIZE_MAX, m, v->item_no, d);
        tmg_json_end_object(j);
    }
    tmg_json_end_object(j);
}

void tmg_write_harms(tmg_json_out *j, const tmg_mind *m, const tmg_assessment *a, const tmg_declaration *d)
{
    TMG_AUTO_BUF words = {0};

    tmg_buf_init(&words, 1 << 12);
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_buf_clear(&words);
        tmg_assessment_words(m, a, d, (tmg_harm)h, &words);
        tmg_json_object(j, tmg_harm_name((tmg_harm)h));
        tmg_json_decimal(j, "probability", a->harm[h].ppb, PPB_SCALE);
        tmg_json_text(j, "words", tmg_buf_as_span(&words));
        tmg_json_end_object(j);
    }
}

void tmg_write_findings(tmg_json_out *j, const tmg_record *r)
{
    tmg_json_array(j, "findings");
    for (size_t i = 0; i < r->finding_count; i++) {
        const tmg_finding *f = &r->findings[i];

        tmg_json_object(j, NULL);
        tmg_json_bool(j, "fault", f->fault);
        tmg_json_text(j, "field", f->field);
        tmg_json_text(j, "value", f->value);
        tmg_json_z(j, "reason", f->reason);
        tmg_write_code(j, f->form != NULL ? f->form : f->reason, f->values);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_write_party(tmg_json_out *j, const tmg_declaration *d, tmg_party_role role)
{
    const tmg_party *p = &d->party[role];

    if (p->code.len + p->name.len == 0)
        return;
    tmg_json_object(j, tmg_party_role_name(role));
    if (p->code.len > 0)
        tmg_json_text(j, "code", p->code);
    if (p->name.len > 0)
        tmg_json_text(j, "name", p->name);
    if (p->country.len > 0)
        tmg_json_text(j, "country", p->country);
    tmg_json_end_object(j);
}

tmg_rc tmg_if_there(tmg_rc rc, bool *ret_there)
{
    *ret_there = rc == TMG_OK;
    return rc == TMG_E_NOT_FOUND ? TMG_OK : rc;
}

tmg_rc tmg_may_see(tmg_call *c, tmg_db *db, const tmg_declaration *d, int64_t *ret_post_id, tmg_err *err)
{
    tmg_post post;

    TMG_TRY(tmg_post_by_code(db, d->post, c->req->arena, &post, err));
    *ret_post_id = post.id;
    return tmg_guard_may(&c->who, (tmg_permission)c->match.route->permission, post.id, err);
}
