/* What the tests of the engine share: rows of few values, so that conditions often meet; random conditions of
 * every operator; senses whose answers depend on the row only. */
#ifndef TESTS_UNIT_RULE_ENGINE_HELP_H
#define TESTS_UNIT_RULE_ENGINE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule/rule.h"
#include "rule/tree_priv.h"

typedef struct dice {
    uint64_t state;
} dice;

static inline uint32_t roll(dice *d, uint32_t sides)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((d->state >> 33) % sides);
}

/* ---- trees by hand ---- */

static inline const tmg_rule_field *field(const char *name)
{
    const tmg_rule_field *f = tmg_rule_field_by_name(tmg_span_of(name));
    if (f == NULL)
        fail_msg("there is no field %s", name);
    return f;
}

static inline tmg_rnode *node(tmg_arena *a, tmg_rop op)
{
    tmg_rnode *n = tmg_alloc(a, sizeof *n);
    n->op = op;
    n->type = TMG_RT_BOOL;
    return n;
}

static inline const tmg_rnode *of_field(tmg_arena *a, const char *name)
{
    tmg_rnode *n = node(a, TMG_R_FIELD);
    n->field = field(name);
    n->type = n->field->type;
    return n;
}

static inline const tmg_rnode *of_number(tmg_arena *a, int64_t micro)
{
    tmg_rnode *n = node(a, TMG_R_NUMBER);
    n->number = micro;
    n->type = TMG_RT_NUMBER;
    return n;
}

static inline const tmg_rnode *two(tmg_arena *a, tmg_rop op, const tmg_rnode *x, const tmg_rnode *y)
{
    tmg_rnode *n = node(a, op);
    n->a = x;
    n->b = y;
    if (op >= TMG_R_ADD && op <= TMG_R_NEG)
        n->type = TMG_RT_NUMBER;
    return n;
}

/* "IR AZ" are two literals. */
static inline const tmg_rnode *texts(tmg_arena *a, tmg_rop op, const char *name, const char *words)
{
    tmg_rnode *n = node(a, op);
    tmg_span *t = tmg_alloc_array(a, 64, sizeof *t), rest = tmg_span_of(words), part;
    n->a = of_field(a, name);
    while (tmg_span_split(&rest, ' ', &part))
        t[n->text_count++] = tmg_span_copy(a, part);
    n->texts = t;
    return n;
}

static inline tmg_rule *rule_of(tmg_arena *a, const char *name, const tmg_rnode *when)
{
    tmg_rule *r = tmg_alloc(a, sizeof *r);
    r->name = tmg_span_copy(a, tmg_span_of(name));
    r->when = when;
    r->expires_day = INT32_MIN;
    r->hash = tmg_sha256_of(name, strlen(name));
    return r;
}

#endif
