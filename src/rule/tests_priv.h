/* rule/tests_priv.h - one inline test while it runs. */
#ifndef TMG_RULE_TESTS_PRIV_H
#define TMG_RULE_TESTS_PRIV_H

#include "rule/lang_priv.h"

/* What the test says a function or a list answers. */
typedef struct tmg_answer {
    const tmg_rnode *question;
    int64_t number; /* 1 and 0 for yes and no */
} tmg_answer;

typedef struct tmg_rtester {
    tmg_rreader *r;
    const tmg_rule *rule;
    tmg_dict *dict;
    tmg_row row;
    bool has_set[TMG_SET_FIELDS];
    tmg_answer *answers;
    size_t answer_count;
    tmg_rule_senses senses;
} tmg_rtester;

/* test_row.c */
void tmg_test_give(tmg_rtester *t, const tmg_given *g); /* faults are noted */
void tmg_test_derive(tmg_rtester *t); /* what follows from what was given: hs4 from hs, ... */
/* test_answers.c */
tmg_rule_senses tmg_test_senses(tmg_rtester *t);
const char *tmg_test_explain(tmg_rtester *t, int got); /* what the rule's conditions came to */

#endif
