#include "base/json.h"

#include <jansson.h>
#include <math.h>

#define MAX_LEVELS 32

/* A tmg_json is jansson's value under another name: callers stay free of its header. */
static tmg_json *ours(json_t *j)
{
    return (tmg_json *)j;
}

static json_t *theirs(const tmg_json *j)
{
    return (json_t *)(uintptr_t)j; /* jansson counts references in the value and so wants it writable */
}

/* jansson itself recurses up to 2048 levels; looks ahead for the first bracket that is too deep. */
static const char *too_deep(tmg_span s)
{
    bool inside_text = false;
    int depth = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (inside_text && c == '\\')
            i++;
        else if (c == '"')
            inside_text = !inside_text;
        else if (!inside_text && (c == '[' || c == '{') && ++depth > MAX_LEVELS)
            return s.ptr + i;
        else if (!inside_text && (c == ']' || c == '}'))
            depth--;
    }
    return NULL;
}

static tmg_rc refuse_depth(tmg_span text, const char *at, tmg_err *err)
{
    int line = 1;
    const char *line_start = text.ptr;

    for (const char *p = text.ptr; p < at; p++)
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        }
    return TMG_FAIL(err, TMG_E_LIMIT, "line %d, column %d: more than %d levels of nesting", line,
                    (int)(at - line_start) + 1, MAX_LEVELS);
}

static tmg_rc refuse(const json_error_t *e, tmg_err *err)
{
    const char *what = e->text;

    switch (json_error_code(e)) {
    case json_error_null_character:
    case json_error_null_byte_in_key:
        what = "U+0000 is not allowed in text";
        break;
    case json_error_premature_end_of_input:
        what = "the JSON ends too early";
        break;
    case json_error_end_of_input_expected:
        what = "there is more text behind the end of the JSON";
        break;
    default:
        break;
    }
    return TMG_FAIL(err, TMG_E_INVALID, "line %d, column %d: %s", e->line > 0 ? e->line : 1,
                    e->column > 0 ? e->column : 1, what);
}

tmg_rc tmg_json_read(tmg_span text, tmg_json **ret, tmg_err *err)
{
    const char *deep = too_deep(text);
    json_error_t e;
    json_t *root;

    if (deep != NULL)
        return refuse_depth(text, deep, err);
    root =
        json_loadb(text.ptr != NULL ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
    if (root == NULL)
        return refuse(&e, err);
    *ret = ours(root);
    return TMG_OK;
}

void tmg_json_free(tmg_json *root)
{
    json_decref(theirs(root));
}

tmg_json_kind tmg_json_kind_of(const tmg_json *j)
{
    if (j == NULL)
        return TMG_JSON_NULL;
    switch (json_typeof(theirs(j))) {
    case JSON_OBJECT:
        return TMG_JSON_OBJECT;
    case JSON_ARRAY:
        return TMG_JSON_ARRAY;
    case JSON_STRING:
        return TMG_JSON_TEXT;
    case JSON_INTEGER:
        return TMG_JSON_INT;
    case JSON_REAL:
        return TMG_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return TMG_JSON_BOOL;
    case JSON_NULL:
        break;
    }
    return TMG_JSON_NULL;
}

const tmg_json *tmg_json_member(const tmg_json *object, const char *key)
{
    return ours(json_object_get(theirs(object), key));
}

size_t tmg_json_count(const tmg_json *array_or_object)
{
    return json_is_array(theirs(array_or_object)) ? json_array_size(theirs(array_or_object))
                                                  : json_object_size(theirs(array_or_object));
}

const tmg_json *tmg_json_at(const tmg_json *array, size_t i)
{
    return ours(json_array_get(theirs(array), i));
}

void tmg_json_each(const tmg_json *object, void (*visit)(void *ctx, tmg_span key, const tmg_json *value),
                   void *ctx)
{
    for (void *at = json_object_iter(theirs(object)); at != NULL;
         at = json_object_iter_next(theirs(object), at))
        visit(ctx, tmg_span_of(json_object_iter_key(at)), ours(json_object_iter_value(at)));
}

tmg_span tmg_json_as_text(const tmg_json *j)
{
    return (tmg_span){json_string_value(theirs(j)), json_string_length(theirs(j))};
}

int64_t tmg_json_as_i64(const tmg_json *j, int64_t otherwise)
{
    return json_is_integer(theirs(j)) ? (int64_t)json_integer_value(theirs(j)) : otherwise;
}

bool tmg_json_as_bool(const tmg_json *j, bool otherwise)
{
    return json_is_boolean(theirs(j)) ? json_is_true(theirs(j)) : otherwise;
}

double tmg_json_as_real(const tmg_json *j, double otherwise)
{
    return json_is_number(theirs(j)) ? json_number_value(theirs(j)) : otherwise;
}

tmg_span tmg_json_as_decimal(const tmg_json *j, tmg_arena *a)
{
    char text[40];

    if (json_is_string(theirs(j)))
        return tmg_json_as_text(j);
    if (json_is_integer(theirs(j))) {
        (void)snprintf(text, sizeof text, "%lld", (long long)json_integer_value(theirs(j)));
    } else if (json_is_real(theirs(j))) {
        double v = json_real_value(theirs(j));

        /* The fewest digits that read back to the same number are the ones that were sent. */
        for (int digits = 15; digits <= 17; digits++) {
            (void)snprintf(text, sizeof text, "%.*g", digits, v);
            if (!islessgreater(strtod(text, NULL), v))
                break;
        }
    } else {
        return (tmg_span){NULL, 0};
    }
    return tmg_span_copy(a, tmg_span_of(text));
}

/* The member, or NULL when it is absent or null and may be. */
static tmg_rc find_member(const tmg_json *o, const char *key, bool need, const tmg_json **ret, tmg_err *err)
{
    const tmg_json *member = tmg_json_member(o, key);

    if (tmg_json_kind_of(member) == TMG_JSON_NULL) {
        if (need)
            return TMG_FAIL(err, TMG_E_INVALID, "%s: is missing", key);
        member = NULL;
    }
    *ret = member;
    return TMG_OK;
}

tmg_rc tmg_json_get_text(const tmg_json *o, const char *key, bool need, tmg_span *ret, tmg_err *err)
{
    const tmg_json *member = NULL;

    TMG_TRY(find_member(o, key, need, &member, err));
    if (member == NULL)
        return TMG_OK;
    if (tmg_json_kind_of(member) != TMG_JSON_TEXT)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected text", key);
    *ret = tmg_json_as_text(member);
    return TMG_OK;
}

tmg_rc tmg_json_get_i64(const tmg_json *o, const char *key, bool need, int64_t *ret, tmg_err *err)
{
    const tmg_json *member = NULL;

    TMG_TRY(find_member(o, key, need, &member, err));
    if (member == NULL)
        return TMG_OK;
    if (tmg_json_kind_of(member) != TMG_JSON_INT)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected a whole number", key);
    *ret = tmg_json_as_i64(member, 0);
    return TMG_OK;
}

tmg_rc tmg_json_get_bool(const tmg_json *o, const char *key, bool need, bool *ret, tmg_err *err)
{
    const tmg_json *member = NULL;

    TMG_TRY(find_member(o, key, need, &member, err));
    if (member == NULL)
        return TMG_OK;
    if (tmg_json_kind_of(member) != TMG_JSON_BOOL)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected true or false", key);
    *ret = tmg_json_as_bool(member, false);
    return TMG_OK;
}
