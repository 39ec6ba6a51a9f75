/* app/rules_priv.h - what the files about rules share. */
#ifndef TMG_APP_RULES_PRIV_H
#define TMG_APP_RULES_PRIV_H

#include "app/centre_priv.h"
#include "app/rules.h"
#include "base/json.h"

/* "rule:DRUG-IR-0042/3" */
tmg_object tmg_rule_object(tmg_span name, int32_t version);

tmg_span tmg_hash_text(const tmg_sha256 *h, tmg_arena *a);

/* {"count", "of", "share", "low", "high"}: Wilson's interval, null where `of` is 0. */
void tmg_share_write(tmg_json_out *j, const char *key, int64_t count, int64_t of);

#endif
