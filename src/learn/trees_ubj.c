/* Universal Binary JSON (draft 12), as far as XGBoost writes it: big-endian numbers, typed and counted
 * arrays, objects without type and count. */
#include "learn/trees_priv.h"

enum { MAX_LEVELS = 32 };

typedef struct ubj {
    const unsigned char *at, *end, *start;
    int level;
    tmg_arena *arena;
    tmg_booster_file *to;
    tmg_tree_file *tree; /* the one that is read */
} ubj;

static tmg_rc broken(const ubj *u, const char *what, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_INVALID, "byte %zu: %s", (size_t)(u->at - u->start), what);
}

static size_t left(const ubj *u)
{
    return (size_t)(u->end - u->at);
}

static tmg_rc take_type(ubj *u, char *ret, tmg_err *err)
{
    do {
        if (u->at == u->end)
            return broken(u, "the file ends too early", err);
        *ret = (char)*u->at++;
    } while (*ret == 'N'); /* "no-op", allowed anywhere */
    return TMG_OK;
}

static size_t width_of(char type)
{
    switch (type) {
    case 'i':
    case 'U':
    case 'C':
        return 1;
    case 'I':
        return 2;
    case 'l':
    case 'd':
        return 4;
    case 'L':
    case 'D':
        return 8;
    default:
        return 0;
    }
}

static double as_real(uint64_t bits, char type)
{
    uint32_t low = (uint32_t)bits;
    float single;
    double wide;

    memcpy(&single, &low, sizeof single);
    memcpy(&wide, &bits, sizeof wide);
    switch (type) {
    case 'i':
        return (int8_t)bits;
    case 'I':
        return (int16_t)bits;
    case 'l':
        return (int32_t)bits;
    case 'L':
        return (double)(int64_t)bits;
    case 'd':
        return (double)single;
    case 'D':
        return wide;
    default:
        return (double)bits;
    }
}

static tmg_rc take_number(ubj *u, char type, double *ret, tmg_err *err)
{
    size_t width = width_of(type);
    uint64_t bits = 0;

    if (type == 'T' || type == 'F') {
        *ret = type == 'T';
        return TMG_OK;
    }
    if (width == 0 || type == 'C')
        return broken(u, "expected a number", err);
    if (left(u) < width)
        return broken(u, "the file ends within a number", err);
    for (size_t i = 0; i < width; i++)
        bits = bits << 8 | *u->at++;
    *ret = as_real(bits, type);
    return TMG_OK;
}

/* A length or count, which cannot be above the bytes that follow: every entry takes one at least. */
static tmg_rc take_length(ubj *u, size_t *ret, tmg_err *err)
{
    char type = 0;
    double v = 0;

    TMG_TRY(take_type(u, &type, err));
    if (strchr("iUIlL", type) == NULL)
        return broken(u, "expected a length", err);
    TMG_TRY(take_number(u, type, &v, err));
    if (v < 0 || v > (double)left(u))
        return broken(u, "a length that the file does not have", err);
    *ret = (size_t)v;
    return TMG_OK;
}

static tmg_rc take_bytes(ubj *u, tmg_span *ret, tmg_err *err)
{
    size_t len = 0;

    TMG_TRY(take_length(u, &len, err));
    *ret = (tmg_span){(const char *)u->at, len};
    u->at += len;
    return TMG_OK;
}

/* What follows '[': the type of all entries or 0, their number or SIZE_MAX when ']' ends them. */
static tmg_rc take_array_head(ubj *u, char *ret_type, size_t *ret_count, tmg_err *err)
{
    *ret_type = 0;
    *ret_count = SIZE_MAX;
    if (left(u) >= 2 && *u->at == '$') {
        *ret_type = (char)u->at[1];
        u->at += 2;
        if (width_of(*ret_type) == 0)
            return broken(u, "an array of this type is not read", err);
        if (left(u) == 0 || *u->at != '#')
            return broken(u, "an array with a type needs a count", err);
    }
    if (left(u) >= 1 && *u->at == '#') {
        u->at++;
        TMG_TRY(take_length(u, ret_count, err));
        if (*ret_type != 0 && *ret_count > left(u) / width_of(*ret_type))
            return broken(u, "an array that is longer than the file", err);
    }
    return TMG_OK;
}

/* Is there one more entry?  Swallows the ']' of an array without count. */
static bool one_more(ubj *u, size_t count, size_t taken)
{
    if (count != SIZE_MAX)
        return taken < count;
    while (left(u) > 0 && *u->at == 'N')
        u->at++;
    if (left(u) == 0 || *u->at != ']')
        return true; /* what is missing will be said by whoever reads the entry */
    u->at++;
    return false;
}

static tmg_rc skip_value(ubj *u, char type, tmg_err *err);

static tmg_rc skip_array(ubj *u, tmg_err *err)
{
    char all = 0, type = 0;
    size_t count = 0;

    TMG_TRY(take_array_head(u, &all, &count, err));
    if (all != 0) {
        u->at += count * width_of(all);
        return TMG_OK;
    }
    for (size_t i = 0; one_more(u, count, i); i++) {
        TMG_TRY(take_type(u, &type, err));
        TMG_TRY(skip_value(u, type, err));
    }
    return TMG_OK;
}

typedef tmg_rc member_reader(ubj *u, tmg_span key, char type, tmg_err *err);

static tmg_rc skip_member(ubj *u, tmg_span key, char type, tmg_err *err)
{
    (void)key;
    return skip_value(u, type, err);
}

/* Behind '{': each member to `member`, which takes or skips the value. */
static tmg_rc read_object(ubj *u, member_reader *member, tmg_err *err)
{
    tmg_span key = {NULL, 0};
    char type = 0;

    if (++u->level > MAX_LEVELS)
        return TMG_FAIL(err, TMG_E_LIMIT, "byte %zu: more than %d levels of nesting",
                        (size_t)(u->at - u->start), MAX_LEVELS);
    if (left(u) > 0 && (*u->at == '$' || *u->at == '#'))
        return broken(u, "objects with a type or count are not read", err);
    for (;;) {
        while (left(u) > 0 && *u->at == 'N')
            u->at++;
        if (left(u) > 0 && *u->at == '}')
            break;
        TMG_TRY(take_bytes(u, &key, err));
        TMG_TRY(take_type(u, &type, err));
        TMG_TRY(member(u, key, type, err));
    }
    u->at++;
    u->level--;
    return TMG_OK;
}

static tmg_rc skip_value(ubj *u, char type, tmg_err *err)
{
    tmg_span text;
    tmg_rc rc = TMG_OK;

    switch (type) {
    case 'Z':
    case 'T':
    case 'F':
        return TMG_OK;
    case 'S':
    case 'H':
        return take_bytes(u, &text, err);
    case '{':
        return read_object(u, skip_member, err);
    case '[':
        if (++u->level > MAX_LEVELS)
            return TMG_FAIL(err, TMG_E_LIMIT, "byte %zu: more than %d levels of nesting",
                            (size_t)(u->at - u->start), MAX_LEVELS);
        rc = skip_array(u, err);
        u->level--;
        return rc;
    default:
        break;
    }
    if (width_of(type) == 0 || left(u) < width_of(type))
        return broken(u, "expected a value", err);
    u->at += width_of(type);
    return TMG_OK;
}

static tmg_rc read_text(ubj *u, char type, tmg_span *ret, tmg_err *err)
{
    if (type != 'S')
        return broken(u, "expected text", err);
    return take_bytes(u, ret, err);
}

static tmg_rc read_numbers(ubj *u, char type, tmg_numbers *ret, tmg_err *err)
{
    char all = 0, one = 0;
    size_t count = 0, room = 0, n = 0;
    double *to = NULL;

    if (type != '[')
        return broken(u, "expected an array of numbers", err);
    TMG_TRY(take_array_head(u, &all, &count, err));
    while (one_more(u, count, n)) {
        if (n == room) {
            /* Without a count the array grows as its entries come; with one it is known to be in the file. */
            double *more =
                tmg_alloc_array(u->arena, room = count != SIZE_MAX ? count : 2 * room + 64, sizeof *more);

            if (n > 0)
                memcpy(more, to, n * sizeof *more);
            to = more;
        }
        if (tmg_arena_full(u->arena))
            return TMG_FAIL(err, TMG_E_LIMIT, "byte %zu: the model is too large", (size_t)(u->at - u->start));
        one = all;
        if (all == 0)
            TMG_TRY(take_type(u, &one, err));
        TMG_TRY(take_number(u, one, &to[n], err));
        n++;
    }
    *ret = (tmg_numbers){to, n};
    return TMG_OK;
}

static tmg_rc tree_member(ubj *u, tmg_span key, char type, tmg_err *err)
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
            return read_numbers(u, type, arrays[i].to, err);
    return skip_value(u, type, err);
}

static tmg_rc read_trees(ubj *u, char type, tmg_err *err)
{
    char all = 0, one = 0;
    size_t count = 0;

    if (type != '[' || u->to->trees != NULL)
        return broken(u, "expected one array of trees", err);
    TMG_TRY(take_array_head(u, &all, &count, err));
    if (all != 0)
        return broken(u, "expected an array of trees", err);
    u->to->trees = tmg_alloc_array(u->arena, TMG_MAX_TREES, sizeof *u->to->trees);
    u->to->tree_count = 0;
    while (one_more(u, count, u->to->tree_count)) {
        if (u->to->tree_count == TMG_MAX_TREES)
            return TMG_FAIL(err, TMG_E_LIMIT, "the model has more than %d trees", TMG_MAX_TREES);
        u->tree = &u->to->trees[u->to->tree_count++];
        TMG_TRY(take_type(u, &one, err));
        if (one != '{')
            return broken(u, "expected a tree", err);
        TMG_TRY(read_object(u, tree_member, err));
    }
    return TMG_OK;
}

static tmg_rc model_member(ubj *u, tmg_span key, char type, tmg_err *err)
{
    return tmg_span_is(key, "trees") ? read_trees(u, type, err) : skip_value(u, type, err);
}

static tmg_rc booster_member(ubj *u, tmg_span key, char type, tmg_err *err)
{
    if (tmg_span_is(key, "name"))
        return read_text(u, type, &u->to->booster, err);
    if (tmg_span_is(key, "model") && type == '{')
        return read_object(u, model_member, err);
    return skip_value(u, type, err);
}

static tmg_rc objective_member(ubj *u, tmg_span key, char type, tmg_err *err)
{
    return tmg_span_is(key, "name") ? read_text(u, type, &u->to->objective, err) : skip_value(u, type, err);
}

static tmg_rc param_member(ubj *u, tmg_span key, char type, tmg_err *err)
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
            return read_text(u, type, texts[i].to, err);
    return skip_value(u, type, err);
}

static tmg_rc read_names(ubj *u, char type, tmg_err *err)
{
    char all = 0, one = 0;
    size_t count = 0;

    if (type != '[' || u->to->names != NULL)
        return broken(u, "expected one array of names", err);
    TMG_TRY(take_array_head(u, &all, &count, err));
    if (all != 0)
        return broken(u, "expected an array of names", err);
    u->to->names = tmg_alloc_array(u->arena, TMG_MAX_FEATURES, sizeof *u->to->names);
    u->to->name_count = 0;
    while (one_more(u, count, u->to->name_count)) {
        if (u->to->name_count == TMG_MAX_FEATURES)
            return TMG_FAIL(err, TMG_E_LIMIT, "the model has more than %d features", TMG_MAX_FEATURES);
        TMG_TRY(take_type(u, &one, err));
        TMG_TRY(read_text(u, one, &u->to->names[u->to->name_count++], err));
    }
    return TMG_OK;
}

static tmg_rc learner_member(ubj *u, tmg_span key, char type, tmg_err *err)
{
    if (tmg_span_is(key, "feature_names"))
        return read_names(u, type, err);
    if (type == '{' && tmg_span_is(key, "gradient_booster"))
        return read_object(u, booster_member, err);
    if (type == '{' && tmg_span_is(key, "objective"))
        return read_object(u, objective_member, err);
    if (type == '{' && tmg_span_is(key, "learner_model_param"))
        return read_object(u, param_member, err);
    return skip_value(u, type, err);
}

static tmg_rc root_member(ubj *u, tmg_span key, char type, tmg_err *err)
{
    return type == '{' && tmg_span_is(key, "learner") ? read_object(u, learner_member, err)
                                                      : skip_value(u, type, err);
}

tmg_rc tmg_booster_ubj(tmg_span file, tmg_arena *a, tmg_booster_file *ret, tmg_err *err)
{
    const unsigned char *bytes = (const unsigned char *)file.ptr;
    ubj u = {.at = bytes, .end = bytes + file.len, .start = bytes, .arena = a, .to = ret};
    char type = 0;

    TMG_TRY(take_type(&u, &type, err));
    if (type != '{')
        return broken(&u, "expected an object", err);
    TMG_TRY(read_object(&u, root_member, err));
    if (u.at != u.end)
        return broken(&u, "there is more behind the end of the model", err);
    return TMG_OK;
}
