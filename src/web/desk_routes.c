/* What people do with a consignment: decide about it, enter what was found. */
#include "app/casework.h"
#include "web/site_priv.h"

enum { MASS_SCALE = 6 };

typedef struct deciding {
    int64_t consignment_id;
    tmg_decision decision;
} deciding;

static tmg_rc decide(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    deciding *d = ctx;
    tmg_selection s;
    tmg_json_out j;

    TMG_TRY(tmg_decide(c->site->centre, db, &c->who, d->consignment_id, &d->decision, err));
    TMG_TRY(tmg_selection_get(db, d->consignment_id, c->req->arena, &s, err));
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "id", d->decision.id);
    tmg_json_i64(&j, "consignment", d->consignment_id);
    tmg_json_time(&j, "at", d->decision.at_ms, 0);
    tmg_json_z(&j, "action", tmg_action_name(d->decision.action));
    tmg_write_means(&j, "means", d->decision.means);
    tmg_json_text(&j, "reason", d->decision.reason);
    if (d->decision.until_ms != 0)
        tmg_json_time(&j, "until", d->decision.until_ms, 0);
    tmg_write_looked_at(&j, d->decision.looked_at);
    tmg_write_selection(&j, "selection", &s);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static unsigned read_looked_at(const tmg_json *array)
{
    unsigned looked_at = 0;

    for (size_t i = 0; i < tmg_json_count(array); i++)
        looked_at |= tmg_looked_of(tmg_json_as_text(tmg_json_at(array, i)));
    return looked_at;
}

static tmg_rc read_until(const tmg_call *c, int64_t *ret, tmg_err *err)
{
    const tmg_json *until = tmg_json_member(c->json, "until");
    tmg_instant at;

    if (until == NULL)
        return TMG_OK;
    if (tmg_instant_parse(tmg_json_as_text(until), tmg_centre_settings(c->site->centre)->offset_min, &at,
                          err) != TMG_OK)
        return tmg_err_within(err, "until");
    *ret = at.at_ms;
    return TMG_OK;
}

void tmg_do_decision_make(tmg_call *c)
{
    deciding *d = tmg_alloc(c->req->arena, sizeof *d);
    tmg_err err;

    if (!tmg_call_id(c, 0, "consignment", &d->consignment_id))
        return;
    d->decision.action = tmg_action_of(tmg_json_as_text(tmg_json_member(c->json, "action")));
    d->decision.means = tmg_read_means(tmg_json_member(c->json, "means"));
    d->decision.reason = tmg_json_as_text(tmg_json_member(c->json, "reason"));
    d->decision.looked_at = read_looked_at(tmg_json_member(c->json, "looked_at"));
    if (read_until(c, &d->decision.until_ms, &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_write(c, decide, NULL, d);
}

static tmg_rc withdraw(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    int64_t id = *(const int64_t *)ctx;
    tmg_selection s;
    tmg_json_out j;

    TMG_TRY(tmg_withdraw(c->site->centre, db, &c->who, id, err));
    TMG_TRY(tmg_selection_get(db, id, c->req->arena, &s, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "consignment", id);
    tmg_write_selection(&j, "selection", &s);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_decision_withdraw(tmg_call *c)
{
    int64_t *id = tmg_alloc(c->req->arena, sizeof *id);

    if (tmg_call_id(c, 0, "consignment", id))
        tmg_call_write(c, withdraw, NULL, id);
}

typedef struct entering {
    int64_t consignment_id;
    tmg_result_form form;
} entering;

static tmg_rc read_mass(tmg_call *c, const tmg_json *seized, int64_t *ret, tmg_err *err)
{
    const tmg_json *kg = tmg_json_member(seized, "mass_kg"), *mg = tmg_json_member(seized, "mass_mg");

    *ret = tmg_json_as_i64(mg, TMG_NONE);
    if (kg == NULL)
        return TMG_OK;
    if (mg != NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "state the mass once: mass_kg or mass_mg");
    if (tmg_decimal_parse(tmg_json_as_decimal(kg, c->req->arena), MASS_SCALE, TMG_ROUND_REFUSE, ret, err) !=
        TMG_OK)
        return tmg_err_within(err, "mass_kg");
    return TMG_OK;
}

static tmg_rc read_seized(tmg_call *c, tmg_result *r, tmg_err *err)
{
    const tmg_json *list = tmg_json_member(c->json, "seized");

    r->seized_count = tmg_json_count(list);
    r->seized = tmg_alloc_array(c->req->arena, r->seized_count, sizeof *r->seized);
    for (size_t i = 0; i < r->seized_count; i++) {
        const tmg_json *one = tmg_json_at(list, i);

        r->seized[i].substance = tmg_json_as_text(tmg_json_member(one, "substance"));
        r->seized[i].count = tmg_json_as_i64(tmg_json_member(one, "count"), TMG_NONE);
        if (read_mass(c, one, &r->seized[i].mass_mg, err) != TMG_OK)
            return tmg_err_within(err, "seized[%zu]", i);
    }
    return TMG_OK;
}

static tmg_rc read_result(tmg_call *c, tmg_result *r, tmg_err *err)
{
    const tmg_settings *settings = tmg_centre_settings(c->site->centre);
    const tmg_json *recovered = tmg_json_member(c->json, "recovered"),
                   *happened = tmg_json_member(c->json, "happened");

    *r = (tmg_result){.happened_ms = TMG_NONE,
                      .known_at_ms = TMG_NONE,
                      .found = {TMG_FOUND_UNKNOWN, TMG_FOUND_UNKNOWN},
                      .recovered_minor = TMG_NONE};
    r->outcome = tmg_outcome_of(tmg_json_as_text(tmg_json_member(c->json, "outcome")));
    r->means = tmg_read_means(tmg_json_member(c->json, "means"));
    r->minutes = tmg_json_as_i64(tmg_json_member(c->json, "minutes"), TMG_NONE);
    r->note = tmg_json_as_text(tmg_json_member(c->json, "note"));
    if (recovered != NULL && tmg_decimal_parse(tmg_json_as_decimal(recovered, c->req->arena),
                                               tmg_currency_exponent(tmg_span_of(settings->currency)),
                                               TMG_ROUND_REFUSE, &r->recovered_minor, err) != TMG_OK)
        return tmg_err_within(err, "recovered");
    if (happened != NULL) {
        tmg_instant at;

        if (tmg_instant_parse(tmg_json_as_text(happened), settings->offset_min, &at, err) != TMG_OK)
            return tmg_err_within(err, "happened");
        r->happened_ms = at.at_ms;
    }
    return read_seized(c, r, err);
}

/* Tenths of a per cent, rounded. */
static int64_t permille(int64_t ppb)
{
    return (ppb + TMG_PPB / 2000) / (TMG_PPB / 1000);
}

static void write_view(tmg_json_out *j, const char *key, const tmg_mind *m, const tmg_assessment *a,
                       tmg_harm h, const tmg_declaration *d)
{
    const tmg_harm_view *v = &a->harm[h];
    TMG_AUTO_BUF words = {0};

    tmg_buf_init(&words, 1 << 12);
    tmg_assessment_words(m, a, d, h, &words);
    tmg_json_object(j, key);
    tmg_json_decimal(j, "probability", v->ppb, 9);
    if (v->path_len > 0) {
        tmg_json_i64(j, "inspected", v->path[v->telling].n);
        tmg_json_i64(j, "bad", v->path[v->telling].bad);
    }
    tmg_json_text(j, "words", tmg_buf_as_span(&words));
    tmg_write_reasons(j, m, a, h, d);
    tmg_json_end_object(j);
}

static void write_moved(tmg_json_out *j, const tmg_mind *m, const tmg_moved *moved, const tmg_declaration *d)
{
    tmg_json_array(j, "moved");
    for (int h = 0; h < TMG_HARMS; h++) {
        int64_t before = permille(moved->before.harm[h].ppb), after = permille(moved->after.harm[h].ppb);
        char sentence[160];

        (void)snprintf(sentence, sizeof sentence, "%s: %lld.%lld %% before, %lld.%lld %% if it arrived again",
                       tmg_harm_name((tmg_harm)h), (long long)(before / 10), (long long)(before % 10),
                       (long long)(after / 10), (long long)(after % 10));
        tmg_json_object(j, NULL);
        tmg_json_z(j, "harm", tmg_harm_name((tmg_harm)h));
        tmg_json_z(j, "sentence", sentence);
        write_view(j, "before", m, &moved->before, (tmg_harm)h, d);
        write_view(j, "after", m, &moved->after, (tmg_harm)h, d);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static tmg_rc write_entered(void *ctx, tmg_db *db, const tmg_result *r, const tmg_moved *moved, tmg_buf *to,
                            tmg_err *err)
{
    tmg_call *c = ctx;
    tmg_declaration d;
    tmg_json_out j;

    TMG_TRY(tmg_consignment_load(db, r->consignment_id, c->req->arena, &d, err));
    tmg_json_begin(&j, to);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "id", r->id);
    tmg_json_i64(&j, "consignment", r->consignment_id);
    tmg_result_write_json(&j, "content", r);
    write_moved(&j, tmg_centre_mind(c->site->centre), moved, &d);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc enter(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    entering *e = ctx;
    tmg_span answer;
    tmg_json_out j;

    TMG_TRY(tmg_use_result(c->site->centre, db, &c->who, e->consignment_id, &e->form, write_entered, c,
                           c->req->arena, &answer, err));
    tmg_call_json(c, 201, &j);
    tmg_json_raw(&j, NULL, answer);
    return TMG_OK;
}

void tmg_do_result_enter(tmg_call *c)
{
    entering *e = tmg_alloc(c->req->arena, sizeof *e);
    tmg_err err;

    if (!tmg_call_id(c, 0, "consignment", &e->consignment_id))
        return;
    e->form = (tmg_result_form){.client_key = tmg_json_as_text(tmg_json_member(c->json, "client_key")),
                                .confirm_note = tmg_json_as_text(tmg_json_member(c->json, "confirm_note")),
                                .confirmed = tmg_json_as_bool(tmg_json_member(c->json, "confirmed"), false)};
    if (read_result(c, &e->form.result, &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_write(c, enter, NULL, e);
}
