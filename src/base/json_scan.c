/* Texts and numbers of JSON (RFC 8259), strictly. */
#include "base/json_scan_priv.h"

#include <math.h>
#include <stdlib.h>

/* ---- text ---- */

static bool hex4(tmg_json_reading *r, uint32_t *ret)
{
    uint32_t v = 0;

    if (r->end - r->at < 4)
        return tmg_json_fail(r, r->end, "the JSON ends too early");
    for (int i = 0; i < 4; i++) {
        char c = r->at[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;

        if (digit == 16)
            return tmg_json_fail(r, r->at, "expected four hexadecimal digits after \\u");
        v = v << 4 | digit;
    }
    r->at += 4;
    *ret = v;
    return true;
}

static void put_utf8(tmg_json_reading *r, uint32_t c)
{
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    int bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (bytes == 1) {
        *r->text++ = (char)c;
        return;
    }
    for (int i = bytes - 1; i > 0; i--) {
        r->text[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    r->text[0] = (char)(lead[bytes] | c);
    r->text += bytes;
}

/* Behind "\u". */
static bool unicode(tmg_json_reading *r)
{
    uint32_t c = 0, low = 0;
    const char *from = r->at;

    if (!hex4(r, &c))
        return false;
    if (c == 0)
        return tmg_json_fail(r, from, "U+0000 is not allowed in text");
    if (c >= 0xDC00 && c < 0xE000)
        return tmg_json_fail(r, from, "half of a surrogate pair");
    if (c >= 0xD800 && c < 0xDC00) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
            return tmg_json_fail(r, from, "half of a surrogate pair");
        r->at += 2;
        if (!hex4(r, &low))
            return false;
        if (low < 0xDC00 || low >= 0xE000)
            return tmg_json_fail(r, from, "half of a surrogate pair");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    put_utf8(r, c);
    return true;
}

/* At the character behind a backslash. */
static bool escape(tmg_json_reading *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *known;

    if (r->at == r->end)
        return tmg_json_fail_here(r, "");
    if (*r->at == 'u') {
        r->at++;
        return unicode(r);
    }
    known = *r->at != '\0' ? strchr(from, *r->at) : NULL;
    if (known == NULL)
        return tmg_json_fail(r, r->at, "no escape begins like this");
    *r->text++ = to[known - from];
    r->at++;
    return true;
}

/* At the opening quote.  What comes out is never longer than what stood there with its quotes. */
bool tmg_json_scan_text(tmg_json_reading *r, tmg_span *ret)
{
    char *start = r->text;
    const char *from = ++r->at;
    bool plain = true;

    for (;;) {
        const char *run = r->at;

        while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (uint8_t)*r->at >= 0x20) {
            plain = plain && (uint8_t)*r->at < 0x80;
            r->at++;
        }
        memcpy(r->text, run, (size_t)(r->at - run));
        r->text += r->at - run;
        if (tmg_json_next_is(r, '"'))
            break;
        if (!tmg_json_next_is(r, '\\'))
            return tmg_json_fail_here(r, "text holds a control character: write it as \\u and four digits");
        r->at++;
        if (!escape(r))
            return false;
    }
    if (!plain && !tmg_utf8_valid((tmg_span){from, (size_t)(r->at - from)}))
        return tmg_json_fail(r, from, "text that is not UTF-8");
    r->at++;
    *ret = (tmg_span){start, (size_t)(r->text - start)};
    *r->text++ = '\0';
    return true;
}

/* ---- numbers ---- */

static size_t digits(tmg_json_reading *r)
{
    const char *from = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

static bool exponent(tmg_json_reading *r, bool *ret)
{
    *ret = tmg_json_next_is(r, 'e') || tmg_json_next_is(r, 'E');
    if (!*ret)
        return true;
    r->at++;
    if (tmg_json_next_is(r, '+') || tmg_json_next_is(r, '-'))
        r->at++;
    return digits(r) > 0 || tmg_json_fail_here(r, "expected a digit of the exponent");
}

static bool real(tmg_json_reading *r, const char *from, bool far, tmg_json *ret)
{
    size_t len = (size_t)(r->at - from);

    memcpy(r->text, from, len);
    r->text[len] = '\0';
    ret->kind = TMG_JSON_REAL;
    ret->is.text = (tmg_span){r->text, len};
    r->text += len + 1;
    if ((far || len > 300) && !isfinite(strtod(ret->is.text.ptr, NULL)))
        return tmg_json_fail(r, from, "the number is too large");
    return true;
}

bool tmg_json_scan_number(tmg_json_reading *r, tmg_json *ret)
{
    const char *from = r->at, *first;
    bool far = false;
    size_t whole;

    r->at += *r->at == '-';
    first = r->at;
    whole = digits(r);
    if (whole == 0)
        return tmg_json_fail_here(r, from == first ? "expected a value" : "expected a digit");
    if (whole > 1 && *first == '0')
        return tmg_json_fail(r, first, "a number does not begin with 0");
    if (!tmg_json_next_is(r, '.') && !tmg_json_next_is(r, 'e') && !tmg_json_next_is(r, 'E')) {
        ret->kind = TMG_JSON_INT;
        return tmg_span_i64((tmg_span){from, (size_t)(r->at - from)}, &ret->is.whole) ||
               tmg_json_fail(r, from, "the number is too large");
    }
    if (tmg_json_next_is(r, '.')) {
        r->at++;
        if (digits(r) == 0)
            return tmg_json_fail_here(r, "expected a digit behind the point");
    }
    return exponent(r, &far) && real(r, from, far, ret);
}
