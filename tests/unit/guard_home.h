/* A centre's folder with an empty database and a signing key, for the tests of guard/. */
#ifndef GUARD_HOME_H
#define GUARD_HOME_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard/guard.h"

typedef struct home {
    char dir[80], db_path[96];
    tmg_db *db;
    tmg_err err;
} home;

#define assert_ok(h, call)                                                                                   \
    do {                                                                                                     \
        tmg_rc rc_ = (call);                                                                                 \
        if (rc_ != TMG_OK)                                                                                   \
            fail_msg("%s: %s", #call, (h)->err.text);                                                        \
    } while (0)

static inline int home_make(void **state)
{
    const char *tmp = getenv("TMPDIR");
    home *h = tmg_xcalloc(1, sizeof *h);
    snprintf(h->dir, sizeof h->dir, "%s/tamga-guard-XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(h->dir) == NULL)
        return -1;
    snprintf(h->db_path, sizeof h->db_path, "%s/centre.db", h->dir);
    *state = h;
    if (tmg_db_open(h->db_path, TMG_DB_CREATE, &h->db, &h->err) != TMG_OK ||
        tmg_guard_make_key(h->dir, "Test Centre", &h->err) != TMG_OK) {
        print_error("%s\n", h->err.text);
        return -1;
    }
    return 0;
}

static inline int home_remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline int home_drop(void **state)
{
    home *h = *state;
    tmg_db_close(h->db);
    int rc = nftw(h->dir, home_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(h);
    return rc;
}

static inline tmg_actor home_officer(void)
{
    tmg_actor a = {
        .account_id = 7, .role = TMG_ANALYST, .name = "officer", .display = "Officer", .from = "127.0.0.1"};
    return a;
}

/* Appends `count` leaves about consignments first.. in one transaction. */
static inline void home_append(home *h, tmg_db *db, int first, int count)
{
    tmg_actor who = home_officer();
    char object[32];
    assert_ok(h, tmg_begin(db, &h->err));
    for (int i = first; i < first + count; i++) {
        snprintf(object, sizeof object, "consignment:%d", i);
        assert_ok(h, tmg_guard_log(db, &who, "consignment.read", object, TMG_SPAN("\"purpose\":\"test\""),
                                   &h->err));
    }
    assert_ok(h, tmg_commit(db, &h->err));
}

#endif
