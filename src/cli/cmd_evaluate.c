#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"

#include <math.h>

static const int shares_fraud[] = {1, 2, 5, 10, 20};
static const int shares_critical[] = {1, 5, 10};

/* A figure between 0 and 1 with six digits, as a JSON number. */
static void put(tmg_json_out *j, const char *key, double v)
{
    if (isnan(v) || v < 0)
        tmg_json_null(j, key);
    else
        tmg_json_decimal(j, key, llround(v * 1e6), 6);
}

static void put_part(tmg_json_out *j, const char *key, const tmg_evaluation *e, int64_t rows)
{
    tmg_json_object(j, key);
    tmg_json_i64(j, "rows", rows);
    tmg_json_i64(j, "fraud", e->test_fraud);
    tmg_json_i64(j, "critical", e->test_critical);
    put(j, "auc", e->auc[TMG_FRAUD]);
    put(j, "p_at_5", e->p_at[2]);
    put(j, "critical_auc", e->auc[TMG_CRITICAL]);
    tmg_json_end_object(j);
}

/* The members of one verdict. */
static void put_verdict(tmg_json_out *to, const tmg_verdict *v)
{
    const tmg_evaluation *e = &v->all;
    char name[32];

    tmg_json_i64(to, "train_rows", e->train_rows);
    tmg_json_i64(to, "test_rows", e->test_rows);
    tmg_json_i64(to, "unreadable_rows", v->train_bad_rows + v->test_bad_rows);
    tmg_json_object(to, "fraud");
    tmg_json_i64(to, "rows", e->test_fraud);
    for (size_t i = 0; i < 5; i++) {
        (void)snprintf(name, sizeof name, "p_at_%d", shares_fraud[i]);
        put(to, name, e->p_at[i]);
    }
    tmg_json_end_object(to);
    tmg_json_object(to, "critical");
    tmg_json_i64(to, "rows", e->test_critical);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "recall_at_%d", shares_critical[i]);
        put(to, name, e->recall_at[i]);
    }
    put(to, "auc", e->auc[TMG_CRITICAL]);
    put(to, "ap", e->ap[TMG_CRITICAL]);
    put(to, "brier", e->brier[TMG_CRITICAL]);
    put(to, "ece", e->ece[TMG_CRITICAL]);
    tmg_json_end_object(to);
    put(to, "auc", e->auc[TMG_FRAUD]);
    put(to, "ap", e->ap[TMG_FRAUD]);
    put(to, "brier", e->brier[TMG_FRAUD]);
    put(to, "ece", e->ece[TMG_FRAUD]);
    tmg_json_object(to, "replay");
    tmg_json_i64(to, "days", e->replay_days);
    tmg_json_i64(to, "inspected", e->replay_inspected);
    tmg_json_i64(to, "fraud", e->replay_fraud);
    tmg_json_i64(to, "critical", e->replay_critical);
    put(to, "w", e->replay_w);
    tmg_json_end_object(to);
    put_part(to, "repeated", &v->seen, v->seen_rows);
    put_part(to, "new", &v->fresh, v->fresh_rows);
}

static const char *const way_names[TMG_WAYS] = {"profiles", "model", "fusion", "goods_history"};

/* One verdict as members, or each way's as an object. */
static void print_json(const tmg_verdict *v, bool learned)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 1 << 16);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    for (int k = 0; learned && k < TMG_WAYS; k++) {
        tmg_json_object(&j, way_names[k]);
        put_verdict(&j, &v[k]);
        tmg_json_end_object(&j);
    }
    if (!learned)
        put_verdict(&j, v);
    tmg_json_end_object(&j);
    puts(b.ptr);
}

static void print_part(const char *name, const tmg_evaluation *e, int64_t rows)
{
    printf("  %-9s %7lld rows, %6lld fraud: AUC %.3f, P@5 %.3f; %4lld critical: AUC %.3f\n", name,
           (long long)rows, (long long)e->test_fraud, e->auc[TMG_FRAUD], e->p_at[2],
           (long long)e->test_critical, e->auc[TMG_CRITICAL]);
}

static void print_words(const tmg_verdict *v)
{
    const tmg_evaluation *e = &v->all;

    printf("learned from %lld rows, judged on %lld (%lld fraud, %lld critical); %lld could not be read\n\n",
           (long long)e->train_rows, (long long)e->test_rows, (long long)e->test_fraud,
           (long long)e->test_critical, (long long)(v->train_bad_rows + v->test_bad_rows));
    puts("fraud, precision among the highest ranked");
    for (size_t i = 0; i < 5; i++)
        printf("  P@%-2d %%      %.4f\n", shares_fraud[i], e->p_at[i]);
    puts("critical, share found among the highest ranked by its own score");
    for (size_t i = 0; i < 3; i++)
        printf("  recall@%-2d %% %.4f\n", shares_critical[i], e->recall_at[i]);
    printf("\n%-10s %8s %8s %8s %8s\n", "", "AUC", "AP", "Brier", "ECE");
    for (int h = 0; h < TMG_HARMS; h++)
        printf("%-10s %8.4f %8.4f %8.4f %8.4f\n", tmg_harm_name((tmg_harm)h), e->auc[h], e->ap[h],
               e->brier[h], e->ece[h]);
    printf("\nreplay of %lld days, 5 %% of each day rounded up, by P(fraud) + %g P(critical):\n"
           "  %lld inspected, %lld fraud found (%.1f %%), of them %lld critical\n",
           (long long)e->replay_days, e->replay_w, (long long)e->replay_inspected, (long long)e->replay_fraud,
           e->replay_inspected > 0 ? 100.0 * (double)e->replay_fraud / (double)e->replay_inspected : 0.0,
           (long long)e->replay_critical);
    puts("\nhow much of this is repetition (goods, departure and net mass as in an inspected row of the "
         "first file)");
    print_part("repeated", &v->seen, v->seen_rows);
    print_part("new", &v->fresh, v->fresh_rows);
}

static void print_ways(const tmg_verdict *v)
{
    printf("learned from %lld rows, judged on %lld (%lld fraud, %lld critical)\n\n%-14s %6s %6s %6s %6s  %6s "
           "%6s  %6s %6s  %13s"
           "  %s\n",
           (long long)v->all.train_rows, (long long)v->all.test_rows, (long long)v->all.test_fraud,
           (long long)v->all.test_critical, "", "P@1", "P@5", "P@10", "AUC", "R@1", "R@5", "ECE f", "ECE c",
           "replay", "new rows: AUC, P@5");
    for (int k = 0; k < TMG_WAYS; k++) {
        const tmg_evaluation *e = &v[k].all;
        printf("%-14s %6.4f %6.4f %6.4f %6.4f  %6.4f %6.4f  %6.4f %6.4f  %4lld + %4lld   %.4f, %.4f\n",
               way_names[k], e->p_at[0], e->p_at[2], e->p_at[3], e->auc[TMG_FRAUD], e->recall_at[0],
               e->recall_at[1], e->ece[TMG_FRAUD], e->ece[TMG_CRITICAL], (long long)e->replay_fraud,
               (long long)e->replay_critical, v[k].fresh.auc[TMG_FRAUD], v[k].fresh.p_at[2]);
    }
    printf("\nP: precision for fraud among the highest 1, 5 and 10 %%; R: share of the critical ones found; "
           "ECE: calibration error "
           "for fraud and for\ncritical; replay: frauds + critical ones found by %lld inspections, 5 %% of "
           "each day; new rows: those "
           "that repeat nothing\ninspected before; goods_history: ranked by how often the subheading was "
           "fraud\n",
           (long long)v->all.replay_inspected);
}

tmg_rc cmd_evaluate(int argc, char **argv, tmg_err *err)
{
    enum { FORMAT, MAPPING, CHAINS, W, JSON, LEARNED };
    tmg_option o[] = {
        {"format", "FORMAT", "csv, jsonl or mapped; guessed when not given", NULL},
        {"mapping", "NAME", "korea, bacuda, or the path of a mapping file", NULL},
        {"chains", "FILE", "profile chains to judge; the shipped ones when not given", NULL},
        {"w", "N", "weight of P(critical) in the replay, in tenths (default 30)", NULL},
        {"json", NULL, "one JSON object instead of words", NULL},
        {"learned", NULL, "train models too; profiles, models, both and a rule of thumb side by side", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_intake_options intake = {.offset_min = 0};
    tmg_verdict v[TMG_WAYS];
    const char *share, *chains;
    int64_t tenths = 30;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 6, 2, 2, &n, err));
    TMG_TRY(tmg_arg_number(&o[W], 0, 100000, &tenths, err));
    TMG_TRY(tmg_share_find(a, &share, err));
    intake.format = o[FORMAT].given;
    intake.mapping = o[MAPPING].given;
    intake.mapping_dir = tmg_path_join(a, share, "mappings");
    chains = o[CHAINS].given != NULL ? o[CHAINS].given : tmg_path_join(a, share, "chains.ini");
    if (o[LEARNED].given != NULL)
        TMG_TRY(tmg_evaluate_learned(chains, argv[1], argv[2], &intake, (double)tenths / 10,
                                     tmg_training_bar(), v, err));
    else
        TMG_TRY(tmg_evaluate_files(chains, argv[1], argv[2], &intake, (double)tenths / 10, v, err));
    tmg_progress_end();
    if (o[JSON].given != NULL)
        print_json(v, o[LEARNED].given != NULL);
    else if (o[LEARNED].given != NULL)
        print_ways(v);
    else
        print_words(v);
    return TMG_OK;
}
