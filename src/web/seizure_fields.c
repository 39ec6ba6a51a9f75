/* What a person may say of a seizure in fields that are codes: countries, a route of them, a commodity,
 * money. */
#include "base/qty.h"
#include "model/codes.h"
#include "web/casework_priv.h"

static tmg_rc check_country(const char *field, tmg_span code, tmg_err *err)
{
    if (tmg_country_known(code))
        return TMG_OK;
    return tmg_err_code(TMG_FAIL(err, TMG_E_INVALID,
                                 "%s: \"%.*s\" is no country: expected an ISO 3166 alpha-2 code", field,
                                 TMG_SPAN_ARG(code)),
                        err, "field.country", "field=%s\ncode=%.*s\n", field, TMG_SPAN_ARG(code));
}

static tmg_rc check_route(tmg_span route, tmg_err *err)
{
    tmg_span country;

    while (tmg_span_split(&route, '>', &country))
        TMG_TRY(check_country("route", country, err));
    return TMG_OK;
}

static tmg_rc check_commodity(tmg_span hs, tmg_err *err)
{
    bool digits = hs.len >= 2 && hs.len <= 10;

    for (size_t i = 0; i < hs.len; i++)
        digits = digits && hs.ptr[i] >= '0' && hs.ptr[i] <= '9';
    if (digits && tmg_hs_chapter_known(hs))
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_INVALID, "declared_hs: expected 2 to 10 digits of a commodity code"), err,
        "field.hs");
}

static tmg_rc check_value(const tmg_seizure *z, tmg_err *err)
{
    if (z->value_currency.len > 0 ? tmg_currency_known(z->value_currency) : z->value_minor == TMG_NONE)
        return TMG_OK;
    return tmg_err_named(
        TMG_FAIL(err, TMG_E_INVALID,
                 "value_currency: a value has a currency of ISO 4217, in capital letters like AZN"),
        err, "field.currency");
}

tmg_rc tmg_seizure_fields_check(const tmg_json *body, const tmg_seizure *z, tmg_err *err)
{
    tmg_span country = tmg_body_text(body, "conveyance_country"), route = tmg_body_text(body, "route"),
             hs = tmg_body_text(body, "declared_hs");

    if (country.len > 0)
        TMG_TRY(check_country("conveyance_country", country, err));
    if (route.len > 0)
        TMG_TRY(check_route(route, err));
    if (hs.len > 0)
        TMG_TRY(check_commodity(hs, err));
    if (tmg_json_member(body, "value_minor") != NULL || tmg_json_member(body, "value_currency") != NULL)
        TMG_TRY(check_value(z, err));
    if (tmg_json_as_bool(tmg_json_member(body, "prevented_transit"), false) &&
        !tmg_span_is(z->direction, "transit"))
        return tmg_err_named(
            TMG_FAIL(err, TMG_E_INVALID,
                     "prevented_transit: only what was on transit was kept from passing: the direction "
                     "says otherwise"),
            err, "field.prevented");
    return TMG_OK;
}
