/* app/rules.h - what people do with rules and lists, and what rules do with consignments: the front door.
 *
 * Life of a rule: saved as a draft; back-tested, and the report of exactly its hash attached; proposed with a note of
 * purpose, data and effect; made live by a second person until its expiry; expired or retired.  Every step is one
 * transaction: the state, a row of its history, and a leaf of the log.
 *
 * A text that names a protected attribute is refused, and who tried which word becomes a leaf
 * ("rule.refused_protected") when the text was to be saved or tested, or was checked while it was typed.
 *
 * Thread rule: calls with a `tmg_centre *` that is not const run on the writer's thread (app/app.h).
 */
#ifndef TMG_APP_RULES_H
#define TMG_APP_RULES_H

#include "app/app.h"
#include "rule/registry.h"
#include "rule/rule.h"

struct tmg_json_out;

/* ---- reading a text (any thread) ---- */

/* What checking needs to know of this centre: its lists, posts, kinds of signals and today. */
TMG_MUST_USE tmg_rc tmg_rule_lexicon_read(const tmg_centre *c, tmg_db *db, tmg_arena *a, tmg_rule_lexicon *ret,
                                          tmg_err *err);
/* Is there a fault that is more than a warning? */
bool tmg_reading_fails(const tmg_reading *r);

/* The protected words that a text names, one per line; empty when there is none. */
void tmg_rule_protected_words(tmg_span text, const tmg_reading *r, tmg_buf *ret);
/* The leaf of who tried them; none when there is none. */
TMG_MUST_USE tmg_rc tmg_rule_log_protected(tmg_db *db, const tmg_actor *who, tmg_span text, const tmg_reading *r,
                                           tmg_err *err);

/* ---- the life of a rule ---- */

typedef struct tmg_rule_kept {
    bool saved;               /* false: it has faults, or this version says the same already */
    tmg_rule_version version; /* unless it has faults */
    tmg_reading reading;
} tmg_rule_kept;
/* Keeps a text with one rule as a draft: a new rule, or the next version of the one with its name.  A draft that it
 * replaces is withdrawn; a draft of the same hash only takes the new wording.  Faults are no failure of the call, since
 * a leaf may have been written: look at ret->reading.  TMG_E_CONFLICT when a version that is no draft says the same. */
TMG_MUST_USE tmg_rc tmg_rule_keep(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span text, tmg_span note,
                                  tmg_arena *a, tmg_rule_kept *ret, tmg_err *err);

typedef enum tmg_rule_move {
    TMG_RULE_PROPOSE = 1, /* draft or shadow -> proposed: a back-test is attached, it expires, and the note says why */
    TMG_RULE_APPROVE,     /* proposed -> live, by another account than the author's; an older live version retires */
    TMG_RULE_REFUSE,      /* proposed -> draft */
    TMG_RULE_TO_SHADOW,   /* draft -> shadow */
    TMG_RULE_WITHDRAW,    /* draft, shadow, proposed -> withdrawn */
    TMG_RULE_RETIRE,      /* live -> retired */
    TMG_RULE_MOVES
} tmg_rule_move;
const char *tmg_rule_move_name(tmg_rule_move m); /* "propose", "approve", "refuse", "shadow", "withdraw", "retire" */
tmg_rule_move tmg_rule_move_of(tmg_span word);   /* 0 when unknown */
enum { TMG_RULE_NOTE_LEAST = 10 }; /* characters of the note of a proposal, a refusal, a retirement */

/* May this actor move this version so, as things stand?  (any thread) */
TMG_MUST_USE tmg_rc tmg_rule_may_move(const tmg_centre *c, const tmg_actor *who, const tmg_rule_version *v,
                                      tmg_rule_move m, tmg_err *err);
/* Version 0: the newest.  *ret is the version as it stands afterwards. */
TMG_MUST_USE tmg_rc tmg_rule_step_take(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span name, int32_t version,
                                       tmg_rule_move m, tmg_span note, tmg_arena *a, tmg_rule_version *ret,
                                       tmg_err *err);
/* Ends what expired before today; tmg_tick calls it. */
TMG_MUST_USE tmg_rc tmg_rules_tick(tmg_centre *c, tmg_db *db, tmg_err *err);

/* ---- lists ---- */

TMG_MUST_USE tmg_rc tmg_list_find(tmg_db *db, tmg_span name, tmg_arena *a, tmg_list_info *ret, tmg_err *err);
/* Who looked at its entries is a leaf ("list.read"). */
TMG_MUST_USE tmg_rc tmg_list_log_read(tmg_db *db, const tmg_actor *who, tmg_span name, const char *purpose,
                                      tmg_err *err);
bool tmg_list_readable(const tmg_actor *who, const tmg_list_info *l);
TMG_MUST_USE tmg_rc tmg_list_make_one(tmg_centre *c, tmg_db *db, const tmg_actor *who, const tmg_list_info *l,
                                      tmg_err *err);
/* Adds all entries (from_ms TMG_NONE: now), or ends those with these values as of now; one leaf. */
TMG_MUST_USE tmg_rc tmg_list_add_all(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span list,
                                     const tmg_list_entry *entries, size_t count, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_list_end_all(tmg_centre *c, tmg_db *db, const tmg_actor *who, tmg_span list,
                                     const tmg_span *values, size_t count, tmg_err *err);

/* ---- rules at work (app/rules_live.c) ---- */

/* What one rule has to say about a declaration. */
typedef struct tmg_rule_said {
    int64_t version_id;
    tmg_span name;         /* borrowed from the set at work: until the next tmg_rules_sync */
    int32_t version;
    bool shadow;           /* nothing follows from it */
    bool restricted;       /* it looks in a list that not everybody may read: its words are for those who may */
    const tmg_rule *rule;  /* its lane, share, weight, offences and means; borrowed likewise */
    int32_t item_no;       /* of the first item that it hit; 0: the declaration has none */
    size_t items;          /* how many it hit */
    tmg_span words;        /* its sentence for officers, filled in */
    tmg_span words_in[TMG_TONGUES]; /* the same in the languages in which the rule says it */
    tmg_because *because;
    size_t because_count;
} tmg_rule_said;
/* Brings the rules at work, the lists and the book level with the database: what other processes changed, what a
 * rolled-back transaction lost, what expired.  tmg_rules_apply does it first; at start-up it saves the first
 * declaration the wait. */
TMG_MUST_USE tmg_rc tmg_rules_sync(tmg_centre *c, tmg_db *db, tmg_err *err);
/* Judges a stored declaration as of at_ms (as: its assessment, for p(); NULL: unknown), stores the hits in place of
 * earlier ones, and enters the declaration into the book.  What is said lives in the arena. */
TMG_MUST_USE tmg_rc tmg_rules_apply(tmg_centre *c, tmg_db *db, const tmg_declaration *d, const tmg_assessment *as,
                                    int64_t at_ms, tmg_arena *a, tmg_rule_said **ret, size_t *ret_count, tmg_err *err);
/* Tells the book of a control result that was stored. */
void tmg_rules_learn(tmg_centre *c, const tmg_result *r);
/* The evidence of a stored hit as an object; where a restricted list was looked in, whoever may not see such lists gets
 * the rule's title in place of what it found. */
void tmg_rule_evidence_write(struct tmg_json_out *j, const char *key, tmg_span evidence, const tmg_actor *who);
/* Its sentence alone, under the same condition. */
tmg_span tmg_rule_evidence_words(tmg_span evidence, const tmg_actor *who, tmg_arena *a);
/* The same in each language in which the rule said it, as a member. */
void tmg_rule_evidence_words_in(struct tmg_json_out *j, const char *key, tmg_span evidence, const tmg_actor *who);
/* Judges everything lodged since from_ms by the rules at work, as of its lodging, and stores the hits. */
TMG_MUST_USE tmg_rc tmg_rules_recall(tmg_centre *c, const tmg_actor *who, int64_t from_ms, int64_t *ret_hits,
                                     tmg_err *err);
/* What waits and is hit by this rule, or was hit by an earlier version of it, is judged and chosen again: at once, or in
 * slices where much waits (app/again_priv.h). */
TMG_MUST_USE tmg_rc tmg_rules_apply_waiting(tmg_centre *c, tmg_db *db, tmg_span name, tmg_err *err);
/* The shipped rules (config/rules): saved and proposed by one account, each with its back-test, made live by another. */
TMG_MUST_USE tmg_rc tmg_rules_ship(tmg_centre *c, tmg_span author, tmg_span approver, int64_t *ret_count, tmg_err *err);

/* ---- the leaderboard (app/leaderboard.c) ---- */

/* A way by which consignments come to be looked at, and what came of it. */
typedef struct tmg_board_entry {
    int by;                  /* a tmg_selected_by; 0: a rule */
    int64_t version_id;      /* of a rule */
    tmg_span name, title;    /* "profile", or the rule's name */
    tmg_span title_in[TMG_TONGUES];
    int32_t version;
    tmg_rule_state state;    /* of a rule; 0 otherwise */
    int64_t hits, inspected, found, fraud, critical, minutes, seized_mg;
    bool retire;             /* its rate is surely under that of the random share */
    tmg_span words;
} tmg_board_entry;
typedef struct tmg_board {
    int32_t from_day, to_day;
    int64_t random_inspected, random_found, all_inspected, all_found;
    tmg_board_entry *entries; /* the surest rate first: by the lower end of its interval */
    size_t count;
} tmg_board;
enum { TMG_BOARD_LEAST = 20 }; /* inspections of a rule and of the random share before one is held against the other */
/* Ways of selection by day of arrival, rules by day of lodging. */
TMG_MUST_USE tmg_rc tmg_board_read(const tmg_centre *c, tmg_db *db, int32_t from_day, int32_t to_day, tmg_arena *a,
                                   tmg_board *ret, tmg_err *err);
int64_t tmg_lift_milli(int64_t count, int64_t of, int64_t base_count, int64_t base_of); /* TMG_NONE: nothing to say */

#endif
