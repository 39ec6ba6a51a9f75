/* Whole files: read, mapped, replaced at once. */
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct place {
    char dir[32];
    tmg_arena *a;
} place;

static int make_place(void **state)
{
    place *p = tmg_xcalloc(1, sizeof *p);

    (void)snprintf(p->dir, sizeof p->dir, "/tmp/tamga-file-XXXXXX");
    p->a = tmg_arena_new(100000);
    *state = p;
    return mkdtemp(p->dir) != NULL ? 0 : -1;
}

static int remove_tree(const char *dir, tmg_arena *a)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    if (d == NULL)
        return -1;
    while ((e = readdir(d)) != NULL) {
        const char *path = tmg_path_join(a, dir, e->d_name);

        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlink(path) != 0)
            (void)remove_tree(path, a);
    }
    (void)closedir(d);
    return rmdir(dir);
}

static int remove_place(void **state)
{
    place *p = *state;
    int rc = remove_tree(p->dir, p->a);

    tmg_arena_free(p->a);
    free(p);
    return rc;
}

static int files_in(const char *dir)
{
    DIR *d = opendir(dir);
    int count = 0;

    while (readdir(d) != NULL)
        count++;
    (void)closedir(d);
    return count - 2;
}

static void a_written_file_replaces_the_old_one(void **state)
{
    place *p = *state;
    const char *path = tmg_path_join(p->a, p->dir, "key.txt");
    struct stat st;
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 100);
    assert_int_equal(tmg_file_write(path, TMG_SPAN("old"), 0644, &err), TMG_OK);
    assert_int_equal(tmg_file_write(path, TMG_SPAN("new text"), 0600, &err), TMG_OK);
    assert_int_equal(tmg_file_read(path, &b, &err), TMG_OK);
    assert_string_equal(b.ptr, "new text");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(files_in(p->dir), 1);
    assert_true(tmg_path_exists(path));
    assert_int_equal(tmg_file_read(path, &b, &err), TMG_OK);
    assert_string_equal(b.ptr, "new textnew text");
}

static void a_file_that_cannot_be_written_leaves_nothing(void **state)
{
    place *p = *state;
    tmg_err err;

    assert_int_equal(tmg_file_write(tmg_path_join(p->a, p->dir, "no/such"), TMG_SPAN("x"), 0644, &err),
                     TMG_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "no/such: No such file or directory"));
    assert_int_equal(tmg_dir_make(tmg_path_join(p->a, p->dir, "taken/in"), 0755, &err), TMG_OK);
    assert_int_equal(tmg_file_write(tmg_path_join(p->a, p->dir, "taken"), TMG_SPAN("x"), 0644, &err),
                     TMG_E_IO);
    assert_int_equal(files_in(p->dir), 1);
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    place *p = *state;
    const char *path = tmg_path_join(p->a, p->dir, "state");
    struct rlimit small = {.rlim_cur = 20000};
    struct rlimit kept;
    TMG_AUTO_BUF b;
    tmg_rc rc;
    tmg_err err;

    tmg_buf_init(&b, 100000);
    assert_int_equal(tmg_file_write(path, TMG_SPAN("old"), 0644, &err), TMG_OK);
    tmg_buf_fmt(&b, "%50000d", 1);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    small.rlim_max = kept.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    rc = tmg_file_write(path, tmg_buf_as_span(&b), 0644, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
    assert_int_equal(rc, TMG_E_IO);
    assert_non_null(strstr(err.text, "File too large"));
    tmg_buf_clear(&b);
    assert_int_equal(tmg_file_read(path, &b, &err), TMG_OK);
    assert_string_equal(b.ptr, "old");
    assert_int_equal(files_in(p->dir), 1);
}

static void a_bare_name_is_written_in_the_present_folder(void **state)
{
    place *p = *state;
    char *before = getcwd(NULL, 0);
    tmg_err err;

    assert_int_equal(chdir(p->dir), 0);
    assert_int_equal(tmg_file_write("bare", TMG_SPAN("x"), 0644, &err), TMG_OK);
    assert_int_equal(chdir(before), 0);
    assert_true(tmg_path_exists(tmg_path_join(p->a, p->dir, "bare")));
    free(before);
}

static void maps_show_the_bytes(void **state)
{
    place *p = *state;
    const char *path = tmg_path_join(p->a, p->dir, "a.csv");
    const char *empty = tmg_path_join(p->a, p->dir, "empty");
    tmg_file f;
    tmg_err err;

    assert_int_equal(tmg_file_write(path, TMG_SPAN("mrn,hs\n"), 0644, &err), TMG_OK);
    assert_int_equal(tmg_file_write(empty, (tmg_span){NULL, 0}, 0644, &err), TMG_OK);
    assert_int_equal(tmg_file_map(path, &f, &err), TMG_OK);
    assert_true(tmg_span_is(f.bytes, "mrn,hs\n"));
    tmg_file_unmap(&f);
    tmg_file_unmap(&f);
    assert_int_equal(tmg_file_map(empty, &f, &err), TMG_OK);
    assert_int_equal(f.bytes.len, 0);
    assert_non_null(f.bytes.ptr);
    tmg_file_unmap(&f);
}

static void what_is_no_file_is_said(void **state)
{
    place *p = *state;
    tmg_file f;
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 100);
    assert_int_equal(tmg_file_map(tmg_path_join(p->a, p->dir, "nothing"), &f, &err), TMG_E_NOT_FOUND);
    assert_int_equal(tmg_file_map(p->dir, &f, &err), TMG_E_INVALID);
    assert_non_null(strstr(err.text, "is a folder, not a file"));
    assert_int_equal(tmg_file_map("/dev/null", &f, &err), TMG_E_INVALID);
    assert_string_equal(err.text, "/dev/null is not a regular file");
    assert_int_equal(tmg_file_read(p->dir, &b, &err), TMG_E_INVALID);
    assert_int_equal(tmg_file_read("/proc/self/mem", &b, &err), TMG_E_IO);
    assert_false(tmg_path_exists(tmg_path_join(p->a, p->dir, "nothing")));
}

static void reading_stops_at_the_buffers_maximum(void **state)
{
    place *p = *state;
    const char *path = tmg_path_join(p->a, p->dir, "ten");
    TMG_AUTO_BUF b;
    tmg_err err;

    assert_int_equal(tmg_file_write(path, TMG_SPAN("0123456789"), 0644, &err), TMG_OK);
    tmg_buf_init(&b, 10);
    assert_int_equal(tmg_file_read(path, &b, &err), TMG_OK);
    tmg_buf_done(&b);
    tmg_buf_init(&b, 9);
    assert_int_equal(tmg_file_read(path, &b, &err), TMG_E_LIMIT);
    assert_non_null(strstr(err.text, "is longer than the 9 bytes allowed"));
}

static void a_dash_is_standard_input(void **state)
{
    int kept = dup(STDIN_FILENO);
    int both[2];
    TMG_AUTO_BUF b;
    tmg_err err;

    (void)state;
    tmg_buf_init(&b, 100);
    assert_int_equal(pipe2(both, O_CLOEXEC), 0);
    assert_int_equal(write(both[1], "piped", 5), 5);
    (void)close(both[1]);
    assert_int_equal(dup2(both[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(tmg_file_read("-", &b, &err), TMG_OK);
    assert_string_equal(b.ptr, "piped");
    if (kept >= 0) {
        (void)dup2(kept, STDIN_FILENO);
        (void)close(kept);
    }
    (void)close(both[0]);
}

static void folders_are_made_with_their_parents(void **state)
{
    place *p = *state;
    struct stat st;
    tmg_err err;

    assert_int_equal(tmg_dir_make(tmg_path_join(p->a, p->dir, "a//b/c/"), 0750, &err), TMG_OK);
    assert_int_equal(tmg_dir_make(tmg_path_join(p->a, p->dir, "a/b/c"), 0750, &err), TMG_OK);
    assert_int_equal(stat(tmg_path_join(p->a, p->dir, "a/b/c"), &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(tmg_file_write(tmg_path_join(p->a, p->dir, "f"), TMG_SPAN(""), 0644, &err), TMG_OK);
    assert_int_equal(tmg_dir_make(tmg_path_join(p->a, p->dir, "f"), 0750, &err), TMG_E_CONFLICT);
    assert_int_equal(tmg_dir_make(tmg_path_join(p->a, p->dir, "f/g"), 0750, &err), TMG_E_CONFLICT);
    assert_int_equal(tmg_dir_make("/proc/tamga", 0750, &err), TMG_E_NOT_FOUND);
}

static void paths_are_joined_with_one_slash(void **state)
{
    place *p = *state;

    assert_string_equal(tmg_path_join(p->a, "data", "hs.csv"), "data/hs.csv");
    assert_string_equal(tmg_path_join(p->a, "data/", "hs.csv"), "data/hs.csv");
    assert_string_equal(tmg_path_join(p->a, "/", "hs.csv"), "/hs.csv");
    assert_string_equal(tmg_path_join(p->a, "", "hs.csv"), "hs.csv");
}

#define IN_PLACE(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(a_written_file_replaces_the_old_one),
        IN_PLACE(a_file_that_cannot_be_written_leaves_nothing),
        IN_PLACE(a_full_disk_leaves_the_old_file),
        IN_PLACE(a_bare_name_is_written_in_the_present_folder),
        IN_PLACE(maps_show_the_bytes),
        IN_PLACE(what_is_no_file_is_said),
        IN_PLACE(reading_stops_at_the_buffers_maximum),
        IN_PLACE(a_dash_is_standard_input),
        IN_PLACE(folders_are_made_with_their_parents),
        IN_PLACE(paths_are_joined_with_one_slash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
