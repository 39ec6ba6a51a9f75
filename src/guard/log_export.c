#include "guard/log_priv.h"

#include "base/file.h"

#include <errno.h>
#include <unistd.h>

enum { MAX_PATH = 4096 };

static tmg_rc put_line(FILE *f, const char *path, tmg_span line, const char *end, tmg_err *err)
{
    if (fwrite(line.ptr, 1, line.len, f) != line.len || fputs(end, f) == EOF)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be written: %s", path, strerror(errno));
    return TMG_OK;
}

static tmg_rc close_file(FILE *f, const char *path, tmg_rc rc, tmg_err *err)
{
    if (rc == TMG_OK && (fflush(f) != 0 || fsync(fileno(f)) != 0))
        rc = TMG_FAIL(err, TMG_E_IO, "%s cannot be written: %s", path, strerror(errno));
    fclose(f);
    return rc;
}

static tmg_rc write_entries(tmg_db *db, FILE *f, const char *path, int64_t size, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT entry FROM log_leaf WHERE seq < $1 ORDER BY seq", &s, err));
    tmg_bind_i64(s, 1, size);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_rc rc = put_line(f, path, tmg_col_text(s, 0), "\n", err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
    }
}

static tmg_rc export_entries(tmg_db *db, const char *folder, int64_t size, tmg_err *err)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/entries.jsonl", folder);
    FILE *f = fopen(path, "wxe");
    if (f == NULL)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be made: %s", path, strerror(errno));
    return close_file(f, path, write_entries(db, f, path, size, err), err);
}

/* There is one per minute in which something happened: they are not flushed to disk one by one. */
static tmg_rc export_one_checkpoint(const char *folder, int64_t size, tmg_span note, tmg_err *err)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/checkpoints/%020lld", folder, (long long)size);
    FILE *f = fopen(path, "wxe");
    if (f == NULL)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be made: %s", path, strerror(errno));
    tmg_rc rc = put_line(f, path, note, "", err);
    if (fclose(f) != 0 && rc == TMG_OK)
        rc = TMG_FAIL(err, TMG_E_IO, "%s cannot be written: %s", path, strerror(errno));
    return rc;
}

static tmg_rc export_checkpoints(tmg_db *db, const char *folder, int64_t below, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT size, note FROM log_checkpoint WHERE size < $1 ORDER BY size", &s, err));
    tmg_bind_i64(s, 1, below);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        tmg_rc rc = export_one_checkpoint(folder, tmg_col_i64(s, 0), tmg_col_text(s, 1), err);
        if (rc != TMG_OK) {
            tmg_reset(s);
            return rc;
        }
    }
}

static tmg_rc export_vkey(const char *home, const char *folder, tmg_err *err)
{
    char from[MAX_PATH], to[MAX_PATH];
    TMG_AUTO_BUF vkey = {0};
    tmg_buf_init(&vkey, 1024);
    snprintf(from, sizeof from, "%s/keys/log.vkey", home);
    snprintf(to, sizeof to, "%s/log.vkey", folder);
    TMG_TRY(tmg_file_read(from, &vkey, err));
    return tmg_file_write(to, tmg_buf_as_span(&vkey), 0644, err);
}

/* The size that the note just signed speaks of: others may append while the export runs. */
static tmg_rc size_of_note(tmg_span note, int64_t *ret_size, tmg_err *err)
{
    tmg_span origin, text = note;
    uint64_t size;
    tmg_sha256 root;
    TMG_TRY(tmg_checkpoint_read(text, &origin, &size, &root, err));
    *ret_size = (int64_t)size;
    return TMG_OK;
}

tmg_rc tmg_guard_export(tmg_db *db, const char *home, const char *folder, tmg_err *err)
{
    char path[MAX_PATH];
    int64_t size;
    TMG_AUTO_BUF note = {0};
    tmg_buf_init(&note, 4096);
    if (strlen(folder) > MAX_PATH - 64 || strlen(home) > MAX_PATH - 64)
        return TMG_FAIL(err, TMG_E_INVALID, "the path of the folder is too long");
    if (tmg_path_exists(folder))
        return TMG_FAIL(err, TMG_E_CONFLICT, "%s is there already: name a new folder", folder);
    TMG_TRY(tmg_guard_checkpoint(db, home, &note, err));
    TMG_TRY(size_of_note(tmg_buf_as_span(&note), &size, err));

    snprintf(path, sizeof path, "%s/checkpoints", folder);
    TMG_TRY(tmg_dir_make(path, 0755, err));
    TMG_TRY(export_entries(db, folder, size, err));
    TMG_TRY(export_checkpoints(db, folder, size, err));
    TMG_TRY(export_vkey(home, folder, err));
    snprintf(path, sizeof path, "%s/checkpoint", folder);
    return tmg_file_write(path, tmg_buf_as_span(&note), 0644, err);
}
