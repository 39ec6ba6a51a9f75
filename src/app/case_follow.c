/* A confirmed seizure becomes a case: with what it is about, the tasks that every case begins with, and read
 * by those who need to know. */
#include "app/casework_priv.h"
#include "base/json.h"

enum { WORK_CAP = 4 << 20, MOST_SEIZURES = 50 };

typedef struct found {
    int64_t id[MOST_SEIZURES];
    size_t count;
    tmg_seizure first;
} found;

/* The seizures of an order that belong to no case yet. */
static tmg_rc find(tmg_db *db, int64_t order_id, found *ret, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *s;
    bool row;

    TMG_TRY(tmg_sql(db, "SELECT id FROM seizure WHERE order_id = $1 AND case_id IS NULL ORDER BY id LIMIT $2",
                    &s, err));
    tmg_bind_i64(s, 1, order_id);
    tmg_bind_i64(s, 2, MOST_SEIZURES);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        ret->id[ret->count++] = tmg_col_i64(s, 0);
    }
    return ret->count > 0 ? tmg_seizure_read(db, ret->id[0], a, &ret->first, err) : TMG_OK;
}

/* Is anything of it as much as its substance's large amount? */
static tmg_rc is_large(tmg_db *db, const tmg_seizure *z, bool *ret, tmg_arena *a, tmg_err *err)
{
    tmg_substance *list;
    size_t count;

    *ret = false;
    TMG_TRY(tmg_substance_list(db, tmg_day_of(z->seized_ms, z->offset_min), a, &list, &count, err));
    for (size_t i = 0; i < z->line_count; i++)
        for (size_t k = 0; k < count; k++)
            if (tmg_span_eq(list[k].code, z->lines[i].substance) && list[k].large_mg != TMG_NONE &&
                z->lines[i].mass_mg != TMG_NONE && z->lines[i].mass_mg >= list[k].large_mg)
                *ret = true;
    return TMG_OK;
}

static tmg_rc needs_to_know(tmg_centre *c, tmg_db *db, const tmg_seizure *z, bool *ret, tmg_arena *a,
                            tmg_err *err)
{
    switch (tmg_case_plan_need(c->case_plan)) {
    case TMG_NEED_NEVER:
        *ret = false;
        return TMG_OK;
    case TMG_NEED_ALWAYS:
        *ret = true;
        return TMG_OK;
    case TMG_NEED_LARGE:
        break;
    }
    return is_large(db, z, ret, a, err);
}

static tmg_rc link_all(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id, const found *f,
                       const tmg_order *o, tmg_err *err)
{
    tmg_object consignment = tmg_object_of("consignment", o->consignment_id),
               order = tmg_object_of("order", o->id);

    TMG_TRY(tmg_case_link(db, who, case_id, tmg_span_of(consignment.text), err));
    TMG_TRY(tmg_case_link(db, who, case_id, tmg_span_of(order.text), err));
    for (size_t i = 0; i < f->count; i++)
        TMG_TRY(tmg_case_take_seizure(db, who, case_id, f->id[i], err));
    return tmg_case_party_add_offered(c->codes, db, who, case_id, err);
}

static tmg_rc give_tasks(tmg_centre *c, tmg_db *db, const tmg_actor *who, int64_t case_id, tmg_err *err)
{
    const tmg_planned_task *plan;
    size_t count = tmg_case_plan_tasks(c->case_plan, &plan);

    for (size_t i = 0; i < count; i++) {
        tmg_case_task t = {.case_id = case_id,
                           .title = plan[i].words[0],
                           .code = plan[i].code,
                           .due_ms = tmg_now_ms() + plan[i].within_ms,
                           .mandatory = plan[i].mandatory};

        TMG_TRY(tmg_task_add(db, who, &t, err));
    }
    return TMG_OK;
}

static void tell(tmg_centre *c, const tmg_order *o, int64_t case_id)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;

    tmg_buf_init(&b, 256);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "case", case_id);
    tmg_json_end_object(&j);
    tmg_tell_those(c, &(tmg_event){.type = "case.opened",
                                   .consignment_id = o->consignment_id,
                                   .post_id = o->post_id,
                                   .data = tmg_buf_as_span(&b),
                                   .right = TMG_MAY_CASE_READ,
                                   .case_id = case_id});
}

tmg_rc tmg_follow_open_case(void *ctx, tmg_db *db, const tmg_actor *who, const tmg_flow_item *item,
                            tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_centre *c = ((const tmg_flow_desk *)ctx)->centre;
    bool compartment = false;
    tmg_case opened = {0};
    found f = {0};
    tmg_order o;

    TMG_TRY(find(db, item->about_id, &f, a, err));
    if (f.count == 0)
        return TMG_OK;
    TMG_TRY(tmg_order_read(db, item->about_id, a, &o, err));
    TMG_TRY(needs_to_know(c, db, &f.first, &compartment, a, err));
    opened.title = f.first.number;
    opened.substance = f.first.lines[0].substance;
    opened.post_id = o.post_id;
    opened.article = f.first.article;
    if (compartment)
        opened.compartment = TMG_SPAN("need-to-know");
    TMG_TRY(tmg_case_open(c->flows, c->codes, db, who, &opened, a, err));
    TMG_TRY(link_all(c, db, who, opened.id, &f, &o, err));
    TMG_TRY(give_tasks(c, db, who, opened.id, err));
    tell(c, &o, opened.id);
    return TMG_OK;
}
