/* Making a centre and giving it its first contents. */
#include "app/models.h"
#include "base/file.h"
#include "cli/cli.h"

tmg_rc cmd_init(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"name", "NAME", "name of the centre, as it stands in its log (default: tamga)", NULL}};
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 1, 1, 1, &n, err));
    TMG_TRY(tmg_centre_make(argv[1], o[0].given != NULL ? o[0].given : "tamga", false, 0, err));
    printf("made a centre in %s\nnext: `tamga posts FILE --home %s`, `tamga account add NAME --role chief "
           "--home %s`, `tamga import "
           "...`, `tamga serve`\n",
           argv[1], argv[1], argv[1]);
    return TMG_OK;
}

tmg_rc cmd_posts(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}};
    tmg_actor who = tmg_actor_console();
    TMG_AUTO_CENTRE c = NULL;
    int64_t count;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 1, 1, 1, &n, err));
    TMG_TRY(tmg_open_here(o[0].given, &c, err));
    TMG_TRY(tmg_load_posts(c, &who, argv[1], &count, err));
    printf("%lld posts\n", (long long)count);
    return TMG_OK;
}

tmg_rc cmd_codes(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}};
    tmg_actor who = tmg_actor_console();
    TMG_AUTO_CENTRE c = NULL;
    tmg_file file;
    int64_t count, skipped;
    tmg_rc rc;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 1, 2, 2, &n, err));
    if (strcmp(argv[1], "import") != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "expected `tamga codes import FILE`");
    TMG_TRY(tmg_open_here(o[0].given, &c, err));
    TMG_TRY(tmg_file_map(argv[2], &file, err));
    rc = tmg_load_codes(c, &who, file.bytes, &count, &skipped, err);
    tmg_file_unmap(&file);
    if (rc != TMG_OK)
        return tmg_err_within(err, "%s", argv[2]);
    printf("%lld codes; %lld lines that are no code were passed over\n", (long long)count,
           (long long)skipped);
    return TMG_OK;
}

tmg_rc cmd_calibrate(int argc, char **argv, tmg_err *err)
{
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL}};
    tmg_actor who = tmg_actor_console();
    TMG_AUTO_CENTRE c = NULL;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 1, 0, 0, &n, err));
    TMG_TRY(tmg_open_here(o[0].given, &c, err));
    TMG_TRY(tmg_calibrate(c, &who, err));
    TMG_TRY(tmg_learn_fusion(c, &who, err));
    TMG_TRY(tmg_reassess_ahead(c, &who, err));
    puts("probabilities, the joining of the chains and the weights of rules fitted to the results so far; "
         "what waits is judged "
         "again");
    return TMG_OK;
}
