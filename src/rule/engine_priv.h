/* rule/engine_priv.h - what the files of the engine share.
 *
 *     terms.c       a condition becomes at most 64 conjunctions of literals
 *     compile.c     literals become atoms (a field against constants), ranges and residual predicates
 *     order.c       conjunctions that open for the same value come to lie side by side
 *     index.c       a plane per field: for each class of its values, which conjunctions that value does not
 * contradict predicates.c  what no plane can say becomes a small program ... residual.c    ... that runs for
 * the conjunctions the planes leave over match.c       one row against the planes, then ranges, then programs
 *     because.c     evidence and words of a hit
 *     judge.c       the same answers, slowly
 */
#ifndef TMG_RULE_ENGINE_PRIV_H
#define TMG_RULE_ENGINE_PRIV_H

#include "rule/rule.h"
#include "rule/tree_priv.h"

#include <stdatomic.h>

/* ---- truth and values (truth.c) ---- */

/* Kleene's three: the order makes `and` the minimum and `or` the maximum. */
typedef enum tmg_k3 { TMG_K_FALSE = 0, TMG_K_UNKNOWN = 1, TMG_K_TRUE = 2 } tmg_k3;

static inline tmg_k3 tmg_k3_of(bool b)
{
    return b ? TMG_K_TRUE : TMG_K_FALSE;
}

/* false: the operands have no answer - overflow, division by zero. */
bool tmg_rule_arith(tmg_rop op, int64_t a, int64_t b, int64_t *ret);
bool tmg_rule_compare(tmg_rop op, int64_t a, int64_t b);
tmg_rop tmg_rule_opposite(tmg_rop op); /* of a comparison: < gives >= */
/* Glob with * and ?, ASCII without regard to case; ? is one character of UTF-8. */
bool tmg_rule_like(tmg_span text, tmg_span glob);
bool tmg_rule_under(tmg_span text, tmg_span prefix);

/* ---- judging by the tree (judge.c) ---- */

typedef struct tmg_judging {
    const tmg_row *row;
    const tmg_dict *dict;
    const tmg_rule_senses *senses;
} tmg_judging;
tmg_k3 tmg_judge_truth(const tmg_judging *j, const tmg_rnode *n);
bool tmg_judge_value(const tmg_judging *j, const tmg_rnode *n, int64_t *ret);

/* ---- copies (copy.c) ---- */

void tmg_rule_copy(tmg_arena *a, const tmg_rule *from, tmg_rule *to);

/* ---- conjunctions (terms.c) ---- */

enum { TMG_MAX_TERMS = 64 };
typedef struct tmg_literal {
    const tmg_rnode
        *n; /* a comparison, or a whole part of the condition that would have become too many terms */
    bool negated;
} tmg_literal;
typedef struct tmg_term {
    tmg_literal *literals;
    size_t count;
} tmg_term;
/* In Kleene's logic too a condition is worth as much as the disjunction of its terms. */
size_t tmg_terms_of(const tmg_rnode *when, tmg_arena *a, tmg_term **ret);
/* Where a rule applies - its regimes and posts - as literals like any other. */
size_t tmg_scope_literals(const tmg_rule *r, tmg_arena *a, tmg_literal ret[2]);

/* ---- the compiled set ---- */

enum {
    TMG_BLOCK_WORDS = 4,
    TMG_BLOCK_BITS = 64 * TMG_BLOCK_WORDS,
    TMG_PLANES = TMG_CODE_FIELDS + TMG_NUMBER_FIELDS + TMG_SET_FIELDS,
    TMG_FIRST_NUMBER = TMG_CODE_FIELDS,
    TMG_FIRST_SET = TMG_CODE_FIELDS + TMG_NUMBER_FIELDS,
    TMG_MAX_BOUNDS = 63 /* of a number's plane; what they cannot tell apart is compared */
};
_Static_assert(TMG_FIRST_SET <= 64, "which fields a row leaves out fits into 64 bits");

typedef struct tmg_block {
    _Alignas(8 * TMG_BLOCK_WORDS) uint64_t w[TMG_BLOCK_WORDS];
} tmg_block;

/* A field of codes against constants, as the planes can hold it. */
typedef struct tmg_atom {
    uint8_t plane;
    bool negated, under;
    uint32_t first, count; /* its constants, in the compiler's list of codes */
} tmg_atom;

/* A number between two, both inside. */
typedef struct tmg_range {
    uint8_t number; /* a tmg_number_field */
    bool negated;
    int64_t low, high;
} tmg_range;

/* One conjunction as matching needs it. */
typedef struct tmg_conj {
    uint64_t fields; /* bit per plane below TMG_FIRST_SET: where the row states none of these it is unknown */
    uint32_t rule;
    uint32_t ranges, predicates; /* where its own begin */
    uint16_t range_count, predicate_count;
    bool alone; /* the rule has no other conjunction */
} tmg_conj;

/* Classes of a field's values that no rule tells apart; class 0 is every value that no rule names. */
typedef struct tmg_plane {
    uint8_t plane;
    bool prefixed;
    uint32_t classes;
    uint32_t *blocks;    /* classes x set->blocks: numbers of blocks in the pool */
    uint64_t *summaries; /* classes x set->summary_words: which of its blocks hold a bit */
    uint64_t *slots;     /* open addressing: key << 32 | class */
    uint32_t slot_mask;
    size_t *lengths; /* of prefixes, longest first */
    size_t length_count;
    int64_t *bounds; /* of a number, ascending: class c lies below bounds[c], class `bound_count` above all */
    uint32_t bound_count;
} tmg_plane;

typedef struct tmg_instruction {
    uint8_t op, at, at2, spare;
    uint32_t arg;
    int64_t number;
} tmg_instruction;

/* What they do to a stack of answers; a truth is a value that is always known.  A predicate leaves one truth.
 */
typedef enum tmg_instruction_op {
    TMG_I_TRUTH,    /* number: a tmg_k3 */
    TMG_I_NUMBER,   /* number */
    TMG_I_FIELD,    /* at: tmg_number_field */
    TMG_I_ASK,      /* arg: an ask */
    TMG_I_ARITH,    /* at: tmg_rop */
    TMG_I_COMPARE,  /* at: tmg_rop */
    TMG_I_CODE,     /* at: tmg_code_field, at2: tmg_rop, arg: constants */
    TMG_I_SET,      /* at: tmg_set_field, at2: tmg_rop, arg: constants */
    TMG_I_LIKENESS, /* at, at2: tmg_code_field */
    TMG_I_SAME,     /* at, at2: tmg_code_field */
    TMG_I_KNOWN,
    TMG_I_KNOWN_CODE, /* at: tmg_code_field */
    TMG_I_KNOWN_SET,  /* at: tmg_set_field */
    TMG_I_AND,
    TMG_I_OR,
    TMG_I_NOT
} tmg_instruction_op;

typedef struct tmg_predicate {
    uint32_t first, count; /* instructions */
    uint32_t cost;
} tmg_predicate;

/* What is asked of the senses, once per row. */
typedef struct tmg_ask {
    const tmg_rnode *n;
    const char *fact; /* as written in rules */
} tmg_ask;

typedef struct tmg_constants {
    const tmg_span *texts;
    const uint32_t *codes; /* ascending */
    size_t count;
} tmg_constants;

struct tmg_ruleset {
    atomic_size_t owners;
    tmg_arena *arena;
    const tmg_dict *dict;
    tmg_rule *rules;
    size_t count;

    tmg_conj *conjs; /* in the order of their bits */
    size_t conj_count;
    tmg_range *ranges;
    uint32_t *conj_predicates;
    size_t blocks, summary_words;
    uint32_t *every;   /* the blocks in which every conjunction has its bit */
    tmg_plane *planes; /* the most telling first, those of sets last */
    size_t plane_count, set_planes;
    tmg_block *pool;   /* blocks that are the same for many classes lie here once */
    uint64_t prefixed; /* bit per plane below TMG_FIRST_SET */
    uint32_t prefixed_sets;

    tmg_predicate *predicates;
    size_t predicate_count;
    tmg_instruction *code;
    tmg_ask *asks;
    size_t ask_count;
    tmg_constants *constants;
    size_t stack;
    const tmg_rule_field *fields[TMG_PLANES];
};

static inline size_t tmg_plane_of(const tmg_rule_field *f)
{
    return f->at + (f->kind == TMG_FK_CODE     ? 0U
                    : f->kind == TMG_FK_NUMBER ? (size_t)TMG_FIRST_NUMBER
                                               : (size_t)TMG_FIRST_SET);
}

/* ---- building ---- */

/* A conjunction while it is being compiled. */
typedef struct tmg_draft {
    tmg_conj conj;
    uint32_t atoms, atom_count; /* in the compiler's list */
    uint64_t key[2];            /* where it belongs: the values it opens for, the most telling first */
} tmg_draft;

#define TMG_LIST(type)                                                                                       \
    struct {                                                                                                 \
        type *at;                                                                                            \
        size_t count, room;                                                                                  \
    }
/* Room for one more at the end of a list; its bytes are zero. */
#define TMG_PUSH(list)                                                                                       \
    (tmg_list_room((void **)&(list)->at, (list)->count, &(list)->room, sizeof *(list)->at),                  \
     &(list)->at[(list)->count++])
void tmg_list_room(void **at, size_t count, size_t *room, size_t size);

/* A constant of a plane: a code or a prefix, and how often rules name it. */
typedef struct tmg_class {
    uint32_t key;  /* code * 2, + 1 for a prefix */
    uint32_t span; /* so many classes from this one on begin with the prefix; 1 for a code */
    uint32_t named;
} tmg_class;
typedef struct tmg_classes {
    TMG_LIST(tmg_class) all; /* class i + 1 is all.at[i]; by text where there are prefixes */
    uint64_t named;          /* all together */
    uint64_t *slots;
    uint32_t slot_mask;
    TMG_LIST(int64_t) bounds;
    uint32_t drafts; /* how many conjunctions it can rule out */
    bool used, prefixed, exact;
} tmg_classes;

typedef struct tmg_compiler {
    tmg_ruleset *set;
    tmg_dict *dict;
    tmg_arena *scratch;
    TMG_LIST(tmg_draft) drafts;
    TMG_LIST(tmg_atom) atoms;
    TMG_LIST(uint32_t) codes;
    TMG_LIST(tmg_range) ranges;
    TMG_LIST(uint32_t) conj_predicates;
    TMG_LIST(tmg_predicate) predicates;
    TMG_LIST(tmg_instruction) code;
    TMG_LIST(tmg_ask) asks;
    TMG_LIST(tmg_constants) constants;
    uint64_t
        *seen; /* table of the predicates, asks and constants that are there: hash << 32 | kind | index + 1 */
    uint32_t seen_mask, seen_count;
    size_t depth; /* of the stack */
    tmg_classes classes[TMG_PLANES];
} tmg_compiler;

/* The number of a predicate that says whether the literal holds; the same for the same question. */
uint32_t tmg_predicate_of(tmg_compiler *c, const tmg_literal *l);
/* Values become classes (all atoms are known), drafts come into their order. */
void tmg_order(tmg_compiler *c);
/* The classes that constant i of an atom names: *ret_count of them from *ret_first on. */
void tmg_class_span(const tmg_compiler *c, const tmg_atom *atom, uint32_t i, uint32_t *ret_first,
                    uint32_t *ret_count);
/* What the ranges of a draft leave of a number; false where they say nothing. */
bool tmg_draft_range(const tmg_compiler *c, const tmg_draft *d, size_t number, int64_t *ret_low,
                     int64_t *ret_high);
uint32_t tmg_bound_class(const int64_t *bounds, uint32_t count, int64_t v);
TMG_MUST_USE tmg_rc tmg_index(tmg_compiler *c, tmg_err *err);

static inline uint32_t tmg_slot_of(uint32_t key)
{
    return (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}
/* The class of a key (code * 2, + 1 for a prefix); 0 where it has none. */
static inline uint32_t tmg_class_of(const uint64_t *slots, uint32_t mask, uint32_t key)
{
    for (uint32_t at = tmg_slot_of(key) & mask;; at = (at + 1) & mask) {
        uint64_t slot = slots[at];
        if ((uint32_t)(slot >> 32) == key)
            return (uint32_t)slot;
        if (slot == 0)
            return 0;
    }
}

/* ---- matching ---- */

enum { TMG_CLASS_CACHE = 1024 };

typedef struct tmg_answer {
    int64_t value;
    bool known;
} tmg_answer;

/* What a matcher has counted of a rule, and the last row that hit or left open one of several conjunctions.
 */
typedef struct tmg_tally {
    int64_t unknown;
    const char *fact;
    uint32_t hit_row, unknown_row;
} tmg_tally;

typedef struct tmg_element {
    const uint32_t *blocks;
    const uint64_t *summary;
} tmg_element;

/* Takes from the block what the rows' blocks of that number do not have; false when nothing is left (*io is
 * then of no use). */
typedef bool tmg_narrow_fn(const tmg_block *pool, const uint32_t *const *rows, size_t count, size_t block,
                           tmg_block *io);
tmg_narrow_fn *tmg_narrow_here(void); /* the fastest that this processor can do */

struct tmg_matcher {
    tmg_ruleset *set;
    tmg_narrow_fn *narrow;
    uint32_t row_no; /* what is remembered holds for this row only */
    const tmg_row *row;
    const tmg_rule_senses *senses;
    tmg_answer *answers; /* of asks */
    uint32_t *answer_row;
    uint8_t *truths; /* of predicates */
    uint32_t *truth_row;
    tmg_answer *stack;
    tmg_hit *hits;
    size_t hit_count;
    tmg_tally *tallies;      /* per rule */
    uint32_t *unknown_rules; /* of the row, one per conjunction */
    const char **unknown_facts;
    size_t unknown_count;
    uint64_t (
        *class_cache)[TMG_CLASS_CACHE]; /* per plane: code << 32 | class, of values found by their prefix */
    tmg_element *elements;              /* the classes of the codes in sets */
    size_t element_room;
};

tmg_k3 tmg_predicate_run(tmg_matcher *m, uint32_t predicate);
/* Which fact of the row was missing; of a predicate that was run for it and came out unknown. */
const char *tmg_predicate_missing(tmg_matcher *m, uint32_t predicate);

#endif
