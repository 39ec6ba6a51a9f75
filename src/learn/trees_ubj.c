#include "learn/ubj_priv.h"

static tmg_rc tree_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    const struct {
        const char *key;
        tmg_numbers *to;
    } arrays[] = {{"left_children", &u->tree->left},        {"right_children", &u->tree->right},
                  {"split_indices", &u->tree->feature},     {"split_conditions", &u->tree->condition},
                  {"default_left", &u->tree->default_left}, {"sum_hessian", &u->tree->cover},
                  {"split_type", &u->tree->split_type}};

    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (tmg_span_is(key, arrays[i].key))
            return tmg_ubj_numbers(u, type, arrays[i].to, err);
    return tmg_ubj_skip(u, type, err);
}

static tmg_rc read_trees(tmg_ubj *u, char type, tmg_err *err)
{
    char all = 0, one = 0;
    size_t count = 0;

    if (type != '[' || u->to->trees != NULL)
        return tmg_ubj_broken(u, "expected one array of trees", err);
    TMG_TRY(tmg_ubj_array(u, &all, &count, err));
    if (all != 0)
        return tmg_ubj_broken(u, "expected an array of trees", err);
    u->to->trees = tmg_alloc_array(u->arena, TMG_MAX_TREES, sizeof *u->to->trees);
    u->to->tree_count = 0;
    while (tmg_ubj_more(u, count, u->to->tree_count)) {
        if (u->to->tree_count == TMG_MAX_TREES)
            return TMG_FAIL(err, TMG_E_LIMIT, "the model has more than %d trees", TMG_MAX_TREES);
        u->tree = &u->to->trees[u->to->tree_count++];
        TMG_TRY(tmg_ubj_type(u, &one, err));
        if (one != '{')
            return tmg_ubj_broken(u, "expected a tree", err);
        TMG_TRY(tmg_ubj_object(u, tree_member, err));
    }
    return TMG_OK;
}

static tmg_rc model_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    return tmg_span_is(key, "trees") ? read_trees(u, type, err) : tmg_ubj_skip(u, type, err);
}

static tmg_rc booster_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    if (tmg_span_is(key, "name"))
        return tmg_ubj_text(u, type, &u->to->booster, err);
    if (tmg_span_is(key, "model") && type == '{')
        return tmg_ubj_object(u, model_member, err);
    return tmg_ubj_skip(u, type, err);
}

static tmg_rc objective_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    return tmg_span_is(key, "name") ? tmg_ubj_text(u, type, &u->to->objective, err)
                                    : tmg_ubj_skip(u, type, err);
}

static tmg_rc param_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    const struct {
        const char *key;
        tmg_span *to;
    } texts[] = {{"base_score", &u->to->base_score},
                 {"num_feature", &u->to->features},
                 {"num_class", &u->to->classes},
                 {"num_target", &u->to->targets}};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (tmg_span_is(key, texts[i].key))
            return tmg_ubj_text(u, type, texts[i].to, err);
    return tmg_ubj_skip(u, type, err);
}

static tmg_rc read_names(tmg_ubj *u, char type, tmg_err *err)
{
    char all = 0, one = 0;
    size_t count = 0;

    if (type != '[' || u->to->names != NULL)
        return tmg_ubj_broken(u, "expected one array of names", err);
    TMG_TRY(tmg_ubj_array(u, &all, &count, err));
    if (all != 0)
        return tmg_ubj_broken(u, "expected an array of names", err);
    u->to->names = tmg_alloc_array(u->arena, TMG_MAX_FEATURES, sizeof *u->to->names);
    u->to->name_count = 0;
    while (tmg_ubj_more(u, count, u->to->name_count)) {
        if (u->to->name_count == TMG_MAX_FEATURES)
            return TMG_FAIL(err, TMG_E_LIMIT, "the model has more than %d features", TMG_MAX_FEATURES);
        TMG_TRY(tmg_ubj_type(u, &one, err));
        TMG_TRY(tmg_ubj_text(u, one, &u->to->names[u->to->name_count++], err));
    }
    return TMG_OK;
}

static tmg_rc learner_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    if (tmg_span_is(key, "feature_names"))
        return read_names(u, type, err);
    if (type == '{' && tmg_span_is(key, "gradient_booster"))
        return tmg_ubj_object(u, booster_member, err);
    if (type == '{' && tmg_span_is(key, "objective"))
        return tmg_ubj_object(u, objective_member, err);
    if (type == '{' && tmg_span_is(key, "learner_model_param"))
        return tmg_ubj_object(u, param_member, err);
    return tmg_ubj_skip(u, type, err);
}

static tmg_rc root_member(tmg_ubj *u, tmg_span key, char type, tmg_err *err)
{
    return type == '{' && tmg_span_is(key, "learner") ? tmg_ubj_object(u, learner_member, err)
                                                      : tmg_ubj_skip(u, type, err);
}

tmg_rc tmg_booster_ubj(tmg_span file, tmg_arena *a, tmg_booster_file *ret, tmg_err *err)
{
    const unsigned char *bytes = (const unsigned char *)file.ptr;
    tmg_ubj u = {.at = bytes, .end = bytes + file.len, .start = bytes, .arena = a, .to = ret};
    char type = 0;

    TMG_TRY(tmg_ubj_type(&u, &type, err));
    if (type != '{')
        return tmg_ubj_broken(&u, "expected an object", err);
    TMG_TRY(tmg_ubj_object(&u, root_member, err));
    if (u.at != u.end)
        return tmg_ubj_broken(&u, "there is more behind the end of the model", err);
    return TMG_OK;
}
