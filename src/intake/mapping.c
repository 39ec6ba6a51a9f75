#include "base/file.h"
#include "intake/mapping_priv.h"

#include <dirent.h>

/* ---- [columns], [labels], [constants] ---- */

static tmg_rc field_of(const tmg_mapping_entry *at, tmg_field_id *ret, tmg_err *err)
{
    tmg_field_id field = tmg_field_of_column(at->e->key);

    if (field == TMG_FIELDS)
        return TMG_REFUSE_ENTRY(at, err, "\"%.*s\" is not a field; docs/formats.md lists them",
                                TMG_SPAN_ARG(at->e->key));
    for (size_t i = 0; i < at->m->column_count; i++)
        if (at->m->columns[i].field == field)
            return TMG_REFUSE_ENTRY(at, err, "%s has a column already, on line %d", tmg_fields[field].name,
                                    at->m->columns[i].line);
    for (size_t i = 0; i < at->m->constant_count; i++)
        if (at->m->constants[i].field == field)
            return TMG_REFUSE_ENTRY(at, err, "%s has a constant already", tmg_fields[field].name);
    *ret = field;
    return TMG_OK;
}

static tmg_rc add_column(const tmg_mapping_entry *at, tmg_span source, const tmg_labels *labels, tmg_err *err)
{
    tmg_field_id field = TMG_FIELDS;

    TMG_TRY(field_of(at, &field, err));
    if (source.len == 0)
        return tmg_mapping_refuse_value(at, "the name of a column", err);
    at->m->columns[at->m->column_count++] =
        (tmg_mapped_column){.field = field, .source = source, .labels = *labels, .line = at->e->line};
    at->m->rules.names[field] = source;
    return TMG_OK;
}

static tmg_rc read_constant(const tmg_mapping_entry *at, tmg_err *err)
{
    tmg_field_id field = TMG_FIELDS;

    TMG_TRY(field_of(at, &field, err));
    at->m->constants[at->m->constant_count++] =
        (tmg_step){.field = field, .column = TMG_CONSTANT, .constant = at->e->value};
    return TMG_OK;
}

/* The last " is " of a line: a column's own name may hold one too. */
static const char *find_is(tmg_span s)
{
    const char *found = NULL;

    for (size_t i = 0; i + 4 <= s.len; i++)
        if (memcmp(s.ptr + i, " is ", 4) == 0)
            found = s.ptr + i;
    return found;
}

static tmg_rc read_label(const tmg_mapping_entry *at, tmg_err *err)
{
    tmg_span source = at->e->value, words = {NULL, 0}, word;
    const char *is = find_is(source);
    tmg_labels labels = {.count = 0};

    if (!tmg_span_is(at->e->key, "found_fraud") && !tmg_span_is(at->e->key, "found_critical"))
        return tmg_mapping_refuse_key(at, "found_fraud or found_critical", err);
    if (is != NULL) {
        words = (tmg_span){is + 4, (size_t)(source.ptr + source.len - is) - 4};
        source.len = (size_t)(is - source.ptr);
    }
    while (tmg_span_split(&words, ',', &word)) {
        word = tmg_span_trim(word);
        if (word.len == 0 || labels.count == TMG_MAX_LABELS)
            return tmg_mapping_refuse_value(at, "one to sixteen labels, for example: Fraud is 1, 2", err);
        labels.words[labels.count++] = word;
    }
    return add_column(at, tmg_span_trim(source), &labels, err);
}

static tmg_rc read_entry(const tmg_mapping_entry *at, tmg_err *err)
{
    static const tmg_labels none;

    if (tmg_span_is(at->e->section, "file"))
        return tmg_mapping_file_entry(at, err);
    if (tmg_span_is(at->e->section, "rules"))
        return tmg_mapping_rule(at, err);
    if (tmg_span_is(at->e->section, "columns"))
        return add_column(at, at->e->value, &none, err);
    if (tmg_span_is(at->e->section, "labels"))
        return read_label(at, err);
    if (tmg_span_is(at->e->section, "constants"))
        return read_constant(at, err);
    return TMG_REFUSE_ENTRY(
        at, err, "[%.*s] is not a section of a mapping; expected file, columns, labels, constants or rules",
        TMG_SPAN_ARG(at->e->section));
}

static bool is_stated(const tmg_mapping *m, tmg_field_id field)
{
    for (size_t i = 0; i < m->column_count; i++)
        if (m->columns[i].field == field)
            return true;
    for (size_t i = 0; i < m->constant_count; i++)
        if (m->constants[i].field == field)
            return true;
    return false;
}

const tmg_field_id tmg_needed_fields[TMG_NEEDED_FIELDS] = {TMG_F_REF, TMG_F_LODGED, TMG_F_REGIME, TMG_F_POST,
                                                           TMG_F_HS};

static tmg_rc read_mapping(const tmg_ini *ini, int offset_min, tmg_mapping *ret, tmg_err *err)
{
    memset(ret, 0, sizeof *ret);
    ret->name = ini->name;
    ret->separator = ',';
    ret->rules = tmg_rules_own(offset_min);
    for (size_t i = 0; i < ini->count; i++)
        TMG_TRY(read_entry(&(tmg_mapping_entry){ret, &ini->entries[i]}, err));
    for (size_t i = 0; i < TMG_NEEDED_FIELDS; i++)
        if (!is_stated(ret, tmg_needed_fields[i]))
            return TMG_FAIL(err, TMG_E_INVALID, "%s: %s has neither a column nor a constant", ini->name,
                            tmg_fields[tmg_needed_fields[i]].name);
    return TMG_OK;
}

/* ---- finding the file ---- */

static int ini_file(const struct dirent *e)
{
    size_t len = strlen(e->d_name);

    return len > 4 && e->d_name[0] != '.' && strcmp(e->d_name + len - 4, ".ini") == 0;
}

void tmg_mapping_names(const char *mapping_dir, tmg_buf *b)
{
    struct dirent **names = NULL;
    int count = mapping_dir != NULL ? scandir(mapping_dir, &names, ini_file, alphasort) : 0;

    for (int i = 0; i < count; i++) {
        tmg_buf_z(b, i > 0 ? ", " : "");
        tmg_buf_put(b, names[i]->d_name, strlen(names[i]->d_name) - 4);
        free(names[i]);
    }
    free(names);
}

static bool is_path(const char *which)
{
    size_t len = strlen(which);

    return strchr(which, '/') != NULL || (len > 4 && strcmp(which + len - 4, ".ini") == 0);
}

static tmg_rc shipped_path(const tmg_intake_options *o, tmg_arena *a, const char **ret, tmg_err *err)
{
    TMG_AUTO_BUF file = {0}, names = {0};

    tmg_buf_init(&file, 512);
    tmg_buf_init(&names, 256);
    tmg_buf_fmt(&file, "%s.ini", o->mapping);
    *ret = tmg_path_join(a, o->mapping_dir != NULL ? o->mapping_dir : ".", file.ptr);
    tmg_mapping_names(o->mapping_dir, &names);
    if (is_path(o->mapping) || !tmg_path_exists(*ret))
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no mapping \"%.60s\"; give %sone of: %s", o->mapping,
                        o->shipped_only ? "" : "the path of a file or ",
                        names.len > 0 ? names.ptr : "(none is installed)");
    return TMG_OK;
}

tmg_rc tmg_mapping_load(const tmg_intake_options *o, tmg_arena *a, tmg_mapping *ret, tmg_err *err)
{
    const char *path = o->mapping;
    tmg_ini ini;

    if (o->mapping_text.ptr != NULL) {
        TMG_TRY(tmg_ini_read(o->mapping_text, "the mapping", a, &ini, err));
        return read_mapping(&ini, o->offset_min, ret, err);
    }
    if (o->shipped_only || !is_path(o->mapping))
        TMG_TRY(shipped_path(o, a, &path, err));
    TMG_TRY(tmg_ini_read_file(path, a, &ini, err));
    return read_mapping(&ini, o->offset_min, ret, err);
}
