#include "cli/cli.h"

#include <termios.h>
#include <unistd.h>

enum { HOME, ROLE, DISPLAY, POSTS };

/* From the terminal without echo, else one line of standard input: a password never stands in the arguments.
 */
tmg_rc tmg_read_password(char *ret, size_t room, tmg_err *err)
{
    struct termios old, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &old) == 0;
    bool got;

    if (terminal) {
        fputs("password: ", stderr);
        quiet = old;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    got = fgets(ret, (int)room, stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
        fputc('\n', stderr);
    }
    if (!got)
        return TMG_FAIL(err, TMG_E_INVALID, "a password is expected on standard input");
    ret[strcspn(ret, "\r\n")] = '\0';
    return TMG_OK;
}

typedef struct job {
    const char *verb, *name;
    const tmg_option *o;
    char password[300];
} job;

static tmg_rc add(job *j, tmg_db *db, tmg_err *err)
{
    tmg_role role = tmg_role_of(tmg_span_of(j->o[ROLE].given));
    tmg_span posts[TMG_MAX_ACTOR_POSTS], rest = tmg_span_of(j->o[POSTS].given), part;
    size_t count = 0;
    int64_t id;

    if (role == TMG_ROLE_NONE)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "--role: expected analyst, chief, team, auditor, administrator, investigator, custodian or statistician");
    while (count < TMG_MAX_ACTOR_POSTS && tmg_span_split(&rest, ',', &part))
        posts[count++] = part;
    return tmg_account_add(db, tmg_span_of(j->name),
                           tmg_span_of(j->o[DISPLAY].given != NULL ? j->o[DISPLAY].given : j->name), role,
                           tmg_span_of(j->password), posts, count, &id, err);
}

static tmg_rc work(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_actor who = tmg_actor_console();
    const char *action = "account.added";
    char object[128];

    if (strcmp(j->verb, "add") == 0) {
        TMG_TRY(add(j, db, err));
    } else if (strcmp(j->verb, "password") == 0) {
        TMG_TRY(tmg_account_set_password(db, tmg_span_of(j->name), tmg_span_of(j->password), err));
        action = "account.password_set";
    } else {
        TMG_TRY(tmg_account_close(db, tmg_span_of(j->name), err));
        action = "account.closed";
    }
    (void)snprintf(object, sizeof object, "account:%.100s", j->name);
    return tmg_guard_log(db, &who, action, object, (tmg_span){"", 0}, err);
}

static tmg_rc list_accounts(tmg_centre *c, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_account *list;
    size_t count;

    TMG_TRY(tmg_account_list(tmg_centre_db(c), a, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        printf("%-20.*s %-14s %-24.*s %.*s%s\n", TMG_SPAN_ARG(list[i].name), tmg_role_name(list[i].role),
               TMG_SPAN_ARG(list[i].display), TMG_SPAN_ARG(list[i].posts), list[i].closed ? " (closed)" : "");
    return TMG_OK;
}

tmg_rc cmd_account(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"role", "ROLE", "analyst, chief, team, auditor, administrator, investigator, custodian or statistician", NULL},
        {"display", "TEXT", "the name that others see", NULL},
        {"posts", "LIST", "codes of the posts it may see, with commas; every post when not given", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    job j = {.o = o};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 4, 1, 2, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    j.verb = argv[1];
    j.name = n == 2 ? argv[2] : "";
    if (strcmp(j.verb, "list") == 0)
        return list_accounts(c, err);
    if (n != 2 ||
        (strcmp(j.verb, "add") != 0 && strcmp(j.verb, "password") != 0 && strcmp(j.verb, "close") != 0))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "expected `tamga account list` or `tamga account add|password|close NAME`");
    if (strcmp(j.verb, "close") != 0)
        TMG_TRY(tmg_read_password(j.password, sizeof j.password, err));
    TMG_TRY(tmg_centre_write(c, work, &j, err));
    printf("%s: done\n", j.name);
    return TMG_OK;
}
