#include "intake/table_priv.h"

tmg_rc tmg_table_header(tmg_table *t, tmg_span bytes, char separator, tmg_arena *a, tmg_err *err)
{
    tmg_csv_begin(&t->csv, bytes, separator, a);
    TMG_TRY(tmg_csv_row(&t->csv, t->cells[0], TMG_MAX_COLUMNS, &t->column_count, err));
    if (t->column_count == 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "the file is empty; expected a header row with the names of the columns");
    for (size_t i = 0; i < t->column_count; i++)
        t->cells[0][i] = tmg_span_trim(t->cells[0][i]);
    return TMG_OK;
}

int tmg_table_column(const tmg_table *t, tmg_span name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (tmg_span_eq(t->cells[0][i], name))
            return (int)i;
    return -1;
}

void tmg_table_column_names(const tmg_table *t, tmg_buf *b)
{
    for (size_t i = 0; i < t->column_count; i++) {
        tmg_buf_z(b, i > 0 ? ", " : "");
        tmg_buf_span(b, tmg_utf8_cut(t->cells[0][i], 40));
    }
}

tmg_rc tmg_table_add(tmg_table *t, tmg_step step, tmg_err *err)
{
    if (t->step_count == TMG_MAX_STEPS)
        return TMG_FAIL(err, TMG_E_LIMIT, "more than %d fields are named", TMG_MAX_STEPS);
    t->steps[t->step_count++] = step;
    return TMG_OK;
}

static int by_field(const void *a, const void *b)
{
    return (int)((const tmg_step *)a)->field - (int)((const tmg_step *)b)->field;
}

void tmg_table_ready(tmg_table *t)
{
    qsort(t->steps, t->step_count, sizeof t->steps[0], by_field);
    t->ref_column = -1;
    for (size_t i = 0; i < t->step_count; i++)
        if (t->steps[i].field == TMG_F_REF)
            t->ref_column = t->steps[i].column;
}

/* ---- rows ---- */

typedef enum row_kind { ROW, ROW_BROKEN, ROW_NONE } row_kind;

/* The next row into cells; a row with another number of cells than the header is broken as well. */
static row_kind read_row(tmg_table *t, tmg_span *cells, tmg_err *err)
{
    size_t count;

    if (tmg_csv_row(&t->csv, cells, TMG_MAX_COLUMNS, &count, err) != TMG_OK)
        return ROW_BROKEN;
    if (count == 0)
        return ROW_NONE;
    if (count == t->column_count)
        return ROW;
    (void)TMG_FAIL(err, TMG_E_INVALID, "line %zu: %zu cells, but the header has %zu columns", t->csv.line,
                   count, t->column_count);
    return ROW_BROKEN;
}

static void put_label(tmg_draft *d, const tmg_step *step, tmg_span cell)
{
    bool found = false;

    cell = tmg_span_trim(cell);
    if (cell.len == 0)
        return;
    for (size_t i = 0; i < step->labels->count; i++)
        found = found || tmg_span_eq(step->labels->words[i], cell);
    tmg_put_found(d, step->field, found ? TMG_FOUND_YES : TMG_FOUND_NO);
}

static void put_step(tmg_draft *d, const tmg_step *step, const tmg_span *cells)
{
    tmg_span value = step->column == TMG_CONSTANT ? step->constant : cells[step->column];

    if (step->labels != NULL && step->labels->count > 0)
        put_label(d, step, value);
    else
        tmg_put(d, step->field, value);
}

static void put_first_row(const tmg_table *t, tmg_draft *d)
{
    tmg_draft_item(d);
    for (size_t i = 0; i < t->step_count; i++)
        put_step(d, &t->steps[i], t->cells[0]);
}

/* A further item: what belongs to the whole declaration must be empty or as in its first row. */
static void put_item_row(const tmg_table *t, tmg_draft *d)
{
    const tmg_span *first = t->cells[0], *cells = t->cells[1];

    tmg_draft_item(d);
    for (size_t i = 0; i < t->step_count; i++) {
        const tmg_step *step = &t->steps[i];

        if (tmg_fields[step->field].level == TMG_OF_ITEM)
            put_step(d, step, cells);
        else if (step->column != TMG_CONSTANT && cells[step->column].len > 0 &&
                 !tmg_span_eq(cells[step->column], first[step->column]))
            tmg_note(d->rec, d->rules, true, step->field, 0, cells[step->column],
                     "line %zu says otherwise than the first row of the same declaration; repeat it or leave "
                     "it empty",
                     t->csv.line);
    }
}

/* Is the row at hand whole ASCII or good UTF-8?  Asked once per row, it spares asking for every cell. */
static bool row_valid(const tmg_table *t)
{
    return tmg_utf8_valid(tmg_csv_raw(&t->csv));
}

/* Takes the rows behind the first one that belong to the same declaration, and leaves the row after them in
 * cells[1]. */
static void take_items(tmg_table *t, tmg_draft *d, const char **end)
{
    for (;;) {
        tmg_csv before = t->csv;
        row_kind kind = read_row(t, t->cells[1], NULL);
        bool quoted = memchr(t->csv.row_start, '"', (size_t)(t->csv.row_end - t->csv.row_start)) != NULL;

        if (kind != ROW || !tmg_span_eq(t->cells[0][t->ref_column], t->cells[1][t->ref_column])) {
            /* A row with quotes may have cells in the arena, which need not live until the next record. */
            t->ahead = kind == ROW && !quoted;
            if (!t->ahead)
                t->csv = before;
            return;
        }
        *end = t->csv.row_end;
        if (*end - d->rec->raw.ptr > TMG_RECORD_BYTES || tmg_arena_full(d->arena)) {
            if (d->rec->good)
                tmg_note_named(d->rec, true, TMG_SPAN("record"), (tmg_span){NULL, 0}, "is longer than 1 MiB");
            continue;
        }
        d->texts_valid = d->texts_valid && row_valid(t);
        put_item_row(t, d);
    }
}

static void broken_row(const tmg_table *t, tmg_record *ret, const tmg_err *err)
{
    tmg_record_broken(ret, tmg_csv_raw(&t->csv), t->csv.line, err);
}

static void read_record(tmg_table *t, tmg_arena *a, tmg_record *ret)
{
    tmg_draft d;
    tmg_span raw = tmg_csv_raw(&t->csv);
    const char *end = raw.ptr + raw.len;

    tmg_draft_begin(&d, a, &t->rules, ret);
    ret->line = t->csv.line;
    ret->raw = raw;
    d.texts_valid = row_valid(t);
    put_first_row(t, &d);
    if (t->grouped && t->cells[0][t->ref_column].len > 0)
        take_items(t, &d, &end);
    ret->raw = tmg_raw_cut((tmg_span){raw.ptr, (size_t)(end - raw.ptr)});
    tmg_draft_finish(&d);
}

tmg_rc tmg_table_next(tmg_table *t, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err)
{
    tmg_err why = {0};
    row_kind kind = ROW;

    (void)err;
    t->csv.arena = a;
    if (t->ahead) {
        memcpy(t->cells[0], t->cells[1], t->column_count * sizeof t->cells[0][0]);
        t->ahead = false;
    } else {
        kind = read_row(t, t->cells[0], &why);
    }
    *ret_more = kind != ROW_NONE;
    if (kind == ROW && t->csv.row_end - t->csv.row_start > TMG_RECORD_BYTES)
        tmg_record_too_long(ret, tmg_csv_raw(&t->csv), t->csv.line);
    else if (kind == ROW)
        read_record(t, a, ret);
    else if (kind == ROW_BROKEN)
        broken_row(t, ret, &why);
    return TMG_OK;
}
