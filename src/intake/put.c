#include "intake/intake_priv.h"

static void *target_of(const tmg_draft *d, const tmg_field *f)
{
    char *base = f->level == TMG_OF_HEADER ? (char *)&d->rec->declaration
                 : f->level == TMG_OF_ITEM ? (char *)d->item
                                           : (char *)&d->rec->result;

    return base + f->offset;
}

static void refuse(tmg_draft *d, tmg_field_id field, tmg_span value, const char *expected)
{
    int32_t item = tmg_fields[field].level == TMG_OF_ITEM ? tmg_draft_item_no(d) : 0;

    tmg_note(d->rec, d->rules, true, field, item, value, "expected %s", expected);
}

/* The number with a point for its decimal comma; a point of its own makes it no number, so that thousands
 * written as 1.234 are not read as units. */
static tmg_span with_point(tmg_draft *d, tmg_span value)
{
    char *copy = tmg_strdup_n(d->arena, value.ptr, value.len);

    for (size_t i = 0; i < value.len; i++)
        copy[i] = value.ptr[i] == ',' ? '.' : value.ptr[i] == '.' ? ',' : value.ptr[i];
    return (tmg_span){copy, value.len};
}

static void put_decimal(tmg_draft *d, tmg_field_id field, tmg_span value, int scale)
{
    bool comma = d->rules->point == ',';
    int64_t v;
    tmg_rc rc = tmg_decimal_parse(comma ? with_point(d, value) : value, scale, d->rules->rounding, &v, NULL);

    if (rc == TMG_OK && v != TMG_NONE)
        *(int64_t *)target_of(d, &tmg_fields[field]) = v;
    else
        tmg_note(d->rec, d->rules, true, field,
                 tmg_fields[field].level == TMG_OF_ITEM ? tmg_draft_item_no(d) : 0, value,
                 "expected a number with at most %d decimals, for example %s%s", scale,
                 comma ? "1234,5" : "1234.5", rc == TMG_E_LIMIT ? "; this one is too large" : "");
}

static void put_whole(tmg_draft *d, tmg_field_id field, tmg_span value)
{
    int64_t v;

    if (tmg_decimal_parse(value, 0, TMG_ROUND_REFUSE, &v, NULL) == TMG_OK && v != TMG_NONE)
        *(int64_t *)target_of(d, &tmg_fields[field]) = v;
    else
        refuse(d, field, value, "a whole number");
}

static void put_item_no(tmg_draft *d, tmg_span value)
{
    int64_t v;

    if (tmg_span_i64(value, &v) && v >= 1 && v <= TMG_MAX_ITEMS)
        d->item->no = (int32_t)v;
    else
        tmg_note(d->rec, d->rules, true, TMG_F_ITEM_NO, 0, value, "expected a whole number from 1 to %d",
                 TMG_MAX_ITEMS);
}

static void put_moment(tmg_draft *d, tmg_field_id field, tmg_span value)
{
    tmg_instant t;
    void *target = target_of(d, &tmg_fields[field]);

    if (!tmg_date_read(d->rules, value, &t))
        refuse(d, field, value,
               d->rules->date_count == 0 ? "a date and time, for example 2026-03-02T08:15:30+04:00"
                                         : "a date that exists, in the form that this source uses");
    else if (tmg_fields[field].kind == TMG_KIND_LODGED)
        *(tmg_instant *)target = t;
    else
        *(int64_t *)target = t.at_ms;
}

static bool all_digits(tmg_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

/* "0806.20 10" is written with points and blanks on paper; the code is its digits. */
static tmg_span without_points(tmg_draft *d, tmg_span value)
{
    char *copy = tmg_alloc(d->arena, value.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] != '.' && value.ptr[i] != ' ')
            copy[len++] = value.ptr[i];
    return (tmg_span){copy, len};
}

static void put_hs(tmg_draft *d, tmg_span value)
{
    tmg_span hs = value;
    size_t wanted;

    if (!all_digits(hs))
        hs = without_points(d, value);
    wanted = d->rules->pad_hs == TMG_PAD_EVEN ? hs.len + hs.len % 2 : (size_t)d->rules->pad_hs;
    if (hs.len < wanted && all_digits(hs)) {
        char *padded = tmg_alloc(d->arena, wanted + 1);

        memset(padded, '0', wanted - hs.len);
        memcpy(padded + wanted - hs.len, hs.ptr, hs.len);
        hs = (tmg_span){padded, wanted};
    }
    d->item->hs = hs;
}

static void put_post(tmg_draft *d, tmg_span value)
{
    tmg_span prefix = d->rules->post_prefix;
    char *joined;

    if (prefix.len == 0) {
        d->rec->declaration.post = value;
        return;
    }
    joined = tmg_alloc(d->arena, prefix.len + value.len + 1);
    memcpy(joined, prefix.ptr, prefix.len);
    memcpy(joined + prefix.len, value.ptr, value.len);
    d->rec->declaration.post = (tmg_span){joined, prefix.len + value.len};
}

static void put_regime(tmg_draft *d, tmg_span value)
{
    tmg_regime regime = tmg_regime_of(value);

    if (regime != 0)
        d->rec->declaration.regime = regime;
    else
        refuse(d, TMG_F_REGIME, value, "import, export or transit");
}

static void put_outcome(tmg_draft *d, tmg_span value)
{
    tmg_outcome outcome = tmg_outcome_of(value);

    if (outcome != 0)
        d->rec->result.outcome = outcome;
    else
        refuse(
            d, TMG_F_OUTCOME, value,
            "none, document, value, origin, classification, quantity, prohibited, drugs, precursor or other");
}

static void read_found(tmg_draft *d, tmg_field_id field, tmg_span value)
{
    if (tmg_span_is(value, "1") || tmg_span_is(value, "yes") || tmg_span_is(value, "true"))
        tmg_put_found(d, field, TMG_FOUND_YES);
    else if (tmg_span_is(value, "0") || tmg_span_is(value, "no") || tmg_span_is(value, "false"))
        tmg_put_found(d, field, TMG_FOUND_NO);
    else
        refuse(d, field, value, "yes or no");
}

void tmg_put_found(tmg_draft *d, tmg_field_id field, tmg_found found)
{
    d->rec->result.found[field == TMG_F_FOUND_CRITICAL ? TMG_CRITICAL : TMG_FRAUD] = found;
    d->result_stated = true;
}

static void put_text(tmg_draft *d, tmg_field_id field, tmg_span value)
{
    *(tmg_span *)target_of(d, &tmg_fields[field]) = value;
    if (field == TMG_F_CURRENCY)
        d->exponent = tmg_currency_exponent(value);
}

static bool is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

void tmg_put(tmg_draft *d, tmg_field_id field, tmg_span value)
{
    const tmg_field *f = &tmg_fields[field];

    if (value.len > 0 && (is_blank(value.ptr[0]) || is_blank(value.ptr[value.len - 1])))
        value = tmg_span_trim(value);
    if (value.len == 0)
        return;
    if (f->level == TMG_OF_RESULT)
        d->result_stated = true;
    switch ((tmg_kind)f->kind) {
    case TMG_KIND_CODE:
    case TMG_KIND_TEXT:
    case TMG_KIND_COUNTRY:
    case TMG_KIND_CURRENCY:
        put_text(d, field, value);
        break;
    case TMG_KIND_HS:
        put_hs(d, value);
        break;
    case TMG_KIND_POST:
        put_post(d, value);
        break;
    case TMG_KIND_REGIME:
        put_regime(d, value);
        break;
    case TMG_KIND_LODGED:
    case TMG_KIND_MOMENT:
        put_moment(d, field, value);
        break;
    case TMG_KIND_DECIMAL:
        put_decimal(d, field, value, f->scale);
        break;
    case TMG_KIND_MONEY:
        put_decimal(d, field, value, d->exponent);
        break;
    case TMG_KIND_WHOLE:
        put_whole(d, field, value);
        break;
    case TMG_KIND_ITEM_NO:
        put_item_no(d, value);
        break;
    case TMG_KIND_OUTCOME:
        put_outcome(d, value);
        break;
    case TMG_KIND_FOUND:
        read_found(d, field, value);
        break;
    case TMG_KIND_ROUTE:
    case TMG_KIND_DOCUMENTS:
    case TMG_KIND_CONTAINERS:
    case TMG_KIND_SEALS:
    case TMG_KIND_MEANS:
    case TMG_KIND_SEIZED:
        tmg_put_list(d, field, value);
        break;
    }
}
