#include "sim/sim_priv.h"

/* Declarations of an average day at full scale, and per cent of it from Sunday to Saturday. */
static const int64_t full_volume = 5000;
static const int64_t weekday_pct[7] = {62, 104, 110, 112, 114, 108, 90};

static int month_of(int32_t day, int *ret_year)
{
    TMG_AUTO_BUF b = {0};
    int64_t year = 0, month = 0;
    tmg_buf_init(&b, 64);
    tmg_day_write(&b, day);
    (void)tmg_span_i64((tmg_span){b.ptr, 4}, &year);
    (void)tmg_span_i64((tmg_span){b.ptr + 5, 2}, &month);
    *ret_year = (int)year;
    return (int)month;
}

void sim_world_init(sim_world *w, const tmg_sim_options *o)
{
    *w = (sim_world){.o = *o};
    w->first_day = o->today - o->days;
    w->end_day = o->today + o->days_ahead;
    w->now_ms = tmg_day_start_ms(o->today, o->offset_min) + o->now_min * INT64_C(60000);
    w->open_day = o->today - o->lived;
    w->told_ms = o->lived > 0 ? tmg_day_start_ms(w->open_day, o->offset_min) : w->now_ms;
    int64_t two_months = full_volume * 60 * o->scale_ppm / 1000000;
    uint32_t base = SIM_ID_TRADER;
    for (int i = 0; i < SIM_FLOWS; i++) {
        int64_t n = two_months * sim_flow_at((sim_flow_no)i)->weight / 1000 / 16;
        w->traders[i] = (uint32_t)(n < 5 ? 5 : n);
        w->trader_base[i] = base;
        base += w->traders[i];
    }
    w->carriers = (uint32_t)(12 + two_months / 250);
    w->brokers = (uint32_t)(4 + two_months / 4000);
    sim_world_day(w, w->first_day);
}

void sim_world_day(sim_world *w, int32_t day)
{
    w->day = day;
    w->weekday = (int)((day % 7 + 11) % 7); /* day 0 was a Thursday */
    w->month = month_of(day, &w->year);
}

int64_t sim_world_volume(const sim_world *w)
{
    sim_rng r = sim_rng_of(w->o.seed, SIM_S_DAY, (uint64_t)(int64_t)w->day);
    return sim_around(&r, full_volume * w->o.scale_ppm / 1000000 * weekday_pct[w->weekday] / 100, 9);
}
