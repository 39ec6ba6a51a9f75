#include "intake/intake_priv.h"

enum { CENTURY_TURNS = 69 }; /* %y: 69..99 are 1969..1999, 00..68 are 2000..2068 (POSIX strptime) */

typedef struct parts {
    int year, month, day, hour, minute, second;
} parts;

/* Up to `most` digits from the front of *s; false when there is none. */
static bool digits(tmg_span *s, size_t most, int *ret)
{
    size_t n = 0;
    int v = 0;

    for (; n < s->len && n < most && s->ptr[n] >= '0' && s->ptr[n] <= '9'; n++)
        v = 10 * v + s->ptr[n] - '0';
    s->ptr += n;
    s->len -= n;
    *ret = v;
    return n > 0;
}

static bool directive(char what, tmg_span *s, parts *p)
{
    size_t before = s->len;

    switch (what) {
    case 'Y':
        return digits(s, 4, &p->year) && before - s->len == 4;
    case 'y':
        if (!digits(s, 2, &p->year) || before - s->len != 2)
            return false;
        p->year += p->year < CENTURY_TURNS ? 2000 : 1900;
        return true;
    case 'm':
        return digits(s, 2, &p->month);
    case 'd':
        return digits(s, 2, &p->day);
    case 'H':
        return digits(s, 2, &p->hour);
    case 'M':
        return digits(s, 2, &p->minute);
    case 'S':
        return digits(s, 2, &p->second);
    default:
        return false;
    }
}

bool tmg_date_match(tmg_span pattern, tmg_span s, int offset_min, tmg_instant *ret)
{
    parts p = {0};
    char iso[96];

    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] == '%' && i + 1 < pattern.len) {
            if (!directive(pattern.ptr[++i], &s, &p))
                return false;
        } else if (s.len > 0 && s.ptr[0] == pattern.ptr[i]) {
            s.ptr++;
            s.len--;
        } else {
            return false;
        }
    }
    if (s.len > 0)
        return false;
    (void)snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02d", p.year, p.month, p.day, p.hour, p.minute,
                   p.second);
    return tmg_instant_parse(tmg_span_of(iso), offset_min, ret, NULL) == TMG_OK;
}

bool tmg_date_pattern_ok(tmg_span pattern)
{
    bool year = false, month = false, day = false;

    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] != '%')
            continue;
        if (++i == pattern.len || strchr("YymdHMS", pattern.ptr[i]) == NULL)
            return false;
        year = year || pattern.ptr[i] == 'Y' || pattern.ptr[i] == 'y';
        month = month || pattern.ptr[i] == 'm';
        day = day || pattern.ptr[i] == 'd';
    }
    return year && month && day;
}

bool tmg_date_read(const tmg_rules *rules, tmg_span s, tmg_instant *ret)
{
    if (rules->date_count == 0)
        return tmg_instant_parse(s, rules->offset_min, ret, NULL) == TMG_OK;
    for (size_t i = 0; i < rules->date_count; i++) {
        tmg_span pattern = rules->dates[i].pattern;

        if (pattern.ptr == NULL ? tmg_instant_parse(s, rules->offset_min, ret, NULL) == TMG_OK
                                : tmg_date_match(pattern, s, rules->offset_min, ret))
            return true;
    }
    return false;
}
