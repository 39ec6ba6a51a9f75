#include "risk/chains_priv.h"

#include "base/hash.h"
#include "base/qty.h"
#include "model/codes.h"
#include "risk/wide_priv.h"
#include "risk/words_priv.h"

#define TEXT_OF(name, expression)                                                                            \
    static tmg_span name(const tmg_declaration *d, const tmg_item *it)                                       \
    {                                                                                                        \
        (void)d;                                                                                             \
        (void)it;                                                                                            \
        return expression;                                                                                   \
    }
#define NUMBER_OF(name, expression)                                                                          \
    static int64_t name(const tmg_declaration *d, const tmg_item *it)                                        \
    {                                                                                                        \
        (void)d;                                                                                             \
        (void)it;                                                                                            \
        return expression;                                                                                   \
    }

static tmg_span prefix(tmg_span s, size_t len)
{
    return (tmg_span){s.ptr, s.len < len ? s.len : len};
}

int64_t tmg_unit_price(int64_t value_minor, int64_t net_mg)
{
    if (net_mg <= 0 || value_minor < 0)
        return -1;
    tmg_wide per_kg = ((tmg_wide)value_minor * 1000000 + net_mg / 2) / net_mg;
    tmg_wide step = 1;
    while (per_kg >= 1000 * step)
        step *= 10;
    per_kg = (per_kg + step / 2) / step * step;
    return per_kg > INT64_MAX ? INT64_MAX : (int64_t)per_kg;
}

int64_t tmg_half_octave(int64_t v)
{
    if (v <= 0)
        return -1;
    int octave = 63 - __builtin_clzll((unsigned long long)v);
    bool upper = (tmg_uwide)v * (tmg_uwide)v >= (tmg_uwide)1 << (2 * octave + 1);
    return 2 * octave + (upper ? 1 : 0);
}

TEXT_OF(hs2, prefix(it->hs, 2))
TEXT_OF(hs4, prefix(it->hs, 4))
TEXT_OF(hs6, prefix(it->hs, 6))
TEXT_OF(hs, it->hs)
TEXT_OF(origin, it->origin)
TEXT_OF(origin_marking, it->origin_marking)
TEXT_OF(package_kind, it->package_kind)
TEXT_OF(tax_type, it->tax_type)
TEXT_OF(departure, d->departure)
TEXT_OF(destination, d->destination)
TEXT_OF(post, d->post)
TEXT_OF(transport_mode, d->transport_mode)
TEXT_OF(vehicle_country, d->vehicle_country)
TEXT_OF(process_type, d->process_type)
TEXT_OF(import_type, d->import_type)
TEXT_OF(import_use, d->import_use)
TEXT_OF(payment_type, d->payment_type)
TEXT_OF(consignor, d->party[TMG_CONSIGNOR].code)
TEXT_OF(consignee, d->party[TMG_CONSIGNEE].code)
TEXT_OF(declarant, d->party[TMG_DECLARANT].code)
TEXT_OF(carrier, d->party[TMG_CARRIER].code)
TEXT_OF(regime, tmg_span_of(tmg_regime_name(d->regime)))
NUMBER_OF(tax_rate, it->tax_rate_bp)
NUMBER_OF(net_mass, it->net_mg)
NUMBER_OF(mass_band, tmg_half_octave(it->net_mg))
NUMBER_OF(unit_price, tmg_unit_price(it->value_minor, it->net_mg))
NUMBER_OF(unit_price_band, tmg_half_octave(tmg_unit_price(it->value_minor, it->net_mg)))

static void say_rate(tmg_buf *b, int64_t v)
{
    tmg_decimal_write(b, v, 2);
    tmg_buf_z(b, " %");
}

static void say_mass(tmg_buf *b, int64_t v)
{
    tmg_grouped_write(b, v, 6, 0);
    tmg_buf_z(b, " kg");
}

static void say_price(tmg_buf *b, int64_t v)
{
    tmg_grouped_write(b, v, 2, 2);
    tmg_buf_z(b, " a kg");
}

/* 2^(band/2) */
static int64_t band_start(int64_t band)
{
    static const int64_t half_step_ppm[2] = {1000000, 1414214};
    return tmg_mul_div(INT64_C(1) << (band / 2), half_step_ppm[band % 2], 1000000);
}

/* Officers read the range that a band spans. */
static void say_band(tmg_buf *b, int64_t band, int scale, const char *unit)
{
    int64_t from = band_start(band), to = band_start(band + 1);
    tmg_grouped_write(b, from, scale, 0);
    tmg_buf_z(b, " to ");
    tmg_grouped_write(b, to, scale, 0);
    tmg_buf_z(b, unit);
}

static void say_mass_band(tmg_buf *b, int64_t v)
{
    say_band(b, v, 6, " kg");
}

static void say_price_band(tmg_buf *b, int64_t v)
{
    say_band(b, v, 2, " a kg");
}

static const tmg_feature features[] = {
    {.name = "hs2", .words = "HS", .text = hs2, .is_hs = true},
    {.name = "hs4", .words = "HS", .text = hs4, .is_hs = true},
    {.name = "hs6", .words = "HS", .text = hs6, .is_hs = true},
    {.name = "hs", .words = "HS", .text = hs, .is_hs = true},
    {.name = "origin", .words = "origin", .text = origin},
    {.name = "origin_marking", .words = "origin marking", .text = origin_marking},
    {.name = "package_kind", .words = "packages", .text = package_kind},
    {.name = "tax_rate", .words = "tax", .number = tax_rate, .say_number = say_rate, .scale = 2},
    {.name = "tax_type", .words = "tax type", .text = tax_type},
    {.name = "net_mass", .words = "net mass", .number = net_mass, .say_number = say_mass, .scale = 6},
    {.name = "mass_band",
     .words = "net mass",
     .number = mass_band,
     .say_number = say_mass_band,
     .scale = 6,
     .is_band = true},
    {.name = "unit_price", .words = "price", .number = unit_price, .say_number = say_price, .scale = 2},
    {.name = "unit_price_band",
     .words = "price",
     .number = unit_price_band,
     .say_number = say_price_band,
     .scale = 2,
     .is_band = true},
    {.name = "departure", .words = "departure", .text = departure},
    {.name = "destination", .words = "destination", .text = destination},
    {.name = "post", .words = "post", .text = post},
    {.name = "transport_mode", .words = "transport mode", .text = transport_mode},
    {.name = "vehicle_country", .words = "vehicle of", .text = vehicle_country},
    {.name = "regime", .text = regime},
    {.name = "process_type", .words = "process type", .text = process_type},
    {.name = "import_type", .words = "import type", .text = import_type},
    {.name = "import_use", .words = "import use", .text = import_use},
    {.name = "payment_type", .words = "payment type", .text = payment_type},
    {.name = "consignor", .words = "consignor", .text = consignor},
    {.name = "consignee", .words = "consignee", .text = consignee},
    {.name = "declarant", .words = "declarant", .text = declarant},
    {.name = "carrier", .words = "carrier", .text = carrier},
};

const tmg_feature *tmg_feature_by_name(tmg_span name)
{
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        if (tmg_span_is(name, features[i].name))
            return &features[i];
    return NULL;
}

void tmg_feature_names(tmg_buf *b)
{
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        tmg_buf_fmt(b, "%s%s", i > 0 ? ", " : "", features[i].name);
}

uint64_t tmg_feature_mix(const tmg_feature *f, uint64_t seed, const tmg_declaration *d, const tmg_item *it)
{
    if (f->text != NULL) {
        tmg_span s = f->text(d, it);
        return tmg_hash64(seed, s.len > 0 ? s.ptr : "", s.len);
    }
    int64_t v = f->number(d, it);
    return tmg_hash64(seed, &v, sizeof v);
}

bool tmg_feature_stated(const tmg_feature *f, const tmg_declaration *d, const tmg_item *it)
{
    return f->text != NULL ? f->text(d, it).len > 0 : f->number(d, it) >= 0;
}

void tmg_feature_say(const tmg_feature *f, const tmg_declaration *d, const tmg_item *it, tmg_buf *b)
{
    if (f->words != NULL)
        tmg_buf_fmt(b, "%s ", f->words);
    if (!tmg_feature_stated(f, d, it))
        tmg_buf_z(b, "not stated");
    else if (f->text == NULL)
        f->say_number(b, f->number(d, it));
    else if (f->is_hs)
        tmg_hs_write(b, f->text(d, it));
    else
        tmg_buf_span(b, f->text(d, it));
}

void tmg_feature_fact(const tmg_feature *f, const tmg_declaration *d, const tmg_item *it, tmg_fact *ret)
{
    *ret =
        (tmg_fact){.feature = f->name, .stated = tmg_feature_stated(f, d, it), .is_number = f->text == NULL};
    if (!ret->stated)
        return;
    if (f->text != NULL) {
        ret->text = f->text(d, it);
        return;
    }
    int64_t v = f->number(d, it);
    ret->scale = f->scale;
    ret->from = f->is_band ? band_start(v) : v;
    ret->to = f->is_band ? band_start(v + 1) : v;
}
