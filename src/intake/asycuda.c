#include "intake/asycuda_priv.h"

typedef struct element {
    const char *path;
    int slot;
} element;

static const element head_elements[] = {
    {"Identification/Office_segment/Customs_clearance_office_code", SAD_OFFICE},
    {"Identification/Type/Type_of_declaration", SAD_TYPE},
    {"Identification/Type/Declaration_gen_procedure_code", SAD_PROCEDURE},
    {"Identification/Type/Type_of_transit_document", SAD_TRANSIT_TYPE},
    {"Identification/Registration/Serial_number", SAD_SERIAL},
    {"Identification/Registration/Number", SAD_NUMBER},
    {"Identification/Registration/Date", SAD_REGISTERED},
    {"Property/Date_of_declaration", SAD_DECLARED},
    {"Traders/Exporter/Exporter_code", SAD_EXPORTER_CODE},
    {"Traders/Exporter/Exporter_name", SAD_EXPORTER_NAME},
    {"Traders/Consignee/Consignee_code", SAD_CONSIGNEE_CODE},
    {"Traders/Consignee/Consignee_name", SAD_CONSIGNEE_NAME},
    {"Declarant/Declarant_code", SAD_DECLARANT_CODE},
    {"Declarant/Declarant_name", SAD_DECLARANT_NAME},
    {"Declarant/Reference/Number", SAD_DECLARANT_REF},
    {"General_information/Country/Export/Export_country_code", SAD_DISPATCH},
    {"General_information/Country/Trading_country", SAD_TRADING},
    {"General_information/Country/Destination/Destination_country_code", SAD_DESTINATION},
    {"Transit/Destination/Country", SAD_TRANSIT_COUNTRY},
    {"Transport/Means_of_transport/Border_information/Identity", SAD_BORDER_MEANS},
    {"Transport/Means_of_transport/Border_information/Nationality", SAD_BORDER_NATION},
    {"Transport/Means_of_transport/Border_information/Mode", SAD_BORDER_MODE},
    {"Transport/Means_of_transport/Departure_arrival_information/Identity", SAD_ARRIVAL_MEANS},
    {"Transport/Means_of_transport/Departure_arrival_information/Nationality", SAD_ARRIVAL_NATION},
    {"Transport/Means_of_transport/Inland_mode_of_transport", SAD_INLAND_MODE},
    {"Transport/Border_office/Code", SAD_BORDER_OFFICE},
    {"Financial/Mode_of_payment", SAD_PAYMENT},
    {"Transit/Seals/Identity", SAD_SEALS},
    {"Valuation/Gs_Invoice/Currency_code", SAD_INVOICE_CURRENCY},
};

/* Suppplementary_unit: spelled with three p by the system itself. */
static const element line_elements[] = {
    {"Item/Tarification/HScode/Commodity_code", SAD_COMMODITY},
    {"Item/Tarification/HScode/Precision_1", SAD_PRECISION},
    {"Item/Tarification/Extended_customs_procedure", SAD_REGIME_CODE},
    {"Item/Tarification/Item_price", SAD_PRICE},
    {"Item/Tarification/Supplementary_unit/Suppplementary_unit_code", SAD_UNIT},
    {"Item/Tarification/Supplementary_unit/Suppplementary_unit_quantity", SAD_QUANTITY},
    {"Item/Tarification/Supplementary_unit/Supplementary_unit_code", SAD_UNIT},
    {"Item/Tarification/Supplementary_unit/Supplementary_unit_quantity", SAD_QUANTITY},
    {"Item/Goods_description/Country_of_origin_code", SAD_ORIGIN},
    {"Item/Goods_description/Description_of_goods", SAD_GOODS},
    {"Item/Goods_description/Commercial_Description", SAD_TRADE_NAME},
    {"Item/Packages/Number_of_packages", SAD_PACKAGES},
    {"Item/Packages/Kind_of_packages_code", SAD_PACKAGE_KIND},
    {"Item/Valuation_item/Weight_itm/Gross_weight_itm", SAD_GROSS},
    {"Item/Valuation_item/Weight_itm/Net_weight_itm", SAD_NET},
    {"Item/Valuation_item/Statistical_value", SAD_STATISTICAL},
    {"Item/Valuation_item/Total_CIF_itm", SAD_CIF},
    {"Item/Valuation_item/item_Invoice/Amount_national_currency", SAD_NATIONAL},
    {"Item/Valuation_item/Item_Invoice/Amount_national_currency", SAD_NATIONAL},
    {"Item/Valuation_item/item_Invoice/Amount_foreign_currency", SAD_FOREIGN},
    {"Item/Valuation_item/Item_Invoice/Amount_foreign_currency", SAD_FOREIGN},
    {"Item/Taxation/Item_taxes_amount", SAD_TAXES},
    {"Item/Taxation/Taxation_line/Duty_tax_code", SAD_TAX_CODE},
    {"Item/Taxation/Taxation_line/Duty_tax_rate", SAD_TAX_RATE},
};

tmg_asycuda *tmg_asycuda_begin(tmg_arena *a)
{
    tmg_asycuda *doc = tmg_alloc(a, sizeof *doc);

    doc->arena = a;
    return doc;
}

static tmg_sad_pair *add_pair(tmg_arena *a, tmg_sad_pair **first, tmg_sad_pair *last)
{
    tmg_sad_pair *p = tmg_alloc(a, sizeof *p);

    if (*first == NULL)
        *first = p;
    else
        last->next = p;
    return p;
}

static void add_line(tmg_asycuda *doc)
{
    tmg_sad_line *l = tmg_alloc(doc->arena, sizeof *l);

    if (doc->lines == NULL)
        doc->lines = l;
    else
        doc->line->next = l;
    doc->line = l;
    doc->line_count++;
}

void tmg_asycuda_open(tmg_asycuda *doc, tmg_span path)
{
    if (tmg_span_is(path, "Item") && doc->line_count <= TMG_MAX_ITEMS)
        add_line(doc);
    else if (tmg_span_is(path, "Item/Attached_documents"))
        doc->document = add_pair(doc->arena, &doc->documents, doc->document);
    else if (tmg_span_is(path, "Container"))
        doc->container = add_pair(doc->arena, &doc->containers, doc->container);
}

static bool take(tmg_arena *a, const element *elements, size_t count, tmg_span path, tmg_span text,
                 tmg_span *slots)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(path, elements[i].path)) {
            tmg_span *slot = &slots[elements[i].slot];

            if (slot->len == 0) /* of several tax lines or units the first one speaks for the item */
                *slot = tmg_span_copy(a, text);
            return true;
        }
    return false;
}

void tmg_asycuda_close(tmg_asycuda *doc, tmg_span path, tmg_span text)
{
    if (text.len == 0)
        return;
    if (tmg_span_is(path, "Item/Attached_documents/Attached_document_code"))
        doc->document->code = tmg_span_copy(doc->arena, text);
    else if (tmg_span_is(path, "Item/Attached_documents/Attached_document_reference"))
        doc->document->number = tmg_span_copy(doc->arena, text);
    else if (tmg_span_is(path, "Container/Container_identity"))
        doc->container->number = tmg_span_copy(doc->arena, text);
    else if (tmg_span_starts(path, "Item/"))
        (void)take(doc->arena, line_elements, sizeof line_elements / sizeof line_elements[0], path, text,
                   doc->line->slot);
    else
        (void)take(doc->arena, head_elements, sizeof head_elements / sizeof head_elements[0], path, text,
                   doc->head);
}
