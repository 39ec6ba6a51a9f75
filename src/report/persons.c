/* Suspects as counts: outside a case only this and parts.c read them, and neither hands on a person. */
#include "report/figures_priv.h"

static const char *const age_names[TMG_AGE_CLASSES] = {"under 16", "16-18",       "18-25",
                                                       "26-29",    "30 and over", "not stated"};

static int64_t year_of(int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};
    int64_t year = 0;

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, tmg_day_of(at_ms, offset_min));
    (void)tmg_span_i64((tmg_span){b.ptr, 4}, &year);
    return year;
}

/* The official classes touch at 18: "16-18" is 16 and 17, "18-25" begins with 18. */
static int age_class(int64_t birth_year, int64_t opened_ms, int offset_min)
{
    if (birth_year == TMG_NONE)
        return TMG_AGE_CLASSES - 1;
    int64_t age = year_of(opened_ms, offset_min) - birth_year;

    return age < 16 ? 0 : age < 18 ? 1 : age < 26 ? 2 : age < 30 ? 3 : 4;
}

const char *tmg_age_class_at(int i)
{
    return age_names[i];
}

const char *tmg_age_class_name(int64_t birth_year, int64_t opened_ms, int offset_min)
{
    return age_names[age_class(birth_year, opened_ms, offset_min)];
}

static void count_sex(tmg_persons *p, tmg_span sex)
{
    if (tmg_span_is(sex, "m"))
        p->men++;
    else if (tmg_span_is(sex, "f"))
        p->women++;
    else
        p->sex_not_stated++;
}

static void count_citizenship(tmg_persons *p, tmg_span country, tmg_span home)
{
    if (tmg_span_eq(country, home))
        p->own++;
    else if (tmg_span_is(country, "XX"))
        p->citizenship_not_stated++;
    else
        p->foreign++;
}

static const char persons_sql[] = WITH_FACTS
    "SELECT x.sex, x.birth_year, x.citizenship, x.previous_record, k.opened_ms FROM fact f JOIN "
    "suspect x ON x.case_id = f.case_id AND x.withdrawn_ms IS NULL JOIN case_file k ON k.id = f.id";

/* Facts in which somebody has a previous record, and what was seized in them in the period. */
static const char previous_facts_sql[] =
    WITH_FACTS "SELECT count(DISTINCT f.id) FROM fact f JOIN suspect x ON x.case_id = f.case_id AND "
               "x.withdrawn_ms IS NULL WHERE "
               "x.previous_record = 1";
static const char previous_mass_sql[] = WITH_FACTS
    "SELECT coalesce(sum(" MASS_OF_LINE "), 0) FROM fact f JOIN seizure z ON z.case_id = f.case_id JOIN "
    "substance_line l ON l.seizure_id = z.id " LISTED "WHERE " IN_PERIOD " AND " NEWEST " AND " IN_TOTAL
    " AND f.id IN (SELECT g.id FROM fact g JOIN suspect u ON u.case_id = "
    "g.case_id WHERE u.withdrawn_ms IS NULL AND u.previous_record = 1)";

tmg_rc tmg_persons_read(tmg_db *db, tmg_period_figures *f, tmg_span home, tmg_arena *a, tmg_err *err)
{
    tmg_persons *p = &f->persons;
    tmg_stmt *s;
    bool row;

    for (int i = 0; i < TMG_AGE_CLASSES; i++)
        p->age[i].name = age_names[i];
    TMG_TRY(tmg_sql(db, persons_sql, &s, err));
    tmg_bind_period(s, &f->period);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        p->total++;
        count_sex(p, tmg_col_text(s, 0));
        count_citizenship(p, tmg_col_text(s, 2), home);
        p->previous_record += tmg_col_i64(s, 3) != 0;
        p->age[age_class(tmg_col_opt(s, 1), tmg_col_i64(s, 4), f->period.offset_min)].count++;
    }
    TMG_TRY(tmg_numbers(db, previous_facts_sql, &f->period, (int64_t *const[]){&p->previous_facts}, 1, err));
    TMG_TRY(tmg_numbers(db, previous_mass_sql, &f->period, (int64_t *const[]){&p->previous_mg}, 1, err));
    TMG_TRY(tmg_counts(db,
                       WITH_FACTS
                       "SELECT coalesce(x.occupation, ''), count(*) FROM fact f JOIN suspect x ON "
                       "x.case_id = f.case_id AND x.withdrawn_ms IS NULL GROUP BY 1 ORDER BY 2 DESC, 1",
                       &f->period, a, &p->by_occupation, &p->occupation_count, err));
    TMG_TRY(tmg_counts(db,
                       WITH_FACTS
                       "SELECT x.citizenship, count(*) FROM fact f JOIN suspect x ON x.case_id = "
                       "f.case_id AND x.withdrawn_ms IS NULL GROUP BY x.citizenship ORDER BY 2 DESC, 1",
                       &f->period, a, &p->by_country, &p->country_count, err));
    size_t kept = 0;
    for (size_t i = 0; i < p->country_count; i++)
        if (!tmg_span_eq(p->by_country[i].what, home) && !tmg_span_is(p->by_country[i].what, "XX"))
            p->by_country[kept++] = p->by_country[i];
    p->country_count = kept;
    return TMG_OK;
}
