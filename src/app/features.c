/* What a declaration looks like to a learned model. */
#include "app/learned_priv.h"

enum { SCHEMA_CAP = 1 << 18, NAME_MAX_BYTES = 256 };

tmg_rc tmg_schema_make(const tmg_mind *m, tmg_schema *ret, tmg_err *err)
{
    size_t of_mind = tmg_mind_feature_count(m);
    TMG_AUTO_BUF b = {0};

    *ret = (tmg_schema){.count = of_mind + tmg_plain_feature_count()};
    if (ret->count > TMG_MAX_FEATURES)
        return TMG_FAIL(err, TMG_E_LIMIT,
                        "the chains give %zu features and a model takes %d: use fewer levels in chains.ini",
                        ret->count, TMG_MAX_FEATURES);
    ret->arena = tmg_arena_new(SCHEMA_CAP);
    ret->names = tmg_alloc_array(ret->arena, ret->count, sizeof *ret->names);
    tmg_buf_init(&b, NAME_MAX_BYTES);
    for (size_t i = 0; i < of_mind; i++) {
        tmg_buf_clear(&b);
        tmg_mind_feature_name(m, i, &b);
        ret->names[i] = tmg_span_copy(ret->arena, tmg_buf_as_span(&b));
    }
    for (size_t i = of_mind; i < ret->count; i++)
        ret->names[i] = tmg_span_of(tmg_plain_feature_name(i - of_mind));
    ret->hash = tmg_schema_hash(ret->names, ret->count);
    return TMG_OK;
}

void tmg_schema_done(tmg_schema *s)
{
    tmg_arena_free(s->arena);
    *s = (tmg_schema){0};
}

void tmg_features_of(const tmg_mind *m, const tmg_declaration *d, int32_t item_no, int offset_min, float *ret)
{
    const tmg_item *item = NULL;

    for (size_t i = 0; i < d->item_count && item == NULL; i++)
        item = d->items[i].no == item_no ? &d->items[i] : NULL;
    tmg_mind_features(m, d, item_no, ret);
    tmg_plain_features(d, item, offset_min, ret + tmg_mind_feature_count(m));
}
