/* Training learned models. */
#include "app/models.h"
#include "base/json.h"
#include "cli/cli.h"
#include "learn/learn.h"

static void progress(void *ctx, tmg_harm h, const char *stage, const struct tmg_train_progress *p)
{
    char what[64];

    (void)ctx;
    (void)snprintf(what, sizeof what, "%s %s", tmg_harm_name(h), stage);
    tmg_progress(what, (size_t)p->round, (size_t)p->rounds, NULL);
}

const tmg_training_watch *tmg_training_bar(void)
{
    static const tmg_training_watch bar = {progress, NULL};

    return &bar;
}

static void print_line(const char *name, const tmg_evaluation *e, tmg_harm h)
{
    printf("  %-10s %8.4f %8.4f %8.4f %8.4f", name, e->auc[h], e->ap[h], e->brier[h], e->ece[h]);
    if (h == TMG_FRAUD)
        printf("   P@5 %.3f, P@10 %.3f\n", e->p_at[2], e->p_at[3]);
    else
        printf("   recall@1 %.3f, recall@5 %.3f\n", e->recall_at[0], e->recall_at[1]);
}

static void print_outcome(const tmg_train_outcome *o, tmg_harm h)
{
    if (!o->made) {
        printf("%s: no model: %s\n\n", tmg_harm_name(h), o->why_not);
        return;
    }
    if (o->id == 0)
        printf("%s: model %.12s was there already: nothing new was learned\n", tmg_harm_name(h), o->hash);
    else
        printf("%s: model %lld, %.12s, is a candidate\n", tmg_harm_name(h), (long long)o->id, o->hash);
    printf("  %-10s %8s %8s %8s %8s   on the newest %lld results, which it had not seen\n", "", "AUC", "AP",
           "Brier", "ECE", (long long)o->profiles.test_rows);
    print_line("profiles", &o->profiles, h);
    print_line("model", &o->model, h);
    print_line("together", &o->together, h);
    putchar('\n');
}

tmg_rc cmd_train(int argc, char **argv, tmg_err *err)
{
    enum { HOME, FILES, FORMAT, MAPPING };
    tmg_option o[] = {{"home", "FOLDER", "the centre", NULL},
                      {"files", "FILE",
                       "learn from this labelled file, sorted by lodging, not from the centre's results",
                       NULL},
                      {"format", "FORMAT", "of the file: csv, jsonl or mapped; guessed when not given", NULL},
                      {"mapping", "NAME", "of the file: korea, bacuda, or the path of a mapping file", NULL}};
    tmg_train_options options = {.watch = tmg_training_bar()};
    tmg_actor who = tmg_console_as(TMG_ADMINISTRATOR);
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    TMG_AUTO_CENTRE c = NULL;
    tmg_train_outcome outcome[TMG_HARMS];
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 4, 0, 0, &n, err));
    TMG_TRY(tmg_open_here(o[HOME].given, &c, err));
    options.file = o[FILES].given;
    options.intake.format = o[FORMAT].given;
    options.intake.mapping = o[MAPPING].given;
    tmg_intake_prepare(c, a, &options.intake);
    TMG_TRY(tmg_train_models(c, &who, &options, outcome, err));
    tmg_progress_end();
    for (int h = 0; h < TMG_HARMS; h++)
        print_outcome(&outcome[h], (tmg_harm)h);
    puts("next: `tamga model show NUMBER` is its card; `tamga model challenge NUMBER` lets it score in the "
         "shadow; a second "
         "person makes it champion with `tamga model approve NUMBER --as ACCOUNT --note ...`");
    return TMG_OK;
}
