/* Exhibits held against the log, from the command line. */
#include "cli/casework_cli.h"

enum { HOME, OPTIONS };
enum { ARENA_MAX = 64 << 20, ROWS = 100000 };

typedef struct job {
    tmg_actor who;
    tmg_arena *arena;
    const char *wanted; /* a number, or "all" */
    size_t looked, broken;
} job;

static tmg_rc check_one(job *j, tmg_db *db, const tmg_exhibit *e, tmg_err *err)
{
    tmg_err why = {0};
    tmg_rc rc = tmg_custody_check(db, e->id, &why);

    if (rc != TMG_OK && (why.code == NULL || strcmp(why.code, "custody.broken") != 0)) {
        if (err != NULL)
            *err = why;
        return rc;
    }
    j->looked++;
    j->broken += rc != TMG_OK;
    if (rc == TMG_OK)
        printf("%.*s  whole\n", TMG_SPAN_ARG(e->number));
    else
        printf("%.*s  BROKEN  %s\n", TMG_SPAN_ARG(e->number), why.text);
    return TMG_OK;
}

/* Exhibits that were made, as the log says, and of which no record is left. */
static tmg_rc check_gone(job *j, tmg_db *db, size_t there, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;
    int64_t made;

    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM log_leaf WHERE instr(entry, '\"action\":\"exhibit.made\"') > 0",
                    &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    made = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    if ((int64_t)there >= made)
        return TMG_OK;
    printf("BROKEN  %lld exhibits of the log are not in the records\n", (long long)(made - (int64_t)there));
    j->broken += (size_t)(made - (int64_t)there);
    return TMG_OK;
}

static tmg_rc check(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    bool all = strcmp(j->wanted, "all") == 0;
    tmg_exhibit *list;
    size_t count;

    TMG_TRY(tmg_exhibit_list(db, &j->who, (tmg_span){NULL, 0}, ROWS, j->arena, &list, &count, err));
    TMG_TRY(tmg_note_reading(db, &j->who, "evidence.read", "evidence", 0, err));
    for (size_t i = count; i-- > 0;)
        if (all || tmg_span_equal_nocase(list[i].number, tmg_span_of(j->wanted)))
            TMG_TRY(check_one(j, db, &list[i], err));
    if (all)
        TMG_TRY(check_gone(j, db, count, err));
    if (j->looked == 0 && !all)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no exhibit %s", j->wanted);
    return TMG_OK;
}

tmg_rc cmd_evidence(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_CENTRE c = NULL;
    job j = {.arena = a, .who = tmg_console_as(TMG_AUDITOR), .wanted = "all"};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 2, &n, err));
    if (strcmp(argv[1], "check") != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "expected `tamga evidence check [NUMBER | all]`");
    if (n > 1)
        j.wanted = argv[2];
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    TMG_TRY(tmg_centre_write(c, check, &j, err));
    if (j.broken > 0)
        return TMG_FAIL(err, TMG_E_STORE, "exhibits that are not what the log says: %zu; tell the auditor",
                        j.broken);
    printf("%zu exhibit%s: every chain is whole and answers to the log\n", j.looked,
           j.looked == 1 ? "" : "s");
    return TMG_OK;
}
