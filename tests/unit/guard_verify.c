#include "guard_home.h"

#include "base/file.h"
#include "guard/note_priv.h"
#include "guard/verify_priv.h"

typedef struct exported {
    char folder[96], entries[128], vkey[128];
} exported;

/* 40 entries with two earlier checkpoints (10 and 25) and a head, written to a folder. */
static exported export_log(home *h)
{
    exported x;
    TMG_AUTO_BUF note;
    tmg_buf_init(&note, 65536);
    home_append(h, h->db, 0, 10);
    assert_ok(h, tmg_guard_checkpoint(h->db, h->dir, &note, &h->err));
    home_append(h, h->db, 10, 15);
    assert_ok(h, tmg_guard_checkpoint(h->db, h->dir, &note, &h->err));
    home_append(h, h->db, 25, 15);
    snprintf(x.folder, sizeof x.folder, "%s/out", h->dir);
    snprintf(x.entries, sizeof x.entries, "%s/entries.jsonl", x.folder);
    snprintf(x.vkey, sizeof x.vkey, "%s/keys/log.vkey", h->dir);
    assert_ok(h, tmg_guard_export(h->db, h->dir, x.folder, &h->err));
    return x;
}

static tmg_rc verify(home *h, const exported *x, tmg_verify_report *report)
{
    return tmg_verify_folder(&(tmg_verify_request){.folder = x->folder, .vkey = x->vkey}, report, &h->err);
}

static void assert_broken(home *h, const exported *x, const char *where)
{
    tmg_verify_report report;
    if (verify(h, x, &report) == TMG_OK)
        fail_msg("the log was called whole; expected a word about %s", where);
    if (strstr(h->err.text, where) == NULL)
        fail_msg("expected \"%s\" in \"%s\"", where, h->err.text);
}

static void read_file(home *h, const char *path, tmg_buf *b)
{
    tmg_buf_init(b, 1 << 20);
    assert_ok(h, tmg_file_read(path, b, &h->err));
}

static void write_file(home *h, const char *path, tmg_span bytes)
{
    assert_ok(h, tmg_file_write(path, bytes, 0644, &h->err));
}

/* Where line `n` (from 1) begins; one past the last line gives the end. */
static char *line_at(tmg_buf *b, int n)
{
    char *p = b->ptr;
    while (--n > 0)
        p = strchr(p, '\n') + 1;
    return p;
}

static void an_honest_export_is_whole(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    tmg_verify_report r;
    assert_ok(h, verify(h, &x, &r));
    assert_int_equal(r.entries, 40);
    assert_int_equal(r.checkpoints, 3);
    assert_int_equal(r.backwards, 0);
    tmg_verify_request own_key = {.folder = x.folder};
    assert_ok(h, tmg_verify_folder(&own_key, &r, &h->err));
    assert_string_equal(r.key.name, "tamga/Test-Centre");
    assert_int_equal(tmg_guard_export(h->db, h->dir, x.folder, &h->err), TMG_E_CONFLICT);
}

static void an_empty_log_is_whole(void **state)
{
    home *h = *state;
    exported x;
    tmg_verify_report r;
    snprintf(x.folder, sizeof x.folder, "%s/out", h->dir);
    snprintf(x.vkey, sizeof x.vkey, "%s/keys/log.vkey", h->dir);
    assert_ok(h, tmg_guard_export(h->db, h->dir, x.folder, &h->err));
    assert_ok(h, verify(h, &x, &r));
    assert_int_equal(r.entries, 0);
}

static void any_changed_byte_of_an_entry_is_noticed(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    TMG_AUTO_BUF good;
    tmg_verify_report r;
    read_file(h, x.entries, &good);
    for (size_t i = 0; i < good.len; i += 37) {
        good.ptr[i] = (char)(good.ptr[i] ^ 1);
        write_file(h, x.entries, tmg_buf_as_span(&good));
        assert_int_not_equal(verify(h, &x, &r), TMG_OK);
        good.ptr[i] = (char)(good.ptr[i] ^ 1);
    }
    write_file(h, x.entries, tmg_buf_as_span(&good));
    assert_ok(h, verify(h, &x, &r));
}

static void the_message_says_where_the_change_lies(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    TMG_AUTO_BUF b;
    read_file(h, x.entries, &b);
    char *who = strstr(line_at(&b, 18), "officer");
    assert_non_null(who);
    who[0] = 'x';
    write_file(h, x.entries, tmg_buf_as_span(&b));
    assert_broken(h, &x, "checkpoints/00000000000000000025: ");
    assert_broken(h, &x, "lines 11 to 25");
    who[0] = 'o';
    char *seq = strstr(line_at(&b, 18), "17");
    assert_non_null(seq);
    seq[1] = '8';
    write_file(h, x.entries, tmg_buf_as_span(&b));
    assert_broken(h, &x, "entries.jsonl, line 18: ");
}

static void missing_and_added_lines_are_noticed(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    TMG_AUTO_BUF b, more;
    read_file(h, x.entries, &b);
    const size_t ends[] = {0, (size_t)(line_at(&b, 20) - b.ptr), (size_t)(line_at(&b, 40) - b.ptr)};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        write_file(h, x.entries, (tmg_span){b.ptr, ends[i]});
        assert_broken(h, &x, "its end is missing");
    }
    write_file(h, x.entries, (tmg_span){b.ptr, b.len - 1});
    assert_broken(h, &x, "line 40: the line is cut off");
    write_file(h, x.entries, (tmg_span){line_at(&b, 2), b.len - (size_t)(line_at(&b, 2) - b.ptr)});
    assert_broken(h, &x, "line 1: ");

    tmg_buf_init(&more, 1 << 20);
    tmg_buf_span(&more, tmg_buf_as_span(&b));
    tmg_buf_z(&more, "{\"seq\":40,\"at\":\"2026-03-02T08:15:30.250Z\",\"action\":\"sign_in\"}\n");
    write_file(h, x.entries, tmg_buf_as_span(&more));
    assert_broken(h, &x, "line 41: the signed head covers only 40 entries");
}

static void a_line_without_end_does_not_fill_the_memory(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 4 << 20);
    while (b.len < 3 << 20)
        tmg_buf_z(&b, "an endless line ");
    write_file(h, x.entries, tmg_buf_as_span(&b));
    assert_broken(h, &x, "line 1: longer than a mebibyte");
}

static void checkpoints_must_be_signed_by_the_centre(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    char path[160];
    TMG_AUTO_BUF note;
    snprintf(path, sizeof path, "%s/checkpoints/00000000000000000010", x.folder);
    read_file(h, path, &note);
    char *size = strchr(note.ptr, '\n') + 1;
    size[1] = '1';
    write_file(h, path, tmg_buf_as_span(&note));
    assert_broken(h, &x, "checkpoints/00000000000000000010: the signature of");
    size[1] = '0';
    write_file(h, path, tmg_buf_as_span(&note));

    char other[160];
    snprintf(other, sizeof other, "%s/checkpoints/00000000000000000011", x.folder);
    write_file(h, other, tmg_buf_as_span(&note));
    assert_broken(h, &x, "it was signed for 10 entries");
    assert_int_equal(remove(other), 0);
    snprintf(other, sizeof other, "%s/checkpoints/notes.txt", x.folder);
    write_file(h, other, tmg_buf_as_span(&note));
    assert_broken(h, &x, "checkpoints/notes.txt");
}

/* The centre itself cheats: it drops a leaf, builds a new log and signs that with its own good key. */
static void a_log_built_anew_contradicts_what_was_seen(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    char kept[160];
    tmg_verify_report r;
    snprintf(kept, sizeof kept, "%s/kept", h->dir);
    TMG_AUTO_BUF note;
    tmg_buf_init(&note, 4096);
    assert_ok(h, tmg_guard_checkpoint(h->db, h->dir, &note, &h->err));
    write_file(h, kept, tmg_buf_as_span(&note));
    tmg_verify_request rq = {.folder = x.folder, .vkey = x.vkey, .seen = {kept}, .seen_count = 1};
    assert_ok(h, tmg_verify_folder(&rq, &r, &h->err));
    assert_int_equal(r.checkpoints, 4);

    const char *const wipe[] = {"DELETE FROM log_leaf", "DELETE FROM log_node", "DELETE FROM log_checkpoint"};
    for (int i = 0; i < 3; i++)
        assert_ok(h, tmg_db_run(h->db, wipe[i], &h->err));
    home_append(h, h->db, 1, 45);
    char again[96];
    snprintf(again, sizeof again, "%s/again", h->dir);
    assert_ok(h, tmg_guard_export(h->db, h->dir, again, &h->err));
    rq.folder = again;
    assert_int_equal(tmg_verify_folder(&rq, &r, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "was changed in lines 1 to 40"));
}

static void a_checkpoint_of_another_log_is_refused(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    char path[160];
    tmg_note_key key;
    tmg_sha256 root = {{0}};
    TMG_AUTO_BUF secret, text, note;
    tmg_buf_init(&text, 4096);
    tmg_buf_init(&note, 4096);
    snprintf(path, sizeof path, "%s/keys/log.key", h->dir);
    read_file(h, path, &secret);
    assert_ok(h, tmg_note_skey_read(tmg_buf_as_span(&secret), &key, &h->err));
    tmg_checkpoint_write(&text, "tamga/another-log", 40, &root);
    tmg_note_sign(&key, tmg_buf_as_span(&text), &note);
    snprintf(path, sizeof path, "%s/checkpoint", x.folder);
    write_file(h, path, tmg_buf_as_span(&note));
    assert_broken(h, &x, "it speaks of the log \"tamga/another-log\"");
}

static void another_centres_key_does_not_open_it(void **state)
{
    home *h = *state;
    exported x = export_log(h);
    tmg_note_key stranger;
    TMG_AUTO_BUF vkey;
    tmg_verify_report r;
    tmg_buf_init(&vkey, 1024);
    tmg_note_key_make(&stranger, "tamga/Test-Centre");
    tmg_note_vkey_write(&stranger, &vkey);
    tmg_verify_request rq = {.folder = x.folder, .vkey = vkey.ptr};
    assert_int_equal(tmg_verify_folder(&rq, &r, &h->err), TMG_E_INVALID);
    assert_non_null(strstr(h->err.text, "not signed by the key"));
}

static void append_details(home *h, const char *action, const char *details)
{
    tmg_actor who = home_officer();
    assert_ok(h, tmg_begin(h->db, &h->err));
    assert_ok(h, tmg_guard_log(h->db, &who, action, "day", tmg_span_of(details), &h->err));
    assert_ok(h, tmg_commit(h->db, &h->err));
}

#define DAY           "\"day\":\"2026-03-02\","
#define KEY_HEX       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_HASH      "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
#define COMMITTED     DAY "\"commitment\":\"" KEY_HASH "\""
#define PUBLISHED     DAY "\"key\":\"" KEY_HEX "\""
#define PUBLISHED_BAD DAY "\"key\":\"ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\""

static void day_keys_must_be_those_that_were_committed(void **state)
{
    home *h = *state;
    static const struct {
        const char *first, *first_details, *second, *second_details, *words;
    } cases[] = {
        {"day_key.committed", COMMITTED, "day_key.published", PUBLISHED, NULL},
        {"day_key.committed", COMMITTED, "day_key.published", PUBLISHED_BAD,
         "line 2: the key published for day 2026-"},
        {"day_key.published", PUBLISHED, "day_key.committed", COMMITTED,
         "line 1: the key of day 2026-03-02 was publ"},
        {"day_key.committed", COMMITTED, "day_key.committed", COMMITTED,
         "line 2: the key of day 2026-03-02 was comm"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        exported x;
        tmg_verify_report r;
        assert_ok(h, tmg_db_run(h->db, "DELETE FROM log_leaf", &h->err));
        assert_ok(h, tmg_db_run(h->db, "DELETE FROM log_checkpoint", &h->err));
        append_details(h, cases[i].first, cases[i].first_details);
        append_details(h, cases[i].second, cases[i].second_details);
        snprintf(x.folder, sizeof x.folder, "%s/out%zu", h->dir, i);
        snprintf(x.vkey, sizeof x.vkey, "%s/keys/log.vkey", h->dir);
        assert_ok(h, tmg_guard_export(h->db, h->dir, x.folder, &h->err));
        if (cases[i].words != NULL) {
            assert_broken(h, &x, cases[i].words);
            continue;
        }
        assert_ok(h, verify(h, &x, &r));
        assert_int_equal(r.days_committed, 1);
        assert_int_equal(r.days_published, 1);
    }
}

static void time_running_backwards_is_a_warning(void **state)
{
    home *h = *state;
    tmg_verify_report r;
    home_append(h, h->db, 0, 3);
    tmg_clock_shift(-10 * TMG_SECOND_MS);
    home_append(h, h->db, 3, 1);
    tmg_clock_shift(-TMG_HOUR_MS);
    home_append(h, h->db, 4, 2);
    tmg_clock_shift(0);
    exported x;
    snprintf(x.folder, sizeof x.folder, "%s/out", h->dir);
    snprintf(x.vkey, sizeof x.vkey, "%s/keys/log.vkey", h->dir);
    assert_ok(h, tmg_guard_export(h->db, h->dir, x.folder, &h->err));
    assert_ok(h, verify(h, &x, &r));
    assert_int_equal(r.backwards, 2);
    assert_int_equal(r.first_backwards_line, 5);
}

int main(void)
{
#define WITH_HOME(test) cmocka_unit_test_setup_teardown(test, home_make, home_drop)
    const struct CMUnitTest tests[] = {
        WITH_HOME(an_honest_export_is_whole),
        WITH_HOME(an_empty_log_is_whole),
        WITH_HOME(any_changed_byte_of_an_entry_is_noticed),
        WITH_HOME(the_message_says_where_the_change_lies),
        WITH_HOME(missing_and_added_lines_are_noticed),
        WITH_HOME(a_line_without_end_does_not_fill_the_memory),
        WITH_HOME(checkpoints_must_be_signed_by_the_centre),
        WITH_HOME(a_log_built_anew_contradicts_what_was_seen),
        WITH_HOME(a_checkpoint_of_another_log_is_refused),
        WITH_HOME(another_centres_key_does_not_open_it),
        WITH_HOME(day_keys_must_be_those_that_were_committed),
        WITH_HOME(time_running_backwards_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
