#include "base/ini.h"
#include "base/arena_priv.h"
#include "base/file.h"
#include "base/text_priv.h"

typedef struct reading {
    tmg_arena *arena;
    const char *name;
    tmg_ini_entry *entries;
    size_t count, room;
    tmg_span section;
    int line;
} reading;

static void add_entry(reading *r, tmg_span key, tmg_span value)
{
    if (r->count == r->room) {
        size_t room = r->room > 0 ? 2 * r->room : 32;
        tmg_ini_entry *more = tmg_alloc_array(r->arena, room, sizeof *more);

        if (r->count > 0)
            memcpy(more, r->entries, r->count * sizeof *more);
        r->entries = more;
        r->room = room;
    }
    r->entries[r->count++] = (tmg_ini_entry){r->section, key, value, r->line};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static tmg_span without_comment(tmg_span line)
{
    for (size_t i = 0; i < line.len; i++)
        if ((line.ptr[i] == ';' || line.ptr[i] == '#') && (i == 0 || is_blank(line.ptr[i - 1])))
            line.len = i;
    return tmg_span_trim(line);
}

static tmg_rc read_line(reading *r, tmg_span line, tmg_err *err)
{
    const char *equals;
    tmg_span key;
    tmg_span value;

    if (line.len == 0)
        return TMG_OK;
    if (line.ptr[0] == '[') {
        if (line.ptr[line.len - 1] != ']')
            return TMG_FAIL(err, TMG_E_INVALID, "%s, line %d: a section is written [name]", r->name, r->line);
        r->section = tmg_span_trim((tmg_span){line.ptr + 1, line.len - 2});
        return TMG_OK;
    }
    equals = memchr(line.ptr, '=', line.len);
    if (equals == NULL || equals == line.ptr)
        return TMG_FAIL(err, TMG_E_INVALID, "%s, line %d: expected [section] or key = value", r->name,
                        r->line);
    key = (tmg_span){line.ptr, (size_t)(equals - line.ptr)};
    value = (tmg_span){equals + 1, line.len - key.len - 1};
    add_entry(r, tmg_span_trim(key), tmg_span_trim(value));
    return TMG_OK;
}

tmg_rc tmg_ini_read(tmg_span text, const char *name, tmg_arena *a, tmg_ini *ret, tmg_err *err)
{
    reading r = {.arena = a, .section = {"", 0}};
    tmg_span rest;
    tmg_span line;

    if (text.len >= tmg_arena_left(a))
        return TMG_FAIL(err, TMG_E_LIMIT, "%s is too long", name);
    if (!tmg_utf8_valid(text))
        return TMG_FAIL(err, TMG_E_INVALID, "%s is not UTF-8 text", name);
    r.name = tmg_span_z(a, tmg_span_of(name));
    rest = tmg_span_copy(a, text);
    if (tmg_span_starts(rest, "\xEF\xBB\xBF")) {
        rest.ptr += 3;
        rest.len -= 3;
    }
    while (tmg_span_split(&rest, '\n', &line)) {
        r.line++;
        TMG_TRY(read_line(&r, without_comment(line), err));
        if (tmg_arena_full(a))
            return TMG_FAIL(err, TMG_E_LIMIT, "%s is too long", name);
    }
    *ret = (tmg_ini){r.name, r.entries, r.count};
    return TMG_OK;
}

tmg_rc tmg_ini_read_file(const char *path, tmg_arena *a, tmg_ini *ret, tmg_err *err)
{
    tmg_file file;
    tmg_rc rc;

    TMG_TRY(tmg_file_map(path, &file, err));
    rc = tmg_ini_read(file.bytes, path, a, ret, err);
    tmg_file_unmap(&file);
    return rc;
}

tmg_span tmg_ini_get(const tmg_ini *ini, const char *section, const char *key)
{
    for (size_t i = ini->count; i > 0; i--)
        if (tmg_span_is(ini->entries[i - 1].key, key) && tmg_span_is(ini->entries[i - 1].section, section))
            return ini->entries[i - 1].value;
    return (tmg_span){NULL, 0};
}
