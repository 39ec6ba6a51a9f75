/* One consignment in full.  What is shown was read on the loop; the leaf that says who read it is durable
 * before it leaves. */
#include "app/rules.h"
#include "rule/registry.h"
#include "web/site_priv.h"

enum { HISTORY = 20, ROLES = 3 };

static const tmg_party_role COMPARED[ROLES] = {TMG_CONSIGNEE, TMG_DECLARANT, TMG_CARRIER};

typedef struct reading {
    int64_t consignment_id;
    tmg_declaration declaration;
    tmg_assessment assessment;
    bool assessed;
    tmg_post *posts;
    size_t post_count;
    tmg_past *past[ROLES]; /* of the compared parties; one more than is compared, since it may be itself */
    size_t past_count[ROLES];
    tmg_json_out json;
} reading;

static void write_versions(tmg_json_out *j, const tmg_version *versions, size_t count)
{
    tmg_json_array(j, "versions");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "version", versions[i].version);
        tmg_json_i64(j, "declaration", versions[i].declaration_id);
        tmg_json_time(j, "known", versions[i].known_at_ms, 0);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_decisions(tmg_json_out *j, const tmg_decision *decisions, size_t count,
                            const tmg_account *accounts, size_t account_count)
{
    tmg_json_array(j, "decisions");
    for (size_t i = 0; i < count; i++) {
        const tmg_decision *d = &decisions[i];

        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", d->id);
        tmg_json_time(j, "at", d->at_ms, 0);
        tmg_json_z(j, "action", tmg_action_name(d->action));
        tmg_write_means(j, "means", d->means);
        tmg_json_text(j, "reason", d->reason);
        if (d->until_ms != 0)
            tmg_json_time(j, "until", d->until_ms, 0);
        tmg_write_looked_at(j, d->looked_at);
        for (size_t k = 0; k < account_count; k++)
            if (accounts[k].id == d->account_id)
                tmg_json_text(j, "by", accounts[k].display);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_results(tmg_json_out *j, const tmg_result *results, size_t count)
{
    tmg_json_array(j, "results");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", results[i].id);
        tmg_result_write_json(j, "content", &results[i]);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static bool sees_past(const tmg_call *c, const reading *r, tmg_span post)
{
    for (size_t i = 0; i < r->post_count; i++)
        if (tmg_span_eq(r->posts[i].code, post))
            return tmg_call_sees_post(c, r->posts[i].id);
    return c->who.post_count == 0;
}

static void write_past(tmg_json_out *j, const tmg_past *p)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "consignment", p->consignment_id);
    tmg_json_text(j, "ref", p->ref);
    tmg_json_time(j, "lodged", p->lodged_ms, 0);
    tmg_json_text(j, "post", p->post);
    tmg_json_text(j, "hs", p->hs);
    tmg_json_text(j, "departure", p->departure);
    tmg_json_text(j, "destination", p->destination);
    if (p->value_minor != TMG_NONE)
        tmg_json_decimal(j, "value", p->value_minor, tmg_currency_exponent(p->currency));
    tmg_json_text(j, "currency", p->currency);
    if (p->gross_mg != TMG_NONE)
        tmg_json_decimal(j, "gross_kg", p->gross_mg, 6);
    if (p->outcome != 0)
        tmg_json_z(j, "outcome", tmg_outcome_name((tmg_outcome)p->outcome));
    tmg_json_end_object(j);
}

static tmg_rc read_past(tmg_call *c, reading *r, tmg_err *err)
{
    const tmg_declaration *d = &r->declaration;

    for (int i = 0; i < ROLES; i++)
        if (d->party[COMPARED[i]].code.len > 0)
            TMG_TRY(tmg_party_history(c->db, d->party[COMPARED[i]].code, COMPARED[i], d->lodged.at_ms,
                                      TMG_PAST_LOOKED_AT + 1, c->req->arena, &r->past[i], &r->past_count[i],
                                      err));
    return TMG_OK;
}

static void write_history(const tmg_call *c, reading *r)
{
    tmg_json_object(&r->json, "history");
    for (int i = 0; i < ROLES; i++) {
        if (r->declaration.party[COMPARED[i]].code.len == 0)
            continue;
        tmg_json_array(&r->json, tmg_party_role_name(COMPARED[i]));
        for (size_t k = 0, shown = 0; k < r->past_count[i] && shown < HISTORY; k++) {
            const tmg_past *p = &r->past[i][k];

            if (p->consignment_id == r->consignment_id || !sees_past(c, r, p->post))
                continue;
            write_past(&r->json, p);
            shown++;
        }
        tmg_json_end_array(&r->json);
    }
    tmg_json_end_object(&r->json);
}

static void write_difference(tmg_json_out *j, const tmg_difference *d)
{
    tmg_json_object(j, NULL);
    tmg_json_z(j, "role", tmg_party_role_name(d->role));
    tmg_json_z(j, "what", d->what);
    tmg_json_text(j, "words", d->words);
    tmg_json_text(j, "now", d->now);
    tmg_json_text(j, "usual", d->usual);
    tmg_json_i64(j, "usual_count", d->usual_count);
    tmg_json_i64(j, "of", d->of);
    tmg_json_end_object(j);
}

static tmg_rc write_differences(tmg_call *c, reading *r, tmg_err *err)
{
    tmg_difference found[TMG_MAX_DIFFERENCES];
    size_t count;

    tmg_json_array(&r->json, "differences");
    for (int i = 0; i < ROLES; i++) {
        TMG_TRY(tmg_differences(c->db, &r->declaration, COMPARED[i], r->past[i], r->past_count[i],
                                c->req->arena, found, &count, err));
        for (size_t k = 0; k < count; k++)
            write_difference(&r->json, &found[k]);
    }
    tmg_json_end_array(&r->json);
    return TMG_OK;
}

static tmg_rc write_deeds(tmg_call *c, reading *r, tmg_err *err)
{
    tmg_arena *a = c->req->arena;
    tmg_version *versions;
    tmg_decision *decisions;
    tmg_result *results;
    tmg_account *accounts = NULL;
    size_t version_count, decision_count, result_count, account_count = 0;

    TMG_TRY(tmg_consignment_versions(c->db, r->consignment_id, a, &versions, &version_count, err));
    TMG_TRY(tmg_decision_list(c->db, r->consignment_id, a, &decisions, &decision_count, err));
    TMG_TRY(tmg_result_list(c->db, r->consignment_id, a, &results, &result_count, err));
    if (decision_count > 0)
        TMG_TRY(tmg_account_list(c->db, a, &accounts, &account_count, err));
    write_versions(&r->json, versions, version_count);
    write_decisions(&r->json, decisions, decision_count, accounts, account_count);
    write_results(&r->json, results, result_count);
    return TMG_OK;
}

/* A rule in shadow says nothing to who decides. */
static tmg_rc write_rules(tmg_call *c, reading *r, tmg_err *err)
{
    tmg_json_out *j = &r->json;
    tmg_rule_hit_row *hits;
    size_t count;

    TMG_TRY(tmg_rule_hits_of(c->db, r->declaration.id, c->req->arena, &hits, &count, err));
    tmg_json_array(j, "rules");
    for (size_t i = 0; i < count; i++) {
        if (hits[i].shadow)
            continue;
        tmg_json_object(j, NULL);
        tmg_json_text(j, "name", hits[i].name);
        tmg_json_i64(j, "version", hits[i].version);
        tmg_json_time(j, "at", hits[i].at_ms, 0);
        tmg_json_i64(j, "item_no", hits[i].item_no);
        tmg_rule_evidence_write(j, "evidence", hits[i].evidence, &c->who);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_all(tmg_call *c, reading *r, tmg_err *err)
{
    const tmg_declaration *d = &r->declaration;
    tmg_selection selection;
    bool selected;

    TMG_TRY(tmg_if_there(tmg_assessment_load(c->db, d->id, &r->assessment, err), &r->assessed));
    TMG_TRY(
        tmg_if_there(tmg_selection_get(c->db, r->consignment_id, c->req->arena, &selection, err), &selected));
    TMG_TRY(tmg_post_list(c->db, c->req->arena, &r->posts, &r->post_count, err));
    tmg_call_json(c, 200, &r->json);
    tmg_json_object(&r->json, NULL);
    tmg_json_i64(&r->json, "consignment", r->consignment_id);
    tmg_json_i64(&r->json, "version", d->version);
    tmg_json_time(&r->json, "known", d->known_at_ms, 0);
    tmg_declaration_write_json(&r->json, "declaration", d);
    if (selected) {
        tmg_write_selection(&r->json, "selection", &selection);
        tmg_write_instruction(&r->json, c->site->centre, &selection);
    }
    TMG_TRY(write_rules(c, r, err));
    TMG_TRY(write_deeds(c, r, err));
    TMG_TRY(read_past(c, r, err));
    write_history(c, r);
    TMG_TRY(write_differences(c, r, err));
    if (r->assessed)
        tmg_write_assessment(&r->json, "assessment", tmg_centre_mind(c->site->centre), &r->assessment, d);
    tmg_json_end_object(&r->json);
    return TMG_OK;
}

static tmg_rc read_all(tmg_call *c, reading *r, tmg_err *err)
{
    int64_t post_id;

    TMG_TRY(tmg_consignment_load(c->db, r->consignment_id, c->req->arena, &r->declaration, err));
    TMG_TRY(tmg_may_see(c, c->db, &r->declaration, &post_id, err));
    return write_all(c, r, err);
}

static tmg_rc log_reading(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const reading *r = ctx;

    return tmg_log_read(db, &c->who, r->consignment_id, tmg_call_purpose(c), err);
}

void tmg_do_consignment_read(tmg_call *c)
{
    reading *r = tmg_alloc(c->req->arena, sizeof *r);
    tmg_err err;

    if (!tmg_call_id(c, 0, "consignment", &r->consignment_id))
        return;
    tmg_rc rc = tmg_begin_read(c->db, &err);

    if (rc == TMG_OK)
        rc = read_all(c, r, &err);
    tmg_rollback(c->db);
    if (rc != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_write(c, log_reading, NULL, r);
}

static tmg_rc find_ref(tmg_call *c, reading *r, tmg_err *err)
{
    const tmg_declaration *d = &r->declaration;
    tmg_json_out *j = &r->json;
    tmg_selection selection;
    bool selected;
    int64_t post_id;

    TMG_TRY(tmg_consignment_by_ref(c->db, tmg_call_query(c, "ref"), &r->consignment_id, err));
    (void)snprintf(c->object, sizeof c->object, "consignment:%lld", (long long)r->consignment_id);
    TMG_TRY(tmg_consignment_load(c->db, r->consignment_id, c->req->arena, &r->declaration, err));
    TMG_TRY(tmg_may_see(c, c->db, d, &post_id, err));
    TMG_TRY(
        tmg_if_there(tmg_selection_get(c->db, r->consignment_id, c->req->arena, &selection, err), &selected));
    tmg_call_json(c, 200, j);
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "consignment", r->consignment_id);
    tmg_json_i64(j, "version", d->version);
    tmg_json_text(j, "ref", d->ref);
    tmg_json_text(j, "post", d->post);
    tmg_json_time(j, "lodged", d->lodged.at_ms, d->lodged.offset_min);
    tmg_json_time(j, "known", d->known_at_ms, 0);
    if (selected)
        tmg_write_selection(j, "selection", &selection);
    tmg_json_end_object(j);
    return TMG_OK;
}

void tmg_do_declaration_find(tmg_call *c)
{
    reading *r = tmg_alloc(c->req->arena, sizeof *r);
    tmg_err err;
    tmg_rc rc = tmg_begin_read(c->db, &err);

    if (rc == TMG_OK)
        rc = find_ref(c, r, &err);
    tmg_rollback(c->db);
    if (rc != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_write(c, log_reading, NULL, r);
}
