#include "base/say.h"
#include "rule/lang_priv.h"

#include <stdarg.h>

__attribute__((format(printf, 2, 0))) static tmg_saying say_list(tmg_rreader *r, const char *fmt,
                                                                 va_list args)
{
    char line[400], values[TMG_MOST_SAID];
    int n;

    tmg_say_values(values, sizeof values, fmt, args);
    n = vsnprintf(line, sizeof line, fmt, args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    return (tmg_saying){tmg_span_z(r->a, tmg_utf8_cut((tmg_span){line, len}, sizeof line - 1)), fmt,
                        tmg_span_z(r->a, tmg_span_of(values))};
}

const char *tmg_lang_say(tmg_rreader *r, const char *fmt, ...)
{
    tmg_saying *said = &r->sayings[r->saying_count++ % TMG_SAYINGS];
    va_list args;

    va_start(args, fmt);
    *said = say_list(r, fmt, args);
    va_end(args);
    return said->text;
}

static tmg_saying saying_of(const tmg_rreader *r, const char *text)
{
    for (size_t i = 0; i < TMG_SAYINGS; i++)
        if (r->sayings[i].text == text && text != NULL)
            return r->sayings[i];
    return (tmg_saying){text, text, ""};
}

void tmg_lang_fault(tmg_rreader *r, tmg_fault_kind k, tmg_place p, const char *help, const char *fmt, ...)
{
    tmg_saying said, helps = saying_of(r, help);
    va_list args;

    if (k != TMG_FAULT_WARNING)
        r->wrong++;
    if (r->fault_count == TMG_MAX_FAULTS)
        return;
    va_start(args, fmt);
    said = say_list(r, fmt, args);
    va_end(args);
    r->faults[r->fault_count++] = (tmg_fault){.kind = k,
                                              .line = p.line,
                                              .column = p.column,
                                              .length = p.length > 0 ? p.length : 1,
                                              .said = said.text,
                                              .form = said.form,
                                              .values = said.values,
                                              .help = help,
                                              .help_form = helps.form,
                                              .help_values = helps.values};
}

tmg_place tmg_place_token(const tmg_token *t)
{
    return (tmg_place){t->line, t->column, (int)t->raw.len};
}

/* Marks the first line of what spans several. */
tmg_place tmg_place_ast(const tmg_ast *n)
{
    const char *from = n->token.raw.ptr;
    size_t len = (size_t)(n->end - from);
    const char *nl = memchr(from, '\n', len);

    return (tmg_place){n->token.line, n->token.column, (int)(nl != NULL ? (size_t)(nl - from) : len)};
}

const char *tmg_lang_found(tmg_rreader *r, const tmg_token *t)
{
    tmg_span cut = tmg_utf8_cut(t->raw, 60);

    switch (t->kind) {
    case TMG_TOK_END:
        return "the end";
    case TMG_TOK_BROKEN:
        return "a text without its closing quote";
    case TMG_TOK_TEXT:
        return tmg_lang_say(r, "the text %.*s", TMG_SPAN_ARG(cut));
    case TMG_TOK_NUMBER:
        return tmg_lang_say(r, "the number %.*s", TMG_SPAN_ARG(cut));
    default:
        return tmg_lang_say(r, "`%.*s`", TMG_SPAN_ARG(cut));
    }
}

bool tmg_lang_expected(tmg_rreader *r, const char *what)
{
    const char *help = NULL;

    if (tmg_tok_mark(r, '='))
        help = "`=` compares; there is no `==`";
    else if (tmg_tok_mark(r, '&') || tmg_tok_mark(r, '|') || tmg_tok_mark(r, '!'))
        help = "write `and`, `or`, `not`";
    else if (tmg_tok_mark(r, '\''))
        help = "texts stand between double quotes";
    else if (r->tok.kind == TMG_TOK_BROKEN)
        help = "a text ends on the line where it begins; write \\\" for a quote inside it";
    tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_token(&r->tok), help, "expected %s, found %s", what,
                   tmg_lang_found(r, &r->tok));
    return false;
}

const char *tmg_fault_kind_name(tmg_fault_kind k)
{
    static const char *const names[] = {"syntax", "type", "name", "protected", "limit", "test", "warning"};

    return names[k];
}

static tmg_span line_of(tmg_span source, int line)
{
    tmg_span part = {NULL, 0};

    for (int i = 0; i < line; i++)
        if (!tmg_span_split(&source, '\n', &part))
            return (tmg_span){NULL, 0};
    if (part.len > 0 && part.ptr[part.len - 1] == '\r')
        part.len--;
    return part;
}

/* How many columns the bytes take: one per character. */
static int characters(tmg_span s)
{
    int n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

void tmg_fault_write(tmg_buf *b, const char *file, tmg_span source, const tmg_fault *f)
{
    tmg_span line = line_of(source, f->line);
    size_t before = f->column > 0 ? (size_t)f->column - 1 : 0;
    size_t length = (size_t)f->length;
    int marks;

    before = before < line.len ? before : line.len;
    length = length < line.len - before ? length : line.len - before;
    if (file != NULL)
        tmg_buf_fmt(b, "%s:", file);
    tmg_buf_fmt(b, "%d:%d: ", f->line, f->column);
    if (f->kind == TMG_FAULT_WARNING)
        tmg_buf_fmt(b, "warning: %s\n", f->said);
    else
        tmg_buf_fmt(b, "error: %s [%s]\n", f->said, tmg_fault_kind_name(f->kind));
    tmg_buf_fmt(b, "%5d | %.*s\n      | ", f->line, TMG_SPAN_ARG(line));
    for (size_t i = 0; i < before; i++) /* tabs stay tabs, so that the caret stands under its place */
        if (((unsigned char)line.ptr[i] & 0xC0) != 0x80)
            tmg_buf_char(b, line.ptr[i] == '\t' ? '\t' : ' ');
    marks = length > 0 ? characters((tmg_span){line.ptr + before, length}) : 1;
    tmg_buf_char(b, '^');
    for (int i = 1; i < marks; i++)
        tmg_buf_char(b, '~');
    tmg_buf_char(b, '\n');
    if (f->help != NULL)
        tmg_buf_fmt(b, "      = help: %s\n", f->help);
}
