#include "intake/intake_priv.h"
#include "model/codes.h"

/* Far enough for any advance declaration, near enough to catch a wrong century. */
#define FUTURE_MS (366 * TMG_DAY_MS)
#define CLOCKS_MS TMG_DAY_MS /* by so much clocks and time zones may differ */

enum { RATE_MAX_BP = 100 * 100 * 100 };

typedef struct check {
    tmg_record *rec;
    const tmg_rules *rules;
    bool texts_valid;
    int32_t item_no;  /* for messages about one of several items, or 0 */
    const char *base; /* the struct that is being checked */
} check;

static const tmg_span nothing;

#define FAULT(c, field, value, ...)                                                                          \
    tmg_note((c)->rec, (c)->rules, true, field, (c)->item_no, value, __VA_ARGS__)
#define REMARK(c, field, value, ...)                                                                         \
    tmg_note((c)->rec, (c)->rules, false, field, (c)->item_no, value, __VA_ARGS__)

/* A value that could not be typed is noted already; that it is missing would be news of the same fault. */
static bool is_noted(const check *c, tmg_span name)
{
    for (size_t i = 0; i < c->rec->finding_count; i++)
        if (c->rec->findings[i].fault && tmg_span_eq(c->rec->findings[i].field, name))
            return true;
    return false;
}

static void missing(check *c, tmg_field_id field, const char *expected)
{
    tmg_span name = c->rules->names[field];

    if (!is_noted(c, name.len > 0 ? name : tmg_span_of(tmg_fields[field].name)))
        FAULT(c, field, nothing, "is missing; expected %s", expected);
}

static void check_text(check *c, tmg_field_id field, tmg_span s, size_t most)
{
    if (s.len > most)
        FAULT(c, field, s, "%zu bytes; expected at most %zu", s.len, most);
    else if (!c->texts_valid && !tmg_utf8_valid(s))
        FAULT(c, field, s, "expected UTF-8 text without control characters");
}

static void check_country(check *c, tmg_field_id field, tmg_span s)
{
    if (s.len == 0 || tmg_country_known(s))
        return;
    check_text(c, field, s, TMG_MAX_CODE);
    tmg_note(c->rec, c->rules, !c->rules->unknown_country_is_remark, field, c->item_no, s,
             "expected two capital letters of ISO 3166, for example IR");
}

static void check_currency(check *c, tmg_span s)
{
    bool good = s.len == 3;

    for (size_t i = 0; good && i < 3; i++)
        good = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
    if (!good)
        FAULT(c, TMG_F_CURRENCY, s, "expected three capital letters of ISO 4217, for example AZN");
}

static void check_hs(check *c, tmg_span hs)
{
    bool digits = true;

    for (size_t i = 0; i < hs.len; i++)
        digits = digits && hs.ptr[i] >= '0' && hs.ptr[i] <= '9';
    if (hs.len == 0)
        missing(c, TMG_F_HS, "a commodity code of 4 to 10 digits, for example 080620");
    else if (!digits || hs.len < 4 || hs.len > 10)
        FAULT(c, TMG_F_HS, hs, "expected a commodity code of 4 to 10 digits, for example 080620");
    else if (!tmg_hs_chapter_known(hs))
        FAULT(c, TMG_F_HS, hs, "chapter %.2s does not exist in the Harmonized System", hs.ptr);
    else if (hs.len % 2 != 0)
        REMARK(c, TMG_F_HS, hs, "an odd number of digits: was a leading zero lost?");
}

/* The texts of one level, by the table of fields. */
static void check_texts(check *c, tmg_level level, tmg_field_id from, tmg_field_id to)
{
    for (tmg_field_id f = from; f <= to; f++) {
        const tmg_field *field = &tmg_fields[f];
        tmg_span s;

        if (field->level != level || field->kind > TMG_KIND_COUNTRY)
            continue;
        memcpy(&s, c->base + field->offset, sizeof s);
        if (s.len == 0)
            continue;
        if (field->kind == TMG_KIND_COUNTRY)
            check_country(c, f, s);
        else
            check_text(c, f, s, field->kind == TMG_KIND_CODE ? TMG_MAX_CODE : TMG_MAX_TEXT);
    }
}

static void check_when(check *c, const tmg_declaration *d)
{
    if (d->lodged.at_ms == TMG_NONE) {
        missing(c, TMG_F_LODGED, "the date and time of lodging, for example 2026-03-02T08:15:30+04:00");
        return;
    }
    /* Windows and profiles are as of lodging: one from the future would see, and be seen, out of turn. */
    if (d->lodged.at_ms > tmg_now_ms() + CLOCKS_MS)
        FAULT(c, TMG_F_LODGED, nothing, "lies more than a day in the future; expected the date of lodging");
    if (d->expected_ms == TMG_NONE)
        return;
    if (d->expected_ms > d->lodged.at_ms + FUTURE_MS)
        FAULT(c, TMG_F_EXPECTED, nothing, "lies more than a year after the lodging");
    else if (d->expected_ms < d->lodged.at_ms)
        REMARK(c, TMG_F_EXPECTED, nothing, "lies before the lodging");
}

static void check_header(check *c, const tmg_declaration *d)
{
    c->base = (const char *)d;
    if (d->ref.len == 0)
        missing(c, TMG_F_REF, "the reference of the declaration");
    if (d->regime == 0)
        missing(c, TMG_F_REGIME, "import, export or transit");
    if (d->post.len == 0)
        missing(c, TMG_F_POST, "the code of the post of entry");
    else
        check_text(c, TMG_F_POST, d->post, TMG_MAX_CODE);
    check_currency(c, d->currency);
    check_when(c, d);
    check_texts(c, TMG_OF_HEADER, TMG_F_REF, TMG_F_PAYMENT_TYPE);
}

static void check_amount(check *c, tmg_field_id field, int64_t v, bool zero_is_odd)
{
    if (v == TMG_NONE || v > 0)
        return;
    if (v < 0)
        FAULT(c, field, nothing, "is negative");
    else if (zero_is_odd)
        REMARK(c, field, TMG_SPAN("0"), "is 0");
}

static void check_item(check *c, const tmg_item *i)
{
    c->base = (const char *)i;
    check_hs(c, i->hs);
    check_texts(c, TMG_OF_ITEM, TMG_F_DESCRIPTION, TMG_F_TAX_TYPE);
    check_amount(c, TMG_F_GROSS, i->gross_mg, true);
    check_amount(c, TMG_F_NET, i->net_mg, true);
    check_amount(c, TMG_F_PACKAGES, i->packages, false);
    check_amount(c, TMG_F_QUANTITY, i->quantity_milli, false);
    check_amount(c, TMG_F_VALUE, i->value_minor, true);
    check_amount(c, TMG_F_TAX_RATE, i->tax_rate_bp, false);
    check_amount(c, TMG_F_TAXES, i->taxes_minor, false);
    if (i->tax_rate_bp > RATE_MAX_BP)
        FAULT(c, TMG_F_TAX_RATE, nothing, "is more than 10000 per cent");
    if (i->gross_mg > 0 && i->net_mg > i->gross_mg)
        REMARK(c, TMG_F_NET, nothing, "the net mass is more than the gross mass");
}

static void check_items(check *c, const tmg_declaration *d)
{
    uint64_t seen[TMG_MAX_ITEMS / 64 + 1] = {0};

    if (d->item_count == 0 && !is_noted(c, TMG_SPAN("items")))
        tmg_note_named(c->rec, true, TMG_SPAN("items"), nothing,
                       "is missing; expected at least one goods item");
    else if (d->item_count > TMG_MAX_ITEMS)
        tmg_note_named(c->rec, true, TMG_SPAN("items"), nothing, "more than %d items", TMG_MAX_ITEMS);
    for (size_t i = 0; i < d->item_count; i++) {
        int32_t no = d->items[i].no;

        c->item_no = d->item_count > 1 ? (int32_t)i + 1 : 0;
        if (no < 1 || no > TMG_MAX_ITEMS)
            FAULT(c, TMG_F_ITEM_NO, nothing, "expected a whole number from 1 to %d", TMG_MAX_ITEMS);
        else if (seen[no / 64] & UINT64_C(1) << (no % 64))
            FAULT(c, TMG_F_ITEM_NO, nothing, "the number %d is given to another item too", no);
        else
            seen[no / 64] |= UINT64_C(1) << (no % 64);
        check_item(c, &d->items[i]);
    }
    c->item_no = 0;
}

static void check_total(check *c, tmg_field_id field, int64_t stated, int64_t sum)
{
    check_amount(c, field, stated, false);
    if (stated != TMG_NONE && sum != TMG_NONE && stated != sum)
        REMARK(c, field, nothing, "the stated total is not the sum of the items");
}

static void check_totals(check *c, const tmg_declaration *d)
{
    tmg_declaration sum = {.items = d->items, .item_count = d->item_count};

    if (d->value_minor == TMG_NONE && d->gross_mg == TMG_NONE && d->taxes_minor == TMG_NONE)
        return;
    sum.value_minor = sum.gross_mg = sum.taxes_minor = TMG_NONE;
    tmg_declaration_sum(&sum);
    check_total(c, TMG_F_TOTAL_VALUE, d->value_minor, sum.value_minor);
    check_total(c, TMG_F_TOTAL_GROSS, d->gross_mg, sum.gross_mg);
    check_total(c, TMG_F_TOTAL_TAXES, d->taxes_minor, sum.taxes_minor);
}

static void check_container(check *c, tmg_span number)
{
    switch (tmg_container_verify(number)) {
    case TMG_CONTAINER_OK:
        break;
    case TMG_CONTAINER_MALFORMED:
        REMARK(c, TMG_F_CONTAINERS, number, "not a container number of ISO 6346, for example CSQU3054383");
        break;
    case TMG_CONTAINER_CHECK_DIGIT:
        REMARK(c, TMG_F_CONTAINERS, number,
               "the check digit of ISO 6346 does not fit: mistyped, or not a real container");
        break;
    }
}

static void check_count(check *c, tmg_field_id field, size_t count, size_t most)
{
    if (count > most)
        FAULT(c, field, nothing, "more than %zu entries", most);
}

static void check_lists(check *c, const tmg_declaration *d)
{
    check_count(c, TMG_F_CONTAINERS, d->equipment_count, TMG_MAX_EQUIPMENT);
    check_count(c, TMG_F_ROUTE, d->route_count, TMG_MAX_ROUTE);
    check_count(c, TMG_F_DOCUMENTS, d->document_count, TMG_MAX_DOCUMENTS);
    for (size_t i = 0; i < d->route_count; i++)
        check_country(c, TMG_F_ROUTE, d->route[i]);
    for (size_t i = 0; i < d->equipment_count; i++) {
        bool seal = d->equipment[i].kind == TMG_SEAL;

        check_text(c, seal ? TMG_F_SEALS : TMG_F_CONTAINERS, d->equipment[i].number, TMG_MAX_CODE);
        if (!seal)
            check_container(c, d->equipment[i].number);
    }
    for (size_t i = 0; i < d->document_count; i++) {
        check_text(c, TMG_F_DOCUMENTS, d->documents[i].type, TMG_MAX_CODE);
        check_text(c, TMG_F_DOCUMENTS, d->documents[i].number, TMG_MAX_CODE);
    }
}

static void check_result_times(check *c, const tmg_result *r, int64_t lodged_ms)
{
    if (r->happened_ms == TMG_NONE) {
        if (lodged_ms != TMG_NONE)
            missing(c, TMG_F_RESULT_HAPPENED,
                    "when the control took place, for example 2026-03-02T11:40:00+04:00");
        return;
    }
    if (r->known_at_ms != TMG_NONE && r->known_at_ms < r->happened_ms)
        FAULT(c, TMG_F_RESULT_KNOWN, nothing, "lies before the control itself");
    if (r->happened_ms > tmg_now_ms() + FUTURE_MS)
        FAULT(c, TMG_F_RESULT_HAPPENED, nothing, "lies more than a year in the future");
    if (lodged_ms != TMG_NONE && r->happened_ms < lodged_ms)
        REMARK(c, TMG_F_RESULT_HAPPENED, nothing, "lies before the lodging");
}

static void check_result(check *c, const tmg_result *r)
{
    check_result_times(c, r, c->rec->declaration.lodged.at_ms);
    check_amount(c, TMG_F_MINUTES, r->minutes, false);
    check_amount(c, TMG_F_RECOVERED, r->recovered_minor, false);
    check_text(c, TMG_F_NOTE, r->note, TMG_MAX_TEXT);
    for (size_t i = 0; i < r->seized_count; i++) {
        check_text(c, TMG_F_SEIZED, r->seized[i].substance, TMG_MAX_CODE);
        check_amount(c, TMG_F_SEIZED, r->seized[i].mass_mg, false);
        check_amount(c, TMG_F_SEIZED, r->seized[i].count, false);
    }
}

void tmg_check_by(tmg_record *rec, const tmg_rules *rules, bool texts_valid)
{
    check c = {.rec = rec, .rules = rules, .texts_valid = texts_valid};
    const tmg_declaration *d = &rec->declaration;

    check_header(&c, d);
    check_items(&c, d);
    check_totals(&c, d);
    check_lists(&c, d);
    if (rec->has_result)
        check_result(&c, &rec->result);
}
