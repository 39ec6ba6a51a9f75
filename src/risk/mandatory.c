#include "base/ini.h"
#include "model/codes.h"
#include "risk/risk.h"

enum { MOST_VALUES = 64, FILE_CAP = 1 << 20 };

/* Values of which one must apply; none stated: any. */
typedef struct one_of {
    tmg_span value[MOST_VALUES];
    size_t count;
} one_of;

typedef struct instruction {
    struct instruction *next;
    tmg_span name, words, basis, sentence, words_az, words_ru;
    int32_t expires; /* last day; INT32_MAX: never */
    one_of hs, list, regime, departure, origin, destination, unless_document;
} instruction;

struct tmg_mandatory {
    tmg_arena *arena;
    instruction *first;
};

typedef struct list_name {
    const char *name;
    tmg_control_list list;
} list_name;

static const list_name list_names[] = {
    {"table_i", TMG_TABLE_I}, {"table_ii", TMG_TABLE_II}, {"drug", TMG_DRUG}};

static tmg_control_list list_of(tmg_span name)
{
    for (size_t i = 0; i < sizeof list_names / sizeof list_names[0]; i++)
        if (tmg_span_is(name, list_names[i].name))
            return list_names[i].list;
    return TMG_NOT_LISTED;
}

static bool good_hs(tmg_span v)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.ptr[i] < '0' || v.ptr[i] > '9')
            return false;
    return v.len >= 2 && v.len <= 10;
}

static bool good_list(tmg_span v)
{
    return list_of(v) != TMG_NOT_LISTED;
}

static bool good_regime(tmg_span v)
{
    return tmg_regime_of(v) != 0;
}

static bool good_country(tmg_span v)
{
    return tmg_country_known(v);
}

static bool good_document(tmg_span v)
{
    return v.len > 0;
}

typedef struct condition {
    const char *key;
    size_t at; /* of the one_of in an instruction */
    bool (*good)(tmg_span v);
    const char *expected;
} condition;

static const condition conditions[] = {
    {"hs", offsetof(instruction, hs), good_hs, "2 to 10 digits of a commodity code"},
    {"list", offsetof(instruction, list), good_list, "table_i, table_ii or drug"},
    {"regime", offsetof(instruction, regime), good_regime, "import, export or transit"},
    {"departure", offsetof(instruction, departure), good_country, "an ISO 3166 alpha-2 country"},
    {"origin", offsetof(instruction, origin), good_country, "an ISO 3166 alpha-2 country"},
    {"destination", offsetof(instruction, destination), good_country, "an ISO 3166 alpha-2 country"},
    {"unless_document", offsetof(instruction, unless_document), good_document, "codes of documents"},
};

static tmg_rc read_values(const tmg_ini *ini, const tmg_ini_entry *e, const condition *c, one_of *to,
                          tmg_err *err)
{
    tmg_span rest = e->value, part;
    while (tmg_span_split(&rest, ',', &part)) {
        part = tmg_span_trim(part);
        if (!c->good(part))
            return TMG_FAIL(err, TMG_E_INVALID, "%s:%d: %s = %.*s: expected %s", ini->name, e->line, c->key,
                            TMG_SPAN_ARG(part), c->expected);
        if (to->count == MOST_VALUES)
            return TMG_FAIL(err, TMG_E_INVALID, "%s:%d: more than %d values", ini->name, e->line,
                            MOST_VALUES);
        to->value[to->count++] = part;
    }
    return TMG_OK;
}

static tmg_rc read_entry(const tmg_ini *ini, const tmg_ini_entry *e, instruction *in, tmg_err *err)
{
    if (tmg_span_is(e->key, "words")) {
        in->words = e->value;
        return TMG_OK;
    }
    if (tmg_span_is(e->key, "words.az") || tmg_span_is(e->key, "words.ru")) {
        *(tmg_span_is(e->key, "words.az") ? &in->words_az : &in->words_ru) = e->value;
        return TMG_OK;
    }
    if (tmg_span_is(e->key, "basis")) {
        in->basis = e->value;
        return TMG_OK;
    }
    if (tmg_span_is(e->key, "expires")) {
        if (tmg_day_parse(e->value, &in->expires, NULL) != TMG_OK)
            return TMG_FAIL(err, TMG_E_INVALID, "%s:%d: expires = %.*s: expected a day like 2027-12-31",
                            ini->name, e->line, TMG_SPAN_ARG(e->value));
        return TMG_OK;
    }
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
        if (tmg_span_is(e->key, conditions[i].key))
            return read_values(ini, e, &conditions[i], (one_of *)(void *)((char *)in + conditions[i].at),
                               err);
    return TMG_FAIL(err, TMG_E_INVALID,
                    "%s:%d: an instruction has no \"%.*s\": known are words, words.az, words.ru, basis, "
                    "expires, hs, list, "
                    "regime, departure, "
                    "origin, destination and unless_document",
                    ini->name, e->line, TMG_SPAN_ARG(e->key));
}

static tmg_rc find_instruction(tmg_mandatory *m, const tmg_ini *ini, const tmg_ini_entry *e,
                               instruction **ret, tmg_err *err)
{
    tmg_span name = e->section, kind = {NULL, 0};
    bool split = tmg_span_split(&name, ' ', &kind);
    name = tmg_span_trim(name);
    if (!split || !tmg_span_is(kind, "instruction") || name.len == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "%s:%d: section [%.*s] is not [instruction NAME]", ini->name,
                        e->line, TMG_SPAN_ARG(e->section));
    instruction **at = &m->first;
    while (*at != NULL && !tmg_span_eq((*at)->name, name))
        at = &(*at)->next;
    if (*at == NULL) {
        *at = tmg_alloc(m->arena, sizeof **at);
        (*at)->name = name;
        (*at)->expires = INT32_MAX;
    }
    *ret = *at;
    return TMG_OK;
}

static tmg_rc finish(tmg_mandatory *m, const char *file, tmg_err *err)
{
    for (instruction *in = m->first; in != NULL; in = in->next) {
        if (in->words.len == 0 || in->basis.len == 0)
            return TMG_FAIL(err, TMG_E_INVALID, "%s: instruction %.*s needs words and a legal basis", file,
                            TMG_SPAN_ARG(in->name));
        if (in->hs.count == 0 && in->list.count == 0 && in->departure.count == 0 && in->origin.count == 0 &&
            in->destination.count == 0)
            return TMG_FAIL(
                err, TMG_E_INVALID,
                "%s: instruction %.*s would stop everything: it names neither goods nor a country", file,
                TMG_SPAN_ARG(in->name));
        TMG_AUTO_BUF b = {0};
        tmg_buf_init(&b, 1024);
        tmg_buf_fmt(&b, "%.*s (%.*s)", TMG_SPAN_ARG(in->words), TMG_SPAN_ARG(in->basis));
        in->sentence = tmg_span_copy(m->arena, tmg_buf_as_span(&b));
    }
    return TMG_OK;
}

static tmg_rc read_file(tmg_mandatory *m, const char *path, tmg_err *err)
{
    tmg_ini ini = {0};
    TMG_TRY(tmg_ini_read_file(path, m->arena, &ini, err));
    for (size_t i = 0; i < ini.count; i++) {
        instruction *in = NULL;
        TMG_TRY(find_instruction(m, &ini, &ini.entries[i], &in, err));
        TMG_TRY(read_entry(&ini, &ini.entries[i], in, err));
    }
    return finish(m, ini.name, err);
}

tmg_rc tmg_mandatory_read(const char *path, tmg_mandatory **ret, tmg_err *err)
{
    tmg_mandatory *m = tmg_xcalloc(1, sizeof *m);
    m->arena = tmg_arena_new(FILE_CAP);
    tmg_rc rc = read_file(m, path, err);
    if (rc != TMG_OK) {
        tmg_mandatory_free(m);
        return rc;
    }
    *ret = m;
    return TMG_OK;
}

void tmg_mandatory_free(tmg_mandatory *m)
{
    if (m == NULL)
        return;
    tmg_arena_free(m->arena);
    free(m);
}

static bool is_one_of(const one_of *o, tmg_span v)
{
    for (size_t i = 0; i < o->count; i++)
        if (tmg_span_eq(o->value[i], v))
            return true;
    return false;
}

static bool fits(const one_of *o, tmg_span v)
{
    return o->count == 0 || is_one_of(o, v);
}

static bool goods_fit(const instruction *in, const tmg_item *it)
{
    if (!fits(&in->origin, it->origin))
        return false;
    if (in->hs.count == 0 && in->list.count == 0)
        return true;
    for (size_t i = 0; i < in->hs.count; i++)
        if (it->hs.len >= in->hs.value[i].len &&
            memcmp(it->hs.ptr, in->hs.value[i].ptr, in->hs.value[i].len) == 0)
            return true;
    for (size_t i = 0; i < in->list.count; i++)
        if (tmg_hs_control_list(it->hs) == list_of(in->list.value[i]))
            return true;
    return false;
}

static bool has_document(const instruction *in, const tmg_declaration *d)
{
    for (size_t i = 0; i < d->document_count; i++)
        if (is_one_of(&in->unless_document, d->documents[i].type))
            return true;
    return false;
}

static bool applies(const instruction *in, const tmg_declaration *d)
{
    if (tmg_day_of(d->lodged.at_ms, d->lodged.offset_min) > in->expires)
        return false;
    if (!fits(&in->regime, tmg_span_of(tmg_regime_name(d->regime))) || !fits(&in->departure, d->departure) ||
        !fits(&in->destination, d->destination) || has_document(in, d))
        return false;
    for (size_t i = 0; i < d->item_count; i++)
        if (goods_fit(in, &d->items[i]))
            return true;
    return false;
}

tmg_span tmg_mandatory_for(const tmg_mandatory *m, const tmg_declaration *d)
{
    for (const instruction *in = m->first; in != NULL; in = in->next)
        if (applies(in, d))
            return in->sentence;
    return (tmg_span){NULL, 0};
}

bool tmg_mandatory_explain(const tmg_mandatory *m, tmg_span why, tmg_instruction *ret)
{
    for (const instruction *in = m->first; in != NULL; in = in->next) {
        if (why.len < in->sentence.len || memcmp(why.ptr, in->sentence.ptr, in->sentence.len) != 0)
            continue;
        *ret = (tmg_instruction){.name = in->name,
                                 .words = in->words,
                                 .basis = in->basis,
                                 .words_az = in->words_az,
                                 .words_ru = in->words_ru,
                                 .beyond_capacity = why.len > in->sentence.len};
        return true;
    }
    return false;
}
