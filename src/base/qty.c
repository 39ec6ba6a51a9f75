#include "base/qty.h"
#include "base/text_priv.h"

#include <assert.h>

__extension__ typedef __int128 wide;

#define MAX_SCALE  18
#define MAX_DIGITS 19 /* as many as always fit in 64 bits */

static const uint64_t pow10_of[MAX_DIGITS + 1] = {1,
                                                  10,
                                                  100,
                                                  1000,
                                                  10000,
                                                  100000,
                                                  1000000,
                                                  10000000,
                                                  100000000,
                                                  1000000000,
                                                  10000000000,
                                                  100000000000,
                                                  1000000000000,
                                                  10000000000000,
                                                  100000000000000,
                                                  1000000000000000,
                                                  10000000000000000,
                                                  100000000000000000,
                                                  1000000000000000000,
                                                  UINT64_C(10000000000000000000)};

/* A number as it was written: (digits + what was dropped) * 10^exponent. */
typedef struct written {
    uint64_t digits;
    int64_t exponent;
    int held;     /* significant digits in `digits` */
    int next;     /* the first digit that did not fit, 0 when all did */
    bool beyond;  /* is one of the digits after `next` not 0? */
    bool dropped; /* was a digit dropped at all? */
    bool negative;
} written;

static tmg_rc not_a_number(tmg_span s, tmg_err *err)
{
    tmg_span shown = tmg_utf8_cut(s, 40);

    return TMG_FAIL(err, TMG_E_INVALID, "\"%.*s\" is not a decimal number; write it like 1234.50",
                    TMG_SPAN_ARG(shown));
}

static tmg_rc too_large(tmg_span s, tmg_err *err)
{
    tmg_span shown = tmg_utf8_cut(s, 40);

    return TMG_FAIL(err, TMG_E_LIMIT, "%.*s is too large a number", TMG_SPAN_ARG(shown));
}

static inline unsigned digit_at(const char *p)
{
    return (unsigned)(unsigned char)*p - '0';
}

static void take_digit(written *w, unsigned digit)
{
    if (w->held < MAX_DIGITS) {
        w->digits = 10 * w->digits + digit;
        w->held += w->digits != 0;
        return;
    }
    if (!w->dropped)
        w->next = (int)digit;
    else
        w->beyond = w->beyond || digit != 0;
    w->dropped = true;
    w->exponent++;
}

static const char *take_digits(written *w, const char *p, const char *end)
{
    for (; p < end && digit_at(p) <= 9; p++)
        take_digit(w, digit_at(p));
    return p;
}

/* The part after "e"; returns NULL when it is not an exponent. */
static const char *take_exponent(written *w, const char *p, const char *end)
{
    bool negative = p < end && *p == '-';
    int64_t e = 0;

    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return NULL;
    for (; p < end && digit_at(p) <= 9; p++)
        if (e < 1000000) /* far past anything that could still fit */
            e = 10 * e + digit_at(p);
    w->exponent += negative ? -e : e;
    return p;
}

static bool read_written(tmg_span s, written *w)
{
    const char *p = s.ptr;
    const char *end = s.len > 0 ? s.ptr + s.len : s.ptr;
    const char *from;
    size_t digits;

    *w = (written){.negative = p < end && *p == '-'};
    p += w->negative;
    from = p;
    p = take_digits(w, p, end);
    digits = (size_t)(p - from);
    if (p < end && *p == '.') {
        from = ++p;
        p = take_digits(w, p, end);
        digits += (size_t)(p - from);
        w->exponent -= p - from;
    }
    if (digits == 0)
        return false;
    if (p < end && (*p == 'e' || *p == 'E'))
        p = take_exponent(w, p + 1, end);
    return p == end;
}

/* w scaled down by 10^down (0..19): the whole units, and how the rest compares with half a unit. */
static uint64_t whole_units(const written *w, int64_t down, int *ret_versus_half, bool *ret_exact)
{
    bool tail = w->next != 0 || w->beyond;
    uint64_t rest;
    uint64_t half;

    if (down == 0) {
        *ret_exact = !tail;
        *ret_versus_half = w->next != 5 ? w->next - 5 : (int)w->beyond;
        return w->digits;
    }
    rest = w->digits % pow10_of[down];
    half = pow10_of[down] / 2;
    *ret_exact = rest == 0 && !tail;
    *ret_versus_half = rest != half ? (rest > half ? 1 : -1) : (int)tail;
    return w->digits / pow10_of[down];
}

static tmg_rc scale_down(tmg_span s, const written *w, int64_t down, int scale, tmg_rounding rounding,
                         uint64_t *ret, tmg_err *err)
{
    int versus_half = -1;
    bool exact = false;
    uint64_t units = 0;

    if (down <= MAX_DIGITS)
        units = whole_units(w, down, &versus_half, &exact);
    if (!exact && rounding == TMG_ROUND_REFUSE) {
        tmg_span shown = tmg_utf8_cut(s, 40);

        return TMG_FAIL(err, TMG_E_INVALID, "%.*s has more than %d digits after the point",
                        TMG_SPAN_ARG(shown), scale);
    }
    if (!exact && (versus_half > 0 || (versus_half == 0 && (units & 1) != 0)))
        units++;
    *ret = units;
    return TMG_OK;
}

static tmg_rc with_sign(tmg_span s, uint64_t units, bool negative, int64_t *ret, tmg_err *err)
{
    if (units > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return too_large(s, err);
    *ret = (int64_t)(negative ? 0 - units : units);
    return TMG_OK;
}

static tmg_rc parse_any(tmg_span s, int scale, tmg_rounding rounding, int64_t *ret, tmg_err *err)
{
    written w;
    int64_t up;
    uint64_t units = 0;

    if (!read_written(s, &w))
        return not_a_number(s, err);
    up = w.exponent + scale;
    if (w.digits == 0) {
        *ret = 0;
        return TMG_OK;
    }
    if (up <= 0)
        TMG_TRY(scale_down(s, &w, -up, scale, rounding, &units, err));
    else if (up >= MAX_DIGITS || __builtin_mul_overflow(w.digits, pow10_of[up], &units))
        return too_large(s, err);
    return with_sign(s, units, w.negative, ret, err);
}

tmg_rc tmg_decimal_parse(tmg_span s, int scale, tmg_rounding rounding, int64_t *ret, tmg_err *err)
{
    const char *p = s.ptr;
    const char *end = p + s.len;
    const char *point = NULL;
    bool negative = s.len > 0 && *p == '-';
    uint64_t v = 0;
    int64_t up;

    assert(scale >= 0 && scale <= MAX_SCALE);
    /* Nearly every number of a declaration is short and plain, and then nothing below can overflow; the rest
     * takes the long way. */
    if (s.len == 0 || s.len > MAX_DIGITS)
        return parse_any(s, scale, rounding, ret, err);
    p += negative;
    for (; p < end; p++) {
        unsigned digit = digit_at(p);

        if (digit <= 9)
            v = 10 * v + digit;
        else if (*p == '.' && point == NULL)
            point = p;
        else
            return parse_any(s, scale, rounding, ret, err);
    }
    up = scale - (point != NULL ? end - point - 1 : 0);
    if ((size_t)negative + (point != NULL) == s.len || up < 0 || v > (uint64_t)INT64_MAX / pow10_of[up])
        return parse_any(s, scale, rounding, ret, err);
    v *= pow10_of[up];
    *ret = negative ? -(int64_t)v : (int64_t)v;
    return TMG_OK;
}

static void write_decimal(tmg_buf *b, int64_t v, int scale, bool fixed)
{
    char text[48];
    char *end = text + sizeof text;
    char *at = tmg_digits_before(end, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);

    assert(scale >= 0 && scale <= MAX_SCALE);
    while (end - at <= scale)
        *--at = '0';
    if (scale > 0) {
        char *point = end - scale - 1;

        memmove(at - 1, at, (size_t)(point + 1 - at));
        at--;
        *point = '.';
        if (!fixed) {
            while (end[-1] == '0')
                end--;
            end -= end[-1] == '.';
        }
    }
    if (v < 0)
        *--at = '-';
    tmg_buf_put(b, at, (size_t)(end - at));
}

void tmg_decimal_write(tmg_buf *b, int64_t v, int scale)
{
    write_decimal(b, v, scale, false);
}

void tmg_decimal_write_fixed(tmg_buf *b, int64_t v, int scale)
{
    write_decimal(b, v, scale, true);
}

static void group_digits(tmg_buf *b, const char *digits, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            tmg_buf_char(b, ',');
        tmg_buf_char(b, digits[i]);
    }
}

void tmg_grouped_write(tmg_buf *b, int64_t v, int scale, int fixed)
{
    TMG_AUTO_BUF plain = {0};
    tmg_buf_init(&plain, 64);
    tmg_decimal_write_fixed(&plain, v, scale);
    const char *p = plain.ptr;
    if (*p == '-') {
        tmg_buf_char(b, '-');
        p++;
    }
    size_t whole = strcspn(p, ".");
    group_digits(b, p, whole);
    size_t decimals = strlen(p) > whole ? strlen(p) - whole - 1 : 0;
    while (decimals > (size_t)fixed && p[whole + decimals] == '0')
        decimals--;
    if (decimals > 0)
        tmg_buf_put(b, p + whole, decimals + 1);
}

int64_t tmg_mul_div(int64_t a, int64_t b, int64_t c)
{
    wide product = (wide)a * b;
    wide quotient = product / c;
    wide rest = product % c;
    wide twice = 2 * (rest < 0 ? -rest : rest);

    assert(c > 0);
    if (twice > c || (twice == c && (quotient & 1) != 0))
        quotient += product < 0 ? -1 : 1;
    return quotient > INT64_MAX ? INT64_MAX : quotient < INT64_MIN ? INT64_MIN : (int64_t)quotient;
}
