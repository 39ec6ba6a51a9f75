#include "report/parts.h"

#include "report/figures_priv.h"

typedef struct gathering {
    const tmg_figure_ask *ask;
    tmg_arena *arena;
    tmg_figure_part *list;
    size_t count, room;
} gathering;

/* Rows of one fact or seizure follow each other: they become one part. */
static void gather(gathering *g, tmg_stmt *s, bool is_case, int64_t amount)
{
    int64_t id = tmg_col_i64(s, 0);

    if (g->count > 0 && g->list[g->count - 1].id == id) {
        g->list[g->count - 1].amount += amount;
        return;
    }
    if (g->count == g->room) {
        size_t room = g->room == 0 ? 64 : g->room * 2;
        tmg_figure_part *more = tmg_alloc_array(g->arena, room, sizeof *more);

        if (g->count > 0)
            memcpy(more, g->list, g->count * sizeof *more);
        g->list = more;
        g->room = room;
    }
    g->list[g->count++] = (tmg_figure_part){.is_case = is_case,
                                            .id = id,
                                            .number = tmg_span_copy(g->arena, tmg_col_text(s, 1)),
                                            .at_ms = tmg_col_i64(s, 2),
                                            .title = is_case ? tmg_span_copy(g->arena, tmg_col_text(s, 3))
                                                             : (tmg_span){NULL, 0},
                                            .post_id = is_case ? 0 : tmg_col_i64(s, 3),
                                            .amount = amount};
}

/* Does the row count, and by how much?  0: it does not.  Its own columns begin with the fifth. */
typedef int64_t (*weigher)(const tmg_figure_ask *ask, tmg_stmt *s);

static tmg_rc gather_all(gathering *g, tmg_db *db, const char *sql, bool is_case, weigher weigh, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_period(s, &g->ask->period);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        int64_t amount = weigh(g->ask, s);
        if (amount != 0)
            gather(g, s, is_case, amount);
    }
}

enum { OWN = 4 };

static bool code_is(const tmg_figure_ask *ask, const char *code)
{
    return tmg_span_is(ask->code, code);
}

/* The code behind a prefix; absent when it has another beginning. */
static tmg_span code_after(const tmg_figure_ask *ask, const char *prefix)
{
    size_t len = strlen(prefix);

    return tmg_span_starts(ask->code, prefix) ? (tmg_span){ask->code.ptr + len, ask->code.len - len}
                                              : (tmg_span){NULL, 0};
}

/* ---- facts ---- */

#define FACT_COLUMNS "k.id, k.number, k.opened_ms, k.title"
#define OF_FACTS     "FROM fact f JOIN case_file k ON k.id = f.id "

static const char facts_sql[] =
    "SELECT " FACT_COLUMNS ", k.fact_kind FROM case_file k WHERE k.opened_ms >= $1 AND k.opened_ms < $2 AND "
    "k.merged_into IS NULL ORDER BY k.opened_ms, k.id";

static int64_t fact_of_kind(const tmg_figure_ask *ask, tmg_stmt *s)
{
    return code_is(ask, "facts") || tmg_span_eq(ask->code, tmg_col_text(s, OWN));
}

static const char fact_directions_sql[] =
    WITH_FACTS "SELECT DISTINCT " FACT_COLUMNS ", z.direction " OF_FACTS
               "JOIN seizure z ON z.case_id = f.case_id ORDER BY k.opened_ms, k.id";

static int64_t fact_in_direction(const tmg_figure_ask *ask, tmg_stmt *s)
{
    return code_is(ask, "facts_by_direction") || tmg_span_eq(code_after(ask, "facts."), tmg_col_text(s, OWN));
}

static const char groups_sql[] =
    WITH_FACTS "SELECT " FACT_COLUMNS " " OF_FACTS "JOIN crime_group c ON c.case_id = f.case_id ORDER BY "
               "k.opened_ms, k.id";

static int64_t each_one(const tmg_figure_ask *ask, tmg_stmt *s)
{
    (void)ask;
    (void)s;
    return 1;
}

/* ---- persons: as counts of each fact ---- */

static const char persons_sql[] =
    WITH_FACTS "SELECT " FACT_COLUMNS ", x.sex, x.birth_year, x.citizenship, x.previous_record, "
               "coalesce(x.occupation, '') " OF_FACTS
               "JOIN suspect x ON x.case_id = f.case_id AND x.withdrawn_ms IS NULL ORDER BY "
               "k.opened_ms, k.id";

static bool age_is(const tmg_figure_ask *ask, tmg_stmt *s)
{
    int64_t born = tmg_col_opt(s, OWN + 1);

    return code_is(ask, tmg_age_class_name(born, tmg_col_i64(s, 2), ask->period.offset_min));
}

static int64_t person(const tmg_figure_ask *ask, tmg_stmt *s)
{
    tmg_span sex = tmg_col_text(s, OWN), country = tmg_col_text(s, OWN + 2),
             occupation = code_after(ask, "occupation.");
    bool own = tmg_span_eq(country, ask->home), unknown = tmg_span_is(country, "XX");

    if (occupation.ptr != NULL)
        return tmg_span_eq(occupation, tmg_col_text(s, OWN + 4));
    if (code_is(ask, "men") || code_is(ask, "women"))
        return tmg_span_is(sex, code_is(ask, "men") ? "m" : "f");
    if (code_is(ask, "own") || code_is(ask, "foreign"))
        return code_is(ask, "own") ? own : !own && !unknown;
    if (code_is(ask, "previous_record"))
        return tmg_col_i64(s, OWN + 3) != 0;
    return code_is(ask, "persons") || code_is(ask, "occupations") || age_is(ask, s) ||
           (tmg_span_eq(ask->code, country) && !own && !unknown);
}

static const char previous_facts_sql[] =
    WITH_FACTS "SELECT DISTINCT " FACT_COLUMNS " " OF_FACTS
               "JOIN suspect x ON x.case_id = f.case_id AND x.withdrawn_ms IS NULL WHERE x.previous_record = "
               "1 ORDER BY k.opened_ms, k.id";

/* ---- seizures ---- */

#define SEIZURE_COLUMNS "z.id, z.number, z.seized_ms, z.post_id"
#define BY_TIME         " ORDER BY z.seized_ms, z.id"

static const char seizures_sql[] =
    "SELECT " SEIZURE_COLUMNS ", z.direction, z.prevented_transit, " CURRENCY ", coalesce(" VALUE ", 0) FROM "
    "seizure z WHERE " IN_PERIOD BY_TIME;

static int64_t seizure(const tmg_figure_ask *ask, tmg_stmt *s)
{
    tmg_span currency = code_after(ask, "value.");

    if (currency.ptr != NULL)
        return tmg_span_eq(currency, tmg_col_text(s, OWN + 2)) ? tmg_col_i64(s, OWN + 3) : 0;
    if (code_is(ask, "attempts"))
        return tmg_col_i64(s, OWN + 1) != 0;
    return code_is(ask, "seizures") || tmg_span_eq(ask->code, tmg_col_text(s, OWN));
}

static const char lines_sql[] =
    "SELECT " SEIZURE_COLUMNS ", l.substance, x.figure_line, x.class, l.count_kind, l.growth, "
    "coalesce(" MASS_OF_LINE
    ", 0), coalesce(" WITHIN("l.volume_ul", "10000000000000") ", 0), coalesce(" WITHIN(
        "l.count", "1000000000") ", 0), coalesce(" WITHIN("l.area_m2",
                                                          "1000000000000") ", 0) FROM "
                                                                           "seizure z JOIN substance_line l "
                                                                           "ON l.seizure_id = z.id " LISTED
                                                                           "WHERE " IN_PERIOD
                                                                           " AND " NEWEST BY_TIME;

static bool in_section(const tmg_figure_ask *ask, tmg_span class_name)
{
    return tmg_span_is(ask->section, "substances") ? tmg_class_in_total(class_name)
                                                   : tmg_span_eq(ask->section, class_name);
}

static int64_t piece_of_line(tmg_stmt *s, tmg_span what)
{
    tmg_span kind = tmg_col_text(s, OWN + 3);

    if (tmg_span_is(what, "mass"))
        return tmg_col_i64(s, OWN + 5);
    if (tmg_span_is(what, "volume"))
        return tmg_col_i64(s, OWN + 6);
    return tmg_span_is(what, tmg_piece_name(tmg_piece_of(kind))) ? tmg_col_i64(s, OWN + 7) : 0;
}

static int64_t of_plants(const tmg_figure_ask *ask, tmg_stmt *s, tmg_span growth, tmg_span what)
{
    tmg_span class_name = tmg_col_text(s, OWN + 2), grown = tmg_col_text(s, OWN + 4);

    (void)ask;
    if ((!tmg_span_is(class_name, "plant") && grown.len == 0) ||
        !tmg_span_is(growth, tmg_growth_name(tmg_growth_of(grown))))
        return 0;
    if (tmg_span_is(what, "kg"))
        return tmg_col_i64(s, OWN + 5);
    if (tmg_span_is(what, "area"))
        return tmg_col_i64(s, OWN + 8);
    return tmg_span_is(what, "count") && tmg_piece_of(tmg_col_text(s, OWN + 3)) == TMG_PIECE_PLANT
               ? tmg_col_i64(s, OWN + 7)
               : 0;
}

/* "total", "heroin", "methadone.tablet", "cultivated.area" */
static int64_t line(const tmg_figure_ask *ask, tmg_stmt *s)
{
    tmg_span class_name = tmg_col_text(s, OWN + 2), what = ask->code, name = {NULL, 0};

    (void)tmg_span_split(&what, '.', &name);
    if (what.ptr != NULL && tmg_is_growth(name))
        return of_plants(ask, s, name, what);
    if (!in_section(ask, class_name))
        return 0;
    if (what.ptr != NULL)
        return tmg_span_eq(name, tmg_col_text(s, OWN)) ? piece_of_line(s, what) : 0;
    return code_is(ask, "total") || tmg_span_eq(ask->code, tmg_col_text(s, OWN + 1)) ? tmg_col_i64(s, OWN + 5)
                                                                                     : 0;
}

static const char large_parts_sql[] =
    "SELECT " SEIZURE_COLUMNS ", coalesce(" MASS_OF_LINE ", 0), " IN_TOTAL " FROM seizure z JOIN "
    "substance_line l ON l.seizure_id = z.id " LISTED "WHERE " IN_PERIOD " AND " NEWEST
    " AND " IS_LARGE BY_TIME;

/* What the total holds counts, the rest stands beside it. */
static int64_t large_mass(const tmg_figure_ask *ask, tmg_stmt *s)
{
    bool in_total = tmg_col_i64(s, OWN + 1) != 0;

    return in_total == code_is(ask, "large_mg") ? tmg_col_i64(s, OWN) : 0;
}

static int64_t mass(const tmg_figure_ask *ask, tmg_stmt *s)
{
    (void)ask;
    return tmg_col_i64(s, OWN);
}

static const char previous_mass_sql[] = WITH_FACTS
    "SELECT " SEIZURE_COLUMNS ", coalesce(" MASS_OF_LINE ", 0) FROM fact f JOIN seizure z ON z.case_id = "
    "f.case_id JOIN substance_line l ON l.seizure_id = z.id " LISTED "WHERE " IN_PERIOD " AND " NEWEST
    " AND " IN_TOTAL " AND f.id IN (SELECT g.id FROM fact g JOIN suspect u ON u.case_id = "
    "g.case_id WHERE u.withdrawn_ms IS NULL AND u.previous_record = 1)" BY_TIME;

/* ---- what was destroyed ---- */

#define GONE                                                                                                 \
    "WITH RECURSIVE root (case_id, id, opened_ms) AS (SELECT id, id, opened_ms FROM case_file WHERE "        \
    "merged_into IS NULL UNION ALL SELECT c.id, r.id, r.opened_ms FROM root r JOIN case_file c ON "          \
    "c.merged_into = r.case_id) SELECT "
#define GONE_FROM                                                                                            \
    " FROM custody u JOIN exhibit e ON e.id = u.exhibit_id JOIN seizure z ON z.id = e.seizure_id LEFT JOIN " \
    "root r ON r.case_id = z.case_id "
#define GONE_WHERE "WHERE u.act = 'destroyed' AND u.at_ms >= $1 AND u.at_ms < $2"

static const char destroyed_sql[] = GONE SEIZURE_COLUMNS
    ", coalesce(" NET_MASS ", 0), coalesce(r.opened_ms < $1, 0)" GONE_FROM GONE_WHERE BY_TIME;
static const char destroyed_cases_sql[] =
    GONE "DISTINCT " FACT_COLUMNS ", k.opened_ms < $1" GONE_FROM "JOIN case_file k ON k.id = r.id " GONE_WHERE
         " ORDER BY k.opened_ms, k.id";

static int64_t destroyed(const tmg_figure_ask *ask, tmg_stmt *s)
{
    if (code_is(ask, "destroyed"))
        return 1;
    return code_is(ask, "destroyed_mg") || tmg_col_i64(s, OWN + 1) != 0 ? tmg_col_i64(s, OWN) : 0;
}

static int64_t destroyed_case(const tmg_figure_ask *ask, tmg_stmt *s)
{
    return code_is(ask, "destroyed_cases") || tmg_col_i64(s, OWN) != 0;
}

/* ---- which of them ---- */

typedef struct source {
    const char *section, *code; /* code "": all others of the section; "facts.": those that begin so */
    const char *sql;
    bool is_case, of_persons;
    weigher weigh;
} source;

static const source sources[] = {
    {"facts", "", facts_sql, true, false, fact_of_kind},
    {"direction", "facts_by_direction", fact_directions_sql, true, false, fact_in_direction},
    {"direction", "facts.", fact_directions_sql, true, false, fact_in_direction},
    {"direction", "", seizures_sql, false, false, seizure},
    {"substances", "", lines_sql, false, false, line},
    {"potent", "", lines_sql, false, false, line},
    {"toxic", "", lines_sql, false, false, line},
    {"precursor", "", lines_sql, false, false, line},
    {"plant", "", lines_sql, false, false, line},
    {"value", "", seizures_sql, false, false, seizure},
    {"persons", "groups", groups_sql, true, false, each_one},
    {"persons", "previous_facts", previous_facts_sql, true, true, each_one},
    {"persons", "previous_mg", previous_mass_sql, false, true, mass},
    {"persons", "", persons_sql, true, true, person},
    {"large", "large", large_parts_sql, false, false, each_one},
    {"large", "large_mg", large_parts_sql, false, false, large_mass},
    {"large", "large_other_mg", large_parts_sql, false, false, large_mass},
    {"destroyed", "destroyed_cases", destroyed_cases_sql, true, false, destroyed_case},
    {"destroyed", "destroyed_old_cases", destroyed_cases_sql, true, false, destroyed_case},
    {"destroyed", "", destroyed_sql, false, false, destroyed},
};

static const source *source_of(const tmg_figure_ask *ask)
{
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const char *code = sources[i].code;
        size_t len = strlen(code);
        bool fits = len > 0 && code[len - 1] != '.' ? code_is(ask, code) : tmg_span_starts(ask->code, code);

        if (tmg_span_is(ask->section, sources[i].section) && fits)
            return &sources[i];
    }
    return NULL;
}

bool tmg_figure_is_of_persons(const tmg_figure_ask *ask)
{
    const source *s = source_of(ask);

    return s != NULL && s->of_persons;
}

tmg_rc tmg_figure_parts(tmg_db *db, const tmg_figure_ask *ask, tmg_arena *a, tmg_figure_part **ret,
                        size_t *ret_count, tmg_err *err)
{
    gathering g = {.ask = ask, .arena = a};
    const source *s = source_of(ask);

    if (s == NULL)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "the report has no figure \"%.*s\" in a section \"%.*s\"",
                        TMG_SPAN_ARG(tmg_utf8_cut(ask->code, 80)),
                        TMG_SPAN_ARG(tmg_utf8_cut(ask->section, 40)));
    TMG_TRY(gather_all(&g, db, s->sql, s->is_case, s->weigh, err));
    /* A large seizure is one, whatever number of lines it has. */
    for (size_t i = 0; code_is(ask, "large") && i < g.count; i++)
        g.list[i].amount = 1;
    *ret = g.list;
    *ret_count = g.count;
    return TMG_OK;
}
