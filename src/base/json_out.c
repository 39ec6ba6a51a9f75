#include "base/json.h"
#include "base/qty.h"
#include "base/text_priv.h"
#include "base/time.h"

#include <assert.h>

#define MAX_DEPTH 60

/* Length of the character at p when it stands in a JSON text as it is, else 0. */
static size_t plain_char(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;

    if (c >= 0x80)
        return tmg_utf8_char(p, end);
    return c >= 0x20 && c != '"' && c != '\\' ? 1 : 0;
}

static const char *plain_run(const char *p, const char *end)
{
    for (;;) {
        size_t len;

        while (end - p >= 8) {
            uint64_t w = tmg_load64(p);

            if ((tmg_bytes_not_plain(w) | tmg_bytes_equal(w, '"') | tmg_bytes_equal(w, '\\')) != 0)
                break;
            p += 8;
        }
        len = p < end ? plain_char(p, end) : 0;
        if (len == 0)
            return p;
        p += len;
    }
}

/* RFC 8259 §7; what is not UTF-8 becomes U+FFFD. */
static void put_special(tmg_buf *b, char c)
{
    static const char short_for[] = "\"\\\b\f\n\r\t";
    static const char letter[] = "\"\\bfnrt";
    const char *hit = c != '\0' ? strchr(short_for, c) : NULL;

    if (hit != NULL)
        tmg_buf_put(b, (char[2]){'\\', letter[hit - short_for]}, 2);
    else if ((unsigned char)c < 0x20)
        tmg_buf_fmt(b, "\\u%04x", (unsigned)(unsigned char)c);
    else
        tmg_buf_z(b, "\xEF\xBF\xBD");
}

/* The text in quotes and, when it is not NUL, `after`. */
static void put_quoted(tmg_buf *b, const char *p, size_t len, char after)
{
    const char *end = p + len;
    const char *run = plain_run(p, end);
    char *to = run == end ? tmg_buf_space(b, len + 3) : NULL;

    if (to != NULL) {
        to[0] = '"';
        memcpy(to + 1, p, len);
        to[len + 1] = '"';
        to[len + 2] = after;
        tmg_buf_wrote(b, len + 2 + (after != '\0'));
        return;
    }
    tmg_buf_add(b, '"');
    while (p < end) {
        run = plain_run(p, end);
        tmg_buf_put(b, p, (size_t)(run - p));
        if (run < end)
            put_special(b, *run++);
        p = run;
    }
    tmg_buf_add(b, '"');
    if (after != '\0')
        tmg_buf_add(b, after);
}

static void begin_value(tmg_json_out *j, const char *key)
{
    uint64_t level = UINT64_C(1) << j->depth;

    if ((j->has_member & level) != 0)
        tmg_buf_add(j->to, ',');
    j->has_member |= level;
    if (key != NULL)
        put_quoted(j->to, key, strlen(key), ':');
}

static void open_level(tmg_json_out *j, const char *key, char bracket)
{
    assert(j->depth < MAX_DEPTH);
    begin_value(j, key);
    tmg_buf_add(j->to, bracket);
    j->depth++;
    j->has_member &= ~(UINT64_C(1) << j->depth);
}

static void close_level(tmg_json_out *j, char bracket)
{
    assert(j->depth > 0);
    j->depth--;
    tmg_buf_add(j->to, bracket);
}

void tmg_json_begin(tmg_json_out *j, tmg_buf *to)
{
    *j = (tmg_json_out){.to = to};
}

void tmg_json_object(tmg_json_out *j, const char *key)
{
    open_level(j, key, '{');
}

void tmg_json_end_object(tmg_json_out *j)
{
    close_level(j, '}');
}

void tmg_json_array(tmg_json_out *j, const char *key)
{
    open_level(j, key, '[');
}

void tmg_json_end_array(tmg_json_out *j)
{
    close_level(j, ']');
}

void tmg_json_text(tmg_json_out *j, const char *key, tmg_span v)
{
    if (v.ptr == NULL) {
        tmg_json_null(j, key);
        return;
    }
    begin_value(j, key);
    put_quoted(j->to, v.ptr, v.len, '\0');
}

void tmg_json_z(tmg_json_out *j, const char *key, const char *v)
{
    tmg_json_text(j, key, tmg_span_of(v));
}

void tmg_json_i64(tmg_json_out *j, const char *key, int64_t v)
{
    begin_value(j, key);
    tmg_buf_i64(j->to, v);
}

void tmg_json_bool(tmg_json_out *j, const char *key, bool v)
{
    begin_value(j, key);
    tmg_buf_z(j->to, v ? "true" : "false");
}

void tmg_json_null(tmg_json_out *j, const char *key)
{
    begin_value(j, key);
    tmg_buf_z(j->to, "null");
}

void tmg_json_decimal(tmg_json_out *j, const char *key, int64_t v, int scale)
{
    begin_value(j, key);
    tmg_decimal_write(j->to, v, scale);
}

void tmg_json_time(tmg_json_out *j, const char *key, int64_t at_ms, int offset_min)
{
    begin_value(j, key);
    tmg_buf_add(j->to, '"');
    tmg_instant_write(j->to, (tmg_instant){at_ms, (int16_t)offset_min});
    tmg_buf_add(j->to, '"');
}

void tmg_json_raw(tmg_json_out *j, const char *key, tmg_span json)
{
    if (json.len == 0) {
        tmg_json_null(j, key);
        return;
    }
    begin_value(j, key);
    tmg_buf_span(j->to, json);
}
