/* Before an import: which mappings there are, and what one would make of the head of a file. */
#include "web/site_priv.h"

enum { MOST_RECORDS = 20, MASS_SCALE = 6, MOST_RAW = 1024, LOOK_CAP = 32 << 20 };

static tmg_rc write_mappings(tmg_call *c, tmg_err *err)
{
    tmg_intake_options o = {0};
    tmg_shipped_mapping *list;
    size_t count, field_count;
    const tmg_mappable *fields = tmg_mappable_fields(c->req->arena, &field_count);
    tmg_json_out j;

    tmg_intake_prepare(c->site->centre, c->req->arena, &o);
    TMG_TRY(tmg_mapping_list(o.mapping_dir, c->req->arena, &list, &count, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_text(&j, "name", list[i].name);
        tmg_json_text(&j, "description", list[i].words);
        tmg_json_text(&j, "text", list[i].text);
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    tmg_json_array(&j, "fields");
    for (size_t i = 0; i < field_count; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_z(&j, "name", fields[i].name);
        tmg_json_z(&j, "of", fields[i].of);
        tmg_json_bool(&j, "needed", fields[i].needed);
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_mapping_list(tmg_call *c)
{
    tmg_err err;

    if (write_mappings(c, &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_send(c);
}

static void write_stated(tmg_json_out *j, const char *key, tmg_span v)
{
    if (v.len > 0)
        tmg_json_text(j, key, v);
}

static void write_found(tmg_json_out *j, const char *key, tmg_found found)
{
    if (found != TMG_FOUND_UNKNOWN)
        tmg_json_bool(j, key, found == TMG_FOUND_YES);
}

static void write_header(tmg_json_out *j, const tmg_declaration *d)
{
    write_stated(j, "ref", d->ref);
    tmg_json_time(j, "lodged", d->lodged.at_ms, d->lodged.offset_min);
    if (d->expected_ms != TMG_NONE)
        tmg_json_time(j, "expected", d->expected_ms, d->lodged.offset_min);
    write_stated(j, "post", d->post);
    tmg_json_z(j, "regime", tmg_regime_name(d->regime));
    tmg_write_party(j, d, TMG_CONSIGNEE);
    write_stated(j, "departure", d->departure);
    write_stated(j, "destination", d->destination);
    tmg_json_i64(j, "items", (int64_t)d->item_count);
    if (d->item_count > 0) {
        write_stated(j, "hs", d->items[0].hs);
        write_stated(j, "description", d->items[0].description);
        write_stated(j, "origin", d->items[0].origin);
    }
    if (d->value_minor != TMG_NONE)
        tmg_json_decimal(j, "value", d->value_minor, tmg_currency_exponent(d->currency));
    write_stated(j, "currency", d->currency);
    if (d->gross_mg != TMG_NONE)
        tmg_json_decimal(j, "gross_kg", d->gross_mg, MASS_SCALE);
}

/* What a faulty record states may be half of it, so its original bytes speak instead. */
static void write_record(tmg_json_out *j, const tmg_record *r)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "line", (int64_t)r->line);
    tmg_json_bool(j, "good", r->good);
    if (r->good)
        write_header(j, &r->declaration);
    else
        write_stated(j, "ref", r->declaration.ref);
    if (r->good && r->has_result) {
        tmg_json_z(j, "outcome", tmg_outcome_name(r->result.outcome));
        write_found(j, "found_fraud", r->result.found[TMG_FRAUD]);
        write_found(j, "found_critical", r->result.found[TMG_CRITICAL]);
    }
    if (!r->good)
        tmg_json_text(j, "raw", tmg_utf8_cut(r->raw, MOST_RAW));
    tmg_write_findings(j, r);
    tmg_json_end_object(j);
}

static void write_problem(tmg_json_out *j, const tmg_look *l)
{
    if (l->problem.rc == TMG_OK) {
        tmg_json_null(j, "problem");
        return;
    }
    tmg_json_object(j, "problem");
    if (l->mapping_line > 0)
        tmg_json_i64(j, "line", l->mapping_line);
    else
        tmg_json_null(j, "line");
    tmg_json_z(j, "words", l->problem.text);
    tmg_write_code(j, l->problem.form, l->problem.params);
    tmg_json_end_object(j);
}

static void write_word(tmg_json_out *j, const char *key, const char *word)
{
    if (word != NULL)
        tmg_json_z(j, key, word);
    else
        tmg_json_null(j, key);
}

static void write_look(tmg_call *c, const tmg_look *l)
{
    tmg_json_out j;

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    write_word(&j, "format", l->format);
    write_word(&j, "separator", tmg_separator_name(l->separator));
    tmg_json_array(&j, "columns");
    for (size_t i = 0; i < l->column_count; i++)
        tmg_json_text(&j, NULL, l->columns[i]);
    tmg_json_end_array(&j);
    tmg_json_array(&j, "records");
    for (size_t i = 0; i < l->record_count; i++)
        write_record(&j, &l->records[i]);
    tmg_json_end_array(&j);
    write_problem(&j, l);
    tmg_json_end_object(&j);
}

static tmg_rc preview(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(LOOK_CAP);
    tmg_span sample;
    tmg_intake_options o;
    tmg_look l = {0};

    (void)ctx;
    TMG_TRY(tmg_call_input(c, "sample", &o, &sample, err));
    tmg_rc rc = tmg_import_look(c->site->centre, db, sample, &o, tmg_call_query_bool(c, "make_posts"),
                                MOST_RECORDS, a, &l, err);

    if (rc == TMG_OK)
        write_look(c, &l);
    tmg_look_close(&l);
    return rc;
}

static void previewed(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    (void)ctx;
    if (rc == TMG_OK)
        tmg_call_send(c);
    else if (!tmg_call_answer_body(c, err))
        tmg_call_fail(c, err);
}

void tmg_do_import_preview(tmg_call *c)
{
    tmg_call_offload(c, preview, previewed, NULL);
}
