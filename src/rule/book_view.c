#include "rule/book_priv.h"

bool tmg_view_open(tmg_book *b, tmg_axis *x, const tmg_key *key, const tmg_row *row, int64_t from_ms,
                   tmg_view *ret)
{
    uint32_t index = 0;
    tmg_group *g = tmg_axis_find(x, key, &index);

    if (g == NULL)
        return false;
    tmg_group_clean(b, x, index);
    *ret = (tmg_view){.book = b, .axis = x, .group = g, .key = key, .from_ms = from_ms, .at_ms = row->at_ms};
    ret->low = from_ms == INT64_MIN ? 0 : tmg_group_lower(g, from_ms + 1);
    ret->high = tmg_group_lower(g, row->at_ms);
    ret->low = ret->low < ret->high ? ret->low : ret->high;
    ret->own = tmg_book_own(b, row->consignment_id, row->at_ms);
    return true;
}

const tmg_version *tmg_view_former(const tmg_view *v, uint32_t *at)
{
    /* Those that were replaced latest stand last, and only those replaced since the asking instant count. */
    for (const tmg_group *g = v->group; *at < g->former_n; (*at)++) {
        const tmg_former *f = &g->former[g->former_n - 1 - *at];
        if (f->until_ms < v->at_ms)
            return NULL;
        const tmg_version *version = tmg_book_version(v->book, f->ref);
        if (f->ref == v->own || version->at_ms <= v->from_ms || version->at_ms >= v->at_ms)
            continue;
        (*at)++;
        return version;
    }
    return NULL;
}

bool tmg_view_is_plain(const tmg_view *v)
{
    uint32_t at = 0;
    if (v->own != TMG_NO_REF) {
        const tmg_version *own = tmg_book_version(v->book, v->own);
        const uint32_t *refs = tmg_group_ref(v->axis, v->group);
        const int64_t *at_ms = tmg_group_at(v->group);
        for (uint32_t i = own->at_ms > v->from_ms ? tmg_group_lower(v->group, own->at_ms) : v->high;
             i < v->high && at_ms[i] == own->at_ms; i++)
            if (refs[i] == v->own)
                return false;
    }
    return tmg_view_former(v, &at) == NULL;
}
