#include "base/qty.h"
#include "risk/selections_priv.h"

static int64_t add(int64_t a, int64_t b)
{
    int64_t sum = 0;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static bool is_examined(const tmg_selection *s, tmg_lane lane)
{
    return s->state == TMG_SEL_ORDERED || s->state == TMG_SEL_CLOSED ||
           (lane == TMG_LANE_RED && s->state != TMG_SEL_RELEASED);
}

/* Numbers are those of s, so that both choices are measured alike; what was decided keeps the dial of its
 * day. */
static void count_one(tmg_choice *c, const tmg_selection *s, tmg_lane lane, int64_t w_minor)
{
    int64_t revenue = s->utility_minor - tmg_mul_div(s->critical_ppb, s->w_minor, TMG_PPB);

    c->lanes[lane]++;
    if (!is_examined(s, lane))
        return;
    c->examined++;
    c->fraud_ppb += s->fraud_ppb;
    c->critical_ppb += s->critical_ppb;
    c->revenue_minor = add(c->revenue_minor, revenue);
    c->utility_minor = add(c->utility_minor, add(revenue, tmg_utility(0, s->critical_ppb, 0, w_minor)));
}

static void keep_change(tmg_preview *p, const tmg_selection *s, tmg_lane from, tmg_arena *a)
{
    if (p->change_count == p->change_room) {
        size_t room = p->change_room > 0 ? 2 * p->change_room : 64;
        tmg_change *more = tmg_alloc_array(a, room, sizeof *more);

        if (p->change_count > 0)
            memcpy(more, p->changes, p->change_count * sizeof *more);
        p->changes = more;
        p->change_room = room;
    }
    p->changes[p->change_count++] = (tmg_change){.consignment_id = s->consignment_id,
                                                 .declaration_id = s->declaration_id,
                                                 .post_id = s->post_id,
                                                 .utility_minor = s->utility_minor,
                                                 .from = from,
                                                 .to = s->lane};
}

tmg_rc tmg_preview_add(tmg_db *db, int64_t post_id, int32_t day, const tmg_capacity *cap, int64_t w_minor,
                       tmg_arena *a, tmg_preview *p, tmg_err *err)
{
    tmg_candidates cs;

    TMG_TRY(tmg_candidates_read(db, post_id, day, w_minor, a, &cs, err));
    TMG_TRY(tmg_candidates_choose(db, &cs, cap, w_minor, a, err));
    for (size_t i = 0; i < cs.count; i++) {
        const tmg_selection *now = &cs.now[i], *before = tmg_candidate_before(&cs, now);

        count_one(&p->before, now, before->lane, w_minor);
        count_one(&p->after, now, now->lane, w_minor);
        if (before->lane != now->lane)
            keep_change(p, now, before->lane, a);
    }
    return TMG_OK;
}

static int by_value(const void *a, const void *b)
{
    const tmg_change *x = a, *y = b;

    if (x->utility_minor != y->utility_minor)
        return x->utility_minor > y->utility_minor ? -1 : 1;
    return (x->consignment_id > y->consignment_id) - (x->consignment_id < y->consignment_id);
}

tmg_rc tmg_preview_close(tmg_db *db, size_t most, tmg_arena *a, tmg_preview *p, tmg_err *err)
{
    tmg_stmt *s = NULL;

    p->changed = p->change_count;
    if (p->change_count > 1)
        qsort(p->changes, p->change_count, sizeof *p->changes, by_value);
    if (p->change_count > most)
        p->change_count = most;
    for (size_t i = 0; i < p->change_count; i++) {
        bool row = false;

        TMG_TRY(tmg_sql(db, "SELECT ref FROM declaration WHERE id = $1", &s, err));
        tmg_bind_i64(s, 1, p->changes[i].declaration_id);
        TMG_TRY(tmg_step(s, &row, err));
        p->changes[i].ref = row ? tmg_span_copy(a, tmg_col_text(s, 0)) : TMG_SPAN("");
        tmg_reset(s);
    }
    return TMG_OK;
}
