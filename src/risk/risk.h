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

enum { TMG_MAX_LEVELS = 12, TMG_MAX_ALSO = 3, TMG_MOST_CHAINS = 8 };

/* One level of the path that led to a probability. */
typedef struct tmg_level {
    uint8_t depth;  /* 0 is the whole flow; else the level's number, counted through all chains in the file's
                       order */
    int64_t n, bad; /* inspected consignments like this, and how many of them were bad: plain counts */
    int64_t ppb;    /* the smoothed probability at this level; kept in the database to the millionth */
} tmg_level;

typedef struct tmg_harm_view {
    int64_t ppb;                    /* calibrated probability: what everything together comes to */
    int64_t raw_ppb;                /* of the profiles before calibration: ranks finer */
    int64_t profile_ppb;            /* of the profiles alone, calibrated */
    int64_t model_ppb, model_id;    /* of the learned model that was asked; TMG_NONE and 0 when there is none */
    int64_t joined_ppb;             /* of profiles and model, before the calibration of their sum: ranks finer */
    int64_t chain_ppb[TMG_MOST_CHAINS]; /* what each chain alone makes of it; the whole flow's where it is silent */
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

/* One thing that moved a probability: the parts of a harm add up to the log-odds of its ppb. */
typedef struct tmg_part {
    tmg_harm harm;
    tmg_span sense, name; /* "profile" and the chain's name; "model"; "rule" and its name; a sense and its signal */
    int64_t weight_mdB;   /* 1000 * 10*log10 of the factor by which it moved the odds */
    int64_t author_mdB;   /* of a rule or signal: what its author gave it; else TMG_NONE */
    tmg_span key;         /* of tmg_evidence */
    tmg_span words;
} tmg_part;

typedef struct tmg_assessment {
    int64_t declaration_id, as_of_ms, model_id;
    int64_t fusion_id; /* 0: profiles as they are */
    bool repeats; /* a group as fine as the chain's `repeat` level was inspected before (chains.ini) */
    size_t chain_count;
    const tmg_part *parts; /* made by tmg_fusion_apply in its arena; NULL after tmg_assessment_load */
    size_t part_count;
    tmg_harm_view harm[TMG_HARMS];
} tmg_assessment;

/* What the mind thinks of a declaration as of an instant.  Moves the clock forward to as_of_ms: results known
 * by then enter the profiles first.  When the clock is already later, as_of_ms of the result is the clock's:
 * a score always says what it knew.  Does not look at d's own result. */
void tmg_mind_assess(tmg_mind *m, const tmg_declaration *d, int64_t as_of_ms, tmg_assessment *ret);

/* Hands in a control result: it enters the profiles when the clock reaches its known_at_ms (at once if it
 * has). */
void tmg_mind_learn(tmg_mind *m, const tmg_declaration *d, const tmg_result *r);
/* A result that another has taken the place of leaves the profiles at at_ms, with exactly the weight it came with: until
 * then it was what was known.  d is the declaration it was entered for. */
void tmg_mind_unlearn(tmg_mind *m, const tmg_declaration *d, const tmg_result *r, int64_t at_ms);
/* Hands in a result that is stored: learns it, and lets the one it replaces leave. */
TMG_MUST_USE tmg_rc tmg_mind_learn_stored(tmg_mind *m, tmg_db *db, const tmg_declaration *d,
                                          const tmg_result *r, tmg_err *err);
/* Moves the clock to at_ms without scoring. */
void tmg_mind_advance(tmg_mind *m, int64_t at_ms);
int64_t tmg_mind_clock(const tmg_mind *m);

/* Reads results stored since the last call and learns them: after start-up, and when another process has
 * written. tmg_mind_learned tells the mind that the results up to this id were handed in.
 */
TMG_MUST_USE tmg_rc tmg_mind_catch_up(tmg_mind *m, tmg_db *db, tmg_err *err);
void tmg_mind_learned(tmg_mind *m, int64_t result_id);

/* Calibration: isotonic regression (pool adjacent violators, linear between the middles of its steps, each step drawn
 * towards a line of log-odds through all pairs as if 16 of its pairs said so) from
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

/* The views of tmg_assessment_load are filled in with what fusion knew then (whole flow, chains, profiles, model,
 * joined) and its parts, where there are any.  By declaration and the instant of *a. */
TMG_MUST_USE tmg_rc tmg_assessment_parts(tmg_db *db, tmg_assessment *as, tmg_arena *a, tmg_err *err);

/* The same of a text of the column `parts` that was read otherwise. */
TMG_MUST_USE tmg_rc tmg_assessment_parts_of(tmg_span text, tmg_assessment *as, tmg_arena *a, tmg_err *err);
/* What the parts without those of rules and signals come to, in ppb. */
int64_t tmg_parts_without_evidence(const tmg_assessment *as, tmg_harm h);

/* "of 41 inspected consignments like this 18 were bad (HS 2915.24 + departure IR)".  Needs the declaration
 * for the words of the group.  Reads the chain definitions alone: any thread. */
void tmg_assessment_words(const tmg_mind *m, const tmg_assessment *a, const tmg_declaration *d, tmg_harm harm,
                          tmg_buf *b);
/* The group's words alone for one level: "HS 2915.24 + departure IR".  Any thread. */
void tmg_level_words(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, uint8_t depth, tmg_buf *b);

/* The same as data, for screens in other languages.  A fact of the goods or the journey that a group shares. */
enum { TMG_MOST_FACTS = 48 };
typedef struct tmg_fact {
    const char *feature; /* its name in chains.ini */
    bool stated, is_number;
    tmg_span text;
    int64_t from, to; /* of a number, of which `scale` digits stand behind the point; of a band both ends */
    int scale;
} tmg_fact;
/* What the group of a level has in common, coarse to fine; 0 for the whole flow.  Any thread. */
size_t tmg_level_facts(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, uint8_t depth,
                       tmg_fact ret[TMG_MOST_FACTS]);
/* The clauses of tmg_assessment_words in their order. */
typedef enum tmg_clause_kind {
    TMG_NOTHING_YET,   /* nothing was inspected yet */
    TMG_NOTHING_ALIKE, /* nothing like this was inspected yet */
    TMG_FEW_ALIKE,     /* only n like this so far */
    TMG_ALIKE,         /* of n like this so many were bad */
    TMG_GROUP          /* of n of a broader or another group so many were bad */
} tmg_clause_kind;
typedef struct tmg_clause {
    tmg_clause_kind kind;
    const tmg_level *level; /* NULL for TMG_NOTHING_... */
} tmg_clause;
enum { TMG_MOST_CLAUSES = TMG_MAX_ALSO + 2 };
size_t tmg_assessment_clauses(const tmg_assessment *a, tmg_harm harm, tmg_clause ret[TMG_MOST_CLAUSES]);

/* ---- what a learned model may know of the mind (risk/mind_features.c) ----
 * Per chain and level: both harms' probability (the coarser one's where the group was never inspected), the factor by
 * which it moved the odds of the coarser one, inspections and finds; the whole flow, all chains joined, how fine the
 * finest known group is and its inspections.  As of the mind's clock.  Names are "family/name"; which there are
 * depends on the chains alone. */
size_t tmg_mind_feature_count(const tmg_mind *m);
void tmg_mind_feature_name(const tmg_mind *m, size_t i, tmg_buf *b);
/* item_no: of harm[].item_no; an unknown one gives NaN throughout. */
void tmg_mind_features(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, float *ret);
/* The name of chain i ("goods"); borrowed from the mind. */
tmg_span tmg_mind_chain_name(const tmg_mind *m, size_t i);

/* ---- fusion: profiles, a learned model, rules and signals become one probability (risk/fusion.c) ----
 *
 *     joined   = logistic(a + sum b_i (logit p_chain_i - logit p_whole) + c logit p_model)
 *     log-odds = logit(calibration(joined)) + weights of rules and signals
 *
 * a to c come from a ridge logistic regression on (what was thought earlier, what was found later), kept in millionths;
 * the calibration is isotonic; a rule's weight is its author's, drawn by its hits towards what those hits say beyond
 * everything else.  With nothing learned the calibrated profiles stand for the first line, so a fusion that learned
 * nothing and hears of no rule changes nothing.  All in + - * / (base/real.h): the same bits on any machine. */
typedef struct tmg_evidence {
    tmg_span sense, name; /* "rule" and its name, "track" and "track.seal_opened" */
    unsigned harms;       /* bits 1 << tmg_harm that it speaks about */
    int64_t weight_mdB;   /* its author's; may be negative */
    tmg_span key; /* under which results teach it a weight of its own ("rule:DRUG-IR-0042"); absent: never */
    tmg_span words;
} tmg_evidence;

typedef struct tmg_fusion tmg_fusion;
tmg_fusion *tmg_fusion_new(void); /* nothing learned */
void tmg_fusion_free(tmg_fusion *f);
tmg_fusion *tmg_fusion_copy(const tmg_fusion *f);
/* One JSON text, the same for the same fusion; its SHA-256 is the fusion's name. */
void tmg_fusion_write(const tmg_fusion *f, tmg_buf *b);
TMG_MUST_USE tmg_rc tmg_fusion_read(tmg_span json, tmg_fusion **ret, tmg_err *err);
/* Table fusion, by hash.  Inside a write transaction. */
TMG_MUST_USE tmg_rc tmg_fusion_save(tmg_db *db, const tmg_fusion *f, int64_t *ret_id, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_fusion_load(tmg_db *db, int64_t id, tmg_fusion **ret, tmg_err *err);

/* Joins what *as holds (chains, profiles, and model_ppb where the caller has asked a model) with the evidence: sets
 * ppb and joined_ppb of both harms and the parts, in the arena. */
void tmg_fusion_apply(const tmg_fusion *f, int64_t fusion_id, const tmg_mind *m, const tmg_evidence *e, size_t count,
                      tmg_arena *a, tmg_assessment *as);

/* The regression's row of one assessment, without the constant: each chain's part, and logit p_model when `with_model`.
 * Returns how many: at most TMG_MOST_CHAINS + 1. */
size_t tmg_fusion_terms(const tmg_assessment *as, tmg_harm h, bool with_model, double *ret);
/* What the regression found: `count` coefficients in the order of tmg_fusion_terms, then the constant.  Each harm has
 * one set for assessments with a model and one for those without. */
void tmg_fusion_set_terms(tmg_fusion *f, tmg_harm h, bool with_model, const double *beta, size_t count);
/* Its joined probability, before calibration. */
int64_t tmg_fusion_joined(const tmg_fusion *f, const tmg_assessment *as, tmg_harm h, bool with_model);
/* The isotonic calibration of it, from pairs. */
void tmg_fusion_fit(tmg_fusion *f, tmg_harm h, bool with_model, const int64_t *joined_ppb, const bool *label, size_t count);
/* Takes both sets of one harm over from another fusion. */
void tmg_fusion_take(tmg_fusion *to, const tmg_fusion *from, tmg_harm h);
void tmg_fusion_forget(tmg_fusion *f, tmg_harm h); /* back to nothing learned */

/* One assessed consignment whose result came later, as evidence weights learn from it. */
typedef struct tmg_lesson {
    int64_t ppb;  /* what profiles and model came to, without any evidence */
    bool bad;
    const uint32_t *keys; /* indexes of what hit it */
    size_t key_count;
} tmg_lesson;
typedef struct tmg_taught {
    tmg_span key;
    int64_t author_mdB;
    int64_t weight_mdB; /* out */
    int64_t hits, bad;  /* out */
} tmg_taught;
/* The weight of each key that makes the lessons most likely, given all others and a normal prior of 3 dB around the author's:
 * with few hits the author's stands. */
void tmg_fusion_teach(tmg_fusion *f, tmg_harm h, const tmg_lesson *lessons, size_t count, tmg_taught *keys,
                      size_t key_count);
/* What was learned of a key; false when nothing was. */
bool tmg_fusion_taught(const tmg_fusion *f, tmg_harm h, tmg_span key, tmg_taught *ret);

/* ---- a calibration by itself, for whatever else gives probabilities (risk/curve.c) ----
 * The same isotonic regression as the mind's. */
typedef struct tmg_curve tmg_curve;
tmg_curve *tmg_curve_fit(const int64_t *raw_ppb, const bool *label, size_t count);
void tmg_curve_free(tmg_curve *c); /* NULL is accepted */
int64_t tmg_curve_at(const tmg_curve *c, int64_t raw_ppb);
void tmg_curve_write(const tmg_curve *c, tmg_buf *b); /* a JSON array */
TMG_MUST_USE tmg_rc tmg_curve_read(tmg_span json, tmg_curve **ret, tmg_err *err);

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
