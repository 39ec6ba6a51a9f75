#include "intake/intake_priv.h"

tmg_rules tmg_rules_own(int offset_min)
{
    return (tmg_rules){.rounding = TMG_ROUND_REFUSE,
                       .offset_min = offset_min,
                       .point = '.',
                       .happened_after_ms = TMG_NONE,
                       .known_after_ms = TMG_NONE};
}

void tmg_draft_begin(tmg_draft *d, tmg_arena *a, const tmg_rules *rules, tmg_record *rec)
{
    tmg_declaration *decl = &rec->declaration;
    tmg_result *result = &rec->result;

    /* The findings are large and only their count tells which of them are alive. */
    memset(rec, 0, offsetof(tmg_record, findings));
    rec->finding_count = 0;
    rec->good = true;
    decl->expected_ms = decl->known_at_ms = decl->lodged.at_ms = TMG_NONE;
    decl->value_minor = decl->gross_mg = decl->taxes_minor = TMG_NONE;
    result->happened_ms = result->known_at_ms = result->minutes = result->recovered_minor = TMG_NONE;
    result->found[TMG_FRAUD] = result->found[TMG_CRITICAL] = TMG_FOUND_UNKNOWN;
    *d = (tmg_draft){.arena = a, .rec = rec, .rules = rules, .exponent = 2};
}

static void make_room(tmg_draft *d)
{
    tmg_declaration *decl = &d->rec->declaration;
    size_t room = d->item_room == 0 ? 1 : d->item_room * 4;
    tmg_item *items = tmg_alloc_array(d->arena, room, sizeof *items);

    if (decl->item_count > 0)
        memcpy(items, decl->items, decl->item_count * sizeof *items);
    decl->items = items;
    d->item_room = room;
}

void tmg_draft_item(tmg_draft *d)
{
    tmg_declaration *decl = &d->rec->declaration;

    if (decl->item_count == TMG_MAX_ITEMS) {
        if (d->rec->good)
            tmg_note_named(d->rec, true, TMG_SPAN("items"), (tmg_span){NULL, 0}, "more than %d items",
                           TMG_MAX_ITEMS);
        return;
    }
    if (decl->item_count == d->item_room)
        make_room(d);
    d->item = &decl->items[decl->item_count++];
    d->item->gross_mg = d->item->net_mg = d->item->packages = d->item->quantity_milli = TMG_NONE;
    d->item->value_minor = d->item->tax_rate_bp = d->item->taxes_minor = TMG_NONE;
}

int32_t tmg_draft_item_no(const tmg_draft *d)
{
    size_t count = d->rec->declaration.item_count;

    return count > 1 ? (int32_t)count : 0;
}

static void number_items(tmg_declaration *decl)
{
    for (size_t i = 0; i < decl->item_count; i++)
        if (decl->items[i].no == 0)
            decl->items[i].no = (int32_t)i + 1;
}

/* The outcome from the labels of a source that does not name one, and the labels from the outcome. */
static void complete_outcome(tmg_result *r)
{
    tmg_found by_outcome[TMG_HARMS];

    if (r->outcome == 0) {
        bool something = r->found[TMG_FRAUD] == TMG_FOUND_YES || r->found[TMG_CRITICAL] == TMG_FOUND_YES;

        r->outcome = something ? TMG_OUTCOME_OTHER : TMG_OUTCOME_NONE;
        return;
    }
    tmg_outcome_found(r->outcome, by_outcome);
    for (int h = 0; h < TMG_HARMS; h++)
        if (r->found[h] == TMG_FOUND_UNKNOWN)
            r->found[h] = by_outcome[h];
}

static void complete_result(tmg_draft *d)
{
    tmg_record *rec = d->rec;
    tmg_result *r = &rec->result;
    int64_t lodged = rec->declaration.lodged.at_ms;

    if (!d->result_stated)
        return;
    if (r->outcome == 0 && r->found[TMG_FRAUD] == TMG_FOUND_UNKNOWN &&
        r->found[TMG_CRITICAL] == TMG_FOUND_UNKNOWN) {
        tmg_note(rec, d->rules, true, TMG_F_OUTCOME, 0, (tmg_span){NULL, 0},
                 "a control result needs an outcome, or found_fraud or found_critical");
        return;
    }
    rec->has_result = true;
    if (r->outcome == TMG_OUTCOME_OTHER && r->note.len == 0)
        tmg_note(rec, d->rules, false, TMG_F_NOTE, 0, (tmg_span){NULL, 0},
                 "the outcome other needs a note that says what");
    complete_outcome(r);
    if (r->happened_ms == TMG_NONE && d->rules->happened_after_ms != TMG_NONE && lodged != TMG_NONE)
        r->happened_ms = lodged + d->rules->happened_after_ms;
    if (r->known_at_ms == TMG_NONE && d->rules->known_after_ms != TMG_NONE && lodged != TMG_NONE)
        r->known_at_ms = lodged + d->rules->known_after_ms;
    if (r->known_at_ms == TMG_NONE)
        r->known_at_ms = r->happened_ms;
}

void tmg_draft_finish(tmg_draft *d)
{
    tmg_declaration *decl = &d->rec->declaration;

    if (decl->currency.len == 0)
        decl->currency = TMG_SPAN("XXX");
    number_items(decl);
    complete_result(d);
    tmg_check_by(d->rec, d->rules, d->texts_valid);
    if (d->rec->good)
        tmg_declaration_sum(decl);
}
