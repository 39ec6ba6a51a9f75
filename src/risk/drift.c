/* Does what arrives still look like what arrived before?  One row of counts per class and feature. */
#include "base/say.h"
#include "risk/drift_priv.h"

#include <math.h>

enum { CLASSES = 24, LEAST_RECENT = 100, LEAST_BEFORE = 300 };

typedef struct class
{
    char name[12];
    int64_t recent, before;
} class;

typedef struct feature {
    const char *name;
    class *classes; /* grows; the rarest become "other" at the end */
    size_t count, room;
} feature;

enum { HS2, ORIGIN, DEPARTURE, POST, VALUE, MODE, FEATURES };

static double share(int64_t n, int64_t of, size_t classes)
{
    return ((double)n + 0.5) / ((double)of + 0.5 * (double)classes);
}

static int64_t sum_of(const int64_t *n, size_t classes)
{
    int64_t sum = 0;

    for (size_t i = 0; i < classes; i++)
        sum += n[i];
    return sum;
}

int64_t tmg_psi_ppm(const int64_t *recent, const int64_t *before, size_t classes)
{
    int64_t r = sum_of(recent, classes), b = sum_of(before, classes);
    double psi = 0;

    for (size_t i = 0; i < classes; i++) {
        double p = share(recent[i], r, classes), q = share(before[i], b, classes);

        psi += (p - q) * log(p / q);
    }
    return (int64_t)llround(psi * 1e6);
}

int64_t tmg_psi_limit_ppm(const int64_t *recent, const int64_t *before, size_t classes)
{
    double r = (double)sum_of(recent, classes), b = (double)sum_of(before, classes);
    double by_chance = r > 0 && b > 0 ? (double)(classes - 1) * (1 / r + 1 / b) : 0;

    return (int64_t)llround((0.2 + 2 * by_chance) * 1e6);
}

void tmg_watch_say(tmg_watching *w, const char *measure, const char *about, int64_t value_ppm,
                   int64_t limit_ppm, const char *fmt, ...)
{
    TMG_AUTO_BUF words = {0};
    va_list args;

    tmg_buf_init(&words, TMG_MOST_KEPT);
    va_start(args, fmt);
    tmg_say_kept_list(&words, fmt, args);
    va_end(args);
    if (w->count == sizeof w->rows / sizeof *w->rows)
        return;
    w->rows[w->count++] = (tmg_watch_row){.day = w->day,
                                          .measure = tmg_span_of(measure),
                                          .about = tmg_span_of(about),
                                          .value_ppm = value_ppm,
                                          .limit_ppm = limit_ppm,
                                          .alarm = value_ppm > limit_ppm,
                                          .words = tmg_span_copy(w->arena, tmg_buf_as_span(&words))};
}

static void count_one(feature *f, tmg_arena *a, tmg_span name, bool is_recent)
{
    class *c = NULL;

    if (name.len == 0)
        name = TMG_SPAN("none");
    if (name.len >= sizeof c->name)
        name.len = sizeof c->name - 1;
    for (size_t i = 0; i < f->count && c == NULL; i++)
        if (tmg_span_is(name, f->classes[i].name))
            c = &f->classes[i];
    if (c == NULL) {
        if (f->count == f->room) {
            size_t room = f->room > 0 ? 2 * f->room : 64;
            class *more = tmg_alloc_array(a, room, sizeof *more);

            if (f->count > 0)
                memcpy(more, f->classes, f->count * sizeof *more);
            f->classes = more;
            f->room = room;
        }
        c = &f->classes[f->count++];
        *c = (class){0};
        memcpy(c->name, name.ptr, name.len);
    }
    if (is_recent)
        c->recent++;
    else
        c->before++;
}

/* "10^4": whole powers of ten of the minor unit. */
static tmg_span value_band(int64_t minor, char room[12])
{
    int band = 0;

    if (minor == TMG_NONE)
        return TMG_SPAN("none");
    for (; minor >= 10; minor /= 10)
        band++;
    (void)snprintf(room, 12, "10^%d", band);
    return tmg_span_of(room);
}

static tmg_rc count_flow(tmg_watching *w, tmg_db *db, feature f[FEATURES], tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(
        db,
        "SELECT d.lodged_ms, substr(i.hs, 1, 2), i.origin, d.departure, p.code, d.value_minor, "
        "d.transport_mode FROM declaration d JOIN post p ON p.id = d.post_id LEFT JOIN item i ON "
        "i.declaration_id = d.id AND i.no = (SELECT min(n.no) FROM item n WHERE n.declaration_id = d.id) "
        "WHERE d.superseded_at_ms IS NULL AND d.lodged_ms >= $1 AND d.lodged_ms < $2",
        &s, err));
    tmg_bind_i64(s, 1, w->before_ms);
    tmg_bind_i64(s, 2, w->end_ms);
    for (;;) {
        bool row = false;
        char band[12];

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        bool is_recent = tmg_col_i64(s, 0) >= w->recent_ms;

        count_one(&f[HS2], w->arena, tmg_col_text(s, 1), is_recent);
        count_one(&f[ORIGIN], w->arena, tmg_col_text(s, 2), is_recent);
        count_one(&f[DEPARTURE], w->arena, tmg_col_text(s, 3), is_recent);
        count_one(&f[POST], w->arena, tmg_col_text(s, 4), is_recent);
        count_one(&f[VALUE], w->arena, value_band(tmg_col_opt(s, 5), band), is_recent);
        count_one(&f[MODE], w->arena, tmg_col_text(s, 6), is_recent);
    }
}

static int by_size(const void *a, const void *b)
{
    const class *x = a, *y = b;
    int64_t n = x->recent + x->before, m = y->recent + y->before;

    if (n != m)
        return n > m ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void judge(tmg_watching *w, feature *f)
{
    int64_t recent[CLASSES] = {0}, before[CLASSES] = {0};
    size_t classes = f->count < CLASSES ? f->count : CLASSES, most = 0;
    double moved = 0;

    if (f->count == 0)
        return;
    qsort(f->classes, f->count, sizeof *f->classes, by_size);
    for (size_t i = 0; i < f->count; i++) {
        size_t at = i < CLASSES - 1 ? i : classes - 1;

        recent[at] += f->classes[i].recent;
        before[at] += f->classes[i].before;
    }
    int64_t r = sum_of(recent, classes), n = sum_of(before, classes);

    if (r < LEAST_RECENT || n < LEAST_BEFORE)
        return;
    for (size_t i = 0; i < classes; i++) {
        double by = fabs(share(recent[i], r, classes) - share(before[i], n, classes));

        if (by > moved) {
            moved = by;
            most = i;
        }
    }
    tmg_watch_say(
        w, "psi", f->name, tmg_psi_ppm(recent, before, classes), tmg_psi_limit_ppm(recent, before, classes),
        "most moved: %s, from %.1f %% to %.1f %% of what arrives",
        f->count > CLASSES && most == classes - 1 ? "the rare ones together" : f->classes[most].name,
        100 * (double)before[most] / (double)n, 100 * (double)recent[most] / (double)r);
}

static tmg_rc watch_flow(tmg_watching *w, tmg_db *db, tmg_err *err)
{
    feature f[FEATURES] = {{.name = "hs2"},  {.name = "origin"}, {.name = "departure"},
                           {.name = "post"}, {.name = "value"},  {.name = "mode"}};

    TMG_TRY(count_flow(w, db, f, err));
    for (int i = 0; i < FEATURES; i++)
        judge(w, &f[i]);
    return TMG_OK;
}

static tmg_rc store_row(tmg_db *db, const tmg_watch_row *r, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO watch (day, measure, about, value_ppm, limit_ppm, alarm, words) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &s, err));
    tmg_bind_i64(s, 1, r->day);
    tmg_bind_text(s, 2, r->measure);
    tmg_bind_text(s, 3, r->about);
    tmg_bind_i64(s, 4, r->value_ppm);
    tmg_bind_i64(s, 5, r->limit_ppm);
    tmg_bind_i64(s, 6, r->alarm ? 1 : 0);
    tmg_bind_text(s, 7, r->words);
    return tmg_exec(s, err);
}

static tmg_rc set_exploring(tmg_db *db, bool alarm, int64_t *ret_ppm, tmg_err *err)
{
    tmg_stmt *s = NULL;
    char text[24];

    TMG_TRY(tmg_explore_extra(db, ret_ppm, err));
    *ret_ppm += alarm ? TMG_WATCH_STEP_PPM : -TMG_WATCH_STEP_PPM / 2;
    *ret_ppm = *ret_ppm < 0 ? 0 : *ret_ppm > TMG_WATCH_MOST_PPM ? TMG_WATCH_MOST_PPM : *ret_ppm;
    (void)snprintf(text, sizeof text, "%lld", (long long)*ret_ppm);
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO setting (name, value) VALUES ('watch.explore_extra_ppm', $1) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    &s, err));
    tmg_bind_text(s, 1, tmg_span_of(text));
    return tmg_exec(s, err);
}

/* Exploration moves once a day, and only after a look that had something to judge. */
static tmg_rc note_exploring(tmg_watching *w, tmg_db *db, tmg_err *err)
{
    bool alarm = false, again = false;
    int64_t extra = 0;

    for (size_t i = 0; i < w->count; i++)
        alarm = alarm || w->rows[i].alarm;
    TMG_TRY(tmg_watch_done(db, w->day, &again, err));
    if (again || w->count == 0)
        TMG_TRY(tmg_explore_extra(db, &extra, err));
    else
        TMG_TRY(set_exploring(db, alarm, &extra, err));
    tmg_watch_say(w, "explore", "extra", extra, TMG_WATCH_MOST_PPM,
                  "exploration has %.1f %% of the red places on top", (double)extra / 10000);
    return TMG_OK;
}

tmg_rc tmg_watch_run(tmg_db *db, int32_t day, int offset_min, tmg_arena *a, tmg_watch_row **ret,
                     size_t *ret_count, tmg_err *err)
{
    tmg_watching *w = tmg_alloc(a, sizeof *w);
    tmg_stmt *s = NULL;

    *w = (tmg_watching){.arena = a,
                        .day = day,
                        .before_ms =
                            tmg_day_start_ms(day - TMG_WATCH_RECENT_DAYS - TMG_WATCH_BEFORE_DAYS, offset_min),
                        .recent_ms = tmg_day_start_ms(day - TMG_WATCH_RECENT_DAYS, offset_min),
                        .end_ms = tmg_day_start_ms(day, offset_min)};
    TMG_TRY(watch_flow(w, db, err));
    TMG_TRY(tmg_watch_results(w, db, err));
    TMG_TRY(note_exploring(w, db, err));
    TMG_TRY(tmg_sql(db, "DELETE FROM watch WHERE day = $1", &s, err));
    tmg_bind_i64(s, 1, day);
    TMG_TRY(tmg_exec(s, err));
    for (size_t i = 0; i < w->count; i++)
        TMG_TRY(store_row(db, &w->rows[i], err));
    *ret = w->rows;
    *ret_count = w->count;
    return TMG_OK;
}

tmg_rc tmg_watch_done(tmg_db *db, int32_t day, bool *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "SELECT 1 FROM watch WHERE day = $1 AND measure <> 'explore' LIMIT 1", &s, err));
    tmg_bind_i64(s, 1, day);
    TMG_TRY(tmg_step(s, ret, err));
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_watch_read(tmg_db *db, int32_t day, tmg_arena *a, tmg_watch_row **ret, size_t *ret_count,
                      tmg_err *err)
{
    tmg_stmt *s = NULL;

    *ret = tmg_alloc_array(a, sizeof((tmg_watching *)0)->rows / sizeof(tmg_watch_row), sizeof **ret);
    *ret_count = 0;
    TMG_TRY(tmg_sql(db,
                    "SELECT day, measure, about, value_ppm, limit_ppm, alarm, words FROM watch "
                    "WHERE day = (SELECT max(day) FROM watch WHERE day <= $1) ORDER BY id LIMIT 64",
                    &s, err));
    tmg_bind_i64(s, 1, day);
    for (;;) {
        bool row = false;

        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            return TMG_OK;
        (*ret)[(*ret_count)++] = (tmg_watch_row){.day = (int32_t)tmg_col_i64(s, 0),
                                                 .measure = tmg_span_copy(a, tmg_col_text(s, 1)),
                                                 .about = tmg_span_copy(a, tmg_col_text(s, 2)),
                                                 .value_ppm = tmg_col_i64(s, 3),
                                                 .limit_ppm = tmg_col_i64(s, 4),
                                                 .alarm = tmg_col_i64(s, 5) != 0,
                                                 .words = tmg_span_copy(a, tmg_col_text(s, 6))};
    }
}
