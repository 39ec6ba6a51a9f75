#include "web/front.h"

#include "base/file.h"
#include "base/hash.h"

#include <dirent.h>
#include <sys/stat.h>

enum { MOST_FILES = 4096, MOST_BYTES = 64 << 20, MOST_DEPTH = 4 };

typedef struct front_file {
    const char *path; /* as in the address: "/assets/index.js" */
    const char *type;
    tmg_span bytes;
    char tag[20]; /* quoted, for ETag */
} front_file;

struct tmg_front {
    tmg_arena *arena;
    front_file *files;
    size_t count;
    const front_file *index;
};

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".json", "application/json"},
                 {".woff2", "font/woff2"},
                 {".png", "image/png"},
                 {".txt", "text/plain; charset=utf-8"}};
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].end) == 0)
            return types[i].type;
    return "application/octet-stream";
}

static tmg_rc read_file(tmg_front *f, const char *file, const char *path, tmg_err *err)
{
    front_file *one = &f->files[f->count];
    tmg_file mapped;
    tmg_sha256 hash;
    TMG_AUTO_BUF hex = {0};

    if (f->count == MOST_FILES)
        return TMG_FAIL(err, TMG_E_LIMIT, "the built front end has more than %d files", MOST_FILES);
    TMG_TRY(tmg_file_map(file, &mapped, err));
    *one = (front_file){.path = path, .type = type_of(path), .bytes = tmg_span_copy(f->arena, mapped.bytes)};
    tmg_file_unmap(&mapped);
    if (tmg_arena_full(f->arena))
        return TMG_FAIL(err, TMG_E_LIMIT, "the built front end is larger than %d MiB", MOST_BYTES >> 20);
    hash = tmg_sha256_of(one->bytes.ptr, one->bytes.len);
    tmg_buf_init(&hex, 80);
    tmg_hex_write(&hex, hash.b, 8);
    (void)snprintf(one->tag, sizeof one->tag, "\"%s\"", hex.ptr);
    f->count++;
    return TMG_OK;
}

static tmg_rc read_folder(tmg_front *f, const char *folder, const char *path, int depth, tmg_err *err)
{
    DIR *dir = opendir(folder);
    struct dirent *e;
    tmg_rc rc = TMG_OK;

    if (dir == NULL)
        return TMG_FAIL(err, TMG_E_IO, "%s: the built front end cannot be read", folder);
    while (rc == TMG_OK && (e = readdir(dir)) != NULL) {
        const char *file = tmg_path_join(f->arena, folder, e->d_name);
        const char *below = tmg_path_join(f->arena, path, e->d_name);
        struct stat st;

        if (e->d_name[0] == '.' || stat(file, &st) != 0)
            continue;
        if (S_ISREG(st.st_mode))
            rc = read_file(f, file, below, err);
        else if (S_ISDIR(st.st_mode) && depth < MOST_DEPTH)
            rc = read_folder(f, file, below, depth + 1, err);
    }
    closedir(dir);
    return rc;
}

static const front_file *find(const tmg_front *f, tmg_span path)
{
    for (size_t i = 0; i < f->count; i++)
        if (tmg_span_is(path, f->files[i].path))
            return &f->files[i];
    return NULL;
}

tmg_rc tmg_front_read(const char *folder, tmg_front **ret, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_front *f;
    tmg_rc rc;

    *ret = NULL;
    if (!tmg_path_exists(tmg_path_join(a, folder, "index.html")))
        return TMG_OK;
    f = tmg_xcalloc(1, sizeof *f);
    f->arena = tmg_arena_new(MOST_BYTES);
    f->files = tmg_alloc_array(f->arena, MOST_FILES, sizeof *f->files);
    rc = read_folder(f, folder, "/", 0, err);
    if (rc != TMG_OK) {
        tmg_front_free(f);
        return rc;
    }
    f->index = find(f, TMG_SPAN("/index.html"));
    if (f->index == NULL) { /* taken away while the folder was read */
        tmg_front_free(f);
        return TMG_OK;
    }
    *ret = f;
    return TMG_OK;
}

void tmg_front_free(tmg_front *f)
{
    if (f == NULL)
        return;
    tmg_arena_free(f->arena);
    free(f);
}

bool tmg_front_answer(const tmg_front *f, tmg_req *req)
{
    tmg_span path = req->head.path;
    const front_file *file;

    if (f == NULL || (req->head.method != TMG_GET && req->head.method != TMG_HEAD) ||
        tmg_span_starts(path, "/api/"))
        return false;
    file = find(f, path);
    /* A missing asset is missing; everything else is an address of a screen. */
    if (file == NULL && tmg_span_starts(path, "/assets/"))
        return false;
    if (file == NULL)
        file = f->index;
    tmg_resp_header(&req->resp, "ETag", file->tag);
    req->resp.cache = tmg_span_starts(tmg_span_of(file->path), "/assets/")
                          ? "public, max-age=31536000, immutable"
                          : "no-cache";
    if (tmg_span_is(tmg_http_header(&req->head, "If-None-Match"), file->tag)) {
        req->resp.status = 304;
        return true;
    }
    req->resp.status = 200;
    req->resp.type = file->type;
    tmg_buf_span(&req->resp.body, file->bytes);
    return true;
}
