#include "rule/book_priv.h"

/* A group's values of the last year are kept in order while the asking instants move forward: each question
 * lets in what was lodged since the last one and lets go of what became too old.  A question that lies far
 * back picks its answer from the values of its year instead, unless many such come in a row. */
enum { NEAR = 64, NEAR_SHARE = 4, MOST_FAR = 16 };

void tmg_values_add(int64_t **values, size_t *n, size_t *room, int64_t v)
{
    if (v == TMG_NONE)
        return;
    if (*n == *room) {
        *room = *room > 0 ? 2 * *room : 64;
        *values = tmg_xrealloc(*values, *room * sizeof **values);
    }
    (*values)[(*n)++] = v;
}

void tmg_stretches_free(const tmg_axis *x, tmg_group *g)
{
    for (size_t c = 0; g->stretches != NULL && c < x->column_count; c++)
        tmg_sorted_free(g->stretches[c].values);
    free(g->stretches);
    g->stretches = NULL;
}

typedef struct column_view {
    const uint64_t *sums;
    const uint32_t *stated;
} column_view;

static column_view column_of(const tmg_axis *x, const tmg_group *g, size_t c)
{
    return (column_view){tmg_group_sums(x, g, c), tmg_group_stated(x, g, c)};
}

static void let_in(tmg_stretch *s, column_view c, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (tmg_group_is_stated(c.stated, i))
            tmg_sorted_insert(s->values, tmg_group_number(c.sums, i));
}

static void let_go(tmg_stretch *s, column_view c, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (tmg_group_is_stated(c.stated, i))
            tmg_sorted_remove(s->values, tmg_group_number(c.sums, i));
}

void tmg_stretches_retreat(const tmg_axis *x, tmg_group *g, uint32_t from)
{
    for (size_t k = 0; g->stretches != NULL && k < x->column_count; k++) {
        tmg_stretch *s = &g->stretches[k];
        if (s->values == NULL || s->high <= from)
            continue;
        let_go(s, column_of(x, g, k), s->low > from ? s->low : from, s->high);
        s->high = from;
        s->low = s->low < from ? s->low : from;
    }
}

static void start_over(tmg_stretch *s, uint32_t at)
{
    tmg_sorted_free(s->values);
    *s = (tmg_stretch){.values = tmg_sorted_new(), .low = at, .high = at};
}

static uint32_t apart(uint32_t x, uint32_t y)
{
    return x > y ? x - y : y - x;
}

/* Moves the stretch onto the view; false when that is not worth it. */
static bool follow(const tmg_view *v, size_t column, tmg_stretch *s)
{
    const column_view c = column_of(v->axis, v->group, column);
    const bool is_forward = v->low >= s->low && v->high >= s->high;
    const uint32_t steps = apart(v->low, s->low) + apart(v->high, s->high);

    if (!is_forward && steps > NEAR && steps > (v->high - v->low) / NEAR_SHARE && ++s->far < MOST_FAR)
        return false;
    if (v->low >= s->high || v->high <= s->low || steps > v->high - v->low)
        start_over(s, v->low);
    let_in(s, c, s->high, v->high > s->high ? v->high : s->high);
    let_in(s, c, v->low < s->low ? v->low : s->low, s->low);
    let_go(s, c, s->low, v->low > s->low ? v->low : s->low);
    let_go(s, c, v->high < s->high ? v->high : s->high, s->high);
    s->low = v->low;
    s->high = v->high;
    s->far = 0;
    return true;
}

/* Values to pick from: the stretch's, or an array's in no order. */
typedef struct heap {
    const tmg_sorted *order;
    int64_t *values;
    size_t n;
} heap;

static void swap(int64_t *x, int64_t *y)
{
    int64_t v = *x;
    *x = *y;
    *y = v;
}

/* Hoare's selection: afterwards v[k] is where it would be were v sorted. */
static int64_t pick(int64_t *v, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        const int64_t pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;; i++, j--) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&v[i], &v[j]);
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return v[k];
}

static int64_t kth(const heap *h, size_t k)
{
    return h->order != NULL ? tmg_sorted_at(h->order, k) : pick(h->values, h->n, k);
}

/* Between the two values nearest to the rank, in proportion, rounded half to even. */
static int64_t between(int64_t low, int64_t high, int64_t ppm)
{
    tmg_i128 part = ((tmg_i128)high - low) * ppm;
    tmg_i128 whole = part / TMG_MICRO, rest = part % TMG_MICRO;
    if (2 * rest > TMG_MICRO || (2 * rest == TMG_MICRO && ((low + whole) & 1) != 0))
        whole++;
    return (int64_t)(low + whole);
}

static int64_t quantile(const heap *h, int64_t ppm, int64_t (*rank)(const heap *, int64_t, size_t),
                        int64_t middle)
{
    const int64_t place = (int64_t)(h->n - 1) * ppm;
    const size_t k = (size_t)(place / TMG_MICRO);
    const int64_t rest = place % TMG_MICRO;
    int64_t low = rank(h, middle, k);
    return rest == 0 ? low : between(low, rank(h, middle, k + 1), rest);
}

static int64_t value_rank(const heap *h, int64_t middle, size_t k)
{
    (void)middle;
    return kth(h, k);
}

static int64_t distance(int64_t x, int64_t y)
{
    tmg_i128 d = (tmg_i128)x - y;
    d = d < 0 ? -d : d;
    return d > INT64_MAX ? INT64_MAX : (int64_t)d;
}

/* The k-th smallest distance from the middle: below it distances grow downwards and above it upwards, so that
 * the answer splits two sorted rows. */
static int64_t distance_rank(const heap *h, int64_t middle, size_t k)
{
    if (h->order == NULL)
        return pick(h->values, h->n, k); /* they are distances already */
    const size_t left = tmg_sorted_not_above(h->order, middle), right = h->n - left;
    size_t low = k + 1 > right ? k + 1 - right : 0, high = left < k + 1 ? left : k + 1;
    while (low < high) {
        size_t i = low + (high - low) / 2, j = k + 1 - i;
        if (j > 0 && distance(middle, tmg_sorted_at(h->order, left - 1 - i)) <
                         distance(tmg_sorted_at(h->order, left + j - 1), middle))
            low = i + 1;
        else
            high = i;
    }
    const size_t j = k + 1 - low;
    int64_t below = low > 0 ? distance(middle, tmg_sorted_at(h->order, left - low)) : 0;
    int64_t above = j > 0 ? distance(tmg_sorted_at(h->order, left + j - 1), middle) : 0;
    return below > above ? below : above;
}

enum { HALF_PPM = 500000 };

static bool tell(const heap *h, const tmg_reference *r, int64_t *ret)
{
    if (h->n < TMG_LEAST_REFERENCE)
        return false;
    if (r->statistic == TMG_S_COUNT) {
        *ret = (int64_t)h->n * TMG_MICRO;
        return true;
    }
    if (r->statistic == TMG_S_QUANTILE) {
        *ret = quantile(h, r->quantile_ppm, value_rank, 0);
        return true;
    }
    int64_t middle = quantile(h, HALF_PPM, value_rank, 0);
    if (r->statistic == TMG_S_MAD) {
        for (size_t i = 0; h->order == NULL && i < h->n; i++)
            h->values[i] = distance(h->values[i], middle);
        middle = quantile(h, HALF_PPM, distance_rank, middle);
        if (middle == INT64_MAX)
            return false;
    }
    *ret = middle;
    return true;
}

/* The view's values one by one: what is left after the own ones, and what former versions said. */
static size_t gather(const tmg_view *v, size_t column, int64_t **ret)
{
    const column_view c = column_of(v->axis, v->group, column);
    const uint32_t *refs = tmg_group_ref(v->axis, v->group);
    tmg_fact *facts = NULL;
    size_t n = 0, room = 0, facts_room = 0;
    uint32_t at = 0;

    *ret = NULL;
    for (uint32_t i = v->low; i < v->high; i++)
        if (refs[i] != v->own && tmg_group_is_stated(c.stated, i))
            tmg_values_add(ret, &n, &room, tmg_group_number(c.sums, i));
    for (const tmg_version *f; (f = tmg_view_former(v, &at)) != NULL;) {
        size_t count = tmg_spec_facts(v->book, &v->axis->spec, v->key, TMG_COL_NUMBER,
                                      v->axis->column[column].field, f, &facts, &facts_room);
        for (size_t i = 0; i < count; i++)
            tmg_values_add(ret, &n, &room, facts[i].number);
    }
    free(facts);
    return n;
}

static bool tell_of_array(int64_t *values, size_t n, const tmg_reference *r, int64_t *ret)
{
    bool told = tell(&(heap){NULL, values, n}, r, ret);
    free(values);
    return told;
}

static bool tell_of_view(const tmg_view *v, size_t column, const tmg_reference *r, int64_t *ret)
{
    tmg_group *g = v->group;
    int64_t *values = NULL;

    if (v->high == v->low && v->group->former_n == 0)
        return false;
    if (g->stretches == NULL)
        g->stretches = tmg_xcalloc(v->axis->column_count, sizeof *g->stretches);
    tmg_stretch *s = &g->stretches[column];
    if (s->values == NULL)
        start_over(s, v->low);
    if (tmg_view_is_plain(v) && follow(v, column, s))
        return tell(&(heap){s->values, NULL, tmg_sorted_count(s->values)}, r, ret);
    size_t n = gather(v, column, &values);
    return tell_of_array(values, n, r, ret);
}

bool tmg_book_reference(tmg_book *b, const tmg_row *row, const tmg_reference *r, int64_t *ret_micro)
{
    const tmg_prepared *p = tmg_book_prepared(b, r->key);
    int64_t *values = NULL;
    tmg_view view;
    tmg_key key;

    if (row->at_ms < INT64_MIN + TMG_YEAR_MS)
        return false;
    const int64_t from_ms = row->at_ms - TMG_YEAR_MS;
    if (from_ms < b->forgotten_ms)
        return false;
    if (p == NULL) {
        size_t n = tmg_book_scan_values(b, row, r, &values);
        return tell_of_array(values, n, r, ret_micro);
    }
    tmg_axis *x = b->axes[p->axis];
    return tmg_axis_key(&x->spec, row, &key) && tmg_view_open(b, x, &key, row, from_ms, &view) &&
           tell_of_view(&view, p->column, r, ret_micro);
}
