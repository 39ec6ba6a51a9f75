#include "rule/engine_priv.h"

static const tmg_span *spans(tmg_arena *a, const tmg_span *from, size_t count)
{
    tmg_span *to = tmg_alloc_array(a, count + 1, sizeof *to);
    for (size_t i = 0; i < count; i++)
        to[i] = tmg_span_copy(a, from[i]);
    return to;
}

static const tmg_rnode *node(tmg_arena *a, const tmg_rnode *from);

static const tmg_window *window(tmg_arena *a, const tmg_window *from)
{
    tmg_window *to = tmg_alloc(a, sizeof *to);
    *to = *from;
    to->where = node(a, from->where);
    return to;
}

static const tmg_reference *reference(tmg_arena *a, const tmg_reference *from)
{
    tmg_reference *to = tmg_alloc(a, sizeof *to);
    *to = *from;
    return to;
}

static const tmg_rnode *node(tmg_arena *a, const tmg_rnode *from)
{
    if (from == NULL)
        return NULL;
    tmg_rnode *to = tmg_alloc(a, sizeof *to);
    *to = *from;
    to->a = node(a, from->a);
    to->b = node(a, from->b);
    to->texts = from->text_count > 0 ? spans(a, from->texts, from->text_count) : NULL;
    to->window = from->window != NULL ? window(a, from->window) : NULL;
    to->reference = from->reference != NULL ? reference(a, from->reference) : NULL;
    return to;
}

void tmg_rule_copy(tmg_arena *a, const tmg_rule *from, tmg_rule *to)
{
    *to = *from;
    tmg_span *const texts[] = {&to->name, &to->title,         &to->owner, &to->basis,
                               &to->why,  &to->trader_reason, &to->text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = tmg_span_copy(a, *texts[i]);
    for (int s = 0; s < TMG_SAYINGS_OF_RULE; s++)
        for (int t = 0; t < TMG_TONGUES; t++)
            to->in[s][t] = tmg_span_copy(a, from->in[s][t]);
    for (size_t i = 0; i < to->post_count; i++)
        to->posts[i] = tmg_span_copy(a, from->posts[i]);
    to->when = node(a, from->when);
    to->layout = NULL;
}
