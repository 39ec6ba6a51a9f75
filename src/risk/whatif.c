#include "base/qty.h"
#include "risk/choosing.h"

#include <math.h>

typedef struct candidate {
    const tmg_outcome_row *row;
    int64_t utility_minor;
    bool chosen;
} candidate;

/* What was found among the inspected ones of like probability, of which nobody knows how they were chosen. */
enum { LEVELS = 5, FEW = 30 };

typedef struct level {
    double results, finds; /* pooled with its neighbours until rates rise with the probability */
    double rate, high;     /* high: of the rate's 95 % interval */
} level;

typedef struct sum {
    double finds, variance;
    int64_t known, of;
    int64_t reached;        /* without result, within reach of a chance that was checked often enough */
    double unknown[LEVELS]; /* without result and beyond it */
    double stated[LEVELS];  /* the sum of their probabilities */
} sum;

typedef struct past {
    level levels[LEVELS];
    bool checked;   /* by enough inspected results */
    bool by_chance; /* by enough results of chance */
} past;

static int level_of(int64_t ppb)
{
    static const int64_t from[LEVELS] = {0, TMG_PPB / 100, TMG_PPB / 33, TMG_PPB / 10, 3 * (TMG_PPB / 10)};
    int l = LEVELS - 1;

    while (l > 0 && ppb < from[l])
        l--;
    return l;
}

static bool is_labelled(const tmg_outcome_row *r, tmg_harm h)
{
    return r->inspected && r->found[h] != TMG_FOUND_UNKNOWN;
}

static bool is_in_reach(const tmg_outcome_row *r)
{
    return r->propensity_ppb != TMG_NONE && r->propensity_ppb > 0 && r->propensity_ppb < TMG_PPB;
}

/* Neighbours are pooled while the lower one has the higher rate (pool adjacent violators). */
static void rise(level l[LEVELS])
{
    int from[LEVELS], blocks = 0;
    level b[LEVELS];

    for (int i = 0; i < LEVELS; i++) {
        b[blocks] = l[i];
        from[blocks++] = i;
        while (blocks > 1 &&
               b[blocks - 2].finds * b[blocks - 1].results >= b[blocks - 1].finds * b[blocks - 2].results) {
            b[blocks - 2].results += b[blocks - 1].results;
            b[blocks - 2].finds += b[blocks - 1].finds;
            blocks--;
        }
    }
    for (int i = 0, k = 0; i < LEVELS; i++) {
        k += k + 1 < blocks && from[k + 1] == i ? 1 : 0;
        l[i] = b[k];
    }
}

static past look_back(const tmg_outcome_row *rows, size_t count, tmg_harm h)
{
    past p = {0};
    int64_t results = 0, by_chance = 0;

    for (size_t i = 0; i < count; i++) {
        const tmg_outcome_row *r = &rows[i];

        if (!is_labelled(r, h))
            continue;
        level *l = &p.levels[level_of(r->ppb[h])];

        l->results++;
        l->finds += r->found[h] == TMG_FOUND_YES ? 1 : 0;
        results++;
        by_chance += is_in_reach(r) && tmg_outcome_designed(r) ? 1 : 0;
    }
    p.checked = results >= FEW;
    p.by_chance = by_chance >= FEW;
    rise(p.levels);
    for (int i = 0; i < LEVELS && p.checked; i++) {
        level *l = &p.levels[i];
        tmg_rate r = tmg_wilson((int64_t)l->finds, (int64_t)l->results);

        l->rate = l->results > 0 ? l->finds / l->results : 0;
        l->high = l->results > 0 ? (double)r.high_ppm / 1e6 : 1;
    }
    return p;
}

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
static void count_one(sum *s, const past *before, const tmg_outcome_row *r, tmg_harm h)
{
    double p = (double)r->ppb[h] / (double)TMG_PPB;
    bool labelled = is_labelled(r, h), in_reach = before->by_chance && is_in_reach(r);
    double y = labelled && r->found[h] == TMG_FOUND_YES ? 1 : 0;

    s->of++;
    s->known += y > 0 ? 1 : 0;
    if (labelled && !in_reach) {
        s->finds += y;
        return;
    }
    if (!in_reach) {
        s->unknown[level_of(r->ppb[h])]++;
        s->stated[level_of(r->ppb[h])] += p;
        return;
    }
    s->reached++;
    s->finds += p;
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

static const double Z = 1.959963984540054;

/* The models learned from inspected ones, too, so their sum and the rate are both upper estimates and the
 * smaller one counts.  Of those beyond the reach of chance: at least none more than is known, for people may
 * have picked all bad ones; at most as many as among the inspected ones of like probability (Manski and
 * Pepper 2000). */
static tmg_finds finish(const sum *s, const past *before)
{
    double stated = 0, rated = 0, above = 0, unknown = 0, least = s->finds - Z * sqrt(s->variance);

    for (int i = 0; i < LEVELS; i++) {
        const level *l = &before->levels[i];
        double n = s->unknown[i], more = n * (l->high - l->rate);

        unknown += n;
        stated += s->stated[i];
        rated += n * l->rate;
        above += more * more + Z * Z * n * l->rate * (1 - l->rate);
    }
    double beyond = before->checked && rated < stated ? rated : stated;
    double most = s->finds + (before->checked ? rated + sqrt(above + Z * Z * s->variance)
                                              : unknown + Z * sqrt(s->variance));

    return (tmg_finds){.known = s->known,
                       .milli = milli(s->finds + beyond, s),
                       .low_milli = milli(least, s),
                       .high_milli = milli(most, s),
                       .checked = unknown > 0 ? (before->checked ? TMG_CHECKED_BY_RESULTS : TMG_CHECKED_NOT)
                                  : s->reached > 0 ? TMG_CHECKED_BY_CHANCE
                                                   : TMG_CHECKED_COUNTED};
}

const char *tmg_checked_name(tmg_checked c)
{
    static const char *const names[] = {"counted", "by chance", "by inspected results", "not at all"};

    return names[c];
}

void tmg_what_if(const tmg_outcome_row *rows, size_t count, tmg_scenario *s, tmg_arena *a)
{
    candidate *c = tmg_alloc_array(a, count + 1, sizeof *c);
    sum sums[2][TMG_HARMS] = {0};
    past pasts[TMG_HARMS] = {look_back(rows, count, TMG_FRAUD), look_back(rows, count, TMG_CRITICAL)};

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
            count_one(&sums[c[i].chosen ? 0 : 1][h], &pasts[h], r, (tmg_harm)h);
    }
    for (int h = 0; h < TMG_HARMS; h++) {
        s->found[h] = finish(&sums[0][h], &pasts[h]);
        s->missed[h] = finish(&sums[1][h], &pasts[h]);
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
