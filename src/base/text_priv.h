/* base/text_priv.h - what the writers and readers of this room share below their public headers. */
#ifndef TMG_BASE_TEXT_PRIV_H
#define TMG_BASE_TEXT_PRIV_H

#include "base/text.h"

#include <stdarg.h>

void tmg_buf_vfmt(tmg_buf *b, const char *fmt, va_list args) TMG_PRINTF(2, 0);

/* Makes room for `len` more bytes and returns where they go; NULL when the maximum does not allow them.  The
 * caller writes at most `len` bytes there and calls tmg_buf_wrote. */
char *tmg_buf_grow(tmg_buf *b, size_t len);

static inline char *tmg_buf_space(tmg_buf *b, size_t len)
{
    return len <= b->room - b->len ? b->ptr + b->len : tmg_buf_grow(b, len);
}
static inline void tmg_buf_wrote(tmg_buf *b, size_t len)
{
    b->len += len;
    b->ptr[b->len] = '\0';
}

static inline void tmg_buf_add(tmg_buf *b, char c)
{
    if (b->len < b->room) {
        b->ptr[b->len] = c;
        tmg_buf_wrote(b, 1);
    } else {
        tmg_buf_char(b, c);
    }
}

/* Length of the well-formed UTF-8 character at p (RFC 3629), 0 when there is none; p < end. */
size_t tmg_utf8_char(const char *p, const char *end);

extern const char tmg_digit_pairs[201]; /* "00" to "99" */

/* Decimal digits of v, right-aligned before `end`; returns where they begin (20 digits at most). */
char *tmg_digits_before(char *end, uint64_t v);

/* Eight bytes with the first in the lowest bits, whatever the machine's byte order. */
static inline uint64_t tmg_load64(const void *p)
{
    uint64_t w;

    memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap64(w);
#endif
    return w;
}

static inline uint32_t tmg_load32(const void *p)
{
    uint32_t w;

    memcpy(&w, p, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    w = __builtin_bswap32(w);
#endif
    return w;
}

#define TMG_BYTES(c) (UINT64_C(0x0101010101010101) * (uint8_t)(c))
#define TMG_TOPS     UINT64_C(0x8080808080808080)

/* The top bit of every byte of w that equals c; exact, unlike the shorter subtracting form. */
static inline uint64_t tmg_bytes_equal(uint64_t w, char c)
{
    uint64_t x = w ^ TMG_BYTES(c);

    return ~(((x & ~TMG_TOPS) + ~TMG_TOPS) | x | ~TMG_TOPS);
}

/* A set bit somewhere when a byte of w is below 0x20 or above 0x7f. */
static inline uint64_t tmg_bytes_not_plain(uint64_t w)
{
    return (w | (w - TMG_BYTES(0x20))) & TMG_TOPS;
}

#endif
