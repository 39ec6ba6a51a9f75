#include "rule/engine_priv.h"

__extension__ typedef __int128 wide;

#define MICRO 1000000

/* Half to even; b is not 0. */
static bool divided(wide a, wide b, int64_t *ret)
{
    if (b < 0) {
        a = -a;
        b = -b;
    }
    wide whole = a / b, rest = a % b;
    wide twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > b || (twice == b && whole % 2 != 0))
        whole += a < 0 ? -1 : 1;
    if (whole > INT64_MAX || whole <= INT64_MIN) /* the lowest stands for "not stated" */
        return false;
    *ret = (int64_t)whole;
    return true;
}

bool tmg_rule_arith(tmg_rop op, int64_t a, int64_t b, int64_t *ret)
{
    switch (op) {
    case TMG_R_ADD:
        return divided((wide)a + b, 1, ret);
    case TMG_R_SUB:
        return divided((wide)a - b, 1, ret);
    case TMG_R_MUL:
        return divided((wide)a * b, MICRO, ret);
    case TMG_R_DIV:
        return b != 0 && divided((wide)a * MICRO, b, ret);
    default: /* TMG_R_NEG */
        return divided(-(wide)a, 1, ret);
    }
}

bool tmg_rule_compare(tmg_rop op, int64_t a, int64_t b)
{
    switch (op) {
    case TMG_R_EQ:
        return a == b;
    case TMG_R_NE:
        return a != b;
    case TMG_R_LT:
        return a < b;
    case TMG_R_LE:
        return a <= b;
    case TMG_R_GT:
        return a > b;
    default: /* TMG_R_GE */
        return a >= b;
    }
}

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + ('a' - 'A')) : u;
}

static size_t character(tmg_span s, size_t at)
{
    size_t len = 1;
    while (at + len < s.len && ((unsigned char)s.ptr[at + len] & 0xC0) == 0x80)
        len++;
    return len;
}

bool tmg_rule_like(tmg_span text, tmg_span glob)
{
    size_t t = 0, g = 0, star = SIZE_MAX, resume = 0;
    while (t < text.len) {
        if (g < glob.len && glob.ptr[g] == '*') {
            star = g++;
            resume = t;
        } else if (g < glob.len && glob.ptr[g] == '?') {
            g++;
            t += character(text, t);
        } else if (g < glob.len && lower(glob.ptr[g]) == lower(text.ptr[t])) {
            g++;
            t++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            resume += character(text, resume);
            t = resume;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.ptr[g] == '*')
        g++;
    return g == glob.len;
}

bool tmg_rule_under(tmg_span text, tmg_span prefix)
{
    return text.len >= prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0;
}

tmg_rop tmg_rule_opposite(tmg_rop op)
{
    switch (op) {
    case TMG_R_EQ:
        return TMG_R_NE;
    case TMG_R_NE:
        return TMG_R_EQ;
    case TMG_R_LT:
        return TMG_R_GE;
    case TMG_R_LE:
        return TMG_R_GT;
    case TMG_R_GT:
        return TMG_R_LE;
    default: /* TMG_R_GE */
        return TMG_R_LT;
    }
}
