#include "rule/book_priv.h"

/* One question put to one group. */
typedef struct question {
    tmg_view v;
    size_t column;
    tmg_measure measure;
} question;

static bool answer(int64_t v, int64_t *ret)
{
    *ret = v;
    return true;
}

static void tally_event(const question *q, uint32_t i, tmg_tally *t)
{
    const tmg_column *c = &q->v.axis->column[q->column];
    tmg_fact f = {0, 0};
    if (q->v.axis->spec.unit == TMG_UNIT_RESULT) {
        const uint32_t *found = tmg_result_found(q->v.group);
        f = (tmg_fact){tmg_result_known(q->v.group)[i], found[i] - (i > 0 ? found[i - 1] : 0)};
    } else if (q->measure == TMG_W_DISTINCT) {
        f.code = tmg_group_codes(q->v.axis, q->v.group, q->column)[i];
    } else if (q->measure >= TMG_W_SUM && q->measure <= TMG_W_MAX && c->kind == TMG_COL_NUMBER) {
        f.number = tmg_group_is_stated(tmg_group_stated(q->v.axis, q->v.group, q->column), i)
                       ? tmg_group_number(tmg_group_sums(q->v.axis, q->v.group, q->column), i)
                       : TMG_NONE;
    }
    tmg_tally_facts(t, q->measure, &f, 1, tmg_group_at(q->v.group)[i], q->v.at_ms);
}

/* The slow way within one group: every event but the own ones, then former versions. */
static void tally_group(const question *q, tmg_tally *t)
{
    const tmg_column *c = &q->v.axis->column[q->column];
    const uint32_t *refs = tmg_group_ref(q->v.axis, q->v.group);
    tmg_fact *facts = NULL;
    size_t room = 0;
    uint32_t at = 0;

    for (uint32_t i = q->v.low; i < q->v.high; i++)
        if (refs[i] != q->v.own)
            tally_event(q, i, t);
    for (const tmg_version *f; (f = tmg_view_former(&q->v, &at)) != NULL;) {
        size_t n = tmg_spec_facts(q->v.book, &q->v.axis->spec, q->v.key, c->kind, c->field, f, &facts, &room);
        tmg_tally_facts(t, q->measure, facts, n, f->at_ms, q->v.at_ms);
    }
    free(facts);
}

static bool sum_or_mean(const question *q, int64_t *ret)
{
    const uint64_t *sums = tmg_group_sums(q->v.axis, q->v.group, q->column);
    const uint32_t *stated = tmg_group_stated(q->v.axis, q->v.group, q->column);
    const int64_t largest = q->v.axis->column[q->column].largest;
    uint32_t n = stated[q->v.high - 1] - (q->v.low > 0 ? stated[q->v.low - 1] : 0);
    tmg_tally t = {.stated = n};

    if (n > 0 && largest > INT64_MAX / n) {
        /* Sums modulo 2^64 could have gone round. */
        for (uint32_t i = q->v.low; i < q->v.high; i++)
            t.sum += tmg_group_is_stated(stated, i) ? tmg_group_number(sums, i) : 0;
    } else {
        t.sum = (int64_t)(sums[q->v.high - 1] - (q->v.low > 0 ? sums[q->v.low - 1] : 0));
    }
    return tmg_tally_answer(&t, q->measure, q->v.at_ms, ret);
}

static bool least_or_most(const question *q, int64_t *ret)
{
    const uint64_t *sums = tmg_group_sums(q->v.axis, q->v.group, q->column);
    const uint32_t *stated = tmg_group_stated(q->v.axis, q->v.group, q->column);
    int64_t least = INT64_MAX, most = INT64_MIN;
    uint64_t before = q->v.low > 0 ? sums[q->v.low - 1] : 0;
    uint32_t stated_before = q->v.low > 0 ? stated[q->v.low - 1] : 0;

    if (stated[q->v.high - 1] == stated_before)
        return false;
    for (uint32_t i = q->v.low; i < q->v.high; i++) {
        int64_t v = (int64_t)(sums[i] - before);
        bool is_stated = stated[i] != stated_before;
        least = is_stated && v < least ? v : least;
        most = is_stated && v > most ? v : most;
        before = sums[i];
        stated_before = stated[i];
    }
    return answer(q->measure == TMG_W_MIN ? least : most, ret);
}

/* A code counts at its first event of the window: where the event before that had it lies outside. */
static int64_t distinct(const question *q)
{
    const uint32_t *before = tmg_group_before(q->v.axis, q->v.group, q->column);
    const uint32_t *codes = tmg_group_codes(q->v.axis, q->v.group, q->column);
    uint32_t n = 0;
    for (uint32_t i = q->v.low; i < q->v.high; i++)
        n += (before[i] <= q->v.low) & (codes[i] != TMG_CODE_NONE);
    return n;
}

static int64_t results(const question *q)
{
    const int64_t *known = tmg_result_known(q->v.group), *latest = tmg_result_latest(q->v.group);
    const uint32_t *found = tmg_result_found(q->v.group);
    uint32_t low = q->v.low, high = q->v.high;

    while (low < high) { /* [0, low): all known by then */
        uint32_t middle = low + (high - low) / 2;
        if (latest[middle] <= q->v.at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t n = low - q->v.low;
    int64_t bad = low > q->v.low ? found[low - 1] - (q->v.low > 0 ? found[q->v.low - 1] : 0) : 0;
    for (uint32_t i = low; i < q->v.high; i++) {
        n += known[i] <= q->v.at_ms;
        bad += known[i] <= q->v.at_ms && found[i] != (i > 0 ? found[i - 1] : 0);
    }
    return q->measure == TMG_W_RESULTS ? n : bad;
}

static bool plain_answer(const question *q, int64_t *ret)
{
    const bool none = q->v.low == q->v.high;
    switch (q->measure) {
    case TMG_W_COUNT:
        return answer((int64_t)(q->v.high - q->v.low) * TMG_MICRO, ret);
    case TMG_W_SUM:
        return none ? answer(0, ret) : sum_or_mean(q, ret);
    case TMG_W_AVG:
        return !none && sum_or_mean(q, ret);
    case TMG_W_MIN:
    case TMG_W_MAX:
        return !none && least_or_most(q, ret);
    case TMG_W_DISTINCT:
        return answer(distinct(q) * TMG_MICRO, ret);
    case TMG_W_RESULTS:
    case TMG_W_FOUND:
        return answer(results(q) * TMG_MICRO, ret);
    case TMG_W_DAYS_SINCE:
        return !none &&
               answer((q->v.at_ms - tmg_group_at(q->v.group)[q->v.high - 1]) / TMG_DAY_MS * TMG_MICRO, ret);
    case TMG_W_AGE_DAYS:
        break;
    }
    return false;
}

static bool ask(const question *q, int64_t *ret)
{
    if (tmg_view_is_plain(&q->v))
        return plain_answer(q, ret);
    tmg_tally t = {0};
    tally_group(q, &t);
    bool told = tmg_tally_answer(&t, q->measure, q->v.at_ms, ret);
    tmg_tally_done(&t);
    return told;
}

static bool age(const tmg_firsts *f, uint64_t key, const tmg_row *row, int64_t *ret)
{
    int64_t first_ms = tmg_firsts_other(f, key, row->consignment_id);
    return answer(first_ms < row->at_ms ? (row->at_ms - first_ms) / TMG_DAY_MS * TMG_MICRO : 0, ret);
}

bool tmg_book_window(tmg_book *b, const tmg_row *row, const tmg_window *w, int64_t *ret_micro)
{
    const tmg_prepared *p = tmg_book_prepared(b, w->key);
    tmg_key key;

    if (row->at_ms == TMG_NONE)
        return false;
    const int64_t from_ms = tmg_window_from(w, row->at_ms);
    if (w->measure != TMG_W_AGE_DAYS && from_ms < b->forgotten_ms && b->forgotten_ms != INT64_MIN)
        return false;
    if (p == NULL)
        return tmg_book_scan_window(b, row, w, ret_micro);
    tmg_axis *x = b->axes[p->axis];
    if (!tmg_axis_key(&x->spec, row, &key))
        return false;
    if (w->measure == TMG_W_AGE_DAYS)
        return age(x->firsts, tmg_key_mixed(&key), row, ret_micro);
    question q = {.column = p->column, .measure = w->measure};
    if (tmg_view_open(b, x, &key, row, from_ms, &q.v))
        return ask(&q, ret_micro);
    const tmg_tally nothing = {0};
    return tmg_tally_answer(&nothing, w->measure, row->at_ms, ret_micro);
}

/* Free words have no table of first uses: every version is looked at. */
static bool scan_first(tmg_book *b, const tmg_row *row, tmg_code_field field, bool *ret)
{
    if (b->forgotten_ms != INT64_MIN)
        return false;
    *ret = true;
    for (size_t i = 0; i < b->version_count && *ret; i++) {
        const tmg_version *v = &b->versions[i];
        if (v->at_ms >= row->at_ms || b->consignments[v->consignment].id == row->consignment_id)
            continue;
        tmg_row *rows = NULL;
        size_t count = tmg_version_rows(b, v, &rows);
        for (size_t k = 0; k < count; k++)
            *ret = *ret && rows[k].code[field] != row->code[field];
    }
    return true;
}

bool tmg_book_first(tmg_book *b, const tmg_row *row, tmg_code_field field, bool *ret)
{
    if (row->code[field] == TMG_CODE_NONE || row->at_ms == TMG_NONE)
        return false;
    if (!b->is_coded[field])
        return scan_first(b, row, field, ret);
    *ret = tmg_firsts_other(&b->firsts[field], row->code[field], row->consignment_id) >= row->at_ms;
    return true;
}
