/* casework/case_events_priv.h - what touches a case and stands in no table of its own, and who is named by
 * it. */
#ifndef TMG_CASEWORK_CASE_EVENTS_PRIV_H
#define TMG_CASEWORK_CASE_EVENTS_PRIV_H

#include "casework/casework.h"

/* Keeps it for the timeline; case_id 0: nothing.  kind: disposition, access_ended, amendment, persons_read.
 */
TMG_MUST_USE tmg_rc tmg_case_happened(tmg_db *db, const tmg_actor *who, int64_t case_id, const char *kind,
                                      tmg_span words, tmg_err *err);

typedef struct tmg_case_grant {
    int64_t account_id, until_ms, given_by; /* TMG_NONE: without end */
    tmg_span reason;
    bool emergency;
} tmg_case_grant;
TMG_MUST_USE tmg_rc tmg_case_name(tmg_db *db, int64_t case_id, const tmg_case_grant *g, tmg_err *err);

#endif
