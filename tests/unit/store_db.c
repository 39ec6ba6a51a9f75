#include "base/file.h"
#include "store/store_priv.h"
#include "store_help.h"

#include <sys/wait.h>

/* ---- opening ---- */

static void a_missing_database_is_told_and_not_made(void **state)
{
    const char *path = home_path(*state, "none.db");
    tmg_db *db = NULL;
    tmg_err err;

    assert_int_equal(tmg_db_open(path, TMG_DB_READ, &db, &err), TMG_E_NOT_FOUND);
    assert_int_equal(tmg_db_open(path, TMG_DB_WRITE, &db, &err), TMG_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "none.db"));
    assert_false(tmg_path_exists(path));
    assert_null(db);
}

static void a_reader_reads_and_cannot_write(void **state)
{
    TMG_AUTO_DB writer = home_db(*state);
    TMG_AUTO_DB reader = NULL;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_span value;
    tmg_err err;

    must(tmg_setting_put(writer, TMG_SPAN("x"), TMG_SPAN("1"), &err), &err);
    must(tmg_db_open(home_path(*state, "centre.db"), TMG_DB_READ, &reader, &err), &err);
    must(tmg_setting_get(reader, TMG_SPAN("x"), a, &value, &err), &err);
    assert_true(tmg_span_is(value, "1"));
    assert_int_equal(tmg_setting_put(reader, TMG_SPAN("x"), TMG_SPAN("2"), &err), TMG_E_STORE);
    assert_non_null(strstr(err.text, "only be read"));
}

static void what_was_written_is_there_after_closing(void **state)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_span value;
    tmg_err err;
    {
        TMG_AUTO_DB db = home_db(*state);
        must(tmg_setting_put(db, TMG_SPAN("x"), TMG_SPAN("kept"), &err), &err);
    }
    TMG_AUTO_DB db = NULL;
    must(tmg_db_open(home_path(*state, "centre.db"), TMG_DB_WRITE, &db, &err), &err);
    must(tmg_setting_get(db, TMG_SPAN("x"), a, &value, &err), &err);
    assert_true(tmg_span_is(value, "kept"));
}

static void the_file_is_its_owners_alone(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    struct stat st;

    assert_non_null(db);
    assert_int_equal(stat(home_path(*state, "centre.db"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void commits_are_durable_by_setting(void **state)
{
    TMG_AUTO_DB db = home_db(*state);

    assert_int_equal(number(db, "PRAGMA synchronous"), 2);
    assert_true(tmg_span_is(words(db, "PRAGMA journal_mode"), "wal"));
    assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
}

static void a_file_of_something_else_is_left_alone(void **state)
{
    const char *path = home_path(*state, "notes.db");
    TMG_AUTO_BUF after;
    tmg_db *db = NULL;
    tmg_err err;

    must(tmg_file_write(path,
                        TMG_SPAN("these are notes about the weather, and no database at all, you see\n"),
                        0600, &err),
         &err);
    assert_int_equal(tmg_db_open(path, TMG_DB_CREATE, &db, &err), TMG_E_STORE);
    assert_non_null(strstr(err.text, "not a Tamga database"));
    tmg_buf_init(&after, 1000);
    must(tmg_file_read(path, &after, &err), &err);
    assert_true(tmg_span_starts(tmg_buf_as_span(&after), "these are notes"));
}

static void a_database_of_another_program_is_refused(void **state)
{
    tmg_db *db = NULL;
    tmg_err err;
    {
        TMG_AUTO_DB made = home_db(*state);
        must(tmg_db_run(made, "DROP TABLE schema_version", &err), &err);
    }
    assert_int_equal(tmg_db_open(home_path(*state, "centre.db"), TMG_DB_CREATE, &db, &err), TMG_E_CONFLICT);
    assert_non_null(strstr(err.text, "not a Tamga database"));
}

/* ---- migrations ---- */

static void a_newer_schema_is_refused(void **state)
{
    tmg_db *db = NULL;
    tmg_err err;
    {
        TMG_AUTO_DB made = home_db(*state);
        must(tmg_db_run(made, "INSERT INTO schema_version VALUES (4321, '4321_later', 'aa', 0)", &err), &err);
    }
    for (int mode = TMG_DB_READ; mode <= TMG_DB_CREATE; mode++) {
        assert_int_equal(tmg_db_open(home_path(*state, "centre.db"), (tmg_db_mode)mode, &db, &err),
                         TMG_E_CONFLICT);
        assert_non_null(strstr(err.text, "newer Tamga"));
        assert_non_null(strstr(err.text, "4321"));
    }
}

static void an_edited_migration_is_refused(void **state)
{
    tmg_db *db = NULL;
    tmg_err err;
    {
        TMG_AUTO_DB made = home_db(*state);
        must(tmg_db_run(made, "UPDATE schema_version SET sha256 = 'edited' WHERE version = 1", &err), &err);
    }
    assert_int_equal(tmg_db_open(home_path(*state, "centre.db"), TMG_DB_WRITE, &db, &err), TMG_E_CONFLICT);
    assert_non_null(strstr(err.text, "0001_ground"));
}

static const char add_moon[] =
    "CREATE TABLE moon (id {ID}, phase {BLOB} NOT NULL) {STRICT};\n"
    "CREATE TABLE tide (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) {STRICT_ROWLESS};";
static const char broken[] = "CREATE TABLE star (id {ID}) {STRICT}; INSERT INTO nowhere VALUES (1);";

/* The newest migration that this program knows, and one more. */
static size_t longer_list(tmg_db *db, tmg_migration *list, const char *sql)
{
    list[0] = (tmg_migration){
        tmg_schema_latest(), "latest",
        words(db, "SELECT sha256 FROM schema_version ORDER BY version DESC LIMIT 1").ptr, ""};
    list[1] = (tmg_migration){tmg_schema_latest() + 1, "more", "bb", sql};
    return 2;
}

static void an_older_database_waits_for_migrate_then_moves_with_a_copy(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    TMG_AUTO_DB copy = NULL;
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_migration list[2];
    tmg_span value;
    int version = 0;
    tmg_err err;

    must(tmg_setting_put(db, TMG_SPAN("x"), TMG_SPAN("old"), &err), &err);
    size_t count = longer_list(db, list, add_moon);
    assert_int_equal(tmg_migrate(db, list, count, false, &err), TMG_E_CONFLICT);
    assert_non_null(strstr(err.text, "tamga migrate"));
    must(tmg_migrate(db, list, count, true, &err), &err);
    must(tmg_db_schema(db, &version, &err), &err);
    assert_int_equal(version, tmg_schema_latest() + 1);
    must(tmg_db_run(db, "INSERT INTO moon (phase) VALUES (x'00')", &err), &err);

    TMG_AUTO_BUF kept = {0};
    tmg_buf_init(&kept, 256);
    tmg_buf_fmt(&kept, "centre.db.before-%04d", tmg_schema_latest() + 1);
    must(tmg_db_open(home_path(*state, kept.ptr), TMG_DB_READ, &copy, &err), &err);
    must(tmg_db_schema(copy, &version, &err), &err);
    assert_int_equal(version, tmg_schema_latest());
    must(tmg_setting_get(copy, TMG_SPAN("x"), a, &value, &err), &err);
    assert_true(tmg_span_is(value, "old"));
}

static void a_failing_migration_changes_nothing(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_migration list[2];
    int64_t there = 1;
    int version = 0;
    tmg_err err;

    assert_int_equal(tmg_migrate(db, list, longer_list(db, list, broken), true, &err), TMG_E_STORE);
    assert_non_null(strstr(err.text, "migration more"));
    assert_false(tmg_in_transaction(db));
    must(tmg_db_schema(db, &version, &err), &err);
    assert_int_equal(version, tmg_schema_latest());
    must(tmg_db_count_tables(db, "star", &there, &err), &err);
    assert_int_equal(there, 0);
}

static void two_programs_may_make_the_centre_at_once(void **state)
{
    const char *path = home_path(*state, "both.db");
    pid_t child[4];
    int status = 0;

    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            tmg_db *db = NULL;
            tmg_err err;
            _exit(tmg_db_open(path, TMG_DB_CREATE, &db, &err) == TMG_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
}

/* ---- transactions ---- */

static void put(tmg_db *db, const char *name)
{
    tmg_err err;

    must(tmg_setting_put(db, tmg_span_of(name), TMG_SPAN("1"), &err), &err);
}

static void a_rollback_undoes_and_a_commit_keeps(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_err err;

    tmg_rollback(db);
    must(tmg_begin(db, &err), &err);
    assert_true(tmg_in_transaction(db));
    put(db, "gone");
    tmg_rollback(db);
    assert_false(tmg_in_transaction(db));
    must(tmg_begin(db, &err), &err);
    put(db, "kept");
    must(tmg_commit(db, &err), &err);
    assert_int_equal(number(db, "SELECT count(*) FROM setting WHERE name = 'gone'"), 0);
    assert_int_equal(number(db, "SELECT count(*) FROM setting WHERE name = 'kept'"), 1);
}

static void a_savepoint_undoes_only_its_part(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_err err;

    must(tmg_begin(db, &err), &err);
    put(db, "a");
    must(tmg_savepoint(db, &err), &err);
    put(db, "b");
    tmg_rollback_to_savepoint(db);
    must(tmg_savepoint(db, &err), &err);
    put(db, "c");
    must(tmg_release(db, &err), &err);
    must(tmg_commit(db, &err), &err);
    assert_true(tmg_span_is(
        words(db, "SELECT group_concat(name, '') FROM (SELECT name FROM setting ORDER BY name)"), "ac"));
}

static void a_read_transaction_sees_one_state(void **state)
{
    TMG_AUTO_DB writer = home_db(*state);
    TMG_AUTO_DB reader = NULL;
    tmg_err err;

    must(tmg_db_open(home_path(*state, "centre.db"), TMG_DB_READ, &reader, &err), &err);
    must(tmg_begin_read(reader, &err), &err);
    put(writer, "later");
    assert_int_equal(number(reader, "SELECT count(*) FROM setting"), 0);
    must(tmg_commit(reader, &err), &err);
    assert_int_equal(number(reader, "SELECT count(*) FROM setting"), 1);
}

static void closing_rolls_back_what_is_open(void **state)
{
    tmg_err err;
    {
        TMG_AUTO_DB db = home_db(*state);
        must(tmg_begin(db, &err), &err);
        put(db, "open");
    }
    TMG_AUTO_DB db = home_db(*state);
    assert_int_equal(number(db, "SELECT count(*) FROM setting"), 0);
}

/* ---- statements ---- */

static void the_same_text_is_prepared_once_and_comes_unbound(void **state)
{
    static const char sql[] = "SELECT $1, $2";
    TMG_AUTO_DB db = home_db(*state);
    tmg_stmt *first = NULL, *again = NULL;
    bool row = false;
    tmg_err err;

    must(tmg_sql(db, sql, &first, &err), &err);
    tmg_bind_i64(first, 1, 7);
    must(tmg_step(first, &row, &err), &err);
    must(tmg_sql(db, sql, &again, &err), &err);
    assert_ptr_equal(first, again);
    must(tmg_step(again, &row, &err), &err);
    assert_true(row);
    assert_int_equal(tmg_col_opt(again, 0), INT64_MIN);
    assert_null(tmg_col_text(again, 1).ptr);
}

static void parameters_go_by_their_number_not_their_place(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    must(tmg_sql(db, "SELECT $3, $1, $2, $3", &s, &err), &err);
    tmg_bind_i64(s, 1, 10);
    tmg_bind_text(s, 2, TMG_SPAN("zwanzig"));
    tmg_bind_blob(s, 3, TMG_SPAN("\x01\x00\x02"));
    must(tmg_step(s, &row, &err), &err);
    assert_true(tmg_span_eq(tmg_col_blob(s, 0), TMG_SPAN("\x01\x00\x02")));
    assert_int_equal(tmg_col_i64(s, 1), 10);
    assert_true(tmg_span_is(tmg_col_text(s, 2), "zwanzig"));
    assert_true(tmg_span_eq(tmg_col_blob(s, 3), TMG_SPAN("\x01\x00\x02")));
    tmg_reset(s);
    assert_int_equal(tmg_sql(db, "SELECT $1, $3", &s, &err), TMG_E_STORE);
    assert_int_equal(tmg_sql(db, "SELECT ?", &s, &err), TMG_E_STORE);
}

static void a_value_without_a_place_is_an_error(void **state)
{
    static const char sql[] = "SELECT $1";
    TMG_AUTO_DB db = home_db(*state);
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    must(tmg_sql(db, sql, &s, &err), &err);
    tmg_bind_i64(s, 2, 1);
    assert_int_equal(tmg_step(s, &row, &err), TMG_E_STORE);
    must(tmg_sql(db, sql, &s, &err), &err);
    tmg_bind_i64(s, 1, 1);
    must(tmg_exec(s, &err), &err);
}

static void absent_and_empty_stay_apart(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    must(tmg_sql(db, "SELECT $1, $2, $3, $4", &s, &err), &err);
    tmg_bind_text(s, 1, (tmg_span){NULL, 0});
    tmg_bind_text(s, 2, TMG_SPAN(""));
    tmg_bind_blob(s, 3, (tmg_span){NULL, 0});
    tmg_bind_blob(s, 4, TMG_SPAN(""));
    must(tmg_step(s, &row, &err), &err);
    assert_null(tmg_col_text(s, 0).ptr);
    assert_non_null(tmg_col_text(s, 1).ptr);
    assert_null(tmg_col_blob(s, 2).ptr);
    assert_non_null(tmg_col_blob(s, 3).ptr);
}

static void many_statements_keep_their_own_text(void **state)
{
    static char sql[300][32];
    TMG_AUTO_DB db = home_db(*state);
    tmg_stmt *s = NULL;
    bool row = false;
    tmg_err err;

    for (int i = 0; i < 300; i++)
        snprintf(sql[i], sizeof sql[i], "SELECT %d", i);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 300; i++) {
            must(tmg_sql(db, sql[i], &s, &err), &err);
            must(tmg_step(s, &row, &err), &err);
            assert_int_equal(tmg_col_i64(s, 0), i);
        }
}

static void a_refused_record_says_what_is_wrong(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    tmg_err err;

    assert_int_equal(tmg_setting_put(db, TMG_SPAN("x"), (tmg_span){NULL, 0}, &err), TMG_E_STORE);
    assert_non_null(strstr(err.text, "setting.value"));
    put(db, "x");
}

static void a_full_database_is_told_and_undone(void **state)
{
    TMG_AUTO_DB db = home_db(*state);
    TMG_AUTO_BUF big;
    tmg_err err;

    tmg_buf_init(&big, 1 << 20);
    for (int i = 0; i < 100000; i++)
        tmg_buf_z(&big, "12345678");
    must(tmg_db_run(db, "PRAGMA max_page_count = 60", &err), &err);
    must(tmg_begin(db, &err), &err);
    put(db, "before");
    assert_int_equal(tmg_setting_put(db, TMG_SPAN("big"), tmg_buf_as_span(&big), &err), TMG_E_STORE);
    assert_non_null(strstr(err.text, "full"));
    tmg_rollback(db);
    assert_int_equal(number(db, "SELECT count(*) FROM setting"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(a_missing_database_is_told_and_not_made),
        IN_HOME(a_reader_reads_and_cannot_write),
        IN_HOME(what_was_written_is_there_after_closing),
        IN_HOME(the_file_is_its_owners_alone),
        IN_HOME(commits_are_durable_by_setting),
        IN_HOME(a_file_of_something_else_is_left_alone),
        IN_HOME(a_database_of_another_program_is_refused),
        IN_HOME(a_newer_schema_is_refused),
        IN_HOME(an_edited_migration_is_refused),
        IN_HOME(an_older_database_waits_for_migrate_then_moves_with_a_copy),
        IN_HOME(a_failing_migration_changes_nothing),
        IN_HOME(two_programs_may_make_the_centre_at_once),
        IN_HOME(a_rollback_undoes_and_a_commit_keeps),
        IN_HOME(a_savepoint_undoes_only_its_part),
        IN_HOME(a_read_transaction_sees_one_state),
        IN_HOME(closing_rolls_back_what_is_open),
        IN_HOME(the_same_text_is_prepared_once_and_comes_unbound),
        IN_HOME(parameters_go_by_their_number_not_their_place),
        IN_HOME(a_value_without_a_place_is_an_error),
        IN_HOME(absent_and_empty_stay_apart),
        IN_HOME(many_statements_keep_their_own_text),
        IN_HOME(a_refused_record_says_what_is_wrong),
        IN_HOME(a_full_database_is_told_and_undone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
