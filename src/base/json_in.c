#include "base/json_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

tmg_json_kind tmg_json_kind_of(const tmg_json *j)
{
    return j != NULL ? j->kind : TMG_JSON_NULL;
}

static bool is_a(const tmg_json *j, tmg_json_kind kind)
{
    return j != NULL && j->kind == kind;
}

const tmg_json *tmg_json_member(const tmg_json *object, const char *key)
{
    size_t len = strlen(key);

    if (!is_a(object, TMG_JSON_OBJECT))
        return NULL;
    for (size_t i = 0; i < object->count; i++) {
        const tmg_json *m = object->is.child[i];

        if (m->name.len == len && memcmp(m->name.ptr, key, len) == 0)
            return m;
    }
    return NULL;
}

size_t tmg_json_count(const tmg_json *array_or_object)
{
    return array_or_object != NULL ? array_or_object->count : 0;
}

const tmg_json *tmg_json_at(const tmg_json *array, size_t i)
{
    return is_a(array, TMG_JSON_ARRAY) && i < array->count ? array->is.child[i] : NULL;
}

void tmg_json_each(const tmg_json *object, void (*visit)(void *ctx, tmg_span key, const tmg_json *value),
                   void *ctx)
{
    if (!is_a(object, TMG_JSON_OBJECT))
        return;
    for (size_t i = 0; i < object->count; i++)
        visit(ctx, object->is.child[i]->name, object->is.child[i]);
}

tmg_span tmg_json_as_text(const tmg_json *j)
{
    return is_a(j, TMG_JSON_TEXT) ? j->is.text : (tmg_span){NULL, 0};
}

tmg_span tmg_json_copy_text(const tmg_json *o, const char *key, tmg_arena *a)
{
    return tmg_span_copy(a, tmg_json_as_text(tmg_json_member(o, key)));
}

int64_t tmg_json_as_i64(const tmg_json *j, int64_t otherwise)
{
    return is_a(j, TMG_JSON_INT) ? j->is.whole : otherwise;
}

bool tmg_json_as_bool(const tmg_json *j, bool otherwise)
{
    return is_a(j, TMG_JSON_BOOL) ? j->is.truth : otherwise;
}

double tmg_json_as_real(const tmg_json *j, double otherwise)
{
    if (is_a(j, TMG_JSON_INT))
        return (double)j->is.whole;
    return is_a(j, TMG_JSON_REAL) ? strtod(j->is.text.ptr, NULL) : otherwise;
}

/* So many digits survive floating point, so that a number written plainly with them is what was meant, digit
 * by digit.
 */
enum { EXACT_DIGITS = 15 };

static bool is_plain(tmg_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == 'e' || s.ptr[i] == 'E')
            return false;
    return s.len <= EXACT_DIGITS;
}

/* Without zeros at the end of the fraction. */
static tmg_span trimmed(tmg_span s)
{
    while (s.ptr[s.len - 1] == '0')
        s.len--;
    s.len -= s.ptr[s.len - 1] == '.';
    return s;
}

tmg_span tmg_json_as_decimal(const tmg_json *j, tmg_arena *a)
{
    char text[40];

    if (is_a(j, TMG_JSON_TEXT))
        return j->is.text;
    if (is_a(j, TMG_JSON_REAL) && is_plain(j->is.text))
        return tmg_span_copy(a, trimmed(j->is.text));
    if (is_a(j, TMG_JSON_INT)) {
        (void)snprintf(text, sizeof text, "%lld", (long long)j->is.whole);
    } else if (is_a(j, TMG_JSON_REAL)) {
        double v = strtod(j->is.text.ptr, NULL);

        /* The fewest digits that read back to the same number are the ones that were sent. */
        for (int digits = EXACT_DIGITS; digits <= 17; digits++) {
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
