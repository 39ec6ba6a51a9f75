/* app/rules_priv.h - what the files about rules share. */
#ifndef TMG_APP_RULES_PRIV_H
#define TMG_APP_RULES_PRIV_H

#include "app/centre_priv.h"
#include "app/rules.h"
#include "base/json.h"

tmg_span tmg_hash_text(const tmg_sha256 *h, tmg_arena *a);

#endif
