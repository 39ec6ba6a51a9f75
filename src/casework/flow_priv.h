/* casework/flow_priv.h - what a set of workflows holds; shared by the files that read, run and watch it. */
#ifndef TMG_CASEWORK_FLOW_PRIV_H
#define TMG_CASEWORK_FLOW_PRIV_H

#include "casework/flow.h"

enum { TMG_MAX_FLOWS = 16, TMG_FLOW_LANGUAGES = 3 };

typedef struct tmg_flow {
    tmg_span kind, first;
    const char *file;
    int line; /* of `first` */
    tmg_flow_state state[TMG_MAX_FLOW_STATES];
    int state_line[TMG_MAX_FLOW_STATES];
    size_t state_count;
    tmg_flow_arrow arrow[TMG_MAX_FLOW_ARROWS];
    int arrow_line[TMG_MAX_FLOW_ARROWS];
    size_t arrow_count;
} tmg_flow;

struct tmg_flows {
    tmg_arena *arena;
    const tmg_flow_words *known;
    size_t known_count;
    tmg_flow *flow[TMG_MAX_FLOWS];
    tmg_span kind[TMG_MAX_FLOWS];
    size_t count;
};

/* NULL when there is none of that name. */
const tmg_flow *tmg_flow_of(const tmg_flows *f, tmg_span kind);
const tmg_flow_state *tmg_flow_state_of(const tmg_flow *w, tmg_span state);
const tmg_flow_words *tmg_flow_word(const tmg_flows *f, tmg_span name);

/* When the deadline of the state passes for what stands in it since item->since_ms; TMG_NONE: never. */
TMG_MUST_USE tmg_rc tmg_flow_due(const tmg_flows *f, tmg_db *db, const tmg_flow_item *item,
                                 const tmg_flow_state *state, int64_t *ret_ms, tmg_err *err);
/* The move that its state leaves to the clock; without one, or where a guard refuses, it stays. */
TMG_MUST_USE tmg_rc tmg_flow_clock(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_flow_item *item,
                                   void *ctx, tmg_err *err);
/* "30 min", "4 h", "2 d"; false when it is none. */
bool tmg_flow_duration(tmg_span text, int64_t *ret_ms);
/* Is what was read whole: states that are reached, arrows that somebody may make, words that are known? */
TMG_MUST_USE tmg_rc tmg_flow_check(const tmg_flows *f, tmg_flow *w, tmg_err *err);
/* TMG_E_INVALID "file:line: ..." */
tmg_rc tmg_flow_fault(tmg_err *err, const char *file, int line, const char *fmt, ...) TMG_PRINTF(4, 5);
extern const char *const tmg_flow_language_keys[TMG_FLOW_LANGUAGES];

#endif
