#include "cli/cli.h"

#include <locale.h>

static const tmg_command commands[] = {
    {"demo", "FOLDER", "make a demonstration centre that has lived eleven weeks", cmd_demo},
    {"init", "FOLDER", "make an empty centre", cmd_init},
    {"serve", "", "open the centre's HTTP door", cmd_serve},
    {"import", "FILE...", "feed declarations from files or standard input (-)", cmd_import},
    {"watch", "", "import what is put into the centre's inbox", cmd_watch},
    {"queue", "", "what approaches the posts, ranked, with reasons", cmd_queue},
    {"show", "CONSIGNMENT", "one consignment with its reasons and history", cmd_show},
    {"decide", "CONSIGNMENT ACTION", "release, inspect, wait or escalate", cmd_decide},
    {"result", "CONSIGNMENT OUTCOME", "enter what a control found", cmd_result},
    {"order", "list | show | move | step ORDER ...", "inspection orders and their steps", cmd_order},
    {"substance", "list | put CODE [what changes]", "the dated list of substances", cmd_substance},
    {"case", "list | show | open | move CASE ...", "cases that one needs to know", cmd_case},
    {"evidence", "check [NUMBER | all]", "exhibits and their custody, held against the log", cmd_evidence},
    {"staff", "list | teams | team NAME | rota | shift TEAM FROM UNTIL | withdraw SHIFT",
     "officers, instruments, teams and their rota", cmd_staff},
    {"workflow", "check [FOLDER] | show [KIND]",
     "the office's workflows: are the files right, what do they say", cmd_workflow},
    {"capacity", "[POST]", "show or set what posts can inspect", cmd_capacity},
    {"dial", "[AMOUNT]", "show or set what finding one critical case is worth", cmd_dial},
    {"estimate", "", "unbiased hit rates of the flow, of what was not examined, of a rule", cmd_estimate},
    {"fairness", "", "how groups are treated, with alerts", cmd_fairness},
    {"what-if", "", "the past again at other capacities", cmd_what_if},
    {"rule", "VERB ...", "write, test and run rules: check, add, test, propose, approve, list, ...",
     cmd_rule},
    {"list", "show | make | add | end | load LIST ...", "lists that rules look in", cmd_list},
    {"quarantine", "[ID]", "records that intake could not accept", cmd_quarantine},
    {"evaluate", "TRAIN TEST", "judge the mind on two labelled files", cmd_evaluate},
    {"train", "", "learn models from control results", cmd_train},
    {"model", "VERB MODEL", "learned models: list, show, challenge, approve, retire, roll-back, verify",
     cmd_model},
    {"calibrate", "", "fit probabilities to the results so far", cmd_calibrate},
    {"simulate", "FOLDER", "write a demonstration world as files", cmd_simulate},
    {"posts", "FILE", "load posts from JSON", cmd_posts},
    {"codes", "import FILE", "load a complete commodity code list", cmd_codes},
    {"account", "list | add NAME | password NAME | close NAME", "who may sign in", cmd_account},
    {"report", "[check FILE.json]", "the figures of a period: text, paper, spreadsheet, CSV, JSON",
     cmd_report},
    {"paper", "KIND RECORD", "issue an official paper: target, act, seizure, dossier", cmd_paper},
    {"log", "show | checkpoint | export FOLDER", "the tamper-evident log", cmd_log},
};

static void print_help(void)
{
    puts("tamga - a customs targeting centre\n\nUsage: tamga COMMAND [--home FOLDER] ...\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-11s %s\n", commands[i].name, commands[i].summary);
    puts("\n`tamga COMMAND --help` says more. The centre is --home, else $TAMGA_HOME, else this folder, else "
         "./demo.");
}

const tmg_command *tmg_find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int run(const tmg_command *c, int argc, char **argv)
{
    tmg_err err = {0};
    tmg_rc rc = c->run(argc, argv, &err);

    tmg_progress_end();
    if (rc == TMG_OK && fflush(stdout) != 0)
        rc = TMG_FAIL(&err, TMG_E_IO, "standard output could not be written");
    if (rc != TMG_OK)
        fprintf(stderr, "tamga %s: %s\n", c->name, err.text);
    return tmg_rc_exit(rc);
}

int main(int argc, char **argv)
{
    const tmg_command *c;

    /* Only characters, never numbers: what is printed must read back anywhere. */
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help();
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("tamga " TAMGA_VERSION);
        return 0;
    }
    c = tmg_find_command(argv[1]);
    if (c == NULL) {
        fprintf(stderr, "tamga: there is no command \"%s\"; `tamga help` lists them\n", argv[1]);
        return 2;
    }
    return run(c, argc - 1, argv + 1);
}
