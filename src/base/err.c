#include "base/err.h"

#include "base/say.h"

#include <stdio.h>
#include <string.h>

/* A cut in the middle of a character leaves its first bytes at the end; takes them off. */
static void drop_cut_character(char *z, size_t len)
{
    size_t at = len;
    size_t need;

    while (at > 0 && len - at < 3 && ((unsigned char)z[at - 1] & 0xC0U) == 0x80U)
        at--;
    if (at == 0 || (unsigned char)z[at - 1] < 0xC0U)
        return;
    at--;
    need = (unsigned char)z[at] >= 0xF0U ? 4 : (unsigned char)z[at] >= 0xE0U ? 3 : 2;
    if (len - at < need)
        z[at] = '\0';
}

static void keep(tmg_err *err, char *text, int full_len)
{
    if (full_len >= (int)sizeof err->text)
        drop_cut_character(text, sizeof err->text - 1);
    memcpy(err->text, text, strlen(text) + 1);
}

tmg_rc tmg_err_set(tmg_err *err, tmg_rc rc, const char *file, int line, const char *fmt, ...)
{
    char text[sizeof err->text], values[sizeof err->params]; /* the arguments may point into *err */
    va_list args;
    int len;

    if (err == NULL)
        return rc;
    va_start(args, fmt);
    tmg_say_values(values, sizeof values, fmt, args);
    len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    err->rc = rc;
    err->file = file;
    err->line = line;
    err->code = NULL;
    err->form = fmt;
    memcpy(err->params, values, sizeof values);
    keep(err, text, len);
    return rc;
}

/* The outer of two contexts stands first. */
static void add_context(tmg_err *err, const char *context)
{
    char all[sizeof err->params];
    bool more = strncmp(err->params, "in=", 3) == 0;
    int len = snprintf(all, sizeof all, "in=%s%s%s", context, more ? ": " : "\n",
                       more ? err->params + 3 : err->params);

    if (len < (int)sizeof all)
        memcpy(err->params, all, (size_t)len + 1);
}

tmg_rc tmg_err_within(tmg_err *err, const char *fmt, ...)
{
    char context[sizeof err->text];
    char text[sizeof err->text];
    va_list args;
    int len;

    if (err == NULL)
        return TMG_E_INVALID;
    va_start(args, fmt);
    (void)vsnprintf(context, sizeof context, fmt, args);
    va_end(args);
    len = snprintf(text, sizeof text, "%s: %s", context, err->text);
    keep(err, text, len);
    add_context(err, context);
    return err->rc;
}

tmg_rc tmg_err_named(tmg_rc rc, tmg_err *err, const char *code)
{
    if (err != NULL)
        err->code = code;
    return rc;
}

tmg_rc tmg_err_code(tmg_rc rc, tmg_err *err, const char *code, const char *params, ...)
{
    va_list args;
    int len;

    if (err == NULL)
        return rc;
    err->code = code;
    va_start(args, params);
    len = vsnprintf(err->params, sizeof err->params, params, args);
    va_end(args);
    if (len >= (int)sizeof err->params)
        drop_cut_character(err->params, sizeof err->params - 1);
    return rc;
}

const char *tmg_rc_name(tmg_rc rc)
{
    switch (rc) {
    case TMG_OK:
        return "ok";
    case TMG_E_INVALID:
        return "invalid";
    case TMG_E_NOT_FOUND:
        return "not_found";
    case TMG_E_DENIED:
        return "denied";
    case TMG_E_CONFLICT:
        return "conflict";
    case TMG_E_LIMIT:
        return "limit";
    case TMG_E_STORE:
        return "store";
    case TMG_E_IO:
        return "io";
    }
    return "unknown";
}

int tmg_rc_exit(tmg_rc rc)
{
    return rc == TMG_OK ? 0 : 1 - (int)rc;
}
