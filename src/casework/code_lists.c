#include "casework/code_lists.h"
#include "base/ini.h"

enum { CAP = 1 << 20, MOST_LISTS = 16, MOST_CODES = 64, LANGUAGES = 3 };

struct tmg_code_lists {
    tmg_arena *arena;
    tmg_span name[MOST_LISTS];
    tmg_listed_code *codes[MOST_LISTS];
    size_t count[MOST_LISTS];
    size_t list_count;
};

static size_t list_at(const tmg_code_lists *l, tmg_span name)
{
    size_t i = 0;

    while (i < l->list_count && !tmg_span_eq(l->name[i], name))
        i++;
    return i;
}

static tmg_rc add(tmg_code_lists *l, const tmg_ini *ini, const tmg_ini_entry *e, tmg_err *err)
{
    size_t at = list_at(l, e->section);
    tmg_span rest = e->value, part;
    tmg_listed_code *c;

    if (at == l->list_count) {
        if (at == MOST_LISTS)
            return TMG_FAIL(err, TMG_E_LIMIT, "%s:%d: more than %d lists", ini->name, e->line, MOST_LISTS);
        l->name[at] = e->section;
        l->codes[at] = tmg_alloc_array(l->arena, MOST_CODES, sizeof *l->codes[at]);
        l->list_count++;
    }
    if (l->count[at] == MOST_CODES)
        return TMG_FAIL(err, TMG_E_LIMIT, "%s:%d: more than %d codes", ini->name, e->line, MOST_CODES);
    c = &l->codes[at][l->count[at]++];
    c->code = e->key;
    for (size_t i = 0; i < LANGUAGES; i++)
        if (!tmg_span_split(&rest, '|', &part) || (c->words[i] = tmg_span_trim(part)).len == 0)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "%s:%d: %.*s needs words in English, Azerbaijani and Russian, parted by |",
                            ini->name, e->line, TMG_SPAN_ARG(e->key));
    return TMG_OK;
}

static tmg_rc read_file(tmg_code_lists *l, const char *path, tmg_err *err)
{
    tmg_ini ini = {0};

    TMG_TRY(tmg_ini_read_file(path, l->arena, &ini, err));
    for (size_t i = 0; i < ini.count; i++)
        TMG_TRY(add(l, &ini, &ini.entries[i], err));
    return TMG_OK;
}

tmg_rc tmg_code_lists_read(const char *path, tmg_code_lists **ret, tmg_err *err)
{
    tmg_code_lists *l = tmg_xcalloc(1, sizeof *l);

    l->arena = tmg_arena_new(CAP);
    tmg_rc rc = read_file(l, path, err);
    if (rc != TMG_OK) {
        tmg_code_lists_free(l);
        return rc;
    }
    *ret = l;
    return TMG_OK;
}

void tmg_code_lists_free(tmg_code_lists *l)
{
    if (l == NULL)
        return;
    tmg_arena_free(l->arena);
    free(l);
}

size_t tmg_code_list_names(const tmg_code_lists *l, const tmg_span **ret)
{
    *ret = l->name;
    return l->list_count;
}

size_t tmg_code_list(const tmg_code_lists *l, const char *list, const tmg_listed_code **ret)
{
    size_t at = list_at(l, tmg_span_of(list));

    if (at == l->list_count)
        return 0;
    *ret = l->codes[at];
    return l->count[at];
}

const tmg_listed_code *tmg_listed_code_of(const tmg_code_lists *l, const char *list, tmg_span code)
{
    const tmg_listed_code *codes = NULL;
    size_t count = tmg_code_list(l, list, &codes);

    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(codes[i].code, code))
            return &codes[i];
    return NULL;
}
