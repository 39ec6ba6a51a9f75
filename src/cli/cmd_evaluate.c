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

static void print_json(const tmg_verdict *v)
{
    const tmg_evaluation *e = &v->all;
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    char name[32];

    tmg_buf_init(&b, 1 << 16);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "train_rows", e->train_rows);
    tmg_json_i64(&j, "test_rows", e->test_rows);
    tmg_json_i64(&j, "unreadable_rows", v->train_bad_rows + v->test_bad_rows);
    tmg_json_object(&j, "fraud");
    tmg_json_i64(&j, "rows", e->test_fraud);
    for (size_t i = 0; i < 5; i++) {
        (void)snprintf(name, sizeof name, "p_at_%d", shares_fraud[i]);
        put(&j, name, e->p_at[i]);
    }
    tmg_json_end_object(&j);
    tmg_json_object(&j, "critical");
    tmg_json_i64(&j, "rows", e->test_critical);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "recall_at_%d", shares_critical[i]);
        put(&j, name, e->recall_at[i]);
    }
    put(&j, "auc", e->auc[TMG_CRITICAL]);
    put(&j, "ap", e->ap[TMG_CRITICAL]);
    put(&j, "brier", e->brier[TMG_CRITICAL]);
    put(&j, "ece", e->ece[TMG_CRITICAL]);
    tmg_json_end_object(&j);
    put(&j, "auc", e->auc[TMG_FRAUD]);
    put(&j, "ap", e->ap[TMG_FRAUD]);
    put(&j, "brier", e->brier[TMG_FRAUD]);
    put(&j, "ece", e->ece[TMG_FRAUD]);
    tmg_json_object(&j, "replay");
    tmg_json_i64(&j, "days", e->replay_days);
    tmg_json_i64(&j, "inspected", e->replay_inspected);
    tmg_json_i64(&j, "fraud", e->replay_fraud);
    tmg_json_i64(&j, "critical", e->replay_critical);
    put(&j, "w", e->replay_w);
    tmg_json_end_object(&j);
    put_part(&j, "repeated", &v->seen, v->seen_rows);
    put_part(&j, "new", &v->fresh, v->fresh_rows);
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

tmg_rc cmd_evaluate(int argc, char **argv, tmg_err *err)
{
    enum { FORMAT, MAPPING, CHAINS, W, JSON };
    tmg_option o[] = {{"format", "FORMAT", "csv, jsonl or mapped; guessed when not given", NULL},
                      {"mapping", "NAME", "korea, bacuda, or the path of a mapping file", NULL},
                      {"chains", "FILE", "profile chains to judge; the shipped ones when not given", NULL},
                      {"w", "N", "weight of P(critical) in the replay, in tenths (default 30)", NULL},
                      {"json", NULL, "one JSON object instead of words", NULL}};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_intake_options intake = {.offset_min = 0};
    tmg_verdict v;
    const char *share;
    int64_t tenths = 30;
    int n;

    TMG_TRY(tmg_args(argc, argv, o, 5, 2, 2, &n, err));
    TMG_TRY(tmg_arg_number(&o[W], 0, 100000, &tenths, err));
    TMG_TRY(tmg_share_find(a, &share, err));
    intake.format = o[FORMAT].given;
    intake.mapping = o[MAPPING].given;
    intake.mapping_dir = tmg_path_join(a, share, "mappings");
    TMG_TRY(
        tmg_evaluate_files(o[CHAINS].given != NULL ? o[CHAINS].given : tmg_path_join(a, share, "chains.ini"),
                           argv[1], argv[2], &intake, (double)tenths / 10, &v, err));
    if (o[JSON].given != NULL)
        print_json(&v);
    else
        print_words(&v);
    return TMG_OK;
}
