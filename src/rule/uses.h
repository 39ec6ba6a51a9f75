/* rule/uses.h - what a rule asks of the centre beyond the row it judges.
 *
 * Pure: any thread.
 */
#ifndef TMG_RULE_USES_H
#define TMG_RULE_USES_H

#include "rule/rule.h"

typedef struct tmg_rule_uses {
    bool windows, references, firsts, probabilities, repeats, signals;
    tmg_span *lists; /* names, each once; borrowed from the rule */
    size_t list_count;
} tmg_rule_uses;
void tmg_rule_uses_of(const tmg_rule *r, tmg_arena *a, tmg_rule_uses *ret);

#endif
