#include "base/file.h"
#include "store/store.h"

enum { FILE_MODE = 0400, DIR_MODE = 0700, MOST_PATH = 4096 };

/* <home>/evidence/ab and <home>/evidence/ab/cdef... */
static tmg_rc name_of(const char *home, const tmg_sha256 *hash, tmg_buf *dir, tmg_buf *path, tmg_err *err)
{
    tmg_buf_init(dir, MOST_PATH);
    tmg_buf_init(path, MOST_PATH);
    tmg_buf_fmt(dir, "%s/evidence/", home);
    tmg_hex_write(dir, hash->b, 1);
    tmg_buf_span(path, tmg_buf_as_span(dir));
    tmg_buf_char(path, '/');
    tmg_hex_write(path, hash->b + 1, sizeof(hash->b) - 1);
    return path->overflow
               ? TMG_FAIL(err, TMG_E_LIMIT, "the folder name %.80s... is too long: use a shorter one", home)
               : TMG_OK;
}

static tmg_rc verify(const char *path, const tmg_sha256 *hash, tmg_err *err)
{
    tmg_sha256 found;

    TMG_TRY(tmg_sha256_file(path, &found, err));
    if (memcmp(&found, hash, sizeof(found)) != 0)
        return TMG_FAIL(err, TMG_E_STORE,
                        "the evidence file %s was changed after it was kept: restore it from a backup", path);
    return TMG_OK;
}

tmg_rc tmg_evidence_put(const char *home, tmg_span bytes, tmg_sha256 *ret_hash, tmg_err *err)
{
    tmg_sha256 hash = tmg_sha256_of(bytes.ptr, bytes.len);
    TMG_AUTO_BUF dir = {0};
    TMG_AUTO_BUF path = {0};

    TMG_TRY(name_of(home, &hash, &dir, &path, err));
    if (!tmg_path_exists(path.ptr)) {
        TMG_TRY(tmg_dir_make(dir.ptr, DIR_MODE, err));
        TMG_TRY(tmg_file_write(path.ptr, bytes, FILE_MODE, err));
    }
    TMG_TRY(verify(path.ptr, &hash, err));
    *ret_hash = hash;
    return TMG_OK;
}

tmg_rc tmg_evidence_get(const char *home, const tmg_sha256 *hash, tmg_buf *b, tmg_err *err)
{
    TMG_AUTO_BUF dir = {0};
    TMG_AUTO_BUF path = {0};

    TMG_TRY(name_of(home, hash, &dir, &path, err));
    if (!tmg_path_exists(path.ptr))
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no evidence file %s", path.ptr);
    tmg_buf_clear(b);
    TMG_TRY(tmg_file_read(path.ptr, b, err));
    tmg_sha256 found = tmg_sha256_of(b->ptr, b->len);
    if (memcmp(&found, hash, sizeof(found)) == 0)
        return TMG_OK;
    tmg_buf_clear(b);
    return TMG_FAIL(err, TMG_E_STORE,
                    "the evidence file %s was changed after it was kept: restore it from a backup", path.ptr);
}
