#include "risk/fusion_priv.h"

#include "base/real.h"

/* ln(10) / 10000: a thousandth of a decibel of odds. */
static const double NATS_PER_MDB = 2.302585092994046e-4;

enum { FUSION_CAP = 16 << 20, MOST_DB = 300000 };

double tmg_nats_of_mdB(int64_t mdB)
{
    return (double)mdB * NATS_PER_MDB;
}

int64_t tmg_mdB_of_nats(double nats)
{
    double mdB = nats / NATS_PER_MDB;

    return (int64_t)(mdB < 0 ? mdB - 0.5 : mdB + 0.5);
}

double tmg_logit_ppb(int64_t ppb)
{
    if (ppb < 1)
        ppb = 1;
    if (ppb > TMG_PPB - 1)
        ppb = TMG_PPB - 1;
    return tmg_ln((double)ppb / (double)(TMG_PPB - ppb));
}

int64_t tmg_ppb_of_logit(double log_odds)
{
    int64_t ppb = (int64_t)(tmg_logistic(log_odds) * (double)TMG_PPB + 0.5);

    return ppb < 1 ? 1 : ppb > TMG_PPB - 1 ? TMG_PPB - 1 : ppb;
}

tmg_fusion *tmg_fusion_new(void)
{
    tmg_fusion *f = tmg_xcalloc(1, sizeof *f);

    f->arena = tmg_arena_new(FUSION_CAP);
    return f;
}

void tmg_fusion_forget(tmg_fusion *f, tmg_harm h)
{
    for (int with = 0; with < 2; with++) {
        tmg_calibration_done(&f->join[h][with].calibration);
        f->join[h][with] = (tmg_join){.count = 0};
    }
}

void tmg_fusion_free(tmg_fusion *f)
{
    if (f == NULL)
        return;
    for (int h = 0; h < TMG_HARMS; h++) {
        tmg_fusion_forget(f, (tmg_harm)h);
        free(f->taught[h]);
    }
    tmg_arena_free(f->arena);
    free(f);
}

size_t tmg_fusion_terms(const tmg_assessment *as, tmg_harm h, bool with_model, double *ret)
{
    const tmg_harm_view *v = &as->harm[h];
    double whole = tmg_logit_ppb(v->path[0].ppb);
    size_t n = 0;

    for (size_t c = 0; c < as->chain_count; c++)
        ret[n++] = tmg_logit_ppb(v->chain_ppb[c]) - whole;
    if (with_model)
        ret[n++] = tmg_logit_ppb(v->model_ppb);
    return n;
}

/* Which of the two regressions speaks for an assessment, or NULL. */
static const tmg_join *join_for(const tmg_fusion *f, const tmg_assessment *as, tmg_harm h)
{
    bool with = as->harm[h].model_ppb != TMG_NONE;
    const tmg_join *j = &f->join[h][with];

    return j->count > 0 && j->count == as->chain_count + (with ? 1 : 0) ? j : NULL;
}

static double join(const tmg_join *j, const double *term)
{
    double z = (double)j->constant_micro / 1e6;

    for (size_t i = 0; i < j->count; i++)
        z += (double)j->beta_micro[i] / 1e6 * term[i];
    return z;
}

int64_t tmg_fusion_joined(const tmg_fusion *f, const tmg_assessment *as, tmg_harm h, bool with_model)
{
    const tmg_join *j = &f->join[h][with_model];
    double term[TMG_MOST_TERMS];

    if (j->count == 0 || tmg_fusion_terms(as, h, with_model, term) != j->count)
        return as->harm[h].raw_ppb;
    return tmg_ppb_of_logit(join(j, term));
}

/* Parts under construction, in one array of the arena that has room for all. */
typedef struct parts {
    tmg_part *at;
    size_t count;
} parts;

static void add_part(parts *p, tmg_harm h, tmg_span sense, tmg_span name, double nats)
{
    p->at[p->count++] = (tmg_part){
        .harm = h, .sense = sense, .name = name, .weight_mdB = tmg_mdB_of_nats(nats), .author_mdB = TMG_NONE};
}

static double join_chains(const tmg_join *j, const tmg_assessment *as, const tmg_mind *m, tmg_harm h,
                          parts *p)
{
    double term[TMG_MOST_TERMS];
    double z = (double)j->constant_micro / 1e6;
    size_t n = tmg_fusion_terms(as, h, as->harm[h].model_ppb != TMG_NONE, term);
    double whole = tmg_logit_ppb(as->harm[h].path[0].ppb);
    double model = n > as->chain_count ? (double)j->beta_micro[n - 1] / 1e6 : 0;

    /* The model's part is what it adds to the whole flow, so that a model which says nothing weighs nothing.
     */
    add_part(p, h, TMG_SPAN("profile"), TMG_SPAN("whole flow"), z + model * whole);
    for (size_t c = 0; c < as->chain_count; c++)
        add_part(p, h, TMG_SPAN("profile"), tmg_mind_chain_name(m, c),
                 (double)j->beta_micro[c] / 1e6 * term[c]);
    if (n > as->chain_count)
        add_part(p, h, TMG_SPAN("model"), TMG_SPAN("learned model"), model * (term[n - 1] - whole));
    return join(j, term);
}

static double join_all(const tmg_fusion *f, const tmg_mind *m, tmg_harm h, tmg_assessment *as, parts *p)
{
    const tmg_join *j = join_for(f, as, h);
    tmg_harm_view *v = &as->harm[h];

    if (j == NULL) {
        v->joined_ppb = v->raw_ppb;
        v->ppb = v->profile_ppb;
        add_part(p, h, TMG_SPAN("profile"), TMG_SPAN("all chains"), tmg_logit_ppb(v->profile_ppb));
        return tmg_logit_ppb(v->profile_ppb);
    }
    double z = join_chains(j, as, m, h, p);
    v->joined_ppb = tmg_ppb_of_logit(z);
    v->ppb = tmg_calibration_at(&j->calibration, v->joined_ppb);
    double calibrated = tmg_logit_ppb(v->ppb);
    add_part(p, h, TMG_SPAN("calibration"), TMG_SPAN("how often such sums were right"), calibrated - z);
    return calibrated;
}

static int64_t weight_of(const tmg_fusion *f, tmg_harm h, const tmg_evidence *e)
{
    tmg_taught t;

    return e->key.len > 0 && tmg_fusion_taught(f, h, e->key, &t) ? t.weight_mdB : e->weight_mdB;
}

static void join_evidence(const tmg_fusion *f, tmg_harm h, const tmg_evidence *e, size_t count, double z,
                          tmg_assessment *as, parts *p)
{
    int64_t sum = 0;
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if ((e[i].harms & (1U << h)) == 0)
            continue;
        int64_t weight = weight_of(f, h, &e[i]);
        p->at[p->count++] =
            (tmg_part){h, e[i].sense, e[i].name, weight, e[i].weight_mdB, e[i].key, e[i].words};
        sum += weight;
        any = true;
    }
    if (!any)
        return;
    if (sum > MOST_DB)
        sum = MOST_DB;
    if (sum < -MOST_DB)
        sum = -MOST_DB;
    as->harm[h].ppb = tmg_ppb_of_logit(z + tmg_nats_of_mdB(sum));
}

void tmg_fusion_apply(const tmg_fusion *f, int64_t fusion_id, const tmg_mind *m, const tmg_evidence *e,
                      size_t count, tmg_arena *a, tmg_assessment *as)
{
    size_t room = TMG_HARMS * (as->chain_count + 4 + count);
    parts p = {.at = tmg_alloc_array(a, room, sizeof(tmg_part))};

    as->fusion_id = fusion_id;
    for (int h = 0; h < TMG_HARMS; h++) {
        double z = join_all(f, m, (tmg_harm)h, as, &p);
        join_evidence(f, (tmg_harm)h, e, count, z, as, &p);
    }
    /* Every critical find counts as fraud, so fraud is at least as likely. */
    int64_t *fraud = &as->harm[TMG_FRAUD].ppb;
    if (*fraud < as->harm[TMG_CRITICAL].ppb) {
        add_part(&p, TMG_FRAUD, TMG_SPAN("critical"), TMG_SPAN("what is hidden is misdeclared too"),
                 tmg_logit_ppb(as->harm[TMG_CRITICAL].ppb) - tmg_logit_ppb(*fraud));
        *fraud = as->harm[TMG_CRITICAL].ppb;
    }
    as->parts = p.at;
    as->part_count = p.count;
}
