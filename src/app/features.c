/* What a declaration looks like to a learned model. */
#include "app/learned_priv.h"
#include "base/file.h"

#include <math.h>

enum { SCHEMA_CAP = 1 << 18, NAME_MAX_BYTES = 256 };

tmg_rc tmg_history_values(const char *chains, tmg_values **ret, tmg_err *err)
{
    static const char name[] = "history.values";
    const char *slash = strrchr(chains, '/');
    TMG_AUTO_BUF path = {0};
    tmg_file file;

    tmg_buf_init(&path, 1 << 13);
    tmg_buf_span(&path, (tmg_span){chains, slash != NULL ? (size_t)(slash - chains) + 1 : 0});
    tmg_buf_put(&path, name, sizeof name);
    TMG_TRY(tmg_file_map(path.ptr, &file, err));
    tmg_rc rc = tmg_values_read(file.bytes, ret, err);
    tmg_file_unmap(&file);
    return rc == TMG_OK ? rc : tmg_err_within(err, "%s", name);
}

/* What is asked of the history may change under a name that stays. */
static tmg_sha256 hash_of(const tmg_schema *s, const tmg_values *history)
{
    size_t asked = tmg_values_count(history);
    tmg_span *lines = tmg_alloc_array(s->arena, s->count + asked, sizeof *lines);

    memcpy(lines, s->names, s->count * sizeof *lines);
    for (size_t i = 0; i < asked; i++)
        lines[s->count + i] = tmg_values_text(history, i);
    return tmg_schema_hash(lines, s->count + asked);
}

tmg_rc tmg_schema_make(const tmg_mind *m, const tmg_values *history, tmg_schema *ret, tmg_err *err)
{
    size_t of_mind = tmg_mind_feature_count(m), plain = tmg_plain_feature_count();
    TMG_AUTO_BUF b = {0};

    *ret = (tmg_schema){.count = of_mind + plain + tmg_values_count(history)};
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
    for (size_t i = 0; i < plain; i++)
        ret->names[of_mind + i] = tmg_span_of(tmg_plain_feature_name(i));
    for (size_t i = 0; i < tmg_values_count(history); i++)
        ret->names[of_mind + plain + i] = tmg_span_copy(ret->arena, tmg_values_name(history, i));
    ret->hash = hash_of(ret, history);
    return TMG_OK;
}

void tmg_schema_done(tmg_schema *s)
{
    tmg_arena_free(s->arena);
    *s = (tmg_schema){0};
}

static const tmg_row *row_of(const tmg_sight *sight, int32_t item_no)
{
    for (size_t i = 0; i < sight->row_count; i++)
        if (sight->rows[i].item_no == item_no)
            return &sight->rows[i];
    return &sight->rows[0];
}

static void history_of(const tmg_values *history, const tmg_sight *sight, int32_t item_no, float *ret)
{
    tmg_book_sight answers = {.book = sight->book};
    int64_t value[TMG_MOST_VALUES];
    tmg_rule_senses senses = {0};

    tmg_book_senses(&answers, &senses);
    tmg_values_of(history, row_of(sight, item_no), sight->dict, &senses, value);
    for (size_t i = 0; i < tmg_values_count(history); i++)
        ret[i] = value[i] == TMG_NONE ? NAN : (float)((double)value[i] / 1e6);
}

void tmg_features_of(const tmg_mind *m, const tmg_values *history, const tmg_sight *sight,
                     const tmg_declaration *d, int32_t item_no, int offset_min, float *ret)
{
    size_t of_mind = tmg_mind_feature_count(m);

    const tmg_item *item = NULL;

    for (size_t i = 0; i < d->item_count && item == NULL; i++)
        item = d->items[i].no == item_no ? &d->items[i] : NULL;
    tmg_mind_features(m, d, item_no, ret);
    tmg_plain_features(d, item, offset_min, ret + of_mind);
    history_of(history, sight, item_no, ret + of_mind + tmg_plain_feature_count());
}
