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

/* The only rule of a text, or NULL. */
const tmg_rule *tmg_rule_read_alone(tmg_span text, const tmg_rule_lexicon *lex, tmg_arena *a, tmg_reading *ret);
/* Rule of api/schemas.json, with its hits of the last 30 days. */
TMG_MUST_USE tmg_rc tmg_write_rule_version(tmg_json_out *j, const char *key, tmg_db *db, const tmg_rule_version *v,
                                           tmg_arena *a, tmg_err *err);
/* The member "steps": who did what with it. */
TMG_MUST_USE tmg_rc tmg_write_rule_steps(tmg_json_out *j, tmg_db *db, int64_t version_id, tmg_arena *a, tmg_err *err);

#endif
