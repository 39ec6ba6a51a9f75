/* Spreadsheets by libxlsxwriter, which writes to a file: it goes by a temporary one. */
#include "base/file.h"
#include "base/qty.h"
#include "report/export.h"

#include <unistd.h>
#include <xlsxwriter.h>

/* Above this an integer has no exact place in a spreadsheet's number. */
#define EXACT (INT64_C(1) << 53)

typedef struct styles {
    lxw_format *head, *number, *decimal;
} styles;

static bool put_cell(lxw_worksheet *s, lxw_row_t row, lxw_col_t column, const tmg_cell *c, const styles *f,
                     tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};

    if (c->kind == TMG_CELL_EMPTY)
        return true;
    if (c->kind == TMG_CELL_INTEGER && c->v > -EXACT && c->v < EXACT)
        return worksheet_write_number(s, row, column, (double)c->v, f->number) == LXW_NO_ERROR;
    if (c->kind == TMG_CELL_TEXT)
        return worksheet_write_string(s, row, column, tmg_span_z(a, c->text), NULL) == LXW_NO_ERROR;
    tmg_buf_init(&b, 64);
    tmg_decimal_write_fixed(&b, c->v, c->kind == TMG_CELL_DECIMAL ? c->scale : 0);
    return worksheet_write_string(s, row, column, b.ptr, f->decimal) == LXW_NO_ERROR;
}

static double column_width(const tmg_grid *g, size_t column)
{
    size_t most = g->words[column].len;

    for (size_t r = 0; r < g->row_count; r++) {
        const tmg_cell *c = &g->cells[r * g->column_count + column];
        size_t len = c->kind == TMG_CELL_TEXT ? c->text.len : c->kind == TMG_CELL_EMPTY ? 0 : 16;

        most = len > most ? len : most;
    }
    return most < 8 ? 10 : most > 58 ? 60 : (double)most + 2;
}

static bool put_grid(lxw_workbook *book, const tmg_grid *g, const styles *f, tmg_arena *a)
{
    lxw_worksheet *s = workbook_add_worksheet(book, tmg_span_z(a, tmg_utf8_cut(g->title, 31)));
    bool good = s != NULL;

    for (size_t i = 0; good && i < g->column_count; i++) {
        lxw_col_t column = (lxw_col_t)i;

        good = worksheet_write_string(s, 0, column, tmg_span_z(a, g->words[i]), f->head) == LXW_NO_ERROR &&
               worksheet_set_column(s, column, column, column_width(g, i), NULL) == LXW_NO_ERROR;
    }
    for (size_t i = 0; good && i < g->row_count * g->column_count; i++)
        good = put_cell(s, (lxw_row_t)(i / g->column_count + 1), (lxw_col_t)(i % g->column_count),
                        &g->cells[i], f, a);
    if (good)
        worksheet_freeze_panes(s, 1, 0);
    return good;
}

static bool write_book(const char *path, const tmg_grid *const *grids, size_t count, int64_t made_ms,
                       tmg_arena *a)
{
    lxw_workbook *book = workbook_new(path);
    lxw_doc_properties about = {.created = (time_t)(made_ms / TMG_SECOND_MS)};
    bool good = book != NULL && workbook_set_properties(book, &about) == LXW_NO_ERROR;

    if (book == NULL)
        return false;
    styles f = {workbook_add_format(book), workbook_add_format(book), workbook_add_format(book)};

    format_set_bold(f.head);
    format_set_bg_color(f.head, 0xE8E8E8);
    format_set_text_wrap(f.head);
    format_set_num_format(f.number, "0");
    format_set_align(f.decimal, LXW_ALIGN_RIGHT);
    for (size_t i = 0; good && i < count; i++)
        good = put_grid(book, grids[i], &f, a);
    return workbook_close(book) == LXW_NO_ERROR && good;
}

tmg_rc tmg_grids_xlsx(const tmg_grid *const *grids, size_t count, int64_t made_ms, tmg_buf *b, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(256 << 20);
    const char *tmp = getenv("TMPDIR");
    char path[256];

    (void)snprintf(path, sizeof path, "%s/tamga-book-XXXXXX", tmp != NULL ? tmp : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0)
        return TMG_FAIL(err, TMG_E_IO, "no temporary file could be made for the spreadsheet");
    (void)close(fd);
    tmg_rc rc = write_book(path, grids, count, made_ms, a)
                    ? tmg_file_read(path, b, err)
                    : TMG_FAIL(err, TMG_E_IO, "the spreadsheet could not be written");
    (void)unlink(path);
    return rc;
}
