#include "base/say.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* One conversion: where it stands, and how its arguments are fetched. */
typedef struct conversion {
    const char *end;
    bool width, precision; /* given as arguments */
    char length, kind;     /* length: 0, 'l', 'q' (ll), 'z', 'j', 't', 'h' */
} conversion;

static conversion read_conversion(const char *p)
{
    conversion c = {0};

    for (p++; *p != '\0' && strchr("-+ #0123456789.*", *p) != NULL; p++)
        if (*p == '*') {
            c.precision = c.precision || p[-1] == '.';
            c.width = c.width || p[-1] != '.';
        }
    for (; *p != '\0' && strchr("hlzjt", *p) != NULL; p++)
        c.length = c.length == 'l' && *p == 'l' ? 'q' : *p;
    c.kind = *p;
    c.end = *p != '\0' ? p + 1 : p;
    return c;
}

void tmg_say_code(tmg_buf *b, const char *fmt)
{
    int n = 0;

    while (*fmt != '\0')
        if (fmt[0] == '%' && fmt[1] == '%') {
            tmg_buf_char(b, '%');
            fmt += 2;
        } else if (*fmt == '%') {
            tmg_buf_fmt(b, "{%d}", ++n);
            fmt = read_conversion(fmt).end;
        } else {
            tmg_buf_char(b, *fmt++);
        }
}

typedef struct filling {
    char *at;
    size_t room;
} filling;

static void add(filling *f, const char *bytes, size_t len)
{
    len = len < f->room ? len : f->room - 1;
    memcpy(f->at, bytes, len);
    f->at += len;
    f->room -= len;
    *f->at = '\0';
}

static void add_line(filling *f, int n, const char *value, size_t len)
{
    char name[16];
    int used = snprintf(name, sizeof name, "%d=", n);
    char *from;

    if (f->room < (size_t)used + 2)
        return;
    add(f, name, (size_t)used);
    from = f->at;
    add(f, value, tmg_utf8_cut((tmg_span){value, len}, f->room > 2 ? f->room - 2 : 0).len);
    for (char *p = from; p < f->at; p++)
        *p = *p == '\n' || *p == '\r' ? ' ' : *p;
    add(f, "\n", 1);
}

static int64_t integer_of(char length, va_list *args)
{
    switch (length) {
    case 'l':
        return va_arg(*args, long);
    case 'q':
        return va_arg(*args, long long);
    case 'z':
        return (int64_t)va_arg(*args, size_t);
    case 'j':
        return va_arg(*args, intmax_t);
    case 't':
        return va_arg(*args, ptrdiff_t);
    default:
        return va_arg(*args, int);
    }
}

/* A number as a reader of any language takes it: plain digits, whatever width and sign the sentence shows. */
static void add_number(filling *f, int n, const conversion *c, int decimals, va_list *args)
{
    char text[64];
    int len;

    if (strchr("feg", c->kind) != NULL) {
        double v = va_arg(*args, double);
        len = snprintf(text, sizeof text, c->kind == 'f' ? "%.*f" : "%.*g", decimals, v);
    } else {
        int64_t v = integer_of(c->length, args);
        if (c->kind == 'c')
            len = snprintf(text, sizeof text, "%c", (int)v);
        else if (c->kind == 'x' || c->kind == 'X')
            len = snprintf(text, sizeof text, "%llx", (unsigned long long)v);
        else if (c->kind == 'u' && c->length == 0)
            len = snprintf(text, sizeof text, "%u", (unsigned)v);
        else
            len = snprintf(text, sizeof text, c->kind == 'u' ? "%llu" : "%lld", (long long)v);
    }
    add_line(f, n, text, len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

/* The precision that stands in the form itself. */
static int precision_of(const char *from, const char *end, int absent)
{
    const char *point = memchr(from, '.', (size_t)(end - from));

    return point != NULL && point[1] >= '0' && point[1] <= '9' ? (int)strtol(point + 1, NULL, 10) : absent;
}

void tmg_say_values(char *ret, size_t room, const char *fmt, va_list args)
{
    filling f = {ret, room};
    va_list rest;
    int n = 0;

    ret[0] = '\0';
    va_copy(rest, args);
    for (const char *p = fmt; (p = strchr(p, '%')) != NULL;) {
        conversion c = read_conversion(p);
        int most = -1;

        if (c.kind == '%') {
            p = c.end;
            continue;
        }
        if (c.width)
            (void)va_arg(rest, int);
        if (c.precision)
            most = va_arg(rest, int);
        if (most < 0)
            most = precision_of(p, c.end, c.kind == 's' ? -1 : 6);
        if (c.kind == 's') {
            const char *value = va_arg(rest, const char *);
            size_t len = value == NULL ? 0 : most >= 0 ? strnlen(value, (size_t)most) : strlen(value);
            add_line(&f, ++n, value, len);
        } else {
            add_number(&f, ++n, &c, most, &rest);
        }
        p = c.end;
    }
    va_end(rest);
}

void tmg_say_keep(tmg_buf *b, const char *english, const char *fmt, const char *values)
{
    size_t at = b->len;

    if (at > 0)
        tmg_buf_z(b, "\n\n");
    for (const char *p = english; *p != '\0'; p++)
        tmg_buf_char(b, *p == '\n' ? ' ' : *p);
    tmg_buf_char(b, '\n');
    tmg_say_code(b, fmt);
    if (values[0] != '\0')
        tmg_buf_char(b, '\n');
    tmg_buf_put(b, values, values[0] != '\0' ? strlen(values) - 1 : 0);
}

void tmg_say_kept_list(tmg_buf *b, const char *fmt, va_list args)
{
    char english[TMG_MOST_SAID], values[TMG_MOST_SAID];

    tmg_say_values(values, sizeof values, fmt, args);
    (void)vsnprintf(english, sizeof english, fmt, args);
    tmg_say_keep(b, english, fmt, values);
}

void tmg_say_kept(tmg_buf *b, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    tmg_say_kept_list(b, fmt, args);
    va_end(args);
}

bool tmg_say_next(tmg_span *rest, tmg_kept_said *ret)
{
    tmg_span line, all = *rest;

    *ret = (tmg_kept_said){0};
    if (rest->len == 0 || !tmg_span_split(rest, '\n', &ret->english))
        return false;
    if (rest->len == 0 || !tmg_span_split(rest, '\n', &ret->code) || ret->code.len == 0)
        return all.len > 0;
    ret->values = (tmg_span){rest->ptr, 0};
    while (rest->len > 0 && tmg_span_split(rest, '\n', &line) && line.len > 0)
        ret->values.len = (size_t)(line.ptr + line.len - ret->values.ptr);
    return true;
}

void tmg_say_english(tmg_buf *b, tmg_span kept)
{
    tmg_kept_said said;

    for (bool more = false; tmg_say_next(&kept, &said); more = true) {
        tmg_buf_z(b, more ? "; " : "");
        tmg_buf_span(b, said.english);
    }
}
