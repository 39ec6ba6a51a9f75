#include "base/qty.h"
#include "risk/choosing.h"

#include <math.h>

typedef struct candidate {
    const tmg_outcome_row *row;
    int64_t utility_minor;
    bool chosen;
} candidate;

typedef struct sum {
    double finds, variance;
    int64_t known, of;
} sum;

static int by_post_day_value(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->row->post_id != y->row->post_id)
        return x->row->post_id < y->row->post_id ? -1 : 1;
    if (x->row->day != y->row->day)
        return x->row->day < y->row->day ? -1 : 1;
    if (x->utility_minor != y->utility_minor)
        return x->utility_minor > y->utility_minor ? -1 : 1;
    return (x->row->consignment_id > y->row->consignment_id) -
           (x->row->consignment_id < y->row->consignment_id);
}

static void choose(candidate *c, size_t count, int64_t share_ppm)
{
    int64_t carried = 0; /* places in millionths */

    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1;
             to < count && c[to].row->post_id == c[from].row->post_id && c[to].row->day == c[from].row->day;)
            to++;
        if (from > 0 && c[from - 1].row->post_id != c[from].row->post_id)
            carried = 0;
        carried += (int64_t)(to - from) * share_ppm;
        size_t places = (size_t)(carried / 1000000);

        carried %= 1000000;
        for (size_t i = from; i < to && i - from < places; i++)
            c[i].chosen = c[i].utility_minor > 0;
    }
}

/* Adds what one consignment is to be counted as. */
static void count_one(sum *s, const tmg_outcome_row *r, tmg_harm h)
{
    double p = (double)r->ppb[h] / (double)TMG_PPB;
    bool labelled = r->inspected && r->found[h] != TMG_FOUND_UNKNOWN;
    double y = labelled && r->found[h] == TMG_FOUND_YES ? 1 : 0;
    bool in_reach = r->propensity_ppb != TMG_NONE && r->propensity_ppb > 0;

    s->of++;
    s->known += y > 0 ? 1 : 0;
    if (labelled && (!in_reach || r->propensity_ppb >= TMG_PPB)) {
        s->finds += y;
        return;
    }
    s->finds += p;
    if (!in_reach || r->propensity_ppb >= TMG_PPB) { /* nothing will correct this probability */
        s->variance += p * (1 - p);
        return;
    }
    if (!labelled || !tmg_outcome_designed(r))
        return;
    double q = (double)r->propensity_ppb / (double)TMG_PPB;

    s->finds += (y - p) / q;
    s->variance += (1 - q) / (q * q) * (y - p) * (y - p);
}

static int64_t milli(double finds, const sum *s)
{
    double least = (double)s->known, most = (double)s->of;

    return (int64_t)llround(1000 * (finds < least ? least : finds > most ? most : finds));
}

static tmg_finds finish(const sum *s)
{
    double half = 1.959963984540054 * sqrt(s->variance);

    return (tmg_finds){.known = s->known,
                       .milli = milli(s->finds, s),
                       .low_milli = milli(s->finds - half, s),
                       .high_milli = milli(s->finds + half, s)};
}

void tmg_what_if(const tmg_outcome_row *rows, size_t count, tmg_scenario *s, tmg_arena *a)
{
    candidate *c = tmg_alloc_array(a, count + 1, sizeof *c);
    sum sums[2][TMG_HARMS] = {0};

    for (size_t i = 0; i < count; i++)
        c[i] = (candidate){.row = &rows[i],
                           .utility_minor = tmg_utility(rows[i].ppb[TMG_FRAUD], rows[i].ppb[TMG_CRITICAL],
                                                        rows[i].value_minor, s->w_minor),
                           .chosen = s->as_it_was && rows[i].inspected};
    if (!s->as_it_was) {
        if (count > 1)
            qsort(c, count, sizeof *c, by_post_day_value);
        choose(c, count, s->share_ppm);
    }
    s->chosen = s->known = s->seized_mg = s->missed_mg = 0;
    for (size_t i = 0; i < count; i++) {
        const tmg_outcome_row *r = c[i].row;

        s->chosen += c[i].chosen ? 1 : 0;
        s->known += c[i].chosen && r->inspected ? 1 : 0;
        *(c[i].chosen ? &s->seized_mg : &s->missed_mg) += r->seized_mg;
        for (int h = 0; h < TMG_HARMS; h++)
            count_one(&sums[c[i].chosen ? 0 : 1][h], r, (tmg_harm)h);
    }
    for (int h = 0; h < TMG_HARMS; h++) {
        s->found[h] = finish(&sums[0][h]);
        s->missed[h] = finish(&sums[1][h]);
    }
}

tmg_rc tmg_shares_read(tmg_span text, int64_t *ret_ppm, size_t most, size_t *ret_count, tmg_err *err)
{
    tmg_span part;

    for (*ret_count = 0; tmg_span_split(&text, ',', &part); (*ret_count)++) {
        int64_t ppm = 0;

        if (*ret_count == most)
            return TMG_FAIL(err, TMG_E_INVALID, "shares: at most %zu capacities", most);
        if (tmg_decimal_parse(tmg_span_trim(part), 4, TMG_ROUND_REFUSE, &ppm, err) != TMG_OK)
            return tmg_err_within(err, "shares");
        if (ppm <= 0 || ppm > 1000000)
            return TMG_FAIL(err, TMG_E_INVALID, "shares: a capacity is more than 0 and at most 100 per cent");
        ret_ppm[*ret_count] = ppm;
    }
    return TMG_OK;
}
