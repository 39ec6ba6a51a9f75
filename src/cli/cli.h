/* cli/cli.h - the commands of the one program `tamga`.
 *
 * One command is one row of the table in main.c and one function cmd_*(argc, argv, err), argv[0] being the
 * command's name.  A command prints its answer on standard output, progress on standard error when that is a
 * terminal, and returns an error for main to print.  Options are read by tmg_args against the command's own
 * list.
 *
 * Commands run on the program's only thread (tamga serve starts those of web/).
 */
#ifndef TMG_CLI_CLI_H
#define TMG_CLI_CLI_H

#include "app/app.h"

typedef struct tmg_option {
    const char *name;  /* without dashes */
    const char *value; /* word for its value in the help, or NULL for a flag */
    const char *help;
    const char *given; /* out: the value, "" for a flag, NULL when not given */
} tmg_option;

typedef struct tmg_command {
    const char *name, *operands, *summary;
    tmg_rc (*run)(int argc, char **argv, tmg_err *err);
} tmg_command;

const tmg_command *tmg_find_command(const char *name); /* NULL when there is none */

/* Reads options (anywhere, "--" ends them) into list[0..n) and moves the operands to argv[1..*ret_operands].
 * --help prints the command's help and ends the program. least/most bound the number of operands. */
TMG_MUST_USE tmg_rc tmg_args(int argc, char **argv, tmg_option *list, size_t n, int least, int most,
                             int *ret_operands, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_arg_number(const tmg_option *o, int64_t least, int64_t most, int64_t *ret,
                                   tmg_err *err); /* not given: *ret stays */
TMG_MUST_USE tmg_rc tmg_arg_day(const tmg_option *o, int32_t *ret, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_arg_time(const tmg_option *o, int offset_min, int64_t *ret_ms, tmg_err *err);

/* --home, else TAMGA_HOME, else the current folder when it holds a centre, else ./demo. */
const char *tmg_home(const char *given);
/* Opens the centre there. */
TMG_MUST_USE tmg_rc tmg_open_here(const char *given_home, tmg_centre **ret, tmg_err *err);
static inline void tmg_centre_close_p(tmg_centre **c)
{
    tmg_centre_close(*c);
}
#define TMG_AUTO_CENTRE __attribute__((cleanup(tmg_centre_close_p))) tmg_centre *

/* Whoever runs the command, in the role that the command belongs to: the operating system has let this user
 * at the centre's files, and the log says "os:<user>" with that role. */
tmg_actor tmg_console_as(tmg_role role);

/* A consignment named by its reference or its number. */
TMG_MUST_USE tmg_rc tmg_find_consignment(tmg_db *db, const char *name, int64_t *ret_id, tmg_err *err);

/* The password for an account, from standard input; a terminal does not echo it. */
TMG_MUST_USE tmg_rc tmg_read_password(char *ret, size_t room, tmg_err *err);

/* A bar on standard error when it is a terminal, nothing otherwise. */
void tmg_progress(const char *what, size_t done, size_t of, const tmg_source_counts *counts);
void tmg_progress_end(void);
/* One finished step, for people ("  posts        13"). */
void tmg_progress_done(const char *what, const char *fmt, ...) TMG_PRINTF(2, 3);

/* Imports one file or "-" with a progress bar. */
TMG_MUST_USE tmg_rc tmg_import_path(tmg_centre *c, const char *path, const char *format, const char *mapping,
                                    bool make_posts, tmg_import_summary *ret, tmg_err *err);
/* Writes "31.4 %" from ppb. */
void tmg_percent(tmg_buf *b, int64_t ppb);
/* The progress of a training as bars. */
const tmg_training_watch *tmg_training_bar(void);
/* What moved a declaration's probability, and what the learned model looked at. */
TMG_MUST_USE tmg_rc tmg_print_parts(tmg_centre *c, int64_t declaration_id, tmg_harm h, tmg_err *err);

tmg_rc cmd_account(int argc, char **argv, tmg_err *err);
tmg_rc cmd_calibrate(int argc, char **argv, tmg_err *err);
tmg_rc cmd_capacity(int argc, char **argv, tmg_err *err);
tmg_rc cmd_substance(int argc, char **argv, tmg_err *err);
tmg_rc cmd_case(int argc, char **argv, tmg_err *err);
tmg_rc cmd_codes(int argc, char **argv, tmg_err *err);
tmg_rc cmd_decide(int argc, char **argv, tmg_err *err);
tmg_rc cmd_demo(int argc, char **argv, tmg_err *err);
tmg_rc cmd_dial(int argc, char **argv, tmg_err *err);
tmg_rc cmd_estimate(int argc, char **argv, tmg_err *err);
tmg_rc cmd_evaluate(int argc, char **argv, tmg_err *err);
tmg_rc cmd_fairness(int argc, char **argv, tmg_err *err);
tmg_rc cmd_import(int argc, char **argv, tmg_err *err);
tmg_rc cmd_init(int argc, char **argv, tmg_err *err);
tmg_rc cmd_list(int argc, char **argv, tmg_err *err);
tmg_rc cmd_log(int argc, char **argv, tmg_err *err);
tmg_rc cmd_model(int argc, char **argv, tmg_err *err);
tmg_rc cmd_paper(int argc, char **argv, tmg_err *err);
tmg_rc cmd_order(int argc, char **argv, tmg_err *err);
tmg_rc cmd_posts(int argc, char **argv, tmg_err *err);
tmg_rc cmd_quarantine(int argc, char **argv, tmg_err *err);
tmg_rc cmd_queue(int argc, char **argv, tmg_err *err);
tmg_rc cmd_report(int argc, char **argv, tmg_err *err);
tmg_rc cmd_result(int argc, char **argv, tmg_err *err);
tmg_rc cmd_rule(int argc, char **argv, tmg_err *err);
tmg_rc cmd_serve(int argc, char **argv, tmg_err *err);
tmg_rc cmd_show(int argc, char **argv, tmg_err *err);
tmg_rc cmd_simulate(int argc, char **argv, tmg_err *err);
tmg_rc cmd_staff(int argc, char **argv, tmg_err *err);
tmg_rc cmd_evidence(int argc, char **argv, tmg_err *err);
tmg_rc cmd_train(int argc, char **argv, tmg_err *err);
tmg_rc cmd_watch(int argc, char **argv, tmg_err *err);
tmg_rc cmd_what_if(int argc, char **argv, tmg_err *err);
tmg_rc cmd_workflow(int argc, char **argv, tmg_err *err);

#endif
