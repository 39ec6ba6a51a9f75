#include "intake/fields_priv.h"

#define HEADER(member) TMG_OF_HEADER, .offset = offsetof(tmg_declaration, member)
#define ITEM(member)   TMG_OF_ITEM, .offset = offsetof(tmg_item, member)
#define RESULT(member) TMG_OF_RESULT, .offset = offsetof(tmg_result, member)
#define PARTY(P, role)                                                                                       \
    [TMG_F_##P##_CODE] = {role "_code", HEADER(party[TMG_##P].code), .kind = TMG_KIND_CODE},                 \
    [TMG_F_##P##_NAME] = {role "_name", HEADER(party[TMG_##P].name), .kind = TMG_KIND_TEXT},                 \
    [TMG_F_##P##_COUNTRY] = {role "_country", HEADER(party[TMG_##P].country), .kind = TMG_KIND_COUNTRY},     \
    [TMG_F_##P##_ADDRESS] = {role "_address", HEADER(party[TMG_##P].address), .kind = TMG_KIND_TEXT}

const tmg_field tmg_fields[TMG_FIELDS] = {
    [TMG_F_CURRENCY] = {"currency", HEADER(currency), .kind = TMG_KIND_CURRENCY},
    [TMG_F_REF] = {"ref", HEADER(ref), .kind = TMG_KIND_CODE},
    [TMG_F_LODGED] = {"lodged", HEADER(lodged), .kind = TMG_KIND_LODGED},
    [TMG_F_EXPECTED] = {"expected", HEADER(expected_ms), .kind = TMG_KIND_MOMENT},
    [TMG_F_REGIME] = {"regime", HEADER(regime), .kind = TMG_KIND_REGIME},
    [TMG_F_POST] = {"post", HEADER(post), .kind = TMG_KIND_POST},
    PARTY(CONSIGNOR, "consignor"),
    PARTY(CONSIGNEE, "consignee"),
    PARTY(DECLARANT, "declarant"),
    PARTY(CARRIER, "carrier"),
    [TMG_F_DEPARTURE] = {"departure", HEADER(departure), .kind = TMG_KIND_COUNTRY},
    [TMG_F_DESTINATION] = {"destination", HEADER(destination), .kind = TMG_KIND_COUNTRY},
    [TMG_F_TRANSPORT_MODE] = {"transport_mode", HEADER(transport_mode), .kind = TMG_KIND_CODE},
    [TMG_F_VEHICLE] = {"vehicle", HEADER(vehicle), .kind = TMG_KIND_CODE},
    [TMG_F_VEHICLE_COUNTRY] = {"vehicle_country", HEADER(vehicle_country), .kind = TMG_KIND_COUNTRY},
    [TMG_F_TRAILER] = {"trailer", HEADER(trailer), .kind = TMG_KIND_CODE},
    [TMG_F_TIR_CARNET] = {"tir_carnet", HEADER(tir_carnet), .kind = TMG_KIND_CODE},
    [TMG_F_ROUTE] = {"route", HEADER(route), .kind = TMG_KIND_ROUTE},
    [TMG_F_DOCUMENTS] = {"documents", HEADER(documents), .kind = TMG_KIND_DOCUMENTS},
    [TMG_F_CONTAINERS] = {"containers", HEADER(equipment), .kind = TMG_KIND_CONTAINERS},
    [TMG_F_SEALS] = {"seals", HEADER(equipment), .kind = TMG_KIND_SEALS},
    [TMG_F_PROCESS_TYPE] = {"process_type", HEADER(process_type), .kind = TMG_KIND_CODE},
    [TMG_F_IMPORT_TYPE] = {"import_type", HEADER(import_type), .kind = TMG_KIND_CODE},
    [TMG_F_IMPORT_USE] = {"import_use", HEADER(import_use), .kind = TMG_KIND_CODE},
    [TMG_F_PAYMENT_TYPE] = {"payment_type", HEADER(payment_type), .kind = TMG_KIND_CODE},
    [TMG_F_TOTAL_VALUE] = {"value", HEADER(value_minor), .kind = TMG_KIND_MONEY},
    [TMG_F_TOTAL_GROSS] = {"gross_kg", HEADER(gross_mg), .kind = TMG_KIND_DECIMAL, .scale = 6},
    [TMG_F_TOTAL_TAXES] = {"taxes", HEADER(taxes_minor), .kind = TMG_KIND_MONEY},
    [TMG_F_ITEM_NO] = {"item_no", ITEM(no), .kind = TMG_KIND_ITEM_NO},
    [TMG_F_HS] = {"hs", ITEM(hs), .kind = TMG_KIND_HS},
    [TMG_F_DESCRIPTION] = {"description", ITEM(description), .kind = TMG_KIND_TEXT},
    [TMG_F_ORIGIN] = {"origin", ITEM(origin), .kind = TMG_KIND_COUNTRY},
    [TMG_F_ORIGIN_MARKING] = {"origin_marking", ITEM(origin_marking), .kind = TMG_KIND_CODE},
    [TMG_F_GROSS] = {"gross_kg", ITEM(gross_mg), .kind = TMG_KIND_DECIMAL, .scale = 6},
    [TMG_F_NET] = {"net_kg", ITEM(net_mg), .kind = TMG_KIND_DECIMAL, .scale = 6},
    [TMG_F_PACKAGES] = {"packages", ITEM(packages), .kind = TMG_KIND_WHOLE},
    [TMG_F_PACKAGE_KIND] = {"package_kind", ITEM(package_kind), .kind = TMG_KIND_CODE},
    [TMG_F_QUANTITY] = {"quantity", ITEM(quantity_milli), .kind = TMG_KIND_DECIMAL, .scale = 3},
    [TMG_F_UNIT] = {"unit", ITEM(unit), .kind = TMG_KIND_CODE},
    [TMG_F_VALUE] = {"value", ITEM(value_minor), .kind = TMG_KIND_MONEY},
    [TMG_F_TAX_RATE] = {"tax_rate", ITEM(tax_rate_bp), .kind = TMG_KIND_DECIMAL, .scale = 2},
    [TMG_F_TAX_TYPE] = {"tax_type", ITEM(tax_type), .kind = TMG_KIND_CODE},
    [TMG_F_TAXES] = {"taxes", ITEM(taxes_minor), .kind = TMG_KIND_MONEY},
    [TMG_F_OUTCOME] = {"outcome", RESULT(outcome), .kind = TMG_KIND_OUTCOME},
    [TMG_F_FOUND_FRAUD] = {"found_fraud", RESULT(found[TMG_FRAUD]), .kind = TMG_KIND_FOUND},
    [TMG_F_FOUND_CRITICAL] = {"found_critical", RESULT(found[TMG_CRITICAL]), .kind = TMG_KIND_FOUND},
    [TMG_F_RESULT_HAPPENED] = {"result_happened", RESULT(happened_ms), .kind = TMG_KIND_MOMENT},
    [TMG_F_RESULT_KNOWN] = {"result_known", RESULT(known_at_ms), .kind = TMG_KIND_MOMENT},
    [TMG_F_MEANS] = {"means", RESULT(means), .kind = TMG_KIND_MEANS},
    [TMG_F_MINUTES] = {"minutes", RESULT(minutes), .kind = TMG_KIND_WHOLE},
    [TMG_F_RECOVERED] = {"recovered", RESULT(recovered_minor), .kind = TMG_KIND_MONEY},
    [TMG_F_NOTE] = {"note", RESULT(note), .kind = TMG_KIND_TEXT},
    [TMG_F_SEIZED] = {"seized", RESULT(seized), .kind = TMG_KIND_SEIZED},
};

tmg_field_id tmg_field_find(tmg_span name, tmg_level level)
{
    for (int f = 0; f < TMG_FIELDS; f++) {
        const char *known = tmg_fields[f].name;

        if (tmg_fields[f].level != level)
            continue;
        if (tmg_span_is(name, known))
            return (tmg_field_id)f;
        if (level == TMG_OF_RESULT && strncmp(known, "result_", 7) == 0 && tmg_span_is(name, known + 7))
            return (tmg_field_id)f;
    }
    return TMG_FIELDS;
}

tmg_field_id tmg_field_of_column(tmg_span name)
{
    for (int f = 0; f < TMG_FIELDS; f++)
        if ((f < TMG_F_TOTAL_VALUE || f > TMG_F_TOTAL_TAXES) && tmg_span_is(name, tmg_fields[f].name))
            return (tmg_field_id)f;
    return TMG_FIELDS;
}
