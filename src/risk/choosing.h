/* risk/choosing.h - what choosing rests on and what can be said about it afterwards: entries with their rules
 * and means, exploration, means under a shift's slots, unbiased estimates, drift, fairness, what-if.
 *
 * risk/risk.h holds the lanes and tmg_select.  docs/choosing.md says how the numbers come about.
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
/* tmg_selection_enter with all of it.  The shift follows from the expected arrival in the declaration's own
 * offset: 1 from 00:00, 2 from 08:00, 3 from 16:00; without one it is 2. */
TMG_MUST_USE tmg_rc tmg_selection_enter_as(tmg_db *db, const tmg_declaration *d, const tmg_entry *e,
                                           int32_t day, int64_t post_id, tmg_err *err);

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
typedef struct tmg_task {
    int64_t owner;         /* for the caller */
    int64_t utility_minor; /* 0 or more */
    unsigned means;        /* bits that fit */
    unsigned given;        /* out: one of them, or 0 */
} tmg_task;
/* What a post has of one means in a shift: so many uses, each taking so many officer minutes (1 or more). */
typedef struct tmg_slots {
    unsigned means; /* one bit; each at most once */
    int64_t slots, minutes;
} tmg_slots;
/* What one use is worth: utility per officer-hour, in minor units. */
int64_t tmg_task_worth(const tmg_task *t, const tmg_slots *s);
/* Gives tasks means so that no means is used more often than it has slots; returns the sum of what the uses
 * are worth.  Exact: the highest sum there is, by successive shortest paths; time grows with the square of
 * count. Greedy: the best use first; at least half of the highest sum.  Where means are worth the same, the
 * lower bit goes first.  Pure. */
int64_t tmg_assign_exact(tmg_task *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                         tmg_arena *a);
int64_t tmg_assign_greedy(tmg_task *tasks, size_t count, const tmg_slots *slots, size_t slot_count,
                          tmg_arena *a);
enum { TMG_EXACT_TASKS = 600 }; /* up to so many tasks of a shift are assigned exactly */

/* What a post has on a day and shift: the newest row for that day, else the standing one, per means;
 * those with 0 slots are left out.  *ret_set false: nothing was ever set, so nothing is known to be short. */
TMG_MUST_USE tmg_rc tmg_means_get(tmg_db *db, int64_t post_id, int32_t day, int32_t shift,
                                  tmg_slots ret[TMG_MEANS_KINDS], size_t *ret_count, bool *ret_set,
                                  tmg_err *err);
TMG_MUST_USE tmg_rc tmg_means_put(tmg_db *db, int64_t post_id, int32_t day_or_none, int32_t shift,
                                  const tmg_slots *s, int64_t account_id, tmg_err *err);
/* The means that fit what is feared: a rule's own choice; else documents for yellow ones; for red ones
 * documents and X-ray or dog where the critical part of the expected value is the larger, else scale or
 * X-ray. */
unsigned tmg_means_wanted(const tmg_selection *s);

#endif
