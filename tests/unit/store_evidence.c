#include "base/file.h"
#include "store_help.h"

static const char *kept_at(home *h, const tmg_sha256 *hash)
{
    TMG_AUTO_BUF hex, name;

    tmg_buf_init(&hex, 100);
    tmg_buf_init(&name, 100);
    tmg_hex_write(&hex, hash->b, sizeof hash->b);
    tmg_buf_fmt(&name, "evidence/%.2s/%s", hex.ptr, hex.ptr + 2);
    return home_path(h, name.ptr);
}

static void bytes_come_back_as_they_were(void **state)
{
    home *h = *state;
    tmg_span bytes = TMG_SPAN("a picture\0with\xff\x01 any bytes");
    tmg_sha256 hash, direct = tmg_sha256_of(bytes.ptr, bytes.len);
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 1000);
    must(tmg_evidence_put(h->dir, bytes, &hash, &err), &err);
    assert_memory_equal(&hash, &direct, sizeof hash);
    assert_true(tmg_path_exists(kept_at(h, &hash)));
    must(tmg_evidence_get(h->dir, &hash, &b, &err), &err);
    assert_true(tmg_span_eq(tmg_buf_as_span(&b), bytes));
}

static void nothing_at_all_can_be_kept_too(void **state)
{
    home *h = *state;
    tmg_sha256 hash;
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 1000);
    must(tmg_evidence_put(h->dir, TMG_SPAN(""), &hash, &err), &err);
    must(tmg_evidence_get(h->dir, &hash, &b, &err), &err);
    assert_int_equal(b.len, 0);
}

static void a_second_time_changes_nothing_and_the_file_is_read_only(void **state)
{
    home *h = *state;
    tmg_sha256 hash;
    struct stat first, second;
    tmg_err err;

    must(tmg_evidence_put(h->dir, TMG_SPAN("once"), &hash, &err), &err);
    assert_int_equal(stat(kept_at(h, &hash), &first), 0);
    must(tmg_evidence_put(h->dir, TMG_SPAN("once"), &hash, &err), &err);
    assert_int_equal(stat(kept_at(h, &hash), &second), 0);
    assert_int_equal(first.st_ino, second.st_ino);
    assert_int_equal(first.st_mode & 0777, 0400);
}

static void a_changed_file_is_found_out(void **state)
{
    home *h = *state;
    tmg_sha256 hash;
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 1000);
    must(tmg_evidence_put(h->dir, TMG_SPAN("12 kg"), &hash, &err), &err);
    must(tmg_file_write(kept_at(h, &hash), TMG_SPAN("11 kg"), 0400, &err), &err);
    assert_int_equal(tmg_evidence_get(h->dir, &hash, &b, &err), TMG_E_STORE);
    assert_non_null(strstr(err.text, "changed"));
    assert_int_equal(b.len, 0);
    assert_int_equal(tmg_evidence_put(h->dir, TMG_SPAN("12 kg"), &hash, &err), TMG_E_STORE);
}

static void what_was_never_kept_is_not_found(void **state)
{
    home *h = *state;
    tmg_sha256 hash = tmg_sha256_of("x", 1);
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 1000);
    assert_int_equal(tmg_evidence_get(h->dir, &hash, &b, &err), TMG_E_NOT_FOUND);
}

static void a_file_larger_than_the_reader_allows_is_refused(void **state)
{
    home *h = *state;
    tmg_sha256 hash;
    TMG_AUTO_BUF b;
    tmg_err err;

    tmg_buf_init(&b, 8);
    must(tmg_evidence_put(h->dir, TMG_SPAN("longer than eight"), &hash, &err), &err);
    assert_int_equal(tmg_evidence_get(h->dir, &hash, &b, &err), TMG_E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOME(bytes_come_back_as_they_were),
        IN_HOME(nothing_at_all_can_be_kept_too),
        IN_HOME(a_second_time_changes_nothing_and_the_file_is_read_only),
        IN_HOME(a_changed_file_is_found_out),
        IN_HOME(what_was_never_kept_is_not_found),
        IN_HOME(a_file_larger_than_the_reader_allows_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
