/* `tamga train`: from what was found to models that wait for approval. */
#include "app/models_priv.h"

enum { CARD_MAX = 4 << 20 };

typedef struct keeping {
    tmg_centre *centre;
    const tmg_actor *who;
    const tmg_training *training;
    const char *source;
    tmg_train_outcome *outcome;
} keeping;

static tmg_rc keep_one(const keeping *k, tmg_db *db, tmg_harm h, tmg_err *err)
{
    const tmg_trained *m = &k->training->model[h];
    TMG_AUTO_BUF card = {0};

    tmg_buf_init(&card, CARD_MAX);
    TMG_TRY(tmg_model_card(k->training, h, k->source, &card, err));
    return tmg_model_add(k->centre, db, k->who, h, m, &k->training->replay->schema.hash, k->training->fusion,
                         tmg_buf_as_span(&card), &k->outcome[h].id, err);
}

static tmg_rc keep(void *ctx, tmg_db *db, tmg_err *err)
{
    const keeping *k = ctx;

    for (int h = 0; h < TMG_HARMS; h++)
        if (k->training->model[h].made)
            TMG_TRY(keep_one(k, db, (tmg_harm)h, err));
    return TMG_OK;
}

static tmg_rc live_again(tmg_centre *c, const tmg_train_options *o, tmg_replay *r, tmg_err *err)
{
    TMG_AUTO_DB db = NULL;

    if (o->file != NULL)
        return tmg_replay_file(r, o->file, &o->intake, true, err);
    TMG_TRY(tmg_centre_reader(c, &db, err));
    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = tmg_replay_db(r, db, err);
    tmg_rollback(db);
    return rc;
}

static void tell(const tmg_training *t, tmg_train_outcome ret[TMG_HARMS])
{
    for (int h = 0; h < TMG_HARMS; h++) {
        const tmg_trained *m = &t->model[h];
        TMG_AUTO_BUF hex = {0};

        ret[h] = (tmg_train_outcome){
            .made = m->made, .profiles = t->of_profiles, .model = t->of_alone, .together = t->of_fused};
        memcpy(ret[h].why_not, m->why_not, sizeof ret[h].why_not);
        if (!m->made)
            continue;
        tmg_buf_init(&hex, 128);
        tmg_hex_write(&hex, m->hash.b, sizeof m->hash.b);
        memcpy(ret[h].hash, hex.ptr, sizeof ret[h].hash);
    }
}

static tmg_rc train(tmg_centre *c, const tmg_actor *who, const tmg_train_options *o, tmg_replay *r,
                    tmg_training *t, tmg_train_outcome ret[TMG_HARMS], tmg_err *err)
{
    tmg_training_options options = tmg_training_defaults();

    if (o->watch != NULL) {
        options.progress = o->watch->progress;
        options.progress_ctx = o->watch->ctx;
    }
    TMG_TRY(live_again(c, o, r, err));
    if (r->count == 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "there is no control result yet: nothing can be learned");
    TMG_TRY(tmg_training_run(r, r->count, &options, t, err));
    tell(t, ret);
    keeping k = {c, who, t, o->file != NULL ? o->file : "this centre's control results", ret};
    return tmg_centre_write(c, keep, &k, err);
}

tmg_rc tmg_train_models(tmg_centre *c, const tmg_actor *who, const tmg_train_options *o,
                        tmg_train_outcome ret[TMG_HARMS], tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_training t = {0};
    tmg_replay r = {0};
    tmg_rc rc;

    TMG_TRY(tmg_guard_may(who, TMG_MAY_MODEL_TRAIN, 0, err));
    rc = tmg_replay_begin(&r, tmg_share_path(c, a, "chains.ini"), c->settings.offset_min, err);
    if (rc == TMG_OK)
        rc = train(c, who, o, &r, &t, ret, err);
    tmg_training_done(&t);
    tmg_replay_done(&r);
    return rc;
}
