#include "base/qty.h"
#include "report/export.h"

static void put_day(tmg_json_out *j, const char *key, int32_t day)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, day);
    tmg_json_text(j, key, tmg_buf_as_span(&b));
}

static void put_counts(tmg_json_out *j, const char *key, const char *what, const tmg_count_of *list,
                       size_t count)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, what, list[i].what);
        tmg_json_i64(j, "count", list[i].count);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void put_amount(tmg_json_out *j, const char *key, const tmg_amount *m)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "mass_mg", m->mass_mg);
    tmg_json_i64(j, "volume_ul", m->volume_ul);
    tmg_json_object(j, "pieces");
    for (int p = 0; p < TMG_PIECES; p++)
        if (m->count[p] != 0)
            tmg_json_i64(j, tmg_piece_name((tmg_piece)p), m->count[p]);
    tmg_json_end_object(j);
    tmg_json_i64(j, "lines", m->lines);
    tmg_json_i64(j, "estimated_mg", m->estimated_mg);
    tmg_json_i64(j, "gross_mg", m->gross_mg);
    tmg_json_end_object(j);
}

static void put_lines(tmg_json_out *j, const tmg_period_figures *f)
{
    put_amount(j, "total", &f->total);
    tmg_json_array(j, "lines");
    for (size_t i = 0; i < f->line_count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "line", f->lines[i].line);
        tmg_json_text(j, "class", f->lines[i].class_name);
        put_amount(j, "now", &f->lines[i].now);
        put_amount(j, "seized", &f->lines[i].seized);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void put_substances(tmg_json_out *j, const tmg_period_figures *f)
{
    tmg_json_array(j, "substances");
    for (size_t i = 0; i < f->substance_count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "substance", f->substances[i].code);
        tmg_json_text(j, "line", f->substances[i].line);
        tmg_json_text(j, "class", f->substances[i].class_name);
        put_amount(j, "now", &f->substances[i].now);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_array(j, "plants");
    for (int g = 0; g < TMG_GROWTHS; g++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "growth", tmg_growth_name((tmg_growth)g));
        tmg_json_i64(j, "count", f->plants[g].count);
        tmg_json_i64(j, "mass_mg", f->plants[g].mass_mg);
        tmg_json_i64(j, "area_m2", f->plants[g].area_m2);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void put_months(tmg_json_out *j, const tmg_period_figures *f)
{
    tmg_json_array(j, "months");
    for (size_t i = 0; i < f->month_count; i++) {
        tmg_json_object(j, NULL);
        put_day(j, "from", f->months[i].from_day);
        put_day(j, "to", f->months[i].to_day);
        tmg_json_i64(j, "mass_mg", f->months[i].mass_mg);
        tmg_json_i64(j, "seizures", f->months[i].seizures);
        tmg_json_i64(j, "facts", f->months[i].facts);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void put_persons(tmg_json_out *j, const tmg_persons *p)
{
    tmg_json_object(j, "persons");
    tmg_json_i64(j, "total", p->total);
    tmg_json_i64(j, "men", p->men);
    tmg_json_i64(j, "women", p->women);
    tmg_json_i64(j, "sex_not_stated", p->sex_not_stated);
    tmg_json_i64(j, "own", p->own);
    tmg_json_i64(j, "foreign", p->foreign);
    tmg_json_i64(j, "citizenship_not_stated", p->citizenship_not_stated);
    tmg_json_i64(j, "previous_record", p->previous_record);
    tmg_json_i64(j, "previous_facts", p->previous_facts);
    tmg_json_i64(j, "previous_mg", p->previous_mg);
    tmg_json_array(j, "ages");
    for (int i = 0; i < TMG_AGE_CLASSES; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "age", p->age[i].name);
        tmg_json_i64(j, "count", p->age[i].count);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    put_counts(j, "countries", "country", p->by_country, p->country_count);
    put_counts(j, "occupations", "occupation", p->by_occupation, p->occupation_count);
    tmg_json_end_object(j);
}

static void put_figures(tmg_json_out *j, const char *key, const tmg_period_figures *f)
{
    tmg_json_object(j, key);
    put_day(j, "from", f->period.from_day);
    put_day(j, "to", f->period.to_day);
    tmg_json_i64(j, "facts", f->facts);
    tmg_json_i64(j, "seizures", f->seizures);
    tmg_json_i64(j, "attempts", f->attempts);
    tmg_json_i64(j, "large", f->large);
    tmg_json_i64(j, "large_mg", f->large_mg);
    tmg_json_i64(j, "large_other_mg", f->large_other_mg);
    tmg_json_i64(j, "groups", f->groups);
    tmg_json_i64(j, "group_cases", f->group_cases);
    tmg_json_i64(j, "destroyed", f->destroyed);
    tmg_json_i64(j, "destroyed_mg", f->destroyed_mg);
    tmg_json_i64(j, "destroyed_cases", f->destroyed_cases);
    tmg_json_i64(j, "destroyed_old_cases", f->destroyed_old_cases);
    tmg_json_i64(j, "destroyed_old_mg", f->destroyed_old_mg);
    put_counts(j, "facts_by_kind", "kind", f->by_kind, f->kind_count);
    put_counts(j, "seizures_by_direction", "direction", f->by_direction, f->direction_count);
    put_counts(j, "facts_by_direction", "direction", f->facts_in, f->facts_in_count);
    put_lines(j, f);
    put_substances(j, f);
    put_months(j, f);
    put_persons(j, &f->persons);
    tmg_json_array(j, "value");
    for (size_t i = 0; i < f->value_count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_text(j, "currency", f->value[i].what);
        tmg_json_decimal(j, "amount", f->value[i].count, tmg_currency_exponent(f->value[i].what));
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    tmg_json_end_object(j);
}

static void put_or_null(tmg_json_out *j, const char *key, int64_t v)
{
    if (v == TMG_NONE)
        tmg_json_null(j, key);
    else
        tmg_json_i64(j, key, v);
}

void tmg_gaps_json(tmg_json_out *j, const char *key, const tmg_gap *gaps, size_t count)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "code", gaps[i].code);
        tmg_json_text(j, "about", gaps[i].about);
        tmg_json_i64(j, "total", gaps[i].total);
        put_or_null(j, "sum", gaps[i].sum);
        put_or_null(j, "gap", gaps[i].gap);
        tmg_json_z(j, "unit", gaps[i].unit);
        tmg_json_bool(j, "open", gaps[i].open);
        tmg_json_z(j, "reason", gaps[i].reason);
        tmg_json_text(j, "words", gaps[i].words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static void put_equivalents(tmg_json_out *j, const tmg_report *r)
{
    tmg_json_array(j, "equivalents");
    for (size_t i = 0; i < r->equivalent_count; i++) {
        const tmg_equivalent *e = &r->equivalents[i];

        tmg_json_object(j, NULL);
        tmg_json_text(j, "substance", e->substance->code);
        tmg_json_text(j, "unit", e->factor->unit);
        tmg_json_i64(j, "quantity", e->quantity);
        tmg_json_i64(j, "least_mg", e->least_mg);
        tmg_json_i64(j, "most_mg", e->most_mg);
        tmg_json_i64(j, "factor_least_mg", e->factor->least_mg);
        tmg_json_i64(j, "factor_most_mg", e->factor->most_mg);
        put_day(j, "noted", e->factor->noted_day);
        tmg_json_text(j, "source", e->factor->source);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

void tmg_report_json(tmg_json_out *j, const tmg_report *r)
{
    put_figures(j, "figures", r->now);
    if (r->before != NULL)
        put_figures(j, "before", r->before);
    tmg_gaps_json(j, "reconciliation", r->gaps, r->gap_count);
    put_equivalents(j, r);
}
