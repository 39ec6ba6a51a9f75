#include "base/file.h"
#include "base/qty.h"
#include "cli/cli.h"

static void print_help(const char *command, const tmg_option *list, size_t n)
{
    const tmg_command *c = tmg_find_command(command);

    printf("Usage: tamga %s [options] %s\n  %s\n\n", command, c->operands, c->summary);
    for (size_t i = 0; i < n; i++)
        printf("  --%s%s%s%*s %s\n", list[i].name, list[i].value != NULL ? " " : "",
               list[i].value != NULL ? list[i].value : "",
               (int)(24 - strlen(list[i].name) - (list[i].value != NULL ? strlen(list[i].value) + 1 : 0)), "",
               list[i].help);
}

static tmg_option *find_option(tmg_option *list, size_t n, tmg_span name)
{
    for (size_t i = 0; i < n; i++)
        if (tmg_span_is(name, list[i].name))
            return &list[i];
    return NULL;
}

/* Takes "--name=value" or "--name value"; *at moves over what was used. */
static tmg_rc take_option(int argc, char **argv, int *at, tmg_option *list, size_t n, tmg_err *err)
{
    const char *arg = argv[*at] + 2;
    const char *equals = strchr(arg, '=');
    tmg_span name = {arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg)};
    tmg_option *o;

    if (tmg_span_is(name, "help")) {
        print_help(argv[0], list, n);
        exit(0);
    }
    o = find_option(list, n, name);
    if (o == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "there is no option --%.*s; `tamga %s --help` lists them",
                        TMG_SPAN_ARG(name), argv[0]);
    if (o->value == NULL && equals != NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "--%s takes no value", o->name);
    if (o->value == NULL) {
        o->given = "";
    } else if (equals != NULL) {
        o->given = equals + 1;
    } else {
        if (*at + 1 >= argc)
            return TMG_FAIL(err, TMG_E_INVALID, "--%s needs a value: %s", o->name, o->value);
        o->given = argv[++*at];
    }
    return TMG_OK;
}

tmg_rc tmg_args(int argc, char **argv, tmg_option *list, size_t n, int least, int most, int *ret_operands,
                tmg_err *err)
{
    int operands = 0;
    bool options = true;

    for (int i = 1; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && strncmp(argv[i], "--", 2) == 0)
            TMG_TRY(take_option(argc, argv, &i, list, n, err));
        else
            argv[1 + operands++] = argv[i];
    }
    if (operands < least || operands > most)
        return TMG_FAIL(err, TMG_E_INVALID, "%s; `tamga %s --help` says what it takes",
                        operands < least ? "something is missing" : "there are too many operands", argv[0]);
    *ret_operands = operands;
    return TMG_OK;
}

tmg_rc tmg_arg_number(const tmg_option *o, int64_t least, int64_t most, int64_t *ret, tmg_err *err)
{
    int64_t v;

    if (o->given == NULL)
        return TMG_OK;
    if (!tmg_span_i64(tmg_span_of(o->given), &v) || v < least || v > most)
        return TMG_FAIL(err, TMG_E_INVALID, "--%s: expected a whole number from %lld to %lld, not \"%s\"",
                        o->name, (long long)least, (long long)most, o->given);
    *ret = v;
    return TMG_OK;
}

tmg_rc tmg_arg_time(const tmg_option *o, int offset_min, int64_t *ret_ms, tmg_err *err)
{
    tmg_instant t;

    if (o->given == NULL)
        return TMG_OK;
    if (tmg_instant_parse(tmg_span_of(o->given), offset_min, &t, err) != TMG_OK)
        return tmg_err_within(err, "--%s", o->name);
    *ret_ms = t.at_ms;
    return TMG_OK;
}

tmg_rc tmg_arg_day(const tmg_option *o, int32_t *ret, tmg_err *err)
{
    if (o->given != NULL && tmg_day_parse(tmg_span_of(o->given), ret, err) != TMG_OK)
        return tmg_err_within(err, "--%s", o->name);
    return TMG_OK;
}

const char *tmg_home(const char *given)
{
    if (given != NULL)
        return given;
    if (getenv("TAMGA_HOME") != NULL)
        return getenv("TAMGA_HOME");
    return tmg_path_exists("tamga.ini") ? "." : "demo";
}

tmg_rc tmg_open_here(const char *given_home, tmg_centre **ret, tmg_err *err)
{
    return tmg_centre_open(tmg_home(given_home), ret, err);
}

tmg_actor tmg_console_as(tmg_role role)
{
    tmg_actor who = tmg_actor_console();

    who.role = role;
    return who;
}

tmg_rc tmg_find_consignment(tmg_db *db, const char *name, int64_t *ret_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    tmg_declaration d;
    int64_t id;
    tmg_rc rc = tmg_consignment_by_ref(db, tmg_span_of(name), ret_id, err);

    if (rc != TMG_E_NOT_FOUND || !tmg_span_i64(tmg_span_of(name), &id))
        return rc;
    TMG_TRY(tmg_consignment_load(db, id, a, &d, err));
    *ret_id = id;
    return TMG_OK;
}

void tmg_percent(tmg_buf *b, int64_t ppb)
{
    /* Three digits that count: 31.4 %, 2.07 %, 0.04 %. */
    int scale = ppb >= TMG_PPB / 10 ? 1 : 2;
    int64_t unit = scale == 1 ? TMG_PPB / 1000 : TMG_PPB / 10000;

    if (ppb >= TMG_PPB / 1000 * 999 || ppb < TMG_PPB / 10000) {
        tmg_buf_z(b, ppb > TMG_PPB / 2 ? "> 99.9 %" : "< 0.01 %");
        return;
    }
    tmg_decimal_write_fixed(b, (ppb + unit / 2) / unit, scale);
    tmg_buf_z(b, " %");
}
