#include "learn_help.h"

enum { ROWS = 203, FEATURES = 9 };

static void both_forms_judge_as_the_slow_way_does(void **state)
{
    (void)state;
    for (int depth = 0; depth <= 12; depth++) {
        toy m = toy_of(FEATURES, depth == 12 ? 3 : 21, depth, (uint64_t)depth + 5);
        uint64_t seed = 77;
        float x[ROWS * FEATURES], batch[ROWS];

        for (int i = 0; i < ROWS; i++)
            toy_row(&m, x + i * FEATURES, &seed);
        /* A value equal to the threshold goes right. */
        x[m.tree[0]->feature[0]] = m.tree[0]->value[0];
        for (int ubj = 0; ubj < 2; ubj++) {
            tmg_trees *t = toy_read(&m, ubj == 1);

            assert_int_equal(tmg_trees_count(t), m.count);
            assert_int_equal(tmg_trees_features(t), FEATURES);
            assert_true(tmg_span_is(tmg_trees_feature(t, 8), "f8"));
            tmg_trees_margins(t, x, ROWS, batch);
            for (int i = 0; i < ROWS; i++) {
                float slow = toy_margin(&m, x + i * FEATURES), one = tmg_trees_margin(t, x + i * FEATURES);

                assert_memory_equal(&one, &slow, sizeof slow);
                assert_memory_equal(&batch[i], &slow, sizeof slow);
            }
            tmg_trees_free(t);
        }
        toy_free(&m);
    }
}

static void many_features_and_few_rows(void **state)
{
    (void)state;
    toy m = toy_of(TMG_MAX_FEATURES, 9, 6, 3);
    tmg_trees *t = toy_read(&m, true);
    uint64_t seed = 1;
    static float x[20 * TMG_MAX_FEATURES];
    float out[20];

    for (int i = 0; i < 20; i++)
        toy_row(&m, x + i * TMG_MAX_FEATURES, &seed);
    for (size_t n = 0; n <= 20; n++) {
        out[n < 20 ? n : 0] = 123;
        tmg_trees_margins(t, x, n, out);
        for (size_t i = 0; i < n; i++)
            assert_float_equal(out[i], toy_margin(&m, x + i * TMG_MAX_FEATURES), 0);
        if (n < 20)
            assert_float_equal(out[n], 123, 0); /* nothing behind the last row is written */
    }
    tmg_trees_free(t);
    toy_free(&m);
}

static void the_base_is_a_probability_in_the_file(void **state)
{
    (void)state;
    toy m = toy_of(1, 1, 0, 1);
    float x = 0.5f;
    tmg_trees *t;

    m.tree[0]->value[0] = 0;
    m.base = "9E-1";
    t = toy_read(&m, false);
    assert_float_equal(tmg_trees_margin(t, &x), logf(9), 1e-6);
    assert_int_equal(tmg_margin_ppb(0), 500000000);
    assert_in_range(tmg_margin_ppb((double)tmg_trees_margin(t, &x)), 899999900, 900000100);
    /* Worked out to 30 digits: the same on every machine. */
    assert_int_equal(tmg_margin_ppb(1.25), 777299861);
    assert_int_equal(tmg_margin_ppb(-3.0), 47425873);
    assert_int_equal(tmg_margin_ppb(-7.625), 487857);
    assert_int_equal(tmg_margin_ppb(500), 999999999);
    assert_int_equal(tmg_margin_ppb(-500), 1);
    tmg_trees_free(t);
    toy_free(&m);
}

/* The file of m is refused in both forms with words that hold `words`. */
static void assert_refused(const toy *m, tmg_rc rc, const char *words)
{
    for (int ubj = 0; ubj < 2; ubj++) {
        TMG_AUTO_BUF b = {0};
        tmg_trees *t = NULL;
        tmg_err err = {0};

        (ubj == 1 ? toy_ubj : toy_json)(m, &b);
        assert_int_equal(tmg_trees_read(tmg_buf_as_span(&b), &t, &err), rc);
        assert_null(t);
        if (strstr(err.text, words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.text, words);
    }
}

static void hostile_trees_are_refused_with_a_sentence(void **state)
{
    (void)state;
    toy m = toy_of(FEATURES, 2, 4, 9);
    toy_tree *t = m.tree[1], before = *t;
    int leaf = 0;

    while (t->left[leaf] != -1)
        leaf = t->left[leaf];
    t->left[t->left[0]] = 0; /* around in a circle */
    assert_refused(&m, TMG_E_INVALID, "tree 1: node 1 names a child");
    *t = before;
    t->right[0] = t->left[0];
    assert_refused(&m, TMG_E_INVALID, "another parent");
    *t = before;
    t->right[0] = t->n;
    assert_refused(&m, TMG_E_INVALID, "not there");
    *t = before;
    t->left[0] = -7;
    assert_refused(&m, TMG_E_INVALID, "not there");
    *t = before;
    t->right[leaf] = 0;
    assert_refused(&m, TMG_E_INVALID, "right child only");
    *t = before;
    t->feature[0] = FEATURES;
    assert_refused(&m, TMG_E_INVALID, "a feature that the model does not have");
    *t = before;
    t->cover[0] = 0;
    assert_refused(&m, TMG_E_INVALID, "splits no rows");
    *t = before;
    t->cover[leaf] = -1;
    assert_refused(&m, TMG_E_INVALID, "negative");
    *t = before;
    t->value[0] = 3e38f; /* large, but a number */
    tmg_trees_free(toy_read(&m, true));
    toy_free(&m);
}

static void numbers_that_are_none_are_refused(void **state)
{
    (void)state;
    toy m = toy_of(FEATURES, 1, 2, 9);

    for (int i = 0; i < 2; i++) {
        TMG_AUTO_BUF b = {0};
        tmg_trees *t = NULL;
        tmg_err err = {0};

        m.tree[0]->value[0] = i == 0 ? NAN : INFINITY;
        toy_ubj(&m, &b); /* JSON cannot say them */
        assert_int_equal(tmg_trees_read(tmg_buf_as_span(&b), &t, &err), TMG_E_INVALID);
        assert_non_null(strstr(err.text, "not finite"));
    }
    toy_free(&m);
}

static void other_models_are_refused(void **state)
{
    (void)state;
    toy m = toy_of(FEATURES, 1, 2, 9);

    m.booster = "dart";
    assert_refused(&m, TMG_E_INVALID, "\"dart\"");
    m.booster = "gbtree";
    m.objective = "multi:softprob";
    assert_refused(&m, TMG_E_INVALID, "\"multi:softprob\"");
    m.objective = "binary:logistic";
    m.base = "1E0";
    assert_refused(&m, TMG_E_INVALID, "base_score");
    m.base = "high";
    assert_refused(&m, TMG_E_INVALID, "base_score");
    m.base = "5E-1";
    toy_free(&m);
    m.count = 0;
    assert_refused(&m, TMG_E_INVALID, "0 trees");
    m = toy_of(TMG_MAX_FEATURES + 1, 1, 2, 9);
    assert_refused(&m, TMG_E_LIMIT, "256");
    toy_free(&m);
}

static void a_tree_that_is_too_deep_meets_the_limit(void **state)
{
    (void)state;
    toy m = toy_of(1, 1, 0, 1);
    toy_tree *t = m.tree[0];

    for (int level = 0; level < 13; level++) { /* a ladder */
        t->left[2 * level] = 2 * level + 2;
        t->right[2 * level] = 2 * level + 1;
        t->left[2 * level + 1] = t->right[2 * level + 1] = -1;
        t->left[2 * level + 2] = t->right[2 * level + 2] = -1;
        t->cover[2 * level + 1] = t->cover[2 * level + 2] = 1;
    }
    t->n = 27;
    assert_refused(&m, TMG_E_LIMIT, "deeper than 12");
    toy_free(&m);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    toy m = toy_of(3, 2, 2, 4);

    for (int ubj = 0; ubj < 2; ubj++) {
        TMG_AUTO_BUF b = {0};

        (ubj == 1 ? toy_ubj : toy_json)(&m, &b);
        for (size_t len = 0; len < b.len; len++) {
            char *exact = tmg_xcalloc(len + 1, 1); /* so that a read behind the end is seen */
            tmg_trees *t = NULL;

            memcpy(exact, b.ptr, len);
            exact = tmg_xrealloc(exact, len > 0 ? len : 1);
            assert_int_not_equal(tmg_trees_read((tmg_span){exact, len}, &t, NULL), TMG_OK);
            free(exact);
        }
    }
    toy_free(&m);
}

static void lengths_that_the_file_does_not_have_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } bad[] = {
        {"{L\x7f\xff\xff\xff\xff\xff\xff\xfflearner{}}", 20},      /* a key of 2^63 bytes */
        {"{L\xff\xff\xff\xff\xff\xff\xff\xfflearner{}}", 20},      /* of -1 */
        {"{i\7learner{i\15feature_names[$S#i\3}}", 40},            /* typed text */
        {"{i\7learner{i\15feature_names[#l\x7f\xff\xff\xffS", 33}, /* 2^31 names */
        {"{i\1x[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 44},     /* too many levels */
        {"{i\7learner[]}x", 14},                                   /* more behind the end */
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tmg_trees *t = NULL;
        tmg_err err = {0};

        assert_int_not_equal(tmg_trees_read((tmg_span){bad[i].bytes, bad[i].len}, &t, &err), TMG_OK);
        assert_non_null(strstr(err.text, "byte"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_judge_as_the_slow_way_does),
        cmocka_unit_test(many_features_and_few_rows),
        cmocka_unit_test(the_base_is_a_probability_in_the_file),
        cmocka_unit_test(hostile_trees_are_refused_with_a_sentence),
        cmocka_unit_test(numbers_that_are_none_are_refused),
        cmocka_unit_test(other_models_are_refused),
        cmocka_unit_test(a_tree_that_is_too_deep_meets_the_limit),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(lengths_that_the_file_does_not_have_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
