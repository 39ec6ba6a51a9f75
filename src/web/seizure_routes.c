/* Seizures: the list, one, recording, completing, and what the laboratory confirmed of a line. */
#include "web/casework_priv.h"

enum { ARENA_MAX = 32 << 20, ROWS = 100 };

static tmg_rc write_answer(tmg_call *c, int status, tmg_db *db, int64_t id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_people people;
    tmg_seizure z;
    tmg_json_out j;

    TMG_TRY(tmg_seizure_read(db, id, a, &z, err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    tmg_call_json(c, status, &j);
    return tmg_write_seizure(&j, NULL, c, db, &z, &people, a, err);
}

/* ---- reading ---- */

typedef struct list_ask {
    int32_t from, to;
    int64_t most;
} list_ask;

static tmg_rc list_seizures(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const list_ask *ask = ctx;
    int offset = tmg_centre_settings(c->site->centre)->offset_min;
    tmg_seizure *list;
    tmg_people people;
    size_t count;
    tmg_json_out j;

    TMG_TRY(tmg_seizure_list(db, &c->who, tmg_day_start_ms(ask->from, offset),
                             tmg_day_start_ms(ask->to + 1, offset), (size_t)ask->most, a, &list, &count,
                             err));
    TMG_TRY(tmg_people_read(db, a, &people, err));
    TMG_TRY(tmg_log_opened(c, db, "seizure.read", "seizures", 0, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_write_seizure(&j, NULL, c, db, &list[i], &people, a, err));
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_seizure_list(tmg_call *c)
{
    enum { YEARS_BACK = 50 * 365 };
    list_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);
    int32_t today = tmg_centre_today(c->site->centre);

    ask->most = tmg_call_query_i64(c, "most", ROWS);
    if (tmg_call_query_day(c, "from", today - YEARS_BACK, &ask->from) &&
        tmg_call_query_day(c, "to", today, &ask->to))
        tmg_call_write(c, list_seizures, NULL, ask);
}

static tmg_rc read_seizure(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const int64_t *id = ctx;
    tmg_seizure z;

    TMG_TRY(tmg_seizure_read(db, *id, a, &z, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_SEIZURE_READ, z.post_id, err));
    TMG_TRY(tmg_log_opened(c, db, "seizure.read", "seizure", *id, err));
    return write_answer(c, 200, db, *id, err);
}

void tmg_do_seizure_read(tmg_call *c)
{
    tmg_call_write_id(c, "seizure", read_seizure);
}

/* ---- recording ---- */

static void take_text(const tmg_json *o, const char *key, tmg_span *to)
{
    const tmg_json *v = tmg_json_member(o, key);

    if (v != NULL)
        *to = tmg_json_as_text(v);
}

/* What the body says of the head; what it does not name stays. */
static tmg_rc take_head(tmg_db *db, const tmg_json *o, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    const struct {
        const char *key;
        tmg_span *to;
    } texts[] = {{"place_kind", &z->place_kind},
                 {"direction", &z->direction},
                 {"unit", &z->unit},
                 {"trigger", &z->trigger_kind},
                 {"trigger_words", &z->trigger_words},
                 {"concealment", &z->concealment},
                 {"concealment_words", &z->concealment_words},
                 {"conveyance_type", &z->conveyance_type},
                 {"conveyance_make", &z->conveyance_make},
                 {"plates", &z->plates},
                 {"conveyance_country", &z->conveyance_country},
                 {"route", &z->route},
                 {"declared_goods", &z->declared_goods},
                 {"declared_hs", &z->declared_hs},
                 {"article", &z->article},
                 {"value_currency", &z->value_currency}};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        take_text(o, texts[i].key, texts[i].to);
    z->case_id = tmg_body_i64(o, "case", z->case_id);
    z->packages = tmg_body_i64(o, "packages", z->packages);
    z->value_minor = tmg_body_i64(o, "value_minor", z->value_minor);
    z->in_group = tmg_json_as_bool(tmg_json_member(o, "in_group"), z->in_group);
    z->prevented_transit = tmg_json_as_bool(tmg_json_member(o, "prevented_transit"), z->prevented_transit);
    TMG_TRY(tmg_seizure_fields_check(o, z, err));
    return tmg_body_post(db, o, "post", a, &z->post_id, err);
}

static tmg_substance_line line_of(const tmg_json *o)
{
    return (tmg_substance_line){.substance = tmg_body_text(o, "substance"),
                                .form = tmg_body_text(o, "form"),
                                .mass_mg = tmg_body_i64(o, "mass_mg", TMG_NONE),
                                .volume_ul = tmg_body_i64(o, "volume_ul", TMG_NONE),
                                .count = tmg_body_i64(o, "count", TMG_NONE),
                                .count_kind = tmg_body_text(o, "count_kind"),
                                .gross = tmg_json_as_bool(tmg_json_member(o, "gross"), false),
                                .estimated = tmg_json_as_bool(tmg_json_member(o, "estimated"), false),
                                .growth = tmg_body_text(o, "growth"),
                                .area_m2 = tmg_body_i64(o, "area_m2", 0),
                                .purity_ppm = tmg_body_i64(o, "purity_ppm", TMG_NONE),
                                .words = tmg_body_text(o, "words"),
                                .stage = tmg_body_text(o, "stage")};
}

static void take_lines(const tmg_json *body, tmg_seizure *z, tmg_arena *a)
{
    const tmg_json *lines = tmg_json_member(body, "lines");

    z->line_count = tmg_json_count(lines);
    z->lines = tmg_alloc_array(a, z->line_count + 1, sizeof *z->lines);
    for (size_t i = 0; i < z->line_count; i++)
        z->lines[i] = line_of(tmg_json_at(lines, i));
}

static void take_instruments(const tmg_json *used, tmg_seizure *z, tmg_arena *a)
{
    z->instrument_count = tmg_json_count(used);
    z->instruments = tmg_alloc_array(a, z->instrument_count + 1, sizeof *z->instruments);
    for (size_t i = 0; i < z->instrument_count; i++) {
        const tmg_json *o = tmg_json_at(used, i);

        z->instruments[i] =
            (tmg_instrument_used){.means = tmg_means_of(tmg_body_text(o, "means")),
                                  .again = tmg_json_as_bool(tmg_json_member(o, "again"), false),
                                  .reaction = tmg_reaction_of(tmg_body_text(o, "reaction")),
                                  .words = tmg_body_text(o, "words")};
    }
}

static tmg_rc take_documents(const tmg_json *list, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    z->document_count = tmg_json_count(list);
    z->documents = tmg_alloc_array(a, z->document_count + 1, sizeof *z->documents);
    for (size_t i = 0; i < z->document_count; i++) {
        const tmg_json *o = tmg_json_at(list, i);
        tmg_span day = tmg_body_text(o, "day");

        z->documents[i] = (tmg_seizure_document){.kind = tmg_body_text(o, "kind"),
                                                 .number = tmg_body_text(o, "number"),
                                                 .words = tmg_body_text(o, "words"),
                                                 .day = TMG_NO_DAY};
        if (day.len > 0 && tmg_day_parse(day, &z->documents[i].day, NULL) != TMG_OK)
            return TMG_FAIL(err, TMG_E_INVALID, "documents[%zu]: day: expected a day like 2026-03-02", i);
    }
    return TMG_OK;
}

/* Lists that the body names; those that it does not name stay. */
static tmg_rc take_lists(const tmg_json *body, tmg_seizure *z, tmg_arena *a, tmg_err *err)
{
    const tmg_json *used = tmg_json_member(body, "instruments"),
                   *documents = tmg_json_member(body, "documents");

    if (used != NULL)
        take_instruments(used, z, a);
    return documents != NULL ? take_documents(documents, z, a, err) : TMG_OK;
}

/* What a refusal is about: the case, else the order or the consignment. */
static void name_what_is_touched(tmg_call *c, const tmg_seizure *z)
{
    if (z->case_id != 0)
        (void)snprintf(c->object, sizeof c->object, "case:%lld", (long long)z->case_id);
    else if (z->order_id != 0)
        (void)snprintf(c->object, sizeof c->object, "order:%lld", (long long)z->order_id);
    else if (z->consignment_id != 0)
        (void)snprintf(c->object, sizeof c->object, "consignment:%lld", (long long)z->consignment_id);
}

static tmg_rc record_seizure(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    tmg_seizure z = {.order_id = tmg_body_i64(c->json, "order", 0),
                     .consignment_id = tmg_body_i64(c->json, "consignment", 0),
                     .offset_min = tmg_centre_settings(c->site->centre)->offset_min,
                     .packages = TMG_NONE,
                     .value_minor = TMG_NONE};
    const tmg_once once = tmg_body_once(c, "seizure", 0);
    const tmg_sure sure = tmg_body_sure(c->json);
    tmg_order o;

    (void)ctx;
    TMG_TRY(tmg_once_made(db, &c->who, &once, &z.id, err));
    if (z.id != 0)
        return write_answer(c, 201, db, z.id, err);
    TMG_TRY(take_head(db, c->json, &z, a, err));
    TMG_TRY(tmg_body_time(c, c->json, "seized", &z.seized_ms, err));
    name_what_is_touched(c, &z);
    if (z.order_id != 0) {
        TMG_TRY(tmg_order_read(db, z.order_id, a, &o, err));
        z.consignment_id = o.consignment_id;
        z.post_id = o.post_id;
    } else if (z.consignment_id != 0) {
        tmg_declaration d;
        TMG_TRY(tmg_consignment_load(db, z.consignment_id, a, &d, err));
        TMG_TRY(tmg_may_see(c, db, &d, &z.post_id, err));
    }
    take_lines(c->json, &z, a);
    TMG_TRY(take_lists(c->json, &z, a, err));
    TMG_TRY(tmg_use_seizure(c->site->centre, db, &c->who, &z, &sure, a, err));
    TMG_TRY(tmg_once_keep(db, &c->who, &once, z.id, err));
    return write_answer(c, 201, db, z.id, err);
}

void tmg_do_seizure_record(tmg_call *c)
{
    tmg_call_write(c, record_seizure, NULL, NULL);
}

static tmg_rc add_line(tmg_call *c, tmg_db *db, int64_t id, tmg_err *err)
{
    tmg_substance_line line = line_of(tmg_json_member(c->json, "line"));

    if (tmg_json_count(c->json) != 1)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "line: one more substance is added alone, the facts are changed alone");
    TMG_TRY(tmg_line_add(tmg_centre_codes(c->site->centre), db, &c->who, id, &line, err));
    return write_answer(c, 201, db, id, err);
}

static tmg_rc amend_seizure(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const int64_t *id = ctx;
    tmg_seizure z;

    TMG_TRY(tmg_seizure_read(db, *id, a, &z, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_SEIZURE_RECORD, z.post_id, err));
    int64_t case_id = z.case_id;
    if (case_id != 0)
        TMG_TRY(tmg_case_may(db, &c->who, case_id, err));
    if (tmg_json_member(c->json, "line") != NULL)
        return add_line(c, db, *id, err);
    TMG_TRY(take_head(db, c->json, &z, a, err));
    TMG_TRY(take_lists(c->json, &z, a, err));
    TMG_TRY(tmg_use_seizure_amend(c->site->centre, db, &c->who, case_id, &z, a, err));
    return write_answer(c, 201, db, *id, err);
}

void tmg_do_seizure_amend(tmg_call *c)
{
    tmg_call_write_id(c, "seizure", amend_seizure);
}

/* ---- the laboratory ---- */

static tmg_rc seizure_of_line(tmg_db *db, int64_t line_id, tmg_arena *a, tmg_seizure *ret, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT seizure_id FROM substance_line WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no substance line %lld", (long long)line_id);
    int64_t id = tmg_col_i64(s, 0);
    tmg_reset(s);
    return tmg_seizure_read(db, id, a, ret, err);
}

static tmg_rc confirm_line(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const int64_t *id = ctx;
    tmg_substance_line line = line_of(c->json);
    const tmg_sure sure = tmg_body_sure(c->json);
    tmg_span day = tmg_body_text(c->json, "report_date");
    tmg_seizure z;

    line.report_number = tmg_body_text(c->json, "report_number");
    if (day.len > 0 && tmg_day_parse(day, &line.report_day, err) != TMG_OK)
        return tmg_err_within(err, "report_date");

    TMG_TRY(seizure_of_line(db, *id, a, &z, err));
    TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_LINE_REPLACE, z.post_id, err));
    /* A custodian reads no case and has the exhibit in hand. */
    if (z.case_id != 0 && tmg_guard_may(&c->who, TMG_MAY_CASE_READ, 0, NULL) == TMG_OK)
        TMG_TRY(tmg_case_may(db, &c->who, z.case_id, err));
    TMG_TRY(tmg_use_confirm_line(c->site->centre, db, &c->who, *id, &line, &sure, err));
    return write_answer(c, 201, db, z.id, err);
}

void tmg_do_line_confirm(tmg_call *c)
{
    tmg_call_write_id(c, "line", confirm_line);
}
