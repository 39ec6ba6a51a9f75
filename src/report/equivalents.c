#include "report/equivalents.h"

#include "base/csv.h"
#include "base/file.h"
#include "base/qty.h"

enum { FILE_MAX = 1 << 20, UL_PER_LITRE = 1000000 };
enum { SUBSTANCE, UNIT, LEAST, MOST, NOTED, SOURCE, COLUMNS };
static const char *const columns[COLUMNS] = {"substance", "unit", "least_mg", "most_mg", "noted", "source"};

static bool known_unit(tmg_span unit)
{
    for (int p = 0; p < TMG_PIECES; p++)
        if (tmg_span_is(unit, tmg_piece_name((tmg_piece)p)))
            return true;
    return tmg_span_is(unit, "litre");
}

static tmg_rc read_factor(const tmg_csv *csv, const tmg_span *cell, tmg_arena *a, tmg_factor *ret,
                          tmg_err *err)
{
    *ret = (tmg_factor){.substance = tmg_span_copy(a, cell[SUBSTANCE]),
                        .unit = tmg_span_copy(a, cell[UNIT]),
                        .source = tmg_span_copy(a, tmg_span_trim(cell[SOURCE]))};
    if (ret->substance.len == 0 || !known_unit(ret->unit))
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "line %zu: expected a substance or *, and litre, tablet, capsule, ampoule, plant or piece",
            csv->line);
    if (!tmg_span_i64(cell[LEAST], &ret->least_mg) || !tmg_span_i64(cell[MOST], &ret->most_mg) ||
        ret->least_mg <= 0 || ret->most_mg < ret->least_mg || ret->most_mg > INT64_C(1000000000))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "line %zu: least_mg and most_mg: expected whole milligrams, the least first",
                        csv->line);
    if (tmg_day_parse(cell[NOTED], &ret->noted_day, NULL) != TMG_OK || ret->source.len < 3)
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "line %zu: a factor needs the day on which it was noted, like 2026-01-01, and its source",
            csv->line);
    return TMG_OK;
}

static tmg_rc read_all(tmg_span bytes, tmg_arena *a, tmg_factor **ret, size_t *ret_count, tmg_err *err)
{
    enum { MOST_FACTORS = 1000 };
    tmg_factor *list = tmg_alloc_array(a, MOST_FACTORS, sizeof *list);
    size_t n, count = 0;
    tmg_span cell[COLUMNS];
    tmg_csv csv;

    tmg_csv_begin(&csv, bytes, ',', a);
    TMG_TRY(tmg_csv_row(&csv, cell, COLUMNS, &n, err));
    for (size_t i = 0; i < COLUMNS; i++)
        if (n != COLUMNS || !tmg_span_is(cell[i], columns[i]))
            return TMG_FAIL(err, TMG_E_INVALID,
                            "line 1: expected the columns substance,unit,least_mg,most_mg,noted,source");
    for (;;) {
        TMG_TRY(tmg_csv_row(&csv, cell, COLUMNS, &n, err));
        if (n == 0)
            break;
        if (n != COLUMNS || count == MOST_FACTORS)
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: expected %d cells, found %zu; at most %d factors",
                            csv.line, COLUMNS, n, MOST_FACTORS);
        TMG_TRY(read_factor(&csv, cell, a, &list[count++], err));
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_factors_read(const char *path, tmg_arena *a, tmg_factor **ret, size_t *ret_count, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, FILE_MAX);
    TMG_TRY(tmg_file_read(path, &b, err));
    tmg_rc rc = read_all(tmg_buf_as_span(&b), a, ret, ret_count, err);
    return rc == TMG_OK ? rc : tmg_err_within(err, "%s", path);
}

static const tmg_factor *factor_for(const tmg_factor *list, size_t count, tmg_span substance,
                                    const char *unit)
{
    const tmg_factor *best = NULL;

    for (size_t i = 0; i < count; i++) {
        bool own = tmg_span_eq(list[i].substance, substance);

        if (!tmg_span_is(list[i].unit, unit) || (!own && !tmg_span_is(list[i].substance, "*")))
            continue;
        bool best_own = best != NULL && !tmg_span_is(best->substance, "*");
        if (best == NULL || (own && !best_own) || (own == best_own && list[i].noted_day > best->noted_day))
            best = &list[i];
    }
    return best;
}

static void weigh(const tmg_substance_sum *s, const tmg_factor *factor, int64_t quantity, int64_t per,
                  tmg_equivalent *list, size_t *count)
{
    if (quantity == 0 || factor == NULL)
        return;
    list[(*count)++] = (tmg_equivalent){.substance = s,
                                        .factor = factor,
                                        .quantity = quantity,
                                        .least_mg = tmg_mul_div(quantity, factor->least_mg, per),
                                        .most_mg = tmg_mul_div(quantity, factor->most_mg, per)};
}

void tmg_equivalents_of(const tmg_period_figures *f, const tmg_factor *factors, size_t factor_count,
                        tmg_arena *a, tmg_equivalent **ret, size_t *ret_count)
{
    tmg_equivalent *list = tmg_alloc_array(a, f->substance_count * (TMG_PIECES + 1) + 1, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; i < f->substance_count; i++) {
        const tmg_substance_sum *s = &f->substances[i];

        weigh(s, factor_for(factors, factor_count, s->code, "litre"), s->now.volume_ul, UL_PER_LITRE, list,
              &count);
        for (int p = 0; p < TMG_PIECES; p++)
            weigh(s, factor_for(factors, factor_count, s->code, tmg_piece_name((tmg_piece)p)),
                  s->now.count[p], 1, list, &count);
    }
    *ret = list;
    *ret_count = count;
}
