#include "base/file.h"
#include "base/file_priv.h"
#include "base/text_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void tmg_fd_close_p(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static tmg_rc failed(tmg_err *err, const char *what, const char *path)
{
    tmg_rc rc = errno == ENOENT ? TMG_E_NOT_FOUND : TMG_E_IO;

    return TMG_FAIL(err, rc, "cannot %s %s: %s", what, path, strerrordesc_np(errno));
}

tmg_rc tmg_fd_open_read(const char *path, int *ret, tmg_err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return failed(err, "open", path);
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        (void)close(fd);
        return TMG_FAIL(err, TMG_E_INVALID, "%s is a folder, not a file", path);
    }
    *ret = fd;
    return TMG_OK;
}

ssize_t tmg_fd_read(int fd, void *to, size_t room)
{
    ssize_t got;

    do
        got = read(fd, to, room);
    while (got < 0 && errno == EINTR);
    return got;
}

tmg_rc tmg_file_map(const char *path, tmg_file *ret, tmg_err *err)
{
    TMG_AUTO_FD int fd = -1;
    struct stat st;
    void *map;

    TMG_TRY(tmg_fd_open_read(path, &fd, err));
    if (fstat(fd, &st) != 0)
        return failed(err, "read", path);
    if (!S_ISREG(st.st_mode))
        return TMG_FAIL(err, TMG_E_INVALID, "%s is not a regular file", path);
    if (st.st_size == 0) {
        *ret = (tmg_file){.bytes = {"", 0}};
        return TMG_OK;
    }
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return failed(err, "map", path);
    (void)madvise(map, (size_t)st.st_size, MADV_SEQUENTIAL);
    *ret = (tmg_file){.bytes = {map, (size_t)st.st_size}, .map = map};
    return TMG_OK;
}

void tmg_file_unmap(tmg_file *f)
{
    if (f->map != NULL)
        (void)munmap(f->map, f->bytes.len);
    *f = (tmg_file){.bytes = {"", 0}};
}

tmg_rc tmg_file_read(const char *path, tmg_buf *b, tmg_err *err)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    TMG_AUTO_FD int fd = -1;
    char part[1 << 16];
    ssize_t got;

    if (!standard)
        TMG_TRY(tmg_fd_open_read(path, &fd, err));
    while ((got = tmg_fd_read(standard ? STDIN_FILENO : fd, part, sizeof part)) > 0) {
        tmg_buf_put(b, part, (size_t)got);
        if (b->overflow)
            return TMG_FAIL(err, TMG_E_LIMIT, "%s is longer than the %zu bytes allowed", name, b->max);
    }
    return got == 0 ? TMG_OK : failed(err, "read", name);
}

static bool write_all(int fd, tmg_span bytes)
{
    while (bytes.len > 0) {
        ssize_t done = write(fd, bytes.ptr, bytes.len);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            bytes.ptr += done;
            bytes.len -= (size_t)done;
        }
    }
    return true;
}

/* Makes a rename in the folder of `path` last through a power cut. */
static bool sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    TMG_AUTO_BUF folder = {0};
    TMG_AUTO_FD int fd = -1;

    tmg_buf_init(&folder, strlen(path) + 1);
    if (slash == NULL)
        tmg_buf_char(&folder, '.');
    else
        tmg_buf_put(&folder, path, slash == path ? 1 : (size_t)(slash - path));
    fd = open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

tmg_rc tmg_file_write(const char *path, tmg_span bytes, unsigned mode, tmg_err *err)
{
    TMG_AUTO_BUF beside = {0};
    TMG_AUTO_FD int fd = -1;
    int why;

    tmg_buf_init(&beside, strlen(path) + 16);
    tmg_buf_fmt(&beside, "%s.new-XXXXXX", path);
    fd = mkostemp(beside.ptr, O_CLOEXEC);
    if (fd < 0)
        return failed(err, "write", path);
    if (write_all(fd, bytes) && fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0 &&
        rename(beside.ptr, path) == 0)
        return sync_folder_of(path) ? TMG_OK : failed(err, "write", path);
    why = errno;
    (void)unlink(beside.ptr);
    errno = why;
    return failed(err, "write", path);
}

static tmg_rc make_one(const char *path, unsigned mode, tmg_err *err)
{
    struct stat st;

    if (mkdir(path, (mode_t)mode) == 0)
        return TMG_OK;
    if (errno != EEXIST)
        return failed(err, "make the folder", path);
    if (stat(path, &st) != 0)
        return failed(err, "make the folder", path);
    if (!S_ISDIR(st.st_mode))
        return TMG_FAIL(err, TMG_E_CONFLICT, "cannot make the folder %s: a file stands there", path);
    return TMG_OK;
}

tmg_rc tmg_dir_make(const char *path, unsigned mode, tmg_err *err)
{
    TMG_AUTO_BUF part = {0};
    size_t len = strlen(path);

    tmg_buf_init(&part, len);
    for (size_t i = 0; i < len; i++) {
        if (path[i] == '/' && i > 0 && path[i - 1] != '/')
            TMG_TRY(make_one(part.ptr, mode, err));
        tmg_buf_char(&part, path[i]);
    }
    return make_one(path, mode, err);
}

bool tmg_path_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

const char *tmg_path_join(tmg_arena *a, const char *dir, const char *name)
{
    size_t dir_len = strlen(dir);
    size_t name_len = strlen(name);
    size_t slash = dir_len > 0 && dir[dir_len - 1] != '/' ? 1 : 0;
    char *path = tmg_alloc(a, dir_len + slash + name_len + 1);

    memcpy(path, dir, dir_len);
    if (slash > 0)
        path[dir_len] = '/';
    memcpy(path + dir_len + slash, name, name_len);
    return path;
}
