/* The steps of a learned model's life. */
#include "app/models_priv.h"
#include "base/json.h"

enum { DETAILS = 1 << 14, JOINING_MAX = 16 << 20, CARD_CAP = 8 << 20, LEAST_NOTE = 10 };

static const char *const move_names[] = {
    [TMG_MODEL_CHALLENGE] = "challenge",
    [TMG_MODEL_APPROVE] = "approve",
    [TMG_MODEL_RETIRE] = "retire",
    [TMG_MODEL_ROLL_BACK] = "roll-back",
};

const char *tmg_model_move_name(tmg_model_move m)
{
    return move_names[m];
}

tmg_model_move tmg_model_move_of(tmg_span word)
{
    for (int m = TMG_MODEL_CHALLENGE; m <= TMG_MODEL_ROLL_BACK; m++)
        if (tmg_span_is(word, move_names[m]))
            return (tmg_model_move)m;
    return (tmg_model_move)0;
}

static tmg_rc log_step(tmg_db *db, const tmg_actor *who, const char *action, int64_t id, tmg_harm h,
                       tmg_span hash, tmg_span note, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, DETAILS);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "harm", tmg_harm_name(h));
    tmg_json_text(&j, "hash", hash);
    if (note.len > 0)
        tmg_json_text(&j, "note", note);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, who, action, tmg_object_of("model", id).text, tmg_members(&b), err);
}

static tmg_rc add_step(tmg_db *db, const tmg_actor *who, int64_t id, const char *from, const char *to,
                       tmg_span note, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO learned_step (model_id, at_ms, account_id, account, from_state, to_state, note) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    tmg_bind_i64(s, 3, who->account_id);
    tmg_bind_text(s, 4, tmg_span_of(who->name));
    tmg_bind_text(s, 5, tmg_span_of(from));
    tmg_bind_text(s, 6, tmg_span_of(to));
    tmg_bind_text(s, 7, note.ptr != NULL ? note : TMG_SPAN(""));
    return tmg_exec(s, err);
}

/* ---- a new one ---- */

static tmg_rc there_already(tmg_db *db, tmg_span hash, bool *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM learned_model WHERE hash = $1", &s, err));
    tmg_bind_text(s, 1, hash);
    TMG_TRY(tmg_step(s, ret, err));
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc insert(tmg_db *db, const tmg_actor *who, tmg_harm h, tmg_span hash, tmg_span schema,
                     tmg_span curve, tmg_span joining, tmg_span card, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(
        tmg_sql(db,
                "INSERT INTO learned_model (hash, harm, features, made_ms, account_id, made_by, calibration, "
                "joining, card, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'candidate')",
                &s, err));
    tmg_bind_text(s, 1, hash);
    tmg_bind_i64(s, 2, h);
    tmg_bind_text(s, 3, schema);
    tmg_bind_i64(s, 4, tmg_now_ms());
    tmg_bind_i64(s, 5, who->account_id);
    tmg_bind_text(s, 6, tmg_span_of(who->name));
    tmg_bind_text(s, 7, curve);
    tmg_bind_text(s, 8, joining);
    tmg_bind_text(s, 9, card);
    return tmg_exec(s, err);
}

tmg_rc tmg_model_add(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_harm h, const tmg_trained *m,
                     const tmg_sha256 *schema, const tmg_fusion *f, tmg_span card, int64_t *ret_id,
                     tmg_err *err)
{
    TMG_AUTO_BUF hash = {0}, features = {0}, curve = {0}, joining = {0};
    tmg_sha256 kept;
    bool there = false;

    tmg_buf_init(&hash, 128);
    tmg_buf_init(&features, 128);
    tmg_buf_init(&curve, JOINING_MAX);
    tmg_buf_init(&joining, JOINING_MAX);
    tmg_hex_write(&hash, m->hash.b, sizeof m->hash.b);
    tmg_hex_write(&features, schema->b, sizeof schema->b);
    tmg_curve_write(m->curve, &curve);
    tmg_fusion_write(f, &joining);
    *ret_id = 0;
    TMG_TRY(there_already(db, tmg_buf_as_span(&hash), &there, err));
    if (there)
        return TMG_OK;
    TMG_TRY(tmg_evidence_put(c->settings.home, tmg_buf_as_span(&m->file), &kept, err));
    TMG_TRY(insert(db, who, h, tmg_buf_as_span(&hash), tmg_buf_as_span(&features), tmg_buf_as_span(&curve),
                   tmg_buf_as_span(&joining), card, err));
    *ret_id = tmg_last_id(db);
    TMG_TRY(add_step(db, who, *ret_id, "", "candidate", tmg_span_of(NULL), err));
    return log_step(db, who, "model.trained", *ret_id, h, tmg_buf_as_span(&hash), tmg_span_of(NULL), err);
}

/* ---- the fusion that goes with a champion ---- */

static tmg_rc joining_of(tmg_db *db, int64_t id, tmg_fusion **ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT joining FROM learned_model WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no model %lld", (long long)id);
    tmg_rc rc = tmg_fusion_read(tmg_col_text(s, 0), ret, err);
    tmg_reset(s);
    return rc;
}

/* The present fusion with the harm's joining replaced by that of a champion (0: none, profiles stand as they
 * are). */
static tmg_rc install(tmg_centre *c, tmg_db *db, int64_t champion, tmg_harm h, tmg_err *err)
{
    tmg_fusion *joining = NULL;
    int64_t id = 0;

    if (champion != 0)
        TMG_TRY(joining_of(db, champion, &joining, err));
    tmg_fusion *f = tmg_fusion_copy(c->serving->fusion);
    if (joining != NULL)
        tmg_fusion_take(f, joining, h);
    else
        tmg_fusion_forget(f, h);
    /* What rules weighed beside the champion before says nothing of what they weigh beside this one. */
    tmg_fusion_teach(f, h, NULL, 0, NULL, 0);
    tmg_rc rc = tmg_fusion_save(db, f, &id, err);
    tmg_fusion_free(f);
    tmg_fusion_free(joining);
    return rc;
}

/* ---- moving ---- */

static tmg_rc set_state(tmg_db *db, const tmg_actor *who, int64_t id, tmg_model_state from,
                        tmg_model_state to, tmg_span note, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE learned_model SET state = $1 WHERE id = $2", &s, err));
    tmg_bind_text(s, 1, tmg_span_of(tmg_model_state_name(to)));
    tmg_bind_i64(s, 2, id);
    TMG_TRY(tmg_exec(s, err));
    return add_step(db, who, id, tmg_model_state_name(from), tmg_model_state_name(to), note, err);
}

static tmg_rc sign(tmg_db *db, const tmg_actor *who, int64_t id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db, "UPDATE learned_model SET approved_by = $1, approved_name = $2, approved_ms = $3 WHERE id = $4",
        &s, err));
    tmg_bind_i64(s, 1, who->account_id);
    tmg_bind_text(s, 2, tmg_span_of(who->name));
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_i64(s, 4, id);
    return tmg_exec(s, err);
}

/* 0 when the harm has none. */
static tmg_rc champion_of(tmg_db *db, tmg_harm h, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id FROM learned_model WHERE state = 'champion' AND harm = $1", &s, err));
    tmg_bind_i64(s, 1, h);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

/* Who was champion when `but` was approved; 0 when nobody was.  Who came back by rolling back (from
 * "retired") was not approved then. */
static tmg_rc champion_before(tmg_db *db, tmg_harm h, int64_t but, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT st.model_id FROM learned_step st JOIN learned_model m ON m.id = st.model_id "
                    "WHERE m.harm = $1 AND m.id <> $2 AND m.state = 'retired' AND st.to_state = 'champion' "
                    "AND st.from_state <> 'retired' AND st.id < (SELECT max(id) FROM learned_step WHERE "
                    "model_id = $2 AND to_state = 'champion' AND from_state <> 'retired') "
                    "ORDER BY st.id DESC LIMIT 1",
                    &s, err));
    tmg_bind_i64(s, 1, h);
    tmg_bind_i64(s, 2, but);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

static bool fits(tmg_model_state s, tmg_model_move move)
{
    switch (move) {
    case TMG_MODEL_CHALLENGE:
        return s == TMG_MODEL_CANDIDATE || s == TMG_MODEL_RETIRED;
    case TMG_MODEL_APPROVE:
        return s == TMG_MODEL_CHALLENGER;
    case TMG_MODEL_RETIRE:
        return s != TMG_MODEL_RETIRED;
    case TMG_MODEL_ROLL_BACK:
        return s == TMG_MODEL_CHAMPION;
    }
    return false;
}

/* Whatever changes who is champion is a decision of another than who trained. */
static bool decides(const tmg_model *m, tmg_model_move move)
{
    return move == TMG_MODEL_APPROVE || m->state == TMG_MODEL_CHAMPION;
}

tmg_rc tmg_model_may_take(const tmg_actor *who, const tmg_model *m, tmg_model_move move, tmg_err *err)
{
    bool own =
        tmg_span_is(m->made_by, who->name) || (who->account_id != 0 && who->account_id == m->account_id);

    TMG_TRY(tmg_guard_may(who, decides(m, move) ? TMG_MAY_MODEL_APPROVE : TMG_MAY_MODEL_TRAIN, 0, err));
    if (!fits(m->state, move))
        return TMG_FAIL(err, TMG_E_CONFLICT, "model %lld is %s: it cannot be taken through \"%s\"",
                        (long long)m->id, tmg_model_state_name(m->state), tmg_model_move_name(move));
    if (move == TMG_MODEL_APPROVE && own)
        return TMG_FAIL(err, TMG_E_DENIED, "%s trained model %lld: a second person has to approve it",
                        who->name, (long long)m->id);
    return TMG_OK;
}

static tmg_rc approve(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_model *m, tmg_span note,
                      tmg_err *err)
{
    int64_t before = 0;

    TMG_TRY(champion_of(db, m->harm, &before, err));
    if (before != 0)
        TMG_TRY(set_state(db, who, before, TMG_MODEL_CHAMPION, TMG_MODEL_RETIRED, note, err));
    TMG_TRY(set_state(db, who, m->id, m->state, TMG_MODEL_CHAMPION, note, err));
    TMG_TRY(sign(db, who, m->id, err));
    return install(c, db, m->id, m->harm, err);
}

static tmg_rc roll_back(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_model *m, tmg_span note,
                        tmg_err *err)
{
    int64_t before = 0;

    TMG_TRY(champion_before(db, m->harm, m->id, &before, err));
    TMG_TRY(set_state(db, who, m->id, TMG_MODEL_CHAMPION, TMG_MODEL_RETIRED, note, err));
    if (before != 0)
        TMG_TRY(set_state(db, who, before, TMG_MODEL_RETIRED, TMG_MODEL_CHAMPION, note, err));
    return install(c, db, before, m->harm, err);
}

static tmg_rc move_it(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_model *m,
                      tmg_model_move move, tmg_span note, tmg_err *err)
{
    switch (move) {
    case TMG_MODEL_CHALLENGE:
        return set_state(db, who, m->id, m->state, TMG_MODEL_CHALLENGER, note, err);
    case TMG_MODEL_APPROVE:
        return approve(c, db, who, m, note, err);
    case TMG_MODEL_RETIRE:
        TMG_TRY(set_state(db, who, m->id, m->state, TMG_MODEL_RETIRED, note, err));
        return m->state == TMG_MODEL_CHAMPION ? install(c, db, 0, m->harm, err) : TMG_OK;
    case TMG_MODEL_ROLL_BACK:
        return roll_back(c, db, who, m, note, err);
    }
    return TMG_FAIL(err, TMG_E_INVALID, "a model is challenged, approved, retired or rolled back");
}

static const char *const leaf_of[] = {
    [TMG_MODEL_CHALLENGE] = "model.challenged",
    [TMG_MODEL_APPROVE] = "model.approved",
    [TMG_MODEL_RETIRE] = "model.retired",
    [TMG_MODEL_ROLL_BACK] = "model.rolled_back",
};

tmg_rc tmg_model_take(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t model_id, tmg_model_move move,
                      tmg_span note, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(CARD_CAP);
    bool deciding;
    tmg_model m;

    TMG_TRY(tmg_centre_sync(c, db, err));
    TMG_TRY(tmg_model_get(db, model_id, a, &m, err));
    TMG_TRY(tmg_model_may_take(who, &m, move, err));
    deciding = decides(&m, move);
    if (deciding && tmg_span_trim(note).len < LEAST_NOTE)
        return TMG_FAIL(err, TMG_E_INVALID, "note: say in at least %d characters why the champion is changed",
                        LEAST_NOTE);
    if (note.len > TMG_MAX_TEXT)
        return TMG_FAIL(err, TMG_E_LIMIT, "note: at most %d bytes", TMG_MAX_TEXT);
    TMG_TRY(move_it(c, db, who, &m, move, note, err));
    TMG_TRY(log_step(db, who, leaf_of[move], m.id, m.harm, m.hash, note, err));
    TMG_TRY(tmg_serving_sync(c, db, err));
    return deciding ? tmg_reassess_now(c, db, err) : TMG_OK;
}
