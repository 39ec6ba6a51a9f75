#include "rule/registry_priv.h"
#include "rule/rule.h"

enum { MOST_NAME = 64, MOST_VALUE = 512 };

static bool is_name(tmg_span s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
              c == '_' || c == '.'))
            return false;
    }
    return s.len > 0 && s.len <= MOST_NAME;
}

tmg_rc tmg_list_all(tmg_db *db, tmg_arena *a, tmg_list_info **ret, size_t *ret_count, tmg_err *err)
{
    tmg_found_rows rows = {.arena = a, .size = sizeof(tmg_list_info)};
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db,
        "SELECT l.name, l.title, l.kind, l.owner, l.restricted, l.changed_ms, l.version, (SELECT count(*) "
        "FROM list_entry e WHERE e.list_id = l.id AND e.from_ms <= $1 AND (e.until_ms IS NULL OR "
        "e.until_ms > $1)) FROM list l ORDER BY l.name",
        &s, err));
    tmg_bind_i64(s, 1, tmg_now_ms());
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_list_info *)tmg_found_next(&rows) =
            (tmg_list_info){.name = tmg_span_copy(a, tmg_col_text(s, 0)),
                            .title = tmg_span_copy(a, tmg_col_text(s, 1)),
                            .kind = tmg_span_copy(a, tmg_col_text(s, 2)),
                            .owner = tmg_span_copy(a, tmg_col_text(s, 3)),
                            .restricted = tmg_col_i64(s, 4) != 0,
                            .changed_ms = tmg_col_i64(s, 5),
                            .version = (int32_t)tmg_col_i64(s, 6),
                            .entries = tmg_col_i64(s, 7)};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}

static tmg_rc list_id(tmg_db *db, tmg_span name, int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(db, "SELECT id FROM list WHERE name = $1", &s, err));
    tmg_bind_text(s, 1, name);
    TMG_TRY(tmg_step(s, &row, err));
    if (!row)
        return TMG_FAIL(err, TMG_E_NOT_FOUND,
                        "there is no list \"%.*s\": see the names of the lists, or make it first",
                        TMG_SPAN_ARG(name));
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

tmg_rc tmg_list_make(tmg_db *db, const tmg_list_info *l, int64_t account_id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    if (!is_name(l->name))
        return TMG_FAIL(err, TMG_E_INVALID,
                        "\"%.*s\" is no name for a list: use 1 to %d letters, digits, `-`, `_` and `.`",
                        TMG_SPAN_ARG(tmg_utf8_cut(l->name, 80)), MOST_NAME);
    if (!tmg_span_is(l->kind, "code") && !tmg_span_is(l->kind, "name"))
        return TMG_FAIL(err, TMG_E_INVALID, "list %.*s: the kind is \"%.*s\"; say \"code\" or \"name\"",
                        TMG_SPAN_ARG(l->name), TMG_SPAN_ARG(tmg_utf8_cut(l->kind, 80)));
    TMG_TRY(tmg_sql(db,
                    "INSERT INTO list (name, title, kind, owner, restricted, version, changed_ms, made_by) "
                    "VALUES ($1, $2, "
                    "$3, $4, $5, 1, $6, $7) ON CONFLICT (name) DO NOTHING",
                    &s, err));
    tmg_bind_text(s, 1, l->name);
    tmg_bind_text(s, 2, l->title.len > 0 ? l->title : l->name);
    tmg_bind_text(s, 3, l->kind);
    tmg_bind_text(s, 4, l->owner.ptr != NULL ? l->owner : TMG_SPAN(""));
    tmg_bind_i64(s, 5, l->restricted);
    tmg_bind_i64(s, 6, tmg_now_ms());
    tmg_bind_i64(s, 7, account_id);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "there is a list %.*s already: add to it, or choose another name",
                        TMG_SPAN_ARG(l->name));
    return TMG_OK;
}

tmg_rc tmg_list_entries(tmg_db *db, tmg_span list, int64_t as_of_ms, tmg_arena *a, tmg_list_entry **ret,
                        size_t *ret_count, tmg_err *err)
{
    tmg_found_rows rows = {.arena = a, .size = sizeof(tmg_list_entry)};
    tmg_stmt *s = NULL;
    bool row = false;
    int64_t id = 0;

    TMG_TRY(list_id(db, list, &id, err));
    TMG_TRY(tmg_sql(
        db,
        "SELECT id, value, note, from_ms, until_ms FROM list_entry WHERE list_id = $1 AND from_ms <= $2 AND "
        "(until_ms IS NULL OR until_ms > $2) ORDER BY value, id",
        &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, as_of_ms);
    for (;;) {
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            break;
        *(tmg_list_entry *)tmg_found_next(&rows) =
            (tmg_list_entry){.id = tmg_col_i64(s, 0),
                             .value = tmg_span_copy(a, tmg_col_text(s, 1)),
                             .note = tmg_span_copy(a, tmg_col_text(s, 2)),
                             .from_ms = tmg_col_i64(s, 3),
                             .until_ms = tmg_col_opt(s, 4)};
    }
    *ret = rows.at;
    *ret_count = rows.count;
    return TMG_OK;
}

static tmg_rc bump(tmg_db *db, int64_t id, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, "UPDATE list SET version = version + 1, changed_ms = $2 WHERE id = $1", &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_i64(s, 2, tmg_now_ms());
    return tmg_exec(s, err);
}

/* How many entries of the value hold at some instant of [from_ms, until_ms). */
static tmg_rc overlapping(tmg_db *db, int64_t id, tmg_span value, int64_t from_ms, int64_t until_ms,
                          int64_t *ret, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_sql(
        db,
        "SELECT count(*) FROM list_entry WHERE list_id = $1 AND value = $2 AND (until_ms IS NULL OR until_ms "
        "> $3) AND from_ms < $4",
        &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_text(s, 2, value);
    tmg_bind_i64(s, 3, from_ms);
    tmg_bind_i64(s, 4, until_ms != TMG_NONE ? until_ms : INT64_MAX);
    TMG_TRY(tmg_step(s, &row, err));
    *ret = tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc check_entry(tmg_span list, tmg_span value, const tmg_list_entry *e, int64_t from_ms,
                          tmg_err *err)
{
    if (value.len == 0 || value.len > MOST_VALUE || !tmg_utf8_valid(value))
        return TMG_FAIL(err, TMG_E_INVALID, "list %.*s: an entry is 1 to %d bytes of UTF-8 text",
                        TMG_SPAN_ARG(list), MOST_VALUE);
    if (e->until_ms != TMG_NONE && e->until_ms <= from_ms)
        return TMG_FAIL(err, TMG_E_INVALID, "list %.*s: the entry \"%.*s\" would end before it begins",
                        TMG_SPAN_ARG(list), TMG_SPAN_ARG(value));
    return TMG_OK;
}

tmg_rc tmg_list_add(tmg_db *db, tmg_span list, const tmg_list_entry *e, int64_t account_id, tmg_err *err)
{
    const tmg_span value = tmg_span_trim(e->value);
    const int64_t from_ms = e->from_ms != TMG_NONE && e->from_ms != 0 ? e->from_ms : tmg_now_ms();
    tmg_stmt *s = NULL;
    int64_t id = 0, there = 0;

    TMG_TRY(list_id(db, list, &id, err));
    TMG_TRY(check_entry(list, value, e, from_ms, err));
    TMG_TRY(overlapping(db, id, value, from_ms, e->until_ms, &there, err));
    if (there > 0)
        return TMG_FAIL(err, TMG_E_CONFLICT, "\"%.*s\" is on the list %.*s already: end it first",
                        TMG_SPAN_ARG(value), TMG_SPAN_ARG(list));
    TMG_TRY(tmg_sql(
        db,
        "INSERT INTO list_entry (list_id, value, note, from_ms, until_ms, added_by) VALUES ($1, $2, $3, $4, "
        "$5, $6)",
        &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_text(s, 2, value);
    tmg_bind_text(s, 3, e->note);
    tmg_bind_i64(s, 4, from_ms);
    tmg_bind_opt(s, 5, e->until_ms);
    tmg_bind_i64(s, 6, account_id);
    TMG_TRY(tmg_exec(s, err));
    return bump(db, id, err);
}

tmg_rc tmg_list_end(tmg_db *db, tmg_span list, tmg_span value, int64_t account_id, tmg_err *err)
{
    tmg_stmt *s = NULL;
    int64_t id = 0;

    value = tmg_span_trim(value);
    TMG_TRY(list_id(db, list, &id, err));
    TMG_TRY(tmg_sql(db,
                    "UPDATE list_entry SET until_ms = CASE WHEN from_ms > $3 THEN from_ms ELSE $3 END, "
                    "ended_by = $4 WHERE list_id = $1 AND value = $2 "
                    "AND (until_ms IS NULL OR until_ms > $3)",
                    &s, err));
    tmg_bind_i64(s, 1, id);
    tmg_bind_text(s, 2, value);
    tmg_bind_i64(s, 3, tmg_now_ms());
    tmg_bind_i64(s, 4, account_id);
    TMG_TRY(tmg_exec(s, err));
    if (tmg_changes(db) == 0)
        return TMG_FAIL(err, TMG_E_NOT_FOUND, "\"%.*s\" is not on the list %.*s: see its entries",
                        TMG_SPAN_ARG(value), TMG_SPAN_ARG(list));
    return bump(db, id, err);
}
