/* rule/engine_priv.h - what the files of the engine share: compile.c, index.c, residual.c, match.c,
 * because.c, judge.c. */
#ifndef TMG_RULE_ENGINE_PRIV_H
#define TMG_RULE_ENGINE_PRIV_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

/* ---- truth and values (rule/truth.c) ---- */

/* Kleene's three: the order makes `and` the minimum and `or` the maximum. */
typedef enum tmg_k3 { TMG_K_FALSE = 0, TMG_K_UNKNOWN = 1, TMG_K_TRUE = 2 } tmg_k3;

static inline tmg_k3 tmg_k3_of(bool b)
{
    return b ? TMG_K_TRUE : TMG_K_FALSE;
}

/* false: the operands are unknown to it - overflow, division by zero. */
bool tmg_rule_arith(tmg_rop op, int64_t a, int64_t b, int64_t *ret);
bool tmg_rule_compare(tmg_rop op, int64_t a, int64_t b);
/* Glob with * and ?, ASCII without regard to case; ? is one character of UTF-8. */
bool tmg_rule_like(tmg_span text, tmg_span glob);
bool tmg_rule_under(tmg_span text, tmg_span prefix);

#endif
