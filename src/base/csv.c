#include "base/csv.h"
#include "base/arena_priv.h"
#include "base/text_priv.h"

/* Cells of the row that is being read. */
typedef struct row {
    tmg_span *cells;
    size_t max, count;
} row;

void tmg_csv_begin(tmg_csv *csv, tmg_span bytes, char separator, tmg_arena *arena)
{
    const char *start = bytes.ptr != NULL ? bytes.ptr : "";

    *csv = (tmg_csv){.start = start, .separator = separator, .arena = arena, .next_line = 1};
    csv->end = start + bytes.len;
    csv->at = tmg_span_starts(bytes, "\xEF\xBB\xBF") ? start + 3 : start;
    csv->row_start = csv->row_end = csv->at;
}

tmg_span tmg_csv_raw(const tmg_csv *csv)
{
    return (tmg_span){csv->row_start, (size_t)(csv->row_end - csv->row_start)};
}

static const char *find(const char *from, const char *end, char c)
{
    return from < end ? memchr(from, c, (size_t)(end - from)) : NULL;
}

/* Sets aside the physical line at row_start, and stands behind it. */
static const char *take_line(tmg_csv *csv)
{
    const char *nl = find(csv->row_start, csv->end, '\n');
    const char *stop = nl != NULL ? nl : csv->end;

    csv->at = nl != NULL ? nl + 1 : csv->end;
    csv->next_line = csv->line + 1;
    csv->row_end = stop > csv->row_start && stop[-1] == '\r' ? stop - 1 : stop;
    return csv->row_end;
}

static tmg_rc broken(tmg_csv *csv, tmg_rc rc, const char *why, tmg_err *err)
{
    (void)take_line(csv);
    return TMG_FAIL(err, rc, "line %zu: %s", csv->line, why);
}

static tmg_rc too_many(tmg_csv *csv, size_t max, tmg_err *err)
{
    (void)take_line(csv);
    return TMG_FAIL(err, TMG_E_INVALID, "line %zu: more than %zu cells", csv->line, max);
}

/* Cells of a row without quotes, eight bytes at a time; false when there are more than fit. */
static bool split_plain(row *r, const char *p, const char *end, char separator)
{
    tmg_span *cell = r->cells;
    tmg_span *last = r->cells + r->max;
    const char *from = p;

    for (; end - p >= 8; p += 8) {
        uint64_t hits = tmg_bytes_equal(tmg_load64(p), separator);

        for (; hits != 0; hits &= hits - 1) {
            const char *at = p + (__builtin_ctzll(hits) >> 3);

            if (cell == last)
                return false;
            *cell++ = (tmg_span){from, (size_t)(at - from)};
            from = at + 1;
        }
    }
    for (; p <= end; p++) {
        if (p < end && *p != separator)
            continue;
        if (cell == last)
            return false;
        *cell++ = (tmg_span){from, (size_t)(p - from)};
        from = p + 1;
    }
    r->count = (size_t)(cell - r->cells);
    return true;
}

/* The bytes between two quotes with every doubled quote made one. */
static tmg_span unfold(tmg_arena *a, const char *from, const char *to, size_t doubled)
{
    size_t len = (size_t)(to - from) - doubled;
    char *copy = tmg_alloc(a, len + 1);
    char *at = copy;

    for (const char *q = find(from, to, '"'); q != NULL; q = find(from, to, '"')) {
        size_t part = (size_t)(q + 1 - from);

        memcpy(at, from, part);
        at += part;
        from = q + 2;
    }
    memcpy(at, from, (size_t)(to - from));
    return (tmg_span){copy, len};
}

/* The cell that begins with a quote at *p; then *p is what follows its closing quote. */
static tmg_rc quoted_cell(tmg_csv *csv, const char **p, tmg_span *ret, tmg_err *err)
{
    const char *from = *p + 1;
    const char *q = find(from, csv->end, '"');
    size_t doubled = 0;

    while (q != NULL && q + 1 < csv->end && q[1] == '"') {
        doubled++;
        q = find(q + 2, csv->end, '"');
    }
    if (q == NULL)
        return broken(csv, TMG_E_INVALID, "a quote is opened and not closed", err);
    if (doubled > 0 && (size_t)(q - from) >= tmg_arena_left(csv->arena))
        return broken(csv, TMG_E_LIMIT, "too long a quoted cell", err);
    *ret = doubled == 0 ? (tmg_span){from, (size_t)(q - from)} : unfold(csv->arena, from, q, doubled);
    *p = q + 1;
    return TMG_OK;
}

static const char *plain_cell(const tmg_csv *csv, const char *p, tmg_span *ret)
{
    const char *from = p;

    while (p < csv->end && *p != csv->separator && *p != '\n' && *p != '"')
        p++;
    ret->ptr = from;
    ret->len = (size_t)(p - from);
    if (ret->len > 0 && from[ret->len - 1] == '\r' && (p == csv->end || *p == '\n'))
        ret->len--;
    return p;
}

/* Ends a row that holds quotes: its bytes, the place behind its line end, the lines it took. */
static void end_row(tmg_csv *csv, const char *p)
{
    const char *stop = p;

    if (stop > csv->row_start && stop[-1] == '\r')
        stop--;
    csv->row_end = stop;
    csv->at = p < csv->end ? p + 1 : p;
    csv->next_line = csv->line + 1;
    for (const char *nl = find(csv->row_start, p, '\n'); nl != NULL; nl = find(nl + 1, p, '\n'))
        csv->next_line++;
}

static tmg_rc split_quoted(tmg_csv *csv, row *r, tmg_err *err)
{
    const char *p = csv->row_start;

    for (;; p++) {
        bool quoted = p < csv->end && *p == '"';

        if (r->count == r->max)
            return too_many(csv, r->max, err);
        if (quoted)
            TMG_TRY(quoted_cell(csv, &p, &r->cells[r->count], err));
        else
            p = plain_cell(csv, p, &r->cells[r->count]);
        r->count++;
        if (quoted && p < csv->end && *p == '\r' && (p + 1 == csv->end || p[1] == '\n'))
            p++;
        if (p == csv->end || *p == '\n')
            break;
        if (*p != csv->separator && quoted)
            return broken(csv, TMG_E_INVALID,
                          "text follows a closing quote; a quote inside a quoted cell is doubled", err);
        if (*p != csv->separator)
            return broken(csv, TMG_E_INVALID,
                          "a quote inside an unquoted cell; quote the cell and double the quote", err);
    }
    end_row(csv, p);
    return TMG_OK;
}

tmg_rc tmg_csv_row(tmg_csv *csv, tmg_span *cells, size_t max, size_t *ret_count, tmg_err *err)
{
    row r = {cells, max, 0};
    const char *stop;

    do {
        if (csv->at == csv->end) {
            csv->row_start = csv->row_end = csv->end;
            csv->line = csv->next_line;
            *ret_count = 0;
            return TMG_OK;
        }
        csv->row_start = csv->at;
        csv->line = csv->next_line;
        stop = take_line(csv);
    } while (stop == csv->row_start);
    if (find(csv->row_start, stop, '"') != NULL)
        TMG_TRY(split_quoted(csv, &r, err));
    else if (!split_plain(&r, csv->row_start, stop, csv->separator))
        return too_many(csv, max, err);
    *ret_count = r.count;
    return TMG_OK;
}
