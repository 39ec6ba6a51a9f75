/* Inspection orders from the command line. */
#include "cli/casework_cli.h"

enum { HOME, AS, POST, NOTE, READING, MINUTES, KEY, CONFIRM, OPTIONS };
enum { ARENA_MAX = 16 << 20, ROWS = 200, TEN_MINUTES = 10 };

typedef struct job {
    tmg_centre *centre;
    tmg_actor who;
    tmg_arena *arena;
    const tmg_option *o;
    int64_t id, minutes;
    tmg_span arrow;
    unsigned means;
    tmg_reaction reaction;
    tmg_order order;
} job;

/* ---- the work ---- */

static tmg_rc list(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_post post = {0};
    tmg_board_row *rows;
    size_t count;

    if (j->o[POST].given != NULL)
        TMG_TRY(tmg_post_by_code(db, tmg_span_of(j->o[POST].given), j->arena, &post, err));
    TMG_TRY(tmg_use_board(db, &j->who, post.id, ROWS, j->arena, &rows, &count, err));
    TMG_TRY(tmg_note_reading(db, &j->who, "board.read", "board", 0, err));
    for (size_t i = 0; i < count; i++) {
        TMG_AUTO_BUF due = {0};

        tmg_buf_init(&due, 64);
        if (rows[i].order.flow.due_ms != TMG_NONE)
            tmg_put_minute(&due, j->centre, rows[i].order.flow.due_ms);
        printf("%-6lld %.*s  %-10.*s %.*s  %zu of %zu steps  %s%.*s\n", (long long)rows[i].order.id,
               TMG_SPAN_ARG(rows[i].order.number), TMG_SPAN_ARG(rows[i].order.flow.state),
               TMG_SPAN_ARG(rows[i].ref), rows[i].steps_done, rows[i].steps,
               rows[i].overdue ? "OVERDUE since "
               : due.len > 0   ? "due "
                               : "",
               (int)due.len, due.len > 0 ? due.ptr : "");
    }
    return TMG_OK;
}

static tmg_rc print(const job *j, tmg_db *db, tmg_err *err)
{
    tmg_step_done *steps;
    tmg_flow_choice *next;
    size_t step_count, next_count;

    TMG_TRY(tmg_order_steps(db, j->order.id, j->arena, &steps, &step_count, err));
    TMG_TRY(tmg_use_choices(j->centre, db, &j->who, &j->order.flow, j->arena, &next, &next_count, err));
    printf("order %.*s: %.*s\n  %.*s\n", TMG_SPAN_ARG(j->order.number), TMG_SPAN_ARG(j->order.flow.state),
           TMG_SPAN_ARG(j->order.words));
    for (size_t i = 0; i < step_count; i++)
        printf("  %d. %s%s: %s%s%.*s\n", (int)steps[i].no, tmg_means_name(steps[i].means),
               steps[i].again ? " again" : "",
               steps[i].reaction != 0 ? tmg_reaction_name(steps[i].reaction) : "planned",
               steps[i].reading.len > 0 ? ", " : "", TMG_SPAN_ARG(steps[i].reading));
    for (size_t i = 0; i < next_count; i++)
        printf("  %s %.*s%s%.*s\n", next[i].refusal.len == 0 ? "may" : "may not",
               TMG_SPAN_ARG(next[i].arrow->name), next[i].refusal.len > 0 ? ": " : "",
               TMG_SPAN_ARG(next[i].refusal));
    return TMG_OK;
}

static tmg_rc show(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    TMG_TRY(tmg_order_read(db, j->id, j->arena, &j->order, err));
    TMG_TRY(tmg_guard_may(&j->who, TMG_MAY_ORDER_READ, j->order.post_id, err));
    TMG_TRY(tmg_note_reading(db, &j->who, "order.read", "order", j->id, err));
    return print(j, db, err);
}

static tmg_rc move(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    TMG_TRY(tmg_use_order_move_once(j->centre, db, &j->who, j->id, j->arrow, tmg_span_of(j->o[NOTE].given),
                                    tmg_span_of(j->o[KEY].given), j->arena, &j->order, err));
    return print(j, db, err);
}

/* Run again with its key, a step has the times of the first run. */
static tmg_rc keep_times(const job *j, tmg_db *db, tmg_step_done *s, tmg_err *err)
{
    tmg_step_done *list;
    size_t count;

    TMG_TRY(tmg_order_steps(db, s->order_id, j->arena, &list, &count, err));
    for (size_t i = 0; i < count; i++)
        if (s->client_key.len > 0 && tmg_span_eq(list[i].client_key, s->client_key)) {
            s->started_ms = list[i].started_ms;
            s->ended_ms = list[i].ended_ms;
        }
    return TMG_OK;
}

static tmg_rc step(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_step_done s = {.order_id = j->id,
                       .means = j->means,
                       .reaction = j->reaction,
                       .started_ms = tmg_now_ms() - j->minutes * 60 * TMG_SECOND_MS,
                       .ended_ms = tmg_now_ms(),
                       .reading = tmg_span_of(j->o[READING].given),
                       .note = tmg_span_of(j->o[NOTE].given),
                       .client_key = tmg_span_of(j->o[KEY].given),
                       .confirmed = j->o[CONFIRM].given != NULL,
                       .confirm_note = tmg_span_of(j->o[CONFIRM].given)};
    bool fresh;

    TMG_TRY(keep_times(j, db, &s, err));
    TMG_TRY(tmg_use_step(j->centre, db, &j->who, &s, &fresh, j->arena, err));
    TMG_TRY(tmg_order_read(db, j->id, j->arena, &j->order, err));
    return print(j, db, err);
}

/* ---- the command ---- */

static const struct {
    const char *name;
    tmg_write_work work;
    int operands;
    tmg_role role; /* of whoever runs it, when no account is named */
} verbs[] = {{"list", list, 1, TMG_CHIEF},
             {"show", show, 2, TMG_CHIEF},
             {"move", move, 3, TMG_CHIEF},
             {"step", step, 4, TMG_TEAM}};

static tmg_rc read_operands(job *j, int n, char **argv, tmg_err *err)
{
    if (n >= 2 && !tmg_span_i64(tmg_span_of(argv[2]), &j->id))
        return TMG_FAIL(err, TMG_E_INVALID, "\"%s\" is not the number that `tamga order list` begins with",
                        argv[2]);
    j->arrow = n >= 3 ? tmg_span_of(argv[3]) : (tmg_span){NULL, 0};
    if (n < 4)
        return TMG_OK;
    j->means = tmg_means_of(j->arrow);
    j->reaction = tmg_reaction_of(tmg_span_of(argv[4]));
    if (j->means == 0 || j->reaction == 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "expected a means (documents, xray, dog, density, scale, unloading) and what it said "
                        "(none, suspect, found, not_possible)");
    return TMG_OK;
}

tmg_rc cmd_order(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"post", "CODE", "with list: of this post only", NULL},
        {"note", "TEXT", "why, or what else is to be said", NULL},
        {"reading", "TEXT", "with step: what the instrument showed, with its unit", NULL},
        {"minutes", "N", "with step: how long it took until now (10)", NULL},
        {"key", "KEY",
         "with move and step: 8 to 64 characters of your own; run again with it, it is done once", NULL},
        {"confirm", "TEXT", "with step: why what was called unlikely is so", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_CENTRE c = NULL;
    job j = {.arena = a, .o = o, .minutes = TEN_MINUTES};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 4, &n, err));
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) != 0 || n != verbs[i].operands)
            continue;
        TMG_TRY(tmg_arg_number(&o[MINUTES], 0, 1440, &j.minutes, err));
        TMG_TRY(read_operands(&j, n, argv, err));
        TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
        j.centre = c;
        TMG_TRY(tmg_act_as(c, o[AS].given, verbs[i].role, &j.who, err));
        tmg_rc rc = tmg_centre_write(c, verbs[i].work, &j, err);
        return rc == TMG_E_DENIED ? tmg_note_refusal(c, &j.who, argv[1], "order", j.id, err) : rc;
    }
    return TMG_FAIL(err, TMG_E_INVALID,
                    "expected `tamga order list`, `show ORDER`, `move ORDER ARROW` or `step ORDER MEANS "
                    "REACTION`");
}
