/* Official papers and the period's report, from the command line. */
#include "app/papers.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/papers_cli.h"

enum { ARENA_MAX = 256 << 20 };

typedef struct paper_job {
    tmg_centre *centre;
    const tmg_actor *who;
    const tmg_paper_ask *ask;
    tmg_arena *arena;
    tmg_paper_made *made;
} paper_job;

static tmg_rc prepare(void *ctx, tmg_db *db, tmg_err *err)
{
    paper_job *job = ctx;

    return tmg_paper_prepare(job->centre, db, job->who, job->ask, job->arena, job->made, err);
}

static tmg_rc enter(void *ctx, tmg_db *db, tmg_err *err)
{
    paper_job *job = ctx;

    return tmg_paper_enter(db, job->who, job->made, err);
}

tmg_rc tmg_issue_paper(tmg_centre *c, const tmg_actor *who, const tmg_paper_ask *ask, const char *out,
                       tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_BUF pdf = {0};
    tmg_paper_made made;
    paper_job job = {c, who, ask, a, &made};

    tmg_buf_init(&pdf, TMG_PAPER_MAX);
    TMG_TRY(tmg_centre_write(c, prepare, &job, err));
    tmg_rc rc = tmg_paper_make(c, tmg_centre_db(c), who, &made, a, &pdf, err);
    tmg_paper_fonts_done();
    TMG_TRY(rc);
    TMG_TRY(tmg_centre_write(c, enter, &job, err));
    TMG_TRY(tmg_file_write(out, tmg_buf_as_span(&pdf), 0640, err));
    printf("%s: %d page%s, SHA-256 %s\n", out, made.pages, made.pages == 1 ? "" : "s", made.hash);
    return TMG_OK;
}

/* A record is named by its number ("O-2026-000017") or by its id. */
static tmg_rc find_record(tmg_db *db, const char *sql, const char *what, const char *name, int64_t *ret,
                          tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    if (tmg_span_i64(tmg_span_of(name), ret))
        return TMG_OK;
    TMG_TRY(tmg_sql(db, sql, &s, err));
    tmg_bind_text(s, 1, tmg_span_of(name));
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no %s \"%s\"", what, name);
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static const struct {
    const char *kind, *what, *sql;
    tmg_role role;
} papers[] = {
    {"target", "consignment", NULL, TMG_CHIEF},
    {"act", "order", "SELECT id FROM inspection_order WHERE number = $1", TMG_CHIEF},
    {"seizure", "seizure", "SELECT id FROM seizure WHERE number = $1", TMG_CHIEF},
    {"custody_act", "custody",
     "SELECT u.id FROM custody u JOIN exhibit e ON e.id = u.exhibit_id WHERE e.number || '/' || "
     "u.no = $1",
     TMG_CUSTODIAN},
    {"destruction_act", "custody",
     "SELECT max(u.id) FROM custody u JOIN exhibit e ON e.id = u.exhibit_id WHERE e.number "
     "= $1 HAVING count(*) > 0",
     TMG_CUSTODIAN},
    {"dossier", "case", "SELECT id FROM case_file WHERE number = $1", TMG_INVESTIGATOR},
    {"dossier_persons", "case", "SELECT id FROM case_file WHERE number = $1", TMG_INVESTIGATOR},
};

static tmg_rc about_of(tmg_db *db, const char *kind, const char *name, char *ret, size_t room,
                       tmg_role *ret_role, tmg_err *err)
{
    int64_t id = 0;
    size_t i = 0;

    while (i < sizeof papers / sizeof papers[0] && strcmp(papers[i].kind, kind) != 0)
        i++;
    if (i == sizeof papers / sizeof papers[0])
        return TMG_FAIL(err, TMG_E_INVALID,
                        "there is no paper \"%s\": target, act, seizure, dossier, dossier_persons, "
                        "custody_act EXHIBIT/EVENT, "
                        "destruction_act EXHIBIT, or `tamga report "
                        "--format pdf`",
                        kind);
    *ret_role = papers[i].role;
    if (tmg_span_starts(tmg_span_of(name), "post:")) {
        (void)snprintf(ret, room, "%s", name);
        return TMG_OK;
    }
    if (papers[i].sql == NULL)
        TMG_TRY(tmg_find_consignment(db, name, &id, err));
    else
        TMG_TRY(find_record(db, papers[i].sql, papers[i].what, name, &id, err));
    (void)snprintf(ret, room, "%s:%lld", papers[i].what, (long long)id);
    return TMG_OK;
}

tmg_rc cmd_paper(int argc, char **argv, tmg_err *err)
{
    enum { HOME, LANGUAGE, OUT, PURPOSE, OPTIONS };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"language", "LANGUAGE", "az, en or ru; az", NULL},
                      {"out", "FILE", "where the PDF goes; KIND.pdf", NULL},
                      {"purpose", "TEXT", "dossier_persons: what the persons are read for", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    char about[128], file[64];
    tmg_role role = TMG_CHIEF;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 2, 2, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    TMG_TRY(about_of(tmg_centre_db(c), argv[1], argv[2], about, sizeof about, &role, err));
    (void)snprintf(file, sizeof file, "%s.pdf", argv[1]);
    tmg_actor who = tmg_console_as(role);
    const tmg_paper_ask ask = {.kind = tmg_span_of(argv[1]),
                               .about = tmg_span_of(about),
                               .language = tmg_span_of(o[LANGUAGE].given != NULL ? o[LANGUAGE].given : "az"),
                               .purpose = tmg_span_of(o[PURPOSE].given)};
    return tmg_issue_paper(c, &who, &ask, o[OUT].given != NULL ? o[OUT].given : file, err);
}
