/* casework/flow.h - workflow as data: which states a thing may be in, who may move it along which arrow, and
 * by when.
 *
 * A workflow is a file of config/workflows/ (docs/workflows.md): states with deadlines, arrows with roles,
 * guards, a second pair of eyes, and what follows.  This interpreter runs it.  A move is one transaction with
 * its leaf in the log: the caller opens it, tmg_flow_move changes the state, keeps the step and appends the
 * leaf, the caller's follow-ups run inside it, and the caller commits.
 *
 * Guards and follow-ups are C functions that the rooms above register by name; a workflow that names one that
 * is not registered, or a state that nothing leads to, is refused when it is read.
 *
 * Thread rule: a set of workflows is immutable once read; the rest belongs to the connection's thread.
 */
#ifndef TMG_CASEWORK_FLOW_H
#define TMG_CASEWORK_FLOW_H

#include "guard/guard.h"

enum { TMG_MAX_FLOW_STATES = 32, TMG_MAX_FLOW_ARROWS = 64 };

typedef struct tmg_flows tmg_flows;

/* Where a thing stands. */
typedef struct tmg_flow_item {
    int64_t id, about_id, since_ms, due_ms, escalated_ms, post_id,
        author_id; /* TMG_NONE: no deadline; post 0: none */
    tmg_span kind, state;
} tmg_flow_item;

/* A guard says whether a move may happen now; TMG_E_CONFLICT (or TMG_E_DENIED) with a sentence when not. */
typedef tmg_rc (*tmg_flow_guard)(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                                 tmg_span note, tmg_err *err);
/* What follows a move, in its transaction. */
typedef tmg_rc (*tmg_flow_follow)(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                                  tmg_err *err);
/* An instant that a deadline may be counted from: when a consignment is expected, when a dispatch ends.
 * TMG_NONE: not known. */
typedef tmg_rc (*tmg_flow_moment)(tmg_db *db, int64_t about_id, int64_t *ret_ms, tmg_err *err);
typedef struct tmg_flow_words {
    const char *name;
    tmg_flow_guard guard; /* one of the three is given */
    tmg_flow_follow follow;
    tmg_flow_moment moment;
    const char *kind; /* the one kind of workflow in which it has a meaning; NULL: any */
} tmg_flow_words;

/* Reads every *.ini of a folder.  `known` must outlive the set.  TMG_E_INVALID names file, line and what is
 * wrong. */
TMG_MUST_USE tmg_rc tmg_flows_read(const char *folder, const tmg_flow_words *known, size_t count,
                                   tmg_flows **ret, tmg_err *err);
void tmg_flows_free(tmg_flows *f); /* NULL is accepted */
/* Reads every file by itself and tells the first fault of each, in the words of tmg_flows_read. */
TMG_MUST_USE tmg_rc tmg_flows_faults(const char *folder, const tmg_flow_words *known, size_t count,
                                     void (*told)(void *ctx, const char *fault), void *ctx, size_t *ret_files,
                                     size_t *ret_faults, tmg_err *err);
/* Does every thing of the database stand in a state that its workflow still has?  TMG_E_CONFLICT
 * "flow.states_left" names file, state, how many and what to do. */
TMG_MUST_USE tmg_rc tmg_flows_fit(const tmg_flows *f, tmg_db *db, tmg_err *err);

/* What the program itself names of a workflow: it makes these arrows, and looks for these states.  Lists end
 * with NULL. */
typedef struct tmg_flow_need {
    const char *kind;
    const char *const *states, *const *arrows;
} tmg_flow_need;
/* TMG_E_INVALID names the workflow, state or arrow that is missing, and a kind of workflow that nothing uses.
 */
TMG_MUST_USE tmg_rc tmg_flows_need(const tmg_flows *f, const tmg_flow_need *need, size_t count, tmg_err *err);

typedef struct tmg_flow_state {
    tmg_span name, words[3]; /* words in en, az, ru */
    int64_t deadline_ms;     /* TMG_NONE: none */
    tmg_span counts_from;    /* the moment from which the deadline counts where it is later, or absent */
    tmg_span overdue;        /* follow-up when the deadline has passed, or absent */
    bool final;              /* nothing leads out of it */
} tmg_flow_state;
typedef struct tmg_flow_arrow {
    tmg_span name, words[3];
    tmg_span from[TMG_MAX_FLOW_STATES], to;
    size_t from_count;
    unsigned roles; /* bits 1 << tmg_role */
    bool four_eyes; /* not the author, nor who made the move before */
    bool needs_note;
    bool by_clock; /* the centre makes it when the deadline of the state has passed */
    tmg_span guards[8], follow[8];
    size_t guard_count, follow_count;
} tmg_flow_arrow;
/* For screens and documentation.  TMG_E_NOT_FOUND when there is no such workflow. */
/* The state in which a new thing of that kind stands, and the file that says so. */
TMG_MUST_USE tmg_rc tmg_flow_begins(const tmg_flows *f, tmg_span kind, tmg_span *ret_first,
                                    const char **ret_file, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_flow_describe(const tmg_flows *f, tmg_span kind, const tmg_flow_state **ret_states,
                                      size_t *ret_state_count, const tmg_flow_arrow **ret_arrows,
                                      size_t *ret_arrow_count, tmg_err *err);
size_t tmg_flow_kinds(const tmg_flows *f, const tmg_span **ret);

/* Puts a new thing into its first state. */
TMG_MUST_USE tmg_rc tmg_flow_enter(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_span kind,
                                   int64_t about_id, int64_t post_id, tmg_flow_item *ret, tmg_arena *a,
                                   tmg_err *err);
TMG_MUST_USE tmg_rc tmg_flow_at(tmg_db *db, tmg_span kind, int64_t about_id, tmg_arena *a, tmg_flow_item *ret,
                                tmg_err *err);
/* Moves it along an arrow.  TMG_E_DENIED: role, post or four eyes; TMG_E_CONFLICT: the arrow does not start
 * in its state, or a guard refuses; TMG_E_INVALID: a note is needed.  Each by name: "flow.role",
 * "flow.four_eyes", "flow.state", "flow.moved", "flow.note", "flow.arrow", or the guard's.  On success *item
 * is where it stands now. */
TMG_MUST_USE tmg_rc tmg_flow_move(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_flow_item *item,
                                  tmg_span arrow, tmg_span note, void *ctx, tmg_arena *a, tmg_err *err);
/* Which arrows lead on from here for this actor, and why others do not (refusal absent: it may). */
typedef struct tmg_flow_choice {
    const tmg_flow_arrow *arrow;
    tmg_span refusal, code, params; /* code and params as in tmg_err */
} tmg_flow_choice;
TMG_MUST_USE tmg_rc tmg_flow_choices(const tmg_flows *f, tmg_db *db, const tmg_actor *who,
                                     const tmg_flow_item *item, void *ctx, tmg_arena *a,
                                     tmg_flow_choice **ret, size_t *ret_count, tmg_err *err);

typedef struct tmg_flow_step {
    int64_t at_ms, account_id;
    tmg_span arrow, from, to, note;
} tmg_flow_step;
TMG_MUST_USE tmg_rc tmg_flow_past(tmg_db *db, int64_t item_id, tmg_arena *a, tmg_flow_step **ret,
                                  size_t *ret_count, tmg_err *err);

/* Runs the follow-up of every state whose deadline has passed and marks it escalated, each once, with a leaf
 * "flow.overdue"; then makes the move that the state leaves to the clock, where it has one and its guards
 * agree.  What counts from a moment that has moved on waits for it.  *ret_count: how many. */
TMG_MUST_USE tmg_rc tmg_flow_overdue(const tmg_flows *f, tmg_db *db, const tmg_actor *who, int64_t now_ms,
                                     void *ctx, size_t *ret_count, tmg_err *err);

#endif
