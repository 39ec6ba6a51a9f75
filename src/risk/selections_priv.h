/* risk/selections_priv.h - shared by the files that keep selections. */
#ifndef TMG_RISK_SELECTIONS_PRIV_H
#define TMG_RISK_SELECTIONS_PRIV_H

#include "risk/risk.h"

/* The stored key of a day, without making one. */
TMG_MUST_USE tmg_rc tmg_day_key_read(tmg_db *db, int32_t day, uint8_t ret_key[32], bool *ret_there,
                                     tmg_err *err);

/* Columns of a selection in the order tmg_selection_columns reads them; texts are copied into the arena. */
#define TMG_SELECTION_COLUMNS                                                                                \
    "consignment_id, declaration_id, post_id, day, lane, selected_by, propensity_ppb, rank, utility_minor, " \
    "w_minor, fraud_ppb, critical_ppb, state, draw, why"
void tmg_selection_columns(tmg_stmt *s, tmg_arena *a, tmg_selection *ret);

/* Was it decided by a person, so that choosing again leaves it alone? */
bool tmg_selection_decided(const tmg_selection *s);

/* The sentence that goes with lane and by as they stand now; for a mandatory one `why` is the instruction's
 * and beyond_capacity adds that no red place was left. */
tmg_span tmg_selection_words(const tmg_selection *s, const tmg_capacity *cap, tmg_arena *a);
tmg_span tmg_selection_mandatory_words(tmg_span why, bool beyond_capacity, tmg_arena *a);

#endif
