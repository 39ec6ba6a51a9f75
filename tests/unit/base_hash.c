/* Digests against published vectors, and a table hash whose values may never change. */
#include "base/file.h"
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void assert_sum(tmg_sha256 sum, const char *hex)
{
    TMG_AUTO_BUF b;

    tmg_buf_init(&b, 64);
    tmg_hex_write(&b, sum.b, sizeof sum.b);
    assert_string_equal(b.ptr, hex);
}

static void sha256_gives_the_published_digests(void **state)
{
    char a[1000];

    (void)state;
    memset(a, 'a', sizeof a);
    assert_sum(tmg_sha256_of(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_sum(tmg_sha256_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_sum(tmg_sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_sum(tmg_sha256_of(a, sizeof a),
               "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

static void tagged_digests_join_their_parts(void **state)
{
    tmg_sha256 leaf = tmg_sha256_tagged(0, NULL, 0, NULL, 0);
    tmg_sha256 whole = tmg_sha256_of("\1leftright", 10);
    tmg_sha256 parts = tmg_sha256_tagged(1, "left", 4, "right", 5);

    (void)state;
    /* The hash of an empty leaf in RFC 6962 test data. */
    assert_sum(leaf, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_memory_equal(parts.b, whole.b, sizeof whole.b);
}

static void hmac_gives_the_digests_of_rfc_4231(void **state)
{
    char key[131];

    (void)state;
    assert_sum(tmg_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0x0b, 20);
    assert_sum(tmg_hmac_sha256(key, 20, "Hi There", 8),
               "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    memset(key, 0xaa, sizeof key);
    assert_sum(tmg_hmac_sha256(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54),
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_sum(tmg_hmac_sha256(NULL, 0, NULL, 0),
               "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void a_file_has_the_digest_of_its_bytes(void **state)
{
    char path[] = "/tmp/tamga-hash-XXXXXX";
    int fd = mkstemp(path);
    char *bytes = tmg_xcalloc(1, 200000);
    tmg_sha256 whole = tmg_sha256_of(bytes, 200000);
    tmg_sha256 sum;
    tmg_err err;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, 200000), 200000);
    (void)close(fd);
    assert_int_equal(tmg_sha256_file(path, &sum, &err), TMG_OK);
    assert_memory_equal(sum.b, whole.b, sizeof sum.b);
    (void)unlink(path);
    assert_int_equal(tmg_sha256_file(path, &sum, &err), TMG_E_NOT_FOUND);
    assert_non_null(strstr(err.text, path));
    assert_int_equal(tmg_sha256_file("/tmp", &sum, &err), TMG_E_INVALID);
    assert_int_equal(tmg_sha256_file("/proc/self/mem", &sum, &err), TMG_E_IO);
    free(bytes);
}

static void hex_goes_both_ways(void **state)
{
    unsigned char bytes[4] = {9, 9, 9, 9};
    TMG_AUTO_BUF b;

    (void)state;
    tmg_buf_init(&b, 100);
    tmg_hex_write(&b, "\x00\x7f\xff", 3);
    assert_string_equal(b.ptr, "007fff");
    assert_true(tmg_hex_read(TMG_SPAN("007fFF"), bytes, 3));
    assert_memory_equal(bytes, "\x00\x7f\xff\x09", 4);
    assert_false(tmg_hex_read(TMG_SPAN("007ff"), bytes, 3));
    assert_false(tmg_hex_read(TMG_SPAN("007fff0"), bytes, 3));
    assert_false(tmg_hex_read(TMG_SPAN("1111111g"), bytes, 4));
    assert_false(tmg_hex_read(TMG_SPAN("11 11 11"), bytes, 4));
    assert_memory_equal(bytes, "\x00\x7f\xff\x09", 4);
    assert_true(tmg_hex_read((tmg_span){NULL, 0}, bytes, 0));
}

static void base64_goes_both_ways(void **state)
{
    static const struct {
        const char *plain, *text;
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"},
                 {"\xff\xfe\xfd>?", "//79Pj8="}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char back[16] = "";
        size_t len = 99;
        TMG_AUTO_BUF b;

        tmg_buf_init(&b, 100);
        tmg_base64_write(&b, cases[i].plain, strlen(cases[i].plain));
        assert_string_equal(b.ptr, cases[i].text);
        assert_true(tmg_base64_read(tmg_buf_as_span(&b), back, strlen(cases[i].plain), &len));
        assert_int_equal(len, strlen(cases[i].plain));
        assert_string_equal(back, cases[i].plain);
    }
}

static void malformed_base64_is_refused(void **state)
{
    static const char *const cases[] = {"Zg",        "Zg=",    "Zg===", "=Zg=", "Zh==", "Zm9=",
                                        "Zm9v Zm8=", "Zm9v\n", "Z===",  "====", "Zm-v", "Zm9vYmFyZm9vYmFy"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char back[8] = "kept";
        size_t len = 99;

        if (tmg_base64_read(tmg_span_of(cases[i]), back, 6, &len))
            fail_msg("\"%s\" was accepted", cases[i]);
        assert_string_equal(back, "kept");
        assert_int_equal(len, 99);
    }
}

/* Stored profiles are keyed by these values: a change here loses every profile's history. */
static void table_hashes_never_change(void **state)
{
    static const struct {
        uint64_t seed;
        const char *text;
        uint64_t hash;
    } cases[] = {{0, "", UINT64_C(0x57fe6387ad62086d)},
                 {1, "", UINT64_C(0xf835c4963c6d322a)},
                 {0, "a", UINT64_C(0xfc41e26c74446472)},
                 {0, "ab", UINT64_C(0xa23ae6c099c6b983)},
                 {0, "abc", UINT64_C(0xa8c7e501540c728f)},
                 {0, "8471", UINT64_C(0xe2fccb75fdcd1d50)},
                 {0, "847130", UINT64_C(0x6d560b2095249a0c)},
                 {0, "importer", UINT64_C(0x126490ba22b18468)},
                 {0, "AZ/importer/847130", UINT64_C(0xdd777d6993faa5f2)},
                 {7, "AZ/importer/847130", UINT64_C(0x00b79c894e139859)},
                 {0, "the quick brown fox jumps over the lazy dog", UINT64_C(0x8c2d73c536d4131b)}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (tmg_hash64(cases[i].seed, cases[i].text, strlen(cases[i].text)) != cases[i].hash)
            fail_msg("\"%s\" gave 0x%016llx", cases[i].text,
                     (unsigned long long)tmg_hash64(cases[i].seed, cases[i].text, strlen(cases[i].text)));
    assert_true(tmg_hash64(0, NULL, 0) == tmg_hash64(0, "", 0));
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static void table_hashes_spread(void **state)
{
    enum { MANY = 200000 };
    uint64_t *seen = tmg_xcalloc(MANY, sizeof *seen);
    int in_slot[256] = {0};

    (void)state;
    for (int i = 0; i < MANY; i++) {
        char key[40];
        int len = snprintf(key, sizeof key, i % 2 == 0 ? "%d" : "importer/AZ/%d/8471", i);

        seen[i] = tmg_hash64((uint64_t)(i % 4 / 2), key, (size_t)len);
        in_slot[seen[i] & 255]++;
    }
    for (int i = 0; i < 256; i++)
        assert_in_range(in_slot[i], MANY / 256 * 3 / 4, MANY / 256 * 5 / 4);
    qsort(seen, MANY, sizeof *seen, by_value);
    for (int i = 1; i < MANY; i++)
        assert_true(seen[i] != seen[i - 1]);
    free(seen);
}

static void every_bit_of_a_key_matters(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 70; len++) {
        char key[70];
        uint64_t plain;

        memset(key, 'k', sizeof key);
        plain = tmg_hash64(1, key, len);
        assert_true(plain != tmg_hash64(1, key, len - 1));
        for (size_t bit = 0; bit < 8 * len; bit++) {
            int changed;

            key[bit / 8] = (char)(key[bit / 8] ^ (1 << bit % 8));
            changed = __builtin_popcountll(plain ^ tmg_hash64(1, key, len));
            key[bit / 8] = (char)(key[bit / 8] ^ (1 << bit % 8));
            assert_in_range(changed, 10, 54);
        }
    }
}

static void random_bytes_differ(void **state)
{
    unsigned char a[32] = {0};
    unsigned char b[32] = {0};

    (void)state;
    tmg_random(a, sizeof a);
    tmg_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(tagged_digests_join_their_parts),
        cmocka_unit_test(hmac_gives_the_digests_of_rfc_4231),
        cmocka_unit_test(a_file_has_the_digest_of_its_bytes),
        cmocka_unit_test(hex_goes_both_ways),
        cmocka_unit_test(base64_goes_both_ways),
        cmocka_unit_test(malformed_base64_is_refused),
        cmocka_unit_test(table_hashes_never_change),
        cmocka_unit_test(table_hashes_spread),
        cmocka_unit_test(every_bit_of_a_key_matters),
        cmocka_unit_test(random_bytes_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
