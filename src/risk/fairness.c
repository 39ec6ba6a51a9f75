#include "risk/choosing.h"

#include <math.h>

enum { LEAST = 20, MOST_OF_A_KIND = 40, YEAR_DAYS = 365, NAME = 16 };

typedef struct member {
    char name[NAME];
    const tmg_outcome_row *row;
} member;

/* Consignments of each consignee in the year before. */
typedef struct sizes {
    int64_t *id, *n; /* ascending by id */
    size_t count, room;
} sizes;

static tmg_rc read_sizes(tmg_db *db, int32_t day_to, int offset_min, tmg_arena *a, sizes *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM party", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    ret->room = (size_t)tmg_col_i64(s, 0) + 1;
    tmg_reset(s);
    ret->id = tmg_alloc_array(a, ret->room, sizeof *ret->id);
    ret->n = tmg_alloc_array(a, ret->room, sizeof *ret->n);
    TMG_TRY(tmg_sql(
        db,
        "SELECT consignee_id, count(*) FROM declaration WHERE superseded_at_ms IS NULL AND consignee_id IS "
        "NOT NULL AND lodged_ms >= $1 AND lodged_ms < $2 GROUP BY consignee_id ORDER BY consignee_id",
        &s, err));
    tmg_bind_i64(s, 1, tmg_day_start_ms(day_to - YEAR_DAYS, offset_min));
    tmg_bind_i64(s, 2, tmg_day_start_ms(day_to + 1, offset_min));
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        if (ret->count == ret->room)
            continue;
        ret->id[ret->count] = tmg_col_i64(s, 0);
        ret->n[ret->count++] = tmg_col_i64(s, 1);
    }
}

static const char *band_of(const sizes *sz, int64_t consignee_id)
{
    size_t low = 0, high = sz->count;

    if (consignee_id == 0)
        return "none";
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (sz->id[middle] < consignee_id)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t n = low < sz->count && sz->id[low] == consignee_id ? sz->n[low] : 1;

    return n < 2 ? "1" : n < 10 ? "2-9" : n < 100 ? "10-99" : "100+";
}

static void name_member(member *m, const char *by, const tmg_outcome_row *r, const sizes *sz)
{
    const char *code = strcmp(by, "mode") == 0 ? r->mode : r->origin;

    m->row = r;
    if (strcmp(by, "post") == 0)
        (void)snprintf(m->name, sizeof m->name, "%lld", (long long)r->post_id);
    else if (strcmp(by, "importer_size") == 0)
        (void)snprintf(m->name, sizeof m->name, "%s", band_of(sz, r->consignee_id));
    else
        (void)snprintf(m->name, sizeof m->name, "%s", *code != '\0' ? code : "none");
}

static bool is_selected(const tmg_outcome_row *r)
{
    return r->inspected || r->lane == TMG_LANE_RED;
}

static bool is_hit(const tmg_outcome_row *r)
{
    return r->found[TMG_FRAUD] == TMG_FOUND_YES || r->found[TMG_CRITICAL] == TMG_FOUND_YES;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void measure(const member *m, size_t count, tmg_arena *a, tmg_group *g)
{
    int64_t *waits = tmg_alloc_array(a, count, sizeof *waits), stated = 0;
    tmg_outcome_row *own = tmg_alloc_array(a, count, sizeof *own);
    tmg_sample *s = tmg_alloc_array(a, count, sizeof *s);
    size_t waited = 0, reached = 0;

    for (size_t i = 0; i < count; i++) {
        const tmg_outcome_row *r = m[i].row;

        g->arrived++;
        g->selected += is_selected(r) ? 1 : 0;
        g->inspected += r->inspected ? 1 : 0;
        g->found += is_hit(r) ? 1 : 0;
        if (r->waited_ms != TMG_NONE)
            waits[waited++] = r->waited_ms;
        if (r->propensity_ppb == TMG_NONE || r->propensity_ppb == 0)
            continue;
        stated += r->ppb[TMG_FRAUD];
        own[reached++] = *r;
    }
    if (waited > 1)
        qsort(waits, waited, sizeof *waits, by_number);
    g->waited_min = waited > 0 ? waits[waited / 2] / 60000 : TMG_NONE;
    g->stated_ppm = reached > 0 ? stated / (int64_t)reached / 1000 : TMG_NONE;
    tmg_estimate_rate(s, tmg_samples_of(own, reached, TMG_FRAUD, NULL, NULL, s), &g->real);
    g->selected_rate = tmg_wilson(g->selected, g->arrived);
    g->hit_rate = tmg_wilson(g->found, g->inspected);
}

/* Selected against all others: the ratio of rates with the interval of its logarithm (Katz and others 1978).
 */
static void compare(tmg_group *g, const tmg_group *all)
{
    double a = (double)g->selected, n = (double)g->arrived, b = (double)(all->selected - g->selected),
           m = (double)(all->arrived - g->arrived);
    tmg_rate others = tmg_wilson(all->found - g->found, all->inspected - g->inspected);

    g->ratio_ppm = g->ratio_low_ppm = TMG_NONE;
    if (a == 0 || b == 0 || m == 0)
        return;
    double ratio = (a / n) / (b / m), se = sqrt(1 / a - 1 / n + 1 / b - 1 / m);

    g->ratio_ppm = (int64_t)llround(1e6 * ratio);
    g->ratio_low_ppm = (int64_t)llround(1e6 * ratio * exp(-1.959963984540054 * se));
    if (g->hit_rate.ppm == TMG_NONE || others.ppm == TMG_NONE || g->ratio_ppm < 2000000 ||
        g->hit_rate.ppm >= others.ppm)
        return;
    g->alert = g->ratio_low_ppm >= 2000000 && g->hit_rate.high_ppm < others.low_ppm ? TMG_ALERT_ALARM
                                                                                    : TMG_ALERT_NOTICE;
}

static int by_name(const void *a, const void *b)
{
    const member *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static int by_size(const void *a, const void *b)
{
    const tmg_group *x = a, *y = b;

    if (x->arrived != y->arrived)
        return x->arrived > y->arrived ? -1 : 1;
    return strcmp(x->name.ptr, y->name.ptr);
}

static size_t groups_of(const char *by, const tmg_outcome_row *rows, size_t count, const sizes *sz,
                        tmg_arena *a, tmg_group *ret)
{
    member *m = tmg_alloc_array(a, count + 1, sizeof *m);
    tmg_group *g = tmg_alloc_array(a, count / LEAST + 1, sizeof *g), all = {0};
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        name_member(&m[i], by, &rows[i], sz);
        all.arrived++;
        all.selected += is_selected(&rows[i]) ? 1 : 0;
        all.inspected += rows[i].inspected ? 1 : 0;
        all.found += is_hit(&rows[i]) ? 1 : 0;
    }
    if (count > 1)
        qsort(m, count, sizeof *m, by_name);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && strcmp(m[from].name, m[to].name) == 0;)
            to++;
        if (to - from < LEAST)
            continue;
        g[n] = (tmg_group){.by = by, .name = tmg_span_copy(a, tmg_span_of(m[from].name))};
        measure(&m[from], to - from, a, &g[n]);
        compare(&g[n++], &all);
    }
    if (n > 1)
        qsort(g, n, sizeof *g, by_size);
    if (n > MOST_OF_A_KIND)
        n = MOST_OF_A_KIND;
    if (n > 0)
        memcpy(ret, g, n * sizeof *g);
    return n;
}

tmg_rc tmg_fairness(tmg_db *db, const tmg_outcome_row *rows, size_t count, int32_t day_to, int offset_min,
                    tmg_arena *a, tmg_group **ret, size_t *ret_count, tmg_err *err)
{
    static const char *const kinds[] = {"post", "mode", "origin", "importer_size"};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    sizes sz = {0};

    TMG_TRY(read_sizes(db, day_to, offset_min, a, &sz, err));
    *ret = tmg_alloc_array(a, (size_t)KINDS * MOST_OF_A_KIND, sizeof **ret);
    *ret_count = 0;
    for (size_t k = 0; k < KINDS; k++)
        *ret_count += groups_of(kinds[k], rows, count, &sz, a, *ret + *ret_count);
    return TMG_OK;
}
