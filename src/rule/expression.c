/* Expressions as written: or < and < not < comparisons < + - < * / < one operand. */
#include "rule/lang_priv.h"

/* Every way down the grammar comes through here, so this is where depth is counted. */
static const tmg_ast *parse_signed(tmg_rreader *r)
{
    const tmg_ast *n = NULL;
    tmg_token token = r->tok;

    if (r->depth == TMG_MAX_RULE_DEPTH) {
        tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&token),
                       "take some brackets away, or write several rules",
                       "this is nested deeper than %d levels", TMG_MAX_RULE_DEPTH);
        return NULL;
    }
    r->depth++;
    if (tmg_tok_mark(r, '-')) {
        tmg_lex_next(r);
        n = parse_signed(r);
        n = n != NULL ? tmg_ast_node(r, TMG_SAID_NEG, &token, &n, 1) : NULL;
    } else {
        n = tmg_parse_operand(r);
    }
    r->depth--;
    return n;
}

static const tmg_ast *binary(tmg_rreader *r, const tmg_ast *x, int mark, const tmg_ast *y)
{
    const tmg_ast *kids[2] = {x, y};
    tmg_ast *n = tmg_ast_new(r, TMG_SAID_BINARY, x->token);

    n->kids = tmg_alloc_array(r->scratch, 2, sizeof *n->kids);
    memcpy(n->kids, kids, sizeof kids);
    n->kid_count = 2;
    n->mark = mark;
    return tmg_ast_done(r, n);
}

static const tmg_ast *parse_product(tmg_rreader *r)
{
    const tmg_ast *x = parse_signed(r);

    while (x != NULL && (tmg_tok_mark(r, '*') || tmg_tok_mark(r, '/'))) {
        int mark = r->tok.mark;
        const tmg_ast *y;

        tmg_lex_next(r);
        y = parse_signed(r);
        x = y != NULL ? binary(r, x, mark, y) : NULL;
    }
    return x;
}

static const tmg_ast *parse_sum(tmg_rreader *r)
{
    const tmg_ast *x = parse_product(r);

    while (x != NULL && (tmg_tok_mark(r, '+') || tmg_tok_mark(r, '-'))) {
        int mark = r->tok.mark;
        const tmg_ast *y;

        tmg_lex_next(r);
        y = parse_product(r);
        x = y != NULL ? binary(r, x, mark, y) : NULL;
    }
    return x;
}

static const tmg_ast *parse_between(tmg_rreader *r, const tmg_ast *x)
{
    const tmg_ast *kids[3] = {x, NULL, NULL};

    tmg_lex_next(r);
    if ((kids[1] = parse_sum(r)) == NULL)
        return NULL;
    if (!tmg_tok_is(r, "and")) {
        tmg_lang_expected(r, "`and` with the upper bound of `between`");
        return NULL;
    }
    tmg_lex_next(r);
    if ((kids[2] = parse_sum(r)) == NULL)
        return NULL;
    return tmg_ast_node(r, TMG_SAID_BETWEEN, &x->token, kids, 3);
}

static const tmg_ast *parse_worded(tmg_rreader *r, const tmg_ast *x)
{
    static const struct {
        const char *word;
        tmg_said said;
    } words[] = {
        {"in", TMG_SAID_IN}, {"under", TMG_SAID_UNDER}, {"has", TMG_SAID_HAS}, {"like", TMG_SAID_LIKE}};
    bool is_not = tmg_tok_is(r, "not");
    const tmg_ast *kids[2] = {x, NULL};

    if (is_not)
        tmg_lex_next(r);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!tmg_tok_is(r, words[i].word))
            continue;
        tmg_lex_next(r);
        if ((kids[1] = parse_sum(r)) == NULL)
            return NULL;
        kids[0] = tmg_ast_node(r, words[i].said, &x->token, kids, 2);
        return is_not && kids[0] != NULL ? tmg_ast_node(r, TMG_SAID_NOT, &x->token, kids, 1) : kids[0];
    }
    if (tmg_tok_is(r, "between")) {
        kids[0] = parse_between(r, x);
        return is_not && kids[0] != NULL ? tmg_ast_node(r, TMG_SAID_NOT, &x->token, kids, 1) : kids[0];
    }
    if (!is_not)
        return x;
    tmg_lang_expected(r, "`in`, `under`, `has`, `like` or `between` after `not`");
    return NULL;
}

static bool is_comparison(const tmg_rreader *r)
{
    return tmg_tok_mark(r, '=') || tmg_tok_mark(r, '<') || tmg_tok_mark(r, '>') ||
           tmg_tok_mark(r, TMG_MARK_NE) || tmg_tok_mark(r, TMG_MARK_LE) || tmg_tok_mark(r, TMG_MARK_GE);
}

static const tmg_ast *parse_comparison(tmg_rreader *r)
{
    const tmg_ast *x = parse_sum(r);
    const tmg_ast *y;
    int mark = r->tok.mark;

    if (x == NULL)
        return NULL;
    if (!is_comparison(r))
        return parse_worded(r, x);
    tmg_lex_next(r);
    y = parse_sum(r);
    if (y == NULL)
        return NULL;
    x = binary(r, x, mark, y);
    if (x != NULL && is_comparison(r)) {
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_token(&r->tok), "write `a < b and b < c`, or `between`",
                       "comparisons cannot be chained");
        return NULL;
    }
    return x;
}

static const tmg_ast *parse_not(tmg_rreader *r)
{
    tmg_token token = r->tok;
    const tmg_ast *n;
    bool known = tmg_tok_is(r, "known");

    if (!known && !tmg_tok_is(r, "not"))
        return parse_comparison(r);
    if (r->depth == TMG_MAX_RULE_DEPTH) {
        tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&token), NULL,
                       "this is nested deeper than %d levels", TMG_MAX_RULE_DEPTH);
        return NULL;
    }
    r->depth++;
    tmg_lex_next(r);
    n = known ? parse_sum(r) : parse_not(r);
    r->depth--;
    return n != NULL ? tmg_ast_node(r, known ? TMG_SAID_KNOWN : TMG_SAID_NOT, &token, &n, 1) : NULL;
}

/* One chain of `and` or `or` is one node with many kids. */
static const tmg_ast *parse_chain(tmg_rreader *r, const char *word, tmg_said said,
                                  const tmg_ast *(*term)(tmg_rreader *r))
{
    const tmg_ast *x = term(r);
    tmg_ast *n;
    size_t room = 0;

    if (x == NULL || !tmg_tok_is(r, word))
        return x;
    n = tmg_ast_new(r, said, x->token);
    for (;;) {
        n->kids = tmg_lang_more(r, (void *)n->kids, n->kid_count, &room, sizeof *n->kids);
        n->kids[n->kid_count++] = x;
        if (!tmg_tok_is(r, word))
            return tmg_ast_done(r, n);
        tmg_lex_next(r);
        if ((x = term(r)) == NULL)
            return NULL;
    }
}

static const tmg_ast *parse_and(tmg_rreader *r)
{
    return parse_chain(r, "and", TMG_SAID_AND, parse_not);
}

static const tmg_ast *parse_or(tmg_rreader *r)
{
    return parse_chain(r, "or", TMG_SAID_OR, parse_and);
}

const tmg_ast *tmg_parse_condition(tmg_rreader *r)
{
    return parse_or(r);
}

const tmg_ast *tmg_parse_value(tmg_rreader *r)
{
    return parse_sum(r);
}

bool tmg_parse_text(tmg_rreader *r, const char *what, tmg_span *ret)
{
    if (r->tok.kind != TMG_TOK_TEXT)
        return tmg_lang_expected(r, what);
    *ret = r->tok.text;
    tmg_lex_next(r);
    return true;
}
