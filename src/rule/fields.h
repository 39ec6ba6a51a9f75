/* rule/fields.h - the facts a rule may speak of, and a declaration as a row of small numbers.
 *
 * A rule judges one *item* of a declaration together with the declaration's header: one tmg_row each.  Texts are
 * turned into codes of a dictionary once, so that everything after that compares integers.
 *
 * Numbers are *micro*: an int64 in millionths of the field's unit - money in millionths of a major currency unit,
 * mass in millionths of a kilogram (that is, milligrams), percentages in millionths of a per cent, counts in
 * millionths of one.  TMG_NONE is "not stated".  What does not fit (over 9.2e12 units) counts as not stated.
 *
 * Attributes of natural persons - sex, ethnicity, religion, birth date, nationality - are no fields; the words for
 * them are known only so that naming one is refused (rule/rule.h).
 *
 * Thread rule: a dictionary only grows.  One thread (the writer's) adds; readers use tmg_dict_find on what was
 * published to them with the row or the compiled set.
 */
#ifndef TMG_RULE_FIELDS_H
#define TMG_RULE_FIELDS_H

#include "model/model.h"

typedef enum tmg_rtype {
    TMG_RT_BOOL,
    TMG_RT_CODE,     /* one code or identifier */
    TMG_RT_TEXT,     /* free words: descriptions and names */
    TMG_RT_SET,      /* several codes */
    TMG_RT_NUMBER,   /* micro */
    TMG_RT_INSTANT,  /* ms UTC */
    TMG_RT_DURATION, /* ms */
} tmg_rtype;

/* Coded fields: texts that become one dictionary code. */
typedef enum tmg_code_field {
    TMG_CF_REGIME, /* "import", "export", "transit" */
    TMG_CF_POST,
    TMG_CF_CONSIGNOR, /* the party's code */
    TMG_CF_CONSIGNEE,
    TMG_CF_DECLARANT,
    TMG_CF_CARRIER,
    TMG_CF_CONSIGNOR_NAME, /* TEXT */
    TMG_CF_CONSIGNEE_NAME,
    TMG_CF_DECLARANT_NAME,
    TMG_CF_CARRIER_NAME,
    TMG_CF_CONSIGNOR_COUNTRY, /* of the registered address */
    TMG_CF_CONSIGNEE_COUNTRY,
    TMG_CF_CONSIGNEE_ADDRESS, /* TEXT */
    TMG_CF_DEPARTURE,
    TMG_CF_DESTINATION,
    TMG_CF_MODE,
    TMG_CF_VEHICLE,
    TMG_CF_VEHICLE_COUNTRY, /* of registration */
    TMG_CF_TRAILER,
    TMG_CF_TIR_CARNET,
    TMG_CF_PROCESS_TYPE,
    TMG_CF_IMPORT_TYPE,
    TMG_CF_IMPORT_USE,
    TMG_CF_PAYMENT_TYPE,
    TMG_CF_CURRENCY,
    TMG_CF_HS,  /* the item's commodity code as stated, 4 to 10 digits; `under` reads its tree */
    TMG_CF_HS6, /* its first six digits (fewer where fewer are stated) */
    TMG_CF_HS4,
    TMG_CF_HS2,
    TMG_CF_DESCRIPTION, /* TEXT */
    TMG_CF_ORIGIN,
    TMG_CF_ORIGIN_MARKING,
    TMG_CF_PACKAGE_KIND,
    TMG_CF_UNIT,
    TMG_CF_TAX_TYPE,
    TMG_CODE_FIELDS
} tmg_code_field;

/* Fields with several codes, of the whole declaration. */
typedef enum tmg_set_field {
    TMG_SF_ROUTE,      /* countries of routing, with those of departure and destination */
    TMG_SF_DOCUMENT,   /* types of the documents that came with it */
    TMG_SF_CONTAINER,  /* numbers */
    TMG_SF_SEAL,       /* numbers */
    TMG_SF_COMMODITY,  /* commodity codes of all items */
    TMG_SET_FIELDS
} tmg_set_field;

/* Numbers; instants and durations in ms, all others micro. */
typedef enum tmg_number_field {
    TMG_NF_VALUE,       /* of the declaration */
    TMG_NF_GROSS,       /* kg, of the declaration */
    TMG_NF_TAXES,
    TMG_NF_ITEMS,       /* how many items */
    TMG_NF_SEALS,
    TMG_NF_CONTAINERS,
    TMG_NF_ITEM_NO,
    TMG_NF_ITEM_VALUE,
    TMG_NF_ITEM_GROSS,
    TMG_NF_NET,         /* kg, of the item */
    TMG_NF_PACKAGES,
    TMG_NF_QUANTITY,
    TMG_NF_TAX_RATE,    /* per cent */
    TMG_NF_ITEM_TAXES,
    TMG_NF_UNIT_VALUE,  /* item value per kg net (gross where net is not stated) */
    TMG_NF_PACKAGE_WEIGHT, /* kg net per package */
    TMG_NF_HOUR,        /* 0..23 of expected arrival (of lodging where not stated), by the centre's clock */
    TMG_NF_WEEKDAY,     /* 1 Monday .. 7 Sunday, of the same */
    TMG_NF_LODGED,      /* INSTANT */
    TMG_NF_EXPECTED,    /* INSTANT */
    TMG_NF_LEAD,        /* DURATION from lodging to expected arrival */
    TMG_NUMBER_FIELDS
} tmg_number_field;

typedef enum tmg_field_kind { TMG_FK_CODE, TMG_FK_SET, TMG_FK_NUMBER } tmg_field_kind;

/* One line of the table of fields (rule/fields.c): what documentation, completion and messages are made from. */
typedef struct tmg_rule_field {
    const char *name;  /* as written in a rule: "consignee", "consignee.name", "item.value" */
    const char *words; /* one line of explanation */
    const char *unit;  /* "kg", "currency", "%", or "" */
    tmg_rtype type;
    tmg_field_kind kind;
    uint8_t at;        /* a tmg_code_field, tmg_set_field or tmg_number_field */
    bool is_tree;      /* `under` may be used */
    bool of_item;
    bool entity;       /* windows may be kept by it */
} tmg_rule_field;
const tmg_rule_field *tmg_rule_fields(size_t *ret_count);
const tmg_rule_field *tmg_rule_field_by_name(tmg_span name); /* NULL when there is none */

/* ---- the dictionary ---- */

typedef struct tmg_dict tmg_dict;
#define TMG_CODE_NONE    UINT32_C(0) /* not stated */
#define TMG_CODE_UNKNOWN UINT32_MAX  /* stated but never seen by the dictionary */
tmg_dict *tmg_dict_new(void);
void tmg_dict_free(tmg_dict *d); /* NULL is accepted */
/* The text's code, made when it is not there; TMG_CODE_NONE for an absent or empty span.  At most 2^31 codes. */
uint32_t tmg_dict_code(tmg_dict *d, tmg_span text);
uint32_t tmg_dict_find(const tmg_dict *d, tmg_span text); /* TMG_CODE_UNKNOWN when it was never coded */
tmg_span tmg_dict_text(const tmg_dict *d, uint32_t code); /* absent for TMG_CODE_NONE and TMG_CODE_UNKNOWN */
size_t tmg_dict_count(const tmg_dict *d);

/* ---- the row ---- */

typedef struct tmg_row {
    int64_t consignment_id, declaration_id;
    int64_t at_ms;  /* when it was lodged: windows look back from here */
    int32_t item_no;
    uint32_t code[TMG_CODE_FIELDS];
    int64_t number[TMG_NUMBER_FIELDS];
    const uint32_t *set[TMG_SET_FIELDS]; /* ascending; borrowed: of the arena it was coded into */
    uint16_t set_count[TMG_SET_FIELDS];
} tmg_row;

/* Codes every item of a declaration (one row with no item facts for a declaration without items).  Rows and sets
 * live in the arena.  Commodity codes are coded whole and by their first 6, 4 and 2 digits. */
size_t tmg_rows_of(tmg_dict *dict, const tmg_declaration *d, int offset_min, tmg_arena *a, tmg_row **ret);

#endif
