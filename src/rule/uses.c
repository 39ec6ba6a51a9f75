#include "rule/uses.h"

#include "rule/tree_priv.h"

enum { MOST_LISTS = 256 };

static void add_list(tmg_rule_uses *u, tmg_span name)
{
    for (size_t i = 0; i < u->list_count; i++)
        if (tmg_span_eq(u->lists[i], name))
            return;
    if (u->list_count < MOST_LISTS)
        u->lists[u->list_count++] = name;
}

static void look(const tmg_rnode *n, tmg_rule_uses *u)
{
    if (n == NULL)
        return;
    u->windows = u->windows || n->op == TMG_R_WINDOW;
    u->references = u->references || n->op == TMG_R_REFERENCE;
    u->firsts = u->firsts || n->op == TMG_R_FIRST;
    u->probabilities = u->probabilities || n->op == TMG_R_P;
    u->repeats = u->repeats || n->op == TMG_R_REPEATS;
    u->signals = u->signals || n->op == TMG_R_SIGNAL;
    if ((n->op == TMG_R_IN_LIST || n->op == TMG_R_NAME_LIKE) && n->text_count > 0)
        add_list(u, n->texts[0]);
    look(n->a, u);
    look(n->b, u);
}

void tmg_rule_uses_of(const tmg_rule *r, tmg_arena *a, tmg_rule_uses *ret)
{
    tmg_rule_uses u = {.lists = tmg_alloc_array(a, MOST_LISTS, sizeof(tmg_span))};

    look(r->when, &u);
    *ret = u;
}
