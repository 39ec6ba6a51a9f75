#include "report/gaps_priv.h"

static int64_t sum_of(const tmg_count_of *list, size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += list[i].count;
    return sum;
}

/* Mass that the total holds and no named line of the layout shows. */
static void check_lines(tmg_gaps *g, const tmg_period_figures *f)
{
    int64_t named = 0, other = 0;

    for (size_t i = 0; i < f->line_count; i++) {
        const tmg_figure_line *l = &f->lines[i];

        if (tmg_span_is(l->class_name, "other"))
            other += l->now.mass_mg;
        else if (tmg_span_is(l->class_name, "narcotic") || tmg_span_is(l->class_name, "psychotropic"))
            named += l->now.mass_mg;
    }
    tmg_gaps_add(g, "lines", TMG_SPAN("total"), f->total.mass_mg, named, "mg",
                 other > 0
                     ? "seized substances without a line of their own are in the total and in no named line"
                     : "the named lines add up to the total");
}

static void check_months(tmg_gaps *g, const tmg_period_figures *f)
{
    int64_t sum = 0;

    for (size_t i = 0; i < f->month_count; i++)
        sum += f->months[i].mass_mg;
    tmg_gaps_add(g, "total_by_month", TMG_SPAN("total"), f->total.mass_mg, sum, "mg",
                 "the months of the period against its total");
}

static void check_stages(tmg_gaps *g, const tmg_period_figures *f)
{
    for (size_t i = 0; i < f->line_count; i++)
        if (f->lines[i].now.mass_mg != f->lines[i].seized.mass_mg)
            tmg_gaps_add(g, "confirmed", f->lines[i].line, f->lines[i].now.mass_mg,
                         f->lines[i].seized.mass_mg, "mg",
                         "the laboratory, or a correction, changed what was first recorded; both are kept");
}

static void check_facts(tmg_gaps *g, const tmg_period_figures *f)
{
    tmg_gaps_add(g, "facts_by_kind", TMG_SPAN("facts"), f->facts, sum_of(f->by_kind, f->kind_count), "cases",
                 "facts by kind against all facts");
    tmg_gaps_add(g, "facts_with_seizure", TMG_SPAN("facts"), f->facts, f->facts_seized, "cases",
                 "facts without a seizure have no direction");
    tmg_gaps_add(g, "facts_by_direction", TMG_SPAN("facts with a seizure"), f->facts_seized,
                 f->facts_by_direction, "cases",
                 "a fact with seizures in several directions counts once in each of them");
    tmg_gaps_add(g, "facts_in_group", TMG_SPAN("facts with a seizure in a group"), f->facts_in_group,
                 f->facts_in_group_named, "cases",
                 "the case of a seizure that was made in a group names none");
}

/* Seizures that are in the masses of the period and in none of its facts. */
static void check_seizures(tmg_gaps *g, const tmg_period_figures *f)
{
    tmg_gaps_add(g, "seizures_with_case", TMG_SPAN("seizures"), f->seizures, f->seizures_with_case, "cases",
                 "seizures without a case count in the masses and in no fact");
    tmg_gaps_add(g, "seizures_in_facts", TMG_SPAN("seizures with a case"), f->seizures_with_case,
                 f->seizures_in_facts, "cases",
                 "their case was opened in another period and is a fact of that one");
}

static void check_sane(tmg_gaps *g, const tmg_period_figures *f)
{
    tmg_gaps_add(g, "records_counted", TMG_SPAN("quantities"), f->records, f->records - f->beyond, "cases",
                 "a quantity beyond what a record can say is an error of entry: it is in no figure until it "
                 "is corrected");
}

static void check_persons(tmg_gaps *g, const tmg_period_figures *f)
{
    const tmg_persons *p = &f->persons;
    int64_t aged = 0, unstated = 0;

    for (int i = 0; i < TMG_AGE_CLASSES - 1; i++)
        aged += p->age[i].count;
    for (size_t i = 0; i < p->occupation_count; i++)
        if (p->by_occupation[i].what.len == 0)
            unstated = p->by_occupation[i].count;
    tmg_gaps_add(g, "persons_by_sex", TMG_SPAN("persons"), p->total, p->men + p->women, "persons",
                 "persons whose sex is not stated are in neither count");
    tmg_gaps_add(g, "persons_by_age", TMG_SPAN("persons"), p->total, aged, "persons",
                 "persons whose year of birth is not stated are in no age class");
    tmg_gaps_add(g, "persons_by_citizenship", TMG_SPAN("persons"), p->total, p->own + p->foreign, "persons",
                 "persons whose citizenship is not stated are in neither count");
    tmg_gaps_add(g, "persons_by_occupation", TMG_SPAN("persons"), p->total,
                 sum_of(p->by_occupation, p->occupation_count) - unstated, "persons",
                 "persons whose occupation is not stated are in no occupation");
    tmg_gaps_add(g, "foreign_by_country", TMG_SPAN("persons"), p->foreign,
                 sum_of(p->by_country, p->country_count), "persons",
                 "foreign citizens by country against all foreign citizens");
}

/* Counts that are often taken for one another. */
static void check_definitions(tmg_gaps *g, const tmg_period_figures *f)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1024);
    tmg_buf_fmt(&b,
                "%lld facts, %lld seizures, %lld prevented attempts, %lld large seizures: a fact is a case, "
                "an attempt is a "
                "seizure on a transit that was stopped, a large seizure reaches the large mass of its "
                "substance; they are "
                "four counts, not one",
                (long long)f->facts, (long long)f->seizures, (long long)f->attempts, (long long)f->large);
    tmg_gaps_say(g, "attempts_and_facts", TMG_SPAN("attempts"), f->facts, f->attempts, "cases",
                 tmg_span_copy(g->arena, tmg_buf_as_span(&b)));
    tmg_buf_clear(&b);
    tmg_buf_fmt(&b, "%lld large seizures hold ", (long long)f->large);
    tmg_amount_words(&b, f->large_mg, "mg");
    tmg_buf_z(&b, ", ");
    tmg_share_words(&b, f->large_mg, f->total.mass_mg);
    tmg_buf_z(&b, "; all others hold ");
    tmg_amount_words(&b, f->total.mass_mg - f->large_mg, "mg");
    if (f->large_other_mg > 0) {
        tmg_buf_z(&b, "; beside it ");
        tmg_amount_words(&b, f->large_other_mg, "mg");
        tmg_buf_z(&b, " that the total leaves out");
    }
    tmg_gaps_say(g, "large_and_total", TMG_SPAN("large seizures"), f->total.mass_mg, f->large_mg, "mg",
                 tmg_span_copy(g->arena, tmg_buf_as_span(&b)));
}

tmg_rc tmg_reconcile(const tmg_period_figures *f, tmg_arena *a, tmg_gap **ret, size_t *ret_count,
                     tmg_err *err)
{
    tmg_gaps g = {.arena = a};

    (void)err;
    check_lines(&g, f);
    check_months(&g, f);
    check_stages(&g, f);
    check_facts(&g, f);
    check_seizures(&g, f);
    check_sane(&g, f);
    check_persons(&g, f);
    check_definitions(&g, f);
    *ret = g.list;
    *ret_count = g.count;
    return TMG_OK;
}
