/* rule/asycuda_priv.h - inside the import of ASYCUDA's selectivity criteria. */
#ifndef TMG_RULE_ASYCUDA_PRIV_H
#define TMG_RULE_ASYCUDA_PRIV_H

#include "rule/lang_priv.h"

typedef enum tmg_asy_kind {
    TMG_ASY_CODE,    /* compared with texts */
    TMG_ASY_TREE,    /* a commodity code: equal means under */
    TMG_ASY_NUMBER,
    TMG_ASY_REGIME,  /* IM, EX, T1 ... */
    TMG_ASY_FLAG     /* a number that is 0 or not: containers */
} tmg_asy_kind;
typedef struct tmg_asy_word {
    const char *word; /* ASYCUDA's */
    const char *ours; /* a field or a value of the rule language */
    tmg_asy_kind kind;
    const char *note; /* what changes on the way, or NULL */
} tmg_asy_word;
const tmg_asy_word *tmg_asy_find(tmg_span word); /* case does not count; NULL when it is not carried over */
void tmg_asy_guess(tmg_guess *g);
/* "IM" -> "import"; NULL for a type of declaration that is none of ours */
const char *tmg_asy_regime(tmg_span type);

enum { TMG_ASY_VARIABLES = 100 };
typedef struct tmg_asycuda {
    tmg_rreader r;        /* its lexer, its faults */
    tmg_span owner;
    tmg_span criterion;   /* the name of the one being read */
    tmg_buf *out;
    size_t rules;         /* of this criterion so far */
    const char *variable[TMG_ASY_VARIABLES]; /* Num00 .. Num99 in our words */
} tmg_asycuda;
void tmg_asy_begin(tmg_asycuda *c, tmg_span source);
void tmg_asy_next(tmg_asycuda *c);
bool tmg_asy_is(const tmg_asycuda *c, const char *word);
bool tmg_asy_expected(tmg_asycuda *c, const char *what); /* always false */
/* The condition that follows, in our words, appended to b. */
bool tmg_asy_condition(tmg_asycuda *c, tmg_buf *b);
bool tmg_asy_value(tmg_asycuda *c, tmg_buf *b);
/* The number of a variable ("Num07" is 7), or -1. */
int tmg_asy_variable(tmg_span word);

#endif
