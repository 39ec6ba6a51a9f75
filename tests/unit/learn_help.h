/* What the tests of learn/ share: random trees, written as XGBoost writes them, and the slow way to judge
 * them. */
#ifndef TESTS_UNIT_LEARN_HELP_H
#define TESTS_UNIT_LEARN_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "learn/learn.h"

#include <math.h>

enum { TOY_NODES = 8191, TOY_TREES = 40 };

typedef struct toy_tree {
    int n;
    int left[TOY_NODES], right[TOY_NODES], feature[TOY_NODES];
    bool default_left[TOY_NODES];
    float value[TOY_NODES], cover[TOY_NODES];
} toy_tree;

typedef struct toy {
    int features, count;
    const char *base, *booster, *objective;
    toy_tree *tree[TOY_TREES];
} toy;

static inline uint32_t toy_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static inline float toy_unit(uint64_t *seed) /* 0 to 1 */
{
    return (float)(toy_random(seed) % 100000) / 100000.0f;
}

static inline void toy_grow(toy_tree *t, int at, int levels, int features, uint64_t *seed)
{
    t->left[at] = t->right[at] = -1;
    t->value[at] = toy_unit(seed) - 0.5f;
    if (levels == 0 || (levels < 4 && toy_random(seed) % 5 == 0))
        return;
    t->feature[at] = (int)(toy_random(seed) % (uint32_t)features);
    t->default_left[at] = toy_random(seed) % 2 == 0;
    t->value[at] = toy_unit(seed);
    for (int side = 0; side < 2; side++) {
        int child = t->n++;

        *(side == 0 ? &t->left[at] : &t->right[at]) = child;
        t->cover[child] =
            side == 0 ? t->cover[at] * (0.1f + 0.8f * toy_unit(seed)) : t->cover[at] - t->cover[t->left[at]];
        toy_grow(t, child, levels - 1, features, seed);
    }
}

static inline toy toy_of(int features, int count, int depth, uint64_t seed)
{
    toy m = {features, count, "2.5E-1", "gbtree", "binary:logistic", {NULL}};

    for (int i = 0; i < count; i++) {
        m.tree[i] = tmg_xcalloc(1, sizeof **m.tree);
        m.tree[i]->n = 1;
        m.tree[i]->cover[0] = 1000;
        toy_grow(m.tree[i], 0, depth, features, &seed);
    }
    return m;
}

static inline void toy_free(toy *m)
{
    for (int i = 0; i < m->count; i++)
        free(m->tree[i]);
}

static inline void toy_row(const toy *m, float *x, uint64_t *seed)
{
    for (int i = 0; i < m->features; i++)
        x[i] = toy_random(seed) % 8 == 0 ? NAN : toy_unit(seed);
}

/* One row down one tree, as XGBoost's documentation says it. */
static inline int toy_next(const toy_tree *t, int at, const float *x)
{
    float v = x[t->feature[at]];
    bool goes_left = isnan(v) ? t->default_left[at] : v < t->value[at];

    return goes_left ? t->left[at] : t->right[at];
}

static inline float toy_margin(const toy *m, const float *x)
{
    float base = strtof(m->base, NULL), sum = -logf(1.0f / base - 1.0f);

    for (int i = 0; i < m->count; i++) {
        int at = 0;

        while (m->tree[i]->left[at] != -1)
            at = toy_next(m->tree[i], at, x);
        sum += m->tree[i]->value[at];
    }
    return sum;
}

/* ---- the two forms of a model file ---- */

typedef enum toy_array {
    TOY_LEFT,
    TOY_RIGHT,
    TOY_FEATURE,
    TOY_VALUE,
    TOY_DEFAULT,
    TOY_COVER,
    TOY_TYPE
} toy_array;
static const char *const toy_names[] = {"left_children",    "right_children", "split_indices",
                                        "split_conditions", "default_left",   "sum_hessian",
                                        "split_type"};
static const char toy_types[] = "llldUdU";

static inline double toy_entry(const toy_tree *t, int array, int i)
{
    switch ((toy_array)array) {
    case TOY_LEFT:
        return t->left[i];
    case TOY_RIGHT:
        return t->right[i];
    case TOY_FEATURE:
        return t->feature[i];
    case TOY_VALUE:
        return (double)t->value[i];
    case TOY_DEFAULT:
        return t->default_left[i];
    case TOY_COVER:
        return (double)t->cover[i];
    case TOY_TYPE:
        break;
    }
    return 0;
}

static inline void toy_json(const toy *m, tmg_buf *b)
{
    tmg_buf_init(b, 32 << 20);
    tmg_buf_z(b, "{\"learner\":{\"attributes\":{},\"feature_names\":[");
    for (int i = 0; i < m->features; i++)
        tmg_buf_fmt(b, "%s\"f%d\"", i == 0 ? "" : ",", i);
    tmg_buf_fmt(
        b, "],\"gradient_booster\":{\"model\":{\"gbtree_model_param\":{\"num_trees\":\"%d\"},\"trees\":[",
        m->count);
    for (int k = 0; k < m->count; k++) {
        tmg_buf_fmt(b, "%s{\"id\":%d", k == 0 ? "" : ",", k);
        for (int a = 0; a < 7; a++) {
            tmg_buf_fmt(b, ",\"%s\":[", toy_names[a]);
            for (int i = 0; i < m->tree[k]->n; i++)
                tmg_buf_fmt(b, "%s%.9g", i == 0 ? "" : ",", toy_entry(m->tree[k], a, i));
            tmg_buf_z(b, "]");
        }
        tmg_buf_z(b, "}");
    }
    tmg_buf_fmt(
        b,
        "]},\"name\":\"%s\"},\"learner_model_param\":{\"base_score\":\"%s\",\"num_class\":\"0\","
        "\"num_feature\":\"%d\",\"num_target\":\"1\"},\"objective\":{\"name\":\"%s\"}},\"version\":[1,7,4]}",
        m->booster, m->base, m->features, m->objective);
}

static inline void toy_big(tmg_buf *b, uint64_t v, int bytes)
{
    for (int i = bytes; i-- > 0;)
        tmg_buf_char(b, (char)(v >> (8 * i)));
}

static inline void toy_length(tmg_buf *b, size_t len)
{
    tmg_buf_char(b, 'L');
    toy_big(b, len, 8);
}

static inline void toy_key(tmg_buf *b, const char *key)
{
    toy_length(b, strlen(key));
    tmg_buf_z(b, key);
}

static inline void toy_text(tmg_buf *b, const char *key, const char *v)
{
    toy_key(b, key);
    tmg_buf_char(b, 'S');
    toy_key(b, v);
}

static inline void toy_number(tmg_buf *b, char type, double v)
{
    float single = (float)v;
    uint32_t bits;

    memcpy(&bits, &single, sizeof bits);
    if (type == 'd')
        toy_big(b, bits, 4);
    else
        toy_big(b, (uint64_t)(int64_t)v, type == 'U' ? 1 : 4);
}

static inline void toy_ubj_tree(const toy_tree *t, tmg_buf *b)
{
    tmg_buf_char(b, '{');
    for (int a = 0; a < 7; a++) {
        toy_key(b, toy_names[a]);
        tmg_buf_fmt(b, "[$%c#", toy_types[a]);
        toy_length(b, (size_t)t->n);
        for (int i = 0; i < t->n; i++)
            toy_number(b, toy_types[a], toy_entry(t, a, i));
    }
    toy_key(b, "id");
    tmg_buf_char(b, 'i');
    tmg_buf_char(b, 7);
    tmg_buf_char(b, '}');
}

static inline void toy_ubj(const toy *m, tmg_buf *b)
{
    char features[16];

    (void)snprintf(features, sizeof features, "%d", m->features);
    tmg_buf_init(b, 32 << 20);
    tmg_buf_char(b, '{');
    toy_key(b, "learner");
    tmg_buf_char(b, '{');
    toy_key(b, "feature_names");
    tmg_buf_z(b, "[#");
    toy_length(b, (size_t)m->features);
    for (int i = 0; i < m->features; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "f%d", i);
        tmg_buf_char(b, 'S');
        toy_key(b, name);
    }
    toy_key(b, "gradient_booster");
    tmg_buf_char(b, '{');
    toy_key(b, "model");
    tmg_buf_char(b, '{');
    toy_key(b, "trees");
    tmg_buf_z(b, "[#");
    toy_length(b, (size_t)m->count);
    for (int k = 0; k < m->count; k++)
        toy_ubj_tree(m->tree[k], b);
    tmg_buf_char(b, '}');
    toy_text(b, "name", m->booster);
    tmg_buf_char(b, '}');
    toy_key(b, "learner_model_param");
    tmg_buf_char(b, '{');
    toy_text(b, "base_score", m->base);
    toy_text(b, "num_class", "0");
    toy_text(b, "num_feature", features);
    toy_text(b, "num_target", "1");
    tmg_buf_char(b, '}');
    toy_key(b, "objective");
    tmg_buf_char(b, '{');
    toy_text(b, "name", m->objective);
    tmg_buf_z(b, "}}");
    toy_key(b, "version");
    tmg_buf_z(b, "[#");
    toy_length(b, 3);
    tmg_buf_put(b, "i\1i\7i\4}", 7);
}

static inline tmg_trees *toy_read(const toy *m, bool ubj)
{
    TMG_AUTO_BUF b = {0};
    tmg_trees *t = NULL;
    tmg_err err = {0};

    (ubj ? toy_ubj : toy_json)(m, &b);
    if (tmg_trees_read(tmg_buf_as_span(&b), &t, &err) != TMG_OK)
        fail_msg("%s", err.text);
    return t;
}

#endif
