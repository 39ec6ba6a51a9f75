/* store/store_priv.h - what the files of store/ share behind store/store.h. */
#ifndef TMG_STORE_STORE_PRIV_H
#define TMG_STORE_STORE_PRIV_H

#include "store/store.h"

/* How often a write transaction was begun on this connection: ids counted in memory are good while it stays.
 */
uint64_t tmg_db_begins(const tmg_db *db);
/* How often something was rolled back: ids of rows made since are not to be trusted when it moves. */
uint64_t tmg_db_undone(const tmg_db *db);

/* Runs the statements of a migration, with the macros {ID}, {BLOB}, {STRICT}, {STRICT_ROWLESS} put in. */
TMG_MUST_USE tmg_rc tmg_db_script(tmg_db *db, const char *sql, tmg_err *err);
TMG_MUST_USE tmg_rc tmg_db_count_tables(tmg_db *db, const char *name, int64_t *ret,
                                        tmg_err *err); /* NULL: all */
/* A complete, durable copy of the database beside it; replaces a file of that name. */
TMG_MUST_USE tmg_rc tmg_db_copy_to(tmg_db *db, const char *path, tmg_err *err);
const char *tmg_db_path(const tmg_db *db);

/* ---- checkpointer.c ---- */
/* A thread that moves what is committed from the write-ahead log into the database file, on a connection of
 * its own and beside the writer, so that no commit has to wait for it. */
typedef struct tmg_checkpointer tmg_checkpointer;
TMG_MUST_USE tmg_rc tmg_checkpointer_start(tmg_db *writer, tmg_checkpointer **ret, tmg_err *err);
void tmg_checkpointer_stop(tmg_checkpointer *c); /* NULL is accepted */
/* Moves what it can without making anyone wait; what is left stays for the next time. */
void tmg_db_checkpoint(tmg_db *db);
/* From how many pages of log on a commit on this connection moves them itself. */
void tmg_db_checkpoint_after(tmg_db *db, int pages);

/* ---- migrate.c ---- */
typedef struct tmg_migration {
    int version;
    const char *name, *sha256, *sql;
} tmg_migration;

/* Compares what was applied with the list, in order of version, and refuses as tmg_db_open says; `forward`
 * applies what is missing, each in a transaction, after a copy of an older database was made. */
TMG_MUST_USE tmg_rc tmg_migrate(tmg_db *db, const tmg_migration *list, size_t count, bool forward,
                                tmg_err *err);
TMG_MUST_USE tmg_rc tmg_migrate_known(tmg_db *db, bool forward, tmg_err *err); /* with the compiled-in list */

/* ---- rows.c: arrays of unknown length in an arena ---- */
typedef struct tmg_rows {
    tmg_arena *arena;
    void *at;
    size_t size, count, room;
} tmg_rows;
void *tmg_rows_next(tmg_rows *rows); /* zeroed; earlier pointers may have moved */
/* Text of a column, copied into the arena. */
tmg_span tmg_row_text(tmg_stmt *s, int at, tmg_arena *a);

#endif
