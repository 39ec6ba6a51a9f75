/* test { hs 080211  origin IR  count(declaration by consignee, 30d) 0 } => hit: as written. */
#include "rule/lang_priv.h"

/* What is given: a field, a function, or `x in list("L")` with yes or no. */
static const tmg_ast *parse_what(tmg_rreader *r)
{
    const tmg_ast *x = tmg_parse_operand(r);
    tmg_ast *in;

    if (x == NULL || !tmg_tok_is(r, "in"))
        return x;
    in = tmg_alloc(r->scratch, sizeof *in);
    in->said = TMG_SAID_IN;
    in->token = x->token;
    in->kids = tmg_alloc_array(r->scratch, 2, sizeof *in->kids);
    in->kid_count = 2;
    in->height = 2;
    tmg_lex_next(r);
    in->kids[0] = x;
    in->kids[1] = tmg_parse_operand(r);
    in->end = r->last_end;
    return in->kids[1] != NULL ? in : NULL;
}

static bool parse_given(tmg_rreader *r, tmg_test_said *t, size_t *room)
{
    tmg_given g = {NULL, NULL};

    if (r->tok.kind != TMG_TOK_WORD)
        return tmg_lang_expected(r, "a field or a function with its value, or `}`");
    g.what = parse_what(r);
    if (g.what == NULL)
        return false;
    if (r->tok.kind != TMG_TOK_WORD && r->tok.kind != TMG_TOK_NUMBER && r->tok.kind != TMG_TOK_TEXT &&
        !tmg_tok_mark(r, '{'))
        return tmg_lang_expected(r, "its value");
    g.value = tmg_parse_operand(r);
    if (g.value == NULL)
        return false;
    t->given = tmg_lang_more(r, t->given, t->given_count, room, sizeof *t->given);
    t->given[t->given_count++] = g;
    return true;
}

static bool parse_wanted(tmg_rreader *r, tmg_test_said *t)
{
    static const char *const words[] = {"miss", "hit", "unknown"};

    if (!tmg_tok_mark(r, TMG_MARK_ARROW))
        return tmg_lang_expected(r, "`=> hit`, `=> miss` or `=> unknown` after the test");
    tmg_lex_next(r);
    t->wanted_token = r->tok;
    for (int i = 0; i < 3; i++)
        if (tmg_tok_is(r, words[i])) {
            t->wanted = (tmg_wanted)i;
            tmg_lex_next(r);
            return true;
        }
    return tmg_lang_expected(r, "`hit`, `miss` or `unknown`");
}

bool tmg_parse_test(tmg_rreader *r)
{
    tmg_test_said t = {.token = r->seen[TMG_CL_TEST]};
    size_t room = 0;

    if (!tmg_tok_mark(r, '{'))
        return tmg_lang_expected(r, "`{` after `test`");
    tmg_lex_next(r);
    while (!tmg_tok_mark(r, '}'))
        if (!parse_given(r, &t, &room))
            return false;
    tmg_lex_next(r);
    if (!parse_wanted(r, &t))
        return false;
    r->tests = tmg_lang_more(r, r->tests, r->test_count, &r->test_room, sizeof *r->tests);
    r->tests[r->test_count++] = t;
    return true;
}
