/* Acts of the custody of an exhibit: sealing, weighing, handing over, destruction. */
#include "app/papers_priv.h"

typedef struct act {
    tmg_exhibit exhibit;
    tmg_seizure seizure;
    tmg_custody event;
    int64_t net_mg; /* of the event, or as last weighed before it */
} act;

static tmg_rc exhibit_of(tmg_draft *d, int64_t custody_id, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(d->db, "SELECT exhibit_id FROM custody WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, custody_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no event of custody %lld", (long long)custody_id);
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc read_act(tmg_draft *d, int64_t id, act *ret, tmg_err *err)
{
    tmg_custody *events;
    int64_t exhibit = 0;
    size_t count;

    TMG_TRY(exhibit_of(d, id, &exhibit, err));
    TMG_TRY(tmg_exhibit_read(d->db, exhibit, d->arena, &ret->exhibit, err));
    TMG_TRY(tmg_seizure_read(d->db, ret->exhibit.seizure_id, d->arena, &ret->seizure, err));
    TMG_TRY(tmg_custody_list(d->db, exhibit, d->arena, &events, &count, err));
    ret->net_mg = TMG_NONE;
    for (size_t i = 0; i < count && events[i].id <= id; i++) {
        ret->event = events[i];
        if (events[i].net_mg != TMG_NONE)
            ret->net_mg = events[i].net_mg;
    }
    return TMG_OK;
}

static bool is_destruction(const act *x)
{
    return tmg_span_is(x->event.act, "destroyed");
}

static tmg_span title_of(tmg_draft *d, const act *x)
{
    static const char *const own[] = {"sealed", "weighed", "destroyed", "returned"};

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (tmg_span_is(x->event.act, own[i]))
            return TMG_W(d, "custody_title", own[i]);
    return TMG_W(d, "custody_title", "handed");
}

/* What is in it by the newest line. */
static tmg_span substance_of(tmg_draft *d, const act *x)
{
    const tmg_seizure *z = &x->seizure;
    tmg_span code = {NULL, 0};
    int64_t id = x->exhibit.line_id;

    for (size_t i = 0; i < z->line_count; i++)
        if (z->lines[i].id == id || (code.len > 0 && z->lines[i].replaces == id)) {
            id = z->lines[i].id;
            code = z->lines[i].substance;
        }
    return code.len > 0 ? tmg_draft_substance(d, code) : code;
}

static tmg_span mass_of(tmg_draft *d, int64_t mg)
{
    return mg == TMG_NONE ? (tmg_span){NULL, 0} : tmg_paper_mass(d->words, d->arena, mg);
}

static tmg_span case_of(tmg_draft *d, const act *x)
{
    int64_t id = x->seizure.case_id;

    return id == 0 || tmg_case_may(d->db, d->who, id, NULL) != TMG_OK ? (tmg_span){NULL, 0}
                                                                      : tmg_draft_name(d, "case", id);
}

static void put_fields(tmg_draft *d, const act *x)
{
    const tmg_custody *c = &x->event;
    const tmg_paper_field fields[] = {
        {TMG_W(d, "custody", "at"), tmg_draft_time(d, c->at_ms), false},
        {TMG_W(d, "custody", "place"), c->place, false},
        {TMG_W(d, "custody", "exhibit"), x->exhibit.number, false},
        {TMG_W(d, "label", "seizure"), x->seizure.number, false},
        {TMG_W(d, "seizure", "case"), case_of(d, x), false},
        {TMG_W(d, "target", "post"), tmg_draft_name(d, "post", x->seizure.post_id), false},
        {TMG_W(d, "seizure", "substance"), substance_of(d, x), false},
        {TMG_W(d, "custody", "looks"), x->exhibit.words, false},
        {TMG_W(d, "custody", "net"), mass_of(d, x->net_mg), false},
        {TMG_W(d, "custody", "gross"), mass_of(d, c->gross_mg), false},
        {TMG_W(d, "custody", "seal_read"), c->seal_old, false},
        {TMG_W(d, "custody", "seal_on"), c->seal_new, false},
        {TMG_W(d, "custody", "from"), c->from_whom, false},
        {TMG_W(d, "custody", "to"), c->to_whom, false},
        {TMG_W(d, "custody", "purpose"), c->purpose, true},
        {TMG_W(d, "custody", "ground"), c->ground, true},
        {TMG_W(d, "seizure", "witness_1"), c->witness_1, false},
        {TMG_W(d, "seizure", "witness_2"), c->witness_2, false},
        {TMG_W(d, "seizure", "recorded_by"), tmg_draft_name(d, "account", c->account_id), false},
        {TMG_W(d, "custody", "event_no"), tmg_paper_number(d->words, d->arena, c->no), false},
        {TMG_W(d, "custody", "hash"), c->hash, true}};

    tmg_paper_fields(d->paper, fields, sizeof fields / sizeof fields[0]);
}

static tmg_span signs(tmg_draft *d, const char *section, const char *key, tmg_span name)
{
    tmg_span role = TMG_W(d, section, key);

    return name.len == 0 ? role
                         : tmg_paper_text(d->arena, "%.*s: %.*s", TMG_SPAN_ARG(role), TMG_SPAN_ARG(name));
}

tmg_rc tmg_draft_custody(tmg_draft *d, tmg_err *err)
{
    act x = {0};
    int64_t id;

    TMG_TRY(tmg_about_id(d->made->ask.about, "custody", &id, err));
    TMG_TRY(read_act(d, id, &x, err));
    TMG_TRY(tmg_guard_may(d->who, TMG_MAY_EVIDENCE_READ, x.seizure.post_id, err));
    if (tmg_span_is(d->made->ask.kind, "destruction_act") != is_destruction(&x))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "kind: destruction_act is the paper of a destruction, custody_act that of any "
                        "other event of custody");
    const tmg_span roles[] = {
        signs(d, "custody", "handed_by", x.event.from_whom),
        signs(d, "seizure", "witness_1", x.event.witness_1),
        signs(d, "custody", is_destruction(&x) ? "destroyed_by" : "received_by", x.event.to_whom),
        signs(d, "seizure", "witness_2", x.event.witness_2)};

    tmg_paper_sheet(
        d->paper, title_of(d, &x),
        tmg_paper_text(d->arena, "%.*s/%d", TMG_SPAN_ARG(x.exhibit.number), x.event.no), (tmg_span){NULL, 0},
        tmg_paper_text(d->arena, "tamga:exhibit/%.*s/%d", TMG_SPAN_ARG(x.exhibit.number), x.event.no));
    put_fields(d, &x);
    tmg_paper_small(d->paper, TMG_W(d, "custody", is_destruction(&x) ? "destroyed_words" : "acted_words"));
    tmg_paper_signatures(d->paper, roles, 4);
    return TMG_OK;
}
