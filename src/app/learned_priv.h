/* app/learned_priv.h - learned models in use: what a declaration looks like to them, who is asked, what is
 * kept. */
#ifndef TMG_APP_LEARNED_PRIV_H
#define TMG_APP_LEARNED_PRIV_H

#include "app/models.h"
#include "learn/learn.h"
#include "rule/values.h"

/* ---- what a model sees (app/features.c) ---- */

/* What models ask of everything lodged and found before: config/history.values, which lies beside the chains. */
TMG_MUST_USE tmg_rc tmg_history_values(const char *chains, tmg_values **ret, tmg_err *err);
/* Where they ask it: the book as of the rows of the declaration that is judged. */
typedef struct tmg_sight {
    tmg_book *book;
    const tmg_dict *dict;
    const tmg_row *rows;
    size_t row_count;
} tmg_sight;

/* The features of this mind, in order: what the mind has found about goods and parties like these, the plain facts,
 * then the values of the history. */
typedef struct tmg_schema {
    tmg_arena *arena;
    tmg_span *names;
    size_t count;
    tmg_sha256 hash;
} tmg_schema;
/* TMG_E_LIMIT when the chains have so many levels that a model could not take them. */
TMG_MUST_USE tmg_rc tmg_schema_make(const tmg_mind *m, const tmg_values *history, tmg_schema *ret, tmg_err *err);
void tmg_schema_done(tmg_schema *s);
/* schema->count floats, as of the mind's clock, about one item; what the history says as of the declaration's lodging. */
void tmg_features_of(const tmg_mind *m, const tmg_values *history, const tmg_sight *sight, const tmg_declaration *d,
                     int32_t item_no, int offset_min, float *ret);

/* ---- models that are asked (app/serving.c) ---- */

typedef struct tmg_served {
    int64_t id;
    tmg_harm harm;
    bool champion; /* else a challenger in the shadow */
    char hash[65];
    tmg_trees *trees;
    tmg_curve *curve; /* from its raw score to how often such were bad */
} tmg_served;

enum { TMG_MOST_SERVED = 16 };
typedef struct tmg_serving {
    tmg_served model[TMG_MOST_SERVED];
    size_t count;
    tmg_fusion *fusion;
    int64_t fusion_id; /* 0: nothing learned */
    tmg_values *history; /* what they ask of the book */
    int offset_min;
    char trouble[600]; /* why a champion is not asked, or "" */
} tmg_serving;
void tmg_serving_free(tmg_serving *s); /* NULL is accepted */
/* What is in use now, from the database and the evidence folder.  A champion that cannot be used is left out
 * and ret->trouble says why: profiles go on alone. */
TMG_MUST_USE tmg_rc tmg_serving_load(tmg_db *db, const char *home, const char *chains, const tmg_mind *m,
                                     int offset_min, tmg_serving **ret, tmg_err *err);

/* What one model made of one declaration. */
typedef struct tmg_scored {
    int64_t model_id;
    int64_t raw_ppb, ppb;
    const float *vector; /* of the arena */
    size_t features;
} tmg_scored;
typedef struct tmg_judgement {
    tmg_assessment as;
    tmg_scored scored[TMG_MOST_SERVED];
    size_t scored_count;
} tmg_judgement;
/* Mind, models and evidence together.  Parts and vectors live in the arena.  Where no model is asked sight may be
 * NULL. */
void tmg_think(tmg_mind *m, const tmg_serving *s, const tmg_sight *sight, const tmg_declaration *d, int64_t as_of_ms,
               const tmg_evidence *evidence, size_t count, tmg_arena *a, tmg_judgement *ret);

#endif
