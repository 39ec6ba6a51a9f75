#include "web/schema.h"

#include "base/say.h"

#include <stdarg.h>

tmg_input_fault *tmg_faults_add(tmg_faults *f, const char *path, const char *fmt, ...)
{
    va_list args;

    if (f->count == TMG_MAX_FAULTS)
        return NULL;
    tmg_input_fault *fault = &f->list[f->count++];

    fault->code = NULL;
    fault->limit = 0;
    (void)snprintf(fault->path, sizeof fault->path, "%s", path);
    fault->form = fmt;
    va_start(args, fmt);
    tmg_say_values(fault->values, sizeof fault->values, fmt, args);
    (void)vsnprintf(fault->message, sizeof fault->message, fmt, args);
    va_end(args);
    return fault;
}

static void name(tmg_input_fault *f, const char *code, int64_t limit)
{
    if (f == NULL)
        return;
    f->code = code;
    f->limit = limit;
}

static const char *const EXPECTED[] = {
    [TMG_SCHEMA_ANY] = "a value",
    [TMG_SCHEMA_OBJECT] = "an object",
    [TMG_SCHEMA_ARRAY] = "an array",
    [TMG_SCHEMA_TEXT] = "a text",
    [TMG_SCHEMA_INTEGER] = "a whole number",
    [TMG_SCHEMA_NUMBER] = "a number",
    [TMG_SCHEMA_BOOLEAN] = "true or false",
};

static bool is_of_kind(tmg_schema_kind want, tmg_json_kind have)
{
    switch (want) {
    case TMG_SCHEMA_ANY:
        return true;
    case TMG_SCHEMA_OBJECT:
        return have == TMG_JSON_OBJECT;
    case TMG_SCHEMA_ARRAY:
        return have == TMG_JSON_ARRAY;
    case TMG_SCHEMA_TEXT:
        return have == TMG_JSON_TEXT;
    case TMG_SCHEMA_INTEGER:
        return have == TMG_JSON_INT;
    case TMG_SCHEMA_NUMBER:
        return have == TMG_JSON_INT || have == TMG_JSON_REAL;
    case TMG_SCHEMA_BOOLEAN:
        return have == TMG_JSON_BOOL;
    }
    return false;
}

static void check_whole(const tmg_schema *s, const char *path, int64_t v, tmg_faults *f)
{
    if (v < s->minimum) {
        name(tmg_faults_add(f, path, "expected at least %lld", (long long)s->minimum), "too_small",
             s->minimum);
    } else if (v > s->maximum) {
        name(tmg_faults_add(f, path, "expected at most %lld", (long long)s->maximum), "too_large",
             s->maximum);
    }
}

static void check_text(const tmg_schema *s, const char *path, tmg_span v, tmg_faults *f)
{
    int64_t chars = 0;
    char words[160];
    size_t at = 0;

    for (size_t i = 0; i < v.len; i++)
        chars += ((unsigned char)v.ptr[i] & 0xc0) != 0x80;
    if (chars < s->least) {
        name(s->least == 1
                 ? tmg_faults_add(f, path, "must not be empty")
                 : tmg_faults_add(f, path, "expected at least %lld characters", (long long)s->least),
             "too_short", s->least);
    } else if (chars > s->most) {
        name(tmg_faults_add(f, path, "expected at most %lld characters", (long long)s->most), "too_long",
             s->most);
    }
    if (s->one_of == NULL)
        return;
    words[0] = '\0';
    for (const char *const *w = s->one_of; *w != NULL; w++) {
        if (tmg_span_is(v, *w))
            return;
        if (at < sizeof words)
            at += (size_t)snprintf(words + at, sizeof words - at, "%s%s", at > 0 ? ", " : "", *w);
    }
    name(tmg_faults_add(f, path, "expected one of: %s", words), "not_one_of", 0);
}

static void check(const tmg_schema *s, const char *path, const tmg_json *v, tmg_faults *f);

static void step_into(char *ret, size_t room, const char *path, tmg_span name)
{
    size_t at = (size_t)snprintf(ret, room, "%s/", path);

    for (size_t i = 0; i < name.len && at + 3 < room; i++) {
        if (name.ptr[i] == '~' || name.ptr[i] == '/') {
            ret[at++] = '~';
            ret[at++] = name.ptr[i] == '~' ? '0' : '1';
        } else {
            ret[at++] = name.ptr[i];
        }
    }
    ret[at < room ? at : room - 1] = '\0';
}

typedef struct object_check {
    const tmg_schema *schema;
    const char *path;
    tmg_faults *faults;
} object_check;

static void refuse_unknown(void *ctx, tmg_span key, const tmg_json *value)
{
    object_check *c = ctx;
    char path[sizeof c->faults->list[0].path];

    (void)value;
    for (const tmg_schema_member *m = c->schema->members; m != NULL && m->name != NULL; m++)
        if (tmg_span_is(key, m->name))
            return;
    step_into(path, sizeof path, c->path, tmg_utf8_cut(key, 60));
    name(tmg_faults_add(c->faults, path, "is not a member that is known here"), "unknown", 0);
}

static void check_object(const tmg_schema *s, const char *path, const tmg_json *v, tmg_faults *f)
{
    char below[sizeof f->list[0].path];

    for (const tmg_schema_member *m = s->members; m != NULL && m->name != NULL; m++) {
        const tmg_json *member = tmg_json_member(v, m->name);

        step_into(below, sizeof below, path, tmg_span_of(m->name));
        if (member != NULL) {
            check(m->schema, below, member, f);
        } else if (m->required) {
            name(tmg_faults_add(f, below, "is missing: expected %s", EXPECTED[m->schema->kind]), "missing",
                 0);
        }
    }
    if (s->closed)
        tmg_json_each(v, refuse_unknown, &(object_check){s, path, f});
}

static void check_array(const tmg_schema *s, const char *path, const tmg_json *v, tmg_faults *f)
{
    int64_t count = (int64_t)tmg_json_count(v);
    char below[sizeof f->list[0].path], number[24];

    if (count < s->least)
        tmg_faults_add(f, path, "expected at least %lld entries", (long long)s->least);
    else if (count > s->most)
        tmg_faults_add(f, path, "expected at most %lld entries", (long long)s->most);
    for (int64_t i = 0; s->items != NULL && i < count && f->count < TMG_MAX_FAULTS; i++) {
        (void)snprintf(number, sizeof number, "%lld", (long long)i);
        step_into(below, sizeof below, path, tmg_span_of(number));
        check(s->items, below, tmg_json_at(v, (size_t)i), f);
    }
}

static void check(const tmg_schema *s, const char *path, const tmg_json *v, tmg_faults *f)
{
    tmg_json_kind kind = tmg_json_kind_of(v);

    if (kind == TMG_JSON_NULL && s->nullable)
        return;
    if (!is_of_kind(s->kind, kind)) {
        name(tmg_faults_add(f, path, "expected %s", EXPECTED[s->kind]), "kind", 0);
        return;
    }
    if (s->kind == TMG_SCHEMA_OBJECT)
        check_object(s, path, v, f);
    else if (s->kind == TMG_SCHEMA_ARRAY)
        check_array(s, path, v, f);
    else if (s->kind == TMG_SCHEMA_TEXT)
        check_text(s, path, tmg_json_as_text(v), f);
    else if (kind == TMG_JSON_INT && (s->kind == TMG_SCHEMA_INTEGER || s->kind == TMG_SCHEMA_NUMBER))
        check_whole(s, path, tmg_json_as_i64(v, 0), f);
}

bool tmg_schema_check(const tmg_schema *s, const tmg_json *value, tmg_faults *faults)
{
    size_t before = faults->count;

    check(s, "", value, faults);
    return faults->count == before;
}

bool tmg_schema_check_text(const tmg_schema *s, const char *name, tmg_span text, tmg_faults *faults)
{
    size_t before = faults->count;
    int64_t v;

    if (s->kind == TMG_SCHEMA_INTEGER) {
        if (tmg_span_i64(text, &v))
            check_whole(s, name, v, faults);
        else
            tmg_faults_add(faults, name, "expected %s", EXPECTED[s->kind]);
    } else if (s->kind == TMG_SCHEMA_BOOLEAN) {
        if (!tmg_span_is(text, "true") && !tmg_span_is(text, "false"))
            tmg_faults_add(faults, name, "expected %s", EXPECTED[s->kind]);
    } else {
        check_text(s, name, text, faults);
    }
    return faults->count == before;
}
