/* intake/intake_priv.h - what the formats share: how a format plugs in, the rules of a source, and the draft
 * of the record that is being read.
 *
 * Every format hands its raw values to tmg_put, which types them into the draft; tmg_draft_finish completes,
 * checks and judges it.  So a field means the same in every format. */
#ifndef TMG_INTAKE_INTAKE_PRIV_H
#define TMG_INTAKE_INTAKE_PRIV_H

#include "base/qty.h"
#include "intake/fields_priv.h"
#include "intake/intake.h"

enum { TMG_RECORD_BYTES = 1 << 20, TMG_MAX_CODE = 64 };

/* ---- a format ---- */

typedef struct tmg_format {
    const char *name;
    tmg_rc (*open)(tmg_reader *r, const tmg_intake_options *options, tmg_err *err); /* sets r->state */
    tmg_rc (*next)(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err);
    size_t (*offset)(const tmg_reader *r);
    void (*close)(tmg_reader *r); /* state may be NULL */
} tmg_format;

extern const tmg_format tmg_format_csv, tmg_format_jsonl, tmg_format_mapped, tmg_format_asycuda;

struct tmg_reader {
    const tmg_format *format;
    tmg_span bytes;
    void *state;
};

/* ---- the rules of a source ---- */

/* How a date is written: "iso" or a pattern of %Y %y %m %d %H %M %S and literal characters. */
typedef struct tmg_date_form {
    tmg_span pattern; /* absent: ISO 8601 */
} tmg_date_form;
enum { TMG_DATE_FORMS = 4, TMG_PAD_EVEN = -1 };

typedef struct tmg_rules {
    tmg_rounding rounding;
    int offset_min;
    char point;                     /* decimal point, '.' or ',' */
    bool unknown_country_is_remark; /* otherwise a fault */
    int pad_hs;                     /* digits to fill up to with zeros in front, TMG_PAD_EVEN or 0 */
    tmg_span post_prefix;
    tmg_date_form dates[TMG_DATE_FORMS];
    size_t date_count;                         /* 0: ISO 8601 */
    int64_t happened_after_ms, known_after_ms; /* of a result after the lodging, or TMG_NONE */
    tmg_span names[TMG_FIELDS];                /* what the source calls a field; absent: its own name */
} tmg_rules;

/* The rules of the project's own formats. */
tmg_rules tmg_rules_own(int offset_min);

/* An instant in one of the forms; false when none fits. */
bool tmg_date_read(const tmg_rules *rules, tmg_span s, tmg_instant *ret);
/* One pattern against the whole of s. */
bool tmg_date_match(tmg_span pattern, tmg_span s, int offset_min, tmg_instant *ret);
/* Is it made of known directives and literals, with at least year, month and day? */
bool tmg_date_pattern_ok(tmg_span pattern);

/* ---- the draft ---- */

typedef struct tmg_draft {
    tmg_arena *arena;
    tmg_record *rec;
    const tmg_rules *rules;
    tmg_item *item; /* that is being filled */
    size_t item_room;
    int exponent;     /* of the currency */
    bool texts_valid; /* the record's bytes are known to be good UTF-8 */
    bool result_stated;
} tmg_draft;

void tmg_draft_begin(tmg_draft *d, tmg_arena *a, const tmg_rules *rules, tmg_record *rec);
/* Opens the next item; past TMG_MAX_ITEMS one fault is noted and the last item is filled again. */
void tmg_draft_item(tmg_draft *d);
/* Types a value into its field; an empty one states nothing, one that cannot be typed becomes a fault. */
void tmg_put(tmg_draft *d, tmg_field_id field, tmg_span value);
void tmg_put_found(tmg_draft *d, tmg_field_id field, tmg_found found);
/* One element of a list field. */
void tmg_put_country(tmg_draft *d, tmg_span country); /* of the route */
void tmg_put_equipment(tmg_draft *d, tmg_equipment_kind kind, tmg_span number);
void tmg_put_document(tmg_draft *d, tmg_span type, tmg_span number);
void tmg_put_means(tmg_draft *d, tmg_span word);
void tmg_put_seized(tmg_draft *d, tmg_span substance, int64_t mass_mg, int64_t count);
/* A whole list in the notation of CSV. */
void tmg_put_list(tmg_draft *d, tmg_field_id field, tmg_span value);
/* Completes the result, numbers the items, sums and checks; sets rec->good. */
void tmg_draft_finish(tmg_draft *d);

/* The item's number for a message, or 0 when there is only one. */
int32_t tmg_draft_item_no(const tmg_draft *d);

/* Notes a finding; item_no 0 when it is not of one item among several.  Keeps the first TMG_MAX_FINDINGS, but
 * a fault that comes later takes the place of a remark. */
void tmg_note(tmg_record *rec, const tmg_rules *rules, bool fault, tmg_field_id field, int32_t item_no,
              tmg_span value, const char *reason, ...) TMG_PRINTF(7, 8);
/* The same about something that is not in the table of fields. */
void tmg_note_named(tmg_record *rec, bool fault, tmg_span name, tmg_span value, const char *reason, ...)
    TMG_PRINTF(5, 6);

void tmg_check_by(tmg_record *rec, const tmg_rules *rules, bool texts_valid);

/* A record that could not be read at all, with its bytes. */
void tmg_record_broken(tmg_record *rec, tmg_span raw, size_t line, const tmg_err *why);
void tmg_record_too_long(tmg_record *rec, tmg_span raw, size_t line);
/* The bytes that are kept of a record. */
static inline tmg_span tmg_raw_cut(tmg_span raw)
{
    return (tmg_span){raw.ptr, raw.len < TMG_RECORD_BYTES ? raw.len : TMG_RECORD_BYTES};
}

#endif
