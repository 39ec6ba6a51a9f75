/* Judges profiles, learned models, their fusion and the rule of thumb that customs use, on two labelled
 * files. */
#include "app/training_priv.h"

typedef struct ways {
    tmg_judged *row[TMG_WAYS];
    bool *seen;
    size_t count;
} ways;

static void ways_new(ways *w, size_t count)
{
    w->count = count;
    w->seen = tmg_xcalloc(count + 1, sizeof *w->seen);
    for (int i = 0; i < TMG_WAYS; i++)
        w->row[i] = tmg_xcalloc(count + 1, sizeof *w->row[i]);
}

static void ways_done(ways *w)
{
    free(w->seen);
    for (int i = 0; i < TMG_WAYS; i++)
        free(w->row[i]);
}

/* ---- the rule of thumb: how often goods of this subheading were fraud ---- */

typedef struct goods_count {
    uint64_t goods;
    int64_t n, bad;
} goods_count;

static int by_goods(const void *a, const void *b)
{
    uint64_t x = ((const goods_count *)a)->goods, y = ((const goods_count *)b)->goods;

    return (x > y) - (x < y);
}

/* Sorted by goods, one row each. */
static goods_count *count_goods(const tmg_replay *r, size_t count, size_t *ret_count)
{
    goods_count *list = tmg_xcalloc(count + 1, sizeof *list);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        list[i] = (goods_count){r->example[i].goods, 1, r->example[i].found[TMG_FRAUD] == TMG_FOUND_YES};
    qsort(list, count, sizeof *list, by_goods);
    for (size_t i = 0; i < count; i++)
        if (kept > 0 && list[kept - 1].goods == list[i].goods) {
            list[kept - 1].n += list[i].n;
            list[kept - 1].bad += list[i].bad;
        } else {
            list[kept++] = list[i];
        }
    *ret_count = kept;
    return list;
}

/* A subheading leans on the whole flow as ten inspections would. */
static void judge_by_goods(const tmg_replay *r, size_t learned, tmg_judged *rows)
{
    enum { LEAN = 10 };
    size_t count;
    goods_count *list = count_goods(r, learned, &count);
    int64_t bad = 0;

    for (size_t i = 0; i < count; i++)
        bad += list[i].bad;
    for (size_t i = learned; i < r->count; i++) {
        goods_count wanted = {.goods = r->example[i].goods};
        const goods_count *g = bsearch(&wanted, list, count, sizeof *list, by_goods);
        double base = (double)bad / (double)(learned > 0 ? learned : 1);
        double p = ((g != NULL ? (double)g->bad : 0) + LEAN * base) / ((g != NULL ? (double)g->n : 0) + LEAN);
        tmg_judged *row = &rows[i - learned];
        row->ppb[TMG_FRAUD] = row->raw_ppb[TMG_FRAUD] = (int64_t)(p * (double)TMG_PPB);
        row->ppb[TMG_CRITICAL] = 0;
        row->raw_ppb[TMG_CRITICAL] = row->raw_ppb[TMG_FRAUD];
    }
    free(list);
}

/* ---- the three others ---- */

/* Profiles as a centre without models calibrates them: on the later half of the scores it gave while it
 * learned. */
static void calibrate_profiles(tmg_replay *r, size_t learned, tmg_curve *ret[TMG_HARMS])
{
    size_t from = learned / 2, n = learned - from;
    int64_t *raw = tmg_xcalloc(n + 1, sizeof *raw);
    bool *label = tmg_xcalloc(n + 1, sizeof *label);

    for (int h = 0; h < TMG_HARMS; h++) {
        for (size_t i = 0; i < n; i++) {
            raw[i] = r->example[from + i].thought[h].raw_ppb;
            label[i] = r->example[from + i].found[h] == TMG_FOUND_YES;
        }
        ret[h] = tmg_curve_fit(raw, label, n);
    }
    free(raw);
    free(label);
}

static void put(tmg_judged *row, const tmg_assessment *as)
{
    for (int h = 0; h < TMG_HARMS; h++) {
        row->ppb[h] = as->harm[h].ppb;
        row->raw_ppb[h] = as->harm[h].joined_ppb;
    }
}

static void judge_row(const tmg_training *t, tmg_curve *const *profiles, size_t i, size_t learned,
                      tmg_arena *a, ways *w)
{
    const tmg_replay *r = t->replay;
    const tmg_example *e = &r->example[i];
    size_t at = i - learned;
    tmg_assessment as;

    for (int k = 0; k < TMG_WAYS; k++)
        w->row[k][at] = (tmg_judged){.day = e->day,
                                     .fraud = e->found[TMG_FRAUD] == TMG_FOUND_YES,
                                     .critical = e->found[TMG_CRITICAL] == TMG_FOUND_YES};
    w->seen[at] = e->repeats;
    tmg_example_assessment(r, e, &as);
    for (int h = 0; h < TMG_HARMS; h++)
        as.harm[h].ppb = as.harm[h].profile_ppb = tmg_curve_at(profiles[h], as.harm[h].raw_ppb);
    put(&w->row[TMG_WAY_PROFILES][at], &as);
    w->row[TMG_WAY_MODEL][at] = w->row[TMG_WAY_PROFILES][at];
    for (int h = 0; h < TMG_HARMS; h++)
        if (t->model[h].made) {
            int64_t raw = tmg_margin_ppb(
                (double)tmg_trees_margin(t->model[h].trees, tmg_example_features(r, i, (tmg_harm)h)));
            as.harm[h].model_ppb = raw;
            w->row[TMG_WAY_MODEL][at].raw_ppb[h] = raw;
            w->row[TMG_WAY_MODEL][at].ppb[h] = tmg_curve_at(t->model[h].curve, raw);
        }
    tmg_fusion_apply(t->fusion, 0, r->mind, NULL, 0, a, &as);
    put(&w->row[TMG_WAY_FUSION][at], &as);
}

static void judge_part(const tmg_judged *rows, const ways *w, bool seen, double weight, tmg_evaluation *ret,
                       int64_t *ret_count)
{
    tmg_judged *part = tmg_xcalloc(w->count + 1, sizeof *part);
    size_t n = 0;

    for (size_t i = 0; i < w->count; i++)
        if (w->seen[i] == seen)
            part[n++] = rows[i];
    tmg_evaluate(part, n, weight, ret);
    *ret_count = (int64_t)n;
    free(part);
}

static void judge_all(tmg_replay *r, const tmg_training *t, size_t learned, double weight, tmg_verdict *ret)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    tmg_curve *profiles[TMG_HARMS];
    ways w;

    ways_new(&w, r->count - learned);
    calibrate_profiles(r, learned, profiles);
    for (size_t i = learned; i < r->count; i++) {
        judge_row(t, profiles, i, learned, a, &w);
        tmg_arena_reset(a);
    }
    judge_by_goods(r, learned, w.row[TMG_WAY_GOODS]);
    for (int k = 0; k < TMG_WAYS; k++) {
        tmg_evaluate(w.row[k], w.count, weight, &ret[k].all);
        ret[k].all.train_rows = (int64_t)learned;
        judge_part(w.row[k], &w, true, weight, &ret[k].seen, &ret[k].seen_rows);
        judge_part(w.row[k], &w, false, weight, &ret[k].fresh, &ret[k].fresh_rows);
    }
    for (int h = 0; h < TMG_HARMS; h++)
        tmg_curve_free(profiles[h]);
    ways_done(&w);
}

static tmg_rc evaluate(tmg_replay *r, tmg_training *t, const char *train, const char *test,
                       const tmg_intake_options *o, double w, const tmg_training_options *options,
                       tmg_verdict ret[TMG_WAYS], tmg_err *err)
{
    TMG_TRY(tmg_replay_file(r, train, o, true, err));
    size_t learned = r->count;
    int64_t bad_rows = r->bad_rows;
    TMG_TRY(tmg_training_run(r, learned, options, t, err));
    tmg_mind_advance(r->mind, r->last_known_ms);
    TMG_TRY(tmg_replay_file(r, test, o, false, err));
    judge_all(r, t, learned, w, ret);
    for (int k = 0; k < TMG_WAYS; k++) {
        ret[k].train_bad_rows = bad_rows;
        ret[k].test_bad_rows = r->bad_rows - bad_rows;
    }
    return TMG_OK;
}

tmg_rc tmg_evaluate_learned(const char *chains, const char *train, const char *test,
                            const tmg_intake_options *o, double w, const tmg_training_watch *watch,
                            tmg_verdict ret[TMG_WAYS], tmg_err *err)
{
    tmg_training_options options = tmg_training_defaults();
    tmg_replay r = {0};
    tmg_training t = {0};
    tmg_rc rc;

    if (watch != NULL) {
        options.progress = watch->progress;
        options.progress_ctx = watch->ctx;
    }
    rc = tmg_replay_begin(&r, chains, o->offset_min, err);
    if (rc == TMG_OK)
        rc = evaluate(&r, &t, train, test, o, w, &options, ret, err);
    tmg_training_done(&t);
    tmg_replay_done(&r);
    return rc;
}
