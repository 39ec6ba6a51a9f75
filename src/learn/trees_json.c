#include "base/json.h"
#include "learn/trees_priv.h"

static tmg_rc read_numbers(const tmg_json *object, const char *key, tmg_arena *a, tmg_numbers *ret,
                           tmg_err *err)
{
    const tmg_json *array = tmg_json_member(object, key);
    size_t n = tmg_json_kind_of(array) == TMG_JSON_ARRAY ? tmg_json_count(array) : 0;
    double *to = tmg_alloc_array(a, n, sizeof *to);

    for (size_t i = 0; i < n; i++) {
        const tmg_json *v = tmg_json_at(array, i);

        switch (tmg_json_kind_of(v)) {
        case TMG_JSON_INT:
        case TMG_JSON_REAL:
            to[i] = tmg_json_as_real(v, 0);
            break;
        case TMG_JSON_BOOL:
            to[i] = tmg_json_as_bool(v, false);
            break;
        default:
            return TMG_FAIL(err, TMG_E_INVALID, "%s: entry %zu is no number", key, i);
        }
    }
    *ret = (tmg_numbers){to, n};
    return TMG_OK;
}

static tmg_rc read_tree(const tmg_json *tree, tmg_arena *a, tmg_tree_file *ret, tmg_err *err)
{
    TMG_TRY(read_numbers(tree, "left_children", a, &ret->left, err));
    TMG_TRY(read_numbers(tree, "right_children", a, &ret->right, err));
    TMG_TRY(read_numbers(tree, "split_indices", a, &ret->feature, err));
    TMG_TRY(read_numbers(tree, "split_conditions", a, &ret->condition, err));
    TMG_TRY(read_numbers(tree, "default_left", a, &ret->default_left, err));
    TMG_TRY(read_numbers(tree, "sum_hessian", a, &ret->cover, err));
    return read_numbers(tree, "split_type", a, &ret->split_type, err);
}

static tmg_rc read_trees(const tmg_json *trees, tmg_arena *a, tmg_booster_file *ret, tmg_err *err)
{
    size_t n = tmg_json_kind_of(trees) == TMG_JSON_ARRAY ? tmg_json_count(trees) : 0;

    if (n > TMG_MAX_TREES)
        return TMG_FAIL(err, TMG_E_LIMIT, "the model has %zu trees; at most %d are read", n, TMG_MAX_TREES);
    ret->trees = tmg_alloc_array(a, n, sizeof *ret->trees);
    ret->tree_count = n;
    for (size_t i = 0; i < n; i++)
        if (read_tree(tmg_json_at(trees, i), a, &ret->trees[i], err) != TMG_OK)
            return err != NULL ? tmg_err_within(err, "tree %zu", i) : TMG_E_INVALID;
    return TMG_OK;
}

static tmg_span text_in(const tmg_json *object, const char *key, tmg_arena *a)
{
    return tmg_span_copy(a, tmg_json_as_text(tmg_json_member(object, key)));
}

static tmg_rc read_learner(const tmg_json *learner, tmg_arena *a, tmg_booster_file *ret, tmg_err *err)
{
    const tmg_json *booster = tmg_json_member(learner, "gradient_booster");
    const tmg_json *param = tmg_json_member(learner, "learner_model_param");
    const tmg_json *names = tmg_json_member(learner, "feature_names");

    ret->booster = text_in(booster, "name", a);
    ret->objective = text_in(tmg_json_member(learner, "objective"), "name", a);
    ret->base_score = text_in(param, "base_score", a);
    ret->features = text_in(param, "num_feature", a);
    ret->classes = text_in(param, "num_class", a);
    ret->targets = text_in(param, "num_target", a);
    ret->name_count = tmg_json_kind_of(names) == TMG_JSON_ARRAY ? tmg_json_count(names) : 0;
    ret->names = tmg_alloc_array(a, ret->name_count, sizeof *ret->names);
    for (size_t i = 0; i < ret->name_count; i++)
        ret->names[i] = tmg_span_copy(a, tmg_json_as_text(tmg_json_at(names, i)));
    return read_trees(tmg_json_member(tmg_json_member(booster, "model"), "trees"), a, ret, err);
}

tmg_rc tmg_booster_json(tmg_span file, tmg_arena *a, tmg_booster_file *ret, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    const tmg_json *learner;

    TMG_TRY(tmg_json_read(file, &root, err));
    learner = tmg_json_member(root, "learner");
    if (tmg_json_kind_of(learner) != TMG_JSON_OBJECT)
        return TMG_FAIL(err, TMG_E_INVALID, "there is no \"learner\": this is no XGBoost model");
    return read_learner(learner, a, ret, err);
}
