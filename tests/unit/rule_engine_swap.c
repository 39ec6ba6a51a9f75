/* Sets are exchanged under load: one thread builds and publishes, others match with what is published, and
 * the dictionary grows meanwhile.  Run under the sanitizers too. */
#include "rule_engine_help.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SWAPS = 1000, MATCHERS = 2, RULES = 20 };

typedef struct office {
    tmg_dict *dict;
    pthread_mutex_t lock; /* of the pointer only: a reader must hold the set before it may be let go */
    tmg_ruleset *set;
    atomic_bool over;
    tmg_row rows[RULES];
    const tmg_rule *rules[RULES];
} office;

static tmg_ruleset *held(office *o)
{
    pthread_mutex_lock(&o->lock);
    tmg_ruleset *s = tmg_ruleset_hold(o->set);
    pthread_mutex_unlock(&o->lock);
    return s;
}

/* Row i is hit by rule i, in whichever set there is. */
static void *match_on(void *ctx)
{
    office *o = ctx;
    size_t wrong = 0;
    do {
        tmg_ruleset *s = held(o);
        tmg_matcher *m = tmg_matcher_new(s);
        tmg_ruleset_let(s);
        for (uint32_t i = 0; i < RULES; i++) {
            const tmg_hit *hits;
            size_t count = tmg_ruleset_match(m, &o->rows[i], NULL, &hits);
            wrong += count != 1 || hits[0].rule != i;
        }
        tmg_matcher_free(m);
    } while (!atomic_load(&o->over));
    return (void *)wrong;
}

static void office_open(office *o, tmg_arena *a)
{
    *o = (office){.dict = tmg_dict_new(), .lock = PTHREAD_MUTEX_INITIALIZER};
    for (size_t i = 0; i < RULES; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "08%02zu", i);
        o->rules[i] = rule_of(a, text, texts(a, i % 2 == 0 ? TMG_R_EQ : TMG_R_UNDER, "hs", text));
        if (i % 2 != 0)
            (void)snprintf(text, sizeof text, "08%02zu55", i);
        o->rows[i].code[TMG_CF_HS] = tmg_dict_code(o->dict, tmg_span_of(text));
    }
    assert_int_equal(tmg_ruleset_build(o->rules, RULES, o->dict, &o->set, NULL), TMG_OK);
}

static void swap(office *o, int i)
{
    tmg_ruleset *fresh, *old;
    char text[32];
    for (int k = 0; k < 10; k++) {
        (void)snprintf(text, sizeof text, "NEW-%d-%d", i, k);
        (void)tmg_dict_code(o->dict, tmg_span_of(text));
    }
    assert_int_equal(tmg_ruleset_build(o->rules, RULES, o->dict, &fresh, NULL), TMG_OK);
    pthread_mutex_lock(&o->lock);
    old = o->set;
    o->set = fresh;
    pthread_mutex_unlock(&o->lock);
    tmg_ruleset_let(old);
}

static void sets_are_exchanged_under_load(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    office o;
    pthread_t threads[MATCHERS];
    (void)state;
    office_open(&o, a);
    for (size_t i = 0; i < MATCHERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, match_on, &o), 0);
    for (int i = 0; i < SWAPS; i++)
        swap(&o, i);
    atomic_store(&o.over, true);
    for (size_t i = 0; i < MATCHERS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    tmg_ruleset_let(o.set);
    tmg_dict_free(o.dict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_exchanged_under_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
