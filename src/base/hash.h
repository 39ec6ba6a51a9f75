/* base/hash.h - SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) by libcrypto, and a fast hash for tables.
 *
 * No hidden state: any thread.  tmg_sha256_file alone can fail, as base/file.h does.
 */
#ifndef TMG_BASE_HASH_H
#define TMG_BASE_HASH_H

#include "base/text.h"

#define TMG_SHA256_LEN 32

typedef struct tmg_sha256 {
    uint8_t b[TMG_SHA256_LEN];
} tmg_sha256;

tmg_sha256 tmg_sha256_of(const void *bytes, size_t len);
/* SHA-256 of one prefix byte followed by one or two parts: the shape of RFC 6962 leaf and node hashes. */
tmg_sha256 tmg_sha256_tagged(uint8_t tag, const void *a, size_t a_len, const void *b, size_t b_len);
tmg_sha256 tmg_hmac_sha256(const void *key, size_t key_len, const void *msg, size_t msg_len);
TMG_MUST_USE tmg_rc tmg_sha256_file(const char *path, tmg_sha256 *ret, tmg_err *err);

void tmg_hex_write(tmg_buf *b, const void *bytes, size_t len); /* lower case */
bool tmg_hex_read(tmg_span hex, void *ret_bytes, size_t len);  /* exactly 2*len digits */
void tmg_base64_write(tmg_buf *b, const void *bytes, size_t len); /* RFC 4648 §4, padded */
/* Decodes padded base64 into at most `room` bytes; false when malformed or too long. */
bool tmg_base64_read(tmg_span text, void *ret_bytes, size_t room, size_t *ret_len);

/* 64-bit hash for in-memory tables and profile keys; stable across machines and versions (part of a profile's
 * identity).  Not for secrets.  Chain parts by passing the previous value as seed. */
uint64_t tmg_hash64(uint64_t seed, const void *bytes, size_t len);

/* Bytes from the kernel's generator. */
void tmg_random(void *ret_bytes, size_t len);

#endif
