/* rule/lang_priv.h - inside the language: tokens, the tree as written, and the reader that carries both.
 *
 *     source -> tokens (lex.c) -> tree as written (parse.c, expression.c) -> checked tree (check*.c, calls.c)
 *
 * Everything takes the reader first.  What a fault makes impossible comes back as NULL or false; the fault
 * itself is already noted, so callers only unwind.
 */
#ifndef TMG_RULE_LANG_PRIV_H
#define TMG_RULE_LANG_PRIV_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

enum {
    TMG_MAX_FAULTS = 100,
    TMG_MAX_LITERALS = 4096,  /* codes and numbers in one rule: more belong into a list */
    TMG_MAX_RULE_NAME = 64,   /* bytes */
    TMG_MAX_RULE_COST = 20000 /* comparisons per row: about a tenth of a millisecond */
};

/* ---- tokens ---- */

typedef enum tmg_tok {
    TMG_TOK_END,
    TMG_TOK_WORD,
    TMG_TOK_NUMBER,
    TMG_TOK_TEXT,
    TMG_TOK_MARK,
    TMG_TOK_BROKEN
} tmg_tok;
/* Marks of two characters; a mark of one is its character. */
enum { TMG_MARK_NE = 256, TMG_MARK_LE, TMG_MARK_GE, TMG_MARK_ARROW };

typedef struct tmg_place {
    int line, column, length;
} tmg_place;
typedef struct tmg_token {
    tmg_tok kind;
    int mark;
    tmg_span raw;  /* as it stands in the source */
    tmg_span text; /* of a TEXT: without quotes and escapes; otherwise raw */
    int line, column;
    bool first; /* nothing but white space before it on its line */
} tmg_token;

/* ---- the tree as written ---- */

typedef enum tmg_said {
    TMG_SAID_WORD,
    TMG_SAID_NUMBER, /* token.raw is the whole; digits and unit apart */
    TMG_SAID_TEXT,
    TMG_SAID_SET,  /* kids */
    TMG_SAID_CALL, /* args */
    TMG_SAID_AND,  /* kids, two or more */
    TMG_SAID_OR,
    TMG_SAID_NOT,     /* kids[0] */
    TMG_SAID_KNOWN,   /* kids[0] */
    TMG_SAID_NEG,     /* kids[0] */
    TMG_SAID_BINARY,  /* mark; kids[0], kids[1] */
    TMG_SAID_BETWEEN, /* kids[0..2] */
    TMG_SAID_IN,      /* kids[0], kids[1] */
    TMG_SAID_UNDER,
    TMG_SAID_HAS,
    TMG_SAID_LIKE
} tmg_said;

struct tmg_ast;
typedef struct tmg_arg { /* [value] [by x] [where condition] */
    const struct tmg_ast *value, *by, *where;
} tmg_arg;
typedef struct tmg_ast {
    tmg_said said;
    tmg_token token; /* its first */
    const char *end; /* behind its last byte */
    int mark;
    int height;
    tmg_span digits, unit; /* of a number */
    const struct tmg_ast **kids;
    size_t kid_count;
    tmg_arg *args;
    size_t arg_count;
} tmg_ast;

/* One line of a test: what is given to the rule. */
typedef struct tmg_given {
    const tmg_ast *what, *value;
} tmg_given;
typedef enum tmg_wanted { TMG_WANT_MISS, TMG_WANT_HIT, TMG_WANT_UNKNOWN } tmg_wanted;
typedef struct tmg_test_said {
    tmg_token token; /* `test` */
    tmg_token wanted_token;
    tmg_given *given;
    size_t given_count;
    tmg_wanted wanted;
} tmg_test_said;

/* Where a clause stands, so that the formatter can keep the comments beside it. */
typedef struct tmg_clause_at {
    int clause; /* tmg_clause */
    const char *from, *to;
} tmg_clause_at;
typedef enum tmg_clause {
    TMG_CL_TITLE,
    TMG_CL_OWNER,
    TMG_CL_BASIS,
    TMG_CL_EXPIRES,
    TMG_CL_SCOPE,
    TMG_CL_POSTS,
    TMG_CL_WHEN,
    TMG_CL_THEN,
    TMG_CL_WHY,
    TMG_CL_TRADER,
    TMG_CL_TEST,
    TMG_CL_IN_TONGUES, /* title.en, title.az, title.ru, why.en, ..., trader.ru: saying and language, in order
                        */
    TMG_CLAUSES = TMG_CL_IN_TONGUES + TMG_SAYINGS_OF_RULE * TMG_TONGUES
} tmg_clause;
/* The clause of a saying in a language, and back. */
static inline tmg_clause tmg_clause_in(tmg_rule_saying s, tmg_tongue t)
{
    return (tmg_clause)(TMG_CL_IN_TONGUES + (int)s * TMG_TONGUES + (int)t);
}
static inline bool tmg_clause_is_in_tongue(tmg_clause c, tmg_rule_saying *ret_s, tmg_tongue *ret_t)
{
    int at = (int)c - (int)TMG_CL_IN_TONGUES;

    if (at < 0 || c >= TMG_CLAUSES)
        return false;
    *ret_s = (tmg_rule_saying)(at / TMG_TONGUES);
    *ret_t = (tmg_tongue)(at % TMG_TONGUES);
    return true;
}

const char *tmg_clause_word(tmg_clause c);

/* What a checked rule keeps beside its meaning, for the formatter. */
typedef struct tmg_rule_layout {
    size_t at; /* offset of the rule in its source */
    const tmg_clause_at *clauses;
    size_t clause_count;
    const tmg_span *comments; /* with their # */
    size_t comment_count;
} tmg_rule_layout;

/* ---- the reader ---- */

enum { TMG_SAYINGS = 4 };
typedef struct tmg_saying {
    const char *text, *form, *values;
} tmg_saying;

typedef struct tmg_rreader {
    tmg_span source;
    const char *at, *line_start; /* of the lexer */
    int line;
    const char *last_end; /* behind the token before `tok` */
    tmg_token tok;        /* the next one, not yet taken */
    const tmg_rule_lexicon *lex;
    tmg_arena *a;       /* what the caller keeps */
    tmg_arena *scratch; /* one rule's tree as written */
    tmg_fault *faults;
    size_t fault_count;
    size_t wrong;                    /* faults that are no warnings, ever */
    tmg_saying sayings[TMG_SAYINGS]; /* the last that tmg_lang_say made, so that a help keeps its form */
    size_t saying_count;
    int depth;
    size_t literals;
    tmg_span *comments; /* of the rule that is being read */
    size_t comment_count, comment_room;
    tmg_clause_at *clauses;
    size_t clause_count, clause_room;
    tmg_test_said *tests;
    size_t test_count, test_room;
    const tmg_ast *when;
    tmg_token seen[TMG_CLAUSES]; /* the clause's word, when it was there */
} tmg_rreader;

/* Adds room for one more to an array in the scratch arena. */
void *tmg_lang_more(tmg_rreader *r, void *array, size_t count, size_t *room, size_t size);

/* lex.c */
void tmg_lex_begin(tmg_rreader *r, tmg_span source);
void tmg_lex_next(tmg_rreader *r); /* takes the token */
void tmg_lex_code(tmg_rreader *r); /* reads the token anew as a code: letters, digits and . _ : / - */
bool tmg_tok_is(const tmg_rreader *r, const char *word);
bool tmg_tok_mark(const tmg_rreader *r, int mark);

/* faults.c */
void tmg_lang_fault(tmg_rreader *r, tmg_fault_kind k, tmg_place p, const char *help, const char *fmt, ...)
    TMG_PRINTF(5, 6);
const char *tmg_lang_say(tmg_rreader *r, const char *fmt, ...) TMG_PRINTF(2, 3); /* in the arena */
tmg_place tmg_place_token(const tmg_token *t);
tmg_place tmg_place_ast(const tmg_ast *n);
/* "expected <what>, found <the next token>"; always false. */
bool tmg_lang_expected(tmg_rreader *r, const char *what);
const char *tmg_lang_found(tmg_rreader *r, const tmg_token *t); /* "the text \"IR\"" */

/* suggest.c: "did you mean `x`?" or NULL */
typedef struct tmg_guess {
    tmg_span word, best;
    size_t distance;
} tmg_guess;
tmg_guess tmg_guess_begin(tmg_span word);
void tmg_guess_try(tmg_guess *g, tmg_span candidate);
const char *tmg_guess_end(tmg_rreader *r, const tmg_guess *g);
const char *tmg_guess_field(tmg_rreader *r, tmg_span word);

/* protected.c: faults when the word names a protected attribute ("the sex of a person"); true then. */
bool tmg_lang_protected(tmg_rreader *r, tmg_span word, tmg_place p);

/* expression.c */
const tmg_ast *tmg_parse_condition(tmg_rreader *r);
const tmg_ast *tmg_parse_value(tmg_rreader *r);
/* operand.c */
const tmg_ast *tmg_parse_operand(tmg_rreader *r); /* no arithmetic: a field, a number, a call, a set */
tmg_ast *tmg_ast_new(tmg_rreader *r, tmg_said said, tmg_token token);
/* Ends the node behind the last token taken; NULL with a fault when it has grown too high. */
const tmg_ast *tmg_ast_done(tmg_rreader *r, tmg_ast *n);
const tmg_ast *tmg_ast_node(tmg_rreader *r, tmg_said said, const tmg_token *token, const tmg_ast *const *kids,
                            size_t count);
bool tmg_parse_text(tmg_rreader *r, const char *what, tmg_span *ret);

/* parse.c */
bool tmg_parse_rule(tmg_rreader *r, tmg_rule *rule);
bool tmg_lang_clause_here(const tmg_rreader *r);
/* then.c */
bool tmg_parse_then(tmg_rreader *r, tmg_rule *rule);
/* tests_said.c */
bool tmg_parse_test(tmg_rreader *r);

/* ---- checking ---- */

/* Powers of the units in a value.  A loose value is a plain number, which takes the unit of what it meets. */
typedef struct tmg_unit {
    int8_t money, mass, percent, day;
    bool loose;
} tmg_unit;
typedef struct tmg_checked {
    tmg_rnode *node;
    tmg_unit unit;
} tmg_checked;

tmg_rnode *tmg_node(tmg_rreader *r, tmg_rop op, tmg_rtype type, const tmg_ast *at);
/* check.c */
const tmg_rnode *tmg_check_condition(tmg_rreader *r, const tmg_ast *n);
/* A balanced tree of AND or OR over the terms, those of the same kind taken apart: the same for the same
 * terms. */
const tmg_rnode *tmg_check_join(tmg_rreader *r, tmg_rop op, const tmg_rnode **terms, size_t count,
                                const tmg_ast *at);
/* check_coded.c */
const tmg_rnode *tmg_check_in(tmg_rreader *r, const tmg_ast *n);
const tmg_rnode *tmg_check_coded(tmg_rreader *r, const tmg_ast *n); /* under, has, like */
/* The coded field that a word names, without a fault when it is none. */
const tmg_rule_field *tmg_coded_field(const tmg_ast *n);
tmg_rnode *tmg_field_node(tmg_rreader *r, const tmg_rule_field *f, const tmg_ast *at);
/* check_value.c */
bool tmg_check_value(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret);
/* Makes both sides meet: literals take the other's unit.  False with a fault when they cannot be compared. */
bool tmg_check_meet(tmg_rreader *r, tmg_checked *a, tmg_checked *b, const tmg_ast *at, const char *doing);
const tmg_rule_field *tmg_check_field(tmg_rreader *r, const tmg_ast *n); /* a word that must name a field */
tmg_unit tmg_unit_of_field(const tmg_rule_field *f);
const char *tmg_rtype_words(tmg_rtype t);
bool tmg_check_number(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret);
/* check_literal.c: codes for a field; one, or those of a set */
bool tmg_check_literals(tmg_rreader *r, const tmg_ast *n, const tmg_rule_field *f, bool prefix,
                        const tmg_span **ret, size_t *ret_count);
bool tmg_check_list_name(tmg_rreader *r, const tmg_ast *n, tmg_span *ret); /* list("NAME") */
bool tmg_is_list(const tmg_ast *n);
/* calls.c */
bool tmg_check_call(tmg_rreader *r, const tmg_ast *n, tmg_checked *ret);
const char *tmg_function_form(tmg_measure m); /* how it is written */
void tmg_guess_functions(tmg_guess *g);
bool tmg_check_window(tmg_rreader *r, const tmg_ast *n, tmg_measure m, tmg_checked *ret);
bool tmg_check_reference(tmg_rreader *r, const tmg_ast *n, tmg_statistic s, tmg_checked *ret);
/* The span of a window or signal. */
bool tmg_check_span(tmg_rreader *r, const tmg_ast *n, int64_t *ret_ms);
/* metadata.c */
void tmg_check_metadata(tmg_rreader *r, tmg_rule *rule);
/* cost.c */
int64_t tmg_rule_cost(const tmg_rnode *n);
tmg_sha256 tmg_rule_hash(tmg_span text);
/* inline_tests.c */
void tmg_run_tests(tmg_rreader *r, const tmg_rule *rule);

/* ---- writing ---- */

void tmg_node_write(tmg_buf *b, const tmg_rnode *n);
/* The first terms of a chain that belong together (`between`, `in {1, 2}`): writes them and says how many. */
size_t tmg_node_write_group(tmg_buf *b, const tmg_rnode *const *terms, size_t count, tmg_rop chain);
void tmg_window_write(tmg_buf *b, const tmg_window *w);
void tmg_reference_write(tmg_buf *b, const tmg_reference *s);
void tmg_code_write(tmg_buf *b, tmg_span code); /* quoted where it must be */
void tmg_text_write(tmg_buf *b, tmg_span text); /* always quoted */
/* The top-level terms of a chain, in order; at most max. */
size_t tmg_node_terms(const tmg_rnode *n, tmg_rop op, const tmg_rnode **ret, size_t max);

#endif
