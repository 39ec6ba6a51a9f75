/* Model files come from outside: whatever bytes are read as a model must judge a row alike alone and in a
 * batch, and explain it without touching foreign memory. */
#include "learn/learn.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 11 };

static void fill(float *x, size_t n)
{
    static const float values[] = {0, 1, -1, NAN, 0.5f, 1e30f, -1e30f};

    for (size_t i = 0; i < n; i++)
        x[i] = values[i % (sizeof values / sizeof *values)];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static float x[ROWS * TMG_MAX_FEATURES], phi[TMG_MAX_FEATURES + 1], batch[ROWS];
    tmg_span input = {(const char *)data, size};
    tmg_trees *t = NULL;
    tmg_shapley *s;
    tmg_err err = {0};
    size_t features;

    if (tmg_trees_read(input, &t, &err) != TMG_OK) {
        if (err.text[0] == '\0' || t != NULL)
            abort();
        return 0;
    }
    features = tmg_trees_features(t);
    if (features < 1 || features > TMG_MAX_FEATURES || tmg_trees_count(t) < 1 ||
        tmg_trees_count(t) > TMG_MAX_TREES)
        abort();
    fill(x, ROWS * features);
    tmg_trees_margins(t, x, ROWS, batch);
    for (size_t i = 0; i < ROWS; i++) {
        float one = tmg_trees_margin(t, x + i * features);

        if (memcmp(&one, &batch[i], sizeof one) != 0)
            abort();
    }
    s = tmg_shapley_new(t);
    tmg_shapley_of(s, x, phi);
    tmg_shapley_free(s);
    for (size_t i = 0; i < features; i++)
        if (!tmg_utf8_valid(tmg_trees_feature(t, i)))
            abort();
    tmg_trees_free(t);
    return 0;
}
