#include "intake/intake_priv.h"

enum { MAX_SEIZED = 99 };

/* One more zeroed element behind `count` others; lists grow by doubling inside the arena. */
static void *grow(tmg_arena *a, void *old, size_t count, size_t size)
{
    void *more = old;

    if (count == 0 || (count & (count - 1)) == 0) {
        more = tmg_alloc_array(a, count == 0 ? 1 : 2 * count, size);
        if (count > 0)
            memcpy(more, old, count * size);
    }
    return more;
}

static bool refuse_more(tmg_draft *d, tmg_field_id field, size_t count, size_t most)
{
    if (count == most)
        tmg_note(d->rec, d->rules, true, field, 0, (tmg_span){NULL, 0}, "more than %zu entries", most);
    return count >= most;
}

void tmg_put_country(tmg_draft *d, tmg_span country)
{
    tmg_declaration *decl = &d->rec->declaration;

    if (refuse_more(d, TMG_F_ROUTE, decl->route_count, TMG_MAX_ROUTE))
        return;
    decl->route = grow(d->arena, decl->route, decl->route_count, sizeof *decl->route);
    decl->route[decl->route_count++] = country;
}

void tmg_put_equipment(tmg_draft *d, tmg_equipment_kind kind, tmg_span number)
{
    tmg_declaration *decl = &d->rec->declaration;

    if (refuse_more(d, kind == TMG_SEAL ? TMG_F_SEALS : TMG_F_CONTAINERS, decl->equipment_count,
                    TMG_MAX_EQUIPMENT))
        return;
    decl->equipment = grow(d->arena, decl->equipment, decl->equipment_count, sizeof *decl->equipment);
    decl->equipment[decl->equipment_count++] = (tmg_equipment){kind, number};
}

void tmg_put_document(tmg_draft *d, tmg_span type, tmg_span number)
{
    tmg_declaration *decl = &d->rec->declaration;

    if (refuse_more(d, TMG_F_DOCUMENTS, decl->document_count, TMG_MAX_DOCUMENTS))
        return;
    decl->documents = grow(d->arena, decl->documents, decl->document_count, sizeof *decl->documents);
    decl->documents[decl->document_count++] = (tmg_document){type, number};
}

void tmg_put_means(tmg_draft *d, tmg_span word)
{
    unsigned bit = tmg_means_of(word);

    d->result_stated = true;
    if (bit == 0)
        tmg_note(d->rec, d->rules, true, TMG_F_MEANS, 0, word,
                 "expected documents, xray, dog, density, scale or unloading");
    d->rec->result.means |= bit;
}

void tmg_put_seized(tmg_draft *d, tmg_span substance, int64_t mass_mg, int64_t count)
{
    tmg_result *r = &d->rec->result;

    d->result_stated = true;
    if (refuse_more(d, TMG_F_SEIZED, r->seized_count, MAX_SEIZED))
        return;
    r->seized = grow(d->arena, r->seized, r->seized_count, sizeof *r->seized);
    r->seized[r->seized_count++] = (tmg_seized){substance, mass_mg, count};
}

static void put_document_pair(tmg_draft *d, tmg_span pair)
{
    tmg_span number = pair, type;

    if (!tmg_span_split(&number, ':', &type) || type.len == 0 || tmg_span_trim(number).len == 0)
        tmg_note(d->rec, d->rules, true, TMG_F_DOCUMENTS, 0, pair,
                 "expected TYPE:NUMBER, for example CMR:1042");
    else
        tmg_put_document(d, tmg_span_trim(type), tmg_span_trim(number));
}

/* "heroin:12.5kg" or "tablets:300". */
static void put_seized_pair(tmg_draft *d, tmg_span pair)
{
    tmg_span amount = pair, substance;
    bool by_mass;
    int64_t v;

    if (!tmg_span_split(&amount, ':', &substance))
        return;
    substance = tmg_span_trim(substance);
    amount = tmg_span_trim(amount);
    by_mass = amount.len > 2 && memcmp(amount.ptr + amount.len - 2, "kg", 2) == 0;
    if (by_mass)
        amount = tmg_span_trim((tmg_span){amount.ptr, amount.len - 2});
    if (substance.len == 0 ||
        tmg_decimal_parse(amount, by_mass ? 6 : 0, TMG_ROUND_REFUSE, &v, NULL) != TMG_OK || v < 0)
        tmg_note(d->rec, d->rules, true, TMG_F_SEIZED, 0, pair,
                 "expected SUBSTANCE:MASSkg or SUBSTANCE:PIECES, for example heroin:12.5kg");
    else
        tmg_put_seized(d, substance, by_mass ? v : TMG_NONE, by_mass ? TMG_NONE : v);
}

static void put_element(tmg_draft *d, tmg_field_id field, tmg_span part)
{
    switch ((int)field) {
    case TMG_F_ROUTE:
        tmg_put_country(d, part);
        break;
    case TMG_F_CONTAINERS:
        tmg_put_equipment(d, TMG_CONTAINER, part);
        break;
    case TMG_F_SEALS:
        tmg_put_equipment(d, TMG_SEAL, part);
        break;
    case TMG_F_DOCUMENTS:
        put_document_pair(d, part);
        break;
    case TMG_F_MEANS:
        tmg_put_means(d, part);
        break;
    default:
        put_seized_pair(d, part);
        break;
    }
}

void tmg_put_list(tmg_draft *d, tmg_field_id field, tmg_span value)
{
    char separator = field == TMG_F_ROUTE ? '>' : field == TMG_F_MEANS ? '+' : ';';
    tmg_span rest = value, part;

    while (tmg_span_split(&rest, separator, &part)) {
        part = tmg_span_trim(part);
        if (part.len > 0)
            put_element(d, field, part);
    }
}
