/* What the demonstration's analyst, teams and chief did on the days that the centre has lived through. */
#include "app/demo_past_priv.h"
#include "base/hash.h"

enum {
    WORK_CAP = 4 << 20,
    MOST_LOOKED_AT = 4096,
    LATE_H = 3,
    MINUTE_MS = 60000,
    /* One in so many. */
    RELEASED = 33, /* of those red by rank, which the analyst knows to be harmless */
    HUNCH = 320,   /* of what nobody sent: an officer looks, and mostly there is nothing */
    WORD_CRITICAL = 3,
    WORD_FRAUD = 25 /* of what a partner or a register told somebody about */
};

static uint64_t demo_draw(const tmg_demo_past *p, tmg_span ref, uint64_t salt, uint64_t below)
{
    return tmg_hash64(p->span.seed * 1000003 + salt, ref.ptr, ref.len) % below;
}

/* ---- what is due ---- */

static void put_due(tmg_demo_past *p, tmg_demo_due d)
{
    if (p->due_count == p->due_room) {
        p->due_room = p->due_room == 0 ? 256 : 2 * p->due_room;
        p->due = tmg_xrealloc(p->due, p->due_room * sizeof *p->due);
    }
    p->due[p->due_count++] = d;
}

const tmg_actor *tmg_demo_team_at(const tmg_demo_past *p, int64_t post_id)
{
    return post_id == p->astara_id ? &p->team : post_id == p->relief_id ? &p->relief : &p->teams;
}

/* What each means showed, in the order of use: suspicion led from one to the next, and the last one found it.
 */
static tmg_rc enter_steps(tmg_demo_past *p, tmg_db *db, const tmg_order *o, const tmg_result *r, tmg_arena *a,
                          tmg_err *err)
{
    static const unsigned order[] = {TMG_MEANS_DOCUMENTS, TMG_MEANS_DOG,   TMG_MEANS_XRAY,
                                     TMG_MEANS_DENSITY,   TMG_MEANS_SCALE, TMG_MEANS_UNLOADING};
    int64_t at = r->happened_ms - r->minutes * MINUTE_MS, count = __builtin_popcount(r->means), no = 0;

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        char key[64];
        bool fresh;

        if ((r->means & order[i]) == 0)
            continue;
        no++;
        tmg_step_done s = {.order_id = o->id,
                           .means = order[i],
                           .reaction = no == count                       ? TMG_REACTION_FOUND
                                       : order[i] == TMG_MEANS_DOCUMENTS ? TMG_REACTION_NONE
                                                                         : TMG_REACTION_SUSPECT,
                           .started_ms = at + (no - 1) * r->minutes * MINUTE_MS / count,
                           .ended_ms = at + no * r->minutes * MINUTE_MS / count};

        (void)snprintf(key, sizeof key, "demonstration-%lld-%lld", (long long)o->id, (long long)no);
        s.client_key = tmg_span_of(key);
        TMG_TRY(tmg_use_step(p->centre, db, tmg_demo_team_at(p, o->post_id), &s, &fresh, a, err));
    }
    return TMG_OK;
}

static tmg_rc enter(tmg_demo_past *p, tmg_db *db, const tmg_demo_due *d, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    tmg_result r = {.outcome = TMG_OUTCOME_NONE, .happened_ms = d->at_ms, .recovered_minor = TMG_NONE};
    tmg_order o;
    tmg_moved moved;

    TMG_TRY(tmg_order_of(db, d->consignment_id, a, &o, err));
    if (d->finding != NULL) {
        r = d->finding->result;
        r.happened_ms = d->at_ms;
        TMG_TRY(enter_steps(p, db, &o, &r, a, err));
    } else {
        tmg_step_done *steps;
        size_t count;

        TMG_TRY(tmg_order_steps(db, o.id, a, &steps, &count, err));
        for (size_t i = 0; i < count; i++)
            r.means |= steps[i].means;
        r.minutes = 15 + 12 * (int64_t)count + (int64_t)demo_draw(p, o.number, 5, 50);
        tmg_outcome_found(r.outcome, r.found);
        r.note = r.means == TMG_MEANS_DOCUMENTS ? TMG_SPAN("papers in order")
                                                : TMG_SPAN("declared goods found, nothing else");
    }
    TMG_TRY(tmg_enter_result_alone(p->centre, db, tmg_demo_team_at(p, o.post_id), d->consignment_id, &r,
                                   &moved, err));
    put_due(p,
            (tmg_demo_due){.at_ms = tmg_now_ms() + (1 + (int64_t)demo_draw(p, o.number, 6, 6)) * TMG_HOUR_MS,
                           .consignment_id = d->consignment_id,
                           .work = TMG_DEMO_CONFIRM,
                           .finding = d->finding});
    return TMG_OK;
}

static tmg_rc confirm(tmg_demo_past *p, tmg_db *db, const tmg_demo_due *d, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    bool seized = d->finding != NULL && d->finding->result.seized_count > 0;
    tmg_order o;

    TMG_TRY(tmg_order_of(db, d->consignment_id, a, &o, err));
    return tmg_use_order_move(p->centre, db, &p->chief, o.id,
                              seized ? TMG_SPAN("confirm_seizure") : TMG_SPAN("confirm"), (tmg_span){NULL, 0},
                              a, &o, err);
}

static tmg_rc work_off(tmg_demo_past *p, tmg_db *db, tmg_err *err)
{
    int64_t now = tmg_now_ms();

    for (size_t i = 0; i < p->due_count;) {
        tmg_demo_due d = p->due[i];

        if (d.at_ms > now) {
            i++;
            continue;
        }
        p->due[i] = p->due[--p->due_count];
        TMG_TRY(d.work == TMG_DEMO_RESULT ? enter(p, db, &d, err) : confirm(p, db, &d, err));
    }
    return TMG_OK;
}

/* ---- deciding about what arrives ---- */

typedef struct arrival {
    int64_t consignment_id, expected_ms;
    unsigned means;
    tmg_lane lane;
    tmg_span ref, mode;
} arrival;

static tmg_rc read_arrivals(tmg_demo_past *p, tmg_db *db, int64_t until_ms, tmg_arena *a, arrival *list,
                            size_t *ret_count, tmg_err *err)
{
    int offset = tmg_centre_settings(p->centre)->offset_min;
    /* Who lodges late is there before anybody has looked. */
    int64_t since_ms = tmg_now_ms() - LATE_H * TMG_HOUR_MS;
    tmg_stmt *s = NULL;

    *ret_count = 0;
    TMG_TRY(tmg_sql(db,
                    "SELECT s.consignment_id, d.expected_ms, s.means, s.lane, d.ref, "
                    "d.transport_mode FROM selection s JOIN declaration d ON d.id = s.declaration_id WHERE "
                    "s.day BETWEEN $1 AND $2 AND s.state = 1 AND d.expected_ms >= $3 AND d.expected_ms < $4 "
                    "ORDER BY s.consignment_id LIMIT $5",
                    &s, err));
    tmg_bind_i64(s, 1, tmg_day_of(since_ms, offset));
    tmg_bind_i64(s, 2, tmg_day_of(until_ms, offset));
    tmg_bind_i64(s, 3, since_ms);
    tmg_bind_i64(s, 4, until_ms);
    tmg_bind_i64(s, 5, MOST_LOOKED_AT);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        list[(*ret_count)++] = (arrival){.consignment_id = tmg_col_i64(s, 0),
                                         .expected_ms = tmg_col_i64(s, 1),
                                         .means = (unsigned)tmg_col_i64(s, 2),
                                         .lane = (tmg_lane)tmg_col_i64(s, 3),
                                         .ref = tmg_span_copy(a, tmg_col_text(s, 4)),
                                         .mode = tmg_span_copy(a, tmg_col_text(s, 5))};
    }
}

/* What somebody was told, or only felt; the absent span when nobody looks twice. */
static tmg_span word_about(const tmg_demo_past *p, const arrival *x, const tmg_demo_finding *f)
{
    bool critical = f != NULL && f->result.found[TMG_CRITICAL] == TMG_FOUND_YES;

    if (critical && demo_draw(p, x->ref, 1, WORD_CRITICAL) == 0)
        return TMG_SPAN("a partner service asks to look at this vehicle");
    if (f != NULL && !critical && demo_draw(p, x->ref, 1, WORD_FRAUD) == 0)
        return TMG_SPAN("the trade register names another owner since last week");
    if (f == NULL && demo_draw(p, x->ref, 1, HUNCH) == 0)
        return demo_draw(p, x->ref, 2, 2) == 0 ? TMG_SPAN("the driver's account does not fit the route")
                                               : TMG_SPAN("fresh welding marks on the trailer");
    return (tmg_span){NULL, 0};
}

static unsigned means_for(const arrival *x)
{
    unsigned means = TMG_MEANS_DOCUMENTS | x->means;

    if (x->means == 0)
        means |= tmg_span_is(x->mode, "4") ? TMG_MEANS_DOG : TMG_MEANS_XRAY;
    return means;
}

static tmg_rc order(tmg_demo_past *p, tmg_db *db, const arrival *x, const tmg_demo_finding *f,
                    tmg_span reason, tmg_err *err)
{
    tmg_decision d = {.action = TMG_ACT_INSPECT, .means = means_for(x), .reason = reason};
    int64_t from = x->expected_ms > tmg_now_ms() ? x->expected_ms : tmg_now_ms(), at, least;

    TMG_TRY(tmg_decide(p->centre, db, &p->analyst, x->consignment_id, &d, err));
    at = f != NULL ? f->result.happened_ms
                   : from + (40 + (int64_t)demo_draw(p, x->ref, 3, 200)) * 60 * TMG_SECOND_MS;
    least = from + (f != NULL ? f->result.minutes + 20 : 40) * MINUTE_MS;
    put_due(p, (tmg_demo_due){.at_ms = at > least ? at : least,
                              .consignment_id = x->consignment_id,
                              .work = TMG_DEMO_RESULT,
                              .finding = f});
    return TMG_OK;
}

static tmg_rc decide(tmg_demo_past *p, tmg_db *db, const arrival *x, tmg_arena *a, tmg_err *err)
{
    const tmg_demo_finding *f = tmg_demo_finding_of(p, x->ref);
    tmg_span word = word_about(p, x, f);
    tmg_selection now;

    if (x->lane != TMG_LANE_RED && word.ptr == NULL)
        return TMG_OK;
    /* What was decided about others has chosen anew since. */
    TMG_TRY(tmg_selection_get(db, x->consignment_id, a, &now, err));
    if (now.lane != TMG_LANE_RED)
        return word.ptr != NULL ? order(p, db, x, f, word, err) : TMG_OK;
    /* One that the analyst knows to be harmless; never one that was drawn. */
    if (f == NULL && now.by == TMG_BY_PROFILE && demo_draw(p, x->ref, 4, RELEASED) == 0) {
        tmg_decision d = {.action = TMG_ACT_RELEASE,
                          .reason = TMG_SPAN("scanned at the post of entry yesterday, seals unbroken")};

        return tmg_decide(p->centre, db, &p->analyst, x->consignment_id, &d, err);
    }
    return order(p, db, x, f, word.ptr != NULL ? word : TMG_SPAN(""), err);
}

tmg_rc tmg_demo_people(tmg_demo_past *p, tmg_db *db, int64_t until_ms, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(WORK_CAP);
    arrival *list = tmg_alloc_array(a, MOST_LOOKED_AT, sizeof *list);
    size_t count;

    TMG_TRY(work_off(p, db, err));
    TMG_TRY(read_arrivals(p, db, until_ms, a, list, &count, err));
    for (size_t i = 0; i < count; i++)
        TMG_TRY(decide(p, db, &list[i], a, err));
    return TMG_OK;
}
