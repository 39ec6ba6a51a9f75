/* Rules from the command line: what can be said of their text alone. */
#include "base/file.h"
#include "cli/cli.h"
#include "cli/rules_cli.h"
#include "rule/rule.h"

enum { LARGEST = 64 << 20 };

/* Faults with their places, as compilers print them; how many are errors. */
static size_t print_faults(FILE *to, const char *path, tmg_span source, const tmg_fault *faults, size_t count)
{
    TMG_AUTO_BUF b = {0};
    size_t errors = 0;

    tmg_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        tmg_buf_clear(&b);
        tmg_fault_write(&b, path, source, &faults[i]);
        fputs(b.ptr, to);
        errors += faults[i].kind != TMG_FAULT_WARNING;
    }
    return errors;
}

/* The centre's day and its clock's offset decide what has expired; without a centre, today by UTC. */
static tmg_rule_lexicon lexicon(void)
{
    return (tmg_rule_lexicon){.today = tmg_day_of(tmg_now_ms(), 0)};
}

static tmg_rc check_file(const char *path, size_t *errors, size_t *rules, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(512 << 20);
    TMG_AUTO_BUF source = {0};
    tmg_rule_lexicon lex = lexicon();
    tmg_reading reading;

    tmg_buf_init(&source, LARGEST);
    TMG_TRY(tmg_file_read(path, &source, err));
    tmg_rules_read(tmg_buf_as_span(&source), &lex, a, &reading);
    *errors += print_faults(stdout, path, tmg_buf_as_span(&source), reading.faults, reading.fault_count);
    for (size_t i = 0; i < reading.rule_count; i++) {
        const tmg_rule *r = &reading.rules[i];

        printf("%s:%d: rule \"%.*s\" version %d: good; costs at most %lld comparisons per item\n", path,
               r->line, TMG_SPAN_ARG(r->name), r->version, (long long)r->cost);
    }
    *rules += reading.rule_count;
    return TMG_OK;
}

static tmg_rc check(int argc, char **argv, tmg_err *err)
{
    size_t errors = 0, rules = 0;

    for (int i = 0; i < argc; i++)
        TMG_TRY(check_file(argv[i], &errors, &rules, err));
    fprintf(stderr, "%zu %s, %zu %s good\n", errors, errors == 1 ? "error" : "errors", rules,
            rules == 1 ? "rule is" : "rules are");
    if (errors > 0) { /* as compilers end: 1 for what was read, other codes for what could not be read */
        fflush(stdout);
        exit(1);
    }
    return TMG_OK;
}

static tmg_rc format(int argc, char **argv, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(512 << 20);
    TMG_AUTO_BUF source = {0};
    TMG_AUTO_BUF out = {0};
    tmg_reading reading;
    size_t errors = 0;

    (void)argc;
    tmg_buf_init(&source, LARGEST);
    tmg_buf_init(&out, 2 * (size_t)LARGEST);
    TMG_TRY(tmg_file_read(argv[0], &source, err));
    tmg_rules_read(tmg_buf_as_span(&source), NULL, a, &reading);
    for (size_t i = 0; i < reading.fault_count; i++)
        errors += reading.faults[i].kind != TMG_FAULT_WARNING;
    if (errors > 0) {
        (void)print_faults(stdout, argv[0], tmg_buf_as_span(&source), reading.faults, reading.fault_count);
        return TMG_FAIL(err, TMG_E_INVALID, "only rules without errors can be formatted");
    }
    tmg_rules_format(&out, tmg_buf_as_span(&source), &reading);
    fputs(out.ptr, stdout);
    return TMG_OK;
}

/* The rules go to standard output, what could not be carried over to standard error. */
static tmg_rc import_asycuda(int argc, char **argv, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(512 << 20);
    TMG_AUTO_BUF source = {0};
    TMG_AUTO_BUF out = {0};
    tmg_fault *faults;
    size_t count, errors;

    (void)argc;
    tmg_buf_init(&source, LARGEST);
    tmg_buf_init(&out, LARGEST);
    TMG_TRY(tmg_file_read(argv[0], &source, err));
    tmg_asycuda_criteria(tmg_buf_as_span(&source), TMG_SPAN("desk:asycuda"), a, &out, &faults, &count);
    errors = print_faults(stderr, argv[0], tmg_buf_as_span(&source), faults, count);
    fputs(out.ptr, stdout);
    if (errors > 0)
        return TMG_FAIL(err, TMG_E_INVALID, "%zu %s could not be carried over", errors,
                        errors == 1 ? "criterion" : "criteria");
    return TMG_OK;
}

static tmg_rc fields(int argc, char **argv, tmg_err *err)
{
    static const char *const types[] = {"yes/no", "code", "text", "set", "number", "instant", "duration"};
    size_t count;
    const tmg_rule_field *f = tmg_rule_fields(&count);

    (void)argc;
    (void)argv;
    (void)err;
    printf("%-18s %-8s %-8s %-6s %-5s %s\n", "field", "type", "unit", "by", "under", "what it is");
    for (size_t i = 0; i < count; i++)
        printf("%-18s %-8s %-8s %-6s %-5s %s\n", f[i].name, types[f[i].type], f[i].unit,
               f[i].entity ? "yes" : "", f[i].is_tree ? "yes" : "", f[i].words);
    return TMG_OK;
}

typedef struct subcommand {
    const char *name;
    int least, most; /* operands behind its name */
    tmg_rc (*run)(int argc, char **argv, tmg_err *err);
} subcommand;

static const subcommand subcommands[] = {
    {"check", 1, 1000, check},
    {"format", 1, 1, format},
    {"fields", 0, 0, fields},
    {"import-asycuda", 1, 1, import_asycuda},
};

tmg_rc cmd_rule(int argc, char **argv, tmg_err *err)
{
    int n;

    if (argc > 1 && tmg_rule_life_has(argv[1]))
        return cmd_rule_life(argc, argv, err);
    TMG_TRY(tmg_args(argc, argv, NULL, 0, 1, 1001, &n, err));
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
        const subcommand *s = &subcommands[i];

        if (strcmp(argv[1], s->name) != 0)
            continue;
        if (n - 1 < s->least || n - 1 > s->most)
            return TMG_FAIL(err, TMG_E_INVALID, "`tamga rule %s` takes %s", s->name,
                            s->most == 0   ? "nothing more"
                            : s->most == 1 ? "one file"
                                           : "one or more files");
        return s->run(n - 1, argv + 2, err);
    }
    return TMG_FAIL(err, TMG_E_INVALID,
                    "there is no `tamga rule %s`; there are check, format, fields and import-asycuda",
                    argv[1]);
}
