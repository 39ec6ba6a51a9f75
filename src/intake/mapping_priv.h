/* intake/mapping_priv.h - a mapping file: which column of a foreign CSV is which field (docs/formats.md). */
#ifndef TMG_INTAKE_MAPPING_PRIV_H
#define TMG_INTAKE_MAPPING_PRIV_H

#include "base/ini.h"
#include "intake/table_priv.h"

/* One line of [columns] or [labels]. */
typedef struct tmg_mapped_column {
    tmg_field_id field;
    tmg_span source; /* name of the source's column */
    tmg_labels labels;
    int line;
} tmg_mapped_column;

typedef struct tmg_mapping {
    const char *name; /* of the file, for messages */
    char separator;
    bool grouped;
    tmg_rules rules;
    tmg_mapped_column columns[TMG_MAX_STEPS];
    size_t column_count;
    tmg_step constants[TMG_MAX_STEPS];
    size_t constant_count;
} tmg_mapping;

/* The mapping that the options name or hold; texts live in the arena. */
tmg_rc tmg_mapping_load(const tmg_intake_options *options, tmg_arena *a, tmg_mapping *ret, tmg_err *err);
/* The five fields without which there is no declaration. */
enum { TMG_NEEDED_FIELDS = 5 };
extern const tmg_field_id tmg_needed_fields[TMG_NEEDED_FIELDS];

/* The line that is being read: every refusal names the file and the line. */
typedef struct tmg_mapping_entry {
    tmg_mapping *m;
    const tmg_ini_entry *e;
} tmg_mapping_entry;

#define TMG_REFUSE_ENTRY(at, err, format, ...)                                                               \
    TMG_FAIL(err, TMG_E_INVALID, "%s, line %d: " format, (at)->m->name, (at)->e->line, __VA_ARGS__)

/* "key = value; expected ..." */
tmg_rc tmg_mapping_refuse_value(const tmg_mapping_entry *at, const char *expected, tmg_err *err);
/* "[section] has no "key"; expected ..." */
tmg_rc tmg_mapping_refuse_key(const tmg_mapping_entry *at, const char *known, tmg_err *err);
tmg_rc tmg_mapping_file_entry(const tmg_mapping_entry *at, tmg_err *err); /* of [file] */
tmg_rc tmg_mapping_rule(const tmg_mapping_entry *at, tmg_err *err);       /* of [rules] */

#endif
