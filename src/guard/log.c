#include "guard/log_priv.h"

#include "base/json.h"

tmg_rc tmg_own_begin(tmg_db *db, tmg_own_tx *ret, tmg_err *err)
{
    *ret = (tmg_own_tx){db, !tmg_in_transaction(db)};
    return ret->own ? tmg_begin(db, err) : TMG_OK;
}

tmg_rc tmg_own_end(tmg_own_tx *tx, tmg_rc rc, tmg_err *err)
{
    if (!tx->own)
        return rc;
    if (rc == TMG_OK)
        return tmg_commit(tx->db, err);
    tmg_rollback(tx->db);
    return rc;
}

tmg_rc tmg_guard_size(tmg_db *db, int64_t *ret_size, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    TMG_TRY(tmg_sql(db, "SELECT max(seq) FROM log_leaf", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    int64_t last = row ? tmg_col_opt(s, 0) : TMG_NONE;
    tmg_reset(s);
    *ret_size = last == TMG_NONE ? 0 : last + 1;
    return TMG_OK;
}

/* Always with three digits of milliseconds, so that entries sort by their text. */
static void write_at(tmg_buf *b, int64_t at_ms)
{
    int32_t day = tmg_day_of(at_ms, 0);
    int64_t ms = at_ms - tmg_day_start_ms(day, 0);
    tmg_day_write(b, day);
    tmg_buf_fmt(b, "T%02d:%02d:%02d.%03dZ", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                (int)(ms / 1000 % 60), (int)(ms % 1000));
}

/* Past the text that begins with the quotation mark at `i`. */
static size_t after_text(tmg_span s, size_t i)
{
    for (i++; i < s.len && s.ptr[i] != '"'; i++)
        if (s.ptr[i] == '\\')
            i++;
    return i < s.len ? i + 1 : s.len;
}

/* Past the comma that ends the member whose name ends at `i`. */
static size_t after_member(tmg_span s, size_t i)
{
    for (int depth = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '"')
            i = after_text(s, i) - 1;
        else if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        else if (c == ',' && depth == 0)
            return i + 1;
    }
    return s.len;
}

/* An entry that names a member twice says two things, and tamga-verify refuses it: better not to write it at
 * all. */
static tmg_rc check_details(const char *action, tmg_span details, tmg_err *err)
{
    static const char *const own[] = {"seq", "at", "actor", "role", "from", "action", "object"};
    for (size_t i = 0; i < details.len; i++)
        if ((unsigned char)details.ptr[i] < ' ')
            return TMG_FAIL(err, TMG_E_INVALID, "the details of %s hold a control character", action);
    for (size_t i = 0; i < details.len;) {
        size_t end = details.ptr[i] == '"' ? after_text(details, i) : i;
        if (end < i + 2)
            return TMG_FAIL(err, TMG_E_INVALID, "the details of %s are not JSON members", action);
        tmg_span name = {details.ptr + i + 1, end - i - 2};
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            if (tmg_span_is(name, own[k]))
                return TMG_FAIL(err, TMG_E_INVALID,
                                "the details of %s may not use the name \"%s\" of the entry itself", action,
                                own[k]);
        i = after_member(details, end);
    }
    return TMG_OK;
}

static tmg_rc write_entry(tmg_buf *b, int64_t seq, const tmg_actor *who, const char *action,
                          const char *object, tmg_span details, tmg_err *err)
{
    TMG_TRY(check_details(action, details, err));
    TMG_AUTO_BUF at = {0};
    tmg_buf_init(&at, 40);
    write_at(&at, tmg_now_ms());
    tmg_json_out j;
    tmg_json_begin(&j, b);
    tmg_json_object(&j, NULL);
    tmg_json_i64(&j, "seq", seq);
    tmg_json_text(&j, "at", tmg_buf_as_span(&at));
    tmg_json_z(&j, "actor", who->name);
    tmg_json_z(&j, "role", tmg_role_name(who->role));
    tmg_json_z(&j, "from", who->from);
    tmg_json_z(&j, "action", action);
    tmg_json_z(&j, "object", object);
    if (details.len > 0) {
        tmg_buf_char(b, ',');
        tmg_buf_span(b, details);
    }
    tmg_json_end_object(&j);
    if (b->overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "the log entry for %s is longer than a mebibyte", action);
    return TMG_OK;
}

static tmg_rc insert_leaf(tmg_db *db, int64_t seq, tmg_span entry, tmg_err *err)
{
    tmg_sha256 hash = tmg_merkle_leaf(entry);
    tmg_stmt *s;
    TMG_TRY(tmg_sql(db, "INSERT INTO log_leaf (seq, entry, hash) VALUES ($1, $2, $3)", &s, err));
    tmg_bind_i64(s, 1, seq);
    tmg_bind_text(s, 2, entry);
    tmg_bind_blob(s, 3, (tmg_span){(const char *)hash.b, sizeof hash.b});
    return tmg_exec(s, err);
}

/* When the leaf was the last of a subtree of 256^level leaves, the subtree's hash is kept. */
static tmg_rc keep_full_subtrees(tmg_db *db, int64_t size, tmg_err *err)
{
    for (int level = 1; level < 64 / TMG_LOG_FAN_BITS; level++) {
        int64_t leaves = INT64_C(1) << (level * TMG_LOG_FAN_BITS);
        if (size % leaves != 0)
            break;
        tmg_sha256 hash;
        tmg_stmt *s;
        TMG_TRY(tmg_log_range(db, size - leaves, size, &hash, err));
        TMG_TRY(tmg_sql(db, "INSERT INTO log_node (level, at, hash) VALUES ($1, $2, $3)", &s, err));
        tmg_bind_i64(s, 1, level);
        tmg_bind_i64(s, 2, size / leaves - 1);
        tmg_bind_blob(s, 3, (tmg_span){(const char *)hash.b, sizeof hash.b});
        TMG_TRY(tmg_exec(s, err));
    }
    return TMG_OK;
}

tmg_rc tmg_guard_log(tmg_db *db, const tmg_actor *who, const char *action, const char *object,
                     tmg_span details, tmg_err *err)
{
    int64_t seq;
    if (!tmg_in_transaction(db))
        return TMG_FAIL(err, TMG_E_CONFLICT, "%s can be logged only inside the transaction of the act itself",
                        action);
    TMG_AUTO_BUF entry = {0};
    tmg_buf_init(&entry, TMG_LOG_ENTRY_MAX);
    TMG_TRY(tmg_guard_size(db, &seq, err));
    TMG_TRY(write_entry(&entry, seq, who, action, object, details, err));
    TMG_TRY(insert_leaf(db, seq, tmg_buf_as_span(&entry), err));
    return keep_full_subtrees(db, seq + 1, err);
}

tmg_rc tmg_guard_log_refusal(tmg_db *db, const tmg_actor *who, const char *what, const char *object,
                             const tmg_err *why, tmg_err *err)
{
    TMG_AUTO_BUF members = {0};
    tmg_buf_init(&members, 4096);
    tmg_json_out j;
    tmg_json_begin(&j, &members);
    tmg_json_object(&j, NULL);
    tmg_json_z(&j, "wanted", what);
    tmg_json_z(&j, "reason", why->text);
    tmg_json_end_object(&j);
    if (members.overflow)
        return TMG_FAIL(err, TMG_E_LIMIT, "the name of the refused use is longer than 4 kilobytes");
    return tmg_guard_log(db, who, "access.refused", object, (tmg_span){members.ptr + 1, members.len - 2},
                         err);
}

tmg_rc tmg_guard_entries(tmg_db *db, int64_t from, size_t most, tmg_arena *a, tmg_span **ret,
                         size_t *ret_count, tmg_err *err)
{
    tmg_stmt *s;
    bool row;
    int64_t size;
    TMG_TRY(tmg_guard_size(db, &size, err));
    int64_t there = from < 0 || from >= size ? 0 : size - from;
    size_t room = (uint64_t)there < most ? (size_t)there : most, count = 0;
    tmg_span *entries = tmg_alloc_array(a, room + 1, sizeof *entries);
    TMG_TRY(tmg_sql(db, "SELECT entry FROM log_leaf WHERE seq >= $1 ORDER BY seq LIMIT $2", &s, err));
    tmg_bind_i64(s, 1, from);
    tmg_bind_i64(s, 2, (int64_t)room);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        entries[count++] = tmg_span_copy(a, tmg_col_text(s, 0));
        if (tmg_arena_full(a)) {
            tmg_reset(s);
            return TMG_FAIL(err, TMG_E_LIMIT, "so many log entries do not fit: ask for fewer at a time");
        }
    }
    *ret = entries;
    *ret_count = count;
    return TMG_OK;
}
