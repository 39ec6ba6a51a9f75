/* The tamper-evident log, for auditors. */
#include "web/site_priv.h"

#include "base/file.h"
#include "guard/merkle.h"

enum { MOST_PATH = 64 };

typedef struct log_page {
    tmg_opened opened;
    tmg_log_query query;
    bool backwards;
    int64_t from, size, first, last;
    tmg_span *entries;
    size_t count;
    bool more;
} log_page;

/* Whoever pages through the log writes entries into it; a page of nothing but these is no further use, or
 * reading would never come to an end. */
static bool is_own_reading(const tmg_call *c, const tmg_json *leaf)
{
    return tmg_span_is(tmg_json_as_text(tmg_json_member(leaf, "action")), "log.read") &&
           tmg_span_is(tmg_json_as_text(tmg_json_member(leaf, "actor")), c->who.name);
}

static tmg_rc open_page(const tmg_call *c, log_page *p, tmg_err *err)
{
    bool worth = false;

    for (size_t i = 0; i < p->count; i++) {
        TMG_AUTO_JSON leaf = NULL;

        TMG_TRY(tmg_json_read(p->entries[i], &leaf, err));
        worth = worth || !is_own_reading(c, leaf);
        p->last = tmg_json_as_i64(tmg_json_member(leaf, "seq"), 0);
        if (i == 0)
            p->first = p->last;
    }
    p->opened.action = worth ? "log.read" : NULL;
    (void)snprintf(p->opened.object, sizeof p->opened.object, "log");
    (void)snprintf(p->opened.details, sizeof p->opened.details, "\"first\":%lld,\"last\":%lld,\"count\":%zu",
                   (long long)p->first, (long long)p->last, p->count);
    return TMG_OK;
}

static void write_page(tmg_call *c, const log_page *p)
{
    tmg_json_out j;

    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "size", p->size);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < p->count; i++)
        tmg_json_raw(&j, NULL, p->entries[i]);
    tmg_json_end_array(&j);
    if (p->backwards ? p->more : p->from + (int64_t)p->count < p->size)
        tmg_json_i64(&j, p->backwards ? "previous" : "next",
                     p->backwards ? p->first : p->from + (int64_t)p->count);
    tmg_json_end_object(&j);
}

static tmg_rc read_log(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    log_page *p = ctx;

    TMG_TRY(tmg_guard_size(db, &p->size, err));
    if (p->backwards)
        TMG_TRY(tmg_guard_find(db, &p->query, c->req->arena, &p->entries, &p->count, &p->more, err));
    else
        TMG_TRY(tmg_guard_entries(db, p->from, p->query.most, c->req->arena, &p->entries, &p->count, err));
    TMG_TRY(open_page(c, p, err));
    write_page(c, p);
    return TMG_OK;
}

/* false: a parameter was wrong, and that was answered. */
static bool read_query(tmg_call *c, log_page *p)
{
    int offset_min = tmg_centre_settings(c->site->centre)->offset_min;
    int32_t from, to;

    p->from = tmg_call_query_i64(c, "from", 0);
    p->query = (tmg_log_query){.actor = tmg_call_query(c, "actor"),
                               .action = tmg_call_query(c, "action"),
                               .object = tmg_call_query(c, "object"),
                               .from_ms = INT64_MIN,
                               .to_ms = INT64_MAX,
                               .before = tmg_call_query_i64(c, "before", INT64_MAX),
                               .most = (size_t)tmg_call_query_i64(c, "most", 100)};
    if (!tmg_call_query_day(c, "from_day", INT32_MIN, &from) ||
        !tmg_call_query_day(c, "to_day", INT32_MIN, &to))
        return false;
    if (from != INT32_MIN)
        p->query.from_ms = tmg_day_start_ms(from, offset_min);
    if (to != INT32_MIN)
        p->query.to_ms = tmg_day_start_ms(to + 1, offset_min);
    p->backwards = p->query.actor.len > 0 || p->query.action.len > 0 || p->query.object.len > 0 ||
                   from != INT32_MIN || to != INT32_MIN || tmg_call_query(c, "before").ptr != NULL;
    return true;
}

void tmg_do_log_read(tmg_call *c)
{
    log_page *p = tmg_alloc(c->req->arena, sizeof *p);

    if (read_query(c, p))
        tmg_call_offload(c, read_log, tmg_call_log_opened, p);
}

static tmg_rc sign(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const char *home = tmg_centre_settings(c->site->centre)->home;
    TMG_AUTO_BUF note = {0}, key = {0};
    tmg_json_out j;

    (void)ctx;
    tmg_buf_init(&note, 1 << 14);
    tmg_buf_init(&key, 1 << 12);
    TMG_TRY(tmg_guard_checkpoint(db, home, &note, err));
    TMG_TRY(tmg_file_read(tmg_path_join(c->req->arena, home, "keys/log.vkey"), &key, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "note", tmg_buf_as_span(&note));
    tmg_json_text(&j, "vkey", tmg_span_trim(tmg_buf_as_span(&key)));
    tmg_json_end_object(&j);
    return TMG_OK;
}

void tmg_do_log_checkpoint(tmg_call *c)
{
    tmg_call_write(c, sign, NULL, NULL);
}

static void write_hash(tmg_json_out *j, const char *key, const tmg_sha256 *hash)
{
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 64);
    tmg_base64_write(&b, hash->b, sizeof hash->b);
    tmg_json_z(j, key, b.ptr);
}

static tmg_rc prove(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    int64_t seq = *(const int64_t *)ctx;
    tmg_sha256 path[MOST_PATH], leaf;
    tmg_span *entry;
    size_t count, found;
    int64_t size;
    tmg_json_out j;

    TMG_TRY(tmg_guard_size(db, &size, err));
    size = tmg_call_query_i64(c, "size", size);
    TMG_TRY(tmg_guard_inclusion(db, seq, size, path, MOST_PATH, &count, err));
    TMG_TRY(tmg_guard_entries(db, seq, 1, c->req->arena, &entry, &found, err));
    if (found == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "the log has no leaf %lld", (long long)seq);
    leaf = tmg_merkle_leaf(entry[0]);
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "seq", seq);
    tmg_json_i64(&j, "size", size);
    tmg_json_text(&j, "entry", entry[0]);
    write_hash(&j, "leaf", &leaf);
    tmg_json_array(&j, "path");
    for (size_t i = 0; i < count; i++)
        write_hash(&j, NULL, &path[i]);
    tmg_json_end_array(&j);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, &c->who, "log.read", c->object, (tmg_span){NULL, 0}, err);
}

void tmg_do_log_proof(tmg_call *c)
{
    int64_t *seq = tmg_alloc(c->req->arena, sizeof *seq);

    if (tmg_call_id(c, 0, "leaf", seq))
        tmg_call_write(c, prove, NULL, seq);
}
