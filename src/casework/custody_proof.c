/* The records of an exhibit held against what the log says of it.  The log cannot be changed unseen
 * (docs/log.md), so neither can a chain that answers to it: not its events, nor their end, nor what was
 * sealed, nor an incident. */
#include "base/json.h"
#include "casework/custody_priv.h"
#include "casework/incidents.h"

enum { MOST_INCIDENTS = 10000 };

typedef struct proof {
    tmg_db *db;
    tmg_exhibit e;
    const tmg_custody *events;
    const tmg_incident *incidents;
    size_t count, incident_count; /* in the records */
    size_t entered, opened;       /* by the log */
    tmg_span state;               /* the newest one of the log */
} proof;

static tmg_rc broken(const proof *p, const char *what, tmg_err *err)
{
    return tmg_err_code(TMG_FAIL(err, TMG_E_STORE, "%.*s: %s", TMG_SPAN_ARG(p->e.number), what), err,
                        "custody.broken", "exhibit=%.*s\nwhat=%s\n", TMG_SPAN_ARG(p->e.number), what);
}

static tmg_span text_of(const tmg_json *leaf, const char *member)
{
    return tmg_json_as_text(tmg_json_member(leaf, member));
}

static bool same_number(const tmg_json *leaf, const char *member, int64_t value)
{
    return tmg_json_as_i64(tmg_json_member(leaf, member), TMG_NONE) == value;
}

static tmg_rc hold_event(proof *p, const tmg_json *leaf, tmg_err *err)
{
    char what[80];

    (void)snprintf(what, sizeof what, "event %zu is not what the log says", p->entered + 1);
    if (p->entered == p->count)
        return broken(p, "the log has events that the records lack", err);
    const tmg_custody *c = &p->events[p->entered++];
    return same_number(leaf, "no", c->no) && tmg_span_eq(text_of(leaf, "hash"), c->hash)
               ? TMG_OK
               : broken(p, what, err);
}

static tmg_rc hold_incident(proof *p, const tmg_json *leaf, tmg_err *err)
{
    int64_t id = tmg_json_as_i64(tmg_json_member(leaf, "incident"), 0);

    p->opened++;
    for (size_t i = 0; i < p->incident_count; i++) {
        const tmg_incident *n = &p->incidents[i];

        if (n->id == id && tmg_span_eq(text_of(leaf, "kind"), n->kind) &&
            tmg_span_eq(text_of(leaf, "words"), n->words) && same_number(leaf, "before_mg", n->before_mg) &&
            same_number(leaf, "found_mg", n->found_mg))
            return TMG_OK;
    }
    return broken(p, "an incident of the log is not in the records", err);
}

static tmg_rc hold_exhibit(proof *p, const tmg_json *leaf, tmg_err *err)
{
    tmg_span substance;
    int64_t mass_mg;
    tmg_stmt *s;
    bool row;

    if (!tmg_span_eq(text_of(leaf, "number"), p->e.number) ||
        !tmg_span_eq(text_of(leaf, "words"), p->e.words) || !same_number(leaf, "line", p->e.line_id) ||
        !same_number(leaf, "seizure", p->e.seizure_id))
        return broken(p, "it is not what was sealed, as the log says", err);
    TMG_TRY(tmg_sql(p->db, "SELECT substance, mass_mg FROM substance_line WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, p->e.line_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return broken(p, "the line of what was seized is gone", err);
    substance = tmg_col_text(s, 0);
    mass_mg = tmg_col_opt(s, 1);
    bool same = tmg_span_eq(text_of(leaf, "substance"), substance) && same_number(leaf, "mass_mg", mass_mg);
    tmg_reset(s);
    return same ? TMG_OK : broken(p, "the line of what was seized is not what the log says", err);
}

static tmg_rc hold(proof *p, const tmg_json *leaf, tmg_arena *a, tmg_err *err)
{
    tmg_span action = text_of(leaf, "action");

    if (tmg_span_is(action, "custody.entered"))
        return hold_event(p, leaf, err);
    if (tmg_span_is(action, "incident.opened"))
        return hold_incident(p, leaf, err);
    if (tmg_span_is(action, "exhibit.made"))
        return hold_exhibit(p, leaf, err);
    if (tmg_span_is(action, "flow.moved"))
        p->state = tmg_span_copy(a, text_of(leaf, "state"));
    return TMG_OK;
}

static tmg_rc hold_totals(const proof *p, tmg_err *err)
{
    if (p->entered != p->count)
        return broken(p, "the records have events that the log does not know", err);
    if (!tmg_span_eq(p->state, p->e.flow.state))
        return broken(p, "it stands elsewhere than the log says", err);
    return p->opened == p->incident_count
               ? TMG_OK
               : broken(p, "the records have incidents that the log does not know", err);
}

tmg_rc tmg_custody_check(tmg_db *db, int64_t exhibit_id, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    proof p = {.db = db};
    tmg_custody *events = NULL;
    tmg_incident *incidents = NULL;
    tmg_span *leaves = NULL;
    size_t leaf_count = 0;

    TMG_TRY(tmg_exhibit_read(db, exhibit_id, a, &p.e, err));
    TMG_TRY(tmg_custody_list(db, exhibit_id, a, &events, &p.count, err));
    TMG_TRY(tmg_incident_list(db, exhibit_id, (tmg_span){NULL, 0}, MOST_INCIDENTS, a, &incidents,
                              &p.incident_count, err));
    p.events = events;
    p.incidents = incidents;
    TMG_TRY(tmg_custody_chain_check(&p.e, events, p.count, err));
    TMG_TRY(tmg_guard_of_evidence(db, exhibit_id, a, &leaves, &leaf_count, err));
    for (size_t i = 0; i < leaf_count; i++) {
        TMG_AUTO_JSON leaf = NULL;

        TMG_TRY(tmg_json_read(leaves[i], &leaf, err));
        TMG_TRY(hold(&p, leaf, a, err));
    }
    return hold_totals(&p, err);
}
