/* risk/risk.h - the mind: how likely is each harm, and why; and what else speaks, joined with it.  Who is examined is in
 * risk/select.h, what came of it in risk/figures.h (both included here), estimates, means and drift in risk/choosing.h.
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
#include "risk/figures.h"
#include "risk/select.h"
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
/* Hands in a result that is stored: learns it, and lets the one whose place it takes leave the profiles when this one is
 * known, with exactly the weight it came with. */
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
/* Fits the calibration of a mind without a database from (raw, label) pairs collected in time order. */
void tmg_mind_fit(tmg_mind *m, tmg_harm harm, const int64_t *raw_ppb, const bool *label, size_t count);
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

#endif
