#include "base/qty.h"
#include "report/export.h"

tmg_cell tmg_cell_text(tmg_span text)
{
    return (tmg_cell){.kind = text.ptr != NULL ? TMG_CELL_TEXT : TMG_CELL_EMPTY, .text = text};
}

tmg_cell tmg_cell_coded(tmg_span code, tmg_span text)
{
    return (tmg_cell){.kind = code.ptr != NULL ? TMG_CELL_TEXT : TMG_CELL_EMPTY, .text = text, .code = code};
}

tmg_cell tmg_cell_integer(int64_t v)
{
    return (tmg_cell){.kind = v != TMG_NONE ? TMG_CELL_INTEGER : TMG_CELL_EMPTY, .v = v};
}

tmg_cell tmg_cell_decimal(int64_t v, int scale)
{
    return (tmg_cell){.kind = v != TMG_NONE ? TMG_CELL_DECIMAL : TMG_CELL_EMPTY, .v = v, .scale = scale};
}

void tmg_grid_column(tmg_grid *g, const char *key, tmg_span words)
{
    if (g->column_count == TMG_GRID_COLUMNS)
        return;
    g->key[g->column_count] = key;
    g->words[g->column_count++] = words;
}

void tmg_grid_row(tmg_grid *g, tmg_arena *a, const tmg_cell *cells)
{
    if (g->row_count == g->room) {
        size_t room = g->room == 0 ? 64 : g->room * 2;
        tmg_cell *more = tmg_alloc_array(a, room * g->column_count, sizeof *more);

        if (g->row_count > 0)
            memcpy(more, g->cells, g->row_count * g->column_count * sizeof *more);
        g->cells = more;
        g->room = room;
    }
    memcpy(&g->cells[g->row_count++ * g->column_count], cells, g->column_count * sizeof *cells);
}

typedef struct dialect {
    char separator, decimal;
    bool codes;
    const char *line_end;
} dialect;

/* The full-width forms of = + - @ are taken for the narrow ones by spreadsheets set to East Asian languages.
 */
static bool is_formula(tmg_span text)
{
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};

    if (text.len > 0 && strchr("\t\r", text.ptr[0]) != NULL)
        return true;
    while (text.len > 0 && strchr(" \n\t\r", text.ptr[0]) != NULL)
        text = (tmg_span){text.ptr + 1, text.len - 1};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (text.len >= 3 && memcmp(text.ptr, wide[i], 3) == 0)
            return true;
    return text.len > 0 && strchr("=+-@", text.ptr[0]) != NULL;
}

static void put_text(tmg_buf *b, tmg_span text, char separator)
{
    bool quoted = is_formula(text);

    for (size_t i = 0; i < text.len && !quoted; i++)
        quoted = text.ptr[i] == separator || strchr("\"\r\n", text.ptr[i]) != NULL;
    if (!quoted) {
        tmg_buf_span(b, text);
        return;
    }
    tmg_buf_char(b, '"');
    if (is_formula(text))
        tmg_buf_char(b, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            tmg_buf_char(b, '"');
        tmg_buf_char(b, text.ptr[i]);
    }
    tmg_buf_char(b, '"');
}

static void put_decimal(tmg_buf *b, const tmg_cell *c, char decimal)
{
    size_t from = b->len;

    tmg_decimal_write_fixed(b, c->v, c->scale);
    for (size_t i = from; i < b->len; i++)
        if (b->ptr[i] == '.')
            b->ptr[i] = decimal;
}

static void put_rows(const tmg_grid *g, const dialect *d, tmg_buf *b)
{
    for (size_t i = 0; i < g->row_count * g->column_count; i++) {
        const tmg_cell *c = &g->cells[i];

        if (i % g->column_count > 0)
            tmg_buf_char(b, d->separator);
        if (c->kind == TMG_CELL_TEXT)
            put_text(b, d->codes && c->code.ptr != NULL ? c->code : c->text, d->separator);
        else if (c->kind == TMG_CELL_INTEGER)
            tmg_buf_i64(b, c->v);
        else if (c->kind == TMG_CELL_DECIMAL)
            put_decimal(b, c, d->decimal);
        if (i % g->column_count == g->column_count - 1)
            tmg_buf_z(b, d->line_end);
    }
}

void tmg_grid_csv(const tmg_grid *g, tmg_buf *b)
{
    static const dialect machines = {',', '.', true, "\r\n"};

    for (size_t i = 0; i < g->column_count; i++) {
        tmg_buf_z(b, i > 0 ? "," : "");
        put_text(b, tmg_span_of(g->key[i]), machines.separator);
    }
    tmg_buf_z(b, machines.line_end);
    put_rows(g, &machines, b);
}

void tmg_grid_csv_office(const tmg_grid *g, tmg_buf *b)
{
    static const dialect offices = {';', ',', false, "\r\n"};

    tmg_buf_z(b, "\xEF\xBB\xBF");
    for (size_t i = 0; i < g->column_count; i++) {
        tmg_buf_z(b, i > 0 ? ";" : "");
        put_text(b, g->words[i], offices.separator);
    }
    tmg_buf_z(b, offices.line_end);
    put_rows(g, &offices, b);
}
