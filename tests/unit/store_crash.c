/* A program that stores declarations is killed at moments of chance: what it said was stored is there, whole.
 */
#include "store_sample.h"

#include <signal.h>
#include <sys/wait.h>

enum { KILLS = 8, AT_ONCE = 7 };

/* Stores and tells, until it is killed. */
static void store_for_ever(const char *path, int to, int round)
{
    tmg_db *db = NULL;
    tmg_err err;
    int64_t ids[AT_ONCE];
    char ref[32];

    if (tmg_db_open(path, TMG_DB_CREATE, &db, &err) != TMG_OK)
        _exit(1);
    tmg_saver *saver = tmg_saver_new(db);
    for (int n = 0;; n++) {
        if (tmg_begin(db, &err) != TMG_OK)
            _exit(2);
        for (int i = 0; i < AT_ONCE; i++) {
            tmg_saved saved;
            sample s;

            sample_fill(&s);
            snprintf(ref, sizeof ref, "%d-%d-%d", round, n, i);
            s.d.ref = tmg_span_of(ref);
            if (tmg_declaration_save(saver, &s.d, 1, true, &saved, &err) != TMG_OK)
                _exit(3);
            ids[i] = s.d.id;
        }
        if (tmg_commit(db, &err) != TMG_OK)
            _exit(4);
        if (write(to, ids, sizeof ids) != (ssize_t)sizeof ids)
            _exit(5);
    }
}

/* Waits for the first word of the child, then for a moment of chance. */
static size_t kill_and_listen(pid_t child, int from, int64_t *ids, size_t room)
{
    uint32_t chance;
    size_t got = 0;
    int status = 0;
    ssize_t n = read(from, ids, sizeof(int64_t) * AT_ONCE);

    assert_int_equal(n, (ssize_t)sizeof(int64_t) * AT_ONCE);
    tmg_random(&chance, sizeof chance);
    usleep(chance % 60000);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    got = AT_ONCE;
    while (got + AT_ONCE <= room &&
           read(from, ids + got, sizeof(int64_t) * AT_ONCE) == (ssize_t)sizeof(int64_t) * AT_ONCE)
        got += AT_ONCE;
    return got;
}

static void all_are_there_and_whole(home *h, const int64_t *ids, size_t count)
{
    TMG_AUTO_DB db = NULL;
    tmg_err err;

    must(tmg_db_open(home_path(h, "centre.db"), TMG_DB_WRITE, &db, &err), &err);
    assert_true(tmg_span_is(words(db, "PRAGMA integrity_check"), "ok"));
    assert_int_equal(number(db, "SELECT count(*) % 7 FROM declaration"), 0);
    assert_int_equal(number(db, "SELECT count(*) FROM declaration"),
                     number(db, "SELECT count(*) / 2 FROM item"));
    for (size_t i = 0; i < count; i++) {
        tmg_declaration back;
        sample s;

        sample_fill(&s);
        tmg_arena_reset(h->arena);
        must(tmg_declaration_load(db, ids[i], h->arena, &back, &err), &err);
        s.d.id = s.d.consignment_id = ids[i];
        s.d.version = 1;
        s.d.ref = back.ref;
        same_declaration(&s.d, &back);
    }
}

static void what_was_told_is_there_after_a_kill(void **state)
{
    enum { ROOM = 70000 };
    home *h = *state;
    int64_t *ids = tmg_xcalloc(ROOM, sizeof *ids);
    size_t count = 0;
    char path[160];

    snprintf(path, sizeof path, "%s", home_path(h, "centre.db"));
    for (int round = 0; round < KILLS; round++) {
        int ends[2];

        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(ends[0]);
            store_for_ever(path, ends[1], round);
        }
        close(ends[1]);
        count += kill_and_listen(child, ends[0], ids + count, ROOM - count);
        close(ends[0]);
        all_are_there_and_whole(h, ids, count);
    }
    assert_true(count >= KILLS * AT_ONCE);
    free(ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {IN_HOME(what_was_told_is_there_after_a_kill)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
