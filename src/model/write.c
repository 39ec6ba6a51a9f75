#include "base/json.h"
#include "base/qty.h"
#include "model/model.h"

enum { KG_SCALE = 6, QUANTITY_SCALE = 3, PERCENT_SCALE = 2 };

static void text(tmg_json_out *j, const char *key, tmg_span v)
{
    if (v.len > 0)
        tmg_json_text(j, key, v);
}

static void decimal(tmg_json_out *j, const char *key, int64_t v, int scale)
{
    if (v != TMG_NONE)
        tmg_json_decimal(j, key, v, scale);
}

static void whole(tmg_json_out *j, const char *key, int64_t v)
{
    if (v != TMG_NONE)
        tmg_json_i64(j, key, v);
}

static void write_party(tmg_json_out *j, const char *key, const tmg_party *p)
{
    if (p->code.len + p->name.len + p->country.len + p->address.len == 0)
        return;
    tmg_json_object(j, key);
    text(j, "code", p->code);
    text(j, "name", p->name);
    text(j, "country", p->country);
    text(j, "address", p->address);
    tmg_json_end_object(j);
}

static void write_item(tmg_json_out *j, const tmg_item *i, int exponent)
{
    tmg_json_object(j, NULL);
    tmg_json_i64(j, "item_no", i->no);
    text(j, "hs", i->hs);
    text(j, "description", i->description);
    text(j, "origin", i->origin);
    text(j, "origin_marking", i->origin_marking);
    decimal(j, "gross_kg", i->gross_mg, KG_SCALE);
    decimal(j, "net_kg", i->net_mg, KG_SCALE);
    whole(j, "packages", i->packages);
    text(j, "package_kind", i->package_kind);
    decimal(j, "quantity", i->quantity_milli, QUANTITY_SCALE);
    text(j, "unit", i->unit);
    decimal(j, "value", i->value_minor, exponent);
    decimal(j, "tax_rate", i->tax_rate_bp, PERCENT_SCALE);
    text(j, "tax_type", i->tax_type);
    decimal(j, "taxes", i->taxes_minor, exponent);
    tmg_json_end_object(j);
}

static void write_equipment(tmg_json_out *j, const char *key, const tmg_declaration *d,
                            tmg_equipment_kind kind)
{
    bool open = false;
    for (size_t i = 0; i < d->equipment_count; i++) {
        if (d->equipment[i].kind != kind)
            continue;
        if (!open)
            tmg_json_array(j, key);
        open = true;
        tmg_json_text(j, NULL, d->equipment[i].number);
    }
    if (open)
        tmg_json_end_array(j);
}

static void write_route(tmg_json_out *j, const tmg_declaration *d)
{
    if (d->route_count == 0)
        return;
    tmg_json_array(j, "route");
    for (size_t i = 0; i < d->route_count; i++)
        tmg_json_text(j, NULL, d->route[i]);
    tmg_json_end_array(j);
}

static void write_documents(tmg_json_out *j, const tmg_declaration *d)
{
    if (d->document_count == 0)
        return;
    tmg_json_array(j, "documents");
    for (size_t i = 0; i < d->document_count; i++) {
        tmg_json_object(j, NULL);
        text(j, "type", d->documents[i].type);
        text(j, "number", d->documents[i].number);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void write_movement(tmg_json_out *j, const tmg_declaration *d)
{
    text(j, "departure", d->departure);
    text(j, "destination", d->destination);
    write_route(j, d);
    text(j, "transport_mode", d->transport_mode);
    text(j, "vehicle", d->vehicle);
    text(j, "vehicle_country", d->vehicle_country);
    text(j, "trailer", d->trailer);
    text(j, "tir_carnet", d->tir_carnet);
    write_equipment(j, "containers", d, TMG_CONTAINER);
    write_equipment(j, "seals", d, TMG_SEAL);
    write_documents(j, d);
}

void tmg_declaration_write_json(tmg_json_out *j, const char *key, const tmg_declaration *d)
{
    int exponent = tmg_currency_exponent(d->currency);
    tmg_json_object(j, key);
    text(j, "ref", d->ref);
    tmg_json_time(j, "lodged", d->lodged.at_ms, d->lodged.offset_min);
    if (d->expected_ms != TMG_NONE)
        tmg_json_time(j, "expected", d->expected_ms, d->lodged.offset_min);
    tmg_json_z(j, "regime", tmg_regime_name(d->regime));
    text(j, "post", d->post);
    for (int role = 0; role < TMG_PARTY_ROLES; role++)
        write_party(j, tmg_party_role_name((tmg_party_role)role), &d->party[role]);
    write_movement(j, d);
    text(j, "process_type", d->process_type);
    text(j, "import_type", d->import_type);
    text(j, "import_use", d->import_use);
    text(j, "payment_type", d->payment_type);
    text(j, "currency", d->currency);
    decimal(j, "value", d->value_minor, exponent);
    decimal(j, "gross_kg", d->gross_mg, KG_SCALE);
    decimal(j, "taxes", d->taxes_minor, exponent);
    tmg_json_array(j, "items");
    for (size_t i = 0; i < d->item_count; i++)
        write_item(j, &d->items[i], exponent);
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

static void write_found(tmg_json_out *j, const char *key, tmg_found found)
{
    if (found != TMG_FOUND_UNKNOWN)
        tmg_json_bool(j, key, found == TMG_FOUND_YES);
}

static void write_seized(tmg_json_out *j, const tmg_result *r)
{
    if (r->seized_count == 0)
        return;
    tmg_json_array(j, "seized");
    for (size_t i = 0; i < r->seized_count; i++) {
        tmg_json_object(j, NULL);
        text(j, "substance", r->seized[i].substance);
        decimal(j, "mass_kg", r->seized[i].mass_mg, KG_SCALE);
        whole(j, "count", r->seized[i].count);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_result_write_json(tmg_json_out *j, const char *key, const tmg_result *r)
{
    tmg_json_object(j, key);
    tmg_json_z(j, "outcome", tmg_outcome_name(r->outcome));
    write_found(j, "found_fraud", r->found[TMG_FRAUD]);
    write_found(j, "found_critical", r->found[TMG_CRITICAL]);
    tmg_json_time(j, "happened", r->happened_ms, 0);
    tmg_json_time(j, "known", r->known_at_ms, 0);
    tmg_json_array(j, "means");
    for (unsigned bit = 1; bit <= TMG_MEANS_ALL; bit <<= 1)
        if (r->means & bit)
            tmg_json_z(j, NULL, tmg_means_name(bit));
    tmg_json_end_array(j);
    whole(j, "minutes", r->minutes);
    whole(j, "recovered_minor", r->recovered_minor);
    text(j, "note", r->note);
    write_seized(j, r);
    tmg_json_end_object(j);
}
