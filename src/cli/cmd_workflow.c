/* The workflows of an office: are its files right, and what do they say? */
#include "cli/casework_cli.h"

enum { ARENA_MAX = 1 << 20 };

static void print_fault(void *ctx, const char *fault)
{
    (void)ctx;
    printf("%s\n", fault);
}

/* Faults are the answer; the exit status says that there are some. */
static tmg_rc check(const char *home, const char *folder, tmg_err *err)
{
    TMG_AUTO_CENTRE c = NULL;
    size_t files, faults;

    TMG_TRY(tmg_workflow_faults(tmg_home(home), folder, print_fault, NULL, &files, &faults, err));
    if (files == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "%s: there is no workflow (*.ini)",
                        folder != NULL ? folder : "config/workflows");
    if (faults > 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "%zu of %zu workflows cannot be used: mend what is named above, and check again",
                        faults, files);
    if (folder == NULL)
        TMG_TRY(tmg_open_here(home, &c, err));
    printf("%zu workflows are right%s\n", files,
           folder == NULL ? ", and know every state that things stand in" : "");
    return TMG_OK;
}

static void print_length(int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{TMG_DAY_MS, "d"}, {TMG_HOUR_MS, "h"}, {60 * TMG_SECOND_MS, "min"}};
    size_t i = 0;

    while (ms % units[i].ms != 0 && i < 2)
        i++;
    printf("%lld %s", (long long)(ms / units[i].ms), units[i].unit);
}

static void print_names(const char *before, const tmg_span *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s%.*s", i == 0 ? before : ", ", TMG_SPAN_ARG(names[i]));
}

static void print_arrow(const tmg_flow_arrow *w)
{
    const char *before = "";

    printf("  %.*s:", TMG_SPAN_ARG(w->name));
    print_names(" ", w->from, w->from_count);
    printf(" -> %.*s\n    by ", TMG_SPAN_ARG(w->to));
    for (int r = 1; r < TMG_ROLES; r++)
        if ((w->roles & (1U << r)) != 0) {
            printf("%s%s", before, tmg_role_name((tmg_role)r));
            before = ", ";
        }
    printf("%s%s%s", w->by_clock ? before : "", w->by_clock ? "the clock" : "",
           w->four_eyes ? "; a second person" : "");
    printf("%s", w->needs_note ? "; with a note" : "");
    print_names("; when ", w->guards, w->guard_count);
    print_names("; then ", w->follow, w->follow_count);
    printf("\n");
}

static tmg_rc print_flow(const tmg_flows *f, tmg_span kind, tmg_err *err)
{
    const tmg_flow_state *states;
    const tmg_flow_arrow *arrows;
    size_t state_count, arrow_count;
    const char *file;
    tmg_span first;

    TMG_TRY(tmg_flow_begins(f, kind, &first, &file, err));
    TMG_TRY(tmg_flow_describe(f, kind, &states, &state_count, &arrows, &arrow_count, err));
    printf("%.*s (%s)\n", TMG_SPAN_ARG(kind), file);
    for (size_t i = 0; i < state_count; i++) {
        printf("  [%.*s]%s%s", TMG_SPAN_ARG(states[i].name),
               tmg_span_eq(states[i].name, first) ? " first" : "", states[i].final ? " final" : "");
        if (states[i].deadline_ms != TMG_NONE) {
            printf(" within ");
            print_length(states[i].deadline_ms);
            print_names(" from ", &states[i].counts_from, states[i].counts_from.len > 0);
            print_names(", else ", &states[i].overdue, states[i].overdue.len > 0);
        }
        printf("\n");
    }
    for (size_t i = 0; i < arrow_count; i++)
        print_arrow(&arrows[i]);
    return TMG_OK;
}

static tmg_rc show(const char *home, const char *kind, tmg_err *err)
{
    TMG_AUTO_CENTRE c = NULL;
    const tmg_span *kinds;

    TMG_TRY(tmg_open_here(home, &c, err));
    if (kind != NULL)
        return print_flow(tmg_centre_flows(c), tmg_span_of(kind), err);
    size_t count = tmg_flow_kinds(tmg_centre_flows(c), &kinds);
    for (size_t i = 0; i < count; i++)
        TMG_TRY(print_flow(tmg_centre_flows(c), kinds[i], err));
    return TMG_OK;
}

tmg_rc cmd_workflow(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 1, 1, 2, &n, err));
    const char *operand = n == 2 ? argv[2] : NULL;
    if (strcmp(argv[1], "check") == 0)
        return check(o[0].given, operand, err);
    if (strcmp(argv[1], "show") == 0)
        return show(o[0].given, operand, err);
    return TMG_FAIL(err, TMG_E_INVALID,
                    "expected `tamga workflow check [FOLDER]` or `tamga workflow show [KIND]`");
}
