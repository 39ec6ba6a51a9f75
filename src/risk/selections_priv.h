/* risk/selections_priv.h - shared by the files that keep selections. */
#ifndef TMG_RISK_SELECTIONS_PRIV_H
#define TMG_RISK_SELECTIONS_PRIV_H

#include "risk/choosing.h"

/* The stored key of a day, without making one. */
TMG_MUST_USE tmg_rc tmg_day_key_read(tmg_db *db, int32_t day, uint8_t ret_key[32], bool *ret_there,
                                     tmg_err *err);

/* Columns of a selection in the order tmg_selection_columns reads them; texts are copied into the arena. */
#define TMG_SELECTION_COLUMNS_WITH(rank)                                                                     \
    "consignment_id, declaration_id, post_id, day, lane, selected_by, propensity_ppb, " rank                 \
    ", utility_minor, w_minor, fraud_ppb, critical_ppb, state, draw, why, wake_ms, "                         \
    "uncertainty_ppm, share_ppb, rule, rule_lane, rule_share_ppm, rule_draw, shift, wanted, means"
/* With the rank as it was when the lane was last given. */
#define TMG_SELECTION_COLUMNS TMG_SELECTION_COLUMNS_WITH("rank")
void tmg_selection_columns(tmg_stmt *s, tmg_arena *a, tmg_selection *ret);

/* The consignments of one post and day as they are stored (`before`, in order of consignment_id) and as they
 * stand for choosing: those still open with their numbers at this dial and with their draws. */
typedef struct tmg_candidates {
    tmg_selection *now, *before;
    size_t count, room;
} tmg_candidates;
/* TMG_E_CONFLICT when there are some and the day has no key yet. */
TMG_MUST_USE tmg_rc tmg_candidates_read(tmg_db *db, int64_t post_id, int32_t day, int64_t w_minor,
                                        tmg_arena *a, tmg_candidates *ret, tmg_err *err);
/* Chooses among `now`, with what the watch on drift adds to exploration, and suggests means. */
TMG_MUST_USE tmg_rc tmg_candidates_choose(tmg_db *db, tmg_candidates *cs, const tmg_capacity *cap,
                                          int64_t w_minor, tmg_arena *a, tmg_err *err);
/* Gives the red and yellow ones among them the means that their shift's slots at the post allow. */
TMG_MUST_USE tmg_rc tmg_suggest_means(tmg_db *db, tmg_selection *c, size_t count, tmg_arena *a, tmg_err *err);
/* The stored state of one, or NULL. */
const tmg_selection *tmg_candidate_before(const tmg_candidates *cs, const tmg_selection *now);

/* Was it decided by a person, so that choosing again leaves it alone? */
bool tmg_selection_decided(const tmg_selection *s);

/* The sentence that goes with lane and by as they stand now; for a mandatory one `why` is the instruction's
 * and beyond_capacity adds that no red place was left. */
tmg_span tmg_selection_words(const tmg_selection *s, const tmg_capacity *cap, tmg_arena *a);
tmg_span tmg_selection_mandatory_words(tmg_span why, bool beyond_capacity, tmg_arena *a);

#endif
