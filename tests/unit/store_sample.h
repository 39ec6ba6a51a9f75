/* A declaration with every field stated, and comparing two field by field. */
#ifndef TMG_TESTS_STORE_SAMPLE_H
#define TMG_TESTS_STORE_SAMPLE_H

#include "store_help.h"

typedef struct sample {
    tmg_declaration d;
    tmg_item items[2];
    tmg_equipment equipment[3];
    tmg_span route[2];
    tmg_document documents[2];
} sample;

static inline tmg_party sample_party(const char *code, const char *name)
{
    return (tmg_party){tmg_span_of(code), tmg_span_of(name), TMG_SPAN("GE"),
                       TMG_SPAN("Rustaveli pr. 1\nTbilisi")};
}

static inline void sample_items(sample *s)
{
    s->items[0] = (tmg_item){.no = 1,
                             .hs = TMG_SPAN("0806101000"),
                             .description = TMG_SPAN("table grapes, \"Şəki\""),
                             .origin = TMG_SPAN("UZ"),
                             .origin_marking = TMG_SPAN("B"),
                             .gross_mg = 12345678901,
                             .net_mg = 12000000000,
                             .packages = 400,
                             .package_kind = TMG_SPAN("CT"),
                             .quantity_milli = 400000,
                             .unit = TMG_SPAN("NAR"),
                             .value_minor = 987654,
                             .tax_rate_bp = 1500,
                             .tax_type = TMG_SPAN("A"),
                             .taxes_minor = 148148};
    s->items[1] = (tmg_item){.no = 2,
                             .hs = TMG_SPAN("291524"),
                             .gross_mg = TMG_NONE,
                             .net_mg = 1,
                             .packages = TMG_NONE,
                             .quantity_milli = TMG_NONE,
                             .value_minor = 0,
                             .tax_rate_bp = TMG_NONE,
                             .taxes_minor = TMG_NONE};
}

static inline void sample_fill(sample *s)
{
    sample_items(s);
    s->equipment[0] = (tmg_equipment){TMG_CONTAINER, TMG_SPAN("CSQU3054383")};
    s->equipment[1] = (tmg_equipment){TMG_SEAL, TMG_SPAN("S-1")};
    s->equipment[2] = (tmg_equipment){TMG_SEAL, TMG_SPAN("S-2")};
    s->route[0] = TMG_SPAN("UZ");
    s->route[1] = TMG_SPAN("KZ");
    s->documents[0] = (tmg_document){TMG_SPAN("CMR"), TMG_SPAN("00/17")};
    s->documents[1] = (tmg_document){TMG_SPAN("LICENCE"), TMG_SPAN("L \"9\"")};
    s->d = (tmg_declaration){.ref = TMG_SPAN("26AZ0001"),
                             .lodged = {1780000000123, 240},
                             .expected_ms = 1780090000000,
                             .known_at_ms = 1780000001000,
                             .regime = TMG_TRANSIT,
                             .post = TMG_SPAN("AZ-YLM"),
                             .departure = TMG_SPAN("UZ"),
                             .destination = TMG_SPAN("TR"),
                             .transport_mode = TMG_SPAN("3"),
                             .vehicle = TMG_SPAN("10AB123"),
                             .vehicle_country = TMG_SPAN("KZ"),
                             .trailer = TMG_SPAN("77XX77"),
                             .tir_carnet = TMG_SPAN("XB81234567"),
                             .process_type = TMG_SPAN("B"),
                             .import_type = TMG_SPAN("11"),
                             .import_use = TMG_SPAN("21"),
                             .payment_type = TMG_SPAN("43"),
                             .currency = TMG_SPAN("AZN"),
                             .value_minor = 987654,
                             .gross_mg = 12345678901,
                             .taxes_minor = 148148,
                             .items = s->items,
                             .item_count = 2,
                             .equipment = s->equipment,
                             .equipment_count = 3,
                             .route = s->route,
                             .route_count = 2,
                             .documents = s->documents,
                             .document_count = 2};
    s->d.party[TMG_CONSIGNOR] = sample_party("C1", "Seller One");
    s->d.party[TMG_CONSIGNEE] = sample_party("C2", "Buyer Two");
    s->d.party[TMG_DECLARANT] = sample_party("C3", "Broker Three");
    s->d.party[TMG_CARRIER] = sample_party("C4", "Carrier Four");
}

static inline void same_text(tmg_span a, tmg_span b)
{
    assert_true((a.ptr == NULL) == (b.ptr == NULL));
    assert_true(tmg_span_eq(a, b));
}

static inline void same_item(const tmg_item *a, const tmg_item *b)
{
    assert_int_equal(a->no, b->no);
    same_text(a->hs, b->hs);
    same_text(a->description, b->description);
    same_text(a->origin, b->origin);
    same_text(a->origin_marking, b->origin_marking);
    assert_true(a->gross_mg == b->gross_mg && a->net_mg == b->net_mg);
    assert_true(a->packages == b->packages);
    same_text(a->package_kind, b->package_kind);
    assert_true(a->quantity_milli == b->quantity_milli);
    same_text(a->unit, b->unit);
    assert_true(a->value_minor == b->value_minor && a->tax_rate_bp == b->tax_rate_bp);
    same_text(a->tax_type, b->tax_type);
    assert_true(a->taxes_minor == b->taxes_minor);
}

static inline void same_party(const tmg_party *a, const tmg_party *b)
{
    same_text(a->code, b->code);
    same_text(a->name, b->name);
    same_text(a->country, b->country);
    same_text(a->address, b->address);
}

static inline void same_header(const tmg_declaration *a, const tmg_declaration *b)
{
    const tmg_span of_a[] = {a->ref,
                             a->post,
                             a->departure,
                             a->destination,
                             a->transport_mode,
                             a->vehicle,
                             a->vehicle_country,
                             a->trailer,
                             a->tir_carnet,
                             a->process_type,
                             a->import_type,
                             a->import_use,
                             a->payment_type,
                             a->currency};
    const tmg_span of_b[] = {b->ref,
                             b->post,
                             b->departure,
                             b->destination,
                             b->transport_mode,
                             b->vehicle,
                             b->vehicle_country,
                             b->trailer,
                             b->tir_carnet,
                             b->process_type,
                             b->import_type,
                             b->import_use,
                             b->payment_type,
                             b->currency};

    for (size_t i = 0; i < sizeof of_a / sizeof of_a[0]; i++)
        same_text(of_a[i], of_b[i]);
    assert_true(a->id == b->id && a->consignment_id == b->consignment_id && a->version == b->version);
    assert_true(a->lodged.at_ms == b->lodged.at_ms && a->lodged.offset_min == b->lodged.offset_min);
    assert_true(a->expected_ms == b->expected_ms && a->known_at_ms == b->known_at_ms &&
                a->regime == b->regime);
    assert_true(a->value_minor == b->value_minor && a->gross_mg == b->gross_mg &&
                a->taxes_minor == b->taxes_minor);
}

static inline void same_declaration(const tmg_declaration *a, const tmg_declaration *b)
{
    same_header(a, b);
    for (int r = 0; r < TMG_PARTY_ROLES; r++)
        same_party(&a->party[r], &b->party[r]);
    assert_int_equal(a->item_count, b->item_count);
    for (size_t i = 0; i < a->item_count; i++)
        same_item(&a->items[i], &b->items[i]);
    assert_int_equal(a->equipment_count, b->equipment_count);
    for (size_t i = 0; i < a->equipment_count; i++) {
        assert_int_equal(a->equipment[i].kind, b->equipment[i].kind);
        same_text(a->equipment[i].number, b->equipment[i].number);
    }
    assert_int_equal(a->route_count, b->route_count);
    for (size_t i = 0; i < a->route_count; i++)
        same_text(a->route[i], b->route[i]);
    assert_int_equal(a->document_count, b->document_count);
    for (size_t i = 0; i < a->document_count; i++) {
        same_text(a->documents[i].type, b->documents[i].type);
        same_text(a->documents[i].number, b->documents[i].number);
    }
}

#endif
