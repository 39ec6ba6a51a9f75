/* A seizure as JSON. */
#include "web/casework_priv.h"

static bool is_replaced(const tmg_seizure *z, int64_t line_id)
{
    for (size_t i = 0; i < z->line_count; i++)
        if (z->lines[i].replaces == line_id)
            return true;
    return false;
}

static const tmg_substance *find_substance(const tmg_substance *list, size_t count, tmg_span code)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(list[i].code, code))
            return &list[i];
    return NULL;
}

static void write_line(tmg_json_out *j, const tmg_seizure *z, const tmg_substance_line *l,
                       const tmg_substance *s, const tmg_people *people)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "id", l->id);
    tmg_json_text(j, "substance", l->substance);
    if (s != NULL)
        tmg_write_words(j, "words", s->name);
    tmg_json_text(j, "form", l->form);
    tmg_write_stated(j, "mass_mg", l->mass_mg);
    tmg_write_stated(j, "volume_ul", l->volume_ul);
    tmg_write_stated(j, "count", l->count);
    tmg_write_said(j, "count_kind", l->count_kind);
    tmg_json_bool(j, "gross", l->gross);
    tmg_json_bool(j, "estimated", l->estimated);
    tmg_write_stated(j, "purity_ppm", l->purity_ppm);
    tmg_write_said(j, "growth", l->growth);
    if (l->area_m2 != 0)
        tmg_json_i64(j, "area_m2", l->area_m2);
    tmg_json_text(j, "stage", l->stage);
    if (l->replaces != 0)
        tmg_json_i64(j, "replaces", l->replaces);
    tmg_json_bool(j, "replaced", is_replaced(z, l->id));
    tmg_write_said(j, "note", l->words);
    tmg_write_said(j, "report_number", l->report_number);
    if (l->report_day != 0)
        tmg_write_day(j, "report_date", l->report_day);
    tmg_json_time(j, "at", l->at_ms, 0);
    tmg_json_text(j, "by", tmg_person(people, l->account_id));
    tmg_json_end_object(j);
}

static tmg_rc write_lines(tmg_json_out *j, tmg_db *db, const tmg_seizure *z, const tmg_people *people,
                          tmg_arena *a, tmg_err *err)
{
    tmg_substance *list = NULL;
    size_t count = 0;

    TMG_TRY(tmg_substance_list(db, tmg_day_of(z->seized_ms, z->offset_min), a, &list, &count, err));
    tmg_json_array(j, "lines");
    for (size_t i = 0; i < z->line_count; i++)
        write_line(j, z, &z->lines[i], find_substance(list, count, z->lines[i].substance), people);
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_exhibits(tmg_json_out *j, tmg_db *db, int64_t seizure_id, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db,
                    "SELECT e.id, e.number, i.state FROM exhibit e JOIN flow_item i ON i.kind = 'evidence' "
                    "AND i.about_id = e.id WHERE e.seizure_id = $1 ORDER BY e.id",
                    &s, err));
    tmg_bind_i64(s, 1, seizure_id);
    tmg_json_array(j, "exhibits");
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_json_object(j, NULL);
        tmg_json_i64(j, "id", tmg_col_i64(s, 0));
        tmg_json_text(j, "number", tmg_col_text(s, 1));
        tmg_json_text(j, "state", tmg_col_text(s, 2));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static void write_facts(tmg_json_out *j, const tmg_seizure *z)
{
    tmg_json_text(j, "place_kind", z->place_kind);
    tmg_json_text(j, "direction", z->direction);
    tmg_json_text(j, "unit", z->unit);
    tmg_json_text(j, "trigger", z->trigger_kind);
    tmg_json_text(j, "concealment", z->concealment);
    tmg_write_said(j, "concealment_words", z->concealment_words);
    tmg_write_stated(j, "packages", z->packages);
    tmg_write_said(j, "conveyance_type", z->conveyance_type);
    tmg_write_said(j, "conveyance_make", z->conveyance_make);
    tmg_write_said(j, "plates", z->plates);
    tmg_write_said(j, "conveyance_country", z->conveyance_country);
    tmg_write_said(j, "route", z->route);
    tmg_write_said(j, "declared_goods", z->declared_goods);
    tmg_write_said(j, "declared_hs", z->declared_hs);
    tmg_write_said(j, "article", z->article);
    tmg_json_bool(j, "in_group", z->in_group);
    tmg_json_bool(j, "prevented_transit", z->prevented_transit);
    tmg_write_stated(j, "value_minor", z->value_minor);
    tmg_write_said(j, "value_currency", z->value_currency);
}

/* How the consignment was chosen, as it stood then, and a person's own words. */
static void write_trigger(tmg_json_out *j, const tmg_seizure *z)
{
    tmg_write_said(j, "trigger_words", z->trigger_words);
    if (z->trigger_facts.len > 0)
        tmg_json_raw(j, "trigger_facts", z->trigger_facts);
}

/* *ret: may the reader know which case this is of? */
static tmg_rc may_know_case(tmg_call *c, tmg_db *db, const tmg_seizure *z, bool *ret, tmg_err *err)
{
    tmg_err why;
    tmg_rc rc = z->case_id == 0 ? TMG_OK : tmg_case_may(db, &c->who, z->case_id, &why);

    *ret = rc == TMG_OK;
    if (rc == TMG_OK || rc == TMG_E_DENIED)
        return TMG_OK;
    if (err != NULL)
        *err = why;
    return rc;
}

tmg_rc tmg_write_seizure(tmg_json_out *j, const char *key, tmg_call *c, tmg_db *db, const tmg_seizure *z,
                         const tmg_people *people, tmg_arena *a, tmg_err *err)
{
    bool knows = false;

    TMG_TRY(may_know_case(c, db, z, &knows, err));
    tmg_json_object(j, key);
    tmg_json_i64(j, "id", z->id);
    tmg_json_text(j, "number", z->number);
    if (z->case_id != 0 && knows) {
        tmg_json_i64(j, "case", z->case_id);
        tmg_json_text(j, "case_number", tmg_name_of(db, TMG_CASE_NUMBER, z->case_id, a));
    }
    if (z->order_id != 0)
        tmg_json_i64(j, "order", z->order_id);
    if (z->consignment_id != 0)
        tmg_json_i64(j, "consignment", z->consignment_id);
    tmg_json_time(j, "seized", z->seized_ms, z->offset_min);
    tmg_write_said(j, "post", tmg_name_of(db, TMG_POST_CODE, z->post_id, a));
    write_facts(j, z);
    if (knows)
        write_trigger(j, z);
    TMG_TRY(write_lines(j, db, z, people, a, err));
    tmg_seizure_write_instruments(j, "instruments", z);
    tmg_seizure_write_documents(j, "documents", z);
    TMG_TRY(write_exhibits(j, db, z->id, err));
    tmg_json_end_object(j);
    return TMG_OK;
}
