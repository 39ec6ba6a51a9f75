/* What the centre thinks of a declaration, and keeping it. */
#include "app/models_priv.h"
#include "app/rules_live_priv.h"

#include <pthread.h>

tmg_rc tmg_judge(tmg_centre *c, tmg_db *db, const tmg_declaration *d, int64_t as_of_ms, tmg_arena *a,
                 tmg_judgement *ret, tmg_err *err)
{
    tmg_rules_live *l;
    tmg_sight sight = {0};

    if (c->serving->count > 0) {
        tmg_row *rows;
        TMG_TRY(tmg_rules_live_of(c, db, d->id, &l, err));
        sight = (tmg_sight){.book = l->book,
                            .dict = l->dict,
                            .row_count = tmg_rows_of(l->dict, d, c->settings.offset_min, a, &rows)};
        sight.rows = rows;
    }
    tmg_think(c->mind, c->serving, &sight, d, as_of_ms, NULL, 0, a, ret);
    ret->as.declaration_id = d->id;
    return TMG_OK;
}

static tmg_rc keep_score(tmg_db *db, const tmg_assessment *as, const tmg_scored *s, tmg_err *err)
{
    tmg_stmt *st = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO learned_score (declaration_id, model_id, as_of_ms, ppb, raw_ppb, vector) "
                    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (declaration_id, model_id) DO UPDATE SET "
                    "as_of_ms = excluded.as_of_ms, ppb = excluded.ppb, raw_ppb = excluded.raw_ppb, "
                    "vector = excluded.vector",
                    &st, err));
    tmg_bind_i64(st, 1, as->declaration_id);
    tmg_bind_i64(st, 2, s->model_id);
    tmg_bind_i64(st, 3, as->as_of_ms);
    tmg_bind_i64(st, 4, s->ppb);
    tmg_bind_i64(st, 5, s->raw_ppb);
    tmg_bind_blob(st, 6, (tmg_span){(const char *)s->vector, s->features * sizeof *s->vector});
    return tmg_exec(st, err);
}

tmg_rc tmg_judgement_keep(tmg_db *db, const tmg_judgement *j, tmg_err *err)
{
    TMG_TRY(tmg_assessment_save(db, &j->as, err));
    for (size_t i = 0; i < j->scored_count; i++)
        TMG_TRY(keep_score(db, &j->as, &j->scored[i], err));
    return TMG_OK;
}

/* Grows with each step of a model and each fusion, whoever made it. */
static tmg_rc stamp_of(tmg_db *db, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT coalesce((SELECT max(id) FROM learned_step), 0), "
                    "coalesce((SELECT max(made_ms) FROM fusion), 0)",
                    &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret = row ? tmg_col_i64(s, 0) * 1000003 + tmg_col_i64(s, 1) : 0;
    tmg_reset(s);
    return TMG_OK;
}

/* Other threads ask for the trouble only. */
static pthread_mutex_t serving_lock = PTHREAD_MUTEX_INITIALIZER;

void tmg_serving_trouble(const tmg_centre *c, tmg_buf *ret)
{
    pthread_mutex_lock(&serving_lock);
    if (c->serving != NULL)
        tmg_buf_z(ret, c->serving->trouble);
    pthread_mutex_unlock(&serving_lock);
}

tmg_rc tmg_serving_sync(tmg_centre *c, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_serving *anew = NULL, *old;
    int64_t stamp = 0;

    TMG_TRY(stamp_of(db, &stamp, err));
    if (c->serving != NULL && stamp == c->serving_stamp)
        return TMG_OK;
    TMG_TRY(tmg_serving_load(db, c->settings.home, tmg_share_path(c, a, "chains.ini"), c->mind,
                             c->settings.offset_min, &anew, err));
    pthread_mutex_lock(&serving_lock);
    old = c->serving;
    c->serving = anew;
    c->serving_stamp = stamp;
    pthread_mutex_unlock(&serving_lock);
    tmg_serving_free(old);
    return TMG_OK;
}
