#include "base/text.h"
#include "base/text_priv.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

tmg_span tmg_span_trim(tmg_span s)
{
    while (s.len > 0 && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool tmg_span_starts(tmg_span s, const char *prefix)
{
    size_t len = strlen(prefix);

    return s.len >= len && (len == 0 || memcmp(s.ptr, prefix, len) == 0);
}

tmg_span tmg_span_copy(tmg_arena *a, tmg_span s)
{
    return s.ptr != NULL ? (tmg_span){tmg_strdup_n(a, s.ptr, s.len), s.len} : s;
}

const char *tmg_span_z(tmg_arena *a, tmg_span s)
{
    return tmg_strdup_n(a, s.ptr, s.len);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool tmg_span_equal_nocase(tmg_span a, tmg_span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool tmg_span_split(tmg_span *rest, char sep, tmg_span *ret_part)
{
    const char *at;

    if (rest->ptr == NULL)
        return false;
    at = memchr(rest->ptr, sep, rest->len);
    if (at == NULL) {
        *ret_part = *rest;
        *rest = (tmg_span){NULL, 0};
        return true;
    }
    *ret_part = (tmg_span){rest->ptr, (size_t)(at - rest->ptr)};
    *rest = (tmg_span){at + 1, rest->len - ret_part->len - 1};
    return true;
}

bool tmg_span_i64(tmg_span s, int64_t *ret)
{
    size_t at = s.len > 0 && s.ptr[0] == '-' ? 1 : 0;
    int64_t sign = at > 0 ? -1 : 1;
    int64_t v = 0;

    if (at == s.len)
        return false;
    for (; at < s.len; at++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[at] - '0';

        /* Built up with its sign, because the smallest number has no positive counterpart. */
        if (digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
            __builtin_add_overflow(v, sign * (int64_t)digit, &v))
            return false;
    }
    *ret = v;
    return true;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80U;
}

size_t tmg_utf8_char(const char *p, const char *end)
{
    unsigned char lead = (unsigned char)p[0];
    unsigned char second_least = 0x80;
    unsigned char second_most = 0xBF;
    size_t len;

    if (lead < 0x80)
        return 1;
    len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || (size_t)(end - p) < len)
        return 0;
    switch (lead) { /* overlong forms, surrogates, beyond U+10FFFF */
    case 0xE0:
        second_least = 0xA0;
        break;
    case 0xED:
        second_most = 0x9F;
        break;
    case 0xF0:
        second_least = 0x90;
        break;
    case 0xF4:
        second_most = 0x8F;
        break;
    default:
        break;
    }
    if ((unsigned char)p[1] < second_least || (unsigned char)p[1] > second_most)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (!is_continuation(p[i]))
            return 0;
    return len;
}

bool tmg_utf8_valid(tmg_span s)
{
    const char *p = s.ptr;
    const char *end = s.len > 0 ? s.ptr + s.len : s.ptr;

    while (p < end) {
        size_t len;

        while (end - p >= 8 && tmg_bytes_not_plain(tmg_load64(p)) == 0)
            p += 8;
        if (p == end)
            return true;
        if ((unsigned char)*p < 0x20 && *p != '\t' && *p != '\n' && *p != '\r')
            return false;
        len = tmg_utf8_char(p, end);
        if (len == 0)
            return false;
        p += len;
    }
    return true;
}

tmg_span tmg_utf8_cut(tmg_span s, size_t max)
{
    size_t at = max;

    if (s.len <= max)
        return s;
    while (at > 0 && max - at < 3 && is_continuation(s.ptr[at]))
        at--;
    return (tmg_span){s.ptr, is_continuation(s.ptr[at]) ? max : at};
}
