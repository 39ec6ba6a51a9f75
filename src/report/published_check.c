/* A published report against itself and against the registry's own figures. */
#include "base/qty.h"
#include "report/figures_priv.h"
#include "report/gaps_priv.h"
#include "report/published_priv.h"

enum { PPM = 1000000, WHOLE = 10000 };

/* How far a printed per cent may lie from the exact one: half of its last digit.  A report that does not say
 * how many digits it printed has printed as many as the number needs, at least whole per cents. */
static int64_t last_digit(const tmg_percentage *q)
{
    int64_t digit = WHOLE;

    if (q->decimals != TMG_NONE)
        for (int64_t i = 0; i < q->decimals; i++)
            digit /= 10;
    else
        while (q->published_ppm % digit != 0)
            digit /= 10;
    return digit;
}

static bool is_printed_as(const tmg_percentage *q, int64_t exact_ppm)
{
    int64_t off = q->published_ppm > exact_ppm ? q->published_ppm - exact_ppm : exact_ppm - q->published_ppm;

    return exact_ppm != TMG_NONE && 2 * off <= last_digit(q);
}

/* TMG_NONE where there is nothing to take a share of. */
static int64_t share(int64_t count, int64_t of)
{
    static const int64_t most = TMG_PUBLISHED_MOST;

    if (of == 0)
        return TMG_NONE;
    int64_t ppm = tmg_mul_div(count, PPM, of);
    return ppm > most ? most : ppm < -most ? -most : ppm;
}

static void say_shares(tmg_buf *b, const tmg_percentage *q, int64_t on_old, bool right, bool new_base)
{
    tmg_buf_fmt(b, "%.*s: ", TMG_SPAN_ARG(q->what));
    tmg_amount_words(b, q->published_ppm, "ppm");
    tmg_buf_fmt(b, " was published; %lld of %lld before is ", (long long)q->count, (long long)q->of_old);
    if (on_old == TMG_NONE)
        tmg_buf_z(b, "no share: there is nothing to take it of");
    else
        tmg_amount_words(b, on_old, "ppm");
    if (!right && on_old != TMG_NONE)
        tmg_buf_z(b, new_base
                         ? ": the share was taken of the new value, where a change is a share of the old one"
                         : ": neither the old nor the new value gives this share");
}

static void check_percentage(tmg_gaps *g, const tmg_percentage *q)
{
    int64_t on_old = share(q->count, q->of_old);
    bool right = on_old != TMG_NONE && is_printed_as(q, on_old);
    int64_t on_new = share(q->count, q->of_new);
    bool new_base = on_new != TMG_NONE && is_printed_as(q, on_new);
    TMG_AUTO_BUF b = {0};
    tmg_gap *last;

    tmg_buf_init(&b, 4096);
    say_shares(&b, q, on_old, right, new_base);
    tmg_gaps_say(g, "percentage", q->what, right ? on_old : q->published_ppm, on_old == TMG_NONE ? 0 : on_old,
                 "ppm", tmg_span_copy(g->arena, tmg_buf_as_span(&b)));
    last = &g->list[g->count - 1];
    if (on_old == TMG_NONE) {
        last->sum = last->gap = TMG_NONE;
        last->open = true;
        last->reason = "percentage.no_base";
    } else if (new_base) {
        last->reason = "percentage.new_base";
    }
}

/* Two numbers of one thing: neither is the sum of the other's parts. */
static void against(tmg_gaps *g, const char *code, tmg_span about, int64_t published, int64_t own,
                    const char *unit)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 4096);
    tmg_buf_fmt(&b, "%.*s: ", TMG_SPAN_ARG(about));
    tmg_amount_words(&b, published, unit);
    tmg_buf_z(&b, " was published, and the registry ");
    if (published == own) {
        tmg_buf_z(&b, "counts the same");
    } else {
        tmg_buf_z(&b, "counts ");
        tmg_amount_words(&b, own, unit);
        tmg_buf_z(&b, ": ");
        tmg_amount_words(&b, published > own ? published - own : own - published, unit);
        tmg_buf_z(&b, published > own ? " less" : " more");
    }
    tmg_gaps_say(g, code, about, published, own, unit, tmg_span_copy(g->arena, tmg_buf_as_span(&b)));
}

static bool counted_in(const tmg_count_of *list, size_t count, tmg_span what, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(list[i].what, what))
            *ret = list[i].count;
    return true;
}

/* "kind.sale", "direction.import" (facts), "age.18-25", "occupation.driver" */
static bool own_class(const tmg_period_figures *f, tmg_span name, int64_t *ret)
{
    const tmg_persons *p = &f->persons;
    tmg_span rest = name, list = {NULL, 0};

    (void)tmg_span_split(&rest, '.', &list);
    if (rest.ptr == NULL)
        return false;
    if (tmg_span_is(list, "kind"))
        return counted_in(f->by_kind, f->kind_count, rest, ret);
    if (tmg_span_is(list, "direction"))
        return counted_in(f->facts_in, f->facts_in_count, rest, ret);
    if (tmg_span_is(list, "occupation"))
        return counted_in(p->by_occupation, p->occupation_count, rest, ret);
    for (int i = 0; tmg_span_is(list, "age") && i < TMG_AGE_CLASSES; i++)
        if (tmg_span_is(rest, tmg_age_class_at(i))) {
            *ret = p->age[i].count;
            return true;
        }
    return false;
}

static bool is_country(tmg_span name)
{
    return name.len == 2 && name.ptr[0] >= 'A' && name.ptr[0] <= 'Z' && name.ptr[1] >= 'A' &&
           name.ptr[1] <= 'Z';
}

bool tmg_published_own_count(const tmg_period_figures *f, tmg_span name, int64_t *ret)
{
    const tmg_persons *p = &f->persons;
    const struct {
        const char *name;
        int64_t count;
    } known[] = {{"facts", f->facts},
                 {"seizures", f->seizures},
                 {"attempts", f->attempts},
                 {"large", f->large},
                 {"large_mg", f->large_mg},
                 {"groups", f->groups},
                 {"persons", p->total},
                 {"men", p->men},
                 {"women", p->women},
                 {"own", p->own},
                 {"foreign", p->foreign},
                 {"previous_record", p->previous_record},
                 {"previous_facts", p->previous_facts},
                 {"destroyed_cases", f->destroyed_cases},
                 {"destroyed_old_cases", f->destroyed_old_cases},
                 {"destroyed_mg", f->destroyed_mg}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (tmg_span_is(name, known[i].name)) {
            *ret = known[i].count;
            return true;
        }
    return own_class(f, name, ret) ||
           (is_country(name) && counted_in(p->by_country, p->country_count, name, ret));
}

/* A report that prints its named lines in one sum is held against the same sum. */
static int64_t own_line(const tmg_period_figures *f, tmg_span line)
{
    bool all = tmg_span_is(line, "all named lines");
    int64_t sum = 0;

    for (size_t i = 0; i < f->line_count; i++) {
        const tmg_figure_line *l = &f->lines[i];
        bool named = tmg_class_in_total(l->class_name) && !tmg_span_is(l->class_name, "other");

        if (all ? named : tmg_span_eq(l->line, line))
            sum += l->now.mass_mg;
    }
    return sum;
}

static bool is_mass(tmg_span count_name)
{
    return count_name.len > 3 && memcmp(count_name.ptr + count_name.len - 3, "_mg", 3) == 0;
}

static void check_against_own(tmg_gaps *g, const tmg_published *p, const tmg_period_figures *own)
{
    if (p->total_mg != TMG_NONE)
        against(g, "own_total", TMG_SPAN("published total"), p->total_mg, own->total.mass_mg, "mg");
    for (size_t i = 0; i < p->line_count; i++)
        against(g, "own_line", p->line[i].what, p->line[i].v, own_line(own, p->line[i].what), "mg");
    for (size_t i = 0; i < p->count_count; i++) {
        int64_t count;

        if (tmg_published_own_count(own, p->count[i].what, &count))
            against(g, "own_count", p->count[i].what, p->count[i].v, count,
                    is_mass(p->count[i].what) ? "mg" : "counted");
    }
}

tmg_rc tmg_published_check(const tmg_published *p, const tmg_period_figures *own, tmg_arena *a, tmg_gap **ret,
                           size_t *ret_count, tmg_err *err)
{
    tmg_gaps g = {.arena = a};

    (void)err;
    if (p->total_mg != TMG_NONE && p->lines_mg != TMG_NONE)
        tmg_gaps_add(&g, "published_lines", TMG_SPAN("published total"), p->total_mg, p->lines_mg, "mg",
                     "the lines printed in the report do not add up to its total");
    for (size_t i = 0; i < p->sum_count; i++)
        tmg_gaps_add(&g, "published_sum", p->sum[i].what, p->sum[i].total, p->sum[i].parts, "counted",
                     "the parts printed in the report do not add up to its total");
    for (size_t i = 0; i < p->percentage_count; i++)
        check_percentage(&g, &p->percentage[i]);
    if (own != NULL)
        check_against_own(&g, p, own);
    *ret = g.list;
    *ret_count = g.count;
    return TMG_OK;
}
