/* base/text.h - spans (borrowed bytes) and buffers (owned bytes with a maximum).
 *
 * A span does not own its bytes and is not NUL-terminated; {NULL, 0} is the absent value, {"", 0} an empty
 * one.  A buffer owns its bytes, is always NUL-terminated, and cannot be made without a maximum: appending
 * past it marks the buffer `overflow` and drops the rest, which the owner checks once at the end.
 *
 * Pure functions; a buffer belongs to one thread at a time.
 */
#ifndef TMG_BASE_TEXT_H
#define TMG_BASE_TEXT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct tmg_span {
    const char *ptr;
    size_t len;
} tmg_span;

#define TMG_SPAN(literal) ((tmg_span){(literal), sizeof(literal) - 1})
#define TMG_SPAN_INIT(literal) {(literal), sizeof(literal) - 1} /* in the initialiser of a static table */
#define TMG_SPAN_ARG(s)   (int)(s).len, (s).ptr != NULL ? (s).ptr : "" /* for "%.*s" */

static inline tmg_span tmg_span_of(const char *z) /* NULL gives the absent span */
{
    return z != NULL ? (tmg_span){z, strlen(z)} : (tmg_span){NULL, 0};
}
static inline bool tmg_span_eq(tmg_span a, tmg_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
static inline bool tmg_span_is(tmg_span a, const char *z)
{
    return tmg_span_eq(a, tmg_span_of(z));
}
tmg_span tmg_span_trim(tmg_span s);                    /* without ASCII white space at both ends */
bool tmg_span_starts(tmg_span s, const char *prefix);
tmg_span tmg_span_copy(tmg_arena *a, tmg_span s);      /* same bytes, living in the arena; NUL follows them */
const char *tmg_span_z(tmg_arena *a, tmg_span s);      /* NUL-terminated copy */
bool tmg_span_equal_nocase(tmg_span a, tmg_span b);    /* ASCII case folded */

/* Splits off the part of *rest before the first `sep` (or all of it); false when *rest is used up.  "a," gives
 * "a" and "", "" gives one "", the absent span gives nothing. */
bool tmg_span_split(tmg_span *rest, char sep, tmg_span *ret_part);

/* Decimal integer with optional '-', nothing else; false when it is not one or does not fit. */
bool tmg_span_i64(tmg_span s, int64_t *ret);

/* Is it well-formed UTF-8 without U+0000 and without other C0 controls than tab, CR, LF? (RFC 3629) */
bool tmg_utf8_valid(tmg_span s);
/* The longest prefix of at most max bytes that does not cut a character. */
tmg_span tmg_utf8_cut(tmg_span s, size_t max);

typedef struct tmg_buf {
    char *ptr; /* never NULL after init, always NUL-terminated */
    size_t len, room, max;
    bool overflow;
} tmg_buf;

void tmg_buf_init(tmg_buf *b, size_t max);
void tmg_buf_done(tmg_buf *b); /* frees the bytes; the buffer may be initialised again */
void tmg_buf_clear(tmg_buf *b); /* empty again, memory kept */
void tmg_buf_put(tmg_buf *b, const void *bytes, size_t len);
void tmg_buf_span(tmg_buf *b, tmg_span s);
void tmg_buf_z(tmg_buf *b, const char *z);
void tmg_buf_char(tmg_buf *b, char c);
void tmg_buf_i64(tmg_buf *b, int64_t v);
void tmg_buf_fmt(tmg_buf *b, const char *fmt, ...) TMG_PRINTF(2, 3);
static inline tmg_span tmg_buf_as_span(const tmg_buf *b)
{
    return (tmg_span){b->ptr, b->len};
}
/* Cleaned up on every way out, so start it as {0} where a way out may come before tmg_buf_init. */
#define TMG_AUTO_BUF __attribute__((cleanup(tmg_buf_done))) tmg_buf

#endif
