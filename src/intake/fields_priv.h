/* intake/fields_priv.h - the one table of fields: name, kind and place of everything that a source can state.
 */
#ifndef TMG_INTAKE_FIELDS_PRIV_H
#define TMG_INTAKE_FIELDS_PRIV_H

#include "model/model.h"

typedef enum tmg_level { TMG_OF_HEADER, TMG_OF_ITEM, TMG_OF_RESULT } tmg_level;

typedef enum tmg_kind {
    TMG_KIND_CODE,    /* a short text */
    TMG_KIND_TEXT,    /* a free text */
    TMG_KIND_COUNTRY, /* ISO 3166-1 alpha-2 */
    TMG_KIND_CURRENCY,
    TMG_KIND_HS,
    TMG_KIND_POST,
    TMG_KIND_REGIME,
    TMG_KIND_LODGED, /* instant with its offset */
    TMG_KIND_MOMENT, /* instant as milliseconds */
    TMG_KIND_DECIMAL,
    TMG_KIND_MONEY,
    TMG_KIND_WHOLE,
    TMG_KIND_ITEM_NO,
    TMG_KIND_ROUTE,
    TMG_KIND_DOCUMENTS,
    TMG_KIND_CONTAINERS,
    TMG_KIND_SEALS,
    TMG_KIND_OUTCOME,
    TMG_KIND_FOUND,
    TMG_KIND_MEANS,
    TMG_KIND_SEIZED
} tmg_kind;

typedef struct tmg_field {
    const char *name; /* as in the project's own CSV */
    uint8_t level, kind;
    uint8_t scale;   /* of a decimal */
    uint16_t offset; /* in tmg_declaration, tmg_item or tmg_result, by level */
} tmg_field;

#define TMG_PARTY_FIELDS(P) TMG_F_##P##_CODE, TMG_F_##P##_NAME, TMG_F_##P##_COUNTRY, TMG_F_##P##_ADDRESS

typedef enum tmg_field_id {
    TMG_F_CURRENCY, /* first: money is read by its exponent */
    TMG_F_REF,
    TMG_F_LODGED,
    TMG_F_EXPECTED,
    TMG_F_REGIME,
    TMG_F_POST,
    TMG_PARTY_FIELDS(CONSIGNOR),
    TMG_PARTY_FIELDS(CONSIGNEE),
    TMG_PARTY_FIELDS(DECLARANT),
    TMG_PARTY_FIELDS(CARRIER),
    TMG_F_DEPARTURE,
    TMG_F_DESTINATION,
    TMG_F_TRANSPORT_MODE,
    TMG_F_VEHICLE,
    TMG_F_VEHICLE_COUNTRY,
    TMG_F_TRAILER,
    TMG_F_TIR_CARNET,
    TMG_F_ROUTE,
    TMG_F_DOCUMENTS,
    TMG_F_CONTAINERS,
    TMG_F_SEALS,
    TMG_F_PROCESS_TYPE,
    TMG_F_IMPORT_TYPE,
    TMG_F_IMPORT_USE,
    TMG_F_PAYMENT_TYPE,
    TMG_F_TOTAL_VALUE,
    TMG_F_TOTAL_GROSS,
    TMG_F_TOTAL_TAXES,
    TMG_F_ITEM_NO,
    TMG_F_HS,
    TMG_F_DESCRIPTION,
    TMG_F_ORIGIN,
    TMG_F_ORIGIN_MARKING,
    TMG_F_GROSS,
    TMG_F_NET,
    TMG_F_PACKAGES,
    TMG_F_PACKAGE_KIND,
    TMG_F_QUANTITY,
    TMG_F_UNIT,
    TMG_F_VALUE,
    TMG_F_TAX_RATE,
    TMG_F_TAX_TYPE,
    TMG_F_TAXES,
    TMG_F_OUTCOME,
    TMG_F_FOUND_FRAUD,
    TMG_F_FOUND_CRITICAL,
    TMG_F_RESULT_HAPPENED,
    TMG_F_RESULT_KNOWN,
    TMG_F_MEANS,
    TMG_F_MINUTES,
    TMG_F_RECOVERED,
    TMG_F_NOTE,
    TMG_F_SEIZED,
    TMG_FIELDS
} tmg_field_id;

extern const tmg_field tmg_fields[TMG_FIELDS];

/* The field of a level by name; a result's moments answer to "happened" and "known" too.  TMG_FIELDS:
 * unknown. */
tmg_field_id tmg_field_find(tmg_span name, tmg_level level);
/* The field by its name in a flat table, where the totals of a declaration do not occur. */
tmg_field_id tmg_field_of_column(tmg_span name);
/* The first of the four fields of a party. */
static inline tmg_field_id tmg_field_of_party(tmg_party_role role)
{
    return (tmg_field_id)(TMG_F_CONSIGNOR_CODE + 4 * (int)role);
}

#endif
