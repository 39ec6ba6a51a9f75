#include "app/casework_priv.h"
#include "base/csv.h"
#include "base/file.h"

enum { FILE_MAX = 1 << 20, MG_PER_G = 1000 };

/* The columns of config/substances.csv, in order. */
enum { CODE, NAME, NAME_AZ, NAME_RU, CLASS, TABLE, HS, CAS, LINE, LARGE_G, FROM, COLUMNS };
static const char *const columns[COLUMNS] = {"code", "name", "name_az", "name_ru", "class", "table",
                                             "hs",   "cas",  "line",    "large_g", "from"};

static tmg_rc read_row(const tmg_csv *csv, const tmg_span *cell, tmg_substance *ret, tmg_err *err)
{
    int64_t grams = 0;

    *ret = (tmg_substance){.code = cell[CODE],
                           .name = {cell[NAME], cell[NAME_AZ], cell[NAME_RU]},
                           .class_name = cell[CLASS],
                           .inn_table = cell[TABLE],
                           .hs = cell[HS],
                           .cas = cell[CAS],
                           .figure_line = cell[LINE],
                           .large_mg = TMG_NONE,
                           .until_day = INT32_MAX};
    if (cell[LARGE_G].len > 0) {
        if (!tmg_span_i64(cell[LARGE_G], &grams) || grams <= 0 || grams > INT64_C(1000000000))
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: large_g: expected whole grams", csv->line);
        ret->large_mg = grams * MG_PER_G;
    }
    if (tmg_day_parse(cell[FROM], &ret->from_day, NULL) != TMG_OK)
        return TMG_FAIL(err, TMG_E_INVALID, "line %zu: from: expected a day like 2026-01-01", csv->line);
    return TMG_OK;
}

static tmg_rc read_head(tmg_csv *csv, tmg_span *cell, tmg_err *err)
{
    size_t n;

    TMG_TRY(tmg_csv_row(csv, cell, COLUMNS, &n, err));
    for (size_t i = 0; i < COLUMNS; i++)
        if (n != COLUMNS || !tmg_span_is(cell[i], columns[i]))
            return TMG_FAIL(err, TMG_E_INVALID,
                            "line 1: expected the columns "
                            "code,name,name_az,name_ru,class,table,hs,cas,line,large_g,from");
    return TMG_OK;
}

static tmg_rc load(tmg_db *db, const tmg_actor *who, tmg_span bytes, int64_t *ret_count, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(FILE_MAX);
    tmg_span cell[COLUMNS];
    tmg_csv csv;
    size_t n;

    tmg_csv_begin(&csv, bytes, ',', a);
    TMG_TRY(read_head(&csv, cell, err));
    for (;;) {
        tmg_substance s;

        TMG_TRY(tmg_csv_row(&csv, cell, COLUMNS, &n, err));
        if (n == 0)
            return TMG_OK;
        if (n != COLUMNS)
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: expected %d cells, found %zu", csv.line, COLUMNS,
                            n);
        TMG_TRY(read_row(&csv, cell, &s, err));
        TMG_TRY(tmg_substance_put(db, who, &s, err));
        (*ret_count)++;
    }
}

tmg_rc tmg_load_substances(tmg_db *db, const tmg_actor *who, const char *path, int64_t *ret_count,
                           tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    *ret_count = 0;
    TMG_TRY(tmg_guard_may(who, TMG_MAY_SUBSTANCE_SET, 0, err));
    tmg_buf_init(&b, FILE_MAX);
    TMG_TRY(tmg_file_read(path, &b, err));
    tmg_rc rc = load(db, who, tmg_buf_as_span(&b), ret_count, err);
    return rc == TMG_OK ? rc : tmg_err_within(err, "%s", path);
}

static tmg_rc is_listed(tmg_db *db, tmg_span code, bool *ret, tmg_err *err)
{
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM substance WHERE code = $1 LIMIT 1", &s, err));
    tmg_bind_text(s, 1, code);
    TMG_TRY(tmg_step(s, ret, err));
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_use_substance(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_substance *s,
                         tmg_err *err)
{
    bool listed = false;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_SUBSTANCE_SET, 0, err));
    TMG_TRY(is_listed(db, s->code, &listed, err));
    if (listed && s->from_day < tmg_centre_today(c))
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "from: a substance that is in the list is changed from today on: past periods stay as they were");
    return tmg_substance_put(db, who, s, err);
}
