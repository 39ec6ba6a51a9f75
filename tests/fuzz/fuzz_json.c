/* JSON comes from strangers: any bytes are refused or read, and what was read is whole. */
#include "base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Controls may come by escapes, U+0000 never. */
static void must_be_text(tmg_span s)
{
    if (s.len > 0 && memchr(s.ptr, '\0', s.len) != NULL)
        abort();
}

static void walk(void *ctx, tmg_span key, const tmg_json *value);

/* Touches everything that a tree offers. */
static void touch(const tmg_json *v, size_t *budget)
{
    if (v == NULL || *budget == 0)
        return;
    --*budget;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_span text = tmg_json_as_text(v);
    must_be_text(text);
    (void)tmg_json_as_decimal(v, a);
    (void)tmg_json_as_i64(v, 0);
    for (size_t i = 0; tmg_json_kind_of(v) == TMG_JSON_ARRAY && i < tmg_json_count(v) && *budget > 0; i++)
        touch(tmg_json_at(v, i), budget);
    if (tmg_json_kind_of(v) == TMG_JSON_OBJECT)
        tmg_json_each(v, walk, budget);
}

static void walk(void *ctx, tmg_span key, const tmg_json *value)
{
    must_be_text(key);
    touch(value, ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TMG_AUTO_JSON root = NULL;
    tmg_err err;
    size_t budget = 10000;

    if (tmg_json_read((tmg_span){(const char *)data, size}, &root, &err) != TMG_OK)
        return 0;
    touch(root, &budget);
    return 0;
}
