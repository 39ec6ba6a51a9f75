/* The sections [file] and [rules] of a mapping. */
#include "intake/mapping_priv.h"

tmg_rc tmg_mapping_refuse_value(const tmg_mapping_entry *at, const char *expected, tmg_err *err)
{
    return TMG_REFUSE_ENTRY(at, err, "%.*s = %.*s; expected %s", TMG_SPAN_ARG(at->e->key),
                            TMG_SPAN_ARG(tmg_utf8_cut(at->e->value, 80)), expected);
}

tmg_rc tmg_mapping_refuse_key(const tmg_mapping_entry *at, const char *known, tmg_err *err)
{
    return TMG_REFUSE_ENTRY(at, err, "[%.*s] has no \"%.*s\"; expected %s", TMG_SPAN_ARG(at->e->section),
                            TMG_SPAN_ARG(at->e->key), known);
}

/* Index of the value among the words, or refusal. */
static tmg_rc one_of(const tmg_mapping_entry *at, const char *const *words, size_t count,
                     const char *expected, size_t *ret, tmg_err *err)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(at->e->value, words[i])) {
            *ret = i;
            return TMG_OK;
        }
    return tmg_mapping_refuse_value(at, expected, err);
}

/* ---- [file] ---- */

static tmg_rc read_separator(const tmg_mapping_entry *at, tmg_err *err)
{
    static const char *const words[] = {"comma", "semicolon", "tab", "pipe"};
    size_t which = 0;

    TMG_TRY(one_of(at, words, 4, "comma, semicolon, tab or pipe", &which, err));
    at->m->separator = ",;\t|"[which];
    return TMG_OK;
}

static tmg_rc read_decimal(const tmg_mapping_entry *at, tmg_err *err)
{
    static const char *const words[] = {"point", "comma"};
    size_t which = 0;

    TMG_TRY(one_of(at, words, 2, "point or comma", &which, err));
    at->m->rules.point = ".,"[which];
    return TMG_OK;
}

static tmg_rc read_rows(const tmg_mapping_entry *at, tmg_err *err)
{
    static const char *const words[] = {"declarations", "items"};
    size_t which = 0;

    TMG_TRY(one_of(at, words, 2,
                   "declarations (one row each) or items (rows of one reference follow each other)", &which,
                   err));
    at->m->grouped = which == 1;
    return TMG_OK;
}

static tmg_rc read_date(const tmg_mapping_entry *at, tmg_err *err)
{
    tmg_rules *rules = &at->m->rules;
    tmg_span rest = at->e->value, form;

    rules->date_count = 0;
    while (tmg_span_split(&rest, '|', &form)) {
        form = tmg_span_trim(form);
        if (rules->date_count == TMG_DATE_FORMS)
            return tmg_mapping_refuse_value(at, "at most four forms", err);
        if (tmg_span_is(form, "iso"))
            form = (tmg_span){NULL, 0};
        else if (!tmg_date_pattern_ok(form))
            return tmg_mapping_refuse_value(
                at, "iso, or a form with %Y or %y, %m and %d (and %H, %M, %S), for example %d.%m.%Y", err);
        rules->dates[rules->date_count++].pattern = form;
    }
    return TMG_OK;
}

tmg_rc tmg_mapping_file_entry(const tmg_mapping_entry *at, tmg_err *err)
{
    if (tmg_span_is(at->e->key, "separator"))
        return read_separator(at, err);
    if (tmg_span_is(at->e->key, "decimal"))
        return read_decimal(at, err);
    if (tmg_span_is(at->e->key, "date"))
        return read_date(at, err);
    if (tmg_span_is(at->e->key, "rows"))
        return read_rows(at, err);
    return tmg_mapping_refuse_key(at, "separator, decimal, date or rows", err);
}

/* ---- [rules] ---- */

static tmg_rc read_rounding(const tmg_mapping_entry *at, tmg_err *err)
{
    static const char *const words[] = {"refuse", "half_even"};
    size_t which = 0;

    TMG_TRY(one_of(at, words, 2, "refuse or half_even", &which, err));
    at->m->rules.rounding = which == 1 ? TMG_ROUND_HALF_EVEN : TMG_ROUND_REFUSE;
    return TMG_OK;
}

static tmg_rc read_unknown_country(const tmg_mapping_entry *at, tmg_err *err)
{
    static const char *const words[] = {"fault", "remark"};
    size_t which = 0;

    TMG_TRY(one_of(at, words, 2, "fault or remark", &which, err));
    at->m->rules.unknown_country_is_remark = which == 1;
    return TMG_OK;
}

static tmg_rc read_pad_hs(const tmg_mapping_entry *at, tmg_err *err)
{
    int64_t digits;

    if (tmg_span_is(at->e->value, "even")) {
        at->m->rules.pad_hs = TMG_PAD_EVEN;
        return TMG_OK;
    }
    if (!tmg_span_i64(at->e->value, &digits) || digits < 4 || digits > 10)
        return tmg_mapping_refuse_value(at, "the number of digits, 4 to 10, or even", err);
    at->m->rules.pad_hs = (int)digits;
    return TMG_OK;
}

static tmg_rc read_offset(const tmg_mapping_entry *at, tmg_err *err)
{
    tmg_instant t;
    char text[40];

    (void)snprintf(text, sizeof text, "2000-01-01T00:00%.*s", TMG_SPAN_ARG(tmg_utf8_cut(at->e->value, 16)));
    if (at->e->value.len == 0 || tmg_instant_parse(tmg_span_of(text), 0, &t, NULL) != TMG_OK)
        return tmg_mapping_refuse_value(at, "an offset from UTC, for example +09:00", err);
    at->m->rules.offset_min = t.offset_min;
    return TMG_OK;
}

/* "24h" */
static tmg_rc read_hours(const tmg_mapping_entry *at, int64_t *ret_ms, tmg_err *err)
{
    tmg_span number = at->e->value;
    int64_t hours;

    if (number.len > 0 && number.ptr[number.len - 1] == 'h')
        number.len--;
    else
        number.len = 0;
    if (!tmg_span_i64(number, &hours) || hours < 0 || hours > 24 * 366)
        return tmg_mapping_refuse_value(at, "hours after the lodging, for example 24h", err);
    *ret_ms = hours * TMG_HOUR_MS;
    return TMG_OK;
}

tmg_rc tmg_mapping_rule(const tmg_mapping_entry *at, tmg_err *err)
{
    tmg_rules *rules = &at->m->rules;

    if (tmg_span_is(at->e->key, "rounding"))
        return read_rounding(at, err);
    if (tmg_span_is(at->e->key, "pad_hs"))
        return read_pad_hs(at, err);
    if (tmg_span_is(at->e->key, "offset"))
        return read_offset(at, err);
    if (tmg_span_is(at->e->key, "unknown_country"))
        return read_unknown_country(at, err);
    if (tmg_span_is(at->e->key, "result_happened_after"))
        return read_hours(at, &rules->happened_after_ms, err);
    if (tmg_span_is(at->e->key, "result_known_after"))
        return read_hours(at, &rules->known_after_ms, err);
    if (tmg_span_is(at->e->key, "post_prefix")) {
        rules->post_prefix = at->e->value;
        return TMG_OK;
    }
    return tmg_mapping_refuse_key(
        at,
        "rounding, pad_hs, offset, unknown_country, post_prefix, result_happened_after or "
        "result_known_after",
        err);
}
