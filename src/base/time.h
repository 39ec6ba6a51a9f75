/* base/time.h - instants in milliseconds UTC, with the local offset in which they were written kept beside.
 *
 * Source of formats: RFC 3339 / ISO 8601.  Calendar arithmetic is proleptic Gregorian.  Range 1900..2199.
 * A *day* is the number of a civil day since 1970-01-01 in the centre's own offset.
 *
 * Pure functions but for the clocks: any thread.
 */
#ifndef TMG_BASE_TIME_H
#define TMG_BASE_TIME_H

#include "base/text.h"

#define TMG_SECOND_MS INT64_C(1000)
#define TMG_HOUR_MS   INT64_C(3600000)
#define TMG_DAY_MS    INT64_C(86400000)

typedef struct tmg_instant {
    int64_t at_ms;      /* milliseconds since 1970-01-01T00:00Z */
    int16_t offset_min; /* minutes east of UTC in which it was written */
} tmg_instant;

/* Now, by the centre's clock: the system clock plus the offset set by tmg_clock_shift (0 unless a
 * demonstration centre moved it).  Any thread. */
int64_t tmg_now_ms(void);
/* How far the centre's clock is ahead of the system's, in place of what was set before; only a demonstration centre
 * has such a clock, and sets it before any thread is started. */
void tmg_clock_shift(int64_t by_ms);
/* Monotonic microseconds for measuring durations. */
int64_t tmg_tick_us(void);

/* "2026-03-02", "2026-03-02T08:15", "...:30", "...:30.250", each with "Z", "+04:00" or nothing; nothing and a
 * bare date take default_offset_min (a bare date is its local midnight).  A space may stand for the T. */
TMG_MUST_USE tmg_rc tmg_instant_parse(tmg_span s, int default_offset_min, tmg_instant *ret, tmg_err *err);
/* "2026-03-02T08:15:30+04:00"; milliseconds only when not 0. */
void tmg_instant_write(tmg_buf *b, tmg_instant t);

int32_t tmg_day_of(int64_t at_ms, int offset_min);
int64_t tmg_day_start_ms(int32_t day, int offset_min);
TMG_MUST_USE tmg_rc tmg_day_parse(tmg_span s, int32_t *ret, tmg_err *err); /* "2026-03-02" */
void tmg_day_write(tmg_buf *b, int32_t day);

#endif
