#include "base/say.h"
#include "intake/intake_priv.h"

#include <stdarg.h>

enum { SHOWN_BYTES = 80 };

/* Where the next finding goes: behind the others, or over the last remark when it is a fault and they are
 * full. */
static tmg_finding *place(tmg_record *rec, bool fault)
{
    if (rec->finding_count < TMG_MAX_FINDINGS)
        return &rec->findings[rec->finding_count++];
    for (size_t i = TMG_MAX_FINDINGS; fault && i > 0; i--)
        if (!rec->findings[i - 1].fault)
            return &rec->findings[i - 1];
    return NULL;
}

TMG_PRINTF(6, 0)
static void fill(tmg_record *rec, bool fault, tmg_span name, int32_t item_no, tmg_span value,
                 const char *reason, va_list args)
{
    tmg_finding *f = place(rec, fault);
    int used = 0, in = 0, wanted;
    size_t len;

    if (fault)
        rec->good = false;
    if (f == NULL)
        return;
    f->fault = fault;
    f->field = name;
    f->value = tmg_utf8_cut(value, SHOWN_BYTES);
    f->form = reason;
    f->values[0] = '\0';
    if (item_no > 0) {
        used = snprintf(f->reason, sizeof f->reason, "item %d: ", item_no);
        in = snprintf(f->values, sizeof f->values, "in=item %d\n", item_no);
    }
    tmg_say_values(f->values + in, sizeof f->values - (size_t)in, reason, args);
    wanted = vsnprintf(f->reason + used, sizeof f->reason - (size_t)used, reason, args);
    if (wanted < (int)sizeof f->reason - used)
        return;
    /* Cut, perhaps inside a character: what is left of it goes too. */
    for (len = strlen(f->reason); len > 0 && (f->reason[len - 1] & 0x80) != 0; len--)
        f->reason[len - 1] = '\0';
}

void tmg_note(tmg_record *rec, const tmg_rules *rules, bool fault, tmg_field_id field, int32_t item_no,
              tmg_span value, const char *reason, ...)
{
    tmg_span name = rules->names[field];
    va_list args;

    if (name.len == 0)
        name = tmg_span_of(tmg_fields[field].name);
    va_start(args, reason);
    fill(rec, fault, name, item_no, value, reason, args);
    va_end(args);
}

void tmg_note_named(tmg_record *rec, bool fault, tmg_span name, tmg_span value, const char *reason, ...)
{
    va_list args;

    va_start(args, reason);
    fill(rec, fault, name, 0, value, reason, args);
    va_end(args);
}

void tmg_record_broken(tmg_record *rec, tmg_span raw, size_t line, const tmg_err *why)
{
    memset(rec, 0, offsetof(tmg_record, findings));
    rec->finding_count = 0;
    rec->line = line;
    rec->raw = tmg_raw_cut(raw);
    tmg_note_named(rec, true, TMG_SPAN("record"), raw, "%s", why->text);
    tmg_finding_say(&rec->findings[0], why);
}

void tmg_record_too_long(tmg_record *rec, tmg_span raw, size_t line)
{
    tmg_err why = {0};

    (void)TMG_FAIL(&why, TMG_E_LIMIT, "is longer than 1 MiB");
    tmg_record_broken(rec, raw, line, &why);
}

void tmg_finding_say(tmg_finding *f, const tmg_err *why)
{
    (void)snprintf(f->reason, sizeof f->reason, "%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(tmg_span_of(why->text), sizeof f->reason - 1)));
    f->form = why->form;
    (void)snprintf(f->values, sizeof f->values, "%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(tmg_span_of(why->params), sizeof f->values - 1)));
}
