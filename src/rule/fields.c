#include "rule/fields.h"

#define CODE(name, at, words)                                                                                \
    {                                                                                                        \
        name, words, "", TMG_RT_CODE, TMG_FK_CODE, at, false, false, false                                   \
    }
#define TEXT(name, at, words)                                                                                \
    {                                                                                                        \
        name, words, "", TMG_RT_TEXT, TMG_FK_CODE, at, false, false, false                                   \
    }
#define ENTITY(name, at, words)                                                                              \
    {                                                                                                        \
        name, words, "", TMG_RT_CODE, TMG_FK_CODE, at, false, false, true                                    \
    }
#define ITEM_CODE(name, at, words)                                                                           \
    {                                                                                                        \
        name, words, "", TMG_RT_CODE, TMG_FK_CODE, at, false, true, false                                    \
    }
#define ITEM_TREE(name, at, words)                                                                           \
    {                                                                                                        \
        name, words, "", TMG_RT_CODE, TMG_FK_CODE, at, true, true, true                                      \
    }
#define SET(name, at, tree, words)                                                                           \
    {                                                                                                        \
        name, words, "", TMG_RT_SET, TMG_FK_SET, at, tree, false, false                                      \
    }
#define NUMBER(name, at, unit, words)                                                                        \
    {                                                                                                        \
        name, words, unit, TMG_RT_NUMBER, TMG_FK_NUMBER, at, false, false, false                             \
    }
#define ITEM_NUMBER(name, at, unit, words)                                                                   \
    {                                                                                                        \
        name, words, unit, TMG_RT_NUMBER, TMG_FK_NUMBER, at, false, true, false                              \
    }
#define TIME(name, at, type, words)                                                                          \
    {                                                                                                        \
        name, words, "", type, TMG_FK_NUMBER, at, false, false, false                                        \
    }

static const tmg_rule_field fields[] = {
    CODE("regime", TMG_CF_REGIME, "\"import\", \"export\" or \"transit\""),
    ENTITY("post", TMG_CF_POST, "code of the border post at which the goods arrive"),
    ENTITY("consignor", TMG_CF_CONSIGNOR, "code of the party that sends the goods"),
    ENTITY("consignee", TMG_CF_CONSIGNEE, "code of the party that receives the goods"),
    ENTITY("declarant", TMG_CF_DECLARANT, "code of the party that lodges the declaration"),
    ENTITY("carrier", TMG_CF_CARRIER, "code of the party that moves the goods"),
    TEXT("consignor.name", TMG_CF_CONSIGNOR_NAME, "name of the consignor as written"),
    TEXT("consignee.name", TMG_CF_CONSIGNEE_NAME, "name of the consignee as written"),
    TEXT("declarant.name", TMG_CF_DECLARANT_NAME, "name of the declarant as written"),
    TEXT("carrier.name", TMG_CF_CARRIER_NAME, "name of the carrier as written"),
    CODE("consignor.country", TMG_CF_CONSIGNOR_COUNTRY, "country of the consignor's registered address"),
    CODE("consignee.country", TMG_CF_CONSIGNEE_COUNTRY, "country of the consignee's registered address"),
    TEXT("consignee.address", TMG_CF_CONSIGNEE_ADDRESS, "registered address of the consignee as written"),
    ENTITY("departure", TMG_CF_DEPARTURE, "country from which the goods were dispatched"),
    ENTITY("destination", TMG_CF_DESTINATION, "country to which the goods go"),
    CODE("mode", TMG_CF_MODE, "mode of transport at the border"),
    ENTITY("vehicle", TMG_CF_VEHICLE, "registration plate or number of the vehicle"),
    CODE("vehicle.country", TMG_CF_VEHICLE_COUNTRY, "country in which the vehicle is registered"),
    ENTITY("trailer", TMG_CF_TRAILER, "registration plate of the trailer"),
    ENTITY("tir", TMG_CF_TIR_CARNET, "number of the TIR carnet"),
    CODE("process_type", TMG_CF_PROCESS_TYPE, "national code of the kind of processing"),
    CODE("import_type", TMG_CF_IMPORT_TYPE, "national code of the kind of import"),
    CODE("import_use", TMG_CF_IMPORT_USE, "national code of what the goods are imported for"),
    CODE("payment_type", TMG_CF_PAYMENT_TYPE, "national code of the way of payment"),
    CODE("currency", TMG_CF_CURRENCY, "currency of the values stated (ISO 4217)"),
    ITEM_TREE("hs", TMG_CF_HS, "commodity code of the item as stated, 4 to 10 digits"),
    ITEM_TREE("hs6", TMG_CF_HS6, "its subheading: the first six digits"),
    ITEM_TREE("hs4", TMG_CF_HS4, "its heading: the first four digits"),
    ITEM_TREE("hs2", TMG_CF_HS2, "its chapter: the first two digits"),
    {"description", "goods description of the item as written", "", TMG_RT_TEXT, TMG_FK_CODE,
     TMG_CF_DESCRIPTION, false, true, false},
    {"origin", "country of origin of the item", "", TMG_RT_CODE, TMG_FK_CODE, TMG_CF_ORIGIN, false, true,
     true},
    ITEM_CODE("origin_marking", TMG_CF_ORIGIN_MARKING,
              "national code: how the origin is marked on the goods"),
    ITEM_CODE("package_kind", TMG_CF_PACKAGE_KIND, "kind of packages (UNECE Rec. 21)"),
    ITEM_CODE("unit", TMG_CF_UNIT, "supplementary unit (UNECE Rec. 20)"),
    ITEM_CODE("tax_type", TMG_CF_TAX_TYPE, "national code of the kind of duty"),

    SET("route", TMG_SF_ROUTE, false, "countries of routing, with those of departure and destination"),
    SET("document", TMG_SF_DOCUMENT, false, "types of the documents that came with the declaration"),
    SET("container", TMG_SF_CONTAINER, false, "numbers of the containers"),
    SET("seal", TMG_SF_SEAL, false, "numbers of the seals"),
    SET("commodity", TMG_SF_COMMODITY, true, "commodity codes of all items of the declaration"),

    NUMBER("value", TMG_NF_VALUE, "currency", "value of the whole declaration"),
    NUMBER("gross", TMG_NF_GROSS, "kg", "gross mass of the whole declaration"),
    NUMBER("taxes", TMG_NF_TAXES, "currency", "duties and taxes of the whole declaration"),
    NUMBER("items", TMG_NF_ITEMS, "", "how many items the declaration has"),
    NUMBER("seals", TMG_NF_SEALS, "", "how many seals are stated"),
    NUMBER("containers", TMG_NF_CONTAINERS, "", "how many containers are stated"),
    ITEM_NUMBER("item.no", TMG_NF_ITEM_NO, "", "number of the item in its declaration, from 1"),
    ITEM_NUMBER("item.value", TMG_NF_ITEM_VALUE, "currency", "value of the item"),
    ITEM_NUMBER("item.gross", TMG_NF_ITEM_GROSS, "kg", "gross mass of the item"),
    ITEM_NUMBER("net", TMG_NF_NET, "kg", "net mass of the item"),
    ITEM_NUMBER("packages", TMG_NF_PACKAGES, "", "how many packages the item has"),
    ITEM_NUMBER("quantity", TMG_NF_QUANTITY, "", "supplementary quantity of the item, in its unit"),
    ITEM_NUMBER("tax_rate", TMG_NF_TAX_RATE, "%", "rate of duty of the item"),
    ITEM_NUMBER("item.taxes", TMG_NF_ITEM_TAXES, "currency", "duties and taxes of the item"),
    ITEM_NUMBER("unit_value", TMG_NF_UNIT_VALUE, "currency",
                "value of the item per kg net (per kg gross where net is not stated)"),
    ITEM_NUMBER("package_weight", TMG_NF_PACKAGE_WEIGHT, "kg", "net mass per package of the item"),
    NUMBER("hour", TMG_NF_HOUR, "",
           "hour of expected arrival, 0 to 23 (of lodging where no arrival is stated)"),
    NUMBER("weekday", TMG_NF_WEEKDAY, "", "weekday of expected arrival (or lodging), 1 Monday to 7 Sunday"),
    TIME("lodged", TMG_NF_LODGED, TMG_RT_INSTANT, "when the declaration was lodged"),
    TIME("expected", TMG_NF_EXPECTED, TMG_RT_INSTANT, "when the goods are expected at the post"),
    TIME("lead", TMG_NF_LEAD, TMG_RT_DURATION, "time from lodging to expected arrival"),
};

const tmg_rule_field *tmg_rule_fields(size_t *ret_count)
{
    *ret_count = sizeof fields / sizeof fields[0];
    return fields;
}

const tmg_rule_field *tmg_rule_field_by_name(tmg_span name)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (tmg_span_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}
