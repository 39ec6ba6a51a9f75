/* Dates and times of declarations, in whatever offset they were written. */
#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* 2026-03-02T00:00Z */
#define MARCH_2 INT64_C(1772409600000)

static void the_accepted_forms_name_the_same_instant(void **state)
{
    static const struct {
        const char *text;
        int64_t at_ms;
        int offset_min;
    } cases[] = {
        {"2026-03-02", MARCH_2 - 4 * TMG_HOUR_MS, 240},
        {"2026-03-02T08:15", MARCH_2 + (4 * 60 + 15) * INT64_C(60000), 240},
        {"2026-03-02 08:15:30", MARCH_2 + ((4 * 60 + 15) * 60 + 30) * TMG_SECOND_MS, 240},
        {"2026-03-02T08:15:30.250", MARCH_2 + ((4 * 60 + 15) * 60 + 30) * TMG_SECOND_MS + 250, 240},
        {"2026-03-02T08:15:30.2509999", MARCH_2 + ((4 * 60 + 15) * 60 + 30) * TMG_SECOND_MS + 250, 240},
        {"2026-03-02T08:15:30.2Z", MARCH_2 + ((8 * 60 + 15) * 60 + 30) * TMG_SECOND_MS + 200, 0},
        {"2026-03-02t08:15z", MARCH_2 + (8 * 60 + 15) * INT64_C(60000), 0},
        {"2026-03-02T08:15:30+04:00", MARCH_2 + ((4 * 60 + 15) * 60 + 30) * TMG_SECOND_MS, 240},
        {"2026-03-01T20:15:00-05:30", MARCH_2 + (1 * 60 + 45) * INT64_C(60000), -330},
        {"1970-01-01T00:00Z", 0, 0},
        {"1969-12-31T23:59:59.999Z", -1, 0},
        {"1900-01-01T00:00:00Z", INT64_C(-2208988800000), 0},
        {"2199-12-31T23:59:59Z", INT64_C(7258118399000), 0},
        {"2024-02-29", INT64_C(1709164800000) - 4 * TMG_HOUR_MS, 240},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_instant t = {0};
        tmg_err err;

        if (tmg_instant_parse(tmg_span_of(cases[i].text), 240, &t, &err) != TMG_OK)
            fail_msg("%s", err.text);
        if (t.at_ms != cases[i].at_ms || t.offset_min != cases[i].offset_min)
            fail_msg("\"%s\" gave %lld at %d", cases[i].text, (long long)t.at_ms, t.offset_min);
    }
}

static void wrong_dates_are_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "2026",
        "2026-3-2",
        "02.03.2026",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-04-31",
        "2026-02-29",
        "2100-02-29",
        "1899-12-31",
        "2200-01-01",
        "2026/03/02",
        "2026-03-02T",
        "2026-03-02T8:15",
        "2026-03-02T24:00",
        "2026-03-02T08:60",
        "2026-03-02T08:15:60",
        "2026-03-02T08:15:",
        "2026-03-02T08:15:30.",
        "2026-03-02T08:15:30.1234567890",
        "2026-03-02T08:15:30,5",
        "2026-03-02T08:15+4:00",
        "2026-03-02T08:15+24:00",
        "2026-03-02T08:15+04:60",
        "2026-03-02T08:15+0400",
        "2026-03-02T08:15Zulu",
        "2026-03-02x08:15",
        "2026-03-02Z",
        "2O26-03-02",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_instant t = {1, 2};
        int32_t day = 3;
        tmg_err err;

        if (tmg_instant_parse(tmg_span_of(cases[i]), 0, &t, &err) != TMG_E_INVALID)
            fail_msg("\"%s\" was accepted", cases[i]);
        assert_non_null(strstr(err.text, cases[i]));
        assert_int_equal(tmg_day_parse(tmg_span_of(cases[i]), &day, &err), TMG_E_INVALID);
        assert_true(t.at_ms == 1 && t.offset_min == 2 && day == 3);
    }
}

static void every_day_of_three_centuries_goes_round(void **state)
{
    static const int days_in[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    TMG_AUTO_BUF b;
    int32_t expected = -25567; /* 1900-01-01 */

    (void)state;
    tmg_buf_init(&b, 100);
    for (int year = 1900; year <= 2199; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            int days = days_in[month - 1] + (month == 2 && leap);

            for (int day = 1; day <= days; day++, expected++) {
                char text[40];
                int32_t read = 0;

                (void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                assert_int_equal(tmg_day_parse(tmg_span_of(text), &read, NULL), TMG_OK);
                assert_int_equal(read, expected);
                tmg_buf_clear(&b);
                tmg_day_write(&b, read);
                assert_string_equal(b.ptr, text);
            }
            {
                char text[40];
                int32_t read;

                (void)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, days + 1);
                assert_int_equal(tmg_day_parse(tmg_span_of(text), &read, NULL), TMG_E_INVALID);
            }
        }
}

static void written_instants_read_back(void **state)
{
    static const int16_t offsets[] = {0, 240, -300, 330, 765, -720, 840, -1, 1439, -1439};
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 100);
    /* A step of 7 days, 5 hours and a bit comes by every hour, minute and month; the ends stay a day inside.
     */
    for (int64_t at = INT64_C(-2208988800000) + TMG_DAY_MS; at < INT64_C(7258118400000) - TMG_DAY_MS;
         at += 7 * TMG_DAY_MS + 5 * TMG_HOUR_MS + 123457) {
        tmg_instant t = {at, offsets[(uint64_t)at % COUNT(offsets)]};
        tmg_instant back = {0};

        t.at_ms -= (at & 1) != 0 ? at % 1000 : 0;
        tmg_buf_clear(&b);
        tmg_instant_write(&b, t);
        assert_int_equal(tmg_instant_parse(tmg_buf_as_span(&b), 555, &back, NULL), TMG_OK);
        assert_true(back.at_ms == t.at_ms);
        assert_int_equal(back.offset_min, t.offset_min);
    }
}

static void instants_are_written_as_people_read_them(void **state)
{
    static const struct {
        tmg_instant t;
        const char *text;
    } cases[] = {{{MARCH_2 + 15330000, 240}, "2026-03-02T08:15:30+04:00"},
                 {{MARCH_2 + 15330000, 0}, "2026-03-02T04:15:30Z"},
                 {{MARCH_2 + 15330007, -570}, "2026-03-01T18:45:30.007-09:30"},
                 {{-1, 0}, "1969-12-31T23:59:59.999Z"}};
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 100);
    for (size_t i = 0; i < COUNT(cases); i++) {
        tmg_buf_clear(&b);
        tmg_instant_write(&b, cases[i].t);
        assert_string_equal(b.ptr, cases[i].text);
    }
    tmg_instant_write(&b, (tmg_instant){INT64_MAX, 840});
    tmg_instant_write(&b, (tmg_instant){INT64_MIN, -840});
    tmg_day_write(&b, INT32_MIN);
    assert_false(b.overflow);
}

static void a_day_begins_at_local_midnight(void **state)
{
    int32_t day = tmg_day_of(MARCH_2, 0);

    (void)state;
    assert_int_equal(day, 20514);
    assert_int_equal(tmg_day_of(MARCH_2 - 1, 0), day - 1);
    assert_int_equal(tmg_day_of(MARCH_2 - 4 * TMG_HOUR_MS, 240), day);
    assert_int_equal(tmg_day_of(MARCH_2 - 4 * TMG_HOUR_MS - 1, 240), day - 1);
    assert_int_equal(tmg_day_of(-1, 0), -1);
    assert_true(tmg_day_start_ms(day, 240) == MARCH_2 - 4 * TMG_HOUR_MS);
    for (int offset = -840; offset <= 840; offset += 15)
        for (int32_t d = -30000; d < 90000; d += 977) {
            assert_int_equal(tmg_day_of(tmg_day_start_ms(d, offset), offset), d);
            assert_int_equal(tmg_day_of(tmg_day_start_ms(d, offset) - 1, offset), d - 1);
        }
}

static void the_clock_runs_and_can_be_moved(void **state)
{
    int64_t before = tmg_now_ms();
    int64_t tick = tmg_tick_us();

    (void)state;
    assert_true(before > MARCH_2);
    tmg_clock_shift(-365 * TMG_DAY_MS);
    assert_true(tmg_now_ms() < before - 364 * TMG_DAY_MS);
    tmg_clock_shift(0);
    assert_true(tmg_now_ms() >= before);
    assert_true(tmg_tick_us() >= tick);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_accepted_forms_name_the_same_instant),
        cmocka_unit_test(wrong_dates_are_refused),
        cmocka_unit_test(every_day_of_three_centuries_goes_round),
        cmocka_unit_test(written_instants_read_back),
        cmocka_unit_test(instants_are_written_as_people_read_them),
        cmocka_unit_test(a_day_begins_at_local_midnight),
        cmocka_unit_test(the_clock_runs_and_can_be_moved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
