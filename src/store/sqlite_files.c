/* What migrating and checkpointing ask of the database file: scripts, a copy, the write-ahead log. */
#include "store/sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

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
    TMG_TRY(tmg_sqlite_make_file(half.ptr, err));
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
    /* First the bulk beside the writer, then the little that came meanwhile with the writer waiting: the log
     * starts over and its file stops growing, since a growing file makes every sync slower. */
    (void)sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    (void)sqlite3_wal_checkpoint_v2(db->h, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
}

void tmg_db_checkpoint_after(tmg_db *db, int pages)
{
    (void)sqlite3_wal_autocheckpoint(db->h, pages);
}
