/* A world in a temporary folder, read back from its files as anybody would read them. */
#ifndef TAMGA_TESTS_SIM_HELP_H
#define TAMGA_TESTS_SIM_HELP_H

#include "base/file.h"
#include "base/json.h"
#include "base/qty.h"
#include "base/time.h"
#include "sim/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const world_files[] = {"posts.json", "corridors.json", "declarations.jsonl", "truth.json"};
enum { WORLD_FILES = 4 };

typedef struct world {
    char dir[40];
    tmg_sim_options o;
    tmg_sim_summary sum;
    tmg_arena *a;
    tmg_buf text;     /* of declarations.jsonl */
    tmg_json **lines; /* one tree per declaration */
    size_t count;
    tmg_json *truth, *posts;
} world;

static inline int64_t when_of(const tmg_json *o, const char *key)
{
    tmg_instant t = {0};
    assert_int_equal(TMG_OK, tmg_instant_parse(tmg_json_as_text(tmg_json_member(o, key)), 0, &t, NULL));
    return t.at_ms;
}

static inline const char *file_in(const world *w, const char *name)
{
    return tmg_path_join(w->a, w->dir, name);
}

static inline tmg_json *read_json(const world *w, const char *name)
{
    TMG_AUTO_BUF b;
    tmg_json *root = NULL;
    tmg_buf_init(&b, 64 << 20);
    assert_int_equal(TMG_OK, tmg_file_read(file_in(w, name), &b, NULL));
    assert_int_equal(TMG_OK, tmg_json_read(tmg_buf_as_span(&b), &root, NULL));
    return root;
}

static inline world *world_make(const tmg_sim_options *o)
{
    world *w = tmg_xcalloc(1, sizeof *w);
    tmg_err err = {0};
    w->o = *o;
    w->a = tmg_arena_new(1 << 24);
    tmg_buf_init(&w->text, 512 << 20);
    (void)snprintf(w->dir, sizeof w->dir, "/tmp/tamga-sim-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    if (tmg_simulate(o, w->dir, &w->sum, &err) != TMG_OK)
        fail_msg("%s", err.text);
    return w;
}

static inline void world_read(world *w)
{
    tmg_span rest, line;
    assert_int_equal(TMG_OK, tmg_file_read(file_in(w, "declarations.jsonl"), &w->text, NULL));
    rest = tmg_buf_as_span(&w->text);
    w->lines = tmg_xcalloc((size_t)w->sum.declarations + 1, sizeof *w->lines);
    while (tmg_span_split(&rest, '\n', &line)) {
        if (line.len == 0)
            continue;
        assert_true(w->count < (size_t)w->sum.declarations);
        assert_int_equal(TMG_OK, tmg_json_read(line, &w->lines[w->count++], NULL));
    }
    w->truth = read_json(w, "truth.json");
    w->posts = read_json(w, "posts.json");
}

static inline void world_free(world *w)
{
    for (size_t i = 0; i < w->count; i++)
        tmg_json_free(w->lines[i]);
    free(w->lines);
    tmg_json_free(w->truth);
    tmg_json_free(w->posts);
    for (size_t i = 0; i < WORLD_FILES; i++)
        (void)unlink(file_in(w, world_files[i]));
    assert_int_equal(0, rmdir(w->dir)); /* fails when the world left other files behind */
    tmg_buf_done(&w->text);
    tmg_arena_free(w->a);
    free(w);
}

static inline tmg_span text_at(const tmg_json *o, const char *key)
{
    return tmg_json_as_text(tmg_json_member(o, key));
}

/* A decimal number of the file in its thousandths. */
static inline int64_t milli_at(const world *w, const tmg_json *o, const char *key)
{
    tmg_span s = tmg_json_as_decimal(tmg_json_member(o, key), w->a);
    int64_t v = 0;
    assert_int_equal(TMG_OK, tmg_decimal_parse(s, 3, TMG_ROUND_HALF_EVEN, &v, NULL));
    return v;
}

static inline const tmg_json *declaration_by_ref(const world *w, tmg_span ref)
{
    for (size_t i = 0; i < w->count; i++)
        if (tmg_span_eq(text_at(w->lines[i], "ref"), ref))
            return w->lines[i];
    fail_msg("no declaration with reference %.*s", TMG_SPAN_ARG(ref));
    return NULL;
}

#endif
