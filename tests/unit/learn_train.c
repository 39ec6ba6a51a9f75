#include "learn_help.h"

#include "base/file.h"

#include <limits.h>
#include <unistd.h>

enum { FEATURES = 5 };

typedef struct place {
    char dir[64], matrix[96], program[96];
} place;

static place place_new(void)
{
    place p = {.dir = "/tmp/tamga-learn-XXXXXX"};

    if (mkdtemp(p.dir) == NULL)
        abort();
    (void)snprintf(p.matrix, sizeof p.matrix, "%s/rows", p.dir);
    (void)snprintf(p.program, sizeof p.program, "%s/program", p.dir);
    return p;
}

static void place_remove(const place *p)
{
    (void)unlink(p->matrix);
    (void)unlink(p->program);
    assert_int_equal(rmdir(p->dir), 0); /* nothing else was left behind */
    (void)unsetenv("TAMGA_TRAIN");
}

/* Label 1 where the first feature is large and the second is known. */
static void write_rows(const place *p, int rows, bool weighted, bool alike)
{
    static const tmg_span names[FEATURES] = {TMG_SPAN_INIT("hs/bad"), TMG_SPAN_INIT("route/n"),
                                             TMG_SPAN_INIT("a"), TMG_SPAN_INIT("b"),
                                             TMG_SPAN_INIT("price \"per kg\"")};
    tmg_matrix_writer *w = NULL;
    uint64_t seed = 6;

    assert_int_equal(tmg_matrix_create(p->matrix, names, FEATURES, weighted, &w, NULL), TMG_OK);
    for (int i = 0; i < rows; i++) {
        float x[FEATURES];

        for (int j = 0; j < FEATURES; j++)
            x[j] = j == 1 && toy_random(&seed) % 3 == 0 ? NAN : toy_unit(&seed);
        assert_int_equal(tmg_matrix_add(w, x,
                                        !alike && x[0] > 0.6f && !isnan(x[1]) && toy_random(&seed) % 10 != 0,
                                        (float)(1 + i % 3), NULL),
                         TMG_OK);
    }
    assert_int_equal(tmg_matrix_finish(w, NULL), TMG_OK);
}

static void a_matrix_comes_back_as_it_was_written(void **state)
{
    (void)state;
    for (int weighted = 0; weighted < 2; weighted++)
        for (int rows = 0; rows < 6; rows++) {
            place p = place_new();
            tmg_matrix m;
            uint64_t seed = 6;
            float first = toy_unit(&seed);

            write_rows(&p, rows, weighted == 1, false);
            assert_int_equal(tmg_matrix_open(p.matrix, &m, NULL), TMG_OK);
            assert_int_equal(m.rows, rows);
            assert_int_equal(m.features, FEATURES);
            assert_true(tmg_span_is(m.names[4], "price \"per kg\""));
            if (rows > 0)
                assert_float_equal(m.x[0], first, 0);
            if (weighted == 1 && rows > 4)
                assert_float_equal(m.weight[4], 2, 0);
            if (weighted == 0)
                assert_null(m.weight);
            tmg_matrix_close(&m);
            place_remove(&p);
        }
}

static void a_broken_matrix_is_refused(void **state)
{
    (void)state;
    place p = place_new();
    TMG_AUTO_BUF whole = {0};
    tmg_matrix m;
    tmg_matrix_writer *w = NULL;
    const tmg_span name = TMG_SPAN("a");
    float x = INFINITY;

    write_rows(&p, 7, true, false);
    tmg_buf_init(&whole, 1 << 20);
    assert_int_equal(tmg_file_read(p.matrix, &whole, NULL), TMG_OK);
    for (size_t len = 0; len < whole.len; len++) {
        assert_int_equal(tmg_file_write(p.matrix, (tmg_span){whole.ptr, len}, 0600, NULL), TMG_OK);
        assert_int_equal(tmg_matrix_open(p.matrix, &m, NULL), TMG_E_INVALID);
    }
    for (size_t at = 0; at < 32; at++) { /* any bit of the head */
        whole.ptr[at] ^= 0x41;
        assert_int_equal(tmg_file_write(p.matrix, tmg_buf_as_span(&whole), 0600, NULL), TMG_OK);
        assert_int_equal(tmg_matrix_open(p.matrix, &m, NULL), TMG_E_INVALID);
        whole.ptr[at] ^= 0x41;
    }
    assert_int_equal(tmg_matrix_create(p.matrix, &name, 1, false, &w, NULL), TMG_OK);
    assert_int_equal(tmg_matrix_add(w, &x, true, 1, NULL), TMG_E_INVALID);
    assert_int_equal(tmg_matrix_open(p.matrix, &m, NULL), TMG_E_INVALID); /* not finished yet */
    tmg_matrix_drop(w);
    assert_false(tmg_path_exists(p.matrix));
    place_remove(&p);
}

/* ---- the process, played by a script ---- */

static void play(const place *p, const char *script)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 1 << 16);
    tmg_buf_fmt(&b, "#!/bin/sh\n%s\n", script);
    assert_int_equal(tmg_file_write(p->program, tmg_buf_as_span(&b), 0700, NULL), TMG_OK);
    assert_int_equal(setenv("TAMGA_TRAIN", p->program, 1), 0);
}

typedef struct heard {
    int rounds;
    tmg_train_progress last;
    int stop_at;
} heard;

static bool hear(void *ctx, const tmg_train_progress *p)
{
    heard *h = ctx;

    h->rounds++;
    h->last = *p;
    return h->rounds != h->stop_at;
}

static tmg_rc run_with(const place *p, int64_t timeout_ms, heard *h, tmg_buf *model, tmg_err *err)
{
    tmg_train_request r = tmg_train_defaults(p->matrix);

    r.timeout_ms = timeout_ms;
    tmg_buf_init(model, 1 << 24);
    return tmg_train_run(&r, hear, h, model, err);
}

static void progress_is_told_and_the_model_comes_back(void **state)
{
    (void)state;
    place p = place_new();
    heard h = {0};
    tmg_buf model;
    tmg_err err = {0};

    play(&p, "read -r request; printf '%s' '{\"round\":1,\"rounds\":2,\"loss_ppm\":6'\n"
             "printf '%s\\n' '9,\"held_loss_ppm\":71}' 'a line that is no progress'\n"
             "echo '{\"round\":2,\"rounds\":2,\"loss_ppm\":5,\"refitting\":true}'\n"
             "path=$(echo \"$request\" | sed 's/.*\"model\":\"\\([^\"]*\\)\".*/\\1/'); printf 'trees' > "
             "\"$path\"");
    assert_int_equal(run_with(&p, 60000, &h, &model, &err), TMG_OK);
    assert_int_equal(h.rounds, 2);
    assert_int_equal(h.last.loss_ppm, 5);
    assert_true(h.last.refitting && h.last.held_loss_ppm == TMG_NONE);
    assert_true(tmg_span_is(tmg_buf_as_span(&model), "trees"));
    tmg_buf_done(&model);
    place_remove(&p);
}

static void each_bad_end_has_its_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *script, *words;
        tmg_rc rc;
        int64_t timeout_ms;
        int stop_at;
    } ends[] = {
        {"echo 'tamga-train: rows: all alike' >&2; exit 2", "rows: all alike", TMG_E_INVALID, 60000, 0},
        {"echo 'tamga-train: too many' >&2; exit 6", "too many", TMG_E_LIMIT, 60000, 0},
        {"kill -9 $$", "signal 9", TMG_E_IO, 60000, 0},
        {"exit 77", "code 77", TMG_E_IO, 60000, 0},
        {"exit 0", "rows.ubj", TMG_E_NOT_FOUND, 60000, 0},
        {"exec sleep 100", "longer than", TMG_E_LIMIT, 50, 0},
        {"echo '{\"round\":1,\"rounds\":2,\"loss_ppm\":5}'; exec sleep 100", "stopped", TMG_E_CONFLICT, 60000,
         1},
    };

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        place p = place_new();
        heard h = {.stop_at = ends[i].stop_at};
        tmg_buf model;
        tmg_err err = {0};

        play(&p, ends[i].script);
        assert_int_equal(run_with(&p, ends[i].timeout_ms, &h, &model, &err), ends[i].rc);
        if (strstr(err.text, ends[i].words) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.text, ends[i].words);
        assert_int_equal(model.len, 0);
        tmg_buf_done(&model);
        place_remove(&p);
    }
}

static void without_the_program_it_says_what_to_install(void **state)
{
    (void)state;
    place p = place_new();
    char path[PATH_MAX];
    tmg_err err = {0};

    assert_int_equal(setenv("TAMGA_TRAIN", "/nowhere/tamga-train", 1), 0);
    assert_int_equal(tmg_train_find(path, sizeof path, &err), TMG_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/tamga-train"));
    place_remove(&p);
    if (tmg_train_find(path, sizeof path, &err) != TMG_OK)
        assert_non_null(strstr(err.text, "built without XGBoost"));
}

/* ---- the real one ---- */

static void train_or_skip(const place *p, tmg_train_request r, heard *h, tmg_trees **ret, tmg_buf *model)
{
    tmg_err err = {0};
    char path[PATH_MAX];

    if (tmg_train_find(path, sizeof path, &err) != TMG_OK) {
        place_remove(p);
        print_message("skipped: %s\n", err.text);
        skip();
    }
    tmg_buf_init(model, 1 << 24);
    if (tmg_train_run(&r, hear, h, model, &err) != TMG_OK ||
        tmg_trees_read(tmg_buf_as_span(model), ret, &err) != TMG_OK)
        fail_msg("%s", err.text);
}

static void the_same_request_gives_the_same_model_which_knows_what_it_learned(void **state)
{
    (void)state;
    place p = place_new();
    tmg_train_request r = tmg_train_defaults(p.matrix);
    tmg_buf model[2];
    tmg_trees *t[2];
    const float bad[] = {0.9f, 0.5f, 0.5f, 0.5f, 0.5f}, good[] = {0.9f, NAN, 0.5f, 0.5f, 0.5f};

    write_rows(&p, 3000, true, false);
    r.rounds = 30;
    r.subsample_ppm = 500000; /* draws, but the same ones */
    r.colsample_ppm = 800000;
    for (int i = 0; i < 2; i++) {
        heard h = {0};

        train_or_skip(&p, r, &h, &t[i], &model[i]);
        assert_int_equal(h.rounds, 30);
    }
    assert_int_equal(model[0].len, model[1].len);
    assert_memory_equal(model[0].ptr, model[1].ptr, model[0].len);
    assert_true(tmg_span_is(tmg_trees_feature(t[0], 4), "price \"per kg\""));
    assert_true(tmg_margin_ppb((double)tmg_trees_margin(t[0], bad)) > 700000000);
    assert_true(tmg_margin_ppb((double)tmg_trees_margin(t[0], good)) < 100000000);
    for (int i = 0; i < 2; i++) {
        tmg_buf_done(&model[i]);
        tmg_trees_free(t[i]);
    }
    place_remove(&p);
}

static void held_rows_decide_how_many_trees_are_enough(void **state)
{
    (void)state;
    for (int refit = 0; refit < 2; refit++) {
        place p = place_new();
        tmg_train_request r = tmg_train_defaults(p.matrix);
        tmg_buf model;
        tmg_trees *t;
        heard h = {0};
        size_t trees;

        write_rows(&p, 3000, false, false);
        r.held_ppm = 200000;
        r.patience = 10;
        r.refit = refit == 1;
        train_or_skip(&p, r, &h, &t, &model);
        trees = tmg_trees_count(t);
        assert_in_range(trees, 1, 200);
        assert_int_equal(h.rounds, refit == 1 ? 2 * trees + 10 : trees + 10);
        assert_int_equal(h.last.refitting, refit == 1);
        tmg_trees_free(t);
        tmg_buf_done(&model);
        place_remove(&p);
    }
}

static void rows_all_alike_teach_nothing(void **state)
{
    (void)state;
    place p = place_new();
    tmg_buf model;
    tmg_err err = {0};
    heard h = {0};
    char path[PATH_MAX];

    write_rows(&p, 100, false, true);
    if (tmg_train_find(path, sizeof path, &err) != TMG_OK) {
        place_remove(&p);
        print_message("skipped: %s\n", err.text);
        skip();
    }
    assert_int_equal(run_with(&p, 60000, &h, &model, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "100 rows to learn from with 0 findings"));
    tmg_buf_done(&model);
    place_remove(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matrix_comes_back_as_it_was_written),
        cmocka_unit_test(a_broken_matrix_is_refused),
        cmocka_unit_test(progress_is_told_and_the_model_comes_back),
        cmocka_unit_test(each_bad_end_has_its_sentence),
        cmocka_unit_test(without_the_program_it_says_what_to_install),
        cmocka_unit_test(the_same_request_gives_the_same_model_which_knows_what_it_learned),
        cmocka_unit_test(held_rows_decide_how_many_trees_are_enough),
        cmocka_unit_test(rows_all_alike_teach_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
