/* app/rules_priv.h - what the files about rules share. */
#ifndef TMG_APP_RULES_PRIV_H
#define TMG_APP_RULES_PRIV_H

#include "app/centre_priv.h"
#include "app/rules.h"
#include "base/json.h"

/* A leaf about a version; the note may be empty. */
TMG_MUST_USE tmg_rc tmg_rule_log(tmg_db *db, const tmg_actor *who, const char *action, const tmg_rule_version *v,
                                 tmg_span note, tmg_err *err);
/* The live event rule.changed. */
void tmg_rule_tell(tmg_centre *c, const tmg_rule_version *v);

tmg_span tmg_hash_text(const tmg_sha256 *h, tmg_arena *a);

#endif
