/* First contents of a centre: its posts and its code list. */
#include "app/centre_priv.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"

enum { FILE_MAX = 64 << 20 };

typedef struct posts_job {
    tmg_centre *centre;
    const tmg_actor *who;
    const tmg_json *list;
    int64_t count;
} posts_job;

static tmg_rc save_post(tmg_db *db, const tmg_json *o, size_t i, tmg_err *err)
{
    tmg_post p = {0};
    tmg_capacity cap = {10, 20, 20, 20000, 20000};
    int64_t lat = 0, lon = 0, id;

    TMG_TRY(tmg_json_get_text(o, "code", true, &p.code, err));
    TMG_TRY(tmg_json_get_text(o, "name", true, &p.name, err));
    TMG_TRY(tmg_json_get_text(o, "neighbour", false, &p.neighbour, err));
    TMG_TRY(tmg_json_get_i64(o, "lat_e7", false, &lat, err));
    TMG_TRY(tmg_json_get_i64(o, "lon_e7", false, &lon, err));
    if (p.code.len == 0 || p.name.len == 0 || lat < -900000000 || lat > 900000000 || lon < -1800000000 ||
        lon > 1800000000)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "post %zu: expected a code, a name and a position in 1e-7 degrees", i + 1);
    p.lat_e7 = (int32_t)lat;
    p.lon_e7 = (int32_t)lon;
    TMG_TRY(tmg_json_get_i64(o, "red", false, &cap.red, err));
    TMG_TRY(tmg_json_get_i64(o, "yellow", false, &cap.yellow, err));
    TMG_TRY(tmg_json_get_i64(o, "blue", false, &cap.blue, err));
    TMG_TRY(tmg_json_get_i64(o, "random_ppm", false, &cap.random_ppm, err));
    TMG_TRY(tmg_json_get_i64(o, "explore_ppm", false, &cap.explore_ppm, err));
    TMG_TRY(tmg_post_save(db, &p, &id, err));
    return tmg_capacity_put(db, id, INT32_MIN, &cap, 0, err);
}

static tmg_rc save_posts(void *ctx, tmg_db *db, tmg_err *err)
{
    posts_job *job = ctx;

    for (size_t i = 0; i < tmg_json_count(job->list); i++) {
        if (save_post(db, tmg_json_at(job->list, i), i, err) != TMG_OK)
            return tmg_err_within(err, "post %zu", i + 1);
        job->count++;
    }
    return tmg_guard_log(db, job->who, "posts.loaded", "posts", (tmg_span){"", 0}, err);
}

tmg_rc tmg_load_posts(tmg_centre *c, const tmg_actor *who, const char *path, int64_t *ret_count, tmg_err *err)
{
    TMG_AUTO_JSON root = NULL;
    TMG_AUTO_BUF b = {0};
    posts_job job = {.centre = c, .who = who};

    tmg_buf_init(&b, FILE_MAX);
    TMG_TRY(tmg_guard_may(who, TMG_MAY_POST_SET, 0, err));
    TMG_TRY(tmg_file_read(path, &b, err));
    if (tmg_json_read(tmg_buf_as_span(&b), &root, err) != TMG_OK)
        return tmg_err_within(err, "%s", path);
    if (tmg_json_kind_of(root) != TMG_JSON_ARRAY)
        return TMG_FAIL(err, TMG_E_INVALID, "%s: expected a JSON array of posts", path);
    job.list = root;
    TMG_TRY(tmg_centre_write(c, save_posts, &job, err));
    *ret_count = job.count;
    return TMG_OK;
}

typedef struct codes_job {
    const tmg_actor *who;
    tmg_span csv;
    int64_t count, skipped;
} codes_job;

static tmg_rc find_columns(const tmg_span *head, size_t count, size_t *ret_code, size_t *ret_words,
                           tmg_err *err)
{
    *ret_code = *ret_words = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (tmg_span_is(head[i], "hscode") || tmg_span_is(head[i], "code"))
            *ret_code = i;
        if (tmg_span_is(head[i], "description") || tmg_span_is(head[i], "words"))
            *ret_words = i;
    }
    if (*ret_code == SIZE_MAX || *ret_words == SIZE_MAX)
        return TMG_FAIL(err, TMG_E_INVALID,
                        "line 1: expected a column hscode (or code) and a column description (or words)");
    return TMG_OK;
}

static bool all_digits(tmg_span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len >= 2 && s.len <= 10;
}

static tmg_rc save_codes(void *ctx, tmg_db *db, tmg_err *err)
{
    enum { CELLS = 64 };
    codes_job *job = ctx;
    TMG_AUTO_ARENA a = tmg_arena_new(FILE_MAX);
    tmg_span cell[CELLS];
    size_t n, code, words;
    tmg_csv csv;

    tmg_csv_begin(&csv, job->csv, ',', a);
    TMG_TRY(tmg_csv_row(&csv, cell, CELLS, &n, err));
    TMG_TRY(find_columns(cell, n, &code, &words, err));
    for (;;) {
        TMG_TRY(tmg_csv_row(&csv, cell, CELLS, &n, err));
        if (n == 0)
            break;
        /* Published lists carry lines that are no code, such as a total. */
        if (code < n && cell[code].len > 0 && (cell[code].ptr[0] < '0' || cell[code].ptr[0] > '9')) {
            job->skipped++;
            continue;
        }
        if (code >= n || words >= n || !all_digits(cell[code]) || !tmg_utf8_valid(cell[words]))
            return TMG_FAIL(err, TMG_E_INVALID, "line %zu: expected a code of 2 to 10 digits and its words",
                            csv.line);
        TMG_TRY(tmg_code_save(db, TMG_SPAN("hs"), cell[code], cell[words], err));
        job->count++;
    }
    return tmg_guard_log(db, job->who, "codes.imported", "codes:hs", (tmg_span){"", 0}, err);
}

tmg_rc tmg_load_codes(tmg_centre *c, const tmg_actor *who, tmg_span csv, int64_t *ret_count,
                      int64_t *ret_skipped, tmg_err *err)
{
    codes_job job = {.who = who, .csv = csv};

    TMG_TRY(tmg_guard_may(who, TMG_MAY_POST_SET, 0, err));
    TMG_TRY(tmg_centre_write(c, save_codes, &job, err));
    *ret_count = job.count;
    *ret_skipped = job.skipped;
    return TMG_OK;
}
