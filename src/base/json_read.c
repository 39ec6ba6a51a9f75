#include "base/json_scan_priv.h"

#include <stdlib.h>

enum { MOST_LEVELS = 32, FEW_MEMBERS = 12 };

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

static bool value(tmg_json_reading *r, tmg_json *ret);

static tmg_json *fresh(tmg_json_reading *r)
{
    *r->node = (tmg_json){.count = 0};
    return r->node++;
}

static bool member_name(tmg_json_reading *r, tmg_json *ret)
{
    tmg_json_skip_blanks(r);
    if (!tmg_json_next_is(r, '"'))
        return tmg_json_fail_here(r, "expected the name of a member in quotes");
    if (!tmg_json_scan_text(r, &ret->name))
        return false;
    tmg_json_skip_blanks(r);
    if (!tmg_json_next_is(r, ':'))
        return tmg_json_fail_here(r, "expected a colon behind the name");
    r->at++;
    return true;
}

/* What stands between the brackets, one after the other, onto r->open. */
static bool children(tmg_json_reading *r, bool named, char close)
{
    for (;;) {
        tmg_json *one = fresh(r);

        if (named && !member_name(r, one))
            return false;
        tmg_json_skip_blanks(r);
        if (!value(r, one))
            return false;
        r->open[r->opened++] = one;
        tmg_json_skip_blanks(r);
        if (tmg_json_next_is(r, close))
            return true;
        if (!tmg_json_next_is(r, ','))
            return tmg_json_fail_here(r, named ? "expected a comma or }" : "expected a comma or ]");
        r->at++;
    }
}

static bool container(tmg_json_reading *r, bool named, tmg_json *ret)
{
    const char *from = r->at++, close = named ? '}' : ']';
    size_t base = r->opened;

    ret->kind = named ? TMG_JSON_OBJECT : TMG_JSON_ARRAY;
    ret->is.child = r->child;
    tmg_json_skip_blanks(r);
    if (!tmg_json_next_is(r, close) && !children(r, named, close))
        return false;
    r->at++;
    ret->count = (uint32_t)(r->opened - base);
    ret->is.child = r->child;
    if (ret->count > 0)
        memcpy(r->child, r->open + base, ret->count * sizeof(tmg_json *));
    r->child += ret->count;
    r->opened = base;
    if (named && twice(ret->is.child, ret->count))
        return tmg_json_fail(r, r->at - 1 > from ? r->at - 1 : from, "a duplicate name in this object");
    return true;
}

static bool word(tmg_json_reading *r, const char *is, tmg_json_kind kind, bool truth, tmg_json *ret)
{
    size_t len = strlen(is);

    if ((size_t)(r->end - r->at) < len || memcmp(r->at, is, len) != 0)
        return tmg_json_fail_here(r, "expected a value");
    r->at += len;
    ret->kind = kind;
    ret->is.truth = truth;
    return true;
}

static bool value(tmg_json_reading *r, tmg_json *ret)
{
    switch (r->at < r->end ? *r->at : '\0') {
    case '{':
        return container(r, true, ret);
    case '[':
        return container(r, false, ret);
    case '"':
        ret->kind = TMG_JSON_TEXT;
        return tmg_json_scan_text(r, &ret->is.text);
    case 't':
        return word(r, "true", TMG_JSON_BOOL, true, ret);
    case 'f':
        return word(r, "false", TMG_JSON_BOOL, false, ret);
    case 'n':
        return word(r, "null", TMG_JSON_NULL, false, ret);
    default:
        return r->at < r->end ? tmg_json_scan_number(r, ret) : tmg_json_fail_here(r, "");
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

static bool whole(tmg_json_reading *r, tmg_json *root)
{
    tmg_json_skip_blanks(r);
    if (!value(r, root))
        return false;
    tmg_json_skip_blanks(r);
    return r->at == r->end || tmg_json_fail(r, r->at, "there is more text behind the end of the JSON");
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
    tmg_json_reading r = {.begin = t.ptr,
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
