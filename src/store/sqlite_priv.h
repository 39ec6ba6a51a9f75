/* store/sqlite_priv.h - what the files that know sqlite3.h share: store/sqlite_*.c and nobody else. */
#ifndef TMG_STORE_SQLITE_PRIV_H
#define TMG_STORE_SQLITE_PRIV_H

#include "store/store_priv.h"

#include <sqlite3.h>

enum { TMG_BUSY_MS = 10000 };

struct tmg_stmt {
    tmg_db *db;
    sqlite3_stmt *s;
    const char *sql;
    int bind_rc;  /* first failure of a bind, told by the next step */
    int *numbers; /* SQLite's number of $n; NULL when they are the same */
    int count;
};

struct tmg_db {
    sqlite3 *h;
    char *path;
    bool open; /* between begin and commit or rollback */
    uint64_t begins, undone;
    tmg_stmt **slots;
    size_t slot_count, stmt_count;
};

/* What SQLite's code means, as one sentence; notes a transaction that SQLite has rolled back by itself. */
tmg_rc tmg_sqlite_refuse(tmg_db *db, int code, tmg_err *err);
/* A file that only its owner can read; there already: left as it is. */
TMG_MUST_USE tmg_rc tmg_sqlite_make_file(const char *path, tmg_err *err);

#endif
