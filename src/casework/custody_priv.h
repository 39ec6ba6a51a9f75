/* casework/custody_priv.h - what the files of custody share. */
#ifndef TMG_CASEWORK_CUSTODY_PRIV_H
#define TMG_CASEWORK_CUSTODY_PRIV_H

#include "casework/seizure_priv.h"

/* Masses, the picture and the new seal of an event that is to be entered.  TMG_E_INVALID, or TMG_E_CONFLICT
 * where the new seal is on another exhibit that is still kept. */
TMG_MUST_USE tmg_rc tmg_custody_sense(const tmg_flows *f, tmg_db *db, const tmg_custody *c, tmg_err *err);

/* Does every event fit the one before by its hash? */
TMG_MUST_USE tmg_rc tmg_custody_chain_check(const tmg_exhibit *e, const tmg_custody *list, size_t count,
                                            tmg_err *err);

#endif
