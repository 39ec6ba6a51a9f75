/* What stands on a paper, row by row, for the file beside it: the same words in the same order. */
#include "report/paper_priv.h"

static void put(tmg_paper *p, const tmg_span *cells, size_t count)
{
    tmg_cell row[TMG_PAPER_MAX_COLUMNS] = {0};

    for (size_t i = 0; i < TMG_PAPER_MAX_COLUMNS; i++)
        row[i] = i < count && cells[i].len > 0 ? tmg_cell_text(cells[i]) : (tmg_cell){.kind = TMG_CELL_EMPTY};
    tmg_grid_row(&p->rows, p->arena, row);
}

void tmg_rows_begin(tmg_paper *p)
{
    static const char *const keys[TMG_PAPER_MAX_COLUMNS] = {"a", "b", "c", "d", "e", "f",
                                                            "g", "h", "i", "j", "k", "l"};

    for (size_t i = 0; i < TMG_PAPER_MAX_COLUMNS; i++)
        tmg_grid_column(&p->rows, keys[i], tmg_span_of(keys[i]));
}

void tmg_rows_sheet(tmg_paper *p, tmg_span title, tmg_span number, tmg_span subtitle)
{
    char key[32];

    (void)snprintf(key, sizeof key, "%.*s", TMG_SPAN_ARG(p->head.classification));
    const tmg_span cells[] = {title,
                              number,
                              subtitle,
                              tmg_paper_word(p->words, "classification", key),
                              p->head.office,
                              p->head.issued_by,
                              tmg_paper_time(p->arena, p->head.issued_ms, p->head.offset_min),
                              p->head.snapshot};

    if (p->rows.title.len == 0)
        p->rows.title = number.len > 0 ? number : title;
    put(p, cells, sizeof cells / sizeof cells[0]);
}

void tmg_rows_text(tmg_paper *p, tmg_span text)
{
    put(p, &text, 1);
}

void tmg_rows_field(tmg_paper *p, const tmg_paper_field *f)
{
    const tmg_span cells[] = {f->label, f->value};

    put(p, cells, 2);
}

void tmg_rows_cells(tmg_paper *p, const tmg_span *cells, size_t count)
{
    put(p, cells, count);
}

const tmg_grid *tmg_paper_rows(const tmg_paper *p)
{
    return &p->rows;
}
