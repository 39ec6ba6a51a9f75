/* The demonstration world: as files, and as a whole centre. */
#include "app/demo.h"
#include "app/models.h"
#include "app/rules.h"
#include "base/file.h"
#include "base/qty.h"
#include "cli/cli.h"
#include "sim/sim.h"

#include <unistd.h>

enum { OPTIONS = 5 };
enum { DAYS, AHEAD, SEED, SCALE, TODAY };

static tmg_rc read_options(const tmg_option *o, tmg_sim_options *ret, tmg_err *err)
{
    int64_t days = ret->days, ahead = ret->days_ahead, seed = (int64_t)ret->seed,
            percent_milli = ret->scale_ppm / 10;

    TMG_TRY(tmg_arg_number(&o[DAYS], 14, 730, &days, err));
    TMG_TRY(tmg_arg_number(&o[AHEAD], 1, 7, &ahead, err));
    TMG_TRY(tmg_arg_number(&o[SEED], 0, INT64_MAX, &seed, err));
    if (o[SCALE].given != NULL &&
        tmg_decimal_parse(tmg_span_of(o[SCALE].given), 3, TMG_ROUND_REFUSE, &percent_milli, err) != TMG_OK)
        return tmg_err_within(err, "--scale");
    if (o[TODAY].given != NULL && tmg_day_parse(tmg_span_of(o[TODAY].given), &ret->today, err) != TMG_OK)
        return tmg_err_within(err, "--today");
    ret->days = (int32_t)days;
    ret->days_ahead = (int32_t)ahead;
    ret->seed = (uint64_t)seed;
    ret->scale_ppm = percent_milli * 10;
    return TMG_OK;
}

#define SIM_OPTIONS                                                                                          \
    {"days", "N", "days of history (60)", NULL},                                                             \
        {"ahead", "N", "days ahead, from the demonstration day on (2)", NULL},                               \
        {"seed", "N", "another world for another number (1)", NULL},                                         \
        {"scale", "PERCENT", "of the realistic volume of 5,000 declarations a day (8)", NULL},               \
    {                                                                                                        \
        "today", "DATE", "the demonstration day (2026-09-16)", NULL                                          \
    }

tmg_rc cmd_simulate(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {SIM_OPTIONS};
    tmg_sim_options sim = tmg_sim_defaults();
    tmg_sim_summary s;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 1, &n, err));
    TMG_TRY(read_options(o, &sim, err));
    TMG_TRY(tmg_simulate(&sim, argv[1], &s, err));
    printf("%s: %lld declarations (%lld of the past, %lld ahead), %lld of them controlled: %lld fraud, %lld "
           "critical found\n"
           "planted: %lld schemes with %lld declarations (truth.json)\n",
           argv[1], (long long)s.declarations, (long long)s.history, (long long)s.ahead,
           (long long)s.controlled, (long long)s.found_fraud, (long long)s.found_critical,
           (long long)s.schemes, (long long)s.scheme_declarations);
    return TMG_OK;
}

typedef struct person {
    const char *name, *display;
    tmg_role role;
    const char *post; /* code, or NULL: every post */
} person;

/* Functions, not people: the demonstration invents nobody. */
static const person people[] = {
    {"analyst", "Analyst on shift", TMG_ANALYST, NULL},
    {"chief", "Shift chief", TMG_CHIEF, NULL},
    {"team", "Inspection team at Astara", TMG_TEAM, "Astara"},
    {"relief", "Inspection team on dispatch", TMG_TEAM, "Biləsuvar"},
    {"auditor", "Auditor", TMG_AUDITOR, NULL},
    {"administrator", "Administrator", TMG_ADMINISTRATOR, NULL},
    {"investigator", "Investigator", TMG_INVESTIGATOR, NULL},
    {"custodian", "Evidence custodian", TMG_CUSTODIAN, NULL},
    {"statistician", "Statistician", TMG_STATISTICIAN, NULL},
};

static void make_password(char ret[20])
{
    /* No letters that are read as another: four groups of four. */
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    uint8_t random[16];

    tmg_random(random, sizeof random);
    for (int i = 0; i < 19; i++)
        ret[i] = i % 5 == 4 ? '-' : letters[random[i - i / 5] % (sizeof letters - 1)];
    ret[19] = '\0';
}

static tmg_rc find_post(tmg_db *db, const char *name, tmg_arena *a, tmg_span *ret_code, tmg_err *err)
{
    tmg_post *posts;
    size_t count;

    TMG_TRY(tmg_post_list(db, a, &posts, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_starts(posts[i].name, name)) {
            *ret_code = posts[i].code;
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "the demonstration world has no post %s", name);
}

static tmg_rc add_person(tmg_db *db, const person *p, tmg_arena *a, tmg_buf *list, tmg_err *err)
{
    char password[20];
    tmg_span post = {0};
    int64_t id;

    if (p->post != NULL)
        TMG_TRY(find_post(db, p->post, a, &post, err));
    make_password(password);
    TMG_TRY(tmg_account_add(db, tmg_span_of(p->name), tmg_span_of(p->display), p->role, tmg_span_of(password),
                            &post, post.ptr != NULL, &id, err));
    tmg_buf_fmt(list, "%-14s %s   %s\n", p->name, password, p->display);
    return TMG_OK;
}

static tmg_rc add_people(tmg_centre *c, const char *home, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF list = {0};

    tmg_buf_init(&list, 1 << 14);
    TMG_TRY(tmg_begin(tmg_centre_db(c), err));
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        TMG_TRY(add_person(tmg_centre_db(c), &people[i], a, &list, err));
    TMG_TRY(tmg_commit(tmg_centre_db(c), err));
    return tmg_file_write(tmg_path_join(a, home, "accounts.txt"), tmg_buf_as_span(&list), 0600, err);
}

static tmg_rc first_tick(void *ctx, tmg_db *db, tmg_err *err)
{
    return tmg_tick(ctx, db, err);
}

/* Written by the analyst, approved by the chief; the history is judged as if they had been there. */
static tmg_rc put_rules_to_work(tmg_centre *c, tmg_err *err)
{
    tmg_actor who = tmg_console_as(TMG_CHIEF);
    int64_t rules, hits;

    TMG_TRY(tmg_rules_ship(c, TMG_SPAN("analyst"), TMG_SPAN("chief"), &rules, err));
    TMG_TRY(tmg_rules_recall(c, &who, 0, &hits, err));
    tmg_progress_done("rules", "%lld, with %lld hits", (long long)rules, (long long)hits);
    return TMG_OK;
}

static tmg_rc add_casework(tmg_centre *c, tmg_err *err)
{
    TMG_TRY(tmg_centre_write(c, tmg_demo_staff, c, err));
    TMG_TRY(tmg_centre_write(c, tmg_demo_cases, c, err));
    TMG_TRY(tmg_centre_write(c, tmg_demo_orders, c, err));
    tmg_progress_done("casework", "officers and instruments, cases of the past, orders of today");
    return TMG_OK;
}

static tmg_rc account_actor(tmg_db *db, const char *name, tmg_arena *a, tmg_actor *ret, tmg_err *err)
{
    tmg_account *all;
    size_t count;

    TMG_TRY(tmg_account_list(db, a, &all, &count, err));
    for (size_t i = 0; i < count; i++)
        if (tmg_span_is(all[i].name, name)) {
            *ret = tmg_console_as(all[i].role);
            ret->account_id = all[i].id;
            (void)snprintf(ret->name, sizeof ret->name, "%s", name);
            (void)snprintf(ret->display, sizeof ret->display, "%.*s", TMG_SPAN_ARG(all[i].display));
            return TMG_OK;
        }
    return TMG_FAIL(err, TMG_E_NOT_FOUND, "the demonstration has no account %s", name);
}

typedef struct approving {
    tmg_centre *centre;
    const tmg_actor *trainer, *who;
    int64_t model_id;
} approving;

static tmg_rc approve(void *ctx, tmg_db *db, tmg_err *err)
{
    const approving *k = ctx;

    TMG_TRY(tmg_model_take(k->centre, db, k->trainer, k->model_id, TMG_MODEL_CHALLENGE,
                           TMG_SPAN("To be compared with profiles alone"), err));
    return tmg_model_take(k->centre, db, k->who, k->model_id, TMG_MODEL_APPROVE,
                          TMG_SPAN("Better than profiles alone on results it had not seen"), err);
}

/* A champion where the history is enough for one and the model did better than profiles. */
static tmg_rc put_models_to_work(tmg_centre *c, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_train_options o = {.watch = NULL};
    tmg_train_outcome made[TMG_HARMS];
    tmg_actor analyst, chief;

    if (!tmg_model_can_train())
        return TMG_OK;
    TMG_TRY(account_actor(tmg_centre_db(c), "analyst", a, &analyst, err));
    TMG_TRY(account_actor(tmg_centre_db(c), "chief", a, &chief, err));
    TMG_TRY(tmg_train_models(c, &analyst, &o, made, err));
    for (int h = 0; h < TMG_HARMS; h++) {
        approving k = {c, &analyst, &chief, made[h].id};

        if (!made[h].made || made[h].model.auc[h] <= made[h].profiles.auc[h]) {
            tmg_progress_done("model", "%s: %s", tmg_harm_name((tmg_harm)h),
                              made[h].made ? "no better than profiles, not approved"
                                           : "too few finds for one");
            continue;
        }
        TMG_TRY(tmg_centre_write(c, approve, &k, err));
        tmg_progress_done("model", "%s: champion %.12s", tmg_harm_name((tmg_harm)h), made[h].hash);
    }
    return TMG_OK;
}

static tmg_rc fill_centre(const char *home, const char *world, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_CENTRE c = NULL;
    tmg_actor who = tmg_actor_console();
    tmg_import_summary s;
    int64_t posts;

    TMG_TRY(tmg_centre_open(home, &c, err));
    TMG_TRY(tmg_load_posts(c, &who, tmg_path_join(a, world, "posts.json"), &posts, err));
    tmg_progress_done("posts", "%lld", (long long)posts);
    TMG_TRY(tmg_centre_write(c, first_tick, c, err));
    TMG_TRY(tmg_import_path(c, tmg_path_join(a, world, "declarations.jsonl"), "jsonl", NULL, false, &s, err));
    tmg_progress_done("declarations", "%lld (%lld with a control result, %lld in quarantine)",
                      (long long)s.counts.accepted, (long long)s.results, (long long)s.counts.quarantined);
    TMG_TRY(tmg_calibrate(c, &who, err));
    tmg_progress_done("probabilities", "fitted to the results");
    TMG_TRY(add_people(c, home, err));
    tmg_progress_done("accounts", "%zu", sizeof people / sizeof *people);
    TMG_TRY(put_rules_to_work(c, err));
    TMG_TRY(put_models_to_work(c, err));
    TMG_TRY(tmg_learn_fusion(c, &who, err));
    tmg_progress_done("weights", "of chains and rules, learned from the results");
    /* Assess what lies ahead once more: it was assessed before its probabilities were fitted. */
    TMG_TRY(tmg_reassess_ahead(c, &who, err));
    TMG_TRY(tmg_centre_write(c, first_tick, c, err));
    return add_casework(c, err);
}

tmg_rc cmd_demo(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {SIM_OPTIONS};
    tmg_sim_options sim = tmg_sim_defaults();
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_sim_summary s;
    const char *home, *world;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 1, &n, err));
    TMG_TRY(read_options(o, &sim, err));
    home = argv[1];
    world = tmg_path_join(a, home, "world");
    TMG_TRY(tmg_centre_make(home, "demonstration", true,
                            tmg_day_start_ms(sim.today, sim.offset_min) + sim.now_min * INT64_C(60000), err));
    TMG_TRY(tmg_simulate(&sim, world, &s, err));
    tmg_progress_done("world", "%lld days, %lld declarations, %lld planted schemes",
                      (long long)sim.days + sim.days_ahead, (long long)s.declarations, (long long)s.schemes);
    return fill_centre(home, world, err);
}
