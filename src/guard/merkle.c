#include "guard/merkle_priv.h"

tmg_sha256 tmg_merkle_leaf(tmg_span entry)
{
    return tmg_sha256_tagged(0x00, entry.ptr, entry.len, NULL, 0);
}

tmg_sha256 tmg_merkle_node(const tmg_sha256 *left, const tmg_sha256 *right)
{
    return tmg_sha256_tagged(0x01, left->b, sizeof left->b, right->b, sizeof right->b);
}

/* Each set bit of the size stands for one full subtree on the edge: adding is counting in binary. */
void tmg_merkle_add_full(tmg_merkle_edge *e, const tmg_sha256 *hash, int log2_leaves)
{
    tmg_sha256 h = *hash;
    for (uint64_t bits = e->size >> log2_leaves; (bits & 1) != 0; bits >>= 1)
        h = tmg_merkle_node(&e->hash[--e->count], &h);
    e->hash[e->count++] = h;
    e->size += UINT64_C(1) << log2_leaves;
}

void tmg_merkle_add(tmg_merkle_edge *e, const tmg_sha256 *leaf)
{
    tmg_merkle_add_full(e, leaf, 0);
}

tmg_sha256 tmg_merkle_root(const tmg_merkle_edge *e)
{
    if (e->count == 0)
        return tmg_sha256_of("", 0);
    tmg_sha256 h = e->hash[e->count - 1];
    for (int i = e->count - 2; i >= 0; i--)
        h = tmg_merkle_node(&e->hash[i], &h);
    return h;
}

bool tmg_merkle_included(const tmg_sha256 *leaf, uint64_t seq, uint64_t size, const tmg_sha256 *path,
                         size_t count, const tmg_sha256 *root)
{
    if (seq >= size)
        return false;
    uint64_t fn = seq, sn = size - 1; /* the names of RFC 9162 */
    tmg_sha256 h = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) != 0 || fn == sn) {
            h = tmg_merkle_node(&path[i], &h);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            h = tmg_merkle_node(&h, &path[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(h.b, root->b, sizeof h.b) == 0;
}
