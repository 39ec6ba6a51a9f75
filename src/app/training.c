#include "app/training_priv.h"

#include <stdlib.h>
#include <unistd.h>

enum { MODEL_FILE_MAX = 64 << 20, TAIL_QUARTER = 4 };

tmg_training_options tmg_training_defaults(void)
{
    tmg_training_options o = {0};

    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_train_request *q = &o.request[h];
        *q = tmg_train_defaults(NULL);
        q->rounds = 400;
        q->eta_ppm = 50000;
        q->subsample_ppm = 800000;
        q->colsample_ppm = 500000;
        q->held_ppm = 150000;
        q->refit = true;
    }
    o.request[TMG_FRAUD].depth = 5;
    o.request[TMG_FRAUD].min_child_weight_ppm = 5000000;
    o.request[TMG_CRITICAL].depth = 3;
    o.request[TMG_CRITICAL].min_child_weight_ppm = 2000000;
    o.request[TMG_CRITICAL].colsample_ppm = 300000;
    return o;
}

/* A folder for matrices, outside the centre: what lies there is gone when training ends. */
typedef struct workshop {
    char folder[256], matrix[300];
} workshop;

static tmg_rc open_workshop(workshop *w, tmg_err *err)
{
    const char *tmp = getenv("TMPDIR");

    (void)snprintf(w->folder, sizeof w->folder, "%s/tamga-training-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(w->folder) == NULL)
        return TMG_FAIL(err, TMG_E_IO, "no folder for training could be made in %s",
                        tmp != NULL ? tmp : "/tmp");
    (void)snprintf(w->matrix, sizeof w->matrix, "%s/matrix", w->folder);
    return TMG_OK;
}

static void close_workshop(workshop *w)
{
    (void)unlink(w->matrix);
    (void)rmdir(w->folder);
}

static tmg_rc write_matrix(const tmg_replay *r, size_t to, tmg_harm h, const char *path, tmg_err *err)
{
    tmg_matrix_writer *w = NULL;

    TMG_TRY(tmg_matrix_create(path, r->schema.names, r->schema.count, false, &w, err));
    for (size_t i = 0; i < to; i++) {
        if (r->example[i].found[h] == TMG_FOUND_UNKNOWN)
            continue;
        tmg_rc rc =
            tmg_matrix_add(w, tmg_example_features(r, i, h), r->example[i].found[h] == TMG_FOUND_YES, 1, err);
        if (rc != TMG_OK) {
            tmg_matrix_drop(w);
            return rc;
        }
    }
    return tmg_matrix_finish(w, err);
}

typedef struct watching {
    const tmg_training_options *options;
    tmg_harm harm;
    const char *stage;
} watching;

static bool watch(void *ctx, const tmg_train_progress *p)
{
    watching *w = ctx;

    if (w->options->progress != NULL)
        w->options->progress(w->options->progress_ctx, w->harm, w->stage, p);
    return true;
}

static tmg_rc train_on(const tmg_replay *r, size_t to, tmg_harm h, const char *stage,
                       const tmg_training_options *o, const tmg_train_request *request, tmg_buf *file,
                       tmg_trees **ret, tmg_err *err)
{
    tmg_train_request q = *request;
    watching w = {o, h, stage};
    workshop shop;

    TMG_TRY(open_workshop(&shop, err));
    q.matrix = shop.matrix;
    tmg_rc rc = write_matrix(r, to, h, shop.matrix, err);
    if (rc == TMG_OK)
        rc = tmg_train_run(&q, watch, &w, file, err);
    close_workshop(&shop);
    TMG_TRY(rc);
    return tmg_trees_read(tmg_buf_as_span(file), ret, err);
}

static int64_t count_bad(const tmg_replay *r, size_t from, size_t to, tmg_harm h, int64_t *ret_rows)
{
    int64_t bad = 0;

    *ret_rows = 0;
    for (size_t i = from; i < to; i++) {
        *ret_rows += r->example[i].found[h] != TMG_FOUND_UNKNOWN ? 1 : 0;
        bad += r->example[i].found[h] == TMG_FOUND_YES ? 1 : 0;
    }
    return bad;
}

static bool enough(const tmg_training *t, tmg_harm h, tmg_trained *m)
{
    int64_t rows, tail_rows;
    int64_t bad = count_bad(t->replay, 0, t->count, h, &rows);
    int64_t tail_bad = count_bad(t->replay, t->cut, t->count, h, &tail_rows);

    if (rows >= TMG_LEAST_ROWS && bad >= TMG_LEAST_BAD && tail_bad >= TMG_LEAST_BAD / 6)
        return true;
    (void)snprintf(
        m->why_not, sizeof m->why_not,
        "%lld control results with %lld %s finds, %lld of them in the newest quarter, are too few to learn "
        "from: a model needs %d results, %d finds and %d in the newest quarter; profiles go on alone",
        (long long)rows, (long long)bad, tmg_harm_name(h), (long long)tail_bad, TMG_LEAST_ROWS, TMG_LEAST_BAD,
        TMG_LEAST_BAD / 6);
    return false;
}

static void score_tail(const tmg_training *t, tmg_harm h, const tmg_trees *trees, tmg_trained *m)
{
    size_t n = 0, rows = t->count - t->cut;
    bool *label = tmg_xcalloc(rows + 1, sizeof *label);
    int64_t *raw = tmg_xcalloc(rows + 1, sizeof *raw);

    m->tail_raw = tmg_xcalloc(rows + 1, sizeof *m->tail_raw);
    for (size_t i = t->cut; i < t->count; i++) {
        int64_t ppb = tmg_margin_ppb((double)tmg_trees_margin(trees, tmg_example_features(t->replay, i, h)));
        m->tail_raw[i - t->cut] = ppb;
        if (t->replay->example[i].found[h] == TMG_FOUND_UNKNOWN)
            continue;
        raw[n] = ppb;
        label[n++] = t->replay->example[i].found[h] == TMG_FOUND_YES;
    }
    m->curve = tmg_curve_fit(raw, label, n);
    free(raw);
    free(label);
}

static tmg_rc train_harm(tmg_training *t, tmg_harm h, const tmg_training_options *o, tmg_err *err)
{
    tmg_trained *m = &t->model[h];
    TMG_AUTO_BUF head = {0};
    tmg_trees *trees = NULL;

    if (!enough(t, h, m))
        return TMG_OK;
    tmg_buf_init(&head, MODEL_FILE_MAX);
    TMG_TRY(train_on(t->replay, t->cut, h, "to be measured", o, &o->request[h], &head, &trees, err));
    score_tail(t, h, trees, m);
    tmg_trees_free(trees);
    tmg_buf_init(&m->file, MODEL_FILE_MAX);
    TMG_TRY(train_on(t->replay, t->count, h, "on everything", o, &o->request[h], &m->file, &m->trees, err));
    m->hash = tmg_sha256_of(m->file.ptr, m->file.len);
    m->request = o->request[h];
    m->made = true;
    return TMG_OK;
}

/* ---- joining and measuring ---- */

static tmg_rc learn_joins(tmg_training *t, size_t to, tmg_fusion *f, tmg_err *err)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        TMG_TRY(tmg_learn_join(t->replay, to / 2, to, (tmg_harm)h, NULL, f, err));
        if (t->model[h].made)
            TMG_TRY(tmg_learn_join(t->replay, t->cut, to, (tmg_harm)h, t->model[h].tail_raw, f, err));
    }
    return TMG_OK;
}

static tmg_judged judged(const tmg_example *e, const tmg_assessment *as)
{
    tmg_judged j = {.day = e->day,
                    .fraud = e->found[TMG_FRAUD] == TMG_FOUND_YES,
                    .critical = e->found[TMG_CRITICAL] == TMG_FOUND_YES};

    for (int h = 0; h < TMG_HARMS; h++) {
        j.ppb[h] = as->harm[h].ppb;
        j.raw_ppb[h] = as->harm[h].joined_ppb;
    }
    return j;
}

static void measure_one(const tmg_training *t, size_t i, const tmg_fusion *f, tmg_arena *a)
{
    const tmg_example *e = &t->replay->example[i];
    tmg_assessment as;
    size_t at = i - t->half;

    tmg_example_assessment(t->replay, e, &as);
    tmg_fusion_apply(f, 0, t->replay->mind, NULL, 0, a, &as);
    t->profiles[at] = judged(e, &as);
    t->alone[at] = t->profiles[at];
    for (int h = 0; h < TMG_HARMS; h++)
        if (t->model[h].made) {
            as.harm[h].model_ppb = t->model[h].tail_raw[i - t->cut];
            t->alone[at].raw_ppb[h] = as.harm[h].model_ppb;
            t->alone[at].ppb[h] = tmg_curve_at(t->model[h].curve, as.harm[h].model_ppb);
        }
    tmg_fusion_apply(f, 0, t->replay->mind, NULL, 0, a, &as);
    t->fused[at] = judged(e, &as);
}

static tmg_rc measure(tmg_training *t, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_fusion *early = tmg_fusion_new();
    size_t n = t->count - t->half;
    tmg_rc rc = learn_joins(t, t->half, early, err);

    t->profiles = tmg_xcalloc(n + 1, sizeof *t->profiles);
    t->alone = tmg_xcalloc(n + 1, sizeof *t->alone);
    t->fused = tmg_xcalloc(n + 1, sizeof *t->fused);
    for (size_t i = t->half; rc == TMG_OK && i < t->count; i++) {
        measure_one(t, i, early, a);
        tmg_arena_reset(a);
    }
    tmg_fusion_free(early);
    tmg_evaluate(t->profiles, n, 3, &t->of_profiles);
    tmg_evaluate(t->alone, n, 3, &t->of_alone);
    tmg_evaluate(t->fused, n, 3, &t->of_fused);
    return rc;
}

tmg_rc tmg_training_run(const tmg_replay *r, size_t count, const tmg_training_options *o, tmg_training *ret,
                        tmg_err *err)
{
    char program[4096];

    *ret = (tmg_training){.replay = r, .count = count, .fusion = tmg_fusion_new()};
    TMG_TRY(tmg_train_find(program, sizeof program, err));
    ret->cut = count - count / TAIL_QUARTER;
    ret->half = (ret->cut + count) / 2;
    for (int h = 0; h < TMG_HARMS; h++)
        TMG_TRY(train_harm(ret, (tmg_harm)h, o, err));
    TMG_TRY(measure(ret, err));
    return learn_joins(ret, count, ret->fusion, err);
}

void tmg_training_done(tmg_training *t)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_trained *m = &t->model[h];
        if (m->file.ptr != NULL)
            tmg_buf_done(&m->file);
        tmg_trees_free(m->trees);
        tmg_curve_free(m->curve);
        free(m->tail_raw);
    }
    tmg_fusion_free(t->fusion);
    free(t->profiles);
    free(t->alone);
    free(t->fused);
    *t = (tmg_training){0};
}
