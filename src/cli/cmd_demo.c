/* The demonstration world: as files, and as a whole centre. */
#include "app/demo.h"
#include "app/models.h"
#include "app/rules.h"
#include "base/file.h"
#include "base/qty.h"
#include "cli/cli.h"
#include "sim/sim.h"

#include <unistd.h>

enum { OPTIONS = 6 };
enum { DAYS, AHEAD, SEED, SCALE, TODAY, LIVED };

/* The demonstration centre opened on 1 July and is in its eleventh week. */
enum {
    DEMO_DAYS = 90,
    DEMO_SCALE_PPM = 50000,
    LIVED_OF_DAYS = 7,
    TRAINED_DAYS_AGO = 9,
    APPROVED_DAYS_AGO = 2
};

static tmg_rc read_options(const tmg_option *o, tmg_sim_options *ret, tmg_err *err)
{
    int64_t days = ret->days, ahead = ret->days_ahead, seed = (int64_t)ret->seed,
            percent_milli = ret->scale_ppm / 10, lived;

    TMG_TRY(tmg_arg_number(&o[DAYS], 14, 730, &days, err));
    lived = ret->lived < 0 ? days - days / LIVED_OF_DAYS - 1 : ret->lived;
    TMG_TRY(tmg_arg_number(&o[LIVED], 0, days, &lived, err));
    TMG_TRY(tmg_arg_number(&o[AHEAD], 1, 7, &ahead, err));
    TMG_TRY(tmg_arg_number(&o[SEED], 0, INT64_MAX, &seed, err));
    if (o[SCALE].given != NULL &&
        tmg_decimal_parse(tmg_span_of(o[SCALE].given), 3, TMG_ROUND_REFUSE, &percent_milli, err) != TMG_OK)
        return tmg_err_within(err, "--scale");
    if (o[TODAY].given != NULL && tmg_day_parse(tmg_span_of(o[TODAY].given), &ret->today, err) != TMG_OK)
        return tmg_err_within(err, "--today");
    ret->days = (int32_t)days;
    ret->lived = (int32_t)lived;
    ret->days_ahead = (int32_t)ahead;
    ret->seed = (uint64_t)seed;
    ret->scale_ppm = percent_milli * 10;
    return TMG_OK;
}

#define SIM_OPTIONS(days, scale, lived)                                                                      \
    {"days", "N", "days of history (" days ")", NULL},                                                       \
        {"ahead", "N", "days ahead, from the demonstration day on (2)", NULL},                               \
        {"seed", "N", "another world for another number (1)", NULL},                                         \
        {"scale", "PERCENT", "of the realistic volume of 5,000 declarations a day (" scale ")", NULL},       \
        {"today", "DATE", "the demonstration day (2026-09-16)", NULL},                                       \
    {                                                                                                        \
        "lived", "N", "the last days of history, on which the centre chooses (" lived ")", NULL              \
    }

tmg_rc cmd_simulate(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {SIM_OPTIONS("60", "8", "none")};
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
    const char *post; /* its name, NULL: every post, or `others`: those of nobody else here */
} person;

static const char others[] = "others";
enum { MOST_POSTS = 32 };

/* Functions, not people: the demonstration invents nobody. */
static const person people[] = {
    {"analyst", "Analyst on shift", TMG_ANALYST, NULL},
    {"chief", "Shift chief", TMG_CHIEF, NULL},
    {"chief2", "Second shift chief", TMG_CHIEF, NULL},
    {"team", "Inspection team at Astara", TMG_TEAM, "Astara"},
    {"relief", "Inspection team on dispatch", TMG_TEAM, "Biləsuvar"},
    {"teams", "Inspection teams of the other posts", TMG_TEAM, others},
    {"auditor", "Auditor", TMG_AUDITOR, NULL},
    {"administrator", "Administrator", TMG_ADMINISTRATOR, NULL},
    {"investigator", "Investigator", TMG_INVESTIGATOR, NULL},
    {"investigator2", "Second investigator", TMG_INVESTIGATOR, NULL},
    {"custodian", "Evidence custodian", TMG_CUSTODIAN, NULL},
    {"custodian2", "Second evidence custodian", TMG_CUSTODIAN, NULL},
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

static bool has_a_team(tmg_span post)
{
    for (size_t i = 0; i < sizeof people / sizeof *people; i++)
        if (people[i].post != NULL && people[i].post != others && tmg_span_starts(post, people[i].post))
            return true;
    return false;
}

static tmg_rc find_others(tmg_db *db, tmg_arena *a, tmg_span *ret, size_t *ret_count, tmg_err *err)
{
    tmg_post *posts;
    size_t count;

    TMG_TRY(tmg_post_list(db, a, &posts, &count, err));
    *ret_count = 0;
    for (size_t i = 0; i < count && *ret_count < MOST_POSTS; i++)
        if (!has_a_team(posts[i].name))
            ret[(*ret_count)++] = posts[i].code;
    return TMG_OK;
}

static tmg_rc add_person(tmg_db *db, const person *p, tmg_arena *a, tmg_buf *list, tmg_err *err)
{
    char password[20];
    tmg_span posts[MOST_POSTS];
    size_t count = 0;
    int64_t id;

    if (p->post == others)
        TMG_TRY(find_others(db, a, posts, &count, err));
    else if (p->post != NULL)
        TMG_TRY(find_post(db, p->post, a, &posts[count++], err));
    make_password(password);
    TMG_TRY(tmg_account_add(db, tmg_span_of(p->name), tmg_span_of(p->display), p->role, tmg_span_of(password),
                            posts, count, &id, err));
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

static tmg_rc add_casework(tmg_centre *c, bool lived, tmg_err *err)
{
    TMG_TRY(tmg_centre_write(c, tmg_demo_staff, c, err));
    if (!lived)
        TMG_TRY(tmg_centre_write(c, tmg_demo_cases, c, err));
    TMG_TRY(tmg_centre_write(c, tmg_demo_merge, c, err));
    TMG_TRY(tmg_centre_write(c, tmg_demo_orders, c, err));
    if (lived) {
        TMG_TRY(tmg_centre_write(c, tmg_demo_rota, c, err));
        TMG_TRY(tmg_centre_write(c, tmg_demo_orders_at_astara, c, err));
    }
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
    tmg_actor analyst, chief;
    tmg_train_outcome made[TMG_HARMS];
} approving;

static tmg_rc challenge(void *ctx, tmg_db *db, tmg_err *err)
{
    const approving *k = ctx;

    for (int h = 0; h < TMG_HARMS; h++)
        if (k->made[h].made)
            TMG_TRY(tmg_model_take(k->centre, db, &k->analyst, k->made[h].id, TMG_MODEL_CHALLENGE,
                                   TMG_SPAN("To be compared with profiles alone"), err));
    return TMG_OK;
}

static bool better(const tmg_train_outcome *o, int h)
{
    return o->made && o->model.auc[h] > o->profiles.auc[h];
}

static tmg_rc approve(void *ctx, tmg_db *db, tmg_err *err)
{
    const approving *k = ctx;

    for (int h = 0; h < TMG_HARMS; h++)
        if (better(&k->made[h], h))
            TMG_TRY(tmg_model_take(k->centre, db, &k->chief, k->made[h].id, TMG_MODEL_APPROVE,
                                   TMG_SPAN("Better than profiles alone on results it had not seen"), err));
    return TMG_OK;
}

/* Challengers where the history is enough for them. */
static tmg_rc train(tmg_centre *c, approving *k, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_train_options o = {.watch = NULL};

    k->centre = c;
    if (!tmg_model_can_train())
        return TMG_OK;
    TMG_TRY(account_actor(tmg_centre_db(c), "analyst", a, &k->analyst, err));
    TMG_TRY(account_actor(tmg_centre_db(c), "chief", a, &k->chief, err));
    TMG_TRY(tmg_train_models(c, &k->analyst, &o, k->made, err));
    return tmg_centre_write(c, challenge, k, err);
}

/* A champion where the model did better than profiles. */
static tmg_rc put_models_to_work(tmg_centre *c, approving *k, tmg_err *err)
{
    if (!tmg_model_can_train())
        return TMG_OK;
    TMG_TRY(tmg_centre_write(c, approve, k, err));
    for (int h = 0; h < TMG_HARMS; h++)
        if (better(&k->made[h], h))
            tmg_progress_done("model", "%s: champion %.12s", tmg_harm_name((tmg_harm)h), k->made[h].hash);
        else
            tmg_progress_done("model", "%s: %s", tmg_harm_name((tmg_harm)h),
                              k->made[h].made ? "no better than profiles, not approved"
                                              : "too few finds for one");
    return TMG_OK;
}

/* What the centre knew on the day it opened. */
static tmg_rc open_centre(tmg_centre *c, const char *home, const tmg_import_summary *s, tmg_err *err)
{
    tmg_actor who = tmg_actor_console();

    tmg_progress_done("declarations", "%lld (%lld with a control result, %lld in quarantine)",
                      (long long)s->counts.accepted, (long long)s->results, (long long)s->counts.quarantined);
    TMG_TRY(tmg_calibrate(c, &who, err));
    tmg_progress_done("probabilities", "fitted to the results");
    TMG_TRY(add_people(c, home, err));
    tmg_progress_done("accounts", "%zu", sizeof people / sizeof *people);
    return put_rules_to_work(c, err);
}

static tmg_rc live(tmg_centre *c, const char *home, const tmg_demo_span *span, tmg_demo_past **past,
                   tmg_err *err)
{
    tmg_actor who = tmg_actor_console();
    tmg_import_summary s;
    approving k = {0};

    TMG_TRY(tmg_demo_begin(c, span, past, &s, err));
    TMG_TRY(open_centre(c, home, &s, err));
    TMG_TRY(tmg_demo_live(*past, span->now_ms - TRAINED_DAYS_AGO * TMG_DAY_MS, err));
    TMG_TRY(train(c, &k, err));
    TMG_TRY(tmg_demo_live(*past, span->now_ms - APPROVED_DAYS_AGO * TMG_DAY_MS, err));
    TMG_TRY(put_models_to_work(c, &k, err));
    TMG_TRY(tmg_learn_fusion(c, &who, err));
    TMG_TRY(tmg_demo_live(*past, span->now_ms, err));
    tmg_progress_done("days", "lived through: %lld declarations lodged since the opening",
                      (long long)tmg_demo_lodged(*past));
    return TMG_OK;
}

/* All of the history was controlled without a centre, which opens today. */
static tmg_rc take_over(tmg_centre *c, const char *home, const char *world, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_import_summary s;
    approving k = {0};

    TMG_TRY(tmg_centre_write(c, first_tick, c, err));
    TMG_TRY(tmg_import_path(c, tmg_path_join(a, world, "declarations.jsonl"), "jsonl", NULL, false, &s, err));
    TMG_TRY(open_centre(c, home, &s, err));
    TMG_TRY(train(c, &k, err));
    return put_models_to_work(c, &k, err);
}

static tmg_rc fill_centre(const char *home, const char *world, const tmg_sim_options *sim,
                          const tmg_sim_summary *sum, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_CENTRE c = NULL;
    tmg_demo_span span = {world, sum->opened_ms, sum->now_ms, sim->seed};
    tmg_actor who = tmg_actor_console();
    tmg_demo_past *past = NULL;
    int64_t posts;

    TMG_TRY(tmg_centre_open(home, &c, err));
    TMG_TRY(tmg_load_posts(c, &who, tmg_path_join(a, world, "posts.json"), &posts, err));
    tmg_progress_done("posts", "%lld", (long long)posts);
    tmg_rc rc = sim->lived > 0 ? live(c, home, &span, &past, err) : take_over(c, home, world, err);
    tmg_demo_end(past);
    TMG_TRY(rc);
    TMG_TRY(tmg_learn_fusion(c, &who, err));
    tmg_progress_done("weights", "of chains and rules, learned from the results");
    /* Assess what lies ahead once more: it was assessed before its probabilities were fitted. */
    TMG_TRY(tmg_reassess_ahead(c, &who, err));
    TMG_TRY(tmg_centre_write(c, first_tick, c, err));
    return add_casework(c, sim->lived > 0, err);
}

tmg_rc cmd_demo(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {SIM_OPTIONS("90", "5", "six of seven")};
    tmg_sim_options sim = tmg_sim_defaults();
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_sim_summary s;
    const char *home, *world;
    int n;

    sim.days = DEMO_DAYS;
    sim.scale_ppm = DEMO_SCALE_PPM;
    sim.lived = -1;
    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 1, &n, err));
    TMG_TRY(read_options(o, &sim, err));
    home = argv[1];
    world = tmg_path_join(a, home, "world");
    int64_t now_ms = tmg_day_start_ms(sim.today, sim.offset_min) + sim.now_min * INT64_C(60000);
    TMG_TRY(tmg_centre_make(home, "demonstration", true,
                            sim.lived > 0 ? tmg_day_start_ms(sim.today - sim.lived, sim.offset_min) : now_ms,
                            err));
    TMG_TRY(tmg_simulate(&sim, world, &s, err));
    tmg_progress_done("world", "%lld days, %lld declarations, %lld planted schemes",
                      (long long)sim.days + sim.days_ahead, (long long)s.declarations, (long long)s.schemes);
    return fill_centre(home, world, &sim, &s, err);
}
