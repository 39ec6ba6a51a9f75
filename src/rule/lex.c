#include "rule/lang_priv.h"

/* Letters of every script count, so that a word in Azerbaijani or Russian is one word in messages. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *end_of(const tmg_rreader *r)
{
    return r->source.ptr + r->source.len;
}

static void keep_comment(tmg_rreader *r, const char *from, const char *to)
{
    if (r->comment_count == TMG_MAX_RULE_TEXT / 2) /* more than a rule of lawful size can hold */
        return;
    while (to > from && (to[-1] == '\r' || to[-1] == ' ' || to[-1] == '\t'))
        to--;
    r->comments = tmg_lang_more(r, r->comments, r->comment_count, &r->comment_room, sizeof *r->comments);
    r->comments[r->comment_count++] = (tmg_span){from, (size_t)(to - from)};
}

/* Over white space and comments; says whether a line began. */
static bool skip_blank(tmg_rreader *r)
{
    const char *end = end_of(r);
    bool first = r->at == r->source.ptr;

    while (r->at < end) {
        if (*r->at == '\n') {
            r->line++;
            r->line_start = r->at + 1;
            first = true;
        } else if (*r->at == '#') {
            const char *nl = memchr(r->at, '\n', (size_t)(end - r->at));
            const char *stop = nl != NULL ? nl : end;

            keep_comment(r, r->at, stop);
            r->at = stop;
            continue;
        } else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r') {
            break;
        }
        r->at++;
    }
    return first;
}

static void lex_text(tmg_rreader *r, tmg_token *t)
{
    const char *end = end_of(r);
    const char *p = r->at + 1;
    size_t escapes = 0;

    for (; p < end && *p != '"' && *p != '\n'; p++)
        if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\')) {
            p++;
            escapes++;
        }
    t->kind = p < end && *p == '"' ? TMG_TOK_TEXT : TMG_TOK_BROKEN;
    t->text = (tmg_span){r->at + 1, (size_t)(p - r->at - 1)};
    r->at = t->kind == TMG_TOK_TEXT ? p + 1 : p;
    if (escapes > 0) {
        char *copy = tmg_alloc(r->a, t->text.len + 1);
        size_t len = 0;

        for (size_t i = 0; i < t->text.len; i++) {
            if (t->text.ptr[i] == '\\' && i + 1 < t->text.len && strchr("\"\\", t->text.ptr[i + 1]) != NULL)
                i++;
            copy[len++] = t->text.ptr[i];
        }
        t->text = (tmg_span){copy, len};
    }
}

static void lex_run(tmg_rreader *r, tmg_token *t, const char *also)
{
    const char *end = end_of(r);

    while (r->at < end && *r->at != '\0' &&
           (is_letter(*r->at) || is_digit(*r->at) || strchr(also, *r->at) != NULL))
        r->at++;
    t->raw = t->text = (tmg_span){t->raw.ptr, (size_t)(r->at - t->raw.ptr)};
}

static void lex_mark(tmg_rreader *r, tmg_token *t)
{
    static const struct {
        const char *word;
        int mark;
    } pairs[] = {{"!=", TMG_MARK_NE}, {"<=", TMG_MARK_LE}, {">=", TMG_MARK_GE}, {"=>", TMG_MARK_ARROW}};
    tmg_span rest = {r->at, (size_t)(end_of(r) - r->at)};

    t->kind = TMG_TOK_MARK;
    t->mark = (unsigned char)*r->at;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (tmg_span_starts(rest, pairs[i].word))
            t->mark = pairs[i].mark;
    r->at += t->mark >= TMG_MARK_NE ? 2 : 1;
}

void tmg_lex_next(tmg_rreader *r)
{
    tmg_token *t = &r->tok;

    r->last_end = t->raw.ptr != NULL ? t->raw.ptr + t->raw.len : r->at;
    *t = (tmg_token){.first = skip_blank(r)};
    t->line = r->line;
    t->column = (int)(r->at - r->line_start) + 1;
    t->raw = (tmg_span){r->at, 0};
    if (r->at == end_of(r))
        return;
    if (*r->at == '"') {
        lex_text(r, t);
    } else if (is_digit(*r->at)) {
        t->kind = TMG_TOK_NUMBER;
        lex_run(r, t, ".");
    } else if (is_letter(*r->at)) {
        t->kind = TMG_TOK_WORD;
        lex_run(r, t, ".");
    } else {
        lex_mark(r, t);
    }
    t->raw.len = (size_t)(r->at - t->raw.ptr);
    if (t->kind != TMG_TOK_TEXT)
        t->text = t->raw;
}

void tmg_lex_code(tmg_rreader *r)
{
    if (r->tok.kind != TMG_TOK_WORD && r->tok.kind != TMG_TOK_NUMBER)
        return;
    r->at = r->tok.raw.ptr;
    lex_run(r, &r->tok, "._:/-");
    r->tok.kind = TMG_TOK_WORD;
}

void tmg_lex_begin(tmg_rreader *r, tmg_span source)
{
    r->source = source;
    r->at = r->line_start = source.ptr;
    r->line = 1;
    r->tok = (tmg_token){0};
    tmg_lex_next(r);
}

bool tmg_tok_is(const tmg_rreader *r, const char *word)
{
    return r->tok.kind == TMG_TOK_WORD && tmg_span_is(r->tok.raw, word);
}

bool tmg_tok_mark(const tmg_rreader *r, int mark)
{
    return r->tok.kind == TMG_TOK_MARK && r->tok.mark == mark;
}
