/* casework/suspects_priv.h - what entering and changing a person of a case share. */
#ifndef TMG_CASEWORK_SUSPECTS_PRIV_H
#define TMG_CASEWORK_SUSPECTS_PRIV_H

#include "casework/case_events_priv.h"
#include "casework/seizure_priv.h"

TMG_MUST_USE tmg_rc tmg_suspect_check(const tmg_code_lists *codes, const tmg_suspect *s, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_suspect_group_is_of(tmg_db *db, int64_t group_id, int64_t case_id, tmg_err *err);

#define TMG_SUSPECT_COLUMNS                                                                                  \
    "id, case_id, group_id, at_ms, account_id, birth_year, name, role, sex, citizenship, status, "           \
    "previous_record, occupation, role_words, withdrawn_ms"
tmg_suspect tmg_suspect_row(tmg_stmt *s, tmg_arena *a);

#endif
