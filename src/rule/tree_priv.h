/* rule/tree_priv.h - a checked rule as a typed tree: what the parser hands to the engine.
 *
 * Three-valued logic (Kleene): a comparison with something unknown is unknown; `not` of unknown is unknown; a rule
 * hits only where its condition is true.  "Not stated", a list or model that is not there, a window without data
 * for min/max/avg, a division by zero and an overflow are unknown.  count, distinct and sum over nothing are 0.
 * Comparisons with a set field that is empty are false, not unknown.
 */
#ifndef TMG_RULE_TREE_PRIV_H
#define TMG_RULE_TREE_PRIV_H

#include "rule/fields.h"

typedef enum tmg_rop {
    /* conditions */
    TMG_R_TRUE,
    TMG_R_AND, /* a, b */
    TMG_R_OR,
    TMG_R_NOT, /* a */
    TMG_R_EQ,  /* a, b: numbers, instants, durations; a code or text field with one literal in texts[]; with text_count 0,
                  two code or two text fields a and b (origin != departure), unknown where either is not stated */
    TMG_R_NE,
    TMG_R_LT,
    TMG_R_LE,
    TMG_R_GT,
    TMG_R_GE,
    TMG_R_IN,      /* a: code or text field; texts[]: literals */
    TMG_R_UNDER,   /* a: code field that is a tree; texts[]: prefixes.  A prefix may be as long as the code */
    TMG_R_HAS,     /* a: set field; texts[]: any of them */
    TMG_R_HAS_UNDER, /* a: set field of commodity codes; texts[]: prefixes */
    TMG_R_LIKE,    /* a: code or text field; texts[0]: glob with * and ?, without regard to case */
    TMG_R_IN_LIST, /* a: code, text or set field; texts[0]: the list's name */
    TMG_R_KNOWN,   /* a: any value: is it stated?  never unknown itself */
    TMG_R_SIGNAL,  /* texts[0]: kind, number: within so many ms before now; never unknown */
    TMG_R_REPEATS, /* the mind has seen a group as fine as this inspected before */
    TMG_R_FIRST,   /* field: first consignment ever with this code in this field, in this centre */
    /* values */
    TMG_R_FIELD,  /* field */
    TMG_R_NUMBER, /* number: micro, ms for instants and durations */
    TMG_R_ADD,    /* a, b */
    TMG_R_SUB,
    TMG_R_MUL, /* micro * micro / 1e6, rounded half to even */
    TMG_R_DIV,
    TMG_R_NEG,
    TMG_R_WINDOW,    /* window */
    TMG_R_REFERENCE, /* reference */
    TMG_R_P,         /* number: a tmg_harm; value is micro, 1000000 for certainty */
    TMG_R_NAME_LIKE, /* a: text field; texts[0]: list's name; value is micro, 1000000 for the same */
    TMG_R_NAME_LIKE_FIELD, /* a, b: text fields */
} tmg_rop;

typedef enum tmg_measure {
    TMG_W_COUNT, /* consignments */
    TMG_W_SUM,
    TMG_W_AVG,
    TMG_W_MIN,
    TMG_W_MAX,
    TMG_W_DISTINCT,   /* codes of `of` */
    TMG_W_DAYS_SINCE, /* full days since the last one; unknown when there is none */
    TMG_W_AGE_DAYS,   /* full days since the first one ever; 0 when this is the first */
    TMG_W_RESULTS,    /* control results known by then */
    TMG_W_FOUND       /* of them, those that found fraud or something critical */
} tmg_measure;

struct tmg_rnode;

/* count(declaration by consignee, 30d), sum(net by consignee, 90d), distinct(hs4 by carrier, 180d), ... over earlier
 * consignments whose field `by` had this row's code, lodged in (at_ms - span_ms, at_ms); the row's own consignment
 * is not among them.  Where items matter (of, by or where name an item's field) items are counted through: an item's
 * number or code is taken from each item that fits, a fact of the declaration once where any item fits, and a
 * consignment counts once for TMG_W_COUNT.  Averages are rounded half to even. */
typedef struct tmg_window {
    tmg_measure measure;
    const tmg_rule_field *by[2];   /* one or two code fields */
    size_t by_count;
    const tmg_rule_field *of;      /* number or code field; NULL for count, days_since, age, results, found */
    const struct tmg_rnode *where; /* NULL, or EQ, IN and UNDER of fields with literals joined by AND */
    int64_t span_ms;               /* 1 h to 730 d; 0 for age, which looks back to the first */
    uint64_t key;                  /* the same for windows that ask the same */
} tmg_window;

typedef enum tmg_statistic { TMG_S_MEDIAN, TMG_S_QUANTILE, TMG_S_MAD, TMG_S_COUNT } tmg_statistic;
/* ref.median(unit_value by hs6, origin): over all earlier rows of the last 365 days whose `by` fields are this row's
 * and that state the number; a number of the declaration is taken once.  Unknown with fewer than 5 of them.  Between two
 * ranks: linear, rounded half to even (Hyndman and Fan's definition 7); the median of an even count is the mean of two. */
typedef struct tmg_reference {
    tmg_statistic statistic;
    const tmg_rule_field *of; /* a number field; unit_value when the rule names none */
    const tmg_rule_field *by[3];
    size_t by_count;
    int64_t quantile_ppm;
    uint64_t key;
} tmg_reference;

typedef struct tmg_rnode {
    tmg_rop op;
    tmg_rtype type;
    const struct tmg_rnode *a, *b;
    const tmg_rule_field *field;
    int64_t number;
    const tmg_span *texts;
    size_t text_count;
    const tmg_window *window;
    const tmg_reference *reference;
    int line, column, length; /* where it stands in the source */
} tmg_rnode;

#endif
