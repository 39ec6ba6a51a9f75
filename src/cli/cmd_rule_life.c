/* A rule's way from a file to being live, and what it does there. */
#include "app/back_test.h"
#include "base/file.h"
#include "cli/rules_cli.h"

enum { LARGEST = 64 << 20, OPTIONS = 7 };
enum { HOME, AS, NOTE, VERSION, FROM, TO, STATE };

/* ---- who ---- */

typedef struct sign_in {
    const char *name;
    bool fits, denied;
    tmg_actor *who;
    tmg_err why;
} sign_in;

/* What a refusal writes must be kept, so the job itself succeeds. */
static tmg_rc open_session(void *ctx, tmg_db *db, tmg_err *err)
{
    sign_in *s = ctx;
    tmg_session session;
    tmg_rc rc =
        tmg_session_open(db, tmg_span_of(s->name), s->fits, TMG_SPAN("console"), &session, s->who, &s->why);

    s->denied = rc == TMG_E_DENIED;
    if (rc == TMG_OK)
        return tmg_session_close(db, s->who, tmg_span_of(session.token), err);
    if (!s->denied && err != NULL)
        *err = s->why;
    return s->denied ? TMG_OK : rc;
}

tmg_rc tmg_act_as(tmg_centre *c, const char *name, tmg_role otherwise, tmg_actor *ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    char password[300] = "";
    tmg_span stored = {0};
    sign_in s = {.name = name, .who = ret};
    tmg_rc rc;

    if (name == NULL) {
        *ret = tmg_console_as(otherwise);
        return TMG_OK;
    }
    TMG_TRY(tmg_read_password(password, sizeof password, err));
    rc = tmg_account_secret(tmg_centre_db(c), tmg_span_of(name), a, &stored, err);
    if (rc != TMG_OK && rc != TMG_E_NOT_FOUND)
        return rc;
    s.fits = tmg_password_fits(stored, tmg_span_of(password));
    TMG_TRY(tmg_centre_write(c, open_session, &s, err));
    (void)snprintf(ret->from, sizeof ret->from, "console");
    if (s.denied) {
        *err = s.why;
        return TMG_E_DENIED;
    }
    return TMG_OK;
}

/* ---- saving ---- */

typedef struct saving {
    tmg_centre *centre;
    const tmg_actor *who;
    tmg_span text, note;
    tmg_arena *arena;
    tmg_rule_kept kept;
} saving;

static tmg_rc save(void *ctx, tmg_db *db, tmg_err *err)
{
    saving *s = ctx;

    return tmg_rule_keep(s->centre, db, s->who, s->text, s->note, s->arena, &s->kept, err);
}

static void print_faults(const char *path, tmg_span text, const tmg_reading *r)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < r->fault_count; i++)
        tmg_fault_write(&b, path, text, &r->faults[i]);
    fputs(b.ptr, stderr);
}

static tmg_rc save_one(tmg_centre *c, const tmg_actor *who, const char *path, tmg_span text, tmg_span note,
                       tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);
    saving s = {.centre = c, .who = who, .text = text, .note = note, .arena = a};

    TMG_TRY(tmg_centre_write(c, save, &s, err));
    print_faults(path, text, &s.kept.reading);
    if (tmg_reading_fails(&s.kept.reading))
        return TMG_FAIL(err, TMG_E_INVALID, "%s: the rule has faults and was not saved", path);
    printf("%.*s version %d: %s\n", TMG_SPAN_ARG(s.kept.version.name), s.kept.version.version,
           s.kept.saved ? "saved as a draft" : "says this already");
    return TMG_OK;
}

/* A file of several rules is saved rule by rule; where it has faults it goes in whole, so that they are told,
 * and logged where they must be. */
static tmg_rc add_file(tmg_centre *c, const tmg_actor *who, const char *path, tmg_span note, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);
    TMG_AUTO_BUF text = {0};
    tmg_rule_lexicon lex;
    tmg_reading r;

    tmg_buf_init(&text, LARGEST);
    TMG_TRY(tmg_file_read(path, &text, err));
    TMG_TRY(tmg_rule_lexicon_read(c, tmg_centre_db(c), a, &lex, err));
    tmg_rules_read(tmg_buf_as_span(&text), &lex, a, &r);
    if (tmg_reading_fails(&r) || r.rule_count <= 1)
        return save_one(c, who, path, tmg_buf_as_span(&text), note, err);
    for (size_t i = 0; i < r.rule_count; i++)
        TMG_TRY(save_one(c, who, path, r.rules[i].text, note, err));
    return TMG_OK;
}

/* ---- moving ---- */

typedef struct moving {
    tmg_centre *centre;
    const tmg_actor *who;
    tmg_span name, note;
    int32_t version;
    tmg_rule_move move;
    tmg_arena *arena;
    tmg_rule_version after;
} moving;

static tmg_rc move(void *ctx, tmg_db *db, tmg_err *err)
{
    moving *m = ctx;

    return tmg_rule_step_take(m->centre, db, m->who, m->name, m->version, m->move, m->note, m->arena,
                              &m->after, err);
}

static tmg_rc move_rule(tmg_centre *c, const tmg_actor *who, tmg_rule_move what, const char *name,
                        int64_t version, tmg_span note, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)64 << 20);
    moving m = {.centre = c,
                .who = who,
                .name = tmg_span_of(name),
                .note = note,
                .version = (int32_t)version,
                .move = what,
                .arena = a};

    TMG_TRY(tmg_centre_write(c, move, &m, err));
    printf("%s version %d is %s\n", name, m.after.version, tmg_rule_state_name(m.after.state));
    return TMG_OK;
}

/* ---- testing ---- */

typedef struct keeping {
    tmg_centre *centre;
    const tmg_actor *who;
    const tmg_back_test *made;
    tmg_span text;
    int64_t id;
} keeping;

static tmg_rc keep(void *ctx, tmg_db *db, tmg_err *err)
{
    keeping *k = ctx;

    return tmg_back_test_keep(k->centre, db, k->who, k->made, k->text, &k->id, err);
}

static void show_progress(void *ctx, int64_t done, int64_t of)
{
    const tmg_source_counts none = {0};

    (void)ctx;
    tmg_progress("history", (size_t)done, (size_t)of, &none);
}

static tmg_rc test_text(tmg_centre *c, const tmg_actor *who, const char *path, const tmg_back_test_ask *asked,
                        tmg_arena *a, tmg_back_test *ret, tmg_err *err)
{
    tmg_back_test_ask ask = *asked;
    keeping k = {.centre = c, .who = who, .made = ret, .text = ask.text};
    TMG_AUTO_DB db = NULL;

    ask.progress = show_progress;
    TMG_TRY(tmg_centre_reader(c, &db, err));
    TMG_TRY(tmg_back_test_run(c, db, who, &ask, a, ret, err));
    tmg_progress_end();
    TMG_TRY(tmg_centre_write(c, keep, &k, err));
    if (ret->ran)
        return TMG_OK;
    print_faults(path, ask.text, &ret->reading);
    return TMG_FAIL(err, TMG_E_INVALID, "%s: the rule has faults and was not tested", path);
}

/* What is no rule of this centre is a file. */
static tmg_rc text_of(tmg_centre *c, const char *name, int64_t version, tmg_arena *a, tmg_buf *file,
                      tmg_span *ret, tmg_err *err)
{
    tmg_rule_version v;
    tmg_rc rc = tmg_rule_version_find(tmg_centre_db(c), tmg_span_of(name), (int32_t)version, a, &v, err);

    if (rc == TMG_OK)
        *ret = v.text;
    if (rc != TMG_E_NOT_FOUND || !tmg_path_exists(name))
        return rc;
    tmg_buf_init(file, LARGEST);
    TMG_TRY(tmg_file_read(name, file, err));
    *ret = tmg_buf_as_span(file);
    return TMG_OK;
}

static tmg_rc test_rule(tmg_centre *c, const tmg_actor *who, const char *name, int64_t version,
                        const tmg_option *o, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);
    TMG_AUTO_BUF file = {0};
    tmg_back_test_ask ask = {.from_day = INT32_MIN, .to_day = INT32_MIN};
    tmg_back_test made;

    TMG_TRY(text_of(c, name, version, a, &file, &ask.text, err));
    if (o[FROM].given != NULL && tmg_day_parse(tmg_span_of(o[FROM].given), &ask.from_day, err) != TMG_OK)
        return tmg_err_within(err, "--from");
    if (o[TO].given != NULL && tmg_day_parse(tmg_span_of(o[TO].given), &ask.to_day, err) != TMG_OK)
        return tmg_err_within(err, "--to");
    TMG_TRY(test_text(c, who, name, &ask, a, &made, err));
    return tmg_print_back_test(made.report, err);
}

/* ---- the command ---- */

static const char *const verbs[] = {"add",    "propose", "approve", "refuse", "shadow",     "withdraw",
                                    "retire", "test",    "list",    "show",   "leaderboard"};

bool tmg_rule_life_has(const char *verb)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i]) == 0)
            return true;
    return false;
}

static tmg_rc need_one(const char *verb, int operands, tmg_err *err)
{
    if (operands == 2)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID, "`tamga rule %s` takes the name of one rule", verb);
}

static tmg_rc run(tmg_centre *c, const char *verb, char **argv, int n, const tmg_option *o, tmg_err *err)
{
    tmg_rule_move m = tmg_rule_move_of(tmg_span_of(verb));
    tmg_span note = tmg_span_of(o[NOTE].given);
    int64_t version = 0;
    tmg_actor who;

    TMG_TRY(tmg_arg_number(&o[VERSION], 1, INT32_MAX, &version, err));
    if (strcmp(verb, "list") == 0)
        return tmg_print_rules(c, o[STATE].given, err);
    if (strcmp(verb, "leaderboard") == 0)
        return tmg_print_board(c, o[FROM].given, o[TO].given, err);
    if (strcmp(verb, "show") == 0) {
        TMG_TRY(need_one(verb, n, err));
        return tmg_print_rule(c, argv[2], (int32_t)version, err);
    }
    TMG_TRY(tmg_act_as(c, o[AS].given,
                       m == TMG_RULE_REFUSE || m == TMG_RULE_RETIRE || m == TMG_RULE_APPROVE ? TMG_CHIEF
                                                                                             : TMG_ANALYST,
                       &who, err));
    if (strcmp(verb, "add") == 0) {
        if (n < 2)
            return TMG_FAIL(err, TMG_E_INVALID, "`tamga rule add` takes files of rules");
        for (int i = 2; i <= n; i++)
            TMG_TRY(add_file(c, &who, argv[i], note, err));
        return TMG_OK;
    }
    TMG_TRY(need_one(verb, n, err));
    return m != 0 ? move_rule(c, &who, m, argv[2], version, note, err)
                  : test_rule(c, &who, argv[2], version, o, err);
}

tmg_rc cmd_rule_life(int argc, char **argv, tmg_err *err)
{
    tmg_option o[OPTIONS] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"note", "TEXT", "purpose, data and effect of a proposal; why it is refused or ended", NULL},
        {"version", "N", "of the rule; the newest when not given", NULL},
        {"from", "DATE", "first day of a test or the leaderboard; a year back", NULL},
        {"to", "DATE", "last day; today", NULL},
        {"state", "STATE", "list only these: draft, shadow, proposed, live, ...", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 1000, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    return run(c, argv[1], argv, n, o, err);
}
