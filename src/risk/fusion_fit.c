#include "risk/fusion_priv.h"

#include "base/real.h"

#include <math.h>

static int64_t micro_of(double v)
{
    return (int64_t)(v < 0 ? v * 1e6 - 0.5 : v * 1e6 + 0.5);
}

void tmg_fusion_set_terms(tmg_fusion *f, tmg_harm h, bool with_model, const double *beta, size_t count)
{
    tmg_join *j = &f->join[h][with_model];

    for (size_t i = 0; i < count; i++)
        j->beta_micro[i] = micro_of(beta[i]);
    j->constant_micro = micro_of(beta[count]);
    j->count = count;
    tmg_calibration_done(&j->calibration);
}

void tmg_fusion_fit(tmg_fusion *f, tmg_harm h, bool with_model, const int64_t *joined_ppb, const bool *label,
                    size_t count)
{
    tmg_calibration_fit(&f->join[h][with_model].calibration, joined_ppb, label, count);
}

static void copy_points(tmg_calibration *to, const tmg_calibration *from)
{
    tmg_calibration_done(to);
    if (from->count == 0)
        return;
    to->x = tmg_xcalloc(from->count, sizeof *to->x);
    to->y = tmg_xcalloc(from->count, sizeof *to->y);
    memcpy(to->x, from->x, from->count * sizeof *to->x);
    memcpy(to->y, from->y, from->count * sizeof *to->y);
    to->count = from->count;
}

void tmg_fusion_take(tmg_fusion *to, const tmg_fusion *from, tmg_harm h)
{
    tmg_fusion_forget(to, h);
    for (int with = 0; with < 2; with++) {
        to->join[h][with] = from->join[h][with];
        to->join[h][with].calibration = (tmg_calibration){0};
        copy_points(&to->join[h][with].calibration, &from->join[h][with].calibration);
    }
}

static void take_taught(tmg_fusion *f, tmg_harm h, const tmg_taught *list, size_t count)
{
    free(f->taught[h]);
    f->taught[h] = count > 0 ? tmg_xcalloc(count, sizeof *list) : NULL;
    f->taught_count[h] = count;
    for (size_t i = 0; i < count; i++) {
        f->taught[h][i] = list[i];
        f->taught[h][i].key = tmg_span_copy(f->arena, list[i].key);
    }
}

tmg_fusion *tmg_fusion_copy(const tmg_fusion *f)
{
    tmg_fusion *copy = tmg_fusion_new();

    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_fusion_take(copy, f, (tmg_harm)h);
        take_taught(copy, (tmg_harm)h, f->taught[h], f->taught_count[h]);
    }
    return copy;
}

static int by_key(const void *a, const void *b)
{
    tmg_span x = ((const tmg_taught *)a)->key, y = ((const tmg_taught *)b)->key;
    int order = memcmp(x.ptr, y.ptr, x.len < y.len ? x.len : y.len);

    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

bool tmg_fusion_taught(const tmg_fusion *f, tmg_harm h, tmg_span key, tmg_taught *ret)
{
    tmg_taught wanted = {.key = key};
    const tmg_taught *found = f->taught_count[h] == 0
                                  ? NULL
                                  : bsearch(&wanted, f->taught[h], f->taught_count[h], sizeof wanted, by_key);

    if (found != NULL)
        *ret = *found;
    return found != NULL;
}

/* ---- weights of evidence ---- */

int64_t tmg_parts_without_evidence(const tmg_assessment *as, tmg_harm h)
{
    int64_t sum = 0;

    for (size_t i = 0; i < as->part_count; i++)
        if (as->parts[i].harm == h && as->parts[i].author_mdB == TMG_NONE &&
            !tmg_span_is(as->parts[i].sense, "critical"))
            sum += as->parts[i].weight_mdB;
    return tmg_ppb_of_logit(tmg_nats_of_mdB(sum));
}

/* Lessons by key, so that a sweep visits each key's own hits. */
typedef struct teaching {
    const tmg_lesson *lesson;
    double *z;      /* log-odds of each lesson with all weights as they stand */
    double *weight; /* of each key */
    size_t *first;  /* of each key: where its hits begin */
    uint32_t *hit;  /* lessons, key after key */
} teaching;

static void index_hits(const tmg_lesson *lessons, size_t count, tmg_taught *keys, size_t key_count,
                       teaching *t)
{
    t->first = tmg_xcalloc(key_count + 2, sizeof *t->first);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lessons[i].key_count; k++) {
            tmg_taught *key = &keys[lessons[i].keys[k]];
            t->first[lessons[i].keys[k] + 2]++;
            key->hits++;
            key->bad += lessons[i].bad ? 1 : 0;
        }
    for (size_t k = 2; k < key_count + 2; k++)
        t->first[k] += t->first[k - 1];
    t->hit = tmg_xcalloc(t->first[key_count + 1] + 1, sizeof *t->hit);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lessons[i].key_count; k++)
            t->hit[t->first[lessons[i].keys[k] + 1]++] = (uint32_t)i;
}

/* One step of Newton on one weight: the finds there were against those there should have been, and the
 * author's view.
 */
static double better_weight(const teaching *t, size_t key, double author)
{
    static const double prior_nats = 3000 * 2.302585092994046e-4;
    double tension = 1 / (prior_nats * prior_nats);
    double slope = tension * (author - t->weight[key]), bend = tension;

    for (size_t i = t->first[key]; i < t->first[key + 1]; i++) {
        double p = tmg_logistic(t->z[t->hit[i]]);
        slope += (t->lesson[t->hit[i]].bad ? 1.0 : 0.0) - p;
        bend += p * (1 - p);
    }
    double step = slope / bend;
    return t->weight[key] + (step > 2 ? 2 : step < -2 ? -2 : step);
}

static double sweep(teaching *t, const tmg_taught *keys, size_t key_count)
{
    double most = 0;

    for (size_t k = 0; k < key_count; k++) {
        double anew = better_weight(t, k, tmg_nats_of_mdB(keys[k].author_mdB));
        double by = anew - t->weight[k];
        for (size_t i = t->first[k]; i < t->first[k + 1]; i++)
            t->z[t->hit[i]] += by;
        t->weight[k] = anew;
        if (fabs(by) > most)
            most = fabs(by);
    }
    return most;
}

void tmg_fusion_teach(tmg_fusion *f, tmg_harm h, const tmg_lesson *lessons, size_t count, tmg_taught *keys,
                      size_t key_count)
{
    enum { SWEEPS = 1000 };
    teaching t = {.lesson = lessons};

    for (size_t k = 0; k < key_count; k++)
        keys[k].hits = keys[k].bad = 0;
    index_hits(lessons, count, keys, key_count, &t);
    t.z = tmg_xcalloc(count + 1, sizeof *t.z);
    t.weight = tmg_xcalloc(key_count + 1, sizeof *t.weight);
    for (size_t k = 0; k < key_count; k++)
        t.weight[k] = tmg_nats_of_mdB(keys[k].author_mdB);
    for (size_t i = 0; i < count; i++) {
        t.z[i] = tmg_logit_ppb(lessons[i].ppb);
        for (size_t k = 0; k < lessons[i].key_count; k++)
            t.z[i] += t.weight[lessons[i].keys[k]];
    }
    for (int i = 0; i < SWEEPS && sweep(&t, keys, key_count) > 1e-5; i++)
        ;
    for (size_t k = 0; k < key_count; k++)
        keys[k].weight_mdB = tmg_mdB_of_nats(t.weight[k]);
    take_taught(f, h, keys, key_count);
    if (key_count > 0)
        qsort(f->taught[h], key_count, sizeof *keys, by_key);
    free(t.first);
    free(t.hit);
    free(t.z);
    free(t.weight);
}
