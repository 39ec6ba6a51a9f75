#include "rule/rows_priv.h"

#include "base/qty.h"

#define MICRO INT64_C(1000000)

static int64_t times(int64_t v, int64_t by)
{
    int64_t out;
    return v == TMG_NONE || __builtin_mul_overflow(v, by, &out) ? TMG_NONE : out;
}

static int64_t money(int64_t minor, int exponent)
{
    int64_t by = MICRO;
    for (int i = 0; i < exponent; i++)
        by /= 10;
    return times(minor, by);
}

/* a millionths over b, as millionths; both above zero or zero. */
static int64_t per(int64_t a, int64_t b, int64_t unit)
{
    if (a == TMG_NONE || b == TMG_NONE || b <= 0)
        return TMG_NONE;
    int64_t out = tmg_mul_div(a, unit, b);
    return out == INT64_MAX || out == INT64_MIN ? TMG_NONE : out;
}

static tmg_span first_digits(tmg_span s, size_t len)
{
    return (tmg_span){s.ptr, s.len < len ? s.len : len};
}

static int by_code(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

void tmg_codes_sort(uint32_t *codes, size_t count)
{
    if (count > 1)
        qsort(codes, count, sizeof *codes, by_code);
}

void tmg_row_put_set(tmg_row *row, tmg_set_field field, uint32_t *codes, size_t count)
{
    size_t kept = 0;

    tmg_codes_sort(codes, count);
    for (size_t i = 0; i < count; i++)
        if (codes[i] != TMG_CODE_NONE && (kept == 0 || codes[kept - 1] != codes[i]))
            codes[kept++] = codes[i];
    row->set[field] = codes;
    row->set_count[field] = (uint16_t)kept;
}

static void put_sets(tmg_dict *dict, const tmg_declaration *d, tmg_arena *a, tmg_row *row)
{
    uint32_t *route = tmg_alloc_array(a, d->route_count + 2, sizeof *route);
    for (size_t i = 0; i < d->route_count; i++)
        route[i] = tmg_dict_code(dict, d->route[i]);
    route[d->route_count] = row->code[TMG_CF_DEPARTURE];
    route[d->route_count + 1] = row->code[TMG_CF_DESTINATION];
    tmg_row_put_set(row, TMG_SF_ROUTE, route, d->route_count + 2);

    uint32_t *documents = tmg_alloc_array(a, d->document_count + 1, sizeof *documents);
    for (size_t i = 0; i < d->document_count; i++)
        documents[i] = tmg_dict_code(dict, d->documents[i].type);
    tmg_row_put_set(row, TMG_SF_DOCUMENT, documents, d->document_count);

    uint32_t *numbers = tmg_alloc_array(a, 2 * d->equipment_count + 1, sizeof *numbers), *seals = numbers;
    size_t containers = 0, seal_count = 0;
    seals += d->equipment_count;
    for (size_t i = 0; i < d->equipment_count; i++) {
        uint32_t code = tmg_dict_code(dict, d->equipment[i].number);
        if (d->equipment[i].kind == TMG_CONTAINER)
            numbers[containers++] = code;
        else
            seals[seal_count++] = code;
    }
    tmg_row_put_set(row, TMG_SF_CONTAINER, numbers, containers);
    tmg_row_put_set(row, TMG_SF_SEAL, seals, seal_count);
    row->number[TMG_NF_CONTAINERS] = (int64_t)containers * MICRO;
    row->number[TMG_NF_SEALS] = (int64_t)seal_count * MICRO;

    uint32_t *commodities = tmg_alloc_array(a, d->item_count + 1, sizeof *commodities);
    for (size_t i = 0; i < d->item_count; i++)
        commodities[i] = tmg_dict_code(dict, d->items[i].hs);
    tmg_row_put_set(row, TMG_SF_COMMODITY, commodities, d->item_count);
}

static void put_parties(tmg_dict *dict, const tmg_party *party, tmg_row *row)
{
    for (size_t i = 0; i < TMG_PARTY_ROLES; i++) {
        row->code[TMG_CF_CONSIGNOR + i] = tmg_dict_code(dict, party[i].code);
        row->code[TMG_CF_CONSIGNOR_NAME + i] = tmg_dict_code(dict, party[i].name);
    }
    row->code[TMG_CF_CONSIGNOR_COUNTRY] = tmg_dict_code(dict, party[TMG_CONSIGNOR].country);
    row->code[TMG_CF_CONSIGNEE_COUNTRY] = tmg_dict_code(dict, party[TMG_CONSIGNEE].country);
    row->code[TMG_CF_CONSIGNEE_ADDRESS] = tmg_dict_code(dict, party[TMG_CONSIGNEE].address);
}

static void put_header_codes(tmg_dict *dict, const tmg_declaration *d, tmg_row *row)
{
    const struct {
        tmg_code_field at;
        tmg_span text;
    } codes[] = {
        {TMG_CF_REGIME, tmg_span_of(d->regime != 0 ? tmg_regime_name(d->regime) : NULL)},
        {TMG_CF_POST, d->post},
        {TMG_CF_DEPARTURE, d->departure},
        {TMG_CF_DESTINATION, d->destination},
        {TMG_CF_MODE, d->transport_mode},
        {TMG_CF_VEHICLE, d->vehicle},
        {TMG_CF_VEHICLE_COUNTRY, d->vehicle_country},
        {TMG_CF_TRAILER, d->trailer},
        {TMG_CF_TIR_CARNET, d->tir_carnet},
        {TMG_CF_PROCESS_TYPE, d->process_type},
        {TMG_CF_IMPORT_TYPE, d->import_type},
        {TMG_CF_IMPORT_USE, d->import_use},
        {TMG_CF_PAYMENT_TYPE, d->payment_type},
        {TMG_CF_CURRENCY, d->currency},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        row->code[codes[i].at] = tmg_dict_code(dict, codes[i].text);
    put_parties(dict, d->party, row);
}

static void put_times(const tmg_declaration *d, int offset_min, tmg_row *row)
{
    int64_t when = d->expected_ms != TMG_NONE ? d->expected_ms : d->lodged.at_ms;
    int32_t day = tmg_day_of(when, offset_min);
    int64_t hour = (when - tmg_day_start_ms(day, offset_min)) / TMG_HOUR_MS;
    int64_t weekday = ((day + 3) % 7 + 7) % 7 + 1; /* day 0 was a Thursday */

    row->at_ms = d->lodged.at_ms;
    row->number[TMG_NF_HOUR] = hour * MICRO;
    row->number[TMG_NF_WEEKDAY] = weekday * MICRO;
    row->number[TMG_NF_LODGED] = d->lodged.at_ms;
    row->number[TMG_NF_EXPECTED] = d->expected_ms;
    row->number[TMG_NF_LEAD] = d->expected_ms != TMG_NONE ? d->expected_ms - d->lodged.at_ms : TMG_NONE;
}

static void put_item(tmg_dict *dict, const tmg_item *it, int exponent, tmg_row *row)
{
    int64_t value = money(it->value_minor, exponent);
    int64_t packages = times(it->packages, MICRO);

    row->item_no = it->no;
    row->code[TMG_CF_HS] = tmg_dict_code(dict, it->hs);
    row->code[TMG_CF_HS6] = tmg_dict_code(dict, first_digits(it->hs, 6));
    row->code[TMG_CF_HS4] = tmg_dict_code(dict, first_digits(it->hs, 4));
    row->code[TMG_CF_HS2] = tmg_dict_code(dict, first_digits(it->hs, 2));
    row->code[TMG_CF_DESCRIPTION] = tmg_dict_code(dict, it->description);
    row->code[TMG_CF_ORIGIN] = tmg_dict_code(dict, it->origin);
    row->code[TMG_CF_ORIGIN_MARKING] = tmg_dict_code(dict, it->origin_marking);
    row->code[TMG_CF_PACKAGE_KIND] = tmg_dict_code(dict, it->package_kind);
    row->code[TMG_CF_UNIT] = tmg_dict_code(dict, it->unit);
    row->code[TMG_CF_TAX_TYPE] = tmg_dict_code(dict, it->tax_type);
    row->number[TMG_NF_ITEM_NO] = times(it->no, MICRO);
    row->number[TMG_NF_ITEM_VALUE] = value;
    row->number[TMG_NF_ITEM_GROSS] = it->gross_mg;
    row->number[TMG_NF_NET] = it->net_mg;
    row->number[TMG_NF_PACKAGES] = packages;
    row->number[TMG_NF_QUANTITY] = times(it->quantity_milli, 1000);
    row->number[TMG_NF_TAX_RATE] = times(it->tax_rate_bp, 10000);
    row->number[TMG_NF_ITEM_TAXES] = money(it->taxes_minor, exponent);
    row->number[TMG_NF_UNIT_VALUE] = per(value, it->net_mg != TMG_NONE ? it->net_mg : it->gross_mg, MICRO);
    row->number[TMG_NF_PACKAGE_WEIGHT] = per(it->net_mg, packages, MICRO);
}

size_t tmg_rows_of(tmg_dict *dict, const tmg_declaration *d, int offset_min, tmg_arena *a, tmg_row **ret)
{
    size_t count = d->item_count > 0 ? d->item_count : 1;
    tmg_row *rows = tmg_alloc_array(a, count, sizeof *rows);
    int exponent = tmg_currency_exponent(d->currency);
    tmg_declaration summed = *d;
    tmg_row *head = &rows[0];

    tmg_declaration_sum(&summed);
    head->consignment_id = d->consignment_id;
    head->declaration_id = d->id;
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        head->number[i] = TMG_NONE;
    put_header_codes(dict, d, head);
    put_sets(dict, d, a, head);
    put_times(d, offset_min, head);
    head->number[TMG_NF_VALUE] = money(summed.value_minor, exponent);
    head->number[TMG_NF_GROSS] = summed.gross_mg;
    head->number[TMG_NF_TAXES] = money(summed.taxes_minor, exponent);
    head->number[TMG_NF_ITEMS] = (int64_t)d->item_count * MICRO;
    for (size_t i = count - 1; i > 0; i--)
        rows[i] = *head;
    for (size_t i = 0; i < d->item_count; i++)
        put_item(dict, &d->items[i], exponent, &rows[i]);
    *ret = rows;
    return count;
}
