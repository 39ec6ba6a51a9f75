#include "base/json_priv.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_LEVELS = 32, FEW_MEMBERS = 12 };

typedef struct reading {
    const char *begin, *at, *end;
    tmg_json *node; /* the next free one of each */
    tmg_json **child;
    char *text;
    tmg_json **open; /* children of the containers that are still open */
    size_t opened;
    const char *wrong; /* the first fault, and where */
    const char *wrong_at;
} reading;

static bool fail(reading *r, const char *at, const char *why)
{
    r->wrong = why;
    r->wrong_at = at;
    return false;
}

static bool fail_here(reading *r, const char *why)
{
    return fail(r, r->at, r->at < r->end ? why : "the JSON ends too early");
}

static void skip_blanks(reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool next_is(const reading *r, char c)
{
    return r->at < r->end && *r->at == c;
}

/* ---- text ---- */

static bool hex4(reading *r, uint32_t *ret)
{
    uint32_t v = 0;

    if (r->end - r->at < 4)
        return fail(r, r->end, "the JSON ends too early");
    for (int i = 0; i < 4; i++) {
        char c = r->at[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;

        if (digit == 16)
            return fail(r, r->at, "expected four hexadecimal digits after \\u");
        v = v << 4 | digit;
    }
    r->at += 4;
    *ret = v;
    return true;
}

static void put_utf8(reading *r, uint32_t c)
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
static bool unicode(reading *r)
{
    uint32_t c = 0, low = 0;
    const char *from = r->at;

    if (!hex4(r, &c))
        return false;
    if (c == 0)
        return fail(r, from, "U+0000 is not allowed in text");
    if (c >= 0xDC00 && c < 0xE000)
        return fail(r, from, "half of a surrogate pair");
    if (c >= 0xD800 && c < 0xDC00) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
            return fail(r, from, "half of a surrogate pair");
        r->at += 2;
        if (!hex4(r, &low))
            return false;
        if (low < 0xDC00 || low >= 0xE000)
            return fail(r, from, "half of a surrogate pair");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    put_utf8(r, c);
    return true;
}

/* At the character behind a backslash. */
static bool escape(reading *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *known;

    if (r->at == r->end)
        return fail_here(r, "");
    if (*r->at == 'u') {
        r->at++;
        return unicode(r);
    }
    known = *r->at != '\0' ? strchr(from, *r->at) : NULL;
    if (known == NULL)
        return fail(r, r->at, "no escape begins like this");
    *r->text++ = to[known - from];
    r->at++;
    return true;
}

/* At the opening quote.  What comes out is never longer than what stood there with its quotes. */
static bool text(reading *r, tmg_span *ret)
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
        if (next_is(r, '"'))
            break;
        if (!next_is(r, '\\'))
            return fail_here(r, "text holds a control character: write it as \\u and four digits");
        r->at++;
        if (!escape(r))
            return false;
    }
    if (!plain && !tmg_utf8_valid((tmg_span){from, (size_t)(r->at - from)}))
        return fail(r, from, "text that is not UTF-8");
    r->at++;
    *ret = (tmg_span){start, (size_t)(r->text - start)};
    *r->text++ = '\0';
    return true;
}

/* ---- numbers ---- */

static size_t digits(reading *r)
{
    const char *from = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

static bool exponent(reading *r, bool *ret)
{
    *ret = next_is(r, 'e') || next_is(r, 'E');
    if (!*ret)
        return true;
    r->at++;
    if (next_is(r, '+') || next_is(r, '-'))
        r->at++;
    return digits(r) > 0 || fail_here(r, "expected a digit of the exponent");
}

static bool real(reading *r, const char *from, bool far, tmg_json *ret)
{
    size_t len = (size_t)(r->at - from);

    memcpy(r->text, from, len);
    r->text[len] = '\0';
    ret->kind = TMG_JSON_REAL;
    ret->is.text = (tmg_span){r->text, len};
    r->text += len + 1;
    if ((far || len > 300) && !isfinite(strtod(ret->is.text.ptr, NULL)))
        return fail(r, from, "the number is too large");
    return true;
}

static bool number(reading *r, tmg_json *ret)
{
    const char *from = r->at, *first;
    bool far = false;
    size_t whole;

    r->at += *r->at == '-';
    first = r->at;
    whole = digits(r);
    if (whole == 0)
        return fail_here(r, from == first ? "expected a value" : "expected a digit");
    if (whole > 1 && *first == '0')
        return fail(r, first, "a number does not begin with 0");
    if (!next_is(r, '.') && !next_is(r, 'e') && !next_is(r, 'E')) {
        ret->kind = TMG_JSON_INT;
        return tmg_span_i64((tmg_span){from, (size_t)(r->at - from)}, &ret->is.whole) ||
               fail(r, from, "the number is too large");
    }
    if (next_is(r, '.')) {
        r->at++;
        if (digits(r) == 0)
            return fail_here(r, "expected a digit behind the point");
    }
    return exponent(r, &far) && real(r, from, far, ret);
}

/* ---- values ---- */

static int by_name(const void *a, const void *b)
{
    const tmg_json *x = *(tmg_json *const *)a, *y = *(tmg_json *const *)b;
    size_t len = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = memcmp(x->name.ptr, y->name.ptr, len);

    return order != 0 ? order : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

/* Is one name there twice? */
static bool twice(tmg_json **member, size_t count)
{
    bool found = false;

    if (count <= FEW_MEMBERS) {
        for (size_t i = 1; i < count && !found; i++)
            for (size_t k = 0; k < i && !found; k++)
                found = tmg_span_eq(member[i]->name, member[k]->name);
        return found;
    }
    tmg_json **sorted = tmg_xcalloc(count, sizeof(tmg_json *));

    memcpy(sorted, member, count * sizeof(tmg_json *));
    qsort(sorted, count, sizeof(tmg_json *), by_name);
    for (size_t i = 1; i < count && !found; i++)
        found = tmg_span_eq(sorted[i]->name, sorted[i - 1]->name);
    free(sorted);
    return found;
}

static bool value(reading *r, tmg_json *ret);

static tmg_json *fresh(reading *r)
{
    *r->node = (tmg_json){.count = 0};
    return r->node++;
}

static bool member_name(reading *r, tmg_json *ret)
{
    skip_blanks(r);
    if (!next_is(r, '"'))
        return fail_here(r, "expected the name of a member in quotes");
    if (!text(r, &ret->name))
        return false;
    skip_blanks(r);
    if (!next_is(r, ':'))
        return fail_here(r, "expected a colon behind the name");
    r->at++;
    return true;
}

/* What stands between the brackets, one after the other, onto r->open. */
static bool children(reading *r, bool named, char close)
{
    for (;;) {
        tmg_json *one = fresh(r);

        if (named && !member_name(r, one))
            return false;
        skip_blanks(r);
        if (!value(r, one))
            return false;
        r->open[r->opened++] = one;
        skip_blanks(r);
        if (next_is(r, close))
            return true;
        if (!next_is(r, ','))
            return fail_here(r, named ? "expected a comma or }" : "expected a comma or ]");
        r->at++;
    }
}

static bool container(reading *r, bool named, tmg_json *ret)
{
    const char *from = r->at++, close = named ? '}' : ']';
    size_t base = r->opened;

    ret->kind = named ? TMG_JSON_OBJECT : TMG_JSON_ARRAY;
    ret->is.child = r->child;
    skip_blanks(r);
    if (!next_is(r, close) && !children(r, named, close))
        return false;
    r->at++;
    ret->count = (uint32_t)(r->opened - base);
    ret->is.child = r->child;
    if (ret->count > 0)
        memcpy(r->child, r->open + base, ret->count * sizeof(tmg_json *));
    r->child += ret->count;
    r->opened = base;
    if (named && twice(ret->is.child, ret->count))
        return fail(r, r->at - 1 > from ? r->at - 1 : from, "a duplicate name in this object");
    return true;
}

static bool word(reading *r, const char *is, tmg_json_kind kind, bool truth, tmg_json *ret)
{
    size_t len = strlen(is);

    if ((size_t)(r->end - r->at) < len || memcmp(r->at, is, len) != 0)
        return fail_here(r, "expected a value");
    r->at += len;
    ret->kind = kind;
    ret->is.truth = truth;
    return true;
}

static bool value(reading *r, tmg_json *ret)
{
    switch (r->at < r->end ? *r->at : '\0') {
    case '{':
        return container(r, true, ret);
    case '[':
        return container(r, false, ret);
    case '"':
        ret->kind = TMG_JSON_TEXT;
        return text(r, &ret->is.text);
    case 't':
        return word(r, "true", TMG_JSON_BOOL, true, ret);
    case 'f':
        return word(r, "false", TMG_JSON_BOOL, false, ret);
    case 'n':
        return word(r, "null", TMG_JSON_NULL, false, ret);
    default:
        return r->at < r->end ? number(r, ret) : fail_here(r, "");
    }
}

/* ---- the whole ---- */

/* Looks ahead: counts what can begin a value, and finds the first bracket that is too deep. */
static const char *look(tmg_span s, size_t *ret_values)
{
    bool inside_text = false;
    int depth = 0;
    size_t values = 1;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (inside_text) {
            i += c == '\\';
            inside_text = c != '"';
        } else if (c == '"') {
            inside_text = true;
        } else if (c == '[' || c == '{') {
            values++;
            if (++depth > MOST_LEVELS)
                return s.ptr + i;
        } else if (c == ']' || c == '}') {
            depth--;
        } else {
            values += c == ',';
        }
    }
    *ret_values = values;
    return NULL;
}

static tmg_rc refuse(tmg_rc rc, const char *begin, const char *at, const char *why, tmg_err *err)
{
    const char *line_start = begin;
    int line = 1;

    for (const char *p = begin; p < at; p++)
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        }
    return TMG_FAIL(err, rc, "line %d, column %d: %s", line, (int)(at - line_start) + 1, why);
}

static bool whole(reading *r, tmg_json *root)
{
    skip_blanks(r);
    if (!value(r, root))
        return false;
    skip_blanks(r);
    return r->at == r->end || fail(r, r->at, "there is more text behind the end of the JSON");
}

tmg_rc tmg_json_read(tmg_span s, tmg_json **ret, tmg_err *err)
{
    tmg_span t = s.ptr != NULL ? s : TMG_SPAN("");
    size_t values = 0;
    const char *deep = look(t, &values);

    if (t.len > INT32_MAX)
        return TMG_FAIL(err, TMG_E_LIMIT, "more than 2 GiB of JSON in one value");
    if (deep != NULL)
        return refuse(TMG_E_LIMIT, t.ptr, deep, "more than 32 levels of nesting", err);
    /* Nodes, then children twice, then text: each text with its NUL takes no more than it did with its
     * quotes. */
    char *block = malloc(values * (sizeof(tmg_json) + 2 * sizeof(tmg_json *)) + t.len + 2);

    if (block == NULL)
        return TMG_FAIL(err, TMG_E_LIMIT, "no memory for %zu bytes of JSON", t.len);
    tmg_json *nodes = (tmg_json *)(void *)block;
    tmg_json **child = (tmg_json **)(void *)(nodes + values);
    reading r = {.begin = t.ptr,
                 .at = t.ptr,
                 .end = t.ptr + t.len,
                 .node = nodes,
                 .child = child,
                 .open = child + values,
                 .text = (char *)(void *)(child + 2 * values)};

    if (!whole(&r, fresh(&r))) {
        free(block);
        return refuse(TMG_E_INVALID, t.ptr, r.wrong_at, r.wrong, err);
    }
    *ret = nodes;
    return TMG_OK;
}

void tmg_json_free(tmg_json *root)
{
    free(root);
}
