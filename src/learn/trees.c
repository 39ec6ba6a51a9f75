#include "base/qty.h"
#include "learn/trees_priv.h"

#include <math.h>

typedef struct builder {
    tmg_trees *t;
    const tmg_tree_file *file;
    size_t index; /* of the tree, for messages */
    size_t nodes; /* in the file */
    tmg_node *to;
    size_t made;
    uint32_t *source; /* [made]: which node of the file */
    uint8_t *level;   /* [made] */
    bool *seen;       /* [nodes] */
} builder;

static bool whole_below(double v, double end)
{
    return v >= 0 && v < end && v == floor(v);
}

static tmg_rc check_arrays(const builder *b, tmg_err *err)
{
    const tmg_tree_file *f = b->file;
    const struct {
        const char *name;
        size_t n;
    } arrays[] = {{"right_children", f->right.n},
                  {"split_indices", f->feature.n},
                  {"split_conditions", f->condition.n},
                  {"default_left", f->default_left.n},
                  {"sum_hessian", f->cover.n}};

    if (b->nodes == 0 || b->nodes > TMG_MAX_TREE_NODES)
        return TMG_FAIL(err, b->nodes == 0 ? TMG_E_INVALID : TMG_E_LIMIT,
                        "tree %zu: expected 1 to %d nodes, not %zu", b->index, TMG_MAX_TREE_NODES, b->nodes);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (arrays[i].n != b->nodes)
            return TMG_FAIL(err, TMG_E_INVALID, "tree %zu: %s has %zu entries and left_children %zu",
                            b->index, arrays[i].name, arrays[i].n, b->nodes);
    for (size_t i = 0; i < f->split_type.n; i++)
        if (f->split_type.v[i] != 0)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "tree %zu: splits by category are not read; train with numbers", b->index);
    return TMG_OK;
}

static tmg_rc add_child(builder *b, double child, size_t parent, tmg_err *err)
{
    if (!whole_below(child, (double)b->nodes) || b->seen[(size_t)child])
        return TMG_FAIL(err, TMG_E_INVALID,
                        "tree %zu: node %u names a child that is not there or has another parent", b->index,
                        b->source[parent]);
    b->seen[(size_t)child] = true;
    b->source[b->made] = (uint32_t)child;
    b->level[b->made] = (uint8_t)(b->level[parent] + 1);
    b->made++;
    return TMG_OK;
}

static tmg_rc split(builder *b, size_t at, tmg_err *err)
{
    const tmg_tree_file *f = b->file;
    uint32_t from = b->source[at];
    tmg_node *node = &b->to[at];

    if (!whole_below(f->feature.v[from], (double)b->t->features))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "tree %zu: node %u asks for a feature that the model does not have", b->index, from);
    if (!(node->cover > 0))
        return TMG_FAIL(err, TMG_E_INVALID, "tree %zu: node %u splits no rows (sum_hessian)", b->index, from);
    if (b->level[at] >= TMG_MAX_TREE_DEPTH)
        return TMG_FAIL(err, TMG_E_LIMIT, "tree %zu: deeper than %d levels", b->index, TMG_MAX_TREE_DEPTH);
    node->place = (uint16_t)(2 * (unsigned)f->feature.v[from] + (f->default_left.v[from] != 0 ? 0 : 1));
    node->left = (uint32_t)b->made;
    TMG_TRY(add_child(b, f->left.v[from], at, err));
    return add_child(b, f->right.v[from], at, err);
}

static tmg_rc build_node(builder *b, size_t at, tmg_err *err)
{
    const tmg_tree_file *f = b->file;
    uint32_t from = b->source[at];
    tmg_node *node = &b->to[at];

    node->value = (float)f->condition.v[from];
    node->cover = (float)f->cover.v[from];
    if (!isfinite(node->value) || !isfinite(node->cover) || node->cover < 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "tree %zu: node %u holds a number that is not finite or negative hessians", b->index,
                        from);
    if (f->left.v[from] != -1)
        return split(b, at, err);
    if (f->right.v[from] != -1)
        return TMG_FAIL(err, TMG_E_INVALID, "tree %zu: node %u has a right child only", b->index, from);
    return TMG_OK;
}

/* Level by level from the root, so that every node is met once and stands behind its parent. */
static tmg_rc build_tree(builder *b, tmg_arena *scratch, tmg_tree *ret, tmg_err *err)
{
    TMG_TRY(check_arrays(b, err));
    b->source = tmg_alloc_array(scratch, b->nodes, sizeof *b->source);
    b->level = tmg_alloc_array(scratch, b->nodes, sizeof *b->level);
    b->seen = tmg_alloc_array(scratch, b->nodes, sizeof *b->seen);
    b->seen[0] = true;
    b->made = 1;
    for (size_t i = 0; i < b->made; i++)
        TMG_TRY(build_node(b, i, err));
    *ret = (tmg_tree){b->to, b->made, b->level[b->made - 1]};
    return TMG_OK;
}

static tmg_rc build_trees(tmg_trees *t, const tmg_booster_file *f, tmg_arena *scratch, tmg_err *err)
{
    size_t room = 0;

    for (size_t i = 0; i < f->tree_count; i++)
        room += f->trees[i].left.n;
    if (room > TMG_MAX_MODEL_NODES)
        return TMG_FAIL(err, TMG_E_LIMIT, "the model has %zu nodes; at most %d are read", room,
                        TMG_MAX_MODEL_NODES);
    t->count = f->tree_count;
    t->trees = tmg_xcalloc(t->count, sizeof *t->trees);
    t->nodes = tmg_xcalloc(room, sizeof *t->nodes);
    for (size_t i = 0; i < t->count; i++) {
        builder b = {.t = t,
                     .file = &f->trees[i],
                     .index = i,
                     .nodes = f->trees[i].left.n,
                     .to = t->nodes + t->node_count};

        TMG_TRY(build_tree(&b, scratch, &t->trees[i], err));
        t->node_count += b.made;
        t->depth = t->trees[i].depth > t->depth ? t->trees[i].depth : t->depth;
    }
    return TMG_OK;
}

/* A number that XGBoost wrote as text: "34", "5E-1"; newer versions put it into brackets. */
static tmg_rc text_number(tmg_span s, const char *name, double *ret, tmg_err *err)
{
    int64_t units = 0; /* of 1e-15, which every float near a probability has */

    if (s.len > 2 && s.ptr[0] == '[' && s.ptr[s.len - 1] == ']')
        s = (tmg_span){s.ptr + 1, s.len - 2};
    if (s.len == 0 || tmg_decimal_parse(s, 15, TMG_ROUND_HALF_EVEN, &units, NULL) != TMG_OK)
        return TMG_FAIL(err, TMG_E_INVALID, "learner_model_param: %s is missing or no number", name);
    *ret = (double)units / 1e15;
    return TMG_OK;
}

static tmg_rc check_kind(const tmg_booster_file *f, tmg_err *err)
{
    if (!tmg_span_is(f->booster, "gbtree"))
        return TMG_FAIL(err, TMG_E_INVALID, "the booster is \"%.*s\"; only gbtree is read",
                        TMG_SPAN_ARG(tmg_utf8_cut(f->booster, 40)));
    if (!tmg_span_is(f->objective, "binary:logistic"))
        return TMG_FAIL(err, TMG_E_INVALID, "the objective is \"%.*s\"; only binary:logistic is read",
                        TMG_SPAN_ARG(tmg_utf8_cut(f->objective, 40)));
    if ((f->classes.len > 0 && !tmg_span_is(f->classes, "0")) ||
        (f->targets.len > 0 && !tmg_span_is(f->targets, "1")))
        return TMG_FAIL(err, TMG_E_INVALID, "the model judges several classes or targets; only one is read");
    if (f->tree_count == 0 || f->tree_count > TMG_MAX_TREES)
        return TMG_FAIL(err, f->tree_count == 0 ? TMG_E_INVALID : TMG_E_LIMIT,
                        "the model has %zu trees; 1 to %d are read", f->tree_count, TMG_MAX_TREES);
    return TMG_OK;
}

static tmg_rc build_head(tmg_trees *t, const tmg_booster_file *f, tmg_err *err)
{
    double features = 0, base = 0;

    TMG_TRY(text_number(f->features, "num_feature", &features, err));
    TMG_TRY(text_number(f->base_score, "base_score", &base, err));
    if (features < 1 || !whole_below(features, TMG_MAX_FEATURES + 1))
        return TMG_FAIL(err, features > TMG_MAX_FEATURES ? TMG_E_LIMIT : TMG_E_INVALID,
                        "num_feature: expected 1 to %d", TMG_MAX_FEATURES);
    if (!(base > 0) || !(base < 1))
        return TMG_FAIL(err, TMG_E_INVALID, "base_score: expected a probability between 0 and 1");
    t->features = (size_t)features;
    t->base = -logf(1.0f / (float)base - 1.0f);
    if (!isfinite(t->base))
        return TMG_FAIL(err, TMG_E_INVALID, "base_score: too near to 0 or 1");
    if (f->name_count != 0 && f->name_count != t->features)
        return TMG_FAIL(err, TMG_E_INVALID, "feature_names: %zu names for %zu features", f->name_count,
                        t->features);
    t->arena = tmg_arena_new(1 << 20);
    if (f->name_count == 0)
        return TMG_OK;
    t->names = tmg_alloc_array(t->arena, f->name_count, sizeof *t->names);
    for (size_t i = 0; i < f->name_count; i++) {
        if (f->names[i].len > TMG_MAX_FEATURE_NAME || !tmg_utf8_valid(f->names[i]))
            return TMG_FAIL(err, TMG_E_LIMIT, "feature_names: number %zu is longer than %d bytes or no UTF-8",
                            i, TMG_MAX_FEATURE_NAME);
        t->names[i] = tmg_span_copy(t->arena, f->names[i]);
    }
    return TMG_OK;
}

static tmg_rc build(tmg_trees *t, const tmg_booster_file *f, tmg_arena *scratch, tmg_err *err)
{
    TMG_TRY(check_kind(f, err));
    TMG_TRY(build_head(t, f, err));
    TMG_TRY(build_trees(t, f, scratch, err));
    tmg_trees_pad(t);
    return TMG_OK;
}

/* Both forms begin with '{'; then JSON has a quote, UBJ the type of a length. */
static bool is_ubj(tmg_span file)
{
    return file.len > 1 && file.ptr[0] == '{' && file.ptr[1] != '\0' &&
           strchr("iUIlL}", file.ptr[1]) != NULL && !(file.ptr[1] == '}' && file.len == 2);
}

tmg_rc tmg_trees_read(tmg_span file, tmg_trees **ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)TMG_MAX_MODEL_BYTES * 16);
    tmg_booster_file booster = {0};
    tmg_trees *t;
    tmg_rc rc;

    if (file.len > TMG_MAX_MODEL_BYTES)
        return TMG_FAIL(err, TMG_E_LIMIT, "the model file has %zu bytes; at most %d are read", file.len,
                        TMG_MAX_MODEL_BYTES);
    rc = is_ubj(file) ? tmg_booster_ubj(file, a, &booster, err) : tmg_booster_json(file, a, &booster, err);
    if (rc != TMG_OK)
        return err != NULL ? tmg_err_within(err, "the model file") : rc;
    t = tmg_xcalloc(1, sizeof *t);
    rc = build(t, &booster, a, err);
    if (rc != TMG_OK) {
        tmg_trees_free(t);
        return err != NULL ? tmg_err_within(err, "the model file") : rc;
    }
    *ret = t;
    return TMG_OK;
}

void tmg_trees_free(tmg_trees *t)
{
    if (t == NULL)
        return;
    free(t->trees);
    free(t->nodes);
    free(t->padded);
    free(t->leaves);
    tmg_arena_free(t->arena);
    free(t);
}

size_t tmg_trees_count(const tmg_trees *t)
{
    return t->count;
}

size_t tmg_trees_features(const tmg_trees *t)
{
    return t->features;
}

tmg_span tmg_trees_feature(const tmg_trees *t, size_t i)
{
    return t->names != NULL && i < t->features ? t->names[i] : (tmg_span){NULL, 0};
}
