/* Pictures and scans: kept as evidence files by their hash, and given back as what they are. */
#include "base/hash.h"
#include "web/casework_priv.h"

enum { HASH_TEXT = 2 * (int)sizeof(tmg_sha256) };

/* What is kept, told by its first bytes and not by what the sender says.  Only what every browser draws
 * without a program of its own is shown in place. */
static const struct {
    const char *type, *ending, *magic;
    size_t len;
    bool in_place;
} known[] = {{"image/jpeg", "jpg", "\xff\xd8\xff", 3, true},
             {"image/png", "png", "\x89PNG\r\n\x1a\n", 8, true},
             {"image/tiff", "tif", "II*\0", 4, false},
             {"image/tiff", "tif", "MM\0*", 4, false},
             {"application/pdf", "pdf", "%PDF-", 5, false}};
enum { KNOWN = (int)(sizeof known / sizeof known[0]) };

static int kind_of_bytes(tmg_span bytes)
{
    for (int i = 0; i < KNOWN; i++)
        if (bytes.len > known[i].len && memcmp(bytes.ptr, known[i].magic, known[i].len) == 0)
            return i;
    return -1;
}

static int kind_of_type(tmg_span type)
{
    for (int i = 0; i < KNOWN; i++)
        if (tmg_span_is(type, known[i].type))
            return i;
    return -1;
}

/* ---- what it is about ---- */

typedef struct about {
    tmg_span kind;
    int64_t id;
} about;

static tmg_rc read_about(tmg_span text, about *ret, tmg_err *err)
{
    tmg_span rest = text;

    if (tmg_span_split(&rest, ':', &ret->kind) && tmg_span_i64(rest, &ret->id) && ret->id > 0 &&
        (tmg_span_is(ret->kind, "step") || tmg_span_is(ret->kind, "seizure") ||
         tmg_span_is(ret->kind, "exhibit")))
        return TMG_OK;
    return TMG_FAIL(err, TMG_E_INVALID, "about: expected \"step:17\", \"seizure:3\" or \"exhibit:5\"");
}

static tmg_rc may_order(tmg_call *c, tmg_db *db, int64_t step_id, bool add, tmg_arena *a, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    tmg_order o;

    TMG_TRY(tmg_sql(db, "SELECT order_id FROM inspection_step WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, step_id);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no step %lld", (long long)step_id);
    int64_t order_id = tmg_col_i64(s, 0);
    tmg_reset(s);
    TMG_TRY(tmg_order_read(db, order_id, a, &o, err));
    return tmg_guard_may(&c->who, add ? TMG_MAY_ORDER_WORK : TMG_MAY_ORDER_READ, o.post_id, err);
}

static tmg_rc may_seizure(tmg_call *c, tmg_db *db, int64_t id, tmg_permission p, tmg_arena *a, tmg_err *err)
{
    tmg_seizure z;

    TMG_TRY(tmg_seizure_read(db, id, a, &z, err));
    TMG_TRY(tmg_guard_may(&c->who, p, z.post_id, err));
    return tmg_seizure_may(db, &c->who, &z, err);
}

/* Who keeps exhibits keeps them without knowing the case. */
static tmg_rc may_exhibit(tmg_call *c, tmg_db *db, int64_t id, tmg_permission p, tmg_arena *a, tmg_err *err)
{
    tmg_exhibit e;
    tmg_seizure z;

    TMG_TRY(tmg_exhibit_read(db, id, a, &e, err));
    if (c->who.role != TMG_CUSTODIAN)
        return may_seizure(c, db, e.seizure_id, p, a, err);
    TMG_TRY(tmg_seizure_read(db, e.seizure_id, a, &z, err));
    return tmg_guard_may(&c->who, p, z.post_id, err);
}

/* Who may add to a thing, or see it, may its pictures. */
static tmg_rc may(tmg_call *c, tmg_db *db, const about *of, bool add, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(16 << 20);

    if (tmg_span_is(of->kind, "step"))
        return may_order(c, db, of->id, add, a, err);
    if (tmg_span_is(of->kind, "seizure"))
        return may_seizure(c, db, of->id, add ? TMG_MAY_SEIZURE_RECORD : TMG_MAY_SEIZURE_READ, a, err);
    return may_exhibit(c, db, of->id, add ? TMG_MAY_EVIDENCE_MOVE : TMG_MAY_EVIDENCE_READ, a, err);
}

/* ---- keeping ---- */

typedef struct media_job {
    tmg_span about_text;
    about about;
    int kind;
    char hash[HASH_TEXT + 1];
} media_job;

/* The file first and by a reader, so that a large one does not hold up the writer; a file that no row names
 * is nothing to anybody. */
static tmg_rc keep_bytes(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    media_job *job = ctx;
    tmg_span bytes = tmg_buf_as_span(&c->req->body);
    TMG_AUTO_BUF hex = {0};
    tmg_sha256 hash;

    TMG_TRY(read_about(job->about_text, &job->about, err));
    TMG_TRY(may(c, db, &job->about, true, err));
    job->kind = kind_of_bytes(bytes);
    if (job->kind < 0 || !tmg_call_body_is(c, known[job->kind].type))
        return TMG_FAIL(
            err, TMG_E_INVALID,
            "the bytes are not what Content-Type says: expected a JPEG, PNG or TIFF picture, or a "
            "PDF");
    TMG_TRY(tmg_evidence_put(tmg_centre_settings(c->site->centre)->home, bytes, &hash, err));
    tmg_buf_init(&hex, HASH_TEXT);
    tmg_hex_write(&hex, hash.b, sizeof hash.b);
    (void)snprintf(job->hash, sizeof job->hash, "%.*s", (int)hex.len, hex.ptr);
    return TMG_OK;
}

static tmg_rc keep_row(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const media_job *job = ctx;
    tmg_span words = tmg_call_query(c, "words");
    char object[96];
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    tmg_stmt *s;

    TMG_TRY(tmg_sql(db,
                    "INSERT INTO media (about, hash, kind, words, at_ms, account_id) VALUES ($1, $2, $3, $4, "
                    "$5, $6)",
                    &s, err));
    tmg_bind_text(s, 1, job->about_text);
    tmg_bind_text(s, 2, tmg_span_of(job->hash));
    tmg_bind_text(s, 3, tmg_span_of(known[job->kind].type));
    tmg_bind_text(s, 4, words.ptr != NULL ? words : TMG_SPAN(""));
    tmg_bind_i64(s, 5, tmg_now_ms());
    tmg_bind_i64(s, 6, c->who.account_id);
    TMG_TRY(tmg_exec(s, err));
    tmg_buf_init(&b, 1 << 12);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "hash", job->hash);
    tmg_json_z(&j, "kind", known[job->kind].type);
    tmg_json_end_object(&j);
    (void)snprintf(object, sizeof object, "%.*s", TMG_SPAN_ARG(job->about_text));
    TMG_TRY(tmg_guard_log(db, &c->who, "media.added", object, (tmg_span){b.ptr + 1, b.len - 2}, err));
    tmg_call_json(c, 201, &j);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "hash", job->hash);
    tmg_json_text(&j, "about", job->about_text);
    tmg_json_end_object(&j);
    return TMG_OK;
}

static void bytes_kept(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else
        tmg_call_write(c, keep_row, NULL, ctx);
}

void tmg_do_media_add(tmg_call *c)
{
    media_job *job = tmg_alloc(c->req->arena, sizeof *job);

    job->about_text = tmg_call_query(c, "about");
    (void)snprintf(c->object, sizeof c->object, "%.*s", TMG_SPAN_ARG(tmg_utf8_cut(job->about_text, 60)));
    tmg_call_offload(c, keep_bytes, bytes_kept, job);
}

/* ---- giving back ---- */

/* The first thing it is about that the actor may see; TMG_E_DENIED when there is none. */
static tmg_rc find_media(tmg_call *c, tmg_db *db, tmg_span hash, int *ret_kind, tmg_err *err)
{
    tmg_stmt *s;
    bool row = false, seen = false, there = false;
    about of;

    TMG_TRY(tmg_sql(db, "SELECT about, kind FROM media WHERE hash = $1 ORDER BY id", &s, err));
    tmg_bind_text(s, 1, hash);
    while (!seen) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        there = true;
        *ret_kind = kind_of_type(tmg_col_text(s, 1));
        TMG_TRY(read_about(tmg_col_text(s, 0), &of, err));
        tmg_err why;
        tmg_rc rc = may(c, db, &of, false, &why);
        seen = rc == TMG_OK && *ret_kind >= 0;
    }
    if (row)
        tmg_reset(s);
    if (!there)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "there is no picture or scan of this hash");
    return seen ? TMG_OK
                : TMG_FAIL(err, TMG_E_DENIED, "this picture is of something that this account may not see");
}

static tmg_rc read_media(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    tmg_span hex = c->match.param[0];
    tmg_resp *r = &c->req->resp;
    char disposition[80];
    tmg_sha256 hash;
    int kind = -1;

    (void)ctx;
    if (!tmg_hex_read(hex, hash.b, sizeof hash.b))
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "the path names no picture: its hash is expected there");
    TMG_TRY(find_media(c, db, hex, &kind, err));
    TMG_TRY(tmg_evidence_get(tmg_centre_settings(c->site->centre)->home, &hash, &r->body, err));
    TMG_TRY(tmg_log_opened(c, db, "media.read", c->object, 0, err));
    r->status = 200;
    r->type = known[kind].type;
    (void)snprintf(disposition, sizeof disposition, "%s; filename=\"%.12s.%s\"",
                   known[kind].in_place ? "inline" : "attachment", hex.ptr, known[kind].ending);
    tmg_resp_header(r, "Content-Disposition", disposition);
    tmg_resp_header(r, "Content-Security-Policy", "sandbox");
    return TMG_OK;
}

void tmg_do_media_read(tmg_call *c)
{
    (void)snprintf(c->object, sizeof c->object, "media:%.*s",
                   TMG_SPAN_ARG(tmg_utf8_cut(c->match.param[0], 16)));
    tmg_call_write(c, read_media, NULL, NULL);
}
