#include "base/file.h"
#include "learn/learn.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

/* The file (docs/formats.md) is written as the memory of a little-endian machine. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "matrices are little-endian");

static const char magic[8] = "TMGMAT1\n";

typedef struct head {
    char magic[8];
    uint32_t features, weighted;
    uint64_t rows,
        x_at; /* where the rows begin; the labels follow them, then the weights at a multiple of 4 */
} head;

struct tmg_matrix_writer {
    FILE *f;
    char *path;
    head head;
    size_t room;
    uint8_t *label;
    float *weight;
};

static tmg_rc cannot_write(const tmg_matrix_writer *w, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_IO, "%s: cannot be written: %s", w->path, strerror(errno));
}

static tmg_rc put(tmg_matrix_writer *w, const void *bytes, size_t len, tmg_err *err)
{
    return len == 0 || fwrite(bytes, len, 1, w->f) == 1 ? TMG_OK : cannot_write(w, err);
}

static tmg_rc put_names(tmg_matrix_writer *w, const tmg_span *names, tmg_err *err)
{
    size_t at = sizeof(head);

    for (size_t i = 0; i < w->head.features; i++) {
        unsigned char len[2] = {(unsigned char)names[i].len, 0};

        if (names[i].len == 0 || names[i].len > TMG_MAX_FEATURE_NAME)
            return TMG_FAIL(err, TMG_E_INVALID, "%s: feature %zu: a name has 1 to %d bytes", w->path, i,
                            TMG_MAX_FEATURE_NAME);
        TMG_TRY(put(w, len, sizeof len, err));
        TMG_TRY(put(w, names[i].ptr, names[i].len, err));
        at += sizeof len + names[i].len;
    }
    w->head.x_at = (at + 7) / 8 * 8;
    return put(w, "\0\0\0\0\0\0\0", w->head.x_at - at, err);
}

static tmg_rc begin(tmg_matrix_writer *w, const tmg_span *names, tmg_err *err)
{
    int fd = open(w->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return cannot_write(w, err);
    w->f = fdopen(fd, "wb");
    if (w->f == NULL) {
        close(fd);
        return cannot_write(w, err);
    }
    TMG_TRY(put(w, &w->head, sizeof w->head, err));
    return put_names(w, names, err);
}

tmg_rc tmg_matrix_create(const char *path, const tmg_span *names, size_t features, bool weighted,
                         tmg_matrix_writer **ret, tmg_err *err)
{
    tmg_matrix_writer *w;
    tmg_rc rc;

    if (features < 1 || features > TMG_MAX_FEATURES)
        return TMG_FAIL(err, TMG_E_LIMIT, "%s: a matrix has 1 to %d features, not %zu", path,
                        TMG_MAX_FEATURES, features);
    w = tmg_xcalloc(1, sizeof *w);
    w->path = tmg_xcalloc(strlen(path) + 1, 1);
    memcpy(w->path, path, strlen(path));
    w->head.features = (uint32_t)features;
    w->head.weighted = weighted;
    rc = begin(w, names, err);
    if (rc != TMG_OK) {
        tmg_matrix_drop(w);
        return rc;
    }
    *ret = w;
    return TMG_OK;
}

static void make_room(tmg_matrix_writer *w)
{
    if (w->head.rows < w->room)
        return;
    w->room = 2 * w->room + 4096;
    w->label = tmg_xrealloc(w->label, w->room * sizeof *w->label);
    if (w->head.weighted)
        w->weight = tmg_xrealloc(w->weight, w->room * sizeof *w->weight);
}

tmg_rc tmg_matrix_add(tmg_matrix_writer *w, const float *x, bool label, float weight, tmg_err *err)
{
    if (w->head.rows >= TMG_MAX_MATRIX_ROWS)
        return TMG_FAIL(err, TMG_E_LIMIT, "%s: more than %d rows", w->path, TMG_MAX_MATRIX_ROWS);
    for (size_t i = 0; i < w->head.features; i++)
        if (isinf(x[i]))
            return TMG_FAIL(err, TMG_E_INVALID, "%s: row %llu: feature %zu is infinite", w->path,
                            (unsigned long long)w->head.rows, i);
    if (w->head.weighted && !(isfinite(weight) && weight > 0))
        return TMG_FAIL(err, TMG_E_INVALID, "%s: row %llu: a weight is above 0", w->path,
                        (unsigned long long)w->head.rows);
    make_room(w);
    w->label[w->head.rows] = label;
    if (w->head.weighted)
        w->weight[w->head.rows] = weight;
    w->head.rows++;
    return put(w, x, w->head.features * sizeof *x, err);
}

static void release(tmg_matrix_writer *w)
{
    free(w->path);
    free(w->label);
    free(w->weight);
    free(w);
}

static tmg_rc complete(tmg_matrix_writer *w, tmg_err *err)
{
    TMG_TRY(put(w, w->label, w->head.rows, err));
    if (w->head.weighted) {
        TMG_TRY(put(w, "\0\0\0", (4 - w->head.rows % 4) % 4, err));
        TMG_TRY(put(w, w->weight, w->head.rows * sizeof *w->weight, err));
    }
    /* Only a whole file says that it is one. */
    memcpy(w->head.magic, magic, sizeof magic);
    if (fseek(w->f, 0, SEEK_SET) != 0)
        return cannot_write(w, err);
    TMG_TRY(put(w, &w->head, sizeof w->head, err));
    return fflush(w->f) == 0 ? TMG_OK : cannot_write(w, err);
}

tmg_rc tmg_matrix_finish(tmg_matrix_writer *w, tmg_err *err)
{
    tmg_rc rc = complete(w, err);

    if (rc != TMG_OK) {
        tmg_matrix_drop(w);
        return rc;
    }
    (void)fclose(w->f);
    release(w);
    return TMG_OK;
}

void tmg_matrix_drop(tmg_matrix_writer *w)
{
    if (w == NULL)
        return;
    if (w->f != NULL) {
        (void)fclose(w->f);
        (void)unlink(w->path);
    }
    release(w);
}

/* ---- reading ---- */

static tmg_rc broken(const char *path, const char *what, tmg_err *err)
{
    return TMG_FAIL(err, TMG_E_INVALID, "%s: %s", path, what);
}

static tmg_rc read_names(const char *path, tmg_span bytes, const head *h, tmg_span *names, tmg_err *err)
{
    size_t at = sizeof *h;

    for (size_t i = 0; i < h->features; i++) {
        if (at + 2 > h->x_at || at + 2 + (uint8_t)bytes.ptr[at] > h->x_at || bytes.ptr[at + 1] != 0)
            return broken(path, "the names of the features are cut off", err);
        names[i] = (tmg_span){bytes.ptr + at + 2, (uint8_t)bytes.ptr[at]};
        at += 2 + names[i].len;
    }
    return TMG_OK;
}

static tmg_rc check_head(const char *path, tmg_span bytes, const head *h, size_t *ret_weights_at,
                         tmg_err *err)
{
    size_t labels_at, weights_at;

    if (memcmp(h->magic, magic, sizeof magic) != 0)
        return broken(path, "this is no matrix, or one that was not finished", err);
    if (h->features < 1 || h->features > TMG_MAX_FEATURES || h->rows > TMG_MAX_MATRIX_ROWS ||
        h->weighted > 1 || h->x_at > bytes.len || h->x_at % 8 != 0)
        return broken(path, "the head of the matrix states sizes that are not allowed", err);
    labels_at = h->x_at + h->rows * h->features * sizeof(float);
    weights_at = h->weighted ? (labels_at + h->rows + 3) / 4 * 4 : labels_at + h->rows;
    if (bytes.len != weights_at + (h->weighted ? h->rows * sizeof(float) : 0))
        return broken(path, "the file is shorter or longer than its head says", err);
    *ret_weights_at = weights_at;
    return TMG_OK;
}

static tmg_rc check_rows(const char *path, const tmg_matrix *m, tmg_err *err)
{
    for (size_t i = 0; i < m->rows; i++)
        if (m->label[i] > 1 || (m->weight != NULL && !(isfinite(m->weight[i]) && m->weight[i] > 0)))
            return TMG_FAIL(err, TMG_E_INVALID, "%s: row %zu: a label is 0 or 1 and a weight above 0", path,
                            i);
    for (size_t i = 0; i < m->rows * m->features; i++)
        if (isinf(m->x[i]))
            return TMG_FAIL(err, TMG_E_INVALID, "%s: row %zu: feature %zu is infinite", path, i / m->features,
                            i % m->features);
    return TMG_OK;
}

static tmg_rc read_mapped(const char *path, tmg_span bytes, tmg_matrix *m, tmg_err *err)
{
    head h;
    size_t weights_at = 0;

    if (bytes.len < sizeof h)
        return broken(path, "this is no matrix", err);
    memcpy(&h, bytes.ptr, sizeof h);
    TMG_TRY(check_head(path, bytes, &h, &weights_at, err));
    m->rows = h.rows;
    m->features = h.features;
    m->names = tmg_xcalloc(h.features, sizeof *m->names);
    TMG_TRY(read_names(path, bytes, &h, m->names, err));
    m->x = (const float *)(const void *)(bytes.ptr + h.x_at);
    m->label = (const uint8_t *)bytes.ptr + h.x_at + h.rows * h.features * sizeof(float);
    m->weight = h.weighted ? (const float *)(const void *)(bytes.ptr + weights_at) : NULL;
    return check_rows(path, m, err);
}

tmg_rc tmg_matrix_open(const char *path, tmg_matrix *ret, tmg_err *err)
{
    tmg_file *file = tmg_xcalloc(1, sizeof *file);
    tmg_matrix m = {.file = file};
    tmg_rc rc = tmg_file_map(path, file, err);

    if (rc != TMG_OK) {
        free(file);
        return rc;
    }
    rc = read_mapped(path, file->bytes, &m, err);
    if (rc != TMG_OK) {
        tmg_matrix_close(&m);
        return rc;
    }
    *ret = m;
    return TMG_OK;
}

void tmg_matrix_close(tmg_matrix *m)
{
    free(m->names);
    if (m->file != NULL)
        tmg_file_unmap(m->file);
    free(m->file);
    *m = (tmg_matrix){0};
}
