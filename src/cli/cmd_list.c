/* Lists that rules look in, from the command line. */
#include "base/csv.h"
#include "base/file.h"
#include "cli/rules_cli.h"

enum { LARGEST = 64 << 20, OPTIONS = 9, AT_ONCE = 1000, CELLS = 8 };
enum { HOME, AS, TITLE, KIND, OWNER, RESTRICTED, NOTE, UNTIL, AT };

typedef struct job {
    tmg_centre *centre;
    const tmg_actor *who;
    const char *verb;
    tmg_list_info info;
    tmg_list_entry *entries;
    tmg_span *values;
    size_t count;
} job;

static tmg_rc work(void *ctx, tmg_db *db, tmg_err *err)
{
    job *j = ctx;

    if (strcmp(j->verb, "make") == 0)
        return tmg_list_make_one(j->centre, db, j->who, &j->info, err);
    if (strcmp(j->verb, "end") == 0)
        return tmg_list_end_all(j->centre, db, j->who, j->info.name, j->values, j->count, err);
    for (size_t from = 0; from < j->count; from += AT_ONCE) {
        size_t n = j->count - from < AT_ONCE ? j->count - from : AT_ONCE;

        TMG_TRY(tmg_list_add_all(j->centre, db, j->who, j->info.name, &j->entries[from], n, err));
    }
    return TMG_OK;
}

/* One value a line, a note may follow behind a comma. */
static tmg_rc read_file(const char *path, tmg_arena *a, job *j, tmg_err *err)
{
    TMG_AUTO_BUF text = {0};
    tmg_span cell[CELLS], bytes;
    size_t n, room = 0;
    tmg_csv csv;

    tmg_buf_init(&text, LARGEST);
    TMG_TRY(tmg_file_read(path, &text, err));
    bytes = tmg_span_copy(a, tmg_buf_as_span(&text));
    tmg_csv_begin(&csv, bytes, ',', a);
    for (;;) {
        TMG_TRY(tmg_csv_row(&csv, cell, CELLS, &n, err));
        if (n == 0)
            return TMG_OK;
        if (!tmg_utf8_valid(cell[0]))
            return TMG_FAIL(err, TMG_E_INVALID, "%s:%zu: the value is not UTF-8", path, csv.line);
        if (j->count == room) {
            tmg_list_entry *more = tmg_alloc_array(a, room = 2 * room + 256, sizeof *more);

            if (j->count > 0)
                memcpy(more, j->entries, j->count * sizeof *more);
            j->entries = more;
        }
        j->entries[j->count++] = (tmg_list_entry){.value = cell[0],
                                                  .note = n > 1 ? cell[1] : (tmg_span){0},
                                                  .from_ms = TMG_NONE,
                                                  .until_ms = TMG_NONE};
    }
}

static tmg_rc take_values(const tmg_centre *c, char **argv, int n, const tmg_option *o, tmg_arena *a, job *j,
                          tmg_err *err)
{
    int64_t until = TMG_NONE;

    TMG_TRY(tmg_arg_time(&o[UNTIL], tmg_centre_settings(c)->offset_min, &until, err));
    j->count = n > 2 ? (size_t)n - 2 : 0;
    j->entries = tmg_alloc_array(a, j->count + 1, sizeof *j->entries);
    j->values = tmg_alloc_array(a, j->count + 1, sizeof *j->values);
    for (size_t i = 0; i < j->count; i++) {
        j->values[i] = tmg_span_of(argv[3 + i]);
        j->entries[i] = (tmg_list_entry){.value = j->values[i],
                                         .note = tmg_span_of(o[NOTE].given),
                                         .from_ms = TMG_NONE,
                                         .until_ms = until};
    }
    return TMG_OK;
}

static tmg_rc show_all(tmg_centre *c, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(LARGEST);
    tmg_list_info *all;
    size_t count;

    TMG_TRY(tmg_list_all(tmg_centre_db(c), a, &all, &count, err));
    for (size_t i = 0; i < count; i++)
        printf("%-24.*s %-5.*s %7lld entries, version %d%s  %.*s\n", TMG_SPAN_ARG(all[i].name),
               TMG_SPAN_ARG(all[i].kind), (long long)all[i].entries, all[i].version,
               all[i].restricted ? ", restricted" : "", TMG_SPAN_ARG(all[i].title));
    return TMG_OK;
}

typedef struct showing {
    const tmg_actor *who;
    tmg_span name;
    int64_t as_of_ms;
    tmg_arena *arena;
    tmg_list_entry *entries;
    size_t count;
} showing;

static tmg_rc read_entries(void *ctx, tmg_db *db, tmg_err *err)
{
    showing *s = ctx;
    tmg_list_info info;

    TMG_TRY(tmg_list_find(db, s->name, s->arena, &info, err));
    TMG_TRY(
        tmg_guard_may(s->who, info.restricted ? TMG_MAY_LIST_READ_RESTRICTED : TMG_MAY_LIST_READ, 0, err));
    TMG_TRY(tmg_list_entries(db, s->name, s->as_of_ms, s->arena, &s->entries, &s->count, err));
    return tmg_list_log_read(db, s->who, s->name, "", err);
}

static tmg_rc show_one(tmg_centre *c, const tmg_actor *who, const char *name, const tmg_option *at,
                       tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);
    showing s = {.who = who, .name = tmg_span_of(name), .as_of_ms = tmg_now_ms(), .arena = a};

    TMG_TRY(tmg_arg_time(at, tmg_centre_settings(c)->offset_min, &s.as_of_ms, err));
    TMG_TRY(tmg_centre_write(c, read_entries, &s, err));
    for (size_t i = 0; i < s.count; i++)
        printf("%.*s%s%.*s\n", TMG_SPAN_ARG(s.entries[i].value), s.entries[i].note.len > 0 ? "  " : "",
               TMG_SPAN_ARG(s.entries[i].note));
    return TMG_OK;
}

static tmg_rc change(tmg_centre *c, job *j, char **argv, int n, const tmg_option *o, tmg_arena *a,
                     tmg_err *err)
{
    if (strcmp(j->verb, "load") == 0) {
        if (n != 3)
            return TMG_FAIL(err, TMG_E_INVALID, "`tamga list load` takes a list and a file");
        TMG_TRY(read_file(argv[3], a, j, err));
    } else {
        TMG_TRY(take_values(c, argv, n, o, a, j, err));
    }
    if (strcmp(j->verb, "make") != 0 && j->count == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "give at least one entry behind the list's name");
    TMG_TRY(tmg_centre_write(c, work, j, err));
    if (strcmp(j->verb, "make") == 0)
        printf("%s: made\n", argv[2]);
    else
        printf("%s: %zu %s\n", argv[2], j->count, strcmp(j->verb, "end") == 0 ? "ended" : "added");
    return TMG_OK;
}

static bool is_verb(const char *verb)
{
    static const char *const verbs[] = {"make", "add", "end", "load", "show"};

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i]) == 0)
            return true;
    return false;
}

tmg_rc cmd_list(int argc, char **argv, tmg_err *err)
{
    tmg_option o[OPTIONS] = {
        {"home", "FOLDER", "the centre", NULL},
        {"as", "ACCOUNT", "act as this account; its password is read from standard input", NULL},
        {"title", "TEXT", "of a new list: what is in it", NULL},
        {"kind", "KIND", "of a new list: code (default) or name", NULL},
        {"owner", "NAME", "of a new list: who answers for it", NULL},
        {"restricted", NULL, "of a new list: its entries are for those with the right", NULL},
        {"note", "TEXT", "of the entries added", NULL},
        {"until", "TIME", "the entries added end by themselves then", NULL},
        {"at", "TIME", "show the list as it stood then", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)256 << 20);
    TMG_AUTO_CENTRE c = NULL;
    tmg_actor who;
    job j = {0};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 1, 1000, &n, err));
    if (!is_verb(argv[1]) || (n < 2 && strcmp(argv[1], "show") != 0))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "expected `tamga list show [LIST]` or `tamga list make|add|end|load LIST ...`");
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    if (n < 2)
        return show_all(c, err);
    TMG_TRY(tmg_act_as(c, o[AS].given, TMG_CHIEF, &who, err));
    if (strcmp(argv[1], "show") == 0)
        return show_one(c, &who, argv[2], &o[AT], err);
    j = (job){.centre = c, .who = &who, .verb = argv[1]};
    j.info = (tmg_list_info){.name = tmg_span_of(argv[2]),
                             .title = tmg_span_of(o[TITLE].given),
                             .kind = tmg_span_of(o[KIND].given != NULL ? o[KIND].given : "code"),
                             .owner = tmg_span_of(o[OWNER].given != NULL ? o[OWNER].given : who.name),
                             .restricted = o[RESTRICTED].given != NULL};
    return change(c, &j, argv, n, o, a, err);
}
