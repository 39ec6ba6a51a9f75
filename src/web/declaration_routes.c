/* Lodging: one declaration, or many.  Every record is a write job of its own, so that a bad one takes none
 * with it; the writer's group commit joins them.  Records are read in rounds, so that memory stays small
 * however long the body is. */
#include "web/json_lines.h"
#include "web/site_priv.h"

enum { ROUND = 64, ROUND_CAP = 160 << 20, ON_LOOP = 1 << 16, ANSWER = 1 << 20 };

typedef struct lodging lodging;

typedef struct slot {
    lodging *of;
    tmg_record record;
    tmg_taken taken;
    int64_t quarantine_id;
    tmg_buf text; /* its part of the answer */
} slot;

struct lodging {
    tmg_reader *reader;
    tmg_arena *arena; /* of one round */
    slot *slots;
    size_t count, waiting;
    bool single, more;
    tmg_rc rc; /* the first failure that is not a record's own fault */
    tmg_err err;
    int64_t taken[TMG_TAKEN_KINDS];
    tmg_json_out json;
};

static void free_slots(lodging *l)
{
    for (size_t i = 0; i < l->count; i++)
        tmg_buf_done(&l->slots[i].text);
    l->count = 0;
}

static void cleanup(void *arg)
{
    lodging *l = arg;

    free_slots(l);
    tmg_reader_close(l->reader);
    tmg_arena_free(l->arena);
    free(l->slots);
    free(l);
}

static void begin_record(slot *s, tmg_json_out *j)
{
    const tmg_record *r = &s->record;

    tmg_buf_clear(&s->text);
    tmg_json_begin(j, &s->text);
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "line", (int64_t)r->line);
    tmg_json_z(j, "status", tmg_taken_name(s->taken));
    tmg_json_text(j, "ref", r->declaration.ref);
}

static void describe_lodged(tmg_call *c, slot *s, const tmg_lodged *l)
{
    tmg_json_out j;

    begin_record(s, &j);
    tmg_json_i64(&j, "consignment", l->consignment_id);
    tmg_json_i64(&j, "version", l->version);
    if (l->selected) {
        tmg_json_z(&j, "lane", tmg_lane_name(l->selection.lane));
        tmg_write_selection(&j, "selection", &l->selection);
    }
    if (l->assessment.declaration_id != 0)
        tmg_write_harms(&j, tmg_centre_mind(c->site->centre), &l->assessment, &s->record.declaration);
    tmg_write_findings(&j, &s->record);
    tmg_json_end_object(&j);
}

static tmg_rc lodge(tmg_call *c, slot *s, tmg_db *db, int64_t source_id, tmg_err *err)
{
    static const tmg_taken TAKEN[] = {[TMG_SAVED_NEW] = TMG_TAKEN_NEW,
                                      [TMG_SAVED_UNCHANGED] = TMG_TAKEN_UNCHANGED,
                                      [TMG_SAVED_AMENDED] = TMG_TAKEN_AMENDED};
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)4 << 20);
    tmg_lodged l;

    TMG_TRY(tmg_lodge_one(c->site->centre, db, &c->who, source_id, &s->record.declaration,
                          s->record.has_result ? &s->record.result : NULL, a, &l, err));
    s->taken = TAKEN[l.saved];
    describe_lodged(c, s, &l);
    return TMG_OK;
}

static tmg_rc quarantine(slot *s, tmg_db *db, int64_t source_id, tmg_err *err)
{
    tmg_json_out j;

    TMG_TRY(tmg_quarantine_record(db, source_id, &s->record, &s->quarantine_id, err));
    s->taken = TMG_TAKEN_QUARANTINED;
    begin_record(s, &j);
    tmg_json_i64(&j, "quarantine", s->quarantine_id);
    tmg_write_findings(&j, &s->record);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc take_record(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    slot *s = ctx;
    int64_t source_id;

    TMG_TRY(tmg_api_source(c->site->centre, db, &source_id, err));
    return s->record.good ? lodge(c, s, db, source_id, err) : quarantine(s, db, source_id, err);
}

static void add_fault(tmg_call *c, const tmg_finding *f)
{
    tmg_input_fault *fault = tmg_faults_add(
        tmg_call_faults(c), tmg_span_z(c->req->arena, tmg_utf8_cut(f->field, 100)), "%s", f->reason);

    if (fault == NULL || f->form == NULL)
        return;
    fault->form = f->form;
    memcpy(fault->values, f->values, sizeof fault->values);
}

static void answer_single_bad(tmg_call *c, const slot *s)
{
    tmg_err why;

    for (size_t i = 0; i < s->record.finding_count; i++) {
        const tmg_finding *f = &s->record.findings[i];

        if (f->fault)
            add_fault(c, f);
    }
    (void)TMG_FAIL(&why, TMG_E_INVALID, "the declaration has faults; it waits in quarantine as record %lld",
                   (long long)s->quarantine_id);
    tmg_call_problem(c, 422, tmg_rc_name(TMG_E_INVALID), &why, c->faults);
}

static void answer_all(tmg_call *c, lodging *l)
{
    tmg_json_end_array(&l->json);
    for (int t = 0; t < TMG_TAKEN_KINDS; t++)
        tmg_json_i64(&l->json, tmg_taken_name((tmg_taken)t), l->taken[t]);
    tmg_json_end_object(&l->json);
    if (l->single && l->taken[TMG_TAKEN_NEW] == 1)
        c->req->resp.status = 201;
    tmg_call_send(c);
}

static void answer_failure(tmg_call *c, lodging *l)
{
    int64_t stored = l->taken[TMG_TAKEN_NEW] + l->taken[TMG_TAKEN_AMENDED] + l->taken[TMG_TAKEN_QUARANTINED];

    if (stored > 0 && l->err.rc != TMG_E_DENIED)
        (void)tmg_err_within(
            &l->err, "%lld records were taken before this (sending all again changes nothing for them)",
            (long long)stored);
    tmg_call_fail(c, &l->err);
}

static void next_round(tmg_call *c, lodging *l);

static void round_over(tmg_call *c, lodging *l)
{
    for (size_t i = 0; l->rc == TMG_OK && i < l->count; i++) {
        slot *s = &l->slots[i];

        l->taken[s->taken]++;
        tmg_metrics_declaration(c->site->metrics, s->taken);
        tmg_json_raw(&l->json, NULL, tmg_buf_as_span(&s->text));
    }
    if (l->rc != TMG_OK)
        answer_failure(c, l);
    else if (l->single && l->count == 1 && l->slots[0].taken == TMG_TAKEN_QUARANTINED)
        answer_single_bad(c, &l->slots[0]);
    else if (l->more && c->req->conn != NULL)
        next_round(c, l);
    else
        answer_all(c, l);
}

static void taken(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    slot *s = ctx;
    lodging *l = s->of;

    if (rc == TMG_E_INVALID && s->record.good) {
        tmg_finding *f =
            &s->record.findings[s->record.finding_count < TMG_MAX_FINDINGS ? s->record.finding_count++ : 0];

        *f = (tmg_finding){.fault = true};
        tmg_finding_say(f, err);
        s->record.good = false;
        tmg_call_write(c, take_record, taken, s);
        return;
    }
    if (rc != TMG_OK && l->rc == TMG_OK) {
        l->rc = rc;
        l->err = *err;
    }
    if (--l->waiting == 0)
        round_over(c, l);
}

static tmg_rc read_round(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    lodging *l = ctx;
    bool more = true;

    (void)c;
    (void)db;
    free_slots(l);
    tmg_arena_reset(l->arena);
    while (l->count < ROUND) {
        slot *s = &l->slots[l->count];

        TMG_TRY(tmg_reader_next(l->reader, l->arena, &s->record, &more, err));
        if (!more)
            break;
        s->of = l;
        tmg_buf_init(&s->text, ANSWER);
        l->count++;
    }
    l->more = more;
    return TMG_OK;
}

static void have_round(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    lodging *l = ctx;

    if (rc != TMG_OK) {
        l->rc = rc;
        l->err = *err;
    }
    l->waiting = l->count;
    if (l->rc != TMG_OK || l->count == 0) {
        l->more = false;
        l->count = 0;
        round_over(c, l);
        return;
    }
    for (size_t i = 0; i < ROUND && i < l->count; i++)
        tmg_call_write(c, take_record, taken, &l->slots[i]);
}

static void next_round(tmg_call *c, lodging *l)
{
    tmg_err err;

    if (c->req->body.len <= ON_LOOP)
        have_round(c, l, read_round(c, l, NULL, &err), &err);
    else
        tmg_call_offload(c, read_round, have_round, l);
}

static tmg_rc open_reader(tmg_call *c, lodging *l, tmg_err *err)
{
    tmg_intake_options o = {.format = "jsonl", .shipped_only = true};
    tmg_span mapping = tmg_call_query(c, "mapping");

    tmg_intake_prepare(c->site->centre, c->req->arena, &o);
    if (tmg_call_body_is(c, "text/csv")) {
        o.format = mapping.ptr != NULL ? "mapped" : "csv";
        o.mapping = mapping.ptr != NULL ? tmg_span_z(c->req->arena, mapping) : NULL;
    } else if (tmg_call_body_is(c, "application/json")) {
        TMG_TRY(tmg_json_to_lines(c->req->body.ptr, c->req->body.len, &l->single, err));
    }
    return tmg_reader_open(tmg_buf_as_span(&c->req->body), &o, &l->reader, err);
}

void tmg_do_declaration_lodge(tmg_call *c)
{
    lodging *l = tmg_xcalloc(1, sizeof *l);
    tmg_err err;

    c->cleanup = cleanup;
    c->cleanup_arg = l;
    l->arena = tmg_arena_new(ROUND_CAP);
    l->slots = tmg_xcalloc(ROUND, sizeof *l->slots);
    (void)snprintf(c->object, sizeof c->object, "declarations");
    if (c->req->body.len == 0) {
        (void)TMG_FAIL(&err, TMG_E_INVALID, "the body is empty: send a declaration");
        tmg_call_problem(c, 400, "body", &err, NULL);
        return;
    }
    if (open_reader(c, l, &err) != TMG_OK) {
        tmg_call_problem(c, 400, tmg_rc_name(err.rc), &err, NULL);
        return;
    }
    tmg_call_json(c, 200, &l->json);
    tmg_json_object(&l->json, NULL);
    tmg_json_array(&l->json, "records");
    next_round(c, l);
}
