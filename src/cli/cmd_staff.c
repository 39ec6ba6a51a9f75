/* Officers, instruments, teams and their rota from the command line. */
#include "cli/casework_cli.h"

enum { HOME, AS, POST, MEMBERS, ID, END, OPTIONS };
enum { ARENA_MAX = 16 << 20, DAYS_AHEAD = 60, MOST_MEMBERS = 200 };

typedef struct job {
    tmg_centre *centre;
    tmg_actor who;
    tmg_arena *arena;
    const tmg_option *o;
    char **operand; /* behind the verb */
} job;

static void print_means(unsigned means)
{
    for (unsigned bit = 1; bit <= TMG_MEANS_UNLOADING; bit <<= 1)
        if ((means & bit) != 0)
            printf(" %s", tmg_means_name(bit));
}

static void print_time(const job *j, int64_t at_ms)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_put_minute(&b, j->centre, at_ms);
    printf("%.*s", (int)b.len, b.ptr);
}

static tmg_rc print_dog(const job *j, tmg_db *db, const tmg_officer *o, tmg_err *err)
{
    int64_t worked, until;

    if (o->dog.len == 0)
        return TMG_OK;
    TMG_TRY(tmg_dog_rests_until(db, o, tmg_now_ms(), &worked, &until, err));
    printf(", dog %.*s works %lld min and rests %lld min", TMG_SPAN_ARG(o->dog), (long long)o->work_minutes,
           (long long)o->rest_minutes);
    if (until > tmg_now_ms()) {
        printf(", rests until ");
        print_time(j, until);
    }
    return TMG_OK;
}

static tmg_rc list(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_officer *officers;
    tmg_instrument *instruments;
    size_t officer_count, instrument_count;

    TMG_TRY(tmg_officer_list(db, j->arena, &officers, &officer_count, err));
    TMG_TRY(tmg_instrument_list(db, 0, j->arena, &instruments, &instrument_count, err));
    TMG_TRY(tmg_note_reading(db, &j->who, "staff.read", "staff", 0, err));
    for (size_t i = 0; i < officer_count; i++) {
        printf("%-4lld post %-4lld %-8.*s %.*s:", (long long)officers[i].id,
               (long long)officers[i].home_post_id, TMG_SPAN_ARG(officers[i].service_number),
               TMG_SPAN_ARG(officers[i].name));
        print_means(officers[i].skills);
        TMG_TRY(print_dog(j, db, &officers[i], err));
        printf("\n");
    }
    for (size_t i = 0; i < instrument_count; i++)
        printf("post %-4lld %-8s %.*s, %lld an hour%s\n", (long long)instruments[i].post_id,
               tmg_means_name(instruments[i].kind), TMG_SPAN_ARG(instruments[i].name),
               (long long)instruments[i].per_hour, instruments[i].out_of_order ? ", out of order" : "");
    return TMG_OK;
}

static tmg_rc print_teams(const job *j, tmg_db *db, tmg_err *err)
{
    tmg_team *list;
    size_t count;

    TMG_TRY(tmg_team_list(db, j->arena, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        printf("%-4lld post %-4lld %.*s:", (long long)list[i].id, (long long)list[i].post_id,
               TMG_SPAN_ARG(list[i].name));
        for (size_t k = 0; k < list[i].member_count; k++)
            printf(" %lld", (long long)list[i].members[k]);
        printf("\n");
    }
    return TMG_OK;
}

static tmg_rc teams(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    TMG_TRY(tmg_note_reading(db, &j->who, "staff.read", "staff", 0, err));
    return print_teams(j, db, err);
}

static tmg_rc read_members(const char *text, int64_t *to, size_t *ret_count, tmg_err *err)
{
    tmg_span rest = tmg_span_of(text), part;

    *ret_count = 0;
    while (tmg_span_split(&rest, ',', &part))
        if (*ret_count == MOST_MEMBERS || !tmg_span_i64(tmg_span_trim(part), &to[(*ret_count)++]))
            return TMG_FAIL(
                err, TMG_E_INVALID,
                "--members: expected at most %d numbers that `tamga staff list` begins with, as 3,4,7",
                MOST_MEMBERS);
    return TMG_OK;
}

static tmg_rc team(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_team x = {.name = tmg_span_of(j->operand[0]), .ended = j->o[END].given != NULL};
    tmg_post post;

    if (j->o[POST].given == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "--post: name the post of the team by its code");
    TMG_TRY(tmg_post_by_code(db, tmg_span_of(j->o[POST].given), j->arena, &post, err));
    x.post_id = post.id;
    TMG_TRY(tmg_guard_may(&j->who, TMG_MAY_STAFF_SET, post.id, err));
    TMG_TRY(tmg_arg_number(&j->o[ID], 1, INT32_MAX, &x.id, err));
    x.members = tmg_alloc_array(j->arena, MOST_MEMBERS, sizeof *x.members);
    if (j->o[MEMBERS].given != NULL)
        TMG_TRY(read_members(j->o[MEMBERS].given, x.members, &x.member_count, err));
    TMG_TRY(tmg_team_put(db, &j->who, &x, j->arena, err));
    return print_teams(j, db, err);
}

static tmg_rc print_rota(const job *j, tmg_db *db, tmg_err *err)
{
    tmg_shift *list;
    size_t count;
    int64_t now = tmg_now_ms();

    TMG_TRY(tmg_rota_list(db, now - TMG_DAY_MS, now + DAYS_AHEAD * TMG_DAY_MS, j->arena, &list, &count, err));
    for (size_t i = 0; i < count; i++) {
        printf("%-4lld team %-4lld ", (long long)list[i].id, (long long)list[i].team_id);
        print_time(j, list[i].from_ms);
        printf(" to ");
        print_time(j, list[i].until_ms);
        printf("\n");
    }
    return TMG_OK;
}

static tmg_rc rota(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    TMG_TRY(tmg_note_reading(db, &j->who, "staff.read", "staff", 0, err));
    return print_rota(j, db, err);
}

static tmg_rc read_time(const job *j, const char *text, int64_t *ret, tmg_err *err)
{
    tmg_instant at;

    TMG_TRY(tmg_instant_parse(tmg_span_of(text), tmg_centre_settings(j->centre)->offset_min, &at, err));
    *ret = at.at_ms;
    return TMG_OK;
}

static tmg_rc read_id(const char *text, const char *what, int64_t *ret, tmg_err *err)
{
    if (!tmg_span_i64(tmg_span_of(text), ret))
        return TMG_FAIL(err, TMG_E_INVALID, "\"%s\" is not the number that `tamga staff %s` begins with",
                        text, what);
    return TMG_OK;
}

static tmg_rc shift(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_shift x = {0};

    TMG_TRY(read_id(j->operand[0], "teams", &x.team_id, err));
    TMG_TRY(read_time(j, j->operand[1], &x.from_ms, err));
    TMG_TRY(read_time(j, j->operand[2], &x.until_ms, err));
    TMG_TRY(tmg_rota_plan(db, &j->who, &x, j->arena, err));
    TMG_TRY(tmg_guard_may(&j->who, TMG_MAY_STAFF_SET, x.post_id, err));
    return print_rota(j, db, err);
}

static tmg_rc withdraw(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_shift x;
    int64_t id;

    TMG_TRY(read_id(j->operand[0], "rota", &id, err));
    TMG_TRY(tmg_rota_read(db, id, &x, err));
    TMG_TRY(tmg_guard_may(&j->who, TMG_MAY_STAFF_SET, x.post_id, err));
    TMG_TRY(tmg_rota_withdraw(db, &j->who, id, err));
    return print_rota(j, db, err);
}

static const struct {
    const char *name;
    tmg_write_work work;
    int operands;
} verbs[] = {{"list", list, 1}, {"teams", teams, 1}, {"team", team, 2},
             {"rota", rota, 1}, {"shift", shift, 4}, {"withdraw", withdraw, 2}};

tmg_rc cmd_staff(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"post", "CODE", "with team: its post", NULL},
        {"members", "LIST", "with team: its officers by number, as 3,4,7; who is not named leaves", NULL},
        {"id", "TEAM", "with team: change this one instead of adding one", NULL},
        {"end", NULL, "with team: it is no more", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_CENTRE c = NULL;
    job j = {.arena = a, .o = o, .operand = argv + 2};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 4, &n, err));
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) != 0 || n != verbs[i].operands)
            continue;
        TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
        j.centre = c;
        TMG_TRY(tmg_act_as(c, o[AS].given, TMG_CHIEF, &j.who, err));
        TMG_TRY(tmg_guard_may(&j.who, TMG_MAY_STAFF_READ, 0, err));
        tmg_rc rc = tmg_centre_write(c, verbs[i].work, &j, err);
        return rc == TMG_E_DENIED ? tmg_note_refusal(c, &j.who, verbs[i].name, "staff", 0, err) : rc;
    }
    return TMG_FAIL(
        err, TMG_E_INVALID,
        "expected `tamga staff list`, `teams`, `team NAME --post CODE`, `rota`, `shift TEAM FROM UNTIL` or "
        "`withdraw SHIFT`");
}
