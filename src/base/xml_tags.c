#include "base/xml_priv.h"

static bool starts(tmg_span all, size_t at, const char *what)
{
    return tmg_span_starts((tmg_span){all.ptr + at, all.len - at}, what);
}

/* Behind the next `what` at or after `at`; the end when there is none. */
static size_t behind(tmg_span all, size_t at, const char *what)
{
    size_t len = strlen(what);
    const char *hit = at < all.len ? memmem(all.ptr + at, all.len - at, what, len) : NULL;

    return hit != NULL ? (size_t)(hit - all.ptr) + len : all.len;
}

/* Behind the '>' of the tag at `at`; one inside an attribute's value does not count. */
static size_t behind_tag(tmg_span all, size_t at)
{
    char quote = '\0';

    for (; at < all.len; at++) {
        char c = all.ptr[at];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return all.len;
}

static void move_to(tmg_xml_tags *t, size_t at)
{
    const char *p = t->all.ptr + t->at;
    const char *end = t->all.ptr + at;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        t->line++;
        p++;
    }
    t->at = at;
}

bool tmg_xml_tags_next(tmg_xml_tags *t)
{
    for (;;) {
        size_t at = behind(t->all, t->at, "<");

        if (at == t->all.len)
            return false;
        if (starts(t->all, at, "!--"))
            at = behind(t->all, at + 3, "-->");
        else if (starts(t->all, at, "![CDATA["))
            at = behind(t->all, at + 8, "]]>");
        else if (starts(t->all, at, "?"))
            at = behind(t->all, at, "?>");
        else {
            t->is_doctype = starts(t->all, at, "!");
            move_to(t, behind_tag(t->all, at));
            return true;
        }
        move_to(t, at);
    }
}
