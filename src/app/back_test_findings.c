/* What a back-test finds besides its hits: rules at work that share them, facts that were missing, and what
 * the draws say about all hits. */
#include "app/back_test_priv.h"

enum { MOST_MISSED = 20000 };

/* ---- overlap ---- */

static tmg_rc read_others(tmg_trial *t, const tmg_rule ***ret_rules, tmg_err *err)
{
    tmg_rule_version *all;
    tmg_rule_lexicon lex;
    size_t count;

    TMG_TRY(tmg_rule_lexicon_read(t->centre, t->db, t->arena, &lex, err));
    lex.today = INT32_MIN;
    TMG_TRY(tmg_rule_versions_working(t->db, t->arena, &all, &count, err));
    const tmg_rule **rules = tmg_alloc_array(t->arena, count + 1, sizeof(tmg_rule *));
    t->shared = tmg_alloc_array(t->arena, count + 1, sizeof *t->shared);
    for (size_t i = 0; i < count; i++) {
        tmg_reading r;

        if (tmg_span_eq(all[i].name, t->rule->name))
            continue;
        tmg_rules_read(all[i].text, &lex, t->arena, &r);
        if (tmg_reading_fails(&r) || r.rule_count != 1)
            continue;
        rules[t->shared_count] = &r.rules[0];
        t->shared[t->shared_count++] = (tmg_shared_hits){
            .version = all[i], .title = r.rules[0].title, .title_in = r.rules[0].in[TMG_SAYS_TITLE]};
    }
    *ret_rules = rules;
    return TMG_OK;
}

/* Spread evenly over the hits. */
static void match_others(tmg_trial *t, tmg_matcher *m)
{
    size_t step = t->hit_count / TMG_MOST_LOOKED_AT + 1;

    for (size_t i = 0; i < t->hit_count; i += step) {
        const tmg_hit *found;
        tmg_row row;

        tmg_history_row(t->trials->history, t->hits[i], &row);
        size_t n = tmg_ruleset_match(m, &row, &t->senses, &found);
        for (size_t k = 0; k < n; k++)
            t->shared[found[k].rule].shared++;
        t->shared_of++;
    }
}

static int by_shared(const void *a, const void *b)
{
    const tmg_shared_hits *x = a, *y = b;

    if (x->shared != y->shared)
        return x->shared > y->shared ? -1 : 1;
    return x->version.id < y->version.id ? -1 : x->version.id > y->version.id;
}

tmg_rc tmg_trial_overlap(tmg_trial *t, tmg_err *err)
{
    const tmg_rule **rules;
    tmg_ruleset *set;
    tmg_matcher *m;

    TMG_TRY(read_others(t, &rules, err));
    if (t->shared_count == 0 || t->hit_count == 0)
        return TMG_OK;
    TMG_TRY(tmg_trials_assessments(t->trials, t->db, err));
    TMG_TRY(tmg_ruleset_build(rules, t->shared_count, t->trials->dict, &set, err));
    tmg_book_prepare(t->trials->book, set);
    m = tmg_matcher_new(set);
    match_others(t, m);
    tmg_matcher_free(m);
    tmg_ruleset_let(set);
    qsort(t->shared, t->shared_count, sizeof *t->shared, by_shared);
    return TMG_OK;
}

/* ---- unknown ---- */

static void note_missing(tmg_trial *t, const char *fact)
{
    for (size_t i = 0; i < t->missing_count; i++)
        if (strcmp(t->missing[i].fact, fact) == 0) {
            t->missing[i].count++;
            return;
        }
    if (t->missing_count < TMG_MOST_MISSING)
        t->missing[t->missing_count++] = (tmg_missing_fact){tmg_strdup_n(t->arena, fact, strlen(fact)), 1};
}

/* Which fact is missing comes from a sample of the rows, spread evenly, and is scaled to all that were
 * unknown. */
void tmg_trial_missing(tmg_trial *t)
{
    size_t step = t->rows / MOST_MISSED + 1;
    int64_t before = 0;

    if (t->rows_unknown == 0)
        return;
    tmg_matcher *m = tmg_matcher_new(t->set);

    for (size_t i = 0; i < t->rows; i += step) {
        const tmg_hit *found;
        const char *fact = NULL;
        tmg_row row;
        int64_t n;

        tmg_history_row(t->trials->history, i, &row);
        (void)tmg_ruleset_match(m, &row, &t->senses, &found);
        n = tmg_matcher_unknown(m, 0, &fact);
        if (n != before && fact != NULL)
            note_missing(t, fact);
        before = n;
    }
    tmg_matcher_free(m);
    for (size_t i = 0; i < t->missing_count && before > 0; i++)
        t->missing[i].count = t->missing[i].count * (int64_t)t->rows_unknown / before;
}

/* ---- the unbiased estimate ---- */

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

typedef struct hit_set {
    int64_t *consignments;
    size_t count;
} hit_set;

static bool was_hit(void *ctx, const tmg_outcome_row *r)
{
    const hit_set *set = ctx;

    return bsearch(&r->consignment_id, set->consignments, set->count, sizeof *set->consignments, by_number) !=
           NULL;
}

/* What the draws say about all hits, also those that nobody looked at. */
tmg_rc tmg_trial_estimate(tmg_trial *t, tmg_err *err)
{
    hit_set set = {tmg_alloc_array(t->arena, t->hit_count + 1, sizeof(int64_t)), t->hit_count};
    tmg_outcome_row *rows;
    tmg_sample *samples;
    size_t count;

    for (size_t i = 0; i < t->hit_count; i++)
        set.consignments[i] = t->trials->all[t->trials->of_row[t->hits[i]]].consignment_id;
    qsort(set.consignments, set.count, sizeof *set.consignments, by_number);
    TMG_TRY(tmg_outcomes_read(t->db, NULL, 0, t->from_day, t->to_day, t->centre->settings.offset_min,
                              t->arena, &rows, &count, err));
    samples = tmg_alloc_array(t->arena, count + 1, sizeof *samples);
    count = tmg_samples_of(rows, count, TMG_ANY_HARM, was_hit, &set, samples);
    tmg_estimate_rate(samples, count, &t->estimate);
    return TMG_OK;
}
