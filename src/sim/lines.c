/* Declarations are made in order of arrival and written in order of lodging: lines wait in a bucket per day
 * of lodging until no later day can add to it. */
#include "sim/sim_priv.h"

#include "base/file.h"

#include <errno.h>
#include <unistd.h>

enum { BUCKETS = 16, BUCKET_MAX = 512 << 20 };

typedef struct line {
    int64_t lodged_ms;
    size_t at, len; /* in the bucket's text; also the order of making */
} line;

typedef struct bucket {
    bool open;
    int32_t day;
    tmg_buf text;
    line *lines;
    size_t count, room;
} bucket;

struct sim_lines {
    tmg_arena *arena;
    const char *path, *part;
    FILE *file;
    bucket buckets[BUCKETS];
};

tmg_rc sim_lines_open(const char *folder, const char *name, sim_lines **ret, tmg_err *err)
{
    sim_lines *l = tmg_xcalloc(1, sizeof *l);
    l->arena = tmg_arena_new(1 << 16);
    TMG_AUTO_BUF part = {0};
    tmg_buf_init(&part, 256);
    tmg_buf_fmt(&part, "%s.part", name);
    l->path = tmg_path_join(l->arena, folder, name);
    l->part = tmg_path_join(l->arena, folder, part.ptr);
    l->file = fopen(l->part, "wb");
    if (l->file == NULL) {
        tmg_rc rc = TMG_FAIL(err, TMG_E_IO, "cannot write %s: %s", l->part, strerror(errno));
        sim_lines_free(l);
        return rc;
    }
    *ret = l;
    return TMG_OK;
}

static bucket *bucket_of(sim_lines *l, int32_t day)
{
    bucket *free_one = NULL;
    for (size_t i = 0; i < BUCKETS; i++) {
        if (l->buckets[i].open && l->buckets[i].day == day)
            return &l->buckets[i];
        if (!l->buckets[i].open)
            free_one = &l->buckets[i];
    }
    if (free_one == NULL)
        return NULL;
    free_one->open = true;
    free_one->day = day;
    free_one->count = 0;
    if (free_one->text.ptr == NULL)
        tmg_buf_init(&free_one->text, BUCKET_MAX);
    tmg_buf_clear(&free_one->text);
    return free_one;
}

tmg_rc sim_lines_add(sim_lines *l, int32_t day, int64_t lodged_ms, tmg_span text, tmg_err *err)
{
    bucket *b = bucket_of(l, day);
    if (b == NULL)
        return TMG_FAIL(err, TMG_E_LIMIT, "more than %d days of lodging wait at once", BUCKETS);
    if (b->count == b->room) {
        b->room = b->room == 0 ? 1024 : b->room * 2;
        b->lines = tmg_xrealloc(b->lines, b->room * sizeof *b->lines);
    }
    b->lines[b->count++] = (line){lodged_ms, b->text.len, text.len};
    tmg_buf_span(&b->text, text);
    if (b->text.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "the declarations of one day pass %d MiB: choose a smaller scale",
                        BUCKET_MAX >> 20);
    return TMG_OK;
}

static int by_lodging(const void *a, const void *b)
{
    const line *x = a, *y = b;
    if (x->lodged_ms != y->lodged_ms)
        return x->lodged_ms < y->lodged_ms ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static tmg_rc write_bucket(sim_lines *l, bucket *b, tmg_err *err)
{
    qsort(b->lines, b->count, sizeof *b->lines, by_lodging);
    for (size_t i = 0; i < b->count; i++)
        if (fwrite(b->text.ptr + b->lines[i].at, 1, b->lines[i].len, l->file) != b->lines[i].len)
            return TMG_FAIL(err, TMG_E_IO, "cannot write %s: %s", l->part, strerror(errno));
    b->open = false;
    return TMG_OK;
}

tmg_rc sim_lines_before(sim_lines *l, int32_t day, tmg_err *err)
{
    for (;;) {
        bucket *first = NULL;
        for (size_t i = 0; i < BUCKETS; i++)
            if (l->buckets[i].open && l->buckets[i].day < day &&
                (first == NULL || l->buckets[i].day < first->day))
                first = &l->buckets[i];
        if (first == NULL)
            return TMG_OK;
        TMG_TRY(write_bucket(l, first, err));
    }
}

tmg_rc sim_lines_close(sim_lines *l, tmg_err *err)
{
    TMG_TRY(sim_lines_before(l, INT32_MAX, err));
    FILE *f = l->file;
    l->file = NULL;
    bool good = fflush(f) == 0 && fsync(fileno(f)) == 0;
    if ((fclose(f) != 0) || !good || rename(l->part, l->path) != 0)
        return TMG_FAIL(err, TMG_E_IO, "cannot write %s: %s", l->path, strerror(errno));
    return TMG_OK;
}

void sim_lines_free(sim_lines *l)
{
    if (l == NULL)
        return;
    if (l->file != NULL) {
        (void)fclose(l->file);
        (void)unlink(l->part);
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        if (l->buckets[i].text.ptr != NULL)
            tmg_buf_done(&l->buckets[i].text);
        free(l->buckets[i].lines);
    }
    tmg_arena_free(l->arena);
    free(l);
}
