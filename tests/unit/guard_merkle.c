#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "guard/merkle.h"

/* The leaves and roots with which Certificate Transparency implementations are checked against each other. */
static const tmg_span ct_leaves[] = {
    {"", 0},
    {"\x00", 1},
    {"\x10", 1},
    {"\x20\x21", 2},
    {"\x30\x31", 2},
    {"\x40\x41\x42\x43", 4},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};
static const char *const ct_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void roots_are_those_of_certificate_transparency(void **state)
{
    (void)state;
    tmg_merkle_edge e = {0};
    for (size_t n = 0; n <= 8; n++) {
        tmg_sha256 want, root = tmg_merkle_root(&e);
        assert_true(tmg_hex_read(tmg_span_of(ct_roots[n]), want.b, sizeof want.b));
        assert_memory_equal(root.b, want.b, sizeof want.b);
        if (n < 8) {
            tmg_sha256 leaf = tmg_merkle_leaf(ct_leaves[n]);
            tmg_merkle_add(&e, &leaf);
        }
    }
    assert_int_equal(e.size, 8);
    assert_int_equal(e.count, 1);
}

enum { MOST = 70 };

static tmg_sha256 leaf_of(int i)
{
    char text[16];
    int n = snprintf(text, sizeof text, "leaf %d", i);
    return tmg_merkle_leaf((tmg_span){text, (size_t)n});
}

/* MTH and PATH as RFC 6962 §2.1 writes them down, with nothing clever. */
static int half_of(int n)
{
    int k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

static tmg_sha256 mth(int lo, int hi)
{
    if (hi - lo == 1)
        return leaf_of(lo);
    int k = half_of(hi - lo);
    tmg_sha256 left = mth(lo, lo + k), right = mth(lo + k, hi);
    return tmg_merkle_node(&left, &right);
}

static size_t path_of(int m, int lo, int hi, tmg_sha256 *path)
{
    if (hi - lo == 1)
        return 0;
    int k = half_of(hi - lo);
    size_t n = m < lo + k ? path_of(m, lo, lo + k, path) : path_of(m, lo + k, hi, path);
    path[n] = m < lo + k ? mth(lo + k, hi) : mth(lo, lo + k);
    return n + 1;
}

static void edge_grows_to_the_root_of_the_rfc(void **state)
{
    (void)state;
    tmg_merkle_edge e = {0};
    for (int n = 1; n <= MOST; n++) {
        tmg_sha256 leaf = leaf_of(n - 1), want = mth(0, n);
        tmg_merkle_add(&e, &leaf);
        tmg_sha256 root = tmg_merkle_root(&e);
        assert_memory_equal(root.b, want.b, sizeof want.b);
    }
}

static void every_leaf_of_every_tree_is_proved(void **state)
{
    (void)state;
    for (int n = 1; n <= MOST; n++) {
        tmg_sha256 root = mth(0, n);
        for (int m = 0; m < n; m++) {
            tmg_sha256 path[16], leaf = leaf_of(m);
            size_t count = path_of(m, 0, n, path);
            assert_true(tmg_merkle_included(&leaf, (uint64_t)m, (uint64_t)n, path, count, &root));
        }
    }
}

static void a_proof_fits_nothing_else(void **state)
{
    (void)state;
    for (int n = 2; n <= 33; n++) {
        tmg_sha256 root = mth(0, n);
        for (int m = 0; m < n; m++) {
            tmg_sha256 path[16] = {0}, leaf = leaf_of(m), other = leaf_of(n), wrong_root = root;
            size_t count = path_of(m, 0, n, path);
            const uint64_t seq = (uint64_t)m, size = (uint64_t)n;
            wrong_root.b[31] ^= 1;
            assert_false(tmg_merkle_included(&other, seq, size, path, count, &root));
            assert_false(tmg_merkle_included(&leaf, seq, size, path, count, &wrong_root));
            assert_false(tmg_merkle_included(&leaf, seq, size, path, count - 1, &root));
            assert_false(tmg_merkle_included(&leaf, seq, size, path, count + 1, &root));
            assert_false(tmg_merkle_included(&leaf, size, size, path, count, &root));
            for (int w = 0; w < n; w++)
                assert_int_equal(tmg_merkle_included(&leaf, (uint64_t)w, size, path, count, &root), w == m);
            for (size_t i = 0; i < count; i++) {
                path[i].b[i] ^= 0x40;
                assert_false(tmg_merkle_included(&leaf, seq, size, path, count, &root));
                path[i].b[i] ^= 0x40;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_certificate_transparency),
        cmocka_unit_test(edge_grows_to_the_root_of_the_rfc),
        cmocka_unit_test(every_leaf_of_every_tree_is_proved),
        cmocka_unit_test(a_proof_fits_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
