/* The tamper-evident log, for auditors. */
#include "web/site_priv.h"

#include "base/file.h"
#include "guard/merkle.h"

enum { MOST_PATH = 64 };

void tmg_do_log_read(tmg_call *c)
{
    tmg_span *entries;
    size_t count, most = (size_t)tmg_call_query_i64(c, "most", 100);
    int64_t size, from = tmg_call_query_i64(c, "from", 0);
    tmg_json_out j;
    tmg_err err;

    if (tmg_guard_size(c->db, &size, &err) != TMG_OK ||
        tmg_guard_entries(c->db, from, most, c->req->arena, &entries, &count, &err) != TMG_OK) {
        tmg_call_fail(c, &err);
        return;
    }
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "size", size);
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++)
        tmg_json_raw(&j, NULL, entries[i]);
    tmg_json_end_array(&j);
    if (from + (int64_t)count < size)
        tmg_json_i64(&j, "next", from + (int64_t)count);
    tmg_json_end_object(&j);
    tmg_call_send(c);
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

static tmg_rc prove(tmg_call *c, int64_t seq, tmg_err *err)
{
    tmg_sha256 path[MOST_PATH], leaf;
    tmg_span *entry;
    size_t count, found;
    int64_t size;
    tmg_json_out j;

    TMG_TRY(tmg_guard_size(c->db, &size, err));
    size = tmg_call_query_i64(c, "size", size);
    TMG_TRY(tmg_guard_inclusion(c->db, seq, size, path, MOST_PATH, &count, err));
    TMG_TRY(tmg_guard_entries(c->db, seq, 1, c->req->arena, &entry, &found, err));
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
    return TMG_OK;
}

void tmg_do_log_proof(tmg_call *c)
{
    int64_t seq;
    tmg_err err;

    if (!tmg_call_id(c, 0, "leaf", &seq))
        return;
    if (prove(c, seq, &err) != TMG_OK)
        tmg_call_fail(c, &err);
    else
        tmg_call_send(c);
}
