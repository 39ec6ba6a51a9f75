/* What expressions are made of: fields, numbers, texts, sets, functions, brackets. */
#include "rule/lang_priv.h"

tmg_ast *tmg_ast_new(tmg_rreader *r, tmg_said said, tmg_token token)
{
    tmg_ast *n = tmg_alloc(r->scratch, sizeof *n);

    n->said = said;
    n->token = token;
    n->height = 1;
    return n;
}

const tmg_ast *tmg_ast_done(tmg_rreader *r, tmg_ast *n)
{
    int most = 0;

    for (size_t i = 0; i < n->kid_count; i++)
        most = n->kids[i]->height > most ? n->kids[i]->height : most;
    n->height = most + 1;
    for (size_t i = n->kid_count; i > 2 && (n->said == TMG_SAID_AND || n->said == TMG_SAID_OR); i /= 2)
        n->height++; /* it becomes a balanced tree */
    n->end = r->last_end;
    if (n->height <= TMG_MAX_RULE_DEPTH)
        return n;
    tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&n->token), "use `in {...}`, a list, or several rules",
                   "this is nested deeper than %d levels", TMG_MAX_RULE_DEPTH);
    return NULL;
}

const tmg_ast *tmg_ast_node(tmg_rreader *r, tmg_said said, const tmg_token *token, const tmg_ast *const *kids,
                            size_t count)
{
    tmg_ast *n = tmg_ast_new(r, said, *token);

    n->kids = tmg_alloc_array(r->scratch, count, sizeof *n->kids);
    memcpy(n->kids, kids, count * sizeof *kids);
    n->kid_count = count;
    return tmg_ast_done(r, n);
}

static bool take_mark(tmg_rreader *r, int mark, const char *words)
{
    if (!tmg_tok_mark(r, mark))
        return tmg_lang_expected(r, words);
    tmg_lex_next(r);
    return true;
}

static bool count_literal(tmg_rreader *r)
{
    if (++r->literals <= TMG_MAX_LITERALS)
        return true;
    if (r->literals == TMG_MAX_LITERALS + 1)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&r->tok),
                       "put the codes into a list: `in list(\"NAME\")`",
                       "more than %d codes and numbers in one rule", TMG_MAX_LITERALS);
    return false;
}

static bool is_unit(const tmg_rreader *r)
{
    static const char *const units[] = {"kg", "t", "g", "h", "d"};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (tmg_tok_is(r, units[i]))
            return true;
    return tmg_tok_mark(r, '%');
}

/* 0802, 30d, 1.5 kg, 20%: what of it is a number is for the checker, who knows what it meets. */
static const tmg_ast *parse_number(tmg_rreader *r)
{
    tmg_ast *n = tmg_ast_new(r, TMG_SAID_NUMBER, r->tok);
    tmg_span raw = r->tok.raw;
    size_t digits = 0;

    if (!count_literal(r))
        return NULL;
    while (digits < raw.len && ((raw.ptr[digits] >= '0' && raw.ptr[digits] <= '9') || raw.ptr[digits] == '.'))
        digits++;
    n->digits = (tmg_span){raw.ptr, digits};
    n->unit = (tmg_span){raw.ptr + digits, raw.len - digits};
    tmg_lex_next(r);
    if (n->unit.len == 0 && is_unit(r)) {
        n->unit = r->tok.raw;
        tmg_lex_next(r);
    }
    return tmg_ast_done(r, n);
}

static const tmg_ast *parse_set(tmg_rreader *r)
{
    tmg_ast *n = tmg_ast_new(r, TMG_SAID_SET, r->tok);
    size_t room = 0;

    tmg_lex_next(r);
    while (!tmg_tok_mark(r, '}')) {
        const tmg_ast *kid = NULL;

        if (r->tok.kind != TMG_TOK_WORD && r->tok.kind != TMG_TOK_NUMBER && r->tok.kind != TMG_TOK_TEXT) {
            tmg_lang_expected(r, n->kid_count == 0 ? "a code, a text or a number" : "`,` or `}`");
            return NULL;
        }
        kid = tmg_parse_operand(r);
        if (kid == NULL)
            return NULL;
        n->kids = tmg_lang_more(r, (void *)n->kids, n->kid_count, &room, sizeof *n->kids);
        n->kids[n->kid_count++] = kid;
        if (!tmg_tok_mark(r, ','))
            break;
        tmg_lex_next(r);
    }
    if (!take_mark(r, '}', "`,` or `}`"))
        return NULL;
    return tmg_ast_done(r, n);
}

static bool parse_arg(tmg_rreader *r, tmg_arg *ret)
{
    if (!tmg_tok_is(r, "by") && (ret->value = tmg_parse_condition(r)) == NULL)
        return false;
    if (tmg_tok_is(r, "by")) {
        tmg_lex_next(r);
        if ((ret->by = tmg_parse_value(r)) == NULL)
            return false;
    }
    if (tmg_tok_is(r, "where")) {
        tmg_lex_next(r);
        if ((ret->where = tmg_parse_condition(r)) == NULL)
            return false;
    }
    return true;
}

static const tmg_ast *parse_call(tmg_rreader *r, tmg_token name)
{
    tmg_ast *n = tmg_ast_new(r, TMG_SAID_CALL, name);
    size_t room = 0;

    tmg_lex_next(r);
    while (!tmg_tok_mark(r, ')')) {
        tmg_arg arg = {NULL, NULL, NULL};

        if (!parse_arg(r, &arg))
            return NULL;
        n->args = tmg_lang_more(r, n->args, n->arg_count, &room, sizeof *n->args);
        n->args[n->arg_count++] = arg;
        if (!tmg_tok_mark(r, ','))
            break;
        tmg_lex_next(r);
    }
    if (!take_mark(r, ')', "`,` or `)`"))
        return NULL;
    return tmg_ast_done(r, n);
}

static const tmg_ast *parse_group(tmg_rreader *r)
{
    const tmg_ast *inner;

    tmg_lex_next(r);
    inner = tmg_parse_condition(r);
    return inner != NULL && take_mark(r, ')', "`)`") ? inner : NULL;
}

const tmg_ast *tmg_parse_operand(tmg_rreader *r)
{
    tmg_token token = r->tok;

    switch (token.kind) {
    case TMG_TOK_NUMBER:
        return parse_number(r);
    case TMG_TOK_TEXT:
    case TMG_TOK_WORD:
        if (!count_literal(r))
            return NULL;
        if (token.kind == TMG_TOK_WORD && tmg_lang_clause_here(r))
            break;
        tmg_lex_next(r);
        if (token.kind == TMG_TOK_WORD && tmg_tok_mark(r, '('))
            return parse_call(r, token);
        return tmg_ast_done(
            r, tmg_ast_new(r, token.kind == TMG_TOK_WORD ? TMG_SAID_WORD : TMG_SAID_TEXT, token));
    case TMG_TOK_MARK:
        if (token.mark == '{')
            return parse_set(r);
        if (token.mark == '(')
            return parse_group(r);
        break;
    default:
        break;
    }
    tmg_lang_expected(r, "a field, a number, a text or a function");
    return NULL;
}
