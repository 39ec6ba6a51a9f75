/* risk/risk.h - the mind: how likely is each harm, why, and which consignments fit under the capacity.
 *
 * Profiles: hierarchical empirical Bayes.  A *chain* is a list of levels, each a finer group of consignments
 * (chapter, heading, ..., heading+departure+origin); at each level p = (bad + m*p_parent) / (n + m), where n
 * and bad count inspected consignments of the group.  The chains' results are joined by their log-odds
 * against the whole flow.  Chains are defined in config/chains.ini.  Source: the study of the risk engine
 * §3.2 and the shrinkage estimator of Efron and Morris (1973).
 *
 * Time: counts decay by a half-life (forward decay, Cormode et al. 2009): each result adds the integer weight
 * 2^((t-L)/H) for a fixed landmark L, so that sums are exact, do not depend on the order in which results
 * came, and a score can be recomputed bit for bit.  Weights reach 24 half-lives past the landmark.  *Known
 * at*: a result enters the profiles when the clock of the scoring has reached its known_at, never before;
 * results that lie ahead wait in a queue.
 *
 * Thread rule: one tmg_mind belongs to one thread (the writer's).  Probabilities leave this room as integers
 * in ppb.
 */
#ifndef TMG_RISK_RISK_H
#define TMG_RISK_RISK_H

#include "model/model.h"
#include "store/store.h"

#define TMG_PPB INT64_C(1000000000)

typedef struct tmg_mind tmg_mind;

/* Reads the chain definitions; knows nothing yet.  At most 8 chains of at most 11 levels.  TMG_E_INVALID
 * names file, line and what is wrong there. */
TMG_MUST_USE tmg_rc tmg_mind_new(const char *chains_path, tmg_mind **ret, tmg_err *err);
void tmg_mind_free(tmg_mind *m);

enum { TMG_MAX_LEVELS = 12, TMG_MAX_ALSO = 3 };

/* One level of the path that led to a probability. */
typedef struct tmg_level {
    uint8_t depth;  /* 0 is the whole flow; else the level's number, counted through all chains in the file's
                       order */
    int64_t n, bad; /* inspected consignments like this, and how many of them were bad: plain counts */
    int64_t ppb;    /* the smoothed probability at this level; kept in the database to the millionth */
} tmg_level;

typedef struct tmg_harm_view {
    int64_t ppb;                    /* calibrated probability */
    int64_t raw_ppb;                /* before calibration: ranks finer */
    int32_t item_no;                /* the item that decided (the highest) */
    tmg_level path[TMG_MAX_LEVELS]; /* of the chain that moved the odds most */
    size_t path_len;
    size_t telling; /* index in path of the level the words speak of: the finest with enough inspections, or
                       the finest of all where those few moved the odds by more than half again */
    tmg_level
        also[TMG_MAX_ALSO]; /* what other chains added: the finest group of each that moved the odds by more
                               than a quarter, strongest first; ppb is that group's own probability */
    size_t also_len;
} tmg_harm_view;

typedef struct tmg_assessment {
    int64_t declaration_id, as_of_ms, model_id;
    bool repeats; /* a group as fine as the chain's `repeat` level was inspected before (chains.ini) */
    tmg_harm_view harm[TMG_HARMS];
} tmg_assessment;

/* What the mind thinks of a declaration as of an instant.  Moves the clock forward to as_of_ms: results known
 * by then enter the profiles first.  When the clock is already later, as_of_ms of the result is the clock's:
 * a score always says what it knew.  Does not look at d's own result. */
void tmg_mind_assess(tmg_mind *m, const tmg_declaration *d, int64_t as_of_ms, tmg_assessment *ret);

/* Hands in a control result: it enters the profiles when the clock reaches its known_at_ms (at once if it
 * has). */
void tmg_mind_learn(tmg_mind *m, const tmg_declaration *d, const tmg_result *r);
/* Moves the clock to at_ms without scoring. */
void tmg_mind_advance(tmg_mind *m, int64_t at_ms);
int64_t tmg_mind_clock(const tmg_mind *m);

/* Reads results stored since the last call and learns them: after start-up, and when another process has
 * written. tmg_mind_learned tells the mind that the results up to this id were handed in by tmg_mind_learn.
 */
TMG_MUST_USE tmg_rc tmg_mind_catch_up(tmg_mind *m, tmg_db *db, tmg_err *err);
void tmg_mind_learned(tmg_mind *m, int64_t result_id);

/* Calibration: isotonic regression (pool adjacent violators, linear between the middles of its steps) from
 * raw score to frequency, on pairs (score given earlier, result that came later).  Refit from the stored
 * assessments; kept in table model with the chains, by hash.  Pairs are those known by the mind's clock, the
 * newest 50,000.  Fewer than 200 pairs, or fewer than 10 of either label: the identity.  Inside a write
 * transaction. */
TMG_MUST_USE tmg_rc tmg_mind_calibrate(tmg_mind *m, tmg_db *db, tmg_err *err);
/* Loads the newest stored calibration whose chains are these, or registers the identity; sets model_id.
 * Inside a write transaction. */
TMG_MUST_USE tmg_rc tmg_mind_load(tmg_mind *m, tmg_db *db, tmg_err *err);

/* Assessments in the database.  A second one of the same declaration and instant takes the first one's place.
 */
TMG_MUST_USE tmg_rc tmg_assessment_save(tmg_db *db, const tmg_assessment *a, tmg_err *err);
/* The newest of a declaration; TMG_E_NOT_FOUND when it was never assessed. */
TMG_MUST_USE tmg_rc tmg_assessment_load(tmg_db *db, int64_t declaration_id, tmg_assessment *ret,
                                        tmg_err *err);

/* "of 41 inspected consignments like this 18 were bad (HS 2915.24 + departure IR)".  Needs the declaration
 * for the words of the group.  Reads the chain definitions alone: any thread. */
void tmg_assessment_words(const tmg_mind *m, const tmg_assessment *a, const tmg_declaration *d, tmg_harm harm,
                          tmg_buf *b);
/* The group's words alone for one level: "HS 2915.24 + departure IR".  Any thread. */
void tmg_level_words(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, uint8_t depth, tmg_buf *b);

/* ---- choosing under capacity (risk/select.c) ---- */

typedef struct tmg_capacity {
    int64_t red, yellow, blue; /* consignments a day */
    int64_t random_ppm;        /* share of the flow drawn at random for red, in parts per million */
} tmg_capacity;
/* The capacity of a post on a day: the newest row for that day, else the standing one, else {10, 20, 20,
 * 20000}. */
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
} tmg_selection;

/* Red places go to mandatory ones first (always red, even beyond the capacity: `why` then says so), then by
 * utility while places remain for those drawn at random, then to the drawn ones; yellow follows by utility,
 * blue by P(fraud)*value.  Utility 0 is chosen by nothing but chance.  Ordered and closed ones have used a
 * red place, a released red one has given it back.  Where more were drawn than places are left the lowest
 * draws win. Propensity: 1e9 for mandatory ones and those red by profile, random_ppm*1000 for all others,
 * whatever their lane: the probability with which they come to be examined.  A sentence is kept while what it
 * explains stays the same. Pure: gives each candidate (fields consignment_id, utility_minor, fraud_ppb,
 * critical_ppb, state, by==MANDATORY with why set where an instruction applies; decided ones keep their lane
 * and use up capacity) its lane, rank, by and propensity.  draw(ctx, i) in [0,1e9) is candidate i's
 * verifiable draw.  Order of *c is changed to rank. */
typedef int64_t (*tmg_draw)(void *ctx, const tmg_selection *s);
void tmg_select(tmg_selection *c, size_t count, const tmg_capacity *cap, int64_t w_minor, tmg_draw draw,
                void *ctx, tmg_arena *a);

/* Enters an assessed declaration among the candidates of its post and day (or replaces its earlier version's
 * entry: what was released is open again, since that decision was about another version; what was ordered,
 * escalated or closed stays so).  Its lane comes with the next tmg_selection_run. */
TMG_MUST_USE tmg_rc tmg_selection_enter(tmg_db *db, const tmg_declaration *d, const tmg_assessment *as,
                                        int32_t day, int64_t post_id, tmg_span mandatory_why, tmg_err *err);
/* Chooses again for one post and day and stores what changed (table selection, each change also a row of
 * selection_past; a mere move in the ranking is no change).  The day's key must have been made by tmg_day_key
 * (and committed in the log): TMG_E_CONFLICT otherwise. */
TMG_MUST_USE tmg_rc tmg_selection_run(tmg_db *db, int64_t post_id, int32_t day, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_selection_get(tmg_db *db, int64_t consignment_id, tmg_arena *a, tmg_selection *ret,
                                      tmg_err *err);
/* An inspection ordered outside the red lane becomes TMG_BY_OFFICER. */
TMG_MUST_USE tmg_rc tmg_selection_set_state(tmg_db *db, int64_t consignment_id, tmg_sel_state s,
                                            tmg_err *err);
/* Ranked by utility over the posts asked for (post_ids NULL: all), from `day_from` to `day_to`. lane 0: all.
 * only_open: state OPEN or WAITING; only_state: this one, 0 any. */
typedef struct tmg_queue_query {
    const int64_t *post_ids;
    size_t post_count;
    int32_t day_from, day_to;
    int lane;
    bool only_open;
    int only_state; /* a tmg_sel_state */
    size_t most, skip;
} tmg_queue_query;
TMG_MUST_USE tmg_rc tmg_queue(tmg_db *db, const tmg_queue_query *q, tmg_arena *a, tmg_selection **ret,
                              size_t *ret_count, tmg_err *err);

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

/* ---- what came of it (risk/figures.c) ---- */

/* A share with its interval, in parts per million; all TMG_NONE when `of` is 0. */
typedef struct tmg_rate {
    int64_t ppm, low_ppm, high_ppm;
} tmg_rate;
/* The 95 % score interval of Wilson (1927): right for small counts and shares near 0 too. 0 <= count <= of.
 */
tmg_rate tmg_wilson(int64_t count, int64_t of);

/* Consignments and what was done about them.  Inspected: a control result is there; hits: it found fraud or
 * something critical.  decisions[tmg_action] counts what was decided, what was taken back included. */
typedef struct tmg_tally {
    int64_t arrived, inspected, hits, fraud, critical, minutes;
    int64_t decisions[TMG_ACT_WITHDRAW + 1];
} tmg_tally;
void tmg_tally_add(tmg_tally *to, const tmg_tally *more);

/* One group of them. */
typedef struct tmg_figure {
    int64_t post_id;
    int lane; /* a tmg_lane; 0 for history, which was never chosen */
    int by;   /* a tmg_selected_by; 0 for history */
    tmg_tally tally;
} tmg_figure;
/* What arrived from day_from to day_to (history counts by its day of lodging, in the centre's offset), by
 * post, lane and way of selection.  Reads all declarations once; inside a read transaction for one view. */
TMG_MUST_USE tmg_rc tmg_figures(tmg_db *db, int32_t day_from, int32_t day_to, int offset_min, tmg_arena *a,
                                tmg_figure **ret, size_t *ret_count, tmg_err *err);

/* ---- judging (risk/evaluate.c): `tamga evaluate` ---- */
typedef struct tmg_evaluation {
    int64_t train_rows, test_rows, test_fraud, test_critical;
    /* Fractions; -1 where there is nothing to judge (no row, or only one label).  Rankings go by raw scores.
     */
    double p_at[5];      /* fraud precision at 1, 2, 5, 10, 20 %: the first ceil(share * rows) */
    double recall_at[3]; /* critical recall at 1, 5, 10 % */
    double auc[TMG_HARMS], ap[TMG_HARMS], brier[TMG_HARMS], ece[TMG_HARMS];
    int64_t replay_inspected, replay_fraud, replay_critical, replay_days;
    int64_t replay_share_ppm; /* 50000 */
    double replay_w;          /* utility = P(fraud) + w*P(critical) */
} tmg_evaluation;

/* Scores and labels of a test period in; all figures out.  day[i] groups the replay. Ties keep input order.
 */
typedef struct tmg_judged {
    int32_t day;
    bool fraud, critical;
    int64_t ppb[TMG_HARMS], raw_ppb[TMG_HARMS];
} tmg_judged;
void tmg_evaluate(const tmg_judged *rows, size_t count, double w, tmg_evaluation *ret);
/* Fits the calibration of a mind without a database from (raw, label) pairs collected in time order. */
void tmg_mind_fit(tmg_mind *m, tmg_harm harm, const int64_t *raw_ppb, const bool *label, size_t count);

#endif
