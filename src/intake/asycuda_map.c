#include "intake/asycuda_priv.h"

static tmg_span first_of(tmg_span a, tmg_span b)
{
    return a.len > 0 ? a : b;
}

void tmg_asycuda_rules(tmg_rules *rules)
{
    static const struct {
        tmg_field_id field;
        const char *name;
    } names[] = {
        {TMG_F_REF, "Registration/Number"},
        {TMG_F_LODGED, "Registration/Date"},
        {TMG_F_REGIME, "Type_of_declaration"},
        {TMG_F_POST, "Customs_clearance_office_code"},
        {TMG_F_CONSIGNOR_CODE, "Exporter_code"},
        {TMG_F_CONSIGNOR_NAME, "Exporter_name"},
        {TMG_F_CONSIGNEE_CODE, "Consignee_code"},
        {TMG_F_CONSIGNEE_NAME, "Consignee_name"},
        {TMG_F_DECLARANT_CODE, "Declarant_code"},
        {TMG_F_DECLARANT_NAME, "Declarant_name"},
        {TMG_F_DEPARTURE, "Export_country_code"},
        {TMG_F_DESTINATION, "Destination_country_code"},
        {TMG_F_VEHICLE, "Identity"},
        {TMG_F_VEHICLE_COUNTRY, "Nationality"},
        {TMG_F_TRANSPORT_MODE, "Mode"},
        {TMG_F_CONTAINERS, "Container_identity"},
        {TMG_F_SEALS, "Seals/Identity"},
        {TMG_F_DOCUMENTS, "Attached_documents"},
        {TMG_F_HS, "Commodity_code"},
        {TMG_F_DESCRIPTION, "Description_of_goods"},
        {TMG_F_ORIGIN, "Country_of_origin_code"},
        {TMG_F_PACKAGES, "Number_of_packages"},
        {TMG_F_PACKAGE_KIND, "Kind_of_packages_code"},
        {TMG_F_GROSS, "Gross_weight_itm"},
        {TMG_F_NET, "Net_weight_itm"},
        {TMG_F_VALUE, "Statistical_value"},
        {TMG_F_TAXES, "Item_taxes_amount"},
        {TMG_F_TAX_RATE, "Duty_tax_rate"},
        {TMG_F_TAX_TYPE, "Duty_tax_code"},
    };
    static const char *const forms[] = {NULL, "%d.%m.%Y"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rules->names[names[i].field] = tmg_span_of(names[i].name);
    /* Its amounts and masses are printed from floating point. */
    rules->rounding = TMG_ROUND_HALF_EVEN;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        rules->dates[rules->date_count++].pattern = tmg_span_of(forms[i]);
}

/* "3/22/2026" or "22/3/26", as the workstation's locale had it: read only when the order of day and month
 * cannot be mistaken. */
static bool slash_date(tmg_span s, int offset_min, tmg_instant *ret)
{
    static const char *const day_first[] = {"%d/%m/%Y", "%d/%m/%y"};
    static const char *const month_first[] = {"%m/%d/%Y", "%m/%d/%y"};

    for (int i = 0; i < 2; i++) {
        tmg_instant as_day, as_month;
        bool day = tmg_date_match(tmg_span_of(day_first[i]), s, offset_min, &as_day);
        bool month = tmg_date_match(tmg_span_of(month_first[i]), s, offset_min, &as_month);

        if (day || month) {
            *ret = day ? as_day : as_month;
            return !day || !month || as_day.at_ms == as_month.at_ms;
        }
    }
    return false;
}

static void put_lodged(tmg_draft *d, tmg_span date)
{
    if (date.len == 0 || memchr(date.ptr, '/', date.len) == NULL)
        tmg_put(d, TMG_F_LODGED, date);
    else if (!slash_date(date, d->rules->offset_min, &d->rec->declaration.lodged)) {
        d->rec->declaration.lodged.at_ms = TMG_NONE;
        tmg_note(d->rec, d->rules, true, TMG_F_LODGED, 0, date,
                 "day and month cannot be told apart; expected a date like 2026-03-02");
    }
}

/* The registration number starts again each year in each office: the reference names all of them. */
static void put_ref(tmg_draft *d, const tmg_span *head)
{
    const tmg_declaration *decl = &d->rec->declaration;
    char year[16] = "";
    size_t year_len = 0, size;
    char *ref;
    int len;

    if (head[SAD_NUMBER].len == 0) {
        tmg_put(d, TMG_F_REF, head[SAD_DECLARANT_REF]);
        return;
    }
    if (decl->lodged.at_ms != TMG_NONE) {
        TMG_AUTO_BUF day = {0};

        tmg_buf_init(&day, sizeof year);
        tmg_day_write(&day, tmg_day_of(decl->lodged.at_ms, decl->lodged.offset_min));
        year_len = day.len < 4 ? day.len : 4;
        memcpy(year, day.ptr, year_len);
    }
    size = head[SAD_OFFICE].len + year_len + head[SAD_SERIAL].len + head[SAD_NUMBER].len + 3;
    ref = tmg_alloc(d->arena, size);
    len = snprintf(ref, size, "%.*s-%s-%.*s%.*s", TMG_SPAN_ARG(head[SAD_OFFICE]), year,
                   TMG_SPAN_ARG(head[SAD_SERIAL]), TMG_SPAN_ARG(head[SAD_NUMBER]));
    tmg_put(d, TMG_F_REF, (tmg_span){ref, len > 0 ? strlen(ref) : 0});
}

static void put_regime(tmg_draft *d, const tmg_span *head)
{
    if (head[SAD_TYPE].len == 0)
        return;
    if (head[SAD_TRANSIT_TYPE].len > 0 || head[SAD_TYPE].ptr[0] == 'T')
        d->rec->declaration.regime = TMG_TRANSIT;
    else if (tmg_span_starts(head[SAD_TYPE], "IM"))
        d->rec->declaration.regime = TMG_IMPORT;
    else if (tmg_span_starts(head[SAD_TYPE], "EX"))
        d->rec->declaration.regime = TMG_EXPORT;
    else
        tmg_note(d->rec, d->rules, true, TMG_F_REGIME, 0, head[SAD_TYPE],
                 "expected IM, EX or T and what follows them");
}

/* A trader's name and address stand in one element, the name on its first line. */
static void put_trader(tmg_draft *d, tmg_party_role role, tmg_span code, tmg_span name_and_address)
{
    tmg_field_id first = tmg_field_of_party(role);
    tmg_span address = name_and_address, name;

    tmg_put(d, first, code);
    if (!tmg_span_split(&address, '\n', &name))
        return;
    tmg_put(d, (tmg_field_id)(first + 1), name);
    tmg_put(d, (tmg_field_id)(first + 3), address);
}

static void put_movement(tmg_draft *d, const tmg_span *head)
{
    bool border = head[SAD_BORDER_MEANS].len > 0;

    tmg_put(d, TMG_F_DEPARTURE, first_of(head[SAD_DISPATCH], head[SAD_TRADING]));
    tmg_put(d, TMG_F_DESTINATION, first_of(head[SAD_DESTINATION], head[SAD_TRANSIT_COUNTRY]));
    tmg_put(d, TMG_F_VEHICLE, head[border ? SAD_BORDER_MEANS : SAD_ARRIVAL_MEANS]);
    tmg_put(d, TMG_F_VEHICLE_COUNTRY, head[border ? SAD_BORDER_NATION : SAD_ARRIVAL_NATION]);
    tmg_put(d, TMG_F_TRANSPORT_MODE, first_of(head[SAD_BORDER_MODE], head[SAD_INLAND_MODE]));
}

/* Seals stand in one text, parted by commas, semicolons or blanks. */
static void put_seals(tmg_draft *d, tmg_span seals)
{
    size_t from = 0;

    for (size_t i = 0; i <= seals.len; i++) {
        if (i < seals.len && strchr(",; \t\r\n", seals.ptr[i]) == NULL)
            continue;
        if (i > from)
            tmg_put_equipment(d, TMG_SEAL, (tmg_span){seals.ptr + from, i - from});
        from = i + 1;
    }
}

static void put_lists(tmg_draft *d, const tmg_asycuda *doc)
{
    for (const tmg_sad_pair *c = doc->containers; c != NULL; c = c->next)
        if (c->number.len > 0)
            tmg_put_equipment(d, TMG_CONTAINER, c->number);
    put_seals(d, doc->head[SAD_SEALS]);
    for (const tmg_sad_pair *p = doc->documents; p != NULL; p = p->next)
        if (p->code.len > 0)
            tmg_put_document(d, p->code, first_of(p->number, TMG_SPAN("-")));
}

/* Commodity_code holds eight digits, Precision_1 the national rest; ten is all that the model keeps. */
static tmg_span commodity(tmg_draft *d, const tmg_span *slot)
{
    size_t len = slot[SAD_COMMODITY].len + slot[SAD_PRECISION].len;
    char *code = tmg_alloc(d->arena, len + 1);

    memcpy(code, slot[SAD_COMMODITY].ptr != NULL ? slot[SAD_COMMODITY].ptr : "", slot[SAD_COMMODITY].len);
    memcpy(code + slot[SAD_COMMODITY].len, slot[SAD_PRECISION].ptr != NULL ? slot[SAD_PRECISION].ptr : "",
           slot[SAD_PRECISION].len);
    if (len > 10 && slot[SAD_COMMODITY].len <= 10) {
        tmg_note(d->rec, d->rules, false, TMG_F_HS, tmg_draft_item_no(d), (tmg_span){code, len},
                 "longer than 10 digits; the first ten are kept");
        len = 10;
    }
    return (tmg_span){code, slot[SAD_COMMODITY].len > 0 ? len : 0};
}

static tmg_span national_value(const tmg_span *slot)
{
    return first_of(first_of(slot[SAD_STATISTICAL], slot[SAD_CIF]), slot[SAD_NATIONAL]);
}

static void put_line(tmg_draft *d, const tmg_span *slot, bool national)
{
    tmg_draft_item(d);
    tmg_put(d, TMG_F_HS, commodity(d, slot));
    tmg_put(d, TMG_F_DESCRIPTION, first_of(slot[SAD_TRADE_NAME], slot[SAD_GOODS]));
    tmg_put(d, TMG_F_ORIGIN, slot[SAD_ORIGIN]);
    tmg_put(d, TMG_F_GROSS, slot[SAD_GROSS]);
    tmg_put(d, TMG_F_NET, slot[SAD_NET]);
    tmg_put(d, TMG_F_PACKAGES, slot[SAD_PACKAGES]);
    tmg_put(d, TMG_F_PACKAGE_KIND, slot[SAD_PACKAGE_KIND]);
    tmg_put(d, TMG_F_QUANTITY, slot[SAD_QUANTITY]);
    tmg_put(d, TMG_F_UNIT, slot[SAD_UNIT]);
    tmg_put(d, TMG_F_VALUE, national ? national_value(slot) : first_of(slot[SAD_FOREIGN], slot[SAD_PRICE]));
    tmg_put(d, TMG_F_TAX_RATE, slot[SAD_TAX_RATE]);
    tmg_put(d, TMG_F_TAX_TYPE, slot[SAD_TAX_CODE]);
    if (national)
        tmg_put(d, TMG_F_TAXES, slot[SAD_TAXES]);
    else if (slot[SAD_TAXES].len > 0)
        tmg_note(d->rec, d->rules, false, TMG_F_TAXES, tmg_draft_item_no(d), slot[SAD_TAXES],
                 "left out: it is in national currency, but the values are given in the invoice's only");
}

/* One declaration has one currency: the national one, unless no item states a value in it. */
static void put_lines(tmg_draft *d, const tmg_asycuda *doc, tmg_span national_currency)
{
    bool national = doc->head[SAD_INVOICE_CURRENCY].len == 0;

    for (const tmg_sad_line *l = doc->lines; l != NULL; l = l->next)
        national = national || national_value(l->slot).len > 0;
    tmg_put(d, TMG_F_CURRENCY, national ? national_currency : doc->head[SAD_INVOICE_CURRENCY]);
    for (const tmg_sad_line *l = doc->lines; l != NULL; l = l->next)
        put_line(d, l->slot, national);
}

void tmg_asycuda_record(const tmg_asycuda *doc, const tmg_rules *rules, tmg_span national_currency,
                        tmg_record *ret)
{
    const tmg_span *head = doc->head;
    tmg_draft d;

    tmg_draft_begin(&d, doc->arena, rules, ret);
    put_lodged(&d, first_of(head[SAD_REGISTERED], head[SAD_DECLARED]));
    put_ref(&d, head);
    put_regime(&d, head);
    tmg_put(&d, TMG_F_POST, first_of(head[SAD_BORDER_OFFICE], head[SAD_OFFICE]));
    put_trader(&d, TMG_CONSIGNOR, head[SAD_EXPORTER_CODE], head[SAD_EXPORTER_NAME]);
    put_trader(&d, TMG_CONSIGNEE, head[SAD_CONSIGNEE_CODE], head[SAD_CONSIGNEE_NAME]);
    put_trader(&d, TMG_DECLARANT, head[SAD_DECLARANT_CODE], head[SAD_DECLARANT_NAME]);
    put_movement(&d, head);
    tmg_put(&d, TMG_F_PROCESS_TYPE, head[SAD_PROCEDURE]);
    tmg_put(&d, TMG_F_PAYMENT_TYPE, head[SAD_PAYMENT]);
    if (doc->lines != NULL)
        tmg_put(&d, TMG_F_IMPORT_TYPE, doc->lines->slot[SAD_REGIME_CODE]);
    put_lists(&d, doc);
    put_lines(&d, doc, national_currency);
    tmg_draft_finish(&d);
}
