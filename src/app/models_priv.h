/* app/models_priv.h - what the files of the register share. */
#ifndef TMG_APP_MODELS_PRIV_H
#define TMG_APP_MODELS_PRIV_H

#include "app/centre_priv.h"
#include "app/training_priv.h"

/* Adds a freshly trained model with its file, its card and its first step.  *ret_id is 0 when it is there
 * already. */
TMG_MUST_USE tmg_rc tmg_model_add(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_harm h,
                                  const tmg_trained *m, const tmg_sha256 *schema, const tmg_fusion *f,
                                  tmg_span card, int64_t *ret_id, tmg_err *err);

/* Why a champion is not asked although it should be, or nothing.  Any thread. */
void tmg_serving_trouble(const tmg_centre *c, tmg_buf *ret);

/* The card of one harm's model, as JSON (docs/learned-models.md). */
TMG_MUST_USE tmg_rc tmg_model_card(const tmg_training *t, tmg_harm h, const char *source, tmg_buf *ret,
                                   tmg_err *err);

/* "results of goods" of "results of goods/hs6 fraud share", and what stands behind. */
tmg_span tmg_feature_family(tmg_span name, tmg_span *ret_rest);

#endif
