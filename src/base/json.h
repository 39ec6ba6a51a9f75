/* base/json.h - JSON out by a streaming writer, JSON in as a tree (RFC 8259, duplicates refused).
 *
 * Writing: the writer appends to a tmg_buf and places commas itself.  Reading: tmg_json_read returns a tree
 * owned by the caller (free with tmg_json_free) in one block of memory, some 20 times as large as its text at worst;
 * the tmg_json_get_* helpers give typed members with errors that name the path.
 *
 * Ownership: what is written belongs to the caller's buffer, what is read to the tree.  A writer or tree belongs to one
 * thread; a tree that nobody changes may be read by any.
 */
#ifndef TMG_BASE_JSON_H
#define TMG_BASE_JSON_H

#include "base/text.h"

typedef struct tmg_json_out {
    tmg_buf *to;
    uint64_t has_member; /* one bit per open level: does it hold a member already? */
    int depth;           /* at most 60 */
} tmg_json_out;

void tmg_json_begin(tmg_json_out *j, tmg_buf *to);
void tmg_json_object(tmg_json_out *j, const char *key); /* key NULL at the top and inside arrays */
void tmg_json_end_object(tmg_json_out *j);
void tmg_json_array(tmg_json_out *j, const char *key);
void tmg_json_end_array(tmg_json_out *j);
void tmg_json_text(tmg_json_out *j, const char *key, tmg_span v); /* absent span writes null; bad UTF-8 becomes U+FFFD */
void tmg_json_z(tmg_json_out *j, const char *key, const char *v);
void tmg_json_i64(tmg_json_out *j, const char *key, int64_t v);
void tmg_json_bool(tmg_json_out *j, const char *key, bool v);
void tmg_json_null(tmg_json_out *j, const char *key);
/* An integer of 10^-scale units as a JSON number, exactly: 974321 at scale 6 is 0.974321. */
void tmg_json_decimal(tmg_json_out *j, const char *key, int64_t v, int scale);
/* An instant as RFC 3339 text. */
void tmg_json_time(tmg_json_out *j, const char *key, int64_t at_ms, int offset_min);
/* A finished JSON text, put in as it is. */
void tmg_json_raw(tmg_json_out *j, const char *key, tmg_span json);

typedef struct tmg_json tmg_json; /* one value of a tree that was read */

/* The whole of `text` as one JSON value.  Refuses: more than 32 levels, duplicate names, NUL, trailing text.
 * The error names line and column. */
TMG_MUST_USE tmg_rc tmg_json_read(tmg_span text, tmg_json **ret, tmg_err *err);
void tmg_json_free(tmg_json *root); /* only the root; NULL is accepted */
static inline void tmg_json_free_p(tmg_json **j)
{
    tmg_json_free(*j);
}
#define TMG_AUTO_JSON __attribute__((cleanup(tmg_json_free_p))) tmg_json *

typedef enum tmg_json_kind {
    TMG_JSON_NULL,
    TMG_JSON_BOOL,
    TMG_JSON_INT,
    TMG_JSON_REAL,
    TMG_JSON_TEXT,
    TMG_JSON_ARRAY,
    TMG_JSON_OBJECT
} tmg_json_kind;

tmg_json_kind tmg_json_kind_of(const tmg_json *j); /* NULL counts as TMG_JSON_NULL */
const tmg_json *tmg_json_member(const tmg_json *object, const char *key); /* NULL when absent or not an object */
size_t tmg_json_count(const tmg_json *array_or_object);
const tmg_json *tmg_json_at(const tmg_json *array, size_t i);
/* Calls visit for each member in document order. */
void tmg_json_each(const tmg_json *object, void (*visit)(void *ctx, tmg_span key, const tmg_json *value), void *ctx);
tmg_span tmg_json_as_text(const tmg_json *j);  /* absent span when it is not text; borrowed from the tree */
tmg_span tmg_json_copy_text(const tmg_json *o, const char *key, tmg_arena *a); /* a member's text, in the arena */
int64_t tmg_json_as_i64(const tmg_json *j, int64_t otherwise);
bool tmg_json_as_bool(const tmg_json *j, bool otherwise);
/* A number, whole or not, as floating point: for models and rates of learning, never for money or mass. */
double tmg_json_as_real(const tmg_json *j, double otherwise);
/* A number or text as decimal text for tmg_decimal_parse; a real is written with 17 significant digits at most. */
tmg_span tmg_json_as_decimal(const tmg_json *j, tmg_arena *a);

/* Typed members of an object; `need` true makes an absent or null member an error.  When absent and not needed
 * *ret is left as it is.  Errors read like "minutes: expected a whole number". */
TMG_MUST_USE tmg_rc tmg_json_get_text(const tmg_json *o, const char *key, bool need, tmg_span *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_json_get_i64(const tmg_json *o, const char *key, bool need, int64_t *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_json_get_bool(const tmg_json *o, const char *key, bool need, bool *ret, tmg_err *err);

#endif
