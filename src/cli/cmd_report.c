/* The figures of a period: as text, paper, spreadsheet, CSV or JSON; and a published report held against
 * them. */
#include "app/papers.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/papers_cli.h"
#include "report/export.h"

#include <unistd.h>

enum { ARENA_MAX = 256 << 20, REPORT_MAX = 4 << 20 };

typedef struct report_job {
    tmg_centre *centre;
    tmg_report_ask ask;
    tmg_report report;
    tmg_paper_words *words;
    tmg_arena *arena;
    const char *layout, *language, *format, *list, *out;
} report_job;

/* ---- as text ---- */

static void print_row(const report_job *job, const tmg_report_row *row)
{
    tmg_span held = tmg_report_held(job->words);
    tmg_span now = row->held ? held : tmg_report_quantity(job->words, job->arena, row, row->value);

    printf("  %s%.*s: %.*s", row->kind == TMG_ROW_PART ? "  " : "", TMG_SPAN_ARG(row->words),
           TMG_SPAN_ARG(now));
    if (row->of != TMG_NONE)
        printf(" (%.*s)", TMG_SPAN_ARG(tmg_report_share(job->words, job->arena, row)));
    if (row->before != TMG_NONE)
        printf(" | %.*s | %.*s",
               TMG_SPAN_ARG(row->before_held ? held
                                             : tmg_report_quantity(job->words, job->arena, row, row->before)),
               TMG_SPAN_ARG(tmg_report_change(job->words, job->arena, row)));
    putchar('\n');
}

static void print_gaps(const report_job *job, const tmg_gap *gaps, size_t count)
{
    printf("\n%.*s\n", TMG_SPAN_ARG(tmg_paper_word(job->words, "report_section", "reconciliation")));
    for (size_t i = 0; i < count; i++) {
        const tmg_gap *g = &gaps[i];

        if (tmg_gap_is_held(&job->report, g))
            continue;
        printf("  %s %.*s: %.*s / %.*s", g->open ? "!" : "=",
               TMG_SPAN_ARG(tmg_gap_about_words(job->words, job->arena, g)),
               TMG_SPAN_ARG(tmg_gap_amount_words(job->words, job->arena, g->total, g->unit)),
               TMG_SPAN_ARG(tmg_gap_amount_words(job->words, job->arena, g->sum, g->unit)));
        if (g->open)
            printf(" [%.*s]: %.*s",
                   TMG_SPAN_ARG(tmg_gap_amount_words(job->words, job->arena, g->gap, g->unit)),
                   TMG_SPAN_ARG(tmg_gap_why_words(job->words, job->arena, g)));
        putchar('\n');
    }
}

static void print_text(const report_job *job)
{
    const char *section = "";
    tmg_report_row *rows;
    size_t count;

    tmg_report_rows(&job->report, job->words, job->arena, &rows, &count);
    printf("%.*s\n%.*s", TMG_SPAN_ARG(tmg_span_of(tmg_centre_settings(job->centre)->name)),
           TMG_SPAN_ARG(tmg_period_words(job->arena, &job->ask.now)));
    if (job->ask.compared)
        printf(" | %.*s %.*s", TMG_SPAN_ARG(tmg_paper_word(job->words, "report", "compared_with")),
               TMG_SPAN_ARG(tmg_period_words(job->arena, &job->ask.before)));
    putchar('\n');
    if (tmg_period_is_empty(job->report.now))
        printf("%.*s\n", TMG_SPAN_ARG(tmg_paper_word(job->words, "report", "empty")));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].section, section) != 0) {
            section = rows[i].section;
            printf("\n%.*s\n", TMG_SPAN_ARG(tmg_paper_word(job->words, "report_section", section)));
        }
        print_row(job, &rows[i]);
    }
    print_gaps(job, job->report.gaps, job->report.gap_count);
}

/* ---- as a file ---- */

static tmg_rc put_out(const report_job *job, const tmg_buf *b, tmg_err *err)
{
    if (b->overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "the report is larger than a file may be");
    if (job->out != NULL)
        return tmg_file_write(job->out, tmg_buf_as_span(b), 0640, err);
    if (fwrite(b->ptr, 1, b->len, stdout) != b->len)
        return TMG_FAIL(err, TMG_E_IO, "standard output could not be written");
    return TMG_OK;
}

static tmg_rc put_json(const report_job *job, tmg_buf *b)
{
    tmg_json_out j;

    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_report_json(&j, &job->report);
    tmg_json_end_object(&j);
    tmg_buf_char(b, '\n');
    return TMG_OK;
}

static tmg_rc grid_of(const report_job *job, const char *list, tmg_grid *ret, tmg_err *err)
{
    if (strcmp(list, "figures") == 0)
        tmg_report_grid(&job->report, job->words, job->arena, ret);
    else if (strcmp(list, "reconciliation") == 0)
        tmg_gaps_grid(&job->report, job->words, job->arena, ret);
    else if (strcmp(list, "equivalents") == 0)
        tmg_equivalents_grid(&job->report, job->words, job->arena, ret);
    else if (strcmp(list, "seizures") == 0 && job->ask.publication)
        return TMG_FAIL(err, TMG_E_INVALID, "--list: a copy for publication lists no seizures");
    else if (strcmp(list, "seizures") == 0)
        return tmg_seizures_grid(tmg_centre_db(job->centre), &job->ask.now, job->words, job->arena, ret, err);
    else
        return TMG_FAIL(err, TMG_E_INVALID,
                        "--list: figures, reconciliation, equivalents or seizures, not \"%s\"", list);
    return TMG_OK;
}

static tmg_rc put_csv(const report_job *job, bool office, tmg_buf *b, tmg_err *err)
{
    tmg_grid g;

    TMG_TRY(grid_of(job, job->list, &g, err));
    if (office)
        tmg_grid_csv_office(&g, b);
    else
        tmg_grid_csv(&g, b);
    return TMG_OK;
}

static tmg_rc put_xlsx(const report_job *job, tmg_buf *b, tmg_err *err)
{
    tmg_grid g[4];
    const tmg_grid *const list[] = {&g[0], &g[1], &g[2], &g[3]};

    TMG_TRY(grid_of(job, "figures", &g[0], err));
    TMG_TRY(grid_of(job, "reconciliation", &g[1], err));
    TMG_TRY(grid_of(job, "equivalents", &g[2], err));
    if (!job->ask.publication)
        TMG_TRY(grid_of(job, "seizures", &g[3], err));
    return tmg_grids_xlsx(list, job->ask.publication ? 3 : 4, tmg_now_ms(), b, err);
}

static tmg_rc put_paper(const report_job *job, tmg_err *err)
{
    tmg_actor who = tmg_console_as(TMG_STATISTICIAN);
    TMG_AUTO_BUF about = {0};

    tmg_buf_init(&about, 128);
    tmg_buf_z(&about, "period:");
    tmg_day_write(&about, job->ask.now.from_day);
    tmg_buf_char(&about, '/');
    tmg_day_write(&about, job->ask.now.to_day);
    if (job->ask.compared) {
        tmg_buf_char(&about, ';');
        tmg_day_write(&about, job->ask.before.from_day);
        tmg_buf_char(&about, '/');
        tmg_day_write(&about, job->ask.before.to_day);
    }
    const tmg_paper_ask ask = {.kind = job->ask.publication
                                           ? tmg_paper_text(job->arena, "%s_public", job->layout)
                                           : tmg_span_of(job->layout),
                               .about = tmg_buf_as_span(&about),
                               .language = tmg_span_of(job->language)};
    return tmg_issue_paper(job->centre, &who, &ask, job->out != NULL ? job->out : "report.pdf", err);
}

static tmg_rc put_report(const report_job *job, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, TMG_PAPER_MAX);
    if (strcmp(job->format, "text") == 0) {
        print_text(job);
        return TMG_OK;
    }
    if (strcmp(job->format, "pdf") == 0)
        return put_paper(job, err);
    if (strcmp(job->format, "xlsx") == 0 && job->out == NULL && isatty(STDOUT_FILENO))
        return TMG_FAIL(err, TMG_E_INVALID, "--out: say where the spreadsheet goes");
    if (strcmp(job->format, "json") == 0 && job->ask.publication)
        return TMG_FAIL(err, TMG_E_INVALID, "--copy: JSON is internal; publish a pdf, xlsx or csv");
    if (strcmp(job->format, "json") == 0)
        TMG_TRY(put_json(job, &b));
    else if (strcmp(job->format, "csv") == 0)
        TMG_TRY(put_csv(job, false, &b, err));
    else if (strcmp(job->format, "csv-office") == 0)
        TMG_TRY(put_csv(job, true, &b, err));
    else if (strcmp(job->format, "xlsx") == 0)
        TMG_TRY(put_xlsx(job, &b, err));
    else
        return TMG_FAIL(err, TMG_E_INVALID, "--format: text, pdf, xlsx, csv, csv-office or json, not \"%s\"",
                        job->format);
    return put_out(job, &b, err);
}

/* ---- a published report ---- */

static tmg_rc check_published(report_job *job, const char *path, tmg_err *err)
{
    TMG_AUTO_BUF json = {0};
    tmg_published *p;
    tmg_gap *gaps;
    size_t count;

    tmg_buf_init(&json, REPORT_MAX);
    TMG_TRY(tmg_file_read(path, &json, err));
    TMG_TRY(tmg_published_parse(tmg_buf_as_span(&json), job->arena, &p, err));
    job->ask.now = tmg_published_period(p, tmg_centre_settings(job->centre)->offset_min);
    TMG_TRY(
        tmg_report_read(job->centre, tmg_centre_db(job->centre), &job->ask, job->arena, &job->report, err));
    TMG_TRY(tmg_published_check(p, job->report.now, job->arena, &gaps, &count, err));
    printf("%.*s\n%.*s\n", TMG_SPAN_ARG(tmg_published_title(p)),
           TMG_SPAN_ARG(tmg_period_words(job->arena, &job->ask.now)));
    print_gaps(job, gaps, count);
    return TMG_OK;
}

tmg_rc cmd_report(int argc, char **argv, tmg_err *err)
{
    enum { HOME, FROM, TO, WITH_FROM, WITH_TO, LAYOUT, LANGUAGE, FORMAT, LIST, COPY, OUT, OPTIONS };
    tmg_option o[] = {
        {"home", "FOLDER", "the centre", NULL},
        {"from", "DATE", "first day; the first of this year", NULL},
        {"to", "DATE", "last day; today", NULL},
        {"compare-from", "DATE", "first day of the period compared with", NULL},
        {"compare-to", "DATE", "its last day", NULL},
        {"layout", "LAYOUT", "state or customs; state", NULL},
        {"language", "LANGUAGE", "az, en or ru; az", NULL},
        {"format", "FORMAT", "text, pdf, xlsx, csv, csv-office or json; text", NULL},
        {"list", "LIST", "of CSV: figures, reconciliation, equivalents or seizures; figures", NULL},
        {"copy", "COPY", "internal, or publication without small counts of persons; internal", NULL},
        {"out", "FILE", "where it goes; standard output, report.pdf", NULL}};
    TMG_AUTO_CENTRE c = NULL;
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    int n;

    TMG_TRY(tmg_args(argc, argv, o, OPTIONS, 0, 2, &n, err));
    if (n == 1 || (n == 2 && strcmp(argv[1], "check") != 0))
        return TMG_FAIL(err, TMG_E_INVALID, "the only thing to name is `check FILE.json`");
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    report_job job = {.centre = c,
                      .arena = a,
                      .layout = o[LAYOUT].given != NULL ? o[LAYOUT].given : "state",
                      .language = o[LANGUAGE].given != NULL ? o[LANGUAGE].given : "az",
                      .format = o[FORMAT].given != NULL ? o[FORMAT].given : "text",
                      .list = o[LIST].given != NULL ? o[LIST].given : "figures",
                      .out = o[OUT].given};
    int offset_min = tmg_centre_settings(c)->offset_min;
    int32_t to = tmg_centre_today(c);
    TMG_AUTO_BUF year = {0};

    TMG_TRY(tmg_centre_paper_words(c, tmg_span_of(job.language), a, &job.words, err));
    if (n == 2)
        return check_published(&job, argv[2], err);
    tmg_buf_init(&year, 32);
    tmg_day_write(&year, to);
    (void)snprintf(year.ptr + 5, 6, "01-01");
    int32_t from = to;
    TMG_TRY(tmg_day_parse(tmg_buf_as_span(&year), &from, err));
    TMG_TRY(tmg_arg_day(&o[FROM], &from, err));
    TMG_TRY(tmg_arg_day(&o[TO], &to, err));
    job.ask = (tmg_report_ask){.now = {from, to, offset_min}, .compared = o[WITH_FROM].given != NULL};
    if ((o[WITH_FROM].given == NULL) != (o[WITH_TO].given == NULL))
        return TMG_FAIL(err, TMG_E_INVALID, "--compare-from and --compare-to go together");
    job.ask.before.offset_min = offset_min;
    TMG_TRY(tmg_arg_day(&o[WITH_FROM], &job.ask.before.from_day, err));
    TMG_TRY(tmg_arg_day(&o[WITH_TO], &job.ask.before.to_day, err));
    if (strcmp(job.layout, "state") != 0 && strcmp(job.layout, "customs") != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "--layout: state or customs, not \"%s\"", job.layout);
    if (strcmp(job.layout, "customs") == 0)
        job.ask.layout = TMG_LAYOUT_CUSTOMS;
    if (o[COPY].given != NULL && strcmp(o[COPY].given, "internal") != 0 &&
        strcmp(o[COPY].given, "publication") != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "--copy: internal or publication, not \"%s\"", o[COPY].given);
    job.ask.publication = o[COPY].given != NULL && strcmp(o[COPY].given, "publication") == 0;
    TMG_TRY(tmg_report_read(c, tmg_centre_db(c), &job.ask, a, &job.report, err));
    return put_report(&job, err);
}
