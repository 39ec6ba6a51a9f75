/* A declaration with every field stated, for tests that must not forget one. */
#ifndef TMG_TESTS_MODEL_SAMPLE_H
#define TMG_TESTS_MODEL_SAMPLE_H

#include "model/model.h"

typedef struct sample {
    tmg_declaration d;
    tmg_item items[2];
    tmg_equipment equipment[3];
    tmg_span route[3];
    tmg_document documents[2];
} sample;

static inline tmg_party sample_party(const char *code, const char *name, const char *country,
                                     const char *address)
{
    return (tmg_party){tmg_span_of(code), tmg_span_of(name), tmg_span_of(country), tmg_span_of(address)};
}

static inline void sample_items(sample *s)
{
    s->items[0] = (tmg_item){.no = 1,
                             .hs = TMG_SPAN("0806201000"),
                             .description = TMG_SPAN("raisins, \"golden\""),
                             .origin = TMG_SPAN("IR"),
                             .origin_marking = TMG_SPAN("B"),
                             .gross_mg = INT64_C(20500000001),
                             .net_mg = INT64_C(20000000000),
                             .packages = 1000,
                             .package_kind = TMG_SPAN("CT"),
                             .quantity_milli = 20500,
                             .unit = TMG_SPAN("KGM"),
                             .value_minor = 3120050,
                             .tax_rate_bp = 1550,
                             .tax_type = TMG_SPAN("A"),
                             .taxes_minor = 483608};
    s->items[1] = s->items[0];
    s->items[1].no = 2;
    s->items[1].hs = TMG_SPAN("843210");
    s->items[1].gross_mg = 1500000;
    s->items[1].net_mg = 1400000;
}

static inline void sample_make(sample *s)
{
    *s = (sample){.equipment = {{TMG_CONTAINER, TMG_SPAN("CSQU3054383")},
                                {TMG_SEAL, TMG_SPAN("S-77")},
                                {TMG_SEAL, TMG_SPAN("S-78")}},
                  .route = {TMG_SPAN("IR"), TMG_SPAN("AZ"), TMG_SPAN("GE")},
                  .documents = {{TMG_SPAN("CMR"), TMG_SPAN("77:1")}, {TMG_SPAN("PEN"), TMG_SPAN("123")}}};
    sample_items(s);
    s->d = (tmg_declaration){
        .version = 1,
        .ref = TMG_SPAN("26AZ000001"),
        .lodged = {INT64_C(1772424930000), 240},
        .expected_ms = INT64_C(1772446530000),
        .known_at_ms = TMG_NONE,
        .regime = TMG_TRANSIT,
        .post = TMG_SPAN("AZ030100"),
        .party = {sample_party("C1", "Consignor one", "IR", "Street 1"),
                  sample_party("C2", "Consignee two", "AT", "Street 2"),
                  sample_party("C3", "Declarant three", "AZ", "Street 3"),
                  sample_party("C4", "Carrier four", "GE", "Street 4")},
        .departure = TMG_SPAN("IR"),
        .destination = TMG_SPAN("AT"),
        .transport_mode = TMG_SPAN("3"),
        .vehicle = TMG_SPAN("10AA001"),
        .vehicle_country = TMG_SPAN("TR"),
        .trailer = TMG_SPAN("20BB002"),
        .tir_carnet = TMG_SPAN("XR12345678"),
        .process_type = TMG_SPAN("B"),
        .import_type = TMG_SPAN("11"),
        .import_use = TMG_SPAN("21"),
        .payment_type = TMG_SPAN("43"),
        .currency = TMG_SPAN("AZN"),
        .value_minor = TMG_NONE,
        .gross_mg = TMG_NONE,
        .taxes_minor = TMG_NONE,
        .items = s->items,
        .item_count = 2,
        .equipment = s->equipment,
        .equipment_count = 3,
        .route = s->route,
        .route_count = 3,
        .documents = s->documents,
        .document_count = 2,
    };
}

#endif
