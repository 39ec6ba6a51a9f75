/* A centre with the shipped workflows, codes and substances, and a writer of cases that reports can be made
 * of. */
#ifndef REPORT_HOME_H
#define REPORT_HOME_H

#include "guard_home.h"

#include "base/file.h"

static inline const char *source_path(tmg_arena *a, const char *name)
{
    const char *root = getenv("TAMGA_SOURCE");

    return tmg_path_join(a, root != NULL ? root : ".", name);
}

static inline void run_sql(home *h, const char *sql)
{
    assert_ok(h, tmg_db_run(h->db, sql, &h->err));
}

/* One substance per line of the figures; large from 1 kg. */
static inline void add_substances(home *h)
{
    run_sql(
        h,
        "INSERT INTO substance (code, name, name_az, name_ru, class, figure_line, large_mg, from_day) VALUES "
        "('heroin','heroin','heroin','x','narcotic','heroin',30000000,0),"
        "('opium','opium','tiryek','x','narcotic','opium',30000000,0),"
        "('hashish','hashish','hesis','x','narcotic','hashish',30000000,0),"
        "('methamphetamine','methamphetamine','x','x','psychotropic','methamphetamine',30000000,0),"
        "('all','all named lines','x','x','narcotic','all named lines',NULL,0),"
        "('tramadol','tramadol','x','x','potent','potent',NULL,0),"
        "('other','other','x','x','other','other',NULL,0)");
}

static inline int64_t add_case(home *h, int64_t at_ms, const char *kind)
{
    static int64_t number;
    tmg_stmt *s;
    char text[32];

    snprintf(text, sizeof text, "C-%lld", (long long)++number);
    assert_ok(h, tmg_sql(h->db,
                         "INSERT INTO case_file (number, title, opened_ms, opened_by, fact_kind) VALUES ($1, "
                         "'a case', $2, 1, $3)",
                         &s, &h->err));
    tmg_bind_text(s, 1, tmg_span_of(text));
    tmg_bind_i64(s, 2, at_ms);
    tmg_bind_text(s, 3, tmg_span_of(kind));
    assert_ok(h, tmg_exec(s, &h->err));
    return tmg_last_id(h->db);
}

static inline int64_t add_seizure(home *h, int64_t case_id, int64_t at_ms, const char *direction,
                                  bool prevented)
{
    static int64_t number;
    tmg_stmt *s;
    char text[32];

    snprintf(text, sizeof text, "S-%lld", (long long)++number);
    assert_ok(h, tmg_sql(h->db,
                         "INSERT INTO seizure (number, case_id, seized_ms, offset_min, place_kind, "
                         "direction, unit, trigger_kind, "
                         "concealment, prevented_transit, recorded_ms, recorded_by) VALUES ($1, $2, $3, 240, "
                         "'road', $4, 'unit', "
                         "'routine', 'none', $5, $3, 1)",
                         &s, &h->err));
    tmg_bind_text(s, 1, tmg_span_of(text));
    tmg_bind_i64(s, 2, case_id);
    tmg_bind_i64(s, 3, at_ms);
    tmg_bind_text(s, 4, tmg_span_of(direction));
    tmg_bind_i64(s, 5, prevented);
    assert_ok(h, tmg_exec(s, &h->err));
    return tmg_last_id(h->db);
}

static inline int64_t add_line(home *h, int64_t seizure_id, const char *substance, int64_t mass_mg,
                               int64_t replaces)
{
    tmg_stmt *s;

    assert_ok(h, tmg_sql(h->db,
                         "INSERT INTO substance_line (seizure_id, substance, form, mass_mg, stage, replaces, "
                         "at_ms, account_id) "
                         "VALUES ($1, $2, 'powder', $3, $5, $4, 0, 1)",
                         &s, &h->err));
    tmg_bind_i64(s, 1, seizure_id);
    tmg_bind_text(s, 2, tmg_span_of(substance));
    tmg_bind_i64(s, 3, mass_mg);
    tmg_bind_opt(s, 4, replaces == 0 ? TMG_NONE : replaces);
    tmg_bind_text(s, 5, replaces == 0 ? TMG_SPAN("seized") : TMG_SPAN("confirmed"));
    assert_ok(h, tmg_exec(s, &h->err));
    return tmg_last_id(h->db);
}

static inline void add_suspect(home *h, int64_t case_id, const char *sex, const char *citizenship,
                               int64_t birth_year)
{
    tmg_stmt *s;

    assert_ok(h, tmg_sql(h->db,
                         "INSERT INTO suspect (case_id, name, role, sex, birth_year, citizenship, at_ms, "
                         "account_id) VALUES ($1, "
                         "'-', 'driver', $2, $3, $4, 0, 1)",
                         &s, &h->err));
    tmg_bind_i64(s, 1, case_id);
    tmg_bind_text(s, 2, tmg_span_of(sex));
    tmg_bind_opt(s, 3, birth_year == 0 ? TMG_NONE : birth_year);
    tmg_bind_text(s, 4, tmg_span_of(citizenship));
    assert_ok(h, tmg_exec(s, &h->err));
}

static inline void add_group(home *h, int64_t case_id)
{
    tmg_stmt *s;

    assert_ok(
        h, tmg_sql(h->db,
                   "INSERT INTO crime_group (case_id, name, at_ms, account_id) VALUES ($1, 'a group', 0, 1)",
                   &s, &h->err));
    tmg_bind_i64(s, 1, case_id);
    assert_ok(h, tmg_exec(s, &h->err));
}

#endif
