/* Opening and closing the database, and what its failures mean. */
#include "base/file.h"
#include "base/time.h"
#include "store/sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

enum { FIRST_SLOTS = 64, FILE_MODE = 0600 };

tmg_rc tmg_sqlite_refuse(tmg_db *db, int code, tmg_err *err)
{
    const char *said = sqlite3_errmsg(db->h);

    /* A full disk or a failed write makes SQLite roll the whole transaction back by itself. */
    if (db->open && sqlite3_get_autocommit(db->h) != 0) {
        db->open = false;
        db->undone++;
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return TMG_FAIL(err, TMG_E_STORE,
                        "another program is writing to %s and did not finish in %d seconds: try again",
                        db->path, TMG_BUSY_MS / 1000);
    case SQLITE_FULL:
        return TMG_FAIL(err, TMG_E_STORE, "the disk that holds %s is full: free some space and try again",
                        db->path);
    case SQLITE_IOERR:
        return TMG_FAIL(err, TMG_E_STORE, "reading or writing %s failed (%s): check the disk", db->path,
                        said);
    case SQLITE_CONSTRAINT:
        return TMG_FAIL(err, TMG_E_STORE, "the database refuses this record: %s", said);
    case SQLITE_CORRUPT:
        return TMG_FAIL(err, TMG_E_STORE, "%s is damaged (%s): restore it from a backup", db->path, said);
    case SQLITE_NOTADB:
        return TMG_FAIL(err, TMG_E_STORE, "%s is not a Tamga database: name the centre's own file", db->path);
    case SQLITE_READONLY:
        return TMG_FAIL(err, TMG_E_STORE,
                        "%s can only be read here: open it for writing, or allow writing to the file",
                        db->path);
    case SQLITE_CANTOPEN:
        return TMG_FAIL(err, TMG_E_STORE, "%s cannot be opened: check that this user may read and write it",
                        db->path);
    default:
        return TMG_FAIL(err, TMG_E_STORE, "the database %s failed: %s", db->path, said);
    }
}

/* ---- open and close ---- */

static void configure_once(void)
{
    /* Counting memory costs a lock at every allocation; refused without harm when SQLite already runs. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
}

/* Makes the file first so that nobody but its owner can read it; SQLite gives the same mode to -wal and -shm.
 */
tmg_rc tmg_sqlite_make_file(const char *path, tmg_err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);

    if (fd < 0)
        return TMG_FAIL(err, TMG_E_STORE, "%s cannot be made: %s", path, strerror(errno));
    close(fd);
    return TMG_OK;
}

/* Changing the journal needs the file alone and does not wait by itself: another program may be opening it
 * too. */
static tmg_rc run_patiently(tmg_db *db, const char *sql, tmg_err *err)
{
    int64_t until_us = tmg_tick_us() + TMG_BUSY_MS * INT64_C(1000);

    for (;;) {
        int code = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

        if (code == SQLITE_OK)
            return TMG_OK;
        if ((code & 0xff) != SQLITE_BUSY || tmg_tick_us() > until_us)
            return tmg_sqlite_refuse(db, code, err);
        usleep(2000);
    }
}

static tmg_rc set_up(tmg_db *db, tmg_db_mode mode, tmg_err *err)
{
    static const char *const write[] = {
        "PRAGMA page_size = 8192",          "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",        "PRAGMA cache_size = -65536",
        "PRAGMA wal_autocheckpoint = 8192", "PRAGMA journal_size_limit = 67108864"};
    static const char *const read[] = {"PRAGMA query_only = ON", "PRAGMA cache_size = -8192"};
    static const char *const all[] = {"PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF",
                                      "PRAGMA mmap_size = 0", "PRAGMA temp_store = MEMORY"};

    sqlite3_extended_result_codes(db->h, 1);
    sqlite3_busy_timeout(db->h, TMG_BUSY_MS);
    sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        TMG_TRY(tmg_db_run(db, all[i], err));
    if (mode == TMG_DB_READ) {
        for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
            TMG_TRY(tmg_db_run(db, read[i], err));
        return TMG_OK;
    }
    for (size_t i = 0; i < sizeof(write) / sizeof(write[0]); i++)
        TMG_TRY(run_patiently(db, write[i], err));
    return TMG_OK;
}

tmg_rc tmg_db_open(const char *path, tmg_db_mode mode, tmg_db **ret, tmg_err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int flags = SQLITE_OPEN_NOMUTEX | (mode == TMG_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);

    pthread_once(&once, configure_once);
    if (mode == TMG_DB_CREATE)
        TMG_TRY(tmg_sqlite_make_file(path, err));
    else if (!tmg_path_exists(path))
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "there is no database %s: make the centre first, or name its folder", path);

    TMG_AUTO_DB db = tmg_xcalloc(1, sizeof(*db));
    size_t len = strlen(path);
    db->path = tmg_xcalloc(len + 1, 1);
    memcpy(db->path, path, len);
    db->slot_count = FIRST_SLOTS;
    db->slots = tmg_xcalloc(FIRST_SLOTS, sizeof(tmg_stmt *));
    int code = sqlite3_open_v2(path, &db->h, flags, NULL);
    if (code != SQLITE_OK)
        return tmg_sqlite_refuse(db, code, err);
    TMG_TRY(set_up(db, mode, err));
    TMG_TRY(tmg_migrate_known(db, mode == TMG_DB_CREATE, err));
    *ret = db;
    db = NULL;
    return TMG_OK;
}

void tmg_db_close(tmg_db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < db->slot_count; i++) {
        if (db->slots[i] == NULL)
            continue;
        sqlite3_finalize(db->slots[i]->s);
        free(db->slots[i]->numbers);
        free(db->slots[i]);
    }
    sqlite3_close_v2(db->h); /* rolls back what is open */
    free(db->slots);
    free(db->path);
    free(db);
}

const char *tmg_db_path(const tmg_db *db)
{
    return db->path;
}

uint64_t tmg_db_begins(const tmg_db *db)
{
    return db->begins;
}

uint64_t tmg_db_undone(const tmg_db *db)
{
    return db->undone;
}
