#include "learn/learn.h"

#include <math.h>

/* Raised when a feature of the same name comes to mean something else: models of before are then not asked.
 */
static const char meaning[] = "tamga features 1\n";

typedef struct facts {
    const tmg_declaration *d;
    const tmg_item *it; /* never NULL */
    int64_t arrives_ms; /* in local time */
} facts;

static float quantity(int64_t v)
{
    return v == TMG_NONE ? NAN : (float)v;
}

static float ratio(int64_t v, int64_t of)
{
    return v == TMG_NONE || of == TMG_NONE || of <= 0 ? NAN : (float)((double)v / (double)of);
}

static tmg_span prefix(tmg_span s, size_t len)
{
    return s.len > len ? (tmg_span){s.ptr, len} : s;
}

float tmg_code_number(tmg_span code)
{
    enum { SYMBOLS = 37, LONGEST = 4 };
    static const int64_t others = INT64_C(1) << 21;
    int64_t n = 0;

    if (code.len == 0)
        return NAN;
    if (code.len > LONGEST)
        return (float)(others + (int64_t)(tmg_hash64(0, code.ptr, code.len) % (uint64_t)others));
    for (size_t i = 0; i < code.len; i++) {
        unsigned char c = (unsigned char)code.ptr[i];
        int symbol = c >= '0' && c <= '9'   ? c - '0'
                     : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                     : c >= 'a' && c <= 'z' ? c - 'a' + 10
                                            : SYMBOLS - 1;
        n = n * SYMBOLS + (symbol + 1) % SYMBOLS;
    }
    return (float)n;
}

/* Every fact is one function of this shape. */
#define FACT(name, value)                                                                                    \
    static float name(const facts *f)                                                                        \
    {                                                                                                        \
        const tmg_declaration *d = f->d;                                                                     \
        const tmg_item *it = f->it;                                                                          \
        (void)d;                                                                                             \
        (void)it;                                                                                            \
        return (value);                                                                                      \
    }

FACT(item_value, quantity(it->value_minor))
FACT(value, quantity(d->value_minor))
FACT(unit_value, ratio(it->value_minor, it->net_mg > 0 ? it->net_mg : it->gross_mg))
FACT(value_share, ratio(it->value_minor, d->value_minor))
FACT(value_per_piece, ratio(it->value_minor, it->quantity_milli))
FACT(net, quantity(it->net_mg))
FACT(gross, quantity(d->gross_mg))
FACT(net_to_gross, ratio(it->net_mg, it->gross_mg))
FACT(packages, quantity(it->packages))
FACT(package_weight, ratio(it->net_mg, it->packages))
FACT(pieces, quantity(it->quantity_milli))
FACT(piece_weight, ratio(it->net_mg, it->quantity_milli))
FACT(package_kind, tmg_code_number(it->package_kind))
FACT(tax_rate, quantity(it->tax_rate_bp))
FACT(tax_type, tmg_code_number(it->tax_type))
FACT(tax_share, ratio(it->taxes_minor, it->value_minor))
FACT(chapter, tmg_code_number(prefix(it->hs, 2)))
FACT(heading, tmg_code_number(prefix(it->hs, 4)))
FACT(origin, tmg_code_number(it->origin))
FACT(origin_marking, tmg_code_number(it->origin_marking))
FACT(departure, tmg_code_number(d->departure))
FACT(destination, tmg_code_number(d->destination))
FACT(origin_is_departure, it->origin.len == 0 || d->departure.len == 0 ? NAN
                          : tmg_span_eq(it->origin, d->departure)      ? 1
                                                                       : 0)
FACT(route_countries, (float)d->route_count)
FACT(mode, tmg_code_number(d->transport_mode))
FACT(vehicle_country, tmg_code_number(d->vehicle_country))
FACT(post, tmg_code_number(d->post))
FACT(regime, (float)d->regime)
FACT(process_type, tmg_code_number(d->process_type))
FACT(import_type, tmg_code_number(d->import_type))
FACT(import_use, tmg_code_number(d->import_use))
FACT(payment_type, tmg_code_number(d->payment_type))
FACT(items, (float)d->item_count)
FACT(documents, (float)d->document_count)
FACT(equipment, (float)d->equipment_count)
FACT(hour, (float)(((f->arrives_ms % TMG_DAY_MS) + TMG_DAY_MS) % TMG_DAY_MS / TMG_HOUR_MS))
FACT(weekday, (float)(((f->arrives_ms / TMG_DAY_MS + 3) % 7 + 7) % 7 + 1))
FACT(lead_hours, d->expected_ms == TMG_NONE ? NAN : (float)((d->expected_ms - d->lodged.at_ms) / TMG_HOUR_MS))

static const struct {
    const char *name;
    float (*of)(const facts *f);
    bool of_item, is_code;
} plain[] = {
    {"price/item value", item_value, true, false},
    {"price/value", value, false, false},
    {"price/value per kilogram", unit_value, true, false},
    {"price/item's share of the value", value_share, true, false},
    {"price/value per unit of quantity", value_per_piece, true, false},
    {"mass/net", net, true, false},
    {"mass/gross", gross, false, false},
    {"mass/net to gross", net_to_gross, true, false},
    {"packing/packages", packages, true, false},
    {"packing/net per package", package_weight, true, false},
    {"packing/kind", package_kind, true, true},
    {"mass/quantity", pieces, true, false},
    {"mass/net per unit of quantity", piece_weight, true, false},
    {"tax/rate", tax_rate, true, false},
    {"tax/type", tax_type, true, true},
    {"tax/taxes to value", tax_share, true, false},
    {"goods/chapter", chapter, true, true},
    {"goods/heading", heading, true, true},
    {"route/origin", origin, true, true},
    {"route/origin marking", origin_marking, true, true},
    {"route/departure", departure, false, true},
    {"route/destination", destination, false, true},
    {"route/origin is departure", origin_is_departure, true, false},
    {"route/countries of routing", route_countries, false, false},
    {"transport/mode", mode, false, true},
    {"transport/country of the vehicle", vehicle_country, false, true},
    {"route/post", post, false, true},
    {"procedure/regime", regime, false, true},
    {"procedure/process type", process_type, false, true},
    {"procedure/import type", import_type, false, true},
    {"procedure/import use", import_use, false, true},
    {"procedure/payment type", payment_type, false, true},
    {"declaration/items", items, false, false},
    {"declaration/documents", documents, false, false},
    {"transport/containers and seals", equipment, false, false},
    {"time/hour", hour, false, false},
    {"time/weekday", weekday, false, false},
    {"time/hours from lodging to arrival", lead_hours, false, false},
};

size_t tmg_plain_feature_count(void)
{
    return sizeof plain / sizeof *plain;
}

const char *tmg_plain_feature_name(size_t i)
{
    return plain[i].name;
}

bool tmg_plain_feature_is_code(tmg_span name)
{
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (plain[i].is_code && tmg_span_is(name, plain[i].name))
            return true;
    return false;
}

void tmg_plain_features(const tmg_declaration *d, const tmg_item *it, int offset_min, float *ret)
{
    static const tmg_item none;
    int64_t when = d->expected_ms != TMG_NONE ? d->expected_ms : d->lodged.at_ms;
    facts f = {d, it != NULL ? it : &none, when + (int64_t)offset_min * 60 * TMG_SECOND_MS};

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        ret[i] = it == NULL && plain[i].of_item ? NAN : plain[i].of(&f);
}

tmg_sha256 tmg_schema_hash(const tmg_span *names, size_t count)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, sizeof meaning + count * 256);
    tmg_buf_z(&b, meaning);
    for (size_t i = 0; i < count; i++) {
        tmg_buf_span(&b, names[i]);
        tmg_buf_char(&b, '\n');
    }
    return tmg_sha256_of(b.ptr, b.len);
}
