/* OpenSSL 3 declares its SHA256_* functions old in favour of EVP.  They run the same SHA-NI code without
 * EVP's allocation and dispatch, which for a log leaf of 100 bytes is a third of the time. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/hash.h"
#include "base/file_priv.h"
#include "base/text_priv.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

__extension__ typedef unsigned __int128 wide;

static tmg_sha256 finish(SHA256_CTX *c)
{
    tmg_sha256 sum;

    (void)SHA256_Final(sum.b, c);
    return sum;
}

/* SHA256_Update takes no NULL, not even for nothing. */
static void add(SHA256_CTX *c, const void *bytes, size_t len)
{
    if (len > 0)
        (void)SHA256_Update(c, bytes, len);
}

tmg_sha256 tmg_sha256_of(const void *bytes, size_t len)
{
    SHA256_CTX c;

    (void)SHA256_Init(&c);
    add(&c, bytes, len);
    return finish(&c);
}

tmg_sha256 tmg_sha256_tagged(uint8_t tag, const void *a, size_t a_len, const void *b, size_t b_len)
{
    SHA256_CTX c;

    (void)SHA256_Init(&c);
    add(&c, &tag, 1);
    add(&c, a, a_len);
    add(&c, b, b_len);
    return finish(&c);
}

tmg_sha256 tmg_hmac_sha256(const void *key, size_t key_len, const void *msg, size_t msg_len)
{
    uint8_t block[SHA256_CBLOCK] = {0};
    tmg_sha256 inner;
    tmg_sha256 outer;
    SHA256_CTX c;

    if (key_len > sizeof block) {
        inner = tmg_sha256_of(key, key_len);
        memcpy(block, inner.b, sizeof inner.b);
    } else if (key_len > 0) {
        memcpy(block, key, key_len);
    }
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36;
    (void)SHA256_Init(&c);
    add(&c, block, sizeof block);
    add(&c, msg, msg_len);
    inner = finish(&c);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36 ^ 0x5c;
    (void)SHA256_Init(&c);
    add(&c, block, sizeof block);
    add(&c, inner.b, sizeof inner.b);
    outer = finish(&c);
    explicit_bzero(block, sizeof block);
    return outer;
}

tmg_rc tmg_sha256_file(const char *path, tmg_sha256 *ret, tmg_err *err)
{
    char part[1 << 16];
    TMG_AUTO_FD int fd = -1;
    SHA256_CTX c;
    ssize_t got;

    TMG_TRY(tmg_fd_open_read(path, &fd, err));
    (void)SHA256_Init(&c);
    while ((got = tmg_fd_read(fd, part, sizeof part)) > 0)
        add(&c, part, (size_t)got);
    if (got < 0)
        return TMG_FAIL(err, TMG_E_IO, "cannot read %s: %s", path, strerrordesc_np(errno));
    *ret = finish(&c);
    return TMG_OK;
}

/* 64 x 64 -> 128 bits folded in two, as in wyhash and its kin: one multiplication carries every bit of both
 * to every bit of the result.  The constants are odd fractions of the square roots of 2, 3 and 5. */
#define MIX_1 UINT64_C(0x6a09e667f3bcc909)
#define MIX_2 UINT64_C(0xbb67ae8584caa73b)
#define MIX_3 UINT64_C(0x3c6ef372fe94f82b)

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* At most seven bytes as a number; every byte counts, some twice, and together with the length no two inputs
 * give the same. */
static inline uint64_t load_short(const unsigned char *p, size_t len)
{
    if (len >= 4)
        return (uint64_t)tmg_load32(p) | (uint64_t)tmg_load32(p + len - 4) << 32;
    if (len > 0)
        return (uint64_t)p[0] | (uint64_t)p[len / 2] << 8 | (uint64_t)p[len - 1] << 16;
    return 0;
}

uint64_t tmg_hash64(uint64_t seed, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    uint64_t h = seed ^ fold(seed ^ MIX_1, MIX_2);
    size_t left = len;
    uint64_t a;
    uint64_t b = 0;

    for (; left > 16; left -= 16, p += 16)
        h = fold(tmg_load64(p) ^ MIX_2, tmg_load64(p + 8) ^ h);
    if (left >= 8) {
        a = tmg_load64(p);
        b = tmg_load64(p + left - 8); /* overlaps the first; the length below tells the cases apart */
    } else {
        a = load_short(p, left);
    }
    return fold(MIX_3 ^ len, fold(a ^ MIX_2, b ^ h));
}

void tmg_random(void *ret_bytes, size_t len)
{
    unsigned char *to = ret_bytes;

    while (len > 0) {
        ssize_t got = getrandom(to, len, 0);

        if (got < 0 && errno != EINTR)
            abort(); /* a key that is not random would be worse */
        if (got > 0) {
            to += got;
            len -= (size_t)got;
        }
    }
}
