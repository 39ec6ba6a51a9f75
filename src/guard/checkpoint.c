#include "guard/log_priv.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

enum { MAX_KEY_FILE = 1024, MAX_PATH = 4096 };

static tmg_rc path_of(const char *home, const char *name, char *ret, tmg_err *err)
{
    int n = snprintf(ret, MAX_PATH, "%s/keys/%s", home, name);
    if (n < 0 || n >= MAX_PATH)
        return TMG_FAIL(err, TMG_E_INVALID, "the path of the centre is longer than %d bytes", MAX_PATH);
    return TMG_OK;
}

/* "tamga/<centre>" with what a key name must not hold (white space, '+', controls) turned into '-'. */
static tmg_rc origin_of(const char *centre, char *ret, size_t room, tmg_err *err)
{
    int n = snprintf(ret, room, "tamga/%s", centre);
    if (n < 0 || (size_t)n >= room || centre[0] == '\0')
        return TMG_FAIL(err, TMG_E_INVALID, "the name of the centre must have 1 to %zu bytes",
                        room - sizeof "tamga/");
    for (char *p = ret; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || *p == '+' || *p == 0x7f)
            *p = '-';
    if (!tmg_note_name_fits(tmg_span_of(ret)))
        return TMG_FAIL(err, TMG_E_INVALID, "the name of the centre is not well-formed UTF-8");
    return TMG_OK;
}

/* O_EXCL: two programs that set up the same centre cannot both believe to hold its key. */
static tmg_rc write_secret(const char *path, tmg_span bytes, tmg_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST)
        return TMG_FAIL(err, TMG_E_CONFLICT, "%s is there already: a centre keeps its key for life", path);
    if (fd < 0)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be made: %s", path, strerror(errno));
    bool good = write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
    int why = errno;
    if ((close(fd) != 0 && good) || !good) {
        unlink(path);
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be written: %s", path, strerror(why));
    }
    return TMG_OK;
}

tmg_rc tmg_guard_make_key(const char *home, const char *centre, tmg_err *err)
{
    char dir[MAX_PATH], secret_path[MAX_PATH], public_path[MAX_PATH];
    tmg_note_key key;
    char origin[sizeof key.name];
    TMG_TRY(path_of(home, "", dir, err));
    TMG_TRY(path_of(home, "log.key", secret_path, err));
    TMG_TRY(path_of(home, "log.vkey", public_path, err));
    TMG_TRY(origin_of(centre, origin, sizeof origin, err));
    dir[strlen(dir) - 1] = '\0';
    TMG_TRY(tmg_dir_make(dir, 0700, err));

    tmg_note_key_make(&key, origin);
    TMG_AUTO_BUF secret = {0}, vkey = {0};
    tmg_buf_init(&secret, MAX_KEY_FILE);
    tmg_buf_init(&vkey, MAX_KEY_FILE);
    tmg_note_skey_write(&key, &secret);
    tmg_buf_char(&secret, '\n');
    tmg_note_vkey_write(&key, &vkey);
    tmg_buf_char(&vkey, '\n');
    sodium_memzero(&key, sizeof key);
    tmg_rc rc = write_secret(secret_path, tmg_buf_as_span(&secret), err);
    sodium_memzero(secret.ptr, secret.len);
    TMG_TRY(rc);
    return tmg_file_write(public_path, tmg_buf_as_span(&vkey), 0644, err);
}

static tmg_rc read_key(const char *home, tmg_note_key *ret, tmg_err *err)
{
    char path[MAX_PATH];
    TMG_AUTO_BUF text = {0};
    tmg_buf_init(&text, MAX_KEY_FILE);
    TMG_TRY(path_of(home, "log.key", path, err));
    TMG_TRY(tmg_file_read(path, &text, err));
    tmg_rc rc = tmg_note_skey_read(tmg_buf_as_span(&text), ret, err);
    sodium_memzero(text.ptr, text.len);
    return rc;
}

static tmg_rc stored_note(tmg_db *db, int64_t size, tmg_buf *note, bool *ret_there, tmg_err *err)
{
    tmg_stmt *s;
    TMG_TRY(tmg_sql(db, "SELECT note FROM log_checkpoint WHERE size = $1", &s, err));
    tmg_bind_i64(s, 1, size);
    TMG_TRY(tmg_step(s, ret_there, err));
    if (*ret_there) {
        tmg_buf_span(note, tmg_col_text(s, 0));
        tmg_reset(s);
    }
    return TMG_OK;
}

static tmg_rc sign_head(tmg_db *db, const char *home, int64_t size, tmg_buf *note, tmg_err *err)
{
    tmg_note_key key;
    tmg_sha256 root;
    tmg_stmt *s;
    TMG_AUTO_BUF text = {0};
    tmg_buf_init(&text, MAX_KEY_FILE);
    TMG_TRY(tmg_log_root(db, size, &root, err));
    TMG_TRY(read_key(home, &key, err));
    tmg_checkpoint_write(&text, key.name, (uint64_t)size, &root);
    tmg_note_sign(&key, tmg_buf_as_span(&text), note);
    sodium_memzero(&key, sizeof key);

    TMG_TRY(
        tmg_sql(db, "INSERT INTO log_checkpoint (size, root, note, at_ms) VALUES ($1, $2, $3, $4)", &s, err));
    tmg_bind_i64(s, 1, size);
    tmg_bind_blob(s, 2, (tmg_span){(const char *)root.b, sizeof root.b});
    tmg_bind_text(s, 3, tmg_buf_as_span(note));
    tmg_bind_i64(s, 4, tmg_now_ms());
    return tmg_exec(s, err);
}

static tmg_rc note_of_head(tmg_db *db, const char *home, tmg_buf *note, tmg_err *err)
{
    int64_t size;
    bool there;
    TMG_TRY(tmg_guard_size(db, &size, err));
    TMG_TRY(stored_note(db, size, note, &there, err));
    return there ? TMG_OK : sign_head(db, home, size, note, err);
}

tmg_rc tmg_guard_checkpoint(tmg_db *db, const char *home, tmg_buf *ret_note, tmg_err *err)
{
    tmg_own_tx tx;
    TMG_AUTO_BUF note = {0};
    tmg_buf_init(&note, 4096);
    TMG_TRY(tmg_own_begin(db, &tx, err));
    TMG_TRY(tmg_own_end(&tx, note_of_head(db, home, &note, err), err));
    tmg_buf_span(ret_note, tmg_buf_as_span(&note));
    return TMG_OK;
}
