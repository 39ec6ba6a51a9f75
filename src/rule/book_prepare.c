#include "rule/book_priv.h"

enum { FIRST_ROOM = 64 };

bool tmg_window_need(const tmg_window *w, tmg_need *ret)
{
    *ret = (tmg_need){.spec = {.unit = TMG_UNIT_CONSIGNMENT, .by_count = (uint8_t)w->by_count}};
    if (w->by_count < 1 || w->by_count > 2)
        return false;
    for (size_t i = 0; i < w->by_count; i++) {
        if (w->by[i]->kind != TMG_FK_CODE)
            return false;
        ret->spec.by[i] = w->by[i]->at;
    }
    if (w->measure == TMG_W_RESULTS || w->measure == TMG_W_FOUND)
        ret->spec.unit = TMG_UNIT_RESULT;
    if (w->measure >= TMG_W_SUM && w->measure <= TMG_W_DISTINCT) {
        ret->kind = w->measure == TMG_W_DISTINCT ? TMG_COL_CODE : TMG_COL_NUMBER;
        if (w->of == NULL || w->of->kind != (ret->kind == TMG_COL_CODE ? TMG_FK_CODE : TMG_FK_NUMBER))
            return false;
        ret->has_column = true;
        ret->field = w->of->at;
        ret->spec.unit = w->of->of_item ? TMG_UNIT_ITEM : TMG_UNIT_CONSIGNMENT;
    }
    if (!tmg_where_of(w->where, &ret->spec.where))
        return false;
    ret->spec.where_hash = tmg_where_hash(ret->spec.where);
    return true;
}

void tmg_reference_need(const tmg_reference *r, tmg_need *ret)
{
    *ret = (tmg_need){.spec = {.unit = TMG_UNIT_CONSIGNMENT, .by_count = (uint8_t)r->by_count},
                      .has_column = true,
                      .kind = TMG_COL_NUMBER,
                      .field = r->of->at};
    if (r->of->of_item)
        ret->spec.unit = TMG_UNIT_ITEM;
    for (size_t i = 0; i < r->by_count; i++)
        ret->spec.by[i] = r->by[i]->at;
}

static size_t place(const tmg_book *b, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (b->prepared_room - 1);
    while (b->prepared[at].key != 0 && b->prepared[at].key != key)
        at = (at + 1) & (b->prepared_room - 1);
    return at;
}

const tmg_prepared *tmg_book_prepared(const tmg_book *b, uint64_t key)
{
    if (key == 0 || b->prepared_room == 0)
        return NULL;
    const tmg_prepared *p = &b->prepared[place(b, key)];
    return p->key != 0 ? p : NULL;
}

static void remember(tmg_book *b, tmg_prepared p)
{
    if (b->prepared_used * 2 >= b->prepared_room) {
        tmg_prepared *old = b->prepared;
        size_t old_room = b->prepared_room;
        b->prepared_room = old_room > 0 ? 2 * old_room : FIRST_ROOM;
        b->prepared = tmg_xcalloc(b->prepared_room, sizeof *b->prepared);
        for (size_t i = 0; i < old_room; i++)
            if (old[i].key != 0)
                b->prepared[place(b, old[i].key)] = old[i];
        free(old);
    }
    b->prepared[place(b, p.key)] = p;
    b->prepared_used++;
}

static bool is_like(const tmg_axis_spec *x, const tmg_axis_spec *y)
{
    return x->unit == y->unit && x->by_count == y->by_count && memcmp(x->by, y->by, x->by_count) == 0 &&
           x->where_hash == y->where_hash;
}

static size_t column_of(const tmg_axis *x, const tmg_need *n)
{
    size_t c = 0;
    while (c < x->column_count && (x->column[c].kind != n->kind || x->column[c].field != n->field))
        c++;
    return c;
}

/* The axis that serves the need, with its column; made or widened when there is none.  False: no more room.
 */
static bool serve(tmg_book *b, tmg_need *n, tmg_prepared *ret)
{
    for (size_t i = 0; i < b->axis_count; i++) {
        tmg_axis *x = b->axes[i];
        if (!is_like(&x->spec, &n->spec))
            continue;
        size_t c = n->has_column ? column_of(x, n) : 0;
        if (n->has_column && c == x->column_count) {
            if (c == TMG_AXIS_COLUMNS)
                continue;
            tmg_axis_empty(x);
            tmg_axis_add_column(x, n->kind, n->field);
        }
        tmg_where_free(n->spec.where);
        *ret = (tmg_prepared){ret->key, (uint16_t)i, (uint8_t)c};
        return true;
    }
    if (b->axis_count == TMG_MAX_AXES) {
        tmg_where_free(n->spec.where);
        return false;
    }
    tmg_axis *x = tmg_axis_new(&n->spec);
    if (n->has_column)
        tmg_axis_add_column(x, n->kind, n->field);
    *ret = (tmg_prepared){ret->key, (uint16_t)b->axis_count, 0};
    b->axes[b->axis_count++] = x;
    return true;
}

static void plan_window(tmg_book *b, const tmg_window *w)
{
    tmg_prepared p = {.key = w->key};
    tmg_need need;

    if (w->key == 0 || tmg_book_prepared(b, w->key) != NULL || !tmg_window_need(w, &need) ||
        !serve(b, &need, &p))
        return;
    tmg_axis *x = b->axes[p.axis];
    if (w->measure == TMG_W_AGE_DAYS && x->firsts == NULL) {
        tmg_axis_empty(x);
        x->firsts = tmg_xcalloc(1, sizeof *x->firsts);
    }
    remember(b, p);
}

static void plan_reference(tmg_book *b, const tmg_reference *r)
{
    tmg_prepared p = {.key = r->key};
    tmg_need need;

    if (r->key == 0 || tmg_book_prepared(b, r->key) != NULL)
        return;
    tmg_reference_need(r, &need);
    if (serve(b, &need, &p))
        remember(b, p);
}

static void plan_tree(tmg_book *b, const tmg_rnode *n)
{
    if (n == NULL)
        return;
    if (n->window != NULL)
        plan_window(b, n->window);
    if (n->reference != NULL)
        plan_reference(b, n->reference);
    plan_tree(b, n->a);
    plan_tree(b, n->b);
}

/* Fills the fresh axes from everything entered so far. */
static void fill(tmg_book *b)
{
    tmg_axis *fresh[TMG_MAX_AXES];
    size_t count = 0;
    for (size_t i = 0; i < b->axis_count; i++)
        if (b->axes[i]->fresh)
            fresh[count++] = b->axes[i];
    for (size_t i = 0; count > 0 && i < b->version_count; i++) {
        tmg_row *rows = NULL;
        size_t row_count = tmg_version_rows(b, &b->versions[i], &rows);
        uint32_t ref = b->base + (uint32_t)i, first = b->consignments[b->versions[i].consignment].result;
        for (size_t k = 0; k < count; k++) {
            tmg_axis_enter(b, fresh[k], ref, rows, row_count);
            for (uint32_t r = fresh[k]->spec.unit == TMG_UNIT_RESULT ? first : 0; r != 0;
                 r = b->results[r - 1].next)
                tmg_axis_enter_result(b, fresh[k], ref, rows, row_count, &b->results[r - 1]);
        }
    }
    for (size_t k = 0; k < count; k++)
        fresh[k]->fresh = false;
}

void tmg_book_prepare(tmg_book *b, const tmg_ruleset *s)
{
    for (size_t i = 0; i < tmg_ruleset_count(s); i++)
        plan_tree(b, tmg_ruleset_rule(s, i)->when);
    fill(b);
}

void tmg_book_prepare_these(tmg_book *b, const tmg_window *const *windows, size_t window_count,
                            const tmg_reference *const *references, size_t reference_count)
{
    for (size_t i = 0; i < window_count; i++)
        plan_window(b, windows[i]);
    for (size_t i = 0; i < reference_count; i++)
        plan_reference(b, references[i]);
    fill(b);
}
