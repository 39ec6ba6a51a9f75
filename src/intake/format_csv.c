#include "intake/mapping_priv.h"

static tmg_rc plan_column(tmg_table *t, int column, tmg_err *err)
{
    tmg_span name = t->cells[0][column];
    tmg_field_id field = tmg_field_of_column(name);

    if (field == TMG_FIELDS)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "column %d, \"%.*s\", is not one of the project's own; correct it, or name the "
                        "mapping of a foreign file",
                        column + 1, TMG_SPAN_ARG(tmg_utf8_cut(name, 80)));
    if (tmg_table_column(t, name) != column)
        return TMG_FAIL(err, TMG_E_INVALID, "the column \"%s\" stands in the header twice",
                        tmg_fields[field].name);
    return tmg_table_add(t, (tmg_step){.field = field, .column = column}, err);
}

static tmg_rc plan(tmg_table *t, tmg_err *err)
{
    for (size_t i = 0; i < t->column_count; i++)
        TMG_TRY(plan_column(t, (int)i, err));
    for (size_t i = 0; i < TMG_NEEDED_FIELDS; i++)
        if (tmg_table_column(t, tmg_span_of(tmg_fields[tmg_needed_fields[i]].name)) < 0)
            return TMG_FAIL(
                err, TMG_E_INVALID,
                "the header has no column \"%s\"; at least ref, lodged, regime, post and hs are needed",
                tmg_fields[tmg_needed_fields[i]].name);
    tmg_table_ready(t);
    return TMG_OK;
}

static tmg_rc csv_open(tmg_reader *r, const tmg_intake_options *options, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(TMG_RECORD_BYTES);
    tmg_table *t = tmg_xcalloc(1, sizeof *t);

    r->state = t;
    t->rules = tmg_rules_own(options->offset_min);
    t->grouped = true;
    TMG_TRY(tmg_table_header(t, r->bytes, ',', a, err));
    return plan(t, err);
}

static tmg_rc csv_next(tmg_reader *r, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err)
{
    return tmg_table_next(r->state, a, ret, ret_more, err);
}

static size_t csv_offset(const tmg_reader *r)
{
    const tmg_table *t = r->state;

    return (size_t)(t->csv.at - t->csv.start);
}

static void csv_close(tmg_reader *r)
{
    free(r->state);
}

const tmg_format tmg_format_csv = {"csv", csv_open, csv_next, csv_offset, csv_close};
