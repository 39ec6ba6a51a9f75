#include "guard/verify_priv.h"

#include "base/json.h"
#include "base/time.h"

#include <errno.h>

enum { MAX_DAYS = 40000, MAX_DAY_KEY = 64, CLOCK_SLACK_MS = 60 * 1000 };

tmg_rc tmg_lines_next(tmg_lines *l, tmg_span *ret, tmg_err *err)
{
    if (l->room == NULL)
        l->room = tmg_xcalloc(1, TMG_VERIFY_LINE_MAX);
    for (;;) {
        char *start = l->room + l->used;
        const char *end = memchr(start, '\n', l->have - l->used);
        if (end != NULL) {
            *ret = (tmg_span){start, (size_t)(end - start)};
            l->used += ret->len + 1;
            l->line++;
            return TMG_OK;
        }
        memmove(l->room, start, l->have - l->used);
        l->have -= l->used;
        l->used = 0;
        if (l->have == TMG_VERIFY_LINE_MAX)
            return TMG_FAIL(err, TMG_E_INVALID, "%s, line %llu: longer than a mebibyte", l->name,
                            (unsigned long long)l->line + 1);
        size_t got = fread(l->room + l->have, 1, TMG_VERIFY_LINE_MAX - l->have, l->file);
        l->have += got;
        if (ferror(l->file))
            return TMG_FAIL(err, TMG_E_IO, "%s cannot be read: %s", l->name, strerror(errno));
        if (got == 0 && l->have > 0)
            return TMG_FAIL(err, TMG_E_INVALID, "%s, line %llu: the line is cut off", l->name,
                            (unsigned long long)l->line + 1);
        if (got == 0) {
            *ret = (tmg_span){NULL, 0};
            return TMG_OK;
        }
    }
}

void tmg_lines_done(tmg_lines *l)
{
    free(l->room);
    if (l->file != NULL)
        fclose(l->file);
    *l = (tmg_lines){0};
}

static tmg_day_commitment *find_day(tmg_entry_check *c, const char *day)
{
    for (size_t i = c->day_count; i-- > 0;)
        if (strcmp(c->days[i].day, day) == 0)
            return &c->days[i];
    return NULL;
}

/* The day as text: "2026-03-02", or the number of the day. */
static tmg_rc read_day(const tmg_json *entry, char ret[24], tmg_err *err)
{
    int64_t number;
    tmg_span text = tmg_json_as_text(tmg_json_member(entry, "day"));
    if (text.len > 0 && text.len < 24) {
        snprintf(ret, 24, "%.*s", TMG_SPAN_ARG(text));
        return TMG_OK;
    }
    TMG_TRY(tmg_json_get_i64(entry, "day", true, &number, err));
    snprintf(ret, 24, "%lld", (long long)number);
    return TMG_OK;
}

/* One commitment per day: with two, the centre could choose between two draws afterwards. */
static tmg_rc check_committed(tmg_entry_check *c, const tmg_json *entry, tmg_err *err)
{
    tmg_day_commitment made = {0};
    tmg_span hex;
    TMG_TRY(read_day(entry, made.day, err));
    TMG_TRY(tmg_json_get_text(entry, "commitment", true, &hex, err));
    if (!tmg_hex_read(hex, made.commitment.b, sizeof made.commitment.b))
        return TMG_FAIL(err, TMG_E_INVALID, "the commitment of day %s is not 64 hexadecimal digits",
                        made.day);
    if (find_day(c, made.day) != NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "the key of day %s was committed a second time", made.day);
    if (c->day_count == MAX_DAYS)
        return TMG_FAIL(err, TMG_E_LIMIT, "there are more than %d day keys", MAX_DAYS);
    if (c->day_count == c->day_room) {
        c->day_room = c->day_room > 0 ? 2 * c->day_room : 64;
        c->days = tmg_xrealloc(c->days, c->day_room * sizeof *c->days);
    }
    c->days[c->day_count++] = made;
    c->report->days_committed++;
    return TMG_OK;
}

static tmg_rc check_published(tmg_entry_check *c, const tmg_json *entry, tmg_err *err)
{
    char day[24];
    uint8_t key[MAX_DAY_KEY];
    tmg_span hex;
    TMG_TRY(read_day(entry, day, err));
    TMG_TRY(tmg_json_get_text(entry, "key", true, &hex, err));
    tmg_day_commitment *made = find_day(c, day);
    if (made == NULL)
        return TMG_FAIL(err, TMG_E_INVALID, "the key of day %s was published without an earlier commitment",
                        day);
    if (hex.len > 2 * sizeof key || !tmg_hex_read(hex, key, hex.len / 2))
        return TMG_FAIL(err, TMG_E_INVALID, "the key of day %s is not hexadecimal of at most %d bytes", day,
                        MAX_DAY_KEY);
    tmg_sha256 hash = tmg_sha256_of(key, hex.len / 2);
    if (memcmp(hash.b, made->commitment.b, sizeof hash.b) != 0)
        return TMG_FAIL(err, TMG_E_INVALID, "the key published for day %s is not the one that was committed",
                        day);
    c->report->days_published += made->published ? 0 : 1;
    made->published = true;
    return tmg_draw_check_day(c->draws, day, key, hex.len / 2, c->report, err);
}

static tmg_rc check_time(tmg_entry_check *c, const tmg_json *entry, uint64_t seq, tmg_err *err)
{
    tmg_span at;
    tmg_instant t;
    TMG_TRY(tmg_json_get_text(entry, "at", true, &at, err));
    TMG_TRY(tmg_instant_parse(at, 0, &t, err));
    if (seq > 0 && t.at_ms < c->latest_ms - CLOCK_SLACK_MS) {
        if (c->report->backwards++ == 0)
            c->report->first_backwards_line = seq + 1;
    }
    if (seq == 0 || t.at_ms > c->latest_ms)
        c->latest_ms = t.at_ms;
    return TMG_OK;
}

tmg_rc tmg_entry_check_next(tmg_entry_check *c, tmg_span line, uint64_t seq, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    int64_t own = -1;
    tmg_span action;
    TMG_TRY(tmg_json_read(line, &root, err));
    TMG_TRY(tmg_json_get_i64(root, "seq", true, &own, err));
    if (own < 0 || (uint64_t)own != seq)
        return TMG_FAIL(err, TMG_E_INVALID, "the entry calls itself number %lld, here stands number %llu",
                        (long long)own, (unsigned long long)seq);
    TMG_TRY(check_time(c, root, seq, err));
    TMG_TRY(tmg_json_get_text(root, "action", true, &action, err));
    if (tmg_span_is(action, "day_key.committed"))
        return check_committed(c, root, err);
    if (tmg_span_is(action, "day_key.published"))
        return check_published(c, root, err);
    if (tmg_span_is(action, "draws.stated"))
        return tmg_draw_check_stated(c->draws, root, err);
    if (tmg_span_is(action, "declaration.lodged"))
        tmg_draw_check_lodged(c->draws, root);
    return TMG_OK;
}

void tmg_entry_check_done(tmg_entry_check *c)
{
    free(c->days);
    tmg_draw_check_free(c->draws);
    *c = (tmg_entry_check){0};
}
