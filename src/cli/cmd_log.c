#include "cli/cli.h"

enum { HOME, FROM, MOST };

static tmg_rc show(tmg_centre *c, int64_t from, size_t most, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(256 << 20);
    tmg_span *entries;
    size_t count;

    TMG_TRY(tmg_guard_entries(tmg_centre_db(c), from, most, a, &entries, &count, err));
    for (size_t i = 0; i < count; i++)
        printf("%.*s\n", TMG_SPAN_ARG(entries[i]));
    return TMG_OK;
}

typedef struct sign_job {
    const char *home;
    tmg_buf *note;
} sign_job;

static tmg_rc sign(void *ctx, tmg_db *db, tmg_err *err)
{
    sign_job *job = ctx;

    return tmg_guard_checkpoint(db, job->home, job->note, err);
}

static tmg_rc checkpoint(tmg_centre *c, bool print, tmg_err *err)
{
    TMG_AUTO_BUF note = {0};
    sign_job job = {tmg_centre_settings(c)->home, &note};

    tmg_buf_init(&note, 1 << 14);
    TMG_TRY(tmg_centre_write(c, sign, &job, err));
    if (print)
        fputs(note.ptr, stdout);
    return TMG_OK;
}

tmg_rc cmd_log(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"from", "SEQ", "show: first entry (the last ones when not given)", NULL},
                      {"most", "N", "show: at most so many (20)", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    int64_t size, from, most = 20;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 3, 1, 2, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    if (strcmp(argv[1], "show") == 0 && n == 1) {
        TMG_TRY(tmg_arg_number(&o[MOST], 1, 1000000, &most, err));
        TMG_TRY(tmg_guard_size(tmg_centre_db(c), &size, err));
        from = size > most ? size - most : 0;
        TMG_TRY(tmg_arg_number(&o[FROM], 0, INT64_MAX, &from, err));
        return show(c, from, (size_t)most, err);
    }
    if (strcmp(argv[1], "checkpoint") == 0 && n == 1)
        return checkpoint(c, true, err);
    if (strcmp(argv[1], "export") == 0 && n == 2) {
        TMG_TRY(checkpoint(c, false, err));
        TMG_TRY(tmg_guard_export(tmg_centre_db(c), tmg_centre_settings(c)->home, argv[2], err));
        printf("written to %s; check it anywhere with `tamga-verify %s`\n", argv[2], argv[2]);
        return TMG_OK;
    }
    return TMG_FAIL(err, TMG_E_INVALID,
                    "expected `tamga log show`, `tamga log checkpoint` or `tamga log export FOLDER`");
}
