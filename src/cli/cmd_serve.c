#include "cli/cli.h"
#include "report/paper.h"
#include "web/web.h"

tmg_rc cmd_serve(int argc, char **argv, tmg_err *err)
{
    enum { HOME, HOST, PORT };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"host", "ADDRESS", "where to listen; the one in tamga.ini when not given", NULL},
                      {"port", "N", "0 picks a free one; the one in tamga.ini when not given", NULL}};
    tmg_serve_options serve = {.port = -1};
    int64_t port = -1;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 3, 0, 0, &n, err));
    TMG_TRY(tmg_arg_number(&o[PORT], 0, 65535, &port, err));
    serve.host = o[HOST].given;
    serve.port = (int)port;
    tmg_rc rc = tmg_serve(tmg_home(o[HOME].given), &serve, err);

    tmg_paper_fonts_done();
    return rc;
}
