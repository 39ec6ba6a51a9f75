/* app/rules_live_priv.h - rules at work; belongs to the thread that writes. */
#ifndef TMG_APP_RULES_LIVE_PRIV_H
#define TMG_APP_RULES_LIVE_PRIV_H

#include "app/rules_priv.h"

/* Rule i of the set. */
typedef struct tmg_working {
    tmg_rule_version version;
    const tmg_rule *rule;
    bool restricted; /* it looks in a list that not everybody may read */
} tmg_working;

typedef struct tmg_rules_live {
    tmg_dict *dict;
    tmg_book *book;
    tmg_ruleset *set;
    tmg_lists *lists;
    tmg_matcher *matcher;
    tmg_arena *texts; /* what the set was read from */
    tmg_working *working;
    size_t count;
    bool signals;                      /* some rule asks for signals */
    int64_t counter;                   /* of changes, as it stood when the set was built */
    int64_t declaration_id, result_id; /* newest that the book holds */
    tmg_arena *scratch;
    const tmg_values *asked; /* what models in use ask of the book; NULL: none is */
} tmg_rules_live;
void tmg_rules_live_free(tmg_rules_live *l); /* NULL is accepted */

/* Level with the database, except for the declaration before_id and later ones, if that is new to the book.
 */
TMG_MUST_USE tmg_rc tmg_rules_live_of(tmg_centre *c, tmg_db *db, int64_t before_id, tmg_rules_live **ret,
                                      tmg_err *err);
/* Only if rules are at work in this process: notices that a transaction was lost. */
TMG_MUST_USE tmg_rc tmg_rules_notice(tmg_centre *c, tmg_db *db, tmg_err *err);

/* What working rules were found to say about a declaration when it was lodged, from what is stored. */
TMG_MUST_USE tmg_rc tmg_rules_said(tmg_centre *c, tmg_db *db, int64_t declaration_id, tmg_arena *a,
                                   tmg_rule_said **ret, size_t *ret_count, tmg_err *err);

#endif
