#include "guard/log_priv.h"
#include "guard/merkle_priv.h"

/* Feeds the hashes of the full subtrees of 256^level leaves that cover leaves *at..hi-1 as far as they go. */
static tmg_rc add_level(tmg_db *db, int level, int64_t *at, int64_t hi, tmg_merkle_edge *e, tmg_err *err)
{
    const int bits = level * TMG_LOG_FAN_BITS;
    const int64_t first = *at >> bits, end = hi >> bits;
    int64_t next = first;
    tmg_stmt *s;
    bool row;
    if (first >= end)
        return TMG_OK;
    if (level == 0) {
        TMG_TRY(
            tmg_sql(db, "SELECT seq, hash FROM log_leaf WHERE seq >= $1 AND seq < $2 ORDER BY seq", &s, err));
    } else {
        TMG_TRY(tmg_sql(db,
                        "SELECT at, hash FROM log_node WHERE at >= $1 AND at < $2 AND level = $3 ORDER BY at",
                        &s, err));
        tmg_bind_i64(s, 3, level);
    }
    tmg_bind_i64(s, 1, first);
    tmg_bind_i64(s, 2, end);
    for (;; next++) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        tmg_span blob = tmg_col_blob(s, 1);
        tmg_sha256 hash;
        if (tmg_col_i64(s, 0) != next || blob.len != sizeof hash.b)
            break;
        memcpy(hash.b, blob.ptr, sizeof hash.b);
        tmg_merkle_add_full(e, &hash, bits);
    }
    if (row)
        tmg_reset(s);
    if (next != end)
        return TMG_FAIL(
            err, TMG_E_STORE,
            "the log is damaged: the hash of entries from %lld on is missing; stop and restore a copy",
            (long long)(next << bits));
    *at = end << bits;
    return TMG_OK;
}

tmg_rc tmg_log_range(tmg_db *db, int64_t lo, int64_t hi, tmg_sha256 *ret, tmg_err *err)
{
    tmg_merkle_edge e = {0};
    int64_t at = lo;
    int level = 0;
    /* The subtree itself may be the one that is being completed: use only levels strictly below it. */
    while (level + 1 < 64 / TMG_LOG_FAN_BITS && hi - lo > INT64_C(1) << ((level + 1) * TMG_LOG_FAN_BITS))
        level++;
    for (; level >= 0; level--)
        TMG_TRY(add_level(db, level, &at, hi, &e, err));
    *ret = tmg_merkle_root(&e);
    return TMG_OK;
}

tmg_rc tmg_log_root(tmg_db *db, int64_t size, tmg_sha256 *ret, tmg_err *err)
{
    if (size > 0)
        return tmg_log_range(db, 0, size, ret, err);
    *ret = tmg_merkle_root(&(tmg_merkle_edge){0});
    return TMG_OK;
}

tmg_rc tmg_guard_inclusion(tmg_db *db, int64_t seq, int64_t size, tmg_sha256 *ret_path, size_t max,
                           size_t *ret_count, tmg_err *err)
{
    tmg_sha256 path[64];
    size_t count = 0;
    int64_t there, lo = 0, hi = size;
    TMG_TRY(tmg_guard_size(db, &there, err));
    if (seq < 0 || seq >= size || size > there)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "entry %lld of the first %lld: the log holds %lld entries",
                        (long long)seq, (long long)size, (long long)there);
    while (hi - lo > 1) { /* from the root down; RFC 6962 lists it from the leaf up */
        int64_t half = 1;
        while (half * 2 < hi - lo)
            half *= 2;
        bool left = seq < lo + half;
        TMG_TRY(left ? tmg_log_range(db, lo + half, hi, &path[count], err)
                     : tmg_log_range(db, lo, lo + half, &path[count], err));
        count++;
        *(left ? &hi : &lo) = lo + half;
    }
    if (count > max)
        return TMG_FAIL(err, TMG_E_LIMIT, "the proof has %zu hashes and room is for %zu", count, max);
    for (size_t i = 0; i < count; i++)
        ret_path[i] = path[count - 1 - i];
    *ret_count = count;
    return TMG_OK;
}
