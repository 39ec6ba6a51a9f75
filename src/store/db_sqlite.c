/* The only file that knows sqlite3.h. */
#include "base/file.h"
#include "base/time.h"
#include "store/store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

enum { BUSY_MS = 10000, FIRST_SLOTS = 64, FILE_MODE = 0600 };

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

/* ---- errors ---- */

static tmg_rc refuse(tmg_db *db, int code, tmg_err *err)
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
                        db->path, BUSY_MS / 1000);
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
static tmg_rc make_file(const char *path, tmg_err *err)
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
    int64_t until_us = tmg_tick_us() + BUSY_MS * INT64_C(1000);

    for (;;) {
        int code = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

        if (code == SQLITE_OK)
            return TMG_OK;
        if ((code & 0xff) != SQLITE_BUSY || tmg_tick_us() > until_us)
            return refuse(db, code, err);
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
    sqlite3_busy_timeout(db->h, BUSY_MS);
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
        TMG_TRY(make_file(path, err));
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
        return refuse(db, code, err);
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

/* ---- statements ---- */

static size_t slot_of(const tmg_db *db, const char *sql)
{
    uint64_t h = (uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 32) & (db->slot_count - 1);

    while (db->slots[at] != NULL && db->slots[at]->sql != sql)
        at = (at + 1) & (db->slot_count - 1);
    return at;
}

static void remember(tmg_db *db, tmg_stmt *s)
{
    if (2 * (db->stmt_count + 1) > db->slot_count) {
        tmg_stmt **old = db->slots;
        size_t old_count = db->slot_count;

        db->slot_count *= 2;
        db->slots = tmg_xcalloc(db->slot_count, sizeof(tmg_stmt *));
        for (size_t i = 0; i < old_count; i++)
            if (old[i] != NULL)
                db->slots[slot_of(db, old[i]->sql)] = old[i];
        free(old);
    }
    db->slots[slot_of(db, s->sql)] = s;
    db->stmt_count++;
}

/* SQLite numbers $n in order of first appearance; numbers[n - 1] leads from n to that. */
static bool number_parameters(tmg_stmt *s)
{
    int count = sqlite3_bind_parameter_count(s->s);
    bool same = true;
    int *numbers = tmg_xcalloc((size_t)count + 1, sizeof(int));

    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(s->s, i);
        int64_t n = 0;

        if (name == NULL || name[0] != '$' || !tmg_span_i64(tmg_span_of(name + 1), &n) || n < 1 ||
            n > count) {
            free(numbers);
            return false;
        }
        numbers[n - 1] = i;
        same = same && n == i;
    }
    s->count = count;
    if (same)
        free(numbers);
    else
        s->numbers = numbers;
    return true;
}

static tmg_rc prepare(tmg_db *db, const char *sql, tmg_stmt **ret, tmg_err *err)
{
    sqlite3_stmt *made = NULL;
    int code = sqlite3_prepare_v3(db->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL);

    if (code != SQLITE_OK)
        return refuse(db, code, err);
    tmg_stmt *s = tmg_xcalloc(1, sizeof(*s));
    s->db = db;
    s->s = made;
    s->sql = sql;
    if (!number_parameters(s)) {
        sqlite3_finalize(made);
        free(s);
        return TMG_FAIL(err, TMG_E_STORE, "parameters must be $1 to $n without gaps in: %s", sql);
    }
    remember(db, s);
    *ret = s;
    return TMG_OK;
}

tmg_rc tmg_sql(tmg_db *db, const char *sql, tmg_stmt **ret, tmg_err *err)
{
    tmg_stmt *s = db->slots[slot_of(db, sql)];

    if (s == NULL)
        return prepare(db, sql, ret, err);
    tmg_reset(s);
    sqlite3_clear_bindings(s->s);
    *ret = s;
    return TMG_OK;
}

static int number_of(const tmg_stmt *s, int at)
{
    return s->numbers == NULL || at < 1 || at > s->count ? at : s->numbers[at - 1];
}

static void note(tmg_stmt *s, int code)
{
    if (code != SQLITE_OK && s->bind_rc == SQLITE_OK)
        s->bind_rc = code;
}

void tmg_bind_i64(tmg_stmt *s, int at, int64_t v)
{
    note(s, sqlite3_bind_int64(s->s, number_of(s, at), v));
}

void tmg_bind_opt(tmg_stmt *s, int at, int64_t v)
{
    if (v == INT64_MIN)
        tmg_bind_null(s, at);
    else
        tmg_bind_i64(s, at, v);
}

void tmg_bind_text(tmg_stmt *s, int at, tmg_span v)
{
    note(s, sqlite3_bind_text64(s->s, number_of(s, at), v.ptr, v.len, SQLITE_STATIC, SQLITE_UTF8));
}

void tmg_bind_blob(tmg_stmt *s, int at, tmg_span v)
{
    note(s, sqlite3_bind_blob64(s->s, number_of(s, at), v.ptr, v.len, SQLITE_STATIC));
}

void tmg_bind_null(tmg_stmt *s, int at)
{
    note(s, sqlite3_bind_null(s->s, number_of(s, at)));
}

tmg_rc tmg_step(tmg_stmt *s, bool *ret_row, tmg_err *err)
{
    if (s->bind_rc != SQLITE_OK) {
        tmg_rc rc = TMG_FAIL(err, TMG_E_STORE, "a value cannot be bound (%s) in: %s",
                             sqlite3_errstr(s->bind_rc), s->sql);

        tmg_reset(s);
        return rc;
    }
    int code = sqlite3_step(s->s);
    if (code == SQLITE_ROW) {
        *ret_row = true;
        return TMG_OK;
    }
    if (code == SQLITE_DONE) {
        sqlite3_reset(s->s);
        *ret_row = false;
        return TMG_OK;
    }
    tmg_rc rc = refuse(s->db, code, err);
    tmg_reset(s);
    return rc;
}

tmg_rc tmg_exec(tmg_stmt *s, tmg_err *err)
{
    bool row = true;

    while (row)
        TMG_TRY(tmg_step(s, &row, err));
    return TMG_OK;
}

void tmg_reset(tmg_stmt *s)
{
    sqlite3_reset(s->s);
    s->bind_rc = SQLITE_OK;
}

int64_t tmg_col_i64(tmg_stmt *s, int at)
{
    return sqlite3_column_int64(s->s, at);
}

int64_t tmg_col_opt(tmg_stmt *s, int at)
{
    return sqlite3_column_type(s->s, at) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(s->s, at);
}

tmg_span tmg_col_text(tmg_stmt *s, int at)
{
    const unsigned char *text = sqlite3_column_text(s->s, at);

    return text == NULL ? (tmg_span){NULL, 0}
                        : (tmg_span){(const char *)text, (size_t)sqlite3_column_bytes(s->s, at)};
}

tmg_span tmg_col_blob(tmg_stmt *s, int at)
{
    if (sqlite3_column_type(s->s, at) == SQLITE_NULL)
        return (tmg_span){NULL, 0};
    const char *bytes = sqlite3_column_blob(s->s, at);
    return bytes == NULL ? TMG_SPAN("") : (tmg_span){bytes, (size_t)sqlite3_column_bytes(s->s, at)};
}

tmg_rc tmg_db_run(tmg_db *db, const char *sql, tmg_err *err)
{
    int code = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? TMG_OK : refuse(db, code, err);
}

int64_t tmg_last_id(tmg_db *db)
{
    return sqlite3_last_insert_rowid(db->h);
}

int64_t tmg_changes(tmg_db *db)
{
    return sqlite3_changes64(db->h);
}

/* ---- transactions ---- */

static tmg_rc control(tmg_db *db, const char *sql, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    return tmg_exec(s, err);
}

tmg_rc tmg_begin(tmg_db *db, tmg_err *err)
{
    TMG_TRY(control(db, "BEGIN IMMEDIATE", err));
    db->open = true;
    db->begins++;
    return TMG_OK;
}

tmg_rc tmg_begin_read(tmg_db *db, tmg_err *err)
{
    TMG_TRY(control(db, "BEGIN", err));
    db->open = true;
    /* SQLite takes its view at the first read, not at BEGIN. */
    tmg_rc rc = control(db, "SELECT count(*) FROM schema_version", err);
    if (rc != TMG_OK)
        tmg_rollback(db);
    return rc;
}

tmg_rc tmg_commit(tmg_db *db, tmg_err *err)
{
    tmg_rc rc = control(db, "COMMIT", err);

    if (rc != TMG_OK)
        tmg_rollback(db);
    db->open = false;
    return rc;
}

void tmg_rollback(tmg_db *db)
{
    if (!tmg_in_transaction(db))
        return;
    for (size_t i = 0; i < db->slot_count; i++)
        if (db->slots[i] != NULL)
            tmg_reset(db->slots[i]);
    /* A failure here means that SQLite has rolled back by itself. */
    (void)sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
    db->open = false;
    db->undone++;
}

tmg_rc tmg_savepoint(tmg_db *db, tmg_err *err)
{
    return control(db, "SAVEPOINT job", err);
}

tmg_rc tmg_release(tmg_db *db, tmg_err *err)
{
    return control(db, "RELEASE job", err);
}

void tmg_rollback_to_savepoint(tmg_db *db)
{
    db->undone++;
    (void)sqlite3_exec(db->h, "ROLLBACK TO job; RELEASE job", NULL, NULL, NULL);
}

bool tmg_in_transaction(const tmg_db *db)
{
    return sqlite3_get_autocommit(db->h) == 0;
}

/* ---- for migrate.c ---- */

tmg_rc tmg_db_script(tmg_db *db, const char *sql, tmg_err *err)
{
    static const struct {
        const char *macro, *text;
    } macros[] = {{"{ID}", "INTEGER PRIMARY KEY"},
                  {"{BLOB}", "BLOB"},
                  {"{STRICT}", "STRICT"},
                  {"{STRICT_ROWLESS}", "STRICT, WITHOUT ROWID"}};
    TMG_AUTO_BUF text = {0};
    size_t known = sizeof(macros) / sizeof(macros[0]), m;

    tmg_buf_init(&text, (size_t)1 << 20);
    while (*sql != '\0') {
        for (m = 0; m < known; m++)
            if (strncmp(sql, macros[m].macro, strlen(macros[m].macro)) == 0)
                break;
        if (m == known) {
            tmg_buf_char(&text, *sql++);
        } else {
            tmg_buf_z(&text, macros[m].text);
            sql += strlen(macros[m].macro);
        }
    }
    if (text.overflow)
        return TMG_FAIL(err, TMG_E_STORE, "a migration is longer than 1 MiB: split it");
    return tmg_db_run(db, text.ptr, err);
}

tmg_rc tmg_db_count_tables(tmg_db *db, const char *name, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db,
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = coalesce($1, name)",
                    &s, err));
    tmg_bind_text(s, 1, tmg_span_of(name));
    TMG_TRY(tmg_step(s, &row, err));
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc sync_file(const char *path, tmg_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return good ? TMG_OK
                : TMG_FAIL(err, TMG_E_IO, "%s cannot be written to the disk: %s", path, strerror(errno));
}

tmg_rc tmg_db_copy_to(tmg_db *db, const char *path, tmg_err *err)
{
    TMG_AUTO_BUF half = {0};
    tmg_stmt *s = NULL;

    tmg_buf_init(&half, 4096);
    tmg_buf_fmt(&half, "%s.part", path);
    if (unlink(half.ptr) != 0 && errno != ENOENT)
        return TMG_FAIL(err, TMG_E_IO, "%s is in the way: %s", half.ptr, strerror(errno));
    TMG_TRY(make_file(half.ptr, err));
    TMG_TRY(tmg_sql(db, "VACUUM INTO $1", &s, err));
    tmg_bind_text(s, 1, tmg_buf_as_span(&half));
    TMG_TRY(tmg_exec(s, err));
    TMG_TRY(sync_file(half.ptr, err));
    if (rename(half.ptr, path) != 0)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be made: %s", path, strerror(errno));
    return TMG_OK;
}

void tmg_db_checkpoint(tmg_db *db)
{
    /* First the bulk beside the writer, then the little that came meanwhile with the writer waiting: the log starts
     * over and its file stops growing, since a growing file makes every sync slower. */
    (void)sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    (void)sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
}

void tmg_db_checkpoint_after(tmg_db *db, int pages)
{
    (void)sqlite3_wal_autocheckpoint(db->h, pages);
}
