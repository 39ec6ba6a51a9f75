/* casework/incidents.h - what did not fit in the custody of an exhibit: opened by the centre, explained by
 * who answers for it, closed by another (config/workflows/incident.ini).
 *
 * Ownership: what is read lives in the arena.  Thread rule: the connection's thread.
 */
#ifndef TMG_CASEWORK_INCIDENTS_H
#define TMG_CASEWORK_INCIDENTS_H

#include "casework/casework.h"

typedef struct tmg_incident {
    int64_t id, exhibit_id, at_ms, account_id, before_mg, found_mg; /* TMG_NONE: not of this kind */
    int32_t custody_no;                                             /* of the event that showed it; 0: none */
    tmg_span kind;  /* "weight_change", "seal_differs", "retention" */
    tmg_span words; /* the English sentence of the log */
    tmg_span seal_before, seal_found;
    tmg_flow_item flow;
} tmg_incident;

/* Opens one now: fills in id, time, account and where it stands. */
TMG_MUST_USE tmg_rc tmg_incident_open(const tmg_flows *f, tmg_db *db, const tmg_actor *who, tmg_incident *i,
                                      tmg_arena *a, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_incident_read(tmg_db *db, int64_t id, tmg_arena *a, tmg_incident *ret, tmg_err *err);
/* Of one exhibit (0: of every one), in one state (absent: in every one), oldest first. */
TMG_MUST_USE tmg_rc tmg_incident_list(tmg_db *db, int64_t exhibit_id, tmg_span state, size_t most,
                                      tmg_arena *a, tmg_incident **ret, size_t *ret_count, tmg_err *err);

#endif
