/* The watched folder: what is put there whole is imported, and then lies in .done or .failed. */
#include "app/centre_priv.h"
#include "base/file.h"

#include <dirent.h>
#include <sys/stat.h>

enum { SETTLED_S = 2 };

typedef struct scan {
    tmg_centre *centre;
    const tmg_actor *who;
    void (*told)(void *ctx, const char *line);
    void *told_ctx;
} scan;

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), e = strlen(end);

    return n >= e && strcmp(name + n - e, end) == 0;
}

static bool is_complete(const char *path, const char *name)
{
    struct stat st;

    if (name[0] == '.' || ends_with(name, ".part") || ends_with(name, ".tmp"))
        return false;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && time(NULL) - st.st_mtime >= SETTLED_S;
}

static tmg_rc import_file(scan *s, const char *path, const char *name, const char *mapping,
                          tmg_import_summary *ret, tmg_err *err)
{
    tmg_import_options o = {.intake = {.mapping = mapping, .file_name = name},
                            .source_name = name,
                            .make_posts = mapping != NULL};
    tmg_file file;
    tmg_rc rc;

    TMG_TRY(tmg_file_map(path, &file, err));
    rc = tmg_import(s->centre, s->who, file.bytes, &o, ret, err);
    tmg_file_unmap(&file);
    return rc;
}

/* A name that is taken in the target folder gets the time in front, so that nothing is written over. */
static tmg_rc put_away(tmg_arena *a, const char *path, const char *inbox, const char *kind, const char *name,
                       tmg_span words, tmg_err *err)
{
    const char *dir = tmg_path_join(a, inbox, kind);
    const char *to = tmg_path_join(a, dir, name);
    TMG_AUTO_BUF other = {0};

    tmg_buf_init(&other, 4096);
    TMG_TRY(tmg_dir_make(dir, 0770, err));
    if (tmg_path_exists(to)) {
        tmg_buf_fmt(&other, "%lld-%s", (long long)tmg_now_ms(), name);
        to = tmg_path_join(a, dir, tmg_strdup_n(a, other.ptr, other.len));
    }
    if (rename(path, to) != 0)
        return TMG_FAIL(err, TMG_E_IO, "%s: could not be moved to %s", path, dir);
    tmg_buf_clear(&other);
    tmg_buf_fmt(&other, "%s.txt", to);
    return tmg_file_write(other.ptr, words, 0660, err);
}

static tmg_rc take_in(scan *s, tmg_arena *a, const char *path, const char *name, const char *mapping,
                      tmg_err *err)
{
    tmg_import_summary sum;
    TMG_AUTO_BUF words = {0};
    tmg_err why;
    bool good = import_file(s, path, name, mapping, &sum, &why) == TMG_OK;

    tmg_buf_init(&words, 4096);
    if (good)
        tmg_buf_fmt(&words, "%s: %lld accepted (%lld amended), %lld unchanged, %lld in quarantine\n", name,
                    (long long)sum.counts.accepted, (long long)sum.counts.amended,
                    (long long)sum.counts.unchanged, (long long)sum.counts.quarantined);
    else
        tmg_buf_fmt(&words, "%s: %s\n", name, why.text);
    TMG_TRY(put_away(a, path, s->centre->settings.inbox, good ? ".done" : ".failed", name,
                     tmg_buf_as_span(&words), err));
    if (s->told != NULL)
        s->told(s->told_ctx, words.ptr);
    return TMG_OK;
}

static tmg_rc scan_folder(scan *s, const char *folder, const char *mapping, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(4 << 20);
    DIR *dir = opendir(folder);
    struct dirent *e;
    tmg_rc rc = TMG_OK;

    if (dir == NULL)
        return TMG_FAIL(err, TMG_E_IO, "%s: the watched folder cannot be read", folder);
    while (rc == TMG_OK && (e = readdir(dir)) != NULL) {
        const char *path = tmg_path_join(a, folder, e->d_name);
        struct stat st;

        if (e->d_name[0] != '.' && mapping == NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            rc = scan_folder(s, path, e->d_name, err);
        else if (is_complete(path, e->d_name))
            rc = take_in(s, a, path, e->d_name, mapping, err);
    }
    closedir(dir);
    return rc;
}

tmg_rc tmg_inbox_scan(tmg_centre *c, const tmg_actor *who, void (*told)(void *ctx, const char *line),
                      void *ctx, tmg_err *err)
{
    scan s = {c, who, told, ctx};

    if (c->settings.inbox == NULL)
        return TMG_OK;
    TMG_TRY(tmg_dir_make(c->settings.inbox, 0770, err));
    return scan_folder(&s, c->settings.inbox, NULL, err);
}
