/* What the routes about rules share. */
#ifndef TMG_WEB_RULES_PRIV_H
#define TMG_WEB_RULES_PRIV_H

#include "app/rules.h"
#include "web/site_priv.h"

/* RuleFacts of api/schemas.json. */
void tmg_write_rule_facts(tmg_json_out *j, const char *key, const tmg_rule *r);
/* The member "faults". */
void tmg_write_rule_faults(tmg_json_out *j, const tmg_reading *r);
/* Answers 422 with the place of each fault. */
void tmg_refuse_rule_text(tmg_call *c, const tmg_reading *r);

#endif
