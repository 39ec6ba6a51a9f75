/* What the tests of store/ share: a folder of their own with a centre.db, and failing with the error's
 * sentence. */
#ifndef TMG_TESTS_STORE_HELP_H
#define TMG_TESTS_STORE_HELP_H

#include "store/records.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct home {
    char dir[64], path[160];
    tmg_arena *arena;
} home;

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_remove)

static inline void must_at(tmg_rc rc, const tmg_err *err, const char *file, int line)
{
    if (rc != TMG_OK)
        fail_msg("%s:%d: %s", file, line, err->text);
}
#define must(call, err) must_at((call), (err), __FILE__, __LINE__)

static inline int home_make(void **state)
{
    home *h = tmg_xcalloc(1, sizeof(*h));

    snprintf(h->dir, sizeof h->dir, "/tmp/tamga-store-XXXXXX");
    h->arena = tmg_arena_new(1 << 24);
    *state = h;
    return mkdtemp(h->dir) != NULL ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

static inline int home_remove(void **state)
{
    home *h = *state;

    nftw(h->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    tmg_arena_free(h->arena);
    free(h);
    return 0;
}

/* Valid until the next call. */
static inline const char *home_path(home *h, const char *name)
{
    snprintf(h->path, sizeof h->path, "%s/%s", h->dir, name);
    return h->path;
}

static inline tmg_db *home_db(home *h)
{
    tmg_db *db = NULL;
    tmg_err err;

    must(tmg_db_open(home_path(h, "centre.db"), TMG_DB_CREATE, &db, &err), &err);
    return db;
}

static inline int64_t number(tmg_db *db, const char *sql)
{
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    must(tmg_sql(db, sql, &s, &err), &err);
    must(tmg_step(s, &row, &err), &err);
    assert_true(row);
    int64_t n = tmg_col_i64(s, 0);
    tmg_reset(s);
    return n;
}

/* NUL-terminated, in a buffer that the next call overwrites. */
static inline tmg_span words(tmg_db *db, const char *sql)
{
    static char text[256];
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    must(tmg_sql(db, sql, &s, &err), &err);
    must(tmg_step(s, &row, &err), &err);
    assert_true(row);
    snprintf(text, sizeof text, "%.*s", TMG_SPAN_ARG(tmg_col_text(s, 0)));
    tmg_reset(s);
    return tmg_span_of(text);
}

#endif
