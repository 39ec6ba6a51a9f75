/* Memory of one job: aligned, zeroed, counted, and stopped when outside input asks for too much. */
#include "base/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool all_zero(const unsigned char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    static const size_t sizes[] = {1, 3, 16, 17, 100, 4096, 9000, 70000, 0, 1, 2500000, 8};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 24);

    (void)state;
    for (int round = 0; round < 3; round++) {
        unsigned char *pieces[sizeof sizes / sizeof sizes[0]];

        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            pieces[i] = tmg_alloc(a, sizes[i]);
            assert_non_null(pieces[i]);
            assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
            assert_true(all_zero(pieces[i], sizes[i]));
            memset(pieces[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(pieces[i][k], i + 1);
        tmg_arena_reset(a);
        assert_int_equal(tmg_arena_used(a), 0);
    }
}

static void many_rounds_in_one_arena_stay_apart(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 24);

    (void)state;
    for (size_t round = 0; round < 50; round++) {
        size_t pieces = 1 + round * 7919 % 3000;
        unsigned char *last = NULL;

        for (size_t i = 0; i < pieces; i++) {
            unsigned char *piece = tmg_alloc(a, 1000);

            assert_true(all_zero(piece, 1000));
            memset(piece, 0xff, 1000);
            piece[0] = (unsigned char)i;
            assert_true(last == NULL || last[0] == (unsigned char)(i - 1));
            last = piece;
        }
        tmg_arena_reset(a);
    }
}

static void texts_are_copied_with_a_nul(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1000);
    char source[] = "Alat port";
    const char *copy = tmg_strdup_n(a, source, 4);

    (void)state;
    source[0] = 'X';
    assert_string_equal(copy, "Alat");
    assert_string_equal(tmg_strdup_n(a, NULL, 0), "");
}

static void passing_the_cap_is_told_and_forgotten_by_a_reset(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1024);

    (void)state;
    (void)tmg_alloc(a, 1024);
    assert_false(tmg_arena_full(a));
    (void)tmg_alloc(a, 1);
    assert_true(tmg_arena_full(a));
    assert_true(tmg_arena_used(a) > 1024);
    (void)tmg_alloc(a, 900); /* still served, up to twice the cap */
    tmg_arena_reset(a);
    assert_false(tmg_arena_full(a));
}

static void take_too_much(void)
{
    tmg_arena *a = tmg_arena_new(1000);

    for (int i = 0; i < 100; i++)
        (void)tmg_alloc(a, 100);
}

static void take_an_impossible_array(void)
{
    (void)tmg_alloc_array(tmg_arena_new(1000), SIZE_MAX / 2, 3);
}

static void take_an_impossible_piece(void)
{
    (void)tmg_alloc(tmg_arena_new(1000), SIZE_MAX);
}

static void expect_abort(void (*act)(void))
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)fclose(stderr);
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void running_away_ends_the_process(void **state)
{
    (void)state;
    expect_abort(take_too_much);
    expect_abort(take_an_impossible_array);
    expect_abort(take_an_impossible_piece);
}

static void long_lived_memory_grows(void **state)
{
    int *list = tmg_xcalloc(2, sizeof *list);

    (void)state;
    assert_int_equal(list[1], 0);
    list[1] = 7;
    list = tmg_xrealloc(list, 1000 * sizeof *list);
    assert_int_equal(list[1], 7);
    free(list);
    tmg_arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(many_rounds_in_one_arena_stay_apart),
        cmocka_unit_test(texts_are_copied_with_a_nul),
        cmocka_unit_test(passing_the_cap_is_told_and_forgotten_by_a_reset),
        cmocka_unit_test(running_away_ends_the_process),
        cmocka_unit_test(long_lived_memory_grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
