#include "sim/sim_priv.h"

static const sim_kind *const kinds[] = {&sim_ring,     &sim_first_time, &sim_phoenix,  &sim_route_change,
                                        &sim_shopping, &sim_cover_load, &sim_precursor};
enum { KINDS = sizeof kinds / sizeof kinds[0], MOST_COPIES = 10, IDS_OF_A_SCHEME = 100 };

int32_t sim_history_day(const sim_world *w, int64_t permille)
{
    return w->first_day + (int32_t)((w->o.days - 1) * permille / 1000);
}

static void add_event(sim_scheme *s, sim_event e)
{
    if (s->event_count == s->event_room) {
        s->event_room = s->event_room == 0 ? 64 : s->event_room * 2;
        s->events = tmg_xrealloc(s->events, s->event_room * sizeof *s->events);
    }
    e.scheme = s;
    e.no = (int)s->event_count;
    s->events[s->event_count++] = e;
}

void sim_event_add(const sim_world *w, sim_scheme *s, int32_t day, bool seized)
{
    add_event(s, (sim_event){.day = day, .seized = seized && day < w->o.today - 3});
}

void sim_member_add(sim_scheme *s, const char *role, sim_who who)
{
    if (s->member_count < SIM_MEMBERS)
        s->members[s->member_count++] = (sim_member){role, who};
}

const sim_who *sim_member_at(const sim_scheme *s, const char *role, size_t i)
{
    size_t of_role = 0;
    for (size_t m = 0; m < s->member_count; m++)
        of_role += strcmp(s->members[m].role, role) == 0;
    size_t skip = i % of_role, m = 0;
    while (strcmp(s->members[m].role, role) != 0 || skip-- > 0)
        m++;
    return &s->members[m].who;
}

static int by_day(const void *a, const void *b)
{
    const sim_event *x = *(sim_event *const *)a, *y = *(sim_event *const *)b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->scheme != y->scheme)
        return x->scheme->base_id < y->scheme->base_id ? -1 : 1;
    return x->no < y->no ? -1 : x->no > y->no;
}

static void order_events(sim_plot *p)
{
    for (size_t i = 0; i < p->count; i++)
        p->event_count += p->schemes[i].event_count;
    p->by_day = tmg_xcalloc(p->event_count, sizeof(sim_event *));
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->schemes[i].event_count; k++)
            p->by_day[n++] = &p->schemes[i].events[k];
    qsort(p->by_day, n, sizeof(sim_event *), by_day);
}

static void plan(const sim_world *w, sim_scheme *s)
{
    sim_rng r = sim_rng_of(w->o.seed, SIM_S_SCHEME, s->base_id);
    s->kind->plan(w, s, &r);
    for (int32_t day = w->o.today; day < w->end_day; day++)
        for (int i = 0; i < s->kind->per_day_ahead; i++)
            add_event(s, (sim_event){.day = day, .ahead = true});
}

void sim_plot_make(const sim_world *w, sim_plot *ret)
{
    int64_t copies = w->o.scale_ppm / 200000;
    copies = copies < 1 ? 1 : copies > MOST_COPIES ? MOST_COPIES : copies;
    *ret = (sim_plot){.count = KINDS * (size_t)copies};
    ret->schemes = tmg_xcalloc(ret->count, sizeof *ret->schemes);
    for (size_t i = 0; i < ret->count; i++) {
        sim_scheme *s = &ret->schemes[i];
        s->kind = kinds[i % KINDS];
        s->copy = (int)(i / KINDS);
        s->base_id = SIM_ID_PLANTED + (uint32_t)i * IDS_OF_A_SCHEME;
        plan(w, s);
    }
    order_events(ret);
}

void sim_plot_done(sim_plot *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->schemes[i].events);
    free(p->schemes);
    free(p->by_day);
    *p = (sim_plot){0};
}

/* What lies ahead was lodged before now and arrives after it. */
static void put_ahead(const sim_world *w, sim_draft *d)
{
    int64_t day_end = tmg_day_start_ms(w->day + 1, w->o.offset_min);
    int64_t left_s = (day_end - w->now_ms) / 1000;
    if (d->expected_ms <= w->now_ms)
        d->expected_ms = w->now_ms + sim_between(&d->rng, left_s / 20, left_s - 1) * 1000;
    if (d->lodged_ms >= w->now_ms)
        d->lodged_ms = w->now_ms - sim_between(&d->rng, 5 * 60, 5 * 3600) * 1000;
}

void sim_event_draft(const sim_world *w, sim_event *e, sim_draft *ret)
{
    uint64_t index = e->scheme->base_id * UINT64_C(100000) + (uint64_t)e->no;
    e->scheme->kind->draft(w, e->scheme, e, sim_rng_of(w->o.seed, SIM_S_SCHEME, index), ret);
    if (e->ahead)
        put_ahead(w, ret);
    ret->must_control = e->seized;
    e->post = sim_post_at(ret->post)->code;
    e->expected_ms = ret->expected_ms;
    e->truth = ret->truth;
    e->substance = ret->substance;
    e->mass_mg = ret->mass_mg;
}
