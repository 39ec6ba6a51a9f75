/* The register of learned models: reading it. */
#include "app/models_priv.h"

#include "base/say.h"
#include "learn/learn.h"

static const char *const state_names[] = {
    [TMG_MODEL_CANDIDATE] = "candidate",
    [TMG_MODEL_CHALLENGER] = "challenger",
    [TMG_MODEL_CHAMPION] = "champion",
    [TMG_MODEL_RETIRED] = "retired",
};

const char *tmg_model_state_name(tmg_model_state s)
{
    return state_names[s];
}

static tmg_model_state state_of(tmg_span word)
{
    for (int s = TMG_MODEL_CANDIDATE; s < TMG_MODEL_RETIRED; s++)
        if (tmg_span_is(word, state_names[s]))
            return (tmg_model_state)s;
    return TMG_MODEL_RETIRED;
}

#define COLUMNS                                                                                              \
    "id, hash, harm, features, made_ms, account_id, made_by, card, state, approved_by, approved_name, "      \
    "approved_ms"

static tmg_span copy(tmg_arena *a, tmg_span s)
{
    return s.ptr != NULL ? tmg_span_copy(a, s) : s;
}

static tmg_model read_row(tmg_stmt *s, tmg_arena *a)
{
    return (tmg_model){.id = tmg_col_i64(s, 0),
                       .hash = copy(a, tmg_col_text(s, 1)),
                       .harm = tmg_col_i64(s, 2) == TMG_CRITICAL ? TMG_CRITICAL : TMG_FRAUD,
                       .features = copy(a, tmg_col_text(s, 3)),
                       .made_ms = tmg_col_i64(s, 4),
                       .account_id = tmg_col_i64(s, 5),
                       .made_by = copy(a, tmg_col_text(s, 6)),
                       .card = copy(a, tmg_col_text(s, 7)),
                       .state = state_of(tmg_col_text(s, 8)),
                       .approved_by = tmg_col_opt(s, 9),
                       .approved_name = copy(a, tmg_col_text(s, 10)),
                       .approved_ms = tmg_col_opt(s, 11)};
}

/* Rows of a prepared statement, in an array that doubles. */
static tmg_rc read_rows(tmg_stmt *s, tmg_arena *a, tmg_model **ret, size_t *ret_count, tmg_err *err)
{
    tmg_model *list = NULL;
    size_t count = 0, room = 0;

    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        if (count == room) {
            tmg_model *more = tmg_alloc_array(a, room == 0 ? 16 : room * 2, sizeof *more);
            if (count > 0)
                memcpy(more, list, count * sizeof *more);
            list = more;
            room = room == 0 ? 16 : room * 2;
        }
        list[count++] = read_row(s, a);
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

tmg_rc tmg_model_list(tmg_db *db, tmg_arena *a, tmg_model **ret, size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT " COLUMNS " FROM learned_model ORDER BY id DESC", &s, err));
    return read_rows(s, a, ret, ret_count, err);
}

tmg_rc tmg_model_get(tmg_db *db, int64_t id, tmg_arena *a, tmg_model *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    tmg_model *list = NULL;
    size_t count = 0;

    TMG_TRY(tmg_sql(db, "SELECT " COLUMNS " FROM learned_model WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    TMG_TRY(read_rows(s, a, &list, &count, err));
    if (count == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no model %lld", (long long)id);
    *ret = list[0];
    return TMG_OK;
}

tmg_rc tmg_model_find(tmg_db *db, tmg_span name, tmg_arena *a, tmg_model *ret, tmg_err *err)
{
    enum { LEAST_DIGITS = 6 };
    tmg_stmt *s = NULL;
    tmg_model *list = NULL;
    size_t count = 0;
    int64_t id = 0;
    bool number = tmg_span_i64(name, &id) && name.len < LEAST_DIGITS;

    if (!number && name.len < LEAST_DIGITS)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "\"%.*s\": name a model by its number or by at least six digits of its hash",
                        TMG_SPAN_ARG(name));
    TMG_TRY(tmg_sql(db,
                    "SELECT " COLUMNS " FROM learned_model WHERE id = $1 OR substr(hash, 1, length($2)) = $2 "
                    "ORDER BY id DESC",
                    &s, err));
    tmg_bind_i64(s, 1, number ? id : 0);
    tmg_bind_text(s, 2, number ? TMG_SPAN("none") : name);
    TMG_TRY(read_rows(s, a, &list, &count, err));
    if (count == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no model \"%.*s\": `tamga model list` shows them",
                        TMG_SPAN_ARG(name));
    if (count > 1)
        return TMG_FAIL(err, TMG_E_INVALID, "%zu models begin with %.*s: give more of the hash", count,
                        TMG_SPAN_ARG(name));
    *ret = list[0];
    return TMG_OK;
}

tmg_rc tmg_model_steps(tmg_db *db, int64_t model_id, tmg_arena *a, tmg_model_step **ret, size_t *ret_count,
                       tmg_err *err)
{
    enum { MOST = 200 };
    tmg_model_step *list = tmg_alloc_array(a, MOST, sizeof *list);
    tmg_stmt *s = NULL;
    size_t count = 0;

    TMG_TRY(tmg_sql(db,
                    "SELECT at_ms, account, from_state, to_state, note FROM learned_step WHERE model_id = $1 "
                    "ORDER BY id DESC LIMIT 200",
                    &s, err));
    tmg_bind_i64(s, 1, model_id);
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        list[count++] = (tmg_model_step){.at_ms = tmg_col_i64(s, 0),
                                         .account = copy(a, tmg_col_text(s, 1)),
                                         .from_state = copy(a, tmg_col_text(s, 2)),
                                         .to_state = copy(a, tmg_col_text(s, 3)),
                                         .note = copy(a, tmg_col_text(s, 4))};
    }
    *ret = list;
    *ret_count = count;
    return TMG_OK;
}

/* ---- how it does ---- */

static tmg_rc count_scores(tmg_db *db, int64_t model_id, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT count(*) FROM learned_score WHERE model_id = $1", &s, err));
    tmg_bind_i64(s, 1, model_id);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) : 0;
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_model_record_of(tmg_db *db, const tmg_model *m, tmg_model_record *ret, tmg_err *err)
{
    enum { MOST = 100000 };
    tmg_judged *rows = tmg_xcalloc(MOST, sizeof *rows);
    tmg_stmt *s = NULL;
    size_t n = 0;
    bool row = true;
    tmg_rc rc = count_scores(db, m->id, &ret->scored, err);

    if (rc == TMG_OK)
        rc = tmg_sql(
            db,
            "SELECT l.as_of_ms, l.ppb, l.raw_ppb, r.found_fraud, r.found_critical FROM learned_score l "
            "JOIN result r ON r.declaration_id = l.declaration_id AND r.known_at_ms > l.as_of_ms "
            "WHERE l.model_id = $1 ORDER BY r.id DESC LIMIT 100000",
            &s, err);
    if (rc == TMG_OK)
        tmg_bind_i64(s, 1, m->id);
    while (rc == TMG_OK && row) {
        rc = tmg_step(s, &row, err);
        if (rc != TMG_OK || !row)
            break;
        rows[n] = (tmg_judged){.day = tmg_day_of(tmg_col_i64(s, 0), 0),
                               .fraud = tmg_col_i64(s, 3) == TMG_FOUND_YES,
                               .critical = tmg_col_i64(s, 4) == TMG_FOUND_YES};
        rows[n].ppb[m->harm] = tmg_col_i64(s, 1);
        rows[n++].raw_ppb[m->harm] = tmg_col_i64(s, 2);
    }
    tmg_evaluate(rows, n, 0, &ret->judged);
    free(rows);
    return rc;
}

/* ---- health ---- */

static tmg_rc has_champion(tmg_db *db, bool ret[TMG_HARMS], tmg_err *err)
{
    tmg_stmt *s = NULL;

    for (int h = 0; h < TMG_HARMS; h++)
        ret[h] = false;
    TMG_TRY(tmg_sql(db, "SELECT harm FROM learned_model WHERE state = 'champion'", &s, err));
    for (;;) {
        bool row = false;
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        ret[tmg_col_i64(s, 0) == TMG_CRITICAL ? TMG_CRITICAL : TMG_FRAUD] = true;
    }
}

bool tmg_model_can_train(void)
{
    char program[4096];
    tmg_err why;

    return tmg_train_find(program, sizeof program, &why) == TMG_OK;
}

tmg_rc tmg_model_trouble(const tmg_centre *c, tmg_db *db, tmg_buf *ret, tmg_err *err)
{
    char program[4096];
    bool there[TMG_HARMS];
    tmg_err why;

    TMG_TRY(has_champion(db, there, err));
    tmg_serving_trouble(c, ret);
    if (ret->len > 0)
        return TMG_OK;
    if (!there[TMG_FRAUD] && !there[TMG_CRITICAL])
        tmg_say_kept(ret, "no learned model is in use: profiles and rules judge alone");
    else if (!there[TMG_FRAUD] || !there[TMG_CRITICAL])
        tmg_say_kept(ret, "no learned model is in use for %s: profiles and rules judge it alone",
                     tmg_harm_name(there[TMG_FRAUD] ? TMG_CRITICAL : TMG_FRAUD));
    if (tmg_train_find(program, sizeof program, &why) != TMG_OK)
        tmg_say_keep(ret, why.text, why.form, why.params);
    return TMG_OK;
}
