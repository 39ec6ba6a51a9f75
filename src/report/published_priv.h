/* report/published_priv.h - what reading a published report and holding it against the registry share. */
#ifndef TMG_REPORT_PUBLISHED_PRIV_H
#define TMG_REPORT_PUBLISHED_PRIV_H

#include "report/figures.h"

/* Of each list.  With numbers of at most TMG_PUBLISHED_MOST, what is added up stays far inside 63 bits. */
enum { TMG_PUBLISHED_LIST = 200 };
#define TMG_PUBLISHED_MOST INT64_C(9000000000000000)

typedef struct tmg_published_number {
    tmg_span what;
    int64_t v;
} tmg_published_number;

typedef struct tmg_published_sum {
    tmg_span what;
    int64_t total, parts;
} tmg_published_sum;

typedef struct tmg_percentage {
    tmg_span what;
    int64_t count, of_old, of_new, published_ppm;
    int64_t decimals; /* as printed; TMG_NONE: as many as published_ppm needs */
} tmg_percentage;

struct tmg_published {
    tmg_span code, title, source;
    int32_t from_day, to_day;
    int64_t total_mg, lines_mg; /* TMG_NONE: not published */
    tmg_published_number line[TMG_PUBLISHED_LIST], count[TMG_PUBLISHED_LIST];
    tmg_published_sum sum[TMG_PUBLISHED_LIST];
    tmg_percentage percentage[TMG_PUBLISHED_LIST];
    size_t line_count, count_count, sum_count, percentage_count;
};

/* What the registry counts under a name of `counts`; false: nothing is called so. */
bool tmg_published_own_count(const tmg_period_figures *f, tmg_span name, int64_t *ret);

#endif
