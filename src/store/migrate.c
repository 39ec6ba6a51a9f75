#include "base/time.h"
#include "store/store_priv.h"

#include "store/migrations.gen.h"

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

int tmg_schema_latest(void)
{
    return known[KNOWN - 1].version;
}

tmg_rc tmg_db_schema(tmg_db *db, int *ret_version, tmg_err *err)
{
    int64_t there = 0;
    tmg_stmt *s = NULL;
    bool row = false;

    TMG_TRY(tmg_db_count_tables(db, "schema_version", &there, err));
    if (there == 0) {
        *ret_version = 0;
        return TMG_OK;
    }
    TMG_TRY(tmg_sql(db, "SELECT coalesce(max(version), 0) FROM schema_version", &s, err));
    TMG_TRY(tmg_step(s, &row, err));
    *ret_version = (int)tmg_col_i64(s, 0);
    tmg_reset(s);
    return TMG_OK;
}

static tmg_rc not_edited(tmg_db *db, const tmg_migration *list, size_t count, tmg_err *err)
{
    tmg_stmt *s = NULL;
    bool row = false;

    for (size_t i = 0; i < count; i++) {
        TMG_TRY(tmg_sql(db, "SELECT sha256 FROM schema_version WHERE version = $1", &s, err));
        tmg_bind_i64(s, 1, list[i].version);
        TMG_TRY(tmg_step(s, &row, err));
        if (!row)
            continue;
        bool same = tmg_span_is(tmg_col_text(s, 0), list[i].sha256);
        tmg_reset(s);
        if (!same)
            return TMG_FAIL(err, TMG_E_CONFLICT,
                            "%s was made with another text of migration %s than this program has: use the "
                            "Tamga that made "
                            "it, and put later changes of the schema into a new migration",
                            tmg_db_path(db), list[i].name);
    }
    return TMG_OK;
}

static tmg_rc apply(tmg_db *db, const tmg_migration *m, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_db_script(
        db,
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
        "sha256 TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) {STRICT}",
        err));
    TMG_TRY(tmg_db_script(db, m->sql, err));
    TMG_TRY(tmg_sql(
        db, "INSERT INTO schema_version (version, name, sha256, applied_at_ms) VALUES ($1, $2, $3, $4)", &s,
        err));
    tmg_bind_i64(s, 1, m->version);
    tmg_bind_text(s, 2, tmg_span_of(m->name));
    tmg_bind_text(s, 3, tmg_span_of(m->sha256));
    tmg_bind_i64(s, 4, tmg_now_ms());
    return tmg_exec(s, err);
}

/* Those of the list that are newer than what is there.  Another process may migrate at the same moment: the
 * version is read again under the write lock. */
static tmg_rc apply_from(tmg_db *db, const tmg_migration *list, size_t count, const tmg_migration **ret_at,
                         tmg_err *err)
{
    int version = 0;

    TMG_TRY(tmg_db_schema(db, &version, err));
    for (size_t i = 0; i < count; i++) {
        *ret_at = &list[i];
        if (version < list[i].version)
            TMG_TRY(apply(db, &list[i], err));
    }
    return TMG_OK;
}

static tmg_rc apply_in_one(tmg_db *db, const tmg_migration *list, size_t count, tmg_err *err)
{
    const tmg_migration *at = list;

    TMG_TRY(tmg_begin(db, err));
    tmg_rc rc = apply_from(db, list, count, &at, err);
    if (rc == TMG_OK)
        return tmg_commit(db, err);
    tmg_rollback(db);
    return tmg_err_within(err, "migration %s of %s", at->name, tmg_db_path(db));
}

static tmg_rc keep_copy(tmg_db *db, int next, tmg_err *err)
{
    TMG_AUTO_BUF copy = {0};

    tmg_buf_init(&copy, 4096);
    tmg_buf_fmt(&copy, "%s.before-%04d", tmg_db_path(db), next);
    tmg_rc rc = tmg_db_copy_to(db, copy.ptr, err);
    return rc == TMG_OK ? rc : tmg_err_within(err, "the copy before the migration");
}

/* Where another process makes the database between the two questions, the first is asked again. */
static tmg_rc look(tmg_db *db, int *ret_version, int64_t *ret_tables, tmg_err *err)
{
    TMG_TRY(tmg_db_schema(db, ret_version, err));
    TMG_TRY(tmg_db_count_tables(db, NULL, ret_tables, err));
    if (*ret_version == 0 && *ret_tables > 0)
        TMG_TRY(tmg_db_schema(db, ret_version, err));
    return TMG_OK;
}

tmg_rc tmg_migrate(tmg_db *db, const tmg_migration *list, size_t count, bool forward, tmg_err *err)
{
    int version = 0, latest = list[count - 1].version;
    int64_t tables = 0;

    TMG_TRY(look(db, &version, &tables, err));
    if (version == 0 && (tables > 0 || !forward))
        return TMG_FAIL(err, TMG_E_CONFLICT, "%s is not a Tamga database: name the centre's own file",
                        tmg_db_path(db));
    if (version > latest)
        return TMG_FAIL(
            err, TMG_E_CONFLICT,
            "%s was made by a newer Tamga (schema %d, this program knows %d): install that version",
            tmg_db_path(db), version, latest);
    if (version > 0)
        TMG_TRY(not_edited(db, list, count, err));
    if (version == latest)
        return TMG_OK;
    if (!forward)
        return TMG_FAIL(err, TMG_E_CONFLICT,
                        "%s has schema %d and this program needs %d: run `tamga migrate`", tmg_db_path(db),
                        version, latest);
    /* A new database is made whole: nobody else ever sees a part of it. */
    if (version == 0)
        return apply_in_one(db, list, count, err);
    for (size_t i = 0; i < count; i++) {
        if (list[i].version <= version)
            continue;
        if (i > 0 && list[i - 1].version == version)
            TMG_TRY(keep_copy(db, list[i].version, err));
        TMG_TRY(apply_in_one(db, &list[i], 1, err));
    }
    return TMG_OK;
}

tmg_rc tmg_migrate_known(tmg_db *db, bool forward, tmg_err *err)
{
    return tmg_migrate(db, known, KNOWN, forward, err);
}
