#include "guard/verify_priv.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>

enum { MAX_PATH = 4096, MAX_NOTE = 64 * 1024 };

/* A checkpoint that the log must be an extension of. */
typedef struct claim {
    char name[80]; /* for messages: "checkpoints/00...17" */
    uint64_t size;
    tmg_sha256 root;
} claim;

typedef struct verify {
    const tmg_verify_request *rq;
    tmg_verify_report report;
    uint64_t *sizes; /* of the folder's earlier checkpoints, ascending */
    size_t size_count, size_room, next;
    claim head, seen[TMG_VERIFY_MAX_SEEN];
    tmg_merkle_edge edge;
    uint64_t proved; /* so many entries are known to be as they were signed */
} verify;

static tmg_rc read_small(const char *path, tmg_buf *b, tmg_err *err)
{
    tmg_buf_init(b, MAX_NOTE);
    return tmg_file_read(path, b, err);
}

static tmg_rc read_key(verify *v, tmg_err *err)
{
    char own[MAX_PATH];
    const char *path = v->rq->vkey;
    if (path != NULL && !tmg_path_exists(path))
        return tmg_note_vkey_read(tmg_span_of(path), &v->report.key, err);
    if (path == NULL) {
        snprintf(own, sizeof own, "%s/log.vkey", v->rq->folder);
        path = own;
    }
    TMG_AUTO_BUF text = {0};
    TMG_TRY(read_small(path, &text, err));
    if (tmg_note_vkey_read(tmg_buf_as_span(&text), &v->report.key, err) != TMG_OK)
        return tmg_err_within(err, "%s", path);
    return TMG_OK;
}

static tmg_rc open_claim(const verify *v, tmg_span note, claim *ret, tmg_err *err)
{
    tmg_span text, origin;
    TMG_TRY(tmg_note_open(&v->report.key, note, &text, err));
    TMG_TRY(tmg_checkpoint_read(text, &origin, &ret->size, &ret->root, err));
    if (!tmg_span_is(origin, v->report.key.name))
        return TMG_FAIL(err, TMG_E_INVALID, "it speaks of the log \"%.*s\" and not of \"%s\"",
                        TMG_SPAN_ARG(origin), v->report.key.name);
    return TMG_OK;
}

static tmg_rc read_claim(const verify *v, const char *path, const char *name, claim *ret, tmg_err *err)
{
    TMG_AUTO_BUF note = {0};
    snprintf(ret->name, sizeof ret->name, "%s", name);
    TMG_TRY(read_small(path, &note, err));
    if (open_claim(v, tmg_buf_as_span(&note), ret, err) != TMG_OK)
        return tmg_err_within(err, "%s", name);
    return TMG_OK;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static tmg_rc add_file_name(verify *v, const char *name, tmg_err *err)
{
    int64_t size;
    if (name[0] == '.')
        return TMG_OK;
    if (strlen(name) != 20 || !tmg_span_i64(tmg_span_of(name), &size) || size < 0)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "checkpoints/%s: the name of a checkpoint is its size in 20 digits", name);
    if (v->size_count == v->size_room) {
        v->size_room = v->size_room > 0 ? 2 * v->size_room : 256;
        v->sizes = tmg_xrealloc(v->sizes, v->size_room * sizeof *v->sizes);
    }
    v->sizes[v->size_count++] = (uint64_t)size;
    return TMG_OK;
}

static tmg_rc list_checkpoints(verify *v, tmg_err *err)
{
    char path[MAX_PATH];
    tmg_rc rc = TMG_OK;
    snprintf(path, sizeof path, "%s/checkpoints", v->rq->folder);
    DIR *d = opendir(path);
    if (d == NULL)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be read: %s", path, strerror(errno));
    for (const struct dirent *e = readdir(d); e != NULL && rc == TMG_OK; e = readdir(d))
        rc = add_file_name(v, e->d_name, err);
    closedir(d);
    if (v->size_count > 1)
        qsort(v->sizes, v->size_count, sizeof *v->sizes, by_size);
    return rc;
}

/* Does the tree over the entries so far have the root that was signed for it? */
static tmg_rc hold_against(verify *v, const claim *c, tmg_err *err)
{
    tmg_sha256 root = tmg_merkle_root(&v->edge);
    if (memcmp(root.b, c->root.b, sizeof root.b) == 0) {
        v->proved = v->edge.size;
        v->report.checkpoints++;
        return TMG_OK;
    }
    if (c->size == 0)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: its root is not that of an empty log", c->name);
    if (v->proved == v->edge.size)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: two different logs of %llu entries were signed", c->name,
                        (unsigned long long)c->size);
    return TMG_FAIL(
        err, TMG_E_INVALID,
        "%s: the entries are not those that were signed: entries.jsonl was changed in lines %llu to %llu",
        c->name, (unsigned long long)v->proved + 1, (unsigned long long)c->size);
}

static tmg_rc hold_against_file(verify *v, tmg_err *err)
{
    char path[MAX_PATH], name[80];
    claim c;
    uint64_t size = v->sizes[v->next++];
    snprintf(name, sizeof name, "checkpoints/%020llu", (unsigned long long)size);
    snprintf(path, sizeof path, "%s/%s", v->rq->folder, name);
    TMG_TRY(read_claim(v, path, name, &c, err));
    if (c.size != size)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: it was signed for %llu entries", name,
                        (unsigned long long)c.size);
    return hold_against(v, &c, err);
}

/* All claims about a tree of the present size. */
static tmg_rc hold_claims(verify *v, tmg_err *err)
{
    while (v->next < v->size_count && v->sizes[v->next] == v->edge.size)
        TMG_TRY(hold_against_file(v, err));
    for (size_t i = 0; i < v->rq->seen_count; i++)
        if (v->seen[i].size == v->edge.size)
            TMG_TRY(hold_against(v, &v->seen[i], err));
    if (v->head.size == v->edge.size)
        return hold_against(v, &v->head, err);
    return TMG_OK;
}

static tmg_rc walk_entries(verify *v, tmg_lines *lines, tmg_entry_check *check, tmg_err *err)
{
    for (;;) {
        tmg_span line;
        TMG_TRY(hold_claims(v, err));
        TMG_TRY(tmg_lines_next(lines, &line, err));
        if (line.ptr == NULL)
            return TMG_OK;
        if (v->edge.size >= v->head.size)
            return TMG_FAIL(err, TMG_E_INVALID,
                            "entries.jsonl, line %llu: the signed head covers only %llu entries",
                            (unsigned long long)lines->line, (unsigned long long)v->head.size);
        if (tmg_entry_check_next(check, line, v->edge.size, err) != TMG_OK)
            return tmg_err_within(err, "entries.jsonl, line %llu", (unsigned long long)lines->line);
        tmg_sha256 leaf = tmg_merkle_leaf(line);
        tmg_merkle_add(&v->edge, &leaf);
    }
}

/* What was signed for more entries than there are shows that the end is missing. */
static tmg_rc check_end(const verify *v, tmg_err *err)
{
    const char *name = NULL;
    char file[80];
    uint64_t size = 0;
    if (v->next < v->size_count) {
        size = v->sizes[v->next];
        snprintf(file, sizeof file, "checkpoints/%020llu", (unsigned long long)size);
        name = file;
    }
    for (size_t i = 0; i < v->rq->seen_count; i++)
        if (v->seen[i].size > v->edge.size) {
            size = v->seen[i].size;
            name = v->seen[i].name;
        }
    if (v->head.size > v->edge.size) {
        size = v->head.size;
        name = v->head.name;
    }
    if (name == NULL)
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID,
                    "%s was signed for %llu entries, but entries.jsonl holds %llu: its end is missing", name,
                    (unsigned long long)size, (unsigned long long)v->edge.size);
}

static tmg_rc read_claims(verify *v, tmg_err *err)
{
    char path[MAX_PATH];
    TMG_TRY(read_key(v, err));
    snprintf(path, sizeof path, "%s/checkpoint", v->rq->folder);
    TMG_TRY(read_claim(v, path, "checkpoint", &v->head, err));
    for (size_t i = 0; i < v->rq->seen_count; i++)
        TMG_TRY(read_claim(v, v->rq->seen[i], v->rq->seen[i], &v->seen[i], err));
    return list_checkpoints(v, err);
}

static tmg_rc check_entries(verify *v, tmg_err *err)
{
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/entries.jsonl", v->rq->folder);
    tmg_lines lines = {.file = fopen(path, "re"), .name = "entries.jsonl"};
    if (lines.file == NULL)
        return TMG_FAIL(err, TMG_E_IO, "%s cannot be read: %s", path, strerror(errno));
    tmg_entry_check check = {.report = &v->report, .draws = tmg_draw_check_new()};
    tmg_rc rc = walk_entries(v, &lines, &check, err);
    tmg_entry_check_done(&check);
    tmg_lines_done(&lines);
    return rc == TMG_OK ? check_end(v, err) : rc;
}

tmg_rc tmg_verify_folder(const tmg_verify_request *rq, tmg_verify_report *ret, tmg_err *err)
{
    if (strlen(rq->folder) > MAX_PATH - 64 || rq->seen_count > TMG_VERIFY_MAX_SEEN)
        return TMG_FAIL(err, TMG_E_LIMIT, "the path is too long, or there are more than %d kept checkpoints",
                        TMG_VERIFY_MAX_SEEN);
    verify v = {.rq = rq};
    tmg_rc rc = read_claims(&v, err);
    if (rc == TMG_OK)
        rc = check_entries(&v, err);
    free(v.sizes);
    if (rc != TMG_OK)
        return rc;
    v.report.entries = v.edge.size;
    *ret = v.report;
    return TMG_OK;
}
