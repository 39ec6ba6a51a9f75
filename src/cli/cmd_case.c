/* Cases from the command line. */
#include "base/json.h"
#include "cli/casework_cli.h"

enum { HOME, AS, NOTE, PURPOSE, COMPARTMENT, OPTIONS };
enum { ARENA_MAX = 32 << 20, ROWS = 500, LEAF_MAX = 1 << 12 };

/* ---- shared ---- */

static tmg_rc log_reading(tmg_db *db, const tmg_actor *who, const char *action, const char *kind, int64_t id,
                          const char *purpose, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    char object[64];
    tmg_json_out j;

    tmg_buf_init(&b, LEAF_MAX);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    if (purpose != NULL)
        tmg_json_z(&j, "purpose", purpose);
    tmg_json_end_object(&j);
    (void)snprintf(object, sizeof object, id != 0 ? "%s:%lld" : "%s", kind, (long long)id);
    return tmg_guard_log(db, who, action, object, (tmg_span){b.ptr + 1, b.len - 2}, err);
}

tmg_rc tmg_note_reading(tmg_db *db, const tmg_actor *who, const char *action, const char *kind, int64_t id,
                        tmg_err *err)
{
    return log_reading(db, who, action, kind, id, NULL, err);
}

typedef struct refusal {
    const tmg_actor *who;
    const char *wanted;
    char object[64];
    const tmg_err *why;
} refusal;

static tmg_rc log_refusal(void *ctx, tmg_db *db, tmg_err *err)
{
    const refusal *r = ctx;

    return tmg_guard_log_refusal(db, r->who, r->wanted, r->object, r->why, err);
}

tmg_rc tmg_note_refusal(tmg_centre *c, const tmg_actor *who, const char *wanted, const char *kind, int64_t id,
                        tmg_err *err)
{
    const tmg_err why = *err;
    refusal r = {.who = who, .wanted = wanted, .why = &why};

    (void)snprintf(r.object, sizeof r.object, "%s:%lld", kind, (long long)id);
    TMG_TRY(tmg_centre_write(c, log_refusal, &r, err));
    *err = why;
    return why.rc;
}

void tmg_put_minute(tmg_buf *b, const tmg_centre *c, int64_t at_ms)
{
    TMG_AUTO_BUF whole = {0};

    tmg_buf_init(&whole, 64);
    tmg_instant_write(&whole, (tmg_instant){at_ms, (int16_t)tmg_centre_settings(c)->offset_min});
    for (size_t i = 0; i < whole.len && i < sizeof "2026-09-16T08:40" - 1; i++)
        tmg_buf_char(b, whole.ptr[i] == 'T' ? ' ' : whole.ptr[i]);
}

/* ---- cases ---- */

typedef struct job {
    tmg_centre *centre;
    tmg_actor who;
    tmg_arena *arena;
    const tmg_option *o;
    int64_t id;
    tmg_span name; /* of the case */
    tmg_span word; /* an arrow, or a title */
} job;

static void print_short(const tmg_case *f)
{
    printf("%-6lld %.*s  %-14.*s %s %.*s%s%.*s%s%.*s\n", (long long)f->id, TMG_SPAN_ARG(f->number),
           TMG_SPAN_ARG(f->flow.state), f->compartment.len > 0 ? "need-to-know" : "            ",
           TMG_SPAN_ARG(f->substance), f->substance.len > 0 ? ", " : "", TMG_SPAN_ARG(f->title),
           f->into.len > 0 ? ", merged into " : "", TMG_SPAN_ARG(f->into));
}

static tmg_rc list(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_case *rows;
    size_t count;

    TMG_TRY(tmg_case_list(db, &j->who, ROWS, j->arena, &rows, &count, err));
    TMG_TRY(log_reading(db, &j->who, "case.read", "cases", 0, j->o[PURPOSE].given, err));
    for (size_t i = 0; i < count; i++)
        print_short(&rows[i]);
    return TMG_OK;
}

/* A case is named by its number or by what the list begins with. */
static tmg_rc name_case(job *j, tmg_db *db, tmg_err *err)
{
    return tmg_span_i64(j->name, &j->id) ? TMG_OK : tmg_case_by_number(db, &j->who, j->name, &j->id, err);
}

static tmg_rc show(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_case_event *events;
    tmg_case_task *tasks;
    size_t event_count, task_count;
    tmg_case f;

    TMG_TRY(name_case(j, db, err));
    TMG_TRY(tmg_case_read(db, &j->who, j->id, j->arena, &f, err));
    TMG_TRY(log_reading(db, &j->who, "case.read", "case", j->id, j->o[PURPOSE].given, err));
    TMG_TRY(tmg_task_list(db, j->id, j->arena, &tasks, &task_count, err));
    TMG_TRY(tmg_case_timeline(db, &j->who, j->id, j->arena, &events, &event_count, err));
    print_short(&f);
    for (size_t i = 0; i < task_count; i++)
        printf("  [%s] %.*s%s\n", tasks[i].done_ms != TMG_NONE ? "x" : " ", TMG_SPAN_ARG(tasks[i].title),
               tasks[i].mandatory ? " (mandatory)" : "");
    for (size_t i = 0; i < event_count; i++) {
        TMG_AUTO_BUF at = {0};

        tmg_buf_init(&at, 64);
        tmg_put_minute(&at, j->centre, events[i].at_ms);
        printf("  %.*s  %.*s: %.*s\n", (int)at.len, at.ptr, TMG_SPAN_ARG(events[i].about),
               TMG_SPAN_ARG(events[i].words));
    }
    return TMG_OK;
}

static tmg_rc open_one(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_case f = {.title = j->word, .compartment = tmg_span_of(j->o[COMPARTMENT].given)};

    TMG_TRY(tmg_use_case_open(j->centre, db, &j->who, &f, j->arena, err));
    print_short(&f);
    return TMG_OK;
}

static tmg_rc move(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;
    tmg_case f;

    TMG_TRY(name_case(j, db, err));
    TMG_TRY(tmg_use_case_move(j->centre, db, &j->who, j->id, j->word, tmg_span_of(j->o[NOTE].given), j->arena,
                              &f, err));
    print_short(&f);
    return TMG_OK;
}

static const struct {
    const char *name;
    tmg_write_work work;
    int operands, word; /* which operand is the arrow or the title; 0: none */
    bool named;         /* a case is */
} verbs[] = {{"list", list, 1, 0, false},
             {"show", show, 2, 0, true},
             {"open", open_one, 2, 2, false},
             {"move", move, 3, 3, true}};

tmg_rc cmd_case(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"note", "TEXT", "with move: why", NULL},
        {"purpose", "TEXT", "why it is read; kept in the log", NULL},
        {"compartment", "NAME", "with open: only those whom the case names may read it", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_CENTRE c = NULL;
    job j = {.arena = a, .o = o};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 3, &n, err));
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) != 0 || n != verbs[i].operands)
            continue;
        if (verbs[i].named)
            j.name = tmg_span_of(argv[2]);
        j.word = verbs[i].word != 0 ? tmg_span_of(argv[verbs[i].word]) : (tmg_span){NULL, 0};
        TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
        j.centre = c;
        TMG_TRY(tmg_act_as(c, o[AS].given, TMG_INVESTIGATOR, &j.who, err));
        TMG_TRY(tmg_guard_may(&j.who, TMG_MAY_CASE_READ, 0, err));
        tmg_rc rc = tmg_centre_write(c, verbs[i].work, &j, err);
        return rc == TMG_E_DENIED ? tmg_note_refusal(c, &j.who, "case.read", "case", j.id, err) : rc;
    }
    return TMG_FAIL(err, TMG_E_INVALID,
                    "expected `tamga case list`, `show CASE`, `open TITLE` or `move CASE ARROW`");
}
