#include "intake/mapping_priv.h"

typedef struct mapped {
    tmg_table table;
    tmg_arena *arena; /* the mapping's texts */
    tmg_mapping mapping;
} mapped;

enum { MAPPING_BYTES = 4 << 20 };

static tmg_rc no_column(const mapped *m, const tmg_mapped_column *c, tmg_err *err)
{
    TMG_AUTO_BUF names = {0};

    tmg_buf_init(&names, 200);
    tmg_table_column_names(&m->table, &names);
    return TMG_FAIL(err, TMG_E_INVALID, "%s, line %d: the file has no column \"%.*s\"; it has %s%s",
                    m->mapping.name, c->line, TMG_SPAN_ARG(tmg_utf8_cut(c->source, 60)), names.ptr,
                    names.overflow ? "..." : "");
}

static tmg_rc plan(mapped *m, tmg_err *err)
{
    const tmg_mapping *map = &m->mapping;

    for (size_t i = 0; i < map->column_count; i++) {
        const tmg_mapped_column *c = &map->columns[i];
        int column = tmg_table_column(&m->table, c->source);

        if (column < 0)
            return no_column(m, c, err);
        TMG_TRY(tmg_table_add(&m->table,
                              (tmg_step){.field = c->field, .column = column, .labels = &c->labels}, err));
    }
    for (size_t i = 0; i < map->constant_count; i++)
        TMG_TRY(tmg_table_add(&m->table, map->constants[i], err));
    tmg_table_ready(&m->table);
    m->table.grouped = map->grouped && m->table.ref_column >= 0;
    return TMG_OK;
}

static tmg_rc mapped_open(tmg_reader *r, const tmg_intake_options *options, tmg_err *err)
{
    mapped *m = tmg_xcalloc(1, sizeof *m);

    r->state = m;
    m->arena = tmg_arena_new(MAPPING_BYTES);
    if (options->mapping == NULL && options->mapping_text.ptr == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "a mapped file needs the name of its mapping");
    TMG_TRY(tmg_mapping_load(options, m->arena, &m->mapping, err));
    m->table.rules = m->mapping.rules;
    TMG_TRY(tmg_table_header(&m->table, r->bytes, m->mapping.separator, m->arena, err));
    return plan(m, err);
}

static tmg_rc mapped_next(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err)
{
    return tmg_table_next(&((mapped *)r->state)->table, a, ret, ret_more, err);
}

static size_t mapped_offset(const tmg_reader *r)
{
    const tmg_csv *csv = &((const mapped *)r->state)->table.csv;

    return (size_t)(csv->at - csv->start);
}

static void mapped_close(tmg_reader *r)
{
    mapped *m = r->state;

    if (m != NULL)
        tmg_arena_free(m->arena);
    free(m);
}

const tmg_format tmg_format_mapped = {"mapped", mapped_open, mapped_next, mapped_offset, mapped_close};
