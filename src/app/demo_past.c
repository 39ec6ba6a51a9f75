/* The centre lives through the days that were left to it: declarations come when they are lodged, the centre
 * chooses, people act on it, keys are committed before their day and published after it.  What is found is
 * what the simulated world hid. */
#include "app/demo_past_priv.h"

#include "base/hash.h"

#include <stdlib.h>

enum {
    BATCH_CAP = 256 << 20,
    RECORD_CAP = 256 << 20,
    FINDINGS_CAP = 512 << 20,
    STEP_H = 2,     /* people look up so often */
    MORNING_H = 6,  /* what waits is judged again */
    DESK_H = 10,    /* investigator and custodian */
    KEYS_AHEAD = 7, /* days */
    CALIBRATE_DAYS = 14,
    WEEK = 7,
    MOST_PLACES = 256, /* posts and days that declarations of two hours are for */
    MINUTE_MS = 60000
};

static void set_clock(int64_t at_ms)
{
    tmg_clock_shift(0);
    tmg_clock_shift(at_ms - tmg_now_ms());
}

/* ---- what would be found ---- */

static int by_ref(const void *a, const void *b)
{
    const tmg_demo_finding *x = a, *y = b;
    size_t len = x->ref.len < y->ref.len ? x->ref.len : y->ref.len;
    int order = memcmp(x->ref.ptr, y->ref.ptr, len);

    return order != 0 ? order : (x->ref.len > y->ref.len) - (x->ref.len < y->ref.len);
}

const tmg_demo_finding *tmg_demo_finding_of(const tmg_demo_past *p, tmg_span ref)
{
    tmg_demo_finding key = {.ref = ref};

    return p->finding_count == 0 ? NULL
                                 : bsearch(&key, p->findings, p->finding_count, sizeof *p->findings, by_ref);
}

static tmg_rc open_reader(tmg_demo_past *p, const char *name, tmg_file *file, tmg_reader **ret, tmg_err *err)
{
    tmg_intake_options o = {.format = "jsonl"};

    TMG_TRY(tmg_file_map(tmg_path_join(p->arena, p->span.world, name), file, err));
    tmg_intake_prepare(p->centre, p->arena, &o);
    return tmg_reader_open(file->bytes, &o, ret, err);
}

static void keep_finding(tmg_demo_past *p, const tmg_record *rec, size_t *room)
{
    tmg_demo_finding f = {tmg_span_copy(p->arena, rec->declaration.ref), rec->result};

    if (p->finding_count == *room) {
        *room = *room == 0 ? 1024 : 2 * *room;
        p->findings = tmg_xrealloc(p->findings, *room * sizeof *p->findings);
    }
    f.result.note = tmg_span_copy(p->arena, f.result.note);
    f.result.seized = tmg_alloc_array(p->arena, f.result.seized_count + 1, sizeof *f.result.seized);
    for (size_t i = 0; i < f.result.seized_count; i++) {
        f.result.seized[i] = rec->result.seized[i];
        f.result.seized[i].substance = tmg_span_copy(p->arena, rec->result.seized[i].substance);
    }
    p->findings[p->finding_count++] = f;
}

static tmg_rc read_findings(tmg_demo_past *p, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(RECORD_CAP);
    tmg_record *rec = tmg_xcalloc(1, sizeof *rec);
    tmg_reader *reader = NULL;
    tmg_file file = {0};
    size_t room = 0;
    bool more = true;

    tmg_rc rc = open_reader(p, "findings.jsonl", &file, &reader, err);
    while (rc == TMG_OK && more) {
        rc = tmg_reader_next(reader, a, rec, &more, err);
        if (rc == TMG_OK && more)
            keep_finding(p, rec, &room);
        tmg_arena_reset(a);
    }
    if (reader != NULL)
        tmg_reader_close(reader);
    tmg_file_unmap(&file);
    free(rec);
    if (p->finding_count > 1)
        qsort(p->findings, p->finding_count, sizeof *p->findings, by_ref);
    return rc;
}

/* ---- lodging ---- */

typedef struct place {
    int64_t post_id;
    int32_t day;
} place;

/* Those lodged between two looks, chosen for together. */
typedef struct lodging {
    tmg_declaration d;
    tmg_lodged l;
    int64_t post_id;
} lodging;

typedef struct batch {
    tmg_arena *arena;
    lodging *list;
    size_t count, room;
    place places[MOST_PLACES];
    size_t place_count;
} batch;

static void note_place(batch *b, int64_t post_id, int32_t day)
{
    for (size_t i = 0; i < b->place_count; i++)
        if (b->places[i].post_id == post_id && b->places[i].day == day)
            return;
    if (b->place_count < MOST_PLACES)
        b->places[b->place_count++] = (place){post_id, day};
}

static tmg_rc read_next(tmg_demo_past *p, tmg_err *err)
{
    return tmg_reader_next(p->reader, p->records[p->day & 1], p->next, &p->more, err);
}

static tmg_rc lodge_next(tmg_demo_past *p, tmg_db *db, batch *b, tmg_err *err)
{
    int32_t day = INT32_MIN;

    if (b->count == b->room) {
        b->room = b->room == 0 ? 64 : 2 * b->room;
        b->list = tmg_xrealloc(b->list, b->room * sizeof *b->list);
    }
    lodging *x = &b->list[b->count];

    *x = (lodging){.d = p->next->declaration};
    TMG_TRY(tmg_lodge_quietly(p->centre, db, p->source_id, false, &x->d, NULL, b->arena, &x->l, &x->post_id,
                              &day, err));
    if (day != INT32_MIN) {
        note_place(b, x->post_id, day);
        b->count++;
    }
    p->counts.accepted++;
    return read_next(p, err);
}

static tmg_rc lodge_all(tmg_demo_past *p, tmg_db *db, int64_t until_ms, batch *b, tmg_err *err)
{
    while (p->more && p->next->declaration.lodged.at_ms < until_ms)
        TMG_TRY(lodge_next(p, db, b, err));
    for (size_t i = 0; i < b->place_count; i++)
        TMG_TRY(tmg_choose(db, b->places[i].post_id, b->places[i].day, err));
    for (size_t i = 0; i < b->count; i++)
        TMG_TRY(tmg_lodge_tell(p->centre, db, &p->desk, &b->list[i].d, b->list[i].post_id, b->arena,
                               &b->list[i].l, err));
    return TMG_OK;
}

static tmg_rc lodge_before(tmg_demo_past *p, tmg_db *db, int64_t until_ms, tmg_err *err)
{
    batch b = {.arena = tmg_arena_new(BATCH_CAP)};
    tmg_rc rc = lodge_all(p, db, until_ms, &b, err);

    free(b.list);
    tmg_arena_free(b.arena);
    return rc;
}

/* ---- a day ---- */

static int offset_of(const tmg_demo_past *p)
{
    return tmg_centre_settings(p->centre)->offset_min;
}

/* The keys of days that are lived through follow from the world, so that the same world has the same past;
 * the days from the demonstration day on have keys that nobody knows. */
static tmg_rc keep_keys(tmg_demo_past *p, tmg_db *db, tmg_err *err)
{
    int32_t until = tmg_day_of(p->span.now_ms, offset_of(p));

    for (int32_t day = p->day; day < p->day + KEYS_AHEAD && day < until; day++) {
        char words[64];
        int len =
            snprintf(words, sizeof words, "demonstration %llu %d", (unsigned long long)p->span.seed, day);
        tmg_sha256 key = tmg_sha256_of(words, (size_t)len);

        TMG_TRY(tmg_day_key_commit(db, day, key.b, err));
    }
    return TMG_OK;
}

static tmg_rc turn_day(tmg_demo_past *p, tmg_db *db, tmg_err *err)
{
    TMG_TRY(keep_keys(p, db, err));
    if (p->day % WEEK == 0)
        TMG_TRY(tmg_tick(p->centre, db, err));
    else
        TMG_TRY(tmg_turn_day(p->centre, db, err));
    return p->day % CALIBRATE_DAYS == 0 ? tmg_calibrate_now(p->centre, db, &p->chief, err) : TMG_OK;
}

static tmg_rc live_day(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_demo_past *p = ctx;
    int64_t start = tmg_day_start_ms(p->day, offset_of(p));

    tmg_arena_reset(p->records[p->day & 1]);
    set_clock(start + MINUTE_MS);
    TMG_TRY(tmg_centre_sync(p->centre, db, err));
    TMG_TRY(turn_day(p, db, err));
    for (int h = STEP_H; h <= 24; h += STEP_H) {
        int64_t at = start + h * TMG_HOUR_MS - (h == 24 ? MINUTE_MS : 0);

        if (at > p->span.now_ms)
            break;
        set_clock(at);
        TMG_TRY(lodge_before(p, db, at, err));
        TMG_TRY(tmg_demo_people(p, db, at + STEP_H * TMG_HOUR_MS, err));
        if (h == MORNING_H)
            TMG_TRY(tmg_reassess_now(p->centre, db, err));
        if (h == DESK_H)
            TMG_TRY(tmg_demo_files(p, db, err));
    }
    return tmg_source_update(db, p->source_id, &p->counts, TMG_NONE, err);
}

/* ---- from the opening to now ---- */

static tmg_rc import_before(tmg_demo_past *p, size_t bytes, tmg_import_summary *ret, tmg_err *err)
{
    tmg_import_options o = {.intake = {.format = "jsonl"}, .source_name = "declarations.jsonl"};
    tmg_actor who = tmg_actor_console();

    return tmg_import(p->centre, &who, (tmg_span){p->file.bytes.ptr, bytes}, &o, ret, err);
}

static tmg_rc begin(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_demo_past *p = ctx;

    TMG_TRY(keep_keys(p, db, err));
    return tmg_tick(p->centre, db, err);
}

static tmg_rc open_source(void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_demo_past *p = ctx;

    return tmg_source_begin(db, TMG_SPAN("api"), TMG_SPAN("json"), (tmg_span){0}, tmg_now_ms(), &p->source_id,
                            err);
}

tmg_rc tmg_demo_begin(tmg_centre *c, const tmg_demo_span *span, tmg_demo_past **ret, tmg_import_summary *past,
                      tmg_err *err)
{
    tmg_demo_past *p = tmg_xcalloc(1, sizeof *p);
    size_t before = 0;

    *ret = p;
    p->centre = c;
    p->span = *span;
    p->arena = tmg_arena_new(FINDINGS_CAP);
    for (int i = 0; i < 2; i++)
        p->records[i] = tmg_arena_new(RECORD_CAP);
    p->next = tmg_xcalloc(1, sizeof *p->next);
    p->day = tmg_day_of(span->opened_ms, offset_of(p));
    TMG_TRY(tmg_centre_write(c, begin, p, err));
    TMG_TRY(open_reader(p, "declarations.jsonl", &p->file, &p->reader, err));
    p->day--; /* what is read before the opening lies in the arena of the day before */
    TMG_TRY(read_next(p, err));
    while (p->more && p->next->declaration.lodged.at_ms < span->opened_ms) {
        before = tmg_reader_offset(p->reader);
        tmg_arena_reset(p->records[p->day & 1]);
        TMG_TRY(read_next(p, err));
    }
    p->day++;
    TMG_TRY(read_findings(p, err));
    TMG_TRY(import_before(p, before, past, err));
    return tmg_centre_write(c, open_source, p, err);
}

static tmg_rc take_over(void *ctx, tmg_db *db, tmg_err *err)
{
    return tmg_demo_register(ctx, db, err);
}

tmg_rc tmg_demo_live(tmg_demo_past *p, int64_t until_ms, tmg_err *err)
{
    TMG_TRY(tmg_demo_cast(p, tmg_centre_db(p->centre), err));
    if (!p->registered)
        TMG_TRY(tmg_centre_write(p->centre, take_over, p, err));
    p->registered = true;
    for (; tmg_day_start_ms(p->day, offset_of(p)) < until_ms; p->day++)
        TMG_TRY(tmg_centre_write(p->centre, live_day, p, err));
    return TMG_OK;
}

int64_t tmg_demo_lodged(const tmg_demo_past *p)
{
    return p->counts.accepted;
}

void tmg_demo_end(tmg_demo_past *p)
{
    if (p == NULL)
        return;
    if (p->reader != NULL)
        tmg_reader_close(p->reader);
    tmg_file_unmap(&p->file);
    for (int i = 0; i < 2; i++)
        tmg_arena_free(p->records[i]);
    tmg_arena_free(p->arena);
    free(p->next);
    free(p->findings);
    free(p->due);
    free(p->files);
    free(p);
}
