#include "risk/mind_priv.h"
#include "risk/words_priv.h"

/* Where the telling group has few inspections the sentence adds a broader one of at least so many. */
enum { MANY = 20 };

static const tmg_item *item_of(const tmg_declaration *d, int32_t no)
{
    for (size_t i = 0; i < d->item_count; i++)
        if (d->items[i].no == no)
            return &d->items[i];
    return NULL;
}

typedef struct group {
    const tmg_item *item;
    const tmg_feature *feature[TMG_MOST_FACTS];
    size_t count;
} group;

static void add_level(group *g, const tmg_chain_level *level, bool finer_hs_follows, const tmg_declaration *d)
{
    for (size_t f = 0; f < level->count; f++) {
        /* What nobody stated tells the reader nothing, unless it is all there is to say. */
        if ((level->feature[f]->is_hs && finer_hs_follows) ||
            (g->count > 0 && !tmg_feature_stated(level->feature[f], d, g->item)))
            continue;
        g->feature[g->count++] = level->feature[f];
    }
}

/* What the group of a level shares; nothing for the whole flow. */
static group group_of(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, uint8_t depth)
{
    group g = {.item = item_of(d, item_no)};
    const tmg_chain *chain = NULL;
    size_t last = 0, finest_hs = 0;
    if (g.item == NULL || !tmg_chains_at(&m->chains, depth, &chain, &last))
        return g;
    for (size_t l = 0; l <= last; l++)
        for (size_t f = 0; f < chain->level[l].count; f++)
            if (chain->level[l].feature[f]->is_hs)
                finest_hs = l;
    for (size_t l = 0; l <= last; l++)
        add_level(&g, &chain->level[l], l < finest_hs, d);
    return g;
}

void tmg_level_words(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, uint8_t depth, tmg_buf *b)
{
    group g = group_of(m, d, item_no, depth);
    if (g.count == 0)
        tmg_buf_z(b, "all consignments");
    for (size_t i = 0; i < g.count; i++) {
        if (i > 0)
            tmg_buf_z(b, " + ");
        tmg_feature_say(g.feature[i], d, g.item, b);
    }
}

size_t tmg_level_facts(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, uint8_t depth,
                       tmg_fact ret[TMG_MOST_FACTS])
{
    group g = group_of(m, d, item_no, depth);
    for (size_t i = 0; i < g.count; i++)
        tmg_feature_fact(g.feature[i], d, g.item, &ret[i]);
    return g.count;
}

static void say_count(tmg_buf *b, int64_t n)
{
    tmg_grouped_write(b, n, 0, 0);
}

static void say_bad(tmg_buf *b, int64_t bad, bool with_verb)
{
    if (bad == 0) {
        tmg_buf_z(b, with_verb ? "none was bad" : "none bad");
        return;
    }
    say_count(b, bad);
    tmg_buf_z(b, !with_verb ? " bad" : bad == 1 ? " was bad" : " were bad");
}

static void say_whole_flow(tmg_buf *b, const tmg_level *whole)
{
    tmg_buf_z(b, "of ");
    say_count(b, whole->n);
    tmg_buf_z(b, " inspected consignments overall ");
    say_bad(b, whole->bad, true);
}

/* The finest group above the telling one that is large enough to lean on; 0 is the whole flow. */
static size_t broader(const tmg_harm_view *v)
{
    size_t i = v->telling;
    while (i > 0 && v->path[i].n < MANY)
        i--;
    return i;
}

static void say_few(const tmg_mind *m, const tmg_harm_view *v, const tmg_declaration *d, tmg_buf *b)
{
    const tmg_level *telling = &v->path[v->telling];
    tmg_buf_fmt(b, "only %lld inspected consignment%s like this so far, ", (long long)telling->n,
                telling->n == 1 ? "" : "s");
    say_bad(b, telling->bad, false);
    tmg_buf_z(b, " (");
    tmg_level_words(m, d, v->item_no, telling->depth, b);
    tmg_buf_z(b, "); ");
    size_t wide = broader(v);
    if (wide == 0) {
        say_whole_flow(b, &v->path[0]);
        return;
    }
    tmg_buf_z(b, "of ");
    say_count(b, v->path[wide].n);
    tmg_buf_z(b, " in ");
    tmg_level_words(m, d, v->item_no, v->path[wide].depth, b);
    tmg_buf_char(b, ' ');
    say_bad(b, v->path[wide].bad, true);
}

static void say_enough(const tmg_mind *m, const tmg_harm_view *v, const tmg_declaration *d, tmg_buf *b)
{
    const tmg_level *telling = &v->path[v->telling];
    tmg_buf_z(b, "of ");
    say_count(b, telling->n);
    tmg_buf_z(b, " inspected consignments like this ");
    say_bad(b, telling->bad, true);
    tmg_buf_z(b, " (");
    tmg_level_words(m, d, v->item_no, telling->depth, b);
    tmg_buf_char(b, ')');
}

static void say_also(const tmg_mind *m, const tmg_harm_view *v, const tmg_declaration *d, tmg_buf *b)
{
    for (size_t i = 0; i < v->also_len; i++) {
        tmg_buf_z(b, "; and of ");
        say_count(b, v->also[i].n);
        tmg_buf_z(b, " with ");
        tmg_level_words(m, d, v->item_no, v->also[i].depth, b);
        tmg_buf_char(b, ' ');
        say_bad(b, v->also[i].bad, true);
    }
}

void tmg_assessment_words(const tmg_mind *m, const tmg_assessment *a, const tmg_declaration *d, tmg_harm harm,
                          tmg_buf *b)
{
    const tmg_harm_view *v = &a->harm[harm];
    if (v->path_len == 0 || v->path[0].n == 0) {
        tmg_buf_z(b, "nothing was inspected yet");
        return;
    }
    if (v->path_len == 1) {
        tmg_buf_z(b, "nothing like this was inspected yet; ");
        say_whole_flow(b, &v->path[0]);
        return;
    }
    if (d->item_count > 1)
        tmg_buf_fmt(b, "item %d: ", v->item_no);
    if (v->path[v->telling].n < TMG_FEW)
        say_few(m, v, d, b);
    else
        say_enough(m, v, d, b);
    say_also(m, v, d, b);
}

size_t tmg_assessment_clauses(const tmg_assessment *a, tmg_harm harm, tmg_clause ret[TMG_MOST_CLAUSES])
{
    const tmg_harm_view *v = &a->harm[harm];
    size_t n = 0;
    if (v->path_len == 0 || v->path[0].n == 0) {
        ret[0] = (tmg_clause){TMG_NOTHING_YET, NULL};
        return 1;
    }
    if (v->path_len == 1) {
        ret[0] = (tmg_clause){TMG_NOTHING_ALIKE, NULL};
        ret[1] = (tmg_clause){TMG_GROUP, &v->path[0]};
        return 2;
    }
    bool few = v->path[v->telling].n < TMG_FEW;
    ret[n++] = (tmg_clause){few ? TMG_FEW_ALIKE : TMG_ALIKE, &v->path[v->telling]};
    if (few)
        ret[n++] = (tmg_clause){TMG_GROUP, &v->path[broader(v)]};
    for (size_t i = 0; i < v->also_len; i++)
        ret[n++] = (tmg_clause){TMG_GROUP, &v->also[i]};
    return n;
}
