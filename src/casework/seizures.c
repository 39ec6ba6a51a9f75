#include "casework/seizure_priv.h"

enum { MOST_LINES = 100, MOST_INSTRUMENTS = 30, MOST_DOCUMENTS = 30 };

tmg_rc tmg_seizure_check(const tmg_code_lists *codes, const tmg_seizure *s, tmg_err *err)
{
    TMG_TRY(tmg_must_be_listed(codes, "place_kind", "place", s->place_kind, err));
    TMG_TRY(tmg_must_be_listed(codes, "direction", "direction", s->direction, err));
    TMG_TRY(tmg_must_be_listed(codes, "trigger", "trigger", s->trigger_kind, err));
    TMG_TRY(tmg_must_be_listed(codes, "concealment", "concealment", s->concealment, err));
    if (tmg_span_is(s->concealment, "other") && !tmg_said(s->concealment_words))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "concealment_words: \"other\" needs words that say how it was hidden");
    if (!tmg_said(s->unit))
        return TMG_FAIL(err, TMG_E_INVALID, "unit: name the unit that found it");
    if (s->seized_ms > tmg_now_ms() + TMG_HOUR_MS)
        return TMG_FAIL(err, TMG_E_INVALID, "seized: a seizure cannot lie in the future");
    if (s->packages != TMG_NONE && (s->packages < 0 || s->packages > 1000000))
        return TMG_FAIL(err, TMG_E_INVALID, "packages: expected 0 to 1000000");
    TMG_TRY(tmg_value_limit(s->value_minor, err));
    if (s->line_count == 0 || s->line_count > MOST_LINES)
        return TMG_FAIL(err, TMG_E_INVALID, "lines: name what was seized, 1 to %d substances", MOST_LINES);
    if (s->instrument_count > MOST_INSTRUMENTS)
        return TMG_FAIL(err, TMG_E_LIMIT, "instruments: at most %d", MOST_INSTRUMENTS);
    if (s->document_count > MOST_DOCUMENTS)
        return TMG_FAIL(err, TMG_E_LIMIT, "documents: at most %d", MOST_DOCUMENTS);
    return tmg_seizure_lists_check(codes, s, err);
}

/* The texts of a seizure in the order of their columns. */
enum { TEXTS = 18 };
static void texts_of(tmg_seizure *z, tmg_span *ret[TEXTS])
{
    tmg_span *const texts[TEXTS] = {
        &z->number,          &z->place_kind,      &z->direction,   &z->unit,
        &z->trigger_kind,    &z->trigger_words,   &z->concealment, &z->concealment_words,
        &z->conveyance_type, &z->conveyance_make, &z->plates,      &z->conveyance_country,
        &z->route,           &z->declared_goods,  &z->declared_hs, &z->article,
        &z->value_currency,  &z->trigger_facts};

    memcpy(ret, texts, sizeof texts);
}

static tmg_rc store_head(tmg_db *db, tmg_seizure *z, tmg_err *err)
{
    tmg_span *texts[TEXTS];
    tmg_stmt *s;

    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO seizure (case_id, order_id, consignment_id, seized_ms, offset_min, post_id, packages, "
        "in_group, prevented_transit, value_minor, recorded_ms, recorded_by, number, place_kind, direction, "
        "unit, "
        "trigger_kind, trigger_words, concealment, concealment_words, conveyance_type, conveyance_make, "
        "plates, "
        "conveyance_country, route, declared_goods, declared_hs, article, value_currency, trigger_facts) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
        "$21, "
        "$22, $23, $24, $25, $26, $27, $28, $29, $30)",
        &s, err));
    tmg_bind_id(s, 1, z->case_id);
    tmg_bind_id(s, 2, z->order_id);
    tmg_bind_id(s, 3, z->consignment_id);
    tmg_bind_i64(s, 4, z->seized_ms);
    tmg_bind_i64(s, 5, z->offset_min);
    tmg_bind_id(s, 6, z->post_id);
    tmg_bind_opt(s, 7, z->packages);
    tmg_bind_i64(s, 8, z->in_group);
    tmg_bind_i64(s, 9, z->prevented_transit);
    tmg_bind_opt(s, 10, z->value_minor);
    tmg_bind_i64(s, 11, z->recorded_ms);
    tmg_bind_i64(s, 12, z->recorded_by);
    texts_of(z, texts);
    for (int i = 0; i < TEXTS; i++)
        tmg_bind_text(s, 13 + i, *texts[i]);
    TMG_TRY(tmg_exec(s, err));
    z->id = tmg_last_id(db);
    return TMG_OK;
}

static tmg_rc log_seizure(tmg_db *db, const tmg_actor *who, const tmg_seizure *z, tmg_err *err)
{
    tmg_leaf l;

    tmg_leaf_begin(&l);
    tmg_json_text(&l.j, "number", z->number);
    if (z->consignment_id != 0)
        tmg_json_i64(&l.j, "consignment", z->consignment_id);
    tmg_json_array(&l.j, "lines");
    for (size_t i = 0; i < z->line_count; i++) {
        tmg_json_object(&l.j, NULL);
        tmg_json_text(&l.j, "substance", z->lines[i].substance);
        if (z->lines[i].mass_mg != TMG_NONE)
            tmg_json_i64(&l.j, "mass_mg", z->lines[i].mass_mg);
        if (z->lines[i].volume_ul != TMG_NONE)
            tmg_json_i64(&l.j, "volume_ul", z->lines[i].volume_ul);
        if (z->lines[i].count != TMG_NONE)
            tmg_json_i64(&l.j, "count", z->lines[i].count);
        tmg_json_end_object(&l.j);
    }
    tmg_json_end_array(&l.j);
    return tmg_leaf_end(&l, db, who, "seizure.recorded", "seizure", z->id, err);
}

tmg_rc tmg_seizure_record(const tmg_code_lists *codes, tmg_db *db, const tmg_actor *who, tmg_seizure *z,
                          tmg_arena *a, tmg_err *err)
{
    TMG_TRY(tmg_case_not_over(db, z->case_id, err));
    TMG_TRY(tmg_seizure_check(codes, z, err));
    for (size_t i = 0; i < z->line_count; i++)
        TMG_TRY(tmg_line_check(codes, db, &z->lines[i], tmg_day_of(z->seized_ms, z->offset_min), err));
    z->recorded_ms = tmg_now_ms();
    z->recorded_by = who->account_id;
    TMG_TRY(tmg_next_number(db, "seizure", 'S', z->seized_ms, a, &z->number, err));
    TMG_TRY(store_head(db, z, err));
    for (size_t i = 0; i < z->line_count; i++) {
        z->lines[i].stage = TMG_SPAN("seized");
        z->lines[i].replaces = 0;
        z->lines[i].at_ms = z->recorded_ms;
        z->lines[i].account_id = who->account_id;
        TMG_TRY(tmg_line_store(db, z->id, &z->lines[i], err));
    }
    TMG_TRY(tmg_seizure_lists_store(db, z, err));
    return log_seizure(db, who, z, err);
}

tmg_rc tmg_seizure_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_seizure *ret, tmg_err *err)
{
    tmg_span *texts[TEXTS];
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(
        db,
        "SELECT id, case_id, order_id, consignment_id, seized_ms, offset_min, post_id, packages, in_group, "
        "prevented_transit, value_minor, recorded_ms, recorded_by, number, place_kind, direction, unit, "
        "trigger_kind, trigger_words, concealment, concealment_words, conveyance_type, conveyance_make, "
        "plates, "
        "conveyance_country, route, declared_goods, declared_hs, article, value_currency, trigger_facts FROM "
        "seizure WHERE "
        "id = $1",
        &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no seizure %lld", (long long)id);
    *ret = (tmg_seizure){.id = tmg_col_i64(s, 0),
                         .case_id = tmg_col_i64(s, 1),
                         .order_id = tmg_col_i64(s, 2),
                         .consignment_id = tmg_col_i64(s, 3),
                         .seized_ms = tmg_col_i64(s, 4),
                         .offset_min = (int)tmg_col_i64(s, 5),
                         .post_id = tmg_col_i64(s, 6),
                         .packages = tmg_col_opt(s, 7),
                         .in_group = tmg_col_i64(s, 8) != 0,
                         .prevented_transit = tmg_col_i64(s, 9) != 0,
                         .value_minor = tmg_col_opt(s, 10),
                         .recorded_ms = tmg_col_i64(s, 11),
                         .recorded_by = tmg_col_i64(s, 12)};
    texts_of(ret, texts);
    for (int i = 0; i < TEXTS; i++)
        *texts[i] = tmg_span_copy(a, tmg_col_text(s, 13 + i));
    tmg_reset(s);
    TMG_TRY(tmg_lines_read(db, ret, a, err));
    return tmg_seizure_lists_read(db, ret, a, err);
}

tmg_rc tmg_seizure_list(tmg_db *db, const tmg_actor *who, int64_t from_ms, int64_t until_ms, size_t most,
                        tmg_arena *a, tmg_seizure **ret, size_t *ret_count, tmg_err *err)
{
    tmg_seizure *list = tmg_alloc_array(a, most + 1, sizeof *list);
    size_t count = 0;
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT id, post_id FROM seizure WHERE seized_ms >= $1 AND seized_ms < $2 ORDER BY "
                    "seized_ms DESC, id DESC",
                    &s, err));
    tmg_bind_i64(s, 1, from_ms);
    tmg_bind_i64(s, 2, until_ms);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (count == most) {
            tmg_reset(s);
            break;
        }
        if (tmg_actor_sees(who, tmg_col_i64(s, 1)))
            list[count++].id = tmg_col_i64(s, 0);
    }
    for (size_t i = 0; i < count; i++)
        TMG_TRY(tmg_seizure_read(db, list[i].id, a, &list[i], err));
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}
