/* intake/table_priv.h - rows of a CSV file into records by a plan that was made once from the header row.
 *
 * The project's own CSV and the mapped foreign CSV differ only in how the plan is made. */
#ifndef TMG_INTAKE_TABLE_PRIV_H
#define TMG_INTAKE_TABLE_PRIV_H

#include "base/csv.h"
#include "intake/intake_priv.h"

enum { TMG_MAX_COLUMNS = 512, TMG_MAX_STEPS = 128, TMG_MAX_LABELS = 16, TMG_CONSTANT = -1 };

/* "found_fraud = Fraud is 1, 2": the cell means yes when it is one of the labels. */
typedef struct tmg_labels {
    tmg_span words[TMG_MAX_LABELS];
    size_t count; /* 0: the cell itself says yes or no */
} tmg_labels;

/* One thing to do with every row: a cell, or a constant, goes into a field. */
typedef struct tmg_step {
    tmg_field_id field;
    int column; /* or TMG_CONSTANT */
    tmg_span constant;
    const tmg_labels *labels; /* of a found_* field, or NULL */
} tmg_step;

typedef struct tmg_table {
    tmg_csv csv;
    tmg_rules rules;
    bool grouped; /* consecutive rows with the same reference are the items of one declaration */
    int ref_column;
    size_t column_count;
    size_t step_count;
    tmg_step steps[TMG_MAX_STEPS];
    tmg_span cells[2][TMG_MAX_COLUMNS]; /* of the declaration's first row, and of the row that is being looked
                                           at */
    bool ahead;                         /* cells[1] holds the next record's first row */
    size_t ahead_count;                 /* its cells */
} tmg_table;

/* Reads the header row into t->cells[0]; its cells lie in `a`. */
tmg_rc tmg_table_header(tmg_table *t, tmg_span bytes, char separator, tmg_arena *a, tmg_err *err);
/* Adds a step; TMG_E_LIMIT when there are too many. */
tmg_rc tmg_table_add(tmg_table *t, tmg_step step, tmg_err *err);
/* Puts the steps into the order of the fields (the currency before money) and finds the column of the
 * reference. */
void tmg_table_ready(tmg_table *t);
tmg_rc tmg_table_next(tmg_table *t, tmg_arena *a, tmg_record *ret, bool *ret_more, tmg_err *err);
/* "a, b, c": the header's columns, cut to what fits a message. */
void tmg_table_column_names(const tmg_table *t, tmg_buf *b);
/* Index of a column of the header, or -1. */
int tmg_table_column(const tmg_table *t, tmg_span name);

#endif
