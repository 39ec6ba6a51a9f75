/* Learned models: the register, one with its card, its steps; and what moved a consignment's probabilities.
 */
#include "app/models.h"
#include "web/site_priv.h"

#include <math.h>

enum { ARENA_MAX = 64 << 20, MDB_SCALE = 3, PPB_SCALE = 9, MICRO = 6 };

/* ---- the register ---- */

/* A share that nobody can tell yet is left out. */
static void write_share(tmg_json_out *j, const char *key, double share)
{
    if (share >= 0)
        tmg_json_decimal(j, key, llround(share * 1e6), MICRO);
}

static tmg_rc write_record(tmg_json_out *j, tmg_db *db, const tmg_model *m, tmg_err *err)
{
    tmg_model_record r;

    TMG_TRY(tmg_model_record_of(db, m, &r, err));
    tmg_json_object(j, "record");
    tmg_json_i64(j, "scored", r.scored);
    tmg_json_i64(j, "judged", r.judged.test_rows);
    tmg_json_i64(j, "finds", m->harm == TMG_FRAUD ? r.judged.test_fraud : r.judged.test_critical);
    write_share(j, "auc", r.judged.auc[m->harm]);
    write_share(j, "average_precision", r.judged.ap[m->harm]);
    write_share(j, "calibration_error", r.judged.ece[m->harm]);
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc write_model(tmg_json_out *j, tmg_db *db, const tmg_model *m, int offset_min, tmg_err *err)
{
    tmg_json_i64(j, "id", m->id);
    tmg_json_z(j, "harm", tmg_harm_name(m->harm));
    tmg_json_z(j, "state", tmg_model_state_name(m->state));
    tmg_json_text(j, "hash", m->hash);
    tmg_json_text(j, "features", m->features);
    tmg_json_time(j, "made", m->made_ms, offset_min);
    tmg_json_text(j, "made_by", m->made_by);
    if (m->approved_ms != TMG_NONE) {
        tmg_json_time(j, "approved", m->approved_ms, offset_min);
        tmg_json_text(j, "approved_by", m->approved_name);
    }
    return write_record(j, db, m, err);
}

static tmg_rc list_models(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    int offset_min = tmg_centre_settings(c->site->centre)->offset_min;
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    TMG_AUTO_BUF trouble = {0};
    tmg_model *models = NULL;
    size_t count = 0;
    tmg_json_out j;

    (void)ctx;
    TMG_TRY(tmg_model_list(db, a, &models, &count, err));
    tmg_buf_init(&trouble, 1 << 13);
    TMG_TRY(tmg_model_trouble(c->site->centre, db, &trouble, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(&j, NULL);
        TMG_TRY(write_model(&j, db, &models[i], offset_min, err));
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    if (trouble.len > 0)
        tmg_write_kept(&j, "trouble", tmg_buf_as_span(&trouble));
    tmg_json_bool(&j, "can_train", tmg_model_can_train());
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_model_list(tmg_call *c)
{
    tmg_call_offload(c, list_models, NULL, NULL);
}

static tmg_rc write_steps(tmg_json_out *j, tmg_db *db, const tmg_model *m, tmg_arena *a, int offset_min,
                          tmg_err *err)
{
    tmg_model_step *steps = NULL;
    size_t count = 0;

    TMG_TRY(tmg_model_steps(db, m->id, a, &steps, &count, err));
    tmg_json_array(j, "steps");
    for (size_t i = 0; i < count; i++) {
        tmg_json_object(j, NULL);
        tmg_json_time(j, "at", steps[i].at_ms, offset_min);
        tmg_json_text(j, "account", steps[i].account);
        tmg_json_text(j, "from", steps[i].from_state);
        tmg_json_text(j, "to", steps[i].to_state);
        tmg_json_text(j, "note", steps[i].note);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc read_model(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    int offset_min = tmg_centre_settings(c->site->centre)->offset_min;
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const int64_t *id = ctx;
    tmg_json_out j;
    tmg_model m;

    TMG_TRY(tmg_model_get(db, *id, a, &m, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    TMG_TRY(write_model(&j, db, &m, offset_min, err));
    TMG_TRY(write_steps(&j, db, &m, a, offset_min, err));
    tmg_json_array(&j, "moves");
    for (int move = TMG_MODEL_CHALLENGE; move <= TMG_MODEL_ROLL_BACK; move++)
        if (tmg_model_may_take(&c->who, &m, (tmg_model_move)move, NULL) == TMG_OK)
            tmg_json_z(&j, NULL, tmg_model_move_name((tmg_model_move)move));
    tmg_json_end_array(&j);
    tmg_json_raw(&j, "card", m.card);
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_model_read(tmg_call *c)
{
    int64_t *id = tmg_alloc(c->req->arena, sizeof *id);

    if (tmg_call_id(c, 0, "model", id))
        tmg_call_offload(c, read_model, NULL, id);
}

typedef struct step_ask {
    int64_t id;
    tmg_model_move move;
    tmg_span note;
} step_ask;

static tmg_rc take_step(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const step_ask *ask = ctx;
    tmg_json_out j;
    tmg_model m;

    TMG_TRY(tmg_model_take(c->site->centre, db, &c->who, ask->id, ask->move, ask->note, err));
    TMG_TRY(tmg_model_get(db, ask->id, a, &m, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "id", m.id);
    tmg_json_z(&j, "state", tmg_model_state_name(m.state));
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_model_state(tmg_call *c)
{
    step_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    if (!tmg_call_id(c, 0, "model", &ask->id))
        return;
    ask->move = tmg_model_move_of(tmg_json_as_text(tmg_json_member(c->json, "move")));
    ask->note = tmg_json_as_text(tmg_json_member(c->json, "note"));
    tmg_call_write(c, take_step, NULL, ask);
}

/* ---- what moved a consignment's probabilities ---- */

typedef struct parts_ask {
    int64_t consignment_id;
} parts_ask;

static void write_parts(tmg_json_out *j, const tmg_assessment *as, tmg_harm h)
{
    tmg_json_array(j, "parts");
    for (size_t i = 0; i < as->part_count; i++) {
        const tmg_part *p = &as->parts[i];
        if (p->harm != h)
            continue;
        tmg_json_object(j, NULL);
        tmg_json_text(j, "sense", p->sense);
        tmg_json_text(j, "name", p->name);
        tmg_json_decimal(j, "decibels", p->weight_mdB, MDB_SCALE);
        if (p->author_mdB != TMG_NONE)
            tmg_json_decimal(j, "author_decibels", p->author_mdB, MDB_SCALE);
        if (p->words.len > 0)
            tmg_json_text(j, "words", p->words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
}

static tmg_rc write_model_reasons(tmg_json_out *j, tmg_call *c, tmg_db *db, int64_t declaration_id,
                                  tmg_harm h, tmg_arena *a, tmg_err *err)
{
    tmg_model_reason *reasons = NULL;
    size_t count = 0;
    int64_t model_id = 0;

    TMG_TRY(tmg_model_reasons(db, tmg_centre_settings(c->site->centre)->home, declaration_id, h, a, &reasons,
                              &count, &model_id, err));
    tmg_json_array(j, "model_reasons");
    for (size_t i = 0; i < count; i++) {
        const tmg_model_reason *r = &reasons[i];
        tmg_json_object(j, NULL);
        tmg_json_text(j, "family", r->family);
        tmg_json_decimal(j, "decibels", r->weight_mdB, MDB_SCALE);
        tmg_json_text(j, "feature", r->feature);
        if (isfinite(r->value))
            tmg_json_decimal(j, "value", llround((double)r->value * 1e6), MICRO);
        tmg_json_text(j, "words", r->words);
        tmg_json_end_object(j);
    }
    tmg_json_end_array(j);
    return TMG_OK;
}

static tmg_rc write_harm(tmg_json_out *j, tmg_call *c, tmg_db *db, const tmg_assessment *as, tmg_harm h,
                         tmg_arena *a, tmg_err *err)
{
    const tmg_harm_view *v = &as->harm[h];

    tmg_json_object(j, tmg_harm_name(h));
    tmg_json_decimal(j, "probability", v->ppb, PPB_SCALE);
    tmg_json_decimal(j, "profiles", v->profile_ppb, PPB_SCALE);
    if (v->model_ppb != TMG_NONE) {
        tmg_json_decimal(j, "model", v->model_ppb, PPB_SCALE);
        tmg_json_i64(j, "model_id", v->model_id);
    }
    write_parts(j, as, h);
    TMG_TRY(write_model_reasons(j, c, db, as->declaration_id, h, a, err));
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc read_parts(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(ARENA_MAX);
    const parts_ask *ask = ctx;
    tmg_declaration d;
    tmg_assessment as;
    int64_t post_id;
    tmg_json_out j;

    TMG_TRY(tmg_consignment_load(db, ask->consignment_id, a, &d, err));
    TMG_TRY(tmg_may_see(c, db, &d, &post_id, err));
    TMG_TRY(tmg_assessment_load(db, d.id, &as, err));
    TMG_TRY(tmg_assessment_parts(db, &as, a, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_time(&j, "as_of", as.as_of_ms, d.lodged.offset_min);
    if (as.fusion_id != 0)
        tmg_json_i64(&j, "fusion_id", as.fusion_id);
    for (int h = 0; h < TMG_HARMS; h++)
        TMG_TRY(write_harm(&j, c, db, &as, (tmg_harm)h, a, err));
    tmg_json_end_object(&j);
    return TMG_OK;
}

static tmg_rc log_reading(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const parts_ask *ask = ctx;

    return tmg_log_read(db, &c->who, ask->consignment_id, tmg_call_purpose(c), err);
}

static void log_what_was_read(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else
        tmg_call_write(c, log_reading, NULL, ctx);
}

void tmg_do_parts_read(tmg_call *c)
{
    parts_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    if (tmg_call_id(c, 0, "consignment", &ask->consignment_id))
        tmg_call_offload(c, read_parts, log_what_was_read, ask);
}
