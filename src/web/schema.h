/* web/schema.h - checks a JSON value against the subset of JSON Schema that api/ uses, compiled into tables
 * by tools/api.py.  Pure functions over read-only tables: any thread.
 */
#ifndef TMG_WEB_SCHEMA_H
#define TMG_WEB_SCHEMA_H

#include "base/json.h"

typedef enum tmg_schema_kind {
    TMG_SCHEMA_ANY,
    TMG_SCHEMA_OBJECT,
    TMG_SCHEMA_ARRAY,
    TMG_SCHEMA_TEXT,
    TMG_SCHEMA_INTEGER,
    TMG_SCHEMA_NUMBER,
    TMG_SCHEMA_BOOLEAN
} tmg_schema_kind;

typedef struct tmg_schema tmg_schema;
typedef struct tmg_schema_member {
    const char *name;
    bool required;
    const tmg_schema *schema;
} tmg_schema_member;

/* Bounds that are not stated are INT64_MIN and INT64_MAX. */
struct tmg_schema {
    tmg_schema_kind kind;
    bool nullable;
    int64_t minimum, maximum;         /* of an integer, or of a number's whole part */
    int64_t least, most;              /* characters of a text, items of an array */
    const char *const *one_of;        /* NULL-terminated, or NULL */
    const tmg_schema *items;          /* of an array, or NULL */
    const tmg_schema_member *members; /* of an object, ended by a NULL name, or NULL */
    bool closed;                      /* other members are refused */
};

enum { TMG_MAX_FAULTS = 32 };

/* One thing that is wrong: `path` is a JSON pointer (RFC 6901) into the body ("/seized/0/substance"). */
typedef struct tmg_input_fault {
    char path[120];
    char message[200];
    const char *code; /* "missing", "too_small", ...: for screens in other languages; NULL: it has none */
    int64_t limit;    /* that the code speaks of, or 0 */
    const char *form; /* of the message, static, as base/say.h has it */
    char values[240];
} tmg_input_fault;
typedef struct tmg_faults {
    tmg_input_fault list[TMG_MAX_FAULTS];
    size_t count; /* further ones are not kept */
} tmg_faults;

/* Appends what is wrong with `value`; true when nothing is. */
bool tmg_schema_check(const tmg_schema *s, const tmg_json *value, tmg_faults *faults);
/* A text that stands for a value (a query parameter): an integer, a boolean ("true", "false") or a text. */
bool tmg_schema_check_text(const tmg_schema *s, const char *name, tmg_span text, tmg_faults *faults);
/* The new one, or NULL when the list is full. */
tmg_input_fault *tmg_faults_add(tmg_faults *f, const char *path, const char *fmt, ...) TMG_PRINTF(3, 4);

#endif
