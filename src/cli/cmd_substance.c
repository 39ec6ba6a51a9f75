/* The list of substances from the command line. */
#include "cli/casework_cli.h"

enum { HOME, AS, DAY, LARGE, FROM, OPTIONS };
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
    for (size_t i = 0; i < count; i++)
        printf("%-20.*s %-13.*s %-22.*s %-8.*s %-12.*s %lld g\n", TMG_SPAN_ARG(rows[i].code),
               TMG_SPAN_ARG(rows[i].class_name), TMG_SPAN_ARG(rows[i].inn_table), TMG_SPAN_ARG(rows[i].hs),
               TMG_SPAN_ARG(rows[i].cas),
               rows[i].large_mg == TMG_NONE ? 0LL : (long long)(rows[i].large_mg / MG_PER_G));
    return TMG_OK;
}

/* A new large mass of a code that is there, from a day on; the rest of its row stays. */
static tmg_rc put(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_substance *rows;
    int64_t grams = 0;
    size_t count;
    int32_t day;

    if (j->o[LARGE].given == NULL || !tmg_span_i64(tmg_span_of(j->o[LARGE].given), &grams) || grams <= 0)
        return TMG_FAIL(err, TMG_E_INVALID, "--large: from how many whole grams a seizure is large");
    TMG_TRY(day_of(j, FROM, &day, err));
    TMG_TRY(tmg_substance_list(db, day, j->arena, &rows, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_eq(rows[i].code, j->code)) {
            rows[i].large_mg = grams * MG_PER_G;
            rows[i].from_day = day;
            return tmg_use_substance(j->centre, db, &j->who, &rows[i], err);
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "the list has no substance \"%.*s\" on that day",
                    TMG_SPAN_ARG(j->code));
}

tmg_rc cmd_substance(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"day", "DAY", "with list: as of this day; today", NULL},
        {"large", "GRAMS", "with put: from this mass a seizure is large", NULL},
        {"from", "DAY", "with put: from this day on; today", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_CENTRE c = NULL;
    job j = {.arena = a, .o = o};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 2, &n, err));
    bool puts_one = strcmp(argv[1], "put") == 0 && n == 2;
    if (!puts_one && (strcmp(argv[1], "list") != 0 || n != 1))
        return TMG_FAIL(err, TMG_E_INVALID, "expected `tamga substance list` or `put CODE --large GRAMS`");
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    j.centre = c;
    j.code = puts_one ? tmg_span_of(argv[2]) : (tmg_span){NULL, 0};
    TMG_TRY(tmg_act_as(c, o[AS].given, TMG_STATISTICIAN, &j.who, err));
    return tmg_centre_write(c, puts_one ? put : list, &j, err);
}
