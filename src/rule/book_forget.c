#include "rule/book_priv.h"

/* Kept beyond the horizon, so that who asks as of some weeks ago still gets a whole answer. */
#define SLACK_MS (70 * TMG_DAY_MS)

enum { WORTH_IT = 8 /* one in so many versions, at least */ };

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* What passes for now: not the newest instant, which may be one clerk's wrong date. */
static int64_t recent(const tmg_book *b)
{
    size_t n = b->version_count < TMG_FORGET_EVERY ? b->version_count : TMG_FORGET_EVERY;
    int64_t *at_ms = tmg_xcalloc(n, sizeof *at_ms);
    for (size_t i = 0; i < n; i++)
        at_ms[i] = b->versions[b->version_count - n + i].at_ms;
    qsort(at_ms, n, sizeof *at_ms, by_value);
    int64_t now_ms = at_ms[n - 1 - n / 100];
    free(at_ms);
    return now_ms;
}

static void drop_events(tmg_book *b, int64_t before_ms)
{
    for (size_t i = 0; i < b->axis_count; i++) {
        tmg_axis *x = b->axes[i];
        for (uint32_t g = 0; g < x->group_count; g++)
            tmg_group_drop(b, x, &x->groups[g], before_ms);
        for (size_t c = 0; c < x->column_count; c++)
            tmg_last_clear(&x->column[c].last);
    }
}

static void drop_versions(tmg_book *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        b->rows -= b->versions[i].rows;
        b->packed_bytes -= b->versions[i].packed_len;
        free(b->versions[i].packed);
    }
    const uint32_t base = b->base + (uint32_t)count;
    for (size_t i = 0; i < b->consignment_count; i++)
        if (b->consignments[i].newest != TMG_NO_REF && b->consignments[i].newest < base)
            b->consignments[i].newest = TMG_NO_REF;
    b->version_count -= count;
    memmove(b->versions, b->versions + count, b->version_count * sizeof *b->versions);
    for (size_t i = 0; i < b->version_count; i++)
        if (b->versions[i].older != TMG_NO_REF && b->versions[i].older < base)
            b->versions[i].older = TMG_NO_REF;
    b->base = base;
}

static uint32_t copy_results(const tmg_book *b, uint32_t first, tmg_result_entry *to, size_t *n)
{
    uint32_t head = 0;
    for (uint32_t r = first; r != 0; r = b->results[r - 1].next) {
        to[*n] = b->results[r - 1];
        to[*n].next = head;
        head = (uint32_t)++ * n;
    }
    return head;
}

/* Consignments without a version go, unless a result that came before its declaration waits for one. */
static void drop_consignments(tmg_book *b, int64_t before_ms)
{
    uint32_t *moved = tmg_xcalloc(b->consignment_count + 1, sizeof *moved);
    tmg_result_entry *results = tmg_xcalloc(b->result_room + 1, sizeof *results);
    size_t kept = 0, result_count = 0;
    for (size_t i = 0; i < b->version_count; i++)
        moved[b->versions[i].consignment] = 1;
    for (size_t i = 0; i < b->consignment_count; i++) {
        tmg_consignment_entry *c = &b->consignments[i];
        if (moved[i] == 0 && (c->result == 0 || b->results[c->result - 1].known_ms < before_ms))
            continue;
        moved[i] = (uint32_t)kept;
        c->result = copy_results(b, c->result, results, &result_count);
        b->consignments[kept++] = *c;
    }
    for (size_t i = 0; i < b->version_count; i++)
        b->versions[i].consignment = moved[b->versions[i].consignment];
    free(b->results);
    b->results = results;
    b->result_room = b->result_room + 1;
    b->result_count = result_count;
    b->consignment_count = kept;
    tmg_book_index_consignments(b, b->by_id_room);
    free(moved);
}

void tmg_book_forget(tmg_book *b)
{
    b->entered = 0;
    const int64_t before_ms = recent(b) - TMG_HORIZON_MS - SLACK_MS;
    size_t old = 0;
    while (old < b->version_count && b->versions[old].at_ms < before_ms)
        old++;
    if (old < b->version_count / WORTH_IT || old == 0)
        return;
    b->own_valid = false;
    b->forgotten_ms = before_ms;
    drop_events(b, before_ms);
    drop_versions(b, old);
    drop_consignments(b, before_ms);
}
