/* risk/select.h - who is examined: capacity, instructions, lanes and draws, the queue, and what another capacity would do.
 *
 * Money is in minor units of the centre's currency, probabilities in ppb, shares in ppm.  What reads or writes the
 * database runs on the connection of its caller; what is "pure" is safe from any thread.  Texts lie in the arena that
 * the caller gives.  Source: docs/choosing.md.
 */
#ifndef TMG_RISK_SELECT_H
#define TMG_RISK_SELECT_H

#include "model/model.h"
#include "store/store.h"

/* ---- choosing under capacity (risk/select.c) ---- */

typedef struct tmg_capacity {
    int64_t red, yellow, blue; /* consignments a day */
    int64_t random_ppm;        /* share of the flow drawn at random for red, in parts per million */
    int64_t explore_ppm;       /* share of the red places spent on learning about what was seldom seen */
} tmg_capacity;
/* The capacity of a post on a day: the newest row for that day, else the standing one, else {10, 20, 20,
 * 20000, 20000}. */
TMG_MUST_USE tmg_rc tmg_capacity_get(tmg_db *db, int64_t post_id, int32_t day, tmg_capacity *ret,
                                     tmg_err *err);
TMG_MUST_USE tmg_rc tmg_capacity_put(tmg_db *db, int64_t post_id, int32_t day_or_none, const tmg_capacity *c,
                                     int64_t account_id, tmg_err *err); /* day INT32_MIN: standing */
TMG_MUST_USE tmg_rc tmg_dial_get(tmg_db *db, int64_t *ret_w_minor,
                                 tmg_err *err); /* default 5,000,000 (50,000.00) */
TMG_MUST_USE tmg_rc tmg_dial_put(tmg_db *db, int64_t w_minor, int64_t account_id, tmg_err *err);

/* Standing instructions: config/mandatory.ini.  The absent span when none applies, else its sentence
 * ("precursor of Table I without a licence (1988 Convention, art. 12)"). */
typedef struct tmg_mandatory tmg_mandatory;
TMG_MUST_USE tmg_rc tmg_mandatory_read(const char *path, tmg_mandatory **ret, tmg_err *err);
void tmg_mandatory_free(tmg_mandatory *m);
tmg_span tmg_mandatory_for(const tmg_mandatory *m, const tmg_declaration *d);
/* The instruction behind the `why` of a selection, with its words in other languages (absent where the file has none);
 * false when none has this sentence any more. */
typedef struct tmg_instruction {
    tmg_span name, words, basis, words_az, words_ru;
    bool beyond_capacity; /* no red place was left for it */
} tmg_instruction;
bool tmg_mandatory_explain(const tmg_mandatory *m, tmg_span why, tmg_instruction *ret);

/* expected value = P(fraud) * value + w * P(critical), in minor units. */
int64_t tmg_utility(int64_t fraud_ppb, int64_t critical_ppb, int64_t value_minor, int64_t w_minor);

typedef enum tmg_sel_state {
    TMG_SEL_OPEN = 1,
    TMG_SEL_WAITING,
    TMG_SEL_ORDERED,
    TMG_SEL_RELEASED,
    TMG_SEL_ESCALATED,
    TMG_SEL_CLOSED
} tmg_sel_state;
const char *tmg_sel_state_name(tmg_sel_state s);

typedef struct tmg_selection {
    int64_t consignment_id, declaration_id, post_id;
    int32_t day;
    tmg_lane lane;
    tmg_selected_by by;
    int64_t propensity_ppb, utility_minor, w_minor, fraud_ppb, critical_ppb;
    int64_t rank; /* place by utility in its post and day, 1 first; tmg_selection_get counts it as of now */
    tmg_sel_state state;
    int64_t draw; /* in [0,1e9); TMG_NONE until the first run */
    tmg_span why;
    int64_t wake_ms; /* waiting: when it comes back by itself; open: when it did; TMG_NONE: neither */
    int64_t uncertainty_ppm; /* how little is known about its like (risk/choosing.h) */
    int64_t share_ppb;       /* with this probability its draw asks for a red place: random and exploration */
    tmg_span rule;           /* the live rule that hit it, absent when none */
    tmg_lane rule_lane;      /* 0: the rule names no lane */
    int64_t rule_share_ppm;
    int64_t rule_draw;      /* its second draw; TMG_NONE until the first run */
    int32_t shift;          /* of its arrival, 1 to 3 */
    unsigned wanted, means; /* means that fit what is feared, and those suggested under the shift's slots */
} tmg_selection;

/* Red places go to mandatory ones first (always red, even beyond the capacity: `why` then says so), then to
 * those that a rule sends there and its share draws, then by utility while places remain for those drawn, then
 * to the drawn ones; yellow follows by rule and utility, blue by rule and P(fraud)*value.  Utility 0 is chosen
 * by nothing but chance and rules.  Ordered and closed ones have used a red place, a released red one has given
 * it back.  Where more were drawn than places are left the lowest draws in proportion to their share win.
 *
 * Propensity: the probability with which the candidate's own draws make it red, those of all others being what
 * they are (docs/choosing.md): 1e9 for mandatory ones and those red by rank, share_ppb for others, less where
 * chance asks for more places than there are, 0 where no place was ever left to chance.  What an earlier choice
 * of the day stated (propensity_ppb, 0 before the first) is not taken back because places were used since.
 *
 * A sentence is kept while what it explains stays the same.  Pure: gives each candidate (fields consignment_id,
 * utility_minor, fraud_ppb, critical_ppb, uncertainty_ppm, state, rule fields with rule_draw, by==MANDATORY with
 * why set where an instruction applies; decided ones keep their lane and use up capacity) its lane, rank, by,
 * share and propensity.  draw(ctx, i) in [0,1e9) is candidate i's verifiable draw.  Order of *c is changed to
 * rank. */
typedef int64_t (*tmg_draw)(void *ctx, const tmg_selection *s);
void tmg_select(tmg_selection *c, size_t count, const tmg_capacity *cap, int64_t w_minor, tmg_draw draw,
                void *ctx, tmg_arena *a);

/* Chooses again for one post and day and stores what changed (table selection, each change also a row of
 * selection_past; a mere move in the ranking is no change).  The day's key must have been made by tmg_day_key
 * (and committed in the log): TMG_E_CONFLICT otherwise. */
TMG_MUST_USE tmg_rc tmg_selection_run(tmg_db *db, int64_t post_id, int32_t day, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_selection_get(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_selection *ret,
                                      tmg_err *err);
/* An inspection ordered outside the red lane becomes TMG_BY_OFFICER. */
TMG_MUST_USE tmg_rc tmg_selection_set_state(tmg_db *db, int64_t consignment_id, tmg_sel_state s,
                                            tmg_err *err);
/* It waits, and is open again at wake_ms. */
TMG_MUST_USE tmg_rc tmg_selection_sleep(tmg_db *db, int64_t consignment_id, int64_t wake_ms, tmg_err *err);
/* Opens one whose time has come by now_ms, the earliest first; *ret is its consignment, 0 when there is none. */
TMG_MUST_USE tmg_rc tmg_selection_wake(tmg_db *db, int64_t now_ms, int64_t *ret, int64_t *ret_post_id,
                                       int64_t *ret_wake_ms, tmg_err *err);
typedef enum tmg_queue_part {
    TMG_QUEUE_ALL,
    TMG_QUEUE_AWAKE,   /* without what sleeps; what woke is there whatever its day */
    TMG_QUEUE_SNOOZED, /* what sleeps, whatever its day */
    TMG_QUEUE_WOKE     /* what came back and is open, whatever its day */
} tmg_queue_part;
/* Ranked by utility over the posts asked for (post_ids NULL: all), from `day_from` to `day_to`. lane 0: all.
 * only_open: state OPEN or WAITING; only_state: this one, 0 any. */
typedef struct tmg_queue_query {
    const int64_t *post_ids;
    size_t post_count;
    int32_t day_from, day_to;
    int lane;
    bool only_open;
    int only_state; /* a tmg_sel_state */
    tmg_queue_part part;
    size_t most, skip;
    size_t *total; /* NULL, or where to put how many there are in all */
} tmg_queue_query;
TMG_MUST_USE tmg_rc tmg_queue(tmg_db *db, const tmg_queue_query *q, tmg_arena *a, tmg_selection **ret,
                              size_t *ret_count, tmg_err *err);
/* How many sleep at these posts, and how many woke and are open. */
TMG_MUST_USE tmg_rc tmg_queue_asleep(tmg_db *db, const int64_t *post_ids, size_t post_count,
                                     size_t *ret_snoozed, size_t *ret_woke, tmg_err *err);

/* Day keys: draw = first 63 bits of HMAC-SHA-256(key of the day, declaration reference) scaled to [0,1e9).
 * The key is made when the day is first used; its SHA-256 is to be committed in the log by the caller
 * (*ret_new true); after the day it is published. */
TMG_MUST_USE tmg_rc tmg_day_key(tmg_db *db, int32_t day, uint8_t ret_key[32], bool *ret_new, tmg_err *err);
int64_t tmg_day_draw(const uint8_t key[32], tmg_span ref);

/* ---- what another capacity or dial would do (risk/preview.c) ---- */

/* What a choice comes to.  Examined: the red ones that were not released, and what was ordered or closed
 * outside the red lane; the sums are over them. */
typedef struct tmg_choice {
    int64_t lanes[TMG_LANE_RED + 1]; /* by tmg_lane */
    int64_t examined;
    int64_t fraud_ppb, critical_ppb; /* expected finds: sums of probabilities */
    int64_t revenue_minor;           /* expected value without what critical finds are worth */
    int64_t utility_minor;           /* with them, at the dial that is asked about */
} tmg_choice;
typedef struct tmg_change {
    int64_t consignment_id, declaration_id, post_id, utility_minor;
    tmg_lane from, to;
    tmg_span ref; /* known after tmg_preview_close */
} tmg_change;
typedef struct tmg_preview {
    tmg_choice before, after;
    tmg_change *changes; /* lanes that would change */
    size_t change_count, change_room;
    size_t changed; /* how many there are in all, after tmg_preview_close */
} tmg_preview;
/* Adds to *p what choosing for one post and day under this capacity and dial would come to, beside what is
 * stored.  Stores nothing.  TMG_E_CONFLICT when the day's key was not made yet. */
TMG_MUST_USE tmg_rc tmg_preview_add(tmg_db *db, int64_t post_id, int32_t day, const tmg_capacity *cap,
                                    int64_t w_minor, tmg_arena *a, tmg_preview *p, tmg_err *err);
/* Keeps the `most` changes of the highest expected value, highest first, and reads their references. */
TMG_MUST_USE tmg_rc tmg_preview_close(tmg_db *db, size_t most, tmg_arena *a, tmg_preview *p, tmg_err *err);

#endif
