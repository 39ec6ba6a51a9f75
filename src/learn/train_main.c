/* tamga-train - trains gradient boosted trees with XGBoost, in a process of its own.
 *
 *   tamga-train [REQUEST.json]      the request, or standard input (docs/formats.md "A request to train")
 *
 * It reads one matrix and writes one model, tells each round on standard output as a JSON line, and says in
 * one sentence on standard error why it failed, with the exit codes of tamga. */
#include "base/file.h"
#include "base/qty.h"
#include "learn/train_priv.h"

#include <math.h>
#include <sys/resource.h>
#include <xgboost/c_api.h>

typedef struct trainer {
    tmg_train_request r;
    tmg_matrix m;
    size_t learned, held; /* rows: the first `learned`, then the `held` of the tail */
    DMatrixHandle learn_from, judge_by;
    BoosterHandle booster;
    int64_t best_round, best_loss_ppm;
    tmg_buf line;
} trainer;

/* XGBoost's error is a sentence behind time and place, followed by a stack. */
static tmg_rc its_error(tmg_err *err)
{
    tmg_span said = tmg_span_of(XGBGetLastError()), line = {NULL, 0};
    const char *place;

    (void)tmg_span_split(&said, '\n', &line);
    place = line.len > 0 ? memmem(line.ptr, line.len, ".cc:", 4) : NULL;
    if (place != NULL) {
        const char *behind = memmem(place, (size_t)(line.ptr + line.len - place), ": ", 2);

        if (behind != NULL)
            line = (tmg_span){behind + 2, (size_t)(line.ptr + line.len - behind - 2)};
    }
    return TMG_FAIL(err, TMG_E_IO, "XGBoost: %.*s", TMG_SPAN_ARG(tmg_utf8_cut(line, 300)));
}

#define XGB(call)                                                                                            \
    do {                                                                                                     \
        if ((call) != 0)                                                                                     \
            return its_error(err);                                                                           \
    } while (0)

static void keep_quiet(const char *words)
{
    (void)words;
}

/* ---- the data ---- */

static tmg_rc make_rows(const trainer *t, size_t from, size_t rows, DMatrixHandle *ret, tmg_err *err)
{
    const tmg_matrix *m = &t->m;
    float *label = tmg_xcalloc(rows, sizeof *label);
    int failed;

    for (size_t i = 0; i < rows; i++)
        label[i] = m->label[from + i];
    failed =
        XGDMatrixCreateFromMat_omp(m->x + from * m->features, rows, m->features, NAN, ret, (int)t->r.threads);
    if (failed == 0)
        failed = XGDMatrixSetFloatInfo(*ret, "label", label, rows);
    if (failed == 0 && m->weight != NULL)
        failed = XGDMatrixSetFloatInfo(*ret, "weight", m->weight + from, rows);
    free(label);
    return failed == 0 ? TMG_OK : its_error(err);
}

static tmg_rc split_rows(trainer *t, tmg_err *err)
{
    size_t positive = 0;

    t->held = (size_t)tmg_mul_div((int64_t)t->m.rows, t->r.held_ppm, 1000000);
    t->learned = t->m.rows - t->held;
    for (size_t i = 0; i < t->learned; i++)
        positive += t->m.label[i];
    if (positive == 0 || positive == t->learned)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "%s: %zu rows to learn from with %zu findings; both controls with and without "
                        "findings are needed",
                        t->r.matrix, t->learned, positive);
    if (t->r.held_ppm > 0 && t->held == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: %zu rows are too few to hold some back", t->r.matrix,
                        t->m.rows);
    return TMG_OK;
}

/* ---- the booster ---- */

static tmg_rc set(BoosterHandle b, const char *name, const char *value, tmg_err *err)
{
    XGB(XGBoosterSetParam(b, name, value));
    return TMG_OK;
}

static tmg_rc set_number(BoosterHandle b, const char *name, int64_t v, int scale, tmg_err *err)
{
    TMG_AUTO_BUF text = {0};

    tmg_buf_init(&text, 64);
    tmg_decimal_write(&text, v, scale);
    return set(b, name, text.ptr, err);
}

static tmg_rc set_names(const trainer *t, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    const char **names = tmg_alloc_array(a, t->m.features, sizeof *names);

    for (size_t i = 0; i < t->m.features; i++)
        names[i] = tmg_span_z(a, t->m.names[i]);
    XGB(XGBoosterSetStrFeatureInfo(t->booster, "feature_name", names, t->m.features));
    return TMG_OK;
}

static tmg_rc new_booster(trainer *t, tmg_err *err)
{
    const tmg_train_request *r = &t->r;
    const DMatrixHandle known[] = {t->learn_from, t->judge_by};

    XGB(XGBoosterCreate(known, t->judge_by != NULL ? 2 : 1, &t->booster));
    TMG_TRY(set(t->booster, "objective", "binary:logistic", err));
    TMG_TRY(set(t->booster, "eval_metric", "logloss", err));
    TMG_TRY(set(t->booster, "tree_method", "hist", err));
    TMG_TRY(set_number(t->booster, "nthread", r->threads, 0, err));
    TMG_TRY(set_number(t->booster, "max_depth", r->depth, 0, err));
    TMG_TRY(set_number(t->booster, "seed", r->seed, 0, err));
    TMG_TRY(set_number(t->booster, "eta", r->eta_ppm, 6, err));
    TMG_TRY(set_number(t->booster, "min_child_weight", r->min_child_weight_ppm, 6, err));
    TMG_TRY(set_number(t->booster, "subsample", r->subsample_ppm, 6, err));
    TMG_TRY(set_number(t->booster, "colsample_bytree", r->colsample_ppm, 6, err));
    TMG_TRY(set_number(t->booster, "lambda", r->lambda_ppm, 6, err));
    return set_names(t, err);
}

/* The figure behind "name-logloss:" in "[12]\tlearned-logloss:0.51\theld-logloss:0.53"; TMG_NONE when absent.
 */
static int64_t loss_in(const char *said, const char *name)
{
    const char *at = strstr(said, name);
    int64_t ppm = TMG_NONE;

    if (at == NULL || (at = strchr(at, ':')) == NULL)
        return TMG_NONE;
    if (tmg_decimal_parse((tmg_span){at + 1, strcspn(at + 1, "\t")}, 6, TMG_ROUND_HALF_EVEN, &ppm, NULL) !=
        TMG_OK)
        return TMG_NONE;
    return ppm;
}

static tmg_rc tell(trainer *t, const tmg_train_progress *p, tmg_err *err)
{
    tmg_buf_clear(&t->line);
    tmg_train_progress_write(p, &t->line);
    if (fwrite(t->line.ptr, t->line.len, 1, stdout) != 1 || fflush(stdout) != 0)
        return TMG_FAIL(err, TMG_E_IO, "nobody listens any more");
    return TMG_OK;
}

/* One tree; what it says about the held rows decides whether more are wanted. */
static tmg_rc one_round(trainer *t, int64_t round, int64_t rounds, bool refitting, tmg_err *err)
{
    const DMatrixHandle sets[] = {t->learn_from, t->judge_by};
    const char *names[] = {"learned", "held"}, *said = NULL;
    tmg_train_progress p = {.round = round, .rounds = rounds, .refitting = refitting};

    XGB(XGBoosterUpdateOneIter(t->booster, (int)round - 1, t->learn_from));
    XGB(XGBoosterEvalOneIter(t->booster, (int)round - 1, (DMatrixHandle *)(uintptr_t)sets, names,
                             t->judge_by != NULL ? 2 : 1, &said));
    p.loss_ppm = loss_in(said, "learned-logloss");
    p.held_loss_ppm = t->judge_by != NULL ? loss_in(said, "held-logloss") : TMG_NONE;
    if (p.held_loss_ppm != TMG_NONE && p.held_loss_ppm < t->best_loss_ppm) {
        t->best_loss_ppm = p.held_loss_ppm;
        t->best_round = round;
    }
    return tell(t, &p, err);
}

static tmg_rc boost(trainer *t, int64_t rounds, bool refitting, tmg_err *err)
{
    TMG_TRY(new_booster(t, err));
    t->best_loss_ppm = INT64_MAX;
    t->best_round = 0;
    for (int64_t round = 1; round <= rounds; round++) {
        TMG_TRY(one_round(t, round, rounds, refitting, err));
        if (t->judge_by != NULL && round - t->best_round >= t->r.patience)
            break;
    }
    if (t->judge_by == NULL)
        t->best_round = rounds;
    return TMG_OK;
}

static void forget(trainer *t)
{
    if (t->booster != NULL)
        (void)XGBoosterFree(t->booster);
    if (t->learn_from != NULL)
        (void)XGDMatrixFree(t->learn_from);
    if (t->judge_by != NULL)
        (void)XGDMatrixFree(t->judge_by);
    t->booster = t->learn_from = t->judge_by = NULL;
}

/* The trees up to the best round, or as many anew from all rows. */
static tmg_rc keep_the_best(trainer *t, tmg_err *err)
{
    int64_t best = t->best_round > 0 ? t->best_round : 1;
    BoosterHandle cut = NULL;

    if (t->judge_by == NULL)
        return TMG_OK;
    if (t->r.refit) {
        forget(t);
        TMG_TRY(make_rows(t, 0, t->m.rows, &t->learn_from, err));
        return boost(t, best, true, err);
    }
    XGB(XGBoosterSlice(t->booster, 0, (int)best, 1, &cut));
    (void)XGBoosterFree(t->booster);
    t->booster = cut;
    return set_names(t, err);
}

static tmg_rc save(const trainer *t, const char *path, tmg_err *err)
{
    size_t len = strlen(path);
    bool json = len > 5 && strcmp(path + len - 5, ".json") == 0;
    const char *bytes = NULL;
    bst_ulong count = 0;

    XGB(XGBoosterSaveModelToBuffer(t->booster, json ? "{\"format\":\"json\"}" : "{\"format\":\"ubj\"}",
                                   &count, &bytes));
    return tmg_file_write(path, (tmg_span){bytes, count}, 0600, err);
}

static tmg_rc train(trainer *t, const char *model, tmg_err *err)
{
    TMG_TRY(tmg_matrix_open(t->r.matrix, &t->m, err));
    TMG_TRY(split_rows(t, err));
    XGB(XGBRegisterLogCallback(keep_quiet));
    TMG_TRY(make_rows(t, 0, t->learned, &t->learn_from, err));
    if (t->held > 0)
        TMG_TRY(make_rows(t, t->learned, t->held, &t->judge_by, err));
    TMG_TRY(boost(t, t->r.rounds, false, err));
    TMG_TRY(keep_the_best(t, err));
    return save(t, model, err);
}

static tmg_rc run(const char *request_path, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    TMG_AUTO_BUF request = {0};
    trainer t = {0};
    const char *model = NULL;
    tmg_rc rc;

    tmg_buf_init(&request, TMG_MAX_TRAIN_REQUEST);
    TMG_TRY(tmg_file_read(request_path, &request, err));
    rc = tmg_train_request_read(tmg_buf_as_span(&request), a, &t.r, &model, err);
    if (rc != TMG_OK)
        return tmg_err_within(err, "the request");
    tmg_buf_init(&t.line, 4096);
    rc = train(&t, model, err);
    forget(&t);
    tmg_matrix_close(&t.m);
    tmg_buf_done(&t.line);
    return rc;
}

int main(int argc, char **argv)
{
    tmg_err err = {0};
    tmg_rc rc;

    /* Training is never urgent: the centre's own work goes first. */
    (void)setpriority(PRIO_PROCESS, 0, 10);
    if (argc > 2 || (argc == 2 && argv[1][0] == '-' && argv[1][1] != '\0')) {
        (void)fputs("usage: tamga-train [REQUEST.json]\nReads the request from standard input when none is "
                    "named; see "
                    "docs/formats.md.\n",
                    stderr);
        return 2;
    }
    rc = run(argc == 2 ? argv[1] : "-", &err);
    if (rc != TMG_OK)
        (void)fprintf(stderr, "tamga-train: %s\n", err.text);
    return tmg_rc_exit(rc);
}
