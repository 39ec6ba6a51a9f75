#include "guard_home.h"

#include "base/file.h"
#include "base/json.h"
#include "guard/merkle.h"

static tmg_merkle_edge edge_of_entries(home *h, tmg_db *db, int64_t size)
{
    tmg_merkle_edge e = {0};
    tmg_span *entries;
    size_t count;
    TMG_AUTO_ARENA a = tmg_arena_new(64 << 20);
    assert_ok(h, tmg_guard_entries(db, 0, (size_t)size, a, &entries, &count, &h->err));
    assert_int_equal(count, size);
    for (size_t i = 0; i < count; i++) {
        tmg_sha256 leaf = tmg_merkle_leaf(entries[i]);
        tmg_merkle_add(&e, &leaf);
    }
    return e;
}

/* Signs the head and reads back what was signed. */
static uint64_t signed_head(home *h, tmg_db *db, tmg_sha256 *ret_root)
{
    char path[96];
    tmg_note_key key;
    tmg_span text, origin;
    uint64_t size;
    TMG_AUTO_BUF note, vkey;
    tmg_buf_init(&note, 4096);
    tmg_buf_init(&vkey, 4096);
    snprintf(path, sizeof path, "%s/keys/log.vkey", h->dir);
    assert_ok(h, tmg_file_read(path, &vkey, &h->err));
    assert_ok(h, tmg_note_vkey_read(tmg_buf_as_span(&vkey), &key, &h->err));
    assert_ok(h, tmg_guard_checkpoint(db, h->dir, &note, &h->err));
    assert_ok(h, tmg_note_open(&key, tmg_buf_as_span(&note), &text, &h->err));
    assert_ok(h, tmg_checkpoint_read(text, &origin, &size, ret_root, &h->err));
    assert_true(tmg_span_is(origin, "tamga/Test-Centre"));
    return size;
}

static void assert_head_is_that_of_the_entries(home *h, int64_t size)
{
    tmg_sha256 root;
    assert_int_equal(signed_head(h, h->db, &root), size);
    tmg_merkle_edge e = edge_of_entries(h, h->db, size);
    tmg_sha256 naive = tmg_merkle_root(&e);
    assert_memory_equal(root.b, naive.b, sizeof root.b);
}

static void the_signed_root_is_that_of_all_entries(void **state)
{
    home *h = *state;
    const int sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 1000};
    int have = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (sizes[i] > have)
            home_append(h, h->db, have, sizes[i] - have);
        have = sizes[i];
        assert_head_is_that_of_the_entries(h, have);
    }
}

static void the_second_level_of_subtrees_fits(void **state)
{
    home *h = *state;
    home_append(h, h->db, 0, 65536 + 300);
    assert_head_is_that_of_the_entries(h, 65536 + 300);

    tmg_sha256 root, path[64];
    size_t count;
    tmg_merkle_edge e = edge_of_entries(h, h->db, 65800);
    root = tmg_merkle_root(&e);
    tmg_span *entry;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    const int64_t seqs[] = {0, 255, 256, 40000, 65535, 65536, 65799};
    for (size_t i = 0; i < sizeof seqs / sizeof *seqs; i++) {
        size_t one;
        assert_ok(h, tmg_guard_entries(h->db, seqs[i], 1, a, &entry, &one, &h->err));
        tmg_sha256 leaf = tmg_merkle_leaf(entry[0]);
        assert_ok(h, tmg_guard_inclusion(h->db, seqs[i], 65800, path, 64, &count, &h->err));
        assert_true(tmg_merkle_included(&leaf, (uint64_t)seqs[i], 65800, path, count, &root));
    }
}

static void every_small_inclusion_is_proved(void **state)
{
    home *h = *state;
    tmg_sha256 path[64], leaves[70];
    tmg_span *entries;
    size_t count, there;
    tmg_merkle_edge e = {0};
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 20);
    home_append(h, h->db, 0, 70);
    assert_ok(h, tmg_guard_entries(h->db, 0, 70, a, &entries, &there, &h->err));
    for (int64_t size = 1; size <= 70; size++) {
        leaves[size - 1] = tmg_merkle_leaf(entries[size - 1]);
        tmg_merkle_add(&e, &leaves[size - 1]);
        tmg_sha256 root = tmg_merkle_root(&e);
        for (int64_t seq = 0; seq < size; seq++) {
            assert_ok(h, tmg_guard_inclusion(h->db, seq, size, path, 64, &count, &h->err));
            assert_true(tmg_merkle_included(&leaves[seq], (uint64_t)seq, (uint64_t)size, path, count, &root));
        }
    }
    assert_int_equal(tmg_guard_inclusion(h->db, 70, 70, path, 64, &count, &h->err), TMG_E_NOT_FOUND);
    assert_int_equal(tmg_guard_inclusion(h->db, 0, 71, path, 64, &count, &h->err), TMG_E_NOT_FOUND);
    assert_int_equal(tmg_guard_inclusion(h->db, -1, 70, path, 64, &count, &h->err), TMG_E_NOT_FOUND);
    assert_int_equal(tmg_guard_inclusion(h->db, 0, 70, path, 3, &count, &h->err), TMG_E_LIMIT);
}

static void two_programs_append_in_turn(void **state)
{
    home *h = *state;
    TMG_AUTO_DB other = NULL;
    assert_ok(h, tmg_db_open(h->db_path, TMG_DB_WRITE, &other, &h->err));
    for (int i = 0; i < 600; i += 3) {
        home_append(h, h->db, i, 1);
        home_append(h, other, i + 1, 2);
    }
    assert_head_is_that_of_the_entries(h, 600);
    tmg_sha256 root;
    assert_int_equal(signed_head(h, other, &root), 600);
}

static void what_was_undone_left_no_trace(void **state)
{
    home *h = *state;
    tmg_actor who = home_officer();
    home_append(h, h->db, 0, 255);
    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_savepoint(h->db, &h->err));
    assert_ok(
        h, tmg_guard_log(h->db, &who, "dial.set", "dial", TMG_SPAN(""), &h->err)); /* completes a subtree */
    tmg_rollback_to_savepoint(h->db);
    assert_ok(h, tmg_guard_log(h->db, &who, "capacity.set", "post:1", TMG_SPAN(""), &h->err));
    assert_ok(h, tmg_commit(h->db, &h->err));
    home_append(h, h->db, 256, 10);
    assert_head_is_that_of_the_entries(h, 266);
}

static void an_entry_says_who_what_when_and_why(void **state)
{
    home *h = *state;
    tmg_actor who = home_officer();
    tmg_span *entries, text;
    size_t count;
    int64_t seq;
    tmg_err why;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    home_append(h, h->db, 0, 1);
    TMG_FAIL(&why, TMG_E_DENIED, "not \"yours\"");
    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_guard_log_refusal(h->db, &who, "dial.set", "dial", &why, &h->err));
    assert_ok(h, tmg_commit(h->db, &h->err));
    assert_ok(h, tmg_guard_entries(h->db, 1, 9, a, &entries, &count, &h->err));
    assert_int_equal(count, 1);

    TMG_AUTO_JSON j = NULL;
    assert_ok(h, tmg_json_read(entries[0], &j, &h->err));
    const char *const want[][2] = {{"actor", "officer"},         {"role", "analyst"}, {"from", "127.0.0.1"},
                                   {"action", "access.refused"}, {"object", "dial"},  {"wanted", "dial.set"},
                                   {"reason", "not \"yours\""}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_ok(h, tmg_json_get_text(j, want[i][0], true, &text, &h->err));
        assert_true(tmg_span_is(text, want[i][1]));
    }
    assert_ok(h, tmg_json_get_i64(j, "seq", true, &seq, &h->err));
    assert_int_equal(seq, 1);
    assert_ok(h, tmg_json_get_text(j, "at", true, &text, &h->err));
    assert_int_equal(text.len, strlen("2026-03-02T08:15:30.250Z"));
    tmg_instant at;
    assert_ok(h, tmg_instant_parse(text, 0, &at, &h->err));
    assert_true(tmg_now_ms() - at.at_ms >= 0 && tmg_now_ms() - at.at_ms < TMG_HOUR_MS);
}

static void nothing_is_logged_outside_a_transaction(void **state)
{
    home *h = *state;
    tmg_actor who = home_officer();
    assert_int_equal(tmg_guard_log(h->db, &who, "dial.set", "dial", TMG_SPAN(""), &h->err), TMG_E_CONFLICT);
    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_int_equal(tmg_guard_log(h->db, &who, "dial.set", "dial", TMG_SPAN("\"a\":\"x\ny\""), &h->err),
                     TMG_E_INVALID);
    tmg_rollback(h->db);
}

static void details_cannot_speak_for_the_entry(void **state)
{
    home *h = *state;
    tmg_actor who = home_officer();
    static const char *const bad[] = {"\"actor\":\"another\"",
                                      "\"a\":1,\"seq\":7",
                                      "\"a\":{\"b\":[1,2]},\"at\":\"\"",
                                      "\"a\":\"\\\",\",\"action\":\"x\"",
                                      "a",
                                      "{}",
                                      "\""};
    static const char *const good[] = {"\"a\":{\"actor\":1,\"seq\":2}",
                                       "\"a\":\"\\\",\\\"seq\\\":1\",\"b\":[]", "\"a\":\"seq\",\"actors\":1"};
    assert_ok(h, tmg_begin(h->db, &h->err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tmg_guard_log(h->db, &who, "dial.set", "dial", tmg_span_of(bad[i]), &h->err),
                         TMG_E_INVALID);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(h, tmg_guard_log(h->db, &who, "dial.set", "dial", tmg_span_of(good[i]), &h->err));
    assert_ok(h, tmg_commit(h->db, &h->err));
    tmg_span *entries;
    size_t count;
    TMG_AUTO_ARENA a = tmg_arena_new(65536);
    assert_ok(h, tmg_guard_entries(h->db, 0, 9, a, &entries, &count, &h->err));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        TMG_AUTO_JSON j = NULL;
        assert_ok(h, tmg_json_read(entries[i], &j, &h->err));
    }
}

static void a_head_is_signed_once(void **state)
{
    home *h = *state;
    TMG_AUTO_BUF first, again, next;
    tmg_buf_init(&first, 4096);
    tmg_buf_init(&again, 4096);
    tmg_buf_init(&next, 4096);
    home_append(h, h->db, 0, 3);
    assert_ok(h, tmg_guard_checkpoint(h->db, h->dir, &first, &h->err));
    assert_ok(h, tmg_guard_checkpoint(h->db, h->dir, &again, &h->err));
    assert_string_equal(first.ptr, again.ptr);
    home_append(h, h->db, 3, 1);
    assert_ok(h, tmg_guard_checkpoint(h->db, h->dir, &next, &h->err));
    assert_string_not_equal(first.ptr, next.ptr);
}

static void a_damaged_tree_is_not_signed(void **state)
{
    home *h = *state;
    TMG_AUTO_BUF note;
    tmg_buf_init(&note, 4096);
    home_append(h, h->db, 0, 600);
    assert_ok(h, tmg_db_run(h->db, "DELETE FROM log_leaf WHERE seq = 550", &h->err));
    assert_int_equal(tmg_guard_checkpoint(h->db, h->dir, &note, &h->err), TMG_E_STORE);
    assert_non_null(strstr(h->err.text, "damaged"));
    assert_int_equal(note.len, 0);
}

static void the_key_is_made_once_and_for_the_owner_alone(void **state)
{
    home *h = *state;
    char path[96];
    struct stat st;
    TMG_AUTO_BUF before, after;
    tmg_buf_init(&before, 4096);
    tmg_buf_init(&after, 4096);
    snprintf(path, sizeof path, "%s/keys", h->dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    snprintf(path, sizeof path, "%s/keys/log.key", h->dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(h, tmg_file_read(path, &before, &h->err));
    assert_int_equal(tmg_guard_make_key(h->dir, "Another", &h->err), TMG_E_CONFLICT);
    assert_ok(h, tmg_file_read(path, &after, &h->err));
    assert_string_equal(before.ptr, after.ptr);
}

int main(void)
{
#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_drop)
    const struct CMUnitTest tests[] = {
        WITH_HOME(the_signed_root_is_that_of_all_entries),
        WITH_HOME(the_second_level_of_subtrees_fits),
        WITH_HOME(every_small_inclusion_is_proved),
        WITH_HOME(two_programs_append_in_turn),
        WITH_HOME(what_was_undone_left_no_trace),
        WITH_HOME(an_entry_says_who_what_when_and_why),
        WITH_HOME(nothing_is_logged_outside_a_transaction),
        WITH_HOME(details_cannot_speak_for_the_entry),
        WITH_HOME(a_head_is_signed_once),
        WITH_HOME(a_damaged_tree_is_not_signed),
        WITH_HOME(the_key_is_made_once_and_for_the_owner_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
