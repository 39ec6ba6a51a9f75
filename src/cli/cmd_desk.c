/* Deciding and closing from the command line. */
#include "app/casework.h"
#include "base/qty.h"
#include "cli/cli.h"

static tmg_rc read_means(const char *text, unsigned *ret, tmg_err *err)
{
    tmg_span rest = tmg_span_of(text), part;

    *ret = 0;
    while (tmg_span_split(&rest, '+', &part)) {
        unsigned bit = tmg_means_of(part);

        if (bit == 0)
            return TMG_FAIL(
                err, TMG_E_INVALID,
                "--means: \"%.*s\" is none of documents, xray, dog, density, scale, unloading (joined by +)",
                TMG_SPAN_ARG(part));
        *ret |= bit;
    }
    return TMG_OK;
}

typedef struct decide_job {
    tmg_centre *centre;
    int64_t id;
    tmg_decision decision;
} decide_job;

static tmg_rc decide(void *ctx, tmg_db *db, tmg_err *err)
{
    decide_job *job = ctx;
    tmg_actor who = tmg_console_as(TMG_CHIEF);

    return tmg_decide(job->centre, db, &who, job->id, &job->decision, err);
}

static tmg_rc read_until(const tmg_centre *c, const char *text, int64_t *ret, tmg_err *err)
{
    tmg_instant at;

    if (text == NULL)
        return TMG_OK;
    if (tmg_instant_parse(tmg_span_of(text), tmg_centre_settings(c)->offset_min, &at, err) != TMG_OK)
        return tmg_err_within(err, "--until");
    *ret = at.at_ms;
    return TMG_OK;
}

tmg_rc cmd_decide(int argc, char **argv, tmg_err *err)
{
    enum { HOME, REASON, MEANS, UNTIL, OPTION_COUNT };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"reason", "TEXT", "why; needed when it goes against the lane", NULL},
                      {"means", "LIST", "ordered means, as documents+xray+dog", NULL},
                      {"until", "TIME", "with wait: come back to the queue then, as 2026-09-17T08:00", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    decide_job job = {0};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTION_COUNT, 2, 2, &n, err));
    job.decision.action = tmg_action_of(tmg_span_of(argv[2]));
    if (job.decision.action == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "\"%s\" is none of release, inspect, wait, escalate", argv[2]);
    if (o[MEANS].given != NULL)
        TMG_TRY(read_means(o[MEANS].given, &job.decision.means, err));
    job.decision.reason = tmg_span_of(o[REASON].given);
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    job.centre = c;
    TMG_TRY(read_until(c, o[UNTIL].given, &job.decision.until_ms, err));
    TMG_TRY(tmg_find_consignment(tmg_centre_db(c), argv[1], &job.id, err));
    TMG_TRY(tmg_centre_write(c, decide, &job, err));
    printf("consignment %lld: %s\n", (long long)job.id, argv[2]);
    return TMG_OK;
}

typedef struct result_job {
    tmg_centre *centre;
    int64_t id;
    tmg_arena *arena;
    tmg_result_form form;
    tmg_span answer;
} result_job;

/* "heroin:12.5kg" or "tablets:300" */
static tmg_rc read_seized(const char *text, tmg_seized *ret, tmg_err *err)
{
    const char *colon = strrchr(text, ':');
    tmg_span amount;

    if (colon == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "--seized: expected SUBSTANCE:12.5kg or SUBSTANCE:300");
    amount = tmg_span_of(colon + 1);
    *ret = (tmg_seized){{text, (size_t)(colon - text)}, TMG_NONE, TMG_NONE};
    if (amount.len > 2 && strcmp(colon + 1 + amount.len - 2, "kg") == 0) {
        amount.len -= 2;
        if (tmg_decimal_parse(amount, 6, TMG_ROUND_REFUSE, &ret->mass_mg, err) != TMG_OK)
            return tmg_err_within(err, "--seized");
    } else if (!tmg_span_i64(amount, &ret->count)) {
        return TMG_FAIL(err, TMG_E_INVALID, "--seized: \"%.*s\" is neither a mass in kg nor a count",
                        TMG_SPAN_ARG(amount));
    }
    return TMG_OK;
}

/* What is printed, and printed again when the same form comes once more. */
static tmg_rc write_moved(void *ctx, tmg_db *db, const tmg_result *r, const tmg_moved *m, tmg_buf *to,
                          tmg_err *err)
{
    (void)ctx;
    (void)db;
    (void)err;
    tmg_buf_fmt(to, "consignment %lld: result stored\n", (long long)r->consignment_id);
    for (int h = 0; h < TMG_HARMS; h++) {
        TMG_AUTO_BUF before = {0}, after = {0};

        tmg_buf_init(&before, 64);
        tmg_buf_init(&after, 64);
        tmg_percent(&before, m->before.harm[h].ppb);
        tmg_percent(&after, m->after.harm[h].ppb);
        tmg_buf_fmt(to, "  a consignment like this is now %s: %s, was %s\n", tmg_harm_name((tmg_harm)h),
                    after.ptr, before.ptr);
    }
    return TMG_OK;
}

static tmg_rc enter(void *ctx, tmg_db *db, tmg_err *err)
{
    result_job *job = ctx;
    tmg_actor who = tmg_console_as(TMG_TEAM);

    return tmg_use_result(job->centre, db, &who, job->id, &job->form, write_moved, NULL, job->arena,
                          &job->answer, err);
}

tmg_rc cmd_result(int argc, char **argv, tmg_err *err)
{
    enum { HOME, MEANS, MINUTES, NOTE, SEIZED, KEY, CONFIRM, OPTION_COUNT };
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"means", "LIST", "means used, as documents+xray+dog (documents)", NULL},
        {"minutes", "N", "officer minutes", NULL},
        {"note", "TEXT", "what was found, in words", NULL},
        {"seized", "LINE", "as heroin:12.5kg or tablets:300", NULL},
        {"key", "KEY", "8 to 64 characters of your own: run again with it, it is entered once", NULL},
        {"confirm", "TEXT", "why what was called unlikely is so", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(8 << 20);
    TMG_AUTO_CENTRE c = NULL;
    tmg_seized seized;
    result_job job = {.arena = a,
                      .form.result = {.happened_ms = TMG_NONE,
                                      .known_at_ms = TMG_NONE,
                                      .minutes = TMG_NONE,
                                      .recovered_minor = TMG_NONE,
                                      .means = TMG_MEANS_DOCUMENTS,
                                      .found = {TMG_FOUND_UNKNOWN, TMG_FOUND_UNKNOWN}}};
    tmg_result *r = &job.form.result;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTION_COUNT, 2, 2, &n, err));
    r->outcome = tmg_outcome_of(tmg_span_of(argv[2]));
    if (r->outcome == 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "\"%s\" is none of none, document, value, origin, classification, quantity, "
                        "prohibited, drugs, precursor, other",
                        argv[2]);
    if (o[MEANS].given != NULL)
        TMG_TRY(read_means(o[MEANS].given, &r->means, err));
    TMG_TRY(tmg_arg_number(&o[MINUTES], 0, 100000, &r->minutes, err));
    r->note = tmg_span_of(o[NOTE].given);
    job.form.client_key = tmg_span_of(o[KEY].given);
    job.form.confirm_note = tmg_span_of(o[CONFIRM].given);
    job.form.confirmed = o[CONFIRM].given != NULL;
    if (o[SEIZED].given != NULL) {
        TMG_TRY(read_seized(o[SEIZED].given, &seized, err));
        r->seized = &seized;
        r->seized_count = 1;
    }
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    job.centre = c;
    TMG_TRY(tmg_find_consignment(tmg_centre_db(c), argv[1], &job.id, err));
    TMG_TRY(tmg_centre_write(c, enter, &job, err));
    printf("%.*s", TMG_SPAN_ARG(job.answer));
    return TMG_OK;
}
