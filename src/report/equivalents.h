/* report/equivalents.h - what counts and volumes would weigh, beside the raw units and in no total.
 *
 * Factors are data (config/equivalents.csv), each with its source and the day on which the office noted it; a
 * factor is a span where its source gives one.  Of several factors for the same substance and unit the newest
 * noted counts, and one for a substance goes before one for all ("*").  What has no factor gets no
 * equivalent.
 *
 * Ownership: what is read lives in the arena.  Pure functions: any thread.
 */
#ifndef TMG_REPORT_EQUIVALENTS_H
#define TMG_REPORT_EQUIVALENTS_H

#include "report/figures.h"

typedef struct tmg_factor {
    tmg_span substance; /* code, or "*" */
    tmg_span unit;      /* "litre", or the name of a piece */
    int64_t least_mg, most_mg;
    int32_t noted_day;
    tmg_span source;
} tmg_factor;

/* Columns: substance,unit,least_mg,most_mg,noted,source.  TMG_E_INVALID names the line. */
TMG_MUST_USE tmg_rc tmg_factors_read(const char *path, tmg_arena *a, tmg_factor **ret, size_t *ret_count,
                                     tmg_err *err);

typedef struct tmg_equivalent {
    const tmg_substance_sum *substance;
    const tmg_factor *factor;
    int64_t quantity;          /* microlitres or pieces */
    int64_t least_mg, most_mg; /* of the quantity; rounded to the milligram */
} tmg_equivalent;
/* One per substance and unit that has a factor. */
void tmg_equivalents_of(const tmg_period_figures *f, const tmg_factor *factors, size_t factor_count,
                        tmg_arena *a, tmg_equivalent **ret, size_t *ret_count);

#endif
