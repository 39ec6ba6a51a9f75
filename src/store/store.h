/* store/store.h - two databases behind one small interface, and evidence files by their hash.
 *
 * SQL texts use $1..$n and the part of SQL that SQLite 3.40 and PostgreSQL 15 read alike, so that PostgreSQL
 * can stand behind this header without touching callers; only store/sqlite_*.c know SQLite.
 *
 * Durability: WAL, synchronous=FULL: what was committed survives a power cut.  One writer, readers in
 * parallel: a tmg_db is one connection and belongs to one thread at a time.  Other processes may read and
 * write the same centre at the same time (busy timeout 10 s).
 */
#ifndef TMG_STORE_STORE_H
#define TMG_STORE_STORE_H

#include "base/hash.h"
#include "base/text.h"

typedef struct tmg_db tmg_db;
typedef struct tmg_stmt tmg_stmt;

typedef enum tmg_db_mode { TMG_DB_READ, TMG_DB_WRITE, TMG_DB_CREATE } tmg_db_mode;

/* path: the database file.  TMG_DB_CREATE makes it; the other modes give TMG_E_NOT_FOUND when it is missing,
 * and TMG_E_CONFLICT when its schema is newer than this program ("made by a newer Tamga: install that
 * version") or older ("run `tamga migrate`" - opening with TMG_DB_CREATE migrates forward in one
 * transaction). */
TMG_MUST_USE tmg_rc tmg_db_open(const char *path, tmg_db_mode mode, tmg_db **ret, tmg_err *err);
void tmg_db_close(tmg_db *db); /* NULL is accepted; an open transaction is rolled back */
static inline void tmg_db_close_p(tmg_db **db)
{
    tmg_db_close(*db);
}
#define TMG_AUTO_DB __attribute__((cleanup(tmg_db_close_p))) tmg_db *

/* Version of the newest migration known to this program, and of an open database. */
int tmg_schema_latest(void);
TMG_MUST_USE tmg_rc tmg_db_schema(tmg_db *db, int *ret_version, tmg_err *err);

/* A prepared statement for this SQL text, from the connection's cache (keyed by the text's address: pass a
 * string literal or other static text).  Reset and unbound.  Owned by the connection. */
TMG_MUST_USE tmg_rc tmg_sql(tmg_db *db, const char *sql, tmg_stmt **ret, tmg_err *err);
/* Parameters count from 1.  Bytes must live until the statement was stepped and reset. */
void tmg_bind_i64(tmg_stmt *s, int at, int64_t v);
void tmg_bind_opt(tmg_stmt *s, int at, int64_t v);   /* INT64_MIN (TMG_NONE) binds NULL */
void tmg_bind_text(tmg_stmt *s, int at, tmg_span v); /* the absent span binds NULL */
void tmg_bind_blob(tmg_stmt *s, int at, tmg_span v);
void tmg_bind_null(tmg_stmt *s, int at);
/* The next row (*ret_row true) or the end.  The statement is reset by itself at the end and on failure. */
TMG_MUST_USE tmg_rc tmg_step(tmg_stmt *s, bool *ret_row, tmg_err *err);
/* Runs to the end; rows are thrown away. */
TMG_MUST_USE tmg_rc tmg_exec(tmg_stmt *s, tmg_err *err);
void tmg_reset(tmg_stmt *s); /* when leaving before the end */
/* Columns count from 0.  Spans live until the next step or reset. */
int64_t tmg_col_i64(tmg_stmt *s, int at);   /* NULL gives 0 */
int64_t tmg_col_opt(tmg_stmt *s, int at);   /* NULL gives INT64_MIN (TMG_NONE) */
tmg_span tmg_col_text(tmg_stmt *s, int at); /* NULL gives the absent span */
tmg_span tmg_col_blob(tmg_stmt *s, int at);
/* Runs one statement without parameters; for DDL and administration, never with outside text in it. */
TMG_MUST_USE tmg_rc tmg_db_run(tmg_db *db, const char *sql, tmg_err *err);
int64_t tmg_last_id(tmg_db *db); /* key made by the last INSERT of this connection */
int64_t tmg_changes(tmg_db *db); /* rows touched by the last statement */

/* Transactions.  A write transaction waits for its turn (up to 10 s), then TMG_E_STORE. */
TMG_MUST_USE tmg_rc tmg_begin(tmg_db *db, tmg_err *err);      /* for writing */
TMG_MUST_USE tmg_rc tmg_begin_read(tmg_db *db, tmg_err *err); /* one consistent view */
TMG_MUST_USE tmg_rc tmg_commit(tmg_db *db, tmg_err *err);     /* durable when it returns TMG_OK */
void tmg_rollback(tmg_db *db);                                /* nothing open: nothing happens */
TMG_MUST_USE tmg_rc tmg_savepoint(tmg_db *db, tmg_err *err);  /* one level inside a transaction */
TMG_MUST_USE tmg_rc tmg_release(tmg_db *db, tmg_err *err);
void tmg_rollback_to_savepoint(tmg_db *db);
bool tmg_in_transaction(const tmg_db *db);

/* ---- the writer: one thread that owns the write connection, with group commit ----
 *
 * Jobs handed in by any thread run one after another on the writer's thread, each in a savepoint; a group of
 * jobs shares one commit.  `work` returns its code; when it fails, only its own changes are undone.  After
 * the commit is durable `done` is called on the writer's thread with the job's outcome (or TMG_E_STORE when
 * the commit itself failed).  `done` must not block. */
typedef struct tmg_writer tmg_writer;
typedef tmg_rc (*tmg_write_work)(void *ctx, tmg_db *db, tmg_err *err);
typedef void (*tmg_write_done)(void *ctx, tmg_rc rc, const tmg_err *err);

/* Takes over `db` (opened for writing) and closes it at the end. */
TMG_MUST_USE tmg_rc tmg_writer_start(tmg_db *db, tmg_writer **ret, tmg_err *err);
/* TMG_E_LIMIT when more than 10,000 jobs wait: the caller answers "try again". */
TMG_MUST_USE tmg_rc tmg_writer_submit(tmg_writer *w, tmg_write_work work, tmg_write_done done, void *ctx,
                                      tmg_err *err);
/* Hands in a job and waits for its outcome. Not from the writer's own thread. */
TMG_MUST_USE tmg_rc tmg_writer_run(tmg_writer *w, tmg_write_work work, void *ctx, tmg_err *err);
void tmg_writer_stop(tmg_writer *w); /* finishes what waits, commits, closes; NULL is accepted */
typedef struct tmg_writer_stats {
    uint64_t jobs, commits, waiting;
} tmg_writer_stats;
tmg_writer_stats tmg_writer_read_stats(tmg_writer *w);

/* ---- evidence: files named by the SHA-256 of their content, under <home>/evidence/ab/cdef... ---- */

/* Keeps the bytes (a second time changes nothing); durable when it returns. Read-only afterwards. */
TMG_MUST_USE tmg_rc tmg_evidence_put(const char *home, tmg_span bytes, tmg_sha256 *ret_hash, tmg_err *err);
/* Reads it back into b and verifies the hash: TMG_E_NOT_FOUND, or TMG_E_STORE when the content was changed.
 */
TMG_MUST_USE tmg_rc tmg_evidence_get(const char *home, const tmg_sha256 *hash, tmg_buf *b, tmg_err *err);

#endif
