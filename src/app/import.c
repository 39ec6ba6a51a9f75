#include "app/centre_priv.h"
#include "base/json.h"

enum { ALONE_RECORDS = 20000, SHARED_RECORDS = 500, BATCH_CAP = 128 << 20, DAYS_MAX = 4096 };

/* One accepted record of a batch; its texts lie in the batch's arena or in the input. */
typedef struct lodging {
    tmg_declaration declaration;
    tmg_result result;
    bool has_result;
    size_t line;
    tmg_span raw;
} lodging;

typedef struct post_day {
    int64_t post;
    int32_t day;
} post_day;

typedef struct batch {
    tmg_centre *centre;
    const tmg_actor *who;
    const tmg_import_options *options;
    tmg_import_summary *summary;
    const char *input_hash;
    lodging *good;
    size_t good_count;
    tmg_record *bad; /* few: a record with findings is large */
    size_t bad_count, bad_room;
    tmg_source_counts counts; /* of this batch */
    int64_t results;
    post_day days[DAYS_MAX]; /* where to choose again after the batch */
    size_t day_count;
    size_t from_line, to_line;
} batch;

static void note_day(batch *b, int64_t post, int32_t day)
{
    for (size_t i = 0; i < b->day_count; i++)
        if (b->days[i].post == post && b->days[i].day == day)
            return;
    b->days[b->day_count++] = (post_day){post, day};
}

static tmg_rc choose_again(batch *b, tmg_db *db, tmg_err *err)
{
    for (size_t i = 0; i < b->day_count; i++)
        TMG_TRY(tmg_choose(db, b->days[i].post, b->days[i].day, err));
    b->day_count = 0;
    return TMG_OK;
}

static void count_saved(batch *b, tmg_saved saved)
{
    if (saved == TMG_SAVED_UNCHANGED)
        b->counts.unchanged++;
    else
        b->counts.accepted++;
    if (saved == TMG_SAVED_AMENDED)
        b->counts.amended++;
}

/* A declaration that passes the checks may still name a post that this centre does not have: that is the
 * record's fault, not the import's. */
static tmg_rc set_aside(batch *b, tmg_db *db, const lodging *l, const tmg_err *why, tmg_err *err)
{
    tmg_quarantined q = {.source_id = b->summary->source_id,
                         .at_ms = tmg_now_ms(),
                         .line = (int64_t)l->line,
                         .field = TMG_SPAN("post"),
                         .value = l->declaration.post,
                         .reason = tmg_span_of(why->text),
                         .raw = l->raw};

    b->counts.quarantined++;
    return tmg_quarantine_add(db, &q, err);
}

static tmg_rc lodge_good(batch *b, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA scratch = tmg_arena_new(1 << 20);

    for (size_t i = 0; i < b->good_count; i++) {
        lodging *l = &b->good[i];
        tmg_lodged lodged;
        int64_t post = 0;
        int32_t day;
        tmg_err why;
        tmg_rc rc =
            tmg_lodge_quietly(b->centre, db, b->summary->source_id, b->options->make_posts, &l->declaration,
                              l->has_result ? &l->result : NULL, scratch, &lodged, &post, &day, &why);

        if (rc == TMG_E_INVALID) {
            TMG_TRY(set_aside(b, db, l, &why, err));
        } else if (rc != TMG_OK) {
            if (err != NULL)
                *err = why;
            return tmg_err_within(err, "declaration %.*s", TMG_SPAN_ARG(l->declaration.ref));
        } else {
            count_saved(b, lodged.saved);
            b->results += l->has_result;
            if (day != INT32_MIN)
                note_day(b, post, day);
        }
        if (b->day_count == DAYS_MAX)
            TMG_TRY(choose_again(b, db, err));
        tmg_arena_reset(scratch);
    }
    return choose_again(b, db, err);
}

/* A mapping decides what a file says: the leaf holds its name, or the hash of its text. */
static void describe_mapping(tmg_json_out *j, const tmg_intake_options *o)
{
    TMG_AUTO_BUF hex = {0};

    if (o->mapping_text.ptr == NULL) {
        if (o->mapping != NULL)
            tmg_json_z(j, "mapping", o->mapping);
        return;
    }
    tmg_sha256 hash = tmg_sha256_of(o->mapping_text.ptr, o->mapping_text.len);

    tmg_buf_init(&hex, 80);
    tmg_hex_write(&hex, hash.b, sizeof hash.b);
    tmg_json_z(j, "mapping_sha256", hex.ptr);
}

static tmg_rc log_batch(batch *b, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_BUF details = {0};
    tmg_json_out j;

    tmg_buf_init(&details, 1 << 14);
    tmg_json_begin(&j, &details);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "name", b->options->source_name);
    tmg_json_z(&j, "sha256", b->input_hash);
    describe_mapping(&j, &b->options->intake);
    tmg_json_i64(&j, "from_line", (int64_t)b->from_line);
    tmg_json_i64(&j, "to_line", (int64_t)b->to_line);
    tmg_json_i64(&j, "accepted", b->counts.accepted);
    tmg_json_i64(&j, "unchanged", b->counts.unchanged);
    tmg_json_i64(&j, "amended", b->counts.amended);
    tmg_json_i64(&j, "quarantined", b->counts.quarantined);
    tmg_json_i64(&j, "results", b->results);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, b->who, "declarations.imported",
                         tmg_object_of("source", b->summary->source_id).text, tmg_members(&details), err);
}

static void add_counts(tmg_source_counts *to, const tmg_source_counts *c)
{
    to->accepted += c->accepted;
    to->unchanged += c->unchanged;
    to->amended += c->amended;
    to->quarantined += c->quarantined;
}

static tmg_rc store_batch(void *ctx, tmg_db *db, tmg_err *err)
{
    batch *b = ctx;
    tmg_source_counts total = b->summary->counts;

    b->counts = (tmg_source_counts){0};
    b->results = 0;
    b->day_count = 0;
    TMG_TRY(tmg_centre_sync(b->centre, db, err));
    TMG_TRY(lodge_good(b, db, err));
    for (size_t i = 0; i < b->bad_count; i++) {
        int64_t id;

        TMG_TRY(tmg_quarantine_record(db, b->summary->source_id, &b->bad[i], &id, err));
    }
    b->counts.quarantined += (int64_t)b->bad_count;
    add_counts(&total, &b->counts);
    TMG_TRY(tmg_source_update(db, b->summary->source_id, &total, TMG_NONE, err));
    TMG_TRY(tmg_keep_mind_clock(b->centre, db, err));
    TMG_TRY(log_batch(b, db, err));
    tmg_tell(b->centre, "declarations.imported", 0, 0, TMG_SPAN("{}"));
    return TMG_OK;
}

static tmg_rc flush(batch *b, tmg_arena *a, tmg_err *err)
{
    if (b->good_count + b->bad_count > 0) {
        TMG_TRY(tmg_centre_write(b->centre, store_batch, b, err));
        add_counts(&b->summary->counts, &b->counts);
        b->summary->results += b->results;
    }
    b->good_count = b->bad_count = 0;
    tmg_arena_reset(a);
    return TMG_OK;
}

static void keep_bad(batch *b, const tmg_record *rec)
{
    if (b->bad_count == b->bad_room) {
        b->bad_room = b->bad_room == 0 ? 16 : b->bad_room * 2;
        b->bad = tmg_xrealloc(b->bad, b->bad_room * sizeof *b->bad);
    }
    b->bad[b->bad_count++] = *rec;
}

static void keep(batch *b, const tmg_record *rec)
{
    for (size_t i = 0; i < rec->finding_count; i++)
        b->summary->remarks += !rec->findings[i].fault;
    if (rec->good)
        b->good[b->good_count++] =
            (lodging){rec->declaration, rec->result, rec->has_result, rec->line, rec->raw};
    else
        keep_bad(b, rec);
    b->to_line = rec->line;
}

static tmg_rc read_all(batch *b, tmg_reader *reader, size_t total, size_t most, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(BATCH_CAP);
    const tmg_import_options *o = b->options;
    bool more = true;

    b->from_line = 1;
    while (more) {
        static _Thread_local tmg_record rec;

        TMG_TRY(tmg_reader_next(reader, a, &rec, &more, err));
        if (more)
            keep(b, &rec);
        /* A bad record is large, so few of them fill a batch. */
        if (!more || b->good_count == most || b->bad_count >= 256 || tmg_arena_used(a) > BATCH_CAP / 2) {
            TMG_TRY(flush(b, a, err));
            b->from_line = b->to_line + 1;
            if (o->progress != NULL)
                o->progress(o->progress_ctx, tmg_reader_offset(reader), total, &b->summary->counts);
            if (more && o->stop != NULL && o->stop(o->progress_ctx))
                return tmg_err_code(
                    TMG_FAIL(err, TMG_E_STORE,
                             "the import was stopped after line %zu: what came before is kept, and sending "
                             "all again changes nothing for it",
                             b->to_line),
                    err, "import.stopped", "line=%zu", b->to_line);
        }
    }
    return TMG_OK;
}

typedef struct source_job {
    const tmg_import_options *options;
    const char *format;
    tmg_import_summary *summary;
} source_job;

static tmg_rc open_source(void *ctx, tmg_db *db, tmg_err *err)
{
    source_job *job = ctx;

    return tmg_source_begin(db, tmg_span_of(job->options->source_name), tmg_span_of(job->format),
                            job->options->intake.mapping_text.ptr != NULL
                                ? TMG_SPAN("its own")
                                : tmg_span_of(job->options->intake.mapping),
                            tmg_now_ms(), &job->summary->source_id, err);
}

static tmg_rc close_source(void *ctx, tmg_db *db, tmg_err *err)
{
    source_job *job = ctx;

    return tmg_source_update(db, job->summary->source_id, &job->summary->counts, tmg_now_ms(), err);
}

static tmg_rc import_reader(tmg_centre *c, const tmg_actor *who, tmg_span bytes, tmg_reader *reader,
                            const tmg_import_options *o, tmg_import_summary *ret, tmg_err *err)
{
    size_t most = c->writer != NULL ? SHARED_RECORDS : ALONE_RECORDS;
    source_job job = {o, tmg_reader_format(reader), ret};
    batch *b = tmg_xcalloc(1, sizeof *b);
    tmg_sha256 hash = o->input_hash != NULL ? *o->input_hash : tmg_sha256_of(bytes.ptr, bytes.len);
    TMG_AUTO_BUF hex = {0};
    tmg_rc rc;

    tmg_buf_init(&hex, 80);
    tmg_hex_write(&hex, hash.b, sizeof hash.b);
    *b = (batch){.centre = c, .who = who, .options = o, .summary = ret, .input_hash = hex.ptr};
    b->good = tmg_xcalloc(most, sizeof *b->good);
    rc = tmg_centre_write(c, open_source, &job, err);
    if (rc == TMG_OK)
        rc = read_all(b, reader, bytes.len, most, err);
    if (rc == TMG_OK)
        rc = tmg_centre_write(c, close_source, &job, err);
    free(b->good);
    free(b->bad);
    free(b);
    return rc;
}

/* A mapping of its own stays with the evidence, so that anyone can tell later what the file was taken to say.
 */
static tmg_rc keep_mapping(const tmg_centre *c, const tmg_intake_options *o, tmg_err *err)
{
    tmg_sha256 hash;

    return o->mapping_text.ptr == NULL ? TMG_OK
                                       : tmg_evidence_put(c->settings.home, o->mapping_text, &hash, err);
}

tmg_rc tmg_import(tmg_centre *c, const tmg_actor *who, tmg_span bytes, const tmg_import_options *o,
                  tmg_import_summary *ret, tmg_err *err)
{
    tmg_intake_options intake = o->intake;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_reader *reader;
    tmg_rc rc;

    *ret = (tmg_import_summary){0};
    TMG_TRY(tmg_guard_may(who, TMG_MAY_DECLARATION_LODGE, 0, err));
    tmg_intake_prepare(c, a, &intake);
    TMG_TRY(tmg_reader_open(bytes, &intake, &reader, err));
    rc = keep_mapping(c, &intake, err);
    if (rc == TMG_OK)
        rc = import_reader(c, who, bytes, reader, o, ret, err);
    tmg_reader_close(reader);
    return rc;
}
