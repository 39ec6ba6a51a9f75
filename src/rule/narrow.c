#include "rule/engine_priv.h"

/* The innermost loop of matching, once for every processor and once for those with registers of 256 bits. The
 * block stays in registers through all planes: kept in memory each plane would wait for the one before. */

static bool narrow_words(const tmg_block *pool, const uint32_t *const *rows, size_t count, size_t block,
                         tmg_block *io)
{
    uint64_t a = io->w[0], b = io->w[1], c = io->w[2], d = io->w[3];
    _Static_assert(TMG_BLOCK_WORDS == 4, "the words of a block have a name each");
    for (size_t i = 0; i < count; i++) {
        const tmg_block *of = &pool[rows[i][block]];
        a &= of->w[0];
        b &= of->w[1];
        c &= of->w[2];
        d &= of->w[3];
        if ((a | b | c | d) == 0)
            return false;
    }
    *io = (tmg_block){{a, b, c, d}};
    return true;
}

#if defined(__x86_64__)
typedef long long lanes __attribute__((vector_size(sizeof(tmg_block)), may_alias));

__attribute__((target("avx2"))) static bool narrow_lanes(const tmg_block *pool, const uint32_t *const *rows,
                                                         size_t count, size_t block, tmg_block *io)
{
    lanes x = *(const lanes *)io;
    for (size_t i = 0; i < count; i++) {
        x &= *(const lanes *)&pool[rows[i][block]];
        if (__builtin_ia32_ptestz256(x, x))
            return false;
    }
    *(lanes *)io = x;
    return true;
}

tmg_narrow_fn *tmg_narrow_here(void)
{
    return __builtin_cpu_supports("avx2") ? narrow_lanes : narrow_words;
}
#else
tmg_narrow_fn *tmg_narrow_here(void)
{
    return narrow_words;
}
#endif
