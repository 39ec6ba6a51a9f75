#include "report/rows_priv.h"

#include "base/qty.h"

enum { MOST_ROWS = 4000, PPM = 1000000 };

tmg_report_row *tmg_row_add(listing *l, const char *section, tmg_span code, tmg_span words, tmg_row_kind kind,
                            const char *unit, int64_t value, int64_t before)
{
    tmg_report_row *row = &l->rows[l->count < MOST_ROWS ? l->count++ : MOST_ROWS - 1];

    *row = (tmg_report_row){.section = section,
                            .code = code,
                            .words = words,
                            .kind = kind,
                            .unit = unit,
                            .value = value,
                            .seized = TMG_NONE,
                            .before = l->r->before != NULL ? before : TMG_NONE,
                            .of = TMG_NONE,
                            .of_total_ppm = TMG_NONE};
    return row;
}

tmg_report_row *tmg_row_named(listing *l, const char *section, const char *key, tmg_row_kind kind,
                              const char *unit, int64_t value, int64_t before)
{
    return tmg_row_add(l, section, tmg_span_of(key), tmg_paper_word(l->w, "report", key), kind, unit, value,
                       before);
}

void tmg_row_of(listing *l, tmg_report_row *row, int64_t of, const char *key)
{
    if (of <= 0)
        return;
    row->of = of;
    row->of_words = tmg_paper_word(l->w, "base", key);
    row->of_total_ppm = tmg_mul_div(row->value, PPM, of);
}

static int64_t count_in(const tmg_count_of *list, size_t count, tmg_span what)
{
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(list[i].what, what))
            return list[i].count;
    return 0;
}

/* A list that is counted in both periods, and what its rows are called and a share of. */
typedef struct counted {
    const char *section, *prefix, *unit;
    tmg_span (*name)(listing *l, tmg_span code);
    const tmg_count_of *now, *before;
    size_t now_count, before_count;
    int64_t of;
    const char *of_key, *parts_of;
} counted;

static void put_counted(listing *l, const counted *c, tmg_span what, int64_t now, int64_t before)
{
    tmg_report_row *row =
        tmg_row_add(l, c->section, tmg_paper_text(l->arena, "%s%.*s", c->prefix, TMG_SPAN_ARG(what)),
                    c->name(l, what), TMG_ROW_PART, c->unit, now, before);

    tmg_row_of(l, row, c->of, c->of_key);
    row->parts_of = c->parts_of;
}

/* What either period counted: now's order first, then what only the earlier one has. */
static void list_counted(listing *l, counted c)
{
    if (l->r->before == NULL)
        c.before_count = 0;
    for (size_t i = 0; i < c.now_count; i++)
        put_counted(l, &c, c.now[i].what, c.now[i].count, count_in(c.before, c.before_count, c.now[i].what));
    for (size_t i = 0; i < c.before_count; i++)
        if (count_in(c.now, c.now_count, c.before[i].what) == 0)
            put_counted(l, &c, c.before[i].what, 0, c.before[i].count);
}

#define LISTS(l, list, length)                                                                               \
    (l)->r->now->list, (l)->r->before != NULL ? (l)->r->before->list : NULL, (l)->r->now->length,            \
        (l)->r->before != NULL ? (l)->r->before->length : 0

static tmg_span kind_name(listing *l, tmg_span code)
{
    return tmg_paper_listed(l->w, "fact_kind", code);
}

static tmg_span direction_name(listing *l, tmg_span code)
{
    return tmg_paper_listed(l->w, "direction", code);
}

static tmg_span country_name(listing *l, tmg_span code)
{
    return tmg_paper_word_or(l->w, "country", code, code);
}

static tmg_span occupation_name(listing *l, tmg_span code)
{
    return code.len == 0 ? tmg_paper_word(l->w, "report", "occupation_not_stated")
                         : tmg_paper_listed(l->w, "occupation", code);
}

static void facts(listing *l)
{
    tmg_row_named(l, "facts", "facts", TMG_ROW_TOTAL, "cases", BOTH(l, facts));
    list_counted(l, (counted){"facts", "", "cases", kind_name, LISTS(l, by_kind, kind_count),
                              l->r->now->facts, "facts", NULL});
}

static void directions(listing *l)
{
    const tmg_period_figures *n = l->r->now;

    tmg_row_named(l, "direction", "facts_by_direction", TMG_ROW_TOTAL, "cases", BOTH(l, facts_by_direction));
    list_counted(l, (counted){"direction", "facts.", "cases", direction_name,
                              LISTS(l, facts_in, facts_in_count), n->facts, "facts", NULL});
    tmg_row_named(l, "direction", "seizures", TMG_ROW_TOTAL, "cases", BOTH(l, seizures));
    list_counted(l, (counted){"direction", "", "cases", direction_name,
                              LISTS(l, by_direction, direction_count), n->seizures, "seizures", NULL});
    tmg_row_of(l, tmg_row_named(l, "direction", "attempts", TMG_ROW_TOTAL, "cases", BOTH(l, attempts)),
               n->seizures, "seizures");
}

/* ---- persons ---- */

static void person(listing *l, const char *key, int64_t value, int64_t before, const char *parts_of)
{
    tmg_report_row *row = tmg_row_named(l, "persons", key, TMG_ROW_PART, "persons", value, before);

    tmg_row_of(l, row, l->r->now->persons.total, "persons");
    row->parts_of = parts_of;
}

/* The classes of the official layout stand there always, the others when somebody is in them. */
static void ages(listing *l)
{
    const tmg_persons *n = &l->r->now->persons, *b = l->r->before != NULL ? &l->r->before->persons : NULL;

    for (int i = 0; i < TMG_AGE_CLASSES; i++) {
        int64_t before = b != NULL ? b->age[i].count : 0;
        bool official = i != 0 && i != TMG_AGE_CLASSES - 1;

        if (!official && n->age[i].count == 0 && before == 0)
            continue;
        tmg_report_row *row = tmg_row_add(l, "persons", tmg_span_of(n->age[i].name),
                                          tmg_paper_word(l->w, "age", n->age[i].name), TMG_ROW_PART,
                                          "persons", n->age[i].count, before);
        tmg_row_of(l, row, n->total, "persons");
        row->parts_of = "age";
    }
}

static void persons(listing *l)
{
    const tmg_persons *n = &l->r->now->persons;

    tmg_row_named(l, "persons", "persons", TMG_ROW_TOTAL, "persons", BOTH(l, persons.total));
    person(l, "men", BOTH(l, persons.men), "sex");
    person(l, "women", BOTH(l, persons.women), "sex");
    ages(l);
    person(l, "own", BOTH(l, persons.own), "citizenship");
    person(l, "foreign", BOTH(l, persons.foreign), "citizenship");
    list_counted(l, (counted){"persons", "", "persons", country_name,
                              LISTS(l, persons.by_country, persons.country_count), n->foreign, "foreign",
                              "country"});
    tmg_row_named(l, "persons", "occupations", TMG_ROW_TOTAL, "persons", BOTH(l, persons.total));
    list_counted(l, (counted){"persons", "occupation.", "persons", occupation_name,
                              LISTS(l, persons.by_occupation, persons.occupation_count), n->total, "persons",
                              "occupation"});
    tmg_row_named(l, "persons", "previous_record", TMG_ROW_TOTAL, "persons", BOTH(l, persons.previous_record))
        ->parts_of = "previous";
    tmg_row_of(
        l,
        tmg_row_named(l, "persons", "previous_facts", TMG_ROW_PART, "cases", BOTH(l, persons.previous_facts)),
        l->r->now->facts, "facts");
    tmg_row_of(l,
               tmg_row_named(l, "persons", "previous_mg", TMG_ROW_PART, "mg", BOTH(l, persons.previous_mg)),
               l->r->now->total.mass_mg, "total");
    tmg_row_named(l, "persons", "groups", TMG_ROW_TOTAL, "cases", BOTH(l, groups));
}

/* ---- the rest ---- */

static void large_and_destroyed(listing *l)
{
    const tmg_period_figures *n = l->r->now;

    tmg_row_of(l, tmg_row_named(l, "large", "large", TMG_ROW_TOTAL, "cases", BOTH(l, large)), n->seizures,
               "seizures");
    tmg_row_of(l, tmg_row_named(l, "large", "large_mg", TMG_ROW_PART, "mg", BOTH(l, large_mg)),
               n->total.mass_mg, "total");
    if (n->large_other_mg != 0 || BEFORE(l, large_other_mg) != 0)
        tmg_row_named(l, "large", "large_other_mg", TMG_ROW_PART, "mg", BOTH(l, large_other_mg));
    if (n->destroyed == 0 && BEFORE(l, destroyed) == 0)
        return;
    tmg_row_named(l, "destroyed", "destroyed", TMG_ROW_TOTAL, "pieces", BOTH(l, destroyed));
    tmg_row_named(l, "destroyed", "destroyed_mg", TMG_ROW_PART, "mg", BOTH(l, destroyed_mg));
    tmg_row_named(l, "destroyed", "destroyed_cases", TMG_ROW_TOTAL, "cases", BOTH(l, destroyed_cases));
    tmg_row_of(l,
               tmg_row_named(l, "destroyed", "destroyed_old_cases", TMG_ROW_PART, "cases",
                             BOTH(l, destroyed_old_cases)),
               n->destroyed_cases, "destroyed_cases");
    tmg_row_of(
        l, tmg_row_named(l, "destroyed", "destroyed_old_mg", TMG_ROW_PART, "mg", BOTH(l, destroyed_old_mg)),
        n->destroyed_mg, "destroyed_mg");
}

static void value_row(listing *l, tmg_span currency, int64_t now, int64_t before)
{
    tmg_row_add(l, "value", tmg_paper_text(l->arena, "value.%.*s", TMG_SPAN_ARG(currency)),
                tmg_paper_word(l->w, "report", "value"), TMG_ROW_TOTAL, "minor", now, before)
        ->currency = currency;
}

static void value(listing *l)
{
    const tmg_period_figures *n = l->r->now, *b = l->r->before;

    for (size_t i = 0; i < n->value_count; i++)
        value_row(l, n->value[i].what, n->value[i].count,
                  b != NULL ? count_in(b->value, b->value_count, n->value[i].what) : 0);
    for (size_t i = 0; b != NULL && i < b->value_count; i++)
        if (count_in(n->value, n->value_count, b->value[i].what) == 0)
            value_row(l, b->value[i].what, 0, b->value[i].count);
}

void tmg_report_rows(const tmg_report *r, tmg_paper_words *w, tmg_arena *a, tmg_report_row **ret,
                     size_t *ret_count)
{
    listing l = {r, w, a, tmg_alloc_array(a, MOST_ROWS, sizeof *l.rows), 0};

    facts(&l);
    if (r->layout == TMG_LAYOUT_STATE) {
        tmg_rows_of_substances(&l);
        value(&l);
        persons(&l);
        directions(&l);
    } else {
        directions(&l);
        tmg_rows_of_substances(&l);
        persons(&l);
        value(&l);
    }
    large_and_destroyed(&l);
    if (r->least > 0)
        tmg_rows_hold(l.rows, l.count, r->least);
    *ret = l.rows;
    *ret_count = l.count;
}
