/* A rule: its head, and its clauses in any order, each at most once (tests as often as one likes).  After a
 * fault in a clause reading goes on with the next clause, so that one look shows as much as can be shown. */
#include "base/json.h"
#include "rule/lang_priv.h"

static const char *const clause_words[TMG_CLAUSES] = {
    "title",  "owner",  "basis",  "expires",   "scope",     "posts",    "when",
    "then",   "why",    "trader", "test",      "title.en",  "title.az", "title.ru",
    "why.en", "why.az", "why.ru", "trader.en", "trader.az", "trader.ru"};

const char *tmg_tongue_code(tmg_tongue t)
{
    static const char *const codes[TMG_TONGUES] = {"en", "az", "ru"};

    return codes[t];
}

void tmg_tongues_write(tmg_json_out *j, const char *key, const tmg_span in[TMG_TONGUES])
{
    tmg_json_object(j, key);
    for (int t = 0; t < TMG_TONGUES; t++)
        if (in[t].len > 0)
            tmg_json_text(j, tmg_tongue_code((tmg_tongue)t), in[t]);
    tmg_json_end_object(j);
}

const char *tmg_clause_word(tmg_clause c)
{
    return clause_words[c];
}

void *tmg_lang_more(tmg_rreader *r, void *array, size_t count, size_t *room, size_t size)
{
    void *wider;

    if (count < *room)
        return array;
    *room = *room > 0 ? *room * 2 : 8;
    wider = tmg_alloc_array(r->scratch, *room, size);
    if (count > 0)
        memcpy(wider, array, count * size);
    return wider;
}

static tmg_clause clause_of(const tmg_rreader *r)
{
    for (int c = 0; c < TMG_CLAUSES; c++)
        if (tmg_tok_is(r, clause_words[c]))
            return (tmg_clause)c;
    return TMG_CLAUSES;
}

bool tmg_lang_clause_here(const tmg_rreader *r)
{
    return clause_of(r) != TMG_CLAUSES;
}

/* Codes between commas; a bare one may hold what codes hold ("desk:balkan-route", "AZ-01"). */
static bool take_code(tmg_rreader *r, const char *what, tmg_token *ret)
{
    tmg_lex_code(r);
    if (r->tok.kind != TMG_TOK_WORD && r->tok.kind != TMG_TOK_TEXT)
        return tmg_lang_expected(r, what);
    *ret = r->tok;
    tmg_lex_next(r);
    return true;
}

static bool comma(tmg_rreader *r)
{
    if (!tmg_tok_mark(r, ','))
        return false;
    tmg_lex_next(r);
    return true;
}

static bool parse_scope(tmg_rreader *r, tmg_rule *rule)
{
    do {
        tmg_regime regime = r->tok.kind == TMG_TOK_WORD ? tmg_regime_of(r->tok.raw) : 0;

        if (regime == 0)
            return tmg_lang_expected(r, "`import`, `export` or `transit`");
        rule->scope |= 1U << regime;
        tmg_lex_next(r);
    } while (comma(r));
    return true;
}

static bool post_exists(const tmg_rule_lexicon *lex, tmg_span code)
{
    if (lex == NULL || lex->post_count == 0)
        return true;
    for (size_t i = 0; i < lex->post_count; i++)
        if (tmg_span_eq(lex->posts[i], code))
            return true;
    return false;
}

static void no_such_post(tmg_rreader *r, const tmg_token *t)
{
    tmg_guess g = tmg_guess_begin(t->text);

    for (size_t i = 0; i < r->lex->post_count; i++)
        tmg_guess_try(&g, r->lex->posts[i]);
    tmg_lang_fault(r, TMG_FAULT_UNKNOWN_NAME, tmg_place_token(t), tmg_guess_end(r, &g),
                   "this centre has no post %.*s", TMG_SPAN_ARG(tmg_utf8_cut(t->text, 60)));
}

static bool parse_posts(tmg_rreader *r, tmg_rule *rule)
{
    do {
        tmg_token t;

        if (!take_code(r, "the code of a post", &t))
            return false;
        if (rule->post_count == TMG_MAX_RULE_POSTS) {
            tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&t),
                           "without `posts` the rule holds for every post", "more than %d posts",
                           TMG_MAX_RULE_POSTS);
            return false;
        }
        if (!post_exists(r->lex, t.text))
            no_such_post(r, &t);
        rule->posts[rule->post_count++] = t.text;
    } while (comma(r));
    return true;
}

static bool parse_expires(tmg_rreader *r, tmg_rule *rule)
{
    tmg_token t;

    if (!take_code(r, "a date like 2027-06-30", &t))
        return false;
    if (tmg_day_parse(t.text, &rule->expires_day, NULL) == TMG_OK)
        return true;
    tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_token(&t), "a date is written like 2027-06-30",
                   "%.*s is no date", TMG_SPAN_ARG(tmg_utf8_cut(t.raw, 60)));
    rule->expires_day = INT32_MIN;
    return true;
}

static bool parse_clause(tmg_rreader *r, tmg_clause c, tmg_rule *rule)
{
    tmg_rule_saying saying;
    tmg_tongue tongue;
    tmg_token owner;

    if (tmg_clause_is_in_tongue(c, &saying, &tongue))
        return tmg_parse_text(r, "the words of that language between quotes", &rule->in[saying][tongue]);
    switch (c) {
    case TMG_CL_TITLE:
        return tmg_parse_text(r, "the title between quotes", &rule->title);
    case TMG_CL_OWNER:
        if (!take_code(r, "who answers for the rule, like desk:balkan-route", &owner))
            return false;
        rule->owner = owner.text;
        return true;
    case TMG_CL_BASIS:
        return tmg_parse_text(r, "the legal basis between quotes", &rule->basis);
    case TMG_CL_EXPIRES:
        return parse_expires(r, rule);
    case TMG_CL_SCOPE:
        return parse_scope(r, rule);
    case TMG_CL_POSTS:
        return parse_posts(r, rule);
    case TMG_CL_WHEN:
        return (r->when = tmg_parse_condition(r)) != NULL;
    case TMG_CL_THEN:
        return tmg_parse_then(r, rule);
    case TMG_CL_WHY:
        return tmg_parse_text(r, "the note for officers between quotes", &rule->why);
    case TMG_CL_TRADER:
        return tmg_parse_text(r, "what the trader may be told, between quotes", &rule->trader_reason);
    default:
        return tmg_parse_test(r);
    }
}

static bool rule_begins(const tmg_rreader *r)
{
    return r->tok.first && tmg_tok_is(r, "rule");
}

/* To the next clause on a line of its own, or the rule's end.  A test has braces of its own and ends behind
 * its arrow. */
static void skip_clause(tmg_rreader *r, bool test)
{
    while (test && r->tok.kind != TMG_TOK_END && !rule_begins(r) &&
           !(r->tok.first && tmg_lang_clause_here(r)) && !tmg_tok_mark(r, TMG_MARK_ARROW))
        tmg_lex_next(r);
    while (r->tok.kind != TMG_TOK_END && !rule_begins(r) && !(r->tok.first && tmg_lang_clause_here(r)) &&
           !(r->tok.first && tmg_tok_mark(r, '}')))
        tmg_lex_next(r);
}

static void unknown_clause(tmg_rreader *r)
{
    tmg_guess g = tmg_guess_begin(r->tok.raw);

    for (int c = 0; c < TMG_CLAUSES; c++)
        tmg_guess_try(&g, tmg_span_of(clause_words[c]));
    if (r->tok.kind == TMG_TOK_WORD && g.best.ptr != NULL)
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_token(&r->tok), tmg_guess_end(r, &g),
                       "`%.*s` begins no clause of a rule", TMG_SPAN_ARG(tmg_utf8_cut(r->tok.raw, 60)));
    else
        (void)tmg_lang_expected(
            r, "a clause (title, owner, basis, expires, scope, posts, when, then, why, trader, "
               "test), or `}`");
}

static void note_clause(tmg_rreader *r, tmg_clause c, const char *from)
{
    r->clauses = tmg_lang_more(r, r->clauses, r->clause_count, &r->clause_room, sizeof *r->clauses);
    r->clauses[r->clause_count++] = (tmg_clause_at){(int)c, from, r->last_end};
}

/* Ends hostile rules early: nobody reads the hundred and first fault, and a rule too long is not read to its
 * end. */
static bool enough(tmg_rreader *r, const tmg_rule *rule)
{
    if (r->tok.raw.ptr - rule->text.ptr > TMG_MAX_RULE_TEXT)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, (tmg_place){rule->line, 1, 4},
                       "put codes into lists, or write several rules", "the rule has more than %d bytes",
                       TMG_MAX_RULE_TEXT);
    else if (r->fault_count < TMG_MAX_FAULTS)
        return false;
    return true;
}

static bool parse_clauses(tmg_rreader *r, tmg_rule *rule)
{
    while (!tmg_tok_mark(r, '}')) {
        tmg_clause c = clause_of(r);
        const char *from = r->tok.raw.ptr;

        if (enough(r, rule))
            return false;

        if (r->tok.kind == TMG_TOK_END || rule_begins(r))
            return tmg_lang_expected(r, "`}` at the end of the rule");
        if (c == TMG_CLAUSES) {
            unknown_clause(r);
            tmg_lex_next(r);
            skip_clause(r, false);
            continue;
        }
        if (r->seen[c].raw.ptr != NULL && c != TMG_CL_TEST)
            tmg_lang_fault(r, TMG_FAULT_SYNTAX, tmg_place_token(&r->tok), NULL,
                           "`%s` stands here twice; the first is on line %d", clause_words[c],
                           r->seen[c].line);
        r->seen[c] = r->tok;
        tmg_lex_next(r);
        if (!parse_clause(r, c, rule))
            skip_clause(r, c == TMG_CL_TEST);
        else
            note_clause(r, c, from);
    }
    return true;
}

static bool parse_head(tmg_rreader *r, tmg_rule *rule)
{
    tmg_token name;
    int64_t version;

    tmg_lex_next(r);
    name = r->tok;
    if (!tmg_parse_text(r, "the rule's name between quotes", &rule->name))
        return false;
    if (rule->name.len == 0 || rule->name.len > TMG_MAX_RULE_NAME)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&name), NULL, "a rule's name has 1 to %d bytes",
                       TMG_MAX_RULE_NAME);
    if (!tmg_tok_is(r, "version"))
        return tmg_lang_expected(r, "`version` and a number after the rule's name");
    tmg_lex_next(r);
    if (r->tok.kind != TMG_TOK_NUMBER || !tmg_span_i64(r->tok.raw, &version) || version < 1 ||
        version > 1000000)
        return tmg_lang_expected(r, "a version from 1 to 1000000");
    rule->version = (int32_t)version;
    tmg_lex_next(r);
    if (!tmg_tok_mark(r, '{'))
        return tmg_lang_expected(r, "`{`");
    tmg_lex_next(r);
    return true;
}

/* A rule that says something in languages alone says it plainly, too: in the first of them. */
static void say_plainly(tmg_rule *rule)
{
    tmg_span *const plain[] = {&rule->title, &rule->why, &rule->trader_reason};

    for (int s = 0; s < TMG_SAYINGS_OF_RULE; s++)
        for (int t = 0; t < TMG_TONGUES && plain[s]->ptr == NULL; t++)
            *plain[s] = rule->in[s][t];
}

bool tmg_parse_rule(tmg_rreader *r, tmg_rule *rule)
{
    rule->text.ptr = r->tok.raw.ptr;
    rule->line = r->tok.line;
    rule->expires_day = INT32_MIN;
    if (!parse_head(r, rule) || !parse_clauses(r, rule))
        return false;
    rule->text.len = (size_t)(r->tok.raw.ptr + 1 - rule->text.ptr);
    say_plainly(rule);
    tmg_lex_next(r);
    return true;
}
