/* Inline tests: each makes a row of what it gives, answers the questions it answers, and asks the slow judge.
 */
#include "rule/tests_priv.h"

static void fail(tmg_rtester *t, const tmg_test_said *said, int got)
{
    static const char *const words[] = {"unknown", "a miss", "a hit"};

    tmg_lang_fault(t->r, TMG_FAULT_TEST, tmg_place_token(&said->wanted_token), tmg_test_explain(t, got),
                   "this test says %.*s, but the rule makes it %s", TMG_SPAN_ARG(said->wanted_token.raw),
                   words[got + 1]);
}

/* A test speaks of where the rule applies unless it says otherwise. */
static void put_scope(tmg_rtester *t)
{
    const tmg_rule *rule = t->rule;

    for (int i = TMG_IMPORT; i <= TMG_TRANSIT && t->row.code[TMG_CF_REGIME] == TMG_CODE_NONE; i++)
        if ((rule->scope & 1U << i) != 0)
            t->row.code[TMG_CF_REGIME] = tmg_dict_code(t->dict, tmg_span_of(tmg_regime_name((tmg_regime)i)));
    if (rule->post_count > 0 && t->row.code[TMG_CF_POST] == TMG_CODE_NONE)
        t->row.code[TMG_CF_POST] = tmg_dict_code(t->dict, rule->posts[0]);
}

static void run_test(tmg_rreader *r, const tmg_rule *rule, const tmg_test_said *said)
{
    tmg_rtester t = {.r = r, .rule = rule, .dict = tmg_dict_new()};
    size_t wrong = r->wrong;
    int got;

    for (int i = 0; i < TMG_NUMBER_FIELDS; i++)
        t.row.number[i] = TMG_NONE;
    t.answers = tmg_alloc_array(r->scratch, said->given_count + 1, sizeof *t.answers);
    for (size_t i = 0; i < said->given_count; i++)
        tmg_test_give(&t, &said->given[i]);
    tmg_test_derive(&t);
    put_scope(&t);
    t.senses = tmg_test_senses(&t);
    if (r->wrong == wrong) {
        got = tmg_rule_judge(rule, &t.row, t.dict, &t.senses);
        if (said->wanted == TMG_WANT_HIT ? got != 1 : said->wanted == TMG_WANT_MISS ? got == 1 : got != -1)
            fail(&t, said, got);
    }
    tmg_dict_free(t.dict);
}

void tmg_run_tests(tmg_rreader *r, const tmg_rule *rule)
{
    for (size_t i = 0; i < r->test_count; i++)
        run_test(r, rule, &r->tests[i]);
}
