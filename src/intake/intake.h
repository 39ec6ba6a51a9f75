/* intake/intake.h - bytes from outside become declarations, or findings that say what is wrong and where.
 *
 * A *reader* turns one input (file, request body, standard input) into a sequence of records.  Each record is
 * either a good declaration (with the control result that came with it, if any) or a list of findings together
 * with the record's original bytes.  A bad record never stops the reader; only an input that cannot be read at all
 * (unknown format, missing columns, DOCTYPE in XML) is an error.  Intake stores nothing: app/ saves and quarantines.
 *
 * Formats:  "csv" and "jsonl"  Tamga's own short import declaration (docs/formats.md)
 *           "mapped"           foreign CSV through a mapping file (config/mappings/NAME.ini, docs/formats.md)
 *           "asycuda"          ASYCUDA World SAD XML, one document or many concatenated under one root
 * One format is one self-registering file: intake/format_<name>.c.
 *
 * Limits: one record 1 MiB (for which the arena needs at most 8 MiB), findings per record 32.  A reader belongs to one thread.
 */
#ifndef TMG_INTAKE_INTAKE_H
#define TMG_INTAKE_INTAKE_H

#include "model/model.h"

/* Something that a person has to look at.  A *fault* keeps the record out; a *remark* does not. */
typedef struct tmg_finding {
    bool fault;
    tmg_span field;  /* the column, member or element as the source names it */
    tmg_span value;  /* what stood there, cut to 80 bytes */
    char reason[200]; /* what is wrong and what would be right */
    const char *form; /* the same as data, static, as base/say.h has it; NULL: it has none */
    char values[240];
} tmg_finding;

enum { TMG_MAX_FINDINGS = 32 };

typedef struct tmg_record {
    bool good;                   /* no fault among the findings */
    tmg_declaration declaration; /* complete when good */
    bool has_result;
    tmg_result result;           /* with found[], happened_ms and known_at_ms set */
    size_t line;                 /* where the record begins, from 1 */
    tmg_span raw;                /* its original bytes */
    tmg_finding findings[TMG_MAX_FINDINGS];
    size_t finding_count;
} tmg_record;

/* Gives a finding the sentence of a failure. */
void tmg_finding_say(tmg_finding *f, const tmg_err *why);

typedef struct tmg_intake_options {
    const char *format;  /* one of the names above; NULL: by mapping, else by file name, else by the first bytes */
    const char *mapping; /* path of a mapping file, or the name of a shipped one ("korea", "bacuda") */
    const char *mapping_dir; /* where shipped mappings lie */
    tmg_span mapping_text; /* a mapping itself, in place of `mapping`; absent: none */
    bool shipped_only;     /* `mapping` is never a path: for a name that comes from outside */
    const char *file_name;   /* for messages and for guessing the format; may be NULL */
    int offset_min;      /* of instants written without one: the centre's own */
    const char *currency; /* of "asycuda" amounts, which are national and name none; NULL: "XXX" */
} tmg_intake_options;

typedef struct tmg_reader tmg_reader;

/* `bytes` must outlive the reader. */
TMG_MUST_USE tmg_rc tmg_reader_open(tmg_span bytes, const tmg_intake_options *options, tmg_reader **ret, tmg_err *err);
void tmg_reader_close(tmg_reader *r);
/* The next record; *ret_more false at the end.  Its texts lie in `a` (which the caller resets every so many records), in
 * the input and, for what a mapping states, in the reader: none of them may go before the record is stored. */
TMG_MUST_USE tmg_rc tmg_reader_next(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err);
size_t tmg_reader_offset(const tmg_reader *r); /* bytes used so far, for progress */
const char *tmg_reader_format(const tmg_reader *r);

/* One declaration from a JSON value of the project's own format, with the "result" that may stand in it; a fault is a
 * finding, as in a file.  TMG_E_INVALID when the value is not an object.  The texts are copied into `a`. */
struct tmg_json;
TMG_MUST_USE tmg_rc tmg_declaration_read_json(const struct tmg_json *value, int offset_min, tmg_arena *a, tmg_record *ret,
                                              tmg_err *err);

/* Names of the shipped mappings, for messages: "bacuda, korea". */
void tmg_mapping_names(const char *mapping_dir, tmg_buf *b);

/* ---- for a person who looks at a file before it is imported ---- */

/* The format that tmg_reader_open would choose; NULL when options->format is not one. */
const char *tmg_intake_format(tmg_span bytes, const tmg_intake_options *options);
/* The cells of the first row of a CSV file and what separates them: whichever of , ; | and tab stands in it most often.
 * At most 512; none when the row is broken. Texts lie in `a` or in the input. */
void tmg_intake_columns(tmg_span bytes, tmg_arena *a, char *ret_separator, tmg_span **ret, size_t *ret_count);
/* "comma", "semicolon", "tab", "pipe": the word for a separator in a mapping; NULL for another character. */
const char *tmg_separator_name(char separator);
/* The line of the mapping that a refusal of tmg_reader_open is about, or 0. */
int tmg_mapping_line(const tmg_err *err);

typedef struct tmg_shipped_mapping {
    tmg_span name, words, text; /* words: its first comment */
} tmg_shipped_mapping;
TMG_MUST_USE tmg_rc tmg_mapping_list(const char *mapping_dir, tmg_arena *a, tmg_shipped_mapping **ret, size_t *ret_count,
                                     tmg_err *err);

/* The fields that a column can be mapped to. */
typedef struct tmg_mappable {
    const char *name, *of; /* of: "header", "item" or "result" */
    bool needed;
} tmg_mappable;
const tmg_mappable *tmg_mappable_fields(tmg_arena *a, size_t *ret_count);

#endif
