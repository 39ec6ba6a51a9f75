/* One rule around a condition, read. */
#ifndef TMG_TESTS_RULE_LANGUAGE_HELP_H
#define TMG_TESTS_RULE_LANGUAGE_HELP_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
/* The condition stands on line 7 of the source, behind eight bytes. */
enum { CONDITION_LINE = 7, CONDITION_COLUMN = 9 };

static inline tmg_span around(tmg_buf *b, const char *condition, const char *tests)
{
    tmg_buf_clear(b);
    tmg_buf_fmt(b,
                "rule \"T-1\" version 1 {\n  title \"a title\"\n  owner desk:north\n  basis \"art. 7\"\n"
                "  expires 2030-01-01\n  why \"because\"\n  when  %s\n  then lane red\n%s\n}\n",
                condition, tests != NULL ? tests : "");
    return tmg_buf_as_span(b);
}

/* The condition's tree as text, for comparing trees: operation, field, number, texts, windows, in brackets. */
static inline void show_tree(tmg_buf *b, const tmg_rnode *n)
{
    if (n == NULL)
        return;
    tmg_buf_fmt(b, "(%d:%d %s %lld", (int)n->op, (int)n->type, n->field != NULL ? n->field->name : "",
                (long long)n->number);
    for (size_t i = 0; i < n->text_count; i++)
        tmg_buf_fmt(b, " '%.*s'", TMG_SPAN_ARG(n->texts[i]));
    if (n->window != NULL) {
        tmg_buf_fmt(b, " w%d %zu %s %s %s %lld %llx", (int)n->window->measure, n->window->by_count, n->window->by[0]->name,
                    n->window->by_count > 1 ? n->window->by[1]->name : "",
                    n->window->of != NULL ? n->window->of->name : "", (long long)n->window->span_ms,
                    (unsigned long long)n->window->key);
        show_tree(b, n->window->where);
    }
    if (n->reference != NULL)
        tmg_buf_fmt(b, " r%d %s %zu %lld %llx", (int)n->reference->statistic, n->reference->of->name,
                    n->reference->by_count, (long long)n->reference->quantile_ppm,
                    (unsigned long long)n->reference->key);
    show_tree(b, n->a);
    show_tree(b, n->b);
    tmg_buf_char(b, ')');
}

static inline void show_faults(tmg_buf *b, const tmg_reading *r)
{
    for (size_t i = 0; i < r->fault_count; i++)
        tmg_buf_fmt(b, "%d:%d+%d %s: %s (%s)\n", r->faults[i].line, r->faults[i].column, r->faults[i].length,
                    tmg_fault_kind_name(r->faults[i].kind), r->faults[i].said,
                    r->faults[i].help != NULL ? r->faults[i].help : "");
}

static inline size_t errors_of(const tmg_reading *r)
{
    size_t errors = 0;

    for (size_t i = 0; i < r->fault_count; i++)
        errors += r->faults[i].kind != TMG_FAULT_WARNING;
    return errors;
}

/* Fails with the faults in words unless the reading has rules and no error. */
static inline void must_be_good(const tmg_reading *r, tmg_span source)
{
    TMG_AUTO_BUF b = {0};

    if (errors_of(r) == 0 && r->rule_count > 0)
        return;
    tmg_buf_init(&b, 1 << 16);
    show_faults(&b, r);
    fail_msg("%.*s\n%s", TMG_SPAN_ARG(source), b.ptr);
}

#endif
