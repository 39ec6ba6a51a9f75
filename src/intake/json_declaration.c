#include "base/json.h"
#include "intake/intake_priv.h"

/* One object on the way down: its level and, for a party, whose it is. */
typedef struct place {
    tmg_draft *draft;
    tmg_level level;
    const char *path; /* "consignor", "items", ... for messages about members that nobody knows */
} place;

static const tmg_span nothing;

static void refuse(tmg_draft *d, tmg_field_id field, const char *expected)
{
    int32_t item = tmg_fields[field].level == TMG_OF_ITEM ? tmg_draft_item_no(d) : 0;

    tmg_note(d->rec, d->rules, true, field, item, nothing, "expected %s", expected);
}

static void refuse_member(const place *p, tmg_span key, const char *reason)
{
    char name[160];
    int len = snprintf(name, sizeof name, "%s%s%.*s", p->path, p->path[0] != '\0' ? "." : "",
                       TMG_SPAN_ARG(tmg_utf8_cut(key, 80)));
    tmg_draft *d = p->draft;

    tmg_note_named(d->rec, true, tmg_span_copy(d->arena, (tmg_span){name, (size_t)len}), nothing, "%s",
                   reason);
}

static bool is_number_kind(tmg_kind kind)
{
    return kind == TMG_KIND_DECIMAL || kind == TMG_KIND_MONEY || kind == TMG_KIND_WHOLE ||
           kind == TMG_KIND_ITEM_NO;
}

static void put_scalar(tmg_draft *d, tmg_field_id field, const tmg_json *value)
{
    tmg_kind kind = (tmg_kind)tmg_fields[field].kind;
    tmg_json_kind is = tmg_json_kind_of(value);

    if (is == TMG_JSON_NULL)
        return;
    if (kind == TMG_KIND_FOUND && is == TMG_JSON_BOOL)
        tmg_put_found(d, field, tmg_json_as_bool(value, false) ? TMG_FOUND_YES : TMG_FOUND_NO);
    else if (kind == TMG_KIND_FOUND)
        refuse(d, field, "true or false");
    else if (is_number_kind(kind) && (is == TMG_JSON_INT || is == TMG_JSON_REAL || is == TMG_JSON_TEXT))
        tmg_put(d, field, tmg_span_copy(d->arena, tmg_json_as_decimal(value, d->arena)));
    else if (is_number_kind(kind))
        refuse(d, field, "a number");
    else if (is == TMG_JSON_TEXT)
        tmg_put(d, field, tmg_span_copy(d->arena, tmg_json_as_text(value)));
    else
        refuse(d, field, "text in quotes");
}

/* ---- lists ---- */

static tmg_span text_member(tmg_draft *d, const tmg_json *object, const char *key)
{
    return tmg_span_trim(tmg_span_copy(d->arena, tmg_json_as_text(tmg_json_member(object, key))));
}

static void put_document(tmg_draft *d, const tmg_json *value)
{
    tmg_span type = text_member(d, value, "type");
    tmg_span number = text_member(d, value, "number");

    if (type.len == 0 || number.len == 0)
        refuse(d, TMG_F_DOCUMENTS, "objects like {\"type\": \"CMR\", \"number\": \"1042\"}");
    else
        tmg_put_document(d, type, number);
}

/* An amount of something seized; TMG_NONE when absent, false when it is not a number from 0. */
static bool amount_member(tmg_draft *d, const tmg_json *object, const char *key, int scale, int64_t *ret)
{
    const tmg_json *value = tmg_json_member(object, key);

    *ret = TMG_NONE;
    if (tmg_json_kind_of(value) == TMG_JSON_NULL)
        return true;
    return tmg_decimal_parse(tmg_json_as_decimal(value, d->arena), scale, TMG_ROUND_REFUSE, ret, NULL) ==
               TMG_OK &&
           *ret >= 0;
}

static void put_seized(tmg_draft *d, const tmg_json *value)
{
    tmg_span substance = text_member(d, value, "substance");
    int64_t mass_mg, count;
    bool good = amount_member(d, value, "mass_kg", 6, &mass_mg);

    good = amount_member(d, value, "count", 0, &count) && good;
    if (!good || substance.len == 0 || (mass_mg == TMG_NONE && count == TMG_NONE))
        refuse(d, TMG_F_SEIZED,
               "objects like {\"substance\": \"heroin\", \"mass_kg\": 12.5} or with \"count\"");
    else
        tmg_put_seized(d, substance, mass_mg, count);
}

static void put_list_text(tmg_draft *d, tmg_field_id field, const tmg_json *value)
{
    tmg_span text = tmg_span_trim(tmg_span_copy(d->arena, tmg_json_as_text(value)));

    if (text.len == 0)
        refuse(d, field, "a list of texts");
    else if (field == TMG_F_ROUTE)
        tmg_put_country(d, text);
    else if (field == TMG_F_MEANS)
        tmg_put_means(d, text);
    else
        tmg_put_equipment(d, field == TMG_F_SEALS ? TMG_SEAL : TMG_CONTAINER, text);
}

static void put_list(tmg_draft *d, tmg_field_id field, const tmg_json *value)
{
    if (tmg_json_kind_of(value) == TMG_JSON_NULL)
        return;
    if (tmg_json_kind_of(value) != TMG_JSON_ARRAY) {
        refuse(d, field, "a list in [ ]");
        return;
    }
    for (size_t i = 0; i < tmg_json_count(value); i++) {
        const tmg_json *element = tmg_json_at(value, i);

        if (field == TMG_F_DOCUMENTS)
            put_document(d, element);
        else if (field == TMG_F_SEIZED)
            put_seized(d, element);
        else
            put_list_text(d, field, element);
    }
}

static bool is_list(tmg_field_id field)
{
    switch ((int)tmg_fields[field].kind) {
    case TMG_KIND_ROUTE:
    case TMG_KIND_DOCUMENTS:
    case TMG_KIND_CONTAINERS:
    case TMG_KIND_SEALS:
    case TMG_KIND_MEANS:
    case TMG_KIND_SEIZED:
        return true;
    default:
        return false;
    }
}

/* ---- objects ---- */

static void visit_field(void *ctx, tmg_span key, const tmg_json *value)
{
    const place *p = ctx;
    tmg_field_id field = tmg_field_find(key, p->level);

    if (field == TMG_FIELDS)
        refuse_member(p, key, "is not a member that the format knows");
    else if (is_list(field))
        put_list(p->draft, field, value);
    else
        put_scalar(p->draft, field, value);
}

static void visit_party_member(void *ctx, tmg_span key, const tmg_json *value)
{
    static const char *const members[] = {"code", "name", "country", "address"};
    const place *p = ctx;

    for (int role = 0; role < TMG_PARTY_ROLES; role++)
        for (int i = 0; i < 4; i++)
            if (strcmp(p->path, tmg_party_role_name((tmg_party_role)role)) == 0 &&
                tmg_span_is(key, members[i])) {
                put_scalar(p->draft, (tmg_field_id)((int)tmg_field_of_party((tmg_party_role)role) + i),
                           value);
                return;
            }
    refuse_member(p, key, "is not a member that the format knows; expected code, name, country or address");
}

/* Visits the members of an object; anything else but null is a fault of the whole member. */
static void each_member(place *inside, const tmg_json *value,
                        void (*visit)(void *, tmg_span, const tmg_json *))
{
    if (tmg_json_kind_of(value) == TMG_JSON_OBJECT)
        tmg_json_each(value, visit, inside);
    else if (tmg_json_kind_of(value) != TMG_JSON_NULL)
        tmg_note_named(inside->draft->rec, true, tmg_span_of(inside->path), nothing,
                       "expected an object in { }");
}

static void visit_result_member(void *ctx, tmg_span key, const tmg_json *value)
{
    const place *p = ctx;
    tmg_draft *d = p->draft;
    int exponent = d->exponent;

    if (!tmg_span_is(key, "recovered_minor")) {
        visit_field(ctx, key, value);
        return;
    }
    d->exponent = 0;
    put_scalar(d, TMG_F_RECOVERED, value);
    d->exponent = exponent;
}

static void put_items(tmg_draft *d, const tmg_json *value)
{
    place item = {d, TMG_OF_ITEM, "items"};

    if (tmg_json_kind_of(value) != TMG_JSON_ARRAY) {
        tmg_note_named(d->rec, true, TMG_SPAN("items"), nothing, "expected a list of objects in [ ]");
        return;
    }
    for (size_t i = 0; i < tmg_json_count(value); i++) {
        if (d->rec->declaration.item_count == TMG_MAX_ITEMS) {
            tmg_note_named(d->rec, true, TMG_SPAN("items"), nothing, "more than %d items", TMG_MAX_ITEMS);
            return;
        }
        tmg_draft_item(d);
        each_member(&item, tmg_json_at(value, i), visit_field);
    }
}

static void visit_header(void *ctx, tmg_span key, const tmg_json *value)
{
    const place *p = ctx;
    tmg_draft *d = p->draft;

    if (tmg_span_is(key, "items")) {
        put_items(d, value);
        return;
    }
    if (tmg_span_is(key, "result")) {
        place result = {d, TMG_OF_RESULT, "result"};

        each_member(&result, value, visit_result_member);
        return;
    }
    for (int role = 0; role < TMG_PARTY_ROLES; role++) {
        place party = {d, TMG_OF_HEADER, tmg_party_role_name((tmg_party_role)role)};

        if (tmg_span_is(key, party.path)) {
            each_member(&party, value, visit_party_member);
            return;
        }
    }
    visit_field(ctx, key, value);
}

/* The names by which messages call the fields of a JSON declaration, where they differ from those of CSV. */
static tmg_rules json_rules(int offset_min)
{
    static const struct {
        tmg_field_id field;
        const char *name;
    } names[] = {
#define PARTY_NAMES(P, p)                                                                                    \
    {TMG_F_##P##_CODE, p ".code"}, {TMG_F_##P##_NAME, p ".name"}, {TMG_F_##P##_COUNTRY, p ".country"},       \
        {TMG_F_##P##_ADDRESS, p ".address"}
        PARTY_NAMES(CONSIGNOR, "consignor"),  PARTY_NAMES(CONSIGNEE, "consignee"),
        PARTY_NAMES(DECLARANT, "declarant"),  PARTY_NAMES(CARRIER, "carrier"),
        {TMG_F_OUTCOME, "result.outcome"},    {TMG_F_RESULT_HAPPENED, "result.happened"},
        {TMG_F_RESULT_KNOWN, "result.known"},
    };
    tmg_rules rules = tmg_rules_own(offset_min);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rules.names[names[i].field] = tmg_span_of(names[i].name);
    return rules;
}

tmg_rc tmg_declaration_read_json(const tmg_json *value, int offset_min, tmg_arena *a, tmg_record *ret,
                                 tmg_err *err)
{
    tmg_rules rules = json_rules(offset_min);
    tmg_draft d;
    place top = {&d, TMG_OF_HEADER, ""};

    if (tmg_json_kind_of(value) != TMG_JSON_OBJECT)
        return TMG_FAIL(err, TMG_E_INVALID, "expected a declaration as a JSON object in { }");
    tmg_draft_begin(&d, a, &rules, ret);
    put_scalar(&d, TMG_F_CURRENCY, tmg_json_member(value, "currency"));
    tmg_json_each(value, visit_header, &top);
    tmg_draft_finish(&d);
    return TMG_OK;
}
