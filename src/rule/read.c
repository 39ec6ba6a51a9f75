/* A whole source: rule after rule, each checked and tested on its own. */
#include "rule/lang_priv.h"

enum { SCRATCH = 64 << 20 };

/* Names of the rules so far, so that none stands twice. */
typedef struct names {
    tmg_span *name;
    int *line;
    size_t count, room; /* room is a power of two */
} names;

typedef struct shelf {
    tmg_rule *rules;
    size_t count, room;
    names names;
} shelf;

static size_t slot_of(const names *n, tmg_span name)
{
    size_t i = tmg_hash64(1, name.ptr, name.len) & (n->room - 1);

    while (n->name[i].ptr != NULL && !tmg_span_eq(n->name[i], name))
        i = (i + 1) & (n->room - 1);
    return i;
}

static void widen(names *n, tmg_arena *a)
{
    names wider = {.room = n->room > 0 ? n->room * 2 : 64, .count = n->count};

    wider.name = tmg_alloc_array(a, wider.room, sizeof *wider.name);
    wider.line = tmg_alloc_array(a, wider.room, sizeof *wider.line);
    for (size_t i = 0; i < n->room; i++)
        if (n->name[i].ptr != NULL) {
            size_t at = slot_of(&wider, n->name[i]);

            wider.name[at] = n->name[i];
            wider.line[at] = n->line[i];
        }
    *n = wider;
}

static void check_name(tmg_rreader *r, names *n, const tmg_rule *rule, tmg_arena *a)
{
    size_t at;

    if (n->count * 2 >= n->room)
        widen(n, a);
    at = slot_of(n, rule->name);
    if (n->name[at].ptr != NULL) {
        tmg_lang_fault(r, TMG_FAULT_SYNTAX, (tmg_place){rule->line, 1, 4},
                       "names are how results are kept apart", "a rule \"%.*s\" stands on line %d already",
                       TMG_SPAN_ARG(rule->name), n->line[at]);
        return;
    }
    n->name[at] = rule->name;
    n->line[at] = rule->line;
    n->count++;
}

static const tmg_rule_layout *layout_of(tmg_rreader *r, const tmg_rule *rule)
{
    tmg_rule_layout *l = tmg_alloc(r->a, sizeof *l);
    tmg_clause_at *clauses = tmg_alloc_array(r->a, r->clause_count + 1, sizeof *clauses);
    tmg_span *comments = tmg_alloc_array(r->a, r->comment_count + 1, sizeof *comments);

    l->at = (size_t)(rule->text.ptr - r->source.ptr);
    memcpy(clauses, r->clauses, r->clause_count * sizeof *clauses);
    for (size_t i = 0; i < r->comment_count; i++)
        if (r->comments[i].ptr > rule->text.ptr && r->comments[i].ptr < rule->text.ptr + rule->text.len)
            comments[l->comment_count++] = r->comments[i];
    l->clauses = clauses;
    l->clause_count = r->clause_count;
    l->comments = comments;
    return l;
}

static void check_size(tmg_rreader *r, tmg_rule *rule)
{
    if (rule->text.len > TMG_MAX_RULE_TEXT)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, (tmg_place){rule->line, 1, 4},
                       "put codes into lists, or write several rules", "the rule has more than %d bytes",
                       TMG_MAX_RULE_TEXT);
    if (rule->when == NULL)
        return;
    rule->cost = 2 + (int64_t)rule->post_count + tmg_rule_cost(rule->when);
    if (rule->cost > TMG_MAX_RULE_COST)
        tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_ast(r->when),
                       "ask fewer lists of names, or write several rules",
                       "the rule costs up to %lld comparisons per item; %d are allowed",
                       (long long)rule->cost, TMG_MAX_RULE_COST);
}

/* To the next line that begins a rule. */
static void skip_rule(tmg_rreader *r)
{
    while (r->tok.kind != TMG_TOK_END && !(r->tok.first && tmg_tok_is(r, "rule"))) {
        r->comment_count = 0;
        tmg_lex_next(r);
    }
}

static void forget(tmg_rreader *r)
{
    tmg_arena_reset(r->scratch);
    r->comments = NULL;
    r->clauses = NULL;
    r->tests = NULL;
    r->comment_count = r->comment_room = r->clause_count = r->clause_room = r->test_count = r->test_room = 0;
    r->when = NULL;
    r->literals = 0;
    r->depth = 0;
    memset(r->seen, 0, sizeof r->seen);
}

static void read_rule(tmg_rreader *r, shelf *s)
{
    tmg_rule *rule = tmg_alloc(r->a, sizeof *rule);
    size_t wrong = r->wrong;

    forget(r);
    if (!tmg_parse_rule(r, rule)) {
        skip_rule(r);
        return;
    }
    if (r->when != NULL)
        rule->when = tmg_check_condition(r, r->when);
    tmg_check_metadata(r, rule);
    check_size(r, rule);
    check_name(r, &s->names, rule, r->a);
    if (r->wrong == wrong)
        tmg_run_tests(r, rule);
    if (r->wrong != wrong)
        return;
    rule->layout = layout_of(r, rule);
    rule->hash = tmg_rule_hash(rule->text);
    if (s->count == s->room) {
        tmg_rule *wider;

        s->room = s->room > 0 ? s->room * 2 : 16;
        wider = tmg_alloc_array(r->a, s->room, sizeof *wider);
        if (s->count > 0)
            memcpy(wider, s->rules, s->count * sizeof *wider);
        s->rules = wider;
    }
    s->rules[s->count++] = *rule;
}

/* The first line that is no text; 0 when all are. */
static int broken_line(tmg_span source)
{
    tmg_span line;

    for (int i = 1; tmg_span_split(&source, '\n', &line); i++)
        if (!tmg_utf8_valid(line))
            return i;
    return 0;
}

static void read_all(tmg_rreader *r, shelf *s)
{
    while (r->tok.kind != TMG_TOK_END && r->fault_count < TMG_MAX_FAULTS) {
        if (tmg_arena_full(r->a)) {
            tmg_lang_fault(r, TMG_FAULT_LIMIT, tmg_place_token(&r->tok), "read the rules in several sources",
                           "the source needs more memory than it may have");
            return;
        }
        if (tmg_tok_is(r, "rule")) {
            read_rule(r, s);
            continue;
        }
        (void)tmg_lang_expected(r, "`rule`");
        forget(r);
        skip_rule(r);
        if (r->tok.kind != TMG_TOK_END && !tmg_tok_is(r, "rule"))
            tmg_lex_next(r);
    }
}

static int by_place(const void *x, const void *y)
{
    const tmg_fault *a = x, *b = y;

    return a->line != b->line      ? (a->line < b->line ? -1 : 1)
           : a->column < b->column ? -1
                                   : a->column > b->column;
}

void tmg_rules_read(tmg_span source, const tmg_rule_lexicon *lex, tmg_arena *a, tmg_reading *ret)
{
    TMG_AUTO_ARENA scratch = tmg_arena_new(SCRATCH);
    tmg_rreader r = {.lex = lex, .a = a, .scratch = scratch};
    shelf s = {NULL, 0, 0, {NULL, NULL, 0, 0}};
    int broken = broken_line(source);

    r.faults = tmg_alloc_array(a, TMG_MAX_FAULTS, sizeof *r.faults);
    if (broken > 0) {
        tmg_lang_fault(&r, TMG_FAULT_SYNTAX, (tmg_place){broken, 1, 1}, "save the file as UTF-8",
                       "this line is not UTF-8 text");
    } else if (source.len > 0) {
        tmg_lex_begin(&r, tmg_span_copy(a, source));
        read_all(&r, &s);
    }
    if (r.fault_count > 1)
        qsort(r.faults, r.fault_count, sizeof *r.faults, by_place);
    *ret = (tmg_reading){s.rules, s.count, r.faults, r.fault_count};
}
