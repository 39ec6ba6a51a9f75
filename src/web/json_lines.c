#include "web/json_lines.h"

typedef struct scan {
    char *text;
    size_t len, at, line;
} scan;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Turns the white space here into a space, counting lines. */
static void blank(scan *s)
{
    s->line += s->text[s->at] == '\n';
    s->text[s->at] = ' ';
}

static bool skip_space(scan *s)
{
    for (; s->at < s->len && is_space(s->text[s->at]); s->at++)
        blank(s);
    return s->at < s->len;
}

/* Runs over the object that begins here, blanking its line ends. */
static tmg_rc skip_object(scan *s, tmg_err *err)
{
    int depth = 0;
    bool in_string = false;

    for (; s->at < s->len; s->at++) {
        char *c = &s->text[s->at];

        if (*c == '\n' || *c == '\r') {
            if (in_string)
                return TMG_FAIL(err, TMG_E_INVALID, "line %zu: a text runs over a line end: write it as \\n",
                                s->line);
            blank(s);
        } else if (in_string) {
            if (*c == '\\' && s->at + 1 < s->len && (c[1] == '"' || c[1] == '\\'))
                s->at++;
            else if (*c == '"')
                in_string = false;
        } else if (*c == '"') {
            in_string = true;
        } else if (*c == '{' || *c == '[') {
            depth++;
        } else if ((*c == '}' || *c == ']') && --depth == 0) {
            s->at++;
            return TMG_OK;
        }
    }
    return TMG_FAIL(err, TMG_E_INVALID, "line %zu: the JSON text ends within an object", s->line);
}

static tmg_rc read_array(scan *s, tmg_err *err)
{
    s->text[s->at++] = ' ';
    if (!skip_space(s))
        return TMG_FAIL(err, TMG_E_INVALID, "line %zu: the JSON text ends within an array", s->line);
    if (s->text[s->at] == ']')
        return TMG_OK;
    for (;;) {
        if (!skip_space(s) || s->text[s->at] != '{')
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: expected a declaration, an object in braces",
                            s->at);
        TMG_TRY(skip_object(s, err));
        if (!skip_space(s))
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: the JSON text ends within an array", s->line);
        if (s->text[s->at] == ']')
            return TMG_OK;
        if (s->text[s->at] != ',')
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: expected a comma or the array's end", s->line);
        s->text[s->at++] = '\n';
    }
}

tmg_rc tmg_json_to_lines(char *text, size_t len, bool *ret_single, tmg_err *err)
{
    scan s = {.text = text, .len = len, .line = 1};

    if (!skip_space(&s))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "the body is empty: expected a declaration, or an array of declarations");
    if (text[s.at] == '{') {
        TMG_TRY(skip_object(&s, err));
        if (skip_space(&s))
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: nothing may follow the declaration", s.line);
        *ret_single = true;
        return TMG_OK;
    }
    if (text[s.at] != '[')
        return TMG_FAIL(err, TMG_E_INVALID, "expected a declaration, or an array of declarations");
    TMG_TRY(read_array(&s, err));
    text[s.at++] = ' ';
    if (skip_space(&s))
        return TMG_FAIL(err, TMG_E_INVALID, "line %zu: nothing may follow the array", s.line);
    *ret_single = false;
    return TMG_OK;
}
