/* risk/choosing.h - what choosing rests on and what can be said about it afterwards: entries with their rules
 * and means, exploration, means under a shift's slots, unbiased estimates, drift, fairness, what-if.
 *
 * risk/risk.h holds the lanes and tmg_select.  docs/choosing.md says how the numbers come about.
 *
 * Units: money in minor units, probabilities in ppb, shares in ppm, time in ms UTC, work in minutes.  What is read lives
 * in the arena.  Thread rule: the connection's thread; what takes no tmg_db is pure.
 */
#ifndef TMG_RISK_CHOOSING_H
#define TMG_RISK_CHOOSING_H

#include "risk/risk.h"

/* ---- entering (risk/selections.c) ---- */

/* What is known of a declaration when it comes to stand for choice. */
typedef struct tmg_entry {
    const tmg_assessment *assessment;
    tmg_span mandatory_why; /* absent: no instruction applies */
    tmg_span rule_name;     /* absent: no live rule with a lane hit it */
    tmg_lane rule_lane;     /* red, yellow or blue */
    int64_t rule_share_ppm; /* of its hits that go there */
    unsigned means;         /* what a rule asks to be checked with; 0: by the harm feared */
} tmg_entry;
/* Enters an assessed declaration among the candidates of its post and day (or replaces its earlier version's
 * entry: what was released is open again, since that decision was about another version; what was ordered,
 * escalated or closed stays so).  Its lane comes with the next tmg_selection_run.  The shift follows from the expected arrival in the declaration's own
 * offset: 1 from 00:00, 2 from 08:00, 3 from 16:00; without one it is 2. */
TMG_MUST_USE tmg_rc tmg_selection_enter_as(tmg_db *db, const tmg_declaration *d, const tmg_entry *e,
                                           int32_t day, int64_t post_id, tmg_err *err);

/* What held for a post and day at an instant: rows set later are passed over. */
TMG_MUST_USE tmg_rc tmg_capacity_at(tmg_db *db, int64_t post_id, int32_t day, int64_t as_of_ms,
                                    tmg_capacity *ret, tmg_err *err);

/* The second draw, for the share of a rule: as tmg_day_draw over the reference, a line feed and "rule". */
int64_t tmg_day_rule_draw(const uint8_t key[32], tmg_span ref);

/* ---- exploration (risk/explore.c) ---- */

enum {
    TMG_EXPLORE_LEAST_PPM = 10000, /* what a post must spend at least */
    TMG_EXPLORE_MOST_PPM = 100000  /* with what the watch on drift adds */
};
/* How little is known about consignments like this: the standard deviations of the Beta posteriors of both
 * harms' telling groups, added, in parts per million.  Few inspections of a group make it large. */
int64_t tmg_uncertainty_ppm(const tmg_assessment *a);
/* The shares of one post and day: e[i] = budget * u[i] / sum, in ppb and at most 250,000,000, where the
 * budget is explore_ppm of the red places and the sum of the uncertainties is rounded up to three binary
 * digits, so that one more arrival seldom restates the others. */
void tmg_explore_shares(const int64_t *uncertainty_ppm, size_t count, int64_t red, int64_t explore_ppm,
                        int64_t *ret_ppb);
/* What the watch on drift adds at present to every post's share for exploring. */
TMG_MUST_USE tmg_rc tmg_explore_extra(tmg_db *db, int64_t *ret_ppm, tmg_err *err);

/* ---- means under a shift's slots (risk/assign.c, means.c) ---- */

enum { TMG_SHIFTS = 3, TMG_MEANS_KINDS = 6 };

/* One thing to be looked at: any one of `means` will do.  A consignment may be two: its documents and its
 * goods. */
typedef struct tmg_need {
    int64_t owner;         /* for the caller */
    int64_t utility_minor; /* 0 or more */
    unsigned means;        /* bits that fit */
    unsigned given;        /* out: one of them, or 0 */
} tmg_need;
/* What a post has of one means in a shift: so many uses, each taking so many officer minutes (1 or more). */
typedef struct tmg_slots {
    unsigned means; /* one bit; each at most once */
    int64_t slots, minutes;
} tmg_slots;
/* What one use is worth: utility per officer-hour, in minor units. */
int64_t tmg_need_worth(const tmg_need *t, const tmg_slots *s);
/* Gives tasks means so that no means is used more often than it has slots; returns the sum of what the uses
 * are worth.  Exact: the highest sum there is, by successive shortest paths; time grows with the square of
 * count. Greedy: the best use first; at least half of the highest sum.  Where means are worth the same, the
 * lower bit goes first.  Pure. */
int64_t tmg_assign_exact(tmg_need *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                         tmg_arena *a);
int64_t tmg_assign_greedy(tmg_need *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                          tmg_arena *a);
enum { TMG_EXACT_NEEDS = 600 }; /* up to so many tasks of a shift are assigned exactly */

/* What a post has on a day and shift: the newest row for that day, else the standing one, per means;
 * those with 0 slots are left out.  *ret_set false: nothing was ever set, so nothing is known to be short. */
TMG_MUST_USE tmg_rc tmg_means_get(tmg_db *db, int64_t post_id, int32_t day, int32_t shift,
                                  tmg_slots ret[TMG_MEANS_KINDS], size_t *ret_count, bool *ret_set,
                                  tmg_err *err);
TMG_MUST_USE tmg_rc tmg_means_put(tmg_db *db, int64_t post_id, int32_t day_or_none, int32_t shift,
                                  const tmg_slots *s, int64_t account_id, tmg_err *err);

/* ---- what became of consignments (risk/outcomes.c) ---- */

/* One consignment that arrived: how it was chosen, what was thought, and what came of it. */
typedef struct tmg_outcome_row {
    int64_t consignment_id, declaration_id, post_id;
    int32_t day;
    int lane, by;            /* 0 for history, which was never chosen */
    int64_t propensity_ppb;  /* TMG_NONE for history */
    int64_t ppb[TMG_HARMS];  /* thought when it was chosen, or lodged */
    int64_t value_minor;     /* or TMG_NONE */
    bool inspected;          /* a control result is there */
    int8_t found[TMG_HARMS]; /* tmg_found */
    int64_t seized_mg;
    int64_t
        waited_ms; /* from lodging or expected arrival, whichever is later, to decision or result; TMG_NONE */
    int64_t known_at_ms;  /* of the result, or TMG_NONE */
    int64_t consignee_id; /* 0: not stated */
    char hs2[3], origin[3], departure[3], mode[4];
} tmg_outcome_row;
/* Those of the posts asked for (NULL: all) that arrived from day_from to day_to; history counts by its day of
 * lodging in the centre's offset.  In order of day and consignment.  TMG_E_LIMIT when the arena is full. */
TMG_MUST_USE tmg_rc tmg_outcomes_read(tmg_db *db, const int64_t *post_ids, size_t post_count,
                                      int32_t day_from, int32_t day_to, int offset_min, tmg_arena *a,
                                      tmg_outcome_row **ret, size_t *ret_count, tmg_err *err);
/* Did the choice itself, not a person, send it to be examined? */
bool tmg_outcome_designed(const tmg_outcome_row *r);

/* ---- unbiased estimates by inverse propensity (risk/estimate.c) ---- */

/* One consignment as a draw sees it. */
typedef struct tmg_sample {
    int64_t propensity_ppb;
    bool known; /* it was chosen by design and there is a result */
    bool found;
} tmg_sample;
typedef struct tmg_estimate {
    int64_t of;      /* consignments spoken about: those within reach */
    int64_t certain; /* of them, those examined for sure */
    int64_t beyond;  /* those that no draw could reach: not spoken about */
    int64_t known;   /* results it rests on */
    int64_t
        effective; /* results by chance, at equal weights; 0: nothing can be said about what chance reaches */
    tmg_rate rate; /* ppm TMG_NONE when there is nothing to estimate from; the interval is given even then */
    int64_t finds, finds_low, finds_high; /* rate * of */
} tmg_estimate;
/* The share of bad ones: those chosen for sure are counted, the others weighted by 1/propensity (Hajek), with
 * the 95 % interval of Wilson at the effective number of results, both joined by the method of variance
 * recovery (Zou and Donner 2008). */
void tmg_estimate_rate(const tmg_sample *s, size_t count, tmg_estimate *ret);
/* What is left of the finds when those known are taken away, over what was not examined. */
tmg_estimate tmg_estimate_rest(const tmg_estimate *all, int64_t not_examined, int64_t finds_known);

enum { TMG_ANY_HARM = TMG_HARMS };
/* The samples of rows for one harm, or any.  History, which has no propensity, is left out; `chosen` NULL:
 * all. Returns their number. */
size_t tmg_samples_of(const tmg_outcome_row *rows, size_t count, int harm,
                      bool (*chosen)(void *ctx, const tmg_outcome_row *r), void *ctx, tmg_sample *ret);

/* A set of consignments that a rule or model would choose, ascending. */
typedef struct tmg_chosen_set {
    int64_t *ids;
    size_t count, room;
} tmg_chosen_set;
/* What any version of the rule hit, live or in its trial.  TMG_E_NOT_FOUND: no such rule. */
TMG_MUST_USE tmg_rc tmg_chosen_by_rule(tmg_db *db, tmg_span rule, tmg_arena *a, tmg_chosen_set *ret,
                                       tmg_err *err);
/* The rows to which the learned model of this hash gave the highest probabilities: share_ppm of all of them.
 */
TMG_MUST_USE tmg_rc tmg_chosen_by_model(tmg_db *db, tmg_span hash, int64_t share_ppm,
                                        const tmg_outcome_row *rows, size_t count, tmg_arena *a,
                                        tmg_chosen_set *ret, tmg_err *err);

typedef struct tmg_flow_estimate {
    int64_t history; /* rows without a propensity: not spoken about */
    tmg_estimate whole, not_examined, chosen;
} tmg_flow_estimate;
/* Everything that can be estimated about rows for one harm or any; `set` NULL: nothing is asked about. */
void tmg_estimate_flow(const tmg_outcome_row *rows, size_t count, int harm, const tmg_chosen_set *set,
                       tmg_arena *a, tmg_flow_estimate *ret);

/* ---- the watch on drift (risk/drift.c, drift_hits.c) ---- */

enum {
    TMG_WATCH_RECENT_DAYS = 14,
    TMG_WATCH_BEFORE_DAYS = 90,
    TMG_WATCH_STEP_PPM = 10000,
    TMG_WATCH_MOST_PPM = 50000
};

/* The population stability index of counts per class, recent against before, in ppm, and the limit above
 * which it is an alarm: 0.2 and twice what chance alone brings with so many classes and counts. */
int64_t tmg_psi_ppm(const int64_t *recent, const int64_t *before, size_t classes);
int64_t tmg_psi_limit_ppm(const int64_t *recent, const int64_t *before, size_t classes);

/* Results in the order in which they became known, each with the probability that was stated before.  The
 * risk-adjusted CUSUM for odds of twice and half of what was stated (Steiner and others 2000): the present
 * sums, in ppm; an alarm above 5,000,000. */
typedef struct tmg_hit_watch {
    int64_t count, found;
    int64_t expected_ppb; /* sum of probabilities */
    int64_t z_ppm;        /* (found - expected) in standard deviations; TMG_NONE when there is too little */
    int64_t up_ppm, down_ppm;
} tmg_hit_watch;
void tmg_watch_hits(const int64_t *ppb, const bool *found, size_t count, tmg_hit_watch *ret);

typedef struct tmg_watch_row {
    int32_t day;
    tmg_span measure, about; /* "psi" and a feature; "hit_rate", "cusum" and a harm */
    int64_t value_ppm, limit_ppm;
    bool alarm;
    tmg_span words;
} tmg_watch_row;
/* Looks at the 14 days before `day` against the 90 before them, stores what it saw (table watch, in place of
 * an earlier look of the same day) and sets what exploration gets on top: a step more on a day with an alarm,
 * up to five steps, half a step less on a day without.  Inside a write transaction. */
TMG_MUST_USE tmg_rc tmg_watch_run(tmg_db *db, int32_t day, int offset_min, tmg_arena *a, tmg_watch_row **ret,
                                  size_t *ret_count, tmg_err *err);
/* The newest look not after `day`; *ret_count 0 when there was none.  And has this very day been looked at,
 * with something to judge? */
TMG_MUST_USE tmg_rc tmg_watch_read(tmg_db *db, int32_t day, tmg_arena *a, tmg_watch_row **ret,
                                   size_t *ret_count, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_watch_done(tmg_db *db, int32_t day, bool *ret, tmg_err *err);

/* ---- are groups treated alike? (risk/fairness.c) ---- */

typedef enum tmg_alert { TMG_ALERT_NONE, TMG_ALERT_NOTICE, TMG_ALERT_ALARM } tmg_alert;
typedef struct tmg_group {
    const char
        *by; /* "post", "mode", "origin", "importer_size": consignments of the consignee in the year before */
    tmg_span name;                               /* id of the post, code, or band */
    int64_t arrived, selected, inspected, found; /* selected: red, or inspected; found: any harm */
    tmg_rate selected_rate, hit_rate;            /* Wilson */
    int64_t waited_min;               /* median minutes from being there to decision or result; TMG_NONE */
    int64_t stated_ppm;               /* mean P(fraud) of those within reach of a draw; TMG_NONE: none */
    tmg_estimate real;                /* their share of frauds, by inverse propensity */
    int64_t ratio_ppm, ratio_low_ppm; /* selected rate against all others', with the low end of its 95 %
                                         interval; or TMG_NONE */
    tmg_alert alert; /* notice: selected at least twice as often at a lower hit rate; alarm: both beyond their
                        intervals */
} tmg_group;
/* Groups of at least 20 consignments, the largest 40 of each kind, in order of kind and size.  Nothing about
 * persons is a group. */
TMG_MUST_USE tmg_rc tmg_fairness(tmg_db *db, const tmg_outcome_row *rows, size_t count, int32_t day_to,
                                 int offset_min, tmg_arena *a, tmg_group **ret, size_t *ret_count,
                                 tmg_err *err);

/* ---- what another capacity or dial would have found (risk/whatif.c) ---- */

/* What stands behind a count of finds: every result is there; results by chance; results of inspections that
 * people chose, which bound it from above alone; nothing. */
typedef enum tmg_checked {
    TMG_CHECKED_COUNTED,
    TMG_CHECKED_BY_CHANCE,
    TMG_CHECKED_BY_RESULTS,
    TMG_CHECKED_NOT
} tmg_checked;
const char *tmg_checked_name(tmg_checked c); /* "by inspected results" */

/* A count of finds: those known for certain, and all with their 95 % interval, in thousandths. */
typedef struct tmg_finds {
    int64_t known, milli, low_milli, high_milli;
    tmg_checked checked; /* by the weakest that any of it rests on */
} tmg_finds;
typedef struct tmg_scenario {
    int64_t share_ppm,
        w_minor;           /* in: consignments inspected of each post's flow; what a critical find is worth */
    bool as_it_was;        /* in: those that were inspected, instead */
    int64_t chosen, known; /* out: and of them with a result */
    tmg_finds found[TMG_HARMS], missed[TMG_HARMS];
    int64_t seized_mg, missed_mg; /* known ones alone */
} tmg_scenario;
/* "3,5,8": capacities in per cent with at most four decimals, as shares in ppm. */
TMG_MUST_USE tmg_rc tmg_shares_read(tmg_span text, int64_t *ret_ppm, size_t most, size_t *ret_count,
                                    tmg_err *err);
/* Chooses again among rows per post and day by expected value, with the probabilities of then; fractions of a
 * place are carried to the post's next day.  A consignment without result counts with its probability, which
 * results by chance correct: p + (y - p) / propensity (Robins, Rotnitzky and Zhao 1994).  Those that no
 * chance could reach - history, and all where fewer than 30 results came by chance - count with
 * their probability or the rate found among inspected ones of like probability, whichever says fewer in sum;
 * the low end takes none of them for bad, the high end is that rate's. Where there are fewer than 30 results at all, with their probability and an interval of none
 * to all. */
void tmg_what_if(const tmg_outcome_row *rows, size_t count, tmg_scenario *s, tmg_arena *a);

#endif
