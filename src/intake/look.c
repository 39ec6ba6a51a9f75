/* What a person wants to know of a file, and of mappings, before anything is imported. */
#include "base/file.h"
#include "intake/mapping_priv.h"

static const struct {
    char character;
    const char *name;
} separators[] = {{',', "comma"}, {';', "semicolon"}, {'\t', "tab"}, {'|', "pipe"}};

enum { SEPARATORS = sizeof separators / sizeof separators[0] };

const char *tmg_separator_name(char separator)
{
    for (int i = 0; i < SEPARATORS; i++)
        if (separators[i].character == separator)
            return separators[i].name;
    return NULL;
}

static char likely_separator(tmg_span bytes)
{
    const char *line_end = bytes.len > 0 ? memchr(bytes.ptr, '\n', bytes.len) : NULL;
    size_t len = line_end != NULL ? (size_t)(line_end - bytes.ptr) : bytes.len, most = 0;
    char found = ',';

    for (int k = 0; k < SEPARATORS; k++) {
        size_t count = 0;

        for (size_t i = 0; i < len; i++)
            count += bytes.ptr[i] == separators[k].character;
        if (count > most) {
            most = count;
            found = separators[k].character;
        }
    }
    return found;
}

void tmg_intake_columns(tmg_span bytes, tmg_arena *a, char *ret_separator, tmg_span **ret, size_t *ret_count)
{
    tmg_span *cells = tmg_alloc_array(a, TMG_MAX_COLUMNS, sizeof *cells);
    char separator = likely_separator(bytes);
    tmg_csv csv;
    tmg_err err;

    *ret = cells;
    *ret_count = 0;
    *ret_separator = separator;
    tmg_csv_begin(&csv, bytes, separator, a);
    if (tmg_csv_row(&csv, cells, TMG_MAX_COLUMNS, ret_count, &err) != TMG_OK)
        *ret_count = 0;
    for (size_t i = 0; i < *ret_count; i++)
        cells[i] = tmg_span_trim(cells[i]);
}

int tmg_mapping_line(const tmg_err *err)
{
    const char *at = strstr(err->text, ", line ");

    return at != NULL ? (int)strtol(at + 7, NULL, 10) : 0;
}

static tmg_span first_comment(tmg_span text)
{
    tmg_span line;

    while (tmg_span_split(&text, '\n', &line)) {
        line = tmg_span_trim(line);
        if (line.len > 0 && (line.ptr[0] == ';' || line.ptr[0] == '#'))
            return tmg_span_trim((tmg_span){line.ptr + 1, line.len - 1});
        if (line.len > 0)
            break;
    }
    return TMG_SPAN("");
}

tmg_rc tmg_mapping_list(const char *mapping_dir, tmg_arena *a, tmg_shipped_mapping **ret, size_t *ret_count,
                        tmg_err *err)
{
    TMG_AUTO_BUF names = {0}, file_name = {0};
    tmg_span rest, name;
    size_t count = 0, room = 1;

    tmg_buf_init(&names, 1 << 16);
    tmg_buf_init(&file_name, 512);
    tmg_mapping_names(mapping_dir, &names);
    for (size_t i = 0; i < names.len; i++)
        room += names.ptr[i] == ',';
    *ret = tmg_alloc_array(a, room, sizeof **ret);
    rest = names.len > 0 ? tmg_buf_as_span(&names) : (tmg_span){NULL, 0};
    while (tmg_span_split(&rest, ',', &name)) {
        tmg_shipped_mapping *m = &(*ret)[count++];
        tmg_file file;

        m->name = tmg_span_copy(a, tmg_span_trim(name));
        tmg_buf_clear(&file_name);
        tmg_buf_fmt(&file_name, "%.*s.ini", TMG_SPAN_ARG(m->name));
        TMG_TRY(tmg_file_map(tmg_path_join(a, mapping_dir, file_name.ptr), &file, err));
        m->text = tmg_span_copy(a, file.bytes);
        m->words = first_comment(m->text);
        tmg_file_unmap(&file);
    }
    *ret_count = count;
    return TMG_OK;
}

const tmg_mappable *tmg_mappable_fields(tmg_arena *a, size_t *ret_count)
{
    static const char *const of[] = {
        [TMG_OF_HEADER] = "header", [TMG_OF_ITEM] = "item", [TMG_OF_RESULT] = "result"};
    tmg_mappable *list = tmg_alloc_array(a, TMG_FIELDS, sizeof *list);
    size_t count = 0;

    for (int f = 0; f < TMG_FIELDS; f++) {
        const tmg_field *field = &tmg_fields[f];

        if (tmg_field_of_column(tmg_span_of(field->name)) != (tmg_field_id)f)
            continue;
        list[count] = (tmg_mappable){.name = field->name, .of = of[field->level]};
        for (int i = 0; i < TMG_NEEDED_FIELDS; i++)
            list[count].needed = list[count].needed || tmg_needed_fields[i] == (tmg_field_id)f;
        count++;
    }
    *ret_count = count;
    return list;
}
