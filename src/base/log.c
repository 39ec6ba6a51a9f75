#include "base/log.h"
#include "base/text_priv.h"
#include "base/time.h"

#include <stdarg.h>
#include <unistd.h>

#define MAX_LINE 4096 /* as much as one write(2) to a pipe keeps together */

/* One event stays one line, whatever its fields were made from. */
static void put_on_one_line(tmg_buf *b, tmg_span s)
{
    for (size_t i = 0; i < s.len; i++)
        tmg_buf_char(b, (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f ? ' ' : s.ptr[i]);
}

static void put_quoted(tmg_buf *b, const char *z)
{
    tmg_buf_char(b, '"');
    for (; *z != '\0'; z++) {
        if (*z == '"' || *z == '\\')
            tmg_buf_char(b, '\\');
        put_on_one_line(b, (tmg_span){z, 1});
    }
    tmg_buf_char(b, '"');
}

void tmg_log(tmg_log_level level, const char *mod, const char *msg, const char *fields, ...)
{
    static const char *const names[] = {"error", "warn", "info"};
    TMG_AUTO_BUF line = {0};
    TMG_AUTO_BUF more = {0};
    tmg_span whole;
    va_list args;

    tmg_buf_init(&line, MAX_LINE);
    tmg_buf_init(&more, MAX_LINE);
    tmg_buf_z(&line, "ts=");
    tmg_instant_write(&line, (tmg_instant){tmg_now_ms(), 0});
    tmg_buf_fmt(&line, " level=%s mod=%s msg=", names[level], mod);
    put_quoted(&line, msg);
    if (fields != NULL && fields[0] != '\0') {
        va_start(args, fields);
        tmg_buf_vfmt(&more, fields, args);
        va_end(args);
        tmg_buf_char(&line, ' ');
        put_on_one_line(&line, tmg_buf_as_span(&more));
    }
    whole = tmg_utf8_cut(tmg_buf_as_span(&line), MAX_LINE - 1);
    line.ptr[whole.len] = '\n';
    (void)!write(STDERR_FILENO, line.ptr, whole.len + 1);
}
