#include "base/text.h"
#include "base/text_priv.h"

#include <stdio.h>
#include <stdlib.h>

/* What an empty buffer points at, so that making one costs no memory; never written to. */
static char nothing[1];

void tmg_buf_init(tmg_buf *b, size_t max)
{
    *b = (tmg_buf){.ptr = nothing, .max = max < SIZE_MAX ? max : SIZE_MAX - 1};
}

void tmg_buf_done(tmg_buf *b)
{
    if (b->room > 0)
        free(b->ptr);
    *b = (tmg_buf){.ptr = nothing};
}

void tmg_buf_clear(tmg_buf *b)
{
    b->len = 0;
    b->overflow = false;
    if (b->room > 0)
        b->ptr[0] = '\0';
}

char *tmg_buf_grow(tmg_buf *b, size_t len)
{
    size_t need;
    size_t room = b->room < 120 ? 240 : b->room < SIZE_MAX / 2 ? 2 * b->room : SIZE_MAX;

    if (len > b->max - b->len)
        return NULL;
    need = b->len + len;
    if (need > b->room) {
        room = room < need ? need : room;
        room = room > b->max ? b->max : room;
        b->ptr = tmg_xrealloc(b->room > 0 ? b->ptr : NULL, room + 1);
        b->room = room;
        b->ptr[b->len] = '\0';
    }
    return b->ptr + b->len;
}

void tmg_buf_put(tmg_buf *b, const void *bytes, size_t len)
{
    char *to;

    if (len == 0)
        return;
    to = tmg_buf_space(b, len);
    if (to == NULL) {
        b->overflow = true;
        len = b->max - b->len;
        if (len == 0)
            return;
        to = tmg_buf_space(b, len);
    }
    memcpy(to, bytes, len);
    tmg_buf_wrote(b, len);
}

void tmg_buf_span(tmg_buf *b, tmg_span s)
{
    tmg_buf_put(b, s.ptr, s.len);
}

void tmg_buf_z(tmg_buf *b, const char *z)
{
    tmg_buf_put(b, z, strlen(z));
}

void tmg_buf_char(tmg_buf *b, char c)
{
    tmg_buf_put(b, &c, 1);
}

const char tmg_digit_pairs[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
    "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
    "828384858687888990919293949596979899";

char *tmg_digits_before(char *end, uint64_t v)
{
    for (; v >= 100; v /= 100)
        memcpy(end -= 2, tmg_digit_pairs + 2 * (v % 100), 2);
    if (v >= 10)
        return memcpy(end - 2, tmg_digit_pairs + 2 * v, 2);
    *--end = (char)('0' + v);
    return end;
}

void tmg_buf_i64(tmg_buf *b, int64_t v)
{
    char text[24];
    char *end = text + sizeof text;
    char *at = tmg_digits_before(end, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);

    if (v < 0)
        *--at = '-';
    tmg_buf_put(b, at, (size_t)(end - at));
}

void tmg_buf_vfmt(tmg_buf *b, const char *fmt, va_list args)
{
    size_t left = b->max - b->len;
    va_list again;
    size_t len;
    char *to;
    int full;

    va_copy(again, args);
    full = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    len = full > 0 ? (size_t)full : 0;
    if (len > left) {
        b->overflow = true;
        len = left;
    }
    to = len > 0 ? tmg_buf_space(b, len) : NULL;
    if (to == NULL)
        return;
    (void)vsnprintf(to, len + 1, fmt, args);
    b->len += len;
}

void tmg_buf_fmt(tmg_buf *b, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    tmg_buf_vfmt(b, fmt, args);
    va_end(args);
}
