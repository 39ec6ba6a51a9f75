/* guard/merkle.h - RFC 6962 Merkle tree arithmetic and signed notes, without a database: shared by guard/ and by
 * the small program tamga-verify.  Pure functions, any thread.
 */
#ifndef TMG_GUARD_MERKLE_H
#define TMG_GUARD_MERKLE_H

#include "base/hash.h"

tmg_sha256 tmg_merkle_leaf(tmg_span entry);                                   /* SHA-256(0x00 || entry) */
tmg_sha256 tmg_merkle_node(const tmg_sha256 *left, const tmg_sha256 *right);  /* SHA-256(0x01 || l || r) */

/* The right edge of a growing tree: at most 64 hashes of full subtrees, largest first. */
typedef struct tmg_merkle_edge {
    uint64_t size;
    tmg_sha256 hash[64];
    int count;
} tmg_merkle_edge;
void tmg_merkle_add(tmg_merkle_edge *e, const tmg_sha256 *leaf);
tmg_sha256 tmg_merkle_root(const tmg_merkle_edge *e); /* of the empty tree: SHA-256("") */

/* Does the path prove that `leaf` is number `seq` of the tree with this root and size? (RFC 9162 §2.1.3.2) */
bool tmg_merkle_included(const tmg_sha256 *leaf, uint64_t seq, uint64_t size, const tmg_sha256 *path, size_t count, const tmg_sha256 *root);

/* Signed notes (C2SP signed-note, Ed25519): text, blank line, "— name base64(hash||signature)". */
typedef struct tmg_note_key {
    char name[96];
    uint32_t hash;
    uint8_t public_key[32];
    uint8_t secret_key[64]; /* zeros in a verifier */
} tmg_note_key;
/* vkey: "name+hexhash+base64(0x01||public key)". */
TMG_MUST_USE tmg_rc tmg_note_vkey_read(tmg_span vkey, tmg_note_key *ret, tmg_err *err);
void tmg_note_vkey_write(const tmg_note_key *k, tmg_buf *b);
void tmg_note_key_make(tmg_note_key *k, const char *name);
void tmg_note_sign(const tmg_note_key *k, tmg_span text, tmg_buf *note);
/* The text of a note whose signature by k is good. */
TMG_MUST_USE tmg_rc tmg_note_open(const tmg_note_key *k, tmg_span note, tmg_span *ret_text, tmg_err *err);

/* Checkpoint text (C2SP tlog-checkpoint): origin, size, base64 root, one line each. */
void tmg_checkpoint_write(tmg_buf *b, const char *origin, uint64_t size, const tmg_sha256 *root);
TMG_MUST_USE tmg_rc tmg_checkpoint_read(tmg_span text, tmg_span *ret_origin, uint64_t *ret_size, tmg_sha256 *ret_root, tmg_err *err);

#endif
