#include "base/time.h"
#include "base/text_priv.h"

#include <time.h>

#define MINUTE_MS  INT64_C(60000)
#define FIRST_YEAR 1900
#define LAST_YEAR  2199

static int64_t clock_shift_ms;

static int64_t clock_us(clockid_t which)
{
    struct timespec t;

    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t tmg_now_ms(void)
{
    return clock_us(CLOCK_REALTIME) / 1000 + clock_shift_ms;
}

void tmg_clock_shift(int64_t by_ms)
{
    clock_shift_ms = by_ms;
}

int64_t tmg_tick_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

/* Civil calendar <-> day number after H. Hinnant, "chrono-compatible low-level date algorithms": years begin
 * on 1 March, so that the leap day is the last day of its year, and 400 years are one era of 146,097 days. */
static int32_t day_from_civil(int year, int month, int day)
{
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_day(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int)(z - era * 146097);
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;

    *ret_day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *ret_month = month_from_march + (month_from_march < 10 ? 3 : -9);
    *ret_year = (int)(year_of_era + era * 400) + (*ret_month <= 2);
}

static int days_in_month(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Two digits as a number, or a large one when they are not digits. */
static unsigned two(const char *p)
{
    unsigned tens = (unsigned)(unsigned char)p[0] - '0';
    unsigned ones = (unsigned)(unsigned char)p[1] - '0';

    return tens <= 9 && ones <= 9 ? 10 * tens + ones : 1000;
}

/* "2026-03-02" at p, ten bytes. */
static bool take_date(const char *p, int32_t *ret)
{
    unsigned century = two(p);
    unsigned year_of_century = two(p + 2);
    unsigned month = two(p + 5);
    unsigned day = two(p + 8);
    int year = (int)(century * 100 + year_of_century);

    if (century > 99 || year_of_century > 99 || p[4] != '-' || p[7] != '-' || month - 1 > 11 || day < 1)
        return false;
    if (year < FIRST_YEAR || year > LAST_YEAR || (int)day > days_in_month(year, (int)month))
        return false;
    *ret = day_from_civil(year, (int)month, (int)day);
    return true;
}

/* ":30" and ".250" when they are there; digits below the millisecond are cut off. */
static const char *take_seconds(const char *p, const char *end, int64_t *ret_ms)
{
    int64_t weight = 100;
    const char *from;

    if (end - p < 3 || *p != ':')
        return p;
    if (two(p + 1) > 59)
        return NULL;
    *ret_ms += two(p + 1) * 1000;
    p += 3;
    if (p == end || *p != '.')
        return p;
    from = ++p;
    for (; p < end && (unsigned)(unsigned char)*p - '0' <= 9; p++, weight /= 10)
        *ret_ms += (*p - '0') * weight;
    return p > from && p - from <= 9 ? p : NULL;
}

static bool take_offset(const char *p, const char *end, int *ret_min)
{
    if (p == end)
        return true;
    if (end - p == 1 && (*p == 'Z' || *p == 'z')) {
        *ret_min = 0;
        return true;
    }
    if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':' || two(p + 1) > 23 || two(p + 4) > 59)
        return false;
    *ret_min = (int)(two(p + 1) * 60 + two(p + 4)) * (*p == '-' ? -1 : 1);
    return true;
}

/* The part after the date: "T08:15:30.250+04:00". */
static bool take_time(const char *p, const char *end, int64_t *ret_ms, int *ret_offset_min)
{
    if (end - p < 6 || (*p != 'T' && *p != 't' && *p != ' ') || p[3] != ':')
        return false;
    if (two(p + 1) > 23 || two(p + 4) > 59)
        return false;
    *ret_ms = (two(p + 1) * 60 + two(p + 4)) * MINUTE_MS;
    p = take_seconds(p + 6, end, ret_ms);
    return p != NULL && take_offset(p, end, ret_offset_min);
}

tmg_rc tmg_instant_parse(tmg_span s, int default_offset_min, tmg_instant *ret, tmg_err *err)
{
    int64_t ms = 0;
    int offset_min = default_offset_min;
    int32_t day = 0;
    bool good = s.len >= 10 && take_date(s.ptr, &day);

    if (good && s.len > 10)
        good = take_time(s.ptr + 10, s.ptr + s.len, &ms, &offset_min);
    if (!good) {
        tmg_span shown = tmg_utf8_cut(s, 40);

        return TMG_FAIL(err, TMG_E_INVALID,
                        "\"%.*s\" is not a date or time of %d to %d; write it like 2026-03-02T08:15:30+04:00",
                        TMG_SPAN_ARG(shown), FIRST_YEAR, LAST_YEAR);
    }
    ret->at_ms = tmg_day_start_ms(day, offset_min) + ms;
    ret->offset_min = (int16_t)offset_min;
    return TMG_OK;
}

static char *put_two(char *to, unsigned v, char after)
{
    memcpy(to, tmg_digit_pairs + 2 * v, 2);
    to[2] = after;
    return to + 3;
}

/* "2026-03-02" and `after`; years outside 0000..9999 only come of wrong arithmetic and are shown by their
 * nearest. */
static char *put_date(char *to, int32_t day, char after)
{
    int year;
    int month;
    int day_of_month;

    civil_from_day(day, &year, &month, &day_of_month);
    year = year < 0 ? 0 : year > 9999 ? 9999 : year;
    (void)put_two(to, (unsigned)year / 100, '\0');
    to = put_two(to + 2, (unsigned)year % 100, '-');
    to = put_two(to, (unsigned)month, '-');
    return put_two(to, (unsigned)day_of_month, after);
}

/* "08:15:30" and ".250" when it is not a whole second. */
static char *put_clock(char *to, unsigned ms)
{
    unsigned seconds = ms / 1000;

    to = put_two(to, seconds / 3600, ':');
    to = put_two(to, seconds / 60 % 60, ':');
    to = put_two(to, seconds % 60, '.');
    if (ms % 1000 == 0)
        return to - 1;
    *to = (char)('0' + ms % 1000 / 100);
    return put_two(to + 1, ms % 100, '\0') - 1;
}

static char *put_offset(char *to, int offset_min)
{
    unsigned east = (unsigned)(offset_min < 0 ? -offset_min : offset_min);

    if (east == 0) {
        *to = 'Z';
        return to + 1;
    }
    *to = offset_min < 0 ? '-' : '+';
    to = put_two(to + 1, east / 60 % 100, ':');
    return put_two(to, east % 60, '\0') - 1;
}

/* The day, rounded towards the past, and the rest of it. */
static int32_t split_days(int64_t at_ms, int offset_min, unsigned *ret_ms_of_day)
{
    int64_t local;
    int64_t day;

    if (__builtin_add_overflow(at_ms, offset_min * MINUTE_MS, &local))
        local = at_ms;
    day = local / TMG_DAY_MS - (local % TMG_DAY_MS < 0);
    *ret_ms_of_day = (unsigned)(local % TMG_DAY_MS + (local % TMG_DAY_MS < 0 ? TMG_DAY_MS : 0));
    return day < INT32_MIN ? INT32_MIN : day > INT32_MAX ? INT32_MAX : (int32_t)day;
}

void tmg_instant_write(tmg_buf *b, tmg_instant t)
{
    char text[40];
    unsigned ms;
    int32_t day = split_days(t.at_ms, t.offset_min, &ms);
    char *to = put_date(text, day, 'T');

    to = put_clock(to, ms);
    to = put_offset(to, t.offset_min);
    tmg_buf_put(b, text, (size_t)(to - text));
}

int32_t tmg_day_of(int64_t at_ms, int offset_min)
{
    unsigned ms;

    return split_days(at_ms, offset_min, &ms);
}

int64_t tmg_day_start_ms(int32_t day, int offset_min)
{
    return day * TMG_DAY_MS - offset_min * MINUTE_MS;
}

tmg_rc tmg_day_parse(tmg_span s, int32_t *ret, tmg_err *err)
{
    if (s.len != 10 || !take_date(s.ptr, ret)) {
        tmg_span shown = tmg_utf8_cut(s, 40);

        return TMG_FAIL(err, TMG_E_INVALID, "\"%.*s\" is not a date of %d to %d; write it like 2026-03-02",
                        TMG_SPAN_ARG(shown), FIRST_YEAR, LAST_YEAR);
    }
    return TMG_OK;
}

void tmg_day_write(tmg_buf *b, int32_t day)
{
    char text[16];

    (void)put_date(text, day, '\0');
    tmg_buf_put(b, text, 10);
}
