/* Conditions of ASYCUDA's criteria, rewritten word by word. */
#include "base/qty.h"
#include "rule/asycuda_priv.h"

/* Comments begin with two slashes. */
static void skip_comments(tmg_rreader *r)
{
    const char *end = r->source.ptr + r->source.len;

    while (tmg_tok_mark(r, '/') && r->at < end && *r->at == '/') {
        const char *nl = memchr(r->at, '\n', (size_t)(end - r->at));

        r->at = nl != NULL ? nl : end;
        tmg_lex_next(r);
    }
}

void tmg_asy_begin(tmg_asycuda *c, tmg_span source)
{
    tmg_lex_begin(&c->r, source);
    skip_comments(&c->r);
}

void tmg_asy_next(tmg_asycuda *c)
{
    tmg_lex_next(&c->r);
    skip_comments(&c->r);
}

bool tmg_asy_is(const tmg_asycuda *c, const char *word)
{
    return c->r.tok.kind == TMG_TOK_WORD && tmg_span_equal_nocase(c->r.tok.raw, tmg_span_of(word));
}

bool tmg_asy_expected(tmg_asycuda *c, const char *what)
{
    tmg_lang_fault(&c->r, TMG_FAULT_SYNTAX, tmg_place_token(&c->r.tok), NULL,
                   "criterion %.*s: expected %s, found %s", TMG_SPAN_ARG(c->criterion), what,
                   tmg_lang_found(&c->r, &c->r.tok));
    return false;
}

int tmg_asy_variable(tmg_span word)
{
    bool is = word.len == 5 && tmg_span_equal_nocase((tmg_span){word.ptr, 3}, TMG_SPAN("Num")) &&
              word.ptr[3] >= '0' && word.ptr[3] <= '9' && word.ptr[4] >= '0' && word.ptr[4] <= '9';

    return is ? (word.ptr[3] - '0') * 10 + word.ptr[4] - '0' : -1;
}

static const tmg_asy_word *known_word(tmg_asycuda *c, const tmg_token *t)
{
    const tmg_asy_word *w = tmg_asy_find(t->raw);
    tmg_guess g = tmg_guess_begin(t->raw);

    if (w != NULL || tmg_lang_protected(&c->r, t->raw, tmg_place_token(t)))
        return w;
    tmg_asy_guess(&g);
    tmg_lang_fault(&c->r, TMG_FAULT_UNKNOWN_NAME, tmg_place_token(t), tmg_guess_end(&c->r, &g),
                   "criterion %.*s: `%.*s` has no counterpart in a rule", TMG_SPAN_ARG(c->criterion),
                   TMG_SPAN_ARG(tmg_utf8_cut(t->raw, 60)));
    return NULL;
}

static bool operand(tmg_asycuda *c, tmg_buf *b)
{
    tmg_token t = c->r.tok;
    int variable = tmg_asy_variable(t.raw);
    const tmg_asy_word *w;
    int64_t ignored;

    if (t.kind == TMG_TOK_NUMBER && tmg_decimal_parse(t.raw, 6, TMG_ROUND_REFUSE, &ignored, NULL) == TMG_OK) {
        tmg_buf_span(b, t.raw);
    } else if (t.kind == TMG_TOK_WORD && variable >= 0) {
        if (c->variable[variable] == NULL)
            return tmg_asy_expected(c, "a variable that was set before");
        tmg_buf_z(b, c->variable[variable]);
    } else if (t.kind == TMG_TOK_WORD) {
        w = known_word(c, &t);
        if (w == NULL)
            return false;
        if (w->kind != TMG_ASY_NUMBER)
            return tmg_asy_expected(c, "a number");
        if (w->note != NULL)
            tmg_lang_fault(&c->r, TMG_FAULT_WARNING, tmg_place_token(&t), NULL, "criterion %.*s: %s",
                           TMG_SPAN_ARG(c->criterion), w->note);
        tmg_buf_z(b, w->ours);
    } else {
        return tmg_asy_expected(c, "a word of ASYCUDA or a number");
    }
    tmg_asy_next(c);
    return true;
}

bool tmg_asy_value(tmg_asycuda *c, tmg_buf *b)
{
    if (!operand(c, b))
        return false;
    while (c->r.tok.kind == TMG_TOK_MARK && c->r.tok.mark < 128 && strchr("+-*/", c->r.tok.mark) != NULL) {
        tmg_buf_fmt(b, " %c ", c->r.tok.mark);
        tmg_asy_next(c);
        if (!operand(c, b))
            return false;
    }
    return true;
}

/* =, <>, <, ...; NULL when none follows. */
static const char *comparison(tmg_asycuda *c)
{
    static const struct {
        int mark;
        const char *ours;
    } marks[] = {{'=', "="},          {TMG_MARK_NE, "!="}, {TMG_MARK_LE, "<="},
                 {TMG_MARK_GE, ">="}, {'<', "<"},          {'>', ">"}};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!tmg_tok_mark(&c->r, marks[i].mark))
            continue;
        tmg_asy_next(c);
        if (marks[i].mark != '<' || !tmg_tok_mark(&c->r, '>'))
            return marks[i].ours;
        tmg_asy_next(c);
        return "!=";
    }
    return NULL;
}

static bool write_codes(tmg_asycuda *c, const tmg_asy_word *w, bool equal, tmg_span text, tmg_buf *b)
{
    const char *regime;

    if (text.len == 0) {
        tmg_buf_fmt(b, equal ? "not known %s" : "known %s", w->ours);
        return true;
    }
    if (w->kind == TMG_ASY_REGIME) {
        regime = tmg_asy_regime(text);
        if (regime == NULL)
            return tmg_asy_expected(c, "a type of declaration: IM, EX or T1");
        tmg_buf_fmt(b, "%s %s %s", w->ours, equal ? "=" : "!=", regime);
        return true;
    }
    if (w->kind == TMG_ASY_TREE)
        tmg_buf_fmt(b, "%s %s ", w->ours, equal ? "under" : "not under");
    else
        tmg_buf_fmt(b, "%s %s ", w->ours, equal ? "=" : "!=");
    tmg_text_write(b, text);
    return true;
}

static bool coded(tmg_asycuda *c, const tmg_asy_word *w, tmg_buf *b)
{
    tmg_token at = c->r.tok;
    const char *op = comparison(c);
    bool equal = op != NULL && strcmp(op, "=") == 0;

    if (op == NULL)
        return tmg_asy_expected(c, "`=`, `<>` or `in`");
    if (!equal && strcmp(op, "!=") != 0) {
        tmg_lang_fault(
            &c->r, TMG_FAULT_TYPE, tmg_place_token(&at), "write the codes out, or put them into a list",
            "criterion %.*s: codes cannot be compared with less or more", TMG_SPAN_ARG(c->criterion));
        return false;
    }
    if (c->r.tok.kind != TMG_TOK_TEXT && c->r.tok.kind != TMG_TOK_NUMBER)
        return tmg_asy_expected(c, "a code between quotes");
    if (!write_codes(c, w, equal, c->r.tok.text, b))
        return false;
    tmg_asy_next(c);
    return true;
}

static bool in_list(tmg_asycuda *c, const tmg_asy_word *w, bool is_not, tmg_buf *b)
{
    tmg_asy_next(c);
    if (c->r.tok.kind != TMG_TOK_WORD && c->r.tok.kind != TMG_TOK_TEXT)
        return tmg_asy_expected(c, "the name of a list");
    tmg_buf_fmt(b, "%s %sin list(", w->ours, is_not ? "not " : "");
    tmg_text_write(b, c->r.tok.text);
    tmg_buf_char(b, ')');
    tmg_asy_next(c);
    return true;
}

static bool numeric(tmg_asycuda *c, tmg_buf *b)
{
    const char *op;

    if (!tmg_asy_value(c, b))
        return false;
    op = comparison(c);
    if (op == NULL)
        return tmg_asy_expected(c, "a comparison");
    tmg_buf_fmt(b, " %s ", op);
    return tmg_asy_value(c, b);
}

/* CtnFlg = 1: any at all. */
static bool flag(tmg_asycuda *c, const tmg_asy_word *w, tmg_buf *b)
{
    const char *op;
    bool is_not;
    int64_t v;

    tmg_asy_next(c);
    op = comparison(c);
    is_not = op != NULL && strcmp(op, "!=") == 0;
    if (op == NULL || (!is_not && strcmp(op, "=") != 0))
        return tmg_asy_expected(c, "`=` or `<>`");
    if (!tmg_span_i64(c->r.tok.text, &v) || v < 0 || v > 1)
        return tmg_asy_expected(c, "0 or 1");
    tmg_buf_fmt(b, "%s %s 0", w->ours, (v == 1) != is_not ? ">" : "=");
    tmg_asy_next(c);
    return true;
}

static bool predicate(tmg_asycuda *c, tmg_buf *b)
{
    const tmg_asy_word *w = c->r.tok.kind == TMG_TOK_WORD ? tmg_asy_find(c->r.tok.raw) : NULL;
    bool is_not;

    if (w == NULL || w->kind == TMG_ASY_NUMBER)
        return numeric(c, b);
    if (w->kind == TMG_ASY_FLAG)
        return flag(c, w, b);
    tmg_asy_next(c);
    is_not = tmg_asy_is(c, "not");
    if (is_not)
        tmg_asy_next(c);
    if (tmg_asy_is(c, "in"))
        return in_list(c, w, is_not, b);
    return is_not ? tmg_asy_expected(c, "`in` after `not`") : coded(c, w, b);
}

static bool term(tmg_asycuda *c, tmg_buf *b)
{
    bool is_not = tmg_asy_is(c, "not");
    bool good;

    if (!is_not && !tmg_tok_mark(&c->r, '('))
        return predicate(c, b);
    if (c->r.depth == TMG_MAX_RULE_DEPTH)
        return tmg_asy_expected(c, "fewer brackets inside each other");
    c->r.depth++;
    tmg_asy_next(c);
    tmg_buf_z(b, is_not ? "not " : "(");
    good = is_not ? term(c, b) : tmg_asy_condition(c, b);
    c->r.depth--;
    if (!good || is_not)
        return good;
    if (!tmg_tok_mark(&c->r, ')'))
        return tmg_asy_expected(c, "`)`");
    tmg_asy_next(c);
    tmg_buf_char(b, ')');
    return true;
}

bool tmg_asy_condition(tmg_asycuda *c, tmg_buf *b)
{
    while (term(c, b)) {
        bool both = tmg_asy_is(c, "and");

        if (!both && !tmg_asy_is(c, "or"))
            return true;
        tmg_asy_next(c);
        tmg_buf_z(b, both ? " and " : " or ");
    }
    return false;
}
