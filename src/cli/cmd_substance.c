/* The list of substances from the command line. */
#include "cli/casework_cli.h"

enum { HOME, AS, DAY, EN, AZ, RU, CLASS, TABLE, HS, CAS, LINE, LARGE, FROM, UNTIL, OPTIONS };
enum { ARENA_MAX = 8 << 20, MG_PER_G = 1000 };

typedef struct job {
    tmg_centre *centre;
    tmg_actor who;
    tmg_arena *arena;
    const tmg_option *o;
    tmg_span code; /* of put */
} job;

static tmg_rc day_of(const job *j, int option, int32_t *ret, tmg_err *err)
{
    *ret = tmg_centre_today(j->centre);
    return j->o[option].given == NULL ? TMG_OK : tmg_day_parse(tmg_span_of(j->o[option].given), ret, err);
}

static tmg_rc list(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_substance *rows;
    size_t count;
    int32_t day;

    TMG_TRY(day_of(j, DAY, &day, err));
    TMG_TRY(tmg_substance_list(db, day, j->arena, &rows, &count, err));
    for (size_t i = 0; i < count; i++) {
        TMG_AUTO_BUF large = {0};

        tmg_buf_init(&large, 32);
        if (rows[i].large_mg == TMG_NONE)
            tmg_buf_z(&large, "-");
        else
            tmg_buf_fmt(&large, "%lld g", (long long)(rows[i].large_mg / MG_PER_G));
        printf("%-26.*s %-13.*s %-22.*s %-14.*s %-13.*s %-16.*s %s\n", TMG_SPAN_ARG(rows[i].code),
               TMG_SPAN_ARG(rows[i].class_name), TMG_SPAN_ARG(rows[i].inn_table), TMG_SPAN_ARG(rows[i].hs),
               TMG_SPAN_ARG(rows[i].cas), TMG_SPAN_ARG(rows[i].figure_line), large.ptr);
    }
    return TMG_OK;
}

static tmg_rc take_large(const job *j, tmg_substance *s, tmg_err *err)
{
    const char *given = j->o[LARGE].given;
    int64_t grams = 0;

    if (given == NULL)
        return TMG_OK;
    s->large_mg = TMG_NONE;
    if (strcmp(given, "none") == 0)
        return TMG_OK;
    if (!tmg_span_i64(tmg_span_of(given), &grams) || grams <= 0 || grams > INT64_C(1000000000))
        return TMG_FAIL(err, TMG_E_INVALID, "--large: from how many whole grams a seizure is large, or none");
    s->large_mg = grams * MG_PER_G;
    return TMG_OK;
}

/* What is given goes over what the list says on that day; the rest of the row stays. */
static tmg_rc put(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_substance s = {.code = j->code, .large_mg = TMG_NONE}, *rows;
    const struct {
        int option;
        tmg_span *to;
    } texts[] = {{EN, &s.name[0]},      {AZ, &s.name[1]}, {RU, &s.name[2]}, {CLASS, &s.class_name},
                 {TABLE, &s.inn_table}, {HS, &s.hs},      {CAS, &s.cas},    {LINE, &s.figure_line}};
    size_t count;
    int32_t day;

    TMG_TRY(day_of(j, FROM, &day, err));
    TMG_TRY(tmg_substance_list(db, day, j->arena, &rows, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(rows[i].code, j->code))
            s = rows[i];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (j->o[texts[i].option].given != NULL)
            *texts[i].to = tmg_span_of(j->o[texts[i].option].given);
    TMG_TRY(take_large(j, &s, err));
    s.from_day = day;
    s.until_day = INT32_MAX;
    if (j->o[UNTIL].given != NULL)
        TMG_TRY(tmg_day_parse(tmg_span_of(j->o[UNTIL].given), &s.until_day, err));
    return tmg_use_substance(j->centre, db, &j->who, &s, err);
}

tmg_rc cmd_substance(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"day", "DAY", "with list: as of this day; today", NULL},
        {"en", "WORDS", "with put: its name in English", NULL},
        {"az", "WORDS", "... in Azerbaijani", NULL},
        {"ru", "WORDS", "... in Russian", NULL},
        {"class", "CLASS", "narcotic, psychotropic, potent, toxic, precursor, plant or other", NULL},
        {"table", "TABLE", "table of the conventions", NULL},
        {"hs", "CODE", "code of the Harmonized System", NULL},
        {"cas", "NUMBER", "CAS number", NULL},
        {"line", "LINE", "line of the figures", NULL},
        {"large", "GRAMS", "from this mass a seizure is large; none", NULL},
        {"from", "DAY", "with put: from this day on; today", NULL},
        {"until", "DAY", "with put: the first day on which it is not in force any more", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_CENTRE c = NULL;
    job j = {.arena = a, .o = o};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 2, &n, err));
    bool puts_one = strcmp(argv[1], "put") == 0 && n == 2;
    if (!puts_one && (strcmp(argv[1], "list") != 0 || n != 1))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "expected `tamga substance list` or `put CODE` with what changes");
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    j.centre = c;
    j.code = puts_one ? tmg_span_of(argv[2]) : (tmg_span){NULL, 0};
    TMG_TRY(tmg_act_as(c, o[AS].given, TMG_STATISTICIAN, &j.who, err));
    return tmg_centre_write(c, puts_one ? put : list, &j, err);
}
