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
    tmg_json_array(j, "ages");
    for (int i = 0; i < TMG_AGE_CLASSES; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "age", p->age[i].name);
        tmg_json_i64(j, "count", p->age[i].count);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    put_counts(j, "countries", "country", p->by_country, p->country_count);
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
    tmg_json_i64(j, "groups", f->groups);
    tmg_json_i64(j, "group_cases", f->group_cases);
    tmg_json_i64(j, "destroyed", f->destroyed);
    tmg_json_i64(j, "destroyed_mg", f->destroyed_mg);
    put_counts(j, "facts_by_kind", "kind", f->by_kind, f->kind_count);
    put_counts(j, "seizures_by_direction", "direction", f->by_direction, f->direction_count);
    put_lines(j, f);
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

void tmg_gaps_json(tmg_json_out *j, const char *key, const tmg_gap *gaps, size_t count)
{
    tmg_json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_z(j, "code", gaps[i].code);
        tmg_json_text(j, "about", gaps[i].about);
        tmg_json_i64(j, "total", gaps[i].total);
        tmg_json_i64(j, "sum", gaps[i].sum);
        tmg_json_i64(j, "gap", gaps[i].gap);
        tmg_json_z(j, "unit", gaps[i].unit);
        tmg_json_bool(j, "open", gaps[i].open);
        tmg_json_text(j, "words", gaps[i].words);
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
}
