#include "risk/profiles_priv.h"
#include "risk/wide_priv.h"

enum { UNIT_BITS = 16, FRACTION_BITS = 16, MOST_HALF_LIVES = 24, ROOT_BITS = 62 };

/* root[i] = 2^(2^-(i+1)) with ROOT_BITS binary places. */
static const uint64_t root[FRACTION_BITS] = {
    UINT64_C(0x5a827999fcef3242), UINT64_C(0x4c1bf828c6dc54b7), UINT64_C(0x45cae0f1f545eb73),
    UINT64_C(0x42d561b3e6243d8a), UINT64_C(0x4166c34c5615d0eb), UINT64_C(0x40b268f9de0183b9),
    UINT64_C(0x4058f6a7ecccd5b5), UINT64_C(0x402c6be96af2fb57), UINT64_C(0x4016321b687027a7),
    UINT64_C(0x400b18178ba33b13), UINT64_C(0x40058bce410147e7), UINT64_C(0x4002c5d7bff71dad),
    UINT64_C(0x400162e807ee7e5a), UINT64_C(0x4000b1730df6a523), UINT64_C(0x400058b9497b8151),
    UINT64_C(0x40002c5c955dd700),
};

uint64_t tmg_decay_weight(const tmg_decay *d, int64_t at_ms)
{
    const uint64_t unit = UINT64_C(1) << UNIT_BITS;
    if (d->half_life_ms == 0)
        return unit;
    tmg_wide steps = ((tmg_wide)at_ms - d->landmark_ms) * (1 << FRACTION_BITS);
    tmg_wide whole = steps / d->half_life_ms;
    if (steps % d->half_life_ms < 0)
        whole--;
    if (whole >= MOST_HALF_LIVES << FRACTION_BITS)
        return unit << MOST_HALF_LIVES;
    if (whole < -(tmg_wide)((UNIT_BITS + 1) << FRACTION_BITS))
        return 0;
    int64_t age = (int64_t)whole;
    int64_t fraction = age & ((1 << FRACTION_BITS) - 1);
    int64_t doublings = (age - fraction) / (1 << FRACTION_BITS);
    uint64_t mantissa = UINT64_C(1) << ROOT_BITS;
    for (int i = 0; i < FRACTION_BITS; i++)
        if ((fraction >> (FRACTION_BITS - 1 - i) & 1) != 0)
            mantissa = (uint64_t)((tmg_uwide)mantissa * root[i] >> ROOT_BITS);
    int shift = ROOT_BITS - UNIT_BITS - (int)doublings;
    return (mantissa + (UINT64_C(1) << (shift - 1))) >> shift;
}
