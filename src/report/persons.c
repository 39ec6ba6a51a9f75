/* Suspects as counts: the one place outside a case that reads them, and it hands on no person. */
#include "report/figures_priv.h"

static const char *const age_names[TMG_AGE_CLASSES] = {"under 16", "16-18",       "18-25",
                                                       "26-29",    "30 and over", "not stated"};

/* The official classes touch at 18: "16-18" is 16 and 17, "18-25" begins with 18. */
static int age_class(int64_t age)
{
    return age < 16 ? 0 : age < 18 ? 1 : age < 26 ? 2 : age < 30 ? 3 : 4;
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

static const char persons_sql[] = "SELECT x.sex, x.birth_year, x.citizenship, x.previous_record, c.opened_ms "
                                  "FROM suspect x JOIN case_file c ON c.id = "
                                  "x.case_id WHERE c.opened_ms >= $1 AND c.opened_ms < $2";

static int64_t year_of(int64_t at_ms, int offset_min)
{
    TMG_AUTO_BUF b = {0};
    int64_t year = 0;

    tmg_buf_init(&b, 32);
    tmg_day_write(&b, tmg_day_of(at_ms, offset_min));
    (void)tmg_span_i64((tmg_span){b.ptr, 4}, &year);
    return year;
}

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
        if (tmg_col_opt(s, 1) == TMG_NONE)
            p->age[TMG_AGE_CLASSES - 1].count++;
        else
            p->age[age_class(year_of(tmg_col_i64(s, 4), f->period.offset_min) - tmg_col_i64(s, 1))].count++;
    }
    TMG_TRY(tmg_counts(db,
                       "SELECT x.citizenship, count(*) FROM suspect x JOIN case_file c ON c.id = x.case_id "
                       "WHERE c.opened_ms >= "
                       "$1 AND c.opened_ms < $2 GROUP BY x.citizenship ORDER BY 2 DESC, 1",
                       &f->period, a, &p->by_country, &p->country_count, err));
    size_t kept = 0;
    for (size_t i = 0; i < p->country_count; i++)
        if (!tmg_span_eq(p->by_country[i].what, home) && !tmg_span_is(p->by_country[i].what, "XX"))
            p->by_country[kept++] = p->by_country[i];
    p->country_count = kept;
    return TMG_OK;
}
