/* Transactions and savepoints. */
#include "store/sqlite_priv.h"

static tmg_rc control(tmg_db *db, const char *sql, tmg_err *err)
{
    tmg_stmt *s = NULL;

    TMG_TRY(tmg_sql(db, sql, &s, err));
    return tmg_exec(s, err);
}

tmg_rc tmg_begin(tmg_db *db, tmg_err *err)
{
    TMG_TRY(control(db, "BEGIN IMMEDIATE", err));
    db->open = true;
    db->begins++;
    return TMG_OK;
}

tmg_rc tmg_begin_read(tmg_db *db, tmg_err *err)
{
    TMG_TRY(control(db, "BEGIN", err));
    db->open = true;
    /* SQLite takes its view at the first read, not at BEGIN. */
    tmg_rc rc = control(db, "SELECT count(*) FROM schema_version", err);
    if (rc != TMG_OK)
        tmg_rollback(db);
    return rc;
}

tmg_rc tmg_commit(tmg_db *db, tmg_err *err)
{
    tmg_rc rc = control(db, "COMMIT", err);

    if (rc != TMG_OK)
        tmg_rollback(db);
    db->open = false;
    return rc;
}

void tmg_rollback(tmg_db *db)
{
    if (!tmg_in_transaction(db))
        return;
    for (size_t i = 0; i < db->slot_count; i++)
        if (db->slots[i] != NULL)
            tmg_reset(db->slots[i]);
    /* A failure here means that SQLite has rolled back by itself. */
    (void)sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
    db->open = false;
    db->undone++;
}

tmg_rc tmg_savepoint(tmg_db *db, tmg_err *err)
{
    return control(db, "SAVEPOINT job", err);
}

tmg_rc tmg_release(tmg_db *db, tmg_err *err)
{
    return control(db, "RELEASE job", err);
}

void tmg_rollback_to_savepoint(tmg_db *db)
{
    db->undone++;
    (void)sqlite3_exec(db->h, "ROLLBACK TO job; RELEASE job", NULL, NULL, NULL);
}

bool tmg_in_transaction(const tmg_db *db)
{
    return sqlite3_get_autocommit(db->h) == 0;
}
