/* The chief's controls from the command line. */
#include "base/qty.h"
#include "cli/cli.h"

static tmg_rc print_capacities(tmg_centre *c, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_post *posts;
    size_t count;

    TMG_TRY(tmg_post_list(tmg_centre_db(c), a, &posts, &count, err));
    printf("%-10s %6s %6s %6s %10s %11s  %s\n", "post", "red", "yellow", "blue", "random ppm", "explore ppm",
           "name");
    for (size_t i = 0; i < count; i++) {
        tmg_capacity cap;

        TMG_TRY(tmg_capacity_get(tmg_centre_db(c), posts[i].id, tmg_centre_today(c), &cap, err));
        printf("%-10.*s %6lld %6lld %6lld %10lld %11lld  %.*s\n", TMG_SPAN_ARG(posts[i].code),
               (long long)cap.red, (long long)cap.yellow, (long long)cap.blue, (long long)cap.random_ppm,
               (long long)cap.explore_ppm, TMG_SPAN_ARG(posts[i].name));
    }
    return TMG_OK;
}

typedef struct capacity_job {
    tmg_centre *centre;
    const tmg_option *o;
    const char *post;
} capacity_job;

enum { HOME, DAY, RED, YELLOW, BLUE, RANDOM, EXPLORE };

static tmg_rc set_capacity(void *ctx, tmg_db *db, tmg_err *err)
{
    capacity_job *job = ctx;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_actor who = tmg_console_as(TMG_CHIEF);
    tmg_capacity cap;
    int32_t day = INT32_MIN;
    tmg_post post;

    TMG_TRY(tmg_post_by_code(db, tmg_span_of(job->post), a, &post, err));
    if (job->o[DAY].given != NULL && tmg_day_parse(tmg_span_of(job->o[DAY].given), &day, err) != TMG_OK)
        return tmg_err_within(err, "--day");
    TMG_TRY(tmg_capacity_get(db, post.id, day == INT32_MIN ? tmg_centre_today(job->centre) : day, &cap, err));
    TMG_TRY(tmg_arg_number(&job->o[RED], 0, 100000, &cap.red, err));
    TMG_TRY(tmg_arg_number(&job->o[YELLOW], 0, 100000, &cap.yellow, err));
    TMG_TRY(tmg_arg_number(&job->o[BLUE], 0, 100000, &cap.blue, err));
    TMG_TRY(tmg_arg_number(&job->o[RANDOM], 0, 1000000, &cap.random_ppm, err));
    TMG_TRY(tmg_arg_number(&job->o[EXPLORE], 10000, 100000, &cap.explore_ppm, err));
    return tmg_set_capacity(job->centre, db, &who, post.code, day, &cap, err);
}

tmg_rc cmd_capacity(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"day", "DATE", "for one day only", NULL},
                      {"red", "N", "full controls a day", NULL},
                      {"yellow", "N", "document checks a day", NULL},
                      {"blue", "N", "controls after release a day", NULL},
                      {"random", "PPM", "share of the flow drawn at random, in parts per million", NULL},
                      {"explore", "PPM", "share of the red places spent on what was seldom seen", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 7, 0, 1, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    if (n == 1) {
        capacity_job job = {c, o, argv[1]};

        TMG_TRY(tmg_centre_write(c, set_capacity, &job, err));
    }
    return print_capacities(c, err);
}

typedef struct dial_job {
    tmg_centre *centre;
    int64_t w_minor;
} dial_job;

static tmg_rc set_dial(void *ctx, tmg_db *db, tmg_err *err)
{
    dial_job *job = ctx;
    tmg_actor who = tmg_console_as(TMG_CHIEF);

    return tmg_set_dial(job->centre, db, &who, job->w_minor, err);
}

tmg_rc cmd_dial(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    TMG_AUTO_BUF b = {0};
    dial_job job;
    const char *currency;
    int scale, n;

    TMG_TRY(tmg_args(argc, argv, o, 1, 0, 1, &n, err));
    TMG_TRY(tmg_open_here(o[0].given, &c, err));
    currency = tmg_centre_settings(c)->currency;
    scale = tmg_currency_exponent(tmg_span_of(currency));
    job.centre = c;
    if (n == 1) {
        TMG_TRY(tmg_decimal_parse(tmg_span_of(argv[1]), scale, TMG_ROUND_REFUSE, &job.w_minor, err));
        TMG_TRY(tmg_centre_write(c, set_dial, &job, err));
    }
    TMG_TRY(tmg_dial_get(tmg_centre_db(c), &job.w_minor, err));
    tmg_buf_init(&b, 64);
    tmg_decimal_write_fixed(&b, job.w_minor, scale);
    printf("finding one critical case is worth %s %s\n", b.ptr, currency);
    return TMG_OK;
}
