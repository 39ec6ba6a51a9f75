/* guard/merkle_priv.h - building a tree's right edge from subtrees whose hashes are known already. */
#ifndef TMG_GUARD_MERKLE_PRIV_H
#define TMG_GUARD_MERKLE_PRIV_H

#include "guard/merkle.h"

/* Adds the hash of a full subtree of 2^log2_leaves leaves; e->size must be a multiple of that number. */
void tmg_merkle_add_full(tmg_merkle_edge *e, const tmg_sha256 *hash, int log2_leaves);

#endif
