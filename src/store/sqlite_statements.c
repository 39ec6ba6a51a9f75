/* Statements: prepared once for each text, bound, stepped, read. */
#include "store/sqlite_priv.h"

static size_t slot_of(const tmg_db *db, const char *sql)
{
    uint64_t h = (uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 32) & (db->slot_count - 1);

    while (db->slots[at] != NULL && db->slots[at]->sql != sql)
        at = (at + 1) & (db->slot_count - 1);
    return at;
}

static void remember(tmg_db *db, tmg_stmt *s)
{
    if (2 * (db->stmt_count + 1) > db->slot_count) {
        tmg_stmt **old = db->slots;
        size_t old_count = db->slot_count;

        db->slot_count *= 2;
        db->slots = tmg_xcalloc(db->slot_count, sizeof(tmg_stmt *));
        for (size_t i = 0; i < old_count; i++)
            if (old[i] != NULL)
                db->slots[slot_of(db, old[i]->sql)] = old[i];
        free(old);
    }
    db->slots[slot_of(db, s->sql)] = s;
    db->stmt_count++;
}

/* SQLite numbers $n in order of first appearance; numbers[n - 1] leads from n to that. */
static bool number_parameters(tmg_stmt *s)
{
    int count = sqlite3_bind_parameter_count(s->s);
    bool same = true;
    int *numbers = tmg_xcalloc((size_t)count + 1, sizeof(int));

    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(s->s, i);
        int64_t n = 0;

        if (name == NULL || name[0] != '$' || !tmg_span_i64(tmg_span_of(name + 1), &n) || n < 1 ||
            n > count) {
            free(numbers);
            return false;
        }
        numbers[n - 1] = i;
        same = same && n == i;
    }
    s->count = count;
    if (same)
        free(numbers);
    else
        s->numbers = numbers;
    return true;
}

static tmg_rc prepare(tmg_db *db, const char *sql, tmg_stmt **ret, tmg_err *err)
{
    sqlite3_stmt *made = NULL;
    int code = sqlite3_prepare_v3(db->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, NULL);

    if (code != SQLITE_OK)
        return tmg_sqlite_refuse(db, code, err);
    tmg_stmt *s = tmg_xcalloc(1, sizeof(*s));
    s->db = db;
    s->s = made;
    s->sql = sql;
    if (!number_parameters(s)) {
        sqlite3_finalize(made);
        free(s);
        return TMG_FAIL(err, TMG_E_STORE, "parameters must be $1 to $n without gaps in: %s", sql);
    }
    remember(db, s);
    *ret = s;
    return TMG_OK;
}

tmg_rc tmg_sql(tmg_db *db, const char *sql, tmg_stmt **ret, tmg_err *err)
{
    tmg_stmt *s = db->slots[slot_of(db, sql)];

    if (s == NULL)
        return prepare(db, sql, ret, err);
    tmg_reset(s);
    sqlite3_clear_bindings(s->s);
    *ret = s;
    return TMG_OK;
}

static int number_of(const tmg_stmt *s, int at)
{
    return s->numbers == NULL || at < 1 || at > s->count ? at : s->numbers[at - 1];
}

static void note(tmg_stmt *s, int code)
{
    if (code != SQLITE_OK && s->bind_rc == SQLITE_OK)
        s->bind_rc = code;
}

void tmg_bind_i64(tmg_stmt *s, int at, int64_t v)
{
    note(s, sqlite3_bind_int64(s->s, number_of(s, at), v));
}

void tmg_bind_opt(tmg_stmt *s, int at, int64_t v)
{
    if (v == INT64_MIN)
        tmg_bind_null(s, at);
    else
        tmg_bind_i64(s, at, v);
}

void tmg_bind_text(tmg_stmt *s, int at, tmg_span v)
{
    note(s, sqlite3_bind_text64(s->s, number_of(s, at), v.ptr, v.len, SQLITE_STATIC, SQLITE_UTF8));
}

void tmg_bind_blob(tmg_stmt *s, int at, tmg_span v)
{
    note(s, sqlite3_bind_blob64(s->s, number_of(s, at), v.ptr, v.len, SQLITE_STATIC));
}

void tmg_bind_null(tmg_stmt *s, int at)
{
    note(s, sqlite3_bind_null(s->s, number_of(s, at)));
}

tmg_rc tmg_step(tmg_stmt *s, bool *ret_row, tmg_err *err)
{
    if (s->bind_rc != SQLITE_OK) {
        tmg_rc rc = TMG_FAIL(err, TMG_E_STORE, "a value cannot be bound (%s) in: %s",
                             sqlite3_errstr(s->bind_rc), s->sql);

        tmg_reset(s);
        return rc;
    }
    int code = sqlite3_step(s->s);
    if (code == SQLITE_ROW) {
        *ret_row = true;
        return TMG_OK;
    }
    if (code == SQLITE_DONE) {
        sqlite3_reset(s->s);
        *ret_row = false;
        return TMG_OK;
    }
    tmg_rc rc = tmg_sqlite_refuse(s->db, code, err);
    tmg_reset(s);
    return rc;
}

tmg_rc tmg_exec(tmg_stmt *s, tmg_err *err)
{
    bool row = true;

    while (row)
        TMG_TRY(tmg_step(s, &row, err));
    return TMG_OK;
}

void tmg_reset(tmg_stmt *s)
{
    sqlite3_reset(s->s);
    s->bind_rc = SQLITE_OK;
}

int64_t tmg_col_i64(tmg_stmt *s, int at)
{
    return sqlite3_column_int64(s->s, at);
}

int64_t tmg_col_opt(tmg_stmt *s, int at)
{
    return sqlite3_column_type(s->s, at) == SQLITE_NULL ? INT64_MIN : sqlite3_column_int64(s->s, at);
}

tmg_span tmg_col_text(tmg_stmt *s, int at)
{
    const unsigned char *text = sqlite3_column_text(s->s, at);

    return text == NULL ? (tmg_span){NULL, 0}
                        : (tmg_span){(const char *)text, (size_t)sqlite3_column_bytes(s->s, at)};
}

tmg_span tmg_col_blob(tmg_stmt *s, int at)
{
    if (sqlite3_column_type(s->s, at) == SQLITE_NULL)
        return (tmg_span){NULL, 0};
    const char *bytes = sqlite3_column_blob(s->s, at);
    return bytes == NULL ? TMG_SPAN("") : (tmg_span){bytes, (size_t)sqlite3_column_bytes(s->s, at)};
}

tmg_rc tmg_db_run(tmg_db *db, const char *sql, tmg_err *err)
{
    int code = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? TMG_OK : tmg_sqlite_refuse(db, code, err);
}

int64_t tmg_last_id(tmg_db *db)
{
    return sqlite3_last_insert_rowid(db->h);
}

int64_t tmg_changes(tmg_db *db)
{
    return sqlite3_changes64(db->h);
}
