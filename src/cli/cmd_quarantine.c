#include "base/say.h"
#include "cli/cli.h"

static tmg_rc print_list(tmg_centre *c, bool all, tmg_err *err)
{
    enum { MOST = 200 };
    TMG_AUTO_ARENA a = tmg_arena_new(256 << 20);
    tmg_quarantined *list;
    size_t count;

    TMG_TRY(tmg_quarantine_list(tmg_centre_db(c), all, MOST, a, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        const tmg_quarantined *q = &list[i];
        tmg_span raw = tmg_utf8_cut(q->raw, 160);
        TMG_AUTO_BUF reason = {0};

        tmg_buf_init(&reason, 1 << 14);
        tmg_say_english(&reason, q->reason);

        printf("%lld  %.*s", (long long)q->id, TMG_SPAN_ARG(q->source_name));
        if (q->line != TMG_NONE)
            printf(", line %lld", (long long)q->line);
        printf(": %.*s = \"%.*s\": %.*s%s\n    %.*s%s\n", TMG_SPAN_ARG(q->field), TMG_SPAN_ARG(q->value),
               TMG_SPAN_ARG(tmg_buf_as_span(&reason)), q->settled ? " (settled)" : "", TMG_SPAN_ARG(raw),
               raw.len < q->raw.len ? "..." : "");
    }
    if (count == 0)
        puts("nothing is in quarantine");
    return TMG_OK;
}

typedef struct settle_job {
    int64_t id;
    const char *how;
} settle_job;

static tmg_rc settle(void *ctx, tmg_db *db, tmg_err *err)
{
    settle_job *job = ctx;
    tmg_actor who = tmg_actor_console();
    char object[64];

    TMG_TRY(tmg_quarantine_settle(db, job->id, 0, tmg_span_of(job->how), err));
    (void)snprintf(object, sizeof object, "quarantine:%lld", (long long)job->id);
    return tmg_guard_log(db, &who, "quarantine.settled", object, (tmg_span){"", 0}, err);
}

tmg_rc cmd_quarantine(int argc, char **argv, tmg_err *err)
{
    enum { HOME, ALL, SETTLE };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"all", NULL, "also what is settled", NULL},
                      {"settle", "TEXT", "settle the record ID: what was done about it", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    settle_job job = {0};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 3, 0, 1, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    if (n == 0 && o[SETTLE].given == NULL)
        return print_list(c, o[ALL].given != NULL, err);
    if (n == 0 || !tmg_span_i64(tmg_span_of(argv[1]), &job.id) || o[SETTLE].given == NULL ||
        *o[SETTLE].given == '\0')
        return TMG_FAIL(err, TMG_E_INVALID, "expected `tamga quarantine ID --settle \"what was done\"`");
    job.how = o[SETTLE].given;
    TMG_TRY(tmg_centre_write(c, settle, &job, err));
    printf("record %lld is settled\n", (long long)job.id);
    return TMG_OK;
}
